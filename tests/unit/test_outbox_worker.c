/* The delivery of the outbox, with threads and a database file as in the worker, and kinds of our
 * own: who waits for whom, and who does not. Nothing here leans on how long anything takes: what is
 * slow is held by a gate that the test opens. */
#include "../../worker/deliver.c"
#include "../../worker/lanes.c"
#include "../../worker/outbox.c"
#include "store/tenants.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdatomic.h>
#include <sys/stat.h>

#define TENANTS 10

/* ---- kinds of our own ------------------------------------------------------------------------ */

static atomic_int held, gate_open, quick_done, alerts_done, dead_tried, asked;
static atomic_bool there;

static void send_slow(const struct outbox_work *w, struct desk_outbox_result *r)
{
    *r = (struct desk_outbox_result){.end = DESK_END_SENT};
    if (w->row->priority <= DESK_OUTBOX_ALERT) {
        atomic_fetch_add(&alerts_done, 1);
        return;
    }
    atomic_fetch_add(&held, 1);
    while (!atomic_load(&gate_open))
        desk_sleep_ms(5);
    atomic_fetch_sub(&held, 1);
}

static void send_quick(const struct outbox_work *w, struct desk_outbox_result *r)
{
    (void)w;
    *r = (struct desk_outbox_result){.end = DESK_END_SENT};
    atomic_fetch_add(&quick_done, 1);
}

static void send_dead(const struct outbox_work *w, struct desk_outbox_result *r)
{
    (void)w;
    *r = (struct desk_outbox_result){.end = DESK_END_AGAIN, .why = "not reached"};
    atomic_fetch_add(&dead_tried, 1);
}

static enum desk_twilio_found find_it(const struct outbox_work *w, outbox_known *is_known,
                                      void *ctx, struct desk_outbox_result *r)
{
    (void)w;
    *r = (struct desk_outbox_result){.end = DESK_END_AGAIN, .remote_id = "SM1"};
    atomic_fetch_add(&asked, 1);
    return atomic_load(&there) && !is_known(ctx, "SM1") ? DESK_TWILIO_FOUND
                                                        : DESK_TWILIO_CANNOT_TELL;
}

const struct outbox_kind outbox_kinds[] = {
    {.name = "slow", .what = "slow", .deliver = send_slow},
    {.name = "quick", .may_repeat = true, .what = "quick", .deliver = send_quick},
    {.name = "dead", .what = "dead", .deliver = send_dead},
    {.name = "asked", .what = "asked", .deliver = send_dead, .find = find_it},
    {.name = NULL},
};

const struct outbox_kind *outbox_kind_find(const char *name)
{
    for (const struct outbox_kind *k = outbox_kinds; k->name; k++)
        if (strcmp(k->name, name) == 0)
            return k;
    return NULL;
}

/* ---- the world ------------------------------------------------------------------------------- */

static char folder[] = "/tmp/desk-outbox-XXXXXX", path[200];
static struct desk_db *db;
static struct desk_arena *arena;
static struct outbox *worker;
static const struct outbox_services services = {NULL};

static int setup(void **state)
{
    char why[200], id[20], branch[20];
    (void)state;
    desk_log_init("test", DESK_LOG__MAX);
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
    if (!mkdtemp(folder))
        return -1;
    desk_setting_override(DESK_S_FRONTDESK_DATA, folder);
    desk_setting_override(DESK_S_FRONTDESK_DATA_KEY,
                          "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
    snprintf(path, sizeof path, "%s/run", folder);
    mkdir(path, 0700);
    arena = desk_arena_new(16 * 1024 * 1024);
    if (desk_store_key(true, why, sizeof why) || desk_store_create(&db) || DESK_TX_BEGIN(db))
        return -1;
    for (int i = 0; i < TENANTS; i++) {
        snprintf(id, sizeof id, "t%d", i);
        snprintf(branch, sizeof branch, "l%d", i);
        const struct desk_tenant t = {
            .id = id, .slug = id, .name = id, .profile = "{}", .created_at = 1, .updated_at = 1};
        if (desk_tenant_insert(db, &t))
            return -1;
    }
    atomic_store(&gate_open, 0);
    atomic_store(&quick_done, 0);
    atomic_store(&alerts_done, 0);
    atomic_store(&dead_tried, 0);
    atomic_store(&asked, 0);
    return desk_tx_end(db, DESK_OK) ? -1 : 0;
}

static int teardown(void **state)
{
    static const char *const names[] = {"frontdesk.db-wal",
                                        "frontdesk.db-shm",
                                        "frontdesk.db",
                                        "data.key",
                                        "run/outbox.lock",
                                        "run",
                                        ""};
    (void)state;
    atomic_store(&gate_open, 1);
    outbox_stop(worker);
    worker = NULL;
    desk_db_close(db);
    desk_arena_free(arena);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        remove(path);
    }
    return 0;
}

