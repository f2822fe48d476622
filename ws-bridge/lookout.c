#include "ws-bridge/lookout.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/thread.h"
#include "store/open.h"
#include "talk/live.h"

#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA    (2 * 1024 * 1024)
#define JOBS_MAX 4096
#define ORDERS   50 /* looked at, at a time */
#define OFFERED  64 /* orders remembered as told */

enum job_kind { JOB_CALL, JOB_OVER, JOB_WATCH, JOB_LEAVE };

struct job {
    struct fifo_node node;
    enum job_kind kind;
    uint64_t viewer;
    int64_t since;
    char text[DESK_TOKEN_LEN]; /* a call's id, or a ticket */
};

struct watcher {
    uint64_t viewer; /* 0 = free */
    char tenant_id[DESK_ID_LEN], ticket[DESK_HASH_LEN];
    int64_t seq;
    char *board; /* as told last */
    int64_t told_ms, checked_ms;
};

/* All but jobs is the thread's. */
struct lookout {
    struct inbox *inbox;
    struct desk_db *db;
    pthread_t thread;
    struct fifo jobs;
    int64_t version, looked_ms;
    char (*calls)[DESK_ID_LEN];
    size_t n_calls;
    struct watcher watchers[DESK_MAX_VIEWERS];
    size_t n_watchers;
    char offered[OFFERED][DESK_ID_LEN];
    size_t n_offered;
};

/* ---- telling --------------------------------------------------------------------------------- */

static void tell(struct lookout *l, struct watcher *w, json_t *message)
{
    char *text = message ? json_dumps(message, JSON_COMPACT) : NULL;
    json_decref(message);
    if (!text)
        return;
    w->told_ms = desk_mono_ms();
    inbox_post(l->inbox, (struct note){.kind = NOTE_LIVE, .call = w->viewer, .text = text});
}

static void refuse(struct lookout *l, uint64_t viewer, enum desk_rc rc)
{
    inbox_post(l->inbox, (struct note){.kind = NOTE_LIVE, .call = viewer, .rc = rc});
}

static void forget(struct lookout *l, struct watcher *w)
{
    free(w->board);
    *w = (struct watcher){.viewer = 0};
    l->n_watchers--;
}

static struct watcher *watcher_of(struct lookout *l, uint64_t viewer)
{
    for (size_t i = 0; i < DESK_MAX_VIEWERS; i++)
        if (l->watchers[i].viewer == viewer)
            return &l->watchers[i];
    return NULL;
}

static void tell_line(struct lookout *l, struct watcher *w, const struct desk_turn *line)
{
    json_t *m = json_pack("{s:s, s:I, s:I, s:s, s:s, s:s, s:s, s:I, s:s, s:s}", "t", "line", "seq",
                          (json_int_t)line->seq, "prev", (json_int_t)w->seq, "call", line->call_id,
                          "id", line->id, "who", line->who, "how", line->how, "at",
                          (json_int_t)line->start_ms, "text", line->text ? line->text : "",
                          "unheard", line->unheard ? line->unheard : "");
    w->seq = line->seq;
    tell(l, w, m);
}

static void tell_board(struct lookout *l, struct watcher *w, const char *board)
{
    if (w->board && strcmp(w->board, board) == 0)
        return;
    free(w->board);
    w->board = strdup(board);
    tell(l, w, json_pack("{s:s, s:o}", "t", "board", "calls", json_loads(board, 0, NULL)));
}

/* ---- one business ---------------------------------------------------------------------------- */

static bool same(const struct watcher *w, const char *tenant_id)
{
    return w->viewer && strcmp(w->tenant_id, tenant_id) == 0;
}

/* What came since the least of them has seen, to each what is new to it. A number that went back (a
 * caller was erased) is a gap as well. */
static enum desk_rc lines(struct lookout *l, struct desk_arena *a, const char *tenant_id)
{
    struct desk_turn *v;
    size_t n = 0;
    int64_t last = 0, least = INT64_MAX;
    enum desk_rc rc = desk_live_seq(l->db, tenant_id, &last);
    for (size_t i = 0; !rc && i < DESK_MAX_VIEWERS; i++) {
        struct watcher *w = &l->watchers[i];
        if (!same(w, tenant_id))
            continue;
        if (w->seq > last || last - w->seq > LOOKOUT_LINES) {
            w->seq = last;
            tell(l, w, json_pack("{s:s, s:I}", "t", "gap", "seq", (json_int_t)last));
        }
        least = w->seq < least ? w->seq : least;
    }
    if (!rc && least < last)
        rc = desk_live_lines(l->db, a, tenant_id, least, LOOKOUT_LINES, &v, &n);
    for (size_t k = 0; !rc && k < n; k++)
        for (size_t i = 0; i < DESK_MAX_VIEWERS; i++)
            if (same(&l->watchers[i], tenant_id) && v[k].seq > l->watchers[i].seq)
                tell_line(l, &l->watchers[i], &v[k]);
    return rc;
}

