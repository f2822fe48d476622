/* A search over a million turns: seeds a database (BENCH_TURNS, default 1,000,000) and measures the
 * store's part of the page: finding and opening 26 rows. Not part of `make bench`: the seeding
 * takes many minutes. Run by hand.
 *
 * Seen on 29 November 2026 with 180,000 turns and 1.8 million words in the index, 2 vCPUs with a
 * load of 20: a rare word 0.4 ms, the commonest 38 ms, five common words that never meet 38 ms.
 * What is looked through ends at 20,000 places, so more turns cost no more.
 *
 *   make build/bench/search_million && build/bench/search_million
 */
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "store/calls.h"
#include "store/conversation.h"
#include "store/open.h"
#include "store/pages.h"
#include "store/tenants.h"
#include "store/word_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST(c)                                                                                    \
    do {                                                                                           \
        if (!(c)) {                                                                                \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #c);                                \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

static struct desk_db *db;
static struct desk_arena *a;

/* Zipf-like: few words in many turns, many in few. */
static const char *word(unsigned *r, char out[16])
{
    *r = *r * 1103515245u + 12345u;
    unsigned x = (*r >> 16) % 1000u, n = x * x / 50u * x / 1000u;
    snprintf(out, 16, "w%uq", n);
    return out;
}

static void seed(int turns)
{
    struct desk_tenant t = {"t1", "one", "One", "{}", 1, 1, NULL};
    struct desk_location l = {"l1", "t1", "Main", "UTC", "{}", NULL, NULL, 1, NULL, NULL};
    unsigned r = 1;
    char id[32], sid[32], text[200], w[16], item[16];
    MUST(!DESK_TX_BEGIN(db) && !desk_tenant_insert(db, &t) && !desk_location_insert(db, &l) &&
         !desk_tx_end(db, DESK_OK));
    for (int i = 0; i < turns; i++) {
        if (i % 20000 == 0)
            MUST(!DESK_TX_BEGIN(db));
        if (i % 10 == 0) {
            snprintf(id, sizeof id, "call_%d", i / 10);
            snprintf(sid, sizeof sid, "CA%d", i / 10);
            MUST(!desk_call_insert(db, &(struct desk_call){.id = id,
                                                           .tenant_id = "t1",
                                                           .location_id = "l1",
                                                           .call_sid = sid,
                                                           .direction = "inbound",
                                                           .caller_kind = "new",
                                                           .to_number = "+14155550100",
                                                           .mode = "realtime",
                                                           .status = "completed",
                                                           .status_rank = 50,
                                                           .started_at = 1 + i,
                                                           .updated_at = 1}));
        }
        size_t n = 0;
        for (int k = 0; k < 10; k++)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s ", word(&r, w));
        if (i % 100000 == 77777)
            snprintf(text + n, sizeof text - n, "zanzibar");
        snprintf(item, sizeof item, "i%d", i);
        MUST(!desk_turn_add(db, &(struct desk_turn){.tenant_id = "t1",
                                                    .call_id = id,
                                                    .item_id = item,
                                                    .who = DESK_WHO_CALLER,
                                                    .how = "speech",
                                                    .text = text,
                                                    .created_at = 1 + i}));
        if (i % 20000 == 19999 || i == turns - 1)
            MUST(!desk_tx_end(db, DESK_OK));
    }
}

static void ask(const char *question)
{
    struct desk_find f;
    struct desk_word_doc *docs;
    struct desk_turn t;
    size_t n = 0;
    int64_t best = INT64_MAX, first = 0;
    size_t opened = 0;
    desk_find_read(&f, question);
    const struct desk_index_ask q = {
        .tenant_id = "t1", .words = &f, .before_at = INT64_MAX, .before_n = INT64_MAX, .max = 26};
    for (int i = 0; i < 5; i++) {
        desk_arena_reset(a);
        int64_t from = desk_mono_us();
        MUST(!desk_index_find(db, a, &q, &docs, &n));
        for (size_t k = 0; k < n; k++)
            opened += !docs[k].turn_id ||
                      !desk_page_one(db, a, &desk_page_turns, "t1", docs[k].turn_id, &t);
        int64_t took = desk_mono_us() - from;
        first = i ? first : took;
        best = took < best ? took : best;
    }
    MUST(opened == 5 * n);
    printf("  %-28s %3zu found  first %7.1f ms  best %7.1f ms\n", question, n, (double)first / 1000,
           (double)best / 1000);
}

int main(void)
{
    char why[200];
    const char *wanted = getenv("BENCH_TURNS");
    int turns = wanted ? (int)strtol(wanted, NULL, 10) : 1000000;
    desk_log_init("bench", DESK_LOG_WARN);
    MUST(!desk_settings_load(NULL, why, sizeof why));
    MUST(!desk_store_key(true, why, sizeof why));
    MUST(!desk_store_create(&db));
    MUST(a = desk_arena_new(64 << 20));
    int64_t n = 0, from = desk_mono_ms();
    MUST(!desk_db_script(db, "PRAGMA synchronous = OFF; PRAGMA cache_size = -400000"));
    if (desk_index_count(db, "t1", &n) || n == 0)
        seed(turns);
    desk_db_close(db); /* asked on a fresh connection, as a page would */
    MUST(!desk_store_create(&db));
    MUST(!desk_index_count(db, "t1", &n));
    printf("%lld turns and calls, seeded in %.0f s\n", (long long)n,
           (double)(desk_mono_ms() - from) / 1000);
    ask("zanzibar");
    ask("w0q");
    ask("w0q w1q");
    ask("w5000q w12000q");
    ask("w0q w1q w2q w3q w5q w6q");
    ask("w0q zanzibar");
    ask("nowhere");
    desk_arena_free(a);
    desk_db_close(db);
    return 0;
}
