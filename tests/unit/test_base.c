/* lib/base: buffers, arenas, ids, clock, logs, result codes, paths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/err.h"
#include "base/file.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/log_json.h"
#include "base/paths.h"
#include "base/thread.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* ---- buf ------------------------------------------------------------------------------------- */

static void buf_grows_to_its_maximum(void **state)
{
    (void)state;
    struct desk_buf b;
    desk_buf_init(&b, 1000);
    for (int i = 0; i < 1000; i++)
        desk_buf_chr(&b, (char)('a' + i % 26));
    assert_true(desk_buf_ok(&b));
    assert_int_equal(b.len, 1000);
    assert_int_equal(strlen(desk_buf_cstr(&b)), 1000);
    assert_true(b.cap <= 1001);
    desk_buf_chr(&b, 'x');
    assert_false(desk_buf_ok(&b));
    assert_int_equal(b.len, 1000);
    desk_buf_clear(&b);
}

static void buf_failure_sticks(void **state)
{
    (void)state;
    struct desk_buf b;
    desk_buf_init(&b, 8);
    desk_buf_str(&b, "12345");
    desk_buf_str(&b, "6789"); /* one too many: nothing of it goes in */
    desk_buf_str(&b, "z");    /* would fit, but the failure sticks */
    desk_buf_fmt(&b, "%d", 1);
    assert_false(desk_buf_ok(&b));
    assert_string_equal(desk_buf_cstr(&b), "12345");
    assert_null(desk_buf_room(&b, 1));
    assert_null(desk_buf_take(&b));
    assert_true(desk_buf_ok(&b)); /* taken: a new life with the same maximum */
    desk_buf_str(&b, "12345678");
    assert_true(desk_buf_ok(&b));
    desk_buf_chr(&b, '9');
    desk_buf_reset(&b);
    desk_buf_str(&b, "again");
    assert_true(desk_buf_ok(&b));
    assert_string_equal(desk_buf_cstr(&b), "again");
    desk_buf_clear(&b);
}

static void buf_fmt_and_edges(void **state)
{
    (void)state;
    struct desk_buf b;
    desk_buf_init(&b, 16);
    assert_string_equal(desk_buf_cstr(&b), "");
    desk_buf_str(&b, NULL);
    desk_buf_add(&b, NULL, 0);
    assert_true(desk_buf_ok(&b));
    desk_buf_fmt(&b, "%s-%04d", "abc", 7);
    assert_string_equal(desk_buf_cstr(&b), "abc-0007");
    desk_buf_fmt(&b, "%s", "12345678"); /* exactly full */
    assert_true(desk_buf_ok(&b));
    assert_int_equal(b.len, 16);
    desk_buf_fmt(&b, "%s", "");
    assert_true(desk_buf_ok(&b));
    desk_buf_fmt(&b, "%s", "9");
    assert_false(desk_buf_ok(&b));
    desk_buf_clear(&b);
    desk_buf_add(&b, "a\0b", 3);
    assert_int_equal(b.len, 3);
    assert_memory_equal(b.p, "a\0b", 4);
    desk_buf_clear(&b);
    assert_null(desk_buf_room(&b, SIZE_MAX));
    assert_false(desk_buf_ok(&b));
}

static void buf_room_and_take(void **state)
{
    (void)state;
    struct desk_buf b;
    desk_buf_init(&b, 64);
    char *room = desk_buf_room(&b, 3);
    memcpy(room, "xyz", 3);
    desk_buf_grew(&b, 3);
    char *p = desk_buf_take(&b);
    assert_string_equal(p, "xyz");
    free(p);
    assert_null(desk_buf_take(&b));
    assert_int_equal(b.max, 64);
}

/* ---- arena ----------------------------------------------------------------------------------- */

static void arena_memory_is_zeroed_aligned_and_capped(void **state)
{
    (void)state;
    struct desk_arena *a = desk_arena_new(1000);
    size_t got = 0;
    for (;;) {
        unsigned char *p = desk_arena_alloc(a, 33);
        if (!p)
            break;
        assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
        for (int i = 0; i < 33; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xff, 33);
        got += 33;
    }
    assert_in_range(got, 600, 1000);
    desk_arena_reset(a);
    assert_non_null(desk_arena_alloc(a, 900)); /* the maximum counts anew */
    assert_null(desk_arena_alloc(a, 200));
    assert_null(desk_arena_alloc(a, SIZE_MAX));
    assert_null(desk_arena_alloc(a, SIZE_MAX - 3));
    desk_arena_free(a);
    desk_arena_free(NULL);
}

