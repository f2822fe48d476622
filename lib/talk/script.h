/* The scripts: what a receptionist is told for one kind of call, as templates of
 * templates/prompts/NAME.cs, put into the frame prompts/receptionist.cs. A business chooses among
 * them in its profile ("scripts"); what is not in this table runs as general_incoming. */
#ifndef DESK_TALK_SCRIPT_H
#define DESK_TALK_SCRIPT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct desk_script {
    const char *name, *template, *help;
};
#define DESK_SCRIPT_EMERGENCY "emergency"

extern const struct desk_script desk_scripts[]; /* ended by name NULL; the first is the default */

/* Never NULL: name NULL or not one of ours is the first. */
const struct desk_script *desk_script_find(const char *name);
bool desk_script_is(const char *name); /* is it one of ours? */

/* ---- in a business's own words --------------------------------------------------------------- */

#define DESK_SCRIPT_MAX 16000 /* bytes */

/* What stands for a fact in a script: <?cs var:Business ?>. */
struct desk_script_fact {
    const char *name, *help;
};
extern const struct desk_script_fact desk_script_facts[]; /* ended by name NULL */

/* May that be a script? Of ClearSilver only what shows and chooses (var, if, elif, else, alt
 * and comments): what a caller says must never become a template, and no loop run for
 * ever. Whether it can be rendered talk/prompt.h tries. DESK_EINVAL: why (n bytes) says the line
 * and the reason. Pure. */
DESK_MUST enum desk_rc desk_script_check(const char *text, char *why, size_t n);

#endif
