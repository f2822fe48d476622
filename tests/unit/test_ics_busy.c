/* Calendar files of others: which times are taken. */
#include "wire/ics_busy.h"
#include "wire/ics.h"
#include "wire/ics_rule.h"
#include "wire/ics_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct desk_arena *arena;
static char got[8192]; /* "10-14 16:00/17:00 uid" in UTC, one a line, in order of time */
static struct desk_ics_busy v[200];
static size_t n_v, most;
static struct desk_ics_found found;

static int begin(void **state)
{
    (void)state;
    arena = desk_arena_new(16 * 1024 * 1024);
    most = sizeof v / sizeof *v;
    return 0;
}

static int end(void **state)
{
    (void)state;
    desk_arena_free(arena);
    return 0;
}

static int64_t ms(int y, int mo, int d, int h, int mi)
{
    return (desk_days_from_civil(y, mo, d) * 1440 + h * 60 + mi) * 60000;
}

static bool keep(void *ctx, const struct desk_ics_busy *b)
{
    (void)ctx;
    assert_true(b->end > b->start);
    if (n_v < most)
        v[n_v++] = *b;
    return n_v < most;
}

static int by_start(const void *a, const void *b)
{
    const struct desk_ics_busy *x = a, *y = b;
    return x->start < y->start ? -1 : x->start > y->start;
}

/* The file read for October and November 2026, by an owner in New York. */
static enum desk_rc read_file(const char *text, size_t n)
{
    const struct desk_ics_ask ask = {.from = ms(2026, 10, 1, 0, 0),
                                     .to = ms(2026, 12, 1, 0, 0),
                                     .tz = desk_tz_load("America/New_York"),
                                     .zone = desk_tz_load,
                                     .each = keep};
    char *copy = malloc(n + 1);
    struct desk_local_time t, u;
    size_t at = 0;
    memcpy(copy, text, n);
    copy[n] = '\0';
    n_v = 0;
    got[0] = '\0';
    enum desk_rc rc = desk_ics_busy(arena, copy, n, &ask, &found);
    qsort(v, n_v, sizeof *v, by_start);
    for (size_t i = 0; i < n_v; i++) {
        desk_tz_local(NULL, v[i].start, &t);
        desk_tz_local(NULL, v[i].end, &u);
        at += (size_t)snprintf(got + at, sizeof got - at, "%02d-%02d %02d:%02d/%02d:%02d %s\n",
                               t.month, t.day, t.hour, t.minute, u.hour, u.minute, v[i].uid);
    }
    free(copy);
    return rc;
}

