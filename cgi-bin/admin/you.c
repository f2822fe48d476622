/* GET /settings/you: one's own password, second step, and where one is signed in; POST below it
 * changes them. */
#include "cgi-bin/admin/admin.h"
#include "base/clock.h"
#include "base/ids.h"
#include "store/login_tries.h"
#include "wire/totp.h"

#include <stdio.h>
#include <string.h>

#define HERE "/settings/you"

/* What a page has to say beyond what is on record. */
struct page {
    const char *error, *field; /* the field it is about */
    bool secret;               /* show the key of the second step */
    char (*codes)[DESK_CODE_LEN];
    const char *done; /* what was just done, beside the codes */
};

/* ---- the page -------------------------------------------------------------------------------- */

static enum desk_rc set_sessions(struct desk_request *req, struct desk_view *v)
{
    struct desk_session *s;
    size_t n = 0;
    char prefix[32];
    enum desk_rc rc = desk_session_of_user(req->db, req->arena, &req->user, &s, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        snprintf(prefix, sizeof prefix, "Sessions.%zu", i);
        desk_view_fields(v, prefix, &desk_session_fields, &s[i]);
        desk_view_setf(v, strcmp(s[i].id, req->session.id) == 0 ? "1" : "", "%s.Here", prefix);
    }
    desk_view_set(v, "Others", n > 1 ? "1" : "");
    return rc;
}

/* The key in groups of four, as one reads it to a phone; and as a link, for the phone itself. */
static void set_key(struct desk_request *req, struct desk_view *v)
{
    char groups[DESK_TOTP_KEY_LEN * 5 / 4 + 2] = "";
    size_t at = 0;
    struct desk_buf link;
    for (size_t i = 0; req->user.totp[i] && at + 3 < sizeof groups; i++) {
        if (i && i % 4 == 0)
            groups[at++] = ' ';
        groups[at++] = req->user.totp[i];
    }
    groups[at] = '\0';
    desk_view_set(v, "Key.Groups", groups);
    desk_buf_init(&link, 1000);
    desk_buf_str(&link, "otpauth://totp/Frontdesk:");
    desk_url_encode(&link, req->user.login, strlen(req->user.login));
    desk_buf_fmt(&link, "?secret=%s&issuer=Frontdesk", req->user.totp);
    desk_view_set(v, "Key.Link", desk_buf_ok(&link) ? desk_buf_cstr(&link) : "");
    desk_buf_clear(&link);
}

static enum desk_rc show(struct desk_request *req, const struct page *p)
{
    int64_t left = 0;
    struct desk_view *v = desk_page_begin(req, p->error ? "Error: You" : "You");
    if (!v)
        return DESK_ENOMEM;
    enum desk_rc rc = set_sessions(req, v);
    if (!rc)
        rc = desk_user_codes_left(req->db, &req->user, &left);
    if (rc)
        return rc;
    desk_view_set(v, "User.May", admin_role_label(req->user.role));
    desk_view_set(v, "User.Place", req->user.location_id ? req->location.name : "");
    desk_view_set(v, "Totp", req->user.totp_on ? "on" : "off");
    desk_view_int(v, "CodesLeft", left);
    if (p->secret && req->user.totp)
        set_key(req, v);
    for (size_t i = 0; p->codes && i < DESK_CODES; i++)
        desk_view_setf(v, p->codes[i], "Codes.%zu", i);
    desk_view_set(v, "Done", p->done ? p->done : "");
    if (p->error) {
        desk_page_error(v, p->error);
        desk_view_set(v, "Field", p->field);
    }
    return desk_page_send(req, v, p->error ? 422 : 0);
}

enum desk_rc admin_you(struct desk_request *req)
{
    return show(req, &(struct page){.error = NULL});
}

/* ---- the password ---------------------------------------------------------------------------- */

/* Is the password of the form theirs? Guessing it in a browser left open is as slow as at the door.
 * DESK_DONE: no, and the page says so. */
static enum desk_rc own_password(struct desk_request *req, const char *field, bool secret)
{
    bool ok = false, shut = false;
    struct page p = {.error = "That is not your password.", .field = field, .secret = secret};
    enum desk_rc rc = desk_login_locked(req->db, req->arena, req->user.login, req->remote, &shut);
    if (!rc && !shut)
        rc = admin_password_check(req->user.password_hash, desk_param(req, field)->text, &ok);
    if (rc || ok)
        return rc;
    if (shut)
        p.error = "Too many wrong passwords. Wait 5 minutes, then try again.";
    else
        rc = DESK_TX_BEGIN(req->db);
    if (!rc && !shut)
        rc = desk_tx_end(req->db, desk_login_failed(req->db, req->user.login, req->remote));
    if (!rc)
        rc = show(req, &p);
    return rc ? rc : DESK_DONE;
}

