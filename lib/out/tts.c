#include "out/tts.h"
#include "base/config.h"
#include "out/audio_target.h"
#include "out/http.h"
#include "wire/json_out.h"
#include "wire/wav.h"

#include <stdio.h>
#include <string.h>

#define TIMEOUT_MS 30000
#define BODY_MOST  65536

static void body_of(const struct desk_tts_ask *ask, const struct desk_audio_target *t,
                    struct desk_buf *out)
{
    const char *voice =
        ask->voice && *ask->voice ? ask->voice : desk_setting(DESK_S_REALTIME_VOICE);
    desk_buf_chr(out, '{');
    desk_json_pair(out, "model", t->model);
    desk_json_pair(out, "voice", voice);
    desk_json_pair(out, "input", ask->text);
    desk_json_pair(out, "response_format", "wav");
    desk_buf_chr(out, '}');
}

/* A reply came: is it sound? */
static enum desk_rc take(const struct desk_http_reply *r, struct desk_buf *wav, char *why, size_t n)
{
    struct desk_wav head;
    const char *broken = "";
    if (r->status < 200 || r->status > 299) {
        snprintf(why, n, "The speaking service answered %d.", r->status);
        return DESK_EUPSTREAM;
    }
    if (desk_wav_parse((const uint8_t *)r->body.p, r->body.len, &head, &broken)) {
        snprintf(why, n, "The speaking service sent no sound: %s", broken);
        return DESK_EUPSTREAM;
    }
    desk_buf_add(wav, r->body.p, r->body.len);
    if (desk_buf_ok(wav))
        return DESK_OK;
    snprintf(why, n, "The speaking service sent too much sound.");
    return DESK_ELIMIT;
}

static enum desk_rc speak(const struct desk_tts_ask *ask, struct desk_buf *wav, char *why, size_t n)
{
    struct desk_audio_target t;
    struct desk_http_reply r;
    struct desk_buf body;
    if (desk_audio_target_tts(&t)) {
        snprintf(why, n, "TTS_URL or TTS_KEY cannot be used.");
        return DESK_EUPSTREAM;
    }
    desk_buf_init(&body, BODY_MOST);
    body_of(ask, &t, &body);
    const char *const headers[] = {"Content-Type: application/json", *t.auth ? t.auth : NULL, NULL};
    enum desk_rc rc = desk_buf_ok(&body) ? DESK_OK : DESK_ELIMIT;
    snprintf(why, n, "The text is too long to be spoken.");
    if (!rc) {
        rc = desk_http_send(&(struct desk_http_request){.url = t.url,
                                                        .headers = headers,
                                                        .body = body.p,
                                                        .body_len = body.len,
                                                        .timeout_ms = TIMEOUT_MS,
                                                        .max_body = wav->max,
                                                        .stop = ask->stop,
                                                        .stop_ctx = ask->stop_ctx},
                            &r);
        if (rc)
            snprintf(why, n, "The speaking service: %s", r.why);
        else
            rc = take(&r, wav, why, n);
        desk_http_reply_clear(&r);
    }
    desk_buf_clear(&body);
    return rc;
}

const struct desk_tts desk_tts_http = {speak};
