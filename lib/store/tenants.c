#include "store/tenants.h"
#include "queries.h"

#define F(member) offsetof(struct desk_tenant, member)
static const struct desk_field tenant_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"slug", "Slug", DESK_K_TEXT, F(slug), 0, 0, 0, 0},
    {"name", "Name", DESK_K_TEXT, F(name), 0, 0, 0, 0},
    {"profile", "Profile", DESK_K_TEXT, F(profile), DESK_F_HIDDEN, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"updated_at", "UpdatedAt", DESK_K_TIME, F(updated_at), 0, 0, 0, 0},
    {"people", "People", DESK_K_TEXT, F(people), DESK_F_SECRET, 0, 0, 0},
};
DESK_FIELDS(desk_tenant_fields, "tenant", struct desk_tenant, tenant_fields);
#undef F

#define F(member) offsetof(struct desk_location, member)
static const struct desk_field location_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"name", "Name", DESK_K_TEXT, F(name), 0, 0, 0, 0},
    {"zone", "Zone", DESK_K_TEXT, F(zone), 0, 0, 0, 0},
    {"hours", "Hours", DESK_K_TEXT, F(hours), DESK_F_HIDDEN, 0, 0, 0},
    {"owner_name", "OwnerName", DESK_K_TEXT, F(owner_name), 0, 0, 0, 0},
    {"owner_phone", "OwnerPhone", DESK_K_TEXT, F(owner_phone), DESK_F_PII | DESK_F_PHONE, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"overlay", "Overlay", DESK_K_TEXT, F(overlay), DESK_F_HIDDEN, 0, 0, 0},
    {"people", "People", DESK_K_TEXT, F(people), DESK_F_SECRET, 0, 0, 0},
};
DESK_FIELDS(desk_location_fields, "location", struct desk_location, location_fields);
#undef F

#define F(member) offsetof(struct desk_number, member)
static const struct desk_field number_fields[] = {
    {"e164", "E164", DESK_K_TEXT, F(e164), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"location_id", "LocationId", DESK_K_TEXT, F(location_id), DESK_F_HIDDEN, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_number_fields, "number", struct desk_number, number_fields);
#undef F

enum desk_rc desk_tenant_insert(struct desk_db *db, const struct desk_tenant *t)
{
    return desk_db_insert(db, DESK_Q_TENANT_INSERT, t);
}

enum desk_rc desk_location_insert(struct desk_db *db, const struct desk_location *l)
{
    return desk_db_insert(db, DESK_Q_LOCATION_INSERT, l);
}

enum desk_rc desk_number_insert(struct desk_db *db, const struct desk_number *n)
{
    return desk_db_insert(db, DESK_Q_NUMBER_INSERT, n);
}

/* No row of that id: DESK_ENOTFOUND. */
static enum desk_rc one(enum desk_rc rc, int64_t changed)
{
    return rc || changed ? rc : DESK_ENOTFOUND;
}

enum desk_rc desk_tenant_update(struct desk_db *db, const struct desk_tenant *t)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_TENANT_UPDATE,
                     DESK_ARGS(DESK_T(t->id), DESK_T(t->name), DESK_T(t->profile),
                               DESK_SEAL(&desk_tenant_fields, "people", t->id, t->people),
                               DESK_I(t->updated_at)),
                     &changed);
    return one(rc, changed);
}

enum desk_rc desk_location_update(struct desk_db *db, const struct desk_location *l)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_LOCATION_UPDATE,
        DESK_ARGS(DESK_T(l->tenant_id), DESK_T(l->id), DESK_T(l->name), DESK_T(l->zone),
                  DESK_T(l->hours), DESK_T(l->owner_name),
                  DESK_SEAL(&desk_location_fields, "owner_phone", l->id, l->owner_phone),
                  DESK_T(l->overlay), DESK_SEAL(&desk_location_fields, "people", l->id, l->people)),
        &changed);
    return one(rc, changed);
}

enum desk_rc desk_location_hours(struct desk_db *db, const char *tenant_id, const char *id,
                                 const char *hours)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_LOCATION_HOURS,
                     DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_T(hours)), &changed);
    return one(rc, changed);
}

enum desk_rc desk_location_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                struct desk_location **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_LOCATION_LIST, DESK_ARGS(DESK_T(tenant_id)),
                                   &desk_location_fields, a, 1000, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_number_delete_all(struct desk_db *db, const char *tenant_id)
{
    return desk_db_exec(db, DESK_Q_NUMBER_DELETE_ALL, DESK_ARGS(DESK_T(tenant_id)), NULL);
}

enum desk_rc desk_tenant_get(struct desk_db *db, struct desk_arena *a, const char *id,
                             struct desk_tenant *out)
{
    return desk_db_row(db, DESK_Q_TENANT_BY_ID, DESK_ARGS(DESK_T(id)), &desk_tenant_fields, a, out);
}

enum desk_rc desk_tenant_by_slug(struct desk_db *db, struct desk_arena *a, const char *slug,
                                 struct desk_tenant *out)
{
    return desk_db_row(db, DESK_Q_TENANT_BY_SLUG, DESK_ARGS(DESK_T(slug)), &desk_tenant_fields, a,
                       out);
}

enum desk_rc desk_tenant_count(struct desk_db *db, int64_t *n)
{
    return desk_db_int(db, DESK_Q_TENANT_COUNT, DESK_NOARGS, n);
}

enum desk_rc desk_tenant_list(struct desk_db *db, struct desk_arena *a, struct desk_tenant **out,
                              size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_TENANT_LIST, DESK_NOARGS, &desk_tenant_fields, a, 1000, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_location_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                               const char *id, struct desk_location *out)
{
    return desk_db_row(db, DESK_Q_LOCATION_BY_ID, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)),
                       &desk_location_fields, a, out);
}

enum desk_rc desk_location_first(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                 struct desk_location *out)
{
    return desk_db_row(db, DESK_Q_LOCATION_FIRST, DESK_ARGS(DESK_T(tenant_id)),
                       &desk_location_fields, a, out);
}

enum desk_rc desk_location_owner_phone_set(struct desk_db *db, const struct desk_location *l,
                                           const char *phone)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_LOCATION_OWNER_PHONE_SET,
                     DESK_ARGS(DESK_T(l->tenant_id), DESK_T(l->id),
                               DESK_SEAL(&desk_location_fields, "owner_phone", l->id, phone)),
                     &changed);
    return rc || changed ? rc : DESK_ENOTFOUND;
}

enum desk_rc desk_number_find(struct desk_db *db, struct desk_arena *a, const char *e164,
                              struct desk_number *out)
{
    return desk_db_row(db, DESK_Q_NUMBER_FIND, DESK_ARGS(DESK_T(e164)), &desk_number_fields, a,
                       out);
}

enum desk_rc desk_number_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              struct desk_number **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_NUMBER_LIST, DESK_ARGS(DESK_T(tenant_id)),
                                   &desk_number_fields, a, 1000, &rows, n);
    *out = rows;
    return rc;
}
