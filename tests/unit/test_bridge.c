/* The bridge's parts that need no socket: queues, the arithmetic of what was heard, the target. */
#include "../../ws-bridge/fifo.c"
#include "../../ws-bridge/queue.c"
#include "../../ws-bridge/playback.c"
#include "../../lib/wire/realtime_target.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* ---- queues ---------------------------------------------------------------------------------- */

static struct queue_pool pool;
static struct queue q;

static int queue_begin(void **state)
{
    (void)state;
    queue_init(&q, &pool, 16, QUEUE_DROP_OLDEST, 1000, 200);
    return 0;
}

static int queue_end(void **state)
{
    (void)state;
    queue_clear(&q);
    assert_int_equal(q.ms, 0);
    assert_int_equal(q.text_bytes, 0);
    queue_pool_clear(&pool);
    return 0;
}

static enum queue_rc put(const char *text, enum queue_kind kind, int64_t ms)
{
    struct queue_msg *m = queue_new(&q, 1000);
    assert_non_null(m);
    assert_int_equal(m->buf.len, 16);
    desk_buf_str(&m->buf, text);
    return queue_push(&q, m, kind, ms);
}

static void take(const char *text)
{
    struct queue_msg *m = queue_pop(&q);
    assert_non_null(m);
    assert_string_equal(m->buf.p + 16, text);
    queue_give_back(&q, m);
}

static void test_queue_order_and_reuse(void **state)
{
    (void)state;
    for (int round = 0; round < 3; round++) {
        assert_int_equal(put("a", QUEUE_AUDIO, 20), QUEUE_OK);
        assert_int_equal(put("b", QUEUE_TEXT, 0), QUEUE_OK);
        assert_int_equal(put("c", QUEUE_AUDIO, 20), QUEUE_OK);
        assert_int_equal(q.ms, 40);
        take("a");
        take("b");
        take("c");
        assert_null(queue_pop(&q));
    }
    assert_int_equal(pool.n, 3); /* the same three messages each time */
}

static void test_queue_drops_oldest_audio_only(void **state)
{
    (void)state;
    assert_int_equal(put("text", QUEUE_TEXT, 0), QUEUE_OK);
    assert_int_equal(put("1", QUEUE_AUDIO, 500), QUEUE_OK);
    assert_int_equal(put("2", QUEUE_AUDIO, 500), QUEUE_OK);
    assert_int_equal(put("3", QUEUE_AUDIO, 20), QUEUE_DROPPED_FIRST); /* noted once */
    assert_int_equal(put("4", QUEUE_AUDIO, 600), QUEUE_OK);
    assert_int_equal(q.dropped, 2);
    assert_int_equal(q.dropped_ms, 1000);
    assert_int_equal(q.ms, 620);
    take("text");
    take("3");
    take("4");
    /* one that is longer than all there may be is kept: better than nothing ever */
    assert_int_equal(put("long", QUEUE_AUDIO, 5000), QUEUE_OK);
    take("long");
}

static void test_queue_refuses(void **state)
{
    char large[300];
    (void)state;
    q.policy = QUEUE_REFUSE;
    assert_int_equal(put("1", QUEUE_AUDIO, 900), QUEUE_OK);
    assert_int_equal(put("2", QUEUE_AUDIO, 101), QUEUE_FULL);
    assert_int_equal(put("2", QUEUE_AUDIO, 100), QUEUE_OK);
    assert_int_equal(q.dropped, 0);
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    assert_int_equal(put(large, QUEUE_TEXT, 0), QUEUE_FULL); /* text is bounded in bytes */
    assert_int_equal(put("ok", QUEUE_TEXT, 0), QUEUE_OK);
    struct queue_msg *m = queue_new(&q, 4);
    desk_buf_str(&m->buf, "longer than four");
    assert_int_equal(queue_push(&q, m, QUEUE_TEXT, 0), QUEUE_FULL); /* could not be built whole */
}

/* A caller on a line whose model stopped reading: ten seconds are kept, the newest; the rest is
 * counted, and noted once. */
