/* The turn-based talk over <Gather>, one webhook a turn (talk.h). n is in the action's URL, so a
 * webhook that comes twice is told from the next one; where it is not (another system's address),
 * it is by Twilio's own name of the webhook. */
#include "cgi-bin/hook/talk.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "base/utf8.h"
#include "store/conversation.h"

#include <string.h>

#define TOKEN_MAX 200 /* of Twilio's name of a webhook */
#define LOOK_MS   100 /* how soon to look again whether another process has answered */

static const char too_long[] = "I am sorry, this takes too long. Please tell us in a message "
                               "after the tone, and we will call you back.";

/* ---- beginning ------------------------------------------------------------------------------- */

/* NULL: Twilio gave it none, or one too long to be kept. */
static const char *token_of(const struct desk_request *req)
{
    size_t n = req->idempotency ? strlen(req->idempotency) : 0;
    return n && n <= TOKEN_MAX && desk_utf8_valid(req->idempotency, n) ? req->idempotency : NULL;
}

static void answer_free(void *ctx)
{
    desk_brain_answer_clear(ctx);
}

static enum desk_rc talk_begin(struct desk_request *req, struct desk_call *c, struct desk_talk *k)
{
    struct desk_brain_answer *a = desk_arena_alloc(req->arena, sizeof *a);
    int64_t said = 0;
    if (!a)
        return DESK_ENOMEM;
    desk_brain_answer_init(a);
    desk_arena_defer(req->arena, answer_free, a);
    enum desk_rc rc = hook_step_down(req, c, DESK_MODE_GATHER,
                                     "The voice line was lost or not there, so Frontdesk went on "
                                     "by questions and keys.");
    if (!rc)
        rc = desk_turn_count(req->db, c->tenant_id, c->id, &said);
    if (rc)
        return rc;
    if (!said && !c->stream_token && !c->stream_started_at) /* the call's very first words */
        desk_buf_str(&a->say, hook_consent(req));
    rc = desk_talk_first(req->db, req->arena, c, said > 0, a);
    if (rc)
        return rc;
    *k = (struct desk_talk){.n = 1,
                            .say = desk_buf_cstr(&a->say),
                            .expect = a->expect,
                            .done = a->done,
                            .state = a->state,
                            .token = token_of(req)};
    rc = DESK_TX_BEGIN(req->db);
    return rc ? rc : desk_tx_end(req->db, desk_talk_save(req->db, req->arena, c, k, false));
}

enum desk_rc hook_talk_page(struct desk_request *req, struct desk_call *c)
{
    struct desk_talk k;
    enum desk_rc rc = desk_talk_load(req->arena, c, &k);
    if (rc == DESK_ENOTFOUND)
        rc = talk_begin(req, c, &k);
    return rc ? rc : talk_page(req, c, &k);
}

/* ---- a turn ---------------------------------------------------------------------------------- */

static enum desk_rc claim(struct desk_request *req, const struct desk_call *c,
                          const struct desk_talk_job *job)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    return rc ? rc
              : desk_tx_end(req->db, desk_talk_claim(req->db, req->arena, req->business, c, job));
}

/* Ours now: a model thinks in a thread of its own, the rules here. */
static enum desk_rc begin(struct desk_request *req, struct desk_talk_job *job)
{
    if (desk_brain_is_model(job->brain) && job->event != DESK_BRAIN_SILENCE) {
        if (think_push(job) == DESK_OK)
            return DESK_OK;
        desk_log(DESK_LOG_WARN, "talk.no_thread", "call=%s", job->call_id);
        job->brain = &desk_brain_rules;
    }
    enum desk_rc rc = desk_talk_answer(req->db, req->arena, job);
    return rc == DESK_ECONFLICT ? DESK_OK : rc; /* another has answered: that is the answer */
}

/* Who had the turn is gone (a process that was restarted): the rules answer it. DESK_DONE: it is
 * held. */
