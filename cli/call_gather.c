/* <Gather> and <Record>: where a page listens to the caller. Source: Twilio "TwiML Voice: Gather",
 * "TwiML Voice: Record". */
#include "cli/call_sim.h"

#include <stdio.h>
#include <string.h>

#define MAX_UNANSWERED 3 /* pages in a row that a caller with nothing left to say sits through */
#define MAX_DIGITS     256
#define DIGIT_MS       250

/* ---- Gather ---------------------------------------------------------------------------------- */

struct listen {
    bool keys, speech; /* what the page takes */
    long timeout_ms, max_digits;
    const char *finish;
    char digits[MAX_DIGITS + 1];
    size_t n_digits;
    char finished_on[2];
    const char *words;
};

enum heard {
    HEARD_ON,     /* go on listening */
    HEARD_RESULT, /* complete */
    HEARD_NOTHING /* timed out, or the call is over */
};

static enum heard listen_words(struct sim_call *c, struct listen *l, const struct sim_step *step)
{
    bool on = sim_caller_speaks(c, step);

    sim_cursor_next(&c->on->cursor);
    c->on->cursor.armed = false;
    if (!on)
        return HEARD_NOTHING;
    if (!l->speech) {
        sim_note(c, "twilio", "unheard", -1, "this page takes keys only: the words are not heard");
        return HEARD_ON;
    }
    if (!step->words[0]) {
        sim_note(c, "twilio", "unheard", -1, "no text beside %.100s: nothing is understood",
                 step->text);
        return HEARD_ON;
    }
    l->words = step->words;
    return HEARD_RESULT;
}

/* One key (or w). */
static enum heard listen_key(struct sim_call *c, struct listen *l, char key)
{
    if (key == 'w' || key == 'W')
        return sim_sit_through(c, key == 'w' ? 500 : 1000) ? HEARD_ON : HEARD_NOTHING;
    if (!l->keys)
        return HEARD_ON;
    if (strchr(l->finish, key)) {
        l->finished_on[0] = key;
        return HEARD_RESULT;
    }
    if (l->n_digits < MAX_DIGITS)
        l->digits[l->n_digits++] = key;
    if (l->max_digits && (long)l->n_digits >= l->max_digits)
        return HEARD_RESULT;
    return sim_sit_through(c, DIGIT_MS) ? HEARD_ON : HEARD_NOTHING;
}

static enum heard listen_press(struct sim_call *c, struct listen *l, const struct sim_step *step)
{
    struct sim_cursor *cur = &c->on->cursor;
    enum heard h = HEARD_ON;
    char keys[MAX_DIGITS + 1];
    size_t n = 0;

    c->on->unanswered = 0;
    c->spoke = false;
    while (h == HEARD_ON && step->text[cur->key] && n < MAX_DIGITS) {
        keys[n++] = step->text[cur->key++];
        h = listen_key(c, l, keys[n - 1]);
    }
    keys[n] = '\0';
    sim_note(c, c->on->who, "press", -1, "%s", keys);
    if (!l->keys)
        sim_note(c, "twilio", "unheard", -1, "this page takes words only: the keys are not heard");
    if (!step->text[cur->key])
        sim_cursor_next(cur);
    cur->armed = false;
    /* fewer keys than wanted: Twilio waits for more, then takes what there is */
    if (h == HEARD_ON && l->n_digits > 0)
        h = sim_sit_through(c, l->timeout_ms) ? HEARD_RESULT : HEARD_NOTHING;
    return h;
}

static enum heard listen_silence(struct sim_call *c, const struct listen *l,
                                 const struct sim_step *step)
{
    long ms = step->ms < l->timeout_ms ? step->ms : l->timeout_ms;

    sim_note(c, c->on->who, "silence", step->ms, "says nothing for %.1f s",
             (double)step->ms / 1000.0);
    sim_cursor_next(&c->on->cursor);
    if (!sim_sit_through(c, ms))
        return HEARD_NOTHING;
    return step->ms >= l->timeout_ms ? HEARD_NOTHING : HEARD_ON;
}

/* The script is at its end: let the page time out, and give up after a few. */
static enum heard listen_nobody(struct sim_call *c, const struct listen *l)
{
    if (++c->on->unanswered >= MAX_UNANSWERED && c->on == &c->leg) {
        sim_note(c, "caller", "hangup", -1, "has nothing left to say and hangs up");
        sim_end(c, DESK_SIM_END_CALLER, "the caller had nothing left to say");
        return HEARD_NOTHING;
    }
    (void)sim_sit_through(c, l->timeout_ms);
    return HEARD_NOTHING;
}

static enum heard listen_expect(struct sim_call *c, const struct sim_step *step)
{
    sim_cursor_next(&c->on->cursor);
    if (c->spoke)
        return HEARD_ON;
    sim_end(c, DESK_SIM_END_SILENT, "the receptionist did not speak within %.1f s",
            (double)step->ms / 1000.0);
    return HEARD_NOTHING;
}

