/* Every address of the REST zone. */
#include "cgi-bin/api/api.h"
#include "cgi-bin/api/appointments.h"
#include "cgi-bin/api/businesses.h"
#include "cgi-bin/api/conversations.h"
#include "cgi-bin/api/exports.h"
#include "base/limits.h"
#include "core/chat_words.h"

#define SMALL_BODY (64UL * 1024) /* of a write: a form's worth */

/* Resources under /v1: what is read, and what is written. */
#define READ(url, handler, table, page, text)                                                      \
    {                                                                                              \
        .methods = DESK_GET, .path = (url), .fn = (handler), .auth = DESK_AUTH_TOKEN,              \
        .params = (table), .of = (page), .help = (text)                                            \
    }
#define WRITE(method, url, handler, table, page, code, text)                                       \
    {                                                                                              \
        .methods = (method), .path = (url), .fn = (handler), .auth = DESK_AUTH_TOKEN,              \
        .params = (table), .of = (page), .status = (code), .strict = true, .max_body = SMALL_BODY, \
        .help = (text)                                                                             \
    }

static const struct desk_param p_states[] = {
    {"before", DESK_P_TEXT, 0, 80, "Place in the list, from the next link"},
    {"limit", DESK_P_INT, 0, DESK_MAX_PAGE_ROWS, "How many"},
    {"state", DESK_P_TEXT, 0, 20, "Only those in this state"},
    {0},
};
static const struct desk_param p_one[] = {{"id", DESK_P_ID, DESK_P_PATH, 0, "Which"}, {0}};
static const struct desk_param p_state[] = {
    {"id", DESK_P_ID, DESK_P_PATH, 0, "Which"},
    {"state", DESK_P_TEXT, DESK_P_REQUIRED, 20, "Its new state"},
    {0},
};
static const struct desk_param p_ticket[] = {
    {"id", DESK_P_ID, DESK_P_PATH, 0, "Which"},
    {"state", DESK_P_TEXT, 0, 20, "open or done"},
    {"priority", DESK_P_TEXT, 0, 20, "low, normal or high"},
    {0},
};
static const struct desk_param p_exception_new[] = {
    {"number", DESK_P_PHONE, DESK_P_REQUIRED, 0, "Phone number"},
    {"name", DESK_P_TEXT, DESK_P_REQUIRED, 200, "Name"},
    {"category", DESK_P_TEXT, 0, 40, "family, friends, work …; family if not said"},
    {0},
};
static const struct desk_param p_exception[] = {
    {"id", DESK_P_ID, DESK_P_PATH, 0, "Which"},
    {"name", DESK_P_TEXT, 0, 200, "Name"},
    {"category", DESK_P_TEXT, 0, 40, "family, friends, work …"},
    {0},
};
#define CONTACT_FACTS                                                                              \
    {"name", DESK_P_TEXT, 0, 200, "Name"}, {"company", DESK_P_TEXT, 0, 200, "Company"},            \
        {"email", DESK_P_TEXT, 0, 254, "E-mail"},                                                  \
        {"birthday", DESK_P_TEXT, 0, 20, "1980-05-14, or 05-14"},                                  \
        {"anniversary", DESK_P_TEXT, 0, 20, "1980-05-14, or 05-14"},                               \
        {"preferred", DESK_P_TEXT, 0, 20, "call, text or email"},                                  \
        {"systems", DESK_P_TEXT, 0, 500, "A list: a, b"},                                          \
        {"crm", DESK_P_TEXT, 0, 500, "Ids elsewhere, a list: a, b"},                               \
        {"notes", DESK_P_TEXT, 0, 2000, "Notes"}, {"tags", DESK_P_TEXT, 0, 500, "A list: a, b"},   \
        {"language", DESK_P_TEXT, 0, 20, "es"},                                                    \
    {                                                                                              \
        "standing", DESK_P_TEXT, 0, 20, "vip, vendor or blocked"                                   \
    }
static const struct desk_param p_contact_new[] = {
    {"number", DESK_P_PHONE, DESK_P_REQUIRED, 0, "Phone number"}, CONTACT_FACTS, {0}};
static const struct desk_param p_contact[] = {
    {"id", DESK_P_ID, DESK_P_PATH, 0, "Which"}, CONTACT_FACTS, {0}};
