/* frontdesk outbox: what was to reach the outside, and what of it somebody should look at. */
#include "cli/cli.h"
#include "cli/sub.h"
#include "store/outbox.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define LIST_MAX 500

struct asked {
    const char *business, *id;
    bool all, anyway;
};

static int read_options(int argc, char **argv, struct asked *q, bool wants_id)
{
    static const struct option options[] = {{"business", required_argument, NULL, 'b'},
                                            {"all", no_argument, NULL, 'a'},
                                            {"anyway", no_argument, NULL, 'y'},
                                            {NULL, 0, NULL, 0}};
    int c;
    *q = (struct asked){NULL, NULL, false, false};
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'b')
            q->business = optarg;
        else if (c == 'a' && !wants_id)
            q->all = true;
        else if (c == 'y' && wants_id)
            q->anyway = true;
        else
            return 2;
    }
    if (optind != argc - (wants_id ? 1 : 0))
        return cli_usage(wants_id ? "one id is wanted, as outbox list shows it"
                                  : "outbox list takes options only");
    q->id = wants_id ? argv[optind] : NULL;
    return 0;
}

static const char *utc(int64_t ms, char out[32])
{
    struct tm tm;
    time_t s = (time_t)(ms / 1000);
    gmtime_r(&s, &tm);
    strftime(out, 32, "%Y-%m-%d %H:%M:%SZ", &tm);
    return out;
}

static void show(const struct desk_outbox *o)
{
    char when[32];
    printf("%s  %s  %s  %s  attempts %" PRId64 "%s%s%s%s\n", o->id, utc(o->created_at, when),
           o->kind, o->state, o->attempts, o->ambiguous ? "  may have been sent before" : "",
           o->asking ? "  the other side is being asked" : "", o->remote_id ? "  " : "",
           o->remote_id ? o->remote_id : "");
    if (o->last_error)
        printf("    %s\n", o->last_error);
}

static int list(int argc, char **argv)
{
    struct asked q;
    struct desk_tenant t;
    struct desk_outbox *rows = NULL;
    size_t n = 0;
    int status = read_options(argc, argv, &q, false);
    if (status)
        return status;
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(16 * 1024 * 1024) : NULL;
    enum desk_rc rc = a ? cli_tenant(db, a, q.business, &t) : DESK_ENOMEM;
    if (!rc)
        rc = desk_outbox_list(db, a, t.id, !q.all, LIST_MAX, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        show(&rows[i]);
    if (!rc && !n)
        puts(q.all ? "nothing was ever to be sent" : "nothing needs attention");
    desk_arena_free(a);
    desk_db_close(db);
    return rc ? 1 : 0;
}

static enum desk_rc retry_row(struct desk_db *db, struct desk_arena *a, const struct asked *q,
                              const char *tenant_id)
{
    struct desk_outbox row;
    enum desk_rc rc = desk_outbox_get(db, a, tenant_id, q->id, &row);
    if (!rc && strcmp(row.state, DESK_OUTBOX_UNKNOWN) == 0 && !q->anyway) {
        cli_fail("nobody knows whether it was sent: look at the other side first, then say "
                 "--anyway");
        return DESK_ECONFLICT;
    }
    if (!rc)
        rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, desk_outbox_retry(db, tenant_id, q->id));
    if (rc == DESK_ENOTFOUND)
        cli_fail("there is no row %s that could be sent again", q->id);
    return rc;
}

static enum desk_rc drop_row(struct desk_db *db, struct desk_arena *a, const struct asked *q,
                             const char *tenant_id)
{
    (void)a;
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, desk_outbox_drop(db, tenant_id, q->id));
    if (rc == DESK_ENOTFOUND)
        cli_fail("there is no row %s that is still to be sent", q->id);
    return rc;
}

static int change(int argc, char **argv,
                  enum desk_rc (*what)(struct desk_db *, struct desk_arena *, const struct asked *,
                                       const char *),
                  const char *words)
{
    struct asked q;
    struct desk_tenant t;
    int status = read_options(argc, argv, &q, true);
    if (status)
        return status;
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(4 * 1024 * 1024) : NULL;
    enum desk_rc rc = a ? cli_tenant(db, a, q.business, &t) : DESK_ENOMEM;
    if (!rc)
        rc = what(db, a, &q, t.id);
    if (!rc)
        puts(words);
    desk_arena_free(a);
    desk_db_close(db);
    return rc ? 1 : 0;
}

static int retry(int argc, char **argv)
{
    return change(argc, argv, retry_row, "it is sent again now");
}

static int drop(int argc, char **argv)
{
    return change(argc, argv, drop_row, "it is not sent any more");
}

int cmd_outbox(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"list", list, "list [--all] [--business SLUG]"},
        {"retry", retry, "retry ID [--anyway] [--business SLUG]"},
        {"drop", drop, "drop ID [--business SLUG]"},
        {NULL, NULL, NULL},
    };
    return cli_sub_run(subs, argc, argv);
}
