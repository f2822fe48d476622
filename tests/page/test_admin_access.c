/* Who may ask for what, tried cell by cell: each row of the dashboard's route table × each role ×
 * each business's rows, through the real dispatch. The cells are made from the table, so a new row
 * is tried without anybody thinking of it. */
#include "db/internal.h"
#include "store/exceptions.h"
#include "tests/page/admin_page.h"

#include <dirent.h>

#define IDS   400
#define SLOTS 3

static struct world there; /* harwick's second place */

/* ---- who asks -------------------------------------------------------------------------------- */

static const struct person {
    const char *login; /* NULL: nobody is signed in */
    enum desk_role role;
    bool one_place;
} people[] = {
    {NULL, DESK_ROLE_NONE, false},      {"reader", DESK_ROLE_READ, false},
    {"clerk", DESK_ROLE_STAFF, false},  {"branch", DESK_ROLE_STAFF, true},
    {"watcher", DESK_ROLE_READ, true},  {"sal", DESK_ROLE_OWNER, false},
    {"partner", DESK_ROLE_OWNER, true},
};
#define PEOPLE (sizeof people / sizeof *people)

static void add_person(const struct person *p)
{
    char id[DESK_ID_LEN];
    struct desk_user u = {.id = desk_id_new(id, "user"),
                          .tenant_id = here.tenant,
                          .login = p->login,
                          .password_hash = "none",
                          .role = desk_role_word(p->role),
                          .location_id = p->one_place ? there.location : NULL,
                          .created_at = NOW};
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_user_insert(db, &u)), "person");
}

static void second_place(void)
{
    char id[DESK_ID_LEN];
    struct desk_location l = {.id = desk_id_new(id, "loc"),
                              .tenant_id = here.tenant,
                              .name = "Branch",
                              .zone = "America/Chicago",
                              .hours = "{}",
                              .created_at = NOW};
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_location_insert(db, &l)), "place");
    there = here;
    there.location = desk_arena_strdup(arena, id);
}

#define CALL(i, who, ...)                                                                          \
    {                                                                                              \
        .id = i, .name = who, .ago_min = 60, .seconds = 60, .outcome = DESK_OUT_CALLBACK,          \
        .back_state = "open", .back_reason = "a tap", .message_s = -1, .message = "Please ring",   \
        .talk = true, __VA_ARGS__                                                                  \
    }

static int setup(void **state)
{
    static const struct world_call ours = CALL("call_ours", "Dana", .number = "+18605550135"),
                                   branch = CALL("call_branch", "Kim", .number = "+18605550136"),
                                   theirs = CALL("call_theirs", "Olaf", .number = "+18605550137");
    (void)state;
    page_open("long enough pw");
    second_place();
    for (size_t i = 0; i < PEOPLE; i++)
        if (people[i].login && strcmp(people[i].login, "sal") != 0)
            add_person(&people[i]);
    world_call(&here, &ours);
    world_call(&there, &branch);
    world_call(&other, &theirs);
    world_after(&here, "call_ours");
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_exception_put(db, here.tenant, "+18605550140", "Mom", "family"), "exception");
    must(desk_tx_end(db, DESK_OK), "commit");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    page_close();
    return 0;
}

/* ---- asking ---------------------------------------------------------------------------------- */

static const char *csrf_of_session(void)
{
    struct desk_session s;
    if (!*session)
        return "none";
    must(desk_session_find(db, arena, session, &s), "session");
    return s.csrf;
}

/* A fresh session each time: some rows end it. */
static void enter(const char *login)
{
    session[0] = '\0';
    if (login)
        page_session(login);
}

static int ask(enum desk_method method, const char *uri, const char *form)
{
    page_request(method, uri);
    if (method != DESK_GET) {
        req.content_type = "application/x-www-form-urlencoded";
        req.body = desk_arena_strdup(ra, form);
        req.body_len = strlen(form);
    }
    desk_dispatch(&admin_web, &req);
    return req.reply.status;
}

/* The pattern's ":x" segments filled with ids[0], ids[1], …; how many there are. */
static size_t fill(const char *pattern, const char *const *ids, char *out, size_t n)
{
    size_t slots = 0, at = 0;
    out[0] = '\0';
    for (const char *p = pattern; *p;) {
        size_t len = strcspn(p + 1, "/") + 1;
        if (p[1] == ':')
            at += (size_t)snprintf(out + at, n - at, "/%s", ids[slots++]);
        else
            at += (size_t)snprintf(out + at, n - at, "%.*s", (int)len, p);
        p += len;
        assert_true(at < n);
    }
    return slots;
}

