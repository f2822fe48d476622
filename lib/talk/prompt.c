#include "talk/prompt.h"
#include "talk/business.h"
#include "talk/script.h"
#include "talk/tell.h"
#include "talk/tools.h"
#include "talk/template.h"
#include "talk/tools.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/paths.h"
#include "core/phone.h"
#include "core/route.h"
#include "store/alerts.h"
#include "store/settings.h"
#include "store/versions.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Everything the templates and the facts are made of, read once. */
struct facts {
    struct desk_business b;
    const char *owner, *caller_name;
    const struct desk_contact *known; /* who surely calls, or NULL */
    char caller_number[DESK_PHONE_LEN];
    char now[96], next_open[96]; /* next_open: "" while it is open */
    bool can_transfer, open_now;
    bool can_text; /* the caller can be sent the owner's words on how to send an address */
};

/* Of the words of call.caller_kind: who is vouched for by the number. "new" is a first call, or one
 * with a number of somebody important that the carrier doubts. */
bool desk_caller_sure(const struct desk_call *call, const struct desk_contact *contact)
{
    static const bool sure[DESK_WHO__MAX] = {
        [DESK_WHO_KNOWN] = true,  [DESK_WHO_VIP] = true,   [DESK_WHO_EXCEPTION] = true,
        [DESK_WHO_VENDOR] = true, [DESK_WHO_OWNER] = true, [DESK_WHO_STAFF] = true};
    enum desk_caller who;
    if (!contact || !call->from_number || desk_phone_is_withheld(call->from_number))
        return false;
    if (call->caller_kind && desk_caller_parse(call->caller_kind, &who))
        return sure[who];
    struct desk_contact before = *contact; /* without this call */
    before.calls -= before.calls > 0;
    return !desk_contact_known(&before);
}

static enum desk_rc facts_read(struct facts *f, struct desk_arena *a,
                               const struct desk_prompt_input *in)
{
    struct desk_hours_state hours;
    int64_t now = desk_now_ms(), opens;
    char date[48], time[24];
    memset(f, 0, sizeof *f);
    enum desk_rc rc = desk_business_of(a, in->tenant, in->location, &f->b);
    if (rc)
        return rc;
    desk_hours_at(f->b.hours, f->b.zone, now, &hours);
    f->owner = *f->b.owner->name ? f->b.owner->name : NULL;
    f->can_transfer = f->b.owner->phone != NULL;
    f->open_now = hours.open;
    f->can_text = desk_can_text(&f->b, in->call, "address") == NULL;
    if (!hours.open && desk_hours_next_open(f->b.hours, f->b.zone, now, &opens))
        snprintf(f->next_open, sizeof f->next_open, "%s, %s",
                 desk_when_date_long(date, sizeof date, f->b.zone, opens),
                 desk_when_time(time, sizeof time, f->b.zone, opens, false));
    if (in->call->from_number && !desk_phone_is_withheld(in->call->from_number)) {
        snprintf(f->caller_number, sizeof f->caller_number, "%s", in->call->from_number);
        f->known = desk_caller_sure(in->call, in->contact) ? in->contact : NULL;
        f->caller_name = f->known ? f->known->name : NULL;
    }
    snprintf(f->now, sizeof f->now, "%s, %s",
             desk_when_date_long(date, sizeof date, f->b.zone, now),
             desk_when_time(time, sizeof time, f->b.zone, now, false));
    return DESK_OK;
}

/* ---- lists of names, for the facts ----------------------------------------------------------- */

static void add_text(json_t *list, const char *text)
{
    if (*text)
        json_array_append_new(list, json_string(text));
}

static json_t *services_of(const struct desk_business *b)
{
    json_t *list = json_array();
    for (size_t i = 0; i < b->n_services; i++)
        add_text(list, b->services[i].name);
    return list;
}

