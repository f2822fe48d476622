#include "cgi-bin/view.h"
#include "cgi-bin/words.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/phone.h"
#include "store/duty.h"

#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LAYOUT     "admin/layout.cs"
#define WORD_BYTES 96

/* ---- the menu: a row per page that exists ---------------------------------------------------- */

/* At a desk all rows stand in the rail; on a phone those with bar = true are in the bar below, and
 * the others on the page "More". A count is of work that waits, and only some rows have one. */
static const struct {
    const char *label, *path, *icon;
    bool bar;
    size_t count; /* 1 + offset in struct desk_duty; 0 = none */
    const char *of;
} menu[] = {
    {"Today", "/", "today", true, 0, NULL},
    {"Calls", "/calls", "phone", true, 0, NULL},
    {"Callbacks", "/callbacks", "clock", true, 1 + offsetof(struct desk_duty, callbacks), "due"},
    {"Messages", "/messages", "bubble", true, 0, NULL},
    {"Leads", "/leads", "check", false, 0, NULL},
    {"Live board", "/live", "live", false, 0, NULL},
    {"Calendar", "/calendar", "calendar", false, 0, NULL},
    {"People", "/people", "person", false, 0, NULL},
    {"Search", "/search", "search", false, 0, NULL},
    {"Needs attention", "/attention", "triangle", false, 1 + offsetof(struct desk_duty, attention),
     "waiting"},
    {"Reports", "/reports", "bars", false, 0, NULL},
    {"Put through", "/exceptions", "through", false, 0, NULL},
    {"Calendars in use", "/calendars", "calendar", false, 0, NULL},
    {"Health check", "/health", "pulse", false, 0, NULL},
    {"Settings", "/settings", "settings", false, 0, NULL},
};
#define MENU (sizeof menu / sizeof *menu)

/* ---- template functions ---------------------------------------------------------------------- */

/* ClearSilver gives them a text and nothing else, so zone and time of the page being rendered, and
 * who asks for it, are the thread's: one thread renders one page at a time. */

static _Thread_local struct {
    const struct desk_tz *tz;
    int64_t now;
    const struct desk_request *req;
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

/* What would only be refused is not offered. The path may have a query. No such row: no. */
static bool may(const struct desk_request *req, unsigned method, const char *uri)
{
    char path[256];
    size_t n = strcspn(uri, "?#");
    if (n >= sizeof path)
        return false;
    memcpy(path, uri, n);
    path[n] = '\0';
    const struct desk_route *r = desk_route_at(req->web, method, path);
    return r && desk_user_may(&req->user, r);
}

static char *fn_may(const char *t)
{
    return strdup(page.req && may(page.req, DESK_POST, t) ? "1" : "");
}

static char *fn_sees(const char *t)
{
    return strdup(page.req && may(page.req, DESK_GET, t) ? "1" : "");
}

static const struct desk_view_function functions[] = {
    {"may", fn_may}, {"sees", fn_sees}, {"phone", fn_phone}, {"date", fn_date},   {"when", fn_when},
    {"day", fn_day}, {"ago", fn_ago},   {"time", fn_time},   {"clock", fn_clock}, {"iso", fn_iso},
    {"dur", fn_dur}, {"took", fn_took}, {"mark", fn_mark},   {"money", fn_money},
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

/* The row whose page that is, or that is above it; MENU: none. */
static size_t row_of(const char *path)
{
    for (size_t i = 0; i < MENU; i++) {
        size_t n = strlen(menu[i].path);
        if (strcmp(path, menu[i].path) == 0 ||
            (n > 1 && strncmp(path, menu[i].path, n) == 0 && path[n] == '/'))
            return i;
    }
    return MENU;
}

static int64_t count_of(const struct desk_duty *d, size_t row)
{
    int64_t n = 0;
    if (menu[row].count)
        memcpy(&n, (const char *)d + menu[row].count - 1, sizeof n);
    return n;
}

static void set_row(struct desk_view *v, size_t i, const char *here, int64_t n)
{
    char count[24];
    snprintf(count, sizeof count, "%lld", (long long)n);
    desk_view_setf(v, menu[i].label, "Menu.%zu.Label", i);
    desk_view_setf(v, menu[i].path, "Menu.%zu.Path", i);
    desk_view_setf(v, menu[i].icon, "Menu.%zu.Icon", i);
    desk_view_setf(v, menu[i].bar ? "1" : "", "Menu.%zu.Bar", i);
    desk_view_setf(v, here, "Menu.%zu.Here", i);
    if (n > 0) {
        desk_view_setf(v, count, "Menu.%zu.Count", i);
        desk_view_setf(v, menu[i].of, "Menu.%zu.Of", i);
    }
}

/* Without its counts a menu is a menu, too: so when the database is busy. */
static void set_menu(struct desk_request *req, struct desk_view *v)
{
    struct desk_duty duty = {0};
    size_t here = row_of(req->path);
    int64_t off = 0;
    enum desk_rc rc = desk_duty_count(req->db, req->arena, req->tenant.id, desk_now_ms(), &duty);
    if (rc) {
        desk_log(DESK_LOG_WARN, "page.menu", "code=%s", desk_rc_name(rc));
        duty = (struct desk_duty){0};
    }
    for (size_t i = 0; i < MENU; i++) {
        int64_t n = count_of(&duty, i);
        if (!may(req, DESK_GET, menu[i].path))
            continue;
        set_row(v, i, i != here ? "" : strcmp(req->path, menu[i].path) ? "true" : "page", n);
        off += menu[i].bar ? 0 : n;
    }
    desk_view_set(v, "More.Here",
                  strcmp(req->path, "/more") == 0  ? "page"
                  : here < MENU && !menu[here].bar ? "true"
                                                   : "");
    if (off > 0)
        desk_view_int(v, "More.Count", off);
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
    page.req = req;
    req->reply.type = "text/html; charset=utf-8";
    desk_page_headers(req);
    enum desk_rc rc = desk_view_render(v, file, DESK_ESCAPE_HTML, &req->reply.body);
    page.req = NULL;
    return rc;
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
