/* Asking a text model: one question over HTTP, sent again while that makes sense. See llm.h. */
#include "out/llm.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/ids.h"
#include "base/limits.h"
#include "base/log.h"
#include "out/http.h"
#include "wire/sse.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CONNECT_MS    3000
#define STALL_MS      4000 /* a stream that says nothing for so long (or half its time) is given up */
#define LINGER_MS     300  /* after its last word the server is to end the stream */
#define LEAST_MS      1200 /* less time than this is not worth another try */
#define PAUSE_MS      500  /* before the first repeat, doubled for each further one */
#define PAUSE_MOST    8000
#define TRIES_MOST    6
#define FAILS_TO_REST 3

static const struct {
    const char *name, *why;
} ends[DESK_LLM__MAX] = {
    [DESK_LLM_ANSWERED] = {"answered", ""},
    [DESK_LLM_NOT_SET] = {"not_set", "No text model is set up."},
    [DESK_LLM_RESTING] = {"resting", "The text model failed a moment ago and is not asked yet."},
    [DESK_LLM_BUSY] = {"busy", "The text model is too busy or has a failure of its own."},
    [DESK_LLM_UNREACHED] = {"unreached", "The text model cannot be reached, or broke off."},
    [DESK_LLM_LATE] = {"late", "The text model did not answer in time."},
    [DESK_LLM_STOPPED] = {"stopped", "Nobody waited for the text model any more."},
    [DESK_LLM_NONSENSE] = {"nonsense", "The text model's answer makes no sense."},
    [DESK_LLM_TOO_LONG] = {"too_long", "The talk is longer than the text model can take."},
    [DESK_LLM_FILTERED] = {"filtered", "The text model would not answer that."},
    [DESK_LLM_QUOTA] = {"quota", "The text model's account has no credit left."},
    [DESK_LLM_CONFIG] = {"config", "The text model refuses our key, its name or our question."},
};

const char *desk_llm_end_name(enum desk_llm_end end)
{
    return (unsigned)end < DESK_LLM__MAX ? ends[end].name : "?";
}

void desk_llm_answer_clear(struct desk_llm_answer *a)
{
    desk_chat_reply_clear(&a->reply);
}

static void end_with(struct desk_llm_answer *a, enum desk_llm_end end)
{
    a->end = end;
    snprintf(a->why, sizeof a->why, "%s", ends[end].why);
}

/* ---- what is remembered of the server -------------------------------------------------------- */

/* Fields it does not take, learned from its refusals. One target a process. */
enum { KNOWS_OLD_TOKENS = 1, KNOWS_NEW_TOKENS = 2, NO_EFFORT = 4, EFFORT_NONE = 8, NO_USAGE = 16 };
static _Atomic unsigned learned;

static struct {
    pthread_mutex_t lock;
    int64_t until_ms; /* not asked before */
    int fails;        /* in a row */
} rest = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool resting(void)
{
    pthread_mutex_lock(&rest.lock);
    bool yes = desk_mono_ms() < rest.until_ms;
    pthread_mutex_unlock(&rest.lock);
    return yes;
}

/* 0: fine or nobody's fault; 1: may pass; 2: only the owner can mend it. */
static const int severity[DESK_LLM__MAX] = {
    [DESK_LLM_BUSY] = 1,     [DESK_LLM_UNREACHED] = 1, [DESK_LLM_LATE] = 1,
    [DESK_LLM_NONSENSE] = 1, [DESK_LLM_QUOTA] = 2,     [DESK_LLM_CONFIG] = 2,
};

static void remember(enum desk_llm_end end)
{
    int64_t ms = 1000 * (int64_t)desk_setting_int(DESK_S_CHAT_REST_S);
    pthread_mutex_lock(&rest.lock);
    if (end == DESK_LLM_ANSWERED)
        rest.fails = 0;
    else if (severity[end] == 1)
        rest.fails++;
    if (severity[end] == 2)
        rest.until_ms = desk_mono_ms() + ms;
    else if (rest.fails >= FAILS_TO_REST)
        rest.until_ms = desk_mono_ms() + ms / 3;
    if (rest.fails >= FAILS_TO_REST)
        rest.fails = 0;
    pthread_mutex_unlock(&rest.lock);
}

