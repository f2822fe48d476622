#include "talk/spend.h"
#include "core/price.h"
#include "core/route.h"
#include "store/outbox.h"
#include "store/settings.h"
#include "store/spend.h"
#include "store/tenants.h"
#include "talk/business.h"
#include "talk/owner_tell.h"
#include "talk/texts.h"

#include <string.h>

#define HOUR_MS   3600000LL
#define OPEN_MS   (4 * HOUR_MS) /* a call that began earlier runs no more */
#define CENT      10000000LL    /* in billionths of a dollar */
#define ARENA_MAX ((size_t)8 * 1024 * 1024)

enum desk_rc desk_spend_limits(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                               struct desk_spend_limits *out)
{
    struct desk_tenant_settings own;
    enum desk_rc rc = desk_tenant_settings_load(db, a, tenant_id, &own);
    *out = (struct desk_spend_limits){.month = 0};
    if (rc)
        return rc;
    out->month = desk_tenant_setting_int(&own, DESK_S_SPEND_MONTH_DOLLARS) * 100 * CENT;
    out->hour = desk_tenant_setting_int(&own, DESK_S_SPEND_HOUR_CENTS) * CENT;
    out->caller_day = desk_tenant_setting_int(&own, DESK_S_SPEND_CALLER_CENTS) * CENT;
    out->call = desk_tenant_setting_int(&own, DESK_S_SPEND_CALL_CENTS) * CENT;
    out->loop_calls = desk_tenant_setting_int(&own, DESK_S_LOOP_CALLS);
    out->loop_minutes = desk_tenant_setting_int(&own, DESK_S_LOOP_MINUTES);
    out->then = desk_spend_then_parse(desk_tenant_setting(&own, DESK_S_SPEND_THEN));
    return DESK_OK;
}

/* ---- what is spent --------------------------------------------------------------------------- */

struct spending {
    struct desk_db *db;
    const char *tenant_id, *from_key;
    const struct desk_spend_limits *l;
    bool all;
    int64_t now, month_at, day_at;
    struct desk_spend_facts *f;
};

/* Calls that run, or were not reckoned yet, at what a minute costs of late. */
static enum desk_rc running(const struct spending *s, const char *from_key, int64_t since,
                            int64_t *nanos)
{
    int64_t ms = 0;
    int64_t from = since > s->now - OPEN_MS ? since : s->now - OPEN_MS;
    enum desk_rc rc = desk_spend_open(s->db, s->tenant_id, from_key, from, s->now, &ms);
    *nanos += ms * (s->f->minute / 1000) / 60;
    return rc;
}

static enum desk_rc of_month(const struct spending *s)
{
    enum desk_rc rc = desk_spend_since_hour(s->db, s->tenant_id, s->month_at, &s->f->month);
    return rc ? rc : running(s, NULL, s->month_at, &s->f->month);
}

static enum desk_rc of_hour(const struct spending *s)
{
    enum desk_rc rc = desk_spend_since(s->db, s->tenant_id, s->now - HOUR_MS, &s->f->hour);
    return rc ? rc : running(s, NULL, s->now - HOUR_MS, &s->f->hour);
}

static enum desk_rc of_caller(const struct spending *s)
{
    enum desk_rc rc =
        desk_spend_caller(s->db, s->tenant_id, s->from_key, s->day_at, &s->f->caller_day);
    return rc ? rc : running(s, s->from_key, s->day_at, &s->f->caller_day);
}

static enum desk_rc of_loop(const struct spending *s)
{
    int64_t urgent = 0, since = s->now - s->l->loop_minutes * 60000;
    enum desk_rc rc =
        desk_spend_calls(s->db, s->tenant_id, s->from_key, since, &s->f->calls_lately, &urgent);
    s->f->calls_lately++; /* and this one */
    s->f->urgent_lately = urgent > 0;
    return rc;
}

enum desk_rc desk_spend_facts(struct desk_db *db, const char *tenant_id, const struct desk_tz *tz,
                              const char *from_key, const struct desk_spend_limits *l, bool all,
                              int64_t now, struct desk_spend_facts *out)
{
    struct desk_local_time t;
    desk_tz_local(tz, now, &t);
    const struct spending s = {.db = db,
                               .tenant_id = tenant_id,
                               .from_key = from_key,
                               .l = l,
                               .all = all,
                               .now = now,
                               .month_at = desk_tz_day_start(tz, t.year, t.month, 1),
                               .day_at = desk_tz_day_start(tz, t.year, t.month, t.day),
                               .f = out};
    bool money = all || l->month || l->hour || l->call || (l->caller_day && from_key);
    enum desk_rc rc = DESK_OK;
    *out = (struct desk_spend_facts){.month = 0};
    if (money)
        rc = desk_spend_minute(db, tenant_id, &out->minute);
    if (!rc && (all || l->month))
        rc = of_month(&s);
    if (!rc && (all || l->hour))
        rc = of_hour(&s);
    if (!rc && from_key && l->caller_day)
        rc = of_caller(&s);
    return rc || !from_key || !l->loop_calls ? rc : of_loop(&s);
}

/* ---- a new call ------------------------------------------------------------------------------ */

/* Who is put through, asked for a PIN or not answered costs nothing worth a guard. */
static bool talks(const struct desk_call *c)
{
    static const enum desk_route_action others[] = {DESK_DO_TRANSFER_EXCEPTION, DESK_DO_NOT_CALL,
                                                    DESK_DO_REJECT, DESK_DO_VOICE_QUERY};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (c->action && strcmp(c->action, desk_route_action_name(others[i])) == 0)
            return false;
    return !c->channel && strcmp(c->direction, "inbound") == 0;
}

