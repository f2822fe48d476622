/* GET /callbacks: every promise to call somebody back that is open, the late ones first, and those
 * kept lately. POST /callbacks/:id/done and …/open: marked done from the list, and undone. */
#include "cgi-bin/admin/today.h"
#include "cgi-bin/words.h"
#include "base/clock.h"
#include "base/limits.h"
#include "core/phone.h"
#include "store/promises.h"

#include <stdio.h>
#include <string.h>

#define OPEN_MOST 200
#define DONE_MOST 20
#define HOUR_MS   (60 * 60 * 1000LL)
#define DAY_MS    (24 * HOUR_MS)

enum part { PART_LATE, PART_TODAY, PART_LATER, PART_DONE, PART__MAX };
static const char *const headings[PART__MAX] = {"Late", "Due today", "Later", "Done lately"};

static bool same_day(const struct desk_tz *tz, int64_t a, int64_t b)
{
    struct desk_local_time x, y;
    if (!tz)
        return a / DAY_MS == b / DAY_MS;
    desk_tz_local(tz, a, &x);
    desk_tz_local(tz, b, &y);
    return x.year == y.year && x.month == y.month && x.day == y.day;
}

/* Where it stands. Not reckoned yet (the worker does within seconds): later. */
static enum part part_of(const struct desk_request *req, const struct desk_callback *k)
{
    int64_t now = desk_now_ms();
    if (strcmp(k->state, "open") != 0)
        return PART_DONE;
    if (k->due_at && k->due_at <= now)
        return PART_LATE;
    return k->due_at && same_day(desk_page_zone(req), now, k->due_at) ? PART_TODAY : PART_LATER;
}

static const char *length(struct desk_request *req, int64_t ms)
{
    char words[64];
    return desk_arena_strdup(req->arena, desk_words_dur(words, sizeof words, ms / 60000 * 60000));
}

static const char *moment(struct desk_request *req, int64_t at)
{
    char words[64];
    return desk_arena_strdup(
        req->arena, desk_words_when(words, sizeof words, desk_page_zone(req), desk_now_ms(), at));
}

static const char *kept_by(const struct desk_callback *k)
{
    static const struct {
        const char *how, *words;
    } rows[] = {{DESK_KEPT_CALL, "Done by your call"},
                {DESK_KEPT_TEXT, "Done by your text"},
                {DESK_KEPT_PUT_THROUGH, "They called again and were put through"}};
    for (size_t i = 0; k->closed_by && i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].how, k->closed_by) == 0)
            return rows[i].words;
    return "Marked done";
}

static struct admin_mark tag_of(struct desk_request *req, const struct desk_callback *k,
                                enum part p)
{
    int64_t now = desk_now_ms();
    switch (p) {
    case PART_DONE:
        return (struct admin_mark){kept_by(k), "good", "tick"};
    case PART_LATE:
        if (now - k->due_at < 60000)
            return (struct admin_mark){"Due now", "p1", "octagon"};
        return (struct admin_mark){
            desk_arena_fmt(req->arena, "Late by %s", length(req, now - k->due_at)), "p1",
            "octagon"};
    case PART_TODAY:
        if (k->due_at - now < HOUR_MS)
            return (struct admin_mark){
                desk_arena_fmt(req->arena, "Due in %s", length(req, k->due_at - now + 59999)), "p2",
                "triangle"};
        break;
    default:
        break;
    }
    return (struct admin_mark){k->due_at ? moment(req, k->due_at) : "No time yet", "plain",
                               "clock"};
}

const char *admin_callback_who(struct desk_request *req, const struct desk_callback *k)
{
    char number[64];
    if (k->name && *k->name)
        return k->name;
    if (!k->number || !*k->number)
        return "Hidden number";
    return desk_arena_strdup(req->arena, desk_phone_national(number, sizeof number, k->number));
}

struct admin_mark admin_callback_tag(struct desk_request *req, const struct desk_callback *k)
{
    return tag_of(req, k, part_of(req, k));
}

