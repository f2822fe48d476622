/* People known by their number. No contact is ever made of a withheld caller. Writes run inside
 * the caller's transaction.
 *
 * Every fact bears its source: what the owner wrote, by hand or in a file, no caller's word
 * replaces. A person with several numbers is one contact and, for each further number, a row that
 * points to it (merged_into): looked up by any number or id, it is the one contact. */
#ifndef DESK_STORE_CONTACTS_H
#define DESK_STORE_CONTACTS_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdbool.h>
#include <stdint.h>

struct desk_contact {
    const char *id;
    const char *tenant_id;
    const char *number;
    const char *number_key;
    const char *name;
    const char *company;
    const char *email;
    const char *notes;
    const char *standing;               /* "vip", "vendor", "blocked", or NULL */
    const char *birthday, *anniversary; /* YYYY-MM-DD, or --MM-DD */
    const char *preferred;              /* "call", "text", "email" */
    const char *systems, *crm, *tags;   /* lists: "a, b" */
    const char *language;               /* "es" */
    const char *address;                /* of their house or shop, as it was told */
    int64_t calls, texts;
    int64_t first_at;
    int64_t last_at;
    const char *sources; /* "name=owner;email=call;" */
    const char *merged_into;
};
extern const struct desk_fields desk_contact_fields;

/* ---- finding --------------------------------------------------------------------------------- */

DESK_MUST enum desk_rc desk_contact_by_number(struct desk_db *db, struct desk_arena *a,
                                              const char *tenant_id, const char *e164,
                                              struct desk_contact *out);
DESK_MUST enum desk_rc desk_contact_get(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const char *id,
                                        struct desk_contact *out);
/* Last seen first, keyset paging: older than (before_at, before_id); INT64_MAX, "" = from the top.
 */
DESK_MUST enum desk_rc desk_contact_page(struct desk_db *db, struct desk_arena *a,
                                         const char *tenant_id, int64_t before_at,
                                         const char *before_id, size_t max,
                                         struct desk_contact **out, size_t *n);
/* The other way: those seen just after (after_at, after_id), the oldest of them first. */
DESK_MUST enum desk_rc desk_contact_page_newer(struct desk_db *db, struct desk_arena *a,
                                               const char *tenant_id, int64_t after_at,
                                               const char *after_id, size_t max,
                                               struct desk_contact **out, size_t *n);
/* Those marked as VIP, by id, after that one ("" = from the first). */
DESK_MUST enum desk_rc desk_contact_vips(struct desk_db *db, struct desk_arena *a,
                                         const char *tenant_id, const char *after_id, size_t max,
                                         struct desk_contact **out, size_t *n);
/* The rows of its further numbers (at most 50): only number, first_at and last_at are theirs. */
DESK_MUST enum desk_rc desk_contact_numbers(struct desk_db *db, struct desk_arena *a,
                                            const char *tenant_id, const char *id,
                                            struct desk_contact **out, size_t *n);

/* Is it somebody: has called or written before, or was written down by the owner? Of a row as
 * desk_contact_called() gives it, before this call is counted. */
bool desk_contact_known(const struct desk_contact *c);

/* ---- writing --------------------------------------------------------------------------------- */

/* Count one call of this number, making the contact if it is new. *out as before this call
 * (out->calls is 0 for a new one). */
DESK_MUST enum desk_rc desk_contact_called(struct desk_db *db, struct desk_arena *a,
                                           const char *tenant_id, const char *e164,
                                           struct desk_contact *out);
/* Find or make it, counting nothing. DESK_DONE: it is new. */
DESK_MUST enum desk_rc desk_contact_ensure(struct desk_db *db, struct desk_arena *a,
                                           const char *tenant_id, const char *e164,
                                           struct desk_contact *out);

/* Count one text of theirs. */
DESK_MUST enum desk_rc desk_contact_texted(struct desk_db *db, const char *tenant_id,
                                           const char *id);

/* The words of that row, to be looked for (store/word_index.h). The writers here do it themselves.
 */
DESK_MUST enum desk_rc desk_contact_index(struct desk_db *db, const struct desk_contact *c);

#define DESK_STANDING_VIP     "vip"
#define DESK_STANDING_VENDOR  "vendor"
#define DESK_STANDING_BLOCKED "blocked"
/* standing NULL = none of them. DESK_ENOTFOUND: no such contact. */
DESK_MUST enum desk_rc desk_contact_standing(struct desk_db *db, const char *tenant_id,
                                             const char *id, const char *standing);

enum desk_contact_fact { /* in the order of the query contact_set */
                         DESK_FACT_NAME,
                         DESK_FACT_COMPANY,
                         DESK_FACT_EMAIL,
                         DESK_FACT_BIRTHDAY,
                         DESK_FACT_ANNIVERSARY,
                         DESK_FACT_PREFERRED,
                         DESK_FACT_SYSTEMS,
                         DESK_FACT_CRM,
                         DESK_FACT_NOTES,
                         DESK_FACT_TAGS,
                         DESK_FACT_LANGUAGE,
                         DESK_FACT_STANDING,
                         DESK_FACT_ADDRESS,
                         DESK_FACT__MAX
};
/* The column's name: "name", "company", … */
const char *desk_contact_fact_name(enum desk_contact_fact f);
/* May a caller's or a text's words set it? Notes, tags, CRM ids and standing are the owner's. */
bool desk_contact_fact_told(enum desk_contact_fact f);
/* Where it stands in a row; NULL = not known. */
const char *desk_contact_fact_of(const struct desk_contact *c, enum desk_contact_fact f);
/* Who said it: DESK_FROM_…, "" when it is not known. */
const char *desk_contact_source(struct desk_arena *a, const struct desk_contact *c,
                                enum desk_contact_fact f);

#define DESK_FROM_OWNER  "owner"  /* by hand */
#define DESK_FROM_IMPORT "import" /* the owner's file */
#define DESK_FROM_CALL   "call"
#define DESK_FROM_TEXT   "text"

/* Write down values (checked by core/contact.h; NULL = leave as it is, "" = take it away). From a
 * call or a text nothing is taken away, what the owner wrote stays, and systems add to those there
 * are. *changed (may be NULL): bits 1u << fact of what is different now. DESK_ENOTFOUND. */
DESK_MUST enum desk_rc desk_contact_set(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const char *id,
                                        const char *const v[DESK_FACT__MAX], const char *source,
                                        unsigned *changed);

/* The same for what a caller says of these three; NULL leaves a fact as it was. */
DESK_MUST enum desk_rc desk_contact_learn(struct desk_db *db, const char *tenant_id, const char *id,
                                          const char *name, const char *company, const char *email);

/* Two are one person: what is known of gone and hangs on it (calls with their turns, callbacks,
 * leads, tickets, vendors' notes) goes over to keep, and gone's numbers from now on mean keep.
 * What both have is keep's, unless only gone's was written by the owner; lists and notes are
 * joined, counts added. Exceptions stand by number and go on holding. Writes an audit row.
 * DESK_ENOTFOUND: one of them is not there; DESK_ECONFLICT: they are one already. */
DESK_MUST enum desk_rc desk_contact_merge(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, const char *keep,
                                          const char *gone);

/* "a, b" and "B, c" → "a, b, c", in the arena. Either may be NULL. */
const char *desk_contact_join(struct desk_arena *a, const char *x, const char *y);

#endif
