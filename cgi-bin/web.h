/* The web floor: what a handler sees. No FastCGI and no ClearSilver here, so tests drive handlers
 * by filling a struct desk_request by hand.
 *
 * A zone (hook, api, admin) is a table of routes. desk_dispatch() finds the row, checks method,
 * signature / token / session / CSRF as the row says, reads its typed parameters, runs the handler
 * and turns a failure into the zone's kind of answer: TwiML that keeps the caller, problem+json, or
 * a page with a sentence. A handler is load → decide → reply.
 *
 * Memory: everything hangs on req->arena and dies with the request. The reply is one capped buffer,
 * sent once, so an error found late can still change the status. Handlers may block on SQLite (for
 * busy_ms at most) and on nothing else; a turn of the talk waits for a model, but not in all
 * threads at a time (hook/think.c). */
#ifndef DESK_WEB_H
#define DESK_WEB_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "core/business.h"
#include "core/voice_body.h"
#include "db/db.h"
#include "store/tenants.h"
#include "store/users.h"
#include "wire/form.h"
#include "wire/traceparent.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum desk_method {
    DESK_GET = 1,
    DESK_POST = 2,
    DESK_PUT = 4,
    DESK_DELETE = 8,
    DESK_HEAD = 16,
    DESK_PATCH = 32,
    DESK_OPTIONS = 64 /* of rows that pages of other websites may ask: a browser asks first */
};

enum desk_auth {
    DESK_AUTH_NONE,
    DESK_AUTH_TWILIO,   /* X-Twilio-Signature over PUBLIC_BASE_URL + raw request URI */
    DESK_AUTH_TOKEN,    /* Authorization: Bearer; scope "read" for GET, "write" for the others */
    DESK_AUTH_QUESTION, /* "read" and "personal": posted only because a question is long */
    DESK_AUTH_TELEGRAM, /* X-Telegram-Bot-Api-Secret-Token: what Telegram was told to bring */
    DESK_AUTH_CHAT,     /* :key in the path is a business's chat, Origin one of its websites */
    DESK_AUTH_SESSION,  /* cookie; without one: redirect to the login page */
};

enum desk_param_kind {
    DESK_P_TEXT,
    DESK_P_INT,
    DESK_P_ID,
    DESK_P_PHONE,
    DESK_P_BOOL,
    DESK_P_DAY,
    DESK_P_WORDS
};
#define DESK_P_REQUIRED 1u
#define DESK_P_PATH     2u /* from the path pattern (":id"), not from query or form */
#define DESK_P_RAW      4u /* text as it came, neither trimmed nor cleaned: passwords */

/* DESK_P_WORDS: a text of words with a space between; a JSON body may have them as an array, too,
 * which the handler reads itself. */
struct desk_param {
    const char *name;
    enum desk_param_kind kind;
    unsigned flags;
    size_t max;        /* longest text in bytes (0 = DESK_PARAM_TEXT_MAX); largest int */
    const char *label; /* how a message names it: "Phone number"; NULL = name */
};
#define DESK_PARAMS_MAX     16
#define DESK_PARAM_TEXT_MAX 1000

struct desk_request;
struct desk_page;
typedef enum desk_rc desk_handler(struct desk_request *req);

struct desk_route {
    unsigned methods; /* of enum desk_method; GET implies HEAD */
    const char *path; /* "/calls/:id"; ":x" is one segment */
    desk_handler *fn;
    enum desk_auth auth;
    bool csrf;                       /* POST from a page: field "csrf" must match the session */
    const struct desk_param *params; /* ended by name NULL, or NULL */
    const char *template;            /* "admin/calls.cs", or NULL */
    const char *help;                /* one sentence for --routes, docs and OpenAPI */
    bool no_db;                      /* can answer although the database cannot be opened */
    size_t max_body;                 /* longest body it takes; 0 = DESK_MAX_BODY */
    const struct desk_page *of;      /* the rows that it lists, shows or changes (store/pages.h) */
    int status;                      /* of success, when it is not 200: 201, 202, 204 */
    const char *example;             /* of an answer that no `of` describes: JSON */
    int takes;   /* 1 + enum desk_vb_kind of a body that the handler reads itself; 0 = parameters */
    bool old;    /* its clients look for "error" in a refusal */
    bool strict; /* a member of the body that is no parameter is refused */
    bool personal;       /* its token needs the scope "personal", too */
    const char *answers; /* media type of what it answers; NULL = application/json */
    bool talk;           /* words of a conversation that the token holds itself: not kept from it */
    const char *touches; /* kind of a caller's rows it shows or changes ("calls"), for the audit; ""
                            = none; NULL: see desk_route_touches() */
    enum desk_role least; /* who may at least; DESK_ROLE_NONE: see desk_route_least() */
    bool placed; /* keeps to req->user.location_id: for those who are limited to one place, too */
};

