/* Kind "google_sync": what the owner does in Google comes back. One row of the outbox for each
 * calendar, which is never done: it waits for the next time. What others put there becomes taken
 * time; a visit of ours that the owner moved or deleted is moved or cancelled here; and where the
 * two do not agree for long, the visit is sent again (reconcile()).
 *
 * A reading shows Google as it was when it began: a visit that we have touched since is left for
 * the next one. */
#include "base/clock.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/calendar_events.h"
#include "store/outbox.h"
#include "talk/calendar_google.h"
#include "talk/visit_text.h"
#include "worker/google.h"

#include <stdio.h>
#include <string.h>

#define DAY_MS      (24LL * 3600 * 1000)
#define FULL_MS     DAY_MS /* so often it is read whole: the days ahead have moved on */
#define AHEAD_MS    (400 * DAY_MS)
#define STUCK_MS    120000 /* a visit that does not agree for so long is sent again */
#define WAIT_MOST   (15LL * 60 * 1000)
#define SYNC_ARENA  (64 * 1024 * 1024)
#define APPLY_ARENA (4 * 1024 * 1024)

struct event {
    const char *id, *etag;
    int64_t start, end;
    bool cancelled, free;
};

struct sync {
    struct google g;
    const struct outbox_work *w;
    struct desk_arena *arena; /* of what was read */
    struct event *v;
    size_t n, room;
    bool lost; /* more than can be kept */
    bool full;
    int64_t begun;
};

static bool keep(void *ctx, const struct desk_google_event *e)
{
    struct sync *s = ctx;
    if (s->n == s->room) {
        size_t room = s->room ? 2 * s->room : 256;
        struct event *more = desk_arena_alloc(s->arena, room * sizeof *more);
        s->lost = !more || room > 2 * DESK_MAX_BUSY;
        if (s->lost)
            return false;
        if (s->n)
            memcpy(more, s->v, s->n * sizeof *more);
        s->v = more;
        s->room = room;
    }
    s->v[s->n] = (struct event){.id = desk_arena_strdup(s->arena, e->id),
                                .etag = desk_arena_strdup(s->arena, e->etag),
                                .start = e->start,
                                .end = e->end,
                                .cancelled = e->cancelled,
                                .free = e->free};
    s->lost = !s->v[s->n].id || !s->v[s->n].etag;
    return !s->lost && ++s->n;
}

static bool stands(const struct desk_appointment *row)
{
    return strcmp(row->status, DESK_APPT_BOOKED) == 0 || strcmp(row->status, DESK_APPT_MOVED) == 0;
}

/* ---- a visit of ours ------------------------------------------------------------------------- */

static enum desk_rc note(struct sync *s, const struct desk_appointment *row, const char *words)
{
    char when[160];
    desk_calendar_say(&s->g.at, row->start_at, when, sizeof when);
    return google_note(&s->g, row->call_id, "google_event",
                       desk_arena_fmt(s->w->arena, "%s %s on %s.", words, row->service_name, when));
}

static enum desk_rc words_to_them(struct sync *s, enum desk_visit_text which,
                                  const struct desk_appointment *row, int64_t before)
{
    return desk_visit_text(
        &s->g.at, &(struct desk_visit_words){.which = which, .row = row, .before = before}, NULL);
}

static enum desk_rc deleted(struct sync *s, struct desk_calendar_event *ev,
                            struct desk_appointment *row)
{
    struct desk_db *db = s->w->db;
    ev->state = DESK_EVENT_GONE;
    enum desk_rc rc = desk_calendar_event_set(db, ev);
    if (rc || !stands(row) || row->end_at <= s->begun)
        return rc;
    rc = note(s, row, "The owner deleted in Google:");
    if (!rc)
        rc = desk_appointment_end(db, row->tenant_id, row->id, DESK_APPT_CANCELLED);
    if (rc)
        return rc;
    row->status = DESK_APPT_CANCELLED;
    row->sequence++;
    desk_log(DESK_LOG_NOTICE, "google.deleted", "id=%s", row->id);
    return words_to_them(s, DESK_VISIT_CANCELLED, row, 0);
}

