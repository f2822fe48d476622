/* /v1/exports: have a file made of people or calls, see how far it is, and fetch it. The worker
 * makes it (store/jobs.h); what the dashboard asked for is in the list, too. A file is full of
 * people's data, so asking for one and fetching it need the scope "personal". */
#include "cgi-bin/api/exports.h"
#include "cgi-bin/api/api.h"
#include "cgi-bin/job_file.h"
#include "base/clock.h"
#include "store/jobs.h"

#include <stdlib.h>
#include <string.h>

#define DAY_MS   86400000LL
#define DAYS     90   /* without days of its own */
#define DAYS_MAX 3660 /* a mistyped year is no wish for everything */

#define F(member) offsetof(struct api_export, member)
static const struct desk_field export_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"kind", "Kind", DESK_K_TEXT, F(kind), 0, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"lines", "Lines", DESK_K_INT, F(lines), 0, 0, 0, 0},
    {"words", "Words", DESK_K_TEXT, F(words), DESK_F_PII, 0, 0, 0},
    {"file", "File", DESK_K_TEXT, F(file), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"ended_at", "EndedAt", DESK_K_TIME, F(ended_at), 0, 0, 0, 0},
};
static DESK_FIELDS(export_table, "export", struct api_export, export_fields);
#undef F

const struct desk_page api_page_exports = {
    .name = "exports", .fields = &export_table, .when = offsetof(struct api_export, created_at)};

static const struct {
    const char *word, *job, *file;
} kinds[] = {{"people", DESK_JOB_PEOPLE_EXPORT, "people.csv"},
             {"calls", DESK_JOB_CALLS_EXPORT, "calls.csv"}};
#define KINDS (sizeof kinds / sizeof *kinds)

/* The query lets no other kind through. */
static size_t kind_of(const struct desk_job *j)
{
    size_t i = 0;
    while (i + 1 < KINDS && strcmp(kinds[i].job, j->kind) != 0)
        i++;
    return i;
}

static bool done(const struct desk_job *j)
{
    return strcmp(j->state, DESK_JOB_DONE) == 0;
}

static struct api_export of_job(struct desk_request *req, const struct desk_job *j)
{
    return (struct api_export){
        .id = j->id,
        .kind = kinds[kind_of(j)].word,
        .state = j->state,
        .lines = j->done,
        .words = j->words,
        .file = done(j) ? desk_arena_fmt(req->arena, "/v1/exports/%s/file", j->id) : NULL,
        .created_at = j->created_at,
        .ended_at = j->ended_at};
}

/* ---- what there is --------------------------------------------------------------------------- */

enum desk_rc api_exports_list(struct desk_request *req)
{
    const struct desk_page *p = &desk_page_exports;
    struct desk_place after, last;
    const char *state;
    void *rows = NULL;
    size_t max, n = 0;
    enum desk_rc rc = rest_cursor(req, &after, &max);
    if (!rc)
        rc = rest_state(req, &state);
    if (!rc)
        rc = desk_page_read(req->db, req->arena, p, req->tenant.id, &after, state, max + 1, &rows,
                            &n);
    const struct desk_job *jobs = rows;
    bool more = !rc && n > max;
    n = more ? max : n;
    struct api_export *out = rc ? NULL : desk_arena_alloc(req->arena, (n + 1) * sizeof *out);
    if (!out)
        return rc ? rc : DESK_ENOMEM;
    for (size_t i = 0; i < n; i++)
        out[i] = of_job(req, &jobs[i]);
    if (more)
        last = desk_page_place(p, &jobs[n - 1]);
    return rest_reply_list(req, "exports", rest_rows_json(&export_table, out, n),
                           more ? &last : NULL);
}

static enum desk_rc load(struct desk_request *req, struct desk_job *j)
{
    return desk_page_one(req->db, req->arena, &desk_page_exports, req->tenant.id,
                         desk_param(req, "id")->text, j);
}

