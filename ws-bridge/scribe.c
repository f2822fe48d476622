#include "ws-bridge/scribe.h"
#include "ws-bridge/claim.h"
#include "ws-bridge/greeting.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/thread.h"
#include "base/utf8.h"
#include "store/open.h"
#include "store/pulse.h"
#include "store/recordings.h"
#include "talk/business.h"
#include "talk/live.h"
#include "talk/script.h"
#include "talk/watch.h"
#include "wire/stream_path.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OFFERED       64    /* calls remembered as offered for a session ahead */
#define DUE_MS        10000 /* a stream that has not come by then is late */
#define LEFT_MS       2000  /* a stream is closed so soon after its call's end */
#define WATCH_BEHIND  10    /* jobs waiting; watch.c looks back over more turns than that */
#define WATCH_ARENA   (1024 * 1024)
#define PLACE_MS      10000
#define LEFT_MOST     50
#define BUSY_PAUSE_MS 50 /* before a locked database is asked again */

enum job_kind {
    JOB_CLAIM,
    JOB_TURN,
    JOB_HEARD,
    JOB_EVENT,
    JOB_LATENCY,
    JOB_USAGE,
    JOB_RECORDING,
    JOB_RECORDED,
    JOB_UNDO,
    JOB_END,
    JOB_DUE,
    JOB_GREETING,
    JOB_LEFT,
    JOB_ORDER,
    JOB_PULSE,
    JOB__MAX
};

/* One job; which texts mean what is said where they are set. All owned. */
struct job {
    struct fifo_node node;
    enum job_kind kind;
    uint64_t handle;
    char *tenant_id, *call_id;
    char *text[5];
    int64_t num[8];
    int64_t started_at, made_at; /* wall clock */
    int64_t made_mono;
    struct recorded *recording;
};

struct scribe {
    struct inbox *inbox;
    struct desk_db *db;
    pthread_t thread;
    struct fifo jobs;
    bool full_noted;
    struct {
        struct desk_arena *arena; /* of business; NULL = none is kept */
        struct desk_business business;
        char location_id[DESK_ID_LEN];
        int64_t until;
    } place;                            /* the thread's: who was spoken for last */
    struct note led;                    /* the thread's: to be posted after the commit */
    char engine[200];                   /* who speaks; set before the first job */
    char offered[OFFERED][DESK_ID_LEN]; /* the thread's */
    size_t n_offered;
};

static void job_free(struct job *j)
{
    free(j->tenant_id);
    free(j->call_id);
    for (size_t i = 0; i < sizeof j->text / sizeof *j->text; i++)
        free(j->text[i]);
    free(j->recording);
    free(j);
}

static char *copy(const char *s)
{
    return s ? strdup(s) : NULL;
}

/* A note that was not posted. */
static void note_drop(struct note *n)
{
    free(n->text);
    free(n->instructions);
    *n = (struct note){.text = NULL};
}

/* Words of a peer: no longer than a turn may be. */
static char *copy_words(const char *s)
{
    return s ? strndup(s, desk_utf8_cut(s, strlen(s), DESK_MAX_TURN_TEXT)) : NULL;
}

static struct job *job_new(enum job_kind kind, uint64_t handle, const struct scribe_call *c)
{
    struct job *j = calloc(1, sizeof *j);
    if (!j)
        return NULL;
    j->kind = kind;
    j->handle = handle;
    j->made_at = desk_now_ms();
    j->made_mono = desk_mono_ms();
    if (c) {
        j->tenant_id = copy(c->tenant_id);
        j->call_id = copy(c->id);
        j->started_at = c->started_at;
    }
    return j;
}

/* ---- the thread's side ----------------------------------------------------------------------- */

/* Which sound its greeting has, and that sound if it is kept. */
static void greeting_of(struct scribe *s, struct claim *c)
{
    desk_buf_init(&c->greeting_sound, DESK_MAX_GREETING);
    if (!*s->engine || !c->greeting_for_all || !desk_setting_bool(DESK_S_GREETING_CACHE))
        return;
    greeting_name(c->greeting_name, s->engine, desk_setting(DESK_S_REALTIME_VOICE), c->greeting);
    if (!greeting_read(c->greeting_name, &c->greeting_sound))
        desk_buf_clear(&c->greeting_sound);
}

