/* Our own calendar: rows of store/appointments.h and nothing else. */
#include "talk/calendar.h"
#include "base/log.h"
#include "store/calendar_sources.h"
#include "talk/visit_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS     (24LL * 3600 * 1000)
#define PIECE_MS   (7 * DAY_MS) /* of a search: so much is read at once */
#define BUSY_ARENA (16 * 1024 * 1024)
#define AGAIN_MAX  20 /* bookings for the same cause, each after the one before was given up */

/* ---- what is taken --------------------------------------------------------------------------- */

struct busy {
    struct desk_arena *arena; /* of its own: read in pieces, and only the slots are kept */
    struct desk_slot_busy *v;
    size_t n;
};

struct keys {
    char v[DESK_MAX_SLOT_RESOURCES][DESK_BLIND_LEN];
    size_t n;
};

static void keys_of(const struct desk_calendar_place *p, struct keys *k)
{
    struct desk_slot_resource all[DESK_MAX_SLOT_RESOURCES];
    const char *name;
    k->n = desk_slot_resources(p->business, all);
    for (size_t i = 0; i < k->n; i++)
        desk_calendar_resource(p, (int)i, k->v[i], &name);
}

static bool is_but(const struct desk_calendar_ask *ask, const char *id)
{
    for (size_t i = 0; i < ask->n_but; i++)
        if (strcmp(ask->but[i], id) == 0)
            return true;
    return false;
}

/* A visit here to somebody or something that is no more in the profile takes up everybody: better
 * one too few than two at once. One of another branch with its own resources is no matter. */
static void take(const struct desk_calendar_place *p, const struct keys *k,
                 const struct desk_appointment_busy *row, struct busy *out)
{
    size_t i = 0;
    while (i < k->n && strcmp(k->v[i], row->resource) != 0)
        i++;
    if (i == k->n && strcmp(row->location_id, p->location_id) != 0)
        return;
    out->v[out->n++] =
        (struct desk_slot_busy){row->start_at, row->busy_until, i < k->n ? (int)i : DESK_SLOT_ALL};
}

/* What stands in a calendar outside of ours: everybody's, or one person's. Of a person who is no
 * more in the profile it is no matter. */
static void take_other(const struct keys *k, const struct desk_calendar_busy *row, struct busy *out)
{
    size_t i = 0;
    while (row->resource && i < k->n && strcmp(k->v[i], row->resource) != 0)
        i++;
    if (!row->resource || i < k->n)
        out->v[out->n++] = (struct desk_slot_busy){row->start_at, row->end_at,
                                                   row->resource ? (int)i : DESK_SLOT_ALL};
}

static int by_from(const void *a, const void *b)
{
    const struct desk_slot_busy *x = a, *y = b;
    return x->from < y->from ? -1 : x->from > y->from;
}

static enum desk_rc busy_load(const struct desk_calendar_place *p,
                              const struct desk_calendar_ask *ask, int64_t from, int64_t to,
                              struct busy *out)
{
    struct desk_appointment_busy *rows = NULL;
    struct keys *k;
    size_t n = 0;
    *out = (struct busy){.arena = desk_arena_new(BUSY_ARENA)};
    k = out->arena ? desk_arena_alloc(out->arena, sizeof *k) : NULL;
    if (!k)
        return DESK_ENOMEM;
    keys_of(p, k);
    enum desk_rc rc = desk_appointments_busy(p->db, out->arena, p->tenant_id, from, to, p->now,
                                             DESK_MAX_BUSY, &rows, &n);
    struct desk_calendar_busy *others = NULL;
    size_t n_others = 0;
    if (!rc)
        rc = desk_calendar_busy_between(p->db, out->arena, p->tenant_id, from, to, DESK_MAX_BUSY,
                                        &others, &n_others);
    if (!rc && (n == DESK_MAX_BUSY || n_others == DESK_MAX_BUSY))
        rc = DESK_ELIMIT; /* what was not read might be taken */
    out->v = rc ? NULL : desk_arena_alloc(out->arena, (n + n_others + 1) * sizeof *out->v);
    if (!rc && !out->v)
        rc = DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++)
        if (!is_but(ask, rows[i].id))
            take(p, k, &rows[i], out);
    for (size_t i = 0; !rc && i < n_others; i++)
        take_other(k, &others[i], out);
    if (!rc && n_others)
        qsort(out->v, out->n, sizeof *out->v, by_from);
    return rc;
}

