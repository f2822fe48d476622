/* Zones of a calendar file: by name, as Google and Apple write them, else by the rules in the file,
 * as Outlook does ("Eastern Standard Time", and what somebody made up). */
#include "wire/ics_parts.h"

#include <stdlib.h>
#include <string.h>

#define SLACK                                                                                      \
    (2 * 366LL * DESK_ICS_DAY) /* so long before a window its zone's rules begin to count */
#define MOST 2000              /* changes of one zone in it */

enum desk_rc desk_ics_zone_get(struct desk_ics_file *f, const char *id, size_t n,
                               struct desk_ics_zone **out)
{
    for (struct desk_ics_zone *z = f->zones; z; z = z->next)
        if (strlen(z->id) == n && memcmp(z->id, id, n) == 0) {
            *out = z;
            return DESK_OK;
        }
    if (f->n_zones == DESK_ICS_ZONES)
        return DESK_ELIMIT;
    struct desk_ics_zone *z = desk_arena_alloc(f->arena, sizeof *z);
    if (z)
        z->id = desk_arena_strndup(f->arena, id, n);
    if (!z || !z->id)
        return DESK_ENOMEM;
    z->next = f->zones;
    f->zones = z;
    f->n_zones++;
    *out = z;
    return DESK_OK;
}

/* "Europe/Berlin", also behind what makers of programs put before it ("/x.org/2021_1/…"). */
static const struct desk_tz *by_name(const struct desk_ics_ask *ask, const char *id)
{
    const struct desk_tz *tz = NULL;
    while (ask->zone && !tz && id && *id) {
        tz = *id == '/' ? NULL : ask->zone(id);
        id = strchr(id + 1, '/');
        id = id ? id + 1 : NULL;
    }
    return tz;
}

/* ---- by the rules in the file ---------------------------------------------------------------- */

struct making {
    struct desk_ics_zone *z;
    const struct desk_ics_half *half;
    size_t room;
};

static bool add(void *ctx, int64_t at)
{
    struct making *m = ctx;
    if (m->z->n == m->room)
        return false;
    m->z->change[m->z->n].at = at;
    m->z->change[m->z->n].from = m->half->from;
    m->z->change[m->z->n++].to = m->half->to;
    return true;
}

static int by_at(const void *a, const void *b)
{
    const int64_t *x = a, *y = b; /* at is the first member */
    return *x < *y ? -1 : *x > *y;
}

/* UNTIL is in UTC here (RFC 5545 3.6.5). */
static int64_t until_of(const struct desk_ics_rule *r, int64_t offset)
{
    struct desk_ics_when w;
    if (!*r->until || !desk_ics_when(r->until, r->until_n, &w))
        return DESK_ICS_FOREVER;
    return w.form == DESK_ICS_UTC ? w.at + offset : w.at + (w.form == DESK_ICS_DATE) * 86399;
}

static enum desk_rc add_half(struct desk_ics_file *f, struct making *m)
{
    struct desk_ics_rule r;
    struct desk_ics_when w;
    const struct desk_ics_half *h = m->half;
    const char *item;
    size_t n;
    int64_t from = f->ask->from / 1000 - SLACK, to = f->ask->to / 1000 + SLACK;
    add(m, h->start.at);
    for (const struct desk_ics_list *l = h->also; l; l = l->next)
        for (const char *p = l->values; desk_ics_item(&p, &item, &n);)
            if (desk_ics_when(item, n, &w) && w.at >= from && w.at <= to)
                add(m, w.at);
    if (!h->rule || !desk_ics_rule_parse(h->rule, &r))
        return DESK_OK;
    return desk_ics_rule_run(&r, h->start.at, until_of(&r, h->from), from, to, &f->work, add, m);
}

static enum desk_rc by_rules(struct desk_ics_file *f, struct desk_ics_zone *z)
{
    struct making m = {.z = z, .room = MOST};
    enum desk_rc rc = DESK_OK;
    z->change = desk_arena_alloc(f->arena, MOST * sizeof *z->change);
    if (!z->change)
        return DESK_ENOMEM;
    for (m.half = z->halves; !rc && m.half; m.half = m.half->next)
        rc = add_half(f, &m);
    qsort(z->change, z->n, sizeof *z->change, by_at);
    return rc;
}

static enum desk_rc work_out(struct desk_ics_file *f, struct desk_ics_zone *z)
{
    z->known = true;
    z->tz = by_name(f->ask, z->id);
    enum desk_rc rc = !z->tz && z->halves ? by_rules(f, z) : DESK_OK;
    if (!z->tz)
        z->tz = f->ask->tz;
    return rc;
}

/* ---- moments --------------------------------------------------------------------------------- */

static int64_t offset_at(const struct desk_ics_zone *z, int64_t at)
{
    size_t low = 0, high = z->n; /* changes before low are not after at, from high on they are */
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (z->change[mid].at <= at)
            low = mid + 1;
        else
            high = mid;
    }
    return low ? z->change[low - 1].to : z->change[0].from;
}

static int64_t by_clock(const struct desk_tz *tz, int64_t at)
{
    struct desk_local_time t = {0};
    int64_t ms = 0, day = at / DESK_ICS_DAY - (at % DESK_ICS_DAY < 0);
    desk_civil_from_days(day, &t.year, &t.month, &t.day);
    t.second = (int)(at - day * DESK_ICS_DAY);
    (void)desk_tz_utc(tz, &t, false, &ms); /* in a gap: as much later */
    return ms;
}

static int64_t by_day(const struct desk_tz *tz, int64_t at)
{
    int y, m, d;
    desk_civil_from_days(at / DESK_ICS_DAY - (at % DESK_ICS_DAY < 0), &y, &m, &d);
    return desk_tz_day_start(tz, y, m, d);
}

enum desk_rc desk_ics_moment(struct desk_ics_file *f, enum desk_ics_form form,
                             struct desk_ics_zone *zone, int64_t at, int64_t *ms)
{
    enum desk_rc rc = DESK_OK;
    if (form == DESK_ICS_UTC) {
        *ms = at * 1000;
    } else if (form == DESK_ICS_DATE) {
        *ms = by_day(f->ask->tz, at);
    } else {
        if (!zone->known)
            rc = work_out(f, zone);
        *ms = zone->n ? (at - offset_at(zone, at)) * 1000 : by_clock(zone->tz, at);
    }
    return rc;
}
