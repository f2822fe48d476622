/* frontdesk latency: how long callers waited, by day. */
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/clock.h"
#include "base/tz.h"
#include "store/latency.h"

#include <getopt.h>
#include <stdio.h>

#define DAYS_MOST 400
#define DAY_MS    (24 * 3600 * 1000LL)

struct asked {
    const char *business;
    long days;
};

static int read_options(int argc, char **argv, struct asked *q)
{
    static const struct option options[] = {{"business", required_argument, NULL, 'b'},
                                            {"days", required_argument, NULL, 'd'},
                                            {NULL, 0, NULL, 0}};
    int c;
    *q = (struct asked){NULL, 7};
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'b')
            q->business = optarg;
        else if (c != 'd' || !cli_days(optarg, DAYS_MOST, &q->days))
            return 2;
    }
    return optind == argc ? 0 : cli_usage("latency takes only --days and --business");
}

static const struct {
    const char *kind, *title;
    bool rare; /* not mentioned when there is nothing of it */
} parts[] = {
    {DESK_LATENCY_ANSWER, "From the call's beginning to our first sound", false},
    {DESK_LATENCY_TURN, "From the caller's last sound to our first one", false},
    {DESK_LATENCY_TEXT_ANSWER, "By text, from the call's beginning to our first words", true},
    {DESK_LATENCY_TEXT_TURN, "By text, from the caller's words to our first ones", true},
};

static enum desk_rc print_part(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                               size_t part, const char *since)
{
    struct desk_latency_day *rows;
    size_t n = 0;
    enum desk_rc rc = desk_latency_days(db, a, tenant_id, parts[part].kind, since, &rows, &n);
    if (!rc && n == 0 && parts[part].rare)
        return DESK_OK;
    printf("%s\n", parts[part].title);
    if (!rc && n == 0)
        printf("  nothing measured since %s\n", since);
    else if (!rc)
        printf("  %-10s %7s %8s %8s %8s   of it, on average: model, tools, ours\n", "day",
               "answers", "half", "19 of 20", "99 %");
    for (size_t i = 0; !rc && i < n; i++)
        printf("  %-10s %7lld %5lld ms %5lld ms %5lld ms   %lld ms, %lld ms, %.2f ms\n",
               rows[i].day, (long long)rows[i].n, (long long)rows[i].p50_ms,
               (long long)rows[i].p95_ms, (long long)rows[i].p99_ms, (long long)rows[i].model_ms,
               (long long)rows[i].tool_ms, (double)rows[i].own_us / 1000.0);
    return rc;
}

/* The first day that is asked for, where the business is. */
static enum desk_rc first_day(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              long days, const char **out)
{
    struct desk_location l;
    struct desk_local_time t;
    enum desk_rc rc = desk_location_first(db, a, tenant_id, &l);
    if (rc)
        return rc;
    desk_tz_local(desk_tz_load(l.zone), desk_now_ms() - (days - 1) * DAY_MS, &t);
    *out = desk_arena_fmt(a, "%04d-%02d-%02d", t.year, t.month, t.day);
    return *out ? DESK_OK : DESK_ENOMEM;
}

int cmd_latency(int argc, char **argv)
{
    struct asked q;
    struct desk_tenant t;
    const char *since = NULL;
    int status = read_options(argc, argv, &q);
    if (status)
        return status;
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(4 * 1024 * 1024) : NULL;
    enum desk_rc rc = a ? cli_tenant(db, a, q.business, &t) : DESK_ENOMEM;
    if (!rc)
        rc = first_day(db, a, t.id, q.days, &since);
    for (size_t i = 0; !rc && i < sizeof parts / sizeof *parts; i++)
        rc = print_part(db, a, t.id, i, since);
    desk_arena_free(a);
    desk_db_close(db);
    return rc ? 1 : 0;
}
