#include "store/conversation.h"
#include "base/clock.h"
#include "base/ids.h"
#include "store/live.h"
#include "queries.h"
#include "store/word_index.h"

#define F(member) offsetof(struct desk_turn, member)
static const struct desk_field turn_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"item_id", "ItemId", DESK_K_TEXT, F(item_id), DESK_F_HIDDEN, 0, 0, 0},
    {"who", "Who", DESK_K_TEXT, F(who), 0, 0, 0, 0},
    {"how", "How", DESK_K_TEXT, F(how), 0, 0, 0, 0},
    {"text", "Text", DESK_K_TEXT, F(text), DESK_F_PII, 0, 0, 0},
    {"unheard", "Unheard", DESK_K_TEXT, F(unheard), DESK_F_PII, 0, 0, 0},
    {"start_ms", "StartMs", DESK_K_INT, F(start_ms), 0, 0, 0, 0},
    {"end_ms", "EndMs", DESK_K_INT, F(end_ms), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"seq", "Seq", DESK_K_INT, F(seq), DESK_F_HIDDEN, 0, 0, 0},
};
DESK_FIELDS(desk_turn_fields, "turn", struct desk_turn, turn_fields);
#undef F

#define F(member) offsetof(struct desk_event, member)
static const struct desk_field event_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"kind", "Kind", DESK_K_TEXT, F(kind), 0, 0, 0, 0},
    {"name", "Name", DESK_K_TEXT, F(name), 0, 0, 0, 0},
    {"detail", "Detail", DESK_K_TEXT, F(detail), DESK_F_PII, 0, 0, 0},
    {"at_ms", "AtMs", DESK_K_INT, F(at_ms), 0, 0, 0, 0},
    {"dedupe", "Dedupe", DESK_K_TEXT, F(dedupe), DESK_F_HIDDEN, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_event_fields, "event", struct desk_event, event_fields);
#undef F

#define F(member) offsetof(struct desk_tool_run, member)
static const struct desk_field tool_run_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"dedupe", "Dedupe", DESK_K_TEXT, F(dedupe), DESK_F_HIDDEN, 0, 0, 0},
    {"tool", "Tool", DESK_K_TEXT, F(tool), 0, 0, 0, 0},
    {"args", "Args", DESK_K_TEXT, F(args), DESK_F_PII, 0, 0, 0},
    {"result", "Result", DESK_K_TEXT, F(result), DESK_F_PII, 0, 0, 0},
    {"ok", "Ok", DESK_K_BOOL, F(ok), 0, 0, 0, 0},
    {"at_ms", "AtMs", DESK_K_INT, F(at_ms), 0, 0, 0, 0},
    {"took_ms", "TookMs", DESK_K_INT, F(took_ms), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_tool_run_fields, "tool_run", struct desk_tool_run, tool_run_fields);
#undef F

static enum desk_rc index_turn(struct desk_db *db, const struct desk_turn *t, bool fresh)
{
    const char *const texts[] = {t->text, t->unheard};
    return desk_index_put(db, &(struct desk_doc_words){.what = DESK_DOC_TURN,
                                                       .tenant_id = t->tenant_id,
                                                       .id = t->id,
                                                       .at = t->created_at,
                                                       .texts = texts,
                                                       .n = 2,
                                                       .fresh = fresh});
}

enum desk_rc desk_turn_add(struct desk_db *db, struct desk_turn *t)
{
    char id[DESK_ID_LEN];
    struct desk_turn row = *t;
    if (!row.id)
        row.id = desk_id_new(id, "turn");
    if (!row.created_at)
        row.created_at = desk_now_ms();
    enum desk_rc rc = desk_live_seq(db, row.tenant_id, &row.seq);
    row.seq++;
    if (!rc)
        rc = desk_db_insert(db, DESK_Q_TURN_INSERT, &row);
    return rc == DESK_ECONFLICT ? DESK_OK : rc ? rc : index_turn(db, &row, true);
}

enum desk_rc desk_turn_now(struct desk_db *db, const struct desk_call *c, const char *item,
                           const char *who, const char *how, const char *text)
{
    int64_t at = desk_now_ms() - c->started_at;
    struct desk_turn t = {.tenant_id = c->tenant_id,
                          .call_id = c->id,
                          .item_id = item,
                          .who = who,
                          .how = how,
                          .text = text,
                          .start_ms = at,
                          .end_ms = at};
    return !item ? DESK_ENOMEM : *text ? desk_turn_add(db, &t) : DESK_OK;
}

