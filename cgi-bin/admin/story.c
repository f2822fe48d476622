/* "What was said" with what was done folded in, "Why did it do that?", and both as plain text. */
#include "cgi-bin/admin/admin.h"
#include "cgi-bin/words.h"
#include "base/limits.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum desk_rc admin_story_load(struct desk_request *req, const struct desk_call *call,
                              struct admin_story *s)
{
    const char *tenant = req->tenant.id;
    memset(s, 0, sizeof *s);
    enum desk_rc rc = desk_turn_list(req->db, req->arena, tenant, call->id, DESK_MAX_STORY_ROWS,
                                     &s->turns, &s->n_turns);
    if (!rc)
        rc = desk_event_list(req->db, req->arena, tenant, call->id, DESK_MAX_STORY_ROWS, &s->events,
                             &s->n_events);
    if (!rc)
        rc = desk_tool_run_list(req->db, req->arena, tenant, call->id, &s->tools, &s->n_tools);
    return rc;
}

/* ---- what was done, in words -------------------------------------------------------------------
 */

/* One row per tool: words when it worked and when not, and which arguments are told. */
static const struct {
    const char *tool, *ok, *failed;
    const char *args[5];
} tools[] = {
    {"schedule_callback",
     "Put a callback on your list",
     "Could not put a callback on your list",
     {"name", "when_text", "reason"}},
    {"log_caller_info",
     "Wrote down",
     "Could not write down",
     {"name", "company", "email", "reason"}},
    {"transfer_to_owner", "Put the caller through", "Could not put the caller through", {"reason"}},
    {"end_call", "Said goodbye", "Could not end the call", {NULL}},
};
#define N_TOOLS (sizeof tools / sizeof *tools)

/* "check_stock" → "Check stock": for names no table knows. */
static void plain_words(struct desk_buf *out, const char *name)
{
    for (size_t i = 0; name[i]; i++) {
        char c = name[i] == '_' || name[i] == '.' || name[i] == '-' ? ' ' : name[i];
        desk_buf_chr(out, i == 0 && c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
    }
}

static void add_args(struct desk_buf *out, const struct desk_tool_run *r, const char *const *names)
{
    size_t n = 0;
    json_t *args = r->args ? json_loads(r->args, 0, NULL) : NULL;
    for (size_t i = 0; i < 5 && names[i]; i++) {
        const char *s = json_string_value(json_object_get(args, names[i]));
        if (!s || !*s)
            continue;
        desk_buf_str(out, n++ ? ", " : ": ");
        desk_buf_str(out, s);
    }
    json_decref(args);
}

static const char *tool_words(struct desk_request *req, const struct desk_tool_run *r)
{
    struct desk_buf b;
    size_t i = 0;
    desk_buf_init(&b, DESK_MAX_TOOL_ARGS);
    while (i < N_TOOLS && strcmp(tools[i].tool, r->tool) != 0)
        i++;
    if (i < N_TOOLS) {
        desk_buf_str(&b, r->ok ? tools[i].ok : tools[i].failed);
        add_args(&b, r, tools[i].args);
    } else {
        plain_words(&b, r->tool);
        desk_buf_str(&b, r->ok ? "" : ": did not work");
    }
    const char *words = desk_arena_strdup(req->arena, desk_buf_cstr(&b));
    desk_buf_clear(&b);
    return words ? words : "";
}

static const char *event_words(struct desk_request *req, const struct desk_event *e)
{
    struct desk_buf b;
    if (e->detail && *e->detail)
        return e->detail;
    desk_buf_init(&b, 400);
    plain_words(&b, e->name ? e->name : "");
    const char *words = desk_arena_strdup(req->arena, desk_buf_cstr(&b));
    desk_buf_clear(&b);
    return words ? words : "";
}

/* ---- the view ----------------------------------------------------------------------------------
 */

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

static void said_tool(struct desk_request *req, struct desk_view *v, size_t i,
                      const struct desk_tool_run *r)
{
    desk_view_setf(v, "did", "Said.%zu.Kind", i);
    desk_view_setf(v, tool_words(req, r), "Said.%zu.Text", i);
    desk_view_setf(v, r->ok ? "1" : "0", "Said.%zu.Ok", i);
    int_f(v, r->at_ms, "Said", i, "At");
}

static void why_event(struct desk_request *req, struct desk_view *v, size_t i,
                      const struct admin_facts *f, const struct desk_event *e)
{
    desk_view_setf(v, event_words(req, e), "Why.%zu.Text", i);
    int_f(v, f->call->started_at + e->at_ms, "Why", i, "At");
}

static void why_tool(struct desk_request *req, struct desk_view *v, size_t i,
                     const struct admin_facts *f, const struct desk_tool_run *r)
{
    desk_view_setf(v, tool_words(req, r), "Why.%zu.Text", i);
    int_f(v, f->call->started_at + r->at_ms, "Why", i, "At");
    int_f(v, r->took_ms, "Why", i, "Took");
}

/* A tool run has its own line, with how long it took. */
static bool told_by_tool(const struct desk_event *e)
{
    return e->kind && strcmp(e->kind, "tool") == 0;
}

void admin_story_view(struct desk_request *req, struct desk_view *v, const struct admin_facts *f,
                      const struct admin_story *s)
{
    size_t t = 0, r = 0, e = 0, i;
    for (i = 0; t < s->n_turns || r < s->n_tools; i++) {
        if (t < s->n_turns && (r == s->n_tools || s->turns[t].start_ms <= s->tools[r].at_ms))
            said_turn(v, i, f, &s->turns[t++]);
        else
            said_tool(req, v, i, &s->tools[r++]);
    }
    for (i = 0, r = 0; e < s->n_events || r < s->n_tools;) {
        if (e < s->n_events && told_by_tool(&s->events[e]))
            e++;
        else if (e < s->n_events && (r == s->n_tools || s->events[e].at_ms <= s->tools[r].at_ms))
            why_event(req, v, i++, f, &s->events[e++]);
        else
            why_tool(req, v, i++, f, &s->tools[r++]);
    }
    if (f->call->first_audio_ms)
        desk_view_set(v, "FirstSlow", f->call->first_audio_ms > 1500 ? "1" : "0");
    if (s->n_turns >= DESK_MAX_STORY_ROWS)
        desk_view_set(v, "SaidCut", "1");
}

/* ---- plain text --------------------------------------------------------------------------------
 */

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
    size_t t = 0, r = 0;
    const struct desk_tz *tz = desk_page_zone(req);
    req->reply.type = "text/plain; charset=utf-8";
    desk_page_headers(req);
    desk_buf_fmt(b, "%s, %s\n", f->who, desk_when_iso(when, sizeof when, tz, f->call->started_at));
    if (!admin_running(f))
        desk_buf_fmt(b, "%s, %s\n", desk_words_dur(dur, sizeof dur, f->call->duration_ms),
                     admin_tag(f, 0)->word);
    desk_buf_fmt(b, "\n%s\n\n", admin_summary(req, f));
    while (t < s->n_turns || r < s->n_tools) {
        if (t < s->n_turns && (r == s->n_tools || s->turns[t].start_ms <= s->tools[r].at_ms)) {
            text_turn(b, f, &s->turns[t++]);
        } else {
            desk_buf_fmt(b, "%6s  * %s\n", desk_words_mark(mark, sizeof mark, s->tools[r].at_ms),
                         tool_words(req, &s->tools[r]));
            r++;
        }
    }
}
