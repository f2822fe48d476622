#include "talk/occasions.h"
#include "base/log.h"
#include "core/dial_rules.h"
#include "store/consents.h"
#include "store/contacts.h"
#include "store/outbox.h"
#include "store/settings.h"
#include "talk/business.h"
#include "talk/owner_tell.h"
#include "talk/reach.h"
#include "talk/texts.h"
#include "talk/visit_text.h"

#include <stdio.h>
#include <string.h>

#define PAGE      100
#define NAME_MOST 60

static const struct {
    const char *name; /* of the text, and in the cause */
    enum desk_contact_fact fact;
    const char *what; /* for the owner */
} occasions[] = {
    {"birthday", DESK_FACT_BIRTHDAY, "birthday"},
    {"anniversary", DESK_FACT_ANNIVERSARY, "anniversary"},
};
#define OCCASIONS (sizeof occasions / sizeof *occasions)

struct work {
    struct desk_db *db;
    struct desk_arena *a;
    const char *tenant_id;
    int64_t now;
    struct desk_tenant_settings own;
    struct desk_business b;
    bool owner; /* the owner is told; else they get a text */
};

/* May the one with that number be reached at this hour? */
static bool is_awake(const struct work *w, const char *number)
{
    struct desk_reach reach;
    desk_reach_of(number, w->b.zone, &reach);
    const struct desk_reach_calls q =
        desk_reach_calls(&reach, desk_tenant_setting_int(&w->own, DESK_S_TEXT_QUIET_FROM),
                         desk_tenant_setting_int(&w->own, DESK_S_TEXT_QUIET_TO));
    return desk_reach_calls_end(&q, w->now) == 0;
}

/* The year whose day it is there now; 0 = it is not. */
static int year_of(const struct work *w, const struct desk_contact *c, const char *date)
{
    struct desk_reach reach;
    struct desk_local_time t;
    desk_reach_of(c->number, w->b.zone, &reach);
    desk_tz_local(reach.tz[0], w->now, &t);
    return desk_day_returns(date, t.year, t.month, t.day) ? t.year : 0;
}

/* *why: why nothing is said, or NULL. */
static enum desk_rc wanted(const struct work *w, const struct desk_contact *c, const char **why)
{
    bool no = false, yes = false;
    enum desk_rc rc =
        desk_consent_is(w->db, w->tenant_id, c->number, DESK_CONSENT_GREETINGS, false, &no);
    if (!rc)
        rc = desk_consent_is(w->db, w->tenant_id, c->number, DESK_CONSENT_GREETINGS, true, &yes);
    *why = no ? "They want none." : w->owner || yes ? NULL : "They did not agree to be greeted.";
    if (!*why)
        *why = w->owner ? NULL : desk_cannot_text(&w->b, c->number);
    return rc;
}

/* ---- the two ways ---------------------------------------------------------------------------- */

static enum desk_rc render(const struct work *w, const char *name, const struct desk_sms_value *v,
                           size_t n, const char **body)
{
    char why[200] = "";
    enum desk_rc rc = desk_text_render(w->a, &w->b, name, v, n, body, why, sizeof why);
    if (rc)
        desk_log(DESK_LOG_ERROR, "occasions.words", "text=%s why=\"%s\"", name, why);
    return rc;
}

static enum desk_rc text(const struct work *w, const char *to, const char *name, const char *body,
                         const char *key)
{
    const char *from = NULL;
    enum desk_rc rc = desk_visit_number(w->db, w->a, w->tenant_id, NULL, &from);
    if (rc || !from)
        return rc ? rc : DESK_DONE;
    const struct desk_text t = {
        .tenant_id = w->tenant_id, .from = from, .to = to, .name = name, .body = body, .key = key};
    return desk_text_queue(w->db, w->a, &t);
}

