#include "store/outbox.h"
#include "base/clock.h"
#include "base/ids.h"
#include "db/seal.h"
#include "queries.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define WAIT_MOST_S 3600

#define F(member) offsetof(struct desk_outbox, member)
static const struct desk_field outbox_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"kind", "Kind", DESK_K_TEXT, F(kind), 0, 0, 0, 0},
    {"dedupe", "Dedupe", DESK_K_TEXT, F(dedupe), DESK_F_HIDDEN, 0, 0, 0},
    {"priority", "Priority", DESK_K_INT, F(priority), 0, 0, 0, 0},
    {"payload", "Payload", DESK_K_TEXT, F(payload), DESK_F_PII, 0, 0, 0},
    {"to_key", "ToKey", DESK_K_TEXT, F(to_key), DESK_F_HIDDEN, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"attempts", "Attempts", DESK_K_INT, F(attempts), 0, 0, 0, 0},
    {"max_attempts", "MaxAttempts", DESK_K_INT, F(max_attempts), DESK_F_HIDDEN, 0, 0, 0},
    {"next_at", "NextAt", DESK_K_TIME, F(next_at), 0, 0, 0, 0},
    {"lease_until", "LeaseUntil", DESK_K_TIME, F(lease_until), DESK_F_HIDDEN, 0, 0, 0},
    {"ambiguous", "Ambiguous", DESK_K_BOOL, F(ambiguous), 0, 0, 0, 0},
    {"remote_id", "RemoteId", DESK_K_TEXT, F(remote_id), 0, 0, 0, 0},
    {"remote_state", "RemoteState", DESK_K_TEXT, F(remote_state), 0, 0, 0, 0},
    {"code", "Code", DESK_K_INT, F(code), 0, 0, 0, 0},
    {"last_error", "LastError", DESK_K_TEXT, F(last_error), DESK_F_PII, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"updated_at", "UpdatedAt", DESK_K_TIME, F(updated_at), 0, 0, 0, 0},
    {"done_at", "DoneAt", DESK_K_TIME, F(done_at), 0, 0, 0, 0},
    {"dest", "Dest", DESK_K_TEXT, F(dest), 0, 0, 0, 0},
    {"asking", "Asking", DESK_K_INT, F(asking), 0, 0, 0, 0},
};
DESK_FIELDS(desk_outbox_fields, "outbox", struct desk_outbox, outbox_fields);
#undef F

#define F(member) offsetof(struct desk_outbox_lane, member)
static const struct desk_field lane_fields_v[] = {
    {"dest", NULL, DESK_K_TEXT, F(dest), 0, 0, 0, 0},
    {"next_at", NULL, DESK_K_TIME, F(next_at), 0, 0, 0, 0},
    {"urgent_at", NULL, DESK_K_TIME, F(urgent_at), 0, 0, 0, 0},
};
static DESK_FIELDS(lane_fields, "lane", struct desk_outbox_lane, lane_fields_v);
#undef F

#define BACKOFF_FIRST_MS 2000
#define BACKOFF_MOST_MS  (10LL * 60 * 1000)

/* Waits of a kind that has a plan of its own: before the second attempt, the third, … */
static const int64_t webhook_waits[DESK_OUTBOX_WEBHOOK_ATTEMPTS - 1] = {
    5000,          5 * 60000LL,   30 * 60000LL,   120 * 60000LL, 300 * 60000LL,
    600 * 60000LL, 840 * 60000LL, 1200 * 60000LL, 1440 * 60000LL};

static bool has_plan(const char *kind)
{
    return strcmp(kind, DESK_OUTBOX_WEBHOOK) == 0;
}

static int64_t attempts_of(const char *kind, int64_t priority)
{
    if (has_plan(kind))
        return DESK_OUTBOX_WEBHOOK_ATTEMPTS;
    return priority <= DESK_OUTBOX_ALERT ? DESK_OUTBOX_ALERT_ATTEMPTS : DESK_OUTBOX_ATTEMPTS;
}