static void test_queue_of_a_call_overflows(void **state)
{
    char text[16];
    (void)state;
    int noted = 0;
    assert_int_equal(DESK_MAX_AUDIO_IN_MS, 10000);
    assert_int_equal(DESK_MAX_AUDIO_OUT_MS, 300000);
    queue_init(&q, &pool, 16, QUEUE_DROP_OLDEST, DESK_MAX_AUDIO_IN_MS, DESK_MAX_TEXT_QUEUE);
    for (int i = 0; i < 3000; i++) { /* a minute */
        snprintf(text, sizeof text, "%d", i);
        noted += put(text, QUEUE_AUDIO, 20) == QUEUE_DROPPED_FIRST;
        assert_true(q.ms <= DESK_MAX_AUDIO_IN_MS);
    }
    assert_int_equal(noted, 1);
    assert_int_equal(q.dropped, 2500);
    assert_int_equal(q.dropped_ms, 50000);
    take("2500");
    queue_clear(&q);
    queue_init(&q, &pool, 16, QUEUE_REFUSE, DESK_MAX_AUDIO_OUT_MS, DESK_MAX_TEXT_QUEUE);
    for (int i = 0; i < 1500; i++)
        assert_int_equal(put("200 ms", QUEUE_AUDIO, 200), QUEUE_OK);
    assert_int_equal(put("more", QUEUE_AUDIO, 20), QUEUE_FULL);
    assert_int_equal(put("clear", QUEUE_TEXT, 0), QUEUE_OK); /* there is always room for that */
    assert_int_equal(q.dropped, 0);
}

/* Audio of no length at all is bounded like any other. */
static void test_queue_tiny_audio(void **state)
{
    (void)state;
    size_t n = 0;
    for (int i = 0; i < 1000; i++)
        put("tiny", QUEUE_AUDIO, 0);
    for (const struct queue_msg *m = q.head; m; m = m->next)
        n++;
    assert_int_equal(n, 1000 / QUEUE_LEAST_MS);
    queue_clear(&q);
    q.policy = QUEUE_REFUSE;
    for (n = 0; put("tiny", QUEUE_AUDIO, 0) == QUEUE_OK; n++)
        ;
    assert_int_equal(n, 1000 / QUEUE_LEAST_MS);
}

static void test_queue_drop_audio(void **state)
{
    (void)state;
    put("clear", QUEUE_TEXT, 0);
    put("1", QUEUE_AUDIO, 100);
    put("mark", QUEUE_MARK, 0);
    put("2", QUEUE_AUDIO, 200);
    assert_int_equal(queue_drop_audio(&q), 300);
    assert_int_equal(put("after", QUEUE_AUDIO, 20), QUEUE_OK); /* the tail is right */
    take("clear");
    take("after");
    assert_null(queue_pop(&q));
    put("1", QUEUE_AUDIO, 100);
    assert_int_equal(queue_drop_audio(&q), 100);
    assert_int_equal(put("only", QUEUE_TEXT, 0), QUEUE_OK);
    take("only");
}

static void test_queue_move(void **state)
{
    (void)state;
    struct queue held;
    queue_init(&held, &pool, 16, QUEUE_DROP_OLDEST, 1000, 0);
    for (int i = 0; i < 3; i++) {
        struct queue_msg *m = queue_new(&held, 100);
        desk_buf_fmt(&m->buf, "%d", i);
        queue_push(&held, m, QUEUE_AUDIO, 400);
    }
    assert_int_equal(held.dropped, 1);
    put("first", QUEUE_TEXT, 0);
    assert_int_equal(queue_move(&q, &held), QUEUE_OK);
    take("first");
    take("1");
    take("2");
    queue_clear(&held);
}

/* ---- between threads ------------------------------------------------------------------------- */

struct number {
    struct fifo_node node;
    int n;
};

static void *count_up(void *ctx)
{
    int last = 0;
    for (struct number *n; (n = (struct number *)fifo_pop(ctx));) {
        if (n->n != last + 1)
            return "out of order";
        last = n->n;
    }
    return last == 1000 ? "all" : "some";
}

