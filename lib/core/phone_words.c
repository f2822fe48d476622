/* Numbers in what people say. The text is cut into words; number words and digits that follow each
 * other are a run; a run that makes a valid number is the answer if it is the only one. "Three
 * hundred three" is read both ways (303, 300 3), and what is valid decides. "Six fifty five" as
 * 650 5, and words that a recogniser writes for digits ("for", "too"), count only if nothing is
 * found without. */
#include "core/phone.h"
#include "core/phone_plan.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

#define MAX_RUN  24
#define MAX_RUNS 12
#define MAX_WORD 24
#define MAX_TEXT 2000

enum kind {
    W_OTHER, /* ends a run */
    W_DIGITS,
    W_TENS,     /* "forty": takes a unit behind it */
    W_REPEAT,   /* "double" */
    W_HUNDRED,  /* 00, or 0 with a unit behind it */
    W_HUNDREDS, /* "trescientos": the same, with its digit */
    W_THOUSAND, /* 000 */
    W_PLUS,
    W_SKIP,   /* between digits it means nothing */
    W_AND,    /* the same, only behind "hundred" and "treinta" */
    W_CHOICE, /* what follows puts what went before in doubt */
    W_EXTENSION,
    W_AREA,
    W_HOMOPHONE /* a digit, if we are desperate */
};

static const struct word {
    const char *text;
    enum kind kind;
    const char *digits;
} words[] = {
#include "core/phone_words.inc"
};

struct run {
    char digits[MAX_RUN + 1];
    bool plus;
    bool doubted;   /* a choice word and more digits follow, or went before */
    bool extension; /* digits behind "extension" */
    bool broken;    /* too long, or "double" without a digit */
};

/* How to read what can be read two ways. */
struct reading {
    bool homophones;
    bool hundred_joins; /* "three hundred three" is 303, "two hundred twelve" 212 */
    bool tens_apart;    /* "six fifty five" is 650 5 */
};

struct state {
    struct reading how;
    struct run runs[MAX_RUNS];
    size_t n;        /* runs begun */
    bool open;       /* the last run still grows */
    bool choice;     /* a choice word since the last run ended, and nothing else much */
    bool area;       /* "area code" was said */
    bool next_ext;   /* the next run is an extension */
    bool plus;       /* the next run begins with '+' */
    bool tens;       /* last word was "forty": a unit replaces its zero */
    bool hundred;    /* last word was "hundred" */
    unsigned repeat; /* "double": 2 */
    size_t idle;     /* other words since the last run */
};

static void end_run(struct state *s)
{
    if (s->open && s->repeat)
        s->runs[s->n - 1].broken = true;
    s->open = s->tens = s->hundred = false;
    s->repeat = 0;
}

static struct run *grow(struct state *s)
{
    if (!s->open) {
        if (s->n == MAX_RUNS)
            return NULL;
        struct run *r = &s->runs[s->n++];
        memset(r, 0, sizeof *r);
        r->plus = s->plus;
        r->extension = s->next_ext;
        if (s->choice && s->n > 1 && s->idle <= 4) {
            r->doubted = true;
            s->runs[s->n - 2].doubted = true;
        }
        s->open = true;
    }
    s->plus = s->next_ext = s->choice = false;
    s->idle = 0;
    return &s->runs[s->n - 1];
}

static void append(struct run *r, const char *digits, size_t n)
{
    size_t len = strlen(r->digits);
    if (len + n > MAX_RUN) {
        r->broken = true;
        return;
    }
    memcpy(r->digits + len, digits, n);
    r->digits[len + n] = '\0';
}

/* How many zeros at the end of the run the digits take the place of. */
static size_t zeros_taken(const struct state *s, size_t len, const char *digits)
{
    size_t n = strlen(digits);
    if (digits[0] == '0' || len < n)
        return 0;
    if (s->tens && !s->how.tens_apart && n == 1)
        return 1;
    return s->hundred && s->how.hundred_joins && n <= 2 ? n : 0;
}

