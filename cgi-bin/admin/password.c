/* Passwords at the dashboard: checked two at a time (64 MiB each), and what a new one must be. */
#include "cgi-bin/admin/admin.h"
#include "base/ids.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <time.h>

#define CHECKS       2
#define CHECK_WAIT_S 10

static sem_t checks;
/* hash no password fits: an unknown name takes as long as a known one */
static char nobody[DESK_PASSWORD_HASH_LEN];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start(void)
{
    char secret[DESK_TOKEN_LEN];
    sem_init(&checks, 0, CHECKS);
    if (desk_password_hash(desk_token_new(secret), nobody) != DESK_OK)
        nobody[0] = '\0';
}

static bool wait_turn(void)
{
    struct timespec until;
    pthread_once(&once, start);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += CHECK_WAIT_S;
    while (sem_timedwait(&checks, &until) != 0)
        if (errno != EINTR)
            return false;
    return true;
}

enum desk_rc admin_password_check(const char *hash, const char *password, bool *ok)
{
    *ok = false;
    if (!wait_turn())
        return DESK_EBUSY;
    *ok = desk_password_ok(hash ? hash : nobody, password);
    sem_post(&checks);
    return DESK_OK;
}

enum desk_rc admin_password_hash(const char *password, char out[DESK_PASSWORD_HASH_LEN])
{
    if (!wait_turn())
        return DESK_EBUSY;
    enum desk_rc rc = desk_password_hash(password, out);
    sem_post(&checks);
    return rc;
}

const char *admin_password_wrong(const char *password, const char *login)
{
    size_t n = strlen(password), same = 1;
    if (n < DESK_PASSWORD_MIN)
        return "A password has at least 10 letters. Three or four words are a good one.";
    while (same < n && password[same] == password[0])
        same++;
    if (same == n || strcmp(password, login) == 0 || strcmp(password, "password123") == 0 ||
        strcmp(password, "1234567890") == 0)
        return "That is too easy to guess. Three or four words are a good one.";
    return NULL;
}

const char *admin_agent(const struct desk_request *req)
{
    static const struct {
        const char *has, *name;
    } browsers[] = {{"Edg", "Edge"},       {"OPR/", "Opera"},     {"Firefox/", "Firefox"},
                    {"FxiOS/", "Firefox"}, {"Chrome/", "Chrome"}, {"CriOS/", "Chrome"},
                    {"Safari/", "Safari"}},
      systems[] = {{"iPhone", "iPhone"},   {"iPad", "iPad"},     {"Android", "Android"},
                   {"Windows", "Windows"}, {"Macintosh", "Mac"}, {"Linux", "Linux"}};
    const char *ua = req->user_agent ? req->user_agent : "", *browser = NULL, *system = NULL;
    for (size_t i = 0; i < sizeof browsers / sizeof *browsers && !browser; i++)
        browser = strstr(ua, browsers[i].has) ? browsers[i].name : NULL;
    for (size_t i = 0; i < sizeof systems / sizeof *systems && !system; i++)
        system = strstr(ua, systems[i].has) ? systems[i].name : NULL;
    if (!browser)
        return system ? system : NULL;
    return system ? desk_arena_fmt(req->arena, "%s on %s", browser, system) : browser;
}
