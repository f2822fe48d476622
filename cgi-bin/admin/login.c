/* GET and POST /login.
 *
 * What it guards against: guessing (argon2id; after 8 failures 5 minutes of refusal, the same for
 * names that do not exist, so names cannot be probed), exhausting memory (64 MiB a check: two at
 * once), being signed in as somebody else by a foreign page (a token in a cookie and in the form),
 * and leading away after signing in (local addresses only). */
#include "cgi-bin/admin/admin.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "db/seal.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <time.h>

#define FORM_COOKIE  "desk_login"
#define FORM_S       3600
#define CHECKS       2
#define CHECK_WAIT_S 10
#define STRANGERS    64

static const char wrong[] = "Name or password is wrong. Check both and try again.";
static const char locked[] =
    "Too many wrong passwords for this name. Wait 5 minutes, then try again.";
static const char old_form[] = "This page was open for too long. Enter your password again.";
static const char busy[] = "Too many people are signing in at once. Try again in a moment.";
static const char incomplete[] = "Enter your name and your password.";

/* ---- names that do not exist: counted like those that do, in memory -------------------------- */

static struct {
    pthread_mutex_t lock;
    struct {
        char key[DESK_HASH_LEN];
        int failed;
        int64_t until, last;
    } v[STRANGERS];
} strangers = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* The entry of that name, or the oldest, made empty for it. With the lock held. */
static size_t stranger_at(const char key[DESK_HASH_LEN])
{
    size_t at = 0;
    for (size_t i = 0; i < STRANGERS; i++) {
        if (strcmp(strangers.v[i].key, key) == 0)
            return i;
        if (strangers.v[i].last < strangers.v[at].last)
            at = i;
    }
    memset(&strangers.v[at], 0, sizeof strangers.v[at]);
    memcpy(strangers.v[at].key, key, sizeof strangers.v[at].key);
    return at;
}

static bool stranger_locked(const char *login)
{
    char key[DESK_HASH_LEN];
    bool found = false;
    desk_token_hash(login, key);
    pthread_mutex_lock(&strangers.lock);
    for (size_t i = 0; i < STRANGERS && !found; i++)
        found = strcmp(strangers.v[i].key, key) == 0 && strangers.v[i].until > desk_now_ms();
    pthread_mutex_unlock(&strangers.lock);
    return found;
}

static void stranger_failed(const char *login)
{
    char key[DESK_HASH_LEN];
    int64_t now = desk_now_ms();
    desk_token_hash(login, key);
    pthread_mutex_lock(&strangers.lock);
    size_t at = stranger_at(key);
    strangers.v[at].last = now;
    if (++strangers.v[at].failed >= DESK_LOGIN_TRIES)
        strangers.v[at].until = now + DESK_LOGIN_LOCKED_MS;
    pthread_mutex_unlock(&strangers.lock);
}

/* ---- checking a password --------------------------------------------------------------------- */

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

static enum desk_rc password_check(const char *hash, const char *password, bool *ok)
{
    struct timespec until;
    pthread_once(&once, start);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += CHECK_WAIT_S;
    while (sem_timedwait(&checks, &until) != 0)
        if (errno != EINTR)
            return DESK_EBUSY;
    *ok = desk_password_ok(hash ? hash : nobody, password);
    sem_post(&checks);
    return DESK_OK;
}

/* ---- the page -------------------------------------------------------------------------------- */

const char *admin_local_path(const char *path)
{
    if (!path || path[0] != '/' || path[1] == '/' || path[1] == '\\')
        return "/";
    for (const char *p = path; *p; p++)
        if ((unsigned char)*p <= 0x20 || *p == 0x7f || *p == '\\')
            return "/";
    if (strncmp(path, "/login", 6) == 0 || strncmp(path, "/logout", 7) == 0)
        return "/";
    return path;
}

/* The form's token: kept while the browser has one, so two open tabs both work. */
static const char *form_token(struct desk_request *req)
{
    char fresh[DESK_TOKEN_LEN];
    const char *have = desk_cookie(req, FORM_COOKIE);
    if (!have || strlen(have) != DESK_TOKEN_LEN - 1)
        have = desk_arena_strdup(req->arena, desk_token_new(fresh));
    if (have)
        desk_reply_cookie(req, FORM_COOKIE, have, FORM_S);
    return have;
}