static void arena_takes_more_than_a_block(void **state)
{
    (void)state;
    struct desk_arena *a = desk_arena_new(1 << 20);
    char *big = desk_arena_alloc(a, 200000);
    char *small = desk_arena_strdup(a, "small");
    assert_non_null(big);
    memset(big, 'x', 200000);
    assert_string_equal(small, "small");
    for (int i = 0; i < 1000; i++)
        assert_non_null(desk_arena_alloc(a, 500));
    assert_string_equal(small, "small");
    desk_arena_free(a);
}

static void arena_strings(void **state)
{
    (void)state;
    struct desk_arena *a = desk_arena_new(4096);
    assert_null(desk_arena_strdup(a, NULL));
    assert_null(desk_arena_strndup(a, NULL, 3));
    assert_string_equal(desk_arena_strdup(a, ""), "");
    assert_string_equal(desk_arena_strndup(a, "abcdef", 3), "abc");
    assert_string_equal(desk_arena_strndup(a, "ab", 30), "ab"); /* stops at the NUL */
    assert_string_equal(desk_arena_fmt(a, "%s=%d", "n", 5), "n=5");
    assert_null(desk_arena_fmt(a, "%5000d", 5));
    desk_arena_free(a);
}

static char order[16];
static struct desk_arena *order_arena;

static void note_a(void *ctx)
{
    strncat(order, ctx, sizeof order - strlen(order) - 1);
}

static void note_and_defer(void *ctx)
{
    note_a(ctx);
    desk_arena_defer(order_arena, note_a, "L");
}

static void arena_defers_newest_first_and_once(void **state)
{
    (void)state;
    struct desk_arena *a = desk_arena_new(4096);
    order[0] = '\0';
    desk_arena_defer(a, note_a, "1");
    desk_arena_defer(a, note_a, "2");
    desk_arena_defer(a, note_a, "3");
    assert_string_equal(order, "");
    desk_arena_reset(a);
    assert_string_equal(order, "321");
    desk_arena_free(a);
    assert_string_equal(order, "321");
}

static void arena_defer_inside_a_defer_still_runs(void **state)
{
    (void)state;
    order[0] = '\0';
    order_arena = desk_arena_new(4096);
    desk_arena_defer(order_arena, note_a, "1");
    desk_arena_defer(order_arena, note_and_defer, "2");
    desk_arena_free(order_arena);
    assert_string_equal(order, "2L1");
}

static void arena_defer_without_room_runs_at_once(void **state)
{
    (void)state;
    struct desk_arena *a = desk_arena_new(4);
    order[0] = '\0';
    desk_arena_defer(a, note_a, "now");
    assert_string_equal(order, "now");
    desk_arena_free(a);
    assert_string_equal(order, "now");
}

/* ---- clock and ids --------------------------------------------------------------------------- */

static void clock_stands_still_when_faked(void **state)
{
    (void)state;
    int64_t mono = desk_mono_us();
    desk_clock_fake(1700000000123);
    assert_int_equal(desk_now_ms(), 1700000000123);
    assert_int_equal(desk_now_ms(), 1700000000123);
    usleep(2000);
    assert_true(desk_mono_us() - mono >= 2000); /* never faked */
    desk_clock_fake(0);
    assert_true(desk_now_ms() > 1700000000123);
}

static void ids_have_shape_and_sort_by_time(void **state)
{
    (void)state;
    char a[DESK_ID_LEN], b[DESK_ID_LEN], long_prefix[DESK_ID_LEN];
    desk_clock_fake(1700000000000);
    desk_id_new(a, "call");
    desk_clock_fake(1700000000001);
    desk_id_new(b, "call");
    desk_id_new(long_prefix, "prefixoftwelve");
    desk_clock_fake(0);
    assert_int_equal(strlen(a), 4 + 1 + 26);
    assert_int_equal(strncmp(a, "call_", 5), 0);
    assert_int_equal(strspn(a + 5, "0123456789abcdefghjkmnpqrstvwxyz"), 26);
    assert_true(strcmp(a, b) < 0);
    assert_int_equal(strlen(long_prefix), 8 + 1 + 26);
}

