/* Numbers, written and spoken: which tokens make one, whether it counts something, and the rule
 * that a long one that counts nothing is somebody's. */
#include "core/mask_text.h"

#include <string.h>

#define LONG_ENOUGH 7 /* digits of a telephone number without its area */
#define CARD_LEAST  13
#define CARD_MOST   19

/* ---- dates and addresses of machines ------------------------------------------------------- */

static bool digits_at(const struct desk_mask_text *m, size_t i, size_t least, size_t most)
{
    return i < m->n && m->tok[i].type == DESK_TOK_DIGITS && m->tok[i].len >= least &&
           m->tok[i].len <= most;
}

static bool tied(const struct desk_mask_text *m, size_t i, char gap)
{
    return i < m->n && m->tok[i].tight && m->tok[i].gap == gap;
}

size_t desk_mask_date_at(const struct desk_mask_text *m, size_t i)
{
    char gap = i + 2 < m->n ? m->tok[i + 1].gap : '\0';
    if ((gap != '-' && gap != '/' && gap != '.') || !tied(m, i + 1, gap) || !tied(m, i + 2, gap) ||
        !digits_at(m, i + 1, 1, 2))
        return 0;
    bool year_first = digits_at(m, i, 4, 4) && digits_at(m, i + 2, 1, 2);
    bool year_last =
        digits_at(m, i, 1, 2) && (digits_at(m, i + 2, 2, 2) || digits_at(m, i + 2, 4, 4));
    return year_first || (year_last && !tied(m, i + 3, gap)) ? 3 : 0;
}

/* "192.0.2.17" */
static size_t address_at(const struct desk_mask_text *m, size_t i)
{
    for (size_t k = i; k < i + 4; k++)
        if (!digits_at(m, k, 1, 3) || (k > i && !tied(m, k, '.')) || m->tok[k].w[0] > '2')
            return 0;
    return tied(m, i + 4, '.') ? 0 : 4;
}

/* ---- runs ------------------------------------------------------------------------------------ */

static bool numeric(const struct desk_mask_text *m, size_t i)
{
    return i < m->n && m->tok[i].num != DESK_NUM_NONE;
}

static bool spoken_digit(const struct desk_mask_text *m, size_t i)
{
    return i < m->n && (m->tok[i].num == DESK_NUM_UNIT || m->tok[i].num == DESK_NUM_TEEN ||
                        m->tok[i].num == DESK_NUM_TENS || m->tok[i].num == DESK_NUM_DIGITS);
}

/* May a number begin here? */
static bool begins(const struct desk_mask_text *m, size_t i)
{
    if (desk_mask_date_at(m, i) || address_at(m, i))
        return false;
    switch (m->tok[i].num) {
    case DESK_NUM_DIGITS:
    case DESK_NUM_UNIT:
    case DESK_NUM_TEEN:
    case DESK_NUM_TENS:
        return true;
    case DESK_NUM_REPEAT:
    case DESK_NUM_OH:
        return spoken_digit(m, i + 1);
    default:
        return false;
    }
}

/* May token i, behind a number, go on with it? */
static bool joins(const struct desk_mask_text *m, size_t i)
{
    const struct desk_mask_tok *t = &m->tok[i];
    if (!numeric(m, i) || desk_mask_date_at(m, i) || address_at(m, i))
        return false;
    if (t->tight && (t->gap == ',' || t->gap == ':')) /* "1,250,000", "18:00" */
        return false;
    return t->gap == ' ' || strchr("-.()/+,", t->gap) != NULL;
}

/* Words without meaning between digits, and the "and" of hundreds; how many of them. */
static size_t skips(const struct desk_mask_text *m, size_t i)
{
    size_t k = i;
    bool tens = m->tok[i - 1].num == DESK_NUM_TENS || m->tok[i - 1].num == DESK_NUM_HUNDRED;
    if (tens && (desk_mask_is(m, i, "and") || desk_mask_is(m, i, "y")) && numeric(m, i + 1))
        return 1;
    if (desk_mask_is(m, i, "and") && desk_mask_has(m, i + 1, DESK_LEX_SKIP))
        k++;
    while (k < i + 3 && desk_mask_has(m, k, DESK_LEX_SKIP))
        k++;
    return k > i && spoken_digit(m, k) ? k - i : 0;
}

static void grow(const struct desk_mask_text *m, size_t i, struct desk_mask_run *r)
{
    const struct desk_mask_tok *t = &m->tok[i];
    bool unit_of_tens = i > r->from && m->tok[i - 1].num == DESK_NUM_TENS &&
                        t->num == DESK_NUM_UNIT && !desk_mask_is(m, i, "zero") &&
                        !desk_mask_is(m, i, "oh");
    r->to = i;
    r->digits += unit_of_tens ? 0 : t->digits;
    r->units += t->num == DESK_NUM_UNIT || t->num == DESK_NUM_OH;
    r->words = r->words || t->num != DESK_NUM_DIGITS;
    r->large = r->large || t->num == DESK_NUM_HUNDRED || t->num == DESK_NUM_THOUSAND;
}

bool desk_mask_run_at(const struct desk_mask_text *m, size_t i, struct desk_mask_run *r)
{
    memset(r, 0, sizeof *r);
    if (i >= m->n || !begins(m, i))
        return false;
    r->from = i;
    r->plus = m->tok[i].gap == '+' || (m->tok[i].off && m->s[m->tok[i].off - 1] == '+');
    grow(m, i, r);
    for (size_t k = i + 1; k < m->n; k++) {
        size_t skip = joins(m, k) ? 0 : skips(m, k);
        if (!skip && !joins(m, k))
            break;
        k += skip;
        grow(m, k, r);
    }
    return true;
}

