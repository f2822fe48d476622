/* One thread for each person, over all that was written, said and sent: what it is made of, read
 * newest first, before a moment. Reads only. */
#ifndef DESK_STORE_THREADS_H
#define DESK_STORE_THREADS_H

#include "base/arena.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/conversation.h"
#include "store/outbox.h"
#include "store/results.h"
#include "store/texts_in.h"

#include <stddef.h>
#include <stdint.h>

/* People who called or wrote, last seen first; paging as desk_contact_page(). */
DESK_MUST enum desk_rc desk_thread_people(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, int64_t before_at,
                                          const char *before_id, size_t max,
                                          struct desk_contact **out, size_t *n);

/* Of a person, the newest ones before that time. */
struct desk_thread_of {
    const char *tenant_id, *contact_id;
    int64_t before;
    size_t max;
};
DESK_MUST enum desk_rc desk_thread_calls(struct desk_db *db, struct desk_arena *a,
                                         const struct desk_thread_of *t, struct desk_call **out,
                                         size_t *n);
DESK_MUST enum desk_rc desk_thread_texts(struct desk_db *db, struct desk_arena *a,
                                         const struct desk_thread_of *t, struct desk_text_in **out,
                                         size_t *n);
DESK_MUST enum desk_rc desk_thread_messages(struct desk_db *db, struct desk_arena *a,
                                            const struct desk_thread_of *t,
                                            struct desk_message **out, size_t *n);
/* What was said in chats (channels session and chat), both sides. */
DESK_MUST enum desk_rc desk_thread_chats(struct desk_db *db, struct desk_arena *a,
                                         const struct desk_thread_of *t, struct desk_turn **out,
                                         size_t *n);
/* Texts of ours to that number (its key), whatever became of them. */
DESK_MUST enum desk_rc desk_thread_sent(struct desk_db *db, struct desk_arena *a,
                                        const struct desk_thread_of *t, const char *number_key,
                                        struct desk_outbox **out, size_t *n);

/* The newest notice to the owner (their number's key) that tells of a call, since then: that call's
 * id in the arena. DESK_ENOTFOUND: there is none. */
DESK_MUST enum desk_rc desk_thread_notice(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, const char *owner_key,
                                          int64_t since, const char **call_id);

#endif
