#include "core/slots.h"

#include "core/dates_place.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MINUTE_MS 60000LL

/* ---- who does it ----------------------------------------------------------------------------- */

size_t desk_slot_resources(const struct desk_business *b,
                           struct desk_slot_resource out[DESK_MAX_SLOT_RESOURCES])
{
    size_t n = 0;
    for (size_t i = 0; i < b->n_people && n < DESK_MAX_SLOT_RESOURCES; i++)
        if (b->people[i].services.n)
            out[n++] = (struct desk_slot_resource){&b->people[i], 0};
    for (int i = 1; !(n && out[0].person) && i <= b->booking.at_once; i++)
        if (n < DESK_MAX_SLOT_RESOURCES)
            out[n++] = (struct desk_slot_resource){NULL, i};
    return n;
}

bool desk_slot_able(const struct desk_slot_resource *r, const struct desk_service *service)
{
    if (!r->person || !service)
        return true;
    for (size_t i = 0; i < r->person->services.n; i++) {
        const char *s = r->person->services.v[i];
        if (strcasecmp(s, "all") == 0 || strcasecmp(s, service->id) == 0 ||
            strcasecmp(s, service->name) == 0)
            return true;
    }
    return false;
}

/* ---- what is wished -------------------------------------------------------------------------- */

static int64_t day_start(const struct desk_tz *tz, int32_t date)
{
    int y, m, d;
    desk_civil_from_days(date, &y, &m, &d);
    return desk_tz_day_start(tz, y, m, d);
}

bool desk_slot_wish_of(struct desk_slot_wish *w, const struct desk_resolved *r,
                       const struct desk_tz *tz)
{
    *w = (struct desk_slot_wish){.daypart = r->daypart, .n_not_on = r->n_excluded};
    memcpy(w->not_on, r->excluded, r->n_excluded * sizeof *w->not_on);
    if (r->kind == DESK_WHEN_SLOT_WINDOW) {
        w->from = r->start;
        w->to = r->end;
        return true;
    }
    if (r->kind != DESK_WHEN_DATE)
        return false;
    w->from = day_start(tz, r->first);
    w->to = day_start(tz, r->last + 1);
    return true;
}

/* ---- one start ------------------------------------------------------------------------------- */

struct search {
    const struct desk_slots_ask *ask;
    const struct desk_business *b;
    struct desk_slot_resource all[DESK_MAX_SLOT_RESOURCES];
    size_t n_all;
    int64_t length, gap;
    int32_t today;
    struct desk_slots *out;
    struct present present; /* for dayparts */
    int32_t part_date;      /* whose window is known */
    struct window part;
    bool part_open;
    int64_t tried; /* starts up to here were looked at */
    int32_t day;   /* of the last slot given, and how many of it */
    size_t of_day;
};

int64_t desk_slots_length_ms(const struct desk_slots_ask *ask)
{
    int minutes = ask->minutes > 0 ? ask->minutes : ask->service ? ask->service->minutes : 0;
    return (minutes > 0 ? minutes : DESK_SLOT_MINUTES) * MINUTE_MS;
}

int64_t desk_slots_gap_ms(const struct desk_slots_ask *ask)
{
    int own = ask->service ? ask->service->gap_minutes : -1;
    return (own >= 0 ? own : ask->business->booking.gap_minutes) * MINUTE_MS;
}

static void search_begin(struct search *s, const struct desk_slots_ask *ask, struct desk_slots *out)
{
    *s = (struct search){.ask = ask,
                         .b = ask->business,
                         .length = desk_slots_length_ms(ask),
                         .gap = desk_slots_gap_ms(ask),
                         .today = desk_hours_date(ask->business->zone, ask->now),
                         .out = out,
                         .part_date = INT32_MIN,
                         .tried = INT64_MIN,
                         .day = INT32_MIN};
    s->n_all = desk_slot_resources(s->b, s->all);
    *out = (struct desk_slots){.why = DESK_SLOTS_CLOSED};
}

/* Of several reasons the one nearest to success is told; of equals the first. */
static enum desk_slots_why because(struct search *s, enum desk_slots_why why, const char *label)
{
    bool none_yet = s->out->why == DESK_SLOTS_CLOSED && !*s->out->label;
    if (why > s->out->why || (none_yet && why == DESK_SLOTS_CLOSED)) {
        s->out->why = why;
        snprintf(s->out->label, sizeof s->out->label, "%s", label ? label : "");
    }
    return why;
}

