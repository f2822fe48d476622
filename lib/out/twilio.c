#include "out/twilio.h"
#include "base/limits.h"
#include "base/log.h"
#include "out/http.h"
#include "wire/form.h"
#include "wire/twilio_error.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define TIMEOUT_MS 15000

static void put(char *out, size_t n, const char *text)
{
    size_t len = text ? strnlen(text, n) : 0;
    if (len >= n)
        len = 0; /* an id that does not fit is none */
    if (len)
        memcpy(out, text, len);
    out[len] = '\0';
}
#define PUT(field, text) put((field), sizeof(field), (text))

/* ---- no reply -------------------------------------------------------------------------------- */

/* Whether anything of the request can have reached Twilio. */
static const enum desk_outbox_end no_reply[DESK_HTTP_FAIL__MAX] = {
    [DESK_HTTP_NONE] = DESK_END_UNKNOWN,    [DESK_HTTP_BAD_URL] = DESK_END_FAILED,
    [DESK_HTTP_RESOLVE] = DESK_END_AGAIN,   [DESK_HTTP_CONNECT] = DESK_END_AGAIN,
    [DESK_HTTP_TLS] = DESK_END_AGAIN,       [DESK_HTTP_TIMEOUT] = DESK_END_UNKNOWN,
    [DESK_HTTP_TOO_BIG] = DESK_END_UNKNOWN, [DESK_HTTP_STOPPED] = DESK_END_UNKNOWN,
    [DESK_HTTP_OTHER] = DESK_END_UNKNOWN,
};

static void read_no_reply(const struct desk_http_reply *reply, struct desk_outbox_result *r)
{
    r->end = no_reply[reply->fail];
    snprintf(r->why, sizeof r->why, "%s: %s",
             r->end == DESK_END_UNKNOWN ? "Twilio's answer did not come" : "Twilio was not reached",
             reply->why);
}

/* ---- a reply --------------------------------------------------------------------------------- */

/* Twilio's own words may name the number: the result is sealed, the log gets the code only. */
static void read_error(int status, const json_t *body, struct desk_outbox_result *r)
{
    const char *message = json_string_value(json_object_get(body, "message"));
    r->code = json_integer_value(json_object_get(body, "code"));
    const struct desk_twilio_error *known = desk_twilio_error_find(r->code);
    r->end = known && known->theirs ? DESK_END_REFUSED : DESK_END_FAILED;
    snprintf(r->why, sizeof r->why, "%s%s%s (Twilio error %lld, HTTP %d)",
             known ? known->words : "Twilio refused.", message ? " Twilio says: " : "",
             message ? message : "", (long long)r->code, status);
}

static void read_created(int status, const json_t *body, struct desk_outbox_result *r)
{
    PUT(r->remote_id, json_string_value(json_object_get(body, "sid")));
    PUT(r->remote_state, json_string_value(json_object_get(body, "status")));
    r->end = *r->remote_id ? DESK_END_SENT : DESK_END_UNKNOWN;
    if (!*r->remote_id)
        snprintf(r->why, sizeof r->why, "Twilio's answer (HTTP %d) could not be read.", status);
}

static void read_wait(const struct desk_http_reply *reply, const json_t *body,
                      struct desk_outbox_result *r)
{
    r->end = DESK_END_AGAIN;
    r->code = json_integer_value(json_object_get(body, "code"));
    r->wait_ms = desk_outbox_wait_ms(reply->retry_after);
    snprintf(r->why, sizeof r->why, "Twilio asked us to wait (HTTP 429).");
}

static void read_reply(const struct desk_http_reply *reply, struct desk_outbox_result *r)
{
    json_t *body = json_loadb(reply->body.p ? reply->body.p : "", reply->body.len, 0, NULL);
    if (reply->status == 429)
        read_wait(reply, body, r);
    else if (reply->status >= 200 && reply->status < 300)
        read_created(reply->status, body, r);
    else if (reply->status >= 300 && reply->status < 500 && reply->status != 408)
        read_error(reply->status, body, r);
    else { /* 5xx: it may have been taken before whatever broke */
        r->end = DESK_END_UNKNOWN;
        r->code = json_integer_value(json_object_get(body, "code"));
        snprintf(r->why, sizeof r->why, "Twilio had a failure of its own (HTTP %d).",
                 reply->status);
    }
    json_decref(body);
}

/* ---- requests -------------------------------------------------------------------------------- */

