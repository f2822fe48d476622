/* The parts of talk/after.h. Not for other folders. */
#ifndef DESK_TALK_AFTER_SET_H
#define DESK_TALK_AFTER_SET_H

#include "talk/after.h"

#include "core/business.h"
#include "core/claims.h"
#include "store/alerts.h"
#include "store/appointments.h"
#include "store/attention.h"
#include "store/call_after.h"
#include "store/contacts.h"
#include "store/conversation.h"
#include "store/outbox.h"
#include "store/records.h"
#include "store/results.h"
#include "store/settings.h"
#include "store/usage.h"

#define AFTER_TURNS   600
#define AFTER_VISITS  20
#define AFTER_SUMMARY 600 /* bytes */

struct after {
    struct desk_db *db;
    struct desk_arena *a;
    const struct desk_call *call;
    int64_t now;

    /* the rows (after_rows.c) */
    struct desk_business b;
    struct desk_tenant_settings own;
    struct desk_contact contact; /* id NULL: not known, or not surely them */
    struct desk_turn *turns;
    struct desk_callback *callbacks;
    struct desk_message *messages;
    struct desk_appointment *visits; /* of this call */
    struct desk_appointment *theirs; /* that the caller has */
    struct desk_lead *leads;
    struct desk_ticket *tickets;
    struct desk_vendor_note *vendors;
    struct desk_outbox *sent;
    struct desk_alert *alerts;
    struct desk_tool_run *runs;
    struct desk_usage *usage;
    size_t n_turns, n_callbacks, n_messages, n_visits, n_theirs, n_leads, n_tickets, n_vendors,
        n_sent, n_alerts, n_runs, n_usage;

    /* how the owner is told, if they want to be (desk_after_ways()) */
    const char *chat; /* Telegram's; "" = not by that way */
    bool by_text;

    /* what came of it */
    struct desk_call_after row;
    bool by_model;
    struct desk_usage spent; /* by the model now; asks 0 = it was not asked */
    struct desk_attention missing[DESK_CLAIM__MAX];
    size_t n_missing;
};

/* DESK_ENOTFOUND: the business is gone. */
DESK_MUST enum desk_rc desk_after_rows(struct after *f);

/* A caller's talk with the receptionist: not the owner's own call, not one that we made, not one of
 * a blocked number. */
bool desk_after_of_caller(const struct after *f);
bool desk_after_caller_spoke(const struct after *f);
const char *desk_after_who(const struct after *f); /* "Dana Reyes", "The caller"; never NULL */

/* Who told of an emergency and was gone before anybody could be reached, or was not put through,
 * gets a text that it is known, where a text may go (after_emergency.c). */
DESK_MUST enum desk_rc desk_after_emergency(struct after *f);

/* Summary, topics, sentiment and facts by rules, into f->row (after_rules.c). */
DESK_MUST enum desk_rc desk_after_rules(struct after *f);

/* The same by the model (after_model.c). DESK_EUPSTREAM: f->row.why_rules says why not (NULL: there
 * is none); DESK_DONE: stopped. */
DESK_MUST enum desk_rc desk_after_model(struct after *f, const struct desk_after_ask *ask);

/* Cost (after_cost.c), claims without rows (desk_after_check.c): into f. */
DESK_MUST enum desk_rc desk_after_cost(struct after *f);
DESK_MUST enum desk_rc desk_after_check(struct after *f);

/* Who is told, and queueing it (after_tell.c). In a transaction. Sets row.needs_owner and
 * row.told. desk_after_ways() comes before. */
DESK_MUST enum desk_rc desk_after_ways(struct after *f);
DESK_MUST enum desk_rc desk_after_tell(struct after *f);
bool desk_after_will_tell(const struct after *f); /* whatever the truth check finds */

#endif
