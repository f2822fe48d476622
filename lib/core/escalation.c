/* Money and the owner are found by rules (money.c, escalation_owner.c). The other four are found by
 * facts that speak for themselves within one part of a sentence, or by a classifier each that has
 * read the whole: it proved better where anger, or the size of a job, is not in one word. */
#include "core/escalation.h"
#include "core/escalation_facts.h"
#include "core/escalation_owner.h"
#include "core/linear.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/escalation_angry_model.inc"
#include "core/escalation_elec_model.inc"
#include "core/escalation_plumb_model.inc"
#include "core/escalation_remodel_model.inc"

#define COUNT(a) (sizeof(a) / sizeof *(a))

#define MAX_NAMED    3    /* facts in a reason */
#define FEW          3    /* words: a shorter part is not read by itself */
#define SURE_WITHOUT 0.8f /* how sure a classifier must be of anger without an angry word */
#define CLASS_YES    1    /* the classes of the models: no, yes */

static const char *const names[DESK_TRIGGER__MAX] = {
    [DESK_TRIGGER_BUDGET] = "budget_over_2000",
    [DESK_TRIGGER_REMODEL] = "full_remodel",
    [DESK_TRIGGER_ANGRY] = "angry_client",
    [DESK_TRIGGER_OWNER] = "owner_request",
    [DESK_TRIGGER_ELECTRICAL] = "complex_electrical",
    [DESK_TRIGGER_PLUMBING] = "complex_plumbing",
};

const struct desk_escalation_table desk_escalation_default = {.on = DESK_TRIGGERS_ALL,
                                                              .budget_limit = 2000};

/* What is judged by rules and a classifier: how sure the classifier must be, and which facts may be
 * named as the reason. */
static const struct topic {
    enum desk_trigger trigger;
    const struct desk_linear_model *model;
    float sure;
    enum escalation_fact first, last;
    const char *what;
} topics[] = {
    {DESK_TRIGGER_REMODEL, &escalation_remodel_model, 0.5f, E_REMODEL, E_TEAROUT,
     "reads like a remodel of all of it"},
    {DESK_TRIGGER_ANGRY, &escalation_angry_model, 0.5f, E_FURY, E_SARCASM,
     "reads like anger at us"},
    {DESK_TRIGGER_ELECTRICAL, &escalation_elec_model, 0.5f, E_HEAVY_ELEC, E_FAULT,
     "reads like more than a swap"},
    {DESK_TRIGGER_PLUMBING, &escalation_plumb_model, 0.5f, E_HEAVY_PLUMB, E_DIG,
     "reads like more than a tap or a clog"},
};

#define MAX_ALL 3
#define END     E__MAX

/* Facts that speak for a trigger when they stand together in one part of a sentence, unless it is a
 * small job, over, or not yet. */
static const struct rule {
    enum desk_trigger trigger;
    enum escalation_fact all[MAX_ALL + 1];
    bool anyway; /* small things, praise or others beside it do not matter */
} rules[] = {
    {DESK_TRIGGER_REMODEL, {E_REMODEL, E_ROOM, END}, false},
    {DESK_TRIGGER_REMODEL, {E_REMODEL, E_WHOLE, END}, true},
    {DESK_TRIGGER_REMODEL, {E_TEAROUT, E_ROOM, END}, false},
    {DESK_TRIGGER_REMODEL, {E_CONVERT, E_ROOM, END}, false},
    {DESK_TRIGGER_REMODEL, {E_ADDON, E_ROOM, END}, false},
    {DESK_TRIGGER_ANGRY, {E_SCORN, END}, false},
    {DESK_TRIGGER_ANGRY, {E_NOSHOW, END}, false},
    {DESK_TRIGGER_ANGRY, {E_FURY, E_YOU, END}, false},
    {DESK_TRIGGER_ANGRY, {E_YOU, E_INSULT, END}, false},
    {DESK_TRIGGER_ANGRY, {E_YOU, E_RAGE, END}, false},
    {DESK_TRIGGER_ANGRY, {E_FURY, E_HARMED, END}, true},
    {DESK_TRIGGER_ANGRY, {E_SCORN, E_HARMED, END}, true},
    {DESK_TRIGGER_ANGRY, {E_SCORN, E_SARCASM, END}, true},
    {DESK_TRIGGER_ANGRY, {E_DEMAND, E_HARMED, END}, true},
    {DESK_TRIGGER_ANGRY, {E_DEMAND, E_NOSHOW, END}, true},
    {DESK_TRIGGER_ANGRY, {E_THREAT, E_DEMAND, END}, true},
    {DESK_TRIGGER_ANGRY, {E_THREAT, E_HARMED, END}, true},
    {DESK_TRIGGER_ANGRY, {E_SARCASM, E_NOSHOW, END}, true},
    {DESK_TRIGGER_ANGRY, {E_SARCASM, E_HARMED, END}, true},
    {DESK_TRIGGER_ELECTRICAL, {E_HEAVY_ELEC, END}, false},
    {DESK_TRIGGER_ELECTRICAL, {E_CURRENT, E_SUPPLY, E_FAR, END}, false},
    {DESK_TRIGGER_ELECTRICAL, {E_MANY_ELEC, E_FAULT, END}, false},
    {DESK_TRIGGER_ELECTRICAL, {E_FIXTURE, E_ADD, E_NONE_THERE, END}, false},
    {DESK_TRIGGER_PLUMBING, {E_HEAVY_PLUMB, END}, false},
    {DESK_TRIGGER_PLUMBING, {E_MOVE, E_BASIN, END}, false},
    {DESK_TRIGGER_PLUMBING, {E_LEAK, E_HIDDEN, END}, true},
    {DESK_TRIGGER_PLUMBING, {E_PIPE, E_HIDDEN, END}, false},
    {DESK_TRIGGER_PLUMBING, {E_EACH, E_SLOW, END}, false},
    {DESK_TRIGGER_PLUMBING, {E_BASIN, E_ADD, E_NONE_THERE, END}, false},
    {DESK_TRIGGER_PLUMBING, {E_GAS, E_SUPPLY, END}, false},
    {DESK_TRIGGER_PLUMBING, {E_DIG, E_PIPE, E_LEAK, END}, false},
};

