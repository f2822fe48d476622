/* What an unknown caller's words are about: the facts that core/screening.c decides from and its
 * classifier is trained with. Not for other folders, but for scripts/train. Pure. */
#ifndef DESK_CORE_SCREENING_FACTS_H
#define DESK_CORE_SCREENING_FACTS_H

#include "core/facts.h"

enum fact {
    /* who calls, or about whom */
    F_KIN,
    F_CHILD,
    F_PET,
    F_MEDICAL,
    F_SCHOOL,
    F_POLICE,
    F_NEIGHBOUR,
    F_BUILDING,
    F_DELIVERY,
    F_TRADE,
    F_TRAVEL,
    F_WORK,
    F_VEHICLE,
    /* what cannot wait */
    F_HARM,
    F_AILING,
    F_DANGER,
    F_HAZARD,
    F_CRIME,
    F_LOST,
    F_STRANDED,
    F_WAITING,
    F_NOW,
    F_DECIDE,
    F_OUTAGE,
    F_COME,
    F_URGENT,
    /* what one hangs up on */
    F_SALE,
    F_CHARITY,
    F_POLITICS,
    F_RELIGION,
    F_RECRUIT,
    F_FINANCE,
    F_PRIZE,
    F_BRAND,
    F_MONEY,
    F_PAY,
    F_SECRET,
    F_THREAT,
    F_KEYPRESS,
    F_RECORDED,
    F_PROBE,
    /* what can wait */
    F_ROUTINE,
    F_LATER,
    F_NORUSH,
    F_RESOLVED,
    F_SOCIAL,
    F_WRONG,
    F_RUDE,
    F_BYE,
    /* what says too little */
    F_ASKFOR,
    F_BOT,
    F_UNCLEAR,
    F_SECRETIVE,
    F_ABOUT,
    F_CALLBACK,
    F_FROM,
    F_HELLO,
    F_LIGHT, /* a word that says nothing by itself; no tag */
    F__MAX
};

struct desk_screen_facts {
    uint8_t how[F__MAX]; /* enum desk_fact_how */
    size_t content;      /* words that are neither light, nor a name, nor who calls */
};

extern const struct desk_fact_tables desk_screen_tables;

void desk_screen_facts_find(struct desk_screen_facts *f, const struct desk_words *ws);

#define DESK_SCREEN_TAGS (3 * (2 * F__MAX + 2))

/* Facts and length as tags of core/linear.h; static strings. Each is there three times: beside the
 * many features of words, facts must be heard. Returns how many. */
size_t desk_screen_tags(const struct desk_screen_facts *f, const struct desk_words *ws,
                        const char *tags[DESK_SCREEN_TAGS]);

#endif
