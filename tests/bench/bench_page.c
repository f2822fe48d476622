/* Pages as the owner asks for them, from route table to HTML, against reading their rows alone. */
#include "bench.h"

#include "cgi-bin/admin/admin.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/open.h"
#include "tests/page/admin_world.h"

#define NOW  1795198500000LL
#define PASS "correct horse battery"

static struct desk_db *db;
static struct desk_arena *ra;
static struct world here;
static char session[DESK_TOKEN_LEN];
static const char *one_call;

static void get(const char *path)
{
    static struct desk_request req;
    desk_arena_reset(ra);
    memset(&req, 0, sizeof req);
    req.arena = ra;
    req.db = db;
    req.method = DESK_GET;
    req.uri = req.path = path;
    req.query = req.content_type = req.signature = req.authorization = "";
    req.idempotency = req.remote = "";
    req.request_id = "req_bench";
    req.cookie = desk_arena_fmt(ra, "%s=%s", DESK_SESSION_COOKIE, session);
    desk_dispatch(&admin_web, &req);
    MUST(req.reply.status == 0 || req.reply.status == 200);
    MUST(req.reply.body.len > 1000);
}

static void list_page(void)
{
    get("/calls");
}

static void list_rows(void)
{
    struct desk_call *rows;
    size_t n;
    desk_arena_reset(ra);
    MUST(desk_call_find(db, ra, here.tenant, &(struct desk_call_filter){0}, INT64_MAX, "", 50,
                        &rows, &n) == DESK_OK &&
         n == 50);
}

static void call_page(void)
{
    static char path[64];
    snprintf(path, sizeof path, "/calls/%s", one_call);
    get(path);
}

static void call_rows(void)
{
    struct desk_call c;
    struct desk_turn *turns;
    struct desk_event *events;
    struct desk_tool_run *runs;
    size_t n;
    desk_arena_reset(ra);
    MUST(desk_call_get(db, ra, here.tenant, one_call, &c) == DESK_OK);
    MUST(desk_turn_list(db, ra, here.tenant, one_call, 500, &turns, &n) == DESK_OK && n > 3);
    MUST(desk_event_list(db, ra, here.tenant, one_call, 500, &events, &n) == DESK_OK);
    MUST(desk_tool_run_list(db, ra, here.tenant, one_call, &runs, &n) == DESK_OK);
}

static void fill(void)
{
    struct desk_user u;
    struct world_call s = {.name = "Grace Hopper",
                           .number = "+14155550134",
                           .seconds = 90,
                           .outcome = DESK_OUT_ANSWERED,
                           .summary = "Water heater is leaking.",
                           .talk = true};
    here = (struct world){.db = db, .arena = desk_arena_new(64 << 20), .now = NOW};
    world_business(&here, "harwick", "Harwick Plumbing", "+18605550100", "sal", PASS);
    for (int i = 0; i < 200; i++) {
        s.ago_min = 10 + i;
        one_call = world_call(&here, &s);
    }
    desk_clock_fake(NOW);
    MUST(desk_user_by_login(db, here.arena, "sal", &u) == DESK_OK);
    MUST(DESK_TX_BEGIN(db) == DESK_OK);
    MUST(desk_session_new(db, &u, session) == DESK_OK);
    MUST(desk_tx_end(db, DESK_OK) == DESK_OK);
}

int main(void)
{
    desk_log_init("bench", DESK_LOG_ERROR);
    desk_setting_override(DESK_S_FRONTDESK_SHARE, ".");
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, "https://desk.example.com");
    desk_web_init();
    ra = desk_arena_new(DESK_MAX_REQUEST_ARENA);
    MUST(desk_store_memory(&db) == DESK_OK);
    fill();
    bench("page: list of calls / its rows", list_page, list_rows);
    bench("page: one call / its rows", call_page, call_rows);
    desk_db_close(db);
    desk_arena_free(here.arena);
    desk_arena_free(ra);
    return 0;
}
