/* The SQL itself: every query against the migrated schema, plans, tenants, and the zones' rights.
 */
#include "fixture.h"

static const char *plan_of(struct desk_db *db, unsigned q)
{
    char *plan = NULL;
    if (desk_db_prepare_check(db, q, fx_a, &plan) != DESK_OK)
        fail_msg("%s does not prepare: %s", desk_queries[q].name, sqlite3_errmsg(db->sq));
    return plan ? plan : "";
}

static void every_query_prepares(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    assert_true(DESK_Q__MAX > 50);
    for (unsigned q = 0; q < DESK_Q__MAX; q++)
        plan_of(db, q);
    desk_db_close(db);
}

static bool uses_index(const char *plan, const char *index)
{
    char want[80];
    snprintf(want, sizeof want, "INDEX %s", index);
    for (const char *p = plan; (p = strstr(p, want)); p++) {
        char c = p[strlen(want)];
        if (c == '\0' || c == ' ' || c == '\n')
            return true;
    }
    return false;
}

static void tagged_queries_use_their_index(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    size_t tagged = 0;
    for (unsigned q = 0; q < DESK_Q__MAX; q++) {
        if (!desk_queries[q].plan)
            continue;
        tagged++;
        const char *plan = plan_of(db, q);
        if (!uses_index(plan, desk_queries[q].plan))
            fail_msg("%s should use %s:\n%s", desk_queries[q].name, desk_queries[q].plan, plan);
    }
    assert_true(tagged >= 10);
    desk_db_close(db);
}

/* Tables that stay small: a few rows per business, so reading them whole is fine. */
static const char *const small_tables[] = {"tenant",  "location",  "number", "user", "token",
                                           "setting", "key_check", "pulse",  NULL};

static bool small_table(const char *scan)
{
    for (size_t i = 0; small_tables[i]; i++) {
        size_t n = strlen(small_tables[i]);
        if (strncmp(scan, small_tables[i], n) == 0 && (scan[n] == '\0' || strchr(" \n", scan[n])))
            return true;
    }
    return false;
}

static void nothing_that_grows_is_scanned(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    for (unsigned q = 0; q < DESK_Q__MAX; q++) {
        const char *plan = plan_of(db, q);
        for (const char *p = plan; (p = strstr(p, "SCAN ")); p++) {
            const char *end = strchr(p, '\n');
            size_t n = end ? (size_t)(end - p) : strlen(p);
            const char *line = desk_arena_strndup(fx_a, p, n);
            if (!small_table(p + 5) && !strstr(line, "USING INDEX") &&
                !strstr(line, "USING COVERING INDEX") && !strstr(line, "CONSTANT ROW") &&
                !strstr(line, "SCAN (subquery-") &&
                !strstr(line, "SCAN subquery_")) /* what it reads is searched above it */
                fail_msg("%s reads a whole table: %s", desk_queries[q].name, line);
        }
    }
    desk_db_close(db);
}

/* ---- tenants --------------------------------------------------------------------------------- */

/* word_at: millions of small rows, each a hash that is keyed by its tenant. */
static void every_table_has_a_tenant(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    const char *without = fx_text(
        db, "SELECT group_concat(name) FROM sqlite_master m WHERE type = 'table' AND name NOT LIKE "
            "'sqlite_%' AND name NOT IN ('tenant', 'word_at') AND NOT EXISTS (SELECT 1 FROM "
            "pragma_table_info(m.name)"
            " WHERE name = 'tenant_id' AND \"notnull\" = 1)");
    if (without)
        fail_msg("no tenant_id NOT NULL in: %s", without);
    assert_true(fx_int(db, "SELECT count(*) FROM sqlite_master WHERE type = 'table'") >= 13);
    desk_db_close(db);
}

