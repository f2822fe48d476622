#include "wire/jwt.h"

#include "base/buf.h"
#include "wire/base64.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>

#define RSA_LEAST 256 /* bytes of a modulus: 2048 bits */
#define RSA_MOST  1024
#define EC_BYTES  32

static const struct kind {
    const char *alg, *kty;
} kinds[] = {{"RS256", "RSA"}, {"ES256", "EC"}};

bool desk_jwt_like(const char *token)
{
    const char *dot = strchr(token, '.');
    return dot && strchr(dot + 1, '.');
}

static const char *text_of(const json_t *o, const char *name)
{
    const char *s = json_string_value(json_object_get(o, name));
    return s ? s : "";
}

/* Base64url without padding, strictly, appended to out. */
static bool decode(const char *p, size_t n, struct desk_buf *out)
{
    struct desk_buf std;
    desk_buf_init(&std, DESK_JWT_MAX + 8);
    for (size_t i = 0; i < n; i++) {
        char c = p[i] == '-' ? '+' : p[i] == '_' ? '/' : p[i] == '+' || p[i] == '/' ? '=' : p[i];
        desk_buf_add(&std, &c, 1);
    }
    for (size_t i = n; i % 4; i++)
        desk_buf_add(&std, "=", 1);
    bool good = n && n % 4 != 1 && desk_buf_ok(&std) && !memchr(p, '=', n) &&
                desk_base64_decode(std.p, std.len, out) == DESK_OK;
    desk_buf_clear(&std);
    return good;
}

static json_t *decode_json(const char *p, size_t n)
{
    struct desk_buf b;
    desk_buf_init(&b, DESK_JWT_MAX);
    json_t *o = decode(p, n, &b) ? json_loadb(b.p, b.len, JSON_REJECT_DUPLICATES, NULL) : NULL;
    desk_buf_clear(&b);
    if (json_is_object(o))
        return o;
    json_decref(o);
    return NULL;
}

/* ---- keys ------------------------------------------------------------------------------------ */

/* The kind that a key is for; NULL: none of ours. */
static const struct kind *kind_of_key(const json_t *jwk)
{
    const char *use = text_of(jwk, "use"), *alg = text_of(jwk, "alg");
    if (*use && strcmp(use, "sig") != 0)
        return NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].kty, text_of(jwk, "kty")) == 0 &&
            (!*alg || strcmp(kinds[i].alg, alg) == 0))
            return &kinds[i];
    return NULL;
}

static EVP_PKEY *from_params(const char *type, OSSL_PARAM_BLD *bld)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
    EVP_PKEY_CTX *ctx = params ? EVP_PKEY_CTX_new_from_name(NULL, type, NULL) : NULL;
    if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    return key;
}

static EVP_PKEY *rsa_key(const struct desk_buf *n, const struct desk_buf *e)
{
    if (n->len < RSA_LEAST || n->len > RSA_MOST || !e->len || e->len > 8)
        return NULL;
    BIGNUM *bn = BN_bin2bn((const unsigned char *)n->p, (int)n->len, NULL);
    BIGNUM *be = BN_bin2bn((const unsigned char *)e->p, (int)e->len, NULL);
    OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
    EVP_PKEY *key = NULL;
    if (bn && be && bld && OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, bn) == 1 &&
        OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, be) == 1)
        key = from_params("RSA", bld);
    OSSL_PARAM_BLD_free(bld);
    BN_free(bn);
    BN_free(be);
    return key;
}

static EVP_PKEY *ec_key(const struct desk_buf *x, const struct desk_buf *y)
{
    unsigned char point[1 + 2 * EC_BYTES] = {4}; /* uncompressed */
    if (x->len != EC_BYTES || y->len != EC_BYTES)
        return NULL;
    memcpy(point + 1, x->p, EC_BYTES);
    memcpy(point + 1 + EC_BYTES, y->p, EC_BYTES);
    OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
    EVP_PKEY *key = NULL;
    if (bld && OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point) == 1)
        key = from_params("EC", bld);
    OSSL_PARAM_BLD_free(bld);
    return key;
}

static EVP_PKEY *key_of(const json_t *jwk)
{
    const struct kind *k = kind_of_key(jwk);
    struct desk_buf a, b;
    EVP_PKEY *key = NULL;
    bool rsa = k && k == &kinds[0];
    if (!k || (!rsa && strcmp(text_of(jwk, "crv"), "P-256") != 0))
        return NULL;
    const char *pa = text_of(jwk, rsa ? "n" : "x"), *pb = text_of(jwk, rsa ? "e" : "y");
    desk_buf_init(&a, RSA_MOST);
    desk_buf_init(&b, RSA_MOST);
    if (decode(pa, strlen(pa), &a) && decode(pb, strlen(pb), &b))
        key = rsa ? rsa_key(&a, &b) : ec_key(&a, &b);
    desk_buf_clear(&a);
    desk_buf_clear(&b);
    return key;
}

size_t desk_jwks_usable(const json_t *keys)
{
    size_t i, n = 0;
    json_t *jwk;
    json_array_foreach(json_object_get(keys, "keys"), i, jwk)
    {
        EVP_PKEY *key = key_of(jwk);
        n += key != NULL;
        EVP_PKEY_free(key);
    }
    return n;
}

/* The key that a header names: by kid, or the only one of its kind. */
static EVP_PKEY *find_key(const json_t *keys, const struct kind *k, const char *kid)
{
    size_t i, fits = 0;
    json_t *jwk;
    const json_t *found = NULL;
    json_array_foreach(json_object_get(keys, "keys"), i, jwk)
    {
        if (kind_of_key(jwk) != k || (*kid && strcmp(text_of(jwk, "kid"), kid) != 0))
            continue;
        fits++;
        found = jwk;
    }
    return fits == 1 ? key_of(found) : NULL;
}

