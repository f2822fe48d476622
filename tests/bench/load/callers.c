#include "callers.h"

#include "wire/base64.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LATE_US  10000  /* a frame sent so long after its time is the load's own trouble */
#define GRACE_US 600000 /* for the last counted frames to come back */
#define DIAL_US  3000   /* between two calls */

/* What lies at the beginning of each frame's 160 bytes: four bits in a sample, all of them as quiet
 * as µ-law can be, so that the frame is silence to who listens. */
struct stamp {
    int64_t sent_us;
    uint32_t frame;
    uint32_t caller;
    uint16_t magic;
};
enum { STAMP_RAW = 18, STAMP_BYTES = 36, STAMP_TEXT = 48, FRAME_BYTES = 160, MAGIC = 0x5ad5 };

static void stamp_write(char text[STAMP_TEXT], const struct caller *c, int64_t now)
{
    unsigned char raw[STAMP_RAW], quiet[STAMP_BYTES];
    uint32_t frame = (uint32_t)c->frames, number = c->number;
    uint16_t magic = MAGIC;
    memcpy(raw, &now, 8);
    memcpy(raw + 8, &frame, 4);
    memcpy(raw + 12, &number, 4);
    memcpy(raw + 16, &magic, 2);
    for (size_t i = 0; i < sizeof quiet; i++)
        quiet[i] = (unsigned char)(0xf0 | (i % 2 ? raw[i / 2] >> 4 : raw[i / 2] & 15));
    desk_base64_encode_raw(text, quiet, sizeof quiet);
}

static bool stamp_read(struct stamp *s, const unsigned char *quiet)
{
    unsigned char raw[STAMP_RAW];
    for (size_t i = 0; i < sizeof raw; i++)
        raw[i] = (unsigned char)((quiet[2 * i] & 15) | (quiet[2 * i + 1] & 15) << 4);
    memcpy(&s->sent_us, raw, 8);
    memcpy(&s->frame, raw + 8, 4);
    memcpy(&s->caller, raw + 12, 4);
    memcpy(&s->magic, raw + 16, 2);
    return s->magic == MAGIC;
}

uint32_t caller_of_frame(const char *base64, size_t n)
{
    unsigned char raw[STAMP_BYTES];
    struct stamp s;
    bool whole = n >= STAMP_TEXT && desk_base64_decode_raw(raw, base64, STAMP_TEXT) == STAMP_BYTES;
    return whole && stamp_read(&s, raw) ? s.caller : 0;
}

/* The rest of a frame, as text: silence; 250 Hz as loud as it gets, and not so loud, as a voice
 * changes; a rushing noise at about -30 dB, which a listener has to think about. */
enum rest { REST_SILENCE, REST_LOUD, REST_LOWER, REST_NOISE, REST__MAX };

static const char *rest_of_frame(enum rest what)
{
    static char texts[REST__MAX][256];
    if (*texts[what])
        return texts[what];
    unsigned char v[FRAME_BYTES - STAMP_BYTES];
    uint32_t random = 1;
    for (size_t i = 0; i < sizeof v; i++) {
        random = random * 1664525u + 1013904223u;
        v[i] = (unsigned char)(what == REST_SILENCE ? 0xff
                               : what == REST_LOUD  ? (i / 16 % 2 ? 0x80 : 0x00)
                               : what == REST_LOWER ? (i / 16 % 2 ? 0xa8 : 0x28)
                                                    : (random >> 24 & 0x8f) | 0x20);
    }
    desk_base64_encode_raw(texts[what], v, sizeof v);
    return texts[what];
}

#define HUSHED 256 /* bytes of text, as the header says */

size_t caller_hush(char *text, const char *base64, size_t n, bool *loud)
{
    const char *silence = rest_of_frame(REST_SILENCE);
    if (n < STAMP_TEXT)
        return 0;
    *loud = strncmp(base64 + STAMP_TEXT, silence, n - STAMP_TEXT) != 0;
    return (size_t)snprintf(text, HUSHED, "%.48s%s", base64, silence);
}

/* ---- what we say ----------------------------------------------------------------------------- */

void caller_frame(struct caller *c, int64_t now)
{
    char text[512], stamp[STAMP_TEXT];
    struct load *l = c->load;
    enum rest voice = c->frames / 5 % 2 ? REST_LOUD : REST_LOWER;
    const char *rest = rest_of_frame(c->loud ? voice : l->noise ? REST_NOISE : REST_SILENCE);
    c->frames++;
    stamp_write(stamp, c, now);
    int n = snprintf(text, sizeof text,
                     "{\"event\":\"media\",\"sequenceNumber\":\"%llu\",\"media\":{\"track\":"
                     "\"inbound\",\"chunk\":\"%llu\",\"timestamp\":\"%llu\",\"payload\":\"%.48s%s"
                     "\"},\"streamSid\":\"MZ%032x\"}",
                     (unsigned long long)c->frames + 1, (unsigned long long)c->frames,
                     (unsigned long long)c->frames * 20, stamp, rest, c->number);
    conn_text(c->conn, text, (size_t)n);
    if (now >= l->from_us && now < l->to_us)
        l->sent++;
}