static void ids_do_not_repeat(void **state)
{
    (void)state;
    enum { N = 2000 };
    static char ids[N][DESK_ID_LEN];
    desk_clock_fake(1700000000000);
    for (int i = 0; i < N; i++)
        desk_id_new(ids[i], "x");
    desk_clock_fake(0);
    for (int i = 1; i < N; i++)
        assert_true(strcmp(ids[i - 1], ids[i]) < 0); /* in order of birth, all in one ms */
    qsort(ids, N, sizeof *ids, (int (*)(const void *, const void *))strcmp);
    for (int i = 1; i < N; i++)
        assert_string_not_equal(ids[i - 1], ids[i]);
}

static void tokens_are_long_and_plain(void **state)
{
    (void)state;
    char a[DESK_TOKEN_LEN], b[DESK_TOKEN_LEN];
    desk_token_new(a);
    desk_token_new(b);
    assert_int_equal(strlen(a), 43);
    assert_int_equal(strspn(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                     43);
    assert_string_not_equal(a, b);
}

static void faked_ids_repeat_exactly(void **state)
{
    (void)state;
    char a[DESK_TOKEN_LEN], b[DESK_TOKEN_LEN], c[DESK_TOKEN_LEN];
    desk_ids_fake(7);
    desk_token_new(a);
    desk_token_new(c);
    desk_ids_fake(7);
    desk_token_new(b);
    desk_ids_fake(0);
    assert_string_equal(a, b);
    assert_string_not_equal(a, c);
    desk_token_new(b);
    assert_string_not_equal(a, b);
}

/* ---- logs ------------------------------------------------------------------------------------ */

static char logged[8192];

/* What fn writes to stderr, in logged. */
static void capture(void (*fn)(void))
{
    char path[] = "/tmp/desk-log-XXXXXX";
    int tmp = mkstemp(path), saved = dup(STDERR_FILENO);
    assert_true(tmp >= 0 && saved >= 0);
    unlink(path);
    dup2(tmp, STDERR_FILENO);
    fn();
    dup2(saved, STDERR_FILENO);
    close(saved);
    ssize_t n = pread(tmp, logged, sizeof logged - 1, 0);
    assert_true(n >= 0);
    logged[n] = '\0';
    close(tmp);
}

static size_t lines(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += *s == '\n';
    return n;
}

static void forge(void)
{
    desk_log(DESK_LOG_WARN, "test.forge", "from=%s",
             "a\r\n2026-01-01T00:00:00.000Z error hook fake\t\x1b[2J\x7f caf\xc3\xa9 \xc2\x9b"
             "31m");
}

static void log_control_bytes_cannot_forge_a_line(void **state)
{
    (void)state;
    capture(forge);
    assert_int_equal(lines(logged), 1);
    assert_null(strchr(logged, '\r'));
    assert_null(strchr(logged, '\t'));
    assert_null(strchr(logged, 0x1b));
    assert_null(strchr(logged, 0x7f));
    assert_null(strstr(logged, "\xc2\x9b"));         /* a C1 control is one too */
    assert_non_null(strstr(logged, "caf\xc3\xa9 ")); /* letters stay */
}

static void log_long(void)
{
    static char text[6000];
    memset(text, 'x', sizeof text - 1);
    desk_log(DESK_LOG_ERROR, "test.long", "text=%s", text);
    errno = ENOENT;
    desk_log_errno(DESK_LOG_ERROR, "test.long", "text=%s", text);
    assert_int_equal(errno, ENOENT);
}

static void log_lines_are_cut_not_overrun(void **state)
{
    (void)state;
    capture(log_long);
    assert_int_equal(lines(logged), 2);
    assert_true(strlen(logged) <= 2 * 2048);
}

static void log_bound(void)
{
    desk_log_trace("4bf92f3577b34da6a3ce929d0e0e4736");
    desk_log_bind("r1", "CA1"); /* leaves the trace */
    desk_log(DESK_LOG_INFO, "test.bound", "%s", "k=v");
    desk_log(DESK_LOG_DEBUG, "test.hidden", "%s", "");
    desk_log_about(NULL);
    assert_string_equal(desk_log_bound()->trace, "");
    errno = EACCES;
    desk_log_errno(DESK_LOG_NOTICE, "test.free", "path=%s", "/x");
}

static void log_line_has_time_level_zone_and_ids(void **state)
{
    (void)state;
    desk_log_init("zone", DESK_LOG_INFO);
    desk_clock_fake(1700000000123);
    capture(log_bound);
    desk_clock_fake(0);
    assert_string_equal(
        logged,
        "2023-11-14T22:13:20.123Z info zone test.bound rid=r1 sid=CA1 "
        "trace=4bf92f3577b34da6a3ce929d0e0e4736 k=v\n"
        "2023-11-14T22:13:20.123Z notice zone test.free path=/x err=\"Permission denied\"\n");
}

static void log_as_json_lines(void)
{
    const struct desk_log_about about = {.request = "r1", .sid = "CA1", .trace = "4bf9"};
    desk_log_format("json");
    desk_log_about(&about);
    desk_log(DESK_LOG_INFO, "test.pairs", "%s",
             "method=POST route=/a?b=c status=200 neg=-7 zero=0 lead=007 big=1234567890123456 "
             "empty= msg=\"say \\ \"hi\" now\" rid=other status=404 two words at=last");
    desk_log_about(NULL);
    errno = EACCES;
    desk_log_errno(DESK_LOG_WARN, "test.errno", "%s", "");
    forge();
    desk_log_format("text");
}

static void log_lines_as_json(void **state)
{
    (void)state;
    desk_log_init("zone", DESK_LOG_INFO);
    desk_clock_fake(1700000000123);
    capture(log_as_json_lines);
    desk_clock_fake(0);
#define HEAD(level, event)                                                                         \
    "{\"time\":\"2023-11-14T22:13:20.123Z\",\"level\":\"" level                                    \
    "\",\"program\":\"zone\",\"event\":\"" event "\""
    assert_string_equal(
        logged,
        HEAD("info", "test.pairs") ",\"rid\":\"r1\",\"sid\":\"CA1\",\"trace\":\"4bf9\",\"method\":"
                                   "\"POST\",\"route\":\"/a?b=c\","
                                   "\"status\":200,\"neg\":-7,\"zero\":0,\"lead\":\"007\",\"big\":"
                                   "\"1234567890123456\","
                                   "\"empty\":\"\",\"msg\":\"say \\\\ \\\"hi\\\" "
                                   "now\",\"at\":\"last\"}\n" HEAD(
                                       "warn", "test.errno") ",\"err\":\"Permission "
                                                             "denied\"}\n" HEAD(
                                                                 "warn", "test.forge") ",\"fr"
                                                                                       "om\":"
                                                                                       "\"a\\"
                                                                                       "u000d"
                                                                                       "\\u00"
                                                                                       "0a202"
                                                                                       "6-01-"
                                                                                       "01T00"
                                                                                       ":00:"
                                                                                       "00."
                                                                                       "000Z"
                                                                                       "\","
                                                                                       "\"msg"
                                                                                       "\":"
                                                                                       "\"err"
                                                                                       "or "
                                                                                       "hook "
                                                                                       "fake"
                                                                                       "\\u00"
                                                                                       "09\\u"
                                                                                       "001b["
                                                                                       "2J"
                                                                                       "\\u00"
                                                                                       "7f "
                                                                                       "caf"
                                                                                       "\xc3"
                                                                                       "\xa9 "
                                                                                       "??"
                                                                                       "31m\""
                                                                                       "}\n");
#undef HEAD
}

static void log_json_takes_what_fits(void **state)
{
    (void)state;
    char out[64];
    static const char *const head[][2] = {{"event", "x"}, {"rid", ""}};
    size_t n = desk_log_json(out, sizeof out, head, 2,
                             "a=1 long=yyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
                             "yyyyyyyyyyyyyyyyyyyyyyyyyy b=2");
    assert_int_equal(n, strlen(out));
    assert_string_equal(out, "{\"event\":\"x\",\"a\":1,\"b\":2}");
    desk_log_json(out, sizeof out, head, 2, "bad=\xff\xfe=");
    assert_string_equal(out, "{\"event\":\"x\",\"bad\":\"\xef\xbf\xbd\xef\xbf\xbd=\"}");
}

static void log_levels_by_name(void **state)
{
    (void)state;
    assert_int_equal(desk_log_level_parse("debug"), DESK_LOG_DEBUG);
    assert_int_equal(desk_log_level_parse("error"), DESK_LOG_ERROR);
    assert_int_equal(desk_log_level_parse("loud"), DESK_LOG_INFO);
    assert_int_equal(desk_log_level_parse(NULL), DESK_LOG_INFO);
}

static void masks_hide_enough(void **state)
{
    (void)state;
    static const struct {
        const char *phone, *masked;
    } rows[] = {
        {"+14155550134", "+1415…34"},
        {"+493012345678", "+4930…78"},
        {"+4930123456", "+493…56"},
        {"+12345678", "+1…78"},
        {"+1234567", "…"},
        {"911", "…"},
        {"", "-"},
        {NULL, "-"},
    };
    char out[64], tiny[6];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_string_equal(desk_mask_phone(out, sizeof out, rows[i].phone), rows[i].masked);
        if (rows[i].phone && *rows[i].phone) /* at least five characters are not shown */
            assert_true(strlen(rows[i].phone) < 6 ||
                        strlen(rows[i].masked) - strlen("…") + 5 <= strlen(rows[i].phone) ||
                        strcmp(rows[i].masked, "…") == 0);
    }
    desk_mask_phone(tiny, sizeof tiny, "+14155550134");
    assert_true(strlen(tiny) < sizeof tiny);
    assert_string_equal(desk_mask_text(out, sizeof out, "Ada Byron"), "(9 chars)");
    assert_string_equal(desk_mask_text(out, sizeof out, NULL), "(0 chars)");
}

