/* The reader of zone files on any bytes, then conversions in whatever zone that gave. */
#include "base/tz.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t moments[] = {0,         1763000000000, 4763000000000, -9000000000000,
                                      INT64_MAX, INT64_MIN};
    struct desk_tz *z = desk_tz_parse(data, size);
    for (size_t i = 0; z && i < sizeof moments / sizeof *moments; i++) {
        struct desk_local_time t;
        int64_t back;
        char text[40];
        desk_tz_local(z, moments[i], &t);
        desk_tz_utc(z, &t, i & 1, &back);
        desk_tz_day_start(z, t.year, t.month, t.day);
        desk_when_iso(text, sizeof text, z, moments[i]);
    }
    desk_tz_free(z);
    return 0;
}