static void say_start(struct caller *c)
{
    static const char connected[] =
        "{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0.0\"}";
    char text[768];
    conn_text(c->conn, connected, sizeof connected - 1);
    int n = snprintf(text, sizeof text,
                     "{\"event\":\"start\",\"sequenceNumber\":\"1\",\"start\":{\"accountSid\":"
                     "\"AC00000000000000000000000000000000\",\"streamSid\":\"MZ%032x\",\"callSid\":"
                     "\"%s\",\"tracks\":[\"inbound\"],\"mediaFormat\":{\"encoding\":"
                     "\"audio/x-mulaw\",\"sampleRate\":8000,\"channels\":1},\"customParameters\":"
                     "{\"token\":\"%s\"}},\"streamSid\":\"MZ%032x\"}",
                     c->number, c->ticket.sid, c->ticket.token, c->number);
    conn_text(c->conn, text, (size_t)n);
    c->streaming = true;
}

static void say_mark(struct caller *c, const char *name)
{
    char text[256];
    int n = snprintf(text, sizeof text,
                     "{\"event\":\"mark\",\"sequenceNumber\":\"%llu\",\"streamSid\":\"MZ%032x\","
                     "\"mark\":{\"name\":\"%s\"}}",
                     (unsigned long long)c->frames + 1, c->number, name);
    conn_text(c->conn, text, (size_t)n);
}

void caller_marks(struct caller *c, int64_t now)
{
    while (c->conn && c->marks_out != c->marks_in &&
           c->marks[c->marks_out % MARKS_MAX].due_us <= now)
        say_mark(c, c->marks[c->marks_out++ % MARKS_MAX].name);
}

void caller_stop(struct caller *c)
{
    char text[256];
    if (!c->conn)
        return;
    if (c->streaming) {
        int n = snprintf(text, sizeof text,
                         "{\"event\":\"stop\",\"sequenceNumber\":\"%llu\",\"streamSid\":\"MZ%032x\""
                         ",\"stop\":{\"accountSid\":\"AC00000000000000000000000000000000\","
                         "\"callSid\":\"%s\"}}",
                         (unsigned long long)c->frames + 2, c->number, c->ticket.sid);
        conn_text(c->conn, text, (size_t)n);
    }
    conn_close(c->conn, true);
    c->conn = NULL;
}

/* ---- what we hear ---------------------------------------------------------------------------- */

static void one_frame_back(struct caller *c, const struct stamp *s, bool timed, int64_t now)
{
    struct load *l = c->load;
    c->back++;
    if (s->frame > c->last_back) {
        c->gaps += s->frame - c->last_back - 1;
        if (c->last_back == 0)
            c->gap_first = c->gaps;
        c->last_back = s->frame;
    }
    if (s->sent_us < l->from_us || s->sent_us >= l->to_us)
        return;
    l->got++;
    int64_t bin = (now - s->sent_us) / 10;
    if (timed)
        l->times[bin < 0 ? 0 : bin < TIME_BINS ? bin : TIME_BINS - 1]++;
}

static void on_audio(struct caller *c, const char *p, size_t n)
{
    static uint8_t raw[65536];
    struct stamp s;
    int64_t now = net_us();
    size_t bytes = n < sizeof raw ? desk_base64_decode_raw(raw, p, n) : DESK_BASE64_BAD;
    if (bytes == DESK_BASE64_BAD)
        bench_die("audio that is no base64");
    if (c->play_end_us < now)
        c->play_end_us = now;
    c->play_end_us += (int64_t)bytes * 125;
    for (size_t at = 0; at + FRAME_BYTES <= bytes; at += FRAME_BYTES)
        if (stamp_read(&s, raw + at) && s.caller == c->number)
            one_frame_back(c, &s, at + 2 * FRAME_BYTES > bytes, now);
}

static bool text_of(const char *p, size_t n, const char *key, const char **v, size_t *len)
{
    size_t k = strlen(key);
    const char *at = memmem(p, n, key, k), *end;
    if (!at)
        return false;
    at += k;
    end = memchr(at, '"', n - (size_t)(at - p));
    *v = at;
    *len = end ? (size_t)(end - at) : 0;
    return end != NULL;
}

static void on_mark(struct caller *c, const char *name, size_t n)
{
    struct mark *m = &c->marks[c->marks_in % MARKS_MAX];
    if (c->marks_in - c->marks_out == MARKS_MAX || n >= sizeof m->name)
        return;
    c->marks_in++;
    m->due_us = c->play_end_us;
    memcpy(m->name, name, n);
    m->name[n] = '\0';
}

