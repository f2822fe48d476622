#include "worker/google_look.h"
#include "base/clock.h"
#include "store/calendar_events.h"

#include <stdio.h>
#include <string.h>

#define MOST 50 /* events in one visit's time that are looked at */

struct found {
    struct google *g;
    int64_t from, to;
    struct {
        const char *id;
        int64_t start, end, created;
    } v[MOST];
    size_t n;
    bool lost; /* no memory */
};

static bool collect(void *ctx, const struct desk_google_event *e)
{
    struct found *f = ctx;
    if (e->cancelled || e->free || e->start >= f->to || e->end <= f->from)
        return true;
    f->v[f->n].id = desk_arena_strdup(f->g->w->arena, e->id);
    f->v[f->n].start = e->start;
    f->v[f->n].end = e->end;
    f->v[f->n].created = e->created;
    f->lost = f->lost || !f->v[f->n].id;
    return ++f->n < MOST;
}

/* Those that are visits of ours are our own rows' matter. */
static enum desk_rc drop_ours(struct found *f)
{
    struct desk_calendar_event e;
    const struct outbox_work *w = f->g->w;
    size_t kept = 0;
    for (size_t i = 0; i < f->n; i++) {
        enum desk_rc rc =
            desk_calendar_event_find(w->db, w->arena, w->row->tenant_id, f->v[i].id, &e);
        if (rc && rc != DESK_ENOTFOUND)
            return rc;
        if (rc)
            f->v[kept++] = f->v[i];
    }
    f->n = kept;
    return DESK_OK;
}

/* So that the next search for free times knows of them, before they are synced. */
static enum desk_rc keep(const struct found *f, const struct desk_calendar_source *source)
{
    struct desk_db *db = f->g->w->db;
    enum desk_rc rc = f->n ? DESK_TX_BEGIN(db) : DESK_DONE;
    if (rc)
        return rc == DESK_DONE ? DESK_OK : rc;
    for (size_t i = 0; !rc && i < f->n; i++)
        rc = desk_calendar_busy_put(db, source, f->v[i].id, f->v[i].start, f->v[i].end,
                                    desk_now_ms());
    return desk_tx_end(db, rc);
}

/* What others have there, of one calendar. */
static enum google_look list(struct found *f, const struct desk_google_place *place,
                             const struct desk_calendar_source *source,
                             struct desk_outbox_result *r)
{
    struct desk_google_result from;
    const struct outbox_work *w = f->g->w;
    struct desk_google_list *l = desk_arena_alloc(w->arena, sizeof *l);
    if (!l) {
        outbox_again(r, DESK_ENOMEM);
        return GOOGLE_NOT_SEEN;
    }
    *l = (struct desk_google_list){.from = f->from, .to = f->to, .each = collect, .ctx = f};
    if (w->services->calendar->list(place, l, &from)) {
        google_failed(f->g, &from, r);
        return GOOGLE_NOT_SEEN;
    }
    enum desk_rc rc = f->lost ? DESK_ENOMEM : drop_ours(f);
    if (!rc)
        rc = keep(f, source);
    if (rc) {
        outbox_again(r, rc);
        return GOOGLE_NOT_SEEN;
    }
    return f->n ? GOOGLE_IS_TAKEN : GOOGLE_IS_FREE;
}

/* Free at the first question, or by whose it is. Of a calendar of which only "busy" is shown to us,
 * busy is an answer. */
static enum google_look look_at(struct google *g, const struct desk_calendar_source *source,
                                int64_t from, int64_t to, struct desk_outbox_result *r)
{
    struct desk_google_result answer;
    enum desk_google_busy busy = DESK_GOOGLE_UNKNOWN;
    struct found f = {.g = g, .from = from, .to = to};
    const struct desk_google_place place = google_beside(g, source->address);
    enum desk_google_end end = g->w->services->calendar->busy(&place, from, to, &busy, &answer);
    if (!end && busy == DESK_GOOGLE_FREE)
        return GOOGLE_IS_FREE;
    if (end && end != DESK_GOOGLE_DENIED) {
        google_failed(g, &answer, r);
        return GOOGLE_NOT_SEEN;
    }
    enum google_look look = list(&f, &place, source, r);
    if (look == GOOGLE_NOT_SEEN && !source->main && busy == DESK_GOOGLE_BUSY)
        return GOOGLE_IS_TAKEN;
    return look;
}

enum google_look google_look_before(struct google *g, const char *resource, int64_t from,
                                    int64_t to, struct desk_outbox_result *r)
{
    struct desk_calendar_source *rows;
    size_t n = 0;
    const struct outbox_work *w = g->w;
    enum desk_rc rc = desk_calendar_source_list(w->db, w->arena, w->row->tenant_id, &rows, &n);
    if (rc) {
        outbox_again(r, rc);
        return GOOGLE_NOT_SEEN;
    }
    for (size_t i = 0; i < n; i++) {
        bool theirs = !rows[i].resource || strcmp(rows[i].resource, resource) == 0;
        if (strcmp(rows[i].kind, DESK_SOURCE_GOOGLE) != 0 || (!theirs && !rows[i].main))
            continue;
        enum google_look look = look_at(g, &rows[i], from, to, r);
        if (look)
            return look;
    }
    return GOOGLE_IS_FREE;
}

enum google_look google_look_after(struct google *g, const struct desk_google_event *ours,
                                   bool anything, int64_t from, int64_t to,
                                   struct desk_outbox_result *r)
{
    struct found f = {.g = g, .from = from, .to = to};
    enum google_look look = list(&f, &g->place, &g->source, r);
    for (size_t i = 0; look == GOOGLE_IS_TAKEN && i < f.n; i++)
        if (anything || f.v[i].created < ours->created ||
            (f.v[i].created == ours->created && strcmp(f.v[i].id, ours->id) < 0))
            return look;
    return look == GOOGLE_IS_TAKEN ? GOOGLE_IS_FREE : look;
}
