#include "core/hours.h"

#define DAY_MINUTES (24 * 60)

static const char *const names[7] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/* ---- of a date ------------------------------------------------------------------------------- */

/* Of several rules for a date the one that ranks highest holds; among equals the last written. */
static const struct desk_hours_rule *rule_of(const struct desk_hours *h, int32_t date)
{
    const struct desk_hours_rule *best = NULL;
    for (size_t i = 0; i < h->n_rules; i++) {
        const struct desk_hours_rule *r = &h->rules[i];
        if (r->why != DESK_HOURS_NOTE && date >= r->from && date <= r->to &&
            (!best || r->why >= best->why))
            best = r;
    }
    return best;
}

void desk_hours_day(const struct desk_hours *h, int32_t date, struct desk_hours_day *out)
{
    static const struct desk_spans whole = {.n = 1, .span = {{0, DAY_MINUTES}}};
    const struct desk_hours_rule *r = rule_of(h, date);
    if (r)
        *out = (struct desk_hours_day){r->spans, r->why, r->label};
    else if (h->weekly_given)
        *out =
            (struct desk_hours_day){h->weekly[desk_weekday_from_days(date)], DESK_HOURS_WEEKLY, ""};
    else
        *out = (struct desk_hours_day){whole, DESK_HOURS_ALWAYS, ""};
}

const char *desk_hours_note(const struct desk_hours *h, int32_t date, size_t i)
{
    for (size_t k = 0; k < h->n_rules; k++) {
        const struct desk_hours_rule *r = &h->rules[k];
        if (r->why == DESK_HOURS_NOTE && date >= r->from && date <= r->to && i-- == 0)
            return r->label;
    }
    return NULL;
}

/* ---- in time --------------------------------------------------------------------------------- */

static int64_t instant(const struct desk_tz *tz, int32_t date, int minute, bool later)
{
    struct desk_local_time t = {.minute = minute};
    desk_civil_from_days(date, &t.year, &t.month, &t.day);
    return desk_tz_valid(tz, &t, later);
}

size_t desk_hours_instants(const struct desk_hours *h, const struct desk_tz *tz, int32_t date,
                           struct desk_instants out[DESK_MAX_HOURS_SPANS])
{
    struct desk_hours_day day;
    size_t n = 0;
    desk_hours_day(h, date, &day);
    for (size_t i = 0; i < day.spans.n; i++) {
        struct desk_span s = day.spans.span[i];
        /* a day that never closes ends where the next begins, though midnight come twice */
        bool later = s.to != DAY_MINUTES;
        out[n] = (struct desk_instants){instant(tz, date, s.from, false),
                                        instant(tz, date, s.to, later)};
        if (out[n].from < out[n].to)
            n++;
    }
    return n;
}

int32_t desk_hours_date(const struct desk_tz *tz, int64_t utc_ms)
{
    struct desk_local_time t;
    desk_tz_local(tz, utc_ms, &t);
    return (int32_t)desk_days_from_civil(t.year, t.month, t.day);
}

/* Within a span of that date? Its rule, also when not. */
static bool at_date(const struct desk_hours *h, const struct desk_tz *tz, int32_t date, int64_t at,
                    struct desk_hours_state *out)
{
    struct desk_instants spans[DESK_MAX_HOURS_SPANS];
    struct desk_hours_day day;
    size_t n = desk_hours_instants(h, tz, date, spans);
    desk_hours_day(h, date, &day);
    *out = (struct desk_hours_state){.why = day.why, .label = day.label};
    for (size_t i = 0; i < n; i++)
        if (at >= spans[i].from && at < spans[i].to) {
            out->open = true;
            out->until = spans[i].to;
            return true;
        }
    return false;
}

void desk_hours_at(const struct desk_hours *h, const struct desk_tz *tz, int64_t utc_ms,
                   struct desk_hours_state *out)
{
    struct desk_hours_state before;
    int32_t today = desk_hours_date(tz, utc_ms);
    if (!at_date(h, tz, today, utc_ms, out) && at_date(h, tz, today - 1, utc_ms, &before))
        *out = before;
}

bool desk_hours_next_open(const struct desk_hours *h, const struct desk_tz *tz, int64_t utc_ms,
                          int64_t *at)
{
    struct desk_instants spans[DESK_MAX_HOURS_SPANS];
    int32_t today = desk_hours_date(tz, utc_ms);
    for (int32_t d = today - 1; d <= today + DESK_MAX_DAYS_AHEAD; d++) {
        size_t n = desk_hours_instants(h, tz, d, spans);
        for (size_t i = 0; i < n; i++)
            if (spans[i].to > utc_ms) {
                *at = spans[i].from > utc_ms ? spans[i].from : utc_ms;
                return true;
            }
    }
    return false;
}

const char *desk_hours_why_name(enum desk_hours_why why)
{
    static const char *const texts[] = {
        [DESK_HOURS_ALWAYS] = "always open",
        [DESK_HOURS_WEEKLY] = "weekly hours",
        [DESK_HOURS_SPECIAL] = "special hours",
        [DESK_HOURS_OPENED] = "exception, own hours",
        [DESK_HOURS_CLOSED] = "exception, closed",
        [DESK_HOURS_CLOSURE] = "closure",
        [DESK_HOURS_NOTE] = "note",
    };
    return (size_t)why < sizeof texts / sizeof *texts ? texts[why] : "unknown";
}

/* ---- straight from the stored text ----------------------------------------------------------- */

bool desk_hours_open(const char *json, const struct desk_tz *tz, int64_t utc_ms)
{
    struct desk_hours h;
    struct desk_hours_state state;
    enum desk_rc rc = desk_hours_parse(&h, json, NULL, 0);
    (void)rc; /* what can be read decides: the caller is waiting */
    desk_hours_at(&h, tz, utc_ms, &state);
    return state.open;
}

void desk_hours_text(const char *json, struct desk_buf *out)
{
    struct desk_hours h;
    enum desk_rc rc = desk_hours_parse(&h, json, NULL, 0);
    (void)rc;
    for (int i = 0; h.weekly_given && i < 7; i++) {
        int d = (i + 1) % 7; /* a week begins on Monday for a reader */
        const struct desk_spans *s = &h.weekly[d];
        desk_buf_fmt(out, "%s%s", i ? "; " : "", names[d]);
        for (size_t k = 0; k < s->n; k++) {
            int from = s->span[k].from, to = s->span[k].to;
            to = to > DAY_MINUTES ? to - DAY_MINUTES : to;
            desk_buf_fmt(out, "%s%02d:%02d-%02d:%02d", k ? ", " : " ", from / 60, from % 60,
                         to / 60, to % 60);
        }
        if (!s->n)
            desk_buf_str(out, " closed");
    }
}
