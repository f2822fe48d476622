/* A business with calls, for page tests and for the browser's data folder (tests/web/seed.c). The
 * clock is set to each call's moment while it is written, so that every row's times are right. */
#ifndef DESK_TEST_ADMIN_WORLD_H
#define DESK_TEST_ADMIN_WORLD_H

#include "base/clock.h"
#include "base/ids.h"
#include "db/seal.h"
#include "store/attention.h"
#include "store/call_after.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/open.h"
#include "store/recording_file.h"
#include "store/recordings.h"
#include "store/conversation.h"
#include "store/results.h"
#include "store/tenants.h"
#include "store/users.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIN_MS 60000LL

struct world_call {
    const char *id;      /* NULL: made */
    const char *name;    /* NULL: not known */
    const char *number;  /* NULL: withheld */
    int64_t ago_min;     /* before now */
    int seconds;         /* 0: still running */
    const char *outcome; /* DESK_OUT_… */
    const char *summary;
    bool urgent;
    const char *back_state; /* callback: open, done, dropped; NULL: none */
    const char *back_when, *back_reason;
    int message_s; /* recorded message; -1: taken without a recording */
    const char *message;
    const char *mode; /* NULL: realtime */
    bool talk;        /* with turns, events and tool runs */
};

struct world {
    struct desk_db *db;
    struct desk_arena *arena;
    const char *tenant, *location;
    const char *zone; /* NULL: New York */
    int64_t now;
};

static void must(enum desk_rc rc, const char *what)
{
    if (rc == DESK_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, desk_rc_name(rc));
    abort();
}

static void world_business(struct world *w, const char *slug, const char *name, const char *number,
                           const char *login, const char *password)
{
    char tid[DESK_ID_LEN], lid[DESK_ID_LEN], uid[DESK_ID_LEN], hash[128];
    int64_t t0 = w->now - 400LL * 24 * 60 * MIN_MS;
    w->tenant = desk_arena_strdup(w->arena, desk_id_new(tid, "biz"));
    w->location = desk_arena_strdup(w->arena, desk_id_new(lid, "loc"));
    must(desk_password_hash(password, hash), "hash");
    struct desk_tenant t = {.id = w->tenant,
                            .slug = slug,
                            .name = name,
                            .profile = "{}",
                            .created_at = t0,
                            .updated_at = t0};
    struct desk_location l = {.id = w->location,
                              .tenant_id = w->tenant,
                              .name = "Main",
                              .zone = w->zone ? w->zone : "America/New_York",
                              .hours = "{}",
                              .owner_name = "Sal",
                              .owner_phone = "+18605550101",
                              .created_at = t0};
    struct desk_number n = {number, w->tenant, w->location, t0};
    struct desk_user u = {.id = desk_id_new(uid, "user"),
                          .tenant_id = w->tenant,
                          .login = login,
                          .password_hash = hash,
                          .created_at = t0};
    must(DESK_TX_BEGIN(w->db), "begin");
    must(desk_tenant_insert(w->db, &t), "tenant");
    must(desk_location_insert(w->db, &l), "location");
    must(desk_number_insert(w->db, &n), "number");
    must(desk_user_insert(w->db, &u), "user");
    must(desk_tx_end(w->db, DESK_OK), "commit");
}

static void world_turn(struct world *w, const char *call, const char *who, const char *how,
                       int64_t at, int64_t ms, const char *text, const char *unheard)
{
    char item[32];
    snprintf(item, sizeof item, "i%lld", (long long)at);
    struct desk_turn t = {.tenant_id = w->tenant,
                          .call_id = call,
                          .item_id = item,
                          .who = who,
                          .how = how,
                          .text = text,
                          .unheard = unheard,
                          .start_ms = at,
                          .end_ms = at + ms};
    must(desk_turn_add(w->db, &t), "turn");
}