static void test_fifo_between_threads(void **state)
{
    (void)state;
    static struct number numbers[1000];
    struct fifo f;
    pthread_t thread;
    void *said;
    fifo_init(&f, 0);
    assert_int_equal(pthread_create(&thread, NULL, count_up, &f), 0);
    for (int i = 0; i < 1000; i++) {
        numbers[i].n = i + 1;
        assert_true(fifo_push(&f, &numbers[i].node));
    }
    fifo_stop(&f, 5000); /* what is waiting is still done */
    pthread_join(thread, &said);
    assert_string_equal(said, "all");
    fifo_destroy(&f);
}

static void test_fifo_maximum_and_end(void **state)
{
    (void)state;
    struct number a = {.n = 1}, b = {.n = 2}, c = {.n = 3};
    struct fifo f;
    fifo_init(&f, 2);
    assert_true(fifo_push(&f, &a.node));
    assert_true(fifo_push(&f, &b.node));
    assert_false(fifo_push(&f, &c.node));
    assert_ptr_equal(fifo_pop(&f), &a.node);
    assert_true(fifo_push(&f, &c.node));
    assert_false(fifo_late(&f));
    fifo_stop(&f, 0); /* no time for the rest */
    assert_true(fifo_late(&f));
    assert_null(fifo_pop(&f));
    assert_ptr_equal(fifo_take_all(&f), &b.node);
    assert_ptr_equal(b.node.next, &c.node);
    assert_null(fifo_take_all(&f));
    assert_int_equal(f.n, 0);
    fifo_destroy(&f);
}

/* ---- what was heard -------------------------------------------------------------------------- */

static struct playback p;
static struct play_item *cut[PLAY_ITEMS];
static size_t n_cut;

static int play_begin(void **state)
{
    (void)state;
    play_init(&p);
    n_cut = 0;
    return 0;
}

static int play_end(void **state)
{
    (void)state;
    play_clear(&p);
    return 0;
}

static void on_cut(void *ctx, struct play_item *item)
{
    (void)ctx;
    cut[n_cut++] = item;
}

/* ms of audio for an item, at a moment */
static bool audio(const char *item, const char *response, int64_t ms, int64_t at)
{
    return play_audio(&p, play_item(&p, item, response), ms * 8, at);
}

static void test_heard_is_time_or_bytes(void **state)
{
    (void)state;
    struct play_item *a = play_item(&p, "a", "r");
    audio("a", "r", 400, 1000);
    audio("a", "r", 400, 1001); /* generated faster than played */
    assert_int_equal(play_total_ms(a), 800);
    assert_int_equal(play_heard_ms(a, 1000), 0);
    assert_int_equal(play_heard_ms(a, 1300), 300);
    assert_int_equal(play_heard_ms(a, 5000), 800);
    assert_int_equal(play_heard_ms(a, 900), 0);
    a->marked_ms = 500; /* Twilio said that so much was played */
    assert_int_equal(play_heard_ms(a, 1300), 500);
}

static void test_items_queue_up(void **state)
{
    (void)state;
    audio("a", "r1", 1000, 0);
    audio("b", "r2", 1000, 100);  /* begins when a is over */
    audio("c", "r3", 1000, 5000); /* after a pause */
    assert_int_equal(play_find(&p, "b")->begin_ms, 1000);
    assert_int_equal(play_find(&p, "c")->begin_ms, 5000);
    assert_int_equal(p.until_ms, 6000);
    assert_null(play_find(&p, "d"));
}