/* What can be booked, with all words for it: the rules choose by them. */
static json_t *visits_of(const struct desk_business *b)
{
    json_t *list = json_array();
    for (size_t i = 0; i < b->n_services; i++) {
        json_t *also = json_array();
        for (size_t k = 0; k < b->services[i].also.n; k++)
            add_text(also, b->services[i].also.v[k]);
        json_array_append_new(list,
                              json_pack("{s:s, s:o}", "name", b->services[i].name, "also", also));
    }
    return list;
}

/* Phrases, not single words: those would be heard in everything. */
static json_t *words_of(const struct desk_business *b)
{
    json_t *list = json_array();
    for (size_t i = 0; i < b->n_services; i++)
        for (size_t k = 0; k < b->services[i].also.n; k++)
            if (strchr(b->services[i].also.v[k], ' '))
                add_text(list, b->services[i].also.v[k]);
    return list;
}

static json_t *people_of(const struct desk_business *b)
{
    json_t *list = json_array();
    for (size_t i = 0; i < b->n_people; i++)
        add_text(list, b->people[i].name);
    return list;
}

/* Phrases that mean now, or today. */
static json_t *emergencies_of(const struct desk_business *b)
{
    json_t *list = json_array();
    for (size_t i = 0; i < b->emergency.n_phrases; i++)
        if (b->emergency.phrases[i].severity == DESK_P1 ||
            b->emergency.phrases[i].severity == DESK_P2)
            add_text(list, b->emergency.phrases[i].phrase);
    return list;
}

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

/* In the order of core/dialog.h; keys it does not know are for a model. */
static json_t *facts_json(const struct facts *f)
{
    char spoken[128] = "";
    if (f->caller_number[0])
        desk_phone_spoken(spoken, sizeof spoken, f->caller_number);
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:{s:s, s:s, s:s, s:b}, s:b, s:b, s:s, s:s}",
        "business", f->b.name, "greeting", f->b.greeting.open, "owner", or_empty(f->owner), "hours",
        f->b.hours_spoken, "services", services_of(&f->b), "words", words_of(&f->b), "people",
        people_of(&f->b), "emergencies", emergencies_of(&f->b), "caller", "number",
        f->caller_number, "name", or_empty(f->caller_name), "number_spoken", spoken, "has_address",
        f->known && f->known->address && *f->known->address, "can_transfer", f->can_transfer,
        "open_now", f->open_now, "now", f->now, "zone", f->b.zone_name);
}

/* What is asked before a visit, and what is known of this call by now. */
static json_t *add_intake(json_t *v, const struct facts *f, const struct desk_prompt_input *in)
{
    const struct desk_business *b = &f->b;
    json_t *asks = json_array(), *more;
    bool danger = desk_severity_parse(in->call->severity) == DESK_P1; /* else it is no alarm */
    if (b->intake.address)
        json_array_append_new(asks, json_string("address"));
    if (b->intake.problem)
        json_array_append_new(asks, json_string("problem"));
    more = json_pack("{s:o, s:b, s:b, s:b, s:s*, s:s*}", "asks", asks, "zip",
                     (int)(strcmp(b->country, "US") == 0), "can_text", (int)f->can_text, "screens",
                     (int)b->screening, "emergency", danger ? in->emergency : NULL, "action",
                     in->call->action);
    if (v && (!more || json_object_update(v, more))) {
        json_decref(v);
        v = NULL;
    }
    json_decref(more);
    return v;
}

static bool offered(const struct desk_business *b, const char *tool)
{
    return desk_tool_offered(desk_tool_find(tool), b);
}

/* What the rules need to make appointments by the tools, as a model does. */
static json_t *add_visits(json_t *v, const struct facts *f)
{
    char today[40];
    const struct desk_business *b = &f->b;
    bool books = offered(b, "book_appointment") && offered(b, "check_appointment_availability");
    snprintf(today, sizeof today, "%.10s",
             desk_when_iso((char[40]){0}, 40, b->zone, desk_now_ms()));
    json_t *more = json_pack("{s:b, s:b, s:b, s:s, s:s, s:o}", "books", (int)books, "messages",
                             (int)offered(b, "take_message"), "phi", (int)b->phi, "kind",
                             desk_business_kind_name(b->kind), "today", today, "visits",
                             books ? visits_of(b) : json_array());
    if (v && (!more || json_object_update(v, more))) {
        json_decref(v);
        v = NULL;
    }
    json_decref(more);
    return v;
}