static void world_tool(struct world *w, const char *call, const char *tool, const char *args,
                       bool ok, int64_t at, int64_t took)
{
    char id[DESK_ID_LEN];
    struct desk_tool_run r = {.id = desk_id_new(id, "run"),
                              .tenant_id = w->tenant,
                              .call_id = call,
                              .dedupe = tool,
                              .tool = tool,
                              .args = args,
                              .result = ok ? "{\"ok\":true}" : "{\"ok\":false}",
                              .ok = ok,
                              .at_ms = at,
                              .took_ms = took,
                              .created_at = desk_now_ms()};
    must(desk_tool_run_add(w->db, &r), "tool");
    must(desk_tool_run_done(w->db, &r, r.result, ok, took), "tool done");
}

static void world_event(struct world *w, const struct desk_call *c, int64_t at, const char *kind,
                        const char *name, const char *detail)
{
    int64_t was = desk_now_ms();
    desk_clock_fake(c->started_at + at);
    must(desk_event_add(w->db, w->tenant, c->id, c->started_at, kind, name, detail, NULL), "event");
    desk_clock_fake(was);
}

static void world_talk(struct world *w, const struct desk_call *c, const struct world_call *s)
{
    char args[600], hello[300];
    const char *id = c->id, *who = s->name ? s->name : "";
    const char *reason = s->back_reason ? s->back_reason : "water heater repair";
    world_event(w, c, 0, "rule", "number.new", "Number not on any list, so Frontdesk answered.");
    world_event(w, c, 120, "rule", "inside_hours",
                "Inside opening hours (Fri 7:00 am to 5:00 pm).");
    world_event(w, c, 640, "stream", "stream.start", NULL);
    world_turn(w, id, DESK_WHO_DESK, "speech", 800, 4200,
               "Thanks for calling Harwick Plumbing. This is the automated front desk. "
               "How can I help?",
               NULL);
    world_turn(w, id, DESK_WHO_CALLER, "speech", 6000, 5000,
               "Hi, yes, my water heater is leaking all over the garage floor.", NULL);
    world_event(w, c, 11200, "rule", "emergency.heard",
                "Heard “leaking”: asked whether it is happening now.");
    world_turn(w, id, DESK_WHO_DESK, "speech", 12000, 3500,
               "I am sorry to hear that. Is this happening now?", "Press 1 for yes, 2 for no.");
    world_turn(w, id, DESK_WHO_CALLER, "keys", 17000, 400, "1", NULL);
    world_turn(w, id, DESK_WHO_DESK, "speech", 19000, 2000, "What is your name, please?", NULL);
    snprintf(hello, sizeof hello, "%s.", *who ? who : "I would rather not say");
    world_turn(w, id, DESK_WHO_CALLER, "speech", 23000, 1500, hello, NULL);
    snprintf(args, sizeof args, "{\"name\":\"%s\",\"reason\":\"%s\"}", who, reason);
    world_tool(w, id, "log_caller_info", args, true, 25500, 12);
    world_turn(w, id, DESK_WHO_DESK, "speech", 26500, 5000, "Thank you. When should we call?",
               NULL);
    world_turn(w, id, DESK_WHO_CALLER, "speech", 33000, 1800, "As soon as possible, please.", NULL);
    if (s->back_state) {
        snprintf(args, sizeof args, "{\"name\":\"%s\",\"when_text\":\"%s\",\"reason\":\"%s\"}", who,
                 s->back_when ? s->back_when : "", reason);
        world_tool(w, id, "schedule_callback", args, true, 36000, 420);
        world_event(w, c, 36100, "tool", "schedule_callback", "A callback was put on the list.");
    }
    world_turn(w, id, DESK_WHO_DESK, "speech", 38000, 4000,
               "Sal will call you back. Is there anything else?", NULL);
    world_turn(w, id, DESK_WHO_CALLER, "speech", 43500, 1500, "No, thank you. Bye.", NULL);
    world_tool(w, id, "end_call", "{}", true, 46000, 3);
    world_event(w, c, 47000, "status", "completed", "Caller hung up.");
}