/* ---- result codes ---------------------------------------------------------------------------- */

static void every_code_has_a_row(void **state)
{
    (void)state;
    for (int i = 0; i < DESK_RC__MAX; i++) {
        const struct desk_rc_info *r = desk_rc_info((enum desk_rc)i);
        assert_non_null(r->name);
        assert_in_range(r->http, 200, 599);
        assert_int_equal(r->title[strlen(r->title) - 1], '.');
        for (int k = 0; k < i; k++)
            assert_string_not_equal(r->name, desk_rc_name((enum desk_rc)k));
    }
    assert_string_equal(desk_rc_name((enum desk_rc)99), "internal");
    assert_string_equal(desk_rc_name((enum desk_rc) - 1), "internal");
}

/* ---- paths ----------------------------------------------------------------------------------- */

static void files_are_read_up_to_a_maximum(void **state)
{
    (void)state;
    char path[] = "/tmp/desk-file-XXXXXX", line[8];
    struct desk_buf b;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    desk_buf_init(&b, 16);
    assert_false(desk_file_line(line, sizeof line, path));
    assert_string_equal(line, "");
    assert_true(desk_file_read(&b, path));
    assert_int_equal(b.len, 0);
    assert_int_equal(write(fd, "first one\r\nsecond", 17), 17);
    assert_true(desk_file_line(line, sizeof line, path));
    assert_string_equal(line, "first o");
    assert_false(desk_file_read(&b, path));
    assert_int_equal(errno, EFBIG);
    assert_false(desk_buf_ok(&b));
    desk_buf_clear(&b);
    desk_buf_init(&b, 17);
    assert_true(desk_file_read(&b, path));
    assert_string_equal(desk_buf_cstr(&b), "first one\r\nsecond");
    desk_buf_clear(&b);
    close(fd);
    unlink(path);
    assert_false(desk_file_read(&b, path));
    assert_int_equal(errno, ENOENT);
    assert_false(desk_file_read(&b, "/tmp")); /* a folder opens, but cannot be read */
    assert_int_equal(errno, EISDIR);
    desk_buf_clear(&b);
}