static void reads(const char *body, const char *want)
{
    char *text = desk_arena_fmt(
        arena, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n%sEND:VCALENDAR\r\n", body);
    assert_int_equal(read_file(text, strlen(text)), DESK_OK);
    assert_string_equal(got, want);
}

#define EVENT(body) "BEGIN:VEVENT\r\nUID:a\r\n" body "END:VEVENT\r\n"

static void one_event(void **state)
{
    (void)state;
    reads(EVENT("DTSTART:20261014T200000Z\r\nDTEND:20261014T210000Z\r\n"), "10-14 20:00/21:00 a\n");
    reads(EVENT("DTSTART;TZID=America/Denver:20261014T140000\r\nDURATION:PT90M\r\n"),
          "10-14 20:00/21:30 a\n");
    reads(EVENT("DTSTART:20261014T140000\r\nDURATION:P1DT1H\r\n"), "10-14 18:00/19:00 a\n");
    assert_int_equal(v[0].end - v[0].start, 25 * 3600000);
    /* a day, and three of them: in the owner's zone */
    reads(EVENT("DTSTART;VALUE=DATE:20261014\r\n"), "10-14 04:00/04:00 a\n");
    assert_int_equal(v[0].end - v[0].start, 24 * 3600000);
    reads(EVENT("DTSTART;VALUE=DATE:20261030\r\nDTEND;VALUE=DATE:20261102\r\n"),
          "10-30 04:00/05:00 a\n");
    assert_int_equal(v[0].end - v[0].start, 73 * 3600000); /* clocks go back on 1 November */
    /* with a name of its program before the zone's, quoted, folded, in small letters */
    reads("begin:vevent\nuid:a\ndtstart;x=\"a;b:c\";tzid=\"/x.org/20\n 21/Europe/Berlin\":20261014T"
          "\n\t100000\ndtend;tzid=Europe/Berlin:20261014T110000\nend:vevent\n",
          "10-14 08:00/09:00 a\n");
}

static void what_takes_no_time(void **state)
{
    static const char *const lines[] = {
        "TRANSP:TRANSPARENT\r\n", "STATUS:CANCELLED\r\n", "X-MICROSOFT-CDO-BUSYSTATUS:FREE\r\n",
        "DTEND:20261014T200000Z\r\n" /* no length */, "DTEND:20261014T190000Z\r\n"};
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        reads(desk_arena_fmt(arena,
                             "BEGIN:VEVENT\r\nDTSTART:20261014T200000Z\r\n%s%sEND:VEVENT\r\n",
                             i < 3 ? "DURATION:PT1H\r\n" : "", lines[i]),
              "");
    reads(EVENT("DTSTART:20261014T200000Z\r\n"), "");
    reads(EVENT("DTSTART:20260930T200000Z\r\nDURATION:PT4H\r\n"), ""); /* ends as October begins */
    reads("BEGIN:VTODO\r\nDTSTART:20261014T200000Z\r\nDUE:20261014T210000Z\r\nEND:VTODO\r\n", "");
    /* an alarm's length is not the event's */
    reads(EVENT("DTSTART:20261014T200000Z\r\nDTEND:20261014T203000Z\r\nBEGIN:VALARM\r\n"
                "TRIGGER:-PT15M\r\nDURATION:P5D\r\nEND:VALARM\r\n"),
          "10-14 20:00/20:30 a\n");
}

static void repeated(void **state)
{
    (void)state;
    /* at nine in the morning there, whatever the clocks do */
    reads(EVENT("DTSTART;TZID=America/New_York:20200106T090000\r\nDURATION:PT1H\r\n"
                "RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261109T140000Z\r\n"
                "EXDATE;TZID=America/New_York:20261012T090000,20261019T090000\r\n"),
          "10-05 13:00/14:00 a\n10-26 13:00/14:00 a\n11-02 14:00/15:00 a\n11-09 14:00/15:00 a\n");
    reads(EVENT("DTSTART:20260904T100000Z\r\nDURATION:PT1H\r\n"
                "RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=3\r\n"),
          "10-30 10:00/11:00 a\n11-27 10:00/11:00 a\n"); /* the first, 4 September, is none of the 3
                                                          */
    reads(EVENT("DTSTART;VALUE=DATE:19551014\r\nRRULE:FREQ=YEARLY\r\n"), "10-14 04:00/04:00 a\n");
    reads(EVENT("DTSTART:20261030T230000Z\r\nDURATION:PT2H\r\nRRULE:FREQ=DAILY;COUNT=3\r\n"
                "RDATE:20261115T230000Z\r\nRDATE;VALUE=PERIOD:20261120T100000Z/PT15M\r\n"
                "EXDATE;VALUE=DATE:20261031\r\n"),
          "10-30 23:00/01:00 a\n11-01 23:00/01:00 a\n11-15 23:00/01:00 a\n11-20 10:00/10:15 a\n");
    assert_int_equal(found.odd, 0);
}

static void one_of_them_is_changed(void **state)
{
    (void)state;
    reads(EVENT("DTSTART;TZID=America/New_York:20261005T090000\r\nDURATION:PT1H\r\n"
                "RRULE:FREQ=WEEKLY;COUNT=4\r\n")
              EVENT("RECURRENCE-ID:20261012T130000Z\r\nDTSTART:20261013T150000Z\r\n"
                    "DTEND:20261013T153000Z\r\n")
                  EVENT("RECURRENCE-ID;TZID=America/New_York:20261019T090000\r\n"
                        "DTSTART:20261019T130000Z\r\nDURATION:PT1H\r\nSTATUS:CANCELLED\r\n"),
          "10-05 13:00/14:00 a\n10-13 15:00/15:30 a\n10-26 13:00/14:00 a\n");
    assert_int_equal(v[1].at, ms(2026, 10, 12, 13, 0)); /* it is still that one */
    /* of days; and another event on the same day stays */
    reads(EVENT("DTSTART;VALUE=DATE:20261012\r\nRRULE:FREQ=DAILY;COUNT=2\r\n")
              EVENT("RECURRENCE-ID;VALUE=DATE:20261012\r\nDTSTART;VALUE=DATE:20261012\r\n"
                    "TRANSP:TRANSPARENT\r\n") "BEGIN:VEVENT\r\nUID:b\r\nDTSTART;VALUE=DATE:20261012"
                                              "\r\nEND:VEVENT\r\n",
          "10-12 04:00/04:00 b\n10-13 04:00/04:00 a\n");
}

static void this_and_all_behind_it_are_changed(void **state)
{
    (void)state;
    /* from the 13th on an hour later and half as long, across the change of clocks */
    reads(EVENT("DTSTART;TZID=America/New_York:20261006T090000\r\nDURATION:PT1H\r\n"
                "RRULE:FREQ=WEEKLY;COUNT=6\r\nEXDATE;TZID=America/New_York:20261020T090000\r\n")
              EVENT("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=America/New_York:20261013T090000\r\n"
                    "DTSTART;TZID=America/New_York:20261013T100000\r\nDURATION:PT30M\r\n"),
          "10-06 13:00/14:00 a\n10-13 14:00/14:30 a\n10-27 14:00/14:30 a\n"
          "11-03 15:00/15:30 a\n11-10 15:00/15:30 a\n");
    assert_int_equal(v[2].at, ms(2026, 10, 27, 13, 0));
    /* told in UTC; and then no more at all */
    reads(EVENT("DTSTART:20261006T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;COUNT=6\r\n")
              EVENT("RECURRENCE-ID;RANGE=THISANDFUTURE:20261013T090000Z\r\n"
                    "DTSTART;TZID=America/New_York:20261012T090000\r\nDURATION:PT1H\r\n")
                  EVENT("RECURRENCE-ID;RANGE=THISANDFUTURE:20261027T090000Z\r\n"
                        "DTSTART:20261027T090000Z\r\nDURATION:PT1H\r\nSTATUS:CANCELLED\r\n"),
          "10-06 09:00/10:00 a\n10-12 13:00/14:00 a\n10-19 13:00/14:00 a\n");
    assert_int_equal(found.odd, 0);
}

static void a_zone_of_the_file(void **state)
{
    static const char zone[] =
        "BEGIN:VTIMEZONE\r\n%sBEGIN:STANDARD\r\nDTSTART:16010101T020000\r\n"
        "TZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\r\n"
        "END:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:-0500\r\n"
        "TZOFFSETTO:-0400\r\nRRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\r\nEND:DAYLIGHT\r\n%s"
        "END:VTIMEZONE\r\n";
    static const char id[] = "TZID:Customized Time Zone\r\n";
    static const char event[] =
        EVENT("DTSTART;TZID=Customized Time Zone:20261030T090000\r\n"
              "DTEND;TZID=Customized Time Zone:20261030T100000\r\nRRULE:FREQ=DAILY;COUNT=3\r\n");
    static const char want[] = "10-30 13:00/14:00 a\n10-31 13:00/14:00 a\n11-01 14:00/15:00 a\n";
    (void)state;
    for (int i = 0; i < 4; i++) { /* its name first or last, the zone first or last */
        const char *z = desk_arena_fmt(arena, zone, i & 1 ? "" : id, i & 1 ? id : "");
        reads(desk_arena_fmt(arena, "%s%s", i & 2 ? event : z, i & 2 ? z : event), want);
    }
    reads(event, want); /* of one that nobody knows: the owner's */
    reads(EVENT("DTSTART;TZID=Europe/Berlin:20261030T090000\r\nDURATION:PT1H\r\n"),
          "10-30 08:00/09:00 a\n");
}

/* RFC 5545 3.3.5: what comes twice on a clock is the first; what is left out is as much later. */
static void when_clocks_change(void **state)
{
    (void)state;
    reads(EVENT("DTSTART;TZID=America/New_York:20261031T230000\r\nDURATION:PT30M\r\n"
                "RRULE:FREQ=HOURLY;COUNT=5\r\n"),
          "11-01 03:00/03:30 a\n11-01 04:00/04:30 a\n11-01 05:00/05:30 a\n11-01 07:00/07:30 a\n"
          "11-01 08:00/08:30 a\n");
    reads(EVENT("DTSTART;TZID=Australia/Sydney:20261003T023000\r\nDURATION:PT1H\r\n"
                "RRULE:FREQ=DAILY;COUNT=3\r\n"),
          "10-02 16:30/17:30 a\n10-03 16:30/17:30 a\n10-04 15:30/16:30 a\n");
    /* every 12 hours of the clock on the wall; in UTC it is every 12 hours */
    reads(EVENT("DTSTART;TZID=America/New_York:20261031T080000\r\nDURATION:PT1H\r\n"
                "RRULE:FREQ=HOURLY;INTERVAL=12;UNTIL=20261102T010000Z\r\n"),
          "10-31 12:00/13:00 a\n11-01 00:00/01:00 a\n11-01 13:00/14:00 a\n11-02 01:00/02:00 a\n");
    reads(EVENT("DTSTART:20261031T120000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=HOURLY;INTERVAL=12;"
                "COUNT=3\r\n"),
          "10-31 12:00/13:00 a\n11-01 00:00/01:00 a\n11-01 12:00/13:00 a\n");
    assert_int_equal(found.odd, 0);
}

static void left_out_by_a_rule(void **state)
{
    (void)state;
    /* each day but at weekends (10-10 is a Saturday), at nine over there */
    reads(EVENT("DTSTART;TZID=America/New_York:20261008T090000\r\nDURATION:PT1H\r\n"
                "RRULE:FREQ=DAILY;COUNT=6\r\nEXRULE:FREQ=WEEKLY;BYDAY=SA,SU\r\n"),
          "10-08 13:00/14:00 a\n10-09 13:00/14:00 a\n10-12 13:00/14:00 a\n10-13 13:00/14:00 a\n");
    /* a start that its rule has not is left out only by a rule that has it */
    reads(EVENT("DTSTART:20261008T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;BYHOUR=10;COUNT=2"
                "\r\nEXRULE:FREQ=DAILY;BYHOUR=10;COUNT=1\r\n"),
          "10-08 09:00/10:00 a\n10-09 10:00/11:00 a\n");
    reads(EVENT("DTSTART:20261008T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=3\r\n"
                "EXRULE:FREQ=DAILY;UNTIL=20261009T090000Z\r\nRDATE:20261020T090000Z\r\n"),
          "10-10 09:00/10:00 a\n10-20 09:00/10:00 a\n");
    /* days; EXDATE leaves out what RDATE adds, also with its own length */
    reads(EVENT("DTSTART;VALUE=DATE:20261008\r\nRRULE:FREQ=DAILY;COUNT=3;BYHOUR=5\r\n"
                "EXRULE:FREQ=DAILY;INTERVAL=2\r\n"),
          "10-09 04:00/04:00 a\n");
    reads(EVENT("DTSTART:20261008T090000Z\r\nDURATION:PT1H\r\n"
                "RDATE;VALUE=PERIOD:20261009T090000Z/PT2H,20261010T090000Z/20261010T093000Z\r\n"
                "EXDATE:20261009T090000Z\r\n"),
          "10-08 09:00/10:00 a\n10-10 09:00/09:30 a\n");
    assert_int_equal(found.odd, 0);
}

static void busy_times(void **state)
{
    (void)state;
    reads("BEGIN:VFREEBUSY\r\nUID:f\r\nFREEBUSY:20261014T200000Z/20261014T210000Z,\r\n"
          " 20261015T200000Z/PT30M\r\nFREEBUSY;FBTYPE=FREE:20261016T200000Z/PT1H\r\n"
          "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20261017T200000Z/PT1H\r\nEND:VFREEBUSY\r\n",
          "10-14 20:00/21:00 \n10-15 20:00/20:30 \n10-17 20:00/21:00 \n");
}

static void what_is_not_known_counts_once(void **state)
{
    static const char *const rules[] = {"FREQ=FORTNIGHTLY",
                                        "FREQ=MONTHLY;BYWEEKNO=20",
                                        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=2MO",
                                        "FREQ=YEARLY;BYWEEKNO=54",
                                        "FREQ=DAILY;BYHOUR=24",
                                        "FREQ=DAILY;BYMINUTE=-1",
                                        "FREQ=DAILY;INTERVAL=0",
                                        "FREQ=DAILY;COUNT=x",
                                        "FREQ=WEEKLY;BYDAY=XX",
                                        "FREQ=WEEKLY;BYDAY=",
                                        "FREQ=MONTHLY;BYMONTHDAY=0",
                                        "FREQ=MONTHLY;BYMONTHDAY=1,,2",
                                        "FREQ=DAILY;UNTIL=tomorrow",
                                        "FREQ=DAILY;RSCALE=HEBREW",
                                        "COUNT=3",
                                        "",
                                        "FREQ=DAILY\r\nRRULE:FREQ=WEEKLY"};
    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        reads(desk_arena_fmt(arena,
                             "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20261014T200000Z\r\n"
                             "DURATION:PT1H\r\nRRULE:%s\r\nEND:VEVENT\r\n",
                             rules[i]),
              "10-14 20:00/21:00 a\n");
        assert_int_equal(found.odd, 1);
    }
    /* what cannot be read leaves nothing out */
    reads(EVENT("DTSTART:20261014T200000Z\r\nDURATION:PT1H\r\nEXRULE:FREQ=NEVER\r\n"),
          "10-14 20:00/21:00 a\n");
    assert_int_equal(found.odd, 1);
    reads(EVENT("DTSTART:whenever\r\n") EVENT("SUMMARY:nothing\r\n"), "");
    assert_int_equal(found.odd, 2);
    assert_int_equal(found.events, 2);
}

