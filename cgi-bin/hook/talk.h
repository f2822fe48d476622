/* Inside of the turn-based talk: what talk.c (the course of a turn), talk_state.c (how it is kept),
 * talk_page.c (its pages), talk_turn.c (answering one turn) and think.c (threads that think) share.
 *
 * A turn goes: claimed with the caller's input (store/talk_turns.h) → answered, by the rules in the
 * request's own thread or by a model in one of think.c → the answer is written by whoever holds the
 * claim, and the page is made from the row. A request whose answer takes longer says so to the
 * caller and sends Twilio round to ask again (?n=N&w=W); a holder that died is taken over by the
 * rules. So any request of a turn, the first, a repeated one, or one of another process, ends at
 * the same page. */
#ifndef HOOK_TALK_H
#define HOOK_TALK_H

#include "cgi-bin/hook/hook.h"
#include "store/talk_turns.h"
#include "talk/brain.h"

/* What is kept between turns, sealed in the call's row. Strings are in an arena. */
struct talk {
    int64_t n; /* turn that is awaited */
    const char *say;
    enum desk_dialog_expect expect;
    bool done;
    const char *state; /* the brain's, or NULL */
    unsigned failed;   /* so often a model did not answer */
    unsigned quiet;    /* turns without a sound, in a row */
    const char *token; /* Twilio's name of the webhook that was answered last, or NULL */
};

/* ---- talk_state.c ---------------------------------------------------------------------------- */
/* DESK_ENOTFOUND: none was begun, or what is there cannot be read: begin again. */
DESK_MUST enum desk_rc talk_load(struct desk_arena *a, const struct desk_call *c, struct talk *k);
/* In the running transaction: the talk, and its words as a turn of ours. */
DESK_MUST enum desk_rc talk_save(struct desk_db *db, struct desk_arena *a,
                                 const struct desk_call *c, const struct talk *k, bool spoken);
/* In the running transaction: the caller's input of turn n. */
DESK_MUST enum desk_rc talk_heard(struct desk_db *db, struct desk_arena *a,
                                  const struct desk_call *c, int64_t n, enum desk_brain_event event,
                                  const char *text);
/* The name of that input among the call's turns, in the arena. */
const char *talk_item(struct desk_arena *a, int64_t n);

/* ---- talk_page.c ----------------------------------------------------------------------------- */
DESK_MUST enum desk_rc talk_page(struct desk_request *req, struct desk_call *c,
                                 const struct talk *k);
/* Not answered yet: words that it goes on (the w-th time), and ask again. pause: no thread of ours
 * may wait for it, so Twilio does. */
DESK_MUST enum desk_rc talk_wait_page(struct desk_request *req, int64_t n, int64_t w, bool pause);

/* ---- talk_turn.c ----------------------------------------------------------------------------- */

/* A claimed turn: all that is needed to answer it, by any thread with a connection of its own. */
struct talk_job {
    const char *tenant_id, *call_id, *claim;
    const char *token; /* Twilio's name of the webhook it came by, or NULL */
    int64_t n;
    enum desk_brain_event event;
    const char *text;
    const struct desk_brain *brain;
    bool (*stopping)(void); /* the process ends: answer at once; NULL = no */
};
/* Think, and write the answer. DESK_ECONFLICT: somebody else has the claim, nothing was written. */
DESK_MUST enum desk_rc talk_answer(struct desk_db *db, struct desk_arena *a,
                                   const struct talk_job *job);

/* ---- think.c --------------------------------------------------------------------------------- */

/* Let a thread of its own answer it. DESK_EBUSY: too many are waiting, or the process ends. */
DESK_MUST enum desk_rc think_push(const struct talk_job *job);
/* Until some turn was answered in this process, ms at most. */
void think_wait(int64_t ms);
/* May one more request wait? Each true is followed by think_waited(). */
bool think_may_wait(void);
void think_waited(void);
/* Running turns are answered at once by the rules; waits for them ms at most. */
void think_stop(int64_t ms);

#endif
