/* One input of a session, from its claim to its answer. See session.h. */
#include "talk/session.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/limits.h"
#include "base/log.h"
#include "core/sms.h"
#include "store/conversation.h"
#include "store/results.h"
#include "store/text_stops.h"
#include "talk/business.h"
#include "talk/promise.h"
#include "talk/text_reply.h"

#include <string.h>

#define LOOKS 4 /* times a session is read again because others have changed it */

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static enum desk_rc again(struct desk_db *db, struct desk_arena *a, struct desk_vs *s)
{
    return desk_vsession_load(db, a, s->row.tenant_id, s->row.id, s);
}

/* ---- what an answer changes besides ---------------------------------------------------------- */

struct after {
    const struct desk_vs *s;
    const char *text; /* what the caller said */
};

/* It goes on, or waits for what the client does next, or has come to its end. */
static enum desk_rc go_on(struct desk_db *db, struct desk_arena *a, const struct desk_vs *s,
                          bool over)
{
    struct desk_call c;
    int64_t now = desk_now_ms();
    enum desk_rc rc = desk_call_get(db, a, s->call.tenant_id, s->call.id, &c);
    if (rc)
        return rc;
    bool waits = same(c.next_step, DESK_NEXT_TRANSFER) || same(c.next_step, DESK_NEXT_MESSAGE);
    rc = over && !waits
             ? desk_vsession_finish(db, a, &s->row, DESK_VS_OVER, now)
             : desk_voice_session_touch(
                   db, &s->row, desk_vs_expires(s->row.created_at, now, s->row.idle_ms, false));
    /* the client has ended it meanwhile: what was answered stays written */
    rc = rc == DESK_DONE || rc == DESK_ECONFLICT ? DESK_OK : rc;
    return rc || !same(c.channel, DESK_CHANNEL_TEXT) ? rc : desk_text_answer(db, a, s, &c);
}

static enum desk_rc after_talk(void *ctx, struct desk_db *db, struct desk_arena *a, bool over)
{
    const struct after *f = ctx;
    return go_on(db, a, f->s, over);
}

static enum desk_rc note(struct desk_db *db, const struct desk_call *c, const char *kind,
                         const char *name, const char *detail)
{
    return desk_event_add(db, c->tenant_id, c->id, c->started_at, kind, name, detail, name);
}

/* A message was asked for, and this is it; "" = none. */
static enum desk_rc after_message(void *ctx, struct desk_db *db, struct desk_arena *a, bool over)
{
    const struct after *f = ctx;
    const struct desk_call *c = &f->s->call;
    char id[DESK_ID_LEN];
    const struct desk_message m = {.id = desk_id_new(id, "msg"),
                                   .tenant_id = c->tenant_id,
                                   .call_id = c->id,
                                   .text = f->text,
                                   .state = "new",
                                   .created_at = desk_now_ms()};
    enum desk_rc rc = desk_call_next(db, c->tenant_id, c->id, DESK_NEXT_HANGUP);
    if (!rc && *f->text) {
        bool promised = same(c->outcome, DESK_OUT_CALLBACK);
        rc = desk_message_insert(db, &m);
        if (!rc)
            rc = desk_promise(db, a, c, "Left a message");
        if (!rc)
            rc = note(db, c, "note", "message_left", "Left a message.");
        if (!rc)
            rc = desk_call_outcome(db, c->tenant_id, c->id, DESK_OUT_MESSAGE, !promised);
    }
    return rc ? rc : go_on(db, a, f->s, over);
}

/* Was to be put through, and is still here. */
static enum desk_rc in_vain(const struct after *f, struct desk_db *db, struct desk_arena *a,
                            const char *next_step, bool over)
{
    const struct desk_call *c = &f->s->call;
    enum desk_rc rc = desk_call_next(db, c->tenant_id, c->id, next_step);
    if (!rc)
        rc = desk_promise(db, a, c,
                          c->transfer_reason && *c->transfer_reason ? c->transfer_reason
                                                                    : "Wanted to be put through");
    if (!rc)
        rc = desk_call_outcome(db, c->tenant_id, c->id, DESK_OUT_NOT_PUT, false);
    if (!rc)
        rc = note(db, c, "ladder", "not_put_through",
                  "The caller is still here: nobody could take the call.");
    return rc ? rc : go_on(db, a, f->s, over);
}

