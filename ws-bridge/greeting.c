#include "ws-bridge/greeting.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/paths.h"
#include "wire/base64.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "greetings"
#define SUFFIX ".ulaw"

void greeting_name(char out[GREETING_NAME], const char *engine, const char *voice, const char *text)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    const char *const parts[] = {"ulaw8000", engine, voice, text};
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    bool ok = md && EVP_DigestInit_ex(md, EVP_sha256(), NULL);
    for (size_t i = 0; ok && i < sizeof parts / sizeof *parts; i++)
        ok = EVP_DigestUpdate(md, parts[i], strlen(parts[i]) + 1);
    ok = ok && EVP_DigestFinal_ex(md, hash, &n);
    EVP_MD_CTX_free(md);
    *out = '\0';
    for (unsigned i = 0; ok && i < n && 2 * i + 2 < GREETING_NAME; i++)
        snprintf(out + (size_t)2 * i, 3, "%02x", hash[i]);
}

static void path_of(char out[DESK_PATH_LEN], const char *name, const char *suffix)
{
    char file[128];
    snprintf(file, sizeof file, FOLDER "/%s%s", name, suffix);
    desk_path_data(out, file);
}

bool greeting_read(const char *name, struct desk_buf *out)
{
    char path[DESK_PATH_LEN];
    path_of(path, name, SUFFIX);
    return *name && desk_file_read(out, path) && out->len > 0;
}

/* ---- writing --------------------------------------------------------------------------------- */

static enum desk_rc decode(struct desk_buf *out, const char *sound)
{
    enum desk_rc rc = DESK_OK;
    for (const char *p = sound; !rc && *p;) {
        size_t n = strcspn(p, "\n");
        rc = desk_base64_decode(p, n, out);
        p += n + (p[n] == '\n');
    }
    return rc ? rc : out->len ? DESK_OK : DESK_EINVAL;
}

static enum desk_rc write_file(const char *path, const struct desk_buf *b)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t done = 0;
    bool ok = fd >= 0;
    while (ok && done < b->len) {
        ssize_t n = write(fd, b->p + done, b->len - done);
        ok = n > 0 || (n < 0 && errno == EINTR);
        done += n > 0 ? (size_t)n : 0;
    }
    ok = ok && fsync(fd) == 0;
    if (fd >= 0 && close(fd) != 0)
        ok = false;
    return ok ? DESK_OK : DESK_EINTERNAL;
}

/* Files there are, and the name of the oldest of them. Halves of processes that died are files,
 * too.
 */
static size_t oldest(const char *folder, char out[DESK_PATH_LEN])
{
    DIR *d = opendir(folder);
    struct timespec first = {0};
    size_t n = 0;
    for (struct dirent *e; d && (e = readdir(d));) {
        struct stat st;
        if (e->d_name[0] == '.' || fstatat(dirfd(d), e->d_name, &st, 0) != 0)
            continue;
        bool older = n++ == 0 || st.st_mtim.tv_sec < first.tv_sec ||
                     (st.st_mtim.tv_sec == first.tv_sec && st.st_mtim.tv_nsec < first.tv_nsec);
        if (older) {
            first = st.st_mtim;
            snprintf(out, DESK_PATH_LEN, "%.200s/%.200s", folder, e->d_name);
        }
    }
    if (d)
        closedir(d);
    return n;
}

static void keep_the_newest(const char *folder)
{
    char path[DESK_PATH_LEN];
    while (oldest(folder, path) > DESK_MAX_GREETINGS && unlink(path) == 0)
        ;
}

enum desk_rc greeting_write(const char *name, const char *sound)
{
    char folder[DESK_PATH_LEN], path[DESK_PATH_LEN], half[DESK_PATH_LEN], suffix[32];
    struct desk_buf b;
    desk_buf_init(&b, DESK_MAX_GREETING);
    enum desk_rc rc = *name ? decode(&b, sound) : DESK_EINVAL;
    if (rc)
        goto out;
    desk_path_data(folder, FOLDER);
    path_of(path, name, SUFFIX);
    snprintf(suffix, sizeof suffix, ".half-%ld", (long)getpid()); /* other bridges write it, too */
    path_of(half, name, suffix);
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        rc = DESK_EINTERNAL;
    if (!rc)
        rc = write_file(half, &b);
    if (!rc && rename(half, path) != 0)
        rc = DESK_EINTERNAL;
    if (rc)
        unlink(half);
    else
        keep_the_newest(folder);
out:
    desk_buf_clear(&b);
    return rc;
}

bool greeting_is(const char *greeting, const char *words)
{
    const unsigned char *a = (const unsigned char *)greeting, *b = (const unsigned char *)words;
    for (;; a++, b++) {
        while (*a && *a < 0x80 && !isalnum(*a))
            a++;
        while (*b && *b < 0x80 && !isalnum(*b))
            b++;
        if (tolower(*a) != tolower(*b))
            return false;
        if (!*a)
            return true;
    }
}
