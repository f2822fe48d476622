/* Text from ClearSilver templates: pages, prompts, texts. The only place that names ClearSilver;
 * its errors end here as a logged traceback and DESK_EINTERNAL.
 *
 * A view is a tree of named values ("Call.Summary", "Calls.0.Time"). Never put user text into a
 * name. Not thread-safe; one view per request or job. May read files (templates). */
#ifndef DESK_TALK_TEMPLATE_H
#define DESK_TALK_TEMPLATE_H

#include "base/buf.h"
#include "base/err.h"
#include "db/fields.h"

#include <stdint.h>

struct desk_view;

struct desk_view *desk_view_new(void); /* NULL: out of memory */
void desk_view_free(struct desk_view *v);

/* Failures are sticky and come out of desk_view_render(). NULL values are left out. */
void desk_view_set(struct desk_view *v, const char *name, const char *value);
void desk_view_setf(struct desk_view *v, const char *value, const char *name_fmt, ...)
    __attribute__((format(printf, 3, 4)));
void desk_view_int(struct desk_view *v, const char *name, int64_t value);

/* All visible fields of a struct under a prefix: "Call" → Call.FromNumber … */
void desk_view_fields(struct desk_view *v, const char *prefix, const struct desk_fields *f,
                      const void *row);

/* Functions for templates: name → fn(text) returning malloc'd text. Process-wide, set once. */
struct desk_view_function {
    const char *name;
    char *(*fn)(const char *text);
};
void desk_view_functions(const struct desk_view_function *table, size_t n);

enum desk_escape { DESK_ESCAPE_HTML, DESK_ESCAPE_NONE };

/* Render SHARE/templates/<file> (file like "admin/calls.cs"; no "..") into out. Includes resolve
 * against SHARE/templates only, and a missing one is an error. */
DESK_MUST enum desk_rc desk_view_render(struct desk_view *v, const char *file,
                                        enum desk_escape escape, struct desk_buf *out);

/* In place of that file ("prompts/sales_inquiry.cs") this text: copied. */
void desk_view_text(struct desk_view *v, const char *file, const char *text);

/* Why the last render failed, with file and line: "line 3: …" where it is of the text above. ""
 * when it did not. */
const char *desk_view_why(const struct desk_view *v);

/* Read a file into the process's memory now, so that a later render need not: it then only asks
 * whether the file has changed. */
void desk_view_warm(const char *file);

/* Which texts the last render was made of: 12 hex digits, the same as long as the file and all it
 * includes are the same. "" before a render. */
#define DESK_TEMPLATE_VERSION 13
const char *desk_view_version(const struct desk_view *v);

#endif
