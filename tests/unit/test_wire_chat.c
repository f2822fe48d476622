/* Text models on the wire: streams of events, the answers in them, requests, errors. */
#include "../../lib/wire/chat_msg.c"
#include "wire/sse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

/* ---- server-sent events ---------------------------------------------------------------------- */

static char seen[4096];

static enum desk_rc note(void *ctx, const char *event, const char *data, size_t n)
{
    (void)ctx;
    size_t at = strlen(seen);
    assert_int_equal(strlen(data), n);
    snprintf(seen + at, sizeof seen - at, "[%s|%s]", event, data);
    return strcmp(data, "stop") == 0 ? DESK_DONE : DESK_OK;
}

/* The same bytes in pieces of every size give the same records. */
static void sse(const char *bytes, const char *want)
{
    for (size_t piece = 1; piece <= strlen(bytes) + 1; piece++) {
        struct desk_sse s;
        seen[0] = '\0';
        desk_sse_init(&s, 1000);
        for (size_t at = 0; at < strlen(bytes); at += piece) {
            size_t left = strlen(bytes) - at;
            assert_int_equal(desk_sse_feed(&s, bytes + at, piece < left ? piece : left, note, NULL),
                             DESK_OK);
        }
        assert_int_equal(desk_sse_end(&s, note, NULL), DESK_OK);
        desk_sse_clear(&s);
        assert_string_equal(seen, want);
    }
}

static void records_of_a_stream(void **state)
{
    (void)state;
    sse("data: one\n\n", "[|one]");
    sse("data:one\n\ndata:  two\n\n", "[|one][| two]");
    sse("event: ping\ndata: {}\n\n", "[ping|{}]");
    sse("event: ping\r\ndata: {}\r\n\r\ndata: x\r\n\r\n", "[ping|{}][|x]");
    sse("data: a\rdata: b\r\rdata: c\r\r", "[|a\nb][|c]");
    sse("data: a\ndata: b\n\n", "[|a\nb]");
    sse(": comment\n\n: more\ndata: a\nid: 7\nretry: 10\nnothing\n\n", "[|a]");
    sse("event: alone\n\ndata: a\n\n", "[|a]"); /* no data: no record, and its name is gone */
    sse("data\n\n", "[|]");
    sse("\xef\xbb\xbf"
        "data: a\n\n",
        "[|a]");
    sse("data: a\n", "[|a]"); /* the end without its blank line */
    sse("data: a", "[|a]");
    sse("", "");
    sse("\n\n\n", "");
}

static void a_stream_ends_where_the_reader_says(void **state)
{
    (void)state;
    struct desk_sse s;
    static const char text[] = "data: a\n\ndata: stop\n\ndata: b\n\n";
    seen[0] = '\0';
    desk_sse_init(&s, 1000);
    assert_int_equal(desk_sse_feed(&s, text, sizeof text - 1, note, NULL), DESK_DONE);
    assert_string_equal(seen, "[|a][|stop]");
    desk_sse_clear(&s);
}

static void a_record_has_a_maximum(void **state)
{
    (void)state;
    struct desk_sse s;
    char line[200];
    enum desk_rc rc = DESK_OK;
    memset(line, 'x', sizeof line);
    desk_sse_init(&s, 100);
    assert_int_equal(desk_sse_feed(&s, line, sizeof line, note, NULL), DESK_ELIMIT);
    desk_sse_clear(&s);
    desk_sse_init(&s, 100); /* many short lines of one record */
    for (int i = 0; i < 50 && !rc; i++)
        rc = desk_sse_feed(&s, "data: 123\n", 10, note, NULL);
    assert_int_equal(rc, DESK_ELIMIT);
    desk_sse_clear(&s);
}

/* ---- answers --------------------------------------------------------------------------------- */

static struct desk_chat_reply r;

static void fresh(enum desk_chat_dialect dialect)
{
    desk_chat_reply_clear(&r);
    desk_chat_reply_init(&r, dialect);
}

static void event_is(const char *data, enum desk_rc want)
{
    enum desk_rc rc = desk_chat_reply_event(&r, "", data, strlen(data));
    if (rc != want)
        fail_msg("%s: %s", desk_rc_name(rc), data);
}

static void events(const char *const *list)
{
    for (; *list; list++)
        event_is(*list, DESK_OK);
}
#define EVENTS(...) events((const char *const[]){__VA_ARGS__, NULL})