static void on_clear(struct caller *c)
{
    c->clears++;
    c->play_end_us = 0;
    while (c->conn && c->marks_out != c->marks_in)
        say_mark(c, c->marks[c->marks_out++ % MARKS_MAX].name);
}

static void caller_text(struct conn *conn, char *p, size_t n)
{
    struct caller *c = conn->owner;
    const char *v;
    size_t len;
    if (text_of(p, n, "\"payload\":\"", &v, &len))
        on_audio(c, v, len);
    else if (text_of(p, n, "\"name\":\"", &v, &len))
        on_mark(c, v, len);
    else if (memmem(p, n, "\"clear\"", 7))
        on_clear(c);
}

static void caller_opened(struct conn *conn, const char *path)
{
    struct caller *c = conn->owner;
    (void)path;
    if (c->plan == 0) /* the soak says it when it likes */
        say_start(c);
}

static void caller_gone(struct conn *conn, int status)
{
    struct caller *c = conn->owner;
    c->conn = NULL;
    c->gone = true;
    c->status = status;
}

static const struct conn_calls caller_calls = {
    .opened = caller_opened, .text = caller_text, .closed = caller_gone};

void caller_dial(struct caller *c)
{
    c->begun_us = net_us();
    c->conn = conn_dial(c->load->net, c->load->port, "/media-stream", &caller_calls, c);
}

void caller_start(struct caller *c)
{
    say_start(c);
}

/* ---- all of them ----------------------------------------------------------------------------- */

void load_open(struct load *l, struct net *net, int port)
{
    *l = (struct load){.net = net, .port = port, .from_us = INT64_MAX};
    l->callers = calloc(CALLER_MAX, sizeof *l->callers);
    l->times = calloc(TIME_BINS, sizeof *l->times);
    if (!l->callers || !l->times)
        bench_die("memory");
}

void load_clear(struct load *l)
{
    free(l->callers);
    free(l->times);
}

/* Each call has its own place in the 20 ms; what is due by now is sent. Returns when the next is.
 */
static int64_t send_due(struct load *l)
{
    for (;;) {
        int64_t now = net_us();
        int64_t due = l->base_us + (int64_t)(l->turn * FRAME_US / l->n);
        if (due > now)
            return due - now;
        struct caller *c = &l->callers[l->turn++ % l->n];
        if (!c->streaming || !c->conn)
            continue;
        if (now - due > LATE_US && now >= l->from_us && now < l->to_us)
            l->late++;
        caller_marks(c, now);
        if (c->conn)
            caller_frame(c, now);
    }
}

void load_run(struct load *l, int64_t us)
{
    int64_t end = net_us() + us;
    for (int64_t now; (now = net_us()) < end;) {
        int64_t wait = send_due(l);
        net_round(l->net, wait < end - now ? wait : end - now);
    }
}

static bool all_back(const struct load *l)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->callers[i].back == 0)
            return false;
    return true;
}

bool load_grow(struct load *l, struct world *w, size_t n, int64_t patience_us)
{
    static unsigned number;
    size_t had = l->n;
    struct ticket *t = calloc(n, sizeof *t);
    if (!t || n > CALLER_MAX || n < had)
        bench_die("memory");
    world_tickets(w, t, n - had);
    for (size_t i = had; i < n; i++)
        l->callers[i] = (struct caller){.load = l, .number = ++number, .ticket = t[i - had]};
    free(t);
    l->n = n;
    l->base_us = net_us();
    l->turn = 0;
    for (size_t i = had; i < n; i++) {
        caller_dial(&l->callers[i]);
        load_run(l, DIAL_US);
    }
    int64_t end = net_us() + patience_us;
    while (!all_back(l) && net_us() < end && load_gone(l) == 0)
        load_run(l, 50000);
    return all_back(l) && load_gone(l) == 0;
}

void load_measure(struct load *l, int64_t us)
{
    memset(l->times, 0, TIME_BINS * sizeof *l->times);
    l->sent = l->got = l->late = 0;
    l->from_us = net_us();
    l->to_us = l->from_us + us;
    load_run(l, us + GRACE_US);
    l->from_us = INT64_MAX;
}

void load_end(struct load *l)
{
    for (size_t i = 0; i < l->n; i++)
        caller_stop(&l->callers[i]);
    for (int64_t end = net_us() + 1500000; net_us() < end;)
        net_round(l->net, 10000);
    l->n = 0;
}

size_t load_gone(const struct load *l)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++)
        n += l->callers[i].gone;
    return n;
}

int64_t load_time_us(const struct load *l, double share)
{
    uint64_t all = 0, sum = 0;
    for (size_t i = 0; i < TIME_BINS; i++)
        all += l->times[i];
    for (size_t i = 0; i < TIME_BINS; i++) {
        sum += l->times[i];
        if (all && (double)sum >= share * (double)all)
            return (int64_t)i * 10;
    }
    return 0;
}
