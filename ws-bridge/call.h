/* One call on the bridge: Twilio's leg, the model's leg, and what is known between them.
 *
 *   new → claiming → dialling → setting → talking ⇄ leaving → ending → closed
 *
 * It owns both legs. What ends a call is call_end() (writes why, then closes) or call_close() (at
 * once); both may come many times and from anywhere, the first one counts. A closed call is freed
 * at the end of the loop's round, so nobody who is just working on it falls over. Files: call.c
 * (life, Twilio's side), call_model.c (the model's side), call_play.c (what is heard), call_talk.c
 * (one response at a time, keys), call_tools.c, call_quiet.c (silence, length), call_leave.c,
 * call_ear.c (who is speaking), call_resume.c (nobody was), call_order.c (what the owner wants),
 * call_record.c.
 */
#ifndef BRIDGE_CALL_H
#define BRIDGE_CALL_H

#include "ws-bridge/bridge.h"
#include "ws-bridge/ear.h"
#include "ws-bridge/latency.h"
#include "ws-bridge/leg.h"
#include "ws-bridge/playback.h"
#include "ws-bridge/quiet.h"
#include "ws-bridge/story.h"

#include "base/log.h"
#include "core/machine.h"
#include "wire/media_msg.h"
#include "wire/realtime_msg.h"

#include <ev.h>

enum call_state {
    CALL_NEW,      /* socket open, waiting for `start` */
    CALL_CLAIMING, /* the database looks at the token */
    CALL_DIALLING, /* a session is on its way (session.h) */
    CALL_TALKING,
    CALL_LEAVING, /* the last words play */
    CALL_ENDING,  /* the end is being written */
    CALL_CLOSED,
    CALL_STATE__MAX
};

enum call_timer {
    CALL_T_START,  /* `start` must come */
    CALL_T_CLAIM,  /* the database must answer */
    CALL_T_ROLL,   /* the session grows old */
    CALL_T_RETRY,  /* pause before asking again */
    CALL_T_ANSWER, /* the model owes an answer */
    CALL_T_KEYS,   /* pause that ends a row of keys */
    CALL_T_TOOL,   /* longest time of a tool */
    CALL_T_FILLER, /* a tool is slow: say so */
    CALL_T_QUIET,  /* is anybody there? */
    CALL_T_CUT,    /* has the server ended the answer it was to cut? */
    CALL_T_RESUME, /* no words after an interruption: go on */
    CALL_T_LEAVE,  /* longest time for the last words */
    CALL_T_ENDING, /* longest wait for the end to be written */
    CALL_T_LINE,   /* does Twilio still send? */
    CALL_T_ORDER,  /* something was asked for by the owner */
    CALL_T_RELAY,  /* all clocks of a relay session (relay_time.c) */
    CALL_TIMER__MAX
};

#define ORDER_PURPOSE "told" /* of a response that says what the owner wants said */

#define CALL_UTTERANCES    8
#define CALL_REFUSED_ITEMS 4

/* One thing the caller said, by the model's item. */
struct utterance {
    char item[PLAY_ID];
    int64_t start_ms, end_ms; /* since the call's start */
    bool noise;               /* it was no speech, and is deleted */
};

/* The server hears something while we speak; is it the caller? (call_ear.c) */
struct doubt {
    bool on;
    char item[PLAY_ID];
    int64_t silent_ms; /* since when nothing of ours is to be heard; 0 = something is */
};

/* What we were saying when the caller cut us off, in case they say nothing (call_resume.c). */
struct resume {
    bool on;
    bool cutting, fresh; /* what is cut off now belongs to it; nothing has been yet */
    bool blank;          /* the transcript is empty */
    bool due;            /* as soon as the answer to nothing is over */
    char item[PLAY_ID];  /* the caller's, in the model's conversation; "" = not known */
    char unheard[400];   /* from the beginning of its sentence */
};

struct recording;

enum tool_kind { TOOL_OTHER, TOOL_CALLBACK, TOOL_TRANSFER, TOOL_END };

