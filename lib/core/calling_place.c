#include "core/calling_place.h"

#include <string.h>

/* The longest code of the row's that the number begins with; 0 = none. */
static size_t fits(const char *digits, const char *codes)
{
    size_t best = 0;
    while (*codes) {
        size_t n = strcspn(codes, " ");
        if (n > best && strncmp(digits, codes, n) == 0)
            best = n;
        codes += n + (codes[n] == ' ');
    }
    return best;
}

void desk_calling_place(const char *e164, struct desk_calling_place *out)
{
    size_t best = 0;
    memset(out, 0, sizeof *out);
    if (!e164 || e164[0] != '+')
        return;
    for (const struct desk_calling_row *r = desk_calling_rows; r->country; r++) {
        size_t n = fits(e164 + 1, r->codes);
        if (!n || n < best)
            continue;
        if (n > best) /* a longer code is another place */
            memset(out, 0, sizeof *out);
        best = n;
        out->country = r->country;
        if (out->n < DESK_CALLING_ZONES)
            out->zones[out->n++] = r->zone;
    }
}
