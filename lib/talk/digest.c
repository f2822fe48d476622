#include "talk/digest.h"
#include "base/limits.h"
#include "base/log.h"
#include "core/phone.h"
#include "core/price.h"
#include "store/outbox.h"
#include "store/promises.h"
#include "store/report.h"
#include "store/results.h"
#include "store/tenants.h"
#include "talk/business.h"
#include "talk/owner_tell.h"
#include "talk/report.h"
#include "talk/template.h"
#include "talk/texts.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_MS    (3600LL * 1000)
#define DAY_MS     (24 * HOUR_MS)
#define LATE_MS    (12 * HOUR_MS)
#define OPEN_SHOWN 5
#define OPEN_MOST  200
#define REASON_CUT 80
#define TEXT_MAX   ((size_t)16 * 1024)
#define ARENA_MAX  ((size_t)64 * 1024 * 1024)

/* ---- words ----------------------------------------------------------------------------------- */

const char *desk_digest_period(struct desk_arena *a, const struct desk_report *r)
{
    char from[64], to[64];
    bool day = r->to - r->from <= DAY_MS + HOUR_MS; /* with the clocks put back */
    desk_when_date_long(to, sizeof to, r->tz, r->to - 1);
    if (day)
        return desk_arena_strdup(a, to);
    desk_when_date(from, sizeof from, r->tz, r->from);
    desk_when_date(to, sizeof to, r->tz, r->to - 1);
    return desk_arena_fmt(a, "%s to %s", from, to);
}

/* sentence: it begins with a capital. */
static const char *line_of(struct desk_arena *a, const struct desk_report *r, bool sentence)
{
    struct desk_buf b;
    desk_buf_init(&b, 1024);
    desk_report_line(r, &b);
    char *text = desk_arena_strdup(a, desk_buf_cstr(&b));
    if (text && sentence && *text == 'n')
        *text = 'N';
    desk_buf_clear(&b);
    return text;
}

static void set_outcomes(struct desk_view *v, const struct desk_report *r)
{
    int k = 0;
    for (size_t i = 0; i < DESK_REPORT_OUTCOMES; i++) {
        const struct desk_report_outcome *o = &desk_report_outcomes[i];
        int64_t n = r->by_outcome[i];
        if (!n)
            continue;
        desk_view_setf(v, n == 1 ? o->title : o->many, "Outcomes.%d.Many", k);
        char count[24];
        snprintf(count, sizeof count, "%lld", (long long)n);
        desk_view_setf(v, count, "Outcomes.%d.N", k++);
    }
}

static const char *who(struct desk_arena *a, const char *name, const char *number)
{
    char spoken[DESK_PHONE_LEN + 16];
    if (number && *number)
        desk_phone_national(spoken, sizeof spoken, number);
    if (name && *name && number && *number)
        return desk_arena_fmt(a, "%s, %s", name, spoken);
    return name && *name ? name : number && *number ? desk_arena_strdup(a, spoken) : "somebody";
}

static void set_top(struct desk_view *v, struct desk_arena *a, const struct desk_report *r)
{
    char n[24];
    int k = 0;
    for (size_t i = 0; i < r->n_top; i++) {
        const struct desk_report_caller *c = &r->top[i];
        if (!c->name && !c->number) /* their calls were erased */
            continue;
        desk_view_setf(v, who(a, c->name, c->number), "Top.%d.Who", k);
        snprintf(n, sizeof n, "%lld", (long long)c->n);
        desk_view_setf(v, n, "Top.%d.N", k++);
    }
}

static enum desk_rc set_open(struct desk_view *v, struct desk_db *db, struct desk_arena *a,
                             const char *tenant_id, bool phi)
{
    struct desk_callback *rows;
    size_t n = 0;
    enum desk_rc rc = desk_callback_open_list(db, a, tenant_id, INT64_MAX, OPEN_MOST, &rows, &n);
    for (size_t i = 0; !rc && !phi && i < n && i < OPEN_SHOWN; i++) {
        desk_view_setf(v, who(a, rows[i].name, rows[i].number), "Open.%zu.Who", i);
        desk_view_setf(v,
                       desk_text_line(a, rows[i].reason ? rows[i].reason : "", REASON_CUT, false),
                       "Open.%zu.Reason", i);
        desk_view_setf(v, rows[i].when_text, "Open.%zu.When", i);
    }
    if (!rc && !phi && n > OPEN_SHOWN)
        desk_view_int(v, "More", (int64_t)n - OPEN_SHOWN);
    return rc;
}

