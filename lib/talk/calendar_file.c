/* Appointments as calendar files: the owner's feed and a customer's own visit. */
#include "talk/calendar.h"
#include "base/clock.h"
#include "base/limits.h"
#include "talk/business.h"
#include "wire/ics.h"

#include <stdio.h>
#include <string.h>

#define DAY_MS       (24LL * 3600 * 1000)
#define FEED_BACK    (31 * DAY_MS)
#define FEED_AHEAD   (400 * DAY_MS)
#define FEED_REFRESH 15 /* minutes */

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

static void add_line(struct desk_buf *out, const char *label, const char *text)
{
    if (text && *text)
        desk_buf_fmt(out, "%s%s%s", out->len ? "\n" : "", label, text);
}

static const char *said_words(const struct desk_appointment *row)
{
    return strcmp(row->answer, DESK_ANSWER_COMING) == 0 ? "They said that they come: "
                                                        : "They want to change it: ";
}

void desk_calendar_owner_words(const struct desk_business *b, const struct desk_appointment *row,
                               struct desk_buf *summary, struct desk_buf *text)
{
    desk_buf_init(summary, 1000);
    desk_buf_init(text, 8000);
    desk_buf_str(summary, b->phi ? "Appointment" : row->service_name);
    if (!b->phi && row->name && *row->name)
        desk_buf_fmt(summary, ": %s", row->name);
    if (row->resource_name && *row->resource_name)
        desk_buf_fmt(summary, " (%s)", row->resource_name);
    if (row->answer)
        add_line(text, said_words(row),
                 row->answer_by && strcmp(row->answer_by, "call") == 0 ? "by a key, when we called."
                                                                       : "by text.");
    if (!b->phi) {
        add_line(text, "Tel. ", row->number);
        add_line(text, "", row->notes);
        add_line(text, "", row->urgent ? "URGENT" : "");
    }
}

static void owners(struct desk_buf *out, const struct desk_business *b,
                   const struct desk_appointment *row)
{
    struct desk_buf summary, text;
    char uid[DESK_ID_LEN + 16];
    desk_calendar_owner_words(b, row, &summary, &text);
    snprintf(uid, sizeof uid, "%s@frontdesk", row->id);
    const struct desk_ics_event e = {.uid = uid,
                                     .sequence = row->sequence,
                                     .stamp = row->updated_at,
                                     .created = row->created_at,
                                     .start = row->start_at,
                                     .end = row->end_at,
                                     .hidden = b->phi,
                                     .summary = desk_buf_cstr(&summary),
                                     .location = b->phi ? "" : or_empty(row->address),
                                     .description = desk_buf_cstr(&text)};
    desk_ics_event(out, &e);
    desk_buf_clear(&summary);
    desk_buf_clear(&text);
}

enum desk_rc desk_calendar_feed(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                struct desk_buf *out)
{
    struct desk_business b;
    struct desk_appointment *rows = NULL;
    size_t n = 0;
    int64_t now = desk_now_ms();
    enum desk_rc rc = desk_business_load(db, a, tenant_id, NULL, &b);
    if (!rc)
        rc = desk_appointments_between(db, a, tenant_id, now - FEED_BACK, now + FEED_AHEAD, false,
                                       DESK_MAX_APPOINTMENTS, &rows, &n);
    if (rc)
        return rc;
    desk_ics_begin(out, b.name, b.zone_name, FEED_REFRESH, false);
    for (size_t i = 0; i < n; i++)
        owners(out, &b, &rows[i]);
    desk_ics_end(out);
    return desk_buf_ok(out) ? DESK_OK : DESK_ELIMIT;
}

enum desk_rc desk_calendar_visit(struct desk_db *db, struct desk_arena *a,
                                 const struct desk_appointment *row, struct desk_buf *out)
{
    struct desk_business b;
    char uid[DESK_ID_LEN + 16];
    enum desk_rc rc = desk_business_load(db, a, row->tenant_id, row->location_id, &b);
    if (rc)
        return rc;
    const char *what = b.phi ? "Appointment" : row->service_name;
    bool off = strcmp(row->status, DESK_APPT_CANCELLED) == 0;
    snprintf(uid, sizeof uid, "%s@frontdesk", row->id);
    const struct desk_ics_event e = {
        .uid = uid,
        .sequence = row->sequence,
        .stamp = row->updated_at,
        .created = row->created_at,
        .start = row->start_at,
        .end = row->end_at,
        .cancelled = off,
        .tentative = strcmp(row->status, DESK_APPT_HELD) == 0,
        .summary = desk_arena_fmt(a, "%s: %s", b.name, what),
        .location = b.phi ? "" : or_empty(row->address),
        .description =
            b.numbers.n ? desk_arena_fmt(a, "To change it, call %s.", b.numbers.v[0]) : ""};
    if (!e.summary || !e.description)
        return DESK_ENOMEM;
    desk_ics_begin(out, b.name, b.zone_name, 0, off);
    desk_ics_event(out, &e);
    desk_ics_end(out);
    return desk_buf_ok(out) ? DESK_OK : DESK_ELIMIT;
}
