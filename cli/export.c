/* frontdesk export: rows into files for spreadsheets. (Contacts have a command of their own, since
 * they come back by `contact import`.) */
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/clock.h"
#include "core/report.h"
#include "talk/business.h"
#include "talk/call_export.h"

#include <getopt.h>

#define ARENA_MAX ((size_t)8 * 1024 * 1024)
#define DAYS_MOST 3660

struct asked {
    const char *business, *month, *file;
    long days;
};

static int read_options(int argc, char **argv, struct asked *q)
{
    static const struct option options[] = {{"business", required_argument, NULL, 'b'},
                                            {"days", required_argument, NULL, 'd'},
                                            {"month", required_argument, NULL, 'm'},
                                            {"out", required_argument, NULL, 'o'},
                                            {NULL, 0, NULL, 0}};
    int c;
    *q = (struct asked){.days = 30};
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'b')
            q->business = optarg;
        else if (c == 'm')
            q->month = optarg;
        else if (c == 'o')
            q->file = optarg;
        else if (c != 'd' || !cli_days(optarg, DAYS_MOST, &q->days))
            return 2;
    }
    return optind == argc ? 0 : cli_usage("export calls takes --days, --month, --out, --business");
}

struct stretch {
    struct desk_db *db;
    const char *tenant_id;
    int64_t from, to;
};

static enum desk_rc fill_calls(void *ctx, cli_put_fn *put, void *to, size_t *n)
{
    const struct stretch *s = ctx;
    return desk_call_export(s->db, s->tenant_id, s->from, s->to, put, to, n);
}

static int write_calls(struct desk_db *db, const struct desk_tenant *t,
                       const struct desk_business *b, const struct asked *q)
{
    struct stretch s = {.db = db, .tenant_id = t->id};
    const struct cli_taking taking = {
        .file = q->file, .what = "call.export", .rows = "calls", .fill = fill_calls, .ctx = &s};
    if (!q->month)
        desk_report_days(b->zone, desk_now_ms(), (int)q->days, &s.from, &s.to);
    else if (!desk_report_month(b->zone, q->month, &s.from, &s.to))
        return cli_usage("--month is a month like 2026-11");
    return cli_take_out(db, t->id, &taking);
}

static int export_calls(int argc, char **argv)
{
    struct asked q;
    struct desk_tenant t;
    struct desk_business b;
    int status = read_options(argc, argv, &q);
    if (status)
        return status;
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(ARENA_MAX) : NULL;
    status = 1;
    if (a && !cli_tenant(db, a, q.business, &t)) {
        if (desk_business_load(db, a, t.id, NULL, &b))
            status = cli_fail("the business cannot be read");
        else
            status = write_calls(db, &t, &b, &q);
    }
    desk_arena_free(a);
    desk_db_close(db);
    return status;
}

int cmd_export(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"calls", export_calls, "calls [--days N | --month 2026-11] [--out FILE] [--business B]"},
        {NULL, NULL, NULL}};
    return cli_sub_run(subs, argc, argv);
}
