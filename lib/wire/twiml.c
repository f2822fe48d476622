#include "wire/twiml.h"

#include "base/limits.h"
#include "base/utf8.h"

#include <string.h>

#define MAX_PARAMETER 500 /* name and value together, characters (Twilio "TwiML Voice: Stream") */

enum tag {
    T_RESPONSE,
    T_SAY,
    T_PLAY,
    T_PAUSE,
    T_GATHER,
    T_DIAL,
    T_NUMBER,
    T_CLIENT,
    T_SIP,
    T_RECORD,
    T_REDIRECT,
    T_REJECT,
    T_HANGUP,
    T_CONNECT,
    T_START,
    T_STREAM,
    T_RECORDING,
    T_RELAY,
    T_PARAMETER,
    T_MESSAGE,
    T__MAX
};

#define IN(t) (1u << (t))

/* name and the elements it may stand in */
static const struct {
    const char *name;
    unsigned parents;
} tags[T__MAX] = {
    [T_RESPONSE] = {"Response", 0},
    [T_SAY] = {"Say", IN(T_RESPONSE) | IN(T_GATHER)},
    [T_PLAY] = {"Play", IN(T_RESPONSE) | IN(T_GATHER)},
    [T_PAUSE] = {"Pause", IN(T_RESPONSE) | IN(T_GATHER)},
    [T_GATHER] = {"Gather", IN(T_RESPONSE)},
    [T_DIAL] = {"Dial", IN(T_RESPONSE)},
    [T_NUMBER] = {"Number", IN(T_DIAL)},
    [T_CLIENT] = {"Client", IN(T_DIAL)},
    [T_SIP] = {"Sip", IN(T_DIAL)},
    [T_RECORD] = {"Record", IN(T_RESPONSE)},
    [T_REDIRECT] = {"Redirect", IN(T_RESPONSE)},
    [T_REJECT] = {"Reject", IN(T_RESPONSE)},
    [T_HANGUP] = {"Hangup", IN(T_RESPONSE)},
    [T_CONNECT] = {"Connect", IN(T_RESPONSE)},
    [T_START] = {"Start", IN(T_RESPONSE)},
    [T_STREAM] = {"Stream", IN(T_CONNECT) | IN(T_START)},
    [T_RECORDING] = {"Recording", IN(T_START)},
    [T_RELAY] = {"ConversationRelay", IN(T_CONNECT)},
    [T_PARAMETER] = {"Parameter", IN(T_STREAM) | IN(T_RELAY)},
    [T_MESSAGE] = {"Message", IN(T_RESPONSE)},
};

/* Can XML 1.0 carry it, and does it mean anything to a reader or a voice? */
static bool carried(uint32_t c)
{
    if (c < 0x20)
        return c == '\t' || c == '\n' || c == '\r';
    return c != DESK_UTF8_BAD && !(c >= 0x7f && c < 0xa0) && c != 0xfffe && c != 0xffff;
}

/* One character of text or attribute value. */
static void put_char(struct desk_buf *b, uint32_t c, const char *p, size_t n)
{
    static const struct {
        char c;
        const char *entity;
    } rows[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}};
    if (!carried(c))
        return;
    for (size_t i = 0; n == 1 && i < sizeof rows / sizeof *rows; i++)
        if (*p == rows[i].c) {
            desk_buf_str(b, rows[i].entity);
            return;
        }
    desk_buf_add(b, p, n);
}

static void put_escaped(struct desk_buf *b, const char *s, size_t n, bool attribute)
{
    for (size_t i = 0, used; i < n; i += used) {
        uint32_t c = desk_utf8_next(s + i, n - i, &used);
        /* parsers turn a raw line end inside an attribute into a space, and CR into LF anywhere */
        if (c == '\r' || (attribute && (c == '\n' || c == '\t')))
            desk_buf_fmt(b, "&#%u;", (unsigned)c);
        else
            put_char(b, c, s + i, used);
    }
}

static void attr(struct desk_twiml *t, const char *name, const char *value)
{
    if (t->misnested || !value || !*value)
        return;
    desk_buf_chr(&t->buf, ' ');
    desk_buf_str(&t->buf, name);
    desk_buf_add(&t->buf, "=\"", 2);
    put_escaped(&t->buf, value, strlen(value), true);
    desk_buf_chr(&t->buf, '"');
}

static void attr_int(struct desk_twiml *t, const char *name, int value)
{
    if (!t->misnested && value)
        desk_buf_fmt(&t->buf, " %s=\"%d\"", name, value);
}

