/* A text is spoken sentence by sentence (tts.h). */
#include "speech/tts.h"

#include <stdbool.h>
#include <string.h>

/* ". " ends one, unless it goes on in small letters ("at 9 a.m. tomorrow"). */
static bool ends_here(const char *at)
{
    const char *next = at + 1 + strspn(at + 1, " ");
    return strchr(".?!", *at) && (at[1] == ' ' || at[1] == '\0') && !(*next >= 'a' && *next <= 'z');
}

size_t desk_tts_sentence(const char *text)
{
    size_t n = 0, space = 0;
    for (; text[n] && n < DESK_TTS_SENTENCE - 1; n++) {
        if (text[n] == ' ')
            space = n;
        if (n > 3 && ends_here(text + n))
            return n + 1;
    }
    return text[n] == '\0' || space == 0 ? n : space;
}
