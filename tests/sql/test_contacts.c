/* What is remembered of people: sources, merging, and that all that names a contact follows. */
#include "fixture.h"

#include "store/exceptions.h"
#include "store/records.h"

#define ONE "+14155550134"
#define TWO "+14155550177"

static struct desk_db *db;
static struct desk_contact one, two;

static struct desk_contact get(const char *id)
{
    struct desk_contact c;
    OK(desk_contact_get(db, fx_a, "t1", id, &c));
    return c;
}

static unsigned set(const char *id, enum desk_contact_fact f, const char *value, const char *source)
{
    unsigned changed = 0;
    const char *v[DESK_FACT__MAX] = {NULL};
    v[f] = value;
    OK(DESK_TX_BEGIN(db));
    OK(desk_contact_set(db, fx_a, "t1", id, v, source, &changed));
    OK(desk_tx_end(db, DESK_OK));
    return changed;
}

static void open_two(void)
{
    db = fx_memory();
    fx_seed(db);
    OK(DESK_TX_BEGIN(db));
    OK(desk_contact_called(db, fx_a, "t1", ONE, &one));
    OK(desk_contact_called(db, fx_a, "t1", TWO, &two));
    OK(desk_contact_called(db, fx_a, "t1", TWO, &two));
    OK(desk_tx_end(db, DESK_OK));
}

static void a_caller_never_overwrites_the_owner(void **state)
{
    (void)state;
    open_two();
    assert_int_equal(set(one.id, DESK_FACT_NAME, "Dana", DESK_FROM_CALL), 1u << DESK_FACT_NAME);
    assert_string_equal(get(one.id).name, "Dana");
    assert_string_equal(
        desk_contact_source(fx_a, &(struct desk_contact){.name = "x"}, DESK_FACT_NAME),
        DESK_FROM_CALL);
    assert_int_equal(set(one.id, DESK_FACT_NAME, "Dana Reed", DESK_FROM_CALL),
                     1u << DESK_FACT_NAME); /* a caller may correct a caller */
    assert_int_equal(set(one.id, DESK_FACT_NAME, "Mrs. Reed", DESK_FROM_OWNER),
                     1u << DESK_FACT_NAME);
    assert_int_equal(set(one.id, DESK_FACT_NAME, "Eve", DESK_FROM_CALL), 0);
    assert_int_equal(set(one.id, DESK_FACT_NAME, "Eve", DESK_FROM_TEXT), 0);
    struct desk_contact c = get(one.id);
    assert_string_equal(c.name, "Mrs. Reed");
    assert_string_equal(desk_contact_source(fx_a, &c, DESK_FACT_NAME), DESK_FROM_OWNER);
    /* what is the owner's alone */
    assert_int_equal(set(one.id, DESK_FACT_TAGS, "vip", DESK_FROM_CALL), 0);
    assert_int_equal(set(one.id, DESK_FACT_NOTES, "pays nothing", DESK_FROM_CALL), 0);
    assert_int_equal(set(one.id, DESK_FACT_STANDING, "vip", DESK_FROM_CALL), 0);
    /* a caller takes nothing away; the owner does */
    assert_int_equal(set(one.id, DESK_FACT_EMAIL, "d@reed.example", DESK_FROM_CALL),
                     1u << DESK_FACT_EMAIL);
    assert_int_equal(set(one.id, DESK_FACT_EMAIL, "", DESK_FROM_CALL), 0);
    assert_int_equal(set(one.id, DESK_FACT_EMAIL, "", DESK_FROM_OWNER), 1u << DESK_FACT_EMAIL);
    assert_null(get(one.id).email);
    /* the owner confirms what a caller said: from then on it stands */
    assert_int_equal(set(one.id, DESK_FACT_COMPANY, "Reed & Co", DESK_FROM_CALL),
                     1u << DESK_FACT_COMPANY);
    assert_int_equal(set(one.id, DESK_FACT_COMPANY, "Reed & Co", DESK_FROM_IMPORT), 0);
    assert_int_equal(set(one.id, DESK_FACT_COMPANY, "Eve Ltd", DESK_FROM_CALL), 0);
    desk_db_close(db);
}

static void systems_add_up(void **state)
{
    (void)state;
    open_two();
    set(one.id, DESK_FACT_SYSTEMS, "Lutron lighting", DESK_FROM_CALL);
    set(one.id, DESK_FACT_SYSTEMS, "control4, lutron lighting", DESK_FROM_CALL);
    assert_string_equal(get(one.id).systems, "Lutron lighting, control4");
    desk_db_close(db);
}

