/* What we have sent to be spoken by Twilio, and how much of it the caller has heard. Pure: no
 * socket, no clock of its own (monotonic ms are given).
 *
 * What is known, from best to worst: an interruption tells the words that were spoken; `info`
 * messages tell the words played and when Twilio's voice begins and ends; else a reading speed,
 * taken slow, so that last words are not cut. */
#ifndef BRIDGE_RELAY_SPEECH_H
#define BRIDGE_RELAY_SPEECH_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPEECH_SAYINGS   8  /* kept at a time */
#define SPEECH_CHAR_MS   70 /* a slow voice: 14 characters a second */
#define SPEECH_START_MS  400
#define SPEECH_SPARE_MS  1500  /* beyond the reading speed, while Twilio tells us nothing else */
#define SPEECH_LATE_MS   6000  /* and while it says that it still speaks */
#define SPEECH_NEW_MS    1000  /* sent so short ago: words that come now were spoken before it */
#define SPEECH_RECENT_MS 30000 /* an interruption may still be about what we thought was over */

/* One answer of ours. */
struct saying {
    uint32_t number; /* 1, 2, … in this call; 0 = free */
    struct desk_buf words;
    bool whole;               /* no more pieces come */
    bool written;             /* the user's: its turn is stored */
    bool over;                /* heard to its end, or cut */
    size_t played;            /* bytes known to have been played */
    int64_t first_ms;         /* its first piece was sent */
    int64_t begin_ms, end_ms; /* when it is spoken, as far as is known */
};

struct speech {
    struct saying items[SPEECH_SAYINGS]; /* oldest first */
    size_t n;
    uint32_t number;
    bool told;     /* Twilio sends `info` */
    bool speaking; /* it says that it speaks */
    int64_t on_ms, off_ms;
    int64_t silent_ms; /* since when all is spoken */
};

void speech_init(struct speech *s, int64_t now);
void speech_clear(struct speech *s);

/* One piece to be spoken. The saying it belongs to; NULL: no memory, or longer than a turn may be
 * (then the piece must not be sent). */
struct saying *speech_say(struct speech *s, const char *piece, bool last, int64_t now);

/* Twilio's voice begins or ends. */
void speech_voice(struct speech *s, bool on, int64_t now);
/* These words have been played. */
void speech_played(struct speech *s, const char *words);

/* The caller speaks, and has not interrupted: Twilio reports words only when it is silent itself,
 * so what was sent (not only just now) has been spoken. */
void speech_answered(struct speech *s, int64_t now);

/* 0: all is spoken. Else ask again in so many ms at the latest. */
int64_t speech_rest_ms(struct speech *s, int64_t now);

/* A saying was cut: of its words the first heard bytes were heard, until end_ms. */
typedef void speech_cut_fn(void *ctx, const struct saying *s, size_t heard, int64_t end_ms);

/* The caller has interrupted, when utterance had been spoken (ms: how long it took, 0 = not told).
 * All that was still to be spoken is dropped by Twilio. Tells every saying that was not heard to
 * its end; returns how many. */
size_t speech_interrupt(struct speech *s, const char *utterance, int64_t ms, int64_t now,
                        speech_cut_fn *cut, void *ctx);

/* The line is gone: cut what was being spoken at what is known of it. */
size_t speech_give_up(struct speech *s, int64_t now, speech_cut_fn *cut, void *ctx);

#endif
