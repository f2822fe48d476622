/* Tools of the calendar: what they share, and looking for free times. */
#include "talk/tool_set.h"
#include "base/clock.h"
#include "core/dates_fields.h"
#include "talk/business.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define OFFERED  4 /* times at once: more nobody keeps in mind */
#define NEAREST  3
#define PER_DAY  2 /* of each, where several days would do */
#define HOUR_MS  (3600LL * 1000)
#define DAY_MS   (24 * HOUR_MS)
#define MINE_MAX 20

/* ---- what the tools of the calendar share ---------------------------------------------------- */

bool desk_tool_has_services(const struct desk_business *b)
{
    return b->n_services > 0;
}

bool desk_tool_has_consultation(const struct desk_business *b)
{
    return desk_business_service(b, "consultation") != NULL;
}

bool desk_tool_has_service_call(const struct desk_business *b)
{
    return desk_business_service(b, "service_call") || desk_business_service(b, "service call");
}

enum desk_rc desk_tool_visit_begin(struct desk_tool_visit *v, struct desk_tool_ctx *ctx,
                                   const char *tool, json_t **result)
{
    const struct desk_call *call = ctx->call;
    *v = (struct desk_tool_visit){.ctx = ctx};
    enum desk_rc rc =
        desk_business_load(ctx->db, ctx->arena, call->tenant_id, call->location_id, &v->business);
    if (rc)
        return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
    v->place = (struct desk_calendar_place){.db = ctx->db,
                                            .arena = ctx->arena,
                                            .tenant_id = call->tenant_id,
                                            .location_id = call->location_id,
                                            .business = &v->business,
                                            .now = desk_now_ms(),
                                            .on_the_line = true};
    v->calendar = desk_calendar_of(&v->place);
    if (desk_tool_offered(desk_tool_find(tool), &v->business))
        return DESK_OK;
    return desk_tool_refuse(result,
                            "This business does not make appointments this way. Offer a callback "
                            "or a message instead.",
                            "I cannot make appointments myself, but somebody can call you back.");
}

enum desk_rc desk_tool_visit_slot(struct desk_tool_visit *v, const json_t *args,
                                  struct desk_calendar_slot *slot, json_t **result)
{
    switch (desk_slot_id_open(&v->place, desk_tool_text(args, "slot_id"), slot)) {
    case DESK_SLOT_ID_OK:
        return DESK_OK;
    case DESK_SLOT_ID_EXPIRED:
        return desk_tool_refuse(result,
                                "That slot_id was offered over half an hour ago. Call "
                                "check_appointment_availability again and use a new one.",
                                "Let me look once more whether that time is still free.");
    case DESK_SLOT_ID_FALSE:
        break;
    }
    return desk_tool_refuse(result,
                            "That slot_id was never offered. Call check_appointment_availability "
                            "and quote one of its slot_id values unchanged.",
                            "Let me look at the calendar once more.");
}

/* How well a name of a service is meant by what was said: its length when it is in it, or it in
 * the name. */
static size_t meant(const char *name, const char *said)
{
    return strcasestr(said, name) || strcasestr(name, said) ? strlen(name) : 0;
}

const struct desk_service *desk_tool_visit_service(const struct desk_business *b, const char *said)
{
    const struct desk_service *best = desk_business_service(b, said);
    size_t most = 0;
    if (best || !said || strlen(said) < 3)
        return best;
    for (size_t i = 0; i < b->n_services; i++) {
        const struct desk_service *s = &b->services[i];
        size_t score = meant(s->name, said);
        for (size_t k = 0; k < s->also.n; k++) {
            size_t more = meant(s->also.v[k], said);
            score = more > score ? more : score;
        }
        if (score > most) {
            most = score;
            best = s;
        }
    }
    return best;
}

enum desk_rc desk_tool_visits_of_caller(struct desk_tool_visit *v, bool all,
                                        struct desk_appointment **out, size_t *n)
{
    const struct desk_call *call = v->ctx->call;
    *out = NULL;
    *n = 0;
    if (desk_tool_withheld(call))
        return DESK_OK;
    return desk_appointments_of_number(v->ctx->db, v->ctx->arena, call->tenant_id,
                                       call->from_number, v->place.now, all, MINE_MAX, out, n);
}

/* ---- looking for free times ------------------------------------------------------------------ */

