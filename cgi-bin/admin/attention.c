/* GET /attention: all that failed or does not add up, in groups, until somebody has seen to it or
 * its cause is gone. POST /attention/:id/retry, …/leave, …/open: what was given up (outbox);
 * …/tell: a webhook that was switched off. */
#include "cgi-bin/admin/today.h"
#include "cgi-bin/words.h"
#include "base/clock.h"
#include "core/phone.h"
#include "store/calendar_sources.h"
#include "store/duty.h"
#include "store/google_grants.h"
#include "store/outbox.h"
#include "store/webhooks.h"
#include "talk/mend.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define SHOWN 50 /* of each group */

struct group {
    struct desk_request *req;
    struct desk_view *v;
    int at;       /* which of the groups */
    size_t cards; /* in it */
    size_t all;
};

struct card {
    const char *head, *words, *why; /* what, what it means, and the other side's reason */
    int64_t since;
    const char *href, *link;
    struct {
        const char *path, *label;
    } form[2];
};

static void put(struct group *g, const struct card *c)
{
    char p[48];
    snprintf(p, sizeof p, "Groups.%d.Cards.%zu", g->at, g->cards++);
    g->all++;
    desk_view_setf(g->v, c->head, "%s.Head", p);
    desk_view_setf(g->v, c->words, "%s.Words", p);
    desk_view_setf(g->v, c->why, "%s.Why", p);
    if (c->since)
        desk_view_setf(g->v, desk_arena_fmt(g->req->arena, "%lld", (long long)c->since), "%s.Since",
                       p);
    desk_view_setf(g->v, c->href, "%s.Href", p);
    desk_view_setf(g->v, c->link, "%s.Link", p);
    for (size_t i = 0; i < 2; i++) {
        desk_view_setf(g->v, c->form[i].path, "%s.Forms.%zu.Path", p, i);
        desk_view_setf(g->v, c->form[i].path ? c->form[i].label : NULL, "%s.Forms.%zu.Label", p, i);
    }
}

/* ---- said, but not on record ----------------------------------------------------------------- */

static enum desk_rc said_one(struct group *g, const struct desk_attention *u)
{
    struct desk_call c;
    struct admin_facts f;
    struct desk_request *req = g->req;
    enum desk_claim_kind kind = desk_claim_parse(u->claim);
    enum desk_rc rc = desk_call_get(req->db, req->arena, req->tenant.id, u->call_id, &c);
    if (!rc)
        rc = admin_facts_load(req, &c, &f);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    const char *path = desk_arena_fmt(req->arena, "/calls/%s/attention/%s", c.id, u->id);
    const char *mend = desk_mend_words(kind, &c);
    put(g, &(struct card){
               .head = desk_claim_missing(kind),
               .words = desk_arena_fmt(req->arena, "To %s it said: “%s”", f.who, u->words),
               .since = u->created_at,
               .href = desk_arena_fmt(req->arena, "/calls/%s", c.id),
               .link = "See the words",
               .form = {{mend ? desk_arena_fmt(req->arena, "%s/mend", path) : NULL, mend},
                        {desk_arena_fmt(req->arena, "%s/done", path), "I have dealt with it"}}});
    return DESK_OK;
}

static enum desk_rc said(struct group *g)
{
    struct desk_attention *all;
    size_t n = 0;
    enum desk_rc rc =
        desk_attention_list(g->req->db, g->req->arena, g->req->tenant.id, SHOWN, &all, &n);
    for (size_t i = 0; !rc && i < n; i++)
        rc = said_one(g, &all[i]);
    return rc;
}

/* ---- not delivered --------------------------------------------------------------------------- */

/* What each kind of delivery is to an owner. who: its payload says whom it goes to. */
static const struct {
    const char *kind, *words, *nameless;
    bool text; /* its words are in the payload */
} kinds[] = {
    {DESK_OUTBOX_SMS, "The text to %s was not sent.", "A text was not sent.", true},
    {DESK_OUTBOX_OWNER_TEXT, "The text about a message was not sent to %s.",
     "The text about a message was not sent.", false},
    {DESK_OUTBOX_TELEGRAM, NULL, "A note by Telegram was not sent.", false},
    {DESK_OUTBOX_CALL, "Your phone at %s could not be rung.", "Your phone could not be rung.",
     false},
    {DESK_OUTBOX_REMIND, "The reminder call to %s was not made.", "A reminder call was not made.",
     false},
    {DESK_OUTBOX_TELEGRAM_REPLY, NULL, "An answer by Telegram was not sent.", false},
    {DESK_OUTBOX_STEER, NULL, "What you asked of a call did not reach the phone company.", false},
    {DESK_OUTBOX_PROBE, NULL, "The test of a connection could not be made.", false},
    {DESK_OUTBOX_PICTURE, NULL, "A picture that came by text could not be fetched.", false},
    {DESK_OUTBOX_DTOOLS, NULL, "A lead was not written into D-Tools.", false},
    {DESK_OUTBOX_WORDS, NULL, "A message could not be written down.", false},
    {DESK_OUTBOX_FETCH, NULL, "A recording could not be fetched from Twilio.", false},
    {DESK_OUTBOX_ERASE, NULL, "A recording could not be erased at Twilio.", false},
    {DESK_OUTBOX_EVENT, NULL, "A visit is not in Google Calendar yet.", false},
    {DESK_OUTBOX_SYNC, NULL, "Google Calendar could not be read.", false},
    {DESK_OUTBOX_CONNECT, NULL, "Google was not connected.", false},
    {DESK_OUTBOX_REVOKE, NULL, "Google was not told that it is let go.", false},
    {DESK_OUTBOX_IMPORT, NULL, "A calendar could not be read.", false},
    {DESK_OUTBOX_SHEETS, NULL, "A row was not written into your sheet.", false},
    {DESK_OUTBOX_WEBHOOK, NULL, "Another program was not told of something.", false},
};
#define KINDS (sizeof kinds / sizeof *kinds)

