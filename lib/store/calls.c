#include "store/calls.h"
#include "base/clock.h"
#include "base/ids.h"
#include "db/seal.h"
#include "queries.h"
#include "store/report.h"
#include "store/sheet_rows.h"
#include "store/webhook_events.h"
#include "store/word_index.h"

#include <string.h>

#define STREAM_TOKEN_MS 60000
#define SUMMARY_ARENA   ((size_t)256 * 1024)
#define LONGEST_MS      (4LL * 3600 * 1000)

#define F(member) offsetof(struct desk_call, member)
static const struct desk_field call_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"location_id", "LocationId", DESK_K_TEXT, F(location_id), 0, 0, 0, 0},
    {"contact_id", "ContactId", DESK_K_TEXT, F(contact_id), 0, 0, 0, 0},
    {"call_sid", "CallSid", DESK_K_TEXT, F(call_sid), 0, 0, 0, 0},
    {"direction", "Direction", DESK_K_TEXT, F(direction), 0, 0, 0, 0},
    {"caller_kind", "CallerKind", DESK_K_TEXT, F(caller_kind), 0, 0, 0, 0},
    {"from_number", "FromNumber", DESK_K_TEXT, F(from_number), DESK_F_PII | DESK_F_PHONE, 0, 0, 0},
    {"from_key", "FromKey", DESK_K_TEXT, F(from_key), DESK_F_HIDDEN, 0, 0, 0},
    {"to_number", "ToNumber", DESK_K_TEXT, F(to_number), 0, 0, 0, 0},
    {"mode", "Mode", DESK_K_TEXT, F(mode), 0, 0, 0, 0},
    {"status", "Status", DESK_K_TEXT, F(status), 0, 0, 0, 0},
    {"status_rank", "StatusRank", DESK_K_INT, F(status_rank), DESK_F_HIDDEN, 0, 0, 0},
    {"next_step", "NextStep", DESK_K_TEXT, F(next_step), 0, 0, 0, 0},
    {"transfer_to", "TransferTo", DESK_K_TEXT, F(transfer_to), DESK_F_PII | DESK_F_PHONE, 0, 0, 0},
    {"transfer_reason", "TransferReason", DESK_K_TEXT, F(transfer_reason), DESK_F_PII, 0, 0, 0},
    {"stream_token", "StreamToken", DESK_K_TEXT, F(stream_token), DESK_F_HIDDEN, 0, 0, 0},
    {"stream_token_end", "StreamTokenEnd", DESK_K_TIME, F(stream_token_end), DESK_F_HIDDEN, 0, 0,
     0},
    {"stream_started_at", "StreamStartedAt", DESK_K_TIME, F(stream_started_at), 0, 0, 0, 0},
    {"stream_ended_at", "StreamEndedAt", DESK_K_TIME, F(stream_ended_at), 0, 0, 0, 0},
    {"stream_end", "StreamEnd", DESK_K_TEXT, F(stream_end), 0, 0, 0, 0},
    {"dialog", "Dialog", DESK_K_TEXT, F(dialog), DESK_F_PII | DESK_F_HIDDEN, 0, 0, 0},
    {"outcome", "Outcome", DESK_K_TEXT, F(outcome), 0, 0, 0, 0},
    {"summary", "Summary", DESK_K_TEXT, F(summary), DESK_F_PII, 0, 0, 0},
    {"urgent", "Urgent", DESK_K_BOOL, F(urgent), 0, 0, 0, 0},
    {"severity", "Severity", DESK_K_TEXT, F(severity), 0, 0, 0, 0},
    {"script", "Script", DESK_K_TEXT, F(script), 0, 0, 0, 0},
    {"script_version", "ScriptVersion", DESK_K_TEXT, F(script_version), 0, 0, 0, 0},
    {"action", "Action", DESK_K_TEXT, F(action), 0, 0, 0, 0},
    {"channel", "Channel", DESK_K_TEXT, F(channel), 0, 0, 0, 0},
    {"engine", "Engine", DESK_K_TEXT, F(engine), 0, 0, 0, 0},
    {"first_audio_ms", "FirstAudioMs", DESK_K_INT, F(first_audio_ms), 0, 0, 0, 0},
    {"started_at", "StartedAt", DESK_K_TIME, F(started_at), 0, 0, 0, 0},
    {"ended_at", "EndedAt", DESK_K_TIME, F(ended_at), 0, 0, 0, 0},
    {"duration_ms", "DurationMs", DESK_K_INT, F(duration_ms), 0, 0, 0, 0},
    {"updated_at", "UpdatedAt", DESK_K_TIME, F(updated_at), 0, 0, 0, 0},
    {"max_s", "MaxS", DESK_K_INT, F(max_s), DESK_F_HIDDEN, 0, 0, 0},
    {"trace", "Trace", DESK_K_TEXT, F(trace), DESK_F_HIDDEN, 0, 0, 0},
    {"after_at", "AfterAt", DESK_K_TIME, F(after_at), DESK_F_HIDDEN, 0, 0, 0},
    {"erased_at", "ErasedAt", DESK_K_TIME, F(erased_at), DESK_F_HIDDEN, 0, 0, 0},
};
DESK_FIELDS(desk_call_fields, "call", struct desk_call, call_fields);
#undef F

