/* The owner's own call: after the PIN, questions about the business's day, answered one sentence at
 * a time (talk/owner_answer.h), until goodbye. Caller ID alone opens nothing: without a PIN of the
 * business, after wrong ones and after silence the call goes on as anybody's.
 *
 * How it stands is kept in the call's row, in the place where the turn-based talk keeps its own:
 *   {"owner": {"n": turn that is awaited, "open": …, "closed": …, "done": …, "quiet": …, "say": …,
 *              "answer": the last one}}
 * What is given as a PIN is stored nowhere. */
#include "cgi-bin/hook/hook.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/pin.h"
#include "store/conversation.h"
#include "talk/owner_answer.h"
#include "talk/owner_pin.h"

#include <stdlib.h>
#include <string.h>

#define TURNS_MAX 40
#define QUIET_MAX 2 /* silences in a row */
#define HINTS                                                                                      \
    "callbacks, emergencies, messages, voicemails, schedule, calendar, appointments, who called, " \
    "today, tomorrow, yesterday, this morning, this afternoon, last night, this week"

#define ASK_PIN  "Please say or key in your PIN, then press the pound key."
#define ASK_WHAT "What would you like to know?"
#define ORDINARY "I will treat this as an ordinary call."

struct owner_talk {
    int64_t n;
    bool open, closed, done;
    int64_t quiet;
    const char *say, *answer;
};

/* ---- how it stands --------------------------------------------------------------------------- */

/* DESK_ENOTFOUND: it was not begun. DESK_DONE: the call has gone on otherwise. */
static enum desk_rc load(struct desk_arena *a, const struct desk_call *c, struct owner_talk *o)
{
    json_t *root = c->dialog ? json_loads(c->dialog, 0, NULL) : NULL;
    json_t *owner = json_object_get(root, "owner");
    const char *say = json_string_value(json_object_get(owner, "say"));
    const char *answer = json_string_value(json_object_get(owner, "answer"));
    enum desk_rc rc = !c->dialog ? DESK_ENOTFOUND : say ? DESK_OK : DESK_DONE;
    memset(o, 0, sizeof *o);
    if (!rc) {
        o->n = json_integer_value(json_object_get(owner, "n"));
        o->open = json_is_true(json_object_get(owner, "open"));
        o->closed = json_is_true(json_object_get(owner, "closed"));
        o->done = json_is_true(json_object_get(owner, "done"));
        o->quiet = json_integer_value(json_object_get(owner, "quiet"));
        o->say = desk_arena_strdup(a, say);
        o->answer = desk_arena_strdup(a, answer ? answer : "");
        rc = o->say && o->answer ? DESK_OK : DESK_ENOMEM;
    }
    json_decref(root);
    return rc;
}

/* In the running transaction. */
static enum desk_rc save(struct desk_request *req, const struct desk_call *c,
                         const struct owner_talk *o)
{
    json_t *root =
        json_pack("{s:{s:I, s:b, s:b, s:b, s:I, s:s, s:s}}", "owner", "n", (json_int_t)o->n, "open",
                  (int)o->open, "closed", (int)o->closed, "done", (int)o->done, "quiet",
                  (json_int_t)o->quiet, "say", o->say, "answer", o->answer ? o->answer : "");
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;
    enum desk_rc rc = text ? desk_call_dialog(req->db, c->tenant_id, c->id, text) : DESK_ENOMEM;
    free(text);
    json_decref(root);
    return rc;
}

static enum desk_rc add_turn(struct desk_request *req, const struct desk_call *c, int64_t n,
                             const char *who, const char *how, const char *text)
{
    const char *item = desk_arena_fmt(req->arena, "owner-%lld-%s", (long long)n, who);
    return desk_turn_now(req->db, c, item, who, how, text);
}

/* ---- pages ----------------------------------------------------------------------------------- */

/* On from the beginning, as anybody's call: there it is seen that this is closed. */
static enum desk_rc page_ordinary(struct desk_request *req, const char *say)
{
    struct desk_twiml t;
    desk_twiml_init(&t);
    hook_say(&t, say);
    desk_twiml_redirect(&t, hook_url(req, "/voice/incoming"));
    return hook_send(req, &t);
}

