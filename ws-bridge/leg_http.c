/* Plain HTTP on the loopback listener: does the bridge live, and what has it counted? nginx passes
 * neither on. */
#include "ws-bridge/leg_ws.h"
#include "ws-bridge/call.h"

#include <string.h>

#define HEAD_MAX 512

static void healthz(struct desk_buf *out, const struct bridge *b)
{
    desk_buf_fmt(out, "ok calls=%zu%s\n", b->n_calls, b->draining ? " draining" : "");
}

static const struct {
    const char *path, *type;
    void (*text)(struct desk_buf *out, const struct bridge *b);
    bool unwell_when_draining;
} pages[] = {
    {"/healthz", "text/plain", healthz, true},
    {"/metrics", "text/plain; version=0.0.4", metrics_text, false},
};

static int send_page(struct lws *wsi, unsigned status, const char *type,
                     const struct desk_buf *body)
{
    struct desk_buf out;
    int rc = -1;
    desk_buf_init(&out, LWS_PRE + HEAD_MAX + METRICS_MAX);
    if (!desk_buf_room(&out, LWS_PRE + HEAD_MAX + body->len))
        return -1;
    unsigned char *start = (unsigned char *)out.p + LWS_PRE, *p = start;
    if (lws_add_http_common_headers(wsi, status, type, body->len, &p, start + HEAD_MAX) == 0 &&
        lws_finalize_http_header(wsi, &p, start + HEAD_MAX) == 0) {
        memcpy(p, body->p, body->len);
        p += body->len;
        /* lws keeps what the socket does not take at once */
        rc = lws_write(wsi, start, (size_t)(p - start), LWS_WRITE_HTTP_HEADERS) < 0 ? -1 : 0;
    }
    desk_buf_clear(&out);
    return rc || lws_http_transaction_completed(wsi) ? -1 : 0;
}

int leg_http(struct lws *wsi, const char *path)
{
    const struct bridge *b = lws_context_user(lws_get_context(wsi));
    size_t i = 0;
    while (i < sizeof pages / sizeof *pages && strcmp(path, pages[i].path) != 0)
        i++;
    if (i == sizeof pages / sizeof *pages)
        return lws_return_http_status(wsi, HTTP_STATUS_NOT_FOUND, NULL) ? -1 : 0;
    struct desk_buf body;
    desk_buf_init(&body, METRICS_MAX);
    pages[i].text(&body, b);
    bool unwell = b->draining && pages[i].unwell_when_draining;
    int rc = desk_buf_ok(&body)
                 ? send_page(wsi, unwell ? HTTP_STATUS_SERVICE_UNAVAILABLE : HTTP_STATUS_OK,
                             pages[i].type, &body)
                 : -1;
    desk_buf_clear(&body);
    return rc;
}
