/* A value against a JSON Schema (2020-12): the part of it that our schemas use, and no more. It
 * serves the businesses' file (businesses/schema.json) and the arguments of tools (talk/tools.h).
 *
 * Keywords: type, enum, const, $ref (to "#/$defs/NAME"), anyOf, properties, required,
 * additionalProperties, propertyNames, minProperties, maxProperties, items, minItems, maxItems,
 * uniqueItems, minLength, maxLength (letters, not bytes), pattern (an extended regular expression
 * that POSIX and ECMAScript read alike), minimum, maximum, format "date" (a day of the calendar).
 * Others are annotations. A "title" is what the value must be, in words: 'a time like "08:30"'; it
 * is told when the value is not that. Pure. */
#ifndef DESK_CORE_SCHEMA_H
#define DESK_CORE_SCHEMA_H

#include "base/limits.h"
#include "core/json_place.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct desk_schema_problem {
    const struct desk_json_step
        *at; /* the way to the value; of what is missing: to where it is not */
    size_t n_at;
    bool of_key;      /* the key itself is wrong, not its value */
    const char *what; /* "must be one of: a, b", "is missing"; valid during the call only */
};
typedef void desk_schema_report(void *ctx, const struct desk_schema_problem *problem);

/* Tells every problem, in the order of the schema. Returns how many there are: 0 = the value fits.
 * Schemas are ours: a wrong one (an unknown $ref, a bad pattern) is a problem of every value.
 * Deeper than DESK_MAX_SCHEMA_DEPTH is one, too. Neither is changed. */
size_t desk_schema_check(json_t *schema, json_t *value, desk_schema_report *report, void *ctx);

#endif
