#include "talk/prompt.h"
#include "talk/business.h"
#include "talk/script.h"
#include "talk/template.h"
#include "talk/tools.h"
#include "base/clock.h"
#include "base/limits.h"
#include "core/phone.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Everything the templates and the facts are made of, read once. */
struct facts {
    struct desk_business b;
    const char *owner, *caller_name;
    char caller_number[DESK_PHONE_LEN];
    char now[96], next_open[96]; /* next_open: "" while it is open */
    bool can_transfer, open_now;
};

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
    if (!hours.open && desk_hours_next_open(f->b.hours, f->b.zone, now, &opens))
        snprintf(f->next_open, sizeof f->next_open, "%s, %s",
                 desk_when_date_long(date, sizeof date, f->b.zone, opens),
                 desk_when_time(time, sizeof time, f->b.zone, opens, false));
    if (in->call->from_number && !desk_phone_is_withheld(in->call->from_number)) {
        snprintf(f->caller_number, sizeof f->caller_number, "%s", in->call->from_number);
        f->caller_name = in->contact && in->contact->name ? in->contact->name : NULL;
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
        "{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:{s:s, s:s, s:s}, s:b, s:b, s:s, s:s}",
        "business", f->b.name, "greeting", f->b.greeting.open, "owner", or_empty(f->owner), "hours",
        f->b.hours_spoken, "services", services_of(&f->b), "words", words_of(&f->b), "people",
        people_of(&f->b), "emergencies", emergencies_of(&f->b), "caller", "number",
        f->caller_number, "name", or_empty(f->caller_name), "number_spoken", spoken, "can_transfer",
        f->can_transfer, "open_now", f->open_now, "now", f->now, "zone", f->b.zone_name);
}

static enum desk_rc facts_text(struct desk_arena *a, const struct facts *f, const char **json)
{
    json_t *v = facts_json(f);
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
    return rc ? rc : facts_text(a, &f, json);
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

static void view_fill(struct desk_view *v, const struct facts *f,
                      const struct desk_prompt_input *in, const char *json)
{
    struct desk_buf text;
    char spoken[128];
    desk_buf_init(&text, 8192);
    set_line(v, "Script", desk_script_find(in->call->script)->template);
    set_line(v, "CallerNotes", in->contact && f->caller_name ? in->contact->notes : NULL);
    set_line(v, "NextOpen", f->next_open);
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

enum desk_rc desk_prompt_instructions(struct desk_arena *a, const struct desk_prompt_input *in,
                                      const char **text, char *version)
{
    struct facts f;
    struct desk_buf out;
    const char *json;
    *text = NULL;
    desk_buf_init(&out, DESK_MAX_PROMPT);
    struct desk_view *v = desk_view_new();
    enum desk_rc rc = v ? facts_read(&f, a, in) : DESK_ENOMEM;
    if (!rc)
        rc = facts_text(a, &f, &json);
    if (rc)
        goto out;
    view_fill(v, &f, in, json);
    rc = desk_view_render(v, "prompts/receptionist.cs", DESK_ESCAPE_NONE, &out);
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

enum desk_rc desk_prompt_greeting(struct desk_arena *a, const struct desk_prompt_input *in,
                                  const char **text)
{
    struct facts f;
    enum desk_rc rc = facts_read(&f, a, in);
    *text = rc ? NULL : desk_business_greeting(&f.b, a, f.open_now, f.caller_name);
    return rc || *text ? rc : DESK_ENOMEM;
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
    *in = (struct desk_prompt_input){.tenant = tenant, .location = location, .call = call};
    if (!call->contact_id)
        return DESK_OK;
    rc = desk_contact_get(db, a, call->tenant_id, call->contact_id, contact);
    if (!rc)
        in->contact = contact;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}
