/* The calendar's table: what it refuses by itself, holds, moves, who is found by their number; and
 * many processes that book, move and cancel on one day of one real database at once. */
#include "fixture.h"
#include "core/slots.h"
#include "store/appointments.h"
#include "store/report.h"
#include "talk/calendar.h"
#include "talk/business.h"
#include "talk/calendar.h"

#define HOUR  (3600LL * 1000)
#define EIGHT 1790064000000LL /* Tuesday 2026-09-22 08:00 UTC: the day after NOW */

static struct desk_db *db;

static struct desk_appointment visit(const char *id, const char *resource, int64_t start)
{
    return (struct desk_appointment){.id = id,
                                     .tenant_id = "t1",
                                     .location_id = "l1",
                                     .service = "visit",
                                     .service_name = "visit",
                                     .resource = resource,
                                     .status = DESK_APPT_BOOKED,
                                     .start_at = start,
                                     .end_at = start + HOUR,
                                     .busy_until = start + HOUR + HOUR / 2,
                                     .name = "Dana Reed",
                                     .number = "+14155550134",
                                     .source = "call",
                                     .created_at = NOW,
                                     .updated_at = NOW};
}

static enum desk_rc put(const struct desk_appointment *row)
{
    OK(DESK_TX_BEGIN(db));
    return desk_tx_end(db, desk_appointment_insert(db, row));
}

static void begin(void)
{
    db = fx_memory();
    fx_seed(db);
}

/* ---- what the table refuses ------------------------------------------------------------------ */

static void no_two_overlap_on_one_resource(void **state)
{
    (void)state;
    static const struct {
        int64_t minutes; /* after eight */
        enum desk_rc rc;
    } rows[] = {{0, DESK_ECONFLICT}, {-60, DESK_ECONFLICT}, {-89, DESK_ECONFLICT},
                {-90, DESK_OK},      {89, DESK_ECONFLICT},  {90, DESK_OK},
                {-600, DESK_OK},     {30, DESK_ECONFLICT}};
    begin();
    struct desk_appointment first = visit("first", "r1", EIGHT);
    OK(put(&first));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char id[16];
        snprintf(id, sizeof id, "ap%zu", i);
        struct desk_appointment row = visit(id, "r1", EIGHT + rows[i].minutes * 60000);
        assert_int_equal(put(&row), rows[i].rc);
    }
    struct desk_appointment other = visit("other", "r2", EIGHT);
    OK(put(&other));
    other = visit("elsewhere", "r1", EIGHT);
    other.tenant_id = "t2"; /* another business is no matter */
    OK(put(&other));
    struct desk_appointment long_one = visit("long", "r9", EIGHT);
    long_one.busy_until = EIGHT + 49 * HOUR; /* overlaps are looked for two days back */
    assert_int_equal(put(&long_one), DESK_EINVAL);
    assert_int_equal(fx_int(db, "SELECT count(*) FROM appointment"), 6);
    assert_int_equal(
        fx_int(db,
               "SELECT count(*) FROM appointment WHERE name LIKE '%Dana%' OR number LIKE '%415%'"),
        0);
    desk_db_close(db);
}

static void nor_by_a_change(void **state)
{
    (void)state;
    struct desk_appointment a, b;
    begin();
    a = visit("a", "r1", EIGHT);
    b = visit("b", "r1", EIGHT + 3 * HOUR);
    OK(put(&a));
    OK(put(&b));
    b.start_at = EIGHT + HOUR;
    b.end_at = b.busy_until = EIGHT + 2 * HOUR;
    OK(DESK_TX_BEGIN(db));
    assert_int_equal(desk_tx_end(db, desk_appointment_move(db, &b)), DESK_ECONFLICT);
    b.resource = "r2";
    b.resource_name = "Lena";
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_appointment_move(db, &b)));
    OK(desk_appointment_get(db, fx_a, "t1", "b", &b));
    assert_string_equal(b.status, DESK_APPT_MOVED);
    assert_string_equal(b.resource_name, "Lena");
    assert_int_equal(b.sequence, 1);
    OK(DESK_TX_BEGIN(db)); /* half an hour on, over its own old place */
    b.start_at += HOUR / 2;
    b.end_at += HOUR / 2;
    b.busy_until += HOUR / 2;
    OK(desk_tx_end(db, desk_appointment_move(db, &b)));
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_appointment_end(db, "t1", "a", DESK_APPT_CANCELLED)));
    struct desk_appointment c = visit("c", "r1", EIGHT + HOUR / 2);
    OK(put(&c)); /* what was given up is free */
    OK(DESK_TX_BEGIN(db));
    assert_int_equal(desk_tx_end(db, desk_appointment_end(db, "t1", "a", DESK_APPT_DONE)),
                     DESK_ENOTFOUND);
    OK(DESK_TX_BEGIN(db));
    assert_int_equal(desk_tx_end(db, desk_appointment_move(db, &a)), DESK_ENOTFOUND);
    desk_db_close(db);
}