static enum desk_rc business(struct lookout *l, const char *tenant_id)
{
    const char *board = NULL;
    struct desk_arena *a = desk_arena_new(ARENA);
    enum desk_rc rc = a ? lines(l, a, tenant_id) : DESK_ENOMEM;
    if (!rc)
        rc = desk_live_board(l->db, a, tenant_id, desk_now_ms(), &board);
    for (size_t i = 0; !rc && i < DESK_MAX_VIEWERS; i++)
        if (same(&l->watchers[i], tenant_id))
            tell_board(l, &l->watchers[i], board);
    desk_arena_free(a);
    return rc;
}

/* ---- orders ---------------------------------------------------------------------------------- */

static bool led_here(const struct lookout *l, const char *call_id)
{
    for (size_t i = 0; i < l->n_calls; i++)
        if (strcmp(l->calls[i], call_id) == 0)
            return true;
    return false;
}

/* Was it told before? Remembers it. */
static bool offered(struct lookout *l, const char *id)
{
    for (size_t i = 0; i < OFFERED; i++)
        if (strcmp(l->offered[i], id) == 0)
            return true;
    snprintf(l->offered[l->n_offered++ % OFFERED], DESK_ID_LEN, "%s", id);
    return false;
}

static void order(struct lookout *l, const struct desk_live_order *o)
{
    struct ordered *own =
        led_here(l, o->call_id) && !offered(l, o->id) ? calloc(1, sizeof *own) : NULL;
    if (!own)
        return;
    snprintf(own->id, sizeof own->id, "%s", o->id);
    snprintf(own->call_id, sizeof own->call_id, "%s", o->call_id);
    snprintf(own->kind, sizeof own->kind, "%s", o->kind);
    snprintf(own->text, sizeof own->text, "%s", o->text ? o->text : "");
    snprintf(own->phone, sizeof own->phone, "%s", o->phone ? o->phone : "");
    inbox_post(l->inbox, (struct note){.kind = NOTE_ORDER, .ordered = own});
}

static enum desk_rc orders(struct lookout *l)
{
    struct desk_live_order *o;
    size_t n = 0;
    struct desk_arena *a = desk_arena_new(ARENA);
    enum desk_rc rc = a ? desk_live_waiting(l->db, a, ORDERS, &o, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++)
        order(l, &o[i]);
    desk_arena_free(a);
    return rc;
}

/* ---- looking --------------------------------------------------------------------------------- */

static void check(struct lookout *l, struct watcher *w, int64_t now)
{
    bool yes = false;
    if (now - w->checked_ms < LOOKOUT_CHECK_MS)
        return;
    w->checked_ms = now;
    enum desk_rc rc = desk_live_ticket_good(l->db, w->tenant_id, w->ticket, &yes);
    if (rc || yes)
        return;
    refuse(l, w->viewer, DESK_EAUTH);
    forget(l, w);
}

static enum desk_rc look_at_all(struct lookout *l)
{
    enum desk_rc rc = l->n_calls ? orders(l) : DESK_OK;
    for (size_t i = 0; !rc && i < DESK_MAX_VIEWERS; i++) {
        size_t first = 0;
        const struct watcher *w = &l->watchers[i];
        while (first < i && !same(&l->watchers[first], w->tenant_id))
            first++;
        if (w->viewer && first == i) /* the first of its business sees to all of them */
            rc = business(l, w->tenant_id);
    }
    return rc;
}

static void look(struct lookout *l, bool anyhow)
{
    int64_t now = desk_mono_ms(), version = desk_db_data_version(l->db);
    l->looked_ms = now;
    if (anyhow || version != l->version) {
        enum desk_rc rc = look_at_all(l);
        l->version = rc ? -1 : version; /* again, soon */
        if (rc && rc != DESK_EBUSY)
            desk_log(DESK_LOG_ERROR, "lookout.look", "rc=%s", desk_rc_name(rc));
    }
    for (size_t i = 0; i < DESK_MAX_VIEWERS; i++) {
        struct watcher *w = &l->watchers[i];
        if (w->viewer)
            check(l, w, now);
        if (w->viewer && now - w->told_ms >= LOOKOUT_BEAT_MS)
            tell(l, w, json_pack("{s:s}", "t", "beat"));
    }
}

/* ---- what the loop tells --------------------------------------------------------------------- */

static enum desk_rc use_ticket(struct lookout *l, const struct job *j, struct watcher *w)
{
    struct desk_live_ticket t;
    struct desk_arena *a = desk_arena_new(65536);
    enum desk_rc rc = a ? DESK_TX_BEGIN(l->db) : DESK_ENOMEM;
    if (!rc)
        rc = desk_tx_end(l->db, desk_live_ticket_use(l->db, a, j->text, &t));
    if (!rc) {
        snprintf(w->tenant_id, sizeof w->tenant_id, "%s", t.tenant_id);
        snprintf(w->ticket, sizeof w->ticket, "%s", t.id);
        rc = desk_live_seq(l->db, t.tenant_id, &w->seq);
    }
    desk_arena_free(a);
    return rc;
}

