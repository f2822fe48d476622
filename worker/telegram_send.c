/* Kinds "telegram" and "telegram_reply": what the bot tells by itself, and what it answers. */
#include "base/clock.h"
#include "base/config.h"
#include "store/telegram.h"
#include "worker/kinds.h"

#include <jansson.h>
#include <stdlib.h>

static struct desk_telegram_bot_of bot_of(void)
{
    return (struct desk_telegram_bot_of){.base_url = desk_setting(DESK_S_TELEGRAM_API_URL),
                                         .token = desk_setting(DESK_S_TELEGRAM_BOT_TOKEN)};
}

/* Is it to come without a sound? What cannot be read sounds. */
static bool muted(const struct outbox_work *w, const char *chat)
{
    struct desk_telegram_link link;
    return w->row->priority > DESK_OUTBOX_ALERT &&
           desk_telegram_link_by_chat(w->db, w->arena, chat, &link) == DESK_OK &&
           link.muted_until > desk_now_ms();
}

/* What only the whole method can say: without a sound, with buttons. */
static void send_with(const struct outbox_work *w, const struct desk_telegram_bot_of *bot,
                      const char *chat, const char *text, bool quiet, json_t *keys,
                      struct desk_outbox_result *r)
{
    json_t *root = json_pack("{s:s, s:s}", "chat_id", chat, "text", text);
    if (root && quiet)
        json_object_set_new(root, "disable_notification", json_true());
    if (root && keys)
        json_object_set_new(root, "reply_markup", json_pack("{s:O}", "inline_keyboard", keys));
    char *body = root ? json_dumps(root, JSON_COMPACT) : NULL;
    w->services->telegram->call(bot, "sendMessage", body, NULL, r);
    json_decref(root);
    free(body);
}

void deliver_telegram(const struct outbox_work *w, struct desk_outbox_result *r)
{
    const struct desk_telegram_bot_of bot = bot_of();
    const char *chat = outbox_payload(w, "chat"), *text = outbox_payload(w, "text");
    json_t *p = json_loads(w->row->payload ? w->row->payload : "", 0, NULL);
    json_t *keys = json_object_get(p, "keys");
    bool quiet = chat && text && muted(w, chat);
    if (!chat || !text)
        outbox_fail(r, "The row does not say whom to send what.");
    else if (!*bot.token)
        outbox_fail(r, "TELEGRAM_BOT_TOKEN is not set.");
    else if (quiet || json_is_array(keys))
        send_with(w, &bot, chat, text, quiet, keys, r);
    else
        w->services->telegram->send(&bot, chat, text, r);
    json_decref(p);
}

void deliver_telegram_reply(const struct outbox_work *w, struct desk_outbox_result *r)
{
    const struct desk_telegram_bot_of bot = bot_of();
    json_t *p = json_loads(w->row->payload ? w->row->payload : "", 0, NULL);
    const char *method = json_string_value(json_object_get(p, "method"));
    char *body = json_dumps(json_object_get(p, "body"), JSON_COMPACT);
    if (!method || !body)
        outbox_fail(r, "The row does not say what to answer.");
    else if (!*bot.token)
        outbox_fail(r, "TELEGRAM_BOT_TOKEN is not set.");
    else
        w->services->telegram->call(&bot, method, body, NULL, r);
    free(body);
    json_decref(p);
}
