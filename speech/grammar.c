/* JSGF for one question. See grammar.h. */
#include "speech/grammar.h"

#include "speech/names.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const char *const desk_grammar_phones[] = {
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F",
    "G",  "HH", "IH", "IY", "JH", "K",  "L", "M",  "N", "NG", "OW", "OY", "P",  "R",
    "S",  "SH", "T",  "TH", "UH", "UW", "V", "W",  "Y", "Z",  "ZH", NULL};

/* Numbers here have seven or ten digits, or eleven with the one in front; area code and exchange
 * begin with two to nine. Knowing that, a soft "four" is not lost. Other numbers are keyed in. */
static const char digits_rule[] = "<n> = two | three | four | five | six | seven | eight | nine;\n"
                                  "<d> = zero | oh | one | <n>;\n"
                                  "<seven> = <n> <d> <d> <d> <d> <d> <d>;\n"
                                  "<number> = <seven> | [ one ] <n> <d> <d> <seven>;\n";
static const char when_rule[] =
    "<day> = monday | tuesday | wednesday | thursday | friday | saturday | sunday | today | "
    "tomorrow;\n"
    "<part> = morning | afternoon | evening;\n"
    "<hour> = one | two | three | four | five | six | seven | eight | nine | ten | eleven | "
    "twelve;\n"
    "<time> = <hour> [ o'clock | thirty | fifteen ] [ a m | p m ] | noon | half past <hour>;\n"
    "<rel> = at | after | before | around;\n"
    "<when> = [ on | next | this ] <day> [ <part> ] [ [ <rel> ] <time> ] | this <part> | <part> | "
    "tonight |\n"
    "  <rel> <time> | <time> | next week | as soon as possible | any time | right away;\n";

struct shape {
    const char *rules;  /* fixed rules, or NULL */
    const char *answer; /* the way through them */
    const char *lead;   /* what people say before the answer */
    const char *trail;  /* and behind it */
};
static const struct shape shapes[DESK_EXPECT__MAX] = {
    [DESK_EXPECT_ANYTHING] =
        {NULL, NULL,
         "i would like to | i'd like to | i want to | i need | i need a | can i | could i |"
         " i have a | please | hello | it's about | there is a | my",
         "please | thank you"},
    [DESK_EXPECT_YESNO] = {NULL, NULL, "um | well | yes | no",
                           "please | thank you | it is | that's right"},
    [DESK_EXPECT_NAME] = {NULL, "<name>",
                          "my name is | this is | it's | i'm | the name is | hello this is",
                          "speaking | here"},
    [DESK_EXPECT_NUMBER] = {digits_rule, "<number>", "it's | the number is | my number is",
                            "please"},
    [DESK_EXPECT_WHEN] = {when_rule, "<when>", "maybe | how about | um",
                          "please | is fine | would be good"},
    [DESK_EXPECT_CHANGE] = {NULL, NULL, NULL, NULL},
};

struct words {
    bool (*known)(void *ctx, const char *word);
    void *ctx;
};

/* every word of n characters can be pronounced, and none can break the grammar's syntax */
bool desk_grammar_sayable(const char *phrase, size_t n, bool (*known)(void *ctx, const char *word),
                          void *ctx)
{
    char word[64];
    size_t w = 0, words = 0;
    for (size_t i = 0; i <= n; i++) {
        char c = i < n ? phrase[i] : ' ';
        if (c == ' ') {
            word[w] = '\0';
            if (w > 0 && !known(ctx, word))
                return false;
            words += w > 0;
            w = 0;
        } else if ((isalpha((unsigned char)c) || c == '\'') && w + 1 < sizeof word) {
            word[w++] = c;
        } else {
            return false;
        }
    }
    return words > 0;
}

/* Words of our own rules: all outside of <names> and /weights/. */
static void ask_for(const struct words *k, const char *text)
{
    char word[64];
    for (const char *s = text ? text : ""; *s;) {
        size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz'");
        if (*s == '<')
            n = strcspn(s, ">");
        else if (n > 0 && (size_t)snprintf(word, sizeof word, "%.*s", (int)n, s) < sizeof word)
            (void)k->known(k->ctx, word);
        s += n > 0 ? n : 1;
    }
}

