/* Numbers are read from words (read_number), each number gets a role by the words around it
 * (role_of), and the numbers that are the caller's money are put together: multiplied ("a room"),
 * added ("plus"), and the greatest of them is the answer. */
#include "core/money.h"
#include "core/money_words.h"
#include "core/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

#define MAX_SUMS 24
#define BEFORE   8   /* words before a sum in which a marker is looked for */
#define TOO_LONG 7   /* digits: a telephone number, no money */
#define SMALL    100 /* a number below it may stand for thousands ("… but I do have six") */
#define FLAT     (2 * DESK_MAX_JUDGE_TEXT + 8)

struct number {
    double value;
    size_t from, to; /* words [from, to) */
    bool thousands;  /* said in thousands */
    bool paired;     /* "nineteen seventy": also a year */
    bool currency;   /* a sign or a word of money is with it */
};

struct sum {
    struct number n;
    enum role role;
    bool money;  /* not a count of things, a year, an address */
    bool denied; /* "I don't have …" */
    bool more;   /* "over …" */
};

struct reading {
    struct desk_words ws;
    struct sum sums[MAX_SUMS];
    size_t n;
};

/* ---- text ------------------------------------------------------------------------------------ */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "2.8k" at s → 2800, "1,999.99" → 1999, "5k" → 5 (the k follows); *end behind what was read */
static double read_figure(const char *s, const char **end)
{
    double value = 0, part = 0.1;
    bool point = false;
    for (; is_digit(*s) || ((*s == ',' || *s == '.') && is_digit(s[1])); s++) {
        if (*s == '.')
            point = true;
        else if (*s == ',')
            continue;
        else if (!point)
            value = value * 10 + (*s - '0');
        else
            value += (*s - '0') * part, part /= 10;
    }
    if (point && (*s == 'k' || *s == 'K') && value < 1e6)
        value *= 1000, s++;
    *end = s;
    return value;
}

/* Signs and figures into words: "$1,999.99" → " 1999 usd ", "2.8k" → " 2800 ", "5k" → " 5 k". */
static void plain(char *out, size_t n, const char *text)
{
    size_t w = 0, len = strlen(text);
    const char *s = len > DESK_MAX_JUDGE_TEXT ? text + len - DESK_MAX_JUDGE_TEXT : text;
    bool sign = false;
    while (*s && w + 32 < n) {
        if (is_digit(*s) && (s == text || s[-1] < '0' || s[-1] > 'z' || s[-1] < 'A')) {
            const char *end;
            double value = read_figure(s, &end);
            w += (size_t)snprintf(out + w, n - w, " %.0f %s", value < 1e15 ? value : 1e15,
                                  sign ? "usd " : "");
            s = end;
            sign = false;
        } else if (*s == '$') {
            sign = true, s++;
        } else if (strncmp(s, "\xc2\xa3", 2) == 0 || strncmp(s, "\xe2\x82\xac", 3) == 0) {
            sign = true, s += *s == '\xc2' ? 2 : 3; /* pound, euro */
        } else {
            sign = sign && *s == ' ';
            out[w++] = *s == '-' ? ' ' : *s;
            s++;
        }
    }
    out[w] = '\0';
}

/* ---- numbers --------------------------------------------------------------------------------- */

static const struct number_word *number_at(const struct desk_words *ws, size_t i,
                                           struct number_word *digits)
{
    const char *word = desk_words_at(ws, i);
    size_t len = strlen(word);
    if (len > 0 && len < 16 && strspn(word, "0123456789") == len) {
        *digits =
            (struct number_word){word, N_DIGITS, len > TOO_LONG ? 0 : (int)strtol(word, NULL, 10)};
        return digits;
    }
    for (size_t k = 0; k < COUNT(number_words); k++)
        if (strcmp(word, number_words[k].word) == 0)
            return &number_words[k];
    return NULL;
}

static enum number_kind kind_at(const struct desk_words *ws, size_t i)
{
    struct number_word digits;
    const struct number_word *w = number_at(ws, i, &digits);
    return w ? w->kind : N_NONE;
}

static bool is_scale(enum number_kind kind)
{
    return kind == N_HUNDRED || kind == N_THOUSAND || kind == N_MILLION;
}

