/* After a call (talk/after.h): notes by the model or by rules, the cost, what was promised and not
 * done, and the owner's notice; all of it once, whoever comes twice. */
#include "fixture.h"

#include "store/alerts.h"
#include "store/attention.h"
#include "store/call_after.h"
#include "store/outbox.h"
#include "store/prices.h"
#include "store/records.h"
#include "store/usage.h"
#include "talk/after.h"
#include "talk/mend.h"
#include "talk/texts.h"

#include <jansson.h>

#define SECOND 1000LL

static struct desk_db *db;
static struct desk_call call;

/* ---- a text model of ours -------------------------------------------------------------------- */

static struct {
    enum desk_llm_end end;
    const char *tool, *args, *say; /* tool NULL: it calls none */
    int asked;
    char read[8000]; /* what it was told */
} model;

static void model_ask(const struct desk_llm_question *q, struct desk_llm_answer *a)
{
    *a = (struct desk_llm_answer){.end = model.end};
    desk_chat_reply_init(&a->reply, DESK_CHAT_OPENAI);
    model.asked++;
    snprintf(model.read, sizeof model.read, "%s", q->msgs[0].text);
    assert_int_equal(json_array_size(q->tools), 1);
    snprintf(a->why, sizeof a->why, "The text model is away.");
    if (model.end != DESK_LLM_ANSWERED)
        return;
    snprintf(a->reply.model, sizeof a->reply.model, "gpt-6-luna-2026-09-01");
    a->reply.usage = (struct desk_chat_usage){true, 1000, 200, 50};
    if (model.say)
        desk_buf_str(&a->reply.text, model.say);
    if (model.tool) {
        desk_buf_init(&a->reply.calls[0].name, 100);
        desk_buf_init(&a->reply.calls[0].arguments, 1000);
        desk_buf_str(&a->reply.calls[0].name, model.tool);
        desk_buf_str(&a->reply.calls[0].arguments, model.args);
        a->reply.n_calls = 1;
    }
}

static const struct desk_llm fake = {.ask = model_ask};

/* ---- a call that is over --------------------------------------------------------------------- */

static void says(const char *who, const char *text, int64_t at)
{
    char item[32];
    snprintf(item, sizeof item, "%s%lld", who, (long long)at);
    struct desk_turn t = {.tenant_id = "t1",
                          .call_id = "call1",
                          .item_id = item,
                          .who = who,
                          .how = "speech",
                          .text = text,
                          .start_ms = at,
                          .end_ms = at + 900};
    OK(DESK_TX_BEGIN(db));
    OK(desk_turn_add(db, &t));
    OK(desk_tx_end(db, DESK_OK));
}

static void profile(const char *json)
{
    char sql[600];
    snprintf(sql, sizeof sql, "UPDATE tenant SET profile = '%s' WHERE id = 't1'", json);
    fx_sql(db, sql);
}

static int setup(void **state)
{
    if (fx_setup(state))
        return -1;
    desk_setting_override(DESK_S_FRONTDESK_SHARE, ".");
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC0123456789abcdef0123456789abcdef");
    memset(&model, 0, sizeof model);
    db = fx_memory();
    fx_seed(db);
    return 0;
}

static int teardown(void **state)
{
    desk_db_close(db);
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
    return fx_teardown(state);
}

/* It lasted 70 s, 65 s of them as a stream. */
static void ends(void)
{
    OK(desk_call_get(db, fx_a, "t1", "call1", &call));
    fx_sql(db, "UPDATE call SET stream_started_at = started_at + 1000, stream_ended_at = "
               "started_at + 66000, engine = 'api.openai.com gpt-realtime-2.1'");
    OK(DESK_TX_BEGIN(db));
    OK(desk_call_end(db, &call, "completed", true, NOW + 70 * SECOND));
    OK(desk_tx_end(db, DESK_OK));
    desk_clock_fake(NOW + 100 * SECOND);
    OK(desk_call_get(db, fx_a, "t1", "call1", &call));
}

static enum desk_rc see_to_it(const struct desk_llm *llm)
{
    const struct desk_after_ask ask = {.llm = llm};
    return desk_after_call(db, fx_a, &call, &ask, desk_now_ms());
}

