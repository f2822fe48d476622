/* A full disk for programs under test, by LD_PRELOAD: while the file DISK_FULL_FLAG exists, nothing
 * can be written to a regular file below DISK_FULL_DIR; everything else goes on as ever. Needs no
 * rights, so it works wherever the tests do. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static int full(int fd)
{
    const char *flag = getenv("DISK_FULL_FLAG"), *dir = getenv("DISK_FULL_DIR");
    char link[64], path[4096];
    struct stat st;
    int saved = errno, is = 0;
    if (flag && dir && access(flag, F_OK) == 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(link, path, sizeof path - 1);
        is = n > 0 && (size_t)n > strlen(dir) && strncmp(path, dir, strlen(dir)) == 0;
    }
    errno = is ? ENOSPC : saved;
    return is;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *p, size_t n)
{
    return full(fd) ? -1 : REAL(write)(fd, p, n);
}
ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    return full(fd) ? -1 : REAL(pwrite)(fd, p, n, at);
}
ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
    return full(fd) ? -1 : REAL(pwrite64)(fd, p, n, at);
}
ssize_t writev(int fd, const struct iovec *v, int n)
{
    return full(fd) ? -1 : REAL(writev)(fd, v, n);
}
int ftruncate(int fd, off_t len)
{
    return full(fd) ? -1 : REAL(ftruncate)(fd, len);
}
int ftruncate64(int fd, off64_t len)
{
    return full(fd) ? -1 : REAL(ftruncate64)(fd, len);
}
int fallocate(int fd, int mode, off_t at, off_t len)
{
    return full(fd) ? -1 : REAL(fallocate)(fd, mode, at, len);
}
int posix_fallocate(int fd, off_t at, off_t len)
{
    return full(fd) ? ENOSPC : REAL(posix_fallocate)(fd, at, len);
}
