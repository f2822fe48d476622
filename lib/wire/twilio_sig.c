#include "wire/twilio_sig.h"

#include "base/buf.h"
#include "wire/base64.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_URL  16384
#define MAX_TEXT (4 * 1024 * 1024) /* URL and a whole form */
#define SHA1_LEN 20
#define SIG_LEN  (DESK_TWILIO_SIG_LEN - 1)

/* ---- the text that is signed --------------------------------------------------------------- */

static int compare_bytes(const char *a, size_t an, const char *b, size_t bn)
{
    int c = memcmp(a, b, an < bn ? an : bn);
    return c ? c : (an > bn) - (an < bn);
}

static int compare_pairs(const void *va, const void *vb)
{
    const struct desk_form_pair *a = *(const struct desk_form_pair *const *)va;
    const struct desk_form_pair *b = *(const struct desk_form_pair *const *)vb;
    int c = compare_bytes(a->name, a->name_len, b->name, b->name_len);
    return c ? c : compare_bytes(a->value, a->value_len, b->value, b->value_len);
}

/* Append name and value of each pair: names sorted, exact twins once. */
static enum desk_rc append_form(struct desk_buf *text, const struct desk_form *form)
{
    if (!form || !form->n)
        return DESK_OK;
    const struct desk_form_pair **order = calloc(form->n, sizeof *order);
    if (!order)
        return DESK_ENOMEM;
    for (size_t i = 0; i < form->n; i++)
        order[i] = &form->pairs[i];
    qsort(order, form->n, sizeof *order, compare_pairs);
    for (size_t i = 0; i < form->n; i++) {
        if (i && compare_pairs(&order[i - 1], &order[i]) == 0)
            continue;
        desk_buf_add(text, order[i]->name, order[i]->name_len);
        desk_buf_add(text, order[i]->value, order[i]->value_len);
    }
    free(order);
    return desk_buf_ok(text) ? DESK_OK : DESK_ELIMIT;
}

static enum desk_rc hmac(const char *token, const char *url, size_t url_len,
                         const struct desk_buf *params, char out[DESK_TWILIO_SIG_LEN])
{
    struct desk_buf text;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    enum desk_rc rc = DESK_ELIMIT;
    desk_buf_init(&text, MAX_TEXT + MAX_URL);
    desk_buf_add(&text, url, url_len);
    desk_buf_add(&text, desk_buf_cstr(params), params->len);
    if (!desk_buf_ok(&text))
        goto out;
    rc = DESK_EINTERNAL;
    if (!HMAC(EVP_sha1(), token, (int)strlen(token), (const unsigned char *)desk_buf_cstr(&text),
              text.len, digest, &n) ||
        n != SHA1_LEN)
        goto out;
    out[desk_base64_encode_raw(out, digest, n)] = '\0';
    rc = DESK_OK;
out:
    desk_buf_clear(&text);
    return rc;
}

enum desk_rc desk_twilio_sign(const char *url, const struct desk_form *form, const char *token,
                              char out[DESK_TWILIO_SIG_LEN])
{
    struct desk_buf params;
    out[0] = '\0';
    desk_buf_init(&params, MAX_TEXT);
    enum desk_rc rc = append_form(&params, form);
    if (rc == DESK_OK)
        rc = hmac(token, url, strlen(url), &params, out);
    desk_buf_clear(&params);
    return rc;
}

/* ---- the URLs Twilio may have signed -------------------------------------------------------- */

struct url_parts {
    const char *scheme, *host, *port, *rest; /* rest: path and query, without the fragment */
    int scheme_len, host_len, port_len, rest_len;
    bool has_port, https, wss;
};

static bool split_url(struct url_parts *u, const char *url)
{
    const char *sep = strstr(url, "://");
    size_t len = strlen(url);
    if (!sep || len > MAX_URL)
        return false;
    memset(u, 0, sizeof *u);
    const char *fragment = strchr(url, '#'), *end = fragment ? fragment : url + len;
    u->scheme = url;
    u->scheme_len = (int)(sep - url);
    const char *host = sep + 3;
    if (host > end)
        return false;
    const char *rest = host + strcspn(host, "/?#");
    for (const char *p = host; p < rest; p++)
        if (*p == '@')
            u->host = p + 1; /* userinfo is never signed */
    if (!u->host)
        u->host = host;
    const char *colon = NULL;
    for (const char *p = u->host; p < rest; p++)
        if (*p == ':')
            colon = p;
        else if (*p == ']')
            colon = NULL;        /* colons of an IPv6 address */
    u->has_port = colon != NULL; /* "host:/" has one, an empty one */
    u->port = colon ? colon + 1 : rest;
    u->port_len = (int)(rest - u->port);
    u->host_len = (int)((colon ? colon : rest) - u->host);
    u->rest = rest;
    u->rest_len = (int)(end - rest);
    u->https = u->scheme_len == 5 && strncasecmp(url, "https", 5) == 0;
    u->wss = u->scheme_len == 3 && strncasecmp(url, "wss", 3) == 0;
    return true;
}

struct candidates {
    struct desk_buf url[DESK_TWILIO_CANDIDATES];
    size_t n;
};