static void watch(struct lookout *l, const struct job *j)
{
    struct watcher *w = watcher_of(l, 0);
    struct watcher fresh = {.viewer = j->viewer, .checked_ms = desk_mono_ms()};
    enum desk_rc rc = w ? use_ticket(l, j, &fresh) : DESK_EBUSY;
    if (rc) {
        desk_log(DESK_LOG_NOTICE, "lookout.refused", "rc=%s", desk_rc_name(rc));
        refuse(l, j->viewer, rc);
        return;
    }
    *w = fresh;
    l->n_watchers++;
    tell(l, w, json_pack("{s:s, s:I}", "t", "hello", "seq", (json_int_t)w->seq));
    if (j->since >= 0 && j->since <= w->seq)
        w->seq = j->since;
    look(l, true);
}

static void call_over(struct lookout *l, const char *id)
{
    for (size_t i = 0; i < l->n_calls; i++)
        if (strcmp(l->calls[i], id) == 0) {
            memmove(l->calls[i], l->calls[--l->n_calls], DESK_ID_LEN);
            return;
        }
}

static void run(struct lookout *l, const struct job *j)
{
    struct watcher *w;
    switch (j->kind) {
    case JOB_CALL:
        if (l->n_calls < DESK_MAX_CALLS)
            snprintf(l->calls[l->n_calls++], DESK_ID_LEN, "%.*s", DESK_ID_LEN - 1, j->text);
        l->version = -1; /* it may have been asked for already */
        break;
    case JOB_OVER:
        call_over(l, j->text);
        break;
    case JOB_WATCH:
        watch(l, j);
        break;
    case JOB_LEAVE:
        w = watcher_of(l, j->viewer);
        if (w)
            forget(l, w);
        break;
    }
}

static void *thread_main(void *ctx)
{
    struct lookout *l = ctx;
    desk_thread_behind();
    while (!fifo_stopped(&l->jobs)) {
        bool busy = l->n_calls || l->n_watchers;
        struct job *j =
            (struct job *)(busy ? fifo_pop_within(&l->jobs, LOOKOUT_MS) : fifo_pop(&l->jobs));
        if (j)
            run(l, j);
        free(j);
        if (desk_mono_ms() - l->looked_ms >= LOOKOUT_MS || l->version < 0)
            look(l, false);
    }
    return NULL;
}

/* ---- the loop's side ------------------------------------------------------------------------- */

struct lookout *lookout_new(struct inbox *inbox)
{
    struct lookout *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->inbox = inbox;
    l->version = -1;
    l->calls = calloc(DESK_MAX_CALLS, sizeof *l->calls);
    fifo_init(&l->jobs, JOBS_MAX);
    enum desk_rc rc = l->calls ? desk_store_open(&l->db, DESK_ZONE_BRIDGE, 1000) : DESK_ENOMEM;
    if (!rc && pthread_create(&l->thread, NULL, thread_main, l) == 0)
        return l;
    desk_log(DESK_LOG_ERROR, "lookout.open", "rc=%s", desk_rc_name(rc));
    desk_db_close(l->db);
    fifo_destroy(&l->jobs);
    free(l->calls);
    free(l);
    return NULL;
}

void lookout_free(struct lookout *l)
{
    if (!l)
        return;
    fifo_stop(&l->jobs, 0);
    pthread_join(l->thread, NULL);
    for (struct fifo_node *j = fifo_take_all(&l->jobs), *next; j; j = next) {
        next = j->next;
        free(j);
    }
    for (size_t i = 0; i < DESK_MAX_VIEWERS; i++)
        free(l->watchers[i].board);
    desk_db_close(l->db);
    fifo_destroy(&l->jobs);
    free(l->calls);
    free(l);
}

static void push(struct lookout *l, struct job job, const char *text)
{
    struct job *j = l ? malloc(sizeof *j) : NULL;
    if (!j)
        return;
    *j = job;
    snprintf(j->text, sizeof j->text, "%s", text);
    if (fifo_push(&l->jobs, &j->node))
        return;
    desk_log(DESK_LOG_ERROR, "lookout.full", "jobs=%d", JOBS_MAX);
    free(j);
}

void lookout_call(struct lookout *l, const char *call_id, bool on)
{
    push(l, (struct job){.kind = on ? JOB_CALL : JOB_OVER}, call_id);
}

void lookout_watch(struct lookout *l, uint64_t viewer, const char *ticket, int64_t since)
{
    push(l, (struct job){.kind = JOB_WATCH, .viewer = viewer, .since = since}, ticket);
}

void lookout_leave(struct lookout *l, uint64_t viewer)
{
    push(l, (struct job){.kind = JOB_LEAVE, .viewer = viewer}, "");
}