struct search {
    struct desk_tool_visit v;
    struct desk_calendar_ask ask;
    struct desk_resolved wanted;
    struct desk_slots found;
    bool nearest; /* not what was wanted, but near it */
};

static enum desk_rc read_service(struct search *s, const json_t *args, json_t **result)
{
    struct desk_buf names;
    const struct desk_business *b = &s->v.business;
    s->ask.service = desk_tool_visit_service(b, desk_tool_text(args, "service"));
    if (s->ask.service)
        return DESK_OK;
    desk_buf_init(&names, 4000);
    desk_buf_str(&names, "\"service\" must be one of:");
    for (size_t i = 0; i < b->n_services; i++)
        desk_buf_fmt(&names, "%s %s", i ? "," : "", b->services[i].name);
    desk_buf_str(&names, ". Ask the caller what they need; if it is none of them, offer a "
                         "callback.");
    enum desk_rc rc = desk_tool_refuse(result, desk_buf_cstr(&names), "What do you need done?");
    desk_buf_clear(&names);
    return rc;
}

static enum desk_rc read_who(struct search *s, const json_t *args, json_t **result)
{
    const char *with = desk_tool_text(args, "with");
    s->ask.resource = desk_calendar_person(&s->v.business, with);
    if (!with || s->ask.resource != DESK_SLOT_ALL)
        return DESK_OK;
    return desk_tool_refuse(result,
                            "Nobody called so has a calendar here. Leave \"with\" out: whoever is "
                            "free will come.",
                            "I cannot book somebody by that name.");
}

/* The appointments a caller may want to move do not stand in the way of their new time. */
static enum desk_rc read_moving(struct search *s, const json_t *args)
{
    struct desk_appointment *mine;
    size_t n;
    if (!json_is_true(json_object_get(args, "moving")))
        return DESK_OK;
    enum desk_rc rc = desk_tool_visits_of_caller(&s->v, false, &mine, &n);
    for (size_t i = 0; !rc && i < n && s->ask.n_but < DESK_CALENDAR_BUT; i++)
        s->ask.but[s->ask.n_but++] = mine[i].id;
    return rc;
}

static struct desk_when_place when_place(const struct search *s)
{
    return (struct desk_when_place){.hours = s->v.business.hours,
                                    .tz = s->v.business.zone,
                                    .now = s->v.place.now,
                                    .day_first = s->v.business.day_first};
}

/* What was said → s->wanted. */
static enum desk_rc read_when(struct search *s, const json_t *args, json_t **result)
{
    struct desk_when when;
    char error[300];
    const struct desk_when_place at = when_place(s);
    char *text = json_dumps(args, JSON_COMPACT);
    if (!text)
        return DESK_ENOMEM;
    enum desk_rc rc = desk_when_from_fields(&when, text, error, sizeof error);
    free(text);
    if (rc == DESK_EINVAL)
        return desk_tool_refuse(result, error, "Which day would suit you?");
    if (rc)
        return rc;
    desk_when_resolve(&when, &at, &s->wanted);
    if (s->wanted.kind == DESK_WHEN_ASK)
        return desk_tool_refuse(result,
                                "It is not clear which day is meant. Ask the question in say, "
                                "then call this again with what they answer.",
                                s->wanted.say);
    if (s->wanted.kind == DESK_WHEN_REJECT && s->wanted.first == INT32_MIN)
        return desk_tool_refuse(result,
                                "There is no such day or time. Tell the caller what say says, and "
                                "ask for another one.",
                                s->wanted.say);
    return DESK_OK;
}

static int64_t local_day(const struct search *s, int32_t date)
{
    int y, m, d;
    desk_civil_from_days(date, &y, &m, &d);
    return desk_tz_day_start(s->v.business.zone, y, m, d);
}

