/* Tokens of the operator's own identity provider, for the REST API: a JWT signed with one of its
 * keys, for our audience, whose scopes mean ours (IDP_SCOPES) and whose business is named by a
 * claim or by the settings. The keys are those of IDP_JWKS_URL as the worker fetched them last (a
 * token with another key makes it fetch them anew), or else of the file IDP_JWKS_FILE. Either is
 * small and read anew each time, so a key that is new counts at once, and one that is gone does not
 * any more.
 */
#include "cgi-bin/idp.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/file.h"
#include "base/log.h"
#include "core/keys_due.h"
#include "db/seal.h"
#include "store/idp_keys.h"
#include "wire/jwt.h"

#include <stdio.h>
#include <string.h>

#define JWKS_MOST (256UL * 1024)
#define NAME_MOST 80

bool desk_idp_takes(const char *bearer)
{
    bool set = *desk_setting(DESK_S_IDP_JWKS_FILE) || *desk_setting(DESK_S_IDP_JWKS_URL);
    return set && desk_jwt_like(bearer);
}

static json_t *keys_of_file(void)
{
    struct desk_buf b;
    json_error_t e;
    json_t *keys = NULL;
    desk_buf_init(&b, JWKS_MOST);
    if (desk_file_read(&b, desk_setting(DESK_S_IDP_JWKS_FILE)))
        keys = json_loadb(b.p ? b.p : "", b.len, JSON_REJECT_DUPLICATES, &e);
    if (!keys)
        desk_log(DESK_LOG_ERROR, "idp.keys", "file=%s cannot be read",
                 desk_setting(DESK_S_IDP_JWKS_FILE));
    desk_buf_clear(&b);
    return keys;
}

