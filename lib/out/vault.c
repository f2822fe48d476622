#include "out/vault.h"
#include "base/clock.h"
#include "base/log.h"
#include "out/http.h"

#include <ctype.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRIES       3
#define FIRST_WAIT  1000  /* ms; doubles */
#define WAIT_MOST   30000 /* whatever Retry-After says */
#define GONE_TRIES  7     /* Azure's identity says 410 while it is being updated */
#define GONE_WAIT   10000
#define BODY_MOST   (256 * 1024)
#define VALUE_MOST  4000
#define URL_MOST    700
#define HEADER_MOST 4200 /* Azure's tokens are long */

/* What is being read, and from where. */
struct reading {
    desk_vault_take *take;
    void *ctx;
    const char *who, *host; /* for sentences: "HashiCorp Vault", its address */
    bool identity;          /* Azure's identity is asked: other rules of when to ask again */
    int found;
    char *why;
    size_t n;
};

bool desk_vault_wanted(void)
{
    return strcmp(desk_setting(DESK_S_SECRETS_FROM), "none") != 0;
}

/* ---- asking ---------------------------------------------------------------------------------- */

static bool may_pass(const struct reading *rd, const struct desk_http_reply *reply)
{
    if (!reply->status)
        return reply->fail == DESK_HTTP_RESOLVE || reply->fail == DESK_HTTP_CONNECT ||
               reply->fail == DESK_HTTP_TIMEOUT || reply->fail == DESK_HTTP_OTHER;
    return reply->status == 408 || reply->status == 429 || reply->status >= 500 ||
           (rd->identity && reply->status == 404);
}

/* ms before it is asked once more; -1 = not any more. asked: how often it was. */
static long wait_after(const struct reading *rd, const struct desk_http_reply *reply, int asked)
{
    if (rd->identity && reply->status == 410)
        return asked < GONE_TRIES ? GONE_WAIT : -1;
    if (asked >= TRIES || !may_pass(rd, reply))
        return -1;
    long wait = FIRST_WAIT << (asked - 1), told = WAIT_MOST;
    if (reply->retry_after < WAIT_MOST / 1000)
        told = reply->retry_after * 1000;
    return told > wait ? told : wait;
}

static void reply_clear(struct desk_http_reply *reply)
{
    OPENSSL_cleanse(reply->body.p, reply->body.len);
    desk_http_reply_clear(reply);
}

static enum desk_rc send_it(const struct reading *rd, const struct desk_http_request *req,
                            struct desk_http_reply *reply)
{
    for (int asked = 1;; asked++) {
        enum desk_rc rc = desk_http_send(req, reply);
        desk_log(DESK_LOG_INFO, "secrets.asked", "host=%s http=%d fail=%s took_ms=%ld", rd->host,
                 reply->status, desk_http_fail_name(reply->fail), reply->elapsed_ms);
        long wait = wait_after(rd, reply, asked);
        if (wait < 0)
            return rc;
        reply_clear(reply);
        desk_sleep_ms(wait);
    }
}

/* ---- what is wrong --------------------------------------------------------------------------- */

static const struct {
    int status;
    enum desk_rc rc;
    const char *words;
} refusals[] = {
    {400, DESK_EINVAL, "does not understand what it is asked"},
    {401, DESK_EFORBID, "does not know who asks: is the token, role or identity right?"},
    {403, DESK_EFORBID, "refuses: the token, role or identity may not read there"},
    {404, DESK_ENOTFOUND, "has nothing there"},
    {429, DESK_EUPSTREAM, "wants to be asked less often"},
    {503, DESK_EUPSTREAM, "is sealed, or not ready"},
};

/* In words, for a reply that is no success. */
static enum desk_rc no_success(const struct reading *rd, const struct desk_http_reply *reply)
{
    if (!reply->status) {
        snprintf(rd->why, rd->n, "%s at %s cannot be asked for the secrets (%s)", rd->who, rd->host,
                 desk_http_fail_name(reply->fail));
        return DESK_EUPSTREAM;
    }
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (refusals[i].status == reply->status) {
            snprintf(rd->why, rd->n, "%s at %s %s (HTTP %d)", rd->who, rd->host, refusals[i].words,
                     reply->status);
            return refusals[i].rc;
        }
    snprintf(rd->why, rd->n, "%s at %s gives no secrets (HTTP %d)", rd->who, rd->host,
             reply->status);
    return DESK_EUPSTREAM;
}

