/* Telephone numbers: from what carriers, people and speech recognisers write to E.164, and back to
 * what people read and hear. Rules, not a numbering database: NANP is checked in full, other
 * countries by length. Pure, thread-safe, never blocks. */
#ifndef DESK_CORE_PHONE_H
#define DESK_CORE_PHONE_H

#include <stdbool.h>
#include <stddef.h>

#define DESK_PHONE_LEN 17 /* '+', 15 digits, NUL */

enum desk_phone_rc {
    DESK_PHONE_OK,
    DESK_PHONE_WITHHELD, /* no number: no memory, no text back, no exception may be built on it */
    DESK_PHONE_INVALID   /* not a number we could call, or more than one reading */
};

/* Written number → E.164 in out ("" unless OK). default_country: "US", "CA", "GB" … for numbers
 * without a country code; NULL or unknown = "US". Takes spaces, dots, dashes, brackets, full-width
 * digits, tel: and sip: forms, an extension ("ext 12", "x12", ";ext=12": split off). Letters among
 * the digits, short codes, premium (+1 900) and impossible NANP numbers are INVALID. input NULL
 * counts as "". */
enum desk_phone_rc desk_phone_parse(const char *input, const char *default_country,
                                    char out[DESK_PHONE_LEN]);

/* The same, and the extension's digits into ext (n bytes, "" if none). */
enum desk_phone_rc desk_phone_parse_ext(const char *input, const char *default_country,
                                        char out[DESK_PHONE_LEN], char *ext, size_t n);

/* From text a person said or typed in a sentence: a written number, or number words. INVALID when
 * there is none or two readings are possible (then ask). */
enum desk_phone_rc desk_phone_heard(const char *text, const char *default_country,
                                    char out[DESK_PHONE_LEN]);

/* Caller id that stands for "no number": empty, "anonymous", "unknown" …, and the words as keypad
 * digits, with or without '+' where that is not a real number. */
bool desk_phone_is_withheld(const char *input);

/* May a text be sent to it? Whole E.164, and not a toll-free number of North America: nobody reads
 * a text there. Whether it is a mobile phone only the carrier knows. */
bool desk_phone_can_text(const char *e164);

/* "+14155550134" → "(415) 555-0134" with a no-break space (U+00A0); "+442079460123" →
 * "+44 20 7946 0123"; others "+49 30 901 820". Not E.164: copied as it is. Returns out. */
const char *desk_phone_national(char *out, size_t n, const char *e164);

/* The same with usual spaces: for a text, which one such character would make twice as dear. */
const char *desk_phone_plain(char *out, size_t n, const char *e164);

/* For a voice: "+14155550134" → "4 1 5, 5 5 5, 0 1 3 4"; others with the country code, in groups.
 * Returns out. */
const char *desk_phone_spoken(char *out, size_t n, const char *e164);

/* Digits in spoken words: "four one five double five oh one" → "4155501"; "eight hundred",
 * "fifteen", "triple". Into out (n bytes with NUL). Returns the number of digits, 0 when there are
 * none, when they do not fit, or when the words offer a choice ("or maybe"). Words that are no
 * numbers end a run; the longest run is taken. */
size_t desk_phone_from_words(const char *text, char *out, size_t n);

#endif