static void no_calendar(void **state)
{
    static const char *const texts[] = {"",
                                        "<html><body>Sign in</body></html>",
                                        "BEGIN:VCARD\nEND:VCARD\n",
                                        "END:VCALENDAR\n",
                                        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", /* cut off */
                                        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n",
                                        "X:1\nBEGIN:VCALENDAR\nEND:VCALENDAR\n"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(read_file(texts[i], strlen(texts[i])), DESK_EINVAL);
    reads("", "");
    const char *marked = "\xef\xbb\xbf"
                         "BEGIN:VCALENDAR\nEND:VCALENDAR";
    assert_int_equal(read_file(marked, strlen(marked)), DESK_OK);
}

static void too_much(void **state)
{
    struct desk_buf b;
    (void)state;
    desk_buf_init(&b, 8 * 1024 * 1024);
    desk_buf_str(&b, "BEGIN:VCALENDAR\n"); /* each goes through 700 000 days */
    for (int i = 0; i < 20; i++)
        desk_buf_str(&b, "BEGIN:VEVENT\nDTSTART:00010101T000000Z\nDURATION:PT1S\nRRULE:FREQ=DAILY;"
                         "COUNT=999999;BYMONTHDAY=31;BYMONTH=2\nEND:VEVENT\n");
    desk_buf_str(&b, "END:VCALENDAR\n");
    assert_int_equal(read_file(desk_buf_cstr(&b), b.len), DESK_ELIMIT);
    desk_buf_reset(&b);
    for (int i = 0; i < 40; i++)
        desk_buf_str(&b, i ? "BEGIN:X\n" : "BEGIN:VCALENDAR\n");
    assert_int_equal(read_file(desk_buf_cstr(&b), b.len), DESK_ELIMIT);
    desk_buf_reset(&b);
    desk_buf_str(&b, "BEGIN:VCALENDAR\n");
    for (int i = 0; i < 200; i++)
        desk_buf_fmt(&b, "BEGIN:VEVENT\nDTSTART;TZID=Z%d:20261014T000000\nEND:VEVENT\n", i);
    desk_buf_str(&b, "END:VCALENDAR\n");
    assert_int_equal(read_file(desk_buf_cstr(&b), b.len), DESK_ELIMIT);
    desk_buf_clear(&b);
    static const char *const endless[] = {
        "FREQ=SECONDLY", "FREQ=MINUTELY;BYSECOND=1,2,3,4,5,6,7,8,9",
        "FREQ=DAILY;COUNT=900000;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,1,2,3,4,5;BYSETPOS=-1"};
    for (size_t i = 0; i < sizeof endless / sizeof *endless; i++) {
        char *text = desk_arena_fmt(arena,
                                    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:10010101T000000Z\n"
                                    "DURATION:PT1S\nRRULE:FREQ=DAILY\nEXRULE:%s\nEND:VEVENT\n"
                                    "END:VCALENDAR\n",
                                    endless[i]);
        enum desk_rc rc = read_file(text, strlen(text));
        assert_true(rc == DESK_ELIMIT || rc == DESK_ENOMEM);
    }
    most = 3;
    const char *daily = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261001T000000Z\nDURATION:PT1S\n"
                        "RRULE:FREQ=DAILY\nEND:VEVENT\nEND:VCALENDAR\n";
    assert_int_equal(read_file(daily, strlen(daily)), DESK_ELIMIT);
    assert_int_equal(n_v, 3);
}

static void what_we_write_is_read(void **state)
{
    struct desk_buf out;
    (void)state;
    const struct desk_ics_event e = {.uid = "ap_1@frontdesk, and a comma",
                                     .stamp = 1790000000000,
                                     .start = ms(2026, 10, 14, 20, 0),
                                     .end = ms(2026, 10, 14, 21, 0),
                                     .summary = "drain cleaning: Reed; Dana\nDTSTART:20261001",
                                     .description = "a long line that has to be folded, since it "
                                                    "is longer than seventy-five bytes"};
    desk_buf_init(&out, 65536);
    desk_ics_begin(&out, "Harwick Plumbing", "America/New_York", 15, false);
    desk_ics_event(&out, &e);
    desk_ics_end(&out);
    assert_int_equal(read_file(desk_buf_cstr(&out), out.len), DESK_OK);
    assert_int_equal(n_v, 1);
    assert_int_equal(v[0].start, e.start);
    assert_int_equal(v[0].end, e.end);
    desk_buf_clear(&out);
}

static void times_and_lengths(void **state)
{
    static const char *const bad[] = {"",          "2026101",          "20261314",
                                      "20261014T", "20261014T2000",    "20261014T200000X",
                                      "20261014 ", "20261014T200000ZZ"};
    static const char *const long_bad[] = {"",    "P",  "PT",          "1D",        "P1",
                                           "P1X", "PD", "P999999999D", "P99999999W"};
    struct desk_ics_when w;
    int64_t days, s;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(desk_ics_when(bad[i], strlen(bad[i]), &w));
    for (size_t i = 0; i < sizeof long_bad / sizeof *long_bad; i++)
        assert_false(desk_ics_duration(long_bad[i], strlen(long_bad[i]), &days, &s));
    assert_true(desk_ics_duration("-P2WT1H30S", 10, &days, &s));
    assert_int_equal(days, -14);
    assert_int_equal(s, -3630);
    assert_true(desk_ics_offset("+053000", &s) && s == 19800);
    assert_true(desk_ics_offset("-0330", &s) && s == -12600);
    assert_false(desk_ics_offset("0330", &s) || desk_ics_offset("+3", &s) ||
                 desk_ics_offset("+03300", &s) || desk_ics_offset("", &s));
}

/* ---- rules against others' words ------------------------------------------------------------- */

struct told {
    int64_t at[32], n, sum; /* sum: of seconds after the start, so that each of thousands counts */
    int64_t start;
};

static bool tell_it(void *ctx, int64_t at)
{
    struct told *t = ctx;
    if (t->n < 32)
        t->at[t->n] = at;
    t->n++;
    t->sum += at - t->start;
    return true;
}

static int64_t clock_of(const char *text)
{
    struct desk_ics_when w;
    if (!desk_ics_when(text, strlen(text), &w))
        fail_msg("no time: %s", text);
    return w.at;
}

/* "rule|start|until|from|to|how many|sum, or -|the first of them". */
static void rule_line(char *line)
{
    struct desk_ics_rule r;
    struct told t = {.n = 0};
    char *part[8], *rest = line;
    int64_t work = 50000000;
    for (size_t i = 0; i < 8; i++)
        part[i] = strsep(&rest, "|");
    assert_non_null(part[7]);
    t.start = clock_of(part[1]);
    assert_true(desk_ics_rule_parse(part[0], &r));
    enum desk_rc rc =
        desk_ics_rule_run(&r, t.start, *part[2] ? clock_of(part[2]) : DESK_ICS_FOREVER,
                          clock_of(part[3]), clock_of(part[4]), &work, tell_it, &t);
    int64_t i = 0;
    for (char *at; rc == DESK_OK && (at = strsep(&part[7], ",")) != NULL && *at; i++)
        if (i >= t.n || t.at[i] != clock_of(at))
            fail_msg("%s from %s: number %d is not %s", part[0], part[1], (int)i + 1, at);
    if (rc || t.n != strtoll(part[5], NULL, 10))
        fail_msg("%s from %s: %s, %d times", part[0], part[1], desk_rc_name(rc), (int)t.n);
    if (*part[6] != '-' && t.sum != strtoll(part[6], NULL, 10))
        fail_msg("%s from %s: other times", part[0], part[1]);
}

/* Lines of a file, but those with #. */
static size_t rule_lines(const char *path)
{
    char line[4096];
    size_t n = 0;
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        if (*line && *line != '#') {
            rule_line(line);
            n++;
        }
    }
    fclose(f);
    return n;
}

