/* Text models over HTTP: the request that is sent and the answer that comes, in two dialects:
 * OpenAI's Chat Completions (also Azure, Ollama, vLLM and others) and Anthropic's Messages.
 * Facts: OpenAI's OpenAPI document 2.3.0, npm openai 7.55, npm @anthropic-ai/sdk 1.10. JSON null
 * counts as absent, unknown fields and events are let pass. Pure, never blocks.
 *
 * An answer comes as a stream of events (wire/sse.h) or, from a server that does not stream, as one
 * JSON body; both end in the same struct. Tool calls are put together from their pieces. */
#ifndef DESK_WIRE_CHAT_MSG_H
#define DESK_WIRE_CHAT_MSG_H

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum desk_chat_dialect { DESK_CHAT_OPENAI, DESK_CHAT_ANTHROPIC, DESK_CHAT_DIALECT__MAX };

/* ---- the request ----------------------------------------------------------------------------- */

enum desk_chat_role { DESK_CHAT_USER, DESK_CHAT_ASSISTANT, DESK_CHAT_TOOL };

struct desk_chat_call {
    const char *id, *name;
    const char *arguments; /* a JSON object as text; what is none is sent as {} */
};

struct desk_chat_msg {
    enum desk_chat_role role;
    const char *text;                   /* TOOL: the result; NULL or "" = none */
    const struct desk_chat_call *calls; /* ASSISTANT: tools it called */
    size_t n_calls;
    const char *call_id; /* TOOL: which call is answered */
    bool failed;         /* TOOL: the result is a refusal */
};

struct desk_chat_request {
    const char *model;  /* NULL: the address says it (Azure) */
    const char *system; /* instructions */
    const struct desk_chat_msg *msgs;
    size_t n_msgs;
    const json_t *tools;      /* [{name, description, parameters}], or NULL; only read */
    bool no_tools;            /* answer in words, whatever tools there are */
    int max_tokens;           /* of the answer */
    const char *tokens_field; /* OPENAI: "max_completion_tokens" or the older "max_tokens" */
    const char *effort;       /* OPENAI: reasoning_effort; NULL = not sent */
    bool no_usage;            /* OPENAI: do not ask for usage (stream_options) */
};

/* Append the request as JSON, for an answer that streams (check desk_buf_ok()). Text need not be
 * clean UTF-8. Messages of the same role in a row are put together where the dialect wants that,
 * and a talk that the assistant begins is given a first line of the user's. */
void desk_chat_build(struct desk_buf *out, enum desk_chat_dialect dialect,
                     const struct desk_chat_request *r);

/* ---- errors ---------------------------------------------------------------------------------- */

/* What an error means for who asked. */
enum desk_chat_trouble {
    DESK_CHAT_FINE,
    DESK_CHAT_AGAIN,      /* too busy just now, or a failure of its own: the same may work later */
    DESK_CHAT_QUOTA,      /* no credit */
    DESK_CHAT_AUTH,       /* key is wrong or may not */
    DESK_CHAT_NO_MODEL,   /* no such model, deployment or address */
    DESK_CHAT_TOO_LONG,   /* more than the model's context holds */
    DESK_CHAT_FILTERED,   /* refused for what is in it */
    DESK_CHAT_BAD_FIELD,  /* param names a field it does not take */
    DESK_CHAT_BAD_REQUEST /* anything else that is our fault */
};

struct desk_chat_error {
    enum desk_chat_trouble trouble;
    char code[64];     /* the provider's word, "" = none */
    char param[64];    /* field of the request, "" = none */
    char message[300]; /* the provider's words; may repeat what was sent: not for logs */
};

/* status: of the HTTP reply, 0 = the error came within a stream. Body may be anything. */
void desk_chat_error_read(struct desk_chat_error *e, int status, const char *p, size_t n);
const char *desk_chat_trouble_name(enum desk_chat_trouble t); /* for logs; never NULL */

/* ---- the answer ------------------------------------------------------------------------------ */

enum desk_chat_finish {
    DESK_CHAT_OPEN, /* not finished */
    DESK_CHAT_STOP,
    DESK_CHAT_LENGTH, /* cut at max_tokens */
    DESK_CHAT_TOOLS,
    DESK_CHAT_REFUSED, /* content filter, or the model would not */
    DESK_CHAT_OTHER
};

/* Tokens; cached ones are part of the input ones. */
struct desk_chat_usage {
    bool present;
    int64_t input, cached, output;
};

struct desk_chat_reply {
    enum desk_chat_dialect dialect;
    struct desk_buf text; /* words so far */
    struct desk_chat_part {
        struct desk_buf id, name, arguments;
        int64_t index; /* the provider's */
    } calls[DESK_MAX_CHAT_CALLS];
    size_t n_calls;
    enum desk_chat_finish finish;
    bool over; /* the stream said that it is whole: [DONE], message_stop */
    struct desk_chat_usage usage;
    char model[96];               /* as the server names it */
    struct desk_chat_error error; /* trouble FINE = none */
};

void desk_chat_reply_init(struct desk_chat_reply *r, enum desk_chat_dialect dialect);
void desk_chat_reply_clear(struct desk_chat_reply *r);

/* One record of the stream; new words are appended to r->text. DESK_EINVAL: not JSON, or not of its
 * shape; DESK_ELIMIT: more words, calls or arguments than we take; DESK_EUPSTREAM: an error, in
 * r->error. */
DESK_MUST enum desk_rc desk_chat_reply_event(struct desk_chat_reply *r, const char *event,
                                             const char *data, size_t n);

/* A whole body of a server that does not stream. As above. */
DESK_MUST enum desk_rc desk_chat_reply_body(struct desk_chat_reply *r, const char *p, size_t n);

/* Nothing is missing: it finished, or it said that it is over and has words or calls. */
bool desk_chat_reply_whole(const struct desk_chat_reply *r);

#endif
