/* The facts of core/escalation.c: its tables, and what is in the writing of a text message. */
#include "core/escalation_facts.h"
#include "core/escalation_tables.h"

#include <string.h>

#define COUNT(a)  (sizeof(a) / sizeof *(a))
#define TAG_TIMES 2
#define LETTERS   8 /* fewer capitals say nothing: "OK", "TV" */

const struct desk_fact_tables desk_escalation_tables = {
    .info = fact_info,
    .n_facts = E__MAX,
    .words = word_rows,
    .n_words = COUNT(word_rows),
    .phrases = phrase_rows,
    .n_phrases = COUNT(phrase_rows),
};

static bool is_shouted(const char *text)
{
    size_t upper = 0, lower = 0;
    for (; *text; text++) {
        upper += *text >= 'A' && *text <= 'Z';
        lower += *text >= 'a' && *text <= 'z';
    }
    return upper >= LETTERS && upper > 2 * lower;
}

void desk_escalation_facts(uint8_t how[E__MAX], const struct desk_words *ws, const char *text)
{
    desk_facts_find(&desk_escalation_tables, ws, how);
    if (is_shouted(text))
        how[E_CAPS] = DESK_FACT_SAID;
    if (strstr(text, "!!") || strstr(text, "??") || strstr(text, "?!"))
        how[E_BANGS] = DESK_FACT_SAID;
}

size_t desk_escalation_tags(const uint8_t how[E__MAX], const char *tags[DESK_ESCALATION_TAGS])
{
    size_t n = 0;
    tags[n++] = "any";
    desk_facts_tags(&desk_escalation_tables, how, tags, &n, DESK_ESCALATION_TAGS / TAG_TIMES);
    for (size_t i = 0, once = n; i < (TAG_TIMES - 1) * once; i++)
        tags[n++] = tags[i];
    return n;
}
