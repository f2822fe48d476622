/* Above the forms of hours and answering: how a call is answered now and at a time that is asked
 * for; and the closings and notes with a date, which end by themselves. POST /settings/hours/dated
 * adds one, …/dated/drop takes one away, and its undo brings it back. */
#include "cgi-bin/admin/admin.h"
#include "cgi-bin/admin/set.h"
#include "base/clock.h"
#include "core/business_say.h"
#include "core/day_text.h"
#include "core/hours_words.h"
#include "store/settings.h"
#include "talk/business.h"

#include <stdio.h>
#include <string.h>

/* ---- how the desk answers -------------------------------------------------------------------- */

static enum desk_answer_mode mode_of(const char *word)
{
    for (enum desk_answer_mode m = DESK_ANSWER_REALTIME; m < DESK_ANSWER__MAX; m++)
        if (strcmp(desk_answer_mode_name(m), word) == 0)
            return m;
    return DESK_ANSWER_REALTIME;
}

static enum desk_rc say_at(struct desk_request *req, struct desk_view *v,
                           const struct desk_business *b, const char *prefix, int64_t at)
{
    struct desk_tenant_settings own;
    struct desk_business_answer say;
    enum desk_rc rc = desk_tenant_settings_load(req->db, req->arena, req->tenant.id, &own);
    if (!rc)
        rc = desk_business_say(b, req->arena,
                               mode_of(desk_tenant_setting(&own, DESK_S_ANSWER_MODE)), at, &say);
    if (rc)
        return rc;
    const struct {
        const char *name, *value;
    } rows[] = {{"When", say.when},
                {"Open", say.open},
                {"Answer", say.answer},
                {"Words", say.words},
                {"Urgent", say.urgent},
                {"Away", say.away},
                {"IsOpen", say.is_open ? "1" : ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        desk_view_setf(v, rows[i].value, "%s.%s", prefix, rows[i].name);
    return DESK_OK;
}

/* The moment asked for: ?day=2026-11-27&time=10 am. False: none is, or it cannot be read. */
static bool asked(struct desk_request *req, const struct desk_business *b, int64_t *at)
{
    int32_t day;
    const char *date = desk_form_text(&req->query_form, "day"),
               *time = desk_form_text(&req->query_form, "time");
    int minutes = *time ? desk_clock_words(time) : 12 * 60;
    if (!desk_day_parse(date, &day) || minutes < 0)
        return false;
    struct desk_local_time t = {.minute = minutes};
    desk_civil_from_days(day, &t.year, &t.month, &t.day);
    *at = desk_tz_valid(b->zone, &t, false);
    return true;
}

static const char *dated_words(struct desk_arena *a, const struct desk_business_dated *d)
{
    char from[24], to[24];
    int open = desk_clock_parse(d->open_from), close = desk_clock_parse(d->open_to);
    if (d->closed)
        return "closed";
    if (open >= 0 && close >= 0)
        return desk_arena_fmt(a, "open only %s to %s", desk_clock_say(from, sizeof from, open),
                              desk_clock_say(to, sizeof to, close));
    if (d->person)
        return desk_arena_fmt(a, "%s is away", d->person);
    return "a note";
}

static const char *day_words(struct desk_arena *a, const char *text)
{
    int32_t day;
    char out[64];
    if (!desk_day_parse(text, &day))
        return text;
    return desk_arena_strdup(a, desk_when_date(out, sizeof out, NULL, (int64_t)day * 86400000));
}

static enum desk_rc show_dated(struct desk_request *req, struct desk_view *v,
                               const struct desk_business *b)
{
    struct desk_business_dated *d;
    size_t n = 0;
    enum desk_rc rc =
        desk_business_except_list(req->db, req->arena, req->tenant.id, set_branch(req), &d, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        const char *from = day_words(req->arena, d[i].from), *to = day_words(req->arena, d[i].to);
        const struct {
            const char *name, *value;
        } rows[] = {{"From", d[i].from},
                    {"Label", d[i].label},
                    {"What", dated_words(req->arena, &d[i])},
                    {"Days", strcmp(d[i].from, d[i].to) == 0
                                 ? from
                                 : desk_arena_fmt(req->arena, "%s to %s", from, to)}};
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
            desk_view_setf(v, rows[k].value, "Dated.%zu.%s", i, rows[k].name);
    }
    static const char *const fields[] = {"what", "from", "to", "open", "person", "label"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        desk_view_setf(v, desk_param(req, fields[i])->text, "DatedForm.%s", fields[i]);
    desk_view_set(v, "DatedForm", "1");
    if (req->method == DESK_POST && strcmp(req->path, "/settings/hours/dated") == 0)
        desk_view_set(v, "DatedWrong", req->detail);
    for (size_t i = 0; i < b->n_people; i++)
        if (*b->people[i].name)
            desk_view_setf(v, b->people[i].name, "DatedPeople.%zu", i);
    return rc;
}

enum desk_rc set_hours_above(struct desk_request *req, struct desk_view *v,
                             const struct desk_business *b)
{
    int64_t at;
    const char *day = desk_form_text(&req->query_form, "day");
    enum desk_rc rc = say_at(req, v, b, "Say", desk_now_ms());
    desk_view_set(v, "Ask.Day", day);
    desk_view_set(v, "Ask.Time", desk_form_text(&req->query_form, "time"));
    if (!rc && asked(req, b, &at))
        rc = say_at(req, v, b, "Then", at);
    else if (*day)
        desk_view_set(v, "Ask.Wrong", "Give a day, and a time like 10 am.");
    if (!rc && strncmp(req->path, "/settings/hours", 15) == 0)
        rc = show_dated(req, v, b);
    return rc;
}

/* ---- closings and notes ---------------------------------------------------------------------- */

/* What was typed; why: the sentence when it cannot be. */
static bool read_dated(struct desk_request *req, struct desk_business_except *e, const char **why)
{
    static const char *const whats[] = {"closed", "hours", "away", "note"};
    char text[16];
    const char *what = desk_param(req, "what")->text, *spans = desk_param(req, "open")->text;
    const char *label = desk_param(req, "label")->text, *to = desk_param(req, "to")->text;
    int32_t first, last;
    size_t k = 0;
    while (k < 4 && strcmp(what, whats[k]) != 0)
        k++;
    *e = (struct desk_business_except){.from = desk_param(req, "from")->text,
                                       .to = *to ? to : NULL,
                                       .closed = k == 0,
                                       .label = *label ? label : NULL};
    *why = k == 4                                   ? "Say what happens then."
           : !desk_day_parse(e->from, &first)       ? "Give the first day."
           : e->to && !desk_day_parse(e->to, &last) ? "The last day is no day."
           : e->to && last < first                  ? "The last day must not be before the first."
           : k == 3 && !e->label                    ? "Write what is to be known."
                                                    : NULL;
    if (*why)
        return false;
    if (k == 2) {
        e->person = desk_param(req, "person")->text;
        *why = *e->person ? NULL : "Choose who is away.";
    }
    if (k == 1) {
        char bad[100];
        json_t *v = desk_spans_read(spans, bad, sizeof bad), *one = json_array_get(v, 0);
        if (json_array_size(v) == 1) {
            snprintf(text, sizeof text, "%s", json_string_value(json_array_get(one, 0)));
            e->open_from = desk_arena_strdup(req->arena, text);
            snprintf(text, sizeof text, "%s", json_string_value(json_array_get(one, 1)));
            e->open_to = desk_arena_strdup(req->arena, text);
        }
        json_decref(v);
        *why = e->open_from && e->open_to ? NULL : "Give the hours, like 10 am to 2 pm.";
    }
    return !*why;
}

static const char *to_page(struct desk_request *req)
{
    const char *branch = set_branch(req);
    return branch ? desk_arena_fmt(req->arena, "/settings/hours?at=%s", branch) : "/settings/hours";
}

/* In a transaction. A refusal is a sentence on the page, and what was typed is in the form again
 * by its address. */
static enum desk_rc add(struct desk_request *req, const struct desk_business_except *e)
{
    char why[200];
    enum desk_rc rc = desk_business_except_put(req->db, req->arena, req->tenant.id, set_branch(req),
                                               e, why, sizeof why);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "settings.dated", NULL);
    if (!rc)
        rc = desk_page_result(req, "Noted. It ends by itself.", NULL);
    if (rc == DESK_EINVAL || rc == DESK_ELIMIT)
        req->detail = desk_arena_fmt(req->arena, "That was not noted: %s.", why);
    return rc;
}

enum desk_rc admin_settings_dated(struct desk_request *req)
{
    struct desk_business_except e;
    const char *why = NULL;
    if (req->bad_values || !read_dated(req, &e, &why)) {
        req->detail = why ? why : "A field is too long. Shorten it.";
        return set_page_again(req);
    }
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, add(req, &e));
    if (rc && req->detail)
        return set_page_again(req);
    if (!rc)
        desk_reply_redirect(req, to_page(req));
    return rc;
}

static enum desk_rc drop(struct desk_request *req)
{
    enum desk_rc rc =
        desk_business_except_drop(req->db, req->arena, req->tenant.id, set_branch(req),
                                  desk_param(req, "from")->text, desk_param(req, "label")->text);
    bool was = rc != DESK_ENOTFOUND;
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "settings.dated", NULL);
    if (!rc || !was)
        rc = desk_page_result(req, was ? "Taken away." : "It is gone already.", NULL);
    return rc;
}

enum desk_rc admin_settings_dated_drop(struct desk_request *req)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, drop(req));
    if (!rc)
        desk_reply_redirect(req, to_page(req));
    return rc;
}