bool desk_mask_counts(const struct desk_mask_text *m, const struct desk_mask_run *r)
{
    const struct desk_mask_tok *t = &m->tok[r->from];
    if (t->gap == '$' || (t->tight && t->off > 1 && strchr("$#", m->s[t->off - 1])))
        return true;
    return desk_mask_has(m, r->to + 1, DESK_LEX_UNIT) && !desk_mask_breaks(m, r->to + 1) &&
           (r->from == r->to || r->large || r->digits < LONG_ENOUGH ||
            desk_mask_in("dollars bucks euros euro bytes ms ", m->tok[r->to + 1].w));
}

/* ---- the rule -------------------------------------------------------------------------------- */

/* Written in groups, or with the digits that a telephone number has. */
static bool looks_dialled(const struct desk_mask_text *m, const struct desk_mask_run *r)
{
    return r->from != r->to || r->digits == 10 || (r->digits == 11 && m->tok[r->from].w[0] == '1');
}

/* "ticket 20261120", "KR-7700123", "rows=1204332" */
static bool harmless(const struct desk_mask_text *m, const struct desk_mask_run *r)
{
    const struct desk_mask_tok *t = &m->tok[r->from];
    if (r->plus || r->words)
        return false;
    if (r->from && t->tight && t->gap == '-' && m->tok[r->from - 1].type != DESK_TOK_DIGITS &&
        m->tok[r->from - 1].allcap)
        return true;
    if (t->tight && t->gap == '=' && !looks_dialled(m, r))
        return true;
    for (size_t back = 1; back <= 4 && back <= r->from && r->from == r->to; back++) {
        const struct desk_mask_tok *b = &m->tok[r->from - back];
        if (b->lex & DESK_LEX_HARMLESS)
            return true;
        if (!desk_mask_in("number no num id is the of it it's ", b->w))
            break;
    }
    return false;
}

static bool somebodys(const struct desk_mask_text *m, const struct desk_mask_run *r)
{
    if (r->plus && r->digits >= LONG_ENOUGH)
        return true;
    return r->digits >= LONG_ENOUGH && (!r->large || r->units >= 5) && !desk_mask_counts(m, r) &&
           !harmless(m, r);
}

/* The part before it that a few words keep apart: "area code three oh three and then five …". */
static void part_before(struct desk_mask_text *m, const struct desk_mask_run *last,
                        const struct desk_mask_run *r)
{
    bool near = last->digits == 3 && last->to + 5 >= r->from && r->digits == LONG_ENOUGH;
    for (size_t i = last->to + 1; near && i <= r->from; i++)
        near = !m->tok[i].first;
    if (near && !desk_mask_counts(m, last))
        desk_mask_tokens(m, last->from, last->to, DESK_MASK_PHONE);
}

static void part_behind(struct desk_mask_text *m, const struct desk_mask_run *r)
{
    static const char between[] = "extension ext x extn or maybe actually no sorry wait and then "
                                  "um uh again at extension, ";
    struct desk_mask_run part;
    for (size_t i = r->to + 1; i < m->n && i <= r->to + 4; i++) {
        if (desk_mask_run_at(m, i, &part)) {
            if (part.digits <= 6 && !desk_mask_counts(m, &part) && i > r->to + 1)
                desk_mask_tokens(m, part.from, part.to, DESK_MASK_PHONE);
            return;
        }
        if (!desk_mask_in(between, m->tok[i].w))
            return;
    }
}

/* Words that a recogniser writes for a digit, at the ends of a number that lacks one. */
static void homophones(struct desk_mask_text *m, const struct desk_mask_run *r)
{
    static const char words[] = "for four to too won ate fore ";
    bool before = r->from && desk_mask_in(words, m->tok[r->from - 1].w) && !m->tok[r->from].first;
    bool behind = r->to + 1 < m->n && desk_mask_in(words, m->tok[r->to + 1].w) &&
                  (r->to + 2 == m->n || m->tok[r->to + 2].first);
    if (!r->words || r->digits >= 10 || r->digits < 8)
        return;
    if (before)
        desk_mask_tokens(m, r->from - 1, r->from, DESK_MASK_PHONE);
    if (behind)
        desk_mask_tokens(m, r->to, r->to + 1, DESK_MASK_PHONE);
}

/* "3035550155x12", "1763630659000ms": digits first, with letters behind them. */
static bool somebodys_mixed(const struct desk_mask_tok *t)
{
    size_t digits = strspn(t->w, "0123456789");
    return t->type == DESK_TOK_MIXED && digits >= LONG_ENOUGH && digits <= 11 && t->len <= 18 &&
           !(desk_mask_lex(t->w + digits) & DESK_LEX_UNIT);
}

void desk_mask_rule_numbers(struct desk_mask_text *m)
{
    struct desk_mask_run r, last = {.digits = 0};
    for (size_t i = 0; i < m->n; i++) {
        if (!desk_mask_marked(m, i) && somebodys_mixed(&m->tok[i]))
            desk_mask_tokens(m, i, i, DESK_MASK_PHONE);
        if (!desk_mask_run_at(m, i, &r))
            continue;
        if (!desk_mask_marked(m, i) && somebodys(m, &r)) {
            bool card = r.digits >= CARD_LEAST && r.digits <= CARD_MOST;
            desk_mask_tokens(m, r.from, r.to, card ? DESK_MASK_CARD : DESK_MASK_PHONE);
            part_before(m, &last, &r);
            part_behind(m, &r);
            homophones(m, &r);
        }
        last = r;
        i = r.to;
    }
}