static const struct {
    const char *status;
    int rank;
} ranks[] = {
    {"queued", 10},
    {"initiated", 20},
    {"ringing", 30},
    {"in-progress", 40},
    /* the first end that is told stands: they are of one rank */
    {"completed", DESK_RANK_FINAL},
    {"busy", DESK_RANK_FINAL},
    {"no-answer", DESK_RANK_FINAL},
    {"canceled", DESK_RANK_FINAL},
    {"failed", DESK_RANK_FINAL},
};

int desk_call_rank(const char *status)
{
    for (size_t i = 0; status && i < sizeof ranks / sizeof *ranks; i++)
        if (strcmp(ranks[i].status, status) == 0)
            return ranks[i].rank;
    return 0;
}

/* How a call ended, by its outcome: the words of the systems people come from, and ours. */
static const struct {
    const char *outcome, *decision;
} decisions[] = {
    {DESK_OUT_TRANSFERRED, "transferred"}, {DESK_OUT_NOT_PUT, "not_put_through"},
    {DESK_OUT_BOOKED, "completed"},        {DESK_OUT_CANCELLED, "completed"},
    {DESK_OUT_CALLBACK, "completed"},      {DESK_OUT_ANSWERED, "completed"},
    {DESK_OUT_MESSAGE, "voicemail"},       {DESK_OUT_NO_SPEECH, "ended_no_speech"},
    {DESK_OUT_SCREENED, "screened_out"},   {DESK_OUT_BLOCKED, "blocked"},
    {DESK_OUT_HUNG_UP, "caller_left"},     {DESK_OUT_FAILED, "failed"},
    {DESK_OUT_MACHINE, "machine"},
};

bool desk_call_written(const struct desk_call *c)
{
    return c->channel && (strcmp(c->channel, DESK_CHANNEL_TEXT) == 0 ||
                          strcmp(c->channel, DESK_CHANNEL_CHAT) == 0);
}

const char *desk_call_decision(const struct desk_call *c)
{
    if (!c->ended_at)
        return NULL;
    if (c->caller_kind && strcmp(c->caller_kind, DESK_CALLER_EXCEPTION) == 0)
        return "transferred_exception";
    for (size_t i = 0; c->outcome && i < sizeof decisions / sizeof *decisions; i++)
        if (strcmp(decisions[i].outcome, c->outcome) == 0)
            return decisions[i].decision;
    return "failed";
}

static enum desk_rc index_words(struct desk_db *db, const struct desk_call *c, bool fresh)
{
    const char *const texts[] = {c->summary};
    return desk_index_put(db, &(struct desk_doc_words){.what = DESK_DOC_SUMMARY,
                                                       .tenant_id = c->tenant_id,
                                                       .id = c->id,
                                                       .at = c->started_at,
                                                       .texts = texts,
                                                       .n = 1,
                                                       .fresh = fresh});
}

