/* Arguments of a tool as a model wrote them, read leniently and checked against the tool's own JSON
 * schema (core/schema.h). Pure. */
#ifndef DESK_TALK_TOOL_ARGS_H
#define DESK_TALK_TOOL_ARGS_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>

/* text → *clean, a new object holding only known arguments, in the order of the schema, trimmed;
 * null counts as absent, a number where text is wanted becomes text, "true" a boolean.
 * DESK_EINVAL: problem gets sentences a model can act on, all at once. *clean is NULL on failure.
 */
DESK_MUST enum desk_rc desk_tool_args_read(const char *schema, const char *text, json_t **clean,
                                           struct desk_buf *problem);

/* What the arguments mean, for telling a repeat: names and values, case and spacing ignored. */
void desk_tool_args_meaning(json_t *clean, struct desk_buf *out);

#endif