static int64_t away_from(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

/* Keep the NEAREST of them to that moment, in order of time. */
static void keep_nearest(struct desk_slots *f, int64_t at)
{
    while (f->n > NEAREST) {
        size_t drop = 0;
        for (size_t i = 1; i < f->n; i++)
            if (away_from(f->v[i].start, at) >= away_from(f->v[drop].start, at))
                drop = i;
        memmove(&f->v[drop], &f->v[drop + 1], (f->n - drop - 1) * sizeof f->v[0]);
        f->n--;
    }
}

/* On the day that was wanted, nearest to the time; else on the days from then on. */
static enum desk_rc find_near(struct search *s, int64_t at)
{
    const int32_t date = desk_hours_date(s->v.business.zone, at);
    s->nearest = true;
    s->ask.wish = (struct desk_slot_wish){.from = local_day(s, date), .to = local_day(s, date + 1)};
    s->ask.max = DESK_MAX_SLOTS;
    s->ask.per_day = 0;
    s->ask.apart_ms = 0;
    enum desk_rc rc = s->v.calendar->find(&s->v.place, &s->ask, &s->found);
    if (rc || s->found.n) {
        keep_nearest(&s->found, at);
        return rc;
    }
    s->ask.wish = (struct desk_slot_wish){.from = s->ask.wish.to};
    s->ask.max = NEAREST;
    s->ask.per_day = PER_DAY;
    s->ask.apart_ms = HOUR_MS;
    return s->v.calendar->find(&s->v.place, &s->ask, &s->found);
}

static enum desk_rc find(struct search *s, enum desk_slots_why *why, const char **label)
{
    *why = DESK_SLOTS_FREE;
    *label = "";
    if (!desk_slot_wish_of(&s->ask.wish, &s->wanted, s->v.business.zone))
        return find_near(s, local_day(s, s->wanted.first));
    int64_t from = s->ask.wish.from;
    bool days = !s->ask.wish.to || s->ask.wish.to - from > DAY_MS + 2 * HOUR_MS;
    s->ask.max = OFFERED;
    s->ask.per_day = days ? PER_DAY : 0;
    s->ask.apart_ms =
        s->wanted.kind == DESK_WHEN_DATE && !s->wanted.daypart ? 3 * HOUR_MS : HOUR_MS;
    enum desk_rc rc = s->v.calendar->find(&s->v.place, &s->ask, &s->found);
    if (rc || s->found.n)
        return rc;
    *why = s->found.why;
    *label = desk_arena_strdup(s->v.ctx->arena, s->found.label);
    return *label ? find_near(s, from > s->v.place.now ? from : s->v.place.now) : DESK_ENOMEM;
}

const char *desk_tool_visit_at(const struct desk_tool_visit *v, int64_t at, char out[20])
{
    char iso[40];
    snprintf(out, 20, "%.16s", desk_when_iso(iso, sizeof iso, v->business.zone, at));
    return out;
}

/* "Tuesday, November 24th at 2 pm, 3 pm, or Wednesday, …": a day is said once. */
static void say_slots(const struct search *s, struct desk_buf *out)
{
    char when[160], day[160] = "";
    for (size_t i = 0; i < s->found.n; i++) {
        desk_calendar_say(&s->v.place, s->found.v[i].start, when, sizeof when);
        const char *clock = strstr(when, " at ");
        size_t n = clock ? (size_t)(clock - when) : 0;
        bool same = n && strncmp(day, when, n) == 0 && day[n] == '\0';
        desk_buf_fmt(out, "%s%s",
                     i == 0               ? ""
                     : i + 1 < s->found.n ? ", "
                                          : ", or ",
                     same ? clock + 4 : when);
        if (n && n < sizeof day) {
            memcpy(day, when, n);
            day[n] = '\0';
        }
    }
}

static json_t *slots_json(const struct search *s)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < s->found.n; i++) {
        char id[DESK_SLOT_REF_LEN], when[160], at[20], key[DESK_BLIND_LEN];
        const char *who;
        const struct desk_calendar_slot slot = {s->found.v[i], s->ask.service};
        desk_calendar_resource(&s->v.place, slot.slot.resource, key, &who);
        json_t *row =
            json_pack("{s:s, s:s, s:s, s:s*}", "slot_id", desk_slot_id_make(&s->v.place, &slot, id),
                      "when", desk_calendar_say(&s->v.place, slot.slot.start, when, sizeof when),
                      "at", desk_tool_visit_at(&s->v, slot.slot.start, at), "with", who);
        if (!row || json_array_append_new(list, row)) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static bool of_this_call(const struct search *s, const struct desk_appointment *row)
{
    return row->call_id && strcmp(row->call_id, s->v.ctx->call->id) == 0;
}

/* One of theirs for the same, made before this call, on a day that is wanted now: perhaps they have
 * forgotten it. Told only to who is surely that caller, and names both. */
static enum desk_rc have_already(struct search *s, const json_t *args, const char **what)
{
    struct desk_appointment *mine;
    size_t n = 0;
    bool sure = false;
    *what = NULL;
    if (json_is_true(json_object_get(args, "moving")) || s->wanted.first == INT32_MIN)
        return DESK_OK;
    enum desk_rc rc = desk_tool_sure(s->v.ctx, &sure);
    if (!rc && sure)
        rc = desk_tool_visits_of_caller(&s->v, false, &mine, &n);
    for (size_t i = 0; !rc && i < n && !*what; i++) {
        int32_t date = desk_hours_date(s->v.business.zone, mine[i].start_at);
        if (strcmp(mine[i].service, s->ask.service->id) == 0 && date >= s->wanted.first &&
            date <= s->wanted.last && !of_this_call(s, &mine[i])) {
            *what = desk_tool_visit_phrase(&s->v, &mine[i]);
            rc = *what ? DESK_OK : DESK_ENOMEM;
        }
    }
    return rc;
}

static enum desk_rc tell(struct search *s, enum desk_slots_why why, const char *label,
                         const char *already, json_t **result)
{
    struct desk_buf say;
    const struct desk_slots_ask q = {.business = &s->v.business, .service = s->ask.service};
    desk_buf_init(&say, 2000);
    if (s->wanted.kind == DESK_WHEN_REJECT)
        desk_buf_str(&say, s->wanted.say);
    else if (why)
        desk_buf_fmt(&say, "%s%s%s%s", desk_slots_why_text(why), *label ? " (" : "", label,
                     *label ? ")" : "");
    const char *because = say.len ? desk_arena_strdup(s->v.ctx->arena, desk_buf_cstr(&say)) : NULL;
    if (say.len)
        desk_buf_chr(&say, ' ');
    if (s->found.n) {
        desk_buf_str(&say, s->nearest ? "The nearest we have is " : "We have ");
        say_slots(s, &say);
        desk_buf_str(&say, ".");
    } else {
        desk_buf_str(&say, "I can have somebody call you about it.");
    }
    json_t *list = slots_json(s);
    *result = list && desk_buf_ok(&say)
                  ? json_pack("{s:b, s:s, s:I, s:b, s:s*, s:s*, s:b, s:s*, s:o, s:s, s:s}", "ok", 1,
                              "service", s->ask.service->name, "minutes",
                              (json_int_t)(desk_slots_length_ms(&q) / 60000), "as_wanted",
                              s->found.n && !s->nearest, "why",
                              why ? desk_slots_why_name(why) : NULL, "because", because, "rejected",
                              s->wanted.kind == DESK_WHEN_REJECT, "already", already, "slots", list,
                              "note", "Nothing is booked yet.", "say", desk_buf_cstr(&say))
                  : NULL;
    if (!*result && list && !desk_buf_ok(&say))
        json_decref(list);
    desk_buf_clear(&say);
    return *result ? DESK_OK : DESK_ENOMEM;
}

enum desk_rc desk_tool_check_availability(struct desk_tool_ctx *ctx, const json_t *args,
                                          json_t **result)
{
    static const char tool[] = "check_appointment_availability";
    struct search *s = desk_arena_alloc(ctx->arena, sizeof *s);
    enum desk_slots_why why = DESK_SLOTS_FREE;
    const char *label = "", *already = NULL;
    enum desk_rc rc = s ? desk_tool_visit_begin(&s->v, ctx, tool, result) : DESK_ENOMEM;
    if (!rc)
        rc = read_service(s, args, result);
    if (!rc)
        rc = read_who(s, args, result);
    if (!rc)
        rc = read_moving(s, args);
    if (!rc)
        rc = read_when(s, args, result);
    if (rc)
        return rc;
    rc = find(s, &why, &label);
    if (!rc)
        rc = have_already(s, args, &already);
    if (!rc)
        rc = tell(s, why, label, already, result);
    if (!rc) {
        const char *line = desk_arena_fmt(ctx->arena, "Looked for a time for %s: %zu found%s%s",
                                          s->ask.service->name, s->found.n, why ? "; " : "",
                                          why ? desk_slots_why_name(why) : "");
        rc = line ? desk_tool_note(ctx, tool, line) : DESK_ENOMEM;
    }
    return rc;
}
