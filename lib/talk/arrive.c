#include "talk/arrive.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/phone.h"
#include "db/seal.h"
#include "store/contacts.h"
#include "store/conversation.h"
#include "talk/caller.h"
#include "talk/spend.h"

#include <string.h>

/* What is known of a number, and that it called once more. */
static enum desk_rc know_caller(struct desk_db *db, struct desk_arena *a, bool text,
                                struct desk_call *c, struct desk_caller_facts *f)
{
    struct desk_contact contact = {0};
    enum desk_rc rc = text ? desk_contact_ensure(db, a, c->tenant_id, c->from_number, &contact)
                           : desk_contact_called(db, a, c->tenant_id, c->from_number, &contact);
    if (!rc || rc == DESK_DONE)
        rc = desk_caller_know(db, a, c->tenant_id, c->from_number, &contact, desk_now_ms(), f);
    c->contact_id = rc ? NULL : contact.id;
    if (f->attest == DESK_ATTEST_CLAIMED) { /* whoever claims a number must not hear whose it is */
        c->contact_id = NULL;
        f->known = false;
    }
    return rc;
}

/* Who calls, in the row's words; because: why so. A withheld or unusable number is no number. */
static enum desk_rc set_caller(struct desk_db *db, struct desk_arena *a,
                               const struct desk_arrival *in, struct desk_call *c,
                               enum desk_caller *who, const char **because)
{
    char e164[DESK_PHONE_LEN], key[DESK_BLIND_LEN];
    struct desk_caller_facts f = {.attest = in->attest};
    enum desk_rc rc = DESK_OK;
    if (desk_phone_parse(in->from, "US", e164) == DESK_PHONE_OK) {
        desk_blind(desk_db_key(db), c->tenant_id, e164, key);
        c->from_number = desk_arena_strdup(a, e164);
        c->from_key = desk_arena_strdup(a, key);
        f.number = c->from_number;
        rc = c->from_number && c->from_key ? know_caller(db, a, in->text, c, &f) : DESK_ENOMEM;
    }
    *who = desk_caller_resolve(in->business, &f, because);
    c->caller_kind = *who == DESK_WHO_UNKNOWN ? "new" : desk_caller_name(*who);
    return rc;
}

static enum desk_rc note(struct desk_db *db, const struct desk_call *c, const char *kind,
                         const char *name, const char *detail, const char *dedupe)
{
    return desk_event_add(db, c->tenant_id, c->id, c->started_at, kind, name, detail, dedupe);
}

/* A reason without the rule's name before it, which the event bears anyway. */
static const char *said_plainly(const char *reason, const char *rule)
{
    size_t n = strlen(rule);
    bool named = strncmp(reason, rule, n) == 0 && strncmp(reason + n, ": ", 2) == 0;
    return named ? reason + n + 2 : reason;
}

/* What is done with it, before a word is said: script, action, and both on the timeline. */
static enum desk_rc set_route(struct desk_db *db, struct desk_arena *a,
                              const struct desk_arrival *in, struct desk_call *c,
                              enum desk_caller who, const char *because)
{
    struct desk_routing route;
    desk_route_decide(
        &(struct desk_route_input){.business = in->business, .caller = who, .now = c->started_at},
        &route);
    c->script = route.script;
    c->action = desk_route_action_name(route.action);
    const char *caller = desk_arena_fmt(a, "caller_%s", c->caller_kind);
    const char *rule = desk_arena_fmt(a, "route_%s", route.rule);
    if (!caller || !rule)
        return DESK_ENOMEM;
    struct desk_spend_verdict guard;
    enum desk_rc rc = desk_spend_guard(db, a, in->business->zone, c, &guard);
    if (!rc)
        rc = desk_call_insert(db, c);
    if (!rc)
        rc = note(db, c, "rule", caller, because, "rule:caller");
    if (!rc)
        rc = note(db, c, "rule", route.open ? "inside_hours" : "outside_hours",
                  route.open ? "Inside opening hours." : "Outside opening hours.", "rule:hours");
    if (!rc && strcmp(route.rule, "general") != 0)
        rc = note(db, c, "rule", rule, said_plainly(route.reasons[2], route.rule), "rule:route");
    if (!rc && guard.rule)
        rc = note(db, c, "rule", guard.rule, guard.because, "rule:spend");
    return rc;
}

enum desk_rc desk_arrive(struct desk_db *db, struct desk_arena *a, const struct desk_arrival *in,
                         struct desk_call *c)
{
    enum desk_caller who;
    const char *because;
    const char *trace = desk_log_bound()->trace;
    if (*trace) {
        c->trace = desk_arena_strdup(a, trace);
        if (!c->trace)
            return DESK_ENOMEM;
    }
    enum desk_rc rc = set_caller(db, a, in, c, &who, &because);
    return rc ? rc : set_route(db, a, in, c, who, because);
}