/* The owner put it where another visit of ours is, or made it days long: ours stays where it was,
 * the time there is taken, and the owner is told by a row that fails. */
static enum desk_rc clash(struct sync *s, const struct event *e, const struct desk_appointment *row)
{
    char payload[200], dedupe[120];
    struct desk_db *db = s->w->db;
    snprintf(payload, sizeof payload, "{\"clash\":\"%s\"}", row->id);
    snprintf(dedupe, sizeof dedupe, "clash:%s:%lld", row->id, (long long)e->start);
    enum desk_rc rc = desk_calendar_busy_put(db, &s->g.source, e->id, e->start, e->end, s->begun);
    if (!rc)
        rc = desk_outbox_add(db, &(struct desk_outbox_new){.tenant_id = row->tenant_id,
                                                           .call_id = row->call_id,
                                                           .kind = DESK_OUTBOX_SYNC,
                                                           .dedupe = dedupe,
                                                           .priority = DESK_OUTBOX_NORMAL,
                                                           .payload = payload});
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

static enum desk_rc moved(struct sync *s, const struct event *e, struct desk_calendar_event *ev,
                          struct desk_appointment *row)
{
    struct desk_db *db = s->w->db;
    int64_t before = row->start_at, gap = row->busy_until - row->end_at;
    struct desk_appointment to = *row;
    to.start_at = e->start;
    to.end_at = e->end;
    to.busy_until = e->end + gap;
    ev->etag = e->etag;
    ev->start_at = e->start;
    ev->end_at = e->end;
    enum desk_rc rc = to.busy_until - to.start_at > 2 * DAY_MS || to.start_at >= to.end_at
                          ? DESK_ECONFLICT
                          : desk_appointment_move(db, &to);
    if (rc == DESK_ECONFLICT)
        return clash(s, e, row);
    if (!rc)
        rc = desk_calendar_busy_remove(db, &s->g.source, e->id); /* of a clash that is no more */
    if (!rc)
        rc = desk_calendar_event_set(db, ev);
    if (!rc)
        rc = note(s, &to, "The owner moved in Google:");
    if (rc)
        return rc;
    to.status = DESK_APPT_MOVED;
    to.sequence++;
    desk_log(DESK_LOG_NOTICE, "google.moved", "id=%s", row->id);
    return before == to.start_at ? DESK_OK : words_to_them(s, DESK_VISIT_MOVED, &to, before);
}

/* What was not changed there, or by us and not seen there yet, is left. */
static enum desk_rc ours(struct sync *s, const struct event *e, struct desk_calendar_event *ev)
{
    struct desk_appointment row;
    if (ev->updated_at >= s->begun || strcmp(ev->state, DESK_EVENT_THERE) != 0)
        return DESK_OK;
    enum desk_rc rc = desk_appointment_get(s->w->db, s->w->arena, ev->tenant_id, ev->id, &row);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    if (e->cancelled)
        return deleted(s, ev, &row);
    bool pushed = row.start_at == ev->start_at && row.end_at == ev->end_at;
    if (!stands(&row) || !pushed || (e->start == ev->start_at && e->end == ev->end_at))
        return DESK_OK;
    return moved(s, e, ev, &row);
}

/* ---- all that was read ----------------------------------------------------------------------- */

static enum desk_rc apply_one(struct sync *s, const struct event *e)
{
    struct desk_calendar_event ev;
    struct desk_db *db = s->w->db;
    enum desk_rc rc = desk_calendar_event_find(db, s->w->arena, s->g.source.tenant_id, e->id, &ev);
    if (!rc)
        return ours(s, e, &ev);
    if (rc != DESK_ENOTFOUND)
        return rc;
    if (e->cancelled || e->free || e->end <= s->begun - DAY_MS)
        return s->full ? DESK_OK : desk_calendar_busy_remove(db, &s->g.source, e->id);
    return desk_calendar_busy_put(db, &s->g.source, e->id, e->start, e->end, s->begun);
}

static const struct event *find(const struct sync *s, const char *id)
{
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->v[i].id, id) == 0)
            return &s->v[i];
    return NULL;
}

