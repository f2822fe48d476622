/* What a call costs: what its models and its telephone line counted, by a table of prices that each
 * hold from a day on. Money is whole billionths of a dollar (nanos): a cached token of the cheapest
 * model costs ten. Pure. */
#ifndef DESK_CORE_PRICE_H
#define DESK_CORE_PRICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum desk_price_unit {
    DESK_UNIT_TEXT_IN, /* a token */
    DESK_UNIT_TEXT_CACHED,
    DESK_UNIT_TEXT_OUT,
    DESK_UNIT_AUDIO_IN,
    DESK_UNIT_AUDIO_CACHED,
    DESK_UNIT_AUDIO_OUT,
    DESK_UNIT_MINUTE,        /* of sound written down: by the millisecond */
    DESK_UNIT_MINUTE_IN,     /* of a call that came in: each begun minute is a whole one */
    DESK_UNIT_MINUTE_OUT,    /* … that was made */
    DESK_UNIT_MINUTE_STREAM, /* … whose sound went to us */
    DESK_UNIT_MINUTE_RELAY,  /* … that Twilio heard and spoke for us */
    DESK_UNIT_MINUTE_RECORD, /* … that Twilio recorded */
    DESK_UNIT_SEGMENT_IN,    /* of a text that came in: each one (wire/gsm7.h) */
    DESK_UNIT_SEGMENT_OUT,   /* … that was sent */
    DESK_UNIT__MAX
};
/* "text_in", …, "segment_out"; never NULL. */
const char *desk_price_unit_name(enum desk_price_unit u);
enum desk_price_unit desk_price_unit_parse(const char *name); /* DESK_UNIT__MAX: none */
bool desk_price_unit_timed(enum desk_price_unit u);           /* counted in ms, priced by minutes */
bool desk_price_unit_each(enum desk_price_unit u); /* priced one by one; else by the million */

struct desk_price_row {
    const char *model, *unit; /* unit by name */
    const char *from_day;     /* "2026-11-20": they compare as texts */
    int64_t nanos;
    bool own; /* of this business: goes before one of all */
};

/* The price of that day: the latest that holds, or the first there ever was. A model is known by
 * its name or by one that is longer by a version ("gpt-6-luna-2026-09-01"); the longest name goes
 * first. A cached token without a price of its own costs what others do. NULL: it has none. */
const struct desk_price_row *desk_price_find(const struct desk_price_row *rows, size_t n,
                                             const char *model, enum desk_price_unit unit,
                                             const char *day);

/* What is to be paid for: tokens, or milliseconds of units that are timed. */
struct desk_cost_item {
    const char *model;
    int64_t amount[DESK_UNIT__MAX];
};
/* *nanos: as far as prices are known. False: something of it has none. */
bool desk_cost_of(const struct desk_price_row *rows, size_t n, const struct desk_cost_item *item,
                  const char *day, int64_t *nanos);

/* "$0.042", "$12.30", "nothing", "less than $0.001". Returns out. */
const char *desk_cost_say(char out[32], int64_t nanos);

/* A price as people write it, "0.40": dollars for a million tokens, for a minute, for a
 * segment. False: it is none
 * (or more than 100,000). */
bool desk_price_parse(const char *text, enum desk_price_unit unit, int64_t *nanos);
/* The other way: "0.4" for a million tokens, for a minute. Returns out. */
const char *desk_price_say(char out[32], enum desk_price_unit unit, int64_t nanos);

#endif
