#include "wire/webhook.h"
#include "wire/base64.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PREFIX    "whsec_"
#define KEY_LEAST 24
#define KEY_MOST  64
#define TEXT_MOST 128 /* base64 of KEY_MOST bytes is shorter */

const char *desk_webhook_secret(const unsigned char key[DESK_WEBHOOK_KEY],
                                char out[DESK_WEBHOOK_SECRET_LEN])
{
    size_t at = sizeof PREFIX - 1;
    memcpy(out, PREFIX, at);
    at += desk_base64_encode_raw(out + at, key, DESK_WEBHOOK_KEY);
    out[at] = '\0';
    return out;
}

/* The key's bytes; 0: it is no secret. */
static size_t key_of(const char *secret, unsigned char key[TEXT_MOST])
{
    size_t n = strlen(secret);
    if (n <= sizeof PREFIX - 1 || n > TEXT_MOST || strncmp(secret, PREFIX, sizeof PREFIX - 1) != 0)
        return 0;
    size_t len = desk_base64_decode_raw(key, secret + sizeof PREFIX - 1, n - (sizeof PREFIX - 1));
    return len == DESK_BASE64_BAD || len < KEY_LEAST || len > KEY_MOST ? 0 : len;
}

static bool hmac(const unsigned char *key, size_t key_n, const struct desk_buf *text,
                 unsigned char mac[32])
{
    unsigned int len = 0;
    return HMAC(EVP_sha256(), key, (int)key_n, (const unsigned char *)text->p, text->len, mac,
                &len) &&
           len == 32;
}

enum desk_rc desk_webhook_sign(const char *secret, const char *id, int64_t timestamp,
                               const void *body, size_t n, char out[DESK_WEBHOOK_SIG_LEN])
{
    unsigned char key[TEXT_MOST], mac[32];
    struct desk_buf text;
    size_t key_n = key_of(secret, key);
    if (!key_n || !*id || strchr(id, '.'))
        return DESK_EINVAL;
    desk_buf_init(&text, strlen(id) + n + 64);
    desk_buf_fmt(&text, "%s.%lld.", id, (long long)timestamp);
    desk_buf_add(&text, body, n);
    bool ok = desk_buf_ok(&text) && hmac(key, key_n, &text, mac);
    OPENSSL_cleanse(key, sizeof key);
    desk_buf_clear(&text);
    if (!ok)
        return DESK_ENOMEM;
    memcpy(out, "v1,", 3);
    out[3 + desk_base64_encode_raw(out + 3, mac, sizeof mac)] = '\0';
    return DESK_OK;
}

/* ---- addresses ------------------------------------------------------------------------------- */

struct place {
    const char *host; /* not ended */
    size_t host_n;
    long port;
    bool tls;
};

static const char host_chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";

/* Nothing but what libcurl and we cannot read in two ways: no name before the host, no brackets, no
 * escapes in it. */
static bool place_of(const char *url, struct place *p)
{
    static const char marks[] = " \t\r\n\"'<>\\^`{|}";
    if (strlen(url) > DESK_WEBHOOK_URL_MOST || strpbrk(url, marks))
        return false;
    for (const char *s = url; *s; s++)
        if ((unsigned char)*s < 0x21 || (unsigned char)*s > 0x7e)
            return false;
    p->tls = strncasecmp(url, "https://", 8) == 0;
    if (!p->tls && strncasecmp(url, "http://", 7) != 0)
        return false;
    p->host = url + (p->tls ? 8 : 7);
    p->host_n = strspn(p->host, host_chars);
    p->port = p->tls ? 443 : 80;
    const char *rest = p->host + p->host_n;
    if (*rest == ':') {
        char *end;
        if (rest[1] < '0' || rest[1] > '9')
            return false;
        p->port = strtol(rest + 1, &end, 10);
        rest = end;
    }
    return p->host_n && p->host_n < 254 && p->port > 0 && p->port < 65536 &&
           (!*rest || *rest == '/' || *rest == '?');
}

/* "host:port" of p in a list of them. */
static bool listed(const struct place *p, const char *allow)
{
    char want[280];
    int n = snprintf(want, sizeof want, "%.*s:%ld", (int)p->host_n, p->host, p->port);
    for (const char *s = allow; *s; s += strcspn(s, " ,")) {
        s += strspn(s, " ,");
        size_t len = strcspn(s, " ,");
        if (len == (size_t)n && strncasecmp(s, want, len) == 0)
            return true;
    }
    return false;
}

static bool ends_with(const struct place *p, const char *what)
{
    size_t n = strlen(what);
    return p->host_n >= n && strncasecmp(p->host + p->host_n - n, what, n) == 0;
}

/* Numbers are addresses, however they are written (10.0.0.1, 0x7f.1, 2130706433): the last part of
 * a name has a letter that is no hex number's mark. */
static bool is_name(const struct place *p)
{
    size_t last = p->host_n;
    while (last && p->host[last - 1] != '.')
        last--;
    const char *part = p->host + last;
    size_t n = p->host_n - last;
    return last && n && !(part[0] >= '0' && part[0] <= '9');
}

enum desk_webhook_at desk_webhook_at(const char *url, const char *allow, const char **why)
{
    struct place p;
    *why = NULL;
    if (!place_of(url, &p))
        *why = "This is no address that we can call: write it like "
               "https://hooks.example.com/abc, without a name or password in it.";
    else if (listed(&p, allow))
        return DESK_WEBHOOK_TRUSTED;
    else if (!p.tls)
        *why = "The address must begin with https://.";
    else if (!is_name(&p) || ends_with(&p, ".local") || ends_with(&p, ".internal") ||
             ends_with(&p, ".localhost"))
        *why = "The address must have a public name, like hooks.example.com. A machine of your own "
               "network has to be named in WEBHOOK_ALLOW first.";
    else if (p.port != 443 && p.port != 8443)
        *why = "Only the ports 443 and 8443 are called. Another one has to be named in "
               "WEBHOOK_ALLOW first.";
    return *why ? DESK_WEBHOOK_REFUSED : DESK_WEBHOOK_PUBLIC;
}

const char *desk_webhook_host(const char *url, char *out, size_t n)
{
    const char *host = strstr(url, "://");
    size_t len = host ? (size_t)(host - url) + 3 : 0;
    len += strcspn(url + len, "/?#");
    snprintf(out, n, "%.*s%s", (int)len, url, url[len] ? "/…" : "");
    return out;
}