static const enum desk_method methods[] = {DESK_GET, DESK_POST};

#define EACH_CELL(r, m)                                                                            \
    for (const struct desk_route *r = admin_web.routes; r->path; r++)                              \
        for (size_t m = 0; m < sizeof methods / sizeof *methods; m++)                              \
            if (r->auth == DESK_AUTH_SESSION && r->methods & methods[m])

static bool refused(void)
{
    return req.reply.status == 403 &&
           (has("Your sign-in may look") || has("This is for owners") ||
            has("Your sign-in is for one place") || has("Your sign-in has no role"));
}

static bool sent_to_login(void)
{
    return req.reply.status == 303 &&
           strstr(desk_buf_cstr(&req.reply.headers), "Location: /login") != NULL &&
           !strstr(desk_buf_cstr(&req.reply.headers), "out=1");
}

/* ---- the tables ------------------------------------------------------------------------------ */

struct ids {
    const char *v[IDS];
    size_t n;
};

static sqlite3_stmt *prepared(const char *sql)
{
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(db->sq, sql, -1, &st, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db->sq));
    return st;
}

/* Tables that bear a tenant; with an id, too, when wanted. In a buffer of its own: the next call
 * to it is another list. */
static const char *const *tables(bool with_id)
{
    static const char *list[100];
    size_t n = 0;
    sqlite3_stmt *st = prepared(
        "SELECT m.name, (SELECT count(*) FROM pragma_table_info(m.name) WHERE name = 'id') FROM "
        "sqlite_master m WHERE m.type = 'table' AND EXISTS (SELECT 1 FROM "
        "pragma_table_info(m.name) WHERE name = 'tenant_id') ORDER BY m.name");
    while (sqlite3_step(st) == SQLITE_ROW && n < 99)
        if (!with_id || sqlite3_column_int(st, 1))
            list[n++] = desk_arena_strdup(arena, (const char *)sqlite3_column_text(st, 0));
    sqlite3_finalize(st);
    list[n] = NULL;
    return list;
}

/* Every id of that business, of whatever table, that could stand in an address. */
static void ids_of(const char *tenant, struct ids *out)
{
    char sql[300];
    out->n = 0;
    for (const char *const *t = tables(true); *t; t++) {
        snprintf(sql, sizeof sql, "SELECT id FROM %s WHERE tenant_id = '%s' LIMIT 3", *t, tenant);
        sqlite3_stmt *st = prepared(sql);
        while (sqlite3_step(st) == SQLITE_ROW && out->n < IDS)
            out->v[out->n++] = desk_arena_strdup(arena, (const char *)sqlite3_column_text(st, 0));
        sqlite3_finalize(st);
    }
}

/* Of all that a business has, but for who is there and what is written down of it. */
static uint64_t fingerprint(const char *tenant)
{
    static const char *const not_these[] = {"session", "audit", "user"};
    uint64_t h = 1469598103934665603ULL;
    char sql[300];
    for (const char *const *t = tables(false); *t; t++) {
        bool skip = false;
        for (size_t i = 0; i < sizeof not_these / sizeof *not_these; i++)
            skip = skip || strcmp(*t, not_these[i]) == 0;
        if (skip)
            continue;
        snprintf(sql, sizeof sql, "SELECT * FROM %s WHERE tenant_id = '%s' ORDER BY rowid", *t,
                 tenant);
        sqlite3_stmt *st = prepared(sql);
        while (sqlite3_step(st) == SQLITE_ROW)
            for (int c = 0; c < sqlite3_column_count(st); c++) {
                const unsigned char *p = sqlite3_column_blob(st, c);
                for (int i = 0; i < sqlite3_column_bytes(st, c); i++)
                    h = (h ^ p[i]) * 1099511628211ULL;
                h = (h ^ 0xff) * 1099511628211ULL;
            }
        sqlite3_finalize(st);
    }
    return h;
}

/* ---- role × route ---------------------------------------------------------------------------- */

static void try_cell(const struct desk_route *r, enum desk_method method, const struct person *p)
{
    static const char *const nobody[SLOTS] = {"x_none", "x_none", "x_none"};
    char uri[300], form[200], how[64];
    enter(p->login);
    fill(r->path, nobody, uri, sizeof uri);
    snprintf(form, sizeof form, "csrf=%s", csrf_of_session());
    ask(method, uri, form);
    const char *what = desk_methods_text(method, how, sizeof how);
    if (!p->login) {
        if (!sent_to_login())
            fail_msg("%s %s: a stranger gets %d", what, r->path, req.reply.status);
        return;
    }
    bool may = p->role >= desk_route_least(r) && (!p->one_place || r->placed);
    if (refused() == may || sent_to_login())
        fail_msg("%s %s: %s gets %d, and %s", what, r->path, p->login, req.reply.status,
                 may ? "may do it" : "may not");
}

