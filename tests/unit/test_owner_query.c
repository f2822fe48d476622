/* What an owner asks, and the sentence that answers it: reading, stretches of time, saying. */
#include "core/owner_query.h"
#include "core/pin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW 1795200720000LL /* Friday 20 November 2026, 13:52 in New York */

static const struct desk_tz *tz;
static struct desk_hours hours; /* always open */

static struct desk_when_place place(int64_t now)
{
    return (struct desk_when_place){.hours = &hours, .tz = tz, .now = now};
}

static void what_is_asked(void **state)
{
    static const struct {
        const char *text, *about, *when; /* when NULL: not said */
    } rows[] = {
        {"what's on my schedule tomorrow", "schedule", "tomorrow"},
        {"any emergencies this afternoon", "emergencies", "this afternoon"},
        {"read me my first appointment Monday", "schedule", "on Monday"},
        {"any callbacks?", "callbacks", NULL},
        {"who called today?", "calls", "today"},
        {"Who do I need to call back?", "callbacks", NULL},
        {"is anyone waiting for a call", "callbacks", NULL},
        {"are there any urgent callbacks from yesterday", "callbacks", "yesterday"},
        {"did anything urgent come in this morning", "emergencies", "this morning"},
        {"any calls about an emergency last night", "emergencies", "last night"},
        {"any new voicemails", "messages", NULL},
        {"did anybody leave a voice mail", "messages", NULL},
        {"when is my next appointment", "schedule", NULL},
        {"am I free on Tuesday afternoon", "schedule", "on Tuesday afternoon"},
        {"what have I got next week", "schedule", "next week"},
        {"how many calls did we get in the last two hours", "calls", "in the last 2 hours"},
        {"who rang yesterday", "calls", "yesterday"},
        {"did anyone phone since noon", "calls", "today after noon"},
        {"what did I miss", "summary", NULL},
        {"give me a rundown of last week", "summary", "last week"},
        {"and tomorrow?", "schedule", "tomorrow"},
        {"yesterday", "summary", "yesterday"},
        {"say that again", "repeat", NULL},
        {"what can I ask", "help", NULL},
        {"who was the first customer to call today", "calls", "today"},
        {"and the last client that called", "calls", NULL},
        {"who is my first client tomorrow", "schedule", "tomorrow"},
        {"yes please", "help", NULL},
        {"no thanks", "goodbye", NULL},
        {"that's all, goodbye", "goodbye", NULL},
        {"no", "goodbye", NULL},
        {"the quick brown fox", "unknown", NULL},
        {"", "unknown", NULL},
        {NULL, "unknown", NULL},
        {"1", "calls", NULL},
        {"2", "callbacks", NULL},
        {"3", "emergencies", NULL},
        {"4", "messages", NULL},
        {"0", "help", NULL},
        {"*", "goodbye", NULL},
    };
    const struct desk_when_place at = place(NOW);
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_owner_query q;
        desk_owner_query_read(rows[i].text, &at, &q);
        if (strcmp(desk_owner_about_name(q.about), rows[i].about) != 0)
            fail_msg("\"%s\" is about %s", rows[i].text, desk_owner_about_name(q.about));
        if (rows[i].when && strcmp(q.when.name, rows[i].when) != 0)
            fail_msg("\"%s\" is %s", rows[i].text, q.when.name);
        if (q.when.said != (rows[i].when != NULL))
            fail_msg("\"%s\": said %d", rows[i].text ? rows[i].text : "", q.when.said);
    }
}

