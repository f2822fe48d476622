/* frontdesk calendar google …, frontdesk calendar import: calendars outside of ours. */
#include "cli/calendar.h"
#include "cli/sub.h"
#include "base/config.h"
#include "base/tz.h"
#include "out/google.h"
#include "store/calendar_sources.h"
#include "store/google_grants.h"
#include "talk/business.h"
#include "talk/calendar.h"
#include "talk/calendar_google.h"
#include "talk/google_link.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#define ARENA (16 * 1024 * 1024)

struct asked {
    const char *business, *calendar, *with, *url;
    bool off;
};

struct work {
    struct asked q;
    struct desk_db *db;
    struct desk_arena *a;
    struct desk_tenant tenant;
    struct desk_business business;
    char resource[DESK_BLIND_LEN];
    const char *person; /* of --with */
};

static int read_options(int argc, char **argv, struct asked *q, bool wants_url)
{
    static const struct option options[] = {{"business", required_argument, NULL, 'b'},
                                            {"calendar", required_argument, NULL, 'c'},
                                            {"with", required_argument, NULL, 'h'},
                                            {"off", no_argument, NULL, 'x'},
                                            {NULL, 0, NULL, 0}};
    int c;
    *q = (struct asked){NULL, NULL, NULL, NULL, false};
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'b')
            q->business = optarg;
        else if (c == 'c' && !wants_url)
            q->calendar = optarg;
        else if (c == 'h')
            q->with = optarg;
        else if (c == 'x' && wants_url)
            q->off = true;
        else
            return 2;
    }
    if (optind != argc - (wants_url ? 1 : 0))
        return cli_usage(wants_url ? "calendar import wants one address"
                                   : "calendar google %s takes no more words",
                         argv[0]);
    q->url = wants_url ? argv[optind] : NULL;
    return 0;
}

static enum desk_rc whose(struct work *w)
{
    const struct desk_calendar_place p = {
        .db = w->db, .arena = w->a, .tenant_id = w->tenant.id, .business = &w->business};
    int i = desk_calendar_person(&w->business, w->q.with);
    if (!w->q.with)
        return DESK_OK;
    if (i == DESK_SLOT_ALL) {
        cli_fail("\"%s\" has no calendar here: see \"services\" of \"staff\" in the profile",
                 w->q.with);
        return DESK_EINVAL;
    }
    desk_calendar_resource(&p, i, w->resource, &w->person);
    return DESK_OK;
}

static int run(int argc, char **argv, bool wants_url, enum desk_rc (*fn)(struct work *w))
{
    struct work *w = NULL;
    struct asked q;
    int status = read_options(argc, argv, &q, wants_url);
    if (status)
        return status;
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(ARENA) : NULL;
    w = a ? desk_arena_alloc(a, sizeof *w) : NULL;
    enum desk_rc rc = w ? DESK_OK : DESK_ENOMEM;
    if (!rc) {
        *w = (struct work){.q = q, .db = db, .a = a};
        rc = cli_tenant(db, a, q.business, &w->tenant);
    }
    if (!rc)
        rc = desk_business_load(db, a, w->tenant.id, NULL, &w->business);
    if (!rc)
        rc = whose(w);
    if (!rc)
        rc = fn(w);
    desk_arena_free(a);
    desk_db_close(db);
    return rc ? 1 : 0;
}

/* ---- Google ---------------------------------------------------------------------------------- */

static enum desk_rc add_calendar(struct work *w, bool service)
{
    const struct desk_google_add c = {.tenant_id = w->tenant.id,
                                      .calendar = w->q.calendar,
                                      .resource = w->person ? w->resource : NULL,
                                      .person = w->person,
                                      .service = service};
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    if (!rc)
        rc = desk_tx_end(w->db, desk_google_add_calendar(w->db, w->a, &c));
    if (rc == DESK_ECONFLICT)
        cli_fail("%s is connected already", w->q.calendar);
    else if (!rc)
        printf("%s is read from now on%s\n", w->q.calendar,
               w->person ? ", as what that person has to do" : "");
    return rc;
}

/* By the service account; else by the owner's consent in a browser, with this machine's address. */
static enum desk_rc do_connect(struct work *w)
{
    char email[200];
    struct desk_google_grant g;
    const char *key = desk_setting(DESK_S_GOOGLE_SERVICE_ACCOUNT);
    const char *base = desk_setting(DESK_S_PUBLIC_BASE_URL);
    enum desk_rc rc = desk_google_grant_get(w->db, w->a, w->tenant.id, &g);
    bool owner = !rc && strcmp(g.kind, DESK_GRANT_OWNER) == 0;
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    if (owner && w->q.calendar)
        return add_calendar(w, false);
    if (*key && w->q.calendar && !owner) {
        if (!desk_google_service_email(key, email, sizeof email)) {
            cli_fail("GOOGLE_SERVICE_ACCOUNT is not the JSON of a service account's key file");
            return DESK_EINVAL;
        }
        rc = add_calendar(w, true);
        if (!rc)
            printf("In Google Calendar, share it with %s: \"Make changes to events\".\n", email);
        return rc;
    }
    if (!desk_google_can_connect()) {
        cli_fail(*key ? "--calendar: which one? (the address of a calendar that is shared with the "
                        "service account)"
                      : "set GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET, or GOOGLE_SERVICE_ACCOUNT "
                        "and say --calendar");
        return DESK_EINVAL;
    }
    printf("Sign in to the dashboard and open this address there:\n  %s/google/connect\n",
           *base ? base : "http://127.0.0.1:8080");
    return DESK_OK;
}

