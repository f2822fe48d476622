/* A session's reply: how it stands, our words, and their sound. Sound that cannot be made is said
 * so beside the words; it never takes them away. */
#include "cgi-bin/api/session.h"
#include "base/limits.h"
#include "base/log.h"
#include "core/resample.h"
#include "wire/base64.h"
#include "wire/mulaw.h"
#include "wire/wav.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define RATE 8000
#define SOUND_MOST                                                                                 \
    (DESK_MAX_REPLY / 4 * 3 - 64 * 1024) /* bytes that fit, as base64, with the rest */
#define WAV_MOST (16 * 1024 * 1024)      /* of what a service may send */

/* ---- sound ----------------------------------------------------------------------------------- */

/* Any WAV → 8 kHz, one channel, 16 bits; free() it. NULL: no memory, or nothing in it. */
static int16_t *samples_of(const struct desk_buf *wav, size_t *n)
{
    struct desk_wav w;
    if (desk_wav_parse((const uint8_t *)wav->p, wav->len, &w, NULL))
        return NULL;
    *n = desk_resample_len(w.frames, w.rate, RATE);
    int16_t *mono = malloc((w.frames + 1) * sizeof *mono), *out = malloc((*n + 1) * sizeof *out);
    if (mono && out && *n) {
        desk_wav_mono(&w, 0, w.frames, mono);
        desk_resample(mono, w.frames, w.rate, RATE, out);
    } else {
        free(out);
        out = NULL;
    }
    free(mono);
    return out;
}

static void pack_wav(const int16_t *pcm, size_t n, struct desk_buf *out)
{
    uint8_t head[DESK_WAV_PCM_HEAD];
    desk_wav_pcm_head(head, 1, RATE, (int64_t)n);
    desk_buf_add(out, head, sizeof head);
    desk_buf_add(out, pcm, n * sizeof *pcm); /* the box is little-endian, as the format */
}

static void pack_mulaw(const int16_t *pcm, size_t n, struct desk_buf *out)
{
    char *room = desk_buf_room(out, n);
    if (!room)
        return;
    desk_mulaw_encode((uint8_t *)room, pcm, n);
    desk_buf_grew(out, n);
}

static const struct {
    const char *format;
    void (*pack)(const int16_t *pcm, size_t n, struct desk_buf *out);
} formats[] = {{"wav", pack_wav}, {"mulaw", pack_mulaw}};

/* {"format","rate","data"}; NULL: *why says what is told to the client. */
static json_t *packed(const struct desk_buf *wav, size_t format, const char **why)
{
    struct desk_buf bytes, text;
    size_t n = 0;
    json_t *v = NULL;
    int16_t *pcm = samples_of(wav, &n);
    desk_buf_init(&bytes, SOUND_MOST);
    desk_buf_init(&text, DESK_MAX_REPLY);
    if (pcm)
        formats[format].pack(pcm, n, &bytes);
    if (!desk_buf_ok(&bytes))
        *why = "The answer is too long to be sent as sound.";
    else if (pcm && bytes.len && desk_base64_encode(bytes.p, bytes.len, &text) == DESK_OK)
        v = json_pack("{s:s, s:i, s:s%}", "format", formats[format].format, "rate", RATE, "data",
                      text.p, text.len);
    free(pcm);
    desk_buf_clear(&bytes);
    desk_buf_clear(&text);
    return v;
}

/* The words as sound, into the reply: "audio", and why there is none in "audio_error". */
static void add_sound(json_t *root, const struct session_made *m, const char *words,
                      const char *audio, const char *voice)
{
    char reason[300] = "";
    const char *why = "The answer could not be spoken just now.";
    struct desk_buf wav;
    json_t *v = NULL;
    size_t format = 0;
    const size_t n_formats = sizeof formats / sizeof *formats;
    while (format < n_formats && strcmp(formats[format].format, audio) != 0)
        format++;
    if (format == n_formats || !*words) {
        json_object_set_new(root, "audio", json_null());
        return;
    }
    desk_buf_init(&wav, WAV_MOST);
    enum desk_rc rc = api_mouth->speak(&(struct desk_tts_ask){.text = words, .voice = voice}, &wav,
                                       reason, sizeof reason);
    if (!rc)
        v = packed(&wav, format, &why);
    if (!v) {
        desk_log(DESK_LOG_WARN, "session.not_spoken", "session=%s rc=%s why=\"%s\"", m->vs.row.id,
                 desk_rc_name(rc), reason);
        json_object_set_new(root, "audio_error", json_string(why));
    }
    json_object_set_new(root, "audio", v ? v : json_null());
    desk_buf_clear(&wav);
}

/* ---- words ----------------------------------------------------------------------------------- */

/* What the client does now, when the talk itself is done; NULL: it goes on. */
static json_t *next_of(const struct desk_vs *s)
{
    const struct desk_call *c = &s->call;
    const char *step = c->next_step ? c->next_step : DESK_NEXT_HANGUP;
    if (!s->talk.done && s->state == DESK_VS_ACTIVE)
        return json_null();
    if (s->state == DESK_VS_ACTIVE && strcmp(step, DESK_NEXT_TRANSFER) == 0)
        return json_pack("{s:s, s:s?, s:s?}", "step", step, "to", c->transfer_to, "reason",
                         c->transfer_reason);
    if (s->state == DESK_VS_ACTIVE && strcmp(step, DESK_NEXT_MESSAGE) == 0)
        return json_pack("{s:s}", "step", step);
    return json_pack("{s:s}", "step", DESK_NEXT_HANGUP);
}

enum desk_rc session_reply(struct desk_request *req, int status, const struct session_made *m,
                           const char *audio, const char *voice)
{
    const struct desk_vs *s = &m->vs;
    const char *words = NULL;
    bool latest = m->n + 1 >= s->talk.n; /* an earlier turn's words, for a repeated request */
    enum desk_rc rc = desk_vsession_words(req->db, req->arena, s, m->n, &words);
    if (rc)
        return rc;
    json_t *root = json_pack(
        "{s:o, s:I, s:s?, s:s, s:s?, s:s?, s:b, s:o, s:s?}", "session",
        desk_fields_json(&desk_voice_session_fields, &s->row), "turn", (json_int_t)m->n, "heard",
        m->heard, "text", words, "missed", m->missed, "expect",
        latest && s->state == DESK_VS_ACTIVE && !s->talk.done ? desk_expect_name(s->talk.expect)
                                                              : NULL,
        "over", s->state != DESK_VS_ACTIVE, "next", next_of(s), "severity", s->call.severity);
    if (!root)
        return DESK_ENOMEM;
    add_sound(root, m, words, audio && *audio ? audio : s->row.audio,
              voice && *voice ? voice : s->row.voice);
    return desk_reply_json(req, status, root);
}
