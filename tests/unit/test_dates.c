/* Spoken dates: data/dates.txt holds sentences and what each must come to; here are the reader of
 * that file, the way in by a model's fields, and what is said back. */
#include "core/dates.h"
#include "core/dates_fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define LINES    "tests/unit/data/dates.txt"

#define DAYS(h) "\"mon\":" h ",\"tue\":" h ",\"wed\":" h ",\"thu\":" h

static const struct place {
    const char *name, *zone, *hours;
    bool day_first;
} places[] = {
    {"denver", "America/Denver",
     "{\"weekly\":{" DAYS(
         "[[\"08:00\",\"18:00\"]]") ",\"fri\":[[\"08:00\",\"18:00\"]]},"
                                    "\"closures\":[\"2026-11-26\",\"2026-12-25\",\"2027-01-01\"],"
                                    "\"special\":{\"2026-12-24\":[[\"08:00\",\"12:00\"]]}}",
     false},
    {"denver24", "America/Denver", "{\"weekly\":\"always\"}", false},
    {"cairo24", "Africa/Cairo", "{\"weekly\":\"always\"}", false},
    {"newyork", "America/New_York",
     "{\"weekly\":{" DAYS(
         "[[\"07:00\",\"17:00\"]]") ",\"fri\":[[\"07:00\",\"17:00\"]],"
                                    "\"sat\":[[\"08:00\",\"12:00\"]]},\"closures\":[\"2026-11-26\","
                                    "\"2026-12-25\"]}",
     false},
    {"london", "Europe/London",
     "{\"weekly\":{" DAYS(
         "[[\"08:30\",\"17:30\"]]") ",\"fri\":[[\"08:30\",\"17:30\"]]},"
                                    "\"closures\":[\"2026-12-25\",\"2026-12-28\",\"2027-01-01\","
                                    "\"2027-03-26\",\"2027-03-29\"]}",
     true},
    {"dental", "America/Chicago",
     "{\"weekly\":{" DAYS(
         "[[\"08:00\",\"12:00\"],[\"13:00\",\"17:00\"]]") ",\"fri\":[[\"08:00\",\"13:00\"]]}}",
     false},
};

struct scene {
    struct desk_hours hours;
    struct desk_when_place at;
};

/* The number at *p and the sign behind it; *p moves on. */
static int number(const char **p)
{
    char *end;
    long v = strtol(*p, &end, 10);
    assert_true(end > *p && v >= 0);
    *p = *end ? end + 1 : end;
    return (int)v;
}

/* "2026-11-20T10:15", maybe with an offset "-06:00". */
static int64_t time_of(const struct desk_tz *tz, const char *s)
{
    struct desk_local_time t = {0};
    int64_t utc;
    t.year = number(&s);
    t.month = number(&s);
    t.day = number(&s);
    t.hour = number(&s);
    t.minute = number(&s);
    char sign = s[-1];
    if (sign != '-' && sign != '+') {
        desk_tz_utc(tz, &t, false, &utc);
        return utc;
    }
    int hours = number(&s), minutes = number(&s);
    desk_tz_utc(NULL, &t, false, &utc);
    int64_t offset = (hours * 60 + minutes) * 60000LL;
    return sign == '-' ? utc + offset : utc - offset;
}

static int32_t day_of(const char *s)
{
    int y = number(&s), m = number(&s);
    return (int32_t)desk_days_from_civil(y, m, number(&s));
}

static void set_scene(struct scene *s, const char *name, const char *now)
{
    char error[200];
    for (size_t i = 0; i < COUNT(places); i++) {
        if (strcmp(places[i].name, name) != 0)
            continue;
        if (desk_hours_parse(&s->hours, places[i].hours, error, sizeof error) != DESK_OK)
            fail_msg("%s: %s", name, error);
        s->at = (struct desk_when_place){.hours = &s->hours,
                                         .tz = desk_tz_load(places[i].zone),
                                         .day_first = places[i].day_first};
        s->at.now = time_of(s->at.tz, now);
        return;
    }
    fail_msg("no place \"%s\"", name);
}

/* ---- the lines ------------------------------------------------------------------------------ */

static bool open_on(const struct scene *s, int32_t date)
{
    struct desk_hours_day day;
    desk_hours_day(&s->hours, date, &day);
    return day.spans.n > 0;
}

static bool excluded(const struct desk_resolved *o, int32_t date)
{
    for (size_t i = 0; i < o->n_excluded; i++)
        if (o->excluded[i] == date)
            return true;
    return false;
}

