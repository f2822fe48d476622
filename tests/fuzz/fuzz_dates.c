/* Any text as a caller's sentence, as a model's fields and as opening hours: no crash, and whatever
 * comes out is in the future, within the hours' reach, and says something. */
#include "core/dates.h"
#include "core/dates_fields.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct desk_when_place *at, const struct desk_resolved *o)
{
    int32_t today = desk_hours_date(at->tz, at->now);
    size_t n = strlen(o->say);
    if (n == 0 || n >= sizeof o->say || o->n_excluded > DESK_WHEN_EXCLUDED)
        abort();
    if (o->kind == DESK_WHEN_SLOT_WINDOW &&
        (o->start < at->now || (o->end && o->end < o->start) || o->first > today + 366))
        abort();
    if (o->kind == DESK_WHEN_DATE &&
        (o->first < today || o->last < o->first || o->last > today + 366))
        abort();
    if ((o->kind == DESK_WHEN_ASK || o->kind == DESK_WHEN_REJECT) && o->why == DESK_WHY_OK)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char hours[] =
        "{\"weekly\":{\"mon\":[[\"08:00\",\"12:00\"],[\"13:00\",\"17:00\"]],"
        "\"fri\":[[\"18:00\",\"02:00\"]]},\"closures\":[\"2026-11-23\"]}";
    static const char *const zones[] = {"America/Denver", "Europe/London", "Africa/Cairo", "??"};
    struct desk_hours h;
    struct desk_when w;
    struct desk_resolved out;
    char error[200];
    if (size < 2)
        return 0;
    char *text = malloc(size);
    if (!text)
        return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    enum desk_rc rc = desk_hours_parse(&h, data[0] & 8 ? hours : text, error, sizeof error);
    if (rc != DESK_OK && !*error)
        abort();
    struct desk_when_place at = {.hours = &h,
                                 .tz = desk_tz_load(zones[data[0] % 4]),
                                 .now = 1772830800000LL + data[1] * 86400000LL * 3,
                                 .day_first = data[0] & 4};
    desk_when_spoken(text, &at, &out);
    check(&at, &out);
    if (desk_when_from_fields(&w, text, error, sizeof error) == DESK_OK) {
        desk_when_resolve(&w, &at, &out);
        check(&at, &out);
    } else if (!*error) {
        abort();
    }
    free(text);
    return 0;
}
