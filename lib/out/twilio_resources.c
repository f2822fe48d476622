#include "out/twilio_resources.h"
#include "base/limits.h"
#include "base/log.h"
#include "out/http.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define TRIES        4
#define WAIT_MS      250 /* doubled each time, when Twilio does not say how long */
#define WAIT_MOST_MS 30000
#define PAGE_SIZE    100
#define PAGES_MOST   500
#define URL_MOST     2048

static const struct {
    const char *what, *rows; /* the name of the list in an answer */
} kinds[] = {{"IncomingPhoneNumbers", "incoming_phone_numbers"}, {"Applications", "applications"}};

static const char *rows_of(const char *what)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].what, what) == 0)
            return kinds[i].rows;
    return "";
}

/* ---- one request -------------------------------------------------------------------------------
 */

static enum desk_rc failed(const struct desk_http_reply *reply, struct desk_twilio_result *r)
{
    static const struct {
        int status;
        enum desk_rc rc;
        const char *words;
    } rows[] = {
        {401, DESK_EAUTH, "Twilio does not know this account and token"},
        {403, DESK_EAUTH, "The token may not do this at Twilio"},
        {404, DESK_ENOTFOUND, "Twilio has no such thing"},
        {429, DESK_EBUSY, "Twilio asks us to wait"},
    };
    const char *message = json_string_value(json_object_get(r->body, "message"));
    const char *words = r->status >= 500 ? "Twilio had a failure of its own" : "Twilio refused";
    enum desk_rc rc = r->status >= 500 || r->status < 300 ? DESK_EUPSTREAM : DESK_EINVAL;
    if (reply->fail) {
        snprintf(r->why, sizeof r->why, "Twilio was not reached, or did not answer: %s",
                 reply->why);
        return DESK_EUPSTREAM;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].status == r->status) {
            words = rows[i].words;
            rc = rows[i].rc;
        }
    r->code = json_integer_value(json_object_get(r->body, "code"));
    snprintf(r->why, sizeof r->why, "%s (HTTP %d%s%.200s)", words, r->status, message ? ": " : "",
             message ? message : "");
    return rc;
}

/* One exchange; r->body is what came as JSON. wait_ms: what Twilio wants us to wait. taken: it may
 * have done it. */
static enum desk_rc once(const struct desk_twilio_account *a, const char *url,
                         const struct desk_buf *form, struct desk_twilio_result *r, long *wait_ms,
                         bool *taken)
{
    static const char *const headers[] = {
        "Content-Type: application/x-www-form-urlencoded; charset=utf-8",
        "Accept: application/json", NULL};
    const struct desk_http_request req = {.url = url,
                                          .headers = form ? headers : headers + 1,
                                          .body = form ? desk_buf_cstr(form) : NULL,
                                          .body_len = form ? form->len : 0,
                                          .user = a->sid,
                                          .password = a->token,
                                          .once = true};
    struct desk_http_reply reply;
    enum desk_rc rc = desk_http_send(&req, &reply);
    bool unreached = reply.fail == DESK_HTTP_BAD_URL || reply.fail == DESK_HTTP_RESOLVE ||
                     reply.fail == DESK_HTTP_CONNECT || reply.fail == DESK_HTTP_TLS;
    *wait_ms = reply.retry_after * 1000;
    r->status = reply.status;
    r->date = reply.date;
    json_decref(r->body);
    r->body = rc ? NULL : json_loadb(reply.body.p ? reply.body.p : "", reply.body.len, 0, NULL);
    if (rc || r->status < 200 || r->status >= 300)
        rc = failed(&reply, r);
    else if (!json_is_object(r->body)) {
        rc = DESK_EUPSTREAM;
        snprintf(r->why, sizeof r->why, "Twilio's answer (HTTP %d) cannot be read", r->status);
    }
    *taken = rc == DESK_EUPSTREAM && !unreached;
    desk_log(DESK_LOG_DEBUG, "twilio.resource", "http=%d fail=%s rc=%s ms=%ld", r->status,
             desk_http_fail_name(reply.fail), desk_rc_name(rc), reply.elapsed_ms);
    desk_http_reply_clear(&reply);
    return rc;
}

