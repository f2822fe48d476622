/* Recordings that are whole get their shape, once: what a call's page draws (talk/wave.h). One that
 * cannot be opened gets an empty one, so that the page says so and nobody tries again. */
#include "worker/worker.h"
#include "base/log.h"
#include "store/open.h"
#include "store/recordings.h"
#include "talk/wave.h"

#define AT_A_TIME 10 /* an hour of sound takes a fifth of a second */

static void draw(const struct desk_recording *r, char out[DESK_WAVE_LEN])
{
    struct desk_recfile f;
    enum desk_rc rc =
        desk_recfile_open(&f, desk_store_the_key(), r->path ? r->path : "", r->tenant_id, r->id);
    if (!rc) {
        rc = desk_wave_of(&f, out);
        desk_recfile_close(&f);
    }
    if (rc) {
        out[0] = '\0';
        desk_log(DESK_LOG_WARN, "worker.wave", "recording=%s rc=%s", r->id, desk_rc_name(rc));
    }
}

enum desk_rc job_waves(struct desk_db *db)
{
    char wave[DESK_WAVE_LEN];
    struct desk_recording *rows;
    size_t n = 0;
    struct desk_arena *a = desk_arena_new(512 * 1024);
    enum desk_rc rc = a ? desk_recording_undrawn(db, a, AT_A_TIME, &rows, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++) {
        draw(&rows[i], wave); /* outside of the transaction: it reads a whole file */
        rc = DESK_TX_BEGIN(db);
        if (!rc)
            rc = desk_tx_end(db, desk_recording_wave(db, rows[i].tenant_id, rows[i].id, wave));
    }
    desk_arena_free(a);
    return rc;
}
