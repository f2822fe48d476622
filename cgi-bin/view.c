#include "cgi-bin/view.h"
#include "cgi-bin/words.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/phone.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LAYOUT     "admin/layout.cs"
#define WORD_BYTES 96

/* ---- the menu: a row per page that exists ---------------------------------------------------- */

static const struct {
    const char *section, *label, *path, *icon;
} menu[] = {
    {"calls", "Calls", "/calls", "phone"},
    {"callbacks", "Callbacks", "/callbacks", "clock"},
    {"live", "Live board", "/live", "live"},
    {"calendar", "Calendars", "/calendar", "calendar"},
    {"people", "People", "/people", "person"},
    {"search", "Search", "/search", "search"},
    {"exceptions", "Put through", "/exceptions", "through"},
    {"reports", "Reports", "/reports", "bars"},
};

/* ---- template functions ---------------------------------------------------------------------- */

/* ClearSilver gives them a text and nothing else, so zone and time of the page being rendered are
 * the thread's: one thread renders one page at a time. */

static _Thread_local struct {
    const struct desk_tz *tz;
    int64_t now;
} page;

static int64_t number(const char *text)
{
    return strtoll(text, NULL, 10);
}

static char *fn_phone(const char *t)
{
    char w[WORD_BYTES];
    return strdup(desk_phone_national(w, sizeof w, t));
}

static char *fn_when(const char *t)
{
    char w[WORD_BYTES];
    return strdup(desk_words_when(w, sizeof w, page.tz, page.now, number(t)));
}

static char *fn_day(const char *t)
{
    char w[WORD_BYTES];
    return strdup(desk_words_day(w, sizeof w, page.tz, page.now, number(t)));
}

static char *fn_date(const char *t)
{
    char w[WORD_BYTES];
    return strdup(desk_words_date(w, sizeof w, page.tz, page.now, number(t)));
}

static char *fn_ago(const char *t)
{
    char w[WORD_BYTES];
    return strdup(desk_words_ago(w, sizeof w, page.tz, page.now, number(t)));
}

static char *fn_time(const char *t)
{
    char w[WORD_BYTES];
    return strdup(desk_when_time(w, sizeof w, page.tz, number(t), false));
}

static char *fn_clock(const char *t)
{
    char w[WORD_BYTES];
    return strdup(desk_words_clock(w, sizeof w, page.tz, number(t)));
}

static char *fn_iso(const char *t)
{
    char w[WORD_BYTES];
    return strdup(desk_when_iso(w, sizeof w, page.tz, number(t)));
}

static char *fn_dur(const char *t)
{
    char w[WORD_BYTES];
    return strdup(desk_words_dur(w, sizeof w, number(t)));
}

static char *fn_took(const char *t)
{
    char w[WORD_BYTES];
    return strdup(desk_words_took(w, sizeof w, number(t)));
}

static char *fn_mark(const char *t)
{
    char w[WORD_BYTES];
    return strdup(desk_words_mark(w, sizeof w, number(t)));
}

static char *fn_money(const char *t)
{
    char w[WORD_BYTES];
    return strdup(desk_words_money(w, sizeof w, number(t)));
}

static const struct desk_view_function functions[] = {
    {"phone", fn_phone}, {"date", fn_date}, {"when", fn_when},   {"day", fn_day},
    {"ago", fn_ago},     {"time", fn_time}, {"clock", fn_clock}, {"iso", fn_iso},
    {"dur", fn_dur},     {"took", fn_took}, {"mark", fn_mark},   {"money", fn_money},
};

static pthread_once_t functions_once = PTHREAD_ONCE_INIT;

static void functions_start(void)
{
    desk_view_functions(functions, sizeof functions / sizeof *functions);
}

/* ---- headers --------------------------------------------------------------------------------- */

