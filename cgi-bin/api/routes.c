/* Every address of the REST zone. */
#include "cgi-bin/api/api.h"
#include "base/limits.h"

static const struct desk_param p_list[] = {
    {"before", DESK_P_TEXT, 0, 80, "Place in the list, from the next link"},
    {"limit", DESK_P_INT, 0, DESK_MAX_PAGE_ROWS, "How many calls"},
    {0},
};
static const struct desk_param p_id[] = {{"id", DESK_P_ID, DESK_P_PATH, 0, "Call"}, {0}};
static const struct desk_param p_session[] = {{"id", DESK_P_ID, DESK_P_PATH, 0, "Session"}, {0}};

static const struct desk_param p_query[] = {
    {"text", DESK_P_TEXT, DESK_P_REQUIRED, DESK_MAX_JUDGE_TEXT, "Question"},
    {"business", DESK_P_TEXT, 0, 80, "Business, by its slug: the token's own"},
    {"location", DESK_P_TEXT, 0, 200, "One of its locations, by name; default all"},
    {0},
};

const struct desk_route api_routes[] = {
    {.methods = DESK_GET,
     .path = "/healthz",
     .fn = api_healthz,
     .help = "can this machine answer calls"},
    {.methods = DESK_GET,
     .path = "/v1/openapi.json",
     .fn = api_openapi,
     .help = "this description",
     .no_db = true},
    {.methods = DESK_GET,
     .path = "/v1/calls",
     .fn = api_calls_list,
     .auth = DESK_AUTH_TOKEN,
     .params = p_list,
     .help = "calls, newest first"},
    {.methods = DESK_GET,
     .path = "/v1/calls/:id",
     .fn = api_calls_get,
     .auth = DESK_AUTH_TOKEN,
     .params = p_id,
     .help = "one call with what was said, what was decided and what came of it"},
    {.methods = DESK_POST,
     .path = "/v1/voice/session/start",
     .fn = api_session_start,
     .auth = DESK_AUTH_TOKEN,
     .help = "begin a conversation: a session, with its greeting"},
    {.methods = DESK_POST,
     .path = "/v1/voice/session/:id/input",
     .fn = api_session_input,
     .auth = DESK_AUTH_TOKEN,
     .params = p_session,
     .max_body = DESK_MAX_AUDIO_BODY,
     .help = "what the caller said (text, keys, sound or nothing), and the answer to it"},
    {.methods = DESK_POST,
     .path = "/v1/voice/session/:id/end",
     .fn = api_session_end,
     .auth = DESK_AUTH_TOKEN,
     .params = p_session,
     .help = "the conversation is over"},
    {.methods = DESK_GET,
     .path = "/v1/voice/session/:id",
     .fn = api_session_get,
     .auth = DESK_AUTH_TOKEN,
     .params = p_session,
     .help = "how a session stands, and its last words"},
    {.methods = DESK_POST,
     .path = "/telephony/audio",
     .fn = api_telephony_audio,
     .auth = DESK_AUTH_TOKEN,
     .max_body = DESK_MAX_AUDIO_BODY,
     .help = "another telephone provider: what the caller of call_id said, and the answer"},
    {.methods = DESK_POST,
     .path = "/telephony/end",
     .fn = api_telephony_end,
     .auth = DESK_AUTH_TOKEN,
     .help = "another telephone provider: the call is over"},
    {.methods = DESK_POST,
     .path = "/v1/voice/owner/query",
     .fn = api_owner_query,
     .auth = DESK_AUTH_QUESTION,
     .params = p_query,
     .help = "an owner's question about the day, answered in a sentence to be spoken"},
    {.methods = DESK_GET,
     .path = "/metrics/api",
     .fn = desk_metrics_page,
     .help = "counters of these routes, for Prometheus",
     .no_db = true},
    {0},
};

static struct desk_route_stats stats[sizeof api_routes / sizeof *api_routes];

struct desk_web api_web = {
    .name = "api", .kind = DESK_WEB_API, .routes = api_routes, .stats = stats, .fail = NULL};
