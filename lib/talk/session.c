/* Sessions: how one begins, is read, and ends. Its turns are in session_turn.c. */
#include "talk/session.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "store/conversation.h"
#include "talk/arrive.h"
#include "talk/business.h"
#include "talk/promise.h"
#include "talk/template.h"
#include "talk/web_chat.h"

#include <string.h>

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* ---- first words ----------------------------------------------------------------------------- */

static void answer_free(void *ctx)
{
    desk_brain_answer_clear(ctx);
}

/* Which version of which texts instruct who speaks. The talk goes on without knowing. */
static const char *script_version(struct desk_db *db, struct desk_arena *a,
                                  const struct desk_call *c)
{
    struct desk_prompt_input about;
    const char *text;
    char *version = desk_arena_alloc(a, DESK_TEMPLATE_VERSION);
    enum desk_rc rc = version ? desk_prompt_load(db, a, c, &about) : DESK_ENOMEM;
    if (!rc)
        rc = desk_prompt_instructions(a, &about, &text, version);
    if (rc)
        desk_log(DESK_LOG_WARN, "session.script", "call=%s rc=%s", c->id, desk_rc_name(rc));
    return rc ? NULL : version;
}

/* What was decided before a word is said leaves nothing to talk about: by core/route.h's word. */
static enum desk_rc not_talked_to(struct desk_db *db, struct desk_arena *a, const struct desk_vs *s,
                                  const char *owner_phone, bool *yes)
{
    const struct desk_call *c = &s->call;
    bool reject = same(c->action, desk_route_action_name(DESK_DO_REJECT));
    bool through = same(c->action, desk_route_action_name(DESK_DO_TRANSFER_EXCEPTION)) &&
                   owner_phone && *owner_phone;
    enum desk_rc rc = DESK_OK;
    *yes = reject || through;
    if (through)
        rc = desk_call_transfer(db, c->tenant_id, c->id, owner_phone, NULL, false);
    if (reject)
        rc = desk_call_outcome(db, c->tenant_id, c->id, DESK_OUT_BLOCKED, true);
    if (reject && !rc)
        rc = desk_vsession_finish(db, a, &s->row, DESK_VS_OVER, desk_now_ms());
    return rc == DESK_DONE ? DESK_OK : rc;
}

static enum desk_rc save_first(struct desk_db *db, struct desk_arena *a, struct desk_vs *s,
                               const struct desk_brain_answer *answer, const char *version)
{
    const struct desk_call *c = &s->call;
    struct desk_location at;
    bool over = false, by_text = same(c->channel, DESK_CHANNEL_TEXT);
    enum desk_rc rc = desk_location_get(db, a, c->tenant_id, c->location_id, &at);
    if (!rc)
        rc = not_talked_to(db, a, s, at.owner_phone, &over);
    const char *say = desk_buf_cstr(&answer->say);
    if (!rc && same(c->channel, DESK_CHANNEL_CHAT))
        rc = desk_web_chat_greeting(db, a, c->tenant_id, &say);
    s->talk = (struct desk_talk){.n = 1,
                                 /* who writes first is answered, and not greeted before */
                                 .say = over || by_text ? "" : say,
                                 .expect = over ? DESK_EXPECT_NOTHING : answer->expect,
                                 .done = over || answer->done,
                                 .state = answer->state};
    if (!rc && version && !over)
        rc = desk_call_script(db, c->tenant_id, c->id, c->script, version);
    return rc ? rc : desk_talk_save(db, a, c, &s->talk, false);
}

/* Also of a session whose process died before it said a word. */
static enum desk_rc begin_talk(struct desk_db *db, struct desk_arena *a, struct desk_vs *s)
{
    struct desk_brain_answer *answer = desk_arena_alloc(a, sizeof *answer);
    if (!answer)
        return DESK_ENOMEM;
    desk_brain_answer_init(answer);
    desk_arena_defer(a, answer_free, answer);
    enum desk_rc rc = desk_talk_first(db, a, &s->call, false, answer);
    if (rc)
        return rc;
    const char *version = script_version(db, a, &s->call);
    rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, save_first(db, a, s, answer, version));
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Its time ran out and nobody has noticed yet. */
static enum desk_rc lapse(struct desk_db *db, struct desk_arena *a,
                          const struct desk_voice_session *row)
{
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, desk_vsession_finish(db, a, row, DESK_VS_LAPSE, row->expires_at));
    return rc == DESK_DONE ? DESK_OK : rc;
}