static void world_results(struct world *w, const struct desk_call *c, const struct world_call *s)
{
    char id[DESK_ID_LEN], sid[64], key[DESK_BLIND_LEN];
    if (s->back_state) {
        bool open = strcmp(s->back_state, "open") == 0;
        if (s->number)
            desk_blind(desk_db_key(w->db), w->tenant, s->number, key);
        struct desk_callback k = {.id = desk_id_new(id, "cb"),
                                  .tenant_id = w->tenant,
                                  .call_id = c->id,
                                  .contact_id = c->contact_id,
                                  .name = s->name,
                                  .number = s->number,
                                  .number_key = s->number ? key : NULL,
                                  .reason = s->back_reason,
                                  .when_text = s->back_when,
                                  .urgent = s->urgent,
                                  .state = s->back_state,
                                  .created_at = c->started_at + 36000,
                                  .closed_at = open ? 0 : c->started_at + 25 * MIN_MS};
        must(desk_callback_insert(w->db, &k), "callback");
    }
    if (s->message_s) {
        snprintf(sid, sizeof sid, "RE%s", c->id);
        struct desk_message m = {.id = desk_id_new(id, "msg"),
                                 .tenant_id = w->tenant,
                                 .call_id = c->id,
                                 .recording_sid = s->message_s > 0 ? sid : NULL,
                                 .seconds = s->message_s > 0 ? s->message_s : 0,
                                 .text = s->message,
                                 .state = "new",
                                 .created_at = c->ended_at};
        must(desk_message_insert(w->db, &m), "message");
    }
}

/* Sample i of a side of a recording made here: two low tones, as loud as words are, in turn. */
static uint8_t world_sound(int side, int64_t i)
{
    int64_t period = side ? 40 : 64, at = i % period, word = i / 2400;
    bool speaks = (word / 12 + side) % 2;
    int64_t softer = speaks ? (word * 37 + side * 11) % 64 : 0x5c;
    return (uint8_t)((at < period / 2 ? 0x20 : 0xa0) + side + softer);
}

static void world_file(const struct desk_recording *r)
{
    struct desk_recfile f;
    uint8_t sound[DESK_REC_PIECE];
    int64_t samples = r->ms * 8;
    must(desk_recfile_create(&f, desk_store_the_key(), r->path, r->tenant_id, r->id), "recfile");
    for (int64_t k = 0; k * DESK_REC_PIECE < samples; k++)
        for (int side = 0; side < 2; side++) {
            for (int64_t i = 0; i < DESK_REC_PIECE; i++)
                sound[i] = world_sound(side, k * DESK_REC_PIECE + i);
            must(desk_recfile_put(&f, (enum desk_rec_side)side, k, sound), "piece");
        }
    must(desk_recfile_end(&f, samples), "end");
    desk_recfile_close(&f);
}

/* What came after that call: notes, cost, and a promise that nobody kept. */
__attribute__((unused)) static void world_after(struct world *w, const char *call_id)
{
    const struct desk_call_after r = {
        .tenant_id = w->tenant,
        .location_id = w->location,
        .call_id = call_id,
        .by_whom = DESK_AFTER_RULES,
        .why_rules = "The text model was too busy.",
        .summary = "Wants a call back: leaking water heater.",
        .topics = "emergency, call back",
        .sentiment = "bad",
        .facts =
            "{\"name\":\"Marcus <b>Bell</b>\",\"number\":\"+18605550134\",\"wants\":\"a leaking "
            "water heater mended\"}",
        .needs_owner = true,
        .nanos = 187000000,
        .cost = "[{\"part\":\"telephone\",\"model\":\"telephone\",\"nanos\":37500000,\"priced\":"
                "true},{\"part\":\"voice\",\"model\":\"gpt-realtime-2.1\",\"nanos\":149500000,"
                "\"priced\":true},{\"part\":\"words\",\"model\":\"my-own\",\"nanos\":0,\"priced\":"
                "false}]",
        .unpriced = "my-own",
        .told = "text",
        .started_at = w->now};
    const struct desk_attention card = {.tenant_id = w->tenant,
                                        .call_id = call_id,
                                        .claim = "texted",
                                        .words = "I have just texted you the address.",
                                        .at_ms = 42000};
    must(DESK_TX_BEGIN(w->db), "begin");
    must(desk_call_after_insert(w->db, &r), "after");
    must(desk_attention_raise(w->db, &card), "attention");
    must(desk_tx_end(w->db, DESK_OK), "commit");
}

