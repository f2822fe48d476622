#include "wire/ics_busy.h"
#include "wire/ics_parts.h"

#include <stdlib.h>
#include <string.h>

#define SLACK (2LL * DESK_ICS_DAY) /* clocks are never so far apart */
#define LATER 100                  /* changes of "this and future" in a file */

/* One of the repeated that is off, or is told of by an event of its own. */
struct gone {
    const char *uid;
    int64_t at; /* UTC ms; of a date its day, in seconds */
    bool date;
};

/* From that one on all of them are so (RFC 5545 3.2.13). */
struct later {
    const struct desk_ics_vevent *e;
    int64_t at;       /* UTC ms: which one was changed */
    int64_t days, ms; /* how long they are from then on */
};

struct work {
    struct desk_ics_file f;
    struct later later[LATER];
    size_t n_later;
    int64_t reach; /* seconds that those may lie or last beyond what their rule says */
    struct gone *gone;
    size_t n_gone, room;
    const struct desk_ics_vevent *e; /* the one that is gone through */
    int64_t days, ms;                /* how long it is */
    int64_t last;                    /* of a rule: not after that, UTC ms */
    enum desk_rc rc;
};

/* ---- how long, how often --------------------------------------------------------------------- */

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

/* False: it is not known how it repeats. */
static bool rule_of(struct work *w, const char *text, struct desk_ics_rule *r, int64_t *until)
{
    w->last = DESK_ICS_FOREVER;
    if (!desk_ics_rule_parse(text, r))
        return false;
    if (w->e->start.when.form == DESK_ICS_DATE) {
        r->hour.n = r->minute.n = r->second.n = 0; /* "MUST be ignored" */
        if (r->freq >= DESK_ICS_HOURLY)
            return false;
    }
    return until_of(w, r, until);
}

static enum desk_rc run(struct work *w, const struct desk_ics_rule *r, int64_t until,
                        desk_ics_at *at)
{
    const struct desk_ics_ask *ask = w->f.ask;
    int64_t longest = w->days * DESK_ICS_DAY + w->ms / 1000 + SLACK + w->reach;
    enum desk_rc rc = desk_ics_rule_run(r, w->e->start.when.at, until, ask->from / 1000 - longest,
                                        ask->to / 1000 + SLACK + w->reach, &w->f.work, at, w);
    return rc ? rc : w->rc;
}

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

static bool never(void *ctx, int64_t at)
{
    struct work *w = ctx;
    const struct desk_ics_stamp *s = &w->e->start;
    const struct desk_ics_when when = {.at = at, .form = s->when.form};
    int64_t ms = 0;
    w->rc = desk_ics_moment(&w->f, s->when.form, s->zone, at, &ms);
    if (!w->rc && ms <= w->last)
        w->rc = leave_out(w, w->e->uid, &when, s->zone);
    return !w->rc;
}

/* EXRULE: whatever it has, where the event has it, too. */
static enum desk_rc note_never(struct work *w, struct desk_ics_vevent *e)
{
    struct desk_ics_rule r;
    int64_t until = 0;
    w->e = e;
    enum desk_rc rc = e->never && e->start.there ? length(w) : DESK_OK;
    for (const struct desk_ics_list *l = e->never; !rc && l && e->start.there; l = l->next)
        if (rule_of(w, l->values, &r, &until))
            rc = run(w, &r, until, never);
        else
            e->odd = true;
    return rc;
}

static enum desk_rc note_later(struct work *w, struct desk_ics_vevent *e)
{
    const struct desk_ics_stamp *s = &e->start, *r = &e->recurs;
    if (!e->later || !r->there || !s->there)
        return DESK_OK;
    e->odd = e->odd || w->n_later == LATER;
    if (w->n_later == LATER)
        return DESK_OK;
    struct later l = {.e = e};
    w->e = e;
    enum desk_rc rc = desk_ics_moment(&w->f, r->when.form, r->zone, r->when.at, &l.at);
    if (!rc)
        rc = length(w);
    l.days = w->days;
    l.ms = w->ms;
    int64_t reach =
        llabs(s->when.at - r->when.at) + llabs(l.days) * DESK_ICS_DAY + llabs(l.ms) / 1000;
    w->reach = reach > w->reach ? reach : w->reach;
    w->later[w->n_later++] = l;
    return rc;
}

static enum desk_rc note_gone(struct work *w)
{
    struct desk_ics_when when;
    const char *item;
    size_t n;
    enum desk_rc rc = DESK_OK;
    for (struct desk_ics_vevent *e = w->f.events; !rc && e; e = e->next) {
        rc = note_never(w, e);
        if (!rc)
            rc = note_later(w, e);
        if (rc)
            break;
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

static const struct later *later_of(const struct work *w, int64_t start)
{
    const struct later *best = NULL;
    for (size_t i = 0; i < w->n_later; i++)
        if (w->later[i].at <= start && strcmp(w->later[i].e->uid, w->e->uid) == 0 &&
            (!best || w->later[i].at > best->at))
            best = &w->later[i];
    return best;
}

/* As much before or after as the one that was changed: on its clock, where all are of one. */
static bool as_later(struct work *w, const struct later *l, int64_t at, int64_t was)
{
    const struct desk_ics_stamp *s = &l->e->start, *r = &l->e->recurs, *own = &w->e->start;
    bool clock = s->when.form == r->when.form && s->when.form == own->when.form &&
                 s->zone == r->zone && s->zone == own->zone;
    int64_t start = 0, end = 0, by = clock ? s->when.at - r->when.at : 0;
    if (l->e->no_matter)
        return true;
    w->rc = desk_ics_moment(&w->f, own->when.form, own->zone, at + by, &start);
    if (!w->rc)
        w->rc = desk_ics_moment(&w->f, own->when.form, own->zone, at + by + l->days * DESK_ICS_DAY,
                                &end);
    if (!w->rc && !clock) {
        int64_t to = 0;
        w->rc = desk_ics_moment(&w->f, s->when.form, s->zone, s->when.at, &to);
        start += to - l->at;
        end += to - l->at;
    }
    if (!w->rc)
        tell(w, w->e->uid, was, start, end + l->ms);
    return !w->rc;
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
    const struct later *l = w->e->recurs.there ? NULL : later_of(w, start);
    if (l)
        return as_later(w, l, at, start);
    if (!w->rc)
        tell(w, w->e->uid, as, start, end + w->ms);
    return !w->rc;
}

/* ---- one event ------------------------------------------------------------------------------- */

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
    if (!rc && !(*uid && is_gone(w, a.at, start)))
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
    if (!rc && !is_gone(w, when.at, start))
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

/* Its first time was told. */
static bool again(void *ctx, int64_t at)
{
    struct work *w = ctx;
    return at == w->e->start.when.at || one(w, at);
}

static enum desk_rc event(struct work *w, struct desk_ics_found *out)
{
    struct desk_ics_rule r;
    const struct desk_ics_vevent *e = w->e;
    int64_t until = 0;
    enum desk_rc rc = length(w);
    bool repeats = e->rule && !e->recurs.there;
    bool known = repeats && rule_of(w, e->rule, &r, &until);
    out->odd += e->odd || (repeats && !known);
    if (rc || w->days * DESK_ICS_DAY + w->ms / 1000 + SLACK < 0)
        return rc;
    if (!known)
        w->last = DESK_ICS_FOREVER;
    one(w, e->start.when.at);
    rc = w->rc;
    if (!rc && known)
        rc = run(w, &r, until, again);
    w->last = DESK_ICS_FOREVER;
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
