#include "out/webhook.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "out/address.h"
#include "out/http.h"
#include "wire/traceparent.h"
#include "wire/webhook.h"

#include <stdio.h>
#include <string.h>

#define TIMEOUT_MS 15000
#define REPLY_MOST 4096  /* read of an answer that is no success */
#define FINE_MOST  65536 /* of one that is, and thrown away: so much is waited for */
#define HEAD_MOST  100   /* kept of it, for people who look for what is wrong */

/* ---- what came of it ------------------------------------------------------------------------- */

/* The beginning of an answer as plain words in one line: nothing that could be taken for a mark. */
static const char *safe_head(const struct desk_buf *body, char out[HEAD_MOST + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < body->len && n < HEAD_MOST; i++) {
        char c = body->p[i];
        out[n++] = c > 0x20 && c < 0x7f && !strchr("<>&\"'\\", c) ? c : ' ';
    }
    out[n] = '\0';
    return out;
}

static void read_no_reply(const struct desk_http_reply *reply, struct desk_outbox_result *r)
{
    switch (reply->fail) {
    case DESK_HTTP_PRIVATE:
        desk_outbox_ended(r, DESK_END_FAILED,
                          "The address leads to a private network, and is not called.");
        return;
    case DESK_HTTP_BAD_URL:
        desk_outbox_ended(r, DESK_END_FAILED, "The address cannot be called.");
        return;
    default:
        /* by its kind only: libcurl's words could have the address in them */
        desk_outbox_ended(r, DESK_END_AGAIN, "No answer from the receiver (%s).",
                          desk_http_fail_name(reply->fail));
    }
}

static bool throttles(int status)
{
    return status == 429 || (status >= 502 && status <= 504);
}

static void read_reply(const struct desk_http_reply *reply, struct desk_outbox_result *r)
{
    char head[HEAD_MOST + 1];
    int status = reply->status;
    if (status >= 200 && status < 300) {
        desk_outbox_ended(r, DESK_END_SENT, "%s", "");
        snprintf(r->remote_state, sizeof r->remote_state, "%d", status);
        return;
    }
    safe_head(&reply->body, head);
    r->code = status;
    if (status == 410)
        desk_outbox_ended(r, DESK_END_FAILED,
                          "The receiver says that it wants no more (HTTP 410): the webhook was "
                          "switched off.");
    else if (status >= 300 && status < 400)
        desk_outbox_ended(r, DESK_END_AGAIN,
                          "The receiver sends us elsewhere (HTTP %d), which is not followed: write "
                          "the new address into the webhook.",
                          status);
    else
        desk_outbox_ended(r, DESK_END_AGAIN, "The receiver answered HTTP %d%s%s", status,
                          *head ? ": " : ".", head);
    if (throttles(status))
        r->wait_ms = desk_outbox_wait_ms(reply->retry_after);
}

/* ---- the request ----------------------------------------------------------------------------- */

#define SECRETS_MOST 4

/* What comes with a success is nothing to us; a long page is not waited for. */
static bool throw_away(void *ctx, const struct desk_http_reply *reply, const char *p, size_t n)
{
    size_t *had = ctx;
    (void)reply;
    (void)p;
    *had += n;
    return *had < FINE_MOST;
}

/* "webhook-signature: v1,… v1,…" */
static enum desk_rc signatures(const struct desk_webhook_post *p, int64_t now_s, char *out,
                               size_t n)
{
    char sig[DESK_WEBHOOK_SIG_LEN];
    enum desk_rc rc = p->n_secrets ? DESK_OK : DESK_EINVAL;
    size_t at = (size_t)snprintf(out, n, "webhook-signature:");
    for (size_t i = 0; !rc && i < p->n_secrets && i < SECRETS_MOST; i++) {
        rc = desk_webhook_sign(p->secrets[i], p->id, now_s, p->body, strlen(p->body), sig);
        if (!rc)
            at += (size_t)snprintf(out + at, n - at, " %s", sig);
    }
    return rc;
}

static void post(const struct desk_webhook_post *p, struct desk_outbox_result *r)
{
    char id[80], stamp[64], parent[DESK_TRACEPARENT_LEN], trace[80],
        sigs[64 + SECRETS_MOST * (DESK_WEBHOOK_SIG_LEN + 1)];
    const char *why;
    size_t had = 0;
    int64_t now_s = desk_now_ms() / 1000;
    struct desk_http_reply reply;
    enum desk_webhook_at at = desk_webhook_at(p->url, desk_setting(DESK_S_WEBHOOK_ALLOW), &why);
    *r = (struct desk_outbox_result){.end = DESK_END_FAILED};
    if (at == DESK_WEBHOOK_REFUSED) {
        desk_outbox_ended(r, DESK_END_FAILED, "%s", why);
        return;
    }
    if (signatures(p, now_s, sigs, sizeof sigs)) {
        desk_outbox_ended(r, DESK_END_FAILED, "The webhook has no secret to sign with.");
        return;
    }
    snprintf(id, sizeof id, "webhook-id: %s", p->id);
    snprintf(stamp, sizeof stamp, "webhook-timestamp: %lld", (long long)now_s);
    snprintf(trace, sizeof trace, "traceparent: %s", desk_traceparent_child(parent, p->trace));
    const char *const headers[] = {"Content-Type: application/json", id, stamp, sigs, trace, NULL};
    const struct desk_http_request req = {.url = p->url,
                                          .headers = headers,
                                          .body = p->body,
                                          .body_len = strlen(p->body),
                                          .timeout_ms = TIMEOUT_MS,
                                          .max_body = REPLY_MOST,
                                          .data = throw_away,
                                          .data_ctx = &had,
                                          .public_only =
                                              at == DESK_WEBHOOK_PUBLIC && desk_address_guarded(),
                                          .once = true};
    enum desk_rc rc = desk_http_send(&req, &reply);
    /* an answer that is too long is an answer */
    bool cut = reply.fail == DESK_HTTP_TOO_BIG || reply.fail == DESK_HTTP_STOPPED;
    if (rc && !(cut && reply.status))
        read_no_reply(&reply, r);
    else
        read_reply(&reply, r);
    desk_log(DESK_LOG_INFO, "webhook.post", "id=%s http=%d fail=%s took_ms=%ld", p->id,
             reply.status, desk_http_fail_name(reply.fail), reply.elapsed_ms);
    desk_http_reply_clear(&reply);
}

const struct desk_webhook_sender desk_webhook_http = {.post = post};
