/* A TwiML document as a small tree. Strict where Twilio is: well-formed XML, root <Response>. */
#ifndef CLI_CALL_TWIML_H
#define CLI_CALL_TWIML_H

#include "base/arena.h"
#include "base/err.h"

#include <stddef.h>

struct sim_attr {
    const char *name, *value;
    struct sim_attr *next;
};

struct sim_node {
    const char *name;
    const char *text; /* own text without the children's, trimmed; never NULL */
    struct sim_attr *attrs;
    struct sim_node *first, *next, *parent; /* first child, next sibling */
    int line;
};

/* Parse n bytes; everything lives in a. On failure *root is NULL and why says line and cause:
 * DESK_EINVAL (not TwiML), DESK_ELIMIT (too long, deep or many), DESK_ENOMEM. */
DESK_MUST enum desk_rc sim_twiml_parse(struct desk_arena *a, const char *xml, size_t n,
                                       struct sim_node **root, char *why, size_t why_n);

/* Attribute value, or def when it is absent. */
const char *sim_attr(const struct sim_node *n, const char *name, const char *def);

/* The same as a whole number between min and max; def when absent or not a number. */
long sim_attr_long(const struct sim_node *n, const char *name, long def, long min, long max);

#endif
