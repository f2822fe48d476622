/* Inside core/dates*.c: words of a sentence as tokens, and tokens as parts of a date. Not for other
 * folders. */
#ifndef DESK_CORE_DATES_WORDS_H
#define DESK_CORE_DATES_WORDS_H

#include "core/dates.h"

enum tok_kind {
    T_WORD,  /* not known; means something, but nothing about time */
    T_FILL,  /* means nothing here: "um", "could", "please" */
    T_NUM,   /* v */
    T_ORD,   /* v */
    T_CLOCK, /* v: minutes; sure when the hour is 0 or over 12 */
    T_ISO,   /* v: days since 1970 */
    T_RELDAY,
    T_WEEKDAY,
    T_MONTH,
    T_HOLIDAY,
    T_UNIT, /* v: enum tok_unit */
    T_WEEKEND,
    T_THIS,
    T_NEXT,
    T_COMING,
    T_LAST,
    T_AFTERNEXT,
    T_EARLY,
    T_MID,
    T_LATE,
    T_PART, /* v: enum desk_daypart */
    T_TONIGHT,
    T_NOON,
    T_MIDNIGHT,
    T_AM,
    T_PM,
    T_OCLOCK,
    T_ISH,
    T_HALF,
    T_QUARTER,
    T_PAST,
    T_TO,
    T_OF,
    T_MINUS,
    T_AT,
    T_ON,
    T_IN,
    T_BY,
    T_FROM,
    T_BETWEEN,
    T_AROUND,
    T_AFTER,
    T_BEFORE,
    T_THROUGH,
    T_UNTIL,
    T_ONWARD,
    T_THE,
    T_A,
    T_AND,
    T_OR,
    T_DASH,
    T_SLASH,
    T_PAUSE,
    T_NOT,
    T_BUT,
    T_FIX,
    T_NO_GOOD,
    T_IS,
    T_EARLIEST,
    T_ANY,
    T_VAGUE,
    T_WHENEVER,
    T_AS_NOW,
    T_AGO,
    T_FROM_NOW,
    T_WITHIN,
    T_COUPLE,
    T_FEW,
    T_SINCE,
    T_FOR,
    T_ZONE,
    T_LAS,
    T_EL,
    T_EVERY,
    T_MOVE,
    T_LATER,
    T_BUSINESS,
    T_GREETING,
    T_HESITATION, /* left out */
    T_LABEL,      /* "unit" of "unit 12" */
    T_STREET,
    T_EVE,
    T_IF,
    T_END
};

enum tok_unit {
    UNIT_MINUTE,
    UNIT_HOUR,
    UNIT_DAY,
    UNIT_WEEK,
    UNIT_FORTNIGHT,
    UNIT_MONTH,
    UNIT_YEAR,
};

/* flags of a token */
#define F_SOUND   1u /* sounds like a number: "to", "for", "ate"; believed where one is due */
#define F_SPANISH 2u
#define F_PLURAL  4u  /* "Mondays" */
#define F_DIGITS  8u  /* written in digits; of an ORD: with its ending, "23rd" */
#define F_ZERO    16u /* "oh five": a number with a nought before it */
#define F_WORDY   32u /* a number word that is a word as well: "one", "second" */
/* as the sound of a number in figures: "2.5" */
#define TENTHS_5 (-5)

#define F_SURE    64u  /* of a CLOCK */
#define F_HUNDRED 128u /* "fifteen hundred" */

struct tok {
    unsigned char kind; /* enum tok_kind */
    unsigned char flags;
    int v;
    int sound; /* what it sounds like, with F_SOUND */
};

struct toks {
    struct tok t[DESK_MAX_DATE_WORDS + 1]; /* ends with T_END */
    size_t n;
    bool cut; /* the sentence was longer */
};

/* Words of a sentence, folded; numbers and signs are words of their own. */
#define DATE_WORD 24 /* bytes of one, with NUL; longer ones are cut */
struct words {
    char w[DESK_MAX_DATE_WORDS][DATE_WORD];
    size_t n;
    bool cut; /* there were more */
};
void desk_dates_words(struct words *out, const char *text);

/* The token of the longest phrase of the lexicon that begins at word i; returns its words. A word
 * that is not there is a T_WORD. */
size_t desk_dates_look_up(const struct words *w, size_t i, struct tok *out);

/* Cut into tokens; what does not fit is left out. */
void desk_dates_tokens(struct toks *out, const char *text);

static inline const struct tok *tok_at(const struct toks *t, size_t i)
{
    return &t->t[i < t->n ? i : t->n];
}
static inline bool tok_is(const struct toks *t, size_t i, enum tok_kind kind)
{
    return tok_at(t, i)->kind == (unsigned char)kind;
}

/* The one before it; T_END at the beginning. */
static inline const struct tok *tok_before(const struct toks *t, size_t i)
{
    return tok_at(t, i ? i - 1 : t->n);
}
static inline bool tok_among(const struct tok *t, const unsigned char *kinds)
{
    for (; *kinds != T_END; kinds++)
        if (t->kind == *kinds)
            return true;
    return false;
}
/* Is a token of one of these kinds? */
#define TOK_AMONG(tok, ...) tok_among(tok, (const unsigned char[]){__VA_ARGS__, T_END})

static inline bool tok_unit(const struct toks *t, size_t i, enum tok_unit unit)
{
    return tok_is(t, i, T_UNIT) && tok_at(t, i)->v == (int)unit;
}
/* Past one token of that kind, if it is there. */
static inline size_t tok_skip(const struct toks *t, size_t i, enum tok_kind kind)
{
    return tok_is(t, i, kind) ? i + 1 : i;
}
static inline size_t tok_article(const struct toks *t, size_t i)
{
    return tok_is(t, i, T_THE) || tok_is(t, i, T_EL) ? i + 1 : i;
}

/* What a run of tokens says; each returns how many it used, 0 = there is no such thing at i. */
size_t desk_dates_day(const struct toks *t, size_t i, struct desk_day *out);

struct time_said {
    enum desk_time_kind kind;
    struct desk_clock from, to;
    int64_t minutes;
    bool weak; /* a bare number that could be a count of things */
    enum desk_when_why trouble;
};
size_t desk_dates_time(const struct toks *t, size_t i, bool british, struct time_said *out);

/* "two weeks", "half an hour", "a year and a half": count in halves of the unit. */
struct span_said {
    int halves;
    enum tok_unit unit;
    bool few; /* "a few days": no number */
    bool business;
};
size_t desk_dates_span(const struct toks *t, size_t i, struct span_said *out);

/* A day of that kind, all else not said. */
struct desk_day desk_dates_day_of(enum desk_day_ref ref);

/* ---- between dates_days.c and dates_weeks.c ------------------------------------------------- */

typedef size_t desk_dates_matcher(const struct toks *t, size_t i, struct desk_day *out);
desk_dates_matcher desk_dates_simple_day; /* a day that leans on no other */
desk_dates_matcher desk_dates_weekday;
desk_dates_matcher desk_dates_year; /* adds the year behind a date to out */

bool desk_dates_which_word(const struct tok *t, enum desk_which *which);
int desk_dates_offset_of(enum desk_which which);
bool desk_dates_part_word(const struct tok *t, enum desk_part *part);
/* Days or months of a length; false for hours and minutes. */
bool desk_dates_days_of(const struct span_said *s, struct desk_day *out);

#endif