static enum desk_rc take_over(struct desk_request *req, const struct desk_call *c, int64_t n)
{
    struct desk_talk_turn row;
    char id[DESK_ID_LEN];
    enum desk_rc rc = desk_talk_turn_get(req->db, req->arena, c->tenant_id, c->id, n, &row);
    if (rc || row.done_at || row.lease_until >= desk_now_ms())
        return rc && rc != DESK_ENOTFOUND ? rc : DESK_DONE;
    struct desk_talk_job job = {.tenant_id = c->tenant_id,
                                .call_id = c->id,
                                .claim = desk_arena_strdup(req->arena, desk_id_new(id, "claim")),
                                .n = n,
                                .event = desk_brain_event_parse(row.event),
                                .text = row.text ? row.text : "",
                                .brain = &desk_brain_rules};
    rc = job.claim ? DESK_TX_BEGIN(req->db) : DESK_ENOMEM;
    if (!rc)
        rc = desk_tx_end(req->db, desk_talk_turn_take(req->db, &row, job.claim));
    if (rc)
        return rc == DESK_ECONFLICT ? DESK_DONE : rc;
    desk_log(DESK_LOG_WARN, "talk.taken_over", "call=%s n=%lld", c->id, (long long)n);
    return begin(req, &job);
}

/* Is turn n answered? *k is then the talk after it. DESK_DONE: not yet. */
static enum desk_rc look(struct desk_request *req, struct desk_call *c, int64_t n,
                         struct desk_talk *k)
{
    enum desk_rc rc = desk_call_get(req->db, req->arena, c->tenant_id, c->id, c);
    if (!rc)
        rc = desk_talk_load(req->arena, c, k);
    return rc ? rc : k->n > n ? DESK_OK : DESK_DONE;
}

/* Wait for the answer of turn n, as long as a caller bears silence; then say that it goes on. */
static enum desk_rc await(struct desk_request *req, struct desk_call *c, int64_t n, int64_t w)
{
    struct desk_talk k;
    int64_t until = desk_mono_ms() + desk_setting_int(DESK_S_CHAT_FILLER_MS);
    enum desk_rc rc = look(req, c, n, &k);
    bool may = rc == DESK_DONE && think_may_wait(), waited = may;
    while (rc == DESK_DONE) {
        enum desk_rc taken = take_over(req, c, n);
        if (taken == DESK_DONE && (!may || desk_mono_ms() >= until))
            break;
        if (taken == DESK_DONE)
            think_wait(LOOK_MS);
        rc = taken && taken != DESK_DONE ? taken : look(req, c, n, &k);
    }
    if (waited)
        think_waited();
    if (rc == DESK_DONE)
        return talk_wait_page(req, n, w, !may);
    return rc ? rc : talk_page(req, c, &k);
}

static enum desk_rc hear(struct desk_request *req, struct desk_call *c, const struct desk_talk *k,
                         int64_t w, const char *digits, const char *speech)
{
    char id[DESK_ID_LEN];
    bool keys = *digits != '\0';
    struct desk_talk_job job = {.tenant_id = c->tenant_id,
                                .call_id = c->id,
                                .claim = desk_arena_strdup(req->arena, desk_id_new(id, "claim")),
                                .token = token_of(req),
                                .n = k->n,
                                .event = keys      ? DESK_BRAIN_KEYS
                                         : *speech ? DESK_BRAIN_SPEECH
                                                   : DESK_BRAIN_SILENCE,
                                .text = keys ? digits : speech};
    enum desk_rc rc =
        job.claim ? desk_talk_brain(req->db, req->arena, c->tenant_id, k->failed, &job.brain)
                  : DESK_ENOMEM;
    if (!rc)
        rc = claim(req, c, &job);
    if (!rc)
        rc = begin(req, &job);
    return rc && rc != DESK_ECONFLICT ? rc : await(req, c, k->n, w);
}

enum desk_rc hook_talk_turn(struct desk_request *req, struct desk_call *c, int64_t n, int64_t w,
                            const char *digits, const char *speech)
{
    struct desk_talk k;
    enum desk_rc rc = desk_talk_load(req->arena, c, &k);
    if (rc == DESK_ENOTFOUND) {
        rc = talk_begin(req, c, &k);
        return rc ? rc : talk_page(req, c, &k);
    }
    const char *token = token_of(req);
    bool repeat = token && k.token && strcmp(token, k.token) == 0;
    if (rc || k.done || repeat || (n >= 0 && n < k.n))
        return rc ? rc : talk_page(req, c, &k);
    if (k.n > DESK_MAX_TALK_TURNS)
        return hook_answer_record(req, c, too_long);
    return hear(req, c, &k, w, digits, speech);
}
