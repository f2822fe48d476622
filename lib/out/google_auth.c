/* Access tokens of Google's: from a service account's key, or from an owner's consent. */
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "out/google.h"
#include "wire/base64.h"
#include "wire/form.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACCOUNTS   32     /* whose tokens are kept; the one unused for longest goes */
#define EARLY_MS   120000 /* a token that ends so soon is renewed */
#define CLAIM_S    3600   /* Google takes no longer ones */
#define SKEW_S     20     /* our clock may be ahead of Google's by so much */
#define TIMEOUT_MS 15000
#define FORM_MAX   16384

/* ---- the service account's claim (facts 1.1) ------------------------------------------------- */

static EVP_PKEY *key_read(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    char none[] = ""; /* an encrypted key fails and does not ask at the terminal */
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, none) : NULL;
    BIO_free(bio);
    if (key && EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    return key;
}

/* RS256 of what is in out so far, appended with its dot. */
static bool sign(EVP_PKEY *key, struct desk_buf *out)
{
    unsigned char sig[1024];
    size_t n = sizeof sig;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = ctx && EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
              EVP_DigestSign(ctx, sig, &n, (const unsigned char *)out->p, out->len) == 1;
    EVP_MD_CTX_free(ctx);
    desk_buf_chr(out, '.');
    return ok && !desk_base64url_encode(sig, n, out);
}

static bool add_part(json_t *v, struct desk_buf *out)
{
    char *text = v ? json_dumps(v, JSON_COMPACT) : NULL;
    bool ok = text && !desk_base64url_encode(text, strlen(text), out);
    free(text);
    json_decref(v);
    return ok;
}

static bool claim(const char *email, const char *pem, const struct desk_google_account *who,
                  int64_t now_ms, struct desk_buf *out)
{
    json_int_t iat = now_ms / 1000 - SKEW_S;
    EVP_PKEY *key = key_read(pem);
    bool ok = key && add_part(json_pack("{s:s, s:s}", "alg", "RS256", "typ", "JWT"), out);
    desk_buf_chr(out, '.');
    ok = ok &&
         add_part(json_pack("{s:s, s:s, s:s, s:I, s:I}", "iss", email, "scope", who->scope, "aud",
                            who->token_url, "iat", iat, "exp", iat + CLAIM_S),
                  out) &&
         sign(key, out);
    EVP_PKEY_free(key);
    return ok && desk_buf_ok(out);
}

bool desk_google_service_email(const char *service_key, char *email, size_t n)
{
    json_t *v = json_loads(service_key, 0, NULL);
    const char *text = json_string_value(json_object_get(v, "client_email"));
    bool ok = text && *text && json_is_string(json_object_get(v, "private_key"));
    if (email)
        snprintf(email, n, "%s", ok ? text : "");
    json_decref(v);
    return ok;
}

bool desk_google_assertion(const struct desk_google_account *who, int64_t now_ms,
                           struct desk_buf *out, struct desk_google_result *r)
{
    json_t *v = json_loads(who->service_key, 0, NULL);
    const char *email = json_string_value(json_object_get(v, "client_email"));
    const char *pem = json_string_value(json_object_get(v, "private_key"));
    bool ok = email && pem && claim(email, pem, who, now_ms, out);
    if (!ok)
        desk_google_ended(r, DESK_GOOGLE_SETUP,
                          !email || !pem ? "GOOGLE_SERVICE_ACCOUNT is not the JSON of a service "
                                           "account's key file."
                                         : "The private key in GOOGLE_SERVICE_ACCOUNT cannot be "
                                           "used: download a new one.");
    json_decref(v);
    return ok;
}

/* ---- the token endpoint ---------------------------------------------------------------------- */