static enum desk_rc facts_text(struct desk_arena *a, const struct facts *f,
                               const struct desk_prompt_input *in, const char **json)
{
    json_t *v = add_visits(add_intake(facts_json(f), f, in), f);
    char *text = v ? json_dumps(v, JSON_COMPACT) : NULL;
    *json = text ? desk_arena_strdup(a, text) : NULL;
    free(text);
    json_decref(v);
    return *json ? DESK_OK : DESK_ENOMEM;
}

enum desk_rc desk_prompt_facts(struct desk_arena *a, const struct desk_prompt_input *in,
                               const char **json)
{
    struct facts f;
    enum desk_rc rc = facts_read(&f, a, in);
    return rc ? rc : facts_text(a, &f, in, json);
}

/* "burst pipe, flooding, gas leak" */
static void join(json_t *list, struct desk_buf *out)
{
    size_t i;
    json_t *v;
    json_array_foreach(list, i, v)
        desk_buf_fmt(out, "%s%s", out->len ? ", " : "", json_string_value(v));
    json_decref(list);
}

/* Text of others on one line: no name of a caller may begin a line of its own ("FACTS"). */
static void set_line(struct desk_view *v, const char *name, const char *value)
{
    char *line = value ? strdup(value) : NULL;
    for (char *p = line; p && *p; p++)
        if ((unsigned char)*p < ' ')
            *p = ' ';
    desk_view_set(v, name, line);
    free(line);
}

/* "Lutron lighting, Control4" → "Lutron lighting and Control4" */
static const char *spoken_list(struct desk_arena *a, const char *list)
{
    const char *last = list ? strrchr(list, ',') : NULL;
    return last ? desk_arena_fmt(a, "%.*s and%s", (int)(last - list), list, last + 1) : list;
}

/* What is known of the caller (prompts/known.cs): "this client has Lutron lighting and Control4".
 */
static void known_fill(struct desk_view *v, struct desk_arena *a, const struct desk_contact *c)
{
    if (!c)
        return;
    const struct {
        const char *name, *value;
    } rows[] = {
        {"Known.Standing", c->standing},
        {"Known.Company", c->company},
        {"Known.Systems", spoken_list(a, c->systems)},
        {"Known.Preferred", c->preferred},
        {"Known.Language", c->language},
        {"Known.Notes", c->notes},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].value && *rows[i].value)
            set_line(v, rows[i].name, rows[i].value);
}

/* Tool.NAME for each that the business offers (prompts/tools.cs). */
static void tools_fill(struct desk_view *v, const struct desk_business *b)
{
    for (const struct desk_tool *t = desk_tools; t->name; t++)
        if (desk_tool_offered(t, b))
            desk_view_setf(v, "1", "Tool.%s", t->name);
}

