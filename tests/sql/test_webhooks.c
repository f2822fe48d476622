/* Webhooks in the database: what is told of each kind of event, to whom, and what is left out
 * (tests/golden/webhooks.txt has the bodies to the byte); a delivery wanted once more; and the
 * rules by which one is switched off. */
#include "tests/sql/fixture.h"

#include "store/alerts.h"
#include "store/appointments.h"
#include "store/outbox.h"
#include "store/records.h"
#include "store/webhook_events.h"
#include "store/webhooks.h"

#include <jansson.h>

#define GOLDEN "tests/golden/webhooks.txt"
#define SECRET "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define HOUR   3600000LL

static struct desk_db *db;

/* ---- the events, each made once through the functions that calls and owners use ---------------
 */

static struct desk_appointment visit(const char *id, int64_t hold_until)
{
    char link[DESK_BLIND_LEN];
    desk_appointment_resource(db, "t1", id, link);
    return (struct desk_appointment){.id = id,
                                     .tenant_id = "t1",
                                     .location_id = "l1",
                                     .contact_id = "c1",
                                     .call_id = "call1",
                                     .service = "repair",
                                     .service_name = "Repair",
                                     .resource = desk_arena_strdup(fx_a, link),
                                     .resource_name = "Raj",
                                     .status = hold_until ? DESK_APPT_HELD : DESK_APPT_BOOKED,
                                     .start_at = NOW + 24 * HOUR,
                                     .end_at = NOW + 25 * HOUR,
                                     .busy_until = NOW + 25 * HOUR,
                                     .hold_until = hold_until,
                                     .name = "Grace Hopper",
                                     .number = "+14155550134",
                                     .address = "1 Main St",
                                     .notes = "The gate code is 4711.",
                                     .urgent = true,
                                     .source = "call",
                                     .created_at = NOW,
                                     .updated_at = NOW};
}

static void in_tx(void (*write)(void))
{
    OK(DESK_TX_BEGIN(db));
    write();
    OK(desk_tx_end(db, DESK_OK));
}

static void call_completed(void)
{
    OK(desk_call_summary(db, "t1", "call1", "Grace Hopper wants her boiler repaired."));
    OK(desk_call_end(db, &fx_call, "completed", true, NOW + 60000));
}

static void lead_created(void)
{
    OK(desk_lead_insert(db, &(struct desk_lead){.id = "lead1",
                                                .tenant_id = "t1",
                                                .call_id = "call1",
                                                .contact_id = "c1",
                                                .who_key = "k1",
                                                .name = "Grace Hopper",
                                                .company = "Navy",
                                                .number = "+14155550134",
                                                .email = "grace@example.com",
                                                .service = "repair",
                                                .job = "A \"new\" boiler\nsoon",
                                                .address = "1 Main St",
                                                .budget = "5k",
                                                .timeline = "this month",
                                                .heard_of_us = "a neighbour",
                                                .state = "open",
                                                .created_at = NOW,
                                                .updated_at = NOW}));
}

static void ticket_created(void)
{
    OK(desk_ticket_insert(db, &(struct desk_ticket){.id = "tick1",
                                                    .tenant_id = "t1",
                                                    .call_id = "call1",
                                                    .contact_id = "c1",
                                                    .name = "Grace Hopper",
                                                    .number = "+14155550134",
                                                    .system = "boiler",
                                                    .problem = "no heat",
                                                    .since_text = "monday",
                                                    .tried = "on and off",
                                                    .address = "1 Main St",
                                                    .priority = "high",
                                                    .state = "open",
                                                    .created_at = NOW,
                                                    .updated_at = NOW}));
}

static void callback_created(void)
{
    OK(desk_callback_insert(db, &(struct desk_callback){.id = "cb1",
                                                        .tenant_id = "t1",
                                                        .call_id = "call1",
                                                        .contact_id = "c1",
                                                        .kind = "callback",
                                                        .name = "Grace Hopper",
                                                        .number = "+14155550134",
                                                        .number_key = "k1",
                                                        .reason = "her bill",
                                                        .when_text = "at noon",
                                                        .window_start = NOW + HOUR,
                                                        .window_end = NOW + 2 * HOUR,
                                                        .address = "1 Main St",
                                                        .urgent = true,
                                                        .state = "open",
                                                        .created_at = NOW}));
}

