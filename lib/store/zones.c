/* Which program may do what to which table: DESIGN.md section 2 as data. */
#include "store/open.h"

#define R DESK_CAN_READ
#define I DESK_CAN_INSERT
#define U DESK_CAN_UPDATE
#define D DESK_CAN_DELETE
#define K DESK_CAN_KEY

static const struct desk_zone_row hook[] = {
    {"tenant", R},
    {"script_text", R},
    {"location", R},
    {"number", R},
    {"contact", R | I | U},
    {"call", R | I | U},
    {"turn", R | I | U},
    {"event", R | I},
    {"tool_run", R | I | U},
    {"callback", R | I | U}, /* updates: it is kept */
    {"message", R | I | U},  /* updates: its words, its length */
    {"counter", R | I | U},
    {"setting", R},
    {"outbox", R | I | U},        /* updates: Twilio's reports of what became of a text */
    {"talk_turn", R | I | U | D}, /* who answers a turn of a talk; deletes: there was none */
    {"recording", R | I | U},     /* updates: its length */
    {"alert", R | I},
    {"exception", R},
    {"text_stop", R | I | D}, /* who writes STOP and START */
    {"pin_try", R | I | U},
    {"lead", R | I | U},
    {"ticket", R | I},
    {"vendor_note", R | I},
    {"appointment", R | I | U | D}, /* deletes: holds that ran out */
    {"calendar_source", R},
    {"calendar_busy", R},
    {"calendar_event", R | I | U | D}, /* deletes: with a hold that ran out */
    {"usage", R | I | U},
    {"webhook", R},
    {"out_call", R | U}, /* what Twilio tells of a call of ours */
    {"consent", R | I | U},
    {"text_in", R | I | U},
    {"voice_session", R | I | U}, /* of conversations by text */
    {"word_doc", R | I | D},
    {"word_at", R | I | D},
    {"telegram_link", R},
    {"telegram_code", R},
    {"telegram_update", R | I},   /* the worker answers it */
    {"call_after", R},            /* what is spent */
    {"picture", R | I | U},       /* updates: what they belong to */
    {"text_mark", R | I | U | D}, /* Twilio tells of a failure; they write: it works */
    {"text_hand", R | I | U},
    {"spend_hour", R},
    {"report_day", R | D}, /* deletes: a day that changed, by a trigger */
    {"report_hour", R | D},
    {"live_order", R | I | U}, /* the owner's texts; done on the next page of a call */
    {NULL, 0},
};
static const struct desk_zone_row api[] = {
    {"tenant", R},
    {"script_text", R},
    {"location", R},
    {"number", R},
    {"token", R},
    {"contact", R | I | U},
    {"exception", R | I | U},
    {"call", R | I | U}, /* from here on writes are of voice sessions */
    {"turn", R | I | U},
    {"event", R | I},
    {"tool_run", R | I | U},
    {"callback", R | I | U},
    {"message", R | I | U},
    {"alert", R | I},
    {"outbox", R | I}, /* SQLite wants to read what a conflict is looked for by */
    {"setting", R},
    {"talk_turn", R | I | U | D}, /* one that could not be heard was none */
    {"voice_session", R | I | U},
    {"appointment", R | I | U | D},
    {"calendar_feed", R},
    {"web_chat", R},
    {"audit", R | I},
    {"api_reply", R | I | D},
    {"lead", R | I | U},
    {"ticket", R | I | U},
    {"vendor_note", R | I},
    {"calendar_source", R},
    {"calendar_busy", R},
    {"calendar_event", R | I | U | D}, /* deletes: with a hold that ran out */
    {"usage", R | I | U},
    {"call_after", R},
    {"attention", R},
    {"webhook", R | I | U | D},
    {"webhook_secret", R | I | U | D},
    {"word_doc", R | I | D},
    {"word_at", R | I | D},
    {"telegram_link", R},
    {"picture", R | U},    /* of a callback or lead that is new */
    {"report_day", R | D}, /* deletes: a day that changed, by a trigger */
    {"latency_count", R},
    {"job", R | I}, /* exports */
    {"job_piece", R},
    {"idp_keys", R | U}, /* updates: a key is missing */
    {"report_hour", R | D},
    {NULL, 0},
};
static const struct desk_zone_row admin[] = {
    {"tenant", R | U}, /* the settings pages write the profile: all of it, numbers anew */
    {"location", R | I | U},
    {"number", R | I | D},
    {"profile_version", R | I | D},
    {"script_text", R | I},
    {"web_chat", R | I | U},
    {"user", R | I | U | D},
    {"user_code", R | I | U | D},
    {"invite", R | I | U},
    {"login_try", R | I | U | D},
    {"session", R | I | U | D},
    {"contact", R | I | U}, /* inserts: somebody is booked by hand */
    {"call", R | U},
    {"turn", R | I},  /* the owner writes */
    {"event", R | I}, /* what was asked of a call that runs */
    {"tool_run", R},
    {"callback", R | I | U}, /* one that was promised only in words */
    {"message", R | I | U},
    {"counter", R},
    {"audit", R | I},
    {"latency", R},
    {"latency_count", R},
    {"digest", R},
    {"setting", R | I | U | D},
    {"recording", R},
    {"alert", R | U},
    {"exception", R | I | U},
    {"lead", R | U},
    {"ticket", R | I | U},
    {"vendor_note", R | U},
    {"appointment", R | I | U | D},
    {"outbox", R | I | U}, /* the owner's phone is to be rung; updates: calendars are read again */
    {"calendar_source", R | I | U | D},
    {"calendar_busy", R | D},
    {"calendar_event", R | I | U | D},
    {"google_grant", R | I | U | D},
    {"webhook", R | I | U | D},
    {"webhook_secret", I | D | K}, /* a new one is made; none is ever read */
    {"token", R | I | U},
    {"probe", R | I | U},
    {"price", R | I | U | D},
    {"call_after", R},
    {"attention", R | U},
    {"consent", R | I | U}, /* what people wish, as the owner heard it */
    {"text_stop", R | I | D},
    {"word_doc", R | I | D},
    {"word_at", R | I | D},
    {"job", R | I | U},
    {"job_piece", R | I | D},
    {"pulse", R},
    {"telegram_link", R | D},     /* deletes: with its user */
    {"telegram_code", R | I | D}, /* made and cleared; its hash opens nothing */
    {"picture", R | U},
    {"text_in", R},
    {"text_mark", R | D},
    {"text_hand", R | I | U | D},
    {"voice_session", R},
    {"spend_hour", R},
    {"report_day", R | D}, /* deletes: a day that changed, by a trigger */
    {"report_hour", R | D},
    {"live_order", R | I},
    {"live_ticket", R | I | D}, /* deletes: with its session */
    {NULL, 0},
};
static const struct desk_zone_row bridge[] = {
    {"tenant", R},
    {"script_text", R},
    {"location", R},
    {"number", R},
    {"contact", R | U},
    {"call", R | U},
    {"turn", R | I | U},
    {"event", R | I},
    {"tool_run", R | I | U | D},
    {"callback", R | I},
    {"setting", R},
    {"latency", R | I},
    {"latency_count", R | I | U}, /* by a trigger */
    {"outbox", R | I},
    {"recording", R | I | U},
    {"alert", R | I},
    {"message", R | I},
    {"appointment", R | I | U | D},
    {"lead", R | I | U},
    {"ticket", R | I},
    {"vendor_note", R | I},
    {"calendar_source", R},
    {"calendar_busy", R},
    {"calendar_event", R | I | U | D}, /* deletes: with a hold that ran out */
    {"usage", R | I | U},
    {"webhook", R},
    {"word_doc", R | I | D},
    {"word_at", R | I | D},
    {"pulse", R | I | U},
    {"telegram_link", R},
    {"picture", R | U},    /* of a callback or lead that is new */
    {"report_day", R | D}, /* deletes: a day that changed, by a trigger */
    {"report_hour", R | D},
    {"live_order", R | U},
    {"live_ticket", R | U},
    {NULL, 0},
};
static const struct desk_zone_row worker[] = {
    {"tenant", R},
    {"location", R},
    {"contact", R | I | U}, /* whoever left a number in a chat that lapsed */
    {"call", R | U},
    {"turn", R},
    {"event", R | I},
    {"callback", R | I | U}, /* of a session that lapsed; updates: its clock */
    {"number", R},
    {"session", R | D},
    {"login_try", R | D},
    {"user", K},
    {"setting", R},
    {"message", R | U},
    {"recording", R | U},
    {"alert", R | I | U}, /* updates: the owner has seen it, by the bot */
    {"outbox", R | I | U},
    {"voice_session", R | U},
    {"appointment", R | U | D}, /* it is done, confirmed, moved in Google; a hold is let go */
    {"text_stop", R | I},
    {"webhook", R | U}, /* updates: how it does */
    {"webhook_secret", R},
    /* what digests count */
    {"lead", R},
    {"ticket", R},
    {"latency_count", R},
    {"digest", R | I},
    {"calendar_source", R | I | U | D},
    {"calendar_busy", R | I | U | D},
    {"calendar_event", R | I | U | D},
    {"google_grant", R | I | U | D},
    /* after a call */
    {"call_after", R | I},
    {"attention", R | I},
    {"usage", R | I | U},
    {"price", R},
    {"tool_run", R},
    {"vendor_note", R},
    {"out_call", R | I | U},
    {"probe", R | U},
    {"consent", R},
    {"word_doc", R | I | D},
    {"word_at", R | I | D},
    {"pulse", R | I | U | D}, /* deletes: what is not asked any more */
    {"audit", R | I | D},     /* what is older than it is kept */
    {"audit_limit", R | I | U},
    /* the bot */
    {"telegram_link", R | I | U | D},
    {"telegram_code", R | D},
    {"telegram_update", R | I | U | D},
    {"picture", R | U},
    {"text_mark", R | I | U}, /* Twilio tells of a failure */
    {"text_hand", R},
    {"spend_hour", R | I | U}, /* by a trigger */
    {"report_day", R | I | U | D},
    {"report_hour", R | I | U | D},
    {"live_ticket", R | D}, /* with its session */
    {"file_gone", R | D},   /* what is removed from the disk */
    {"idp_keys", R | I | U | D},
    {NULL, 0},
};

