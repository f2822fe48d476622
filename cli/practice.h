/* Inside of frontdesk practice: what is asked for, callers' files, one play. */
#ifndef CLI_PRACTICE_H
#define CLI_PRACTICE_H

#include "base/paths.h"
#include "talk/practice.h"

#include <stdio.h>

struct practice_asked {
    const char *business; /* slug; NULL = the only one, or the one that the caller names */
    const char *filter;   /* only callers in whose id, title or tags it is found */
    bool json, keep, model, voice;
};

/* One caller's file, and what came of it. */
struct practice_play {
    char path[DESK_PATH_LEN];
    struct desk_practice caller;
    json_t *result;  /* owned; NULL: it could not be played */
    json_t *reasons; /* owned: sentences, none when all is as it should be */
    size_t checks;
};

/* Read a file into play->caller; what is wrong becomes reasons, as "FILE:LINE: …". */
bool practice_read(struct practice_play *play);

/* Play it in a folder of its own inside of root. home NULL: the example business that it names. */
void practice_run(const struct practice_asked *q, const struct desk_practice_home *home,
                  const char *root, struct practice_play *play);

/* The talk by telephone, by the whole stack, in that folder (the place's). False: why says what
 * hindered it. Takes as long as the call does. */
bool practice_voice(struct desk_practice_place *pl, const struct desk_practice *p,
                    const char *folder, char *why, size_t n);

/* Close a play: forget all it owns. */
void practice_drop(struct practice_play *play);

/* A sentence more of why it is not green. */
void practice_reason(struct practice_play *play, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
