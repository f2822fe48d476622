/* Businesses between the database and core/business.h: loaded for a call, written from their
 * owner's file, given back as one. All of it blocks on the database, and on a zone's file the first
 * time. */
#ifndef DESK_TALK_BUSINESS_H
#define DESK_TALK_BUSINESS_H

#include "base/arena.h"
#include "base/err.h"
#include "core/business.h"
#include "core/business_file.h"
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

/* The same in the running transaction: whoever reads, changes and writes in one. */
DESK_MUST enum desk_rc desk_business_put(struct desk_db *db, const json_t *doc, char *why,
                                         size_t n);

/* businesses/schema.json of the share folder, a new reference; told hears (line 0) why it cannot be
 * had. Blocks on the disk. */
DESK_MUST enum desk_rc desk_business_schema(json_t **schema, desk_business_told *told, void *ctx);

/* Does a document meet the schema, and all that a schema cannot say? As desk_business_file_read,
 * lines of a text that nobody sees. DESK_EINVAL: told heard of the problems. */
DESK_MUST enum desk_rc desk_business_check(const json_t *doc, desk_business_told *told, void *ctx);

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

/* Every dated exception of a branch (NULL: the main location): the owner's file's, and those by
 * command. Ended ones are left out, the earliest comes first. */
struct desk_business_dated {
    const char *from, *to; /* never NULL */
    const char *label, *person;
    const char *open_from, *open_to; /* the first span of its own; or NULL */
    bool closed, by_command;
};
DESK_MUST enum desk_rc desk_business_except_list(struct desk_db *db, struct desk_arena *a,
                                                 const char *tenant_id, const char *branch,
                                                 struct desk_business_dated **out, size_t *n);
/* Both in the running transaction, of a branch or (NULL) of all that have it: add one; take away
 * the one of that beginning and label, whoever made it. DESK_ENOTFOUND: there is none (any more).
 */
DESK_MUST enum desk_rc desk_business_except_put(struct desk_db *db, struct desk_arena *a,
                                                const char *tenant_id, const char *branch,
                                                const struct desk_business_except *e, char *why,
                                                size_t n);
DESK_MUST enum desk_rc desk_business_except_drop(struct desk_db *db, struct desk_arena *a,
                                                 const char *tenant_id, const char *branch,
                                                 const char *from, const char *label);

#endif