void desk_llm_forget(void)
{
    pthread_mutex_lock(&rest.lock);
    rest.until_ms = 0;
    rest.fails = 0;
    pthread_mutex_unlock(&rest.lock);
    atomic_store(&learned, 0);
}

/* A field that was refused: how to do without it. */
static const struct {
    const char *param;
    unsigned then;
} fields[] = {
    {"max_tokens", KNOWS_NEW_TOKENS},
    {"max_completion_tokens", KNOWS_OLD_TOKENS},
    {"stream_options", NO_USAGE},
};

/* False: nothing to be learned from it, or it was tried already. */
static bool learn(const struct desk_chat_error *e, const struct desk_chat_request *sent)
{
    unsigned bit = 0, known = atomic_load(&learned);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strncmp(e->param, fields[i].param, strlen(fields[i].param)) == 0)
            bit = fields[i].then;
    if (strcmp(e->param, "reasoning_effort") == 0)
        bit = sent->effort ? NO_EFFORT : EFFORT_NONE;
    if (!bit || known & bit)
        return false;
    atomic_fetch_or(&learned, bit);
    desk_log(DESK_LOG_NOTICE, "llm.field", "refused=%s", e->param);
    return true;
}

static void apply_learned(const struct desk_llm_target *t, struct desk_chat_request *r)
{
    unsigned known = atomic_load(&learned);
    r->tokens_field = t->tokens_field;
    if (known & KNOWS_OLD_TOKENS)
        r->tokens_field = "max_tokens";
    else if (known & KNOWS_NEW_TOKENS)
        r->tokens_field = "max_completion_tokens";
    r->effort = *t->effort ? t->effort : NULL;
    if (known & EFFORT_NONE)
        r->effort = "none";
    if (known & NO_EFFORT)
        r->effort = NULL;
    r->no_usage = known & NO_USAGE;
}

/* ---- one exchange ---------------------------------------------------------------------------- */

enum shape { SHAPE_UNKNOWN, SHAPE_STREAM, SHAPE_JSON, SHAPE_NONSENSE };

struct exchange {
    const struct desk_llm_question *q;
    struct desk_llm_answer *a;
    struct desk_sse sse;
    struct desk_buf body; /* of an answer that does not stream */
    enum shape shape;
    enum desk_rc rc;           /* of the reading */
    int64_t begun_ms, last_ms; /* last_ms: of the last piece, 0 = none yet */
    bool stopped, stalled;
};

static enum desk_rc on_event(void *ctx, const char *event, const char *data, size_t n)
{
    struct exchange *x = ctx;
    struct desk_chat_reply *r = &x->a->reply;
    size_t had = r->text.len;
    enum desk_rc rc = desk_chat_reply_event(r, event, data, n);
    if (!rc && x->q->words && r->text.len > had)
        x->q->words(x->q->ctx, r->text.p + had, r->text.len - had);
    return rc;
}

/* By its type; where that says nothing, by how it begins. */
static enum shape shape_of(const struct desk_http_reply *reply, const char *p, size_t n)
{
    size_t i = 0;
    if (strncasecmp(reply->content_type, "text/event-stream", 17) == 0)
        return SHAPE_STREAM;
    if (strncasecmp(reply->content_type, "application/json", 16) == 0)
        return SHAPE_JSON;
    while (i < n && strchr(" \t\r\n", p[i]))
        i++;
    if (i == n)
        return SHAPE_UNKNOWN;
    if (n - i >= 5 && (memcmp(p + i, "data:", 5) == 0 || memcmp(p + i, "event", 5) == 0))
        return SHAPE_STREAM;
    return p[i] == '{' ? SHAPE_JSON : p[i] == ':' ? SHAPE_STREAM : SHAPE_NONSENSE;
}

