/* The concepts of a text: phrases, found by their first word. */
#include "core/emergency_read.h"
#include "core/phrases.h"

#include "core/emergency_phrases.inc"

#include <pthread.h>
#include <string.h>

#define COUNT(a)    (sizeof(a) / sizeof *(a))
#define MAX_PHRASES 8000

/* The longest phrases of these swallow what stands inside them: a smoke detector is no smoke. */
static const uint8_t swallowing[] = {
    C_IDIOM,      C_HARMLESS, C_ALARM,     C_POLICE, C_TV,        C_HEATER, C_NOHOT,
    C_NOWATER,    C_NOHEAT,   C_POWEROUT,  C_SCAM,   C_VENDOR,    C_CAUSE,  C_NORUSH,
    C_FALSEALARM, C_CO,       C_LOCKEDOUT, C_NOPAIN, C_CONTAINED, C_JOKE,
};

static struct desk_phrase table_rows[MAX_PHRASES];
static struct desk_phrases table = {.row = table_rows, .max = MAX_PHRASES};
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static void make_table(void)
{
    for (size_t g = 0; g < COUNT(groups); g++)
        for (const char *const *p = groups[g].phrases; *p; p++)
            desk_phrases_add(&table, *p, (uint16_t)groups[g].concept);
}

uint8_t desk_emergency_how(unsigned scope)
{
    static const struct {
        uint8_t in, how;
    } rows[] = {{DESK_IN_NEG, DESK_HOW_NEG},
                {DESK_IN_PAST | DESK_IN_RESOLVED, DESK_HOW_OVER},
                {DESK_IN_HYPO, DESK_HOW_HYPO},
                {DESK_IN_ASK, DESK_HOW_ASKED},
                {DESK_IN_WAS, DESK_HOW_WAS}};
    for (size_t i = 0; i < COUNT(rows); i++)
        if (scope & rows[i].in)
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
        .how = desk_emergency_how(w->in),
        .clause =
            (uint8_t)(w->clause < DESK_EMERGENCY_CLAUSES ? w->clause : DESK_EMERGENCY_CLAUSES - 1)};
}

/* the surest mention by clause and in all */
static void fill(struct desk_emergency_state *s, const struct desk_emergency_read *r)
{
    s->clauses = 0;
    memset(s->any, DESK_HOW_NOT, sizeof s->any);
    memset(s->last, 0, sizeof s->last);
    for (size_t i = 0; i < r->n_hits; i++) {
        const struct desk_emergency_hit *h = &r->hit[i];
        for (; s->clauses <= h->clause; s->clauses++)
            memset(s->how[s->clauses], DESK_HOW_NOT, sizeof s->how[s->clauses]);
        if (h->how < s->how[h->clause][h->concept]) {
            s->how[h->clause][h->concept] = h->how;
            s->at[h->clause][h->concept] = h->at;
        }
        if (h->how < s->any[h->concept])
            s->any[h->concept] = h->how;
        s->last[h->concept] = h->clause;
    }
}

void desk_emergency_find(struct desk_emergency_read *r)
{
    pthread_once(&table_once, make_table);
    r->n_hits = 0;
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
    fill(&r->state, r);
}
