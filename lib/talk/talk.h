/* A talk by turns, whatever mouth it has (Twilio's <Gather>, the session API): how it is kept in
 * the call's row, and how one turn of it is answered, once.
 *
 * A turn is claimed with the caller's input (store/talk_turns.h); whoever holds the claim thinks
 * (talk/brain.h) and writes the answer. A holder that died is taken over by another. Nothing is
 * kept between turns but the rows, so any thread or process may take the next one.
 *
 * Blocks on the database, and a model until the turn's deadline: for request and helper threads. */
#ifndef DESK_TALK_TALK_H
#define DESK_TALK_TALK_H

#include "core/business.h"
#include "store/calls.h"
#include "store/talk_turns.h"
#include "talk/brain.h"

/* What is kept between turns, sealed in the call's row. Strings are in an arena. */
struct desk_talk {
    int64_t n; /* turn that is awaited */
    const char *say;
    enum desk_dialog_expect expect;
    bool done;
    const char *state; /* the brain's, or NULL */
    unsigned failed;   /* so often a model did not answer */
    unsigned quiet;    /* turns without a sound, in a row */
    const char *token; /* Twilio's name of the webhook that was answered last, or NULL */
};

/* A claimed turn: all that is needed to answer it, by any thread with a connection of its own. */
struct desk_talk_job {
    const char *tenant_id, *call_id, *claim;
    const char *token; /* Twilio's name of the webhook it came by, or NULL */
    int64_t n;
    enum desk_brain_event event;
    const char *text;
    const struct desk_brain *brain;
    bool (*stopping)(void); /* the process ends: answer at once; NULL = no */
    const char *words; /* nobody needs to think: say this, and the talk is over; NULL = think */
    /* Facts that belong to the answer: called in the transaction that writes it, after all else.
     * over: the talk is. NULL = none. */
    enum desk_rc (*also)(void *ctx, struct desk_db *db, struct desk_arena *a, bool over);
    void *also_ctx;
};

/* ---- talk_state.c ---------------------------------------------------------------------------- */

/* DESK_ENOTFOUND: none was begun, or what is there cannot be read: begin again. */
DESK_MUST enum desk_rc desk_talk_load(struct desk_arena *a, const struct desk_call *c,
                                      struct desk_talk *k);
/* In the running transaction: the talk, and its words as a turn of ours. */
DESK_MUST enum desk_rc desk_talk_save(struct desk_db *db, struct desk_arena *a,
                                      const struct desk_call *c, const struct desk_talk *k,
                                      bool spoken);
/* In the running transaction: the caller's input of turn n. */
DESK_MUST enum desk_rc desk_talk_heard(struct desk_db *db, struct desk_arena *a,
                                       const struct desk_call *c, int64_t n,
                                       enum desk_brain_event event, const char *text);
/* The name of that input among the call's turns, in the arena. */
const char *desk_talk_item(struct desk_arena *a, int64_t n);

/* ---- talk_begin.c ---------------------------------------------------------------------------- */

/* Which brain the business wants, when a model did not answer `failed` times in this talk. */
DESK_MUST enum desk_rc desk_talk_brain(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, unsigned failed,
                                       const struct desk_brain **brain);

/* First words: a greeting, or (resume) what is known of a talk that broke. No tool runs, nobody
 * waits for a model. answer was made by desk_brain_answer_init(). */
DESK_MUST enum desk_rc desk_talk_first(struct desk_db *db, struct desk_arena *a,
                                       const struct desk_call *c, bool resume,
                                       struct desk_brain_answer *answer);

/* In the running transaction, after the caller's words became a turn: look through all of them for
 * what the owner must hear of at once (talk/watch.h). */
DESK_MUST enum desk_rc desk_talk_watch(struct desk_db *db, struct desk_arena *a,
                                       const struct desk_business *b, const struct desk_call *c);

/* ---- talk_turn.c ----------------------------------------------------------------------------- */

/* In the running transaction: claim the turn with what the caller said, which is looked through for
 * emergencies. DESK_ECONFLICT: somebody has it already. */
DESK_MUST enum desk_rc desk_talk_claim(struct desk_db *db, struct desk_arena *a,
                                       const struct desk_business *b, const struct desk_call *c,
                                       const struct desk_talk_job *job);

/* Think, and write the answer. DESK_ECONFLICT: somebody else has the claim, nothing was written. */
DESK_MUST enum desk_rc desk_talk_answer(struct desk_db *db, struct desk_arena *a,
                                        const struct desk_talk_job *job);

#endif
