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

/* A text as its row says; *p must be given to json_decref() after use. False: r says why not. */
static bool read_sms(const struct desk_outbox *row, json_t **p, struct desk_twilio_account *account,
                     struct desk_twilio_message *m, struct desk_outbox_result *r)
{
    *account = (struct desk_twilio_account){.base_url = desk_setting(DESK_S_TWILIO_API_URL),
                                            .sid = desk_setting(DESK_S_TWILIO_ACCOUNT_SID),
                                            .token = desk_setting(DESK_S_TWILIO_AUTH_TOKEN)};
    *p = json_loads(row->payload ? row->payload : "", 0, NULL);
    *m = (struct desk_twilio_message){.to = json_string_value(json_object_get(*p, "to")),
                                      .from = json_string_value(json_object_get(*p, "from")),
                                      .body = json_string_value(json_object_get(*p, "body"))};
    if (!m->to || !m->from || !m->body)
        fail(r, "The row does not say whom to send what.");
    else if (!*account->sid || !*account->token)
        fail(r, "TWILIO_ACCOUNT_SID or TWILIO_AUTH_TOKEN is not set.");
    else
        return true;
    return false;
}

static void send_sms(const struct outbox_services *services, const struct desk_outbox *row,
                     struct desk_outbox_result *r)
{
    char url[512];
    json_t *p;
    struct desk_twilio_account account;
    struct desk_twilio_message m;
    if (read_sms(row, &p, &account, &m, r)) {
        m.status_callback = report_url(row, url, sizeof url) ? url : NULL;
        services->twilio->message(&account, &m, r);
    }
    json_decref(p);
}

static enum desk_twilio_found find_sms(const struct outbox_services *services,
                                       const struct desk_outbox *row, outbox_known *known,
                                       void *ctx, struct desk_outbox_result *r)
{
    json_t *p;
    struct desk_twilio_account account;
    struct desk_twilio_message m;
    enum desk_twilio_found found = DESK_TWILIO_CANNOT_TELL;
    if (read_sms(row, &p, &account, &m, r) && services->twilio->find)
        found = services->twilio->find(&account, &m, row->created_at, known, ctx, r);
    json_decref(p);
    return found;
}

const struct outbox_kind outbox_kinds[] = {
    {.name = DESK_OUTBOX_SMS,
     .what = "text",
     .words = "The text to the caller",
     .send = send_sms,
     .text = true,
     .find = find_sms},
    {.name = NULL},
};

const struct outbox_kind *outbox_kind_find(const char *name)
{
    for (const struct outbox_kind *k = outbox_kinds; name && k->name; k++)
        if (strcmp(k->name, name) == 0)
            return k;
    return NULL;
}