/* Open from start to end without a break? */
static enum desk_slots_why open_through(struct search *s, int64_t start, int64_t end)
{
    struct desk_hours_state state;
    desk_hours_at(s->b->hours, s->b->zone, start, &state);
    if (!state.open)
        return because(s, DESK_SLOTS_CLOSED, state.label);
    while (state.until < end) {
        desk_hours_at(s->b->hours, s->b->zone, state.until, &state);
        if (!state.open)
            return because(s, DESK_SLOTS_TOO_SHORT, state.label);
    }
    return DESK_SLOTS_FREE;
}

static const struct desk_blackout *blackout(const struct desk_business *b, int32_t date)
{
    for (size_t i = 0; i < b->booking.n_blackouts; i++)
        if (date >= b->booking.blackouts[i].first && date <= b->booking.blackouts[i].last)
            return &b->booking.blackouts[i];
    return NULL;
}

static bool taken(const struct search *s, int resource, int64_t from, int64_t until)
{
    const struct desk_slots_ask *ask = s->ask;
    for (size_t i = 0; i < ask->n_busy && ask->busy[i].from < until; i++) {
        const struct desk_slot_busy *b = &ask->busy[i];
        if (b->to > from && (b->resource == resource || b->resource == DESK_SLOT_ALL))
            return true;
    }
    return false;
}

/* The first who can do it then. */
static enum desk_slots_why who_can(struct search *s, struct desk_slot *slot)
{
    enum desk_slots_why why = DESK_SLOTS_NOBODY;
    int32_t first = desk_hours_date(s->b->zone, slot->start);
    int32_t last = desk_hours_date(s->b->zone, slot->end - 1);
    for (size_t i = 0; i < s->n_all; i++) {
        const struct desk_person *p = s->all[i].person;
        const char *label = NULL;
        bool asked = s->ask->resource == DESK_SLOT_ALL || s->ask->resource == (int)i;
        if (!asked || !desk_slot_able(&s->all[i], s->ask->service))
            continue;
        if (p && (desk_business_away(s->b, p, first, &label) ||
                  desk_business_away(s->b, p, last, &label))) {
            why = because(s, DESK_SLOTS_AWAY, label);
        } else if (taken(s, (int)i, slot->start, slot->until)) {
            why = because(s, DESK_SLOTS_FULL, NULL);
        } else {
            slot->resource = (int)i;
            return DESK_SLOTS_FREE;
        }
    }
    return why;
}

static enum desk_slots_why try_start(struct search *s, int64_t start, struct desk_slot *slot)
{
    const int64_t soonest = s->ask->now + s->b->booking.lead_minutes * MINUTE_MS;
    *slot = (struct desk_slot){start, start + s->length, start + s->length + s->gap, 0};
    int32_t first = desk_hours_date(s->b->zone, slot->start);
    int32_t last = desk_hours_date(s->b->zone, slot->end - 1);
    enum desk_slots_why why = open_through(s, slot->start, slot->end);
    if (why)
        return why;
    const struct desk_blackout *out = blackout(s->b, first);
    out = out ? out : blackout(s->b, last);
    if (out)
        return because(s, DESK_SLOTS_BLACKOUT, out->label);
    if (first > s->today + s->b->booking.days_ahead)
        return because(s, DESK_SLOTS_TOO_FAR, NULL);
    if (start < soonest)
        return because(s, DESK_SLOTS_TOO_SOON, NULL);
    return who_can(s, slot);
}

static bool anybody(const struct search *s)
{
    for (size_t i = 0; i < s->n_all; i++)
        if ((s->ask->resource == DESK_SLOT_ALL || s->ask->resource == (int)i) &&
            desk_slot_able(&s->all[i], s->ask->service))
            return true;
    return false;
}

enum desk_slots_why desk_slots_check(const struct desk_slots_ask *ask, int64_t start,
                                     struct desk_slot *slot)
{
    struct search s;
    struct desk_slots none;
    struct desk_slot one;
    search_begin(&s, ask, &none);
    if (!anybody(&s))
        return DESK_SLOTS_NOBODY;
    enum desk_slots_why why = try_start(&s, start, &one);
    if (!why && slot)
        *slot = one;
    return why;
}

/* ---- all of them ----------------------------------------------------------------------------- */

static bool suits(struct search *s, int32_t date, int64_t start)
{
    const struct desk_slot_wish *w = &s->ask->wish;
    for (size_t i = 0; i < w->n_not_on; i++)
        if (w->not_on[i] == date)
            return false;
    if (w->daypart == DESK_DAYPART_NONE)
        return true;
    if (s->part_date != date) {
        struct desk_when when;
        desk_when_init(&when);
        when.daypart = w->daypart;
        s->part_date = date;
        s->part_open = desk_dates_window(&s->present, &when, date, &s->part) == DESK_WHY_OK;
    }
    return s->part_open && start >= s->part.start && start < s->part.end;
}

