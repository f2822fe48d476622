/* A session's beginning, turns and end, for whichever door the request came by. */
#include "cgi-bin/api/session.h"
#include "base/log.h"
#include "core/voice_body.h"
#include "store/conversation.h"
#include "store/settings.h"

#include <stdatomic.h>
#include <string.h>

#define WORDS_MOST 4000 /* bytes of what is worth hearing */

const struct desk_hear *api_ears = &desk_hear_http;
const struct desk_tts *api_mouth = &desk_tts_http;

static _Atomic bool ending;
static _Atomic int talkers;

void api_session_stop(void)
{
    atomic_store(&ending, true);
}

static bool stopping(void)
{
    return atomic_load(&ending);
}

bool api_session_stopping(void *unused)
{
    (void)unused;
    return stopping();
}

bool session_enter(struct desk_request *req)
{
    if (atomic_fetch_add(&talkers, 1) < API_TALKERS)
        return true;
    session_leave();
    req->detail = "Too many conversations are being answered just now.";
    return false;
}

void session_leave(void)
{
    atomic_fetch_sub(&talkers, 1);
}

/* ---- beginning ------------------------------------------------------------------------------- */

/* Where the call goes: by the number that was called, else the main location and its number. */
static enum desk_rc place_of(struct desk_request *req, const struct desk_voice_body *b,
                             const char **to)
{
    struct desk_number num, *all;
    size_t n = 0;
    *to = "";
    if (*b->to) {
        enum desk_rc rc = desk_number_find(req->db, req->arena, b->to, &num);
        if (rc == DESK_ENOTFOUND || (!rc && strcmp(num.tenant_id, req->tenant.id) != 0))
            return session_wrong(req, "#/to", "This is no number of this business.");
        *to = num.e164;
        return rc ? rc
                  : desk_location_get(req->db, req->arena, req->tenant.id, num.location_id,
                                      &req->location);
    }
    enum desk_rc rc = desk_number_list(req->db, req->arena, req->tenant.id, &all, &n);
    for (size_t i = 0; !rc && i < n && !**to; i++)
        if (strcmp(all[i].location_id, req->location.id) == 0)
            *to = all[i].e164;
    return rc;
}

static enum desk_rc idle_of(struct desk_request *req, const struct desk_voice_body *b, int64_t *ms)
{
    struct desk_tenant_settings own;
    enum desk_rc rc = desk_tenant_settings_load(req->db, req->arena, req->tenant.id, &own);
    if (!rc)
        *ms = 1000 * (b->timeout_s ? b->timeout_s
                                   : desk_tenant_setting_int(&own, DESK_S_SESSION_TIMEOUT_S));
    return rc;
}

enum desk_rc session_open(struct desk_request *req, const struct desk_voice_body *b,
                          const char *channel, const char *outside_key, const char *audio,
                          struct session_made *m)
{
    struct desk_vs_new in = {.tenant = &req->tenant,
                             .location = &req->location,
                             .channel = channel,
                             .from = b->number,
                             .vouched = b->verified,
                             .outside_key = outside_key,
                             .audio = *b->reply_audio ? b->reply_audio : audio,
                             .voice = *b->reply_voice ? b->reply_voice : NULL};
    *m = (struct session_made){.n = 0};
    enum desk_rc rc = place_of(req, b, &in.to);
    if (!rc)
        rc = idle_of(req, b, &in.idle_ms);
    if (!rc && !outside_key)
        rc = session_key(req, "start", &in.idem);
    if (!rc)
        rc = desk_vsession_start(req->db, req->arena, &in, &m->vs);
    if (rc == DESK_EINVAL && in.idem.key && !req->reason) {
        req->reason = "idempotency_key_reused";
        req->detail = "This Idempotency-Key was sent with another body before.";
    }
    return rc;
}

/* ---- hearing --------------------------------------------------------------------------------- */

struct hearing {
    struct desk_request *req;
    const struct desk_vs_turn *turn;
    bool lost;
};

/* About once a second while it is heard. */
static bool on_wait(void *ctx)
{
    struct hearing *h = ctx;
    h->lost = h->lost || !desk_vsession_hold(h->req->db, h->turn);
    return h->lost || stopping();
}

/* The business's words worth hearing, one phrase a line; "" = none, or they cannot be had. */
static const char *words_of(struct desk_request *req, const struct desk_vs *s)
{
    struct desk_dialog_profile *p = desk_arena_alloc(req->arena, sizeof *p);
    char *text = desk_arena_alloc(req->arena, WORDS_MOST + 1);
    struct desk_prompt_input about;
    const char *facts;
    if (!p || !text || desk_prompt_load(req->db, req->arena, &s->call, &about) ||
        desk_prompt_facts(req->arena, &about, &facts) || desk_dialog_profile_parse(p, facts))
        return "";
    desk_dialog_vocabulary(p, s->talk.expect, text, WORDS_MOST);
    return text;
}

