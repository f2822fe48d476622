/* Promised callbacks by the clock: when they are due, that their owner is reminded once and told of
 * the missed ones a few times, and what keeps them. */
#include "tests/sql/fixture.h"
#include "../../worker/promises.c"
#include "core/due.h"
#include "store/alerts.h"
#include "store/outbox.h"
#include "store/settings.h"
#include "talk/promise.h"

#include <signal.h>

#define MIN  60000LL
#define HOUR (60 * MIN)

static struct desk_db *db;

static int64_t utc(int day, int hour, int minute)
{
    int64_t ms;
    const struct desk_local_time t = {
        .year = 2026, .month = 9, .day = day, .hour = hour, .minute = minute};
    desk_tz_utc(NULL, &t, false, &ms);
    return ms;
}

/* ---- when it is due -------------------------------------------------------------------------- */

static struct desk_hours week;

static struct desk_due due_of(int64_t created, int64_t from, int64_t to, bool urgent)
{
    struct desk_due d;
    const struct desk_due_ask ask = {.hours = &week,
                                     .created = created,
                                     .window_start = from,
                                     .window_end = to,
                                     .urgent = urgent,
                                     .minutes = 240,
                                     .urgent_minutes = 30,
                                     .remind_minutes = 30};
    desk_due(&ask, &d);
    return d;
}

/* 21 September 2026 is a Monday. */
static void due_times(void **state)
{
    (void)state;
    char why[200];
    OK(desk_hours_parse(&week,
                        "{\"weekly\": {\"mon\": [[\"08:00\", \"17:00\"]], \"tue\": [[\"08:00\", "
                        "\"12:00\"], [\"13:00\", \"17:00\"]], \"wed\": [[\"08:00\", \"17:00\"]]}}",
                        why, sizeof why));
    static const struct {
        int created[3], from[3], to[3];
        bool urgent;
        int due[3], remind[3];
    } rows[] = {
        {{21, 9, 0}, {0}, {0}, false, {21, 13, 0}, {21, 12, 30}},
        /* half of it is left when they close: it runs on the next morning */
        {{21, 15, 0}, {0}, {0}, false, {22, 10, 0}, {22, 9, 30}},
        /* at noon nobody works on Tuesdays */
        {{22, 11, 0}, {0}, {0}, false, {22, 16, 0}, {22, 15, 30}},
        {{21, 22, 0}, {0}, {0}, false, {22, 12, 0}, {22, 11, 30}},
        /* a weekend of four days */
        {{23, 16, 0}, {0}, {0}, false, {28, 11, 0}, {28, 10, 30}},
        {{21, 22, 0}, {0}, {0}, true, {21, 22, 30}, {21, 22, 0}},
        /* between two and four; by the end of Tuesday: when they close */
        {{21, 9, 0}, {21, 14, 0}, {21, 16, 0}, false, {21, 16, 0}, {21, 15, 30}},
        {{21, 9, 0}, {22, 0, 0}, {23, 0, 0}, false, {22, 17, 0}, {22, 16, 30}},
        /* on a day they are closed: as it was wanted */
        {{21, 9, 0}, {26, 0, 0}, {27, 0, 0}, false, {27, 0, 0}, {26, 23, 30}},
        /* at three sharp; from three on */
        {{21, 9, 0}, {21, 15, 0}, {21, 15, 0}, false, {21, 15, 0}, {21, 14, 30}},
        {{21, 9, 0}, {22, 8, 0}, {0}, false, {22, 12, 0}, {22, 11, 30}},
        /* a time that is past leaves half an hour */
        {{21, 9, 0}, {21, 8, 0}, {21, 8, 30}, false, {21, 9, 30}, {21, 9, 0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
#define AT(m) (rows[i].m[0] ? utc(rows[i].m[0], rows[i].m[1], rows[i].m[2]) : 0)
        struct desk_due d = due_of(AT(created), AT(from), AT(to), rows[i].urgent);
        if (d.at != AT(due) || d.remind != AT(remind))
            fail_msg("row %zu: due %+lld min, remind %+lld min", i,
                     (long long)((d.at - AT(due)) / MIN),
                     (long long)((d.remind - AT(remind)) / MIN));
    }
    memset(&week, 0, sizeof week); /* always open */
    assert_int_equal(due_of(utc(21, 23, 0), 0, 0, false).at, utc(22, 3, 0));
}

/* Words that are no time for a visit at a place that closes at five, and at noon on Fridays: said
 * on Monday 21 September 2026 at half past two. */
static void wanted_when_we_are_closed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int from[3], to[3], due[3];
    } rows[] = {
        {"tomorrow after six", {22, 18, 0}, {22, 19, 0}, {22, 19, 0}},
        {"Friday after four", {25, 16, 0}, {25, 17, 0}, {25, 17, 0}},
        {"today after six thirty", {21, 18, 30}, {21, 19, 30}, {21, 19, 30}},
        /* seven in the morning or in the evening: not before the later one */
        {"tomorrow at seven", {22, 19, 0}, {22, 19, 0}, {22, 19, 0}},
        {"tomorrow evening", {22, 17, 0}, {22, 20, 0}, {22, 20, 0}},
        {"tomorrow before 8 am", {22, 0, 0}, {22, 8, 0}, {22, 8, 0}},
        /* a day we are closed on: in opening hours after it began */
        {"Saturday", {26, 0, 0}, {0}, {28, 12, 0}},
        {"this weekend", {26, 0, 0}, {0}, {28, 12, 0}},
        /* of which nothing can be told */
        {"yesterday", {0}, {0}, {22, 9, 30}},
        {"Monday or Tuesday", {0}, {0}, {22, 9, 30}},
        {"later", {0}, {0}, {22, 9, 30}},
        {"", {0}, {0}, {22, 9, 30}},
    };
    char why[200];
    OK(desk_hours_parse(&week,
                        "{\"weekly\": {\"mon\": [[\"08:00\", \"17:00\"]], \"tue\": [[\"08:00\", "
                        "\"17:00\"]], \"fri\": [[\"08:00\", \"12:00\"]]}}",
                        why, sizeof why));
    const struct desk_when_place place = {.hours = &week, .now = utc(21, 14, 30)};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t from, to;
        desk_due_wanted(rows[i].text, &place, &from, &to);
        struct desk_due d = due_of(place.now, from, to, false);
        if (from != AT(from) || to != AT(to) || d.at != AT(due))
            fail_msg("\"%s\": from %lld to %lld due %lld", rows[i].text, (long long)from,
                     (long long)to, (long long)d.at);
    }
}

