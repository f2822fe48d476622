/* Prepares and reads a Frontdesk database for end-to-end tests; columns are sealed, so it takes our
 * own code. Settings (FRONTDESK_DATA …) come from the environment. Built by db.mjs.
 *   seed init [OWNER_PHONE]         make the database, key, one business
 *   seed call SID FROM|- [AGED_MS]  insert a call and its stream token → {"id","token"}
 *   seed status SID WORD            move the call's status (completed ends it)
 *   seed dump SID                   the call with all that hangs on it, as JSON
 *   seed consent SID                the consent line was said before this call
 *   seed google SLUG PAYLOAD        an owner's consent at Google, for the worker
 *   seed lead SLUG SID JOB           a call of that business with a lead in it → {"lead","call"}
 *   seed texts FROM N               N numbered texts of four businesses into the outbox, some
 * urgent seed outbox                     → {"texts":[[words,state,priority,ambiguous,asking], …]}
 *   seed over FROM N                N calls SID CAover0001 … that are over, each with a promise
 *                                   that nobody kept; the owner wants to be told of each
 *   seed visit NUMBER MINUTES       an appointment in so many minutes, booked yesterday → {"id"}
 *   seed standing NUMBER WORD       a contact that has called: vip, vendor, blocked, - = none
 *   seed exception NUMBER CATEGORY  a number that bypasses screening
 *   seed records TENANT LOCATION    a call with all that may come of one → {"calls":ID, …}
 *   seed lock MS                    hold the write lock
 *   seed cert URL CA_FILE           → {"status","expires"} of a server's certificate
 */
#include "base/clock.h"
#include "base/config.h"
#include "base/ids.h"
#include "base/log.h"
#include "db/db.h"
#include "out/http.h"
#include "store/appointments.h"
#include "store/attention.h"
#include "store/call_after.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/conversation.h"
#include "store/dtools.h"
#include "store/exceptions.h"
#include "store/open.h"
#include "store/outbox.h"
#include "store/recordings.h"
#include "store/records.h"
#include "store/results.h"
#include "store/sheet_rows.h"
#include "store/tenants.h"
#include "talk/texts.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static struct desk_db *db;
static struct desk_arena *arena;

static void must(enum desk_rc rc, const char *what)
{
    if (!rc)
        return;
    fprintf(stderr, "seed: %s: %s\n", what, desk_rc_name(rc));
    exit(1);
}

static int init(int n, char **v)
{
    int64_t now = desk_now_ms();
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tenant_insert(
             db,
             &(struct desk_tenant){
                 .id = "tenant_1",
                 .slug = "plumbing",
                 .name = "Harwick Plumbing",
                 .profile = "{\"greeting\":\"Thanks for calling Harwick Plumbing.\",\"services\":"
                            "[\"repair\"],\"people\":[\"Sal\"],\"emergencies\":[\"burst pipe\"]}",
                 .created_at = now,
                 .updated_at = now}),
         "tenant");
    must(desk_location_insert(db, &(struct desk_location){.id = "loc_1",
                                                          .tenant_id = "tenant_1",
                                                          .name = "Main",
                                                          .zone = "America/New_York",
                                                          .hours = "{}",
                                                          .owner_name = "Sal",
                                                          .owner_phone = n > 0 ? v[0] : NULL,
                                                          .created_at = now}),
         "location");
    must(desk_number_insert(db, &(struct desk_number){"+18605550100", "tenant_1", "loc_1", now}),
         "number");
    must(desk_tx_end(db, DESK_OK), "commit");
    return 0;
}

static int call(int n, char **v)
{
    char id[DESK_ID_LEN], token[DESK_TOKEN_LEN];
    const char *from = strcmp(v[1], "-") == 0 ? NULL : v[1];
    long aged = n > 2 ? strtol(v[2], NULL, 10) : 0;
    struct desk_contact contact = {.id = NULL};
    desk_clock_fake(desk_now_ms() - aged);
    must(DESK_TX_BEGIN(db), "begin");
    if (from)
        must(desk_contact_called(db, arena, "tenant_1", from, &contact), "contact");
    struct desk_call c = {.id = desk_id_new(id, "call"),
                          .tenant_id = "tenant_1",
                          .location_id = "loc_1",
                          .contact_id = contact.id,
                          .call_sid = v[0],
                          .direction = "inbound",
                          .caller_kind = from ? "new" : "withheld",
                          .from_number = from,
                          .to_number = "+18605550100",
                          .mode = DESK_MODE_REALTIME,
                          .status = "in-progress",
                          .status_rank = desk_call_rank("in-progress"),
                          .started_at = desk_now_ms(),
                          .updated_at = desk_now_ms()};
    must(desk_call_insert(db, &c), "call");
    must(desk_call_stream_token(db, &c, token), "token");
    must(desk_tx_end(db, DESK_OK), "commit");
    printf("{\"id\":\"%s\",\"token\":\"%s\"}\n", id, token);
    return 0;
}

