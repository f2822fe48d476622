#include "store/audits.h"
#include "base/clock.h"
#include "base/ids.h"
#include "queries.h"

#define F(member) offsetof(struct desk_audit, member)
static const struct desk_field audit_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"user_id", "UserId", DESK_K_TEXT, F(user_id), 0, 0, 0, 0},
    {"action", "Action", DESK_K_TEXT, F(action), 0, 0, 0, 0},
    {"object", "Object", DESK_K_TEXT, F(object), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"who", "Who", DESK_K_TEXT, F(who), 0, 0, 0, 0},
    {"session_ref", "SessionRef", DESK_K_TEXT, F(session_ref), 0, 0, 0, 0},
    {"request_id", "RequestId", DESK_K_TEXT, F(request_id), 0, 0, 0, 0},
    {"look", "Look", DESK_K_BOOL, F(look), 0, 0, 0, 0},
};
DESK_FIELDS(desk_audit_fields, "audit", struct desk_audit, audit_fields);
#undef F

enum desk_rc desk_audit_write(struct desk_db *db, const struct desk_audit *row)
{
    char id[DESK_ID_LEN];
    struct desk_audit r = *row;
    r.id = desk_id_new(id, "audit");
    r.created_at = desk_now_ms();
    return desk_db_insert(db, DESK_Q_AUDIT_INSERT, &r);
}

enum desk_rc desk_audit_was(struct desk_db *db, const struct desk_audit *row, int64_t within_ms,
                            bool *was)
{
    int64_t n = 0;
    enum desk_rc rc =
        desk_db_int(db, DESK_Q_AUDIT_SINCE,
                    DESK_ARGS(DESK_T(row->tenant_id), DESK_T(row->object), DESK_T(row->user_id),
                              DESK_T(row->action), DESK_I(desk_now_ms() - within_ms)),
                    &n);
    *was = n > 0;
    return rc;
}

enum desk_rc desk_audit_write_once(struct desk_db *db, const struct desk_audit *row,
                                   int64_t within_ms)
{
    bool was = false;
    enum desk_rc rc = desk_audit_was(db, row, within_ms, &was);
    return rc || was ? rc : desk_audit_write(db, row);
}

enum desk_rc desk_audit_add(struct desk_db *db, const char *tenant_id, const char *user_id,
                            const char *action, const char *object)
{
    return desk_audit_write(
        db, &(struct desk_audit){
                .tenant_id = tenant_id, .user_id = user_id, .action = action, .object = object});
}

enum desk_rc desk_audit_once(struct desk_db *db, const char *tenant_id, const char *user_id,
                             const char *action, const char *object, int64_t within_ms)
{
    return desk_audit_write_once(db,
                                 &(struct desk_audit){.tenant_id = tenant_id,
                                                      .user_id = user_id,
                                                      .action = action,
                                                      .object = object,
                                                      .look = true},
                                 within_ms);
}

enum desk_rc desk_audit_last(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             const char *action, struct desk_audit *out)
{
    return desk_db_row(db, DESK_Q_AUDIT_LAST, DESK_ARGS(DESK_T(tenant_id), DESK_T(action)),
                       &desk_audit_fields, a, out);
}

enum desk_rc desk_audit_find(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             const struct desk_audit_filter *f, int64_t before_ms,
                             const char *before_id, size_t max, struct desk_audit **out, size_t *n)
{
    void *rows;
    int64_t look = f->what == DESK_AUDIT_LOOKS ? 1 : f->what == DESK_AUDIT_CHANGES ? 0 : -1;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_AUDIT_FIND,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_I(before_ms),
                                             DESK_T(before_id), DESK_I((int64_t)max),
                                             DESK_T(f->user_id ? f->user_id : ""), DESK_I(look)),
                                   &desk_audit_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_audit_forget(struct desk_db *db, const char *tenant_id, int64_t before_ms,
                               int64_t *n)
{
    enum desk_rc rc = desk_db_exec(db, DESK_Q_AUDIT_LIMIT_PUT,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_I(before_ms)), NULL);
    return rc ? rc
              : desk_db_exec(db, DESK_Q_AUDIT_FORGET,
                             DESK_ARGS(DESK_T(tenant_id), DESK_I(before_ms)), n);
}