static enum heard listen_step(struct sim_call *c, struct listen *l)
{
    const struct sim_step *step = sim_cursor_step(&c->on->cursor);

    if (!step)
        return listen_nobody(c, l);
    switch (step->kind) {
    case DESK_SIM_SAY:
    case DESK_SIM_AUDIO:
        return listen_words(c, l, step);
    case DESK_SIM_PRESS:
        return listen_press(c, l, step);
    case DESK_SIM_SILENCE:
        return listen_silence(c, l, step);
    case DESK_SIM_EXPECT:
        return listen_expect(c, step);
    case DESK_SIM_HANGUP:
        sim_cursor_next(&c->on->cursor);
        sim_note(c, c->on->who, "hangup", -1, "hangs up");
        sim_end(c, DESK_SIM_END_CALLER, "the caller hung up");
        return HEARD_NOTHING;
    default: /* wait, interrupt: nobody speaks just now */
        c->on->cursor.armed = step->kind == DESK_SIM_INTERRUPT;
        sim_cursor_next(&c->on->cursor);
        return HEARD_ON;
    }
}

static void listen_init(struct listen *l, const struct sim_node *n)
{
    const char *input = sim_attr(n, "input", "dtmf");

    memset(l, 0, sizeof *l);
    l->keys = strstr(input, "dtmf") != NULL;
    l->speech = strstr(input, "speech") != NULL;
    l->timeout_ms = sim_attr_long(n, "timeout", 5, 0, 600) * 1000;
    l->max_digits = sim_attr_long(n, "numDigits", 0, 0, MAX_DIGITS);
    l->finish = sim_attr(n, "finishOnKey", "#");
}

enum sim_next sim_verb_gather(struct sim_call *c, const struct sim_node *n)
{
    const struct sim_step *step = sim_cursor_step(&c->on->cursor);
    struct listen l;
    enum heard h = HEARD_ON;
    bool got;

    listen_init(&l, n);
    if (!sim_prompts_run(c, n, step && step->kind == DESK_SIM_INTERRUPT ? step->ms : -1))
        return SIM_END;
    while (h == HEARD_ON)
        h = sim_over(c) ? HEARD_NOTHING : listen_step(c, &l);
    if (sim_over(c))
        return SIM_END;
    got = h == HEARD_RESULT && (l.words || l.n_digits > 0);
    if (!got && strcmp(sim_attr(n, "actionOnEmptyResult", "false"), "true") != 0) {
        sim_note(c, "twilio", "gather-empty", -1, "nothing was heard: the next verb");
        return SIM_NEXT;
    }
    if (!sim_go_to(c, sim_attr(n, "action", ""), sim_attr(n, "method", "POST")))
        return SIM_FAIL;
    if (l.words) {
        sim_field(c, &c->go.fields, "SpeechResult", l.words);
        sim_field(c, &c->go.fields, "Confidence", "0.92");
    } else if (got || l.keys) {
        sim_field(c, &c->go.fields, "Digits", l.digits);
        sim_field(c, &c->go.fields, "FinishedOnKey", l.finished_on);
    }
    sim_note(c, "twilio", "gather", -1, "%s \"%s\"", l.words ? "heard" : "keys",
             l.words ? l.words : l.digits);
    return SIM_GO;
}

/* ---- Record ---------------------------------------------------------------------------------- */

#define WRITTEN_MOST     2000
#define WRITTEN_LEAST_MS 2000 /* Twilio writes down what is longer, and shorter than two minutes   \
                               */
#define WRITTEN_MOST_MS 120000

struct recording {
    char sid[SIM_SID_LEN];
    char url[200];
    long spoken_ms;
    char digits[8];           /* the key that ended it, or "hangup" */
    char words[WRITTEN_MOST]; /* what was said, as far as the script knows it */
};

/* The caller speaks into it, until a key, silence or the end of the script. */
static void record_lines(struct sim_call *c, struct recording *r, const char *finish, long max_ms)
{
    struct sim_cursor *cur = &c->on->cursor;
    const struct sim_step *step;

    while (!sim_over(c) && r->spoken_ms < max_ms && (step = sim_cursor_step(cur)) != NULL) {
        if (step->kind == DESK_SIM_SAY || step->kind == DESK_SIM_AUDIO) {
            (void)sim_caller_speaks(c, step);
            r->spoken_ms += sim_sound_ms(&step->sound);
            size_t at = strlen(r->words);
            if (step->kind == DESK_SIM_SAY)
                snprintf(r->words + at, sizeof r->words - at, "%s%s", at ? " " : "", step->text);
        } else if (step->kind == DESK_SIM_PRESS &&
                   strcspn(step->text + cur->key, finish) < strlen(step->text + cur->key)) {
            cur->key += strcspn(step->text + cur->key, finish);
            r->digits[0] = step->text[cur->key++];
            sim_note(c, c->on->who, "press", -1, "%s", r->digits);
            if (!step->text[cur->key])
                sim_cursor_next(cur);
            return;
        } else if (step->kind == DESK_SIM_HANGUP) {
            snprintf(r->digits, sizeof r->digits, "hangup");
            sim_note(c, c->on->who, "hangup", -1, "hangs up");
            sim_end(c, DESK_SIM_END_CALLER, "the caller hung up");
            return;
        } else if (step->kind == DESK_SIM_WAIT || step->kind == DESK_SIM_SILENCE) {
            sim_cursor_next(cur);
            return; /* silence ends a recording */
        }
        sim_cursor_next(cur);
    }
}