static void set_card(struct desk_request *req, struct desk_view *v, const char *prefix,
                     const struct desk_callback *k, enum part p)
{
    char number[64];
    const struct admin_mark tag = tag_of(req, k, p);
    desk_view_fields(v, prefix, &desk_callback_fields, k);
    desk_view_setf(v, admin_callback_who(req, k), "%s.Who", prefix);
    desk_view_setf(v, tag.word, "%s.Tag", prefix);
    desk_view_setf(v, tag.kind, "%s.TagKind", prefix);
    desk_view_setf(v, tag.icon, "%s.TagIcon", prefix);
    if (k->number && *k->number)
        desk_view_setf(v, desk_phone_national(number, sizeof number, k->number), "%s.Shown",
                       prefix);
    desk_view_setf(v, p == PART_DONE ? "" : "1", "%s.Open", prefix);
}

/* One part after the other; a part without cards is not there. */
static void set_parts(struct desk_request *req, struct desk_view *v,
                      const struct desk_callback *rows, size_t n)
{
    char prefix[64], count[64];
    for (enum part p = PART_LATE; p < PART__MAX; p++) {
        size_t at = 0;
        for (size_t i = 0; i < n; i++) {
            if (part_of(req, &rows[i]) != p)
                continue;
            snprintf(prefix, sizeof prefix, "Parts.%d.Cards.%zu", (int)p, at++);
            set_card(req, v, prefix, &rows[i], p);
        }
        if (!at)
            continue;
        desk_view_setf(v, headings[p], "Parts.%d.Heading", (int)p);
        snprintf(count, sizeof count, "%zu", at);
        desk_view_setf(v, count, "Parts.%d.Count", (int)p);
    }
}

enum desk_rc admin_callbacks(struct desk_request *req)
{
    struct desk_callback *open, *done;
    size_t n_open = 0, n_done = 0;
    struct desk_view *v = desk_page_begin(req, "Callbacks");
    if (!v)
        return DESK_ENOMEM;
    enum desk_rc rc = desk_callback_open_list(req->db, req->arena, req->tenant.id, INT64_MAX,
                                              OPEN_MOST + 1, &open, &n_open);
    if (!rc)
        rc = desk_callback_list(req->db, req->arena, req->tenant.id, "done", DONE_MOST, &done,
                                &n_done);
    if (rc)
        return rc;
    if (n_open > OPEN_MOST)
        desk_view_set(v, "Cut", "1");
    n_open -= n_open > OPEN_MOST;
    struct desk_callback *all = desk_arena_alloc(req->arena, (n_open + n_done + 1) * sizeof *all);
    if (!all)
        return DESK_ENOMEM;
    if (n_open)
        memcpy(all, open, n_open * sizeof *all);
    if (n_done)
        memcpy(all + n_open, done, n_done * sizeof *all);
    set_parts(req, v, all, n_open + n_done);
    desk_view_set(v, "None", n_open ? "" : "1");
    return desk_page_send(req, v, 0);
}

/* ---- what the buttons do --------------------------------------------------------------------- */

/* Pressed twice, or done by somebody else meanwhile: it is done, and says so again. */
static enum desk_rc close_it(struct desk_request *req, const struct desk_callback *k)
{
    enum desk_rc rc = desk_callback_close(req->db, req->tenant.id, k->id, "done");
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "callback.done", k->id);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    return desk_page_result(
        req, desk_arena_fmt(req->arena, "Marked done: %s.", admin_callback_who(req, k)),
        admin_undo(req, desk_arena_fmt(req->arena, "/callbacks/%s/open", k->id)));
}

static enum desk_rc open_it(struct desk_request *req, const struct desk_callback *k)
{
    enum desk_rc rc = desk_callback_reopen(req->db, req->tenant.id, k->id);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "callback.open", k->id);
    if (rc == DESK_ENOTFOUND && strcmp(k->state, "open") != 0)
        return desk_page_result(req, "Too late to undo. It stays done.", NULL);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    return desk_page_result(
        req, desk_arena_fmt(req->arena, "Not done after all: %s.", admin_callback_who(req, k)),
        NULL);
}

static enum desk_rc act(struct desk_request *req,
                        enum desk_rc (*change)(struct desk_request *, const struct desk_callback *))
{
    struct desk_callback k;
    enum desk_rc rc =
        desk_callback_get(req->db, req->arena, req->tenant.id, desk_param(req, "id")->text, &k);
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_tx_end(req->db, change(req, &k));
    if (!rc)
        desk_reply_redirect(req, admin_back(req, "/callbacks"));
    return rc;
}

enum desk_rc admin_callbacks_done(struct desk_request *req)
{
    return act(req, close_it);
}

enum desk_rc admin_callbacks_open(struct desk_request *req)
{
    return act(req, open_it);
}
