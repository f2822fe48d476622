/* The recordings of a call: how they are shown on the call's page, and what is heard: GET
 * /calls/:id/recording.wav (the call) and /calls/:id/messages/:mid/sound.wav (a message left, the
 * caller's side alone). What Twilio recorded is heard once the worker has fetched it. The file is
 * sealed; it is opened piece by piece on the way out.
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

static bool can_be_heard(const struct desk_recording *r)
{
    return is(r->state, DESK_REC_READY) && r->path;
}

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
                          "account, under Recordings.%s%s",
                          desk_words_dur(dur, sizeof dur, r->ms), r->not_here ? " " : "",
                          r->not_here ? r->not_here : "");
}

/* The recording of a message. NULL: it has none. */
static const struct desk_recording *of_message(const struct desk_recording *rows, size_t n,
                                               const struct desk_message *m)
{
    for (size_t i = 0; m->recording_sid && i < n; i++)
        if (is(rows[i].twilio_sid, m->recording_sid))
            return &rows[i];
    return NULL;
}

static void message_view(struct desk_request *req, struct desk_view *v, size_t i,
                         const struct admin_facts *f, const struct desk_recording *r)
{
    char num[24];
    if (!r)
        return;
    if (can_be_heard(r)) {
        snprintf(num, sizeof num, "%lld", (long long)r->ms);
        desk_view_setf(v,
                       desk_arena_fmt(req->arena, "/calls/%s/messages/%s/sound.wav", f->call->id,
                                      f->messages[i].id),
                       "Messages.%zu.Sound", i);
        desk_view_setf(v, num, "Messages.%zu.LengthMs", i);
    }
    if (r->not_here)
        desk_view_setf(v, r->not_here, "Messages.%zu.NotHere", i);
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
    for (size_t i = 0; i < f->n_messages; i++)
        message_view(req, v, i, f, of_message(rows, n, &f->messages[i]));
    const struct desk_recording *r = pick(rows, n);
    const char *none = r ? NULL : why_none(req, f, s);
    if (none)
        desk_view_set(v, "NotRecorded", none);
    if (!r)
        return DESK_OK;
    if (!can_be_heard(r)) {
        desk_view_set(v, "Recording.Words", state_words(req, f, r));
        return DESK_OK;
    }
    desk_view_int(v, "Recording.Ms", r->ms);
    admin_wave_view(req, v, f->call, r, s);
    if (r->cut)
        desk_view_set(v, "Recording.Cut", cut_words(r->cut));
    return DESK_OK;
}

/* ---- the sound --------------------------------------------------------------------------------
 */

struct sound {
    struct desk_recfile file;
    uint8_t head[DESK_WAV_HEAD];
    unsigned channels; /* 1: the caller's side alone */
    int64_t at, end;   /* bytes of the WAV that are still to be sent */
};

static void sound_close(void *ctx)
{
    desk_recfile_close(&((struct sound *)ctx)->file);
}

static int64_t sound_bytes(const struct sound *s)
{
    return DESK_WAV_HEAD + s->channels * s->file.samples;
}

/* n samples as they go out: both sides, or the caller's. */
static enum desk_rc sound_read(const struct sound *s, int64_t from, size_t n,
                               uint8_t out[2 * DESK_REC_PIECE])
{
    enum desk_rc rc = desk_recfile_read(&s->file, from, n, out);
    for (size_t i = 0; !rc && s->channels == 1 && i < n; i++)
        out[i] = out[2 * i];
    return rc;
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
        const int64_t c = s->channels;
        int64_t first = from / c; /* up to the end of a piece, so that each is opened once */
        size_t max = (size_t)(DESK_REC_PIECE - first % DESK_REC_PIECE);
        size_t skip = (size_t)(from % c), want = (n + skip + s->channels - 1) / s->channels;
        size_t samples = want < max ? want : max, bytes = s->channels * samples - skip;
        enum desk_rc rc = sound_read(s, first, samples, two);
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

/* A recording that can be heard, open. */
static enum desk_rc open_it(struct desk_request *req, const struct desk_recording *r,
                            unsigned channels, struct sound **out)
{
    struct sound *s = desk_arena_alloc(req->arena, sizeof *s);
    if (!s)
        return DESK_ENOMEM;
    if (!r || !can_be_heard(r))
        return DESK_ENOTFOUND;
    enum desk_rc rc =
        desk_recfile_open(&s->file, desk_store_the_key(), r->path, r->tenant_id, r->id);
    if (rc) {
        desk_log(DESK_LOG_ERROR, "recording.file", "id=%s code=%s", r->id, desk_rc_name(rc));
        return DESK_ENOTFOUND;
    }
    desk_arena_defer(req->arena, sound_close, s);
    s->channels = channels;
    if (s->file.samples > DESK_WAV_MAX_SAMPLES((int)channels))
        s->file.samples = DESK_WAV_MAX_SAMPLES((int)channels);
    desk_wav_head(s->head, channels, s->file.samples);
    *out = s;
    return DESK_OK;
}

/* The call's recordings, and the call. */
static enum desk_rc load(struct desk_request *req, struct desk_call *c,
                         struct desk_recording **rows, size_t *n)
{
    enum desk_rc rc = admin_call_get(req, desk_param(req, "id")->text, c);
    return rc ? rc : desk_recording_by_call(req->db, req->arena, req->tenant.id, c->id, rows, n);
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

static enum desk_rc send_it(struct desk_request *req, const struct desk_recording *r,
                            struct sound *s)
{
    int64_t first, last;
    enum desk_rc rc = audit(req, r);
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

enum desk_rc admin_recording(struct desk_request *req)
{
    struct desk_call c;
    struct desk_recording *rows;
    struct sound *s;
    size_t n;
    enum desk_rc rc = load(req, &c, &rows, &n);
    const struct desk_recording *r = rc ? NULL : pick(rows, n);
    if (!rc)
        rc = open_it(req, r, 2, &s);
    return rc ? rc : send_it(req, r, s);
}

enum desk_rc admin_message_sound(struct desk_request *req)
{
    struct desk_call c;
    struct desk_recording *rows;
    struct desk_message m;
    struct sound *s;
    size_t n;
    enum desk_rc rc = load(req, &c, &rows, &n);
    if (!rc)
        rc =
            desk_message_get(req->db, req->arena, req->tenant.id, desk_param(req, "mid")->text, &m);
    if (!rc && strcmp(m.call_id, c.id) != 0)
        rc = DESK_ENOTFOUND;
    const struct desk_recording *r = rc ? NULL : of_message(rows, n, &m);
    if (!rc)
        rc = open_it(req, r, 1, &s);
    return rc ? rc : send_it(req, r, s);
}