/* One form of the URL: with that port or without (NULL), the path's last slash toggled or not. */
static void add_candidate(struct candidates *c, const struct url_parts *u, const char *port,
                          int port_len, bool toggle)
{
    struct desk_buf *b = &c->url[c->n++];
    const char *query = memchr(u->rest, '?', (size_t)u->rest_len);
    size_t path_len = query ? (size_t)(query - u->rest) : (size_t)u->rest_len;
    desk_buf_init(b, 2 * MAX_URL);
    desk_buf_add(b, u->scheme, (size_t)u->scheme_len);
    desk_buf_str(b, "://");
    desk_buf_add(b, u->host, (size_t)u->host_len);
    if (port) {
        desk_buf_chr(b, ':');
        desk_buf_add(b, port, (size_t)port_len);
    }
    bool slash = path_len && u->rest[path_len - 1] == '/';
    desk_buf_add(b, u->rest, path_len - (toggle && slash ? 1 : 0));
    if (toggle && !slash)
        desk_buf_chr(b, '/');
    if (query)
        desk_buf_add(b, query, (size_t)u->rest_len - path_len);
}

static void list_candidates(struct candidates *c, const struct url_parts *u)
{
    for (int toggle = 0; toggle <= (u->wss ? 1 : 0); toggle++) {
        add_candidate(c, u, NULL, 0, toggle);
        if (u->has_port) {
            add_candidate(c, u, u->port, u->port_len, toggle);
            continue;
        }
        if (u->https || u->wss)
            add_candidate(c, u, "443", 3, toggle);
        if (!u->https) /* Twilio's own library takes 80 for every scheme but https */
            add_candidate(c, u, "80", 2, toggle);
    }
}

/* ---- verify --------------------------------------------------------------------------------- */

/* Fields of any other kind of body are not under the signature. */
static bool is_form(const char *content_type)
{
    return !content_type || !*content_type ||
           strncasecmp(content_type, "application/x-www-form-urlencoded", 33) == 0;
}

/* The body must be the one whose SHA-256 stands in the (signed) query. */
static bool body_bound(const struct desk_twilio_check *check)
{
    static const char name[] = "bodySHA256=";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    char hex[65];
    const char *p = strchr(check->url, '?');
    while (p && strncmp(p + 1, name, sizeof name - 1) != 0)
        p = strchr(p + 1, '&');
    if (!p)
        return check->body_len == 0;
    p += sizeof name;
    if (strcspn(p, "&#") != 64 || !EVP_Digest(check->body ? check->body : "", check->body_len,
                                              digest, &n, EVP_sha256(), NULL))
        return false;
    for (unsigned i = 0; i < 32; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    return CRYPTO_memcmp(hex, p, 64) == 0;
}

/* Compare with one token over all candidates. ok collects hits. */
static enum desk_rc try_token(const struct desk_twilio_check *check, size_t token,
                              const struct candidates *c, const struct desk_buf *params, bool *ok,
                              struct desk_twilio_tried *tried, size_t max, size_t *n_tried)
{
    size_t sig_len = strlen(check->signature);
    for (size_t i = 0; i < c->n; i++) {
        char sig[DESK_TWILIO_SIG_LEN];
        enum desk_rc rc =
            hmac(check->tokens[token], desk_buf_cstr(&c->url[i]), c->url[i].len, params, sig);
        if (rc != DESK_OK)
            return rc;
        bool hit = sig_len == SIG_LEN && CRYPTO_memcmp(sig, check->signature, SIG_LEN) == 0;
        *ok |= hit;
        if (tried && *n_tried < max) {
            struct desk_twilio_tried *row = &tried[(*n_tried)++];
            snprintf(row->url, sizeof row->url, "%s", desk_buf_cstr(&c->url[i]));
            row->token = token;
            row->ok = hit;
        }
    }
    return DESK_OK;
}

/* All tokens over all candidates. DESK_EINTERNAL when there is no token at all. */
static enum desk_rc try_tokens(const struct desk_twilio_check *check, const struct candidates *c,
                               const struct desk_buf *params, bool *ok,
                               struct desk_twilio_tried *tried, size_t max, size_t *n_tried)
{
    enum desk_rc rc = DESK_EINTERNAL;
    for (size_t t = 0; t < check->n_tokens; t++) {
        if (!check->tokens[t] || !*check->tokens[t])
            continue;
        rc = try_token(check, t, c, params, ok, tried, max, n_tried);
        if (rc != DESK_OK)
            break;
    }
    return rc;
}

enum desk_rc desk_twilio_verify(const struct desk_twilio_check *check,
                                struct desk_twilio_tried *tried, size_t max, size_t *n_tried)
{
    struct url_parts u;
    struct candidates c = {.n = 0};
    struct desk_buf params;
    size_t counted = 0;
    bool ok = false;
    enum desk_rc rc = DESK_EAUTH;
    if (!n_tried)
        n_tried = &counted;
    *n_tried = 0;
    if (!check->signature || !*check->signature)
        return DESK_EINVAL;
    desk_buf_init(&params, MAX_TEXT);
    if (!check->url || !split_url(&u, check->url))
        goto out;
    bool post = check->method && strcmp(check->method, "POST") == 0;
    bool by_form = post && !u.wss && check->form && is_form(check->content_type);
    if (by_form && (rc = append_form(&params, check->form)) != DESK_OK)
        goto out;
    list_candidates(&c, &u);
    rc = try_tokens(check, &c, &params, &ok, tried, max, n_tried);
    if (rc != DESK_OK)
        goto out;
    rc = ok && (by_form || body_bound(check)) ? DESK_OK : DESK_EAUTH;
out:
    for (size_t i = 0; i < c.n; i++)
        desk_buf_clear(&c.url[i]);
    desk_buf_clear(&params);
    return rc;
}