/* Queries that read or change rows without naming the tenant, and why that is right. */
static const struct {
    const char *query, *reason;
} across_tenants[] = {
    {"appointment_by_link", "the secret of the customer's link is the right to this one visit"},
    {"appointment_past", "the worker's clock ends visits of all tenants"},
    {"calendar_feed_find", "id is the hash of the secret in the address"},
    {"call_after_due", "the worker sees to what comes after calls of all tenants"},
    {"call_by_sid", "CallSid is unique, from Twilio's signed webhook; the row tells the tenant"},
    {"callback_due", "the worker's clock looks at promises of all tenants"},
    {"call_claim_stream", "the one-time token is the right to this one call"},
    {"call_stream_due", "the bridge reaches the model ahead for calls of all tenants"},
    {"call_stream_left", "the bridge closes streams of calls of all tenants that are over"},
    {"call_stale", "the worker closes calls of all tenants"},
    {"file_gone_list", "the worker removes files of all tenants"},
    {"file_gone_since", "the age of the whole database"},
    {"file_gone_picture", "a file's name is its row's id, whoever's it is"},
    {"file_gone_recording", "a file's name is its row's id, whoever's it is"},
    {"job_due", "the worker does the jobs of all tenants"},
    {"job_purge", "the worker forgets old jobs of all tenants"},
    {"key_check_get", "one row for the machine"},
    {"live_order_waiting", "a bridge looks for what is asked of calls of all tenants"},
    {"live_ticket_use", "id is the hash of the ticket; the row tells the tenant"},
    {"invite_find", "the secret of the link is the right to this one login"},
    {"key_check_get", "one row for the machine"},
    {"login_try_purge", "the worker forgets for all tenants"},
    {"number_find", "the dialled number is unique and tells the tenant"},
    {"out_call_by_id",
     "the id is in the address of Twilio's signed webhook; the row tells the tenant"},
    {"out_call_over", "the worker's clock settles calls of all tenants"},
    {"outbox_by_id",
     "the id is in the address of Twilio's signed webhook; the row tells the tenant"},
    {"outbox_claim", "the worker delivers for all tenants"},
    {"outbox_lanes", "the worker delivers for all tenants"},
    {"outbox_overdue", "the worker delivers for all tenants"},
    {"outbox_remote_known", "the other side's names are unique in the machine's one account"},
    {"recording_open", "the worker completes recordings of all tenants"},
    {"recording_undrawn", "the worker draws recordings of all tenants"},
    {"session_delete", "id is the hash of the cookie: whoever has it owns the session"},
    {"session_delete_user", "id of a row just found by its login"},
    {"session_find", "id is the hash of the cookie"},
    {"session_flash", "id is the hash of the cookie"},
    {"session_seen", "id is the hash of the cookie"},
    {"session_purge", "the worker removes expired sessions of all tenants"},
    {"telegram_code_find", "id is the hash of the one-time code"},
    {"telegram_link_by_chat", "a chat is one person's; the row tells the tenant"},
    {"telegram_link_free", "a chat is one person's, whoever's it was before"},
    {"telegram_update_waiting", "the worker answers what is written to the bot for all tenants"},
    {"tenant_by_id", "the tenant itself"},
    {"tenant_by_slug", "the tenant itself"},
    {"tenant_count", "the machine's owner at the terminal"},
    {"tenant_list", "the machine's owner at the terminal"},
    {"tenant_update", "the tenant itself"},
    {"text_in_by_sid", "Twilio's name of the text; the row tells the tenant"},
    {"text_in_due", "what was left over is answered for all tenants"},
    {"token_find", "id is the hash of the secret"},
    {"user_by_login", "login is unique on the machine; the row tells the tenant"},
    {"user_list", "the machine's owner at the terminal"},
    {"user_login_ok", "id of a row just found by its login"},
    {"user_password_set", "the machine's owner at the terminal"},
    {"word_many", "the word is hashed with its tenant"},
    {"web_chat_by_key", "the key in a page of the website names the tenant"},
    {"voice_session_due", "the worker ends sessions of all tenants"},
};

static const char *reason_across(const char *name)
{
    for (size_t i = 0; i < sizeof across_tenants / sizeof *across_tenants; i++)
        if (strcmp(across_tenants[i].query, name) == 0)
            return across_tenants[i].reason;
    return NULL;
}

static bool is_insert(const char *sql)
{
    return strncmp(sql, "INSERT", 6) == 0 && !strstr(sql, "SELECT");
}

/* An insert brings its tenant along; anything else must compare it. */
static bool names_tenant(const struct desk_query *q)
{
    if (is_insert(q->sql))
        return strstr(q->sql, "tenant_id") ||
               (q->fields && (desk_field_find(q->fields, "tenant_id") ||
                              strcmp(q->fields->table, "tenant") == 0));
    return strstr(q->sql, "tenant_id = $") != NULL;
}

