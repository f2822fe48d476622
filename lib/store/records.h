/* What calls lead to beside callbacks and messages: leads, support tickets, notes of suppliers'
 * calls. Writes run inside the caller's transaction. */
#ifndef DESK_STORE_RECORDS_H
#define DESK_STORE_RECORDS_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdint.h>

struct desk_lead {
    const char *id;
    const char *tenant_id;
    const char *call_id; /* the last call it was spoken of */
    const char *contact_id;
    const char *who_key; /* keyed hash of the caller's number; withheld: the call's id */
    const char *name, *company, *number, *email;
    const char *service; /* id of the profile's service, or NULL */
    const char *job;
    const char *address, *budget, *timeline, *heard_of_us; /* in the caller's words */
    const char *state;                                     /* open, won, lost */
    int64_t created_at, updated_at;
};
extern const struct desk_fields desk_lead_fields;

DESK_MUST enum desk_rc desk_lead_insert(struct desk_db *db, const struct desk_lead *l);
DESK_MUST enum desk_rc desk_lead_get(struct desk_db *db, struct desk_arena *a,
                                     const char *tenant_id, const char *id, struct desk_lead *out);
/* Open ones of that caller since then, newest first (at most 20). */
DESK_MUST enum desk_rc desk_lead_recent(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const char *who_key, int64_t since,
                                        struct desk_lead **out, size_t *n);
/* The row l->id gets what l says (NULL leaves); job, call_id and updated_at always. */
DESK_MUST enum desk_rc desk_lead_update(struct desk_db *db, const struct desk_lead *l);
/* state: open, won, lost. DESK_ENOTFOUND. */
DESK_MUST enum desk_rc desk_lead_state(struct desk_db *db, const char *tenant_id, const char *id,
                                       const char *state);
DESK_MUST enum desk_rc desk_lead_by_call(struct desk_db *db, struct desk_arena *a,
                                         const char *tenant_id, const char *call_id,
                                         struct desk_lead **out, size_t *n);

struct desk_ticket {
    const char *id;
    const char *tenant_id;
    int64_t n; /* the number the caller is told: 1, 2, 3 … within the tenant */
    const char *call_id;
    const char *contact_id;
    const char *name, *number;
    const char *system, *problem, *since_text, *tried, *address;
    const char *priority; /* low, normal, high */
    const char *state;    /* open, done */
    int64_t created_at, updated_at;
};
extern const struct desk_fields desk_ticket_fields;

/* t->n is set. */
DESK_MUST enum desk_rc desk_ticket_insert(struct desk_db *db, struct desk_ticket *t);
/* state (open, done) and priority (low, normal, high): NULL leaves. DESK_ENOTFOUND. */
DESK_MUST enum desk_rc desk_ticket_state(struct desk_db *db, const char *tenant_id, const char *id,
                                         const char *state, const char *priority);
DESK_MUST enum desk_rc desk_ticket_by_call(struct desk_db *db, struct desk_arena *a,
                                           const char *tenant_id, const char *call_id,
                                           struct desk_ticket **out, size_t *n);

struct desk_vendor_note {
    const char *id;
    const char *tenant_id;
    const char *call_id;
    const char *contact_id;
    const char *vendor, *person, *number;
    const char *purpose; /* delivery, order, invoice, visit, offer, other */
    const char *reference, *text;
    const char *state; /* open, done */
    int64_t created_at;
};
extern const struct desk_fields desk_vendor_note_fields;

DESK_MUST enum desk_rc desk_vendor_note_insert(struct desk_db *db,
                                               const struct desk_vendor_note *v);
DESK_MUST enum desk_rc desk_vendor_note_by_call(struct desk_db *db, struct desk_arena *a,
                                                const char *tenant_id, const char *call_id,
                                                struct desk_vendor_note **out, size_t *n);

#endif
