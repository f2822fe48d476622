/* What a request of a voice session says: JSON, or sound alone. */
#include "cgi-bin/api/session.h"
#include "base/utf8.h"
#include "db/seal.h"
#include "wire/base64.h"
#include "wire/mulaw.h"
#include "wire/wav.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define KEY_MOST    200
#define SOUND_MOST  60 /* seconds of one input */
#define SOUND_LEAST 50 /* ms */

enum desk_rc session_wrong(struct desk_request *req, const char *pointer, const char *message)
{
    struct desk_body_errors *e = desk_arena_alloc(req->arena, sizeof *e);
    if (!e)
        return DESK_ENOMEM;
    desk_body_error_add(e, pointer, message);
    req->body_errors = e;
    req->detail = message;
    return DESK_EINVAL;
}

/* Is the request's content of that type? Parameters behind it do not count. */
static bool is_type(const struct desk_request *req, const char *type)
{
    const char *have = req->content_type ? req->content_type : "";
    size_t n = strlen(type);
    return strncasecmp(have, type, n) == 0 && (!have[n] || have[n] == ';' || have[n] == ' ');
}

enum desk_rc session_body(struct desk_request *req, enum desk_vb_kind kind,
                          struct desk_voice_body *out)
{
    struct desk_body_errors *e = desk_arena_alloc(req->arena, sizeof *e);
    if (!e)
        return DESK_ENOMEM;
    if (req->body_len && !is_type(req, "application/json")) {
        req->detail = "The body must be JSON: Content-Type: application/json.";
        return DESK_EMEDIA;
    }
    enum desk_rc rc = desk_voice_body_read(req->arena, kind, req->body, req->body_len, out, e);
    req->body_errors = e;
    if (rc == DESK_EINVAL)
        req->detail = "The body is not right: see errors.";
    return rc;
}

/* ---- sound ----------------------------------------------------------------------------------- */

static enum desk_rc check_sound(struct desk_request *req, struct session_input *out,
                                const char *pointer)
{
    struct desk_wav w;
    const char *why;
    enum desk_rc rc = desk_wav_parse(out->sound, out->sound_len, &w, &why);
    if (rc == DESK_EMEDIA) {
        req->detail = why;
        return rc;
    }
    if (rc)
        return session_wrong(req, pointer, why);
    if (w.frames < (size_t)w.rate * SOUND_LEAST / 1000)
        return session_wrong(req, pointer, "There is no sound in it.");
    if (w.frames > (size_t)w.rate * SOUND_MOST)
        return session_wrong(req, pointer, "The sound is too long: at most 60 seconds.");
    return DESK_OK;
}

/* µ-law as a WAV file, which is what ears take. */
static enum desk_rc as_wav(struct desk_arena *a, const void *p, size_t n, struct session_input *out)
{
    uint8_t *wav = desk_arena_alloc(a, DESK_WAV_HEAD + n);
    if (!wav)
        return DESK_ENOMEM;
    desk_wav_head(wav, 1, (int64_t)n);
    memcpy(wav + DESK_WAV_HEAD, p, n);
    out->sound = wav;
    out->sound_len = DESK_WAV_HEAD + n;
    return DESK_OK;
}

static enum desk_rc read_sound(struct desk_request *req, const struct desk_voice_body *b,
                               struct session_input *out)
{
    size_t chars = strlen(b->audio_data), n = desk_base64_decoded_len(b->audio_data, chars);
    uint8_t *bytes = n == DESK_BASE64_BAD ? NULL : desk_arena_alloc(req->arena, n + 1);
    if (n == DESK_BASE64_BAD ||
        (bytes && desk_base64_decode_raw(bytes, b->audio_data, chars) == DESK_BASE64_BAD))
        return session_wrong(req, "#/audio/data",
                             "audio.data is not base64 (RFC 4648, with its padding).");
    if (!bytes)
        return DESK_ENOMEM;
    out->sound = bytes;
    out->sound_len = n;
    enum desk_rc rc =
        strcmp(b->audio_format, "mulaw") == 0 ? as_wav(req->arena, bytes, n, out) : DESK_OK;
    return rc ? rc : check_sound(req, out, "#/audio/data");
}

/* Sound that is the body itself. */
static const struct {
    const char *type;
    bool mulaw;
} sounds[] = {{"audio/wav", false},  {"audio/x-wav", false}, {"audio/wave", false},
              {"audio/basic", true}, {"audio/pcmu", true},   {"audio/x-mulaw", true}};

enum desk_rc session_input_raw(struct desk_request *req, struct session_input *out)
{
    *out = (struct session_input){
        .event = DESK_BRAIN_SPEECH, .text = "", .reply_audio = "", .reply_voice = ""};
    for (size_t i = 0; i < sizeof sounds / sizeof *sounds; i++) {
        if (!is_type(req, sounds[i].type))
            continue;
        out->sound = req->body_len ? req->body : "";
        out->sound_len = req->body_len;
        enum desk_rc rc =
            sounds[i].mulaw ? as_wav(req->arena, out->sound, req->body_len, out) : DESK_OK;
        return rc ? rc : check_sound(req, out, "#");
    }
    if (req->content_type && *req->content_type && !is_type(req, "application/json")) {
        req->detail = "An input is JSON (application/json) or sound: audio/wav, or audio/basic for "
                      "\xc2\xb5-law at 8 kHz.";
        return DESK_EMEDIA;
    }
    return DESK_DONE;
}

enum desk_rc session_input_of(struct desk_request *req, const struct desk_voice_body *b,
                              struct session_input *out)
{
    *out = (struct session_input){.event = DESK_BRAIN_SPEECH,
                                  .text = b->text,
                                  .reply_audio = b->reply_audio,
                                  .reply_voice = b->reply_voice};
    if (*b->audio_format)
        return read_sound(req, b, out);
    if (*b->keys) {
        out->event = DESK_BRAIN_KEYS;
        out->text = b->keys;
    } else if (b->silence) {
        out->event = DESK_BRAIN_SILENCE;
        out->text = "";
    }
    return DESK_OK;
}

/* ---- the key --------------------------------------------------------------------------------- */

static const char *blind(struct desk_request *req, const char *what, const char *value)
{
    char hash[DESK_BLIND_LEN];
    const char *text = desk_arena_fmt(req->arena, "%s:%s", what, value);
    if (text)
        desk_blind(desk_db_key(req->db), req->tenant.id, text, hash);
    return text ? desk_arena_strdup(req->arena, hash) : NULL;
}

static void hex(char *out, const unsigned char *p, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        *out++ = digits[p[i] >> 4];
        *out++ = digits[p[i] & 15];
    }
    *out = '\0';
}

enum desk_rc session_key(struct desk_request *req, const char *what, struct desk_vs_key *out)
{
    const char *key = req->idempotency_key ? req->idempotency_key : "";
    unsigned char sum[SHA256_DIGEST_LENGTH];
    char text[2 * SHA256_DIGEST_LENGTH + 1];
    size_t n = strlen(key);
    *out = (struct desk_vs_key){NULL, NULL};
    if (!n)
        return DESK_OK;
    if (n > KEY_MOST || !desk_utf8_valid(key, n)) {
        req->detail = "Idempotency-Key is too long: at most 200 characters.";
        req->reason = "idempotency_key";
        return DESK_EINVAL;
    }
    SHA256((const unsigned char *)(req->body ? req->body : ""), req->body_len, sum);
    hex(text, sum, sizeof sum);
    out->key = blind(req, what, key);
    out->body = blind(req, "body", text);
    return out->key && out->body ? DESK_OK : DESK_ENOMEM;
}
