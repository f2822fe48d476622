#include "cli/call_print.h"
#include "base/limits.h"
#include "wire/json_out.h"

#include <stdlib.h>
#include <string.h>

/* Events that read better in a sentence of their own, and those only --verbose shows. */
static const struct kind_row {
    const char *kind, *before, *after;
    bool small;
} kinds[] = {
    {"say", "says: ", "", false},        {"audio", "plays ", "", false},
    {"play", "plays ", "", false},       {"press", "presses ", "", false},
    {"error", "error: ", "", false},     {"warning", "warning: ", "", false},
    {"mark", "mark played: ", "", true}, {"first-audio", "", "", true},
};

static const struct kind_row *kind_find(const char *kind)
{
    static const struct kind_row plain = {"", "", "", false};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].kind, kind) == 0)
            return &kinds[i];
    }
    return &plain;
}

/* One whole line at a time, also from many threads. */
static void line_put(FILE *out, struct desk_buf *line)
{
    desk_buf_chr(line, '\n');
    if (desk_buf_ok(line)) {
        fwrite(line->p, 1, line->len, out);
        fflush(out);
    }
    desk_buf_clear(line);
}

/* Text of a peer, without what could move the cursor. */
static void text_put(struct desk_buf *line, const char *s)
{
    for (; *s; s++)
        desk_buf_chr(line, (unsigned char)*s < 0x20 || *s == 0x7f ? ' ' : *s);
}

static void event_text(struct desk_buf *line, const struct desk_sim_event *ev)
{
    const struct kind_row *row = kind_find(ev->kind);
    bool code =
        ev->value > 0 && (strcmp(ev->kind, "error") == 0 || strcmp(ev->kind, "warning") == 0);

    desk_buf_fmt(line, "%7.2fs  %-12s  %s", (double)ev->t_ms / 1000.0, ev->who, row->before);
    if (code)
        desk_buf_fmt(line, "%ld ", ev->value);
    text_put(line, ev->text);
    desk_buf_str(line, row->after);
}

void desk_sim_print_event(FILE *out, const struct desk_sim_event *ev, bool json, bool verbose)
{
    struct desk_buf line;

    if (!json && !verbose && kind_find(ev->kind)->small)
        return;
    desk_buf_init(&line, DESK_MAX_SIM_MSG);
    if (json) {
        desk_buf_chr(&line, '{');
        desk_json_pair_int(&line, "t_ms", ev->t_ms);
        desk_json_pair(&line, "event", ev->kind);
        desk_json_pair(&line, "who", ev->who);
        desk_json_pair(&line, "text", ev->text);
        if (ev->value >= 0)
            desk_json_pair_int(&line, "value", ev->value);
        desk_json_pair(&line, "call_sid", ev->call_sid);
        desk_buf_chr(&line, '}');
    } else {
        event_text(&line, ev);
    }
    line_put(out, &line);
}

static void result_json(struct desk_buf *b, const struct desk_sim_result *r)
{
    const struct {
        const char *key;
        long value; /* -1 = left out */
    } numbers[] = {
        {"duration_ms", r->duration_ms},
        {"webhook_ms", r->webhook_ms},
        {"heard_ms", r->heard_ms},
        {"first_audio_ms", r->first_audio_ms},
        {"barge_in_ms", r->barge_in_ms},
        {"barge_ins", r->barge_ins},
        {"documents", r->documents},
        {"streams", r->streams},
        {"stream_errors", r->stream_errors},
        {"marks", r->marks},
        {"clears", r->clears},
        {"gaps", r->gaps},
        {"gap_ms", r->gap_ms},
        {"unplayed_ms", r->unplayed_ms},
        {"bytes_in", r->bytes_in},
        {"bytes_out", r->bytes_out},
        {"error", r->error},
        {"warnings", r->warnings},
    };

    desk_buf_chr(b, '{');
    desk_json_pair(b, "event", "summary");
    desk_json_pair(b, "call_sid", r->call_sid);
    desk_json_pair_bool(b, "ok", r->ok);
    desk_json_pair_bool(b, "answered", r->answered);
    desk_json_pair(b, "ended", desk_sim_end_name(r->end));
    desk_json_pair(b, "why", r->why);
    desk_json_pair_bool(b, "fallback", r->fallback);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (numbers[i].value >= 0)
            desk_json_pair_int(b, numbers[i].key, numbers[i].value);
    }
    desk_buf_chr(b, '}');
}

static void result_text(struct desk_buf *b, const struct desk_sim_result *r, long no)
{
    if (no > 0)
        desk_buf_fmt(b, "#%-3ld ", no);
    desk_buf_fmt(b, "%s  %s, %.1f s", r->ok ? "ok    " : "FAILED",
                 r->answered ? "answered" : "not answered", (double)r->duration_ms / 1000.0);
    if (r->first_audio_ms >= 0)
        desk_buf_fmt(b, ", first audio after %ld ms", r->first_audio_ms);
    else if (r->heard_ms >= 0)
        desk_buf_fmt(b, ", first heard after %ld ms", r->heard_ms);
    if (r->barge_in_ms >= 0)
        desk_buf_fmt(b, ", stopped for the caller in %ld ms", r->barge_in_ms);
    if (r->gaps > 0)
        desk_buf_fmt(b, ", %d gaps (%ld ms)", r->gaps, r->gap_ms);
    if (r->fallback)
        desk_buf_fmt(b, ", by the fallback (error %d)", r->error);
    else if (r->error)
        desk_buf_fmt(b, ", error %d", r->error);
    desk_buf_fmt(b, "; %s", r->why);
}

void desk_sim_print_result(FILE *out, const struct desk_sim_result *r, bool json, long no)
{
    struct desk_buf line;

    desk_buf_init(&line, DESK_MAX_SIM_MSG);
    if (json)
        result_json(&line, r);
    else
        result_text(&line, r, no);
    line_put(out, &line);
}

static int by_value(const void *a, const void *b)
{
    long x = *(const long *)a, y = *(const long *)b;

    return x < y ? -1 : x > y;
}

void desk_sim_print_total(FILE *out, const struct desk_sim_result *r, size_t n, bool json)
{
    size_t ok = 0, answered = 0, heard = 0;
    long *first = calloc(n ? n : 1, sizeof *first);
    struct desk_buf line;

    for (size_t i = 0; i < n; i++) {
        ok += r[i].ok;
        answered += r[i].answered;
        if (first && r[i].first_audio_ms >= 0)
            first[heard++] = r[i].first_audio_ms;
    }
    if (heard > 0)
        qsort(first, heard, sizeof *first, by_value);
    desk_buf_init(&line, DESK_MAX_SIM_MSG);
    if (json) {
        desk_buf_chr(&line, '{');
        desk_json_pair(&line, "event", "total");
        desk_json_pair_int(&line, "calls", (long long)n);
        desk_json_pair_int(&line, "answered", (long long)answered);
        desk_json_pair_int(&line, "ok", (long long)ok);
        if (heard > 0) {
            desk_json_pair_int(&line, "first_audio_median_ms", first[heard / 2]);
            desk_json_pair_int(&line, "first_audio_max_ms", first[heard - 1]);
        }
        desk_buf_chr(&line, '}');
    } else {
        desk_buf_fmt(&line, "%zu calls: %zu answered, %zu ended properly, %zu failed", n, answered,
                     ok, n - ok);
        if (heard > 0)
            desk_buf_fmt(&line, "; first audio %ld ms in the middle, %ld ms at worst",
                         first[heard / 2], first[heard - 1]);
    }
    line_put(out, &line);
    free(first);
}
