/* What the brains share. Not for other folders. */
#ifndef DESK_TALK_BRAIN_SET_H
#define DESK_TALK_BRAIN_SET_H

#include "talk/brain.h"
#include "talk/tools.h"

#define BRAIN_TOOLS_IN_A_TURN 8

/* Say it: into a->say, and out as it comes. NULL or "" adds nothing. */
void desk_brain_say(const struct desk_brain_turn *t, struct desk_brain_answer *a,
                    const char *words);

/* Run a tool of this turn. A result that ends the talk sets a->done and a->next. *ok: what the
 * result says. */
DESK_MUST enum desk_rc desk_brain_act(const struct desk_brain_turn *t, struct desk_brain_answer *a,
                                      const char *tool, const char *args, const char **result,
                                      bool *ok);

/* The rules ran that tool with success: what is written down beside it (brain_notes.c). */
DESK_MUST enum desk_rc desk_brain_notes(const struct desk_brain_turn *t,
                                        struct desk_brain_answer *a, const struct desk_dialog *d,
                                        const char *tool);

/* {"by": name, …} of the last turn; NULL when it was another brain's. New reference. */
json_t *desk_brain_state(const struct desk_brain_turn *t, const char *name);
/* Takes v; a->state is its text. */
DESK_MUST enum desk_rc desk_brain_keep(const struct desk_brain_turn *t, struct desk_brain_answer *a,
                                       json_t *v);

/* A line of the timeline, in a transaction of its own. That it cannot be written is logged. */
void desk_brain_note(const struct desk_brain_turn *t, const char *name, const char *detail,
                     const char *dedupe);

#endif
