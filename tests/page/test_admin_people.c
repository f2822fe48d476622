/* The owner's pages of people: the list, one person, the form, and what can be done. */
#include "store/consents.h"
#include "store/exceptions.h"
#include "store/text_stops.h"
#include "tests/page/admin_page.h"

static const char *csrf;

static void ask(enum desk_method method, const char *uri, const char *form)
{
    page_request(method, uri);
    if (form) {
        req.content_type = "application/x-www-form-urlencoded";
        req.body = desk_arena_strdup(ra, form);
        req.body_len = strlen(form);
    }
    desk_dispatch(&admin_web, &req);
}

static int status(void)
{
    return req.reply.status ? req.reply.status : 200;
}

static void get(const char *uri)
{
    ask(DESK_GET, uri, NULL);
    assert_int_equal(status(), 200);
}

static int post(const char *uri, const char *fields)
{
    ask(DESK_POST, uri, desk_arena_fmt(arena, "csrf=%s%s", csrf, fields));
    return req.reply.status;
}

static const char *person(struct world *w, const char *number)
{
    struct desk_contact c;
    must(desk_contact_by_number(db, arena, w->tenant, number, &c), number);
    return c.id;
}

#define AT(fmt, id) desk_arena_fmt(arena, fmt, id)

static void write_down(const char *number, enum desk_contact_fact f, const char *value)
{
    const char *v[DESK_FACT__MAX] = {NULL};
    v[f] = value;
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_contact_set(db, arena, here.tenant, person(&here, number), v,
                                          DESK_FROM_OWNER, NULL)),
         "set");
}

#define DANA "+18605550134"
#define TOM  "+18605550135"
#define LENA "+18605550136"

static int setup(void **state)
{
    (void)state;
    page_open("long enough pw");
    page_session("sal");
    struct desk_session s;
    must(desk_session_find(db, arena, session, &s), "session");
    csrf = s.csrf;
    return 0;
}

static void seed(void)
{
    world_call(&here, &(struct world_call){.id = "call_dana",
                                           .name = "Dana <Whitfield>",
                                           .number = DANA,
                                           .ago_min = 60,
                                           .seconds = 80,
                                           .outcome = DESK_OUT_CALLBACK,
                                           .back_state = "open",
                                           .back_reason = "a leaking boiler",
                                           .summary = "The boiler leaks."});
    world_call(&here, &(struct world_call){.id = "call_tom",
                                           .name = "Tom Hale",
                                           .number = TOM,
                                           .ago_min = 90,
                                           .seconds = 30,
                                           .outcome = DESK_OUT_ANSWERED});
    world_call(&here, &(struct world_call){
                          .id = "call_lena", .number = LENA, .ago_min = 120, .seconds = 30});
    world_call(&other, &(struct world_call){.id = "call_theirs",
                                            .name = "Dana Secret",
                                            .number = "+18605550177",
                                            .ago_min = 5,
                                            .seconds = 30});
    write_down(DANA, DESK_FACT_TAGS, "builder, slow payer");
}

static int setup_people(void **state)
{
    setup(state);
    seed();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    page_close();
    return 0;
}

/* ---- the list -------------------------------------------------------------------------------- */

static void nobody_yet(void **state)
{
    (void)state;
    get("/people");
    assert_has("Nobody yet.");
    get("/people?show=vip");
    assert_has("No VIPs yet.");
    get("/people?q=dana");
    assert_has("Nobody fits.");
}

static void the_last_seen_stand_first_and_only_ours(void **state)
{
    (void)state;
    get("/people");
    const char *dana = strstr(body(), "Dana &lt;Whitfield&gt;"), *tom = strstr(body(), "Tom Hale");
    assert_non_null(dana);
    assert_true(tom > dana);
    assert_has("555-0136");
    assert_has("builder, slow payer");
    assert_lacks("Secret");
    assert_lacks("Older");
}