static int status(int n, char **v)
{
    struct desk_call c;
    (void)n;
    must(desk_call_by_sid(db, arena, v[0], &c), "call");
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_call_status(db, &c, v[1], true), "status");
    must(desk_tx_end(db, DESK_OK), "commit");
    return 0;
}

#define ADD_LIST(name, type, table, get)                                                           \
    do {                                                                                           \
        struct type *rows;                                                                         \
        size_t count;                                                                              \
        must(get, name);                                                                           \
        json_t *list = json_array();                                                               \
        for (size_t i = 0; i < count; i++)                                                         \
            json_array_append_new(list, desk_fields_json(&(table), &rows[i]));                     \
        json_object_set_new(all, name, list);                                                      \
    } while (0)

static int dump(int n, char **v)
{
    struct desk_call c;
    struct desk_contact person;
    (void)n;
    must(desk_call_by_sid(db, arena, v[0], &c), "call");
    json_t *all = json_object();
    json_object_set_new(all, "call", desk_fields_json(&desk_call_fields, &c));
    if (c.contact_id && !desk_contact_get(db, arena, c.tenant_id, c.contact_id, &person))
        json_object_set_new(all, "contact", desk_fields_json(&desk_contact_fields, &person));
    ADD_LIST("turns", desk_turn, desk_turn_fields,
             desk_turn_list(db, arena, c.tenant_id, c.id, 1000, &rows, &count));
    ADD_LIST("events", desk_event, desk_event_fields,
             desk_event_list(db, arena, c.tenant_id, c.id, 1000, &rows, &count));
    ADD_LIST("tools", desk_tool_run, desk_tool_run_fields,
             desk_tool_run_list(db, arena, c.tenant_id, c.id, &rows, &count));
    ADD_LIST("callbacks", desk_callback, desk_callback_fields,
             desk_callback_by_call(db, arena, c.tenant_id, c.id, &rows, &count));
    ADD_LIST("recordings", desk_recording, desk_recording_fields,
             desk_recording_by_call(db, arena, c.tenant_id, c.id, &rows, &count));
    ADD_LIST("outbox", desk_outbox, desk_outbox_fields,
             desk_outbox_by_call(db, arena, c.tenant_id, c.id, &rows, &count));
    ADD_LIST("attention", desk_attention, desk_attention_fields,
             desk_attention_by_call(db, arena, c.tenant_id, c.id, &rows, &count));
    struct desk_call_after after;
    if (!desk_call_after_get(db, arena, c.tenant_id, c.id, &after))
        json_object_set_new(all, "notes", desk_fields_json(&desk_call_after_fields, &after));
    json_dumpf(all, stdout, JSON_COMPACT);
    json_decref(all);
    return 0;
}

static void say(const char *call_id, const char *who, const char *text, int64_t at)
{
    char item[32];
    snprintf(item, sizeof item, "%s%lld", who, (long long)at);
    struct desk_turn t = {.tenant_id = "tenant_1",
                          .call_id = call_id,
                          .item_id = item,
                          .who = who,
                          .how = "speech",
                          .text = text,
                          .start_ms = at,
                          .end_ms = at + 500};
    must(desk_turn_add(db, &t), "turn");
}

static int over(int n, char **v)
{
    struct desk_tenant t;
    int from = (int)strtol(v[0], NULL, 10), count = (int)strtol(v[1], NULL, 10);
    (void)n;
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tenant_get(db, arena, "tenant_1", &t), "tenant");
    t.profile = "{\"after_call\":{\"tell\":\"every\",\"by\":[\"sms\"]}}";
    t.updated_at = desk_now_ms();
    must(desk_tenant_update(db, &t), "profile");
    for (int i = from; i < from + count; i++) {
        char id[DESK_ID_LEN], sid[40], number[24];
        snprintf(sid, sizeof sid, "CAover%04d", i);
        snprintf(number, sizeof number, "+1415555%04d", 1000 + i);
        struct desk_call c = {.id = desk_id_new(id, "call"),
                              .tenant_id = "tenant_1",
                              .location_id = "loc_1",
                              .call_sid = sid,
                              .direction = "inbound",
                              .caller_kind = "new",
                              .from_number = number,
                              .from_key = number,
                              .to_number = "+18605550100",
                              .mode = DESK_MODE_GATHER,
                              .status = "in-progress",
                              .status_rank = desk_call_rank("in-progress"),
                              .started_at = desk_now_ms() - 100000,
                              .updated_at = desk_now_ms()};
        must(desk_call_insert(db, &c), "call");
        say(id, DESK_WHO_CALLER, "My tap is leaking, can somebody call me?", 1000);
        say(id, DESK_WHO_DESK, "Sal will call you back this afternoon.", 3000);
        must(desk_call_end(db, &c, "completed", true, desk_now_ms() - 70000), "end");
    }
    must(desk_tx_end(db, DESK_OK), "commit");
    return 0;
}

