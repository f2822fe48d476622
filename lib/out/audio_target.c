#include "out/audio_target.h"
#include "base/config.h"

#include <stdio.h>
#include <string.h>

/* One row for each thing that is asked for. */
static const struct service {
    enum desk_setting_id url, key, model;
    const char *path;
} stt = {DESK_S_STT_URL, DESK_S_STT_KEY, DESK_S_STT_MODEL, "/audio/transcriptions"},
  tts = {DESK_S_TTS_URL, DESK_S_TTS_KEY, DESK_S_TTS_MODEL, "/audio/speech"};

static enum desk_rc fits(int written, size_t n)
{
    return written >= 0 && (size_t)written < n ? DESK_OK : DESK_EINVAL;
}

/* A key, or a whole header if it looks like one. */
static enum desk_rc read_key(struct desk_audio_target *t, const char *key)
{
    bool whole = strstr(key, ": ") != NULL;
    if (!*key)
        return DESK_OK;
    if (strpbrk(key, "\r\n"))
        return DESK_EINVAL;
    return fits(
        snprintf(t->auth, sizeof t->auth, "%s%s", whole ? "" : "Authorization: Bearer ", key),
        sizeof t->auth);
}

/* People paste the base, or the whole address. */
static enum desk_rc read_url(struct desk_audio_target *t, const char *base, const char *path)
{
    size_t n = strlen(base), tail = strlen(path);
    while (n && base[n - 1] == '/')
        n--;
    bool whole = n >= tail && memcmp(base + n - tail, path, tail) == 0;
    return fits(snprintf(t->url, sizeof t->url, "%.*s%s", (int)n, base, whole ? "" : path),
                sizeof t->url);
}

static enum desk_rc read_target(struct desk_audio_target *t, const struct service *s)
{
    const char *url = desk_setting(s->url);
    memset(t, 0, sizeof *t);
    t->model = desk_setting(s->model);
    t->own = !*url;
    if (t->own)
        return fits(snprintf(t->url, sizeof t->url, "http://127.0.0.1:%ld/v1%s",
                             desk_setting_int(DESK_S_SPEECH_PORT), s->path),
                    sizeof t->url);
    enum desk_rc rc = read_url(t, url, s->path);
    return rc ? rc : read_key(t, desk_setting(s->key));
}

enum desk_rc desk_audio_target_hear(struct desk_audio_target *t, const char *url, const char *key)
{
    memset(t, 0, sizeof *t);
    enum desk_rc rc = *url ? read_url(t, url, stt.path) : DESK_EINVAL;
    return rc ? rc : read_key(t, key);
}

enum desk_rc desk_audio_target_stt(struct desk_audio_target *t)
{
    return read_target(t, &stt);
}

enum desk_rc desk_audio_target_tts(struct desk_audio_target *t)
{
    return read_target(t, &tts);
}
