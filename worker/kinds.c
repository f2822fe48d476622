#include "worker/kinds.h"
#include "base/config.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static void fail(struct desk_outbox_result *r, const char *why)
{
    r->end = DESK_END_FAILED;
    snprintf(r->why, sizeof r->why, "%s", why);
}

static bool loopback(const char *url)
{
    static const char *const hosts[] = {"127.0.0.1", "localhost", "[::1]"};
    const char *host = strstr(url, "://");
    for (size_t i = 0; host && i < sizeof hosts / sizeof *hosts; i++)
        if (strncmp(host + 3, hosts[i], strlen(hosts[i])) == 0)
            return true;
    return false;
}

/* Where Twilio tells what became of a text. With the row's id, so that a report that is quicker
 * than the answer, or comes although the answer was lost, is of use. Twilio cannot reach a base on
 * this machine, and refuses the text because of it. */
static bool report_url(const struct desk_outbox *row, char *out, size_t n)
{
    const char *base = desk_setting(DESK_S_PUBLIC_BASE_URL);
    size_t len = strlen(base);
    while (len && base[len - 1] == '/')
        len--;
    if (!len || (loopback(base) && !loopback(desk_setting(DESK_S_TWILIO_API_URL))))
        return false;
    int want = snprintf(out, n, "%.*s/sms/status?id=%s", (int)len, base, row->id);
    return want > 0 && (size_t)want < n;
}

static void send_sms(const struct outbox_services *services, const struct desk_outbox *row,
                     struct desk_outbox_result *r)
{
    char url[512];
    const struct desk_twilio_account account = {.base_url = desk_setting(DESK_S_TWILIO_API_URL),
                                                .sid = desk_setting(DESK_S_TWILIO_ACCOUNT_SID),
                                                .token = desk_setting(DESK_S_TWILIO_AUTH_TOKEN)};
    json_t *p = json_loads(row->payload ? row->payload : "", 0, NULL);
    const struct desk_twilio_message m = {.to = json_string_value(json_object_get(p, "to")),
                                          .from = json_string_value(json_object_get(p, "from")),
                                          .body = json_string_value(json_object_get(p, "body")),
                                          .status_callback =
                                              report_url(row, url, sizeof url) ? url : NULL};
    if (!m.to || !m.from || !m.body)
        fail(r, "The row does not say whom to send what.");
    else if (!*account.sid || !*account.token)
        fail(r, "TWILIO_ACCOUNT_SID or TWILIO_AUTH_TOKEN is not set.");
    else
        services->twilio->message(&account, &m, r);
    json_decref(p);
}

static void send_telegram(const struct outbox_services *services, const struct desk_outbox *row,
                          struct desk_outbox_result *r)
{
    const struct desk_telegram_bot_of bot = {.base_url = desk_setting(DESK_S_TELEGRAM_API_URL),
                                             .token = desk_setting(DESK_S_TELEGRAM_BOT_TOKEN)};
    json_t *p = json_loads(row->payload ? row->payload : "", 0, NULL);
    const char *chat = json_string_value(json_object_get(p, "chat"));
    const char *text = json_string_value(json_object_get(p, "text"));
    if (!chat || !text)
        fail(r, "The row does not say whom to send what.");
    else if (!*bot.token)
        fail(r, "TELEGRAM_BOT_TOKEN is not set.");
    else
        services->telegram->send(&bot, chat, text, r);
    json_decref(p);
}

const struct outbox_kind outbox_kinds[OUTBOX_KINDS] = {
    {DESK_OUTBOX_SMS, false, "text", "The text to the caller", send_sms},
    /* an alert twice is better than none (out/telegram.h) */
    {DESK_OUTBOX_TELEGRAM, true, "telegram", "The message to the owner by Telegram", send_telegram},
};

const struct outbox_kind *outbox_kind_find(const char *name)
{
    for (size_t i = 0; name && i < OUTBOX_KINDS; i++)
        if (strcmp(outbox_kinds[i].name, name) == 0)
            return &outbox_kinds[i];
    return NULL;
}
