/* The chat on a business's website: a session (talk/session.h) of the channel "chat", begun and
 * written to by a visitor's browser. What is its own: how it greets, the secret by which that one
 * browser may go on, and whose it was in the end. All of it blocks on the database. */
#ifndef DESK_TALK_WEB_CHAT_H
#define DESK_TALK_WEB_CHAT_H

#include "base/arena.h"
#include "db/db.h"
#include "db/seal.h"
#include "store/calls.h"
#include "store/web_chats.h"

/* How it begins: in the owner's words, else the house's, which say who answers. */
DESK_MUST enum desk_rc desk_web_chat_greeting(struct desk_db *db, struct desk_arena *a,
                                              const char *tenant_id, const char **words);

/* The secret of a session: made from its id by the house's key, so it is written down nowhere. */
void desk_web_chat_secret(const struct desk_db *db, const char *tenant_id, const char *session_id,
                          char out[DESK_BLIND_LEN]);
/* Is it that? In constant time. */
bool desk_web_chat_secret_is(const struct desk_db *db, const char *tenant_id,
                             const char *session_id, const char *secret);

/* In the transaction that ends it: the person whose number was left (with a callback, a lead or a
 * message) is whom the chat was with, from now on. Not sooner: who only says a number must not hear
 * whose it is. Other channels, and chats without a number, stay as they are. */
DESK_MUST enum desk_rc desk_web_chat_person(struct desk_db *db, struct desk_arena *a,
                                            const struct desk_call *c);

#endif
