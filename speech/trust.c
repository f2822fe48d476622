/* Trust in words. See trust.h. The numbers were measured on sentences for a plumber, and held on
 * others for a dentist and a garage. */
#include "speech/trust.h"

#include "speech/grammar.h"

#include <stdio.h>
#include <string.h>

#define POSTERIOR    0.7    /* of a trusted word, in both hearings */
#define SCORE        -60000 /* the least acoustic score of one */
#define SHARE        60     /* per cent of the words' time that must be trusted in a sentence */
#define SENTENCE     3u     /* trusted words that make a sentence; fewer are the grammar's */
#define LOST         0.25 /* mean posterior of a hearing that knows nothing: measured 0.04 to 0.19 */
#define MARGIN       2u   /* words that a sentence must have above an answer that was heard whole */
#define ANSWER_WORDS 64

struct line {
    char *out;
    size_t n, len;
};

static void line_add(struct line *l, const char *word, size_t len)
{
    if (l->len + len + 2 > l->n)
        return;
    if (l->len > 0)
        l->out[l->len++] = ' ';
    memcpy(l->out + l->len, word, len);
    l->len += len;
    l->out[l->len] = '\0';
}

void desk_trust_add(struct desk_trust_hearing *h, const char *word, int from, int to, int score,
                    double posterior)
{
    size_t len = strcspn(word, "(");
    struct desk_trust_word *w = &h->words[h->n];
    if (h->n >= DESK_TRUST_WORDS || len == 0 || len >= sizeof w->word || strchr("<[+", *word))
        return;
    *w = (struct desk_trust_word){.from = from, .to = to, .score = score, .posterior = posterior};
    memcpy(w->word, word, len);
    h->n++;
}

static int length(const struct desk_trust_word *w)
{
    return w->to - w->from + 1;
}

/* The same word where w stands, or NULL. */
static const struct desk_trust_word *same_in(const struct desk_trust_hearing *h,
                                             const struct desk_trust_word *w)
{
    for (size_t i = 0; i < h->n; i++) {
        const struct desk_trust_word *v = &h->words[i];
        int from = v->from > w->from ? v->from : w->from, to = v->to < w->to ? v->to : w->to;
        int least = length(v) < length(w) ? length(v) : length(w);
        if ((to - from + 1) * 2 > least && strcmp(v->word, w->word) == 0)
            return v;
    }
    return NULL;
}

/* ---- the grammar's answer beside a hearing --------------------------------------------------- */

struct answer {
    const char *word[ANSWER_WORDS];
    size_t len[ANSWER_WORDS], n;
};

static void split(struct answer *a, const char *text)
{
    a->n = 0;
    while (*text && a->n < ANSWER_WORDS) {
        size_t len = strcspn(text, " ");
        a->word[a->n] = text;
        a->len[a->n] = len;
        a->n += len > 0;
        text += len + (text[len] == ' ');
    }
}

static bool equal(const struct answer *a, size_t i, const struct desk_trust_word *w)
{
    return strlen(w->word) == a->len[i] && strncmp(w->word, a->word[i], a->len[i]) == 0;
}

/* The longest run of words that both have in the same order; where they stand is marked. Returns
 * how many they are. */
static size_t match(const struct answer *a, const struct desk_trust_hearing *h,
                    bool in_answer[ANSWER_WORDS], bool in_hearing[DESK_TRUST_WORDS])
{
    unsigned char best[ANSWER_WORDS + 1][DESK_TRUST_WORDS + 1] = {{0}};
    memset(in_answer, 0, ANSWER_WORDS * sizeof *in_answer);
    memset(in_hearing, 0, DESK_TRUST_WORDS * sizeof *in_hearing);
    for (size_t i = a->n; i-- > 0;)
        for (size_t j = h->n; j-- > 0;) {
            unsigned char down = best[i + 1][j], right = best[i][j + 1];
            best[i][j] = down > right ? down : right;
            if (equal(a, i, &h->words[j]))
                best[i][j] = (unsigned char)(best[i + 1][j + 1] + 1);
        }
    for (size_t i = 0, j = 0; i < a->n && j < h->n;) {
        if (equal(a, i, &h->words[j]))
            in_answer[i++] = in_hearing[j++] = true;
        else if (best[i + 1][j] >= best[i][j + 1])
            i++;
        else
            j++;
    }
    return best[0][0];
}

/* ---- what may be written --------------------------------------------------------------------- */

