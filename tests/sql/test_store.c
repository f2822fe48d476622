/* The store: rows in, structs out, sealed at rest, and the rules that must hold when things come
 * twice, late or at once. */
#include "fixture.h"

#include "store/key_check.h"
#include "store/latency.h"
#include "store/settings.h"

#include <pthread.h>
#include <sys/stat.h>

/* ---- field tables ---------------------------------------------------------------------------- */

#define MAX_TABLES 128

static bool is_sealed(const struct desk_field *f)
{
    return (f->flags & (DESK_F_PII | DESK_F_SECRET)) != 0;
}

/* Every field table that a query uses, once. */
static size_t field_tables(const struct desk_fields *out[MAX_TABLES])
{
    size_t n = 0;
    for (unsigned q = 0; q < DESK_Q__MAX; q++) {
        size_t i = 0;
        while (i < n && out[i] != desk_queries[q].fields)
            i++;
        if (i == n && desk_queries[q].fields && n < MAX_TABLES)
            out[n++] = desk_queries[q].fields;
    }
    assert_true(n < MAX_TABLES);
    for (size_t i = 0; i < n; i++) /* last what is of a session, a row that comes late */
        if (strcmp(out[i]->table, "live_ticket") == 0) {
            const struct desk_fields *f = out[i];
            memmove(out + i, out + i + 1, (n - i - 1) * sizeof *out);
            out[n - 1] = f;
            break;
        }
    return n;
}

/* Is it the table of a whole SQL table, or of a view made by a join (all columns EXTRA)? */
static bool stored(const struct desk_fields *f)
{
    for (size_t i = 0; i < f->n; i++)
        if (!(f->v[i].flags & DESK_F_EXTRA))
            return true;
    return false;
}

static const char *column_type(struct desk_db *db, const char *table, const char *column)
{
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT type FROM pragma_table_info('%s') WHERE name = '%s'", table,
             column);
    return fx_text(db, sql);
}

static const char *wanted_type(const struct desk_field *f)
{
    if (f->kind != DESK_K_TEXT)
        return "INTEGER";
    return is_sealed(f) ? "BLOB" : "TEXT";
}

static void field_tables_match_their_tables(void **state)
{
    (void)state;
    const struct desk_fields *tables[MAX_TABLES];
    struct desk_db *db = fx_memory();
    size_t n = field_tables(tables);
    assert_true(n >= 13);
    for (size_t t = 0; t < n; t++) {
        const struct desk_fields *f = tables[t];
        char sql[200];
        int columns = 0;
        for (size_t i = 0; i < f->n; i++) {
            if (f->v[i].flags & DESK_F_EXTRA)
                continue;
            columns++;
            const char *type = column_type(db, f->table, f->v[i].column);
            if (!type || strcmp(type, wanted_type(&f->v[i])) != 0)
                fail_msg("%s.%s is %s, the field table wants %s", f->table, f->v[i].column,
                         type ? type : "missing", wanted_type(&f->v[i]));
        }
        snprintf(sql, sizeof sql, "SELECT count(*) FROM pragma_table_info('%s')", f->table);
        if (stored(f) && fx_int(db, sql) != columns)
            fail_msg("%s has %d columns, its field table %d", f->table, fx_int(db, sql), columns);
    }
    desk_db_close(db);
}

static size_t kind_size(enum desk_kind kind)
{
    return kind == DESK_K_TEXT   ? sizeof(char *)
           : kind == DESK_K_BOOL ? sizeof(bool)
                                 : sizeof(int64_t);
}

/* Offsets lie in the struct and no two members share bytes; names are unique. */
static void field_tables_are_sound(void **state)
{
    (void)state;
    const struct desk_fields *tables[MAX_TABLES];
    size_t n = field_tables(tables);
    for (size_t t = 0; t < n; t++) {
        const struct desk_fields *f = tables[t];
        for (size_t i = 0; i < f->n; i++) {
            const struct desk_field *a = &f->v[i];
            assert_true(a->offset + kind_size(a->kind) <= f->size);
            assert_true(a->view[0] >= 'A' && a->view[0] <= 'Z');
            if (is_sealed(a))
                assert_int_equal(a->kind, DESK_K_TEXT);
            for (size_t k = 0; k < i; k++) {
                const struct desk_field *b = &f->v[k];
                assert_string_not_equal(a->column, b->column);
                assert_string_not_equal(a->view, b->view);
                assert_true(a->offset + kind_size(a->kind) <= b->offset ||
                            b->offset + kind_size(b->kind) <= a->offset);
            }
        }
    }
}

/* ---- a filled row of any struct -------------------------------------------------------------- */

/* Columns that other rules hold to certain values; anything else gets "plain-<column>". */
static const struct {
    const char *column, *value;
    const char *table; /* NULL = any */
} special[] = {
    {"kind", "emergency", "alert"},
    {"kind", "say", "live_order"},
    {"state", "waiting", "live_order"},
    {"id", "se1", "session"},
    {"session_id", "se1", NULL},
    {"kind", "daily", "digest"},
    {"kind", "appointment", "callback"},
    {"answered_by", "human", "out_call"},
    {"answer", "coming", "appointment"},
    {"answer_by", "text", "appointment"},
    {"state", "waiting", "telegram_update"},
    {"severity", "P1", NULL},
    {"kind", "own", "recording"},
    {"kind", "picture", "file_gone"},
    {"kind", "owner", "google_grant"},
    {"state", "ok", "google_grant"},
    {"kind", "google", "calendar_source"},
    {"id", "cal1", "calendar_source"},
    {"source_id", "cal1", NULL},
    {"id", "ap1", "appointment"},
    {"id", "ap1", "calendar_event"},
    {"state", "there", "calendar_event"},
    {"state", "ready", "recording"},
    {"consent", "spoken", "recording"},
    {"role", "staff", NULL},
    {"status", "booked", "appointment"},
    {"tenant_id", "t1", NULL},
    {"location_id", "l1", NULL},
    {"contact_id", "c1", NULL},
    {"call_id", "call1", NULL},
    {"id", "wh1", "webhook"},
    {"webhook_id", "wh1", NULL},
    {"user_id", "u1", NULL},
    {"id", "job1", "job"},
    {"job_id", "job1", NULL},
    {"state", "waiting", "job"},
    {"part", "in", "job_piece"},
    {"who", "desk", NULL},
    {"state", "ACTIVE", "voice_session"},
    {"state", "waiting", "text_in"},
    {"id", "text1", "text_in"},
    {"text_id", "text1", NULL},
    {"state", "ready", "picture"},
    {"about_call_id", "call1", NULL},
    {"lead_id", "lead1", NULL},
    {"id", "lead1", "lead"},
    {"callback_id", "back1", NULL},
    {"id", "back1", "callback"},
    {"state", "open", NULL},
    {"day", "2026-11-01", NULL},
};

static const char *text_for(const struct desk_fields *t, const struct desk_field *f)
{
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if (strcmp(special[i].column, f->column) == 0 &&
            (!special[i].table || strcmp(special[i].table, t->table) == 0))
            return special[i].value;
    return desk_arena_fmt(fx_a, "plain-%s-%s caf\xc3\xa9", t->table, f->column);
}

static void *filled(const struct desk_fields *t)
{
    char *row = desk_arena_alloc(fx_a, t->size);
    assert_non_null(row);
    for (size_t i = 0; i < t->n; i++) {
        const struct desk_field *f = &t->v[i];
        if (f->flags & DESK_F_EXTRA)
            continue;
        if (f->kind == DESK_K_TEXT)
            *(const char **)(void *)(row + f->offset) = text_for(t, f);
        else if (f->kind == DESK_K_BOOL)
            *(bool *)(row + f->offset) = true;
        else
            *(int64_t *)(void *)(row + f->offset) = NOW + (int64_t)i;
    }
    return row;
}

static void assert_same(const struct desk_fields *t, const char *want, const char *got)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct desk_field *f = &t->v[i];
        if (f->kind == DESK_K_TEXT) {
            const char *w = *(const char *const *)(const void *)(want + f->offset);
            const char *g = *(const char *const *)(const void *)(got + f->offset);
            if ((w == NULL) != (g == NULL) || (w && strcmp(w, g) != 0))
                fail_msg("%s.%s: \"%s\" came back as \"%s\"", t->table, f->column, w ? w : "NULL",
                         g ? g : "NULL");
        } else if (memcmp(want + f->offset, got + f->offset, kind_size(f->kind)) != 0) {
            fail_msg("%s.%s changed on the way", t->table, f->column);
        }
    }
}

/* A second connection to the folder's file with queries of our own. */
static struct desk_db *open_with(const struct desk_query *queries, size_t n)
{
    struct desk_db *db = NULL;
    char path[DESK_PATH_LEN];
    struct desk_db_options opt = {.path = desk_path_db(path),
                                  .queries = queries,
                                  .n_queries = n,
                                  .key = desk_store_the_key(),
                                  .busy_ms = 50};
    OK(desk_db_open(&db, &opt));
    return db;
}

/* One row of each stored struct into the file, and out again. */
static void write_and_read_all(void)
{
    const struct desk_fields *tables[MAX_TABLES];
    size_t n = field_tables(tables);
    for (size_t t = 0; t < n; t++) {
        const struct desk_fields *f = tables[t];
        const char *first = f->v[0].column;
        if (!stored(f))
            continue;
        struct desk_query q[2] = {
            {"ins", f, NULL,
             desk_arena_fmt(fx_a, "INSERT INTO %s ({columns}) VALUES ({values})", f->table)},
            {"sel", f, NULL,
             desk_arena_fmt(fx_a, "SELECT {columns} FROM %s WHERE %s = $1", f->table, first)},
        };
        struct desk_db *db = open_with(q, 2);
        char *row = filled(f), *back = desk_arena_alloc(fx_a, f->size);
        OK(DESK_TX_BEGIN(db));
        enum desk_rc rc = desk_db_insert(db, 0, row);
        if (rc)
            fail_msg("%s: insert gives %s: %s", f->table, desk_rc_name(rc), sqlite3_errmsg(db->sq));
        OK(desk_tx_end(db, DESK_OK));
        const char *key = *(const char *const *)(void *)row;
        OK(desk_db_row(db, 1, DESK_ARGS(DESK_T(key)), f, fx_a, back));
        assert_same(f, row, back);
        desk_db_close(db);
    }
}

