#include "model.h"
#include "callers.h"

#include "wire/base64.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAY_MAX 8192

static bool begins(const char *p, size_t n, const char *what)
{
    size_t len = strlen(what);
    return n >= len && memcmp(p, what, len) == 0;
}

/* What follows key in the message, up to the next quote. */
static bool value_of(char *p, size_t n, const char *key, char **value, size_t *len)
{
    size_t k = strlen(key);
    char *at = memmem(p, n, key, k), *end;
    if (!at)
        return false;
    at += k;
    end = memchr(at, '"', n - (size_t)(at - p));
    if (!end)
        return false;
    *value = at;
    *len = (size_t)(end - at);
    return true;
}

void model_say(struct session *s, const char *fmt, ...)
{
    char text[SAY_MAX];
    va_list ap;
    if (!s->conn)
        return;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (n < 0 || (size_t)n >= sizeof text)
        bench_die("an event too large");
    conn_text(s->conn, text, (size_t)n);
}

/* ---- responses ------------------------------------------------------------------------------- */

void model_response(struct session *s)
{
    s->active = true;
    s->response_us = net_us();
    s->model->responses++;
    model_say(s,
              "{\"type\":\"response.created\",\"event_id\":\"event_c%u\",\"response\":{\"object\":"
              "\"realtime.response\",\"id\":\"resp_%u_%u\",\"status\":\"in_progress\",\"output\":"
              "[]}}",
              s->response, s->number, s->response);
    model_say(s,
              "{\"type\":\"response.output_item.added\",\"event_id\":\"event_a%u\",\"response_id\":"
              "\"resp_%u_%u\",\"output_index\":0,\"item\":{\"id\":\"item_%u_%u\",\"type\":"
              "\"message\",\"role\":\"assistant\",\"status\":\"in_progress\",\"content\":[]}}",
              s->response, s->number, s->response, s->number, s->response);
}

void model_done(struct session *s, const char *status)
{
    s->active = false;
    model_say(s,
              "{\"type\":\"response.done\",\"event_id\":\"event_d%u\",\"response\":{\"object\":"
              "\"realtime.response\",\"id\":\"resp_%u_%u\",\"status\":\"%s\",\"output\":[]}}",
              s->response, s->number, s->response, status);
    s->response++;
}

void model_tool(struct session *s, const char *name, const char *arguments)
{
    s->model->tools++;
    model_say(s,
              "{\"type\":\"response.output_item.done\",\"event_id\":\"event_t%u\",\"response_id\":"
              "\"resp_%u_%u\",\"output_index\":1,\"item\":{\"id\":\"fc_%u_%u\",\"type\":"
              "\"function_call\",\"status\":\"completed\",\"name\":\"%s\",\"call_id\":"
              "\"call_%u_%u\",\"arguments\":\"%s\"}}",
              s->response, s->number, s->response, s->number, s->response, name, s->number,
              s->response, arguments);
    model_done(s, "completed");
    s->tool_due = true;
}

static void words(struct session *s)
{
    model_say(s,
              "{\"type\":\"response.output_audio_transcript.done\",\"event_id\":\"event_w%u\","
              "\"response_id\":\"resp_%u_%u\",\"item_id\":\"item_%u_%u\",\"output_index\":0,"
              "\"content_index\":0,\"transcript\":\"I have noted that your tap drips. When would "
              "it suit you that Sal comes by?\"}",
              s->response, s->number, s->response, s->number, s->response);
    model_say(s,
              "{\"type\":\"conversation.item.input_audio_transcription.completed\",\"event_id\":"
              "\"event_i%u\",\"item_id\":\"heard_%u_%u\",\"content_index\":0,\"transcript\":\"My "
              "tap in the kitchen has been dripping since Tuesday.\"}",
              s->response, s->number, s->response);
}

