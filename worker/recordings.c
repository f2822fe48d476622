/* A recording whose bridge died has no end in the database. Its file is readable up to the last
 * pieces that were written (store/recording_file.h): when it has not grown for a while, its row is
 * completed from it. */
#include "worker/worker.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/conversation.h"
#include "store/calls.h"
#include "store/open.h"
#include "store/recording_file.h"
#include "store/recordings.h"

#include <string.h>

#define QUIET_MS 60000 /* a live one grows many times a second */

/* DESK_DONE: it is still being made. */
static enum desk_rc look(const struct desk_recording *r, struct desk_recording *end)
{
    struct desk_recfile f;
    *end = (struct desk_recording){
        .id = r->id, .tenant_id = r->tenant_id, .state = DESK_REC_BROKEN, .cut = "killed"};
    enum desk_rc rc =
        desk_recfile_open(&f, desk_store_the_key(), r->path ? r->path : "", r->tenant_id, r->id);
    if (rc)
        return DESK_OK; /* none, or none of ours: nothing can be heard */
    if (desk_recfile_idle_ms(&f) < QUIET_MS)
        rc = DESK_DONE;
    end->ms = f.samples / 8;
    end->bytes = f.size;
    end->state = end->ms ? DESK_REC_READY : DESK_REC_BROKEN;
    end->cut = f.whole ? NULL : "killed";
    end->ended_at = r->started_at + end->ms;
    desk_recfile_close(&f);
    return rc;
}

static enum desk_rc complete(struct desk_db *db, struct desk_arena *a,
                             const struct desk_recording *r, const struct desk_recording *end)
{
    struct desk_call c;
    enum desk_rc rc = desk_recording_end(db, end);
    if (rc || !end->cut)
        return rc;
    rc = desk_call_get(db, a, r->tenant_id, r->call_id, &c);
    if (rc)
        return rc;
    return desk_event_add(db, c.tenant_id, c.id, c.started_at, "rule", "recording_cut",
                          end->ms ? "The recording ends early: the program that made it was killed."
                                  : "Nothing of the recording can be heard: the program that made "
                                    "it was killed.",
                          r->id);
}

enum desk_rc job_recordings(struct desk_db *db)
{
    struct desk_recording *rows, end;
    size_t n = 0, done = 0;
    struct desk_arena *a = desk_arena_new(4 * 1024 * 1024);
    enum desk_rc rc =
        a ? desk_recording_open(db, a, desk_now_ms() - QUIET_MS, &rows, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++) {
        if (look(&rows[i], &end) == DESK_DONE)
            continue;
        rc = DESK_TX_BEGIN(db);
        if (!rc)
            rc = desk_tx_end(db, complete(db, a, &rows[i], &end));
        done++;
        if (rc == DESK_DONE) /* its bridge has come to it by itself */
            rc = DESK_OK;
    }
    if (done)
        desk_log(DESK_LOG_NOTICE, "worker.recordings", "completed=%zu", done);
    desk_arena_free(a);
    return rc;
}
