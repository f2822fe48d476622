#include "store/key_check.h"

#define F(member) offsetof(struct desk_key_check, member)
static const struct desk_field fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"proof", "Proof", DESK_K_TEXT, F(proof), DESK_F_SECRET, 0, 0, 0},
};
DESK_FIELDS(desk_key_check_fields, "key_check", struct desk_key_check, fields);
