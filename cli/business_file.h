/* A business as a JSON file (businesses/<slug>.json): the form in which one is written by hand.
 *
 *   slug     short name, a-z 0-9 and -          zone   IANA time zone
 *   name     as callers hear it                 hours  {"mon": [["08:00","17:00"], …], …}
 *   numbers  ["+18605550100", …]                owner  {"name": …, "phone": …}, optional
 *   profile  {greeting, services, …}, optional: what the receptionist knows                    */
#ifndef CLI_BUSINESS_FILE_H
#define CLI_BUSINESS_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stddef.h>

#define DESK_BUSINESS_NUMBERS 50
#define DESK_BUSINESS_FILE    (256 * 1024)

struct desk_business {
    const char *slug, *name, *zone;
    const char *hours, *profile;          /* JSON texts */
    const char *owner_name, *owner_phone; /* NULL = not given */
    const char *numbers[DESK_BUSINESS_NUMBERS];
    size_t n_numbers;
};

/* Parse text; strings live in the arena. DESK_EINVAL with a sentence in why that names the field
 * and says how to mend it. Reads zoneinfo files. */
DESK_MUST enum desk_rc desk_business_parse(struct desk_business *b, struct desk_arena *a,
                                           const char *text, size_t len, char *why, size_t n);

/* Read a file and parse it. DESK_ENOTFOUND when it cannot be read. */
DESK_MUST enum desk_rc desk_business_read(struct desk_business *b, struct desk_arena *a,
                                          const char *path, char *why, size_t n);

/* Write tenant, location and numbers in one transaction; tenant_id (DESK_ID_LEN bytes) gets the new
 * id. DESK_ECONFLICT: the slug or one number is taken (why says which). */
DESK_MUST enum desk_rc desk_business_store(const struct desk_business *b, struct desk_db *db,
                                           char *tenant_id, char *why, size_t n);

#endif
