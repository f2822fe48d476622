/* Any bytes as a practice caller's file: what is told has a line of the text; one that is taken can
 * be talked to and compared, whatever it holds. The bytes also are what a receptionist says. */
#include "core/practice.h"

#include "base/limits.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct lines {
    int most;
    size_t told;
};

static void told(void *ctx, int line, const char *sentence)
{
    struct lines *l = ctx;
    l->told++;
    if (line < 1 || line > l->most || !*sentence || l->told > DESK_MAX_PROBLEMS)
        abort();
}

static void talk(const struct desk_practice *p, const char *words)
{
    static const char *const said[] = {"What is your name?",
                                       "I cannot do that.",
                                       "Which day?",
                                       "We have Monday at 9 am. Is that right?",
                                       "",
                                       NULL};
    const struct desk_practice_slot slot = {"Monday at 9 am", p->now};
    struct desk_practice_stand st = {.n = 0};
    struct desk_practice_reply r;
    for (size_t i = 0; i < 30; i++) {
        const char *w = said[i % 6] ? said[i % 6] : words;
        const struct desk_practice_heard h = {w, &slot, i % 2};
        desk_practice_reply(p, &st, &h, &r);
        if (strlen(r.text) >= sizeof r.text || (r.silent && *r.text))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct desk_practice p;
    struct lines l = {.most = 1};
    size_t checks = 0;
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    for (size_t i = 0; i < size; i++)
        l.most += text[i] == '\n';
    if (desk_practice_read(&p, text, size, told, &l) == DESK_OK) {
        talk(&p, text);
        if (desk_practice_check(&p, p.doc, NULL, NULL, &checks) > checks)
            abort();
        desk_practice_clear(&p);
    } else if (!l.told || p.doc) {
        abort();
    }
    (void)desk_practice_asked(text);
    free(text);
    return 0;
}
