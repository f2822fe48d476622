/* The states of the dialog, for dialog.c (what is asked and what a meaning does in each) and
 * dialog_next.c (which one comes next). Not for other folders. */
#ifndef DESK_CORE_DIALOG_STATES_H
#define DESK_CORE_DIALOG_STATES_H

#include "core/dialog_step.h"

enum state {
    S_NEW,
    S_REASON,
    S_NAME,
    S_LOG,
    S_OFFER,
    S_NUMBER,
    S_NUMBER_KEYS,
    S_NUMBER_CHECK,
    S_WHEN,
    S_CONFIRM,
    S_FIX,
    S_SCHEDULE,
    S_MORE,
    S_MORE_RECORD,
    S_URGENT,
    S_TRANSFER,
    S_SORRY,
    S_NO_ANSWER,
    S_LEAVE,
    S_RECORD,
    S_BYE,
    S_END,
    S_RECAP,
    S_PROBLEM, /* from here on behind the others: a talk under way keeps its state by number */
    S_WAS,
    S_ADDRESS,
    S_ADDRESS_KEYS,
    S_ADDRESS_CHECK,
    S_ADDRESS_TEXT,
    S_TEXT,
    S_TEXT_US,
    S_SERVICE, /* visits by the tools of the calendar (dialog_visit.c), from here on */
    S_SPELL,
    S_UNDER,
    S_PLACE,
    S_FIND,
    S_PICK,
    S_BOOK_CHECK,
    S_BOOK,
    S_WHOSE,
    S_WHICH,
    S_CANCEL_CHECK,
    S_CANCEL,
    S_KEEP, /* they have one like it: shall it stay? */
    S_LOOKUP,
    S_NOTE, /* a message is written down */
    S__MAX,
    S_ADVANCE, /* as a "next": the first datum that is still missing */
    S_HELP,    /* this way leads nowhere: the owner's phone, where it may ring, else a recording */
    S_ADDRESS_2, /* the next way to an address: keys, */
    S_ADDRESS_3, /* then a text, then none: it can be recorded */
    S_CARRY_ON,
    S_REFUSED, /* where it was; who insists is told goodbye */
    S_NEXT,    /* a visit for somebody else as well, or what else there is */
    S_BACK,    /* to where a question was asked in between */
    S_STAY,
    S_ANY,
};

/* Where a row's "next" really leads: a state that asks. May say why. */
enum state desk_step_next(struct step *s, enum state next);

#endif
