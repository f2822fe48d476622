/* Facts and a classifier; the names of the house by rule: who asks for one by name wants a person.
 */
#include "core/intent.h"
#include "core/intent_facts.h"
#include "core/linear.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/intent_model.inc"

#define COUNT(a)    (sizeof(a) / sizeof *(a))
#define MAX_NAMED   3  /* facts in a reason */
#define PERSON_SURE 35 /* percent: below, only who says so wants a person */

static const char *const kinds[] = {
    [DESK_INTENT_OTHER] = "other",   [DESK_INTENT_PERSON] = "person",
    [DESK_INTENT_SALES] = "sales",   [DESK_INTENT_SUPPORT] = "support",
    [DESK_INTENT_VENDOR] = "vendor",
};

const char *desk_intent_kind_name(enum desk_intent_kind k)
{
    return kinds[k];
}

/* which facts speak for a wish, when a reason is told */
static const struct {
    enum intent_fact first, last;
} speaks_for[DESK_INTENT__MAX] = {
    [DESK_INTENT_OTHER] = {I_BOOK, I_NOT_CALLER},  [DESK_INTENT_PERSON] = {I_HUMAN, I_CONNECT},
    [DESK_INTENT_SALES] = {I_PRICE, I_PRODUCT},    [DESK_INTENT_SUPPORT] = {I_BROKEN, I_MINE},
    [DESK_INTENT_VENDOR] = {I_WE_OFFER, I_SUPPLY},
};

static void tell(struct desk_intent_judged *out, const uint8_t *how)
{
    static const char *const why[DESK_INTENT__MAX] = {
        [DESK_INTENT_OTHER] = "no particular wish was heard",
        [DESK_INTENT_PERSON] = "asks for a person",
        [DESK_INTENT_SALES] = "wants new work",
        [DESK_INTENT_SUPPORT] = "has something that does not work",
        [DESK_INTENT_VENDOR] = "calls as another firm",
    };
    size_t named = 0, at;
    snprintf(out->because, sizeof out->because, "%s", why[out->kind]);
    for (int i = speaks_for[out->kind].first; i <= (int)speaks_for[out->kind].last; i++) {
        if (!(how[i] & DESK_FACT_SAID) || named == MAX_NAMED)
            continue;
        at = strlen(out->because);
        snprintf(out->because + at, sizeof out->because - at, "%s%s", named++ ? ", " : ": ",
                 desk_intent_tables.info[i].spoken);
    }
}

/* Is word i the first or last word of a name of the house? */
static bool named_at(const struct desk_words *ws, size_t i, const char *const *names, size_t n)
{
    const char *word = desk_words_at(ws, i);
    size_t len = strlen(word);
    for (size_t k = 0; k < n; k++)
        for (const char *p = names[k]; *p;) {
            size_t part = strcspn(p, " ");
            if (part > 2 && strncasecmp(p, "the", part) != 0 && part == len &&
                strncasecmp(p, word, len) == 0)
                return true;
            p += part;
            p += strspn(p, " ");
        }
    return false;
}

/* "i want mike on his cell", "have sal pick up": one of the house is asked for. Not "mike told me",
 * not "mike installed it". */
static bool asks_for_name(const struct desk_words *ws, const uint8_t *how, const char *const *names,
                          size_t n)
{
    static const char before[] = "want|need|get|have|to|with|is|for|put|me|please|page";
    static const char his[] = "team|crew|guys|company|people|office|wife|brother|sister";
    for (size_t i = 0; i < ws->n; i++)
        if (named_at(ws, i, names, n) && !desk_words_match(ws, i + 1, his) &&
            ((how[I_CONNECT] | how[I_OWNER]) & DESK_FACT_SAID || ws->n <= 2 ||
             (i > 0 && desk_words_match(ws, i - 1, before))))
            return true;
    return false;
}

/* "no robots, get me a person": said beside another wish. */
static bool asks_for_human(const struct desk_words *ws)
{
    static const char *const patterns[] = {
        "real|live person|human|agent", "no robots|machines|bots",
        "get|give me|us a|some|the person|human|somebody|someone|one|body|boss|owner|manager",
        "talk|speak to|with a|some|the person|human|somebody|someone|one|owner|boss|manager"};
    for (size_t i = 0; i < COUNT(patterns); i++)
        if (desk_words_find(ws, 0, patterns[i], NULL) < ws->n)
            return true;
    return false;
}

void desk_intent_judge(const char *text, const char *const *names, size_t n_names,
                       struct desk_intent_judged *out)
{
    struct desk_words ws;
    uint8_t how[I__MAX];
    const char *tags[DESK_INTENT_TAGS];
    float p[COUNT(intent_classes)];
    desk_words_read(&ws, text);
    size_t n = desk_intent_tags(&ws, how, tags);
    desk_linear_score_words(&intent_model, &ws, tags, n, p);
    desk_linear_softmax(&intent_model, p);
    out->kind = (enum desk_intent_kind)desk_linear_best(&intent_model, p);
    out->sure = (int)(100 * p[out->kind]);
    if (ws.n == 0) {
        out->kind = DESK_INTENT_OTHER;
        out->sure = 100;
    }
    out->person =
        out->kind == DESK_INTENT_PERSON && (out->sure >= PERSON_SURE || asks_for_human(&ws) ||
                                            asks_for_name(&ws, how, names, n_names));
    if (ws.n == 0 || out->kind == DESK_INTENT_PERSON) {
        tell(out, how);
        return;
    }
    out->person = out->kind != DESK_INTENT_VENDOR && asks_for_human(&ws);
    if (out->kind != DESK_INTENT_VENDOR && asks_for_name(&ws, how, names, n_names)) {
        out->kind = DESK_INTENT_PERSON;
        out->sure = 100;
        out->person = true;
    }
    tell(out, how);
}
