/* Whose appointment is meant: decided by the number that calls, and by a second fact that the
 * caller must know. What does not fit is told the same way whatever the reason: nobody learns from
 * it what is stored. */
#include "talk/tool_set.h"
#include "core/dates_fields.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *desk_tool_visit_phrase(struct desk_tool_visit *v, const struct desk_appointment *row)
{
    char when[160];
    desk_calendar_say(&v->place, row->start_at, when, sizeof when);
    return desk_arena_fmt(v->ctx->arena, "%s on %s%s%s", row->service_name, when,
                          row->resource_name ? " with " : "",
                          row->resource_name ? row->resource_name : "");
}

struct claim { /* what the caller said of it */
    const char *name;
    const struct desk_service *service;
    bool service_said;
    int32_t date; /* INT32_MIN: none was said */
    bool date_said;
};

static bool is_letter(char c)
{
    return ((unsigned char)c | 32) >= 'a' ? ((unsigned char)c | 32) <= 'z' || (unsigned char)c > 127
                                          : false;
}

/* The next word at *p of at least two letters; NULL = no more. */
static const char *next_word(const char **p, size_t *n)
{
    for (const char *s = *p; *s;) {
        while (*s && !is_letter(*s))
            s++;
        const char *from = s;
        while (is_letter(*s) || (*s == '\'' && is_letter(s[1])))
            s++;
        *p = s;
        *n = (size_t)(s - from);
        if (*n >= 2)
            return from;
    }
    return NULL;
}

/* Titles are nobody's name. */
static bool is_title(const char *word, size_t n)
{
    static const char *const titles[] = {"mr", "mrs", "ms", "miss", "dr", "doctor", "the", "and"};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (strlen(titles[i]) == n && strncasecmp(titles[i], word, n) == 0)
            return true;
    return false;
}

static bool has_word(const char *text, const char *word, size_t len)
{
    size_t n;
    const char *w;
    while ((w = next_word(&text, &n)))
        if (n == len && strncasecmp(w, word, n) == 0)
            return true;
    return false;
}

/* "Dana", "Ms. Reed" and "Dana Reid" are Dana Reed; "Mr. Smith" is not. */
static bool same_name(const char *said, const char *stored)
{
    size_t n;
    const char *w;
    while (stored && (w = next_word(&said, &n)))
        if (!is_title(w, n) && has_word(stored, w, n))
            return true;
    return false;
}

static bool fits(const struct claim *c, const struct desk_tool_visit *v,
                 const struct desk_appointment *row)
{
    if (c->name && !same_name(c->name, row->name))
        return false;
    if (c->service_said && (!c->service || strcmp(c->service->id, row->service) != 0))
        return false;
    return !c->date_said || desk_hours_date(v->business.zone, row->start_at) == c->date;
}

static enum desk_rc read_claim(struct desk_tool_visit *v, const json_t *args, struct claim *c,
                               json_t **result)
{
    struct desk_when when;
    struct desk_resolved r;
    char error[300];
    const char *service = desk_tool_text(args, "service"), *ref = desk_tool_text(args, "date_ref");
    *c = (struct claim){.name = desk_tool_text(args, "name"),
                        .service = desk_tool_visit_service(&v->business, service),
                        .service_said = service != NULL,
                        .date = INT32_MIN,
                        .date_said = ref != NULL};
    if (!c->name && !service && !ref)
        return desk_tool_refuse(result,
                                "Say which appointment: ask the caller for the name it is under, "
                                "the service, or the day, and give what they said.",
                                "Which name is the appointment under?");
    if (!ref)
        return DESK_OK;
    char *text = json_dumps(args, JSON_COMPACT);
    enum desk_rc rc = text ? desk_when_from_fields(&when, text, error, sizeof error) : DESK_ENOMEM;
    free(text);
    if (rc == DESK_EINVAL)
        return desk_tool_refuse(result, error, "Which day is it on?");
    const struct desk_when_place at = {.hours = v->business.hours,
                                       .tz = v->business.zone,
                                       .now = v->place.now,
                                       .day_first = v->business.day_first};
    if (!rc)
        desk_when_resolve(&when, &at, &r);
    if (rc)
        return rc;
    c->date = r.first;
    if (r.kind == DESK_WHEN_ASK && r.first == INT32_MIN)
        return desk_tool_refuse(result,
                                "It is not clear which day is meant. Ask the question in say, then "
                                "call this again with what they answer.",
                                r.say);
    return DESK_OK;
}

static enum desk_rc none_fits(json_t **result)
{
    return desk_tool_refuse(result,
                            "We find no appointment for this caller's number that fits what they "
                            "said. Ask for another fact (the name it is under, the service, the "
                            "day); if that does not help, offer a callback. Do not guess.",
                            "I cannot find that appointment. What name is it under, and which day "
                            "is it on?");
}