static void visits(void)
{
    struct desk_appointment v = visit("ap1", 0);
    OK(desk_appointment_insert(db, &v));
    v.start_at += HOUR;
    v.end_at += HOUR;
    v.busy_until += HOUR;
    OK(desk_appointment_move(db, &v));
    OK(desk_appointment_end(db, "t1", "ap1", DESK_APPT_CANCELLED));
}

static void message_taken(void)
{
    OK(desk_message_insert(db, &(struct desk_message){.id = "msg1",
                                                      .tenant_id = "t1",
                                                      .call_id = "call1",
                                                      .recording_url = "https://api.example/RE1",
                                                      .seconds = 12,
                                                      .text = "Call me.",
                                                      .state = "new",
                                                      .created_at = NOW,
                                                      .for_name = "Raj",
                                                      .from_name = "Grace",
                                                      .number = "+14155550134",
                                                      .urgent = true}));
}

static void alert_raised(void)
{
    OK(desk_alert_insert(db, &(struct desk_alert){.id = "al1",
                                                  .tenant_id = "t1",
                                                  .call_id = "call1",
                                                  .who_key = "k1",
                                                  .kind = "emergency",
                                                  .severity = "P1",
                                                  .because = "gas",
                                                  .words = "I smell gas",
                                                  .told = true,
                                                  .state = "open",
                                                  .created_at = NOW}));
}

/* ---- the world ------------------------------------------------------------------------------- */

static const char *hook_of(const char *tenant, const char *events, const char *format,
                           bool personal)
{
    struct desk_webhook w = {.tenant_id = tenant,
                             .url = "https://hooks.example.com/secret",
                             .events = events,
                             .format = format,
                             .personal = personal};
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_webhook_add(db, fx_a, &w, SECRET)));
    return w.id;
}

static struct desk_webhook hook_now(const char *id)
{
    struct desk_webhook w;
    OK(desk_webhook_get(db, fx_a, "t1", id, &w));
    return w;
}

static size_t deliveries(const char *tenant, const char *hook, struct desk_outbox **rows)
{
    size_t n = 0;
    OK(desk_outbox_deliveries(db, fx_a, tenant, hook, 100, rows, &n));
    return n;
}

static const char *member_of(const struct desk_outbox *row, const char *name)
{
    json_t *p = json_loads(row->payload, 0, NULL);
    const char *text = desk_arena_strdup(fx_a, json_string_value(json_object_get(p, name)));
    json_decref(p);
    return text;
}

static void start(void)
{
    db = fx_memory();
    fx_seed(db);
}

/* ---- what is told ---------------------------------------------------------------------------- */

static const char *golden(void)
{
    static char text[65536];
    FILE *in = fopen(GOLDEN, "re");
    size_t n = in ? fread(text, 1, sizeof text - 1, in) : 0;
    if (in)
        fclose(in);
    text[n] = '\0';
    return text;
}

/* All rows of a webhook, in order of the events' names and so of their causes. */
static void collect(struct desk_buf *out, const char *title, const char *hook)
{
    struct desk_outbox *rows;
    size_t n = deliveries("t1", hook, &rows);
    assert_int_equal(n, DESK_ON__MAX);
    desk_buf_fmt(out, "# %s\n", title);
    for (int what = 0; what < DESK_ON__MAX; what++)
        for (size_t i = 0; i < n; i++) {
            const char *event = member_of(&rows[i], "event");
            if (strcmp(event, desk_happened_name((enum desk_happened)what)) == 0)
                desk_buf_fmt(out, "%s\n", member_of(&rows[i], "body"));
        }
}

