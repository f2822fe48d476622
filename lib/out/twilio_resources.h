/* Resources of a Twilio account that are kept rather than sent: numbers and TwiML applications
 * (API 2010-04-01, facts/twilio.md 6.5), as a struct of functions: the real one is
 * desk_twilio_resources_rest.
 *
 * For a person at a terminal: blocking, waits out 429 (Retry-After, 30 s at most) and repeats what
 * had no answer, four times in all. Reading and updating may be repeated by their nature; making
 * something is repeated only when Twilio surely has not taken it, else it is unsure and the caller
 * looks whether it is there. Account and token are in no log and no result. */
#ifndef DESK_OUT_TWILIO_RESOURCES_H
#define DESK_OUT_TWILIO_RESOURCES_H

#include "base/buf.h"
#include "base/err.h"
#include "out/twilio.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct desk_twilio_result {
    json_t *body; /* list: an array of resources; else the resource. To be given to json_decref() */
    int status;   /* HTTP; 0 = no answer */
    int64_t code; /* Twilio's error code, 0 = none */
    int64_t date; /* the answer's, UTC seconds; 0 = none */
    bool unsure;  /* create: it may be there */
    char why[400]; /* a sentence, "" when it went well */
};

/* All fill *r whatever the result. DESK_EAUTH: account and token do not fit. DESK_ENOTFOUND.
 * DESK_EINVAL: Twilio refused. DESK_EBUSY: it asked us to wait, to the end. DESK_EUPSTREAM: no
 * answer, or one that cannot be read. */
struct desk_twilio_resources {
    /* what: "IncomingPhoneNumbers", "Applications"; query: "FriendlyName=x&…", encoded, or NULL.
     * All pages, unless most is reached (0 = all). */
    enum desk_rc (*list)(const struct desk_twilio_account *a, const char *what, const char *query,
                         size_t most, struct desk_twilio_result *r);
    enum desk_rc (*create)(const struct desk_twilio_account *a, const char *what,
                           const struct desk_buf *form, struct desk_twilio_result *r);
    enum desk_rc (*update)(const struct desk_twilio_account *a, const char *what, const char *sid,
                           const struct desk_buf *form, struct desk_twilio_result *r);
};

extern const struct desk_twilio_resources desk_twilio_resources_rest;

#endif