static void every_struct_comes_back_as_it_went_in(void **state)
{
    (void)state;
    struct desk_db *db = fx_file();
    fx_seed(db);
    write_and_read_all();
    desk_db_close(db);
}

static void empty_and_missing_are_two_things(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_contact c = {.id = "c9",
                             .tenant_id = "t1",
                             .number = "",
                             .number_key = "k9",
                             .name = "",
                             .first_at = NOW},
                        got;
    fx_seed(db);
    c.last_at = NOW;
    OK(DESK_TX_BEGIN(db));
    OK(desk_db_insert(db, DESK_Q_CONTACT_INSERT, &c));
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_contact_get(db, fx_a, "t1", "c9", &got));
    assert_string_equal(got.number, "");
    assert_string_equal(got.name, "");
    assert_null(got.company);
    assert_int_equal(fx_int(db, "SELECT company IS NULL FROM contact WHERE id = 'c9'"), 1);
    desk_db_close(db);
}

/* ---- sealing --------------------------------------------------------------------------------- */

static char *raw_file(size_t *n)
{
    char path[DESK_PATH_LEN];
    FILE *f = fopen(desk_path_db(path), "r");
    char *p = desk_arena_alloc(fx_a, 4 << 20);
    assert_non_null(f);
    *n = fread(p, 1, 4 << 20, f);
    fclose(f);
    return p;
}

static void sealed_columns_cannot_be_read_in_the_file(void **state)
{
    (void)state;
    const struct desk_fields *tables[MAX_TABLES];
    struct desk_db *db = fx_file();
    fx_seed(db);
    write_and_read_all();
    fx_sql(db, "PRAGMA wal_checkpoint(TRUNCATE)");
    desk_db_close(db);
    size_t len, n = field_tables(tables), sealed = 0;
    char *raw = raw_file(&len);
    for (size_t t = 0; t < n; t++)
        for (size_t i = 0; i < tables[t]->n && stored(tables[t]); i++) {
            const struct desk_field *f = &tables[t]->v[i];
            const char *text = text_for(tables[t], f);
            if (f->kind != DESK_K_TEXT || (f->flags & DESK_F_EXTRA) || !strstr(text, "plain-"))
                continue;
            bool there = memmem(raw, len, text, strlen(text)) != NULL;
            if (there == is_sealed(f))
                fail_msg("%s.%s %s in the file", tables[t]->table, f->column,
                         there ? "is readable" : "should be readable, so this test sees nothing");
            sealed += is_sealed(f);
        }
    assert_true(sealed >= 20);
    assert_null(memmem(raw, len, "4155550134", 10)); /* nor the number of the seeded caller */
    assert_null(memmem(raw, len, "Hopper", 6));
}

static void a_sealed_value_is_bound_to_its_place(void **state)
{
    (void)state;
    static const char *const moves[] = {
        "UPDATE contact SET company = name WHERE id = 'c1'",
        "UPDATE contact SET name = (SELECT name FROM contact WHERE id = 'c2') WHERE id = 'c1'",
        "UPDATE contact SET name = (SELECT owner_phone FROM location) WHERE id = 'c1'",
        "UPDATE contact SET name = substr(name, 1, length(name) - 1) WHERE id = 'c1'",
        "UPDATE contact SET name = x'01' WHERE id = 'c1'",
        "UPDATE contact SET name = x'' WHERE id = 'c1'",
        "UPDATE contact SET name = CAST(x'02' || substr(name, 2) AS BLOB) WHERE id = 'c1'",
        "UPDATE contact SET id = 'c3' WHERE id = 'c2'",
    };
    struct desk_contact other = {.id = "c2",
                                 .tenant_id = "t1",
                                 .number = "+14155550135",
                                 .number_key = "k2",
                                 .name = "Alan Turing",
                                 .first_at = NOW,
                                 .last_at = NOW},
                        got;
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        struct desk_db *db = fx_memory();
        fx_seed(db);
        OK(DESK_TX_BEGIN(db));
        OK(desk_db_insert(db, DESK_Q_CONTACT_INSERT, &other));
        OK(desk_tx_end(db, DESK_OK));
        OK(desk_contact_get(db, fx_a, "t1", "c1", &got));
        assert_string_equal(got.name, "Grace Hopper");
        fx_sql(db, moves[i]);
        enum desk_rc rc = desk_contact_get(db, fx_a, "t1", i == 7 ? "c3" : "c1", &got);
        if (rc != DESK_EINTERNAL)
            fail_msg("%s: read gives %s", moves[i], desk_rc_name(rc));
        desk_db_close(db);
    }
}

static void the_same_text_never_seals_alike(void **state)
{
    (void)state;
    size_t a_len, b_len;
    struct desk_key k;
    OK(desk_key_init(&k, KEY_A));
    unsigned char *a = desk_seal(&k, fx_a, "t", "c", "1", "same", &a_len);
    unsigned char *b = desk_seal(&k, fx_a, "t", "c", "1", "same", &b_len);
    assert_int_equal(a_len, 4 + DESK_SEAL_EXTRA);
    assert_memory_not_equal(a, b, a_len);
}

static void keys_are_64_hex_digits(void **state)
{
    (void)state;
    struct desk_key a, b;
    char text[80];
    OK(desk_key_init(&a, KEY_A));
    OK(desk_key_init(&b, KEY_B));
    assert_memory_not_equal(a.seal, b.seal, DESK_KEY_BYTES);
    assert_memory_not_equal(a.seal, a.blind, DESK_KEY_BYTES);
    assert_int_equal(desk_key_init(&a, ""), DESK_EINVAL);
    assert_int_equal(desk_key_init(&a, KEY_A "0"), DESK_EINVAL);
    snprintf(text, sizeof text, "%s", KEY_A);
    text[10] = 'g';
    assert_int_equal(desk_key_init(&a, text), DESK_EINVAL);
    text[63] = '\0';
    assert_int_equal(desk_key_init(&a, text), DESK_EINVAL);
}

static void the_key_file_is_made_once_and_private(void **state)
{
    (void)state;
    char path[DESK_PATH_LEN], why[300];
    struct desk_key a, b;
    desk_setting_override(DESK_S_FRONTDESK_DATA_KEY, "");
    assert_int_equal(desk_store_key(false, why, sizeof why), DESK_ENOTFOUND);
    assert_non_null(strstr(why, "data.key"));
    OK(desk_key_load(&a, desk_path_key(path), true));
    OK(desk_key_load(&b, path, true));
    assert_memory_equal(&a, &b, sizeof a);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    FILE *f = fopen(path, "w");
    fputs("not a key\n", f);
    fclose(f);
    assert_int_equal(desk_store_key(false, why, sizeof why), DESK_EINVAL);
    assert_non_null(strstr(why, "64 hex digits"));
    assert_null(strstr(why, "not a key"));
}

static void a_wrong_key_is_noticed(void **state)
{
    (void)state;
    struct desk_db *db = fx_file();
    char why[200];
    OK(desk_store_key_check(db));
    desk_db_close(db);
    desk_setting_override(DESK_S_FRONTDESK_DATA_KEY, KEY_B);
    OK(desk_store_key(false, why, sizeof why));
    assert_int_equal(desk_store_create(&db), DESK_EAUTH);
    assert_null(db);
    OK(desk_store_open(&db, DESK_ZONE_ADMIN_CLI, 0));
    assert_int_equal(desk_store_key_check(db), DESK_EAUTH);
    fx_sql(db, "DELETE FROM key_check");
    assert_int_equal(desk_store_key_check(db), DESK_ENOTFOUND);
    desk_db_close(db);
}

static void a_number_is_found_without_being_readable(void **state)
{
    (void)state;
    struct desk_key a, b;
    char x[DESK_BLIND_LEN], y[DESK_BLIND_LEN];
    OK(desk_key_init(&a, KEY_A));
    OK(desk_key_init(&b, KEY_B));
    desk_blind(&a, "t1", "+14155550134", x);
    desk_blind(&a, "t1", "+14155550134", y);
    assert_string_equal(x, y);
    assert_int_equal(strlen(x), 32);
    desk_blind(&a, "t2", "+14155550134", y); /* not comparable across tenants, … */
    assert_string_not_equal(x, y);
    desk_blind(&b, "t1", "+14155550134", y); /* … keys, … */
    assert_string_not_equal(x, y);
    desk_blind(&a, "t1+1", "4155550134", y); /* … or by moving the border */
    assert_string_not_equal(x, y);

    struct desk_db *db = fx_memory();
    struct desk_contact c;
    fx_seed(db);
    assert_int_equal(desk_contact_by_number(db, fx_a, "t1", "+14155550177", &c), DESK_ENOTFOUND);
    OK(DESK_TX_BEGIN(db));
    OK(desk_contact_called(db, fx_a, "t1", "+14155550177", &c));
    assert_int_equal(c.calls, 0); /* as before this call */
    OK(desk_contact_called(db, fx_a, "t1", "+14155550177", &c));
    assert_int_equal(c.calls, 1);
    OK(desk_contact_learn(db, "t1", c.id, "Ada", NULL, "ada@example.com"));
    OK(desk_contact_learn(db, "t1", c.id, NULL, "Engines", NULL));
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_contact_by_number(db, fx_a, "t1", "+14155550177", &c));
    assert_int_equal(c.calls, 2);
    assert_string_equal(c.number, "+14155550177");
    assert_string_equal(c.name, "Ada");
    assert_string_equal(c.company, "Engines");
    assert_string_equal(c.email, "ada@example.com");
    assert_int_equal(desk_contact_by_number(db, fx_a, "t2", "+14155550177", &c), DESK_ENOTFOUND);
    desk_db_close(db);
}

/* ---- calls ----------------------------------------------------------------------------------- */

static void a_call_is_inserted_once(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_call again = fx_call, got;
    fx_seed(db);
    again.id = "call_other";
    again.status = "ringing";
    OK(DESK_TX_BEGIN(db));
    assert_int_equal(desk_call_insert(db, &again), DESK_ECONFLICT);
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_call_by_sid(db, fx_a, "CA1", &got));
    assert_string_equal(got.id, "call1");
    assert_string_equal(got.status, "queued");
    assert_string_equal(got.from_number, "+14155550134");
    assert_int_equal(fx_int(db, "SELECT count(*) FROM call"), 1);
    desk_db_close(db);
}