static struct desk_slots_ask slots_ask(const struct desk_calendar_place *p,
                                       const struct desk_calendar_ask *ask)
{
    return (struct desk_slots_ask){.business = p->business,
                                   .service = ask->service,
                                   .minutes = ask->minutes,
                                   .now = p->now,
                                   .wish = ask->wish,
                                   .resource = ask->resource,
                                   .max = ask->max,
                                   .per_day = ask->per_day,
                                   .apart_ms = ask->apart_ms};
}

/* ---- finding --------------------------------------------------------------------------------- */

/* One piece of the wish into out, behind what is there. */
static enum desk_rc find_piece(const struct desk_calendar_place *p,
                               const struct desk_calendar_ask *ask, int64_t from, int64_t to,
                               struct desk_slots *out)
{
    struct busy busy;
    struct desk_slots *some = NULL;
    struct desk_slots_ask q = slots_ask(p, ask);
    q.wish.from = from;
    q.wish.to = to;
    q.max -= out->n;
    int64_t after = desk_slots_length_ms(&q) + desk_slots_gap_ms(&q);
    enum desk_rc rc = busy_load(p, ask, from, to + after, &busy);
    if (!rc) {
        some = desk_arena_alloc(busy.arena, sizeof *some);
        rc = some ? DESK_OK : DESK_ENOMEM;
    }
    if (!rc) {
        q.busy = busy.v;
        q.n_busy = busy.n;
        desk_slots_find(&q, some);
        for (size_t i = 0; i < some->n && out->n < DESK_MAX_SLOTS; i++)
            out->v[out->n++] = some->v[i];
        if (some->why > out->why) {
            out->why = some->why;
            memcpy(out->label, some->label, sizeof out->label);
        }
    }
    desk_arena_free(busy.arena);
    return rc;
}

static enum desk_rc find(const struct desk_calendar_place *p, const struct desk_calendar_ask *ask,
                         struct desk_slots *out)
{
    const struct desk_slot_wish *w = &ask->wish;
    int64_t end = p->now + (p->business->booking.days_ahead + 2) * DAY_MS;
    int64_t from = w->from, to = w->to && w->to < end ? w->to : end;
    enum desk_rc rc = DESK_OK;
    *out = (struct desk_slots){.why = DESK_SLOTS_FREE};
    if (w->to == w->from)
        rc = find_piece(p, ask, w->from, w->to, out);
    else if ((w->to && w->to <= p->now) || w->from >= end)
        rc = find_piece(p, ask, w->from, w->from + DAY_MS, out); /* only to be told why not */
    from = from < p->now - DAY_MS ? p->now - DAY_MS : from;
    for (; !rc && w->to != w->from && from < to && out->n < ask->max && out->n < DESK_MAX_SLOTS;
         from += PIECE_MS)
        rc = find_piece(p, ask, from, from + PIECE_MS < to ? from + PIECE_MS : to, out);
    if (!rc && out->n)
        out->why = DESK_SLOTS_FREE;
    return rc;
}

/* ---- booking --------------------------------------------------------------------------------- */

/* May it be had, at that very time and with that resource? FREE, or why not. */
static enum desk_rc check(const struct desk_calendar_place *p,
                          const struct desk_calendar_slot *slot, const char *but,
                          enum desk_slots_why *why)
{
    const struct desk_slot *s = &slot->slot;
    struct busy busy;
    struct desk_calendar_ask ask = {.service = slot->service,
                                    .minutes = (int)((s->end - s->start) / 60000),
                                    .resource = s->resource,
                                    .but = {but},
                                    .n_but = but != NULL};
    enum desk_rc rc = busy_load(p, &ask, s->start, s->until, &busy);
    if (!rc) {
        struct desk_slots_ask q = slots_ask(p, &ask);
        q.busy = busy.v;
        q.n_busy = busy.n;
        *why = desk_slots_check(&q, s->start, NULL);
    }
    desk_arena_free(busy.arena);
    return rc;
}