static void every_query_names_its_tenant(void **state)
{
    (void)state;
    for (unsigned q = 0; q < DESK_Q__MAX; q++) {
        const char *reason = reason_across(desk_queries[q].name);
        bool named = names_tenant(&desk_queries[q]);
        if (!named && !reason)
            fail_msg("%s does not say whose rows it wants, and no reason is listed",
                     desk_queries[q].name);
        if (named && reason)
            fail_msg("%s names the tenant: take it off the list", desk_queries[q].name);
    }
    for (size_t i = 0; i < sizeof across_tenants / sizeof *across_tenants; i++) {
        unsigned q = 0;
        while (q < DESK_Q__MAX && strcmp(desk_queries[q].name, across_tenants[i].query) != 0)
            q++;
        if (q == DESK_Q__MAX)
            fail_msg("%s is listed but there is no such query", across_tenants[i].query);
    }
}

static void an_insert_says_what_a_repeat_means(void **state)
{
    (void)state;
    for (unsigned q = 0; q < DESK_Q__MAX; q++) {
        const char *sql = desk_queries[q].sql;
        if (strstr(sql, "INSERT OR ") || strstr(sql, "REPLACE INTO"))
            fail_msg("%s: use ON CONFLICT, the same on SQLite and PostgreSQL",
                     desk_queries[q].name);
        if (strchr(sql, '?'))
            fail_msg("%s: parameters are $1, $2, …", desk_queries[q].name);
    }
}

/* ---- zones ----------------------------------------------------------------------------------- */

