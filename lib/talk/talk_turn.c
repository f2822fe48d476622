/* One claimed turn: think, and write the answer if the claim is still ours. */
#include "talk/talk.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "core/text_words.h"
#include "store/conversation.h"

#include <string.h>

#define HOLD_MS   1000 /* how often a claim is held on */
#define SAVE_MOST 3    /* tries at writing an answer while the database is locked */

static const char no_speech[] = "I cannot hear you. Please call again. Goodbye.";

struct work {
    struct desk_db *db;
    struct desk_arena *arena;
    const struct desk_talk_job *job;
    struct desk_call call;
    struct desk_prompt_input about;
    struct desk_brain_past past;
    struct desk_talk talk;
    struct desk_talk_turn row;
    struct desk_brain_answer a;
    bool nobody; /* nothing was ever heard of the caller: the talk ends */
    bool lost;   /* the claim is another's */
    int64_t held_ms, began_ms;
};

/* ---- claiming -------------------------------------------------------------------------------- */

enum desk_rc desk_talk_claim(struct desk_db *db, struct desk_arena *a,
                             const struct desk_business *b, const struct desk_call *c,
                             const struct desk_talk_job *job)
{
    const struct desk_talk_turn row = {.tenant_id = c->tenant_id,
                                       .call_id = c->id,
                                       .n = job->n,
                                       .event = desk_brain_event_name(job->event),
                                       .text = job->text,
                                       .claim = job->claim};
    enum desk_rc rc = desk_talk_turn_add(db, &row);
    if (!rc)
        rc = desk_talk_heard(db, a, c, job->n, job->event, job->text);
    if (!rc && job->event == DESK_BRAIN_SPEECH)
        rc = desk_talk_watch(db, a, b, c);
    return rc;
}

/* ---- holding the claim ----------------------------------------------------------------------- */

/* A database that is locked can be written by nobody else either: then it is still ours. */
static void hold(struct work *w)
{
    if (desk_mono_ms() - w->held_ms < HOLD_MS)
        return;
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    if (!rc)
        rc = desk_tx_end(w->db, desk_talk_turn_hold(w->db, &w->row));
    w->lost = w->lost || rc == DESK_ECONFLICT;
    if (!rc)
        w->held_ms = desk_mono_ms();
}

static bool on_stop(void *ctx)
{
    struct work *w = ctx;
    hold(w);
    return w->lost || (w->job->stopping && w->job->stopping());
}

static bool on_mine(void *ctx)
{
    struct work *w = ctx;
    w->held_ms = 0;
    hold(w);
    return !w->lost;
}

/* ---- thinking -------------------------------------------------------------------------------- */

static enum desk_rc load(struct work *w)
{
    const struct desk_talk_job *j = w->job;
    enum desk_rc rc = desk_call_get(w->db, w->arena, j->tenant_id, j->call_id, &w->call);
    if (!rc)
        rc = desk_prompt_load(w->db, w->arena, &w->call, &w->about);
    if (!rc)
        rc = desk_talk_load(w->arena, &w->call, &w->talk);
    if (!rc && w->talk.n != j->n)
        rc = DESK_ECONFLICT; /* answered meanwhile */
    if (!rc)
        rc = desk_brain_past_load(w->db, w->arena, &w->call, desk_talk_item(w->arena, j->n),
                                  &w->past);
    w->row = (struct desk_talk_turn){
        .tenant_id = j->tenant_id, .call_id = j->call_id, .n = j->n, .claim = j->claim};
    return rc;
}

static bool heard_before(const struct desk_brain_past *p)
{
    for (size_t i = 0; i < p->n_said; i++)
        if (p->said[i].caller)
            return true;
    return false;
}

