/* The REST zone: JSON, bearer tokens, problem+json. */
#ifndef API_API_H
#define API_API_H

#include "cgi-bin/web.h"

extern const struct desk_route api_routes[];
extern struct desk_web api_web;

desk_handler api_healthz, api_openapi, api_calls_list, api_calls_get, api_owner_query;
desk_handler api_session_start, api_session_input, api_session_end, api_session_get,
    api_telephony_audio, api_telephony_end;

#endif
