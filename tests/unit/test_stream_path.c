/* The address of a call's stream: of any bridge, or of the one that has its session. */
#include "../../lib/wire/stream_path.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void settings(const char *ports, const char *mine, const char *warm)
{
    desk_setting_override(DESK_S_BRIDGE_PORTS, ports);
    desk_setting_override(DESK_S_BRIDGE_PORT, mine);
    desk_setting_override(DESK_S_REALTIME_WARM, warm);
}

static void one_bridge_has_one_address(void **state)
{
    char path[DESK_STREAM_PATH_LEN];
    (void)state;
    for (const char *const *ports = (const char *const[]){"", "8081", "  ", "nonsense", NULL};
         *ports; ports++) {
        settings(*ports, "8081", "true");
        assert_int_equal(desk_stream_bridges(), 1);
        assert_int_equal(desk_stream_bridge_of("call_1"), 1);
        assert_int_equal(desk_stream_bridge_here(), 1);
        assert_string_equal(desk_stream_path(path, "call_1"), "/media-stream");
    }
}

static void several_share_the_calls(void **state)
{
    char path[DESK_STREAM_PATH_LEN], want[DESK_STREAM_PATH_LEN], id[32];
    int calls[4] = {0};
    (void)state;
    settings("8081 8083  8084", "8083", "true");
    assert_int_equal(desk_stream_bridges(), 3);
    assert_int_equal(desk_stream_bridge_here(), 2);
    for (int i = 0; i < 3000; i++) {
        snprintf(id, sizeof id, "call_01hx%04dq", i);
        int home = desk_stream_bridge_of(id);
        assert_in_range(home, 1, 3);
        assert_int_equal(desk_stream_bridge_of(id), home);
        calls[home]++;
        snprintf(want, sizeof want, "/media-stream/%d", home);
        assert_string_equal(desk_stream_path(path, id), want);
    }
    for (int home = 1; home <= 3; home++)
        assert_in_range(calls[home], 800, 1200);
    settings("8081 8083", "0", "true"); /* not one of them */
    assert_int_equal(desk_stream_bridge_here(), 0);
    settings("8081 8083", "8081", "false"); /* any will do */
    assert_string_equal(desk_stream_path(path, "call_1"), "/media-stream");
}

static void a_path_is_one_or_is_not(void **state)
{
    static const struct {
        const char *path;
        bool is;
    } rows[] = {
        {"/media-stream", true},
        {"/media-stream/1", true},
        {"/media-stream/16", true},
        {"/media-stream/", false},
        {"/media-stream/123", false},
        {"/media-stream/x", false},
        {"/media-streams", false},
        {"/media-stream/1/2", false},
        {"/media-stream1", false},
        {"/media", false},
        {"", false},
        {"/conversation-relay", false},
        {"/media-stream/-1", false},
        {"/x/media-stream/1", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(desk_stream_path_is(rows[i].path, strlen(rows[i].path)), rows[i].is);
    assert_true(desk_stream_path_is("/media-stream/2?x=1", 15)); /* only what is asked about */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_bridge_has_one_address),
        cmocka_unit_test(several_share_the_calls),
        cmocka_unit_test(a_path_is_one_or_is_not),
    };
    return cmocka_run_group_tests_name("stream_path", tests, NULL, NULL);
}
