#include "worker/small.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "wire/picture.h"
#include "worker/small_image.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TAKES_MS 10000
#define CPU_S    8
#define HEIF_ENV "SMALL_HEIF" /* tells the child what to load, before it sees a byte */
#define MEMORY   (768UL * 1024 * 1024)

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1 /* wants terabytes of address space, and system calls of its own */
#else
#define SANITIZED 0
#endif

/* ---- the child's walls ----------------------------------------------------------------------- */

static bool limit(int what, rlim_t most)
{
    const struct rlimit l = {most, most};
    return setrlimit((__rlimit_resource_t)what, &l) == 0;
}

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#endif

#define MAY(name)                                                                                  \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 1),                                        \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

#define SAYS(name, how)                                                                            \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 1), BPF_STMT(BPF_RET | BPF_K, how)

/* glibc's for pthread_create(): everything shared. Whatever else would be made is a process. */
#define A_THREAD                                                                                   \
    (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | CLONE_SIGHAND | CLONE_THREAD |            \
     CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

/* Only reading, writing, memory, threads, and the end: no file, no socket, no other process.
 * libde265 wants one thread beside its own, and waits for ever without it. What clone3() shall make
 * a filter cannot see (it stands in memory): as if there were none, glibc takes clone() then. */
static bool wall(void)
{
#if !SANITIZED && defined(ARCH)
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        MAY(read),
        MAY(write),
        MAY(brk),
        MAY(mmap),
        MAY(munmap),
        MAY(mremap),
        MAY(mprotect),
        MAY(madvise),
        MAY(futex),
        MAY(exit_group),
        MAY(exit),
        MAY(set_robust_list),
        MAY(rseq),
        MAY(rt_sigprocmask),
        MAY(sched_yield),
        SAYS(clone3, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_clone, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, A_THREAD, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (EPERM & SECCOMP_RET_DATA)),
    };
    const struct sock_fprog all = {.len = sizeof rules / sizeof *rules, .filter = rules};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &all) == 0;
#else
    return true;
#endif
}

static bool lock_in(void)
{
    bool ok = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && limit(RLIMIT_CPU, CPU_S) &&
              limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0);
    if (!SANITIZED)
        ok = ok && limit(RLIMIT_AS, MEMORY);
    return ok && wall();
}

static bool read_all(struct desk_buf *in)
{
    ssize_t got = 1;
    while (got > 0) {
        char *room = desk_buf_room(in, 64 * 1024);
        if (!room)
            return false;
        got = read(STDIN_FILENO, room, 64 * 1024);
        if (got > 0)
            desk_buf_grew(in, (size_t)got);
    }
    return got == 0;
}

static bool write_all(const struct desk_buf *out)
{
    for (size_t at = 0; at < out->len;) {
        ssize_t put = write(STDOUT_FILENO, out->p + at, out->len - at);
        if (put <= 0)
            return false;
        at += (size_t)put;
    }
    return true;
}

int small_main(void)
{
    struct desk_buf in, out;
    desk_buf_init(&in, DESK_MAX_PICTURE + 64 * 1024);
    desk_buf_init(&out, DESK_MAX_SMALL);
    if (getenv(HEIF_ENV))
        (void)small_heif_load(); /* without it there is no likeness */
    bool ok = lock_in() && read_all(&in) && small_decode(in.p, in.len, &out) && write_all(&out);
    desk_buf_clear(&in);
    desk_buf_clear(&out);
    return ok ? 0 : 1;
}

/* ---- our side -------------------------------------------------------------------------------- */

static pid_t start(int fd, bool heif)
{
    char name[] = "worker", arg[] = SMALL_ARG, *argv[] = {name, arg, NULL};
    char wants[] = HEIF_ENV "=1", *env[] = {heif ? wants : NULL, NULL};
    posix_spawn_file_actions_t acts;
    posix_spawnattr_t attr;
    sigset_t none, usual;
    pid_t pid = -1;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    if (posix_spawn_file_actions_init(&acts))
        return -1;
    if (posix_spawnattr_init(&attr)) {
        posix_spawn_file_actions_destroy(&acts);
        return -1;
    }
    bool ok = !posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) &&
              !posix_spawnattr_setsigmask(&attr, &none) &&
              !posix_spawnattr_setsigdefault(&attr, &usual) &&
              !posix_spawn_file_actions_adddup2(&acts, fd, STDIN_FILENO) &&
              !posix_spawn_file_actions_adddup2(&acts, fd, STDOUT_FILENO) &&
              !posix_spawn_file_actions_addopen(&acts, STDERR_FILENO, "/dev/null", O_WRONLY, 0) &&
              !posix_spawn_file_actions_addclosefrom_np(&acts, STDERR_FILENO + 1);
    if (!ok || posix_spawn(&pid, "/proc/self/exe", &acts, &attr, argv, env))
        pid = -1;
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&acts);
    return pid;
}

/* Give it all and take its answer, until then (monotonic). */
static bool talk(int fd, const char *p, size_t n, struct desk_buf *out, int64_t until)
{
    size_t at = 0;
    for (int64_t left; (left = until - desk_mono_ms()) > 0;) {
        struct pollfd f = {.fd = fd, .events = (short)(POLLIN | (at < n ? POLLOUT : 0))};
        if (poll(&f, 1, (int)left) < 0 && errno != EINTR)
            return false;
        if (at < n && f.revents & POLLOUT) {
            ssize_t put = send(fd, p + at, n - at, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (put < 0 && errno != EAGAIN && errno != EINTR)
                return false;
            at += put > 0 ? (size_t)put : 0;
            if (at == n)
                shutdown(fd, SHUT_WR);
        }
        if (f.revents & (POLLIN | POLLHUP | POLLERR)) {
            char piece[16 * 1024];
            ssize_t got = recv(fd, piece, sizeof piece, MSG_DONTWAIT);
            if (got == 0)
                return at == n;
            if (got < 0 && errno != EAGAIN && errno != EINTR)
                return false;
            if (got > 0)
                desk_buf_add(out, piece, (size_t)got);
            if (!desk_buf_ok(out))
                return false;
        }
    }
    return false;
}

bool small_make(const void *bytes, size_t n, struct desk_buf *out)
{
    int pair[2], status = 0;
    int64_t begun = desk_mono_ms();
    if (!n || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
        return false;
    pid_t pid = start(pair[1], desk_picture_look(bytes, n) == DESK_PICTURE_HEIC);
    close(pair[1]);
    bool ok = pid > 0 && talk(pair[0], bytes, n, out, begun + TAKES_MS);
    close(pair[0]);
    if (pid > 0) {
        if (!ok)
            kill(pid, SIGKILL);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
        }
    }
    ok = ok && WIFEXITED(status) && WEXITSTATUS(status) == 0 && out->len;
    desk_log(DESK_LOG_INFO, "picture.small", "bytes=%zu small=%zu ok=%d took_ms=%lld", n, out->len,
             ok, (long long)(desk_mono_ms() - begun));
    return ok;
}
