/* Long work on pages: GET /jobs lists it, GET /jobs/:id shows how far one is (and may be left),
 * GET /jobs/:id/file.csv is what came out; POSTs ask for more. */
#include "cgi-bin/admin/people.h"
#include "cgi-bin/job_file.h"
#include "base/clock.h"
#include "store/jobs.h"
#include "talk/business.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LISTED 50
#define DAY_MS 86400000LL
#define WRONGS 200 /* shown of what could not be read */

static const struct {
    const char *kind, *name, *out;
} kinds[] = {{DESK_JOB_PEOPLE_IMPORT, "Read in a list of people", NULL},
             {DESK_JOB_PEOPLE_EXPORT, "People as a file", "people.csv"},
             {DESK_JOB_CALLS_EXPORT, "Calls as a file", "calls.csv"},
             {DESK_JOB_PERSON_ERASE, "Erase a person", NULL},
             {DESK_JOB_CALL_ERASE, "Erase a call", NULL},
             {DESK_JOB_REINDEX, "Make everything searchable anew", NULL}};
#define KINDS (sizeof kinds / sizeof *kinds)

static size_t kind_of(const struct desk_job *j)
{
    size_t i = 0;
    while (i + 1 < KINDS && strcmp(kinds[i].kind, j->kind) != 0)
        i++;
    return i;
}

static bool is(const struct desk_job *j, const char *state)
{
    return strcmp(j->state, state) == 0;
}

static bool going(const struct desk_job *j)
{
    return is(j, DESK_JOB_WAITING) || is(j, DESK_JOB_RUNNING);
}

static bool dry_run(const struct desk_job *j)
{
    json_t *root = json_loads(j->about, 0, NULL);
    bool dry = json_is_true(json_object_get(root, "dry_run")) ||
               json_integer_value(json_object_get(root, "dry_run"));
    json_decref(root);
    return dry;
}

static const char *state_words(const struct desk_job *j)
{
    return is(j, DESK_JOB_WAITING)   ? "Waiting for its turn"
           : is(j, DESK_JOB_RUNNING) ? "Going on"
           : is(j, DESK_JOB_DONE)    ? "Done"
                                     : "Not done";
}

static void set_job(struct desk_view *v, const char *prefix, const struct desk_job *j)
{
    desk_view_fields(v, prefix, &desk_job_fields, j);
    desk_view_setf(v, kinds[kind_of(j)].name, "%s.Name", prefix);
    desk_view_setf(v, state_words(j), "%s.StateWords", prefix);
    desk_view_setf(v, going(j) ? "1" : "", "%s.Going", prefix);
    desk_view_setf(v, is(j, DESK_JOB_FAILED) ? "1" : "", "%s.Failed", prefix);
    if (j->total > 0 && j->done <= j->total) {
        char percent[8];
        snprintf(percent, sizeof percent, "%d", (int)(100 * j->done / j->total));
        desk_view_setf(v, percent, "%s.Percent", prefix);
    }
}

/* ---- pages ----------------------------------------------------------------------------------- */

enum desk_rc admin_jobs(struct desk_request *req)
{
    struct desk_job *rows;
    size_t n = 0;
    char prefix[32];
    struct desk_view *v = desk_page_begin(req, "Long work");
    enum desk_rc rc =
        v ? desk_job_list(req->db, req->arena, req->tenant.id, LISTED, &rows, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++) {
        snprintf(prefix, sizeof prefix, "Rows.%zu", i);
        set_job(v, prefix, &rows[i]);
    }
    return rc ? rc : desk_page_send(req, v, 0);
}

static enum desk_rc set_wrong(struct desk_request *req, struct desk_view *v,
                              const struct desk_job *j)
{
    struct desk_job_piece *p;
    size_t n = 0;
    enum desk_rc rc = desk_job_pieces(req->db, req->arena, req->tenant.id, j->id, DESK_JOB_WRONG, 0,
                                      WRONGS, &p, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        char line[24];
        snprintf(line, sizeof line, "%lld", (long long)p[i].line);
        desk_view_setf(v, line, "Wrong.%zu.Line", i);
        desk_view_setf(v, p[i].text, "Wrong.%zu.Text", i);
    }
    if (n == WRONGS)
        desk_view_set(v, "WrongCut", "1");
    return rc;
}

static enum desk_rc load(struct desk_request *req, struct desk_job *j)
{
    return desk_job_get(req->db, req->arena, req->tenant.id, desk_param(req, "id")->text, j);
}

enum desk_rc admin_job(struct desk_request *req)
{
    struct desk_job j;
    enum desk_rc rc = load(req, &j);
    if (rc)
        return rc;
    size_t kind = kind_of(&j);
    struct desk_view *v = desk_page_begin(
        req, desk_arena_fmt(req->arena, "%s: %s", kinds[kind].name, state_words(&j)));
    if (!v)
        return DESK_ENOMEM;
    set_job(v, "Job", &j);
    if (is(&j, DESK_JOB_DONE) && kinds[kind].out)
        desk_view_set(v, "File", kinds[kind].out);
    if (is(&j, DESK_JOB_DONE) && strcmp(j.kind, DESK_JOB_PEOPLE_IMPORT) == 0)
        desk_view_set(v, "Dry", dry_run(&j) ? "1" : "");
    if (going(&j)) /* by itself, without a script */
        desk_reply_header(req, "Refresh", "3");
    rc = set_wrong(req, v, &j);
    return rc ? rc : desk_page_send(req, v, 0);
}