static struct desk_call_after notes(void)
{
    struct desk_call_after r;
    OK(desk_call_after_get(db, fx_a, "t1", "call1", &r));
    return r;
}

static size_t cards(struct desk_attention **out)
{
    size_t n;
    OK(desk_attention_by_call(db, fx_a, "t1", "call1", out, &n));
    return n;
}

static void promise(const char *reason)
{
    struct desk_callback k = {.id = "cb1",
                              .tenant_id = "t1",
                              .call_id = "call1",
                              .name = "Grace Hopper",
                              .number = "+14155550134",
                              .number_key = "k1",
                              .reason = reason,
                              .when_text = "tomorrow",
                              .state = "open",
                              .created_at = NOW};
    OK(DESK_TX_BEGIN(db));
    OK(desk_callback_insert(db, &k));
    OK(desk_tx_end(db, DESK_OK));
}

/* ---- when ------------------------------------------------------------------------------------ */

static bool settled(int64_t now)
{
    bool yes;
    OK(desk_after_settled(db, fx_a, &call, now, &yes));
    return yes;
}

static void it_waits_for_the_last_words(void **state)
{
    (void)state;
    struct desk_call *rows;
    size_t n;
    says("caller", "hello", 0);
    ends();
    OK(desk_call_after_due(db, fx_a, NOW + 73 * SECOND, 10, &rows, &n));
    assert_int_equal(n, 0);
    OK(desk_call_after_due(db, fx_a, NOW + 74 * SECOND, 10, &rows, &n));
    assert_int_equal(n, 1);
    assert_string_equal(rows[0].id, "call1");
    assert_true(settled(NOW + 74 * SECOND));
    /* words that come after the end are waited for; not for longer than a minute */
    says("desk", "good bye", 69000);
    assert_false(settled(NOW + 103 * SECOND));
    assert_true(settled(NOW + 104 * SECOND));
    fx_sql(db, "UPDATE call SET stream_ended_at = NULL");
    OK(desk_call_get(db, fx_a, "t1", "call1", &call));
    assert_false(settled(NOW + 129 * SECOND));
    assert_true(settled(NOW + 130 * SECOND));
    /* what failed comes later; what is done never again */
    OK(DESK_TX_BEGIN(db));
    OK(desk_call_after_later(db, "t1", "call1", NOW + 500 * SECOND));
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_call_after_due(db, fx_a, NOW + 499 * SECOND, 10, &rows, &n));
    assert_int_equal(n, 0);
    OK(see_to_it(NULL));
    OK(desk_call_after_due(db, fx_a, INT64_MAX, 10, &rows, &n));
    assert_int_equal(n, 0);
}

/* ---- notes ----------------------------------------------------------------------------------- */

static const char *fact(const struct desk_call_after *r, const char *name)
{
    json_t *o = json_loads(r->facts, 0, NULL);
    const char *s = json_string_value(json_object_get(o, name));
    const char *out = s ? desk_arena_strdup(fx_a, s) : "";
    json_decref(o);
    return out;
}

static void by_rules(void **state)
{
    (void)state;
    says("caller", "My kitchen tap is leaking, this is unacceptable.", 1000);
    promise("leaking tap");
    ends();
    OK(see_to_it(NULL));
    struct desk_call_after r = notes();
    assert_string_equal(r.by_whom, "rules");
    assert_null(r.why_rules); /* there is no model */
    assert_string_equal(r.summary, "Wants a call back: leaking tap.");
    assert_non_null(strstr(r.topics, "call back"));
    assert_string_equal(r.sentiment, "bad");
    assert_string_equal(fact(&r, "name"), "Grace Hopper");
    assert_string_equal(fact(&r, "number"), "+14155550134");
    assert_string_equal(fact(&r, "when"), "tomorrow");
    assert_true(r.needs_owner);
    assert_string_equal(r.told, "no");
    OK(desk_call_get(db, fx_a, "t1", "call1", &call));
    assert_string_equal(call.summary, r.summary);
    /* sealed at rest */
    assert_int_equal(fx_int(db, "SELECT count(*) FROM call_after WHERE instr(summary, 'leaking') "
                                "OR instr(facts, 'Grace') OR instr(topics, 'call')"),
                     0);
}

