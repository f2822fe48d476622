/* The recording of a call: how it is shown on the call's page, and GET /calls/:id/recording.wav,
 * which is heard. The file is sealed; it is opened piece by piece on the way out.
 *
 * A browser's player asks for ranges: it gets them in parts of RANGE_MAX, so that none of our few
 * threads waits for an ear (nginx holds such a part in memory). Without a range (a download) all of
 * it is sent, part by part. Each listening is in the audit: no audit, no sound. */
#include "cgi-bin/admin/admin.h"
#include "cgi-bin/words.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/open.h"
#include "store/recording_file.h"
#include "store/recordings.h"
#include "store/settings.h"
#include "wire/wav.h"

#include <stdio.h>
#include <string.h>

#define RANGE_MAX  (1024 * 1024)
#define PART_MAX   (64 * 1024)
#define LISTEN_MS  (10 * 60 * 1000) /* ranges asked for within it are one listening */
#define ACT_LISTEN "recording.listen"

/* ---- on the call's page -----------------------------------------------------------------------
 */

/* The one that is shown: of the whole call, the newest. NULL: there is none. */
static const struct desk_recording *pick(const struct desk_recording *rows, size_t n)
{
    const struct desk_recording *best = NULL;
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].kind, DESK_REC_MESSAGE) != 0)
            best = &rows[i];
    return best;
}

static bool is(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

static const struct {
    const char *cut, *words;
} cuts[] = {
    {"disk_full", "It ends before the call did: there was no more room on the disk."},
    {"too_slow", "It ends before the call did: the disk was too slow."},
    {"killed", "It ends before the call did: the program that made it was stopped."},
    {NULL, "It ends before the call did: the disk failed."},
};

static const char *cut_words(const char *cut)
{
    size_t i = 0;
    while (cuts[i].cut && strcmp(cuts[i].cut, cut) != 0)
        i++;
    return cuts[i].words;
}

/* Why there is none. */
static const char *why_none(struct desk_request *req, const struct admin_facts *f,
                            const struct admin_story *s)
{
    struct desk_tenant_settings own;
    for (size_t i = 0; i < s->n_events; i++)
        if (is(s->events[i].name, "not_recorded") && s->events[i].detail)
            return s->events[i].detail;
    if (desk_tenant_settings_load(req->db, req->arena, req->tenant.id, &own) ||
        is(desk_tenant_setting(&own, DESK_S_RECORD_CALLS), "off"))
        return "Not recorded: recording is switched off.";
    if (admin_running(f))
        return NULL;
    return is(f->call->mode, DESK_MODE_REALTIME) && f->call->stream_started_at
               ? "Not recorded."
               : "Not recorded: the voice did not answer this call.";
}

static const char *state_words(struct desk_request *req, const struct admin_facts *f,
                               const struct desk_recording *r)
{
    char dur[32], day[32];
    if (is(r->state, DESK_REC_ERASED))
        return desk_arena_fmt(
            req->arena, "The recording was erased %s.",
            desk_words_date(day, sizeof day, desk_page_zone(req), desk_now_ms(), r->erased_at));
    if (is(r->state, DESK_REC_RECORDING))
        return admin_running(f) ? "This call is being recorded."
                                : "The recording is still being saved.";
    if (is(r->state, DESK_REC_BROKEN))
        return "Nothing of the recording can be heard: it could not be saved.";
    return desk_arena_fmt(req->arena,
                          "Twilio keeps the recording, %s. You can listen to it in your Twilio "
                          "account, under Recordings.",
                          desk_words_dur(dur, sizeof dur, r->ms));
}

enum desk_rc admin_recording_view(struct desk_request *req, struct desk_view *v,
                                  const struct admin_facts *f, const struct admin_story *s)
{
    struct desk_recording *rows;
    size_t n;
    enum desk_rc rc =
        desk_recording_by_call(req->db, req->arena, req->tenant.id, f->call->id, &rows, &n);
    if (rc)
        return rc;
    const struct desk_recording *r = pick(rows, n);
    const char *none = r ? NULL : why_none(req, f, s);
    if (none)
        desk_view_set(v, "NotRecorded", none);
    if (!r)
        return DESK_OK;
    if (!is(r->kind, DESK_REC_OWN) || !is(r->state, DESK_REC_READY)) {
        desk_view_set(v, "Recording.Words", state_words(req, f, r));
        return DESK_OK;
    }
    desk_view_int(v, "Recording.Ms", r->ms);
    if (r->cut)
        desk_view_set(v, "Recording.Cut", cut_words(r->cut));
    return DESK_OK;
}

/* ---- the sound --------------------------------------------------------------------------------
 */

struct sound {
    struct desk_recfile file;
    uint8_t head[DESK_WAV_HEAD];
    int64_t at, end; /* bytes of the WAV that are still to be sent */
};

static void sound_close(void *ctx)
{
    desk_recfile_close(&((struct sound *)ctx)->file);
}

static int64_t sound_bytes(const struct sound *s)
{
    return DESK_WAV_HEAD + 2 * s->file.samples;
}

/* Bytes [at, at + n) of the WAV, appended. */
static enum desk_rc sound_add(const struct sound *s, int64_t at, size_t n, struct desk_buf *out)
{
    uint8_t two[2 * DESK_REC_PIECE];
    if (at < DESK_WAV_HEAD && n) {
        size_t head = (size_t)(DESK_WAV_HEAD - at) < n ? (size_t)(DESK_WAV_HEAD - at) : n;
        desk_buf_add(out, s->head + at, head);
        at += (int64_t)head;
        n -= head;
    }
    for (int64_t from = at - DESK_WAV_HEAD; n;) {
        int64_t first = from / 2; /* up to the end of a piece, so that each is opened once */
        size_t max = (size_t)(DESK_REC_PIECE - first % DESK_REC_PIECE);
        size_t skip = (size_t)(from % 2), want = (n + skip + 1) / 2;
        size_t samples = want < max ? want : max, bytes = 2 * samples - skip;
        enum desk_rc rc = desk_recfile_read(&s->file, first, samples, two);
        if (rc)
            return rc;
        bytes = bytes < n ? bytes : n;
        desk_buf_add(out, two + skip, bytes);
        from += (int64_t)bytes;
        n -= bytes;
    }
    return desk_buf_ok(out) ? DESK_OK : DESK_ELIMIT;
}

static enum desk_rc sound_more(void *ctx, struct desk_buf *out)
{
    struct sound *s = ctx;
    size_t n = s->end - s->at < PART_MAX ? (size_t)(s->end - s->at) : PART_MAX;
    enum desk_rc rc = n ? sound_add(s, s->at, n, out) : DESK_DONE;
    s->at += (int64_t)n;
    return rc;
}

/* The ready one of that call, open. */
static enum desk_rc find(struct desk_request *req, const struct desk_recording **row,
                         struct sound **out)
{
    struct desk_call c;
    struct desk_recording *rows;
    struct sound *s = desk_arena_alloc(req->arena, sizeof *s);
    size_t n;
    enum desk_rc rc =
        desk_call_get(req->db, req->arena, req->tenant.id, desk_param(req, "id")->text, &c);
    if (!rc)
        rc = desk_recording_by_call(req->db, req->arena, req->tenant.id, c.id, &rows, &n);
    if (rc || !s)
        return rc ? rc : DESK_ENOMEM;
    const struct desk_recording *r = pick(rows, n);
    if (!r || !is(r->kind, DESK_REC_OWN) || !is(r->state, DESK_REC_READY))
        return DESK_ENOTFOUND;
    rc = desk_recfile_open(&s->file, desk_store_the_key(), r->path, r->tenant_id, r->id);
    if (rc) {
        desk_log(DESK_LOG_ERROR, "recording.file", "id=%s code=%s", r->id, desk_rc_name(rc));
        return DESK_ENOTFOUND;
    }
    desk_arena_defer(req->arena, sound_close, s);
    if (s->file.samples > DESK_WAV_MAX_SAMPLES(2))
        s->file.samples = DESK_WAV_MAX_SAMPLES(2);
    desk_wav_head(s->head, 2, s->file.samples);
    *row = r;
    *out = s;
    return DESK_OK;
}

/* A write of a GET, in a window of its own. */
static enum desk_rc audit(struct desk_request *req, const struct desk_recording *r)
{
    desk_db_readonly(req->db, false);
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, desk_audit_once(req->db, req->tenant.id, req->user.id, ACT_LISTEN,
                                                  r->id, LISTEN_MS));
    desk_db_readonly(req->db, true);
    return rc;
}