/* "2026-11-23..2026-11-27 -2026-11-24": the same open days? */
static bool dates_fit(const struct scene *s, const struct desk_resolved *o, const char *want)
{
    const char *dots = strstr(want, "..");
    int32_t first = day_of(want), last = dots ? day_of(dots + 2) : first;
    int32_t from = first < o->first ? first : o->first, to = last > o->last ? last : o->last;
    if (o->kind != DESK_WHEN_DATE || to - from > 800)
        return false;
    for (int32_t d = from; d <= to; d++) {
        bool wanted = d >= first && d <= last;
        for (const char *m = strstr(want, " -"); m; m = strstr(m + 1, " -"))
            wanted = wanted && day_of(m + 2) != d;
        bool got = d >= o->first && d <= o->last && !excluded(o, d);
        if (open_on(s, d) && wanted != got)
            return false;
    }
    return true;
}

static bool window_fits(const struct scene *s, const struct desk_resolved *o, const char *kind,
                        const char *want)
{
    const char *dots = strstr(want, "..");
    int64_t start = time_of(s->at.tz, want), end = dots ? time_of(s->at.tz, dots + 2) : start;
    if (o->kind != DESK_WHEN_SLOT_WINDOW)
        return false;
    if (strcmp(kind, "flex") == 0)
        return o->start <= start && start <= o->end && o->end - o->start <= 7200000;
    if (strcmp(kind, "from") == 0)
        return o->start == start && o->end == 0;
    return o->start == start && o->end == end;
}

static bool fits(const struct scene *s, const struct desk_resolved *o, const char *want)
{
    char kind[40], why[40];
    want += strspn(want, " ");
    size_t n = strcspn(want, " ");
    snprintf(kind, sizeof kind, "%.*s", (int)n, want);
    n += strspn(want + n, " ");
    if (strcmp(kind, "date") == 0)
        return dates_fit(s, o, want + n);
    if (strncmp(kind, "ask", 3) != 0 && strncmp(kind, "reject", 6) != 0)
        return window_fits(s, o, kind, want + n);
    snprintf(why, sizeof why, "%s:%s", desk_when_kind_name(o->kind), desk_when_why_name(o->why));
    return strncmp(why, kind, strlen(kind)) == 0;
}

/* One line; false and a word about it when it comes out otherwise. */
static bool check_line(const struct scene *s, int number, char *line)
{
    struct desk_resolved o;
    char want[200], *arrow = strstr(line, "=>"), *save = NULL, from[40], to[40];
    assert_non_null(arrow);
    *arrow = '\0';
    snprintf(want, sizeof want, "%s", arrow + 2);
    desk_when_spoken(line, &s->at, &o);
    assert_true(*o.say && strlen(o.say) < sizeof o.say - 1);
    for (char *one = strtok_r(want, "|", &save); one; one = strtok_r(NULL, "|", &save))
        if (fits(s, &o, one))
            return true;
    desk_when_iso(from, sizeof from, s->at.tz, o.start);
    desk_when_iso(to, sizeof to, s->at.tz, o.end);
    print_message("%s:%d: %s=>%s, but %s:%s %s..%s, days %d..%d, \"%s\"\n", LINES, number, line,
                  arrow + 2, desk_when_kind_name(o.kind), desk_when_why_name(o.why), from, to,
                  o.first, o.last, o.say);
    return false;
}

static void test_sentences(void **state)
{
    (void)state;
    static struct scene s;
    FILE *f = fopen(LINES, "r");
    char line[400];
    int n = 0, wrong = 0, number = 0;
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        number++;
        line[strcspn(line, "\n")] = '\0';
        char *space = *line == '@' ? strrchr(line, ' ') : NULL;
        if (space) { /* "@ place now" */
            *space = '\0';
            set_scene(&s, line + 2, space + 1);
        } else if (*line && *line != '#') {
            n++;
            wrong += !check_line(&s, number, line);
        }
    }
    fclose(f);
    assert_true(n > 500);
    if (wrong)
        fail_msg("%d of %d sentences come out otherwise", wrong, n);
}

/* ---- a day and a time in either order ------------------------------------------------------- */