static void paths_follow_the_settings(void **state)
{
    (void)state;
    char p[DESK_PATH_LEN];
    desk_setting_override(DESK_S_FRONTDESK_DATA, "/srv/desk");
    desk_setting_override(DESK_S_CALLER_MEMORY_DB, "");
    desk_setting_override(DESK_S_FRONTDESK_SHARE, "/srv/share");
    assert_string_equal(desk_path_data(p, "x"), "/srv/desk/x");
    assert_string_equal(desk_path_run(p, "hook.sock"), "/srv/desk/run/hook.sock");
    assert_string_equal(desk_path_key(p), "/srv/desk/data.key");
    assert_string_equal(desk_path_db(p), "/srv/desk/frontdesk.db");
    assert_string_equal(desk_path_share(p, "templates"), "/srv/share/templates");
    desk_setting_override(DESK_S_CALLER_MEMORY_DB, "/else/where.db");
    assert_string_equal(desk_path_db(p), "/else/where.db");
    char name[2 * DESK_PATH_LEN];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_string_equal(desk_path_data(p, name), ""); /* half a path would be another one */
}

static void the_program_finds_its_neighbours(void **state)
{
    (void)state;
    char p[DESK_PATH_LEN], self[DESK_PATH_LEN];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    assert_true(n > 0);
    self[n] = '\0';
    const char *tail = strstr(self, "/unit/test_base");
    assert_non_null(tail);
    assert_string_equal(desk_path_program(p, "unit/test_base"), self);
}

