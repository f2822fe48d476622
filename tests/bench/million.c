/* million CALLS LOGIN PASSWORD: fill the data folder (FRONTDESK_DATA) with a business and a year of
 * that many calls with what they cost and led to: people, callbacks, messages, words, leads,
 * visits. Then print how long reports of its months take, counted from the calls and read from days
 * that were kept. Times in ms, of one run each. */
#include "bench.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "store/appointments.h"
#include "store/exceptions.h"
#include "store/latency.h"
#include "store/records.h"
#include "talk/report.h"
#include "tests/page/admin_world.h"

#include <sys/stat.h>
#include <time.h>

#define DAY_MS     86400000LL
#define YEAR_MS    (365 * DAY_MS)
#define AT_A_TIME  2000 /* calls in a transaction */
#define EACH_CALLS 4    /* how often a number calls in the year, on the average */
#define EACH_TALK  25   /* of so many calls one has its words */
#define EACH_LEAD  100
#define EACH_VISIT 40
#define VISITORS   20

static struct world w;
static struct desk_arena *reports, *one;

static uint32_t any(uint32_t n)
{
    static uint64_t s = 20261129;
    s = s * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((s >> 33) % n);
}

static double ms_since(int64_t start)
{
    return (double)(desk_mono_us() - start) / 1000.0;
}

/* ---- what a call leads to -------------------------------------------------------------------- */

static void callback(const struct desk_call *c)
{
    char id[DESK_ID_LEN];
    bool open = w.now - c->started_at < 2 * 3600000LL;
    must(desk_callback_insert(
             w.db, &(struct desk_callback){.id = desk_id_new(id, "cb"),
                                           .tenant_id = w.tenant,
                                           .call_id = c->id,
                                           .contact_id = c->contact_id,
                                           .name = "Dana Whitfield",
                                           .number = c->from_number,
                                           .reason = "a dripping tap",
                                           .state = open ? "open" : "done",
                                           .created_at = c->started_at,
                                           .closed_at = open ? 0 : c->started_at + 3600000,
                                           .due_at = c->started_at + 7200000}),
         "callback");
}

static void message(const struct desk_call *c)
{
    char id[DESK_ID_LEN];
    bool fresh = w.now - c->started_at < 2 * 3600000LL;
    must(
        desk_message_insert(w.db, &(struct desk_message){.id = desk_id_new(id, "msg"),
                                                         .tenant_id = w.tenant,
                                                         .call_id = c->id,
                                                         .seconds = 20,
                                                         .text = "Please ring me about the boiler.",
                                                         .state = fresh ? "new" : "heard",
                                                         .created_at = c->started_at}),
        "message");
}

static void talk(const struct desk_call *c)
{
    char day[16];
    struct desk_local_time t;
    desk_tz_local(desk_tz_load("America/New_York"), c->started_at, &t);
    snprintf(day, sizeof day, "%04d-%02d-%02d", t.year % 10000, t.month, t.day);
    world_turn(&w, c->id, DESK_WHO_DESK, "speech", 800, 3000,
               "Thanks for calling Harwick Plumbing, how can I help?", NULL);
    world_turn(&w, c->id, DESK_WHO_CALLER, "speech", 4000, 3000,
               "My kitchen tap is dripping and it gets worse every day.", NULL);
    enum desk_rc rc = desk_latency_add(w.db, &(struct desk_latency){.tenant_id = w.tenant,
                                                                    .call_id = c->id,
                                                                    .kind = DESK_LATENCY_TURN,
                                                                    .turn = 1,
                                                                    .total_ms = 400 + any(2500),
                                                                    .model_ms = 300,
                                                                    .day = day,
                                                                    .created_at = c->started_at});
    must(rc == DESK_DONE ? DESK_OK : rc, "latency");
}

static void lead(const struct desk_call *c)
{
    char id[DESK_ID_LEN];
    bool open = w.now - c->started_at < 30 * DAY_MS;
    must(desk_lead_insert(w.db, &(struct desk_lead){.id = desk_id_new(id, "lead"),
                                                    .tenant_id = w.tenant,
                                                    .call_id = c->id,
                                                    .contact_id = c->contact_id,
                                                    .who_key = c->from_key,
                                                    .name = "Dana Whitfield",
                                                    .number = c->from_number,
                                                    .job = "a new bathroom",
                                                    .state = open ? "open" : "won",
                                                    .created_at = c->started_at,
                                                    .updated_at = c->started_at}),
         "lead");
}