static void view_fill(struct desk_view *v, const struct facts *f,
                      const struct desk_prompt_input *in, const char *json)
{
    struct desk_buf text;
    char spoken[128];
    desk_buf_init(&text, 8192);
    set_line(v, "Script", desk_script_find(in->call->script)->template);
    set_line(v, "NextOpen", f->next_open);
    set_line(v, "EmergencyWhy", in->emergency);
    desk_view_int(v, "EmergencyTold", in->owner_told);
    set_line(v, "Action", in->call->action);
    desk_view_int(v, "AsksAddress", f->b.intake.address);
    desk_view_int(v, "CanText", f->can_text);
    set_line(v, "Business", f->b.name);
    set_line(v, "Owner", f->owner ? f->owner : "the owner");
    set_line(v, "Now", f->now);
    set_line(v, "Zone", f->b.zone_name);
    set_line(v, "Notes", f->b.notes);
    set_line(v, "HoursSpoken", f->b.hours_spoken);
    desk_view_int(v, "OpenNow", f->open_now);
    desk_view_int(v, "CanTransfer", f->can_transfer);
    desk_view_int(v, "CanBook", desk_tool_offered(desk_tool_find("book_appointment"), &f->b));
    desk_view_int(v, "Visits", f->b.kind != DESK_BUSINESS_DENTAL);
    join(services_of(&f->b), &text);
    set_line(v, "Services", text.len ? desk_buf_cstr(&text) : NULL);
    desk_buf_reset(&text);
    set_line(v, "CallerName", f->caller_name);
    if (f->caller_number[0])
        set_line(v, "CallerSpoken", desk_phone_spoken(spoken, sizeof spoken, f->caller_number));
    join(emergencies_of(&f->b), &text);
    set_line(v, "Emergencies", text.len ? desk_buf_cstr(&text) : NULL);
    desk_buf_reset(&text);
    desk_hours_text(in->location->hours, &text);
    set_line(v, "HoursTable", text.len ? desk_buf_cstr(&text) : NULL);
    desk_view_set(v, "Facts", json);
    desk_buf_clear(&text);
}

/* own: the business's words of the script, or NULL; why gets the reason when they are at fault. */
static enum desk_rc render(struct desk_arena *a, const struct desk_prompt_input *in,
                           const char *own, const char **text, char *version, char *why, size_t n)
{
    struct facts f;
    struct desk_buf out;
    const char *json;
    *text = NULL;
    desk_buf_init(&out, DESK_MAX_PROMPT);
    struct desk_view *v = desk_view_new();
    enum desk_rc rc = v ? facts_read(&f, a, in) : DESK_ENOMEM;
    if (!rc)
        rc = facts_text(a, &f, in, &json);
    if (rc)
        goto out;
    view_fill(v, &f, in, json);
    known_fill(v, a, f.known);
    tools_fill(v, &f.b);
    if (own)
        desk_view_text(v, desk_script_find(in->call->script)->template, own);
    rc = desk_view_render(v, "prompts/receptionist.cs", DESK_ESCAPE_NONE, &out);
    if (rc && n)
        snprintf(why, n, "%s", desk_view_why(v));
    if (!rc && !desk_buf_ok(&out))
        rc = DESK_ELIMIT;
    if (!rc)
        *text = desk_arena_strdup(a, desk_buf_cstr(&out));
    if (!rc && !*text)
        rc = DESK_ENOMEM;
    if (version)
        snprintf(version, DESK_TEMPLATE_VERSION, "%s", desk_view_version(v));
out:
    desk_view_free(v);
    desk_buf_clear(&out);
    return rc;
}

enum desk_rc desk_prompt_instructions(struct desk_arena *a, const struct desk_prompt_input *in,
                                      const char **text, char *version)
{
    char why[200] = "";
    enum desk_rc rc = render(a, in, in->own, text, version, why, sizeof why);
    if (!rc || !in->own)
        return rc;
    desk_log(DESK_LOG_ERROR, "prompt.own", "business=%s script=%s why=\"%s\"", in->tenant->slug,
             in->call->script ? in->call->script : "", why);
    return render(a, in, NULL, text, version, NULL, 0); /* the caller is answered all the same */
}

enum desk_rc desk_prompt_try(struct desk_arena *a, const struct desk_prompt_input *in,
                             const char **text, char *version, char *why, size_t n)
{
    *why = '\0';
    enum desk_rc rc = render(a, in, in->own, text, version, why, n);
    if (rc == DESK_ELIMIT)
        snprintf(why, n, "it is too long: with all that is around it at most %d letters",
                 DESK_MAX_PROMPT);
    return *why ? DESK_EINVAL : rc;
}

