#include "wire/relay_msg.h"

#include "wire/json_out.h"

#include <string.h>

static const char *const type_names[DESK_RELAY__MAX] = {
    [DESK_RELAY_UNKNOWN] = "unknown",   [DESK_RELAY_SETUP] = "setup",
    [DESK_RELAY_PROMPT] = "prompt",     [DESK_RELAY_INTERRUPT] = "interrupt",
    [DESK_RELAY_DTMF] = "dtmf",         [DESK_RELAY_ERROR] = "error",
    [DESK_RELAY_INFO] = "info",         [DESK_RELAY_TEXT] = "text",
    [DESK_RELAY_PLAY] = "play",         [DESK_RELAY_SEND_DIGITS] = "sendDigits",
    [DESK_RELAY_LANGUAGE] = "language", [DESK_RELAY_END] = "end",
};

const char *desk_relay_type_name(enum desk_relay_type type)
{
    return (unsigned)type < DESK_RELAY__MAX ? type_names[type] : type_names[DESK_RELAY_UNKNOWN];
}

/* ---- reading --------------------------------------------------------------------------------- */

/* A text, "" when absent. A C string cannot hold a NUL: such text, or another kind, is refused. */
static bool text_of(const json_t *o, const char *key, const char **out)
{
    const json_t *v = json_object_get(o, key);
    *out = "";
    if (!v || json_is_null(v))
        return true;
    const char *s = json_string_value(v);
    if (!s || strlen(s) != json_string_length(v))
        return false;
    *out = s;
    return true;
}

static bool needed(const json_t *o, const char *key, const char **out)
{
    return json_is_string(json_object_get(o, key)) && text_of(o, key, out);
}

static bool copy_of(char *dst, size_t n, const json_t *o, const char *key)
{
    const char *s;
    if (!text_of(o, key, &s) || strlen(s) >= n)
        return false;
    memcpy(dst, s, strlen(s) + 1);
    return true;
}

/* Older pages of Twilio's show the number as a string. */
static int64_t ms_of(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    const int64_t most = (int64_t)24 * 3600 * 1000;
    int64_t ms = 0;
    if (json_is_integer(v)) {
        ms = json_integer_value(v);
    } else if (json_is_real(v)) {
        double d = json_real_value(v);
        ms = d > 0 && d < (double)most ? (int64_t)d : 0;
    } else {
        const char *s = json_string_value(v);
        for (; s && *s >= '0' && *s <= '9' && ms <= most; s++)
            ms = ms * 10 + (*s - '0');
    }
    return ms > 0 && ms <= most ? ms : 0;
}

static int flag_of(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_boolean(v) ? json_is_true(v) : -1;
}

static bool read_setup(struct desk_relay_msg *m, const json_t *o)
{
    return copy_of(m->session_id, sizeof m->session_id, o, "sessionId") &&
           copy_of(m->call_sid, sizeof m->call_sid, o, "callSid") && *m->call_sid &&
           copy_of(m->account_sid, sizeof m->account_sid, o, "accountSid") &&
           text_of(o, "from", &m->from) && text_of(o, "to", &m->to) &&
           text_of(o, "direction", &m->direction);
}

static bool read_prompt(struct desk_relay_msg *m, const json_t *o)
{
    m->last = json_is_true(json_object_get(o, "last"));
    return needed(o, "voicePrompt", &m->text) && text_of(o, "lang", &m->lang);
}

static bool read_interrupt(struct desk_relay_msg *m, const json_t *o)
{
    m->ms = ms_of(o, "durationUntilInterruptMs");
    return text_of(o, "utteranceUntilInterrupt", &m->text);
}

static bool read_dtmf(struct desk_relay_msg *m, const json_t *o)
{
    if (!needed(o, "digit", &m->text) || strlen(m->text) != 1 ||
        !strchr("0123456789*#ABCD", *m->text))
        return false;
    m->digit = *m->text;
    return true;
}

static bool read_error(struct desk_relay_msg *m, const json_t *o)
{
    return text_of(o, "description", &m->text);
}

static bool read_info(struct desk_relay_msg *m, const json_t *o)
{
    const json_t *value = json_object_get(o, "value");
    return copy_of(m->name, sizeof m->name, o, "name") &&
           (!json_is_string(value) || text_of(o, "value", &m->text));
}

static bool read_text(struct desk_relay_msg *m, const json_t *o)
{
    m->last = json_is_true(json_object_get(o, "last"));
    return needed(o, "token", &m->text) && text_of(o, "lang", &m->lang);
}