static enum desk_rc unreadable(const struct reading *rd)
{
    snprintf(rd->why, rd->n, "%s at %s answered something that is no secret", rd->who, rd->host);
    return DESK_EUPSTREAM;
}

static enum desk_rc missing(const struct reading *rd, const char *what)
{
    snprintf(rd->why, rd->n, "SECRETS_FROM is set, so %s", what);
    return DESK_EINVAL;
}

/* The request's answer as an object; *status is its status in any case (0 = none). */
static enum desk_rc ask(const struct reading *rd, const struct desk_http_request *more,
                        json_t **out, int *status)
{
    struct desk_http_reply reply;
    struct desk_http_request req = *more;
    req.timeout_ms = desk_setting_int(DESK_S_VAULT_TIMEOUT_S) * 1000;
    req.max_body = BODY_MOST;
    enum desk_rc rc = send_it(rd, &req, &reply);
    *out = NULL;
    *status = reply.status;
    if (rc || reply.status != 200)
        rc = no_success(rd, &reply);
    else {
        *out = json_loadb(reply.body.p ? reply.body.p : "", reply.body.len, 0, NULL);
        rc = json_is_object(*out) ? DESK_OK : unreadable(rd);
    }
    reply_clear(&reply);
    return rc;
}

/* A token must not go over a wire that others may read. */
static enum desk_rc safe_address(const struct reading *rd, const char *url)
{
    if (strncmp(url, "https://", 8) == 0 || desk_url_local(url))
        return DESK_OK;
    snprintf(rd->why, rd->n, "%s must be asked by https, not at %s", rd->who, url);
    return DESK_EINVAL;
}

/* ---- what was found -------------------------------------------------------------------------- */

/* Those that open the place itself are not in it. */
static bool looked_for(int id)
{
    return desk_setting_rows[id].flags & DESK_SET_SECRET && id != DESK_S_VAULT_TOKEN &&
           id != DESK_S_VAULT_SECRET_ID;
}

static bool is_one_line(const char *text, size_t n)
{
    return text && n && n <= VALUE_MOST && !memchr(text, '\n', n) && !memchr(text, '\0', n);
}

/* v NULL: it is not there. */
static enum desk_rc found(struct reading *rd, int id, const json_t *v)
{
    char value[VALUE_MOST + 1];
    const char *text = json_string_value(v);
    size_t n = json_string_length(v);
    if (!v || (text && !n))
        return DESK_OK;
    if (text && text[n - 1] == '\n') /* of one that was written with an editor */
        n--;
    if (!is_one_line(text, n)) {
        snprintf(rd->why, rd->n, "%s at %s has %s, but as no text of one line", rd->who, rd->host,
                 desk_setting_rows[id].name);
        return DESK_EUPSTREAM;
    }
    memcpy(value, text, n);
    value[n] = '\0';
    enum desk_rc rc = rd->take(rd->ctx, (enum desk_setting_id)id, value);
    if (rc)
        snprintf(rd->why, rd->n, "%s could not be kept", desk_setting_rows[id].name);
    rd->found++;
    OPENSSL_cleanse(value, sizeof value);
    return rc;
}

/* Address, way and the rest; slashes at the end of the address do not double. */
static const char *join(char out[URL_MOST], const char *base, const char *path)
{
    size_t n = strlen(base);
    while (n && base[n - 1] == '/')
        n--;
    snprintf(out, URL_MOST, "%.*s%s", n < 300 ? (int)n : 300, base, path);
    return out;
}

/* ---- HashiCorp Vault ------------------------------------------------------------------------- */

#define HEADERS_MOST 4
struct hashi {
    char token[HEADER_MOST], space[300];
    const char *headers[HEADERS_MOST];
};

static const char *own_authority(void)
{
    const char *file = desk_setting(DESK_S_VAULT_CACERT);
    return *file ? file : NULL;
}

static void hashi_headers(struct hashi *h, const char *token)
{
    size_t n = 0;
    memset(h, 0, sizeof *h);
    if (*desk_setting(DESK_S_VAULT_NAMESPACE)) {
        snprintf(h->space, sizeof h->space, "X-Vault-Namespace: %s",
                 desk_setting(DESK_S_VAULT_NAMESPACE));
        h->headers[n++] = h->space;
    }
    if (token) {
        snprintf(h->token, sizeof h->token, "X-Vault-Token: %s", token);
        h->headers[n++] = h->token;
    } else {
        h->headers[n++] = "Content-Type: application/json";
    }
}