static enum desk_rc page(struct desk_request *req, const struct owner_talk *o)
{
    struct desk_twiml t;
    if (o->closed)
        return page_ordinary(req, o->say);
    if (o->done)
        return hook_answer_goodbye(req, o->say);
    const char *action =
        desk_arena_fmt(req->arena, "%s/voice/owner?n=%lld", desk_public_base(), (long long)o->n);
    if (!action)
        return DESK_ENOMEM;
    const struct desk_twiml_gather gather = {.input = "dtmf speech",
                                             .action = action,
                                             .timeout_s = o->open ? 6 : 8,
                                             /* people pause between digits */
                                             .speech_timeout_s = o->open ? DESK_TWIML_AUTO : 3,
                                             .num_digits = o->open ? 1 : 0,
                                             .finish_on_key = "#",
                                             .language = HOOK_LANGUAGE,
                                             .hints = o->open ? HINTS : NULL,
                                             .barge_in = true,
                                             .action_on_empty_result = true};
    desk_twiml_init(&t);
    desk_twiml_gather_open(&t, &gather);
    hook_say(&t, o->say);
    desk_twiml_close(&t);
    desk_twiml_redirect(&t, action);
    return hook_send(req, &t);
}

/* ---- beginning ------------------------------------------------------------------------------- */

static enum desk_rc begin_in_tx(struct desk_request *req, const struct desk_call *c,
                                const struct owner_talk *o)
{
    enum desk_rc rc = save(req, c, o);
    return rc ? rc
              : hook_event(req, c, "rule", "owner_pin_asked",
                           "The owner's number called, so the PIN was asked for.", "owner:asked");
}

static enum desk_rc not_asked(struct desk_request *req, const struct desk_call *c)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db,
                         hook_event(req, c, "rule", "owner_pin_paused",
                                    "Too many wrong PINs came from this number: it is not asked "
                                    "for one now, and answered like anybody's.",
                                    "owner:paused"));
    return rc ? rc : DESK_DONE;
}

enum desk_rc hook_owner_call(struct desk_request *req, struct desk_call *c)
{
    struct owner_talk o;
    bool may = false;
    if (!*req->business->pin)
        return DESK_DONE;
    enum desk_rc rc = load(req->arena, c, &o);
    if (rc != DESK_ENOTFOUND)
        return rc ? rc : o.closed ? DESK_DONE : page(req, &o);
    rc =
        desk_owner_pin_may_try(req->db, req->arena, req->business, c->tenant_id, c->from_key, &may);
    if (rc || !may)
        return rc ? rc : not_asked(req, c);
    o = (struct owner_talk){.n = 1, .say = "Hello. " ASK_PIN};
    rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, begin_in_tx(req, c, &o));
    return rc ? rc : page(req, &o);
}

/* ---- a turn ---------------------------------------------------------------------------------- */

struct turn {
    struct desk_request *req;
    struct desk_call *c;
    struct owner_talk o; /* the next one, when it is answered */
    int64_t n;           /* this one */
    const char *said, *how;
    const char *event, *detail; /* for the timeline; NULL = none */
};

/* Take turn n for this request alone. DESK_ECONFLICT: it was taken before; t->o is how it stands
 * now. */
static enum desk_rc claim_in_tx(struct turn *t, int64_t n)
{
    struct desk_request *req = t->req;
    enum desk_rc rc = desk_call_get(req->db, req->arena, t->c->tenant_id, t->c->id, t->c);
    if (!rc)
        rc = load(req->arena, t->c, &t->o);
    if (rc)
        return rc;
    if (t->o.closed || t->o.done || (n >= 0 && n < t->o.n))
        return DESK_ECONFLICT;
    struct owner_talk next = t->o;
    t->n = next.n++;
    next.say = next.open ? ASK_WHAT : ASK_PIN; /* should this request be lost on its way */
    rc = save(req, t->c, &next);
    next.say = t->o.say; /* what was asked: for who wants it repeated */
    t->o = next;
    return rc;
}

static void close_it(struct turn *t, const char *say, const char *event, const char *detail)
{
    t->o.closed = true;
    t->o.say = say;
    t->event = event;
    t->detail = detail;
}

static void hear_no_pin(struct turn *t)
{
    if (++t->o.quiet >= QUIET_MAX)
        close_it(t, ORDINARY, "owner_pin_none",
                 "No PIN was given, so the call was answered like anybody's.");
    else
        t->o.say = "I did not get a PIN. " ASK_PIN;
}

static enum desk_rc hear_pin(struct turn *t)
{
    char digits[DESK_PIN_LEN];
    enum desk_pin_try_end end;
    struct desk_request *req = t->req;
    if (!desk_pin_read(t->said, digits)) {
        hear_no_pin(t);
        return DESK_OK;
    }
    enum desk_rc rc = desk_owner_pin_try(req->db, req->arena, req->business, t->c->tenant_id,
                                         t->c->from_key, digits, &end);
    t->o.quiet = 0;
    if (end == DESK_PIN_RIGHT) {
        t->o.open = true;
        t->o.say = "Thank you. " ASK_WHAT;
        t->event = "owner_pin_right";
        t->detail = "The PIN was right.";
    } else if (end == DESK_PIN_WRONG) {
        t->o.say = "That is not right. " ASK_PIN;
        t->event = "owner_pin_wrong";
        t->detail = "A wrong PIN was given.";
    } else {
        close_it(t, "I could not confirm that. " ORDINARY, "owner_pin_refused",
                 "Three wrong PINs: answered like anybody's call, and not asked again for a "
                 "while.");
    }
    return rc;
}

