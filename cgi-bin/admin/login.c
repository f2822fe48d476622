/* GET and POST /login; /login/code, for who has a second step.
 *
 * What it guards against: guessing (argon2id; after 8 failures 5 minutes of refusal, the same for
 * names that do not exist, so names cannot be probed: store/login_tries.h), exhausting memory (64
 * MiB a check: two at once), being signed in as somebody else by a foreign page (a token in a
 * cookie and in the form), a code that was seen (it counts once), and leading away after signing in
 * (local addresses only). */
#include "cgi-bin/admin/admin.h"
#include "cgi-bin/words.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/ids.h"
#include "base/log.h"
#include "store/login_tries.h"
#include "wire/totp.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#define FORM_COOKIE "desk_login"
#define FORM_S      3600
#define HALF_COOKIE "desk_half"

static const char wrong[] = "Name or password is wrong. Check both and try again.";
static const char locked[] =
    "Too many wrong passwords for this name. Wait 5 minutes, then try again.";
static const char old_form[] = "This page was open for too long. Enter your password again.";
static const char busy[] = "Too many people are signing in at once. Try again in a moment.";
static const char incomplete[] = "Enter your name and your password.";
static const char wrong_code[] =
    "That code is not right, or was used before. Wait for the next one in your app.";
static const char locked_code[] = "Too many wrong codes. Wait 5 minutes, then sign in again.";

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

static const char *why_out(struct desk_request *req)
{
    long hours = desk_setting_int(DESK_S_SIGN_IN_HOURS);
    char unused[64];
    if (!desk_session_idled(req->db, req->arena, desk_cookie(req, DESK_SESSION_COOKIE)))
        return desk_arena_fmt(req->arena, "You were signed out after %ld %s. Sign in to continue.",
                              hours, hours == 1 ? "hour" : "hours");
    return desk_arena_fmt(req->arena,
                          "You were signed out after %s without use. Sign in to continue.",
                          desk_words_dur(unused, sizeof unused, desk_session_idle_ms()));
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
        desk_view_set(v, "Notice", why_out(req));
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

static enum desk_rc failed_write(struct desk_request *req, const char *login,
                                 const struct desk_user *u)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_login_failed(req->db, login, req->remote);
    if (!rc && u)
        rc = desk_audit_add(req->db, u->tenant_id, u->id, "login.failed", NULL);
    desk_log(DESK_LOG_NOTICE, "login.failed", "user=%s", u ? u->id : "unknown");
    return desk_tx_end(req->db, rc);
}

/* In a transaction: a session, and where to. */
static enum desk_rc enter(struct desk_request *req, const struct desk_user *u)
{
    char cookie[DESK_TOKEN_LEN];
    enum desk_rc rc = desk_session_purge(req->db);
    if (!rc)
        rc = desk_user_login_ok(req->db, u->id);
    if (!rc)
        rc = desk_login_right(req->db, u->login, req->remote);
    if (!rc)
        rc = desk_session_begin(req->db, u, admin_agent(req), false, cookie);
    if (!rc)
        rc = desk_audit_add(req->db, u->tenant_id, u->id, "login", NULL);
    if (rc)
        return rc;
    desk_reply_cookie(req, DESK_SESSION_COOKIE, cookie, desk_session_ms() / 1000);
    desk_reply_cookie(req, FORM_COOKIE, "", 0);
    desk_reply_cookie(req, HALF_COOKIE, "", 0);
    return DESK_OK;
}

enum desk_rc admin_enter(struct desk_request *req, const struct desk_user *u, const char *to)
{
    enum desk_rc rc = enter(req, u);
    if (!rc)
        desk_reply_redirect(req, admin_local_path(to));
    return rc;
}

/* The password was right; the code is still to come. */
static enum desk_rc half_way(struct desk_request *req, const struct desk_user *u)
{
    char cookie[DESK_TOKEN_LEN];
    struct desk_buf to;
    enum desk_rc rc = desk_session_begin(req->db, u, admin_agent(req), true, cookie);
    if (rc)
        return rc;
    desk_buf_init(&to, 8192);
    desk_form_add(&to, "next", admin_local_path(desk_param(req, "next")->text));
    desk_reply_cookie(req, HALF_COOKIE, cookie, DESK_SESSION_HALF_MS / 1000);
    const char *there =
        desk_buf_ok(&to) ? desk_arena_fmt(req->arena, "/login/code?%s", desk_buf_cstr(&to)) : NULL;
    desk_reply_redirect(req, there ? there : "/login/code");
    desk_buf_clear(&to);
    return DESK_OK;
}

