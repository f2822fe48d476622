/* Webhooks as Twilio sends them: fields, signature, limits of time, errors. Source: Twilio "TwiML
 * for Programmable Voice", "Security", "Connection Overrides", "Call resource" (status callbacks).
 */
#include "cli/call_sim.h"
#include "cli/call_url.h"
#include "base/clock.h"
#include "base/ids.h"
#include "wire/form.h"
#include "wire/twilio_sig.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define TIMEOUT_MS    15000 /* Twilio's hard limit for a voice webhook */
#define CONNECT_MS    5000
#define MAX_LOCATIONS 10                      /* HTTP redirects, then error 11215 */
#define MAX_BODY      (DESK_MAX_TWIML + 4096) /* enough to see that a document is too long */
#define FORM_TYPE     "Content-Type: application/x-www-form-urlencoded; charset=UTF-8"

/* ---- fields ---------------------------------------------------------------------------------- */

void sim_field(struct sim_call *c, struct sim_fields *f, const char *name, const char *value)
{
    struct desk_form_pair *p;
    char *copy;

    if (f->n >= DESK_MAX_SIM_FIELDS || !(copy = desk_arena_strdup(c->keep, value ? value : "")))
        return;
    p = &f->pairs[f->n++];
    p->name = name;
    p->name_len = strlen(name);
    p->value = copy;
    p->value_len = strlen(copy);
}

void sim_field_long(struct sim_call *c, struct sim_fields *f, const char *name, long value)
{
    char text[24];

    snprintf(text, sizeof text, "%ld", value);
    sim_field(c, f, name, text);
}

/* Where a number is, as far as Twilio would say: enough for a test, empty where it would not know.
 */
static void place_fields(struct sim_call *c, struct sim_fields *f, const char *number, bool from)
{
    static const char *const names[2][2][4] = {
        {{"ToCity", "ToState", "ToZip", "ToCountry"},
         {"CalledCity", "CalledState", "CalledZip", "CalledCountry"}},
        {{"FromCity", "FromState", "FromZip", "FromCountry"},
         {"CallerCity", "CallerState", "CallerZip", "CallerCountry"}},
    };
    const char *country = strncmp(number, "+1", 2) == 0 ? "US" : "";

    for (size_t twin = 0; twin < 2; twin++) {
        for (size_t i = 0; i < 4; i++)
            sim_field(c, f, names[from][twin][i], i == 3 ? country : "");
    }
}

static void leg_fields(struct sim_call *c, struct sim_fields *f, const struct sim_leg *leg)
{
    sim_field(c, f, "CallSid", leg->sid);
    sim_field(c, f, "AccountSid", c->o->account_sid);
    sim_field(c, f, "ApiVersion", "2010-04-01");
    sim_field(c, f, "Direction", leg->direction);
    sim_field(c, f, "CallStatus", leg->status);
    sim_field(c, f, "From", leg->from);
    sim_field(c, f, "Caller", leg->from);
    sim_field(c, f, "To", leg->to);
    sim_field(c, f, "Called", leg->to);
    place_fields(c, f, leg->from, true);
    place_fields(c, f, leg->to, false);
    if (leg->parent[0])
        sim_field(c, f, "ParentCallSid", leg->parent);
    if (c->o->stir && leg == &c->leg)
        sim_field(c, f, "StirVerstat", c->o->stir);
}

/* ---- one request ----------------------------------------------------------------------------- */

static void sign(struct sim_call *c, const char *url, const struct desk_form *form, char *out,
                 size_t n)
{
    char signed_url[DESK_MAX_SIM_URL], sig[DESK_TWILIO_SIG_LEN];

    out[0] = '\0';
    if (c->o->token && c->o->token[0] && sim_url_signed(url, signed_url) &&
        desk_twilio_sign(signed_url, form, c->o->token, sig) == DESK_OK)
        snprintf(out, n, "X-Twilio-Signature: %s", sig);
}

bool sim_web_sign(struct sim_call *c, const char *url, char *out, size_t n)
{
    char sig[DESK_TWILIO_SIG_LEN];

    if (!c->o->token || !c->o->token[0] || desk_twilio_sign(url, NULL, c->o->token, sig) != DESK_OK)
        return false;
    snprintf(out, n, "%s", sig);
    return true;
}