struct running_tool {
    uint32_t seq; /* 0 = free */
    enum tool_kind kind;
    char call_id[PLAY_ID];                 /* "" = we asked for it ourselves */
    char item[PLAY_ID], response[PLAY_ID]; /* of the model's conversation */
    bool message;                          /* TOOL_END: for a recorded message */
    bool back; /* TOOL_END: the caller spoke on, the call must not end */
    int64_t deadline_ms;
};

#define CALL_TOLD 16

/* What the owner asks of this call, in order; the first is seen to (call_order.c). */
struct orders {
    struct ordered *v[DESK_MAX_ORDERS]; /* owned */
    size_t n;
    int64_t since_ms;       /* when the first was taken up */
    bool asked;             /* it is being said, or the call leaves for it */
    char response[PLAY_ID]; /* the response that says it */
    uint32_t saying;        /* of a relay: the number of its words */
};

/* Why and how a call leaves the stream: rows in call_leave.c. */
enum leave_kind {
    LEAVE_GOODBYE,
    LEAVE_TRANSFER,
    LEAVE_MESSAGE,
    LEAVE_NOBODY,       /* a person was wanted, and cannot be had */
    LEAVE_SILENT,       /* nobody speaks any more */
    LEAVE_NO_WORDS,     /* noise only */
    LEAVE_TIME_UP,      /* longest call, and the caller got what they need */
    LEAVE_TIME_MESSAGE, /* longest call: a recorded message */
    LEAVE_MACHINE,      /* a machine speaks with us */
    LEAVE_TOLD,         /* the owner wants it to end */
    LEAVE__MAX
};

/* What holds a caller who was about to be left. */
enum caller_did { CALLER_SPOKE = 1, CALLER_SAID = 2, CALLER_KEYED = 4 };

struct leaving {
    enum leave_kind kind;
    int64_t since_ms;
    bool say;                       /* words are due, whatever was said before */
    bool asked;                     /* and were asked for */
    bool by_tool;                   /* the database knows: a tool wrote it */
    char response[PLAY_ID];         /* whose tool call it was: its words are the goodbye */
    char words[PLAY_ID];            /* the response we asked for ourselves */
    char call[PLAY_ID];             /* the tool's call, in the story */
    char item[PLAY_ID], output[24]; /* function call and its output, in the model's conversation */
};

/* The way to the model, for call_reach.c. */
enum roll {
    ROLL_NONE,
    ROLL_AHEAD,  /* another session is on its way, or stands by for a quiet moment */
    ROLL_OVERLAP /* both hear the caller */
};
struct reach {
    struct session *fresh; /* on its way, or standing by */
    unsigned losses;       /* of late */
    unsigned limited;      /* failed answers in a row for want of capacity */
    int64_t lost_ms;       /* 0 = none is lost now */
    int64_t back_ms;
    int64_t words_due_ms;  /* when the caller spoke last; 0 = the words have come */
    int64_t ear_lost_ms;   /* caller's audio dropped before this session's first */
    uint32_t items_before; /* what we said up to this number was said in an earlier session */
    bool owed, cut_short;  /* when it was lost: an answer was, in the middle of one */
    bool misheard;         /* … while the caller spoke, or before the words came */
    bool alerted;
    bool relead; /* the instructions have changed since the session on its way was given them */
    enum roll roll;
    int64_t quiet_ms; /* since when nobody speaks and nothing is owed; 0 = it is not quiet */
    int64_t overlap_ear_ms;
};

struct call {
    struct bridge *b;
    struct call *next_grave;
    uint64_t handle;
    enum call_state state;
    struct claim *claim; /* NULL until claimed */
    char call_sid[DESK_MEDIA_SID], stream_sid[DESK_MEDIA_SID];
    struct desk_log_about about; /* request: of the stream, sid and trace: of the call */
    char name[DESK_MEDIA_SID];   /* for logs: our id once known, else Twilio's */
    struct leg twilio, model;
    struct relay
        *relay;        /* not NULL: the mouth is ConversationRelay (relay.h), model has no socket */
    struct queue held; /* caller's audio until the model listens */
    ev_timer timers[CALL_TIMER__MAX];
    unsigned bad_twilio, bad_model, model_notes;

    /* latency marks and clocks, monotonic ms */
    int64_t opened_ms, started_ms, dialled_ms, ready_ms, first_audio_ms, last_media_ms;
    int64_t origin_ms; /* the call's own start */

