/* What Frontdesk did during a call: each kept run of a tool with the sentence noted beside it. A
 * run that failed on our side was rolled back and left only the note: it must show, too, because
 * something may have been said to the caller that is not so. */
#include "cgi-bin/admin/admin.h"
#include "base/limits.h"

#include <jansson.h>
#include <string.h>

#define BESIDE_MS 5000 /* a note is written in the transaction of its run */

/* One row per tool: words when no sentence was noted, when it worked and when not, and which
 * arguments are told. */
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
    {"capture_lead", "Wrote down a lead", "Could not write down a lead", {"name", "job"}},
    {"request_photos",
     "Asked for pictures by text",
     "Could not ask for pictures by text",
     {"what"}},
    {"log_support_ticket",
     "Opened a ticket",
     "Could not open a ticket",
     {"name", "system", "problem"}},
    {"log_vendor_call",
     "Wrote down a supplier's call",
     "Could not write down a supplier's call",
     {"vendor", "purpose", "text"}},
    {"take_message", "Took a message", "Could not take a message", {"for_name", "name", "text"}},
    {"lookup_business_info",
     "Looked up what the business says",
     "Could not look up what the business says",
     {"topic", "about"}},
    {"transfer_to_owner",
     "Putting the caller through",
     "Could not put the caller through",
     {"reason"}},
    {"end_call", "Ended the talk", "Could not end the talk", {NULL}},
};
#define N_TOOLS (sizeof tools / sizeof *tools)

static size_t row_of(const char *tool)
{
    size_t i = 0;
    while (i < N_TOOLS && strcmp(tools[i].tool, tool) != 0)
        i++;
    return i;
}

const char *admin_plain_words(struct desk_arena *a, const char *name)
{
    char *words = desk_arena_strdup(a, name);
    for (char *p = words; p && *p; p++)
        if (strchr("_.-", *p))
            *p = ' ';
    if (words && *words >= 'a' && *words <= 'z')
        *words = (char)(*words - 32);
    return words;
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

static const char *run_words(struct desk_arena *a, const struct desk_tool_run *r)
{
    struct desk_buf b;
    size_t i = row_of(r->tool);
    desk_buf_init(&b, DESK_MAX_TOOL_ARGS + 200);
    if (i < N_TOOLS) {
        desk_buf_str(&b, r->ok ? tools[i].ok : tools[i].failed);
        add_args(&b, r, tools[i].args);
    } else {
        desk_buf_str(&b, admin_plain_words(a, r->tool));
        desk_buf_str(&b, r->ok ? "" : ": did not work");
    }
    const char *words = desk_arena_strdup(a, desk_buf_cstr(&b));
    desk_buf_clear(&b);
    return words;
}

static bool is_note(const struct desk_event *e)
{
    return e->kind && strcmp(e->kind, "tool") == 0;
}

/* Takes the note out of the list: kind becomes NULL. */
static const char *take_note(struct admin_story *s, const struct desk_tool_run *r)
{
    for (size_t i = 0; i < s->n_events; i++) {
        struct desk_event *e = &s->events[i];
        int64_t apart = e->at_ms > r->at_ms ? e->at_ms - r->at_ms : r->at_ms - e->at_ms;
        if (!is_note(e) || apart > BESIDE_MS || strcmp(e->name, r->tool) != 0)
            continue;
        e->kind = NULL;
        return e->detail ? e->detail : "";
    }
    return NULL;
}

/* A note without a run. With no run of that tool at all it is one that failed. */
static struct admin_deed lone_note(struct desk_arena *a, const struct desk_event *e,
                                   const struct desk_tool_run *runs, size_t n)
{
    struct admin_deed d = {.at_ms = e->at_ms, .words = e->detail ? e->detail : e->name, .ok = true};
    size_t row = row_of(e->name);
    for (size_t i = 0; i < n; i++)
        if (strcmp(runs[i].tool, e->name) == 0)
            return d;
    d.ok = false;
    if (row < N_TOOLS)
        d.words = desk_arena_fmt(a, "%s. %s", tools[row].failed, d.words);
    return d;
}

static void sort(struct admin_deed *v, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct admin_deed d = v[i];
        size_t k = i;
        for (; k && v[k - 1].at_ms > d.at_ms; k--)
            v[k] = v[k - 1];
        v[k] = d;
    }
}

static enum desk_rc make_deeds(struct desk_arena *a, struct admin_story *s,
                               const struct desk_tool_run *runs, size_t n)
{
    size_t kept = 0;
    s->deeds = desk_arena_alloc(a, (n + s->n_events + 1) * sizeof *s->deeds);
    if (!s->deeds)
        return DESK_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        const struct desk_tool_run *r = &runs[i];
        const char *note = take_note(s, r);
        s->deeds[s->n_deeds++] =
            (struct admin_deed){.at_ms = r->at_ms,
                                .took_ms = r->took_ms,
                                .ok = r->ok,
                                .words = r->ok && note && *note ? note : run_words(a, r)};
    }
    for (size_t i = 0; i < s->n_events; i++) {
        if (is_note(&s->events[i]))
            s->deeds[s->n_deeds++] = lone_note(a, &s->events[i], runs, n);
        else if (s->events[i].kind)
            s->events[kept++] = s->events[i];
    }
    s->n_events = kept;
    sort(s->deeds, s->n_deeds);
    return DESK_OK;
}

enum desk_rc admin_story_load(struct desk_request *req, const struct desk_call *call,
                              struct admin_story *s)
{
    const char *tenant = req->tenant.id;
    struct desk_tool_run *runs = NULL;
    size_t n = 0;
    memset(s, 0, sizeof *s);
    enum desk_rc rc = desk_turn_list(req->db, req->arena, tenant, call->id, DESK_MAX_STORY_ROWS,
                                     &s->turns, &s->n_turns);
    if (!rc)
        rc = desk_event_list(req->db, req->arena, tenant, call->id, DESK_MAX_STORY_ROWS, &s->events,
                             &s->n_events);
    if (!rc)
        rc = desk_tool_run_list(req->db, req->arena, tenant, call->id, &runs, &n);
    return rc ? rc : make_deeds(req->arena, s, runs, n);
}
