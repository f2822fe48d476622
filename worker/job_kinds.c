/* What can be asked for: people in and out, calls out, a person or a call erased, the index
 * anew. */
#include "worker/jobs.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/calls.h"
#include "store/erase.h"
#include "store/files_gone.h"
#include "store/users.h"
#include "store/word_index.h"
#include "talk/call_export.h"
#include "talk/contact_file.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WRONG_MOST 1000 /* rows told of that could not be read */
#define CALLS_STEP 10   /* erased in one step: the lock is not held for long */
#define INDEX_STEP 200

static bool told_to_stop(const struct job_run *r)
{
    return r->stopping && r->stopping(r->ctx);
}

static int64_t number_of(const char *json, const char *name)
{
    json_t *root = json_loads(json ? json : "{}", 0, NULL);
    int64_t n = json_integer_value(json_object_get(root, name));
    json_decref(root);
    return n;
}

static const char *text_of(struct job_run *r, const char *json, const char *name)
{
    json_t *root = json_loads(json ? json : "{}", 0, NULL);
    const char *t = json_string_value(json_object_get(root, name));
    const char *out = desk_arena_strdup(r->a, t ? t : "");
    json_decref(root);
    return out;
}

/* A transaction around one step, and how far it is. */
static enum desk_rc finish_step(struct job_run *r, enum desk_rc rc)
{
    bool last = rc == DESK_DONE;
    if (!rc || last)
        rc = desk_job_step(r->db, &r->job);
    rc = desk_tx_end(r->db, rc);
    return rc ? rc : last ? DESK_DONE : told_to_stop(r) ? DESK_EBUSY : DESK_OK;
}

static enum desk_rc note(struct job_run *r, const char *action, const char *object)
{
    return desk_audit_add(r->db, r->job.tenant_id, r->job.user_id, action, object);
}

/* ---- people in ------------------------------------------------------------------------------- */

struct importing {
    struct job_run *r;
    struct desk_buf told; /* of this batch: line NUL-free sentences, kept with it */
    bool dry, again;
};

static void tell_wrong(void *ctx, size_t line, const char *sentence)
{
    struct importing *im = ctx;
    if (line == 1 && im->again)
        return; /* what there was to say of the header was said */
    desk_buf_fmt(&im->told, "%zu %s\n", line, sentence);
}

/* What was told of the batch, into rows. */
static enum desk_rc keep_told(struct importing *im)
{
    struct job_run *r = im->r;
    enum desk_rc rc = desk_buf_ok(&im->told) ? DESK_OK : DESK_ENOMEM;
    char *at = (char *)desk_arena_strdup(r->step, desk_buf_cstr(&im->told));
    while (!rc && at && *at) {
        char *end = strchr(at, '\n'), *words = strchr(at, ' ');
        if (!end || !words)
            break;
        *end = '\0';
        if (r->job.wrong++ < WRONG_MOST)
            rc =
                desk_job_wrong(r->db, r->job.tenant_id, r->job.id, strtol(at, NULL, 10), words + 1);
        at = end + 1;
    }
    desk_buf_reset(&im->told);
    return at ? rc : DESK_ENOMEM;
}

static const char *place_of(struct job_run *r, const struct desk_imported *n)
{
    return desk_arena_fmt(
        r->step, "{\"rows\":%zu,\"added\":%zu,\"changed\":%zu,\"same\":%zu,\"refused\":%zu}",
        n->rows, n->added, n->changed, n->same, n->refused);
}

static enum desk_rc keep_step(void *ctx, const struct desk_imported *n)
{
    struct importing *im = ctx;
    struct job_run *r = im->r;
    desk_arena_reset(r->step);
    enum desk_rc rc = keep_told(im);
    r->job.place = place_of(r, n);
    r->job.done = (int64_t)n->rows;
    if (!rc)
        rc = r->job.place ? desk_job_step(r->db, &r->job) : DESK_ENOMEM;
    return !rc && told_to_stop(r) ? DESK_EBUSY : rc;
}

static enum desk_rc read_in(struct job_run *r, struct desk_buf *text)
{
    struct desk_job_piece *p;
    size_t n = 1;
    enum desk_rc rc = DESK_OK;
    for (int64_t from = 0; !rc && n; from += (int64_t)n) {
        desk_arena_reset(r->step);
        rc = desk_job_pieces(r->db, r->step, r->job.tenant_id, r->job.id, DESK_JOB_IN, from, 50, &p,
                             &n);
        for (size_t i = 0; !rc && i < n; i++)
            desk_buf_add(text, p[i].text, (size_t)p[i].bytes);
    }
    return rc ? rc : desk_buf_ok(text) ? DESK_OK : DESK_ENOMEM;
}

static const char *import_words(struct job_run *r, const struct desk_imported *n, bool dry)
{
    return desk_arena_fmt(r->a, "%zu new, %zu %s, %zu already so, %zu %s", n->added, n->changed,
                          dry ? "would change" : "changed", n->same, n->refused,
                          dry ? "cannot be read" : "left out");
}

