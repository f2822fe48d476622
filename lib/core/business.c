/* Reading a profile: JSON out of the database → struct desk_business. See business.h. */
#include "core/business.h"
#include "base/limits.h"
#include "core/day_text.h"
#include "core/phone.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MINUTES  (24 * 60)
#define RING_SECONDS 20

struct reader {
    struct desk_arena *a;
    bool failed; /* no memory */
};

/* ---- words ----------------------------------------------------------------------------------- */

static const char *const kinds[DESK_BUSINESS_KIND__MAX] = {
    [DESK_BUSINESS_OTHER] = "other",       [DESK_BUSINESS_SMART_HOME] = "smart_home",
    [DESK_BUSINESS_DENTAL] = "dental",     [DESK_BUSINESS_CONCIERGE] = "concierge",
    [DESK_BUSINESS_PLUMBING] = "plumbing", [DESK_BUSINESS_HANDYMAN] = "handyman",
};
static const char *const modes[DESK_ANSWER__MAX] = {
    [DESK_ANSWER_UNSAID] = "",
    [DESK_ANSWER_REALTIME] = "realtime",
    [DESK_ANSWER_GATHER] = "gather",
    [DESK_ANSWER_RELAY] = "relay",
    [DESK_ANSWER_STAFF_FIRST] = "staff_first",
    [DESK_ANSWER_OFF] = "off",
};
/* In the order of the bits. */
static const char *const ways[] = {"sms", "telegram"};
#define N_WAYS (sizeof ways / sizeof *ways)
static const char *const triggers[] = {"budget",        "full_remodel",       "angry_client",
                                       "owner_request", "complex_electrical", "complex_plumbing"};
#define N_TRIGGERS (sizeof triggers / sizeof *triggers)

const char *desk_business_kind_name(enum desk_business_kind k)
{
    return (unsigned)k < DESK_BUSINESS_KIND__MAX ? kinds[k] : kinds[DESK_BUSINESS_OTHER];
}

const char *desk_answer_mode_name(enum desk_answer_mode m)
{
    return (unsigned)m < DESK_ANSWER__MAX ? modes[m] : "";
}

/* Index of v among n words, or otherwise. */
static unsigned word(const json_t *v, const char *const *words, unsigned n, unsigned otherwise)
{
    const char *s = json_string_value(v);
    for (unsigned i = 0; s && i < n; i++)
        if (strcmp(words[i], s) == 0)
            return i;
    return otherwise;
}

/* ---- texts ----------------------------------------------------------------------------------- */

