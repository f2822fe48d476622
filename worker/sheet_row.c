/* Kind "sheets": a lead or a call as a row of the owner's Google Sheet. Its id stands in the first
 * column, so that an attempt whose answer was lost can be asked about, and no row comes twice. A
 * lead waits until its call is over: what else the caller says belongs into it. Of a business with
 * health data the row says that there is something, and nothing of what it is. */
#include "base/clock.h"
#include "base/config.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/records.h"
#include "store/settings.h"
#include "store/sheet_rows.h"
#include "talk/business.h"
#include "worker/google.h"

#include <stdio.h>
#include <string.h>

#define TALK_MS (30LL * 60 * 1000) /* a lead's call is waited for so long at most */
#define WAIT_MS 5000
#define COLUMNS 13

static const char *const lead_titles[COLUMNS] = {
    "Lead",    "When",    "Name",   "Company",  "Phone",       "Email", "Job",
    "Service", "Address", "Budget", "Timeline", "Heard of us", "Call"};
static const char *const call_titles[] = {"Call",     "When",     "Name",    "Phone",  "Outcome",
                                          "Decision", "Severity", "Seconds", "Summary"};
#define CALL_COLUMNS (sizeof call_titles / sizeof *call_titles)

struct row {
    const struct outbox_work *w;
    struct google g;
    struct desk_google_sheet sheet;
    const char *lead, *call; /* one of them: of the payload */
    const char *v[COLUMNS];
    char when[40], seconds[24];
};

static const char *first_of(const struct row *x)
{
    return x->lead ? x->lead : x->call;
}

/* ---- what goes in ---------------------------------------------------------------------------- */

static void hide(struct row *x)
{
    for (size_t i = 2; i < x->sheet.n; i++)
        x->v[i] = NULL;
    x->v[2] = "see the dashboard";
}

static const char *when(struct row *x, int64_t at)
{
    return desk_when_iso(x->when, sizeof x->when, x->g.business.zone, at);
}

/* DESK_DONE: not yet. */
static enum desk_rc lead_values(struct row *x)
{
    struct desk_lead l;
    struct desk_call c;
    const struct outbox_work *w = x->w;
    enum desk_rc rc = desk_lead_get(w->db, w->arena, w->row->tenant_id, x->lead, &l);
    if (rc)
        return rc;
    rc = l.call_id ? desk_call_get(w->db, w->arena, l.tenant_id, l.call_id, &c) : DESK_ENOTFOUND;
    if (!rc && !c.ended_at && desk_now_ms() - l.created_at < TALK_MS)
        return DESK_DONE;
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    const char *const v[COLUMNS] = {l.id,       when(x, l.created_at),
                                    l.name,     l.company,
                                    l.number,   l.email,
                                    l.job,      l.service,
                                    l.address,  l.budget,
                                    l.timeline, l.heard_of_us,
                                    l.call_id};
    memcpy(x->v, v, sizeof v);
    return DESK_OK;
}

static enum desk_rc call_values(struct row *x)
{
    struct desk_call c;
    struct desk_contact who;
    const struct outbox_work *w = x->w;
    const char *tenant = w->row->tenant_id;
    enum desk_rc rc = desk_call_get(w->db, w->arena, tenant, x->call, &c);
    if (rc)
        return rc;
    rc = c.contact_id ? desk_contact_get(w->db, w->arena, tenant, c.contact_id, &who)
                      : DESK_ENOTFOUND;
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    snprintf(x->seconds, sizeof x->seconds, "%lld", (long long)(c.duration_ms / 1000));
    const char *const v[CALL_COLUMNS] = {
        c.id,      when(x, c.started_at),  rc ? NULL : who.name, c.from_number,
        c.outcome, desk_call_decision(&c), c.severity,           x->seconds,
        c.summary};
    memcpy(x->v, v, sizeof v);
    return DESK_OK;
}

/* ---- where it goes --------------------------------------------------------------------------- */

/* False: *r says why not. */
static bool open_sheet(struct row *x, const struct outbox_work *w, struct desk_outbox_result *r)
{
    struct desk_tenant_settings s;
    x->w = w;
    x->lead = outbox_payload(w, DESK_SHEET_LEAD);
    x->call = outbox_payload(w, DESK_SHEET_CALL);
    if (!first_of(x)) {
        outbox_fail(r, "The row does not say which lead or call.");
        return false;
    }
    if (!google_open(&x->g, w, DESK_GOOGLE_SHEETS, r))
        return false;
    enum desk_rc rc = desk_tenant_settings_load(w->db, w->arena, w->row->tenant_id, &s);
    if (!rc)
        rc = desk_business_load(w->db, w->arena, w->row->tenant_id, NULL, &x->g.business);
    if (rc) {
        outbox_again(r, rc);
        return false;
    }
    x->sheet =
        (struct desk_google_sheet){.api_url = desk_setting(DESK_S_GOOGLE_SHEETS_URL),
                                   .who = &x->g.who,
                                   .spreadsheet = desk_tenant_setting(&s, DESK_S_GOOGLE_SHEET),
                                   .tab = x->lead ? "Leads" : "Calls",
                                   .header = x->lead ? lead_titles : call_titles,
                                   .n = x->lead ? COLUMNS : CALL_COLUMNS};
    if (*x->sheet.spreadsheet)
        return true;
    outbox_fail(r, "GOOGLE_SHEET is not set any more.");
    return false;
}

static void write_row(struct row *x, struct desk_outbox_result *r)
{
    struct desk_google_result from;
    char where[sizeof r->remote_id];
    if (x->g.business.phi)
        hide(x);
    x->w->services->sheets->append(&x->sheet, x->v, where, sizeof where, &from);
    if (!from.end) {
        google_done(r);
        snprintf(r->remote_id, sizeof r->remote_id, "%s", where);
        return;
    }
    google_failed(&x->g, &from, r);
    if (from.end == DESK_GOOGLE_LOST)
        r->end = DESK_END_UNKNOWN; /* and asked about: sheet_row_find() */
}

void deliver_sheet_row(const struct outbox_work *w, struct desk_outbox_result *r)
{
    struct row x = {.w = w};
    *r = (struct desk_outbox_result){.end = DESK_END_FAILED};
    if (!open_sheet(&x, w, r))
        return;
    enum desk_rc rc = x.lead ? lead_values(&x) : call_values(&x);
    if (!rc)
        write_row(&x, r);
    else if (rc == DESK_DONE)
        *r = (struct desk_outbox_result){.end = DESK_END_LATER, .wait_ms = WAIT_MS};
    else if (rc == DESK_ENOTFOUND) /* erased since */
        google_done(r);
    else
        outbox_again(r, rc);
}

enum desk_twilio_found sheet_row_find(const struct outbox_work *w, outbox_known *known, void *ctx,
                                      struct desk_outbox_result *r)
{
    struct row x = {.w = w};
    struct desk_google_result from;
    bool there = false;
    (void)known; /* the key is the row's own */
    (void)ctx;
    if (!open_sheet(&x, w, r))
        return r->end == DESK_END_AGAIN ? DESK_TWILIO_NOT_NOW : DESK_TWILIO_CANNOT_TELL;
    w->services->sheets->find(&x.sheet, first_of(&x), &there, &from);
    if (!from.end)
        return there ? DESK_TWILIO_FOUND : DESK_TWILIO_NOT_THERE;
    google_failed(&x.g, &from, r);
    return r->end == DESK_END_AGAIN ? DESK_TWILIO_NOT_NOW : DESK_TWILIO_CANNOT_TELL;
}
