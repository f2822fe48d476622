/* Kind "google_event": Google is brought to agree with one visit of ours, whatever state the two
 * are in (talk/calendar_google.c tells how a visit comes to be held). Each run begins anew from the
 * rows and from what Google says, so it does not matter at which line the one before was killed:
 *
 *   held, not there   look, write, look again, confirm   or give the time back
 *   held, for a move  look, change, look again, move     or leave the visit where it was
 *   stands elsewhere  look, change                       or bring our row back
 *   cancelled         delete
 *
 * The id of an event is made of the visit's, so writing it twice is writing it once. */
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "db/seal.h"
#include "store/calendar_events.h"
#include "store/results.h"
#include "talk/business.h"
#include "talk/visit_text.h"
#include "worker/google_look.h"

#include <stdio.h>
#include <string.h>

#define GENERATIONS 4 /* names of one visit that are tried in one run */

struct job {
    const struct outbox_work *w;
    struct desk_outbox_result *r;
    struct google g;
    struct desk_appointment row; /* the visit, or the hold */
    struct desk_calendar_event ev;
};

static bool is(const struct desk_appointment *row, const char *status)
{
    return strcmp(row->status, status) == 0;
}

static bool stands(const struct desk_appointment *row)
{
    return is(row, DESK_APPT_BOOKED) || is(row, DESK_APPT_MOVED);
}

/* ---- words ----------------------------------------------------------------------------------- */

static const char *phrase(struct job *j, const struct desk_appointment *row)
{
    char when[160];
    desk_calendar_say(&j->g.at, row->start_at, when, sizeof when);
    return desk_arena_fmt(j->w->arena, "%s on %s%s%s", row->service_name, when,
                          row->name ? ", for " : "", row->name ? row->name : "");
}

/* Who asked heard "the owner will confirm", and it cannot be: somebody must call them. */
static enum desk_rc call_back(struct job *j, const struct desk_appointment *row)
{
    char id[DESK_ID_LEN], key[DESK_BLIND_LEN];
    const char *what = phrase(j, row);
    const char *reason =
        what ? desk_arena_fmt(j->w->arena,
                              "They were told that you would confirm %s, but your Google calendar "
                              "has something else then. Agree on another time.",
                              what)
             : NULL;
    if (!reason)
        return DESK_ENOMEM;
    if (row->number)
        desk_blind(desk_db_key(j->w->db), row->tenant_id, row->number, key);
    const struct desk_callback cb = {.id = desk_id_new(id, "cb"),
                                     .tenant_id = row->tenant_id,
                                     .call_id = row->call_id,
                                     .contact_id = row->contact_id,
                                     .name = row->name,
                                     .number = row->number,
                                     .number_key = row->number ? key : NULL,
                                     .reason = reason,
                                     .urgent = row->urgent,
                                     .state = "open",
                                     .created_at = desk_now_ms(),
                                     .kind = "appointment",
                                     .address = row->address};
    return desk_callback_insert(j->w->db, &cb);
}

static struct desk_google_write words(struct job *j, const struct desk_appointment *row,
                                      struct desk_buf *summary, struct desk_buf *text)
{
    desk_calendar_owner_words(&j->g.business, row, summary, text);
    return (struct desk_google_write){.mark = row->id,
                                      .summary = desk_buf_cstr(summary),
                                      .location = j->g.business.phi ? NULL : row->address,
                                      .description = text->len ? desk_buf_cstr(text) : NULL,
                                      .start = row->start_at,
                                      .end = row->end_at,
                                      .hidden = j->g.business.phi};
}

/* ---- what is written at Google --------------------------------------------------------------- */

static bool ours_at(const struct desk_google_event *e, const struct desk_appointment *row)
{
    return !e->cancelled && strcmp(e->ours, row->id) == 0 && e->start == row->start_at &&
           e->end == row->end_at;
}

static enum desk_rc next_name(struct job *j, struct desk_calendar_event *ev)
{
    enum desk_rc rc = DESK_TX_BEGIN(j->w->db);
    return rc ? rc : desk_tx_end(j->w->db, desk_calendar_event_next(j->w->db, j->w->arena, ev));
}

