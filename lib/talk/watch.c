#include "talk/watch.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/ids.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"
#include "core/alert.h"
#include "core/dialling.h"
#include "core/danger.h"
#include "core/emergency.h"
#include "core/escalation.h"
#include "core/phone.h"
#include "core/route.h"
#include "store/alerts.h"
#include "store/conversation.h"
#include "store/outbox.h"
#include "store/settings.h"
#include "talk/owner_tell.h"
#include "talk/script.h"
#include "talk/texts.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_BACK   20 /* sayings of the caller: what was said long ago is judged already */
#define PAST_MOST   50
#define WORDS_CUT   300 /* of what was said, in a message: characters, as the texts allow */
#define BECAUSE_CUT 200
#define HOUR_MS     3600000

/* By whom the gate counts: the caller's number, or the call of one who hides it. */
static const char *who_key(const struct desk_call *c)
{
    return c->from_key && *c->from_key ? c->from_key : c->id;
}

static enum desk_rc may_go(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                           enum desk_severity severity, bool *goes)
{
    struct desk_alert *rows;
    struct desk_alert_past past[PAST_MOST];
    size_t n;
    int64_t now = desk_now_ms();
    enum desk_rc rc = desk_alert_by_who(db, a, c->tenant_id, who_key(c), now - DESK_ALERT_PAUSE_MS,
                                        PAST_MOST, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        past[i] = (struct desk_alert_past){rows[i].created_at,
                                           desk_severity_parse(rows[i].severity), rows[i].told};
    *goes = !rc && desk_alert_goes(now, severity, past, n);
    return rc;
}

/* ---- the messages ---------------------------------------------------------------------------- */

struct telling {
    struct desk_db *db;
    struct desk_arena *a;
    const struct desk_business *b;
    const struct desk_call *c;
    const char *text, *body, *dedupe; /* text: its name (core/sms.h) */
    const char *owner_body; /* for the owner's phone: it may be answered; NULL = as the others */
    bool escalation;
    size_t told;
    char alert[DESK_ID_LEN];
};

static enum desk_rc tell_person(struct telling *t, const struct desk_person *p)
{
    if (desk_cannot_text(t->b, p->phone))
        return DESK_OK;
    const bool owner = t->b->owner->phone && strcmp(p->phone, t->b->owner->phone) == 0;
    const struct desk_text text = {.tenant_id = t->c->tenant_id,
                                   .call_id = t->c->id,
                                   .from = t->c->to_number,
                                   .to = p->phone,
                                   .name = t->text,
                                   .body = owner && t->owner_body ? t->owner_body : t->body,
                                   .key = desk_arena_fmt(t->a, "%s:%s", t->dedupe, p->phone + 1),
                                   .priority = DESK_OUTBOX_ALERT};
    enum desk_rc rc = text.key ? desk_text_queue(t->db, t->a, &text) : DESK_ENOMEM;
    t->told += rc == DESK_OK;
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

/* Everybody the profile names for it; nobody named, or nobody who can be texted: the owner. */
static enum desk_rc tell_all(struct telling *t, const struct desk_strings *names)
{
    struct desk_ring ring;
    enum desk_rc rc = DESK_OK;
    for (size_t i = 0; !rc && i < names->n; i++)
        if (desk_business_ring(t->b, names->v[i], desk_now_ms(), &ring))
            for (size_t k = 0; !rc && k < ring.n; k++)
                rc = tell_person(t, ring.who[k]);
    if (!rc && !t->told && t->b->owner->phone)
        rc = tell_person(t, t->b->owner);
    return rc;
}

/* Of health data nothing leaves by Telegram but that there is something to look at. */
static const char *telegram_text(struct telling *t, enum desk_severity severity)
{
    if (!t->b->phi)
        return t->body;
    return desk_arena_fmt(t->a, "%s%s%s: a caller %s. See the dashboard.", t->b->name,
                          t->escalation ? "" : " ",
                          t->escalation ? "" : desk_severity_name(severity),
                          t->escalation ? "needs the owner" : "reported an emergency");
}

static enum desk_rc tell_telegram(struct telling *t, enum desk_severity severity)
{
    const char *chat, *text;
    enum desk_rc rc = desk_owner_chat(t->db, t->a, t->c->tenant_id, t->b, &chat);
    if (rc || !*chat)
        return rc;
    text = telegram_text(t, severity);
    rc = text ? desk_telegram_queue(t->db, t->a,
                                    &(struct desk_telegram_new){.tenant_id = t->c->tenant_id,
                                                                .call_id = t->c->id,
                                                                .chat = chat,
                                                                .text = text,
                                                                .key = t->dedupe,
                                                                .priority = DESK_OUTBOX_ALERT,
                                                                .keys = true,
                                                                .alert_id = t->alert})
              : DESK_ENOMEM;
    t->told += rc == DESK_OK;
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

static const char *caller_of(struct desk_arena *a, const struct desk_call *c)
{
    return c->from_number && *c->from_number ? desk_arena_strdup(a, c->from_number)
                                             : "a hidden number";
}

/* Words that are always there: an alert must not fail for its wording. */
static const char *plain_words(struct telling *t, enum desk_severity severity, const char *because,
                               const char *words)
{
    return desk_arena_fmt(t->a, "%s %s: %s. Caller: %s. Said: \"%s\"", t->b->name,
                          desk_severity_name(severity), because, caller_of(t->a, t->c), words);
}

/* By telephone, and not over: the owner may answer the text (talk/live_text.h). */
static bool runs(const struct desk_call *c)
{
    return !c->channel && !c->ended_at;
}

/* live: it may be answered. */
static const char *owner_words(struct telling *t, enum desk_severity severity, const char *because,
                               const char *words, bool live)
{
    bool emergency = !t->escalation;
    char why[200];
    const char *body = NULL, *name = desk_severity_name(severity);
    const char *said = desk_text_line(t->a, words, WORDS_CUT, true);
    size_t n = strlen(because);
    const char *plain = emergency ? desk_emergency_told(because, &n) : because;
    because = desk_text_line(t->a, desk_arena_strndup(t->a, plain, n), BECAUSE_CUT, false);
    const struct desk_sms_value values[] = {{"because", because},
                                            {"caller", caller_of(t->a, t->c)},
                                            {"words", said},
                                            {"live", live ? "yes" : NULL},
                                            {"severity", emergency ? name : NULL}};
    if (desk_text_render(t->a, t->b, t->text, values, emergency ? 5 : 4, &body, why, sizeof why)) {
        desk_log(DESK_LOG_ERROR, "watch.words", "text=%s why=\"%s\"", t->text, why);
        body = plain_words(t, severity, because, said);
    }
    return body;
}

static enum desk_rc tell_by(struct telling *t, unsigned ways, enum desk_severity severity)
{
    const struct desk_strings *names =
        t->escalation ? &t->b->escalation.tell : &t->b->emergency.tell[severity];
    enum desk_rc rc = ways & DESK_BY_TEXT ? tell_all(t, names) : DESK_OK;
    if (!rc && ways & DESK_BY_TELEGRAM)
        rc = tell_telegram(t, severity);
    return rc;
}

/* As the business wants it; when nobody can be told so, the other way. */
static enum desk_rc tell_owner(struct telling *t, const char *kind, enum desk_severity severity,
                               const char *because, const char *words)
{
    t->escalation = strcmp(kind, DESK_ALERT_ESCALATION) == 0;
    t->text = t->escalation ? "escalation_owner" : "emergency_owner";
    t->body = owner_words(t, severity, because, words, false);
    t->owner_body = runs(t->c) ? owner_words(t, severity, because, words, true) : NULL;
    unsigned ways = t->escalation ? t->b->escalation.by : t->b->emergency.by[severity];
    enum desk_rc rc = t->body ? tell_by(t, ways, severity) : DESK_ENOMEM;
    return rc || t->told ? rc : tell_by(t, ~ways & DESK_BY_ALL, severity);
}

/* Which alert of this call it is: the same finding told twice is another message. */
static enum desk_rc nth_of(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                           size_t *nth)
{
    struct desk_alert *rows;
    return desk_alert_by_call(db, a, c->tenant_id, c->id, &rows, nth);
}

static const char *const told_words[] = {
    [DESK_TOLD] = "The owner is being told.",
    [DESK_TOLD_BEFORE] = "The owner was told before.",
    [DESK_TOLD_NOBODY] = "Nobody could be sent a message.",
};

enum desk_rc desk_watch_raise(struct desk_db *db, struct desk_arena *a,
                              const struct desk_business *b, const struct desk_call *c,
                              const char *kind, enum desk_severity severity, const char *because,
                              const char *words, enum desk_watch_told *told)
{
    const char *level = desk_severity_name(severity);
    struct telling t = {.db = db, .a = a, .b = b, .c = c};
    size_t nth = 0;
    bool goes = false;
    desk_id_new(t.alert, "alert");
    enum desk_rc rc = may_go(db, a, c, severity, &goes);
    if (!rc)
        rc = nth_of(db, a, c, &nth);
    t.dedupe = desk_arena_fmt(a, "alert:%s:%s:%s:%zu", kind, level, c->id, nth);
    if (!rc && !t.dedupe)
        rc = DESK_ENOMEM;
    if (!rc && goes)
        rc = tell_owner(&t, kind, severity, because, words);
    if (!rc)
        rc = desk_alert_insert(db, &(struct desk_alert){.id = t.alert,
                                                        .tenant_id = c->tenant_id,
                                                        .call_id = c->id,
                                                        .who_key = who_key(c),
                                                        .kind = kind,
                                                        .severity = level,
                                                        .because = because,
                                                        .words = words,
                                                        .told = t.told > 0,
                                                        .state = "open",
                                                        .created_at = desk_now_ms()});
    enum desk_watch_told came = t.told ? DESK_TOLD : goes ? DESK_TOLD_NOBODY : DESK_TOLD_BEFORE;
    const char *line = desk_arena_fmt(a, "%s: %s. %s", level, because, told_words[came]);
    if (!rc)
        rc = line ? desk_event_add(db, c->tenant_id, c->id, c->started_at, "rule", kind, line,
                                   t.dedupe)
                  : DESK_ENOMEM;
    if (!rc)
        desk_log(DESK_LOG_NOTICE, "watch.alert", "call=%s kind=%s severity=%s told=%zu", c->id,
                 kind, level, t.told);
    if (told)
        *told = came;
    return rc;
}

enum desk_rc desk_watch_found(struct desk_db *db, struct desk_arena *a,
                              const struct desk_business *b, const struct desk_call *c,
                              enum desk_severity severity, const char *because, const char *words,
                              enum desk_watch_told *told, struct desk_lead *lead)
{
    struct desk_lead unwanted;
    struct desk_call now = *c;
    bool worse = desk_severity_worse(severity, desk_severity_parse(c->severity));
    now.severity = worse ? desk_severity_name(severity) : c->severity;
    enum desk_rc rc = desk_call_severity(db, c->tenant_id, c->id, desk_severity_name(severity));
    if (!rc && severity == DESK_P1)
        rc = desk_call_urgent(db, c->tenant_id, c->id);
    /* a minor defect can wait for the list of calls, unless somebody wants to hear of it */
    if (!rc && (severity != DESK_P3 || b->emergency.tell[DESK_P3].n))
        rc = desk_watch_raise(db, a, b, c, DESK_ALERT_EMERGENCY, severity, because, words, told);
    const struct desk_lead_new to = {.script = DESK_SCRIPT_EMERGENCY,
                                     .action = desk_route_action_name(DESK_DO_EMERGENCY),
                                     .because = because,
                                     .anyway = worse};
    if (!rc && desk_severity_alerts(severity))
        rc = desk_lead_by(db, a, &now, &to, lead ? lead : &unwanted);
    return rc;
}

/* ---- what the owner wants to hear of --------------------------------------------------------- */

/* Was the owner told of that in this call? */
static bool raised(const struct desk_alert *rows, size_t n, enum desk_trigger t)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].kind, DESK_ALERT_ESCALATION) == 0 &&
            strstr(rows[i].because, desk_trigger_name(t)))
            return true;
    return false;
}