static void a_mistaken_row_is_no_repeat(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    fx_seed(db);
    struct desk_call orphan = fx_call;
    struct desk_turn turn = {.tenant_id = "t1",
                             .call_id = "nowhere",
                             .item_id = "i",
                             .who = DESK_WHO_DESK,
                             .how = "speech",
                             .text = "Hello"};
    orphan.id = "call2", orphan.call_sid = "CA2", orphan.tenant_id = "nobody";
    OK(DESK_TX_BEGIN(db));
    assert_int_equal(desk_call_insert(db, &orphan), DESK_EINVAL);
    assert_int_equal(desk_turn_add(db, &turn), DESK_EINVAL); /* no such call */
    turn.call_id = "call1";
    turn.who = "ghost";
    assert_int_equal(desk_turn_add(db, &turn), DESK_EINVAL);
    turn.who = DESK_WHO_CALLER;
    turn.text = NULL;
    assert_int_equal(desk_turn_add(db, &turn), DESK_EINVAL);
    assert_int_equal(desk_event_add(db, "t1", "nowhere", NOW, "note", "x", NULL, NULL),
                     DESK_EINVAL);
    OK(desk_tx_end(db, DESK_OK));
    assert_int_equal(fx_int(db, "SELECT count(*) FROM turn"), 0);
    desk_db_close(db);
}

static const char *const words[] = {"initiated", "ringing", "in-progress", "completed"};
#define WORDS (int)(sizeof words / sizeof *words)

static void play(struct desk_db *db, const int *order, int n)
{
    struct desk_call c;
    int top = 10;
    fx_sql(db, "UPDATE call SET status = 'queued', status_rank = 10, ended_at = NULL, "
               "duration_ms = NULL, outcome = NULL");
    for (int i = 0; i < n; i++) {
        const char *status = words[order[i]];
        int rank = desk_call_rank(status);
        OK(desk_call_by_sid(db, fx_a, "CA1", &c));
        OK(DESK_TX_BEGIN(db));
        enum desk_rc rc = desk_call_status(db, &c, status, false);
        OK(desk_tx_end(db, DESK_OK));
        assert_int_equal(rc, rank > top ? DESK_OK : DESK_DONE);
        top = rank > top ? rank : top;
        OK(desk_call_by_sid(db, fx_a, "CA1", &c));
        assert_int_equal(c.status_rank, top);
        assert_int_equal(desk_call_rank(c.status), top);
        assert_int_equal(c.ended_at != 0, top >= DESK_RANK_FINAL);
        assert_int_equal(c.outcome != NULL, top >= DESK_RANK_FINAL);
    }
    assert_string_equal(c.status, "completed");
    assert_string_equal(c.outcome, DESK_OUT_HUNG_UP);
}

static void permute(struct desk_db *db, int *order, int k, int *count)
{
    if (k == WORDS) {
        int twice[2 * WORDS]; /* and every word comes a second time */
        memcpy(twice, order, sizeof twice / 2);
        memcpy(twice + WORDS, order, sizeof twice / 2);
        play(db, twice, 2 * WORDS);
        (*count)++;
        return;
    }
    for (int i = k; i < WORDS; i++) {
        int t = order[k];
        order[k] = order[i], order[i] = t;
        permute(db, order, k + 1, count);
        t = order[k];
        order[k] = order[i], order[i] = t;
    }
}

static void status_never_goes_back(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    int order[WORDS] = {0, 1, 2, 3}, count = 0;
    struct desk_call c;
    fx_seed(db);
    permute(db, order, 0, &count);
    assert_int_equal(count, 24);
    OK(desk_call_by_sid(db, fx_a, "CA1", &c));
    OK(DESK_TX_BEGIN(db));
    assert_int_equal(desk_call_status(db, &c, "no-such-word", false), DESK_DONE);
    assert_int_equal(desk_call_status(db, &c, "failed", false), DESK_DONE); /* it has ended */
    OK(desk_tx_end(db, DESK_OK));
    assert_int_equal(desk_call_rank(NULL), 0);
    desk_db_close(db);
}

static void a_final_status_ends_the_call_once(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_call c;
    fx_seed(db);
    OK(desk_call_by_sid(db, fx_a, "CA1", &c));
    desk_clock_fake(NOW + 61000);
    OK(DESK_TX_BEGIN(db));
    OK(desk_call_outcome(db, "t1", "call1", DESK_OUT_CALLBACK, false));
    OK(desk_call_status(db, &c, "completed", true));
    OK(desk_tx_end(db, DESK_OK));
    desk_clock_fake(NOW + 90000);
    OK(DESK_TX_BEGIN(db));
    assert_int_equal(desk_call_status(db, &c, "completed", true), DESK_DONE);
    OK(desk_call_outcome(db, "t1", "call1", DESK_OUT_ANSWERED, false)); /* not the first: nothing */
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_call_by_sid(db, fx_a, "CA1", &c));
    assert_int_equal(c.ended_at, NOW + 61000);
    assert_int_equal(c.duration_ms, 61000);
    assert_string_equal(c.outcome, DESK_OUT_CALLBACK);
    OK(DESK_TX_BEGIN(db));
    OK(desk_call_outcome(db, "t1", "call1", DESK_OUT_MESSAGE, true)); /* forced: a better fact */
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_call_by_sid(db, fx_a, "CA1", &c));
    assert_string_equal(c.outcome, DESK_OUT_MESSAGE);
    desk_db_close(db);
}

static enum desk_rc claim(struct desk_db *db, const char *token, const char *sid)
{
    struct desk_call c;
    OK(DESK_TX_BEGIN(db));
    enum desk_rc rc = desk_call_claim_stream(db, fx_a, token, sid, &c);
    if (!rc)
        assert_string_equal(c.id, "call1");
    OK(desk_tx_end(db, DESK_OK));
    return rc;
}

static void make_token(struct desk_db *db, char token[44])
{
    OK(DESK_TX_BEGIN(db));
    OK(desk_call_stream_token(db, &fx_call, token));
    OK(desk_tx_end(db, DESK_OK));
}

static void a_stream_token_works_once(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    char token[44], later[44];
    fx_seed(db);
    db->zone = desk_zone_rows(DESK_ZONE_BRIDGE); /* with the rights of the one who claims it */
    make_token(db, token);
    assert_int_equal(claim(db, "no-such-token", "CA1"), DESK_EAUTH);
    assert_int_equal(claim(db, token, "CA2"), DESK_EAUTH); /* another call's SID */
    make_token(db, later);                                 /* a new one replaces an unused one */
    assert_int_equal(claim(db, token, "CA1"), DESK_EAUTH);
    assert_int_equal(claim(db, later, "CA1"), DESK_OK);
    assert_int_equal(claim(db, later, "CA1"), DESK_EAUTH);
    make_token(db, token); /* once streamed, never again */
    assert_int_equal(claim(db, token, "CA1"), DESK_EAUTH);
    assert_null(strstr(fx_text(db, "SELECT stream_token FROM call"), later));
    desk_db_close(db);
}

static void a_stream_token_expires(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    char token[44];
    fx_seed(db);
    make_token(db, token);
    desk_clock_fake(NOW + 60001);
    assert_int_equal(claim(db, token, "CA1"), DESK_EAUTH);
    desk_clock_fake(NOW + 60000);
    assert_int_equal(claim(db, token, "CA1"), DESK_OK);
    desk_db_close(db);
}

static void a_stream_token_dies_with_the_call(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    char token[44];
    fx_seed(db);
    make_token(db, token);
    OK(DESK_TX_BEGIN(db));
    OK(desk_call_status(db, &fx_call, "completed", false));
    OK(desk_tx_end(db, DESK_OK));
    assert_int_equal(claim(db, token, "CA1"), DESK_EAUTH);
    desk_db_close(db);
}

static void a_stream_ends_once(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_call c;
    struct desk_call_stream_end goodbye = {"goodbye", DESK_NEXT_HANGUP, "engine", 420, NULL};
    struct desk_call_stream_end lost = {"model_lost", DESK_NEXT_GATHER, NULL, 0, "failed"};
    fx_seed(db);
    OK(DESK_TX_BEGIN(db));
    OK(desk_call_transfer(db, "t1", "call1", "+14155550199", "asked for Ann", true));
    OK(desk_call_stream_end(db, "t1", "call1", &goodbye));
    OK(desk_call_stream_end(db, "t1", "call1", &lost));
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_call_get(db, fx_a, "t1", "call1", &c));
    assert_string_equal(c.stream_end, "goodbye");
    assert_string_equal(c.next_step, DESK_NEXT_TRANSFER); /* what was decided before stays */
    assert_string_equal(c.transfer_to, "+14155550199");
    assert_string_equal(c.transfer_reason, "asked for Ann");
    assert_int_equal(c.first_audio_ms, 420);
    assert_true(c.urgent);
    OK(DESK_TX_BEGIN(db));
    OK(desk_call_transfer(db, "t1", "call1", "+14155550199", "again", false));
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_call_get(db, fx_a, "t1", "call1", &c));
    assert_true(c.urgent); /* once urgent, always */
    assert_int_equal(desk_call_get(db, fx_a, "t2", "call1", &c), DESK_ENOTFOUND);
    desk_db_close(db);
}