static void attr_true(struct desk_twiml *t, const char *name, bool value)
{
    if (value)
        attr(t, name, "true");
}

static void attr_false(struct desk_twiml *t, const char *name, bool value)
{
    if (value)
        attr(t, name, "false");
}

static void attr_keys(struct desk_twiml *t, const char *value)
{
    if (value && strcmp(value, DESK_TWIML_NO_KEY) == 0) {
        if (!t->misnested)
            desk_buf_str(&t->buf, " finishOnKey=\"\"");
    } else {
        attr(t, "finishOnKey", value);
    }
}

/* "<Name": attributes follow, then begin(), or end_empty(). */
static void start(struct desk_twiml *t, enum tag tag)
{
    bool root = tag == T_RESPONSE && t->depth == 0;
    bool fits = t->depth > 0 && (tags[tag].parents & IN(t->stack[t->depth - 1])) != 0;
    if (t->ended || (!root && !fits) || t->depth == DESK_TWIML_DEPTH)
        t->misnested = true;
    if (t->misnested)
        return;
    desk_buf_chr(&t->buf, '<');
    desk_buf_str(&t->buf, tags[tag].name);
}

static void begin(struct desk_twiml *t, enum tag tag)
{
    if (t->misnested)
        return;
    t->stack[t->depth++] = (unsigned char)tag;
    desk_buf_chr(&t->buf, '>');
}

static void end_empty(struct desk_twiml *t)
{
    if (!t->misnested)
        desk_buf_add(&t->buf, "/>", 2);
}

static void end_text(struct desk_twiml *t, enum tag tag, const char *text, size_t n)
{
    if (t->misnested)
        return;
    desk_buf_chr(&t->buf, '>');
    put_escaped(&t->buf, text, n, false);
    desk_buf_fmt(&t->buf, "</%s>", tags[tag].name);
}

static void end_str(struct desk_twiml *t, enum tag tag, const char *text)
{
    end_text(t, tag, text ? text : "", text ? strlen(text) : 0);
}