enum desk_rc desk_turn_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                            const char *call_id, size_t max, struct desk_turn **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(
        db, DESK_Q_TURN_LIST, DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id), DESK_I((int64_t)max)),
        &desk_turn_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_turn_recent(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const char *call_id, const char *who, size_t max,
                              struct desk_turn **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(
        db, DESK_Q_TURN_RECENT,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id), DESK_T(who), DESK_I((int64_t)max)),
        &desk_turn_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_turn_by_caller(struct desk_db *db, const char *tenant_id, const char *call_id,
                                 bool *yes)
{
    int64_t n = 0;
    enum desk_rc rc =
        desk_db_int(db, DESK_Q_TURN_BY_CALLER, DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id)), &n);
    *yes = n > 0;
    return rc;
}

enum desk_rc desk_turn_count(struct desk_db *db, const char *tenant_id, const char *call_id,
                             int64_t *n)
{
    return desk_db_int(db, DESK_Q_TURN_COUNT, DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id)), n);
}

enum desk_rc desk_turn_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                           const char *call_id, const char *item_id, struct desk_turn *out)
{
    return desk_db_row(db, DESK_Q_TURN_BY_ITEM,
                       DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id), DESK_T(item_id)),
                       &desk_turn_fields, a, out);
}

enum desk_rc desk_turn_heard(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             const char *call_id, const char *item_id, const char *heard,
                             const char *unheard, int64_t end_ms)
{
    struct desk_turn t;
    enum desk_rc rc = desk_turn_get(db, a, tenant_id, call_id, item_id, &t);
    if (rc)
        return rc;
    rc = desk_db_exec(db, DESK_Q_TURN_HEARD,
                      DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id), DESK_T(t.id),
                                DESK_SEAL(&desk_turn_fields, "text", t.id, heard),
                                DESK_SEAL(&desk_turn_fields, "unheard", t.id, unheard),
                                DESK_I(end_ms)),
                      NULL);
    t.text = heard;
    t.unheard = unheard;
    return rc ? rc : index_turn(db, &t, false);
}

enum desk_rc desk_event_add(struct desk_db *db, const char *tenant_id, const char *call_id,
                            int64_t call_started, const char *kind, const char *name,
                            const char *detail, const char *dedupe)
{
    char id[DESK_ID_LEN];
    int64_t now = desk_now_ms();
    struct desk_event e = {.id = desk_id_new(id, "event"),
                           .tenant_id = tenant_id,
                           .call_id = call_id,
                           .kind = kind,
                           .name = name,
                           .detail = detail,
                           .at_ms = now - call_started,
                           .dedupe = dedupe,
                           .created_at = now};
    enum desk_rc rc = desk_db_insert(db, DESK_Q_EVENT_INSERT, &e);
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

enum desk_rc desk_event_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             const char *call_id, size_t max, struct desk_event **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(
        db, DESK_Q_EVENT_LIST, DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id), DESK_I((int64_t)max)),
        &desk_event_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_tool_run_add(struct desk_db *db, const struct desk_tool_run *r)
{
    return desk_db_insert(db, DESK_Q_TOOL_RUN_INSERT, r);
}

enum desk_rc desk_tool_run_find(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *call_id, const char *dedupe, struct desk_tool_run *out)
{
    return desk_db_row(db, DESK_Q_TOOL_RUN_FIND,
                       DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id), DESK_T(dedupe)),
                       &desk_tool_run_fields, a, out);
}

enum desk_rc desk_tool_run_done(struct desk_db *db, const struct desk_tool_run *r,
                                const char *result, bool ok, int64_t took_ms)
{
    return desk_db_exec(db, DESK_Q_TOOL_RUN_DONE,
                        DESK_ARGS(DESK_T(r->tenant_id), DESK_T(r->call_id), DESK_T(r->id),
                                  DESK_SEAL(&desk_tool_run_fields, "result", r->id, result),
                                  DESK_I(ok), DESK_I(took_ms)),
                        NULL);
}

enum desk_rc desk_tool_run_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *call_id, struct desk_tool_run **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_TOOL_RUN_LIST, DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id)),
                     &desk_tool_run_fields, a, 200, &rows, n);
    *out = rows;
    return rc;
}