/* The live board's WebSocket: older browsers do not count ws under 'self'. */
static void add_socket_origin(struct desk_buf *b)
{
    const char *base = desk_public_base(), *host = strstr(base, "://");
    size_t n = host ? strspn(host + 3, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789.-:[]")
                    : 0;
    if (n)
        desk_buf_fmt(b, " %s://%.*s", strncmp(base, "https", 5) == 0 ? "wss" : "ws", (int)n,
                     host + 3);
}

void desk_page_headers(struct desk_request *req)
{
    struct desk_buf csp;
    desk_buf_init(&csp, 1000);
    desk_buf_str(&csp, "default-src 'self'; object-src 'none'; script-src 'self'; "
                       "style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'");
    add_socket_origin(&csp);
    desk_buf_str(&csp, "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    desk_reply_header(req, "Content-Security-Policy", desk_buf_cstr(&csp));
    desk_buf_clear(&csp);
    desk_reply_header(req, "X-Content-Type-Options", "nosniff");
    desk_reply_header(req, "Referrer-Policy", "same-origin");
    desk_reply_header(req, "X-Frame-Options", "DENY");
    desk_reply_header(req, "Cross-Origin-Opener-Policy", "same-origin");
    desk_reply_header(req, "Permissions-Policy", "camera=(), microphone=(), geolocation=()");
    desk_reply_header(req, "Cache-Control", "no-store");
}

/* ---- pages ----------------------------------------------------------------------------------- */

const struct desk_tz *desk_page_zone(const struct desk_request *req)
{
    return req->location.zone ? desk_tz_load(req->location.zone) : NULL;
}

static void view_free(void *ctx)
{
    desk_view_free(ctx);
}

static void set_title(struct desk_request *req, struct desk_view *v, const char *title)
{
    const char *business = req->tenant.name;
    desk_view_set(v, "Page.Title",
                  business ? desk_arena_fmt(req->arena, "%s – %s – Frontdesk", title, business)
                           : desk_arena_fmt(req->arena, "%s – Frontdesk", title));
}

static const char *section_of(const char *path)
{
    for (size_t i = 0; i < sizeof menu / sizeof *menu; i++)
        if (strncmp(path, menu[i].path, strlen(menu[i].path)) == 0)
            return menu[i].section;
    return "";
}

static void set_menu(struct desk_request *req, struct desk_view *v)
{
    const char *here = section_of(req->path);
    for (size_t i = 0; i < sizeof menu / sizeof *menu; i++) {
        desk_view_setf(v, menu[i].label, "Menu.%zu.Label", i);
        desk_view_setf(v, menu[i].path, "Menu.%zu.Path", i);
        desk_view_setf(v, menu[i].icon, "Menu.%zu.Icon", i);
        desk_view_setf(v,
                       strcmp(here, menu[i].section)     ? ""
                       : strcmp(req->path, menu[i].path) ? "true" /* a page below it */
                                                         : "page",
                       "Menu.%zu.Here", i);
    }
}

static void set_foot(struct desk_request *req, struct desk_view *v)
{
    char zone[WORD_BYTES];
    const struct desk_tz *tz = desk_page_zone(req);
    int forward = desk_words_clocks_change(tz, desk_now_ms());
    desk_view_set(v, "Foot.Zone", desk_words_zone(zone, sizeof zone, tz));
    if (forward)
        desk_view_set(v, "Foot.Change",
                      forward > 0 ? "Clocks go forward today." : "Clocks go back today.");
}

/* The result of the last action: shown once. The one write a GET makes, in a window of its own; if
 * it fails the line shows again, which harms nobody. */
static void take_result(struct desk_request *req, struct desk_view *v)
{
    const char *flash = req->session.flash;
    bool get = req->method == DESK_GET;
    if (!flash || !*flash)
        return;
    size_t n = strcspn(flash, "\n");
    desk_view_set(v, "Result.Text", desk_arena_strndup(req->arena, flash, n));
    if (flash[n])
        desk_view_set(v, "Result.Undo", flash + n + 1);
    if (get)
        desk_db_readonly(req->db, false);
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, desk_session_flash(req->db, req->session.id, NULL));
    if (rc)
        desk_log(DESK_LOG_WARN, "page.result", "code=%s", desk_rc_name(rc));
    if (get)
        desk_db_readonly(req->db, true);
}

enum desk_rc desk_page_result(struct desk_request *req, const char *text, const char *undo)
{
    const char *flash = undo ? desk_arena_fmt(req->arena, "%s\n%s", text, undo)
                             : desk_arena_strdup(req->arena, text);
    return flash ? desk_session_flash(req->db, req->session.id, flash) : DESK_ENOMEM;
}

void desk_page_error(struct desk_view *v, const char *sentence)
{
    desk_view_set(v, "Error", sentence);
}

struct desk_view *desk_page_begin(struct desk_request *req, const char *title)
{
    struct desk_view *v = desk_view_new();
    if (!v)
        return NULL;
    desk_arena_defer(req->arena, view_free, v);
    pthread_once(&functions_once, functions_start);
    desk_static_view(v);
    set_title(req, v, title);
    desk_view_set(v, "Business", req->tenant.name);
    if (req->user.id) { /* signed in */
        set_menu(req, v);
        desk_view_set(v, "User.Login", req->user.login);
        desk_view_set(v, "Csrf", req->session.csrf);
        set_foot(req, v);
    }
    return v;
}

static enum desk_rc render_file(struct desk_request *req, struct desk_view *v, const char *file)
{
    page.tz = desk_page_zone(req);
    page.now = desk_now_ms();
    req->reply.type = "text/html; charset=utf-8";
    desk_page_headers(req);
    return desk_view_render(v, file, DESK_ESCAPE_HTML, &req->reply.body);
}

static enum desk_rc render(struct desk_request *req, struct desk_view *v, const char *body)
{
    desk_view_set(v, "Page.Body", body);
    return render_file(req, v, LAYOUT);
}

enum desk_rc desk_page_part(struct desk_request *req, struct desk_view *v)
{
    return render_file(req, v, req->route->template);
}

enum desk_rc desk_page_send(struct desk_request *req, struct desk_view *v, int status)
{
    take_result(req, v);
    req->reply.status = status;
    return render(req, v, req->route->template);
}

/* ---- failures -------------------------------------------------------------------------------- */

static const struct {
    enum desk_rc rc;
    const char *title, *text;
} failures[] = {
    {DESK_ENOTFOUND, "We can't find that page",
     "The address may be mistyped, or the call may have been erased."},
    {DESK_EMETHOD, "That does not work here", "Go back to the calls and try from there."},
    {DESK_EFORBID, "That was not done", NULL},
    {DESK_EINVAL, "That could not be read", "Go back, check what you entered and send it again."},
    {DESK_ELIMIT, "That is too much at once", "Send less, or ask for less, and try again."},
    {DESK_EBUSY, "This took too long",
     "The database was busy. Calls are still being answered. Try again in a moment."},
};
static const char own_failure[] =
    "Calls are still being answered. Load the page again; if it stays like this, tell whoever runs "
    "this machine the reference below.";

static void fill_failure(struct desk_request *req, struct desk_view *v, enum desk_rc rc)
{
    const char *title = "Sorry, this page did not load", *text = own_failure;
    bool ours = true;
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
        if (failures[i].rc == rc) {
            title = failures[i].title;
            text = failures[i].text;
            ours = false;
        }
    desk_view_set(v, "Failure.Title", title);
    desk_view_set(v, "Failure.Text", !ours && req->detail ? req->detail : text);
    if (ours)
        desk_view_set(v, "Failure.Reference", req->request_id);
    set_title(req, v, title);
}

/* When even the failure page fails: words without a template. */
static void last_words(struct desk_request *req)
{
    desk_buf_reset(&req->reply.body);
    desk_buf_reset(&req->reply.headers);
    desk_page_headers(req);
    req->reply.type = "text/plain; charset=utf-8";
    desk_buf_fmt(&req->reply.body,
                 "Sorry, this page did not load. Calls are still being answered.\nReference %s\n",
                 req->request_id ? req->request_id : "-");
}

/* An address without a route has not been asked who is there; the menu helps to go on. */
static void know_user(struct desk_request *req)
{
    if (req->route || !req->db)
        return;
    if (desk_session_load(req) != DESK_OK) { /* then without */
        memset(&req->tenant, 0, sizeof req->tenant);
        memset(&req->location, 0, sizeof req->location);
        memset(&req->user, 0, sizeof req->user);
    }
}

void desk_page_fail(struct desk_request *req, enum desk_rc rc)
{
    int status = req->reply.status;
    know_user(req);
    struct desk_view *v = desk_page_begin(req, "");
    if (v)
        fill_failure(req, v, rc);
    if (!v || render(req, v, "admin/error.cs") != DESK_OK)
        last_words(req);
    req->reply.status = status;
}