static bool again(struct job *j, enum desk_rc rc)
{
    if (rc)
        outbox_again(j->r, rc);
    return rc != DESK_OK;
}

static bool no(struct job *j, const struct desk_google_result *from)
{
    google_failed(&j->g, from, j->r);
    return false;
}

/* One that is there under our name: by an attempt whose answer was lost, else an older one of that
 * name that was deleted, or is somebody's. *mine: it is the visit. False: Google did not say. */
static bool who_is_it(struct job *j, const struct desk_calendar_event *ev,
                      const struct desk_appointment *row, struct desk_google_event *e, bool *mine)
{
    struct desk_google_result from;
    const struct desk_google_calendar *cal = j->w->services->calendar;
    if (cal->get(&j->g.place, ev->event_id, e, &from) && from.end != DESK_GOOGLE_MISSING)
        return no(j, &from);
    *mine = !from.end && ours_at(e, row);
    return true;
}

/* False: *r says why it is not there. */
static bool write_event(struct job *j, struct desk_calendar_event *ev,
                        const struct desk_appointment *row, struct desk_google_event *e)
{
    struct desk_buf summary, text;
    struct desk_google_result from = {.end = DESK_GOOGLE_OK};
    struct desk_google_write what = words(j, row, &summary, &text);
    bool mine = false, ok = true;
    for (int i = 0; ok && !mine && i < GENERATIONS; i++) {
        what.id = ev->event_id;
        j->w->services->calendar->insert(&j->g.place, &what, e, &from);
        mine = !from.end;
        if (mine)
            break;
        if (from.end != DESK_GOOGLE_EXISTS)
            ok = no(j, &from);
        else
            ok = who_is_it(j, ev, row, e, &mine) && (mine || !again(j, next_name(j, ev)));
    }
    if (ok && !mine)
        no(j, &from);
    desk_buf_clear(&summary);
    desk_buf_clear(&text);
    return ok && mine;
}

/* The one that is there gets the visit's times and words; one that is gone is written anew. */
static bool change_event(struct job *j, struct desk_calendar_event *ev,
                         const struct desk_appointment *row, struct desk_google_event *e)
{
    struct desk_buf summary, text;
    struct desk_google_result from;
    const struct desk_google_calendar *cal = j->w->services->calendar;
    const struct desk_google_write what = words(j, row, &summary, &text);
    cal->patch(&j->g.place, ev->event_id, ev->etag, &what, e, &from);
    /* the owner has changed something of it: their words stay as ours, the time is what was agreed
     */
    if (from.end == DESK_GOOGLE_CHANGED && !cal->get(&j->g.place, ev->event_id, e, &from) &&
        !e->cancelled)
        cal->patch(&j->g.place, ev->event_id, NULL, &what, e, &from);
    desk_buf_clear(&summary);
    desk_buf_clear(&text);
    bool gone = from.end == DESK_GOOGLE_MISSING || from.end == DESK_GOOGLE_GONE ||
                (!from.end && e->cancelled);
    if (gone)
        return !again(j, next_name(j, ev)) && write_event(j, ev, row, e);
    return from.end ? no(j, &from) : true;
}

static bool erase(struct job *j, const struct desk_calendar_event *ev)
{
    struct desk_google_result from;
    return j->w->services->calendar->erase(&j->g.place, ev->event_id, &from) ? no(j, &from) : true;
}

static enum desk_rc set_there(struct job *j, struct desk_calendar_event *ev,
                              const struct desk_google_event *e)
{
    ev->state = DESK_EVENT_THERE;
    ev->etag = desk_arena_strdup(j->w->arena, e->etag);
    ev->start_at = e->start;
    ev->end_at = e->end;
    return ev->etag ? desk_calendar_event_set(j->w->db, ev) : DESK_ENOMEM;
}

/* ---- the time is taken ----------------------------------------------------------------------- */

/* In a transaction: the hold is let go. Who asked may wait for that, and be told; else they heard
 * that the owner will confirm. */
