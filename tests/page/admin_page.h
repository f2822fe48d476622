/* The owner's pages as a browser asks for them: requests by hand through the real dispatch, on a
 * database in memory with two businesses in it (admin_world.h). */
#ifndef TESTS_PAGE_ADMIN_PAGE_H
#define TESTS_PAGE_ADMIN_PAGE_H

#include "cgi-bin/admin/admin.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/open.h"
#include "tests/page/admin_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NOW 1795198500000LL /* Fri 20 Nov 2026, 1:15 pm in New York */

static struct desk_db *db;
static struct desk_arena *arena; /* of the world */
static struct world here, other;
static struct desk_arena *ra; /* of the request */
static struct desk_request req;
static char session[DESK_TOKEN_LEN]; /* "" = nobody is signed in */

/* Both businesses, of sal and of olga, who have the same password; no calls yet. */
static inline void page_open(const char *password)
{
    desk_log_init("test", DESK_LOG__MAX);
    desk_setting_override(DESK_S_FRONTDESK_SHARE, ".");
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, "https://desk.example.com");
    desk_web_init();
    desk_clock_fake(NOW);
    must(desk_store_memory(&db), "memory");
    arena = desk_arena_new(16 * 1024 * 1024);
    ra = desk_arena_new(DESK_MAX_REQUEST_ARENA);
    here = (struct world){.db = db, .arena = arena, .now = NOW};
    other = here;
    world_business(&here, "harwick", "Harwick Plumbing", "+18605550100", "sal", password);
    world_business(&other, "other", "Other & Sons", "+18605550200", "olga", password);
}

static inline void page_close(void)
{
    desk_arena_free(ra);
    desk_arena_free(arena);
    desk_db_close(db);
}

/* req, in a fresh ra, as a browser that is signed in as session would ask; not sent yet. */
static inline void page_request(enum desk_method method, const char *uri)
{
    desk_arena_reset(ra);
    memset(&req, 0, sizeof req);
    req.arena = ra;
    req.db = db;
    req.method = method;
    req.uri = uri;
    req.path = desk_arena_strndup(ra, uri, strcspn(uri, "?"));
    req.query = strchr(uri, '?') ? strchr(uri, '?') + 1 : "";
    req.content_type = req.signature = req.authorization = req.idempotency = req.remote = "";
    req.request_id = "req_test";
    req.cookie = desk_arena_fmt(ra, "%s%s", *session ? "desk_session=" : "", session);
}

static inline const char *body(void)
{
    return desk_buf_cstr(&req.reply.body);
}

static inline bool has(const char *text)
{
    return strstr(body(), text) != NULL;
}

#define assert_has(text)                                                                           \
    do {                                                                                           \
        if (!has(text))                                                                            \
            fail_msg("not on the page: %s\n%s", text, body());                                     \
    } while (0)
#define assert_lacks(text)                                                                         \
    do {                                                                                           \
        if (has(text))                                                                             \
            fail_msg("on the page: %s\n%s", text, body());                                         \
    } while (0)

/* A session made directly, so that most tests do not pay for argon2id. */
static inline void page_session(const char *login)
{
    struct desk_user u;
    must(desk_user_by_login(db, arena, login, &u), "user");
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_session_new(db, &u, session), "session");
    must(desk_tx_end(db, DESK_OK), "commit");
}

/* The page of that address, which is there. */
static inline void page_ok(const char *uri)
{
    page_request(DESK_GET, uri);
    desk_dispatch(&admin_web, &req);
    assert_int_equal(req.reply.status ? req.reply.status : 200, 200);
}

/* A form is sent with the token page_csrf and these fields ("&name=value…"); its status. */
static const char *page_csrf;
static inline int page_post(const char *uri, const char *fields)
{
    char form[900];
    page_request(DESK_POST, uri);
    snprintf(form, sizeof form, "csrf=%s%s", page_csrf, fields);
    req.content_type = "application/x-www-form-urlencoded";
    req.body = desk_arena_strdup(ra, form);
    req.body_len = strlen(form);
    desk_dispatch(&admin_web, &req);
    return req.reply.status;
}

/* One write in a transaction of its own. */
#define TX(e)                                                                                      \
    do {                                                                                           \
        must(DESK_TX_BEGIN(db), "begin");                                                          \
        must(desk_tx_end(db, (e)), #e);                                                            \
    } while (0)

#endif
