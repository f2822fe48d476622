#include "cli/numbers_plan.h"
#include "base/config.h"
#include "out/http.h"
#include "wire/form.h"

#include <stdio.h>
#include <string.h>

#define APP    1u
#define NUMBER 2u
#define TEXT   4u /* only where texts are answered */

/* Keys of Twilio's connection overrides: ct, rt in ms; rc retries; rp what is retried. A caller
 * waits, and Twilio for 15 s at most: three tries must fit. A report may be told again. */
#define CALLER "#ct=2500&rt=6000&rc=2&rp=ct,rt,5xx"
#define REPORT "#rc=3&rp=ct,rt,5xx"

/* Every property that we set. An application's win over a number's own, which stay behind them for
 * the day on which somebody deletes the application; a trunk's would win over both. */
static const struct field {
    const char *form, *json;
    unsigned on;
    const char *path, *fragment; /* below PUBLIC_BASE_URL, */
    const char *value;           /* or a fixed value; NULL = the application's sid */
} fields[] = {
    {"VoiceUrl", "voice_url", APP | NUMBER, "/voice/incoming", CALLER, NULL},
    {"VoiceMethod", "voice_method", APP | NUMBER, NULL, NULL, "POST"},
    {"VoiceFallbackUrl", "voice_fallback_url", APP | NUMBER, "/voice/fallback", CALLER, NULL},
    {"VoiceFallbackMethod", "voice_fallback_method", APP | NUMBER, NULL, NULL, "POST"},
    {"StatusCallback", "status_callback", APP | NUMBER, "/voice/status", REPORT, NULL},
    {"StatusCallbackMethod", "status_callback_method", APP | NUMBER, NULL, NULL, "POST"},
    {"SmsUrl", "sms_url", APP | NUMBER | TEXT, "/sms/incoming", CALLER, NULL},
    {"SmsMethod", "sms_method", APP | NUMBER | TEXT, NULL, NULL, "POST"},
    {"VoiceApplicationSid", "voice_application_sid", NUMBER, NULL, NULL, NULL},
    {"SmsApplicationSid", "sms_application_sid", NUMBER | TEXT, NULL, NULL, NULL},
    {"TrunkSid", "trunk_sid", NUMBER, NULL, NULL, ""},
    {"VoiceReceiveMode", "voice_receive_mode", NUMBER, NULL, NULL, "voice"},
};
#define FIELDS (sizeof fields / sizeof *fields)

/* ---- settings
 * ------------------------------------------------------------------------------------ */

/* "https://desk.example.com:8443/x" → "desk.example.com:8443" */
static void host_of(const char *url, char *out, size_t n)
{
    const char *p = strstr(url, "://");
    p = p ? p + 3 : url;
    snprintf(out, n, "%.*s", (int)strcspn(p, "/?#"), p);
}

static bool at_home(const char *url)
{
    char host[200];
    host_of(url, host, sizeof host);
    return strncmp(host, "127.", 4) == 0 || strncmp(host, "localhost", 9) == 0 ||
           strncmp(host, "[::1]", 5) == 0;
}

enum desk_rc numbers_settings(struct numbers_found *f, char *why, size_t n)
{
    static char base[NUMBERS_VALUE - 100];
    char host[200];
    memset(f, 0, sizeof *f);
    f->api = &desk_twilio_resources_rest;
    f->account = (struct desk_twilio_account){desk_setting(DESK_S_TWILIO_API_URL),
                                              desk_setting(DESK_S_TWILIO_ACCOUNT_SID),
                                              desk_setting(DESK_S_TWILIO_AUTH_TOKEN)};
    f->base = base;
    const char *given = desk_setting(DESK_S_PUBLIC_BASE_URL);
    size_t len = strlen(given);
    while (len && given[len - 1] == '/')
        len--;
    const char *missing = !*f->account.sid     ? "TWILIO_ACCOUNT_SID is not set"
                          : !*f->account.token ? "TWILIO_AUTH_TOKEN is not set"
                          : !len               ? "PUBLIC_BASE_URL is not set"
                          : len >= sizeof base ? "PUBLIC_BASE_URL is too long"
                                               : NULL;
    if (!missing && at_home(given) && !at_home(f->account.base_url))
        missing = "PUBLIC_BASE_URL is an address of this machine alone: Twilio cannot reach it";
    if (missing) {
        snprintf(why, n, "%s", missing);
        return DESK_EINVAL;
    }
    snprintf(base, sizeof base, "%.*s", (int)len, given);
    host_of(base, host, sizeof host);
    snprintf(f->app_name, sizeof f->app_name, "Frontdesk %.54s", host);
    return DESK_OK;
}