static void nothing_of_it_is_readable_at_rest(void **state)
{
    (void)state;
    static const char *const columns[] = {"name", "email", "birthday", "systems",
                                          "crm",  "tags",  "notes",    NULL};
    open_two();
    for (size_t i = 0; columns[i]; i++) {
        char sql[200];
        for (int f = 0; f < DESK_FACT__MAX; f++)
            if (strcmp(desk_contact_fact_name((enum desk_contact_fact)f), columns[i]) == 0)
                set(one.id, (enum desk_contact_fact)f, "Zebedee", DESK_FROM_OWNER);
        snprintf(sql, sizeof sql,
                 "SELECT instr(%s, CAST('Zebedee' AS BLOB)) FROM contact WHERE %s "
                 "IS NOT NULL AND id = '%s'",
                 columns[i], columns[i], one.id);
        assert_int_equal(fx_int(db, sql), 0);
    }
    desk_db_close(db);
}

/* ---- merging --------------------------------------------------------------------------------- */

static enum desk_rc merge(const char *keep, const char *gone)
{
    OK(DESK_TX_BEGIN(db));
    return desk_tx_end(db, desk_contact_merge(db, fx_a, "t1", keep, gone));
}

static void hang_all_on(const char *contact)
{
    struct desk_call c = fx_call;
    c.id = "call2";
    c.call_sid = "CA2";
    c.contact_id = contact;
    struct desk_callback cb = {
        .id = "cb1", .tenant_id = "t1", .contact_id = contact, .state = "open", .created_at = NOW};
    struct desk_lead l = {.id = "lead1",
                          .tenant_id = "t1",
                          .contact_id = contact,
                          .who_key = "k",
                          .job = "kitchen",
                          .state = "open",
                          .created_at = NOW,
                          .updated_at = NOW};
    struct desk_ticket t = {.id = "tk1",
                            .tenant_id = "t1",
                            .contact_id = contact,
                            .problem = "dark",
                            .priority = "low",
                            .state = "open",
                            .created_at = NOW,
                            .updated_at = NOW};
    struct desk_vendor_note v = {.id = "vn1",
                                 .tenant_id = "t1",
                                 .contact_id = contact,
                                 .vendor = "Lutron",
                                 .purpose = "order",
                                 .text = "late",
                                 .state = "open",
                                 .created_at = NOW};
    struct desk_turn turn = {.tenant_id = "t1",
                             .call_id = "call2",
                             .item_id = "i",
                             .who = "caller",
                             .how = "speech",
                             .text = "hello",
                             .end_ms = 1};
    OK(DESK_TX_BEGIN(db));
    OK(desk_call_insert(db, &c));
    OK(desk_turn_add(db, &turn));
    OK(desk_callback_insert(db, &cb));
    OK(desk_lead_insert(db, &l));
    OK(desk_ticket_insert(db, &t));
    OK(desk_vendor_note_insert(db, &v));
    OK(desk_exception_put(db, "t1", TWO, "Two", "family"));
    OK(desk_tx_end(db, DESK_OK));
}

static void all_that_names_a_contact_follows(void **state)
{
    (void)state;
    struct desk_exception e;
    open_two();
    hang_all_on(two.id);
    OK(merge(one.id, two.id));
    /* every table of the schema that points at contacts: none is left behind */
    sqlite3_stmt *st = NULL;
    int tables = 0;
    assert_int_equal(
        sqlite3_prepare_v2(
            db->sq,
            "SELECT m.name, f.\"from\" FROM sqlite_master m, pragma_foreign_key_list(m.name) f "
            "WHERE m.type = 'table' AND f.\"table\" = 'contact'",
            -1, &st, NULL),
        SQLITE_OK);
    while (sqlite3_step(st) == SQLITE_ROW) {
        char sql[300];
        const char *t = (const char *)sqlite3_column_text(st, 0);
        const char *c = (const char *)sqlite3_column_text(st, 1);
        snprintf(sql, sizeof sql, "SELECT count(*) FROM \"%s\" WHERE %s = '%s'", t, c, one.id);
        if (fx_int(db, sql) < 1)
            fail_msg("rows of %s.%s do not follow when contacts are merged", t, c);
        tables++;
    }
    sqlite3_finalize(st);
    assert_true(tables >= 5);
    /* the exception stands by number, the turn hangs on its call */
    OK(desk_exception_find(db, fx_a, "t1", TWO, &e));
    assert_int_equal(fx_int(db, "SELECT count(*) FROM turn WHERE call_id = 'call2'"), 1);
    assert_int_equal(fx_int(db, "SELECT count(*) FROM audit WHERE action = 'contact.merge'"), 1);
    desk_db_close(db);
}

