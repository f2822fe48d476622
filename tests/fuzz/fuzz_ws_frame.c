/* WebSocket frames, cut anywhere: a reader that gets bytes in pieces says the same as one that gets
 * them whole, pieces lie within what was given, and what is written is read back. */
#include "wire/ws_frame.h"

#include <stdlib.h>
#include <string.h>

#define MOST 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int truth)
{
    if (!truth)
        abort();
}

/* What came of it: a line of bytes that must not depend on the cuts. */
struct seen {
    uint8_t bytes[2 * MOST + 64];
    size_t n, events;
};

static void note(struct seen *s, enum desk_ws_kind kind, const struct desk_ws_event *ev)
{
    if (ev->n)
        memcpy(s->bytes + s->n, ev->p, ev->n);
    s->n += ev->n;
    if (kind != DESK_WS_PIECE || ev->last)
        s->events = s->events * 31 + (size_t)kind * 2 + ev->binary + s->n;
}

static bool feed(struct desk_ws_in *in, struct seen *s, uint8_t *p, size_t n)
{
    struct desk_ws_event ev;
    enum desk_ws_kind kind;
    uint8_t *at = p;
    while ((kind = desk_ws_next(in, &at, p + n, &ev)) != DESK_WS_MORE) {
        must(at >= p && at <= p + n);
        if (kind == DESK_WS_BAD) {
            must(desk_ws_next(in, &at, p + n, &ev) == DESK_WS_BAD);
            return false;
        }
        if (kind == DESK_WS_PIECE)
            must((uint8_t *)ev.p >= p && (uint8_t *)ev.p + ev.n <= at);
        else
            must(ev.n <= DESK_WS_CONTROL_MAX && ev.last);
        note(s, kind, &ev);
    }
    must(at == p + n);
    return true;
}

static void read_in_pieces(const uint8_t *data, size_t size, size_t step, bool masked,
                           struct seen *s)
{
    struct desk_ws_in in = {.masked = masked};
    memset(s, 0, sizeof *s);
    for (size_t i = 0; i < size; i += step) {
        size_t n = size - i < step ? size - i : step;
        uint8_t *p = malloc(n); /* of just that size: ASan sees what lies behind */
        memcpy(p, data + i, n);
        bool well = feed(&in, s, p, n);
        free(p);
        if (!well)
            return;
    }
}

static void written_is_read(const uint8_t *data, size_t n, bool masked)
{
    static const uint8_t mask[4] = {0x9a, 0x00, 0xff, 0x31};
    uint8_t *room = malloc(DESK_WS_HEAD_MAX + n), *payload = room + DESK_WS_HEAD_MAX;
    struct desk_ws_in in = {.masked = masked};
    struct desk_ws_event ev;
    if (n)
        memcpy(payload, data, n);
    size_t head = desk_ws_frame(payload, n, DESK_WS_OP_TEXT, masked ? mask : NULL);
    uint8_t *at = payload - head;
    must(head <= DESK_WS_HEAD_MAX && desk_ws_next(&in, &at, payload + n, &ev) == DESK_WS_PIECE);
    must(ev.last && !ev.binary && ev.n == n && (!n || memcmp(ev.p, data, n) == 0));
    must(desk_ws_next(&in, &at, payload + n, &ev) == DESK_WS_MORE && at == payload + n);
    free(room);
}

/* The first byte says who writes, and how the rest is cut. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct seen whole, cut;
    if (size < 1 || size > MOST)
        return 0;
    bool masked = data[0] & 0x80;
    read_in_pieces(data + 1, size - 1, size, masked, &whole);
    read_in_pieces(data + 1, size - 1, 1 + (data[0] & 0x7f), masked, &cut);
    must(whole.n == cut.n && whole.events == cut.events &&
         memcmp(whole.bytes, cut.bytes, whole.n) == 0);
    written_is_read(data + 1, size - 1, masked);
    return 0;
}
