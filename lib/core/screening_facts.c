/* The facts of core/screening.c: its tables, and how much a text says beside who calls. */
#include "core/screening_facts.h"
#include "core/screening_tables.h"

#include <string.h>

#define COUNT(a)  (sizeof(a) / sizeof *(a))
#define TAG_TIMES 3

const struct desk_fact_tables desk_screen_tables = {
    .info = fact_info,
    .n_facts = F__MAX,
    .words = word_rows,
    .n_words = COUNT(word_rows),
    .phrases = phrase_rows,
    .n_phrases = COUNT(phrase_rows),
};

/* a fact that says only who calls, or nothing */
static void note_thin(void *ctx, uint8_t fact)
{
    bool *thin = ctx;
    if (fact <= F_VEHICLE || fact == F_URGENT || fact >= F_ASKFOR)
        *thin = true;
}

static bool ends_in(const char *word, size_t len, const char *end)
{
    size_t n = strlen(end);
    return len > n && strcmp(word + len - n, end) == 0;
}

/* "this is brenda", "mister chen", "soy pedro" */
static bool is_name(const struct desk_words *ws, size_t i)
{
    static const char titles[] =
        "soy|mister|mr|mrs|ms|miss|missus|officer|doctor|detective|uncle|aunt|tia|tio|don|dona";
    const char *word = desk_words_at(ws, i);
    size_t len = ws->w[i].len;
    if (ends_in(word, len, "ing") || ends_in(word, len, "ed"))
        return false;
    return (i > 1 && (desk_words_match(ws, i - 2, "it|this|name is") ||
                      desk_words_match(ws, i - 2, "i am"))) ||
           (i > 0 && desk_words_match(ws, i - 1, titles));
}

void desk_screen_facts_find(struct desk_screen_facts *f, const struct desk_words *ws)
{
    desk_facts_find(&desk_screen_tables, ws, f->how);
    f->content = 0;
    for (size_t i = 0; i < ws->n; i++) {
        bool thin = is_name(ws, i);
        desk_facts_of_word(&desk_screen_tables, ws, i, note_thin, &thin);
        f->content += !thin;
    }
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

static const char *content_tag(size_t n)
{
    static const char *const tags[] = {"c0", "c1", "c2", "c3", "c4"};
    return tags[n < COUNT(tags) ? n : COUNT(tags) - 1];
}

size_t desk_screen_tags(const struct desk_screen_facts *f, const struct desk_words *ws,
                        const char *tags[DESK_SCREEN_TAGS])
{
    size_t n = 0;
    tags[n++] = length_tag(ws->n);
    tags[n++] = content_tag(f->content);
    desk_facts_tags(&desk_screen_tables, f->how, tags, &n, DESK_SCREEN_TAGS / TAG_TIMES);
    for (size_t i = 0, once = n; i < (TAG_TIMES - 1) * once; i++)
        tags[n++] = tags[i];
    return n;
}
