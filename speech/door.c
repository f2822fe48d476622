#include "speech/door.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "core/voice_body.h"
#include "wire/json_out.h"
#include "wire/mulaw.h"
#include "wire/multipart.h"
#include "wire/wav.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PROMPT 16384

static const struct {
    const char *path;
    enum desk_door_kind kind;
} doors[] = {{"/v1/audio/transcriptions", DESK_DOOR_HEAR}, {"/v1/audio/speech", DESK_DOOR_SPEAK}};

bool desk_door_open(struct desk_door *d, uint64_t number, const char *path,
                    const char *content_type)
{
    memset(d, 0, sizeof *d);
    d->number = number;
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++)
        if (strcmp(doors[i].path, path) == 0)
            d->kind = doors[i].kind;
    snprintf(d->content_type, sizeof d->content_type, "%s", content_type);
    desk_buf_init(&d->in, DESK_MAX_DOOR);
    desk_buf_init(&d->out, 2 * (size_t)DESK_MAX_DOOR);
    return d->kind != DESK_DOOR_NONE;
}

void desk_door_clear(struct desk_door *d)
{
    desk_buf_clear(&d->in);
    desk_buf_clear(&d->out);
}

void desk_door_data(struct desk_door *d, const char *p, size_t n)
{
    desk_buf_add(&d->in, p, n);
}

/* ---- answers --------------------------------------------------------------------------------- */

void desk_door_refuse(struct desk_door *d, int status, const char *message)
{
    d->status = status;
    d->type = "application/json";
    desk_buf_reset(&d->out);
    desk_buf_str(&d->out, "{\"error\":{");
    desk_json_pair(&d->out, "message", message);
    desk_json_pair(&d->out, "type", status < 500 ? "invalid_request_error" : "server_error");
    desk_buf_str(&d->out, "}}\n");
}

static void answer_words(struct desk_door *d, const struct desk_job *job)
{
    d->status = 200;
    d->type = d->plain ? "text/plain; charset=utf-8" : "application/json";
    desk_buf_reset(&d->out);
    if (d->plain) {
        desk_buf_str(&d->out, desk_buf_cstr(&job->audio));
        desk_buf_chr(&d->out, '\n');
        return;
    }
    desk_buf_chr(&d->out, '{');
    desk_json_pair(&d->out, "text", desk_buf_cstr(&job->audio));
    desk_buf_str(&d->out, "}\n");
}

static void answer_sound(struct desk_door *d, const struct desk_job *job)
{
    uint8_t head[DESK_WAV_PCM_HEAD];
    size_t n = job->audio.len;
    d->status = 200;
    d->type = "audio/wav";
    desk_buf_reset(&d->out);
    desk_wav_pcm_head(head, 1, DESK_MULAW_RATE, (int64_t)n);
    desk_buf_add(&d->out, head, sizeof head);
    for (size_t i = 0; i < n; i++) {
        uint16_t s = (uint16_t)desk_mulaw_to_linear((uint8_t)job->audio.p[i]);
        const uint8_t bytes[2] = {(uint8_t)s, (uint8_t)(s >> 8)};
        desk_buf_add(&d->out, bytes, 2);
    }
}

/* What a job's failure is for a client. */
static const struct {
    enum desk_rc rc;
    int status;
    const char *message;
} failures[] = {
    {DESK_EINVAL, 400, "file is not a WAV file that can be read."},
    {DESK_EMEDIA, 400, "file is a kind of WAV that is not read here."},
    {DESK_ELIMIT, 400, "file is too long."},
};

void desk_door_answer(struct desk_door *d, const struct desk_job *job)
{
    bool heard = d->kind == DESK_DOOR_HEAR;
    enum desk_rc rc = job->rc ? job->rc : desk_buf_ok(&job->audio) ? DESK_OK : DESK_ENOMEM;
    if (!rc && heard)
        answer_words(d, job);
    else if (!rc)
        answer_sound(d, job);
    if (!rc && desk_buf_ok(&d->out))
        return;
    for (size_t i = 0; heard && i < sizeof failures / sizeof *failures; i++)
        if (failures[i].rc == rc) {
            desk_door_refuse(d, failures[i].status, failures[i].message);
            return;
        }
    desk_door_refuse(d, 503, heard ? "It could not be heard." : "It could not be spoken.");
}

/* ---- requests -------------------------------------------------------------------------------- */

static char *text_of(const struct desk_part *p, size_t most)
{
    size_t n = p ? p->len : 0;
    return p ? strndup(p->data, n < most ? n : most) : strdup("");
}

/* "a, b\nc" → one phrase a line, lower case. */
static void phrases(char *s)
{
    for (char *p = s; *p; p++) {
        if (*p == ',' || *p == '\r')
            *p = '\n';
        else if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    }
    char *out = s;
    for (char *p = s; *p; p++) { /* no space around a phrase, no empty ones */
        bool first = out == s || out[-1] == '\n';
        while (*p == '\n' && out > s && out[-1] == ' ')
            out--;
        if (!(first && (*p == ' ' || *p == '\n')))
            *out++ = *p;
    }
    while (out > s && (out[-1] == ' ' || out[-1] == '\n'))
        out--;
    *out = '\0';
}