static size_t add_phrases(struct desk_buf *out, const struct words *k, const char *vocabulary)
{
    size_t count = 0;
    for (const char *s = vocabulary; *s;) {
        size_t n = strcspn(s, "\n");
        if (desk_grammar_sayable(s, n, k->known, k->ctx)) {
            desk_buf_str(out, count++ > 0 ? " | " : "<phrase> = ");
            desk_buf_add(out, s, n);
        }
        s += n + (s[n] == '\n');
    }
    if (count > 0)
        desk_buf_str(out, ";\n");
    return count;
}

static void add_names(struct desk_buf *out, const struct words *k)
{
    const char *glue = "<name> = ";
    for (const char *const *name = desk_first_names; *name; name++)
        if (k->known(k->ctx, *name)) {
            desk_buf_str(out, glue);
            desk_buf_str(out, *name);
            glue = " | ";
        }
    desk_buf_str(out, ";\n");
}

static void add_garbage(struct desk_buf *out, const struct desk_grammar_weights *weights)
{
    const char *glue = "<garbage> = (";
    for (const char *const *ph = desk_grammar_phones; *ph; ph++) {
        desk_buf_fmt(out, "%s /%g/ " DESK_GRAMMAR_GARBAGE, glue, weights->phone);
        for (const char *c = *ph; *c; c++)
            desk_buf_chr(out, (char)tolower((unsigned char)*c));
        glue = " |";
    }
    desk_buf_str(out, ")+;\n");
}

void desk_grammar_build(struct desk_buf *out, enum desk_dialog_expect expect,
                        const char *vocabulary, const struct desk_grammar_weights *weights,
                        bool (*known)(void *ctx, const char *word), void *ctx)
{
    const struct shape *shape = &shapes[expect];
    const struct words k = {known, ctx};
    ask_for(&k, shape->rules);
    ask_for(&k, shape->lead);
    ask_for(&k, shape->trail);
    desk_buf_str(out, "#JSGF V1.0;\ngrammar desk;\n");
    if (shape->rules)
        desk_buf_str(out, shape->rules);
    if (expect == DESK_EXPECT_NAME)
        add_names(out, &k);
    size_t phrases = add_phrases(out, &k, vocabulary);
    add_garbage(out, weights);
    desk_buf_str(out, "<answer> = ");
    if (shape->answer)
        desk_buf_str(out, shape->answer);
    if (phrases > 0)
        desk_buf_fmt(out, "%s<phrase>", shape->answer ? " | " : "");
    else if (!shape->answer)
        desk_buf_str(out, "<garbage>");
    desk_buf_str(out, ";\n");
    desk_buf_str(out, "public <top> = /1/ ");
    if (shape->lead)
        desk_buf_fmt(out, "[ %s ] ", shape->lead);
    desk_buf_str(out, "<answer>");
    if (shape->trail)
        desk_buf_fmt(out, " [ %s ]", shape->trail);
    desk_buf_fmt(out, " | /%g/ <garbage>;\n", weights->garbage);
}

static bool has_word(const char *list, const char *word, size_t n)
{
    for (const char *s = list; *s; s += strcspn(s, " "), s += strspn(s, " "))
        if (strcspn(s, " ") == n && strncmp(s, word, n) == 0)
            return true;
    return false;
}

bool desk_grammar_small_talk(enum desk_dialog_expect expect, const char *word, size_t n)
{
    const struct shape *shape = &shapes[expect];
    return expect != DESK_EXPECT_YESNO && shape->lead &&
           (has_word(shape->lead, word, n) || has_word(shape->trail, word, n));
}

void desk_grammar_clean(char *out, size_t n, const char *hypothesis)
{
    size_t w = 0;
    const char *s = hypothesis ? hypothesis : "";
    out[0] = '\0';
    while (*s) {
        size_t len = strcspn(s, " ");
        bool loop = strncmp(s, DESK_GRAMMAR_GARBAGE, sizeof DESK_GRAMMAR_GARBAGE - 1) == 0;
        if (len > 0 && !loop && w + len + 2 < n) {
            if (w > 0)
                out[w++] = ' ';
            memcpy(out + w, s, len);
            w += len;
            out[w] = '\0';
        }
        s += len + (s[len] == ' ');
    }
}
