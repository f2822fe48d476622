/* A callback from the dashboard (talk/ring_me.h): the owner is on the line, hears whom it is for,
 * and is put through by a key. id in the address is the row of the outbox. Every webhook may come
 * twice: the row takes the first call that Twilio names, and a promise is kept once. */
#include "cgi-bin/hook/hook.h"
#include "base/log.h"
#include "store/outbox.h"
#include "store/promises.h"
#include "talk/business.h"
#include "talk/promise.h"
#include "talk/ring_me.h"

#include <jansson.h>
#include <string.h>

#define KEY_S  10
#define RING_S 30

struct ring {
    struct desk_outbox row;
    struct desk_callback cb;
    const char *from; /* our number */
};

/* DESK_ENOTFOUND: no such row, or what it was for is gone. */
static enum desk_rc load(struct desk_request *req, struct ring *r)
{
    struct desk_call c = {0};
    struct desk_location first;
    enum desk_rc rc = desk_outbox_by_id(req->db, req->arena, hook_text(req, "id"), &r->row);
    if (!rc && strcmp(r->row.kind, DESK_OUTBOX_CALL) != 0)
        rc = DESK_ENOTFOUND;
    if (rc)
        return rc;
    json_t *p = json_loads(r->row.payload, 0, NULL);
    const char *id =
        desk_arena_strdup(req->arena, json_string_value(json_object_get(p, "callback")));
    r->from = desk_arena_strdup(req->arena, json_string_value(json_object_get(p, "from")));
    json_decref(p);
    rc = id && r->from ? desk_callback_get(req->db, req->arena, r->row.tenant_id, id, &r->cb)
                       : DESK_ENOTFOUND;
    if (!rc && r->cb.call_id)
        rc = desk_call_get(req->db, req->arena, r->row.tenant_id, r->cb.call_id, &c);
    if (!rc && !c.location_id) {
        rc = desk_location_first(req->db, req->arena, r->row.tenant_id, &first);
        c.location_id = rc ? NULL : first.id;
    }
    return rc ? rc : hook_place_load(req, r->row.tenant_id, c.location_id, r->from);
}

/* Twilio has taken it, whatever became of the answer to our request. DESK_DONE: another call of
 * Twilio's has this row already. */
static enum desk_rc taken(struct desk_request *req, const struct ring *r)
{
    const char *sid = hook_text(req, "CallSid");
    if (r->row.remote_id && strcmp(r->row.remote_id, sid) != 0)
        return DESK_DONE;
    if (r->row.remote_id && strcmp(r->row.state, DESK_OUTBOX_CLAIMED) != 0)
        return DESK_OK;
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    return desk_tx_end(req->db, desk_outbox_report(req->db, &r->row, DESK_OUTBOX_SENT, sid,
                                                   "in-progress", 0, NULL));
}

static const char *url(struct desk_request *req, const char *path, const struct ring *r)
{
    return desk_arena_fmt(req->arena, "%s%s?id=%s", desk_public_base(), path, r->row.id);
}

enum desk_rc hook_ring_me(struct desk_request *req)
{
    struct ring r;
    struct desk_twiml t;
    char spoken[128] = "";
    enum desk_rc rc = load(req, &r);
    if (!rc)
        rc = taken(req, &r);
    if (rc == DESK_ENOTFOUND || rc == DESK_DONE)
        return hook_answer_goodbye(req, "There is nobody to call back. Goodbye.");
    if (rc)
        return rc;
    const char *why = desk_ring_me_cannot(req->business, &r.cb, r.from);
    if (why)
        return hook_answer_goodbye(req, desk_arena_fmt(req->arena, "%s Goodbye.", why));
    desk_phone_spoken(spoken, sizeof spoken, r.cb.number);
    const char *text =
        desk_arena_fmt(req->arena, "%s: a call back to %s%s%s. Press 1 to be put through.",
                       req->business->name, r.cb.name && *r.cb.name ? r.cb.name : spoken,
                       r.cb.reason ? ", about: " : "", r.cb.reason ? r.cb.reason : "");
    const char *action = url(req, "/voice/ring-me-key", &r);
    if (!text || !action)
        return DESK_ENOMEM;
    desk_twiml_init(&t);
    desk_twiml_gather_open(
        &t, &(struct desk_twiml_gather){
                .input = "dtmf", .action = action, .timeout_s = KEY_S, .num_digits = 1});
    hook_say(&t, text);
    desk_twiml_close(&t);
    desk_twiml_hangup(&t); /* no key: a mailbox */
    return hook_send(req, &t);
}

enum desk_rc hook_ring_me_key(struct desk_request *req)
{
    struct ring r;
    struct desk_twiml t;
    enum desk_rc rc = load(req, &r);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    if (rc || strcmp(hook_text(req, "Digits"), "1") != 0 ||
        desk_ring_me_cannot(req->business, &r.cb, r.from))
        return hook_answer_goodbye(req, "Goodbye.");
    const struct desk_twiml_dial dial = {.action = url(req, "/voice/ring-me-done", &r),
                                         .timeout_s = RING_S,
                                         .caller_id = r.from,
                                         .answer_on_bridge = true};
    desk_twiml_init(&t);
    desk_twiml_dial(&t, &dial, r.cb.number);
    return hook_send(req, &t);
}

enum desk_rc hook_ring_me_done(struct desk_request *req)
{
    struct ring r;
    const char *status = hook_text(req, "DialCallStatus");
    bool joined = (strcmp(status, "completed") == 0 || strcmp(status, "answered") == 0) &&
                  strcmp(hook_text(req, "DialBridged"), "false") != 0;
    enum desk_rc rc = load(req, &r);
    if (rc == DESK_ENOTFOUND)
        return hook_answer_goodbye(req, NULL);
    if (!rc && joined)
        rc = DESK_TX_BEGIN(req->db);
    if (!rc && joined)
        rc = desk_tx_end(req->db, desk_promise_kept(req->db, req->arena, r.row.tenant_id,
                                                    r.cb.number, DESK_KEPT_CALL, NULL));
    if (rc)
        return rc;
    return hook_answer_goodbye(req,
                               joined ? NULL : "Nobody answered. It stays on your list. Goodbye.");
}

/* How the call to the owner ended: the last word of the row, the first that comes. */
static enum desk_rc ended(struct desk_request *req, const struct ring *r, const char *status)
{
    bool done = strcmp(status, "completed") == 0;
    const char *sid = hook_text(req, "CallSid");
    if (r->row.remote_id && strcmp(r->row.remote_id, sid) != 0)
        return DESK_DONE;
    if (strcmp(r->row.state, DESK_OUTBOX_DELIVERED) == 0 ||
        strcmp(r->row.state, DESK_OUTBOX_REFUSED) == 0)
        return DESK_DONE;
    return desk_outbox_report(req->db, &r->row, done ? DESK_OUTBOX_DELIVERED : DESK_OUTBOX_REFUSED,
                              sid, status, 0, done ? NULL : "Your phone was not answered.");
}

enum desk_rc hook_ring_me_status(struct desk_request *req)
{
    struct ring r;
    const char *status = hook_text(req, "CallStatus");
    enum desk_rc rc = load(req, &r);
    if (rc == DESK_ENOTFOUND || desk_call_rank(status) < DESK_RANK_FINAL)
        return hook_answer_done(req);
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, ended(req, &r, status));
    return rc && rc != DESK_DONE ? rc : hook_answer_done(req);
}
