/* A talk as a text model reads it: instructions, what was said and done, what is answered now. Not
 * for other folders. */
#ifndef DESK_TALK_BRAIN_TALK_H
#define DESK_TALK_BRAIN_TALK_H

#include "talk/brain.h"

struct brain_talk {
    struct desk_chat_msg *msgs; /* in the arena */
    size_t n, max;
    const char *system;
};

/* Everything up to and with the caller's input of this turn. */
DESK_MUST enum desk_rc desk_brain_talk_begin(struct brain_talk *k, const struct desk_brain_turn *t);

/* The model's answer with the calls of tools in it; their results are added after it, in order. */
DESK_MUST enum desk_rc desk_brain_talk_answer(struct brain_talk *k, struct desk_arena *a,
                                              const struct desk_chat_reply *r);
DESK_MUST enum desk_rc desk_brain_talk_result(struct brain_talk *k, const char *call_id,
                                              const char *result, bool ok);

/* Only the last so many messages, from a point where a talk may begin. False: there are not more.
 */
bool desk_brain_talk_shorten(struct brain_talk *k, size_t keep);

#endif