static const char *text(void)
{
    return desk_buf_cstr(&r.text);
}

static void call_is(size_t i, const char *id, const char *name, const char *arguments)
{
    assert_true(i < r.n_calls);
    assert_string_equal(desk_buf_cstr(&r.calls[i].id), id);
    assert_string_equal(desk_buf_cstr(&r.calls[i].name), name);
    assert_string_equal(desk_buf_cstr(&r.calls[i].arguments), arguments);
}

#define CHUNK(delta, finish)                                                                       \
    "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m-1\","         \
    "\"choices\":[{\"index\":0,\"delta\":" delta ",\"finish_reason\":" finish "}]}"

static void words_in_pieces(void **state)
{
    (void)state;
    fresh(DESK_CHAT_OPENAI);
    EVENTS("{\"choices\":[],\"prompt_filter_results\":[]}", /* Azure's first */
           CHUNK("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null"),
           CHUNK("{\"content\":\"Good \"}", "null"), CHUNK("{\"content\":\"morning\"}", "null"),
           CHUNK("{\"content\":null,\"tool_calls\":null}", "null"));
    assert_string_equal(text(), "Good morning");
    assert_false(desk_chat_reply_whole(&r));
    EVENTS(CHUNK("{}", "\"stop\""),
           "{\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":9,"
           "\"total_tokens\":29,\"prompt_tokens_details\":{\"cached_tokens\":12}}}",
           "[DONE]", "this is after the end");
    assert_string_equal(text(), "Good morning");
    assert_int_equal(r.finish, DESK_CHAT_STOP);
    assert_true(r.over && desk_chat_reply_whole(&r));
    assert_string_equal(r.model, "m-1");
    assert_true(r.usage.present);
    assert_int_equal(r.usage.input, 20);
    assert_int_equal(r.usage.cached, 12);
    assert_int_equal(r.usage.output, 9);
    assert_int_equal(r.n_calls, 0);
}

#define PIECE(index, rest) CHUNK("{\"tool_calls\":[{\"index\":" index "," rest "}]}", "null")
#define ARGS(index, text)  PIECE(index, "\"function\":{\"arguments\":\"" text "\"}")

static void tool_calls_are_put_together(void **state)
{
    (void)state;
    fresh(DESK_CHAT_OPENAI);
    /* two at once, their pieces interleaved */
    EVENTS(PIECE("0", "\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"one\","
                      "\"arguments\":\"\"}"),
           ARGS("0", "{\\\"a"), ARGS("0", "\\\":"),
           PIECE("1", "\"id\":\"call_b\",\"function\":{\"name\":\"two\",\"arguments\":\"{\"}"),
           ARGS("0", "1}"), ARGS("1", "}"), CHUNK("{}", "\"tool_calls\""), "[DONE]");
    assert_int_equal(r.n_calls, 2);
    call_is(0, "call_a", "one", "{\"a\":1}");
    call_is(1, "call_b", "two", "{}");
    assert_int_equal(r.finish, DESK_CHAT_TOOLS);
}

/* Servers that have it their own way. */
static void tool_calls_of_other_servers(void **state)
{
    (void)state;
    fresh(
        DESK_CHAT_OPENAI); /* whole calls, all of index 0, told apart by their ids; finish "stop" */
    EVENTS(PIECE("0", "\"id\":\"x1\",\"function\":{\"name\":\"one\",\"arguments\":\"{}\"}"),
           PIECE("0", "\"id\":\"x2\",\"function\":{\"name\":\"two\",\"arguments\":{\"b\":2}}"),
           CHUNK("{}", "\"stop\""));
    assert_int_equal(r.n_calls, 2);
    call_is(0, "x1", "one", "{}");
    call_is(1, "x2", "two", "{\"b\":2}");
    fresh(DESK_CHAT_OPENAI); /* no index, and the id again with each piece */
    EVENTS(CHUNK("{\"tool_calls\":[{\"id\":\"y\",\"function\":{\"name\":\"one\",\"arguments\":"
                 "\"{\"}}]}",
                 "null"),
           CHUNK("{\"tool_calls\":[{\"id\":\"y\",\"function\":{\"arguments\":\"}\"}}]}", "null"));
    assert_int_equal(r.n_calls, 1);
    call_is(0, "y", "one", "{}");
    fresh(DESK_CHAT_OPENAI); /* no id at all */
    EVENTS(PIECE("3", "\"function\":{\"name\":\"one\"}"));
    call_is(0, "", "one", "");
}