struct building {
    double whole, part; /* thousands that are done, and what is being said */
    bool open;          /* part has begun */
    enum number_kind last;
    struct number *n;
};

/* "two fifty": 250; "nine fifteen": 915 */
static bool pairs(const struct building *b, const struct number_word *w)
{
    bool low = b->part >= 1 && b->part < 100 && (b->last == N_UNIT || b->last == N_TENS);
    return low && !b->n->paired && b->whole == 0 &&
           (w->kind == N_TENS || (w->value >= 10 && b->last == N_UNIT && b->part < 30));
}

static bool add_small(struct building *b, const struct number_word *w)
{
    if (!b->open) {
        b->part = w->value;
    } else if (b->last == N_TENS && w->kind == N_UNIT && w->value < 10) {
        b->part += w->value;
    } else if (b->last == N_HUNDRED && w->value < 100) {
        b->part += w->value;
    } else if (pairs(b, w)) {
        b->part = b->part * 100 + w->value;
        b->n->paired = true;
    } else {
        return false;
    }
    b->open = true;
    return true;
}

static bool add_scale(struct building *b, const struct number_word *w)
{
    double times = b->open ? b->part : 1;
    if (w->kind == N_HUNDRED) {
        if (times >= 100 || b->last == N_HUNDRED)
            return false;
        b->part = times * 100;
        b->open = true;
        return true;
    }
    if (b->whole > 0 || b->last == N_THOUSAND || times >= 1000)
        return false;
    b->whole = times * w->value;
    b->part = 0;
    b->open = false;
    b->n->thousands = true;
    return true;
}

static bool add_word(struct building *b, const struct number_word *w)
{
    bool ok = false;
    switch (w->kind) {
    case N_DIGITS:
        ok = !b->open && (b->whole == 0 || w->value < 1000);
        if (ok)
            b->part = w->value, b->open = true;
        break;
    case N_UNIT:
    case N_TENS:
        ok = add_small(b, w);
        break;
    case N_HUNDREDS:
        ok = !b->open;
        if (ok)
            b->part = w->value, b->open = true;
        break;
    case N_HUNDRED:
    case N_THOUSAND:
    case N_MILLION:
        ok = add_scale(b, w);
        break;
    default:
        break;
    }
    if (ok)
        b->last = w->kind == N_HUNDREDS ? N_HUNDRED : w->kind;
    return ok;
}

/* "two hundred and fifty" goes on behind "and"; "fifteen hundred and two thousand" does not */
static bool goes_on(const struct desk_words *ws, size_t i, enum number_kind last)
{
    if (last != N_HUNDRED && last != N_THOUSAND && last != N_TENS)
        return false;
    size_t k = i + 1;
    while (kind_at(ws, k) == N_UNIT || kind_at(ws, k) == N_TENS)
        k++;
    if (last == N_TENS) /* "treinta y cinco" */
        return desk_words_match(ws, i, "y") && k == i + 2;
    return k > i + 1 && !is_scale(kind_at(ws, k)) && kind_at(ws, k) != N_DIGITS;
}

/* "a half", "a half thousand" at i: adds it, returns the words taken */
static size_t add_half(struct building *b, const struct desk_words *ws, size_t i)
{
    if (!desk_words_match(ws, i, "and a half"))
        return 0;
    if (b->open)
        b->part += 0.5;
    else if (b->last == N_THOUSAND)
        b->whole *= 1.5;
    else
        return 0;
    return 3;
}

static size_t add_point(struct building *b, const struct desk_words *ws, size_t i)
{
    struct number_word digits;
    const struct number_word *w = number_at(ws, i + 1, &digits);
    if (!b->open || !desk_words_match(ws, i, "point") || !w || w->value > 9)
        return 0;
    b->part += w->value / 10.0;
    return 2;
}

