#include "wire/traceparent.h"
#include "base/ids.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define VERSION_00 55 /* bytes of it */

static bool hex_run(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(p[i] >= '0' && p[i] <= '9') && !(p[i] >= 'a' && p[i] <= 'f'))
            return false;
    return true;
}

static bool id_at(const char *p, size_t n)
{
    size_t zeros = 0;
    while (zeros < n && p[zeros] == '0')
        zeros++;
    return zeros < n && hex_run(p, n);
}

static unsigned hex_value(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

bool desk_traceparent_parse(struct desk_traceparent *out, const char *p, size_t n)
{
    memset(out, 0, sizeof *out);
    if (!p || n < VERSION_00 || !hex_run(p, 2) || memcmp(p, "ff", 2) == 0)
        return false;
    bool fits = memcmp(p, "00", 2) == 0 ? n == VERSION_00 : n == VERSION_00 || p[VERSION_00] == '-';
    if (!fits || p[2] != '-' || !id_at(p + 3, 32) || p[35] != '-' || !id_at(p + 36, 16) ||
        p[52] != '-' || !hex_run(p + 53, 2))
        return false;
    memcpy(out->trace, p + 3, 32);
    memcpy(out->span, p + 36, 16);
    out->sampled = hex_value(p[54]) & 1u;
    return true;
}

bool desk_trace_id_ok(const char *trace)
{
    return trace && strlen(trace) == DESK_TRACE_LEN - 1 && id_at(trace, DESK_TRACE_LEN - 1);
}

/* n hex digits that are not all zero, and a NUL. */
static void random_hex(char *out, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t bytes[16];
    desk_random(bytes, n / 2);
    bytes[0] |= 1;
    for (size_t i = 0; i < n; i++)
        out[i] = digits[i % 2 ? bytes[i / 2] & 15 : bytes[i / 2] >> 4];
    out[n] = '\0';
}

void desk_traceparent_new(struct desk_traceparent *out)
{
    random_hex(out->trace, DESK_TRACE_LEN - 1);
    random_hex(out->span, DESK_SPAN_LEN - 1);
    out->sampled = true;
}

const char *desk_traceparent_child(char out[DESK_TRACEPARENT_LEN], const char *trace)
{
    struct desk_traceparent step;
    desk_traceparent_new(&step);
    snprintf(out, DESK_TRACEPARENT_LEN, "00-%s-%s-01", desk_trace_id_ok(trace) ? trace : step.trace,
             step.span);
    return out;
}
