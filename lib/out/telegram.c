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

/* What somebody can do about a refusal; the first row whose words are in Telegram's. words NULL: it
 * is as it should be. */
static const struct {
    int status;
    const char *has, *words;
} refusals[] = {
    {400, "message is not modified", NULL},
    {400, "query is too old", NULL},
    {400, "message to edit not found", NULL}, /* they have deleted it */
    {409, "", "Somebody else asks Telegram for what is written to this bot."},
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
    r->end = words ? DESK_END_FAILED : DESK_END_SENT;
    r->code = words ? status : 0;
    if (!words)
        return;
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

static void read_sent(const json_t *body, json_t **result, struct desk_outbox_result *r)
{
    json_t *got = json_object_get(body, "result");
    json_int_t id = json_integer_value(json_object_get(got, "message_id"));
    bool ok = json_is_true(json_object_get(body, "ok"));
    r->end = ok ? DESK_END_SENT : DESK_END_AGAIN;
    if (ok && result)
        *result = json_incref(got);
    if (ok) {
        snprintf(r->remote_id, sizeof r->remote_id, "%lld", (long long)id);
        snprintf(r->remote_state, sizeof r->remote_state, "sent");
    } else {
        snprintf(r->why, sizeof r->why, "Telegram's answer could not be read.");
    }
}

static void read_reply(const struct desk_http_reply *reply, json_t **result,
                       struct desk_outbox_result *r)
{
    json_t *body = json_loadb(reply->body.p ? reply->body.p : "", reply->body.len, 0, NULL);
    if (reply->status == 429) {
        read_wait(reply, body, r);
    } else if (reply->status >= 200 && reply->status < 300) {
        read_sent(body, result, r);
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

static bool address(const struct desk_telegram_bot_of *bot, const char *method, char *url, size_t n)
{
    size_t base = strlen(bot->base_url);
    while (base && bot->base_url[base - 1] == '/')
        base--;
    int want = snprintf(url, n, "%.*s/bot%s/%s", (int)base, bot->base_url, bot->token, method);
    return desk_telegram_token_ok(bot->token) && want > 0 && (size_t)want < n;
}

/* timeout, most bytes of the answer, and who stops it are the caller's. */
static void post(const struct desk_telegram_bot_of *bot, const char *method, const char *body,
                 struct desk_http_request *req, json_t **result, struct desk_outbox_result *r)
{
    static const char *const headers[] = {"Content-Type: application/json",
                                          "Accept: application/json", NULL};
    char url[512];
    struct desk_http_reply reply;
    memset(r, 0, sizeof *r);
    r->end = DESK_END_FAILED;
    if (result)
        *result = NULL;
    if (!body || !address(bot, method, url, sizeof url)) {
        snprintf(r->why, sizeof r->why,
                 body ? "TELEGRAM_BOT_TOKEN is not a bot's token." : "The message cannot be sent.");
        return;
    }
    req->url = url;
    req->headers = headers;
    req->body = body;
    req->body_len = strlen(body);
    req->once = true;
    if (desk_http_send(req, &reply))
        read_no_reply(&reply, r);
    else
        read_reply(&reply, result, r);
    desk_log(reply.status == 200 && req->stop ? DESK_LOG_DEBUG : DESK_LOG_INFO, "telegram.send",
             "method=%s http=%d fail=%s took_ms=%ld", method, reply.status,
             desk_http_fail_name(reply.fail), reply.elapsed_ms);
    desk_http_reply_clear(&reply);
}

static void call(const struct desk_telegram_bot_of *bot, const char *method, const char *body,
                 json_t **result, struct desk_outbox_result *r)
{
    struct desk_http_request req = {.timeout_ms = TIMEOUT_MS, .max_body = DESK_MAX_TELEGRAM_REPLY};
    post(bot, method, body, &req, result, r);
}

static void send_message(const struct desk_telegram_bot_of *bot, const char *chat, const char *text,
                         struct desk_outbox_result *r)
{
    char *body = body_of(chat, text);
    call(bot, "sendMessage", body, NULL, r);
    free(body);
}

static void updates(const struct desk_telegram_bot_of *bot, int64_t from, int wait_s,
                    bool (*stop)(void *ctx), void *ctx, json_t **list, struct desk_outbox_result *r)
{
    char body[160];
    struct desk_http_request req = {.timeout_ms = wait_s * 1000L + TIMEOUT_MS,
                                    .max_body = DESK_MAX_TELEGRAM_UPDATES,
                                    .stop = stop,
                                    .stop_ctx = ctx};
    snprintf(body, sizeof body,
             "{\"offset\":%lld,\"limit\":%d,\"timeout\":%d,"
             "\"allowed_updates\":" DESK_TELEGRAM_WANTED "}",
             (long long)from, DESK_TELEGRAM_UPDATES, wait_s);
    post(bot, "getUpdates", body, &req, list, r);
    if (r->end == DESK_END_SENT && !json_is_array(*list)) {
        json_decref(*list);
        *list = NULL;
        r->end = DESK_END_AGAIN;
        snprintf(r->why, sizeof r->why, "Telegram's answer could not be read.");
    }
}

const struct desk_telegram desk_telegram_bot = {
    .send = send_message, .call = call, .updates = updates};
