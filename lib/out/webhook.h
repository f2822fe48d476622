/* One delivery of a webhook (Standard Webhooks 1.0.0): POST of a body as it is, with its headers.
 * https to public addresses, or what WEBHOOK_ALLOW names (wire/webhook.h); no redirect is followed.
 * Blocks for 15 s at most. */
#ifndef DESK_OUT_WEBHOOK_H
#define DESK_OUT_WEBHOOK_H

#include "store/outbox.h"

#include <stdbool.h>
#include <stddef.h>

struct desk_webhook_post {
    const char *url;
    const char *id;    /* webhook-id: the same each time it is sent */
    const char *trace; /* traceparent: a step of its own each time, within it; NULL = a new one */
    const char *body;
    const char *const *secrets; /* that sign it */
    size_t n_secrets;
};

struct desk_webhook_sender {
    /* r: what came of it. 2xx is sent; 410 failed (r->code tells); 429, 502, 503, 504 with a
     * Retry-After: again as they ask; anything else, a redirect, too: again. An address that may
     * not be called: failed. */
    void (*post)(const struct desk_webhook_post *p, struct desk_outbox_result *r);
};

extern const struct desk_webhook_sender desk_webhook_http;

#endif
