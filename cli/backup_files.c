#include "cli/backup_files.h"
#include "base/paths.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PART      ".part"
#define PLACE_LEN (2 * DESK_PATH_LEN)

/* One file or folder: where it is, where it goes, what it is called. */
struct place {
    char from[PLACE_LEN], to[PLACE_LEN], name[PLACE_LEN];
};

static enum desk_rc failed(struct backup_files *f, const char *what, const char *which)
{
    enum desk_rc rc = errno == ENOSPC || errno == EDQUOT ? DESK_ELIMIT : DESK_EINTERNAL;
    snprintf(f->why, sizeof f->why, "%s %.200s: %s", what, which, strerror(errno));
    return rc;
}

static bool below(struct place *p, const struct place *up, const char *name)
{
    int a = snprintf(p->from, PLACE_LEN, "%s/%s", up->from, name);
    int b = snprintf(p->to, PLACE_LEN, "%s/%s", up->to, name);
    int c = snprintf(p->name, PLACE_LEN, "%s/%s", up->name, name);
    return a < PLACE_LEN - (int)sizeof PART && b < PLACE_LEN - (int)sizeof PART && c < PLACE_LEN;
}

static bool copy_bytes(int in, int out)
{
    char room[64 * 1024];
    ssize_t n;
    while ((n = read(in, room, sizeof room)) > 0)
        for (ssize_t at = 0, w; at < n; at += w)
            if ((w = write(out, room + at, (size_t)(n - at))) <= 0)
                return false;
    return n == 0 && fsync(out) == 0;
}

/* Under another name first: a copy that was cut by a power failure has no name of its own. */
static enum desk_rc copy_file(struct backup_files *f, const struct place *p, const struct stat *st)
{
    char part[PLACE_LEN + sizeof PART];
    const struct timespec times[2] = {st->st_atim, st->st_mtim};
    enum desk_rc rc = DESK_OK;
    snprintf(part, sizeof part, "%s" PART, p->to);
    int in = open(p->from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (in < 0)
        return errno == ENOENT ? DESK_OK : failed(f, "It cannot be read:", p->from);
    int out = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (out < 0 || !copy_bytes(in, out) || futimens(out, times) != 0 || rename(part, p->to) != 0)
        rc = failed(f, "It cannot be copied:", p->from);
    if (out >= 0)
        close(out);
    close(in);
    f->new += !rc;
    return rc;
}

static enum desk_rc one_file(struct backup_files *f, const struct place *p, const struct stat *st)
{
    struct stat have;
    bool same = lstat(p->to, &have) == 0 && have.st_size == st->st_size &&
                have.st_mtim.tv_sec == st->st_mtim.tv_sec;
    enum desk_rc rc = same ? DESK_OK : copy_file(f, p, st);
    if (rc)
        return rc;
    f->n++;
    f->bytes += st->st_size;
    if (fprintf(f->list, "%lld %lld %s\n", (long long)st->st_size, (long long)st->st_mtim.tv_sec,
                p->name) < 0)
        return failed(f, "The list cannot be written:", p->name);
    return DESK_OK;
}

static enum desk_rc walk(struct backup_files *f, const struct place *p);

/* Each name of a folder to fn; names with a dot before them are nobody's. */
static enum desk_rc each(struct backup_files *f, const struct place *p, const char *folder,
                         enum desk_rc (*fn)(struct backup_files *, const struct place *))
{
    struct place sub;
    enum desk_rc rc = DESK_OK;
    DIR *d = opendir(folder);
    if (!d)
        return errno == ENOENT ? DESK_OK : failed(f, "The folder cannot be read:", folder);
    for (struct dirent *e; !rc && (e = readdir(d)) != NULL;) {
        if (e->d_name[0] == '.')
            continue;
        errno = ENAMETOOLONG;
        rc = below(&sub, p, e->d_name) ? fn(f, &sub) : failed(f, "It cannot be kept:", e->d_name);
    }
    closedir(d);
    return rc;
}

static enum desk_rc take(struct backup_files *f, const struct place *p)
{
    struct stat st;
    if (lstat(p->from, &st) != 0)
        return errno == ENOENT ? DESK_OK : failed(f, "It cannot be looked at:", p->from);
    return S_ISDIR(st.st_mode) ? walk(f, p) : S_ISREG(st.st_mode) ? one_file(f, p, &st) : DESK_OK;
}

/* What was erased must not live on in a copy. */
static enum desk_rc drop(struct backup_files *f, const struct place *p)
{
    struct stat st;
    if (lstat(p->to, &st) != 0)
        return DESK_OK;
    if (S_ISDIR(st.st_mode)) {
        enum desk_rc rc = each(f, p, p->to, drop);
        if (!rc && access(p->from, F_OK) != 0)
            rmdir(p->to);
        return rc;
    }
    if (access(p->from, F_OK) != 0 && unlink(p->to) != 0)
        return failed(f, "It cannot be removed:", p->to);
    return DESK_OK;
}

static enum desk_rc walk(struct backup_files *f, const struct place *p)
{
    if (mkdir(p->to, 0700) != 0 && errno != EEXIST)
        return failed(f, "The folder cannot be made:", p->to);
    enum desk_rc rc = each(f, p, p->from, take);
    return rc ? rc : each(f, p, p->to, drop);
}

enum desk_rc backup_mirror(struct backup_files *f, const char *from, const char *to,
                           const char *name)
{
    struct place p;
    snprintf(p.from, sizeof p.from, "%s", from);
    snprintf(p.to, sizeof p.to, "%s", to);
    snprintf(p.name, sizeof p.name, "%s", name);
    return access(from, F_OK) == 0 ? walk(f, &p) : DESK_OK;
}