static size_t kind_of(const struct desk_outbox *o)
{
    size_t i = 0;
    while (i < KINDS && strcmp(kinds[i].kind, o->kind) != 0)
        i++;
    return i;
}

static const char *of_payload(struct group *g, const struct desk_outbox *o, const char *name)
{
    json_t *p = json_loads(o->payload ? o->payload : "", 0, NULL);
    const char *s = json_string_value(json_object_get(p, name));
    const char *copy = s ? desk_arena_strdup(g->req->arena, s) : NULL;
    json_decref(p);
    return copy;
}

static const char *what_of(struct group *g, const struct desk_outbox *o)
{
    char number[64];
    size_t k = kind_of(o);
    const char *to = k < KINDS && kinds[k].words ? of_payload(g, o, "to") : NULL;
    if (k == KINDS)
        return "Something was not sent.";
    if (!to)
        return kinds[k].nameless;
    desk_phone_national(number, sizeof number, to);
    const char *at = strstr(kinds[k].words, "%s");
    return desk_arena_fmt(g->req->arena, "%.*s%s%s", (int)(at - kinds[k].words), kinds[k].words,
                          number, at + 2);
}

static enum desk_rc not_delivered(struct group *g)
{
    struct desk_outbox *all;
    size_t n = 0;
    struct desk_request *req = g->req;
    enum desk_rc rc = desk_outbox_list(req->db, req->arena, req->tenant.id, true, SHOWN, &all, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        const struct desk_outbox *o = &all[i];
        bool unknown = strcmp(o->state, DESK_OUTBOX_UNKNOWN) == 0;
        size_t k = kind_of(o);
        const char *text = k < KINDS && kinds[k].text ? of_payload(g, o, "body") : NULL;
        put(g,
            &(struct card){
                .head = unknown ? desk_arena_fmt(req->arena, "%s It may have arrived all the same.",
                                                 what_of(g, o))
                                : what_of(g, o),
                .words = text ? desk_arena_fmt(req->arena, "“%s”", text) : NULL,
                .why = o->last_error,
                .since = o->created_at,
                .href = o->call_id ? desk_arena_fmt(req->arena, "/calls/%s", o->call_id) : NULL,
                .link = "See the call",
                .form = {{desk_arena_fmt(req->arena, "/attention/%s/retry", o->id),
                          unknown ? "Try again, even if it comes twice" : "Try again"},
                         {desk_arena_fmt(req->arena, "/attention/%s/leave", o->id), "Leave it"}}});
    }
    return rc;
}

/* ---- calendars, other programs, the machine -------------------------------------------------- */

static enum desk_rc calendars(struct group *g)
{
    struct desk_google_grant grant;
    struct desk_calendar_source *s;
    size_t n = 0;
    struct desk_request *req = g->req;
    enum desk_rc rc = desk_google_grant_get(req->db, req->arena, req->tenant.id, &grant);
    if (!rc && strcmp(grant.state, DESK_GRANT_BROKEN) == 0)
        put(g, &(struct card){.head = "Google Calendar is not connected any more.",
                              .words = "Callers hear that you will confirm their visit, until it "
                                       "is connected again.",
                              .why = grant.why,
                              .since = grant.updated_at,
                              .href = "/calendars",
                              .link = "Connect Google"});
    if (!rc || rc == DESK_ENOTFOUND)
        rc = desk_calendar_source_list(req->db, req->arena, req->tenant.id, &s, &n);
    for (size_t i = 0; !rc && i < n; i++)
        if (s[i].failing_since && s[i].failing_since < desk_now_ms() - DESK_DUTY_FAILING_MS)
            put(g, &(struct card){.head = "A calendar cannot be read.",
                                  .words = "What was read before still counts.",
                                  .why = s[i].why,
                                  .since = s[i].failing_since,
                                  .href = "/calendars",
                                  .link = "Look at its address"});
    return rc;
}

/* "https://hooks.example.com/x?key=…" → "hooks.example.com": the rest may be a secret. */
static const char *host_of(struct desk_request *req, const char *url)
{
    const char *host = strstr(url, "://");
    host = host ? host + 3 : url;
    return desk_arena_strndup(req->arena, host, strcspn(host, "/?#"));
}