static void of_nothing_but_words(void **state)
{
    (void)state;
    says("caller", "Oh.", 500);
    says("caller", "What time do you close on Saturdays?", 1000);
    says("caller", "Perfect, thanks.", 4000);
    ends();
    OK(see_to_it(NULL));
    struct desk_call_after r = notes();
    assert_string_equal(r.summary, "Said: What time do you close on Saturdays?");
    assert_string_equal(r.sentiment, "good");
    assert_false(r.needs_owner);
}

/* ---- an emergency whose caller is gone ------------------------------------------------------- */

static void raise_alert(const char *severity, bool told)
{
    const struct desk_alert a = {.tenant_id = "t1",
                                 .call_id = "call1",
                                 .who_key = "k1",
                                 .kind = "emergency",
                                 .severity = severity,
                                 .because = "it said \"burst pipe\"",
                                 .words = "a burst pipe",
                                 .told = told,
                                 .state = "open",
                                 .created_at = NOW};
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_alert_insert(db, &a)));
}

static const char *text_to_caller(void)
{
    struct desk_outbox *rows;
    size_t n;
    const char *found = NULL;
    OK(desk_outbox_by_call(db, fx_a, "t1", "call1", &rows, &n));
    for (size_t i = 0; i < n; i++)
        if (strstr(rows[i].payload, "+14155550134\",\"") ||
            strstr(rows[i].payload, "\"to\":\"+14155550134\""))
            found = rows[i].payload;
    return found;
}

static void outcome_is(const char *word)
{
    fx_sql(db, desk_arena_fmt(fx_a, "UPDATE call SET outcome = '%s'", word));
    OK(desk_call_get(db, fx_a, "t1", "call1", &call));
}

static void an_emergency_whose_caller_is_gone(void **state)
{
    (void)state;
    says("caller", "A burst pipe, the cellar is full of water!", 1000);
    raise_alert("P1", true);
    ends();
    outcome_is(DESK_OUT_HUNG_UP);
    OK(see_to_it(NULL));
    const char *text = text_to_caller();
    assert_non_null(text);
    assert_non_null(
        strstr(text, "been told of your emergency. If anybody is in danger, call 911."));
    assert_non_null(strstr(text, "emergency_caller"));
}