/* The least role for a page: what the row says; else owner below /settings, staff elsewhere. So a
 * row that says nothing is shut to those who may only look, and is never open to too many. */
enum desk_role desk_route_least(const struct desk_route *route);

/* May they ask for it: by role, and by the place they are limited to? */
bool desk_user_may(const struct desk_user *user, const struct desk_route *route);

/* Parameters come from path, query and body: a form, and in the API zone a JSON object, too, whose
 * members that are texts, whole numbers and booleans count as fields (where the table has any).
 *
 * What happens to a parameter that does not fit its row: in the path → DESK_ENOTFOUND; elsewhere in
 * the API zone → DESK_EINVAL with the list of errors; in the other zones the handler runs and looks
 * at req->bad_values (a page shows its form again, a webhook is tolerant). */

/* Counters beside each row, for /metrics and the health page. */
struct desk_route_stats {
    _Atomic uint64_t requests, failures, micros;
};

enum desk_zone_kind { DESK_WEB_HOOK, DESK_WEB_API, DESK_WEB_ADMIN };

struct desk_web {
    const char *name; /* "hook" */
    enum desk_zone_kind kind;
    const struct desk_route *routes; /* ended by path NULL */
    struct desk_route_stats *stats;  /* as many */
    /* asked once it is known who asks: may they, so often? Sets req->rate; NULL = always */
    enum desk_rc (*admit)(struct desk_request *req);
    /* answer for a failed request (sets status, type and body); per kind of zone */
    void (*fail)(struct desk_request *req, enum desk_rc rc);
};

/* The row that answers that method (of enum desk_method) at that path, which may be a row's own
 * ("/calls/:id"); NULL: none. */
const struct desk_route *desk_route_at(const struct desk_web *web, unsigned method,
                                       const char *path);

/* One typed parameter, in the order of the route's table. given = present and not empty. */
struct desk_value {
    bool given;
    const char *text;  /* "" when not given; E.164 for DESK_P_PHONE; what was sent if refused */
    int64_t num;       /* DESK_P_INT; 0 or 1 for DESK_P_BOOL (an unticked box is 0, not given); days
                          since 1970-01-01 for DESK_P_DAY */
    const char *error; /* why it was refused, a sentence; NULL = fine */
};

/* What follows the body of a reply that is too long to be built first. more() appends the next part
 * (up to 64 kB) to an empty buffer; DESK_DONE: that was all. If it fails the reply stays shorter
 * than its length says, and the client sees that. */
struct desk_source {
    enum desk_rc (*more)(void *ctx, struct desk_buf *out);
    void *ctx;
    int64_t length; /* bytes in all */
};

struct desk_reply {
    int status;       /* 0 = 200 */
    const char *type; /* content type; NULL = text/html; charset=utf-8 */
    struct desk_buf body;
    struct desk_buf headers;   /* extra header lines, each "Name: value\r\n" */
    struct desk_source source; /* more NULL: none */
};

/* How often somebody may ask, and how often they still may. */
struct desk_rate {
    int64_t limit, left, reset_s;
};

struct desk_request {
    /* from the server (fcgi.c) or a test */
    enum desk_method method;
    const char *uri;   /* raw: path and query exactly as received; what Twilio signs */
    const char *path;  /* decoded path, no query */
    const char *query; /* raw, "" if none */
    const char *content_type;
    const char *body;
    size_t body_len;
    enum desk_rc body_rc;        /* DESK_ELIMIT: larger than is taken, and not read */
    const char *if_none_match;   /* If-None-Match of a REST client, "" or NULL if none */
    const char *signature;       /* X-Twilio-Signature, "" if none */
    const char *telegram_secret; /* X-Telegram-Bot-Api-Secret-Token, "" or NULL if none */
    const char *authorization;
    const char *cookie;
    const char *request_id;
    const char *traceparent;     /* as it came, "" if none; read into trace */
    const char *idempotency;     /* I-Twilio-Idempotency-Token, "" if none */
    const char *idempotency_key; /* Idempotency-Key of a REST client, "" or NULL if none */
    const char *remote;
    const char *if_match;   /* If-Match of a REST client, "" or NULL if none */
    const char *range;      /* Range, "" or NULL if none */
    const char *user_agent; /* User-Agent, or NULL */
    const char *fetch_site; /* Sec-Fetch-Site, or NULL: "cross-site" may not POST to a page */
    const char *origin;     /* Origin, "" or NULL if none: which website's page asks */
    struct desk_traceparent trace; /* what this request is a part of */
    struct desk_arena *arena;      /* reset or free it while this struct is still there */
    struct desk_db *db;            /* NULL: could not be opened; answered for the handler */