/* The Host header the public would send; "" when it is where we connect to. */
static void host_header(const char *url, const char *connect, char *out, size_t n)
{
    struct sim_url u, k;

    out[0] = '\0';
    if (sim_url_split(url, &u) && sim_url_split(connect, &k) &&
        (strcmp(u.host, k.host) != 0 || strcmp(u.port, k.port) != 0))
        snprintf(out, n, "Host: %s%s%s", u.host, u.port[0] ? ":" : "", u.port);
}

/* Where a request for url goes. */
struct way {
    char connect[DESK_MAX_SIM_URL], named[DESK_MAX_SIM_URL], place[SIM_URL_PLACE];
    char host[300]; /* header, "" = none needed */
};

/* False: nowhere on this machine. Over TLS the URL keeps the public's name, for the certificate. */
static bool way_find(const struct sim_call *c, const char *url, struct way *w,
                     struct desk_http_request *req)
{
    struct sim_url k;

    w->host[0] = '\0';
    if (!sim_url_connect(url, c->public, c->o->url, w->connect) || !sim_url_split(w->connect, &k))
        return false;
    if (strcmp(k.scheme, "https") != 0) {
        req->url = w->connect;
        host_header(url, w->connect, w->host, sizeof w->host);
        return true;
    }
    req->url = w->named;
    req->connect_to = w->place;
    req->ca_file = c->o->ca_file;
    req->any_certificate = c->o->insecure;
    return sim_url_by_name(url, w->connect, w->named, w->place);
}

/* Twilio's error for a request without a usable reply. */
static int fail_code(enum desk_http_fail fail)
{
    static const int codes[DESK_HTTP_FAIL__MAX] = {
        [DESK_HTTP_BAD_URL] = 11100, [DESK_HTTP_RESOLVE] = 11210, [DESK_HTTP_CONNECT] = 11205,
        [DESK_HTTP_TLS] = 11205,     [DESK_HTTP_TIMEOUT] = 11205, [DESK_HTTP_TOO_BIG] = 11750,
        [DESK_HTTP_STOPPED] = 11200, [DESK_HTTP_OTHER] = 11200};

    return codes[fail] ? codes[fail] : 11200;
}

/* One exchange; url in public form, with the fields in its query when get. */
static int exchange(struct sim_call *c, const char *url, const struct desk_form *form,
                    const struct desk_buf *body, struct desk_http_reply *reply, long left_ms)
{
    char sig[80], token[80], id[DESK_ID_LEN];
    struct way way;
    const char *headers[6] = {"Accept: */*"};
    struct desk_http_request req = {.headers = headers,
                                    .timeout_ms = left_ms,
                                    .connect_timeout_ms = CONNECT_MS,
                                    .max_body = MAX_BODY,
                                    .user_agent = "TwilioProxy/1.1",
                                    .stop = c->over ? NULL : sim_over,
                                    .stop_ctx = c};
    size_t n = 1;
    enum desk_rc rc;

    if (!way_find(c, url, &way, &req)) {
        memset(reply, 0, sizeof *reply);
        snprintf(reply->why, sizeof reply->why, "not on this machine, so not asked");
        reply->fail = DESK_HTTP_BAD_URL;
        return 11205;
    }
    sign(c, url, form, sig, sizeof sig);
    snprintf(token, sizeof token, "I-Twilio-Idempotency-Token: %s", desk_id_new(id, "sim"));
    headers[n++] = token;
    if (sig[0])
        headers[n++] = sig;
    if (way.host[0])
        headers[n++] = way.host;
    if (body) {
        headers[n++] = FORM_TYPE;
        req.body = desk_buf_cstr(body);
        req.body_len = body->len;
    }
    rc = desk_http_send(&req, reply);
    /* Twilio tries once more when it could not connect (TLS included), and only then */
    if (rc != DESK_OK && (reply->fail == DESK_HTTP_CONNECT || reply->fail == DESK_HTTP_TLS) &&
        !c->over) {
        desk_http_reply_clear(reply);
        rc = desk_http_send(&req, reply);
    }
    return rc == DESK_OK ? 0 : fail_code(reply->fail);
}

static bool form_write(struct desk_buf *out, const struct sim_fields *f)
{
    desk_buf_reset(out);
    for (size_t i = 0; i < f->n; i++)
        desk_form_add_n(out, f->pairs[i].name, f->pairs[i].value, f->pairs[i].value_len);
    return desk_buf_ok(out);
}