static enum desk_rc says(const char *id, int64_t start, const char *answer, const char *by)
{
    const struct desk_appointment_said said = {"t1", id, start, answer, by};
    OK(DESK_TX_BEGIN(db));
    return desk_tx_end(db, desk_appointment_answer(db, &said));
}

/* What who comes says stands in one place, is of the time it was said of, and ends with it. */
static void what_who_comes_says(void **state)
{
    (void)state;
    struct desk_appointment a;
    struct desk_buf summary, text;
    const struct desk_business b = {.name = "One"};
    const struct desk_period ahead = {
        .tenant_id = "t1", .from = EIGHT - HOUR, .to = EIGHT + HOUR, .max = 10};
    int64_t sure = -1;
    begin();
    a = visit("a", "r1", EIGHT);
    OK(put(&a));
    assert_int_equal(says("a", EIGHT + 1, DESK_ANSWER_COMING, DESK_ANSWER_BY_TEXT), DESK_ENOTFOUND);
    OK(says("a", EIGHT, DESK_ANSWER_CHANGE, DESK_ANSWER_BY_CALL));
    OK(desk_report_number(db, DESK_REPORT_SURE, &ahead, &sure));
    assert_int_equal(sure, 0);
    desk_clock_fake(NOW + 1000);
    OK(says("a", EIGHT, DESK_ANSWER_COMING, DESK_ANSWER_BY_TEXT)); /* the last word */
    desk_clock_fake(NOW + 2000);
    OK(says("a", EIGHT, DESK_ANSWER_COMING, DESK_ANSWER_BY_CALL)); /* said before */
    OK(desk_appointment_get(db, fx_a, "t1", "a", &a));
    assert_string_equal(a.answer, DESK_ANSWER_COMING);
    assert_string_equal(a.answer_by, DESK_ANSWER_BY_TEXT);
    assert_int_equal(a.answer_at, NOW + 1000);
    OK(desk_report_number(db, DESK_REPORT_SURE, &ahead, &sure));
    assert_int_equal(sure, 1);
    desk_calendar_owner_words(&b, &a, &summary, &text);
    assert_non_null(strstr(desk_buf_cstr(&text), "They said that they come: by text."));
    desk_buf_clear(&summary);
    desk_buf_clear(&text);
    a.start_at += HOUR;
    a.end_at += HOUR;
    a.busy_until += HOUR;
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_appointment_move(db, &a)));
    OK(desk_appointment_get(db, fx_a, "t1", "a", &a));
    assert_null(a.answer);
    assert_null(a.answer_by);
    assert_int_equal(a.answer_at, 0);
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_appointment_end(db, "t1", "a", DESK_APPT_CANCELLED)));
    assert_int_equal(says("a", a.start_at, DESK_ANSWER_COMING, DESK_ANSWER_BY_TEXT),
                     DESK_ENOTFOUND);
    desk_db_close(db);
}

