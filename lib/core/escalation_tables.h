/* Tables of core/escalation.c: patterns of core/words.h, and words with spaces between. */
#ifndef DESK_CORE_ESCALATION_TABLES_H
#define DESK_CORE_ESCALATION_TABLES_H

#include "core/escalation_facts.h"

/* "would", "could" ask for work here: what is only imagined is the fact of the future */
#define ALL_HOWS (DESK_FACT_DENIED | DESK_FACT_PAST)

static const struct desk_fact_info fact_info[E__MAX] = {
    [E_REMODEL] = {DESK_FACT_TAGS("remodel"), "a remodel", ALL_HOWS},
    [E_WHOLE] = {DESK_FACT_TAGS("whole"), "all of it", DESK_FACT_DENIED},
    [E_ROOM] = {DESK_FACT_TAGS("room"), "a room or a house", 0},
    [E_CONVERT] = {DESK_FACT_TAGS("convert"), "one kind of room made into another", ALL_HOWS},
    [E_ADDON] = {DESK_FACT_TAGS("addon"), "rooms that are added", ALL_HOWS},
    [E_TEAROUT] = {DESK_FACT_TAGS("tearout"), "a room torn out", ALL_HOWS},
    [E_PARTIAL] = {DESK_FACT_TAGS("partial"), "a part of it", 0},
    [E_SMALL] = {DESK_FACT_TAGS("small"), "a small job", 0},
    [E_FUTURE] = {DESK_FACT_TAGS("future"), "not now", 0},
    [E_BEFORE] = {DESK_FACT_TAGS("before"), "done before", 0},
    [E_SWAP] = {DESK_FACT_TAGS("swap"), "like for like", 0},
    [E_ADD] = {DESK_FACT_TAGS("add"), "something new", 0},
    [E_HEAVY_ELEC] = {DESK_FACT_TAGS("heavy_elec"), "a panel, circuit or rewiring", ALL_HOWS},
    [E_CURRENT] = {DESK_FACT_TAGS("current"), "current", 0},
    [E_SUPPLY] = {DESK_FACT_TAGS("supply"), "bringing it somewhere", 0},
    [E_FAR] = {DESK_FACT_TAGS("far"), "another place", 0},
    [E_MANY_ELEC] = {DESK_FACT_TAGS("many_elec"), "several outlets or lights", 0},
    [E_FAULT] = {DESK_FACT_TAGS("fault"), "a fault", ALL_HOWS},
    [E_FIXTURE] = {DESK_FACT_TAGS("fixture"), "a lamp, switch or outlet", 0},
    [E_NONE_THERE] = {DESK_FACT_TAGS("none_there"), "where there is none", 0},
    [E_HEAVY_PLUMB] = {DESK_FACT_TAGS("heavy_plumb"), "a main, sewer, gas line or heater",
                       ALL_HOWS},
    [E_PIPE] = {DESK_FACT_TAGS("pipe"), "pipes or drains", 0},
    [E_LEAK] = {DESK_FACT_TAGS("leak"), "a leak", ALL_HOWS},
    [E_HIDDEN] = {DESK_FACT_TAGS("hidden"), "inside a wall or under a floor", DESK_FACT_DENIED},
    [E_MOVE] = {DESK_FACT_TAGS("move"), "moving it", ALL_HOWS},
    [E_BASIN] = {DESK_FACT_TAGS("basin"), "a toilet, sink or shower", 0},
    [E_EACH] = {DESK_FACT_TAGS("each"), "all of them", 0},
    [E_SLOW] = {DESK_FACT_TAGS("slow"), "drains that back up", ALL_HOWS},
    [E_GAS] = {DESK_FACT_TAGS("gas"), "gas", ALL_HOWS},
    [E_DIG] = {DESK_FACT_TAGS("dig"), "a pipe in the ground", 0},
    [E_FURY] = {DESK_FACT_TAGS("fury"), "the caller's own anger", DESK_FACT_DENIED},
    [E_SCORN] = {DESK_FACT_TAGS("scorn"), "scorn", 0},
    [E_THREAT] = {DESK_FACT_TAGS("threat"), "a threat", 0},
    [E_DEMAND] = {DESK_FACT_TAGS("demand"), "money wanted back or kept back", 0},
    [E_HARMED] = {DESK_FACT_TAGS("harmed"), "harm that our people did", 0},
    [E_RAGE] = {DESK_FACT_TAGS("rage"), "angry words", DESK_FACT_DENIED},
    [E_INSULT] = {DESK_FACT_TAGS("insult"), "an insult", DESK_FACT_DENIED},
    [E_LEGAL] = {DESK_FACT_TAGS("legal"), "the law", 0},
    [E_REFUND] = {DESK_FACT_TAGS("refund"), "a refund", 0},
    [E_NOSHOW] = {DESK_FACT_TAGS("noshow"), "somebody who did not come or call", 0},
    [E_RUINED] = {DESK_FACT_TAGS("ruined"), "damage", 0},
    [E_SARCASM] = {DESK_FACT_TAGS("sarcasm"), "praise that may be none", 0},
    [E_YOU] = {DESK_FACT_TAGS("you"), "our people", 0},
    [E_OTHERS] = {DESK_FACT_TAGS("others"), "other people", 0},
    [E_PRAISE] = {DESK_FACT_TAGS("praise"), "praise", DESK_FACT_DENIED},
    [E_CALM] = {DESK_FACT_TAGS("calm"), "calm", 0},
    [E_CAPS] = {DESK_FACT_TAGS("caps"), "capital letters", 0},
    [E_BANGS] = {DESK_FACT_TAGS("bangs"), "many marks", 0},
    [E_ASKS] = {DESK_FACT_TAGS("asks"), "a question about the firm", 0},
};

static const struct desk_fact_row word_rows[] = {
#include "core/escalation_words.inc"
};

static const struct desk_fact_row phrase_rows[] = {
#include "core/escalation_phrases.inc"
};

#endif