static void limits_of_an_answer(void **state)
{
    (void)state;
    fresh(DESK_CHAT_OPENAI);
    char chunk[400];
    for (int i = 0; i <= DESK_MAX_CHAT_CALLS; i++) {
        snprintf(chunk, sizeof chunk,
                 CHUNK("{\"tool_calls\":[{\"index\":%d,\"id\":\"c%d\"}]}", "null"), i, i);
        event_is(chunk, i < DESK_MAX_CHAT_CALLS ? DESK_OK : DESK_ELIMIT);
    }
    fresh(DESK_CHAT_OPENAI);
    enum desk_rc rc = DESK_OK;
    static const char more[] = CHUNK("{\"content\":\"one two three four five six seven\"}", "null");
    for (int i = 0; i < 1000 && !rc; i++)
        rc = desk_chat_reply_event(&r, "", more, sizeof more - 1);
    assert_int_equal(rc, DESK_ELIMIT);
    fresh(DESK_CHAT_OPENAI);
    rc = DESK_OK;
    static const char args[] =
        ARGS("0", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    for (int i = 0; i < 1000 && !rc; i++)
        rc = desk_chat_reply_event(&r, "", args, sizeof args - 1);
    assert_int_equal(rc, DESK_ELIMIT);
}

static void nonsense_in_a_stream(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "{", "[1]", "7", "null", "<html>", "{\"choices\":[}", "[DONE", "{\"a\":\"\xff\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        fresh(DESK_CHAT_OPENAI);
        event_is(bad[i], DESK_EINVAL);
        fresh(DESK_CHAT_ANTHROPIC);
        event_is(bad[i], DESK_EINVAL);
    }
    /* objects of another shape say nothing, and nothing is whole by them */
    static const char *const odd[] = {"{}",
                                      "{\"choices\":7}",
                                      "{\"choices\":[null]}",
                                      "{\"choices\":[{\"delta\":[]}]}",
                                      "{\"choices\":[{\"delta\":{\"content\":5}}]}",
                                      "{\"choices\":[{\"delta\":{\"tool_calls\":{}}}]}"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        fresh(DESK_CHAT_OPENAI);
        event_is(odd[i], DESK_OK);
        assert_false(desk_chat_reply_whole(&r));
        assert_string_equal(text(), "");
    }
    fresh(DESK_CHAT_OPENAI);
    event_is("[DONE]", DESK_OK);
    assert_false(desk_chat_reply_whole(&r)); /* it says that it is over, and has said nothing */
}

static void errors_in_a_stream(void **state)
{
    (void)state;
    fresh(DESK_CHAT_OPENAI);
    EVENTS(CHUNK("{\"content\":\"Go\"}", "null"));
    event_is("{\"error\":{\"message\":\"The server had an error\",\"type\":\"server_error\","
             "\"param\":null,\"code\":null}}",
             DESK_EUPSTREAM);
    assert_int_equal(r.error.trouble, DESK_CHAT_AGAIN);
    assert_string_equal(r.error.code, "server_error");
    fresh(DESK_CHAT_ANTHROPIC);
    event_is("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":"
             "\"Overloaded\"}}",
             DESK_EUPSTREAM);
    assert_int_equal(r.error.trouble, DESK_CHAT_AGAIN);
}

static void refusals(void **state)
{
    (void)state;
    fresh(DESK_CHAT_OPENAI);
    EVENTS(CHUNK("{\"refusal\":\"I can't help with that\"}", "null"), CHUNK("{}", "\"stop\""));
    assert_int_equal(r.finish, DESK_CHAT_REFUSED);
    fresh(DESK_CHAT_OPENAI);
    EVENTS(CHUNK("{}", "\"content_filter\""));
    assert_int_equal(r.finish, DESK_CHAT_REFUSED);
    fresh(DESK_CHAT_OPENAI);
    EVENTS(CHUNK("{\"content\":\"cut of\"}", "\"length\""));
    assert_int_equal(r.finish, DESK_CHAT_LENGTH);
    fresh(DESK_CHAT_OPENAI);
    EVENTS(CHUNK("{\"content\":\"a\"}", "\"a new word\""));
    assert_int_equal(r.finish, DESK_CHAT_OTHER);
    fresh(DESK_CHAT_ANTHROPIC);
    EVENTS("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"refusal\"}}");
    assert_int_equal(r.finish, DESK_CHAT_REFUSED);
}

