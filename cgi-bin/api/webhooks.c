/* /v1/webhooks: who is told of what happens. Every query is given the token's business. */
#include "cgi-bin/api/api.h"
#include "cgi-bin/api/rest.h"
#include "cgi-bin/api/session.h"
#include "base/ids.h"
#include "store/outbox.h"
#include "store/webhook_events.h"
#include "talk/webhooks.h"

#include <jansson.h>
#include <stddef.h>
#include <string.h>

#define DELIVERIES_MOST 100

const struct desk_page api_page_webhooks = {.name = "webhooks",
                                            .fields = &desk_webhook_fields,
                                            .when = offsetof(struct desk_webhook, created_at)};

/* ---- as JSON --------------------------------------------------------------------------------- */

/* secret: the new one, shown once; NULL = none. */
static json_t *webhook_json(const struct desk_webhook *w, const char *secret)
{
    json_t *root = desk_fields_json(&desk_webhook_fields, w);
    if (root && secret)
        json_object_set_new(root, "secret", json_string(secret));
    return root;
}

/* What its tag is of: as a GET with this token shows it. */
static json_t *seen_json(struct desk_request *req, const struct desk_webhook *w)
{
    struct desk_webhook seen = *w;
    if (!desk_token_may(req, "personal"))
        seen.url = NULL;
    return webhook_json(&seen, NULL);
}

static enum desk_rc reply_one(struct desk_request *req, const struct desk_webhook *w,
                              const char *secret)
{
    bool same;
    json_t *seen = seen_json(req, w);
    enum desk_rc rc = rest_tag(req, seen, &same);
    json_decref(seen);
    if (rc)
        return rc;
    if (same) {
        req->reply.status = 304;
        return DESK_OK;
    }
    return desk_reply_json(req, req->route->status ? req->route->status : 200,
                           webhook_json(w, secret));
}

/* One delivery: its id, the webhook-id it goes under, event, what came of it. The body stays in the
 * house. */
static json_t *delivery_json(const struct desk_outbox *o)
{
    json_t *all = desk_fields_json(&desk_outbox_fields, o), *out = all ? json_object() : NULL;
    static const char *const columns[] = {"id",   "state",      "attempts",   "next_at",
                                          "code", "last_error", "created_at", "done_at"};
    json_t *p = json_loads(o->payload ? o->payload : "", 0, NULL), *event, *first;
    event = json_object_get(p, "event");
    first = json_object_get(p, "id"); /* of what it sends once more */
    if (out) {
        json_object_set(out, "event", event ? event : json_null());
        json_object_set(out, "webhook_id", first ? first : json_object_get(all, "id"));
    }
    for (size_t i = 0; out && i < sizeof columns / sizeof *columns; i++)
        json_object_set(out, columns[i], json_object_get(all, columns[i]));
    json_decref(all);
    json_decref(p);
    return out;
}

/* ---- what was sent --------------------------------------------------------------------------- */

/* An array of names as text: the parameter table takes plain values only. */
static const char *joined(struct desk_arena *a, const json_t *list)
{
    size_t i;
    json_t *v;
    const char *out = "";
    json_array_foreach(list, i, v)
    {
        const char *name = json_string_value(v);
        out = desk_arena_fmt(a, "%s%s%s", out, *out ? " " : "", name ? name : "?");
        if (!out)
            return NULL;
    }
    return out;
}

/* The events that are asked for; *out NULL: none are named. */
static enum desk_rc events_of(struct desk_request *req, const char **out)
{
    char bad[64] = "";
    json_t *root = json_loadb(req->body ? req->body : "", req->body_len, 0, NULL);
    const json_t *list = json_object_get(root, "events");
    const struct desk_value *plain = desk_param(req, "events");
    const char *text = json_is_array(list) ? joined(req->arena, list)
                       : plain->given      ? plain->text
                                           : NULL;
    json_decref(root);
    *out = text ? desk_events_tidy(req->arena, text, bad) : NULL;
    return text && !*out
               ? session_wrong(req, "#/events",
                               desk_arena_fmt(req->arena, "There is no event named \"%s\".", bad))
               : DESK_OK;
}

/* What the request says into w. */
static enum desk_rc read_into(struct desk_request *req, struct desk_webhook *w)
{
    const char *why, *member, *events;
    const struct desk_value *url = desk_param(req, "url"), *format = desk_param(req, "format"),
                            *personal = desk_param(req, "personal"),
                            *state = desk_param(req, "state");
    enum desk_rc rc = events_of(req, &events);
    if (rc)
        return rc;
    w->url = url->given ? url->text : w->url;
    w->format = format->given ? format->text : w->format;
    w->personal = personal->given ? personal->num != 0 : w->personal;
    w->events = events ? events : w->events;
    w->state = state->given ? state->text : w->state;
    why = desk_webhook_wrong(w, state->given, &member);
    return why ? session_wrong(req, desk_arena_fmt(req->arena, "#/%s", member), why) : DESK_OK;
}

/* ---- handlers -------------------------------------------------------------------------------- */

enum desk_rc api_webhooks_list(struct desk_request *req)
{
    struct desk_webhook *rows;
    size_t n = 0;
    json_t *list = json_array();
    enum desk_rc rc =
        list ? desk_webhook_list(req->db, req->arena, req->tenant.id, &rows, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++)
        json_array_append_new(list, webhook_json(&rows[i], NULL));
    if (rc) {
        json_decref(list);
        return rc;
    }
    return desk_reply_json(req, 200, json_pack("{s:o}", "webhooks", list));
}

