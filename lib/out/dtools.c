#include "out/dtools.h"
#include "base/limits.h"
#include "base/log.h"
#include "out/http.h"
#include "wire/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS 30000
#define URL_MAX    1200
#define HEADER_MAX 600
#define WAIT_S     60 /* a limit that does not say how long */

static const struct {
    const char *list, *create, *id; /* id: how an answer may name it beside "id" */
} kinds[DESK_DTOOLS__MAX] = {
    [DESK_DTOOLS_CLIENTS] = {"Clients/GetClients", "Clients/CreateClient", "clientId"},
    [DESK_DTOOLS_OPPORTUNITIES] = {"Opportunities/GetOpportunities",
                                   "Opportunities/CreateOpportunity", "opportunityId"},
};

const char *desk_dtools_create_path(enum desk_dtools_kind kind)
{
    return kinds[kind].create;
}

/* ---- a request ------------------------------------------------------------------------------- */

/* By its kind only. making: after a lost answer nobody knows. */
static void read_no_reply(const struct desk_http_reply *reply, bool making,
                          struct desk_outbox_result *r)
{
    bool reached = reply->fail == DESK_HTTP_TIMEOUT || reply->fail == DESK_HTTP_TOO_BIG ||
                   reply->fail == DESK_HTTP_OTHER || reply->fail == DESK_HTTP_STOPPED;
    r->end = reply->fail == DESK_HTTP_BAD_URL ? DESK_END_FAILED
             : making && reached              ? DESK_END_UNKNOWN
                                              : DESK_END_AGAIN;
    snprintf(r->why, sizeof r->why, "D-Tools did not answer (%s).",
             desk_http_fail_name(reply->fail));
}

static void read_refusal(const struct desk_http_reply *reply, const json_t *body, bool making,
                         struct desk_outbox_result *r)
{
    const char *title = json_string_value(json_object_get(body, "title"));
    int status = reply->status;
    r->code = status;
    if (status == 429) {
        r->end = DESK_END_AGAIN;
        r->wait_ms = desk_outbox_wait_ms(reply->retry_after > 0 ? reply->retry_after : WAIT_S);
        snprintf(r->why, sizeof r->why, "D-Tools asked us to wait (HTTP 429).");
    } else if (status >= 500 || status == 408) {
        r->end = making ? DESK_END_UNKNOWN : DESK_END_AGAIN;
        snprintf(r->why, sizeof r->why, "D-Tools had a failure of its own (HTTP %d).", status);
    } else {
        r->end = DESK_END_FAILED;
        snprintf(r->why, sizeof r->why, "%s%s%.120s (HTTP %d)",
                 status == 401 || status == 403
                     ? "D-Tools does not let us in: check DTOOLS_API_KEY and DTOOLS_AUTHORIZATION."
                     : "D-Tools refused it.",
                 title ? " It says: " : "", title ? title : "", status);
    }
}

/* The answer's body, a new reference, or NULL and *r says why. */
static json_t *ask(const struct desk_dtools_account *a, const char *path, const char *body,
                   struct desk_outbox_result *r)
{
    char url[URL_MAX], key[HEADER_MAX], authorization[HEADER_MAX];
    const char *const headers[] = {key, authorization, "Accept: application/json",
                                   body ? "Content-Type: application/json" : NULL, NULL};
    size_t base = strlen(a->api_url);
    struct desk_http_reply reply;
    json_t *got = NULL;
    while (base && a->api_url[base - 1] == '/')
        base--;
    int n = snprintf(url, sizeof url, "%.*s/%s", (int)base, a->api_url, path);
    snprintf(key, sizeof key, "X-API-Key: %s", a->key);
    snprintf(authorization, sizeof authorization, "Authorization: %s", a->authorization);
    memset(r, 0, sizeof *r);
    r->end = DESK_END_FAILED;
    if (n < 0 || (size_t)n >= sizeof url) {
        snprintf(r->why, sizeof r->why, "DTOOLS_API_URL is too long.");
        return NULL;
    }
    const struct desk_http_request req = {.url = url,
                                          .headers = headers,
                                          .body = body,
                                          .body_len = body ? strlen(body) : 0,
                                          .timeout_ms = TIMEOUT_MS,
                                          .max_body = DESK_MAX_DTOOLS_REPLY,
                                          .once = body != NULL};
    if (desk_http_send(&req, &reply)) {
        read_no_reply(&reply, body != NULL, r);
    } else {
        got = json_loadb(reply.body.p ? reply.body.p : "", reply.body.len, JSON_DECODE_ANY, NULL);
        if (reply.status >= 200 && reply.status < 300 && got) {
            r->end = DESK_END_SENT;
        } else if (reply.status >= 200 && reply.status < 300) {
            r->end = body ? DESK_END_UNKNOWN : DESK_END_AGAIN;
            snprintf(r->why, sizeof r->why, "D-Tools' answer could not be read.");
        } else {
            read_refusal(&reply, got, body != NULL, r);
        }
    }
    desk_log(DESK_LOG_INFO, "dtools.ask", "path=%.*s http=%d fail=%s took_ms=%ld",
             (int)strcspn(path, "?"), path, reply.status, desk_http_fail_name(reply.fail),
             reply.elapsed_ms);
    desk_http_reply_clear(&reply);
    if (r->end != DESK_END_SENT) {
        json_decref(got);
        got = NULL;
    }
    return got;
}

