/* GET /health: will the next call be answered? Each thing with what was found and, when it is not
 * well, what to do about it; and how the services outside did in the last week. (REST clients find
 * another /health: nginx tells them apart.) */
#include "cgi-bin/admin/today.h"
#include "cgi-bin/words.h"
#include "base/clock.h"
#include "store/outbox.h"

#include <stdio.h>
#include <string.h>

#define WEEK_MS (7LL * 24 * 3600 * 1000)

static const struct {
    const char *word, *kind, *icon;
} levels[] = {
    [ADMIN_FINE] = {"Fine", "good", "tick"},
    [ADMIN_LOOK] = {"Look at this", "p2", "triangle"},
    [ADMIN_BROKEN] = {"Broken", "p1", "octagon"},
};

static enum desk_rc set_checks(struct desk_request *req, struct desk_view *v)
{
    char words[64];
    struct admin_check all[ADMIN_CHECKS_MAX];
    size_t n = 0, bad = 0;
    enum desk_rc rc = admin_checks(req, all, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        const struct admin_check *c = &all[i];
        desk_view_setf(v, c->name, "Checks.%zu.Name", i);
        desk_view_setf(v, levels[c->level].word, "Checks.%zu.Word", i);
        desk_view_setf(v, levels[c->level].kind, "Checks.%zu.Kind", i);
        desk_view_setf(v, levels[c->level].icon, "Checks.%zu.Icon", i);
        desk_view_setf(v, c->words, "Checks.%zu.Found", i);
        bad += c->level != ADMIN_FINE;
        if (c->level == ADMIN_FINE)
            continue;
        desk_view_setf(v, c->head, "Checks.%zu.Head", i);
        desk_view_setf(v, c->todo, "Checks.%zu.Todo", i);
        desk_view_setf(v, c->href, "Checks.%zu.Href", i);
        desk_view_setf(v, c->link, "Checks.%zu.Link", i);
    }
    if (rc)
        return rc;
    if (bad)
        desk_view_set(v, "Sum",
                      desk_words_count(words, sizeof words, (int64_t)bad, "thing to look at",
                                       "things to look at"));
    else
        desk_view_set(v, "Sum", "All fine");
    desk_view_set(v, "SumKind", bad ? "p2" : "good");
    desk_view_set(v, "SumIcon", bad ? "triangle" : "tick");
    desk_view_int(v, "Now", desk_now_ms());
    return DESK_OK;
}

/* What is delivered to whom, as an owner calls it. Kinds that are not here share a row of another.
 */
static const struct {
    const char *kind, *words;
} services[] = {
    {DESK_OUTBOX_SMS, "Texts"},
    {DESK_OUTBOX_TELEGRAM, "Telegram"},
    {DESK_OUTBOX_REMIND, "Reminder calls"},
    {DESK_OUTBOX_FETCH, "Recordings from Twilio"},
    {DESK_OUTBOX_WORDS, "Writing down messages"},
    {DESK_OUTBOX_EVENT, "Visits in Google Calendar"},
    {DESK_OUTBOX_SHEETS, "Google Sheets"},
    {DESK_OUTBOX_WEBHOOK, "Other programs"},
};

static void set_at(struct desk_request *req, struct desk_view *v, const char *name, size_t i,
                   int64_t at)
{
    if (at)
        desk_view_setf(v, desk_arena_fmt(req->arena, "%lld", (long long)at), "Services.%zu.%s", i,
                       name);
}

static enum desk_rc set_services(struct desk_request *req, struct desk_view *v)
{
    struct desk_outbox_last *all;
    size_t n = 0, rows = 0;
    enum desk_rc rc =
        desk_outbox_lasts(req->db, req->arena, req->tenant.id, desk_now_ms() - WEEK_MS, &all, &n);
    for (size_t k = 0; !rc && k < sizeof services / sizeof *services; k++)
        for (size_t i = 0; i < n; i++) {
            if (strcmp(all[i].kind, services[k].kind) != 0)
                continue;
            desk_view_setf(v, services[k].words, "Services.%zu.Name", rows);
            set_at(req, v, "Good", rows, all[i].good_at);
            set_at(req, v, "Bad", rows, all[i].bad_at);
            rows++;
        }
    return rc;
}

enum desk_rc admin_health(struct desk_request *req)
{
    struct desk_view *v = desk_page_begin(req, "Health check");
    enum desk_rc rc = v ? set_checks(req, v) : DESK_ENOMEM;
    if (!rc)
        rc = set_services(req, v);
    return rc ? rc : desk_page_send(req, v, 0);
}