static void bodies_to_the_byte(void **state)
{
    (void)state;
    start();
    const char *plain = hook_of("t1", "*", DESK_WEBHOOK_STANDARD, false),
               *personal = hook_of("t1", "*", DESK_WEBHOOK_STANDARD, true),
               *flat = hook_of("t1", "*", DESK_WEBHOOK_FLAT, false),
               *flat_personal = hook_of("t1", "*", DESK_WEBHOOK_FLAT, true);
    void (*const events[])(void) = {call_completed, lead_created,  ticket_created, callback_created,
                                    visits,         message_taken, alert_raised};
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        in_tx(events[i]);
    struct desk_buf out;
    desk_buf_init(&out, 65536);
    collect(&out, "standard, nothing of people", plain);
    collect(&out, "standard, with personal data", personal);
    collect(&out, "flat, nothing of people", flat);
    collect(&out, "flat, with personal data", flat_personal);
    if (getenv("GOLDEN_WRITE")) {
        FILE *to = fopen(GOLDEN, "we");
        assert_non_null(to);
        fputs(desk_buf_cstr(&out), to);
        fclose(to);
    }
    assert_string_equal(desk_buf_cstr(&out), golden());
    desk_buf_clear(&out);
    desk_db_close(db);
}

/* Whatever the columns: what stands in a row of people is in no body for one who wants nothing of
 * them, and what is secret is in none at all. */
static void nothing_of_people(void **state)
{
    static const char *const people[] = {
        "Grace", "Hopper", "4155550134", "Main St", "4711",      "boiler",  "bill",       "smell",
        "Navy",  "noon",   "Raj",        "monday",  "neighbour", "Call me", "example.com"};
    struct desk_outbox *rows;
    (void)state;
    start();
    const char *ids[] = {hook_of("t1", "*", DESK_WEBHOOK_STANDARD, false),
                         hook_of("t1", "*", DESK_WEBHOOK_FLAT, false),
                         hook_of("t1", "*", DESK_WEBHOOK_FLAT, true)};
    void (*const events[])(void) = {call_completed, lead_created,  ticket_created, callback_created,
                                    visits,         message_taken, alert_raised};
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        in_tx(events[i]);
    for (size_t k = 0; k < 3; k++) {
        size_t n = deliveries("t1", ids[k], &rows);
        for (size_t i = 0; i < n; i++) {
            const char *body = member_of(&rows[i], "body");
            for (size_t p = 0; k < 2 && p < sizeof people / sizeof *people; p++)
                if (strstr(body, people[p]))
                    fail_msg("%s in %s", people[p], body);
            assert_null(strstr(body, "RE1"));
            assert_null(strstr(body, "\"k1\""));
        }
    }
    desk_db_close(db);
}

static void only_who_wants_it(void **state)
{
    struct desk_outbox *rows;
    (void)state;
    start();
    const char *leads = hook_of("t1", "lead.created ticket.created", DESK_WEBHOOK_STANDARD, false),
               *other = hook_of("t2", "*", DESK_WEBHOOK_STANDARD, true),
               *off = hook_of("t1", "*", DESK_WEBHOOK_STANDARD, false);
    struct desk_webhook w = hook_now(off);
    w.state = DESK_WEBHOOK_OFF;
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_webhook_update(db, &w)));
    in_tx(lead_created);
    in_tx(alert_raised);
    assert_int_equal(deliveries("t1", leads, &rows), 1);
    assert_string_equal(member_of(&rows[0], "event"), "lead.created");
    assert_int_equal(deliveries("t2", other, &rows), 0);
    assert_int_equal(deliveries("t1", off, &rows), 0);
    desk_db_close(db);
}

static void lists_of_events(void **state)
{
    static const struct {
        const char *text, *tidy, *bad;
    } rows[] = {
        {"", "*", ""},
        {" , ", "*", ""},
        {"*", "*", ""},
        {"lead.created *", "*", ""},
        {"alert.raised,lead.created\tlead.created", "lead.created alert.raised", ""},
        {"lead.lost", NULL, "lead.lost"},
        {"* lead.create", NULL, "lead.create"},
        {"lead.created ' OR 1", NULL, "'"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char bad[64] = "";
        const char *tidy = desk_events_tidy(fx_a, rows[i].text, bad);
        assert_int_equal(!tidy, !rows[i].tidy);
        if (tidy)
            assert_string_equal(tidy, rows[i].tidy);
        assert_string_equal(bad, rows[i].bad);
    }
}

/* The row exists exactly if its cause does. */
static void with_its_cause(void **state)
{
    struct desk_outbox *rows;
    (void)state;
    start();
    const char *id = hook_of("t1", "*", DESK_WEBHOOK_STANDARD, false);
    OK(DESK_TX_BEGIN(db));
    lead_created();
    assert_int_equal(desk_tx_end(db, DESK_ECONFLICT), DESK_ECONFLICT); /* rolled back */
    assert_int_equal(deliveries("t1", id, &rows), 0);
    in_tx(lead_created);
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_happened(db, DESK_ON_CALL_COMPLETED, "t1", "call1", NULL)));
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_happened(db, DESK_ON_CALL_COMPLETED, "t1", "call1", NULL)));
    assert_int_equal(deliveries("t1", id, &rows), 2); /* each once */
    desk_db_close(db);
}