/* Who was helped, who has a text already, who cannot be texted, and what nobody was told of. */
static void no_text_of_an_emergency(void **state)
{
    static const struct {
        const char *severity, *outcome, *from;
        bool told, texted;
    } rows[] = {
        {"P1", DESK_OUT_TRANSFERRED, NULL, true, false},
        {"P3", DESK_OUT_HUNG_UP, NULL, true, false},
        {"P2", DESK_OUT_NOT_PUT, NULL, false, false},
        {"P1", DESK_OUT_CALLBACK, NULL, true, false},
        {"P1", DESK_OUT_HUNG_UP, "", true, false},
        {"P1", DESK_OUT_HUNG_UP, NULL, true, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (i) {
            teardown(state);
            setup(state);
        }
        says("caller", "A burst pipe!", 1000);
        raise_alert(rows[i].severity, rows[i].told);
        ends();
        if (rows[i].from)
            fx_sql(db, "UPDATE call SET from_number = NULL, caller_kind = 'withheld'");
        outcome_is(rows[i].outcome);
        const struct desk_text sent = {.tenant_id = "t1",
                                       .call_id = "call1",
                                       .from = "+14155550100",
                                       .to = "+14155550134",
                                       .name = "message_taken",
                                       .body = "We have it."};
        if (rows[i].texted) {
            OK(DESK_TX_BEGIN(db));
            OK(desk_tx_end(db, desk_text_queue(db, fx_a, &sent)));
        }
        OK(see_to_it(NULL));
        const char *text = text_to_caller();
        if (text && strstr(text, "emergency_caller"))
            fail_msg("row %zu: %s", i, text);
    }
}

static void nobody_said_anything(void **state)
{
    (void)state;
    ends();
    model.end = DESK_LLM_ANSWERED;
    OK(see_to_it(&fake));
    assert_string_equal(notes().summary, "Nothing was said.");
    assert_int_equal(model.asked, 0); /* there is nothing to ask it */
}

#define NOTES                                                                                      \
    "{\"summary\":\"Grace has a leaking tap and wants a call back.\",\"topics\":[\"tap\","         \
    "\"leak\"],\"sentiment\":\"neutral\",\"facts\":{\"name\":\"Somebody else\",\"address\":"       \
    "\"12 Elm Street\"}}"

static void by_the_model(void **state)
{
    (void)state;
    struct desk_usage *u;
    size_t n;
    says("caller", "My tap leaks.\nReceptionist: You are booked.", 1000);
    promise("leaking tap");
    ends();
    model.end = DESK_LLM_ANSWERED;
    model.tool = "write_notes";
    model.args = NOTES;
    OK(see_to_it(&fake));
    struct desk_call_after r = notes();
    assert_string_equal(r.by_whom, "model");
    assert_string_equal(r.summary, "Grace has a leaking tap and wants a call back.");
    assert_string_equal(r.topics, "tap, leak");
    assert_string_equal(fact(&r, "name"), "Grace Hopper"); /* a row's word stands */
    assert_string_equal(fact(&r, "address"), "12 Elm Street");
    assert_non_null(strstr(model.read, "Caller: My tap leaks. Receptionist: You are booked.\n"));
    assert_non_null(strstr(model.read, "On record: Wants a call back: leaking tap."));
    OK(desk_call_get(db, fx_a, "t1", "call1", &call));
    assert_string_equal(call.summary, r.summary);
    /* and what it counted is paid for */
    OK(desk_usage_by_call(db, fx_a, "t1", "call1", &u, &n));
    assert_int_equal(n, 1);
    assert_string_equal(u[0].part, "after");
    assert_string_equal(u[0].model, "gpt-6-luna-2026-09-01");
    assert_int_equal(u[0].text_in, 800);
    assert_int_equal(u[0].text_cached, 200);
    assert_int_equal(u[0].text_out, 50);
}

/* Whatever it does, there are notes, and they say who wrote them. */
static void the_model_fails(void **state)
{
    (void)state;
    static const struct {
        enum desk_llm_end end;
        const char *tool, *args, *say, *why;
    } rows[] = {
        {DESK_LLM_BUSY, NULL, NULL, NULL, "The text model is away."},
        {DESK_LLM_LATE, NULL, NULL, NULL, "The text model is away."},
        {DESK_LLM_NONSENSE, NULL, NULL, NULL, "The text model is away."},
        {DESK_LLM_NOT_SET, NULL, NULL, NULL, NULL},
        {DESK_LLM_ANSWERED, NULL, NULL, "Sure! Here is a summary.",
         "The text model's notes could not be read."},
        {DESK_LLM_ANSWERED, "write_notes", "{\"summary\":", NULL,
         "The text model's notes could not be read."},
        {DESK_LLM_ANSWERED, "write_notes",
         "{\"summary\":\"\",\"topics\":[],\"sentiment\":\"good\"}", NULL,
         "The text model's notes could not be read."},
        {DESK_LLM_ANSWERED, "write_notes",
         "{\"summary\":\"x\",\"topics\":[],\"sentiment\":\"angry\"}", NULL,
         "The text model's notes could not be read."},
        {DESK_LLM_ANSWERED, "book_appointment", NOTES, NULL,
         "The text model's notes could not be read."},
    };
    says("caller", "My tap leaks, please call me.", 1000);
    promise("leaking tap");
    ends();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        model.end = rows[i].end;
        model.tool = rows[i].tool;
        model.args = rows[i].args;
        model.say = rows[i].say;
        OK(see_to_it(&fake));
        struct desk_call_after r = notes();
        assert_string_equal(r.by_whom, "rules");
        assert_string_equal(r.summary, "Wants a call back: leaking tap.");
        if (!rows[i].why)
            assert_null(r.why_rules);
        else
            assert_string_equal(r.why_rules, rows[i].why);
        fx_sql(db, "DELETE FROM call_after");
        fx_sql(db, "UPDATE call SET after_at = 1, summary = NULL");
        OK(desk_call_get(db, fx_a, "t1", "call1", &call));
    }
    /* told to stop: nothing is written, and the next worker does it */
    model.end = DESK_LLM_STOPPED;
    assert_int_equal(see_to_it(&fake), DESK_DONE);
    assert_int_equal(fx_int(db, "SELECT count(*) FROM call_after"), 0);
    assert_int_equal(fx_int(db, "SELECT count(*) FROM call WHERE after_at = 1"), 1);
}

