/* A calendar file into its parts (ics_parts.h). */
#include "wire/ics_parts.h"

#include <string.h>
#include <strings.h>

#define DEPTH 32 /* components in components */

struct reading {
    struct desk_ics_file *f;
    int depth; /* 1: in a calendar; 2: in a component of it; 3: in a part of that */
    bool whole;
    struct desk_ics_vevent *event; /* the one that is read, or NULL */
    bool freebusy;
    struct desk_ics_zone *zone;
    struct desk_ics_half *halves; /* of it: its name may come behind them */
    bool in_zone;
    struct desk_ics_half *half;
};

static bool is(const char *a, const char *b)
{
    return strcasecmp(a, b) == 0;
}

bool desk_ics_item(const char **p, const char **item, size_t *n)
{
    *p += strspn(*p, ", ");
    *item = *p;
    *n = strcspn(*p, ",");
    *p += *n;
    while (*n && (*item)[*n - 1] == ' ')
        --*n;
    return *n > 0;
}

/* ---- properties ------------------------------------------------------------------------------ */

static enum desk_rc zone_of(struct reading *r, const struct desk_ics_line *l,
                            struct desk_ics_zone **out)
{
    struct desk_slice id = desk_ics_param(l, "TZID");
    return desk_ics_zone_get(r->f, id.p ? id.p : "", id.n, out);
}

static enum desk_rc stamp(struct reading *r, const struct desk_ics_line *l,
                          struct desk_ics_stamp *out)
{
    out->there = desk_ics_when(l->value, strlen(l->value), &out->when);
    if (!out->there)
        r->event->odd = true;
    return zone_of(r, l, &out->zone);
}

static enum desk_rc list(struct reading *r, const struct desk_ics_line *l,
                         struct desk_ics_list **to)
{
    struct desk_ics_list *one = desk_arena_alloc(r->f->arena, sizeof *one);
    if (!one)
        return DESK_ENOMEM;
    one->values = l->value;
    one->next = *to;
    *to = one;
    return zone_of(r, l, &one->zone);
}

static enum desk_rc recurrence(struct reading *r, const struct desk_ics_line *l)
{
    static const char all[] = "THISANDFUTURE";
    struct desk_slice range = desk_ics_param(l, "RANGE");
    r->event->later = range.n == sizeof all - 1 && strncasecmp(range.p, all, range.n) == 0;
    return stamp(r, l, &r->event->recurs);
}

static enum desk_rc event_property(struct reading *r, const struct desk_ics_line *l)
{
    struct desk_ics_vevent *e = r->event;
    if (is(l->name, "UID"))
        e->uid = *l->value ? l->value : e->uid;
    else if (is(l->name, "DTSTART"))
        return stamp(r, l, &e->start);
    else if (is(l->name, "DTEND"))
        return stamp(r, l, &e->end);
    else if (is(l->name, "RECURRENCE-ID"))
        return recurrence(r, l);
    else if (is(l->name, "RDATE"))
        return list(r, l, &e->also);
    else if (is(l->name, "EXDATE"))
        return list(r, l, &e->but);
    else if (is(l->name, "DURATION"))
        e->has_duration = desk_ics_duration(l->value, strlen(l->value), &e->days, &e->seconds);
    else if (is(l->name, "RRULE"))
        e->rule = e->rule ? "several" : l->value; /* which no rule is called */
    else if (is(l->name, "EXRULE"))
        return list(r, l, &e->never); /* RFC 2445 4.8.5.2: 5545 drops it, files do not */
    else if ((is(l->name, "STATUS") && is(l->value, "CANCELLED")) ||
             (is(l->name, "TRANSP") && is(l->value, "TRANSPARENT")) ||
             (is(l->name, "X-MICROSOFT-CDO-BUSYSTATUS") && is(l->value, "FREE")))
        e->no_matter = true;
    return DESK_OK;
}