static enum desk_rc after_transfer(void *ctx, struct desk_db *db, struct desk_arena *a, bool over)
{
    return in_vain(ctx, db, a, DESK_NEXT_MESSAGE, over);
}

static enum desk_rc after_screened(void *ctx, struct desk_db *db, struct desk_arena *a, bool over)
{
    return in_vain(ctx, db, a, DESK_NEXT_HANGUP, over);
}

static enum desk_rc after_too_long(void *ctx, struct desk_db *db, struct desk_arena *a, bool over)
{
    const struct after *f = ctx;
    const struct desk_call *c = &f->s->call;
    enum desk_rc rc = desk_call_next(db, c->tenant_id, c->id, DESK_NEXT_MESSAGE);
    return rc ? rc : go_on(db, a, f->s, over);
}

/* Wrote STOP, or START: kept with the number, whatever was talked of. */
static enum desk_rc after_opt(struct desk_db *db, struct desk_arena *a, const struct after *f,
                              bool stop)
{
    const struct desk_call *c = &f->s->call;
    enum desk_rc rc = stop ? desk_text_stop(db, c->tenant_id, c->from_number, DESK_STOP_BY_TEXT)
                           : desk_text_start(db, c->tenant_id, c->from_number);
    if (!rc)
        rc = stop ? note(db, c, "note", "texts_stopped", "Wrote STOP: gets no texts any more.")
                  : note(db, c, "note", "texts_started", "Wrote START: may be texted again.");
    if (!rc)
        rc = desk_call_outcome(db, c->tenant_id, c->id, DESK_OUT_ANSWERED, false);
    return rc ? rc : go_on(db, a, f->s, true);
}

static enum desk_rc after_stop(void *ctx, struct desk_db *db, struct desk_arena *a, bool over)
{
    (void)over;
    return after_opt(db, a, ctx, true);
}

static enum desk_rc after_start(void *ctx, struct desk_db *db, struct desk_arena *a, bool over)
{
    (void)over;
    return after_opt(db, a, ctx, false);
}

/* Answers that need no thought: the first row that fits. */
static const struct special {
    const char *next_step; /* the call's, once the talk is done; NULL = it went on for too long */
    bool silent;           /* only for an input without words */
    bool screened;         /* only on a line that is screened: it keeps no messages */
    const char *words;
    enum desk_rc (*also)(void *ctx, struct desk_db *db, struct desk_arena *a, bool over);
} specials[] = {
    {DESK_NEXT_MESSAGE, true, false, "I did not hear a message. Please call again. Goodbye.",
     after_message},
    {DESK_NEXT_MESSAGE, false, false,
     "Thank you. We have your message and will call you back. Goodbye.", after_message},
    {DESK_NEXT_TRANSFER, false, true,
     "I am sorry, nobody can take the call now. Please send a text message to this number. "
     "Goodbye.",
     after_screened},
    {DESK_NEXT_TRANSFER, false, false,
     "I am sorry, nobody can take the call now. Please leave your message, and we will call you "
     "back.",
     after_transfer},
    {NULL, false, false,
     "I am sorry, this takes too long. Please tell us in a message, and we will call you back.",
     after_too_long},
};
#define N_SPECIALS (sizeof specials / sizeof *specials)

/* The same to a text that is nothing but a word about texts. */
static const struct special opt_specials[] = {
    [DESK_SMS_STOP] = {NULL, false, false, "You will get no texts from us any more.", after_stop},
    [DESK_SMS_START] = {NULL, false, false, "You can get texts from us again.", after_start},
};

/* Written, by who is not only claimed to have that number (a claimed one has no contact): on a
 * telephone nobody says it so. */