static void words_tags_and_digits_find_people(void **state)
{
    (void)state;
    static const struct {
        const char *q, *who;
    } rows[] = {{"dana", "Whitfield"},
                {"WHITFIELD", "Whitfield"},
                {"slow", "Whitfield"},
                {"builders", "Whitfield"},
                {"0134", "Whitfield"},
                {"8605550135", "Tom Hale"},
                {"(860)%20555-0135", "Tom Hale"},
                {"%2B18605550136", "555-0136"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        get(desk_arena_fmt(arena, "/people?q=%s", rows[i].q));
        assert_has(rows[i].who);
        assert_lacks("Secret");
    }
    get("/people?q=dana+hale");
    assert_has("Nobody fits.");
    get("/people?q=9990134"); /* its last four digits are not enough */
    assert_has("Nobody fits.");
    get("/people?q=the");
    assert_has("Nobody fits.");
}

static void a_long_list_comes_by_pages(void **state)
{
    (void)state;
    for (int i = 0; i < 60; i++)
        world_call(&here,
                   &(struct world_call){.number = desk_arena_fmt(arena, "+1860555%04d", 2000 + i),
                                        .ago_min = 1000 + i,
                                        .seconds = 20});
    get("/people");
    assert_has("Older");
    assert_lacks("Newer");
    const char *older = strstr(body(), "/people?before=");
    assert_non_null(older);
    char uri[120];
    snprintf(uri, sizeof uri, "%.*s", (int)strcspn(older, "\""), older);
    get(uri);
    assert_has("Newer");
    assert_has("555-2059");
    assert_lacks("555-2000\"");
    const char *newer = strstr(body(), "/people?after=");
    snprintf(uri, sizeof uri, "%.*s", (int)strcspn(newer, "\""), newer);
    get(uri);
    assert_has("Dana");
    assert_lacks("Newer");
    get("/people?before=person_gone"); /* an edge that is gone: from the top */
    assert_has("Dana");
}

/* ---- one person ------------------------------------------------------------------------------ */

static void all_that_is_known_stands_on_the_page(void **state)
{
    (void)state;
    write_down(DANA, DESK_FACT_BIRTHDAY, "1980-05-14");
    write_down(DANA, DESK_FACT_PREFERRED, "text");
    get(AT("/people/%s", person(&here, DANA)));
    assert_has("Dana &lt;Whitfield&gt;");
    assert_has("said on the phone, not confirmed");
    assert_has("14 May 1980");
    assert_has("by text");
    assert_has("written by you");
    assert_has("/calls/call_dana");
    assert_has("a leaking boiler");
    assert_has("Not done yet");
    assert_has("The boiler leaks.");
    get(AT("/people/%s", person(&here, LENA)));
    assert_has("Nothing but the number.");
}

static void others_people_are_not_found(void **state)
{
    (void)state;
    const char *theirs = person(&other, "+18605550177");
    static const char *const below[] = {"", "/edit", "/block", "/join"};
    for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
        ask(DESK_GET, desk_arena_fmt(arena, "/people/%s%s", theirs, below[i]), NULL);
        assert_int_equal(status(), 404);
        assert_lacks("Secret");
    }
    assert_int_equal(post(AT("/people/%s/standing", theirs), "&to=vip"), 404);
    assert_int_equal(post(AT("/people/%s/edit", theirs), "&name=X"), 404);
    assert_int_equal(post(AT("/people/%s/exception", theirs), ""), 404);
    assert_int_equal(post(AT("/people/%s/wishes", theirs), "&calls=no"), 404);
    assert_int_equal(post(AT("/people/%s/confirm", theirs), "&fact=name"), 404);
    assert_int_equal(
        post(AT("/people/%s/join", person(&here, DANA)), desk_arena_fmt(arena, "&with=%s", theirs)),
        404);
    ask(DESK_GET, desk_arena_fmt(arena, "/people/%s/join?with=%s", person(&here, DANA), theirs),
        NULL);
    assert_int_equal(status(), 404);
}

/* ---- the form -------------------------------------------------------------------------------- */

static const char *seen(const char *id)
{
    get(AT("/people/%s/edit", id));
    const char *p = strstr(body(), "name=\"seen\" value=\"");
    assert_non_null(p);
    p += strlen("name=\"seen\" value=\"");
    return desk_arena_strndup(arena, p, strcspn(p, "\""));
}

static void what_is_typed_is_saved_as_the_owners_word(void **state)
{
    (void)state;
    const char *id = person(&here, DANA);
    const char *form = desk_arena_fmt(
        arena,
        "&seen=%s&name=Dana+Whitfield&email=dana%%40example.com&birthday=05-14&tags=builder%%2C+"
        "vip+lane&preferred=call&language=Spanish&standing=vip&notes=Two+dogs.",
        seen(id));
    assert_int_equal(post(AT("/people/%s/edit", id), form), 303);
    struct desk_contact c;
    must(desk_contact_get(db, arena, here.tenant, id, &c), "person");
    assert_string_equal(c.name, "Dana Whitfield");
    assert_string_equal(c.email, "dana@example.com");
    assert_string_equal(c.birthday, "--05-14");
    assert_string_equal(c.tags, "builder, vip lane");
    assert_string_equal(c.language, "es");
    assert_string_equal(c.standing, "vip");
    assert_string_equal(desk_contact_source(arena, &c, DESK_FACT_NAME), DESK_FROM_OWNER);
    get(AT("/people/%s", id));
    assert_has("Saved.");
    assert_has("14 May");
    assert_has("Spanish");
    get("/people?show=vip");
    assert_has("Dana Whitfield");
    assert_lacks("Tom Hale");
    get("/people?q=dogs"); /* the index went along */
    assert_has("Dana Whitfield");
    get("/people?q=payer");
    assert_has("Nobody fits.");
}