static void an_answer_that_does_not_stream(void **state)
{
    (void)state;
    static const char body[] =
        "{\"id\":\"c\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"index\":0,"
        "\"message\":{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}],"
        "\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"one\","
        "\"arguments\":\"{}\"}},{\"id\":\"b\",\"type\":\"function\",\"function\":{\"name\":\"two\","
        "\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}],\"usage\":{"
        "\"prompt_tokens\":3,\"completion_tokens\":4}}";
    fresh(DESK_CHAT_OPENAI);
    assert_int_equal(desk_chat_reply_body(&r, body, sizeof body - 1), DESK_OK);
    assert_string_equal(text(), "Hi");
    assert_int_equal(r.n_calls, 2);
    call_is(1, "b", "two", "{}");
    assert_true(desk_chat_reply_whole(&r));
    fresh(DESK_CHAT_OPENAI);
    assert_int_equal(desk_chat_reply_body(&r, "{\"hello\":1}", 11), DESK_EINVAL);
    fresh(DESK_CHAT_OPENAI);
    assert_int_equal(desk_chat_reply_body(&r, "<html>", 6), DESK_EINVAL);
    fresh(DESK_CHAT_OPENAI);
    assert_int_equal(desk_chat_reply_body(&r, "{\"error\":\"model is loading\"}", 28),
                     DESK_EUPSTREAM);
    assert_string_equal(r.error.message, "model is loading");
    static const char message[] =
        "{\"id\":\"msg\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"cl\",\"content\":["
        "{\"type\":\"thinking\",\"thinking\":\"hm\"},{\"type\":\"text\",\"text\":\"Hello\"},"
        "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"one\",\"input\":{\"a\":1}}],"
        "\"stop_reason\":\"tool_use\",\"usage\":{\"input_tokens\":5,\"output_tokens\":6,"
        "\"cache_read_input_tokens\":100,\"cache_creation_input_tokens\":10}}";
    fresh(DESK_CHAT_ANTHROPIC);
    assert_int_equal(desk_chat_reply_body(&r, message, sizeof message - 1), DESK_OK);
    assert_string_equal(text(), "Hello");
    call_is(0, "t1", "one", "{\"a\":1}");
    assert_int_equal(r.usage.input, 115);
    assert_int_equal(r.usage.cached, 100);
    assert_int_equal(r.usage.output, 6);
}

static void messages_of_anthropic(void **state)
{
    (void)state;
    fresh(DESK_CHAT_ANTHROPIC);
    EVENTS("{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":"
           "\"assistant\",\"model\":\"claude-x\",\"content\":[],\"stop_reason\":null,\"usage\":{"
           "\"input_tokens\":25,\"output_tokens\":1}}}",
           "{\"type\":\"ping\"}",
           "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":"
           "\"thinking\",\"thinking\":\"\"}}",
           "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\","
           "\"thinking\":\"secret\"}}",
           "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":"
           "\"signature_delta\",\"signature\":\"x\"}}",
           "{\"type\":\"content_block_stop\",\"index\":0}",
           "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"text\","
           "\"text\":\"\"}}",
           "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\","
           "\"text\":\"One \"}}",
           "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\","
           "\"text\":\"moment.\"}}",
           "{\"type\":\"content_block_start\",\"index\":2,\"content_block\":{\"type\":"
           "\"tool_use\",\"id\":\"toolu_1\",\"name\":\"one\",\"input\":{}}}",
           "{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":"
           "\"input_json_delta\",\"partial_json\":\"\"}}",
           "{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":"
           "\"input_json_delta\",\"partial_json\":\"{\\\"a\\\":\"}}",
           "{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":"
           "\"input_json_delta\",\"partial_json\":\"[1]}\"}}",
           "{\"type\":\"content_block_delta\",\"index\":9,\"delta\":{\"type\":"
           "\"input_json_delta\",\"partial_json\":\"of nobody\"}}",
           "{\"type\":\"content_block_start\",\"index\":3,\"content_block\":{\"type\":"
           "\"tool_use\",\"id\":\"toolu_2\",\"name\":\"two\",\"input\":{}}}",
           "{\"type\":\"content_block_stop\",\"index\":3}", "{\"type\":\"something_new\"}",
           "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\",\"stop_sequence\":"
           "null},\"usage\":{\"output_tokens\":42}}");
    assert_false(r.over);
    EVENTS("{\"type\":\"message_stop\"}");
    assert_true(r.over && desk_chat_reply_whole(&r));
    assert_string_equal(text(), "One moment.");
    assert_int_equal(r.n_calls, 2);
    call_is(0, "toolu_1", "one", "{\"a\":[1]}");
    call_is(1, "toolu_2", "two", "");
    assert_int_equal(r.finish, DESK_CHAT_TOOLS);
    assert_int_equal(r.usage.input, 25);
    assert_int_equal(r.usage.output, 42);
    assert_string_equal(r.model, "claude-x");
}

