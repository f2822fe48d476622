/* A free time as REST clients see it. */
#ifndef API_APPOINTMENTS_H
#define API_APPOINTMENTS_H

#include "cgi-bin/api/rest.h"

struct api_slot {
    const char *id, *service;
    int64_t start_at, end_at;
    const char *with; /* who comes; NULL = no matter who */
    const char *say;  /* "Tuesday, October 14th at 2 pm" */
};
extern const struct desk_page api_page_slots;

#endif
