#include "core/opt_word.h"

#include <string.h>
#include <strings.h>

static const struct {
    const char *word;
    enum desk_opt_word means;
} words[] = {
    {"stop", DESK_OPT_STOP},   {"stopall", DESK_OPT_STOP}, {"stop all", DESK_OPT_STOP},
    {"end", DESK_OPT_STOP},    {"quit", DESK_OPT_STOP},    {"unsubscribe", DESK_OPT_STOP},
    {"revoke", DESK_OPT_STOP}, {"optout", DESK_OPT_STOP},  {"opt out", DESK_OPT_STOP},
    {"start", DESK_OPT_START}, {"unstop", DESK_OPT_START},
};

enum desk_opt_word desk_opt_word(const char *text)
{
    static const char around[] = " \t\r\n.!\"'";
    const char *s = text ? text + strspn(text, around) : "";
    size_t n = strlen(s);
    while (n && strchr(around, s[n - 1]))
        n--;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].word) == n && strncasecmp(words[i].word, s, n) == 0)
            return words[i].means;
    return DESK_OPT_NONE;
}