static void record_fields(struct sim_call *c, const struct recording *r, struct sim_fields *f)
{
    sim_field(c, f, "RecordingUrl", r->url);
    sim_field(c, f, "RecordingSid", r->sid);
    sim_field_long(c, f, "RecordingDuration", (r->spoken_ms + 500) / 1000);
}

static void record_callback(struct sim_call *c, const struct sim_node *n, const struct recording *r)
{
    const char *events = sim_attr(n, "recordingStatusCallbackEvent", "completed");
    const char *status = r->spoken_ms > 0 ? "completed" : "absent";
    struct sim_fields f = {.n = 0};

    if (!strstr(events, status))
        return;
    record_fields(c, r, &f);
    sim_field(c, &f, "RecordingStatus", status);
    sim_field(c, &f, "RecordingChannels", "1");
    sim_field(c, &f, "RecordingSource", "RecordVerb");
    sim_web_later(c, sim_attr(n, "recordingStatusCallback", NULL),
                  sim_attr(n, "recordingStatusCallbackMethod", "POST"), &f);
}

/* Twilio's words of it, when they are wanted; or that it has none. */
static void transcribe_callback(struct sim_call *c, const struct sim_node *n,
                                const struct recording *r)
{
    const char *url = sim_attr(n, "transcribeCallback", NULL);
    bool can = *r->words && r->spoken_ms > WRITTEN_LEAST_MS && r->spoken_ms < WRITTEN_MOST_MS;
    struct sim_fields f = {.n = 0};
    char sid[SIM_SID_LEN];

    if (!url || strcmp(sim_attr(n, "transcribe", "false"), "true") != 0 || r->spoken_ms == 0)
        return;
    record_fields(c, r, &f);
    sim_sid(sid, "TR");
    sim_field(c, &f, "TranscriptionSid", sid);
    sim_field(c, &f, "TranscriptionStatus", can ? "completed" : "failed");
    sim_field(c, &f, "TranscriptionText", can ? r->words : "");
    sim_web_later(c, url, "POST", &f);
}

enum sim_next sim_verb_record(struct sim_call *c, const struct sim_node *n)
{
    long timeout = sim_attr_long(n, "timeout", 5, 0, 3600) * 1000;
    long max = sim_attr_long(n, "maxLength", 3600, 1, 14400) * 1000;
    struct desk_http_reply reply;
    struct recording r = {.spoken_ms = 0};

    sim_sid(r.sid, "RE");
    snprintf(r.url, sizeof r.url, "https://api.twilio.com/2010-04-01/Accounts/%s/Recordings/%s",
             c->o->account_sid, r.sid);
    sim_note(c, "twilio", "record", -1, "beep, recording");
    record_lines(c, &r, sim_attr(n, "finishOnKey", "1234567890*#"), max);
    if (!r.digits[0])
        (void)sim_sit_through(c, timeout);
    if (c->over && !r.digits[0])
        snprintf(r.digits, sizeof r.digits, "hangup");
    if (c->o->record_ms > 0)
        r.spoken_ms = c->o->record_ms;
    if (r.spoken_ms > max)
        r.spoken_ms = max;
    sim_note(c, "twilio", "recorded", r.spoken_ms, "%.1f s recorded", (double)r.spoken_ms / 1000.0);
    record_callback(c, n, &r);
    transcribe_callback(c, n, &r);
    /* "if Twilio receives an empty recording, it will not make a request to the action URL" */
    if (r.spoken_ms == 0)
        return c->over ? SIM_END : SIM_NEXT;
    if (!sim_go_to(c, sim_attr(n, "action", ""), sim_attr(n, "method", "POST")))
        return SIM_FAIL;
    record_fields(c, &r, &c->go.fields);
    sim_field(c, &c->go.fields, "Digits", r.digits);
    if (!c->over)
        return SIM_GO;
    c->leg.status = "completed"; /* the caller is gone: the action is told, its answer not run */
    (void)sim_web(c, &c->leg, c->go.url, c->go.get, &c->go.fields, &reply);
    desk_http_reply_clear(&reply);
    return SIM_END;
}