static void a_hold_lasts_as_long_as_it_says(void **state)
{
    (void)state;
    struct desk_appointment h, b;
    begin();
    h = visit("h", "r1", EIGHT);
    h.status = DESK_APPT_HELD;
    h.hold_until = NOW + 60000;
    OK(put(&h));
    b = visit("b", "r1", EIGHT);
    b.updated_at = NOW + 59999;
    assert_int_equal(put(&b), DESK_ECONFLICT);
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_appointment_confirm(db, "t1", "h")));
    OK(desk_appointment_get(db, fx_a, "t1", "h", &h));
    assert_string_equal(h.status, DESK_APPT_BOOKED);
    b.updated_at = NOW + 99999999;
    assert_int_equal(put(&b), DESK_ECONFLICT); /* for good now */
    struct desk_appointment late = visit("late", "r2", EIGHT);
    late.status = DESK_APPT_HELD;
    late.hold_until = NOW + 60000;
    OK(put(&late));
    b.resource = "r2";
    b.updated_at = NOW + 60000;
    OK(put(&b)); /* it ran out: swept away, and its place taken */
    OK(DESK_TX_BEGIN(db));
    assert_int_equal(desk_tx_end(db, desk_appointment_confirm(db, "t1", "late")), DESK_ENOTFOUND);
    desk_db_close(db);
}

static void lists_hold_what_overlaps_and_nothing_else(void **state)
{
    (void)state;
    struct desk_appointment *rows;
    struct desk_appointment_busy *busy;
    size_t n;
    begin();
    struct desk_appointment a = visit("a", "r1", EIGHT), b = visit("b", "r2", EIGHT + HOUR),
                            c = visit("c", "r3", EIGHT + 2 * HOUR);
    c.status = DESK_APPT_HELD;
    c.hold_until = NOW + 1000;
    OK(put(&a));
    OK(put(&b));
    OK(put(&c));
    OK(desk_appointments_between(db, fx_a, "t1", EIGHT + HOUR, EIGHT + 3 * HOUR, false, 10, &rows,
                                 &n));
    assert_int_equal(n, 1); /* a ends as the hour begins; c is only held */
    assert_string_equal(rows[0].id, "b");
    assert_string_equal(rows[0].name, "Dana Reed");
    OK(desk_appointments_between(db, fx_a, "t1", EIGHT, EIGHT + 3 * HOUR, true, 10, &rows, &n));
    assert_int_equal(n, 3);
    OK(desk_appointments_between(db, fx_a, "t2", EIGHT, EIGHT + 3 * HOUR, true, 10, &rows, &n));
    assert_int_equal(n, 0);
    OK(desk_appointments_busy(db, fx_a, "t1", EIGHT + HOUR, EIGHT + 3 * HOUR, NOW, 10, &busy, &n));
    assert_int_equal(n, 3); /* a's gap runs on, the hold lives */
    OK(desk_appointments_busy(db, fx_a, "t1", EIGHT + HOUR, EIGHT + 3 * HOUR, NOW + 1000, 10, &busy,
                              &n));
    assert_int_equal(n, 2);
    desk_db_close(db);
}

static void they_are_found_by_either_number(void **state)
{
    (void)state;
    struct desk_appointment *rows, row;
    char key[DESK_BLIND_LEN], other[DESK_BLIND_LEN], link[DESK_BLIND_LEN];
    size_t n;
    begin();
    desk_blind(desk_db_key(db), "t1", "+14155550134", key);
    desk_blind(desk_db_key(db), "t1", "+14155550177", other);
    struct desk_appointment a = visit("a", "r1", EIGHT), b = visit("b", "r2", EIGHT);
    a.number_key = key;
    b.number_key = other;
    b.caller_key = key;
    OK(put(&a));
    OK(put(&b));
    OK(desk_appointments_of_number(db, fx_a, "t1", "+14155550134", NOW, false, 10, &rows, &n));
    assert_int_equal(n, 2);
    OK(desk_appointments_of_number(db, fx_a, "t1", "+14155550177", NOW, false, 10, &rows, &n));
    assert_int_equal(n, 1);
    OK(desk_appointments_of_number(db, fx_a, "t1", "+14155550134", EIGHT, false, 10, &rows, &n));
    assert_int_equal(n, 0);
    OK(desk_appointments_of_number(db, fx_a, "t2", "+14155550134", NOW, false, 10, &rows, &n));
    assert_int_equal(n, 0);
    desk_appointment_link(db, "t1", "a", link);
    OK(desk_appointment_by_link(db, fx_a, link, &row));
    assert_string_equal(row.id, "a");
    link[0] = link[0] == 'a' ? 'b' : 'a';
    assert_int_equal(desk_appointment_by_link(db, fx_a, link, &row), DESK_ENOTFOUND);
    assert_int_equal(desk_appointment_by_link(db, fx_a, "a", &row), DESK_ENOTFOUND);
    desk_db_close(db);
}

