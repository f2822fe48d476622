/* What decides the next words of a conversation by text (ConversationRelay): any brain behind the
 * relay must offer this. Rows of relay_brains; the first is the default.
 *
 * A brain belongs to one call and is called on the loop, so none of these may block. It answers
 * through the function it was opened with: at once, from within step(), or later, from the loop (a
 * model's socket). One input at a time: the next step() comes after the answer to the one before
 * was complete (last), or after cancel().
 *
 * A complete answer that names a tool is followed by a step() with that tool's result before any
 * other input. */
#ifndef BRIDGE_RELAY_BRAIN_H
#define BRIDGE_RELAY_BRAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct brainpool;
struct note;

enum relay_input_kind {
    RELAY_IN_START,       /* the caller is there: greet */
    RELAY_IN_WORDS,       /* text: what was recognised, maybe wrong */
    RELAY_IN_KEYS,        /* text: keys pressed, a closing "#" may be there */
    RELAY_IN_SILENCE,     /* nothing for a while */
    RELAY_IN_TOOL_RESULT, /* text: JSON {"ok":bool,…}; tool: its name */
    RELAY_IN_ALARM,       /* it is led by the emergency script since just now: take it up at once */
    RELAY_INPUT__MAX
};

struct relay_input {
    enum relay_input_kind kind;
    const char *text; /* never NULL */
    const char *tool; /* NULL unless TOOL_RESULT */
};

/* One piece of an answer. All texts are the brain's, valid during the call. */
struct relay_answer {
    const char *words; /* to say now, spaces between pieces included; "" = none */
    bool last;         /* the answer is complete */
    const char *tool;  /* with last: run this tool, and step its result; NULL = none */
    const char *args;  /* its arguments, a JSON object */
    bool parting;      /* these are last words: what follows them ends the talk */
    const char *next; /* with last: it has ended the talk itself, DESK_NEXT_… follows; NULL = not */
    bool led_on;      /* with last: the input brought the talk further */
};
typedef void relay_answer_fn(void *ctx, const struct relay_answer *a);

struct relay_brain_setup {
    const char *instructions; /* with the FACTS block of talk/prompt.h */
    const char *greeting;     /* first words, to be said as they are */
    const char *language;     /* "en" */
    relay_answer_fn *answer;
    void *ctx; /* for answer */
    /* for brains that think in threads of their own */
    struct brainpool *pool;
    uint64_t handle;
    const char *tenant_id, *call_id;
    int64_t started_at; /* of the call, UTC ms */
};

struct relay_brain_backend {
    const char *name, *help;
    bool waits; /* it waits for a server: it has CHAT_TURN_S, and the caller is told that it goes on
                 */
    void *(*open)(const struct relay_brain_setup *s); /* copies what it keeps; NULL: cannot */
    void (*step)(void *brain, const struct relay_input *in);
    /* NOTE_BRAIN of a thread of its own, on the loop. NULL: it has none. */
    void (*note)(void *brain, struct note *n);
    /* The caller says more before the answer is complete. True: it gives that answer up, and the
     * step() with the new words follows at once. NULL: they are kept until it is complete. */
    bool (*again)(void *brain);
    /* It is led by another script from now on, whose instructions these are. alarm: somebody is in
     * danger; true = RELAY_IN_ALARM is wanted, false = what is under way is answered by the new
     * script, or the next words are. May be NULL. */
    bool (*led)(void *brain, const char *instructions, bool alarm);
    /* The caller has interrupted: of our last words only these were heard. May be NULL. */
    void (*heard)(void *brain, const char *words);
    /* It has ended the talk, but the caller has more to say: input follows. May be NULL: then the
     * caller is not waited for. */
    void (*held)(void *brain);
    /* No answer is wanted any more to the input under way. May be NULL: it answers at once. */
    void (*cancel)(void *brain);
    void (*close)(void *brain); /* NULL is fine; no answer comes after it */
};

/* NULL at the end. */
extern const struct relay_brain_backend *const relay_brains[];
/* NULL or "": the first. NULL: there is none of that name. */
const struct relay_brain_backend *relay_brain_find(const char *name);

extern const struct relay_brain_backend relay_brain_rules; /* relay_brain_rules.c */
extern const struct relay_brain_backend relay_brain_model; /* relay_brain_model.c */

#endif
