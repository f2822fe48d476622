/* Text models over HTTP: whose it is, what is sent, what is repeated, and every way in which it
 * fails; against a small server in a thread of this process that follows a script. */
#include "../../lib/out/llm.c"
#include "tests/unit/http_peer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* ---- the server: each request takes the next row of the script ------------------------------- */

struct row {
    const char *head; /* status line and headers, without their ends */
    const char *body; /* "|" parts it: a piece of its own each */
    int after_ms;     /* before the first piece */
    int hang_ms;      /* before the end of the connection */
    bool cut;         /* no proper end */
};

static struct row script[8]; /* a copy: a request may come when the test has gone on */
static size_t n_script;
static _Atomic size_t asked;
static unsigned now_on; /* number of the present test's question; others come too late */
static char requests[8][65536];

static void put(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        p += sent;
        n -= (size_t)sent;
    }
}

static void chunk(int fd, const char *p, size_t n)
{
    char size[20];
    snprintf(size, sizeof size, "%zx\r\n", n);
    put(fd, size, strlen(size));
    put(fd, p, n);
    put(fd, "\r\n", 2);
}

static void answer(int fd, const struct row *r)
{
    char head[1000];
    desk_sleep_ms(r->after_ms);
    if (!r->head)
        return; /* cut before the head */
    snprintf(head, sizeof head, "HTTP/1.1 %s\r\nTransfer-Encoding: chunked\r\n\r\n", r->head);
    put(fd, head, strlen(head));
    for (const char *p = r->body; p && *p;) {
        size_t n = strcspn(p, "|");
        if (n)
            chunk(fd, p, n);
        p += n + (p[n] == '|');
    }
    desk_sleep_ms(r->hang_ms);
    if (!r->cut)
        put(fd, "0\r\n\r\n", 5);
}

static void *serve(void *ctx)
{
    char *in = malloc(sizeof requests[0]);
    (void)ctx;
    for (int fd; in && (fd = accept(peer_listener, NULL, NULL)) >= 0; close(fd)) {
        for (bool more = true; more && peer_read_into(fd, in, sizeof requests[0]);) {
            char mark[20];
            pthread_mutex_lock(&peer_turn);
            snprintf(mark, sizeof mark, "hello #%u\"", now_on);
            if (!strstr(in, mark)) {
                pthread_mutex_unlock(&peer_turn);
                break;
            }
            size_t i = atomic_fetch_add(&asked, 1);
            const struct row row = i < n_script ? script[i] : script[n_script - 1];
            snprintf(requests[i % 8], sizeof requests[0], "%s", in);
            pthread_mutex_unlock(&peer_turn);
            answer(fd, &row);
            more = row.head && !row.cut && !row.hang_ms;
        }
    }
    free(in);
    return NULL;
}

/* ---- asking ---------------------------------------------------------------------------------- */

static struct desk_llm_answer a;
static char heard[1000];
static int64_t stop_ms; /* stop() says true from then on, once the server was asked; 0 = never */

static void words(void *ctx, const char *p, size_t n)
{
    (void)ctx;
    snprintf(heard + strlen(heard), sizeof heard - strlen(heard), "%.*s|", (int)n, p);
}

static bool stop(void *ctx)
{
    (void)ctx;
    return stop_ms && desk_mono_ms() >= stop_ms && atomic_load(&asked);
}

static void ask_for(const struct row *rows, size_t n, struct desk_llm_question q, int64_t ms)
{
    char text[20];
    const struct desk_chat_msg hello = {.role = DESK_CHAT_USER, .text = text};
    pthread_mutex_lock(&peer_turn);
    assert_true(n <= sizeof script / sizeof *script);
    memcpy(script, rows, n * sizeof *rows);
    n_script = n;
    snprintf(text, sizeof text, "hello #%u", ++now_on);
    atomic_store(&asked, 0);
    pthread_mutex_unlock(&peer_turn);
    heard[0] = '\0';
    q.system = "Be kind.";
    q.msgs = &hello;
    q.n_msgs = 1;
    q.max_tokens = 100;
    q.deadline_ms = desk_mono_ms() + ms;
    desk_llm_answer_clear(&a);
    desk_llm_http.ask(&q, &a);
    pthread_mutex_lock(&peer_turn);
    pthread_mutex_unlock(&peer_turn);
}
#define ASK(ms, ...)                                                                               \
    ask_for((const struct row[]){__VA_ARGS__},                                                     \
            sizeof((const struct row[]){__VA_ARGS__}) / sizeof(struct row),                        \
            (struct desk_llm_question){0}, (ms))

