/* frontdesk prices: what models and the telephone line cost, and from which day on. */
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/clock.h"
#include "base/tz.h"
#include "core/day_text.h"
#include "core/price.h"
#include "store/prices.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define NAME_MAX 90

struct asked {
    const char *business, *model, *unit, *dollars, *day, *source;
    bool all;
};

static bool is_day(const char *s)
{
    int32_t days;
    return desk_day_parse(s, &days);
}

/* Today, UTC. */
static const char *today(char out[16])
{
    int y, m, d;
    desk_civil_from_days(desk_now_ms() / (24LL * 3600 * 1000), &y, &m, &d);
    snprintf(out, 16, "%04d-%02d-%02d", y % 10000, m, d);
    return out;
}

static int read_options(int argc, char **argv, struct asked *q, int words)
{
    static const struct option options[] = {{"business", required_argument, NULL, 'b'},
                                            {"all", no_argument, NULL, 'a'},
                                            {"from", required_argument, NULL, 'f'},
                                            {"source", required_argument, NULL, 's'},
                                            {NULL, 0, NULL, 0}};
    int c;
    *q = (struct asked){.model = "", .unit = "", .source = "entered by hand"};
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'b')
            q->business = optarg;
        else if (c == 'a' && words)
            q->all = true;
        else if (c == 'f' && words)
            q->day = optarg;
        else if (c == 's' && words)
            q->source = optarg;
        else
            return 2;
    }
    const char **const to[] = {&q->model, &q->unit, &q->dollars};
    if (argc - optind != words)
        return cli_usage("see: frontdesk help prices");
    for (int i = 0; i < words; i++)
        *to[i] = argv[optind + i];
    return 0;
}

/* What the words of `set` and `remove` mean; false after having said what is wrong. */
static bool understood(const struct asked *q, int64_t *nanos)
{
    enum desk_price_unit unit = desk_price_unit_parse(q->unit);
    if (unit == DESK_UNIT__MAX) {
        fprintf(stderr, "frontdesk: units are:");
        for (int u = 0; u < DESK_UNIT__MAX; u++)
            fprintf(stderr, " %s", desk_price_unit_name((enum desk_price_unit)u));
        fputs("\n", stderr);
    } else if (!*q->model || strlen(q->model) > NAME_MAX)
        cli_usage("a model's name has up to %d letters", NAME_MAX);
    else if (!is_day(q->day))
        cli_usage("--from is a day like 2026-11-20");
    else if (q->dollars && !desk_price_parse(q->dollars, unit, nanos))
        cli_usage("a price is dollars like 0.40: for a million tokens, for a minute, for a "
                  "segment");
    else
        return true;
    return false;
}

static void show(const struct desk_price *p)
{
    char dollars[32];
    enum desk_price_unit unit = desk_price_unit_parse(p->unit);
    printf("%-24s %-14s %12s  from %s%s  (%s)\n", p->model, p->unit,
           desk_price_say(dollars, unit, p->nanos), p->from_day,
           strcmp(p->tenant_id, DESK_PRICE_ALL) == 0 ? "" : "  own", p->source);
}

static enum desk_rc do_list(struct desk_db *db, struct desk_arena *a, const char *tenant,
                            const void *asked)
{
    struct desk_price *rows;
    size_t n = 0;
    (void)asked;
    enum desk_rc rc = desk_price_list(db, a, tenant, &rows, &n);
    if (!rc)
        puts("US dollars: for a million tokens, for a minute, for a segment of a text");
    for (size_t i = 0; !rc && i < n; i++)
        show(&rows[i]);
    return rc;
}

static enum desk_rc do_change(struct desk_db *db, const char *tenant, const struct asked *q)
{
    char day[16];
    struct asked w = *q;
    int64_t nanos = 0;
    if (!w.day)
        w.day = today(day);
    if (!understood(&w, &nanos))
        return DESK_EINVAL;
    const struct desk_price p = {.tenant_id = w.all ? DESK_PRICE_ALL : tenant,
                                 .model = w.model,
                                 .unit = w.unit,
                                 .nanos = nanos,
                                 .from_day = w.day,
                                 .source = w.source};
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, w.dollars ? desk_price_set(db, &p) : desk_price_remove(db, &p));
    if (rc == DESK_ENOTFOUND)
        cli_fail("there is no such price of %s", w.day);
    else if (rc)
        cli_fail("the price cannot be written");
    return rc;
}

static enum desk_rc do_set(struct desk_db *db, struct desk_arena *a, const char *tenant,
                           const void *asked)
{
    (void)a;
    return do_change(db, tenant, asked);
}

static int run(int argc, char **argv, int words, cli_tenant_fn *fn)
{
    struct asked q;
    int status = read_options(argc, argv, &q, words);
    if (status)
        return status;
    enum desk_rc rc = cli_on_tenant(q.business, fn, &q);
    return rc == DESK_EINVAL ? 2 : rc ? 1 : 0;
}

static int list(int argc, char **argv)
{
    return run(argc, argv, 0, do_list);
}

static int set(int argc, char **argv)
{
    return run(argc, argv, 3, do_set);
}

static int forget(int argc, char **argv)
{
    return run(argc, argv, 2, do_set);
}

int cmd_prices(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"list", list, "list [--business SLUG]"},
        {"set", set, "set MODEL UNIT DOLLARS [--from DAY] [--source WORDS] [--all]"},
        {"remove", forget, "remove MODEL UNIT --from DAY [--all]"},
        {NULL, NULL, NULL},
    };
    static char first[] = "list";
    char *only[] = {argv[0], first, NULL};
    return argc == 1 ? cli_sub_run(subs, 2, only) : cli_sub_run(subs, argc, argv);
}
