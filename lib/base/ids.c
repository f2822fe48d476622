#include "base/ids.h"
#include "base/clock.h"
#include "base/log.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdatomic.h>
#include <sys/random.h>

static _Atomic unsigned fake;

void desk_ids_fake(unsigned n)
{
    atomic_store(&fake, n);
}

void desk_random(void *out, size_t n)
{
    unsigned char *p = out;
    if (atomic_load(&fake)) {
        unsigned x = atomic_fetch_add(&fake, 1) * 2654435761u;
        for (size_t i = 0; i < n; i++) {
            x = x * 1664525u + 1013904223u;
            p[i] = (unsigned char)(x >> 24);
        }
        return;
    }
    while (n) {
        size_t want = n < 256 ? n : 256;
        ssize_t got = getrandom(p, want, 0);
        if (got <= 0) {
            desk_log_errno(DESK_LOG_ERROR, "random.failed", "%s", "");
            abort();
        }
        p += got;
        n -= (size_t)got;
    }
}

const char *desk_id_new(char out[DESK_ID_LEN], const char *prefix)
{
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    static _Atomic unsigned born; /* in this process: keeps the order within one millisecond */
    unsigned char rnd[13];
    char tail[27];
    uint64_t ms = (uint64_t)desk_now_ms();
    unsigned n = atomic_fetch_add(&born, 1);
    desk_random(rnd, sizeof rnd);
    for (int i = 9; i >= 0; i--, ms >>= 5)
        tail[i] = alphabet[ms & 31];
    for (int i = 12; i >= 10; i--, n >>= 5)
        tail[i] = alphabet[n & 31];
    for (int i = 0; i < 13; i++)
        tail[13 + i] = alphabet[rnd[i] & 31];
    tail[26] = '\0';
    snprintf(out, DESK_ID_LEN, "%.8s_%s", prefix, tail);
    return out;
}

const char *desk_token_new(char out[DESK_TOKEN_LEN])
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned char rnd[DESK_TOKEN_LEN - 1];
    desk_random(rnd, sizeof rnd);
    for (size_t i = 0; i < sizeof rnd; i++)
        out[i] = alphabet[rnd[i] & 63];
    out[DESK_TOKEN_LEN - 1] = '\0';
    return out;
}