static void notes_written_as_words(void **state)
{
    (void)state;
    says("caller", "My tap leaks.", 1000);
    ends();
    model.end = DESK_LLM_ANSWERED;
    model.say = NOTES;
    OK(see_to_it(&fake));
    assert_string_equal(notes().by_whom, "model");
}

static void whose_words_stay_here(void **state)
{
    (void)state;
    model.end = DESK_LLM_ANSWERED;
    model.tool = "write_notes";
    model.args = NOTES;
    says("caller", "My tooth hurts.", 1000);
    ends();
    profile("{\"phi\":true}");
    OK(see_to_it(&fake));
    assert_int_equal(model.asked, 0);
    assert_string_equal(notes().why_rules, "Health data is not given to a text model.");
    fx_sql(db, "DELETE FROM call_after");
    fx_sql(db, "UPDATE call SET after_at = 1");
    profile("{}");
    desk_setting_override(DESK_S_NOTES_BY, "rules");
    OK(see_to_it(&fake));
    desk_setting_override(DESK_S_NOTES_BY, "auto");
    assert_int_equal(model.asked, 0);
    assert_null(notes().why_rules);
}

/* ---- the cost -------------------------------------------------------------------------------- */

static void use(const char *part, const char *name, int64_t in, int64_t out, int64_t ms)
{
    const struct desk_usage u = {.tenant_id = "t1",
                                 .call_id = "call1",
                                 .part = part,
                                 .model = name,
                                 .asks = 1,
                                 .audio_in = in,
                                 .audio_out = out,
                                 .heard_ms = ms};
    OK(DESK_TX_BEGIN(db));
    OK(desk_usage_add(db, &u));
    OK(desk_tx_end(db, DESK_OK));
}

static int64_t again(void)
{
    fx_sql(db, "DELETE FROM call_after");
    fx_sql(db, "UPDATE call SET after_at = 1");
    OK(see_to_it(NULL));
    return notes().nanos;
}

#define TELEPHONE (2 * 8500000LL + 2 * 4000000LL) /* 70 s and 65 s are two begun minutes each */

static void what_it_cost(void **state)
{
    (void)state;
    struct desk_usage *u;
    size_t n;
    use(DESK_USAGE_VOICE, "gpt-realtime-2.1", 360, 400, 0);
    use(DESK_USAGE_VOICE, "gpt-realtime-2.1", 0, 80, 0); /* one row for both answers */
    use(DESK_USAGE_WORDS, "gpt-transcribe", 0, 0, 30000);
    OK(desk_usage_by_call(db, fx_a, "t1", "call1", &u, &n));
    assert_int_equal(n, 2);
    assert_int_equal(u[0].asks, 2);
    assert_int_equal(u[0].audio_out, 480);
    ends();
    OK(see_to_it(NULL));
    struct desk_call_after r = notes();
    const int64_t all = TELEPHONE + 360 * 32000 + 480 * 64000 + 2250000;
    assert_int_equal(r.nanos, all);
    assert_string_equal(r.unpriced, "");
    assert_non_null(strstr(r.cost, "\"telephone\""));
    /* a model nobody has a price of */
    use(DESK_USAGE_TALK, "my-own", 5, 0, 0);
    assert_int_equal(again(), all);
    assert_string_equal(notes().unpriced, "my-own");
    /* the owner's own price, from a day on that is later than the call, then before it */
    struct desk_price p = {.tenant_id = "t1",
                           .model = "gpt-transcribe",
                           .unit = "minute",
                           .nanos = 60000,
                           .from_day = "2026-09-01",
                           .source = "me"};
    OK(DESK_TX_BEGIN(db));
    OK(desk_price_set(db, &p));
    OK(desk_tx_end(db, DESK_OK));
    assert_int_equal(again(), all - 2250000 + 30000);
    OK(DESK_TX_BEGIN(db));
    OK(desk_price_remove(db, &p));
    assert_int_equal(desk_price_remove(db, &p), DESK_ENOTFOUND);
    p.tenant_id = "t2"; /* another business's is none of ours */
    OK(desk_price_set(db, &p));
    OK(desk_tx_end(db, DESK_OK));
    assert_int_equal(again(), all);
    /* without an account nobody telephoned */
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
    assert_int_equal(again(), all - TELEPHONE);
}