static bool read_play(struct desk_relay_msg *m, const json_t *o)
{
    const json_t *loop = json_object_get(o, "loop");
    m->loop = 1;
    if (json_is_integer(loop))
        m->loop = json_integer_value(loop) >= 0 && json_integer_value(loop) <= 1000
                      ? (long)json_integer_value(loop)
                      : 1;
    return needed(o, "source", &m->text) && *m->text;
}

static bool digits_ok(const char *s)
{
    return s && *s && strspn(s, "0123456789w#*") == strlen(s);
}

static bool read_digits(struct desk_relay_msg *m, const json_t *o)
{
    return needed(o, "digits", &m->text) && digits_ok(m->text);
}

static bool read_language(struct desk_relay_msg *m, const json_t *o)
{
    return text_of(o, "ttsLanguage", &m->tts) && text_of(o, "transcriptionLanguage", &m->lang) &&
           (*m->tts || *m->lang);
}

static bool read_end(struct desk_relay_msg *m, const json_t *o)
{
    return text_of(o, "handoffData", &m->text);
}

static bool (*const readers[DESK_RELAY__MAX])(struct desk_relay_msg *, const json_t *) = {
    [DESK_RELAY_SETUP] = read_setup,
    [DESK_RELAY_PROMPT] = read_prompt,
    [DESK_RELAY_INTERRUPT] = read_interrupt,
    [DESK_RELAY_DTMF] = read_dtmf,
    [DESK_RELAY_ERROR] = read_error,
    [DESK_RELAY_INFO] = read_info,
    [DESK_RELAY_TEXT] = read_text,
    [DESK_RELAY_PLAY] = read_play,
    [DESK_RELAY_SEND_DIGITS] = read_digits,
    [DESK_RELAY_LANGUAGE] = read_language,
    [DESK_RELAY_END] = read_end,
};

static void reset(struct desk_relay_msg *m)
{
    *m = (struct desk_relay_msg){.from = "",
                                 .to = "",
                                 .direction = "",
                                 .text = "",
                                 .lang = "",
                                 .tts = "",
                                 .interruptible = -1,
                                 .preemptible = -1};
}

static bool read_type(struct desk_relay_msg *m, const json_t *o)
{
    const char *type;
    if (!needed(o, "type", &type) || !*type)
        return false;
    for (int i = DESK_RELAY_UNKNOWN + 1; i < DESK_RELAY__MAX; i++)
        if (strcmp(type, type_names[i]) == 0)
            m->type = (enum desk_relay_type)i;
    return true;
}

enum desk_rc desk_relay_msg_parse(struct desk_relay_msg *m, const char *p, size_t n)
{
    json_error_t error;
    reset(m);
    json_t *o = json_loadb(p, n, JSON_ALLOW_NUL, &error);
    bool ok = json_is_object(o) && read_type(m, o);
    if (ok) {
        m->interruptible = flag_of(o, "interruptible");
        m->preemptible = flag_of(o, "preemptible");
        ok = !readers[m->type] || readers[m->type](m, o);
    }
    if (!ok) {
        json_decref(o);
        reset(m);
        return DESK_EINVAL;
    }
    m->json = o;
    return DESK_OK;
}

void desk_relay_msg_clear(struct desk_relay_msg *m)
{
    json_decref(m->json);
    reset(m);
}

const char *desk_relay_param(const struct desk_relay_msg *m, const char *name)
{
    const json_t *v = json_object_get(json_object_get(m->json, "customParameters"), name);
    const char *s = json_string_value(v);
    return s && strlen(s) == json_string_length(v) ? s : NULL;
}

/* ---- building -------------------------------------------------------------------------------- */

static void open_type(struct desk_buf *out, enum desk_relay_type type)
{
    desk_buf_fmt(out, "{\"type\":\"%s\"", type_names[type]);
}

void desk_relay_build_text(struct desk_buf *out, const struct desk_relay_text *t)
{
    open_type(out, DESK_RELAY_TEXT);
    desk_json_pair(out, "token", t->token ? t->token : "");
    desk_json_pair_bool(out, "last", t->last);
    if (t->lang && *t->lang)
        desk_json_pair(out, "lang", t->lang);
    if (t->uninterruptible)
        desk_json_pair_bool(out, "interruptible", false);
    if (t->preemptible)
        desk_json_pair_bool(out, "preemptible", true);
    desk_buf_chr(out, '}');
}

