/* What a caller's words are about, for core/escalation.c and the training of its classifiers. Not
 * for other folders, but for scripts/train. Pure. */
#ifndef DESK_CORE_ESCALATION_FACTS_H
#define DESK_CORE_ESCALATION_FACTS_H

#include "core/facts.h"

enum escalation_fact {
    /* size of the job */
    E_REMODEL,
    E_WHOLE,
    E_ROOM,
    E_CONVERT,
    E_ADDON,
    E_TEAROUT,
    E_PARTIAL,
    E_SMALL,
    E_FUTURE,
    E_BEFORE,
    E_SWAP,
    E_ADD,
    /* current */
    E_HEAVY_ELEC,
    E_CURRENT,
    E_SUPPLY,
    E_FAR,
    E_MANY_ELEC,
    E_FAULT,
    E_FIXTURE,
    E_NONE_THERE,
    /* water and gas */
    E_HEAVY_PLUMB,
    E_PIPE,
    E_LEAK,
    E_HIDDEN,
    E_MOVE,
    E_BASIN,
    E_EACH,
    E_SLOW,
    E_GAS,
    E_DIG,
    /* feelings, and at whom */
    E_FURY,
    E_SCORN,
    E_THREAT,
    E_DEMAND,
    E_HARMED,
    E_NOSHOW,
    E_SARCASM,
    E_RAGE,
    E_INSULT,
    E_LEGAL,
    E_REFUND,
    E_RUINED,
    E_YOU,
    E_OTHERS,
    E_PRAISE,
    E_CALM,
    /* how it is written */
    E_CAPS,
    E_BANGS,
    /* about the firm, not about a job */
    E_ASKS,
    E__MAX
};

extern const struct desk_fact_tables desk_escalation_tables;

/* text as it came, for capitals and "!!!" */
void desk_escalation_facts(uint8_t how[E__MAX], const struct desk_words *ws, const char *text);

#define DESK_ESCALATION_TAGS (2 * (DESK_FACT_HOWS * E__MAX + 1))

/* Tags of core/linear.h, each twice; static strings. Returns how many. */
size_t desk_escalation_tags(const uint8_t how[E__MAX], const char *tags[DESK_ESCALATION_TAGS]);

#endif
