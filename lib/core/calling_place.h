/* Where a telephone number is, as far as its first digits tell: the country and the time zones
 * that people there may live by. Public numbering knowledge (North American area codes, calling
 * codes of ITU-T E.164) in one table; no database of carriers. A mobile number may travel: then
 * this is where its owner's area code is, which is what the law on calling hours goes by. Pure. */
#ifndef DESK_CORE_CALLING_PLACE_H
#define DESK_CORE_CALLING_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#define DESK_CALLING_ZONES 4

struct desk_calling_place {
    const char *country; /* "US" (its islands, too), "CA", "DO", "GB"; NULL = not known */
    /* Zones that it may be in (names of base/tz.h): where there are several, an hour is a fit one
     * only if it is in all of them. Of a country with many, those at its ends. n 0: not known, as
     * of toll-free numbers. */
    const char *zones[DESK_CALLING_ZONES];
    size_t n;
};

/* e164: "+14155550134"; NULL or another form is nowhere. */
void desk_calling_place(const char *e164, struct desk_calling_place *out);

struct desk_calling_row {
    const char *country, *zone;
    const char *codes; /* what follows the '+', a space apart: "1201 1202", "44" */
};
extern const struct desk_calling_row desk_calling_rows[]; /* ended by country NULL */

#endif
