/* How often somebody may ask, by windows of a minute that begin with their first request: a token
 * (API_RATE_PER_MINUTE), and on the websites' chat an address and a business
 * (WEB_CHAT_ADDRESS_PER_MINUTE, WEB_CHAT_PER_MINUTE). Counted over all processes of the zone in one
 * small file of the run folder that each of them maps (DATA/run/rate.api); a lock on it is held for
 * some hundred nanoseconds, and goes with whoever dies with it. Where there can be no such file
 * each process counts for itself. */
#include "cgi-bin/api/api.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "base/paths.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME      "rate.api"
#define MARK      "frontdesk rate 2"
#define WINDOW_MS 60000
#define ID_LEN    72

/* At a time; of more the one that is quiet longest is forgotten. */
#define TOKENS    256
#define SHOPS     64
#define ADDRESSES 1024

struct slot {
    char id[ID_LEN];  /* "" = free */
    int64_t began, n; /* began: the machine's clock since it started, the same in all processes */
};
struct table {
    char mark[32];
    struct slot tokens[TOKENS], shops[SHOPS], addresses[ADDRESSES];
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

static bool enter(void)
{
    pthread_once(&once, share);
    pthread_mutex_lock(&lock);
    return fd >= 0 && locked(LOCK_EX);
}

static void leave(bool shared)
{
    if (shared)
        locked(LOCK_UN);
    pthread_mutex_unlock(&lock);
}

static struct slot *slot_of(struct slot *slots, size_t n, const char *id)
{
    struct slot *oldest = &slots[0];
    for (size_t i = 0; i < n; i++) {
        if (strncmp(slots[i].id, id, ID_LEN - 1) == 0)
            return &slots[i];
        if (slots[i].began < oldest->began)
            oldest = &slots[i];
    }
    *oldest = (struct slot){.began = 0};
    snprintf(oldest->id, sizeof oldest->id, "%s", id);
    return oldest;
}

/* Which of the table's three, by its place in it. */
struct counted {
    size_t at, n;
};
static const struct counted tokens = {offsetof(struct table, tokens), TOKENS},
                            shops = {offsetof(struct table, shops), SHOPS},
                            addresses = {offsetof(struct table, addresses), ADDRESSES};

/* One more of that one. False: too often. limit 0: as often as they like. */
static bool take(const struct counted *c, const char *id, int64_t limit, struct desk_rate *rate)
{
    *rate = (struct desk_rate){0};
    if (!limit)
        return true;
    bool shared = enter();
    int64_t now = desk_mono_ms();
    struct slot *s = slot_of((struct slot *)(void *)((char *)table + c->at), c->n, id);
    /* began in the future: of another start of the machine */
    if (!s->n || s->began > now || now - s->began >= WINDOW_MS) {
        s->began = now;
        s->n = 0;
    }
    int64_t n = ++s->n, left_ms = WINDOW_MS - (now - s->began);
    leave(shared);
    *rate = (struct desk_rate){limit, n < limit ? limit - n : 0, (left_ms + 999) / 1000};
    return n <= limit;
}

enum desk_rc api_admit(struct desk_request *req)
{
    if (take(&tokens, req->token.id, desk_setting_int(DESK_S_API_RATE_PER_MINUTE), &req->rate))
        return DESK_OK;
    req->detail = "This token has asked too often. Wait as long as Retry-After says.";
    return DESK_ERATE;
}

/* Who has one IPv6 address has all of its /64. */
static void network_of(const char *remote, char out[ID_LEN])
{
    struct in6_addr six;
    const unsigned char *b = six.s6_addr;
    if (remote && inet_pton(AF_INET6, remote, &six) == 1)
        snprintf(out, ID_LEN, "%02x%02x:%02x%02x:%02x%02x:%02x%02x", b[0], b[1], b[2], b[3], b[4],
                 b[5], b[6], b[7]);
    else
        snprintf(out, ID_LEN, "%s", remote ? remote : "");
}

enum desk_rc api_admit_chat(struct desk_request *req)
{
    char network[ID_LEN];
    struct desk_rate rate;
    network_of(req->remote, network);
    bool ok =
        take(&addresses, network, desk_setting_int(DESK_S_WEB_CHAT_ADDRESS_PER_MINUTE), &rate) &&
        take(&shops, req->tenant.id, desk_setting_int(DESK_S_WEB_CHAT_PER_MINUTE), &rate);
    if (ok)
        return DESK_OK;
    req->rate.reset_s = rate.reset_s;
    req->detail = "These are too many messages at once. Wait as long as Retry-After says.";
    return DESK_ERATE;
}

void api_rate_forget(void)
{
    bool shared = enter();
    memset(table->tokens, 0, sizeof table->tokens);
    memset(table->shops, 0, sizeof table->shops);
    memset(table->addresses, 0, sizeof table->addresses);
    leave(shared);
}
