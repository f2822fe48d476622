/* Phrases are found by their first word. Then each rule is tried in each clause; how surely it
 * holds is how surely the least sure of its concepts is said, and what the rest of the text makes
 * of it: "is it bad if it smokes, because it does" is live, "there was smoke but it is out" is
 * over. */
#include "core/emergency_read.h"
#include "core/phrases.h"

#include "core/emergency_concepts.inc"
#include "core/emergency_rules.inc"

#include <pthread.h>
#include <string.h>

#define COUNT(a)    (sizeof(a) / sizeof *(a))
#define MAX_PHRASES 8000
#define CLAUSES     DESK_EMERGENCY_CLAUSES

static const char *const concept_names[] = {"",
#define X(name) #name,
                                            EMERGENCY_CONCEPTS(X)
#undef X
};
static const char *const how_names[DESK_HOW__MAX] = {"live", "was", "asked", "hypo",
                                                     "over", "neg", ""};
static const char *const severity_names[] = {"none", "P3", "P2", "P1"};

/* ---- concepts -------------------------------------------------------------------------------- */

static struct desk_phrase table_rows[MAX_PHRASES];
static struct desk_phrases table = {.row = table_rows, .max = MAX_PHRASES};
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static void make_table(void)
{
    for (size_t g = 0; g < COUNT(groups); g++)
        for (const char *const *p = groups[g].phrases; *p; p++)
            desk_phrases_add(&table, *p, (uint16_t)groups[g].concept);
}

static uint8_t how_of(unsigned in)
{
    static const struct {
        uint8_t in, how;
    } rows[] = {{DESK_IN_NEG, DESK_HOW_NEG},
                {DESK_IN_PAST | DESK_IN_RESOLVED, DESK_HOW_OVER},
                {DESK_IN_HYPO, DESK_HOW_HYPO},
                {DESK_IN_ASK, DESK_HOW_ASKED},
                {DESK_IN_WAS, DESK_HOW_WAS}};
    for (size_t i = 0; i < COUNT(rows); i++)
        if (in & rows[i].in)
            return rows[i].how;
    return DESK_HOW_LIVE;
}

/* One place of the text: the longest phrase of each concept that stands there. */
struct place {
    uint8_t longest[C__MAX];
    uint8_t found[C__MAX]; /* concepts, n of them */
    size_t n;
};

static void look(struct place *p, const struct desk_words *ws, size_t i, int chain)
{
    for (uint16_t k = desk_phrases_chain(&table, ws, i, chain); k; k = table_rows[k].next) {
        size_t n = desk_phrases_match(&table, k, ws, i);
        uint8_t c = (uint8_t)table_rows[k].value;
        if (n && !p->longest[c])
            p->found[p->n++] = c;
        if (n > p->longest[c])
            p->longest[c] = (uint8_t)n;
    }
}

static bool swallows(uint8_t concept)
{
    return memchr(swallowing, concept, sizeof swallowing) != NULL;
}

static void add_hit(struct desk_emergency_read *r, size_t at, uint8_t n, uint8_t concept)
{
    const struct desk_word *w = &r->words.w[at];
    if (r->n_hits >= COUNT(r->hit))
        return;
    r->hit[r->n_hits++] = (struct desk_emergency_hit){
        .at = (uint16_t)at,
        .n = n,
        .concept = concept,
        .how = how_of(w->in),
        .clause = (uint8_t)(w->clause < CLAUSES ? w->clause : CLAUSES - 1)};
}

static void find_concepts(struct desk_emergency_read *r)
{
    struct place p = {.n = 0};
    size_t taken = 0; /* words before this one belong to a phrase that swallows */
    for (size_t i = 0; i < r->words.n; i++) {
        if (i < taken)
            continue;
        look(&p, &r->words, i, 0);
        look(&p, &r->words, i, 1);
        uint8_t takes = 1;
        for (size_t k = 0; k < p.n; k++)
            if (swallows(p.found[k]) && p.longest[p.found[k]] > takes)
                takes = p.longest[p.found[k]];
        for (size_t k = 0; k < p.n; k++) {
            if (takes == 1 || p.longest[p.found[k]] >= takes)
                add_hit(r, i, p.longest[p.found[k]], p.found[k]);
            p.longest[p.found[k]] = 0;
        }
        p.n = 0;
        taken = i + takes;
    }
}

/* ---- rules ----------------------------------------------------------------------------------- */

/* what is said in each clause, and in all of the text */
struct state {
    uint8_t how[CLAUSES][C__MAX];
    uint16_t at[CLAUSES][C__MAX]; /* of the surest hit */
    uint8_t any[C__MAX];          /* the surest in the text */
    uint8_t last[C__MAX];         /* last clause with it */
    size_t n;                     /* clauses */
};

static void fill(struct state *s, const struct desk_emergency_read *r)
{
    s->n = 0;
    memset(s->any, DESK_HOW_NOT, sizeof s->any);
    memset(s->last, 0, sizeof s->last);
    for (size_t i = 0; i < r->n_hits; i++) {
        const struct desk_emergency_hit *h = &r->hit[i];
        for (; s->n <= h->clause; s->n++)
            memset(s->how[s->n], DESK_HOW_NOT, sizeof s->how[s->n]);
        if (h->how < s->how[h->clause][h->concept]) {
            s->how[h->clause][h->concept] = h->how;
            s->at[h->clause][h->concept] = h->at;
        }
        if (h->how < s->any[h->concept])
            s->any[h->concept] = h->how;
        s->last[h->concept] = h->clause;
    }
}

/* how surely a rule holds in clause c, by its own concepts */
static uint8_t holds(const struct rule *rule, const struct state *s, size_t c)
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
static bool said_later(const struct state *s, size_t c, uint8_t concept, uint8_t surely)
{
    return s->any[concept] <= surely && s->last[concept] >= c;
}