static enum desk_rc think(struct work *w)
{
    const struct desk_talk_job *j = w->job;
    bool silence = j->event == DESK_BRAIN_SILENCE;
    w->talk.quiet = silence ? w->talk.quiet + 1 : 0;
    w->nobody = !j->words && w->talk.quiet > 1 && !heard_before(&w->past);
    if (w->nobody || j->words) {
        desk_buf_str(&w->a.say, j->words ? j->words : no_speech);
        w->a.done = true;
        w->a.brain = desk_brain_rules.name;
        return DESK_OK;
    }
    return desk_brain_think(
        j->brain,
        &(struct desk_brain_turn){.db = w->db,
                                  .arena = w->arena,
                                  .about = &w->about,
                                  .event = j->event,
                                  .text = j->text,
                                  .state = w->talk.state,
                                  .past = &w->past,
                                  .deadline_ms =
                                      w->began_ms + 1000 * desk_setting_int(DESK_S_CHAT_TURN_S),
                                  .stop = on_stop,
                                  .mine = on_mine,
                                  .ctx = w},
        &w->a);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* As it is said, or written; the first words of a conversation by text say whose they are. */
static enum desk_rc words_of(struct work *w, const char **say)
{
    const struct desk_call *c = &w->call;
    const char *name = w->about.tenant->name;
    *say = desk_buf_cstr(&w->a.say);
    if (!desk_call_written(c) || !**say)
        return DESK_OK;
    *say = desk_text_written(w->arena, *say);
    bool text = strcmp(c->channel, DESK_CHANNEL_TEXT) == 0; /* a chat says so above it */
    if (text && *say && **say && w->talk.n == 1 && !strcasestr(*say, name))
        *say = desk_arena_fmt(w->arena, "%s: %s", name, *say);
    return *say ? DESK_OK : DESK_ENOMEM;
}

static void fill(struct work *w, const char *say)
{
    const struct desk_brain_answer *a = &w->a;
    bool failed = a->trouble != DESK_LLM_ANSWERED;
    w->row.brain = a->brain;
    w->row.trouble = failed ? desk_llm_end_name(a->trouble) : NULL;
    w->row.asks = a->asks;
    w->row.tokens_in = a->usage.input;
    w->row.tokens_cached = a->usage.cached;
    w->row.tokens_out = a->usage.output;
    w->row.first_ms = a->first_ms;
    w->row.took_ms = desk_mono_ms() - w->began_ms;
    w->talk.n++;
    w->talk.say = say;
    w->talk.expect = a->expect;
    w->talk.done = a->done;
    w->talk.state = a->state;
    w->talk.token = w->job->token;
    w->talk.failed += failed && a->trouble != DESK_LLM_STOPPED;
}

/* Who was never heard: an end of its own kind. */
static enum desk_rc end_unheard(struct work *w)
{
    const struct desk_call *c = &w->call;
    enum desk_rc rc = desk_call_next(w->db, c->tenant_id, c->id, DESK_NEXT_HANGUP);
    if (!rc)
        rc = desk_call_unheard(w->db, c->tenant_id, c->id);
    if (!rc)
        rc =
            desk_event_add(w->db, c->tenant_id, c->id, c->started_at, "rule", "no_speech",
                           "Nothing was heard twice in a row, so the call was ended.", "no_speech");
    return rc;
}

static enum desk_rc write_all(struct work *w)
{
    bool model = w->a.brain == desk_brain_llm.name;
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    if (rc)
        return rc;
    rc = desk_talk_turn_done(w->db, &w->row);
    if (!rc)
        rc = desk_talk_save(w->db, w->arena, &w->call, &w->talk, model);
    if (!rc && w->nobody)
        rc = end_unheard(w);
    if (!rc && w->job->also)
        rc = w->job->also(w->job->also_ctx, w->db, w->arena, w->talk.done);
    return desk_tx_end(w->db, rc);
}

/* An answer of a model is worth some patience. */
static enum desk_rc save(struct work *w)
{
    const char *say;
    enum desk_rc rc = words_of(w, &say);
    if (rc)
        return rc;
    rc = DESK_EBUSY;
    fill(w, say);
    for (int i = 0; rc == DESK_EBUSY && i < (w->a.asks ? SAVE_MOST : 1); i++)
        rc = write_all(w);
    return rc;
}

enum desk_rc desk_talk_answer(struct desk_db *db, struct desk_arena *a,
                              const struct desk_talk_job *job)
{
    struct work *w = desk_arena_alloc(a, sizeof *w);
    if (!w)
        return DESK_ENOMEM;
    *w = (struct work){.db = db, .arena = a, .job = job, .began_ms = desk_mono_ms()};
    desk_brain_answer_init(&w->a);
    enum desk_rc rc = load(w);
    if (!rc)
        rc = think(w);
    if (!rc)
        rc = w->lost ? DESK_ECONFLICT : save(w);
    desk_log(DESK_LOG_INFO, "talk.turn", "call=%s n=%lld brain=%s trouble=%s asks=%d ms=%lld rc=%s",
             job->call_id, (long long)job->n, w->a.brain ? w->a.brain : "-",
             desk_llm_end_name(w->a.trouble), w->a.asks, (long long)(desk_mono_ms() - w->began_ms),
             desk_rc_name(rc));
    desk_brain_answer_clear(&w->a);
    return rc;
}
