/* A conversation by text: Twilio hears and speaks (ConversationRelay), we think. Another mouth of a
 * call (call.h): the same slot, claim, timeline, tools and end; its own are the messages on the
 * socket, the brain and the clocks.
 *
 *   new → claiming → talking → leaving → ending → closed
 *
 * One input at a time goes to the brain: while it thinks or a tool runs, what the caller says is
 * kept, put together, and stepped after. Whatever breaks leaves the session by call_end(): its end
 * is written, Twilio gets `end` with the same as handoffData, and /voice/next goes on from there.
 * Files: relay_call.c (life), relay_talk.c (brain, tools, leaving), relay_time.c (clocks),
 * relay_speech.c (what was heard), relay_brain_*.c (brains). */
#ifndef BRIDGE_RELAY_H
#define BRIDGE_RELAY_H

#include "ws-bridge/call.h"
#include "ws-bridge/relay_brain.h"
#include "ws-bridge/relay_speech.h"

#include "wire/relay_msg.h"

#define RELAY_KEYS_MS 1500 /* so long without another key: the row is whole */

/* What is waited for; one timer of the call serves them all. */
enum relay_due {
    RELAY_DUE_BRAIN,  /* the brain must answer */
    RELAY_DUE_TOOL,   /* longest time of a tool */
    RELAY_DUE_FILLER, /* a slow tool or brain: say that it goes on */
    RELAY_DUE_KEYS,   /* pause that ends a row of keys */
    RELAY_DUE_SPOKEN, /* leaving: are the last words spoken? */
    RELAY_DUE_LEAVE,  /* longest time for them */
    RELAY_DUE_QUIET,  /* look whether the caller is still there */
    RELAY_DUE_WARN,   /* the call is nearly too long */
    RELAY_DUE_LENGTH, /* it is too long */
    RELAY_DUE__MAX
};

struct relay {
    const struct relay_brain_backend *backend;
    void *brain;
    struct speech speech;
    int64_t due[RELAY_DUE__MAX]; /* monotonic ms, 0 = not */

    bool thinking;     /* the brain owes an answer */
    uint32_t tool_seq; /* of the tool that runs, 0 = none */
    int64_t tool_ms;   /* since when */
    char tool[40];
    char tool_outcome[16];         /* end_call: what it was asked to be */
    enum relay_input_kind waiting; /* START = nothing waits */
    struct desk_buf waiting_text;
    int64_t waiting_ms; /* when the last of it came */
    bool counted;       /* the input under way is the caller's */
    bool led_on;        /* and some part of the answer to it has led on */

    int64_t caller_on_ms; /* Twilio says that the caller speaks; 0 = not */
    int64_t spoke_ms;     /* where the caller's present words began, 0 = not known */
    int64_t sign_ms;      /* last sign of the caller: speech, part of words, keys */
    int64_t words_ms;     /* last words understood, or keys */
    int64_t left_ms;      /* leaving began */
    bool asked_there;     /* "are you still there" was said since */

    uint32_t caller_turns;
    unsigned dull_turns; /* in a row that led nowhere */
    unsigned bad, unknown_in_row;
    int64_t first_token_ms;
    char next[16], why[24]; /* what the session ends with */
    bool end_sent;
};

/* ---- relay_call.c: what call.c and leg_*.c know of ------------------------------------------- */
/* As call_new(). */
struct call *relay_new(struct bridge *b, struct lws *wsi);
void relay_free(struct relay *r);
void relay_message(struct call *c, const char *p, size_t n);
void relay_giant(struct call *c);
void relay_claimed(struct call *c);
const char *relay_engine(const struct call *c);
/* The end is about to be written: keep what was heard, remember what comes next. */
void relay_ending(struct call *c, const char *why, const char *next_step);
/* The end is written, or (late) that took too long. True: `end` is on its way, the call closes
 * later. */
bool relay_end(struct call *c, bool late);

/* ---- relay_talk.c ---------------------------------------------------------------------------- */
void relay_input(struct call *c, enum relay_input_kind kind, const char *text);
void relay_tool_done(struct call *c, struct note *n);
void relay_brain_note(struct call *c, struct note *n);
void relay_tool_late(struct call *c);
void relay_tool_slow(struct call *c);
void relay_brain_late(struct call *c);
/* Say words of our own (not the brain's). */
void relay_say(struct call *c, const char *words, bool parting);
/* The talk is over: let the last words be spoken, then end the session. */
void relay_leave(struct call *c, const char *why, const char *next_step);
void relay_leave_check(struct call *c);
/* It is led by another script from now on, whose instructions are in the claim. */
void relay_led(struct call *c, bool alarm);
/* The owner wants this said: true, it is on its way (number of the saying); false: not now. */
bool relay_order_say(struct call *c, const char *words, uint32_t *saying);
/* The owner wants the talk to end so, with these last words, now. */
void relay_order_leave(struct call *c, const char *words, const char *why, const char *next_step);
/* The caller has more to say: the talk goes on, and leaving leaves no trace. False: it does not. */
bool relay_hold(struct call *c);
/* Of a saying of ours only the first heard bytes were heard. */
void relay_heard(struct call *c, const struct saying *s, size_t heard, int64_t end_ms);
void relay_interrupted(struct call *c, const struct desk_relay_msg *m);
void relay_keys(struct call *c); /* step the keys collected */
void relay_turn(struct call *c, const char *how, const char *text, int64_t start_ms);
void relay_answer(void *call, const struct relay_answer *a); /* for the brain */

/* ---- relay_time.c ---------------------------------------------------------------------------- */
void relay_due_in(struct call *c, enum relay_due what, int64_t ms);
void relay_due_not(struct call *c, enum relay_due what);
void relay_clocks_start(struct call *c);
void relay_sign(struct call *c, bool words); /* the caller is there */
void relay_on_timer(struct call *c);

#endif
