/* The precedence of everything that can be true of a call, written down once. */
#include "core/route.h"
#include "core/hours.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define COUNT(a)     (sizeof(a) / sizeof *(a))
#define CALLS_FROM_H 8 /* outbound calls: legal hours where the called one is */
#define CALLS_TO_H   21
#define SURE         40 /* percent: below it a wish is not acted on */

/* ---- who it is ------------------------------------------------------------------------------- */

static const char *const callers[DESK_WHO__MAX] = {
    [DESK_WHO_UNKNOWN] = "unknown",     [DESK_WHO_KNOWN] = "known",     [DESK_WHO_VIP] = "vip",
    [DESK_WHO_EXCEPTION] = "exception", [DESK_WHO_VENDOR] = "vendor",   [DESK_WHO_OWNER] = "owner",
    [DESK_WHO_STAFF] = "staff",         [DESK_WHO_BLOCKED] = "blocked", [DESK_WHO_SPAM] = "spam",
    [DESK_WHO_WITHHELD] = "withheld",
};

const char *desk_caller_name(enum desk_caller c)
{
    return c < DESK_WHO__MAX ? callers[c] : callers[DESK_WHO_UNKNOWN];
}

bool desk_caller_parse(const char *name, enum desk_caller *out)
{
    for (size_t i = 0; name && i < COUNT(callers); i++)
        if (strcmp(callers[i], name) == 0) {
            *out = (enum desk_caller)i;
            return true;
        }
    return false;
}

enum desk_attest desk_attest_parse(const char *s)
{
    static const struct {
        const char *begins;
        enum desk_attest attest;
    } words[] = {
        {"TN-Validation-Passed-A", DESK_ATTEST_A}, {"TN-Validation-Passed-B", DESK_ATTEST_B},
        {"TN-Validation-Passed-C", DESK_ATTEST_C}, {"TN-Validation-Failed", DESK_ATTEST_FAILED},
        {"No-TN-Validation", DESK_ATTEST_NONE},
    };
    for (size_t i = 0; s && i < COUNT(words); i++)
        if (strncmp(s, words[i].begins, strlen(words[i].begins)) == 0)
            return words[i].attest;
    return DESK_ATTEST_NONE;
}

static const struct desk_person *person_of(const struct desk_business *b, const char *number)
{
    for (size_t i = 0; i < b->n_people; i++)
        if (b->people[i].phone && strcmp(b->people[i].phone, number) == 0)
            return &b->people[i];
    return NULL;
}

static bool of_vendor(const struct desk_business *b, const char *number)
{
    for (size_t i = 0; i < b->n_vendors; i++)
        if (b->vendors[i].phone && strcmp(b->vendors[i].phone, number) == 0)
            return true;
    return false;
}

enum desk_caller desk_caller_resolve(const struct desk_business *b,
                                     const struct desk_caller_facts *f, const char **because)
{
    const struct desk_person *p = f->number ? person_of(b, f->number) : NULL;
    bool failed = f->attest == DESK_ATTEST_FAILED;
    bool vouched = !failed && f->attest != DESK_ATTEST_CLAIMED;
    const struct {
        bool is;
        enum desk_caller who;
        const char *because;
    } rows[] = {
        {!f->number, DESK_WHO_WITHHELD,
         "The caller hid the number, or it cannot be called: nothing is remembered of it."},
        {f->blocked, DESK_WHO_BLOCKED, "This number is on the list of numbers not answered."},
        {!vouched && (f->exception || f->vip || p), DESK_WHO_UNKNOWN,
         failed ? "The carrier could not confirm this number, so it is treated as a stranger's."
                : "No carrier has seen this number, so it is treated as a stranger's."},
        {p && p->owner, DESK_WHO_OWNER, "The owner's own phone."},
        {p != NULL, DESK_WHO_STAFF, "A phone of the staff."},
        {f->exception != NULL, DESK_WHO_EXCEPTION,
         "On the list of people who are put through at once."},
        {failed || f->carrier_word || f->short_calls >= DESK_SPAM_SHORT_CALLS, DESK_WHO_SPAM,
         "Looks like an unwanted call, by the carrier's word or by its habits."},
        {f->vip, DESK_WHO_VIP, "Marked as a VIP."},
        {f->vendor || (f->number && of_vendor(b, f->number)), DESK_WHO_VENDOR,
         "A supplier's number."},
        {f->known, DESK_WHO_KNOWN, "This number has called before, so Frontdesk knows it."},
        {true, DESK_WHO_UNKNOWN, "Number not on any list, so Frontdesk answered."},
    };
    size_t i = 0;
    while (!rows[i].is)
        i++;
    if (because)
        *because = rows[i].because;
    return rows[i].who;
}