static void set_figures(struct desk_view *v, struct desk_arena *a, const struct desk_report *r)
{
    const struct {
        const char *name;
        int64_t n;
    } rows[] = {{"Escalations", r->escalations},
                {"Promised", r->promised},
                {"Kept", r->kept},
                {"Tickets", r->tickets},
                {"Undone", r->undone}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        desk_view_int(v, rows[i].name, rows[i].n);
    if (r->visits_next)
        desk_view_set(v, "Visits",
                      desk_arena_fmt(a, "%lld %s in the %s ahead%s", (long long)r->visits_next,
                                     r->visits_next == 1 ? "appointment" : "appointments",
                                     r->to - r->from <= DAY_MS + HOUR_MS ? "day" : "days",
                                     r->visits_sure ? desk_arena_fmt(a, ", %lld confirmed",
                                                                     (long long)r->visits_sure)
                                                    : ""));
    char cost[32];
    if (r->cost_nanos)
        desk_view_set(v, "Cost", desk_cost_say(cost, r->cost_nanos));
    if (r->turn.n)
        desk_view_set(v, "Wait", desk_arena_fmt(a, "%.1f", (double)r->turn.p50 / 1000));
}

enum desk_rc desk_digest_text(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const struct desk_business *b, const struct desk_report *r,
                              const char **text)
{
    struct desk_buf out;
    struct desk_view *v = desk_view_new();
    if (!v)
        return DESK_ENOMEM;
    desk_buf_init(&out, TEXT_MAX);
    desk_view_set(v, "Business", b->name);
    desk_view_set(v, "Period", desk_digest_period(a, r));
    desk_view_set(v, "Line", line_of(a, r, true));
    set_outcomes(v, r);
    set_figures(v, a, r);
    if (!b->phi)
        set_top(v, a, r);
    enum desk_rc rc = set_open(v, db, a, tenant_id, b->phi);
    if (!rc)
        rc = desk_view_render(v, "digest/digest.cs", DESK_ESCAPE_NONE, &out);
    *text = rc ? NULL : desk_arena_strdup(a, desk_buf_cstr(&out));
    desk_buf_clear(&out);
    desk_view_free(v);
    return rc ? rc : *text ? DESK_OK : DESK_ENOMEM;
}

enum desk_rc desk_digest_sms(struct desk_arena *a, const struct desk_business *b,
                             const struct desk_report *r, const char **text)
{
    char why[200];
    const struct desk_sms_value values[] = {{"period", desk_digest_period(a, r)},
                                            {"figures", line_of(a, r, false)}};
    enum desk_rc rc = desk_text_render(a, b, "digest_owner", values, 2, text, why, sizeof why);
    if (rc)
        desk_log(DESK_LOG_ERROR, "digest.words", "why=\"%s\"", why);
    return rc;
}

/* ---- writing and sending --------------------------------------------------------------------- */

struct writing {
    struct desk_db *db;
    struct desk_arena *a;
    const struct desk_tenant *tenant;
    const struct desk_business *b;
    const char *kind;
    const char *chat, *from; /* Telegram's; ours: NULL = not by that way */
    const char *text, *sms, *figures, *key;
    int64_t sent;
};

/* By which ways the owner wants it, and can be reached. */
static enum desk_rc find_ways(struct writing *w)
{
    const struct desk_business *b = w->b;
    const char *chat = "";
    bool either = !b->digest.sms && !b->digest.telegram;
    enum desk_rc rc = either || b->digest.telegram
                          ? desk_owner_chat(w->db, w->a, w->tenant->id, b, &chat)
                          : DESK_OK;
    w->chat = *chat ? chat : NULL;
    bool text = b->digest.sms || (either && !w->chat);
    if (text && b->numbers.n && !desk_cannot_text(b, b->owner->phone))
        w->from = b->numbers.v[0];
    return rc;
}

static enum desk_rc send_telegram(struct writing *w)
{
    enum desk_rc rc =
        desk_telegram_queue(w->db, w->a,
                            &(struct desk_telegram_new){.tenant_id = w->tenant->id,
                                                        .chat = w->chat,
                                                        .text = w->text,
                                                        .key = w->key,
                                                        .priority = DESK_OUTBOX_NORMAL});
    w->sent += rc == DESK_OK;
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

static enum desk_rc send_sms(struct writing *w)
{
    const struct desk_text text = {.tenant_id = w->tenant->id,
                                   .from = w->from,
                                   .to = w->b->owner->phone,
                                   .name = "digest_owner",
                                   .body = w->sms,
                                   .key = w->key,
                                   .priority = DESK_OUTBOX_NORMAL};
    enum desk_rc rc = desk_text_queue(w->db, w->a, &text);
    w->sent += rc == DESK_OK;
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

static enum desk_rc write_rows(struct writing *w, const struct desk_report *r, bool send)
{
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    if (rc)
        return rc;
    if (send && w->chat)
        rc = send_telegram(w);
    if (!rc && send && w->from)
        rc = send_sms(w);
    if (!rc)
        rc = desk_digest_insert(w->db, &(struct desk_digest){.tenant_id = w->tenant->id,
                                                             .kind = w->kind,
                                                             .from_at = r->from,
                                                             .to_at = r->to,
                                                             .figures = w->figures,
                                                             .text = w->text,
                                                             .sent = w->sent});
    return desk_tx_end(w->db, rc);
}

/* Of a quiet day nobody needs a message. */
static bool worth_it(const struct desk_report *r)
{
    return r->calls || r->open || r->attention || r->visits_next;
}

static enum desk_rc write_words(struct writing *w, const struct desk_report *r)
{
    json_t *figures = desk_report_json(r);
    char *json = figures ? json_dumps(figures, JSON_COMPACT) : NULL;
    w->figures = json ? desk_arena_strdup(w->a, json) : NULL;
    w->key = desk_arena_fmt(w->a, "digest:%s:%lld", w->kind, (long long)r->to);
    free(json);
    json_decref(figures);
    enum desk_rc rc = w->figures && w->key
                          ? desk_digest_text(w->db, w->a, w->tenant->id, w->b, r, &w->text)
                          : DESK_ENOMEM;
    if (!rc)
        rc = find_ways(w);
    return rc || !w->from ? rc : desk_digest_sms(w->a, w->b, r, &w->sms);
}

static enum desk_rc write_one(struct desk_db *db, struct desk_arena *a, const struct desk_tenant *t,
                              const struct desk_business *b, bool weekly, int64_t now, size_t *n)
{
    struct desk_digest *last;
    size_t found = 0;
    int64_t from, to;
    struct writing w = {.db = db, .a = a, .tenant = t, .b = b};
    w.kind = weekly ? DESK_DIGEST_WEEKLY : DESK_DIGEST_DAILY;
    desk_report_due(b->zone, b->digest.at, weekly ? b->digest.weekday : -1, now, &from, &to);
    enum desk_rc rc = desk_digest_list(db, a, t->id, w.kind, 1, &last, &found);
    if (rc || (found && last[0].to_at >= to) || t->created_at >= to)
        return rc;
    struct desk_report *r = desk_arena_alloc(a, sizeof *r);
    rc = r ? desk_report_make(db, a, t->id, NULL, from, to, r) : DESK_ENOMEM;
    if (!rc)
        rc = write_words(&w, r);
    bool wanted = weekly ? b->digest.weekly : b->digest.daily;
    if (!rc)
        rc = write_rows(&w, r, wanted && now - to < LATE_MS && worth_it(r));
    *n += rc == DESK_OK;
    return rc == DESK_ECONFLICT ? DESK_OK : rc; /* another worker was quicker */
}

static enum desk_rc write_of(struct desk_db *db, const struct desk_tenant *t, int64_t now,
                             size_t *n)
{
    struct desk_business b;
    struct desk_arena *a = desk_arena_new(ARENA_MAX);
    enum desk_rc rc = a ? desk_business_load(db, a, t->id, NULL, &b) : DESK_ENOMEM;
    for (int weekly = 0; !rc && weekly < 2; weekly++)
        rc = write_one(db, a, t, &b, weekly == 1, now, n);
    desk_arena_free(a);
    return rc;
}

enum desk_rc desk_digests_write(struct desk_db *db, int64_t now, size_t *n)
{
    struct desk_tenant *t;
    size_t tenants = 0;
    struct desk_arena *a = desk_arena_new(ARENA_MAX);
    enum desk_rc rc = a ? desk_tenant_list(db, a, &t, &tenants) : DESK_ENOMEM, bad = rc;
    *n = 0;
    for (size_t i = 0; !rc && i < tenants; i++) {
        enum desk_rc one = write_of(db, &t[i], now, n);
        bad = bad ? bad : one;
    }
    desk_arena_free(a);
    return bad;
}
