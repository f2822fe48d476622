#include "store/exceptions.h"
#include "base/clock.h"
#include "base/ids.h"
#include "db/seal.h"
#include "queries.h"

#define F(member) offsetof(struct desk_exception, member)
static const struct desk_field exception_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"number", "Number", DESK_K_TEXT, F(number), DESK_F_PII | DESK_F_PHONE, 0, 0, 0},
    {"number_key", "NumberKey", DESK_K_TEXT, F(number_key), DESK_F_HIDDEN, 0, 0, 0},
    {"name", "Name", DESK_K_TEXT, F(name), DESK_F_PII, 0, 0, 0},
    {"category", "Category", DESK_K_TEXT, F(category), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"deleted_at", "DeletedAt", DESK_K_TIME, F(deleted_at), DESK_F_HIDDEN, 0, 0, 0},
};
DESK_FIELDS(desk_exception_fields, "exception", struct desk_exception, exception_fields);
#undef F

/* A revived row keeps its id, and what is sealed in it is bound to that: so the id comes from the
 * number, not from chance. */
static const char *id_of(char id[DESK_ID_LEN], const char *key)
{
    snprintf(id, DESK_ID_LEN, "exc_%.*s", DESK_ID_LEN - 5, key);
    return id;
}

enum desk_rc desk_exception_put(struct desk_db *db, const char *tenant_id, const char *number,
                                const char *name, const char *category)
{
    char id[DESK_ID_LEN], key[DESK_BLIND_LEN];
    desk_blind(desk_db_key(db), tenant_id, number, key);
    const struct desk_exception row = {.id = id_of(id, key),
                                       .tenant_id = tenant_id,
                                       .number = number,
                                       .number_key = key,
                                       .name = name,
                                       .category = category,
                                       .created_at = desk_now_ms()};
    return desk_db_insert(db, DESK_Q_EXCEPTION_PUT, &row);
}

enum desk_rc desk_exception_find(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                 const char *number, struct desk_exception *out)
{
    char key[DESK_BLIND_LEN];
    desk_blind(desk_db_key(db), tenant_id, number, key);
    return desk_db_row(db, DESK_Q_EXCEPTION_FIND, DESK_ARGS(DESK_T(tenant_id), DESK_T(key)),
                       &desk_exception_fields, a, out);
}

enum desk_rc desk_exception_any(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *id, struct desk_exception *out)
{
    return desk_db_row(db, DESK_Q_EXCEPTION_ANY, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)),
                       &desk_exception_fields, a, out);
}

enum desk_rc desk_exception_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                 size_t max, struct desk_exception **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_EXCEPTION_LIST, DESK_ARGS(DESK_T(tenant_id), DESK_I((int64_t)max)),
                     &desk_exception_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_exception_remove(struct desk_db *db, const char *tenant_id, const char *number)
{
    char key[DESK_BLIND_LEN];
    int64_t changed = 0;
    desk_blind(desk_db_key(db), tenant_id, number, key);
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_EXCEPTION_REMOVE,
                     DESK_ARGS(DESK_T(tenant_id), DESK_T(key), DESK_I(desk_now_ms())), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}