/* The words of the summary that is on record now. */
static enum desk_rc index_summary(struct desk_db *db, const char *tenant_id, const char *id)
{
    struct desk_call c;
    struct desk_arena *a = desk_arena_new(SUMMARY_ARENA);
    enum desk_rc rc = a ? desk_call_get(db, a, tenant_id, id, &c) : DESK_ENOMEM;
    if (!rc && c.summary)
        rc = index_words(db, &c, false);
    desk_arena_free(a);
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

enum desk_rc desk_call_insert(struct desk_db *db, const struct desk_call *c)
{
    enum desk_rc rc = desk_db_insert(db, DESK_Q_CALL_INSERT, c);
    if (!rc && c->summary)
        rc = index_words(db, c, true);
    return rc ? rc : desk_report_call_late(db, c->tenant_id, c->started_at);
}

enum desk_rc desk_call_by_sid(struct desk_db *db, struct desk_arena *a, const char *sid,
                              struct desk_call *out)
{
    return desk_db_row(db, DESK_Q_CALL_BY_SID, DESK_ARGS(DESK_T(sid)), &desk_call_fields, a, out);
}

enum desk_rc desk_call_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                           const char *id, struct desk_call *out)
{
    return desk_db_row(db, DESK_Q_CALL_BY_ID, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)),
                       &desk_call_fields, a, out);
}

/* Each filter has an index of its own, and so a query: the rare ones must not look through all
 * calls for a page. */
enum way { OLDER, NEWER, WAYS };

static unsigned find_query(const struct desk_call_filter *f, enum way way)
{
    static const unsigned all[WAYS] = {DESK_Q_CALL_FIND, DESK_Q_CALL_FIND_NEWER},
                          outcome[WAYS] = {DESK_Q_CALL_OUTCOME_FIND, DESK_Q_CALL_OUTCOME_NEWER},
                          urgent[WAYS] = {DESK_Q_CALL_URGENT_FIND, DESK_Q_CALL_URGENT_NEWER},
                          open[WAYS] = {DESK_Q_CALL_OPEN_FIND, DESK_Q_CALL_OPEN_NEWER};
    return (f->callback_open ? open : f->urgent ? urgent : f->outcome ? outcome : all)[way];
}

static enum desk_rc find(struct desk_db *db, enum way way, struct desk_arena *a,
                         const char *tenant_id, const struct desk_call_filter *f, int64_t ms,
                         const char *id, size_t max, struct desk_call **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, find_query(f, way),
                     DESK_ARGS(DESK_T(tenant_id), DESK_I(ms), DESK_T(id), DESK_I((int64_t)max),
                               DESK_T(f->location_id ? f->location_id : ""),
                               DESK_T(f->outcome ? f->outcome : ""), DESK_I(f->urgent)),
                     &desk_call_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_call_find(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                            const struct desk_call_filter *f, int64_t before_ms,
                            const char *before_id, size_t max, struct desk_call **out, size_t *n)
{
    return find(db, OLDER, a, tenant_id, f, before_ms, before_id, max, out, n);
}

enum desk_rc desk_call_find_newer(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                  const struct desk_call_filter *f, int64_t after_ms,
                                  const char *after_id, size_t max, struct desk_call **out,
                                  size_t *n)
{
    return find(db, NEWER, a, tenant_id, f, after_ms, after_id, max, out, n);
}

enum desk_rc desk_call_has(struct desk_db *db, const char *tenant_id, const char *id, int64_t *bits)
{
    return desk_db_int(db, DESK_Q_CALL_HAS, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)), bits);
}

enum desk_rc desk_call_nth(struct desk_db *db, const struct desk_call *c, int64_t *nth,
                           int64_t *last_at)
{
    *nth = *last_at = 0;
    if (!c->from_key)
        return DESK_OK;
    enum desk_rc rc = desk_db_int(
        db, DESK_Q_CALL_NTH_OF_CALLER,
        DESK_ARGS(DESK_T(c->tenant_id), DESK_T(c->from_key), DESK_I(c->started_at)), nth);
    return rc ? rc
              : desk_db_int(
                    db, DESK_Q_CALL_BEFORE_OF_CALLER,
                    DESK_ARGS(DESK_T(c->tenant_id), DESK_T(c->from_key), DESK_I(c->started_at)),
                    last_at);
}

enum desk_rc desk_call_stream_token(struct desk_db *db, const struct desk_call *c,
                                    char token[DESK_TOKEN_LEN])
{
    char hash[DESK_HASH_LEN];
    int64_t now = desk_now_ms();
    desk_token_new(token);
    desk_token_hash(token, hash);
    return desk_db_exec(db, DESK_Q_CALL_STREAM_TOKEN_SET,
                        DESK_ARGS(DESK_T(c->tenant_id), DESK_T(c->id), DESK_T(hash),
                                  DESK_I(now + STREAM_TOKEN_MS), DESK_I(now)),
                        NULL);
}