    int64_t ear_ms; /* when the first audio for the model was spoken; its times count from there */
    struct utterance utterances[CALL_UTTERANCES];
    unsigned n_utterances;

    /* one response at a time */
    char active[PLAY_ID];
    char active_for[16];
    char done[PLAY_ID]; /* the last that was over */
    bool filling;       /* it is only "one moment" */
    bool requested;     /* response.create is on its way */
    char asked_for[16]; /* its purpose */
    uint32_t asked_event;
    bool echoes;       /* this server says whose response it is: one without a purpose is its own */
    bool wanted;       /* another one, once the active one is over */
    int64_t wanted_ms; /* since when */
    bool knows;        /* the active response began after what is wanted to be answered */
    bool caller_speaks;
    int64_t speaks_ms; /* since when */
    bool spoke;        /* the active (or last) response has sound; a filler does not count */
    bool tool_asked;   /* it has asked for a tool */
    unsigned empties;  /* responses in a row that had neither sound nor tool */
    bool filtered;     /* the last one was taken away by a filter */
    bool no_aside;     /* this server knows no response outside of the conversation */
    char
        still[PLAY_ID]; /* response that asks whether the caller is there: kept once it was heard */
    char aside[PLAY_ID]; /* last response outside of the conversation: it has no items there */
    char trash[PLAY_ID]; /* response whose words are to be deleted when it is over */
    bool greeting_asked, greeting_heard;
    char greeting[PLAY_ID];
    uint32_t events;     /* numbers our client events */
    int64_t progress_ms; /* last sign of the answer that is owed */
    int64_t owed_ms;     /* since when one is owed */
    bool owed, nudged;
    bool end_owed; /* what is owed is only the end of an answer that is not wanted */

    struct playback play;
    struct latency lat;
    struct recording *rec;         /* NULL: the call is not recorded */
    struct desk_buf greeting_take; /* its sound, while it is being kept */
    struct story story;            /* for a session that takes over */
    struct reach reach;

    /* who is speaking */
    struct ear ear;
    bool hears; /* the ear is open */
    struct doubt doubt;
    struct resume resume;
    unsigned noise;        /* it was none, so often: an answer to each is not wanted, */
    int64_t noise_ms;      /* if it comes soon after this */
    unsigned noises;       /* in all */
    char refused[PLAY_ID]; /* that answer, being cancelled, and what it has made already */
    char refused_items[CALL_REFUSED_ITEMS][PLAY_ID];
    unsigned n_refused_items;

    struct running_tool tools[DESK_MAX_TOOLS_AT_ONCE];
    uint32_t tool_seq;
    unsigned tools_unheard;  /* asked for since the caller last heard or said anything */
    json_t *told[CALL_TOLD]; /* pieces of function calls, for servers that send no whole ones */
    bool filled;             /* the caller was told that it takes a moment */
    int64_t wait_ms;         /* since when the caller waits for tools; 0 = does not */
    unsigned lines;          /* turns and events written */

    char keys[DESK_MAX_KEYS + 1];
    unsigned n_keys, keys_sent, zeros;

    struct quiet quiet;
    struct desk_machine machine; /* is it one that speaks with us? */
    bool quiet_set;
    bool helped;      /* a callback was promised in this talk */
    bool put_through; /* we put the caller through ourselves */
    struct leaving leaving;
    struct orders orders;
    bool taken_over;         /* what is cut off now is cut off for the owner, not by the caller */
    const char *end_outcome; /* for call_end(), if there is none yet; NULL = none */
    char leave_why[16];      /* of a relay */
    char end_why[24];
};

/* ---- call.c ---------------------------------------------------------------------------------- */
const char *call_state_name(enum call_state s);

/* A stream's socket is open. NULL: no more calls are taken; close it. */
struct call *call_new(struct bridge *b, struct lws *wsi);
void call_twilio_message(struct call *c, const char *p, size_t n);
void call_twilio_giant(struct call *c);
void call_twilio_gone(struct call *c);

/* Leave the stream. next_step NULL = as it is. Never closes Twilio's socket before the end is
 * written (or a second has passed): Twilio asks /voice/next at once. */
