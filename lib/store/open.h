/* Opening the house's database: path, key, queries and zone in one place. */
#ifndef DESK_STORE_OPEN_H
#define DESK_STORE_OPEN_H

#include "db/db.h"
#include "db/seal.h"

enum desk_zone {
    DESK_ZONE_ADMIN_CLI, /* a person at the terminal: everything */
    DESK_ZONE_HOOK,
    DESK_ZONE_API,
    DESK_ZONE_ADMIN,
    DESK_ZONE_BRIDGE,
    DESK_ZONE_WORKER,
    DESK_ZONE_JOBS, /* long work that was asked for: the worker, with more rights */
    DESK_ZONE__MAX
};

/* Rows of one zone (store/zones.c). */
const struct desk_zone_row *desk_zone_rows(enum desk_zone zone);

/* Load the data key into a process-wide place (once, before threads). create: make it if missing.
 * why (n bytes) gets a sentence on failure. */
DESK_MUST enum desk_rc desk_store_key(bool create, char *why, size_t n);
const struct desk_key *desk_store_the_key(void);

/* Open a connection of that zone on the configured path. busy_ms 0 = 5000. The schema must be
 * there: DESK_EINVAL when it is older or newer than this program. */
DESK_MUST enum desk_rc desk_store_open(struct desk_db **db, enum desk_zone zone, int busy_ms);

/* The same with all rights and whatever the schema's version: for looking after the file itself. */
DESK_MUST enum desk_rc desk_store_open_any(struct desk_db **db);

/* Create the file if needed and migrate to the latest schema (run, cli, tests). Also seals the key
 * check row. DESK_EAUTH when the key is not the one this database was made with. */
DESK_MUST enum desk_rc desk_store_create(struct desk_db **db);

/* DESK_OK if the key opens the key check row, DESK_EAUTH if not, DESK_ENOTFOUND if there is none.
 */
DESK_MUST enum desk_rc desk_store_key_check(struct desk_db *db);

/* Tests: a fresh database in memory (one connection), migrated, with a fixed key, in that zone. */
DESK_MUST enum desk_rc desk_store_memory(struct desk_db **db);

#endif
