/* What an owner says of a business, read: the profile of a tenant with the overlay of one location.
 * The shape of the text is businesses/schema.json; whoever edits one is told there and by the
 * schema's check (core/schema.h) what is wrong. This reader takes what is in the database: what it
 * cannot read it leaves out, so that the telephone is answered all the same. Pure.
 *
 * Where a fact stands: slug and name are columns of the tenant, zone, hours and the owner's name
 * and phone are columns of the location; all others are in two JSON texts, "profile" (plain) and
 * "people" (sealed: staff with their phones, the owner's PIN, vendors). A location may overlay both
 * by RFC 7386: an object is merged member by member, null takes a member away, anything else (a
 * list, too) replaces. talk/business.h loads all of it from the database. */
#ifndef DESK_CORE_BUSINESS_H
#define DESK_CORE_BUSINESS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/tz.h"
#include "core/hours.h"
#include "core/severity.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- the words of the profile ---------------------------------------------------------------- */

/* The trade: which of the built-in tables (emergencies, intents) fit. */
enum desk_business_kind {
    DESK_BUSINESS_OTHER,
    DESK_BUSINESS_SMART_HOME,
    DESK_BUSINESS_DENTAL,
    DESK_BUSINESS_CONCIERGE, /* one person's own number */
    DESK_BUSINESS_PLUMBING,
    DESK_BUSINESS_HANDYMAN,
    DESK_BUSINESS_KIND__MAX
};

enum desk_answer_mode {
    DESK_ANSWER_UNSAID, /* not in the profile: the setting ANSWER_MODE */
    DESK_ANSWER_REALTIME,
    DESK_ANSWER_GATHER,
    DESK_ANSWER_RELAY,
    DESK_ANSWER_STAFF_FIRST, /* ring people first, then answer by "then" */
    DESK_ANSWER_OFF,         /* straight through to who is rung, then a recorded message */
    DESK_ANSWER__MAX
};

/* The words as a profile writes them: "dental", "staff_first". Never NULL. */
const char *desk_business_kind_name(enum desk_business_kind k);
const char *desk_answer_mode_name(enum desk_answer_mode m);

/* ---- what is read ---------------------------------------------------------------------------- */

struct desk_strings { /* a list of texts */
    const char *const *v;
    size_t n;
};

struct desk_person {
    const char *name;         /* "Raj Patel" */
    struct desk_strings also; /* other names callers use: "Raj", "Rajesh" */
    const char *phone;        /* E.164; NULL = cannot be rung */
    const char *role;         /* "technician"; "" */
    struct desk_strings
        services; /* visits they do: ids or names of services, or "all"; n 0: none */
    bool owner;
};

/* Who is on call: the first row that fits decides. */
struct desk_on_call {
    struct desk_strings who; /* names of people or ring groups, "owner" */
    unsigned days;           /* bits 1u << weekday, 0 = Sunday: the day a shift begins on */
    int from, to;            /* local minutes; to ≤ from runs past midnight; 0, 1440 = all day */
    int32_t first, last; /* local dates it holds on (days since 1970), inclusive; else MIN, MAX */
};

struct desk_ring_group {
    const char *name;        /* "office" */
    struct desk_strings who; /* names of people, "owner", "on_call" */
    bool together;           /* all at once, else one after the other */
    int seconds;             /* 0 = as the transfer says */
};

struct desk_service {
    const char *id;           /* "drain_cleaning" */
    const char *name;         /* as spoken: "drain cleaning" */
    struct desk_strings also; /* other words for it */
    int minutes;              /* 0 = not said */
    const char *price;        /* in the owner's words: "from 95 dollars"; "" */
    int gap_minutes;          /* after it; -1 = as booking says */
};

/* Words that tell what a caller wants. In the owner's order. */
struct desk_intent {
    const char *name; /* "sales", "support", "vendor", "appointment", … */
    struct desk_strings keywords;
};

struct desk_script_row { /* situation or intent → script */
    const char *when;    /* "general", "closed", "known", "outbound", or an intent's name */
    const char *script;  /* "after_hours": stem of templates/prompts/NAME.cs */
};

/* Ways in which somebody is told of an alarm: bits. */
enum desk_tell_by { DESK_BY_TEXT = 1, DESK_BY_TELEGRAM = 2, DESK_BY_ALL = 3 };

struct desk_emergency_row {
    const char *phrase;
    enum desk_severity severity;
};

struct desk_vendor {
    const char *name;
    struct desk_strings also;
    const char *phone; /* E.164 or NULL */
};

struct desk_sms_row {
    const char *name; /* "message_kept", "text_us", …: core/sms.h */
    const char *text;
};

