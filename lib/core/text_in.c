#include "core/text_in.h"
#include "core/text_words.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const names[DESK_TEXT__MAX] = {
    [DESK_TEXT_TALK] = "talk",
    [DESK_TEXT_STOP] = "stop",
    [DESK_TEXT_START] = "start",
    [DESK_TEXT_HELP] = "help",
    [DESK_TEXT_CONFIRM] = "confirm",
    [DESK_TEXT_ASK_OFF] = "ask_off",
    [DESK_TEXT_OFF] = "off",
    [DESK_TEXT_KEEP] = "keep",
    [DESK_TEXT_OWNER] = "owner",
    [DESK_TEXT_PASS_ON] = "pass_on",
    [DESK_TEXT_BY_HAND] = "by_hand",
    [DESK_TEXT_PICTURES] = "pictures",
    [DESK_TEXT_SPANISH] = "spanish",
    [DESK_TEXT_CLOSING] = "closing",
    [DESK_TEXT_OPTED_OUT] = "opted_out",
    [DESK_TEXT_BLOCKED] = "blocked",
    [DESK_TEXT_SPAM] = "spam",
    [DESK_TEXT_MACHINE] = "machine",
    [DESK_TEXT_FLOOD] = "flood",
};

const char *desk_text_made_name(enum desk_text_made m)
{
    return (unsigned)m < DESK_TEXT__MAX ? names[m] : names[DESK_TEXT_TALK];
}

bool desk_text_scanned(enum desk_text_made m)
{
    return m != DESK_TEXT_OWNER && m != DESK_TEXT_BLOCKED && m != DESK_TEXT_MACHINE &&
           m != DESK_TEXT_FLOOD;
}

/* ---- words ----------------------------------------------------------------------------------- */

static bool says_yes(const char *text)
{
    static const char *const words[] = {"y",         "yes", "yes please", "1",    "confirm",
                                        "confirmed", "ok",  "yep",        "yeah", "correct"};
    return desk_text_is_one_of(text, words, COUNT(words));
}

static bool says_no(const char *text)
{
    static const char *const words[] = {"n", "no", "no thanks", "no thank you", "keep it", "nope"};
    return desk_text_is_one_of(text, words, COUNT(words));
}

/* The letter that our texts of a visit ask for, and what people write in its place. */
static bool says_off(const char *text)
{
    static const char *const words[] = {
        "c", "cancel", "cancel it", "cancel please", "please cancel", "cancel my appointment"};
    return desk_text_is_one_of(text, words, COUNT(words));
}

/* What machines write by themselves. Answering it would be answered again. */
static bool of_a_machine(const char *text)
{
    static const char *const marks[] = {"automatic reply",
                                        "automated message",
                                        "automated response",
                                        "auto-reply",
                                        "autoreply",
                                        "auto reply",
                                        "auto response",
                                        "auto-response",
                                        "do not disturb while driving",
                                        "i'm driving with",
                                        "i\xe2\x80\x99m driving with",
                                        "this number is not monitored",
                                        "this inbox is not monitored",
                                        "do not reply to this",
                                        "out of office",
                                        "your verification code"};
    for (size_t i = 0; i < COUNT(marks); i++)
        if (strcasestr(text, marks[i]))
            return true;
    return false;
}

/* ---- the rules ------------------------------------------------------------------------------- */

static bool twilio_says(const struct desk_text_facts *f, const char *word)
{
    return f->opt_out_type && strcmp(f->opt_out_type, word) == 0;
}

static bool is_word(const struct desk_text_facts *f, enum desk_sms_word w)
{
    return desk_sms_word(f->text) == w;
}