static bool has_line(const char *lines, const char *line, size_t n)
{
    for (const char *p = lines; *p;) {
        size_t len = strcspn(p, "\n");
        if (len == n && memcmp(p, line, n) == 0)
            return true;
        p += len + (p[len] == '\n');
    }
    return false;
}

/* The client's phrases, and what callers say to any business. malloc'd; NULL: no memory. */
static char *vocabulary_of(const struct desk_part *prompt, enum desk_dialog_expect expect)
{
    struct desk_dialog_profile *nobody = calloc(1, sizeof *nobody);
    char *own = text_of(prompt, MAX_PROMPT), *usual = calloc(1, MAX_PROMPT + 1);
    struct desk_buf all;
    desk_buf_init(&all, 2 * MAX_PROMPT + 2);
    if (!nobody || !own || !usual)
        all.failed = true;
    if (own && nobody && usual) {
        own[desk_utf8_trim(own)] = '\0';
        phrases(own);
        desk_dialog_vocabulary(nobody, expect, usual, MAX_PROMPT);
        desk_buf_str(&all, own);
        for (const char *p = usual; *p;) {
            size_t n = strcspn(p, "\n");
            if (all.len && all.p[all.len - 1] != '\n')
                desk_buf_chr(&all, '\n');
            if (!has_line(own, p, n))
                desk_buf_add(&all, p, n);
            p += n + (p[n] == '\n');
        }
        desk_buf_str(&all, "");
    }
    free(nobody);
    free(own);
    free(usual);
    if (desk_buf_ok(&all) && !all.p)
        return strdup("");
    char *text = desk_buf_take(&all);
    desk_buf_clear(&all);
    return text;
}

static struct desk_job *hear(struct desk_door *d)
{
    struct desk_multipart form;
    const char *why = NULL;
    struct desk_wav wav;
    enum desk_rc rc =
        desk_multipart_parse(d->content_type, desk_buf_cstr(&d->in), d->in.len, &form);
    const struct desk_part *file = rc ? NULL : desk_multipart_find(&form, "file");
    if (rc || !file) {
        desk_door_refuse(d, rc == DESK_EMEDIA ? 415 : 400,
                         rc ? "The body must be multipart/form-data." : "file is missing.");
        return NULL;
    }
    if (desk_wav_parse((const uint8_t *)file->data, file->len, &wav, &why)) {
        desk_door_refuse(d, 400, why);
        return NULL;
    }
    struct desk_job *job = desk_job_new(DESK_JOB_HEAR, d->number, 1);
    char *expect = text_of(desk_multipart_find(&form, "expect"), 20),
         *format = text_of(desk_multipart_find(&form, "response_format"), 20);
    if (job) {
        job->expect = desk_expect_parse(expect);
        job->vocabulary = vocabulary_of(desk_multipart_find(&form, "prompt"), job->expect);
        job->wav = malloc(file->len + 1);
        job->wav_len = file->len;
    }
    bool ok = job && expect && format && job->vocabulary && job->wav;
    if (ok) {
        memcpy(job->wav, file->data, file->len);
        d->plain = strcmp(format, "text") == 0;
    } else {
        desk_job_free(job);
        job = NULL;
        desk_door_refuse(d, 503, "Out of memory.");
    }
    free(expect);
    free(format);
    return job;
}

/* What is wrong with a request to speak; NULL = nothing. */
static const char *speak_problem(const json_t *root)
{
    const char *input = json_string_value(json_object_get(root, "input"));
    const json_t *format = json_object_get(root, "response_format");
    if (!json_is_object(root))
        return "The body must be a JSON object.";
    if (!input || !*input)
        return "input is missing.";
    if (desk_utf8_count(input, strlen(input)) > DESK_MAX_INPUT)
        return "input is too long.";
    if (format && strcmp(json_string_value(format) ? json_string_value(format) : "", "wav") != 0)
        return "response_format must be wav.";
    return NULL;
}

static struct desk_job *speak(struct desk_door *d)
{
    json_t *root = json_loadb(desk_buf_cstr(&d->in), d->in.len, 0, NULL);
    const char *why = speak_problem(root),
               *voice = json_string_value(json_object_get(root, "voice"));
    struct desk_job *job = why ? NULL : desk_job_new(DESK_JOB_SPEAK, d->number, 1);
    if (job) {
        desk_buf_init(&job->audio, DESK_MAX_DOOR);
        job->text = strdup(json_string_value(json_object_get(root, "input")));
        snprintf(job->voice, sizeof job->voice, "%s", voice ? voice : "");
    }
    if (job && !job->text) {
        desk_job_free(job);
        job = NULL;
    }
    if (!job)
        desk_door_refuse(d, why ? 400 : 503, why ? why : "Out of memory.");
    json_decref(root);
    return job;
}

struct desk_job *desk_door_ask(struct desk_door *d)
{
    struct desk_job *job = NULL;
    if (!desk_buf_ok(&d->in))
        desk_door_refuse(d, 413, "The request is too long.");
    else if (d->kind == DESK_DOOR_HEAR)
        job = hear(d);
    else
        job = speak(d);
    desk_buf_clear(&d->in);
    return job;
}