void desk_twiml_init(struct desk_twiml *t)
{
    memset(t, 0, sizeof *t);
    desk_buf_init(&t->buf, DESK_MAX_TWIML);
    desk_buf_str(&t->buf, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    start(t, T_RESPONSE);
    begin(t, T_RESPONSE);
}

void desk_twiml_clear(struct desk_twiml *t)
{
    desk_buf_clear(&t->buf);
    t->misnested = true; /* until the next init */
}

static void close_top(struct desk_twiml *t)
{
    t->depth--;
    desk_buf_fmt(&t->buf, "</%s>", tags[t->stack[t->depth]].name);
}

void desk_twiml_close(struct desk_twiml *t)
{
    if (t->depth <= 1 || t->ended)
        t->misnested = true;
    if (!t->misnested)
        close_top(t);
}

enum desk_rc desk_twiml_end(struct desk_twiml *t)
{
    if (!t->ended) {
        if (t->depth != 1)
            t->misnested = true;
        if (!t->misnested)
            close_top(t);
        t->ended = true;
    }
    if (t->misnested)
        return DESK_EINTERNAL;
    return desk_buf_ok(&t->buf) ? DESK_OK : DESK_ELIMIT;
}

const char *desk_twiml_text(const struct desk_twiml *t)
{
    return t->ended && !t->misnested && desk_buf_ok(&t->buf) ? desk_buf_cstr(&t->buf) : "";
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Bytes of the next piece of at most DESK_MAX_SAY characters, ending behind a space if one is in
 * its second half (a word longer than that is cut). */
static size_t say_piece(const char *p, size_t n)
{
    size_t i = 0, space = 0, used;
    for (size_t chars = 0; i < n; i += used, chars++) {
        if (chars == DESK_MAX_SAY)
            return space ? space : i;
        desk_utf8_next(p + i, n - i, &used);
        if (is_space(p[i]) && chars >= DESK_MAX_SAY / 2)
            space = i + 1;
    }
    return n;
}

void desk_twiml_say(struct desk_twiml *t, const struct desk_twiml_say *a, const char *text)
{
    static const struct desk_twiml_say none;
    struct desk_buf clean;
    if (!a)
        a = &none;
    desk_buf_init(&clean, 8 * DESK_MAX_TWIML);
    for (size_t i = 0, used, n = text ? strlen(text) : 0; i < n; i += used)
        if (carried(desk_utf8_next(text + i, n - i, &used)))
            desk_buf_add(&clean, text + i, used);
    if (!desk_buf_ok(&clean))
        t->buf.failed = true;
    const char *p = desk_buf_cstr(&clean);
    size_t left = clean.len;
    for (; left && is_space(*p); p++)
        left--;
    if (!left && !(t->depth > 0 && (tags[T_SAY].parents & IN(t->stack[t->depth - 1]))))
        t->misnested = true; /* a wrong place is wrong, even for nothing */
    while (left && desk_buf_ok(&t->buf)) {
        size_t n = say_piece(p, left);
        start(t, T_SAY);
        attr(t, "voice", a->voice);
        attr(t, "language", a->language);
        attr_int(t, "loop", a->loop);
        end_text(t, T_SAY, p, n);
        p += n;
        left -= n;
    }
    desk_buf_clear(&clean);
}

void desk_twiml_play(struct desk_twiml *t, const struct desk_twiml_play *a, const char *url)
{
    static const struct desk_twiml_play none;
    if (!a)
        a = &none;
    start(t, T_PLAY);
    attr_int(t, "loop", a->loop);
    attr(t, "digits", a->digits);
    end_str(t, T_PLAY, url);
}

void desk_twiml_pause(struct desk_twiml *t, int seconds)
{
    start(t, T_PAUSE);
    attr_int(t, "length", seconds);
    end_empty(t);
}

void desk_twiml_gather_open(struct desk_twiml *t, const struct desk_twiml_gather *a)
{
    static const struct desk_twiml_gather none;
    if (!a)
        a = &none;
    start(t, T_GATHER);
    attr(t, "input", a->input);
    attr(t, "action", a->action);
    attr(t, "method", a->method);
    attr_int(t, "timeout", a->timeout_s);
    if (a->speech_timeout_s == DESK_TWIML_AUTO)
        attr(t, "speechTimeout", "auto");
    else
        attr_int(t, "speechTimeout", a->speech_timeout_s);
    attr_int(t, "maxSpeechTime", a->max_speech_time_s);
    attr_int(t, "numDigits", a->num_digits);
    attr_keys(t, a->finish_on_key);
    attr(t, "language", a->language);
    attr(t, "hints", a->hints);
    attr(t, "speechModel", a->speech_model);
    attr(t, "partialResultCallback", a->partial_result_callback);
    attr_true(t, "actionOnEmptyResult", a->action_on_empty_result);
    attr_false(t, "profanityFilter", a->no_profanity_filter);
    attr_true(t, "bargeIn", a->barge_in);
    attr_false(t, "bargeIn", a->no_barge_in);
    attr_true(t, "enhanced", a->enhanced);
    begin(t, T_GATHER);
}

void desk_twiml_dial_open(struct desk_twiml *t, const struct desk_twiml_dial *a)
{
    static const struct desk_twiml_dial none;
    if (!a)
        a = &none;
    start(t, T_DIAL);
    attr(t, "action", a->action);
    attr(t, "method", a->method);
    attr_int(t, "timeout", a->timeout_s);
    attr_int(t, "timeLimit", a->time_limit_s);
    attr(t, "callerId", a->caller_id);
    attr_true(t, "answerOnBridge", a->answer_on_bridge);
    attr_true(t, "hangupOnStar", a->hangup_on_star);
    attr_true(t, "sequential", a->sequential);
    attr(t, "record", a->record);
    attr(t, "recordingStatusCallback", a->recording_status_callback);
    attr(t, "recordingStatusCallbackEvent", a->recording_status_callback_event);
    attr(t, "ringTone", a->ring_tone);
    begin(t, T_DIAL);
}

void desk_twiml_number(struct desk_twiml *t, const struct desk_twiml_number *a, const char *number)
{
    static const struct desk_twiml_number none;
    if (!a)
        a = &none;
    start(t, T_NUMBER);
    attr(t, "url", a->url);
    attr(t, "method", a->method);
    attr(t, "statusCallback", a->status_callback);
    attr(t, "statusCallbackEvent", a->status_callback_event);
    attr(t, "sendDigits", a->send_digits);
    end_str(t, T_NUMBER, number);
}

void desk_twiml_client(struct desk_twiml *t, const char *identity)
{
    start(t, T_CLIENT);
    end_str(t, T_CLIENT, identity);
}

void desk_twiml_sip(struct desk_twiml *t, const char *uri)
{
    start(t, T_SIP);
    end_str(t, T_SIP, uri);
}

void desk_twiml_dial(struct desk_twiml *t, const struct desk_twiml_dial *a, const char *number)
{
    desk_twiml_dial_open(t, a);
    desk_twiml_number(t, NULL, number);
    desk_twiml_close(t);
}

void desk_twiml_record(struct desk_twiml *t, const struct desk_twiml_record *a)
{
    static const struct desk_twiml_record none;
    if (!a)
        a = &none;
    start(t, T_RECORD);
    attr(t, "action", a->action);
    attr(t, "method", a->method);
    attr_int(t, "timeout", a->timeout_s);
    attr_int(t, "maxLength", a->max_length_s);
    attr_keys(t, a->finish_on_key);
    attr(t, "trim", a->trim);
    attr(t, "recordingStatusCallback", a->recording_status_callback);
    attr(t, "recordingStatusCallbackEvent", a->recording_status_callback_event);
    attr_true(t, "transcribe", a->transcribe);
    attr(t, "transcribeCallback", a->transcribe_callback);
    attr_false(t, "playBeep", a->no_beep);
    end_empty(t);
}

void desk_twiml_redirect(struct desk_twiml *t, const char *url)
{
    start(t, T_REDIRECT);
    attr(t, "method", "POST");
    end_str(t, T_REDIRECT, url);
}

void desk_twiml_reject(struct desk_twiml *t, const char *reason)
{
    start(t, T_REJECT);
    attr(t, "reason", reason);
    end_empty(t);
}

void desk_twiml_hangup(struct desk_twiml *t)
{
    start(t, T_HANGUP);
    end_empty(t);
}

void desk_twiml_connect_open(struct desk_twiml *t, const char *action)
{
    start(t, T_CONNECT);
    attr(t, "action", action);
    begin(t, T_CONNECT);
}

void desk_twiml_start_open(struct desk_twiml *t)
{
    start(t, T_START);
    begin(t, T_START);
}

void desk_twiml_stream_open(struct desk_twiml *t, const struct desk_twiml_stream *a)
{
    static const struct desk_twiml_stream none;
    if (!a)
        a = &none;
    start(t, T_STREAM);
    attr(t, "url", a->url);
    attr(t, "name", a->name);
    attr(t, "track", a->track);
    attr(t, "statusCallback", a->status_callback);
    begin(t, T_STREAM);
}

void desk_twiml_parameter(struct desk_twiml *t, const char *name, const char *value)
{
    if (!name)
        name = "";
    if (!value)
        value = "";
    if (desk_utf8_count(name, strlen(name)) + desk_utf8_count(value, strlen(value)) >=
        MAX_PARAMETER)
        t->buf.failed = true;
    start(t, T_PARAMETER);
    attr(t, "name", name);
    if (!t->misnested && !*value)
        desk_buf_str(&t->buf, " value=\"\"");
    attr(t, "value", value);
    end_empty(t);
}

void desk_twiml_recording(struct desk_twiml *t, const struct desk_twiml_recording *a)
{
    static const struct desk_twiml_recording none;
    if (!a)
        a = &none;
    start(t, T_RECORDING);
    attr(t, "recordingStatusCallback", a->status_callback);
    attr(t, "recordingStatusCallbackEvent", a->status_callback_event);
    attr(t, "channels", a->channels);
    attr(t, "track", a->track);
    attr(t, "trim", a->trim);
    end_empty(t);
}

void desk_twiml_relay_open(struct desk_twiml *t, const struct desk_twiml_relay *a)
{
    static const struct desk_twiml_relay none;
    if (!a)
        a = &none;
    start(t, T_RELAY);
    attr(t, "url", a->url);
    attr(t, "welcomeGreeting", a->welcome_greeting);
    attr(t, "welcomeGreetingInterruptible", a->welcome_greeting_interruptible);
    attr(t, "language", a->language);
    attr(t, "ttsProvider", a->tts_provider);
    attr(t, "voice", a->voice);
    attr(t, "transcriptionProvider", a->transcription_provider);
    attr(t, "speechModel", a->speech_model);
    attr(t, "interruptible", a->interruptible);
    attr(t, "interruptSensitivity", a->interrupt_sensitivity);
    attr(t, "hints", a->hints);
    attr(t, "debug", a->debug);
    attr_true(t, "dtmfDetection", a->dtmf_detection);
    attr_true(t, "preemptible", a->preemptible);
    begin(t, T_RELAY);
}

void desk_twiml_message(struct desk_twiml *t, const struct desk_twiml_message *a, const char *body)
{
    static const struct desk_twiml_message none;
    if (!a)
        a = &none;
    start(t, T_MESSAGE);
    attr(t, "to", a->to);
    attr(t, "from", a->from);
    attr(t, "action", a->action);
    attr(t, "statusCallback", a->status_callback);
    end_str(t, T_MESSAGE, body);
}
