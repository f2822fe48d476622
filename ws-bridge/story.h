/* What has been said and done in a call, as text: told to a session that takes over from another.
 * Pure, no I/O; owned by one call, on the loop.
 *
 * Lines stand in the order in which they were spoken, not in which they became known. A line has
 * the key of its cause (the model's item, a tool's call id): the same key again replaces it, as
 * when a sentence of ours turns out to have been cut off. Bounded by DESK_MAX_STORY bytes: beyond,
 * the oldest lines go and are counted. Nothing is allocated before there is a line. */
#ifndef BRIDGE_STORY_H
#define BRIDGE_STORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORY_KEY  96
#define STORY_TOLD 32

enum story_kind {
    STORY_CALLER, /* text = what was understood */
    STORY_DESK,   /* text = what of ours was heard */
    STORY_KEYS,   /* text = "[keys] 12" */
    STORY_TOOL    /* name, text = arguments, result (NULL while it runs) */
};

struct story_line {
    struct story_line *next;
    enum story_kind kind;
    int64_t at_ms; /* when it began, since the call's start */
    char key[STORY_KEY];
    char *name, *text, *result;
    char told[STORY_TOLD]; /* its item in the conversation of now; "" = that one has its own */
};

struct story {
    struct story_line *first;
    size_t lines, bytes;
    unsigned left_out; /* lines dropped so far */
};

void story_clear(struct story *s);

/* Text too long for one line is cut at a letter; "" = nothing of it was heard. No memory: the line
 * is missing. */
void story_said(struct story *s, enum story_kind kind, const char *key, const char *text,
                int64_t at_ms);
void story_tool(struct story *s, const char *call_id, const char *name, const char *arguments,
                int64_t at_ms);
void story_result(struct story *s, const char *call_id, const char *result);

/* As if it had not been. False: there is no such line. */
bool story_forget(struct story *s, const char *key);

struct story_line *story_find(const struct story *s, const char *key); /* NULL = none */
const struct story_line *story_last(const struct story *s);            /* NULL = empty */

#endif