static enum desk_rc give_back(struct job *j)
{
    struct desk_calendar_event now;
    struct desk_db *db = j->w->db;
    const char *what = phrase(j, &j->row);
    enum desk_rc rc = desk_calendar_event_get(db, j->w->arena, j->row.tenant_id, j->row.id, &now);
    if (!rc)
        rc = desk_appointment_end(db, j->row.tenant_id, j->row.id, DESK_APPT_CANCELLED);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    now.state = DESK_EVENT_TAKEN;
    rc = desk_calendar_event_set(db, &now);
    if (rc || now.told != DESK_EVENT_TOLD_LATER)
        return rc;
    rc = call_back(j, &j->row);
    if (!rc)
        rc = desk_calendar_event_told(db, j->row.tenant_id, j->row.id, DESK_EVENT_TOLD);
    return rc ? rc
              : google_note(&j->g, j->w->row->call_id, "google_event",
                            what ? desk_arena_fmt(j->w->arena,
                                                  "Not booked after all, the owner's Google "
                                                  "calendar has something else then: %s. They "
                                                  "are to be called back.",
                                                  what)
                                 : NULL);
}

static void is_taken(struct job *j)
{
    enum desk_rc rc = DESK_TX_BEGIN(j->w->db);
    if (!rc)
        rc = desk_tx_end(j->w->db, give_back(j));
    if (!again(j, rc))
        google_done(j->r);
    desk_log(DESK_LOG_NOTICE, "google.taken", "id=%s rc=%s", j->row.id, desk_rc_name(rc));
}

/* ---- a booking ------------------------------------------------------------------------------- */

/* In a transaction. DESK_ENOTFOUND: the hold is no more; DESK_ECONFLICT: its time is another's. */
static enum desk_rc confirm(struct job *j, const struct desk_google_event *e)
{
    struct desk_calendar_event now;
    struct desk_db *db = j->w->db;
    enum desk_rc rc = desk_calendar_event_get(db, j->w->arena, j->row.tenant_id, j->row.id, &now);
    if (!rc)
        rc = desk_appointment_confirm(db, j->row.tenant_id, j->row.id);
    if (!rc)
        rc = set_there(j, &j->ev, e);
    if (!rc)
        rc = desk_calendar_event_told(db, j->row.tenant_id, j->row.id, DESK_EVENT_TOLD);
    if (rc)
        return rc;
    j->row.status = DESK_APPT_BOOKED;
    j->g.at.on_the_line = !now.told;
    rc = desk_visit_text(
        &j->g.at, &(struct desk_visit_words){.which = DESK_VISIT_BOOKED, .row = &j->row}, NULL);
    if (rc || now.told != DESK_EVENT_TOLD_LATER)
        return rc;
    const char *what = phrase(j, &j->row);
    return google_note(&j->g, j->w->row->call_id, "google_event",
                       what ? desk_arena_fmt(j->w->arena, "Confirmed: %s.", what) : NULL);
}

static void book(struct job *j)
{
    struct desk_google_event e;
    if (j->row.end_at <= desk_now_ms()) {
        outbox_fail(j->r, "Its time has passed before Google could be reached.");
        return;
    }
    enum google_look look =
        google_look_before(&j->g, j->row.resource, j->row.start_at, j->row.busy_until, j->r);
    if (look == GOOGLE_IS_TAKEN && !erase(j, &j->ev)) /* of an attempt before, if it is there */
        return;
    if (!look && !write_event(j, &j->ev, &j->row, &e))
        return;
    if (!look) {
        look = google_look_after(&j->g, &e, false, j->row.start_at, j->row.busy_until, j->r);
        if (look == GOOGLE_IS_TAKEN && !erase(j, &j->ev))
            return;
    }
    if (look == GOOGLE_IS_TAKEN)
        is_taken(j);
    if (look)
        return;
    enum desk_rc rc = DESK_TX_BEGIN(j->w->db);
    if (!rc)
        rc = desk_tx_end(j->w->db, confirm(j, &e));
    /* cancelled meanwhile, or the hold ran out: nobody comes */
    if ((rc == DESK_ENOTFOUND || rc == DESK_ECONFLICT) && erase(j, &j->ev)) {
        if (rc == DESK_ECONFLICT)
            is_taken(j);
        else
            google_done(j->r);
    } else if (!rc)
        google_done(j->r);
    else if (rc != DESK_ENOTFOUND && rc != DESK_ECONFLICT)
        outbox_again(j->r, rc);
}