static bool on_data(void *ctx, const struct desk_http_reply *reply, const char *p, size_t n)
{
    struct exchange *x = ctx;
    x->last_ms = desk_mono_ms();
    if (!x->a->first_ms)
        x->a->first_ms = (long)(x->last_ms - x->begun_ms) + 1;
    if (x->shape == SHAPE_UNKNOWN)
        x->shape = shape_of(reply, p, n);
    if (x->shape == SHAPE_STREAM)
        x->rc = desk_sse_feed(&x->sse, p, n, on_event, x);
    else if (x->shape == SHAPE_JSON)
        desk_buf_add(&x->body, p, n);
    else if (x->shape == SHAPE_NONSENSE)
        x->rc = DESK_EINVAL;
    if (!x->rc && !desk_buf_ok(&x->body))
        x->rc = DESK_ELIMIT;
    return x->rc == DESK_OK;
}

static bool on_wait(void *ctx)
{
    struct exchange *x = ctx;
    int64_t quiet = x->last_ms ? desk_mono_ms() - x->last_ms : 0;
    int64_t half = (x->q->deadline_ms - x->begun_ms) / 2;
    if (x->a->reply.over && quiet > LINGER_MS)
        return true;
    x->stalled = quiet > (half < STALL_MS ? half : STALL_MS);
    x->stopped = x->q->stop && x->q->stop(x->q->ctx);
    return x->stalled || x->stopped;
}

static enum desk_rc build(const struct desk_llm_target *t, const struct desk_llm_question *q,
                          struct desk_chat_request *r, struct desk_buf *out)
{
    *r = (struct desk_chat_request){.model = *t->model ? t->model : NULL,
                                    .system = q->system,
                                    .msgs = q->msgs,
                                    .n_msgs = q->n_msgs,
                                    .tools = q->tools,
                                    .no_tools = q->no_tools,
                                    .max_tokens = q->max_tokens};
    apply_learned(t, r);
    desk_buf_init(out, DESK_MAX_CHAT_REQUEST);
    desk_chat_build(out, t->backend->dialect, r);
    return desk_buf_ok(out) ? DESK_OK : DESK_ELIMIT;
}

/* What no reply of HTTP means. */
static const enum desk_llm_end no_reply[DESK_HTTP_FAIL__MAX] = {
    [DESK_HTTP_NONE] = DESK_LLM_UNREACHED,    [DESK_HTTP_BAD_URL] = DESK_LLM_CONFIG,
    [DESK_HTTP_RESOLVE] = DESK_LLM_UNREACHED, [DESK_HTTP_CONNECT] = DESK_LLM_UNREACHED,
    [DESK_HTTP_TLS] = DESK_LLM_UNREACHED,     [DESK_HTTP_TIMEOUT] = DESK_LLM_LATE,
    [DESK_HTTP_TOO_BIG] = DESK_LLM_NONSENSE,  [DESK_HTTP_STOPPED] = DESK_LLM_STOPPED,
    [DESK_HTTP_OTHER] = DESK_LLM_UNREACHED,
};

static const enum desk_llm_end by_trouble[] = {
    [DESK_CHAT_FINE] = DESK_LLM_NONSENSE,      [DESK_CHAT_AGAIN] = DESK_LLM_BUSY,
    [DESK_CHAT_QUOTA] = DESK_LLM_QUOTA,        [DESK_CHAT_AUTH] = DESK_LLM_CONFIG,
    [DESK_CHAT_NO_MODEL] = DESK_LLM_CONFIG,    [DESK_CHAT_TOO_LONG] = DESK_LLM_TOO_LONG,
    [DESK_CHAT_FILTERED] = DESK_LLM_FILTERED,  [DESK_CHAT_BAD_FIELD] = DESK_LLM_CONFIG,
    [DESK_CHAT_BAD_REQUEST] = DESK_LLM_CONFIG,
};

