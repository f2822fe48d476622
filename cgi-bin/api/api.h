/* The REST zone: JSON, bearer tokens, problem+json. */
#ifndef API_API_H
#define API_API_H

#include "cgi-bin/web.h"

extern const struct desk_route api_routes[];
extern struct desk_web api_web;

desk_handler api_openapi, api_docs, api_docs_part, api_calls_list, api_calls_get, api_owner_query;
desk_handler api_session_start, api_session_input, api_session_end, api_session_get,
    api_telephony_audio, api_telephony_end;
desk_handler api_webhooks_list, api_webhooks_add, api_webhooks_get, api_webhooks_change,
    api_webhooks_remove, api_webhooks_test, api_webhooks_rotate, api_webhooks_deliveries,
    api_webhooks_redeliver;
desk_handler api_calendar_feed, api_calendar_visit;
desk_handler api_exceptions_add, api_exceptions_change, api_exceptions_remove;
desk_handler api_concierge_list, api_concierge_add, api_concierge_remove, api_concierge_check,
    api_concierge_conversations, api_concierge_test_db;
desk_handler api_conversations_list, api_conversations_get;
desk_handler api_callbacks_change, api_messages_change, api_leads_change, api_tickets_change;
desk_handler api_contacts_add, api_contacts_change;
desk_handler api_slots_list, api_appointments_add, api_appointments_move, api_appointments_cancel;

desk_handler api_businesses_list, api_businesses_get, api_locations_list, api_locations_get;
desk_handler api_reports;
desk_handler api_exports_list, api_exports_add, api_exports_get, api_exports_file;

extern const struct desk_page api_page_webhooks;
desk_handler api_chat_about, api_chat_start, api_chat_say, api_chat_get, api_chat_end;

/* How often a token may ask (rate.c): desk_web's admit. */
enum desk_rc api_admit(struct desk_request *req);
/* How often an address may write in chats, and how often a business's chat may be written in. */
enum desk_rc api_admit_chat(struct desk_request *req);
/* Nobody has asked yet: for tests. */
void api_rate_forget(void);

#endif