/* A piece of transcript each 100 ms; at a response's end its words, in turns with a tool. */
static void talk(struct session *s, int64_t now)
{
    if (!s->active)
        return;
    if (s->frames % 5 == 0)
        model_say(s,
                  "{\"type\":\"response.output_audio_transcript.delta\",\"event_id\":\"event_x%u\","
                  "\"response_id\":\"resp_%u_%u\",\"item_id\":\"item_%u_%u\",\"output_index\":0,"
                  "\"content_index\":0,\"delta\":\" word\"}",
                  s->frames, s->number, s->response, s->number, s->response);
    if (now - s->response_us < (int64_t)s->model->mode.talk_ms * 1000)
        return;
    words(s);
    if (s->response % 2) {
        model_tool(s, "log_caller_info",
                   "{\\\"name\\\":\\\"Pat\\\",\\\"reason\\\":\\\"A tap drips\\\"}");
    } else {
        model_done(s, "completed");
        model_response(s);
    }
}

/* ---- audio ----------------------------------------------------------------------------------- */

static void delta(struct session *s, const char *audio, size_t n)
{
    s->model->deltas++;
    model_say(s,
              "{\"type\":\"response.output_audio.delta\",\"event_id\":\"event_%u\",\"response_id\":"
              "\"resp_%u_%u\",\"item_id\":\"item_%u_%u\",\"output_index\":0,\"content_index\":0,"
              "\"delta\":\"%.*s\"}",
              s->frames, s->number, s->response, s->number, s->response, (int)n, audio);
}

/* Audio goes out by fn frame by frame, or ten frames as one. */
static void echo(struct session *s, const char *audio, size_t n,
                 void (*fn)(struct session *, const char *, size_t))
{
    char text[4 * 1600 / 3 + 8];
    if (s->model->mode.frames <= 1) {
        fn(s, audio, n);
        return;
    }
    if (n / 4 * 3 > sizeof s->audio - s->n_audio)
        return;
    s->n_audio += desk_base64_decode_raw(s->audio + s->n_audio, audio, n);
    if (s->n_audio >= (size_t)s->model->mode.frames * 160 || s->n_audio + 162 > sizeof s->audio) {
        fn(s, text, desk_base64_encode_raw(text, s->audio, s->n_audio));
        s->n_audio = 0;
    }
}

static void on_append(struct session *s, const char *audio, size_t n)
{
    s->model->appends++;
    s->frames++;
    if (!s->caller && s->model->upon) {
        s->caller = caller_of_frame(audio, n);
        if (s->caller)
            s->model->upon(s->model, s, "heard");
    }
    if (s->mute)
        return;
    char hushed[256]; /* the soak: what comes back is not as loud as who shouts */
    bool loud = false;
    if (s->model->upon && (n = caller_hush(hushed, audio, n, &loud)))
        audio = hushed;
    if (loud)
        s->model->upon(s->model, s, "loud");
    echo(s, audio, n, delta);
    if (s->model->mode.talk)
        talk(s, net_us());
}

/* ---- what a client says ---------------------------------------------------------------------- */

static void on_session_update(struct session *s)
{
    model_say(s,
              "{\"type\":\"session.updated\",\"event_id\":\"event_su\",\"session\":{\"type\":"
              "\"realtime\",\"id\":\"sess_%u\",\"model\":\"stand-in\",\"audio\":{\"input\":{"
              "\"format\":{\"type\":\"audio/pcmu\"}},\"output\":{\"format\":{\"type\":"
              "\"audio/pcmu\"},\"voice\":\"marin\"}}}}",
              s->number);
}

static void on_response_create(struct session *s)
{
    if (s->active)
        model_say(s, "{\"type\":\"error\",\"event_id\":\"event_e\",\"error\":{\"type\":"
                     "\"invalid_request_error\",\"code\":\"conversation_already_has_active_"
                     "response\",\"message\":\"busy\"}}");
    else
        model_response(s);
    s->tool_due = false;
}

static void on_response_cancel(struct session *s)
{
    if (s->active)
        model_done(s, "cancelled");
}

static void on_item_create(struct session *s)
{
    s->model->outputs++;
}

static const struct {
    const char *type;
    void (*fn)(struct session *s);
} client_rows[] = {
    {"session.update", on_session_update},   {"response.create", on_response_create},
    {"response.cancel", on_response_cancel}, {"conversation.item.create", on_item_create},
    {"conversation.item.truncate", NULL},    {"conversation.item.delete", NULL},
    {"input_audio_buffer.clear", NULL},      {"input_audio_buffer.commit", NULL},
};