/* what may begin a number: "couple of thousand", "a hundred", "half a million", "for thousand" */
static size_t begin(struct building *b, const struct desk_words *ws, size_t i)
{
    struct number_word digits;
    const struct number_word *w = number_at(ws, i, &digits);
    if (w && w->kind == N_SOME) {
        size_t of = desk_words_match(ws, i + 1, "of|de") ? 1 : 0;
        if (!is_scale(kind_at(ws, i + 1 + of)))
            return 0;
        b->part = w->value, b->open = true;
        return 1 + of;
    }
    if (w && w->kind == N_SOUND) {
        bool after_number = i > 0 && (kind_at(ws, i - 1) != N_NONE ||
                                      desk_words_match(ws, i - 1, "up|down|close|add|adds"));
        if (after_number || !is_scale(kind_at(ws, i + 1)))
            return 0;
        b->part = w->value, b->open = true;
        return 1;
    }
    if (desk_words_match(ws, i, "half a|of") && is_scale(kind_at(ws, i + 2))) {
        b->part = 0.5, b->open = true;
        return 2;
    }
    return 0;
}

/* The number that begins at word i; false if there is none. */
static bool read_number(const struct desk_words *ws, size_t i, struct number *n)
{
    struct number_word digits;
    struct building b = {.n = n};
    *n = (struct number){.from = i};
    size_t k = i + begin(&b, ws, i);
    while (k < ws->n) {
        size_t more = add_half(&b, ws, k) + add_point(&b, ws, k);
        if (more) {
            k += more;
            continue;
        }
        if (k > i && desk_words_match(ws, k, "and|y") && goes_on(ws, k, b.last)) {
            k++;
            continue;
        }
        const struct number_word *w = number_at(ws, k, &digits);
        bool bare_grant = w && strcmp(w->word, "grant") == 0 && !b.open;
        if (!w || bare_grant || !add_word(&b, w))
            break;
        k++;
    }
    n->to = k;
    n->value = b.whole + (b.open ? b.part : 0);
    return k > i && n->value > 0;
}

/* ---- what a number is ------------------------------------------------------------------------ */

static bool ends_there(const struct desk_words *ws, size_t i)
{
    return i >= ws->n || (i > 0 && (ws->w[i].clause != ws->w[i - 1].clause ||
                                    ws->w[i].part != ws->w[i - 1].part));
}

static bool is_year(const struct desk_words *ws, const struct number *n)
{
    if (n->currency || n->value < 1900 || n->value > 2040)
        return false;
    size_t from = n->from > 3 ? n->from - 3 : 0;
    for (size_t i = from; i < n->from; i++)
        if (desk_words_match(ws, i, "budget|spend|pay|presupuesto|gastar"))
            return false;
    bool dated = n->from > 0 && desk_words_match(ws, n->from - 1, year_before);
    return dated || n->paired;
}

/* the word behind a number, and behind further numbers of the same choice ("three or four small
 * things") */
static size_t follower(const struct desk_words *ws, const struct number *n)
{
    struct number next;
    size_t i = n->to;
    while (desk_words_match(ws, i, "or|to|o|a") && read_number(ws, i + 1, &next))
        i = next.to;
    return i;
}

static bool is_money(const struct desk_words *ws, const struct number *n)
{
    if (n->currency)
        return true;
    if (n->value < 1 || is_year(ws, n))
        return false;
    if (n->from > 0 && desk_words_match(ws, n->from - 1, no_sum_before) &&
        !desk_words_match(ws, n->from - 1, "at|los"))
        return false;
    size_t next = follower(ws, n);
    return ends_there(ws, next) || desk_words_match(ws, next, sum_followers) ||
           desk_words_match(ws, next, currency) ||
           desk_words_match(ws, next, "of it|that|this|the|my|our");
}

/* The marker that ends nearest before word i decides. */
static enum role role_before(const struct desk_words *ws, size_t i)
{
    enum role role = R_PLAIN;
    size_t end = 0, from = i > BEFORE ? i - BEFORE : 0;
    for (size_t k = from; k < i; k++) {
        if (ws->w[k].clause != ws->w[i].clause)
            continue;
        for (size_t r = 0; r < COUNT(before_rows); r++) {
            size_t n = desk_words_match(ws, k, before_rows[r].pattern);
            if (n && k + n <= i && k + n > end) {
                end = k + n;
                role = before_rows[r].role;
            }
        }
    }
    return role;
}

