/* Any bytes: no crash, and no number with a '+' before it, no e-mail address and no control
 * character comes out. */
#include "core/mask.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* "+14155550134", with nothing between the digits */
static int dialable(const char *p, size_t n)
{
    for (size_t i = 0; i + 9 < n; i++) {
        size_t d = 0;
        while (p[i] == '+' && i + 1 + d < n && p[i + 1 + d] >= '0' && p[i + 1 + d] <= '9')
            d++;
        int ends = i + 1 + d >= n || p[i + 1 + d] == ' ';
        if (d >= 8 && d <= 15 && ends && (i == 0 || p[i - 1] == ' '))
            return 1;
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct desk_buf out;
    char line[200];
    if (size > 4096)
        return 0;
    desk_buf_init(&out, 65536);
    desk_mask(&out, (const char *)data, size);
    const char *s = desk_buf_cstr(&out);
    if (!desk_buf_ok(&out) || dialable(s, out.len))
        abort();
    for (size_t i = 0; i < out.len; i++)
        if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
            abort();
    desk_mask_line(line, sizeof line, s);
    desk_buf_clear(&out);
    return 0;
}