/* The caller had more to say: end_call is undone, and only that. */
static void leaving_is_taken_back(void **state)
{
    struct desk_db *db = fx_memory();
    struct desk_call c;
    struct desk_tool_run *runs;
    size_t n;
    struct desk_tool_run end = {.id = "run1",
                                .tenant_id = "t1",
                                .call_id = "call1",
                                .dedupe = "end_call:k",
                                .tool = "end_call",
                                .args = "{}",
                                .created_at = NOW};
    struct desk_tool_run log = end;
    struct desk_call_stream_end left = {"caller_left", NULL, NULL, 1, "hung_up"};
    log.id = "run2";
    log.tool = log.dedupe = "log_caller_info";
    fx_seed(db);
    OK(DESK_TX_BEGIN(db));
    OK(desk_tool_run_add(db, &log));
    OK(desk_tool_run_done(db, &log, "{}", true, 1));
    for (int i = 0; i < 2; i++) { /* a second end_call is as the first */
        OK(desk_tool_run_add(db, &end));
        OK(desk_tool_run_done(db, &end, "{}", true, 1));
        OK(desk_call_next(db, "t1", "call1", DESK_NEXT_HANGUP));
        OK(desk_call_outcome(db, "t1", "call1", i ? DESK_OUT_CALLBACK : DESK_OUT_ANSWERED, i));
        OK(desk_call_leave_undo(db, "t2", "call1"));
        OK(desk_tool_run_list(db, fx_a, "t1", "call1", &runs, &n));
        assert_int_equal(n, 2); /* not another business's to undo */
        OK(desk_call_leave_undo(db, "t1", "call1"));
        OK(desk_call_get(db, fx_a, "t1", "call1", &c));
        assert_null(c.next_step);
        if (i)
            assert_string_equal(c.outcome, DESK_OUT_CALLBACK); /* a promise stays one */
        else
            assert_null(c.outcome);
        OK(desk_tool_run_list(db, fx_a, "t1", "call1", &runs, &n));
        assert_int_equal(n, 1);
        assert_string_equal(runs[0].tool, "log_caller_info");
    }
    OK(desk_call_transfer(db, "t1", "call1", "+14155550199", "x", false));
    OK(desk_call_leave_undo(db, "t1", "call1")); /* a transfer is not taken back */
    OK(desk_call_get(db, fx_a, "t1", "call1", &c));
    assert_string_equal(c.next_step, DESK_NEXT_TRANSFER);
    OK(desk_call_next(db, "t1", "call1", DESK_NEXT_HANGUP));
    OK(desk_call_stream_end(db, "t1", "call1", &left));
    OK(desk_call_leave_undo(db, "t1", "call1")); /* nor is an end */
    OK(desk_call_get(db, fx_a, "t1", "call1", &c));
    assert_string_equal(c.next_step, DESK_NEXT_HANGUP);
    assert_string_equal(c.outcome, DESK_OUT_CALLBACK); /* the end's own is only for want of one */
    OK(desk_tx_end(db, DESK_OK));
    desk_db_close(db);
    (void)state;
}

static void calls_page_without_gaps_or_repeats(void **state)
{
    (void)state;
    enum { N = 23, PAGE = 5 };
    struct desk_db *db = fx_memory();
    const struct desk_call_filter all_calls = {0};
    struct desk_call *rows, c = fx_call, other;
    char id[16], sid[16];
    size_t n, seen = 0;
    fx_seed(db);
    fx_sql(db, "DELETE FROM call");
    OK(DESK_TX_BEGIN(db));
    for (int i = 0; i < N; i++) { /* several calls share a millisecond */
        snprintf(id, sizeof id, "call%02d", i);
        snprintf(sid, sizeof sid, "CA%02d", i);
        c.id = id, c.call_sid = sid, c.started_at = NOW + i / 4;
        OK(desk_call_insert(db, &c));
    }
    other = c;
    other.id = "elsewhere", other.call_sid = "CA99", other.tenant_id = "t2";
    OK(desk_call_insert(db, &other));
    OK(desk_tx_end(db, DESK_OK));
    int64_t ms = INT64_MAX;
    const char *after = "";
    char all[N * 8] = "";
    do {
        OK(desk_call_find(db, fx_a, "t1", &all_calls, ms, after, PAGE, &rows, &n));
        for (size_t i = 0; i < n; i++, seen++) {
            assert_true(rows[i].started_at <= ms);
            assert_null(strstr(all, rows[i].id));
            strncat(all, rows[i].id, sizeof all - strlen(all) - 1);
            ms = rows[i].started_at;
            after = rows[i].id;
        }
    } while (n == PAGE);
    assert_int_equal(seen, N);
    /* and back up from the last: the five just newer, oldest of them first */
    OK(desk_call_find_newer(db, fx_a, "t1", &all_calls, ms, after, PAGE, &rows, &n));
    assert_int_equal(n, PAGE);
    assert_true(rows[0].started_at <= rows[4].started_at);
    assert_string_not_equal(rows[0].id, after);
    desk_db_close(db);
}

/* The ids that a filter shows, newest first, walked down two at a time and then up again. */
static const char *shown(struct desk_db *db, const struct desk_call_filter *f)
{
    struct desk_call *rows;
    size_t n;
    int64_t ms = INT64_MAX;
    const char *at = "", *down = "", *up = "";
    do {
        OK(desk_call_find(db, fx_a, "t1", f, ms, at, 2, &rows, &n));
        for (size_t i = 0; i < n; i++) {
            ms = rows[i].started_at;
            at = rows[i].id;
            down = desk_arena_fmt(fx_a, "%s%s", down, at);
        }
    } while (n == 2);
    up = at;
    do {
        OK(desk_call_find_newer(db, fx_a, "t1", f, ms, at, 2, &rows, &n));
        for (size_t i = 0; i < n; i++) {
            ms = rows[i].started_at;
            at = rows[i].id;
            up = desk_arena_fmt(fx_a, "%s%s", at, up);
        }
    } while (n == 2);
    assert_string_equal(up, down);
    return down;
}

static void each_filter_of_calls_shows_its_own(void **state)
{
    static const char *const outcomes[] = {"booked", "message", NULL};
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_call c = fx_call;
    char id[8], back[8];
    int64_t has;
    fx_seed(db);
    fx_sql(db, "DELETE FROM call");
    OK(DESK_TX_BEGIN(db));
    for (int i = 0; i < 9; i++) {
        snprintf(id, sizeof id, "%c", 'a' + i);
        snprintf(back, sizeof back, "k%d", i);
        c.id = c.call_sid = id, c.started_at = NOW + i, c.outcome = outcomes[i % 3];
        c.urgent = i % 2;
        OK(desk_call_insert(db, &c));
        for (int k = 0; i % 4 == 1 && k < 2; k++) { /* two promises are one call of the list */
            back[0] = (char)('k' + k);
            OK(desk_callback_insert(db, &(struct desk_callback){.id = back,
                                                                .tenant_id = "t1",
                                                                .call_id = id,
                                                                .state = i == 5 ? "done" : "open",
                                                                .created_at = NOW}));
        }
    }
    OK(desk_tx_end(db, DESK_OK));
    assert_string_equal(shown(db, &(struct desk_call_filter){0}), "ihgfedcba");
    assert_string_equal(shown(db, &(struct desk_call_filter){.outcome = "message"}), "heb");
    assert_string_equal(shown(db, &(struct desk_call_filter){.urgent = true}), "hfdb");
    assert_string_equal(shown(db, &(struct desk_call_filter){.callback_open = true}), "b");
    assert_string_equal(shown(db, &(struct desk_call_filter){.urgent = true, .outcome = "booked"}),
                        "d");
    assert_string_equal(
        shown(db, &(struct desk_call_filter){.callback_open = true, .outcome = "booked"}), "");
    assert_string_equal(shown(db, &(struct desk_call_filter){.urgent = true, .location_id = "l9"}),
                        "");
    OK(desk_call_has(db, "t1", "b", &has));
    assert_int_equal(has, DESK_CALL_HAS_CALLBACKS);
    OK(desk_call_has(db, "t1", "a", &has));
    assert_int_equal(has, 0);
    OK(desk_call_has(db, "t2", "b", &has));
    assert_int_equal(has, 0);
    desk_db_close(db);
}

/* ---- conversation ---------------------------------------------------------------------------- */

static void a_turn_is_kept_once(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_turn t = {.tenant_id = "t1",
                          .call_id = "call1",
                          .item_id = "item_1",
                          .who = DESK_WHO_DESK,
                          .how = "speech",
                          .text = "How may I help you today?",
                          .start_ms = 500,
                          .end_ms = 2500},
                     *rows;
    int64_t count = 0;
    size_t n;
    fx_seed(db);
    OK(DESK_TX_BEGIN(db));
    OK(desk_turn_add(db, &t));
    t.text = "Something else";
    OK(desk_turn_add(db, &t));
    OK(desk_turn_heard(db, fx_a, "t1", "call1", "item_1", "How may I", "help you today?", 1200));
    assert_int_equal(desk_turn_heard(db, fx_a, "t1", "call1", "item_9", "x", "y", 1),
                     DESK_ENOTFOUND);
    assert_int_equal(desk_turn_heard(db, fx_a, "t2", "call1", "item_1", "x", "y", 1),
                     DESK_ENOTFOUND);
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_turn_count(db, "t1", "call1", &count));
    assert_int_equal(count, 1);
    OK(desk_turn_list(db, fx_a, "t1", "call1", 10, &rows, &n));
    assert_int_equal(n, 1);
    assert_string_equal(rows[0].text, "How may I");
    assert_string_equal(rows[0].unheard, "help you today?");
    assert_int_equal(rows[0].end_ms, 1200);
    OK(desk_turn_list(db, fx_a, "t2", "call1", 10, &rows, &n));
    assert_int_equal(n, 0);
    desk_db_close(db);
}

static void events_repeat_only_without_a_name_for_it(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_event *rows;
    size_t n;
    fx_seed(db);
    desk_clock_fake(NOW + 700);
    OK(DESK_TX_BEGIN(db));
    OK(desk_event_add(db, "t1", "call1", NOW, "status", "ringing", "Ringing.", "status:ringing"));
    OK(desk_event_add(db, "t1", "call1", NOW, "status", "ringing", "Ringing.", "status:ringing"));
    OK(desk_event_add(db, "t1", "call1", NOW, "note", "a", NULL, NULL));
    OK(desk_event_add(db, "t1", "call1", NOW, "note", "a", NULL, NULL));
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_event_list(db, fx_a, "t1", "call1", 10, &rows, &n));
    assert_int_equal(n, 3);
    assert_int_equal(rows[0].at_ms, 700);
    OK(desk_event_list(db, fx_a, "t1", "call1", 2, &rows, &n));
    assert_int_equal(n, 2);
    desk_db_close(db);
}