static void test_each_role_at_each_row(void **state)
{
    size_t cells = 0;
    (void)state;
    EACH_CELL(r, m)
    for (size_t i = 0; i < PEOPLE; i++, cells++)
        try_cell(r, methods[m], &people[i]);
    assert_true(cells >= PEOPLE * 20);
}

/* What the rows must say, whoever edits them: not derived from them. */
static void test_some_rows_are_for_owners(void **state)
{
    static const struct {
        const char *path;
        enum desk_role least;
    } rows[] = {
        {"/calls", DESK_ROLE_READ},
        {"/logout", DESK_ROLE_READ},
        {"/calls/:id/callbacks/:cid/done", DESK_ROLE_STAFF},
        {"/exceptions/:id/remove", DESK_ROLE_STAFF},
        {"/calendar/import", DESK_ROLE_OWNER},
        {"/google/connect", DESK_ROLE_OWNER},
        {"/google/disconnect", DESK_ROLE_OWNER},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct desk_route *r = admin_web.routes;
        while (r->path && strcmp(r->path, rows[i].path) != 0)
            r++;
        if (!r->path || desk_route_least(r) != rows[i].least)
            fail_msg("%s is not for %s", rows[i].path, desk_role_word(rows[i].least));
    }
    assert_int_equal(desk_route_least(&(struct desk_route){.path = "/new"}), DESK_ROLE_STAFF);
    assert_int_equal(desk_route_least(&(struct desk_route){.path = "/settings/new"}),
                     DESK_ROLE_OWNER);
}

/* A page's form without its token does nothing, whoever sends it. */
static void test_each_form_wants_its_token(void **state)
{
    static const char *const nobody[SLOTS] = {"x_none", "x_none", "x_none"};
    char uri[300];
    (void)state;
    EACH_CELL(r, m)
    {
        if (methods[m] == DESK_GET)
            continue;
        enter("sal");
        fill(r->path, nobody, uri, sizeof uri);
        if (ask(methods[m], uri, "csrf=0123456789") != 403 || !has("This form is too old"))
            fail_msg("POST %s without its token: %d", r->path, req.reply.status);
    }
}

/* ---- another business's rows ----------------------------------------------------------------- */

/* Ids that are parameters, but not in the path, get the same one. */
static void form_of(const struct desk_route *r, const char *id, char *form, size_t n)
{
    size_t at = (size_t)snprintf(form, n, "csrf=%s", csrf_of_session());
    for (const struct desk_param *p = r->params; p && p->name; p++)
        if (p->kind == DESK_P_ID && !(p->flags & DESK_P_PATH))
            at += (size_t)snprintf(form + at, n - at, "&%s=%s", p->name, id);
    assert_true(at < n);
}

/* What a request with a stranger's id says must be what one with nobody's id says: 404, but for
 * rows that say "it is not there (any more)" in a page of their own. And no word of theirs. */
static void assert_not_there(const char *login, const char *uri, int nobodys)
{
    static const char *const theirs[] = {"Dana", "Kim", "Mom", "a tap", "Please ring", "0135"};
    if (req.reply.status != nobodys || nobodys == 200)
        fail_msg("%s: %s answers %d, for nobody's id %d", login, uri, req.reply.status, nobodys);
    for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++)
        if (has(theirs[i]))
            fail_msg("%s: %s tells %s\n%s", login, uri, theirs[i], body());
}

/* One row with every one of those ids in every place of its address: how many are there. */
static size_t sweep_row(const char *login, const struct desk_route *r, enum desk_method method,
                        const struct ids *ids, bool strange)
{
    char uri[300], form[600];
    const char *pick[SLOTS] = {"x_none", "x_none", "x_none"};
    size_t found = 0, slots = fill(r->path, pick, uri, sizeof uri);
    if (!slots)
        return 0;
    form_of(r, "x_none", form, sizeof form);
    int nobodys = ask(method, uri, form);
    for (size_t i = 0; i < ids->n; i++)
        for (size_t k = 0; k < (slots > 1 ? ids->n : 1); k++) {
            pick[0] = ids->v[i];
            pick[1] = ids->v[k];
            fill(r->path, pick, uri, sizeof uri);
            form_of(r, ids->v[i], form, sizeof form);
            found += ask(method, uri, form) == 200;
            if (strange)
                assert_not_there(login, uri, nobodys);
        }
    return found;
}