static enum desk_rc end_import(struct job_run *r, const struct desk_imported *n, bool dry)
{
    enum desk_rc rc = DESK_TX_BEGIN(r->db);
    r->words = import_words(r, n, dry);
    if (!rc && !dry)
        rc = note(r, "contact.import", r->job.id);
    else if (rc)
        return rc;
    if (!rc && !dry) /* what was read in needs not be kept a second time */
        rc = desk_job_drop(r->db, r->job.tenant_id, r->job.id, DESK_JOB_IN);
    return desk_tx_end(r->db, rc);
}

static enum desk_rc import_text(struct job_run *r, struct importing *im,
                                const struct desk_buf *text)
{
    const char *p = r->job.place;
    const struct desk_imported before = {.rows = (size_t)number_of(p, "rows"),
                                         .added = (size_t)number_of(p, "added"),
                                         .changed = (size_t)number_of(p, "changed"),
                                         .same = (size_t)number_of(p, "same"),
                                         .refused = (size_t)number_of(p, "refused")};
    struct desk_imported n;
    im->again = before.rows > 0;
    const struct desk_import how = {.tenant_id = r->job.tenant_id,
                                    .country = text_of(r, r->job.about, "country"),
                                    .day_first = number_of(r->job.about, "day_first") != 0,
                                    .dry_run = im->dry,
                                    .tell = tell_wrong,
                                    .ctx = im,
                                    .step = keep_step,
                                    .before = &before};
    /* rows, roughly, and the header's own line */
    for (const char *c = text->p;
         text->len && (c = memchr(c, '\n', text->len - (size_t)(c - text->p))); c++)
        r->job.total++;
    enum desk_rc rc = desk_contact_import(r->db, text->p, text->len, &how, &n);
    if (rc == DESK_EINVAL) { /* nothing can be read in it: its reason is the words */
        const char *words = strchr(desk_buf_cstr(&im->told), ' ');
        r->words =
            desk_arena_strndup(r->a, words ? words + 1 : "", words ? strcspn(words + 1, "\n") : 0);
        r->failed = true;
        return r->words ? DESK_OK : DESK_ENOMEM;
    }
    return rc ? rc : end_import(r, &n, im->dry);
}

static enum desk_rc people_import(struct job_run *r)
{
    struct desk_buf text;
    struct importing im = {.r = r, .dry = number_of(r->job.about, "dry_run") != 0};
    desk_buf_init(&text, DESK_MAX_CSV_FILE);
    desk_buf_init(&im.told, 4 * 1024 * 1024);
    r->job.total = 0;
    enum desk_rc rc = read_in(r, &text);
    if (!rc)
        rc = import_text(r, &im, &text);
    desk_buf_clear(&im.told);
    desk_buf_clear(&text);
    return rc;
}

/* ---- out ------------------------------------------------------------------------------------- */

/* A page of rows is a step. Made anew after a restart: it is read only, and what was written of it
 * is thrown away first. */
static enum desk_rc keep_page(void *ctx, const char *p, size_t n)
{
    struct job_run *r = ctx;
    enum desk_rc rc = DESK_TX_BEGIN(r->db);
    if (rc)
        return rc;
    rc = desk_job_put(r->db, r->job.tenant_id, r->job.id, DESK_JOB_OUT, p, n);
    for (size_t i = 0; i < n; i++)
        r->job.done += p[i] == '\n';
    return finish_step(r, rc);
}

static enum desk_rc begin_out(struct job_run *r, const char *action)
{
    enum desk_rc rc = DESK_TX_BEGIN(r->db);
    r->job.done = 0;
    r->job.total = 0;
    if (rc)
        return rc;
    rc = desk_job_drop(r->db, r->job.tenant_id, r->job.id, DESK_JOB_OUT);
    return finish_step(r, rc ? rc : note(r, action, r->job.id));
}

static enum desk_rc people_export(struct job_run *r)
{
    size_t n = 0;
    enum desk_rc rc = begin_out(r, "contact.export");
    if (!rc)
        rc = desk_contact_export(r->db, r->job.tenant_id, keep_page, r, &n);
    r->words = desk_arena_fmt(r->a, "%zu %s in the file", n, n == 1 ? "person is" : "people are");
    return rc;
}

static enum desk_rc calls_export(struct job_run *r)
{
    size_t n = 0;
    enum desk_rc rc = begin_out(r, "call.export");
    if (!rc)
        rc = desk_call_export(r->db, r->job.tenant_id, number_of(r->job.about, "from"),
                              number_of(r->job.about, "to"), keep_page, r, &n);
    r->words = desk_arena_fmt(r->a, "%zu %s in the file", n, n == 1 ? "call is" : "calls are");
    return rc;
}

/* ---- a person erased ------------------------------------------------------------------------- */

/* Files whose rows have just gone. What cannot be removed now stays noted: the worker tries again,
 * and says so in its log. */
