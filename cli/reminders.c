/* frontdesk reminders: those before appointments that are due now. */
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/clock.h"
#include "talk/business.h"
#include "talk/reminders.h"

#include <getopt.h>
#include <stdio.h>

#define ARENA (32 * 1024 * 1024)

struct shown {
    struct desk_business b;
    bool dry;
    int n;
};

static void show(void *ctx, const struct desk_appointment *row, int hours, const char *why)
{
    struct shown *s = ctx;
    char day[24], time[16];
    desk_when_date(day, sizeof day, s->b.zone, row->start_at);
    desk_when_time(time, sizeof time, s->b.zone, row->start_at, true);
    printf("%s  %s %s  %s  %s  %d h before: %s%s\n", row->id, day, time,
           row->name ? row->name : "-", row->number ? row->number : "-", hours,
           s->dry ? "due"
           : why  ? "not sent. "
                  : "queued",
           why ? why : "");
    s->n++;
}

static enum desk_rc run(struct desk_db *db, struct desk_arena *a, const char *tenant_id, bool dry)
{
    struct shown *s = desk_arena_alloc(a, sizeof *s);
    enum desk_rc rc = s ? desk_business_load(db, a, tenant_id, NULL, &s->b) : DESK_ENOMEM;
    if (rc)
        return rc;
    s->dry = dry;
    s->n = 0;
    const struct desk_reminding r = {.now = desk_now_ms(), .dry = dry, .tell = show, .ctx = s};
    rc = desk_reminders(db, a, tenant_id, &r);
    if (rc == DESK_EINVAL)
        cli_fail("APPOINTMENT_REMINDERS must be hours like \"48 3\", or none");
    else if (!rc && !s->n)
        puts("no reminder is due");
    return rc;
}

int cmd_reminders(int argc, char **argv)
{
    static const struct option options[] = {{"business", required_argument, NULL, 'b'},
                                            {"dry-run", no_argument, NULL, 'n'},
                                            {NULL, 0, NULL, 0}};
    const char *slug = NULL;
    struct desk_tenant t;
    bool dry = false;
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'b')
            slug = optarg;
        else if (c == 'n')
            dry = true;
        else
            return 2;
    }
    if (optind != argc)
        return cli_usage("reminders takes options only");
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(ARENA) : NULL;
    enum desk_rc rc = a ? cli_tenant(db, a, slug, &t) : DESK_ENOMEM;
    if (!rc)
        rc = run(db, a, t.id, dry);
    desk_arena_free(a);
    desk_db_close(db);
    return rc ? 1 : 0;
}
