/* Text models, as a struct of functions: the real one is desk_llm_http, tests put their own in its
 * place (their fake server: tests/fakes/chat-server.mjs). Whose model it is, is a row of the table
 * desk_llm_backends; the settings CHAT_… choose it.
 *
 * Blocking, until the question's deadline at most: for helper threads, never on an event loop.
 * Thread-safe. A request that was refused for the moment (429, 5xx, no connection) is sent again
 * when Retry-After (or, without one, a growing pause) leaves time for an answer before the
 * deadline, and as long as no word of the answer was handed out. Keys, questions and answers are in
 * no log. */
#ifndef DESK_OUT_LLM_H
#define DESK_OUT_LLM_H

#include "base/config.h"
#include "wire/chat_msg.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- whose model ----------------------------------------------------------------------------- */

struct desk_llm_backend {
    const char *name, *help; /* name: a word of CHAT_PROVIDER */
    enum desk_chat_dialect dialect;
    const char *url, *model;   /* defaults; NULL = must be set */
    const char *tokens_field;  /* by default; NULL = has none */
    const char *headers;       /* fixed one, or NULL */
    enum desk_setting_id key;  /* setting of its key */
    const char *key_header;    /* "api-key: %s" */
    enum desk_setting_id sign; /* with CHAT_PROVIDER=auto: set = this one is meant */
    /* The first setting that is missing, NULL = none is. */
    const char *(*missing)(void);
    /* Whole address into out; DESK_ELIMIT when it does not fit. */
    enum desk_rc (*address)(const struct desk_llm_backend *b, char *out, size_t n);
};
extern const struct desk_llm_backend desk_llm_backends[]; /* ended by name NULL; auto: first hit */

/* What the settings say, ready to be asked. The key is in auth: never log or show it. */
struct desk_llm_target {
    const struct desk_llm_backend *backend;
    char url[600];
    char auth[1200]; /* whole header line, "" = none */
    char model[128]; /* as sent, "" = not sent */
    char effort[16]; /* "" = not sent */
    char tokens_field[32];
    const char *ca_file;
};

/* DESK_ENOTFOUND: no text model is set up; DESK_EINVAL: half of one is, and why (n bytes) says what
 * is missing. */
DESK_MUST enum desk_rc desk_llm_target_read(struct desk_llm_target *t, char *why, size_t n);

/* ---- asking ---------------------------------------------------------------------------------- */

struct desk_llm_question {
    const char *system; /* instructions */
    const struct desk_chat_msg *msgs;
    size_t n_msgs;
    const json_t *tools; /* as in chat_msg.h; may be NULL */
    bool no_tools;
    int max_tokens;      /* of the answer */
    int64_t deadline_ms; /* desk_mono_ms() by which the answer must be whole */
    /* Words as they come, in pieces of any size; NULL = only the whole at the end. */
    void (*words)(void *ctx, const char *piece, size_t n);
    /* Asked about once a second while waiting; true = nobody waits any more. NULL = never */
    bool (*stop)(void *ctx);
    void *ctx;
};

enum desk_llm_end {
    DESK_LLM_ANSWERED,  /* reply is whole */
    DESK_LLM_NOT_SET,   /* no text model is set up, or half of one */
    DESK_LLM_RESTING,   /* it failed lately in a way that a repeat does not mend: not asked */
    DESK_LLM_BUSY,      /* asked to wait for longer than there is time, or fails itself */
    DESK_LLM_UNREACHED, /* no connection, or it broke off */
    DESK_LLM_LATE,      /* no whole answer before the deadline, or it stalled */
    DESK_LLM_STOPPED,   /* by stop() */
    DESK_LLM_NONSENSE,  /* an answer that is none of its protocol */
    DESK_LLM_TOO_LONG,  /* more than the model's context holds: ask with less */
    DESK_LLM_FILTERED,  /* refused for what is in it */
    DESK_LLM_QUOTA,     /* no credit: the owner's to mend, as the next */
    DESK_LLM_CONFIG,    /* key, name of the model or deployment, address, request */
    DESK_LLM__MAX
};

struct desk_llm_answer {
    enum desk_llm_end end;
    char why[200]; /* one plain sentence for the timeline and a log; without words of the talk */
    struct desk_chat_reply reply; /* whole when ANSWERED, else what came */
    int tries;
    long first_ms, took_ms; /* to the first piece of the answer (0 = none came); to the end */
};

struct desk_llm {
    /* Always fills *a; give it to desk_llm_answer_clear() afterwards, whatever its end. */
    void (*ask)(const struct desk_llm_question *q, struct desk_llm_answer *a);
};
extern const struct desk_llm desk_llm_http;

void desk_llm_answer_clear(struct desk_llm_answer *a);
const char *desk_llm_end_name(enum desk_llm_end end); /* for logs; never NULL */
bool desk_llm_set_up(void);                           /* a whole target is in the settings */
void desk_llm_forget(void); /* tests: failures and what was learned of the server so far */

#endif
