#include "out/stt.h"
#include "base/ids.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"
#include "out/audio_target.h"
#include "out/http.h"
#include "wire/multipart.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define STT_MS 120000

/* ---- the request ----------------------------------------------------------------------------- */

static void body_make(struct desk_buf *b, const char *mark, const char *model, const uint8_t *wav,
                      size_t n)
{
    desk_multipart_add(b, mark, "model", NULL, NULL, model, strlen(model));
    desk_multipart_add(b, mark, "response_format", NULL, NULL, "json", 4);
    desk_multipart_add(b, mark, "file", "message.wav", "audio/wav", wav, n);
    desk_multipart_end(b, mark);
}

/* ---- the answer ------------------------------------------------------------------------------ */

static void read_words(const json_t *body, struct desk_buf *text, struct desk_outbox_result *r)
{
    const char *words = json_string_value(json_object_get(body, "text"));
    if (!words) {
        desk_outbox_ended(r, DESK_END_AGAIN,
                          "The answer of the server that writes down speech cannot be read.");
        return;
    }
    words += strspn(words, " \t\r\n");
    size_t n = strlen(words), most = text->max - text->len;
    n = desk_utf8_cut(words, n, n < most ? n : most);
    while (n && strchr(" \t\r\n", words[n - 1]))
        n--;
    desk_utf8_clean(text, words, n);
    r->end = DESK_END_SENT;
}

/* What a server says of our request: for the owner, without what may be in it of the key. */
static void read_error(const struct desk_http_reply *reply, const json_t *body,
                       struct desk_outbox_result *r)
{
    const json_t *error = json_object_get(body, "error");
    const char *code = json_string_value(json_object_get(error, "code"));
    bool later = reply->status == 429 || reply->status == 408 || reply->status >= 500;
    /* no credit is no matter of waiting, though it is told as 429 */
    if (code && strcmp(code, "insufficient_quota") == 0)
        later = false;
    desk_outbox_ended(r, later ? DESK_END_AGAIN : DESK_END_FAILED,
                      "The server that writes down speech %s (HTTP %d%s%.60s).",
                      reply->status == 429   ? "asked us to wait"
                      : reply->status >= 500 ? "had a failure of its own"
                      : reply->status == 401 ? "does not know the key"
                                             : "refused",
                      reply->status, code ? ", " : "", code ? code : "");
    r->wait_ms = later ? desk_outbox_wait_ms(reply->retry_after) : 0;
}

static void read_reply(const struct desk_http_reply *reply, struct desk_buf *text,
                       struct desk_outbox_result *r)
{
    json_t *body = json_loadb(reply->body.p ? reply->body.p : "", reply->body.len, 0, NULL);
    if (reply->status >= 200 && reply->status < 300)
        read_words(body, text, r);
    else
        read_error(reply, body, r);
    json_decref(body);
}

static void transcribe(const struct desk_stt_server *s, const uint8_t *wav, size_t n,
                       struct desk_buf *text, struct desk_outbox_result *r)
{
    char mark[DESK_TOKEN_LEN], type[128];
    struct desk_audio_target t;
    const char *headers[] = {type, "Accept: application/json", NULL, NULL};
    struct desk_buf body;
    struct desk_http_reply reply;
    memset(r, 0, sizeof *r);
    if (n > DESK_MAX_STT_SOUND) {
        desk_outbox_ended(r, DESK_END_FAILED, "It is too long to be written down.");
        return;
    }
    desk_buf_init(&body, DESK_MAX_STT_SOUND + 4096);
    body_make(&body, desk_token_new(mark), s->model, wav, n);
    snprintf(type, sizeof type, "Content-Type: multipart/form-data; boundary=%s", mark);
    if (desk_audio_target_hear(&t, s->url, s->key) || !desk_buf_ok(&body)) {
        desk_outbox_ended(r, DESK_END_FAILED, "STT_URL, STT_KEY or STT_MODEL cannot be used.");
        desk_buf_clear(&body);
        return;
    }
    headers[2] = *t.auth ? t.auth : NULL;
    const struct desk_http_request req = {.url = t.url,
                                          .headers = headers,
                                          .body = body.p,
                                          .body_len = body.len,
                                          .timeout_ms = STT_MS,
                                          .max_body = DESK_MAX_STT_REPLY,
                                          .stop = s->stop,
                                          .stop_ctx = s->stop_ctx};
    if (desk_http_send(&req, &reply))
        desk_outbox_ended(r, reply.fail == DESK_HTTP_BAD_URL ? DESK_END_FAILED : DESK_END_AGAIN,
                          "The server that writes down speech did not answer: %s", reply.why);
    else
        read_reply(&reply, text, r);
    desk_log(DESK_LOG_INFO, "stt.transcribe", "http=%d fail=%s end=%d bytes=%zu took_ms=%ld",
             reply.status, desk_http_fail_name(reply.fail), (int)r->end, n, reply.elapsed_ms);
    desk_http_reply_clear(&reply);
    desk_buf_clear(&body);
}

const struct desk_stt desk_stt_rest = {.transcribe = transcribe};
