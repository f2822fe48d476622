/* A text comes in: the conversation it belongs to (one at a time between two numbers), what is done
 * with it (core/text_in.h), and the fact itself, once for a MessageSid, in one transaction. What
 * the brain answers waits then for desk_text_talk(). Every text is looked through for emergencies
 * as what callers say is. Blocks on the database and reads templates: for request threads. */
#ifndef DESK_TALK_TEXT_IN_H
#define DESK_TALK_TEXT_IN_H

#include "base/limits.h"
#include "core/text_in.h"
#include "store/appointments.h"
#include "talk/text_reply.h"

struct desk_text_new {
    const struct desk_tenant *tenant;
    const struct desk_location *location;
    const struct desk_business *business; /* at that location */
    const char *to;                       /* the number of ours that it came to */
    const char *from;                     /* whose it is, as it was told */
    const char *sid;                      /* MessageSid */
    const char *token;                    /* Twilio's name of the webhook, or NULL */
    const char *opt_out_type;             /* "" = Twilio says nothing of that */
    const char *text;                     /* clean; "" = only pictures */
    int64_t pictures;
    const char *media[DESK_MAX_PICTURES]; /* Twilio's names of them, NULL = it told none */
};

struct desk_text_got {
    struct desk_text_in row;
    struct desk_call call;
    bool repeat; /* it came before: nothing was done now */
};

DESK_MUST enum desk_rc desk_text_arrive(struct desk_db *db, struct desk_arena *a,
                                        const struct desk_text_new *in, struct desk_text_got *got);

/* ---- text_talk.c ----------------------------------------------------------------------------- */

/* Answer what waits in a conversation, turn after turn, until nothing waits. brain: NULL = as the
 * business wants; stopping: as in struct desk_talk_job. DESK_DONE: another thread or process is at
 * it and answers what waits, too. Waits for a model until the turn's deadline. */
DESK_MUST enum desk_rc desk_text_talk(struct desk_db *db, struct desk_arena *a,
                                      const char *tenant_id, const char *session_id,
                                      const struct desk_brain *brain, bool (*stopping)(void));

/* Whoever was to answer them is gone: conversations with texts that came before then and wait. One
 * that could not be answered for DESK_TEXT_GIVE_UP_MS has its end here: somebody must call.
 * session_ids: as many as fit, *n of them. */
#define DESK_TEXT_GIVE_UP_MS (10LL * 60 * 1000)
struct desk_text_left {
    const char *tenant_id, *session_id;
};
DESK_MUST enum desk_rc desk_text_left_over(struct desk_db *db, struct desk_arena *a, int64_t before,
                                           struct desk_text_left *out, size_t max, size_t *n);

/* ---- text_act.c: for text_in.c --------------------------------------------------------------- */

struct desk_text_work {
    struct desk_db *db;
    struct desk_arena *a;
    const struct desk_text_new *in;
    struct desk_vs s;              /* its row and call */
    const char *e164;              /* the sender's; NULL = none that can be written to */
    struct desk_appointment visit; /* the next one, if has_visit */
    bool has_visit;
    const char *because; /* of the decision, or NULL */
    /* out */
    const char *reply; /* cause of the answer in the outbox, or NULL */
};
/* Do what that kind of text leads to; in the running transaction. */
DESK_MUST enum desk_rc desk_text_act(struct desk_text_work *w, enum desk_text_made made);

#endif
