#include "out/hear.h"
#include "base/buf.h"
#include "base/ids.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "out/audio_target.h"
#include "out/http.h"
#include "wire/multipart.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define TIMEOUT_MS  60000
#define REPLY_MOST  (256 * 1024)
#define PROMPT_MOST 600 /* bytes of words told to others: their models read some hundred tokens */

static void field(struct desk_buf *out, const char *boundary, const char *name, const char *value,
                  size_t n)
{
    desk_multipart_add(out, boundary, name, NULL, NULL, value, n);
}

static void form_of(const struct desk_hear_ask *ask, const struct desk_audio_target *t,
                    const char *boundary, struct desk_buf *out)
{
    size_t n = strlen(ask->words);
    if (!t->own)
        n = desk_utf8_cut(ask->words, n, PROMPT_MOST);
    desk_multipart_add(out, boundary, "file", "speech.wav", "audio/wav", ask->wav, ask->n);
    field(out, boundary, "model", t->model, strlen(t->model));
    field(out, boundary, "response_format", "json", 4);
    if (n)
        field(out, boundary, "prompt", ask->words, n);
    if (t->own)
        field(out, boundary, "expect", ask->expect, strlen(ask->expect));
    desk_multipart_end(out, boundary);
}

static enum desk_rc take(const struct desk_http_reply *r, struct desk_arena *a, const char **text,
                         char *why, size_t n)
{
    if (r->status < 200 || r->status > 299) {
        snprintf(why, n, "The listening service answered %d.", r->status);
        return r->status == 400 || r->status == 413 || r->status == 415 || r->status == 422
                   ? DESK_EINVAL
                   : DESK_EUPSTREAM;
    }
    json_t *root = json_loadb(desk_buf_cstr(&r->body), r->body.len, 0, NULL);
    const char *said = json_string_value(json_object_get(root, "text"));
    size_t len = said ? desk_utf8_cut(said, strlen(said), DESK_MAX_TURN_TEXT) : 0;
    char *copy = said ? desk_arena_strndup(a, said + strspn(said, " \t\r\n"), len) : NULL;
    snprintf(why, n, "The listening service sent no words.");
    enum desk_rc rc = !said ? DESK_EUPSTREAM : copy ? DESK_OK : DESK_ENOMEM;
    for (size_t end = copy ? strlen(copy) : 0; end && strchr(" \t\r\n", copy[end - 1]);)
        copy[--end] = '\0';
    *text = copy;
    json_decref(root);
    return rc;
}

static enum desk_rc words(const struct desk_hear_ask *ask, struct desk_arena *a, const char **text,
                          char *why, size_t n)
{
    struct desk_audio_target t;
    struct desk_http_reply r;
    struct desk_buf form;
    char boundary[DESK_TOKEN_LEN], type[100];
    *text = "";
    if (desk_audio_target_stt(&t)) {
        snprintf(why, n, "STT_URL or STT_KEY cannot be used.");
        return DESK_EUPSTREAM;
    }
    desk_buf_init(&form, ask->n + 64 * 1024);
    form_of(ask, &t, desk_token_new(boundary), &form);
    snprintf(type, sizeof type, "Content-Type: multipart/form-data; boundary=%s", boundary);
    const char *const headers[] = {type, *t.auth ? t.auth : NULL, NULL};
    enum desk_rc rc = desk_buf_ok(&form) ? DESK_OK : DESK_ENOMEM;
    snprintf(why, n, "Out of memory.");
    if (!rc) {
        rc = desk_http_send(&(struct desk_http_request){.url = t.url,
                                                        .headers = headers,
                                                        .body = form.p,
                                                        .body_len = form.len,
                                                        .timeout_ms = TIMEOUT_MS,
                                                        .max_body = REPLY_MOST,
                                                        .stop = ask->stop,
                                                        .stop_ctx = ask->stop_ctx},
                            &r);
        if (rc)
            snprintf(why, n, "The listening service: %s", r.why);
        else
            rc = take(&r, a, text, why, n);
        desk_http_reply_clear(&r);
    }
    desk_buf_clear(&form);
    return rc;
}

const struct desk_hear desk_hear_http = {words};
