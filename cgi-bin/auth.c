/* Who may: one function per auth kind of the route table. */
#include "cgi-bin/idp.h"
#include "cgi-bin/web.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "base/paths.h"
#include "talk/telegram_in.h"
#include "wire/twilio_sig.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define BASE_LEN 512

static struct {
    char base[BASE_LEN];
    const char *tokens[2];
} web;

static void base_init(void)
{
    const char *set = desk_setting(DESK_S_PUBLIC_BASE_URL);
    if (*set)
        snprintf(web.base, sizeof web.base, "%s", set);
    else
        snprintf(web.base, sizeof web.base, "http://127.0.0.1:%ld",
                 desk_setting_int(DESK_S_FRONTDESK_PORT));
    for (size_t n = strlen(web.base); n && web.base[n - 1] == '/'; n--)
        web.base[n - 1] = '\0';
}

void desk_web_init(void)
{
    base_init();
    web.tokens[0] = desk_setting(DESK_S_TWILIO_AUTH_TOKEN);
    web.tokens[1] = desk_setting(DESK_S_TWILIO_AUTH_TOKEN_SECONDARY);
}

const char *desk_public_base(void)
{
    return web.base;
}

const char *desk_cookie(const struct desk_request *req, const char *name)
{
    size_t len = strlen(name);
    for (const char *p = req->cookie ? req->cookie : ""; *p;) {
        p += strspn(p, "; ");
        size_t n = strcspn(p, ";");
        if (n > len && p[len] == '=' && memcmp(p, name, len) == 0)
            return desk_arena_strndup(req->arena, p + len + 1, n - len - 1);
        p += n;
    }
    return NULL;
}

static enum desk_rc auth_none(struct desk_request *req)
{
    (void)req;
    return DESK_OK;
}

static const char *twilio_refusal(enum desk_rc rc, bool have_token, const struct desk_request *req)
{
    if (!have_token)
        return "no auth token is configured: set TWILIO_AUTH_TOKEN";
    if (rc == DESK_EINVAL)
        return "there is no X-Twilio-Signature header";
    if (req->body_rc || (req->body_len && !req->form.n))
        return "the body is not a form that could be checked";
    return "the signature does not match: compare PUBLIC_BASE_URL with the address set at Twilio, "
           "and the token (frontdesk doctor signature tells more)";
}

static enum desk_rc auth_twilio(struct desk_request *req)
{
    char url[4096];
    bool have_token = web.tokens[0] && (*web.tokens[0] || *web.tokens[1]);
    enum desk_rc rc = DESK_EAUTH;
    int n = snprintf(url, sizeof url, "%s%s", web.base, req->uri ? req->uri : "");
    if (have_token && !req->body_rc && n > 0 && (size_t)n < sizeof url) {
        struct desk_twilio_check check = {
            .method = req->method == DESK_POST ? "POST" : "GET",
            .url = url,
            .form = req->form.n ? &req->form : NULL,
            .body = req->body,
            .body_len = req->body_len,
            .content_type = req->content_type,
            .signature = req->signature && *req->signature ? req->signature : NULL,
            .tokens = web.tokens,
            .n_tokens = 2};
        size_t tried = 0;
        rc = desk_twilio_verify(&check, NULL, 0, &tried);
    }
    if (!rc)
        return DESK_OK;
    req->detail = twilio_refusal(rc, have_token, req);
    /* the path is ours (it matched a row) and the reason is a fixed text: nothing secret */
    desk_log(DESK_LOG_WARN, "webhook.refused", "path=%s base=%s why=\"%s\"", req->route->path,
             web.base, req->detail);
    return DESK_EAUTH;
}

static enum desk_rc load_tenant(struct desk_request *req, const char *tenant_id)
{
    enum desk_rc rc = desk_tenant_get(req->db, req->arena, tenant_id, &req->tenant);
    if (!rc)
        rc = desk_location_first(req->db, req->arena, tenant_id, &req->location);
    return rc;
}