static void wait(long ms)
{
    if (ms > WAIT_MOST_MS)
        ms = WAIT_MOST_MS;
    const struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

/* again: it may be repeated although it may have been done. */
static enum desk_rc exchange(const struct desk_twilio_account *a, const char *url,
                             const struct desk_buf *form, bool again, struct desk_twilio_result *r)
{
    enum desk_rc rc = DESK_EUPSTREAM;
    bool taken = false;
    long wait_ms = 0, pause = WAIT_MS;
    for (int tries = 0; tries < TRIES; tries++, pause *= 2) {
        if (tries)
            wait(wait_ms ? wait_ms : pause);
        r->why[0] = '\0';
        rc = once(a, url, form, r, &wait_ms, &taken);
        r->unsure = taken && !again;
        if (r->unsure || (rc != DESK_EUPSTREAM && rc != DESK_EBUSY))
            break;
    }
    return rc;
}

/* ---- addresses
 * ----------------------------------------------------------------------------------- */

static int base_len(const struct desk_twilio_account *a)
{
    size_t n = strlen(a->base_url);
    while (n && a->base_url[n - 1] == '/')
        n--;
    return (int)n;
}

/* Only what can be part of an address, so that nothing strange gets into one. */
static bool plain(const char *s)
{
    size_t n = strlen(s);
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)s[i]))
            return false;
    return n > 0 && n < 64;
}

static enum desk_rc address(const struct desk_twilio_account *a, const char *what, const char *sid,
                            char url[URL_MOST], struct desk_twilio_result *r)
{
    memset(r, 0, sizeof *r);
    if (!plain(a->sid) || !plain(what) || (sid && !plain(sid))) {
        snprintf(r->why, sizeof r->why, "The account or the resource has an id that is none");
        return DESK_EINVAL;
    }
    int n = snprintf(url, URL_MOST, "%.*s/2010-04-01/Accounts/%s/%s%s%s.json", base_len(a),
                     a->base_url, a->sid, what, sid ? "/" : "", sid ? sid : "");
    return n > 0 && n < URL_MOST ? DESK_OK : DESK_ELIMIT;
}

/* The page after this one: a path at the same host. False: there is none, or it leads elsewhere. */
static bool next_page(const struct desk_twilio_account *a, const json_t *page, char url[URL_MOST])
{
    const char *uri = json_string_value(json_object_get(page, "next_page_uri"));
    if (!uri || strncmp(uri, "/2010-04-01/Accounts/", 21) != 0 || strpbrk(uri, " \r\n\t#@\\"))
        return false;
    int n = snprintf(url, URL_MOST, "%.*s%s", base_len(a), a->base_url, uri);
    return n > 0 && n < URL_MOST;
}

/* ---- the functions
 * ------------------------------------------------------------------------------- */

static enum desk_rc list(const struct desk_twilio_account *a, const char *what, const char *query,
                         size_t most, struct desk_twilio_result *r)
{
    char url[URL_MOST], more[URL_MOST / 2];
    json_t *all = json_array();
    size_t size = most && most < PAGE_SIZE ? most : PAGE_SIZE;
    enum desk_rc rc = address(a, what, NULL, url, r);
    snprintf(more, sizeof more, "?PageSize=%zu%s%s", size, query ? "&" : "", query ? query : "");
    if (!rc && strlen(url) + strlen(more) < sizeof url)
        memcpy(url + strlen(url), more, strlen(more) + 1);
    for (int page = 0; !rc && page < PAGES_MOST; page++) {
        rc = exchange(a, url, NULL, true, r);
        const json_t *rows = json_object_get(r->body, rows_of(what));
        if (!rc && !json_is_array(rows)) {
            snprintf(r->why, sizeof r->why, "Twilio's answer holds no list of them");
            rc = DESK_EUPSTREAM;
        }
        for (size_t i = 0; !rc && i < json_array_size(rows); i++)
            json_array_append(all, json_array_get(rows, i));
        if (rc || (most && json_array_size(all) >= most) || !next_page(a, r->body, url))
            break;
    }
    json_decref(r->body);
    r->body = rc ? NULL : json_incref(all);
    json_decref(all);
    return rc;
}

static enum desk_rc create(const struct desk_twilio_account *a, const char *what,
                           const struct desk_buf *form, struct desk_twilio_result *r)
{
    char url[URL_MOST];
    enum desk_rc rc = address(a, what, NULL, url, r);
    return rc ? rc : exchange(a, url, form, false, r);
}

static enum desk_rc update(const struct desk_twilio_account *a, const char *what, const char *sid,
                           const struct desk_buf *form, struct desk_twilio_result *r)
{
    char url[URL_MOST];
    enum desk_rc rc = address(a, what, sid, url, r);
    return rc ? rc : exchange(a, url, form, true, r);
}

const struct desk_twilio_resources desk_twilio_resources_rest = {list, create, update};
