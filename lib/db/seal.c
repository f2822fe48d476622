#include "db/seal.h"
#include "base/config.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NONCE   crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG     crypto_aead_xchacha20poly1305_ietf_ABYTES
#define VERSION 1

enum desk_rc desk_key_init(struct desk_key *k, const char *hex)
{
    unsigned char master[DESK_KEY_BYTES];
    size_t len = 0;
    if (sodium_init() < 0)
        return DESK_EINTERNAL;
    if (strlen(hex) != DESK_KEY_BYTES * 2 ||
        sodium_hex2bin(master, sizeof master, hex, strlen(hex), NULL, &len, NULL) != 0 ||
        len != sizeof master)
        return DESK_EINVAL;
    crypto_kdf_derive_from_key(k->seal, sizeof k->seal, 1, "fd-seal_", master);
    crypto_kdf_derive_from_key(k->blind, sizeof k->blind, 2, "fd-blind", master);
    crypto_kdf_derive_from_key(k->chunk, sizeof k->chunk, 3, "fd-chunk", master);
    sodium_memzero(master, sizeof master);
    return DESK_OK;
}

static enum desk_rc key_write(const char *file, const char *hex)
{
    enum desk_rc rc = DESK_OK;
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return DESK_EINTERNAL;
    size_t n = strlen(hex);
    if (write(fd, hex, n) != (ssize_t)n || fsync(fd) != 0)
        rc = DESK_EINTERNAL;
    close(fd);
    return rc;
}

/* Written aside and then linked into place: another process sees the whole key or none, and the
 * first one wins. */
static enum desk_rc key_create(const char *file)
{
    unsigned char raw[DESK_KEY_BYTES];
    char hex[DESK_KEY_BYTES * 2 + 2], aside[DESK_PATH_LEN];
    snprintf(aside, sizeof aside, "%s.%ld", file, (long)getpid());
    desk_random(raw, sizeof raw);
    sodium_bin2hex(hex, sizeof hex, raw, sizeof raw);
    memcpy(hex + DESK_KEY_BYTES * 2, "\n", 2);
    enum desk_rc rc = key_write(aside, hex);
    if (!rc && link(aside, file) != 0 && errno != EEXIST && rename(aside, file) != 0)
        rc = DESK_EINTERNAL; /* rename: for file systems without hard links */
    unlink(aside);
    sodium_memzero(raw, sizeof raw);
    sodium_memzero(hex, sizeof hex);
    return rc;
}

enum desk_rc desk_key_load(struct desk_key *k, const char *file, bool create)
{
    char hex[DESK_KEY_BYTES * 2 + 8] = "";
    const char *set = desk_setting(DESK_S_FRONTDESK_DATA_KEY);
    if (*set)
        return desk_key_init(k, set);
    if (create && access(file, F_OK) != 0) {
        enum desk_rc rc = key_create(file);
        if (rc)
            return rc;
    }
    FILE *in = fopen(file, "re");
    if (!in)
        return errno == ENOENT ? DESK_ENOTFOUND : DESK_EFORBID;
    if (!fgets(hex, sizeof hex, in))
        hex[0] = '\0';
    fclose(in);
    hex[strcspn(hex, "\r\n")] = '\0';
    enum desk_rc rc = desk_key_init(k, hex);
    sodium_memzero(hex, sizeof hex);
    return rc;
}

/* "table|column|row": binds a sealed value to its place. */
static char *place_name(struct desk_arena *a, const char *table, const char *column, const char *id)
{
    return desk_arena_fmt(a, "%s|%s|%s", table, column, id);
}

unsigned char *desk_seal(const struct desk_key *k, struct desk_arena *a, const char *table,
                         const char *column, const char *row_id, const char *text, size_t *len)
{
    size_t n = strlen(text);
    unsigned long long clen = 0;
    char *ad = place_name(a, table, column, row_id);
    unsigned char *out = desk_arena_alloc(a, 1 + NONCE + n + TAG);
    if (!ad || !out)
        return NULL;
    out[0] = VERSION;
    desk_random(out + 1, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + 1 + NONCE, &clen, (const unsigned char *)text,
                                               n, (const unsigned char *)ad, strlen(ad), NULL,
                                               out + 1, k->seal);
    *len = 1 + NONCE + (size_t)clen;
    return out;
}

enum desk_rc desk_unseal(const struct desk_key *k, struct desk_arena *a, const char *table,
                         const char *column, const char *row_id, const void *sealed, size_t len,
                         char **out)
{
    const unsigned char *p = sealed;
    unsigned long long plain = 0;
    char *ad = place_name(a, table, column, row_id);
    *out = NULL;
    if (!ad)
        return DESK_ENOMEM;
    if (!p || len < 1 + NONCE + TAG || p[0] != VERSION) {
        desk_log(DESK_LOG_ERROR, "seal.broken", "place=%s bytes=%zu", ad, len);
        return DESK_EINTERNAL;
    }
    char *text = desk_arena_alloc(a, len - 1 - NONCE - TAG + 1);
    if (!text)
        return DESK_ENOMEM;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            (unsigned char *)text, &plain, NULL, p + 1 + NONCE, len - 1 - NONCE,
            (const unsigned char *)ad, strlen(ad), p + 1, k->seal) != 0) {
        desk_log(DESK_LOG_ERROR, "seal.mismatch", "place=%s", ad);
        return DESK_EINTERNAL;
    }
    *out = text;
    return DESK_OK;
}

void desk_chunk_seal(const struct desk_key *k, const char *place, const void *plain, size_t n,
                     void *out)
{
    unsigned char *p = out;
    desk_random(p, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        p + NONCE, NULL, plain, n, (const unsigned char *)place, strlen(place), NULL, p, k->chunk);
}

bool desk_chunk_open(const struct desk_key *k, const char *place, const void *sealed, size_t n,
                     void *out)
{
    const unsigned char *p = sealed;
    return crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, p + NONCE, n + TAG,
                                                      (const unsigned char *)place, strlen(place),
                                                      p, k->chunk) == 0;
}

_Static_assert(DESK_CHUNK_EXTRA == NONCE + TAG, "as db/seal.h says");

void desk_blind(const struct desk_key *k, const char *tenant_id, const char *value,
                char out[DESK_BLIND_LEN])
{
    unsigned char h[16];
    crypto_generichash_state st;
    crypto_generichash_init(&st, k->blind, sizeof k->blind, sizeof h);
    crypto_generichash_update(&st, (const unsigned char *)tenant_id, strlen(tenant_id) + 1);
    crypto_generichash_update(&st, (const unsigned char *)value, strlen(value));
    crypto_generichash_final(&st, h, sizeof h);
    sodium_bin2hex(out, DESK_BLIND_LEN, h, sizeof h);
}

void desk_token_hash(const char *token, char out[DESK_HASH_LEN])
{
    unsigned char h[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(h, (const unsigned char *)token, strlen(token));
    sodium_bin2hex(out, DESK_HASH_LEN, h, sizeof h);
}