static bool has_word(const char *list, const char *word)
{
    size_t len = strlen(word);
    for (const char *p = list; *p;) {
        p += strspn(p, " ,");
        size_t n = strcspn(p, " ,");
        if (n == len && memcmp(p, word, len) == 0)
            return true;
        p += n;
    }
    return false;
}

bool desk_token_may(const struct desk_request *req, const char *scope)
{
    return req->token.scope && has_word(req->token.scope, scope);
}

/* What the route asks for, and the token has not; NULL: it has all. */
static const char *missing_scope(const struct desk_request *req)
{
    bool question = req->route->auth == DESK_AUTH_QUESTION;
    bool personal = question || req->route->personal;
    const char *need = question || req->method & (DESK_GET | DESK_HEAD) ? "read" : "write";
    if (!desk_token_may(req, need))
        return need;
    return personal && !desk_token_may(req, "personal") ? "personal" : NULL;
}

static enum desk_rc auth_token(struct desk_request *req)
{
    const char *h = req->authorization;
    if (!h || strncasecmp(h, "Bearer ", 7) != 0) {
        req->detail = "Send your token in the header: Authorization: Bearer …";
        return DESK_EAUTH;
    }
    h += 7 + strspn(h + 7, " ");
    bool theirs = desk_idp_takes(h);
    enum desk_rc rc =
        theirs ? desk_idp_token(req, h) : desk_token_find(req->db, req->arena, h, &req->token);
    if (theirs && rc)
        return rc;
    if (rc) {
        req->detail = rc == DESK_ENOTFOUND ? "This token is not known, or was revoked." : NULL;
        return rc == DESK_ENOTFOUND ? DESK_EAUTH : rc;
    }
    const char *missing = missing_scope(req);
    if (missing) {
        req->detail = desk_arena_fmt(req->arena, "This token has not the scope \"%s\".", missing);
        return DESK_EFORBID;
    }
    return load_tenant(req, req->token.tenant_id);
}

static enum desk_rc to_login(struct desk_request *req)
{
    struct desk_buf to;
    desk_buf_init(&to, 8192);
    desk_buf_str(&to, DESK_LOGIN_PATH);
    if (req->method != DESK_POST && req->uri && strcmp(req->uri, "/") != 0) {
        desk_buf_str(&to, "?");
        struct desk_buf next;
        desk_buf_init(&next, 8192);
        desk_form_add(&next, "next", req->uri);
        desk_buf_str(&to, desk_buf_ok(&next) ? desk_buf_cstr(&next) : "");
        desk_buf_clear(&next);
    }
    desk_reply_redirect(req, desk_buf_ok(&to) ? desk_buf_cstr(&to) : DESK_LOGIN_PATH);
    desk_buf_clear(&to);
    return DESK_DONE;
}

enum desk_rc desk_session_load(struct desk_request *req)
{
    const char *cookie = desk_cookie(req, DESK_SESSION_COOKIE);
    if (!cookie)
        return DESK_EAUTH;
    enum desk_rc rc = desk_session_find(req->db, req->arena, cookie, &req->session);
    if (!rc)
        rc = desk_user_get(req->db, req->arena, req->session.tenant_id, req->session.user_id,
                           &req->user);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_EAUTH : rc;
    return load_tenant(req, req->session.tenant_id);
}

enum desk_role desk_route_least(const struct desk_route *route)
{
    static const char settings[] = "/settings";
    if (route->least)
        return route->least;
    return strncmp(route->path, settings, sizeof settings - 1) == 0 ? DESK_ROLE_OWNER
                                                                    : DESK_ROLE_STAFF;
}

/* What each role is refused with. */
static const char *const not_for[DESK_ROLE__MAX] = {
    [DESK_ROLE_NONE] = "Your sign-in has no role. Ask the owner.",
    [DESK_ROLE_READ] = "Your sign-in may look, but not do this. Ask the owner.",
    [DESK_ROLE_STAFF] = "This is for owners. Ask one of them.",
};

