/* The database: sealing against bare libsodium, the rows of one call's page against bare SQLite. */
#include "bench.h"

#include "base/arena.h"
#include "base/log.h"
#include "db/internal.h"
#include "db/seal.h"
#include "queries.h"
#include "store/calls.h"
#include "store/conversation.h"
#include "store/open.h"
#include "store/tenants.h"

#include <sodium.h>
#include <string.h>

#define TURNS 24

static struct desk_db *db;
static struct desk_arena *arena;
static const char text[] = "My kitchen sink is leaking and the water will not stop.";

/* ---- sealing --------------------------------------------------------------------------------- */

static void seal_ours(void)
{
    size_t n;
    char *back;
    desk_arena_reset(arena);
    unsigned char *p = desk_seal(desk_db_key(db), arena, "turn", "text",
                                 "turn_01abcdefghijklmnopqrstuv", text, &n);
    MUST(p);
    MUST(desk_unseal(desk_db_key(db), arena, "turn", "text", "turn_01abcdefghijklmnopqrstuv", p, n,
                     &back) == DESK_OK);
}

static void seal_bare(void)
{
    static const unsigned char ad[] = "turn|text|turn_01abcdefghijklmnopqrstuv";
    unsigned char nonce[24], box[sizeof text + 16], plain[sizeof text];
    unsigned long long n = 0, m = 0;
    randombytes_buf(nonce, sizeof nonce);
    crypto_aead_xchacha20poly1305_ietf_encrypt(box, &n, (const unsigned char *)text,
                                               sizeof text - 1, ad, sizeof ad - 1, NULL, nonce,
                                               desk_db_key(db)->seal);
    MUST(crypto_aead_xchacha20poly1305_ietf_decrypt(plain, &m, NULL, box, n, ad, sizeof ad - 1,
                                                    nonce, desk_db_key(db)->seal) == 0);
    KEEP(plain[0]);
}

/* ---- one call's page ------------------------------------------------------------------------- */

static void fill(void)
{
    struct desk_tenant t = {"t1", "one", "One", "{}", 1, 1, NULL};
    struct desk_location l = {"l1", "t1", "Main", "UTC", "{}", NULL, NULL, 1, NULL, NULL};
    struct desk_call c = {.id = "call1",
                          .tenant_id = "t1",
                          .location_id = "l1",
                          .call_sid = "CA1",
                          .direction = "inbound",
                          .caller_kind = "new",
                          .from_number = "+14155550134",
                          .to_number = "+14155550100",
                          .mode = "realtime",
                          .status = "completed",
                          .status_rank = 50,
                          .started_at = 1,
                          .updated_at = 1};
    char item[16];
    MUST(DESK_TX_BEGIN(db) == DESK_OK);
    MUST(desk_tenant_insert(db, &t) == DESK_OK);
    MUST(desk_location_insert(db, &l) == DESK_OK);
    MUST(desk_call_insert(db, &c) == DESK_OK);
    for (int i = 0; i < TURNS; i++) {
        snprintf(item, sizeof item, "item%d", i);
        struct desk_turn turn = {.tenant_id = "t1",
                                 .call_id = "call1",
                                 .item_id = item,
                                 .who = i % 2 ? DESK_WHO_CALLER : DESK_WHO_DESK,
                                 .how = "speech",
                                 .text = text,
                                 .start_ms = i * 1000,
                                 .end_ms = i * 1000 + 900};
        MUST(desk_turn_add(db, &turn) == DESK_OK);
    }
    MUST(desk_tx_end(db, DESK_OK) == DESK_OK);
}

static void page_ours(void)
{
    struct desk_call c;
    struct desk_turn *turns;
    size_t n;
    desk_arena_reset(arena);
    MUST(desk_call_get(db, arena, "t1", "call1", &c) == DESK_OK);
    MUST(desk_turn_list(db, arena, "t1", "call1", 100, &turns, &n) == DESK_OK && n == TURNS);
}

static void step_all(unsigned q)
{
    sqlite3_stmt *st =
        db->stmts[q]; /* prepared and warm: the same text, no struct, nothing opened */
    int rows = 0;
    sqlite3_bind_text(st, 1, "t1", -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 2, "call1", -1, SQLITE_STATIC);
    if (sqlite3_bind_parameter_count(st) > 2)
        sqlite3_bind_int(st, 3, 100);
    while (sqlite3_step(st) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(st); i++)
            KEEP(sqlite3_column_bytes(st, i));
        rows++;
    }
    sqlite3_reset(st);
    MUST(rows > 0);
}

static void page_bare(void)
{
    step_all(DESK_Q_CALL_BY_ID);
    step_all(DESK_Q_TURN_LIST);
}

int main(void)
{
    desk_log_init("bench", DESK_LOG_ERROR);
    arena = desk_arena_new(4 << 20);
    MUST(desk_store_memory(&db) == DESK_OK);
    fill();
    page_ours();
    bench("seal and open a turn / bare libsodium", seal_ours, seal_bare);
    bench("rows of a call page / bare sqlite step", page_ours, page_bare);
    desk_db_close(db);
    desk_arena_free(arena);
    return 0;
}