static const struct {
    enum desk_zone zone;
    const char *may, *sql;
} zone_rows[] = {
    /* Twilio's side writes calls and what they lead to; people and keys are none of its business */
    {DESK_ZONE_HOOK, "may", "INSERT INTO call (id) VALUES ('x')"},
    {DESK_ZONE_HOOK, "may", "UPDATE call SET status = 'x'"},
    {DESK_ZONE_HOOK, "may", "INSERT INTO message (id) VALUES ('x')"},
    {DESK_ZONE_HOOK, "may",
     "INSERT INTO counter (name) VALUES ('x') ON CONFLICT DO UPDATE SET n = n + 1"},
    {DESK_ZONE_HOOK, "may", "INSERT INTO outbox (id) VALUES ('x')"},
    {DESK_ZONE_HOOK, "not", "DELETE FROM outbox"},
    {DESK_ZONE_HOOK, "may", "INSERT INTO appointment (id) VALUES ('x')"},
    {DESK_ZONE_HOOK, "not", "SELECT id FROM calendar_feed"},
    {DESK_ZONE_HOOK, "not", "DELETE FROM call"},
    {DESK_ZONE_HOOK, "not", "SELECT password_hash FROM user"},
    {DESK_ZONE_HOOK, "not", "UPDATE user SET password_hash = 'x'"},
    {DESK_ZONE_HOOK, "not", "SELECT csrf FROM session"},
    {DESK_ZONE_HOOK, "not", "SELECT id FROM token"},
    {DESK_ZONE_HOOK, "may", "INSERT INTO telegram_update (id) VALUES ('x')"},
    {DESK_ZONE_HOOK, "not", "UPDATE telegram_update SET state = 'done'"},
    {DESK_ZONE_HOOK, "not", "INSERT INTO telegram_link (id) VALUES ('x')"},
    {DESK_ZONE_HOOK, "may", "UPDATE voice_session SET state = 'x'"},
    {DESK_ZONE_HOOK, "not", "DELETE FROM text_in"},
    {DESK_ZONE_API, "not", "SELECT id FROM text_in"},
    {DESK_ZONE_HOOK, "not", "INSERT INTO token (id) VALUES ('x')"},
    {DESK_ZONE_HOOK, "not", "UPDATE setting SET value = 'x'"},
    {DESK_ZONE_HOOK, "not", "UPDATE tenant SET profile = 'x'"},
    {DESK_ZONE_HOOK, "not", "UPDATE number SET tenant_id = 'x'"},
    {DESK_ZONE_HOOK, "not", "SELECT id FROM call UNION SELECT password_hash FROM user"},
    {DESK_ZONE_HOOK, "not", "INSERT INTO counter (name) SELECT password_hash FROM user"},
    {DESK_ZONE_HOOK, "not", "SELECT 1 FROM call WHERE EXISTS (SELECT 1 FROM user)"},
    /* REST clients read */
    {DESK_ZONE_API, "may", "SELECT id FROM call"},
    {DESK_ZONE_API, "may", "SELECT id FROM token"},
    {DESK_ZONE_API, "not", "UPDATE outbox SET state = 'x'"},
    {DESK_ZONE_API, "not", "DELETE FROM outbox"},
    {DESK_ZONE_HOOK, "may", "SELECT url FROM webhook"},
    {DESK_ZONE_HOOK, "not", "SELECT secret FROM webhook_secret"},
    {DESK_ZONE_BRIDGE, "not", "SELECT secret FROM webhook_secret"},
    {DESK_ZONE_ADMIN, "not", "SELECT secret FROM webhook_secret"},
    {DESK_ZONE_WORKER, "may", "SELECT secret FROM webhook_secret"},
    {DESK_ZONE_WORKER, "not", "DELETE FROM webhook"},
    {DESK_ZONE_API, "may", "SELECT id FROM web_chat"},
    {DESK_ZONE_API, "not", "UPDATE web_chat SET active = 1"},
    {DESK_ZONE_HOOK, "not", "SELECT id FROM web_chat"},
    {DESK_ZONE_ADMIN, "may", "UPDATE web_chat SET active = 1"},
    {DESK_ZONE_ADMIN, "not", "DELETE FROM web_chat"},
    {DESK_ZONE_WORKER, "may", "INSERT INTO contact (id) VALUES ('x')"},
    {DESK_ZONE_WORKER, "not", "DELETE FROM contact"},
    {DESK_ZONE_API, "may", "SELECT id FROM calendar_feed"},
    {DESK_ZONE_API, "may", "UPDATE appointment SET status = 'x'"},
    {DESK_ZONE_API, "not", "DELETE FROM callback"},
    {DESK_ZONE_API, "may", "UPDATE callback SET state = 'done'"},
    {DESK_ZONE_API, "may", "UPDATE ticket SET state = 'done'"},
    {DESK_ZONE_API, "may", "DELETE FROM api_reply"},
    {DESK_ZONE_API, "not", "UPDATE api_reply SET status = 1"},
    {DESK_ZONE_API, "may", "INSERT INTO audit (id) VALUES ('x')"},
    {DESK_ZONE_API, "not", "DELETE FROM audit"},
    {DESK_ZONE_HOOK, "not", "SELECT id FROM api_reply"},
    {DESK_ZONE_ADMIN, "not", "SELECT id FROM api_reply"},
    {DESK_ZONE_API, "not", "DELETE FROM call"},
    {DESK_ZONE_API, "not", "UPDATE setting SET value = 'x'"},
    /* and hold conversations */
    {DESK_ZONE_API, "may", "INSERT INTO call (id) VALUES ('x')"},
    {DESK_ZONE_API, "may", "UPDATE call SET status = 'x'"},
    {DESK_ZONE_API, "may", "UPDATE voice_session SET state = 'x'"},
    {DESK_ZONE_API, "may", "INSERT INTO outbox (id) VALUES ('x')"},
    {DESK_ZONE_API, "not", "INSERT INTO token (id) VALUES ('x')"},
    {DESK_ZONE_API, "not", "SELECT password_hash FROM user"},
    {DESK_ZONE_API, "not", "SELECT csrf FROM session"},
    /* the owner's pages */
    {DESK_ZONE_ADMIN, "may", "SELECT password_hash FROM user"},
    {DESK_ZONE_ADMIN, "may", "DELETE FROM session"},
    {DESK_ZONE_ADMIN, "may", "UPDATE callback SET state = 'done'"},
    {DESK_ZONE_ADMIN, "may", "INSERT INTO audit (id) VALUES ('x')"},
    {DESK_ZONE_ADMIN, "not", "UPDATE audit SET action = 'x'"},
    {DESK_ZONE_ADMIN, "not", "DELETE FROM audit"},
    {DESK_ZONE_ADMIN, "not", "DELETE FROM call"},
    {DESK_ZONE_ADMIN, "not", "INSERT INTO call (id) VALUES ('x')"},
    {DESK_ZONE_ADMIN, "not", "UPDATE turn SET text = x'00'"},
    {DESK_ZONE_ADMIN, "not", "UPDATE key_check SET proof = x'00'"},
    /* the bridge writes a conversation, and cannot start a call */
    {DESK_ZONE_BRIDGE, "may", "INSERT INTO turn (id) VALUES ('x')"},
    {DESK_ZONE_BRIDGE, "may", "INSERT INTO callback (id) VALUES ('x')"},
    {DESK_ZONE_BRIDGE, "may", "UPDATE call SET stream_end = 'x' WHERE id = 'y' RETURNING id"},
    {DESK_ZONE_BRIDGE, "not", "INSERT INTO call (id) VALUES ('x')"},
    {DESK_ZONE_BRIDGE, "may", "INSERT INTO outbox (id) VALUES ('x')"},
    {DESK_ZONE_BRIDGE, "not", "UPDATE outbox SET state = 'x'"},
    {DESK_ZONE_BRIDGE, "not", "DELETE FROM turn"},
    {DESK_ZONE_BRIDGE, "not", "SELECT id FROM user"},
    {DESK_ZONE_BRIDGE, "not", "SELECT id FROM session"},
    {DESK_ZONE_BRIDGE, "not", "UPDATE tenant SET profile = 'x'"},
    {DESK_ZONE_BRIDGE, "may", "UPDATE pulse SET at = 1"},
    {DESK_ZONE_BRIDGE, "not", "DELETE FROM pulse"},
    {DESK_ZONE_HOOK, "not", "SELECT at FROM pulse"},
    {DESK_ZONE_ADMIN, "may", "SELECT at FROM pulse"},
    {DESK_ZONE_ADMIN, "not", "UPDATE pulse SET at = 1"},
    {DESK_ZONE_WORKER, "may", "DELETE FROM pulse"},
    /* the worker tidies */
    {DESK_ZONE_WORKER, "may", "DELETE FROM session"},
    {DESK_ZONE_WORKER, "may", "DELETE FROM audit WHERE created_at < 1"},
    {DESK_ZONE_WORKER, "not", "UPDATE audit SET who = 'x'"},
    {DESK_ZONE_ADMIN, "not", "UPDATE audit_limit SET before = 1"},
    {DESK_ZONE_WORKER, "may", "UPDATE call SET status = 'x'"},
    {DESK_ZONE_WORKER, "may", "UPDATE outbox SET state = 'x'"},
    {DESK_ZONE_WORKER, "may", "DELETE FROM file_gone"},
    {DESK_ZONE_HOOK, "not", "INSERT INTO file_gone (id) VALUES (1)"},
    {DESK_ZONE_WORKER, "not", "DELETE FROM outbox"},
    {DESK_ZONE_WORKER, "not", "DELETE FROM call"},
    {DESK_ZONE_WORKER, "may", "DELETE FROM session WHERE expires_at <= 1"},
    {DESK_ZONE_WORKER, "not", "SELECT password_hash FROM user"},
    {DESK_ZONE_WORKER, "not", "INSERT INTO token (id) VALUES ('x')"},
    /* a person at the terminal may everything */
    {DESK_ZONE_ADMIN_CLI, "may", "DELETE FROM call"},
    {DESK_ZONE_ADMIN_CLI, "may", "DROP TABLE call"},
};

