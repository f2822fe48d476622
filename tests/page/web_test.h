/* A web zone under test: requests made as nginx would hand them over, through the real dispatch, on
 * a database file of its own, opened with the zone's own rights. No sockets. */
#ifndef TESTS_PAGE_WEB_TEST_H
#define TESTS_PAGE_WEB_TEST_H

#include "cgi-bin/web.h"
#include "base/config.h"
#include "base/ids.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/calls.h"
#include "store/open.h"
#include "wire/twilio_sig.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define TEST_TO    "+18605550100"
#define TEST_OWNER "+18605550101"
#define TEST_BASE  "https://desk.example.com"
#define TEST_TOKEN "12345678901234567890123456789012"

static char test_dir[] = "/tmp/desk-page-XXXXXX";
static enum desk_zone test_zone;
static struct desk_db *admin_db, *zone_db; /* for looking; for the handlers */
static struct desk_arena *look;            /* strings of what was looked up */

/* ---- a business in a fresh database ---------------------------------------------------------- */

/* A business: what differs between tests. */
struct test_shop {
    const char *slug, *number, *name, *zone, *profile, *owner_name, *owner_phone;
};

/* Opens it, with one place and one number; its tenant's id. */
static inline const char *test_shop_open(const struct test_shop *s)
{
    char tenant[DESK_ID_LEN], location[DESK_ID_LEN];
    struct desk_tenant t = {.id = desk_id_new(tenant, "ten"),
                            .slug = s->slug,
                            .name = s->name,
                            .profile = s->profile,
                            .created_at = 1,
                            .updated_at = 1};
    struct desk_location l = {.id = desk_id_new(location, "loc"),
                              .tenant_id = t.id,
                              .name = "Main",
                              .zone = s->zone,
                              .hours = "{}",
                              .owner_name = s->owner_name,
                              .owner_phone = s->owner_phone,
                              .created_at = 1};
    struct desk_number n = {
        .e164 = s->number, .tenant_id = t.id, .location_id = l.id, .created_at = 1};
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    enum desk_rc rc = desk_tenant_insert(admin_db, &t);
    rc = rc ? rc : desk_location_insert(admin_db, &l);
    rc = rc ? rc : desk_number_insert(admin_db, &n);
    assert_int_equal(desk_tx_end(admin_db, rc), DESK_OK);
    return desk_arena_strdup(look, tenant);
}

static inline void test_business(const char *slug, const char *number)
{
    test_shop_open(&(struct test_shop){
        .slug = slug,
        .number = number,
        .name = "Harwick Plumbing",
        .zone = "America/New_York",
        .profile =
            "{\"greeting\":\"Thanks for calling Harwick Plumbing.\",\"services\":[\"repair\","
            "\"drain cleaning\"],\"people\":[\"Sal\"],\"emergencies\":[\"burst pipe\"]}",
        .owner_name = "Sal",
        .owner_phone = TEST_OWNER});
}

static inline int test_begin(enum desk_zone zone)
{
    char why[256], path[64];
    test_zone = zone;
    assert_non_null(mkdtemp(test_dir));
    snprintf(path, sizeof path, "%s/none.env", test_dir);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fclose(f);
    assert_int_equal(desk_settings_load(path, why, sizeof why), DESK_OK);
    desk_setting_override(DESK_S_FRONTDESK_DATA, test_dir);
    desk_setting_override(DESK_S_CALLER_MEMORY_DB, "");
    desk_setting_override(DESK_S_LOOP_CALLS, "0"); /* one number calls again and again here */
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, TEST_BASE);
    desk_setting_override(DESK_S_TWILIO_AUTH_TOKEN, TEST_TOKEN);
    desk_setting_override(DESK_S_TWILIO_AUTH_TOKEN_SECONDARY, "");
    desk_setting_override(DESK_S_FRONTDESK_DATA_KEY,
                          "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    desk_log_init("test", DESK_LOG_ERROR);
    desk_web_init();
    assert_int_equal(desk_store_key(true, why, sizeof why), DESK_OK);
    assert_int_equal(desk_store_create(&admin_db), DESK_OK);
    assert_int_equal(desk_store_open(&zone_db, zone, 300), DESK_OK);
    look = desk_arena_new(64 * 1024 * 1024);
    test_business("plumbing", TEST_TO);
    return 0;
}

/* The same with a second business beside it, of which the first must see nothing; both numbers. */
static inline void test_begin_two(enum desk_zone zone, struct desk_number *mine,
                                  struct desk_number *other)
{
    test_begin(zone);
    test_business("other", "+18605550199");
    assert_int_equal(desk_number_find(admin_db, look, TEST_TO, mine), DESK_OK);
    assert_int_equal(desk_number_find(admin_db, look, "+18605550199", other), DESK_OK);
}

static inline void test_remove(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", test_dir, name);
    unlink(path);
}

/* Whatever a suite did: a call that runs has no decision, one that ended has exactly one that we
 * have a word for. */
