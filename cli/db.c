/* frontdesk db: is the database whole, and ours? Bring its schema up to date. */
#include "cli/backup.h"
#include "cli/cli.h"
#include "cli/setup.h"
#include "cli/sub.h"
#include "base/paths.h"
#include "db/migrate.h"
#include "store/calls.h"
#include "store/conversation.h"
#include "store/open.h"
#include "store/outbox.h"
#include "store/recording_file.h"
#include "store/recordings.h"
#include "store/results.h"
#include "store/tenants.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SEALED_CALLS 1000 /* newest calls of a business whose sealed values are opened */
#define SEALED_ROWS  2000 /* turns, events of one call */

/* One line per fact; returns whether it is well. */
static bool line(bool ok, const char *what, const char *how)
{
    printf("%-4s %-10s %s\n", ok ? "ok" : "BAD", what, how);
    return ok;
}

static bool check_file(struct desk_db **db)
{
    char path[DESK_PATH_LEN], how[DESK_PATH_LEN + 64];
    enum desk_rc rc = desk_store_open_any(db);
    snprintf(how, sizeof how, "%s%s", desk_path_db(path),
             rc == DESK_ENOTFOUND ? " is not there"
             : rc                 ? " cannot be read as a database"
                                  : "");
    return line(!rc, "file", how);
}

static bool check_integrity(struct desk_db *db)
{
    char *report = NULL;
    struct desk_arena *a = desk_arena_new(1024 * 1024);
    enum desk_rc rc = a ? desk_db_integrity(db, a, &report) : DESK_ENOMEM;
    bool ok = !rc && report && strcmp(report, "ok") == 0;
    line(ok, "integrity",
         ok              ? "every page and every reference is whole"
         : rc || !report ? "it is damaged; put back a copy"
                         : report);
    desk_arena_free(a);
    return ok;
}

static bool check_schema(struct desk_db *db)
{
    char how[160];
    int have = desk_migrate_version(db), want = desk_migrate_latest();
    snprintf(how, sizeof how, "version %d%s", have,
             have == want  ? ""
             : have < want ? ", older than this program: `frontdesk db migrate` brings it up"
                           : ", newer than this program: use the newer program");
    return line(have == want, "schema", how);
}

static bool check_key(struct desk_db *db, bool have, const char *why)
{
    enum desk_rc rc = have ? desk_store_key_check(db) : DESK_ENOTFOUND;
    return line(!rc, "key",
                !rc                    ? "opens what is sealed"
                : !have                ? why
                : rc == DESK_ENOTFOUND ? "the database has nothing to try it on"
                                       : "is not the one this database was made with");
}

/* Everything sealed that hangs on one call. What does not open is named in the log. */
static enum desk_rc open_call(struct desk_db *db, struct desk_arena *a, const struct desk_call *c)
{
    struct desk_turn *turns;
    struct desk_event *events;
    struct desk_tool_run *runs;
    struct desk_callback *callbacks;
    struct desk_message *messages;
    struct desk_outbox *sent;
    size_t n;
    enum desk_rc rc = desk_turn_list(db, a, c->tenant_id, c->id, SEALED_ROWS, &turns, &n);
    if (!rc)
        rc = desk_event_list(db, a, c->tenant_id, c->id, SEALED_ROWS, &events, &n);
    if (!rc)
        rc = desk_tool_run_list(db, a, c->tenant_id, c->id, &runs, &n);
    if (!rc)
        rc = desk_callback_by_call(db, a, c->tenant_id, c->id, &callbacks, &n);
    if (!rc)
        rc = desk_message_by_call(db, a, c->tenant_id, c->id, &messages, &n);
    return rc ? rc : desk_outbox_by_call(db, a, c->tenant_id, c->id, &sent, &n);
}

static enum desk_rc open_tenant(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                size_t *opened)
{
    static const struct desk_call_filter all;
    struct desk_location location;
    struct desk_call *calls;
    struct desk_arena *one = desk_arena_new(64 * 1024 * 1024);
    size_t n = 0;
    enum desk_rc rc = one ? desk_location_first(db, a, tenant_id, &location) : DESK_ENOMEM;
    if (!rc || rc == DESK_ENOTFOUND)
        rc = desk_call_find(db, a, tenant_id, &all, INT64_MAX, "", SEALED_CALLS, &calls, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        rc = open_call(db, one, &calls[i]);
        desk_arena_reset(one);
    }
    *opened += n;
    desk_arena_free(one);
    return rc;
}