static void a_feed_has_one_secret_at_a_time(void **state)
{
    (void)state;
    char first[DESK_TOKEN_LEN], second[DESK_TOKEN_LEN];
    struct desk_calendar_feed feed;
    begin();
    OK(DESK_TX_BEGIN(db));
    OK(desk_calendar_feed_new(db, "t1", first));
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_calendar_feed_find(db, fx_a, first, &feed));
    assert_string_equal(feed.tenant_id, "t1");
    assert_string_not_equal(feed.id, first);
    OK(DESK_TX_BEGIN(db));
    OK(desk_calendar_feed_new(db, "t1", second));
    OK(desk_tx_end(db, DESK_OK));
    assert_int_equal(desk_calendar_feed_find(db, fx_a, first, &feed), DESK_ENOTFOUND);
    OK(desk_calendar_feed_find(db, fx_a, second, &feed));
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_calendar_feed_drop(db, "t1")));
    assert_int_equal(desk_calendar_feed_find(db, fx_a, second, &feed), DESK_ENOTFOUND);
    desk_db_close(db);
}

/* ---- many processes at once ------------------------------------------------------------------ */

enum { PROCESSES = 10, TRIES = 60, CHAIRS = 2, STARTS = 16 };

/* What one process did; told by a pipe. */
struct tally {
    int booked, taken, moved, cancelled, failed;
};

struct desk_process {
    struct desk_db *db;
    struct desk_arena *a;
    struct desk_business b;
    struct desk_calendar_place place;
    const struct desk_calendar *cal;
    uint32_t dice;
    struct tally t;
    char mine[TRIES][DESK_ID_LEN]; /* that stand */
    int n_mine;
};

static uint32_t roll(struct desk_process *p, uint32_t n)
{
    p->dice = p->dice * 1664525u + 1013904223u;
    return (p->dice >> 8) % n;
}

static bool process_open(struct desk_process *p, int k)
{
    *p = (struct desk_process){.dice = (uint32_t)k + 1};
    p->a = desk_arena_new(64 << 20);
    if (!p->a || desk_store_open(&p->db, k % 2 ? DESK_ZONE_BRIDGE : DESK_ZONE_HOOK, 60000) ||
        desk_business_load(p->db, p->a, "t1", "l1", &p->b))
        return false;

    p->place = (struct desk_calendar_place){.db = p->db,
                                            .arena = p->a,
                                            .tenant_id = "t1",
                                            .location_id = "l1",
                                            .business = &p->b,
                                            .now = NOW};
    p->cal = desk_calendar_of(&p->place);
    return true;
}

/* A free time of the day that chance picks, if there is one. */
static bool pick(struct desk_process *p, struct desk_calendar_slot *slot)
{
    struct desk_slots found;
    const struct desk_calendar_ask ask = {.service = p->b.services,
                                          .resource = DESK_SLOT_ALL,
                                          .max = DESK_MAX_SLOTS,
                                          .wish = {.from = EIGHT, .to = EIGHT + 8 * HOUR}};
    if (p->cal->find(&p->place, &ask, &found)) {
        p->t.failed++;
        return false;
    }
    if (!found.n)
        return false;
    *slot = (struct desk_calendar_slot){found.v[roll(p, (uint32_t)found.n)], p->b.services};
    return true;
}

static enum desk_rc book(struct desk_process *p, const struct desk_calendar_slot *slot,
                         const char *cause, bool anyway, struct desk_booked *out)
{
    const struct desk_booking k = {.cause = cause,
                                   .name = "Dana Reed",
                                   .number = "+14155550134",
                                   .source = "call",
                                   .anyway = anyway};
    enum desk_rc rc = DESK_TX_BEGIN(p->db);
    return rc ? rc : desk_tx_end(p->db, p->cal->book(&p->place, slot, &k, out));
}

static void count(struct desk_process *p, enum desk_rc rc, int *good)
{
    if (!rc)
        ++*good;
    else if (rc == DESK_ECONFLICT)
        p->t.taken++;
    else
        p->t.failed++;
}

