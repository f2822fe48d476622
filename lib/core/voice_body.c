#include "core/voice_body.h"
#include "base/utf8.h"
#include "core/phone.h"
#include "core/schema.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define TEXT_LETTERS "4000"

/* ---- schemas --------------------------------------------------------------------------------- */

#define REPLY                                                                                      \
    "\"reply\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"               \
    "\"audio\":{\"type\":\"string\",\"enum\":[\"none\",\"wav\",\"mulaw\"]},"                       \
    "\"voice\":{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9_.-]{1,40}$\","                       \
    "\"title\":\"the name of a voice\"}}}"
#define INPUT                                                                                      \
    "\"text\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":" TEXT_LETTERS "},"               \
    "\"keys\":{\"type\":\"string\",\"pattern\":\"^[0-9*#]{1,32}$\","                               \
    "\"title\":\"keys of a telephone: 0 to 9, * and #\"},"                                         \
    "\"silence\":{\"type\":\"boolean\"},"                                                          \
    "\"audio\":{\"type\":\"object\",\"additionalProperties\":false,"                               \
    "\"required\":[\"format\",\"data\"],\"properties\":{"                                          \
    "\"format\":{\"type\":\"string\",\"enum\":[\"wav\",\"mulaw\"]},"                               \
    "\"data\":{\"type\":\"string\",\"minLength\":4}}}"
#define NUMBER  "{\"type\":\"string\",\"maxLength\":60}"
#define CALL_ID "\"call_id\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":200}"
#define OUTCOME                                                                                    \
    "\"outcome\":{\"type\":\"string\",\"enum\":[\"completed\",\"transferred\","                    \
    "\"not_put_through\",\"caller_left\",\"failed\"]}"
#define OBJECT(members) "{\"type\":\"object\",\"additionalProperties\":false," members "}"

static const char *const schemas[DESK_VB__KINDS] = {
    [DESK_VB_START] =
        OBJECT("\"properties\":{\"caller\":{\"type\":\"object\",\"additionalProperties\":false,"
               "\"properties\":{\"number\":" NUMBER ",\"verified\":{\"type\":\"boolean\"}}},"
               "\"to\":" NUMBER ","
               "\"timeout_s\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":3600}," REPLY "}"),
    [DESK_VB_INPUT] = OBJECT("\"properties\":{" INPUT "," REPLY "}"),
    [DESK_VB_END] = OBJECT("\"properties\":{" OUTCOME "}"),
    [DESK_VB_TELEPHONY] =
        OBJECT("\"required\":[\"call_id\"],\"properties\":{" CALL_ID ",\"from\":" NUMBER
               ",\"verified\":{\"type\":\"boolean\"},\"to\":" NUMBER
               ",\"timeout_s\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":3600}," INPUT
               "," REPLY "}"),
    [DESK_VB_TELEPHONY_END] =
        OBJECT("\"required\":[\"call_id\"],\"properties\":{" CALL_ID "," OUTCOME "}"),
};

const char *desk_voice_body_schema(enum desk_vb_kind kind)
{
    return schemas[kind];
}

/* ---- errors ---------------------------------------------------------------------------------- */

void desk_body_error_add(struct desk_body_errors *e, const char *pointer, const char *message)
{
    if (e->n < DESK_MAX_PROBLEMS && pointer && message)
        e->v[e->n++] = (struct desk_body_error){pointer, message};
}

struct reading {
    struct desk_arena *a;
    struct desk_body_errors *errors;
};

/* RFC 6901, as a fragment; what a client named so is cut. */
static const char *pointer_of(struct desk_arena *a, const struct desk_json_step *at, size_t n)
{
    struct desk_buf out;
    desk_buf_init(&out, 400);
    desk_buf_chr(&out, '#');
    for (size_t i = 0; i < n; i++) {
        desk_buf_chr(&out, '/');
        const char *key = at[i].key ? at[i].key : "";
        if (!at[i].key)
            desk_buf_fmt(&out, "%zu", at[i].index);
        size_t len = desk_utf8_cut(key, strlen(key), 60);
        for (size_t k = 0; k < len; k++) {
            char c = key[k];
            desk_buf_str(&out, c == '~' ? "~0" : c == '/' ? "~1" : "");
            if (c != '~' && c != '/')
                desk_buf_chr(&out, (unsigned char)c < 0x20 ? '?' : c);
        }
    }
    const char *text = desk_buf_ok(&out) ? desk_arena_strdup(a, desk_buf_cstr(&out)) : "#";
    desk_buf_clear(&out);
    return text;
}

static void told(void *ctx, const struct desk_schema_problem *p)
{
    const struct reading *r = ctx;
    const char *pointer = pointer_of(r->a, p->at, p->n_at);
    char path[120];
    desk_json_path(path, sizeof path, p->at, p->n_at);
    desk_utf8_trim(path);
    desk_body_error_add(r->errors, pointer,
                        desk_arena_fmt(r->a, "%s %s.", *path ? path : "The body", p->what));
}

/* ---- values ---------------------------------------------------------------------------------- */

static const char *text_of(struct desk_arena *a, const json_t *root, const char *name)
{
    const char *s = json_string_value(json_object_get(root, name));
    size_t n = s ? 3 * strlen(s) + 1 : 1;
    char *out = s ? desk_arena_alloc(a, n) : NULL;
    return out ? desk_utf8_clean_str(out, n, s) : "";
}

