#include "core/live_words.h"

#include <string.h>
#include <strings.h>

static const struct {
    const char *word;
    enum desk_live_word what;
} words[] = {
    {"1", DESK_LIVE_WORD_ME},    {"me", DESK_LIVE_WORD_ME},       {"2", DESK_LIVE_WORD_MSG},
    {"msg", DESK_LIVE_WORD_MSG}, {"message", DESK_LIVE_WORD_MSG}, {"say", DESK_LIVE_WORD_SAY},
};

static const char spaces[] = " \t\r\n";

enum desk_live_word desk_live_word(const char *text, const char **said)
{
    const char *at = text + strspn(text, spaces);
    size_t n = strcspn(at, " \t\r\n.:!");
    const char *rest = at + n + strspn(at + n, " \t\r\n.:!");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i].word) != n || strncasecmp(words[i].word, at, n) != 0)
            continue;
        if (words[i].what != DESK_LIVE_WORD_SAY && *rest)
            return DESK_LIVE_WORD_NONE; /* "me too" is something else */
        if (said)
            *said = rest;
        return words[i].what;
    }
    return DESK_LIVE_WORD_NONE;
}