static void a_tool_runs_once_per_meaning(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_tool_run r = {.id = "run1",
                              .tenant_id = "t1",
                              .call_id = "call1",
                              .dedupe = "schedule_callback|tomorrow",
                              .tool = "schedule_callback",
                              .args = "{\"when\":\"tomorrow\"}",
                              .at_ms = 900,
                              .created_at = NOW},
                         got, *rows;
    size_t n;
    fx_seed(db);
    OK(DESK_TX_BEGIN(db));
    OK(desk_tool_run_add(db, &r));
    OK(desk_tool_run_done(db, &r, "{\"ok\":true}", true, 12));
    r.id = "run2";
    assert_int_equal(desk_tool_run_add(db, &r), DESK_ECONFLICT);
    OK(desk_tool_run_find(db, fx_a, "t1", "call1", r.dedupe, &got));
    OK(desk_tx_end(db, DESK_OK));
    assert_string_equal(got.id, "run1");
    assert_string_equal(got.result, "{\"ok\":true}");
    assert_true(got.ok);
    assert_int_equal(got.took_ms, 12);
    OK(desk_tool_run_list(db, fx_a, "t1", "call1", &rows, &n));
    assert_int_equal(n, 1);
    assert_int_equal(desk_tool_run_find(db, fx_a, "t2", "call1", r.dedupe, &got), DESK_ENOTFOUND);
    desk_db_close(db);
}

/* ---- results --------------------------------------------------------------------------------- */

static void callbacks_open_and_close(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_callback c = {.id = "cb1",
                              .tenant_id = "t1",
                              .call_id = "call1",
                              .name = "Grace",
                              .number = "+14155550134",
                              .reason = "leak",
                              .when_text = "after five",
                              .state = "open",
                              .created_at = NOW},
                         *rows;
    int64_t open = -1;
    size_t n;
    fx_seed(db);
    OK(DESK_TX_BEGIN(db));
    OK(desk_callback_insert(db, &c));
    assert_int_equal(desk_callback_close(db, "t2", "cb1", "done"), DESK_ENOTFOUND);
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_callback_open_count(db, "t1", &open));
    assert_int_equal(open, 1);
    OK(desk_callback_list(db, fx_a, "t1", "open", 10, &rows, &n));
    assert_int_equal(n, 1);
    assert_string_equal(rows[0].when_text, "after five");
    OK(DESK_TX_BEGIN(db));
    OK(desk_callback_close(db, "t1", "cb1", "done"));
    assert_int_equal(desk_callback_close(db, "t1", "cb1", "dropped"), DESK_ENOTFOUND);
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_callback_by_call(db, fx_a, "t1", "call1", &rows, &n));
    assert_string_equal(rows[0].state, "done");
    assert_int_equal(rows[0].closed_at, NOW);
    desk_db_close(db);
}

static void a_recording_is_one_message(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_message m = {.id = "m1",
                             .tenant_id = "t1",
                             .call_id = "call1",
                             .recording_sid = "RE1",
                             .recording_url = "https://api.twilio.example/RE1",
                             .seconds = 9,
                             .state = "new",
                             .created_at = NOW},
                        *rows;
    size_t n;
    fx_seed(db);
    OK(DESK_TX_BEGIN(db));
    OK(desk_message_insert(db, &m));
    m.id = "m2";
    assert_int_equal(desk_message_insert(db, &m), DESK_ECONFLICT);
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_message_by_call(db, fx_a, "t1", "call1", &rows, &n));
    assert_int_equal(n, 1);
    assert_string_equal(rows[0].recording_url, m.recording_url);
    desk_db_close(db);
}

static void a_recording_ends_once_and_is_erased_once(void **state)
{
    struct desk_recording r = {.id = "rec1",
                               .tenant_id = "t1",
                               .call_id = "call1",
                               .kind = DESK_REC_OWN,
                               .state = DESK_REC_RECORDING,
                               .path = "2026/11/20/rec1.rec",
                               .consent = DESK_CONSENT_SPOKEN,
                               .consent_at = NOW,
                               .started_at = NOW},
                          *rows;
    size_t n;
    int64_t at;
    (void)state;
    struct desk_db *db = fx_memory();
    fx_seed(db);
    OK(DESK_TX_BEGIN(db));
    OK(desk_recording_insert(db, &r));
    assert_int_equal(desk_recording_insert(db, &r), DESK_ECONFLICT);
    OK(desk_recording_open(db, fx_a, NOW + 1, &rows, &n));
    assert_int_equal(n, 1);
    r.state = DESK_REC_READY;
    r.ms = 1234;
    r.cut = "disk_full";
    OK(desk_recording_end(db, &r));
    r.ms = 99;
    r.cut = NULL;
    assert_int_equal(desk_recording_end(db, &r), DESK_DONE);
    OK(desk_recording_open(db, fx_a, NOW + 1, &rows, &n));
    assert_int_equal(n, 0);
    OK(desk_recording_by_call(db, fx_a, "t1", "call1", &rows, &n));
    assert_int_equal(n, 1);
    assert_int_equal(rows[0].ms, 1234);
    assert_string_equal(rows[0].cut, "disk_full");
    assert_int_equal(rows[0].ended_at, NOW);
    assert_int_equal(desk_recording_erase(db, "t2", "rec1"), DESK_DONE); /* another business's */
    OK(desk_recording_erase(db, "t1", "rec1"));
    assert_int_equal(desk_recording_erase(db, "t1", "rec1"), DESK_DONE);
    OK(desk_recording_get(db, fx_a, "t1", "rec1", &r));
    assert_string_equal(r.state, DESK_REC_ERASED);
    assert_null(r.path);
    assert_int_equal(r.erased_at, NOW);
    assert_int_equal(desk_recording_get(db, fx_a, "t2", "rec1", &r), DESK_ENOTFOUND);
    OK(desk_consent_spoken_at(db, "t1", "call1", &at));
    assert_int_equal(at, 0);
    OK(desk_tx_end(db, DESK_OK));
    desk_db_close(db);
}

static void what_is_done_in_many_pieces_is_one_act(void **state)
{
    struct desk_db *db = fx_memory();
    (void)state;
    fx_seed(db);
    OK(DESK_TX_BEGIN(db));
    OK(desk_audit_once(db, "t1", "u1", "recording.listen", "rec1", 60000));
    OK(desk_audit_once(db, "t1", "u1", "recording.listen", "rec1", 60000));
    OK(desk_audit_once(db, "t1", "u2", "recording.listen", "rec1", 60000));
    OK(desk_audit_once(db, "t1", "u1", "recording.listen", "rec2", 60000));
    desk_clock_fake(NOW + 60001);
    OK(desk_audit_once(db, "t1", "u1", "recording.listen", "rec1", 60000));
    desk_clock_fake(NOW);
    OK(desk_tx_end(db, DESK_OK));
    assert_int_equal(fx_int(db, "SELECT count(*) FROM audit"), 4);
    desk_db_close(db);
}

static void counters_count_per_day(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    int64_t n, last;
    db->zone = desk_zone_rows(DESK_ZONE_HOOK);
    OK(desk_counter_today(db, fx_a, NULL, "refused", &n, &last));
    assert_int_equal(n, 0);
    assert_int_equal(last, 0);
    OK(DESK_TX_BEGIN(db));
    OK(desk_counter_add(db, NULL, "refused"));
    OK(desk_counter_add(db, NULL, "refused"));
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_counter_today(db, fx_a, NULL, "refused", &n, &last));
    assert_int_equal(n, 2);
    assert_int_equal(last, NOW);
    desk_clock_fake(NOW + 86400000);
    OK(desk_counter_today(db, fx_a, NULL, "refused", &n, &last));
    assert_int_equal(n, 0);
    assert_int_equal(last, NOW); /* when it last happened is still known */
    desk_db_close(db);
}

/* ---- people ---------------------------------------------------------------------------------- */

static void passwords_are_argon2id(void **state)
{
    (void)state;
    char hash[128];
    OK(desk_password_hash("correct horse", hash));
    assert_int_equal(strncmp(hash, "$argon2id$", 10), 0);
    assert_true(desk_password_ok(hash, "correct horse"));
    assert_false(desk_password_ok(hash, "correct horsf"));
    assert_false(desk_password_ok(hash, ""));
    assert_false(desk_password_ok("", ""));
    assert_false(desk_password_ok("none", "none"));
}

static bool locked(struct desk_db *db, const char *login, const char *address)
{
    bool is = false;
    OK(desk_login_locked(db, fx_a, login, address, &is));
    return is;
}

static void wrong(struct desk_db *db, int times, const char *login, const char *address)
{
    OK(DESK_TX_BEGIN(db));
    for (int i = 0; i < times; i++)
        OK(desk_login_failed(db, login, address));
    OK(desk_tx_end(db, DESK_OK));
}

static void logins_lock_after_too_many(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    fx_seed(db);
    wrong(db, DESK_LOGIN_TRIES - 1, "ann", "192.0.2.1");
    assert_false(locked(db, "ann", "192.0.2.1"));
    wrong(db, 1, "ann", "192.0.2.1");
    assert_true(locked(db, "ann", "192.0.2.1"));
    assert_false(locked(db, "ann", "192.0.2.2")); /* nobody is locked out by a stranger … */
    assert_false(locked(db, "bob", "192.0.2.1"));
    wrong(db, DESK_LOGIN_TRIES_MANY - DESK_LOGIN_TRIES, "bob", "192.0.2.1");
    assert_true(locked(db, "carla", "192.0.2.1")); /* … and who tries many names stops */
    for (int i = 0; i < DESK_LOGIN_TRIES_MANY; i++)
        wrong(db, 1, "dora", desk_arena_fmt(fx_a, "198.51.100.%d", i));
    assert_true(locked(db, "dora", "203.0.113.9")); /* many addresses, one name */
    OK(DESK_TX_BEGIN(db));
    OK(desk_login_right(db, "ann", "192.0.2.1"));
    OK(desk_login_right(db, "dora", "203.0.113.9"));
    OK(desk_tx_end(db, DESK_OK));
    assert_false(locked(db, "dora", "203.0.113.9"));
    assert_true(locked(db, "ann", "192.0.2.1")); /* the address does not start anew */
    wrong(db, DESK_LOGIN_TRIES, "eve", "2001:db8:1:2:3:4:5:6");
    assert_true(locked(db, "eve", "2001:db8:1:2:aaaa:bbbb:cccc:dddd")); /* one network */
    assert_false(locked(db, "eve", "2001:db8:1:3:3:4:5:6"));
    assert_int_equal(fx_int(db, "SELECT count(*) FROM login_try WHERE who_key LIKE '%ann%'"), 0);
    desk_clock_fake(NOW + DESK_LOGIN_LOCKED_MS + 1);
    assert_false(locked(db, "ann", "192.0.2.1"));
    wrong(db, DESK_LOGIN_TRIES - 1, "ann", "192.0.2.1"); /* counted from one again */
    assert_false(locked(db, "ann", "192.0.2.1"));
    desk_clock_fake(NOW + 3 * DESK_LOGIN_LOCKED_MS);
    db->zone = desk_zone_rows(DESK_ZONE_WORKER);
    OK(DESK_TX_BEGIN(db));
    OK(desk_login_purge(db));
    OK(desk_tx_end(db, DESK_OK));
    db->zone = NULL;
    assert_int_equal(fx_int(db, "SELECT count(*) FROM login_try"), 0);
    desk_db_close(db);
}