static void test_cut(void **state)
{
    (void)state;
    audio("a", "r1", 1000, 0);
    audio("b", "r2", 1000, 0);
    audio("c", "r3", 1000, 0);
    play_cut(&p, "r3", 1300, on_cut, NULL);
    assert_int_equal(n_cut, 2); /* a was heard */
    assert_string_equal(cut[0]->id, "b");
    assert_int_equal(cut[0]->heard_ms, 300);
    assert_string_equal(cut[1]->id, "c");
    assert_int_equal(cut[1]->heard_ms, 0);
    assert_int_equal(play_find(&p, "a")->heard_ms, -1);
    assert_true(play_is_dead(&p, "r3", play_find(&p, "c")));
    assert_true(play_is_dead(&p, "r3", NULL));
    assert_true(play_is_dead(&p, "r2", play_find(&p, "b")));
    assert_false(play_is_dead(&p, "r4", NULL));
    assert_false(play_outstanding(&p, 1300));
    /* a second interruption right after cuts nothing twice */
    play_cut(&p, "", 1400, on_cut, NULL);
    assert_int_equal(n_cut, 2);
    /* the next answer starts from now, and works like the first */
    audio("d", "r4", 1000, 2000);
    assert_int_equal(play_find(&p, "d")->begin_ms, 2000);
    play_cut(&p, "r4", 2250, on_cut, NULL);
    assert_int_equal(n_cut, 3);
    assert_int_equal(cut[2]->heard_ms, 250);
}

static void test_cut_of_an_answer_still_coming(void **state)
{
    (void)state;
    audio("a", "r1", 200, 0);
    play_cut(&p, "r1", 900, on_cut, NULL); /* all that came was heard, but more was to come */
    assert_int_equal(n_cut, 1);
    assert_int_equal(cut[0]->heard_ms, 200);
}

static void test_marks(void **state)
{
    (void)state;
    char name[PLAY_MARK], old[PLAY_MARK];
    struct play_item *item;
    assert_false(audio("a", "r", 300, 0));
    assert_true(audio("a", "r", 300, 0)); /* 600 ms: a mark is due */
    play_mark_name(&p, play_find(&p, "a"), false, name);
    assert_string_equal(name, "g0-n1-600");
    assert_false(audio("a", "r", 300, 0));
    play_mark_name(&p, play_find(&p, "a"), true, old);
    assert_string_equal(old, "g0-n1-900-e");
    assert_int_equal(play_mark_back(&p, name, &item), PLAY_MARK_PLAYED);
    assert_ptr_equal(item, play_find(&p, "a"));
    assert_int_equal(item->marked_ms, 600);
    assert_true(play_outstanding(&p, 2000));
    play_cut(&p, "", 700, on_cut, NULL);
    /* Twilio returns the cleared marks: they are of another generation */
    assert_int_equal(play_mark_back(&p, old, &item), PLAY_MARK_OLD);
    assert_null(item);
    assert_int_equal(play_find(&p, "a")->marked_ms, 600);
    audio("b", "r2", 100, 1000);
    assert_true(play_outstanding(&p, 1050));
    play_mark_name(&p, play_find(&p, "b"), true, name);
    assert_true(play_outstanding(&p, 9000)); /* until the mark is back */
    assert_int_equal(play_mark_back(&p, name, &item), PLAY_MARK_END);
    assert_false(play_outstanding(&p, 1050));
}

static void test_marks_of_strangers(void **state)
{
    static const char *const names[] = {
        "",       "x",        "g",       "g0",      "g0-n",    "g0-n1",
        "g0-n1-", "g-1-n1-5", "g1-n1-5", "g0-nx-5", "g0-n1-x", "g99999999999999999999-n1-5"};
    (void)state;
    struct play_item *item;
    audio("a", "r", 100, 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(play_mark_back(&p, names[i], &item), PLAY_MARK_OLD);
        assert_null(item);
    }
    /* of the right shape, but of no item, or of more than there is */
    assert_int_equal(play_mark_back(&p, "g0-n4000000000-5", &item), PLAY_MARK_PLAYED);
    assert_null(item);
    assert_int_equal(play_mark_back(&p, "g0-n1-99999", &item), PLAY_MARK_PLAYED);
    assert_int_equal(item->marked_ms, 0);
}