/* On one line: no text of a profile may begin a line of its own in a prompt. */
static const char *keep_text(struct reader *r, const char *s)
{
    char *copy = desk_arena_strdup(r->a, s ? s : "");
    if (!copy) {
        r->failed = true;
        return "";
    }
    for (char *p = copy; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            *p = ' ';
    return copy;
}

static const char *keep(struct reader *r, const json_t *v)
{
    return keep_text(r, json_string_value(v));
}

static const char *text_of(struct reader *r, const json_t *o, const char *key)
{
    return keep(r, json_object_get(o, key));
}

/* A number that can be called, or NULL. */
static const char *phone(struct reader *r, const char *s)
{
    char e164[DESK_PHONE_LEN];
    if (!s || s[0] != '+' || desk_phone_parse(s, NULL, e164) != DESK_PHONE_OK)
        return NULL;
    const char *copy = keep_text(r, e164);
    return *copy ? copy : NULL;
}

static const char *phone_of(struct reader *r, const json_t *o)
{
    return phone(r, json_string_value(json_object_get(o, "phone")));
}

/* A list of texts, or one text alone. */
static struct desk_strings strings(struct reader *r, const json_t *v)
{
    size_t n = json_is_string(v) ? 1 : json_array_size(v), kept = 0;
    if (n > DESK_MAX_BUSINESS_LIST)
        n = DESK_MAX_BUSINESS_LIST;
    const char **list = n ? desk_arena_alloc(r->a, n * sizeof *list) : NULL;
    r->failed = r->failed || (n && !list);
    for (size_t i = 0; list && i < n; i++) {
        const json_t *one = json_is_string(v) ? v : json_array_get(v, i);
        if (json_string_length(one))
            list[kept++] = keep(r, one);
    }
    return (struct desk_strings){list, list ? kept : 0};
}

static struct desk_strings strings_of(struct reader *r, const json_t *o, const char *key)
{
    return strings(r, json_object_get(o, key));
}

static bool flag(const json_t *o, const char *key, bool otherwise)
{
    const json_t *v = json_object_get(o, key);
    return json_is_boolean(v) ? json_is_true(v) : otherwise;
}

static int number(const json_t *o, const char *key, int least, int most, int otherwise)
{
    const json_t *v = json_object_get(o, key);
    double d = json_number_value(v);
    return json_is_number(v) && d >= least && d <= most ? (int)d : otherwise;
}

static int64_t cents(const json_t *o, const char *key)
{
    double d = json_number_value(json_object_get(o, key));
    return d > 0 && d < 1e12 ? (int64_t)llround(d * 100) : 0;
}

/* ---- lists of things ------------------------------------------------------------------------- */

typedef bool read_item(struct reader *r, const char *key, const json_t *v, void *out);

/* Every member of a list or an object that can be read (item says so). */
static const void *items(struct reader *r, json_t *list, size_t size, read_item *item, size_t *n)
{
    const char *key;
    json_t *v;
    size_t i, max = json_is_object(list) ? json_object_size(list) : json_array_size(list);
    if (max > DESK_MAX_BUSINESS_LIST)
        max = DESK_MAX_BUSINESS_LIST;
    char *out = max ? desk_arena_alloc(r->a, max * size) : NULL;
    r->failed = r->failed || (max && !out);
    *n = 0;
    if (!out)
        return NULL;
    json_object_foreach(list, key, v)
    {
        if (*n < max && item(r, key, v, out + *n * size))
            ++*n;
    }
    json_array_foreach(list, i, v)
    {
        if (*n < max && item(r, NULL, v, out + *n * size))
            ++*n;
    }
    return out;
}

#define ITEMS(r, o, key, field, count, item)                                                       \
    ((field) = items((r), json_object_get((o), (key)), sizeof *(field), (item), &(count)))

/* A name alone, or an object with a name. */
static const char *name_of(struct reader *r, const json_t *v, const char *member)
{
    return json_is_string(v) ? keep(r, v) : text_of(r, v, member);
}

static bool read_person(struct reader *r, const char *key, const json_t *v, void *out)
{
    struct desk_person *p = out;
    (void)key;
    *p = (struct desk_person){.name = name_of(r, v, "name"),
                              .also = strings_of(r, v, "also"),
                              .phone = phone_of(r, v),
                              .role = text_of(r, v, "role"),
                              .services = strings_of(r, v, "services")};
    return *p->name;
}

static bool read_on_call(struct reader *r, const char *key, const json_t *v, void *out)
{
    struct desk_on_call *row = out;
    const json_t *days = json_object_get(v, "days");
    (void)key;
    *row = (struct desk_on_call){.who = strings_of(r, v, "who"),
                                 .days = days ? 0 : 0x7f,
                                 .first = INT32_MIN,
                                 .last = INT32_MAX};
    for (size_t i = 0; i < json_array_size(days); i++) {
        int day = desk_weekday_parse(json_string_value(json_array_get(days, i)));
        row->days |= day < 0 ? 0 : 1u << day;
    }
    row->from = desk_clock_parse(json_string_value(json_object_get(v, "from")));
    row->to = desk_clock_parse(json_string_value(json_object_get(v, "to")));
    row->from = row->from < 0 ? 0 : row->from;
    row->to = row->to < 0 ? DAY_MINUTES : row->to;
    desk_day_parse(json_string_value(json_object_get(v, "first")), &row->first);
    desk_day_parse(json_string_value(json_object_get(v, "last")), &row->last);
    return row->who.n > 0;
}

static bool read_group(struct reader *r, const char *key, const json_t *v, void *out)
{
    struct desk_ring_group *g = out;
    const char *how = json_string_value(json_object_get(v, "how"));
    *g = (struct desk_ring_group){.name = keep_text(r, key),
                                  .who = strings_of(r, v, "who"),
                                  .together = how && strcmp(how, "together") == 0,
                                  .seconds = number(v, "seconds", 5, 60, 0)};
    return g->who.n > 0;
}

/* "Drain cleaning" → "drain_cleaning": the id of a service that has none of its own. */
static const char *id_from(struct reader *r, const char *name)
{
    char *id = desk_arena_strdup(r->a, name);
    r->failed = r->failed || !id;
    for (char *p = id; p && *p; p++) {
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p + 32);
        else if ((*p < 'a' || *p > 'z') && (*p < '0' || *p > '9'))
            *p = '_';
    }
    return id ? id : "";
}

