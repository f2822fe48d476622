/* WebSocket frames against RFC 6455: its own examples (5.7), and each rule of section 5. */
#include "wire/ws_frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ROOM 140000

/* What a reader made of bytes given in pieces of step: messages and control frames as words. */
static void read_all(const void *bytes, size_t n, size_t step, bool masked, char *said, size_t room)
{
    struct desk_ws_in in = {.masked = masked};
    const uint8_t *from = bytes;
    size_t len = 0;
    said[0] = '\0';
    for (size_t i = 0; i < n; i += step) {
        size_t piece = n - i < step ? n - i : step;
        uint8_t *p = malloc(piece), *at = p;
        memcpy(p, from + i, piece);
        struct desk_ws_event ev;
        enum desk_ws_kind kind;
        while ((kind = desk_ws_next(&in, &at, p + piece, &ev)) != DESK_WS_MORE) {
            static const char *const names[] = {"", "", "ping ", "pong ", "close ", "bad"};
            bool any = kind != DESK_WS_BAD;
            int w = snprintf(said + len, room - len, "%s%.*s%s", names[kind], any ? (int)ev.n : 0,
                             any && ev.n ? ev.p : "",
                             !any      ? ""
                             : ev.last ? ";"
                                       : "");
            assert_true(w >= 0 && (size_t)w < room - len);
            len += (size_t)w;
            if (!any)
                break;
        }
        free(p);
        if (in.bad)
            break;
    }
}

#define BYTES(s) s, sizeof(s) - 1

static void as_the_rfc_shows(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        bool masked;
        const char *said;
    } rows[] = {
        {BYTES("\x81\x05\x48\x65\x6c\x6c\x6f"), false, "Hello;"},
        {BYTES("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"), true, "Hello;"},
        {BYTES("\x01\x03\x48\x65\x6c\x80\x02\x6c\x6f"), false, "Hello;"},
        {BYTES("\x89\x05\x48\x65\x6c\x6c\x6f"), false, "ping Hello;"},
        {BYTES("\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"), true, "pong Hello;"},
        /* control frames between fragments */
        {BYTES("\x01\x01"
               "a\x89\x02hi\x00\x01"
               "b\x8a\x00\x80\x01"
               "c\x81\x01"
               "d"),
         false, "aping hi;bpong ;c;d;"},
        {BYTES("\x81\x00\x01\x00\x80\x00"), false, ";;"}, /* empty ones */
        {BYTES("\x88\x05\x03\xe8"
               "bye\x81\x01"
               "a"),
         false,
         "close \x03\xe8"
         "bye;a;"},
        {BYTES("\x88\x00"), false, "close ;"},
    };
    char said[200];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t step = 1; step <= rows[i].n; step++) {
            read_all(rows[i].bytes, rows[i].n, step, rows[i].masked, said, sizeof said);
            assert_string_equal(said, rows[i].said);
        }
}

static void against_the_rules(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        bool masked;
    } rows[] = {
        {BYTES("\xc1\x01"
               "a"),
         false},                                    /* RSV1 … */
        {BYTES("\xa1\x00"), false},                 /* … 2 */
        {BYTES("\x91\x00"), false},                 /* … 3, nobody agreed on them */
        {BYTES("\x83\x00"), false},                 /* opcodes nobody knows */
        {BYTES("\x87\x00"), false},                 /* */
        {BYTES("\x8b\x00"), false},                 /* */
        {BYTES("\x8f\x00"), false},                 /* */
        {BYTES("\x80\x00"), false},                 /* goes on with nothing */
        {BYTES("\x00\x00"), false},                 /* */
        {BYTES("\x01\x00\x81\x00"), false},         /* a message within a message */
        {BYTES("\x01\x00\x02\x00"), false},         /* */
        {BYTES("\x09\x00"), false},                 /* control frames are whole … */
        {BYTES("\x08\x00"), false},                 /* */
        {BYTES("\x89\x7e\x00\x7e"), false},         /* … and short */
        {BYTES("\x88\x01\x03"), false},             /* half a code */
        {BYTES("\x81\x00"), true},                  /* a client masks */
        {BYTES("\x81\x80\x00\x00\x00\x00"), false}, /* a server does not */
        {BYTES("\x81\x7e\x00\x7d"), false},         /* lengths as short as can be */
        {BYTES("\x81\x7f\x00\x00\x00\x00\x00\x00\xff\xff"), false},
        {BYTES("\x81\x7f\x80\x00\x00\x00\x00\x00\x00\x00"), false}, /* and not negative */
    };
    char said[200];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t step = 1; step <= rows[i].n; step++) {
            read_all(rows[i].bytes, rows[i].n, step, rows[i].masked, said, sizeof said);
            assert_string_equal(said, "bad");
        }
}

