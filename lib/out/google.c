#include "out/google.h"
#include "base/limits.h"
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS  15000
#define WAIT_MOST_S 3600

enum desk_google_end desk_google_ended(struct desk_google_result *r, enum desk_google_end end,
                                       const char *fmt, ...)
{
    va_list ap;
    r->end = end;
    va_start(ap, fmt);
    vsnprintf(r->why, sizeof r->why, fmt, ap);
    va_end(ap);
    return end;
}

const char *desk_google_end_name(enum desk_google_end end)
{
    static const char *const names[DESK_GOOGLE_END__MAX] = {
        [DESK_GOOGLE_OK] = "ok",
        [DESK_GOOGLE_LIMITED] = "limited",
        [DESK_GOOGLE_DOWN] = "down",
        [DESK_GOOGLE_LOST] = "lost",
        [DESK_GOOGLE_RECONNECT] = "reconnect",
        [DESK_GOOGLE_DENIED] = "denied",
        [DESK_GOOGLE_MISSING] = "missing",
        [DESK_GOOGLE_EXISTS] = "exists",
        [DESK_GOOGLE_GONE] = "gone",
        [DESK_GOOGLE_CHANGED] = "changed",
        [DESK_GOOGLE_REFUSED] = "refused",
        [DESK_GOOGLE_SETUP] = "setup",
    };
    return (unsigned)end < DESK_GOOGLE_END__MAX ? names[end] : "?";
}

/* ---- what became of it ----------------------------------------------------------------------- */

/* Before anything was sent it was surely not done. */
static enum desk_google_end no_reply(const struct desk_http_reply *reply, bool safe,
                                     struct desk_google_result *r)
{
    bool unsent = reply->fail == DESK_HTTP_RESOLVE || reply->fail == DESK_HTTP_CONNECT ||
                  reply->fail == DESK_HTTP_TLS;
    if (reply->fail == DESK_HTTP_BAD_URL)
        return desk_google_ended(r, DESK_GOOGLE_SETUP, "An address of Google's is none.");
    return desk_google_ended(r, unsent || safe ? DESK_GOOGLE_DOWN : DESK_GOOGLE_LOST,
                             "Google did not answer (%s).", desk_http_fail_name(reply->fail));
}

/* 403 has two meanings: a limit, and not allowed (facts 2.4). */
static bool is_limit(const char *reason)
{
    static const char *const words[] = {"rateLimitExceeded", "userRateLimitExceeded",
                                        "quotaExceeded", "dailyLimitExceeded",
                                        "RATE_LIMIT_EXCEEDED"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], reason) == 0)
            return true;
    return false;
}

/* {"error":{"errors":[{"reason"}],"message","status"}} of the services, {"error":"invalid_grant",
 * "error_description"} of the token endpoint. */
static const char *read_reason(const json_t *body, struct desk_google_result *r)
{
    const json_t *e = json_object_get(body, "error");
    const json_t *first = json_array_get(json_object_get(e, "errors"), 0);
    const char *reason = json_string_value(json_object_get(first, "reason"));
    const char *message = json_string_value(json_object_get(e, "message"));
    if (!reason)
        reason = json_string_value(json_object_get(e, "status"));
    if (!reason)
        reason = json_string_value(e);
    if (!message)
        message = json_string_value(json_object_get(body, "error_description"));
    snprintf(r->reason, sizeof r->reason, "%s", reason ? reason : "");
    return message ? message : "";
}

static const struct {
    int status;
    enum desk_google_end end;
    const char *words;
} statuses[] = {
    {401, DESK_GOOGLE_RECONNECT, "Google does not take our access any more: connect it anew"},
    {403, DESK_GOOGLE_DENIED, "Google says that this account may not do that"},
    {404, DESK_GOOGLE_MISSING, "Google has no such calendar, event or sheet (any more)"},
    {408, DESK_GOOGLE_LOST, "Google gave up waiting"},
    {409, DESK_GOOGLE_EXISTS, "It is there already"},
    {410, DESK_GOOGLE_GONE, "It is gone already"},
    {412, DESK_GOOGLE_CHANGED, "It was changed meanwhile"},
    {429, DESK_GOOGLE_LIMITED, "Google asked us to wait"},
};

