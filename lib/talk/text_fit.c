#include "talk/text_fit.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "wire/gsm7.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define SENTENCES 400

static bool fits(const char *text, size_t n)
{
    struct desk_sms_size size;
    desk_sms_size(text, n, &size);
    return size.segments <= DESK_TEXT_SEGMENTS;
}

/* Marks outside of GSM-7 that have a sister inside. */
static const struct {
    const char *mark, *plain;
} sisters[] = {
    {"\xe2\x80\x99", "'"}, {"\xe2\x80\x98", "'"}, {"\xe2\x80\x9c", "\""},  {"\xe2\x80\x9d", "\""},
    {"\xe2\x80\x93", "-"}, {"\xe2\x80\x94", "-"}, {"\xe2\x80\xa6", "..."}, {"\xc2\xa0", " "},
    {"\xe2\x80\xaf", " "}, {"\xe2\x80\x91", "-"}, {"\xe2\x80\xa2", "-"},
};

static const char *plain(struct desk_arena *a, const char *text)
{
    char *out = desk_arena_alloc(a, strlen(text) + 1), *to = out;
    while (out && *text) {
        size_t i = 0;
        while (i < sizeof sisters / sizeof *sisters &&
               strncmp(text, sisters[i].mark, strlen(sisters[i].mark)) != 0)
            i++;
        if (i == sizeof sisters / sizeof *sisters) {
            *to++ = *text++;
            continue;
        }
        text += strlen(sisters[i].mark);
        for (const char *p = sisters[i].plain; *p;) /* never longer than the mark */
            *to++ = *p++;
    }
    if (out)
        *to = '\0';
    return out;
}

/* ---- sentences ------------------------------------------------------------------------------- */

/* "9 a.m.", "Dr. Cole", "12 Main St.": the mark at i is a word's own. */
static bool shortened(const char *text, size_t i)
{
    static const char *const words[] = {"a.m", "p.m", "dr", "mr",  "mrs",    "ms",  "st", "ave",
                                        "sr",  "sra", "ud", "uds", "approx", "e.g", "i.e"};
    size_t from = i;
    while (from && text[from - 1] != ' ' && text[from - 1] != '\n' && text[from - 1] != '(')
        from--;
    if (from < i && i - from <= 2 && text[i + 1] == ' ' && text[from] >= '0' && text[from] <= '9' &&
        (from == 0 || text[from - 1] == '\n'))
        return true; /* "1. Tuesday": of a list */
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (strlen(words[k]) == i - from && strncasecmp(text + from, words[k], i - from) == 0)
            return true;
    return false;
}

/* Behind the mark at i and what closes with it: "…?!", "…?)", "…?\"". */
static size_t behind(const char *text, size_t i)
{
    while (text[i] && strchr(".?!\"')]", text[i]))
        i++;
    return i;
}

struct sentences {
    size_t end[SENTENCES], n; /* each ends at its mark; a line does, too */
    size_t question;          /* the last one that asks; n = none */
};

static void sentences(const char *text, struct sentences *s)
{
    size_t len = strlen(text);
    s->n = 0;
    s->question = SENTENCES;
    for (size_t i = 0; i < len && s->n < SENTENCES; i++) {
        size_t end = i + 1;
        bool asks = text[i] == '?';
        if (text[i] == '.' || text[i] == '?' || text[i] == '!') {
            end = behind(text, i);
            asks = memchr(text + i, '?', end - i) != NULL;
            if ((text[end] && text[end] != ' ' && text[end] != '\n') ||
                (text[i] == '.' && end == i + 1 && text[end] && shortened(text, i)))
                continue;
        } else if (text[i] != '\n' && end < len) {
            continue;
        }
        if (s->n == SENTENCES - 1)
            end = len; /* so many: the rest is the last */
        if (asks)
            s->question = s->n;
        i = end - 1;
        s->end[s->n++] = end;
    }
    s->question = s->question < s->n ? s->question : s->n;
}

static size_t begin_of(const struct sentences *s, size_t k)
{
    return k ? s->end[k - 1] : 0;
}

/* The first k sentences, and the last question; without memory NULL. *left_out: the others, or "".
 */
static const char *first_of(struct desk_arena *a, const char *text, const struct sentences *s,
                            size_t k, const char **left_out)
{
    const char *rest = text + s->end[k - 1];
    if (k > s->question || s->question == s->n) {
        *left_out = rest;
        return desk_arena_strndup(a, text, s->end[k - 1]);
    }
    const char *q = text + begin_of(s, s->question), *after = text + s->end[s->question];
    *left_out = desk_arena_fmt(a, "%.*s%s", (int)(q - rest), rest, after);
    bool apart = *q == ' ' || *q == '\n';
    return *left_out ? desk_arena_fmt(a, "%.*s%s%.*s", (int)s->end[k - 1], text, apart ? "" : " ",
                                      (int)(after - q), q)
                     : NULL;
}

static const char *at_a_sentence(struct desk_arena *a, const char *text, const char **left_out)
{
    struct sentences s;
    sentences(text, &s);
    for (size_t k = s.n ? s.n - 1 : 0; k; k--) {
        const char *rest = NULL, *some = first_of(a, text, &s, k, &rest);
        if (!some || fits(some, strlen(some))) {
            *left_out = some && *rest ? rest : NULL;
            return some;
        }
    }
    return text;
}

/* Longer than any text may be, and no sentence ends early enough: cut, with its last question where
 * that is no longer than half of it. */
static const char *cut_off(struct desk_arena *a, const char *text, const char **left_out)
{
    struct sentences s;
    size_t len = strlen(text), from = len;
    sentences(text, &s);
    if (s.n && s.question < s.n && s.end[s.question] - begin_of(&s, s.question) < DESK_MAX_TEXT / 2)
        from = begin_of(&s, s.question);
    size_t to = from < len ? s.end[s.question] : len, keep = DESK_MAX_TEXT - (to - from);
    size_t cut = desk_utf8_cut(text, len, from < keep ? from : keep);
    *left_out = desk_arena_strndup(a, text + cut, from - cut);
    return desk_arena_fmt(a, "%.*s%.*s", (int)cut, text, (int)(to - from), text + from);
}

const char *desk_text_fit(struct desk_arena *a, const char *body, const char **left_out)
{
    size_t n = strlen(body);
    *left_out = NULL;
    if (fits(body, n))
        return body;
    const char *text = plain(a, body);
    if (text && !fits(text, strlen(text)))
        text = at_a_sentence(a, text, left_out);
    if (!text || strlen(text) <= DESK_MAX_TEXT)
        return text;
    return cut_off(a, text, left_out);
}
