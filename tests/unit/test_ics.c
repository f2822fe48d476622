/* Calendar files: byte for byte, and read back whatever their texts are. */
#include "wire/ics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct desk_buf out;

static int begin(void **state)
{
    (void)state;
    desk_buf_init(&out, 65536);
    return 0;
}

static int end(void **state)
{
    (void)state;
    desk_buf_clear(&out);
    return 0;
}

static void one_event(void **state)
{
    (void)state;
    const struct desk_ics_event e = {.uid = "ap_1@frontdesk",
                                     .sequence = 2,
                                     .stamp = 1790000000000,
                                     .created = 1780000000000,
                                     .start = 1792008000000, /* 2026-10-14 20:00 UTC */
                                     .end = 1792011600000,
                                     .summary = "drain cleaning: Reed, Dana",
                                     .location = "1 Main St; rear\nPortland",
                                     .description = "C:\\x"};
    desk_ics_begin(&out, "Harwick Plumbing", "America/New_York", 15, false);
    desk_ics_event(&out, &e);
    desk_ics_end(&out);
    assert_string_equal(desk_buf_cstr(&out), "BEGIN:VCALENDAR\r\n"
                                             "VERSION:2.0\r\n"
                                             "PRODID:-//Frontdesk//Calendar//EN\r\n"
                                             "CALSCALE:GREGORIAN\r\n"
                                             "METHOD:PUBLISH\r\n"
                                             "X-WR-CALNAME:Harwick Plumbing\r\n"
                                             "X-WR-TIMEZONE:America/New_York\r\n"
                                             "REFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n"
                                             "X-PUBLISHED-TTL:PT15M\r\n"
                                             "BEGIN:VEVENT\r\n"
                                             "UID:ap_1@frontdesk\r\n"
                                             "SEQUENCE:2\r\n"
                                             "DTSTAMP:20260921T141320Z\r\n"
                                             "CREATED:20260528T202640Z\r\n"
                                             "LAST-MODIFIED:20260921T141320Z\r\n"
                                             "DTSTART:20261014T200000Z\r\n"
                                             "DTEND:20261014T210000Z\r\n"
                                             "STATUS:CONFIRMED\r\n"
                                             "TRANSP:OPAQUE\r\n"
                                             "SUMMARY:drain cleaning: Reed\\, Dana\r\n"
                                             "LOCATION:1 Main St\\; rear\\nPortland\r\n"
                                             "DESCRIPTION:C:\\\\x\r\n"
                                             "END:VEVENT\r\n"
                                             "END:VCALENDAR\r\n");
}

static void one_that_is_off(void **state)
{
    (void)state;
    const struct desk_ics_event e = {.uid = "u",
                                     .sequence = 3,
                                     .stamp = 1790000000000,
                                     .start = 1792008000000,
                                     .end = 1792011600000,
                                     .cancelled = true,
                                     .hidden = true,
                                     .url = "https://desk.example.com/x\r\nBEGIN:VEVENT"};
    desk_ics_begin(&out, "x", NULL, 0, true);
    desk_ics_event(&out, &e);
    desk_ics_end(&out);
    const char *text = desk_buf_cstr(&out);
    assert_non_null(strstr(text, "\r\nMETHOD:CANCEL\r\n"));
    assert_non_null(strstr(text, "\r\nSTATUS:CANCELLED\r\n"));
    assert_non_null(strstr(text, "\r\nTRANSP:TRANSPARENT\r\n"));
    assert_non_null(strstr(text, "\r\nCLASS:PRIVATE\r\n"));
    assert_non_null(strstr(text, "\r\nURL:https://desk.example.com/xBEGIN:VEVENT\r\n"));
    assert_null(strstr(text, "SUMMARY"));
    assert_null(strstr(text, "X-WR-TIMEZONE"));
}

/* Long lines of characters of one to four bytes: no line over 75, none begins within a character,
 * and unfolded and unescaped it is the text again. */
static void folding_loses_nothing(void **state)
{
    (void)state;
    static const char *const bits[] = {
        "a", "\xc3\xa9", "\xe2\x80\x94", "\xf0\x9f\x98\x80", ",", ";", "\\", "\n", " "};
    uint32_t dice = 7;
    for (int round = 0; round < 300; round++) {
        char text[1200] = "", back[1200];
        size_t n = 0, k = 0;
        for (size_t i = 0; i < (size_t)round; i++) {
            dice = dice * 1664525u + 1013904223u;
            const char *bit = bits[(dice >> 8) % 9];
            memcpy(text + n, bit, strlen(bit) + 1);
            n += strlen(bit);
        }
        desk_buf_reset(&out);
        desk_ics_line(&out, "SUMMARY", text, true);
        assert_true(desk_buf_ok(&out));
        for (const char *line = out.p; *line;) {
            const char *stop = strstr(line, "\r\n");
            assert_non_null(stop);
            assert_true(stop - line <= 75);
            assert_true(((unsigned char)line[line == out.p ? 0 : 1] & 0xc0) != 0x80);
            const char *p = line == out.p ? line + strlen("SUMMARY:") : line + 1;
            for (; p < stop; p++)
                back[k++] = *p;
            line = stop + 2;
        }
        back[k] = '\0';
        size_t to = 0;
        for (size_t i = 0; i < k; i++) {
            bool escaped = back[i] == '\\';
            i += escaped;
            back[to++] = (char)(escaped && back[i] == 'n' ? '\n' : back[i]);
        }
        back[to] = '\0';
        assert_string_equal(back, text);
    }
}

static void too_long_a_text_fails_whole(void **state)
{
    (void)state;
    char *text = malloc(20001);
    assert_non_null(text);
    memset(text, 'x', 20000);
    text[20000] = '\0';
    desk_ics_line(&out, "SUMMARY", text, true);
    assert_false(desk_buf_ok(&out));
    free(text);
}

#define T(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(one_event),
        T(one_that_is_off),
        T(folding_loses_nothing),
        T(too_long_a_text_fails_whole),
    };
    return cmocka_run_group_tests_name("ics", tests, NULL, NULL);
}