static bool prepares(struct desk_db *db, const char *sql)
{
    sqlite3_stmt *st = NULL;
    int code = sqlite3_prepare_v2(db->sq, sql, -1, &st, NULL);
    sqlite3_finalize(st);
    if (code != SQLITE_OK && code != SQLITE_AUTH)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db->sq));
    return code == SQLITE_OK;
}

static void zones_may_what_they_need_and_no_more(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    for (size_t i = 0; i < sizeof zone_rows / sizeof *zone_rows; i++) {
        db->zone = desk_zone_rows(zone_rows[i].zone);
        bool may = strcmp(zone_rows[i].may, "may") == 0;
        if (prepares(db, zone_rows[i].sql) != may)
            fail_msg("zone %d %s: %s", (int)zone_rows[i].zone, may ? "cannot" : "can",
                     zone_rows[i].sql);
    }
    desk_db_close(db);
}

/* What a zone is granted works to the end: writing a row also asks for the keys of its parents. */
static const char *broadest_write(struct desk_db *db, const char *table, unsigned right)
{
    char sql[800];
    snprintf(sql, sizeof sql,
             "WITH c (cols, ones, sets) AS (SELECT group_concat(name), group_concat('1'), "
             "group_concat(CASE WHEN pk = 0 AND name NOT LIKE '%%id' THEN name || ' = 1' END) "
             "FROM pragma_table_info('%s')) "
             "SELECT CASE %u WHEN %u THEN 'INSERT INTO %s (' || cols || ') VALUES (' || ones || ')'"
             " WHEN %u THEN 'UPDATE %s SET ' || sets ELSE 'DELETE FROM %s WHERE 1' END FROM c",
             table, right, DESK_CAN_INSERT, table, DESK_CAN_UPDATE, table, table);
    return fx_text(db, sql);
}