/* Ask url, and where it redirects to. */
static int ask(struct sim_call *c, const char *url, bool get, struct sim_fields *fields,
               struct desk_http_reply *reply)
{
    struct desk_form form = {fields->pairs, fields->n};
    char here[DESK_MAX_SIM_URL], next[DESK_MAX_SIM_URL];
    int64_t start = desk_mono_ms();
    struct desk_buf body;
    int code = 0;

    desk_buf_init(&body, DESK_MAX_BODY);
    snprintf(here, sizeof here, "%s", url);
    for (int hop = 0; code == 0; hop++) {
        long left = TIMEOUT_MS - (long)(desk_mono_ms() - start);
        if (!form_write(&body, fields) ||
            (get &&
             (size_t)snprintf(next, sizeof next, "%s%c%s", here, strchr(here, '?') ? '&' : '?',
                              desk_buf_cstr(&body)) >= sizeof next)) {
            code = 11100;
            break;
        }
        desk_http_reply_clear(reply);
        code = exchange(c, get ? next : here, get ? NULL : &form, get ? NULL : &body, reply,
                        left > 1 ? left : 1);
        if (code || reply->status < 300 || reply->status > 399 || !reply->location[0])
            break;
        if (hop == MAX_LOCATIONS)
            code = 11215;
        get = get || (reply->status != 307 && reply->status != 308);
        snprintf(here, sizeof here, "%s", reply->location);
    }
    desk_buf_clear(&body);
    return code;
}

int sim_web(struct sim_call *c, const struct sim_leg *leg, const char *url, bool get,
            const struct sim_fields *extra, struct desk_http_reply *reply)
{
    struct sim_fields all = {.n = 0};
    struct sim_url u;
    int code;

    memset(reply, 0, sizeof *reply);
    leg_fields(c, &all, leg);
    for (size_t i = 0; extra && i < extra->n && all.n < DESK_MAX_SIM_FIELDS; i++)
        all.pairs[all.n++] = extra->pairs[i];
    code = ask(c, url, get, &all, reply);
    if (reply->fail == DESK_HTTP_STOPPED)
        return 11200;
    if (!sim_url_split(url, &u))
        u.rest = url;
    if (code == 0 && (reply->status < 200 || reply->status > 299))
        code = 11200;
    if (code && reply->status == 403)
        sim_error(c, code, "%s %s: HTTP 403 (signed for %s: see --public-url and --token)",
                  get ? "GET" : "POST", u.rest, c->public);
    else if (code && reply->status)
        sim_error(c, code, "%s %s: HTTP %d", get ? "GET" : "POST", u.rest, reply->status);
    else if (code)
        sim_error(c, code, "%s %s: %s%s", get ? "GET" : "POST", u.rest, reply->why,
                  reply->fail == DESK_HTTP_TLS ? " (--ca FILE trusts it, --insecure any)" : "");
    else
        sim_note(c, "twilio", "webhook", reply->elapsed_ms, "%s %s → %d in %ld ms",
                 get ? "GET" : "POST", u.rest, reply->status, reply->elapsed_ms);
    return code;
}

static bool is_get(const char *method)
{
    return method && strcasecmp(method, "GET") == 0;
}

void sim_web_callback(struct sim_call *c, const struct sim_leg *leg, const char *ref,
                      const char *method, const struct sim_fields *extra)
{
    struct desk_http_reply reply;
    char url[DESK_MAX_SIM_URL];

    if (!ref || !ref[0])
        return;
    if (!sim_url_resolve(c->document, ref, url)) {
        sim_error(c, 11100, "bad callback URL %.200s", ref);
        return;
    }
    (void)sim_web(c, leg, url, is_get(method), extra, &reply);
    desk_http_reply_clear(&reply);
}

void sim_web_later(struct sim_call *c, const char *ref, const char *method,
                   const struct sim_fields *extra)
{
    if (!ref || !ref[0])
        return;
    sim_web_later_send(c); /* one place to wait is enough: calls record rarely */
    if (!sim_url_resolve(c->document, ref, c->after.url)) {
        sim_error(c, 11100, "bad callback URL %.200s", ref);
        return;
    }
    c->after.get = is_get(method);
    c->after.fields = *extra;
    c->later = true;
}

void sim_web_later_send(struct sim_call *c)
{
    struct desk_http_reply reply;

    if (!c->later)
        return;
    c->later = false;
    (void)sim_web(c, &c->leg, c->after.url, c->after.get, &c->after.fields, &reply);
    desk_http_reply_clear(&reply);
}