enum desk_rc desk_call_claim_stream(struct desk_db *db, struct desk_arena *a, const char *token,
                                    const char *call_sid, struct desk_call *out)
{
    char hash[DESK_HASH_LEN];
    desk_token_hash(token, hash);
    enum desk_rc rc = desk_db_row(db, DESK_Q_CALL_CLAIM_STREAM,
                                  DESK_ARGS(DESK_T(hash), DESK_I(desk_now_ms()), DESK_T(call_sid)),
                                  &desk_call_fields, a, out);
    return rc == DESK_ENOTFOUND ? DESK_EAUTH : rc;
}

enum desk_rc desk_call_stream_due(struct desk_db *db, struct desk_arena *a, int64_t max_age_ms,
                                  size_t max, struct desk_call **out, size_t *n)
{
    void *rows;
    const int64_t from = desk_now_ms() + STREAM_TOKEN_MS - max_age_ms;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_CALL_STREAM_DUE, DESK_ARGS(DESK_I(from), DESK_I((int64_t)max)),
                     &desk_call_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_call_stream_left(struct desk_db *db, struct desk_arena *a, int64_t grace_ms,
                                   size_t max, struct desk_call **out, size_t *n)
{
    void *rows;
    const int64_t now = desk_now_ms(), day = INT64_C(86400000);
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_CALL_STREAM_LEFT,
                     DESK_ARGS(DESK_I(now - day), DESK_I(now - grace_ms), DESK_I((int64_t)max)),
                     &desk_call_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_call_stream_end(struct desk_db *db, const char *tenant_id, const char *id,
                                  const struct desk_call_stream_end *e)
{
    return desk_db_exec(db, DESK_Q_CALL_STREAM_END,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(desk_now_ms()),
                                  DESK_T(e->why), DESK_T(e->next_step), DESK_I(e->first_audio_ms),
                                  DESK_T(e->engine), DESK_T(e->outcome)),
                        NULL);
}

enum desk_rc desk_call_leave_undo(struct desk_db *db, const char *tenant_id, const char *id)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_CALL_LEAVE_UNDO,
                     DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(desk_now_ms())), &changed);
    if (rc || !changed)
        return rc;
    return desk_db_exec(db, DESK_Q_TOOL_RUN_UNDO, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)), NULL);
}

enum desk_rc desk_call_next(struct desk_db *db, const char *tenant_id, const char *id,
                            const char *next_step)
{
    return desk_db_exec(
        db, DESK_Q_CALL_NEXT_STEP,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_T(next_step), DESK_I(desk_now_ms())), NULL);
}

enum desk_rc desk_call_transfer(struct desk_db *db, const char *tenant_id, const char *id,
                                const char *to_e164, const char *reason, bool urgent)
{
    return desk_db_exec(db, DESK_Q_CALL_TRANSFER,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(id),
                                  DESK_SEAL(&desk_call_fields, "transfer_to", id, to_e164),
                                  DESK_SEAL(&desk_call_fields, "transfer_reason", id, reason),
                                  DESK_I(urgent), DESK_I(desk_now_ms())),
                        NULL);
}

enum desk_rc desk_call_mode(struct desk_db *db, const char *tenant_id, const char *id,
                            const char *mode)
{
    return desk_db_exec(
        db, DESK_Q_CALL_MODE,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_T(mode), DESK_I(desk_now_ms())), NULL);
}

enum desk_rc desk_call_dialog(struct desk_db *db, const char *tenant_id, const char *id,
                              const char *json)
{
    return desk_db_exec(db, DESK_Q_CALL_DIALOG,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(id),
                                  DESK_SEAL(&desk_call_fields, "dialog", id, json),
                                  DESK_I(desk_now_ms())),
                        NULL);
}

enum desk_rc desk_call_urgent(struct desk_db *db, const char *tenant_id, const char *id)
{
    return desk_db_exec(db, DESK_Q_CALL_URGENT,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(desk_now_ms())), NULL);
}

enum desk_rc desk_call_summary(struct desk_db *db, const char *tenant_id, const char *id,
                               const char *text)
{
    enum desk_rc rc = desk_db_exec(db, DESK_Q_CALL_SUMMARY,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_T(id),
                                             DESK_SEAL(&desk_call_fields, "summary", id, text),
                                             DESK_I(desk_now_ms())),
                                   NULL);
    return rc ? rc : index_summary(db, tenant_id, id);
}

