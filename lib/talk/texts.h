/* The texts we send: a template of core/sms.h with its values becomes words, in the business's own
 * wording where it has one, and a row of the outbox. Nothing is made of values that do not fit. */
#ifndef DESK_TALK_TEXTS_H
#define DESK_TALK_TEXTS_H

#include "base/arena.h"
#include "base/err.h"
#include "core/business.h"
#include "core/sms.h"
#include "db/db.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* *text in the arena, on one line. DESK_EINVAL: no such text, or a value is missing, unknown, too
 * long or of the wrong kind: why (n bytes) says which; DESK_ELIMIT: it got longer than a text may
 * be. Reads a file (about 50 µs); no database. */
DESK_MUST enum desk_rc desk_text_render(struct desk_arena *a, const struct desk_business *b,
                                        const char *name, const struct desk_sms_value *v,
                                        size_t n_values, const char **text, char *why, size_t n);

/* Somebody's words as a value: on one line, in the arena; of a long one `most` characters, its end
 * (what was said last) or its beginning. "" when there is no memory. */
const char *desk_text_line(struct desk_arena *a, const char *text, size_t most, bool end);

/* A row of the outbox for it. */
struct desk_text {
    const char *tenant_id, *call_id; /* call_id: NULL = of no call */
    const char *from, *to;           /* E.164: ours, theirs */
    const char *name;                /* of the template; NULL = of none: then a key is needed */
    const char *body;                /* as rendered */
    const char *key;  /* the cause, unique; NULL = one text of that name for the call (of those that
                         go by themselves after a call: one of them all) */
    int64_t priority; /* 0 = as the template says */
    bool answers;     /* who gets it has just called or written: at any hour, whatever its name */
    int64_t wait_ms;  /* not before so long from now */
};
/* In the running transaction. DESK_ECONFLICT: its cause has a row already. DESK_EINVAL: neither key
 * nor call. Whether it may go now (opted out, quiet hours) is asked when it is delivered:
 * talk/text_gate.h. */
DESK_MUST enum desk_rc desk_text_queue(struct desk_db *db, struct desk_arena *a,
                                       const struct desk_text *t);

#endif