/* Which texts this call is led by. A call without that note is answered all the same. */
static void note_script(struct scribe *s, struct claim *c)
{
    enum desk_rc rc = DESK_TX_BEGIN(s->db);
    if (!rc)
        rc = desk_tx_end(s->db, desk_call_script(s->db, c->call.tenant_id, c->call.id,
                                                 desk_script_find(c->call.script)->name,
                                                 c->script_version));
    if (rc)
        desk_log(DESK_LOG_WARN, "scribe.script", "call=%s rc=%s", c->call.id, desk_rc_name(rc));
}

static enum desk_rc claim(struct scribe *s, struct claim *c, const struct job *j)
{
    enum desk_rc rc = DESK_TX_BEGIN(s->db);
    if (rc)
        return rc;
    rc = desk_call_claim_stream(s->db, c->arena, j->text[0], j->text[1], &c->call);
    if (!rc)
        rc = desk_event_add(s->db, c->call.tenant_id, c->call.id, c->call.started_at, "stream",
                            "connected", "The caller is connected to the receptionist", NULL);
    rc = desk_tx_end(s->db, rc);
    if (!rc)
        rc = claim_load(s->db, c);
    if (!rc)
        rc = desk_consent_spoken_at(s->db, c->call.tenant_id, c->call.id, &c->consent_at);
    if (!rc)
        greeting_of(s, c);
    if (!rc)
        note_script(s, c);
    return rc;
}

static enum desk_rc do_claim(struct scribe *s, struct job *j)
{
    struct note n = {.kind = NOTE_CLAIMED, .call = j->handle, .rc = DESK_ENOMEM};
    n.claim = claim_new();
    if (n.claim)
        n.rc = claim(s, n.claim, j);
    enum desk_rc rc = n.rc;
    if (rc == DESK_EBUSY) { /* tried again */
        claim_free(n.claim);
        return rc;
    }
    inbox_post(s->inbox, n);
    return DESK_OK;
}

/* Was it offered before? Remembers it. */
static bool offered(struct scribe *s, const char *call_id)
{
    for (size_t i = 0; i < OFFERED; i++)
        if (strcmp(s->offered[i], call_id) == 0)
            return true;
    snprintf(s->offered[s->n_offered++ % OFFERED], DESK_ID_LEN, "%s", call_id);
    return false;
}

/* Which calls' streams are to come? Each is offered once. */
static enum desk_rc do_due(struct scribe *s, struct job *j)
{
    struct desk_call *calls;
    size_t n = 0;
    struct desk_arena *a = desk_arena_new(256 * 1024);
    enum desk_rc rc =
        a ? desk_call_stream_due(s->db, a, DUE_MS, DESK_MAX_WARM, &calls, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++) {
        bool mine = desk_stream_bridge_of(calls[i].id) == desk_stream_bridge_here();
        struct claim *c = !mine || offered(s, calls[i].id) ? NULL : claim_new();
        if (c && !desk_call_get(s->db, c->arena, calls[i].tenant_id, calls[i].id, &c->call) &&
            !claim_load(s->db, c))
            inbox_post(s->inbox, (struct note){.kind = NOTE_DUE, .claim = c});
        else
            claim_free(c);
    }
    desk_arena_free(a);
    inbox_post(s->inbox, (struct note){.kind = NOTE_DUE});
    (void)j;
    return rc == DESK_EBUSY ? DESK_OK : rc; /* the next commit is another chance */
}

/* Twilio has told that a call is over; its stream should have been closed by then, too. */
/* The loop tells it and this thread writes it: so both go on. */
static enum desk_rc do_pulse(struct scribe *s, struct job *j)
{
    (void)j;
    return desk_pulse_set(s->db, &(struct desk_pulse){.id = DESK_PULSE_BRIDGE, .ok = true});
}

