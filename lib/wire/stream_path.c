#include "wire/stream_path.h"
#include "base/config.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The next number of a list, or 0 at its end; moves *at behind it. */
static long next_port(const char **at)
{
    char *end;
    long port = strtol(*at, &end, 10);
    *at = end;
    return port > 0 ? port : 0;
}

int desk_stream_bridges(void)
{
    const char *at = desk_setting(DESK_S_BRIDGE_PORTS);
    int n = 0;
    while (next_port(&at))
        n++;
    return n > 1 ? n : 1;
}

int desk_stream_bridge_of(const char *call_id)
{
    uint32_t h = 2166136261u; /* FNV-1a */
    for (const char *s = call_id; *s; s++)
        h = (h ^ (uint8_t)*s) * 16777619u;
    return (int)(((uint64_t)h * (uint64_t)desk_stream_bridges()) >> 32) + 1;
}

int desk_stream_bridge_here(void)
{
    const char *at = desk_setting(DESK_S_BRIDGE_PORTS);
    long mine = desk_setting_int(DESK_S_BRIDGE_PORT), port;
    if (desk_stream_bridges() == 1)
        return 1;
    for (int i = 1; (port = next_port(&at)); i++)
        if (port == mine)
            return i;
    return 0;
}

const char *desk_stream_path(char out[DESK_STREAM_PATH_LEN], const char *call_id)
{
    bool any = desk_stream_bridges() == 1 || !desk_setting_bool(DESK_S_REALTIME_WARM);
    if (any)
        snprintf(out, DESK_STREAM_PATH_LEN, DESK_STREAM_PATH);
    else
        snprintf(out, DESK_STREAM_PATH_LEN, DESK_STREAM_PATH "/%d", desk_stream_bridge_of(call_id));
    return out;
}

bool desk_stream_path_is(const char *path, size_t n)
{
    const size_t stem = sizeof DESK_STREAM_PATH - 1;
    if (n < stem || memcmp(path, DESK_STREAM_PATH, stem) != 0)
        return false;
    if (n == stem)
        return true;
    if (n < stem + 2 || n > stem + 3 || path[stem] != '/')
        return false;
    for (size_t i = stem + 1; i < n; i++)
        if (!isdigit((unsigned char)path[i]))
            return false;
    return true;
}