/* The key may be right and a value still not: moved to another row, cut, or overwritten. */
static bool check_sealed(struct desk_db *db)
{
    char how[160];
    struct desk_tenant *tenants;
    size_t n = 0, opened = 0;
    struct desk_arena *a = desk_arena_new(64 * 1024 * 1024);
    enum desk_rc rc = a ? desk_tenant_list(db, a, &tenants, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++)
        rc = open_tenant(db, a, tenants[i].id, &opened);
    desk_arena_free(a);
    if (rc)
        snprintf(how, sizeof how, "something in the newest calls does not open");
    else
        snprintf(how, sizeof how, "all of the newest %zu calls opens", opened);
    return line(!rc, "sealed", how);
}

#define FILES_CHECKED 200 /* newest recordings of a business whose files are looked for */
#define FILES_OPENED  20  /* of them, whose end and last piece are opened */

/* NULL: it is well. Else what is wrong. */
static const char *file_fault(const struct desk_recording *r, bool open)
{
    struct desk_recfile f;
    uint8_t last[2 * 800];
    if (strcmp(r->kind, DESK_REC_OWN) != 0 || strcmp(r->state, DESK_REC_READY) != 0)
        return NULL;
    if (desk_recfile_open(&f, desk_store_the_key(), r->path, r->tenant_id, r->id))
        return "has no file";
    size_t n = f.samples < 800 ? (size_t)f.samples : 800;
    const char *fault = NULL;
    if (f.samples / 8 != r->ms || (!f.whole && !r->cut))
        fault = "has not the length it had";
    else if (open && desk_recfile_read(&f, f.samples - (int64_t)n, n, last))
        fault = "does not open at its end";
    desk_recfile_close(&f);
    return fault;
}

static enum desk_rc files_of(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             size_t *seen, char *how, size_t how_n)
{
    struct desk_recording *rows;
    size_t n = 0;
    enum desk_rc rc = desk_recording_list(db, a, tenant_id, FILES_CHECKED, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        const char *fault = file_fault(&rows[i], i < FILES_OPENED);
        if (!fault)
            continue;
        snprintf(how, how_n, "%s %s", rows[i].id, fault);
        rc = DESK_EINVAL;
    }
    *seen += n;
    return rc;
}

static bool check_recordings(struct desk_db *db)
{
    char how[160] = "the newest cannot be read";
    struct desk_tenant *tenants;
    size_t n = 0, seen = 0;
    struct desk_arena *a = desk_arena_new(64 * 1024 * 1024);
    enum desk_rc rc = a ? desk_tenant_list(db, a, &tenants, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++)
        rc = files_of(db, a, tenants[i].id, &seen, how, sizeof how);
    desk_arena_free(a);
    if (!rc)
        snprintf(how, sizeof how, "the newest %zu are there", seen);
    return line(!rc, "recordings", how);
}

static int check(int argc, char **argv)
{
    char why[400];
    struct desk_db *db = NULL;
    (void)argv;
    if (argc != 1)
        return cli_usage("db check takes nothing more");
    bool have_key = desk_store_key(false, why, sizeof why) == DESK_OK;
    bool ok = check_file(&db);
    if (ok) {
        /* all of them, also after a bad one */
        ok = check_integrity(db);
        ok = check_schema(db) && ok;
        ok = check_key(db, have_key, why) && ok;
        if (ok) { /* else it would only say the same again */
            ok = check_sealed(db);
            ok = check_recordings(db) && ok;
        }
    }
    desk_db_close(db);
    return ok ? 0 : 1;
}

static int migrate(int argc, char **argv)
{
    char why[700];
    struct desk_db *db = NULL;
    (void)argv;
    if (argc != 1)
        return cli_usage("db migrate takes nothing more");
    enum desk_rc rc = desk_setup_folders(why, sizeof why);
    if (!rc)
        rc = desk_setup_database(&db, why, sizeof why);
    if (rc)
        return cli_fail("%s", why);
    printf("schema version %d\n", desk_migrate_version(db));
    desk_db_close(db);
    return 0;
}

int cmd_db(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"check", check, "check"},
        {"migrate", migrate, "migrate"},
        {"backup", cli_backup, "backup FOLDER [--keep N]"},
        {NULL, NULL, NULL},
    };
    return cli_sub_run(subs, argc, argv);
}
