/* A recorded message written down by the server at STT_URL, from its sound on this machine. Once: a
 * message that has words is left as it is. */
#include "worker/kinds.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/calls.h"
#include "store/conversation.h"
#include "store/open.h"
#include "store/recording_file.h"
#include "store/recordings.h"
#include "store/results.h"
#include "talk/business.h"
#include "talk/watch.h"
#include "wire/mulaw.h"
#include "wire/wav.h"

#include <stdio.h>
#include <string.h>

#define NOTHING "No words could be made out in it."

/* ---- the sound ------------------------------------------------------------------------------- */

/* The caller's side as a WAV of 16 bits. */
static enum desk_rc sound_of(const struct desk_recfile *f, struct desk_buf *out)
{
    uint8_t head[DESK_WAV_PCM_HEAD], both[2 * DESK_REC_PIECE], one[DESK_REC_PIECE],
        bytes[2 * DESK_REC_PIECE];
    int16_t linear[DESK_REC_PIECE];
    enum desk_rc rc = DESK_OK;
    desk_wav_pcm_head(head, 1, DESK_MULAW_RATE, f->samples);
    desk_buf_add(out, head, sizeof head);
    for (int64_t at = 0; at < f->samples && !rc; at += DESK_REC_PIECE) {
        size_t n =
            f->samples - at < DESK_REC_PIECE ? (size_t)(f->samples - at) : (size_t)DESK_REC_PIECE;
        rc = desk_recfile_read(f, at, n, both);
        for (size_t i = 0; i < n; i++)
            one[i] = both[2 * i];
        desk_mulaw_decode(linear, one, n);
        for (size_t i = 0; i < n; i++) {
            bytes[2 * i] = (uint8_t)((uint16_t)linear[i] & 0xff);
            bytes[2 * i + 1] = (uint8_t)((uint16_t)linear[i] >> 8);
        }
        desk_buf_add(out, bytes, 2 * n);
    }
    return rc ? rc : desk_buf_ok(out) ? DESK_OK : DESK_ELIMIT;
}

static enum desk_rc load_sound(const struct desk_recording *rec, struct desk_buf *out)
{
    struct desk_recfile f;
    enum desk_rc rc =
        desk_recfile_open(&f, desk_store_the_key(), rec->path, rec->tenant_id, rec->id);
    if (rc)
        return rc;
    rc = sound_of(&f, out);
    desk_recfile_close(&f);
    return rc;
}

/* ---- the words ------------------------------------------------------------------------------- */

static enum desk_rc watch(const struct outbox_work *w, const struct desk_call *c, const char *text)
{
    struct desk_tenant t;
    struct desk_location l;
    struct desk_business b;
    const char *said = NULL;
    enum desk_rc rc = desk_tenant_get(w->db, w->arena, c->tenant_id, &t);
    if (!rc)
        rc = desk_location_get(w->db, w->arena, c->tenant_id, c->location_id, &l);
    if (!rc)
        rc = desk_business_of(w->arena, &t, &l, &b);
    if (!rc)
        rc = desk_watch_said(w->db, w->arena, c, text, &said);
    if (rc)
        return rc;
    struct desk_watch look = {.business = &b, .call = c};
    return desk_watch_words(w->db, w->arena, &look, said);
}

static enum desk_rc keep_in_tx(const struct outbox_work *w, const struct desk_message *m,
                               const char *text)
{
    struct desk_call c;
    enum desk_rc rc = desk_call_get(w->db, w->arena, m->tenant_id, m->call_id, &c);
    if (!rc)
        rc = *text ? desk_message_words(w->db, m->tenant_id, m->id, text, DESK_WORDS_STT)
                   : desk_message_no_words(w->db, m->tenant_id, m->id, NOTHING);
    if (rc)
        return rc == DESK_DONE ? DESK_OK : rc; /* others were quicker */
    rc = desk_event_add(w->db, c.tenant_id, c.id, c.started_at, "note",
                        *text ? "message_written" : "message_not_written",
                        *text ? "The message was written down." : NOTHING,
                        desk_arena_fmt(w->arena, "stt:%s", m->id));
    if (!rc && *text)
        rc = watch(w, &c, text);
    const char *owner = desk_arena_fmt(w->arena, "owner_message:%s", m->id);
    return rc ? rc : owner ? desk_outbox_hurry(w->db, m->tenant_id, owner) : DESK_ENOMEM;
}