static void bad_stays_bad(void **state)
{
    struct desk_ws_in in = {.masked = false};
    struct desk_ws_event ev;
    uint8_t bad[] = {0x83, 0x00}, good[] = {0x81, 0x01, 'a'}, *at = bad;
    (void)state;
    assert_int_equal(desk_ws_next(&in, &at, bad + sizeof bad, &ev), DESK_WS_BAD);
    at = good;
    assert_int_equal(desk_ws_next(&in, &at, good + sizeof good, &ev), DESK_WS_BAD);
    assert_ptr_equal(at, good);
}

/* Of every length at which the head changes, with and without a mask, and cut into pieces. */
static void written_is_read(void **state)
{
    static const struct {
        size_t n, head;
    } rows[] = {{0, 2},   {1, 2},     {7, 2},      {125, 2},    {126, 4},
                {127, 4}, {65535, 4}, {65536, 10}, {100001, 10}};
    static const uint8_t mask[4] = {0x12, 0xff, 0x00, 0x7e};
    static uint8_t room[ROOM];
    static char said[ROOM], want[ROOM];
    (void)state;
    for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
        size_t n = rows[i / 2].n;
        bool masked = i & 1;
        uint8_t *payload = room + DESK_WS_HEAD_MAX;
        for (size_t k = 0; k < n; k++)
            payload[k] = (uint8_t)('a' + k % 23);
        snprintf(want, sizeof want, "%.*s;", (int)n, (char *)payload);
        size_t head = desk_ws_frame(payload, n, DESK_WS_OP_TEXT, masked ? mask : NULL);
        assert_int_equal(head, rows[i / 2].head + (masked ? 4 : 0));
        for (size_t step = 1; step <= n + head; step = step * 3 + 1) {
            read_all(payload - head, n + head, step, masked, said, sizeof said);
            assert_string_equal(said, want);
        }
    }
}

static void a_piece_lies_where_it_came(void **state)
{
    struct desk_ws_in in = {.masked = false};
    struct desk_ws_event ev;
    uint8_t bytes[] = {0x82, 0x03, 'a', 'b', 'c'}, *at = bytes;
    (void)state;
    assert_int_equal(desk_ws_next(&in, &at, bytes + 4, &ev), DESK_WS_PIECE);
    assert_ptr_equal(ev.p, bytes + 2);
    assert_int_equal(ev.n, 2);
    assert_false(ev.last);
    assert_true(ev.binary);
    assert_int_equal(desk_ws_next(&in, &at, bytes + 4, &ev), DESK_WS_MORE);
    assert_int_equal(desk_ws_next(&in, &at, bytes + 5, &ev), DESK_WS_PIECE);
    assert_ptr_equal(ev.p, bytes + 4);
    assert_true(ev.last && ev.binary);
}

static void close_codes(void **state)
{
    (void)state;
    assert_int_equal(desk_ws_close_code("\x03\xe8", 2), DESK_WS_NORMAL);
    assert_int_equal(desk_ws_close_code("\x0b\xb8why", 5), 3000);
    assert_int_equal(desk_ws_close_code("", 0), 0);
    static const unsigned may[] = {1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4000, 4999};
    static const unsigned never[] = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535};
    for (size_t i = 0; i < sizeof may / sizeof *may; i++)
        assert_true(desk_ws_close_may(may[i]));
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        assert_false(desk_ws_close_may(never[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_the_rfc_shows),
        cmocka_unit_test(against_the_rules),
        cmocka_unit_test(bad_stays_bad),
        cmocka_unit_test(written_is_read),
        cmocka_unit_test(a_piece_lies_where_it_came),
        cmocka_unit_test(close_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
