/* POST /sms/status?id=…: Twilio tells what became of a text. id is our row in the outbox: so a
 * report is of use although it comes before the answer to our request, or that answer was lost.
 * Reports come in any order and more than once: a text only moves up by rank. */
#include "cgi-bin/hook/hook.h"
#include "base/log.h"
#include "store/outbox.h"
#include "wire/twilio_error.h"

#include <string.h>

static const struct {
    const char *status, *state, *event, *words;
} rows[] = {
    {"delivered", DESK_OUTBOX_DELIVERED, "text_delivered", "The text reached the caller's phone."},
    {"read", DESK_OUTBOX_DELIVERED, "text_delivered", "The text reached the caller's phone."},
    {"undelivered", DESK_OUTBOX_FAILED, "text_undelivered",
     "The text did not reach the caller's phone."},
    {"failed", DESK_OUTBOX_FAILED, "text_undelivered",
     "The text did not reach the caller's phone."},
    {"canceled", DESK_OUTBOX_FAILED, "text_undelivered", "The text was taken back at Twilio."},
};
#define ROWS (sizeof rows / sizeof *rows)

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

static enum desk_rc move_up(struct desk_request *req, const char *id, const char *status)
{
    struct desk_outbox o;
    const struct desk_value *given = desk_param(req, "ErrorCode");
    int64_t code = given->given && !given->error ? given->num : 0;
    const struct desk_twilio_error *known = desk_twilio_error_find(code);
    const char *sid = hook_text(req, "MessageSid");
    size_t i = 0;
    enum desk_rc rc = desk_outbox_by_id(req->db, req->arena, id, &o);
    if (rc)
        return rc;
    /* a row that was sent again is another message by now */
    if (o.remote_id && *sid && strcmp(o.remote_id, sid) != 0)
        return DESK_DONE;
    if (desk_twilio_message_rank(o.remote_state) >= desk_twilio_message_rank(status) ||
        strcmp(o.state, DESK_OUTBOX_WAITING) == 0)
        return DESK_DONE;
    while (i < ROWS && strcmp(rows[i].status, status) != 0)
        i++;
    const char *state = i == ROWS                                           ? DESK_OUTBOX_SENT
                        : known && known->theirs && rows[i].state[0] == 'f' ? DESK_OUTBOX_REFUSED
                                                                            : rows[i].state;
    const char *words = i == ROWS ? NULL
                                  : desk_arena_fmt(req->arena, "%s%s%s", rows[i].words,
                                                   known ? " " : "", known ? known->words : "");
    rc = desk_outbox_report(req->db, &o, state, *sid ? sid : NULL, status, code,
                            code ? words : NULL);
    return rc || i == ROWS ? rc : tell(req, &o, rows[i].event, words);
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
