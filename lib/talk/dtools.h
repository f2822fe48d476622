/* A lead as D-Tools Cloud gets it: a client, found by the number or made, and an opportunity that
 * bears the lead's id in its name, by which it is found again. Only members that are known
 * (facts/integrations.md 6.1). Pure. */
#ifndef DESK_TALK_DTOOLS_H
#define DESK_TALK_DTOOLS_H

#include "store/records.h"

#include <jansson.h>
#include <stdbool.h>

/* New references; NULL = no memory. */
json_t *desk_dtools_client(const struct desk_lead *l);
json_t *desk_dtools_opportunity(const struct desk_lead *l, const char *client_id);

/* Is that client (as D-Tools has it) reached at this lead's number, or by its address of mail? For
 * desk_dtools_match: ctx is the lead. */
bool desk_dtools_is_client(void *lead, const json_t *row);
/* Is that opportunity of this lead? */
bool desk_dtools_is_opportunity(void *lead, const json_t *row);

/* What a client is searched by: the number's last digits, else the name. */
const char *desk_dtools_search(const struct desk_lead *l);

#endif
