#include "core/text_words.h"
#include "base/buf.h"
#include "core/phone.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#define COUNT(a)     (sizeof(a) / sizeof *(a))
#define DIGITS_LEAST 7 /* spoken one by one: a telephone number */
#define DIGITS_MOST  15

/* Longer ones before those that are a part of them. */
static const struct {
    const char *spoken, *written;
} phrases[] = {
    {"Press 1 for yes, 2 for no.", "Please reply yes or no."},
    {"Say yes or no, or press 1 or 2.", "Please reply yes or no."},
    {"Please say your name, or press any key to go on.", "Please write your name."},
    {"Please say your number one digit at a time, or key it in.",
     "Please write the number with its area code."},
    {"Say it, or key it in and press hash.", "Please write it with its area code."},
    {"Please key in your number with the area code, then press hash.",
     "Please write the number with its area code."},
    {"Key in the five digits of the ZIP code, or press 1 to go on.",
     "Please write the five digits of the ZIP code, or 1 to go on."},
    {"Please key in the five digits of the ZIP code of the address.",
     "Please write the five digits of the ZIP code of the address."},
    {"Say it in a few words, or press any key to go on.", "Please write it in a few words."},
    {"Please say the number of the house", "Please write the number of the house"},
    {"Say its day and time, like Thursday at ten. Or say skip.",
     "Please write its day and time, like Thursday at ten. Or write skip."},
    {"Say a day, like tomorrow morning. Or press 1 for",
     "Write a day, like tomorrow morning. Or 1 for"},
    {"Say a day, or as soon as possible.", "Write a day, or: as soon as possible."},
    {"Or say as soon as possible.", "Or write: as soon as possible."},
    {"Please say it again with", "Please write it again with"},
    {"Please leave your message after the tone.", "Please write your message."},
    {"or speak to someone.", "or ask for a call."},
    {"hang up and call", "call"},
    {"Thank you for calling", "Thank you for writing to"},
    {"I did not hear a message.", "There was no message."},
    {"Please call again.", "Please write again."},
    {"I cannot hear you.", "Sorry, I did not get that."},
    {"One moment, please.", ""},
    {" Goodbye.", ""},
    {"You can say:", "For example:"},
    {" press ", " write "},
    {"Press ", "Write "},
};

/* ---- numbers --------------------------------------------------------------------------------- */

/* Digits one by one from p on, "4 1 5, 5 5 5": how many bytes they take, 0 = none are there. */
static size_t spelled(const char *p, char digits[DIGITS_MOST + 1])
{
    size_t at = 0, n = 0, end = 0;
    while (isdigit((unsigned char)p[at]) && !isdigit((unsigned char)p[at + 1]) && n < DIGITS_MOST) {
        digits[n++] = p[at++];
        end = at;
        at += p[at] == ',';
        if (p[at] != ' ')
            break;
        at++;
    }
    digits[n] = '\0';
    return n >= DIGITS_LEAST ? end : 0;
}

static void put_number(struct desk_buf *out, const char *digits)
{
    char e164[DESK_PHONE_LEN], shown[40];
    const char *text = desk_phone_parse(digits, "US", e164) == DESK_PHONE_OK
                           ? desk_phone_national(shown, sizeof shown, e164)
                           : digits;
    for (const char *p = text; *p; p++)
        if (strncmp(p, "\xc2\xa0", 2) != 0)
            desk_buf_chr(out, *p);
        else if (*p++) /* a space that does not break is not in the GSM alphabet */
            desk_buf_chr(out, ' ');
}

/* ---- words ----------------------------------------------------------------------------------- */

/* The phrase that begins there; -1 = none. */
static int phrase_at(const char *p)
{
    for (size_t i = 0; i < COUNT(phrases); i++)
        if (strncmp(p, phrases[i].spoken, strlen(phrases[i].spoken)) == 0)
            return (int)i;
    return -1;
}

static size_t put_next(struct desk_buf *out, const char *text, const char *p)
{
    char digits[DIGITS_MOST + 1];
    bool begins = p == text || !isalnum((unsigned char)p[-1]);
    size_t n = begins ? spelled(p, digits) : 0;
    int i = n ? -1 : phrase_at(p);
    if (n) {
        put_number(out, digits);
        return n;
    }
    if (i >= 0) {
        desk_buf_str(out, phrases[i].written);
        return strlen(phrases[i].spoken);
    }
    desk_buf_chr(out, *p);
    return 1;
}

const char *desk_text_written(struct desk_arena *a, const char *spoken)
{
    struct desk_buf out;
    desk_buf_init(&out, 2 * strlen(spoken) + 256);
    for (const char *p = spoken; *p;)
        p += put_next(&out, spoken, p);
    const char *text = desk_buf_ok(&out) ? desk_buf_cstr(&out) : NULL;
    text = text ? desk_arena_strdup(a, text + strspn(text, " ")) : NULL;
    desk_buf_clear(&out);
    return text;
}

/* ---- what they write ------------------------------------------------------------------------- */

/* The text without marks and with one space between its words, in small letters; false = longer
 * than any word that is looked for. */
static bool plain(const char *text, char *out, size_t n)
{
    size_t at = 0;
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        bool letter = isalnum(*p) || *p > 127;
        if (!letter && *p != '\'' && at && out[at - 1] != ' ')
            out[at++] = ' ';
        if (letter)
            out[at++] = (char)tolower(*p);
        if (at + 1 >= n)
            return false;
    }
    while (at && out[at - 1] == ' ')
        at--;
    out[at] = '\0';
    return true;
}

bool desk_text_is_one_of(const char *text, const char *const *words, size_t n)
{
    char said[40];
    if (!plain(text, said, sizeof said))
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(said, words[i]) == 0)
            return true;
    return false;
}

bool desk_text_is_thanks(const char *text)
{
    static const char *const words[] = {"thanks",
                                        "thank you",
                                        "thank you so much",
                                        "thanks a lot",
                                        "many thanks",
                                        "thx",
                                        "ty",
                                        "ok thanks",
                                        "ok thank you",
                                        "great thanks",
                                        "ok",
                                        "okay",
                                        "k",
                                        "great",
                                        "perfect",
                                        "bye",
                                        "goodbye",
                                        "sounds good",
                                        "got it",
                                        "will do",
                                        "\xf0\x9f\x91\x8d",
                                        "\xf0\x9f\x99\x8f"};
    return desk_text_is_one_of(text, words, COUNT(words));
}

const char *desk_text_meant(const char *text, const char *asked)
{
    bool more = asked && strcasestr(asked, "anything else");
    return more && desk_text_is_thanks(text) ? "No, thank you." : text;
}

bool desk_text_asks_us(const char *text)
{
    static const char *const first[] = {
        "how",      "what",        "what's",  "who",    "when",     "which",        "any",
        "do",       "did",         "is",      "are",    "was",      "were",         "show",
        "list",     "read",        "give",    "calls",  "call",     "callbacks",    "messages",
        "schedule", "calendar",    "summary", "today",  "tomorrow", "appointments", "help",
        "repeat",   "emergencies", "urgent",  "missed", "new",      "open"};
    size_t n = 0;
    while (*text && (unsigned char)*text <= ' ')
        text++;
    if (strspn(text, "0123456789*#") && !text[strspn(text, "0123456789*# ")])
        return true;
    while (text[n] && strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'", text[n]))
        n++;
    for (size_t i = 0; n && i < sizeof first / sizeof *first; i++)
        if (strlen(first[i]) == n && strncasecmp(text, first[i], n) == 0)
            return true;
    return false;
}
