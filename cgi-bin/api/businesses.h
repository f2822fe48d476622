/* Businesses and their locations as /v1 tells of them. */
#ifndef API_BUSINESSES_H
#define API_BUSINESSES_H

#include "cgi-bin/api/rest.h"

struct api_business {
    const char *id, *slug, *name, *trade, *language, *country;
    int64_t created_at, updated_at;
};

/* A branch, with what holds there: the business's profile with its own over it. */
struct api_location {
    const char *id, *business_id, *name;
    bool main; /* the first one: what is said of none is of it */
    const char *zone, *address, *language, *hours_spoken;
    const char *owner_name, *owner_phone;
    int64_t created_at;
};

extern const struct desk_page api_page_businesses, api_page_locations;

#endif