static bool read_service(struct reader *r, const char *key, const json_t *v, void *out)
{
    struct desk_service *s = out;
    (void)key;
    *s = (struct desk_service){.id = text_of(r, v, "id"),
                               .name = name_of(r, v, "name"),
                               .also = strings_of(r, v, "also"),
                               .minutes = number(v, "minutes", 1, DAY_MINUTES, 0),
                               .gap_minutes = number(v, "gap_minutes", 0, 480, -1),
                               .price = text_of(r, v, "price")};
    if (!*s->id)
        s->id = id_from(r, s->name);
    return *s->name;
}

static bool read_intent(struct reader *r, const char *key, const json_t *v, void *out)
{
    struct desk_intent *i = out;
    (void)key;
    *i = (struct desk_intent){text_of(r, v, "intent"), strings_of(r, v, "keywords")};
    return *i->name;
}

static bool read_script(struct reader *r, const char *key, const json_t *v, void *out)
{
    struct desk_script_row *s = out;
    *s = (struct desk_script_row){keep_text(r, key), keep(r, v)};
    return *s->when && *s->script;
}

/* A phrase alone is the gravest: an owner who writes no severity means it. */
static bool read_phrase(struct reader *r, const char *key, const json_t *v, void *out)
{
    struct desk_emergency_row *e = out;
    (void)key;
    e->phrase = name_of(r, v, "say");
    e->severity = desk_severity_of(json_string_value(json_object_get(v, "severity")));
    if (e->severity == DESK_SEVERITY__MAX)
        e->severity = DESK_P1;
    return *e->phrase;
}

static bool read_vendor(struct reader *r, const char *key, const json_t *v, void *out)
{
    struct desk_vendor *d = out;
    (void)key;
    *d = (struct desk_vendor){name_of(r, v, "name"), strings_of(r, v, "also"), phone_of(r, v)};
    return *d->name;
}

static bool read_sms(struct reader *r, const char *key, const json_t *v, void *out)
{
    struct desk_sms_row *s = out;
    *s = (struct desk_sms_row){keep_text(r, key), keep(r, v)};
    return *s->name && *s->text;
}

static bool read_away(struct reader *r, const char *key, const json_t *v, void *out)
{
    struct desk_away *w = out;
    const json_t *to = json_object_get(v, "to");
    (void)key;
    w->who = text_of(r, v, "person");
    w->label = text_of(r, v, "label");
    if (!*w->who || !desk_day_parse(json_string_value(json_object_get(v, "from")), &w->first))
        return false;
    w->last = w->first;
    return !to || desk_day_parse(json_string_value(to), &w->last);
}

/* ---- the parts of a profile ------------------------------------------------------------------ */