static void passwords_are_changed_and_users_are_their_tenants(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_user u;
    fx_seed(db);
    OK(DESK_TX_BEGIN(db));
    OK(desk_user_login_ok(db, "u1"));
    assert_int_equal(desk_user_password_set(db, "nobody", "x"), DESK_ENOTFOUND);
    OK(desk_user_password_set(db, "ann", "new"));
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_user_by_login(db, fx_a, "ann", &u));
    assert_int_equal(u.last_login_at, NOW);
    assert_string_equal(u.password_hash, "new");
    assert_string_equal(u.role, "owner");
    assert_int_equal(desk_user_get(db, fx_a, "t2", "u1", &u), DESK_ENOTFOUND);
    desk_db_close(db);
}

static void the_last_owner_stays(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_user ann, two = {.id = "u2",
                                 .tenant_id = "t1",
                                 .login = "bea",
                                 .password_hash = "x",
                                 .location_id = "l1",
                                 .created_at = NOW + 1};
    struct desk_user *all;
    char cookie[DESK_TOKEN_LEN];
    struct desk_session s;
    size_t n;
    fx_seed(db);
    OK(DESK_TX_BEGIN(db));
    OK(desk_user_insert(db, &two)); /* an owner of one place only */
    OK(desk_user_by_login(db, fx_a, "ann", &ann));
    assert_int_equal(desk_user_delete(db, &ann), DESK_ECONFLICT);
    assert_int_equal(desk_user_role_set(db, &ann, DESK_ROLE_STAFF, NULL), DESK_ECONFLICT);
    assert_int_equal(desk_user_role_set(db, &ann, DESK_ROLE_OWNER, "l1"), DESK_ECONFLICT);
    OK(desk_user_role_set(db, &ann, DESK_ROLE_OWNER, NULL));
    OK(desk_user_role_set(db, &two, DESK_ROLE_OWNER, NULL));
    OK(desk_session_new(db, &ann, cookie));
    OK(desk_user_role_set(db, &ann, DESK_ROLE_READ, NULL));
    assert_int_equal(desk_session_find(db, fx_a, cookie, &s), DESK_ENOTFOUND);
    OK(desk_user_of_tenant(db, fx_a, "t1", &all, &n));
    assert_int_equal(n, 2);
    assert_string_equal(all[0].role, "read");
    OK(desk_user_delete(db, &all[0]));
    assert_int_equal(desk_user_delete(db, &all[0]), DESK_ENOTFOUND);
    assert_int_equal(desk_user_delete(db, &all[1]), DESK_ECONFLICT);
    OK(desk_user_of_tenant(db, fx_a, "t2", &all, &n));
    assert_int_equal(n, 0);
    OK(desk_tx_end(db, DESK_OK));
    desk_db_close(db);
}

static void a_code_counts_once(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_user u, other = {.id = "u2", .tenant_id = "t1"};
    char codes[DESK_CODES][DESK_CODE_LEN], more[DESK_CODES][DESK_CODE_LEN];
    int64_t left;
    fx_seed(db);
    OK(DESK_TX_BEGIN(db));
    OK(desk_user_by_login(db, fx_a, "ann", &u));
    assert_int_equal(desk_user_totp_on(db, &u), DESK_ENOTFOUND); /* no key yet */
    OK(desk_user_totp_set(db, &u, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"));
    OK(desk_user_by_login(db, fx_a, "ann", &u));
    assert_string_equal(u.totp, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    assert_false(u.totp_on);
    OK(desk_user_totp_on(db, &u));
    OK(desk_user_totp_used(db, &u, 100));
    assert_int_equal(desk_user_totp_used(db, &u, 100), DESK_ECONFLICT);
    assert_int_equal(desk_user_totp_used(db, &u, 99), DESK_ECONFLICT);
    OK(desk_user_codes_new(db, &u, codes));
    OK(desk_user_codes_left(db, &u, &left));
    assert_int_equal(left, DESK_CODES);
    assert_int_equal(desk_user_code_use(db, &other, codes[0]), DESK_ENOTFOUND);
    OK(desk_user_code_use(db, &u, codes[0]));
    assert_int_equal(desk_user_code_use(db, &u, codes[0]), DESK_ENOTFOUND);
    for (char *p = codes[1]; *p; p++)
        *p = *p == '-' ? ' ' : *p == '0' ? 'o' : (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
    OK(desk_user_code_use(db, &u, codes[1])); /* as people type */
    assert_int_equal(desk_user_code_use(db, &u, ""), DESK_ENOTFOUND);
    assert_int_equal(desk_user_code_use(db, &u, "7KQ2-M4XT-9D7"), DESK_ENOTFOUND);
    OK(desk_user_codes_left(db, &u, &left));
    assert_int_equal(left, DESK_CODES - 2);
    OK(desk_user_codes_new(db, &u, more)); /* the old ones are worth nothing */
    assert_int_equal(desk_user_code_use(db, &u, codes[2]), DESK_ENOTFOUND);
    assert_int_equal(fx_int(db, "SELECT count(*) FROM user WHERE totp LIKE '%JBSWY%'"), 0);
    OK(desk_user_totp_set(db, &u, NULL));
    OK(desk_user_codes_left(db, &u, &left));
    assert_int_equal(left, 0);
    OK(desk_tx_end(db, DESK_OK));
    desk_db_close(db);
}

static void an_invitation_is_for_one(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    const struct desk_invite want = {.tenant_id = "t1", .name = "Bea", .role = "staff"};
    struct desk_invite got, *open;
    char secret[DESK_TOKEN_LEN], late[DESK_TOKEN_LEN];
    size_t n;
    fx_seed(db);
    OK(DESK_TX_BEGIN(db));
    OK(desk_invite_new(db, &want, secret));
    OK(desk_invite_find(db, fx_a, secret, &got));
    assert_string_equal(got.role, "staff");
    assert_int_equal(desk_invite_find(db, fx_a, got.secret_hash, &got), DESK_ENOTFOUND);
    OK(desk_invite_find(db, fx_a, secret, &got));
    assert_string_not_equal(got.secret_hash, secret);
    OK(desk_invite_open(db, fx_a, "t1", &open, &n));
    assert_int_equal(n, 1);
    assert_int_equal(desk_invite_use(db, "t2", got.id), DESK_ENOTFOUND);
    OK(desk_invite_use(db, "t1", got.id));
    assert_int_equal(desk_invite_use(db, "t1", got.id), DESK_ENOTFOUND);
    assert_int_equal(desk_invite_find(db, fx_a, secret, &got), DESK_ENOTFOUND);
    OK(desk_invite_new(db, &want, late));
    desk_clock_fake(NOW + DESK_INVITE_MS + 1);
    assert_int_equal(desk_invite_find(db, fx_a, late, &got), DESK_ENOTFOUND);
    OK(desk_invite_open(db, fx_a, "t1", &open, &n));
    assert_int_equal(n, 0);
    OK(desk_tx_end(db, DESK_OK));
    desk_db_close(db);
}

static void sessions_are_ended_one_by_one(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_user u, other = {.id = "u2", .tenant_id = "t1"};
    struct desk_session a, *all, s;
    char one[DESK_TOKEN_LEN], two[DESK_TOKEN_LEN], three[DESK_TOKEN_LEN], half[DESK_TOKEN_LEN];
    size_t n;
    fx_seed(db);
    OK(DESK_TX_BEGIN(db));
    OK(desk_user_by_login(db, fx_a, "ann", &u));
    OK(desk_session_begin(db, &u, "Firefox on Linux", false, one));
    OK(desk_session_begin(db, &u, NULL, false, two));
    OK(desk_session_begin(db, &u, NULL, false, three));
    OK(desk_session_begin(db, &u, NULL, true, half));
    assert_int_equal(desk_session_find(db, fx_a, half, &s), DESK_ENOTFOUND); /* opens nothing */
    OK(desk_session_find_half(db, fx_a, half, &s));
    assert_int_equal(desk_session_find_half(db, fx_a, one, &s), DESK_ENOTFOUND);
    OK(desk_session_of_user(db, fx_a, &u, &all, &n));
    assert_int_equal(n, 3);
    OK(desk_session_find(db, fx_a, one, &a));
    assert_string_equal(a.agent, "Firefox on Linux");
    assert_int_equal(desk_session_end(db, &other, a.ref), DESK_ENOTFOUND);
    OK(desk_session_end(db, &u, a.ref));
    assert_int_equal(desk_session_end(db, &u, a.ref), DESK_ENOTFOUND);
    OK(desk_session_find(db, fx_a, two, &a));
    OK(desk_session_end_others(db, &u, a.id));
    OK(desk_session_of_user(db, fx_a, &u, &all, &n));
    assert_int_equal(n, 1);
    desk_clock_fake(NOW + desk_session_idle_ms() - 1);
    OK(desk_session_find(db, fx_a, two, &s));
    OK(desk_session_seen(db, s.id));
    desk_clock_fake(NOW + desk_session_idle_ms() + 1);
    OK(desk_session_find(db, fx_a, two, &s)); /* it was used */
    desk_clock_fake(NOW + 2 * desk_session_idle_ms());
    assert_int_equal(desk_session_find(db, fx_a, two, &s), DESK_ENOTFOUND);
    assert_true(desk_session_idled(db, fx_a, two));
    assert_false(desk_session_idled(db, fx_a, one));
    OK(desk_tx_end(db, DESK_OK));
    desk_db_close(db);
}

static void sessions_expire_and_keep_no_secret(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_user u = {.id = "u1", .tenant_id = "t1"};
    struct desk_session s;
    char cookie[44];
    fx_seed(db);
    OK(DESK_TX_BEGIN(db));
    OK(desk_session_new(db, &u, cookie));
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_session_find(db, fx_a, cookie, &s));
    assert_string_equal(s.user_id, "u1");
    assert_string_not_equal(s.id, cookie);
    assert_int_equal(strlen(s.csrf), 43);
    assert_int_equal(desk_session_find(db, fx_a, s.id, &s),
                     DESK_ENOTFOUND); /* the hash is no key */
    OK(desk_session_find(db, fx_a, cookie, &s));
    desk_clock_fake(NOW + desk_session_ms());
    struct desk_session late;
    assert_int_equal(desk_session_find(db, fx_a, cookie, &late), DESK_ENOTFOUND);
    db->zone = desk_zone_rows(DESK_ZONE_WORKER);
    OK(DESK_TX_BEGIN(db));
    OK(desk_session_purge(db));
    OK(desk_tx_end(db, DESK_OK));
    assert_int_equal(fx_int(db, "SELECT count(*) FROM session"), 0);
    desk_db_close(db);
}

static void tokens_are_found_until_revoked(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_token t;
    char secret[44];
    fx_seed(db);
    OK(DESK_TX_BEGIN(db));
    OK(desk_token_create(db, "t1", "laptop", "read", secret));
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_token_find(db, fx_a, secret, &t));
    assert_string_equal(t.scope, "read");
    assert_int_equal(desk_token_find(db, fx_a, t.id, &t), DESK_ENOTFOUND);
    fx_sql(db, "UPDATE token SET revoked_at = 1");
    assert_int_equal(desk_token_find(db, fx_a, secret, &t), DESK_ENOTFOUND);
    desk_db_close(db);
}

/* ---- transactions, readers, writers ---------------------------------------------------------- */

static void writes_need_a_transaction(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    fx_seed(db);
    assert_int_equal(desk_counter_add(db, "t1", "x"), DESK_EINTERNAL);
    assert_int_equal(fx_int(db, "SELECT count(*) FROM counter"), 0);
    OK(DESK_TX_BEGIN(db));
    assert_int_equal(DESK_TX_BEGIN(db), DESK_EINTERNAL); /* no nesting */
    OK(desk_counter_add(db, "t1", "x"));
    assert_int_equal(desk_tx_end(db, DESK_EINVAL), DESK_EINVAL); /* rolled back */
    assert_int_equal(fx_int(db, "SELECT count(*) FROM counter"), 0);
    assert_int_equal(desk_tx_end(db, DESK_OK), DESK_EINTERNAL); /* nothing to end */
    assert_int_equal(desk_tx_end(db, DESK_EINVAL), DESK_EINVAL);
    OK(DESK_TX_BEGIN(db));
    OK(desk_counter_add(db, "t1", "x"));
    assert_int_equal(desk_tx_end(db, DESK_DONE), DESK_DONE); /* kept */
    assert_int_equal(fx_int(db, "SELECT count(*) FROM counter"), 1);
    OK(DESK_TX_BEGIN(db));
    OK(desk_counter_add(db, "t1", "y"));
    desk_db_close(db); /* closing rolls back and gives the lock back: */
    db = fx_memory();
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, DESK_OK));
    desk_db_close(db);
}