static void visit(const struct desk_call *c, long i)
{
    char id[DESK_ID_LEN], who[32], resource[DESK_BLIND_LEN];
    snprintf(who, sizeof who, "person|%ld", i / EACH_VISIT % VISITORS);
    desk_appointment_resource(w.db, w.tenant, who, resource);
    int64_t start = c->started_at + 3 * DAY_MS;
    enum desk_rc rc =
        desk_appointment_insert(w.db, &(struct desk_appointment){.id = desk_id_new(id, "appt"),
                                                                 .tenant_id = w.tenant,
                                                                 .location_id = w.location,
                                                                 .call_id = c->id,
                                                                 .contact_id = c->contact_id,
                                                                 .service = "repair",
                                                                 .service_name = "Repair",
                                                                 .resource = resource,
                                                                 .status = DESK_APPT_BOOKED,
                                                                 .start_at = start,
                                                                 .end_at = start + 1800000,
                                                                 .busy_until = start + 1800000,
                                                                 .name = "Dana Whitfield",
                                                                 .number = c->from_number,
                                                                 .source = "call",
                                                                 .created_at = c->started_at,
                                                                 .updated_at = c->started_at});
    must(rc == DESK_ECONFLICT ? DESK_OK : rc, "visit");
}

static void leads_to(const struct desk_call *c, long i)
{
    if (strcmp(c->outcome, "callback") == 0)
        callback(c);
    if (strcmp(c->outcome, "message") == 0)
        message(c);
    if (i % EACH_TALK == 0)
        talk(c);
    if (i % EACH_LEAD == 0)
        lead(c);
    if (i % EACH_VISIT == 0)
        visit(c, i);
    if (w.now - c->started_at < 3600000 / 4)
        must(desk_attention_raise(w.db, &(struct desk_attention){.tenant_id = w.tenant,
                                                                 .call_id = c->id,
                                                                 .claim = "callback",
                                                                 .words = "We will ring you."}),
             "attention");
}

/* ---- calls ----------------------------------------------------------------------------------- */

static const char *person(const char *number, uint32_t who)
{
    struct desk_contact p;
    must(desk_contact_called(w.db, one, w.tenant, number, &p), "person");
    if (p.calls == 0 && who % 4 == 0)
        must(desk_contact_learn(w.db, w.tenant, p.id, "Dana Whitfield", NULL, NULL), "name");
    return p.id;
}

static void one_call(long i, long all)
{
    static const char *const outcomes[] = {"booked",   "callback", "answered",    "answered",
                                           "answered", "hung_up",  "transferred", "message"};
    char id[DESK_ID_LEN], sid[40], number[24], key[DESK_BLIND_LEN];
    int64_t at = w.now - YEAR_MS + (int64_t)((double)i * (double)(YEAR_MS - 60000) / (double)all);
    uint32_t who = any((uint32_t)(all / EACH_CALLS + 1));
    desk_arena_reset(one);
    desk_clock_fake(at);
    snprintf(number, sizeof number, "+1860%07u", who);
    snprintf(sid, sizeof sid, "CA%032lx", i);
    desk_blind(desk_db_key(w.db), w.tenant, number, key);
    const struct desk_call c = {
        .id = desk_id_new(id, "call"),
        .tenant_id = w.tenant,
        .location_id = w.location,
        .contact_id = who % 4 ? NULL : person(number, who / 4),
        .call_sid = sid,
        .direction = "inbound",
        .caller_kind = "new",
        .from_number = number,
        .from_key = key,
        .to_number = "+18605550100",
        .mode = DESK_MODE_REALTIME,
        .status = "completed",
        .status_rank = 50,
        .outcome = outcomes[any(8)],
        .summary = i % EACH_TALK ? "Wanted a tap mended in the week after next." : NULL,
        .urgent = i % 100000 == 50000,
        .first_audio_ms = 700,
        .started_at = at,
        .ended_at = at + 90000,
        .duration_ms = 20000 + any(200000),
        .updated_at = at};
    must(desk_call_insert(w.db, &c), "call");
    must(desk_call_after_insert(w.db, &(struct desk_call_after){.tenant_id = w.tenant,
                                                                .location_id = w.location,
                                                                .call_id = c.id,
                                                                .by_whom = DESK_AFTER_RULES,
                                                                .summary = "A tap.",
                                                                .topics = "",
                                                                .sentiment = "neutral",
                                                                .facts = "{}",
                                                                .nanos = 10000000 + any(90000000),
                                                                .cost = "[]",
                                                                .unpriced = "",
                                                                .told = "no",
                                                                .started_at = at}),
         "after");
    leads_to(&c, i);
}