static void granted_rights_work_with_foreign_keys(void **state)
{
    (void)state;
    static const unsigned rights[] = {DESK_CAN_INSERT, DESK_CAN_UPDATE, DESK_CAN_DELETE};
    struct desk_db *db = fx_memory();
    for (int z = DESK_ZONE_ADMIN_CLI + 1; z < DESK_ZONE__MAX; z++) {
        const struct desk_zone_row *rows = desk_zone_rows((enum desk_zone)z);
        for (size_t i = 0; rows[i].table; i++)
            for (size_t r = 0; r < sizeof rights / sizeof *rights; r++) {
                if (!(rows[i].can & rights[r]))
                    continue;
                db->zone = NULL;
                const char *sql = broadest_write(db, rows[i].table, rights[r]);
                db->zone = rows;
                if (!prepares(db, sql))
                    fail_msg("zone %d cannot do what it is granted: %s", z, sql);
            }
    }
    desk_db_close(db);
}

static void no_zone_changes_the_schema(void **state)
{
    (void)state;
    static const char *const statements[] = {
        "CREATE TABLE x (id)",
        "DROP TABLE call",
        "ALTER TABLE call ADD COLUMN x",
        "CREATE INDEX x ON call (id)",
        "CREATE TEMP TABLE x (id)",
        "CREATE TRIGGER x AFTER INSERT ON call BEGIN DELETE FROM user; END",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA writable_schema = ON",
        "ATTACH '/tmp/x' AS y",
        "BEGIN",
        "SAVEPOINT x",
        "REINDEX",
        "ANALYZE",
        "UPDATE sqlite_master SET sql = 'x'",
        "SELECT sql FROM sqlite_master",
    };
    struct desk_db *db = fx_memory();
    for (int z = DESK_ZONE_ADMIN_CLI + 1; z < DESK_ZONE__MAX; z++) {
        db->zone = desk_zone_rows((enum desk_zone)z);
        assert_non_null(db->zone);
        for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
            if (sqlite3_exec(db->sq, statements[i], NULL, NULL, NULL) == SQLITE_OK)
                fail_msg("zone %d can: %s", z, statements[i]);
    }
    desk_db_close(db);
}

/* Zone tables name real tables, once each. */
static void zone_rows_name_real_tables(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    char sql[200];
    for (int z = DESK_ZONE_ADMIN_CLI + 1; z < DESK_ZONE__MAX; z++) {
        const struct desk_zone_row *rows = desk_zone_rows((enum desk_zone)z);
        for (size_t i = 0; rows[i].table; i++) {
            snprintf(sql, sizeof sql,
                     "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '%s'",
                     rows[i].table);
            if (fx_int(db, sql) != 1)
                fail_msg("zone %d names %s, which is no table", z, rows[i].table);
            for (size_t k = 0; k < i; k++)
                assert_string_not_equal(rows[i].table, rows[k].table);
        }
    }
    desk_db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_query_prepares),
        TEST(tagged_queries_use_their_index),
        TEST(nothing_that_grows_is_scanned),
        TEST(every_table_has_a_tenant),
        TEST(every_query_names_its_tenant),
        TEST(an_insert_says_what_a_repeat_means),
        TEST(zones_may_what_they_need_and_no_more),
        TEST(granted_rights_work_with_foreign_keys),
        TEST(no_zone_changes_the_schema),
        TEST(zone_rows_name_real_tables),
    };
    return cmocka_run_group_tests_name("sql", tests, NULL, NULL);
}
