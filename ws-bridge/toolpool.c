#include "ws-bridge/toolpool.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/thread.h"
#include "store/open.h"
#include "store/tenants.h"
#include "talk/tools.h"

#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOOL_ARENA (1024 * 1024)

struct job {
    struct fifo_node node;
    uint64_t handle;
    uint32_t seq;
    char *tenant_id, *call_id, *name, *arguments;
};

struct toolpool {
    struct inbox *inbox;
    struct fifo jobs;
    size_t threads;
    struct worker {
        struct toolpool *pool;
        struct desk_db *db;
        pthread_t thread;
    } workers[TOOLPOOL_THREADS];
};

static void job_free(struct job *j)
{
    if (!j)
        return;
    free(j->tenant_id);
    free(j->call_id);
    free(j->name);
    free(j->arguments);
    free(j);
}

/* Before its result: the answer to that is led by the new script already. Who ran the tool knows
 * why, and is not told as if others had found it. */
static void tell_led(struct inbox *inbox, const struct job *j, const char *instructions)
{
    struct note n = {.kind = NOTE_LED,
                     .text = strdup(j->call_id),
                     .instructions = instructions ? strdup(instructions) : NULL};
    if (n.text)
        inbox_post(inbox, n);
    else
        free(n.instructions);
}

/* The rows are read anew each time: a tool sees what the one before it wrote. */
static enum desk_rc run(struct desk_db *db, struct inbox *inbox, struct desk_arena *a,
                        const struct job *j, struct note *n, const char **result,
                        enum desk_tool_then *then)
{
    struct desk_call call;
    struct desk_location location;
    enum desk_rc rc = desk_call_get(db, a, j->tenant_id, j->call_id, &call);
    if (!rc)
        rc = desk_location_get(db, a, j->tenant_id, call.location_id, &location);
    if (rc)
        return rc;
    struct desk_tool_ctx ctx = {.db = db, .arena = a, .call = &call, .location = &location};
    rc = desk_tool_run(&ctx, j->name, j->arguments, result, then);
    n->failed = rc || ctx.failed;
    if (!rc && ctx.led_by)
        tell_led(inbox, j, ctx.instructions);
    return rc;
}

static void what_next(const char *result, struct note *n)
{
    json_t *v = json_loads(result, 0, NULL);
    const char *next = json_string_value(json_object_get(v, "next"));
    snprintf(n->next, sizeof n->next, "%s", next ? next : "");
    n->ok = json_is_true(json_object_get(v, "ok"));
    json_decref(v);
}

static void answer(struct worker *w, const struct job *j)
{
    struct note n = {.kind = NOTE_TOOL, .call = j->handle, .seq = j->seq};
    const char *result = NULL;
    enum desk_tool_then then = DESK_THEN_TALK;
    int64_t begun = desk_mono_ms();
    struct desk_arena *a = desk_arena_new(TOOL_ARENA);
    n.rc = a ? run(w->db, w->pool->inbox, a, j, &n, &result, &then) : DESK_ENOMEM;
    if (!n.rc && result) {
        n.text = strdup(result);
        n.leave = then == DESK_THEN_LEAVE;
        what_next(result, &n);
    }
    const struct desk_tool *known = desk_tool_find(j->name); /* else: a model's own words */
    desk_log(DESK_LOG_INFO, "tool.ran", "tool=%s call=%s ms=%lld rc=%s",
             known ? known->name : "unknown", j->call_id, (long long)(desk_mono_ms() - begun),
             desk_rc_name(n.rc));
    desk_arena_free(a);
    inbox_post(w->pool->inbox, n);
}

static void *thread_main(void *ctx)
{
    struct worker *w = ctx;
    desk_thread_behind();
    for (struct job *j; (j = (struct job *)fifo_pop(&w->pool->jobs));) {
        answer(w, j);
        job_free(j);
    }
    return NULL;
}

struct toolpool *toolpool_new(struct inbox *inbox)
{
    struct toolpool *p = calloc(1, sizeof *p);
    enum desk_rc rc = DESK_OK;
    if (!p)
        return NULL;
    p->inbox = inbox;
    fifo_init(&p->jobs, DESK_MAX_TOOL_QUEUE);
    for (size_t i = 0; i < TOOLPOOL_THREADS; i++) {
        struct worker *w = &p->workers[i];
        w->pool = p;
        rc = desk_store_open(&w->db, DESK_ZONE_BRIDGE, 0);
        if (rc || pthread_create(&w->thread, NULL, thread_main, w) != 0)
            break;
        p->threads++;
    }
    if (p->threads == TOOLPOOL_THREADS)
        return p;
    desk_log(DESK_LOG_ERROR, "tools.open", "rc=%s", desk_rc_name(rc));
    if (!toolpool_free(p, 1000))
        desk_log(DESK_LOG_ERROR, "tools.stuck", "at=start");
    return NULL;
}

bool toolpool_free(struct toolpool *p, int max_ms)
{
    struct timespec until;
    bool stuck = false;
    if (!p)
        return true;
    fifo_stop(&p->jobs, 0);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += max_ms / 1000;
    until.tv_nsec += (long)(max_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    for (size_t i = 0; i < p->threads; i++)
        stuck = pthread_timedjoin_np(p->workers[i].thread, NULL, &until) != 0 || stuck;
    if (stuck)
        return false;
    for (size_t i = 0; i < TOOLPOOL_THREADS; i++)
        desk_db_close(p->workers[i].db);
    for (struct fifo_node *j = fifo_take_all(&p->jobs), *next; j; j = next) {
        next = j->next;
        job_free((struct job *)j);
    }
    fifo_destroy(&p->jobs);
    free(p);
    return true;
}

enum desk_rc toolpool_run(struct toolpool *p, const struct tool_job *job)
{
    struct job *j = calloc(1, sizeof *j);
    if (!j)
        return DESK_ENOMEM;
    *j = (struct job){.handle = job->handle,
                      .seq = job->seq,
                      .tenant_id = strdup(job->tenant_id),
                      .call_id = strdup(job->call_id),
                      .name = strdup(job->name),
                      .arguments = strdup(job->arguments)};
    bool ok = j->tenant_id && j->call_id && j->name && j->arguments;
    if (ok && fifo_push(&p->jobs, &j->node))
        return DESK_OK;
    job_free(j);
    return ok ? DESK_EBUSY : DESK_ENOMEM;
}
