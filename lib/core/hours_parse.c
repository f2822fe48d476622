/* Opening hours: JSON → struct desk_hours. Goes on past what is wrong and reports the first. */
#include "core/hours.h"
#include "base/utf8.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DAY_MINUTES (24 * 60)

static const char *const days[7] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

struct reading {
    struct desk_hours *h;
    char *error;
    size_t n;
    bool failed;
};

__attribute__((format(printf, 2, 3))) static void wrong(struct reading *r, const char *fmt, ...)
{
    va_list ap;
    if (!r->failed && r->error) {
        va_start(ap, fmt);
        vsnprintf(r->error, r->n, fmt, ap);
        va_end(ap);
    }
    r->failed = true;
}

static bool all_digits(const char *s, const char *form)
{
    if (!s || strlen(s) != strlen(form))
        return false;
    for (; *form; s++, form++)
        if (*form == '9' ? *s < '0' || *s > '9' : *s != *form)
            return false;
    return true;
}

/* The digits at s; all_digits() has seen them. */
static int value(const char *s)
{
    int v = 0;
    for (; *s >= '0' && *s <= '9'; s++)
        v = v * 10 + (*s - '0');
    return v;
}

/* "08:30" → minutes since midnight, "24:00" allowed; -1 when it is none. */
static int minutes(const char *s)
{
    if (!all_digits(s, "99:99"))
        return -1;
    int h = value(s), m = value(s + 3);
    return h * 60 + m <= DAY_MINUTES && m < 60 ? h * 60 + m : -1;
}

/* "2026-12-25" → days since 1970; false when there is no such date. */
static bool date(const char *s, int32_t *out)
{
    int y, m, d;
    if (!all_digits(s, "9999-99-99"))
        return false;
    int64_t days_since = desk_days_from_civil(value(s), value(s + 5), value(s + 8));
    desk_civil_from_days(days_since, &y, &m, &d);
    *out = (int32_t)days_since;
    return y == value(s) && m == value(s + 5) && d == value(s + 8);
}

static const char *shown(const json_t *v)
{
    const char *s = json_string_value(v);
    return s ? s : json_is_null(v) || !v ? "nothing" : "no text";
}

static bool time_of(struct reading *r, const char *field, size_t i, const json_t *v, int *out)
{
    *out = minutes(json_string_value(v));
    if (*out < 0)
        wrong(r, "%s[%zu]: \"%.20s\" is not a time like \"08:30\"", field, i, shown(v));
    return *out >= 0;
}

/* In order of their begin; a span that begins before the last one ended is not taken. */
static void add_span(struct reading *r, const char *field, struct desk_spans *s, int from, int to)
{
    size_t at = s->n;
    if (s->n == DESK_MAX_HOURS_SPANS) {
        wrong(r, "%s: more than %d spans", field, DESK_MAX_HOURS_SPANS);
        return;
    }
    while (at > 0 && s->span[at - 1].from > from)
        at--;
    if ((at > 0 && s->span[at - 1].to > from) || (at < s->n && s->span[at].from < to)) {
        wrong(r, "%s: two spans overlap", field);
        return;
    }
    memmove(s->span + at + 1, s->span + at, (s->n - at) * sizeof *s->span);
    s->span[at] = (struct desk_span){(int16_t)from, (int16_t)to};
    s->n++;
}

/* [["08:00","12:00"], …]; one that ends at or before its begin runs past midnight. */
static void read_spans(struct reading *r, const char *field, const json_t *list,
                       struct desk_spans *out)
{
    size_t i;
    const json_t *v;
    int from, to;
    out->n = 0;
    if (!json_is_array(list))
        wrong(r, "%s: a list like [[\"08:00\",\"17:00\"]]", field);
    json_array_foreach(list, i, v)
    {
        if (json_array_size(v) != 2) {
            wrong(r, "%s[%zu]: two times like [\"08:00\",\"17:00\"]", field, i);
            continue;
        }
        if (!time_of(r, field, i, json_array_get(v, 0), &from) ||
            !time_of(r, field, i, json_array_get(v, 1), &to))
            continue;
        if (from == DAY_MINUTES)
            wrong(r, "%s[%zu]: a span cannot begin at \"24:00\"", field, i);
        else
            add_span(r, field, out, from, to <= from ? to + DAY_MINUTES : to);
    }
}