static const char *key_of(const struct desk_calendar_place *p, const char *number)
{
    char key[DESK_BLIND_LEN];
    if (!number || !*number)
        return NULL;
    desk_blind(desk_db_key(p->db), p->tenant_id, number, key);
    return desk_arena_strdup(p->arena, key);
}

static enum desk_rc fill(const struct desk_calendar_place *p, const struct desk_calendar_slot *slot,
                         const struct desk_booking *k, struct desk_appointment *row)
{
    char resource[DESK_BLIND_LEN];
    const char *who;
    bool other = k->caller && *k->caller && (!k->number || strcmp(k->caller, k->number) != 0);
    desk_calendar_resource(p, slot->slot.resource, resource, &who);
    *row = (struct desk_appointment){.tenant_id = p->tenant_id,
                                     .location_id = p->location_id,
                                     .contact_id = k->contact_id,
                                     .call_id = k->call_id,
                                     .service = slot->service->id,
                                     .service_name = slot->service->name,
                                     .resource = desk_arena_strdup(p->arena, resource),
                                     .resource_name = who,
                                     .start_at = slot->slot.start,
                                     .end_at = slot->slot.end,
                                     .busy_until = slot->slot.until,
                                     .name = k->name,
                                     .number = k->number,
                                     .number_key = key_of(p, k->number),
                                     .caller_key = other ? key_of(p, k->caller) : NULL,
                                     .address = k->address,
                                     .notes = k->notes,
                                     .urgent = k->urgent,
                                     .source = k->source,
                                     .created_at = p->now,
                                     .updated_at = p->now};
    return row->resource && (!k->number || row->number_key) && (!other || row->caller_key)
               ? DESK_OK
               : DESK_ENOMEM;
}

static bool stands(const struct desk_appointment *row)
{
    return strcmp(row->status, DESK_APPT_BOOKED) == 0 || strcmp(row->status, DESK_APPT_MOVED) == 0;
}

/* The row of that cause. DESK_OK: it is there, at that time: *before. DESK_ENOTFOUND: row->id is
 * one to be made. What was given up since, or moved away, does not count. */
static enum desk_rc by_cause(const struct desk_calendar_place *p, const char *cause,
                             struct desk_appointment *row, struct desk_appointment *before)
{
    char id[DESK_ID_LEN];
    enum desk_rc rc = DESK_OK;
    for (int i = 0; !rc && i < AGAIN_MAX; i++) {
        char *text = desk_arena_fmt(p->arena, "%s|%s|%s|%lld|%d", cause ? cause : "", row->service,
                                    row->resource, (long long)row->start_at, i);
        row->id = !text   ? NULL
                  : cause ? desk_arena_strdup(p->arena,
                                              desk_appointment_id(p->db, p->tenant_id, text, id))
                          : desk_arena_strdup(p->arena, desk_id_new(id, "ap"));
        if (!row->id)
            return DESK_ENOMEM;
        rc = desk_appointment_get(p->db, p->arena, p->tenant_id, row->id, before);
        bool held = !rc && strcmp(before->status, DESK_APPT_HELD) == 0;
        if (!rc && (stands(before) || held) && before->start_at == row->start_at)
            return DESK_OK;
    }
    return rc ? rc : DESK_ELIMIT;
}

/* status: held or booked. */
static enum desk_rc put(const struct desk_calendar_place *p, const struct desk_calendar_slot *slot,
                        const struct desk_booking *k, const char *status, int64_t hold_until,
                        struct desk_booked *out)
{
    struct desk_appointment row, before;
    memset(out, 0, sizeof *out);
    out->firm = true;
    enum desk_rc rc = fill(p, slot, k, &row);
    if (rc)
        return rc;
    row.status = status;
    row.hold_until = hold_until;
    rc = by_cause(p, k->cause, &row, &before);
    if (!rc) {
        out->repeat = stands(&before);
        out->row = before;
        if (out->repeat || hold_until)
            return DESK_OK;
        out->row.status = DESK_APPT_BOOKED;
        rc = desk_appointment_confirm(p->db, p->tenant_id, before.id);
        out->why = rc == DESK_ECONFLICT ? DESK_SLOTS_FULL : DESK_SLOTS_FREE;
        return rc;
    }
    if (rc != DESK_ENOTFOUND)
        return rc;
    rc = k->anyway ? DESK_OK : check(p, slot, NULL, &out->why);
    if (!rc && out->why)
        return DESK_ECONFLICT;
    if (!rc)
        rc = desk_appointment_insert(p->db, &row);
    if (rc == DESK_ECONFLICT)
        out->why = DESK_SLOTS_FULL;
    out->row = row;
    return rc;
}

