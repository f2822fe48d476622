/* What a profile answers: who is rung now, which script, which words. See business.h. */
#include "core/business.h"

#include <string.h>
#include <strings.h>

#define ROUNDS 4    /* groups in rows in groups: a profile may run in circles */
#define STEPS  2000 /* names looked up for one answer */

/* ---- people ---------------------------------------------------------------------------------- */

static bool among(const struct desk_strings *list, const char *s)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcasecmp(list->v[i], s) == 0)
            return true;
    return false;
}

/* "Raj" is Raj Patel, unless somebody is called just so. */
static bool first_name_is(const char *name, const char *given)
{
    size_t n = strlen(given);
    return n > 0 && strncasecmp(name, given, n) == 0 && name[n] == ' ';
}

const struct desk_person *desk_business_person(const struct desk_business *b, const char *name)
{
    if (!name || !*name)
        return NULL;
    for (size_t i = 0; i < b->n_people; i++)
        if (strcasecmp(b->people[i].name, name) == 0 || among(&b->people[i].also, name))
            return &b->people[i];
    for (size_t i = 0; i < b->n_people; i++)
        if (first_name_is(b->people[i].name, name))
            return &b->people[i];
    return NULL;
}

const struct desk_ring_group *desk_business_group(const struct desk_business *b, const char *name)
{
    for (size_t i = 0; name && i < b->n_groups; i++)
        if (strcasecmp(b->groups[i].name, name) == 0)
            return &b->groups[i];
    return NULL;
}

static bool names_owner(const char *s)
{
    return strcasecmp(s, "owner") == 0;
}

bool desk_business_away(const struct desk_business *b, const struct desk_person *p, int32_t date,
                        const char **label)
{
    for (size_t i = 0; i < b->n_away; i++) {
        const struct desk_away *w = &b->away[i];
        bool meant = (p->owner && names_owner(w->who)) || desk_business_person(b, w->who) == p;
        if (!meant || date < w->first || date > w->last)
            continue;
        if (label)
            *label = w->label;
        return true;
    }
    if (label)
        *label = "";
    return false;
}

/* ---- whom to ring ---------------------------------------------------------------------------- */

struct search {
    const struct desk_business *b;
    struct desk_ring *out;
    struct desk_local_time now;
    int32_t date;
    bool even_away;
    int rounds, steps;
};

static void search_begin(struct search *s, const struct desk_business *b, int64_t utc_ms,
                         struct desk_ring *out)
{
    *s = (struct search){.b = b, .out = out};
    *out = (struct desk_ring){.seconds = b->transfer.seconds, .why = ""};
    desk_tz_local(b->zone, utc_ms, &s->now);
    s->date = (int32_t)desk_days_from_civil(s->now.year, s->now.month, s->now.day);
}

static void add_person(struct search *s, const struct desk_person *p)
{
    size_t i = 0;
    if (!p || !p->phone || s->out->n == DESK_RING_PEOPLE ||
        (!s->even_away && desk_business_away(s->b, p, s->date, NULL)))
        return;
    while (i < s->out->n && strcmp(s->out->who[i]->phone, p->phone) != 0)
        i++;
    if (i == s->out->n)
        s->out->who[s->out->n++] = p;
}

/* Did a shift of that row begin on that date, and is minute (over a day: the morning after) in it?
 */
static bool in_shift(const struct desk_on_call *row, int32_t date, int weekday, int minute)
{
    int to = row->to > row->from ? row->to : row->to + 24 * 60;
    return date >= row->first && date <= row->last && (row->days & 1u << weekday) &&
           minute >= row->from && minute < to;
}

static bool on_duty(const struct search *s, const struct desk_on_call *row)
{
    int minute = s->now.hour * 60 + s->now.minute;
    return in_shift(row, s->date, s->now.weekday, minute) ||
           in_shift(row, s->date - 1, (s->now.weekday + 6) % 7, minute + 24 * 60);
}

static void add_target(struct search *s, const char *target);

static void add_all(struct search *s, const struct desk_strings *list)
{
    for (size_t i = 0; i < list->n; i++)
        add_target(s, list->v[i]);
}

static void add_on_call(struct search *s)
{
    size_t before = s->out->n;
    for (size_t i = 0; s->out->n == before && i < s->b->n_on_call; i++)
        if (on_duty(s, &s->b->on_call[i]))
            add_all(s, &s->b->on_call[i].who);
    if (s->out->n == before)
        add_person(s, s->b->owner);
}