/* Book until the day is full. */
static void fill_the_day(struct desk_process *p, int k)
{
    struct desk_calendar_slot slot;
    for (int i = 0; i < TRIES && pick(p, &slot); i++) {
        struct desk_booked out;
        char cause[32];
        snprintf(cause, sizeof cause, "p%d-%d", k, i);
        count(p, book(p, &slot, cause, false, &out), &p->t.booked);
    }
}

/* All want the same few times, and nobody looks first: only the table is between them. */
static void storm_the_table(struct desk_process *p, int k)
{
    for (int i = 0; i < TRIES; i++) {
        struct desk_booked out;
        char cause[32];
        int64_t start = EIGHT + (i % STARTS) * HOUR / 2;
        const struct desk_calendar_slot slot = {
            {start, start + HOUR / 2, start + HOUR / 2, i / STARTS % CHAIRS}, p->b.services};
        snprintf(cause, sizeof cause, "p%d-%d", k, i);
        count(p, book(p, &slot, cause, true, &out), &p->t.booked);
    }
}

/* The same cause from everywhere: a webhook that is delivered ten times. */
static void the_same_again(struct desk_process *p, int k)
{
    (void)k;
    for (int i = 0; i < TRIES; i++) {
        struct desk_booked out;
        char cause[32];
        int64_t start = EIGHT + (i % STARTS) * HOUR / 2;
        const struct desk_calendar_slot slot = {{start, start + HOUR / 2, start + HOUR / 2, 0},
                                                p->b.services};
        snprintf(cause, sizeof cause, "cause-%d", i % STARTS);
        count(p, book(p, &slot, cause, false, &out), &p->t.booked);
    }
}

static void change_one(struct desk_process *p, int i, bool cancel)
{
    struct desk_appointment row;
    struct desk_calendar_slot slot;
    struct desk_booked out;
    bool to = cancel || pick(p, &slot);
    enum desk_rc rc = to ? DESK_TX_BEGIN(p->db) : DESK_ECONFLICT;
    if (rc) {
        p->t.failed += rc != DESK_ECONFLICT;
        return;
    }
    rc = desk_appointment_get(p->db, p->a, "t1", p->mine[i], &row);
    if (!rc)
        rc = cancel ? p->cal->cancel(&p->place, &row, &out)
                    : p->cal->move(&p->place, &row, &slot, false, &out);
    rc = desk_tx_end(p->db, rc);
    count(p, rc, cancel ? &p->t.cancelled : &p->t.moved);
    if (cancel && !rc)
        memcpy(p->mine[i], p->mine[--p->n_mine], DESK_ID_LEN);
}

/* Book, move and cancel as chance will have it. */
static void come_and_go(struct desk_process *p, int k)
{
    for (int i = 0; i < TRIES; i++) {
        uint32_t what = roll(p, 4);
        if (what > 1 && p->n_mine) {
            change_one(p, (int)roll(p, (uint32_t)p->n_mine), what == 2);
            continue;
        }
        struct desk_calendar_slot slot;
        struct desk_booked out;
        char cause[32];
        if (!pick(p, &slot))
            continue;
        snprintf(cause, sizeof cause, "p%d-%d", k, i);
        enum desk_rc rc = book(p, &slot, cause, false, &out);
        count(p, rc, &p->t.booked);
        if (!rc)
            snprintf(p->mine[p->n_mine++], DESK_ID_LEN, "%s", out.row.id);
    }
}

static int run_process(int gate, int report, int k, void (*work)(struct desk_process *, int))
{
    static struct desk_process p;
    char c;
    if (!process_open(&p, k))
        return 10;
    if (read(gate, &c, 1) != 0) /* all start when the parent closes its end */
        return 11;
    work(&p, k);
    if (write(report, &p.t, sizeof p.t) != (ssize_t)sizeof p.t)
        return 12;
    desk_db_close(p.db);
    return 0;
}