static void print_when(const struct work *w, const char *label, int64_t ms)
{
    char when[40];
    if (ms)
        printf("    %s %s\n", label, desk_when_iso(when, sizeof when, w->business.zone, ms));
}

static enum desk_rc print_source(struct work *w, const struct desk_calendar_source *s)
{
    int64_t n = 0;
    bool google = strcmp(s->kind, DESK_SOURCE_GOOGLE) == 0;
    enum desk_rc rc = desk_calendar_busy_count(w->db, s, &n);
    if (rc)
        return rc;
    printf("%s  %s  %s%s%s  %" PRId64 " events\n", s->id, google ? "Google" : "address",
           google ? s->address : "(secret)", s->main ? "  gets our visits" : "",
           s->resource_name ? "  of one person" : "", n);
    print_when(w, "read at", s->synced_at);
    print_when(w, "cannot be read since", s->failing_since);
    if (s->why)
        printf("    %s\n", s->why);
    if (!s->synced_at && !s->failing_since)
        puts("    not read yet");
    return DESK_OK;
}

static enum desk_rc do_status(struct work *w)
{
    struct desk_google_grant g;
    struct desk_calendar_source *rows;
    size_t n = 0;
    enum desk_rc rc = desk_google_grant_get(w->db, w->a, w->tenant.id, &g);
    if (rc == DESK_ENOTFOUND)
        puts("Google is not connected.");
    else if (rc)
        return rc;
    else if (strcmp(g.state, DESK_GRANT_OK) == 0)
        printf("Google is connected %s.\n", strcmp(g.kind, DESK_GRANT_OWNER) == 0
                                                ? "by its owner's consent"
                                                : "by the service account");
    else
        printf("Google must be connected again: %s\n", g.why ? g.why : "");
    rc = desk_calendar_source_list(w->db, w->a, w->tenant.id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        rc = print_source(w, &rows[i]);
    return rc;
}

static enum desk_rc do_sync(struct work *w)
{
    size_t n = 0;
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    if (!rc)
        rc = desk_tx_end(w->db, desk_calendar_read_now(w->db, w->a, w->tenant.id, &n));
    if (!rc)
        puts(n ? "asked for; `frontdesk calendar google status` shows when it is done"
               : "there is nothing to read");
    return rc;
}

static enum desk_rc do_disconnect(struct work *w)
{
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    if (!rc)
        rc = desk_tx_end(w->db, desk_google_disconnect(w->db, w->a, w->tenant.id));
    if (rc == DESK_ENOTFOUND)
        cli_fail("it was not connected");
    else if (!rc)
        puts("let go; visits stay in our own calendar");
    return rc;
}

/* ---- at an address --------------------------------------------------------------------------- */

static enum desk_rc do_import(struct work *w)
{
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    if (!rc && w->q.off)
        rc = desk_tx_end(w->db, desk_calendar_unimport(w->db, w->a, w->tenant.id, w->q.url));
    else if (!rc)
        rc = desk_tx_end(w->db, desk_calendar_import(w->db, w->tenant.id, w->q.url,
                                                     w->person ? w->resource : NULL, w->person));
    if (rc == DESK_EINVAL)
        cli_fail("an address begins with https:// or webcal://");
    else if (rc == DESK_ECONFLICT)
        cli_fail("that address is read already");
    else if (rc == DESK_ENOTFOUND)
        cli_fail("that address is not read");
    else if (!rc)
        puts(w->q.off ? "it is not read any more"
                      : "it is read from now on; what stands there is not offered to callers");
    return rc;
}

int calendar_import(int argc, char **argv)
{
    return run(argc, argv, true, do_import);
}

static int connect_it(int argc, char **argv)
{
    return run(argc, argv, false, do_connect);
}

static int status(int argc, char **argv)
{
    return run(argc, argv, false, do_status);
}

static int sync_it(int argc, char **argv)
{
    return run(argc, argv, false, do_sync);
}

static int disconnect_it(int argc, char **argv)
{
    return run(argc, argv, false, do_disconnect);
}

int calendar_google(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"connect", connect_it, "connect [--calendar ADDRESS [--with NAME]]"},
        {"status", status, "status"},
        {"sync", sync_it, "sync"},
        {"disconnect", disconnect_it, "disconnect"},
        {NULL, NULL, NULL},
    };
    return cli_sub_run(subs, argc, argv);
}