/* Kinds that go where others go, too: what is dead for one is for the other. */
static const char *dest_of(const char *kind)
{
    static const struct {
        const char *kind, *dest;
    } rows[] = {
        {DESK_OUTBOX_OWNER_TEXT, DESK_OUTBOX_TO_SMS}, {DESK_OUTBOX_FETCH, DESK_OUTBOX_TO_MEDIA},
        {DESK_OUTBOX_ERASE, DESK_OUTBOX_TO_MEDIA},    {DESK_OUTBOX_PICTURE, DESK_OUTBOX_TO_MEDIA},
        {DESK_OUTBOX_EVENT, DESK_OUTBOX_TO_GOOGLE},   {DESK_OUTBOX_CONNECT, DESK_OUTBOX_TO_GOOGLE},
        {DESK_OUTBOX_REVOKE, DESK_OUTBOX_TO_GOOGLE}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].kind, kind) == 0)
            return rows[i].dest;
    return kind;
}

enum desk_rc desk_outbox_add(struct desk_db *db, const struct desk_outbox_new *n)
{
    char id[DESK_ID_LEN], key[DESK_BLIND_LEN];
    int64_t now = desk_now_ms();
    if (n->to)
        desk_blind(desk_db_key(db), n->tenant_id, n->to, key);
    const struct desk_outbox row = {.id = n->id ? n->id : desk_id_new(id, "out"),
                                    .tenant_id = n->tenant_id,
                                    .call_id = n->call_id,
                                    .kind = n->kind,
                                    .dedupe = n->dedupe,
                                    .priority = n->priority,
                                    .payload = n->payload,
                                    .to_key = n->to ? key : NULL,
                                    .state = DESK_OUTBOX_WAITING,
                                    .max_attempts = attempts_of(n->kind, n->priority),
                                    .dest = n->dest ? n->dest : dest_of(n->kind),
                                    .next_at = now + n->wait_ms,
                                    .created_at = now,
                                    .updated_at = now};
    return desk_db_insert(db, DESK_Q_OUTBOX_INSERT, &row);
}

enum desk_rc desk_outbox_hurry(struct desk_db *db, const char *tenant_id, const char *dedupe)
{
    return desk_db_exec(db, DESK_Q_OUTBOX_HURRY,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(dedupe), DESK_I(desk_now_ms())), NULL);
}

enum desk_rc desk_outbox_page(struct desk_db *db, const char *tenant_id, const char *dedupe)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_OUTBOX_PAGE,
                     DESK_ARGS(DESK_T(tenant_id), DESK_T(dedupe), DESK_I(desk_now_ms())), &changed);
    return rc ? rc : changed == 1 ? DESK_OK : DESK_ECONFLICT;
}

enum desk_rc desk_outbox_told_of_visit(struct desk_db *db, const char *tenant_id, const char *to,
                                       int64_t since, int64_t *at)
{
    char key[DESK_BLIND_LEN];
    desk_blind(desk_db_key(db), tenant_id, to, key);
    return desk_db_int(db, DESK_Q_OUTBOX_TOLD_OF_VISIT,
                       DESK_ARGS(DESK_T(tenant_id), DESK_T(key), DESK_I(since)), at);
}

enum desk_rc desk_outbox_by_cause(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                  const char *dedupe, struct desk_outbox *out)
{
    return desk_db_row(db, DESK_Q_OUTBOX_BY_CAUSE, DESK_ARGS(DESK_T(tenant_id), DESK_T(dedupe)),
                       &desk_outbox_fields, a, out);
}

enum desk_rc desk_outbox_payload(struct desk_db *db, const struct desk_outbox *row,
                                 const char *payload)
{
    return desk_db_exec(db, DESK_Q_OUTBOX_PAYLOAD,
                        DESK_ARGS(DESK_T(row->tenant_id), DESK_T(row->id), DESK_I(row->attempts),
                                  DESK_SEAL(&desk_outbox_fields, "payload", row->id, payload)),
                        NULL);
}

