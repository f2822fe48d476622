/* POST /voice/dial-done: somebody was rung; did anybody answer? Never dials again, so there is no
 * way round in a circle: answered → hang up; rung before anybody else answered ("staff_first") →
 * the conversation; else → a callback is promised, and a recorded message. */
#include "cgi-bin/hook/hook.h"
#include "talk/promise.h"

#include <string.h>

static const struct {
    const char *status, *name, *detail;
    bool answered;
} results[] = {
    {"completed", "put_through", "Put through, and somebody answered.", true},
    {"answered", "put_through", "Put through, and somebody answered.", true},
    {"no-answer", "owner_no_answer", "It rang, and nobody answered.", false},
    {"busy", "owner_busy", "It rang, and the line was busy.", false},
    {"canceled", "ring_canceled", "The caller hung up while it rang.", false},
    {"failed", "ring_failed", "The phone could not be rung.", false},
    {HOOK_DECLINED, "owner_declined", "Somebody was reached and declined the call.", false},
};
enum { NO_ANSWER = 2, FAILED = 5, DECLINED = 6 };
#define N_RESULTS (sizeof results / sizeof *results)

/* The row for DialCallStatus: "failed" for words we do not know; a call that ended before both
 * sides were joined was not answered. */
static size_t result_of(const struct desk_request *req)
{
    const char *status = hook_text(req, "DialCallStatus");
    bool unbridged = strcmp(hook_text(req, "DialBridged"), "false") == 0;
    for (size_t i = 0; i < N_RESULTS; i++)
        if (strcmp(results[i].status, status) == 0)
            return results[i].answered && unbridged ? NO_ANSWER : i;
    return FAILED;
}

/* Rung before anybody else answered: nothing was said to this caller yet. The same when it is told
 * again. */
static bool goes_on_talking(const struct desk_request *req, const struct desk_call *c)
{
    return hook_rings_first(req) && req->business->answer.mode != DESK_ANSWER_OFF &&
           !c->next_step && !c->stream_started_at &&
           strcmp(c->caller_kind, DESK_CALLER_EXCEPTION) != 0;
}

static enum desk_rc keep_result(struct desk_request *req, const struct desk_call *c, size_t i)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = hook_event(req, c, "ladder", results[i].name, results[i].detail, "dial");
    if (!rc && !results[i].answered && !goes_on_talking(req, c))
        rc = hook_promise(req, c,
                          c->transfer_reason && *c->transfer_reason
                              ? c->transfer_reason
                              : "Rang, and nobody could take the call");
    if (!rc && results[i].answered) /* they reached somebody: nobody needs to call them back */
        rc = desk_promise_kept(req->db, req->arena, c->tenant_id, c->from_number,
                               DESK_KEPT_PUT_THROUGH, NULL);
    if (!rc && !results[i].answered && c->next_step) /* whoever asks again is not put through */
        rc = desk_call_next(req->db, c->tenant_id, c->id, DESK_NEXT_MESSAGE);
    /* a callback that was promised, or a message, is more than having been rung in vain */
    if (!rc && (results[i].answered || !goes_on_talking(req, c)))
        rc = desk_call_outcome(req->db, c->tenant_id, c->id,
                               results[i].answered ? DESK_OUT_TRANSFERRED : DESK_OUT_NOT_PUT,
                               results[i].answered);
    return desk_tx_end(req->db, rc);
}

enum desk_rc hook_voice_dial_done(struct desk_request *req)
{
    struct desk_call c;
    size_t i = result_of(req);
    bool declined = false;
    enum desk_rc rc = hook_call_ensure(req, &c, NULL);
    if (rc == DESK_ENOTFOUND)
        return hook_answer_unknown(req);
    if (!rc && !results[i].answered)
        rc = hook_ring_declined(req, &c, &declined);
    if (declined)
        i = DECLINED;
    if (!rc)
        rc = keep_result(req, &c, i);
    if (rc)
        return rc;
    if (results[i].answered)
        return hook_answer_goodbye(req, NULL);
    if (hook_caller_gone(req, &c))
        return hook_answer_nothing(req);
    if (goes_on_talking(req, &c))
        return hook_connect(req, &c);
    const char *owner = req->location.owner_name && *req->location.owner_name
                            ? req->location.owner_name
                            : "the owner";
    if (req->business->screening) /* it keeps no messages */
        return hook_answer_goodbye(
            req, desk_arena_fmt(req->arena,
                                "I am sorry, %s cannot take the call now. Please send a text "
                                "message to this number. Goodbye.",
                                owner));
    const char *text = desk_arena_fmt(
        req->arena, "I am sorry, %s cannot take the call now. " HOOK_ASK_MESSAGE, owner);
    return hook_answer_record(req, &c, text);
}
