#include "out/twilio_media.h"
#include "base/log.h"
#include "base/limits.h"
#include "out/http.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define FETCH_MS  120000
#define ERASE_MS  15000
#define REDIRECTS 3

static bool is_sid(const char *sid)
{
    static const char ok[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    size_t len = strlen(sid);
    return len && strspn(sid, ok) == len;
}

/* False: sid is none, and r says so. */
static bool address(const struct desk_twilio_account *a, const char *sid, const char *ext,
                    char *out, size_t n, struct desk_outbox_result *r)
{
    size_t base = strlen(a->base_url);
    while (base && a->base_url[base - 1] == '/')
        base--;
    int want = snprintf(out, n, "%.*s/2010-04-01/Accounts/%s/Recordings/%s.%s", (int)base,
                        a->base_url, a->sid, sid, ext);
    if (is_sid(sid) && want > 0 && (size_t)want < n)
        return true;
    desk_outbox_ended(r, DESK_END_FAILED, "This is not a recording's name at Twilio.");
    return false;
}

static bool picture_address(const struct desk_twilio_account *a, const char *message_sid,
                            const char *sid, char *out, size_t n, struct desk_outbox_result *r)
{
    size_t base = strlen(a->base_url);
    while (base && a->base_url[base - 1] == '/')
        base--;
    int want = snprintf(out, n, "%.*s/2010-04-01/Accounts/%s/Messages/%s/Media/%s", (int)base,
                        a->base_url, a->sid, message_sid, sid);
    if (is_sid(message_sid) && is_sid(sid) && want > 0 && (size_t)want < n)
        return true;
    desk_outbox_ended(r, DESK_END_FAILED, "This is not a picture's name at Twilio.");
    return false;
}

/* First row that fits the answer; status 0 fits any. */
static const struct {
    int from, to;
    enum desk_outbox_end end;
    const char *words;
} answers[] = {
    {401, 403, DESK_END_FAILED, "Twilio does not know this account and token, or they may not"},
    {404, 404, DESK_END_AGAIN, "Twilio does not have it (yet)"},
    {408, 408, DESK_END_AGAIN, "Twilio gave up waiting"},
    {429, 429, DESK_END_AGAIN, "Twilio asked us to wait"},
    {300, 499, DESK_END_FAILED, "Twilio refused"},
    {500, 599, DESK_END_AGAIN, "Twilio had a failure of its own"},
    {0, 999, DESK_END_AGAIN, "Twilio's answer is strange"},
};

static void read_status(const struct desk_http_reply *reply, struct desk_outbox_result *r)
{
    size_t i = 0;
    while (reply->status < answers[i].from || reply->status > answers[i].to)
        i++;
    desk_outbox_ended(r, answers[i].end, "%s (HTTP %d).", answers[i].words, reply->status);
    r->settled = reply->status == 404; /* of one recording: it says nothing about the others */
    r->wait_ms = desk_outbox_wait_ms(reply->retry_after);
}

static void read_failure(const struct desk_http_reply *reply, struct desk_outbox_result *r)
{
    desk_outbox_ended(r, reply->fail == DESK_HTTP_BAD_URL ? DESK_END_FAILED : DESK_END_AGAIN,
                      "It did not come from Twilio: %s", reply->why);
}

/* ---- fetch ----------------------------------------------------------------------------------- */

struct sound {
    const struct desk_twilio_sink *to;
    bool any;            /* it may be of any type */
    bool other, stopped; /* no sound came; data() gave up */
};

static bool is_sound(const char *type)
{
    static const char *const kinds[] = {"audio/", "application/octet-stream",
                                        "binary/octet-stream"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncasecmp(type, kinds[i], strlen(kinds[i])) == 0)
            return true;
    return !*type;
}

static bool on_data(void *ctx, const struct desk_http_reply *reply, const char *p, size_t n)
{
    struct sound *s = ctx;
    s->other = !s->any && !is_sound(reply->content_type);
    s->stopped = !s->other && !s->to->data(s->to->ctx, p, n);
    return !s->other && !s->stopped;
}

static void get(const struct desk_twilio_account *account, const char *url,
                const struct desk_twilio_sink *to, bool any, struct desk_outbox_result *r)
{
    struct sound s = {.to = to, .any = any};
    struct desk_http_reply reply;
    const struct desk_http_request req = {.url = url,
                                          .user = account->sid,
                                          .password = account->token,
                                          .timeout_ms = FETCH_MS,
                                          .max_body = DESK_MAX_TWILIO_REPLY,
                                          .max_redirects = REDIRECTS,
                                          .stop = to->stop,
                                          .stop_ctx = to->ctx,
                                          .data = on_data,
                                          .data_ctx = &s};
    enum desk_rc rc = desk_http_send(&req, &reply);
    if (s.stopped)
        r->end = DESK_END_UNKNOWN;
    else if (s.other)
        desk_outbox_ended(r, DESK_END_FAILED, "What came from Twilio is no sound: %.100s",
                          reply.content_type);
    else if (rc)
        read_failure(&reply, r);
    else if (reply.status >= 200 && reply.status < 300)
        r->end = DESK_END_SENT;
    else
        read_status(&reply, r);
    desk_log(DESK_LOG_INFO, "twilio.fetch", "http=%d fail=%s end=%d took_ms=%ld", reply.status,
             desk_http_fail_name(reply.fail), (int)r->end, reply.elapsed_ms);
    desk_http_reply_clear(&reply);
}

static void fetch(const struct desk_twilio_account *account, const char *sid,
                  const struct desk_twilio_sink *to, struct desk_outbox_result *r)
{
    char url[512];
    memset(r, 0, sizeof *r);
    if (address(account, sid, "wav", url, sizeof url, r))
        get(account, url, to, false, r);
}

static void picture(const struct desk_twilio_account *account, const char *message_sid,
                    const char *sid, const struct desk_twilio_sink *to,
                    struct desk_outbox_result *r)
{
    char url[512];
    memset(r, 0, sizeof *r);
    if (picture_address(account, message_sid, sid, url, sizeof url, r))
        get(account, url, to, true, r);
}

/* ---- erase ----------------------------------------------------------------------------------- */

static void erase(const struct desk_twilio_account *account, const char *sid,
                  struct desk_outbox_result *r)
{
    char url[512];
    struct desk_http_reply reply;
    memset(r, 0, sizeof *r);
    if (!address(account, sid, "json", url, sizeof url, r))
        return;
    const struct desk_http_request req = {.method = "DELETE",
                                          .url = url,
                                          .user = account->sid,
                                          .password = account->token,
                                          .timeout_ms = ERASE_MS,
                                          .max_body = DESK_MAX_TWILIO_REPLY};
    if (desk_http_send(&req, &reply))
        read_failure(&reply, r);
    else if ((reply.status >= 200 && reply.status < 300) || reply.status == 404)
        r->end = DESK_END_SENT;
    else
        read_status(&reply, r);
    desk_log(DESK_LOG_INFO, "twilio.erase", "http=%d fail=%s end=%d", reply.status,
             desk_http_fail_name(reply.fail), (int)r->end);
    desk_http_reply_clear(&reply);
}

const struct desk_twilio_media desk_twilio_media_rest = {
    .fetch = fetch, .erase = erase, .picture = picture};
