/* What calls have cost, for the guard over money (core/spend.h): sums only. Money is billionths of
 * a dollar, times are UTC ms. */
#ifndef DESK_STORE_SPEND_H
#define DESK_STORE_SPEND_H

#include "db/db.h"

#include <stdint.h>

/* Since the hour in which that moment lies; calls that were erased are in it. */
DESK_MUST enum desk_rc desk_spend_since_hour(struct desk_db *db, const char *tenant_id,
                                             int64_t since, int64_t *nanos);
/* Since that moment exactly, of calls that are still there. */
DESK_MUST enum desk_rc desk_spend_since(struct desk_db *db, const char *tenant_id, int64_t since,
                                        int64_t *nanos);
/* The same of one number, by its key. */
DESK_MUST enum desk_rc desk_spend_caller(struct desk_db *db, const char *tenant_id,
                                         const char *from_key, int64_t since, int64_t *nanos);
/* What a minute cost in the latest fifty calls; 0: nothing is known. */
DESK_MUST enum desk_rc desk_spend_minute(struct desk_db *db, const char *tenant_id, int64_t *nanos);
/* How long calls have taken that run, or were not reckoned yet: those that began since. from_key
 * NULL = of everybody. */
DESK_MUST enum desk_rc desk_spend_open(struct desk_db *db, const char *tenant_id,
                                       const char *from_key, int64_t since, int64_t now,
                                       int64_t *ms);
/* Calls of that number since then, and those of them in which something was urgent. */
DESK_MUST enum desk_rc desk_spend_calls(struct desk_db *db, const char *tenant_id,
                                        const char *from_key, int64_t since, int64_t *n,
                                        int64_t *urgent);

#endif