/* A number as people write it → E.164. A withheld one is none where that is possible. */
static const char *number_of(struct reading *r, const json_t *root, const char *name,
                             const char *pointer, bool may_hide)
{
    char e164[DESK_PHONE_LEN];
    const char *s = text_of(r->a, root, name);
    if (!*s || (may_hide && desk_phone_is_withheld(s)))
        return "";
    if (desk_phone_parse(s, "US", e164) == DESK_PHONE_OK) {
        s = desk_arena_strdup(r->a, e164);
        return s ? s : "";
    }
    desk_body_error_add(r->errors, pointer,
                        "This is not a number we can call. Write it with its country, like "
                        "+18605550134.");
    return "";
}

static bool blank(const char *s)
{
    return !s[strspn(s, " \t\r\n")];
}

static void read_input(struct reading *r, const json_t *root, struct desk_voice_body *out)
{
    const json_t *audio = json_object_get(root, "audio");
    out->text = text_of(r->a, root, "text");
    out->keys = text_of(r->a, root, "keys");
    out->silence = json_is_true(json_object_get(root, "silence"));
    out->audio_format = text_of(r->a, audio, "format");
    const char *data = json_string_value(json_object_get(audio, "data"));
    data = desk_arena_strdup(r->a, data); /* long, and of ASCII if it is base64 at all */
    out->audio_data = data ? data : "";
    int given = (json_object_get(root, "text") != NULL) + (*out->keys != '\0') + out->silence +
                (audio != NULL);
    out->has_input = given == 1;
    if (given > 1)
        desk_body_error_add(r->errors, "#", "Send only one of text, keys, audio and silence.");
    if (json_object_get(root, "text") && blank(out->text))
        desk_body_error_add(r->errors, "#/text",
                            "text has nothing in it. For a caller who says nothing: "
                            "\"silence\": true.");
}

static void read_all(struct reading *r, enum desk_vb_kind kind, const json_t *root,
                     struct desk_voice_body *out)
{
    const json_t *caller = json_object_get(root, "caller"), *reply = json_object_get(root, "reply");
    bool start = kind == DESK_VB_START;
    out->number = start ? number_of(r, caller, "number", "#/caller/number", true)
                        : number_of(r, root, "from", "#/from", true);
    out->verified = json_is_true(json_object_get(start ? caller : root, "verified"));
    out->to = number_of(r, root, "to", "#/to", false);
    out->timeout_s = json_integer_value(json_object_get(root, "timeout_s"));
    out->outcome = text_of(r->a, root, "outcome");
    out->call_id = text_of(r->a, root, "call_id");
    out->reply_audio = text_of(r->a, reply, "audio");
    out->reply_voice = text_of(r->a, reply, "voice");
    read_input(r, root, out);
    if (kind == DESK_VB_INPUT && !out->has_input && !r->errors->n)
        desk_body_error_add(r->errors, "#", "Send one of text, keys, audio and silence.");
}

/* The body as an object. NULL: errors has why. A new reference. */
static json_t *parse(struct reading *r, const char *body, size_t n)
{
    json_error_t e = {.line = 0};
    json_t *root = n ? json_loadb(body, n, JSON_REJECT_DUPLICATES, &e) : json_object();
    if (json_is_object(root))
        return root;
    desk_body_error_add(
        r->errors, "#",
        root ? "The body must be one JSON object."
             : desk_arena_fmt(r->a, "The body is not JSON: line %d, column %d.", e.line, e.column));
    json_decref(root);
    return NULL;
}

enum desk_rc desk_voice_body_read(struct desk_arena *a, enum desk_vb_kind kind, const char *body,
                                  size_t n, struct desk_voice_body *out,
                                  struct desk_body_errors *errors)
{
    struct reading r = {a, errors};
    *out = (struct desk_voice_body){.number = "",
                                    .to = "",
                                    .text = "",
                                    .keys = "",
                                    .audio_format = "",
                                    .audio_data = "",
                                    .reply_audio = "",
                                    .reply_voice = "",
                                    .outcome = "",
                                    .call_id = ""};
    errors->n = 0;
    json_t *schema = json_loads(schemas[kind], 0, NULL), *root = schema ? parse(&r, body, n) : NULL;
    if (root && !desk_schema_check(schema, root, told, &r))
        read_all(&r, kind, root, out);
    json_decref(schema);
    json_decref(root);
    return !schema ? DESK_ENOMEM : errors->n || !root ? DESK_EINVAL : DESK_OK;
}

/* ---- what is listened for -------------------------------------------------------------------- */

static const char *const expects[DESK_EXPECT__MAX] = {
    [DESK_EXPECT_ANYTHING] = "anything", [DESK_EXPECT_YESNO] = "yesno",
    [DESK_EXPECT_NAME] = "name",         [DESK_EXPECT_NUMBER] = "number",
    [DESK_EXPECT_WHEN] = "when",         [DESK_EXPECT_CHANGE] = "change",
    [DESK_EXPECT_NOTHING] = "nothing",   [DESK_EXPECT_ADDRESS] = "address",
    [DESK_EXPECT_WORDS] = "words",
};

const char *desk_expect_name(enum desk_dialog_expect e)
{
    return (unsigned)e < DESK_EXPECT__MAX ? expects[e] : expects[DESK_EXPECT_ANYTHING];
}

enum desk_dialog_expect desk_expect_parse(const char *name)
{
    for (int i = 0; name && i < DESK_EXPECT__MAX; i++)
        if (strcmp(expects[i], name) == 0)
            return (enum desk_dialog_expect)i;
    return DESK_EXPECT_ANYTHING;
}