/* ---- the clock ------------------------------------------------------------------------------- */

static void begin(void)
{
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC0123456789abcdef0123456789abcdef");
    db = fx_memory();
    fx_seed(db);
    desk_clock_fake(utc(21, 9, 0));
}

static void promise(const char *id, bool urgent, const char *number)
{
    char key[DESK_BLIND_LEN];
    desk_blind(desk_db_key(db), "t1", number, key);
    const struct desk_callback cb = {.id = id,
                                     .tenant_id = "t1",
                                     .call_id = "call1",
                                     .name = "Dana",
                                     .number = number,
                                     .number_key = key,
                                     .reason = "a dripping tap",
                                     .urgent = urgent,
                                     .state = "open",
                                     .created_at = desk_now_ms()};
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_callback_insert(db, &cb)));
}

static void put(enum desk_setting_id id, const char *value)
{
    char why[200];
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_tenant_setting_put(db, "t1", id, value, why, sizeof why)));
}

static struct desk_callback row_of(const char *id)
{
    struct desk_callback cb;
    OK(desk_callback_get(db, fx_a, "t1", id, &cb));
    return cb;
}

/* As the worker does it: again and again. */
static void clock_at(int64_t now)
{
    desk_clock_fake(now);
    for (int i = 0; i < 3; i++)
        OK(job_promises(db));
}

static int texts(void)
{
    return fx_int(db, "SELECT count(*) FROM outbox WHERE kind = 'sms'");
}

static int alerts(void)
{
    return fx_int(db, "SELECT count(*) FROM alert");
}

static void reminded_once_then_told_a_few_times(void **state)
{
    (void)state;
    struct desk_outbox *o;
    size_t n;
    begin();
    promise("cb1", false, "+14155550134");
    clock_at(utc(21, 9, 0));
    assert_int_equal(row_of("cb1").due_at, utc(21, 13, 0));
    clock_at(utc(21, 12, 29));
    assert_int_equal(texts(), 0);
    clock_at(utc(21, 12, 30));
    assert_int_equal(texts(), 1);
    OK(desk_outbox_list(db, fx_a, "t1", false, 10, &o, &n));
    if (!strstr(o[0].payload,
                "Call back due Monday, September 21st at 1 pm: Dana, +14155550134. a dripping tap"))
        fail_msg("%s", o[0].payload);
    assert_non_null(strstr(o[0].payload, "\"to\":\"+14155550199\""));
    clock_at(utc(21, 12, 59));
    assert_int_equal(texts(), 1);
    assert_int_equal(alerts(), 0);
    clock_at(utc(21, 13, 0));
    assert_int_equal(texts(), 2);
    assert_int_equal(alerts(), 1);
    clock_at(utc(21, 14, 59));
    assert_int_equal(alerts(), 1);
    clock_at(utc(21, 15, 0));
    assert_int_equal(alerts(), 2);
    clock_at(utc(21, 17, 0));
    clock_at(utc(21, 19, 0));
    clock_at(utc(22, 19, 0));
    assert_int_equal(alerts(), 3); /* the first time, and CALLBACK_REPEATS */
    assert_int_equal(texts(), 4);
    assert_string_equal(row_of("cb1").state, "open");
    assert_int_equal(fx_int(db, "SELECT count(*) FROM event WHERE name = 'callback_reminder'"), 1);
    desk_db_close(db);
}

