/* The settings pages beside the business's document: limits, rules, how it listens; and Telegram.
 */
#include "cgi-bin/admin/set_own.h"
#include "store/settings.h"
#include "store/telegram.h"
#include "tests/page/admin_page.h"

#include <stdio.h>

static int setup(void **state)
{
    struct desk_session s;
    (void)state;
    page_open("long enough pw");
    page_session("sal");
    must(desk_session_find(db, arena, session, &s), "session");
    page_csrf = s.csrf;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    page_close();
    return 0;
}

static const char *value(const struct world *w, enum desk_setting_id id)
{
    struct desk_tenant_settings own;
    must(desk_tenant_settings_load(db, arena, w->tenant, &own), "settings");
    return desk_tenant_setting(&own, id);
}

/* The page's form as a browser sends it back, with these fields in place of what was shown. */
static const char *form_of(const struct own_page *page, const char *seen, const char *changes)
{
    struct desk_tenant_settings own;
    struct desk_buf out;
    desk_buf_init(&out, 8000);
    must(desk_tenant_settings_load(db, arena, here.tenant, &own), "settings");
    desk_buf_fmt(&out, "csrf=%s&seen=%s%s", page_csrf, seen, changes);
    for (const struct own_section *s = page->sections; s->title; s++)
        for (const struct own_field *f = s->fields; f->label; f++) {
            const char *name = desk_setting_rows[f->id].name, *v = desk_tenant_setting(&own, f->id);
            if (strstr(changes, desk_arena_fmt(ra, "&%s=", name)) ||
                (f->kind == OWN_TICK && !desk_setting_true(v)))
                continue;
            long n = strtol(v, NULL, 10);
            if (f->kind == OWN_CENTS && n)
                desk_buf_fmt(&out, "&%s=%ld.%02ld", name, n / 100, n % 100);
            else
                desk_buf_fmt(&out, "&%s=%s", name,
                             f->kind == OWN_TICK                                      ? "1"
                             : (f->kind == OWN_CENTS || f->kind == OWN_DOLLARS) && !n ? ""
                                                                                      : v);
        }
    const char *text = desk_arena_strdup(arena, desk_buf_cstr(&out));
    desk_buf_clear(&out);
    return text;
}

static const char *seen_on_page(void)
{
    static char out[40];
    const char *at = strstr(body(), "name=\"seen\" value=\"");
    assert_non_null(at);
    snprintf(out, sizeof out, "%.16s", at + strlen("name=\"seen\" value=\""));
    return out;
}

static const struct own_page *page_of(const char *slug)
{
    const struct own_page *p = own_pages;
    while (strcmp(p->slug, slug) != 0)
        p++;
    return p;
}

static int post(const char *uri, const char *form)
{
    page_request(DESK_POST, uri);
    req.content_type = "application/x-www-form-urlencoded";
    req.body = form;
    req.body_len = strlen(form);
    desk_dispatch(&admin_web, &req);
    return req.reply.status;
}

static int save_page(const char *slug, const char *changes)
{
    const char *uri = desk_arena_fmt(arena, "/settings/%s", slug);
    page_ok(uri);
    const char *form = form_of(page_of(slug), seen_on_page(), changes);
    return post(uri, form);
}

/* Whatever a business may set has a place: one of these pages, or one of the document's. */
static void test_every_setting_has_a_page(void **state)
{
    static const enum desk_setting_id elsewhere[] = {
        DESK_S_ANSWER_MODE,      /* answering.mode */
        DESK_S_TELEGRAM_CHAT_ID, /* owner.telegram */
    };
    (void)state;
    for (int id = 0; id < DESK_S__MAX; id++) {
        int places = 0;
        if (!(desk_setting_rows[id].flags & DESK_SET_TENANT))
            continue;
        for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
            places += (int)elsewhere[i] == id;
        for (const struct own_page *p = own_pages; p->slug; p++)
            for (const struct own_section *s = p->sections; s->title; s++)
                for (const struct own_field *f = s->fields; f->label; f++)
                    places += (int)f->id == id;
        if (places != 1)
            fail_msg("%s is on %d pages", desk_setting_rows[id].name, places);
    }
    /* and no page shows what is not a business's to set, or a choice that is none */
    for (const struct own_page *p = own_pages; p->slug; p++)
        for (const struct own_section *s = p->sections; s->title; s++)
            for (const struct own_field *f = s->fields; f->label; f++) {
                char why[200];
                assert_true(desk_setting_rows[f->id].flags & DESK_SET_TENANT);
                for (size_t k = 0; f->choices && f->choices[k].value; k++)
                    must(desk_setting_check(f->id, f->choices[k].value, why, sizeof why),
                         f->choices[k].value);
            }
}

