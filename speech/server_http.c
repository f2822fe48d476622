/* See server_http.h. Facts: libwebsockets 4.1.6 (LWS_CALLBACK_HTTP …), where the callback returns
 * lws_http_transaction_completed() when an answer is written. */
#include "speech/server_http.h"

#include "base/limits.h"
#include "base/log.h"
#include "speech/door.h"

#include <stdlib.h>
#include <string.h>

#define PIECE    65536
#define ANSWER_S 300 /* a long file is heard in less */

struct desk_doors_one {
    struct desk_doors_one *next, **slot;
    struct desk_door door;
    struct lws *wsi;
    bool headed; /* the answer's head is written */
    size_t sent;
};

static void one_free(struct desk_doors *doors, struct desk_doors_one *o)
{
    for (struct desk_doors_one **at = &doors->first; *at; at = &(*at)->next)
        if (*at == o) {
            *at = o->next;
            break;
        }
    doors->n--;
    *o->slot = NULL;
    desk_door_clear(&o->door);
    free(o);
}

static int refuse(struct lws *wsi, unsigned status, const char *words)
{
    return lws_return_http_status(wsi, status, words) || lws_http_transaction_completed(wsi) ? -1
                                                                                             : 0;
}

/* The head of a request is there. */
static int open_one(struct desk_doors *doors, struct desk_doors_one **slot, struct lws *wsi,
                    const char *path, bool *handled)
{
    char type[200] = "", length[16] = "";
    char *uri;
    int n;
    struct desk_door probe;
    *handled = desk_door_open(&probe, 0, path, "");
    desk_door_clear(&probe);
    if (!*handled)
        return 0;
    if (lws_http_get_uri_and_method(wsi, &uri, &n) != LWSHUMETH_POST)
        return refuse(wsi, HTTP_STATUS_METHOD_NOT_ALLOWED, "POST only");
    if (doors->n >= DESK_MAX_DOORS)
        return refuse(wsi, HTTP_STATUS_SERVICE_UNAVAILABLE, "too many requests");
    lws_hdr_copy(wsi, length, sizeof length, WSI_TOKEN_HTTP_CONTENT_LENGTH);
    if (!*length) /* none, or in chunks, which this libwebsockets does not put together */
        return refuse(wsi, HTTP_STATUS_LENGTH_REQUIRED, "Say its Content-Length");
    if (strtol(length, NULL, 10) <= 0) /* no body will come, and no event for it */
        return refuse(wsi, HTTP_STATUS_BAD_REQUEST, "There is no body");
    struct desk_doors_one *o = calloc(1, sizeof *o);
    if (!o)
        return -1;
    lws_hdr_copy(wsi, type, sizeof type, WSI_TOKEN_HTTP_CONTENT_TYPE);
    (void)desk_door_open(&o->door, ++*doors->numbers, path, type);
    o->wsi = wsi;
    o->slot = slot;
    o->next = doors->first;
    doors->first = o;
    doors->n++;
    *slot = o;
    return 0;
}

static void whole(struct desk_doors *doors, struct desk_doors_one *o)
{
    struct desk_job *job = desk_door_ask(&o->door);
    lws_set_timeout(o->wsi, PENDING_TIMEOUT_HTTP_CONTENT, ANSWER_S);
    if (job)
        desk_pool_submit(doors->pool, job);
    else
        lws_callback_on_writable(o->wsi);
}

static int write_head(struct desk_doors_one *o)
{
    unsigned char room[LWS_PRE + 1024], *p = room + LWS_PRE, *end = room + sizeof room - 1;
    unsigned char *start = p;
    if (lws_add_http_common_headers(o->wsi, (unsigned)o->door.status, o->door.type, o->door.out.len,
                                    &p, end) ||
        lws_finalize_write_http_header(o->wsi, start, &p, end))
        return -1;
    o->headed = true;
    lws_callback_on_writable(o->wsi);
    return 0;
}

static int write_piece(struct desk_doors *doors, struct desk_doors_one *o)
{
    struct desk_buf *out = &o->door.out;
    struct lws *wsi = o->wsi;
    size_t n = out->len - o->sent < PIECE ? out->len - o->sent : PIECE;
    bool last = o->sent + n == out->len;
    unsigned char *piece = malloc(LWS_PRE + n + 1);
    if (!piece)
        return -1;
    memcpy(piece + LWS_PRE, out->p + o->sent, n);
    int sent = lws_write(wsi, piece + LWS_PRE, n, last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP);
    free(piece);
    if (sent < (int)n)
        return -1;
    o->sent += n;
    if (!last) {
        lws_callback_on_writable(wsi);
        return 0;
    }
    one_free(doors, o);
    return lws_http_transaction_completed(wsi) ? -1 : 0;
}

int desk_doors_event(struct desk_doors *doors, struct desk_doors_one **slot, struct lws *wsi,
                     enum lws_callback_reasons reason, void *in, size_t len, bool *handled)
{
    struct desk_doors_one *o = *slot;
    *handled = o != NULL;
    switch ((int)reason) {
    case LWS_CALLBACK_HTTP:
        return o ? -1 : open_one(doors, slot, wsi, in, handled);
    case LWS_CALLBACK_HTTP_BODY:
        if (o)
            desk_door_data(&o->door, in, len);
        return 0;
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        if (o)
            whole(doors, o);
        return 0;
    case LWS_CALLBACK_HTTP_WRITEABLE:
        if (!o || !o->door.status)
            return 0;
        return o->headed ? write_piece(doors, o) : write_head(o);
    case LWS_CALLBACK_CLOSED_HTTP:
        if (o)
            one_free(doors, o);
        *handled = false; /* the rest is lws's own */
        return 0;
    default:
        *handled = false;
        return 0;
    }
}

bool desk_doors_job(struct desk_doors *doors, const struct desk_job *job)
{
    for (struct desk_doors_one *o = doors->first; o; o = o->next)
        if (o->door.number == job->session) {
            desk_door_answer(&o->door, job);
            desk_log(DESK_LOG_INFO, "speech.door", "kind=%s status=%d bytes=%zu",
                     o->door.kind == DESK_DOOR_HEAR ? "hear" : "speak", o->door.status,
                     o->door.out.len);
            lws_callback_on_writable(o->wsi);
            return true;
        }
    return false;
}
