/* Leads that go to the owner's D-Tools Cloud (setting DTOOLS_LEADS), asked for in the transaction
 * of their cause; the worker writes them (worker/dtools_lead.c). */
#ifndef DESK_STORE_DTOOLS_H
#define DESK_STORE_DTOOLS_H

#include "db/db.h"

/* That lead goes there, if the business wants it; once. */
DESK_MUST enum desk_rc desk_dtools_lead(struct desk_db *db, const char *tenant_id,
                                        const char *call_id, const char *lead_id);

#endif
