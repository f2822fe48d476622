/* What came after a call: notes, cost, and what was promised in it and not done, with the buttons
 * that do it after all: POST /calls/:id/attention/:aid/mend, …/done and …/open (undone). */
#include "cgi-bin/admin/today.h"
#include "core/phone.h"
#include "core/price.h"
#include "store/call_after.h"
#include "talk/mend.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct word {
    const char *key, *words;
};

static const char *word_of(const struct word *list, size_t n, const char *key)
{
    for (size_t i = 0; i < n; i++)
        if (key && strcmp(list[i].key, key) == 0)
            return list[i].words;
    return NULL;
}
#define WORD_OF(list, key) word_of((list), sizeof(list) / sizeof *(list), (key))

/* ---- the cards ------------------------------------------------------------------------------- */

static void set_undone(struct desk_request *req, struct desk_view *v, const struct admin_facts *f)
{
    static const struct word closed[] = {{DESK_ATTENTION_REMEDY, "Done after all."},
                                         {DESK_ATTENTION_HAND, "Dealt with."}};
    for (size_t i = 0; i < f->n_undone; i++) {
        const struct desk_attention *u = &f->undone[i];
        enum desk_claim_kind k = desk_claim_parse(u->claim);
        desk_view_setf(v, desk_claim_missing(k), "Undone.%zu.Missing", i);
        desk_view_setf(v, u->words, "Undone.%zu.Words", i);
        desk_view_setf(v, WORD_OF(closed, u->closed_by), "Undone.%zu.Closed", i);
        desk_view_setf(v, desk_mend_words(k, f->call), "Undone.%zu.Mend", i);
        desk_view_setf(v, desk_arena_fmt(req->arena, "/calls/%s/attention/%s", f->call->id, u->id),
                       "Undone.%zu.Path", i);
    }
}

static void set_facts(struct desk_view *v, const char *json)
{
    static const struct word names[] = {
        {"name", "Name"},       {"company", "Company"}, {"number", "Number"}, {"email", "E-mail"},
        {"service", "Service"}, {"address", "Address"}, {"wants", "Wants"},   {"when", "When"}};
    json_t *all = json_loads(json, 0, NULL);
    size_t n = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char number[64];
        const char *s = json_string_value(json_object_get(all, names[i].key));
        if (!s)
            continue;
        if (strcmp(names[i].key, "number") == 0 && *s == '+')
            s = desk_phone_national(number, sizeof number, s);
        desk_view_setf(v, names[i].words, "Notes.Facts.%zu.Name", n);
        desk_view_setf(v, s, "Notes.Facts.%zu.Words", n++);
    }
    json_decref(all);
}

static void set_notes(struct desk_request *req, struct desk_view *v,
                      const struct desk_call_after *r)
{
    static const struct word moods[] = {{"good", "The caller sounded pleased."},
                                        {"bad", "The caller sounded displeased."}};
    static const struct word told[] = {{"text", " You were told by text."},
                                       {"telegram", " You were told by Telegram."},
                                       {"both", " You were told by text and Telegram."}};
    bool model = strcmp(r->by_whom, DESK_AFTER_MODEL) == 0;
    const char *also = WORD_OF(told, r->told);
    desk_view_set(v, "Notes.Topics", r->topics);
    desk_view_set(v, "Notes.Mood", WORD_OF(moods, r->sentiment));
    set_facts(v, r->facts);
    desk_view_set(v, "Notes.By",
                  desk_arena_fmt(req->arena, "%s%s%s%s",
                                 model ? "Written by the text model."
                                       : "Made by rules from what is on record.",
                                 r->why_rules ? " " : "", r->why_rules ? r->why_rules : "",
                                 also ? also : ""));
}