static void test_many_items(void **state)
{
    (void)state;
    char id[16];
    for (int i = 0; i < 3 * PLAY_ITEMS; i++) {
        snprintf(id, sizeof id, "item%d", i);
        audio(id, "r", 100, 0);
    }
    assert_null(play_find(&p, "item0"));
    snprintf(id, sizeof id, "item%d", 3 * PLAY_ITEMS - 1);
    assert_non_null(play_find(&p, id));
    play_cut(&p, "r", 0, on_cut, NULL);
    assert_int_equal(n_cut, PLAY_ITEMS);
    assert_string_equal(cut[PLAY_ITEMS - 1]->id, id); /* oldest first */
}

static void test_split_words(void **state)
{
    static const struct {
        const char *words;
        int heard, total;
        size_t at;
    } rows[] = {
        {"one two three", 0, 1000, 0},
        {"one two three", 1000, 1000, 13},
        {"one two three", 2000, 1000, 13},
        {"one two three", 500, 1000, 3},
        {"one two three", 620, 1000, 7},
        {"one", 900, 1000, 0},
        {"", 500, 1000, 0},
        {"one two", 0, 0, 0},
        {"one two", 1, 0, 7},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(play_split(rows[i].words, rows[i].heard, rows[i].total), rows[i].at);
}

/* ---- the target ------------------------------------------------------------------------------ */

static void test_urls(void **state)
{
    static const struct {
        const char *url, *host, *path;
        int port;
        bool tls;
    } rows[] = {
        {"wss://api.openai.com/v1/realtime?model=x", "api.openai.com", "/v1/realtime?model=x", 443,
         true},
        {"ws://127.0.0.1:8082/v1/realtime", "127.0.0.1", "/v1/realtime", 8082, false},
        {"https://x.openai.azure.com", "x.openai.azure.com", "/", 443, true},
        {"HTTP://h", "h", "/", 80, false},
        {"ws://[::1]:9/p", "::1", "/p", 9, false},
        {"ws://[::1]", "::1", "/", 80, false},
        {"wss://h?a=b", "h", "/?a=b", 443, true},
    };
    static const char *const bad[] = {"",           "h/p",          "ftp://h/",     "ws://",
                                      "ws:///p",    "ws://h:0/",    "ws://h:65536", "ws://h:x",
                                      "ws://h:9x/", "ws://u@h/",    "ws://h/#f",    "ws://h/a b",
                                      "ws://[::1/", "ws://[::1]x/", "ws://h:/"};
    struct desk_rt_target t;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(desk_rt_target_url(&t, rows[i].url), DESK_OK);
        assert_string_equal(t.host, rows[i].host);
        assert_string_equal(t.path, rows[i].path);
        assert_int_equal(t.port, rows[i].port);
        assert_int_equal(t.tls, rows[i].tls);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(desk_rt_target_url(&t, bad[i]), DESK_EINVAL);
}

static void clean_settings(void)
{
    static const enum desk_setting_id ids[] = {
        DESK_S_REALTIME_URL,          DESK_S_OPENAI_API_KEY,          DESK_S_AZURE_OPENAI_KEY,
        DESK_S_AZURE_OPENAI_ENDPOINT, DESK_S_AZURE_OPENAI_DEPLOYMENT, DESK_S_REALTIME_AUTH_HEADER};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        desk_setting_override(ids[i], "");
    desk_setting_override(DESK_S_REALTIME_MODEL, "gpt-realtime-2.1");
    desk_setting_override(DESK_S_REALTIME_DIALECT, "ga");
    desk_setting_override(DESK_S_SPEECH_PORT, "8082");
}

static void test_four_ways(void **state)
{
    struct desk_rt_target t;
    char why[200];
    (void)state;
    clean_settings();
    assert_int_equal(desk_rt_target_settings(&t, why, sizeof why), DESK_OK);
    assert_string_equal(t.host, "127.0.0.1");
    assert_int_equal(t.port, 8082);
    assert_string_equal(t.path, "/v1/realtime?model=offline");
    assert_string_equal(t.header_name, "");
    assert_string_equal(t.engine, "127.0.0.1 offline");

    desk_setting_override(DESK_S_OPENAI_API_KEY, "sk-1");
    assert_int_equal(desk_rt_target_settings(&t, why, sizeof why), DESK_OK);
    assert_string_equal(t.host, "api.openai.com");
    assert_string_equal(t.path, "/v1/realtime?model=gpt-realtime-2.1");
    assert_true(t.tls);
    assert_string_equal(t.header_name, "authorization:");
    assert_string_equal(t.header_value, "Bearer sk-1");

    desk_setting_override(DESK_S_AZURE_OPENAI_KEY, "az-1");
    desk_setting_override(DESK_S_AZURE_OPENAI_ENDPOINT, "https://res.openai.azure.com/");
    assert_int_equal(desk_rt_target_settings(&t, why, sizeof why), DESK_OK);
    assert_string_equal(t.host, "api.openai.com"); /* two of three are not Azure */
    desk_setting_override(DESK_S_AZURE_OPENAI_DEPLOYMENT, "my voice");
    assert_int_equal(desk_rt_target_settings(&t, why, sizeof why), DESK_OK);
    assert_string_equal(t.host, "res.openai.azure.com");
    assert_string_equal(t.path, "/openai/v1/realtime?model=my%20voice");
    assert_string_equal(t.header_name, "api-key:");
    assert_string_equal(t.header_value, "az-1");

    desk_setting_override(DESK_S_REALTIME_URL, "ws://10.0.0.5:9000/v1/realtime");
    desk_setting_override(DESK_S_REALTIME_AUTH_HEADER, "X-Key:  abc: d");
    assert_int_equal(desk_rt_target_settings(&t, why, sizeof why), DESK_OK);
    assert_string_equal(t.host, "10.0.0.5");
    assert_string_equal(t.path, "/v1/realtime?model=gpt-realtime-2.1");
    assert_string_equal(t.header_name, "x-key:");
    assert_string_equal(t.header_value, "abc: d");
}

static void test_settings_that_cannot_be(void **state)
{
    static const struct {
        enum desk_setting_id id;
        const char *value;
    } rows[] = {{DESK_S_REALTIME_URL, "ftp://x"},
                {DESK_S_REALTIME_AUTH_HEADER, "no colon"},
                {DESK_S_REALTIME_AUTH_HEADER, ": x"},
                {DESK_S_REALTIME_AUTH_HEADER, "a b: x"},
                {DESK_S_REALTIME_AUTH_HEADER, "a: x\r\nevil: y"},
                {DESK_S_REALTIME_DIALECT, "delta"}};
    struct desk_rt_target t;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char why[200] = "";
        clean_settings();
        desk_setting_override(rows[i].id, rows[i].value);
        assert_int_equal(desk_rt_target_settings(&t, why, sizeof why), DESK_EINVAL);
        assert_true(strlen(why) > 20);
    }
    clean_settings();
}

int main(void)
{
#define Q(f) cmocka_unit_test_setup_teardown(f, queue_begin, queue_end)
#define P(f) cmocka_unit_test_setup_teardown(f, play_begin, play_end)
    const struct CMUnitTest tests[] = {
        Q(test_queue_order_and_reuse),
        Q(test_queue_drops_oldest_audio_only),
        Q(test_queue_refuses),
        Q(test_queue_of_a_call_overflows),
        Q(test_queue_tiny_audio),
        Q(test_queue_drop_audio),
        Q(test_queue_move),
        cmocka_unit_test(test_fifo_between_threads),
        cmocka_unit_test(test_fifo_maximum_and_end),
        P(test_heard_is_time_or_bytes),
        P(test_items_queue_up),
        P(test_cut),
        P(test_cut_of_an_answer_still_coming),
        P(test_marks),
        P(test_marks_of_strangers),
        P(test_many_items),
        P(test_split_words),
        cmocka_unit_test(test_urls),
        cmocka_unit_test(test_four_ways),
        cmocka_unit_test(test_settings_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