/* A reply of status 2xx came to its end, as far as HTTP knows. */
static enum desk_llm_end read_end(struct exchange *x)
{
    struct desk_chat_reply *r = &x->a->reply;
    if (!x->rc && x->shape == SHAPE_STREAM)
        x->rc = desk_sse_end(&x->sse, on_event, x);
    else if (!x->rc && x->shape == SHAPE_JSON)
        x->rc = desk_chat_reply_body(r, desk_buf_cstr(&x->body), x->body.len);
    if (x->rc == DESK_EUPSTREAM)
        return by_trouble[r->error.trouble];
    if (x->rc || x->shape == SHAPE_NONSENSE)
        return DESK_LLM_NONSENSE;
    if (r->finish == DESK_CHAT_REFUSED)
        return DESK_LLM_FILTERED;
    return desk_chat_reply_whole(r) ? DESK_LLM_ANSWERED : DESK_LLM_UNREACHED; /* it broke off */
}

static enum desk_llm_end judge(struct exchange *x, enum desk_rc sent,
                               const struct desk_http_reply *http)
{
    struct desk_chat_reply *r = &x->a->reply;
    if (x->rc || (r->over && desk_chat_reply_whole(r)))
        return read_end(x); /* we ended it ourselves */
    if (x->stalled)
        return DESK_LLM_LATE;
    if (sent)
        return no_reply[http->fail];
    if (http->status >= 200 && http->status < 300)
        return read_end(x);
    desk_chat_error_read(&r->error, http->status, desk_buf_cstr(&http->body), http->body.len);
    return by_trouble[r->error.trouble];
}

/* How long the server wants us to wait, ms; -1 = it does not say. */
static int64_t wait_wanted(const struct desk_http_reply *http)
{
    char *end = NULL;
    double ms = strtod(http->got[0], &end);
    if (*http->got[0] && end != http->got[0] && ms >= 0 && ms < 1e9)
        return (int64_t)ms;
    return *http->got[1] ? 1000LL * http->retry_after : -1;
}

struct outcome {
    enum desk_llm_end end;
    int64_t wait_ms; /* asked for, -1 = not */
    bool never;      /* the server says that a repeat is of no use */
    bool learned;    /* at once, without the field */
};

static struct outcome exchange(const struct desk_llm_target *t, const struct desk_llm_question *q,
                               struct desk_llm_answer *a)
{
    static const char *const want[] = {"retry-after-ms", "retry-after", "x-should-retry", NULL};
    const char *headers[5] = {"Content-Type: application/json",
                              "Accept: text/event-stream, application/json"};
    struct outcome o = {.end = DESK_LLM_CONFIG, .wait_ms = -1};
    struct exchange x = {.q = q, .a = a, .begun_ms = desk_mono_ms()};
    struct desk_chat_request r;
    struct desk_http_reply http;
    struct desk_buf out;
    size_t n = 2;
    if (!t->backend)
        return o;
    if (*t->auth)
        headers[n++] = t->auth;
    if (t->backend->headers)
        headers[n++] = t->backend->headers;
    desk_sse_init(&x.sse, DESK_MAX_SSE);
    desk_buf_init(&x.body, DESK_MAX_HTTP_BODY);
    if (build(t, q, &r, &out)) {
        desk_buf_clear(&out);
        o.end = DESK_LLM_TOO_LONG;
        return o;
    }
    enum desk_rc sent = desk_http_send(
        &(struct desk_http_request){.url = t->url,
                                    .headers = headers,
                                    .body = desk_buf_cstr(&out),
                                    .body_len = out.len,
                                    .timeout_ms = (long)(q->deadline_ms - x.begun_ms),
                                    .connect_timeout_ms = CONNECT_MS,
                                    .ca_file = t->ca_file,
                                    .stop = on_wait,
                                    .stop_ctx = &x,
                                    .data = on_data,
                                    .data_ctx = &x,
                                    .want = want},
        &http);
    o.end = judge(&x, sent, &http);
    o.wait_ms = wait_wanted(&http);
    o.never = strcmp(http.got[2], "false") == 0;
    o.learned = a->reply.error.trouble == DESK_CHAT_BAD_FIELD && learn(&a->reply.error, &r);
    desk_log(DESK_LOG_INFO, "llm.ask",
             "provider=%s http=%d fail=%s code=%s end=%s first_ms=%ld took_ms=%ld",
             t->backend->name, http.status, desk_http_fail_name(http.fail),
             *a->reply.error.code ? a->reply.error.code : "-", desk_llm_end_name(o.end),
             a->first_ms, http.elapsed_ms);
    desk_http_reply_clear(&http);
    desk_sse_clear(&x.sse);
    desk_buf_clear(&x.body);
    desk_buf_clear(&out);
    return o;
}

