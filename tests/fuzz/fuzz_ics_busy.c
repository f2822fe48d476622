/* Any bytes as a calendar file: read or refused within bounds, and what is told overlaps the time
 * that was asked for. */
#include "wire/ics_busy.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FROM 1790000000000
#define TO   (FROM + 400LL * 86400 * 1000)

static bool look(void *ctx, const struct desk_ics_busy *b)
{
    size_t *n = ctx;
    if (b->end <= b->start || b->start >= TO || b->end <= FROM || !b->uid)
        abort();
    return ++*n < 1000;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t n = 0;
    struct desk_ics_found found;
    struct desk_arena *arena = desk_arena_new(16 * 1024 * 1024);
    char *text = malloc(size + 1);
    if (!arena || !text)
        abort();
    const struct desk_ics_ask ask = {.from = FROM,
                                     .to = TO,
                                     .tz = desk_tz_load("America/New_York"),
                                     .zone = desk_tz_load,
                                     .each = look,
                                     .ctx = &n};
    memcpy(text, data, size);
    text[size] = '\0';
    enum desk_rc rc = desk_ics_busy(arena, text, size, &ask, &found);
    if (rc == DESK_OK && found.odd > 2 * found.events)
        abort();
    if (rc != DESK_OK && rc != DESK_EINVAL && rc != DESK_ELIMIT && rc != DESK_ENOMEM)
        abort();
    free(text);
    desk_arena_free(arena);
    return 0;
}
