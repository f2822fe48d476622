/* A conversation as REST clients see it: part of a call's row. */
#ifndef API_CONVERSATIONS_H
#define API_CONVERSATIONS_H

#include "cgi-bin/api/rest.h"

struct api_conversation {
    const char *id, *channel, *direction, *number, *contact_id, *decision, *summary;
    bool urgent;
    int64_t started_at, ended_at;
};
extern const struct desk_page api_page_conversations;

#endif