static enum desk_sms_word opt_word_of(const struct desk_vs *s, const char *text)
{
    bool writes = same(s->call.channel, DESK_CHANNEL_SESSION) && s->call.contact_id &&
                  s->call.from_number && *s->call.from_number;
    enum desk_sms_word w = writes ? desk_sms_word(text) : DESK_SMS_NO_WORD;
    return w == DESK_SMS_STOP || w == DESK_SMS_START ? w : DESK_SMS_NO_WORD;
}

static const struct special *special_of(const struct desk_vs *s, bool screening, const char *text)
{
    bool long_talk = !s->talk.done && s->talk.n > DESK_MAX_TALK_TURNS;
    for (size_t i = 0; i < N_SPECIALS; i++) {
        const struct special *p = &specials[i];
        bool fits =
            p->next_step ? s->talk.done && same(p->next_step, s->call.next_step) : long_talk;
        if (fits && (!p->silent || !*text) && (!p->screened || screening))
            return p;
    }
    return NULL;
}

/* ---- answering ------------------------------------------------------------------------------- */

static enum desk_rc think(struct desk_db *db, struct desk_arena *a, const struct desk_vs *s,
                          bool screening, const struct desk_vs_turn *t,
                          const struct desk_brain *brain, enum desk_brain_event event,
                          const char *text)
{
    const char *words = event == DESK_BRAIN_SPEECH ? text : ""; /* keys are no message */
    enum desk_sms_word opt = opt_word_of(s, words);
    const struct special *p = opt ? &opt_specials[opt] : special_of(s, screening, words);
    struct after after = {s, words};
    struct desk_talk_job job = {.tenant_id = s->call.tenant_id,
                                .call_id = s->call.id,
                                .claim = t->row.claim,
                                .n = t->n,
                                .event = event,
                                .text = text,
                                .brain = brain ? brain : t->brain,
                                .stopping = t->stopping,
                                .words = p ? p->words : NULL,
                                .also = p ? p->also : after_talk,
                                .also_ctx = &after};
    enum desk_rc rc = DESK_OK;
    bool hides;
    if (!job.brain && desk_brain_owner_talks(s->talk.state, &hides))
        job.brain = &desk_brain_owner;
    else if (!job.brain)
        rc = desk_talk_brain(db, a, job.tenant_id, s->talk.failed, &job.brain);
    return rc ? rc : desk_talk_answer(db, a, &job);
}

/* What its dead holder had heard is answered by the rules. That fails only if nothing can be
 * answered any more: then the session has failed. */
static enum desk_rc answer_left(struct desk_db *db, struct desk_arena *a, struct desk_vs *s,
                                struct desk_vs_turn *t)
{
    desk_log(DESK_LOG_WARN, "session.taken_over", "session=%s n=%lld", s->row.id, (long long)t->n);
    enum desk_rc rc = think(db, a, s, false, t, &desk_brain_rules,
                            desk_brain_event_parse(t->row.event), t->row.text);
    if (rc == DESK_EINTERNAL || rc == DESK_EINVAL) {
        enum desk_rc end = DESK_TX_BEGIN(db);
        if (!end)
            end =
                desk_tx_end(db, desk_vsession_finish(db, a, &s->row, DESK_VS_BROKE, desk_now_ms()));
        if (end && end != DESK_DONE)
            desk_log(DESK_LOG_ERROR, "session.broken", "session=%s rc=%s", s->row.id,
                     desk_rc_name(end));
    }
    return rc == DESK_ECONFLICT ? DESK_OK : rc; /* another has answered: that is the answer */
}

/* ---- claiming -------------------------------------------------------------------------------- */

static enum desk_rc new_claim(struct desk_arena *a, const char **claim)
{
    char id[DESK_ID_LEN];
    *claim = desk_arena_strdup(a, desk_id_new(id, "claim"));
    return *claim ? DESK_OK : DESK_ENOMEM;
}