/* ---- what came out --------------------------------------------------------------------------- */

enum desk_rc admin_job_file(struct desk_request *req)
{
    struct desk_job j;
    enum desk_rc rc = load(req, &j);
    if (rc)
        return rc;
    const char *name = kinds[kind_of(&j)].out;
    if (!name || !is(&j, DESK_JOB_DONE))
        return DESK_ENOTFOUND;
    desk_page_headers(req);
    return desk_job_file(req, j.id, name);
}

/* ---- asking for it --------------------------------------------------------------------------- */

enum desk_rc admin_job_ask(struct desk_request *req, const char *kind, json_t *about,
                           const char *in, size_t n)
{
    char id[DESK_ID_LEN];
    char *text = json_dumps(about, JSON_COMPACT);
    enum desk_rc rc = text ? DESK_TX_BEGIN(req->db) : DESK_ENOMEM;
    if (!rc) {
        rc = desk_job_ask(req->db, req->tenant.id, req->user.id, kind, text, id);
        if (!rc && in)
            rc = desk_job_put(req->db, req->tenant.id, id, DESK_JOB_IN, in, n);
        rc = desk_tx_end(req->db, rc);
    }
    free(text);
    json_decref(about);
    const char *to = rc ? NULL : desk_arena_fmt(req->arena, "/jobs/%s", id);
    if (to)
        desk_reply_redirect(req, to);
    return rc;
}

enum desk_rc admin_people_export(struct desk_request *req)
{
    return admin_job_ask(req, DESK_JOB_PEOPLE_EXPORT, json_object(), NULL, 0);
}

enum desk_rc admin_calls_export(struct desk_request *req)
{
    const struct desk_value *days = desk_param(req, "days");
    int64_t now = desk_now_ms(), n = days->given && !days->error && days->num ? days->num : 90;
    return admin_job_ask(
        req, DESK_JOB_CALLS_EXPORT,
        json_pack("{s:I,s:I}", "from", (json_int_t)(now - n * DAY_MS), "to", (json_int_t)now + 1),
        NULL, 0);
}

enum desk_rc admin_reindex(struct desk_request *req)
{
    return admin_job_ask(req, DESK_JOB_REINDEX, json_object(), NULL, 0);
}

/* ---- a list of people ------------------------------------------------------------------------ */

static enum desk_rc import_page(struct desk_request *req, const char *wrong)
{
    struct desk_view *v = desk_page_begin(req, wrong ? "Error: Read in a list of people"
                                                     : "Read in a list of people");
    if (!v)
        return DESK_ENOMEM;
    if (wrong)
        desk_page_error(v, wrong);
    return desk_page_send(req, v, wrong ? 422 : 0);
}

enum desk_rc admin_import_page(struct desk_request *req)
{
    return import_page(req, NULL);
}

/* First only tried: what it would do, and what cannot be read. */
enum desk_rc admin_import(struct desk_request *req)
{
    struct desk_business b;
    const struct desk_form_pair *file = desk_form_find(&req->form, "file");
    if (!file || !file->value_len)
        return import_page(req, "Choose a file first: a list with a column of telephone numbers.");
    if (memchr(file->value, 0, file->value_len))
        return import_page(req, "This is no text of a CSV file: save it as “CSV UTF-8”.");
    enum desk_rc rc = desk_business_of(req->arena, &req->tenant, &req->location, &b);
    return rc ? rc
              : admin_job_ask(req, DESK_JOB_PEOPLE_IMPORT,
                              json_pack("{s:s,s:i,s:i}", "country", b.country ? b.country : "US",
                                        "day_first", b.day_first, "dry_run", 1),
                              file->value, file->value_len);
}

static enum desk_rc go(struct desk_request *req, const struct desk_job *j)
{
    json_t *about = json_loads(j->about, 0, NULL);
    if (about)
        json_object_set_new(about, "dry_run", json_integer(0));
    char *text = about ? json_dumps(about, JSON_COMPACT) : NULL;
    enum desk_rc rc =
        text ? desk_job_drop(req->db, req->tenant.id, j->id, DESK_JOB_WRONG) : DESK_ENOMEM;
    if (!rc)
        rc = desk_job_again(req->db, req->tenant.id, j->id, text);
    free(text);
    json_decref(about);
    return rc;
}

/* What was tried is done. Pressed twice: it is being done. */
enum desk_rc admin_job_go(struct desk_request *req)
{
    struct desk_job j;
    enum desk_rc rc = load(req, &j);
    if (rc)
        return rc;
    if (strcmp(j.kind, DESK_JOB_PEOPLE_IMPORT) != 0)
        return DESK_ENOTFOUND;
    if (dry_run(&j)) {
        rc = DESK_TX_BEGIN(req->db);
        if (rc)
            return rc;
        rc = desk_tx_end(req->db, go(req, &j));
    }
    if (!rc)
        desk_reply_redirect(req, desk_arena_fmt(req->arena, "/jobs/%s", j.id));
    return rc;
}