static enum desk_rc greet(const struct work *w, const struct desk_contact *c, size_t i,
                          const char *key)
{
    const char *body = NULL;
    const struct desk_sms_value v[] = {
        {"name", desk_text_line(w->a, c->name ? c->name : "", NAME_MOST, false)}};
    enum desk_rc rc = render(w, occasions[i].name, v, 1, &body);
    return rc ? rc : text(w, c->number, occasions[i].name, body, key);
}

/* By Telegram where there is a chat, else by a text. */
static enum desk_rc tell_owner(const struct work *w, const struct desk_contact *c, size_t i,
                               const char *key)
{
    const char *body = NULL, *chat = "";
    const char *who = c->name && *c->name ? c->name : "A VIP";
    const struct desk_sms_value v[] = {{"name", desk_text_line(w->a, who, NAME_MOST, false)},
                                       {"what", occasions[i].what},
                                       {"number", c->number}};
    enum desk_rc rc = render(w, "occasion_owner", v, 3, &body);
    if (!rc)
        rc = desk_owner_chat(w->db, w->a, w->tenant_id, &w->b, &chat);
    if (rc)
        return rc;
    if (!*chat)
        return desk_cannot_text(&w->b, w->b.owner->phone)
                   ? DESK_DONE
                   : text(w, w->b.owner->phone, "occasion_owner", body, key);
    return desk_telegram_queue(w->db, w->a,
                               &(struct desk_telegram_new){.tenant_id = w->tenant_id,
                                                           .chat = chat,
                                                           .text = body,
                                                           .key = key,
                                                           .priority = DESK_OUTBOX_NORMAL});
}

/* ---- one contact, all of them ---------------------------------------------------------------- */

static enum desk_rc one(const struct work *w, const struct desk_contact *c, size_t i,
                        size_t *queued)
{
    const char *why = NULL;
    int year = year_of(w, c, desk_contact_fact_of(c, occasions[i].fact));
    if (!year || !is_awake(w, w->owner ? w->b.owner->phone : c->number))
        return DESK_OK;
    const char *key = desk_arena_fmt(w->a, "occasion:%s:%s:%d", occasions[i].name, c->id, year);
    enum desk_rc rc = key ? DESK_TX_BEGIN(w->db) : DESK_ENOMEM;
    if (rc)
        return rc;
    rc = wanted(w, c, &why);
    if (!rc && !why)
        rc = w->owner ? tell_owner(w, c, i, key) : greet(w, c, i, key);
    rc = desk_tx_end(w->db, rc == DESK_ECONFLICT ? DESK_DONE : rc);
    *queued += !rc && !why;
    return rc == DESK_DONE ? DESK_OK : rc;
}

static enum desk_rc begin(struct work *w)
{
    enum desk_rc rc = desk_tenant_settings_load(w->db, w->a, w->tenant_id, &w->own);
    const char *way = rc ? "off" : desk_tenant_setting(&w->own, DESK_S_VIP_GREETINGS);
    w->owner = strcmp(way, "owner") == 0;
    if (rc || strcmp(way, "off") == 0)
        return rc ? rc : DESK_DONE;
    return desk_business_load(w->db, w->a, w->tenant_id, NULL, &w->b);
}

enum desk_rc desk_occasions(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                            int64_t now, size_t *queued)
{
    struct desk_contact *rows = NULL;
    char after[DESK_ID_LEN] = "";
    size_t n = 1;
    enum desk_rc rc = DESK_OK;
    *queued = 0;
    while (!rc && n) {
        desk_arena_reset(a);
        struct work w = {.db = db, .a = a, .tenant_id = tenant_id, .now = now};
        rc = begin(&w);
        if (!rc)
            rc = desk_contact_vips(db, a, tenant_id, after, PAGE, &rows, &n);
        for (size_t k = 0; !rc && k < n; k++)
            for (size_t i = 0; !rc && i < OCCASIONS; i++)
                rc = one(&w, &rows[k], i, queued);
        if (!rc && n)
            snprintf(after, sizeof after, "%s", rows[n - 1].id);
    }
    return rc == DESK_DONE ? DESK_OK : rc;
}
