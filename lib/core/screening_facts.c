/* Facts are found word by word from two tables; the tables are the knowledge, this walks them. */
#include "core/screening_facts.h"
#include "core/screening_tables.h"

#include <string.h>

#define COUNT(a)  (sizeof(a) / sizeof *(a))
#define TAG_TIMES 3

/* does word stand in a list with spaces between? "anesthe*" is any word that begins so */
static bool listed(const char *list, const char *word, size_t len)
{
    for (const char *s = list; *s;) {
        size_t n = strcspn(s, " ");
        if (*s == *word && ((n == len && memcmp(s, word, n) == 0) ||
                            (s[n - 1] == '*' && n - 1 <= len && memcmp(s, word, n - 1) == 0)))
            return true;
        s += n;
        s += *s == ' ';
    }
    return false;
}

static void note(struct desk_screen_facts *f, enum fact fact, const struct desk_word *w)
{
    if (fact_info[fact].denied && (w->in & DESK_IN_NEG))
        f->denied[fact] = true;
    else
        f->seen[fact] = true;
}

/* says only who calls, or nothing */
static bool is_thin(enum fact fact)
{
    return fact <= F_VEHICLE || fact == F_URGENT || fact >= F_ASKFOR;
}

/* "this is brenda", "mister chen", "soy pedro" */
static bool is_name(const struct desk_words *ws, size_t i)
{
    static const char *const before[] = {
        "it|this|name is", "i am",
        "soy|mister|mr|mrs|ms|miss|missus|officer|doctor|detective|uncle|"
        "aunt|tia|tio|don|dona"};
    const char *word = desk_words_at(ws, i);
    size_t len = ws->w[i].len;
    if (len > 3 && (strcmp(word + len - 3, "ing") == 0 || strcmp(word + len - 2, "ed") == 0))
        return false;
    return (i > 1 &&
            (desk_words_match(ws, i - 2, before[0]) || desk_words_match(ws, i - 2, before[1]))) ||
           (i > 0 && desk_words_match(ws, i - 1, before[2]));
}

void desk_screen_facts_find(struct desk_screen_facts *f, const struct desk_words *ws)
{
    memset(f, 0, sizeof *f);
    for (size_t i = 0; i < ws->n; i++) {
        const char *word = desk_words_at(ws, i);
        bool thin = is_name(ws, i);
        for (size_t k = 0; k < COUNT(word_rows); k++)
            if (listed(word_rows[k].text, word, ws->w[i].len)) {
                note(f, word_rows[k].fact, &ws->w[i]);
                thin = thin || is_thin(word_rows[k].fact);
            }
        f->content += !thin;
        for (size_t k = 0; k < COUNT(phrase_rows); k++)
            if (desk_words_match(ws, i, phrase_rows[k].text))
                note(f, phrase_rows[k].fact, &ws->w[i]);
    }
}

const char *desk_screen_fact_name(enum fact fact)
{
    return fact_info[fact].spoken;
}

static const char *length_tag(size_t n)
{
    static const struct {
        size_t most;
        const char *tag;
    } rows[] = {{2, "n2"}, {4, "n4"}, {7, "n7"}, {11, "n11"}, {18, "n18"}};
    for (size_t i = 0; i < COUNT(rows); i++)
        if (n <= rows[i].most)
            return rows[i].tag;
    return "long";
}

static const char *const content_tag[] = {"c0", "c1", "c2", "c3", "c4"};

size_t desk_screen_tags(const struct desk_screen_facts *f, const struct desk_words *ws,
                        const char *tags[DESK_SCREEN_TAGS])
{
    size_t n = 0;
    tags[n++] = length_tag(ws->n);
    tags[n++] = content_tag[f->content < COUNT(content_tag) ? f->content : COUNT(content_tag) - 1];
    for (size_t i = 0; i < F_LIGHT; i++) {
        if (f->seen[i])
            tags[n++] = fact_info[i].tag;
        if (f->denied[i])
            tags[n++] = fact_info[i].denied;
    }
    for (size_t i = 0, once = n; i < (TAG_TIMES - 1) * once; i++)
        tags[n++] = tags[i];
    return n;
}