struct reading {
    const char *text;
    const struct desk_words *ws;
    uint8_t how[E__MAX];
};

static float sure_of(const struct topic *t, const struct reading *r)
{
    const char *tags[DESK_ESCALATION_TAGS];
    float p[DESK_LINEAR_CLASSES];
    size_t n = desk_escalation_tags(r->how, tags);
    desk_linear_score_words(t->model, r->ws, tags, n, p);
    desk_linear_softmax(t->model, p);
    return p[CLASS_YES];
}

/* "not just paint, the whole kitchen": what follows is not denied */
static void take_back_not_only(struct desk_words *ws)
{
    for (size_t i = 0; i < ws->n; i++)
        for (size_t k = i + 2; desk_words_match(ws, i, "not just|only|merely|solo") && k < ws->n;
             k++)
            ws->w[k].in &= (uint8_t)~DESK_IN_NEG;
}

static void read_words(struct reading *r, const struct desk_words *ws, const char *text)
{
    r->ws = ws;
    r->text = text;
    desk_escalation_facts(r->how, ws, text);
}

/* The words from i on of the same clause, or of the same part of it. */
static void take(struct desk_words *unit, const struct desk_words *ws, size_t i, bool clause)
{
    size_t to = i + 1;
    while (to < ws->n && ws->w[to].clause == ws->w[i].clause &&
           (clause || ws->w[to].part == ws->w[i].part))
        to++;
    *unit = *ws;
    unit->n = to - i;
    memmove(unit->w, unit->w + i, unit->n * sizeof *unit->w);
}

static void tell(struct desk_escalation *out, const struct topic *t, const struct reading *r)
{
    char *why = out->because[t->trigger];
    size_t named = 0, n = DESK_MAX_BECAUSE;
    if (out->triggers & DESK_TRIGGER_BIT(t->trigger))
        return;
    int at = snprintf(why, n, "%s", t->what);
    for (enum escalation_fact i = t->first; i <= t->last && named < MAX_NAMED; i++)
        if (r->how[i] & DESK_FACT_SAID)
            at += snprintf(why + at, n - (size_t)at, "%s%s", named++ ? ", " : ": ",
                           desk_escalation_tables.info[i].spoken);
    out->triggers |= DESK_TRIGGER_BIT(t->trigger);
}

/* What keeps a rule from speaking. */
static const struct {
    enum desk_trigger trigger;
    enum escalation_fact fact;
    bool gives_way; /* to a rule that holds anyway */
} barred[] = {
    {DESK_TRIGGER_REMODEL, E_SMALL, true},
    {DESK_TRIGGER_REMODEL, E_PARTIAL, false},
    {DESK_TRIGGER_REMODEL, E_PRAISE, false},
    {DESK_TRIGGER_REMODEL, E_BEFORE, false},
    {DESK_TRIGGER_REMODEL, E_FUTURE, false},
    {DESK_TRIGGER_REMODEL, E_HEAVY_ELEC, true},
    /* "the wiring of the house redone" */ {DESK_TRIGGER_ANGRY, E_OTHERS, true},
    {DESK_TRIGGER_ANGRY, E_CALM, false},
    {DESK_TRIGGER_ANGRY, E_PRAISE, true},
    {DESK_TRIGGER_ELECTRICAL, E_SMALL, true},
    {DESK_TRIGGER_ELECTRICAL, E_BEFORE, false},
    {DESK_TRIGGER_ELECTRICAL, E_FUTURE, false},
    {DESK_TRIGGER_PLUMBING, E_SMALL, true},
    {DESK_TRIGGER_PLUMBING, E_BEFORE, false},
    {DESK_TRIGGER_PLUMBING, E_FUTURE, false},
    {DESK_TRIGGER__MAX, E__MAX, false},
};