/* ---- a move ---------------------------------------------------------------------------------- */

/* In a transaction: the visit comes to where the hold was. */
static enum desk_rc come(struct job *j, struct desk_appointment *visit,
                         struct desk_calendar_event *ev, const struct desk_google_event *e)
{
    struct desk_db *db = j->w->db;
    int64_t before = visit->start_at;
    struct desk_appointment to = *visit;
    to.location_id = j->row.location_id;
    to.resource = j->row.resource;
    to.resource_name = j->row.resource_name;
    to.start_at = j->row.start_at;
    to.end_at = j->row.end_at;
    to.busy_until = j->row.busy_until;
    enum desk_rc rc = desk_appointment_let_go(db, j->row.tenant_id, j->row.id);
    if (!rc)
        rc = desk_appointment_move(db, &to);
    if (!rc)
        rc = set_there(j, ev, e);
    if (rc)
        return rc;
    to.status = DESK_APPT_MOVED;
    to.sequence++;
    return desk_visit_text(
        &j->g.at,
        &(struct desk_visit_words){.which = DESK_VISIT_MOVED, .row = &to, .before = before}, NULL);
}

/* Back to where the visit is. */
static bool undo(struct job *j, struct desk_calendar_event *ev,
                 const struct desk_appointment *visit)
{
    struct desk_google_event e;
    ev->etag = NULL;
    return change_event(j, ev, visit, &e);
}

static void move_to(struct job *j, struct desk_appointment *visit, struct desk_calendar_event *ev)
{
    struct desk_google_event e;
    struct desk_appointment there = *visit;
    there.start_at = j->row.start_at;
    there.end_at = j->row.end_at;
    there.resource_name = j->row.resource_name;
    enum google_look look =
        google_look_before(&j->g, j->row.resource, j->row.start_at, j->row.busy_until, j->r);
    if (!look && !change_event(j, ev, &there, &e))
        return;
    if (!look)
        look = google_look_after(&j->g, &e, true, j->row.start_at, j->row.busy_until, j->r);
    if (look == GOOGLE_IS_TAKEN && undo(j, ev, visit))
        is_taken(j);
    if (look)
        return;
    enum desk_rc rc = DESK_TX_BEGIN(j->w->db);
    if (!rc)
        rc = desk_tx_end(j->w->db, come(j, visit, ev, &e));
    /* cancelled meanwhile: a row of its own sees to that */
    if (rc == DESK_ENOTFOUND || !rc)
        google_done(j->r);
    else if (rc == DESK_ECONFLICT)
        outbox_fail(j->r, "That time is another visit's by now.");
    else
        outbox_again(j->r, rc);
}

static void move(struct job *j)
{
    struct desk_appointment visit;
    struct desk_calendar_event ev;
    struct desk_db *db = j->w->db;
    enum desk_rc rc = desk_appointment_get(db, j->w->arena, j->row.tenant_id, j->ev.moves, &visit);
    if (!rc)
        rc = desk_calendar_event_get(db, j->w->arena, j->row.tenant_id, visit.id, &ev);
    if (!rc && stands(&visit)) {
        move_to(j, &visit, &ev);
        return;
    }
    if (!rc || rc == DESK_ENOTFOUND) { /* nothing is left that could be moved */
        rc = DESK_TX_BEGIN(db);
        if (!rc)
            rc = desk_tx_end(db, desk_appointment_let_go(db, j->row.tenant_id, j->row.id));
    }
    if (!again(j, rc == DESK_ENOTFOUND ? DESK_OK : rc))
        google_done(j->r);
}

/* ---- our row stands elsewhere ---------------------------------------------------------------- */

