/* Whose text model, and where: the table of back ends over the settings. */
#include "out/llm.h"
#include "base/config.h"

#include <stdio.h>
#include <string.h>

#define ANTHROPIC_VERSION "anthropic-version: 2023-06-01"

static bool set(enum desk_setting_id id)
{
    return *desk_setting(id) != '\0';
}

/* The first of a list that is not set. */
static const char *missing_of(const enum desk_setting_id *ids, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!set(ids[i]))
            return desk_setting_rows[ids[i]].name;
    return NULL;
}

static const char *openai_missing(void)
{
    static const enum desk_setting_id ids[] = {DESK_S_OPENAI_API_KEY};
    return missing_of(ids, 1);
}

static const char *anthropic_missing(void)
{
    static const enum desk_setting_id ids[] = {DESK_S_ANTHROPIC_API_KEY};
    return missing_of(ids, 1);
}

static const char *azure_missing(void)
{
    static const enum desk_setting_id ids[] = {
        DESK_S_AZURE_OPENAI_ENDPOINT, DESK_S_AZURE_OPENAI_CHAT_DEPLOYMENT, DESK_S_AZURE_OPENAI_KEY};
    return missing_of(ids, 3);
}

static const char *compatible_missing(void)
{
    static const enum desk_setting_id ids[] = {DESK_S_CHAT_URL, DESK_S_CHAT_MODEL};
    return missing_of(ids, 2);
}

/* ---- addresses ------------------------------------------------------------------------------- */

static size_t without_slash(const char *url)
{
    size_t n = strlen(url);
    while (n && url[n - 1] == '/')
        n--;
    return n;
}

static bool ends_with(const char *s, size_t n, const char *tail)
{
    size_t t = strlen(tail);
    return n >= t && memcmp(s + n - t, tail, t) == 0;
}

static enum desk_rc fits(int written, size_t n)
{
    return written > 0 && (size_t)written < n ? DESK_OK : DESK_ELIMIT;
}

static const char *base_of(const struct desk_llm_backend *b)
{
    return set(DESK_S_CHAT_URL) ? desk_setting(DESK_S_CHAT_URL) : b->url;
}

/* People paste the base, or the whole address. */
static enum desk_rc join(const char *base, const char *path, char *out, size_t n)
{
    size_t len = without_slash(base);
    bool whole = ends_with(base, len, path);
    return fits(snprintf(out, n, "%.*s%s", (int)len, base, whole ? "" : path), n);
}

static enum desk_rc chat_address(const struct desk_llm_backend *b, char *out, size_t n)
{
    return join(base_of(b), "/chat/completions", out, n);
}

static enum desk_rc anthropic_address(const struct desk_llm_backend *b, char *out, size_t n)
{
    const char *base = base_of(b);
    size_t len = without_slash(base);
    if (ends_with(base, len, "/v1"))
        len -= 3;
    char host[512];
    if (fits(snprintf(host, sizeof host, "%.*s", (int)len, base), sizeof host))
        return DESK_ELIMIT;
    return join(host, "/v1/messages", out, n);
}

static bool plain_word(const char *s)
{
    return *s && strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
                     strlen(s);
}

/* With an api-version the deployment is in the path, else it is the model of the newer address. */
static enum desk_rc azure_address(const struct desk_llm_backend *b, char *out, size_t n)
{
    const char *base = desk_setting(DESK_S_AZURE_OPENAI_ENDPOINT);
    const char *deployment = desk_setting(DESK_S_AZURE_OPENAI_CHAT_DEPLOYMENT);
    const char *version = desk_setting(DESK_S_AZURE_OPENAI_API_VERSION);
    int len = (int)without_slash(base);
    (void)b;
    if (!*version)
        return fits(snprintf(out, n, "%.*s/openai/v1/chat/completions", len, base), n);
    if (!plain_word(deployment) || !plain_word(version))
        return DESK_EINVAL;
    return fits(snprintf(out, n, "%.*s/openai/deployments/%s/chat/completions?api-version=%s", len,
                         base, deployment, version),
                n);
}

/* ---- the table ------------------------------------------------------------------------------- */

const struct desk_llm_backend desk_llm_backends[] = {
    {.name = "compatible",
     .help = "any server that speaks Chat Completions: Ollama, vLLM, …",
     .dialect = DESK_CHAT_OPENAI,
     .tokens_field = "max_tokens",
     .key = DESK_S_CHAT_API_KEY,
     .key_header = "Authorization: Bearer %s",
     .sign = DESK_S_CHAT_URL,
     .missing = compatible_missing,
     .address = chat_address},
    {.name = "azure",
     .help = "Azure OpenAI: endpoint, deployment and, for older addresses, api-version",
     .dialect = DESK_CHAT_OPENAI,
     .tokens_field = "max_completion_tokens",
     .key = DESK_S_AZURE_OPENAI_KEY,
     .key_header = "api-key: %s",
     .sign = DESK_S_AZURE_OPENAI_CHAT_DEPLOYMENT,
     .missing = azure_missing,
     .address = azure_address},
    {.name = "anthropic",
     .help = "Anthropic's Messages",
     .dialect = DESK_CHAT_ANTHROPIC,
     .url = "https://api.anthropic.com",
     .model = "claude-haiku-5-5",
     .headers = ANTHROPIC_VERSION,
     .key = DESK_S_ANTHROPIC_API_KEY,
     .key_header = "x-api-key: %s",
     .sign = DESK_S_ANTHROPIC_API_KEY,
     .missing = anthropic_missing,
     .address = anthropic_address},
    {.name = "openai",
     .help = "OpenAI's Chat Completions",
     .dialect = DESK_CHAT_OPENAI,
     .url = "https://api.openai.com/v1",
     .model = "gpt-6-luna",
     .tokens_field = "max_completion_tokens",
     .key = DESK_S_OPENAI_API_KEY,
     .key_header = "Authorization: Bearer %s",
     .sign = DESK_S_OPENAI_API_KEY,
     .missing = openai_missing,
     .address = chat_address},
    {.name = NULL},
};

