/* Kinds "google_connect" and "google_revoke": an owner's consent becomes a lasting access, and is
 * given back. */
#include "base/config.h"
#include "base/ids.h"
#include "base/log.h"
#include "talk/calendar_google.h"
#include "worker/google.h"

#include <stdio.h>
#include <string.h>

/* What is missing without it, for the owner. NULL: all is there. */
static const char *not_granted(const char *scope)
{
    static const char events[] = "https://www.googleapis.com/auth/calendar.events";
    static const char all[] = "https://www.googleapis.com/auth/calendar";
    for (const char *s = scope; *s;) {
        size_t n = strcspn(s, " ");
        if ((n == sizeof events - 1 && strncmp(s, events, n) == 0) ||
            (n == sizeof all - 1 && strncmp(s, all, n) == 0))
            return NULL;
        s += n + (s[n] == ' ');
    }
    return "You did not let Frontdesk see and change events of your calendar: connect it again and "
           "leave the boxes ticked.";
}

/* In a transaction: the grant, the main calendar, and its reading; visits that wait go again. */
static enum desk_rc keep(const struct outbox_work *w, const char *refresh, const char *scope)
{
    char id[DESK_ID_LEN];
    const char *tenant = w->row->tenant_id;
    struct desk_calendar_source main;
    enum desk_rc rc = desk_google_grant_put(w->db, tenant, DESK_GRANT_OWNER, refresh, scope);
    if (!rc)
        rc = desk_calendar_source_main(w->db, w->arena, tenant, &main);
    if (rc == DESK_ENOTFOUND) {
        main = (struct desk_calendar_source){.id = desk_id_new(id, "cal"),
                                             .tenant_id = tenant,
                                             .kind = DESK_SOURCE_GOOGLE,
                                             .main = true,
                                             .address = "primary"};
        rc = desk_calendar_source_add(w->db, &main);
    }
    return rc ? rc : desk_calendar_watch(w->db, &main);
}

void deliver_google_connect(const struct outbox_work *w, struct desk_outbox_result *r)
{
    char refresh[DESK_GOOGLE_TOKEN_LEN], scope[2048];
    const char *code = outbox_payload(w, "code"), *verifier = outbox_payload(w, "verifier"),
               *redirect = outbox_payload(w, "redirect");
    const struct desk_google_account who = {.token_url = desk_setting(DESK_S_GOOGLE_TOKEN_URL),
                                            .client_id = desk_setting(DESK_S_GOOGLE_CLIENT_ID),
                                            .client_secret =
                                                desk_setting(DESK_S_GOOGLE_CLIENT_SECRET)};
    struct desk_google_result from;
    *r = (struct desk_outbox_result){.end = DESK_END_FAILED};
    if (!code || !verifier || !redirect) {
        outbox_fail(r, "The row does not say what was granted.");
        return;
    }
    if (desk_google_exchange(&who, code, verifier, redirect, refresh, scope, sizeof scope, &from)) {
        bool again = from.end == DESK_GOOGLE_DOWN || from.end == DESK_GOOGLE_LIMITED;
        desk_outbox_ended(r, again ? DESK_END_AGAIN : DESK_END_FAILED, "%s", from.why);
        r->wait_ms = from.wait_ms;
        r->code = from.http;
        return;
    }
    const char *why = not_granted(scope);
    if (why) {
        outbox_fail(r, why);
        return;
    }
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    if (!rc)
        rc = desk_tx_end(w->db, keep(w, refresh, scope));
    if (rc)
        outbox_fail(r, "Frontdesk could not keep the access: connect it again."); /* codes are good
                                                                                     once */
    else
        google_done(r);
}

void deliver_google_revoke(const struct outbox_work *w, struct desk_outbox_result *r)
{
    const char *token = outbox_payload(w, "token");
    struct desk_google_result from;
    *r = (struct desk_outbox_result){.end = DESK_END_FAILED};
    if (!token) {
        outbox_fail(r, "The row does not say what is given back.");
        return;
    }
    if (desk_google_revoke(desk_setting(DESK_S_GOOGLE_REVOKE_URL), token, &from)) {
        desk_outbox_ended(r, DESK_END_AGAIN, "%s", from.why);
        r->wait_ms = from.wait_ms;
    } else {
        google_done(r);
    }
}
