#include "talk/prompt.h"
#include "talk/template.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/tz.h"
#include "core/hours.h"
#include "core/phone.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Everything the templates and the facts are made of, read once. */
struct facts {
    json_t *profile;
    const char *business, *owner, *greeting, *caller_name;
    char caller_number[DESK_PHONE_LEN];
    char now[96];
    bool can_transfer, open_now;
};

static const char *text_of(const json_t *profile, const char *name)
{
    const char *s = json_string_value(json_object_get(profile, name));
    return s && *s ? s : NULL;
}

static bool e164(const char *phone)
{
    char out[DESK_PHONE_LEN];
    return phone && phone[0] == '+' && desk_phone_parse(phone, NULL, out) == DESK_PHONE_OK;
}

static void facts_read(struct facts *f, const struct desk_prompt_input *in)
{
    const struct desk_tz *tz = desk_tz_load(in->location->zone);
    int64_t now = desk_now_ms();
    char date[48], time[24];
    memset(f, 0, sizeof *f);
    f->profile = json_loads(in->tenant->profile ? in->tenant->profile : "{}", 0, NULL);
    f->business = in->tenant->name;
    f->owner =
        in->location->owner_name && *in->location->owner_name ? in->location->owner_name : NULL;
    f->greeting = text_of(f->profile, "greeting");
    f->can_transfer = e164(in->location->owner_phone);
    f->open_now = desk_hours_open(in->location->hours, tz, now);
    if (in->call->from_number && !desk_phone_is_withheld(in->call->from_number)) {
        snprintf(f->caller_number, sizeof f->caller_number, "%s", in->call->from_number);
        f->caller_name = in->contact && in->contact->name ? in->contact->name : NULL;
    }
    snprintf(f->now, sizeof f->now, "%s, %s", desk_when_date_long(date, sizeof date, tz, now),
             desk_when_time(time, sizeof time, tz, now, false));
}

static void facts_clear(struct facts *f)
{
    json_decref(f->profile);
    f->profile = NULL;
}

static json_t *list_of(const json_t *profile, const char *name)
{
    json_t *list = json_object_get(profile, name);
    return json_is_array(list) ? json_incref(list) : json_array();
}

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

/* In the order of core/dialog.h; keys it does not know are for a model. */
static json_t *facts_json(const struct facts *f, const struct desk_prompt_input *in)
{
    char spoken[128] = "";
    if (f->caller_number[0])
        desk_phone_spoken(spoken, sizeof spoken, f->caller_number);
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:{s:s, s:s, s:s}, s:b, s:b, s:s, s:s}", "business",
        or_empty(f->business), "greeting", or_empty(f->greeting), "owner", or_empty(f->owner),
        "hours", or_empty(text_of(f->profile, "hours_spoken")), "services",
        list_of(f->profile, "services"), "people", list_of(f->profile, "people"), "emergencies",
        list_of(f->profile, "emergencies"), "caller", "number", f->caller_number, "name",
        or_empty(f->caller_name), "number_spoken", spoken, "can_transfer", f->can_transfer,
        "open_now", f->open_now, "now", f->now, "zone", or_empty(in->location->zone));
}

static enum desk_rc facts_text(struct desk_arena *a, const struct facts *f,
                               const struct desk_prompt_input *in, const char **json)
{
    json_t *v = facts_json(f, in);
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
    facts_read(&f, in);
    enum desk_rc rc = facts_text(a, &f, in, json);
    facts_clear(&f);
    return rc;
}

/* "burst pipe, flooding, gas leak" */
static void join(const json_t *list, struct desk_buf *out)
{
    size_t i;
    json_t *v;
    json_array_foreach(list, i, v)
    {
        if (json_string_length(v))
            desk_buf_fmt(out, "%s%s", out->len ? ", " : "", json_string_value(v));
    }
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
    set_line(v, "Business", f->business);
    set_line(v, "Owner", f->owner ? f->owner : "the owner");
    set_line(v, "Now", f->now);
    set_line(v, "Zone", in->location->zone);
    set_line(v, "Notes", text_of(f->profile, "notes"));
    set_line(v, "HoursSpoken", text_of(f->profile, "hours_spoken"));
    desk_view_int(v, "OpenNow", f->open_now);
    desk_view_int(v, "CanTransfer", f->can_transfer);
    set_line(v, "CallerName", f->caller_name);
    if (f->caller_number[0])
        set_line(v, "CallerSpoken", desk_phone_spoken(spoken, sizeof spoken, f->caller_number));
    join(json_object_get(f->profile, "emergencies"), &text);
    set_line(v, "Emergencies", text.len ? desk_buf_cstr(&text) : NULL);
    desk_buf_reset(&text);
    desk_hours_text(in->location->hours, &text);
    set_line(v, "HoursTable", text.len ? desk_buf_cstr(&text) : NULL);
    desk_view_set(v, "Facts", json);
    desk_buf_clear(&text);
}

enum desk_rc desk_prompt_instructions(struct desk_arena *a, const struct desk_prompt_input *in,
                                      const char **text)
{
    struct facts f;
    struct desk_buf out;
    const char *json;
    *text = NULL;
    desk_buf_init(&out, DESK_MAX_PROMPT);
    facts_read(&f, in);
    struct desk_view *v = desk_view_new();
    enum desk_rc rc = v ? facts_text(a, &f, in, &json) : DESK_ENOMEM;
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
out:
    desk_view_free(v);
    desk_buf_clear(&out);
    facts_clear(&f);
    return rc;
}

enum desk_rc desk_prompt_greeting(struct desk_arena *a, const struct desk_prompt_input *in,
                                  const char **text)
{
    struct facts f;
    facts_read(&f, in);
    const char *first = f.greeting ? desk_arena_strdup(a, f.greeting)
                                   : desk_arena_fmt(a,
                                                    "Thanks for calling %s. This is the "
                                                    "automated front desk.",
                                                    f.business);
    *text = first ? desk_arena_fmt(a, "%s%s How can I help you?", first,
                                   f.open_now ? "" : " We are closed now.")
                  : NULL;
    if (first && strchr(first, '?')) /* the owner's greeting asks already */
        *text = first;
    facts_clear(&f);
    return *text ? DESK_OK : DESK_ENOMEM;
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