static size_t sweep(const char *login, const struct ids *ids, bool only_get, bool strange)
{
    size_t found = 0;
    enter(login);
    EACH_CELL(r, m)
    if (!only_get || methods[m] == DESK_GET)
        found += sweep_row(login, r, methods[m], ids, strange);
    return found;
}

static void test_rows_of_another_business_are_not_there(void **state)
{
    struct ids ours;
    (void)state;
    ids_of(here.tenant, &ours);
    uint64_t before = fingerprint(here.tenant);
    assert_true(ours.n > 20);
    sweep("olga", &ours, false, true);
    assert_true(before == fingerprint(here.tenant));
    assert_true(sweep("sal", &ours, true, false) >= 2); /* to whom they belong they are there */
}

static void test_who_may_only_look_changes_nothing(void **state)
{
    struct ids ours;
    (void)state;
    ids_of(here.tenant, &ours);
    uint64_t before = fingerprint(here.tenant);
    assert_true(sweep("reader", &ours, false, false) >= 2);
    assert_true(before == fingerprint(here.tenant));
}

/* ---- one place ------------------------------------------------------------------------------- */

static void test_another_place_is_not_there(void **state)
{
    static const char *const pages[] = {"/calls/call_ours", "/calls/call_ours.txt",
                                        "/calls/call_ours/recording.wav"};
    char uri[200], form[200];
    struct desk_callback *k;
    size_t n;
    (void)state;
    enter("branch");
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (ask(DESK_GET, pages[i], "") != 404)
            fail_msg("%s answers %d", pages[i], req.reply.status);
    must(desk_callback_by_call(db, arena, here.tenant, "call_ours", &k, &n), "callbacks");
    snprintf(uri, sizeof uri, "/calls/call_ours/callbacks/%s/done", k[0].id);
    snprintf(form, sizeof form, "csrf=%s", csrf_of_session());
    assert_int_equal(ask(DESK_POST, uri, form), 404);
    must(desk_callback_by_call(db, arena, here.tenant, "call_ours", &k, &n), "callbacks");
    assert_string_equal(k[0].state, "open");
}

static void test_ones_own_place(void **state)
{
    (void)state;
    enter("branch");
    assert_int_equal(ask(DESK_GET, "/calls", ""), 200);
    assert_has("Kim");
    assert_lacks("Dana");
    assert_has("Central time"); /* the place's clock */
    assert_lacks("href=\"/exceptions\"");
    assert_lacks("href=\"/callbacks\"");
    assert_int_equal(ask(DESK_GET, "/calls?after=call_ours", ""), 200);
    assert_lacks("Dana");
    assert_int_equal(ask(DESK_GET, "/calls/call_branch", ""), 200);
    assert_int_equal(ask(DESK_GET, "/callbacks", ""), 403);
    assert_has("Your sign-in is for one place");
    enter("sal");
    assert_int_equal(ask(DESK_GET, "/calls", ""), 200);
    assert_has("Kim");
    assert_has("Dana");
    assert_has("href=\"/exceptions\"");
}

/* ---- what a page offers ---------------------------------------------------------------------- */

/* The value of that attribute in the tag, up to its query; NULL: it has none, or it leads out of
 * the dashboard (/docs/: of the api). */
static const char *attribute(const char *tag, const char *end, const char *name, char *out,
                             size_t n)
{
    const char *at = strstr(tag, name);
    if (!at || at > end)
        return NULL;
    at += strlen(name);
    size_t len = strcspn(at, "?#\"");
    if (*at != '/' || strncmp(at, "/static/", 8) == 0 || strncmp(at, "/docs/", 6) == 0)
        return NULL;
    assert_true(len < n);
    snprintf(out, n, "%.*s", (int)len, at);
    return out;
}

/* Forms and links of the page that is in req.reply: each would be answered. How many there are. */
static size_t check_offers(const char *page, const struct desk_user *u)
{
    char to[300];
    size_t n = 0;
    for (const char *p = strchr(body(), '<'); p; p = strchr(p + 1, '<')) {
        const char *end = p + strcspn(p, ">");
        bool form = strncmp(p, "<form", 5) == 0,
             post = form && strstr(p, "method=\"post\"") && strstr(p, "method=\"post\"") < end;
        const char *at = attribute(p, end, form ? " action=\"" : " href=\"", to, sizeof to);
        if (!at || strncmp(p, "<link", 5) == 0)
            continue;
        const struct desk_route *r = desk_route_at(&admin_web, post ? DESK_POST : DESK_GET, at);
        if (!r)
            fail_msg("%s leads %s nowhere: %s", page, u->login, at);
        if (r->auth == DESK_AUTH_SESSION && !desk_user_may(u, r))
            fail_msg("%s offers %s what would be refused: %s %s", page, u->login,
                     post ? "POST" : "GET", at);
        n++;
    }
    return n;
}

