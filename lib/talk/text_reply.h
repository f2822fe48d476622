/* Answers to texts: each is a row of the outbox, written with what it answers. The webhook that
 * brought the text may take it along as its own answer (desk_text_page()); if it does not in time,
 * the worker sends it. So there is exactly one, whichever way it goes. Blocks on the database. */
#ifndef DESK_TALK_TEXT_REPLY_H
#define DESK_TALK_TEXT_REPLY_H

#include "store/texts_in.h"
#include "talk/session.h"

/* So long after a text came its answer is the webhook's to give: longer than Twilio waits for one
 * (cli/numbers_plan.c) and than a webhook of ours waits for words. */
#define DESK_TEXT_PAGE_MS 8000

struct desk_text_words {
    const char *key;  /* the cause */
    const char *name; /* of the template; NULL = of none */
    const char *body;
    int64_t came; /* the text that it answers */
};
/* In the running transaction: queued, and a turn of ours. */
DESK_MUST enum desk_rc desk_text_reply(struct desk_db *db, struct desk_arena *a,
                                       const struct desk_call *c, const struct desk_text_words *w);

/* In the transaction that wrote an answer of a talk by text: its words are on their way, and the
 * texts that it answers have their end. c: as it is now. */
DESK_MUST enum desk_rc desk_text_answer(struct desk_db *db, struct desk_arena *a,
                                        const struct desk_vs *s, const struct desk_call *c);

struct desk_text_paged {
    const char *body, *outbox_id; /* body NULL: nothing is to be said here */
};
/* May that text's webhook answer with the words that wait? In a transaction of its own. repeat: the
 * text came before; token: Twilio's name of this webhook, or NULL. */
DESK_MUST enum desk_rc desk_text_page(struct desk_db *db, struct desk_arena *a,
                                      const struct desk_text_in *t, bool repeat, const char *token,
                                      struct desk_text_paged *out);

#endif