static const struct desk_param p_slots[] = {
    {"service", DESK_P_TEXT, DESK_P_REQUIRED, 100, "Service, by its name"},
    {"when", DESK_P_TEXT, 0, 200, "In words (tuesday afternoon), or a day (2026-12-03)"},
    {"limit", DESK_P_INT, 0, 20, "How many"},
    {0},
};
static const struct desk_param p_visit_new[] = {
    {"slot_id", DESK_P_TEXT, DESK_P_REQUIRED, 40, "A free time, from /v1/slots"},
    {"name", DESK_P_TEXT, DESK_P_REQUIRED, 200, "For whom"},
    {"number", DESK_P_PHONE, 0, 0, "Where they are reached"},
    {"address", DESK_P_TEXT, 0, 500, "Where the work is"},
    {"notes", DESK_P_TEXT, 0, 1000, "Notes"},
    {"urgent", DESK_P_BOOL, 0, 0, "Is it urgent"},
    {0},
};
static const struct desk_param p_visit[] = {
    {"id", DESK_P_ID, DESK_P_PATH, 0, "Which"},
    {"slot_id", DESK_P_TEXT, DESK_P_REQUIRED, 40, "A free time, from /v1/slots"},
    {0},
};
/* as clients of the concierge system name them */
static const struct desk_param p_concierge_new[] = {
    {"phone_number", DESK_P_PHONE, DESK_P_REQUIRED, 0, "Phone number"},
    {"contact_name", DESK_P_TEXT, DESK_P_REQUIRED, 200, "Name"},
    {"category", DESK_P_TEXT, 0, 40, "family, friends, work …; family if not said"},
    {0},
};
static const struct desk_param p_concierge[] = {
    {"phone_number", DESK_P_PHONE, DESK_P_PATH, 0, "Phone number"}, {0}};
#define STRETCH(first)                                                                             \
    {"from", DESK_P_DAY, 0, 0, first},                                                             \
    {                                                                                              \
        "to", DESK_P_DAY, 0, 0, "Last day of it, included"                                         \
    }