/* In a transaction: our row goes back to where the event is. */
static enum desk_rc bring_back(struct job *j)
{
    struct desk_calendar_event now;
    struct desk_db *db = j->w->db;
    struct desk_appointment to = j->row;
    to.start_at = j->ev.start_at;
    to.end_at = j->ev.end_at;
    to.busy_until = j->ev.end_at + (j->row.busy_until - j->row.end_at);
    enum desk_rc rc = desk_calendar_event_get(db, j->w->arena, to.tenant_id, to.id, &now);
    if (!rc)
        rc = desk_appointment_move(db, &to);
    if (!rc && now.told == DESK_EVENT_TOLD_LATER)
        rc = call_back(j, &j->row);
    return rc;
}

static void bring(struct job *j)
{
    enum desk_rc rc = DESK_TX_BEGIN(j->w->db);
    if (!rc)
        rc = desk_tx_end(j->w->db, bring_back(j));
    if (rc == DESK_ECONFLICT)
        outbox_fail(j->r, "The visit was moved to a time at which your Google calendar has "
                          "something else, and where it was is another's now: agree on a time.");
    else if (!again(j, rc == DESK_ENOTFOUND ? DESK_OK : rc))
        google_done(j->r);
}

static enum desk_rc stands_there(struct job *j, const struct desk_google_event *e)
{
    int64_t before = j->ev.start_at;
    enum desk_rc rc = set_there(j, &j->ev, e);
    return rc ? rc
              : desk_visit_text(&j->g.at,
                                &(struct desk_visit_words){
                                    .which = DESK_VISIT_MOVED, .row = &j->row, .before = before},
                                NULL);
}

static void follow(struct job *j)
{
    struct desk_google_event e;
    enum google_look look =
        google_look_before(&j->g, j->row.resource, j->row.start_at, j->row.busy_until, j->r);
    if (look == GOOGLE_IS_TAKEN)
        bring(j);
    if (look || !change_event(j, &j->ev, &j->row, &e))
        return;
    enum desk_rc rc = DESK_TX_BEGIN(j->w->db);
    if (!rc)
        rc = desk_tx_end(j->w->db, stands_there(j, &e));
    if (!again(j, rc))
        google_done(j->r);
}

/* ---- off ------------------------------------------------------------------------------------- */

static void take_off(struct job *j)
{
    if (!j->ev.moves && !erase(j, &j->ev))
        return;
    enum desk_rc rc = DESK_TX_BEGIN(j->w->db);
    if (!rc && strcmp(j->ev.state, DESK_EVENT_TAKEN) != 0)
        j->ev.state = DESK_EVENT_GONE;
    if (!rc)
        rc = desk_tx_end(j->w->db, desk_calendar_event_set(j->w->db, &j->ev));
    if (!again(j, rc))
        google_done(j->r);
}

/* ---- one row --------------------------------------------------------------------------------- */

static void agree(struct job *j)
{
    bool there = strcmp(j->ev.state, DESK_EVENT_THERE) == 0;
    if (is(&j->row, DESK_APPT_HELD))
        (j->ev.moves ? move : book)(j);
    else if (is(&j->row, DESK_APPT_CANCELLED) && strcmp(j->ev.state, DESK_EVENT_GONE) != 0)
        take_off(j);
    else if (stands(&j->row) && there &&
             (j->row.start_at != j->ev.start_at || j->row.end_at != j->ev.end_at))
        follow(j);
    else
        google_done(j->r);
}

void deliver_google_event(const struct outbox_work *w, struct desk_outbox_result *r)
{
    const char *id = outbox_payload(w, "appointment"), *tenant = w->row->tenant_id;
    struct job j = {.w = w, .r = r};
    *r = (struct desk_outbox_result){.end = DESK_END_FAILED};
    enum desk_rc rc = id ? desk_appointment_get(w->db, w->arena, tenant, id, &j.row) : DESK_EINVAL;
    if (!rc)
        rc = desk_calendar_event_get(w->db, w->arena, tenant, id, &j.ev);
    if (rc == DESK_ENOTFOUND) /* let go, or never meant for Google */
        google_done(r);
    else if (rc == DESK_EINVAL)
        outbox_fail(r, "The row does not say which visit.");
    else if (rc)
        outbox_again(r, rc);
    else if (google_open(&j.g, w, DESK_GOOGLE_CALENDAR, r) &&
             google_calendar_open(&j.g, j.ev.source_id, j.row.location_id, r))
        agree(&j);
}