/* What the endpoint's words mean, and what somebody can do. */
static const struct {
    const char *error;
    enum desk_google_end end;
    const char *words;
} refusals[] = {
    {"invalid_grant", DESK_GOOGLE_RECONNECT,
     "Google does not take our access any more: connect it anew (and see that this machine's clock "
     "is right)"},
    {"invalid_client", DESK_GOOGLE_SETUP,
     "Google does not know GOOGLE_CLIENT_ID, or its secret is another one"},
    {"unauthorized_client", DESK_GOOGLE_SETUP, "Google does not let this client do that"},
    {"redirect_uri_mismatch", DESK_GOOGLE_SETUP,
     "The address of our callback is not among those of the client at Google"},
    {"admin_policy_enforced", DESK_GOOGLE_RECONNECT,
     "The administrator of that Google account does not allow it"},
};

static enum desk_google_end read_refusal(struct desk_google_result *r)
{
    if (r->end == DESK_GOOGLE_DOWN || r->end == DESK_GOOGLE_LIMITED)
        return r->end;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (strcmp(refusals[i].error, r->reason) == 0)
            return desk_google_ended(r, refusals[i].end, "%s (%s).", refusals[i].words, r->reason);
    return r->end = DESK_GOOGLE_SETUP;
}

/* A form to it; asked twice is as good as once. *answer: a new reference, or NULL. */
static enum desk_google_end post(const char *url, const struct desk_buf *form, json_t **answer,
                                 struct desk_google_result *r)
{
    static const char *const headers[] = {"Content-Type: application/x-www-form-urlencoded",
                                          "Accept: application/json", NULL};
    struct desk_http_reply reply;
    *answer = NULL;
    memset(r, 0, sizeof *r);
    if (!desk_buf_ok(form))
        return desk_google_ended(r, DESK_GOOGLE_SETUP, "The request to Google is too long.");
    const struct desk_http_request req = {.url = url,
                                          .headers = headers,
                                          .body = desk_buf_cstr(form),
                                          .body_len = form->len,
                                          .timeout_ms = TIMEOUT_MS,
                                          .max_body = 64 * 1024,
                                          .once = true};
    enum desk_rc rc = desk_http_send(&req, &reply);
    if (!rc && reply.body.len)
        *answer = json_loadb(reply.body.p, reply.body.len, 0, NULL);
    desk_google_read(&reply, true, *answer, r);
    if (r->end)
        read_refusal(r);
    desk_log(DESK_LOG_INFO, "google.token", "http=%d end=%s reason=%s took_ms=%ld", reply.status,
             desk_google_end_name(r->end), r->reason, reply.elapsed_ms);
    desk_http_reply_clear(&reply);
    return r->end;
}

/* "access_token" or "refresh_token" of an answer. */
static bool take(const json_t *v, const char *name, char out[DESK_GOOGLE_TOKEN_LEN])
{
    const char *text = json_string_value(json_object_get(v, name));
    size_t n = text ? strlen(text) : 0;
    if (!n || n >= DESK_GOOGLE_TOKEN_LEN)
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] <= 0x20 || (unsigned char)text[i] >= 0x7f)
            return false;
    memcpy(out, text, n + 1);
    return true;
}

static enum desk_google_end unreadable(struct desk_google_result *r)
{
    return desk_google_ended(r, DESK_GOOGLE_DOWN, "Google's answer could not be read.");
}