/* A dated exception of the hours that names a person: "Raj away 12–18 October". */
struct desk_away {
    const char *who, *label;
    int32_t first, last; /* local dates, inclusive */
};

/* Days on which nothing is booked, open or not. */
struct desk_blackout {
    int32_t first, last; /* local dates, inclusive */
    const char *label;
};

/* Strings are never NULL ("" = not said) but where it is noted; all live in the arena. */
struct desk_business {
    const char *slug, *name, *branch; /* branch: the location's name */
    enum desk_business_kind kind;
    struct desk_strings numbers; /* E.164, the location's; filled by talk/business.h */
    const char *zone_name;
    const struct desk_tz *zone;     /* of zone_name as given by the loader; NULL = UTC */
    const struct desk_hours *hours; /* core/hours.h, with the dated exceptions; never NULL */
    const char *hours_spoken;
    const char *address;             /* of this branch, as it is said; "" */
    const char *country;             /* of numbers without a country code: "US" */
    bool day_first;                  /* 4/5 is the 4th of May */
    const char *language;            /* "en", "en-GB", … */
    const char *voice, *phone_voice; /* of the Realtime model, of Twilio's <Say> */

    struct { /* "{name}" in known stands for the caller's name */
        const char *open, *closed, *known;
    } greeting;
    const char *consent;    /* spoken before anything else: "This call is recorded." */
    const char *phi_notice; /* health data: what is said of it; "" */
    bool phi;               /* transcripts and texts hold health data */
    const char *notes;      /* the owner's notes for the receptionist */

    const struct desk_person *owner; /* people[0]; never NULL, its name may be "" */
    const struct desk_person *people;
    size_t n_people;      /* the owner and the staff */
    const char *telegram; /* chat in which the owner hears of emergencies; "" */
    const struct desk_on_call *on_call;
    size_t n_on_call;
    const struct desk_ring_group *groups;
    size_t n_groups;
    const struct desk_away *away;
    size_t n_away;

    struct {
        enum desk_answer_mode mode, closed, then; /* closed: UNSAID = as mode; then: after staff */
        const char *ring;                         /* whom STAFF_FIRST and OFF ring: "owner" */
        int ring_seconds;
    } answer;

    const struct desk_intent *intents;
    size_t n_intents;
    const struct desk_script_row *scripts;
    size_t n_scripts;
    const struct desk_service *services;
    size_t n_services;
    struct {
        int at_once;      /* visits at the same time: chairs, crews; 1. Not read where people have
                             services: then each of them has a calendar (core/slots.h) */
        int gap_minutes;  /* between two of them; 0 */
        int lead_minutes; /* nothing sooner than that; 0 */
        int days_ahead;   /* 365 */
        int step_minutes; /* between two starts that are offered; 30 */
        const struct desk_blackout *blackouts;
        size_t n_blackouts;
    } booking;

    struct { /* work is done at the caller's place, so these are asked before a visit */
        bool address, problem;
    } intake;

    struct {
        bool judge; /* the built-in rules judge, too, beside the phrases */
        const struct desk_emergency_row *phrases;
        size_t n_phrases;
        struct desk_strings tell[DESK_SEVERITY__MAX]; /* who hears of P1, P2, P3: names, groups */
        unsigned by[DESK_SEVERITY__MAX];              /* and how: bits; never 0 */
        bool ring;                                    /* P1: the caller is put through at once */
    } emergency;

    struct {
        bool on;
        unsigned triggers;    /* bits, in this order: budget, full_remodel, angry_client,
                                 owner_request,    complex_electrical, complex_plumbing */
        int64_t budget_cents; /* strictly over it escalates; 0 = no limit */
        struct desk_strings tell;
        unsigned by; /* bits; never 0 */
    } escalation;

    const struct desk_vendor *vendors;
    size_t n_vendors;
    bool screening; /* unknown callers are asked who and why before anybody is rung */
    struct {        /* callers marked VIP are rung through: in open hours, when closed */
        bool ring_open, ring_closed;
    } vip;

    bool all_tools; /* the profile names none: all are allowed */
    struct desk_strings tools;
    struct {
        struct desk_strings countries; /* ISO codes that may be rung: at least the own country */
        int seconds;                   /* how long a phone rings */
        bool whisper;                  /* the callee hears who it is and accepts by a key */
    } transfer;
    struct {
        int64_t month_cents, call_cents; /* 0 = no cap */
    } spend;
    const struct desk_sms_row *sms;
    size_t n_sms;

    struct { /* summaries for the owner */
        bool daily, weekly;
        int at;             /* local minutes of the day: 1080 */
        int weekday;        /* of the weekly one, 0 = Sunday: 1 */
        bool sms, telegram; /* by what way; neither: Telegram where there is a chat, else a text */
    } digest;
    const char *remind_by; /* "text", "call", "both", "off"; "": as the setting REMIND_BY says */