/* The worker was down: nobody is reminded of what is missed already. */
static void a_clock_that_stood_still(void **state)
{
    (void)state;
    begin();
    promise("cb1", false, "+14155550134");
    clock_at(utc(21, 18, 0));
    assert_int_equal(texts(), 1);
    assert_int_equal(alerts(), 1);
    desk_db_close(db);
}

static void at_night_only_the_urgent(void **state)
{
    (void)state;
    begin();
    desk_clock_fake(utc(21, 20, 0));
    promise("calm", false, "+14155550134");
    promise("urgent", true, "+14155550135");
    clock_at(utc(21, 20, 0)); /* 20:30 is when the urgent one is due: reminded at once */
    assert_int_equal(texts(), 1);
    clock_at(utc(21, 22, 30));
    assert_int_equal(alerts(), 1);
    clock_at(utc(22, 7, 59)); /* the calm one was due at midnight */
    assert_int_equal(fx_int(db, "SELECT count(*) FROM outbox WHERE dedupe LIKE 'callback:calm%'"),
                     0);
    assert_int_equal(row_of("calm").told, 0);
    clock_at(utc(22, 8, 0));
    assert_int_equal(row_of("calm").told, 2);
    desk_db_close(db);
}

static void what_is_kept_is_not_spoken_of(void **state)
{
    (void)state;
    size_t kept = 9;
    begin();
    promise("cb1", false, "+14155550134");
    promise("cb2", false, "+14155550134");
    promise("other", false, "+14155550135");
    clock_at(utc(21, 9, 0));
    OK(DESK_TX_BEGIN(db));
    OK(desk_promise_kept(db, fx_a, "t1", "+14155550134", DESK_KEPT_CALL, &kept));
    assert_int_equal(kept, 2);
    OK(desk_promise_kept(db, fx_a, "t1", "+14155550134", DESK_KEPT_CALL, &kept));
    assert_int_equal(kept, 0);
    OK(desk_promise_kept(db, fx_a, "t2", "+14155550135", DESK_KEPT_CALL, &kept));
    OK(desk_promise_kept(db, fx_a, "t1", NULL, DESK_KEPT_CALL, &kept));
    OK(desk_tx_end(db, DESK_OK));
    assert_int_equal(kept, 0);
    assert_string_equal(row_of("cb1").closed_by, "call");
    assert_string_equal(row_of("cb1").state, "done");
    assert_string_equal(row_of("other").state, "open");
    clock_at(utc(21, 12, 45));
    assert_int_equal(texts(), 1); /* of the other one */
    /* it was not done after all */
    OK(DESK_TX_BEGIN(db));
    desk_clock_fake(utc(21, 9, 5));
    OK(desk_tx_end(db, desk_callback_reopen(db, "t1", "cb1")));
    assert_null(row_of("cb1").closed_by);
    clock_at(utc(21, 12, 50));
    assert_int_equal(texts(), 2);
    desk_db_close(db);
}

/* Two clocks, or one that was killed and came again with what it had read. */
static void a_stale_row_does_nothing(void **state)
{
    (void)state;
    struct desk_callback old;
    begin();
    promise("cb1", false, "+14155550134");
    clock_at(utc(21, 9, 0));
    old = row_of("cb1");
    clock_at(utc(21, 12, 30));
    assert_int_equal(texts(), 1);
    assert_int_equal(desk_promise_clock(db, fx_a, &old, utc(21, 12, 30)), DESK_DONE);
    desk_clock_fake(utc(21, 13, 1));
    assert_int_equal(desk_promise_clock(db, fx_a, &old, utc(21, 13, 1)), DESK_DONE);
    clock_at(utc(21, 13, 2));
    assert_int_equal(alerts(), 1);
    desk_db_close(db);
}

static void by_the_business_own_rules(void **state)
{
    (void)state;
    begin();
    put(DESK_S_CALLBACK_DUE_MINUTES, "60");
    put(DESK_S_CALLBACK_REMIND_MINUTES, "10");
    put(DESK_S_CALLBACK_REPEATS, "0");
    promise("cb1", false, "+14155550134");
    clock_at(utc(21, 9, 49));
    assert_int_equal(texts(), 0);
    clock_at(utc(21, 9, 50));
    assert_int_equal(texts(), 1);
    clock_at(utc(21, 10, 0));
    clock_at(utc(21, 20, 0));
    assert_int_equal(alerts(), 1);
    desk_db_close(db);
}

