/* Times and opening hours as a person types and reads them: "8 am to 12 pm, 1 pm to 5 pm". For the
 * forms of the settings pages; profiles keep "08:00". Pure. */
#ifndef DESK_CORE_HOURS_WORDS_H
#define DESK_CORE_HOURS_WORDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* "8", "8:30", "8.30 pm", "noon", "midnight", "20:00" → minutes since midnight, midnight as the end
 * of the day (1440) only as "24:00" or "midnight". -1: none of these. */
int desk_clock_words(const char *text);

/* Minutes → "8:30 am", "12:00 pm"; 1440 is "midnight". Returns out. */
const char *desk_clock_say(char *out, size_t n, int minutes);

/* "8 to 12, 1 to 5" → [["08:00","12:00"],["13:00","17:00"]], a new reference: a time without am or
 * pm that would lie before the one left of it is one of the afternoon. "" and "closed" are [].
 * NULL: why (n bytes) says what is not understood, as the end of a sentence. */
json_t *desk_spans_read(const char *text, char *why, size_t n);

/* And back: "8:00 am to 12:00 pm, 1:00 pm to 5:00 pm"; "" for none. Returns out. */
const char *desk_spans_say(char *out, size_t n, const json_t *spans);

#endif