/* ---- requests -------------------------------------------------------------------------------- */

static json_t *tools;

static json_t *built(enum desk_chat_dialect dialect, const struct desk_chat_request *q)
{
    struct desk_buf out;
    desk_buf_init(&out, 100000);
    desk_chat_build(&out, dialect, q);
    assert_true(desk_buf_ok(&out));
    json_error_t e;
    json_t *v = json_loads(desk_buf_cstr(&out), JSON_REJECT_DUPLICATES, &e);
    if (!v)
        fail_msg("%s: %s", e.text, desk_buf_cstr(&out));
    desk_buf_clear(&out);
    return v;
}

static void same(const json_t *have, const char *key, const char *want)
{
    json_t *w = json_loads(want, JSON_DECODE_ANY, NULL);
    const json_t *h = json_object_get(have, key);
    assert_non_null(w);
    if (!json_equal(h, w)) {
        char *text = h ? json_dumps(h, JSON_ENCODE_ANY) : NULL;
        fail_msg("%s is %s", key, text ? text : "absent");
    }
    json_decref(w);
}

static const struct desk_chat_call two_calls[] = {{"c1", "one", "{\"a\":1}"},
                                                  {"c2", "two", "not an object"}};
static const struct desk_chat_msg talk[] = {
    {.role = DESK_CHAT_ASSISTANT, .text = "How can I help?"},
    {.role = DESK_CHAT_USER, .text = "My \"sink\" \xff leaks"},
    {.role = DESK_CHAT_ASSISTANT, .calls = two_calls, .n_calls = 2},
    {.role = DESK_CHAT_TOOL, .call_id = "c1", .text = "{\"ok\":true}"},
    {.role = DESK_CHAT_TOOL, .call_id = "c2", .text = "{\"ok\":false}", .failed = true},
    {.role = DESK_CHAT_USER, .text = "Hello?"},
};

