/* "What was promised" and "What to do now". A promise is a row with the state its evidence
 * supports, never a sentence of the summary. */
#include "cgi-bin/admin/thread.h"
#include "cgi-bin/admin/today.h"
#include "base/config.h"
#include "cgi-bin/words.h"
#include "base/clock.h"
#include "base/tz.h"
#include "core/day_text.h"
#include "core/phone.h"
#include "store/promises.h"

#include <stdio.h>
#include <string.h>

#define HOUR_MS (60 * 60 * 1000LL)
#define DAY_MS  (24 * HOUR_MS)

#define TEXTS_SHOWN 4

static bool is(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

struct promise {
    const char *icon, *kind; /* clock, tick, question, struck; kind is the CSS class */
    const char *what;        /* "Sal calls back" */
    const char *when;        /* in bold, or NULL */
    const char *more;        /* "on (860) 555-0177", or NULL */
    const char *state;       /* "not done yet" */
};

static void put(struct desk_view *v, size_t *i, const struct promise *p)
{
    desk_view_setf(v, p->icon, "Promised.%zu.Icon", *i);
    desk_view_setf(v, p->kind, "Promised.%zu.Kind", *i);
    desk_view_setf(v, p->what, "Promised.%zu.What", *i);
    desk_view_setf(v, p->when, "Promised.%zu.When", *i);
    desk_view_setf(v, p->more, "Promised.%zu.More", *i);
    desk_view_setf(v, p->state, "Promised.%zu.State", *i);
    (*i)++;
}

static const char *not_empty(const char *s)
{
    return s && *s ? s : NULL;
}

static const char *calls_back(struct desk_request *req, const struct admin_facts *f)
{
    return is(f->owner, "You") ? "You call back"
                               : desk_arena_fmt(req->arena, "%s calls back", f->owner);
}

/* What a callback is about, when it is more than ringing back. */
static const struct {
    const char *kind, *wants, *do_now; /* do_now: "Call Dana back …" */
} wishes[] = {
    {"appointment", "to confirm a visit", "to confirm a visit"},
    {"reschedule", "to confirm another day", "to move an appointment"},
    {"cancel", "to confirm a cancellation", "to cancel an appointment"},
    {"question", "with an answer", "with an answer"},
};
#define N_WISHES (sizeof wishes / sizeof *wishes)

static size_t wish_of(const struct desk_callback *k)
{
    size_t i = 0;
    while (i < N_WISHES && !is(k->kind, wishes[i].kind))
        i++;
    return i;
}

/* "Tuesday 1 December, 8:00 am to 12:00 pm" of what was understood of "Tuesday morning". */
static const char *window(struct desk_request *req, const struct desk_callback *k)
{
    char day[48], from[24], to[24], last[48];
    const struct desk_tz *tz = desk_page_zone(req);
    if (!k->window_start)
        return NULL;
    desk_when_date_long(day, sizeof day, tz, k->window_start);
    desk_when_date_long(last, sizeof last, tz, k->window_end ? k->window_end - 1 : k->window_start);
    desk_when_time(from, sizeof from, tz, k->window_start, false);
    desk_when_time(to, sizeof to, tz, k->window_end, false);
    if (!k->window_end)
        return desk_arena_fmt(req->arena, "%s from %s", day, from);
    if (strcmp(day, last) != 0)
        return desk_arena_fmt(req->arena, "%s to %s", day, last);
    if (k->window_end - k->window_start >= DAY_MS - HOUR_MS)
        return desk_arena_strdup(req->arena, day);
    return k->window_end == k->window_start
               ? desk_arena_fmt(req->arena, "%s, %s", day, from)
               : desk_arena_fmt(req->arena, "%s, %s to %s", day, from, to);
}

/* "2026-12-03" → "Thursday 3 December" */
static const char *day_words(struct desk_request *req, const char *iso)
{
    int32_t days;
    char words[48];
    if (!desk_day_parse(iso, &days))
        return NULL;
    desk_when_date_long(words, sizeof words, NULL, days * DAY_MS);
    return desk_arena_strdup(req->arena, words);
}

static void detail(struct desk_view *v, size_t *i, const char *name, const char *words,
                   const char *more)
{
    if (!not_empty(words))
        return;
    desk_view_setf(v, name, "Asked.%zu.Name", *i);
    desk_view_setf(v, words, "Asked.%zu.Words", *i);
    desk_view_setf(v, more, "Asked.%zu.More", *i);
    (*i)++;
}

/* What the caller told of the work, as it was heard, and how its days were understood. */
static void asked(struct desk_request *req, struct desk_view *v, const struct desk_callback *k,
                  size_t *i)
{
    bool plain = wish_of(k) == N_WISHES && !not_empty(k->address);
    if (plain)
        return;
    detail(v, i, "About", k->reason, NULL);
    detail(v, i, "Address", k->address, NULL);
    detail(v, i, "Appointment", k->appointment_text, day_words(req, k->appointment_day));
    detail(v, i, is(k->kind, "reschedule") ? "Rather" : "When", k->when_text, window(req, k));
}

static const char *closed(struct desk_request *req, const char *word, int64_t at)
{
    char when[64];
    if (!at)
        return word;
    desk_words_when(when, sizeof when, desk_page_zone(req), desk_now_ms(), at);
    if (strncmp(when, "Today ", 6) == 0)
        return desk_arena_fmt(req->arena, "%s %s", word, when + 6);
    return desk_arena_fmt(req->arena, "%s %s", word, when);
}

/* A sentence within another. */
static const char *lower(struct desk_request *req, const char *s)
{
    bool name = s[0] && s[1] >= 'A' && s[1] <= 'Z';
    return *s >= 'A' && *s <= 'Z' && !name
               ? desk_arena_fmt(req->arena, "%c%s", *s - 'A' + 'a', s + 1)
               : s;
}

/* "not done yet, late by 25 min". */
static const char *open_words(struct desk_request *req, const struct desk_callback *k)
{
    const char *word = k->urgent ? "urgent, not done yet" : "not done yet", *tag;
    if (!k->due_at)
        return word;
    tag = admin_callback_tag(req, k).word;
    if (strncmp(tag, "Late", 4) == 0 || strncmp(tag, "Due", 3) == 0)
        return desk_arena_fmt(req->arena, "%s, %s", word, lower(req, tag));
    return desk_arena_fmt(req->arena, "%s, due %s", word, closed(req, "", k->due_at) + 1);
}

/* "done by your call 2:21 pm": how it is known. */
static const char *done_words(struct desk_request *req, const struct desk_callback *k)
{
    static const struct {
        const char *how, *words;
    } rows[] = {{DESK_KEPT_CALL, "done by your call"},
                {DESK_KEPT_TEXT, "done by your text"},
                {DESK_KEPT_PUT_THROUGH, "done: they called again and were put through"}};
    const char *words = "done";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (is(k->closed_by, rows[i].how))
            words = rows[i].words;
    return closed(req, words, k->closed_at);
}

static void callback(struct desk_request *req, struct desk_view *v, const struct admin_facts *f,
                     const struct desk_callback *k, size_t *i)
{
    char number[64];
    struct promise p = {.icon = "clock",
                        .kind = "due",
                        .what = calls_back(req, f),
                        .when = not_empty(k->when_text),
                        .state = open_words(req, k)};
    size_t wish = wish_of(k);
    if (wish < N_WISHES) {
        p.what = desk_arena_fmt(req->arena, "%s %s", p.what, wishes[wish].wants);
        p.when = NULL; /* when it would suit them is another thing: see asked() */
    }
    if (k->number && f->call->from_number && !is(k->number, f->call->from_number))
        p.more = desk_arena_fmt(req->arena, "on %s",
                                desk_phone_national(number, sizeof number, k->number));
    if (is(k->state, "done")) {
        p.icon = "tick";
        p.kind = "good";
        p.state = done_words(req, k);
    } else if (is(k->state, "dropped")) {
        p.icon = "struck";
        p.kind = "plain";
        p.state = closed(req, "not needed,", k->closed_at);
    }
    put(v, i, &p);
}

/* A visit that was agreed; a hold that ran out was none. */
/* Said of a visit that stands, by who comes. */
static const char *visit_words(const struct desk_appointment *a, const char *words)
{
    bool stands = is(a->status, DESK_APPT_BOOKED) || is(a->status, DESK_APPT_MOVED);
    if (!stands || !a->answer)
        return words;
    return is(a->answer, DESK_ANSWER_COMING) ? "booked, and they said that they come"
                                             : "booked, but they want to change it";
}

static void visit(struct desk_request *req, struct desk_view *v, const struct desk_appointment *a,
                  size_t *i)
{
    static const struct {
        const char *status, *icon, *kind, *words;
    } states[] = {
        {"booked", "clock", "due", "booked"},
        {"moved", "clock", "due", "booked, moved to this time"},
        {"cancelled", "struck", "plain", "cancelled"},
        {"done", "tick", "good", "done"},
    };
    char day[48], at[24];
    size_t k = 0;
    while (k < sizeof states / sizeof *states && !is(a->status, states[k].status))
        k++;
    if (k == sizeof states / sizeof *states)
        return;
    desk_when_date_long(day, sizeof day, desk_page_zone(req), a->start_at);
    desk_when_time(at, sizeof at, desk_page_zone(req), a->start_at, false);
    const char *where = not_empty(a->address), *with = not_empty(a->resource_name);
    put(v, i,
        &(struct promise){.icon = states[k].icon,
                          .kind = states[k].kind,
                          .what = desk_arena_fmt(req->arena, "A visit for %s", a->service_name),
                          .when = desk_arena_fmt(req->arena, "%s, %s", day, at),
                          .more = desk_arena_fmt(req->arena, "%s%s%s%s", where ? "at " : "",
                                                 where ? where : "", with ? " with " : "",
                                                 with ? with : ""),
                          .state = visit_words(a, states[k].words)});
}

static void message(struct desk_request *req, struct desk_view *v, const struct admin_facts *f,
                    const struct desk_message *m, size_t *i)
{
    static const struct {
        const char *state, *icon, *kind, *words;
    } states[] = {
        {"new", "clock", "due", "not answered yet"},
        {"heard", "tick", "good", "done"},
        {"erased", "struck", "plain", "erased"},
    };
    struct promise p = {.icon = "clock", .kind = "due", .state = "not answered yet"};
    p.what = is(f->owner, "You") ? "You get the message"
                                 : desk_arena_fmt(req->arena, "%s gets the message", f->owner);
    for (size_t k = 0; k < sizeof states / sizeof *states; k++)
        if (is(m->state, states[k].state)) {
            p.icon = states[k].icon;
            p.kind = states[k].kind;
            p.state = states[k].words;
        }
    put(v, i, &p);
}

static void transfer(struct desk_request *req, struct desk_view *v, const struct admin_facts *f,
                     size_t *i)
{
    bool ok = is(f->call->outcome, DESK_OUT_TRANSFERRED);
    if (!ok && !is(f->call->outcome, DESK_OUT_NOT_PUT))
        return;
    put(v, i,
        &(struct promise){.icon = ok ? "tick" : "struck",
                          .kind = ok ? "good" : "due",
                          .what = is(f->owner, "You")
                                      ? "Put through to you"
                                      : desk_arena_fmt(req->arena, "Put through to %s", f->owner),
                          .state = ok ? "answered" : "nobody picked up"});
}

/* Texts to the caller that the call led to, and how far they came. */
static enum desk_rc texts(struct desk_request *req, struct desk_view *v,
                          const struct admin_facts *f, size_t *i)
{
    struct desk_outbox *rows;
    size_t n = 0, shown = 0;
    const char *who = f->name ? f->first : "the caller";
    if (!f->call->from_key)
        return DESK_OK;
    enum desk_rc rc =
        desk_outbox_by_call(req->db, req->arena, req->tenant.id, f->call->id, &rows, &n);
    for (size_t k = 0; !rc && k < n && shown < TEXTS_SHOWN; k++) {
        struct admin_line l = {0};
        if (!is(rows[k].kind, DESK_OUTBOX_SMS) || !is(rows[k].to_key, f->call->from_key))
            continue;
        shown++;
        admin_text_state(req, &rows[k], &l);
        put(v, i,
            &(struct promise){.icon = l.failed    ? "struck"
                                      : l.arrived ? "tick"
                                                  : "clock",
                              .kind = l.failed    ? "due"
                                      : l.arrived ? "good"
                                                  : "plain",
                              .what = desk_arena_fmt(req->arena, "A text to %s", who),
                              .state = l.state ? lower(req, l.state) : "no news of it"});
    }
    return rc;
}

/* ---- what to do now -------------------------------------------------------------------------- */

static const char *call_back_words(struct desk_request *req, const struct admin_facts *f,
                                   const struct desk_callback *k)
{
    if (k->urgent)
        return desk_arena_fmt(req->arena, "Call %s back now. It is urgent.", f->first);
    if (wish_of(k) < N_WISHES)
        return desk_arena_fmt(req->arena, "Call %s back %s.", f->first, wishes[wish_of(k)].do_now);
    if (not_empty(k->when_text))
        return desk_arena_fmt(req->arena, "Call %s back: %s.", f->first, k->when_text);
    return desk_arena_fmt(req->arena, "Call %s back.", f->first);
}

static const char *work(struct desk_request *req, const struct admin_facts *f)
{
    const struct desk_callback *k = admin_open_callback(f);
    const struct desk_message *m = admin_new_message(f);
    const char *out = f->call->outcome;
    if (k)
        return call_back_words(req, f, k);
    if (is(out, DESK_OUT_CALLBACK) && !f->n_callbacks)
        return "Read what was said: a callback was promised, but it is not on your list.";
    if (admin_undone(f) && !m)
        return "Something was promised and not done: see below.";
    if (f->n_callbacks && !m)
        return NULL;
    if (admin_message_missing(f))
        return desk_arena_fmt(req->arena,
                              "Call %s: a message was asked for, but none was recorded.", f->first);
    if (is(out, DESK_OUT_NOT_PUT))
        return desk_arena_fmt(req->arena, "Call %s: nobody picked up.", f->first);
    if (is(out, DESK_OUT_FAILED))
        return desk_arena_fmt(req->arena, "Call %s: the call was cut off.", f->first);
    if (!m)
        return NULL;
    if (f->number)
        return desk_arena_fmt(req->arena, "Answer the message from %s.", f->first);
    return not_empty(m->text) ? "Read the message." : "Listen to the message.";
}

/* Where "Mark done" goes: the promise that is open, or NULL. */
static const char *done_path(struct desk_request *req, const struct admin_facts *f)
{
    const struct desk_callback *k = admin_open_callback(f);
    const struct desk_message *m = admin_new_message(f);
    if (k)
        return desk_arena_fmt(req->arena, "/calls/%s/callbacks/%s/done", f->call->id, k->id);
    return m ? desk_arena_fmt(req->arena, "/calls/%s/messages/%s/done", f->call->id, m->id) : NULL;
}

static void to_do(struct desk_request *req, struct desk_view *v, const struct admin_facts *f)
{
    char number[64];
    const char *words = admin_running(f) ? NULL : work(req, f);
    if (admin_running(f))
        desk_view_set(v, "ToDo.Words", "Nothing yet: they are still talking.");
    else
        desk_view_set(v, "ToDo.Words", words ? words : "Nothing to do.");
    if (!words)
        return;
    desk_view_set(v, "ToDo.Work", "1");
    if (f->number) {
        desk_view_set(v, "ToDo.E164", f->number);
        desk_view_set(v, "ToDo.Number", desk_phone_national(number, sizeof number, f->number));
        desk_view_set(v, "ToDo.First", f->name ? f->first : "");
    } else
        desk_view_set(v, "ToDo.NoNumber", "1");
    desk_view_set(v, "ToDo.Done", done_path(req, f));
    const struct desk_callback *k = admin_open_callback(f);
    if (k && k->number && *desk_setting(DESK_S_TWILIO_ACCOUNT_SID))
        desk_view_set(
            v, "ToDo.Ring",
            desk_arena_fmt(req->arena, "/calls/%s/callbacks/%s/ring", f->call->id, k->id));
}

enum desk_rc admin_promises(struct desk_request *req, struct desk_view *v,
                            const struct admin_facts *f)
{
    size_t n = 0, details = 0;
    for (size_t i = 0; i < f->n_callbacks; i++) {
        callback(req, v, f, &f->callbacks[i], &n);
        asked(req, v, &f->callbacks[i], &details);
    }
    for (size_t i = 0; i < f->n_visits; i++)
        visit(req, v, &f->visits[i], &n);
    for (size_t i = 0; i < f->n_messages; i++)
        message(req, v, f, &f->messages[i], &n);
    transfer(req, v, f, &n);
    if (admin_message_missing(f))
        put(v, &n,
            &(struct promise){.icon = "struck",
                              .kind = "due",
                              .what = "A message can be left",
                              .state = "nothing was recorded"});
    if (!admin_running(f) && is(f->call->outcome, DESK_OUT_CALLBACK) && !f->n_callbacks)
        put(v, &n,
            &(struct promise){.icon = "question",
                              .kind = "check",
                              .what = calls_back(req, f),
                              .state = "not on your list, check"});
    to_do(req, v, f);
    return texts(req, v, f, &n);
}
