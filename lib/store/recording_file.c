#include "store/recording_file.h"
#include "base/clock.h"
#include "base/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FOLDER "recordings"
#define SLOT   (DESK_REC_PIECE + DESK_CHUNK_EXTRA)
#define END    (8 + DESK_CHUNK_EXTRA)

static const char head[16] = {'f', 'r', 'o', 'n', 't', 'd', 'e', 's',
                              'k', ' ', 'r', 'e', 'c', ' ', '1', '\n'};

static int64_t pieces(int64_t samples)
{
    return (samples + DESK_REC_PIECE - 1) / DESK_REC_PIECE;
}

static off_t slot_at(int64_t n)
{
    return (off_t)sizeof head + (off_t)n * SLOT;
}

int64_t desk_recfile_bytes(int64_t samples)
{
    return slot_at(2 * pieces(samples)) + END;
}

/* ---- names ----------------------------------------------------------------------------------- */

const char *desk_recfile_path(char out[DESK_REC_PATH], const char *id, int64_t started_at)
{
    struct tm tm;
    char day[16];
    time_t sec = (time_t)(started_at / 1000);
    gmtime_r(&sec, &tm);
    strftime(day, sizeof day, "%Y/%m/%d", &tm);
    snprintf(out, DESK_REC_PATH, "%s/%.40s.rec", day, id);
    return out;
}

bool desk_recfile_full(char *out, size_t n, const char *path)
{
    char name[DESK_PATH_LEN];
    if (!path || !*path || *path == '/' || strstr(path, ".."))
        return false;
    int len = snprintf(out, n, "%s/%s", desk_path_data(name, FOLDER), path);
    return len > 0 && (size_t)len < n;
}

static enum desk_rc failed(void)
{
    return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? DESK_ELIMIT
           : errno == EEXIST                                    ? DESK_ECONFLICT
           : errno == ENOENT                                    ? DESK_ENOTFOUND
                                                                : DESK_EINTERNAL;
}

/* Every folder above a file of ours, from DATA/recordings down. */
static bool folders(char *full)
{
    char name[DESK_PATH_LEN];
    size_t at = strlen(desk_path_data(name, FOLDER));
    for (char *p = full + at; p; p = strchr(p + 1, '/')) {
        *p = '\0';
        int rc = mkdir(full, 0700);
        *p = '/';
        if (rc && errno != EEXIST)
            return false;
    }
    return true;
}

static void begin(struct desk_recfile *f, const struct desk_key *key, const char *tenant_id,
                  const char *id)
{
    *f = (struct desk_recfile){.fd = -1, .key = key};
    snprintf(f->place, sizeof f->place, "%s|%s", tenant_id, id);
}

static void piece_place(const struct desk_recfile *f, char out[DESK_REC_PLACE + 24], char what,
                        int64_t k)
{
    snprintf(out, DESK_REC_PLACE + 24, "%s|%c%lld", f->place, what, (long long)k);
}

/* ---- bytes ----------------------------------------------------------------------------------- */