/* A text, a number, or a member that holds it. False: there is none. */
static bool id_of(const json_t *row, const char *other, char *out, size_t n)
{
    const json_t *id = json_object_get(row, "id");
    id = id ? id : json_object_get(row, other);
    id = id ? id : row;
    out[0] = '\0';
    if (json_is_string(id))
        snprintf(out, n, "%s", json_string_value(id));
    else if (json_is_integer(id))
        snprintf(out, n, "%lld", (long long)json_integer_value(id));
    return *out != '\0';
}

/* ---- looking --------------------------------------------------------------------------------- */

static const json_t *rows_of(const json_t *page)
{
    const char *name;
    json_t *v;
    if (json_is_array(page))
        return page;
    json_object_foreach((json_t *)(uintptr_t)page, name, v) if (json_is_array(v)) return v;
    return NULL;
}

/* Rows in that page; found is written to r->remote_id. */
static size_t look_through(const json_t *rows, enum desk_dtools_kind kind, desk_dtools_match *is,
                           void *ctx, struct desk_outbox_result *r)
{
    size_t i;
    const json_t *row;
    json_array_foreach(rows, i, row) if (!*r->remote_id && is(ctx, row))(void) !id_of(
        row, kinds[kind].id, r->remote_id, sizeof r->remote_id);
    return json_array_size(rows);
}

static void find(const struct desk_dtools_account *a, enum desk_dtools_kind kind,
                 const char *search, desk_dtools_match *is, void *ctx, struct desk_outbox_result *r)
{
    struct desk_buf path;
    size_t n = DESK_DTOOLS_PAGE;
    memset(r, 0, sizeof *r);
    for (int page = 1; n == DESK_DTOOLS_PAGE && !*r->remote_id; page++) {
        if (page > DESK_DTOOLS_PAGES) {
            r->end = DESK_END_FAILED;
            snprintf(r->why, sizeof r->why,
                     "D-Tools has more rows than can be looked through for it.");
            return;
        }
        desk_buf_init(&path, URL_MAX);
        desk_buf_fmt(&path, "%s?page=%d&pageSize=%d", kinds[kind].list, page, DESK_DTOOLS_PAGE);
        desk_form_add(&path, "search", search);
        json_t *got = ask(a, desk_buf_ok(&path) ? desk_buf_cstr(&path) : "", NULL, r);
        desk_buf_clear(&path);
        const json_t *rows = rows_of(got);
        if (got && !rows) {
            r->end = DESK_END_AGAIN;
            snprintf(r->why, sizeof r->why, "D-Tools' answer could not be read.");
        }
        n = rows ? look_through(rows, kind, is, ctx, r) : 0;
        json_decref(got);
    }
}

/* ---- making ---------------------------------------------------------------------------------- */

static void create(const struct desk_dtools_account *a, enum desk_dtools_kind kind,
                   const json_t *body, struct desk_outbox_result *r)
{
    char *text = json_dumps(body, JSON_COMPACT);
    json_t *got = text ? ask(a, kinds[kind].create, text, r) : NULL;
    if (!text)
        *r = (struct desk_outbox_result){.end = DESK_END_AGAIN, .ours = true};
    if (got && !id_of(got, kinds[kind].id, r->remote_id, sizeof r->remote_id)) {
        r->end = DESK_END_UNKNOWN; /* it is asked about, and found by what is in it */
        snprintf(r->why, sizeof r->why, "D-Tools did not say which one it made.");
    }
    json_decref(got);
    free(text);
}

const struct desk_dtools desk_dtools_rest = {.find = find, .create = create};
