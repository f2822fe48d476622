#include "cli/sub.h"
#include "base/paths.h"
#include "store/open.h"
#include "store/users.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA (16 * 1024 * 1024) /* what a command may read at most */

static void say(const char *fmt, va_list ap)
{
    fputs("frontdesk: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
}

int cli_usage(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    say(fmt, ap);
    va_end(ap);
    return 2;
}

int cli_fail(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    say(fmt, ap);
    va_end(ap);
    return 1;
}

int cli_sub_run(const struct cli_sub *subs, int argc, char **argv)
{
    for (const struct cli_sub *s = subs; argc > 1 && s->name; s++)
        if (strcmp(s->name, argv[1]) == 0)
            return s->run(argc - 1, argv + 1);
    if (argc > 1)
        fprintf(stderr, "frontdesk: %s has no \"%s\"\n", argv[0], argv[1]);
    for (const struct cli_sub *s = subs; s->name; s++)
        fprintf(stderr, "%s frontdesk %s %s\n", s == subs ? "usage:" : "      ", argv[0], s->usage);
    return 2;
}

bool cli_days(const char *arg, long most, long *days)
{
    char *end;
    *days = strtol(arg, &end, 10);
    bool ok = end != arg && !*end && *days >= 1 && *days <= most;
    if (!ok)
        cli_usage("--days is a number from 1 to %ld", most);
    return ok;
}

struct desk_db *cli_open(void)
{
    char why[400], path[DESK_PATH_LEN];
    struct desk_db *db = NULL;
    if (desk_store_key(false, why, sizeof why)) {
        cli_fail("%s", why);
        return NULL;
    }
    enum desk_rc rc = desk_store_open(&db, DESK_ZONE_ADMIN_CLI, 10000);
    if (rc == DESK_ENOTFOUND)
        cli_fail("There is no database %s yet: `frontdesk run` or `frontdesk db migrate` makes it",
                 desk_path_db(path));
    else if (rc)
        cli_fail("The database %s cannot be opened; see `frontdesk db check`", desk_path_db(path));
    else if (desk_store_key_check(db)) {
        cli_fail("The data key is not the one this database was made with");
        desk_db_close(db);
        db = NULL;
    }
    return db;
}

enum desk_rc cli_tenant(struct desk_db *db, struct desk_arena *a, const char *slug,
                        struct desk_tenant *out)
{
    struct desk_tenant *all;
    size_t n = 0;
    enum desk_rc rc;
    if (slug) {
        rc = desk_tenant_by_slug(db, a, slug, out);
        if (rc == DESK_ENOTFOUND)
            cli_fail("There is no business \"%s\"; `frontdesk business list` shows them", slug);
        return rc;
    }
    rc = desk_tenant_list(db, a, &all, &n);
    if (!rc && n == 1)
        *out = all[0];
    else if (!rc) {
        cli_fail(n ? "There are several businesses: say which with --business SLUG"
                   : "There is no business yet: `frontdesk business add FILE`");
        rc = n ? DESK_EINVAL : DESK_ENOTFOUND;
    }
    return rc;
}

enum desk_rc cli_on_tenant(const char *slug, cli_tenant_fn *fn, const void *asked)
{
    struct desk_tenant t;
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(ARENA) : NULL;
    enum desk_rc rc = a ? cli_tenant(db, a, slug, &t) : DESK_ENOMEM;
    if (!rc)
        rc = fn(db, a, t.id, asked);
    desk_arena_free(a);
    desk_db_close(db);
    return rc;
}

/* ---- rows into a file ------------------------------------------------------------------------ */

static enum desk_rc put(void *to, const char *p, size_t n)
{
    return fwrite(p, 1, n, to) == n ? DESK_OK : DESK_EINTERNAL;
}

static FILE *make(const char *name)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return fd < 0 ? NULL : fdopen(fd, "w");
}

static enum desk_rc note(struct desk_db *db, const char *tenant_id, const char *what)
{
    enum desk_rc rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, desk_audit_add(db, tenant_id, NULL, what, NULL));
}

int cli_take_out(struct desk_db *db, const char *tenant_id, const struct cli_taking *t)
{
    size_t n = 0;
    bool std = !t->file || strcmp(t->file, "-") == 0;
    if (note(db, tenant_id, t->what))
        return cli_fail("The database is busy; nothing was taken out");
    FILE *out = std ? stdout : make(t->file);
    if (!out)
        return cli_fail("%s cannot be made: %s", t->file, strerror(errno));
    enum desk_rc rc = t->fill(t->ctx, put, out, &n);
    if ((std ? fflush(out) : fclose(out)) != 0 && !rc)
        rc = DESK_EINTERNAL;
    if (rc)
        return cli_fail("It could not be written whole: %s", strerror(errno));
    if (!std)
        printf("%s: %zu %s\n", t->file, n, t->rows);
    return 0;
}
