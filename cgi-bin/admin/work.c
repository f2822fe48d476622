/* Do these first: what waits for the owner, the worst on top. An emergency nobody has seen, then
 * what was said and not done, callbacks that are late or due within the hour, messages, and what
 * could not be delivered. */
#include "cgi-bin/admin/today.h"
#include "cgi-bin/words.h"
#include "base/clock.h"
#include "core/claims.h"
#include "core/phone.h"
#include "store/alerts.h"
#include "store/duty.h"
#include "store/outbox.h"
#include "store/promises.h"

#include <stdio.h>
#include <string.h>

#define SHOWN       5
#define LOOKED_AT   50
#define ALERT_MS    (48LL * 3600 * 1000)
#define MESSAGES_MS (14LL * 24 * 3600 * 1000)

struct card {
    const char *tag, *kind, *icon;
    const char *href, *head, *words;
    const char *number;       /* to ring, or NULL */
    const char *done, *label; /* a form: where it goes, and what its button says; or NULL */
};

struct work {
    struct desk_request *req;
    struct desk_view *v;
    size_t n; /* cards, with those that are not shown */
};

/* The cards that are not shown are counted only. */
static bool shown(struct work *w)
{
    return w->n < SHOWN;
}

static void put(struct work *w, const struct card *c)
{
    char shown_as[64];
    size_t i = w->n++;
    if (i >= SHOWN)
        return;
    desk_view_setf(w->v, c->tag, "Work.%zu.Tag", i);
    desk_view_setf(w->v, c->kind, "Work.%zu.TagKind", i);
    desk_view_setf(w->v, c->icon, "Work.%zu.TagIcon", i);
    desk_view_setf(w->v, c->href, "Work.%zu.Href", i);
    desk_view_setf(w->v, c->head, "Work.%zu.Head", i);
    desk_view_setf(w->v, c->words, "Work.%zu.Words", i);
    desk_view_setf(w->v, c->done, "Work.%zu.Done", i);
    desk_view_setf(w->v, c->label, "Work.%zu.Label", i);
    if (c->number && *c->number) {
        desk_view_setf(w->v, c->number, "Work.%zu.Number", i);
        desk_view_setf(w->v, desk_phone_national(shown_as, sizeof shown_as, c->number),
                       "Work.%zu.Shown", i);
    }
}

/* What is known of the call a card is about. DESK_ENOTFOUND: it was erased. */
static enum desk_rc facts_of(struct work *w, const char *call_id, struct admin_facts *f)
{
    struct desk_call *c = desk_arena_alloc(w->req->arena, sizeof *c);
    enum desk_rc rc =
        c ? desk_call_get(w->req->db, w->req->arena, w->req->tenant.id, call_id ? call_id : "", c)
          : DESK_ENOMEM;
    return rc ? rc : admin_facts_load(w->req, c, f);
}

static const char *call_path(struct work *w, const char *id)
{
    return desk_arena_fmt(w->req->arena, "/calls/%s", id);
}

/* ---- emergencies ----------------------------------------------------------------------------- */

static bool same_call(const struct desk_alert *a, size_t before, const struct desk_alert *all)
{
    for (size_t i = 0; a->call_id && i < before; i++)
        if (all[i].call_id && strcmp(all[i].call_id, a->call_id) == 0 &&
            strcmp(all[i].state, "open") == 0)
            return true;
    return false;
}

static enum desk_rc alert(struct work *w, const struct desk_alert *a)
{
    struct admin_facts f;
    struct desk_request *req = w->req;
    bool emergency = strcmp(a->kind, DESK_ALERT_EMERGENCY) == 0;
    if (!shown(w)) {
        put(w, &(struct card){0});
        return DESK_OK;
    }
    enum desk_rc rc = facts_of(w, a->call_id, &f);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    put(w, &(struct card){.tag = emergency ? "Emergency" : "Wants you",
                          .kind = emergency ? "p1" : "p2",
                          .icon = emergency ? "octagon" : "triangle",
                          .href = rc ? NULL : call_path(w, a->call_id),
                          .head = rc ? "A call that is erased"
                                     : desk_arena_fmt(req->arena, "%s, %s", f.who,
                                                      admin_ago(req, a->created_at)),
                          .words = a->because,
                          .number = rc ? NULL : f.number,
                          .done = desk_arena_fmt(req->arena, "/alerts/%s/seen", a->id),
                          .label = "I have seen it"});
    return DESK_OK;
}

static enum desk_rc alerts(struct work *w)
{
    struct desk_alert *all;
    size_t n = 0;
    enum desk_rc rc =
        desk_alert_list(w->req->db, w->req->arena, w->req->tenant.id, LOOKED_AT, &all, &n);
    for (size_t i = 0; !rc && i < n; i++)
        if (strcmp(all[i].state, "open") == 0 && strcmp(all[i].severity, "P3") != 0 &&
            all[i].created_at > desk_now_ms() - ALERT_MS && !same_call(&all[i], i, all))
            rc = alert(w, &all[i]);
    return rc;
}

