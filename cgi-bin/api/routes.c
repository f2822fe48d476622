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
static const struct desk_param p_file[] = {
    {"file", DESK_P_TEXT, DESK_P_PATH, 80, "The secret, and .ics"}, {0}};

#define WEBHOOK_FIELDS(must)                                                                       \
    {"url", DESK_P_TEXT, must, 2000, "Where to: https://…, of a public host"},                     \
        {"events", DESK_P_TEXT, 0, 500,                                                            \
         "Of which events: names with a space between (or an array of them), or *, all"},          \
        {"format", DESK_P_TEXT, 0, 20,                                                             \
         "standard: {type, timestamp, data}; flat: all in one level, for Zapier and Make"},        \
    {                                                                                              \
        "personal", DESK_P_BOOL, 0, 0, "Names, numbers and words of people are sent, too"          \
    }
static const struct desk_param p_hook_new[] = {WEBHOOK_FIELDS(DESK_P_REQUIRED), {0}};
static const struct desk_param p_hook[] = {{"id", DESK_P_ID, DESK_P_PATH, 0, "Webhook"}, {0}};
static const struct desk_param p_hook_change[] = {{"id", DESK_P_ID, DESK_P_PATH, 0, "Webhook"},
                                                  WEBHOOK_FIELDS(0),
                                                  {"state", DESK_P_TEXT, 0, 20, "on or off"},
                                                  {0}};
static const struct desk_param p_delivery[] = {{"id", DESK_P_ID, DESK_P_PATH, 0, "Webhook"},
                                               {"delivery", DESK_P_ID, DESK_P_PATH, 0, "Delivery"},
                                               {0}};

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
     .path = "/v1/webhooks",
     .fn = api_webhooks_list,
     .auth = DESK_AUTH_TOKEN,
     .help = "webhooks: who is told of what"},
    {.methods = DESK_POST,
     .path = "/v1/webhooks",
     .fn = api_webhooks_add,
     .auth = DESK_AUTH_TOKEN,
     .params = p_hook_new,
     .help = "a new webhook; the secret that it is signed with is shown only now"},
    {.methods = DESK_GET,
     .path = "/v1/webhooks/:id",
     .fn = api_webhooks_get,
     .auth = DESK_AUTH_TOKEN,
     .params = p_hook,
     .help = "one webhook and how it does"},
    {.methods = DESK_PATCH,
     .path = "/v1/webhooks/:id",
     .fn = api_webhooks_change,
     .auth = DESK_AUTH_TOKEN,
     .params = p_hook_change,
     .help = "change a webhook; what is not named stays"},
    {.methods = DESK_DELETE,
     .path = "/v1/webhooks/:id",
     .fn = api_webhooks_remove,
     .auth = DESK_AUTH_TOKEN,
     .params = p_hook,
     .help = "remove a webhook; what waits for it is not sent"},
    {.methods = DESK_POST,
     .path = "/v1/webhooks/:id/test",
     .fn = api_webhooks_test,
     .auth = DESK_AUTH_TOKEN,
     .params = p_hook,
     .help = "send it a test event"},
    {.methods = DESK_POST,
     .path = "/v1/webhooks/:id/rotate",
     .fn = api_webhooks_rotate,
     .auth = DESK_AUTH_TOKEN,
     .params = p_hook,
     .help = "a new secret, shown only now; the one before signs, too, for a day"},
    {.methods = DESK_GET,
     .path = "/v1/webhooks/:id/deliveries",
     .fn = api_webhooks_deliveries,
     .auth = DESK_AUTH_TOKEN,
     .params = p_hook,
     .help = "what was sent to it, newest first"},
    {.methods = DESK_POST,
     .path = "/v1/webhooks/:id/deliveries/:delivery",
     .fn = api_webhooks_redeliver,
     .auth = DESK_AUTH_TOKEN,
     .params = p_delivery,
     .help = "send one of them once more, under the same webhook-id"},
    {.methods = DESK_GET,
     .path = "/v1/calendar/feed/:file",
     .fn = api_calendar_feed,
     .params = p_file,
     .help = "the owner's appointments as a calendar file, by its secret address"},
    {.methods = DESK_GET,
     .path = "/v1/calendar/visit/:file",
     .fn = api_calendar_visit,
     .params = p_file,
     .help = "a customer's own appointment as a calendar file, by its secret address"},
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