enum desk_rc desk_call_outcome(struct desk_db *db, const char *tenant_id, const char *id,
                               const char *outcome, bool force)
{
    return desk_db_exec(db, DESK_Q_CALL_OUTCOME,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_T(outcome),
                                  DESK_I(desk_now_ms()), DESK_I(force)),
                        NULL);
}

enum desk_rc desk_call_person(struct desk_db *db, const char *tenant_id, const char *id,
                              const char *contact_id)
{
    return desk_db_exec(
        db, DESK_Q_CALL_PERSON,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_T(contact_id), DESK_I(desk_now_ms())), NULL);
}

enum desk_rc desk_call_script(struct desk_db *db, const char *tenant_id, const char *id,
                              const char *script, const char *version)
{
    return desk_db_exec(db, DESK_Q_CALL_SCRIPT,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_T(script), DESK_T(version),
                                  DESK_I(desk_now_ms())),
                        NULL);
}

enum desk_rc desk_call_route(struct desk_db *db, const char *tenant_id, const char *id,
                             const char *script, const char *version, const char *action)
{
    return desk_db_exec(db, DESK_Q_CALL_ROUTE,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_T(script), DESK_T(version),
                                  DESK_T(action), DESK_I(desk_now_ms())),
                        NULL);
}

enum desk_rc desk_call_severity(struct desk_db *db, const char *tenant_id, const char *id,
                                const char *severity)
{
    return desk_db_exec(
        db, DESK_Q_CALL_SEVERITY,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_T(severity), DESK_I(desk_now_ms())), NULL);
}

static enum desk_rc status_up(struct desk_db *db, const struct desk_call *c, const char *status,
                              int64_t *changed)
{
    return desk_db_exec(db, DESK_Q_CALL_STATUS,
                        DESK_ARGS(DESK_T(c->tenant_id), DESK_T(c->id), DESK_T(status),
                                  DESK_I(desk_call_rank(status)), DESK_I(desk_now_ms())),
                        changed);
}

enum desk_rc desk_call_unheard(struct desk_db *db, const char *tenant_id, const char *id)
{
    return desk_db_exec(db, DESK_Q_CALL_UNHEARD,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(desk_now_ms())), NULL);
}

static bool is(const char *have, const char *want)
{
    return have && strcmp(have, want) == 0;
}

/* ---- how it ended ---------------------------------------------------------------------------- */

struct ending {
    const struct desk_call *c;
    const char *status;
    bool spoke;
};

static bool to_be_rung(const struct ending *e)
{
    return is(e->c->next_step, DESK_NEXT_TRANSFER);
}

static bool talked(const struct ending *e)
{
    return e->spoke;
}

/* Not by the caller: we said goodbye. */
static bool by_us(const struct ending *e)
{
    return is(e->c->next_step, DESK_NEXT_HANGUP) && !is(e->c->stream_end, "caller_left");
}

static bool broken(const struct ending *e)
{
    return is(e->status, "failed");
}

static bool any(const struct ending *e)
{
    (void)e;
    return true;
}

/* First row that holds, for a call of which nothing better is known. */
static const struct {
    bool (*holds)(const struct ending *);
    const char *outcome;
} endings[] = {
    {to_be_rung, DESK_OUT_NOT_PUT}, /* who left while it rang */
    {talked, DESK_OUT_ANSWERED},    {by_us, DESK_OUT_NO_SPEECH},
    {broken, DESK_OUT_FAILED},      {any, DESK_OUT_HUNG_UP},
};

static enum desk_rc end_at(struct desk_db *db, const struct desk_call *c, const char *status,
                           bool spoke, int64_t ended_at)
{
    const struct ending e = {c, status, spoke};
    size_t i = 0;
    while (!endings[i].holds(&e))
        i++;
    /* "hung_up" of one who never spoke may be our own doing */
    bool better = is(c->outcome, DESK_OUT_HUNG_UP) && !spoke && by_us(&e);
    enum desk_rc rc = desk_call_outcome(db, c->tenant_id, c->id, endings[i].outcome, better);
    if (!rc)
        rc = desk_db_exec(db, DESK_Q_CALL_END,
                          DESK_ARGS(DESK_T(c->tenant_id), DESK_T(c->id), DESK_I(ended_at),
                                    DESK_I(ended_at - c->started_at)),
                          NULL);
    return rc ? rc : desk_happened(db, DESK_ON_CALL_COMPLETED, c->tenant_id, c->id, NULL);
}

