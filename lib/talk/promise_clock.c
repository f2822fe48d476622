#include "talk/promise_clock.h"
#include "base/config.h"
#include "base/log.h"
#include "core/dates.h"
#include "core/due.h"
#include "core/quiet_hours.h"
#include "store/alerts.h"
#include "store/calls.h"
#include "store/conversation.h"
#include "store/outbox.h"
#include "store/settings.h"
#include "talk/business.h"
#include "talk/owner_tell.h"
#include "talk/texts.h"
#include "talk/watch.h"

#include <string.h>

#define MINUTE_MS    60000LL
#define CALLER_MOST  80
#define REASON_MOST  200
#define BECAUSE_LATE "A promised call back is overdue"

struct clock {
    struct desk_db *db;
    struct desk_arena *a;
    const struct desk_callback *row;
    struct desk_call call; /* id NULL: it is of none any more */
    struct desk_business b;
    struct desk_tenant_settings own;
    int64_t now;
};

static long setting(const struct clock *k, enum desk_setting_id id)
{
    return desk_tenant_setting_int(&k->own, id);
}

static enum desk_rc load(struct clock *k)
{
    const char *tenant = k->row->tenant_id;
    enum desk_rc rc = k->row->call_id
                          ? desk_call_get(k->db, k->a, tenant, k->row->call_id, &k->call)
                          : DESK_ENOTFOUND;
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    rc = desk_business_load(k->db, k->a, tenant, k->call.location_id, &k->b);
    return rc ? rc : desk_tenant_settings_load(k->db, k->a, tenant, &k->own);
}

/* When the owner's night ends, if it is night and this can wait; else 0. */
static int64_t night_until(const struct clock *k)
{
    return k->row->urgent ? 0
                          : desk_quiet_until(k->b.zone, (int)setting(k, DESK_S_TEXT_QUIET_FROM),
                                             (int)setting(k, DESK_S_TEXT_QUIET_TO), k->now);
}

static enum desk_rc step(const struct clock *k, int64_t due, int64_t next, int64_t told)
{
    return desk_callback_step(
        k->db, k->row, &(struct desk_callback_step){.due_at = due, .next_at = next, .told = told});
}

static enum desk_rc note(const struct clock *k, const char *name, const char *detail)
{
    const char *once =
        desk_arena_fmt(k->a, "%s:%s:%lld", name, k->row->id, (long long)k->row->told);
    if (!k->call.id)
        return DESK_OK;
    return once && detail ? desk_event_add(k->db, k->row->tenant_id, k->call.id, k->call.started_at,
                                           "note", name, detail, once)
                          : DESK_ENOMEM;
}

/* ---- the words ------------------------------------------------------------------------------- */

static const char *due_words(const struct clock *k)
{
    char when[160];
    const struct desk_when_place place = {
        .hours = k->b.hours, .tz = k->b.zone, .now = k->now, .day_first = k->b.day_first};
    desk_when_say_start(&place, k->row->due_at, when, sizeof when);
    return desk_arena_strdup(k->a, when);
}

static const char *who(const struct clock *k)
{
    const char *name = k->row->name ? k->row->name : "", *number = k->row->number;
    const char *both =
        desk_arena_fmt(k->a, "%s%s%s", name, *name && number ? ", " : "", number ? number : "");
    return both && *both ? desk_text_line(k->a, both, CALLER_MOST, false) : "a hidden number";
}

static const char *reason(const struct clock *k)
{
    return desk_text_line(k->a, k->row->reason ? k->row->reason : "", REASON_MOST, false);
}

/* ---- telling the owner ----------------------------------------------------------------------- */

static const char *cannot(const struct clock *k)
{
    const char *why = desk_cannot_text(&k->b, k->b.owner->phone);
    if (why)
        return why;
    return k->call.to_number || k->b.numbers.n ? NULL : "The business has no number of its own.";
}

