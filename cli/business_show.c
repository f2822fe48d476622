#include "cli/business_show.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/tz.h"
#include "core/day_text.h"
#include "talk/business.h"

#include <stdio.h>
#include <string.h>

static void row(const char *name, const char *value)
{
    if (value && *value)
        printf("  %-12s %s\n", name, value);
}

static void add(struct desk_buf *out, const char *text)
{
    desk_buf_fmt(out, "%s%s", out->len ? ", " : "", text);
}

static void row_buf(const char *name, struct desk_buf *value)
{
    row(name, desk_buf_cstr(value));
    desk_buf_reset(value);
}

static void show_hours(const struct desk_business *b, const struct desk_location *l, int64_t now,
                       struct desk_buf *text)
{
    struct desk_hours_state state;
    desk_hours_text(l->hours, text);
    row(b->hours->weekly_given ? "hours" : "", desk_buf_cstr(text));
    desk_buf_reset(text);
    desk_hours_at(b->hours, b->zone, now, &state);
    desk_buf_fmt(text, "%s by %s%s%s", state.open ? "open" : "closed",
                 desk_hours_why_name(state.why), *state.label ? ": " : "", state.label);
    row_buf("now", text);
}

/* What is still to come of dated exceptions. */
static void show_dates(const struct desk_business *b, int64_t now, struct desk_buf *text)
{
    int32_t today = desk_hours_date(b->zone, now);
    char from[16], to[16];
    for (size_t i = 0; i < b->hours->n_rules; i++) {
        const struct desk_hours_rule *r = &b->hours->rules[i];
        if (r->to < today || r->why == DESK_HOURS_CLOSURE || r->why == DESK_HOURS_SPECIAL)
            continue;
        desk_buf_fmt(text, "%s", desk_day_text(from, sizeof from, r->from));
        if (r->to != r->from)
            desk_buf_fmt(text, " to %s", desk_day_text(to, sizeof to, r->to));
        desk_buf_fmt(text, " %s (%s)", desk_hours_why_name(r->why), r->label);
        row_buf("exception", text);
    }
}

static void show_people(const struct desk_business *b, int64_t now, struct desk_buf *text)
{
    struct desk_ring ring;
    for (size_t i = 0; i < b->n_people; i++) {
        const struct desk_person *p = &b->people[i];
        const char *label = "";
        bool away = desk_business_away(b, p, desk_hours_date(b->zone, now), &label);
        desk_buf_fmt(text, "%s %s%s%s%s%s", *p->name ? p->name : "-",
                     p->phone ? p->phone : "(no phone)", *p->role ? ", " : "", p->role,
                     away ? ", away: " : "", label);
        row_buf(p->owner ? "owner" : "staff", text);
    }
    if (desk_business_ring(b, "on_call", now, &ring))
        for (size_t i = 0; i < ring.n; i++)
            add(text, ring.who[i]->name);
    else
        desk_buf_str(text, "nobody can be rung");
    row_buf("on call now", text);
}

static void show_rest(const struct desk_business *b, struct desk_buf *text)
{
    const char *mode = desk_answer_mode_name(b->answer.mode);
    desk_buf_str(text, *mode ? mode : "as ANSWER_MODE says");
    if (b->screening)
        desk_buf_str(text, ", unknown callers are screened");
    row_buf("answers", text);
    for (size_t i = 0; i < b->n_services; i++) {
        add(text, b->services[i].name);
        if (b->services[i].minutes)
            desk_buf_fmt(text, " (%d min)", b->services[i].minutes);
    }
    row_buf("services", text);
    for (size_t i = 0; i < b->n_intents; i++)
        add(text, b->intents[i].name);
    row_buf("intents", text);
    desk_buf_fmt(text, "%zu phrases%s", b->emergency.n_phrases,
                 b->emergency.judge ? " and the built-in rules" : "");
    row_buf("emergencies", text);
    if (b->spend.month_cents)
        desk_buf_fmt(text, "%.2f US dollars a month", (double)b->spend.month_cents / 100);
    row_buf("spend cap", text);
    row("voice PIN", *b->pin ? "(set)" : "");
    row("Telegram", b->telegram);
}

static void show_one(const struct desk_business *b, const struct desk_location *l, int64_t now)
{
    struct desk_buf text;
    desk_buf_init(&text, 64 * 1024);
    printf("%s (%s)%s%s\n", b->name, b->slug, strcmp(b->branch, b->name) ? ", " : "",
           strcmp(b->branch, b->name) ? b->branch : "");
    row("kind", desk_business_kind_name(b->kind));
    for (size_t i = 0; i < b->numbers.n; i++)
        add(&text, b->numbers.v[i]);
    row_buf("numbers", &text);
    row("zone", b->zone_name);
    show_hours(b, l, now, &text);
    show_dates(b, now, &text);
    show_people(b, now, &text);
    show_rest(b, &text);
    desk_buf_clear(&text);
}

enum desk_rc cli_business_show(struct desk_db *db, struct desk_arena *a, const char *tenant_id)
{
    struct desk_location *rows;
    size_t n = 0;
    enum desk_rc rc = desk_location_list(db, a, tenant_id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        struct desk_business b;
        rc = desk_business_load(db, a, tenant_id, rows[i].id, &b);
        if (!rc)
            show_one(&b, &rows[i], desk_now_ms());
    }
    return rc;
}