enum desk_rc desk_outbox_refused_before(struct desk_db *db, const char *tenant_id, const char *to,
                                        bool *yes)
{
    char key[DESK_BLIND_LEN];
    int64_t n = 0;
    desk_blind(desk_db_key(db), tenant_id, to, key);
    enum desk_rc rc = desk_db_int(db, DESK_Q_OUTBOX_REFUSED_BEFORE,
                                  DESK_ARGS(DESK_T(tenant_id), DESK_T(key)), &n);
    *yes = n > 0;
    return rc;
}

enum desk_rc desk_outbox_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             const char *id, struct desk_outbox *out)
{
    return desk_db_row(db, DESK_Q_OUTBOX_GET, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)),
                       &desk_outbox_fields, a, out);
}

enum desk_rc desk_outbox_by_id(struct desk_db *db, struct desk_arena *a, const char *id,
                               struct desk_outbox *out)
{
    return desk_db_row(db, DESK_Q_OUTBOX_BY_ID, DESK_ARGS(DESK_T(id)), &desk_outbox_fields, a, out);
}

enum desk_rc desk_outbox_by_call(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                 const char *call_id, struct desk_outbox **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_OUTBOX_BY_CALL, DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id)),
                     &desk_outbox_fields, a, 50, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_outbox_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              bool attention, size_t max, struct desk_outbox **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, attention ? DESK_Q_OUTBOX_ATTENTION : DESK_Q_OUTBOX_LIST,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_I((int64_t)max)),
                                   &desk_outbox_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_outbox_late(struct desk_db *db, const char *tenant_id, int64_t before, int64_t *n)
{
    return desk_db_int(
        db, DESK_Q_OUTBOX_LATE,
        DESK_ARGS(DESK_T(tenant_id), DESK_I(before - 24LL * 3600 * 1000), DESK_I(before)), n);
}

/* ---- for the worker -------------------------------------------------------------------------- */

enum desk_rc desk_outbox_lanes(struct desk_db *db, struct desk_arena *a,
                               struct desk_outbox_lane **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_OUTBOX_LANES, DESK_ARGS(DESK_I(DESK_OUTBOX_ALERT)),
                                   &lane_fields, a, DESK_OUTBOX_LANES, &rows, n);
    *out = rows;
    return rc;
}

static enum desk_rc claim(struct desk_db *db, struct desk_arena *a, const char *dest,
                          int64_t priority, int64_t lease_ms, struct desk_outbox *out)
{
    int64_t now = desk_now_ms();
    return desk_db_row(db, DESK_Q_OUTBOX_CLAIM,
                       DESK_ARGS(DESK_I(now), DESK_I(now + lease_ms), DESK_T(dest),
                                 DESK_I(priority), DESK_I(DESK_OUTBOX_ALERT)),
                       &desk_outbox_fields, a, out);
}

enum desk_rc desk_outbox_claim(struct desk_db *db, struct desk_arena *a, const char *dest,
                               int64_t lease_ms, struct desk_outbox *out)
{
    return claim(db, a, dest, INT64_MAX, lease_ms, out);
}

enum desk_rc desk_outbox_claim_alert(struct desk_db *db, struct desk_arena *a, const char *dest,
                                     int64_t lease_ms, struct desk_outbox *out)
{
    return claim(db, a, dest, DESK_OUTBOX_ALERT, lease_ms, out);
}

enum desk_rc desk_outbox_remote_known(struct desk_db *db, const char *remote_id, const char *id,
                                      bool *yes)
{
    int64_t n = 0;
    enum desk_rc rc =
        desk_db_int(db, DESK_Q_OUTBOX_REMOTE_KNOWN, DESK_ARGS(DESK_T(remote_id), DESK_T(id)), &n);
    *yes = n > 0;
    return rc;
}

enum desk_rc desk_outbox_overdue(struct desk_db *db, struct desk_arena *a, int64_t at,
                                 struct desk_outbox **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_OUTBOX_OVERDUE, DESK_ARGS(DESK_I(at)),
                                   &desk_outbox_fields, a, 100, &rows, n);
    *out = rows;
    return rc;
}