static int weekday(const char *key)
{
    for (int d = 0; d < 7; d++)
        if (strcmp(key, days[d]) == 0)
            return d;
    return -1;
}

/* prefix: "weekly." when the object stands under that key. */
static void read_weekly(struct reading *r, json_t *v, const char *prefix)
{
    char field[40];
    const char *key;
    const json_t *list;
    if (json_is_string(v) && strcmp(json_string_value(v), "always") == 0)
        return;
    if (!json_is_object(v)) {
        wrong(r, "weekly: \"always\", or days like {\"mon\": [[\"08:00\",\"17:00\"]]}");
        return;
    }
    json_object_foreach(v, key, list)
    {
        int d = weekday(key);
        snprintf(field, sizeof field, "%s%.16s", prefix, key);
        if (d < 0) {
            wrong(r, "%s: days are sun, mon, tue, wed, thu, fri, sat", field);
            continue;
        }
        read_spans(r, field, list, &r->h->weekly[d]);
        /* an unreadable span was meant to say something: not "always open" */
        if (json_array_size(list))
            r->h->weekly_given = true;
    }
}

static struct desk_hours_rule *add_rule(struct reading *r, const char *field,
                                        enum desk_hours_why why, const json_t *label)
{
    if (r->h->n_rules == DESK_MAX_HOURS_RULES) {
        wrong(r, "%s: more than %d dates in all", field, DESK_MAX_HOURS_RULES);
        return NULL;
    }
    if (label && !json_is_string(label))
        wrong(r, "%s.label: a text", field);
    struct desk_hours_rule *rule = &r->h->rules[r->h->n_rules++];
    memset(rule, 0, sizeof *rule);
    rule->why = why;
    desk_utf8_clean_str(rule->label, sizeof rule->label, json_string_value(label));
    return rule;
}

static bool date_of(struct reading *r, const char *field, const json_t *v, int32_t *out)
{
    if (date(json_string_value(v), out))
        return true;
    wrong(r, "%s: \"%.20s\" is not a date like \"2026-12-25\"", field, shown(v));
    return false;
}

static void read_closures(struct reading *r, json_t *list)
{
    char field[40];
    size_t i;
    const json_t *v;
    int32_t day;
    if (!json_is_array(list))
        wrong(r, "closures: a list of dates");
    json_array_foreach(list, i, v)
    {
        const json_t *d = json_is_object(v) ? json_object_get(v, "date") : v;
        snprintf(field, sizeof field, "closures[%zu]", i);
        if (!date_of(r, field, d, &day))
            continue;
        struct desk_hours_rule *rule =
            add_rule(r, field, DESK_HOURS_CLOSURE, json_object_get(v, "label"));
        if (rule)
            rule->from = rule->to = day;
    }
}

static void read_special(struct reading *r, json_t *v)
{
    char field[40];
    const char *key;
    const json_t *list;
    int32_t day;
    if (!json_is_object(v)) {
        wrong(r, "special: dates like {\"2026-12-24\": [[\"08:00\",\"12:00\"]]}");
        return;
    }
    json_object_foreach(v, key, list)
    {
        snprintf(field, sizeof field, "special.%.20s", key);
        if (!date(key, &day)) {
            wrong(r, "special: \"%.20s\" is not a date like \"2026-12-24\"", key);
            continue;
        }
        struct desk_hours_rule *rule =
            add_rule(r, field, DESK_HOURS_SPECIAL, json_object_get(list, "label"));
        if (!rule)
            continue;
        rule->from = rule->to = day;
        read_spans(r, field, json_is_object(list) ? json_object_get(list, "spans") : list,
                   &rule->spans);
    }
}