static bool holds(const struct rule *rule, const uint8_t how[E__MAX])
{
    for (size_t i = 0; rule->all[i] != END; i++)
        if (!(how[rule->all[i]] & DESK_FACT_SAID))
            return false;
    for (size_t i = 0; barred[i].trigger < DESK_TRIGGER__MAX; i++)
        if (barred[i].trigger == rule->trigger && how[barred[i].fact] &&
            !(rule->anyway && barred[i].gives_way))
            return false;
    return true;
}

static const struct topic *topic_of(enum desk_trigger trigger)
{
    size_t i = 0;
    while (topics[i].trigger != trigger)
        i++;
    return &topics[i];
}

/* Anger is read in all that was said, work in a part of a sentence. */
static void judge_by_rules(struct desk_escalation *out, const struct reading *r, bool whole)
{
    for (size_t i = 0; i < COUNT(rules); i++)
        if (whole == (rules[i].trigger == DESK_TRIGGER_ANGRY) && holds(&rules[i], r->how))
            tell(out, topic_of(rules[i].trigger), r);
}

static void judge_unit(struct desk_escalation *out, const struct desk_words *unit)
{
    struct reading r;
    read_words(&r, unit, "");
    judge_by_rules(out, &r, false);
}

/* "The door sticks, and, well, the sewer is coming up too": each clause and part by itself. */
static void judge_parts(struct desk_escalation *out, const struct desk_words *ws)
{
    struct desk_words unit;
    for (size_t i = 0; i < ws->n; i++) {
        bool clause = i == 0 || ws->w[i].clause != ws->w[i - 1].clause;
        if (clause) {
            take(&unit, ws, i, true);
            judge_unit(out, &unit);
        }
        if (clause || ws->w[i].part != ws->w[i - 1].part) {
            take(&unit, ws, i, false);
            judge_unit(out, &unit);
        }
    }
}

/* Anger is hardly believed of a text without an angry word: "excellent work again". */
static float needed(const struct topic *t, const uint8_t how[E__MAX])
{
    static const enum escalation_fact angry[] = {E_FURY,   E_SCORN, E_THREAT, E_DEMAND, E_HARMED,
                                                 E_NOSHOW, E_RAGE,  E_INSULT, E_CAPS};
    if (t->trigger != DESK_TRIGGER_ANGRY)
        return t->sure;
    for (size_t i = 0; i < COUNT(angry); i++)
        if (how[angry[i]] & DESK_FACT_SAID)
            return t->sure;
    return SURE_WITHOUT;
}

static void judge_whole(struct desk_escalation *out, const struct reading *r)
{
    judge_by_rules(out, r, true);
    for (size_t i = 0; i < COUNT(topics); i++)
        if (sure_of(&topics[i], r) >= needed(&topics[i], r->how))
            tell(out, &topics[i], r);
}

static void judge_budget(struct desk_escalation *out, int64_t limit)
{
    char *why = out->because[DESK_TRIGGER_BUDGET];
    if (!desk_money_over(&out->budget, limit))
        return;
    out->triggers |= DESK_TRIGGER_BIT(DESK_TRIGGER_BUDGET);
    if (out->budget.no_ceiling && out->budget.most <= limit)
        snprintf(why, DESK_MAX_BECAUSE, "money is no object to the caller");
    else
        snprintf(why, DESK_MAX_BECAUSE, "%s%" PRId64 " was named, over %" PRId64,
                 out->budget.more ? "more than " : "", out->budget.most, limit);
}

static void judge_owner(struct desk_escalation *out, const struct desk_words *ws,
                        const struct desk_escalation_table *t)
{
    const char *asked = desk_owner_asked(ws, t->owner_names, t->n_owner_names);
    if (!asked)
        return;
    out->triggers |= DESK_TRIGGER_BIT(DESK_TRIGGER_OWNER);
    snprintf(out->because[DESK_TRIGGER_OWNER], DESK_MAX_BECAUSE, "the caller asks for \"%s\"",
             asked);
}

void desk_escalation_judge(const struct desk_escalation_table *table, const char *text,
                           struct desk_escalation *out)
{
    struct desk_words ws;
    struct reading r;
    table = table ? table : &desk_escalation_default;
    text = text ? text : "";
    *out = (struct desk_escalation){0};
    desk_words_read(&ws, text);
    take_back_not_only(&ws);
    read_words(&r, &ws, text);
    desk_money_budget(text, &out->budget);
    judge_budget(out, table->budget_limit);
    judge_owner(out, &ws, table);
    judge_parts(out, &ws);
    judge_whole(out, &r);
    for (size_t i = 0; i < DESK_TRIGGER__MAX; i++)
        if (!(table->on & DESK_TRIGGER_BIT(i)))
            out->because[i][0] = '\0';
    out->triggers &= table->on;
}

const char *desk_trigger_name(enum desk_trigger t)
{
    return t < DESK_TRIGGER__MAX ? names[t] : "";
}

enum desk_trigger desk_trigger_of(const char *name)
{
    enum desk_trigger t = 0;
    while (t < DESK_TRIGGER__MAX && strcmp(name, names[t]) != 0)
        t++;
    return t;
}