int64_t desk_outbox_backoff_ms(int64_t n)
{
    int64_t ms = BACKOFF_FIRST_MS;
    for (int64_t i = 1; i < n && ms < BACKOFF_MOST_MS; i++)
        ms *= 2;
    return ms < BACKOFF_MOST_MS ? ms : BACKOFF_MOST_MS;
}

static const struct {
    const char *state;
    bool done, ambiguous;
    bool free; /* counts for no attempt, and waits exactly as long as it says */
} ends[DESK_END__MAX] = {
    [DESK_END_SENT] = {DESK_OUTBOX_SENT, true, false, false},
    [DESK_END_AGAIN] = {DESK_OUTBOX_WAITING, false, false, false},
    [DESK_END_REFUSED] = {DESK_OUTBOX_REFUSED, true, false, false},
    [DESK_END_FAILED] = {DESK_OUTBOX_FAILED, true, false, false},
    [DESK_END_UNKNOWN] = {DESK_OUTBOX_UNKNOWN, true, true, false},
    [DESK_END_ASK] = {DESK_OUTBOX_WAITING, false, true, true},
    [DESK_END_LATER] = {DESK_OUTBOX_WAITING, false, false, true},
    [DESK_END_OPTED_OUT] = {DESK_OUTBOX_OPTED_OUT, true, false, false},
    [DESK_END_OVERTAKEN] = {DESK_OUTBOX_DROPPED, true, false, false},
};

/* Real attempts so far: each claim that counted for none has raised max_attempts by one. */
static int64_t attempts_used(const struct desk_outbox *row)
{
    int64_t used = attempts_of(row->kind, row->priority) - (row->max_attempts - row->attempts);
    return used < row->attempts ? used : row->attempts;
}

/* A quarter of jitter, so that what failed together does not come again together. */
static int64_t next_try(const struct desk_outbox *row, const struct desk_outbox_result *r,
                        int64_t now)
{
    unsigned char dice;
    int64_t used = attempts_used(row), wait = desk_outbox_backoff_ms(used);
    desk_random(&dice, sizeof dice);
    if (has_plan(row->kind) && !r->wait_ms && used > 0 && used < DESK_OUTBOX_WEBHOOK_ATTEMPTS)
        wait = webhook_waits[used - 1];
    wait = wait > r->wait_ms ? wait : r->wait_ms;
    return now + wait + wait / 4 * dice / 255;
}

static int64_t next_at(enum desk_outbox_end end, const struct desk_outbox *row,
                       const struct desk_outbox_result *r, int64_t now)
{
    if (ends[end].free)
        return now + r->wait_ms;
    return end == DESK_END_AGAIN ? next_try(row, r, now) : now;
}

static const char *or_null(const char *s)
{
    return *s ? s : NULL;
}

