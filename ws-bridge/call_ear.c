/* Who decides that the caller speaks. While nothing of ours is to be heard: the model's server, as
 * it hears best when nobody talks over the caller. While we speak: our own ear (ear.h), since the
 * server hears our echo, coughs and the street as well, and the session says
 * interrupt_response:false.
 *
 * The server says that speech has started. If our ear has confirmed it, we fall silent at once; if
 * not, we are in doubt and go on speaking, until
 *   the ear confirms it                            → silent, as at once;
 *   nothing of ours is to be heard any more, and
 *   the server still hears it                      → it was speech;
 *   the server cuts its own answer                 → it was speech: some do not know the setting;
 *   the server says that it has stopped            → it was none: its item is deleted, and so is
 * the answer the server makes of it, unheard. */
#include "ws-bridge/call.h"
#include "base/clock.h"
#include "base/log.h"
#include "wire/base64.h"

#include <stdio.h>
#include <string.h>

#define PIECE          240  /* bytes decoded at once */
#define NOISE_MS       3000 /* an answer to noise comes within that, after the one before is over */
#define STOP_MISSED_MS 4000 /* so long quiet, and the server has not noticed: it never will */

bool call_ear_guards(const struct call *c)
{
    return desk_tenant_setting_int(&c->claim->settings, DESK_S_BARGE_IN_CONFIRM_MS) > 0;
}

/* ---- what the ear is given ------------------------------------------------------------------- */

static void open_ear(struct call *c)
{
    const struct desk_tenant_settings *s = &c->claim->settings;
    struct ear_settings set = {
        .confirm_ms = (int)desk_tenant_setting_int(s, DESK_S_BARGE_IN_CONFIRM_MS),
        .echo_db = (double)desk_tenant_setting_int(s, DESK_S_BARGE_IN_ECHO_DB),
        .margin_db = (double)desk_tenant_setting_int(s, DESK_S_VAD_MARGIN_DB),
        .least_db = -(double)desk_tenant_setting_int(s, DESK_S_VAD_LEAST_DBFS),
        .tone = (double)desk_tenant_setting_int(s, DESK_S_VOICE_TONE) / 100.0};
    ear_init(&c->ear, &set);
    c->hears = true;
}

void call_ear_sent(struct call *c, const struct desk_slice *audio, int64_t play_ms)
{
    uint8_t ulaw[PIECE];
    if (!c->hears)
        open_ear(c);
    for (size_t at = 0; at < audio->n; at += PIECE / 3 * 4) {
        size_t chars = audio->n - at < PIECE / 3 * 4 ? audio->n - at : PIECE / 3 * 4;
        size_t n = desk_base64_decode_raw(ulaw, audio->p + at, chars);
        if (n == DESK_BASE64_BAD)
            return;
        ear_sent(&c->ear, ulaw, n, play_ms + (int64_t)(at / 4 * 3 / 8));
    }
}

/* ---- decisions ------------------------------------------------------------------------------- */

static void send(struct call *c, const char *what, const char *item,
                 void (*build)(struct desk_buf *, const char *, const char *))
{
    char id[32];
    struct queue_msg *m = queue_new(&c->model.out, 1024);
    snprintf(id, sizeof id, "fd-%s-%u", what, (unsigned)++c->events);
    if (m)
        build(&m->buf, id, item);
    call_send(c, &c->model, m, QUEUE_TEXT, 0);
}

void call_ear_forget_item(struct call *c, const char *item_id)
{
    send(c, "noise", item_id, desk_rt_build_delete);
}

/* The caller speaks. */
static void believe(struct call *c)
{
    c->doubt.on = false;
    c->noise = 0;
    c->speaks_ms = desk_mono_ms();
    call_caller_began(c);
}

void call_ear_started(struct call *c, const char *item)
{
    int64_t now = desk_mono_ms();
    if (!c->hears || c->ear.set.confirm_ms == 0 || !play_outstanding(&c->play, now) ||
        ear_since_ms(&c->ear, true)) {
        believe(c);
        return;
    }
    c->doubt = (struct doubt){.on = true};
    snprintf(c->doubt.item, sizeof c->doubt.item, "%s", item);
}

bool call_ear_stopped(struct call *c)
{
    if (!c->doubt.on)
        return true;
    c->doubt.on = false;
    c->noise++;
    c->noise_ms = desk_mono_ms();
    desk_log(DESK_LOG_DEBUG, "call.not_speech", "call=%s level=%.0f expected=%.0f floor=%.0f",
             c->name, c->ear.level_db, c->ear.expected_db, c->ear.vad.floor_db);
    if (*c->doubt.item)
        call_ear_forget_item(c, c->doubt.item);
    if (c->noises++ < DESK_MAX_NOISE_NOTES)
        call_event(c, "stream", "not_speech",
                   "Something was heard while the receptionist spoke, and it was not taken for "
                   "speech");
    return false;
}