static void read_exception(struct reading *r, const char *field, const json_t *v)
{
    char part[60];
    int32_t from, to;
    const json_t *spans = json_object_get(v, "spans"), *last = json_object_get(v, "to");
    const json_t *closed = json_object_get(v, "closed"), *label = json_object_get(v, "label");
    bool shut = json_is_true(closed);
    enum desk_hours_why why = shut    ? DESK_HOURS_CLOSED
                              : spans ? DESK_HOURS_OPENED
                                      : DESK_HOURS_NOTE;
    snprintf(part, sizeof part, "%s.from", field);
    if (!date_of(r, part, json_object_get(v, "from"), &from))
        return;
    snprintf(part, sizeof part, "%s.to", field);
    if (!last)
        to = from;
    else if (!date_of(r, part, last, &to))
        return;
    if (to < from) {
        wrong(r, "%s.to: before \"from\"", field);
        return;
    }
    if (closed && !json_is_boolean(closed))
        wrong(r, "%s.closed: true or false", field);
    if (shut && spans)
        wrong(r, "%s: either \"closed\" or \"spans\"", field);
    if (why == DESK_HOURS_NOTE && !json_is_string(label)) {
        wrong(r, "%s: \"closed\", \"spans\" or a \"label\" is missing", field);
        return;
    }
    struct desk_hours_rule *rule = add_rule(r, field, why, label);
    if (!rule)
        return;
    rule->from = from;
    rule->to = to;
    snprintf(part, sizeof part, "%s.spans", field);
    if (why == DESK_HOURS_OPENED)
        read_spans(r, part, spans, &rule->spans);
}

static void read_exceptions(struct reading *r, json_t *list)
{
    char field[40];
    size_t i;
    const json_t *v;
    if (!json_is_array(list))
        wrong(r, "exceptions: a list like [{\"from\": \"2026-10-12\", \"closed\": true}]");
    json_array_foreach(list, i, v)
    {
        snprintf(field, sizeof field, "exceptions[%zu]", i);
        read_exception(r, field, v);
    }
}

static void read_weekly_part(struct reading *r, json_t *v)
{
    read_weekly(r, v, "weekly.");
}

static const struct {
    const char *key;
    void (*read)(struct reading *, json_t *);
} parts[] = {
    {"weekly", read_weekly_part},
    {"closures", read_closures},
    {"special", read_special},
    {"exceptions", read_exceptions},
};
#define N_PARTS (sizeof parts / sizeof *parts)

static bool has_part(const json_t *v)
{
    for (size_t i = 0; i < N_PARTS; i++)
        if (json_object_get(v, parts[i].key))
            return true;
    return false;
}

static void read_parts(struct reading *r, const json_t *v)
{
    size_t known = 0;
    for (size_t i = 0; i < N_PARTS; i++) {
        json_t *part = json_object_get(v, parts[i].key);
        if (!part)
            continue;
        known++;
        parts[i].read(r, part);
    }
    if (known != json_object_size(v))
        wrong(r, "hours: parts are weekly, closures, special, exceptions");
}

enum desk_rc desk_hours_parse(struct desk_hours *h, const char *json, char *error, size_t n)
{
    json_error_t at;
    memset(h, 0, sizeof *h);
    struct reading r = {h, error, n, false};
    if (error && n)
        *error = '\0';
    if (!json || !*json)
        return DESK_OK;
    json_t *v = json_loads(json, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &at);
    if (!v)
        wrong(&r, "hours: not JSON, line %d: %.80s", at.line, at.text);
    else if (json_is_string(v))
        read_weekly(&r, v, "");
    else if (json_is_object(v) && has_part(v))
        read_parts(&r, v);
    else if (json_is_object(v))
        read_weekly(&r, v, "");
    else if (!json_is_null(v))
        wrong(&r, "hours: an object like {\"weekly\": {\"mon\": [[\"08:00\",\"17:00\"]]}}");
    json_decref(v);
    return r.failed ? DESK_EINVAL : DESK_OK;
}
