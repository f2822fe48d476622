/* Pictures that came with texts: which there are, what they belong to, and whether they are here.
 * Their bytes are files (store/picture_file.h). Writes run inside the caller's transaction. */
#ifndef DESK_STORE_PICTURES_H
#define DESK_STORE_PICTURES_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdint.h>

#define DESK_PIC_WAITING "waiting" /* it is to be fetched */
#define DESK_PIC_READY   "ready"
#define DESK_PIC_REFUSED "refused" /* no picture, or too large: not kept */
#define DESK_PIC_FAILED  "failed"  /* it could not be fetched */

struct desk_picture {
    const char *id;
    const char *tenant_id;
    const char *text_id;       /* of the text it came with */
    const char *call_id;       /* the conversation by text */
    const char *about_call_id; /* the call that it belongs to, or NULL */
    const char *lead_id, *callback_id;
    int64_t n; /* 0, 1, … within its text */
    const char *message_sid, *media_sid;
    const char *state;
    const char *kind; /* wire/picture.h, once it is here */
    const char *path;
    int64_t bytes, small_bytes;
    const char *why; /* a sentence: refused, failed */
    int64_t created_at;
};
extern const struct desk_fields desk_picture_fields;

/* With what it belongs to: the call that asked the sender for pictures within DESK_PIC_ASKED_MS,
 * and its lead or callback; else their newest open lead, else the newest open callback. p: those
 * four are set here (in the arena). from: E.164, or NULL. DESK_ECONFLICT: it is there already. */
#define DESK_PIC_ASKED_MS (7LL * 24 * 3600 * 1000)
#define DESK_PIC_LEAD_MS  (60LL * 24 * 3600 * 1000) /* so old a lead is not meant any more */
DESK_MUST enum desk_rc desk_picture_add(struct desk_db *db, struct desk_arena *a,
                                        struct desk_picture *p, const char *from);

DESK_MUST enum desk_rc desk_picture_get(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const char *id,
                                        struct desk_picture *out);
/* In the order they came (at most 200): of a conversation; of the call they belong to; of a lead.
 */
DESK_MUST enum desk_rc desk_pictures_of_talk(struct desk_db *db, struct desk_arena *a,
                                             const char *tenant_id, const char *call_id,
                                             struct desk_picture **out, size_t *n);
DESK_MUST enum desk_rc desk_pictures_about(struct desk_db *db, struct desk_arena *a,
                                           const char *tenant_id, const char *call_id,
                                           struct desk_picture **out, size_t *n);
DESK_MUST enum desk_rc desk_pictures_of_lead(struct desk_db *db, struct desk_arena *a,
                                             const char *tenant_id, const char *lead_id,
                                             struct desk_picture **out, size_t *n);

/* It is here: kind, path, bytes, small_bytes of p. DESK_DONE: it was before, or is refused. */
DESK_MUST enum desk_rc desk_picture_kept(struct desk_db *db, const struct desk_picture *p);
/* state: REFUSED or FAILED, and why. */
DESK_MUST enum desk_rc desk_picture_not_kept(struct desk_db *db, const struct desk_picture *p,
                                             const char *state, const char *why);

/* Pictures of that call which belong to nothing yet belong to this. */
DESK_MUST enum desk_rc desk_pictures_to_lead(struct desk_db *db, const char *tenant_id,
                                             const char *call_id, const char *lead_id);
DESK_MUST enum desk_rc desk_pictures_to_callback(struct desk_db *db, const char *tenant_id,
                                                 const char *call_id, const char *callback_id);

#endif