static void answer(struct desk_call *c, enum desk_spend_then then)
{
    switch (then) {
    case DESK_SPEND_VOICEMAIL:
        c->action = DESK_SPEND_ACTION_RECORD;
        c->next_step = DESK_NEXT_MESSAGE;
        break;
    case DESK_SPEND_RING:
        c->action = DESK_SPEND_ACTION_RING;
        break;
    case DESK_SPEND_SHORT:
        c->mode = DESK_MODE_GATHER;
        break;
    case DESK_SPEND_REJECT:
        c->action = desk_route_action_name(DESK_DO_REJECT);
        break;
    case DESK_SPEND_GO:
        break;
    }
}

enum desk_rc desk_spend_guard(struct desk_db *db, struct desk_arena *a, const struct desk_tz *tz,
                              struct desk_call *c, struct desk_spend_verdict *v)
{
    struct desk_spend_limits l;
    struct desk_spend_facts f;
    *v = (struct desk_spend_verdict){.then = DESK_SPEND_GO};
    if (!talks(c))
        return DESK_OK;
    enum desk_rc rc = desk_spend_limits(db, a, c->tenant_id, &l);
    if (!rc)
        rc = desk_spend_facts(db, c->tenant_id, tz, c->from_key, &l, false, c->started_at, &f);
    if (rc)
        return rc;
    desk_spend_decide(a, &l, &f, v);
    c->max_s = v->most_s;
    answer(c, v->then);
    return DESK_OK;
}

/* ---- the owner ------------------------------------------------------------------------------- */

struct news {
    struct desk_db *db;
    struct desk_arena *a;
    const struct desk_tenant *tenant;
    struct desk_business b;
    const char *chat;
    size_t *n;
};

static enum desk_rc queue(const struct news *w, const char *key, const char *body)
{
    const struct desk_business *b = &w->b;
    enum desk_rc rc = DESK_ECONFLICT;
    if (*w->chat)
        rc = desk_telegram_queue(w->db, w->a,
                                 &(struct desk_telegram_new){.tenant_id = w->tenant->id,
                                                             .chat = w->chat,
                                                             .text = body,
                                                             .key = key,
                                                             .priority = DESK_OUTBOX_ALERT});
    *w->n += rc == DESK_OK;
    if ((rc && rc != DESK_ECONFLICT) || !b->numbers.n || desk_cannot_text(b, b->owner->phone))
        return rc == DESK_ECONFLICT ? DESK_OK : rc;
    rc = desk_text_queue(w->db, w->a,
                         &(struct desk_text){.tenant_id = w->tenant->id,
                                             .from = b->numbers.v[0],
                                             .to = b->owner->phone,
                                             .body = body,
                                             .key = key,
                                             .priority = DESK_OUTBOX_ALERT});
    *w->n += rc == DESK_OK;
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

static const char *what_now(enum desk_spend_then then)
{
    return then == DESK_SPEND_RING    ? "Until then callers are put through to your phone."
           : then == DESK_SPEND_SHORT ? "Until then callers are helped question by question."
                                      : "Until then callers are asked for a message.";
}

static enum desk_rc tell_one(const struct news *w, const char *key, const char *what, int64_t spent,
                             int64_t limit, const char *until, enum desk_spend_then then)
{
    char have[32], most[32];
    const char *body = desk_arena_fmt(
        w->a,
        "%s: the limit for the calls of %s is reached: %s of %s. It counts anew %s. %s "
        "Emergencies still reach you.",
        w->b.name, what, desk_cost_say(have, spent), desk_cost_say(most, limit), until,
        what_now(then));
    enum desk_rc rc = body && key ? DESK_TX_BEGIN(w->db) : DESK_ENOMEM;
    return rc ? rc : desk_tx_end(w->db, queue(w, key, body));
}

static enum desk_rc tell(struct news *w, int64_t now)
{
    struct desk_spend_limits l;
    struct desk_spend_facts f;
    struct desk_local_time t;
    enum desk_rc rc = desk_spend_limits(w->db, w->a, w->tenant->id, &l);
    if (rc || (!l.month && !l.hour))
        return rc;
    rc = desk_business_load(w->db, w->a, w->tenant->id, NULL, &w->b);
    if (!rc)
        rc = desk_spend_facts(w->db, w->tenant->id, w->b.zone, NULL, &l, false, now, &f);
    if (!rc)
        rc = desk_owner_chat(w->db, w->a, w->tenant->id, &w->b, &w->chat);
    if (rc)
        return rc;
    desk_tz_local(w->b.zone, now, &t);
    if (l.month && f.month >= l.month)
        rc = tell_one(w, desk_arena_fmt(w->a, "spend:month:%04d-%02d", t.year, t.month),
                      "this month", f.month, l.month, "on the first", l.then);
    if (!rc && l.hour && f.hour >= l.hour)
        rc = tell_one(w, desk_arena_fmt(w->a, "spend:hour:%lld", (long long)(now / HOUR_MS)),
                      "one hour", f.hour, l.hour, "as the hour passes", l.then);
    return rc;
}

enum desk_rc desk_spend_tell(struct desk_db *db, int64_t now, size_t *n)
{
    struct desk_tenant *t;
    size_t all = 0;
    struct desk_arena *a = desk_arena_new(ARENA_MAX), *one = desk_arena_new(ARENA_MAX);
    enum desk_rc rc = a && one ? desk_tenant_list(db, a, &t, &all) : DESK_ENOMEM, bad = rc;
    *n = 0;
    for (size_t i = 0; !rc && i < all; i++) {
        struct news w = {.db = db, .a = one, .tenant = &t[i], .chat = "", .n = n};
        enum desk_rc each = tell(&w, now);
        bad = bad ? bad : each;
        desk_arena_reset(one);
    }
    desk_arena_free(one);
    desk_arena_free(a);
    return bad;
}
