/* The parts of the OpenAPI document that come from tables: schemas of what is sent and answered,
 * with an example of each. Pure. */
#ifndef API_OPENAPI_H
#define API_OPENAPI_H

#include "cgi-bin/web.h"
#include "db/fields.h"

/* One parameter's schema, with an example of a value that fits. NULL: no memory. */
json_t *openapi_schema(const struct desk_param *p);

/* The schema of a body that its handler reads itself (route->takes), with examples of its plain
 * members. */
json_t *openapi_taken(const struct desk_route *r);

/* What stands in path, query and headers: a list of OpenAPI's parameters. */
json_t *openapi_parameters(const struct desk_route *r);

/* The schema of what is sent; NULL: nothing is. */
json_t *openapi_sent(const struct desk_route *r);

/* A row as it is answered: every field that may be seen, and an example of the whole. */
json_t *openapi_row(const struct desk_fields *f);

/* What a route answers when all is well: {description, content}. */
json_t *openapi_answer(const struct desk_route *r);

/* Does it answer a list of rows? */
bool openapi_is_list(const struct desk_route *r);

#endif