static void what_does_not_fit_is_told_beside_its_field_and_kept(void **state)
{
    (void)state;
    const char *id = person(&here, DANA);
    const char *form = desk_arena_fmt(
        arena, "&seen=%s&name=Dana+W&email=nonsense&birthday=sometime&preferred=pigeon", seen(id));
    assert_int_equal(post(AT("/people/%s/edit", id), form), 422);
    assert_has("<title>Error: ");
    assert_has("Nothing was saved yet.");
    assert_has("href=\"#email\"");
    assert_has("id=\"birthday-wrong\"");
    assert_has("id=\"preferred-wrong\"");
    assert_has("value=\"nonsense\"");
    assert_has("value=\"Dana W\"");
    struct desk_contact c;
    must(desk_contact_get(db, arena, here.tenant, id, &c), "person");
    assert_string_equal(c.name, "Dana <Whitfield>");
}

static void two_who_write_at_a_time_do_not_overwrite_each_other(void **state)
{
    (void)state;
    const char *id = person(&here, DANA), *mine = seen(id);
    write_down(DANA, DESK_FACT_COMPANY, "Whitfield & Co");
    const char *form =
        desk_arena_fmt(arena, "&seen=%s&name=Dana+W&tags=builder%%2C+slow+payer", mine);
    assert_int_equal(post(AT("/people/%s/edit", id), form), 409);
    assert_has("Something else was written here");
    assert_has("On record now: Whitfield &amp; Co");
    assert_has("value=\"Dana W\"");
    struct desk_contact c;
    must(desk_contact_get(db, arena, here.tenant, id, &c), "person");
    assert_string_equal(c.name, "Dana <Whitfield>");
    const char *p = strstr(body(), "name=\"seen\" value=\"") + strlen("name=\"seen\" value=\"");
    form = desk_arena_fmt(arena, "&seen=%.*s&name=Dana+W&company=Whitfield+%%26+Co",
                          (int)strcspn(p, "\""), p);
    assert_int_equal(post(AT("/people/%s/edit", id), form), 303); /* again: now they know */
    must(desk_contact_get(db, arena, here.tenant, id, &c), "person");
    assert_string_equal(c.name, "Dana W");
    assert_string_equal(c.company, "Whitfield & Co");
}

static void an_unchanged_form_leaves_whose_word_it_was(void **state)
{
    (void)state;
    const char *id = person(&here, TOM);
    assert_int_equal(
        post(AT("/people/%s/edit", id), desk_arena_fmt(arena, "&seen=%s&name=Tom+Hale", seen(id))),
        303);
    struct desk_contact c;
    must(desk_contact_get(db, arena, here.tenant, id, &c), "person");
    assert_string_equal(desk_contact_source(arena, &c, DESK_FACT_NAME), DESK_FROM_CALL);
    assert_int_equal(post(AT("/people/%s/confirm", id), "&fact=name"), 303);
    must(desk_contact_get(db, arena, here.tenant, id, &c), "person");
    assert_string_equal(desk_contact_source(arena, &c, DESK_FACT_NAME), DESK_FROM_OWNER);
    assert_int_equal(post(AT("/people/%s/confirm", id), "&fact=email"),
                     404); /* nothing to confirm */
}

/* ---- actions --------------------------------------------------------------------------------- */

static void blocking_asks_first_and_can_be_undone(void **state)
{
    (void)state;
    const char *id = person(&here, TOM);
    struct desk_contact c;
    get(AT("/people/%s/block", id));
    assert_has("Block Tom Hale?");
    assert_has("Cancel");
    assert_int_equal(post(AT("/people/%s/standing", id), "&to=blocked"), 303);
    must(desk_contact_get(db, arena, here.tenant, id, &c), "person");
    assert_string_equal(c.standing, DESK_STANDING_BLOCKED);
    get(AT("/people/%s", id));
    assert_has("Blocked: Tom Hale.");
    assert_has("/standing?to=none");
    assert_int_equal(post(AT("/people/%s/standing?to=none", id), ""), 303); /* undo */
    must(desk_contact_get(db, arena, here.tenant, id, &c), "person");
    assert_null(c.standing);
    assert_int_equal(post(AT("/people/%s/standing", id), "&to=emperor"), 422);
}

