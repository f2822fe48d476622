/* Is the call recorded, and what is said about that on its timeline. The sound itself goes to the
 * recorder. A call that is not recorded has no recording: one branch a frame. */
#include "ws-bridge/call.h"
#include "ws-bridge/recorder.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "store/recordings.h"
#include "wire/base64.h"

#include <stdio.h>
#include <string.h>

void call_record_start(struct call *c)
{
    c->rec = recorder_begin(c->b->recorder, c->handle, c->started_ms);
}

static bool is(const struct claim *claim, enum desk_setting_id id, const char *value)
{
    return strcmp(desk_tenant_setting(&claim->settings, id), value) == 0;
}

void call_record_decide(struct call *c)
{
    const struct claim *claim = c->claim;
    bool needed = !is(claim, DESK_S_CONSENT_RULE, DESK_CONSENT_NOT_NEEDED);
    bool own = is(claim, DESK_S_RECORD_CALLS, DESK_REC_OWN);
    bool may = !needed || claim->consent_at;
    if (own && !may)
        call_event(c, "rule", "not_recorded",
                   "Not recorded: this business has no consent line, so the caller was not told.");
    else if (own && !c->rec)
        call_event(c, "rule", "not_recorded",
                   c->relay ? "Not recorded: answered in this way, the sound never comes to us."
                            : "Not recorded: there was no memory for it.");
    if (!own || !may || !c->rec) {
        recorder_drop(c->rec);
        c->rec = NULL;
        return;
    }
    struct recorded about = {.consent_at = needed ? claim->consent_at : 0,
                             .started_at = desk_now_ms() - (desk_mono_ms() - c->started_ms)};
    snprintf(about.tenant_id, sizeof about.tenant_id, "%s", claim->call.tenant_id);
    snprintf(about.call_id, sizeof about.call_id, "%s", claim->call.id);
    snprintf(about.consent, sizeof about.consent, "%s",
             needed ? DESK_CONSENT_SPOKEN : DESK_CONSENT_NOT_NEEDED);
    desk_id_new(about.id, "rec");
    desk_recfile_path(about.path, about.id, about.started_at);
    call_event(c, "rule", "recorded",
               needed ? "Recorded: the caller was told before."
                      : "Recorded: the rule of this business is that nobody need be told.");
    scribe_recording(c->b->scribe, &about);
    recorder_go(c->rec, &about);
}

/* Pieces whose base64 ends with a whole byte. */
#define PIECE 1024

typedef void lay_fn(struct call *c, const uint8_t *ulaw, size_t n, uint64_t stamp_ms, int64_t ms);

static void lay_caller(struct call *c, const uint8_t *ulaw, size_t n, uint64_t stamp_ms, int64_t ms)
{
    recorder_caller(c->rec, ulaw, n, stamp_ms, ms);
}

static void lay_desk(struct call *c, const uint8_t *ulaw, size_t n, uint64_t stamp_ms, int64_t ms)
{
    (void)stamp_ms;
    recorder_desk(c->rec, ulaw, n, ms);
}

static void decode(struct call *c, struct desk_slice audio, uint64_t stamp_ms, int64_t ms,
                   lay_fn *lay)
{
    uint8_t raw[PIECE / 4 * 3];
    for (size_t at = 0; at < audio.n; at += PIECE) {
        size_t n = audio.n - at < PIECE ? audio.n - at : PIECE;
        size_t got = desk_base64_decode_raw(raw, audio.p + at, n);
        if (got == DESK_BASE64_BAD)
            return;
        lay(c, raw, got, stamp_ms, ms);
        stamp_ms += stamp_ms ? got / 8 : 0;
        ms += (int64_t)got / 8;
    }
}

void call_record_caller(struct call *c, const struct desk_media_msg *m)
{
    decode(c, m->payload, m->timestamp_ms, desk_mono_ms(), lay_caller);
}

void call_record_desk(struct call *c, struct desk_slice audio, int64_t until_ms)
{
    int64_t ms = (int64_t)desk_base64_decoded_len(audio.p, audio.n) / 8;
    decode(c, audio, 0, until_ms - ms, lay_desk);
}

void call_record_cut(struct call *c)
{
    if (c->rec)
        recorder_cut(c->rec, desk_mono_ms());
}

void call_record_end(struct call *c)
{
    recorder_end(c->rec, desk_mono_ms());
    c->rec = NULL;
}

static const struct {
    const char *why, *sentence;
} stops[] = {
    {"disk_full", "The recording stopped: there is no more room on the disk."},
    {"too_slow", "The recording stopped: the disk was too slow."},
    {NULL, "The recording stopped: it could not be written to the disk."},
};

void call_record_stopped(struct call *c, const char *why)
{
    size_t i = 0;
    while (stops[i].why && (!why || strcmp(stops[i].why, why) != 0))
        i++;
    call_event(c, "rule", "recording_stopped", "%s", stops[i].sentence);
    call_record_end(c);
}