static enum desk_rc do_left(struct scribe *s, struct job *j)
{
    struct desk_call *calls;
    size_t n = 0;
    struct desk_arena *a = desk_arena_new(256 * 1024);
    enum desk_rc rc =
        a ? desk_call_stream_left(s->db, a, LEFT_MS, LEFT_MOST, &calls, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++)
        inbox_post(s->inbox, (struct note){.kind = NOTE_LEFT, .text = strdup(calls[i].id)});
    desk_arena_free(a);
    (void)j;
    return rc == DESK_EBUSY ? DESK_OK : rc; /* there is a next time */
}

/* text: name, sound */
static enum desk_rc do_greeting(struct scribe *s, struct job *j)
{
    (void)s;
    enum desk_rc rc = greeting_write(j->text[0], j->text[1]);
    if (!rc)
        desk_log(DESK_LOG_INFO, "greeting.kept", "name=%.12s", j->text[0]);
    return rc;
}

/* The business at that place, read again every PLACE_MS: a storm of words is of one call. */
static enum desk_rc place(struct scribe *s, const struct desk_call *c)
{
    if (s->place.arena && strcmp(s->place.location_id, c->location_id) == 0 &&
        desk_mono_ms() < s->place.until)
        return DESK_OK;
    desk_arena_free(s->place.arena);
    s->place.arena = desk_arena_new(WATCH_ARENA);
    enum desk_rc rc = s->place.arena ? desk_business_load(s->db, s->place.arena, c->tenant_id,
                                                          c->location_id, &s->place.business)
                                     : DESK_ENOMEM;
    snprintf(s->place.location_id, DESK_ID_LEN, "%s", rc ? "" : c->location_id);
    s->place.until = desk_mono_ms() + PLACE_MS;
    return rc;
}

/* Once it is written: the call's brain reads the row that says so. */
static void tell_led(struct scribe *s, const struct job *j, const struct desk_watch *w)
{
    const struct desk_lead *lead = &w->lead;
    bool emergency = strcmp(lead->script, DESK_SCRIPT_EMERGENCY) == 0;
    note_drop(&s->led);
    s->led = (struct note){.kind = NOTE_LED,
                           .text = strdup(j->call_id),
                           .instructions = copy(lead->instructions),
                           .emergency = emergency,
                           .alarm = emergency && w->severity == DESK_P1};
    snprintf(s->led.because, sizeof s->led.because, "%s", lead->because);
}

/* Is it an emergency? In the turn's transaction, so that the alert is there exactly if the words
 * are; a judgement that fails does not take the words with it. */
static enum desk_rc watch(struct scribe *s, const struct job *j)
{
    struct desk_call call;
    struct desk_watch w = {.business = &s->place.business, .call = &call};
    const char *said = NULL;
    struct desk_arena *a = desk_arena_new(WATCH_ARENA);
    enum desk_rc rc = a ? desk_call_get(s->db, a, j->tenant_id, j->call_id, &call) : DESK_ENOMEM;
    if (!rc)
        rc = place(s, &call);
    if (!rc)
        rc = desk_watch_said(s->db, a, &call, "", &said);
    if (!rc)
        rc = desk_watch_words(s->db, a, &w, said);
    if (!rc && w.lead.script)
        tell_led(s, j, &w);
    desk_arena_free(a);
    return rc;
}

/* The owner has to look after something. What cannot be told does not take the line with it. */
static enum desk_rc trouble(struct scribe *s, const struct job *j)
{
    struct desk_call call;
    bool told = false;
    struct desk_arena *a = desk_arena_new(WATCH_ARENA);
    enum desk_rc rc = a ? desk_call_get(s->db, a, j->tenant_id, j->call_id, &call) : DESK_ENOMEM;
    if (!rc)
        rc = place(s, &call);
    if (!rc)
        rc = desk_watch_trouble(s->db, a, &s->place.business, &call, j->text[1], j->text[2], &told);
    desk_arena_free(a);
    if (rc && rc != DESK_EBUSY)
        desk_log(DESK_LOG_ERROR, "scribe.trouble", "call=%s rc=%s", j->call_id, desk_rc_name(rc));
    return rc == DESK_EBUSY ? rc : DESK_OK;
}