static bool ask_for(const struct desk_google_account *who, struct desk_buf *form,
                    struct desk_google_result *r)
{
    struct desk_buf jwt;
    if (!who->service_key) {
        desk_form_add(form, "refresh_token", who->refresh_token);
        desk_form_add(form, "client_id", who->client_id);
        desk_form_add(form, "client_secret", who->client_secret);
        desk_form_add(form, "grant_type", "refresh_token");
        return true;
    }
    desk_buf_init(&jwt, FORM_MAX);
    bool ok = desk_google_assertion(who, desk_now_ms(), &jwt, r);
    if (ok) {
        desk_form_add(form, "grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
        desk_form_add(form, "assertion", desk_buf_cstr(&jwt));
    }
    desk_buf_clear(&jwt);
    return ok;
}

/* Ask for a new one. */
static enum desk_google_end renew(const struct desk_google_account *who,
                                  char out[DESK_GOOGLE_TOKEN_LEN], int64_t *seconds,
                                  struct desk_google_result *r)
{
    struct desk_buf form;
    json_t *v = NULL;
    memset(r, 0, sizeof *r);
    desk_buf_init(&form, FORM_MAX);
    if (ask_for(who, &form, r) && !post(who->token_url, &form, &v, r)) {
        json_t *s = json_object_get(v, "expires_in");
        *seconds = json_is_number(s) ? (int64_t)json_number_value(s) : 0;
        if (!take(v, "access_token", out) || *seconds <= 0)
            unreadable(r);
    }
    json_decref(v);
    if (form.p)
        OPENSSL_cleanse(form.p, form.len);
    desk_buf_clear(&form);
    return r->end;
}

/* ---- tokens that are kept -------------------------------------------------------------------- */

struct entry {
    unsigned char key[SHA256_DIGEST_LENGTH]; /* of the account; zeros = free */
    char token[DESK_GOOGLE_TOKEN_LEN];
    int64_t until; /* monotonic ms; 0 = none */
    int64_t used;
    int waiting; /* somebody has a pointer to it */
    bool asking; /* one request for it is on its way */
    uint64_t asked;
    struct desk_google_result last;
};
static struct entry entries[ACCOUNTS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void key_of(const struct desk_google_account *who, unsigned char key[SHA256_DIGEST_LENGTH])
{
    const char *parts[] = {who->token_url, who->service_key ? who->service_key : who->client_id,
                           who->service_key ? who->scope : who->refresh_token};
    unsigned n = 0;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    memset(key, 0, SHA256_DIGEST_LENGTH);
    if (!ctx || EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1)
        desk_log(DESK_LOG_ERROR, "google.hash", "%s", "failed");
    else {
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
            EVP_DigestUpdate(ctx, parts[i] ? parts[i] : "", parts[i] ? strlen(parts[i]) + 1 : 1);
        EVP_DigestFinal_ex(ctx, key, &n);
    }
    EVP_MD_CTX_free(ctx);
}

/* With the lock. Never NULL unless all are in use at this moment. */
static struct entry *entry_of(const struct desk_google_account *who)
{
    unsigned char key[SHA256_DIGEST_LENGTH];
    struct entry *oldest = NULL;
    key_of(who, key);
    for (size_t i = 0; i < ACCOUNTS; i++) {
        struct entry *e = &entries[i];
        if (memcmp(e->key, key, sizeof key) == 0)
            return e;
        if (!e->waiting && !e->asking && (!oldest || e->used < oldest->used))
            oldest = e;
    }
    if (oldest) {
        OPENSSL_cleanse(oldest, sizeof *oldest);
        memcpy(oldest->key, key, sizeof key);
    }
    return oldest;
}

/* With the lock, which is let go meanwhile. */
static void ask(struct entry *e, const struct desk_google_account *who)
{
    char token[DESK_GOOGLE_TOKEN_LEN];
    int64_t seconds = 0, begun = desk_mono_ms();
    struct desk_google_result r;
    e->asking = true;
    pthread_mutex_unlock(&lock);
    bool ok = !renew(who, token, &seconds, &r);
    pthread_mutex_lock(&lock);
    e->asking = false;
    e->asked++;
    e->last = r;
    e->until = 0;
    if (ok) {
        memcpy(e->token, token, sizeof token);
        e->until = begun + 1000 * (seconds < 86400 ? seconds : 86400);
    }
    OPENSSL_cleanse(token, sizeof token);
    pthread_cond_broadcast(&changed);
}

enum desk_google_end desk_google_token(const struct desk_google_account *who,
                                       char out[DESK_GOOGLE_TOKEN_LEN],
                                       struct desk_google_result *r)
{
    memset(r, 0, sizeof *r);
    pthread_mutex_lock(&lock);
    struct entry *e = entry_of(who);
    if (!e) {
        pthread_mutex_unlock(&lock);
        return desk_google_ended(r, DESK_GOOGLE_DOWN, "Too many Google accounts at once.");
    }
    e->waiting++;
    e->used = desk_mono_ms();
    uint64_t asked = e->asked;
    bool have = e->until && e->until - EARLY_MS > desk_mono_ms();
    while (!have && e->asking)
        pthread_cond_wait(&changed, &lock);
    if (!have && e->asked == asked) /* else who asked meanwhile asked for us, too */
        ask(e, who);
    if (!have)
        *r = e->last;
    if (!r->end)
        memcpy(out, e->token, DESK_GOOGLE_TOKEN_LEN);
    e->waiting--;
    pthread_mutex_unlock(&lock);
    return r->end;
}

void desk_google_token_drop(const struct desk_google_account *who, const char *token)
{
    pthread_mutex_lock(&lock);
    struct entry *e = entry_of(who);
    if (e && strcmp(e->token, token) == 0)
        e->until = 0;
    pthread_mutex_unlock(&lock);
}

/* ---- an owner's consent ---------------------------------------------------------------------- */

void desk_google_consent_url(const struct desk_google_consent *c, struct desk_buf *out)
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    struct desk_buf challenge, query;
    desk_buf_init(&challenge, 64);
    desk_buf_init(&query, 8192);
    SHA256((const unsigned char *)c->verifier, strlen(c->verifier), hash);
    bool ok = !desk_base64url_encode(hash, sizeof hash, &challenge);
    desk_form_add(&query, "client_id", c->client_id);
    desk_form_add(&query, "redirect_uri", c->redirect_uri);
    desk_form_add(&query, "response_type", "code");
    desk_form_add(&query, "scope", c->scope);
    desk_form_add(&query, "access_type", "offline");
    desk_form_add(&query, "prompt", "consent"); /* else a refresh token comes the first time only */
    desk_form_add(&query, "include_granted_scopes", "true");
    desk_form_add(&query, "state", c->state);
    desk_form_add(&query, "code_challenge", desk_buf_cstr(&challenge));
    desk_form_add(&query, "code_challenge_method", "S256");
    if (ok && desk_buf_ok(&query))
        desk_buf_fmt(out, "%s?%s", c->auth_url, desk_buf_cstr(&query));
    else
        out->failed = true;
    desk_buf_clear(&challenge);
    desk_buf_clear(&query);
}

enum desk_google_end desk_google_exchange(const struct desk_google_account *who, const char *code,
                                          const char *verifier, const char *redirect_uri,
                                          char refresh[DESK_GOOGLE_TOKEN_LEN], char *scope,
                                          size_t n, struct desk_google_result *r)
{
    struct desk_buf form;
    json_t *v = NULL;
    desk_buf_init(&form, FORM_MAX);
    desk_form_add(&form, "code", code);
    desk_form_add(&form, "client_id", who->client_id);
    desk_form_add(&form, "client_secret", who->client_secret);
    desk_form_add(&form, "redirect_uri", redirect_uri);
    desk_form_add(&form, "grant_type", "authorization_code");
    desk_form_add(&form, "code_verifier", verifier);
    if (!post(who->token_url, &form, &v, r)) {
        const char *granted = json_string_value(json_object_get(v, "scope"));
        snprintf(scope, n, "%s", granted ? granted : "");
        if (!take(v, "refresh_token", refresh))
            desk_google_ended(r, DESK_GOOGLE_RECONNECT,
                              "Google gave no lasting access: connect it anew.");
    }
    json_decref(v);
    if (form.p)
        OPENSSL_cleanse(form.p, form.len);
    desk_buf_clear(&form);
    return r->end;
}

enum desk_google_end desk_google_revoke(const char *revoke_url, const char *token,
                                        struct desk_google_result *r)
{
    struct desk_buf form;
    json_t *v = NULL;
    desk_buf_init(&form, FORM_MAX);
    desk_form_add(&form, "token", token);
    post(revoke_url, &form, &v, r);
    if (r->http >= 400 && r->http < 500 && r->end != DESK_GOOGLE_LIMITED)
        *r = (struct desk_google_result){.end = DESK_GOOGLE_OK, .http = r->http};
    json_decref(v);
    desk_buf_clear(&form);
    return r->end;
}