/* Everything else of the session whose row was read. */
static enum desk_rc load_rest(struct desk_db *db, struct desk_arena *a, struct desk_vs *s)
{
    const char *tenant_id = s->row.tenant_id;
    enum desk_rc rc = DESK_OK;
    if (desk_vs_state_parse(s->row.state) == DESK_VS_ACTIVE && s->row.expires_at < desk_now_ms()) {
        rc = lapse(db, a, &s->row);
        if (!rc)
            rc = desk_voice_session_get(db, a, tenant_id, s->row.id, &s->row);
    }
    s->state = desk_vs_state_parse(s->row.state);
    if (!rc)
        rc = desk_call_get(db, a, tenant_id, s->row.call_id, &s->call);
    if (rc == DESK_ENOTFOUND)
        rc = DESK_EINTERNAL; /* a row that points nowhere */
    if (rc)
        return rc;
    rc = desk_talk_load(a, &s->call, &s->talk);
    if (rc != DESK_ENOTFOUND)
        return rc;
    if (s->state == DESK_VS_ACTIVE)
        return begin_talk(db, a, s);
    s->talk = (struct desk_talk){.say = "", .done = true, .expect = DESK_EXPECT_NOTHING};
    return DESK_OK;
}

enum desk_rc desk_vsession_load(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *id, struct desk_vs *s)
{
    enum desk_rc rc = desk_voice_session_get(db, a, tenant_id, id, &s->row);
    return rc ? rc : load_rest(db, a, s);
}

enum desk_rc desk_vsession_load_outside(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const char *outside_key,
                                        struct desk_vs *s)
{
    enum desk_rc rc = desk_voice_session_by_outside(db, a, tenant_id, outside_key, &s->row);
    return rc ? rc : load_rest(db, a, s);
}

enum desk_rc desk_vsession_words(struct desk_db *db, struct desk_arena *a, const struct desk_vs *s,
                                 int64_t n, const char **text)
{
    struct desk_turn t;
    const char *item = desk_arena_fmt(a, "menu-%lld-%s", (long long)n + 1, DESK_WHO_DESK);
    *text = "";
    if (!item)
        return DESK_ENOMEM;
    enum desk_rc rc = desk_turn_get(db, a, s->call.tenant_id, s->call.id, item, &t);
    if (!rc)
        *text = t.text;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

/* ---- beginning ------------------------------------------------------------------------------- */

/* Was it begun before? DESK_DONE: *s is it; DESK_EINVAL: the key was, with something else. */
static enum desk_rc begun_before(struct desk_db *db, struct desk_arena *a,
                                 const struct desk_vs_new *in, struct desk_vs *s)
{
    const char *tenant_id = in->tenant->id;
    enum desk_rc rc = DESK_ENOTFOUND;
    if (in->idem.key) {
        rc = desk_voice_session_by_idem(db, a, tenant_id, in->idem.key, &s->row);
        if (!rc && !same(s->row.idem_body, in->idem.body))
            return DESK_EINVAL;
    }
    if (rc == DESK_ENOTFOUND && in->outside_key)
        rc = desk_voice_session_by_outside(db, a, tenant_id, in->outside_key, &s->row);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    rc = load_rest(db, a, s);
    return rc ? rc : DESK_DONE;
}

enum desk_rc desk_vsession_insert(struct desk_db *db, struct desk_arena *a,
                                  const struct desk_vs_new *in, const struct desk_business *b,
                                  struct desk_vs *s)
{
    char call_id[DESK_ID_LEN], id[DESK_ID_LEN];
    int64_t now = desk_now_ms();
    const struct desk_arrival arrival = {.business = b,
                                         .from = in->from,
                                         .attest =
                                             in->vouched ? DESK_ATTEST_NONE : DESK_ATTEST_CLAIMED,
                                         .text = in->pair_key != NULL};
    *s = (struct desk_vs){.state = DESK_VS_ACTIVE};
    s->row =
        (struct desk_voice_session){.id = desk_arena_strdup(a, desk_id_new(id, "vs")),
                                    .tenant_id = in->tenant->id,
                                    .call_id = desk_arena_strdup(a, desk_id_new(call_id, "call")),
                                    .state = desk_vs_state_name(DESK_VS_ACTIVE),
                                    .outside_key = in->outside_key,
                                    .pair_key = in->pair_key,
                                    .idem_key = in->idem.key,
                                    .idem_body = in->idem.body,
                                    .audio = in->audio,
                                    .voice = in->voice,
                                    .idle_ms = in->idle_ms,
                                    .expires_at = desk_vs_expires(now, now, in->idle_ms, false),
                                    .created_at = now,
                                    .updated_at = now};
    s->call = (struct desk_call){.id = s->row.call_id,
                                 .tenant_id = in->tenant->id,
                                 .location_id = in->location->id,
                                 .call_sid = s->row.id,
                                 .direction = "inbound",
                                 .to_number = in->to,
                                 .mode = DESK_MODE_GATHER,
                                 .status = "in-progress",
                                 .status_rank = desk_call_rank("in-progress"),
                                 .channel = in->channel,
                                 .started_at = now,
                                 .updated_at = now};
    if (!s->row.id || !s->row.call_id)
        return DESK_ENOMEM;
    enum desk_rc rc = desk_arrive(db, a, &arrival, &s->call);
    return rc ? rc : desk_voice_session_insert(db, &s->row);
}

static enum desk_rc make(struct desk_db *db, struct desk_arena *a, const struct desk_vs_new *in,
                         struct desk_vs *s)
{
    struct desk_business *b = desk_arena_alloc(a, sizeof *b);
    enum desk_rc rc = b ? desk_business_of(a, in->tenant, in->location, b) : DESK_ENOMEM;
    if (!rc)
        rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, desk_vsession_insert(db, a, in, b, s));
}