static void stretches_of_time(void **state)
{
    static const struct {
        bool past;
        const char *text, *from, *to, *name;
    } rows[] = {
        {true, "this afternoon", "2026-11-20T12:00:00-05:00", "2026-11-20T17:00:00-05:00",
         "this afternoon"},
        {true, "last night", "2026-11-19T17:00:00-05:00", "2026-11-20T08:00:00-05:00",
         "last night"},
        {true, "since Monday", "2026-11-16T00:00:00-05:00", "2026-11-21T00:00:00-05:00",
         "from Monday to today"},
        {true, "since noon", "2026-11-20T12:00:00-05:00", "2026-11-21T00:00:00-05:00",
         "today after noon"},
        {true, "after 3 today", "2026-11-20T15:00:00-05:00", "2026-11-21T00:00:00-05:00",
         "today after 3 pm"},
        {true, "in the past hour", "2026-11-20T12:52:00-05:00", "2026-11-20T13:52:00-05:00",
         "in the last hour"},
        {true, "on Wednesday", "2026-11-18T00:00:00-05:00", "2026-11-19T00:00:00-05:00",
         "on Wednesday"},
        {false, "on Wednesday", "2026-11-25T00:00:00-05:00", "2026-11-26T00:00:00-05:00",
         "on Wednesday"},
        {true, "on the 23rd", "2026-10-23T00:00:00-04:00", "2026-10-24T00:00:00-04:00",
         "on Friday, October 23rd"},
        {true, "from Monday to Wednesday", "2026-11-16T00:00:00-05:00", "2026-11-19T00:00:00-05:00",
         "from Monday to Wednesday"},
        {true, "last week", "2026-11-09T00:00:00-05:00", "2026-11-16T00:00:00-05:00", "last week"},
        {true, "over the weekend", "2026-11-14T00:00:00-05:00", "2026-11-16T00:00:00-05:00",
         "from Saturday to Sunday"},
        {false, "December 24th", "2026-12-24T00:00:00-05:00", "2026-12-25T00:00:00-05:00",
         "on Thursday, December 24th"},
        {false, "later today", "2026-11-20T13:52:00-05:00", "2026-11-21T00:00:00-05:00",
         "for the rest of today"},
        /* the clocks change on Sunday 8 March: a day of 23 hours */
        {false, "March 14th 2027", "2027-03-14T00:00:00-05:00", "2027-03-15T00:00:00-04:00",
         "on Sunday, March 14th, 2027"},
    };
    const struct desk_when_place at = place(NOW);
    char a[40], b[40];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_stretch s;
        desk_stretch_read(rows[i].text, &at, rows[i].past, &s);
        desk_when_iso(a, sizeof a, tz, s.from);
        desk_when_iso(b, sizeof b, tz, s.to);
        if (strcmp(a, rows[i].from) || strcmp(b, rows[i].to) || strcmp(s.name, rows[i].name))
            fail_msg("%s: %s %s \"%s\"", rows[i].text, a, b, s.name);
    }
    /* after midnight "tomorrow" is no question, and "today" is the new day */
    const struct desk_when_place night = place(NOW - 12LL * 3600 * 1000);
    struct desk_stretch s;
    desk_stretch_read("tomorrow", &night, false, &s);
    assert_string_equal(desk_when_iso(a, sizeof a, tz, s.from), "2026-11-21T00:00:00-05:00");
}

#define MIN 60000LL

static const struct desk_owner_item people[] = {
    {.name = "Dana Whitfield",
     .number = "+18605550134",
     .what = "About the water heater that drips.",
     .when = "tomorrow morning",
     .at = NOW - 12 * MIN,
     .times = 3,
     .seconds = 25},
    {.number = "+14155550199", .at = NOW - 52 * MIN, .times = 1, .seconds = 1, .urgent = true},
    {.at = NOW - 4 * 60 * MIN, .times = 2},
    {.name = "Lee", .number = "+12125550100", .at = NOW - 5 * 60 * MIN, .times = 1},
    {.name = "Kim", .number = "+12125550101", .at = NOW - 5 * 60 * MIN, .times = 1},
};

static const char *said(const char *text, size_t n, int64_t total)
{
    static char out[2000];
    struct desk_buf b;
    struct desk_owner_query q;
    const struct desk_when_place at = place(NOW);
    const struct desk_owner_facts f = {.items = people,
                                       .n_items = n,
                                       .total = total,
                                       .calls = 4,
                                       .callbacks = 2,
                                       .emergencies = 1,
                                       .messages = 0};
    struct desk_owner_facts g = f;
    g.no_calendar = strstr(text, "no calendar") != NULL;
    desk_owner_query_read(text, &at, &q);
    desk_buf_init(&b, sizeof out - 1);
    desk_owner_query_say(&q, &g, tz, NOW, &b);
    snprintf(out, sizeof out, "%s", desk_buf_cstr(&b));
    desk_buf_clear(&b);
    return out;
}

