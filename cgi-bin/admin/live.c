/* GET /live: the calls of this moment, the words as they come, and what may be asked of each. The
 * same without the page around it is GET /live/calls, which the page's script fetches when it has
 * missed something; what is new comes by WebSocket from the bridge (ws-bridge/viewer.h), opened
 * with a ticket of POST /live/ticket. Without a script it is a page that can be loaded again. POST
 * /live/:id/…: put through, say, take a message, hang up (talk/live.h). */
#include "cgi-bin/admin/admin.h"
#include "cgi-bin/words.h"
#include "base/clock.h"
#include "base/limits.h"
#include "core/dialling.h"
#include "talk/business.h"
#include "talk/live.h"

#include <stdio.h>
#include <string.h>

#define CALLS_MOST 50
#define LINES_MOST 60 /* of each call; the last are shown */

/* ---- one call -------------------------------------------------------------------------------- */

static void int_f(struct desk_view *v, const char *prefix, const char *name, int64_t n)
{
    char num[24];
    snprintf(num, sizeof num, "%lld", (long long)n);
    desk_view_setf(v, num, "%s.%s", prefix, name);
}

/* Only what comes last is of use here; all of it is on the call's own page. */
static enum desk_rc set_lines(struct desk_request *req, struct desk_view *v, const char *prefix,
                              const struct admin_facts *f)
{
    struct desk_turn *t;
    size_t n = 0;
    enum desk_rc rc = desk_turn_list(req->db, req->arena, req->tenant.id, f->call->id,
                                     DESK_MAX_STORY_ROWS, &t, &n);
    for (size_t i = rc || n <= LINES_MOST ? 0 : n - LINES_MOST, k = 0; !rc && i < n; i++, k++) {
        char line[80];
        snprintf(line, sizeof line, "%s.Lines.%zu", prefix, k);
        desk_view_fields(v, line, &desk_turn_fields, &t[i]);
    }
    return rc;
}

static enum desk_rc set_orders(struct desk_request *req, struct desk_view *v, const char *prefix,
                               const struct desk_call *c)
{
    struct desk_live_order *o;
    size_t n = 0;
    enum desk_rc rc = desk_live_orders(req->db, req->arena, req->tenant.id, c->id, &o, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        char order[80];
        snprintf(order, sizeof order, "%s.Orders.%zu", prefix, i);
        desk_view_fields(v, order, &desk_live_order_fields, &o[i]);
        desk_view_setf(v, desk_live_words(req->arena, &o[i], c, desk_now_ms()), "%s.Words", order);
    }
    return rc;
}

/* Who may take the call: the one who is signed in first, if the business knows them by that name.
 */
static enum desk_rc set_people(struct desk_request *req, struct desk_view *v, const char *prefix,
                               const struct desk_call *c)
{
    struct desk_business b;
    size_t k = 0;
    enum desk_rc rc = desk_business_load(req->db, req->arena, req->tenant.id, c->location_id, &b);
    const struct desk_person *me = rc ? NULL : desk_business_person(&b, req->user.login);
    for (size_t i = 0; !rc && i < b.n_people; i++) {
        const struct desk_person *p = &b.people[i];
        if (!p->phone || !desk_may_dial(&b, p->phone))
            continue;
        desk_view_setf(v, *p->name ? p->name : "the owner", "%s.People.%zu.Name", prefix, k);
        desk_view_setf(v, p->owner ? "" : p->name, "%s.People.%zu.Value", prefix, k);
        desk_view_setf(v, p == me ? "1" : "", "%s.People.%zu.Me", prefix, k++);
    }
    if (k > 1)
        desk_view_setf(v, "1", "%s.Choose", prefix);
    return rc;
}

static enum desk_rc set_call(struct desk_request *req, struct desk_view *v, size_t i,
                             const struct desk_call *c)
{
    struct admin_facts f;
    char prefix[32], words[64], once[DESK_ID_LEN];
    snprintf(prefix, sizeof prefix, "Live.%zu", i);
    enum desk_rc rc = admin_facts_load(req, c, &f);
    if (rc)
        return rc;
    desk_view_setf(v, c->id, "%s.Id", prefix);
    desk_view_setf(v, f.who, "%s.Who", prefix);
    desk_view_setf(v, f.name ? f.first : "Caller", "%s.First", prefix);
    int_f(v, prefix, "RanMs", desk_now_ms() - c->started_at);
    desk_view_setf(v, desk_words_dur(words, sizeof words, desk_now_ms() - c->started_at), "%s.Ran",
                   prefix);
    desk_view_setf(v, c->urgent ? "1" : "", "%s.Urgent", prefix);
    desk_view_setf(v, desk_live_cannot(c, DESK_LIVE_SAY), "%s.Cannot", prefix);
    desk_view_setf(v, desk_live_cannot(c, DESK_LIVE_THROUGH) ? "" : "1", "%s.May", prefix);
    desk_view_setf(v, desk_id_new(once, "press"), "%s.Once", prefix);
    rc = set_lines(req, v, prefix, &f);
    if (!rc)
        rc = set_orders(req, v, prefix, c);
    return rc ? rc : set_people(req, v, prefix, c);
}

/* ---- the board ------------------------------------------------------------------------------- */