/* auto: what only one of them needs says which is meant. */
static const struct desk_llm_backend *chosen(void)
{
    const char *want = desk_setting(DESK_S_CHAT_PROVIDER);
    bool any = strcmp(want, "auto") == 0;
    for (const struct desk_llm_backend *b = desk_llm_backends; b->name; b++)
        if (any ? set(b->sign) : strcmp(want, b->name) == 0)
            return b;
    return NULL;
}

/* Families that refuse tools unless it is said that they need not reason. */
static bool needs_effort(const char *model)
{
    static const char *const families[] = {"gpt-5.6", "gpt-6-luna", "gpt-6-sol"};
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (strncmp(model, families[i], strlen(families[i])) == 0)
            return true;
    return false;
}

static void read_effort(struct desk_llm_target *t, const char *model)
{
    const char *want = desk_setting(DESK_S_CHAT_REASONING_EFFORT);
    bool is_auto = strcmp(want, "auto") == 0 || !*want;
    if (t->backend->dialect != DESK_CHAT_OPENAI || strcmp(want, "off") == 0)
        return;
    if (!is_auto)
        snprintf(t->effort, sizeof t->effort, "%s", want);
    else if (needs_effort(model))
        snprintf(t->effort, sizeof t->effort, "none");
}

/* A key, or a whole header if it looks like one. */
static enum desk_rc read_key(struct desk_llm_target *t)
{
    const struct desk_llm_backend *b = t->backend;
    const char *key = desk_setting(b->key);
    bool whole = b->key == DESK_S_CHAT_API_KEY && strstr(key, ": ");
    if (!*key)
        return DESK_OK;
    if (strpbrk(key, "\r\n"))
        return DESK_EINVAL;
    const char *percent = strchr(b->key_header, '%');
    int lead = whole || !percent ? 0 : (int)(percent - b->key_header);
    return fits(snprintf(t->auth, sizeof t->auth, "%.*s%s", lead, b->key_header, key),
                sizeof t->auth);
}

static enum desk_rc read_model(struct desk_llm_target *t)
{
    const struct desk_llm_backend *b = t->backend;
    const char *model = set(DESK_S_CHAT_MODEL) ? desk_setting(DESK_S_CHAT_MODEL) : b->model;
    const char *field = desk_setting(DESK_S_CHAT_LENGTH_FIELD);
    bool azure = b->sign == DESK_S_AZURE_OPENAI_CHAT_DEPLOYMENT;
    read_effort(t, model ? model : "");
    if (strcmp(field, "auto") == 0)
        field = b->tokens_field ? b->tokens_field : "";
    snprintf(t->tokens_field, sizeof t->tokens_field, "%s", field);
    if (azure) /* which model it is, only the deployment knows */
        model = set(DESK_S_AZURE_OPENAI_API_VERSION)
                    ? ""
                    : desk_setting(DESK_S_AZURE_OPENAI_CHAT_DEPLOYMENT);
    int n = snprintf(t->model, sizeof t->model, "%s", model ? model : "");
    return n >= 0 && (size_t)n < sizeof t->model ? DESK_OK : DESK_ELIMIT;
}

enum desk_rc desk_llm_target_read(struct desk_llm_target *t, char *why, size_t n)
{
    memset(t, 0, sizeof *t);
    snprintf(why, n, "No text model is set up.");
    t->backend = chosen();
    if (!t->backend)
        return DESK_ENOTFOUND;
    const char *missing = t->backend->missing();
    if (missing) {
        snprintf(why, n, "The text model (%s) needs %s to be set.", t->backend->name, missing);
        return DESK_EINVAL;
    }
    t->ca_file = desk_setting(DESK_S_CHAT_CA_FILE);
    enum desk_rc rc = t->backend->address(t->backend, t->url, sizeof t->url);
    if (!rc)
        rc = read_key(t);
    if (!rc)
        rc = read_model(t);
    *why = '\0';
    if (!rc)
        return DESK_OK;
    snprintf(why, n, "An address, key or name of the text model (%s) cannot be used.",
             t->backend->name);
    return DESK_EINVAL;
}

bool desk_llm_set_up(void)
{
    struct desk_llm_target t;
    char why[200];
    return desk_llm_target_read(&t, why, sizeof why) == DESK_OK;
}
