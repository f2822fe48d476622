/* POST /sms/status?id=…: Twilio tells what became of a text. id is our row in the outbox: so a
 * report is of use although it comes before the answer to our request, or that answer was lost.
 * Reports come in any order and more than once: a text only moves up by rank. */
#include "cgi-bin/hook/hook.h"
#include "base/log.h"
#include "store/outbox.h"
#include "store/text_marks.h"
#include "store/text_stops.h"
#include "wire/twilio_error.h"

#include <string.h>

/* Words that end a text; the last row is for those on the way there. %s: whose phone. */
static const struct ending {
    const char *status, *state, *event, *words;
} endings[] = {
    {"delivered", DESK_OUTBOX_DELIVERED, "text_delivered", "The text reached the %s's phone."},
    {"read", DESK_OUTBOX_DELIVERED, "text_delivered", "The text reached the %s's phone."},
    {"undelivered", DESK_OUTBOX_FAILED, "text_undelivered",
     "The text did not reach the %s's phone."},
    {"failed", DESK_OUTBOX_FAILED, "text_undelivered", "The text did not reach the %s's phone."},
    {"canceled", DESK_OUTBOX_FAILED, "text_undelivered", "The text to the %s was taken back."},
    {NULL, DESK_OUTBOX_SENT, NULL, NULL},
};

static const char *words_of(struct desk_request *req, const struct ending *e,
                            const struct desk_outbox *o)
{
    const char *who = strcmp(o->kind, DESK_OUTBOX_OWNER_TEXT) == 0 ? "owner" : "caller";
    const char *hole = e->words ? strstr(e->words, "%s") : NULL;
    return hole ? desk_arena_fmt(req->arena, "%.*s%s%s", (int)(hole - e->words), e->words, who,
                                 hole + 2)
                : e->words;
}

static const struct ending *ending_of(const char *status)
{
    const struct ending *e = endings;
    while (e->status && strcmp(e->status, status) != 0)
        e++;
    return e;
}

static enum desk_rc tell(struct desk_request *req, const struct desk_outbox *o, const char *event,
                         const char *words)
{
    struct desk_call c;
    const char *once = desk_arena_fmt(req->arena, "%s:%s", o->id, event);
    if (!o->call_id)
        return DESK_OK;
    enum desk_rc rc =
        once ? desk_call_get(req->db, req->arena, o->tenant_id, o->call_id, &c) : DESK_ENOMEM;
    return rc ? rc : hook_event(req, &c, "ladder", event, words, once);
}

/* Is it news of this row? Not of the message it was before it was sent again. */
static bool is_news(const struct desk_outbox *o, const char *sid, const char *status)
{
    bool other = o->remote_id && *sid && strcmp(o->remote_id, sid) != 0;
    bool waits = strcmp(o->state, DESK_OUTBOX_WAITING) == 0 && !o->asking;
    return !other && !waits &&
           desk_twilio_message_rank(status) > desk_twilio_message_rank(o->remote_state);
}

/* Whether texts reach that number: the mark that pages show, and that keeps us from trying. */
static enum desk_rc learn(struct desk_request *req, const struct desk_outbox *o, const char *state,
                          int64_t code)
{
    json_t *p = json_loads(o->payload ? o->payload : "", 0, NULL);
    const char *to = json_string_value(json_object_get(p, "to"));
    enum desk_rc rc = DESK_OK;
    if (to && code == DESK_TWILIO_OPTED_OUT)
        rc = desk_text_stop(req->db, o->tenant_id, to, DESK_STOP_BY_TWILIO);
    if (to && !rc && code)
        rc = desk_text_mark(req->db, o->tenant_id, to, code);
    else if (to && !rc && strcmp(state, DESK_OUTBOX_DELIVERED) == 0)
        rc = desk_text_unmark(req->db, o->tenant_id, to);
    json_decref(p);
    return rc;
}

static enum desk_rc move_up(struct desk_request *req, const char *id, const char *status)
{
    struct desk_outbox o;
    const struct desk_value *code = desk_param(req, "ErrorCode");
    const struct desk_twilio_error *error = desk_twilio_error_find(code->error ? 0 : code->num);
    const struct ending *e = ending_of(status);
    const char *sid = hook_text(req, "MessageSid"), *state = e->state, *words;
    enum desk_rc rc = desk_outbox_by_id(req->db, req->arena, id, &o);
    if (rc || !is_news(&o, sid, status))
        return rc ? rc : DESK_DONE;
    words = words_of(req, e, &o);
    if (error && words)
        words = desk_arena_fmt(req->arena, "%s %s", words, error->words);
    if (error && error->theirs && strcmp(state, DESK_OUTBOX_FAILED) == 0)
        state = DESK_OUTBOX_REFUSED;
    rc = learn(req, &o, e->state, error && error->theirs ? error->code : 0);
    if (rc)
        return rc;
    bool failed = strcmp(e->state, DESK_OUTBOX_FAILED) == 0;
    rc = desk_outbox_report(req->db, &o, state, *sid ? sid : NULL, status, code->num,
                            failed ? words : NULL);
    return rc || !e->event ? rc : tell(req, &o, e->event, words);
}

enum desk_rc hook_sms_status(struct desk_request *req)
{
    const char *id = hook_text(req, "id"), *status = hook_text(req, "MessageStatus");
    if (!*id || !desk_twilio_message_rank(status)) {
        desk_log(DESK_LOG_WARN, "sms.status_word", "id=%s", *id ? id : "-");
        return hook_answer_done(req);
    }
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, move_up(req, id, status));
    if (rc == DESK_ENOTFOUND) {
        desk_log(DESK_LOG_WARN, "sms.status_unknown", "id=%s", id);
        rc = DESK_DONE;
    }
    return rc && rc != DESK_DONE ? rc : hook_answer_done(req);
}