static enum desk_rc reply(struct desk_request *req, const struct desk_job *j)
{
    const struct api_export row = of_job(req, j);
    if (!j->ended_at)
        desk_reply_header(req, "Retry-After", "2"); /* when to ask again */
    return rest_reply_one(req, desk_fields_json(&export_table, &row));
}

enum desk_rc api_exports_get(struct desk_request *req)
{
    struct desk_job j;
    enum desk_rc rc = load(req, &j);
    return rc ? rc : reply(req, &j);
}

enum desk_rc api_exports_file(struct desk_request *req)
{
    struct desk_job j;
    enum desk_rc rc = load(req, &j);
    if (rc)
        return rc;
    if (!done(&j)) {
        req->detail = j.ended_at ? "There is no file: it could not be made."
                                 : "It is still being made: ask again when its state is done.";
        return DESK_ECONFLICT;
    }
    return desk_job_file(req, j.id, kinds[kind_of(&j)].file);
}

/* ---- asking for one -------------------------------------------------------------------------- */

/* "from" and "to" of calls, UTC ms. */
static enum desk_rc read_days(struct desk_request *req, int64_t *from, int64_t *to)
{
    const struct desk_value *a = desk_param(req, "from"), *b = desk_param(req, "to");
    const struct desk_tz *tz = desk_tz_load(req->location.zone);
    *to = desk_now_ms() + 1;
    *from = *to - DAYS * DAY_MS;
    if (!a->given && !b->given)
        return DESK_OK;
    if (!a->given || !b->given)
        return rest_wrong(req, a->given ? "to" : "from",
                          "Give both days, the first and the last, or none.");
    if (b->num < a->num)
        return rest_wrong(req, "to", "The last day is before the first one.");
    if (b->num - a->num >= DAYS_MAX)
        return rest_wrong(req, "to", "That is more than ten years.");
    *from = rest_day_start(tz, a->num);
    *to = rest_day_start(tz, b->num + 1);
    return DESK_OK;
}

static enum desk_rc about_of(struct desk_request *req, size_t kind, char **about)
{
    int64_t from, to;
    json_t *root;
    if (strcmp(kinds[kind].job, DESK_JOB_CALLS_EXPORT) == 0) {
        enum desk_rc rc = read_days(req, &from, &to);
        if (rc)
            return rc;
        root = json_pack("{s:I, s:I}", "from", (json_int_t)from, "to", (json_int_t)to);
    } else {
        if (desk_param(req, "from")->given || desk_param(req, "to")->given)
            return rest_wrong(req, desk_param(req, "from")->given ? "from" : "to",
                              "Days are for calls: of people all are in the file.");
        root = json_object();
    }
    *about = json_dumps(root, JSON_COMPACT);
    json_decref(root);
    return *about ? DESK_OK : DESK_ENOMEM;
}

static enum desk_rc add(struct desk_request *req)
{
    char id[DESK_ID_LEN], *about = NULL;
    const char *who = desk_arena_fmt(req->arena, "token:%s", req->token.name);
    struct desk_job j;
    size_t kind = 0;
    while (kind < KINDS && strcmp(kinds[kind].word, desk_param(req, "kind")->text) != 0)
        kind++;
    if (kind == KINDS)
        return rest_wrong(req, "kind", "kind is one of: people, calls.");
    enum desk_rc rc = who ? about_of(req, kind, &about) : DESK_ENOMEM;
    if (!rc)
        rc = desk_job_ask(req->db, req->tenant.id, who, kinds[kind].job, about, id);
    free(about);
    if (!rc)
        rc = desk_page_one(req->db, req->arena, &desk_page_exports, req->tenant.id, id, &j);
    const char *at = rc ? NULL : desk_arena_fmt(req->arena, "/v1/exports/%s", id);
    if (!at)
        return rc ? rc : DESK_ENOMEM;
    desk_reply_header(req, "Location", at);
    return reply(req, &j);
}

enum desk_rc api_exports_add(struct desk_request *req)
{
    return rest_write(req, add);
}