/* In the owner's sheet calls stand once they are over. */
static enum desk_rc ended(struct desk_db *db, const struct desk_call *c, const char *status,
                          bool spoke, int64_t ended_at)
{
    enum desk_rc rc = end_at(db, c, status, spoke, ended_at);
    return rc ? rc : desk_sheet_row(db, c->tenant_id, c->id, DESK_SHEET_CALL, c->id);
}

enum desk_rc desk_call_status(struct desk_db *db, const struct desk_call *c, const char *status,
                              bool spoke)
{
    int64_t changed = 0;
    enum desk_rc rc = status_up(db, c, status, &changed);
    if (rc || !changed)
        return rc ? rc : DESK_DONE;
    if (desk_call_rank(status) < DESK_RANK_FINAL)
        return DESK_OK;
    return ended(db, c, status, spoke, desk_now_ms());
}

enum desk_rc desk_call_end(struct desk_db *db, const struct desk_call *c, const char *status,
                           bool spoke, int64_t ended_at)
{
    enum desk_rc rc = status_up(db, c, status, NULL);
    return rc ? rc : ended(db, c, status, spoke, ended_at);
}

enum desk_rc desk_call_close(struct desk_db *db, const struct desk_call *c, bool spoke,
                             int64_t ended_at)
{
    bool stream = is(c->mode, DESK_MODE_REALTIME) || is(c->mode, DESK_MODE_RELAY);
    bool lost = stream && !c->stream_ended_at && !c->outcome;
    const char *status = lost ? "failed" : "completed";
    enum desk_rc rc = DESK_OK;
    if (lost)
        rc = desk_call_outcome(db, c->tenant_id, c->id, DESK_OUT_FAILED, false);
    return rc ? rc : desk_call_end(db, c, status, spoke, ended_at);
}

enum desk_rc desk_call_on_phone(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                size_t max, struct desk_call **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(
        db, DESK_Q_CALL_ON_PHONE,
        DESK_ARGS(DESK_T(tenant_id), DESK_I(desk_now_ms() - LONGEST_MS), DESK_I((int64_t)max)),
        &desk_call_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_call_stale(struct desk_db *db, struct desk_arena *a, int64_t before,
                             struct desk_call **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_CALL_STALE, DESK_ARGS(DESK_I(before)),
                                   &desk_call_fields, a, 100, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_call_after_due(struct desk_db *db, struct desk_arena *a, int64_t now, size_t max,
                                 struct desk_call **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_CALL_AFTER_DUE, DESK_ARGS(DESK_I(now), DESK_I((int64_t)max)),
                     &desk_call_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_call_after_done(struct desk_db *db, const char *tenant_id, const char *id,
                                  const char *summary, bool replace)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(db, DESK_Q_CALL_AFTER_DONE,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_T(id),
                                             DESK_SEAL(&desk_call_fields, "summary", id, summary),
                                             DESK_I(replace)),
                                   &changed);
    if (rc || !changed)
        return rc ? rc : DESK_ECONFLICT;
    return index_summary(db, tenant_id, id);
}

enum desk_rc desk_call_after_later(struct desk_db *db, const char *tenant_id, const char *id,
                                   int64_t at)
{
    return desk_db_exec(db, DESK_Q_CALL_AFTER_LATER,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(at)), NULL);
}

enum desk_rc desk_call_short(struct desk_db *db, const char *tenant_id, const char *from_key,
                             int64_t since, int64_t *n)
{
    return desk_db_int(db, DESK_Q_CALL_SHORT_OF_CALLER,
                       DESK_ARGS(DESK_T(tenant_id), DESK_T(from_key), DESK_I(since)), n);
}

enum desk_rc desk_call_between(struct desk_db *db, struct desk_arena *a,
                               const struct desk_period *p, struct desk_call **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_CALL_BETWEEN, DESK_PERIOD_ARGS(p), &desk_call_fields,
                                   a, p->max, &rows, n);
    *out = rows;
    return rc;
}