static void hold(void)
{
    struct desk_appointment v = visit("ap2", NOW + HOUR);
    OK(desk_appointment_insert(db, &v));
}

static void hold_confirmed(void)
{
    OK(desk_appointment_confirm(db, "t1", "ap2"));
}

static void hold_let_go(void)
{
    struct desk_appointment v = visit("ap3", NOW + HOUR);
    OK(desk_appointment_insert(db, &v));
    OK(desk_appointment_end(db, "t1", "ap3", DESK_APPT_CANCELLED));
}

/* A hold is no appointment: it is told when it becomes one, and not that it was let go. */
static void holds_are_not_told(void **state)
{
    struct desk_outbox *rows;
    (void)state;
    start();
    const char *id = hook_of("t1", "*", DESK_WEBHOOK_STANDARD, false);
    in_tx(hold);
    in_tx(hold_let_go);
    assert_int_equal(deliveries("t1", id, &rows), 0);
    in_tx(hold_confirmed);
    assert_int_equal(deliveries("t1", id, &rows), 1);
    assert_string_equal(member_of(&rows[0], "event"), "appointment.booked");
    desk_db_close(db);
}

/* A long text is cut between characters; the specification wants bodies under 20 kB. */
static void long_texts_are_cut(void **state)
{
    char words[9001];
    struct desk_outbox *rows;
    (void)state;
    start();
    const char *id = hook_of("t1", "*", DESK_WEBHOOK_FLAT, true);
    for (size_t i = 0; i < sizeof words - 1; i += 2)
        memcpy(words + i, "\xc3\xa9", 2);
    words[9000] = '\0';
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_message_insert(db, &(struct desk_message){.id = "msg1",
                                                                      .tenant_id = "t1",
                                                                      .call_id = "call1",
                                                                      .text = words,
                                                                      .for_name = words,
                                                                      .from_name = words,
                                                                      .state = "new",
                                                                      .created_at = NOW})));
    assert_int_equal(deliveries("t1", id, &rows), 1);
    json_t *body = json_loads(member_of(&rows[0], "body"), 0, NULL);
    assert_int_equal(json_string_length(json_object_get(body, "text")), 1500);
    json_decref(body);
    desk_db_close(db);
}

/* ---- once more ------------------------------------------------------------------------------- */

static void claim(const char *hook, struct desk_outbox *row)
{
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_outbox_claim(db, fx_a, hook, HOUR, row)));
}

static void finish(const struct desk_outbox *row, enum desk_outbox_end end)
{
    const char *state = "";
    struct desk_outbox claimed;
    const struct desk_outbox_result r = {.end = end, .why = "x"};
    claim(row->dest, &claimed);
    assert_string_equal(claimed.id, row->id);
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_outbox_finish(db, &claimed, &r, &state)));
}

static struct desk_outbox row_now(const char *id)
{
    struct desk_outbox row;
    OK(desk_outbox_get(db, fx_a, "t1", id, &row));
    return row;
}

static enum desk_rc again(const char *hook, const char *delivery, char id[DESK_ID_LEN])
{
    struct desk_webhook w = hook_now(hook);
    OK(DESK_TX_BEGIN(db));
    return desk_tx_end(db, desk_webhook_again(db, fx_a, &w, delivery, id));
}

/* A new row under the old webhook-id, with the very bytes; the old one stays as it is until one of
 * them has arrived. */
