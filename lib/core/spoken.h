/* What a text model writes, as words that can be spoken: without marks of text, tags, thoughts in
 * <think>, braces and what is in them. A decision to put the caller through that is written as
 * {TRANSFER} (prompts that people bring with them do so) is found, and never read aloud. Works on
 * pieces as they come: nothing is let out that a later piece could turn into a mark. Pure. */
#ifndef DESK_CORE_SPOKEN_H
#define DESK_CORE_SPOKEN_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

#define DESK_SPOKEN_WORDS 60 /* then the sentence is finished, and the rest is not said */

struct desk_spoken {
    struct desk_buf out;  /* words so far */
    bool transfer;        /* {TRANSFER} was there */
    char mark[64];        /* what is in braces or angles, as far as it matters */
    size_t n_mark, depth; /* depth of braces */
    bool angle, think;    /* within <…>; within <think>…</think> */
    bool space, line;     /* a space is owed; at the beginning of a line */
    size_t words;
    bool full;
};

void desk_spoken_init(struct desk_spoken *s);
void desk_spoken_clear(struct desk_spoken *s);

/* Take n bytes of valid UTF-8 (whole characters); what can be said is appended to s->out. */
void desk_spoken_feed(struct desk_spoken *s, const char *p, size_t n);

#endif