/* The fetched ones; k gets the row, and zeros when nothing was fetched yet. *keys NULL: none. */
static enum desk_rc keys_of_url(struct desk_request *req, struct desk_idp_keys *k, json_t **keys)
{
    enum desk_rc rc = desk_idp_keys_get(req->db, req->arena, desk_setting(DESK_S_IDP_JWKS_URL), k);
    *keys = NULL;
    if (rc)
        *k = (struct desk_idp_keys){.keys = NULL};
    else if (k->keys)
        *keys = json_loads(k->keys, JSON_REJECT_DUPLICATES, NULL);
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

static enum desk_rc keys_load(struct desk_request *req, struct desk_idp_keys *k, json_t **keys)
{
    enum desk_rc rc = DESK_OK;
    *k = (struct desk_idp_keys){.keys = NULL};
    if (*desk_setting(DESK_S_IDP_JWKS_URL))
        rc = keys_of_url(req, k, keys);
    else
        *keys = keys_of_file();
    if (rc || *keys)
        return rc;
    req->detail = "The keys of the identity provider cannot be read here.";
    return DESK_EBUSY;
}

/* No key of ours is the token's: the provider may have a new one. Asked for at most once between
 * two fetches, and only where a fetch may follow at once: then the client tries again. Else it is
 * none of the provider's. */
static enum desk_rc key_missing(struct desk_request *req, const struct desk_idp_keys *k)
{
    int64_t now = desk_now_ms();
    const struct desk_keys_times at = {.fetched = k->fetched_at, .not_before = k->not_before};
    if (!k->id || !desk_keys_worth(&at, now))
        return DESK_EAUTH;
    if (k->wanted_at <= k->fetched_at) {
        enum desk_rc rc = DESK_TX_BEGIN(req->db);
        if (!rc)
            rc = desk_tx_end(req->db, desk_idp_keys_want(req->db, k->id, now));
        if (rc)
            return rc;
    }
    req->detail = "The token is signed with a key that is new here: it is being fetched.";
    return DESK_EBUSY;
}

/* Is that word among those of the claim: a text with spaces, or a list? */
static bool among(const json_t *claim, const char *word, size_t n)
{
    size_t i;
    json_t *one;
    for (const char *p = json_string_value(claim); p && *p;) {
        p += strspn(p, " ");
        size_t len = strcspn(p, " ");
        if (len && len == n && memcmp(p, word, n) == 0)
            return true;
        p += len;
    }
    json_array_foreach(claim, i, one)
    {
        if (json_string_length(one) == n && memcmp(json_string_value(one), word, n) == 0)
            return true;
    }
    return false;
}

/* Their scopes as ours: "read personal". scp is how Microsoft calls it. */
static const char *scopes(struct desk_request *req, const json_t *claims)
{
    const json_t *said = json_object_get(claims, "scope");
    const char *ours = "";
    said = said ? said : json_object_get(claims, "scp");
    for (const char *p = desk_setting(DESK_S_IDP_SCOPES); *p && ours;) {
        p += strspn(p, " ");
        size_t len = strcspn(p, " "), theirs = strcspn(p, "= ");
        if (theirs < len && among(said, p, theirs))
            ours = desk_arena_fmt(req->arena, "%s%s%.*s", ours, *ours ? " " : "",
                                  (int)(len - theirs - 1), p + theirs + 1);
        p += len;
    }
    return ours;
}

/* The business: the one whose slug a claim says, or the one the settings name. */
static enum desk_rc tenant(struct desk_request *req, const json_t *claims, const char **id)
{
    struct desk_tenant t;
    const char *claim = desk_setting(DESK_S_IDP_TENANT_CLAIM);
    const char *slug = *claim ? json_string_value(json_object_get(claims, claim))
                              : desk_setting(DESK_S_IDP_TENANT);
    enum desk_rc rc =
        slug && *slug ? desk_tenant_by_slug(req->db, req->arena, slug, &t) : DESK_ENOTFOUND;
    *id = t.id;
    if (rc == DESK_ENOTFOUND) {
        req->detail = "The token is for no business here.";
        return DESK_EFORBID;
    }
    return rc;
}

static enum desk_rc fill(struct desk_request *req, const json_t *claims)
{
    char hash[DESK_HASH_LEN];
    const char *sub = json_string_value(json_object_get(claims, "sub"));
    size_t n = sub ? strlen(sub) : 0;
    if (!n || n > NAME_MOST) {
        req->detail = "The token does not say whose it is.";
        return DESK_EAUTH;
    }
    const char *who = desk_arena_fmt(req->arena, "%s|%s", desk_setting(DESK_S_IDP_ISSUER), sub);
    if (!who)
        return DESK_ENOMEM;
    desk_token_hash(who, hash);
    req->token.id = desk_arena_strdup(req->arena, hash);
    req->token.name = desk_arena_fmt(req->arena, "idp:%s", sub);
    req->token.scope = scopes(req, claims);
    if (!req->token.id || !req->token.name || !req->token.scope)
        return DESK_ENOMEM;
    return tenant(req, claims, &req->token.tenant_id);
}

enum desk_rc desk_idp_token(struct desk_request *req, const char *bearer)
{
    const struct desk_jwt_want want = {.issuer = desk_setting(DESK_S_IDP_ISSUER),
                                       .audience = desk_setting(DESK_S_IDP_AUDIENCE),
                                       .now_s = desk_now_ms() / 1000};
    json_t *claims = NULL, *keys = NULL;
    struct desk_idp_keys k;
    enum desk_rc rc = keys_load(req, &k, &keys);
    if (rc)
        return rc;
    rc = desk_jwt_check(bearer, keys, &want, &claims, &req->detail);
    json_decref(keys);
    if (rc) {
        desk_log(DESK_LOG_NOTICE, "idp.refused", "why=\"%s\"", req->detail);
        return rc == DESK_ENOTFOUND ? key_missing(req, &k) : DESK_EAUTH;
    }
    rc = fill(req, claims);
    json_decref(claims);
    return rc;
}
