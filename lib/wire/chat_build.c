/* Requests to text models, as JSON. See chat_msg.h. */
#include "wire/chat_msg.h"
#include "wire/json_out.h"

#include <string.h>

#define BEGINS "(The caller is on the line.)" /* Anthropic: the user speaks first */

static bool filled(const char *s)
{
    return s && *s;
}

static void comma(struct desk_buf *out)
{
    char last = out->len ? out->p[out->len - 1] : '[';
    if (last != '[' && last != '{')
        desk_buf_chr(out, ',');
}

static void open_object(struct desk_buf *out)
{
    comma(out);
    desk_buf_chr(out, '{');
}

/* The arguments as an object, whatever the model wrote. */
static json_t *object_of(const char *arguments)
{
    json_t *v = arguments ? json_loads(arguments, 0, NULL) : NULL;
    if (json_is_object(v))
        return v;
    json_decref(v);
    return json_object();
}

/* ---- OpenAI ---------------------------------------------------------------------------------- */

static void openai_calls(struct desk_buf *out, const struct desk_chat_msg *m)
{
    if (!m->n_calls)
        return;
    desk_json_key(out, "tool_calls");
    desk_buf_chr(out, '[');
    for (size_t i = 0; i < m->n_calls; i++) {
        json_t *args = object_of(m->calls[i].arguments);
        char *text = json_dumps(args, JSON_COMPACT);
        open_object(out);
        desk_json_pair(out, "id", m->calls[i].id);
        desk_json_pair(out, "type", "function");
        desk_json_key(out, "function");
        desk_buf_chr(out, '{');
        desk_json_pair(out, "name", m->calls[i].name);
        desk_json_pair(out, "arguments", text ? text : "{}");
        desk_buf_str(out, "}}");
        free(text);
        json_decref(args);
    }
    desk_buf_chr(out, ']');
}

static void openai_message(struct desk_buf *out, const struct desk_chat_msg *m)
{
    static const char *const roles[] = {
        [DESK_CHAT_USER] = "user", [DESK_CHAT_ASSISTANT] = "assistant", [DESK_CHAT_TOOL] = "tool"};
    open_object(out);
    desk_json_pair(out, "role", roles[m->role]);
    if (m->role == DESK_CHAT_TOOL)
        desk_json_pair(out, "tool_call_id", m->call_id);
    desk_json_key(out, "content");
    if (m->n_calls && !filled(m->text))
        desk_buf_str(out, "null");
    else
        desk_json_str(out, m->text);
    openai_calls(out, m);
    desk_buf_chr(out, '}');
}

static void openai_tools(struct desk_buf *out, const struct desk_chat_request *r)
{
    size_t i;
    json_t *tool;
    if (!json_array_size(r->tools))
        return;
    desk_json_key(out, "tools");
    desk_buf_chr(out, '[');
    json_array_foreach(r->tools, i, tool)
    {
        open_object(out);
        desk_json_pair(out, "type", "function");
        desk_json_key(out, "function");
        desk_buf_chr(out, '{');
        desk_json_pair(out, "name", json_string_value(json_object_get(tool, "name")));
        desk_json_pair(out, "description", json_string_value(json_object_get(tool, "description")));
        desk_json_key(out, "parameters");
        desk_json_value(out, json_object_get(tool, "parameters"));
        desk_buf_str(out, "}}");
    }
    desk_buf_chr(out, ']');
    desk_json_pair(out, "tool_choice", r->no_tools ? "none" : "auto");
}

static void openai(struct desk_buf *out, const struct desk_chat_request *r)
{
    desk_buf_chr(out, '{');
    desk_json_pair(out, "model", r->model);
    desk_json_key(out, "messages");
    desk_buf_chr(out, '[');
    if (filled(r->system)) {
        open_object(out);
        desk_json_pair(out, "role", "system");
        desk_json_pair(out, "content", r->system);
        desk_buf_chr(out, '}');
    }
    for (size_t i = 0; i < r->n_msgs; i++)
        openai_message(out, &r->msgs[i]);
    desk_buf_chr(out, ']');
    openai_tools(out, r);
    if (filled(r->tokens_field) && r->max_tokens > 0)
        desk_json_pair_int(out, r->tokens_field, r->max_tokens);
    desk_json_pair(out, "reasoning_effort", r->effort);
    desk_json_pair_bool(out, "stream", true);
    if (!r->no_usage)
        desk_buf_str(out, ",\"stream_options\":{\"include_usage\":true}");
    desk_buf_chr(out, '}');
}

/* ---- Anthropic ------------------------------------------------------------------------------- */

static void text_block(struct desk_buf *out, const char *text)
{
    if (!filled(text))
        return; /* an empty block is refused */
    open_object(out);
    desk_json_pair(out, "type", "text");
    desk_json_pair(out, "text", text);
    desk_buf_chr(out, '}');
}