/* One row of that kind for each of so many businesses, in one transaction. */
static void add(const char *kind, int tenants, int64_t priority)
{
    static int count;
    char tenant[20], key[20];
    assert_int_equal(DESK_TX_BEGIN(db), DESK_OK);
    for (int i = 0; i < tenants; i++) {
        snprintf(tenant, sizeof tenant, "t%d", i);
        snprintf(key, sizeof key, "k%d", ++count);
        const struct desk_outbox_new row = {.tenant_id = tenant,
                                            .kind = kind,
                                            .dedupe = key,
                                            .payload = "{}",
                                            .priority = priority};
        assert_int_equal(desk_outbox_add(db, &row), DESK_OK);
    }
    assert_int_equal(desk_tx_end(db, DESK_OK), DESK_OK);
}

static void start(void)
{
    worker = outbox_start(&services);
    assert_non_null(worker);
}

/* Ten seconds are for ever here. */
static void until(const atomic_int *n, int want)
{
    int64_t end = desk_mono_ms() + 10000;
    while (atomic_load(n) < want && desk_mono_ms() < end)
        desk_sleep_ms(2);
    assert_true(atomic_load(n) >= want);
}

static struct desk_outbox first_of(const char *tenant)
{
    struct desk_outbox *rows;
    size_t n;
    desk_arena_reset(arena);
    assert_int_equal(desk_outbox_list(db, arena, tenant, false, 10, &rows, &n), DESK_OK);
    assert_int_equal(n, 1);
    return rows[0];
}

static struct desk_outbox until_state(const char *tenant, const char *state)
{
    int64_t end = desk_mono_ms() + 10000;
    struct desk_outbox row = first_of(tenant);
    while (strcmp(row.state, state) != 0 && desk_mono_ms() < end) {
        desk_sleep_ms(5);
        row = first_of(tenant);
    }
    assert_string_equal(row.state, state);
    return row;
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void a_slow_destination_holds_no_other(void **state)
{
    (void)state;
    add("slow", TENANTS, DESK_OUTBOX_NORMAL);
    start();
    until(&held, LANE_NORMAL);
    add("quick", TENANTS, DESK_OUTBOX_NORMAL);
    until(&quick_done, TENANTS);
    assert_int_equal(atomic_load(&held), LANE_NORMAL); /* never more of it at a time */
    add("slow", TENANTS, DESK_OUTBOX_ALERT);           /* and alerts overtake what is slow there */
    until(&alerts_done, TENANTS);
    assert_int_equal(atomic_load(&held), LANE_NORMAL);
}

/* Five that fail, and those on their way beside the fifth: then only a probe now and then. */
static void a_dead_destination_is_left_alone(void **state)
{
    (void)state;
    add("dead", TENANTS, DESK_OUTBOX_NORMAL);
    start();
    until(&dead_tried, LANE_TRIP);
    add("quick", 1, DESK_OUTBOX_NORMAL);
    until(&quick_done, 1);
    add("dead", TENANTS, DESK_OUTBOX_NORMAL);
    add("quick", 1, DESK_OUTBOX_NORMAL);
    until(&quick_done, 2);
    assert_in_range(atomic_load(&dead_tried), LANE_TRIP, LANE_TRIP + LANE_NORMAL - 1);
}

/* What a killed worker had claimed, by what is known of its kind. */
static void claimed_by_who_is_gone(const char *kind)
{
    struct desk_outbox row;
    add(kind, 1, DESK_OUTBOX_NORMAL);
    assert_int_equal(DESK_TX_BEGIN(db), DESK_OK);
    assert_int_equal(desk_tx_end(db, desk_outbox_claim(db, arena, kind, LEASE_MS, &row)), DESK_OK);
}

static void what_may_be_repeated_goes_again(void **state)
{
    (void)state;
    claimed_by_who_is_gone("quick");
    start();
    until(&quick_done, 1);
    assert_int_equal(until_state("t0", DESK_OUTBOX_SENT).attempts, 2);
}

static void what_may_not_is_unknown(void **state)
{
    (void)state;
    claimed_by_who_is_gone("dead");
    start();
    assert_true(until_state("t0", DESK_OUTBOX_UNKNOWN).ambiguous);
    assert_int_equal(atomic_load(&dead_tried), 0);
}

static void what_can_be_asked_about_is_asked(void **state)
{
    (void)state;
    desk_setting_override(DESK_S_OUTBOX_ASK_MS, "100");
    atomic_store(&there, true);
    claimed_by_who_is_gone("asked");
    start();
    struct desk_outbox row = until_state("t0", DESK_OUTBOX_SENT);
    assert_string_equal(row.remote_id, "SM1");
    assert_false(row.ambiguous);
    assert_int_equal(atomic_load(&asked), 1);
    assert_int_equal(atomic_load(&dead_tried), 0);
}

static void what_nobody_can_tell_is_unknown(void **state)
{
    (void)state;
    atomic_store(&there, false);
    claimed_by_who_is_gone("asked");
    start();
    assert_true(until_state("t0", DESK_OUTBOX_UNKNOWN).ambiguous);
    assert_int_equal(atomic_load(&asked), 1);
    assert_int_equal(atomic_load(&dead_tried), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_slow_destination_holds_no_other), TEST(a_dead_destination_is_left_alone),
        TEST(what_may_be_repeated_goes_again),   TEST(what_may_not_is_unknown),
        TEST(what_can_be_asked_about_is_asked),  TEST(what_nobody_can_tell_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