/* what the rest of the text makes of what is said in clause c at word at */
static uint8_t in_context(const struct state *s, size_t c, uint16_t at, uint8_t how)
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
static uint8_t try_rule(const struct rule *rule, const struct state *s, size_t *clause)
{
    uint8_t best = DESK_HOW_NOT;
    for (size_t c = 0; c < s->n; c++) {
        uint8_t how = holds(rule, s, c);
        if (how < DESK_HOW_NEG)
            how = in_context(s, c, s->at[c][rule->same[0]], how);
        if (how < DESK_HOW_NOT && how <= best) {
            best = how;
            *clause = c;
        }
    }
    return best;
}

/* contained, and nothing says that it goes on */
static bool is_contained(const struct state *s)
{
    return s->any[C_CONTAINED] <= DESK_HOW_ASKED && s->any[C_UNSTOP] > DESK_HOW_WAS;
}

static void note(struct desk_emergency_verdict *v, const struct rule *rule, const struct state *s,
                 size_t clause, uint8_t how)
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

static void find_rules(struct desk_emergency_read *r, const struct state *s, const char *kind)
{
    unsigned place = place_of(kind);
    bool contained = is_contained(s);
    for (size_t i = 0; i < COUNT(r->verdict); i++)
        r->verdict[i] = (struct desk_emergency_verdict){.how = DESK_HOW_NOT};
    for (size_t k = 0; k < COUNT(rules); k++) {
        const struct rule *rule = &rules[k];
        size_t clause = 0;
        if (rule->where && !(rule->where & place))
            continue;
        uint8_t how = try_rule(rule, s, &clause);
        if (how != DESK_HOW_NOT)
            note(&r->verdict[rule->severity - (contained && (rule->flags & SOFT))], rule, s, clause,
                 how);
    }
}

/* ---- tags ------------------------------------------------------------------------------------ */

static char *append(char *to, const char *end, const char *s)
{
    while (*s && to < end)
        *to++ = *s++;
    return to;
}

static void add_tag(struct desk_emergency_read *r, const char *a, const char *b, const char *c,
                    const char *d)
{
    char *start = r->text + r->used, *to = start;
    const char *end = r->text + sizeof r->text - 1;
    if (r->n_tags >= COUNT(r->tag))
        return;
    to = append(append(append(append(to, end, a), end, b), end, c), end, d);
    *to++ = '\0';
    if (to > end)
        return;
    r->used += (size_t)(to - start);
    r->tag[r->n_tags++] = start;
}

/* each concept with the ways in which it is said; live ones with the kind of business, too */
static void tag_concepts(struct desk_emergency_read *r, const char *kind)
{
    uint8_t seen[C__MAX] = {0};
    for (size_t i = 0; i < r->n_hits; i++) {
        const struct desk_emergency_hit *h = &r->hit[i];
        const char *name = concept_names[h->concept];
        if (seen[h->concept] & 1u << h->how)
            continue;
        add_tag(r, name, ":", how_names[h->how], "");
        if (h->how <= DESK_HOW_WAS && !(seen[h->concept] & 3))
            add_tag(r, kind, ":", name, "");
        seen[h->concept] |= (uint8_t)(1u << h->how);
    }
}

/* two live concepts in one clause */
static void tag_pairs(struct desk_emergency_read *r)
{
    uint8_t seen[C__MAX][(C__MAX + 7) / 8];
    memset(seen, 0, sizeof seen);
    for (size_t i = 0; i < r->n_hits; i++)
        for (size_t j = 0; j < r->n_hits; j++) {
            const struct desk_emergency_hit *a = &r->hit[i], *b = &r->hit[j];
            if (a->concept >= b->concept || a->clause != b->clause || a->how > DESK_HOW_WAS ||
                b->how > DESK_HOW_WAS || (seen[a->concept][b->concept / 8] & 1u << b->concept % 8))
                continue;
            seen[a->concept][b->concept / 8] |= (uint8_t)(1u << b->concept % 8);
            add_tag(r, concept_names[a->concept], "&", concept_names[b->concept], "");
        }
}

/* the verdict of the rules, and with it whatever else it may be about */
static void tag_verdicts(struct desk_emergency_read *r, const struct state *s)
{
    static const char *const tops[] = {"top none", "top P3", "top P2", "top P1"};
    size_t top = 0;
    for (size_t i = 1; i < COUNT(r->verdict); i++) {
        const struct desk_emergency_verdict *v = &r->verdict[i];
        if (!v->rule)
            continue;
        add_tag(r, severity_names[i], ":", how_names[v->how], "");
        top = v->how <= DESK_HOW_WAS ? i : top;
        for (size_t f = 0; f < COUNT(frames); f++) {
            if (s->any[frames[f]] >= DESK_HOW_NEG)
                continue;
            char said[16], *end = said + sizeof said - 1;
            *append(append(append(said, end, severity_names[i]), end, ":"), end,
                    how_names[v->how]) = '\0';
            add_tag(r, said, "&", concept_names[frames[f]],
                    s->last[frames[f]] > v->clause ? ">" : "");
        }
    }
    add_tag(r, tops[top], "", "", "");
}

void desk_emergency_read(struct desk_emergency_read *r, const char *kind, const char *text)
{
    struct state s;
    pthread_once(&table_once, make_table);
    r->n_hits = r->n_tags = r->used = 0;
    desk_words_read(&r->words, text);
    find_concepts(r);
    fill(&s, r);
    find_rules(r, &s, kind);
    add_tag(r, kind, "", "", "");
    tag_concepts(r, kind);
    tag_verdicts(r, &s);
    tag_pairs(r);
}