static void add_digits(struct state *s, const char *digits)
{
    struct run *r = grow(s);
    if (!r)
        return;
    size_t len = strlen(r->digits), taken = zeros_taken(s, len, digits);
    if (taken)
        memcpy(r->digits + len - taken, digits, taken);
    else
        for (unsigned i = 0; i < (s->repeat ? s->repeat : 1); i++)
            append(r, digits, strlen(digits));
    s->tens = s->hundred = false;
    s->repeat = 0;
}

static void add_tens(struct state *s, const char *digit)
{
    char two[3] = {digit[0], '0', '\0'};
    add_digits(s, two);
    s->tens = true;
}

static void add_zeros(struct state *s, size_t n)
{
    struct run *r = s->open ? &s->runs[s->n - 1] : NULL;
    if (!r || !*r->digits)
        return; /* "hundreds of …" */
    append(r, "000", n);
    s->tens = false;
    s->hundred = n == 2;
}

static void end_with(struct state *s, enum kind kind)
{
    end_run(s);
    s->idle++;
    s->plus = false;
    if (kind == W_CHOICE)
        s->choice = true;
    if (kind == W_EXTENSION)
        s->next_ext = true;
    if (kind == W_AREA)
        s->area = true;
    if (kind == W_PLUS)
        s->plus = true;
}

static void take_word(struct state *s, const char *text)
{
    static const struct word other = {"", W_OTHER, ""};
    const struct word *w = &other;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].text, text) == 0)
            w = &words[i];
    switch (w->kind) {
    case W_HOMOPHONE:
        if (!s->how.homophones) {
            end_with(s, W_OTHER);
            break;
        }
        add_digits(s, w->digits);
        break;
    case W_DIGITS:
        add_digits(s, w->digits);
        break;
    case W_TENS:
        add_tens(s, w->digits);
        break;
    case W_REPEAT:
        s->repeat = (unsigned)(w->digits[0] - '0');
        s->tens = s->hundred = false;
        break;
    case W_HUNDRED:
        add_zeros(s, 2);
        break;
    case W_HUNDREDS:
        add_digits(s, w->digits);
        s->hundred = true;
        break;
    case W_THOUSAND:
        add_zeros(s, 3);
        break;
    case W_SKIP:
        s->tens = s->hundred = false;
        break;
    case W_AND:
        if (!s->hundred && !s->tens)
            end_with(s, W_OTHER);
        break;
    default:
        end_with(s, w->kind);
    }
}

/* A maximal piece of letters and digits. Both mixed ("01O7", "1st") is no number of ours. */
static void take_token(struct state *s, const char *p, size_t n)
{
    char token[MAX_WORD + 1];
    if (n > MAX_WORD) {
        end_with(s, W_OTHER);
        return;
    }
    memcpy(token, p, n);
    token[n] = '\0';
    size_t digits = strspn(token, "0123456789");
    if (digits == n) {
        s->tens = false;
        add_digits(s, token);
    } else if (token[0] == 'x' && n > 1 && strspn(token + 1, "0123456789") == n - 1) {
        end_with(s, W_EXTENSION);
        add_digits(s, token + 1);
        end_run(s);
    } else {
        take_word(s, token);
    }
}

static bool in_token(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'' || c == '?' || c == '_' ||
           c == '@';
}

/* text is folded ASCII. */
static void scan(struct state *s, const char *text, struct reading how)
{
    memset(s, 0, sizeof *s);
    s->how = how;
    for (const char *p = text; *p;) {
        size_t n = 0;
        while (in_token(p[n]))
            n++;
        if (n) {
            take_token(s, p, n);
            p += n;
            continue;
        }
        if (*p == '+')
            end_with(s, W_PLUS);
        else if (strchr(":;!#*=", *p))
            end_run(s);
        p++;
    }
    end_run(s);
}