static enum desk_rc write_at(int fd, const void *p, size_t n, off_t at)
{
    const char *b = p;
    while (n) {
        ssize_t got = pwrite(fd, b, n, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return failed();
        b += got;
        at += got;
        n -= (size_t)got;
    }
    return DESK_OK;
}

/* DESK_ENOTFOUND: the file ends before. */
static enum desk_rc read_at(int fd, void *p, size_t n, off_t at)
{
    char *b = p;
    while (n) {
        ssize_t got = pread(fd, b, n, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got ? DESK_EINTERNAL : DESK_ENOTFOUND;
        b += got;
        at += got;
        n -= (size_t)got;
    }
    return DESK_OK;
}

/* ---- writing --------------------------------------------------------------------------------- */

enum desk_rc desk_recfile_create(struct desk_recfile *f, const struct desk_key *key,
                                 const char *path, const char *tenant_id, const char *id)
{
    char full[DESK_PATH_LEN + DESK_REC_PATH];
    begin(f, key, tenant_id, id);
    if (!desk_recfile_full(full, sizeof full, path))
        return DESK_EINVAL;
    if (!folders(full))
        return failed();
    f->fd = open(full, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (f->fd < 0)
        return failed();
    return write_at(f->fd, head, sizeof head, 0);
}

enum desk_rc desk_recfile_put(struct desk_recfile *f, enum desk_rec_side side, int64_t k,
                              const uint8_t sound[DESK_REC_PIECE])
{
    char place[DESK_REC_PLACE + 24];
    unsigned char slot[SLOT];
    piece_place(f, place, side == DESK_REC_CALLER ? 'c' : 'd', k);
    desk_chunk_seal(f->key, place, sound, DESK_REC_PIECE, slot);
    if (f->size < slot_at(2 * k + side + 1))
        f->size = slot_at(2 * k + side + 1);
    return write_at(f->fd, slot, sizeof slot, slot_at(2 * k + side));
}

enum desk_rc desk_recfile_cut(struct desk_recfile *f, int64_t k)
{
    if (f->size <= slot_at(2 * k))
        return DESK_OK;
    f->size = slot_at(2 * k);
    return ftruncate(f->fd, f->size) ? failed() : DESK_OK;
}

enum desk_rc desk_recfile_get(const struct desk_recfile *f, enum desk_rec_side side, int64_t k,
                              uint8_t sound[DESK_REC_PIECE])
{
    static const unsigned char hole[SLOT]; /* a place that was skipped */
    char place[DESK_REC_PLACE + 24];
    unsigned char slot[SLOT];
    enum desk_rc rc = read_at(f->fd, slot, sizeof slot, slot_at(2 * k + side));
    if (rc)
        return rc;
    if (memcmp(slot, hole, sizeof slot) == 0)
        return DESK_ENOTFOUND;
    piece_place(f, place, side == DESK_REC_CALLER ? 'c' : 'd', k);
    return desk_chunk_open(f->key, place, slot, DESK_REC_PIECE, sound) ? DESK_OK : DESK_EINTERNAL;
}

enum desk_rc desk_recfile_end(struct desk_recfile *f, int64_t samples)
{
    char place[DESK_REC_PLACE + 24];
    unsigned char plain[8], end[END];
    off_t at = slot_at(2 * pieces(samples));
    for (int i = 0; i < 8; i++)
        plain[i] = (unsigned char)((uint64_t)samples >> (8 * i));
    piece_place(f, place, 'e', pieces(samples));
    desk_chunk_seal(f->key, place, plain, sizeof plain, end);
    if (ftruncate(f->fd, at) != 0)
        return failed();
    enum desk_rc rc = write_at(f->fd, end, sizeof end, at);
    if (!rc && fdatasync(f->fd) != 0)
        rc = failed();
    f->samples = samples;
    f->whole = !rc;
    f->size = at + END;
    return rc;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* The end, if the file has one where its size says. */
static bool find_end(struct desk_recfile *f)
{
    char place[DESK_REC_PLACE + 24];
    unsigned char plain[8], end[END];
    int64_t slots = (f->size - (int64_t)sizeof head - END) / SLOT;
    if (slots < 0 || slots % 2 || slot_at(slots) + END != f->size ||
        read_at(f->fd, end, sizeof end, slot_at(slots)))
        return false;
    piece_place(f, place, 'e', slots / 2);
    if (!desk_chunk_open(f->key, place, end, sizeof plain, plain))
        return false;
    uint64_t n = 0;
    for (int i = 0; i < 8; i++)
        n |= (uint64_t)plain[i] << (8 * i);
    f->samples = (int64_t)n;
    return pieces(f->samples) == slots / 2;
}

/* Without one: up to the last piece of which both sides open. Ours may be minutes ahead. */
static void find_last(struct desk_recfile *f)
{
    uint8_t sound[DESK_REC_PIECE];
    int64_t k = (f->size - (int64_t)sizeof head) / SLOT / 2;
    while (k > 0 && (desk_recfile_get(f, DESK_REC_CALLER, k - 1, sound) ||
                     desk_recfile_get(f, DESK_REC_DESK, k - 1, sound)))
        k--;
    f->samples = k > 0 ? k * DESK_REC_PIECE : 0;
}

enum desk_rc desk_recfile_open(struct desk_recfile *f, const struct desk_key *key, const char *path,
                               const char *tenant_id, const char *id)
{
    char full[DESK_PATH_LEN + DESK_REC_PATH], first[sizeof head];
    struct stat st;
    begin(f, key, tenant_id, id);
    if (!desk_recfile_full(full, sizeof full, path))
        return DESK_ENOTFOUND;
    f->fd = open(full, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (f->fd < 0)
        return failed();
    if (fstat(f->fd, &st) || read_at(f->fd, first, sizeof first, 0) ||
        memcmp(first, head, sizeof head) != 0) {
        desk_recfile_close(f);
        return DESK_EINTERNAL;
    }
    f->size = st.st_size;
    f->whole = find_end(f);
    if (!f->whole)
        find_last(f);
    return DESK_OK;
}

enum desk_rc desk_recfile_read(const struct desk_recfile *f, int64_t from, size_t n, uint8_t *out)
{
    uint8_t sides[2][DESK_REC_PIECE];
    if (from < 0 || from > f->samples || (int64_t)n > f->samples - from)
        return DESK_EINVAL;
    while (n) {
        int64_t k = from / DESK_REC_PIECE;
        size_t at = (size_t)(from % DESK_REC_PIECE);
        size_t now = DESK_REC_PIECE - at < n ? DESK_REC_PIECE - at : n;
        enum desk_rc rc = desk_recfile_get(f, DESK_REC_CALLER, k, sides[0]);
        if (!rc)
            rc = desk_recfile_get(f, DESK_REC_DESK, k, sides[1]);
        if (rc)
            return DESK_EINTERNAL;
        for (size_t i = at; i < at + now; i++) {
            *out++ = sides[0][i];
            *out++ = sides[1][i];
        }
        from += (int64_t)now;
        n -= now;
    }
    return DESK_OK;
}

int64_t desk_recfile_idle_ms(const struct desk_recfile *f)
{
    struct stat st;
    if (fstat(f->fd, &st))
        return 0;
    return desk_now_ms() - ((int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000);
}

void desk_recfile_close(struct desk_recfile *f)
{
    if (f->fd >= 0)
        close(f->fd);
    f->fd = -1;
}

enum desk_rc desk_recfile_remove(const char *path)
{
    char full[DESK_PATH_LEN + DESK_REC_PATH];
    if (!desk_recfile_full(full, sizeof full, path))
        return DESK_EINVAL;
    return unlink(full) == 0 || errno == ENOENT ? DESK_OK : failed();
}
