/* Kind "dtools": a lead as a client and an opportunity in D-Tools Cloud. Nothing is made before it
 * was looked for, and after a lost answer it is looked for again: an opportunity is found by the
 * lead's id in its name, a client by its number. A lead waits until its call is over. Of a business
 * with health data nothing is written there. In a dry run nothing is, either. */
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "store/calls.h"
#include "store/records.h"
#include "store/settings.h"
#include "talk/business.h"
#include "talk/dtools.h"
#include "worker/kinds.h"

#include <stdio.h>
#include <string.h>

#define TALK_MS (30LL * 60 * 1000) /* a lead's call is waited for so long at most */
#define WAIT_MS 5000

struct writing {
    const struct outbox_work *w;
    struct desk_dtools_account account;
    struct desk_lead lead;
    bool dry;
};

static void ended(struct desk_outbox_result *r, const char *state)
{
    *r = (struct desk_outbox_result){.end = DESK_END_SENT, .settled = true};
    snprintf(r->remote_state, sizeof r->remote_state, "%s", state);
}

/* DESK_DONE: the call goes on. */
static enum desk_rc load_lead(struct writing *x)
{
    struct desk_call c;
    const struct outbox_work *w = x->w;
    const char *id = outbox_payload(w, "lead");
    enum desk_rc rc =
        id ? desk_lead_get(w->db, w->arena, w->row->tenant_id, id, &x->lead) : DESK_ENOTFOUND;
    if (rc)
        return rc;
    rc = x->lead.call_id ? desk_call_get(w->db, w->arena, w->row->tenant_id, x->lead.call_id, &c)
                         : DESK_ENOTFOUND;
    if (!rc && !c.ended_at && desk_now_ms() - x->lead.created_at < TALK_MS)
        return DESK_DONE;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

/* False: *r says why not, or that nothing is to be done. */
static bool open_it(struct writing *x, const struct outbox_work *w, struct desk_outbox_result *r)
{
    struct desk_business b;
    struct desk_tenant_settings s;
    x->w = w;
    enum desk_rc rc = desk_tenant_settings_load(w->db, w->arena, w->row->tenant_id, &s);
    if (!rc)
        rc = desk_business_load(w->db, w->arena, w->row->tenant_id, NULL, &b);
    if (!rc)
        rc = load_lead(x);
    if (rc == DESK_DONE)
        *r = (struct desk_outbox_result){.end = DESK_END_LATER, .wait_ms = WAIT_MS};
    else if (rc == DESK_ENOTFOUND) /* erased since */
        ended(r, "gone");
    else if (rc)
        outbox_again(r, rc);
    if (rc)
        return false;
    const char *how = desk_tenant_setting(&s, DESK_S_DTOOLS_LEADS);
    x->dry = strcmp(how, "dry") == 0;
    x->account =
        (struct desk_dtools_account){.api_url = desk_setting(DESK_S_DTOOLS_API_URL),
                                     .key = desk_setting(DESK_S_DTOOLS_API_KEY),
                                     .authorization = desk_setting(DESK_S_DTOOLS_AUTHORIZATION)};
    if (strcmp(how, "off") == 0)
        desk_outbox_ended(r, DESK_END_FAILED, "DTOOLS_LEADS is off.");
    else if (b.phi)
        desk_outbox_ended(r, DESK_END_REFUSED,
                          "Callers tell of their health: nothing of it goes to D-Tools.");
    else if (!x->dry && (!*x->account.key || !*x->account.authorization))
        desk_outbox_ended(r, DESK_END_FAILED, "DTOOLS_API_KEY or DTOOLS_AUTHORIZATION is not set.");
    else
        return true;
    return false;
}

/* Looked for, else made; its id into id. False: *r says how it ended. */
static bool client_of(struct writing *x, char id[64], struct desk_outbox_result *r)
{
    const struct desk_dtools *d = x->w->services->dtools;
    d->find(&x->account, DESK_DTOOLS_CLIENTS, desk_dtools_search(&x->lead), desk_dtools_is_client,
            &x->lead, r);
    if (r->end == DESK_END_SENT && !*r->remote_id) {
        json_t *body = desk_dtools_client(&x->lead);
        d->create(&x->account, DESK_DTOOLS_CLIENTS, body, r);
        json_decref(body);
    }
    snprintf(id, 64, "%s", r->remote_id);
    return r->end == DESK_END_SENT;
}

static void look_for(struct writing *x, struct desk_outbox_result *r)
{
    x->w->services->dtools->find(&x->account, DESK_DTOOLS_OPPORTUNITIES, x->lead.id,
                                 desk_dtools_is_opportunity, &x->lead, r);
}

static void make(struct writing *x, struct desk_outbox_result *r)
{
    char client[64];
    look_for(x, r);
    if (r->end != DESK_END_SENT || *r->remote_id) /* or a try that was forgotten made it */
        return;
    if (!client_of(x, client, r))
        return;
    json_t *body = desk_dtools_opportunity(&x->lead, client);
    x->w->services->dtools->create(&x->account, DESK_DTOOLS_OPPORTUNITIES, body, r);
    json_decref(body);
    if (r->end == DESK_END_SENT)
        snprintf(r->remote_state, sizeof r->remote_state, "made");
}

void deliver_dtools(const struct outbox_work *w, struct desk_outbox_result *r)
{
    struct writing x;
    *r = (struct desk_outbox_result){.end = DESK_END_FAILED};
    if (!open_it(&x, w, r))
        return;
    if (!x.dry) {
        make(&x, r);
        return;
    }
    desk_log(DESK_LOG_NOTICE, "dtools.dry", "lead=%s", x.lead.id);
    ended(r, "dry run");
}

enum desk_twilio_found dtools_find(const struct outbox_work *w, outbox_known *known, void *ctx,
                                   struct desk_outbox_result *r)
{
    struct writing x;
    (void)known; /* the mark is the lead's own */
    (void)ctx;
    if (!open_it(&x, w, r) || x.dry)
        return r->end == DESK_END_AGAIN || r->end == DESK_END_LATER ? DESK_TWILIO_NOT_NOW
                                                                    : DESK_TWILIO_CANNOT_TELL;
    look_for(&x, r);
    if (r->end == DESK_END_SENT)
        return *r->remote_id ? DESK_TWILIO_FOUND : DESK_TWILIO_NOT_THERE;
    return r->end == DESK_END_AGAIN ? DESK_TWILIO_NOT_NOW : DESK_TWILIO_CANNOT_TELL;
}
