#include "store/picture_file.h"
#include "base/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FOLDER "pictures"
#define FULL   (DESK_PATH_LEN + DESK_PIC_PATH + 16)
#define SLOT   (DESK_PIC_PIECE + DESK_CHUNK_EXTRA)

static const char head[16] = {'f', 'r', 'o', 'n', 't', 'd', 'e', 's',
                              'k', ' ', 'p', 'i', 'c', ' ', '1', '\n'};

const char *desk_picfile_path(char out[DESK_PIC_PATH], const char *id, int64_t at)
{
    struct tm tm;
    char day[16];
    time_t sec = (time_t)(at / 1000);
    gmtime_r(&sec, &tm);
    strftime(day, sizeof day, "%Y/%m/%d", &tm);
    snprintf(out, DESK_PIC_PATH, "%s/%.40s", day, id);
    return out;
}

static bool full(const struct desk_picfile *f, const char *more, char out[FULL])
{
    char name[DESK_PATH_LEN];
    if (!f->path || !*f->path || *f->path == '/' || strstr(f->path, ".."))
        return false;
    int n = snprintf(out, FULL, "%s/%s.%s%s", desk_path_data(name, FOLDER), f->path,
                     f->small ? "small" : "pic", more);
    return n > 0 && n < FULL;
}

static enum desk_rc failed(void)
{
    return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? DESK_ELIMIT
           : errno == ENOENT                                    ? DESK_ENOTFOUND
                                                                : DESK_EINTERNAL;
}

/* Every folder above it, from DATA/pictures down. */
static bool folders(char *path)
{
    char name[DESK_PATH_LEN];
    for (char *p = path + strlen(desk_path_data(name, FOLDER)); p; p = strchr(p + 1, '/')) {
        *p = '\0';
        int rc = mkdir(path, 0700);
        *p = '/';
        if (rc && errno != EEXIST)
            return false;
    }
    return true;
}

static void place(const struct desk_picfile *f, int64_t k, char out[160])
{
    snprintf(out, 160, "%s|%s|%c|%lld|%lld", f->tenant_id, f->id, f->small ? 's' : 'p',
             (long long)f->bytes, (long long)k);
}

static size_t piece_of(const struct desk_picfile *f, int64_t k)
{
    int64_t left = f->bytes - k * DESK_PIC_PIECE;
    return left <= 0 ? 0 : left < DESK_PIC_PIECE ? (size_t)left : DESK_PIC_PIECE;
}

/* ---- writing --------------------------------------------------------------------------------- */

static enum desk_rc write_all(int fd, const void *p, size_t n)
{
    for (const char *b = p; n;) {
        ssize_t got = write(fd, b, n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return failed();
        b += got;
        n -= (size_t)got;
    }
    return DESK_OK;
}

static enum desk_rc fill(const struct desk_picfile *f, int fd, const uint8_t *bytes)
{
    char where[160];
    uint8_t box[SLOT];
    size_t n;
    enum desk_rc rc = write_all(fd, head, sizeof head);
    for (int64_t k = 0; !rc && (n = piece_of(f, k)) > 0; k++) {
        place(f, k, where);
        desk_chunk_seal(f->key, where, bytes + k * DESK_PIC_PIECE, n, box);
        rc = write_all(fd, box, n + DESK_CHUNK_EXTRA);
    }
    return rc || fsync(fd) == 0 ? rc : failed();
}

enum desk_rc desk_picfile_write(const struct desk_picfile *f, const void *bytes)
{
    char to[FULL], tmp[FULL];
    if (!full(f, "", to) || !full(f, ".new", tmp))
        return DESK_EINVAL;
    if (!folders(to))
        return failed();
    int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return failed();
    enum desk_rc rc = fill(f, fd, bytes);
    if (close(fd) && !rc)
        rc = failed();
    if (!rc && rename(tmp, to))
        rc = failed();
    if (rc)
        unlink(tmp);
    return rc;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* The piece's box. The file must be as long as the whole wants. */
static enum desk_rc read_box(const struct desk_picfile *f, int fd, int64_t k, size_t n,
                             uint8_t box[SLOT])
{
    struct stat st;
    char mark[sizeof head];
    int64_t pieces = (f->bytes + DESK_PIC_PIECE - 1) / DESK_PIC_PIECE;
    if (fstat(fd, &st) ||
        st.st_size != (int64_t)sizeof head + f->bytes + pieces * DESK_CHUNK_EXTRA ||
        pread(fd, mark, sizeof mark, 0) != (ssize_t)sizeof mark ||
        memcmp(mark, head, sizeof head) != 0)
        return DESK_EINTERNAL;
    ssize_t want = (ssize_t)(n + DESK_CHUNK_EXTRA);
    return pread(fd, box, (size_t)want, (off_t)(sizeof head) + (off_t)k * SLOT) == want
               ? DESK_OK
               : DESK_EINTERNAL;
}

enum desk_rc desk_picfile_read(const struct desk_picfile *f, int64_t k, uint8_t out[DESK_PIC_PIECE],
                               size_t *n)
{
    char path[FULL], where[160];
    uint8_t box[SLOT];
    *n = k < 0 ? 0 : piece_of(f, k);
    if (!*n)
        return DESK_DONE;
    if (!full(f, "", path))
        return DESK_EINVAL;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return failed();
    enum desk_rc rc = read_box(f, fd, k, *n, box);
    close(fd);
    place(f, k, where);
    if (!rc && !desk_chunk_open(f->key, where, box, *n, out))
        rc = DESK_EINTERNAL;
    return rc;
}

enum desk_rc desk_picfile_remove(const struct desk_picfile *f)
{
    char path[FULL];
    if (!full(f, "", path))
        return DESK_EINVAL;
    return unlink(path) == 0 || errno == ENOENT ? DESK_OK : failed();
}
