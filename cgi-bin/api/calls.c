/* GET /v1/calls and /v1/calls/:id. Every query is given the token's business: a call of another one
 * is not there at all. */
#include "cgi-bin/api/api.h"
#include "cgi-bin/api/rest.h"
#include "base/limits.h"
#include "store/attention.h"
#include "store/call_after.h"
#include "store/calls.h"
#include "store/conversation.h"
#include "store/results.h"
#include "store/usage.h"

#include <jansson.h>
#include <string.h>

/* A call, and how it ended in one word ("decision": null while it runs). */
static json_t *call_json(const struct desk_call *c)
{
    json_t *root = desk_fields_json(&desk_call_fields, c);
    const char *decision = desk_call_decision(c);
    if (root &&
        json_object_set_new(root, "decision", decision ? json_string(decision) : json_null())) {
        json_decref(root);
        return NULL;
    }
    return root;
}

static json_t *calls_json(const struct desk_call *calls, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < n; i++)
        if (json_array_append_new(list, call_json(&calls[i]))) {
            json_decref(list);
            return NULL;
        }
    return list;
}

/* ---- list ------------------------------------------------------------------------------------ */

enum desk_rc api_calls_list(struct desk_request *req)
{
    static const struct desk_call_filter all; /* zeros show everything */
    struct desk_place after, last;
    struct desk_call *calls;
    size_t max, n;
    enum desk_rc rc = rest_cursor(req, &after, &max);
    if (!rc)
        rc = desk_call_find(req->db, req->arena, req->tenant.id, &all, after.when, after.id,
                            max + 1, &calls, &n);
    if (rc)
        return rc;
    bool more = n > max;
    n = more ? max : n;
    if (more)
        last = desk_page_place(&desk_page_calls, &calls[n - 1]);
    return rest_reply_list(req, "calls", calls_json(calls, n), more ? &last : NULL);
}

/* ---- one ------------------------------------------------------------------------------------- */

/* Adds rows under name; false when out of memory. */
static bool add_rows(json_t *root, const char *name, const struct desk_fields *f, const void *rows,
                     size_t n)
{
    json_t *list = rest_rows_json(f, rows, n);
    return list && json_object_set_new(root, name, list) == 0;
}

/* Arguments and result of a tool are JSON in the database: objects here, not text in text. */
static void unfold(json_t *runs)
{
    static const char *const names[] = {"args", "result"};
    size_t i;
    json_t *run;
    json_array_foreach(runs, i, run)
    {
        for (size_t k = 0; k < 2; k++) {
            const char *text = json_string_value(json_object_get(run, names[k]));
            json_t *v = text ? json_loads(text, 0, NULL) : NULL;
            if (v)
                json_object_set_new(run, names[k], v);
        }
    }
}

struct parts {
    struct desk_turn *turns;
    struct desk_event *events;
    struct desk_tool_run *runs;
    struct desk_callback *callbacks;
    struct desk_message *messages;
    struct desk_attention *undone;
    struct desk_usage *usage;
    size_t n_turns, n_events, n_runs, n_callbacks, n_messages, n_undone, n_usage;
    struct desk_call_after after; /* id NULL: not yet */
};

static enum desk_rc load_after(struct desk_request *req, const struct desk_call *c, struct parts *p)
{
    const char *t = c->tenant_id;
    enum desk_rc rc =
        desk_attention_by_call(req->db, req->arena, t, c->id, &p->undone, &p->n_undone);
    if (!rc)
        rc = desk_usage_by_call(req->db, req->arena, t, c->id, &p->usage, &p->n_usage);
    if (!rc)
        rc = desk_call_after_get(req->db, req->arena, t, c->id, &p->after);
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

/* "notes": what was written once the call was over; null before. */
static bool add_notes(json_t *root, const struct desk_call_after *r)
{
    static const char *const folded[] = {"facts", "cost"};
    json_t *notes = r->id ? desk_fields_json(&desk_call_after_fields, r) : json_null();
    for (size_t i = 0; r->id && i < 2; i++) {
        const char *text = json_string_value(json_object_get(notes, folded[i]));
        json_t *v = text ? json_loads(text, 0, NULL) : NULL;
        if (v)
            json_object_set_new(notes, folded[i], v);
    }
    return json_object_set_new(root, "notes", notes) == 0;
}

static enum desk_rc load_parts(struct desk_request *req, const struct desk_call *c, struct parts *p)
{
    const char *t = c->tenant_id;
    enum desk_rc rc =
        desk_turn_list(req->db, req->arena, t, c->id, DESK_MAX_STORY_ROWS, &p->turns, &p->n_turns);
    if (!rc)
        rc = desk_event_list(req->db, req->arena, t, c->id, DESK_MAX_STORY_ROWS, &p->events,
                             &p->n_events);
    if (!rc)
        rc = desk_tool_run_list(req->db, req->arena, t, c->id, &p->runs, &p->n_runs);
    if (!rc)
        rc = desk_callback_by_call(req->db, req->arena, t, c->id, &p->callbacks, &p->n_callbacks);
    if (!rc)
        rc = desk_message_by_call(req->db, req->arena, t, c->id, &p->messages, &p->n_messages);
    return rc ? rc : load_after(req, c, p);
}

enum desk_rc api_calls_get(struct desk_request *req)
{
    struct desk_call c;
    struct parts p = {0};
    enum desk_rc rc =
        desk_call_get(req->db, req->arena, req->tenant.id, desk_param(req, "id")->text, &c);
    if (!rc)
        rc = load_parts(req, &c, &p);
    if (rc)
        return rc;
    json_t *root = call_json(&c);
    bool whole = root && add_rows(root, "turns", &desk_turn_fields, p.turns, p.n_turns) &&
                 add_rows(root, "events", &desk_event_fields, p.events, p.n_events) &&
                 add_rows(root, "tool_runs", &desk_tool_run_fields, p.runs, p.n_runs) &&
                 add_rows(root, "callbacks", &desk_callback_fields, p.callbacks, p.n_callbacks) &&
                 add_rows(root, "messages", &desk_message_fields, p.messages, p.n_messages) &&
                 add_rows(root, "attention", &desk_attention_fields, p.undone, p.n_undone) &&
                 add_rows(root, "usage", &desk_usage_fields, p.usage, p.n_usage) &&
                 add_notes(root, &p.after);
    if (!whole) {
        json_decref(root);
        return DESK_ENOMEM;
    }
    unfold(json_object_get(root, "tool_runs"));
    return rest_reply_one(req, root);
}
