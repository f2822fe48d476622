/* GET /calendars: calendars outside of ours, how they do, and what of them wants the owner.
 * GET /google/connect and /google/callback: an owner's consent at Google (talk/google_link.h).
 * POST /google/disconnect. POST /calendar/import, /calendar/read and /calendar/:id/drop: calendars
 * at an address. */
#include "cgi-bin/admin/admin.h"
#include "base/clock.h"
#include "store/calendar_sources.h"
#include "store/google_grants.h"
#include "store/outbox.h"
#include "talk/business.h"
#include "talk/calendar.h"
#include "talk/google_link.h"

#include <string.h>

#define LOOKED_AT 50 /* rows that want attention */
#define SHOWN     5

static struct desk_google_asker asker(const struct desk_request *req)
{
    return (struct desk_google_asker){.tenant_id = req->tenant.id,
                                      .session = req->session.id,
                                      .base = desk_public_base(),
                                      .now = desk_now_ms()};
}

/* ---- the page -------------------------------------------------------------------------------- */

static enum desk_rc show_grant(struct desk_request *req, struct desk_view *v)
{
    struct desk_google_grant g;
    enum desk_rc rc = desk_google_grant_get(req->db, req->arena, req->tenant.id, &g);
    bool ok = !rc && strcmp(g.state, DESK_GRANT_OK) == 0;
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    desk_view_set(v, "Google.State", rc ? "none" : ok ? "ok" : "broken");
    desk_view_set(v, "Google.Why", !rc && g.why ? g.why : "");
    desk_view_set(v, "Google.Can", desk_google_can_connect() ? "1" : "0");
    desk_view_setf(v, desk_public_base(), "Google.Base");
    return DESK_OK;
}

static enum desk_rc show_source(struct desk_request *req, struct desk_view *v,
                                const struct desk_calendar_source *s, size_t i)
{
    int64_t n = 0;
    bool google = strcmp(s->kind, DESK_SOURCE_GOOGLE) == 0;
    enum desk_rc rc = desk_calendar_busy_count(req->db, s, &n);
    if (rc)
        return rc;
    const char *name = !google                              ? "At an address"
                       : strcmp(s->address, "primary") == 0 ? "Google"
                                                            : s->address;
    desk_view_setf(v, name, "Sources.%zu.Name", i);
    desk_view_setf(v, google ? NULL : s->id, "Sources.%zu.Id", i);
    desk_view_setf(v, s->resource_name, "Sources.%zu.Person", i);
    desk_view_setf(v, s->main ? "1" : "0", "Sources.%zu.Main", i);
    desk_view_setf(v, s->failing_since ? s->why : NULL, "Sources.%zu.Why", i);
    desk_view_setf(v, desk_arena_fmt(req->arena, "%lld", (long long)n), "Sources.%zu.Events", i);
    desk_view_setf(v, desk_arena_fmt(req->arena, "%lld", (long long)s->synced_at),
                   "Sources.%zu.SyncedAt", i);
    return DESK_OK;
}

static enum desk_rc show_sources(struct desk_request *req, struct desk_view *v)
{
    struct desk_calendar_source *rows;
    size_t n = 0;
    enum desk_rc rc = desk_calendar_source_list(req->db, req->arena, req->tenant.id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        rc = show_source(req, v, &rows[i], i);
    return rc;
}

/* Whose a calendar may be, beside everybody's. */
static enum desk_rc show_people(struct desk_request *req, struct desk_view *v)
{
    struct desk_business b;
    struct desk_slot_resource all[DESK_MAX_SLOT_RESOURCES];
    enum desk_rc rc = desk_business_load(req->db, req->arena, req->tenant.id, NULL, &b);
    size_t n = rc ? 0 : desk_slot_resources(&b, all);
    for (size_t i = 0; i < n; i++)
        if (all[i].person)
            desk_view_setf(v, all[i].person->name, "People.%zu", i);
    return rc;
}

static bool of_calendars(const char *kind)
{
    static const char *const kinds[] = {DESK_OUTBOX_EVENT, DESK_OUTBOX_SYNC, DESK_OUTBOX_CONNECT,
                                        DESK_OUTBOX_IMPORT};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i], kind) == 0)
            return true;
    return false;
}

/* What was given up, newest first. */
static enum desk_rc show_trouble(struct desk_request *req, struct desk_view *v)
{
    struct desk_outbox *rows;
    size_t n = 0, shown = 0;
    enum desk_rc rc =
        desk_outbox_list(req->db, req->arena, req->tenant.id, true, LOOKED_AT, &rows, &n);
    for (size_t i = 0; !rc && i < n && shown < SHOWN; i++)
        if (of_calendars(rows[i].kind) && rows[i].last_error)
            desk_view_setf(v, rows[i].last_error, "Trouble.%zu", shown++);
    return rc;
}

enum desk_rc admin_calendar(struct desk_request *req)
{
    struct desk_view *v = desk_page_begin(req, "Calendars");
    enum desk_rc rc = v ? show_grant(req, v) : DESK_ENOMEM;
    if (!rc)
        rc = show_sources(req, v);
    if (!rc)
        rc = show_people(req, v);
    if (!rc)
        rc = show_trouble(req, v);
    return rc ? rc : desk_page_send(req, v, 0);
}

/* ---- Google ---------------------------------------------------------------------------------- */