    /* from dispatch */
    const struct desk_web *web;
    const struct desk_route *route;
    struct desk_form form;       /* body, if a form */
    struct desk_form query_form; /* query */
    struct desk_value values[DESK_PARAMS_MAX];
    size_t bad_values;         /* how many have an error */
    struct desk_tenant tenant; /* by session or token; hook handlers find theirs by To */
    struct desk_location location;
    const struct desk_business *business; /* of both, composed: hook handlers, once loaded */
    struct desk_user user;
    struct desk_session session;
    struct desk_token token;
    struct desk_rate rate;    /* limit 0: none is counted */
    const char *allow_origin; /* a page of it may read the answer; NULL: none of another site */
    const char *detail;       /* a sentence a handler sets before it returns an error; or NULL */
    const char *reason;       /* and a word for programs, where the code says too little; or NULL */
    bool again;               /* the same request may do in a moment: Retry-After */
    const struct desk_body_errors *body_errors; /* what is wrong in a JSON body, by its place */
    enum desk_rc rc;                            /* how it went; set when dispatch returns */

    struct desk_reply reply;
};

/* Public base URL and tokens that sign webhooks, from the settings. Once at start-up, before
 * threads; tests again after desk_setting_override(). */
void desk_web_init(void);

/* "https://desk.example.com": no slash at the end. PUBLIC_BASE_URL, or http://127.0.0.1:PORT. */
const char *desk_public_base(void);

/* Answer one request: always leaves a whole reply in req->reply (its buffers are freed with the
 * arena). A missing session redirects to DESK_LOGIN_PATH?next=…; GET in the admin zone runs with a
 * read-only database. */
#define DESK_LOGIN_PATH     "/login"
#define DESK_SESSION_COOKIE "desk_session"
void desk_dispatch(const struct desk_web *web, struct desk_request *req);

/* Method word ("GET") → enum desk_method, 0 for any other; and a set of methods → "GET, HEAD, POST"
 * in out. */
unsigned desk_method_parse(const char *word);
const char *desk_methods_text(unsigned methods, char *out, size_t n);

/* What a CGI server knows of a request into req: variables by get(ctx, "REQUEST_METHOD") etc (NULL
 * or "" when missing). Everything but body, arena, db. Strings are borrowed or in the arena. */
void desk_request_read(struct desk_request *req, const char *(*get)(void *ctx, const char *name),
                       void *ctx);

/* One line per route, for --routes. */
void desk_routes_print(const struct desk_web *web, FILE *out);

/* The route's parameters into req->values (params.c; dispatch calls it). */
void desk_params_read(struct desk_request *req);

/* Value of a route's parameter by name; the empty value if the table has no such name. */
const struct desk_value *desk_param(const struct desk_request *req, const char *name);

/* The value of ":name" in the route's pattern, as it came: for who looks at it before the
 * parameters are read. In the arena; "" = there is none. */
const char *desk_path_text(const struct desk_request *req, const char *name);

/* Value of a cookie, in the arena, or NULL. */
const char *desk_cookie(const struct desk_request *req, const char *name);

/* Who may: what the row's auth asks for (auth.c; dispatch calls it). DESK_OK; DESK_DONE: a reply is
 * made (redirect to the login page); else refused, with req->detail saying why. */
DESK_MUST enum desk_rc desk_authorize(struct desk_request *req);

/* May a page of that website use the business's chat, and where the path names one chat, is it the
 * browser that began it (chat.c; DESK_AUTH_CHAT): sets req->tenant, location, allow_origin.
 * DESK_EFORBID says the same whatever the reason is. */