static void readonly_requests_cannot_write(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_call c;
    fx_seed(db);
    desk_db_readonly(db, true);
    assert_int_equal(DESK_TX_BEGIN(db), DESK_EINTERNAL);
    assert_int_equal(desk_call_urgent(db, "t1", "call1"), DESK_EFORBID);
    OK(desk_call_get(db, fx_a, "t1", "call1", &c));
    assert_false(c.urgent);
    desk_db_readonly(db, false);
    OK(DESK_TX_BEGIN(db));
    OK(desk_call_urgent(db, "t1", "call1"));
    OK(desk_tx_end(db, DESK_OK));
    desk_db_close(db);
}

/* What another connection writes meanwhile comes into view when the snapshot is over, or when this
 * one begins to write. */
static void a_snapshot_stays_as_it_was(void **state)
{
    (void)state;
    struct desk_db *db = fx_file(), *other = NULL;
    struct desk_call c;
    fx_seed(db);
    OK(desk_store_open(&other, DESK_ZONE_HOOK, 0));
    for (int writes = 0; writes < 2; writes++) {
        desk_db_snapshot(db, true);
        desk_db_snapshot(db, true); /* it is one already */
        OK(desk_call_get(db, fx_a, "t1", "call1", &c));
        const char *was = c.mode, *wanted = writes ? "record" : "gather";
        OK(DESK_TX_BEGIN(other));
        OK(desk_call_mode(other, "t1", "call1", wanted));
        OK(desk_tx_end(other, DESK_OK));
        OK(desk_call_get(db, fx_a, "t1", "call1", &c));
        assert_string_equal(c.mode, was);
        if (writes)
            OK(DESK_TX_BEGIN(db));
        else
            desk_db_snapshot(db, false);
        OK(desk_call_get(db, fx_a, "t1", "call1", &c));
        assert_string_equal(c.mode, wanted);
    }
    desk_db_snapshot(db, true); /* inside of a transaction it is nothing */
    OK(desk_call_urgent(db, "t1", "call1"));
    OK(desk_tx_end(db, DESK_OK));
    desk_db_snapshot(db, false);
    desk_db_snapshot(db, true); /* and with the connection it ends */
    OK(desk_call_get(db, fx_a, "t1", "call1", &c));
    assert_true(c.urgent);
    desk_db_close(other);
    desk_db_close(db);
}

/* A child that holds a write open until told; it says 'w' when it has written. */
static pid_t holder(int tell[2], int hear[2])
{
    assert_int_equal(pipe(tell), 0);
    assert_int_equal(pipe(hear), 0);
    pid_t pid = fork();
    if (pid)
        return pid;
    char c = 'w';
    struct desk_db *db = NULL;
    close(tell[1]);
    close(hear[0]);
    if (desk_store_open(&db, DESK_ZONE_ADMIN_CLI, 0) || DESK_TX_BEGIN(db) ||
        desk_call_urgent(db, "t1", "call1") || write(hear[1], &c, 1) != 1 ||
        read(tell[0], &c, 1) != 1 || desk_tx_end(db, DESK_OK))
        _exit(1);
    desk_db_close(db);
    _exit(0);
}

static void one_writes_others_read_or_wait(void **state)
{
    (void)state;
    struct desk_db *db = fx_file(), *quick = NULL;
    struct desk_call c;
    int tell[2], hear[2], status = 0;
    char byte;
    fx_seed(db);
    pid_t pid = holder(tell, hear);
    close(tell[0]);
    close(hear[1]);
    assert_int_equal(read(hear[0], &byte, 1), 1);
    int64_t version = desk_db_data_version(db);

    OK(desk_call_get(db, fx_a, "t1", "call1", &c)); /* reading does not wait, and sees the old */
    assert_false(c.urgent);

    int64_t start = desk_mono_ms();
    OK(desk_store_open(&quick, DESK_ZONE_HOOK, 80));
    assert_int_equal(DESK_TX_BEGIN(quick), DESK_EBUSY);
    int64_t waited = desk_mono_ms() - start;
    assert_true(waited >= 60 && waited < 3000);
    OK(desk_call_get(quick, fx_a, "t1", "call1", &c));

    assert_int_equal(write(tell[1], "x", 1), 1);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_not_equal(desk_db_data_version(db), version);
    OK(desk_call_get(db, fx_a, "t1", "call1", &c));
    assert_true(c.urgent);
    OK(DESK_TX_BEGIN(quick)); /* after the refusal the mutex is free again */
    OK(desk_tx_end(quick, DESK_OK));
    desk_db_close(quick);
    desk_db_close(db);
    close(tell[1]);
    close(hear[0]);
}

#define ADDS 40

static void *add_many(void *ctx)
{
    struct desk_db *db = NULL;
    if (desk_store_open(&db, DESK_ZONE_HOOK, 0))
        return NULL;
    int done = 0;
    for (int i = 0; i < ADDS; i++) {
        enum desk_rc rc = DESK_TX_BEGIN(db);
        if (!rc)
            rc = desk_tx_end(db, desk_counter_add(db, "t1", "threads"));
        done += rc == DESK_OK;
    }
    desk_db_close(db);
    *(int *)ctx = done;
    return NULL;
}

static void threads_take_turns(void **state)
{
    (void)state;
    enum { THREADS = 4 };
    struct desk_db *db = fx_file();
    pthread_t t[THREADS];
    int done[THREADS] = {0};
    int64_t n = 0, last = 0;
    fx_seed(db);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&t[i], NULL, add_many, &done[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(t[i], NULL);
        assert_int_equal(done[i], ADDS);
    }
    OK(desk_counter_today(db, fx_a, "t1", "threads", &n, &last));
    assert_int_equal(n, THREADS * ADDS);
    desk_db_close(db);
}

/* ---- what goes outside ----------------------------------------------------------------------- */

static void logs_show_no_person(void **state)
{
    (void)state;
    const struct desk_fields *tables[MAX_TABLES];
    size_t n = field_tables(tables);
    struct desk_buf b;
    desk_buf_init(&b, 65536);
    for (size_t t = 0; t < n; t++) {
        const char *row = filled(tables[t]);
        desk_buf_reset(&b);
        desk_fields_log(tables[t], row, &b);
        assert_true(desk_buf_ok(&b));
        for (size_t i = 0; i < tables[t]->n; i++) {
            const struct desk_field *f = &tables[t]->v[i];
            if (f->kind != DESK_K_TEXT || (f->flags & DESK_F_EXTRA))
                continue;
            const char *text = *(const char *const *)(const void *)(row + f->offset);
            bool hide = is_sealed(f) || (f->flags & DESK_F_HIDDEN);
            if (strstr(text, "plain-") && (strstr(desk_buf_cstr(&b), text) != NULL) == hide)
                fail_msg("%s.%s in the log: %s", tables[t]->table, f->column, desk_buf_cstr(&b));
        }
    }
    desk_buf_clear(&b);
    desk_buf_init(&b, 65536);
    desk_fields_log(&desk_call_fields, &fx_call, &b);
    assert_non_null(strstr(desk_buf_cstr(&b), "from_number=+1415…34"));
    assert_non_null(strstr(desk_buf_cstr(&b), "call_sid=CA1"));
    assert_non_null(strstr(desk_buf_cstr(&b), "urgent=false"));
    assert_null(strstr(desk_buf_cstr(&b), "summary")); /* NULL is left out */
    desk_buf_clear(&b);
}