static void sentences(void **state)
{
    static const struct {
        const char *text;
        size_t n;
        int64_t total;
        const char *say;
    } rows[] = {
        {"who called today", 0, 0, "Nobody called today."},
        {"who called today", 1, 1, "One call today: Dana Whitfield three times, last at 1:40 pm."},
        {"who called today", 2, 4,
         "Four calls from two people today: Dana Whitfield three times, last at 1:40 pm and a "
         "caller from 4 1 5, 5 5 5, 0 1 9 9 at 1 pm."},
        {"who called today", 5, 8,
         "Eight calls from five people today: Dana Whitfield three times, last at 1:40 pm, a "
         "caller from 4 1 5, 5 5 5, 0 1 9 9 at 1 pm, a caller who hid the number twice, last at "
         "9:52 am, and two more."},
        {"who called this week", 1, 3,
         "Three calls from one person this week: Dana Whitfield three times, last today at 1:40 "
         "pm."},
        {"any emergencies this afternoon", 0, 0, "No emergencies this afternoon."},
        {"any emergencies this afternoon", 1, 1,
         "One emergency this afternoon: Dana Whitfield three times, last at 1:40 pm, about “About "
         "the water heater that drips”."},
        {"any emergencies tomorrow", 0, 0, "Tomorrow has not come yet."},
        {"who called on Monday", 0, 0, "Nobody called on Monday."},
        {"any callbacks", 0, 0, "No open callbacks."},
        {"any callbacks", 2, 2,
         "Two open callbacks: Dana Whitfield on 8 6 0, 5 5 5, 0 1 3 4, About the water heater "
         "that drips, tomorrow morning and 4 1 5, 5 5 5, 0 1 9 9, which is urgent."},
        {"any callbacks from yesterday", 0, 0, "No open callbacks from yesterday."},
        {"any urgent callbacks", 0, 0, "No urgent callbacks."},
        {"any messages", 1, 1,
         "One new message: from Dana Whitfield at 1:40 pm, saying “About the water heater that "
         "drips”."},
        {"any messages", 0, 0, "No new messages."},
        {"what's on my schedule today", 2, 2,
         "Two appointments today: Dana Whitfield at 1:40 pm for About the water heater that drips "
         "and a caller from 4 1 5, 5 5 5, 0 1 9 9 at 1 pm."},
        {"what's on my schedule on monday", 0, 0, "No appointments on Monday."},
        {"no calendar: what's on my schedule tomorrow", 0, 0,
         "No calendar is kept here, so I cannot say what is on your schedule tomorrow; but two "
         "callbacks are open."},
        {"what did I miss", 0, 0,
         "Today: four calls, one emergency, two open callbacks, and no new messages."},
        {"bye", 0, 0, "Goodbye."},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(said(rows[i].text, rows[i].n, rows[i].total), rows[i].say);
}

/* Words of strangers are cut at a word, and never within a character. */
static void long_words_are_cut(void **state)
{
    static const char *const texts[] = {
        "the boiler in the basement of the house behind the church has been making a loud noise "
        "since Sunday",
        "äöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöü", "....", ""};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct desk_buf b;
        struct desk_owner_query q;
        const struct desk_when_place at = place(NOW);
        const struct desk_owner_item item = {
            .name = "Ann", .what = texts[i], .at = NOW, .times = 1};
        const struct desk_owner_facts f = {.items = &item, .n_items = 1, .total = 1};
        desk_owner_query_read("messages", &at, &q);
        desk_buf_init(&b, 4000);
        desk_owner_query_say(&q, &f, tz, NOW, &b);
        const char *text = desk_buf_cstr(&b);
        assert_true(strlen(text) < 160);
        for (const char *p = text; *p; p++) /* whole characters: a lead byte has its follower */
            if (((unsigned char)*p & 0xe0) == 0xc0)
                assert_true(((unsigned char)p[1] & 0xc0) == 0x80);
        desk_buf_clear(&b);
    }
}

static void pins_are_read(void **state)
{
    static const struct {
        const char *text, *pin; /* NULL: none */
    } rows[] = {
        {"4471", "4471"},
        {"4471#", "4471"},
        {"44 71", "4471"},
        {"4-4-7-1.", "4471"},
        {"123", NULL},
        {"123456789", NULL},
        {"", NULL},
        {NULL, NULL},
        {"four four seven one", "4471"},
        {"hello there", NULL},
        {"12345678", "12345678"},
        {"my pin is 4 4 7 1 thanks", "4471"},
    };
    char pin[DESK_PIN_LEN];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool is = desk_pin_read(rows[i].text, pin);
        if (is != (rows[i].pin != NULL) || strcmp(pin, rows[i].pin ? rows[i].pin : "") != 0)
            fail_msg("\"%s\" is read as \"%s\"", rows[i].text ? rows[i].text : "", pin);
    }
}

static void wrong_pins_bring_a_pause(void **state)
{
    static const struct {
        int64_t failed, hours;
    } rows[] = {{0, 0}, {1, 0}, {2, 0}, {3, 1},   {4, 0},   {5, 0},
                {6, 2}, {7, 0}, {9, 4}, {15, 16}, {18, 24}, {3000, 24}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(desk_pin_paused_until(rows[i].failed, NOW),
                         rows[i].hours ? NOW + rows[i].hours * 60 * MIN : 0);
}

static int begin(void **state)
{
    (void)state;
    tz = desk_tz_load("America/New_York");
    return tz ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_asked), cmocka_unit_test(stretches_of_time),
        cmocka_unit_test(sentences),     cmocka_unit_test(long_words_are_cut),
        cmocka_unit_test(pins_are_read), cmocka_unit_test(wrong_pins_bring_a_pause),
    };
    return cmocka_run_group_tests_name("owner_query", tests, begin, NULL);
}