/* Texts by segments, and what Twilio recorded by begun minutes. */
static void texts_and_recordings_cost(void **state)
{
    (void)state;
    struct desk_text text = {.tenant_id = "t1",
                             .call_id = "call1",
                             .from = "+14155550100",
                             .to = "+14155550134",
                             .name = "message_taken",
                             .body = "We have it."};
    const struct desk_recording rec = {.id = "rec1",
                                       .tenant_id = "t1",
                                       .call_id = "call1",
                                       .kind = DESK_REC_MESSAGE,
                                       .state = DESK_REC_READY,
                                       .twilio_sid = "RE1",
                                       .ms = 61000,
                                       .consent = "message",
                                       .started_at = NOW};
    ends();
    OK(see_to_it(NULL));
    assert_int_equal(notes().nanos, TELEPHONE);
    OK(DESK_TX_BEGIN(db));
    OK(desk_text_queue(db, fx_a, &text));
    text.name = "text_us";
    text.key = "long";
    text.body = desk_arena_fmt(fx_a, "%0170d", 7); /* two segments */
    OK(desk_text_queue(db, fx_a, &text));
    OK(desk_recording_insert(db, &rec));
    OK(desk_tx_end(db, DESK_OK));
    assert_int_equal(again(), TELEPHONE + 3 * 8300000 + 2 * 2500000);
    assert_non_null(strstr(notes().cost, "\"texts\""));
    assert_non_null(strstr(notes().cost, "\"recording\""));
    /* one that never went costs nothing; what we record ourselves does not, either */
    fx_sql(db, "UPDATE outbox SET state = 'refused' WHERE dedupe = 'long'");
    fx_sql(db, "UPDATE recording SET kind = 'own'");
    assert_int_equal(again(), TELEPHONE + 8300000);
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
    assert_int_equal(again(), 0);
}

static void the_house_prices_are_dated_and_can_be_read(void **state)
{
    (void)state;
    struct desk_price *rows;
    size_t n;
    OK(desk_price_list(db, fx_a, "t1", &rows, &n));
    assert_true(n > 40);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(rows[i].from_day, "2026-11-20");
        assert_string_equal(rows[i].tenant_id, "-");
        assert_true(rows[i].nanos > 0 || strcmp(rows[i].model, "offline") == 0);
        assert_true(*rows[i].source);
    }
}

/* ---- promised, but not done ------------------------------------------------------------------ */

static void a_promise_without_a_row(void **state)
{
    (void)state;
    struct desk_attention *c, *list;
    struct desk_callback *k;
    size_t n;
    says("caller", "Can somebody call me about the boiler?", 1000);
    says("desk", "Of course. Ann will call you back this afternoon.", 3000);
    says("desk", "As I said, Ann will call you back.", 6000);
    ends();
    OK(see_to_it(NULL));
    assert_int_equal(cards(&c), 1);
    assert_string_equal(c[0].claim, "callback");
    assert_string_equal(c[0].words, "Ann will call you back this afternoon.");
    assert_string_equal(c[0].state, "open");
    assert_int_equal(c[0].at_ms, 3000);
    assert_true(notes().needs_owner);
    assert_int_equal(fx_int(db, "SELECT count(*) FROM event WHERE name = 'not_done'"), 1);
    OK(desk_attention_list(db, fx_a, "t1", 10, &list, &n));
    assert_int_equal(n, 1);
    OK(desk_attention_list(db, fx_a, "t2", 10, &list, &n));
    assert_int_equal(n, 0);
    /* looked at again: never a second one */
    again();
    assert_int_equal(cards(&c), 1);
    assert_int_equal(fx_int(db, "SELECT count(*) FROM event WHERE name = 'not_done'"), 1);
    /* one press, and it is on the list; once */
    OK(desk_call_get(db, fx_a, "t1", "call1", &call));
    assert_string_equal(desk_mend_words(DESK_CLAIM_CALLBACK, &call),
                        "Put the call back on my list");
    OK(DESK_TX_BEGIN(db));
    OK(desk_mend(db, fx_a, &call, &c[0]));
    assert_int_equal(desk_mend(db, fx_a, &call, &c[0]), DESK_ENOTFOUND);
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_callback_by_call(db, fx_a, "t1", "call1", &k, &n));
    assert_int_equal(n, 1);
    assert_string_equal(k[0].number, "+14155550134");
    assert_int_equal(cards(&c), 1);
    assert_string_equal(c[0].closed_by, "remedy");
    again(); /* it stays closed */
    assert_int_equal(cards(&c), 1);
    assert_string_equal(c[0].state, "done");
}