/* Of a call that was deleted, and where nobody can be told. */
static void without_a_call(void **state)
{
    (void)state;
    begin();
    promise("cb1", false, "+14155550134");
    fx_sql(db, "UPDATE callback SET call_id = NULL");
    clock_at(utc(21, 9, 0));
    clock_at(utc(21, 12, 30));
    clock_at(utc(21, 13, 0));
    assert_int_equal(texts(), 2);
    assert_int_equal(alerts(), 1);
    fx_sql(db, "UPDATE location SET owner_phone = NULL");
    clock_at(utc(21, 15, 0));
    assert_int_equal(texts(), 2);
    assert_int_equal(alerts(), 2);
    assert_int_equal(fx_int(db, "SELECT told FROM alert ORDER BY created_at DESC LIMIT 1"), 0);
    desk_db_close(db);
}

static void open_ones_in_order(void **state)
{
    (void)state;
    struct desk_callback *rows;
    size_t n;
    begin();
    promise("calm", false, "+14155550134");
    promise("urgent", true, "+14155550135");
    clock_at(utc(21, 9, 0));
    OK(desk_callback_open_list(db, fx_a, "t1", INT64_MAX, 10, &rows, &n));
    assert_int_equal(n, 2);
    assert_string_equal(rows[0].id, "urgent");
    OK(desk_callback_open_list(db, fx_a, "t1", utc(21, 10, 0), 10, &rows, &n));
    assert_int_equal(n, 1);
    OK(desk_callback_open_list(db, fx_a, "t2", INT64_MAX, 10, &rows, &n));
    assert_int_equal(n, 0);
    desk_db_close(db);
}

/* Rows of before the migration wake nobody. */
static void of_before(void **state)
{
    (void)state;
    begin();
    promise("cb1", false, "+14155550134");
    fx_sql(db, "UPDATE callback SET next_at = 9007199254740991");
    clock_at(utc(25, 12, 0));
    assert_int_equal(texts() + alerts(), 0);
    desk_db_close(db);
}

/* ---- killed -9 ------------------------------------------------------------------------------- */

#define MANY  60
#define KILLS 40

/* The job in a process of its own, with the worker's rights, killed after a while. True: it came to
 * its end before. */
static bool killed_at(int64_t now, useconds_t after_us)
{
    int status = 0;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct desk_db *own = NULL;
        desk_clock_fake(now);
        enum desk_rc rc = desk_store_open(&own, DESK_ZONE_WORKER, 0);
        for (int i = 0; !rc && i < 4; i++)
            rc = job_promises(own);
        _exit(rc ? 1 : 0);
    }
    if (after_us) {
        usleep(after_us);
        kill(pid, SIGKILL);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFEXITED(status);
}

/* How many rounds were cut off. */
static int rounds(int64_t now)
{
    int cut = 0;
    for (int i = 0; i < KILLS; i++)
        cut += !killed_at(now, (useconds_t)(500 + 1500 * (i % 20)));
    assert_true(killed_at(now, 0));
    return cut;
}

static void killed_again_and_again(void **state)
{
    (void)state;
    char id[16], number[20];
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC0123456789abcdef0123456789abcdef");
    db = fx_file();
    fx_seed(db);
    desk_clock_fake(utc(21, 9, 0));
    for (int i = 0; i < MANY; i++) {
        snprintf(id, sizeof id, "cb%d", i);
        snprintf(number, sizeof number, "+1415555%04d", i);
        promise(id, false, number);
    }
    desk_db_close(db);
    int cut = rounds(utc(21, 12, 45)); /* reckoned and reminded */
    cut += rounds(utc(21, 13, 0));     /* missed */
    OK(desk_store_open(&db, DESK_ZONE_ADMIN_CLI, 0));
    print_message("%d of %d rounds were cut off\n", cut, 2 * KILLS);
    assert_true(cut > 0);
    assert_int_equal(fx_int(db, "SELECT count(*) FROM outbox WHERE dedupe LIKE 'callback:cb%'"),
                     MANY);
    assert_int_equal(alerts(), MANY);
    assert_int_equal(fx_int(db, "SELECT count(*) FROM event WHERE name = 'callback_reminder'"),
                     MANY);
    assert_int_equal(fx_int(db, "SELECT count(*) FROM callback WHERE told = 2"), MANY);
    desk_db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(due_times),
        TEST(wanted_when_we_are_closed),
        TEST(reminded_once_then_told_a_few_times),
        TEST(a_clock_that_stood_still),
        TEST(at_night_only_the_urgent),
        TEST(what_is_kept_is_not_spoken_of),
        TEST(a_stale_row_does_nothing),
        TEST(by_the_business_own_rules),
        TEST(without_a_call),
        TEST(open_ones_in_order),
        TEST(of_before),
        TEST(killed_again_and_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