static enum desk_rc webhooks(struct group *g)
{
    struct desk_webhook *w;
    size_t n = 0;
    struct desk_request *req = g->req;
    enum desk_rc rc = desk_webhook_list(req->db, req->arena, req->tenant.id, &w, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        bool gone = strcmp(w[i].state, DESK_WEBHOOK_GONE) == 0;
        if (!gone && strcmp(w[i].state, DESK_WEBHOOK_FAILING) != 0)
            continue;
        put(g, &(struct card){
                   .head = desk_arena_fmt(req->arena, "%s is not told any more.",
                                          host_of(req, w[i].url)),
                   .words = gone ? "It said that it wants nothing more."
                                 : "It took nothing for three days. What happened since was not "
                                   "told to it.",
                   .since = w[i].failing_since ? w[i].failing_since : w[i].updated_at,
                   .form = {{desk_arena_fmt(req->arena, "/attention/%s/tell", w[i].id),
                             "Tell it again from now on"}}});
    }
    return rc;
}

/* What is broken on the machine, but for what has a group of its own. */
static enum desk_rc machine(struct group *g)
{
    struct admin_check all[ADMIN_CHECKS_MAX];
    size_t n = 0;
    enum desk_rc rc = admin_checks(g->req, all, &n);
    for (size_t i = 0; !rc && i < n; i++)
        if (all[i].level == ADMIN_BROKEN && (!all[i].href || all[i].calls))
            put(g, &(struct card){.head = all[i].head,
                                  .words = all[i].todo,
                                  .why = all[i].words,
                                  .href = "/health",
                                  .link = "Health check"});
    return rc;
}

static const struct {
    const char *heading;
    enum desk_rc (*fn)(struct group *g);
} groups[] = {
    {"Not working", machine}, {"Said, but not on record", said}, {"Not delivered", not_delivered},
    {"Calendars", calendars}, {"Other programs", webhooks},
};

enum desk_rc admin_attention(struct desk_request *req)
{
    struct group g = {.req = req, .v = desk_page_begin(req, "Needs attention")};
    enum desk_rc rc = g.v ? DESK_OK : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < sizeof groups / sizeof *groups; i++) {
        g.at = (int)i;
        g.cards = 0;
        rc = groups[i].fn(&g);
        if (g.cards)
            desk_view_setf(g.v, groups[i].heading, "Groups.%zu.Heading", i);
        if (g.cards >= SHOWN)
            desk_view_setf(g.v, "1", "Groups.%zu.Cut", i);
    }
    if (rc)
        return rc;
    if (!g.all)
        desk_view_set(g.v, "None", "1");
    return desk_page_send(req, g.v, 0);
}

/* ---- the buttons ----------------------------------------------------------------------------- */

struct press {
    enum desk_rc (*change)(struct desk_db *, const char *tenant_id, const char *id);
    const char *action, *words, *undo; /* undo: what follows the row's address, or NULL */
    const char *too_late;              /* its words when there is nothing (any more) to do */
};

static enum desk_rc press(struct desk_request *req, const struct press *p)
{
    const char *id = desk_param(req, "id")->text;
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = p->change(req->db, req->tenant.id, id);
    bool done = rc == DESK_OK;
    if (done)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, p->action, id);
    if (!rc || rc == DESK_ENOTFOUND)
        rc = desk_page_result(
            req, done ? p->words : p->too_late,
            done && p->undo ? desk_arena_fmt(req->arena, "/attention/%s/%s", id, p->undo) : NULL);
    rc = desk_tx_end(req->db, rc);
    if (!rc)
        desk_reply_redirect(req, "/attention");
    return rc;
}

enum desk_rc admin_attention_retry(struct desk_request *req)
{
    return press(req, &(struct press){desk_outbox_retry, "outbox.retry",
                                      "It is tried again now. If it fails again, it comes back "
                                      "here.",
                                      NULL, "It is on its way already, or was left."});
}

enum desk_rc admin_attention_leave(struct desk_request *req)
{
    return press(req, &(struct press){desk_outbox_drop, "outbox.leave", "Left as it is.", "open",
                                      "It is on its way, or was left already."});
}

enum desk_rc admin_attention_back(struct desk_request *req)
{
    return press(req, &(struct press){desk_outbox_undrop, "outbox.open", "On the list again.", NULL,
                                      "Too late to undo. It stays as it is."});
}

static enum desk_rc switch_on(struct desk_request *req)
{
    struct desk_webhook w;
    enum desk_rc rc =
        desk_webhook_get(req->db, req->arena, req->tenant.id, desk_param(req, "id")->text, &w);
    if (rc)
        return rc;
    w.state = DESK_WEBHOOK_ON;
    rc = desk_webhook_update(req->db, &w);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "webhook.on", w.id);
    return rc ? rc
              : desk_page_result(req,
                                 desk_arena_fmt(req->arena, "%s is told again from now on.",
                                                host_of(req, w.url)),
                                 NULL);
}

enum desk_rc admin_attention_tell(struct desk_request *req)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, switch_on(req));
    if (!rc)
        desk_reply_redirect(req, "/attention");
    return rc;
}
