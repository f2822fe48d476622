/* A recording that Twilio made, fetched onto this machine: read as it comes, brought to 8 kHz
 * µ-law, and written like a recording of ours, sealed (store/recording_file.h). It counts only when
 * all of it came and it is as long as Twilio said; else nothing stays behind, and it is tried
 * again. What follows (writing a message down, deleting it at Twilio) is queued in the same
 * transaction. */
#include "worker/kinds.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/paths.h"
#include "store/calls.h"
#include "store/conversation.h"
#include "store/open.h"
#include "store/recording_file.h"
#include "store/recordings.h"
#include "store/results.h"
#include "store/settings.h"
#include "wire/mulaw.h"
#include "wire/wav_read.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#define RATE       8000
#define RATE_MOST  48000
#define SHORT_MS   2000 /* so much shorter than Twilio said may be rounding, or silence cut away */
#define WORDS_WAIT (3LL * 60 * 1000) /* for Twilio's own words, before ours are paid for */

struct fetch {
    const struct outbox_work *w;
    struct desk_wav_reader wav;
    struct desk_recfile file;
    uint8_t side[2][DESK_REC_PIECE];
    size_t at;       /* samples of the piece that is filled */
    int64_t samples; /* written and filled */
    int64_t sum[2];  /* of a faster recording: several frames become one */
    unsigned n_sum;
    int64_t bytes;
    enum desk_rc rc; /* why it was given up */
};

/* ---- the sound ------------------------------------------------------------------------------- */

static enum desk_rc put_piece(struct fetch *f)
{
    int64_t k = (f->samples - 1) / DESK_REC_PIECE;
    enum desk_rc rc = desk_recfile_put(&f->file, DESK_REC_CALLER, k, f->side[0]);
    if (!rc)
        rc = desk_recfile_put(&f->file, DESK_REC_DESK, k, f->side[1]);
    memset(f->side, DESK_REC_SILENCE, sizeof f->side);
    f->at = 0;
    return rc;
}

/* One frame at our rate. A message has one channel: the caller's. */
static void put_frame(struct fetch *f, unsigned per)
{
    for (unsigned c = 0; c < f->wav.channels; c++)
        f->side[c][f->at] = desk_mulaw_from_linear((int16_t)(f->sum[c] / (int64_t)per));
    f->sum[0] = f->sum[1] = 0;
    f->n_sum = 0;
    f->at++;
    f->samples++;
    if (f->at == DESK_REC_PIECE)
        f->rc = put_piece(f);
}

static bool on_sound(void *ctx, const int16_t *samples, size_t frames)
{
    struct fetch *f = ctx;
    unsigned per = f->wav.rate / RATE;
    if (!per || f->wav.rate % RATE || f->wav.rate > RATE_MOST) {
        f->wav.why = "Its rate is none that we read.";
        f->rc = DESK_EINVAL;
    }
    for (size_t i = 0; i < frames && !f->rc; i++) {
        for (unsigned c = 0; c < f->wav.channels; c++)
            f->sum[c] += samples[i * f->wav.channels + c];
        if (++f->n_sum == per)
            put_frame(f, per);
    }
    return !f->rc;
}

static bool on_bytes(void *ctx, const char *p, size_t n)
{
    struct fetch *f = ctx;
    f->bytes += (int64_t)n;
    if (f->bytes > DESK_MAX_FETCH)
        f->rc = DESK_ELIMIT;
    enum desk_rc rc = f->rc ? DESK_DONE : desk_wav_read(&f->wav, p, n);
    if (rc == DESK_EINVAL)
        f->rc = rc;
    return !rc;
}

static bool on_stop(void *ctx)
{
    const struct outbox_work *w = ((const struct fetch *)ctx)->w;
    return w->stop && w->stop(w->stop_ctx);
}

/* Why data() gave up. */
static void gave_up(const struct fetch *f, struct desk_outbox_result *r)
{
    if (f->rc == DESK_EINVAL)
        outbox_fail(r, f->wav.why);
    else if (f->rc == DESK_ELIMIT && f->bytes > DESK_MAX_FETCH)
        outbox_fail(r, "It is longer than any call.");
    else if (f->rc == DESK_ELIMIT) {
        r->end = DESK_END_AGAIN;
        r->ours = true;
        snprintf(r->why, sizeof r->why, "There is no more room on the disk.");
    } else {
        outbox_again(r, f->rc);
    }
}

