/* The business's own phrases, where they are said of now: not denied, past, imagined or asked. */
#include "core/emergency.h"
#include "core/alert.h"
#include "core/words.h"

#include <stdio.h>

#define NOT_NOW (DESK_IN_NEG | DESK_IN_PAST | DESK_IN_HYPO | DESK_IN_ASK | DESK_IN_RESOLVED)

static bool said_now(const struct desk_words *ws, const char *phrase)
{
    size_t n = 0;
    for (size_t i = 0; (i = desk_words_find(ws, i, phrase, &n)) < ws->n; i++)
        if (!(ws->w[i].in & NOT_NOW))
            return true;
    return false;
}

void desk_emergency_judge(const struct desk_business *b, const char *text,
                          struct desk_emergency *out)
{
    struct desk_words ws;
    out->severity = DESK_SEVERITY_NONE;
    out->because[0] = '\0';
    desk_words_read(&ws, text);
    for (size_t i = 0; i < b->emergency.n_phrases; i++) {
        const struct desk_emergency_row *row = &b->emergency.phrases[i];
        if (!desk_severity_worse(row->severity, out->severity) || !said_now(&ws, row->phrase))
            continue;
        out->severity = row->severity;
        snprintf(out->because, sizeof out->because, "said “%s”", row->phrase);
    }
}
