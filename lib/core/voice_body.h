/* What clients of voice sessions send, as JSON: one schema for each kind of body, read into one
 * struct. What is wrong is told by its place (a JSON pointer) and a sentence, all of it at once.
 * Pure: bytes in, strings in the arena out. */
#ifndef DESK_CORE_VOICE_BODY_H
#define DESK_CORE_VOICE_BODY_H

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "core/dialog.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct desk_body_error {
    const char *pointer; /* "#/caller/number"; "#" = the whole */
    const char *message; /* a sentence */
};
struct desk_body_errors {
    struct desk_body_error v[DESK_MAX_PROBLEMS];
    size_t n;
};
/* One more; what does not fit is left out. NULL strings are left out, too. */
void desk_body_error_add(struct desk_body_errors *e, const char *pointer, const char *message);

enum desk_vb_kind {
    DESK_VB_START,         /* {caller: {number, verified}, to, timeout_s, reply} */
    DESK_VB_INPUT,         /* {text | keys | audio | silence, reply} */
    DESK_VB_END,           /* {outcome} */
    DESK_VB_TELEPHONY,     /* {call_id, from, verified, to} and, but for the first, an input */
    DESK_VB_TELEPHONY_END, /* {call_id, outcome} */
    DESK_VB__KINDS
};
/* Its JSON Schema as text: for a description of the service. */
const char *desk_voice_body_schema(enum desk_vb_kind kind);

/* Strings are never NULL: "" = not given. */
struct desk_voice_body {
    const char *number; /* E.164; "" = none, or one that is withheld */
    bool verified;
    const char *to;    /* E.164 */
    int64_t timeout_s; /* 0 = not given */
    const char *text, *keys;
    const char *audio_format, *audio_data; /* "wav", "mulaw"; base64, not looked at */
    bool silence, has_input;               /* one of the four is there */
    const char *reply_audio, *reply_voice; /* "none", "wav", "mulaw" */
    const char *outcome, *call_id;
};

/* An empty body is an empty object. DESK_EINVAL: see errors. */
DESK_MUST enum desk_rc desk_voice_body_read(struct desk_arena *a, enum desk_vb_kind kind,
                                            const char *body, size_t n, struct desk_voice_body *out,
                                            struct desk_body_errors *errors);

/* What an answer listens for, in words: "anything", "yesno", "name" …; unknown → ANYTHING. */
const char *desk_expect_name(enum desk_dialog_expect e);
enum desk_dialog_expect desk_expect_parse(const char *name);

#endif
