/* GET /v1/reports?from=&to=&location=: the figures of the page of that name, and of digests. Days
 * are those of the business's clock. */
#include "cgi-bin/api/api.h"
#include "cgi-bin/api/rest.h"
#include "base/clock.h"
#include "core/day_text.h"
#include "talk/report.h"

#include <string.h>

#define REPORT_ARENA ((size_t)64 * 1024 * 1024)
#define DAYS_MOST    366

struct asked {
    int64_t from, to;
    const char *location; /* id, or NULL = all */
};

static enum desk_rc read_days(struct desk_request *req, const struct desk_tz *tz, struct asked *q)
{
    const struct desk_value *from = desk_param(req, "from"), *to = desk_param(req, "to");
    if (!from->given && !to->given) {
        desk_report_preset(tz, desk_now_ms(), DESK_REPORT_THIS_WEEK, &q->from, &q->to);
        return DESK_OK;
    }
    if (!from->given || !to->given)
        return rest_wrong(req, from->given ? "to" : "from",
                          "Give both days, the first and the last, or none.");
    if (to->num < from->num)
        return rest_wrong(req, "to", "The last day is before the first one.");
    if (to->num - from->num >= DAYS_MOST)
        return rest_wrong(req, "to", "A report tells of a year at most.");
    q->from = rest_day_start(tz, from->num);
    q->to = rest_day_start(tz, to->num + 1);
    return DESK_OK;
}

static enum desk_rc read_asked(struct desk_request *req, struct asked *q)
{
    struct desk_location l;
    const struct desk_value *location = desk_param(req, "location");
    *q = (struct asked){.location = location->given ? location->text : NULL};
    enum desk_rc rc = read_days(req, desk_tz_load(req->location.zone), q);
    if (!rc && q->location)
        rc = desk_location_get(req->db, req->arena, req->tenant.id, q->location, &l);
    return rc == DESK_ENOTFOUND ? rest_wrong(req, "location", "There is no such location.") : rc;
}

/* Of each day how long answers took, where something was measured. */
static json_t *waits_json(const struct desk_report *r, const struct desk_report_waits *w)
{
    char day[16];
    json_t *list = json_array();
    for (size_t i = 0; list && i < r->n_days; i++)
        if (w[i].n &&
            json_array_append_new(
                list, json_pack("{s:s, s:I, s:I, s:I, s:I}", "day",
                                desk_day_text(day, sizeof day, r->first_day + (int32_t)i), "n",
                                (json_int_t)w[i].n, "p50_ms", (json_int_t)w[i].p50, "p95_ms",
                                (json_int_t)w[i].p95, "p99_ms", (json_int_t)w[i].p99))) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static enum desk_rc make(struct desk_request *req, struct desk_arena *a, const struct asked *q)
{
    struct desk_report_waits *waits;
    struct desk_report *r = desk_arena_alloc(a, sizeof *r);
    if (!r)
        return DESK_ENOMEM;
    enum desk_rc rc = desk_report_make(req->db, a, req->tenant.id, q->location, q->from, q->to, r);
    if (!rc)
        rc = desk_report_waits_by_day(req->db, a, req->tenant.id, r, &waits);
    if (rc)
        return rc;
    json_t *root = desk_report_json(r), *by_day = waits_json(r, waits);
    if (!root || !by_day || json_object_set(root, "answer_by_day", by_day) ||
        json_object_set_new(root, "location_id",
                            q->location ? json_string(q->location) : json_null())) {
        json_decref(root);
        json_decref(by_day);
        return DESK_ENOMEM;
    }
    json_decref(by_day);
    return rest_reply_one(req, root);
}

enum desk_rc api_reports(struct desk_request *req)
{
    struct asked q;
    enum desk_rc rc = read_asked(req, &q);
    if (rc)
        return rc;
    struct desk_arena *a = desk_arena_new(REPORT_ARENA);
    if (!a)
        return DESK_ENOMEM;
    rc = make(req, a, &q);
    desk_arena_free(a);
    return rc;
}