static size_t check_row(const struct desk_route *r, const struct ids *ids,
                        const struct desk_user *u)
{
    static const char *const none[SLOTS] = {"x_none", "x_none", "x_none"};
    char uri[300];
    size_t slots = fill(r->path, none, uri, sizeof uri), n = 0;
    for (size_t i = 0; i < (slots ? ids->n : 1); i++) {
        const char *pick[SLOTS] = {slots ? ids->v[i] : "", "x_none", "x_none"};
        fill(r->path, pick, uri, sizeof uri);
        if (slots < 2 && ask(DESK_GET, uri, "") == 200)
            n += check_offers(uri, u);
    }
    return n;
}

/* No button and no link that a page shows to somebody would be refused to them: by the table. */
static void test_nothing_is_offered_that_is_refused(void **state)
{
    static const char *const logins[] = {"reader", "clerk", "branch", "watcher", "sal"};
    struct ids ours;
    (void)state;
    ids_of(here.tenant, &ours);
    for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) {
        struct desk_user u;
        size_t n = 0;
        enter(logins[i]);
        must(desk_user_by_login(db, arena, logins[i], &u), "user");
        for (const struct desk_route *r = admin_web.routes; r->path; r++)
            if (r->auth == DESK_AUTH_SESSION && r->template && r->methods & DESK_GET &&
                desk_user_may(&u, r))
                n += check_row(r, &ours, &u);
        assert_true(n > 20);
    }
}

/* And what a template asks about is there: a word mistyped would hide a button for ever. */
static void check_questions(const char *file, const char *text, const char *ask, unsigned method)
{
    char path[200];
    for (const char *p = strstr(text, ask); p; p = strstr(p + 1, ask)) {
        const char *at = p + strlen(ask);
        snprintf(path, sizeof path, "%.*s", (int)strcspn(at, "\""), at);
        if (!desk_route_at(&admin_web, method, path))
            fail_msg("%s asks about %s, which nothing answers", file, path);
    }
}

static void test_templates_ask_about_rows_there_are(void **state)
{
    static char text[200000];
    static const char dir[] = "templates/admin";
    char path[400];
    size_t asked = 0;
    struct dirent *e;
    DIR *d = opendir(dir);
    (void)state;
    assert_non_null(d);
    while ((e = readdir(d)) != NULL) {
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        FILE *f = fopen(path, "re");
        assert_non_null(f);
        text[fread(text, 1, sizeof text - 1, f)] = '\0';
        fclose(f);
        check_questions(path, text, "may(\"", DESK_POST);
        check_questions(path, text, "sees(\"", DESK_GET);
        asked += strstr(text, "may(") != NULL;
    }
    closedir(d);
    assert_true(asked > 10);
}

/* A role that this program does not know is none. */
static void test_roles_by_their_words(void **state)
{
    (void)state;
    for (int i = DESK_ROLE_READ; i < DESK_ROLE__MAX; i++)
        assert_int_equal(desk_role_parse(desk_role_word((enum desk_role)i)), i);
    assert_int_equal(desk_role_parse("admin"), DESK_ROLE_NONE);
    assert_int_equal(desk_role_parse(""), DESK_ROLE_NONE);
    assert_int_equal(desk_role_parse(NULL), DESK_ROLE_NONE);
    assert_false(desk_user_may(&(struct desk_user){.role = "admin"},
                               &(struct desk_route){.path = "/x", .least = DESK_ROLE_READ}));
}

#define IN(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN(test_each_role_at_each_row),
        IN(test_some_rows_are_for_owners),
        IN(test_each_form_wants_its_token),
        IN(test_rows_of_another_business_are_not_there),
        IN(test_who_may_only_look_changes_nothing),
        IN(test_another_place_is_not_there),
        IN(test_ones_own_place),
        IN(test_nothing_is_offered_that_is_refused),
        cmocka_unit_test(test_templates_ask_about_rows_there_are),
        cmocka_unit_test(test_roles_by_their_words),
    };
    return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