/* ---- said, and not done ---------------------------------------------------------------------- */

static enum desk_rc undone(struct work *w)
{
    struct desk_attention *all;
    size_t n = 0;
    enum desk_rc rc =
        desk_attention_list(w->req->db, w->req->arena, w->req->tenant.id, LOOKED_AT, &all, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        struct admin_facts f = {.who = "A call"};
        if (shown(w))
            rc = facts_of(w, all[i].call_id, &f);
        if (rc && rc != DESK_ENOTFOUND)
            return rc;
        rc = DESK_OK;
        put(w, &(struct card){.tag = "Check what was said",
                              .kind = "check",
                              .icon = "question",
                              .href = call_path(w, all[i].call_id),
                              .head = f.who,
                              .words = desk_claim_missing(desk_claim_parse(all[i].claim))});
    }
    return rc;
}

/* ---- callbacks ------------------------------------------------------------------------------- */

static enum desk_rc callbacks(struct work *w)
{
    struct desk_callback *all;
    size_t n = 0;
    struct desk_request *req = w->req;
    enum desk_rc rc =
        desk_callback_open_list(req->db, req->arena, req->tenant.id,
                                desk_now_ms() + DESK_DUTY_SOON_MS, LOOKED_AT, &all, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        const struct desk_callback *k = &all[i];
        const struct admin_mark tag = admin_callback_tag(req, k);
        if (!k->due_at && k->created_at > desk_now_ms() - DESK_DUTY_SOON_MS * 24)
            continue; /* it is reckoned within seconds */
        put(w, &(struct card){
                   .tag = tag.word,
                   .kind = tag.kind,
                   .icon = tag.icon,
                   .href = k->call_id ? call_path(w, k->call_id) : "/callbacks",
                   .head = desk_arena_fmt(req->arena, "Call back %s", admin_callback_who(req, k)),
                   .words = k->reason,
                   .number = k->number,
                   .done = desk_arena_fmt(req->arena, "/callbacks/%s/done", k->id),
                   .label = "Mark done"});
    }
    return rc;
}

/* ---- messages -------------------------------------------------------------------------------- */

static enum desk_rc message(struct work *w, const struct desk_message *m)
{
    struct admin_facts f;
    struct desk_request *req = w->req;
    if (!shown(w) || !m->call_id) {
        put(w, &(struct card){.head = "A message"});
        return DESK_OK;
    }
    enum desk_rc rc = facts_of(w, m->call_id, &f);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    put(w, &(struct card){
               .tag = m->urgent ? "Urgent message" : "New message",
               .kind = m->urgent ? "p2" : "todo",
               .icon = m->urgent ? "triangle" : "bubble",
               .href = call_path(w, m->call_id),
               .head = desk_arena_fmt(req->arena, "%s, %s", f.who, admin_ago(req, m->created_at)),
               .words = m->text ? m->text : "No words written down: listen to it.",
               .number = m->number ? m->number : f.number,
               .done = desk_arena_fmt(req->arena, "/calls/%s/messages/%s/done", m->call_id, m->id),
               .label = "Mark done"});
    return DESK_OK;
}

static enum desk_rc messages(struct work *w)
{
    struct desk_message *all;
    size_t n = 0;
    const struct desk_period lately = {.tenant_id = w->req->tenant.id,
                                       .from = desk_now_ms() - MESSAGES_MS,
                                       .to = desk_now_ms() + 1,
                                       .max = LOOKED_AT};
    enum desk_rc rc = desk_message_between(w->req->db, w->req->arena, &lately, &all, &n);
    for (size_t i = 0; !rc && i < n; i++)
        rc = message(w, &all[i]);
    return rc;
}

/* ---- not delivered --------------------------------------------------------------------------- */

static enum desk_rc undelivered(struct work *w)
{
    char words[64];
    struct desk_outbox *all;
    size_t n = 0;
    enum desk_rc rc =
        desk_outbox_list(w->req->db, w->req->arena, w->req->tenant.id, true, LOOKED_AT, &all, &n);
    if (rc || !n)
        return rc;
    desk_words_count(words, sizeof words, (int64_t)n, "thing was", "things were");
    put(w, &(struct card){.tag = "Not delivered",
                          .kind = "p2",
                          .icon = "triangle",
                          .href = "/attention",
                          .head = "See what could not be delivered",
                          .words = desk_arena_fmt(w->req->arena, "%s given up.", words)});
    return DESK_OK;
}

enum desk_rc admin_work(struct desk_request *req, struct desk_view *v, size_t *n)
{
    static enum desk_rc (*const sources[])(struct work *) = {alerts, undone, callbacks, messages,
                                                             undelivered};
    struct work w = {.req = req, .v = v};
    enum desk_rc rc = DESK_OK;
    for (size_t i = 0; !rc && i < sizeof sources / sizeof *sources; i++)
        rc = sources[i](&w);
    *n = w.n;
    if (w.n > SHOWN)
        desk_view_int(v, "WorkMore", (int64_t)(w.n - SHOWN));
    return rc;
}
