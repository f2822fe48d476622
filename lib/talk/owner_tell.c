#include "talk/owner_tell.h"
#include "base/config.h"
#include "core/dialling.h"
#include "core/phone.h"
#include "store/outbox.h"
#include "store/settings.h"
#include "store/telegram.h"
#include "talk/telegram_chat.h"

#include <jansson.h>
#include <stdlib.h>

const char *desk_cannot_text(const struct desk_business *b, const char *to)
{
    if (!*desk_setting(DESK_S_TWILIO_ACCOUNT_SID)) /* for practice: nobody could send it */
        return "No account to send texts with is set up.";
    if (!to || !*to)
        return "There is no number to send it to.";
    return desk_may_dial(b, to) && desk_phone_can_text(to)
               ? NULL
               : "The number cannot take texts of ours.";
}

/* The one that was linked first. */
static enum desk_rc linked_chat(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char **chat)
{
    struct desk_telegram_link *rows;
    size_t n = 0;
    enum desk_rc rc = desk_telegram_link_list(db, a, tenant_id, &rows, &n);
    if (!rc && n && rows[0].chat)
        *chat = rows[0].chat;
    return rc;
}

enum desk_rc desk_owner_chat(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             const struct desk_business *b, const char **chat)
{
    struct desk_tenant_settings own;
    bool bot = *desk_setting(DESK_S_TELEGRAM_BOT_TOKEN);
    *chat = bot ? b->telegram : "";
    if (!bot || **chat)
        return DESK_OK;
    enum desk_rc rc = desk_tenant_settings_load(db, a, tenant_id, &own);
    if (!rc)
        *chat = desk_tenant_setting(&own, DESK_S_TELEGRAM_CHAT_ID);
    return rc || **chat ? rc : linked_chat(db, a, tenant_id, chat);
}

enum desk_rc desk_owner_ways(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             const struct desk_business *b, const char *from,
                             struct desk_owner_ways *out)
{
    bool either = !b->after.sms && !b->after.telegram;
    out->chat = "";
    enum desk_rc rc =
        either || b->after.telegram ? desk_owner_chat(db, a, tenant_id, b, &out->chat) : DESK_OK;
    out->text = (b->after.sms || (either && !rc && !*out->chat)) && from && *from == '+' &&
                !desk_cannot_text(b, b->owner->phone);
    return rc;
}

enum desk_rc desk_telegram_queue(struct desk_db *db, struct desk_arena *a,
                                 const struct desk_telegram_new *n)
{
    json_t *keys = NULL;
    enum desk_rc made = n->keys ? desk_tg_alert_keys(db, a, n, &keys) : DESK_OK;
    json_t *root =
        made ? NULL : json_pack("{s:s, s:s, s:o*}", "chat", n->chat, "text", n->text, "keys", keys);
    char *payload = root ? json_dumps(root, JSON_COMPACT) : NULL;
    const struct desk_outbox_new row = {.tenant_id = n->tenant_id,
                                        .call_id = n->call_id,
                                        .kind = DESK_OUTBOX_TELEGRAM,
                                        .dedupe = desk_arena_fmt(a, "%s:telegram", n->key),
                                        .payload = payload,
                                        .priority = n->priority};
    enum desk_rc rc = made ? made : payload && row.dedupe ? desk_outbox_add(db, &row) : DESK_ENOMEM;
    json_decref(root);
    free(payload);
    return rc;
}