/* "full_remodel: the whole bathroom; owner_request: …", of what is new */
static const char *matched(struct desk_arena *a, const struct desk_escalation *e,
                           const struct desk_alert *rows, size_t n)
{
    const char *text = "";
    for (int i = 0; text && i < DESK_TRIGGER__MAX; i++) {
        enum desk_trigger t = (enum desk_trigger)i;
        if ((e->triggers & DESK_TRIGGER_BIT(t)) && !raised(rows, n, t))
            text = desk_arena_fmt(a, "%s%s%s: %s", text, *text ? "; " : "", desk_trigger_name(t),
                                  e->because[t]);
    }
    return text;
}

static enum desk_rc escalate(struct desk_db *db, struct desk_arena *a, const struct desk_watch *w,
                             const char *text)
{
    const char *names[DESK_OWNER_NAMES];
    struct desk_escalation e;
    struct desk_alert *rows;
    size_t n;
    const struct desk_escalation_table table = desk_danger_matrix(w->business, names);
    if (!table.on)
        return DESK_OK;
    desk_escalation_judge(&table, text, &e);
    if (!e.triggers)
        return DESK_OK;
    enum desk_rc rc = desk_alert_by_call(db, a, w->call->tenant_id, w->call->id, &rows, &n);
    const char *because = rc ? NULL : matched(a, &e, rows, n);
    if (rc || !because)
        return rc ? rc : DESK_ENOMEM;
    return !*because ? DESK_OK
                     : desk_watch_raise(db, a, w->business, w->call, DESK_ALERT_ESCALATION, DESK_P3,
                                        because, text, NULL);
}