void call_end(struct call *c, const char *why, const char *next_step);
void call_close(struct call *c);

void call_timer_start(struct call *c, enum call_timer t, double seconds);
void call_timer_stop(struct call *c, enum call_timer t);

/* The call of a note's handle, or NULL when it is over. */
struct call *call_find(struct bridge *b, uint64_t handle);
void calls_note(struct bridge *b, struct note *n);
void calls_end_all(struct bridge *b, const char *why, const char *next_step);
void calls_bury(struct bridge *b); /* frees the closed ones */

/* What is logged from here on is about this call; NULL: about none. Whoever comes from the loop
 * says so at its begin and its end. */
void call_log(const struct call *c);

int64_t call_now_ms(const struct call *c); /* since the call's start */
struct scribe_call call_scribe(const struct call *c);
/* One more turn or event? A model in a storm must not fill the scribe's queue for other calls. */
bool call_may_write(struct call *c);
void call_event(struct call *c, const char *kind, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* ---- call_model.c ---------------------------------------------------------------------------- */
void call_model_message(struct call *c, const char *p, size_t n);
void call_model_giant(struct call *c);
void call_model_on_timer(struct call *c, enum call_timer t);
/* A line about trouble with the model on the timeline; not more than so many. */
void call_model_trouble(struct call *c, const char *name, const char *sentence);

/* ---- call_reach.c ---------------------------------------------------------------------------- */
void call_model_dial(struct call *c); /* for the first time */
/* The session that talks is lost or given up: another one once, else down the ladder. */
void call_model_gone(struct call *c, enum desk_rt_severity severity, const char *why);
/* How long the model may be silent while an answer is owed. */
int64_t call_model_patience_ms(const struct call *c);
/* The model has an item of ours as text only: change that text to what was heard. False: it has
 * the item itself. */
bool call_model_retell(struct call *c, const struct play_item *item);
/* The session gets the claim's instructions, which are new. emergency: why the caller's words are
 * one, which the model is told at once, too (NULL = they are not); our own engine reads it among
 * the facts. */
void call_model_led(struct call *c, const char *emergency);
void call_reach_roll(struct call *c);                                           /* its timer */
void call_reach_audio(struct call *c, const char *audio, size_t n, int64_t ms); /* base64 */
/* Another session may still come to say the last words. */
bool call_reach_hopes(const struct call *c);
void call_reach_close(struct call *c); /* no session is wanted any more */

/* ---- call_greet.c ---------------------------------------------------------------------------- */
void call_model_greet(struct call *c); /* the model is asked for the greeting */
void call_greet_kept(struct call *c);  /* play it, if its sound is kept */
/* Keep its sound: it begins, a piece of the model's sound, it was heard whole; no more of it. */
void call_greet_begins(struct call *c);
void call_greet_sound(struct call *c, const struct desk_rt_event *ev);
void call_greet_heard(struct call *c, const struct play_item *item);
void call_greet_close(struct call *c);

/* ---- call_talk.c ----------------------------------------------------------------------------- */
void call_answer_owed(struct call *c); /* from now on the model may not be silent */
void call_end_owed(struct call *c);    /* nor go on for ever with an answer that is not wanted */
void call_answer_paid(struct call *c);
void call_answer_late(struct call *c);

/* Ask for a response now. instructions NULL = as the conversation stands. */
void call_ask(struct call *c, const char *instructions, const char *purpose);
/* Let these words be said, in the caller's language. aside: they leave nothing in the conversation,
 * if the server can do that. */
void call_say(struct call *c, const char *words, const char *purpose, bool aside);
void call_ask_refused(struct call *c, const struct desk_rt_event *ev); /* an error says so */
void call_want(struct call *c);    /* a response is wanted as soon as one may be asked for */
void call_respond(struct call *c); /* ask, if one is wanted and may be */
/* ours: we asked for it */
void call_response_began(struct call *c, const struct desk_rt_event *ev, bool ours);
/* It is over; was_on: it was the active one; tool: it asked for one. Asks for the next if needed.
 */
void call_response_over(struct call *c, const struct desk_rt_event *ev, bool was_on, bool tool);

/* It is certain that the caller speaks; has finished. */
void call_caller_began(struct call *c);
void call_caller_ended(struct call *c);
void call_keys(struct call *c); /* use the keys collected */

/* ---- call_tools.c ---------------------------------------------------------------------------- */
void call_tool_asked(struct call *c, const struct desk_rt_event *ev);
void call_tool_told(struct call *c, const struct desk_rt_event *ev); /* a piece of one */
/* The tools of a finished response that were not asked for yet. True if it has asked for any. */
bool call_tools_of_response(struct call *c, const struct desk_rt_event *done);
/* Run one ourselves; if it does not lead away from here, a recorded message does. */
void call_tool_own(struct call *c, const char *name, const char *arguments);
void call_tool_done(struct call *c, struct note *n);
void call_tools_late(struct call *c);
void call_tools_slow(struct call *c);  /* the caller waits: say so */
void call_tools_back(struct call *c);  /* the caller speaks: an end_call that runs ends nothing */
void call_tools_watch(struct call *c); /* from now on the caller waits for them */
bool call_no_tools(const struct call *c); /* none is running */
void call_tools_clear(struct call *c);

/* ---- call_quiet.c ---------------------------------------------------------------------------- */
void call_quiet_go(struct call *c);   /* the model listens, from now on or again */
void call_quiet_stop(struct call *c); /* it does not */
void call_quiet_look(struct call *c); /* is anything due? */
/* These words of the caller's: is it a machine? Then the timeline says why, and the outcome is set;
 * the caller of this ends the call. */
bool call_is_machine(struct call *c, const char *words);
/* The caller goes to a person, or to a recorded message. name and sentence: for the timeline. */
void call_put_through(struct call *c, const char *name, const char *sentence);

/* ---- call_leave.c ---------------------------------------------------------------------------- */
enum leave_kind call_leave_of(const char *next); /* of a tool's result: "hangup" … */
/* tool: whose result leads there; NULL = we decided it. */
void call_leave(struct call *c, enum leave_kind kind, const struct running_tool *tool);
bool call_leave_listens(const struct call *c); /* leaving, but the caller may have more to say */
/* They have: the talk goes on, and leaving leaves no trace. False: it is not to be held. */
bool call_leave_cancel(struct call *c, enum caller_did what);
void call_leave_forget(struct call *c, const char *response_id); /* its words */
void call_leave_late(struct call *c);                            /* CALL_T_LEAVE */
void call_leave_item_delete(struct call *c, const char *item_id);
void call_leave_go_on(struct call *c); /* a response is over, and we are leaving */
void call_leave_check(struct call *c); /* leave, if all is said and heard */

/* ---- call_order.c ---------------------------------------------------------------------------- */
/* The owner asks for something. True: taken, it is the call's now. */
bool call_order(struct call *c, struct ordered *o);
void call_order_look(struct call *c); /* CALL_T_ORDER */
/* Nothing is being said, owed or wanted: say what the owner wants said, if anything. */
void call_order_respond(struct call *c);
void call_order_began(struct call *c);                                /* c->active says it */
void call_order_refused(struct call *c);                              /* it does not: again */
void call_order_heard(struct call *c, const struct play_item *item);  /* to its end */
void call_order_cut(struct call *c, const struct play_item *item);    /* the caller spoke */
void call_order_relay_cut(struct call *c, uint32_t saying, bool any); /* of a relay */
void call_orders_end(struct call *c, const char *why);                /* the stream does */
void call_orders_clear(struct call *c);

/* ---- call_measure.c -------------------------------------------------------------------------- */
void call_measure_begin(struct call *c); /* the call's own beginning is known */
/* The caller has ended what he said at that moment (call_now_ms()). */
void call_measure_asked(struct call *c, int64_t end_ms);
void call_measure_forget(struct call *c);                /* the caller goes on */
void call_measure_tool(struct call *c, int64_t took_ms); /* one is over; took_ms < 0: one begins */
/* What the model counted, by part (DESK_USAGE_…): kept for the call's cost. */
void call_measure_usage(struct call *c, const char *part, const struct desk_rt_usage *u);
/* A piece of the model's sound came; a piece of ours was given to Twilio's socket. */
void call_measure_sound(struct call *c);
void call_measure_sent(struct call *c);
/* ---- call_record.c --------------------------------------------------------------------------- */
void call_record_start(struct call *c);  /* the stream begins: nobody knows yet */
void call_record_decide(struct call *c); /* now the business's rules are known */
/* Both only while c->rec. Whoever sends sound to Twilio says so here; it will have been played at
 * until_ms. */
void call_record_caller(struct call *c, const struct desk_media_msg *m);
void call_record_desk(struct call *c, struct desk_slice audio, int64_t until_ms);
void call_record_cut(struct call *c); /* Twilio was told to clear */
void call_record_end(struct call *c);
void call_record_stopped(struct call *c, const char *why);

/* ---- call_play.c ----------------------------------------------------------------------------- */
/* Send one built message on a leg; a full queue ends the call. */
bool call_send(struct call *c, struct leg *leg, struct queue_msg *m, enum queue_kind kind,
               int64_t ms);
void call_caller_audio(struct call *c, const struct desk_media_msg *m);
void call_caller_audio_release(struct call *c); /* the model listens now */
void call_model_audio(struct call *c, const struct desk_rt_event *ev);
void call_model_words(struct call *c, const struct desk_rt_event *ev, bool whole);
void call_response_end_mark(struct call *c, const char *response_id);
void call_mark_back(struct call *c, const char *name);
/* The caller speaks (or presses keys): be silent at once. */
void call_interrupt(struct call *c, bool cancel);
void call_interrupt_late(struct call *c); /* CALL_T_CUT */
/* The model is lost: what came of its words is all there will be of them. It plays on. */
void call_play_pause(struct call *c);
/* The line is gone or given up: keep what was heard of what was being said. */
void call_play_keep(struct call *c);

/* ---- call_ear.c ------------------------------------------------------------------------------ */
/* What the caller's frame and our own delta hold: base64 µ-law, decoded once here. play_ms: when it
 * will begin to play (monotonic). */
void call_ear_heard(struct call *c, const struct desk_slice *payload);
void call_ear_sent(struct call *c, const struct desk_slice *audio, int64_t play_ms);
/* Is it ours to decide (BARGE_IN_CONFIRM_MS is not 0)? The session says so, too (session.c). */
bool call_ear_guards(const struct call *c);

/* The server says that speech began, or ended. _stopped: false if it was none; its item is deleted
 * then, and nothing is owed for it. */
void call_ear_started(struct call *c, const char *item);
bool call_ear_stopped(struct call *c);
/* The model's socket is gone: nothing it said holds any more. */
void call_ear_forget(struct call *c);

/* A response nobody asked for begins (it is c->active). True: it answers a noise, and is cancelled;
 * nothing of it counts. */
bool call_ear_refuse(struct call *c);
/* An event of a response: true if it belongs to the refused one, and is to be let pass. */
bool call_ear_refused(struct call *c, const struct desk_rt_event *ev);
/* A response is over (c->active is empty): true if it was the refused one. */
bool call_ear_response_done(struct call *c, const struct desk_rt_event *ev);
void call_ear_refuse_active(struct call *c);                    /* the active one, unheard */
void call_ear_forget_item(struct call *c, const char *item_id); /* the caller's: it was noise */

/* ---- call_resume.c --------------------------------------------------------------------------- */
/* What call_interrupt() cuts off from now on is cut off by the caller's voice; or not. */
void call_resume_cutting(struct call *c, bool cutting);
void call_resume_cut(struct call *c, const struct play_item *item); /* heard_ms is set */
void call_resume_off(
    struct call *c); /* words, keys, an answer, another session: nothing to resume */
void call_resume_stopped(struct call *c, const char *item); /* the caller ended */
void call_resume_blank(struct call *c, const char *item);   /* the transcript of it is empty */
bool call_resume_waits(const struct call *c);               /* for words; none may come */
void call_resume_late(struct call *c);                      /* CALL_T_RESUME */
/* A response nobody asked for begins: true if it answers nothing, and is cancelled. */
bool call_resume_refuse(struct call *c);
bool call_resume_respond(struct call *c); /* asks for what was not heard, if that is due */

#endif