/* t->row is read and not answered: take it, if its holder is gone. What was heard already is
 * answered first. *heard: it was. DESK_ECONFLICT: it is held. */
static enum desk_rc take(struct desk_db *db, struct desk_arena *a, struct desk_vs *s,
                         struct desk_vs_turn *t, bool *heard)
{
    const char *claim;
    *heard = t->row.text != NULL;
    if (t->row.lease_until >= desk_now_ms())
        return DESK_ECONFLICT;
    enum desk_rc rc = new_claim(a, &claim);
    if (!rc)
        rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, desk_talk_turn_take(db, &t->row, claim));
    if (rc)
        return rc;
    t->row.claim = claim;
    t->n = t->row.n;
    return *heard ? answer_left(db, a, s, t) : DESK_OK;
}

/* The same request came before: what became of it. DESK_ENOTFOUND: it did not. */
static enum desk_rc repeated(struct desk_db *db, struct desk_arena *a, struct desk_vs *s,
                             struct desk_vs_turn *t)
{
    bool heard = false;
    if (!t->idem.key)
        return DESK_ENOTFOUND;
    enum desk_rc rc =
        desk_talk_turn_by_idem(db, a, s->call.tenant_id, s->call.id, t->idem.key, &t->row);
    if (rc)
        return rc;
    t->n = t->row.n;
    t->got = !same(t->row.idem_body, t->idem.body) ? DESK_VS_OTHER
             : t->row.done_at                      ? DESK_VS_REPEAT
                                                   : DESK_VS_RUNNING;
    if (t->got != DESK_VS_RUNNING)
        return DESK_OK;
    rc = take(db, a, s, t, &heard);
    if (rc)
        return rc == DESK_ECONFLICT ? DESK_OK : rc;
    t->got = heard ? DESK_VS_REPEAT : DESK_VS_MINE;
    return again(db, a, s);
}

/* Nobody has this turn: it is ours from now on. */
static enum desk_rc add(struct desk_db *db, struct desk_arena *a, struct desk_vs *s,
                        struct desk_vs_turn *t)
{
    struct desk_talk_turn row = {.tenant_id = s->call.tenant_id,
                                 .call_id = s->call.id,
                                 .n = s->talk.n,
                                 .event = desk_brain_event_name(DESK_BRAIN_SPEECH),
                                 .idem_key = t->idem.key,
                                 .idem_body = t->idem.body};
    enum desk_rc rc = new_claim(a, &row.claim);
    if (!rc)
        rc = DESK_TX_BEGIN(db);
    if (rc)
        return rc;
    rc = desk_talk_turn_add(db, &row);
    if (!rc)
        rc = desk_voice_session_touch(
            db, &s->row, desk_vs_expires(s->row.created_at, desk_now_ms(), s->row.idle_ms, true));
    rc = desk_tx_end(db, rc);
    if (!rc)
        rc = desk_talk_turn_get(db, a, row.tenant_id, row.call_id, row.n, &t->row);
    t->n = row.n;
    return rc;
}

/* The turn that is awaited. DESK_DONE: t->got says what came of it; DESK_OK: look again. */
static enum desk_rc next(struct desk_db *db, struct desk_arena *a, struct desk_vs *s,
                         struct desk_vs_turn *t)
{
    bool heard = false;
    if (desk_vs_step(s->state, DESK_VS_INPUT).verdict != DESK_VS_GO) {
        t->got = DESK_VS_ENDED;
        return DESK_DONE;
    }
    enum desk_rc rc = desk_talk_turn_get(db, a, s->call.tenant_id, s->call.id, s->talk.n, &t->row);
    if (rc == DESK_ENOTFOUND) {
        rc = add(db, a, s, t);
        t->got = DESK_VS_MINE;
        return rc == DESK_ECONFLICT ? DESK_OK : rc ? rc : DESK_DONE;
    }
    if (rc || t->row.done_at)
        return rc; /* answered a moment ago */
    rc = take(db, a, s, t, &heard);
    if (rc == DESK_ECONFLICT) {
        t->got = DESK_VS_RUNNING;
        return DESK_DONE;
    }
    if (rc)
        return rc;
    if (heard)
        return desk_vsession_words(db, a, s, t->n, &t->missed);
    t->got = DESK_VS_MINE;
    return DESK_DONE;
}

