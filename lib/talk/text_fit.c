#include "talk/text_fit.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "wire/gsm7.h"

#include <stdbool.h>
#include <string.h>

#define SENTENCES 60

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

/* Where each sentence ends, behind its mark: "…." and a space, or the end. */
static size_t sentences(const char *text, size_t ends[SENTENCES])
{
    size_t n = 0, len = strlen(text);
    for (size_t i = 0; i < len && n < SENTENCES; i++) {
        bool mark = text[i] && strchr(".?!", text[i]);
        if (i + 1 == len || (mark && (text[i + 1] == ' ' || text[i + 1] == '\n')))
            ends[n++] = i + 1;
    }
    return n;
}

/* The first k sentences, and the last one when it is a question; NULL = no memory. */
static const char *first_of(struct desk_arena *a, const char *text, const size_t *ends, size_t n,
                            size_t k)
{
    const char *last = text + ends[n - 2];
    bool asks = text[ends[n - 1] - 1] == '?';
    return asks ? desk_arena_fmt(a, "%.*s%s", (int)ends[k - 1], text, last)
                : desk_arena_strndup(a, text, ends[k - 1]);
}

static const char *at_a_sentence(struct desk_arena *a, const char *text, const char **left_out)
{
    size_t ends[SENTENCES], n = sentences(text, ends);
    for (size_t k = n > 1 ? n - 1 : 0; k; k--) {
        const char *some = first_of(a, text, ends, n, k);
        bool asks = text[ends[n - 1] - 1] == '?';
        size_t until = asks ? ends[n - 2] : ends[n - 1];
        if (!some || fits(some, strlen(some))) {
            *left_out = some && until > ends[k - 1]
                            ? desk_arena_strndup(a, text + ends[k - 1], until - ends[k - 1])
                            : NULL;
            return some;
        }
    }
    return text;
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
    size_t cut = desk_utf8_cut(text, strlen(text), DESK_MAX_TEXT);
    *left_out = desk_arena_strdup(a, text + cut);
    return desk_arena_strndup(a, text, cut);
}