/* Of a whole reading: what was not in it is not there any more. */
static enum desk_rc apply_missing(struct sync *s)
{
    struct desk_calendar_event *rows;
    size_t n = 0;
    struct desk_db *db = s->w->db;
    const struct event none = {.cancelled = true};
    const char *tenant = s->g.source.tenant_id;
    enum desk_rc rc =
        desk_calendar_event_standing(db, s->w->arena, tenant, s->g.source.id, s->begun,
                                     s->begun + AHEAD_MS - DAY_MS, s->begun, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        if (!find(s, rows[i].event_id))
            rc = ours(s, &none, &rows[i]);
    return rc ? rc : desk_calendar_busy_unseen(db, &s->g.source, s->begun);
}

static enum desk_rc apply(struct sync *s, const char *token)
{
    struct desk_calendar_source *src = &s->g.source;
    enum desk_rc rc = DESK_OK;
    for (size_t i = 0; !rc && i < s->n; i++)
        rc = apply_one(s, &s->v[i]);
    if (!rc && s->full)
        rc = apply_missing(s);
    src->sync_token = token && *token ? token : NULL;
    src->synced_at = s->begun;
    if (s->full)
        src->full_at = s->begun;
    return rc ? rc : desk_calendar_source_synced(s->w->db, src);
}

/* ---- what does not agree for long ------------------------------------------------------------ */

/* Visits that a dead worker or an outage of Google's has left behind go again. */
static enum desk_rc reconcile(struct sync *s)
{
    struct desk_calendar_event *rows;
    size_t n = 0;
    struct desk_db *db = s->w->db;
    struct desk_appointment row;
    const char *tenant = s->g.source.tenant_id;
    int64_t before = desk_now_ms() - STUCK_MS;
    enum desk_rc rc = desk_calendar_event_open(db, s->w->arena, tenant, before, &rows, &n);
    for (int pass = 0; !rc && pass < 2; pass++) {
        for (size_t i = 0; !rc && i < n; i++) {
            rc = desk_appointment_get(db, s->w->arena, tenant, rows[i].id, &row);
            if (!rc && (pass || strcmp(row.status, DESK_APPT_HELD) == 0) &&
                row.end_at > desk_now_ms())
                rc = desk_calendar_push(db, tenant, row.call_id, row.id, row.sequence);
            rc = rc == DESK_ENOTFOUND ? DESK_OK : rc;
        }
        if (!rc && !pass)
            rc = desk_calendar_event_behind(db, s->w->arena, tenant, s->g.source.id, desk_now_ms(),
                                            before, &rows, &n);
    }
    return rc;
}

/* ---- one reading ----------------------------------------------------------------------------- */

static enum desk_google_end read_changes(struct sync *s, struct desk_google_list *l,
                                         struct desk_google_result *from)
{
    const struct desk_calendar_source *src = &s->g.source;
    s->full = !src->sync_token || s->begun - src->full_at > FULL_MS;
    for (;;) {
        *l = (struct desk_google_list){.from = s->begun - DAY_MS,
                                       .to = s->begun + AHEAD_MS,
                                       .sync_token = s->full ? NULL : src->sync_token,
                                       .each = keep,
                                       .ctx = s};
        s->n = 0;
        enum desk_google_end end = s->w->services->calendar->list(&s->g.place, l, from);
        if (end != DESK_GOOGLE_GONE || s->full)
            return end;
        s->full = true;
    }
}

/* Later again, and longer the longer it goes; what an owner must do ends it. */
static void could_not(struct sync *s, const struct desk_google_result *from,
                      struct desk_outbox_result *r)
{
    struct desk_calendar_source *src = &s->g.source;
    struct desk_db *db = s->w->db;
    int64_t now = desk_now_ms(), for_ms = src->failing_since ? now - src->failing_since : 0;
    google_failed(&s->g, from, r);
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, desk_calendar_source_failed(db, src, r->why));
    if (rc)
        desk_log(DESK_LOG_WARN, "google.sync", "source=%s rc=%s", src->id, desk_rc_name(rc));
    if (r->end == DESK_END_FAILED)
        return;
    int64_t wait = 1000 * (int64_t)desk_setting_int(DESK_S_CALENDAR_SYNC_S);
    wait = wait > for_ms / 2 ? wait : for_ms / 2 < WAIT_MOST ? for_ms / 2 : WAIT_MOST;
    r->end = DESK_END_LATER;
    r->wait_ms = r->wait_ms > wait ? r->wait_ms : wait;
}