static void read_texts(struct reader *r, struct desk_business *b, json_t *p)
{
    const json_t *voice = json_object_get(p, "voice"), *greeting = json_object_get(p, "greeting");
    const char *order = json_string_value(json_object_get(p, "date_order"));
    const struct {
        const char **to;
        const json_t *from;
        const char *otherwise;
    } rows[] = {
        {&b->hours_spoken, json_object_get(p, "hours_spoken"), ""},
        {&b->address, json_object_get(p, "address"), ""},
        {&b->country, json_object_get(p, "country"), "US"},
        {&b->language, json_object_get(p, "language"), "en"},
        {&b->voice, json_object_get(voice, "model"), ""},
        {&b->phone_voice, json_object_get(voice, "phone"), ""},
        {&b->greeting.open, json_object_get(greeting, "open"), json_string_value(greeting)},
        {&b->greeting.closed, json_object_get(greeting, "closed"), ""},
        {&b->greeting.known, json_object_get(greeting, "known"), ""},
        {&b->consent, json_object_get(p, "consent"), ""},
        {&b->phi_notice, json_object_get(p, "phi_notice"), ""},
        {&b->notes, json_object_get(p, "notes"), ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *s = json_string_value(rows[i].from);
        *rows[i].to = keep_text(r, s && *s ? s : rows[i].otherwise);
    }
    b->day_first = order && strcmp(order, "day-month") == 0;
    b->phi = flag(p, "phi", false);
    b->kind =
        word(json_object_get(p, "kind"), kinds, DESK_BUSINESS_KIND__MAX, DESK_BUSINESS_KIND__MAX);
    for (unsigned i = 0; b->kind == DESK_BUSINESS_KIND__MAX && i < DESK_BUSINESS_KIND__MAX; i++)
        if (strcmp(b->slug, kinds[i]) == 0)
            b->kind = i;
    if (b->kind == DESK_BUSINESS_KIND__MAX)
        b->kind = DESK_BUSINESS_OTHER;
}

/* The owner first; who is named a second time (the owner among "people", say) is left out. */
static void read_people(struct reader *r, struct desk_business *b, json_t *p,
                        const struct desk_business_parts *parts)
{
    json_t *owner = json_object_get(p, "owner"), *list = json_object_get(p, "staff");
    size_t n = 0, kept = 1;
    const struct desk_person *staff =
        items(r, list ? list : json_object_get(p, "people"), sizeof *staff, read_person, &n);
    struct desk_person *all = desk_arena_alloc(r->a, (n + 1) * sizeof *all);
    static const struct desk_person nobody = {.name = "", .role = "", .owner = true};
    b->owner = b->people = all ? all : &nobody;
    b->n_people = 1;
    b->pin = text_of(r, owner, "pin");
    b->telegram = text_of(r, owner, "telegram");
    r->failed = r->failed || !all;
    if (!all)
        return;
    all[0] = (struct desk_person){.name = keep_text(r, parts->owner_name),
                                  .also = strings_of(r, owner, "also"),
                                  .phone = phone(r, parts->owner_phone),
                                  .role = "owner",
                                  .services = strings_of(r, owner, "services"),
                                  .owner = true};
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < kept && strcasecmp(all[k].name, staff[i].name) != 0)
            k++;
        if (k == kept)
            all[kept++] = staff[i];
    }
    b->n_people = kept;
}

static void read_rota(struct reader *r, struct desk_business *b, json_t *p)
{
    ITEMS(r, p, "on_call", b->on_call, b->n_on_call, read_on_call);
    ITEMS(r, p, "ring_groups", b->groups, b->n_groups, read_group);
    ITEMS(r, json_object_get(p, "hours"), "exceptions", b->away, b->n_away, read_away);
}

static void read_answer(struct reader *r, struct desk_business *b, json_t *p)
{
    const json_t *a = json_object_get(p, "answering"), *t = json_object_get(p, "transfer");
    b->answer.mode = word(json_object_get(a, "mode"), modes, DESK_ANSWER__MAX, DESK_ANSWER_UNSAID);
    b->answer.closed =
        word(json_object_get(a, "closed"), modes, DESK_ANSWER__MAX, DESK_ANSWER_UNSAID);
    b->answer.then = word(json_object_get(a, "then"), modes, DESK_ANSWER__MAX, DESK_ANSWER_UNSAID);
    b->answer.ring = text_of(r, a, "ring");
    if (!*b->answer.ring)
        b->answer.ring = "owner";
    b->transfer.seconds = number(t, "seconds", 5, 60, RING_SECONDS);
    b->answer.ring_seconds = number(a, "ring_seconds", 5, 60, b->transfer.seconds);
    b->transfer.whisper = flag(t, "whisper", true);
    b->transfer.countries = strings_of(r, t, "countries");
    if (!b->transfer.countries.n) {
        const char **own = desk_arena_alloc(r->a, sizeof *own);
        r->failed = r->failed || !own;
        if (own) {
            own[0] = b->country;
            b->transfer.countries = (struct desk_strings){own, 1};
        }
    }
}

static bool has_text(const json_t *list, const char *text)
{
    size_t i;
    json_t *v;
    json_array_foreach(list, i, v)
    {
        const char *s = json_string_value(v);
        if (s && strcmp(s, text) == 0)
            return true;
    }
    return false;
}

/* A day alone, or an object with from, to and label. */
static bool read_blackout(struct reader *r, const char *key, const json_t *v, void *out)
{
    struct desk_blackout *d = out;
    const json_t *to = json_object_get(v, "to");
    const json_t *from = json_is_string(v) ? v : json_object_get(v, "from");
    (void)key;
    d->label = text_of(r, v, "label");
    if (!desk_day_parse(json_string_value(from), &d->first))
        return false;
    d->last = d->first;
    return !to || desk_day_parse(json_string_value(to), &d->last);
}