static const char *trouble_words(struct telling *t, const char *sentence)
{
    char why[200];
    const char *body = NULL, *what = desk_text_line(t->a, sentence, WORDS_CUT, false);
    const struct desk_sms_value values[] = {{"what", what}};
    if (!desk_text_render(t->a, t->b, t->text, values, 1, &body, why, sizeof why))
        return body;
    desk_log(DESK_LOG_ERROR, "watch.words", "text=%s why=\"%s\"", t->text, why);
    return desk_arena_fmt(t->a, "%s, the phone: %s.", t->b->name, what);
}

enum desk_rc desk_watch_trouble(struct desk_db *db, struct desk_arena *a,
                                const struct desk_business *b, const struct desk_call *c,
                                const char *what, const char *sentence, bool *told)
{
    static const struct desk_strings nobody = {NULL, 0};
    struct telling t = {.db = db, .a = a, .b = b, .c = c};
    t.dedupe = desk_arena_fmt(a, "trouble:%s:%lld", what, (long long)(desk_now_ms() / HOUR_MS));
    t.text = "trouble_owner";
    t.body = trouble_words(&t, sentence);
    enum desk_rc rc = t.dedupe && t.body ? tell_all(&t, &nobody) : DESK_ENOMEM;
    if (!rc)
        desk_log(DESK_LOG_NOTICE, "watch.trouble", "call=%s what=%s told=%zu", c->id, what, t.told);
    *told = t.told > 0;
    return rc;
}