static void run(struct sync *s, struct desk_google_list *l, struct desk_outbox_result *r)
{
    struct desk_google_result from;
    s->begun = desk_now_ms();
    if (read_changes(s, l, &from)) {
        could_not(s, &from, r);
        return;
    }
    if (s->lost) {
        outbox_fail(r, "There is more in that calendar than Frontdesk can keep.");
        return;
    }
    enum desk_rc rc = DESK_TX_BEGIN(s->w->db);
    if (!rc)
        rc = apply(s, l->next_token);
    if (!rc && s->g.source.main)
        rc = reconcile(s);
    rc = desk_tx_end(s->w->db, rc);
    desk_log(DESK_LOG_DEBUG, "google.synced", "source=%s events=%zu full=%d rc=%s", s->g.source.id,
             s->n, s->full, desk_rc_name(rc));
    *r = (struct desk_outbox_result){
        .end = DESK_END_LATER, .wait_ms = 1000 * (int64_t)desk_setting_int(DESK_S_CALENDAR_SYNC_S)};
    if (rc)
        outbox_again(r, rc);
}

/* A visit that the owner put onto another one: gone by now, or for the owner to see. */
static void tell_clash(const struct outbox_work *w, const char *id, struct desk_outbox_result *r)
{
    struct desk_appointment row;
    struct desk_calendar_event ev;
    const char *tenant = w->row->tenant_id;
    enum desk_rc rc = desk_appointment_get(w->db, w->arena, tenant, id, &row);
    if (!rc)
        rc = desk_calendar_event_get(w->db, w->arena, tenant, id, &ev);
    bool over = rc == DESK_ENOTFOUND || (!rc && !stands(&row));
    if (over)
        google_done(r);
    else if (rc)
        outbox_again(r, rc);
    else
        desk_outbox_ended(r, DESK_END_FAILED,
                          "You moved %s%s%s in Google to a time at which another visit stands. "
                          "Here it is still where it was: move one of the two.",
                          row.service_name, row.name ? ", " : "", row.name ? row.name : "");
}

void deliver_google_sync(const struct outbox_work *w, struct desk_outbox_result *r)
{
    const char *source = outbox_payload(w, "source"), *id = outbox_payload(w, "clash");
    struct sync s = {.w = w, .arena = desk_arena_new(SYNC_ARENA)};
    struct desk_google_list *l = desk_arena_alloc(w->arena, sizeof *l);
    *r = (struct desk_outbox_result){.end = DESK_END_FAILED};
    if (!s.arena || !l)
        outbox_again(r, DESK_ENOMEM);
    else if (id)
        tell_clash(w, id, r);
    else if (!source)
        outbox_fail(r, "The row does not say which calendar.");
    else if (google_open(&s.g, w, DESK_GOOGLE_CALENDAR, r) &&
             google_calendar_open(&s.g, source, NULL, r))
        run(&s, l, r);
    desk_arena_free(s.arena);
}
