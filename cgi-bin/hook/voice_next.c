/* POST /voice/next: the stream is over, for whatever reason. What comes is decided from the row
 * (answer.c); the bridge writes why it ended before it closes the stream. */
#include "cgi-bin/hook/hook.h"
#include "base/clock.h"

#include <stdatomic.h>

#define LOOKS     3
#define LOOK_MS   100
#define LOOKS_MAX 2 /* requests that may wait so at a time: other callers need the threads */

/* Begun, not ended: a bridge that died, or one whose last write is still on its way. Look again for
 * a moment, so that nobody who said goodbye is asked what it is about. */
static enum desk_rc settle(struct desk_request *req, struct desk_call *c)
{
    static _Atomic int waiting;
    enum desk_rc rc = DESK_OK;
    bool may = atomic_fetch_add(&waiting, 1) < LOOKS_MAX;
    for (int i = 0; may && i < LOOKS && !rc && c->stream_started_at && !c->stream_ended_at; i++) {
        desk_sleep_ms(LOOK_MS);
        rc = desk_call_get(req->db, req->arena, c->tenant_id, c->id, c);
    }
    atomic_fetch_sub(&waiting, 1);
    return rc;
}

enum desk_rc hook_voice_next(struct desk_request *req)
{
    struct desk_call c;
    enum desk_rc rc = hook_call_ensure(req, &c, NULL);
    if (rc == DESK_ENOTFOUND)
        return hook_answer_unknown(req);
    if (!rc && !hook_caller_gone(req, &c))
        rc = settle(req, &c);
    if (!rc)
        hook_relay_over(req, &c);
    bool told = false;
    const char *said = NULL;
    if (!rc)
        rc = hook_told(req, &c, &told, &said);
    return rc ? rc : hook_answer_next(req, &c, said);
}