enum desk_rc desk_vsession_claim(struct desk_db *db, struct desk_arena *a, struct desk_vs *s,
                                 struct desk_vs_turn *t)
{
    t->missed = NULL;
    enum desk_rc rc = repeated(db, a, s, t);
    if (rc != DESK_ENOTFOUND)
        return rc;
    for (int i = 0; i < LOOKS; i++) {
        rc = next(db, a, s, t);
        if (rc)
            return rc == DESK_DONE ? DESK_OK : rc;
        rc = again(db, a, s);
        if (rc)
            return rc;
    }
    t->got = DESK_VS_RUNNING;
    return DESK_OK;
}

bool desk_vsession_hold(struct desk_db *db, const struct desk_vs_turn *t)
{
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, desk_talk_turn_hold(db, &t->row));
    return rc != DESK_ECONFLICT; /* a locked database can be written by nobody else either */
}

void desk_vsession_drop(struct desk_db *db, const struct desk_vs_turn *t)
{
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, desk_talk_turn_drop(db, &t->row));
    if (rc) /* its claim runs out in a moment */
        desk_log(DESK_LOG_WARN, "session.drop", "n=%lld rc=%s", (long long)t->n, desk_rc_name(rc));
}

/* ---- the answer ------------------------------------------------------------------------------ */

static enum desk_rc heard(struct desk_db *db, struct desk_arena *a, const struct desk_vs *s,
                          const struct desk_business *b, const struct desk_vs_turn *t,
                          enum desk_brain_event event, const char *text)
{
    struct desk_talk_turn row = t->row;
    bool hides, owner = desk_brain_owner_talks(s->talk.state, &hides);
    bool wish = event == DESK_BRAIN_SPEECH && !owner && !opt_word_of(s, text);
    if (owner && hides)
        text = "(a PIN)";
    row.event = desk_brain_event_name(event);
    row.text = text;
    row.idem_key = t->idem.key;
    row.idem_body = t->idem.body;
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (rc)
        return rc;
    rc = desk_talk_turn_hear(db, &row);
    if (!rc)
        rc = desk_talk_heard(db, a, &s->call, t->n, event, text);
    if (!rc && wish) /* the owner alarms nobody by asking about emergencies */
        rc = desk_talk_watch(db, a, b, &s->call);
    if (!rc && t->heard)
        rc = t->heard(t->heard_ctx, db, t->n);
    return desk_tx_end(db, rc);
}

static enum desk_rc business_of(struct desk_db *db, struct desk_arena *a, const struct desk_vs *s,
                                struct desk_business **out)
{
    *out = desk_arena_alloc(a, sizeof **out);
    return *out ? desk_business_load(db, a, s->call.tenant_id, s->call.location_id, *out)
                : DESK_ENOMEM;
}

enum desk_rc desk_vsession_answer(struct desk_db *db, struct desk_arena *a, struct desk_vs *s,
                                  struct desk_vs_turn *t, enum desk_brain_event event,
                                  const char *text)
{
    struct desk_business *b = NULL;
    enum desk_rc rc = business_of(db, a, s, &b);
    if (!rc)
        rc = heard(db, a, s, b, t, event, text);
    if (!rc)
        rc = desk_call_get(db, a, s->call.tenant_id, s->call.id, &s->call); /* the watch wrote */
    if (!rc)
        rc = think(db, a, s, b->screening, t, NULL, event, text);
    bool lost = rc == DESK_ECONFLICT;
    if (rc && !lost)
        return rc;
    rc = again(db, a, s);
    if (!rc && lost)
        t->got = s->talk.n > t->n ? DESK_VS_REPEAT : DESK_VS_RUNNING;
    return rc;
}
