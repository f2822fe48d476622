/* The judgement: what was read goes to the classifier, whose probabilities are weighed by what a
 * mistake costs; then the owner's own phrases have their say. */
#include "core/emergency.h"
#include "core/emergency_read.h"
#include "core/linear.h"

#include "base/utf8.h"

#include "core/emergency_model.inc"

#include <stdio.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define LONG     45  /* words: from there on the last ones are judged by themselves, too */
#define TAIL     300 /* bytes of the end */
#define LAST     120 /* bytes of the very end: about the last sentence */
#define SHORT    5   /* words: of so few a rule must say the same */

/* How much more likely the other answers must be. A P1 that is missed costs most; found by
 * cross-validation (P1 recall 96.7 % at 6.3 % false alerts). */
static const float cost[DESK_SEVERITY__MAX] = {1.0f, 1.0f, 1.3f, 3.5f};

void desk_emergency_plain(char *out, size_t n, const char *phrase)
{
    struct desk_words ws;
    size_t w = 0;
    desk_words_read(&ws, phrase);
    for (size_t i = 0; i < ws.n && w + ws.w[i].len + 2u <= n; i++) {
        if (w > 0)
            out[w++] = ' ';
        memcpy(out + w, desk_words_at(&ws, i), ws.w[i].len);
        w += ws.w[i].len;
    }
    if (n > 0)
        out[w] = '\0';
}

void desk_emergency_read(struct desk_emergency_read *r, const char *kind, const char *text)
{
    desk_words_read(&r->words, text);
    desk_emergency_find(r);
    desk_emergency_apply(r, kind);
    desk_emergency_tags(r, kind);
}

static const char *known_kind(const char *kind)
{
    static const char *const kinds[] = {"smart_home", "plumbing", "handyman", "dental",
                                        "concierge"};
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (kind && strcmp(kind, kinds[i]) == 0)
            return kinds[i];
    return "handyman";
}

/* The classifier's answer to what was read; *sure = its probability. */
static enum desk_severity classify(const struct desk_emergency_read *r, float *sure)
{
    float p[DESK_LINEAR_CLASSES];
    enum desk_severity best = DESK_SEVERITY_NONE;
    float most = -1.0f;
    desk_linear_score_words(&emergency_model, &r->words, r->tag, r->n_tags, p);
    desk_linear_softmax(&emergency_model, p);
    for (size_t c = 0; c < emergency_model.n_classes; c++) {
        enum desk_severity s = desk_severity_of(emergency_model.classes[c]);
        if (s < DESK_SEVERITY__MAX && p[c] * cost[s] > most) {
            most = p[c] * cost[s];
            best = s;
            *sure = p[c];
        }
    }
    return best;
}

/* words at … at + n with spaces, cut to size */
static void quote(char *out, size_t size, const struct desk_words *ws, size_t at, size_t n)
{
    size_t w = 0;
    for (size_t i = at; i < at + n && w + 1 < size; i++)
        w += (size_t)snprintf(out + w, size - w, "%s%s", i > at ? " " : "", desk_words_at(ws, i));
    desk_utf8_trim(out);
}

/* Why: the rule that says the same as the classifier, or else the classifier alone. */
static void explain(struct desk_emergency *out, const struct desk_emergency_read *r, float sure)
{
    const struct desk_emergency_verdict *v = &r->verdict[out->severity];
    char words[100] = "";
    if (out->severity == DESK_SEVERITY_NONE) {
        snprintf(out->because, sizeof out->because, "nothing urgent now (%.2f)", (double)sure);
        return;
    }
    if (v->rule && v->how <= DESK_HOW_HYPO) {
        quote(words, sizeof words, &r->words, v->at, v->n);
        snprintf(out->because, sizeof out->because, "rule %s: \"%s\" (%s %.2f)", v->rule, words,
                 desk_severity_name(out->severity), (double)sure);
        return;
    }
    snprintf(out->because, sizeof out->because, "it sounds like danger or damage (%s %.2f)",
             desk_severity_name(out->severity), (double)sure);
}

