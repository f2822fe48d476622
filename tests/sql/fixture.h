/* What the tests of the database share: a folder, a database in it or in memory, and the rows that
 * others hang on (one business, place, number, person, user, session, call). */
#ifndef DESK_TESTS_SQL_FIXTURE_H
#define DESK_TESTS_SQL_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/paths.h"
#include "db/db.h"
#include "db/fields.h"
#include "db/internal.h"
#include "db/migrate.h"
#include "db/seal.h"
#include "queries.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/conversation.h"
#include "store/open.h"
#include "store/recordings.h"
#include "store/results.h"
#include "store/tenants.h"
#include "store/invites.h"
#include "store/login_tries.h"
#include "store/users.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAYBE_UNUSED __attribute__((unused))
#define OK(call)     assert_int_equal((call), DESK_OK)

#define KEY_A "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define KEY_B "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"

#define NOW 1790000000000LL

static char fx_dir[64];
static struct desk_arena *fx_a;

MAYBE_UNUSED static int fx_setup(void **state)
{
    (void)state;
    desk_log_init("test", DESK_LOG__MAX); /* refusals are what we provoke: keep them quiet */
    snprintf(fx_dir, sizeof fx_dir, "/tmp/desk-sql-XXXXXX");
    assert_non_null(mkdtemp(fx_dir));
    desk_setting_override(DESK_S_FRONTDESK_DATA, fx_dir);
    desk_setting_override(DESK_S_CALLER_MEMORY_DB, "");
    desk_setting_override(DESK_S_FRONTDESK_DATA_KEY, KEY_A);
    desk_clock_fake(NOW);
    fx_a = desk_arena_new(16 << 20);
    return fx_a ? 0 : -1;
}

MAYBE_UNUSED static int fx_teardown(void **state)
{
    (void)state;
    static const char *const names[] = {"frontdesk.db", "frontdesk.db-wal", "frontdesk.db-shm",
                                        "data.key"};
    char path[DESK_PATH_LEN];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(desk_path_data(path, names[i]));
    desk_arena_free(fx_a);
    desk_clock_fake(0);
    return rmdir(fx_dir);
}

MAYBE_UNUSED static struct desk_db *fx_memory(void)
{
    struct desk_db *db = NULL;
    OK(desk_store_memory(&db));
    return db;
}

/* The database file of the folder, made if it is missing, with key A. */
MAYBE_UNUSED static struct desk_db *fx_file(void)
{
    struct desk_db *db = NULL;
    char why[200];
    OK(desk_store_key(false, why, sizeof why));
    OK(desk_store_create(&db));
    return db;
}

/* Run raw SQL past the zone; tests only. */
MAYBE_UNUSED static void fx_sql(struct desk_db *db, const char *sql)
{
    OK(desk_db_script(db, sql));
}

/* The first column of the first row as text in the arena; NULL when there is none. */
MAYBE_UNUSED static const char *fx_text(struct desk_db *db, const char *sql)
{
    sqlite3_stmt *st = NULL;
    const char *out = NULL;
    bool zone_off = db->admin_window;
    db->admin_window = true;
    assert_int_equal(sqlite3_prepare_v2(db->sq, sql, -1, &st, NULL), SQLITE_OK);
    db->admin_window = zone_off;
    if (sqlite3_step(st) == SQLITE_ROW && sqlite3_column_type(st, 0) != SQLITE_NULL)
        out = desk_arena_strdup(fx_a, (const char *)sqlite3_column_text(st, 0));
    sqlite3_finalize(st);
    return out;
}

MAYBE_UNUSED static int fx_int(struct desk_db *db, const char *sql)
{
    const char *s = fx_text(db, sql);
    return s ? (int)strtol(s, NULL, 10) : -1;
}

static const struct desk_call fx_call = {.id = "call1",
                                         .tenant_id = "t1",
                                         .location_id = "l1",
                                         .contact_id = "c1",
                                         .call_sid = "CA1",
                                         .direction = "inbound",
                                         .caller_kind = "known",
                                         .from_number = "+14155550134",
                                         .from_key = "k1",
                                         .to_number = "+14155550100",
                                         .mode = DESK_MODE_REALTIME,
                                         .status = "queued",
                                         .status_rank = 10,
                                         .started_at = NOW,
                                         .updated_at = NOW};

/* Tenants t1 and t2, and under t1 one of everything that is somebody's parent. */
MAYBE_UNUSED static void fx_seed(struct desk_db *db)
{
    struct desk_tenant t1 = {"t1", "one", "One", "{}", NOW, NOW, NULL};
    struct desk_tenant t2 = {"t2", "two", "Two", "{}", NOW, NOW, NULL};
    struct desk_location l = {"l1",  "t1",           "Main", "UTC", "{}",
                              "Ann", "+14155550199", NOW,    NULL,  NULL};
    struct desk_number n = {"+14155550100", "t1", "l1", NOW};
    struct desk_user u = {
        .id = "u1", .tenant_id = "t1", .login = "ann", .password_hash = "none", .created_at = NOW};
    struct desk_contact c = {.id = "c1",
                             .tenant_id = "t1",
                             .number = "+14155550134",
                             .number_key = "k1",
                             .name = "Grace Hopper",
                             .first_at = NOW,
                             .last_at = NOW};
    OK(DESK_TX_BEGIN(db));
    OK(desk_tenant_insert(db, &t1));
    OK(desk_tenant_insert(db, &t2));
    OK(desk_location_insert(db, &l));
    OK(desk_number_insert(db, &n));
    OK(desk_user_insert(db, &u));
    OK(desk_db_insert(db, DESK_Q_CONTACT_INSERT, &c));
    OK(desk_call_insert(db, &fx_call));
    OK(desk_tx_end(db, DESK_OK));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fx_setup, fx_teardown)

#endif