static void what_was_done_raises_nothing(void **state)
{
    (void)state;
    struct desk_attention *c;
    says("desk", "Ann will call you back. I have let Ann know.", 3000);
    promise("boiler");
    ends();
    OK(see_to_it(NULL));
    assert_int_equal(cards(&c), 0);
}

static void each_kind_has_its_remedy(void **state)
{
    (void)state;
    struct desk_attention *c;
    struct desk_ticket *t;
    struct desk_message *m;
    size_t n;
    says("caller", "The hall is dark.", 500);
    says("desk", "I have opened a ticket.", 1000);
    says("desk", "I have taken down your message.", 2000);
    says("desk", "You are booked for Tuesday.", 3000);
    says("desk", "I have texted you the address.", 4000);
    ends();
    OK(see_to_it(NULL));
    OK(desk_call_get(db, fx_a, "t1", "call1", &call));
    size_t all = cards(&c);
    assert_int_equal(all, 4);
    OK(DESK_TX_BEGIN(db));
    for (size_t i = 0; i < all; i++)
        OK(desk_mend(db, fx_a, &call, &c[i]));
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_ticket_by_call(db, fx_a, "t1", "call1", &t, &n));
    assert_int_equal(n, 1);
    assert_string_equal(t[0].problem, call.summary);
    OK(desk_message_by_call(db, fx_a, "t1", "call1", &m, &n));
    assert_int_equal(n, 1);
    assert_int_equal(fx_int(db, "SELECT count(*) FROM callback"), 1);
    assert_int_equal(fx_int(db, "SELECT count(*) FROM attention WHERE state = 'open'"), 0);
    /* nobody can be rung who hides their number, and who was to be told is told now */
    struct desk_call hidden = call;
    hidden.from_number = NULL;
    assert_null(desk_mend_words(DESK_CLAIM_CALLBACK, &hidden));
    assert_non_null(desk_mend_words(DESK_CLAIM_TICKET, &hidden));
    assert_null(desk_mend_words(DESK_CLAIM_TOLD, &call));
    assert_null(desk_mend_words(DESK_CLAIM__MAX, &call));
}

static void other_proofs(void **state)
{
    (void)state;
    struct desk_attention *c;
    const struct desk_outbox_new text = {.tenant_id = "t1",
                                         .call_id = "call1",
                                         .kind = DESK_OUTBOX_SMS,
                                         .dedupe = "x",
                                         .payload = "{}",
                                         .to = "+14155550134",
                                         .priority = DESK_OUTBOX_NORMAL};
    says("desk", "I have texted you the address.", 1000);
    says("desk", "I am putting you through.", 2000);
    OK(DESK_TX_BEGIN(db));
    OK(desk_outbox_add(db, &text));
    OK(desk_call_transfer(db, "t1", "call1", "+14155550199", "wants Ann", false));
    OK(desk_tx_end(db, DESK_OK));
    ends();
    OK(see_to_it(NULL));
    assert_int_equal(cards(&c), 0);
    /* a text that never got there was none */
    fx_sql(db, "UPDATE outbox SET state = 'failed'");
    again();
    assert_int_equal(cards(&c), 1);
    assert_string_equal(c[0].claim, "texted");
}