static enum desk_rc half_property(struct reading *r, const struct desk_ics_line *l)
{
    struct desk_ics_half *h = r->half;
    if (is(l->name, "DTSTART"))
        (void)desk_ics_when(l->value, strlen(l->value), &h->start);
    else if (is(l->name, "TZOFFSETFROM"))
        (void)desk_ics_offset(l->value, &h->from);
    else if (is(l->name, "TZOFFSETTO"))
        (void)desk_ics_offset(l->value, &h->to);
    else if (is(l->name, "RRULE"))
        h->rule = l->value;
    else if (is(l->name, "RDATE"))
        return list(r, l, &h->also);
    return DESK_OK;
}

static enum desk_rc property(struct reading *r, const struct desk_ics_line *l)
{
    struct desk_slice type;
    if (r->depth == 2 && r->event)
        return event_property(r, l);
    if (r->depth == 3 && r->half)
        return half_property(r, l);
    if (r->depth != 2)
        return DESK_OK;
    if (r->in_zone && is(l->name, "TZID"))
        return desk_ics_zone_get(r->f, l->value, strlen(l->value), &r->zone);
    if (r->freebusy && is(l->name, "FREEBUSY")) {
        type = desk_ics_param(l, "FBTYPE");
        if (type.n != 4 || strncasecmp(type.p, "FREE", 4) != 0)
            return list(r, l, &r->f->busy);
    }
    return DESK_OK;
}

/* ---- components ------------------------------------------------------------------------------ */

static enum desk_rc begin_part(struct reading *r, const char *name)
{
    if (is(name, "VEVENT")) {
        r->event = desk_arena_alloc(r->f->arena, sizeof *r->event);
        if (!r->event)
            return DESK_ENOMEM;
        r->event->uid = desk_arena_fmt(r->f->arena, "event %zu", ++r->f->n_events);
        return r->event->uid ? DESK_OK : DESK_ENOMEM;
    }
    r->freebusy = is(name, "VFREEBUSY");
    r->in_zone = is(name, "VTIMEZONE");
    return DESK_OK;
}

static enum desk_rc begin(struct reading *r, const char *name)
{
    if (r->depth == 0 && !is(name, "VCALENDAR"))
        return DESK_EINVAL;
    if (++r->depth > DEPTH)
        return DESK_ELIMIT;
    if (r->depth == 2)
        return begin_part(r, name);
    if (r->depth == 3 && r->in_zone && (is(name, "STANDARD") || is(name, "DAYLIGHT"))) {
        r->half = desk_arena_alloc(r->f->arena, sizeof *r->half);
        return r->half ? DESK_OK : DESK_ENOMEM;
    }
    return DESK_OK;
}

static void end_half(struct reading *r)
{
    if (r->half) {
        r->half->next = r->halves;
        r->halves = r->half;
    }
    r->half = NULL;
}

static void end_part(struct reading *r)
{
    if (r->event) {
        r->event->next = r->f->events;
        r->f->events = r->event;
    }
    if (r->zone && !r->zone->halves)
        r->zone->halves = r->halves;
    r->event = NULL;
    r->zone = NULL;
    r->halves = NULL;
    r->freebusy = r->in_zone = false;
}

static enum desk_rc end(struct reading *r)
{
    if (!r->depth)
        return DESK_EINVAL;
    if (r->depth == 3)
        end_half(r);
    else if (r->depth == 2)
        end_part(r);
    r->depth--;
    r->whole = r->whole || !r->depth;
    return DESK_OK;
}

enum desk_rc desk_ics_read(struct desk_ics_file *f, char *text, size_t n)
{
    static const char mark[] = "\xef\xbb\xbf";
    struct desk_ics_line l;
    struct reading r = {.f = f};
    struct desk_ics_text t = {.p = text, .end = text + n};
    enum desk_rc rc = DESK_OK;
    if (n >= 3 && memcmp(text, mark, 3) == 0)
        t.p += 3;
    while (!rc && desk_ics_next(&t, &l)) {
        if (is(l.name, "BEGIN"))
            rc = begin(&r, l.value);
        else if (is(l.name, "END"))
            rc = end(&r);
        else if (!r.depth)
            rc = DESK_EINVAL;
        else
            rc = property(&r, &l);
    }
    return !rc && (r.depth || !r.whole) ? DESK_EINVAL : rc;
}
