#include "out/telegram.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"
#include "out/http.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS 15000

bool desk_telegram_token_ok(const char *token)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    size_t id = strspn(token, "0123456789");
    size_t rest = token[id] == ':' ? strspn(token + id + 1, letters) : 0;
    return id && rest && !token[id + 1 + rest];
}

/* ---- what came of it ------------------------------------------------------------------------- */

static const enum desk_outbox_end no_reply[DESK_HTTP_FAIL__MAX] = {
    [DESK_HTTP_NONE] = DESK_END_AGAIN,    [DESK_HTTP_BAD_URL] = DESK_END_FAILED,
    [DESK_HTTP_RESOLVE] = DESK_END_AGAIN, [DESK_HTTP_CONNECT] = DESK_END_AGAIN,
    [DESK_HTTP_TLS] = DESK_END_AGAIN,     [DESK_HTTP_TIMEOUT] = DESK_END_AGAIN,
    [DESK_HTTP_TOO_BIG] = DESK_END_AGAIN, [DESK_HTTP_STOPPED] = DESK_END_AGAIN,
    [DESK_HTTP_OTHER] = DESK_END_AGAIN,
};

/* By its kind only: libcurl's own words could have the address in them. */
static void read_no_reply(const struct desk_http_reply *reply, struct desk_outbox_result *r)
{
    r->end = no_reply[reply->fail];
    snprintf(r->why, sizeof r->why, "Telegram did not answer (%s).",
             desk_http_fail_name(reply->fail));
}

/* What somebody can do about a refusal; the first row whose words are in Telegram's. */
static const struct {
    int status;
    const char *has, *words;
} refusals[] = {
    {401, "", "Telegram does not know this bot: check TELEGRAM_BOT_TOKEN."},
    {404, "", "Telegram does not know this bot: check TELEGRAM_BOT_TOKEN."},
    {403, "blocked", "The owner has blocked the bot in Telegram: unblock it there."},
    {403, "", "The bot may not write to that chat: write to it first, or let it into the group."},
    {400, "chat not found",
     "Telegram does not know that chat: check its id, and write to the bot "
     "first."},
    {400, "", "Telegram refused the message."},
};

static void read_refusal(int status, const json_t *body, struct desk_outbox_result *r)
{
    const char *said = json_string_value(json_object_get(body, "description"));
    const json_t *p = json_object_get(body, "parameters");
    json_int_t moved = json_integer_value(json_object_get(p, "migrate_to_chat_id"));
    const char *words = "Telegram refused.";
    for (size_t i = sizeof refusals / sizeof *refusals; i-- > 0;)
        if (refusals[i].status == status && strstr(said ? said : "", refusals[i].has))
            words = refusals[i].words;
    r->end = DESK_END_FAILED;
    r->code = status;
    if (moved)
        snprintf(r->why, sizeof r->why, "The group has a new chat id: %lld.", (long long)moved);
    else
        snprintf(r->why, sizeof r->why, "%s%s%.120s (HTTP %d)", words,
                 said ? " Telegram says: " : "", said ? said : "", status);
}

static void read_wait(const struct desk_http_reply *reply, const json_t *body,
                      struct desk_outbox_result *r)
{
    const json_t *p = json_object_get(body, "parameters");
    json_int_t s = json_integer_value(json_object_get(p, "retry_after"));
    if (s <= 0)
        s = reply->retry_after;
    r->end = DESK_END_AGAIN;
    r->code = reply->status;
    r->wait_ms = desk_outbox_wait_ms(s);
    snprintf(r->why, sizeof r->why, "Telegram asked us to wait (HTTP 429).");
}

static void read_sent(const json_t *body, struct desk_outbox_result *r)
{
    json_int_t id =
        json_integer_value(json_object_get(json_object_get(body, "result"), "message_id"));
    bool ok = json_is_true(json_object_get(body, "ok"));
    r->end = ok ? DESK_END_SENT : DESK_END_AGAIN;
    if (ok) {
        snprintf(r->remote_id, sizeof r->remote_id, "%lld", (long long)id);
        snprintf(r->remote_state, sizeof r->remote_state, "sent");
    } else {
        snprintf(r->why, sizeof r->why, "Telegram's answer could not be read.");
    }
}

static void read_reply(const struct desk_http_reply *reply, struct desk_outbox_result *r)
{
    json_t *body = json_loadb(reply->body.p ? reply->body.p : "", reply->body.len, 0, NULL);
    if (reply->status == 429) {
        read_wait(reply, body, r);
    } else if (reply->status >= 200 && reply->status < 300) {
        read_sent(body, r);
    } else if (reply->status >= 300 && reply->status < 500 && reply->status != 408) {
        read_refusal(reply->status, body, r);
    } else {
        r->end = DESK_END_AGAIN;
        r->code = reply->status;
        snprintf(r->why, sizeof r->why, "Telegram had a failure of its own (HTTP %d).",
                 reply->status);
    }
    json_decref(body);
}

/* ---- the request ----------------------------------------------------------------------------- */

/* Telegram counts UTF-16 units: characters beyond the first plane are two. */
static size_t whole(const char *text)
{
    size_t n = strlen(text), at = 0, units = 0;
    while (at < n) {
        size_t used = 1;
        uint32_t c = desk_utf8_next(text + at, n - at, &used);
        units += c > 0xffff ? 2 : 1;
        if (units > DESK_TELEGRAM_TEXT)
            break;
        at += used;
    }
    return at;
}

static char *body_of(const char *chat, const char *text)
{
    json_t *root = json_pack("{s:s, s:s%, s:{s:b}}", "chat_id", chat, "text", text, whole(text),
                             "link_preview_options", "is_disabled", 1);
    char *body = root ? json_dumps(root, JSON_COMPACT) : NULL;
    json_decref(root);
    return body;
}

static bool address(const struct desk_telegram_bot_of *bot, char *url, size_t n)
{
    size_t base = strlen(bot->base_url);
    while (base && bot->base_url[base - 1] == '/')
        base--;
    int want = snprintf(url, n, "%.*s/bot%s/sendMessage", (int)base, bot->base_url, bot->token);
    return desk_telegram_token_ok(bot->token) && want > 0 && (size_t)want < n;
}

static void send_message(const struct desk_telegram_bot_of *bot, const char *chat, const char *text,
                         struct desk_outbox_result *r)
{
    static const char *const headers[] = {"Content-Type: application/json",
                                          "Accept: application/json", NULL};
    char url[512];
    struct desk_http_reply reply;
    memset(r, 0, sizeof *r);
    r->end = DESK_END_FAILED;
    char *body = body_of(chat, text);
    if (!body || !address(bot, url, sizeof url)) {
        snprintf(r->why, sizeof r->why,
                 body ? "TELEGRAM_BOT_TOKEN is not a bot's token." : "The message cannot be sent.");
        free(body);
        return;
    }
    const struct desk_http_request req = {.url = url,
                                          .headers = headers,
                                          .body = body,
                                          .body_len = strlen(body),
                                          .timeout_ms = TIMEOUT_MS,
                                          .max_body = DESK_MAX_TELEGRAM_REPLY,
                                          .once = true};
    if (desk_http_send(&req, &reply))
        read_no_reply(&reply, r);
    else
        read_reply(&reply, r);
    desk_log(DESK_LOG_INFO, "telegram.send", "http=%d fail=%s took_ms=%ld", reply.status,
             desk_http_fail_name(reply.fail), reply.elapsed_ms);
    desk_http_reply_clear(&reply);
    free(body);
}

const struct desk_telegram desk_telegram_bot = {.send = send_message};