static void request_of_chat_completions(void **state)
{
    (void)state;
    struct desk_chat_request q = {.model = "m",
                                  .system = "Be kind.",
                                  .msgs = talk,
                                  .n_msgs = 6,
                                  .tools = tools,
                                  .max_tokens = 300,
                                  .tokens_field = "max_completion_tokens",
                                  .effort = "none"};
    json_t *v = built(DESK_CHAT_OPENAI, &q);
    same(v, "model", "\"m\"");
    same(
        v, "messages",
        "[{\"role\":\"system\",\"content\":\"Be kind.\"},"
        "{\"role\":\"assistant\",\"content\":\"How can I help?\"},"
        "{\"role\":\"user\",\"content\":\"My \\\"sink\\\" \\ufffd leaks\"},"
        "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":["
        "{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"one\",\"arguments\":"
        "\"{\\\"a\\\":1}\"}},"
        "{\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"two\",\"arguments\":\"{}\"}}"
        "]},{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"{\\\"ok\\\":true}\"},"
        "{\"role\":\"tool\",\"tool_call_id\":\"c2\",\"content\":\"{\\\"ok\\\":false}\"},"
        "{\"role\":\"user\",\"content\":\"Hello?\"}]");
    same(v, "tools",
         "[{\"type\":\"function\",\"function\":{\"name\":\"one\",\"description\":\"First\","
         "\"parameters\":{\"type\":\"object\"}}}]");
    same(v, "tool_choice", "\"auto\"");
    same(v, "max_completion_tokens", "300");
    same(v, "reasoning_effort", "\"none\"");
    same(v, "stream", "true");
    same(v, "stream_options", "{\"include_usage\":true}");
    assert_null(json_object_get(v, "max_tokens"));
    assert_null(json_object_get(v, "temperature"));
    json_decref(v);
    /* what another server wants or does not know */
    q = (struct desk_chat_request){.msgs = talk,
                                   .n_msgs = 1,
                                   .tools = tools,
                                   .no_tools = true,
                                   .max_tokens = 5,
                                   .tokens_field = "max_tokens",
                                   .no_usage = true};
    v = built(DESK_CHAT_OPENAI, &q);
    same(v, "max_tokens", "5");
    same(v, "tool_choice", "\"none\"");
    assert_null(json_object_get(v, "model"));
    assert_null(json_object_get(v, "stream_options"));
    assert_null(json_object_get(v, "reasoning_effort"));
    assert_int_equal(json_array_size(json_object_get(v, "messages")), 1);
    json_decref(v);
}

static void request_of_messages(void **state)
{
    (void)state;
    struct desk_chat_request q = {.model = "m",
                                  .system = "Be kind.",
                                  .msgs = talk,
                                  .n_msgs = 6,
                                  .tools = tools,
                                  .max_tokens = 300,
                                  .tokens_field = "max_tokens",
                                  .effort = "none"};
    json_t *v = built(DESK_CHAT_ANTHROPIC, &q);
    same(v, "model", "\"m\"");
    same(v, "max_tokens", "300");
    same(v, "stream", "true");
    same(v, "system",
         "[{\"type\":\"text\",\"text\":\"Be kind.\",\"cache_control\":{\"type\":\"ephemeral\"}}]");
    same(v, "messages",
         "[{\"role\":\"user\",\"content\":\"(The caller is on the line.)\"},"
         "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"How can I help?\"}]},"
         "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"My \\\"sink\\\" \\ufffd "
         "leaks\"}]},"
         "{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"c1\",\"name\":"
         "\"one\",\"input\":{\"a\":1}},{\"type\":\"tool_use\",\"id\":\"c2\",\"name\":\"two\","
         "\"input\":{}}]},"
         "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"c1\","
         "\"content\":\"{\\\"ok\\\":true}\"},{\"type\":\"tool_result\",\"tool_use_id\":\"c2\","
         "\"content\":\"{\\\"ok\\\":false}\",\"is_error\":true},{\"type\":\"text\",\"text\":"
         "\"Hello?\"}]}]");
    same(v, "tools",
         "[{\"name\":\"one\",\"description\":\"First\",\"input_schema\":{\"type\":\"object\"}}]");
    same(v, "tool_choice", "{\"type\":\"auto\"}");
    assert_null(json_object_get(v, "temperature"));
    assert_null(json_object_get(v, "reasoning_effort"));
    json_decref(v);
    /* what says nothing is left out */
    const struct desk_chat_msg quiet[] = {{.role = DESK_CHAT_ASSISTANT, .text = ""},
                                          {.role = DESK_CHAT_USER, .text = "a"},
                                          {.role = DESK_CHAT_ASSISTANT},
                                          {.role = DESK_CHAT_USER, .text = "b"}};
    q = (struct desk_chat_request){
        .model = "m", .msgs = quiet, .n_msgs = 4, .tools = tools, .no_tools = true};
    v = built(DESK_CHAT_ANTHROPIC, &q);
    same(v, "messages",
         "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"}]},"
         "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"b\"}]}]");
    same(v, "tool_choice", "{\"type\":\"none\"}");
    json_decref(v);
}

/* ---- errors ---------------------------------------------------------------------------------- */

