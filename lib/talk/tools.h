/* The tool table: everything a brain may do, once, for every brain (Realtime model, offline rules,
 * later chat). A row is the only place that knows a tool's name, words, arguments and handler.
 *
 * desk_tool_run() keeps the call before it acts (idempotent by call + tool + meaning of the
 * arguments), runs the handler in one transaction with its facts and timeline event, and always
 * produces a JSON result that a model can act on: {"ok":true,…} or {"ok":false,"error":"…",
 * "say":"…"}. It may block on SQLite: never on the event loop. */
#ifndef DESK_TALK_TOOLS_H
#define DESK_TALK_TOOLS_H

#include "base/arena.h"
#include "base/err.h"
#include "core/business.h"
#include "db/db.h"
#include "store/calls.h"
#include "store/tenants.h"

#include <jansson.h>
#include <stdbool.h>

struct desk_tool_ctx {
    struct desk_db *db;
    struct desk_arena *arena;
    const struct desk_call *call;
    const struct desk_location *location;
    bool failed; /* out: nothing was done for a reason of our own, not of the arguments */
    /* A handler whose result waits for another program leaves here what it wants to finish with: it
     * is called after the commit, without a transaction, may wait some seconds, then writes what
     * came of it in one of its own and makes the result that is told. */
    enum desk_rc (*later)(struct desk_tool_ctx *ctx, json_t **result);
    void *later_with;
    /* out, when the run returns DESK_OK: the call is led by another script from now on (NULL: as
     * before), and its instructions (NULL: they could not be made). In the arena. */
    const char *led_by, *instructions;
};

/* What the conversation does after the result was spoken. */
enum desk_tool_then {
    DESK_THEN_TALK,  /* go on */
    DESK_THEN_LEAVE, /* let the last words play, then leave the stream: /voice/next goes on */
};

struct desk_tool {
    const char *name;
    const char *description; /* for the model */
    const char *parameters;  /* JSON Schema text */
    enum desk_tool_then then;
    bool basic; /* the rules need it: it runs, if it is not offered, too */
    bool (*offer)(const struct desk_business *b); /* does it make sense there? NULL = anywhere */
    bool again; /* sets a state of the call: a repeat runs again instead of telling what it told */
    /* In a transaction. *result: a new object (ownership to the caller). DESK_EINVAL with a
     * result is an answer too; other failures are told to the model in general words. */
    enum desk_rc (*fn)(struct desk_tool_ctx *ctx, const json_t *args, json_t **result);
};

extern const struct desk_tool desk_tools[]; /* ended by name NULL */
const struct desk_tool *desk_tool_find(const char *name);

/* Does the business (NULL = any) allow it, and does it make sense there? Without a goodbye no talk
 * would end: end_call always. */
bool desk_tool_offered(const struct desk_tool *t, const struct desk_business *b);

/* Tools as a Realtime session wants them: [{type:"function",name,description,parameters}], those
 * that are offered for b (NULL = all of them). New reference, NULL = no memory. */
json_t *desk_tools_realtime(const struct desk_business *b);

/* Results that end the talk say what follows in "next": "hangup", "transfer" or "message".
 *
 * Run one. args_text may be anything a model wrote, also not JSON. *result is JSON text in the
 * arena, never NULL unless DESK_ENOMEM. *then says what follows (only when the tool succeeded). */
DESK_MUST enum desk_rc desk_tool_run(struct desk_tool_ctx *ctx, const char *name,
                                     const char *args_text, const char **result,
                                     enum desk_tool_then *then);

#endif