static void set_cost(struct desk_request *req, struct desk_view *v, const struct desk_call_after *r)
{
    static const struct word parts[] = {{"telephone", "Telephone line"},
                                        {"voice", "Voice"},
                                        {"words", "Writing down what was said"},
                                        {"talk", "Thinking"},
                                        {"after", "Notes"}};
    json_t *lines = json_loads(r->cost, 0, NULL);
    char sum[32];
    desk_view_set(v, "Cost.Sum", desk_cost_say(sum, r->nanos));
    desk_view_set(v, "Cost.Unpriced", r->unpriced);
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *l = json_array_get(lines, i);
        const char *part = json_string_value(json_object_get(l, "part"));
        const char *model = json_string_value(json_object_get(l, "model"));
        bool line = part && strcmp(part, "telephone") == 0;
        const json_int_t nanos = json_integer_value(json_object_get(l, "nanos"));
        if (nanos > 0 && r->nanos >= nanos)
            desk_view_setf(v, desk_arena_fmt(req->arena, "%lld", nanos * 100 / r->nanos),
                           "Cost.Lines.%zu.Share", i);
        desk_view_setf(v, WORD_OF(parts, part), "Cost.Lines.%zu.Part", i);
        desk_view_setf(v, line ? "Twilio" : model, "Cost.Lines.%zu.Model", i);
        desk_view_setf(
            v, json_is_true(json_object_get(l, "priced")) ? desk_cost_say(sum, nanos) : "not known",
            "Cost.Lines.%zu.Sum", i);
    }
    json_decref(lines);
}

enum desk_rc admin_after(struct desk_request *req, struct desk_view *v, const struct admin_facts *f)
{
    struct desk_call_after r;
    set_undone(req, v, f);
    enum desk_rc rc = desk_call_after_get(req->db, req->arena, req->tenant.id, f->call->id, &r);
    if (rc == DESK_ENOTFOUND) {
        if (f->call->after_at)
            desk_view_set(v, "NotesSoon", "1");
        return DESK_OK;
    }
    if (rc)
        return rc;
    if (!f->call->erased_at)
        set_notes(req, v, &r);
    set_cost(req, v, &r);
    return DESK_OK;
}

/* ---- the buttons ----------------------------------------------------------------------------- */

/* The card the address names, if it belongs to the call it names. */
static const void *named(const struct desk_request *req, const struct admin_facts *f)
{
    for (size_t i = 0; i < f->n_undone; i++)
        if (strcmp(f->undone[i].id, desk_param(req, "aid")->text) == 0)
            return &f->undone[i];
    return NULL;
}

/* Pressed twice, or dealt with by somebody else meanwhile: it is done, and once. */
static enum desk_rc mend_it(struct desk_request *req, const struct admin_facts *f, const void *row)
{
    const struct desk_attention *u = row;
    enum desk_rc rc = desk_mend(req->db, req->arena, f->call, u);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "attention.mend", u->id);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    return desk_page_result(req, "Done: it is on record now.", NULL);
}

static enum desk_rc close_it(struct desk_request *req, const struct admin_facts *f, const void *row)
{
    const struct desk_attention *u = row;
    enum desk_rc rc = desk_attention_close(req->db, req->tenant.id, u->id, DESK_ATTENTION_HAND);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "attention.done", u->id);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    return desk_page_result(
        req, "Marked as dealt with.",
        admin_undo(req,
                   desk_arena_fmt(req->arena, "/calls/%s/attention/%s/open", f->call->id, u->id)));
}

static enum desk_rc open_it(struct desk_request *req, const struct admin_facts *f, const void *row)
{
    const struct desk_attention *u = row;
    (void)f;
    enum desk_rc rc = desk_attention_reopen(req->db, req->tenant.id, u->id);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "attention.open", u->id);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    return desk_page_result(req,
                            rc && strcmp(u->state, "open") != 0
                                ? "Too late to undo. It stays dealt with."
                                : "On your list again.",
                            NULL);
}

enum desk_rc admin_attention_mend(struct desk_request *req)
{
    return admin_act(req, named, mend_it);
}

enum desk_rc admin_attention_open(struct desk_request *req)
{
    return admin_act(req, named, open_it);
}

enum desk_rc admin_attention_done(struct desk_request *req)
{
    return admin_act(req, named, close_it);
}
