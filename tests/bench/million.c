/* million CALLS LOGIN PASSWORD: fill the data folder (FRONTDESK_DATA) with a business and a year of
 * that many calls with what they cost; then print how long reports of its months take, counted from
 * the calls and read from days that were kept. Times in ms, of one run each. */
#include "bench.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "talk/report.h"
#include "tests/page/admin_world.h"

#include <sys/stat.h>
#include <time.h>

#define DAY_MS     86400000LL
#define YEAR_MS    (365 * DAY_MS)
#define AT_A_TIME  2000 /* calls in a transaction */
#define EACH_CALLS 4    /* how often a number calls in the year, on the average */

static struct world w;
static struct desk_arena *reports;

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

static void one_call(long i, long all)
{
    static const char *const outcomes[] = {"booked",   "callback", "answered",    "answered",
                                           "answered", "hung_up",  "transferred", "message"};
    char id[DESK_ID_LEN], sid[40], number[24], key[DESK_BLIND_LEN];
    int64_t at = w.now - YEAR_MS + (int64_t)((double)i * (double)(YEAR_MS - 60000) / (double)all);
    snprintf(number, sizeof number, "+1860%07u", any((uint32_t)(all / EACH_CALLS + 1)));
    snprintf(sid, sizeof sid, "CA%032lx", i);
    desk_blind(desk_db_key(w.db), w.tenant, number, key);
    const struct desk_call c = {.id = desk_id_new(id, "call"),
                                .tenant_id = w.tenant,
                                .location_id = w.location,
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
                                .summary = "Wanted a tap mended in the week after next.",
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
}

static void calls(long all)
{
    for (long i = 0; i < all;) {
        must(DESK_TX_BEGIN(w.db), "begin");
        for (long k = 0; k < AT_A_TIME && i < all; k++)
            one_call(i++, all);
        must(desk_tx_end(w.db, DESK_OK), "commit");
    }
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
    must(desk_store_create(&w.db), "database");
    world_business(&w, "harwick", "Harwick Plumbing", "+18605550100", argv[2], argv[3]);
    int64_t start = desk_mono_us();
    calls(all);
    printf("%ld calls written in %.0f s\n", all, ms_since(start) / 1000);
    if (all) {
        months("counted");
        start = desk_mono_us();
        must(desk_report_keep(w.db, reports, w.tenant, w.now, 400, &n), "keep");
        printf("%zu days counted and kept in %.0f ms\n", n, ms_since(start));
        months("kept");
    }
    desk_arena_free(reports);
    desk_arena_free(w.arena);
    desk_db_close(w.db);
    return 0;
}