const char *numbers_page(size_t i)
{
    for (size_t k = 0; k < FIELDS; k++)
        if (fields[k].path && i-- == 0)
            return fields[k].path;
    return NULL;
}

int numbers_page_status(const struct numbers_found *f, const char *path, char *why, size_t n)
{
    char url[1024];
    struct desk_http_reply reply;
    snprintf(url, sizeof url, "%s%s", f->base, path);
    const struct desk_http_request req = {.url = url, .timeout_ms = 10000, .once = true};
    enum desk_rc rc = desk_http_send(&req, &reply);
    snprintf(why, n, "%s", reply.why);
    desk_http_reply_clear(&reply);
    return rc ? 0 : reply.status;
}

bool numbers_page_there(int status)
{
    return status >= 200 && status != 404 && status < 500;
}

/* ---- looking --------------------------------------------------------------------------------- */

static const char *text(const json_t *resource, const char *key)
{
    const char *s = json_string_value(json_object_get(resource, key));
    return s ? s : "";
}

const char *numbers_sid(const json_t *resource)
{
    return text(resource, "sid");
}

void numbers_clear(struct numbers_found *f)
{
    json_decref(f->numbers);
    json_decref(f->app);
    f->numbers = f->app = NULL;
}

/* Of several with our name the oldest: the first that is listed last would be as good, but it must
 * be the same one every time. */
static json_t *choose_app(const json_t *apps, const char *name)
{
    json_t *best = NULL;
    for (size_t i = 0; i < json_array_size(apps); i++) {
        json_t *app = json_array_get(apps, i);
        if (strcmp(text(app, "friendly_name"), name) != 0)
            continue;
        if (!best || strcmp(numbers_sid(app), numbers_sid(best)) < 0)
            best = app;
    }
    return json_incref(best);
}

enum desk_rc numbers_look(struct numbers_found *f, char *why, size_t n)
{
    struct desk_twilio_result r;
    struct desk_buf query;
    numbers_clear(f);
    desk_buf_init(&query, 1024);
    desk_form_add(&query, "FriendlyName", f->app_name);
    enum desk_rc rc = f->api->list(&f->account, "IncomingPhoneNumbers", NULL, 0, &r);
    f->numbers = r.body;
    if (!rc) {
        rc = f->api->list(&f->account, "Applications", desk_buf_cstr(&query), 0, &r);
        f->app = choose_app(r.body, f->app_name);
        json_decref(r.body);
    }
    desk_buf_clear(&query);
    snprintf(why, n, "%s", r.why);
    return rc;
}

const json_t *numbers_find(const struct numbers_found *f, const char *e164)
{
    for (size_t i = 0; i < json_array_size(f->numbers); i++) {
        const json_t *number = json_array_get(f->numbers, i);
        if (strcmp(text(number, "phone_number"), e164) == 0)
            return number;
    }
    return NULL;
}

/* ---- what differs ---------------------------------------------------------------------------- */

static size_t differences(const struct numbers_found *f, const json_t *resource, unsigned on,
                          const char *app_sid, struct numbers_change v[NUMBERS_CHANGES])
{
    size_t n = 0;
    for (size_t i = 0; i < FIELDS; i++) {
        const struct field *field = &fields[i];
        struct numbers_change *c = &v[n];
        if (!(field->on & on) || ((field->on & TEXT) && !f->texts))
            continue;
        c->field = field->form;
        snprintf(c->from, sizeof c->from, "%s", text(resource, field->json));
        if (field->path)
            snprintf(c->to, sizeof c->to, "%s%s%s", f->base, field->path, field->fragment);
        else
            snprintf(c->to, sizeof c->to, "%s", field->value ? field->value : app_sid);
        /* what Twilio does not say of itself is as it should be by default */
        bool silent = resource && !json_object_get(resource, field->json);
        n += !silent && strcmp(c->from, c->to) != 0;
    }
    return n;
}

size_t numbers_app_changes(const struct numbers_found *f, struct numbers_change v[NUMBERS_CHANGES])
{
    return differences(f, f->app, APP, "", v);
}

size_t numbers_changes(const struct numbers_found *f, const json_t *number, const char *app_sid,
                       struct numbers_change v[NUMBERS_CHANGES])
{
    return differences(f, number, NUMBER, app_sid, v);
}
