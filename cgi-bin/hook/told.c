/* What the owner wants of a call that no bridge leads (talk/live.h): done on its next page, which
 * Twilio asks for at once when it is told to. */
#include "cgi-bin/hook/hook.h"
#include "base/clock.h"
#include "store/conversation.h"
#include "store/live.h"
#include "talk/live.h"

#include <string.h>

static bool is(const char *s, const char *want)
{
    return s && strcmp(s, want) == 0;
}

/* Nobody has begun it, and it is not so old that it would surprise the caller. */
static bool due(const struct desk_live_order *o)
{
    return is(o->state, DESK_LIVE_WAITING) && desk_now_ms() - o->created_at <= DESK_LIVE_MS;
}

static const struct {
    const char *kind, *next, *said;
} leads[] = {
    {DESK_LIVE_THROUGH, DESK_NEXT_TRANSFER, HOOK_PUT_THROUGH},
    {DESK_LIVE_MESSAGE, DESK_NEXT_MESSAGE, HOOK_ASK_MESSAGE},
    {DESK_LIVE_HANGUP, DESK_NEXT_HANGUP,
     "I have to end this call now. Thank you for calling. Goodbye."},
};
#define N_LEADS (sizeof leads / sizeof *leads)

static size_t lead_of(const struct desk_live_order *o)
{
    size_t i = 0;
    while (i < N_LEADS && !is(o->kind, leads[i].kind))
        i++;
    return i;
}

/* In a transaction. */
static enum desk_rc lead(struct desk_request *req, const struct desk_call *c,
                         const struct desk_live_order *o, size_t i)
{
    enum desk_rc rc = desk_live_order_state(req->db, c->tenant_id, o->id, DESK_LIVE_DONE);
    if (rc)
        return rc;
    return i == 0 ? desk_call_transfer(req->db, c->tenant_id, c->id, o->phone, NULL, false)
                  : desk_call_next(req->db, c->tenant_id, c->id, leads[i].next);
}

enum desk_rc hook_told(struct desk_request *req, struct desk_call *c, bool *told, const char **said)
{
    struct desk_live_order *o;
    size_t n = 0, k = 0;
    enum desk_rc rc = desk_live_orders(req->db, req->arena, c->tenant_id, c->id, &o, &n);
    *told = false;
    while (!rc && k < n && !(due(&o[k]) && lead_of(&o[k]) < N_LEADS))
        k++;
    if (rc || k == n)
        return rc;
    size_t i = lead_of(&o[k]);
    rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, lead(req, c, &o[k], i));
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc; /* another page was quicker */
    *told = true;
    *said = leads[i].said;
    return desk_call_get(req->db, req->arena, c->tenant_id, c->id, c);
}

enum desk_rc hook_told_heard(struct desk_request *req, const struct desk_call *c)
{
    struct desk_live_order *o;
    size_t n = 0;
    enum desk_rc rc = desk_live_orders(req->db, req->arena, c->tenant_id, c->id, &o, &n);
    for (size_t k = 0; !rc && k < n; k++) {
        if (!is(o[k].kind, DESK_LIVE_SAY) || !is(o[k].state, DESK_LIVE_ASKED))
            continue;
        rc = DESK_TX_BEGIN(req->db);
        if (!rc)
            rc = desk_live_order_state(req->db, c->tenant_id, o[k].id, DESK_LIVE_DONE);
        if (!rc)
            rc = hook_event(req, c, "note", "live_told",
                            desk_live_line_of(DESK_LIVE_SAY, DESK_LIVE_DONE), o[k].id);
        rc = desk_tx_end(req->db, rc);
        rc = rc == DESK_ENOTFOUND ? DESK_OK : rc;
    }
    return rc;
}

static enum desk_rc say_one(struct desk_request *req, struct desk_twiml *t,
                            const struct desk_call *c, const struct desk_live_order *o)
{
    const char *item = desk_arena_fmt(req->arena, "told:%s", o->id);
    enum desk_rc rc = item ? DESK_TX_BEGIN(req->db) : DESK_ENOMEM;
    if (rc)
        return rc;
    rc = desk_live_order_state(req->db, c->tenant_id, o->id, DESK_LIVE_ASKED);
    if (!rc)
        rc = desk_turn_now(req->db, c, item, DESK_WHO_DESK, "menu", o->text);
    rc = desk_tx_end(req->db, rc);
    if (!rc)
        hook_say(t, o->text);
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

enum desk_rc hook_told_say(struct desk_request *req, struct desk_twiml *t,
                           const struct desk_call *c)
{
    struct desk_live_order *o;
    size_t n = 0;
    enum desk_rc rc = desk_live_orders(req->db, req->arena, c->tenant_id, c->id, &o, &n);
    for (size_t k = 0; !rc && k < n; k++)
        if (due(&o[k]) && is(o[k].kind, DESK_LIVE_SAY))
            rc = say_one(req, t, c, &o[k]);
    return rc;
}