static void ended(enum desk_llm_end want, int tries)
{
    if (a.end != want)
        fail_msg("%s: %s", desk_llm_end_name(a.end), a.why);
    assert_int_equal(a.tries, tries);
    assert_true((a.end == DESK_LLM_ANSWERED) == (*a.why == '\0'));
}

#define STREAM     "200 OK\r\nContent-Type: text/event-stream"
#define IN_JSON(s) s "\r\nContent-Type: application/json"
#define D(delta)   "data: {\"choices\":[{\"index\":0,\"delta\":" delta "}]}\n\n"
#define F(finish)  "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"" finish "\"}]}\n\n"
#define DONE       "data: [DONE]\n\n"
#define GOOD                                                                                       \
    {                                                                                              \
        STREAM, D("{\"content\":\"Good \"}") "|" D("{\"content\":\"day\"}") F("stop") DONE, 0, 0,  \
            0                                                                                      \
    }
#define ERROR(status, code)                                                                        \
    {                                                                                              \
        IN_JSON(status), "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"code\":\"" code "\"}}",   \
            0, 0, 0                                                                                \
    }

static void use(enum desk_setting_id id, const char *value)
{
    desk_setting_override(id, value);
}

static int plain(void **state)
{
    static const enum desk_setting_id all[] = {DESK_S_CHAT_MODEL,
                                               DESK_S_CHAT_API_KEY,
                                               DESK_S_ANTHROPIC_API_KEY,
                                               DESK_S_OPENAI_API_KEY,
                                               DESK_S_AZURE_OPENAI_KEY,
                                               DESK_S_AZURE_OPENAI_ENDPOINT,
                                               DESK_S_CHAT_URL,
                                               DESK_S_AZURE_OPENAI_CHAT_DEPLOYMENT,
                                               DESK_S_AZURE_OPENAI_API_VERSION};
    char url[100];
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        use(all[i], "");
    snprintf(url, sizeof url, "http://127.0.0.1:%u/v1/", peer_port);
    use(DESK_S_CHAT_PROVIDER, "auto");
    use(DESK_S_CHAT_REASONING_EFFORT, "auto");
    use(DESK_S_CHAT_LENGTH_FIELD, "auto");
    use(DESK_S_CHAT_REST_S, "0");
    use(DESK_S_CHAT_URL, url);
    use(DESK_S_CHAT_MODEL, "llama");
    desk_llm_forget();
    stop_ms = 0;
    return 0;
}

/* ---- whose model ----------------------------------------------------------------------------- */

static struct desk_llm_target t;
static char why[200];

static void target(enum desk_rc want)
{
    assert_int_equal(desk_llm_target_read(&t, why, sizeof why), want);
    assert_true((want == DESK_OK) == (*why == '\0'));
    assert_int_equal(desk_llm_set_up(), want == DESK_OK);
}

static void is_target(const char *name, const char *url, const char *auth, const char *model)
{
    target(DESK_OK);
    assert_string_equal(t.backend->name, name);
    assert_string_equal(t.url, url);
    assert_string_equal(t.auth, auth);
    assert_string_equal(t.model, model);
}

