/* frontdesk reindex: the index of words anew, for what was there before it (0030). The same can be
 * asked for on the dashboard, under Long work. */
#include "cli/cli.h"
#include "cli/sub.h"
#include "store/tenants.h"
#include "store/word_index.h"

#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

#define ARENA_MAX ((size_t)32 * 1024 * 1024)
#define STEP      500

static void show(bool tty, int64_t done, int64_t all)
{
    if (tty)
        fprintf(stderr, "\r\033[K%lld of %lld", (long long)done, (long long)all);
}

static int reindex(struct desk_db *db, struct desk_arena *a, const char *tenant_id)
{
    struct desk_index_place p = {0};
    bool tty = isatty(STDERR_FILENO) != 0;
    int64_t all = 0, done = 0;
    enum desk_rc rc = desk_index_count(db, tenant_id, &all);
    while (!rc) {
        size_t n = 0;
        desk_arena_reset(a);
        rc = DESK_TX_BEGIN(db);
        if (!rc)
            rc = desk_tx_end(db, desk_index_anew(db, a, tenant_id, &p, STEP, &n));
        done += (int64_t)n;
        show(tty, done, all);
    }
    if (tty)
        fputs("\r\033[K", stderr);
    if (rc != DESK_DONE)
        return cli_fail("It stopped after %lld rows, which stay; run it again", (long long)done);
    printf("%lld rows can be looked for\n", (long long)done);
    return 0;
}

int cmd_reindex(int argc, char **argv)
{
    static const struct option options[] = {{"business", required_argument, NULL, 'b'},
                                            {NULL, 0, NULL, 0}};
    const char *business = NULL;
    struct desk_tenant t;
    int c, status = 1;
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c != 'b')
            return 2;
        business = optarg;
    }
    if (optind != argc)
        return cli_usage("reindex takes --business");
    struct desk_db *db = cli_open();
    struct desk_arena *keep = db ? desk_arena_new(1024 * 1024) : NULL,
                      *a = db ? desk_arena_new(ARENA_MAX) : NULL;
    if (keep && a && !cli_tenant(db, keep, business, &t))
        status = reindex(db, a, t.id);
    desk_arena_free(a);
    desk_arena_free(keep);
    desk_db_close(db);
    return status;
}