static enum desk_rc right(struct desk_request *req, const struct desk_user *u)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    return desk_tx_end(req->db, u->totp_on ? half_way(req, u)
                                           : admin_enter(req, u, desk_param(req, "next")->text));
}

enum desk_rc admin_login(struct desk_request *req)
{
    struct desk_user user, *u = &user;
    const char *login = desk_param(req, "login")->text;
    bool ok = false, shut = false;
    if (req->bad_values)
        return show(req, incomplete, 400);
    if (!form_is_ours(req))
        return show(req, old_form, 403);
    enum desk_rc rc = desk_user_by_login(req->db, req->arena, login, u);
    if (rc == DESK_ENOTFOUND)
        u = NULL;
    else if (rc)
        return rc;
    rc = desk_login_locked(req->db, req->arena, login, req->remote, &shut);
    if (rc || shut)
        return rc ? rc : show(req, locked, 403);
    rc = admin_password_check(u ? u->password_hash : NULL, desk_param(req, "password")->text, &ok);
    if (rc == DESK_EBUSY)
        return show(req, busy, 503);
    if (ok && u)
        return right(req, u);
    rc = failed_write(req, login, u);
    return rc ? rc : show(req, wrong, 403);
}

/* ---- the second step ------------------------------------------------------------------------- */

/* Whose code is waited for; DESK_ENOTFOUND: nobody's (any more). */
static enum desk_rc half_load(struct desk_request *req, struct desk_session *s, struct desk_user *u)
{
    const char *cookie = desk_cookie(req, HALF_COOKIE);
    enum desk_rc rc =
        cookie ? desk_session_find_half(req->db, req->arena, cookie, s) : DESK_ENOTFOUND;
    return rc ? rc : desk_user_get(req->db, req->arena, s->tenant_id, s->user_id, u);
}

static enum desk_rc show_code(struct desk_request *req, const struct desk_session *s,
                              const char *error, int status)
{
    struct desk_view *v = desk_page_begin(req, error ? "Error: Your code" : "Your code");
    if (!v)
        return DESK_ENOMEM;
    desk_view_set(v, "Form.Csrf", s->csrf);
    desk_view_set(v, "Form.Next", admin_local_path(desk_param(req, "next")->text));
    if (error)
        desk_page_error(v, error);
    return desk_page_send(req, v, status);
}

enum desk_rc admin_code_page(struct desk_request *req)
{
    struct desk_session s;
    struct desk_user u;
    enum desk_rc rc = half_load(req, &s, &u);
    if (rc != DESK_ENOTFOUND)
        return rc ? rc : show_code(req, &s, NULL, 0);
    desk_reply_redirect(req, DESK_LOGIN_PATH);
    return DESK_OK;
}

/* In a transaction. DESK_ENOTFOUND: it is none, or was given before. */
static enum desk_rc code_take(struct desk_request *req, const struct desk_user *u, const char *code)
{
    int64_t step = u->totp ? desk_totp_check(u->totp, code, desk_now_ms(), u->totp_step) : -1;
    if (step < 0) {
        enum desk_rc rc = desk_user_code_use(req->db, u, code);
        return rc ? rc : desk_audit_add(req->db, u->tenant_id, u->id, "login.recovery", NULL);
    }
    enum desk_rc rc = desk_user_totp_used(req->db, u, step);
    return rc == DESK_ECONFLICT ? DESK_ENOTFOUND : rc;
}

static enum desk_rc code_in(struct desk_request *req, const struct desk_session *s,
                            const struct desk_user *u)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = code_take(req, u, desk_param(req, "code")->text);
    if (!rc)
        rc = desk_session_delete(req->db, s->id);
    if (!rc)
        rc = admin_enter(req, u, desk_param(req, "next")->text);
    return desk_tx_end(req->db, rc);
}

enum desk_rc admin_code(struct desk_request *req)
{
    struct desk_session s;
    struct desk_user u;
    bool shut = false;
    enum desk_rc rc = half_load(req, &s, &u);
    if (rc == DESK_ENOTFOUND) {
        desk_reply_redirect(req, DESK_LOGIN_PATH);
        return DESK_OK;
    }
    if (!rc && strcmp(s.csrf, desk_param(req, "csrf")->text) != 0)
        return show_code(req, &s, "This page was open for too long. Enter your code again.", 403);
    if (!rc)
        rc = desk_login_locked(req->db, req->arena, u.login, req->remote, &shut);
    if (rc || shut)
        return rc ? rc : show_code(req, &s, locked_code, 403);
    rc = code_in(req, &s, &u);
    if (rc != DESK_ENOTFOUND)
        return rc;
    rc = failed_write(req, u.login, &u);
    return rc ? rc : show_code(req, &s, wrong_code, 403);
}
