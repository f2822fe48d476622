/* frontdesk report: a business's figures of some days, of a month; and the digests made of them. */
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/clock.h"
#include "base/limits.h"
#include "core/price.h"
#include "store/report.h"
#include "talk/business.h"
#include "talk/digest.h"
#include "talk/report.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_MAX ((size_t)64 * 1024 * 1024)

struct asked {
    const char *business, *month, *branch, *digest;
    long days;
    bool json, sent;
};

static int read_options(int argc, char **argv, struct asked *q)
{
    static const struct option options[] = {
        {"business", required_argument, NULL, 'b'}, {"branch", required_argument, NULL, 'l'},
        {"days", required_argument, NULL, 'd'},     {"month", required_argument, NULL, 'm'},
        {"digest", required_argument, NULL, 'g'},   {"sent", no_argument, NULL, 's'},
        {"json", no_argument, NULL, 'j'},           {NULL, 0, NULL, 0}};
    int c;
    *q = (struct asked){.days = 7};
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'b':
            q->business = optarg;
            break;
        case 'l':
            q->branch = optarg;
            break;
        case 'd':
            if (!cli_days(optarg, DESK_REPORT_DAYS, &q->days))
                return 2;
            break;
        case 'm':
            q->month = optarg;
            break;
        case 'g':
            q->digest = optarg;
            break;
        case 's':
            q->sent = true;
            break;
        case 'j':
            q->json = true;
            break;
        default:
            return 2;
        }
    }
    if (q->digest && strcmp(q->digest, DESK_DIGEST_DAILY) != 0 &&
        strcmp(q->digest, DESK_DIGEST_WEEKLY) != 0)
        return cli_usage("--digest is daily or weekly");
    return optind == argc ? 0 : cli_usage("report takes only options: `frontdesk help report`");
}

/* ---- as text --------------------------------------------------------------------------------- */

static void print_week(const struct desk_report *r)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char shades[] = " .:-=+*#";
    int64_t most = 1;
    for (int d = 0; d < 7; d++)
        for (int h = 0; h < 24; h++)
            most = r->by_hour[d][h] > most ? r->by_hour[d][h] : most;
    puts("\nWhen they call (0 to 23 o'clock; # is the busiest hour):");
    for (int i = 0; i < 7; i++) {
        int d = (i + 1) % 7;
        printf("  %s |", days[d]);
        for (int h = 0; h < 24; h++) {
            int64_t n = r->by_hour[d][h];
            putchar(shades[n ? 1 + n * 6 / most : 0]);
        }
        puts("|");
    }
}

static void print_numbers(const struct desk_report *r)
{
    const struct {
        const char *title;
        int64_t n;
    } rows[] = {{"after hours", r->after_hours},
                {"of these answered", r->after_hours_answered},
                {"minutes of talk", r->talk_ms / 60000},
                {"emergencies", r->emergencies},
                {"minor emergencies", r->minor},
                {"wanted the owner", r->escalations},
                {"callbacks promised", r->promised},
                {"callbacks made", r->kept},
                {"callbacks open", r->open},
                {"callbacks late", r->late},
                {"new leads", r->leads},
                {"support tickets", r->tickets},
                {"recorded messages", r->messages},
                {"not delivered", r->attention},
                {"promised, not done", r->undone}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].n)
            printf("  %-22s %6lld\n", rows[i].title, (long long)rows[i].n);
    char cost[32];
    if (r->cost_nanos)
        printf("  %-22s %s\n", "cost", desk_cost_say(cost, r->cost_nanos));
}

static void print_waits(const char *title, const struct desk_report_waits *w)
{
    if (w->n)
        printf("  %-22s half in %lld ms, 19 of 20 in %lld ms, 99 %% in %lld ms\n", title,
               (long long)w->p50, (long long)w->p95, (long long)w->p99);
}

static void print_report(struct desk_arena *a, const struct desk_report *r)
{
    printf("%s: %lld calls, %lld answered\n", desk_digest_period(a, r), (long long)r->calls,
           (long long)r->answered);
    for (size_t i = 0; i < DESK_REPORT_OUTCOMES; i++)
        if (r->by_outcome[i])
            printf("  %-22s %6lld\n",
                   r->by_outcome[i] == 1 ? desk_report_outcomes[i].title
                                         : desk_report_outcomes[i].many,
                   (long long)r->by_outcome[i]);
    if (r->other)
        printf("  %-22s %6lld\n", "running, or unknown", (long long)r->other);
    print_numbers(r);
    print_waits("first word", &r->answer);
    print_waits("an answer", &r->turn);
    for (size_t i = 0; i < r->n_top; i++)
        printf("  called %lld times: %s %s\n", (long long)r->top[i].n,
               r->top[i].name ? r->top[i].name : "", r->top[i].number ? r->top[i].number : "");
    if (r->calls)
        print_week(r);
}