static int consent(int n, char **v)
{
    struct desk_call c;
    (void)n;
    must(desk_call_by_sid(db, arena, v[0], &c), "call");
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_event_add(db, c.tenant_id, c.id, c.started_at, "rule", "consent_said",
                        "This call is recorded.", DESK_CONSENT_DEDUPE),
         "event");
    must(desk_tx_end(db, DESK_OK), "commit");
    return 0;
}

static int standing(int n, char **v)
{
    struct desk_contact c;
    const char *word = strcmp(v[1], "-") == 0 ? NULL : v[1];
    (void)n;
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_contact_called(db, arena, "tenant_1", v[0], &c), "contact");
    must(desk_contact_standing(db, "tenant_1", c.id, word), "standing");
    must(desk_tx_end(db, DESK_OK), "commit");
    return 0;
}

static int exception(int n, char **v)
{
    (void)n;
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_exception_put(db, "tenant_1", v[0], "Somebody", v[1]), "exception");
    must(desk_tx_end(db, DESK_OK), "commit");
    return 0;
}

static int lock(int n, char **v)
{
    long ms = strtol(v[0], NULL, 10);
    struct timespec t = {ms / 1000, (ms % 1000) * 1000000};
    (void)n;
    must(DESK_TX_BEGIN(db), "begin");
    printf("locked\n");
    fflush(stdout);
    nanosleep(&t, NULL);
    must(desk_tx_end(db, DESK_OK), "commit");
    return 0;
}

static int cert(int n, char **v)
{
    struct desk_http_reply reply;
    const struct desk_http_request req = {
        .url = v[0], .ca_file = v[1], .certificate = true, .once = true};
    (void)n;
    must(desk_http_send(&req, &reply), "request");
    printf("{\"status\":%d,\"expires\":%lld}\n", reply.status, (long long)reply.cert_expires);
    desk_http_reply_clear(&reply);
    return 0;
}

/* ---- the outbox ------------------------------------------------------------------------------ */

#define PLACES 4

static void places(void)
{
    int64_t now = desk_now_ms(), n = 0;
    char id[24], slug[24], branch[24];
    must(desk_tenant_count(db, &n), "count");
    for (int i = 0; !n && i < PLACES; i++) {
        snprintf(id, sizeof id, "place_%d", i);
        snprintf(slug, sizeof slug, "place-%d", i);
        snprintf(branch, sizeof branch, "branch_%d", i);
        must(desk_tenant_insert(db, &(struct desk_tenant){.id = id,
                                                          .slug = slug,
                                                          .name = slug,
                                                          .profile = "{}",
                                                          .created_at = now,
                                                          .updated_at = now}),
             "tenant");
        must(desk_location_insert(db, &(struct desk_location){.id = branch,
                                                              .tenant_id = id,
                                                              .name = "Main",
                                                              .zone = "UTC",
                                                              .hours = "{}",
                                                              .created_at = now}),
             "location");
    }
}

static int texts(int n, char **v)
{
    long from = strtol(v[0], NULL, 10), count = strtol(v[1], NULL, 10);
    (void)n;
    must(DESK_TX_BEGIN(db), "begin");
    places();
    for (long i = from; i < from + count; i++) {
        char tenant[24], body[24], to[24];
        snprintf(tenant, sizeof tenant, "place_%ld", i % PLACES);
        snprintf(body, sizeof body, "text %ld", i);
        snprintf(to, sizeof to, "+1415555%04ld", 100 + i % 100);
        const struct desk_text t = {.tenant_id = tenant,
                                    .from = "+18605550100",
                                    .to = to,
                                    .body = body,
                                    .key = body,
                                    .priority = i % 5 ? DESK_OUTBOX_NORMAL : DESK_OUTBOX_ALERT};
        must(desk_text_queue(db, arena, &t), "text");
    }
    must(desk_tx_end(db, DESK_OK), "commit");
    return 0;
}

