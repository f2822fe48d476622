/* The answers of text models. See chat_msg.h; chat_build.c has the requests, chat_error.c errors.
 */
#include "wire/chat_msg.h"

#include <stdio.h>
#include <string.h>

void desk_chat_reply_init(struct desk_chat_reply *r, enum desk_chat_dialect dialect)
{
    memset(r, 0, sizeof *r);
    r->dialect = dialect;
    desk_buf_init(&r->text, DESK_MAX_CHAT_TEXT);
}

void desk_chat_reply_clear(struct desk_chat_reply *r)
{
    desk_buf_clear(&r->text);
    for (size_t i = 0; i < r->n_calls; i++) {
        desk_buf_clear(&r->calls[i].id);
        desk_buf_clear(&r->calls[i].name);
        desk_buf_clear(&r->calls[i].arguments);
    }
    r->n_calls = 0;
}

/* ---- what both dialects share ---------------------------------------------------------------- */

static const char *text_of(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

static int64_t int_of(const json_t *o, const char *key)
{
    const json_int_t n = json_integer_value(json_object_get(o, key));
    return n > 0 ? n : 0;
}

static const struct {
    const char *word;
    enum desk_chat_finish finish;
} finishes[] = {
    {"stop", DESK_CHAT_STOP},
    {"length", DESK_CHAT_LENGTH},
    {"tool_calls", DESK_CHAT_TOOLS},
    {"function_call", DESK_CHAT_TOOLS},
    {"content_filter", DESK_CHAT_REFUSED},
    {"end_turn", DESK_CHAT_STOP},
    {"stop_sequence", DESK_CHAT_STOP},
    {"pause_turn", DESK_CHAT_STOP},
    {"max_tokens", DESK_CHAT_LENGTH},
    {"model_context_window_exceeded", DESK_CHAT_LENGTH},
    {"tool_use", DESK_CHAT_TOOLS},
    {"refusal", DESK_CHAT_REFUSED},
};

static void finish(struct desk_chat_reply *r, const char *word)
{
    if (!*word)
        return;
    r->finish = r->finish == DESK_CHAT_REFUSED ? r->finish : DESK_CHAT_OTHER;
    for (size_t i = 0; i < sizeof finishes / sizeof *finishes; i++)
        if (strcmp(finishes[i].word, word) == 0 && r->finish != DESK_CHAT_REFUSED)
            r->finish = finishes[i].finish;
}

static void model(struct desk_chat_reply *r, const json_t *o)
{
    if (!r->model[0])
        snprintf(r->model, sizeof r->model, "%s", text_of(o, "model"));
}

static struct desk_chat_part *call_add(struct desk_chat_reply *r, int64_t index)
{
    if (r->n_calls == DESK_MAX_CHAT_CALLS)
        return NULL;
    struct desk_chat_part *part = &r->calls[r->n_calls++];
    desk_buf_init(&part->id, 256);
    desk_buf_init(&part->name, 128);
    desk_buf_init(&part->arguments, DESK_MAX_TOOL_ARGS);
    part->index = index;
    return part;
}

/* The newest call of that index: some servers give all of them the same one. */
static struct desk_chat_part *call_find(struct desk_chat_reply *r, int64_t index)
{
    for (size_t i = r->n_calls; i-- > 0;)
        if (r->calls[i].index == index)
            return &r->calls[i];
    return NULL;
}

static bool call_ok(const struct desk_chat_part *part)
{
    return desk_buf_ok(&part->id) && desk_buf_ok(&part->name) && desk_buf_ok(&part->arguments);
}

static void arguments_add(struct desk_chat_part *part, const json_t *v)
{
    if (json_is_string(v)) {
        desk_buf_str(&part->arguments, json_string_value(v));
    } else if (json_is_object(v)) { /* as some servers have it */
        char *text = json_dumps(v, JSON_COMPACT);
        desk_buf_str(&part->arguments, text ? text : "{}");
        free(text);
    }
}

static enum desk_rc parse(const char *p, size_t n, json_t **root)
{
    *root = json_loadb(p, n, 0, NULL);
    if (json_is_object(*root))
        return DESK_OK;
    json_decref(*root);
    *root = NULL;
    return DESK_EINVAL;
}

static enum desk_rc trouble(struct desk_chat_reply *r, const char *p, size_t n)
{
    desk_chat_error_read(&r->error, 0, p, n);
    return DESK_EUPSTREAM;
}

/* ---- OpenAI ---------------------------------------------------------------------------------- */

/* Content is a string; some servers send a list of parts. */
static void openai_text(struct desk_chat_reply *r, const json_t *content)
{
    size_t i;
    json_t *part;
    desk_buf_str(&r->text, json_string_value(content));
    json_array_foreach(content, i, part)
    {
        desk_buf_str(&r->text, text_of(part, "text"));
    }
}

static enum desk_rc openai_call(struct desk_chat_reply *r, const json_t *fragment, size_t place)
{
    const json_t *index = json_object_get(fragment, "index");
    const json_t *fn = json_object_get(fragment, "function");
    const char *id = text_of(fragment, "id");
    int64_t at = json_is_integer(index) ? json_integer_value(index) : (int64_t)place;
    struct desk_chat_part *part = call_find(r, at);
    if (part && *id && part->id.len && strcmp(id, desk_buf_cstr(&part->id)) != 0)
        part = NULL; /* another call under the same index */
    if (!part)
        part = call_add(r, at);
    if (!part)
        return DESK_ELIMIT;
    if (!part->id.len)
        desk_buf_str(&part->id, id);
    if (!part->name.len)
        desk_buf_str(&part->name, text_of(fn, "name"));
    arguments_add(part, json_object_get(fn, "arguments"));
    return call_ok(part) ? DESK_OK : DESK_ELIMIT;
}

/* A delta of a stream, or the message of a whole answer. */
static enum desk_rc openai_message(struct desk_chat_reply *r, const json_t *m)
{
    size_t i;
    json_t *fragment;
    enum desk_rc rc = DESK_OK;
    openai_text(r, json_object_get(m, "content"));
    if (*text_of(m, "refusal"))
        r->finish = DESK_CHAT_REFUSED;
    json_array_foreach(json_object_get(m, "tool_calls"), i, fragment)
    {
        rc = rc ? rc : openai_call(r, fragment, i);
    }
    return rc ? rc : desk_buf_ok(&r->text) ? DESK_OK : DESK_ELIMIT;
}

static void openai_usage(struct desk_chat_reply *r, const json_t *u)
{
    if (!json_is_object(u))
        return;
    const json_t *details = json_object_get(u, "prompt_tokens_details");
    r->usage = (struct desk_chat_usage){.present = true,
                                        .input = int_of(u, "prompt_tokens"),
                                        .cached = int_of(details, "cached_tokens"),
                                        .output = int_of(u, "completion_tokens")};
}

static enum desk_rc openai_object(struct desk_chat_reply *r, const json_t *root, const char *inner)
{
    const json_t *choice = json_array_get(json_object_get(root, "choices"), 0);
    enum desk_rc rc = DESK_OK;
    model(r, root);
    openai_usage(r, json_object_get(root, "usage"));
    if (choice)
        rc = openai_message(r, json_object_get(choice, inner));
    finish(r, text_of(choice, "finish_reason"));
    return rc;
}

static enum desk_rc openai_event(struct desk_chat_reply *r, const json_t *root)
{
    return openai_object(r, root, "delta");
}

static enum desk_rc openai_body(struct desk_chat_reply *r, const json_t *root)
{
    if (!json_is_array(json_object_get(root, "choices")))
        return DESK_EINVAL;
    r->over = true;
    return openai_object(r, root, "message");
}

/* ---- Anthropic ------------------------------------------------------------------------------- */

/* Told twice: with what came in at the beginning, with what went out at the end. */
static void anthropic_usage(struct desk_chat_reply *r, const json_t *u)
{
    if (!json_is_object(u))
        return;
    int64_t cached = int_of(u, "cache_read_input_tokens");
    int64_t input = int_of(u, "input_tokens") + int_of(u, "cache_creation_input_tokens") + cached;
    int64_t output = int_of(u, "output_tokens");
    r->usage.present = true;
    r->usage.input = input > r->usage.input ? input : r->usage.input;
    r->usage.cached = cached > r->usage.cached ? cached : r->usage.cached;
    r->usage.output = output > r->usage.output ? output : r->usage.output;
}

static enum desk_rc anthropic_tool(struct desk_chat_reply *r, const json_t *block, int64_t index)
{
    struct desk_chat_part *part = call_add(r, index);
    if (!part)
        return DESK_ELIMIT;
    desk_buf_str(&part->id, text_of(block, "id"));
    desk_buf_str(&part->name, text_of(block, "name"));
    if (json_object_size(json_object_get(block, "input")))
        arguments_add(part, json_object_get(block, "input"));
    return call_ok(part) ? DESK_OK : DESK_ELIMIT;
}

/* Text or a tool's use; thinking and what else there is are not ours. */
static enum desk_rc anthropic_block(struct desk_chat_reply *r, const json_t *block, int64_t index)
{
    const char *type = text_of(block, "type");
    if (strcmp(type, "tool_use") == 0)
        return anthropic_tool(r, block, index);
    if (strcmp(type, "text") == 0)
        desk_buf_str(&r->text, text_of(block, "text"));
    return desk_buf_ok(&r->text) ? DESK_OK : DESK_ELIMIT;
}

static enum desk_rc on_start(struct desk_chat_reply *r, const json_t *o)
{
    const json_t *message = json_object_get(o, "message");
    model(r, message);
    anthropic_usage(r, json_object_get(message, "usage"));
    return DESK_OK;
}

static enum desk_rc on_block(struct desk_chat_reply *r, const json_t *o)
{
    return anthropic_block(r, json_object_get(o, "content_block"), int_of(o, "index"));
}

static enum desk_rc on_delta(struct desk_chat_reply *r, const json_t *o)
{
    const json_t *delta = json_object_get(o, "delta"),
                 *more = json_object_get(delta, "partial_json");
    struct desk_chat_part *part = more ? call_find(r, int_of(o, "index")) : NULL;
    if (more && !part)
        return DESK_OK; /* of a block that we do not know */
    if (part)
        arguments_add(part, more);
    else if (strcmp(text_of(delta, "type"), "text_delta") == 0)
        desk_buf_str(&r->text, text_of(delta, "text"));
    return desk_buf_ok(&r->text) && (!part || call_ok(part)) ? DESK_OK : DESK_ELIMIT;
}

static enum desk_rc on_message(struct desk_chat_reply *r, const json_t *o)
{
    finish(r, text_of(json_object_get(o, "delta"), "stop_reason"));
    anthropic_usage(r, json_object_get(o, "usage"));
    return DESK_OK;
}

static enum desk_rc on_stop(struct desk_chat_reply *r, const json_t *o)
{
    (void)o;
    r->over = true;
    return DESK_OK;
}

static const struct {
    const char *type;
    enum desk_rc (*fn)(struct desk_chat_reply *r, const json_t *o);
} anthropic_events[] = {
    {"message_start", on_start},       {"content_block_start", on_block},
    {"content_block_delta", on_delta}, {"message_delta", on_message},
    {"message_stop", on_stop},
};

static enum desk_rc anthropic_event(struct desk_chat_reply *r, const json_t *root)
{
    const char *type = text_of(root, "type");
    if (!*type)
        return DESK_EINVAL;
    for (size_t i = 0; i < sizeof anthropic_events / sizeof *anthropic_events; i++)
        if (strcmp(anthropic_events[i].type, type) == 0)
            return anthropic_events[i].fn(r, root);
    return DESK_OK; /* ping, content_block_stop, one of tomorrow */
}

static enum desk_rc anthropic_body(struct desk_chat_reply *r, const json_t *root)
{
    const json_t *content = json_object_get(root, "content");
    enum desk_rc rc = json_is_array(content) ? DESK_OK : DESK_EINVAL;
    size_t i;
    json_t *block;
    json_array_foreach(content, i, block)
    {
        rc = rc ? rc : anthropic_block(r, block, (int64_t)i);
    }
    model(r, root);
    anthropic_usage(r, json_object_get(root, "usage"));
    finish(r, text_of(root, "stop_reason"));
    r->over = true;
    return rc;
}

/* ---- reading --------------------------------------------------------------------------------- */

static const struct {
    enum desk_rc (*event)(struct desk_chat_reply *r, const json_t *root);
    enum desk_rc (*body)(struct desk_chat_reply *r, const json_t *root);
} dialects[DESK_CHAT_DIALECT__MAX] = {
    [DESK_CHAT_OPENAI] = {openai_event, openai_body},
    [DESK_CHAT_ANTHROPIC] = {anthropic_event, anthropic_body},
};

static bool is_error(const json_t *root, const char *event)
{
    const json_t *e = json_object_get(root, "error");
    return (e && !json_is_null(e)) || strcmp(event, "error") == 0 ||
           strcmp(text_of(root, "type"), "error") == 0 ||
           strcmp(text_of(root, "object"), "error") == 0;
}

enum desk_rc desk_chat_reply_event(struct desk_chat_reply *r, const char *event, const char *data,
                                   size_t n)
{
    json_t *root;
    if (n == 6 && memcmp(data, "[DONE]", 6) == 0) {
        r->over = true;
        return DESK_OK;
    }
    if (r->over)
        return DESK_OK; /* nothing more is wanted */
    enum desk_rc rc = parse(data, n, &root);
    if (rc)
        return rc;
    rc = is_error(root, event) ? trouble(r, data, n) : dialects[r->dialect].event(r, root);
    json_decref(root);
    return rc;
}

enum desk_rc desk_chat_reply_body(struct desk_chat_reply *r, const char *p, size_t n)
{
    json_t *root;
    enum desk_rc rc = parse(p, n, &root);
    if (rc)
        return rc;
    rc = is_error(root, "") ? trouble(r, p, n) : dialects[r->dialect].body(r, root);
    json_decref(root);
    return rc;
}

bool desk_chat_reply_whole(const struct desk_chat_reply *r)
{
    return r->finish != DESK_CHAT_OPEN || (r->over && (r->text.len || r->n_calls));
}
