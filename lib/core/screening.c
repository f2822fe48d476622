/* Facts are found (screening_facts.c), a classifier weighs them with the words, and a few rules
 * stand above it: what swindlers ask for is never put through, what may be urgent is not sent away
 * unheard. The classifier proved better than rules alone at telling "can wait" from "cannot"; the
 * rules hold what must hold for every text. */
#include "core/screening.h"
#include "core/linear.h"
#include "core/screening_facts.h"

#include <stdio.h>
#include <string.h>

#include "core/screening_model.inc"

#define COUNT(a) (sizeof(a) / sizeof *(a))

#define MAYBE_URGENT 0.35f /* an end with so much of a transfer in it is asked instead */
#define SURE_TAIL    0.80f /* "… oh god, your fence is on fire": the end of a text decides alone */
#define MAX_NAMED    3     /* facts in a reason */

/* the classes of the model, in its order */
enum class { C_ASK, C_END, C_TRANSFER, C__MAX };

static const char *const names[] = {
    [DESK_SCREENING_ASK] = "ask_once",
    [DESK_SCREENING_END] = "end_with_text_suggestion",
    [DESK_SCREENING_TRANSFER] = "transfer",
};

/* Facts of which none, or a pair, is ever put through. */
static const struct {
    enum fact one, two;
} swindles[] = {
    {F_PAY, F_PAY},        {F_SECRET, F_SECRET}, {F_PROBE, F_PROBE},      {F_KEYPRESS, F_KEYPRESS},
    {F_THREAT, F_FINANCE}, {F_THREAT, F_MONEY},  {F_THREAT, F_BRAND},     {F_PRIZE, F_MONEY},
    {F_RECORDED, F_BRAND}, {F_RECORDED, F_SALE}, {F_RECORDED, F_FINANCE}, {F_BRAND, F_MONEY},
};

/* which facts speak for a decision, when a reason is told */
static const struct {
    enum fact first, last;
} speaks_for[] = {
    [DESK_SCREENING_ASK] = {F_ASKFOR, F_FROM},
    [DESK_SCREENING_END] = {F_SALE, F_BYE},
    [DESK_SCREENING_TRANSFER] = {F_KIN, F_COME},
};

struct reading {
    struct desk_screen_facts facts;
    float p[C__MAX];
    enum class best;
};

static void read_words(struct reading *r, const struct desk_words *ws)
{
    const char *tags[DESK_SCREEN_TAGS];
    desk_screen_facts_find(&r->facts, ws);
    size_t n = desk_screen_tags(&r->facts, ws, tags);
    desk_linear_score_words(&screening_model, ws, tags, n, r->p);
    desk_linear_softmax(&screening_model, r->p);
    r->best = (enum class)desk_linear_best(&screening_model, r->p);
}

static bool any_between(const struct desk_screen_facts *f, enum fact first, enum fact last)
{
    for (enum fact i = first; i <= last; i++)
        if (f->how[i] & DESK_FACT_SAID)
            return true;
    return false;
}

static bool is_swindle(const struct desk_screen_facts *f)
{
    for (size_t i = 0; i < COUNT(swindles); i++)
        if ((f->how[swindles[i].one] & f->how[swindles[i].two] & DESK_FACT_SAID))
            return true;
    return false;
}

/* The words from the last "but", "oh", "actually" … on; false if there is none, or few of them. */
static bool take_tail(struct desk_words *tail, const struct desk_words *ws)
{
    static const char turn[] =
        "but|actually|oh|wait|anyway|kidding|pero|bueno|although|except|only|well";
    size_t from = 0;
    for (size_t i = 1; i + 4 < ws->n; i++)
        if (desk_words_match(ws, i, turn))
            from = i + 1;
    if (from == 0)
        return false;
    *tail = *ws;
    tail->n = ws->n - from;
    memmove(tail->w, tail->w + from, tail->n * sizeof *tail->w);
    return true;
}

static void tell(struct desk_screening *out, enum desk_screening_decision decision,
                 const char *rule, const struct reading *r, const char *why)
{
    size_t named = 0, at = 0;
    out->decision = decision;
    out->rule = rule;
    snprintf(out->because, sizeof out->because, "%s", why);
    for (enum fact i = speaks_for[decision].first; i <= speaks_for[decision].last; i++) {
        if (!(r->facts.how[i] & DESK_FACT_SAID) || named == MAX_NAMED)
            continue;
        at = strlen(out->because);
        snprintf(out->because + at, sizeof out->because - at, "%s%s", named++ ? ", " : ": ",
                 desk_screen_tables.info[i].spoken);
    }
}

static void by_reading(struct desk_screening *out, const struct reading *r)
{
    static const char *const why[] = {[C_ASK] = "too little was said to decide",
                                      [C_END] = "this can wait or is not wanted",
                                      [C_TRANSFER] = "this cannot wait"};
    static const enum desk_screening_decision decisions[] = {
        [C_ASK] = DESK_SCREENING_ASK,
        [C_END] = DESK_SCREENING_END,
        [C_TRANSFER] = DESK_SCREENING_TRANSFER,
    };
    out->sure = (int)(100 * r->p[r->best]);
    tell(out, decisions[r->best], "reading", r, why[r->best]);
}

void desk_screening_judge(const char *text, struct desk_screening *out)
{
    struct desk_words ws, tail;
    struct reading all, end;
    desk_words_read(&ws, text);
    read_words(&all, &ws);
    out->sure = 100;
    if (ws.n == 0) {
        tell(out, DESK_SCREENING_ASK, "silence", &all, "nothing was said");
        return;
    }
    bool swindle = is_swindle(&all.facts);
    bool unwanted = any_between(&all.facts, F_SALE, F_PROBE);
    if (all.best == C_TRANSFER && swindle) {
        tell(out, DESK_SCREENING_END, "swindle", &all, "whoever asks for this is not put through");
    } else if (all.best == C_END && !swindle && take_tail(&tail, &ws)) {
        read_words(&end, &tail);
        if (end.p[C_TRANSFER] >= SURE_TAIL)
            tell(out, DESK_SCREENING_TRANSFER, "turn", &end, "what was said last cannot wait");
        else
            by_reading(out, &all);
    } else if (all.best == C_END && !unwanted && all.p[C_TRANSFER] >= MAYBE_URGENT) {
        tell(out, DESK_SCREENING_ASK, "maybe_urgent", &all, "it may be urgent, it may not");
    } else {
        by_reading(out, &all);
    }
}

const char *desk_screening_name(enum desk_screening_decision decision)
{
    return names[decision];
}
