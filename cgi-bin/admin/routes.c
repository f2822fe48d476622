#include "cgi-bin/admin/admin.h"

static const struct desk_param p_login_page[] = {
    {"next", DESK_P_TEXT, 0, 2000, NULL},
    {"out", DESK_P_BOOL, 0, 0, NULL},
    {0},
};
static const struct desk_param p_login[] = {
    {"login", DESK_P_TEXT, DESK_P_REQUIRED, 100, "Name"},
    {"password", DESK_P_TEXT, DESK_P_REQUIRED | DESK_P_RAW, 500, "Password"},
    {"next", DESK_P_TEXT, 0, 2000, NULL},
    {"csrf", DESK_P_TEXT, 0, 100, NULL},
    {0},
};
static const struct desk_param p_calls[] = {
    {"show", DESK_P_TEXT, 0, 40, "Show"},
    {"before", DESK_P_ID, 0, 0, NULL},
    {"after", DESK_P_ID, 0, 0, NULL},
    {0},
};
/* text, not an id: "/calls/call_x.txt" is the same call as plain text */
static const struct desk_param p_call[] = {
    {"id", DESK_P_TEXT, DESK_P_PATH | DESK_P_REQUIRED, 44, NULL},
    {0},
};
static const struct desk_param p_callback[] = {
    {"id", DESK_P_ID, DESK_P_PATH | DESK_P_REQUIRED, 0, NULL},
    {"cid", DESK_P_ID, DESK_P_PATH | DESK_P_REQUIRED, 0, NULL},
    {0},
};

static const struct desk_route routes[] = {
    {.methods = DESK_GET,
     .path = "/",
     .fn = admin_home,
     .auth = DESK_AUTH_SESSION,
     .help = "to the calls"},
    {.methods = DESK_GET,
     .path = "/calls",
     .fn = admin_calls,
     .auth = DESK_AUTH_SESSION,
     .params = p_calls,
     .template = "admin/calls.cs",
     .help = "calls, newest first"},
    {.methods = DESK_GET,
     .path = "/calls/:id",
     .fn = admin_call,
     .auth = DESK_AUTH_SESSION,
     .params = p_call,
     .template = "admin/call.cs",
     .help = "one call; with .txt as plain text"},
    {.methods = DESK_POST,
     .path = "/calls/:id/callbacks/:cid/done",
     .fn = admin_callback_done,
     .auth = DESK_AUTH_SESSION,
     .csrf = true,
     .params = p_callback,
     .help = "mark a callback done"},
    {.methods = DESK_POST,
     .path = "/calls/:id/callbacks/:cid/open",
     .fn = admin_callback_open,
     .auth = DESK_AUTH_SESSION,
     .csrf = true,
     .params = p_callback,
     .help = "undo that, for ten minutes"},
    {.methods = DESK_GET,
     .path = DESK_LOGIN_PATH,
     .fn = admin_login_page,
     .auth = DESK_AUTH_NONE,
     .params = p_login_page,
     .template = "admin/login.cs",
     .help = "sign in"},
    {.methods = DESK_POST,
     .path = DESK_LOGIN_PATH,
     .fn = admin_login,
     .auth = DESK_AUTH_NONE,
     .params = p_login,
     .template = "admin/login.cs",
     .help = "check name and password"},
    {.methods = DESK_POST,
     .path = "/logout",
     .fn = admin_logout,
     .auth = DESK_AUTH_SESSION,
     .csrf = true,
     .help = "sign out"},
    {.methods = DESK_GET,
     .path = "/metrics/admin",
     .fn = desk_metrics_page,
     .auth = DESK_AUTH_NONE,
     .no_db = true,
     .help = "counters per route; nginx lets only this machine ask"},
    {0},
};

static struct desk_route_stats stats[sizeof routes / sizeof *routes];

const struct desk_web desk_admin_web = {.name = "admin",
                                        .kind = DESK_WEB_ADMIN,
                                        .routes = routes,
                                        .stats = stats,
                                        .fail = desk_page_fail};