    struct { /* after each call the owner is told: of none, of those that need them, of all */
        enum desk_after_tell { DESK_AFTER_NONE, DESK_AFTER_NEEDED, DESK_AFTER_EVERY } tell;
        bool sms, telegram; /* as in digest */
        bool leads_off;     /* of a new lead as it comes: not */
    } after;

    /* the owner's, as its argon2id hash (older rows: the digits); "" = no voice queries. Sealed at
     * rest: never log it. talk/owner_pin.h asks for it */
    const char *pin;
};

/* ---- reading --------------------------------------------------------------------------------- */

/* The columns and texts a business is composed of; NULL = none. */
struct desk_business_parts {
    const char *slug, *name, *branch;
    const char *profile, *people;         /* of the tenant: JSON objects */
    const char *overlay, *overlay_people; /* of the location: merge patches of the two */
    const char *zone, *hours;             /* of the location; hours: JSON of core/hours.h */
    const char *owner_name, *owner_phone; /* of the location */
    const struct desk_tz *tz;             /* of zone, if the caller has loaded it */
};

/* Compose and read. Takes anything: what cannot be read is as if not said. DESK_ENOMEM only. */
DESK_MUST enum desk_rc desk_business_compose(struct desk_business *b, struct desk_arena *a,
                                             const struct desk_business_parts *parts);

/* RFC 7386: target with patch merged into it, as a new reference; neither is changed. NULL patch =
 * nothing to merge. NULL when out of memory. */
json_t *desk_business_merge(const json_t *target, const json_t *patch);

/* The same of two objects, target itself being changed; shares nothing with patch. False when out
 * of memory: target is then half merged. */
DESK_MUST bool desk_business_apply(json_t *target, json_t *patch);

/* The patch that makes of the object from the object to (which holds no null). A new reference;
 * NULL when out of memory. */
json_t *desk_business_diff(json_t *from, json_t *to);

/* ---- asking ---------------------------------------------------------------------------------- */

#define DESK_RING_PEOPLE 10 /* rung for one transfer */

/* Whom to ring, in order. */
struct desk_ring {
    const struct desk_person *who[DESK_RING_PEOPLE];
    size_t n;
    bool together;
    int seconds;
    const char *why; /* for timelines: "on call", "ring group", "named", "the owner" */
};

/* The person called so (name, first name or another name of theirs; case ignored), or NULL. */
const struct desk_person *desk_business_person(const struct desk_business *b, const char *name);
const struct desk_ring_group *desk_business_group(const struct desk_business *b, const char *name);
/* Is that person away on that local date? label (may be NULL) gets why, or "". */
bool desk_business_away(const struct desk_business *b, const struct desk_person *p, int32_t date,
                        const char **label);

/* Resolve "owner", "on_call", a ring group or a person at that moment. People without a phone or
 * away are left out, nobody comes twice. On call is the first row that fits and of which somebody
 * can be rung, else the owner. False (n 0): nobody is called so, or nobody of them can be rung. */
bool desk_business_ring(const struct desk_business *b, const char *target, int64_t utc_ms,
                        struct desk_ring *out);

/* The same for who must hear of something (emergency.tell, escalation.tell): all that are named, at
 * once; when nobody of them can be reached the owner, even away. False: not even the owner has a
 * phone. An empty list is nobody. */
bool desk_business_tell(const struct desk_business *b, const struct desk_strings *who,
                        int64_t utc_ms, struct desk_ring *out);

/* How the telephone is answered at that moment, open or closed; UNSAID = by the setting. */
enum desk_answer_mode desk_business_mode(const struct desk_business *b, bool open);

/* First words of a call, in the arena: by name to a known caller (caller_name not NULL) where the
 * owner wrote such a greeting, else the one for open or closed hours; a question at the end, if the
 * owner's words ask none. NULL when out of memory. */
const char *desk_business_greeting(const struct desk_business *b, struct desk_arena *a, bool open,
                                   const char *caller_name);

/* The script of a situation or intent; NULL when the profile names none. */
const char *desk_business_script(const struct desk_business *b, const char *when);
const struct desk_service *desk_business_service(const struct desk_business *b, const char *name);
/* Text of that name for a text message, or NULL: then the house's own template. */
const char *desk_business_sms(const struct desk_business *b, const char *name);
bool desk_business_tool(const struct desk_business *b, const char *tool); /* may it be used? */
/* Is it the owner's PIN, where the digits are kept? Spaces and a closing "#" are ignored; in
 * constant time. */
bool desk_business_pin_ok(const struct desk_business *b, const char *given);

#endif