bool desk_user_may(const struct desk_user *user, const struct desk_route *route)
{
    return desk_role_parse(user->role) >= desk_route_least(route) &&
           (!user->location_id || route->placed);
}

/* The role, and the one place somebody may be limited to. */
static enum desk_rc check_role(struct desk_request *req)
{
    enum desk_role has = desk_role_parse(req->user.role);
    if (!desk_user_may(&req->user, req->route)) {
        req->detail = has < desk_route_least(req->route)
                          ? not_for[has]
                          : "Your sign-in is for one place, and this is about all of them.";
        return DESK_EFORBID;
    }
    if (!req->user.location_id)
        return DESK_OK;
    return desk_location_get(req->db, req->arena, req->tenant.id, req->user.location_id,
                             &req->location);
}

/* Now and then, so that what is not used ends. That it could not be written now harms nobody. */
static void note_use(struct desk_request *req)
{
    if (desk_now_ms() - req->session.seen_at < DESK_SESSION_SEEN_MS)
        return;
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, desk_session_seen(req->db, req->session.id));
    if (rc)
        desk_log(DESK_LOG_WARN, "session.seen", "code=%s", desk_rc_name(rc));
}

static enum desk_rc auth_session(struct desk_request *req)
{
    enum desk_rc rc = desk_session_load(req);
    if (rc)
        return rc == DESK_EAUTH ? to_login(req) : rc;
    note_use(req);
    return check_role(req);
}

static bool same_text(const char *a, const char *b)
{
    size_t n = strlen(a);
    return n && n == strlen(b) && CRYPTO_memcmp(a, b, n) == 0;
}

static enum desk_rc auth_telegram(struct desk_request *req)
{
    char secret[DESK_BLIND_LEN];
    const char *got = req->telegram_secret ? req->telegram_secret : "";
    desk_telegram_secret(desk_db_key(req->db), secret);
    if (*desk_setting(DESK_S_TELEGRAM_BOT_TOKEN) && same_text(secret, got))
        return DESK_OK;
    desk_log(DESK_LOG_WARN, "webhook.refused", "path=%s why=\"not Telegram's secret\"",
             req->route->path);
    return DESK_EAUTH;
}

static const struct {
    enum desk_rc (*fn)(struct desk_request *);
    bool needs_db;
} kinds[] = {
    [DESK_AUTH_NONE] = {auth_none, false},          [DESK_AUTH_TWILIO] = {auth_twilio, false},
    [DESK_AUTH_TOKEN] = {auth_token, true},         [DESK_AUTH_QUESTION] = {auth_token, true},
    [DESK_AUTH_SESSION] = {auth_session, true},     [DESK_AUTH_TELEGRAM] = {auth_telegram, true},
    [DESK_AUTH_CHAT] = {desk_chat_authorize, true},
};

/* A page's form may only be sent by the page itself. */
static enum desk_rc check_csrf(struct desk_request *req)
{
    if (!(req->method & (DESK_POST | DESK_PUT | DESK_PATCH | DESK_DELETE)))
        return DESK_OK;
    bool cross = req->web->kind == DESK_WEB_ADMIN && req->fetch_site &&
                 strcmp(req->fetch_site, "cross-site") == 0;
    bool bad = req->route->csrf && !same_text(req->session.csrf ? req->session.csrf : "",
                                              desk_form_text(&req->form, "csrf"));
    if (!cross && !bad)
        return DESK_OK;
    req->detail = "This form is too old, or came from another site. Load the page again.";
    return DESK_EFORBID;
}

enum desk_rc desk_authorize(struct desk_request *req)
{
    if (kinds[req->route->auth].needs_db && !req->db)
        return DESK_EBUSY;
    enum desk_rc rc = kinds[req->route->auth].fn(req);
    return rc ? rc : check_csrf(req);
}
