/* What goes wrong at a text model, in every provider's words: one table. */
#include "wire/chat_msg.h"
#include "base/utf8.h"

#include <string.h>

static const char *const names[] = {
    [DESK_CHAT_FINE] = "fine",
    [DESK_CHAT_AGAIN] = "again",
    [DESK_CHAT_QUOTA] = "quota",
    [DESK_CHAT_AUTH] = "auth",
    [DESK_CHAT_NO_MODEL] = "no_model",
    [DESK_CHAT_TOO_LONG] = "too_long",
    [DESK_CHAT_FILTERED] = "filtered",
    [DESK_CHAT_BAD_FIELD] = "bad_field",
    [DESK_CHAT_BAD_REQUEST] = "bad_request",
};

const char *desk_chat_trouble_name(enum desk_chat_trouble t)
{
    return (size_t)t < sizeof names / sizeof *names ? names[t] : "?";
}

/* error.code or error.type; they say more than the status. */
static const struct {
    const char *word;
    enum desk_chat_trouble trouble;
} words[] = {
    {"insufficient_quota", DESK_CHAT_QUOTA},
    {"billing_error", DESK_CHAT_QUOTA},
    {"billing_hard_limit_reached", DESK_CHAT_QUOTA},
    {"invalid_api_key", DESK_CHAT_AUTH},
    {"authentication_error", DESK_CHAT_AUTH},
    {"permission_error", DESK_CHAT_AUTH},
    {"model_not_found", DESK_CHAT_NO_MODEL},
    {"DeploymentNotFound", DESK_CHAT_NO_MODEL},
    {"not_found_error", DESK_CHAT_NO_MODEL},
    {"NotFoundError", DESK_CHAT_NO_MODEL},
    {"context_length_exceeded", DESK_CHAT_TOO_LONG},
    {"string_above_max_length", DESK_CHAT_TOO_LONG},
    {"request_too_large", DESK_CHAT_TOO_LONG},
    {"content_filter", DESK_CHAT_FILTERED},
    {"content_policy_violation", DESK_CHAT_FILTERED},
    {"unsupported_parameter", DESK_CHAT_BAD_FIELD},
    {"unsupported_value", DESK_CHAT_BAD_FIELD},
    {"unknown_parameter", DESK_CHAT_BAD_FIELD},
    {"rate_limit_exceeded", DESK_CHAT_AGAIN},
    {"rate_limit_error", DESK_CHAT_AGAIN},
    {"overloaded_error", DESK_CHAT_AGAIN},
    {"api_error", DESK_CHAT_AGAIN},
    {"timeout_error", DESK_CHAT_AGAIN},
    {"server_error", DESK_CHAT_AGAIN},
};

/* Where no word says it: parts of the message. */
static const struct {
    const char *part;
    enum desk_chat_trouble trouble;
} phrases[] = {
    {"prompt is too long", DESK_CHAT_TOO_LONG},            /* Anthropic */
    {"maximum context length", DESK_CHAT_TOO_LONG},        /* vLLM */
    {"exceeds the available context", DESK_CHAT_TOO_LONG}, /* llama.cpp */
    {"credit balance is too low", DESK_CHAT_QUOTA},        /* Anthropic */
    {"exceeded your current quota", DESK_CHAT_QUOTA},
    {"reasoning_effort", DESK_CHAT_BAD_FIELD}, /* with tools, where "none" must be sent */
};

static const struct {
    int status;
    enum desk_chat_trouble trouble;
} statuses[] = {
    {401, DESK_CHAT_AUTH},     {402, DESK_CHAT_QUOTA}, {403, DESK_CHAT_AUTH},
    {404, DESK_CHAT_NO_MODEL}, {408, DESK_CHAT_AGAIN}, {409, DESK_CHAT_AGAIN},
    {413, DESK_CHAT_TOO_LONG}, {425, DESK_CHAT_AGAIN}, {429, DESK_CHAT_AGAIN},
};

static enum desk_chat_trouble by_word(const char *word)
{
    for (size_t i = 0; word && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].trouble;
    return DESK_CHAT_FINE;
}

static enum desk_chat_trouble by_phrase(const char *message)
{
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (strstr(message, phrases[i].part))
            return phrases[i].trouble;
    return DESK_CHAT_FINE;
}

static enum desk_chat_trouble by_status(int status)
{
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (statuses[i].status == status)
            return statuses[i].trouble;
    return status >= 500 || !status ? DESK_CHAT_AGAIN : DESK_CHAT_BAD_REQUEST;
}

static const char *text_of(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}
#define PUT(field, text) desk_utf8_clean_str((field), sizeof(field), (text))

/* {"error": {message, type, param, code}}; {"error": "…"}; or message and type on the outside. */
void desk_chat_error_read(struct desk_chat_error *e, int status, const char *p, size_t n)
{
    json_t *root = json_loadb(p ? p : "", p ? n : 0, 0, NULL);
    const json_t *error = json_object_get(root, "error");
    const json_t *in = json_is_object(error) ? error : root;
    const char *code = text_of(in, "code"), *type = text_of(in, "type");
    const char *message = json_is_string(error) ? json_string_value(error) : text_of(in, "message");
    memset(e, 0, sizeof *e);
    PUT(e->code, code ? code : type);
    PUT(e->param, text_of(in, "param"));
    PUT(e->message, message);
    e->trouble = by_word(code);
    if (!e->trouble)
        e->trouble = by_word(type);
    if (!e->trouble)
        e->trouble = by_phrase(e->message);
    if (!e->trouble)
        e->trouble = by_status(status);
    /* a field that is named as wrong, whatever the code */
    if (e->trouble == DESK_CHAT_BAD_REQUEST && e->param[0])
        e->trouble = DESK_CHAT_BAD_FIELD;
    if (e->trouble == DESK_CHAT_BAD_FIELD && !e->param[0] && strstr(e->message, "reasoning_effort"))
        PUT(e->param, "reasoning_effort");
    json_decref(root);
}
