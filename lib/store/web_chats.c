#include "store/web_chats.h"
#include "base/clock.h"
#include "base/ids.h"
#include "queries.h"

#define F(member) offsetof(struct desk_web_chat, member)
static const struct desk_field fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"active", "Active", DESK_K_BOOL, F(active), 0, 0, 0, 0},
    {"origins", "Origins", DESK_K_TEXT, F(origins), 0, 0, 0, 0},
    {"greeting", "Greeting", DESK_K_TEXT, F(greeting), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"updated_at", "UpdatedAt", DESK_K_TIME, F(updated_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_web_chat_fields, "web_chat", struct desk_web_chat, fields);
#undef F

enum desk_rc desk_web_chat_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                               struct desk_web_chat *out)
{
    return desk_db_row(db, DESK_Q_WEB_CHAT_GET, DESK_ARGS(DESK_T(tenant_id)), &desk_web_chat_fields,
                       a, out);
}

enum desk_rc desk_web_chat_by_key(struct desk_db *db, struct desk_arena *a, const char *key,
                                  struct desk_web_chat *out)
{
    return desk_db_row(db, DESK_Q_WEB_CHAT_BY_KEY, DESK_ARGS(DESK_T(key)), &desk_web_chat_fields, a,
                       out);
}

enum desk_rc desk_web_chat_put(struct desk_db *db, const struct desk_web_chat *c)
{
    char id[DESK_ID_LEN];
    struct desk_web_chat row = *c;
    row.id = desk_id_new(id, "chat");
    row.created_at = row.updated_at = desk_now_ms();
    return desk_db_insert(db, DESK_Q_WEB_CHAT_PUT, &row);
}
