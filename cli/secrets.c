/* frontdesk secrets: those that are kept in HashiCorp Vault or Azure Key Vault. */
#include "cli/secrets.h"
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/config.h"
#include "base/paths.h"
#include "out/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *name_of(enum desk_setting_id id)
{
    return desk_setting_rows[id].name;
}

/* ---- for this process, and for those that it starts ------------------------------------------ */

static enum desk_rc set_here(void *ctx, enum desk_setting_id id, const char *value)
{
    (void)ctx;
    desk_setting_override(id, value);
    return DESK_OK;
}

enum desk_rc cli_secrets_load(char *why, size_t n)
{
    return desk_vault_wanted() ? desk_vault_read(set_here, NULL, why, n) : DESK_OK;
}

static bool write_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t got = write(fd, p, n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        p += got;
        n -= (size_t)got;
    }
    return true;
}

/* The descriptor stays open as long as this process lives: that is what keeps the memory. */
static enum desk_rc hand_on(void *ctx, enum desk_setting_id id, const char *value)
{
    char name[80], path[80];
    int fd = memfd_create(name_of(id), MFD_CLOEXEC);
    if (fd < 0 || fchmod(fd, 0400) || !write_all(fd, value, strlen(value))) {
        if (fd >= 0)
            close(fd);
        return DESK_EINTERNAL;
    }
    snprintf(name, sizeof name, "%s_FILE", name_of(id));
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)getpid(), fd);
    return setenv(name, path, 1) ? DESK_ENOMEM : set_here(ctx, id, value);
}

enum desk_rc cli_secrets_hand_on(char *why, size_t n)
{
    static const enum desk_setting_id keys[] = {DESK_S_VAULT_TOKEN, DESK_S_VAULT_SECRET_ID};
    char file[80];
    if (!desk_vault_wanted())
        return DESK_OK;
    enum desk_rc rc = desk_vault_read(hand_on, NULL, why, n);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        snprintf(file, sizeof file, "%s_FILE", name_of(keys[i]));
        unsetenv(name_of(keys[i]));
        unsetenv(file);
    }
    return rc;
}

/* ---- check ----------------------------------------------------------------------------------- */

static enum desk_rc mark(void *ctx, enum desk_setting_id id, const char *value)
{
    bool *there = ctx;
    (void)value;
    there[id] = true;
    return DESK_OK;
}

static int check(int argc, char **argv)
{
    char why[400];
    bool there[DESK_S__MAX] = {false};
    (void)argv;
    if (argc != 1)
        return cli_usage("secrets check takes nothing more");
    bool wanted = desk_vault_wanted();
    if (wanted && desk_vault_read(mark, there, why, sizeof why))
        return cli_fail("%s", why);
    if (!wanted)
        puts("SECRETS_FROM is not set: secrets come from files, the environment and .env only");
    for (int i = 0; i < DESK_S__MAX; i++) {
        enum desk_setting_id id = (enum desk_setting_id)i;
        if (desk_setting_rows[id].flags & DESK_SET_SECRET)
            printf("%-30s %s\n", name_of(id),
                   there[id]                 ? desk_setting(DESK_S_SECRETS_FROM)
                   : desk_setting_is_set(id) ? "set on this machine"
                                             : "-");
    }
    return 0;
}

/* ---- fetch ----------------------------------------------------------------------------------- */

struct folder {
    const char *path;
    int fd;
    FILE *env;
};

/* A whole new file in the place of the old one, for its owner alone. */
static enum desk_rc keep(void *ctx, enum desk_setting_id id, const char *value)
{
    static const char draft[] = ".draft";
    const struct folder *f = ctx;
    (void)unlinkat(f->fd, draft, 0);
    int fd = openat(f->fd, draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0400);
    bool ok = fd >= 0 && write_all(fd, value, strlen(value));
    if (fd >= 0)
        ok = close(fd) == 0 && ok;
    ok = ok && renameat(f->fd, draft, f->fd, name_of(id)) == 0;
    if (ok)
        fprintf(f->env, "%s_FILE=%s/%s\n", name_of(id), f->path, name_of(id));
    return ok ? DESK_OK : DESK_EINTERNAL;
}

/* Others may not look into it. */
static bool is_ours(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && st.st_uid == geteuid() && !(st.st_mode & 077);
}

/* The list of them takes the place of the old one only when it is whole. */
static int fetch_into(struct folder *f)
{
    static const char draft[] = ".env";
    char why[400];
    (void)unlinkat(f->fd, draft, 0);
    int fd = openat(f->fd, draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    f->env = fd < 0 ? NULL : fdopen(fd, "w");
    if (!f->env)
        return cli_fail("%s/env cannot be written: %s", f->path, strerror(errno));
    enum desk_rc rc = desk_vault_read(keep, f, why, sizeof why);
    bool whole = fclose(f->env) == 0;
    if (rc) {
        (void)unlinkat(f->fd, draft, 0);
        return cli_fail("%s", why);
    }
    if (!whole || renameat(f->fd, draft, f->fd, "env") != 0)
        return cli_fail("%s/env cannot be written: %s", f->path, strerror(errno));
    return 0;
}

static int fetch(int argc, char **argv)
{
    struct folder f = {.fd = -1};
    if (argc != 2 || *argv[1] != '/')
        return cli_usage("secrets fetch wants a folder, from / on, in memory (tmpfs) best");
    f.path = argv[1];
    f.fd = open(f.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (f.fd < 0)
        return cli_fail("%s cannot be opened: %s", f.path, strerror(errno));
    int status = 0;
    if (!is_ours(f.fd))
        status = cli_fail("%s must be yours alone (chmod 700)", f.path);
    else if (desk_vault_wanted())
        status = fetch_into(&f);
    else /* what was fetched when it was wanted holds no more */
        (void)unlinkat(f.fd, "env", 0);
    close(f.fd);
    return status;
}

int cmd_secrets(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"check", check, "check"},
        {"fetch", fetch, "fetch FOLDER"},
        {NULL, NULL, NULL},
    };
    return cli_sub_run(subs, argc, argv);
}