/* A recording of that call: r's kind, state, ms and cut. With a file if it is ours and ready. Its
 * id is the call's with "rec_" before it. */
__attribute__((unused)) static void world_recording(struct world *w, const char *call_id,
                                                    struct desk_recording r)
{
    char id[DESK_ID_LEN], path[DESK_REC_PATH];
    snprintf(id, sizeof id, "rec_%s", call_id);
    bool own = strcmp(r.kind, DESK_REC_OWN) == 0;
    r.id = id;
    r.tenant_id = w->tenant;
    r.call_id = call_id;
    r.started_at = w->now - 3600000;
    r.consent = DESK_CONSENT_SPOKEN;
    r.consent_at = r.started_at;
    if (own && strcmp(r.state, DESK_REC_ERASED) != 0)
        r.path = desk_recfile_path(path, id, r.started_at);
    else if (own)
        r.erased_at = w->now;
    else
        r.twilio_sid = id;
    must(DESK_TX_BEGIN(w->db), "begin");
    must(desk_recording_insert(w->db, &r), "recording");
    must(desk_tx_end(w->db, DESK_OK), "commit");
    if (own && strcmp(r.state, DESK_REC_READY) == 0)
        world_file(&r);
}

/* Writes one call; its id in the arena. */
__attribute__((unused)) static const char *world_call(struct world *w, const struct world_call *s)
{
    char id[DESK_ID_LEN], sid[64], key[DESK_BLIND_LEN] = "";
    struct desk_contact person = {0};
    int64_t at = w->now - s->ago_min * MIN_MS;
    const char *cid = desk_arena_strdup(w->arena, s->id ? s->id : desk_id_new(id, "call"));
    desk_clock_fake(at);
    snprintf(sid, sizeof sid, "CA%s", cid);
    must(DESK_TX_BEGIN(w->db), "begin");
    if (s->number) {
        desk_blind(desk_db_key(w->db), w->tenant, s->number, key);
        must(desk_contact_called(w->db, w->arena, w->tenant, s->number, &person), "contact");
        if (s->name)
            must(desk_contact_learn(w->db, w->tenant, person.id, s->name, NULL, NULL), "learn");
    }
    struct desk_call c = {.id = cid,
                          .tenant_id = w->tenant,
                          .location_id = w->location,
                          .contact_id = person.id,
                          .call_sid = sid,
                          .direction = "inbound",
                          .caller_kind = s->number ? "new" : "withheld",
                          .from_number = s->number,
                          .from_key = s->number ? key : NULL,
                          .to_number = "+18605550100",
                          .mode = s->mode ? s->mode : DESK_MODE_REALTIME,
                          .status = s->seconds ? "completed" : "in-progress",
                          .status_rank = s->seconds ? 50 : 40,
                          .outcome = s->outcome,
                          .summary = s->summary,
                          .urgent = s->urgent,
                          .first_audio_ms = 800,
                          .started_at = at,
                          .ended_at = s->seconds ? at + s->seconds * 1000 : 0,
                          .duration_ms = s->seconds * 1000,
                          .updated_at = at};
    must(desk_call_insert(w->db, &c), "call");
    if (s->talk)
        world_talk(w, &c, s);
    world_results(w, &c, s);
    must(desk_tx_end(w->db, DESK_OK), "commit");
    desk_clock_fake(w->now);
    return cid;
}

#endif