static void calls(long all)
{
    for (long i = 0; i < all;) {
        must(DESK_TX_BEGIN(w.db), "begin");
        for (long k = 0; k < AT_A_TIME && i < all; k++)
            one_call(i++, all);
        must(desk_tx_end(w.db, DESK_OK), "commit");
    }
    desk_clock_fake(0);
    must(desk_db_maintain(w.db), "maintain");
}

/* The slowest of twelve months; and the processor's own time for it, whoever else was using it. */
static void months(const char *what)
{
    double worst = 0, work = 0;
    int64_t most = 0;
    for (int i = 0; i < 12; i++) {
        desk_arena_reset(reports);
        struct desk_report *r = desk_arena_alloc(reports, sizeof *r);
        clock_t began = clock();
        int64_t from = w.now - YEAR_MS + i * 30 * DAY_MS, start = desk_mono_us();
        must(desk_report_make(w.db, reports, w.tenant, NULL, from, from + 30 * DAY_MS, r),
             "report");
        double ms = ms_since(start), cpu = (double)(clock() - began) * 1000 / CLOCKS_PER_SEC;
        worst = ms > worst ? ms : worst;
        work = cpu > work ? cpu : work;
        most = r->calls > most ? r->calls : most;
    }
    printf(
        "report of a month, %-16s %10.1f ms, %.1f of the processor (slowest of 12; %lld calls)\n",
        what, worst, work, (long long)most);
}

int main(int argc, char **argv)
{
    char why[300];
    size_t n;
    if (argc != 4) {
        fprintf(stderr, "usage: million CALLS LOGIN PASSWORD\n");
        return 64;
    }
    long all = strtol(argv[1], NULL, 10);
    desk_log_init("million", DESK_LOG_WARN);
    must(desk_settings_load(NULL, why, sizeof why), "settings");
    mkdir(desk_setting(DESK_S_FRONTDESK_DATA), 0700);
    must(desk_store_key(true, why, sizeof why), "key");
    w = (struct world){.arena = desk_arena_new(64 << 20), .now = desk_now_ms()};
    reports = desk_arena_new(256 << 20);
    one = desk_arena_new(4 << 20);
    must(desk_store_create(&w.db), "database");
    world_business(&w, "harwick", "Harwick Plumbing", "+18605550100", argv[2], argv[3]);
    /* the filling alone: nobody minds if it must be begun again */
    must(desk_db_script(w.db, "PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;"
                              "PRAGMA wal_autocheckpoint = 50000"),
         "pragmas");
    int64_t start = desk_mono_us();
    calls(all);
    for (int i = 0; all > 1 && i < 200; i++) {
        char number[24];
        snprintf(number, sizeof number, "+1203555%04d", i);
        must(DESK_TX_BEGIN(w.db), "begin");
        must(desk_tx_end(w.db, desk_exception_put(w.db, w.tenant, number, "Ruth", "family")),
             "exception");
    }
    printf("%ld calls written in %.0f s\n", all, ms_since(start) / 1000);
    desk_db_close(w.db); /* as programs open it */
    must(desk_store_create(&w.db), "database");
    if (all) {
        months("counted");
        start = desk_mono_us();
        must(desk_report_keep(w.db, reports, w.tenant, w.now, 1000, &n), "keep");
        printf("%zu days and hours counted and kept in %.0f ms\n", n, ms_since(start));
        months("kept");
    }
    desk_arena_free(one);
    desk_arena_free(reports);
    desk_arena_free(w.arena);
    desk_db_close(w.db);
    return 0;
}
