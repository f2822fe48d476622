/* What an owner writes back when they are told of a call that runs: "ME" (or "1"), "SAY …", "MSG"
 * (or "2"). Pure. */
#ifndef DESK_CORE_LIVE_WORDS_H
#define DESK_CORE_LIVE_WORDS_H

#include <stddef.h>

enum desk_live_word {
    DESK_LIVE_WORD_NONE,
    DESK_LIVE_WORD_ME,
    DESK_LIVE_WORD_SAY, /* *said: where the sentence begins; it may be empty */
    DESK_LIVE_WORD_MSG
};

/* Any case; spaces and a full stop at the end do not matter. Any other text is NONE. said may be
 * NULL. */
enum desk_live_word desk_live_word(const char *text, const char **said);

#endif
