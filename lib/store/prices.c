#include "store/prices.h"
#include "base/clock.h"
#include "base/ids.h"
#include "queries.h"

#define F(member) offsetof(struct desk_price, member)
static const struct desk_field fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_HIDDEN, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"model", "Model", DESK_K_TEXT, F(model), 0, 0, 0, 0},
    {"unit", "Unit", DESK_K_TEXT, F(unit), 0, 0, 0, 0},
    {"nanos", "Nanos", DESK_K_INT, F(nanos), 0, 0, 0, 0},
    {"from_day", "FromDay", DESK_K_TEXT, F(from_day), 0, 0, 0, 0},
    {"source", "Source", DESK_K_TEXT, F(source), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_price_fields, "price", struct desk_price, fields);
#undef F

enum desk_rc desk_price_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             struct desk_price **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_PRICE_LIST, DESK_ARGS(DESK_T(tenant_id), DESK_I(DESK_PRICE_MOST)),
                     &desk_price_fields, a, DESK_PRICE_MOST, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_price_set(struct desk_db *db, const struct desk_price *p)
{
    char id[DESK_ID_LEN];
    struct desk_price row = *p;
    row.id = desk_id_new(id, "price");
    row.created_at = desk_now_ms();
    return desk_db_insert(db, DESK_Q_PRICE_SET, &row);
}

enum desk_rc desk_price_remove(struct desk_db *db, const struct desk_price *p)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_PRICE_REMOVE,
        DESK_ARGS(DESK_T(p->tenant_id), DESK_T(p->model), DESK_T(p->unit), DESK_T(p->from_day)),
        &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}
