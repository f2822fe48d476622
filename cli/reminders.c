/* frontdesk reminders: those before appointments that are due now, and the calls that were made. */
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/clock.h"
#include "store/out_calls.h"
#include "talk/business.h"
#include "talk/reminders.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#define LIST_MAX 200
#define ARENA    (32 * 1024 * 1024)

struct shown {
    struct desk_business b;
    struct desk_tenant_settings own;
    bool dry;
    int n;
};

static void show(void *ctx, const struct desk_appointment *row, int hours, const char *by,
                 const char *why)
{
    struct shown *s = ctx;
    char day[24], time[16];
    desk_when_date(day, sizeof day, s->b.zone, row->start_at);
    desk_when_time(time, sizeof time, s->b.zone, row->start_at, true);
    printf("%s  %s %s  %s  %s  %d h before, by %s: %s%s\n", row->id, day, time,
           row->name ? row->name : "-", row->number ? row->number : "-", hours, by,
           s->dry ? "due"
           : why  ? "not sent. "
                  : "queued",
           why ? why : "");
    s->n++;
}

static enum desk_rc load(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                         struct shown **s)
{
    *s = desk_arena_alloc(a, sizeof **s);
    enum desk_rc rc = *s ? desk_business_load(db, a, tenant_id, NULL, &(*s)->b) : DESK_ENOMEM;
    return rc ? rc : desk_tenant_settings_load(db, a, tenant_id, &(*s)->own);
}

static enum desk_rc run(struct desk_db *db, struct desk_arena *a, const char *tenant_id, bool dry)
{
    struct shown *s;
    enum desk_rc rc = load(db, a, tenant_id, &s);
    if (rc)
        return rc;
    s->dry = dry;
    s->n = 0;
    printf("reminders: %s, hours before: %s\n", desk_reminders_by(&s->b, &s->own),
           desk_tenant_setting(&s->own, DESK_S_APPOINTMENT_REMINDERS));
    const struct desk_reminding r = {.now = desk_now_ms(), .dry = dry, .tell = show, .ctx = s};
    rc = desk_reminders(db, a, tenant_id, &r);
    if (rc == DESK_EINVAL)
        cli_fail("APPOINTMENT_REMINDERS must be hours like \"48 3\", or none");
    else if (!rc && !s->n)
        puts("no reminder is due");
    return rc;
}

/* ---- calls ----------------------------------------------------------------------------------- */

/* What they said of the time that they were told, whichever way; NULL = nothing. */
static enum desk_rc answer_to(struct desk_db *db, struct desk_arena *a,
                              const struct desk_out_call *c, const char **answer)
{
    struct desk_appointment row;
    enum desk_rc rc = desk_appointment_get(db, a, c->tenant_id, c->appointment_id, &row);
    *answer = !rc && row.start_at == c->start_at ? row.answer : NULL;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

static enum desk_rc show_call(struct desk_db *db, struct desk_arena *a, const struct shown *s,
                              const struct desk_out_call *c)
{
    char day[24], time[16];
    const char *answer;
    enum desk_rc rc = answer_to(db, a, c, &answer);
    desk_when_date(day, sizeof day, s->b.zone, c->start_at);
    desk_when_time(time, sizeof time, s->b.zone, c->start_at, true);
    printf("%s  %s  %s  for %s %s  try %lld: %s%s\n", c->id, c->appointment_id, c->number, day,
           time, (long long)c->tries,
           c->ending      ? c->ending
           : c->placed_at ? "on its way"
                          : "waits",
           !answer                                   ? ""
           : strcmp(answer, DESK_ANSWER_COMING) == 0 ? ", confirmed"
                                                     : ", to be changed");
    return rc;
}

static enum desk_rc calls(struct desk_db *db, struct desk_arena *a, const char *tenant_id)
{
    struct shown *s;
    struct desk_out_call *rows = NULL;
    size_t n = 0;
    enum desk_rc rc = load(db, a, tenant_id, &s);
    if (!rc)
        rc = desk_out_call_list(db, a, tenant_id, LIST_MAX, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        rc = show_call(db, a, s, &rows[i]);
    if (!rc && !n)
        puts("nobody was to be reminded by a call");
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
    bool list = optind + 1 == argc && strcmp(argv[optind], "calls") == 0 && !dry;
    if (optind != argc && !list)
        return cli_usage("reminders takes options, or `reminders calls`");
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(ARENA) : NULL;
    enum desk_rc rc = a ? cli_tenant(db, a, slug, &t) : DESK_ENOMEM;
    if (!rc)
        rc = list ? calls(db, a, t.id) : run(db, a, t.id, dry);
    desk_arena_free(a);
    desk_db_close(db);
    return rc ? 1 : 0;
}
