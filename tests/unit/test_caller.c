/* What the database knows of a number that calls: standing, exception list and habits, of its own
 * business and of the last day only. */
#include "talk/caller.h"
#include "base/clock.h"
#include "store/calls.h"
#include "store/exceptions.h"
#include "store/open.h"
#include "store/tenants.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOW    1800000000000LL
#define HOUR   (3600LL * 1000)
#define NUMBER "+14155550134"

static struct desk_db *db;
static struct desk_arena *arena;

static enum desk_rc add_business(const char *id)
{
    enum desk_rc rc = desk_tenant_insert(
        db,
        &(struct desk_tenant){
            .id = id, .slug = id, .name = id, .profile = "{}", .created_at = 1, .updated_at = 1});
    return rc ? rc
              : desk_location_insert(db, &(struct desk_location){.id = id,
                                                                 .tenant_id = id,
                                                                 .name = id,
                                                                 .zone = "UTC",
                                                                 .hours = "{}",
                                                                 .created_at = 1});
}

static int setup(void **state)
{
    (void)state;
    desk_clock_fake(NOW);
    arena = desk_arena_new(8 * 1024 * 1024);
    if (desk_store_memory(&db) || DESK_TX_BEGIN(db))
        return -1;
    enum desk_rc rc = add_business("a");
    return desk_tx_end(db, rc ? rc : add_business("b")) ? -1 : 0;
}

static int teardown(void **state)
{
    (void)state;
    desk_db_close(db);
    desk_arena_free(arena);
    desk_clock_fake(0);
    return 0;
}

static struct desk_caller_facts know(const char *tenant)
{
    struct desk_contact c;
    struct desk_caller_facts f = {.number = NUMBER, .attest = DESK_ATTEST_B};
    enum desk_rc rc = desk_contact_by_number(db, arena, tenant, NUMBER, &c);
    assert_int_equal(desk_caller_know(db, arena, tenant, NUMBER, rc ? NULL : &c, NOW, &f), DESK_OK);
    assert_string_equal(f.number, NUMBER); /* what was given stays */
    assert_int_equal(f.attest, DESK_ATTEST_B);
    return f;
}

static void call_of(const char *id, int64_t ago, int64_t lasted, const char *outcome)
{
    struct desk_call c = {.id = id,
                          .tenant_id = "a",
                          .location_id = "a",
                          .call_sid = id,
                          .direction = "inbound",
                          .caller_kind = "new",
                          .from_number = NUMBER,
                          .to_number = "+18605550100",
                          .mode = DESK_MODE_REALTIME,
                          .status = "completed",
                          .status_rank = 50,
                          .outcome = outcome,
                          .started_at = NOW - ago,
                          .ended_at = NOW - ago + lasted,
                          .duration_ms = lasted,
                          .updated_at = NOW};
    char key[DESK_BLIND_LEN];
    desk_blind(desk_db_key(db), "a", NUMBER, key);
    c.from_key = key;
    assert_int_equal(DESK_TX_BEGIN(db), DESK_OK);
    assert_int_equal(desk_tx_end(db, desk_call_insert(db, &c)), DESK_OK);
}

static void nothing_is_known_of_a_stranger(void **state)
{
    (void)state;
    struct desk_caller_facts f = know("a");
    assert_false(f.known || f.vip || f.vendor || f.blocked);
    assert_null(f.exception);
    assert_int_equal(f.short_calls, 0);
}

static void standing_and_list_are_of_one_business(void **state)
{
    static const struct {
        const char *standing;
        bool vip, vendor, blocked;
    } rows[] = {{DESK_STANDING_VIP, true, false, false},
                {DESK_STANDING_VENDOR, false, true, false},
                {DESK_STANDING_BLOCKED, false, false, true},
                {NULL, false, false, false}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_contact c;
        assert_int_equal(DESK_TX_BEGIN(db), DESK_OK);
        enum desk_rc rc = desk_contact_called(db, arena, "a", NUMBER, &c);
        rc = rc ? rc : desk_contact_standing(db, "a", c.id, rows[i].standing);
        assert_int_equal(desk_tx_end(db, rc), DESK_OK);
        struct desk_caller_facts f = know("a");
        assert_true(f.known);
        assert_int_equal(f.vip, rows[i].vip);
        assert_int_equal(f.vendor, rows[i].vendor);
        assert_int_equal(f.blocked, rows[i].blocked);
    }
    assert_int_equal(DESK_TX_BEGIN(db), DESK_OK);
    assert_int_equal(desk_tx_end(db, desk_exception_put(db, "a", NUMBER, "Ann", "family")),
                     DESK_OK);
    assert_string_equal(know("a").exception, "family");
    assert_null(know("b").exception);
    assert_false(know("b").known);
}

static void habits_are_of_the_last_day(void **state)
{
    (void)state;
    call_of("c1", HOUR, 3000, DESK_OUT_HUNG_UP);
    call_of("c2", 23 * HOUR, 5000, DESK_OUT_HUNG_UP);
    call_of("c3", 25 * HOUR, 3000, DESK_OUT_HUNG_UP); /* too long ago */
    call_of("c4", HOUR, 60000, DESK_OUT_HUNG_UP);     /* not short */
    call_of("c5", HOUR, 3000, DESK_OUT_CALLBACK);     /* got what was wanted */
    assert_int_equal(know("a").short_calls, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_known_of_a_stranger, setup, teardown),
        cmocka_unit_test_setup_teardown(standing_and_list_are_of_one_business, setup, teardown),
        cmocka_unit_test_setup_teardown(habits_are_of_the_last_day, setup, teardown),
    };
    return cmocka_run_group_tests_name("caller", tests, NULL, NULL);
}
