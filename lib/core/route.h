/* Who calls, and what happens with the call: the rules in one table (rows[] in route.c), the first
 * that fits decides. Structs in, decision and reasons out: pure. The hook feeds it when a call
 * comes in (nothing is said yet) and again with the first words; `frontdesk route` prints it; the
 * set tests/eval/routing.jsonl judges it. */
#ifndef DESK_CORE_ROUTE_H
#define DESK_CORE_ROUTE_H

#include "core/business.h"
#include "core/intent.h"

#include <stdbool.h>
#include <stdint.h>

/* ---- who it is ------------------------------------------------------------------------------- */

enum desk_caller {
    DESK_WHO_UNKNOWN,
    DESK_WHO_KNOWN,
    DESK_WHO_VIP,
    DESK_WHO_EXCEPTION, /* family, friends, work …: straight to the owner */
    DESK_WHO_VENDOR,
    DESK_WHO_OWNER,
    DESK_WHO_STAFF,
    DESK_WHO_BLOCKED,
    DESK_WHO_SPAM, /* suspected: failed attestation, or blocked numbers' habits */
    DESK_WHO_WITHHELD,
    DESK_WHO__MAX
};

/* "unknown", "known", "vip", "exception", … as call.caller_kind keeps them; Never NULL. */
const char *desk_caller_name(enum desk_caller c);
bool desk_caller_parse(const char *name, enum desk_caller *out);

/* How far the carrier vouches for the number (Twilio's StirVerstat). */
enum desk_attest {
    DESK_ATTEST_NONE, /* no word about it: most calls */
    DESK_ATTEST_A,    /* TN-Validation-Passed-A */
    DESK_ATTEST_B,
    DESK_ATTEST_C,
    DESK_ATTEST_FAILED, /* TN-Validation-Failed… : the number is probably another's */
    DESK_ATTEST_CLAIMED /* typed in by somebody, in a chat: no carrier has seen it */
};
enum desk_attest desk_attest_parse(const char *stir_verstat); /* NULL, "" → NONE */

struct desk_caller_facts {
    const char *number; /* E.164; NULL = withheld or unusable */
    enum desk_attest attest;
    const char *exception; /* category it is listed under, NULL = not on the list */
    bool blocked, vip, vendor, known;
    int64_t short_calls;      /* of the last 24 hours that ended within seconds, without a word */
    const char *carrier_word; /* the carrier's verdict on the number: "spam", …; NULL */
};
#define DESK_SPAM_SHORT_CALLS 4

/* because (may be NULL): a sentence for the timeline, static. A withheld caller, or one whose
 * number was not vouched for, is never an exception, VIP, owner or staff. A claimed number is no
 * sign of spam, and nothing that is remembered of it may be said (talk/arrive.h). */
enum desk_caller desk_caller_resolve(const struct desk_business *b,
                                     const struct desk_caller_facts *f, const char **because);

/* ---- what happens ---------------------------------------------------------------------------- */

enum desk_route_action {
    DESK_DO_CONVERSE,
    DESK_DO_TRANSFER_EXCEPTION, /* ring the owner at once, say nothing */
    DESK_DO_TRANSFER_OWNER,     /* a person is asked for, and somebody may be rung */
    DESK_DO_EMERGENCY,          /* alert the owner, emergency script */
    DESK_DO_LOG_VENDOR,
    DESK_DO_SCREEN,      /* ask who and why before anybody is rung */
    DESK_DO_NOT_CALL,    /* outbound, outside of legal hours */
    DESK_DO_REJECT,      /* blocked */
    DESK_DO_VOICE_QUERY, /* the owner's own number: schedule, callbacks … */
    DESK_DO__MAX
};
const char *desk_route_action_name(enum desk_route_action a);

struct desk_route_input {
    const struct desk_business *business;
    enum desk_caller caller;
    int64_t now; /* UTC ms */
    bool outbound;
    const char *text;             /* first words; NULL or "" = none yet */
    enum desk_severity emergency; /* what the judge made of them (core/emergency.h) */
};

#define DESK_ROUTE_REASONS 6
struct desk_routing {
    const char *script;   /* the business's own choice; NULL = none is run */
    const char *standard; /* the house's script for that situation */
    enum desk_route_action action;
    enum desk_intent_kind intent;
    int sure; /* percent, of the intent */
    bool open;
    const char *rule; /* the row that decided: "after_hours" */
    size_t n_reasons;
    char reasons[DESK_ROUTE_REASONS][DESK_MAX_BECAUSE];
};

void desk_route_decide(const struct desk_route_input *in, struct desk_routing *out);

#endif