static void once_more(void **state)
{
    char second[DESK_ID_LEN], third[DESK_ID_LEN], none[DESK_ID_LEN];
    struct desk_outbox *rows;
    (void)state;
    start();
    const char *id = hook_of("t1", "*", DESK_WEBHOOK_STANDARD, false),
               *foreign = hook_of("t1", "lead.created", DESK_WEBHOOK_STANDARD, false);
    in_tx(alert_raised);
    assert_int_equal(deliveries("t1", id, &rows), 1);
    const struct desk_outbox first = rows[0];
    finish(&first, DESK_END_FAILED);
    OK(again(id, first.id, second));
    assert_string_equal(row_now(first.id).state, DESK_OUTBOX_FAILED);
    struct desk_outbox more = row_now(second);
    assert_string_equal(more.state, DESK_OUTBOX_WAITING);
    assert_int_equal(more.max_attempts, DESK_OUTBOX_WEBHOOK_ATTEMPTS);
    assert_string_equal(member_of(&more, "id"), first.id);
    assert_string_equal(member_of(&more, "body"), member_of(&first, "body"));
    finish(&more, DESK_END_FAILED);
    OK(again(id, second, third)); /* of what was itself once more: still the first id */
    more = row_now(third);
    assert_string_equal(member_of(&more, "id"), first.id);
    /* not another webhook's, another business's, or none */
    assert_int_equal(again(foreign, first.id, none), DESK_ENOTFOUND);
    assert_int_equal(again(id, "out_none", none), DESK_ENOTFOUND);
    /* while it is being sent it is not sent beside that */
    struct desk_outbox claimed;
    claim(id, &claimed);
    assert_string_equal(claimed.id, third);
    assert_int_equal(again(id, third, none), DESK_ECONFLICT);
    struct desk_webhook w = hook_now(id);
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_webhook_arrived(db, &w, &claimed, first.id)));
    assert_string_equal(row_now(first.id).state, DESK_OUTBOX_DROPPED);
    assert_string_equal(row_now(second).state, DESK_OUTBOX_DROPPED);
    assert_string_equal(row_now(third).state, DESK_OUTBOX_CLAIMED);
    desk_db_close(db);
}

/* What arrived by one event drops nothing of another. */
static void arrived_alone(void **state)
{
    char more[DESK_ID_LEN];
    struct desk_outbox *rows;
    (void)state;
    start();
    const char *id = hook_of("t1", "*", DESK_WEBHOOK_STANDARD, false);
    in_tx(alert_raised);
    in_tx(lead_created);
    assert_int_equal(deliveries("t1", id, &rows), 2);
    OK(again(id, rows[1].id, more));
    struct desk_webhook w = hook_now(id);
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_webhook_arrived(db, &w, &rows[0], rows[0].id)));
    assert_string_equal(row_now(rows[0].id).state,
                        DESK_OUTBOX_WAITING); /* its own end is told apart */
    assert_string_equal(row_now(rows[1].id).state, DESK_OUTBOX_WAITING);
    assert_string_equal(row_now(more).state, DESK_OUTBOX_WAITING);
    desk_db_close(db);
}

/* ---- switched off ---------------------------------------------------------------------------- */

static void failed(const char *id, int64_t status, bool gone, bool last)
{
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_webhook_failed(db, "t1", id, status, gone, last)));
}

static void worked(const char *id)
{
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_webhook_worked(db, "t1", id, 204)));
}

static void off_after_three_days(void **state)
{
    (void)state;
    start();
    const char *id = hook_of("t1", "*", DESK_WEBHOOK_STANDARD, false);
    failed(id, 500, false, false);
    assert_int_equal(hook_now(id).failing_since, NOW);
    desk_clock_fake(NOW + DESK_WEBHOOK_BAD_MS - 1);
    failed(id, 0, false, true); /* given up, but not for three days */
    assert_string_equal(hook_now(id).state, DESK_WEBHOOK_ON);
    desk_clock_fake(NOW + DESK_WEBHOOK_BAD_MS);
    failed(id, 500, false, false); /* for three days, but it is tried again */
    assert_string_equal(hook_now(id).state, DESK_WEBHOOK_ON);
    failed(id, 503, false, true);
    struct desk_webhook w = hook_now(id);
    assert_string_equal(w.state, DESK_WEBHOOK_FAILING);
    assert_int_equal(w.failures, 4);
    assert_int_equal(w.last_status, 503);
    w.state = DESK_WEBHOOK_ON;
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_webhook_update(db, &w)));
    w = hook_now(id);
    assert_int_equal(w.failures, 0);
    assert_int_equal(w.failing_since, 0);
    desk_db_close(db);
}