static void whose_model_it_is(void **state)
{
    (void)state;
    use(DESK_S_CHAT_URL, "");
    use(DESK_S_CHAT_MODEL, "");
    target(DESK_ENOTFOUND);
    use(DESK_S_OPENAI_API_KEY, "k1");
    is_target("openai", "https://api.openai.com/v1/chat/completions", "Authorization: Bearer k1",
              "gpt-6-luna");
    assert_string_equal(t.effort, "none");
    assert_string_equal(t.tokens_field, "max_completion_tokens");
    use(DESK_S_ANTHROPIC_API_KEY, "k2"); /* of no other use than this */
    is_target("anthropic", "https://api.anthropic.com/v1/messages", "x-api-key: k2",
              "claude-haiku-5-5");
    assert_string_equal(t.effort, "");
    use(DESK_S_AZURE_OPENAI_CHAT_DEPLOYMENT, "desk-1");
    target(DESK_EINVAL);
    assert_non_null(strstr(why, "AZURE_OPENAI_ENDPOINT"));
    use(DESK_S_AZURE_OPENAI_ENDPOINT, "https://n.openai.azure.com/");
    target(DESK_EINVAL);
    assert_non_null(strstr(why, "AZURE_OPENAI_KEY"));
    use(DESK_S_AZURE_OPENAI_KEY, "k3");
    is_target("azure", "https://n.openai.azure.com/openai/v1/chat/completions", "api-key: k3",
              "desk-1");
    use(DESK_S_AZURE_OPENAI_API_VERSION, "2024-10-21");
    is_target("azure",
              "https://n.openai.azure.com/openai/deployments/desk-1/chat/completions"
              "?api-version=2024-10-21",
              "api-key: k3", "");
    use(DESK_S_CHAT_MODEL, "gpt-6-luna"); /* what the deployment is */
    target(DESK_OK);
    assert_string_equal(t.effort, "none");
    use(DESK_S_AZURE_OPENAI_CHAT_DEPLOYMENT, "a/b?c");
    target(DESK_EINVAL);
    use(DESK_S_CHAT_URL, "http://127.0.0.1:11434/v1");
    use(DESK_S_CHAT_MODEL, "");
    target(DESK_EINVAL);
    assert_non_null(strstr(why, "CHAT_MODEL"));
    use(DESK_S_CHAT_MODEL, "qwen");
    is_target("compatible", "http://127.0.0.1:11434/v1/chat/completions", "", "qwen");
    assert_string_equal(t.tokens_field, "max_tokens");
    assert_string_equal(t.effort, "");
    use(DESK_S_CHAT_API_KEY, "k4");
    is_target("compatible", "http://127.0.0.1:11434/v1/chat/completions",
              "Authorization: Bearer k4", "qwen");
    use(DESK_S_CHAT_API_KEY, "X-Key: k5");
    is_target("compatible", "http://127.0.0.1:11434/v1/chat/completions", "X-Key: k5", "qwen");
    use(DESK_S_CHAT_API_KEY, "k\r\nX-Evil: 1");
    target(DESK_EINVAL);
    assert_null(strstr(why, "Evil"));
}

static void a_provider_that_is_named(void **state)
{
    (void)state;
    use(DESK_S_CHAT_MODEL, "");
    use(DESK_S_CHAT_PROVIDER, "anthropic");
    target(DESK_EINVAL);
    assert_non_null(strstr(why, "ANTHROPIC_API_KEY"));
    use(DESK_S_ANTHROPIC_API_KEY, "k");
    use(DESK_S_CHAT_URL, "https://proxy.example.com/anthropic/v1/");
    is_target("anthropic", "https://proxy.example.com/anthropic/v1/messages", "x-api-key: k",
              "claude-haiku-5-5");
    use(DESK_S_CHAT_PROVIDER, "openai");
    use(DESK_S_OPENAI_API_KEY, "k");
    use(DESK_S_CHAT_URL, "https://proxy.example.com/v1/chat/completions");
    is_target("openai", "https://proxy.example.com/v1/chat/completions", "Authorization: Bearer k",
              "gpt-6-luna");
    use(DESK_S_CHAT_REASONING_EFFORT, "low");
    use(DESK_S_CHAT_LENGTH_FIELD, "max_tokens");
    target(DESK_OK);
    assert_string_equal(t.effort, "low");
    assert_string_equal(t.tokens_field, "max_tokens");
    use(DESK_S_CHAT_REASONING_EFFORT, "off");
    target(DESK_OK);
    assert_string_equal(t.effort, "");
    char longer[700];
    memset(longer, 'a', sizeof longer - 1);
    memcpy(longer, "https://", 8);
    longer[sizeof longer - 1] = '\0';
    use(DESK_S_CHAT_URL, longer);
    target(DESK_EINVAL);
}