static void headers(struct desk_request *req, const struct desk_recording *r)
{
    char day[32];
    req->reply.type = "audio/wav";
    desk_when_iso(day, sizeof day, desk_page_zone(req), r->started_at);
    desk_reply_header(req, "Accept-Ranges", "bytes");
    desk_reply_header(req, "Cache-Control", "private, no-store");
    desk_reply_header(req, "X-Content-Type-Options", "nosniff");
    desk_reply_header(req, "Content-Disposition",
                      desk_arena_fmt(req->arena, "inline; filename=\"call-%.10s.wav\"", day));
}

static enum desk_rc send_range(struct desk_request *req, const struct sound *s, int64_t first,
                               int64_t last)
{
    int64_t all = sound_bytes(s), n = last - first + 1 < RANGE_MAX ? last - first + 1 : RANGE_MAX;
    req->reply.status = 206;
    desk_reply_header(req, "Content-Range",
                      desk_arena_fmt(req->arena, "bytes %lld-%lld/%lld", (long long)first,
                                     (long long)(first + n - 1), (long long)all));
    return sound_add(s, first, (size_t)n, &req->reply.body);
}

enum desk_rc admin_recording(struct desk_request *req)
{
    const struct desk_recording *r;
    struct sound *s;
    int64_t first, last;
    enum desk_rc rc = find(req, &r, &s);
    if (!rc)
        rc = audit(req, r);
    if (rc)
        return rc;
    headers(req, r);
    switch (desk_range_parse(req->range, sound_bytes(s), &first, &last)) {
    case DESK_RANGE_PART:
        return send_range(req, s, first, last);
    case DESK_RANGE_BAD:
        req->reply.status = 416;
        desk_reply_header(req, "Content-Range",
                          desk_arena_fmt(req->arena, "bytes */%lld", (long long)sound_bytes(s)));
        return DESK_OK;
    default:
        s->end = sound_bytes(s);
        req->reply.source = (struct desk_source){sound_more, s, s->end};
        return DESK_OK;
    }
}