/* By an AppRole. token (HEADER_MOST bytes). */
static enum desk_rc hashi_login(const struct reading *rd, char *token)
{
    char url[URL_MOST];
    struct hashi h;
    int status;
    json_t *root = NULL,
           *login = json_pack("{s:s, s:s}", "role_id", desk_setting(DESK_S_VAULT_ROLE_ID),
                              "secret_id", desk_setting(DESK_S_VAULT_SECRET_ID));
    char *body = login ? json_dumps(login, JSON_COMPACT) : NULL;
    hashi_headers(&h, NULL);
    const struct desk_http_request req = {
        .url = join(url, desk_setting(DESK_S_VAULT_ADDR), "/v1/auth/approle/login"),
        .headers = h.headers,
        .body = body,
        .body_len = body ? strlen(body) : 0,
        .ca_file = own_authority()};
    enum desk_rc rc = body ? ask(rd, &req, &root, &status) : DESK_ENOMEM;
    const char *got =
        json_string_value(json_object_get(json_object_get(root, "auth"), "client_token"));
    if (!rc && (!got || !*got || strlen(got) > HEADER_MOST - 40))
        rc = unreadable(rd);
    else if (!rc)
        snprintf(token, HEADER_MOST, "%s", got);
    OPENSSL_cleanse(body, req.body_len);
    free(body);
    json_decref(login);
    json_decref(root);
    return rc;
}

