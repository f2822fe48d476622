/* Voice sessions whose client has gone without a word: their time is over, so they are ABANDONED
 * and their call has its end. */
#include "worker/worker.h"
#include "base/clock.h"
#include "base/log.h"
#include "talk/session.h"

enum desk_rc job_voice_sessions(struct desk_db *db)
{
    struct desk_voice_session *rows;
    size_t n = 0, lapsed = 0;
    struct desk_arena *a = desk_arena_new(16 * 1024 * 1024);
    enum desk_rc rc = a ? desk_voice_session_due(db, a, desk_now_ms(), &rows, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++) {
        rc = DESK_TX_BEGIN(db);
        if (!rc)
            rc = desk_tx_end(
                db, desk_vsession_finish(db, a, &rows[i], DESK_VS_LAPSE, rows[i].expires_at));
        lapsed += rc == DESK_OK;
        if (rc == DESK_DONE) /* its client came a moment before us */
            rc = DESK_OK;
    }
    if (lapsed)
        desk_log(DESK_LOG_INFO, "worker.voice_sessions", "lapsed=%zu", lapsed);
    desk_arena_free(a);
    return rc;
}
