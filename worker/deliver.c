#include "worker/deliver.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "core/sms.h"
#include "store/calls.h"
#include "store/conversation.h"
#include "store/text_marks.h"
#include "store/text_stops.h"
#include "talk/text_gate.h"
#include "wire/traceparent.h"
#include "wire/twilio_error.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define WRITE_FOR 120000 /* so long an end is tried to be written: then the lease runs out */
#define PAUSE_MS  500
#define QUESTIONS 2 /* "it is not there" must be heard so often */

/* ---- what came of it ------------------------------------------------------------------------- */

static const struct {
    const char *state, *suffix, *words;
} stories[OUTBOX_STORIES] = {
    [OUTBOX_TOLD_SENT] = {DESK_OUTBOX_SENT, "sent", "was sent."},
    [OUTBOX_TOLD_REFUSED] = {DESK_OUTBOX_REFUSED, "refused", "will not arrive."},
    [OUTBOX_TOLD_OPTED_OUT] = {DESK_OUTBOX_OPTED_OUT, "opted_out", "was not sent."},
    [OUTBOX_TOLD_FAILED] = {DESK_OUTBOX_FAILED, "failed", "could not be sent and was given up."},
    [OUTBOX_TOLD_UNKNOWN] = {DESK_OUTBOX_UNKNOWN, "unknown",
                             "may have been sent or not; it is not sent again by itself, so that "
                             "nobody gets it twice."},
};

/* Whose text it is: the caller's, or the owner's and their people's. */
static const char *it_of(const struct outbox_kind *kind, const struct desk_outbox *row)
{
    json_t *p = kind->text && row->payload ? json_loads(row->payload, 0, NULL) : NULL;
    const struct desk_sms_template *t =
        desk_sms_template_find(json_string_value(json_object_get(p, "text")));
    bool ours = t && t->flags & DESK_SMS_OWNER;
    json_decref(p);
    return ours ? "The text to you or your people" : kind->it;
}

/* What came of it, on the timeline of the call it belongs to. A wait for the next try is none. */
static enum desk_rc tell(struct desk_db *db, struct desk_arena *a, const struct desk_outbox *row,
                         const char *state, const char *why)
{
    const struct outbox_kind *kind = outbox_kind_find(row->kind);
    struct desk_call call;
    size_t i = 0;
    while (i < OUTBOX_STORIES && strcmp(stories[i].state, state) != 0)
        i++;
    if (i == OUTBOX_STORIES || !row->call_id || !kind || (!kind->said[i] && !kind->it))
        return DESK_OK;
    enum desk_rc rc = desk_call_get(db, a, row->tenant_id, row->call_id, &call);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    const char *name = desk_arena_fmt(a, "%s_%s", kind->what, stories[i].suffix);
    const char *said = kind->said[i]
                           ? kind->said[i]
                           : desk_arena_fmt(a, "%s %s", it_of(kind, row), stories[i].words);
    const char *detail = said ? desk_arena_fmt(a, "%s%s%s", said, *why ? " " : "", why) : NULL;
    const char *once = desk_arena_fmt(a, "%s:%lld:%s", row->id, (long long)row->attempts, state);
    if (!name || !detail || !once)
        return DESK_ENOMEM;
    return desk_event_add(db, row->tenant_id, row->call_id, call.started_at, "ladder", name, detail,
                          once);
}

/* Twilio knows of a STOP that we have not heard, or of a number that texts do not reach. */
static enum desk_rc learn(struct desk_db *db, const struct desk_outbox *row, int64_t code)
{
    json_t *p = json_loads(row->payload ? row->payload : "", 0, NULL);
    const char *to = json_string_value(json_object_get(p, "to"));
    enum desk_rc rc = DESK_OK;
    if (to && code == DESK_TWILIO_OPTED_OUT)
        rc = desk_text_stop(db, row->tenant_id, to, DESK_STOP_BY_TWILIO);
    if (to && !rc)
        rc = desk_text_mark(db, row->tenant_id, to, code);
    json_decref(p);
    return rc;
}

static enum desk_rc finish_in_tx(struct desk_db *db, struct desk_arena *a,
                                 const struct desk_outbox *row, const struct desk_outbox_result *r)
{
    const char *state = "";
    enum desk_rc rc = desk_outbox_finish(db, row, r, &state);
    if (!rc)
        rc = tell(db, a, row, state, r->why);
    const struct outbox_kind *kind = outbox_kind_find(row->kind);
    if (!rc && r->code && r->end == DESK_END_REFUSED && kind && kind->text)
        rc = learn(db, row, r->code);
    if (!rc)
        desk_log(DESK_LOG_INFO, "outbox.done", "id=%s kind=%s state=%s attempt=%lld code=%lld",
                 row->id, row->kind, state, (long long)row->attempts, (long long)r->code);
    return rc;
}

static enum desk_rc finish(struct desk_db *db, struct desk_arena *a, const struct desk_outbox *row,
                           const struct desk_outbox_result *r)
{
    enum desk_rc rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, finish_in_tx(db, a, row, r));
}

/* ---- an attempt that may have been done ------------------------------------------------------ */

struct knower {
    struct desk_db *db;
    const struct desk_outbox *row;
};

/* When that cannot be read it is taken for another's: then nothing is found, and asked again. */
static bool known(void *ctx, const char *remote_id)
{
    const struct knower *k = ctx;
    bool yes = true;
    if (desk_outbox_remote_known(k->db, remote_id, k->row->id, &yes))
        return true;
    return yes;
}

