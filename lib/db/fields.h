/* Field tables: one row per column of a struct. From it come reading, inserting, sealing at rest,
 * the view model of pages, JSON, and masking in logs: the one place of the PII rule. */
#ifndef DESK_DB_FIELDS_H
#define DESK_DB_FIELDS_H

#include "base/buf.h"
#include "base/log.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum desk_kind {
    DESK_K_TEXT, /* const char *, in an arena when read; NULL = SQL NULL */
    DESK_K_INT,  /* int64_t */
    DESK_K_BOOL, /* bool */
    DESK_K_TIME, /* int64_t UTC ms, 0 = none (SQL NULL) */
};

#define DESK_F_PII    1u /* sealed at rest, masked in logs */
#define DESK_F_SECRET 2u /* sealed at rest, never in pages, JSON or logs */
#define DESK_F_HIDDEN 4u /* not in pages or JSON (hashes, internal state) */
#define DESK_F_EXTRA  8u /* read from joins, not a column of the table: not inserted */
#define DESK_F_PHONE  16u
#define DESK_F_WORDS  32u /* words with a space between: in JSON a list */

struct desk_field {
    const char *column; /* SQL name */
    const char *view;   /* name in pages (HDF): "FromNumber"; JSON uses the column name */
    enum desk_kind kind;
    size_t offset;
    unsigned flags;
    /* A sealed column that came from another table by a join: its table, column and id column. */
    const char *from_table, *from_column, *from_id;
};

struct desk_fields {
    const char *table;
    size_t size; /* of the struct; its first member is `const char *id` */
    const struct desk_field *v;
    size_t n;
};

#define DESK_FIELDS(name, sql_table, type, array)                                                  \
    const struct desk_fields name = {                                                              \
        .table = sql_table, .size = sizeof(type), .v = array, .n = sizeof(array) / sizeof(*array)}

/* One struct as a JSON object of the fields that may be seen; a new reference, NULL = no memory.
 * Times are ISO 8601 UTC. */
json_t *desk_fields_json(const struct desk_fields *f, const void *row);

/* One struct as "column=value …" for logs, PII masked, hidden and secret fields left out. */
void desk_fields_log(const struct desk_fields *f, const void *row, struct desk_buf *out);

/* The same as a line of the log: what a new row holds, without what it says of people. */
void desk_fields_event(enum desk_log_level level, const char *event, const struct desk_fields *f,
                       const void *row);

const struct desk_field *desk_field_find(const struct desk_fields *f, const char *column);

#endif
