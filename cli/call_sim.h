/* Inside of one simulated call, shared by the call_*.c files. One thread owns it all. */
#ifndef CLI_CALL_SIM_H
#define CLI_CALL_SIM_H

#include "cli/call.h"
#include "cli/call_line.h"
#include "cli/call_twiml.h"
#include "base/limits.h"
#include "out/http.h"
#include "wire/form.h"

#include <stdint.h>

#define SIM_SID_LEN 35 /* two letters, 32 hex digits, NUL */

/* Form fields of one webhook. Values are copied into the arena of the call's document. */
struct sim_fields {
    struct desk_form_pair pairs[DESK_MAX_SIM_FIELDS];
    size_t n;
};

/* One leg: the caller's own, or the one a <Dial> makes. */
struct sim_leg {
    const char *who; /* in events: "caller" or "callee" */
    char sid[SIM_SID_LEN], parent[SIM_SID_LEN];
    const char *from, *to;
    const char *direction;    /* inbound, outbound-dial */
    const char *status;       /* CallStatus */
    struct sim_cursor cursor; /* what this party does */
    unsigned unanswered;      /* <Gather>s in a row that got nothing after the script's end */
};

/* A document wanted next. */
struct sim_go {
    char url[DESK_MAX_SIM_URL]; /* absolute, as Twilio sees it */
    bool get;                   /* GET instead of POST */
    bool redirect;              /* by <Redirect>: counts for the loop check */
    struct sim_fields fields;   /* beyond the standard ones */
};

struct sim_call {
    const struct desk_sim_options *o;
    struct desk_sim_result *r;
    const char *public; /* o->public_url or o->url */
    int64_t t0_ms;      /* monotonic */
    struct sim_leg leg; /* the caller */
    struct sim_leg *on; /* the leg whose document runs */
    struct sim_rec *rec;

    struct desk_arena *arena, *keep; /* of the document being run; of the call */
    char document[DESK_MAX_SIM_URL]; /* its URL */
    struct sim_go go;
    bool fast;
    bool fell_back;
    bool later; /* a callback that Twilio would send a little later: after the next document */
    struct sim_go after;
    bool spoke;         /* the receptionist has, since the caller's last line (TwiML pages) */
    unsigned redirects; /* in a row, with nothing done between */
    int sequence;       /* of status callbacks */
    bool over;          /* the call is over; r->end says how */
};

/* What a verb leaves to do. */
enum sim_next {
    SIM_NEXT, /* the verb after it */
    SIM_GO,   /* fetch c->go */
    SIM_END,  /* the document is over: hang up this leg */
    SIM_FAIL  /* Twilio cannot run the document: fallback */
};

/* ---- call_sim.c ------------------------------------------------------------------------------ */

void sim_note(struct sim_call *c, const char *who, const char *kind, long value, const char *fmt,
              ...) __attribute__((format(printf, 5, 6)));

/* An error as Twilio's debugger would show it. Keeps the code in the result. */
void sim_error(struct sim_call *c, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void sim_warning(struct sim_call *c, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

long sim_now(const struct sim_call *c); /* ms since the call began */

/* The call ends for this reason, unless it has ended already. */
void sim_end(struct sim_call *c, enum desk_sim_end end, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Looks at stop(), max_ms and hangup_after_ms; true once the call is over. Takes a struct sim_call
 * * (the type suits HTTP's and the stream's hook). */
bool sim_over(void *call);

/* Let ms pass, or less when the call ends. False: it has ended. */
bool sim_sleep(struct sim_call *c, long ms);

/* The caller hears something for the first time. */
void sim_heard(struct sim_call *c);

/* The call is answered (idempotent). */
void sim_answer(struct sim_call *c);

/* Run the document c->go names, and whatever it leads to, on c->on, until that leg is done. */
void sim_follow(struct sim_call *c);

/* Fill in c->go: ref against the document; method from attribute text. False: bad URL, reported. */
bool sim_go_to(struct sim_call *c, const char *ref, const char *method);

void sim_sid(char out[SIM_SID_LEN], const char *two_letters);

/* ---- call_web.c ------------------------------------------------------------------------------ */

void sim_field(struct sim_call *c, struct sim_fields *f, const char *name, const char *value);
void sim_field_long(struct sim_call *c, struct sim_fields *f, const char *name, long value);

/* POST (or GET) the leg's standard fields and extra to url (absolute, public form), signed. reply
 * must be cleared by the caller. 0, or the Twilio error code (reported). */
int sim_web(struct sim_call *c, const struct sim_leg *leg, const char *url, bool get,
            const struct sim_fields *extra, struct desk_http_reply *reply);

/* The same for callbacks whose answer does not matter: ref is resolved against the document;
 * failures are only noted. */
void sim_web_callback(struct sim_call *c, const struct sim_leg *leg, const char *ref,
                      const char *method, const struct sim_fields *extra);

/* Note a callback to be sent after the next document was fetched, or at the end of the call. */
void sim_web_later(struct sim_call *c, const char *ref, const char *method,
                   const struct sim_fields *extra);
void sim_web_later_send(struct sim_call *c);

/* Fetch c->go and parse it into *root (in c->arena). 0, or the Twilio error code (reported). */
int sim_web_document(struct sim_call *c, struct sim_node **root);

/* The call's status callback. event: "initiated", "ringing", "answered", "completed". */
void sim_web_status(struct sim_call *c, const char *event);

/* X-Twilio-Signature for a URL alone (WebSocket). False: no token. */
bool sim_web_sign(struct sim_call *c, const char *url, char *out, size_t n);

/* "Fri, 20 Nov 2026 09:24:19 +0000", or ISO 8601. */
void sim_timestamp(char *out, size_t n, bool iso);

/* ---- call_verbs.c and its neighbours --------------------------------------------------------- */

/* Run the verbs of a document in order. */
enum sim_next sim_verbs_run(struct sim_call *c, const struct sim_node *root);

/* What follows a verb with an action (in c->go): it is asked, whatever became of the caller. */
enum sim_next sim_action_next(struct sim_call *c, const struct sim_node *n);

/* Warn of attributes of n that are not among the known ones (each between spaces; NULL = any). */
void sim_attrs_check(struct sim_call *c, const struct sim_node *n, const char *known);

/* Say, Play and Pause inside <Gather>; they stop after at_most ms (the caller speaks over them),
 * -1 = never. False: the call is over. */
bool sim_prompts_run(struct sim_call *c, const struct sim_node *parent, long at_most);

/* The caller speaks a line or waits in real time (not with fast), heard in the recording. */
bool sim_caller_speaks(struct sim_call *c, const struct sim_step *step);

/* ms of real time for something the caller only sits through; none with fast. */
bool sim_sit_through(struct sim_call *c, long ms);

enum sim_next sim_verb_gather(struct sim_call *c, const struct sim_node *n);
enum sim_next sim_verb_record(struct sim_call *c, const struct sim_node *n);
enum sim_next sim_verb_dial(struct sim_call *c, const struct sim_node *n);
enum sim_next sim_verb_connect(struct sim_call *c, const struct sim_node *n);

#endif
