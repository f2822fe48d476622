/* How pages say times, lengths, money and numbers (en-US): one function for each, so a thing reads
 * the same everywhere. Each writes at most n bytes with NUL and returns out. Pure, never blocks.
 * tz NULL = UTC. */
#ifndef DESK_CGI_WORDS_H
#define DESK_CGI_WORDS_H

#include "base/tz.h"

#include <stddef.h>
#include <stdint.h>

/* "Today 1:52 pm", "Yesterday 7:40 pm", "Wed 18 Nov 9:05 am", and with the year when it is another
 * one: "Wed 31 Dec 2025 9:05 am". */
const char *desk_words_when(char *out, size_t n, const struct desk_tz *tz, int64_t now_ms,
                            int64_t at_ms);

/* Heading of a day: "Today", "Yesterday", "Wednesday 18 November", "… 2025". */
const char *desk_words_day(char *out, size_t n, const struct desk_tz *tz, int64_t now_ms,
                           int64_t at_ms);

/* The day in a sentence: "today", "yesterday", "3 Nov", "16 Oct 2025". */
const char *desk_words_date(char *out, size_t n, const struct desk_tz *tz, int64_t now_ms,
                            int64_t at_ms);

/* In a sentence: "just now", "6 min ago"; from an hour on like desk_words_when. */
const char *desk_words_ago(char *out, size_t n, const struct desk_tz *tz, int64_t now_ms,
                           int64_t at_ms);

/* With seconds: "1:52:04 pm". */
const char *desk_words_clock(char *out, size_t n, const struct desk_tz *tz, int64_t at_ms);

/* Length: "20 s", "2 min 12 s", "1 h 5 min". Under a second is "under 1 s". */
const char *desk_words_dur(char *out, size_t n, int64_t ms);

/* How long a look-up took: "0.4 s"; from ten seconds on like desk_words_dur. */
const char *desk_words_took(char *out, size_t n, int64_t ms);

/* Place in a conversation: "1:18". */
const char *desk_words_mark(char *out, size_t n, int64_t ms);

/* Millionths of a dollar: "$0.31", "$1,204.50", "less than 1¢", "$0.00". */
const char *desk_words_money(char *out, size_t n, int64_t micros);

/* "first", "2nd", "3rd", "11th", "21st". */
const char *desk_words_nth(char *out, size_t n, int64_t i);

/* "1 call", "2 calls", "1,204 calls". */
const char *desk_words_count(char *out, size_t n, int64_t i, const char *one, const char *many);

/* What people call the zone: "Eastern time", "London time". And whether its clocks change on the
 * day of at_ms. */
const char *desk_words_zone(char *out, size_t n, const struct desk_tz *tz);
int desk_words_clocks_change(const struct desk_tz *tz, int64_t at_ms); /* 0, or seconds forward */

/* First word of a name for "Call Dana", at most 16 characters; never cuts a character. */
const char *desk_words_first_name(char *out, size_t n, const char *name);

#endif
