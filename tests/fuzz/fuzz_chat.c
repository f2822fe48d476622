/* What a text model sends: a stream in pieces, a whole body, an error; and what we would send back
 * of it is JSON. First byte: dialect and size of the pieces. */
#include "wire/chat_msg.h"
#include "wire/sse.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int truth)
{
    if (!truth)
        abort();
}

static enum desk_rc on_event(void *ctx, const char *event, const char *data, size_t n)
{
    must(strlen(event) < 64 && data[n] == '\0');
    return desk_chat_reply_event(ctx, event, data, n);
}

/* The reply as the assistant's turn of the next request. */
static void send_back(const struct desk_chat_reply *r)
{
    struct desk_chat_call calls[DESK_MAX_CHAT_CALLS];
    struct desk_buf out;
    for (size_t i = 0; i < r->n_calls; i++)
        calls[i] = (struct desk_chat_call){desk_buf_cstr(&r->calls[i].id),
                                           desk_buf_cstr(&r->calls[i].name),
                                           desk_buf_cstr(&r->calls[i].arguments)};
    const struct desk_chat_msg m = {.role = DESK_CHAT_ASSISTANT,
                                    .text = desk_buf_cstr(&r->text),
                                    .calls = calls,
                                    .n_calls = r->n_calls};
    const struct desk_chat_request q = {.model = r->model,
                                        .system = desk_buf_cstr(&r->text),
                                        .msgs = &m,
                                        .n_msgs = 1,
                                        .max_tokens = 1,
                                        .tokens_field = "max_tokens"};
    for (int d = 0; d < DESK_CHAT_DIALECT__MAX; d++) {
        desk_buf_init(&out, 16 * DESK_MAX_CHAT_REQUEST);
        desk_chat_build(&out, (enum desk_chat_dialect)d, &q);
        must(desk_buf_ok(&out));
        json_t *v = json_loads(desk_buf_cstr(&out), JSON_REJECT_DUPLICATES, NULL);
        must(json_is_object(v));
        json_decref(v);
        desk_buf_clear(&out);
    }
}

static enum desk_rc stream(struct desk_chat_reply *r, const char *p, size_t n, size_t piece)
{
    struct desk_sse s;
    enum desk_rc rc = DESK_OK;
    desk_sse_init(&s, 65536);
    for (size_t at = 0; at < n && !rc; at += piece)
        rc = desk_sse_feed(&s, p + at, piece < n - at ? piece : n - at, on_event, r);
    if (!rc)
        rc = desk_sse_end(&s, on_event, r);
    desk_sse_clear(&s);
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct desk_chat_reply r, whole;
    struct desk_chat_error e;
    if (!size)
        return 0;
    enum desk_chat_dialect dialect = data[0] & 1 ? DESK_CHAT_ANTHROPIC : DESK_CHAT_OPENAI;
    const char *p = (const char *)data + 1;
    size_t n = size - 1, piece = (size_t)(data[0] >> 1) + 1;
    desk_chat_reply_init(&r, dialect);
    desk_chat_reply_init(&whole, dialect);
    /* in pieces or at once: the same */
    enum desk_rc rc = stream(&r, p, n, piece), all = stream(&whole, p, n, n + 1);
    must(rc == all && r.n_calls == whole.n_calls && r.finish == whole.finish);
    must(strcmp(desk_buf_cstr(&r.text), desk_buf_cstr(&whole.text)) == 0);
    must(rc != DESK_EUPSTREAM || r.error.trouble != DESK_CHAT_FINE);
    send_back(&r);
    desk_chat_reply_clear(&r);
    desk_chat_reply_clear(&whole);
    desk_chat_reply_init(&r, dialect);
    rc = desk_chat_reply_body(&r, p, n);
    must(rc == DESK_OK || rc == DESK_EINVAL || rc == DESK_ELIMIT || rc == DESK_EUPSTREAM);
    desk_chat_reply_clear(&r);
    desk_chat_error_read(&e, data[0] & 2 ? 400 : 0, p, n);
    must(e.trouble != DESK_CHAT_FINE && strlen(e.code) < 64 && strlen(e.message) < 300);
    return 0;
}