static void nothing_is_set_up(void **state)
{
    (void)state;
    use(DESK_S_CHAT_URL, "");
    ASK(5000, GOOD);
    assert_int_equal(a.end, DESK_LLM_NOT_SET);
    assert_int_equal(atomic_load(&asked), 0);
}

/* ---- an answer ------------------------------------------------------------------------------- */

static const char *text(void)
{
    return desk_buf_cstr(&a.reply.text);
}

static void a_good_answer(void **state)
{
    (void)state;
    use(DESK_S_CHAT_API_KEY, "secret");
    ask_for((const struct row[]){GOOD}, 1, (struct desk_llm_question){.words = words}, 5000);
    ended(DESK_LLM_ANSWERED, 1);
    assert_string_equal(text(), "Good day");
    assert_string_equal(heard, "Good |day|");
    assert_true(a.first_ms > 0);
    const char *q = requests[0];
    assert_non_null(strstr(q, "POST /v1/chat/completions HTTP/1.1\r\n"));
    assert_non_null(strstr(q, "\r\nAuthorization: Bearer secret\r\n"));
    assert_non_null(strstr(q, "\r\nContent-Type: application/json\r\n"));
    assert_non_null(strstr(q, "{\"model\":\"llama\",\"messages\":[{\"role\":\"system\",\"content\":"
                              "\"Be kind.\"},{\"role\":\"user\",\"content\":\"hello #"));
    assert_non_null(strstr(q, "\"max_tokens\":100"));
}

static void answers_of_other_shapes(void **state)
{
    (void)state;
    static const char whole[] = "{\"choices\":[{\"message\":{\"content\":\"Whole\"},"
                                "\"finish_reason\":\"stop\"}]}";
    ASK(5000, {IN_JSON("200 OK"), whole, 0, 0, 0});
    ended(DESK_LLM_ANSWERED, 1);
    assert_string_equal(text(), "Whole");
    ASK(5000, {"200 OK\r\nContent-Type: text/plain",
               "\n{\"choices\":[{\"message\":{\"content\":"
               "\"Plain\"},\"finish_reason\":\"stop\"}]}",
               0, 0, 0});
    ended(DESK_LLM_ANSWERED, 1);
    ASK(5000, {"200 OK\r\nContent-Type: text/plain", D("{\"content\":\"S\"}") F("stop"), 0, 0, 0});
    ended(DESK_LLM_ANSWERED, 1); /* and without [DONE] */
    ASK(5000, {"200 OK", ": hello\n\n|" D("{\"content\":\"S\"}") DONE, 0, 0, 0});
    ended(DESK_LLM_ANSWERED, 1); /* no type, a comment first, no finish_reason */
    /* after [DONE] the server keeps the line open: that is not waited for */
    int64_t began = desk_mono_ms();
    ASK(8000, {STREAM, D("{\"content\":\"S\"}") F("stop") DONE, 0, 6000, 0});
    ended(DESK_LLM_ANSWERED, 1);
    assert_true(desk_mono_ms() - began < 4000);
}

static void anthropic_over_http(void **state)
{
    (void)state;
    use(DESK_S_CHAT_PROVIDER, "anthropic");
    use(DESK_S_ANTHROPIC_API_KEY, "secret");
    ASK(5000,
        {STREAM,
         "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
         "\"content_block\":{\"type\":\"text\",\"text\":\"Hi\"}}\n\n|event: message_delta\ndata: "
         "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\nevent: "
         "message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
         0, 0, 0});
    ended(DESK_LLM_ANSWERED, 1);
    assert_string_equal(text(), "Hi");
    assert_non_null(strstr(requests[0], "POST /v1/messages HTTP/1.1\r\n"));
    assert_non_null(strstr(requests[0], "\r\nx-api-key: secret\r\n"));
    assert_non_null(strstr(requests[0], "\r\nanthropic-version: 2023-06-01\r\n"));
    assert_null(strstr(requests[0], "Authorization"));
}