static int print_json(const struct desk_report *r)
{
    json_t *j = desk_report_json(r);
    char *text = j ? json_dumps(j, JSON_INDENT(2)) : NULL;
    int status = text ? 0 : cli_fail("there is no memory for it");
    if (text)
        puts(text);
    free(text);
    json_decref(j);
    return status;
}

/* ---- what is asked --------------------------------------------------------------------------- */

struct shop {
    struct desk_db *db;
    struct desk_arena *a;
    struct desk_tenant tenant;
    struct desk_business business;
};

static bool stretch(const struct shop *s, const struct asked *q, int64_t *from, int64_t *to)
{
    const struct desk_tz *tz = s->business.zone;
    if (q->digest)
        desk_report_due(tz, s->business.digest.at,
                        strcmp(q->digest, DESK_DIGEST_WEEKLY) == 0 ? s->business.digest.weekday
                                                                   : -1,
                        desk_now_ms(), from, to);
    else if (q->month)
        return desk_report_month(tz, q->month, from, to);
    else
        desk_report_days(tz, desk_now_ms(), (int)q->days, from, to);
    return true;
}

static enum desk_rc find_branch(const struct shop *s, const char *name, const char **id)
{
    struct desk_location *l;
    size_t n = 0;
    enum desk_rc rc = desk_location_list(s->db, s->a, s->tenant.id, &l, &n);
    for (size_t i = 0; !rc && i < n; i++)
        if (strcmp(l[i].name, name) == 0)
            *id = l[i].id;
    return rc ? rc : *id ? DESK_OK : DESK_ENOTFOUND;
}

static int show_sent(const struct shop *s, const char *kind)
{
    struct desk_digest *d;
    size_t n = 0;
    char when[64];
    if (desk_digest_list(s->db, s->a, s->tenant.id, kind, 10, &d, &n))
        return cli_fail("the digests cannot be read");
    for (size_t i = 0; i < n; i++)
        printf("%s, %s\n%s\n", desk_when_iso(when, sizeof when, s->business.zone, d[i].to_at),
               d[i].sent ? "sent" : "not sent", d[i].text);
    if (!n)
        puts("None was written yet.");
    return 0;
}

static int show_digest(const struct shop *s, const struct desk_report *r)
{
    const char *text, *sms;
    if (desk_digest_text(s->db, s->a, s->tenant.id, &s->business, r, &text) ||
        desk_digest_sms(s->a, &s->business, r, &sms))
        return cli_fail("the digest cannot be written");
    printf("%s\nAs a text message: %s\n", text, sms);
    return 0;
}

static int show(const struct shop *s, const struct asked *q)
{
    int64_t from, to;
    const char *location = NULL;
    if (!stretch(s, q, &from, &to))
        return cli_usage("--month is a month like 2026-11");
    if (q->branch && find_branch(s, q->branch, &location))
        return cli_fail("there is no branch \"%s\"", q->branch);
    struct desk_report *r = desk_arena_alloc(s->a, sizeof *r);
    if (!r || desk_report_make(s->db, s->a, s->tenant.id, location, from, to, r))
        return cli_fail("the report cannot be made");
    if (q->json)
        return print_json(r);
    if (q->digest)
        return show_digest(s, r);
    print_report(s->a, r);
    return 0;
}

int cmd_report(int argc, char **argv)
{
    struct asked q;
    struct shop s = {.db = NULL};
    int status = read_options(argc, argv, &q);
    if (status)
        return status;
    status = 1;
    s.db = cli_open();
    s.a = s.db ? desk_arena_new(ARENA_MAX) : NULL;
    if (s.a && !cli_tenant(s.db, s.a, q.business, &s.tenant)) {
        if (desk_business_load(s.db, s.a, s.tenant.id, NULL, &s.business))
            status = cli_fail("the business cannot be read");
        else
            status = q.sent ? show_sent(&s, q.digest ? q.digest : DESK_DIGEST_DAILY) : show(&s, &q);
    }
    desk_arena_free(s.a);
    desk_db_close(s.db);
    return status;
}
