/* Each rule is tried in each clause; how surely it holds is how surely the least sure of its
 * concepts is said, and what the rest of the text makes of it: "is it bad if it smokes, because it
 * does" is live, "there was smoke but it is out" is over. */
#include "core/emergency_read.h"

#include "core/emergency_rules.inc"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* how surely a rule holds in clause c, by its own concepts */
static uint8_t holds(const struct rule *rule, const struct desk_emergency_state *s, size_t c)
{
    uint8_t how = DESK_HOW_LIVE;
    for (size_t i = 0; i < COUNT(rule->same) && rule->same[i]; i++)
        if (s->how[c][rule->same[i]] > how)
            how = s->how[c][rule->same[i]];
    for (size_t i = 0; i < COUNT(rule->wide) && rule->wide[i]; i++)
        if (s->any[rule->wide[i]] > how)
            how = s->any[rule->wide[i]];
    for (size_t i = 0; i < COUNT(rule->without) && rule->without[i]; i++)
        if (s->how[c][rule->without[i]] < DESK_HOW_NEG)
            return DESK_HOW_NOT;
    return how;
}

/* said of the whole, in clause c or later */
static bool said_later(const struct desk_emergency_state *s, size_t c, uint8_t concept,
                       uint8_t surely)
{
    return s->any[concept] <= surely && s->last[concept] >= c;
}

/* what the rest of the text makes of what is said in clause c at word at */
uint8_t desk_emergency_in_context(const struct desk_emergency_state *s, size_t c, uint16_t at,
                                  uint8_t how)
{
    if ((how == DESK_HOW_ASKED || how == DESK_HOW_HYPO) &&
        said_later(s, c, C_CONFIRM, DESK_HOW_HYPO))
        return DESK_HOW_LIVE;
    if (how == DESK_HOW_OVER && said_later(s, c, C_REVIVE, DESK_HOW_HYPO))
        return DESK_HOW_LIVE;
    if (how >= DESK_HOW_OVER)
        return how;
    bool false_alarm = said_later(s, c + 1, C_FALSEALARM, DESK_HOW_OVER) ||
                       (s->how[c][C_FALSEALARM] < DESK_HOW_NEG && s->at[c][C_FALSEALARM] > at);
    bool repaired = said_later(s, c + 1, C_REPAIRED, DESK_HOW_OVER);
    return false_alarm || repaired ? DESK_HOW_OVER : how;
}

/* the best clause of a rule */
static uint8_t try_rule(const struct rule *rule, const struct desk_emergency_state *s,
                        size_t *clause)
{
    uint8_t best = DESK_HOW_NOT;
    for (size_t c = 0; c < s->clauses; c++) {
        uint8_t how = holds(rule, s, c);
        if (how < DESK_HOW_NEG)
            how = desk_emergency_in_context(s, c, s->at[c][rule->same[0]], how);
        if (how < DESK_HOW_NOT && how <= best) {
            best = how;
            *clause = c;
        }
    }
    return best;
}

/* contained, and nothing says that it goes on */
static bool is_contained(const struct desk_emergency_state *s)
{
    return s->any[C_CONTAINED] <= DESK_HOW_ASKED && s->any[C_UNSTOP] > DESK_HOW_WAS;
}

static void note(struct desk_emergency_verdict *v, const struct rule *rule,
                 const struct desk_emergency_state *s, size_t clause, uint8_t how)
{
    uint16_t from = s->at[clause][rule->same[0]], to = from;
    if (how > v->how || (how == v->how && v->clause >= clause && v->rule))
        return;
    for (size_t i = 1; i < COUNT(rule->same) && rule->same[i]; i++) {
        uint16_t at = s->at[clause][rule->same[i]];
        from = at < from ? at : from;
        to = at > to ? at : to;
    }
    *v = (struct desk_emergency_verdict){.rule = rule->name,
                                         .how = how,
                                         .clause = (uint8_t)clause,
                                         .at = from,
                                         .n = (uint16_t)(to - from + 1)};
}

static unsigned place_of(const char *kind)
{
    if (strcmp(kind, "dental") == 0)
        return DENTAL;
    return strcmp(kind, "concierge") == 0 ? CONCIERGE : HOME;
}

void desk_emergency_apply(struct desk_emergency_read *r, const char *kind)
{
    const struct desk_emergency_state *s = &r->state;
    unsigned place = place_of(kind);
    bool contained = is_contained(s);
    for (size_t i = 0; i < COUNT(r->verdict); i++)
        r->verdict[i] = (struct desk_emergency_verdict){.how = DESK_HOW_NOT};
    for (size_t k = 0; k < COUNT(rules); k++) {
        const struct rule *rule = &rules[k];
        size_t clause = 0;
        if (!(rule->where & place))
            continue;
        uint8_t how = try_rule(rule, s, &clause);
        if (how != DESK_HOW_NOT)
            note(&r->verdict[rule->severity - (contained && rule->soft)], rule, s, clause, how);
    }
}
