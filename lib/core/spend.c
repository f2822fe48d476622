#include "core/spend.h"
#include "core/price.h"

#include <string.h>

#define LOOP_SURE 3 /* so many times the limit, and nothing urgent: no person does that */

enum desk_spend_then desk_spend_then_parse(const char *word)
{
    static const struct {
        const char *word;
        enum desk_spend_then then;
    } rows[] = {{"ring", DESK_SPEND_RING}, {"short", DESK_SPEND_SHORT}};
    for (size_t i = 0; word && i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].word, word) == 0)
            return rows[i].then;
    return DESK_SPEND_VOICEMAIL;
}

struct asked {
    struct desk_arena *a;
    const struct desk_spend_limits *l;
    const struct desk_spend_facts *f;
};

static bool loops_for_sure(const struct asked *q)
{
    return q->l->loop_calls && !q->f->urgent_lately &&
           q->f->calls_lately > LOOP_SURE * q->l->loop_calls;
}
static bool loops(const struct asked *q)
{
    return q->l->loop_calls && q->f->calls_lately > q->l->loop_calls;
}
static bool over_month(const struct asked *q)
{
    return q->l->month && q->f->month >= q->l->month;
}
static bool over_hour(const struct asked *q)
{
    return q->l->hour && q->f->hour >= q->l->hour;
}
static bool over_caller(const struct asked *q)
{
    return q->l->caller_day && q->f->caller_day >= q->l->caller_day;
}

static const char *how_often(const struct asked *q)
{
    return desk_arena_fmt(q->a, "This number has called %lld times in %lld minutes.",
                          (long long)q->f->calls_lately, (long long)q->l->loop_minutes);
}

static const char *money(const struct asked *q, const char *what, int64_t spent, int64_t limit)
{
    char have[32], most[32];
    return desk_arena_fmt(q->a, "%s: %s of %s.", what, desk_cost_say(have, spent),
                          desk_cost_say(most, limit));
}
static const char *of_month(const struct asked *q)
{
    return money(q, "The month's budget is spent", q->f->month, q->l->month);
}
static const char *of_hour(const struct asked *q)
{
    return money(q, "The limit of one hour is reached", q->f->hour, q->l->hour);
}
static const char *of_caller(const struct asked *q)
{
    return money(q, "The limit of one caller for a day is reached", q->f->caller_day,
                 q->l->caller_day);
}

/* then GO: what the business chose. */
static const struct {
    const char *rule;
    bool (*fits)(const struct asked *);
    const char *(*because)(const struct asked *);
    enum desk_spend_then then;
} rows[] = {
    {"loop", loops_for_sure, how_often, DESK_SPEND_REJECT},
    {"loop", loops, how_often, DESK_SPEND_VOICEMAIL},
    {"spend_month", over_month, of_month, DESK_SPEND_GO},
    {"spend_hour", over_hour, of_hour, DESK_SPEND_GO},
    {"spend_caller", over_caller, of_caller, DESK_SPEND_GO},
};

static const char *then_words(enum desk_spend_then then)
{
    static const char *const words[] = {
        [DESK_SPEND_VOICEMAIL] = "The caller is asked for a message.",
        [DESK_SPEND_RING] = "The owner's phone rings.",
        [DESK_SPEND_SHORT] = "The caller is helped question by question.",
        [DESK_SPEND_REJECT] = "The call is not answered.",
        [DESK_SPEND_GO] = ""};
    return words[then];
}

void desk_spend_decide(struct desk_arena *a, const struct desk_spend_limits *l,
                       const struct desk_spend_facts *f, struct desk_spend_verdict *out)
{
    const struct asked q = {a, l, f};
    *out = (struct desk_spend_verdict){.then = DESK_SPEND_GO};
    if (l->call && f->minute) {
        int64_t s = l->call * 60 / f->minute;
        out->most_s = s < DESK_SPEND_LEAST_S ? DESK_SPEND_LEAST_S : s;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!rows[i].fits(&q))
            continue;
        const char *why = rows[i].because(&q);
        out->then = rows[i].then == DESK_SPEND_GO ? l->then : rows[i].then;
        out->rule = rows[i].rule;
        out->because = desk_arena_fmt(a, "%s %s", why ? why : "", then_words(out->then));
        return;
    }
}