static bool enough(const struct search *s)
{
    return s->out->n >= DESK_MAX_SLOTS || s->out->n >= s->ask->max;
}

static void consider(struct search *s, int64_t start)
{
    struct desk_slot slot;
    int32_t date = desk_hours_date(s->b->zone, start);
    const struct desk_slot *before = s->out->n ? &s->out->v[s->out->n - 1] : NULL;
    if (start <= s->tried || !suits(s, date, start))
        return;
    s->tried = start;
    if (before && start - before->start < s->ask->apart_ms)
        return;
    if (s->day == date && s->ask->per_day && s->of_day >= s->ask->per_day)
        return;
    if (try_start(s, start, &slot))
        return;
    s->of_day = s->day == date ? s->of_day + 1 : 1;
    s->day = date;
    s->out->v[s->out->n++] = slot;
}

/* The starts in one span of the hours that are in from … to. */
static void walk_span(struct search *s, const struct desk_instants *span, int64_t from, int64_t to)
{
    int64_t step = s->b->booking.step_minutes * MINUTE_MS, start = span->from;
    if (from > start)
        start += (from - start + step - 1) / step * step;
    for (; start < span->to && start < to && !enough(s); start += step)
        consider(s, start);
}

static void walk(struct search *s, int64_t from, int64_t to)
{
    struct desk_instants spans[DESK_MAX_HOURS_SPANS];
    int32_t last = desk_hours_date(s->b->zone, to);
    int32_t limit = s->today + s->b->booking.days_ahead + 1; /* one more: so that it is told */
    for (int32_t d = desk_hours_date(s->b->zone, from) - 1; d <= last && !enough(s); d++) {
        size_t n = desk_hours_instants(s->b->hours, s->b->zone, d, spans);
        struct desk_hours_day day;
        desk_hours_day(s->b->hours, d, &day);
        if (!n && day_start(s->b->zone, d) >= from)
            because(s, DESK_SLOTS_CLOSED, day.label);
        for (size_t i = 0; i < n; i++)
            walk_span(s, &spans[i], from, to);
        if (d > limit) {
            because(s, DESK_SLOTS_TOO_FAR, NULL);
            break;
        }
    }
}

void desk_slots_find(const struct desk_slots_ask *ask, struct desk_slots *out)
{
    struct search s;
    const struct desk_slot_wish *w = &ask->wish;
    const struct desk_when_place place = {
        .hours = ask->business->hours, .tz = ask->business->zone, .now = ask->now};
    search_begin(&s, ask, out);
    desk_dates_present(&s.present, &place);
    if (!anybody(&s)) {
        out->why = DESK_SLOTS_NOBODY;
        return;
    }
    if (w->to == w->from)
        consider(&s, w->from);
    else if (w->to && w->to <= ask->now)
        because(&s, DESK_SLOTS_TOO_SOON, NULL);
    else if (desk_hours_date(s.b->zone, w->from) > s.today + s.b->booking.days_ahead)
        because(&s, DESK_SLOTS_TOO_FAR, NULL);
    else /* what is past is not looked at; today's beginning is, so that TOO_SOON is told */
        walk(&s, w->from < day_start(s.b->zone, s.today) ? ask->now : w->from,
             w->to ? w->to : day_start(s.b->zone, s.today + s.b->booking.days_ahead + 1));
    if (out->n) {
        out->why = DESK_SLOTS_FREE;
        out->label[0] = '\0';
    }
}

static const struct {
    const char *name, *text;
} whys[DESK_SLOTS_WHY__MAX] = {
    [DESK_SLOTS_FREE] = {"free", "That time is free."},
    [DESK_SLOTS_NOBODY] = {"nobody", "Nobody here does that."},
    [DESK_SLOTS_CLOSED] = {"closed", "We are closed then."},
    [DESK_SLOTS_BLACKOUT] = {"blackout", "We take no appointments then."},
    [DESK_SLOTS_TOO_FAR] = {"too_far", "That is further ahead than we book."},
    [DESK_SLOTS_TOO_SOON] = {"too_soon", "That is too soon."},
    [DESK_SLOTS_TOO_SHORT] = {"too_short", "There is not enough time before we close."},
    [DESK_SLOTS_AWAY] = {"away", "The person who does that is away then."},
    [DESK_SLOTS_FULL] = {"full", "We are booked up then."},
};

const char *desk_slots_why_name(enum desk_slots_why why)
{
    return (unsigned)why < DESK_SLOTS_WHY__MAX ? whys[why].name : "unknown";
}

const char *desk_slots_why_text(enum desk_slots_why why)
{
    return (unsigned)why < DESK_SLOTS_WHY__MAX ? whys[why].text : "";
}