/* ---- the signature --------------------------------------------------------------------------- */

/* r and s side by side, as RFC 7518 has them → as OpenSSL wants them. */
static bool to_der(struct desk_buf *sig)
{
    const unsigned char *p = (const unsigned char *)sig->p;
    unsigned char *der = NULL;
    if (sig->len != 2UL * EC_BYTES)
        return false;
    ECDSA_SIG *s = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(p, EC_BYTES, NULL), *v = BN_bin2bn(p + EC_BYTES, EC_BYTES, NULL);
    if (!s || !r || !v || ECDSA_SIG_set0(s, r, v) != 1) {
        BN_free(r);
        BN_free(v);
        ECDSA_SIG_free(s);
        return false;
    }
    int n = i2d_ECDSA_SIG(s, &der);
    desk_buf_reset(sig);
    if (n > 0)
        desk_buf_add(sig, (const char *)der, (size_t)n);
    OPENSSL_free(der);
    ECDSA_SIG_free(s);
    return n > 0 && desk_buf_ok(sig);
}

static bool signed_by(EVP_PKEY *key, const struct kind *k, const char *text, size_t n,
                      const char *sig_text)
{
    struct desk_buf sig;
    desk_buf_init(&sig, RSA_MOST);
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    bool good = md && decode(sig_text, strlen(sig_text), &sig) &&
                (k == &kinds[0] || to_der(&sig)) &&
                EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestVerify(md, (const unsigned char *)sig.p, sig.len,
                                 (const unsigned char *)text, n) == 1;
    EVP_MD_CTX_free(md);
    desk_buf_clear(&sig);
    return good;
}

/* ---- the claims ------------------------------------------------------------------------------ */

static bool for_us(const json_t *aud, const char *audience)
{
    size_t i;
    json_t *one;
    if (json_is_string(aud))
        return strcmp(json_string_value(aud), audience) == 0;
    json_array_foreach(aud, i, one)
    {
        if (json_is_string(one) && strcmp(json_string_value(one), audience) == 0)
            return true;
    }
    return false;
}

/* NumericDate: seconds, whole or not. False: it is there and is none. */
static bool date_of(const json_t *claims, const char *name, bool *there, double *s)
{
    const json_t *v = json_object_get(claims, name);
    *there = v != NULL;
    *s = json_number_value(v);
    return !v || (json_is_number(v) && *s >= 0 && *s < 1e12);
}

static const char *claims_wrong(const json_t *claims, const struct desk_jwt_want *want)
{
    bool has_exp, has_nbf, has_iat;
    double exp, nbf, iat, now = (double)want->now_s;
    if (!*want->issuer || strcmp(text_of(claims, "iss"), want->issuer) != 0)
        return "The token is of another issuer.";
    if (!*want->audience || !for_us(json_object_get(claims, "aud"), want->audience))
        return "The token is for another audience.";
    if (!date_of(claims, "exp", &has_exp, &exp) || !date_of(claims, "nbf", &has_nbf, &nbf) ||
        !date_of(claims, "iat", &has_iat, &iat) || !has_exp)
        return "The token does not say until when it is good.";
    if (now >= exp + DESK_JWT_SKEW_S)
        return "The token has expired.";
    if ((has_nbf && now < nbf - DESK_JWT_SKEW_S) || (has_iat && now < iat - DESK_JWT_SKEW_S))
        return "The token is not good yet.";
    return NULL;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static const struct kind *kind_of_token(const json_t *header)
{
    if (json_object_get(header, "crit"))
        return NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].alg, text_of(header, "alg")) == 0)
            return &kinds[i];
    return NULL;
}

static enum desk_rc check_signature(const char *token, size_t head, size_t body, const json_t *keys,
                                    const char **why)
{
    json_t *header = decode_json(token, head);
    const struct kind *k = header ? kind_of_token(header) : NULL;
    EVP_PKEY *key = k ? find_key(keys, k, text_of(header, "kid")) : NULL;
    enum desk_rc rc = DESK_EAUTH;
    if (!header)
        *why = "The token cannot be read.";
    else if (!k)
        *why = "The token is signed in a way that is not taken here: RS256 and ES256 are.";
    else if (!key) {
        *why = "The token is signed with a key that is not known here.";
        rc = DESK_ENOTFOUND;
    } else if (!signed_by(key, k, token, head + 1 + body, token + head + 1 + body + 1))
        *why = "The token's signature is not right.";
    else
        rc = DESK_OK;
    EVP_PKEY_free(key);
    json_decref(header);
    return rc;
}

enum desk_rc desk_jwt_check(const char *token, const json_t *keys, const struct desk_jwt_want *want,
                            json_t **claims, const char **why)
{
    size_t head = strcspn(token, ".");
    size_t body = token[head] ? strcspn(token + head + 1, ".") : 0;
    *claims = NULL;
    *why = "The token cannot be read.";
    if (strlen(token) > DESK_JWT_MAX || !token[head] || !token[head + 1 + body] ||
        strchr(token + head + 1 + body + 1, '.'))
        return DESK_EAUTH;
    enum desk_rc rc = check_signature(token, head, body, keys, why);
    if (rc)
        return rc;
    json_t *said = decode_json(token + head + 1, body);
    *why = said ? claims_wrong(said, want) : "The token cannot be read.";
    if (*why) {
        json_decref(said);
        return DESK_EAUTH;
    }
    *claims = said;
    return DESK_OK;
}