static void on_event(struct session *s, char *p, size_t n)
{
    char *v;
    size_t len;
    if (!value_of(p, n, "\"type\":\"", &v, &len))
        return;
    for (size_t i = 0; i < sizeof client_rows / sizeof *client_rows; i++) {
        if (len != strlen(client_rows[i].type) || memcmp(v, client_rows[i].type, len) != 0)
            continue;
        if (client_rows[i].fn)
            client_rows[i].fn(s);
        if (s->model->upon && s->conn)
            s->model->upon(s->model, s, client_rows[i].type);
        return;
    }
    s->model->unknown++;
}

/* ---- the raw relay's far end ----------------------------------------------------------------- */

static void media(struct session *s, const char *audio, size_t n)
{
    char text[4096];
    int m = snprintf(text, sizeof text,
                     "{\"event\":\"media\",\"streamSid\":\"%s\",\"media\":{\"payload\":\"%.*s\"}}",
                     s->stream, (int)n, audio);
    conn_text(s->conn, text, (size_t)m);
}

static void on_media(struct session *s, char *p, size_t n)
{
    char *v;
    size_t len;
    if (!value_of(p, n, "\"payload\":\"", &v, &len))
        return;
    if (!*s->stream) {
        char *sid;
        size_t k;
        if (value_of(p, n, "\"streamSid\":\"", &sid, &k) && k < sizeof s->stream)
            memcpy(s->stream, sid, k);
    }
    s->model->appends++;
    echo(s, v, len, media);
}

/* ---- sockets --------------------------------------------------------------------------------- */

static void model_text(struct conn *c, char *p, size_t n)
{
    static const char append[] = "{\"type\":\"input_audio_buffer.append\"";
    struct session *s = c->owner;
    char *v;
    size_t len;
    if (s->relay)
        on_media(s, p, n);
    else if (begins(p, n, append) && value_of(p, n, "\"audio\":\"", &v, &len))
        on_append(s, v, len);
    else
        on_event(s, p, n);
}

static void session_free(struct session *s)
{
    *s->at = s->next;
    if (s->next)
        s->next->at = s->at;
    s->model->n_sessions--;
    free(s);
}

static void model_gone(struct conn *c, int status)
{
    struct session *s = c->owner;
    (void)status;
    if (!c->open) /* it never was one: owner is still the model */
        return;
    s->conn = NULL;
    session_free(s);
}

void model_drop(struct session *s)
{
    conn_close(s->conn, false);
    s->conn = NULL;
    session_free(s);
}

static void model_opened(struct conn *c, const char *path)
{
    static unsigned number;
    struct model *m = c->owner;
    struct session *s = calloc(1, sizeof *s);
    if (!s)
        bench_die("memory");
    *s = (struct session){.model = m, .conn = c, .number = ++number, .next = m->sessions};
    s->opened_us = s->acted_us = net_us();
    s->at = &m->sessions;
    if (s->next)
        s->next->at = &s->next;
    m->sessions = s;
    m->n_sessions++;
    s->relay = strncmp(path, "/media-stream", 13) == 0;
    c->owner = s;
    if (!s->relay)
        model_say(s,
                  "{\"type\":\"session.created\",\"event_id\":\"event_sc\",\"session\":{\"id\":"
                  "\"sess_%u\",\"type\":\"realtime\"}}",
                  s->number);
    if (m->upon && !s->relay && s->conn)
        m->upon(m, s, "opened");
}

static const struct conn_calls model_calls = {
    .opened = model_opened, .text = model_text, .closed = model_gone};

void model_open(struct model *m, struct net *net, const char *cert_pem)
{
    *m = (struct model){.net = net, .mode = {.frames = 1}};
    listener_open(&m->plain, net, &model_calls, m, NULL);
    listener_open(&m->tls, net, &model_calls, m, cert_pem);
}

void model_close(struct model *m)
{
    while (m->sessions)
        model_drop(m->sessions);
    listener_close(&m->plain);
    listener_close(&m->tls);
}