void desk_prompt_warm(void)
{
    char path[DESK_PATH_LEN], file[300];
    DIR *d = opendir(desk_path_share(path, "templates/prompts"));
    for (const struct dirent *e; d && (e = readdir(d)) != NULL;) {
        size_t n = strlen(e->d_name);
        if (n < 4 || strcmp(e->d_name + n - 3, ".cs") != 0)
            continue;
        snprintf(file, sizeof file, "prompts/%s", e->d_name);
        desk_view_warm(file);
    }
    if (d)
        closedir(d);
}

enum desk_rc desk_prompt_greeting(struct desk_arena *a, const struct desk_prompt_input *in,
                                  const char **text)
{
    struct facts f;
    enum desk_rc rc = facts_read(&f, a, in);
    *text = rc ? NULL
               : desk_business_greeting(&f.b, a, f.open_now, in->nameless ? NULL : f.caller_name);
    return rc || *text ? rc : DESK_ENOMEM;
}

/* The newest alert of a call that is led by the emergency script. */
static enum desk_rc load_emergency(struct desk_db *db, struct desk_arena *a,
                                   struct desk_prompt_input *in)
{
    struct desk_alert *rows;
    const struct desk_call *c = in->call;
    size_t n = 0;
    if (!c->script || strcmp(c->script, DESK_SCRIPT_EMERGENCY) != 0)
        return DESK_OK;
    enum desk_rc rc = desk_alert_by_call(db, a, c->tenant_id, c->id, &rows, &n);
    in->emergency = "an emergency";
    while (!rc && n-- > 0)
        if (strcmp(rows[n].kind, DESK_ALERT_EMERGENCY) == 0) {
            in->emergency = rows[n].because;
            in->owner_told = rows[n].told;
            break;
        }
    return rc;
}

/* Does the business want callers greeted by name? */
static enum desk_rc load_wishes(struct desk_db *db, struct desk_arena *a,
                                struct desk_prompt_input *in)
{
    struct desk_tenant_settings own;
    enum desk_rc rc = desk_tenant_settings_load(db, a, in->call->tenant_id, &own);
    in->nameless = !rc && !desk_tenant_setting_bool(&own, DESK_S_GREET_BY_NAME);
    return rc;
}

/* The script in the business's own words, if it has any of its own that are not taken back. */
static enum desk_rc load_own(struct desk_db *db, struct desk_arena *a, struct desk_prompt_input *in)
{
    struct desk_script_text own;
    enum desk_rc rc = desk_script_text_last(db, a, in->call->tenant_id,
                                            desk_script_find(in->call->script)->name, &own);
    if (!rc && *own.text)
        in->own = own.text;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

enum desk_rc desk_prompt_load(struct desk_db *db, struct desk_arena *a,
                              const struct desk_call *call, struct desk_prompt_input *in)
{
    struct desk_tenant *tenant = desk_arena_alloc(a, sizeof *tenant);
    struct desk_location *location = desk_arena_alloc(a, sizeof *location);
    struct desk_contact *contact = desk_arena_alloc(a, sizeof *contact);
    memset(in, 0, sizeof *in);
    if (!tenant || !location || !contact)
        return DESK_ENOMEM;
    enum desk_rc rc = desk_tenant_get(db, a, call->tenant_id, tenant);
    if (!rc)
        rc = desk_location_get(db, a, call->tenant_id, call->location_id, location);
    if (rc)
        return rc;
    if (desk_call_written(call))
        location->owner_phone = NULL; /* who writes cannot be put through to anybody */
    *in = (struct desk_prompt_input){.tenant = tenant, .location = location, .call = call};
    rc = load_emergency(db, a, in);
    if (!rc)
        rc = load_own(db, a, in);
    if (!rc)
        rc = load_wishes(db, a, in);
    if (rc || !call->contact_id)
        return rc;
    rc = desk_contact_get(db, a, call->tenant_id, call->contact_id, contact);
    if (!rc)
        in->contact = contact;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}
