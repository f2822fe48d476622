#include "cgi-bin/words.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_MS 60000
#define FIRST_MAX 16

static int64_t day_number(const struct desk_local_time *t)
{
    return desk_days_from_civil(t->year, t->month, t->day);
}

/* "Today", "Yesterday" or NULL; *other_year says whether the year must be named. */
static const char *near_day(const struct desk_tz *tz, int64_t now_ms, int64_t at_ms, int *year)
{
    struct desk_local_time now, at;
    desk_tz_local(tz, now_ms, &now);
    desk_tz_local(tz, at_ms, &at);
    int64_t back = day_number(&now) - day_number(&at);
    *year = at.year == now.year ? 0 : at.year;
    return back == 0 ? "Today" : back == 1 ? "Yesterday" : NULL;
}

const char *desk_words_when(char *out, size_t n, const struct desk_tz *tz, int64_t now_ms,
                            int64_t at_ms)
{
    char day[48], time[24];
    int year;
    const char *near = near_day(tz, now_ms, at_ms, &year);
    desk_when_time(time, sizeof time, tz, at_ms, false);
    desk_when_date(day, sizeof day, tz, at_ms);
    if (near)
        snprintf(out, n, "%s %s", near, time);
    else if (year)
        snprintf(out, n, "%s %d %s", day, year, time);
    else
        snprintf(out, n, "%s %s", day, time);
    return out;
}

const char *desk_words_day(char *out, size_t n, const struct desk_tz *tz, int64_t now_ms,
                           int64_t at_ms)
{
    char day[64];
    int year;
    const char *near = near_day(tz, now_ms, at_ms, &year);
    desk_when_date_long(day, sizeof day, tz, at_ms);
    if (!near && year)
        snprintf(out, n, "%s %d", day, year);
    else
        snprintf(out, n, "%s", near ? near : day);
    return out;
}

const char *desk_words_date(char *out, size_t n, const struct desk_tz *tz, int64_t now_ms,
                            int64_t at_ms)
{
    char day[48];
    int year;
    const char *near = near_day(tz, now_ms, at_ms, &year);
    desk_when_date(day, sizeof day, tz, at_ms);
    const char *date = strchr(day, ' '); /* without the weekday */
    if (near)
        snprintf(out, n, "%s", *near == 'T' ? "today" : "yesterday");
    else if (year)
        snprintf(out, n, "%s %d", date ? date + 1 : day, year);
    else
        snprintf(out, n, "%s", date ? date + 1 : day);
    return out;
}

const char *desk_words_ago(char *out, size_t n, const struct desk_tz *tz, int64_t now_ms,
                           int64_t at_ms)
{
    int64_t min = (now_ms - at_ms) / MINUTE_MS;
    if (now_ms < at_ms || min >= 60)
        return desk_words_when(out, n, tz, now_ms, at_ms);
    if (min < 1)
        snprintf(out, n, "just now");
    else
        snprintf(out, n, "%lld min ago", (long long)min);
    return out;
}

const char *desk_words_clock(char *out, size_t n, const struct desk_tz *tz, int64_t at_ms)
{
    struct desk_local_time t;
    desk_tz_local(tz, at_ms, &t);
    snprintf(out, n, "%d:%02d:%02d %s", t.hour % 12 ? t.hour % 12 : 12, t.minute, t.second,
             t.hour < 12 ? "am" : "pm");
    return out;
}

const char *desk_words_dur(char *out, size_t n, int64_t ms)
{
    long long s = (long long)((ms < 0 ? 0 : ms) + 500) / 1000;
    if (s < 1)
        snprintf(out, n, "under 1 s");
    else if (s < 60)
        snprintf(out, n, "%lld s", s);
    else if (s < 3600 && s % 60)
        snprintf(out, n, "%lld min %lld s", s / 60, s % 60);
    else if (s < 3600)
        snprintf(out, n, "%lld min", s / 60);
    else if (s / 60 % 60)
        snprintf(out, n, "%lld h %lld min", s / 3600, s / 60 % 60);
    else
        snprintf(out, n, "%lld h", s / 3600);
    return out;
}