enum desk_rc admin_google_connect(struct desk_request *req)
{
    struct desk_buf url;
    const struct desk_google_asker who = asker(req);
    if (!desk_google_can_connect()) { /* the page says what is missing */
        desk_reply_redirect(req, "/calendars");
        return DESK_OK;
    }
    desk_buf_init(&url, 8192);
    desk_google_ask(req->db, &who, &url);
    const char *to = desk_buf_ok(&url) ? desk_arena_strdup(req->arena, desk_buf_cstr(&url)) : NULL;
    desk_buf_clear(&url);
    if (!to)
        return DESK_ENOMEM;
    desk_reply_redirect(req, to);
    return DESK_OK;
}

static const char *words(enum desk_rc rc)
{
    return rc == DESK_OK ? "Google is being connected. This takes a moment."
           : rc == DESK_ECONFLICT
               ? "That answer of Google's was used already."
               : "That answer of Google's does not belong to you, or came too late. Try again.";
}

/* In a transaction. */
static enum desk_rc answered(struct desk_request *req, const char *state, const char *code)
{
    const struct desk_google_asker who = asker(req);
    enum desk_rc rc = desk_google_asked(req->db, req->arena, &who, state, code);
    if (rc && rc != DESK_EAUTH && rc != DESK_ECONFLICT)
        return rc;
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "google.connect", NULL);
    return desk_page_result(req, words(rc), NULL);
}

/* A GET that writes, because it is Google that sends the browser here: the signed state, good once
 * and in this session only, stands for the form's token. */
enum desk_rc admin_google_callback(struct desk_request *req)
{
    const char *state = desk_param(req, "state")->text, *code = desk_param(req, "code")->text;
    desk_db_readonly(req->db, false);
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, *code ? answered(req, state, code)
                                        : desk_page_result(req,
                                                           "Google was not connected: it was "
                                                           "not allowed there.",
                                                           NULL));
    desk_db_readonly(req->db, true);
    if (!rc)
        desk_reply_redirect(req, "/calendars");
    return rc;
}

enum desk_rc admin_google_disconnect(struct desk_request *req)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_google_disconnect(req->db, req->arena, req->tenant.id);
    bool was = rc != DESK_ENOTFOUND;
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "google.disconnect", NULL);
    if (!rc || !was)
        rc = desk_page_result(req,
                              was ? "Google is let go. Visits stay in Frontdesk's own calendar."
                                  : "Google was not connected.",
                              NULL);
    rc = desk_tx_end(req->db, rc);
    if (!rc)
        desk_reply_redirect(req, "/calendars");
    return rc;
}

/* ---- at an address --------------------------------------------------------------------------- */

static const char *import_words(enum desk_rc rc)
{
    return rc == DESK_OK ? "It is read from now on. What stands there is not offered to callers."
           : rc == DESK_ECONFLICT ? "That address is read already."
           : rc == DESK_ENOTFOUND ? "Nobody of that name has a calendar here."
                                  : "An address of a calendar begins with https:// or webcal://.";
}

/* In a transaction. */
static enum desk_rc import(struct desk_request *req, const char *url, const char *person)
{
    char resource[DESK_BLIND_LEN];
    struct desk_business b;
    const char *name = NULL;
    enum desk_rc rc = desk_business_load(req->db, req->arena, req->tenant.id, NULL, &b);
    if (rc)
        return rc;
    const struct desk_calendar_place p = {
        .db = req->db, .arena = req->arena, .tenant_id = req->tenant.id, .business = &b};
    int i = *person ? desk_calendar_person(&b, person) : DESK_SLOT_ALL;
    if (*person && i == DESK_SLOT_ALL)
        rc = DESK_ENOTFOUND;
    else if (*person)
        desk_calendar_resource(&p, i, resource, &name);
    if (!rc)
        rc = desk_calendar_import(req->db, req->tenant.id, url, name ? resource : NULL, name);
    if (rc && rc != DESK_EINVAL && rc != DESK_ECONFLICT && rc != DESK_ENOTFOUND)
        return rc;
    const char *words = import_words(rc);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "calendar.import", NULL);
    else
        rc = DESK_OK;
    return rc ? rc : desk_page_result(req, words, NULL);
}

/* The end of a form's transaction, and back to the page. */
static enum desk_rc back(struct desk_request *req, enum desk_rc rc)
{
    rc = desk_tx_end(req->db, rc);
    if (!rc)
        desk_reply_redirect(req, "/calendars");
    return rc;
}

enum desk_rc admin_calendar_import(struct desk_request *req)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    return rc ? rc
              : back(req,
                     import(req, desk_param(req, "url")->text, desk_param(req, "person")->text));
}

enum desk_rc admin_calendar_read(struct desk_request *req)
{
    size_t n = 0;
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_calendar_read_now(req->db, req->arena, req->tenant.id, &n);
    if (!rc)
        rc = desk_page_result(
            req, n ? "They are being read. This takes a moment." : "There is nothing to read.",
            NULL);
    return back(req, rc);
}

enum desk_rc admin_calendar_drop(struct desk_request *req)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_calendar_unimport(req->db, req->arena, req->tenant.id, desk_param(req, "id")->text);
    bool was = rc != DESK_ENOTFOUND;
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "calendar.drop", NULL);
    if (!rc || !was)
        rc = desk_page_result(
            req, was ? "It is not read any more." : "That calendar is not read (any more).", NULL);
    return back(req, rc);
}
