/* The scripts: what a receptionist is told for one kind of call, as templates of
 * templates/prompts/NAME.cs, put into the frame prompts/receptionist.cs. A business chooses among
 * them in its profile ("scripts"); what is not in this table runs as general_incoming. */
#ifndef DESK_TALK_SCRIPT_H
#define DESK_TALK_SCRIPT_H

struct desk_script {
    const char *name, *template, *help;
};
#define DESK_SCRIPT_EMERGENCY "emergency"

extern const struct desk_script desk_scripts[]; /* ended by name NULL; the first is the default */

/* Never NULL: name NULL or not one of ours is the first. */
const struct desk_script *desk_script_find(const char *name);

#endif
