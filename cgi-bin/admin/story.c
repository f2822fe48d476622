/* "What was said" with what was done folded in, "Why did it do that?", and both as plain text. */
#include "cgi-bin/admin/admin.h"
#include "cgi-bin/words.h"
#include "base/limits.h"

#include <stdio.h>
#include <string.h>

#define SLOW_MS          1500 /* callers notice */
#define WORTH_TELLING_MS 100  /* a shorter look-up is no news */

static const char *event_words(struct desk_request *req, const struct desk_event *e)
{
    return e->detail && *e->detail ? e->detail
                                   : admin_plain_words(req->arena, e->name ? e->name : "");
}

/* ---- the view -------------------------------------------------------------------------------- */

static const char *speaker(const struct admin_facts *f, const struct desk_turn *t)
{
    if (strcmp(t->who, DESK_WHO_DESK) == 0)
        return "Frontdesk";
    return f->name ? f->first : "Caller";
}

static void int_f(struct desk_view *v, int64_t value, const char *list, size_t i, const char *name)
{
    char num[24];
    snprintf(num, sizeof num, "%lld", (long long)value);
    desk_view_setf(v, num, "%s.%zu.%s", list, i, name);
}

static void said_turn(struct desk_view *v, size_t i, const struct admin_facts *f,
                      const struct desk_turn *t)
{
    bool desk = strcmp(t->who, DESK_WHO_DESK) == 0;
    desk_view_setf(v, desk ? "desk" : "caller", "Said.%zu.Kind", i);
    desk_view_setf(v, speaker(f, t), "Said.%zu.Who", i);
    desk_view_setf(v, t->text, "Said.%zu.Text", i);
    if (t->unheard && *t->unheard)
        desk_view_setf(v, t->unheard, "Said.%zu.Unheard", i);
    if (t->how && strcmp(t->how, "keys") == 0)
        desk_view_setf(v, "1", "Said.%zu.Keys", i);
    int_f(v, t->start_ms, "Said", i, "At");
}

static void said_deed(struct desk_view *v, size_t i, const struct admin_deed *d)
{
    desk_view_setf(v, "did", "Said.%zu.Kind", i);
    desk_view_setf(v, d->words, "Said.%zu.Text", i);
    desk_view_setf(v, d->ok ? "1" : "0", "Said.%zu.Ok", i);
    int_f(v, d->at_ms, "Said", i, "At");
}

/* Where the owner can change why it did that: by how a line's name begins. */
static const struct {
    const char *begins, *href, *link;
} causes[] = {
    {"caller_exception", "/exceptions", "Who is put through"},
    {"inside_hours", "/settings/hours", "Opening hours"},
    {"outside_hours", "/settings/hours", "Opening hours"},
    {"route_", "/settings/answering", "Who answers"},
    {"answer_mode", "/settings/answering", "Who answers"},
    {"script", "/settings/scripts", "What it is told"},
    {"emergency", "/settings/urgent", "Urgent words"},
    {"escalation", "/settings/urgent", "What you hear of"},
    {"consent_said", "/settings/notices", "Privacy"},
    {"not_recorded", "/settings/notices", "Privacy"},
};

static void why_cause(struct desk_view *v, size_t i, const char *name)
{
    for (size_t k = 0; name && k < sizeof causes / sizeof *causes; k++)
        if (strncmp(name, causes[k].begins, strlen(causes[k].begins)) == 0) {
            desk_view_setf(v, causes[k].href, "Why.%zu.Href", i);
            desk_view_setf(v, causes[k].link, "Why.%zu.Link", i);
            return;
        }
}

static void why_event(struct desk_request *req, struct desk_view *v, size_t i,
                      const struct admin_facts *f, const struct desk_event *e)
{
    desk_view_setf(v, event_words(req, e), "Why.%zu.Text", i);
    why_cause(v, i, e->name);
    int_f(v, f->call->started_at + e->at_ms, "Why", i, "At");
}

static void why_deed(struct desk_view *v, size_t i, const struct admin_facts *f,
                     const struct admin_deed *d)
{
    desk_view_setf(v, d->words, "Why.%zu.Text", i);
    int_f(v, f->call->started_at + d->at_ms, "Why", i, "At");
    if (d->took_ms >= WORTH_TELLING_MS)
        int_f(v, d->took_ms, "Why", i, "Took");
}

/* Two lists by time become one: true = the next is the deed. */
static bool deed_next(const struct admin_story *s, size_t d, bool more, int64_t other_at)
{
    return d < s->n_deeds && (!more || s->deeds[d].at_ms < other_at);
}

void admin_story_view(struct desk_request *req, struct desk_view *v, const struct admin_facts *f,
                      const struct admin_story *s)
{
    size_t t = 0, d = 0, e = 0, i;
    for (i = 0; t < s->n_turns || d < s->n_deeds; i++) {
        if (deed_next(s, d, t < s->n_turns, t < s->n_turns ? s->turns[t].start_ms : 0))
            said_deed(v, i, &s->deeds[d++]);
        else
            said_turn(v, i, f, &s->turns[t++]);
    }
    for (i = 0, d = 0; e < s->n_events || d < s->n_deeds; i++) {
        if (deed_next(s, d, e < s->n_events, e < s->n_events ? s->events[e].at_ms : 0))
            why_deed(v, i, f, &s->deeds[d++]);
        else
            why_event(req, v, i, f, &s->events[e++]);
    }
    if (f->call->first_audio_ms)
        desk_view_set(v, "FirstSlow", f->call->first_audio_ms > SLOW_MS ? "1" : "0");
    if (s->n_turns >= DESK_MAX_STORY_ROWS)
        desk_view_set(v, "SaidCut", "1");
}

/* ---- plain text ------------------------------------------------------------------------------ */

static void text_turn(struct desk_buf *b, const struct admin_facts *f, const struct desk_turn *t)
{
    char mark[24];
    bool keys = t->how && strcmp(t->how, "keys") == 0;
    desk_buf_fmt(b, "%6s  %s: %s%s", desk_words_mark(mark, sizeof mark, t->start_ms), speaker(f, t),
                 keys ? "(pressed) " : "", t->text ? t->text : "");
    if (t->unheard && *t->unheard)
        desk_buf_fmt(b, " [not heard: %s]", t->unheard);
    desk_buf_chr(b, '\n');
}

void admin_story_text(struct desk_request *req, const struct admin_facts *f,
                      const struct admin_story *s)
{
    char when[64], dur[32], mark[24];
    struct desk_buf *b = &req->reply.body;
    size_t t = 0, d = 0;
    const struct desk_tz *tz = desk_page_zone(req);
    req->reply.type = "text/plain; charset=utf-8";
    desk_page_headers(req);
    desk_buf_fmt(b, "%s, %s\n", f->who, desk_when_iso(when, sizeof when, tz, f->call->started_at));
    if (!admin_running(f))
        desk_buf_fmt(b, "%s, %s\n", desk_words_dur(dur, sizeof dur, f->call->duration_ms),
                     admin_tag(f, 0)->word);
    desk_buf_fmt(b, "\n%s\n\n", admin_summary(req, f));
    while (t < s->n_turns || d < s->n_deeds) {
        if (!deed_next(s, d, t < s->n_turns, t < s->n_turns ? s->turns[t].start_ms : 0)) {
            text_turn(b, f, &s->turns[t++]);
            continue;
        }
        desk_buf_fmt(b, "%6s  * %s\n", desk_words_mark(mark, sizeof mark, s->deeds[d].at_ms),
                     s->deeds[d].words);
        d++;
    }
}
