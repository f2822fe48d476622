#include "wire/ics_busy.h"
#include "wire/ics_parts.h"

#include <stdlib.h>
#include <string.h>

#define SLACK (2LL * DESK_ICS_DAY) /* clocks are never so far apart */

/* One of the repeated that is off, or is told of by an event of its own. */
struct gone {
    const char *uid;
    int64_t at; /* UTC ms; of a date its day, in seconds */
    bool date;
};

struct work {
    struct desk_ics_file f;
    struct gone *gone;
    size_t n_gone, room;
    const struct desk_ics_vevent *e; /* the one that is gone through */
    int64_t days, ms;                /* how long it is */
    int64_t last;                    /* of a rule: not after that, UTC ms */
    enum desk_rc rc;
};

/* ---- what is left out ------------------------------------------------------------------------ */

static int by_which(const void *a, const void *b)
{
    const struct gone *x = a, *y = b;
    int d = strcmp(x->uid, y->uid);
    if (d || x->date != y->date)
        return d ? d : x->date - y->date;
    return x->at < y->at ? -1 : x->at > y->at;
}

static enum desk_rc leave_out(struct work *w, const char *uid, const struct desk_ics_when *when,
                              struct desk_ics_zone *zone)
{
    struct gone g = {.uid = uid, .date = when->form == DESK_ICS_DATE, .at = when->at};
    if (w->n_gone == w->room) {
        size_t room = w->room ? 2 * w->room : 64;
        struct gone *more = desk_arena_alloc(w->f.arena, room * sizeof *more);
        if (!more)
            return DESK_ENOMEM;
        if (w->n_gone)
            memcpy(more, w->gone, w->n_gone * sizeof *more);
        w->gone = more;
        w->room = room;
    }
    enum desk_rc rc = g.date ? DESK_OK : desk_ics_moment(&w->f, when->form, zone, when->at, &g.at);
    w->gone[w->n_gone++] = g;
    return rc;
}

static enum desk_rc note_gone(struct work *w)
{
    struct desk_ics_when when;
    const char *item;
    size_t n;
    enum desk_rc rc = DESK_OK;
    for (const struct desk_ics_vevent *e = w->f.events; !rc && e; e = e->next) {
        if (e->recurs.there)
            rc = leave_out(w, e->uid, &e->recurs.when, e->recurs.zone);
        for (const struct desk_ics_list *l = e->but; l; l = l->next)
            for (const char *p = l->values; !rc && desk_ics_item(&p, &item, &n);)
                if (desk_ics_when(item, n, &when))
                    rc = leave_out(w, e->uid, &when, l->zone);
    }
    if (w->n_gone)
        qsort(w->gone, w->n_gone, sizeof *w->gone, by_which);
    return rc;
}

static bool is_gone(const struct work *w, int64_t at, int64_t ms)
{
    const struct gone time = {.uid = w->e->uid, .at = ms};
    const struct gone day = {.uid = w->e->uid, .at = at - (at % DESK_ICS_DAY), .date = true};
    return w->n_gone && (bsearch(&time, w->gone, w->n_gone, sizeof time, by_which) ||
                         bsearch(&day, w->gone, w->n_gone, sizeof day, by_which));
}

/* ---- telling --------------------------------------------------------------------------------- */

static void tell(struct work *w, const char *uid, int64_t at, int64_t start, int64_t end)
{
    const struct desk_ics_ask *ask = w->f.ask;
    if (end <= start || start >= ask->to || end <= ask->from)
        return;
    if (!ask->each(ask->ctx,
                   &(struct desk_ics_busy){.uid = uid, .at = at, .start = start, .end = end}))
        w->rc = DESK_ELIMIT;
}

/* The event, or one of its repetitions, at that time of its clock. */
static bool one(void *ctx, int64_t at)
{
    struct work *w = ctx;
    const struct desk_ics_stamp *s = &w->e->start;
    int64_t start = 0, end = 0, as = 0;
    w->rc = desk_ics_moment(&w->f, s->when.form, s->zone, at, &start);
    if (!w->rc)
        w->rc = desk_ics_moment(&w->f, s->when.form, s->zone, at + w->days * DESK_ICS_DAY, &end);
    if (w->rc || start > w->last)
        return !w->rc;
    as = start;
    if (w->e->recurs.there)
        w->rc = desk_ics_moment(&w->f, w->e->recurs.when.form, w->e->recurs.zone,
                                w->e->recurs.when.at, &as);
    else if (is_gone(w, at, start))
        return true;
    if (!w->rc)
        tell(w, w->e->uid, as, start, end + w->ms);
    return !w->rc;
}

/* ---- one event ------------------------------------------------------------------------------- */

static enum desk_rc length(struct work *w)
{
    const struct desk_ics_vevent *e = w->e;
    int64_t start = 0, end = 0;
    bool date = e->start.when.form == DESK_ICS_DATE;
    w->days = w->ms = 0;
    if (e->has_duration) {
        w->days = e->days;
        w->ms = date ? 0 : e->seconds * 1000;
    } else if (date) {
        int64_t gone = e->end.there ? (e->end.when.at - e->start.when.at) / DESK_ICS_DAY : 1;
        w->days = gone > 0 ? gone : 1;
    } else if (e->end.there) {
        enum desk_rc rc =
            desk_ics_moment(&w->f, e->start.when.form, e->start.zone, e->start.when.at, &start);
        if (!rc)
            rc = desk_ics_moment(&w->f, e->end.when.form, e->end.zone, e->end.when.at, &end);
        w->ms = end - start;
        return rc;
    }
    return DESK_OK;
}

