#include "out/jwks.h"
#include "out/address.h"
#include "out/http.h"
#include "wire/jwt.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define TIMEOUT_MS 10000

/* Without TLS somebody between could put a key of his own in. */
static bool safe(const char *url)
{
    static const char *const own[] = {"http://127.0.0.1", "http://[::1]", "http://localhost"};
    if (strncmp(url, "https://", 8) == 0)
        return true;
    for (size_t i = 0; !desk_address_guarded() && i < sizeof own / sizeof *own; i++) {
        size_t n = strlen(own[i]);
        if (strncmp(url, own[i], n) == 0 && (!url[n] || strchr(":/", url[n])))
            return true;
    }
    return false;
}

static bool usable(const struct desk_buf *b)
{
    json_t *keys = json_loadb(b->p ? b->p : "", b->len, JSON_REJECT_DUPLICATES, NULL);
    bool ok = desk_jwks_usable(keys) > 0 && !memchr(b->p, 0, b->len);
    json_decref(keys);
    return ok;
}

static enum desk_rc failed(struct desk_jwks *out, const char *why)
{
    snprintf(out->why, sizeof out->why, "%s", why);
    return DESK_EUPSTREAM;
}

static enum desk_rc read_reply(struct desk_http_reply *reply, struct desk_jwks *out)
{
    out->status = reply->status;
    out->retry_after_s = reply->retry_after;
    if (reply->status != 200) {
        snprintf(out->why, sizeof out->why, "it answered with status %d", reply->status);
        return DESK_EUPSTREAM;
    }
    if (!usable(&reply->body))
        return failed(out, "what it answered is no set of keys for RS256 or ES256");
    snprintf(out->cache_control, sizeof out->cache_control, "%s", reply->got[0]);
    desk_buf_add(&out->keys, reply->body.p, reply->body.len);
    return desk_buf_ok(&out->keys) ? DESK_OK : DESK_ENOMEM;
}

enum desk_rc desk_jwks_fetch(const char *url, struct desk_jwks *out)
{
    static const char *const headers[] = {"Accept: application/jwk-set+json, application/json",
                                          NULL};
    static const char *const want[] = {"Cache-Control", NULL};
    struct desk_http_reply reply;
    *out = (struct desk_jwks){.status = 0};
    desk_buf_init(&out->keys, DESK_JWKS_MOST);
    if (!safe(url))
        return failed(out, "its address must begin with https://");
    const struct desk_http_request req = {.url = url,
                                          .headers = headers,
                                          .timeout_ms = TIMEOUT_MS,
                                          .max_body = DESK_JWKS_MOST,
                                          .want = want,
                                          .public_only = desk_address_guarded()};
    enum desk_rc rc = desk_http_send(&req, &reply);
    rc = rc ? failed(out, reply.why) : read_reply(&reply, out);
    desk_http_reply_clear(&reply);
    return rc;
}

void desk_jwks_clear(struct desk_jwks *out)
{
    desk_buf_clear(&out->keys);
}
