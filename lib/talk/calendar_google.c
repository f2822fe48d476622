/* The owner's Google Calendar as the business's: our rows first, Google's agreement by the worker.
 *
 * A booking is a row that is held until the visit would be over (nobody else gets that time), and a
 * row of the outbox: the worker asks Google whether it is free there, writes the event under an id
 * that is made of ours, looks once more, and confirms the row or gives the time back. Whoever is
 * killed at any line of that leaves rows from which the worker begins again. A move holds the new
 * time beside the old one, so that neither is lost until Google has agreed. */
#include "talk/calendar_google.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/calendar_events.h"
#include "store/outbox.h"
#include "talk/calendar.h"

#include <string.h>

#define LOOK_MS  40
#define LEAST_MS 3600000 /* a hold lasts so long at least */

/* ---- rows of the outbox ---------------------------------------------------------------------- */

/* Made, or wakened; one that is on its way sees what it finds. */
static enum desk_rc queue(struct desk_db *db, const struct desk_outbox_new *n)
{
    enum desk_rc rc = desk_outbox_add(db, n);
    if (rc == DESK_ECONFLICT)
        rc = desk_outbox_wake(db, n->tenant_id, n->dedupe);
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

enum desk_rc desk_calendar_push(struct desk_db *db, const char *tenant_id, const char *call_id,
                                const char *appointment_id, int64_t sequence)
{
    char payload[100], dedupe[100];
    snprintf(payload, sizeof payload, "{\"appointment\":\"%s\"}", appointment_id);
    snprintf(dedupe, sizeof dedupe, "google:%s:%lld", appointment_id, (long long)sequence);
    return queue(db, &(struct desk_outbox_new){.tenant_id = tenant_id,
                                               .call_id = call_id,
                                               .kind = DESK_OUTBOX_EVENT,
                                               .dedupe = dedupe,
                                               .priority = DESK_OUTBOX_NORMAL,
                                               .payload = payload});
}

static void watch_cause(const struct desk_calendar_source *s, char out[64])
{
    snprintf(out, 64, "watch:%s", s->id);
}

enum desk_rc desk_calendar_watch(struct desk_db *db, const struct desk_calendar_source *s)
{
    char payload[100], dedupe[64];
    bool ics = strcmp(s->kind, DESK_SOURCE_ICS) == 0;
    snprintf(payload, sizeof payload, "{\"source\":\"%s\"}", s->id);
    watch_cause(s, dedupe);
    return queue(db, &(struct desk_outbox_new){.tenant_id = s->tenant_id,
                                               .kind = ics ? DESK_OUTBOX_IMPORT : DESK_OUTBOX_SYNC,
                                               .dedupe = dedupe,
                                               .priority = DESK_OUTBOX_NORMAL,
                                               .payload = payload});
}

enum desk_rc desk_calendar_unwatch(struct desk_db *db, struct desk_arena *a,
                                   const struct desk_calendar_source *s)
{
    char dedupe[64];
    struct desk_outbox row;
    watch_cause(s, dedupe);
    enum desk_rc rc = desk_outbox_by_cause(db, a, s->tenant_id, dedupe, &row);
    if (!rc)
        rc = desk_outbox_drop(db, s->tenant_id, row.id);
    return rc == DESK_ENOTFOUND ? DESK_OK : rc; /* one on its way finds no source, and ends */
}

/* ---- booking --------------------------------------------------------------------------------- */

static enum desk_rc find(const struct desk_calendar_place *p, const struct desk_calendar_ask *ask,
                         struct desk_slots *out)
{
    return desk_calendar_own.find(p, ask, out);
}

static enum desk_rc hold(const struct desk_calendar_place *p, const struct desk_calendar_slot *slot,
                         const struct desk_booking *k, int64_t for_ms, struct desk_booked *out)
{
    return desk_calendar_own.hold(p, slot, k, for_ms, out);
}

static int64_t hold_ms(const struct desk_calendar_place *p, int64_t end)
{
    return end - p->now > LEAST_MS ? end - p->now : LEAST_MS;
}

/* A held row of ours is to stand in Google; moves: the visit that comes to it. call_id: whose
 * timeline tells of it. */
static enum desk_rc want(const struct desk_calendar_place *p, const struct desk_appointment *row,
                         const char *moves, const char *call_id, struct desk_booked *out)
{
    struct desk_calendar_source main;
    enum desk_rc rc = desk_calendar_source_main(p->db, p->arena, p->tenant_id, &main);
    if (!rc)
        rc = desk_calendar_event_add(p->db, p->tenant_id, row->id, main.id, moves);
    out->firm = false;
    out->pending = desk_arena_strdup(p->arena, row->id);
    if (rc == DESK_ECONFLICT) { /* asked for before: it is on its way */
        out->repeat = true;
        return DESK_OK;
    }
    if (!rc)
        rc = desk_calendar_push(p->db, p->tenant_id, call_id, row->id, row->sequence);
    return !rc && !out->pending ? DESK_ENOMEM : rc;
}

static enum desk_rc book(const struct desk_calendar_place *p, const struct desk_calendar_slot *slot,
                         const struct desk_booking *k, struct desk_booked *out)
{
    enum desk_rc rc = desk_calendar_own.hold(p, slot, k, hold_ms(p, slot->slot.end), out);
    return rc || out->repeat ? rc : want(p, &out->row, NULL, out->row.call_id, out);
}

/* ---- moving and cancelling ------------------------------------------------------------------- */

/* To a time that its own old one overlaps nothing can be held beside it: our row goes there at
 * once, and comes back if Google does not agree. */
static enum desk_rc move_at_once(const struct desk_calendar_place *p,
                                 const struct desk_appointment *from,
                                 const struct desk_calendar_slot *to, bool anyway,
                                 struct desk_booked *out)
{
    enum desk_rc rc = desk_calendar_move_row(p, from, to, anyway, out);
    if (rc || out->repeat)
        return rc;
    out->firm = false;
    out->pending = desk_arena_strdup(p->arena, from->id);
    if (!out->pending)
        return DESK_ENOMEM;
    return desk_calendar_push(p->db, p->tenant_id, from->call_id, from->id, out->row.sequence);
}

static enum desk_rc move_by_hold(const struct desk_calendar_place *p,
                                 const struct desk_appointment *from,
                                 const struct desk_calendar_slot *to, bool anyway,
                                 struct desk_booked *out)
{
    struct desk_booked held;
    const char *cause =
        desk_arena_fmt(p->arena, "move|%s|%lld", from->id, (long long)from->sequence);
    const struct desk_booking k = {.cause = cause,
                                   .name = from->name, /* it is no visit of anybody's yet */
                                   .source = from->source,
                                   .anyway = anyway};
    if (!cause)
        return DESK_ENOMEM;
    enum desk_rc rc = desk_calendar_own.hold(p, to, &k, hold_ms(p, to->slot.end), &held);
    *out = held;
    if (rc)
        return rc;
    rc = want(p, &held.row, from->id, from->call_id, out);
    out->row = *from;
    out->row.start_at = to->slot.start;
    out->row.end_at = to->slot.end;
    out->row.busy_until = to->slot.until;
    out->row.resource = held.row.resource;
    out->row.resource_name = held.row.resource_name;
    return rc;
}

/* What is not in Google (made before it was connected) moves as in ours. */
static enum desk_rc move(const struct desk_calendar_place *p, const struct desk_appointment *from,
                         const struct desk_calendar_slot *to, bool anyway, struct desk_booked *out)
{
    char resource[DESK_BLIND_LEN];
    const char *who;
    struct desk_calendar_event e;
    memset(out, 0, sizeof *out);
    enum desk_rc rc = desk_calendar_event_get(p->db, p->arena, p->tenant_id, from->id, &e);
    if (rc == DESK_ENOTFOUND)
        return desk_calendar_own.move(p, from, to, anyway, out);
    if (rc)
        return rc;
    desk_calendar_resource(p, to->slot.resource, resource, &who);
    bool over = strcmp(resource, from->resource) == 0 && to->slot.start < from->busy_until &&
                to->slot.until > from->start_at;
    return (over ? move_at_once : move_by_hold)(p, from, to, anyway, out);
}

/* Ours is what counts: it is off at once, and Google hears of it. */
static enum desk_rc cancel(const struct desk_calendar_place *p, const struct desk_appointment *what,
                           struct desk_booked *out)
{
    struct desk_calendar_event e;
    enum desk_rc rc = desk_calendar_own.cancel(p, what, out);
    if (rc)
        return rc;
    rc = desk_calendar_event_get(p->db, p->arena, p->tenant_id, what->id, &e);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    return desk_calendar_push(p->db, p->tenant_id, what->call_id, what->id, out->row.sequence);
}

/* ---- waiting for it -------------------------------------------------------------------------- */

enum look { PENDING, FIRM, TAKEN };

/* How far it is. The row of io is read anew where it is firm. */
static enum desk_rc look(const struct desk_calendar_place *p, struct desk_arena *a,
                         const struct desk_booked *io, enum look *how)
{
    struct desk_calendar_event e;
    struct desk_appointment row;
    enum desk_rc rc = desk_appointment_get(p->db, a, p->tenant_id, io->row.id, &row);
    bool there =
        !rc && row.start_at == io->row.start_at && row.end_at == io->row.end_at &&
        (strcmp(row.status, DESK_APPT_BOOKED) == 0 || strcmp(row.status, DESK_APPT_MOVED) == 0);
    *how = PENDING;
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    rc = desk_calendar_event_get(p->db, a, p->tenant_id, io->pending, &e);
    if (rc == DESK_ENOTFOUND) /* a hold that a visit was moved to, or that nobody has any more */
        *how = there ? FIRM : TAKEN;
    else if (rc)
        return rc;
    else if (strcmp(e.state, DESK_EVENT_TAKEN) == 0)
        *how = TAKEN;
    else if (strcmp(e.state, DESK_EVENT_THERE) == 0 && strcmp(e.id, io->row.id) == 0)
        *how = !there ? TAKEN : e.start_at == io->row.start_at ? FIRM : PENDING;
    return DESK_OK;
}

static enum desk_rc look_and_forget(const struct desk_calendar_place *p,
                                    const struct desk_booked *io, enum look *how)
{
    struct desk_arena *a = desk_arena_new(1024 * 1024);
    enum desk_rc rc = a ? look(p, a, io, how) : DESK_ENOMEM;
    desk_arena_free(a);
    return rc;
}

/* Nobody waits where Google cannot be reached for long. */
static bool is_failing(const struct desk_calendar_place *p)
{
    struct desk_calendar_source main;
    enum desk_rc rc = desk_calendar_source_main(p->db, p->arena, p->tenant_id, &main);
    return !rc && main.failing_since;
}

/* In a transaction: how it stands, and that who asked is told so. */
static enum desk_rc note(const struct desk_calendar_place *p, const struct desk_booked *io,
                         enum look *how)
{
    enum desk_rc rc = look_and_forget(p, io, how);
    if (rc || *how == FIRM)
        return rc;
    return desk_calendar_event_told(p->db, p->tenant_id, io->pending,
                                    *how == TAKEN ? DESK_EVENT_TOLD : DESK_EVENT_TOLD_LATER);
}

static enum desk_rc settle(const struct desk_calendar_place *p, struct desk_booked *io,
                           int64_t for_ms)
{
    enum look how = PENDING;
    enum desk_rc rc = DESK_OK;
    int64_t begun = desk_mono_ms(), until = begun + (is_failing(p) ? 0 : for_ms);
    if (io->firm || !io->pending)
        return DESK_OK;
    while (!rc && how == PENDING && desk_mono_ms() < until) {
        desk_sleep_ms(LOOK_MS);
        rc = look_and_forget(p, io, &how);
    }
    if (!rc && how != FIRM) {
        rc = DESK_TX_BEGIN(p->db);
        if (!rc)
            rc = desk_tx_end(p->db, note(p, io, &how));
    }
    if (rc)
        return rc;
    desk_log(DESK_LOG_INFO, "calendar.settled", "id=%s firm=%d taken=%d took_ms=%lld", io->row.id,
             how == FIRM, how == TAKEN, (long long)(desk_mono_ms() - begun));
    io->firm = how == FIRM;
    io->why = how == TAKEN ? DESK_SLOTS_FULL : DESK_SLOTS_FREE;
    return how == TAKEN ? DESK_ECONFLICT : DESK_OK;
}

const struct desk_calendar desk_calendar_google = {
    .name = "google",
    .help = "the owner's Google Calendar beside our own",
    .find = find,
    .hold = hold,
    .book = book,
    .move = move,
    .cancel = cancel,
    .settle = settle,
};