static void add_target(struct search *s, const char *target)
{
    const struct desk_ring_group *group = desk_business_group(s->b, target);
    if (s->rounds == ROUNDS || s->steps++ >= STEPS)
        return;
    s->rounds++;
    if (names_owner(target))
        add_person(s, s->b->owner);
    else if (strcasecmp(target, "on_call") == 0)
        add_on_call(s);
    else if (group)
        add_all(s, &group->who);
    else
        add_person(s, desk_business_person(s->b, target));
    s->rounds--;
}

bool desk_business_ring(const struct desk_business *b, const char *target, int64_t utc_ms,
                        struct desk_ring *out)
{
    struct search s;
    search_begin(&s, b, utc_ms, out);
    if (!target || !*target)
        return false;
    const struct desk_ring_group *group = desk_business_group(b, target);
    add_target(&s, target);
    out->why = names_owner(target)                  ? "the owner"
               : strcasecmp(target, "on_call") == 0 ? "on call"
               : group                              ? "ring group"
                                                    : "named";
    out->together = group && group->together;
    if (group && group->seconds)
        out->seconds = group->seconds;
    return out->n > 0;
}

bool desk_business_tell(const struct desk_business *b, const struct desk_strings *who,
                        int64_t utc_ms, struct desk_ring *out)
{
    struct search s;
    search_begin(&s, b, utc_ms, out);
    out->together = true;
    out->why = "told";
    add_all(&s, who);
    if (who->n && !out->n) {
        s.even_away = true;
        add_person(&s, b->owner);
    }
    return out->n > 0;
}

/* ---- the rest -------------------------------------------------------------------------------- */

enum desk_answer_mode desk_business_mode(const struct desk_business *b, bool open)
{
    return !open && b->answer.closed != DESK_ANSWER_UNSAID ? b->answer.closed : b->answer.mode;
}

/* "Hello {name}." with the name in it; NULL when the text has no place for one. */
static const char *with_name(struct desk_arena *a, const char *text, const char *name)
{
    static const char place[] = "{name}";
    const char *at = name && *name ? strstr(text, place) : NULL;
    return at ? desk_arena_fmt(a, "%.*s%s%s", (int)(at - text), text, name, at + sizeof place - 1)
              : NULL;
}

const char *desk_business_greeting(const struct desk_business *b, struct desk_arena *a, bool open,
                                   const char *caller_name)
{
    const char *known = open ? with_name(a, b->greeting.known, caller_name) : NULL;
    const char *closed = open ? "" : b->greeting.closed, *words = known;
    if (!words)
        words = *closed ? closed : b->greeting.open;
    if (!*words)
        words =
            desk_arena_fmt(a, "Thanks for calling %s. This is the automated front desk.", b->name);
    if (!words || strchr(words, '?')) /* the owner's greeting asks already */
        return words ? desk_arena_strdup(a, words) : NULL;
    return desk_arena_fmt(a, "%s%s How can I help you?", words,
                          open || *closed ? "" : " We are closed now.");
}

const char *desk_business_script(const struct desk_business *b, const char *when)
{
    for (size_t i = 0; when && i < b->n_scripts; i++)
        if (strcmp(b->scripts[i].when, when) == 0)
            return b->scripts[i].script;
    return NULL;
}

const struct desk_service *desk_business_service(const struct desk_business *b, const char *name)
{
    for (size_t i = 0; name && i < b->n_services; i++) {
        const struct desk_service *s = &b->services[i];
        if (strcasecmp(s->id, name) == 0 || strcasecmp(s->name, name) == 0 || among(&s->also, name))
            return s;
    }
    return NULL;
}

const char *desk_business_sms(const struct desk_business *b, const char *name)
{
    for (size_t i = 0; name && i < b->n_sms; i++)
        if (strcmp(b->sms[i].name, name) == 0)
            return b->sms[i].text;
    return NULL;
}

bool desk_business_tool(const struct desk_business *b, const char *tool)
{
    return b->all_tools || (tool && among(&b->tools, tool));
}

bool desk_business_pin_ok(const struct desk_business *b, const char *given)
{
    char typed[16] = "", want[16] = "";
    size_t n = 0;
    unsigned differs = 0;
    for (; given && *given; given++) {
        if (*given == ' ' || *given == '#')
            continue;
        if (n == sizeof typed - 1)
            return false;
        typed[n++] = *given;
    }
    size_t pin = strlen(b->pin);
    if (pin < 4 || pin >= sizeof want)
        return false;
    memcpy(want, b->pin, pin);
    for (size_t i = 0; i < sizeof want; i++) /* no early end: time tells nothing of the digits */
        differs |= (unsigned)typed[i] ^ (unsigned)want[i];
    return differs == 0;
}
