/* Settings a business has changed for itself (table `setting`), over those of the machine
 * (base/config.h). Only rows flagged DESK_SET_TENANT may be changed. Reads put strings in the
 * arena; writes run inside the caller's transaction. */
#ifndef DESK_STORE_SETTINGS_H
#define DESK_STORE_SETTINGS_H

#include "base/arena.h"
#include "base/config.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdbool.h>
#include <stdint.h>

/* What holds for one business. All zero = the machine's own. Plain data; the strings belong to the
 * arena it was loaded with. */
struct desk_tenant_settings {
    const char *own[DESK_S__MAX]; /* NULL = as the machine's */
};

/* A value that does not fit its row any more (an older version wrote it) is logged and left out. */
DESK_MUST enum desk_rc desk_tenant_settings_load(struct desk_db *db, struct desk_arena *a,
                                                 const char *tenant_id,
                                                 struct desk_tenant_settings *out);

const char *desk_tenant_setting(const struct desk_tenant_settings *s, enum desk_setting_id id);
long desk_tenant_setting_int(const struct desk_tenant_settings *s, enum desk_setting_id id);
bool desk_tenant_setting_bool(const struct desk_tenant_settings *s, enum desk_setting_id id);

/* Write one; value NULL = back to the machine's. DESK_EINVAL: not a business's to change, or the
 * value does not fit; why (n bytes) says which. */
DESK_MUST enum desk_rc desk_tenant_setting_put(struct desk_db *db, const char *tenant_id,
                                               enum desk_setting_id id, const char *value,
                                               char *why, size_t n);

struct desk_tenant_setting_row {
    const char *tenant_id, *key, *value;
    int64_t updated_at;
};
extern const struct desk_fields desk_tenant_setting_fields;

#endif
