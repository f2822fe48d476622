/* What the first words of a call are about: the facts of core/intent.c, and what its classifier is
 * trained with. Not for other folders, but for scripts/train. Pure. */
#ifndef DESK_CORE_INTENT_FACTS_H
#define DESK_CORE_INTENT_FACTS_H

#include "core/facts.h"

enum intent_fact {
    I_WE_OFFER,  /* "we sell", "our company offers" */
    I_FIRM,      /* trades and firms that call businesses */
    I_TO_BIZ,    /* "your company", "who handles your …" */
    I_PROMO,     /* robocalls, grants, listings, first page of … */
    I_FINANCE,   /* loans, card fees, processing */
    I_SUPPLY,    /* orders, invoices, pallets, docks */
    I_PRICE,     /* quote, estimate, cost */
    I_PROJECT,   /* building, remodel, new house, installing */
    I_WANT_WORK, /* "we want", "looking for", "interested in" */
    I_PRODUCT,   /* what one has installed: theater, cameras, heater, implants */
    I_BROKEN,    /* not working, stopped, dead, again */
    I_YOU_DID,   /* "you installed", "your guy", "the … you put in" */
    I_MINE,      /* "my remote", "our system" */
    I_HUMAN,     /* a person, a human, somebody */
    I_OWNER,     /* the owner, the boss, a name of the house */
    I_CONNECT,   /* talk to, put through, transfer, connect */
    I_BOOK,      /* appointment, schedule, cancel */
    I_ASKS,      /* hours, address, insurance, question */
    I_HELLO,
    I_NOT_CALLER, /* wrong number, job seekers, press, officials */
    I_REPAIR,     /* leaks, clogged, drips, tooth: work that a stranger asks for */
    I__MAX
};

extern const struct desk_fact_tables desk_intent_tables;

#define DESK_INTENT_TAGS (3 * (2 * I__MAX + 1))

/* Facts and length as tags of core/linear.h, each three times; static strings. how: [I__MAX] or
 * NULL. Returns how many. */
size_t desk_intent_tags(const struct desk_words *ws, uint8_t *how,
                        const char *tags[DESK_INTENT_TAGS]);

#endif