/* Every day with every time, said four ways: the parts may not get into each other's way. */
static void test_combinations(void **state)
{
    (void)state;
    static struct scene s;
    static const char *const days[][2] = {
        {"monday", "2026-11-23"},
        {"next wednesday", "2026-11-25"},
        {"the 24th", "2026-11-24"},
        {"the twenty fourth", "2026-11-24"},
        {"tuesday november 24th", "2026-11-24"},
        {"december 8", "2026-12-08"},
        {"the eighth of december", "2026-12-08"},
        {"a week from monday", "2026-11-30"},
        {"the day after thanksgiving", "2026-11-27"},
        {"in three days", "2026-11-23"},
        {"tuesday next week", "2026-11-24"},
        {"el martes", "2026-11-24"},
        {"12/8", "2026-12-08"},
        {"today", "2026-11-20"},
        {"friday", "2026-11-20"},
        {"monday the 7th of december", "2026-12-07"},
        {"the last monday in november", "2026-11-30"},
    };
    static const char *const times[][3] = {
        {"at two", "at", "14:00"},
        {"at three thirty", "at", "15:30"},
        {"at 11", "at", "11:00"},
        {"2 pm", "at", "14:00"},
        {"at noon", "at", "12:00"},
        {"at half past one", "at", "13:30"},
        {"at a quarter to four", "at", "15:45"},
        {"one fifteen", "at", "13:15"},
        {"four o'clock", "at", "16:00"},
        {"at three in the afternoon", "at", "15:00"},
        {"in the afternoon", "win", "12:00..17:00"},
        {"evening", "win", "17:00..18:00"},
        {"after lunch", "win", "13:00..17:00"},
        {"between one and three", "win", "13:00..15:00"},
        {"from two to four", "win", "14:00..16:00"},
        {"after three", "win", "15:00..18:00"},
        {"around three", "flex", "15:00"},
        {"three or so", "flex", "15:00"},
        {"a las cuatro y media", "at", "16:30"},
        {"por la tarde", "win", "12:00..17:00"},
    };
    static const char *const forms[][3] = {{"", " ", ""},
                                           {"", ", ", " please"},
                                           {"could we do ", " maybe ", ""},
                                           {"well ", " and i'd say ", " would be best"}};
    int wrong = 0;
    set_scene(&s, "denver", "2026-11-20T10:15");
    for (size_t i = 0; i < COUNT(days) * COUNT(times) * COUNT(forms); i++) {
        const char *const *d = days[i % COUNT(days)], *const *t =
                                                          times[i / COUNT(days) % COUNT(times)];
        char said[160], line[300];
        const char *const *f = forms[i / COUNT(days) / COUNT(times)];
        snprintf(said, sizeof said, "%s%s%s%s%s", f[0], d[0], f[1], t[0], f[2]);
        const char *dots = strstr(t[2], "..");
        if (dots)
            snprintf(line, sizeof line, "%s => %s %sT%.5s..%sT%s", said, t[1], d[1], t[2], d[1],
                     dots + 2);
        else
            snprintf(line, sizeof line, "%s => %s %sT%s", said, t[1], d[1], t[2]);
        wrong += !check_line(&s, 0, line);
    }
    assert_int_equal(wrong, 0);
}

/* ---- a model's fields ----------------------------------------------------------------------- */