/* Of somebody else, by the same clause, and the classifier thinks nothing of it: "my neighbor had a
 * burst pipe". */
static bool of_others(const struct desk_emergency *out, const struct desk_emergency_read *r,
                      const struct desk_emergency_verdict *v)
{
    size_t clause = r->words.w[v->at].clause;
    return out->severity == DESK_SEVERITY_NONE && clause < r->state.clauses &&
           r->state.how[clause][C_THIRD] <= DESK_HOW_WAS && r->state.at[clause][C_THIRD] < v->at;
}

/* The owner's phrases: a higher severity counts at once; a lower one only for what is no P1 and has
 * no higher phrase. */
static void apply_own(struct desk_emergency *out, const struct desk_emergency_read *r,
                      const struct desk_emergency_phrase *own, size_t n_own)
{
    struct desk_emergency_verdict verdict[DESK_SEVERITY__MAX];
    int s = DESK_P1;
    desk_emergency_own(r, own, n_own, verdict);
    while (s >= 0 && verdict[s].how > DESK_HOW_WAS)
        s--;
    if (s < 0 || out->severity == DESK_P1 || (int)out->severity == s ||
        of_others(out, r, &verdict[s]))
        return;
    char words[100];
    quote(words, sizeof words, &r->words, verdict[s].at, verdict[s].n);
    out->severity = (enum desk_severity)s;
    snprintf(out->because, sizeof out->because, "owner's phrase %s: \"%s\"", verdict[s].rule,
             words);
}

/* The classifier learned from sentences, and takes a bare place ("in the kitchen") for the end of a
 * story: of a few words, or of a long talk or its end, it is believed only where a rule finds
 * something urgent, too. */
static bool too_little(const struct desk_emergency *out, const struct desk_emergency_read *r,
                       bool part)
{
    bool rule = false;
    for (int s = DESK_P2; s <= DESK_P1; s++)
        rule = rule || (r->verdict[s].rule && r->verdict[s].how <= DESK_HOW_HYPO);
    return out->severity >= DESK_P2 && (part || r->words.n <= SHORT || r->words.n > LONG) && !rule;
}

static void judge(struct desk_emergency *out, const char *kind,
                  const struct desk_emergency_phrase *own, size_t n_own, const char *said,
                  bool part, size_t *words)
{
    struct desk_emergency_read r;
    float sure = 0;
    desk_emergency_read(&r, kind, said);
    out->severity = classify(&r, &sure);
    if (too_little(out, &r, part))
        out->severity = DESK_SEVERITY_NONE;
    explain(out, &r, sure);
    if (n_own)
        apply_own(out, &r, own, n_own);
    *words = r.words.n;
}

/* the end of a text, from the beginning of a word */
static const char *tail_of(const char *said, size_t most)
{
    size_t n = strlen(said);
    const char *tail = n > most ? said + n - most : said;
    if (tail > said && strchr(tail, ' '))
        tail = strchr(tail, ' ');
    return tail;
}

void desk_emergency_judge(struct desk_emergency *out, const char *kind,
                          const struct desk_emergency_phrase *own, size_t n_own, const char *said)
{
    size_t words = 0;
    said = said ? said : "";
    kind = known_kind(kind);
    judge(out, kind, own, n_own, said, false, &words);
    if (words <= LONG || out->severity == DESK_P1)
        return;
    /* in a long talk one sentence weighs little: what was said last counts by itself */
    static const size_t ends[] = {TAIL, LAST};
    for (size_t i = 0; i < COUNT(ends) && out->severity != DESK_P1; i++) {
        struct desk_emergency late;
        judge(&late, kind, own, n_own, tail_of(said, ends[i]), true, &words);
        if (late.severity > out->severity)
            *out = late;
    }
}

const char *desk_emergency_told(const char *because, size_t *n)
{
    const char *from = strchr(because, '"'), *to = from ? strchr(from + 1, '"') : NULL;
    const char *figures = strstr(because, " (P");
    if (to) {
        *n = (size_t)(to - from - 1);
        return from + 1;
    }
    *n = figures ? (size_t)(figures - because) : strlen(because);
    return because;
}
