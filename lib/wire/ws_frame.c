#include "wire/ws_frame.h"

#include <string.h>

#define FINAL     0x80
#define RESERVED  0x70
#define OPCODE    0x0f
#define MASKED    0x80
#define LENGTH    0x7f
#define LENGTH_16 126
#define LENGTH_64 127

/* at: how many bytes of the payload came before p. */
static void mask_bytes(uint8_t *p, size_t n, const uint8_t mask[4], uint64_t at)
{
    uint8_t turned[8];
    uint64_t wide;
    for (unsigned i = 0; i < 8; i++)
        turned[i] = mask[(at + i) & 3];
    memcpy(&wide, turned, sizeof wide);
    size_t i = 0;
    for (; i + sizeof wide <= n; i += sizeof wide) {
        uint64_t word;
        memcpy(&word, p + i, sizeof word);
        word ^= wide;
        memcpy(p + i, &word, sizeof word);
    }
    for (size_t k = 0; i < n; i++, k++)
        p[i] ^= turned[k];
}

static uint64_t big_endian(const uint8_t *p, size_t n)
{
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++)
        v = v << 8 | p[i];
    return v;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* How long the head is, as far as its first two bytes tell. */
static size_t head_length(const struct desk_ws_in *in)
{
    if (in->n_head < 2)
        return 2;
    unsigned length = in->head[1] & LENGTH;
    size_t n = length == LENGTH_64 ? 10 : length == LENGTH_16 ? 4 : 2;
    return in->head[1] & MASKED ? n + 4 : n;
}

static bool control(uint8_t opcode)
{
    return opcode >= DESK_WS_OP_CLOSE;
}

/* May such a frame come now? */
static bool allowed(const struct desk_ws_in *in)
{
    switch (in->opcode) {
    case DESK_WS_OP_CONTINUATION:
        return in->open;
    case DESK_WS_OP_TEXT:
    case DESK_WS_OP_BINARY:
        return !in->open;
    case DESK_WS_OP_CLOSE:
    case DESK_WS_OP_PING:
    case DESK_WS_OP_PONG:
        return in->final && in->left <= DESK_WS_CONTROL_MAX;
    default:
        return false;
    }
}

/* The head is whole: what does it say? False: against the rules. */
static bool begin(struct desk_ws_in *in)
{
    const uint8_t *h = in->head;
    unsigned length = h[1] & LENGTH;
    size_t n = length == LENGTH_64 ? 8 : length == LENGTH_16 ? 2 : 0;
    in->final = h[0] & FINAL;
    in->opcode = h[0] & OPCODE;
    in->left = n ? big_endian(h + 2, n) : length;
    in->at = 0;
    in->n_control = 0;
    /* "the minimal number of bytes MUST be used to encode the length" */
    if ((n == 2 && in->left < LENGTH_16) || (n == 8 && (in->left <= 0xffff || in->left >> 63)))
        return false;
    bool masked = h[1] & MASKED;
    if ((h[0] & RESERVED) || masked != in->masked || !allowed(in))
        return false;
    if (masked)
        memcpy(in->mask, h + 2 + n, 4);
    if (!control(in->opcode) && in->opcode != DESK_WS_OP_CONTINUATION)
        in->binary = in->opcode == DESK_WS_OP_BINARY;
    return true;
}

/* The head, which may come in pieces. False: not whole yet. */
static bool take_head(struct desk_ws_in *in, uint8_t **at, const uint8_t *end)
{
    for (size_t want; in->n_head < (want = head_length(in));) {
        size_t n = want - in->n_head, there = (size_t)(end - *at);
        if (n > there)
            n = there;
        if (!n)
            return false;
        memcpy(in->head + in->n_head, *at, n);
        in->n_head = (uint8_t)(in->n_head + n);
        *at += n;
    }
    return true;
}

/* What is there of the payload, unmasked. */
static size_t take_payload(struct desk_ws_in *in, uint8_t *p, const uint8_t *end)
{
    size_t n = (size_t)(end - p);
    if (n > in->left)
        n = (size_t)in->left;
    if (in->masked)
        mask_bytes(p, n, in->mask, in->at);
    in->at += n;
    in->left -= n;
    return n;
}

static enum desk_ws_kind take_control(struct desk_ws_in *in, const uint8_t *p, size_t n,
                                      struct desk_ws_event *ev)
{
    if (n)
        memcpy(in->control + in->n_control, p, n);
    in->n_control = (uint8_t)(in->n_control + n);
    if (in->left)
        return DESK_WS_MORE;
    in->n_head = 0;
    *ev = (struct desk_ws_event){.p = (const char *)in->control, .n = in->n_control, .last = true};
    if (in->opcode == DESK_WS_OP_CLOSE) {
        in->bad = ev->n == 1; /* half a code */
        return in->bad ? DESK_WS_BAD : DESK_WS_CLOSE;
    }
    return in->opcode == DESK_WS_OP_PING ? DESK_WS_PING : DESK_WS_PONG;
}

enum desk_ws_kind desk_ws_next(struct desk_ws_in *in, uint8_t **at, const uint8_t *end,
                               struct desk_ws_event *ev)
{
    if (in->bad)
        return DESK_WS_BAD;
    bool fresh = in->n_head < head_length(in);
    if (!take_head(in, at, end))
        return DESK_WS_MORE;
    if (fresh && !begin(in)) {
        in->bad = true;
        return DESK_WS_BAD;
    }
    if (in->left && *at == end)
        return DESK_WS_MORE;
    uint8_t *p = *at;
    size_t n = take_payload(in, p, end);
    *at += n;
    if (control(in->opcode))
        return take_control(in, p, n, ev);
    bool whole = in->left == 0;
    if (whole) {
        in->n_head = 0;
        in->open = !in->final;
    }
    *ev = (struct desk_ws_event){
        .p = (const char *)p, .n = n, .last = whole && in->final, .binary = in->binary};
    return DESK_WS_PIECE;
}

unsigned desk_ws_close_code(const char *p, size_t n)
{
    return n < 2 ? 0 : (unsigned)big_endian((const uint8_t *)p, 2);
}

bool desk_ws_close_may(unsigned code)
{
    return (code >= 1000 && code <= 1014 && !(code >= 1004 && code <= 1006)) ||
           (code >= 3000 && code <= 4999);
}

/* ---- writing --------------------------------------------------------------------------------- */

size_t desk_ws_frame(uint8_t *payload, size_t n, enum desk_ws_opcode opcode, const uint8_t *mask)
{
    uint8_t *h = payload;
    size_t bytes = n > 0xffff ? 8 : n >= LENGTH_16 ? 2 : 0;
    if (mask) {
        h -= 4;
        memcpy(h, mask, 4);
        mask_bytes(payload, n, mask, 0);
    }
    uint64_t left = n;
    for (size_t i = 0; i < bytes; i++, left >>= 8)
        *--h = (uint8_t)left;
    *--h = (uint8_t)((mask ? MASKED : 0) | (bytes == 8 ? LENGTH_64 : bytes ? LENGTH_16 : n));
    *--h = (uint8_t)(FINAL | opcode);
    return (size_t)(payload - h);
}