enum desk_google_end desk_google_read(const struct desk_http_reply *reply, bool safe,
                                      const json_t *body, struct desk_google_result *r)
{
    enum desk_google_end end = reply->status >= 500 ? DESK_GOOGLE_LOST : DESK_GOOGLE_REFUSED;
    const char *words =
        reply->status >= 500 ? "Google had a failure of its own" : "Google refused what we asked";
    memset(r, 0, sizeof *r);
    if (reply->fail)
        return no_reply(reply, safe, r);
    r->http = reply->status;
    if (reply->status >= 200 && reply->status < 300)
        return r->end = DESK_GOOGLE_OK;
    const char *message = read_reason(body, r);
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (statuses[i].status == reply->status) {
            end = statuses[i].end;
            words = statuses[i].words;
        }
    if (end == DESK_GOOGLE_DENIED && is_limit(r->reason)) {
        end = DESK_GOOGLE_LIMITED;
        words = "Google asked us to wait";
    }
    if (end == DESK_GOOGLE_LOST && safe)
        end = DESK_GOOGLE_DOWN;
    int64_t s = reply->retry_after < WAIT_MOST_S ? reply->retry_after : WAIT_MOST_S;
    r->wait_ms = s > 0 ? 1000 * s : 0;
    return desk_google_ended(r, end, "%s (HTTP %d%s%s%s%.120s).", words, reply->status,
                             *r->reason ? ", " : "", r->reason, *message ? ": " : "", message);
}

/* ---- one request ----------------------------------------------------------------------------- */

struct sending {
    const struct desk_google_request *q;
    const char *body;
    char auth[DESK_GOOGLE_TOKEN_LEN + 32], match[300];
};

static enum desk_google_end send_once(struct sending *s, const char *token, json_t **answer,
                                      struct desk_google_result *r)
{
    const struct desk_google_request *q = s->q;
    struct desk_http_reply reply;
    const char *headers[5] = {s->auth, "Accept: application/json"};
    size_t n = 2;
    snprintf(s->auth, sizeof s->auth, "Authorization: Bearer %s", token);
    if (s->body)
        headers[n++] = "Content-Type: application/json";
    if (q->if_match) {
        snprintf(s->match, sizeof s->match, "If-Match: %s", q->if_match);
        headers[n++] = s->match;
    }
    const struct desk_http_request req = {.method = q->method,
                                          .url = q->url,
                                          .headers = headers,
                                          .body = s->body,
                                          .body_len = s->body ? strlen(s->body) : 0,
                                          .timeout_ms = q->timeout_ms ? q->timeout_ms : TIMEOUT_MS,
                                          .max_body = DESK_MAX_GOOGLE_REPLY,
                                          .once = !q->safe};
    enum desk_rc rc = desk_http_send(&req, &reply);
    json_t *body = !rc && reply.body.len
                       ? json_loadb(reply.body.p, reply.body.len, JSON_REJECT_DUPLICATES, NULL)
                       : NULL;
    desk_google_read(&reply, q->safe, body, r);
    if (!r->end && reply.body.len && !json_is_object(body))
        desk_google_ended(r, q->safe ? DESK_GOOGLE_DOWN : DESK_GOOGLE_LOST,
                          "Google's answer could not be read.");
    desk_log(DESK_LOG_INFO, "google.sent", "method=%s http=%d end=%s reason=%s took_ms=%ld",
             q->method, reply.status, desk_google_end_name(r->end), r->reason, reply.elapsed_ms);
    desk_http_reply_clear(&reply);
    json_decref(*answer);
    *answer = body;
    return r->end;
}

enum desk_google_end desk_google_send(const struct desk_google_request *q, json_t **answer,
                                      struct desk_google_result *r)
{
    char token[DESK_GOOGLE_TOKEN_LEN];
    struct sending s = {.q = q};
    char *text = q->body ? json_dumps(q->body, JSON_COMPACT) : NULL;
    *answer = NULL;
    memset(r, 0, sizeof *r);
    if (q->body && !text)
        return desk_google_ended(r, DESK_GOOGLE_REFUSED, "What was to be sent cannot be written.");
    s.body = text;
    for (int i = 0; i < 2; i++) {
        if (desk_google_token(q->who, token, r))
            break;
        if (send_once(&s, token, answer, r) != DESK_GOOGLE_RECONNECT)
            break;
        desk_google_token_drop(q->who, token);
    }
    free(text);
    return r->end;
}
