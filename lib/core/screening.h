/* The first answer of a caller whom nobody knows to "who is calling, and why?": put through, say
 * goodbye and suggest a text message, or ask once more. For one person's own number; a caller on
 * the exception list never comes here.
 *
 * Put through is what names a plausible reason that cannot wait and asks for no money, code or
 * private fact. Asked again is what says too little to decide. A second answer of the same call is
 * judged alike, with the first one before it in the text; an ask for it is then an end (the caller
 * of this function knows that it has asked). Pure, any bytes may come, below a millisecond. */
#ifndef DESK_CORE_SCREENING_H
#define DESK_CORE_SCREENING_H

#include "base/limits.h"

enum desk_screening_decision { DESK_SCREENING_ASK, DESK_SCREENING_END, DESK_SCREENING_TRANSFER };

struct desk_screening {
    enum desk_screening_decision decision;
    const char *rule; /* which one decided: "silence", "swindle" …; static */
    int sure;         /* percent, of the classifier; 100 of a rule */
    char because[DESK_MAX_BECAUSE];
};

/* text NULL is "". */
void desk_screening_judge(const char *text, struct desk_screening *out);

/* "ask_once", "end_with_text_suggestion", "transfer" */
const char *desk_screening_name(enum desk_screening_decision decision);

#endif