static enum desk_rc add(struct desk_request *req)
{
    char secret[DESK_WEBHOOK_SECRET_LEN];
    struct desk_webhook w = {
        .tenant_id = req->tenant.id, .events = "*", .format = DESK_WEBHOOK_STANDARD};
    enum desk_rc rc = read_into(req, &w);
    desk_webhook_secret_new(secret);
    if (!rc)
        rc = desk_webhook_add(req->db, req->arena, &w, secret);
    if (rc == DESK_ELIMIT) {
        rc = DESK_ECONFLICT;
        req->detail = "There are as many webhooks as may be: remove one first.";
    }
    const char *at = rc ? NULL : desk_arena_fmt(req->arena, "/v1/webhooks/%s", w.id);
    if (at)
        desk_reply_header(req, "Location", at);
    return rc ? rc : reply_one(req, &w, secret);
}

static enum desk_rc find(struct desk_request *req, struct desk_webhook *w)
{
    return desk_webhook_get(req->db, req->arena, req->tenant.id, desk_param(req, "id")->text, w);
}

/* The one that is meant, as If-Match (where it is sent) names it. */
static enum desk_rc meant(struct desk_request *req, struct desk_webhook *w)
{
    enum desk_rc rc = find(req, w);
    if (rc)
        return rc;
    json_t *seen = seen_json(req, w);
    rc = rest_match(req, seen);
    json_decref(seen);
    return rc;
}

enum desk_rc api_webhooks_get(struct desk_request *req)
{
    struct desk_webhook w = {.id = NULL};
    enum desk_rc rc = find(req, &w);
    return rc ? rc : reply_one(req, &w, NULL);
}

static enum desk_rc change(struct desk_request *req)
{
    struct desk_webhook w = {.id = NULL};
    enum desk_rc rc = meant(req, &w);
    if (!rc)
        rc = read_into(req, &w);
    if (!rc)
        rc = desk_webhook_update(req->db, &w);
    if (!rc)
        rc = find(req, &w);
    return rc ? rc : reply_one(req, &w, NULL);
}

static enum desk_rc take_away(struct desk_request *req)
{
    struct desk_webhook w = {.id = NULL};
    enum desk_rc rc = meant(req, &w);
    if (!rc)
        rc = desk_webhook_delete(req->db, req->tenant.id, w.id);
    req->reply.status = req->route->status;
    return rc;
}

static enum desk_rc test(struct desk_request *req)
{
    struct desk_webhook w = {.id = NULL};
    char id[DESK_ID_LEN] = "";
    enum desk_rc rc = find(req, &w);
    if (!rc)
        rc = desk_webhook_test(req->db, &w, id);
    return rc ? rc : desk_reply_json(req, 202, json_pack("{s:s}", "delivery", id));
}

static enum desk_rc rotate(struct desk_request *req)
{
    struct desk_webhook w = {.id = NULL};
    char secret[DESK_WEBHOOK_SECRET_LEN];
    desk_webhook_secret_new(secret);
    enum desk_rc rc =
        desk_webhook_rotate(req->db, req->tenant.id, desk_param(req, "id")->text, secret);
    if (!rc)
        rc = find(req, &w);
    return rc ? rc : reply_one(req, &w, secret);
}

static enum desk_rc again(struct desk_request *req)
{
    struct desk_webhook w = {.id = NULL};
    char id[DESK_ID_LEN] = "";
    enum desk_rc rc = find(req, &w);
    if (!rc)
        rc = desk_webhook_again(req->db, req->arena, &w, desk_param(req, "delivery")->text, id);
    if (rc == DESK_ECONFLICT)
        req->detail = "It is on its way this very moment.";
    return rc ? rc : desk_reply_json(req, 202, json_pack("{s:s}", "delivery", id));
}

enum desk_rc api_webhooks_add(struct desk_request *req)
{
    return rest_write(req, add);
}

enum desk_rc api_webhooks_change(struct desk_request *req)
{
    return rest_write(req, change);
}

enum desk_rc api_webhooks_remove(struct desk_request *req)
{
    return rest_write(req, take_away);
}

enum desk_rc api_webhooks_test(struct desk_request *req)
{
    return rest_write(req, test);
}

enum desk_rc api_webhooks_rotate(struct desk_request *req)
{
    return rest_write(req, rotate);
}

enum desk_rc api_webhooks_redeliver(struct desk_request *req)
{
    return rest_write(req, again);
}

enum desk_rc api_webhooks_deliveries(struct desk_request *req)
{
    struct desk_webhook w = {.id = NULL};
    struct desk_outbox *rows;
    size_t n = 0;
    enum desk_rc rc = find(req, &w);
    desk_db_sealed(req->db, false); /* nothing of people is told of them: delivery_json() */
    if (!rc)
        rc = desk_outbox_deliveries(req->db, req->arena, req->tenant.id, w.id, DELIVERIES_MOST,
                                    &rows, &n);
    json_t *list = rc ? NULL : json_array();
    for (size_t i = 0; list && i < n; i++)
        json_array_append_new(list, delivery_json(&rows[i]));
    return rc ? rc : desk_reply_json(req, 200, json_pack("{s:o}", "deliveries", list));
}