DESK_MUST enum desk_rc desk_chat_authorize(struct desk_request *req);
/* On every answer of such a row, a refusal too: who may read it. Once, when all else is done. */
void desk_chat_headers(struct desk_request *req);

/* What the audit says that a request was about: what the row says; else on pages the first word of
 * its path, but for settings; of REST rows what they list. So a new page is in the audit. NULL: it
 * is about nobody. */
const char *desk_route_touches(const struct desk_route *route, enum desk_zone_kind zone);

/* The row of the audit that this request is (audit.c): who, what, which row, in which request. */
DESK_MUST enum desk_rc desk_audit_request(struct desk_request *req, struct desk_audit *out);

/* Around a handler (dispatch calls them): a change is written down in the handler's own first
 * transaction, a look after it, once a minute. What cannot be written down is not done, or not
 * shown. */
void desk_audit_before(struct desk_request *req);
DESK_MUST enum desk_rc desk_audit_after(struct desk_request *req, enum desk_rc rc);

/* Has the request's token that scope ("read", "write", "personal")? */
bool desk_token_may(const struct desk_request *req, const char *scope);

/* Who the session cookie says is there: req->session, user, tenant, location. DESK_EAUTH without a
 * cookie, or when it is nobody's (any more). */
DESK_MUST enum desk_rc desk_session_load(struct desk_request *req);

/* Is this process well? 200 when it can read the database, else 503; says nothing else. For rows
 * with no_db. desk_alive_page: it answers, that is all. */
enum desk_rc desk_health_page(struct desk_request *req);
enum desk_rc desk_alive_page(struct desk_request *req);

/* Route counters as Prometheus text; a handler for a row "/metrics/<zone>" with no_db. */
enum desk_rc desk_metrics_page(struct desk_request *req);
/* The same of all zones, as far as their programs have run here; for a row "/metrics" with no_db.
 */
enum desk_rc desk_metrics_all(struct desk_request *req);
#define DESK_METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* What is counted of each route; ended by name NULL. */
struct desk_counter_family {
    const char *name, *help;
    size_t offset; /* in struct desk_route_stats */
};
extern const struct desk_counter_family desk_counter_families[];

/* From now on the zone's counters are those of all its processes (counters.c). Once at start-up,
 * before threads; blocks on the disk. */
void desk_counters_share(const struct desk_web *web);
/* Counters of that route of the zone; NULL: it counts nothing. */
struct desk_route_stats *desk_counters(const struct desk_web *web, size_t route);

/* ---- replies (reply.c) ----------------------------------------------------------------------- */
void desk_reply_header(struct desk_request *req, const char *name, const char *value);
void desk_reply_redirect(struct desk_request *req, const char *to);        /* 303 */
void desk_reply_xml(struct desk_request *req, const char *text, size_t n); /* text/xml */
enum desk_rc desk_reply_json(struct desk_request *req, int status,
                             json_t *root); /* takes it; NULL: DESK_ENOMEM */
void desk_reply_problem(struct desk_request *req, enum desk_rc rc, const char *detail);
void desk_reply_cookie(
    struct desk_request *req, const char *name, const char *value,
    int64_t max_age_s); /* 0 deletes; HttpOnly, SameSite=Lax, Secure when public is https */

/* The header Range ("bytes=0-1023", "bytes=500-", "bytes=-200") of something that is `all` bytes
 * long → first and last byte. WHOLE: there is none, or one that need not be understood (several
 * parts). BAD: beyond the end: 416. */
enum desk_range { DESK_RANGE_WHOLE, DESK_RANGE_PART, DESK_RANGE_BAD };
enum desk_range desk_range_parse(const char *header, int64_t all, int64_t *first, int64_t *last);

/* ---- the server (fcgi.c; the only place with FCGX_) ------------------------------------------ */
struct desk_server {
    const struct desk_web *web;
    int db_zone;           /* enum desk_zone of store/open.h */
    int busy_ms;           /* how long a request may wait for SQLite */
    int threads;           /* 0 = 4 */
    void (*started)(void); /* requests are served; signals are another thread's. NULL */
    void (*stopping)(
        void); /* the process ends: called before running requests are waited for; NULL */
};
/* Serve on fd 0 (a listening socket held by the supervisor or systemd) until SIGTERM/SIGINT, then
 * drain and return the exit code. Loads settings, key and log first. */
int desk_server_main(const struct desk_server *s, int argc, char **argv);

#endif