enum desk_rc desk_outbox_finish(struct desk_db *db, const struct desk_outbox *row,
                                const struct desk_outbox_result *r, const char **state)
{
    int64_t changed = 0, now = desk_now_ms();
    enum desk_outbox_end end = r->end;
    bool asks = end == DESK_END_ASK || end == DESK_END_AGAIN;
    if (end == DESK_END_AGAIN && row->attempts >= row->max_attempts)
        end = r->asking ? DESK_END_UNKNOWN : DESK_END_FAILED;
    *state = ends[end].state;
    bool ambiguous = ends[end].ambiguous || (row->ambiguous && !r->settled);
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_OUTBOX_FINISH,
        DESK_ARGS(DESK_T(row->tenant_id), DESK_T(row->id), DESK_I(row->attempts), DESK_T(*state),
                  DESK_I(next_at(end, row, r, now)), DESK_T(or_null(r->remote_id)),
                  DESK_T(or_null(r->remote_state)), DESK_I(r->code),
                  DESK_SEAL(&desk_outbox_fields, "last_error", row->id, or_null(r->why)),
                  DESK_I(ambiguous), DESK_I(now), ends[end].done ? DESK_I(now) : DESK_NULLARG,
                  DESK_I(asks && !ends[end].done ? r->asking : 0), DESK_I(ends[end].free)),
        &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

/* ---- afterwards ------------------------------------------------------------------------------ */

enum desk_rc desk_outbox_report(struct desk_db *db, const struct desk_outbox *row,
                                const char *state, const char *remote_id, const char *remote_state,
                                int64_t code, const char *why)
{
    return desk_db_exec(db, DESK_Q_OUTBOX_REPORT,
                        DESK_ARGS(DESK_T(row->tenant_id), DESK_T(row->id), DESK_T(state),
                                  DESK_T(remote_id), DESK_T(remote_state), DESK_I(code),
                                  DESK_SEAL(&desk_outbox_fields, "last_error", row->id, why),
                                  DESK_I(desk_now_ms())),
                        NULL);
}

enum desk_rc desk_outbox_retry(struct desk_db *db, const char *tenant_id, const char *id)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_OUTBOX_RETRY,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(DESK_OUTBOX_ATTEMPTS),
                  DESK_I(desk_now_ms()), DESK_I(DESK_OUTBOX_ALERT),
                  DESK_I(DESK_OUTBOX_ALERT_ATTEMPTS), DESK_I(DESK_OUTBOX_WEBHOOK_ATTEMPTS)),
        &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

enum desk_rc desk_outbox_wake(struct desk_db *db, const char *tenant_id, const char *dedupe)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(db, DESK_Q_OUTBOX_WAKE,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_T(dedupe),
                                             DESK_I(desk_now_ms()), DESK_I(DESK_OUTBOX_ATTEMPTS)),
                                   &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

enum desk_rc desk_outbox_drop(struct desk_db *db, const char *tenant_id, const char *id)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_OUTBOX_DROP,
                     DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(desk_now_ms())), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

enum desk_rc desk_outbox_deliveries(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                    const char *dest, size_t max, struct desk_outbox **out,
                                    size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_OUTBOX_DELIVERIES,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_T(dest), DESK_I((int64_t)max)),
                                   &desk_outbox_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

void desk_outbox_ended(struct desk_outbox_result *r, enum desk_outbox_end end, const char *fmt, ...)
{
    va_list ap;
    r->end = end;
    va_start(ap, fmt);
    vsnprintf(r->why, sizeof r->why, fmt, ap);
    va_end(ap);
}

int64_t desk_outbox_wait_ms(int64_t retry_after_s)
{
    if (retry_after_s <= 0)
        return 0;
    return (retry_after_s < WAIT_MOST_S ? retry_after_s : WAIT_MOST_S) * 1000;
}

enum desk_rc desk_outbox_undrop(struct desk_db *db, const char *tenant_id, const char *id)
{
    int64_t changed = 0, now = desk_now_ms();
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_OUTBOX_UNDROP,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(now), DESK_I(now - 10LL * 60 * 1000)),
        &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

#define F(member) offsetof(struct desk_outbox_last, member)
static const struct desk_field last_fields[] = {
    {"kind", "Kind", DESK_K_TEXT, F(kind), DESK_F_EXTRA, 0, 0, 0},
    {"good_at", "GoodAt", DESK_K_TIME, F(good_at), DESK_F_EXTRA, 0, 0, 0},
    {"bad_at", "BadAt", DESK_K_TIME, F(bad_at), DESK_F_EXTRA, 0, 0, 0},
};
DESK_FIELDS(desk_outbox_last_fields, "outbox_last", struct desk_outbox_last, last_fields);
#undef F

enum desk_rc desk_outbox_lasts(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                               int64_t since, struct desk_outbox_last **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_OUTBOX_LASTS,
                     DESK_ARGS(DESK_T(tenant_id), DESK_I(since), DESK_I(DESK_OUTBOX_KINDS)),
                     &desk_outbox_last_fields, a, DESK_OUTBOX_KINDS, &rows, n);
    *out = rows;
    return rc;
}