void desk_relay_build_play(struct desk_buf *out, const char *source, long loop,
                           bool uninterruptible)
{
    open_type(out, DESK_RELAY_PLAY);
    desk_json_pair(out, "source", source ? source : "");
    if (loop != 1)
        desk_json_pair_int(out, "loop", loop);
    if (uninterruptible)
        desk_json_pair_bool(out, "interruptible", false);
    desk_buf_chr(out, '}');
}

enum desk_rc desk_relay_build_digits(struct desk_buf *out, const char *digits)
{
    if (!digits_ok(digits))
        return DESK_EINVAL;
    open_type(out, DESK_RELAY_SEND_DIGITS);
    desk_json_pair(out, "digits", digits);
    desk_buf_chr(out, '}');
    return DESK_OK;
}

static void pair_if(struct desk_buf *out, const char *key, const char *value)
{
    if (value && *value)
        desk_json_pair(out, key, value);
}

void desk_relay_build_language(struct desk_buf *out, const char *tts, const char *transcription)
{
    open_type(out, DESK_RELAY_LANGUAGE);
    pair_if(out, "ttsLanguage", tts);
    pair_if(out, "transcriptionLanguage", transcription);
    desk_buf_chr(out, '}');
}

void desk_relay_build_end(struct desk_buf *out, const char *handoff)
{
    open_type(out, DESK_RELAY_END);
    pair_if(out, "handoffData", handoff);
    desk_buf_chr(out, '}');
}

void desk_relay_build_setup(struct desk_buf *out, const struct desk_relay_setup *s)
{
    open_type(out, DESK_RELAY_SETUP);
    desk_json_pair(out, "sessionId", s->session_id ? s->session_id : "");
    desk_json_pair(out, "accountSid", s->account_sid ? s->account_sid : "");
    desk_json_pair(out, "parentCallSid", "");
    desk_json_pair(out, "callSid", s->call_sid ? s->call_sid : "");
    desk_json_pair(out, "from", s->from ? s->from : "");
    desk_json_pair(out, "to", s->to ? s->to : "");
    desk_json_pair(out, "forwardedFrom", "");
    desk_json_pair(out, "callType", "PSTN");
    desk_json_pair(out, "callerName", "");
    desk_json_pair(out, "direction", s->direction ? s->direction : "inbound");
    desk_json_pair(out, "callStatus", "RINGING");
    desk_buf_str(out, ",\"customParameters\":{");
    for (size_t i = 0; s->params && s->params[i] && s->params[i + 1]; i += 2) {
        if (i)
            desk_buf_chr(out, ',');
        desk_json_str(out, s->params[i]);
        desk_buf_chr(out, ':');
        desk_json_str(out, s->params[i + 1]);
    }
    desk_buf_str(out, "}}");
}

void desk_relay_build_prompt(struct desk_buf *out, const char *text, const char *lang, bool last)
{
    open_type(out, DESK_RELAY_PROMPT);
    desk_json_pair(out, "voicePrompt", text ? text : "");
    desk_json_pair(out, "lang", lang ? lang : "en-US");
    desk_json_pair_bool(out, "last", last);
    desk_buf_chr(out, '}');
}

void desk_relay_build_interrupt(struct desk_buf *out, const char *utterance, int64_t ms)
{
    open_type(out, DESK_RELAY_INTERRUPT);
    desk_json_pair(out, "utteranceUntilInterrupt", utterance ? utterance : "");
    desk_json_pair_int(out, "durationUntilInterruptMs", ms);
    desk_buf_chr(out, '}');
}

void desk_relay_build_dtmf(struct desk_buf *out, char digit)
{
    char text[2] = {digit, '\0'};
    open_type(out, DESK_RELAY_DTMF);
    desk_json_pair(out, "digit", text);
    desk_buf_chr(out, '}');
}

void desk_relay_build_error(struct desk_buf *out, const char *description)
{
    open_type(out, DESK_RELAY_ERROR);
    desk_json_pair(out, "description", description ? description : "");
    desk_buf_chr(out, '}');
}

void desk_relay_build_info(struct desk_buf *out, const char *name, const char *value)
{
    open_type(out, DESK_RELAY_INFO);
    desk_json_pair(out, "name", name ? name : "");
    desk_json_pair(out, "value", value ? value : "");
    desk_buf_chr(out, '}');
}
