/* Recordings at Twilio: their sound, and their end; and pictures of texts that came in (API
 * 2010-04-01, facts/twilio.md 1.7, 1.12 and 6), as
 * a struct of functions: the real one is desk_twilio_media_rest.
 *
 * Blocking, FETCH_MS at most: for the worker's threads. Addresses are made of the account and the
 * SIDs, never taken from a webhook; a redirect to another host gets no password. Both may be
 * repeated: reading changes nothing, and what is deleted stays so. Account and token are in no log
 * and no result. */
#ifndef DESK_OUT_TWILIO_MEDIA_H
#define DESK_OUT_TWILIO_MEDIA_H

#include "out/twilio.h"

#include <stdbool.h>
#include <stddef.h>

/* Where a sound goes. */
struct desk_twilio_sink {
    bool (*data)(void *ctx, const char *p, size_t n); /* the next bytes; false gives up */
    bool (*stop)(void *ctx); /* asked about once a second; true: again another time. NULL = never */
    void *ctx;
};

struct desk_twilio_media {
    /* GET …/Recordings/RE….wav: its bytes go to the sink as they come. Always fills
     * *r: SENT (all of it came), AGAIN (not reached, cut off, 429, 5xx, 404: it may not be there
     * yet), FAILED (account and token do not fit, or what came is no sound), or UNKNOWN, which only
     * means that data() gave up: the caller knows why. */
    void (*fetch)(const struct desk_twilio_account *account, const char *sid,
                  const struct desk_twilio_sink *to, struct desk_outbox_result *r);
    /* DELETE …/Recordings/RE….json. SENT: it is gone, or was. */
    void (*erase)(const struct desk_twilio_account *account, const char *sid,
                  struct desk_outbox_result *r);
    /* GET …/Messages/SM…/Media/ME…: as fetch(), of whatever type it is. */
    void (*picture)(const struct desk_twilio_account *account, const char *message_sid,
                    const char *sid, const struct desk_twilio_sink *to,
                    struct desk_outbox_result *r);
};

extern const struct desk_twilio_media desk_twilio_media_rest;

#endif
