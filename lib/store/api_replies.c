#include "store/api_replies.h"
#include "queries.h"

#include <stddef.h>

#define F(member) offsetof(struct desk_api_reply, member)
static const struct desk_field api_reply_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_HIDDEN, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"asked", "Asked", DESK_K_TEXT, F(asked), DESK_F_HIDDEN, 0, 0, 0},
    {"status", "Status", DESK_K_INT, F(status), 0, 0, 0, 0},
    {"headers", "Headers", DESK_K_TEXT, F(headers), DESK_F_HIDDEN, 0, 0, 0},
    {"body", "Body", DESK_K_TEXT, F(body), DESK_F_SECRET, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_api_reply_fields, "api_reply", struct desk_api_reply, api_reply_fields);
#undef F

enum desk_rc desk_api_reply_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *id, struct desk_api_reply *out)
{
    return desk_db_row(db, DESK_Q_API_REPLY_GET, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)),
                       &desk_api_reply_fields, a, out);
}

enum desk_rc desk_api_reply_add(struct desk_db *db, const struct desk_api_reply *r)
{
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_API_REPLY_PURGE,
        DESK_ARGS(DESK_T(r->tenant_id), DESK_I(r->created_at - DESK_API_REPLY_MS)), NULL);
    return rc ? rc : desk_db_insert(db, DESK_Q_API_REPLY_INSERT, r);
}