/* ---- failures -------------------------------------------------------------------------------- */

static void waits_as_long_as_it_is_asked_to(void **state)
{
    (void)state;
    int64_t began = desk_mono_ms();
    ASK(8000, {IN_JSON("429 Too Many\r\nRetry-After: 1"), "{}", 0, 0, 0}, GOOD);
    ended(DESK_LLM_ANSWERED, 2);
    assert_true(desk_mono_ms() - began >= 1000);
    ASK(8000, {IN_JSON("429 Too Many\r\nRetry-After: 60\r\nRetry-After-Ms: 20"), "{}", 0, 0, 0},
        GOOD);
    ended(DESK_LLM_ANSWERED, 2); /* milliseconds count more */
    /* no repeat that would overrun the deadline: told at once */
    began = desk_mono_ms();
    ASK(5000, {IN_JSON("429 Too Many\r\nRetry-After: 60"), "{}", 0, 0, 0}, GOOD);
    ended(DESK_LLM_BUSY, 1);
    assert_true(desk_mono_ms() - began < 4000);
    ASK(1500, {IN_JSON("503 No\r\nRetry-After: 1"), "{}", 0, 0, 0}, GOOD);
    ended(DESK_LLM_BUSY, 1);
    ASK(5000, {IN_JSON("500 Oh\r\nX-Should-Retry: false"), "{}", 0, 0, 0}, GOOD);
    ended(DESK_LLM_BUSY, 1);
    assert_int_equal(atomic_load(&asked), 1);
}

static void tries_again_what_may_pass(void **state)
{
    (void)state;
    ASK(8000, ERROR("503 Busy\r\nConnection: close", "x"), {NULL, NULL, 0, 0, 1}, GOOD);
    ended(DESK_LLM_ANSWERED, 3);
    ASK(8000, {STREAM, D("{\"content\":\"Half \"}"), 0, 0, 1}, GOOD); /* it breaks off */
    ended(DESK_LLM_ANSWERED, 2);
    assert_string_equal(text(), "Good day");
    ASK(8000, {STREAM, D("{\"content\":\"Half \"}"), 0, 0, 0}, GOOD); /* ends, and is not whole */
    ended(DESK_LLM_ANSWERED, 2);
    assert_string_equal(text(), "Good day");
    /* words that were handed out cannot be taken back */
    ask_for((const struct row[]){{STREAM, D("{\"content\":\"Half \"}"), 0, 0, 1}, GOOD}, 2,
            (struct desk_llm_question){.words = words}, 8000);
    ended(DESK_LLM_UNREACHED, 1);
    assert_string_equal(heard, "Half |");
    ASK(8000, {STREAM, "data: {\"error\":{\"type\":\"server_error\"}}\n\n", 0, 0, 0}, GOOD);
    ended(DESK_LLM_ANSWERED, 2);
}

