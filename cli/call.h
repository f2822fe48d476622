/* The phone simulator: plays Twilio and a caller against a receptionist on loopback.
 *
 * One desk_sim_call() is one phone call from ringing to hung up, in the calling thread. It posts
 * the signed webhooks, follows the TwiML it is given, and speaks Media Streams in real time.
 * Protocol: Twilio's documents on voice webhooks, TwiML and Media Streams; what they leave open is
 * said where it is decided. `frontdesk call` is a thin shell over this; `frontdesk demo` drives it
 * too. */
#ifndef CLI_CALL_H
#define CLI_CALL_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* ---- what the caller does -------------------------------------------------------------------- */

enum desk_sim_step_kind {
    DESK_SIM_SAY,       /* speak text */
    DESK_SIM_AUDIO,     /* play a sound file */
    DESK_SIM_PRESS,     /* keys: 0-9 * # A-D, w = half a second, W = a second */
    DESK_SIM_WAIT,      /* until the receptionist has finished (implied by the three above) */
    DESK_SIM_INTERRUPT, /* the next line begins ms after the receptionist began to speak */
    DESK_SIM_SILENCE,   /* say nothing for ms */
    DESK_SIM_HANGUP,
    DESK_SIM_EXPECT, /* the call fails unless the receptionist speaks within ms */
    DESK_SIM_STEP__MAX
};

struct desk_sim_script; /* read-only once rendered; many calls may share one */

struct desk_sim_script *desk_sim_script_new(void); /* NULL: no memory */
void desk_sim_script_free(struct desk_sim_script *s);

/* Append one step. text: words, path or keys (NULL where the kind takes none); ms: see the kinds.
 * On failure (DESK_EINVAL, DESK_ELIMIT, DESK_ENOMEM) why says what is wrong. */
DESK_MUST enum desk_rc desk_sim_script_add(struct desk_sim_script *s, enum desk_sim_step_kind kind,
                                           const char *text, long ms, char *why, size_t n);

/* Append the steps of a script file (its language: top of call_script.c, or `frontdesk help call`).
 * why names the line. */
DESK_MUST enum desk_rc desk_sim_script_read(struct desk_sim_script *s, const char *path, char *why,
                                            size_t n);

/* Turn every line into sound, once, before calls use the script. Takes about 10 ms per spoken
 * second. */
DESK_MUST enum desk_rc desk_sim_script_render(struct desk_sim_script *s, char *why, size_t n);

/* ---- one call -------------------------------------------------------------------------------- */

/* Something that happened. Pointers are valid during the hook only. */
struct desk_sim_event {
    long t_ms;       /* since the call began */
    const char *who; /* "caller", "receptionist", "twilio", "callee" (the one that is dialled) */
    const char
        *kind; /* "say", "webhook", "speech-start", "clear", "end" …: `frontdesk help call` */
    const char *text;     /* for a person; never NULL */
    const char *call_sid; /* CA… */
    long value;           /* a time in ms, a count or a code belonging to kind; -1 = none */
};

struct desk_sim_options {
    const char *to, *from;
    const char *url;           /* base, http(s):// on loopback, no trailing slash */
    const char *public_url;    /* base as Twilio knows it: what is signed. NULL = url */
    const char *path;          /* first webhook */
    const char *fallback_path; /* asked once when a document cannot be had or run; NULL = none */
    const char *status_path;   /* status callback; NULL = none */
    const char *account_sid;   /* AC… */
    const char *token;         /* signs; "" sends no signature */
    const char *stir;          /* StirVerstat, NULL = not sent */
    const char *ca_file; /* https: certificate authorities to trust (PEM); NULL = the system's */
    bool insecure;       /* https: whatever certificate */
    const struct desk_sim_script *script; /* rendered; NULL = a caller who only listens */

    bool text;          /* lines answer <Gather> as words at once, without audio */
    bool fast;          /* <Say>, <Pause> and ringing take no time */
    bool withheld;      /* hide the caller's number */
    bool status_events; /* also initiated, ringing and answered callbacks */

    const char *dial_result; /* what <Dial> meets: answered busy no-answer failed canceled */
    const char *dial_keys;   /* what the one who is dialled presses when asked; NULL = 1 */
    long
        dial_ring_ms; /* how long it rings first; -1 = till <Dial timeout> if no answer, else 2 s */
    long dial_talk_ms; /* talk when answered */
    long record_ms;    /* length of a <Record>; 0 = as long as the caller's lines are */

    const char *record;   /* WAV file to write, left caller, right receptionist; NULL = none */
    long max_ms;          /* whole call; reaching it is a failure */
    long hangup_after_ms; /* the caller hangs up then; 0 = no */
    long finish_ms;       /* quiet that tells "she has finished" */
    long linger_ms;       /* quiet after the last line before the caller hangs up */
    long patience_ms;     /* quiet a caller bears before going on with the next line */

    void (*on_event)(void *ctx, const struct desk_sim_event *ev); /* from the call's thread */
    void *ctx;                                                    /* for on_event */
    bool (*stop)(void *ctx); /* asked often; true: the caller hangs up now. NULL = never */
    void *stop_ctx;
};

/* Everything a default that makes sense; to, from, url, token and script stay NULL or "". */
void desk_sim_options_init(struct desk_sim_options *o);

enum desk_sim_end {
    DESK_SIM_END_NONE,
    DESK_SIM_END_RECEPTIONIST, /* <Hangup>, or nothing left to do */
    DESK_SIM_END_CALLER,       /* script, --hangup-after or after lingering */
    DESK_SIM_END_REJECTED,     /* <Reject> */
    DESK_SIM_END_STOPPED,      /* stop() */
    DESK_SIM_END_SILENT,       /* expect-audio not met */
    DESK_SIM_END_TIMEOUT,      /* max_ms */
    DESK_SIM_END_ERROR,        /* no document, loop, refused */
    DESK_SIM_END__MAX
};

struct desk_sim_result {
    char call_sid[35];
    bool answered; /* Twilio would bill it */
    bool ok;       /* ended properly and without the fallback */
    bool fallback; /* the fallback document was needed */
    enum desk_sim_end end;
    char why[200];       /* end in words */
    int error;           /* last Twilio error code (11200, 12100, 31902 …), 0 = none */
    int warnings;        /* TwiML that Twilio would warn about */
    int documents;       /* TwiML documents fetched */
    long duration_ms;    /* from the first webhook */
    long webhook_ms;     /* time of the first webhook, -1 = none */
    long heard_ms;       /* call start → first thing the caller hears, -1 = nothing */
    long first_audio_ms; /* stream start → first media, -1 = none */
    long barge_in_ms;    /* slowest: caller's voice while she talks → clear, -1 = none */
    int barge_ins;       /* answered by a clear */
    int streams, stream_errors;
    int marks, clears;
    int gaps;         /* holes of 40 ms or more inside her speech */
    long gap_ms;      /* all of them together */
    long unplayed_ms; /* audio thrown away because the stream was closed before it was heard */
    long bytes_in, bytes_out; /* audio of the receptionist and the caller */
};

/* Place the call and stay until it is over. Only DESK_EINVAL (options: reason in result->why) and
 * DESK_ENOMEM are failures of the simulator itself; how the call went is in result. Any thread;
 * any number at once. */
DESK_MUST enum desk_rc desk_sim_call(const struct desk_sim_options *o,
                                     struct desk_sim_result *result);

/* Word for an end ("receptionist", "caller", …). Never NULL. */
const char *desk_sim_end_name(enum desk_sim_end end);

#endif
