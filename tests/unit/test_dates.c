/* Spoken dates: data/dates.txt holds sentences and what each must come to; here are the reader of
 * that file, the way in by a model's fields, and what is said back. */
#include "core/dates.h"

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

/* "2026-11-20T10:15", maybe with an offset "-06:00"; a missing date is that of the day given. */
static int64_t time_of(const struct desk_tz *tz, const char *s)
{
    struct desk_local_time t = {0};
    int n = 0, hours = 0, minutes = 0;
    int64_t utc;
    assert_int_equal(
        sscanf(s, "%d-%d-%dT%d:%d%n", &t.year, &t.month, &t.day, &t.hour, &t.minute, &n), 5);
    if (s[n] != '-' && s[n] != '+') {
        desk_tz_utc(tz, &t, false, &utc);
        return utc;
    }
    assert_int_equal(sscanf(s + n + 1, "%d:%d", &hours, &minutes), 2);
    desk_tz_utc(NULL, &t, false, &utc);
    int64_t offset = (hours * 60 + minutes) * 60000LL;
    return s[n] == '-' ? utc + offset : utc - offset;
}

static int32_t day_of(const char *s)
{
    int y, m, d;
    assert_int_equal(sscanf(s, "%d-%d-%d", &y, &m, &d), 3);
    return (int32_t)desk_days_from_civil(y, m, d);
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

/* ---- the lines
 * ------------------------------------------------------------------------------------ */

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
    int n = 0;
    if (sscanf(want, "%39s %n", kind, &n) != 1)
        return false;
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
    char line[400], place[40], now[40];
    int n = 0, wrong = 0, number = 0;
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        number++;
        line[strcspn(line, "\n")] = '\0';
        if (sscanf(line, "@ %39s %39s", place, now) == 2) {
            set_scene(&s, place, now);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