static bool fits_machine(const struct desk_text_facts *f)
{
    return f->ours || !f->can_text || of_a_machine(f->text);
}
static bool fits_blocked(const struct desk_text_facts *f)
{
    return f->caller == DESK_WHO_BLOCKED;
}
static bool fits_stop(const struct desk_text_facts *f)
{
    bool visits = says_off(f->text) && (f->visit || f->talking); /* "cancel" */
    return twilio_says(f, "STOP") || is_word(f, DESK_SMS_STOP) ||
           (is_word(f, DESK_SMS_MAYBE_STOP) && !visits);
}
static bool fits_start(const struct desk_text_facts *f)
{
    return twilio_says(f, "START") || is_word(f, DESK_SMS_START) ||
           (is_word(f, DESK_SMS_MAYBE_START) && f->opted_out);
}
static bool fits_help(const struct desk_text_facts *f)
{
    return twilio_says(f, "HELP") || is_word(f, DESK_SMS_HELP);
}
static bool fits_opted_out(const struct desk_text_facts *f)
{
    return f->opted_out;
}
static bool fits_flood(const struct desk_text_facts *f)
{
    return f->in_hour > DESK_TEXTS_AN_HOUR || f->alike >= DESK_TEXTS_ALIKE;
}
static bool fits_owner(const struct desk_text_facts *f)
{
    return f->caller == DESK_WHO_OWNER;
}
static bool fits_exception(const struct desk_text_facts *f)
{
    return f->caller == DESK_WHO_EXCEPTION;
}
static bool fits_by_hand(const struct desk_text_facts *f)
{
    return f->by_hand;
}
static bool fits_spam(const struct desk_text_facts *f)
{
    return f->caller == DESK_WHO_SPAM;
}
static bool fits_off(const struct desk_text_facts *f)
{
    return f->asked && f->visit && (says_yes(f->text) || says_off(f->text));
}
static bool fits_keep(const struct desk_text_facts *f)
{
    return f->asked && says_no(f->text);
}
static bool fits_ask_off(const struct desk_text_facts *f)
{
    return f->visit && says_off(f->text) && (!f->talking || f->told);
}
static bool fits_confirm(const struct desk_text_facts *f)
{
    return f->visit && f->told && says_yes(f->text);
}
static bool fits_closing(const struct desk_text_facts *f)
{
    return !f->talking && !f->pictures && desk_text_is_thanks(f->text);
}
static bool fits_pictures(const struct desk_text_facts *f)
{
    return f->pictures && !*f->text;
}
static bool fits_spanish(const struct desk_text_facts *f)
{
    return f->spanish;
}
static bool fits_empty(const struct desk_text_facts *f)
{
    return !*f->text;
}
static bool fits_any(const struct desk_text_facts *f)
{
    (void)f;
    return true;
}

static const struct row {
    bool (*fits)(const struct desk_text_facts *);
    enum desk_text_made made;
    const char *because;
} rows[] = {
    {fits_machine, DESK_TEXT_MACHINE,
     "Not answered: it comes from a machine, or from a number that no answer reaches."},
    {fits_blocked, DESK_TEXT_BLOCKED, "Not answered: this number is on the list of those."},
    {fits_stop, DESK_TEXT_STOP, "They want no more texts: none goes to this number from now on."},
    {fits_start, DESK_TEXT_START, "They want texts again."},
    {fits_help, DESK_TEXT_HELP, "They asked for help."},
    {fits_flood, DESK_TEXT_FLOOD,
     "Not answered: so many texts, or the same so often, are a machine's."},
    {fits_owner, DESK_TEXT_OWNER, NULL},
    {fits_opted_out, DESK_TEXT_OPTED_OUT,
     "Not answered: this number wants no texts of ours. Somebody must call."},
    {fits_exception, DESK_TEXT_PASS_ON, "On the list of people whose words go to the owner."},
    {fits_by_hand, DESK_TEXT_BY_HAND, "You write with them by hand: Frontdesk does not answer."},
    {fits_spam, DESK_TEXT_SPAM, "Not answered: this number looks like an unwanted caller's."},
    {fits_off, DESK_TEXT_OFF, NULL},
    {fits_keep, DESK_TEXT_KEEP, NULL},
    {fits_ask_off, DESK_TEXT_ASK_OFF, NULL},
    {fits_confirm, DESK_TEXT_CONFIRM, NULL},
    {fits_pictures, DESK_TEXT_PICTURES, NULL},
    {fits_empty, DESK_TEXT_CLOSING, "Not answered: there is nothing in it."},
    {fits_spanish, DESK_TEXT_SPANISH,
     "It is Spanish, which Frontdesk does not speak without a text model: passed on to you."},
    {fits_closing, DESK_TEXT_CLOSING, "Not answered: nothing is to be said to that."},
    {fits_any, DESK_TEXT_TALK, NULL},
};

enum desk_text_made desk_text_decide(const struct desk_text_facts *f, const char **because)
{
    size_t i = 0;
    while (!rows[i].fits(f))
        i++;
    if (because)
        *because = rows[i].because;
    return rows[i].made;
}