static int visit(int n, char **v)
{
    char id[DESK_ID_LEN];
    struct desk_tenant *t;
    struct desk_location l;
    size_t n_tenants = 0;
    int64_t now = desk_now_ms(), start = now + strtoll(v[1], NULL, 10) * 60000;
    (void)n;
    must(desk_tenant_list(db, arena, &t, &n_tenants), "tenants");
    must(desk_location_first(db, arena, t[0].id, &l), "location");
    const struct desk_appointment row = {.id = desk_id_new(id, "ap"),
                                         .tenant_id = t[0].id,
                                         .location_id = l.id,
                                         .service = "drain",
                                         .service_name = "drain cleaning",
                                         .resource = id,
                                         .status = DESK_APPT_BOOKED,
                                         .start_at = start,
                                         .end_at = start + 3600000,
                                         .busy_until = start + 3600000,
                                         .name = "Dana <& \"Whitfield\">",
                                         .number = v[0],
                                         .source = "owner",
                                         .created_at = now - 86400000,
                                         .updated_at = now - 86400000};
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_appointment_insert(db, &row)), "visit");
    printf("{\"id\":\"%s\"}\n", id);
    return 0;
}

static int outbox(int n, char **v)
{
    json_t *all = json_array(), *root = json_object();
    (void)n;
    (void)v;
    for (int i = 0; i < PLACES; i++) {
        char tenant[24];
        struct desk_outbox *rows;
        size_t found = 0;
        snprintf(tenant, sizeof tenant, "place_%d", i);
        must(desk_outbox_list(db, arena, tenant, false, 100000, &rows, &found), "list");
        for (size_t k = 0; k < found; k++)
            json_array_append_new(all, json_pack("[s, s, I, b, I]", rows[k].dedupe, rows[k].state,
                                                 (json_int_t)rows[k].priority, rows[k].ambiguous,
                                                 (json_int_t)rows[k].asking));
    }
    json_object_set_new(root, "texts", all);
    json_dumpf(root, stdout, JSON_COMPACT);
    json_decref(root);
    return 0;
}

/* One row of each kind that REST clients may see, of that business. */
static int records(int n, char **v)
{
    int64_t now = desk_now_ms();
    char call_id[DESK_ID_LEN], turn[DESK_ID_LEN], message[DESK_ID_LEN], callback[DESK_ID_LEN],
        lead[DESK_ID_LEN], ticket[DESK_ID_LEN], number[] = "+14155550177";
    (void)n;
    struct desk_call c = {.id = desk_id_new(call_id, "call"),
                          .tenant_id = v[0],
                          .location_id = v[1],
                          .call_sid = "CArecords",
                          .direction = "inbound",
                          .caller_kind = "new",
                          .from_number = number,
                          .to_number = "+18605550100",
                          .mode = DESK_MODE_REALTIME,
                          .status = "completed",
                          .status_rank = desk_call_rank("completed"),
                          .outcome = DESK_OUT_CALLBACK,
                          .started_at = now,
                          .ended_at = now,
                          .updated_at = now};
    struct desk_turn t = {.id = desk_id_new(turn, "turn"),
                          .tenant_id = v[0],
                          .call_id = call_id,
                          .item_id = "i",
                          .who = DESK_WHO_CALLER,
                          .how = "speech",
                          .text = "my heater leaks",
                          .created_at = now};
    struct desk_message m = {.id = desk_id_new(message, "msg"),
                             .tenant_id = v[0],
                             .call_id = call_id,
                             .text = "please call",
                             .state = "new",
                             .created_at = now};
    struct desk_callback b = {.id = desk_id_new(callback, "cb"),
                              .tenant_id = v[0],
                              .call_id = call_id,
                              .name = "Dana",
                              .number = number,
                              .state = "open",
                              .created_at = now,
                              .next_at = INT64_MAX / 2};
    struct desk_lead l = {.id = desk_id_new(lead, "lead"),
                          .tenant_id = v[0],
                          .who_key = "k",
                          .name = "Dana",
                          .job = "a heater",
                          .state = "open",
                          .created_at = now,
                          .updated_at = now};
    struct desk_ticket k = {.id = desk_id_new(ticket, "tic"),
                            .tenant_id = v[0],
                            .problem = "no light",
                            .priority = "normal",
                            .state = "open",
                            .created_at = now,
                            .updated_at = now};
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_call_insert(db, &c), "call");
    must(desk_turn_add(db, &t), "turn");
    must(desk_message_insert(db, &m), "message");
    must(desk_callback_insert(db, &b), "callback");
    must(desk_lead_insert(db, &l), "lead");
    must(desk_ticket_insert(db, &k), "ticket");
    must(desk_tx_end(db, DESK_OK), "commit");
    printf("{\"calls\":\"%s\",\"conversations\":\"%s\",\"turns\":\"%s\",\"messages\":\"%s\","
           "\"callbacks\":\"%s\",\"leads\":\"%s\",\"tickets\":\"%s\"}\n",
           call_id, call_id, turn, message, callback, lead, ticket);
    return 0;
}