static void test_as_shown_changes_nothing(void **state)
{
    static const char *const uris[] = {"/settings/limits", "/settings/rules", "/settings/hearing"};
    (void)state;
    for (size_t i = 0; i < sizeof uris / sizeof *uris; i++) {
        page_ok(uris[i]);
        const char *seen = desk_arena_strdup(arena, seen_on_page());
        assert_int_equal(save_page(strrchr(uris[i], '/') + 1, ""), 303);
        page_ok(uris[i]);
        assert_has("Saved. The next call uses it.");
        assert_string_equal(seen_on_page(), seen);
    }
    for (int id = 0; id < DESK_S__MAX; id++) {
        struct desk_tenant_settings own;
        must(desk_tenant_settings_load(db, arena, here.tenant, &own), "settings");
        assert_null(own.own[id]);
    }
}

static void test_limits_saved(void **state)
{
    (void)state;
    page_ok("/settings/limits");
    assert_has("What is spent now");
    assert_has("This month: $0.00, about $0.00 by its end.");
    assert_has("No limit is set.");
    assert_int_equal(save_page("limits", "&SPEND_MONTH_DOLLARS=%241%2C250&SPEND_HOUR_CENTS=2.5"
                                         "&SPEND_CALLER_CENTS=.05&SPEND_THEN=ring&LOOP_CALLS=12"),
                     303);
    assert_string_equal(value(&here, DESK_S_SPEND_MONTH_DOLLARS), "1250");
    assert_string_equal(value(&here, DESK_S_SPEND_HOUR_CENTS), "250");
    assert_string_equal(value(&here, DESK_S_SPEND_CALLER_CENTS), "5");
    assert_string_equal(value(&here, DESK_S_SPEND_THEN), "ring");
    assert_string_equal(value(&here, DESK_S_LOOP_CALLS), "12");
    assert_string_equal(value(&other, DESK_S_LOOP_CALLS), "30");
    page_ok("/settings/limits");
    assert_has("This month: $0.00 of $1,250.00");
    assert_has("This hour: $0.00 of $2.50.");
    assert_has("value=\"2.50\"");
    assert_lacks("No limit is set.");
    /* empty is none again, and the machine's own value is no value of the business */
    assert_int_equal(save_page("limits",
                               "&SPEND_MONTH_DOLLARS=&SPEND_HOUR_CENTS=0&SPEND_CALLER_CENTS="
                               "&SPEND_THEN=voicemail&LOOP_CALLS=30"),
                     303);
    struct desk_tenant_settings own;
    must(desk_tenant_settings_load(db, arena, here.tenant, &own), "settings");
    assert_null(own.own[DESK_S_SPEND_MONTH_DOLLARS]);
    assert_null(own.own[DESK_S_LOOP_CALLS]);
}

static void test_wrong_is_told_beside(void **state)
{
    static const struct {
        const char *slug, *field, *typed, *sentence;
    } rows[] = {
        {"limits", "SPEND_MONTH_DOLLARS", "12.50", "Give whole dollars, like 25. Empty: no limit."},
        {"limits", "SPEND_MONTH_DOLLARS", "lots", "Give whole dollars, like 25. Empty: no limit."},
        {"limits", "SPEND_MONTH_DOLLARS", "1000001",
         "That is too much: the most is 1000000 dollars."},
        {"limits", "SPEND_HOUR_CENTS", "2.505", "Give dollars, like 2.50. Empty: no limit."},
        {"limits", "SPEND_HOUR_CENTS", "-3", "Give dollars, like 2.50. Empty: no limit."},
        {"limits", "SPEND_HOUR_CENTS", "1.2.3", "Give dollars, like 2.50. Empty: no limit."},
        {"limits", "SPEND_THEN", "explode", "Choose one of these."},
        {"limits", "CALL_MAX_S", "59", "Give a whole number from 60 to 14400."},
        {"limits", "CALL_MAX_S", "", "Give a whole number from 60 to 14400."},
        {"limits", "CALL_MAX_S", "99999999999999999999", "Give a whole number from 60 to 14400."},
        {"limits", "LOOP_MINUTES", "ten", "Give a whole number from 1 to 1440."},
        {"rules", "APPOINTMENT_REMINDERS", "48 soon",
         "Give hours with a space between, like 48 3; or none."},
        {"hearing", "VAD_MARGIN_DB", "2", "Give a whole number from 3 to 30."},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *changes = desk_arena_fmt(arena, "&%s=%s", rows[i].field, rows[i].typed);
        if (save_page(rows[i].slug, changes) != 422)
            fail_msg("taken: %s", changes);
        assert_has("Nothing was saved yet. Mend what is marked below.");
        assert_has(desk_arena_fmt(arena, "id=\"%s-wrong\">%s<", rows[i].field, rows[i].sentence));
        assert_has(desk_arena_fmt(arena, "<a href=\"#%s\">", rows[i].field));
        assert_has(desk_arena_fmt(arena, "Error: %s", page_of(rows[i].slug)->title));
    }
    assert_string_equal(value(&here, DESK_S_SPEND_MONTH_DOLLARS), "0");
}

