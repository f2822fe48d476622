/* What decides the next words: any brain behind the engine must offer this. It belongs to one
 * session and is called on the loop, so it may not block; one that asks a server will need another
 * row here with an answer by message. Rows of desk_brain_backends. */
#ifndef SPEECH_BRAIN_H
#define SPEECH_BRAIN_H

#include "core/dialog.h"

#include <jansson.h>

struct desk_brain_backend {
    const char *name, *help;
    void *(*open)(void); /* NULL: out of memory */
    /* The session's instructions and tools, at the start and whenever they change. tools: array in
     * the protocol's shape, or NULL; only read. */
    void (*setup)(void *brain, const char *instructions, const json_t *tools);
    /* Words to say verbatim as the greeting, before the first step; the brain goes on from there.
     */
    void (*greeting)(void *brain, const char *words);
    /* One input → what to say and do. Text items of the user come as DESK_DIALOG_SPEECH. */
    void (*step)(void *brain, const struct desk_dialog_input *in, struct desk_dialog_output *out);
    bool (*started)(const void *brain);
    /* The instructions tell of an emergency that is not taken up: step DESK_DIALOG_ALARM would. */
    bool (*alarm)(const void *brain);
    /* Instead of the first step, when the talk began in a session that was lost: past is what was
     * said and done, there and since; it is only read. in: what the caller did then, with past to
     * the end of their words; NULL: they wait, and are told that the line was interrupted. out
     * NULL: nothing is to be said yet, but the answer to the last question may come. */
    void (*resume)(void *brain, const struct desk_dialog_past *past,
                   const struct desk_dialog_input *in, struct desk_dialog_output *out);
    /* The client deleted the brain's function call: it ends nothing, the caller has more to say. */
    void (*held)(void *brain);
    /* What is listened for now, and the words worth hearing (lines, at most max bytes). */
    enum desk_dialog_expect (*expect)(void *brain, char *vocabulary, size_t max);
    void (*close)(void *brain); /* NULL is fine */
};

/* NULL at the end. The first is the default. */
extern const struct desk_brain_backend *const desk_brain_backends[];
const struct desk_brain_backend *desk_brain_backend_find(const char *name);

/* more behind what say (n bytes) has already, with a space; what does not fit is cut. */
void desk_brain_join(char *say, size_t n, const char *more);

extern const struct desk_brain_backend desk_speech_rules; /* brain_rules.c */

#endif
