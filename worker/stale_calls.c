/* Twilio tells when a call is over. If that never came (no status callback is set at Twilio, or we
 * were down), the call would stand as running for ever. Four hours is as long as Twilio lets
 * a <Dial> last (timeLimit), so no call of ours is longer. */
#include "worker/worker.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/calls.h"
#include "store/conversation.h"

#define STALE_MS (4LL * 3600 * 1000)

static enum desk_rc end_one(struct desk_db *db, const struct desk_call *c)
{
    int64_t ended = c->stream_ended_at ? c->stream_ended_at : c->updated_at;
    bool spoke = false;
    enum desk_rc rc = desk_turn_by_caller(db, c->tenant_id, c->id, &spoke);
    if (!rc)
        rc = desk_call_close(db, c, spoke, ended);
    if (!rc)
        rc = desk_event_add(db, c->tenant_id, c->id, c->started_at, "status", "no_report",
                            "Nobody reported the end of this call; it was closed after four hours.",
                            "stale");
    return rc;
}

enum desk_rc job_stale_calls(struct desk_db *db)
{
    struct desk_call *calls;
    size_t n = 0;
    struct desk_arena *a = desk_arena_new(16 * 1024 * 1024);
    enum desk_rc rc =
        a ? desk_call_stale(db, a, desk_now_ms() - STALE_MS, &calls, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++) {
        rc = DESK_TX_BEGIN(db);
        if (!rc)
            rc = desk_tx_end(db, end_one(db, &calls[i]));
    }
    if (!rc && n)
        desk_log(DESK_LOG_NOTICE, "worker.stale_calls", "closed=%zu", n);
    desk_arena_free(a);
    return rc;
}
