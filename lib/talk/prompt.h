/* What a brain is told at the start of a call: instructions rendered from templates/prompts, with a
 * line "FACTS" and one JSON object of facts about business and caller at the end
 * (core/dialog.h reads it back in the offline engine; a model reads it as text). */
#ifndef DESK_TALK_PROMPT_H
#define DESK_TALK_PROMPT_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/tenants.h"

#include <stdbool.h>

struct desk_prompt_input {
    const struct desk_tenant *tenant;
    const struct desk_location *location;
    const struct desk_call *call;
    const struct desk_contact *contact; /* NULL = not known */
    const char *emergency; /* why the call is one, when it is led by that script; NULL */
    bool owner_told;       /* of it */
    bool nameless;         /* the business greets nobody by name */
    const char *own; /* the call's script in the business's own words; NULL = the house's file */
};

/* Is it sure that who calls is that contact? By the number alone, and only where the carrier does
 * not doubt it: a withheld, suspicious or forged number is nobody's. Only then is anything known of
 * a contact used or told to a brain, and only then does the contact learn from the call. What a
 * new caller said in this very call counts as theirs. */
bool desk_caller_sure(const struct desk_call *call, const struct desk_contact *contact);

/* The FACTS object of core/dialog.h as JSON text in the arena. */
DESK_MUST enum desk_rc desk_prompt_facts(struct desk_arena *a, const struct desk_prompt_input *in,
                                         const char **json);

/* Whole instructions (template prompts/receptionist.cs with the call's script in it) in the arena.
 * Reads template files. version (DESK_TEMPLATE_VERSION bytes; NULL = not wanted): of the texts. */
DESK_MUST enum desk_rc desk_prompt_instructions(struct desk_arena *a,
                                                const struct desk_prompt_input *in,
                                                const char **text, char *version);

/* The same of in->own, and no other text where that one cannot be rendered: why (n bytes) says the
 * line and the reason then. For pages; DESK_EINVAL. */
DESK_MUST enum desk_rc desk_prompt_try(struct desk_arena *a, const struct desk_prompt_input *in,
                                       const char **text, char *version, char *why, size_t n);

/* Read all that prompts are made of into memory, at the start of a process: when a script is
 * changed in the middle of a call nothing is read from the disk then. */
void desk_prompt_warm(void);

/* First words of the call, from the profile's greeting or made from the business's name. */
DESK_MUST enum desk_rc desk_prompt_greeting(struct desk_arena *a,
                                            const struct desk_prompt_input *in, const char **text);

/* The input of a call: loads tenant, location and contact into the arena; of a call that is led by
 * the emergency script also why. */
DESK_MUST enum desk_rc desk_prompt_load(struct desk_db *db, struct desk_arena *a,
                                        const struct desk_call *call, struct desk_prompt_input *in);

#endif