static json_t *which_json(struct desk_tool_visit *v, const struct desk_appointment *row)
{
    char at[20];
    return json_pack("{s:s, s:s}", "when", desk_tool_visit_phrase(v, row), "at",
                     desk_tool_visit_at(v, row->start_at, at));
}

static enum desk_rc several_fit(struct desk_tool_visit *v,
                                const struct desk_appointment *const *row, size_t n,
                                json_t **result)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < n; i++)
        if (json_array_append_new(list, which_json(v, row[i]))) {
            json_decref(list);
            list = NULL;
        }
    *result = list ? json_pack("{s:b, s:s, s:o, s:s}", "ok", 0, "error",
                               "Several of their appointments fit. Ask which one, by its day or "
                               "service, and call this again with that.",
                               "which", list, "say", "You have more than one. Which of them is it?")
                   : NULL;
    return *result ? DESK_EINVAL : DESK_ENOMEM;
}

static bool stands(const struct desk_appointment *row)
{
    return strcmp(row->status, DESK_APPT_BOOKED) == 0 || strcmp(row->status, DESK_APPT_MOVED) == 0;
}

/* Done already, in this very call: cancelled, or brought to where it is to be moved. */
static bool done_before(const struct desk_tool_visit *v, const struct claim *c, int64_t moved_to,
                        const struct desk_appointment *row)
{
    if (row->updated_at < v->ctx->call->started_at)
        return false;
    if (moved_to)
        return stands(row) && row->start_at == moved_to;
    return strcmp(row->status, DESK_APPT_CANCELLED) == 0 && fits(c, v, row);
}

static enum desk_rc pick(struct desk_tool_visit *v, const struct claim *c, int64_t moved_to,
                         struct desk_tool_whose *out, json_t **result)
{
    struct desk_appointment *rows;
    const struct desk_appointment *fit[DESK_CALENDAR_BUT];
    size_t n, n_fit = 0;
    enum desk_rc rc = desk_tool_visits_of_caller(v, true, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        if (done_before(v, c, moved_to, &rows[i]))
            out->done = &rows[i];
        else if (stands(&rows[i]) && fits(c, v, &rows[i]) && n_fit < DESK_CALENDAR_BUT)
            fit[n_fit++] = &rows[i];
    }
    if (rc || (!n_fit && out->done))
        return rc;
    out->done = NULL;
    if (n_fit != 1)
        return n_fit ? several_fit(v, fit, n_fit, result) : none_fits(result);
    out->one = fit[0];
    return DESK_OK;
}

enum desk_rc desk_tool_visit_whose(struct desk_tool_visit *v, const json_t *args, int64_t moved_to,
                                   struct desk_tool_whose *out, json_t **result)
{
    struct claim c;
    *out = (struct desk_tool_whose){NULL, NULL};
    if (desk_tool_withheld(v->ctx->call))
        return desk_tool_refuse(result,
                                "The caller's number is withheld, so we cannot tell whose "
                                "appointment it is, and change none. Offer a callback, or ask them "
                                "to call again with their number shown.",
                                "I cannot see your number, so I may not change appointments. "
                                "Somebody can call you back about it.");
    enum desk_rc rc = read_claim(v, args, &c, result);
    return rc ? rc : pick(v, &c, moved_to, out, result);
}

/* ---- telling of it --------------------------------------------------------------------------- */

enum desk_rc desk_tool_find_appointment(struct desk_tool_ctx *ctx, const json_t *args,
                                        json_t **result)
{
    static const char tool[] = "find_appointment";
    char when[160], at[20];
    struct desk_tool_visit *v = desk_arena_alloc(ctx->arena, sizeof *v);
    struct desk_tool_whose which;
    enum desk_rc rc = v ? desk_tool_visit_begin(v, ctx, tool, result) : DESK_ENOMEM;
    if (!rc)
        rc = desk_tool_visit_whose(v, args, 0, &which, result);
    if (!rc && !which.one)
        rc = none_fits(result); /* it was cancelled in this call */
    if (rc || !which.one)
        return rc;
    const char *what = desk_tool_visit_phrase(v, which.one);
    const char *say = what ? desk_arena_fmt(ctx->arena, "You have %s.", what) : NULL;
    const char *line = what ? desk_arena_fmt(ctx->arena, "Told them of their %s", what) : NULL;
    rc = line ? desk_tool_note(ctx, tool, line) : DESK_ENOMEM;
    if (rc)
        return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
    *result = say ? json_pack("{s:b, s:s, s:s, s:s, s:s}", "ok", 1, "service",
                              which.one->service_name, "when",
                              desk_calendar_say(&v->place, which.one->start_at, when, sizeof when),
                              "at", desk_tool_visit_at(v, which.one->start_at, at), "say", say)
                  : NULL;
    return *result ? DESK_OK : DESK_ENOMEM;
}