/* text: item, who, how, text, unheard; num: start, end */
static enum desk_rc do_turn(struct scribe *s, struct job *j)
{
    struct desk_turn t = {.tenant_id = j->tenant_id,
                          .call_id = j->call_id,
                          .item_id = j->text[0],
                          .who = j->text[1],
                          .how = j->text[2],
                          .text = j->text[3],
                          .unheard = j->text[4],
                          .start_ms = j->num[0],
                          .end_ms = j->num[1],
                          .created_at = j->made_at};
    enum desk_rc rc = desk_turn_add(s->db, &t);
    if (rc || strcmp(t.who, DESK_WHO_CALLER) != 0 || strcmp(t.how, "keys") == 0)
        return rc;
    if (fifo_waiting(&s->jobs) > WATCH_BEHIND)
        return DESK_OK; /* a storm: a later turn of this call is looked at with this one before it
                         */
    rc = watch(s, j);
    if (rc && rc != DESK_EBUSY)
        desk_log(DESK_LOG_ERROR, "scribe.watch", "call=%s rc=%s", j->call_id, desk_rc_name(rc));
    return rc == DESK_EBUSY ? rc : DESK_OK;
}

/* as a turn */
static enum desk_rc do_heard(struct scribe *s, struct job *j)
{
    struct desk_arena *a = desk_arena_new(256 * 1024);
    if (!a)
        return DESK_ENOMEM;
    enum desk_rc rc = desk_turn_heard(s->db, a, j->tenant_id, j->call_id, j->text[0], j->text[3],
                                      j->text[4], j->num[1]);
    desk_arena_free(a);
    return rc;
}

/* text: kind, name, detail. Shifted so that the line stands where it happened, not where it was
 * written. */
static enum desk_rc do_event(struct scribe *s, struct job *j)
{
    int64_t late = desk_now_ms() - j->made_at;
    enum desk_rc rc =
        desk_event_add(s->db, j->tenant_id, j->call_id, j->started_at + (late > 0 ? late : 0),
                       j->text[0], j->text[1], j->text[2], NULL);
    return !rc && strcmp(j->text[0], SCRIBE_ALERT) == 0 ? trouble(s, j) : rc;
}

/* text: kind, day; num: turn, total, model, tool, own */
static enum desk_rc do_latency(struct scribe *s, struct job *j)
{
    struct desk_latency l = {.tenant_id = j->tenant_id,
                             .call_id = j->call_id,
                             .kind = j->text[0],
                             .day = j->text[1],
                             .turn = j->num[0],
                             .total_ms = j->num[1],
                             .model_ms = j->num[2],
                             .tool_ms = j->num[3],
                             .own_us = j->num[4],
                             .created_at = j->made_at};
    enum desk_rc rc = desk_latency_add(s->db, &l);
    return rc == DESK_DONE ? DESK_OK : rc;
}

/* text: part, model; num: asks, text in, cached, out, audio in, cached, out, heard */
static enum desk_rc do_usage(struct scribe *s, struct job *j)
{
    return desk_usage_add(s->db, &(struct desk_usage){.tenant_id = j->tenant_id,
                                                      .call_id = j->call_id,
                                                      .part = j->text[0],
                                                      .model = j->text[1],
                                                      .asks = j->num[0],
                                                      .text_in = j->num[1],
                                                      .text_cached = j->num[2],
                                                      .text_out = j->num[3],
                                                      .audio_in = j->num[4],
                                                      .audio_cached = j->num[5],
                                                      .audio_out = j->num[6],
                                                      .heard_ms = j->num[7]});
}