/* ---- what happens ---------------------------------------------------------------------------- */

static const char *const actions[DESK_DO__MAX] = {
    [DESK_DO_CONVERSE] = "converse",
    [DESK_DO_TRANSFER_EXCEPTION] = "transfer_exception",
    [DESK_DO_TRANSFER_OWNER] = "transfer_owner",
    [DESK_DO_EMERGENCY] = "emergency_alert",
    [DESK_DO_LOG_VENDOR] = "log_vendor",
    [DESK_DO_SCREEN] = "screen",
    [DESK_DO_NOT_CALL] = "do_not_call",
    [DESK_DO_REJECT] = "reject",
    [DESK_DO_VOICE_QUERY] = "voice_query",
};

const char *desk_route_action_name(enum desk_route_action a)
{
    return actions[a];
}

struct seen {
    const struct desk_route_input *in;
    struct desk_hours_state hours;
    struct desk_local_time local;
    struct desk_intent_judged wish;
    bool matched; /* a client of the business */
};

static void reason(struct desk_routing *out, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static void reason(struct desk_routing *out, const char *fmt, ...)
{
    va_list ap;
    if (out->n_reasons == DESK_ROUTE_REASONS)
        return;
    va_start(ap, fmt);
    vsnprintf(out->reasons[out->n_reasons++], DESK_MAX_BECAUSE, fmt, ap);
    va_end(ap);
}

static bool is_blocked(const struct seen *s)
{
    return s->in->caller == DESK_WHO_BLOCKED;
}
static bool is_exception(const struct seen *s)
{
    return s->in->caller == DESK_WHO_EXCEPTION && !s->in->outbound;
}
static bool is_outside_legal_hours(const struct seen *s)
{
    return s->in->outbound && (s->local.hour < CALLS_FROM_H || s->local.hour >= CALLS_TO_H);
}
static bool is_outbound(const struct seen *s)
{
    return s->in->outbound;
}
static bool is_owner(const struct seen *s)
{
    return s->in->caller == DESK_WHO_OWNER;
}
static bool is_screened(const struct seen *s)
{
    return s->in->business->screening;
}
static bool is_closed(const struct seen *s)
{
    return !s->hours.open;
}
static bool is_vendor(const struct seen *s)
{
    return s->wish.kind == DESK_INTENT_VENDOR ||
           (s->in->caller == DESK_WHO_VENDOR && s->wish.kind != DESK_INTENT_SALES);
}
static bool is_sales(const struct seen *s)
{
    return s->wish.kind == DESK_INTENT_SALES;
}
static bool is_matched(const struct seen *s)
{
    return s->matched;
}
static bool is_any(const struct seen *s)
{
    (void)s;
    return true;
}

/* First row that fits decides. script NULL: none is run. when: the name under which a business may
 * choose another script ("scripts" of its profile). */
static const struct row {
    const char *rule;
    bool (*fits)(const struct seen *);
    const char *when, *script;
    enum desk_route_action action;
    const char *because;
} rows[] = {
    {"blocked", is_blocked, NULL, NULL, DESK_DO_REJECT, "blocked numbers are not answered"},
    {"exception", is_exception, NULL, NULL, DESK_DO_TRANSFER_EXCEPTION,
     "people on the exception list go straight to the owner, at any hour"},
    {"legal_hours", is_outside_legal_hours, NULL, NULL, DESK_DO_NOT_CALL,
     "nobody is called before 8 in the morning or after 9 in the evening, local time"},
    {"outbound", is_outbound, "outbound", "appointment_reminder", DESK_DO_CONVERSE,
     "a call that we make"},
    {"owner", is_owner, "owner", NULL, DESK_DO_VOICE_QUERY,
     "the owner's own phone: questions about the business's day"},
    {"screening", is_screened, "general", "general_incoming", DESK_DO_SCREEN,
     "a personal line asks who calls and why before it rings anybody"},
    {"after_hours", is_closed, "closed", "after_hours", DESK_DO_CONVERSE,
     "the business is closed, whatever is wanted"},
    {"vendor", is_vendor, "vendor", "vendor_call", DESK_DO_CONVERSE, "another firm calls"},
    {"sales", is_sales, "sales", "sales_inquiry", DESK_DO_CONVERSE, "new work is wanted"},
    {"client", is_matched, "known", "known_client_support", DESK_DO_CONVERSE,
     "the number is a client's"},
    {"general", is_any, "general", "general_incoming", DESK_DO_CONVERSE,
     "nothing more is known of this call"},
};

/* ---- the wish: the business's own words first ------------------------------------------------ */

static bool has_phrase(const char *text, const char *phrase)
{
    size_t n = strlen(phrase);
    for (const char *at = text; n && (at = strcasestr(at, phrase)); at++) {
        bool begins = at == text || !((at[-1] | 32) >= 'a' && (at[-1] | 32) <= 'z');
        bool ends = !((at[n] | 32) >= 'a' && (at[n] | 32) <= 'z');
        if (begins && ends)
            return true;
    }
    return false;
}

static const struct {
    const char *intent;
    enum desk_intent_kind kind;
} known_intents[] = {
    {"vendor", DESK_INTENT_VENDOR},   {"sales", DESK_INTENT_SALES},
    {"support", DESK_INTENT_SUPPORT}, {"owner", DESK_INTENT_PERSON},
    {"person", DESK_INTENT_PERSON},
};

/* A keyword of the owner's decides where the judge is not sure of another wish. */
static void by_keywords(struct seen *s)
{
    const struct desk_business *b = s->in->business;
    for (size_t i = 0; i < b->n_intents; i++)
        for (size_t k = 0; k < b->intents[i].keywords.n; k++) {
            if (!has_phrase(s->in->text, b->intents[i].keywords.v[k]))
                continue;
            for (size_t m = 0; m < COUNT(known_intents); m++)
                if (strcmp(known_intents[m].intent, b->intents[i].name) == 0) {
                    s->wish.kind = known_intents[m].kind;
                    s->wish.sure = 100;
                    snprintf(s->wish.because, sizeof s->wish.because, "said “%s”",
                             b->intents[i].keywords.v[k]);
                    return;
                }
        }
}

static void read_wish(struct seen *s)
{
    const char *names[3 * DESK_RING_PEOPLE];
    const struct desk_business *b = s->in->business;
    size_t n = 0;
    for (size_t i = 0; i < b->n_people && n < COUNT(names); i++) {
        names[n++] = b->people[i].name;
        for (size_t k = 0; k < b->people[i].also.n && n < COUNT(names); k++)
            names[n++] = b->people[i].also.v[k];
    }
    desk_intent_judge(s->in->text, names, n, &s->wish);
    if (s->wish.sure < SURE)
        s->wish.kind = DESK_INTENT_OTHER;
    if (s->in->text && s->wish.kind == DESK_INTENT_OTHER)
        by_keywords(s);
}

/* ---- deciding -------------------------------------------------------------------------------- */

/* What is done beside the script, or instead: danger first. */
static void refine(const struct seen *s, const struct row *r, struct desk_routing *out)
{
    bool talk = out->action == DESK_DO_CONVERSE || out->action == DESK_DO_SCREEN;
    if (!talk || s->in->outbound)
        return;
    if (s->in->emergency == DESK_P1 || s->in->emergency == DESK_P2) {
        out->action = DESK_DO_EMERGENCY;
        reason(out, "%s: the owner is told at once", desk_severity_name(s->in->emergency));
    } else if (out->action == DESK_DO_CONVERSE && is_vendor(s)) {
        out->action = DESK_DO_LOG_VENDOR;
        reason(out, "%s", s->wish.because);
    } else if (out->action == DESK_DO_CONVERSE && s->hours.open && s->wish.person &&
               s->in->business->owner->phone) {
        out->action = DESK_DO_TRANSFER_OWNER;
        reason(out, "%s, in open hours", s->wish.because);
    }
    (void)r;
}

void desk_route_decide(const struct desk_route_input *in, struct desk_routing *out)
{
    struct seen s = {.in = in};
    size_t i = 0;
    memset(out, 0, sizeof *out);
    desk_tz_local(in->business->zone, in->now, &s.local);
    desk_hours_at(in->business->hours, in->business->zone, in->now, &s.hours);
    s.matched = in->caller == DESK_WHO_KNOWN || in->caller == DESK_WHO_VIP;
    read_wish(&s);
    while (!rows[i].fits(&s))
        i++;
    const char *own = rows[i].when ? desk_business_script(in->business, rows[i].when) : NULL;
    out->standard = rows[i].script;
    out->script = rows[i].script && own ? own : rows[i].script;
    out->action = rows[i].action;
    out->intent = s.wish.kind;
    out->sure = s.wish.sure;
    out->open = s.hours.open;
    out->rule = rows[i].rule;
    reason(out, "caller: %s", desk_caller_name(in->caller));
    reason(out, "%s (%s%s%s)", s.hours.open ? "open" : "closed", desk_hours_why_name(s.hours.why),
           *s.hours.label ? ": " : "", s.hours.label);
    reason(out, "%s: %s", rows[i].rule, rows[i].because);
    if (in->text && *in->text)
        reason(out, "wish: %s", s.wish.because);
    refine(&s, &rows[i], out);
}