enum desk_rc desk_vsession_start(struct desk_db *db, struct desk_arena *a,
                                 const struct desk_vs_new *in, struct desk_vs *s)
{
    enum desk_rc rc = begun_before(db, a, in, s);
    if (rc)
        return rc;
    rc = make(db, a, in, s);
    if (rc == DESK_ECONFLICT) { /* the same request, a moment earlier, in another thread */
        rc = begun_before(db, a, in, s);
        return rc ? rc : DESK_ECONFLICT;
    }
    if (!rc)
        rc = begin_talk(db, a, s);
    if (rc)
        return rc;
    desk_log(DESK_LOG_INFO, "session.started", "session=%s call=%s channel=%s caller=%s", s->row.id,
             s->call.id, s->call.channel, s->call.caller_kind);
    return desk_vsession_load(db, a, in->tenant->id, s->row.id, s);
}

/* ---- the end --------------------------------------------------------------------------------- */

const struct desk_vs_ending desk_vs_endings[] = {
    {"completed", DESK_VS_END, NULL, false, false, NULL},
    {"transferred", DESK_VS_END, DESK_OUT_TRANSFERRED, true, false,
     "Put through, and somebody answered."},
    {"not_put_through", DESK_VS_END, DESK_OUT_NOT_PUT, false, true,
     "Put through in vain: nobody answered."},
    {"caller_left", DESK_VS_END, DESK_OUT_HUNG_UP, false, false, "The caller left."},
    {"failed", DESK_VS_BROKE, DESK_OUT_FAILED, false, false,
     "The other side says that the line broke."},
    {0},
};

/* What each end says of the call. */
static const struct {
    const char *status, *outcome, *name, *detail;
} ends[DESK_VS__STATES] = {
    [DESK_VS_COMPLETED] = {"completed", NULL, "session_completed", "The conversation has ended."},
    [DESK_VS_FAILED] = {"failed", DESK_OUT_FAILED, "session_failed",
                        "The conversation could not go on."},
    [DESK_VS_ABANDONED] = {"completed", DESK_OUT_HUNG_UP, "session_abandoned",
                           "Nothing came for too long, so the conversation was ended."},
};

static enum desk_rc spoke(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                          bool *yes)
{
    struct desk_turn *turns;
    size_t n = 0;
    enum desk_rc rc = desk_turn_recent(db, a, c->tenant_id, c->id, DESK_WHO_CALLER, 1, &turns, &n);
    *yes = n > 0;
    return rc;
}