/* Until when it is repeated: on its own clock, and (w->last) as a moment. False: not readable. */
static bool until_of(struct work *w, const struct desk_ics_rule *r, int64_t *until)
{
    struct desk_ics_when when;
    *until = DESK_ICS_FOREVER;
    if (!*r->until)
        return true;
    if (!desk_ics_when(r->until, r->until_n, &when))
        return false;
    *until = when.at + (when.form == DESK_ICS_DATE) * (DESK_ICS_DAY - 1);
    if (when.form == DESK_ICS_UTC && w->e->start.when.form == DESK_ICS_LOCAL) {
        w->last = when.at * 1000;
        *until += SLACK;
    }
    return true;
}

/* "A/B" or "A/PT1H": as long as it says. */
static enum desk_rc span(struct work *w, const char *uid, const char *text, size_t n,
                         struct desk_ics_zone *zone)
{
    const char *slash = memchr(text, '/', n);
    struct desk_ics_when a, b;
    int64_t start = 0, end = 0, days = 0, seconds = 0;
    if (!slash || !desk_ics_when(text, (size_t)(slash - text), &a))
        return DESK_OK;
    size_t rest = n - (size_t)(slash + 1 - text);
    enum desk_rc rc = desk_ics_moment(&w->f, a.form, zone, a.at, &start);
    if (!rc && desk_ics_when(slash + 1, rest, &b))
        rc = desk_ics_moment(&w->f, b.form, zone, b.at, &end);
    else if (!rc && desk_ics_duration(slash + 1, rest, &days, &seconds))
        end = start + (days * DESK_ICS_DAY + seconds) * 1000;
    if (!rc)
        tell(w, uid, start, start, end);
    return rc ? rc : w->rc;
}

/* RDATE: a date counts at the event's time of day. */
static enum desk_rc once_more(struct work *w, const char *text, size_t n,
                              struct desk_ics_zone *zone)
{
    const struct desk_ics_stamp *s = &w->e->start;
    struct desk_ics_when when;
    int64_t start = 0;
    if (memchr(text, '/', n))
        return span(w, w->e->uid, text, n, zone);
    if (!desk_ics_when(text, n, &when))
        return DESK_OK;
    bool date = when.form == DESK_ICS_DATE;
    if (date || (when.form == s->when.form && zone == s->zone)) {
        one(w, when.at + (date ? s->when.at % DESK_ICS_DAY : 0));
        return w->rc;
    }
    enum desk_rc rc = desk_ics_moment(&w->f, when.form, zone, when.at, &start);
    if (!rc)
        tell(w, w->e->uid, start, start, start + w->days * DESK_ICS_DAY * 1000 + w->ms);
    return rc ? rc : w->rc;
}

static enum desk_rc further(struct work *w)
{
    const char *item;
    size_t n;
    enum desk_rc rc = DESK_OK;
    for (const struct desk_ics_list *l = w->e->also; l; l = l->next)
        for (const char *p = l->values; !rc && desk_ics_item(&p, &item, &n);)
            rc = once_more(w, item, n, l->zone);
    return rc;
}

static enum desk_rc event(struct work *w, struct desk_ics_found *out)
{
    struct desk_ics_rule r;
    const struct desk_ics_vevent *e = w->e;
    int64_t until = 0, start = e->start.when.at;
    w->last = DESK_ICS_FOREVER;
    enum desk_rc rc = length(w);
    int64_t longest = w->days * DESK_ICS_DAY + w->ms / 1000 + SLACK;
    bool repeats = e->rule && !e->recurs.there;
    bool known = repeats && desk_ics_rule_parse(e->rule, &r) && until_of(w, &r, &until);
    out->odd += e->odd || (repeats && !known);
    if (rc || longest < 0)
        return rc;
    if (known) {
        rc = desk_ics_rule_run(&r, start, until, w->f.ask->from / 1000 - longest,
                               w->f.ask->to / 1000 + SLACK, &w->f.work, one, w);
    } else {
        w->last = DESK_ICS_FOREVER;
        one(w, start);
    }
    w->last = DESK_ICS_FOREVER;
    if (!rc)
        rc = w->rc;
    return rc ? rc : further(w);
}

enum desk_rc desk_ics_busy(struct desk_arena *a, char *text, size_t n,
                           const struct desk_ics_ask *ask, struct desk_ics_found *out)
{
    struct work w = {.f = {.arena = a, .ask = ask, .work = DESK_ICS_WORK}};
    const char *item;
    size_t len;
    memset(out, 0, sizeof *out);
    enum desk_rc rc = desk_ics_read(&w.f, text, n);
    if (!rc)
        rc = note_gone(&w);
    for (w.e = w.f.events; !rc && w.e; w.e = w.e->next) {
        out->events++;
        if (!w.e->start.there)
            out->odd++;
        else if (!w.e->no_matter)
            rc = event(&w, out);
    }
    for (const struct desk_ics_list *l = w.f.busy; l; l = l->next)
        for (const char *p = l->values; !rc && desk_ics_item(&p, &item, &len);)
            rc = span(&w, "", item, len, l->zone);
    return rc;
}
