#include "out/stt.h"
#include "base/ids.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"
#include "out/http.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define STT_MS       120000
#define WAIT_MOST_MS (3600LL * 1000) /* a Retry-After beyond this is not believed */
#define MARK_LEN     80

__attribute__((format(printf, 3, 4))) static void
end(struct desk_outbox_result *r, enum desk_outbox_end how, const char *fmt, ...)
{
    va_list ap;
    r->end = how;
    va_start(ap, fmt);
    vsnprintf(r->why, sizeof r->why, fmt, ap);
    va_end(ap);
}

/* ---- the request: multipart/form-data (RFC 7578) ----------------------------------------------
 */

/* A line that cannot be in the sound but by a chance of 2^-128. */
static void mark_make(char mark[MARK_LEN])
{
    unsigned char dice[16];
    desk_random(dice, sizeof dice);
    size_t at = (size_t)snprintf(mark, MARK_LEN, "frontdesk-");
    for (size_t i = 0; i < sizeof dice; i++)
        at += (size_t)snprintf(mark + at, MARK_LEN - at, "%02x", dice[i]);
}

static void part(struct desk_buf *b, const char *mark, const char *name, const char *value)
{
    desk_buf_fmt(b, "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", mark, name,
                 value);
}

static void body_make(struct desk_buf *b, const char *mark, const struct desk_stt_server *s,
                      const uint8_t *wav, size_t n)
{
    part(b, mark, "model", s->model);
    part(b, mark, "response_format", "json");
    desk_buf_fmt(b,
                 "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"message.wav\""
                 "\r\nContent-Type: audio/wav\r\n\r\n",
                 mark);
    desk_buf_add(b, (const char *)wav, n);
    desk_buf_fmt(b, "\r\n--%s--\r\n", mark);
}

static bool url_make(const struct desk_stt_server *s, char *out, size_t n)
{
    size_t base = strlen(s->url);
    while (base && s->url[base - 1] == '/')
        base--;
    int want = snprintf(out, n, "%.*s/audio/transcriptions", (int)base, s->url);
    return base && want > 0 && (size_t)want < n;
}

/* ---- the answer ------------------------------------------------------------------------------ */

static void read_words(const json_t *body, struct desk_buf *text, struct desk_outbox_result *r)
{
    const char *words = json_string_value(json_object_get(body, "text"));
    if (!words) {
        end(r, DESK_END_AGAIN, "The answer of the server that writes down speech cannot be read.");
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
    end(r, later ? DESK_END_AGAIN : DESK_END_FAILED,
        "The server that writes down speech %s (HTTP %d%s%.60s).",
        reply->status == 429   ? "asked us to wait"
        : reply->status >= 500 ? "had a failure of its own"
        : reply->status == 401 ? "does not know the key"
                               : "refused",
        reply->status, code ? ", " : "", code ? code : "");
    r->wait_ms = later && reply->retry_after > 0 ? reply->retry_after * 1000LL : 0;
    if (r->wait_ms > WAIT_MOST_MS)
        r->wait_ms = WAIT_MOST_MS;
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
    char url[1024], mark[MARK_LEN], type[128], auth[1024];
    const char *headers[] = {type, "Accept: application/json", *s->key ? auth : NULL, NULL};
    struct desk_buf body;
    struct desk_http_reply reply;
    memset(r, 0, sizeof *r);
    mark_make(mark);
    snprintf(type, sizeof type, "Content-Type: multipart/form-data; boundary=%s", mark);
    int len = snprintf(auth, sizeof auth, "%s%s",
                       strchr(s->key, ':') ? "" : "Authorization: Bearer ", s->key);
    if (n > DESK_MAX_STT_SOUND) {
        end(r, DESK_END_FAILED, "It is too long to be written down.");
        return;
    }
    desk_buf_init(&body, DESK_MAX_STT_SOUND + 4096);
    body_make(&body, mark, s, wav, n);
    if (!url_make(s, url, sizeof url) || len < 0 || (size_t)len >= sizeof auth ||
        !desk_buf_ok(&body)) {
        end(r, DESK_END_FAILED, "STT_URL, STT_KEY or STT_MODEL cannot be used.");
        desk_buf_clear(&body);
        return;
    }
    const struct desk_http_request req = {.url = url,
                                          .headers = headers,
                                          .body = body.p,
                                          .body_len = body.len,
                                          .timeout_ms = STT_MS,
                                          .max_body = DESK_MAX_STT_REPLY,
                                          .stop = s->stop,
                                          .stop_ctx = s->stop_ctx};
    if (desk_http_send(&req, &reply))
        end(r, reply.fail == DESK_HTTP_BAD_URL ? DESK_END_FAILED : DESK_END_AGAIN,
            "The server that writes down speech did not answer: %s", reply.why);
    else
        read_reply(&reply, text, r);
    desk_log(DESK_LOG_INFO, "stt.transcribe", "http=%d fail=%s end=%d bytes=%zu took_ms=%ld",
             reply.status, desk_http_fail_name(reply.fail), (int)r->end, n, reply.elapsed_ms);
    desk_http_reply_clear(&reply);
    desk_buf_clear(&body);
}

const struct desk_stt desk_stt_rest = {.transcribe = transcribe};