static inline void assert_calls_decided(void)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    char path[128];
    snprintf(path, sizeof path, "%s/frontdesk.db", test_dir);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT call_sid, coalesce(ended_at, 0), outcome, "
                                        "caller_kind, status FROM call",
                                        -1, &st, NULL),
                     SQLITE_OK);
    while (sqlite3_step(st) == SQLITE_ROW) {
        struct desk_call c = {.call_sid = (const char *)sqlite3_column_text(st, 0),
                              .ended_at = sqlite3_column_int64(st, 1),
                              .outcome = (const char *)sqlite3_column_text(st, 2),
                              .caller_kind = (const char *)sqlite3_column_text(st, 3),
                              .status = (const char *)sqlite3_column_text(st, 4)};
        const char *decision = desk_call_decision(&c);
        bool over = desk_call_rank(c.status) >= DESK_RANK_FINAL;
        bool guess = decision && strcmp(decision, "failed") == 0 &&
                     (!c.outcome || strcmp(c.outcome, DESK_OUT_FAILED) != 0);
        if (over != (decision != NULL) || guess || (over && !c.outcome))
            fail_msg("%s is %s, outcome %s, decision %s", c.call_sid, c.status,
                     c.outcome ? c.outcome : "-", decision ? decision : "-");
    }
    sqlite3_finalize(st);
    sqlite3_close(db);
}

static inline int test_finish(void)
{
    if (test_zone == DESK_ZONE_HOOK) /* the other suites write rows as they like */
        assert_calls_decided();
    desk_db_close(zone_db);
    desk_db_close(admin_db);
    desk_arena_free(look);
    static const char *const files[] = {"none.env", "frontdesk.db", "frontdesk.db-wal",
                                        "frontdesk.db-shm", "data.key"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        test_remove(files[i]);
    rmdir(test_dir);
    return 0;
}

/* ---- one request ----------------------------------------------------------------------------- */

struct ask {
    const char *method, *uri, *type, *body;
    size_t body_len; /* 0 = strlen(body) */
    const char *signature, *authorization, *cookie, *fetch_site, *idempotency, *idempotency_key,
        *if_match;
    const char *if_none_match, *telegram_secret, *origin, *remote;
    bool no_db;
};

struct answer {
    int status;
    char *type, *body, *headers; /* in look */
    size_t len;
    enum desk_rc rc;
};

static inline const char *ask_variable(void *ctx, const char *name)
{
    const struct ask *a = ctx;
    const char *query = strchr(a->uri, '?');
    const struct {
        const char *name, *value;
    } vars[] = {{"REQUEST_METHOD", a->method},
                {"HTTP_IF_NONE_MATCH", a->if_none_match},
                {"REQUEST_URI", a->uri},
                {"QUERY_STRING", query ? query + 1 : ""},
                {"CONTENT_TYPE", a->type},
                {"HTTP_X_TWILIO_SIGNATURE", a->signature},
                {"HTTP_AUTHORIZATION", a->authorization},
                {"HTTP_COOKIE", a->cookie},
                {"HTTP_IDEMPOTENCY_KEY", a->idempotency_key},
                {"HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN", a->telegram_secret},
                {"HTTP_ORIGIN", a->origin},
                {"REMOTE_ADDR", a->remote},
                {"HTTP_IF_MATCH", a->if_match},
                {"HTTP_SEC_FETCH_SITE", a->fetch_site},
                {"HTTP_I_TWILIO_IDEMPOTENCY_TOKEN", a->idempotency}};
    for (size_t i = 0; i < sizeof vars / sizeof *vars; i++)
        if (strcmp(vars[i].name, name) == 0)
            return vars[i].value;
    return NULL;
}

static inline struct answer send_ask(const struct desk_web *web, struct ask ask)
{
    struct desk_request req = {.arena = desk_arena_new(DESK_MAX_REQUEST_ARENA),
                               .body = ask.body,
                               .db = ask.no_db ? NULL : zone_db};
    req.body_len = ask.body_len ? ask.body_len : ask.body ? strlen(ask.body) : 0;
    if (req.body_len > DESK_MAX_AUDIO_BODY && req.body_len > DESK_MAX_BODY)
        req.body_rc = DESK_ELIMIT;
    desk_request_read(&req, ask_variable, &ask);
    desk_dispatch(web, &req);
    struct answer a = {.status = req.reply.status,
                       .type = desk_arena_strdup(look, req.reply.type ? req.reply.type : ""),
                       .body = desk_arena_strdup(look, desk_buf_cstr(&req.reply.body)),
                       .headers = desk_arena_strdup(look, desk_buf_cstr(&req.reply.headers)),
                       .len = req.reply.body.len,
                       .rc = req.rc};
    desk_arena_free(req.arena);
    return a;
}

static inline void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in: %s", part, text);
}

static inline void assert_has_not(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("\"%s\" is in: %s", part, text);
}

/* The last test of a suite: no row without a test. */
static inline void assert_all_routes_asked(const struct desk_web *web)
{
    for (size_t i = 0; web->routes[i].path; i++)
        if (!atomic_load(&web->stats[i].requests))
            fail_msg("no test asks %s", web->routes[i].path);
}

#endif