static void rules_of_the_standard(void **state)
{
    (void)state;
    assert_int_equal(rule_lines("tests/data/rrule_rfc5545.txt"), 44);
}

static void rules_as_another_program_reads_them(void **state)
{
    (void)state;
    assert_true(rule_lines("tests/data/rrule_dateutil.txt") > 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_event, begin, end),
        cmocka_unit_test_setup_teardown(what_takes_no_time, begin, end),
        cmocka_unit_test_setup_teardown(repeated, begin, end),
        cmocka_unit_test_setup_teardown(one_of_them_is_changed, begin, end),
        cmocka_unit_test_setup_teardown(this_and_all_behind_it_are_changed, begin, end),
        cmocka_unit_test_setup_teardown(a_zone_of_the_file, begin, end),
        cmocka_unit_test_setup_teardown(when_clocks_change, begin, end),
        cmocka_unit_test_setup_teardown(left_out_by_a_rule, begin, end),
        cmocka_unit_test_setup_teardown(busy_times, begin, end),
        cmocka_unit_test_setup_teardown(what_is_not_known_counts_once, begin, end),
        cmocka_unit_test_setup_teardown(no_calendar, begin, end),
        cmocka_unit_test_setup_teardown(too_much, begin, end),
        cmocka_unit_test_setup_teardown(what_we_write_is_read, begin, end),
        cmocka_unit_test(times_and_lengths),
        cmocka_unit_test(rules_of_the_standard),
        cmocka_unit_test(rules_as_another_program_reads_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