static int resource_url(char *url, size_t size, const struct desk_twilio_account *account,
                        const char *what)
{
    size_t base = strlen(account->base_url);
    while (base && account->base_url[base - 1] == '/')
        base--;
    return snprintf(url, size, "%.*s/2010-04-01/Accounts/%s/%s.json", (int)base, account->base_url,
                    account->sid, what);
}

static void create(const struct desk_twilio_account *account, const char *what,
                   const struct desk_buf *form, struct desk_outbox_result *r)
{
    static const char *const headers[] = {
        "Content-Type: application/x-www-form-urlencoded; charset=utf-8",
        "Accept: application/json", NULL};
    char url[512];
    int n = resource_url(url, sizeof url, account, what);
    if (n < 0 || (size_t)n >= sizeof url || !desk_buf_ok(form)) {
        r->end = DESK_END_FAILED;
        snprintf(r->why, sizeof r->why, "The request to Twilio does not fit.");
        return;
    }
    const struct desk_http_request req = {.url = url,
                                          .headers = headers,
                                          .body = desk_buf_cstr(form),
                                          .body_len = form->len,
                                          .user = account->sid,
                                          .password = account->token,
                                          .timeout_ms = TIMEOUT_MS,
                                          .max_body = DESK_MAX_TWILIO_REPLY,
                                          .once = true};
    struct desk_http_reply reply;
    if (desk_http_send(&req, &reply))
        read_no_reply(&reply, r);
    else
        read_reply(&reply, r);
    desk_log(DESK_LOG_INFO, "twilio.create", "what=%s http=%d fail=%s code=%lld took_ms=%ld", what,
             reply.status, desk_http_fail_name(reply.fail), (long long)r->code, reply.elapsed_ms);
    desk_http_reply_clear(&reply);
}

static void message(const struct desk_twilio_account *account, const struct desk_twilio_message *m,
                    struct desk_outbox_result *r)
{
    struct desk_buf form;
    memset(r, 0, sizeof *r);
    desk_buf_init(&form, DESK_MAX_TWILIO_FORM);
    desk_form_add(&form, "To", m->to);
    desk_form_add(&form, "From", m->from);
    desk_form_add(&form, "Body", m->body);
    desk_form_add(&form, "StatusCallback", m->status_callback);
    create(account, "Messages", &form, r);
    desk_buf_clear(&form);
}

static void add_int(struct desk_buf *form, const char *name, int n)
{
    char text[16];
    snprintf(text, sizeof text, "%d", n);
    if (n)
        desk_form_add(form, name, text);
}

static void call(const struct desk_twilio_account *account, const struct desk_twilio_call *c,
                 struct desk_outbox_result *r)
{
    struct desk_buf form;
    memset(r, 0, sizeof *r);
    desk_buf_init(&form, DESK_MAX_TWILIO_FORM);
    desk_form_add(&form, "To", c->to);
    desk_form_add(&form, "From", c->from);
    desk_form_add(&form, "Url", c->url);
    desk_form_add(&form, "StatusCallback", c->status_callback);
    add_int(&form, "Timeout", c->ring_s);
    add_int(&form, "TimeLimit", c->most_s);
    if (c->machine_callback) {
        desk_form_add(&form, "MachineDetection", c->to_beep ? "DetectMessageEnd" : "Enable");
        desk_form_add(&form, "AsyncAmd", "true");
        desk_form_add(&form, "AsyncAmdStatusCallback", c->machine_callback);
    }
    create(account, "Calls", &form, r);
    desk_buf_clear(&form);
}

/* Twilio's word for a call that runs no more is 21220. */
static void steer(const struct desk_twilio_account *account, const char *call_sid, const char *url,
                  struct desk_outbox_result *r)
{
    struct desk_buf form;
    char what[80];
    memset(r, 0, sizeof *r);
    desk_buf_init(&form, DESK_MAX_TWILIO_FORM);
    desk_form_add(&form, "Url", url);
    desk_form_add(&form, "Method", "POST");
    snprintf(what, sizeof what, "Calls/%.60s", call_sid);
    create(account, what, &form, r);
    desk_buf_clear(&form);
}

/* ---- was it taken? --------------------------------------------------------------------------- */

#define PAGE    50
#define SKEW_MS (5LL * 60 * 1000)