/* ---- what is said ---------------------------------------------------------------------------- */

enum desk_rc desk_watch_words(struct desk_db *db, struct desk_arena *a, struct desk_watch *w,
                              const char *text)
{
    struct desk_danger_found found;
    const struct desk_call *c = w->call;
    desk_danger_judge(w->business, text, &found);
    memset(&w->lead, 0, sizeof w->lead);
    w->severity = found.severity;
    w->because = desk_arena_strdup(a, found.because);
    w->worse = desk_severity_worse(found.severity, desk_severity_parse(c->severity));
    if (!w->because)
        return DESK_ENOMEM;
    enum desk_rc rc = DESK_OK;
    if (w->worse)
        rc = desk_watch_found(db, a, w->business, c, found.severity, w->because, text, NULL,
                              &w->lead);
    if (!rc)
        rc = escalate(db, a, w, text);
    if (!rc && !w->lead.script)
        rc = desk_lead_route(db, a, w->business, c, found.severity, text, &w->lead);
    return rc;
}

enum desk_rc desk_watch_said(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                             const char *piece, const char **text)
{
    struct desk_turn *turns;
    struct desk_buf all;
    size_t n = 0;
    desk_buf_init(&all, 64 * 1024);
    enum desk_rc rc =
        desk_turn_recent(db, a, c->tenant_id, c->id, DESK_WHO_CALLER, LOOK_BACK, &turns, &n);
    while (!rc && n-- > 0)
        if (strcmp(turns[n].how, "keys") != 0)
            desk_buf_fmt(&all, "%s. ", turns[n].text);
    desk_buf_str(&all, piece);
    size_t from = all.len > DESK_MAX_JUDGE_TEXT ? all.len - DESK_MAX_JUDGE_TEXT : 0;
    *text = rc ? NULL : desk_arena_strdup(a, desk_buf_cstr(&all) + from);
    desk_buf_clear(&all);
    return rc ? rc : *text ? DESK_OK : DESK_ENOMEM;
}