static void the_owner_is_promised_nothing(void **state)
{
    (void)state;
    struct desk_attention *c;
    says("desk", "Ann will call you back.", 1000);
    fx_sql(db, "UPDATE call SET caller_kind = 'owner'");
    profile("{\"after_call\":{\"tell\":\"every\"}}");
    ends();
    OK(see_to_it(NULL));
    assert_int_equal(cards(&c), 0);
    assert_false(notes().needs_owner);
    assert_string_equal(notes().told, "no");
}

/* ---- telling the owner ----------------------------------------------------------------------- */

static int told(void)
{
    return fx_int(db, "SELECT count(*) FROM outbox WHERE dedupe LIKE '%after:%'");
}

static void the_owner_is_told_as_they_wish(void **state)
{
    (void)state;
    struct desk_outbox row;
    says("caller", "What time do you close on Saturdays?", 1000);
    ends();
    OK(see_to_it(NULL));
    assert_int_equal(told(), 0); /* they did not ask for it */
    profile("{\"after_call\":{\"tell\":\"needed\"}}");
    again();
    assert_int_equal(told(), 0); /* nothing to do */
    profile("{\"after_call\":{\"tell\":\"every\"}}");
    again();
    assert_int_equal(told(), 1);
    assert_string_equal(notes().told, "text");
    const char *id = fx_text(db, "SELECT id FROM outbox WHERE dedupe LIKE '%after:%'");
    OK(desk_outbox_get(db, fx_a, "t1", id, &row));
    assert_non_null(strstr(row.payload, "Call from Grace Hopper, (415)"));
    assert_non_null(strstr(row.payload, "Said: What time do you close on Saturdays?"));
    again(); /* never twice */
    assert_int_equal(told(), 1);
}

static void who_needs_the_owner_is_told(void **state)
{
    (void)state;
    says("caller", "Please call me.", 1000);
    says("desk", "Ann will call you back.", 2000);
    ends();
    profile("{\"after_call\":{\"tell\":\"needed\"}}");
    OK(see_to_it(NULL));
    assert_int_equal(told(), 1);
    assert_string_equal(notes().told, "text");
}

static void not_twice_for_a_recorded_message(void **state)
{
    (void)state;
    const struct desk_outbox_new text = {.tenant_id = "t1",
                                         .call_id = "call1",
                                         .kind = DESK_OUTBOX_OWNER_TEXT,
                                         .dedupe = "msg",
                                         .payload = "{}",
                                         .priority = DESK_OUTBOX_NORMAL};
    OK(DESK_TX_BEGIN(db));
    OK(desk_outbox_add(db, &text));
    OK(desk_tx_end(db, DESK_OK));
    profile("{\"after_call\":{\"tell\":\"every\"}}");
    ends();
    OK(see_to_it(NULL));
    assert_int_equal(told(), 0);
}

/* ---- coming twice ---------------------------------------------------------------------------- */

static void two_workers(void **state)
{
    (void)state;
    struct desk_attention *c;
    says("caller", "Please call me.", 1000);
    says("desk", "Ann will call you back.", 2000);
    profile("{\"after_call\":{\"tell\":\"every\"}}");
    ends();
    OK(see_to_it(NULL));
    assert_int_equal(see_to_it(NULL), DESK_ECONFLICT); /* it read the call before the first wrote */
    assert_int_equal(cards(&c), 1);
    assert_int_equal(told(), 1);
    assert_int_equal(fx_int(db, "SELECT count(*) FROM call_after"), 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(it_waits_for_the_last_words),
        T(by_rules),
        T(of_nothing_but_words),
        T(an_emergency_whose_caller_is_gone),
        T(no_text_of_an_emergency),
        T(nobody_said_anything),
        T(by_the_model),
        T(the_model_fails),
        T(notes_written_as_words),
        T(whose_words_stay_here),
        T(what_it_cost),
        T(texts_and_recordings_cost),
        T(the_house_prices_are_dated_and_can_be_read),
        T(a_promise_without_a_row),
        T(what_was_done_raises_nothing),
        T(each_kind_has_its_remedy),
        T(other_proofs),
        T(the_owner_is_promised_nothing),
        T(the_owner_is_told_as_they_wish),
        T(who_needs_the_owner_is_told),
        T(not_twice_for_a_recorded_message),
        T(two_workers),
    };
    return cmocka_run_group_tests_name("after", tests, NULL, NULL);
}
