/* The owner is rung, to be put through to somebody who waits for a call back (talk/ring_me.h). A
 * request whose answer is lost is never sent again: Twilio's webhooks say whether it was taken.
 * And a call that runs is led on: Twilio asks for its next page at once (talk/live.h). */
#include "worker/kinds.h"
#include "base/clock.h"
#include "store/live.h"
#include "talk/ring_me.h"

#define RING_S 25

void deliver_call(const struct outbox_work *w, struct desk_outbox_result *r)
{
    struct desk_twilio_account account;
    const char *base = outbox_base(w), *to = outbox_payload(w, "to"),
               *from = outbox_payload(w, "from");
    *r = (struct desk_outbox_result){.end = DESK_END_FAILED};
    if (!to || !from)
        outbox_fail(r, "The row does not say whom to call.");
    else if (!base)
        outbox_fail(r, "PUBLIC_BASE_URL is not an address that Twilio can reach.");
    else if (desk_now_ms() - w->row->created_at > DESK_RING_ME_MS)
        outbox_fail(r, "It could not be done at once, and nobody waits at the phone any more.");
    else if (outbox_account(&account, r)) {
        const struct desk_twilio_call call = {
            .to = to,
            .from = from,
            .ring_s = RING_S,
            .url = desk_arena_fmt(w->arena, "%s/voice/ring-me?id=%s", base, w->row->id),
            .status_callback =
                desk_arena_fmt(w->arena, "%s/voice/ring-me-status?id=%s", base, w->row->id)};
        if (call.url && call.status_callback)
            w->services->twilio->call(&account, &call, r);
        else
            outbox_again(r, DESK_ENOMEM);
    }
}

void deliver_steer(const struct outbox_work *w, struct desk_outbox_result *r)
{
    struct desk_twilio_account account;
    const char *base = outbox_base(w), *sid = outbox_payload(w, "sid");
    *r = (struct desk_outbox_result){.end = DESK_END_FAILED};
    if (!sid)
        outbox_fail(r, "The row does not say which call.");
    else if (!base)
        outbox_fail(r, "PUBLIC_BASE_URL is not an address that Twilio can reach.");
    else if (desk_now_ms() - w->row->created_at > DESK_LIVE_MS)
        outbox_fail(r, "It could not be done at once, and would surprise the caller now.");
    else if (outbox_account(&account, r)) {
        const char *url = desk_arena_fmt(w->arena, "%s/voice/next", base);
        if (url)
            w->services->twilio->steer(&account, sid, url, r);
        else
            outbox_again(r, DESK_ENOMEM);
    }
}