static enum desk_rc hold(const struct desk_calendar_place *p, const struct desk_calendar_slot *slot,
                         const struct desk_booking *k, int64_t for_ms, struct desk_booked *out)
{
    return put(p, slot, k, DESK_APPT_HELD, p->now + for_ms, out);
}

static enum desk_rc text(const struct desk_calendar_place *p, enum desk_visit_text which,
                         const struct desk_appointment *row, int64_t before)
{
    return desk_visit_text(
        p, &(struct desk_visit_words){.which = which, .row = row, .before = before}, NULL);
}

static enum desk_rc book(const struct desk_calendar_place *p, const struct desk_calendar_slot *slot,
                         const struct desk_booking *k, struct desk_booked *out)
{
    enum desk_rc rc = put(p, slot, k, DESK_APPT_BOOKED, 0, out);
    if (rc || out->repeat)
        return rc;
    desk_fields_event(DESK_LOG_INFO, "appointment.booked", &desk_appointment_fields, &out->row);
    return text(p, DESK_VISIT_BOOKED, &out->row, 0);
}

enum desk_rc desk_calendar_move_row(const struct desk_calendar_place *p,
                                    const struct desk_appointment *from,
                                    const struct desk_calendar_slot *to, bool anyway,
                                    struct desk_booked *out)
{
    char resource[DESK_BLIND_LEN];
    const char *who;
    memset(out, 0, sizeof *out);
    out->firm = true;
    desk_calendar_resource(p, to->slot.resource, resource, &who);
    out->row = *from;
    out->row.location_id = p->location_id;
    out->row.resource = desk_arena_strdup(p->arena, resource);
    out->row.resource_name = who;
    out->row.start_at = to->slot.start;
    out->row.end_at = to->slot.end;
    out->row.busy_until = to->slot.until;
    if (!out->row.resource)
        return DESK_ENOMEM;
    if (stands(from) && from->start_at == to->slot.start &&
        strcmp(from->resource, out->row.resource) == 0) {
        out->repeat = true;
        return DESK_OK;
    }
    enum desk_rc rc = anyway ? DESK_OK : check(p, to, from->id, &out->why);
    if (!rc && out->why)
        return DESK_ECONFLICT;
    if (!rc)
        rc = desk_appointment_move(p->db, &out->row);
    if (rc == DESK_ECONFLICT)
        out->why = DESK_SLOTS_FULL;
    if (rc)
        return rc;
    out->row.status = DESK_APPT_MOVED;
    out->row.sequence++;
    desk_fields_event(DESK_LOG_INFO, "appointment.moved", &desk_appointment_fields, &out->row);
    return DESK_OK;
}

static enum desk_rc move(const struct desk_calendar_place *p, const struct desk_appointment *from,
                         const struct desk_calendar_slot *to, bool anyway, struct desk_booked *out)
{
    enum desk_rc rc = desk_calendar_move_row(p, from, to, anyway, out);
    return rc || out->repeat ? rc : text(p, DESK_VISIT_MOVED, &out->row, from->start_at);
}

static enum desk_rc cancel(const struct desk_calendar_place *p, const struct desk_appointment *what,
                           struct desk_booked *out)
{
    memset(out, 0, sizeof *out);
    out->firm = true;
    out->row = *what;
    enum desk_rc rc = desk_appointment_end(p->db, p->tenant_id, what->id, DESK_APPT_CANCELLED);
    if (rc)
        return rc;
    out->row.status = DESK_APPT_CANCELLED;
    out->row.sequence++;
    desk_fields_event(DESK_LOG_INFO, "appointment.cancelled", &desk_appointment_fields, &out->row);
    return text(p, DESK_VISIT_CANCELLED, &out->row, 0);
}

const struct desk_calendar desk_calendar_own = {
    .name = "own",
    .help = "our own calendar, in the database",
    .find = find,
    .hold = hold,
    .book = book,
    .move = move,
    .cancel = cancel,
};