/* The row as it is at the beginning. */
static enum desk_rc do_recording(struct scribe *s, struct job *j)
{
    const struct recorded *r = j->recording;
    const struct desk_recording row = {.id = r->id,
                                       .tenant_id = r->tenant_id,
                                       .call_id = r->call_id,
                                       .kind = DESK_REC_OWN,
                                       .state = DESK_REC_RECORDING,
                                       .path = r->path,
                                       .consent = r->consent,
                                       .consent_at = r->consent_at,
                                       .started_at = r->started_at};
    enum desk_rc rc = desk_recording_insert(s->db, &row);
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

/* The beginning may have been lost while the database was locked: a file is never without a row. */
static enum desk_rc do_recorded(struct scribe *s, struct job *j)
{
    const struct recorded *r = j->recording;
    enum desk_rc rc = do_recording(s, j);
    if (rc)
        return rc;
    return desk_recording_end(
        s->db, &(struct desk_recording){.id = r->id,
                                        .tenant_id = r->tenant_id,
                                        .state = r->ms ? DESK_REC_READY : DESK_REC_BROKEN,
                                        .ms = r->ms,
                                        .bytes = r->bytes,
                                        .cut = *r->cut ? r->cut : NULL,
                                        .ended_at = j->made_at});
}

static enum desk_rc do_undo(struct scribe *s, struct job *j)
{
    return desk_call_leave_undo(s->db, j->tenant_id, j->call_id);
}

/* text: id, state, kind, phone. Where the caller is put through is written before the end is. */
static enum desk_rc do_order(struct scribe *s, struct job *j)
{
    const char *line = desk_live_line_of(j->text[2], j->text[1]);
    int64_t late = desk_now_ms() - j->made_at;
    enum desk_rc rc = desk_live_order_state(s->db, j->tenant_id, j->text[0], j->text[1]);
    if (!rc && *j->text[3] && strcmp(j->text[1], DESK_LIVE_ASKED) == 0)
        rc = desk_call_transfer(s->db, j->tenant_id, j->call_id, j->text[3], NULL, false);
    if (!rc && line)
        rc = desk_event_add(s->db, j->tenant_id, j->call_id, j->started_at + (late > 0 ? late : 0),
                            "note", "live_told", line, NULL);
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

/* text: why, next step, engine, outcome; num: first audio */
static enum desk_rc do_end(struct scribe *s, struct job *j)
{
    struct desk_call_stream_end e = {.why = j->text[0],
                                     .next_step = j->text[1],
                                     .engine = j->text[2],
                                     .outcome = j->text[3],
                                     .first_audio_ms = j->num[0]};
    return desk_call_stream_end(s->db, j->tenant_id, j->call_id, &e);
}

static const struct {
    const char *name;
    enum desk_rc (*fn)(struct scribe *s, struct job *j);
    bool own_tx;  /* begins and ends its transaction itself */
    bool answers; /* NOTE_ENDED, whatever came of it */
} jobs[JOB__MAX] = {
    [JOB_CLAIM] = {"claim", do_claim, true, false},
    [JOB_TURN] = {"turn", do_turn, false, false},
    [JOB_HEARD] = {"heard", do_heard, false, false},
    [JOB_EVENT] = {"event", do_event, false, false},
    [JOB_LATENCY] = {"latency", do_latency, false, false},
    [JOB_USAGE] = {"usage", do_usage, false, false},
    [JOB_RECORDING] = {"recording", do_recording, false, false},
    [JOB_RECORDED] = {"recorded", do_recorded, false, false},
    [JOB_UNDO] = {"undo", do_undo, false, false},
    [JOB_END] = {"end", do_end, false, true},
    [JOB_DUE] = {"due", do_due, true, false},
    [JOB_GREETING] = {"greeting", do_greeting, true, false},
    [JOB_LEFT] = {"left", do_left, true, false},
    [JOB_ORDER] = {"order", do_order, false, false},
    [JOB_PULSE] = {"pulse", do_pulse, false, false},
};

static enum desk_rc run_once(struct scribe *s, struct job *j)
{
    if (jobs[j->kind].own_tx)
        return jobs[j->kind].fn(s, j);
    enum desk_rc rc = DESK_TX_BEGIN(s->db);
    if (!rc)
        rc = desk_tx_end(s->db, jobs[j->kind].fn(s, j));
    if (!rc && s->led.text)
        inbox_post(s->inbox, s->led);
    else
        note_drop(&s->led);
    s->led = (struct note){.text = NULL};
    return rc;
}

static bool may_wait(struct scribe *s, const struct job *j)
{
    return !fifo_late(&s->jobs) && desk_mono_ms() - j->made_mono < SCRIBE_PATIENCE_MS;
}

static void run(struct scribe *s, struct job *j)
{
    enum desk_rc rc;
    while ((rc = run_once(s, j)) == DESK_EBUSY && may_wait(s, j))
        desk_sleep_ms(BUSY_PAUSE_MS);
    if (rc && rc != DESK_DONE)
        desk_log(DESK_LOG_ERROR, "scribe.lost", "job=%s call=%s rc=%s", jobs[j->kind].name,
                 j->call_id ? j->call_id : "-", desk_rc_name(rc));
    if (jobs[j->kind].answers || (rc && j->kind == JOB_CLAIM))
        inbox_post(s->inbox, (struct note){.kind = j->kind == JOB_CLAIM ? NOTE_CLAIMED : NOTE_ENDED,
                                           .call = j->handle,
                                           .rc = rc});
}

static void *thread_main(void *ctx)
{
    struct scribe *s = ctx;
    desk_thread_behind();
    for (struct job *j; (j = (struct job *)fifo_pop(&s->jobs));) {
        run(s, j);
        job_free(j);
    }
    return NULL;
}

/* ---- the loop's side ------------------------------------------------------------------------- */

struct scribe *scribe_new(struct inbox *inbox, const char *engine)
{
    struct scribe *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->inbox = inbox;
    snprintf(s->engine, sizeof s->engine, "%s", engine);
    fifo_init(&s->jobs, DESK_MAX_SCRIBE_JOBS);
    enum desk_rc rc = desk_store_open(&s->db, DESK_ZONE_BRIDGE, 2000);
    if (!rc && pthread_create(&s->thread, NULL, thread_main, s) == 0)
        return s;
    desk_log(DESK_LOG_ERROR, "scribe.open", "rc=%s", desk_rc_name(rc));
    desk_db_close(s->db);
    fifo_destroy(&s->jobs);
    free(s);
    return NULL;
}

void scribe_free(struct scribe *s, int max_ms)
{
    if (!s)
        return;
    fifo_stop(&s->jobs, max_ms);
    pthread_join(s->thread, NULL);
    if (s->jobs.n)
        desk_log(DESK_LOG_ERROR, "scribe.left", "unwritten=%zu", s->jobs.n);
    for (struct fifo_node *j = fifo_take_all(&s->jobs), *next; j; j = next) {
        next = j->next;
        job_free((struct job *)j);
    }
    desk_db_close(s->db);
    desk_arena_free(s->place.arena);
    fifo_destroy(&s->jobs);
    free(s);
}

static void push(struct scribe *s, struct job *j)
{
    if (!j)
        return;
    bool full = !fifo_push(&s->jobs, &j->node);
    if (full && !s->full_noted)
        desk_log(DESK_LOG_ERROR, "scribe.full", "jobs=%d", DESK_MAX_SCRIBE_JOBS);
    s->full_noted = full;
    if (full)
        job_free(j);
}

void scribe_due(struct scribe *s)
{
    push(s, job_new(JOB_DUE, 0, NULL));
}

void scribe_left(struct scribe *s)
{
    push(s, job_new(JOB_LEFT, 0, NULL));
}

void scribe_pulse(struct scribe *s)
{
    push(s, job_new(JOB_PULSE, 0, NULL));
}

void scribe_greeting(struct scribe *s, const char *name, char *sound)
{
    struct job *j = job_new(JOB_GREETING, 0, NULL);
    if (!j) {
        free(sound);
        return;
    }
    j->text[0] = copy(name);
    j->text[1] = sound;
    push(s, j);
}

void scribe_claim(struct scribe *s, uint64_t handle, const char *token, const char *call_sid)
{
    struct job *j = job_new(JOB_CLAIM, handle, NULL);
    if (j) {
        j->text[0] = copy(token);
        j->text[1] = copy(call_sid);
    }
    push(s, j);
}

static void push_turn(struct scribe *s, enum job_kind kind, const struct scribe_call *c,
                      const struct desk_turn *t)
{
    struct job *j = job_new(kind, 0, c);
    if (j) {
        j->text[0] = copy(t->item_id);
        j->text[1] = copy(t->who);
        j->text[2] = copy(t->how);
        j->text[3] = copy_words(t->text);
        j->text[4] = copy_words(t->unheard);
        j->num[0] = t->start_ms;
        j->num[1] = t->end_ms;
    }
    push(s, j);
}

void scribe_turn(struct scribe *s, const struct scribe_call *c, const struct desk_turn *t)
{
    push_turn(s, JOB_TURN, c, t);
}

void scribe_heard(struct scribe *s, const struct scribe_call *c, const struct desk_turn *t)
{
    push_turn(s, JOB_HEARD, c, t);
}

void scribe_event(struct scribe *s, const struct scribe_call *c, const char *kind, const char *name,
                  const char *detail)
{
    struct job *j = job_new(JOB_EVENT, 0, c);
    if (j) {
        j->text[0] = copy(kind);
        j->text[1] = copy(name);
        j->text[2] = copy(detail);
    }
    push(s, j);
}

void scribe_latency(struct scribe *s, const struct scribe_call *c, const struct desk_latency *l)
{
    struct job *j = job_new(JOB_LATENCY, 0, c);
    if (j) {
        j->text[0] = copy(l->kind);
        j->text[1] = copy(l->day);
        j->num[0] = l->turn;
        j->num[1] = l->total_ms;
        j->num[2] = l->model_ms;
        j->num[3] = l->tool_ms;
        j->num[4] = l->own_us;
    }
    push(s, j);
}

void scribe_usage(struct scribe *s, const struct scribe_call *c, const struct desk_usage *u)
{
    const int64_t num[] = {u->asks,     u->text_in,      u->text_cached, u->text_out,
                           u->audio_in, u->audio_cached, u->audio_out,   u->heard_ms};
    struct job *j = job_new(JOB_USAGE, 0, c);
    if (j) {
        j->text[0] = copy(u->part);
        j->text[1] = copy(u->model);
        memcpy(j->num, num, sizeof num);
    }
    push(s, j);
}

static void push_recording(struct scribe *s, enum job_kind kind, const struct recorded *r)
{
    struct job *j = job_new(kind, 0, NULL);
    struct recorded *own = j ? malloc(sizeof *own) : NULL;
    if (!own) {
        free(j);
        return; /* the worker looks for recordings without an end */
    }
    *own = *r;
    j->recording = own;
    push(s, j);
}

void scribe_recording(struct scribe *s, const struct recorded *r)
{
    push_recording(s, JOB_RECORDING, r);
}

void scribe_recorded(struct scribe *s, const struct recorded *r)
{
    push_recording(s, JOB_RECORDED, r);
}

void scribe_order(struct scribe *s, const struct scribe_call *c, const struct ordered *o,
                  const char *state)
{
    struct job *j = job_new(JOB_ORDER, 0, c);
    if (j) {
        j->text[0] = copy(o->id);
        j->text[1] = copy(state);
        j->text[2] = copy(o->kind);
        j->text[3] = copy(o->phone);
    }
    push(s, j);
}

void scribe_leave_undo(struct scribe *s, const struct scribe_call *c)
{
    push(s, job_new(JOB_UNDO, 0, c));
}

void scribe_end(struct scribe *s, uint64_t handle, const struct scribe_call *c,
                const struct desk_call_stream_end *e)
{
    struct job *j = job_new(JOB_END, handle, c);
    if (j) {
        j->text[0] = copy(e->why);
        j->text[1] = copy(e->next_step);
        j->text[2] = copy(e->engine);
        j->text[3] = copy(e->outcome);
        j->num[0] = e->first_audio_ms;
    }
    push(s, j);
}