static void remove_files(struct job_run *r)
{
    size_t n = 0;
    if (desk_files_gone_remove(r->db, r->step, &n) == DESK_EBUSY)
        desk_log(DESK_LOG_INFO, "job.files", "job=%s rc=EBUSY", r->job.id);
}

static enum desk_rc erase_step(struct job_run *r, const struct desk_contact *c)
{
    size_t n = 0;
    desk_arena_reset(r->step);
    enum desk_rc rc = DESK_TX_BEGIN(r->db);
    if (rc)
        return rc;
    rc = desk_erase_calls(r->db, r->step, c, CALLS_STEP, &n);
    r->job.done += (int64_t)n;
    rc = finish_step(r, rc);
    if (!rc || rc == DESK_DONE)
        remove_files(r);
    return rc;
}

static enum desk_rc erase_end(struct job_run *r, const struct desk_contact *c)
{
    enum desk_rc rc = DESK_TX_BEGIN(r->db);
    if (rc)
        return rc;
    rc = desk_erase_rest(r->db, r->step, c);
    if (!rc)
        rc = note(r, "contact.erase", c->id);
    rc = finish_step(r, rc);
    return rc == DESK_EBUSY ? DESK_OK : rc; /* it was the last step anyway */
}

static enum desk_rc person_erase(struct job_run *r)
{
    struct desk_contact c;
    const char *why = NULL;
    enum desk_rc rc =
        desk_contact_get(r->db, r->a, r->job.tenant_id, text_of(r, r->job.about, "person"), &c);
    if (rc == DESK_ENOTFOUND) { /* killed behind the last step */
        r->words = "Erased";
        return DESK_OK;
    }
    if (!rc)
        rc = desk_erase_refused(r->db, r->a, &c, &why);
    if (!rc && why) {
        r->words = why;
        r->failed = true;
        return DESK_OK;
    }
    while (!rc)
        rc = erase_step(r, &c);
    if (rc == DESK_DONE)
        rc = erase_end(r, &c);
    r->words = desk_arena_fmt(r->a, "Erased, with %lld %s", (long long)r->job.done,
                              r->job.done == 1 ? "call" : "calls");
    return rc;
}

/* ---- one call erased ------------------------------------------------------------------------- */

static enum desk_rc call_erase(struct job_run *r)
{
    struct desk_call c;
    enum desk_rc rc =
        desk_call_get(r->db, r->a, r->job.tenant_id, text_of(r, r->job.about, "call"), &c);
    r->words = "Erased";
    if (rc || c.erased_at) /* gone as a whole, or asked for twice */
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    const char *why = desk_erase_call_refused(&c);
    if (why) {
        r->words = why;
        r->failed = true;
        return DESK_OK;
    }
    rc = DESK_TX_BEGIN(r->db);
    if (rc)
        return rc;
    rc = desk_erase_one_call(r->db, r->step, &c);
    if (!rc)
        rc = note(r, "call.erase", c.id);
    rc = finish_step(r, rc);
    if (!rc || rc == DESK_DONE)
        remove_files(r);
    return rc == DESK_EBUSY ? DESK_OK : rc; /* it was the only step */
}

/* ---- the index anew -------------------------------------------------------------------------- */

static enum desk_rc index_step(struct job_run *r, struct desk_index_place *p)
{
    size_t n = 0;
    desk_arena_reset(r->step);
    enum desk_rc rc = DESK_TX_BEGIN(r->db);
    if (rc)
        return rc;
    rc = desk_index_anew(r->db, r->step, r->job.tenant_id, p, INDEX_STEP, &n);
    r->job.done += (int64_t)n;
    r->job.place = desk_arena_fmt(r->step, "{\"part\":%d,\"at\":%lld,\"id\":\"%s\"}", p->part,
                                  (long long)p->at, p->id);
    return finish_step(r, r->job.place ? rc : DESK_ENOMEM);
}

static enum desk_rc reindex(struct job_run *r)
{
    struct desk_index_place p = {.part = (int)number_of(r->job.place, "part"),
                                 .at = number_of(r->job.place, "at")};
    const char *id = text_of(r, r->job.place, "id");
    if (!id)
        return DESK_ENOMEM;
    snprintf(p.id, sizeof p.id, "%s", id);
    enum desk_rc rc = desk_index_count(r->db, r->job.tenant_id, &r->job.total);
    while (!rc)
        rc = index_step(r, &p);
    r->words = "Everything can be looked for";
    return rc == DESK_DONE ? DESK_OK : rc;
}

job_kind *job_kind_find(const char *kind)
{
    static const struct {
        const char *name;
        job_kind *run;
    } kinds[] = {{DESK_JOB_PEOPLE_IMPORT, people_import}, {DESK_JOB_PEOPLE_EXPORT, people_export},
                 {DESK_JOB_CALLS_EXPORT, calls_export},   {DESK_JOB_PERSON_ERASE, person_erase},
                 {DESK_JOB_CALL_ERASE, call_erase},       {DESK_JOB_REINDEX, reindex}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, kind) == 0)
            return kinds[i].run;
    return NULL;
}