bool sim_go_to(struct sim_call *c, const char *ref, const char *method)
{
    char url[DESK_MAX_SIM_URL];

    if (!sim_url_resolve(c->document, ref ? ref : "", url)) {
        sim_error(c, 11100, "bad URL %.200s", ref);
        return false;
    }
    snprintf(c->go.url, sizeof c->go.url, "%s", url);
    c->go.get = is_get(method);
    c->go.redirect = false;
    c->go.fields.n = 0;
    return true;
}

/* ---- documents ------------------------------------------------------------------------------- */

static bool type_is(const char *type, const char *want)
{
    return strncasecmp(type, want, strlen(want)) == 0;
}

/* <Response><Say>text</Say></Response>, or Play: what Twilio makes of text and audio. */
static int wrapped(struct sim_call *c, const char *verb, const char *text, struct sim_node **root)
{
    struct sim_node *r = desk_arena_alloc(c->arena, sizeof *r);
    struct sim_node *n = desk_arena_alloc(c->arena, sizeof *n);
    char *copy = desk_arena_strdup(c->arena, text);

    if (!r || !n || !copy)
        return 11200;
    r->name = "Response";
    r->text = "";
    r->first = n;
    n->name = verb;
    n->text = copy;
    n->parent = r;
    *root = r;
    return 0;
}

static int document_read(struct sim_call *c, const struct desk_http_reply *reply,
                         struct sim_node **root)
{
    const char *type = reply->content_type;
    char why[160] = "";
    enum desk_rc rc;
    int code;

    if (type_is(type, "audio/"))
        return wrapped(c, "Play", c->go.url, root);
    if (!type_is(type, "text/xml") && !type_is(type, "application/xml") &&
        !type_is(type, "text/html") && !type_is(type, "text/plain")) {
        sim_error(c, 12300, "invalid Content-Type \"%s\"", type);
        return 12300;
    }
    rc = sim_twiml_parse(c->arena, desk_buf_cstr(&reply->body), reply->body.len, root, why,
                         sizeof why);
    if (rc == DESK_OK)
        return 0;
    if (type_is(type, "text/plain") && rc == DESK_EINVAL)
        return wrapped(c, "Say", desk_buf_cstr(&reply->body), root);
    code = rc == DESK_ELIMIT && reply->body.len > DESK_MAX_TWIML ? 11750 : 12100;
    sim_error(c, code, "the TwiML cannot be read: %s", why);
    return code;
}

int sim_web_document(struct sim_call *c, struct sim_node **root)
{
    struct desk_http_reply reply;
    int code = sim_web(c, c->on, c->go.url, c->go.get, &c->go.fields, &reply);

    *root = NULL;
    if (c->r->documents++ == 0)
        c->r->webhook_ms = reply.elapsed_ms;
    snprintf(c->document, sizeof c->document, "%s", c->go.url);
    desk_arena_reset(c->arena);
    if (code == 0)
        code = document_read(c, &reply, root);
    desk_http_reply_clear(&reply);
    return code;
}

/* ---- status callback ------------------------------------------------------------------------- */

void sim_timestamp(char *out, size_t n, bool iso)
{
    time_t now = (time_t)(desk_now_ms() / 1000);
    struct tm tm;

    gmtime_r(&now, &tm);
    strftime(out, n, iso ? "%Y-%m-%dT%H:%M:%SZ" : "%a, %d %b %Y %H:%M:%S +0000", &tm);
}

void sim_web_status(struct sim_call *c, const char *event)
{
    bool final = strcmp(event, "completed") == 0;
    struct sim_fields f = {.n = 0};
    struct desk_http_reply reply;
    char url[DESK_MAX_SIM_URL], when[64];
    long seconds = (c->r->duration_ms + 500) / 1000;

    if (!c->o->status_path || !c->o->status_path[0] ||
        (size_t)snprintf(url, sizeof url, "%s%s", c->public, c->o->status_path) >= sizeof url)
        return;
    sim_timestamp(when, sizeof when, false);
    sim_field(c, &f, "Timestamp", when);
    sim_field_long(c, &f, "SequenceNumber", c->sequence++);
    sim_field(c, &f, "CallbackSource", "call-progress-events");
    if (final) {
        sim_field_long(c, &f, "CallDuration", seconds);
        sim_field_long(c, &f, "Duration", (seconds + 59) / 60);
        sim_field(c, &f, "SipResponseCode", "200");
    }
    (void)sim_web(c, &c->leg, url, false, &f, &reply);
    desk_http_reply_clear(&reply);
}