static void test_two_at_once(void **state)
{
    (void)state;
    page_ok("/settings/limits");
    const char *seen = desk_arena_strdup(arena, seen_on_page());
    assert_int_equal(save_page("limits", "&LOOP_CALLS=12"), 303);
    const char *form = form_of(page_of("limits"), seen, "&LOOP_CALLS=13");
    assert_int_equal(post("/settings/limits", form), 422);
    assert_has("This was changed meanwhile.");
    assert_has("value=\"13\"");
    assert_string_equal(value(&here, DESK_S_LOOP_CALLS), "12");
}

static void test_rules_saved(void **state)
{
    (void)state;
    assert_int_equal(save_page("rules", "&APPOINTMENT_REMINDERS=48+3&RECORD_CALLS=own"
                                        "&TEXT_QUIET_FROM=22&TEXT_AFTER_MESSAGE="),
                     303);
    assert_string_equal(value(&here, DESK_S_APPOINTMENT_REMINDERS), "48 3");
    assert_string_equal(value(&here, DESK_S_RECORD_CALLS), "own");
    assert_string_equal(value(&here, DESK_S_TEXT_QUIET_FROM), "22");
    assert_string_equal(value(&here, DESK_S_TEXT_AFTER_MESSAGE), "false");
    page_ok("/settings/audit");
    assert_int_equal(save_page("rules", "&TEXT_AFTER_MESSAGE=1"), 303);
    assert_string_equal(value(&here, DESK_S_TEXT_AFTER_MESSAGE), "true");
}

static void test_strangers(void **state)
{
    (void)state;
    page_ok("/settings/limits");
    const char *form = form_of(page_of("limits"), seen_on_page(), "&LOOP_CALLS=1");
    page_csrf = "wrong";
    assert_int_equal(post("/settings/limits", form_of(page_of("limits"), "x", "")), 403);
    *session = '\0';
    assert_int_equal(post("/settings/limits", form), 303); /* to the login page */
    assert_string_equal(value(&here, DESK_S_LOOP_CALLS), "30");
}

/* ---- Telegram -------------------------------------------------------------------------------- */

static void test_telegram_without_a_bot(void **state)
{
    (void)state;
    desk_setting_override(DESK_S_TELEGRAM_BOT_TOKEN, "");
    page_ok("/settings/telegram");
    assert_has("There is no bot yet.");
    assert_has("TELEGRAM_BOT_TOKEN");
    assert_lacks("Get a code");
    page_post("/settings/telegram", "");
    assert_lacks("/start ");
}

static void test_telegram_link(void **state)
{
    struct desk_telegram_code found;
    char code[DESK_TELEGRAM_CODE_LEN];
    (void)state;
    desk_setting_override(DESK_S_TELEGRAM_BOT_TOKEN, "1:token");
    page_ok("/settings/telegram");
    assert_has("No chat is linked yet.");
    page_post("/settings/telegram", "");
    const char *at = strstr(body(), "/start ");
    assert_non_null(at);
    snprintf(code, sizeof code, "%.12s", at + strlen("/start "));
    assert_has("within 15 minutes");
    page_ok("/settings/telegram"); /* once */
    assert_lacks(code);
    must(desk_telegram_code_find(db, arena, code, NOW, &found), "code");
    assert_string_equal(found.tenant_id, here.tenant);
    TX(desk_telegram_link_make(db, &found, "4711", "Sal <phone>", NOW));
    page_ok("/settings/telegram");
    assert_has("Sal &lt;phone&gt;");
    assert_has("Answers to <bdi>sal</bdi>");
    assert_lacks("4711");
    const char *id = strstr(body(), "/settings/telegram/");
    assert_non_null(id);
    id = desk_arena_strndup(arena, id, strcspn(id, "\""));
    /* not another business's to see or to take away */
    page_session("olga");
    page_ok("/settings/telegram");
    assert_lacks("Sal");
    struct desk_session s;
    must(desk_session_find(db, arena, session, &s), "session");
    page_csrf = s.csrf;
    page_post(id, "");
    page_session("sal");
    must(desk_session_find(db, arena, session, &s), "session");
    page_csrf = s.csrf;
    page_ok("/settings/telegram");
    assert_has("Sal &lt;phone&gt;");
    assert_int_equal(page_post(id, ""), 303);
    page_ok("/settings/telegram");
    assert_has("That chat is told nothing any more");
    assert_lacks("Sal &lt;phone&gt;");
    assert_int_equal(page_post("/settings/telegram/tl_nobody/unlink", ""), 303);
    page_ok("/settings/telegram");
    assert_has("taken away already");
    desk_setting_override(DESK_S_TELEGRAM_BOT_TOKEN, "");
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {T(test_every_setting_has_a_page),
                                       T(test_as_shown_changes_nothing),
                                       T(test_limits_saved),
                                       T(test_wrong_is_told_beside),
                                       T(test_two_at_once),
                                       T(test_rules_saved),
                                       T(test_strangers),
                                       T(test_telegram_without_a_bot),
                                       T(test_telegram_link)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