static void finish(struct turn *t, const char *say)
{
    t->o.done = true;
    t->o.say = say;
}

static enum desk_rc hear_question(struct turn *t)
{
    struct desk_owner_answer answer;
    struct desk_request *req = t->req;
    if (!*t->said) {
        if (++t->o.quiet >= QUIET_MAX)
            finish(t, "Goodbye.");
        else
            t->o.say = "Are you still there? " ASK_WHAT;
        return DESK_OK;
    }
    t->o.quiet = 0;
    enum desk_rc rc = desk_owner_answer(req->db, req->arena,
                                        &(struct desk_owner_ask){.business = req->business,
                                                                 .tenant_id = t->c->tenant_id,
                                                                 .location_id = t->c->location_id,
                                                                 .text = t->said,
                                                                 .now = desk_now_ms()},
                                        &answer);
    if (rc)
        return rc;
    json_decref(answer.data);
    t->event = "owner_query";
    t->detail = desk_arena_fmt(req->arena, "The owner asked: %s.",
                               desk_owner_about_name(answer.query.about));
    if (answer.query.about == DESK_OWNER_GOODBYE || t->n > TURNS_MAX) {
        finish(t, "Goodbye.");
    } else if (answer.query.about == DESK_OWNER_REPEAT && *t->o.answer) {
        t->o.say = desk_arena_fmt(req->arena, "%s Anything else?", t->o.answer);
    } else {
        t->o.answer = answer.say;
        t->o.say = answer.query.about == DESK_OWNER_HELP || answer.query.about == DESK_OWNER_UNKNOWN
                       ? answer.say
                       : desk_arena_fmt(req->arena, "%s Anything else?", answer.say);
    }
    return t->detail && t->o.say ? DESK_OK : DESK_ENOMEM;
}

/* The answer, and what was said; of a PIN only that one was. */
static enum desk_rc write_in_tx(struct turn *t, bool question)
{
    struct desk_request *req = t->req;
    struct desk_call *c = t->c;
    enum desk_rc rc = save(req, c, &t->o);
    if (!rc && question)
        rc = add_turn(req, c, t->n, DESK_WHO_CALLER, t->how, t->said);
    if (!rc && question)
        rc = add_turn(req, c, t->n, DESK_WHO_DESK, "menu", t->o.say);
    if (!rc && t->event)
        rc = hook_event(req, c, "rule", t->event, t->detail,
                        desk_arena_fmt(req->arena, "owner:%lld", (long long)t->n));
    if (!rc && t->o.done)
        rc = desk_call_next(req->db, c->tenant_id, c->id, DESK_NEXT_HANGUP);
    if (!rc && t->o.done)
        rc = desk_call_outcome(req->db, c->tenant_id, c->id, DESK_OUT_ANSWERED, false);
    return rc;
}

static enum desk_rc take_turn(struct turn *t, int64_t n)
{
    struct desk_request *req = t->req;
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, claim_in_tx(t, n));
    if (rc)
        return rc;
    bool question = t->o.open;
    rc = question ? hear_question(t) : hear_pin(t);
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    return rc ? rc : desk_tx_end(req->db, write_in_tx(t, question));
}

/* POST /voice/owner?n=N: the PIN, or a question. */
enum desk_rc hook_voice_owner(struct desk_request *req)
{
    struct desk_call c;
    const struct desk_value *n = desk_param(req, "n");
    const char *digits = hook_text(req, "Digits"), *speech = hook_text(req, "SpeechResult");
    enum desk_rc rc = hook_call_ensure(req, &c, NULL);
    if (rc == DESK_ENOTFOUND)
        return hook_answer_unknown(req);
    if (rc)
        return rc;
    if (hook_caller_gone(req, &c))
        return hook_answer_nothing(req);
    struct turn t = {
        .req = req, .c = &c, .said = *digits ? digits : speech, .how = *digits ? "keys" : "speech"};
    rc = take_turn(&t, n->given && !n->error ? n->num : -1);
    if (rc == DESK_ENOTFOUND || rc == DESK_DONE) /* not the owner's talk, or no more */
        return page_ordinary(req, NULL);
    if (rc && rc != DESK_ECONFLICT)
        return rc;
    desk_log(DESK_LOG_INFO, "voice.owner", "call=%s n=%lld open=%d closed=%d", c.id,
             (long long)t.o.n, (int)t.o.open, (int)t.o.closed);
    return page(req, &t.o);
}