/* Ask (number n) after a while, if the other side can be asked; else it stays unknown. */
static void ask_later(const struct outbox_kind *kind, int64_t n, struct desk_outbox_result *r)
{
    if (!kind->find)
        return;
    r->end = DESK_END_ASK;
    r->asking = n;
    r->wait_ms = n * desk_setting_int(DESK_S_OUTBOX_ASK_MS);
}

static void not_there(const struct outbox_kind *kind, const struct desk_outbox *row,
                      struct desk_outbox_result *r)
{
    r->settled = true; /* as to the destination: it answered */
    if (row->asking < QUESTIONS) {
        ask_later(kind, row->asking + 1, r);
        snprintf(r->why, sizeof r->why, "The other side does not have it; it is asked once more.");
        return;
    }
    r->end = DESK_END_AGAIN;
    snprintf(r->why, sizeof r->why, "The other side does not have it: it is sent again.");
}

static void ask(const struct outbox_work *w, const struct outbox_kind *kind,
                struct desk_outbox_result *r)
{
    struct knower k = {w->db, w->row};
    switch (kind->find(w, known, &k, r)) {
    case DESK_TWILIO_FOUND:
        r->end = DESK_END_SENT;
        r->settled = true;
        r->why[0] = '\0';
        return;
    case DESK_TWILIO_NOT_THERE:
        not_there(kind, w->row, r);
        return;
    case DESK_TWILIO_NOT_NOW:
        r->end = DESK_END_AGAIN;
        r->asking = w->row->asking;
        return;
    case DESK_TWILIO_CANNOT_TELL:
        break;
    }
    r->end = DESK_END_UNKNOWN;
}

/* ---- one row --------------------------------------------------------------------------------- */

static bool may_go(const struct outbox_work *w, struct desk_outbox_result *r)
{
    bool may = false;
    enum desk_rc rc = desk_text_gate(w->db, w->arena, w->row, &may, r);
    if (rc) {
        r->end = DESK_END_LATER;
        r->wait_ms = PAUSE_MS;
        snprintf(r->why, sizeof r->why, "Whether it may go could not be read.");
        desk_log(DESK_LOG_WARN, "outbox.gate", "id=%s rc=%s", w->row->id, desk_rc_name(rc));
    }
    return !rc && may;
}

static void attempt(const struct outbox_work *w, struct desk_outbox_result *r)
{
    const struct outbox_kind *kind = outbox_kind_find(w->row->kind);
    *r = (struct desk_outbox_result){.end = DESK_END_FAILED, .why = "No such kind of delivery."};
    if (!kind)
        return;
    if (w->row->asking && kind->find) {
        ask(w, kind, r);
        return;
    }
    if (kind->text && !may_go(w, r))
        return;
    kind->deliver(w, r);
    if (r->end == DESK_END_UNKNOWN)
        ask_later(kind, 1, r);
}

/* Lines about a row of a call bear that call's trace; of no call: one that begins here. */
static void bind_row(const struct outbox_work *w)
{
    struct desk_call call;
    struct desk_traceparent fresh;
    const struct desk_outbox *row = w->row;
    enum desk_rc rc = row->call_id
                          ? desk_call_get(w->db, w->arena, row->tenant_id, row->call_id, &call)
                          : DESK_ENOTFOUND;
    desk_traceparent_new(&fresh);
    desk_log_bind(row->id, rc ? NULL : call.call_sid);
    desk_log_trace(!rc && desk_trace_id_ok(call.trace) ? call.trace : fresh.trace);
    desk_arena_reset(w->arena);
}

void outbox_deliver(const struct outbox_work *w, struct desk_outbox_result *r)
{
    int64_t until = desk_mono_ms() + WRITE_FOR;
    bind_row(w);
    attempt(w, r);
    desk_arena_reset(w->arena);
    enum desk_rc rc = finish(w->db, w->arena, w->row, r);
    /* the database is locked or its disk full: what came of it must not be forgotten */
    while (rc && rc != DESK_ENOTFOUND && desk_mono_ms() < until) {
        desk_sleep_ms(PAUSE_MS);
        desk_arena_reset(w->arena);
        rc = finish(w->db, w->arena, w->row, r);
    }
    desk_arena_reset(w->arena);
    if (rc)
        desk_log(DESK_LOG_ERROR, "outbox.end_lost", "id=%s rc=%s", w->row->id, desk_rc_name(rc));
    desk_log_about(NULL);
}

enum desk_rc outbox_abandoned(struct desk_db *db, struct desk_arena *a,
                              const struct desk_outbox *row)
{
    const struct outbox_kind *kind = outbox_kind_find(row->kind);
    struct desk_outbox_result r = {.end = DESK_END_UNKNOWN};
    snprintf(r.why, sizeof r.why, "Frontdesk was interrupted in the middle of sending.");
    if (kind && kind->may_repeat)
        r.end = DESK_END_AGAIN;
    else if (kind)
        ask_later(kind, row->asking ? row->asking : 1, &r);
    desk_log(DESK_LOG_WARN, "outbox.interrupted", "id=%s kind=%s", row->id, row->kind);
    enum desk_rc rc = finish(db, a, row, &r);
    return rc == DESK_ENOTFOUND ? DESK_OK : rc; /* it has come to its end by itself */
}
