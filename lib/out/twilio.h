/* Twilio's REST service (API 2010-04-01, facts/twilio.md 6), as a struct of functions: the real one
 * is desk_twilio_rest, tests put their own in its place.
 *
 * Blocking, 15 s at most: for the worker's threads. Nothing is repeated here and nothing by
 * libcurl: whether a request may go again is what the result says. A request that makes something
 * (a message, a call) and got no clear answer is UNKNOWN: Twilio has no key by which a repeat would
 * be known, so it may not be sent again. Account and token are in no log and no result. */
#ifndef DESK_OUT_TWILIO_H
#define DESK_OUT_TWILIO_H

#include "store/outbox.h"

#include <stdbool.h>
#include <stdint.h>

struct desk_twilio_account {
    const char *base_url; /* TWILIO_API_URL: no slash at the end needed */
    const char *sid;      /* AC… */
    const char *token;
};

struct desk_twilio_message {
    const char *to, *from;       /* E.164 */
    const char *body;            /* UTF-8, at most 1600 characters */
    const char *status_callback; /* absolute URL that gets reports, or NULL */
};

struct desk_twilio_call {
    const char *to, *from;       /* E.164 */
    const char *url;             /* asked for what is said, once somebody answers */
    const char *status_callback; /* gets the call's end */
    int ring_s;                  /* how long it rings */
    int most_s;                  /* and how long the whole call may last; 0 = Twilio's most */
    /* Who answered, a person or a machine, is told to that URL while the call goes on (AsyncAmd);
     * NULL = not asked for. to_beep: of a machine only once its greeting is over. */
    const char *machine_callback;
    bool to_beep;
};

enum desk_twilio_found {
    DESK_TWILIO_FOUND,       /* it was taken: remote_id and remote_state are set */
    DESK_TWILIO_NOT_THERE,   /* it was surely not */
    DESK_TWILIO_NOT_NOW,     /* could not be asked; later perhaps (wait_ms) */
    DESK_TWILIO_CANNOT_TELL, /* and asking again would not help */
};

struct desk_twilio {
    /* POST …/Messages.json. Always fills *r: SENT with remote_id (SM…) and remote_state; AGAIN when
     * Twilio surely has not taken it (no connection, 429: wait_ms is its Retry-After); REFUSED or
     * FAILED for Twilio's 4xx, with code and words; UNKNOWN for 5xx, a lost or late reply and one
     * that cannot be read. */
    void (*message)(const struct desk_twilio_account *account,
                    const struct desk_twilio_message *message, struct desk_outbox_result *r);
    /* POST …/Calls.json; *r as for a message, with remote_id CA…. May be NULL in tests. */
    void (*call)(const struct desk_twilio_account *account, const struct desk_twilio_call *call,
                 struct desk_outbox_result *r);
    /* POST …/Calls/CA….json: leave what that call is at, and ask url for what follows. *r as for a
     * message; once more does no harm. A call that is over is REFUSED. May be NULL in tests. */
    void (*steer)(const struct desk_twilio_account *account, const char *call_sid, const char *url,
                  struct desk_outbox_result *r);
    /* Was such a message taken since that time (UTC ms by our clock; five minutes of difference
     * are allowed for)? GET …/Messages.json of that To and From, the newest fifty; the body must be
     * the same, and known(ctx, sid) false: it is none that we know of. Always fills *r. */
    enum desk_twilio_found (*find)(const struct desk_twilio_account *account,
                                   const struct desk_twilio_message *message, int64_t since,
                                   bool (*known)(void *ctx, const char *sid), void *ctx,
                                   struct desk_outbox_result *r);
};

extern const struct desk_twilio desk_twilio_rest;

#endif