static bool other_behind(const struct desk_words *ws, const struct number *n)
{
    size_t i = n->to;
    bool dollar = desk_words_match(ws, i, "dollar") > 0;
    if (dollar && !ends_there(ws, i + 1) && !desk_words_match(ws, i + 1, sum_followers) &&
        !desk_words_match(ws, i + 1, own_things))
        return true;
    i += desk_words_match(ws, i, currency);
    for (size_t k = 0; k < COUNT(other_after); k++)
        if (desk_words_match(ws, i, other_after[k]))
            return true;
    return false;
}

/* "not 3000", "can't do 3000", "don't have 3000"; not "not more than 3000", which is a limit */
static bool is_denied(const struct desk_words *ws, const struct number *n)
{
    static const char verbs[] =
        "have|has|got|spend|afford|do|pay|go|want|need|paying|spending|tengo|"
        "puedo|podemos|gastar|pagar|quiero|talking|looking|exactly|quite";
    for (size_t back = 1; back <= 5 && back <= n->from; back++) {
        size_t i = n->from - back;
        if (ws->w[i].clause != ws->w[n->from].clause)
            return false;
        if (desk_words_match(ws, i, "over|above|more|exceed*|penny|less|under|below|mas|menos"))
            return false;
        if (desk_words_match(ws, i, "not|never|no|without"))
            return back == 1 || desk_words_match(ws, i + 1, verbs);
    }
    return false;
}

static bool is_more(const struct desk_words *ws, const struct number *n)
{
    size_t i = n->from, to = n->to + desk_words_match(ws, n->to, currency);
    bool over = (i > 0 && desk_words_match(ws, i - 1, "over|above|exceeding|beyond|past")) ||
                (i > 1 && desk_words_match(ws, i - 2,
                                           "more|better|north|mas|upwards|upward|excess|"
                                           "least than|of|de|que|at"));
    bool least = i > 1 && desk_words_match(ws, i - 2, "at least");
    size_t from = i > 5 ? i - 5 : 0;
    for (size_t k = from; over && k < i; k++)
        if (desk_words_match(ws, k, "not|no|never|nothing|nunca"))
            over = false; /* "not over two thousand" */
    return over || least || desk_words_match(ws, to, "or more") ||
           desk_words_match(ws, to, "and up|change|something") ||
           (desk_words_match(ws, to, "plus") && ends_there(ws, to + 1));
}

static void read_sums(struct reading *r)
{
    for (size_t i = 0; i < r->ws.n && r->n < MAX_SUMS;) {
        struct sum *s = &r->sums[r->n];
        *s = (struct sum){0};
        if (!read_number(&r->ws, i, &s->n)) {
            i++;
            continue;
        }
        r->n++;
        i = s->n.to;
        s->n.currency = desk_words_match(&r->ws, i, currency) > 0 ||
                        (i > 0 && desk_words_match(&r->ws, i - 1, "grand|grands|thou|hundo")) ||
                        (s->n.from > 0 && desk_words_match(&r->ws, s->n.from - 1, "usd|bucks"));
        s->money = is_money(&r->ws, &s->n);
        s->role = other_behind(&r->ws, &s->n) ? R_OTHER : role_before(&r->ws, s->n.from);
        s->denied = is_denied(&r->ws, &s->n);
        s->more = is_more(&r->ws, &s->n);
    }
}

/* ---- putting together ------------------------------------------------------------------------ */

/* "I don't have ten thousand but I do have six" */
static void fill_thousands(struct reading *r)
{
    bool thousands = false;
    for (size_t i = 0; i < r->n; i++) {
        struct sum *s = &r->sums[i];
        if (thousands && s->money && !s->n.currency && s->n.value < SMALL && s->n.value >= 1)
            s->n.value *= 1000;
        thousands = thousands || (s->money && s->n.thousands);
    }
}

/* the same thing, in one or in several? */
static bool same_thing(const char *a, const char *b)
{
    size_t n = strlen(a) < strlen(b) ? strlen(a) : strlen(b);
    if ((strcmp(a, "foot") == 0 || strcmp(a, "ft") == 0) &&
        (strcmp(b, "feet") == 0 || strcmp(b, "ft") == 0))
        return true;
    return n >= 3 && strncmp(a, b, n) == 0;
}