static enum desk_rc done(struct desk_request *req, enum desk_rc rc, const char *action,
                         const char *words)
{
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, action, req->user.id);
    if (!rc)
        rc = desk_page_result(req, words, NULL);
    rc = desk_tx_end(req->db, rc);
    if (!rc)
        desk_reply_redirect(req, HERE);
    return rc;
}

enum desk_rc admin_you_password(struct desk_request *req)
{
    char hash[DESK_PASSWORD_HASH_LEN];
    const char *fresh = desk_param(req, "new")->text;
    const char *wrong = admin_password_wrong(fresh, req->user.login);
    if (wrong)
        return show(req, &(struct page){.error = wrong, .field = "new"});
    enum desk_rc rc = own_password(req, "old", false);
    if (!rc)
        rc = admin_password_hash(fresh, hash);
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_user_password_set(req->db, req->user.login, hash);
    if (!rc)
        rc = desk_session_end_others(req->db, &req->user, req->session.id);
    return done(req, rc, "you.password",
                "Your password is changed. All other browsers are signed out.");
}

/* ---- the second step ------------------------------------------------------------------------- */

/* A key to bring into the app: it counts for nothing before a code of it came. */
enum desk_rc admin_you_totp(struct desk_request *req)
{
    uint8_t bytes[DESK_TOTP_BYTES];
    char key[DESK_TOTP_KEY_LEN];
    if (req->user.totp_on) {
        req->detail = "You have a second step. Turn it off first.";
        return DESK_EFORBID;
    }
    enum desk_rc rc = own_password(req, "password", false);
    if (rc)
        return rc;
    desk_random(bytes, sizeof bytes);
    rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_tx_end(req->db, desk_user_totp_set(req->db, &req->user, desk_totp_key(bytes, key)));
    if (rc)
        return rc;
    req->user.totp = key;
    return show(req, &(struct page){.secret = true});
}

static enum desk_rc turn_on(struct desk_request *req, int64_t step, char codes[][DESK_CODE_LEN])
{
    enum desk_rc rc = desk_user_totp_used(req->db, &req->user, step);
    if (!rc)
        rc = desk_user_totp_on(req->db, &req->user);
    if (!rc)
        rc = desk_user_codes_new(req->db, &req->user, codes);
    if (!rc)
        rc = desk_session_end_others(req->db, &req->user, req->session.id);
    return rc ? rc
              : desk_audit_add(req->db, req->tenant.id, req->user.id, "you.totp.on", req->user.id);
}

/* The codes are in this answer and nowhere else. */
enum desk_rc admin_you_totp_on(struct desk_request *req)
{
    char codes[DESK_CODES][DESK_CODE_LEN];
    const char *key = req->user.totp_on ? NULL : req->user.totp;
    int64_t step = key ? desk_totp_check(key, desk_param(req, "code")->text, desk_now_ms(),
                                         req->user.totp_step)
                       : -1;
    if (!key)
        return show(req, &(struct page){.error = "Begin with your password.", .field = "password"});
    if (step < 0)
        return show(req, &(struct page){.error = "That code is not right. Is your phone’s clock?",
                                        .field = "code",
                                        .secret = true});
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_tx_end(req->db, turn_on(req, step, codes));
    if (rc)
        return rc;
    req->user.totp_on = true;
    return show(req, &(struct page){.codes = codes,
                                    .done = "Signing in now wants a code of your app, too."});
}

enum desk_rc admin_you_totp_off(struct desk_request *req)
{
    enum desk_rc rc = own_password(req, "password", false);
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    return done(req, desk_user_totp_set(req->db, &req->user, NULL), "you.totp.off",
                "The second step is off. Your password alone signs you in.");
}

enum desk_rc admin_you_codes(struct desk_request *req)
{
    char codes[DESK_CODES][DESK_CODE_LEN];
    enum desk_rc rc = req->user.totp_on ? own_password(req, "password", false) : DESK_EINVAL;
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_user_codes_new(req->db, &req->user, codes);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "you.codes", req->user.id);
    rc = desk_tx_end(req->db, rc);
    return rc ? rc
              : show(req, &(struct page){.codes = codes,
                                         .done = "The codes that you had work no more."});
}

/* ---- where one is signed in ------------------------------------------------------------------ */

enum desk_rc admin_you_session_end(struct desk_request *req)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    return done(req, desk_session_end(req->db, &req->user, desk_param(req, "id")->text),
                "you.session.end", "That browser is signed out.");
}

enum desk_rc admin_you_sessions_end(struct desk_request *req)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    return done(req, desk_session_end_others(req->db, &req->user, req->session.id),
                "you.session.end", "All other browsers are signed out.");
}