static void *behind(void *nice_then)
{
    desk_thread_behind();
    *(int *)nice_then = getpriority(PRIO_PROCESS, (id_t)gettid());
    return (void *)(intptr_t)sched_getscheduler(0);
}

static void a_thread_goes_behind_the_others_and_no_other_does(void **state)
{
    (void)state;
    pthread_t thread;
    int before = getpriority(PRIO_PROCESS, (id_t)gettid()), then = -100;
    void *policy = NULL;
    assert_int_equal(pthread_create(&thread, NULL, behind, &then), 0);
    assert_int_equal(pthread_join(thread, &policy), 0);
    assert_int_equal(then, before + 5 > 19 ? 19 : before + 5);
    assert_int_equal((intptr_t)policy, SCHED_OTHER);
    assert_int_equal(getpriority(PRIO_PROCESS, (id_t)gettid()), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buf_grows_to_its_maximum),
        cmocka_unit_test(buf_failure_sticks),
        cmocka_unit_test(buf_fmt_and_edges),
        cmocka_unit_test(buf_room_and_take),
        cmocka_unit_test(arena_memory_is_zeroed_aligned_and_capped),
        cmocka_unit_test(arena_takes_more_than_a_block),
        cmocka_unit_test(arena_strings),
        cmocka_unit_test(arena_defers_newest_first_and_once),
        cmocka_unit_test(arena_defer_inside_a_defer_still_runs),
        cmocka_unit_test(arena_defer_without_room_runs_at_once),
        cmocka_unit_test(clock_stands_still_when_faked),
        cmocka_unit_test(ids_have_shape_and_sort_by_time),
        cmocka_unit_test(ids_do_not_repeat),
        cmocka_unit_test(tokens_are_long_and_plain),
        cmocka_unit_test(faked_ids_repeat_exactly),
        cmocka_unit_test(log_control_bytes_cannot_forge_a_line),
        cmocka_unit_test(log_lines_are_cut_not_overrun),
        cmocka_unit_test(log_line_has_time_level_zone_and_ids),
        cmocka_unit_test(log_lines_as_json),
        cmocka_unit_test(log_json_takes_what_fits),
        cmocka_unit_test(log_levels_by_name),
        cmocka_unit_test(masks_hide_enough),
        cmocka_unit_test(every_code_has_a_row),
        cmocka_unit_test(files_are_read_up_to_a_maximum),
        cmocka_unit_test(paths_follow_the_settings),
        cmocka_unit_test(the_program_finds_its_neighbours),
        cmocka_unit_test(a_thread_goes_behind_the_others_and_no_other_does),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