/* The trusted words of a whole sentence, with gaps where there were others. Words that the grammar
 * found too are trusted. Returns how many were written; 0, and out "", when too little is trusted.
 */
static size_t sentence(char *out, size_t n, const struct desk_trust_hearing *a,
                       const struct desk_trust_hearing *b, const char *answer)
{
    struct answer other;
    bool theirs[ANSWER_WORDS], ours[DESK_TRUST_WORDS], gap = false;
    struct line l = {out, n, 0};
    int all = 0, trusted = 0;
    size_t words = 0, sure = 0;
    out[0] = '\0';
    split(&other, answer);
    (void)match(&other, a, theirs, ours);
    for (size_t i = 0; i < a->n; i++) {
        const struct desk_trust_word *w = &a->words[i], *v = same_in(b, w);
        bool alone = v && w->posterior >= POSTERIOR && v->posterior >= POSTERIOR &&
                     w->score >= SCORE && v->score >= SCORE;
        all += length(w);
        sure += alone;
        if (alone || (v && ours[i])) {
            if (gap)
                line_add(&l, DESK_TRUST_GAP, sizeof DESK_TRUST_GAP - 1);
            line_add(&l, w->word, strlen(w->word));
            gap = false;
            words++;
            trusted += length(w);
        } else {
            gap = true;
        }
    }
    if (gap)
        line_add(&l, DESK_TRUST_GAP, sizeof DESK_TRUST_GAP - 1);
    if (words >= SENTENCE && sure >= SENTENCE - 1 && trusted * 100 >= all * SHARE)
        return words;
    out[0] = '\0';
    return 0;
}

/* Enough of what carries meaning was heard: all of it, or half of a time of day, whose words are
 * many and are read back. */
static bool meaning_heard(const struct answer *a, const bool heard[ANSWER_WORDS],
                          enum desk_dialog_expect expect)
{
    size_t meaning = 0, found = 0;
    for (size_t i = 0; i < a->n; i++)
        if (!desk_grammar_small_talk(expect, a->word[i], a->len[i])) {
            meaning++;
            found += heard[i];
        }
    return found > 0 && (expect == DESK_EXPECT_WHEN ? found * 2 >= meaning : found == meaning);
}

/* Words, but hardly one more likely than others: such a hearing contradicts nobody. */
static bool is_lost(const struct desk_trust_hearing *h)
{
    double sum = 0, time = 0;
    for (size_t i = 0; i < h->n; i++) {
        sum += h->words[i].posterior * length(&h->words[i]);
        time += length(&h->words[i]);
    }
    return sum < LOST * time;
}

/* The grammar's answer, less the small talk that was not heard. Returns how many words were
 * written; 0, and out "", when the words that carry the meaning were not heard. */
static size_t checked(char *out, size_t n, const struct desk_trust_hearing *a,
                      const struct desk_trust_hearing *b, const char *answer,
                      enum desk_dialog_expect expect)
{
    const struct desk_trust_hearing *both[] = {a, b};
    size_t most = 0, written = 0;
    struct answer own;
    bool theirs[ANSWER_WORDS], ours[DESK_TRUST_WORDS];
    out[0] = '\0';
    split(&own, answer);
    if (own.n > 0 && (is_lost(a) || is_lost(b))) {
        struct line l = {out, n, 0};
        line_add(&l, answer, strlen(answer));
        return own.n;
    }
    for (size_t k = 0; k < 2; k++) {
        size_t words = match(&own, both[k], theirs, ours);
        if (words <= most || !meaning_heard(&own, theirs, expect))
            continue;
        struct line l = {out, n, 0};
        most = words;
        written = 0;
        for (size_t i = 0; i < own.n; i++) {
            if (!theirs[i] && desk_grammar_small_talk(expect, own.word[i], own.len[i]))
                continue;
            line_add(&l, own.word[i], own.len[i]);
            written++;
        }
    }
    return written;
}

void desk_trust_judge(char *out, size_t n, const struct desk_trust_hearing *a,
                      const struct desk_trust_hearing *b, const char *answer,
                      enum desk_dialog_expect expect)
{
    char theirs[DESK_TRUST_TEXT], ours[DESK_TRUST_TEXT];
    size_t few = checked(theirs, sizeof theirs, a, b, answer, expect);
    size_t many = sentence(ours, sizeof ours, a, b, theirs);
    size_t margin = few > 0 && expect != DESK_EXPECT_WHEN ? MARGIN : 0;
    snprintf(out, n, "%s", many > 0 && many >= few + margin ? ours : theirs);
}