static void gives_up_what_will_not_pass(void **state)
{
    (void)state;
    static const struct {
        struct row row;
        enum desk_llm_end end;
    } rows[] = {
        {ERROR("401 No", "invalid_api_key"), DESK_LLM_CONFIG},
        {ERROR("403 No", "x"), DESK_LLM_CONFIG},
        {ERROR("404 No", "model_not_found"), DESK_LLM_CONFIG},
        {ERROR("400 Bad", "x"), DESK_LLM_CONFIG},
        {ERROR("429 No", "insufficient_quota"), DESK_LLM_QUOTA},
        {ERROR("400 Bad", "context_length_exceeded"), DESK_LLM_TOO_LONG},
        {ERROR("400 Bad", "content_filter"), DESK_LLM_FILTERED},
        {{"302 Found\r\nLocation: /elsewhere", "", 0, 0, 0}, DESK_LLM_CONFIG},
        {{"200 OK\r\nContent-Type: text/html", "<html>Login</html>", 0, 0, 0}, DESK_LLM_NONSENSE},
        {{IN_JSON("200 OK"), "{\"choices\":[", 0, 0, 0}, DESK_LLM_NONSENSE},
        {{IN_JSON("200 OK"), "{\"status\":\"ok\"}", 0, 0, 0}, DESK_LLM_NONSENSE},
        {{STREAM, "data: {\"choices\":[{\"delta\n\n|data: more\n\n", 0, 0, 0}, DESK_LLM_NONSENSE},
        {{STREAM, F("content_filter") DONE, 0, 0, 0}, DESK_LLM_FILTERED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ask_for(&rows[i].row, 1, (struct desk_llm_question){0}, 5000);
        if (a.end != rows[i].end || a.tries != 1)
            fail_msg("%s: %s after %d", rows[i].row.head, desk_llm_end_name(a.end), a.tries);
        assert_string_not_equal(a.why, "");
    }
    use(DESK_S_CHAT_URL, "http://127.0.0.1:1/v1"); /* nobody listens */
    ASK(1500, GOOD);
    ended(DESK_LLM_UNREACHED, 1);
    use(DESK_S_CHAT_URL, "http://nowhere.invalid/v1");
    ASK(1500, GOOD);
    assert_int_equal(a.end, DESK_LLM_UNREACHED);
}

static void is_late(void **state)
{
    (void)state;
    int64_t began = desk_mono_ms();
    ASK(400, {STREAM, "", 3000, 0, 0});
    ended(DESK_LLM_LATE, 1);
    assert_true(desk_mono_ms() - began < 2500);
    ASK(600, {STREAM, D("{\"content\":\"I \"}"), 0, 2000, 1}); /* the deadline in mid-stream */
    ended(DESK_LLM_LATE, 1);
    assert_string_equal(text(), "I ");
    ASK(-5, GOOD);
    ended(DESK_LLM_LATE, 0);
}

static void a_stream_that_stalls_is_given_up(void **state)
{
    (void)state;
    int64_t began = desk_mono_ms();
    ASK(5000, {STREAM, D("{\"content\":\"I \"}"), 0, 6000, 1});
    ended(DESK_LLM_LATE, 1);
    assert_true(desk_mono_ms() - began < 4600);
}

static void nobody_waits_any_more(void **state)
{
    (void)state;
    stop_ms = 1;
    ask_for((const struct row[]){{STREAM, "", 4000, 0, 1}}, 1,
            (struct desk_llm_question){.stop = stop}, 9000);
    ended(DESK_LLM_STOPPED, 1);
    stop_ms = desk_mono_ms() + 700; /* while it waits for the next try */
    ask_for((const struct row[]){{IN_JSON("429 No\r\nRetry-After: 5"), "{}", 0, 0, 0}}, 1,
            (struct desk_llm_question){.stop = stop}, 20000);
    ended(DESK_LLM_STOPPED, 1);
}

/* ---- what is learned ------------------------------------------------------------------------- */

#define FIELD(name)                                                                                \
    {                                                                                              \
        IN_JSON("400 Bad"),                                                                        \
            "{\"error\":{\"message\":\"m\",\"code\":\"unsupported_parameter\",\"param\":\"" name   \
            "\"}}",                                                                                \
            0, 0, 0                                                                                \
    }

static void learns_what_a_server_does_not_take(void **state)
{
    (void)state;
    ASK(8000, FIELD("max_tokens"), FIELD("stream_options"), GOOD);
    ended(DESK_LLM_ANSWERED, 3);
    assert_non_null(strstr(requests[2], "\"max_completion_tokens\":100"));
    assert_null(strstr(requests[2], "stream_options"));
    ASK(8000, GOOD); /* and does not ask so again */
    assert_non_null(strstr(requests[0], "\"max_completion_tokens\":100"));
    ASK(8000, FIELD("stream_options"), GOOD);
    ended(DESK_LLM_CONFIG, 1); /* it was left out already: no circle */
    ASK(8000, FIELD("messages[1].content"), GOOD);
    ended(DESK_LLM_CONFIG, 1);
    ASK(8000, FIELD("reasoning_effort"), GOOD); /* it was not sent: it is wanted */
    ended(DESK_LLM_ANSWERED, 2);
    assert_null(strstr(requests[0], "reasoning_effort"));
    assert_non_null(strstr(requests[1], "\"reasoning_effort\":\"none\""));
    desk_llm_forget();
    use(DESK_S_CHAT_REASONING_EFFORT, "none");
    ASK(8000, FIELD("reasoning_effort"), GOOD);
    ended(DESK_LLM_ANSWERED, 2);
    assert_null(strstr(requests[1], "reasoning_effort"));
}

static void rests_after_failures(void **state)
{
    (void)state;
    use(DESK_S_CHAT_REST_S, "60");
    ASK(5000, ERROR("401 No", "invalid_api_key"));
    ended(DESK_LLM_CONFIG, 1);
    ASK(5000, GOOD);
    ended(DESK_LLM_RESTING, 0);
    assert_int_equal(atomic_load(&asked), 0);
    desk_llm_forget();
    for (int i = 0; i < 3; i++) {
        ASK(1300, ERROR("503 No", "x"));
        ended(DESK_LLM_BUSY, 1);
    }
    ASK(5000, GOOD);
    ended(DESK_LLM_RESTING, 0);
    desk_llm_forget();
    for (int i = 0; i < 5; i++) { /* good ones in between */
        ASK(1300, ERROR("503 No", "x"));
        ended(DESK_LLM_BUSY, 1);
        ASK(5000, GOOD);
        ended(DESK_LLM_ANSWERED, 1);
    }
    for (int i = 0; i < 5; i++) { /* what is nobody's fault does not count */
        ASK(5000, ERROR("400 Bad", "content_filter"));
        ended(DESK_LLM_FILTERED, 1);
    }
}

static void names_of_ends(void **state)
{
    (void)state;
    for (int i = 0; i < DESK_LLM__MAX; i++)
        assert_non_null(desk_llm_end_name((enum desk_llm_end)i));
    assert_string_equal(desk_llm_end_name(DESK_LLM__MAX), "?");
}

static int begin(void **state)
{
    pthread_t server;
    (void)state;
    desk_log_init("test", DESK_LOG_ERROR);
    if (!peer_listen())
        return -1;
    /* several, because one may be held by a connection that was given up */
    for (int i = 0; i < 16; i++)
        if (pthread_create(&server, NULL, serve, NULL) || pthread_detach(server))
            return -1;
    return 0;
}

static int finish(void **state)
{
    (void)state;
    desk_llm_answer_clear(&a);
    shutdown(peer_listener, SHUT_RDWR);
    close(peer_listener);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(whose_model_it_is, plain),
        cmocka_unit_test_setup(a_provider_that_is_named, plain),
        cmocka_unit_test_setup(nothing_is_set_up, plain),
        cmocka_unit_test_setup(a_good_answer, plain),
        cmocka_unit_test_setup(answers_of_other_shapes, plain),
        cmocka_unit_test_setup(anthropic_over_http, plain),
        cmocka_unit_test_setup(waits_as_long_as_it_is_asked_to, plain),
        cmocka_unit_test_setup(tries_again_what_may_pass, plain),
        cmocka_unit_test_setup(gives_up_what_will_not_pass, plain),
        cmocka_unit_test_setup(is_late, plain),
        cmocka_unit_test_setup(a_stream_that_stalls_is_given_up, plain),
        cmocka_unit_test_setup(nobody_waits_any_more, plain),
        cmocka_unit_test_setup(learns_what_a_server_does_not_take, plain),
        cmocka_unit_test_setup(rests_after_failures, plain),
        cmocka_unit_test_setup(names_of_ends, plain),
    };
    return cmocka_run_group_tests_name("llm", tests, begin, finish);
}
