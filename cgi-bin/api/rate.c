/* How often a token may ask: API_RATE_PER_MINUTE, by windows of a minute that begin with the
 * token's first request. Counted over all processes of the zone in one small file of the run folder
 * that each of them maps (DATA/run/rate.api); a lock on it is held for some hundred nanoseconds,
 * and goes with whoever dies with it. Where there can be no such file each process counts for
 * itself. */
#include "cgi-bin/api/api.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "base/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME      "rate.api"
#define MARK      "frontdesk rate 1"
#define WINDOW_MS 60000
#define SLOTS     256 /* tokens at a time; of more the one that is quiet longest is forgotten */
#define ID_LEN    72

struct slot {
    char id[ID_LEN];  /* of the token, "" = free */
    int64_t began, n; /* began: the machine's clock since it started, the same in all processes */
};
struct table {
    char mark[32];
    struct slot slots[SLOTS];
};

static struct table own;           /* without the file */
static struct table *table = &own; /* mapped for good */
static int fd = -1;                /* of the file: what is locked between processes */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* between threads of this one */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool locked(int how)
{
    int rc;
    do
        rc = flock(fd, how);
    while (rc != 0 && errno == EINTR);
    return rc == 0;
}

/* Makes it as long as it must be, and empty if another version wrote it. Never shorter: somebody
 * may have mapped it. */
static struct table *map(void)
{
    struct stat st;
    if (fstat(fd, &st) != 0 ||
        (st.st_size < (off_t)sizeof(struct table) && ftruncate(fd, sizeof(struct table)) != 0))
        return NULL;
    struct table *t = mmap(NULL, sizeof *t, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (t == MAP_FAILED)
        return NULL;
    if (memcmp(t->mark, MARK, sizeof MARK) != 0) {
        memset(t, 0, sizeof *t);
        memcpy(t->mark, MARK, sizeof MARK);
    }
    return t;
}

static void share(void)
{
    char path[DESK_PATH_LEN];
    fd = open(desk_path_run(path, NAME), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    struct table *t = NULL;
    if (fd >= 0 && locked(LOCK_EX)) {
        t = map();
        locked(LOCK_UN);
    }
    if (t) {
        table = t;
        return;
    }
    if (fd >= 0)
        close(fd);
    fd = -1;
    desk_log(DESK_LOG_WARN, "api.rate", "file=%s not shared: each process counts alone", path);
}

static struct slot *slot_of(const char *id)
{
    struct slot *slots = table->slots, *oldest = &slots[0];
    for (size_t i = 0; i < SLOTS; i++) {
        if (strncmp(slots[i].id, id, ID_LEN - 1) == 0)
            return &slots[i];
        if (slots[i].began < oldest->began)
            oldest = &slots[i];
    }
    *oldest = (struct slot){.began = 0};
    snprintf(oldest->id, sizeof oldest->id, "%s", id);
    return oldest;
}

/* One more of that token: how many in this window, and how long it lasts yet. */
static int64_t count(const char *id, int64_t *left_ms)
{
    pthread_mutex_lock(&lock);
    bool shared = fd >= 0 && locked(LOCK_EX);
    int64_t now = desk_mono_ms();
    struct slot *s = slot_of(id);
    /* began in the future: of another start of the machine */
    if (!s->n || s->began > now || now - s->began >= WINDOW_MS) {
        s->began = now;
        s->n = 0;
    }
    int64_t n = ++s->n;
    *left_ms = WINDOW_MS - (now - s->began);
    if (shared)
        locked(LOCK_UN);
    pthread_mutex_unlock(&lock);
    return n;
}

enum desk_rc api_admit(struct desk_request *req)
{
    int64_t limit = desk_setting_int(DESK_S_API_RATE_PER_MINUTE), left_ms;
    if (!limit)
        return DESK_OK;
    pthread_once(&once, share);
    int64_t n = count(req->token.id, &left_ms);
    req->rate = (struct desk_rate){limit, n < limit ? limit - n : 0, (left_ms + 999) / 1000};
    if (n <= limit)
        return DESK_OK;
    req->detail = "This token has asked too often. Wait as long as Retry-After says.";
    return DESK_ERATE;
}