static void both_numbers_mean_the_one_who_is_left(void **state)
{
    (void)state;
    struct desk_contact c, *more;
    size_t n;
    open_two();
    set(one.id, DESK_FACT_NAME, "Dana", DESK_FROM_CALL);
    set(one.id, DESK_FACT_NOTES, "gate code is with the neighbour", DESK_FROM_OWNER);
    set(two.id, DESK_FACT_NAME, "Dana Reed", DESK_FROM_OWNER);
    set(two.id, DESK_FACT_COMPANY, "Reed & Co", DESK_FROM_CALL);
    set(two.id, DESK_FACT_STANDING, "vip", DESK_FROM_OWNER);
    set(one.id, DESK_FACT_SYSTEMS, "Lutron", DESK_FROM_OWNER);
    set(two.id, DESK_FACT_SYSTEMS, "lutron, Sonos", DESK_FROM_CALL);
    set(two.id, DESK_FACT_NOTES, "pays late", DESK_FROM_OWNER);
    OK(merge(one.id, two.id));
    OK(desk_contact_by_number(db, fx_a, "t1", TWO, &c));
    assert_string_equal(c.id, one.id);
    assert_string_equal(c.number, ONE);
    assert_string_equal(c.name, "Dana Reed"); /* the owner's word before a caller's */
    assert_string_equal(desk_contact_source(fx_a, &c, DESK_FACT_NAME), DESK_FROM_OWNER);
    assert_string_equal(c.company, "Reed & Co");
    assert_string_equal(desk_contact_source(fx_a, &c, DESK_FACT_COMPANY), DESK_FROM_CALL);
    assert_string_equal(c.systems, "Lutron, Sonos");
    assert_string_equal(c.notes, "gate code is with the neighbour\npays late");
    assert_string_equal(c.standing, "vip");
    assert_int_equal(c.calls, 3);
    assert_string_equal(get(two.id).id, one.id);
    OK(desk_contact_numbers(db, fx_a, "t1", one.id, &more, &n));
    assert_int_equal(n, 1);
    assert_string_equal(more[0].number, TWO);
    assert_null(more[0].name); /* nothing stays behind */
    /* a call of the second number counts for the one */
    OK(DESK_TX_BEGIN(db));
    OK(desk_contact_called(db, fx_a, "t1", TWO, &c));
    OK(desk_tx_end(db, DESK_OK));
    assert_string_equal(c.id, one.id);
    assert_int_equal(get(one.id).calls, 4);
    /* merged again, or with nobody: refused, and nothing changes */
    assert_int_equal(merge(one.id, two.id), DESK_ECONFLICT);
    assert_int_equal(merge(one.id, "nobody"), DESK_ENOTFOUND);
    assert_int_equal(merge("nobody", one.id), DESK_ENOTFOUND);
    assert_int_equal(get(one.id).calls, 4);
    desk_db_close(db);
}

static void a_chain_of_merges_ends_at_the_last(void **state)
{
    (void)state;
    struct desk_contact c, three;
    open_two();
    OK(DESK_TX_BEGIN(db));
    OK(desk_contact_called(db, fx_a, "t1", "+14155550188", &three));
    OK(desk_tx_end(db, DESK_OK));
    OK(merge(two.id, one.id));
    OK(merge(three.id, two.id));
    OK(desk_contact_by_number(db, fx_a, "t1", ONE, &c));
    assert_string_equal(c.id, three.id);
    assert_int_equal(c.calls, 4);
    desk_db_close(db);
}

static void the_list_is_paged_without_the_merged(void **state)
{
    (void)state;
    struct desk_contact *rows, last;
    size_t n, seen = 0;
    int64_t at = INT64_MAX;
    const char *id = "";
    open_two();
    OK(desk_contact_page(db, fx_a, "t1", INT64_MAX, "", 50, &rows, &n));
    size_t all = n;
    OK(merge(one.id, two.id));
    do {
        OK(desk_contact_page(db, fx_a, "t1", at, id, 1, &rows, &n));
        seen += n;
        if (n) {
            last = rows[0];
            at = last.last_at;
            id = last.id;
        }
    } while (n);
    assert_int_equal(seen, all - 1);
    OK(desk_contact_page(db, fx_a, "t2", INT64_MAX, "", 50, &rows, &n));
    assert_int_equal(n, 0);
    desk_db_close(db);
}

static void tickets_count_by_business(void **state)
{
    (void)state;
    struct desk_ticket t = {.id = "a",
                            .tenant_id = "t1",
                            .problem = "x",
                            .priority = "low",
                            .state = "open",
                            .created_at = NOW,
                            .updated_at = NOW};
    db = fx_memory();
    fx_seed(db);
    OK(DESK_TX_BEGIN(db));
    OK(desk_ticket_insert(db, &t));
    assert_int_equal(t.n, 1);
    t.id = "b";
    OK(desk_ticket_insert(db, &t));
    assert_int_equal(t.n, 2);
    t.id = "c";
    t.tenant_id = "t2";
    OK(desk_ticket_insert(db, &t));
    assert_int_equal(t.n, 1);
    OK(desk_tx_end(db, DESK_OK));
    desk_db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_caller_never_overwrites_the_owner),   TEST(systems_add_up),
        TEST(nothing_of_it_is_readable_at_rest),     TEST(all_that_names_a_contact_follows),
        TEST(both_numbers_mean_the_one_who_is_left), TEST(a_chain_of_merges_ends_at_the_last),
        TEST(the_list_is_paged_without_the_merged),  TEST(tickets_count_by_business),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