/* google SLUG PAYLOAD: what the dashboard leaves for the worker */
static int google(int n, char **v)
{
    struct desk_tenant t;
    (void)n;
    must(desk_tenant_by_slug(db, arena, v[0], &t), "business");
    const char *once = desk_arena_fmt(arena, "google:consent:%lld", (long long)desk_now_ms());
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db,
                     desk_outbox_add(db, &(struct desk_outbox_new){.tenant_id = t.id,
                                                                   .kind = DESK_OUTBOX_CONNECT,
                                                                   .dedupe = once,
                                                                   .priority = DESK_OUTBOX_NORMAL,
                                                                   .payload = v[1]})),
         "consent");
    return 0;
}

/* lead SLUG SID JOB: as the tool leaves it, in a call that goes on */
static int lead(int n, char **v)
{
    char call_id[DESK_ID_LEN], id[DESK_ID_LEN];
    struct desk_tenant t;
    struct desk_location *places;
    size_t n_places;
    int64_t now = desk_now_ms();
    (void)n;
    must(desk_tenant_by_slug(db, arena, v[0], &t), "business");
    must(desk_location_list(db, arena, t.id, &places, &n_places), "locations");
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_call_insert(db, &(struct desk_call){.id = desk_id_new(call_id, "call"),
                                                  .tenant_id = t.id,
                                                  .location_id = places[0].id,
                                                  .call_sid = v[1],
                                                  .direction = "inbound",
                                                  .caller_kind = "new",
                                                  .from_number = "+12135550177",
                                                  .to_number = "+12135550100",
                                                  .mode = DESK_MODE_REALTIME,
                                                  .status = "in-progress",
                                                  .status_rank = desk_call_rank("in-progress"),
                                                  .started_at = now,
                                                  .updated_at = now}),
         "call");
    must(desk_lead_insert(db, &(struct desk_lead){.id = desk_id_new(id, "lead"),
                                                  .tenant_id = t.id,
                                                  .call_id = call_id,
                                                  .who_key = call_id,
                                                  .name = "Dana Reed",
                                                  .number = "+12135550177",
                                                  .job = v[2],
                                                  .state = "open",
                                                  .created_at = now,
                                                  .updated_at = now}),
         "lead");
    must(desk_sheet_row(db, t.id, call_id, DESK_SHEET_LEAD, id), "sheet");
    must(desk_dtools_lead(db, t.id, call_id, id), "dtools");
    must(desk_tx_end(db, DESK_OK), "commit");
    printf("{\"lead\":\"%s\",\"call\":\"%s\"}\n", id, call_id);
    return 0;
}

static const struct {
    const char *name;
    int least;
    int (*fn)(int n, char **v);
} commands[] = {
    {"lead", 3, lead},           {"google", 2, google}, {"texts", 2, texts},
    {"outbox", 0, outbox},       {"init", 0, init},     {"call", 2, call},
    {"status", 2, status},       {"dump", 1, dump},     {"lock", 1, lock},
    {"consent", 1, consent},     {"cert", 2, cert},     {"standing", 2, standing},
    {"exception", 2, exception}, {"visit", 2, visit},   {"records", 2, records},
    {"over", 2, over},
};

int main(int argc, char **argv)
{
    char why[300] = "";
    must(desk_settings_load(NULL, why, sizeof why), why);
    desk_log_init("seed", DESK_LOG_WARN);
    mkdir(desk_setting(DESK_S_FRONTDESK_DATA), 0700);
    arena = desk_arena_new(64 * 1024 * 1024);
    must(desk_store_key(true, why, sizeof why), why);
    must(desk_store_create(&db), "database");
    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(commands[i].name, argv[1]) != 0 || argc - 2 < commands[i].least)
            continue;
        int rc = commands[i].fn(argc - 2, argv + 2);
        desk_db_close(db);
        desk_arena_free(arena);
        return rc;
    }
    fprintf(stderr, "usage: seed init|call|status|dump|lock …\n");
    return 2;
}
