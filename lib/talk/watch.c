#include "talk/watch.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"
#include "core/alert.h"
#include "core/dialling.h"
#include "core/danger.h"
#include "core/phone.h"
#include "store/alerts.h"
#include "store/conversation.h"
#include "store/outbox.h"
#include "talk/texts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_BACK   20 /* sayings of the caller: what was said long ago is judged already */
#define PAST_MOST   50
#define WORDS_CUT   300 /* of what was said, in a message: characters, as the texts allow */
#define BECAUSE_CUT 200

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
    size_t told;
};

static enum desk_rc tell_person(struct telling *t, const struct desk_person *p)
{
    if (!*desk_setting(DESK_S_TWILIO_ACCOUNT_SID)) /* for practice: nobody could send it */
        return DESK_OK;
    if (!desk_may_dial(t->b, p->phone) || !desk_phone_can_text(p->phone))
        return DESK_OK;
    const struct desk_text text = {.tenant_id = t->c->tenant_id,
                                   .call_id = t->c->id,
                                   .from = t->c->to_number,
                                   .to = p->phone,
                                   .name = t->text,
                                   .body = t->body,
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

/* On one line, in the arena, of a long one `most` characters: its end (what was said last), or its
 * beginning. "" when there is no memory. */
static const char *line_of(struct desk_arena *a, const char *text, size_t most, bool end)
{
    size_t at = 0, used = 0, room = strlen(text) * 3 + 1;
    char *line = desk_arena_alloc(a, room);
    if (!line)
        return "";
    desk_utf8_clean_str(line, room, text);
    for (char *p = line; *p; p++)
        if ((unsigned char)*p < ' ')
            *p = ' ';
    size_t len = strlen(line);
    while (len && line[len - 1] == ' ')
        line[--len] = '\0';
    size_t n = desk_utf8_count(line, len);
    size_t cut = n > most ? n - most : 0;
    for (size_t i = 0, keep = end ? cut : most; cut && i < keep; i++, at += used)
        desk_utf8_next(line + at, len - at, &used);
    if (end)
        return line + at;
    if (cut)
        line[at] = '\0';
    return line;
}

static const char *owner_words(struct telling *t, enum desk_severity severity, const char *because,
                               const char *words)
{
    bool emergency = strcmp(t->text, "emergency_owner") == 0;
    char why[200];
    const char *body = NULL, *name = desk_severity_name(severity);
    const char *said = line_of(t->a, words, WORDS_CUT, true);
    because = line_of(t->a, because, BECAUSE_CUT, false);
    const struct desk_sms_value values[] = {{"because", because},
                                            {"caller", caller_of(t->a, t->c)},
                                            {"words", said},
                                            {"severity", emergency ? name : NULL}};
    if (desk_text_render(t->a, t->b, t->text, values, emergency ? 4 : 3, &body, why, sizeof why)) {
        desk_log(DESK_LOG_ERROR, "watch.words", "text=%s why=\"%s\"", t->text, why);
        body = plain_words(t, severity, because, said);
    }
    return body;
}

static enum desk_rc tell_owner(struct telling *t, const char *kind, enum desk_severity severity,
                               const char *because, const char *words)
{
    bool escalation = strcmp(kind, DESK_ALERT_ESCALATION) == 0;
    const struct desk_strings *names =
        escalation ? &t->b->escalation.tell : &t->b->emergency.tell[severity];
    t->text = escalation ? "escalation_owner" : "emergency_owner";
    t->body = owner_words(t, severity, because, words);
    return t->body ? tell_all(t, names) : DESK_ENOMEM;
}

enum desk_rc desk_watch_raise(struct desk_db *db, struct desk_arena *a,
                              const struct desk_business *b, const struct desk_call *c,
                              const char *kind, enum desk_severity severity, const char *because,
                              const char *words, bool *told)
{
    const char *level = desk_severity_name(severity);
    struct telling t = {.db = db, .a = a, .b = b, .c = c};
    bool goes = false;
    enum desk_rc rc = may_go(db, a, c, severity, &goes);
    t.dedupe = desk_arena_fmt(a, "alert:%s:%s:%s", kind, level, c->id);
    if (!rc && !t.dedupe)
        rc = DESK_ENOMEM;
    if (!rc && goes)
        rc = tell_owner(&t, kind, severity, because, words);
    if (!rc)
        rc = desk_alert_insert(db, &(struct desk_alert){.tenant_id = c->tenant_id,
                                                        .call_id = c->id,
                                                        .who_key = who_key(c),
                                                        .kind = kind,
                                                        .severity = level,
                                                        .because = because,
                                                        .words = words,
                                                        .told = t.told > 0,
                                                        .state = "open",
                                                        .created_at = desk_now_ms()});
    const char *line = desk_arena_fmt(a, "%s: %s. %s", level, because,
                                      t.told ? "The owner is being told."
                                      : goes ? "Nobody could be sent a text."
                                             : "The owner was told before.");
    if (!rc)
        rc = line ? desk_event_add(db, c->tenant_id, c->id, c->started_at, "rule", kind, line,
                                   t.dedupe)
                  : DESK_ENOMEM;
    if (!rc)
        desk_log(DESK_LOG_NOTICE, "watch.alert", "call=%s kind=%s severity=%s told=%zu", c->id,
                 kind, level, t.told);
    if (told)
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
    w->severity = found.severity;
    w->because = desk_arena_strdup(a, found.because);
    w->worse = desk_severity_worse(found.severity, desk_severity_parse(c->severity));
    if (!w->because)
        return DESK_ENOMEM;
    if (!w->worse)
        return DESK_OK;
    enum desk_rc rc =
        desk_call_severity(db, c->tenant_id, c->id, desk_severity_name(found.severity));
    if (!rc && found.severity == DESK_P1)
        rc = desk_call_urgent(db, c->tenant_id, c->id);
    /* a minor defect can wait for the list of calls, unless somebody wants to hear of it */
    if (!rc && (found.severity != DESK_P3 || w->business->emergency.tell[DESK_P3].n))
        rc = desk_watch_raise(db, a, w->business, c, DESK_ALERT_EMERGENCY, found.severity,
                              w->because, text, NULL);
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
