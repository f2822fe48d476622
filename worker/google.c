#include "worker/google.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "store/calls.h"
#include "store/conversation.h"
#include "talk/business.h"

#include <stdio.h>
#include <string.h>

static bool is_owner(const struct desk_google_grant *g)
{
    return strcmp(g->kind, DESK_GRANT_OWNER) == 0;
}

static const char *missing(const struct desk_google_grant *g)
{
    if (!is_owner(g))
        return *desk_setting(DESK_S_GOOGLE_SERVICE_ACCOUNT) ? NULL
                                                            : "GOOGLE_SERVICE_ACCOUNT is not set.";
    return *desk_setting(DESK_S_GOOGLE_CLIENT_ID) && *desk_setting(DESK_S_GOOGLE_CLIENT_SECRET)
               ? NULL
               : "GOOGLE_CLIENT_ID or GOOGLE_CLIENT_SECRET is not set.";
}

bool google_open(struct google *g, const struct outbox_work *w, const char *scope,
                 struct desk_outbox_result *r)
{
    memset(g, 0, sizeof *g);
    g->w = w;
    enum desk_rc rc = desk_google_grant_get(w->db, w->arena, w->row->tenant_id, &g->grant);
    if (rc == DESK_ENOTFOUND) {
        outbox_fail(r, "Google is not connected (any more).");
        return false;
    }
    if (rc) {
        outbox_again(r, rc);
        return false;
    }
    const char *why = strcmp(g->grant.state, DESK_GRANT_OK) == 0 ? missing(&g->grant)
                      : g->grant.why                             ? g->grant.why
                                     : "Google must be connected again.";
    if (why) {
        outbox_fail(r, why);
        return false;
    }
    bool owner = is_owner(&g->grant);
    g->who = (struct desk_google_account){
        .token_url = desk_setting(DESK_S_GOOGLE_TOKEN_URL),
        .service_key = owner ? NULL : desk_setting(DESK_S_GOOGLE_SERVICE_ACCOUNT),
        .client_id = desk_setting(DESK_S_GOOGLE_CLIENT_ID),
        .client_secret = desk_setting(DESK_S_GOOGLE_CLIENT_SECRET),
        .refresh_token = g->grant.refresh_token,
        .scope = scope};
    return true;
}

struct desk_google_place google_beside(const struct google *g, const char *calendar)
{
    return (struct desk_google_place){.api_url = desk_setting(DESK_S_GOOGLE_API_URL),
                                      .who = &g->who,
                                      .calendar = calendar,
                                      .tz = g->business.zone,
                                      .tz_name = g->business.zone_name};
}

bool google_calendar_open(struct google *g, const char *source_id, const char *location_id,
                          struct desk_outbox_result *r)
{
    const struct outbox_work *w = g->w;
    const char *tenant = w->row->tenant_id;
    enum desk_rc rc = desk_calendar_source_get(w->db, w->arena, tenant, source_id, &g->source);
    if (!rc)
        rc = desk_business_load(w->db, w->arena, tenant, location_id, &g->business);
    if (rc == DESK_ENOTFOUND)
        outbox_fail(r, "That calendar is not connected any more.");
    else if (rc)
        outbox_again(r, rc);
    if (rc)
        return false;
    g->at = (struct desk_calendar_place){.db = w->db,
                                         .arena = w->arena,
                                         .tenant_id = tenant,
                                         .location_id = location_id,
                                         .business = &g->business,
                                         .now = desk_now_ms()};
    g->place = google_beside(g, g->source.address);
    return true;
}

/* The owner hears of it as of what was given up (the row fails), the next ones fail at once, and
 * callers do not wait for it. */
static void note_broken(const struct google *g, const char *why)
{
    struct desk_calendar_source main;
    struct desk_db *db = g->w->db;
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (rc)
        return;
    rc = desk_google_grant_broken(db, &g->grant, why);
    if (!rc)
        rc = desk_calendar_source_main(db, g->w->arena, g->grant.tenant_id, &main);
    if (!rc)
        rc = desk_calendar_source_failed(db, &main, why);
    rc = desk_tx_end(db, rc == DESK_ENOTFOUND ? DESK_OK : rc);
    desk_log(DESK_LOG_ERROR, "google.reconnect", "tenant=%s rc=%s", g->grant.tenant_id,
             desk_rc_name(rc));
}

void google_failed(const struct google *g, const struct desk_google_result *from,
                   struct desk_outbox_result *r)
{
    bool again = from->end == DESK_GOOGLE_LIMITED || from->end == DESK_GOOGLE_DOWN ||
                 from->end == DESK_GOOGLE_LOST;
    r->end = again ? DESK_END_AGAIN : DESK_END_FAILED;
    r->code = from->http;
    r->wait_ms = from->wait_ms;
    r->settled = from->end == DESK_GOOGLE_LIMITED;
    snprintf(r->why, sizeof r->why, "%s", from->why);
    if (from->end == DESK_GOOGLE_RECONNECT)
        note_broken(g, from->why);
}

void google_done(struct desk_outbox_result *r)
{
    *r = (struct desk_outbox_result){.end = DESK_END_SENT};
}

enum desk_rc google_note(const struct google *g, const char *call_id, const char *name,
                         const char *sentence)
{
    struct desk_call c;
    struct desk_db *db = g->w->db;
    if (!call_id)
        return DESK_OK;
    if (!sentence)
        return DESK_ENOMEM;
    enum desk_rc rc = desk_call_get(db, g->w->arena, g->w->row->tenant_id, call_id, &c);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    return desk_event_add(db, c.tenant_id, c.id, c.started_at, "tool", name, sentence, NULL);
}
