#include "store/settings.h"
#include "base/clock.h"
#include "base/log.h"
#include "queries.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define F(member) offsetof(struct desk_tenant_setting_row, member)
static const struct desk_field setting_fields[] = {
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"key", "Key", DESK_K_TEXT, F(key), 0, 0, 0, 0},
    {"value", "Value", DESK_K_TEXT, F(value), 0, 0, 0, 0},
    {"updated_at", "UpdatedAt", DESK_K_TIME, F(updated_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_tenant_setting_fields, "setting", struct desk_tenant_setting_row, setting_fields);
#undef F

static bool may(enum desk_setting_id id)
{
    return desk_setting_rows[id].flags & DESK_SET_TENANT;
}

enum desk_rc desk_tenant_settings_load(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, struct desk_tenant_settings *out)
{
    void *rows = NULL;
    size_t n = 0;
    char why[200];
    memset(out, 0, sizeof *out);
    enum desk_rc rc = desk_db_rows(db, DESK_Q_SETTING_LIST, DESK_ARGS(DESK_T(tenant_id)),
                                   &desk_tenant_setting_fields, a, DESK_S__MAX, &rows, &n);
    const struct desk_tenant_setting_row *row = rows;
    for (size_t i = 0; !rc && i < n; i++) {
        enum desk_setting_id id;
        if (!desk_setting_find(row[i].key, &id) || !may(id) ||
            desk_setting_check(id, row[i].value, why, sizeof why))
            desk_log(DESK_LOG_WARN, "setting.unfit", "tenant=%s key=%s", tenant_id, row[i].key);
        else
            out->own[id] = row[i].value;
    }
    return rc;
}

const char *desk_tenant_setting(const struct desk_tenant_settings *s, enum desk_setting_id id)
{
    return s->own[id] ? s->own[id] : desk_setting(id);
}

long desk_tenant_setting_int(const struct desk_tenant_settings *s, enum desk_setting_id id)
{
    return strtol(desk_tenant_setting(s, id), NULL, 10);
}

bool desk_tenant_setting_bool(const struct desk_tenant_settings *s, enum desk_setting_id id)
{
    return desk_setting_true(desk_tenant_setting(s, id));
}

enum desk_rc desk_tenant_setting_put(struct desk_db *db, const char *tenant_id,
                                     enum desk_setting_id id, const char *value, char *why,
                                     size_t n)
{
    const char *key = desk_setting_rows[id].name;
    if (!may(id)) {
        snprintf(why, n, "%s belongs to the machine, not to one business", key);
        return DESK_EINVAL;
    }
    if (!value)
        return desk_db_exec(db, DESK_Q_SETTING_DROP, DESK_ARGS(DESK_T(tenant_id), DESK_T(key)),
                            NULL);
    enum desk_rc rc = desk_setting_check(id, value, why, n);
    const struct desk_tenant_setting_row row = {tenant_id, key, value, desk_now_ms()};
    return rc ? rc : desk_db_insert(db, DESK_Q_SETTING_PUT, &row);
}
