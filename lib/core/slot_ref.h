/* The id under which a free slot is offered, as text: 32 letters and digits that say nothing to a
 * reader and must come back unchanged. This is only the spelling: what is in it, and a place for
 * the proof; whoever offers slots makes and checks the proof (talk/slot_id.h). Pure. */
#ifndef DESK_CORE_SLOT_REF_H
#define DESK_CORE_SLOT_REF_H

#include <stdbool.h>
#include <stdint.h>

#define DESK_SLOT_REF_PROOF 8
#define DESK_SLOT_REF_LEN   33 /* 32 characters and the NUL */

struct desk_slot_ref {
    uint32_t start;   /* minutes since 1970, UTC */
    uint32_t expires; /* the same */
    uint16_t minutes; /* of the visit */
    uint8_t service;  /* index in the profile */
    uint8_t resource; /* index among desk_slot_resources() */
    unsigned char proof[DESK_SLOT_REF_PROOF];
};

/* In lower case. Returns out. */
const char *desk_slot_ref_text(const struct desk_slot_ref *r, char out[DESK_SLOT_REF_LEN]);

/* Case, spaces and dashes do not count (a model may read it aloud to itself). False: not one. */
bool desk_slot_ref_parse(const char *text, struct desk_slot_ref *out);

#endif