static enum desk_rc keep(const struct outbox_work *w, const struct desk_message *m,
                         const char *text)
{
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    return rc ? rc : desk_tx_end(w->db, keep_in_tx(w, m, text));
}

/* Given up: the reason is shown where the words would be, and the owner is not kept waiting. */
static void give_up(const struct outbox_work *w, const struct desk_message *m,
                    const struct desk_outbox_result *r)
{
    const char *owner = desk_arena_fmt(w->arena, "owner_message:%s", m->id);
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    if (rc)
        return;
    rc = desk_message_no_words(w->db, m->tenant_id, m->id, r->why);
    if (!rc && owner)
        rc = desk_outbox_hurry(w->db, m->tenant_id, owner);
    rc = desk_tx_end(w->db, rc);
    if (rc)
        desk_log(DESK_LOG_WARN, "transcribe.reason_lost", "id=%s rc=%s", m->id, desk_rc_name(rc));
}

static void write_down(const struct outbox_work *w, const struct desk_message *m,
                       const struct desk_recording *rec, struct desk_outbox_result *r)
{
    struct desk_buf sound, text;
    const struct desk_stt_server server = {.url = desk_setting(DESK_S_STT_URL),
                                           .key = desk_setting(DESK_S_STT_KEY),
                                           .model = desk_setting(DESK_S_STT_MODEL),
                                           .stop = w->stop,
                                           .stop_ctx = w->stop_ctx};
    desk_buf_init(&sound, DESK_MAX_STT_SOUND);
    desk_buf_init(&text, DESK_MAX_STT_WORDS);
    enum desk_rc rc = load_sound(rec, &sound);
    if (rc == DESK_ELIMIT)
        outbox_fail(r, "It is too long to be written down.");
    else if (rc)
        outbox_fail(r, "Its sound on this machine cannot be read.");
    else
        w->services->stt->transcribe(&server, (const uint8_t *)sound.p, sound.len, &text, r);
    if (!rc && r->end == DESK_END_SENT) {
        rc = keep(w, m, desk_buf_cstr(&text));
        if (rc)
            outbox_again(r, rc);
    }
    if (outbox_last(w, r))
        give_up(w, m, r);
    desk_buf_clear(&sound);
    desk_buf_clear(&text);
}

void deliver_words(const struct outbox_work *w, struct desk_outbox_result *r)
{
    struct desk_message m;
    struct desk_recording rec;
    const char *id = outbox_payload(w, "message");
    *r = (struct desk_outbox_result){.end = DESK_END_SENT};
    enum desk_rc rc =
        id ? desk_message_get(w->db, w->arena, w->row->tenant_id, id, &m) : DESK_ENOTFOUND;
    if (!rc)
        rc = m.recording_sid
                 ? desk_recording_by_sid(w->db, w->arena, m.tenant_id, m.recording_sid, &rec)
                 : DESK_ENOTFOUND;
    if (rc == DESK_ENOTFOUND)
        outbox_fail(r, "There is no such message any more.");
    else if (rc)
        outbox_again(r, rc);
    else if (m.text || strcmp(m.state, "erased") == 0 || !rec.path)
        snprintf(r->remote_state, sizeof r->remote_state, "%s", m.text ? "written" : "erased");
    else if (!*desk_setting(DESK_S_STT_URL))
        outbox_fail(r, "STT_URL is not set any more.");
    else
        write_down(w, &m, &rec, r);
}