/* Import, export, erasing, the index anew: nothing of what signs people in, of secrets, of money.
 */
static const struct desk_zone_row jobs[] = {
    {"tenant", R},
    {"location", R},
    {"number", R},
    {"job", R | U | D},
    {"job_piece", R | I | D},
    {"audit", R | I},
    {"word_doc", R | I | D},
    {"word_at", R | I | D},
    {"contact", R | I | U | D},
    {"setting", R},
    {"webhook", R},
    {"outbox", R | I | U | D},
    {"call", R | U | D}, /* from here on: what is of a person, and goes with them */
    {"turn", R | D},
    {"event", R | D},
    {"tool_run", R | D},
    {"callback", R | U | D},
    {"message", R | U | D}, /* updates: of a call whose words go */
    {"recording", R | U | D},
    {"latency", R | D},
    {"alert", R | U | D},
    {"talk_turn", R | D},
    {"voice_session", R | D},
    {"lead", R | U | D},
    {"ticket", R | U | D},
    {"vendor_note", R | U | D},
    {"appointment", R | U | D},
    {"calendar_event", R | D},
    {"calendar_source", K},
    {"out_call", R | U},
    {"call_after", R | U | D},
    {"attention", R | D},
    {"usage", R | D},
    {"text_in", R | D},
    {"exception", R | D},
    {"picture", R | U | D},
    {"live_order", R | D},
    {"report_day", R | D},    /* a day that changed, by a trigger */
    {"file_gone", R | I | D}, /* inserts: by a trigger */
    {"report_hour", R | D},
    {NULL, 0},
};

static const struct desk_zone_row *const zones[DESK_ZONE__MAX] = {
    [DESK_ZONE_ADMIN_CLI] = NULL, [DESK_ZONE_HOOK] = hook,     [DESK_ZONE_API] = api,
    [DESK_ZONE_ADMIN] = admin,    [DESK_ZONE_BRIDGE] = bridge, [DESK_ZONE_WORKER] = worker,
    [DESK_ZONE_JOBS] = jobs,
};

const struct desk_zone_row *desk_zone_rows(enum desk_zone zone)
{
    return zones[zone];
}