static void one_success_counts(void **state)
{
    (void)state;
    start();
    const char *id = hook_of("t1", "*", DESK_WEBHOOK_STANDARD, false);
    failed(id, 500, false, true);
    desk_clock_fake(NOW + DESK_WEBHOOK_BAD_MS - HOUR);
    worked(id);
    assert_int_equal(hook_now(id).failures, 0);
    desk_clock_fake(NOW + DESK_WEBHOOK_BAD_MS + HOUR);
    failed(id, 500, false, true);
    assert_string_equal(hook_now(id).state, DESK_WEBHOOK_ON);
    failed(id, 410, true, true);
    assert_string_equal(hook_now(id).state, DESK_WEBHOOK_GONE);
    desk_db_close(db);
}

/* One that people switched off is not "failing": theirs is the last word. */
static void off_by_hand_stays(void **state)
{
    (void)state;
    start();
    const char *id = hook_of("t1", "*", DESK_WEBHOOK_STANDARD, false);
    failed(id, 500, false, false);
    struct desk_webhook w = hook_now(id);
    w.state = DESK_WEBHOOK_OFF;
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_webhook_update(db, &w)));
    desk_clock_fake(NOW + 2 * DESK_WEBHOOK_BAD_MS);
    failed(id, 500, false, true);
    failed(id, 410, true, true);
    assert_string_equal(hook_now(id).state, DESK_WEBHOOK_OFF);
    desk_db_close(db);
}

/* ---- secrets --------------------------------------------------------------------------------- */

static size_t signing(const char *id, const char **newest)
{
    struct desk_webhook_secret *rows;
    size_t n = 0;
    OK(desk_webhook_secrets(db, fx_a, "t1", id, &rows, &n));
    *newest = n ? rows[0].secret : "";
    return n;
}

static void rotate(const char *id, const char *secret)
{
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_webhook_rotate(db, "t1", id, secret)));
}

static void an_old_secret_signs_for_a_day(void **state)
{
    const char *newest;
    (void)state;
    start();
    const char *id = hook_of("t1", "*", DESK_WEBHOOK_STANDARD, false);
    desk_clock_fake(NOW + 1);
    rotate(id, "whsec_two");
    assert_int_equal(signing(id, &newest), 2);
    assert_string_equal(newest, "whsec_two");
    desk_clock_fake(NOW + 2);
    rotate(id, "whsec_three"); /* no third one signs */
    assert_int_equal(signing(id, &newest), 2);
    assert_string_equal(newest, "whsec_three");
    desk_clock_fake(NOW + 2 + DESK_WEBHOOK_LAP_MS);
    assert_int_equal(signing(id, &newest), 1);
    assert_string_equal(newest, "whsec_three");
    desk_db_close(db);
}

static void no_more_than_may_be(void **state)
{
    (void)state;
    start();
    for (int i = 0; i < DESK_WEBHOOKS_MOST; i++)
        hook_of("t1", "*", DESK_WEBHOOK_STANDARD, false);
    struct desk_webhook w = {.tenant_id = "t1",
                             .url = "https://hooks.example.com/",
                             .events = "*",
                             .format = DESK_WEBHOOK_FLAT};
    OK(DESK_TX_BEGIN(db));
    assert_int_equal(desk_tx_end(db, desk_webhook_add(db, fx_a, &w, SECRET)), DESK_ELIMIT);
    hook_of("t2", "*", DESK_WEBHOOK_STANDARD, false);
    desk_db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(bodies_to_the_byte),
        TEST(nothing_of_people),
        TEST(only_who_wants_it),
        TEST(lists_of_events),
        TEST(with_its_cause),
        TEST(holds_are_not_told),
        TEST(long_texts_are_cut),
        TEST(once_more),
        TEST(arrived_alone),
        TEST(off_after_three_days),
        TEST(one_success_counts),
        TEST(off_by_hand_stays),
        TEST(an_old_secret_signs_for_a_day),
        TEST(no_more_than_may_be),
    };
    return cmocka_run_group_tests_name("webhooks", tests, NULL, NULL);
}
