/* The Telegram bot's side of the database: whose a chat is, codes that make it somebody's, and what
 * was written to the bot, each update once. Only private chats are anybody's. Writes run inside the
 * caller's transaction. */
#ifndef DESK_STORE_TELEGRAM_H
#define DESK_STORE_TELEGRAM_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdint.h>

struct desk_telegram_link {
    const char *id;
    const char *tenant_id, *user_id;
    const char *chat;
    const char *chat_key;
    const char *name; /* NULL = not told */
    int64_t muted_until;
    int64_t created_at;
};
extern const struct desk_fields desk_telegram_link_fields;

struct desk_telegram_code {
    const char *id;
    const char *tenant_id, *user_id;
    int64_t expires_at;
};
extern const struct desk_fields desk_telegram_code_fields;

struct desk_telegram_update {
    const char *id; /* "<the bot's number>:<update_id>" */
    const char *tenant_id;
    const char *body; /* JSON */
    const char *state;
    int64_t tries;
    int64_t created_at;
};
extern const struct desk_fields desk_telegram_update_fields;

#define DESK_TELEGRAM_CODE_MS    (15LL * 60 * 1000)
#define DESK_TELEGRAM_CODE_LEN   13 /* 12 letters and digits (58 bits), and the NUL */
#define DESK_TELEGRAM_TRIES      5  /* to answer an update, before it is left */
#define DESK_TELEGRAM_LINKS_MOST 50 /* of a business */

#define DESK_TELEGRAM_DONE "done"

/* ---- linking --------------------------------------------------------------------------------- */

/* A new code for that person; the one before holds no more. */
DESK_MUST enum desk_rc desk_telegram_code_new(struct desk_db *db, const char *tenant_id,
                                              const char *user_id, int64_t now,
                                              char code[DESK_TELEGRAM_CODE_LEN]);
/* DESK_ENOTFOUND: nobody's, used, or run out. */
DESK_MUST enum desk_rc desk_telegram_code_find(struct desk_db *db, struct desk_arena *a,
                                               const char *code, int64_t now,
                                               struct desk_telegram_code *out);
/* The code is used, and the chat is that person's from now on and nobody else's. name NULL = not
 * told. DESK_ENOTFOUND: the code is used already. */
DESK_MUST enum desk_rc desk_telegram_link_make(struct desk_db *db,
                                               const struct desk_telegram_code *code,
                                               const char *chat, const char *name, int64_t now);

DESK_MUST enum desk_rc desk_telegram_link_by_chat(struct desk_db *db, struct desk_arena *a,
                                                  const char *chat, struct desk_telegram_link *out);
/* The oldest first. */
DESK_MUST enum desk_rc desk_telegram_link_list(struct desk_db *db, struct desk_arena *a,
                                               const char *tenant_id,
                                               struct desk_telegram_link **out, size_t *n);
/* DESK_ENOTFOUND: there is no such one. */
DESK_MUST enum desk_rc desk_telegram_unlink(struct desk_db *db, const char *tenant_id,
                                            const char *id);
/* until 0: with sound again. */
DESK_MUST enum desk_rc desk_telegram_mute(struct desk_db *db, const char *tenant_id, const char *id,
                                          int64_t until);

/* ---- updates --------------------------------------------------------------------------------- */

/* Kept to be answered. DESK_ECONFLICT: it is there already. */
DESK_MUST enum desk_rc desk_telegram_update_add(struct desk_db *db, const char *id,
                                                const char *tenant_id, const char *body);
/* Those not answered yet, in the order in which they came. */
DESK_MUST enum desk_rc desk_telegram_update_waiting(struct desk_db *db, struct desk_arena *a,
                                                    size_t max, struct desk_telegram_update **out,
                                                    size_t *n);
/* DESK_DONE: another was quicker. */
DESK_MUST enum desk_rc desk_telegram_update_end(struct desk_db *db,
                                                const struct desk_telegram_update *u);
/* It could not be answered: once more later, but not for ever. */
DESK_MUST enum desk_rc desk_telegram_update_tried(struct desk_db *db,
                                                  const struct desk_telegram_update *u);
/* Older than that they are not repeated any more. */
DESK_MUST enum desk_rc desk_telegram_update_purge(struct desk_db *db, const char *tenant_id,
                                                  int64_t before);

#endif