static void test_fields(void **state)
{
    (void)state;
    static struct scene s;
    static const struct {
        const char *json, *want;
    } rows[] = {
        {"{\"date_ref\":\"today\",\"time_from\":\"02:00\"}", "at 2026-11-20T14:00"},
        {"{\"date_ref\":\"today\",\"time_from\":\"09:00\"}", "ask:hour_past"},
        {"{\"date_ref\":\"tomorrow\"}", "reject:closed"},
        {"{\"date_ref\":\"day_after_tomorrow\"}", "reject:closed"},
        {"{\"date_ref\":\"weekday\",\"weekday\":\"tuesday\",\"time_from\":\"3:00\","
         "\"ampm_given\":false}",
         "at 2026-11-24T15:00"},
        {"{\"date_ref\":\"weekday\",\"weekday\":\"tuesday\",\"time_from\":\"03:00\","
         "\"ampm_given\":true}",
         "reject:closed"},
        {"{\"weekday\":\"tuesday\",\"time_from\":\"15:00\",\"flexibility\":\"around\"}",
         "flex 2026-11-24T15:00"},
        {"{\"date_ref\":\"weekday\",\"weekday\":\"friday\",\"week_offset\":1}",
         "ask:ambiguous_next"},
        {"{\"date_ref\":\"week\",\"weekday\":\"friday\",\"week_offset\":1}", "date 2026-11-27"},
        {"{\"date_ref\":\"week\",\"week_offset\":1,\"not_weekday\":\"monday\"}",
         "date 2026-11-23..2026-11-27 -2026-11-23"},
        {"{\"date_ref\":\"weekend\"}", "reject:closed"},
        {"{\"date_ref\":\"weekday\",\"weekday\":\"wednesday\",\"week_offset\":2}",
         "date 2026-12-02"},
        {"{\"date_ref\":\"date\",\"month\":12,\"day\":8,\"daypart\":\"late_morning\"}",
         "win 2026-12-08T10:00..2026-12-08T12:00"},
        {"{\"date_ref\":\"date\",\"month\":2,\"day\":30}", "reject:no_such_date"},
        {"{\"date_ref\":\"date\",\"month\":12,\"day\":8,\"year\":2025}", "reject:past"},
        {"{\"date_ref\":\"date\",\"month\":11,\"day\":24,\"weekday\":\"monday\"}", "ask:conflict"},
        {"{\"date_ref\":\"day_of_month\",\"day\":3}", "date 2026-12-03"},
        {"{\"date_ref\":\"month\",\"month\":1}", "date 2027-01-01..2027-01-31"},
        {"{\"date_ref\":\"month\",\"week_offset\":1}", "date 2026-12-01..2026-12-31"},
        {"{\"date_ref\":\"in_days\",\"count\":4}", "date 2026-11-24"},
        {"{\"date_ref\":\"in_weeks\",\"count\":2}", "date 2026-12-01..2026-12-07"},
        {"{\"date_ref\":\"in_months\",\"count\":13}", "reject:too_far"},
        {"{\"date_ref\":\"in_minutes\",\"count\":90}", "at 2026-11-20T11:45"},
        {"{\"date_ref\":\"holiday\",\"holiday\":\"Christmas Eve\"}",
         "win 2026-12-24T08:00..2026-12-24T12:00"},
        {"{\"date_ref\":\"earliest\"}", "from 2026-11-20T10:15"},
        {"{\"date_ref\":\"none\",\"time_from\":\"04:00\"}", "at 2026-11-20T16:00"},
        {"{}", "ask:no_day"},
        {"{\"weekday\":\"monday\",\"time_from\":\"02:00\",\"time_to\":\"04:00\"}",
         "win 2026-11-23T14:00..2026-11-23T16:00"},
        {"{\"weekday\":\"monday\",\"time_to\":\"11:00\"}",
         "win 2026-11-23T08:00..2026-11-23T11:00"},
        {"{\"weekday\":\"monday\",\"time_from\":\"03:00\",\"flexibility\":\"after\"}",
         "win 2026-11-23T15:00..2026-11-23T18:00"},
    };
    struct desk_resolved o;
    struct desk_when w;
    char error[200];
    set_scene(&s, "denver", "2026-11-20T10:15");
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (desk_when_from_fields(&w, rows[i].json, error, sizeof error) != DESK_OK)
            fail_msg("%s: %s", rows[i].json, error);
        desk_when_resolve(&w, &s.at, &o);
        if (!fits(&s, &o, rows[i].want))
            fail_msg("%s: %s, but %s:%s \"%s\"", rows[i].json, rows[i].want,
                     desk_when_kind_name(o.kind), desk_when_why_name(o.why), o.say);
    }
}

static void test_wrong_fields(void **state)
{
    (void)state;
    static const struct {
        const char *json, *says;
    } rows[] = {
        {NULL, "The arguments"},
        {"[]", "The arguments"},
        {"{\"date_ref\":\"someday\"}", "date_ref cannot be"},
        {"{\"date_ref\":\"weekday\"}", "weekday is needed"},
        {"{\"date_ref\":\"weekday\",\"weekday\":\"mon\"}", "weekday must be"},
        {"{\"date_ref\":\"date\",\"month\":12}", "day is needed"},
        {"{\"date_ref\":\"date\",\"month\":13,\"day\":1}", "month must be"},
        {"{\"date_ref\":\"in_days\",\"count\":\"two\"}", "count must be"},
        {"{\"date_ref\":\"in_days\"}", "count is needed"},
        {"{\"date_ref\":\"holiday\",\"holiday\":\"my birthday\"}", "holiday must be"},
        {"{\"daypart\":\"teatime\"}", "daypart cannot be"},
        {"{\"time_from\":\"3 pm\"}", "time_from must be"},
        {"{\"time_from\":\"25:00\"}", "time_from must be"},
        {"{\"time_from\":\"03:00\",\"flexibility\":\"very\"}", "flexibility cannot be"},
    };
    struct desk_when w;
    char error[200];
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(desk_when_from_fields(&w, rows[i].json, error, sizeof error), DESK_EINVAL);
        assert_ptr_equal(strstr(error, rows[i].says), error);
        assert_int_equal(w.day.ref, DESK_DAY_NONE);
    }
    assert_int_equal(desk_when_from_fields(&w, "[]", NULL, 0), DESK_EINVAL);
}

