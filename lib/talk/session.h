/* A voice session: the talk by turns (talk/talk.h) for a client of the REST service, whether that
 * is another telephone provider or a chat. It is a call like any other (rows, timeline, decision);
 * the session's own row says whether it runs, until when, and what was sent by which key.
 *
 * One turn: desk_vsession_claim() takes the session for this input, before it is even heard; the
 * caller of these functions makes text of it; desk_vsession_answer() thinks and writes the answer.
 * A claim is held for some seconds at a time (desk_vsession_hold()); of a process that died in
 * between, another one takes the turn over: what was heard is answered by the rules.
 *
 * All of it blocks on the database; answering may wait for a model until the turn's deadline. For
 * request threads and the worker. Nothing here may be called in a transaction but
 * desk_vsession_finish(). Strings are in the arena. */
#ifndef DESK_TALK_SESSION_H
#define DESK_TALK_SESSION_H

#include "core/voice_session.h"
#include "store/tenants.h"
#include "store/voice_sessions.h"
#include "talk/talk.h"

/* What a client's request is known by: keyed hashes, both NULL when it gave no key. */
struct desk_vs_key {
    const char *key, *body;
};

/* A session as it stands. */
struct desk_vs {
    struct desk_voice_session row;
    struct desk_call call;
    struct desk_talk talk;
    enum desk_vs_state state;
};

/* ---- beginning ------------------------------------------------------------------------------- */

struct desk_vs_new {
    const struct desk_tenant *tenant;
    const struct desk_location *location;
    const char *to;          /* number of ours that was called; "" = a chat: the location's own */
    const char *channel;     /* DESK_CHANNEL_… */
    const char *from;        /* the caller's number as it was told; "" = not known */
    bool vouched;            /* the client says that it is surely theirs */
    const char *outside_key; /* keyed hash of a provider's name for this call, or NULL */
    const char *pair_key;    /* by text: keyed hash of the numbers that write to each other */
    struct desk_vs_key idem;
    const char *audio, *voice; /* voice may be NULL */
    int64_t idle_ms;
};

/* Begin one: *s is the session with its first words. DESK_DONE: that request was answered before
 * (the same key, or another's first word of the same outside call): *s is that session.
 * DESK_EINVAL: that key was used for something else. */
DESK_MUST enum desk_rc desk_vsession_start(struct desk_db *db, struct desk_arena *a,
                                           const struct desk_vs_new *in, struct desk_vs *s);

/* In the running transaction: its rows alone; its first words are made when it is first loaded.
 * DESK_ECONFLICT: as above, or one runs between those numbers. */
DESK_MUST enum desk_rc desk_vsession_insert(struct desk_db *db, struct desk_arena *a,
                                            const struct desk_vs_new *in,
                                            const struct desk_business *b, struct desk_vs *s);

/* DESK_ENOTFOUND: the business has none of that id. */
DESK_MUST enum desk_rc desk_vsession_load(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, const char *id, struct desk_vs *s);
DESK_MUST enum desk_rc desk_vsession_load_outside(struct desk_db *db, struct desk_arena *a,
                                                  const char *tenant_id, const char *outside_key,
                                                  struct desk_vs *s);

/* ---- a turn ---------------------------------------------------------------------------------- */

enum desk_vs_claim {
    DESK_VS_MINE,    /* go on: hear it, then answer */
    DESK_VS_REPEAT,  /* that request was answered: n is the turn */
    DESK_VS_RUNNING, /* another turn is not answered yet */
    DESK_VS_ENDED,   /* the session is over */
    DESK_VS_OTHER    /* that key was used for something else */
};
struct desk_vs_turn {
    enum desk_vs_claim got;
    struct desk_talk_turn row; /* when ours */
    int64_t n;
    const char *missed; /* words to an earlier input whose process died before it answered; NULL */
    struct desk_vs_key idem;
    bool (*stopping)(void);         /* as in struct desk_talk_job */
    const struct desk_brain *brain; /* who answers; NULL = as the business wants */
    /* What belongs to its being heard, in that transaction; NULL = nothing. */
    enum desk_rc (*heard)(void *ctx, struct desk_db *db, int64_t n);
    void *heard_ctx;
};

/* Take the session for one more input. *s is read again where it changed. */
DESK_MUST enum desk_rc desk_vsession_claim(struct desk_db *db, struct desk_arena *a,
                                           struct desk_vs *s, struct desk_vs_turn *t);
/* While it is being heard: hold it on, once a second. False: it is not ours any more. */
bool desk_vsession_hold(struct desk_db *db, const struct desk_vs_turn *t);
/* It could not be heard: the session is as if nothing had come. */
void desk_vsession_drop(struct desk_db *db, const struct desk_vs_turn *t);

/* Answer it. *s is then the session after it; t->got may have become REPEAT (another process has
 * answered) or RUNNING. */
DESK_MUST enum desk_rc desk_vsession_answer(struct desk_db *db, struct desk_arena *a,
                                            struct desk_vs *s, struct desk_vs_turn *t,
                                            enum desk_brain_event event, const char *text);

/* Our words of turn n (0 = the greeting). DESK_ENOTFOUND: none. */
DESK_MUST enum desk_rc desk_vsession_words(struct desk_db *db, struct desk_arena *a,
                                           const struct desk_vs *s, int64_t n, const char **text);

/* ---- the end --------------------------------------------------------------------------------- */

/* How a client says it ended; the rows of one table. */
struct desk_vs_ending {
    const char *word;
    enum desk_vs_event event;
    const char *outcome; /* DESK_OUT_…, NULL = by what was said and done */
    bool force;          /* it is known better than before */
    bool promise;        /* somebody must call back */
    const char *detail;  /* for the timeline */
};
extern const struct desk_vs_ending desk_vs_endings[]; /* ended by word NULL; the first is usual */

/* End it, by the client's word. DESK_DONE: it had ended before. */
DESK_MUST enum desk_rc desk_vsession_end(struct desk_db *db, struct desk_arena *a,
                                         struct desk_vs *s, const struct desk_vs_ending *how);

/* In the running transaction: the session takes the end that the event leads to, and so does its
 * call, at that time. DESK_DONE: it had one. */
DESK_MUST enum desk_rc desk_vsession_finish(struct desk_db *db, struct desk_arena *a,
                                            const struct desk_voice_session *row,
                                            enum desk_vs_event event, int64_t at);

#endif