static const struct desk_param p_report[] = {
    STRETCH("First day: of the business's clock; without both this week"),
    {"location", DESK_P_ID, 0, 0, "One location, by its id; default all"},
    {0},
};
static const struct desk_param p_export_new[] = {
    {"kind", DESK_P_TEXT, DESK_P_REQUIRED, 20, "people or calls"},
    STRETCH("First day, of calls; without both the last 90 days"),
    {0},
};
static const struct desk_param p_part[] = {{"part", DESK_P_ID, DESK_P_PATH, 0, "Part"}, {0}};
static const struct desk_param p_list[] = {
    {"before", DESK_P_TEXT, 0, 80, "Place in the list, from the next link"},
    {"limit", DESK_P_INT, 0, DESK_MAX_PAGE_ROWS, "How many"},
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
        {"events", DESK_P_WORDS, 0, 500,                                                           \
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
#define OPEN(url, handler, text, shows)                                                            \
    {                                                                                              \
        .methods = DESK_GET, .path = (url), .fn = (handler), .help = (text), .example = (shows),   \
        .no_db = true                                                                              \
    }
#define REPORT                                                                                     \
    "{\"from\":\"2026-12-01T00:00:00.000Z\",\"to\":\"2026-12-02T00:00:00.000Z\",\"location_id\":"  \
    "null,"                                                                                        \
    "\"calls\":2,\"answered\":2,\"outcomes\":{\"booked\":1,\"message\":1},"                        \
    "\"cost_microdollars\":240000}"
#define PERSON                                                                                     \
    "{\"phone_number\":\"+14155550134\",\"contact_name\":\"Mom\",\"category\":\"family\"}"

#define DELIVER(url, handler, table, text)                                                         \
    {                                                                                              \
        .methods = DESK_POST, .path = (url), .fn = (handler), .auth = DESK_AUTH_TOKEN,             \
        .params = (table), .status = 202, .strict = true, .max_body = SMALL_BODY,                  \
        .touches = "webhook", .example = "{\"delivery\":\"out_4zQ8\"}", .help = (text)             \
    }
/* The chat of a website: key is the business's, in the page; id the one chat. */
#define CHAT_KEY                                                                                   \
    {                                                                                              \
        "key", DESK_P_ID, DESK_P_PATH, 0, "The business's key, as its website has it"              \
    }
#define CHAT_ONE                                                                                   \
    CHAT_KEY,                                                                                      \
    {                                                                                              \
        "id", DESK_P_ID, DESK_P_PATH, 0, "Chat"                                                    \
    }
#define CHAT_NAMED                                                                                 \
    {                                                                                              \
        "message", DESK_P_ID, DESK_P_REQUIRED, 0, "Name that the browser made for it"              \
    }
#define CHAT(method, url, handler, table, code, text, shows)                                       \
    {                                                                                              \
        .methods = (method), .path = (url), .fn = (handler), .auth = DESK_AUTH_CHAT,               \
        .params = (table), .status = (code), .max_body = CHAT_BODY, .talk = true, .help = (text),  \
        .example = (shows)                                                                         \
    }
#define CHAT_BODY (16UL * 1024)
static const struct desk_param p_chat_key[] = {CHAT_KEY, {0}};
static const struct desk_param p_chat_start[] = {CHAT_KEY, CHAT_NAMED, {0}};
static const struct desk_param p_chat_one[] = {CHAT_ONE, {0}};
static const struct desk_param p_chat_say[] = {
    CHAT_ONE, CHAT_NAMED, {"text", DESK_P_TEXT, DESK_P_REQUIRED, DESK_CHAT_TEXT, "Message"}, {0}};

const struct desk_route api_routes[] = {
    OPEN("/healthz", desk_health_page, "can this machine answer calls", "{\"ok\":true}"),
    OPEN("/healthz/ready", desk_health_page, "the same, by its other name", "{\"ok\":true}"),
    OPEN("/healthz/live", desk_alive_page, "does this program answer at all", "{\"ok\":true}"),
    OPEN("/health", desk_health_page, "alias of /healthz", "{\"ok\":true}"),
    OPEN("/openapi.json", api_openapi, "this description", NULL),
    OPEN("/v1/openapi.json", api_openapi, "alias of /openapi.json", NULL),
    {.methods = DESK_GET,
     .path = "/docs/api",
     .fn = api_docs,
     .template = "admin/api_docs.cs",
     .answers = "text/html; charset=utf-8",
     .help = "this description as a page",
     .no_db = true},
    {.methods = DESK_GET,
     .path = "/docs/api/:part",
     .fn = api_docs_part,
     .params = p_part,
     .template = "admin/api_docs_part.cs",
     .answers = "text/html; charset=utf-8",
     .help = "one part of that page, with examples",
     .no_db = true},
    {.methods = DESK_GET,
     .path = "/v1/calls",
     .fn = api_calls_list,
     .auth = DESK_AUTH_TOKEN,
     .params = p_list,
     .of = &desk_page_calls,
     .help = "calls, newest first"},
    {.methods = DESK_GET,
     .path = "/v1/calls/:id",
     .fn = api_calls_get,
     .auth = DESK_AUTH_TOKEN,
     .params = p_id,
     .of = &desk_page_calls,
     .help = "one call with what was said, what was decided and what came of it"},
    {.methods = DESK_POST,
     .path = "/v1/voice/session/start",
     .fn = api_session_start,
     .takes = 1 + DESK_VB_START,
     .auth = DESK_AUTH_TOKEN,
     .status = 201,
     .help = "begin a conversation: a session, with its greeting"},
    {.methods = DESK_POST,
     .path = "/v1/voice/session/:id/input",
     .fn = api_session_input,
     .takes = 1 + DESK_VB_INPUT,
     .auth = DESK_AUTH_TOKEN,
     .params = p_session,
     .max_body = DESK_MAX_AUDIO_BODY,
     .help = "what the caller said (text, keys, sound or nothing), and the answer to it"},
    {.methods = DESK_POST,
     .path = "/v1/voice/session/:id/end",
     .fn = api_session_end,
     .takes = 1 + DESK_VB_END,
     .auth = DESK_AUTH_TOKEN,
     .params = p_session,
     .help = "the conversation is over"},
    {.methods = DESK_GET,
     .path = "/v1/voice/session/:id",
     .fn = api_session_get,
     .auth = DESK_AUTH_TOKEN,
     .params = p_session,
     .talk = true,
     .help = "how a session stands, and its last words"},
    {.methods = DESK_POST,
     .path = "/telephony/audio",
     .fn = api_telephony_audio,
     .takes = 1 + DESK_VB_TELEPHONY,
     .auth = DESK_AUTH_TOKEN,
     .max_body = DESK_MAX_AUDIO_BODY,
     .help = "another telephone provider: what the caller of call_id said, and the answer"},
    {.methods = DESK_POST,
     .path = "/telephony/end",
     .fn = api_telephony_end,
     .takes = 1 + DESK_VB_TELEPHONY_END,
     .auth = DESK_AUTH_TOKEN,
     .help = "another telephone provider: the call is over"},
    {.methods = DESK_POST,
     .path = "/v1/voice/owner/query",
     .fn = api_owner_query,
     .touches = "calls",
     .auth = DESK_AUTH_QUESTION,
     .params = p_query,
     .help = "an owner's question about the day, answered in a sentence to be spoken"},
    READ("/v1/webhooks", api_webhooks_list, NULL, &api_page_webhooks,
         "webhooks: who is told of what"),
    WRITE(DESK_POST, "/v1/webhooks", api_webhooks_add, p_hook_new, &api_page_webhooks, 201,
          "a new webhook; the secret that it is signed with is shown only now"),
    READ("/v1/webhooks/:id", api_webhooks_get, p_hook, &api_page_webhooks,
         "one webhook and how it does"),
    WRITE(DESK_PATCH, "/v1/webhooks/:id", api_webhooks_change, p_hook_change, &api_page_webhooks, 0,
          "change a webhook; what is not named stays"),
    WRITE(DESK_DELETE, "/v1/webhooks/:id", api_webhooks_remove, p_hook, &api_page_webhooks, 204,
          "remove a webhook; what waits for it is not sent"),
    DELIVER("/v1/webhooks/:id/test", api_webhooks_test, p_hook, "send it a test event"),
    WRITE(DESK_POST, "/v1/webhooks/:id/rotate", api_webhooks_rotate, p_hook, &api_page_webhooks, 0,
          "a new secret, shown only now; the one before signs, too, for a day"),
    {.methods = DESK_GET,
     .path = "/v1/webhooks/:id/deliveries",
     .fn = api_webhooks_deliveries,
     .auth = DESK_AUTH_TOKEN,
     .params = p_hook,
     .touches = "webhook",
     .example = "{\"deliveries\":[]}",
     .help = "what was sent to it, newest first"},
    DELIVER("/v1/webhooks/:id/deliveries/:delivery", api_webhooks_redeliver, p_delivery,
            "send one of them once more, under the same webhook-id"),
    {.methods = DESK_GET,
     .path = "/v1/calendar/feed/:file",
     .answers = "text/calendar; charset=utf-8",
     .fn = api_calendar_feed,
     .params = p_file,
     .help = "the owner's appointments as a calendar file, by its secret address"},
    {.methods = DESK_GET,
     .path = "/v1/calendar/visit/:file",
     .answers = "text/calendar; charset=utf-8",
     .fn = api_calendar_visit,
     .params = p_file,
     .help = "a customer's own appointment as a calendar file, by its secret address"},
    CHAT(DESK_GET, "/v1/chat/:key", api_chat_about, p_chat_key, 0,
         "the chat of a business's website: its words, for the script that shows it",
         "{\"name\":\"Harwick Plumbing\",\"language\":\"en\",\"greeting\":\"Hello!\"}"),
    CHAT(DESK_POST, "/v1/chat/:key/start", api_chat_start, p_chat_start, 201,
         "begin a chat; its secret is told only to the browser that began it",
         "{\"id\":\"vs_4zQ8\",\"secret\":\"0123\",\"text\":\"Hello!\",\"over\":false}"),
    CHAT(DESK_POST, "/v1/chat/:key/:id/say", api_chat_say, p_chat_say, 0,
         "one message, and the answer; the same message again is answered the same",
         "{\"text\":\"What is it about?\",\"over\":false,\"urgent\":false}"),
    CHAT(DESK_GET, "/v1/chat/:key/:id", api_chat_get, p_chat_one, 0, "all that was said in it",
         "{\"id\":\"vs_4zQ8\",\"over\":false,\"urgent\":false,\"said\":[{\"who\":\"desk\","
         "\"text\":\"Hello!\"}]}"),
    CHAT(DESK_POST, "/v1/chat/:key/:id/end", api_chat_end, p_chat_one, 0, "the chat is over",
         "{\"over\":true}"),
    READ("/v1/exceptions", rest_list, p_list, &desk_page_exceptions,
         "numbers that are put through at once, newest first"),
    WRITE(DESK_POST, "/v1/exceptions", api_exceptions_add, p_exception_new, &desk_page_exceptions,
          201, "one more number that is put through at once"),
    READ("/v1/exceptions/:id", rest_get, p_one, &desk_page_exceptions, "one of them"),
    WRITE(DESK_PATCH, "/v1/exceptions/:id", api_exceptions_change, p_exception,
          &desk_page_exceptions, 0, "change its name or category; what is not named stays"),
    WRITE(DESK_DELETE, "/v1/exceptions/:id", api_exceptions_remove, p_one, &desk_page_exceptions,
          204, "take it off the list"),
    READ("/v1/turns", rest_list, p_list, &desk_page_turns,
         "what was said in all calls, newest first"),
    READ("/v1/turns/:id", rest_get, p_one, &desk_page_turns, "one thing that was said"),
    READ("/v1/conversations", api_conversations_list, p_list, &api_page_conversations,
         "conversations by every channel, newest first"),
    READ("/v1/conversations/:id", api_conversations_get, p_one, &api_page_conversations,
         "one conversation with what was said"),
    READ("/v1/callbacks", rest_list, p_states, &desk_page_callbacks,
         "who was promised a call back, newest first"),
    READ("/v1/callbacks/:id", rest_get, p_one, &desk_page_callbacks, "one such promise"),
    WRITE(DESK_PATCH, "/v1/callbacks/:id", api_callbacks_change, p_state, &desk_page_callbacks, 0,
          "it is done, dropped, or (for ten minutes) open again"),
    READ("/v1/contacts", rest_list, p_list, &desk_page_contacts, "people, last seen first"),
    WRITE(DESK_POST, "/v1/contacts", api_contacts_add, p_contact_new, &desk_page_contacts, 201,
          "somebody who has not called yet"),
    READ("/v1/contacts/:id", rest_get, p_one, &desk_page_contacts, "one person"),
    WRITE(DESK_PATCH, "/v1/contacts/:id", api_contacts_change, p_contact, &desk_page_contacts, 0,
          "what is known of them; what is not named stays, an empty text takes it away"),
    READ("/v1/leads", rest_list, p_states, &desk_page_leads,
         "who may become a customer, newest first"),
    READ("/v1/leads/:id", rest_get, p_one, &desk_page_leads, "one lead"),
    WRITE(DESK_PATCH, "/v1/leads/:id", api_leads_change, p_state, &desk_page_leads, 0,
          "it is open, won or lost"),
    READ("/v1/tickets", rest_list, p_states, &desk_page_tickets,
         "what does not work at somebody's, newest first"),
    READ("/v1/tickets/:id", rest_get, p_one, &desk_page_tickets, "one ticket"),
    WRITE(DESK_PATCH, "/v1/tickets/:id", api_tickets_change, p_ticket, &desk_page_tickets, 0,
          "its state and priority; what is not named stays"),
    READ("/v1/messages", rest_list, p_states, &desk_page_messages,
         "messages that callers left, newest first"),
    READ("/v1/messages/:id", rest_get, p_one, &desk_page_messages, "one message"),
    WRITE(DESK_PATCH, "/v1/messages/:id", api_messages_change, p_state, &desk_page_messages, 0,
          "it is heard, or new again"),
    READ("/v1/slots", api_slots_list, p_slots, &api_page_slots,
         "free times for a service, soonest first; each can be booked for half an hour"),
    READ("/v1/appointments", rest_list, p_states, &desk_page_appointments,
         "appointments, the latest start first"),
    WRITE(DESK_POST, "/v1/appointments", api_appointments_add, p_visit_new, &desk_page_appointments,
          201, "book a free time"),
    READ("/v1/appointments/:id", rest_get, p_one, &desk_page_appointments, "one appointment"),
    WRITE(DESK_PATCH, "/v1/appointments/:id", api_appointments_move, p_visit,
          &desk_page_appointments, 0, "move it to another free time"),
    WRITE(DESK_DELETE, "/v1/appointments/:id", api_appointments_cancel, p_one,
          &desk_page_appointments, 0, "cancel it: the row stays, as cancelled"),
    READ("/v1/businesses", api_businesses_list, p_list, &api_page_businesses,
         "businesses that this token is for: one"),
    READ("/v1/businesses/:id", api_businesses_get, p_one, &api_page_businesses,
         "the business, and what it does"),
    READ("/v1/locations", api_locations_list, p_list, &api_page_locations,
         "its locations, newest first, each with what holds there"),
    READ("/v1/locations/:id", api_locations_get, p_one, &api_page_locations, "one location"),
    READ("/v1/sessions", rest_list, p_states, &desk_page_sessions,
         "conversations by this API, by telephony of others and by text, newest first"),
    READ("/v1/sessions/:id", rest_get, p_one, &desk_page_sessions,
         "how one of them stands; what was said is in the conversation of its call_id"),
    {.methods = DESK_GET,
     .path = "/v1/reports",
     .fn = api_reports,
     .auth = DESK_AUTH_TOKEN,
     .params = p_report,
     .touches = "report",
     .example = REPORT,
     .help = "figures of some days: calls by hour and weekday, how they ended, cost and waits"},
    READ("/v1/exports", api_exports_list, p_states, &api_page_exports,
         "files that were asked for, newest first; each is kept for a week"),
    {.methods = DESK_POST,
     .path = "/v1/exports",
     .fn = api_exports_add,
     .auth = DESK_AUTH_TOKEN,
     .params = p_export_new,
     .of = &api_page_exports,
     .status = 202,
     .strict = true,
     .personal = true,
     .max_body = SMALL_BODY,
     .help = "have a file made of all people, or of the calls of some days"},
    READ("/v1/exports/:id", api_exports_get, p_one, &api_page_exports,
         "how far it is, and where its file is"),
    {.methods = DESK_GET,
     .path = "/v1/exports/:id/file",
     .fn = api_exports_file,
     .auth = DESK_AUTH_TOKEN,
     .params = p_one,
     .touches = "export",
     .personal = true,
     .answers = "text/csv; charset=utf-8",
     .help = "the file, once it is done"},
    {.methods = DESK_GET,
     .path = "/exceptions",
     .fn = api_concierge_list,
     .auth = DESK_AUTH_TOKEN,
     .old = true,
     .example = "{\"exceptions\":[" PERSON "],\"count\":1}",
     .help = "the concierge's list of numbers that are put through at once"},
    {.methods = DESK_POST,
     .path = "/exceptions",
     .fn = api_concierge_add,
     .auth = DESK_AUTH_TOKEN,
     .old = true,
     .params = p_concierge_new,
     .max_body = SMALL_BODY,
     .example = PERSON,
     .help = "the concierge's way to add one"},
    {.methods = DESK_DELETE,
     .path = "/exceptions/:phone_number",
     .fn = api_concierge_remove,
     .auth = DESK_AUTH_TOKEN,
     .old = true,
     .params = p_concierge,
     .example = "{\"message\":\"Exception phone number removed successfully\"}",
     .help = "the concierge's way to take one off the list"},
    {.methods = DESK_GET,
     .path = "/exceptions/check/:phone_number",
     .fn = api_concierge_check,
     .auth = DESK_AUTH_TOKEN,
     .old = true,
     .params = p_concierge,
     .example = PERSON,
     .help = "the concierge's question whether a number is on the list"},
    {.methods = DESK_GET,
     .path = "/conversations",
     .fn = api_concierge_conversations,
     .auth = DESK_AUTH_TOKEN,
     .old = true,
     .params = p_list,
     .example = "{\"conversations\":[],\"next\":null}",
     .help = "the concierge's list of calls with what was said, newest first"},
    {.methods = DESK_GET,
     .path = "/test-db",
     .fn = api_concierge_test_db,
     .auth = DESK_AUTH_TOKEN,
     .old = true,
     .example = "{\"status\":\"Database connection successful\"}",
     .help = "the concierge's question whether the database can be read"},
    {.methods = DESK_GET,
     .path = "/metrics/api",
     .fn = desk_metrics_page,
     .help = "counters of these routes, for Prometheus",
     .no_db = true},
    {0},
};

static struct desk_route_stats stats[sizeof api_routes / sizeof *api_routes];

struct desk_web api_web = {.name = "api",
                           .kind = DESK_WEB_API,
                           .routes = api_routes,
                           .stats = stats,
                           .admit = api_admit,
                           .fail = NULL};