/* ---- what is said back ---------------------------------------------------------------------- */

static void test_said_back(void **state)
{
    (void)state;
    static struct scene s;
    static const struct {
        const char *place, *said, *say;
    } rows[] = {
        {"denver", "tuesday at 3", "Tuesday, November 24th at 3 pm."},
        {"denver", "tuesday at 9:30", "Tuesday, November 24th at 9:30 am."},
        {"denver", "tuesday afternoon", "Tuesday, November 24th between noon and 5 pm."},
        {"denver", "the first", "Tuesday, December 1st."},
        {"denver", "january 4th", "Monday, January 4th, 2027."},
        {"london", "january 4th", "Monday the 4th of January 2027."},
        {"denver", "asap", "The earliest we have from Friday, November 20th at 10:15 am."},
        {"denver", "any morning next week except tuesday",
         "Between Monday, November 23rd and Friday, November 27th, in the morning, not on Tuesday, "
         "November 24th."},
        {"denver", "saturday",
         "We're closed on Saturday, November 21st. The next opening is Monday, November 23rd at 8 "
         "am."},
        {"denver", "thanksgiving",
         "We're closed on Thursday, November 26th: Thanksgiving. The next opening is Friday, "
         "November 27th at 8 am."},
        {"denver", "tuesday at 8 pm",
         "We're closed at that time on Tuesday, November 24th. The next opening is Tuesday, "
         "November 24th at 8 am."},
        {"denver", "yesterday",
         "That is in the past. The next opening is Friday, November 20th at 10:15 am."},
        {"denver", "next friday", "Do you mean Friday, November 20th, or Friday, November 27th?"},
        {"denver", "tuesday at seven",
         "On Tuesday, November 24th we're open from 8 am to 6 pm. What time would suit you?"},
        {"denver", "tuesday or wednesday", "Which of those would you like best?"},
        {"denver", "", "Which day would suit you?"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk_resolved o;
        set_scene(&s, rows[i].place, "2026-11-20T10:15");
        for (size_t k = 0; k < s.hours.n_rules; k++)
            if (s.hours.rules[k].from == day_of("2026-11-26"))
                snprintf(s.hours.rules[k].label, sizeof s.hours.rules[k].label, "Thanksgiving");
        desk_when_spoken(rows[i].said, &s.at, &o);
        assert_string_equal(o.say, rows[i].say);
    }
}

static void test_odd_texts(void **state)
{
    (void)state;
    static struct scene s;
    struct desk_resolved o;
    char *text = calloc(1, 20001);
    assert_non_null(text);
    set_scene(&s, "denver", "2026-11-20T10:15");
    desk_when_spoken(NULL, &s.at, &o);
    assert_int_equal(o.kind, DESK_WHEN_ASK);
    desk_when_spoken("\xff\xfe\xc3monday\xe2\x80", &s.at, &o);
    assert_int_equal(o.kind, DESK_WHEN_DATE);
    /* what is too long to be read to its end is asked about, not booked */
    for (size_t i = 0; i + 10 < 20000; i += 7)
        memcpy(text + i, "monday ", 7);
    desk_when_spoken(text, &s.at, &o);
    assert_int_equal(o.kind, DESK_WHEN_ASK);
    free(text);
}

static void test_locales(void **state)
{
    (void)state;
    assert_false(desk_when_day_first("en-US"));
    assert_false(desk_when_day_first("en_US"));
    assert_false(desk_when_day_first(NULL));
    assert_false(desk_when_day_first(""));
    assert_true(desk_when_day_first("en-GB"));
    assert_true(desk_when_day_first("es-MX"));
    for (int why = 0; why < DESK_WHY__MAX; why++)
        assert_string_not_equal(desk_when_why_name((enum desk_when_why)why), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sentences), cmocka_unit_test(test_combinations),
        cmocka_unit_test(test_fields),    cmocka_unit_test(test_wrong_fields),
        cmocka_unit_test(test_said_back), cmocka_unit_test(test_odd_texts),
        cmocka_unit_test(test_locales),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