static void json_shows_what_may_be_seen(void **state)
{
    (void)state;
    const struct desk_fields *tables[MAX_TABLES];
    size_t n = field_tables(tables);
    for (size_t t = 0; t < n; t++) {
        json_t *o = desk_fields_json(tables[t], filled(tables[t]));
        for (size_t i = 0; i < tables[t]->n; i++) {
            const struct desk_field *f = &tables[t]->v[i];
            bool seen = json_object_get(o, f->column) != NULL;
            assert_int_equal(seen, !(f->flags & (DESK_F_HIDDEN | DESK_F_SECRET)));
        }
        json_decref(o);
    }
    struct desk_call c = fx_call;
    c.summary = "bad \xff byte";
    c.started_at = 1700000000123;
    json_t *o = desk_fields_json(&desk_call_fields, &c);
    assert_string_equal(json_string_value(json_object_get(o, "summary")), "bad ? byte");
    assert_string_equal(json_string_value(json_object_get(o, "started_at")),
                        "2023-11-14T22:13:20.123Z");
    assert_true(json_is_null(json_object_get(o, "ended_at")));
    assert_true(json_is_false(json_object_get(o, "urgent")));
    assert_true(json_is_null(json_object_get(o, "outcome")));
    json_decref(o);
}

static void a_damaged_file_is_reported(void **state)
{
    (void)state;
    struct desk_db *db = fx_file();
    char *report = NULL;
    fx_seed(db);
    OK(desk_db_integrity(db, fx_a, &report));
    assert_string_equal(report, "ok");
    fx_sql(db, "PRAGMA foreign_keys = OFF; UPDATE call SET tenant_id = 'gone'; "
               "PRAGMA foreign_keys = ON");
    OK(desk_db_integrity(db, fx_a, &report));
    assert_non_null(strstr(report, "rows without their parent in: call"));
    desk_db_close(db);
}

static void a_business_changes_its_own_settings(void **state)
{
    (void)state;
    struct desk_db *db = fx_file();
    struct desk_tenant_settings own;
    char why[200] = "";
    fx_seed(db);
    OK(desk_tenant_settings_load(db, fx_a, "t1", &own));
    assert_int_equal(desk_tenant_setting_int(&own, DESK_S_CALL_MAX_S),
                     desk_setting_int(DESK_S_CALL_MAX_S));
    OK(DESK_TX_BEGIN(db));
    OK(desk_tenant_setting_put(db, "t1", DESK_S_CALL_MAX_S, "300", why, sizeof why));
    OK(desk_tenant_setting_put(db, "t1", DESK_S_CALL_MAX_S, "600", why, sizeof why));
    OK(desk_tenant_setting_put(db, "t1", DESK_S_TEXT_AFTER_MESSAGE, "no", why, sizeof why));
    assert_int_equal(desk_tenant_setting_put(db, "t1", DESK_S_CALL_MAX_S, "59", why, sizeof why),
                     DESK_EINVAL);
    assert_non_null(strstr(why, "from 60 to 14400"));
    assert_int_equal(
        desk_tenant_setting_put(db, "t1", DESK_S_ANSWER_MODE, "shout", why, sizeof why),
        DESK_EINVAL);
    assert_non_null(strstr(why, "realtime relay gather"));
    assert_int_equal(desk_tenant_setting_put(db, "t1", DESK_S_OPENAI_API_KEY, "x", why, sizeof why),
                     DESK_EINVAL);
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_tenant_settings_load(db, fx_a, "t1", &own));
    assert_int_equal(desk_tenant_setting_int(&own, DESK_S_CALL_MAX_S), 600);
    assert_false(desk_tenant_setting_bool(&own, DESK_S_TEXT_AFTER_MESSAGE));
    OK(DESK_TX_BEGIN(db));
    OK(desk_tenant_setting_put(db, "t1", DESK_S_CALL_MAX_S, NULL, why, sizeof why));
    OK(desk_tx_end(db, DESK_OK));
    /* what an older version, or a hand, wrote and no row takes does not count */
    fx_sql(db, "UPDATE setting SET value = 'perhaps' WHERE key = 'TEXT_AFTER_MESSAGE'");
    OK(desk_tenant_settings_load(db, fx_a, "t1", &own));
    assert_int_equal(desk_tenant_setting_int(&own, DESK_S_CALL_MAX_S), 1800);
    assert_true(desk_tenant_setting_bool(&own, DESK_S_TEXT_AFTER_MESSAGE));
    desk_db_close(db);
}

static void add_latency(struct desk_db *db, int64_t turn, const char *kind, const char *day,
                        int64_t total)
{
    struct desk_latency l = {.tenant_id = "t1",
                             .call_id = "call1",
                             .turn = turn,
                             .kind = kind,
                             .day = day,
                             .total_ms = total,
                             .model_ms = total - 10,
                             .tool_ms = 9,
                             .own_us = 1000};
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_latency_add(db, &l)));
}

static void waiting_times_have_percentiles_by_day(void **state)
{
    (void)state;
    struct desk_db *db = fx_file();
    struct desk_latency_day *days;
    struct desk_latency *all;
    size_t n = 0;
    fx_seed(db);
    for (int i = 1; i <= 100; i++) /* 1000 … 10, in no order */
        add_latency(db, i, DESK_LATENCY_TURN, "2026-11-19", (i * 37 % 101) * 10);
    add_latency(db, 0, DESK_LATENCY_ANSWER, "2026-11-19", 5);
    add_latency(db, 101, DESK_LATENCY_TURN, "2026-11-20", 77);
    add_latency(db, 102, DESK_LATENCY_TURN, "2026-11-01", 88);
    struct desk_latency again = {.tenant_id = "t1",
                                 .call_id = "call1",
                                 .turn = 7,
                                 .kind = DESK_LATENCY_TURN,
                                 .day = "2026-11-19"};
    OK(DESK_TX_BEGIN(db));
    assert_int_equal(desk_tx_end(db, desk_latency_add(db, &again)), DESK_DONE);
    OK(desk_latency_days(db, fx_a, "t1", DESK_LATENCY_TURN, "2026-11-14", &days, &n));
    assert_int_equal(n, 2);
    assert_string_equal(days[0].day, "2026-11-20");
    assert_int_equal(days[0].p50_ms, 77);
    assert_int_equal(days[0].p99_ms, 77);
    assert_int_equal(days[1].n, 100);
    assert_int_equal(days[1].p50_ms, 500);
    assert_int_equal(days[1].p95_ms, 950);
    assert_int_equal(days[1].p99_ms, 990);
    assert_int_equal(days[1].model_ms, 495);
    assert_int_equal(days[1].own_us, 1000);
    OK(desk_latency_days(db, fx_a, "t1", DESK_LATENCY_ANSWER, "2026-11-14", &days, &n));
    assert_int_equal(n, 1);
    assert_int_equal(days[0].p50_ms, 5);
    OK(desk_latency_days(db, fx_a, "t2", DESK_LATENCY_TURN, "2026-11-14", &days, &n));
    assert_int_equal(n, 0);
    OK(desk_latency_by_call(db, fx_a, "t1", "call1", &all, &n));
    assert_int_equal(n, 103);
    assert_int_equal(all[0].turn, 0);
    OK(desk_latency_by_call(db, fx_a, "t2", "call1", &all, &n));
    assert_int_equal(n, 0);
    desk_db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(field_tables_match_their_tables),
        TEST(field_tables_are_sound),
        TEST(every_struct_comes_back_as_it_went_in),
        TEST(empty_and_missing_are_two_things),
        TEST(sealed_columns_cannot_be_read_in_the_file),
        TEST(a_sealed_value_is_bound_to_its_place),
        TEST(the_same_text_never_seals_alike),
        TEST(keys_are_64_hex_digits),
        TEST(the_key_file_is_made_once_and_private),
        TEST(a_wrong_key_is_noticed),
        TEST(a_number_is_found_without_being_readable),
        TEST(a_call_is_inserted_once),
        TEST(a_mistaken_row_is_no_repeat),
        TEST(status_never_goes_back),
        TEST(a_final_status_ends_the_call_once),
        TEST(a_stream_token_works_once),
        TEST(a_stream_token_expires),
        TEST(a_stream_token_dies_with_the_call),
        TEST(a_stream_ends_once),
        TEST(leaving_is_taken_back),
        TEST(calls_page_without_gaps_or_repeats),
        TEST(each_filter_of_calls_shows_its_own),
        TEST(a_turn_is_kept_once),
        TEST(events_repeat_only_without_a_name_for_it),
        TEST(a_tool_runs_once_per_meaning),
        TEST(callbacks_open_and_close),
        TEST(a_recording_is_one_message),
        TEST(a_recording_ends_once_and_is_erased_once),
        TEST(what_is_done_in_many_pieces_is_one_act),
        TEST(counters_count_per_day),
        TEST(passwords_are_argon2id),
        TEST(logins_lock_after_too_many),
        TEST(passwords_are_changed_and_users_are_their_tenants),
        TEST(the_last_owner_stays),
        TEST(a_code_counts_once),
        TEST(an_invitation_is_for_one),
        TEST(sessions_are_ended_one_by_one),
        TEST(sessions_expire_and_keep_no_secret),
        TEST(tokens_are_found_until_revoked),
        TEST(writes_need_a_transaction),
        TEST(readonly_requests_cannot_write),
        TEST(a_snapshot_stays_as_it_was),
        TEST(one_writes_others_read_or_wait),
        TEST(threads_take_turns),
        TEST(logs_show_no_person),
        TEST(json_shows_what_may_be_seen),
        TEST(a_damaged_file_is_reported),
        TEST(a_business_changes_its_own_settings),
        TEST(waiting_times_have_percentiles_by_day),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