static void read_wants(struct reader *r, struct desk_business *b, json_t *p)
{
    json_t *booking = json_object_get(p, "booking");
    const json_t *intake = json_object_get(p, "intake");
    ITEMS(r, p, "intents", b->intents, b->n_intents, read_intent);
    ITEMS(r, p, "scripts", b->scripts, b->n_scripts, read_script);
    ITEMS(r, p, "services", b->services, b->n_services, read_service);
    ITEMS(r, p, "vendors", b->vendors, b->n_vendors, read_vendor);
    ITEMS(r, p, "sms", b->sms, b->n_sms, read_sms);
    b->booking.at_once = number(booking, "at_once", 1, 50, 1);
    b->booking.gap_minutes = number(booking, "gap_minutes", 0, 480, 0);
    b->booking.lead_minutes = number(booking, "lead_minutes", 0, 20160, 0);
    b->booking.days_ahead = number(booking, "days_ahead", 1, 366, 365);
    b->intake.address = has_text(intake, "address");
    b->intake.problem = has_text(intake, "problem");
    b->booking.step_minutes = number(booking, "step_minutes", 5, 240, 30);
    ITEMS(r, booking, "blackout", b->booking.blackouts, b->booking.n_blackouts, read_blackout);
}

static const char *const owner_alone[] = {"owner"};
static const struct desk_strings the_owner = {owner_alone, 1};

/* Where a business says nothing of it: a minor defect can wait until texts are read. */
static const unsigned told_by[DESK_SEVERITY__MAX] = {
    [DESK_SEVERITY_NONE] = DESK_BY_ALL,
    [DESK_P3] = DESK_BY_TEXT,
    [DESK_P2] = DESK_BY_ALL,
    [DESK_P1] = DESK_BY_ALL,
};

/* A list of ways, or one alone; none that is known: as where nothing is said. */
static unsigned ways_of(const json_t *v, unsigned otherwise)
{
    unsigned bits = 0, w = word(v, ways, N_WAYS, N_WAYS);
    bits |= w < N_WAYS ? 1u << w : 0;
    for (size_t i = 0; i < json_array_size(v); i++) {
        w = word(json_array_get(v, i), ways, N_WAYS, N_WAYS);
        bits |= w < N_WAYS ? 1u << w : 0;
    }
    return bits ? bits : otherwise;
}

static void read_alarms(struct reader *r, struct desk_business *b, json_t *p)
{
    json_t *e = json_object_get(p, "emergency"), *esc = json_object_get(p, "escalation");
    const json_t *tell = json_object_get(e, "tell"), *list = json_object_get(esc, "triggers");
    const json_t *by = json_object_get(e, "by");
    if (e)
        ITEMS(r, e, "phrases", b->emergency.phrases, b->emergency.n_phrases, read_phrase);
    else
        ITEMS(r, p, "emergencies", b->emergency.phrases, b->emergency.n_phrases, read_phrase);
    b->emergency.judge = flag(e, "judge", true);
    b->emergency.ring = flag(e, "ring", false);
    for (enum desk_severity s = DESK_P3; s < DESK_SEVERITY__MAX; s++) {
        const json_t *who = json_object_get(tell, desk_severity_name(s));
        const json_t *how = json_object_get(by, desk_severity_name(s));
        b->emergency.tell[s] = who                              ? strings(r, who)
                               : desk_severity_alerts(s) || how ? the_owner
                                                                : (struct desk_strings){NULL, 0};
        b->emergency.by[s] = ways_of(how, told_by[s]);
    }
    b->escalation.on = esc != NULL;
    b->escalation.budget_cents = cents(esc, "budget_limit");
    b->escalation.triggers = esc && !list ? (1u << N_TRIGGERS) - 1 : 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        unsigned t = word(json_array_get(list, i), triggers, N_TRIGGERS, N_TRIGGERS);
        b->escalation.triggers |= t < N_TRIGGERS ? 1u << t : 0;
    }
    b->escalation.tell = json_object_get(esc, "tell") ? strings_of(r, esc, "tell") : the_owner;
    b->escalation.by = ways_of(json_object_get(esc, "by"), DESK_BY_ALL);
}

