/* TwiML builder: a document that is well formed and escaped by construction.
 *
 *     struct desk_twiml t;
 *     desk_twiml_init(&t);
 *     desk_twiml_say(&t, &(struct desk_twiml_say){.voice = v}, "Please hold.");
 *     desk_twiml_dial(&t, &(struct desk_twiml_dial){.action = url, .timeout_s = 20,
 *                                                   .answer_on_bridge = true}, "+14155550134");
 *     rc = desk_twiml_end(&t);            // then t.buf holds the document
 *     desk_twiml_clear(&t);
 *
 * Every verb may be called in any state: one that may not stand where it is called makes the
 * document failed for good, and desk_twiml_end() says so. Attribute pointers: NULL struct = no
 * attributes; NULL or "" text, 0 and false = attribute left out (Twilio's default holds). Control
 * characters, invalid UTF-8, U+FFFE and U+FFFF never reach the document. Texts are copied.
 * Facts: Twilio's "TwiML for Programmable Voice" pages and the npm builder; limits 13521 (Say) and
 * 11750 (64 kB). Pure, never blocks. */
#ifndef DESK_WIRE_TWIML_H
#define DESK_WIRE_TWIML_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define DESK_TWIML_DEPTH 8
#define DESK_TWIML_AUTO  (-1) /* speech_timeout_s: let Twilio decide; not with speech_model */

struct desk_twiml {
    struct desk_buf buf; /* the document, complete after desk_twiml_end() returned DESK_OK */
    unsigned char stack[DESK_TWIML_DEPTH];
    unsigned depth;
    bool misnested; /* sticky */
    bool ended;
};

/* Begin <Response>. */
void desk_twiml_init(struct desk_twiml *t);
void desk_twiml_clear(struct desk_twiml *t);

/* Close <Response>. DESK_EINTERNAL: an element stood where it may not, or was left open;
 * DESK_ELIMIT: longer than DESK_MAX_TWIML (or no memory). Calling it again returns the same. */
DESK_MUST enum desk_rc desk_twiml_end(struct desk_twiml *t);

/* The document as text; "" unless desk_twiml_end() returned DESK_OK. */
const char *desk_twiml_text(const struct desk_twiml *t);

/* Close the innermost open element (one opened by a …_open function). */
void desk_twiml_close(struct desk_twiml *t);

struct desk_twiml_say {
    const char *voice, *language;
    int loop;
};
/* Text longer than DESK_MAX_SAY characters becomes several <Say>, split at a word. Text that is
 * empty after cleaning adds nothing. In Response or Gather. */
void desk_twiml_say(struct desk_twiml *t, const struct desk_twiml_say *a, const char *text);

struct desk_twiml_play {
    int loop;
    const char *digits; /* DTMF to send ("w" = half a second); url may then be NULL */
};
void desk_twiml_play(struct desk_twiml *t, const struct desk_twiml_play *a, const char *url);

void desk_twiml_pause(struct desk_twiml *t, int seconds); /* 0: Twilio's default, 1 s */

struct desk_twiml_gather {
    const char *input; /* "dtmf", "speech", "dtmf speech" */
    const char *action, *method;
    int timeout_s, speech_timeout_s, num_digits, max_speech_time_s;
    const char *finish_on_key; /* "#"; DESK_TWIML_NO_KEY for none */
    const char *language, *hints, *speech_model;
    const char *partial_result_callback;
    bool action_on_empty_result;
    bool no_profanity_filter; /* profanityFilter="false" */
    bool no_barge_in;         /* bargeIn="false" */
    bool barge_in;            /* bargeIn="true", said aloud: its default is not documented well */
    bool enhanced;
};
#define DESK_TWIML_NO_KEY "\x01" /* finishOnKey="" */
void desk_twiml_gather_open(struct desk_twiml *t, const struct desk_twiml_gather *a);

struct desk_twiml_dial {
    const char *action, *method;
    int timeout_s, time_limit_s;
    const char *caller_id;
    bool answer_on_bridge, hangup_on_star, sequential;
    const char *record; /* "record-from-answer-dual" … */
    const char *recording_status_callback, *recording_status_callback_event;
    const char *ring_tone;
};
struct desk_twiml_number {
    const char *url; /* whisper TwiML to the callee before the bridge */
    const char *method;
    const char *status_callback, *status_callback_event; /* events space-separated */
    const char *send_digits;
};
/* <Dial><Number>…</Number></Dial> in one go. */
void desk_twiml_dial(struct desk_twiml *t, const struct desk_twiml_dial *a, const char *number);
/* Several numbers, or numbers with attributes: open, number…, close. */
void desk_twiml_dial_open(struct desk_twiml *t, const struct desk_twiml_dial *a);
void desk_twiml_number(struct desk_twiml *t, const struct desk_twiml_number *a, const char *number);
void desk_twiml_client(struct desk_twiml *t, const char *identity);
void desk_twiml_sip(struct desk_twiml *t, const char *uri);

struct desk_twiml_record {
    const char *action, *method; /* give an action: without one the document loops */
    int timeout_s, max_length_s;
    const char *finish_on_key; /* DESK_TWIML_NO_KEY for none */
    const char *trim;
    const char *recording_status_callback, *recording_status_callback_event;
    const char *transcribe_callback;
    bool transcribe;
    bool no_beep; /* playBeep="false" */
};
void desk_twiml_record(struct desk_twiml *t, const struct desk_twiml_record *a);

void desk_twiml_redirect(struct desk_twiml *t, const char *url);  /* POST */
void desk_twiml_reject(struct desk_twiml *t, const char *reason); /* NULL, "busy", "rejected" */
void desk_twiml_hangup(struct desk_twiml *t);

/* <Connect>, holding one <Stream> or <ConversationRelay>. action NULL: the verbs behind run. */
void desk_twiml_connect_open(struct desk_twiml *t, const char *action);
/* <Start>, holding <Stream>s or one <Recording>. */
void desk_twiml_start_open(struct desk_twiml *t);

struct desk_twiml_stream {
    const char *url;  /* wss://, no query string */
    const char *name; /* default: the stream's sid */
    const char *track;
    const char *status_callback; /* absolute */
};
void desk_twiml_stream_open(struct desk_twiml *t, const struct desk_twiml_stream *a);
/* In Stream or ConversationRelay. name + value together under 500 characters, else failed. */
void desk_twiml_parameter(struct desk_twiml *t, const char *name, const char *value);

struct desk_twiml_recording {
    const char *status_callback, *status_callback_event;
    const char *channels, *track, *trim;
};
void desk_twiml_recording(struct desk_twiml *t,
                          const struct desk_twiml_recording *a); /* in Start */

struct desk_twiml_relay {
    const char *url;
    const char *welcome_greeting, *welcome_greeting_interruptible;
    const char *language, *tts_provider, *voice, *transcription_provider, *speech_model;
    const char *interruptible, *interrupt_sensitivity, *hints;
    const char *debug; /* "speaker-events tokens-played": what `info` messages are wanted */
    bool dtmf_detection, preemptible;
};
void desk_twiml_relay_open(struct desk_twiml *t, const struct desk_twiml_relay *a);

/* Messaging: <Message>body</Message>. */
struct desk_twiml_message {
    const char *to, *from, *action, *status_callback;
};
void desk_twiml_message(struct desk_twiml *t, const struct desk_twiml_message *a, const char *body);

#endif
