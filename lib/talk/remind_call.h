/* A reminder of an appointment by call: asked for, allowed when it is its turn, and brought to an
 * end whatever came of it. What is heard is cgi-bin/hook/remind.c; the worker's side is
 * worker/remind_call.c.
 *
 *   desk_remind_call()         a row of out_call, and its first try in the outbox
 *   desk_remind_call_begin()   the try is about to be dialled: may it be?
 *   (Twilio's webhooks write down what it came to)
 *   desk_remind_call_settle()  heard → over; busy or no answer → one more try; else → a text
 *
 * Nobody is called who said no (by a key in a call, to the owner, or by STOP), or, where the
 * business wants that, who did not say yes; before 8, after 21 or in the business's quiet hours,
 * where the number is; at numbers that may not be rung (core/dialling.h); more often in 24 hours
 * than the business allows; or once the visit was moved, cancelled or is about to begin. A try
 * whose request got no clear answer is never made again. Blocks on the database. */
#ifndef DESK_TALK_REMIND_CALL_H
#define DESK_TALK_REMIND_CALL_H

#include "store/out_calls.h"
#include "talk/calendar.h"

#define DESK_REMIND_LAST_MS (30LL * 60 * 1000) /* nearer than that nobody is reminded any more */
#define DESK_REMIND_STALE_MS                                                                       \
    (15LL * 60 * 1000) /* so long nothing was heard of a call: it is over */

struct desk_remind {
    const struct desk_appointment *row;
    const char *key; /* the cause; a text in its place has the same */
    bool or_text;    /* a text is sent where they cannot be reached */
};

/* In a transaction. *why: why there can be no call, as a sentence (and nothing is queued), or NULL;
 * DESK_DONE: there is one of that cause. */
DESK_MUST enum desk_rc desk_remind_call(const struct desk_calendar_place *p,
                                        const struct desk_remind *r, const char **why);

enum desk_remind_may {
    DESK_REMIND_GO,    /* dial now: it is written down that it was */
    DESK_REMIND_LATER, /* after wait_ms */
    DESK_REMIND_NOT,   /* never: why. The call is over, and its text queued where there is to be one
                        */
};
struct desk_remind_turn {
    enum desk_remind_may may;
    int64_t wait_ms;
    const char *why;
    bool message; /* on an answering machine a message is left */
};
/* It is the turn of try `n` of the call of that id; in a transaction of its own. */
DESK_MUST enum desk_rc desk_remind_call_begin(struct desk_db *db, struct desk_arena *a,
                                              const char *id, int64_t n, int64_t now,
                                              struct desk_remind_turn *out);

/* row: one of desk_out_call_over(). In a transaction of its own. DESK_DONE: it is settled. */
DESK_MUST enum desk_rc desk_remind_call_settle(struct desk_db *db, struct desk_arena *a,
                                               const struct desk_out_call *row, int64_t now);

#endif
