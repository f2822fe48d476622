/* POST /voice/dial-done: the owner was rung; did anybody answer? Never dials again, so there is no
 * way round in a circle: answered → hang up, else → a recorded message. */
#include "cgi-bin/hook/hook.h"

#include <string.h>

static const struct {
    const char *status, *name, *detail;
    bool answered;
} results[] = {
    {"completed", "put_through", "Put through, and somebody answered.", true},
    {"answered", "put_through", "Put through, and somebody answered.", true},
    {"no-answer", "owner_no_answer", "Rang the owner: nobody answered.", false},
    {"busy", "owner_busy", "Rang the owner: the line was busy.", false},
    {"canceled", "ring_canceled", "The caller hung up while the owner's phone rang.", false},
    {"failed", "ring_failed", "The owner's phone could not be rung.", false},
};
#define N_RESULTS (sizeof results / sizeof *results)

/* The row for DialCallStatus; the last one ("failed") for words we do not know, and for a call that
 * ended before both sides were joined. */
static size_t result_of(const struct desk_request *req)
{
    const char *status = hook_text(req, "DialCallStatus");
    bool unbridged = strcmp(hook_text(req, "DialBridged"), "false") == 0;
    for (size_t i = 0; i < N_RESULTS; i++)
        if (strcmp(results[i].status, status) == 0)
            return results[i].answered && unbridged ? 2 : i;
    return N_RESULTS - 1;
}

static enum desk_rc keep_result(struct desk_request *req, const struct desk_call *c, size_t i)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = hook_event(req, c, "ladder", results[i].name, results[i].detail, "dial");
    /* a callback that was promised, or a message, is more than having been rung in vain */
    if (!rc)
        rc = desk_call_outcome(req->db, c->tenant_id, c->id,
                               results[i].answered ? DESK_OUT_TRANSFERRED : DESK_OUT_NOT_PUT,
                               results[i].answered);
    return desk_tx_end(req->db, rc);
}

enum desk_rc hook_voice_dial_done(struct desk_request *req)
{
    struct desk_call c;
    size_t i = result_of(req);
    enum desk_rc rc = hook_call_ensure(req, &c, NULL);
    if (rc == DESK_ENOTFOUND)
        return hook_answer_unknown(req);
    if (!rc)
        rc = keep_result(req, &c, i);
    if (rc)
        return rc;
    if (results[i].answered)
        return hook_answer_goodbye(req, NULL);
    if (hook_caller_gone(req, &c))
        return hook_answer_nothing(req);
    const char *owner = req->location.owner_name && *req->location.owner_name
                            ? req->location.owner_name
                            : "the owner";
    const char *text = desk_arena_fmt(
        req->arena, "I am sorry, %s cannot take the call now. " HOOK_ASK_MESSAGE, owner);
    return hook_answer_record(req, &c, text);
}