static struct tally race(void (*work)(struct desk_process *, int))
{
    struct tally all = {0}, one;
    int gate[2], report[2];
    pid_t pid[PROCESSES];
    assert_int_equal(pipe(gate), 0);
    assert_int_equal(pipe(report), 0);
    for (int k = 0; k < PROCESSES; k++) {
        pid[k] = fork();
        if (pid[k] == 0) {
            close(gate[1]);
            close(report[0]);
            _exit(run_process(gate[0], report[1], k, work));
        }
    }
    close(gate[0]);
    close(gate[1]);
    close(report[1]);
    while (read(report[0], &one, sizeof one) == (ssize_t)sizeof one) {
        all.booked += one.booked;
        all.taken += one.taken;
        all.moved += one.moved;
        all.cancelled += one.cancelled;
        all.failed += one.failed;
    }
    close(report[0]);
    for (int k = 0; k < PROCESSES; k++) {
        int status = 0;
        assert_int_equal(waitpid(pid[k], &status, 0), pid[k]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    return all;
}

static int standing(void)
{
    return fx_int(db, "SELECT count(*) FROM appointment WHERE status IN ('booked', 'moved')");
}

static int overlaps(void)
{
    return fx_int(db, "SELECT count(*) FROM appointment a JOIN appointment b ON a.id < b.id AND "
                      "a.resource = b.resource AND a.start_at < b.busy_until AND b.start_at < "
                      "a.busy_until WHERE a.status IN ('booked', 'moved') AND b.status IN "
                      "('booked', 'moved')");
}

static void day_begin(void)
{
    db = fx_file();
    fx_seed(db);
    fx_sql(db, "UPDATE tenant SET profile = '{\"services\":[{\"id\":\"visit\",\"name\":\"visit\","
               "\"minutes\":30}],\"booking\":{\"at_once\":2}}' WHERE id = 't1'");
    fx_sql(db, "UPDATE location SET hours = '{\"weekly\":{\"tue\":[[\"08:00\",\"16:00\"]]}}'");
}

static void day_end(void)
{
    char *report = NULL;
    OK(desk_db_integrity(db, fx_a, &report));
    assert_string_equal(report, "ok");
    desk_db_close(db);
}

static void many_fill_one_day(void **state)
{
    (void)state;
    day_begin();
    struct tally t = race(fill_the_day);
    assert_int_equal(t.failed, 0);
    assert_int_equal(overlaps(), 0);
    assert_int_equal(standing(), STARTS * CHAIRS); /* full: no time was lost to a race */
    assert_int_equal(t.booked, standing());        /* and who was told "booked" is */
    day_end();
}

static void the_table_alone_holds_against_all(void **state)
{
    (void)state;
    day_begin();
    struct tally t = race(storm_the_table);
    assert_int_equal(t.failed, 0);
    assert_int_equal(overlaps(), 0);
    assert_int_equal(standing(), STARTS * CHAIRS);
    assert_int_equal(t.booked, standing());
    assert_int_equal(t.taken, PROCESSES * TRIES - t.booked);
    day_end();
}

static void one_cause_books_once_whoever_brings_it(void **state)
{
    (void)state;
    day_begin();
    struct tally t = race(the_same_again);
    assert_int_equal(t.failed + t.taken, 0); /* each was told that it is booked */
    assert_int_equal(t.booked, PROCESSES * TRIES);
    assert_int_equal(standing(), STARTS);
    assert_int_equal(overlaps(), 0);
    day_end();
}

static void many_come_and_go(void **state)
{
    (void)state;
    day_begin();
    struct tally t = race(come_and_go);
    assert_int_equal(t.failed, 0);
    assert_int_equal(overlaps(), 0);
    assert_true(t.booked > PROCESSES && t.moved > 0 && t.cancelled > 0);
    assert_int_equal(standing(), t.booked - t.cancelled);
    assert_int_equal(fx_int(db, "SELECT count(*) FROM appointment WHERE status = 'cancelled'"),
                     t.cancelled);
    assert_int_equal(fx_int(db, "SELECT sum(sequence) FROM appointment"), t.moved + t.cancelled);
    day_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_two_overlap_on_one_resource),
        TEST(nor_by_a_change),
        TEST(what_who_comes_says),
        TEST(a_hold_lasts_as_long_as_it_says),
        TEST(lists_hold_what_overlaps_and_nothing_else),
        TEST(they_are_found_by_either_number),
        TEST(a_feed_has_one_secret_at_a_time),
        TEST(many_fill_one_day),
        TEST(the_table_alone_holds_against_all),
        TEST(one_cause_books_once_whoever_brings_it),
        TEST(many_come_and_go),
    };
    return cmocka_run_group_tests_name("appointments", tests, NULL, NULL);
}