static enum desk_rc set_last(struct desk_request *req, struct desk_view *v)
{
    struct desk_call *c;
    size_t n = 0;
    const struct desk_call_filter all = {.outcome = NULL};
    enum desk_rc rc =
        desk_call_find(req->db, req->arena, req->tenant.id, &all, INT64_MAX, "", 1, &c, &n);
    if (!rc && n)
        desk_view_int(v, "LastAt", c->started_at);
    return rc;
}

/* The number first, the words after it: what comes between is told twice rather than not at all. */
static enum desk_rc set_board(struct desk_request *req, struct desk_view *v)
{
    struct desk_call *c;
    size_t n = 0;
    int64_t seq = 0;
    char words[64];
    enum desk_rc rc = desk_live_seq(req->db, req->tenant.id, &seq);
    if (!rc)
        rc = desk_live_calls(req->db, req->arena, req->tenant.id,
                             desk_now_ms() - DESK_LIVE_SINCE_MS, CALLS_MOST, &c, &n);
    for (size_t i = 0; !rc && i < n; i++)
        rc = set_call(req, v, i, &c[i]);
    if (rc)
        return rc;
    desk_view_int(v, "Seq", seq);
    desk_view_set(v, "Count",
                  n ? desk_words_count(words, sizeof words, (int64_t)n, "call now", "calls now")
                    : "");
    return n ? DESK_OK : set_last(req, v);
}

enum desk_rc admin_live(struct desk_request *req)
{
    struct desk_view *v = desk_page_begin(req, "Live board");
    enum desk_rc rc = v ? set_board(req, v) : DESK_ENOMEM;
    return rc ? rc : desk_page_send(req, v, 0);
}

enum desk_rc admin_live_calls(struct desk_request *req)
{
    struct desk_view *v = desk_page_begin(req, "Live board");
    enum desk_rc rc = v ? set_board(req, v) : DESK_ENOMEM;
    return rc ? rc : desk_page_part(req, v);
}

enum desk_rc admin_live_ticket(struct desk_request *req)
{
    char token[DESK_TOKEN_LEN];
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, desk_live_ticket_new(req->db, &req->session, token));
    desk_page_headers(req);
    return rc ? rc : desk_reply_json(req, 200, json_pack("{s:s}", "ticket", token));
}

/* ---- asking ---------------------------------------------------------------------------------- */

static enum desk_rc call_of(struct desk_request *req, struct desk_call *c)
{
    return desk_call_get(req->db, req->arena, req->tenant.id, desk_param(req, "id")->text, c);
}

/* In a transaction; *why: why not. */
static enum desk_rc ask_it(struct desk_request *req, const struct desk_business *b,
                           const struct desk_call *c, const char *kind, const char **why)
{
    const struct desk_live_ask ask = {.business = b,
                                      .call = c,
                                      .kind = kind,
                                      .text = desk_param(req, "text")->text,
                                      .name = desk_param(req, "to")->text,
                                      .by = req->user.login,
                                      .way = "on the live board",
                                      .once = desk_param(req, "once")->text};
    enum desk_rc rc = desk_live_ask(req->db, req->arena, &ask, why);
    if (!rc && !*why)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id,
                            desk_arena_fmt(req->arena, "live.%s", kind), c->id);
    return rc;
}

static enum desk_rc ask(struct desk_request *req, const char *kind)
{
    struct desk_call c;
    struct desk_business b;
    const char *why = NULL;
    const struct desk_live_order fresh = {
        .kind = kind, .state = DESK_LIVE_WAITING, .created_at = desk_now_ms()};
    enum desk_rc rc = call_of(req, &c);
    if (!rc)
        rc = desk_business_load(req->db, req->arena, req->tenant.id, c.location_id, &b);
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = ask_it(req, &b, &c, kind, &why);
    if (!rc || rc == DESK_DONE)
        rc = desk_page_result(
            req, why ? why : desk_live_words(req->arena, &fresh, &c, desk_now_ms()), NULL);
    rc = desk_tx_end(req->db, rc);
    const char *back = desk_arena_fmt(req->arena, "/live#%s", c.id);
    if (!rc)
        desk_reply_redirect(req, back ? back : "/live");
    return rc;
}

enum desk_rc admin_live_through(struct desk_request *req)
{
    return ask(req, DESK_LIVE_THROUGH);
}

enum desk_rc admin_live_say(struct desk_request *req)
{
    return ask(req, DESK_LIVE_SAY);
}

enum desk_rc admin_live_message(struct desk_request *req)
{
    return ask(req, DESK_LIVE_MESSAGE);
}

enum desk_rc admin_live_hangup(struct desk_request *req)
{
    return ask(req, DESK_LIVE_HANGUP);
}

/* GET /live/:id/hangup: are you sure? */
enum desk_rc admin_live_hangup_ask(struct desk_request *req)
{
    struct desk_call c;
    struct admin_facts f;
    char once[DESK_ID_LEN];
    enum desk_rc rc = call_of(req, &c);
    if (!rc)
        rc = admin_facts_load(req, &c, &f);
    if (rc)
        return rc;
    struct desk_view *v = desk_page_begin(req, "Hang up?");
    if (!v)
        return DESK_ENOMEM;
    desk_view_set(v, "Id", c.id);
    desk_view_set(v, "Who", f.who);
    desk_view_set(v, "Cannot", desk_live_cannot(&c, DESK_LIVE_HANGUP));
    desk_view_set(v, "Once", desk_id_new(once, "press"));
    return desk_page_send(req, v, 0);
}
