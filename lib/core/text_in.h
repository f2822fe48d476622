/* What is done with a text that came in, by rules in one table (rows[] in text_in.c): the first
 * that fits decides. Words of law first (STOP, START, HELP), then answers to our texts about a
 * visit, then the talk. Pure. */
#ifndef DESK_CORE_TEXT_IN_H
#define DESK_CORE_TEXT_IN_H

#include "core/route.h"
#include "core/sms.h"

#include <stdbool.h>
#include <stdint.h>

enum desk_text_made {
    DESK_TEXT_TALK,  /* answered by the brain */
    DESK_TEXT_STOP,  /* no more texts to them */
    DESK_TEXT_START, /* texts again */
    DESK_TEXT_HELP,
    DESK_TEXT_CONFIRM,   /* they come */
    DESK_TEXT_ASK_OFF,   /* they want the visit off: they are asked whether that is so */
    DESK_TEXT_OFF,       /* it is so */
    DESK_TEXT_KEEP,      /* it is not so */
    DESK_TEXT_OWNER,     /* the owner's question */
    DESK_TEXT_PASS_ON,   /* of people who are put through at once: the owner reads it */
    DESK_TEXT_BY_HAND,   /* the owner writes with them: the owner reads it, and answers */
    DESK_TEXT_SPANISH,   /* and who answers speaks none: the owner reads it */
    DESK_TEXT_PICTURES,  /* nothing but pictures */
    DESK_TEXT_CLOSING,   /* "thanks": nothing is to be said to that */
    DESK_TEXT_OPTED_OUT, /* they want no texts, and write: somebody must call */
    DESK_TEXT_BLOCKED,
    DESK_TEXT_SPAM,
    DESK_TEXT_MACHINE, /* a number that people do not write from, or words of an answering machine
                        */
    DESK_TEXT_FLOOD,   /* too many, or the same again and again */
    DESK_TEXT__MAX
};
const char *desk_text_made_name(enum desk_text_made m); /* "talk", "stop", …; never NULL */

/* Texts of one conversation in an hour that are answered; nobody writes so many by hand. */
#define DESK_TEXTS_AN_HOUR 30
/* The same words so often in a row are a machine's. */
#define DESK_TEXTS_ALIKE 3

struct desk_text_facts {
    const char *text;
    const char *opt_out_type; /* Twilio's own word (it has answered): "STOP", "START", "HELP"; "" */
    enum desk_caller caller;
    bool can_text; /* an answer could reach the number */
    bool ours;     /* the number is one of this house's own */
    bool opted_out;
    bool spanish; /* and it would be the rules that answer, which speak English */
    bool by_hand; /* the owner writes with them now */
    bool talking; /* a talk is under way, which awaits an answer */
    bool visit;   /* a visit of theirs is to come */
    bool told;    /* our last text to them was of that visit */
    bool asked;   /* our last text asked whether it is off */
    bool pictures;
    int64_t in_hour; /* texts of this conversation within the hour, this one counted */
    int64_t alike;   /* the last ones that say the same, this one counted */
};

/* because: a sentence for the timeline, static; NULL = the text speaks for itself. */
enum desk_text_made desk_text_decide(const struct desk_text_facts *f, const char **because);

/* Is it looked through for emergencies? Everybody's but the owner's own and who is not answered. */
bool desk_text_scanned(enum desk_text_made m);

#endif