static enum desk_rc show(struct desk_request *req, const char *error, int status)
{
    struct desk_view *v = desk_page_begin(req, error ? "Error: Sign in" : "Sign in");
    const char *token = form_token(req);
    if (!v || !token)
        return DESK_ENOMEM;
    desk_view_set(v, "Form.Csrf", token);
    desk_view_set(v, "Form.Login", desk_param(req, "login")->text);
    desk_view_set(v, "Form.Next", admin_local_path(desk_param(req, "next")->text));
    if (error)
        desk_page_error(v, error);
    else if (desk_param(req, "out")->num)
        desk_view_set(v, "Result.Text", "You are signed out.");
    else if (desk_cookie(req, DESK_SESSION_COOKIE))
        desk_view_set(v, "Notice", "You were signed out after 12 hours. Sign in to continue.");
    return desk_page_send(req, v, status);
}

static bool signed_in(struct desk_request *req)
{
    struct desk_session s;
    const char *cookie = desk_cookie(req, DESK_SESSION_COOKIE);
    return cookie && desk_session_find(req->db, req->arena, cookie, &s) == DESK_OK;
}

enum desk_rc admin_login_page(struct desk_request *req)
{
    if (!signed_in(req))
        return show(req, NULL, 0);
    desk_reply_redirect(req, admin_local_path(desk_param(req, "next")->text));
    return DESK_OK;
}

/* ---- signing in ------------------------------------------------------------------------------ */

static bool form_is_ours(struct desk_request *req)
{
    const char *cookie = desk_cookie(req, FORM_COOKIE), *field = desk_param(req, "csrf")->text;
    size_t n = cookie ? strlen(cookie) : 0;
    return n == DESK_TOKEN_LEN - 1 && strlen(field) == n && CRYPTO_memcmp(cookie, field, n) == 0;
}

static enum desk_rc failed_write(struct desk_request *req, const struct desk_user *u)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_user_login_failed(req->db, u->id);
    if (!rc)
        rc = desk_audit_add(req->db, u->tenant_id, u->id, "login.failed", NULL);
    return desk_tx_end(req->db, rc);
}

static enum desk_rc enter(struct desk_request *req, const struct desk_user *u)
{
    char cookie[DESK_TOKEN_LEN];
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_session_purge(req->db);
    if (!rc)
        rc = desk_user_login_ok(req->db, u->id);
    if (!rc)
        rc = desk_session_new(req->db, u, cookie);
    if (!rc)
        rc = desk_audit_add(req->db, u->tenant_id, u->id, "login", NULL);
    rc = desk_tx_end(req->db, rc);
    if (rc)
        return rc;
    desk_reply_cookie(req, DESK_SESSION_COOKIE, cookie, DESK_SESSION_MS / 1000);
    desk_reply_cookie(req, FORM_COOKIE, "", 0);
    desk_reply_redirect(req, admin_local_path(desk_param(req, "next")->text));
    return DESK_OK;
}

static enum desk_rc refuse(struct desk_request *req, const struct desk_user *u)
{
    enum desk_rc rc = DESK_OK;
    if (u)
        rc = failed_write(req, u);
    else
        stranger_failed(desk_param(req, "login")->text);
    desk_log(DESK_LOG_NOTICE, "login.failed", "user=%s", u ? u->id : "unknown");
    return rc ? rc : show(req, wrong, 403);
}

enum desk_rc admin_login(struct desk_request *req)
{
    struct desk_user user, *u = &user;
    bool ok = false;
    if (req->bad_values)
        return show(req, incomplete, 400);
    if (!form_is_ours(req))
        return show(req, old_form, 403);
    enum desk_rc rc = desk_user_by_login(req->db, req->arena, desk_param(req, "login")->text, u);
    if (rc == DESK_ENOTFOUND)
        u = NULL;
    else if (rc)
        return rc;
    if (u ? u->locked_until > desk_now_ms() : stranger_locked(desk_param(req, "login")->text))
        return show(req, locked, 403);
    rc = password_check(u ? u->password_hash : NULL, desk_param(req, "password")->text, &ok);
    if (rc == DESK_EBUSY)
        return show(req, busy, 503);
    return ok && u ? enter(req, u) : refuse(req, u);
}