/* All of it, and as long as Twilio said? */
static void check(struct fetch *f, const struct desk_recording *rec, struct desk_outbox_result *r)
{
    int64_t ms = f->samples / 8;
    if (desk_wav_read_end(&f->wav)) {
        r->end = DESK_END_AGAIN;
        snprintf(r->why, sizeof r->why, "The sound that came from Twilio is not whole. %s",
                 f->wav.why);
    } else if (!f->samples) {
        outbox_fail(r, "The sound that came from Twilio is empty.");
    } else if (ms + SHORT_MS + rec->ms / 20 < rec->ms) {
        r->end = DESK_END_AGAIN;
        snprintf(r->why, sizeof r->why,
                 "The sound that came from Twilio is %lld seconds long instead of %lld.",
                 (long long)(ms / 1000), (long long)(rec->ms / 1000));
    }
}

static enum desk_rc finish_file(struct fetch *f)
{
    enum desk_rc rc = f->at ? put_piece(f) : DESK_OK;
    return rc ? rc : desk_recfile_end(&f->file, f->samples);
}

/* ---- the row --------------------------------------------------------------------------------- */

static enum desk_rc queue(const struct outbox_work *w, const char *kind, const char *member,
                          const char *id, int64_t wait_ms)
{
    json_t *root = json_pack("{s:s}", member, id);
    char *payload = root ? json_dumps(root, JSON_COMPACT) : NULL;
    const struct desk_outbox_new row = {.tenant_id = w->row->tenant_id,
                                        .call_id = w->row->call_id,
                                        .kind = kind,
                                        .dedupe = desk_arena_fmt(w->arena, "%s:%s", kind, id),
                                        .payload = payload,
                                        .priority = DESK_OUTBOX_NORMAL,
                                        .wait_ms = wait_ms};
    enum desk_rc rc = payload && row.dedupe ? desk_outbox_add(w->db, &row) : DESK_ENOMEM;
    json_decref(root);
    free(payload);
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

/* A message that nobody has written down yet. */
static enum desk_rc queue_words(const struct outbox_work *w, const struct desk_recording *rec)
{
    struct desk_message m;
    struct desk_tenant_settings own;
    if (strcmp(rec->kind, DESK_REC_MESSAGE) != 0 || !*desk_setting(DESK_S_STT_URL))
        return DESK_OK;
    enum desk_rc rc =
        desk_message_by_recording(w->db, w->arena, rec->tenant_id, rec->twilio_sid, &m);
    if (rc || m.text)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    rc = desk_tenant_settings_load(w->db, w->arena, rec->tenant_id, &own);
    bool theirs = !rc && desk_tenant_setting_bool(&own, DESK_S_TWILIO_TRANSCRIBE) && !m.no_words;
    return rc ? rc : queue(w, DESK_OUTBOX_WORDS, "message", m.id, theirs ? WORDS_WAIT : 0);
}

static enum desk_rc keep(const struct outbox_work *w, const struct desk_recording *rec)
{
    struct desk_call c;
    enum desk_rc rc = desk_recording_fetched(w->db, rec);
    if (!rc)
        rc = desk_call_get(w->db, w->arena, rec->tenant_id, rec->call_id, &c);
    if (!rc)
        rc = desk_event_add(w->db, c.tenant_id, c.id, c.started_at, "note", "recording_here",
                            "The recording was fetched from Twilio; it can be heard here.",
                            desk_arena_fmt(w->arena, "here:%s", rec->id));
    if (!rc)
        rc = queue_words(w, rec);
    if (!rc && desk_setting_bool(DESK_S_TWILIO_DELETE_RECORDINGS))
        rc = queue(w, DESK_OUTBOX_ERASE, "recording", rec->twilio_sid, 0);
    return rc;
}

static void note_failure(const struct outbox_work *w, const struct desk_recording *rec,
                         const struct desk_outbox_result *r)
{
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    if (!rc)
        rc = desk_tx_end(w->db, desk_recording_not_here(w->db, rec->tenant_id, rec->id, r->why));
    if (rc)
        desk_log(DESK_LOG_WARN, "fetch.reason_lost", "id=%s rc=%s", rec->id, desk_rc_name(rc));
}

/* What is in the file is whole: say so in the database. */
static void keep_all(const struct outbox_work *w, struct desk_recording *rec, const struct fetch *f,
                     struct desk_outbox_result *r)
{
    rec->ms = f->samples / 8;
    rec->bytes = f->file.size;
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    if (!rc)
        rc = desk_tx_end(w->db, keep(w, rec));
    if (rc && rc != DESK_DONE)
        outbox_again(r, rc);
    else if (rc) /* erased meanwhile */
        snprintf(r->remote_state, sizeof r->remote_state, "erased");
    if (rc && desk_recfile_remove(rec->path))
        desk_log(DESK_LOG_ERROR, "fetch.left_behind", "id=%s", rec->id);
}

/* As for our own recordings: the disk is not filled up to its last byte. */
static bool room(void)
{
    char path[DESK_PATH_LEN];
    struct statvfs v;
    if (statvfs(desk_path_data(path, "."), &v) != 0)
        return true; /* writing will show */
    return (int64_t)v.f_bavail * (int64_t)v.f_frsize / (1024 * 1024) >=
           desk_setting_int(DESK_S_RECORD_FREE_MB);
}

static void fetch(const struct outbox_work *w, const struct desk_twilio_account *account,
                  struct desk_recording *rec, struct fetch *f, struct desk_outbox_result *r)
{
    char path[DESK_REC_PATH];
    rec->path = desk_recfile_path(path, rec->id, rec->started_at);
    enum desk_rc rc = desk_recfile_remove(rec->path); /* of an attempt that was killed */
    if (!rc && !room())
        rc = DESK_ELIMIT;
    if (!rc)
        rc =
            desk_recfile_create(&f->file, desk_store_the_key(), rec->path, rec->tenant_id, rec->id);
    if (rc) {
        f->rc = rc;
        gave_up(f, r);
        if (outbox_last(w, r))
            note_failure(w, rec, r);
        return;
    }
    memset(f->side, DESK_REC_SILENCE, sizeof f->side);
    desk_wav_read_begin(&f->wav, on_sound, f);
    f->w = w;
    const struct desk_twilio_sink to = {.data = on_bytes, .stop = on_stop, .ctx = f};
    w->services->media->fetch(account, rec->twilio_sid, &to, r);
    if (r->end == DESK_END_UNKNOWN)
        gave_up(f, r);
    if (r->end == DESK_END_SENT)
        check(f, rec, r);
    if (r->end == DESK_END_SENT && (f->rc = finish_file(f)) != DESK_OK)
        gave_up(f, r);
    desk_recfile_close(&f->file);
    if (r->end == DESK_END_SENT)
        keep_all(w, rec, f, r);
    else if (desk_recfile_remove(rec->path))
        desk_log(DESK_LOG_ERROR, "fetch.left_behind", "id=%s", rec->id);
    if (outbox_last(w, r))
        note_failure(w, rec, r);
}

void deliver_fetch(const struct outbox_work *w, struct desk_outbox_result *r)
{
    struct desk_recording rec;
    struct desk_twilio_account account;
    const char *sid = outbox_payload(w, "recording");
    struct fetch *f = desk_arena_alloc(w->arena, sizeof *f);
    *r = (struct desk_outbox_result){.end = DESK_END_SENT};
    enum desk_rc rc = sid && f
                          ? desk_recording_by_sid(w->db, w->arena, w->row->tenant_id, sid, &rec)
                          : DESK_ENOTFOUND;
    if (rc == DESK_ENOTFOUND)
        outbox_fail(r, "There is no such recording any more.");
    else if (rc)
        outbox_again(r, rc);
    else if (rec.path || strcmp(rec.state, DESK_REC_READY) != 0)
        snprintf(r->remote_state, sizeof r->remote_state, "%s", rec.path ? "here" : rec.state);
    else if (outbox_account(&account, r))
        fetch(w, &account, &rec, f, r);
}

/* ---- its end at Twilio ----------------------------------------------------------------------- */

/* Only what is here, and whole. */
static bool is_here(const struct desk_recording *rec)
{
    struct desk_recfile f;
    if (!rec->path ||
        desk_recfile_open(&f, desk_store_the_key(), rec->path, rec->tenant_id, rec->id))
        return false;
    bool whole = f.whole;
    desk_recfile_close(&f);
    return whole;
}

void deliver_erase(const struct outbox_work *w, struct desk_outbox_result *r)
{
    struct desk_recording rec;
    struct desk_twilio_account account;
    const char *sid = outbox_payload(w, "recording");
    *r = (struct desk_outbox_result){.end = DESK_END_FAILED};
    enum desk_rc rc =
        sid ? desk_recording_by_sid(w->db, w->arena, w->row->tenant_id, sid, &rec) : DESK_ENOTFOUND;
    if (rc && rc != DESK_ENOTFOUND) {
        outbox_again(r, rc);
        return;
    }
    const char *gone = outbox_payload(w, "gone"); /* whose it is was erased: it stays nowhere */
    if (!gone && (rc || !is_here(&rec))) {
        outbox_fail(r, "It is not whole on this machine, so it stays at Twilio.");
        return;
    }
    if (!outbox_account(&account, r))
        return;
    w->services->media->erase(&account, sid, r);
    if (r->end != DESK_END_SENT || rc)
        return;
    rc = DESK_TX_BEGIN(w->db);
    if (!rc)
        rc = desk_tx_end(w->db, desk_recording_remote_erased(w->db, rec.tenant_id, rec.id));
    if (rc)
        outbox_again(r, rc);
}
