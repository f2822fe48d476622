/* A business as its owner writes it: one JSON file, checked against businesses/schema.json and
 * against what a schema cannot say (is there such a person, do two spans overlap, is a number given
 * twice). What is wrong is told with its line and what must be there instead. Pure: the schema and
 * the knowledge of time zones come from the caller. */
#ifndef DESK_CORE_BUSINESS_FILE_H
#define DESK_CORE_BUSINESS_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "core/business.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct desk_business_rules {
    json_t *schema;                       /* businesses/schema.json, parsed */
    bool (*zone_known)(const char *zone); /* NULL = any name will do */
};

/* sentence: "hours.weekly.mon[0][1] must be a time like …"; valid during the call only. */
typedef void desk_business_told(void *ctx, int line, const char *sentence);

/* Text → *doc, a new reference. DESK_EINVAL: told() heard of the problems, at most
 * DESK_MAX_PROBLEMS of them, and *doc is NULL. */
DESK_MUST enum desk_rc desk_business_file_read(json_t **doc, const char *text, size_t len,
                                               const struct desk_business_rules *rules,
                                               desk_business_told *told, void *ctx);

/* Main location and branches: 1 + the items of "locations". */
size_t desk_business_file_locations(const json_t *doc);

/* Location i as a whole business: 0 = the main one, else the document with locations[i - 1] merged
 * into it. A new reference, without "locations"; NULL when out of memory. */
json_t *desk_business_file_location(const json_t *doc, size_t i);

/* A whole document as a business, for checks and for showing. */
DESK_MUST enum desk_rc desk_business_file_compose(struct desk_business *b, struct desk_arena *a,
                                                  const json_t *doc);

#endif
