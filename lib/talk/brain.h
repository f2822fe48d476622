/* Who thinks in a talk by turns: one interface, two brains. A turn is what the caller said, keyed
 * or did not say; its answer is the words to say, what is listened for next, and whether the talk
 * is over. Tools are run within the turn (talk/tools.h). The mouth may be <Gather>,
 * ConversationRelay or a chat: it keeps `state` between turns and gives it back.
 *
 * Blocking: the rules answer in some milliseconds, a model until the turn's deadline at most. For
 * request and helper threads, never on an event loop. Nothing is kept between turns but in `state`
 * and the rows, so any thread, process or brain may take the next one. */
#ifndef DESK_TALK_BRAIN_H
#define DESK_TALK_BRAIN_H

#include "base/arena.h"
#include "base/buf.h"
#include "core/dialog.h"
#include "out/llm.h"
#include "store/settings.h"
#include "talk/prompt.h"

enum desk_brain_event {
    DESK_BRAIN_START,  /* the caller is there: greet */
    DESK_BRAIN_RESUME, /* another way of talking broke: say so, and go on from what is known */
    DESK_BRAIN_SPEECH, /* text: what was recognised, maybe wrong */
    DESK_BRAIN_KEYS,   /* text: keys pressed; a closing "#" may be there or not */
    DESK_BRAIN_SILENCE,
    DESK_BRAIN_EVENT__MAX
};
const char *desk_brain_event_name(enum desk_brain_event e);     /* "speech"; never NULL */
enum desk_brain_event desk_brain_event_parse(const char *name); /* unknown: SILENCE */

/* The talk before this turn, oldest first. */
struct desk_brain_past {
    const struct desk_brain_said {
        const char *text;
        bool caller, keys; /* else the desk; keys: text is of the telephone's */
        int64_t at_ms;     /* since the call's start: how both lists fit together */
    } * said;
    size_t n_said;
    const struct desk_brain_did {
        const char *tool, *args, *result; /* args, result: JSON, or NULL */
        bool ok;
        int64_t at_ms;
    } * did;
    size_t n_did;
};

/* From the call's rows; without the turn of that item (the input itself, if it is there already;
 * NULL = all). In the arena. */
DESK_MUST enum desk_rc desk_brain_past_load(struct desk_db *db, struct desk_arena *a,
                                            const struct desk_call *call, const char *but_item,
                                            struct desk_brain_past *out);

struct desk_brain_turn {
    struct desk_db *db; /* not in a transaction */
    struct desk_arena *arena;
    const struct desk_prompt_input *about; /* the call, and whose it is */
    enum desk_brain_event event;
    const char *text;  /* never NULL */
    const char *state; /* of the turn before; NULL = there was none */
    const struct desk_brain_past *past;
    int64_t deadline_ms;        /* desk_mono_ms(); for a model */
    const struct desk_llm *llm; /* NULL = desk_llm_http */
    /* All may be NULL. words: what is to be spoken, piece by piece as it comes, spaces included.
     * stop: asked about once a second; true = answer at once, by rules. mine: asked before a tool
     * acts; false = somebody else answers this turn: it ends with DESK_ECONFLICT. */
    void (*words)(void *ctx, const char *piece, size_t n);
    bool (*stop)(void *ctx);
    bool (*mine)(void *ctx);
    void *ctx;
};

struct desk_brain_answer {
    struct desk_buf say; /* all words; "" is possible when done */
    enum desk_dialog_expect expect;
    bool done;         /* nothing more is asked; what follows is in the call's row, and in next */
    const char *next;  /* DESK_NEXT_… when a tool ended the talk, else NULL */
    const char *state; /* to be kept; in the arena */
    const char *brain; /* name of who answered */
    bool led_on;       /* the input brought the talk further */
    struct desk_brain_did did[16]; /* tools run in this turn; in the arena */
    size_t n_did;
    /* of a model, when one was asked */
    enum desk_llm_end trouble; /* why it did not answer; ANSWERED = it did */
    const char *why;           /* the same in words; NULL */
    int asks;
    struct desk_chat_usage usage; /* of all asks */
    char model[96];               /* as its server names it; "" = it does not */
    long first_ms;                /* to the first piece of its first answer */
};

struct desk_brain {
    const char *name, *help;
    /* Fills *a (made by desk_brain_answer_init()). DESK_EUPSTREAM: it cannot answer, a->why says
     * why; tools may have run. DESK_ECONFLICT: see mine. DESK_ENOMEM and what the store says. */
    enum desk_rc (*turn)(const struct desk_brain_turn *t, struct desk_brain_answer *a);
};

extern const struct desk_brain desk_brain_rules; /* core/dialog.h; never fails but for the store */
extern const struct desk_brain desk_brain_llm;   /* a text model with the tool table */
extern const struct desk_brain *const desk_brains[]; /* NULL at the end */

/* The owner's own call by a session: nobody chooses it, it is asked where these say so. */
extern const struct desk_brain desk_brain_owner;
bool desk_brain_owner_calls(const struct desk_call *c);
/* Is it the one that goes on from that state (may be NULL)? hides: what comes now is a PIN, and is
 * not to be kept. */
bool desk_brain_owner_talks(const char *state, bool *hides);

void desk_brain_answer_init(struct desk_brain_answer *a);
void desk_brain_answer_clear(struct desk_brain_answer *a);

/* Which is to be asked first, by BRAIN: the model when there is one and it did not fail more than
 * once in this talk. */
const struct desk_brain *desk_brain_choose(const struct desk_tenant_settings *own, unsigned failed);
bool desk_brain_is_model(const struct desk_brain *b);

/* One turn: that brain, and when it fails the rules in its place, primed with what is known. The
 * timeline says so. */
DESK_MUST enum desk_rc desk_brain_think(const struct desk_brain *first,
                                        const struct desk_brain_turn *t,
                                        struct desk_brain_answer *a);

#endif
