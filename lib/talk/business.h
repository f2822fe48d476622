/* Businesses between the database and core/business.h: loaded for a call, written from their
 * owner's file, given back as one. All of it blocks on the database, and on a zone's file the first
 * time. */
#ifndef DESK_TALK_BUSINESS_H
#define DESK_TALK_BUSINESS_H

#include "base/arena.h"
#include "base/err.h"
#include "core/business.h"
#include "db/db.h"
#include "store/tenants.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* What rows say that are loaded already; its numbers are left empty. All strings are copies in the
 * arena. */
DESK_MUST enum desk_rc desk_business_of(struct desk_arena *a, const struct desk_tenant *t,
                                        const struct desk_location *l, struct desk_business *out);

/* A business at one of its locations (NULL = the main one), its numbers too. DESK_ENOTFOUND: no
 * such tenant or location. */
DESK_MUST enum desk_rc desk_business_load(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, const char *location_id,
                                          struct desk_business *out);

/* Is it a zone of this machine? For desk_business_rules. */
bool desk_business_zone_known(const char *zone);

/* Write a checked document (core/business_file.h) as a new business, in a transaction of its own.
 * tenant_id (DESK_ID_LEN bytes) gets the id. DESK_ECONFLICT: slug or a number is taken (why, n
 * bytes, says which). */
DESK_MUST enum desk_rc desk_business_add(struct desk_db *db, const json_t *doc, char *tenant_id,
                                         char *why, size_t n);

/* Write it over the business of the same slug. Calls, contacts and logins stay, and so do: a PIN
 * the document does not give, exceptions made by command, the row of a branch that is gone (its
 * calls need it; it has no number any more). DESK_ENOTFOUND: no business of that slug. */
DESK_MUST enum desk_rc desk_business_update(struct desk_db *db, const json_t *doc, char *why,
                                            size_t n);

/* The document a business could be updated with: a new reference. Without the PIN and without what
 * was made by command; written back, both stay. */
DESK_MUST enum desk_rc desk_business_export(struct desk_db *db, struct desk_arena *a,
                                            const char *tenant_id, json_t **doc);

/* Dated exceptions by command, in the hours of one branch or (NULL) of all. They hold from … to and
 * end by themselves; what has ended is cleared away with the next change. */
struct desk_business_except {
    const char *from, *to; /* "2026-10-12"; to NULL = that day only */
    bool closed;
    const char *open_from, *open_to; /* "10:00", "14:00": open only then; or NULL */
    const char *person;              /* away; changes no hours by itself */
    const char *label;               /* NULL = made up: "closed", "Raj away" */
};
/* DESK_EINVAL: why says what is wrong with it; DESK_ENOTFOUND: no such branch. */
DESK_MUST enum desk_rc desk_business_except_add(struct desk_db *db, struct desk_arena *a,
                                                const char *tenant_id, const char *branch,
                                                const struct desk_business_except *e, char *why,
                                                size_t n);
/* Take away those made by command that begin on that day; removed (in branches) may be 0. */
DESK_MUST enum desk_rc desk_business_except_remove(struct desk_db *db, struct desk_arena *a,
                                                   const char *tenant_id, const char *branch,
                                                   const char *from, size_t *removed);

#endif
