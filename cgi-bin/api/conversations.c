/* Conversations: what was said, by whatever way it came. A call by telephone, a session by REST and
 * a chat are the same row with another channel. */
#include "cgi-bin/api/conversations.h"
#include "cgi-bin/api/api.h"
#include "base/limits.h"
#include "store/calls.h"
#include "store/conversation.h"

#include <string.h>

#define F(member) offsetof(struct api_conversation, member)
static const struct desk_field conversation_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"channel", "Channel", DESK_K_TEXT, F(channel), 0, 0, 0, 0},
    {"direction", "Direction", DESK_K_TEXT, F(direction), 0, 0, 0, 0},
    {"number", "Number", DESK_K_TEXT, F(number), DESK_F_PII | DESK_F_PHONE, 0, 0, 0},
    {"contact_id", "ContactId", DESK_K_TEXT, F(contact_id), 0, 0, 0, 0},
    {"decision", "Decision", DESK_K_TEXT, F(decision), 0, 0, 0, 0},
    {"summary", "Summary", DESK_K_TEXT, F(summary), DESK_F_PII, 0, 0, 0},
    {"urgent", "Urgent", DESK_K_BOOL, F(urgent), 0, 0, 0, 0},
    {"started_at", "StartedAt", DESK_K_TIME, F(started_at), 0, 0, 0, 0},
    {"ended_at", "EndedAt", DESK_K_TIME, F(ended_at), 0, 0, 0, 0},
};
static DESK_FIELDS(fields, "conversation", struct api_conversation, conversation_fields);
#undef F

const struct desk_page api_page_conversations = {.name = "conversations",
                                                 .fields = &fields,
                                                 .when =
                                                     offsetof(struct api_conversation, started_at)};

static struct api_conversation of_call(const struct desk_call *c)
{
    return (struct api_conversation){.id = c->id,
                                     .channel = c->channel ? c->channel : "voice",
                                     .direction = c->direction,
                                     .number = c->from_number,
                                     .contact_id = c->contact_id,
                                     .decision = desk_call_decision(c),
                                     .summary = c->summary,
                                     .urgent = c->urgent,
                                     .started_at = c->started_at,
                                     .ended_at = c->ended_at};
}

static enum desk_rc find(struct desk_request *req, struct desk_place *last, size_t *n, bool *more,
                         struct desk_call **calls)
{
    static const struct desk_call_filter all;
    struct desk_place after;
    size_t max;
    enum desk_rc rc = rest_cursor(req, &after, &max);
    if (!rc)
        rc = desk_call_find(req->db, req->arena, req->tenant.id, &all, after.when, after.id,
                            max + 1, calls, n);
    *more = !rc && *n > max;
    if (*more) {
        *n = max;
        *last = desk_page_place(&desk_page_calls, &(*calls)[max - 1]);
    }
    return rc;
}

enum desk_rc api_conversations_list(struct desk_request *req)
{
    struct desk_call *calls = NULL;
    struct desk_place last;
    size_t n = 0;
    bool more;
    enum desk_rc rc = find(req, &last, &n, &more, &calls);
    struct api_conversation *rows =
        rc ? NULL : desk_arena_alloc(req->arena, (n + 1) * sizeof *rows);
    if (!rows)
        return rc ? rc : DESK_ENOMEM;
    for (size_t i = 0; i < n; i++)
        rows[i] = of_call(&calls[i]);
    return rest_reply_list(req, "conversations", rest_rows_json(&fields, rows, n),
                           more ? &last : NULL);
}

enum desk_rc api_conversations_get(struct desk_request *req)
{
    struct desk_call c;
    struct desk_turn *turns = NULL;
    size_t n = 0;
    enum desk_rc rc =
        desk_call_get(req->db, req->arena, req->tenant.id, desk_param(req, "id")->text, &c);
    if (!rc)
        rc = desk_turn_list(req->db, req->arena, req->tenant.id, c.id, DESK_MAX_STORY_ROWS, &turns,
                            &n);
    if (rc)
        return rc;
    const struct api_conversation row = of_call(&c);
    json_t *root = desk_fields_json(&fields, &row);
    json_t *said = root ? rest_rows_json(&desk_turn_fields, turns, n) : NULL;
    if (!said || json_object_set_new(root, "turns", said)) {
        json_decref(root);
        return DESK_ENOMEM;
    }
    return rest_reply_one(req, root);
}

/* ---- the concierge's ------------------------------------------------------------------------- */

static json_t *turn_json(const struct desk_turn *t, int i)
{
    json_t *all = desk_fields_json(&desk_turn_fields, t);
    json_t *out = all ? json_pack("{s:i, s:s, s:s?, s:O}", "turn_index", i, "speaker",
                                  strcmp(t->who, DESK_WHO_CALLER) == 0 ? "user" : "bot", "message",
                                  t->text, "timestamp", json_object_get(all, "created_at"))
                      : NULL;
    json_decref(all);
    return out;
}

static json_t *story_json(struct desk_request *req, const struct desk_call *c)
{
    struct desk_turn *turns = NULL;
    size_t n = 0;
    const struct api_conversation row = of_call(c);
    json_t *said = json_array(), *all = desk_fields_json(&fields, &row);
    enum desk_rc rc =
        desk_turn_list(req->db, req->arena, req->tenant.id, c->id, DESK_MAX_STORY_ROWS, &turns, &n);
    for (size_t i = 0; !rc && i < n; i++)
        if (json_array_append_new(said, turn_json(&turns[i], (int)i)))
            rc = DESK_ENOMEM;
    if (rc || !said || !all) {
        json_decref(said);
        json_decref(all);
        return NULL;
    }
    json_t *out =
        json_pack("{s:s, s:s?, s:O, s:O, s:s?, s:s?, s:s?, s:o}", "call_id", c->id, "phone_number",
                  c->from_number, "start_time", json_object_get(all, "started_at"), "end_time",
                  json_object_get(all, "ended_at"), "final_decision", row.decision, "summary",
                  c->summary, "outcome", c->outcome, "conversation", said);
    json_decref(all);
    return out;
}

enum desk_rc api_concierge_conversations(struct desk_request *req)
{
    struct desk_call *calls = NULL;
    struct desk_place last;
    size_t n = 0;
    bool more;
    json_t *list = NULL;
    enum desk_rc rc = find(req, &last, &n, &more, &calls);
    if (!rc)
        list = json_array();
    for (size_t i = 0; list && i < n; i++)
        if (json_array_append_new(list, story_json(req, &calls[i]))) {
            json_decref(list);
            return DESK_ENOMEM;
        }
    return rc ? rc : rest_reply_list(req, "conversations", list, more ? &last : NULL);
}