static void result_block(struct desk_buf *out, const struct desk_chat_msg *m)
{
    open_object(out);
    desk_json_pair(out, "type", "tool_result");
    desk_json_pair(out, "tool_use_id", m->call_id);
    desk_json_pair(out, "content", m->text ? m->text : "");
    if (m->failed)
        desk_json_pair_bool(out, "is_error", true);
    desk_buf_chr(out, '}');
}

static void use_blocks(struct desk_buf *out, const struct desk_chat_msg *m)
{
    for (size_t i = 0; i < m->n_calls; i++) {
        json_t *args = object_of(m->calls[i].arguments);
        open_object(out);
        desk_json_pair(out, "type", "tool_use");
        desk_json_pair(out, "id", m->calls[i].id);
        desk_json_pair(out, "name", m->calls[i].name);
        desk_json_key(out, "input");
        desk_json_value(out, args);
        desk_buf_chr(out, '}');
        json_decref(args);
    }
}

static bool says(const struct desk_chat_msg *m)
{
    return filled(m->text) || m->n_calls || m->role == DESK_CHAT_TOOL;
}

/* One message of all in a row that are of the same side: results of tools come from the user's. */
static size_t anthropic_message(struct desk_buf *out, const struct desk_chat_request *r, size_t i)
{
    bool assistant = r->msgs[i].role == DESK_CHAT_ASSISTANT;
    open_object(out);
    desk_json_pair(out, "role", assistant ? "assistant" : "user");
    desk_json_key(out, "content");
    desk_buf_chr(out, '[');
    for (; i < r->n_msgs && (r->msgs[i].role == DESK_CHAT_ASSISTANT) == assistant; i++) {
        const struct desk_chat_msg *m = &r->msgs[i];
        if (m->role == DESK_CHAT_TOOL)
            result_block(out, m);
        else
            text_block(out, m->text);
        use_blocks(out, m);
    }
    desk_buf_str(out, "]}");
    return i;
}

static void anthropic_messages(struct desk_buf *out, const struct desk_chat_request *r)
{
    size_t i = 0;
    desk_json_key(out, "messages");
    desk_buf_chr(out, '[');
    while (i < r->n_msgs && !says(&r->msgs[i]))
        i++;
    if (i < r->n_msgs && r->msgs[i].role == DESK_CHAT_ASSISTANT)
        desk_buf_str(out, "{\"role\":\"user\",\"content\":\"" BEGINS "\"}");
    while (i < r->n_msgs)
        i = says(&r->msgs[i]) ? anthropic_message(out, r, i) : i + 1;
    desk_buf_chr(out, ']');
}

static void anthropic_tools(struct desk_buf *out, const struct desk_chat_request *r)
{
    size_t i;
    json_t *tool;
    if (!json_array_size(r->tools))
        return;
    desk_json_key(out, "tools");
    desk_buf_chr(out, '[');
    json_array_foreach(r->tools, i, tool)
    {
        open_object(out);
        desk_json_pair(out, "name", json_string_value(json_object_get(tool, "name")));
        desk_json_pair(out, "description", json_string_value(json_object_get(tool, "description")));
        desk_json_key(out, "input_schema");
        desk_json_value(out, json_object_get(tool, "parameters"));
        desk_buf_chr(out, '}');
    }
    desk_buf_chr(out, ']');
    desk_buf_str(out, r->no_tools ? ",\"tool_choice\":{\"type\":\"none\"}"
                                  : ",\"tool_choice\":{\"type\":\"auto\"}");
}

/* No sampling fields: newer versions of the API refuse them. The instructions are long and the same
 * in each turn, so they are marked to be kept. */
static void anthropic(struct desk_buf *out, const struct desk_chat_request *r)
{
    desk_buf_chr(out, '{');
    desk_json_pair(out, "model", r->model);
    desk_json_pair_int(out, "max_tokens", r->max_tokens > 0 ? r->max_tokens : 1024);
    if (filled(r->system)) {
        desk_json_key(out, "system");
        desk_buf_str(out, "[{\"type\":\"text\"");
        desk_json_pair(out, "text", r->system);
        desk_buf_str(out, ",\"cache_control\":{\"type\":\"ephemeral\"}}]");
    }
    anthropic_messages(out, r);
    anthropic_tools(out, r);
    desk_json_pair_bool(out, "stream", true);
    desk_buf_chr(out, '}');
}

void desk_chat_build(struct desk_buf *out, enum desk_chat_dialect dialect,
                     const struct desk_chat_request *r)
{
    static void (*const builders[DESK_CHAT_DIALECT__MAX])(struct desk_buf *,
                                                          const struct desk_chat_request *) = {
        [DESK_CHAT_OPENAI] = openai, [DESK_CHAT_ANTHROPIC] = anthropic};
    builders[dialect](out, r);
}