static enum desk_rc text_owner(const struct clock *k, const char *name,
                               const struct desk_sms_value *v, size_t n, int64_t priority)
{
    char why[200] = "no memory";
    const char *body = NULL;
    enum desk_rc rc = desk_text_render(k->a, &k->b, name, v, n, &body, why, sizeof why);
    if (rc) {
        desk_log(DESK_LOG_ERROR, "promise.words", "text=%s why=\"%s\"", name, why);
        return rc;
    }
    const struct desk_text text = {
        .tenant_id = k->row->tenant_id,
        .call_id = k->call.id,
        .from = k->call.to_number ? k->call.to_number : k->b.numbers.v[0],
        .to = k->b.owner->phone,
        .name = name,
        .body = body,
        .key = desk_arena_fmt(k->a, "callback:%s:%lld", k->row->id, (long long)k->row->told),
        .priority = priority};
    rc = text.key ? desk_text_queue(k->db, k->a, &text) : DESK_ENOMEM;
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

static enum desk_rc remind(const struct clock *k)
{
    const char *when = due_words(k), *why = cannot(k);
    const struct desk_sms_value v[] = {{"caller", who(k)}, {"when", when}, {"reason", reason(k)}};
    enum desk_rc rc = when ? DESK_OK : DESK_ENOMEM;
    if (!rc && !why)
        rc = text_owner(k, "callback_reminder_owner", v, 3, 0);
    if (!rc)
        rc = note(k, "callback_reminder",
                  why ? desk_arena_fmt(k->a, "The owner could not be reminded. %s", why)
                      : desk_arena_fmt(k->a, "The owner is reminded: due %s.", when));
    return rc ? rc : step(k, k->row->due_at, k->row->due_at, 1);
}

/* Of a call that is gone nothing is left that the gate of alerts could count by. */
static enum desk_rc escalate_alone(const struct clock *k, const char *words)
{
    const char *why = cannot(k);
    const struct desk_sms_value v[] = {
        {"because", BECAUSE_LATE}, {"caller", who(k)}, {"words", words}};
    enum desk_rc rc = why ? DESK_OK : text_owner(k, "escalation_owner", v, 3, DESK_OUTBOX_ALERT);
    if (rc)
        return rc;
    return desk_alert_insert(k->db, &(struct desk_alert){.tenant_id = k->row->tenant_id,
                                                         .who_key = k->row->id,
                                                         .kind = DESK_ALERT_ESCALATION,
                                                         .severity = "P2",
                                                         .because = BECAUSE_LATE,
                                                         .words = words,
                                                         .told = !why,
                                                         .state = "open",
                                                         .created_at = k->now});
}

static enum desk_rc escalate(const struct clock *k)
{
    const char *when = due_words(k);
    const char *words =
        when ? desk_arena_fmt(k->a, "%s (it was due %s; call %s)", reason(k), when, who(k)) : NULL;
    int64_t told = (k->row->told ? k->row->told : 1) + 1;
    bool more = told - 1 <= setting(k, DESK_S_CALLBACK_REPEATS);
    enum desk_rc rc = !words ? DESK_ENOMEM
                      : k->call.id
                          ? desk_watch_raise(k->db, k->a, &k->b, &k->call, DESK_ALERT_ESCALATION,
                                             DESK_P2, BECAUSE_LATE, words, NULL)
                          : escalate_alone(k, words);
    int64_t again = k->now + setting(k, DESK_S_CALLBACK_REPEAT_MINUTES) * MINUTE_MS;
    return rc ? rc : step(k, k->row->due_at, more ? again : DESK_CALLBACK_NEVER, told);
}

/* ---- the clock ------------------------------------------------------------------------------- */

static enum desk_rc reckon(const struct clock *k)
{
    const struct desk_due_ask ask = {.hours = k->b.hours,
                                     .tz = k->b.zone,
                                     .created = k->row->created_at,
                                     .window_start = k->row->window_start,
                                     .window_end = k->row->window_end,
                                     .urgent = k->row->urgent,
                                     .minutes = setting(k, DESK_S_CALLBACK_DUE_MINUTES),
                                     .urgent_minutes = setting(k, DESK_S_CALLBACK_URGENT_MINUTES),
                                     .remind_minutes = setting(k, DESK_S_CALLBACK_REMIND_MINUTES)};
    struct desk_due due;
    desk_due(&ask, &due);
    return step(k, due.at, due.remind, 0);
}

/* As it is in this transaction: it may have been kept, or looked at by another clock, since it was
 * read. */
static enum desk_rc is_so_still(const struct clock *k)
{
    struct desk_callback now;
    enum desk_rc rc = desk_callback_get(k->db, k->a, k->row->tenant_id, k->row->id, &now);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_DONE : rc;
    return strcmp(now.state, "open") == 0 && now.next_at == k->row->next_at &&
                   now.told == k->row->told
               ? DESK_OK
               : DESK_DONE;
}

static enum desk_rc act(struct clock *k)
{
    enum desk_rc rc = is_so_still(k);
    if (!rc)
        rc = load(k);
    if (rc)
        return rc;
    if (!k->row->due_at)
        return reckon(k);
    int64_t night = night_until(k);
    if (night)
        return step(k, k->row->due_at, night, k->row->told);
    return !k->row->told && k->now < k->row->due_at ? remind(k) : escalate(k);
}

enum desk_rc desk_promise_clock(struct desk_db *db, struct desk_arena *a,
                                const struct desk_callback *row, int64_t now)
{
    struct clock *k = desk_arena_alloc(a, sizeof *k);
    enum desk_rc rc = k ? DESK_TX_BEGIN(db) : DESK_ENOMEM;
    if (rc)
        return rc;
    *k = (struct clock){.db = db, .a = a, .row = row, .now = now};
    return desk_tx_end(db, act(k));
}
