/* frontdesk callbacks: who was promised a call back, and when it is due. */
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/clock.h"
#include "store/promises.h"
#include "talk/business.h"
#include "talk/ring_me.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define LIST_MAX 500

struct asked {
    const char *business, *id;
    bool missed;
};

static int read_options(int argc, char **argv, struct asked *q, bool wants_id)
{
    static const struct option options[] = {{"business", required_argument, NULL, 'b'},
                                            {"missed", no_argument, NULL, 'm'},
                                            {NULL, 0, NULL, 0}};
    int c;
    *q = (struct asked){NULL, NULL, false};
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'b')
            q->business = optarg;
        else if (c == 'm' && !wants_id)
            q->missed = true;
        else
            return 2;
    }
    if (optind != argc - (wants_id ? 1 : 0))
        return cli_usage(wants_id ? "one id is wanted, as callbacks list shows it"
                                  : "callbacks list takes options only");
    q->id = wants_id ? argv[optind] : NULL;
    return 0;
}

static const char *due_text(const struct desk_business *b, const struct desk_callback *k,
                            char out[64])
{
    char day[24], time[16];
    if (!k->due_at)
        return "due: not reckoned";
    desk_when_date(day, sizeof day, b->zone, k->due_at);
    desk_when_time(time, sizeof time, b->zone, k->due_at, true);
    snprintf(out, 64, "due %s %s%s", day, time, k->due_at <= desk_now_ms() ? " (missed)" : "");
    return out;
}

static void show(const struct desk_business *b, const struct desk_callback *k)
{
    char due[64];
    printf("%s  %s%s  %s%s%s\n", k->id, due_text(b, k, due), k->urgent ? "  urgent" : "",
           k->name ? k->name : "-", k->number ? "  " : "", k->number ? k->number : "");
    printf("    %s%s%s%s\n", k->reason ? k->reason : "-", k->when_text ? " (wanted: " : "",
           k->when_text ? k->when_text : "", k->when_text ? ")" : "");
}

static enum desk_rc do_list(struct desk_db *db, struct desk_arena *a, const char *tenant,
                            const void *asked)
{
    const struct asked *q = asked;
    struct desk_business b;
    struct desk_callback *rows;
    size_t n = 0;
    enum desk_rc rc = desk_business_load(db, a, tenant, NULL, &b);
    if (!rc)
        rc = desk_callback_open_list(db, a, tenant, q->missed ? desk_now_ms() : INT64_MAX, LIST_MAX,
                                     &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        if (!q->missed || rows[i].due_at)
            show(&b, &rows[i]);
    if (!rc && !n)
        puts("nobody waits for a call back");
    return rc;
}

static enum desk_rc do_done(struct desk_db *db, struct desk_arena *a, const char *tenant,
                            const void *asked)
{
    const struct asked *q = asked;
    (void)a;
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, desk_callback_close(db, tenant, q->id, "done"));
    if (rc)
        cli_fail("there is no open callback \"%s\"", q->id);
    return rc;
}

static enum desk_rc do_ring(struct desk_db *db, struct desk_arena *a, const char *tenant,
                            const void *asked)
{
    const struct asked *q = asked;
    struct desk_business b;
    struct desk_callback k;
    const char *why = NULL;
    enum desk_rc rc = desk_callback_get(db, a, tenant, q->id, &k);
    if (rc) {
        cli_fail("there is no callback \"%s\"", q->id);
        return rc;
    }
    rc = desk_business_load(db, a, tenant, NULL, &b);
    if (!rc)
        rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, desk_ring_me(db, a, &b, &k, desk_now_ms(), &why));
    if (why)
        cli_fail("%s", why);
    else if (!rc || rc == DESK_DONE)
        puts("your phone rings: press 1 to be put through");
    return why ? DESK_EINVAL : rc == DESK_DONE ? DESK_OK : rc;
}

static int run(int argc, char **argv, bool wants_id, cli_tenant_fn *fn)
{
    struct asked q;
    int status = read_options(argc, argv, &q, wants_id);
    if (status)
        return status;
    enum desk_rc rc = cli_on_tenant(q.business, fn, &q);
    return rc ? 1 : 0;
}

static int list(int argc, char **argv)
{
    return run(argc, argv, false, do_list);
}

static int done(int argc, char **argv)
{
    return run(argc, argv, true, do_done);
}

static int ring(int argc, char **argv)
{
    return run(argc, argv, true, do_ring);
}

int cmd_callbacks(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"list", list, "list [--missed] [--business SLUG]"},
        {"done", done, "done ID [--business SLUG]"},
        {"ring", ring, "ring ID [--business SLUG]"},
        {NULL, NULL, NULL},
    };
    static char first[] = "list";
    char *only[] = {argv[0], first, NULL};
    return argc == 1 ? cli_sub_run(subs, 2, only) : cli_sub_run(subs, argc, argv);
}