/* "/v1/MOUNT/data/WAY": VAULT_PATH with /data/ behind its first part. */
static enum desk_rc hashi_url(const struct reading *rd, char url[URL_MOST])
{
    char way[320];
    const char *path = desk_setting(DESK_S_VAULT_PATH);
    size_t mount = strcspn(path, "/"), n = strlen(path);
    static const char fine[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./";
    if (!mount || mount + 1 >= n || n > 250 || strspn(path, fine) != n || strstr(path, ".."))
        return missing(rd, "VAULT_PATH must be like secret/frontdesk");
    snprintf(way, sizeof way, "/v1/%.*s/data/%s?version=0", (int)mount, path, path + mount + 1);
    join(url, desk_setting(DESK_S_VAULT_ADDR), way);
    return DESK_OK;
}

static enum desk_rc hashi_take(struct reading *rd, const json_t *root)
{
    const json_t *values = json_object_get(json_object_get(root, "data"), "data");
    if (!json_is_object(values))
        return unreadable(rd);
    enum desk_rc rc = DESK_OK;
    for (int id = 0; !rc && id < DESK_S__MAX; id++)
        if (looked_for(id))
            rc = found(rd, id, json_object_get(values, desk_setting_rows[id].name));
    return rc;
}

/* Is all there that is needed to ask? */
static enum desk_rc hashi_ready(const struct reading *rd, char url[URL_MOST])
{
    bool role = *desk_setting(DESK_S_VAULT_ROLE_ID) && *desk_setting(DESK_S_VAULT_SECRET_ID);
    if (!*rd->host)
        return missing(rd, "VAULT_ADDR must be set, like https://vault.example.com:8200");
    if (!*desk_setting(DESK_S_VAULT_TOKEN) && !role)
        return missing(rd, "VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID, must be set");
    enum desk_rc rc = safe_address(rd, rd->host);
    return rc ? rc : hashi_url(rd, url);
}

static enum desk_rc read_hashi(struct reading *rd)
{
    char url[URL_MOST], token[HEADER_MOST];
    struct hashi h;
    json_t *root = NULL;
    int status;
    rd->host = desk_setting(DESK_S_VAULT_ADDR);
    snprintf(token, sizeof token, "%.4000s", desk_setting(DESK_S_VAULT_TOKEN));
    enum desk_rc rc = hashi_ready(rd, url);
    if (!rc && !*token)
        rc = hashi_login(rd, token);
    hashi_headers(&h, token);
    const struct desk_http_request req = {
        .url = url, .headers = h.headers, .ca_file = own_authority()};
    if (!rc)
        rc = ask(rd, &req, &root, &status);
    if (!rc)
        rc = hashi_take(rd, root);
    OPENSSL_cleanse(token, sizeof token);
    OPENSSL_cleanse(&h, sizeof h);
    json_decref(root);
    return rc;
}

/* ---- Azure Key Vault ------------------------------------------------------------------------- */

/* The machine's identity is asked by plain http on a link-local address, past any proxy. */
static enum desk_rc azure_token(const struct reading *rd, char header[HEADER_MOST])
{
    static const char *const headers[] = {"Metadata: true", NULL};
    char url[URL_MOST], to[100], way[300];
    const char *base = desk_setting(DESK_S_AZURE_IDENTITY_URL), *host = strstr(base, "://");
    const char *client = desk_setting(DESK_S_AZURE_CLIENT_ID);
    struct reading identity = *rd;
    json_t *root = NULL;
    int status;
    identity.identity = true;
    identity.who = "Azure's identity of this machine";
    identity.host = base;
    host = host ? host + 3 : base;
    size_t n = strcspn(host, "/");
    snprintf(to, sizeof to, "%.*s%s", (int)(n < 80 ? n : 80), host,
             memchr(host, ':', n) ? "" : ":80");
    snprintf(way, sizeof way,
             "/metadata/identity/oauth2/token?api-version=2018-02-01&resource="
             "https%%3A%%2F%%2Fvault.azure.net%s%.80s",
             *client ? "&client_id=" : "", client);
    const struct desk_http_request req = {
        .url = join(url, base, way), .headers = headers, .connect_to = to};
    enum desk_rc rc = ask(&identity, &req, &root, &status);
    const char *token = json_string_value(json_object_get(root, "access_token"));
    if (!rc && (!token || !*token || strlen(token) > HEADER_MOST - 40))
        rc = unreadable(&identity);
    else if (!rc)
        snprintf(header, HEADER_MOST, "Authorization: Bearer %s", token);
    json_decref(root);
    return rc;
}

static enum desk_rc azure_one(struct reading *rd, int id, const char *header)
{
    char url[URL_MOST], way[120];
    const char *const headers[] = {header, NULL};
    json_t *root = NULL;
    int status;
    size_t n = (size_t)snprintf(way, sizeof way, "/secrets/");
    for (const char *p = desk_setting_rows[id].name; *p && n < 80; p++)
        way[n++] = *p == '_' ? '-' : (char)tolower((unsigned char)*p);
    snprintf(way + n, sizeof way - n, "/?api-version=7.5");
    const struct desk_http_request req = {.url = join(url, rd->host, way), .headers = headers};
    enum desk_rc rc = ask(rd, &req, &root, &status);
    if (rc == DESK_ENOTFOUND && status == 404)
        rc = DESK_OK;
    else if (!rc && !json_is_string(json_object_get(root, "value")))
        rc = unreadable(rd);
    else if (!rc)
        rc = found(rd, id, json_object_get(root, "value"));
    json_decref(root);
    return rc;
}

static enum desk_rc read_azure(struct reading *rd)
{
    static const char fine[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    char header[HEADER_MOST] = "";
    const char *client = desk_setting(DESK_S_AZURE_CLIENT_ID);
    rd->host = desk_setting(DESK_S_AZURE_VAULT_URL);
    if (!*rd->host)
        return missing(rd, "AZURE_VAULT_URL must be set, like https://NAME.vault.azure.net");
    if (strspn(client, fine) != strlen(client))
        return missing(rd, "AZURE_CLIENT_ID must be the id of an identity");
    enum desk_rc rc = safe_address(rd, rd->host);
    if (!rc)
        rc = azure_token(rd, header);
    for (int id = 0; !rc && id < DESK_S__MAX; id++)
        if (looked_for(id))
            rc = azure_one(rd, id, header);
    OPENSSL_cleanse(header, sizeof header);
    return rc;
}

/* ---- both ------------------------------------------------------------------------------------ */

static const struct {
    const char *name, *who;
    enum desk_rc (*read)(struct reading *rd);
} places[] = {
    {"vault", "HashiCorp Vault", read_hashi},
    {"azure", "Azure Key Vault", read_azure},
};

enum desk_rc desk_vault_read(desk_vault_take *take, void *ctx, char *why, size_t n)
{
    struct reading rd = {.take = take, .ctx = ctx, .host = "", .why = why, .n = n};
    snprintf(why, n, "there is no memory");
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (strcmp(places[i].name, desk_setting(DESK_S_SECRETS_FROM)) != 0)
            continue;
        rd.who = places[i].who;
        enum desk_rc rc = places[i].read(&rd);
        if (!rc && !rd.found) {
            snprintf(why, n, "%s at %s holds none of the secrets (TWILIO_AUTH_TOKEN …)", rd.who,
                     rd.host);
            rc = DESK_ENOTFOUND;
        }
        return rc;
    }
    return missing(&rd, "it must be vault or azure");
}
