#include "store/promises.h"
#include "base/clock.h"
#include "queries.h"

enum desk_rc desk_callback_due(struct desk_db *db, struct desk_arena *a, int64_t now, size_t max,
                               struct desk_callback **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_CALLBACK_DUE, DESK_ARGS(DESK_I(now), DESK_I((int64_t)max)),
                     &desk_callback_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_callback_step(struct desk_db *db, const struct desk_callback *row,
                                const struct desk_callback_step *to)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_CALLBACK_STEP,
        DESK_ARGS(DESK_T(row->tenant_id), DESK_T(row->id), DESK_I(to->due_at), DESK_I(to->next_at),
                  DESK_I(to->told), DESK_I(row->next_at), DESK_I(row->told)),
        &changed);
    return !rc && !changed ? DESK_DONE : rc;
}

enum desk_rc desk_callback_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                               const char *id, struct desk_callback *out)
{
    return desk_db_row(db, DESK_Q_CALLBACK_GET, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)),
                       &desk_callback_fields, a, out);
}

enum desk_rc desk_callback_open_of(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                   const char *number_key, struct desk_callback **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_CALLBACK_OPEN_OF, DESK_ARGS(DESK_T(tenant_id), DESK_T(number_key)),
                     &desk_callback_fields, a, 50, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_callback_keep(struct desk_db *db, const char *tenant_id, const char *id,
                                const char *how)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_CALLBACK_KEEP,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(desk_now_ms()), DESK_T(how)), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

enum desk_rc desk_callback_open_list(struct desk_db *db, struct desk_arena *a,
                                     const char *tenant_id, int64_t before, size_t max,
                                     struct desk_callback **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_CALLBACK_OPEN_LIST,
                     DESK_ARGS(DESK_T(tenant_id), DESK_I(before), DESK_I((int64_t)max)),
                     &desk_callback_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}