/* "area code 303, number 555 0134", in either order. */
static bool area_and_number(const struct state *s, const char *country, char out[DESK_PHONE_LEN])
{
    const struct run *area = NULL, *number = NULL;
    char digits[11];
    for (size_t i = 0; i < s->n; i++) {
        size_t len = strlen(s->runs[i].digits);
        if (len == 3 && !area)
            area = &s->runs[i];
        else if (len == 7 && !number)
            number = &s->runs[i];
        else if (len == 3 || len == 7)
            return false;
    }
    if (!s->area || !area || !number || area->doubted || number->doubted)
        return false;
    snprintf(digits, sizeof digits, "%.3s%.7s", area->digits, number->digits);
    return desk_phone_dialled(digits, false, country, out);
}

/* Note one candidate; false when it is a second, different one. */
static bool candidate(char out[DESK_PHONE_LEN], const char *e164)
{
    if (*out)
        return strcmp(out, e164) == 0;
    memcpy(out, e164, DESK_PHONE_LEN);
    return true;
}

/* The number of one way of reading: OK with *out, or *out "" and false for doubt. */
static bool read_one_way(const char *text, const char *country, struct reading how,
                         char out[DESK_PHONE_LEN])
{
    struct state s;
    char e164[DESK_PHONE_LEN] = "";
    out[0] = '\0';
    scan(&s, text, how);
    for (size_t i = 0; i < s.n; i++) {
        const struct run *r = &s.runs[i];
        if (r->broken || r->extension || !desk_phone_dialled(r->digits, r->plus, country, e164))
            continue;
        if (r->doubted || !candidate(out, e164)) {
            out[0] = '\0';
            return false;
        }
    }
    if (!*out && !area_and_number(&s, country, out))
        out[0] = '\0';
    return true;
}

static void fold_text(char *out, size_t n, const char *text)
{
    size_t len = strlen(text), o = 0;
    for (size_t i = 0, used; i < len && o + 1 < n; i += used)
        out[o++] = desk_phone_fold(desk_utf8_next(text + i, len - i, &used));
    out[o] = '\0';
}

/* "client:…" and other addresses are no speech. */
static bool other_scheme(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz");
    return n && text[n] == ':' && text[n + 1] && text[n + 1] != ' ';
}

enum desk_phone_rc desk_phone_heard(const char *text, const char *default_country,
                                    char out[DESK_PHONE_LEN])
{
    char folded[MAX_TEXT];
    enum desk_phone_rc rc = desk_phone_parse(text, default_country, out);
    if (rc != DESK_PHONE_INVALID)
        return rc;
    fold_text(folded, sizeof folded, text);
    if (strlen(folded) >= MAX_TEXT - 1 || other_scheme(folded))
        return DESK_PHONE_INVALID;
    for (int way = 0; way < 4; way++) { /* the first that finds anything */
        char plain[DESK_PHONE_LEN], joined[DESK_PHONE_LEN];
        struct reading how = {.homophones = way & 2, .tens_apart = way & 1}, join = how;
        join.hundred_joins = true;
        if (!read_one_way(folded, default_country, how, plain) ||
            !read_one_way(folded, default_country, join, joined))
            break;
        if (*plain && *joined && strcmp(plain, joined) != 0)
            break;
        if (*plain || *joined) {
            memcpy(out, *plain ? plain : joined, DESK_PHONE_LEN);
            return DESK_PHONE_OK;
        }
    }
    out[0] = '\0';
    return DESK_PHONE_INVALID;
}

size_t desk_phone_from_words(const char *text, char *out, size_t n)
{
    char folded[MAX_TEXT];
    struct state s;
    const struct run *best = NULL;
    if (n)
        out[0] = '\0';
    if (!text || strlen(text) >= MAX_TEXT - 1)
        return 0;
    fold_text(folded, sizeof folded, text);
    scan(&s, folded, (struct reading){0});
    for (size_t i = 0; i < s.n; i++)
        if (!s.runs[i].extension && (!best || strlen(s.runs[i].digits) > strlen(best->digits)))
            best = &s.runs[i];
    if (!best || best->broken || best->doubted || strlen(best->digits) >= n)
        return 0;
    memcpy(out, best->digits, strlen(best->digits) + 1);
    return strlen(best->digits);
}