static void straight_through_from_the_person(void **state)
{
    (void)state;
    const char *id = person(&here, TOM);
    struct desk_exception e;
    assert_int_equal(post(AT("/people/%s/exception", id), ""), 303);
    must(desk_exception_find(db, arena, here.tenant, TOM, &e), "exception");
    assert_string_equal(e.name, "Tom Hale");
    get(AT("/people/%s", id));
    assert_has("is put straight through now.");
    assert_has(desk_arena_fmt(arena, "/exceptions/%s/remove", e.id));
}

static void wishes_are_kept_by_number(void **state)
{
    (void)state;
    const char *id = person(&here, TOM);
    bool so = false;
    assert_int_equal(post(AT("/people/%s/wishes", id), "&calls=no&greetings=&no_texts=1"), 303);
    must(desk_consent_is(db, here.tenant, TOM, DESK_CONSENT_CALLS, false, &so), "consent");
    assert_true(so);
    must(desk_consent_is(db, here.tenant, TOM, DESK_CONSENT_GREETINGS, false, &so), "consent");
    assert_false(so);
    must(desk_text_stopped(db, here.tenant, TOM, &so), "stop");
    assert_true(so);
    get(AT("/people/%s", id));
    assert_has("They get no texts.");
    assert_has("<option value=\"no\" selected>");
}

static void two_are_joined_after_a_look(void **state)
{
    (void)state;
    const char *dana = person(&here, DANA), *lena = person(&here, LENA);
    get(AT("/people/%s/join", dana));
    get(AT("/people/%s/join?q=0136", dana));
    assert_has(desk_arena_fmt(arena, "join?with=%s", lena));
    get(AT("/people/%s/join?q=dana", dana)); /* not with themselves */
    assert_has("Nobody else fits.");
    get(desk_arena_fmt(arena, "/people/%s/join?with=%s", dana, lena));
    assert_has("(goes in)");
    assert_has("555-0136");
    assert_has("This cannot be undone.");
    const char *with = desk_arena_fmt(arena, "&with=%s", lena);
    assert_int_equal(post(AT("/people/%s/join", dana), with), 303);
    get(AT("/people/%s", dana));
    assert_has("555-0136");
    assert_has("/calls/call_lena");
    ask(DESK_GET, AT("/people/%s", lena), NULL); /* the old address leads on */
    assert_int_equal(status(), 303);
    assert_int_equal(post(AT("/people/%s/join", dana), with), 303); /* pressed twice */
    get(AT("/people/%s", dana));
    assert_has("They are one person already.");
    get("/people?q=0136"); /* by the other number: the one person, once */
    assert_has("Dana");
    get(desk_arena_fmt(arena, "/people/%s/join?with=%s", dana, lena));
    assert_has("These are one person already.");
}

static void nothing_changes_without_the_token(void **state)
{
    (void)state;
    const char *id = person(&here, TOM), *was = csrf;
    static const char *const below[] = {"/edit",     "/confirm",   "/wishes",
                                        "/standing", "/exception", "/join"};
    csrf = "wrong";
    for (size_t i = 0; i < sizeof below / sizeof *below; i++)
        assert_int_equal(post(desk_arena_fmt(arena, "/people/%s%s", id, below[i]),
                              "&to=blocked&fact=name&with=x"),
                         403);
    csrf = was;
    struct desk_contact c;
    must(desk_contact_get(db, arena, here.tenant, id, &c), "person");
    assert_null(c.standing);
}

#define TEST(f)  cmocka_unit_test_setup_teardown(f, setup_people, teardown)
#define EMPTY(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMPTY(nobody_yet),
        TEST(the_last_seen_stand_first_and_only_ours),
        TEST(words_tags_and_digits_find_people),
        TEST(a_long_list_comes_by_pages),
        TEST(all_that_is_known_stands_on_the_page),
        TEST(others_people_are_not_found),
        TEST(what_is_typed_is_saved_as_the_owners_word),
        TEST(what_does_not_fit_is_told_beside_its_field_and_kept),
        TEST(two_who_write_at_a_time_do_not_overwrite_each_other),
        TEST(an_unchanged_form_leaves_whose_word_it_was),
        TEST(blocking_asks_first_and_can_be_undone),
        TEST(straight_through_from_the_person),
        TEST(wishes_are_kept_by_number),
        TEST(two_are_joined_after_a_look),
        TEST(nothing_changes_without_the_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