/* Who was to be put through, and nobody said that they were. */
static enum desk_rc unheard_of(struct desk_db *db, struct desk_arena *a, const struct desk_call *c)
{
    if (!same(c->next_step, DESK_NEXT_TRANSFER) || same(c->outcome, DESK_OUT_TRANSFERRED))
        return DESK_OK;
    enum desk_rc rc =
        desk_promise(db, a, c,
                     c->transfer_reason && *c->transfer_reason ? c->transfer_reason
                                                               : "Wanted to be put through");
    return rc ? rc : desk_call_outcome(db, c->tenant_id, c->id, DESK_OUT_NOT_PUT, false);
}

static enum desk_rc end_call(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                             enum desk_vs_state to, int64_t at)
{
    bool yes = false;
    /* in writing that is how a conversation ends */
    bool usual = to == DESK_VS_ABANDONED && desk_call_written(c);
    enum desk_rc rc = unheard_of(db, a, c);
    if (!rc)
        rc = desk_web_chat_person(db, a, c);
    if (!rc && ends[to].outcome && !usual)
        rc = desk_call_outcome(db, c->tenant_id, c->id, ends[to].outcome, false);
    if (!rc)
        rc = spoke(db, a, c, &yes);
    if (!rc)
        rc = desk_call_end(db, c, ends[to].status, yes, at > c->started_at ? at : c->started_at);
    return rc ? rc
              : desk_event_add(db, c->tenant_id, c->id, c->started_at, "status", ends[to].name,
                               ends[to].detail, "session:end");
}

enum desk_rc desk_vsession_finish(struct desk_db *db, struct desk_arena *a,
                                  const struct desk_voice_session *row, enum desk_vs_event event,
                                  int64_t at)
{
    struct desk_call c;
    struct desk_voice_session fresh;
    enum desk_rc rc = desk_voice_session_get(db, a, row->tenant_id, row->id, &fresh);
    if (rc)
        return rc;
    struct desk_vs_step step = desk_vs_step(desk_vs_state_parse(fresh.state), event);
    if (step.verdict != DESK_VS_GO || step.to == DESK_VS_ACTIVE ||
        (event == DESK_VS_LAPSE && fresh.expires_at >= desk_now_ms())) /* it was used meanwhile */
        return DESK_DONE;
    rc = desk_voice_session_end(db, row, desk_vs_state_name(step.to), at);
    if (rc)
        return rc == DESK_ECONFLICT ? DESK_DONE : rc;
    rc = desk_call_get(db, a, row->tenant_id, row->call_id, &c);
    if (!rc)
        rc = end_call(db, a, &c, step.to, at);
    desk_log(DESK_LOG_INFO, "session.ended", "session=%s state=%s rc=%s", row->id,
             desk_vs_state_name(step.to), desk_rc_name(rc));
    return rc;
}

static enum desk_rc end_by_word(struct desk_db *db, struct desk_arena *a, const struct desk_vs *s,
                                const struct desk_vs_ending *how)
{
    const struct desk_call *c = &s->call;
    enum desk_rc rc = DESK_OK;
    if (how->promise)
        rc = desk_promise(db, a, c,
                          c->transfer_reason && *c->transfer_reason ? c->transfer_reason
                                                                    : "Wanted to be put through");
    if (!rc && how->outcome)
        rc = desk_call_outcome(db, c->tenant_id, c->id, how->outcome, how->force);
    if (!rc && how->detail)
        rc = desk_event_add(db, c->tenant_id, c->id, c->started_at, "ladder", how->word,
                            how->detail, "session:word");
    return rc ? rc : desk_vsession_finish(db, a, &s->row, how->event, desk_now_ms());
}

enum desk_rc desk_vsession_end(struct desk_db *db, struct desk_arena *a, struct desk_vs *s,
                               const struct desk_vs_ending *how)
{
    if (s->state != DESK_VS_ACTIVE)
        return DESK_DONE;
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, end_by_word(db, a, s, how));
    if (rc && rc != DESK_DONE)
        return rc;
    enum desk_rc read = desk_vsession_load(db, a, s->row.tenant_id, s->row.id, s);
    return read ? read : rc;
}