static void what_an_error_means(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body;
        enum desk_chat_trouble want;
    } rows[] = {
        {429,
         "{\"error\":{\"message\":\"Rate limit\",\"type\":\"requests\",\"param\":null,"
         "\"code\":\"rate_limit_exceeded\"}}",
         DESK_CHAT_AGAIN},
        {429,
         "{\"error\":{\"message\":\"You exceeded your current quota\",\"type\":"
         "\"insufficient_quota\",\"param\":null,\"code\":\"insufficient_quota\"}}",
         DESK_CHAT_QUOTA},
        {429, "{\"error\":{\"code\":\"429\",\"message\":\"Requests have exceeded call rate\"}}",
         DESK_CHAT_AGAIN}, /* Azure */
        {401, "{\"error\":{\"message\":\"Incorrect API key\",\"code\":\"invalid_api_key\"}}",
         DESK_CHAT_AUTH},
        {401, "", DESK_CHAT_AUTH},
        {404, "{\"error\":{\"code\":\"DeploymentNotFound\",\"message\":\"no\"}}",
         DESK_CHAT_NO_MODEL},
        {404, "<html>", DESK_CHAT_NO_MODEL},
        {400,
         "{\"error\":{\"message\":\"This model's maximum context length is 128000 tokens\","
         "\"type\":\"invalid_request_error\",\"param\":\"messages\",\"code\":"
         "\"context_length_exceeded\"}}",
         DESK_CHAT_TOO_LONG},
        {400,
         "{\"object\":\"error\",\"message\":\"This model's maximum context length is 4096\","
         "\"type\":\"BadRequestError\",\"param\":null,\"code\":400}",
         DESK_CHAT_TOO_LONG}, /* vLLM */
        {400,
         "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":"
         "\"prompt is too long: 210000 tokens > 200000 maximum\"}}",
         DESK_CHAT_TOO_LONG},
        {400,
         "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":"
         "\"Your credit balance is too low\"}}",
         DESK_CHAT_QUOTA},
        {402, "{\"type\":\"error\",\"error\":{\"type\":\"billing_error\",\"message\":\"x\"}}",
         DESK_CHAT_QUOTA},
        {529, "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}",
         DESK_CHAT_AGAIN},
        {400,
         "{\"error\":{\"code\":\"content_filter\",\"message\":\"filtered\",\"param\":"
         "\"prompt\"}}",
         DESK_CHAT_FILTERED},
        {400,
         "{\"error\":{\"message\":\"Unsupported parameter: 'max_tokens'\",\"type\":"
         "\"invalid_request_error\",\"param\":\"max_tokens\",\"code\":"
         "\"unsupported_parameter\"}}",
         DESK_CHAT_BAD_FIELD},
        {400,
         "{\"error\":{\"message\":\"Function tools with reasoning_effort are not supported\","
         "\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}",
         DESK_CHAT_BAD_FIELD},
        {400, "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\"}}",
         DESK_CHAT_BAD_REQUEST},
        {418, "", DESK_CHAT_BAD_REQUEST},
        {500, "", DESK_CHAT_AGAIN},
        {503, "{\"error\":[]}", DESK_CHAT_AGAIN},
        {0, "{\"error\":{\"message\":\"what\"}}", DESK_CHAT_AGAIN},
        {302, "", DESK_CHAT_BAD_REQUEST},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_chat_error e;
        desk_chat_error_read(&e, rows[i].status, rows[i].body, strlen(rows[i].body));
        if (e.trouble != rows[i].want)
            fail_msg("%d %s: %s", rows[i].status, rows[i].body, desk_chat_trouble_name(e.trouble));
    }
    struct desk_chat_error e;
    desk_chat_error_read(&e, 500, NULL, 0);
    assert_string_equal(e.message, "");
    desk_chat_error_read(&e, 400, rows[15].body, strlen(rows[15].body));
    assert_string_equal(e.param, "reasoning_effort");
    assert_string_equal(desk_chat_trouble_name((enum desk_chat_trouble)99), "?");
}

static int begin(void **state)
{
    (void)state;
    tools = json_loads("[{\"type\":\"function\",\"name\":\"one\",\"description\":\"First\","
                       "\"parameters\":{\"type\":\"object\"}}]",
                       0, NULL);
    return !tools;
}

static int finish_all(void **state)
{
    (void)state;
    json_decref(tools);
    desk_chat_reply_clear(&r);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_of_a_stream),
        cmocka_unit_test(a_stream_ends_where_the_reader_says),
        cmocka_unit_test(a_record_has_a_maximum),
        cmocka_unit_test(words_in_pieces),
        cmocka_unit_test(tool_calls_are_put_together),
        cmocka_unit_test(tool_calls_of_other_servers),
        cmocka_unit_test(limits_of_an_answer),
        cmocka_unit_test(nonsense_in_a_stream),
        cmocka_unit_test(errors_in_a_stream),
        cmocka_unit_test(refusals),
        cmocka_unit_test(an_answer_that_does_not_stream),
        cmocka_unit_test(messages_of_anthropic),
        cmocka_unit_test(request_of_chat_completions),
        cmocka_unit_test(request_of_messages),
        cmocka_unit_test(what_an_error_means),
    };
    return cmocka_run_group_tests_name("wire_chat", tests, begin, finish_all);
}