const char *desk_words_took(char *out, size_t n, int64_t ms)
{
    if (ms >= 9950)
        return desk_words_dur(out, n, ms);
    if (ms < 50)
        snprintf(out, n, "under 0.1 s");
    else
        snprintf(out, n, "%lld.%lld s", (long long)(ms + 50) / 1000,
                 (long long)(ms + 50) / 100 % 10);
    return out;
}

const char *desk_words_mark(char *out, size_t n, int64_t ms)
{
    long long s = ms < 0 ? 0 : (long long)ms / 1000;
    snprintf(out, n, "%lld:%02lld", s / 60, s % 60);
    return out;
}

/* 1204 → "1,204" */
static const char *grouped(char out[32], long long i)
{
    char digits[24];
    size_t at = 0, n = (size_t)snprintf(digits, sizeof digits, "%lld", i < 0 ? 0 : i);
    for (size_t k = 0; k < n && at < 30; k++) {
        if (k && (n - k) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[k];
    }
    out[at] = '\0';
    return out;
}

const char *desk_words_money(char *out, size_t n, int64_t micros)
{
    char dollars[32];
    long long cents = ((long long)micros + 5000) / 10000;
    if (micros > 0 && micros < 10000)
        snprintf(out, n, "less than 1¢");
    else
        snprintf(out, n, "$%s.%02lld", grouped(dollars, cents / 100), cents < 0 ? 0 : cents % 100);
    return out;
}

const char *desk_words_nth(char *out, size_t n, int64_t i)
{
    static const char *const ends[] = {"th", "st", "nd", "rd"};
    long long ten = (long long)i % 10, hundred = (long long)i % 100;
    bool teen = hundred >= 11 && hundred <= 13;
    if (i == 1)
        snprintf(out, n, "first");
    else
        snprintf(out, n, "%lld%s", (long long)i,
                 !teen && ten >= 1 && ten <= 3 ? ends[ten] : ends[0]);
    return out;
}

const char *desk_words_count(char *out, size_t n, int64_t i, const char *one, const char *many)
{
    char num[32];
    snprintf(out, n, "%s %s", grouped(num, (long long)i), i == 1 ? one : many);
    return out;
}

const char *desk_words_zone(char *out, size_t n, const struct desk_tz *tz)
{
    static const struct {
        const char *zone, *words;
    } rows[] = {
        {"America/New_York", "Eastern time"},    {"America/Detroit", "Eastern time"},
        {"America/Chicago", "Central time"},     {"America/Denver", "Mountain time"},
        {"America/Boise", "Mountain time"},      {"America/Phoenix", "Mountain time (Arizona)"},
        {"America/Los_Angeles", "Pacific time"}, {"America/Anchorage", "Alaska time"},
        {"Pacific/Honolulu", "Hawaii time"},     {"UTC", "UTC"},
    };
    const char *name = desk_tz_name(tz);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].zone, name) == 0) {
            snprintf(out, n, "%s", rows[i].words);
            return out;
        }
    const char *city = strrchr(name, '/');
    snprintf(out, n, "%s time", city ? city + 1 : name);
    for (char *p = out; *p; p++)
        if (*p == '_')
            *p = ' ';
    return out;
}

int desk_words_clocks_change(const struct desk_tz *tz, int64_t at_ms)
{
    struct desk_local_time t, a, b;
    desk_tz_local(tz, at_ms, &t);
    desk_tz_local(tz, desk_tz_day_start(tz, t.year, t.month, t.day), &a);
    desk_tz_local(tz, desk_tz_day_start(tz, t.year, t.month, t.day + 1), &b);
    return b.offset_s - a.offset_s;
}

const char *desk_words_first_name(char *out, size_t n, const char *name)
{
    name += strspn(name, " ");
    size_t len = strcspn(name, " "), at = 0, used;
    for (int chars = 0; at < len && chars < FIRST_MAX; chars++) {
        desk_utf8_next(name + at, len - at, &used);
        at += used;
    }
    if (at + sizeof "…" > n) /* room for the dots, too */
        at = n > sizeof "…" ? desk_utf8_cut(name, len, n - sizeof "…") : 0;
    snprintf(out, n, "%.*s%s", (int)at, name, at < len ? "…" : "");
    return out;
}