static void read_limits(struct reader *r, struct desk_business *b, json_t *p)
{
    const json_t *vip = json_object_get(p, "vip"), *cap = json_object_get(p, "spend_cap");
    b->screening = flag(p, "screening", false);
    b->vip.ring_open = flag(vip, "ring_open", false);
    b->vip.ring_closed = flag(vip, "ring_closed", false);
    b->all_tools = !json_is_array(json_object_get(p, "tools"));
    b->tools = strings_of(r, p, "tools");
    b->spend.month_cents = cents(cap, "month");
    b->spend.call_cents = cents(cap, "call");
}

#define DIGEST_AT (18 * 60)
#define MONDAY    1

static void read_digest(struct desk_business *b, json_t *p)
{
    const json_t *d = json_object_get(p, "digest"), *by = json_object_get(d, "by");
    int at = desk_clock_parse(json_string_value(json_object_get(d, "at")));
    int weekday = desk_weekday_parse(json_string_value(json_object_get(d, "weekday")));
    b->digest.daily = flag(d, "daily", false);
    b->digest.weekly = flag(d, "weekly", false);
    b->digest.at = at >= 0 && at < 24 * 60 ? at : DIGEST_AT;
    b->digest.weekday = weekday >= 0 ? weekday : MONDAY;
    b->digest.sms = has_text(by, "sms");
    b->digest.telegram = has_text(by, "telegram");
}

static void read_after(struct desk_business *b, json_t *p)
{
    const json_t *d = json_object_get(p, "after_call"), *by = json_object_get(d, "by");
    const char *tell = json_string_value(json_object_get(d, "tell"));
    b->after.tell = !tell                         ? DESK_AFTER_NONE
                    : strcmp(tell, "every") == 0  ? DESK_AFTER_EVERY
                    : strcmp(tell, "needed") == 0 ? DESK_AFTER_NEEDED
                                                  : DESK_AFTER_NONE;
    b->after.sms = has_text(by, "sms");
    b->after.telegram = has_text(by, "telegram");
    const char *leads = json_string_value(json_object_get(d, "leads"));
    b->after.leads_off = leads && strcmp(leads, "off") == 0;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static json_t *load(const char *text)
{
    json_t *v = json_loads(text && *text ? text : "{}", 0, NULL);
    if (json_is_object(v))
        return v;
    json_decref(v);
    return json_object();
}

/* All four texts laid over each other, and the location's hours. */
static json_t *compose(const struct desk_business_parts *parts)
{
    const char *const layers[] = {parts->people, parts->overlay, parts->overlay_people};
    json_t *p = load(parts->profile);
    bool ok = p != NULL;
    for (size_t i = 0; ok && i < sizeof layers / sizeof *layers; i++) {
        if (!layers[i] || !*layers[i])
            continue;
        json_t *patch = load(layers[i]);
        ok = patch && desk_business_apply(p, patch);
        json_decref(patch);
    }
    if (ok && json_object_set_new(p, "hours", load(parts->hours)) == 0)
        return p;
    json_decref(p);
    return NULL;
}

static const struct desk_hours *read_hours(struct reader *r, const char *text)
{
    static const struct desk_hours always;
    struct desk_hours *h = desk_arena_alloc(r->a, sizeof *h);
    r->failed = r->failed || !h;
    if (!h)
        return &always;
    enum desk_rc rc = desk_hours_parse(h, text, NULL, 0);
    (void)rc; /* h holds what can be read of it */
    return h;
}

enum desk_rc desk_business_compose(struct desk_business *b, struct desk_arena *a,
                                   const struct desk_business_parts *parts)
{
    struct reader r = {a, false};
    memset(b, 0, sizeof *b);
    json_t *p = compose(parts);
    if (!p)
        return DESK_ENOMEM;
    b->slug = keep_text(&r, parts->slug);
    b->name =
        text_of(&r, p, "name"); /* only an overlay has one: a branch that is called otherwise */
    if (!*b->name)
        b->name = keep_text(&r, parts->name);
    b->branch = keep_text(&r, parts->branch);
    b->zone_name = keep_text(&r, parts->zone);
    b->zone = parts->tz;
    b->hours = read_hours(&r, parts->hours);
    read_texts(&r, b, p);
    read_people(&r, b, p, parts);
    read_rota(&r, b, p);
    read_answer(&r, b, p);
    read_wants(&r, b, p);
    read_alarms(&r, b, p);
    read_limits(&r, b, p);
    read_digest(b, p);
    read_after(b, p);
    b->remind_by = text_of(&r, json_object_get(p, "reminders"), "by");
    json_decref(p);
    return r.failed ? DESK_ENOMEM : DESK_OK;
}
