/* The owner hears of a new lead as it comes: by the ways they have chosen for after a call, once
 * for each lead. What is added to it later, and the same job asked for again within a day, is no
 * other lead and no other message (tools_records.c). */
#ifndef DESK_TALK_LEAD_NOTICE_H
#define DESK_TALK_LEAD_NOTICE_H

#include "core/business.h"
#include "db/db.h"
#include "store/calls.h"
#include "store/records.h"

#define DESK_LEAD_NOTICE "lead:" /* with the lead's id the cause of its message */

/* In a transaction. Nothing where the business does not want it ("after_call": {"leads": "off"}),
 * or nobody can be reached. */
DESK_MUST enum desk_rc desk_lead_notice(struct desk_db *db, struct desk_arena *a,
                                        const struct desk_business *b, const struct desk_call *c,
                                        const struct desk_lead *l);

#endif
