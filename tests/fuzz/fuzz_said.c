/* What people say, any bytes: words stay within their text, every word is where it says, and the
 * emergency judge answers with a severity and why. */
#include "core/emergency.h"
#include "core/words.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_words(const char *text)
{
    static struct desk_words ws;
    desk_words_read(&ws, text);
    if (ws.n > DESK_MAX_JUDGE_WORDS || ws.used > sizeof ws.text)
        abort();
    for (size_t i = 0; i < ws.n; i++) {
        const struct desk_word *w = &ws.w[i];
        if (w->at + w->len >= ws.used || strlen(ws.text + w->at) != w->len || w->len == 0)
            abort();
        if (i > 0 && w->clause < ws.w[i - 1].clause)
            abort();
    }
    desk_words_find(&ws, 0, "no|not _ leak*", NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const kinds[] = {"smart_home", "plumbing", "handyman", "dental",
                                        "concierge"};
    struct desk_emergency e;
    char plain[DESK_EMERGENCY_PHRASE];
    if (!size)
        return 0;
    char *text = malloc(size);
    if (!text)
        return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    check_words(text);
    desk_emergency_plain(plain, sizeof plain, text);
    struct desk_emergency_phrase own = {.plain = plain, .severity = DESK_P2};
    desk_emergency_judge(&e, kinds[data[0] % 5], &own, 1, text);
    if (e.severity >= DESK_SEVERITY__MAX || strlen(e.because) >= sizeof e.because || !*e.because)
        abort();
    free(text);
    return 0;
}