/* ---- again? ---------------------------------------------------------------------------------- */

static int64_t pause_before(int tries, const struct outcome *o)
{
    unsigned char dice;
    if (o->learned)
        return 0;
    if (o->wait_ms >= 0)
        return o->wait_ms;
    int64_t ms = PAUSE_MS << (tries - 1);
    desk_random(&dice, 1);
    ms = ms > PAUSE_MOST ? PAUSE_MOST : ms;
    return ms - ms * (dice % 25) / 100; /* not all at the same moment */
}

/* Is another try worth it, and after how long? Late and nonsense are not: the caller has waited. */
static bool again(const struct desk_llm_question *q, const struct desk_llm_answer *a,
                  const struct outcome *o, int64_t *wait)
{
    bool passing = o->end == DESK_LLM_BUSY || o->end == DESK_LLM_UNREACHED || o->learned;
    bool said = q->words && a->reply.text.len;
    if (!passing || said || o->never || a->tries >= TRIES_MOST)
        return false;
    *wait = pause_before(a->tries, o);
    return desk_mono_ms() + *wait + LEAST_MS <= q->deadline_ms;
}

/* False: nobody waits any more. */
static bool sleep_for(const struct desk_llm_question *q, int64_t ms)
{
    for (int64_t until = desk_mono_ms() + ms, left; (left = until - desk_mono_ms()) > 0;) {
        if (q->stop && q->stop(q->ctx))
            return false;
        desk_sleep_ms(left < 200 ? left : 200);
    }
    return true;
}

static void ask_target(const struct desk_llm_target *t, const struct desk_llm_question *q,
                       struct desk_llm_answer *a)
{
    for (;;) {
        int64_t wait = 0;
        a->tries++;
        struct outcome o = exchange(t, q, a);
        end_with(a, o.end);
        if (!again(q, a, &o, &wait))
            return;
        if (!sleep_for(q, wait)) {
            end_with(a, DESK_LLM_STOPPED);
            return;
        }
        desk_chat_reply_clear(&a->reply);
        desk_chat_reply_init(&a->reply, t->backend->dialect);
    }
}

static void ask(const struct desk_llm_question *q, struct desk_llm_answer *a)
{
    struct desk_llm_target t;
    int64_t begun = desk_mono_ms();
    memset(a, 0, sizeof *a);
    enum desk_rc rc = desk_llm_target_read(&t, a->why, sizeof a->why);
    desk_chat_reply_init(&a->reply, t.backend ? t.backend->dialect : DESK_CHAT_OPENAI);
    a->end = DESK_LLM_NOT_SET;
    if (rc)
        return;
    if (resting())
        end_with(a, DESK_LLM_RESTING);
    else if (q->deadline_ms - begun < 1)
        end_with(a, DESK_LLM_LATE);
    else
        ask_target(&t, q, a);
    if (a->end != DESK_LLM_RESTING)
        remember(a->end);
    a->took_ms = (long)(desk_mono_ms() - begun);
}

const struct desk_llm desk_llm_http = {.ask = ask};
