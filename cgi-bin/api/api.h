/* The REST zone: JSON, bearer tokens, problem+json. */
#ifndef API_API_H
#define API_API_H

#include "cgi-bin/web.h"

extern const struct desk_route api_routes[];
extern struct desk_web api_web;

desk_handler api_healthz, api_openapi, api_calls_list, api_calls_get, api_owner_query;
desk_handler api_session_start, api_session_input, api_session_end, api_session_get,
    api_telephony_audio, api_telephony_end;
desk_handler api_webhooks_list, api_webhooks_add, api_webhooks_get, api_webhooks_change,
    api_webhooks_remove, api_webhooks_test, api_webhooks_rotate, api_webhooks_deliveries,
    api_webhooks_redeliver;
desk_handler api_calendar_feed, api_calendar_visit;

#endif