/* Sound → words. DESK_ECONFLICT: another has taken the turn meanwhile. */
static enum desk_rc hear(struct desk_request *req, const struct desk_vs *s,
                         const struct desk_vs_turn *t, const struct session_input *in,
                         const char **text)
{
    char why[300] = "";
    struct hearing h = {req, t, false};
    const struct desk_hear_ask ask = {.wav = in->sound,
                                      .n = in->sound_len,
                                      .expect = desk_expect_name(s->talk.expect),
                                      .words = words_of(req, s),
                                      .stop = on_wait,
                                      .stop_ctx = &h};
    enum desk_rc rc = api_ears->words(&ask, req->arena, text, why, sizeof why);
    if (h.lost)
        return DESK_ECONFLICT;
    if (!rc)
        return DESK_OK;
    desk_log(DESK_LOG_WARN, "session.not_heard", "session=%s rc=%s why=\"%s\"", s->row.id,
             desk_rc_name(rc), why);
    desk_vsession_drop(req->db, t);
    req->detail = "The sound could not be heard just now. The session goes on: send it again, or "
                  "send text.";
    req->reason = "not_heard";
    return rc == DESK_EINVAL ? DESK_EINVAL : rc == DESK_DONE ? DESK_EBUSY : DESK_EUPSTREAM;
}

/* ---- a turn ---------------------------------------------------------------------------------- */

/* What a claim means for the client. DESK_OK: the turn is answered, now or before. */
static enum desk_rc verdict(struct desk_request *req, const struct desk_vs *s,
                            enum desk_vs_claim got)
{
    switch (got) {
    case DESK_VS_RUNNING:
        req->reason = "turn_running";
        req->detail = "This session's last input is not answered yet: one at a time.";
        req->again = true;
        return DESK_ECONFLICT;
    case DESK_VS_ENDED:
        req->reason = "session_over";
        req->detail =
            desk_arena_fmt(req->arena, "This session is over: %s.", desk_vs_state_name(s->state));
        return DESK_ECONFLICT;
    case DESK_VS_OTHER:
        req->reason = "idempotency_key_reused";
        req->detail = "This Idempotency-Key was sent with another body before.";
        return DESK_EINVAL;
    case DESK_VS_MINE:
    case DESK_VS_REPEAT:
        break;
    }
    return DESK_OK;
}

static enum desk_rc answer(struct desk_request *req, struct session_made *m, struct desk_vs_turn *t,
                           const struct session_input *in)
{
    enum desk_brain_event event = in->event;
    const char *text = in->text;
    enum desk_rc rc = DESK_OK;
    if (in->sound) {
        rc = hear(req, &m->vs, t, in, &text);
        m->heard = rc ? NULL : text;
        if (!rc && !*text)
            event = DESK_BRAIN_SILENCE; /* a noise, or words that are none of this business */
    }
    if (rc == DESK_ECONFLICT)
        return verdict(req, &m->vs, DESK_VS_RUNNING);
    if (!rc)
        rc = desk_vsession_answer(req->db, req->arena, &m->vs, t, event, text);
    return rc ? rc : verdict(req, &m->vs, t->got);
}

/* The same sound again: what was understood of it then. */
static enum desk_rc heard_before(struct desk_request *req, struct session_made *m)
{
    struct desk_turn t;
    const char *item = desk_talk_item(req->arena, m->n);
    enum desk_rc rc =
        item ? desk_turn_get(req->db, req->arena, req->tenant.id, m->vs.call.id, item, &t)
             : DESK_ENOMEM;
    m->heard = rc ? "" : t.text;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

enum desk_rc session_turn(struct desk_request *req, struct session_made *m,
                          const struct session_input *in)
{
    struct desk_vs_turn t = {.stopping = stopping};
    enum desk_rc rc = session_key(req, "input", &t.idem);
    if (!rc)
        rc = desk_vsession_claim(req->db, req->arena, &m->vs, &t);
    if (!rc)
        rc = verdict(req, &m->vs, t.got);
    if (rc)
        return rc;
    desk_log_bind(req->request_id, m->vs.call.call_sid);
    if (m->vs.call.trace)
        desk_log_trace(m->vs.call.trace);
    m->n = t.n;
    if (t.missed)
        m->missed = t.missed;
    if (t.got == DESK_VS_MINE)
        return answer(req, m, &t, in);
    return in->sound ? heard_before(req, m) : DESK_OK;
}

/* ---- the end --------------------------------------------------------------------------------- */

enum desk_rc session_end(struct desk_request *req, struct session_made *m, const char *outcome)
{
    const struct desk_vs_ending *how = desk_vs_endings;
    for (const struct desk_vs_ending *e = desk_vs_endings; e->word; e++)
        if (strcmp(e->word, outcome) == 0)
            how = e;
    enum desk_rc rc = desk_vsession_end(req->db, req->arena, &m->vs, how);
    m->n = m->vs.talk.n > 0 ? m->vs.talk.n - 1 : 0;
    return rc == DESK_DONE ? DESK_OK : rc;
}
