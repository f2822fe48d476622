/* Twilio ConversationRelay: the JSON text messages on the WebSocket, both directions.
 * Facts: Twilio "ConversationRelay - WebSocket messages". `info` is not in that page; its shape is
 * what Twilio's own samples read: name agentSpeaking or clientSpeaking with value "on" or "off",
 * name tokensPlayed with the words just played as value. Pure, never blocks.
 *
 * A few messages a second at most: all of them go through jansson. */
#ifndef DESK_WIRE_RELAY_MSG_H
#define DESK_WIRE_RELAY_MSG_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESK_RELAY_SID  40
#define DESK_RELAY_WORD 40

enum desk_relay_type {
    DESK_RELAY_UNKNOWN, /* a type of tomorrow: ignore, but count */
    DESK_RELAY_SETUP,
    DESK_RELAY_PROMPT,
    DESK_RELAY_INTERRUPT,
    DESK_RELAY_DTMF,
    DESK_RELAY_ERROR,
    DESK_RELAY_INFO,
    DESK_RELAY_TEXT, /* only towards Twilio, from here on: the simulator parses our side */
    DESK_RELAY_PLAY,
    DESK_RELAY_SEND_DIGITS,
    DESK_RELAY_LANGUAGE,
    DESK_RELAY_END,
    DESK_RELAY__MAX
};

/* One message. Texts are never NULL, "" when absent; they lie in json, valid until _clear(). */
struct desk_relay_msg {
    enum desk_relay_type type;
    json_t *json;

    char session_id[DESK_RELAY_SID]; /* setup */
    char call_sid[DESK_RELAY_SID];
    char account_sid[DESK_RELAY_SID];
    const char *from, *to, *direction;

    const char *text;           /* prompt: voicePrompt; interrupt: utteranceUntilInterrupt; error:
                                 * description; info: value; text: token; play: source; sendDigits: digits;
                                 * end: handoffData */
    const char *lang;           /* prompt, text; language: transcriptionLanguage */
    const char *tts;            /* language: ttsLanguage */
    bool last;                  /* prompt, text; false when absent, as Twilio has it for text */
    int64_t ms;                 /* interrupt: durationUntilInterruptMs, 0 when absent */
    char digit;                 /* dtmf: 0-9 * # A-D */
    char name[DESK_RELAY_WORD]; /* info */
    int interruptible;          /* text, play: 1, 0, or -1 when absent */
    int preemptible;
    long loop; /* play: 0 = for ever; 1 when absent */
};

/* Parse one whole message of n bytes (not NUL-terminated). Always initialises m; call
 * desk_relay_msg_clear() after use, whatever was returned. DESK_EINVAL: not JSON, no object, no
 * type, a needed field missing, of another kind or too long, a NUL in a text. */
DESK_MUST enum desk_rc desk_relay_msg_parse(struct desk_relay_msg *m, const char *p, size_t n);
void desk_relay_msg_clear(struct desk_relay_msg *m);

/* A custom parameter of setup, or NULL. Valid until _clear(). */
const char *desk_relay_param(const struct desk_relay_msg *m, const char *name);

/* Name of a type as on the wire, for logs. Never NULL. */
const char *desk_relay_type_name(enum desk_relay_type type);

/* ---- to Twilio: one message appended to out (check desk_buf_ok()) ------------------------------
 * Tokens are spoken as they stand: keep the space between two of them. */
struct desk_relay_text {
    const char *token;
    bool last;            /* this saying is complete */
    const char *lang;     /* NULL: the session's */
    bool uninterruptible; /* the caller cannot stop it by speaking or keys */
    bool preemptible;     /* the next text may cut it short */
};
void desk_relay_build_text(struct desk_buf *out, const struct desk_relay_text *t);
void desk_relay_build_play(struct desk_buf *out, const char *source, long loop,
                           bool uninterruptible);
/* DESK_EINVAL: not one or more of 0-9 w # *; nothing was appended. */
DESK_MUST enum desk_rc desk_relay_build_digits(struct desk_buf *out, const char *digits);
/* NULL or "" leaves that side as it is. */
void desk_relay_build_language(struct desk_buf *out, const char *tts, const char *transcription);
/* handoff: text Twilio hands to the <Connect> action as HandoffData; NULL = none. */
void desk_relay_build_end(struct desk_buf *out, const char *handoff);

/* ---- the other side, for the simulator and tests ------------------------------------------------
 */
struct desk_relay_setup {
    const char *session_id, *account_sid, *call_sid, *from, *to, *direction;
    const char *const *params; /* name, value, …; ended by NULL; may be NULL */
};
void desk_relay_build_setup(struct desk_buf *out, const struct desk_relay_setup *s);
void desk_relay_build_prompt(struct desk_buf *out, const char *text, const char *lang, bool last);
void desk_relay_build_interrupt(struct desk_buf *out, const char *utterance, int64_t ms);
void desk_relay_build_dtmf(struct desk_buf *out, char digit);
void desk_relay_build_error(struct desk_buf *out, const char *description);
void desk_relay_build_info(struct desk_buf *out, const char *name, const char *value);

#endif
