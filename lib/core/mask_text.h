/* Between the mask_*.c files only: the text as tokens, what is known of each word, and the marks
 * that the rules leave on it. A rule looks at tokens and marks ranges of them; it never unmarks. */
#ifndef DESK_CORE_MASK_TEXT_H
#define DESK_CORE_MASK_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum desk_mask_kind {
    DESK_MASK_NONE,
    DESK_MASK_PHONE,
    DESK_MASK_CARD,
    DESK_MASK_ID,     /* SSN, accounts, insurance, licences */
    DESK_MASK_SECRET, /* codes, PINs, passwords, tokens */
    DESK_MASK_NAME,
    DESK_MASK_MAIL,
    DESK_MASK_PLACE,
    DESK_MASK_DATE, /* of birth, of a card's end */
    DESK_MASK_HEALTH,
    DESK_MASK_TEXT, /* what a form says a person said */
    DESK_MASK__MAX
};

/* What a word may be; the lists are in mask_words.inc. */
enum {
    DESK_LEX_FUNCTION = 1u << 0,
    DESK_LEX_COMMON = 1u << 1,
    DESK_LEX_NAME = 1u << 2,
    DESK_LEX_MAYBE = 1u << 3,
    DESK_LEX_SURNAME = 1u << 4,
    DESK_LEX_FILL = 1u << 5,
    DESK_LEX_IS = 1u << 6,
    DESK_LEX_SKIP = 1u << 7,
    DESK_LEX_UNIT = 1u << 8,
    DESK_LEX_HARMLESS = 1u << 9,
    DESK_LEX_MONTH = 1u << 10,
    DESK_LEX_ORDINAL = 1u << 11,
    DESK_LEX_STREET = 1u << 12,
    DESK_LEX_STREETISH = 1u << 13,
    DESK_LEX_VIA = 1u << 14,
    DESK_LEX_DIRECTION = 1u << 15,
    DESK_LEX_STATE = 1u << 16,
    DESK_LEX_NO_STREET = 1u << 17,
    DESK_LEX_KIN = 1u << 18,
    DESK_LEX_TITLE = 1u << 19,
    DESK_LEX_PARTICLE = 1u << 20,
    DESK_LEX_AFTER_NAME = 1u << 21,
    DESK_LEX_TLD = 1u << 22,
    DESK_LEX_MAILER = 1u << 23,
    DESK_LEX_NATO = 1u << 24,
    DESK_LEX_ACRONYM = 1u << 25,
    DESK_LEX_HEALTH = 1u << 26,
    DESK_LEX_NOT_NAME = 1u << 27,
};

/* Flags of a folded word ("dana's" as "dana"); 0 = not in any list. Builds its table at first use;
 * thread-safe. */
uint32_t desk_mask_lex(const char *word);

enum desk_mask_type { DESK_TOK_WORD, DESK_TOK_DIGITS, DESK_TOK_MIXED };

/* What a token is as a part of a number. */
enum desk_mask_number {
    DESK_NUM_NONE,
    DESK_NUM_DIGITS,   /* written */
    DESK_NUM_UNIT,     /* "seven" */
    DESK_NUM_TEEN,     /* "seventeen" */
    DESK_NUM_TENS,     /* "seventy": takes a unit behind it */
    DESK_NUM_HUNDRED,  /* … */
    DESK_NUM_THOUSAND, /* and "million" */
    DESK_NUM_REPEAT,   /* "double" */
    DESK_NUM_OH,       /* the letter o: a zero beside other digits */
};

#define DESK_MASK_WORD 24 /* letters kept of a word, for comparing */

struct desk_mask_tok {
    size_t off, len; /* in the text */
    uint32_t lex;    /* DESK_LEX_… */
    enum desk_mask_type type;
    enum desk_mask_number num;
    unsigned digits;        /* that it adds to a number */
    char gap;               /* before it: first character that is no space, ' ', or '\0' */
    bool tight;             /* no space before it */
    bool cap, allcap;       /* begins with a capital; only capitals, two at least */
    bool first;             /* of a sentence */
    char w[DESK_MASK_WORD]; /* folded */
};

struct desk_mask_text {
    const char *s;
    size_t len;
    unsigned char *marks; /* enum desk_mask_kind of each byte */
    struct desk_mask_tok *tok;
    size_t n;
    bool capitals; /* large and small letters both occur: a capital says something */
};

/* ---- helpers --------------------------------------------------------------------------------- */

void desk_mask_bytes(struct desk_mask_text *m, size_t from, size_t to, enum desk_mask_kind kind);
/* tokens from … to, both included, and the '+' or '(' right before them */
void desk_mask_tokens(struct desk_mask_text *m, size_t from, size_t to, enum desk_mask_kind kind);
bool desk_mask_marked(const struct desk_mask_text *m, size_t i);
bool desk_mask_is(const struct desk_mask_text *m, size_t i, const char *word);
/* word is among the words of a list, which are each followed by a space */
bool desk_mask_in(const char *list, const char *word);
/* How many tokens from i on are the words of the phrase; 0 = they are not. */
size_t desk_mask_phrase(const struct desk_mask_text *m, size_t i, const char *phrase);
static inline bool desk_mask_has(const struct desk_mask_text *m, size_t i, uint32_t lex)
{
    return i < m->n && (m->tok[i].lex & lex) != 0;
}
/* A new sentence or clause begins at i. */
bool desk_mask_breaks(const struct desk_mask_text *m, size_t i);

/* ---- numbers (mask_number.c) ----------------------------------------------------------------- */

struct desk_mask_run {
    size_t from, to;   /* tokens, both included */
    unsigned digits;   /* it stands for */
    unsigned units;    /* single digits in words */
    bool words, large; /* has words; has hundreds or thousands */
    bool plus;
};

/* The number that begins at token i; false = none does. */
bool desk_mask_run_at(const struct desk_mask_text *m, size_t i, struct desk_mask_run *r);
/* It counts something: a unit behind it, a currency before it. */
bool desk_mask_counts(const struct desk_mask_text *m, const struct desk_mask_run *r);
/* Tokens of a date in digits that begins at i ("1961-03-03"): 3, else 0. */
size_t desk_mask_date_at(const struct desk_mask_text *m, size_t i);

/* ---- the rules ------------------------------------------------------------------------------- */

void desk_mask_rule_keys(struct desk_mask_text *m);    /* mask_key.c: key=value, JSON, headers */
void desk_mask_rule_mails(struct desk_mask_text *m);   /* mask_mail.c */
void desk_mask_rule_cues(struct desk_mask_text *m);    /* mask_cue.c: "my pin is …" */
void desk_mask_rule_places(struct desk_mask_text *m);  /* mask_place.c */
void desk_mask_rule_numbers(struct desk_mask_text *m); /* mask_number.c */
void desk_mask_rule_spelled(struct desk_mask_text *m); /* mask_spell.c */
void desk_mask_rule_names(struct desk_mask_text *m);   /* mask_name.c */
void desk_mask_rule_health(struct desk_mask_text *m);  /* mask_health.c */

#endif