/* "Fri, 20 Nov 2026 13:52:00 +0000" → UTC ms; 0 = unreadable. */
static int64_t rfc2822(const char *text)
{
    struct tm tm = {0};
    const char *end = text ? strptime(text, "%a, %d %b %Y %H:%M:%S %z", &tm) : NULL;
    long east = tm.tm_gmtoff;
    return end && !*end ? ((int64_t)timegm(&tm) - east) * 1000 : 0;
}

static bool is_string(const json_t *o, const char *key, const char *want)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s && strcmp(s, want) == 0;
}

/* Over one page, the newest first. A page that is full and all of it newer than `since` hides what
 * came before it. */
static enum desk_twilio_found search(const json_t *list, const struct desk_twilio_message *m,
                                     int64_t since, bool (*known)(void *, const char *), void *ctx,
                                     struct desk_outbox_result *r)
{
    size_t i, newer = 0;
    json_t *v;
    json_array_foreach(list, i, v)
    {
        const char *sid = json_string_value(json_object_get(v, "sid"));
        int64_t at = rfc2822(json_string_value(json_object_get(v, "date_created")));
        if (at && at < since - SKEW_MS)
            continue;
        newer++;
        if (!sid || !is_string(v, "body", m->body) || !is_string(v, "to", m->to) || known(ctx, sid))
            continue;
        PUT(r->remote_id, sid);
        PUT(r->remote_state, json_string_value(json_object_get(v, "status")));
        return DESK_TWILIO_FOUND;
    }
    return newer < PAGE ? DESK_TWILIO_NOT_THERE : DESK_TWILIO_CANNOT_TELL;
}

static enum desk_twilio_found read_list(const struct desk_http_reply *reply,
                                        const struct desk_twilio_message *m, int64_t since,
                                        bool (*known)(void *, const char *), void *ctx,
                                        struct desk_outbox_result *r)
{
    json_t *body = json_loadb(reply->body.p ? reply->body.p : "", reply->body.len, 0, NULL);
    const json_t *list = json_object_get(body, "messages");
    enum desk_twilio_found found = DESK_TWILIO_NOT_NOW;
    if (reply->status == 429)
        read_wait(reply, body, r);
    else if (reply->status == 200 && json_is_array(list))
        found = search(list, m, since, known, ctx, r);
    else if (reply->status >= 300 && reply->status < 500 && reply->status != 408)
        found = DESK_TWILIO_CANNOT_TELL;
    if (found == DESK_TWILIO_NOT_NOW || found == DESK_TWILIO_CANNOT_TELL)
        snprintf(r->why, sizeof r->why,
                 "Twilio does not tell whether it took the text before (HTTP %d).", reply->status);
    json_decref(body);
    return found;
}

static enum desk_twilio_found find(const struct desk_twilio_account *account,
                                   const struct desk_twilio_message *m, int64_t since,
                                   bool (*known)(void *, const char *), void *ctx,
                                   struct desk_outbox_result *r)
{
    static const char *const headers[] = {"Accept: application/json", NULL};
    char url[512];
    struct desk_buf query, whole;
    struct desk_http_reply reply;
    enum desk_twilio_found found = DESK_TWILIO_NOT_NOW;
    memset(r, 0, sizeof *r);
    r->end = DESK_END_AGAIN;
    desk_buf_init(&query, 1024);
    desk_buf_init(&whole, 2048);
    desk_form_add(&query, "To", m->to);
    desk_form_add(&query, "From", m->from);
    desk_buf_fmt(&query, "&PageSize=%d", PAGE);
    int n = resource_url(url, sizeof url, account, "Messages");
    if (n > 0 && (size_t)n < sizeof url)
        desk_buf_fmt(&whole, "%s?%s", url, desk_buf_cstr(&query));
    const struct desk_http_request req = {.url = desk_buf_cstr(&whole),
                                          .headers = headers,
                                          .user = account->sid,
                                          .password = account->token,
                                          .timeout_ms = TIMEOUT_MS,
                                          .max_body = DESK_MAX_TWILIO_REPLY};
    if (desk_http_send(&req, &reply))
        snprintf(r->why, sizeof r->why, "Twilio was not reached: %s", reply.why);
    else
        found = read_list(&reply, m, since, known, ctx, r);
    desk_log(DESK_LOG_INFO, "twilio.find", "http=%d found=%d took_ms=%ld", reply.status, (int)found,
             reply.elapsed_ms);
    desk_http_reply_clear(&reply);
    desk_buf_clear(&query);
    desk_buf_clear(&whole);
    return found;
}

const struct desk_twilio desk_twilio_rest = {
    .message = message, .call = call, .steer = steer, .find = find};