/* "ten doors at two fifty"; not "ten people at two thirty" */
static bool is_at_price(const struct reading *r, const struct sum *s)
{
    int minutes = (int)s->n.value % 100;
    if (s == r->sums || s->n.from == 0 || !desk_words_match(&r->ws, s->n.from - 1, "at|a") ||
        (s->n.paired && (minutes == 15 || minutes == 30 || minutes == 45)))
        return false;
    return !s[-1].money && s[-1].n.to < s->n.from && s->n.from - s[-1].n.to <= 3;
}

/* How often is a sum meant that is said for each thing? 1 if it is not, or nobody said how many. */
static double times(const struct reading *r, const struct sum *s)
{
    const struct desk_words *ws = &r->ws;
    size_t i = s->n.to + desk_words_match(ws, s->n.to, currency);
    bool all = desk_words_match(ws, i, "each|apiece|cada") || desk_words_match(ws, i, "a piece") ||
               is_at_price(r, s);
    size_t n = desk_words_match(ws, i, "a|an|per|every|por");
    if (!all && !n)
        return 1;
    const char *thing = desk_words_at(ws, i + n);
    for (size_t k = 0; k < r->n; k++) {
        const struct number *c = &r->sums[k].n;
        if (&r->sums[k] == s || c->currency || c->value < 2 || c->value > 2000 || c->to >= ws->n)
            continue;
        if (desk_words_match(ws, c->to, "of them|those|these"))
            return c->value;
        for (size_t j = c->to; j < c->to + 2; j++)
            if (all ? !r->sums[k].money : same_thing(thing, desk_words_at(ws, j)))
                return c->value;
    }
    return 1;
}

static bool counts(const struct sum *s)
{
    return s->money && !s->denied && s->role != R_OTHER;
}

/* a plus, or another, between two sums */
static bool added(const struct reading *r, size_t i)
{
    for (size_t k = r->sums[i - 1].n.to; k < r->sums[i].n.from; k++)
        if (desk_words_match(&r->ws, k, "plus|another|additional|mas|extra"))
            return true;
    return false;
}

static bool any_word(const struct desk_words *ws, const char *pattern)
{
    return desk_words_find(ws, 0, pattern, NULL) < ws->n;
}

/* A quote is the budget when the caller names no other and does not refuse it. */
static bool quote_counts(const struct reading *r)
{
    for (size_t i = 0; i < r->n; i++)
        if (counts(&r->sums[i]) && r->sums[i].role != R_QUOTE)
            return false;
    for (size_t i = 0; i < COUNT(refusals); i++)
        if (any_word(&r->ws, refusals[i]))
            return false;
    return true;
}

void desk_money_budget(const char *text, struct desk_budget *b)
{
    char flat[FLAT];
    struct reading r = {.n = 0};
    *b = (struct desk_budget){0};
    plain(flat, sizeof flat, text ? text : "");
    desk_words_read(&r.ws, flat);
    read_sums(&r);
    fill_thousands(&r);
    bool quotes = quote_counts(&r);
    double sum = 0, most = 0;
    for (size_t i = 0; i < r.n; i++) {
        const struct sum *s = &r.sums[i];
        if (!counts(s) || (s->role == R_QUOTE && !quotes))
            continue;
        double value = s->n.value * times(&r, s);
        sum = i > 0 && counts(s - 1) && added(&r, i) ? sum + value : value;
        if (sum > most) {
            most = sum;
            b->more = s->more;
        }
    }
    for (size_t i = 0; i < COUNT(figure_rows); i++)
        if (any_word(&r.ws, figure_rows[i].pattern) && most < figure_rows[i].value)
            most = figure_rows[i].value;
    b->most = (int64_t)(most < 1e12 ? most : 1e12);
    for (size_t i = 0; i < COUNT(no_ceilings); i++)
        b->no_ceiling = b->no_ceiling || any_word(&r.ws, no_ceilings[i]);
}

bool desk_money_over(const struct desk_budget *b, int64_t limit)
{
    return b->no_ceiling || b->most > limit || (b->more && b->most >= limit);
}