static void still_in_doubt(struct call *c, int64_t now)
{
    if (ear_since_ms(&c->ear, true)) {
        believe(c);
    } else if (play_outstanding(&c->play, now) || ear_own_voice(&c->ear, now)) {
        c->doubt.silent_ms = 0;
    } else if (!c->doubt.silent_ms) {
        c->doubt.silent_ms = now;
    } else if (now - c->doubt.silent_ms >= c->ear.set.confirm_ms) {
        believe(c);
    }
}

/* The server has not noticed that the caller is silent: tell it, and ask for the answer. */
static void stop_missed(struct call *c, int64_t now)
{
    if (ear_quiet_ms(&c->ear, c->speaks_ms, now) < STOP_MISSED_MS)
        return;
    struct queue_msg *m = queue_new(&c->model.out, 256);
    desk_log(DESK_LOG_NOTICE, "call.stop_missed", "call=%s", c->name);
    if (m)
        desk_rt_build_commit(&m->buf);
    if (!call_send(c, &c->model, m, QUEUE_TEXT, 0))
        return;
    call_caller_ended(c);
    call_want(c);
    call_respond(c);
}

void call_ear_heard(struct call *c, const struct desk_slice *payload)
{
    uint8_t ulaw[PIECE];
    int64_t now = desk_mono_ms(), heard = ear_heard_ms(&c->ear);
    if (!c->claim)
        return;
    if (!c->hears)
        open_ear(c);
    for (size_t at = 0; at < payload->n; at += PIECE / 3 * 4) {
        size_t chars = payload->n - at < PIECE / 3 * 4 ? payload->n - at : PIECE / 3 * 4;
        size_t n = desk_base64_decode_raw(ulaw, payload->p + at, chars);
        if (n == DESK_BASE64_BAD)
            return;
        ear_heard(&c->ear, ulaw, n, now);
    }
    if (ear_heard_ms(&c->ear) != heard)
        quiet_voice(&c->quiet, now);
    if (c->state >= CALL_ENDING || !c->model.up)
        return;
    if (c->doubt.on)
        still_in_doubt(c, now);
    else if (c->caller_speaks)
        stop_missed(c, now);
}

void call_ear_forget(struct call *c)
{
    c->doubt.on = c->caller_speaks = false;
    c->noise = 0;
    c->refused[0] = '\0';
    c->n_refused_items = 0;
    call_resume_off(c);
}

/* ---- the answer to what was no speech -------------------------------------------------------- */

static bool answers_noise(const struct call *c)
{
    return c->noise > 0 && desk_mono_ms() - c->noise_ms < NOISE_MS;
}

void call_ear_refuse_active(struct call *c)
{
    snprintf(c->refused, sizeof c->refused, "%s", c->active);
    snprintf(c->play.dead, sizeof c->play.dead, "%s", c->active);
    c->n_refused_items = 0;
    send(c, "refuse", c->active, desk_rt_build_response_cancel);
}

bool call_ear_refuse(struct call *c)
{
    if (!answers_noise(c) || strcmp(c->active, "?") == 0) {
        c->noise = 0;
        return false;
    }
    c->noise--;
    call_ear_refuse_active(c);
    return true;
}

bool call_ear_refused(struct call *c, const struct desk_rt_event *ev)
{
    if (!*c->refused || strcmp(ev->response_id, c->refused) != 0)
        return false;
    for (unsigned i = 0; i < c->n_refused_items; i++)
        if (strcmp(c->refused_items[i], ev->item_id) == 0)
            return true;
    if (*ev->item_id && c->n_refused_items < CALL_REFUSED_ITEMS)
        snprintf(c->refused_items[c->n_refused_items++], PLAY_ID, "%s", ev->item_id);
    return true;
}

bool call_ear_response_done(struct call *c, const struct desk_rt_event *ev)
{
    bool refused = *c->refused && strcmp(ev->response_id, c->refused) == 0;
    if (c->noise)
        c->noise_ms = desk_mono_ms();
    if (refused) {
        for (unsigned i = 0; i < c->n_refused_items; i++)
            send(c, "refused", c->refused_items[i], desk_rt_build_delete);
        c->refused[0] = '\0';
        c->n_refused_items = 0;
        if (c->state == CALL_LEAVING)
            call_leave_go_on(c);
        else
            call_respond(c);
        return true;
    }
    if (c->doubt.on && ev->status == DESK_RT_STATUS_CANCELLED &&
        strcmp(ev->status_reason, "turn_detected") == 0)
        believe(c);
    return false;
}
