/* A reminder of an appointment by call (talk/remind_call.h): what is heard, and what the keys do.
 * id in the address is the row of out_call, t its try: a webhook of another try, or of a second
 * call for the same one, changes nothing.
 *
 * Who answered is told by Twilio to /voice/reminder-machine while the call goes on already, so a
 * person hears at once who calls. Nothing of the appointment is said before it is known that a
 * person listens: by Twilio's word, or by any key. Everything may come twice, late, or not at all.
 */
#ifndef HOOK_REMIND_H
#define HOOK_REMIND_H

#include "cgi-bin/hook/hook.h"
#include "store/appointments.h"
#include "store/out_calls.h"

struct reminder {
    struct desk_out_call c;
    struct desk_appointment row;
    struct desk_call call; /* in the call log, once somebody has answered */
};

/* The row of this webhook, its visit, and the business. DESK_ENOTFOUND: no such row or try, or the
 * visit is gone. */
DESK_MUST enum desk_rc remind_load(struct desk_request *req, struct reminder *r);

/* Somebody answered: in the call log, once; Twilio has the call, whatever became of the answer to
 * our request. DESK_DONE: another call of Twilio's has this try already, or it is over. */
DESK_MUST enum desk_rc remind_taken(struct desk_request *req, struct reminder *r);

/* Note who answered, unless something surer is known. */
DESK_MUST enum desk_rc remind_answered(struct desk_request *req, struct reminder *r,
                                       const char *by);
/* Twilio's word for who answered in ours; NULL: none that we know. */
const char *remind_by_of(const char *word);

/* In a transaction: the outbox row of this try gets that state, unless it is past it. */
DESK_MUST enum desk_rc remind_report(struct desk_request *req, const struct reminder *r,
                                     const char *state, const char *sid, const char *status);

/* Does it still stand at the time that is told of? */
bool remind_stands(const struct reminder *r);
/* Answer, where it does not: how it is now. */
DESK_MUST enum desk_rc remind_as_it_is(struct desk_request *req, const struct reminder *r);
/* In a transaction: what they said of it (DESK_ANSWER_…). */
DESK_MUST enum desk_rc remind_said(struct desk_request *req, const struct reminder *r,
                                   const char *answer);
/* Answer: cancel it, another time, or somebody (remind_change.c). Where the calendar cannot be
 * asked they are put through at once, or called back. */
DESK_MUST enum desk_rc remind_change_menu(struct desk_request *req, struct reminder *r);

/* Answer: whose appointment, when, and the keys; for the time-th time, from 0. */
DESK_MUST enum desk_rc remind_tell(struct desk_request *req, const struct reminder *r,
                                   int64_t time);

#endif
