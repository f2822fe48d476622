/* frontdesk calendar: the appointments of a business, from a terminal. */
#include "cli/calendar.h"
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/limits.h"
#include "core/day_text.h"
#include "core/phone.h"
#include "talk/business.h"
#include "talk/calendar.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA     (16 * 1024 * 1024)
#define DAY_MS    (24LL * 3600 * 1000)
#define LIST_DAYS 30

struct asked {
    const char *business, *branch, *id;
    const char *from, *days, *service, *when, *at, *name, *number, *address, *notes, *with;
    bool all, anyway, off;
    int want_id; /* 1: one is wanted, 0: none, -1: may be */
};

/* What a command works on, once it is open. */
struct work {
    struct asked q;
    struct desk_db *db;
    struct desk_arena *a;
    struct desk_tenant tenant;
    struct desk_location location;
    struct desk_business business;
    struct desk_calendar_place place;
    const struct desk_calendar *calendar;
};

/* ---- what is asked --------------------------------------------------------------------------- */

static const struct option options[] = {{"business", required_argument, NULL, 'b'},
                                        {"branch", required_argument, NULL, 'B'},
                                        {"from", required_argument, NULL, 'f'},
                                        {"days", required_argument, NULL, 'd'},
                                        {"service", required_argument, NULL, 's'},
                                        {"when", required_argument, NULL, 'w'},
                                        {"at", required_argument, NULL, 't'},
                                        {"name", required_argument, NULL, 'n'},
                                        {"number", required_argument, NULL, 'p'},
                                        {"address", required_argument, NULL, 'a'},
                                        {"notes", required_argument, NULL, 'o'},
                                        {"with", required_argument, NULL, 'h'},
                                        {"all", no_argument, NULL, 'A'},
                                        {"anyway", no_argument, NULL, 'y'},
                                        {"off", no_argument, NULL, 'x'},
                                        {NULL, 0, NULL, 0}};

/* allowed: the letters of the options that this command takes. */
static int read_options(int argc, char **argv, const char *allowed, struct asked *q)
{
    const struct {
        int c;
        const char **text;
        bool *flag;
    } places[] = {{'b', &q->business, NULL}, {'B', &q->branch, NULL},  {'f', &q->from, NULL},
                  {'d', &q->days, NULL},     {'s', &q->service, NULL}, {'w', &q->when, NULL},
                  {'t', &q->at, NULL},       {'n', &q->name, NULL},    {'p', &q->number, NULL},
                  {'a', &q->address, NULL},  {'o', &q->notes, NULL},   {'h', &q->with, NULL},
                  {'A', NULL, &q->all},      {'y', NULL, &q->anyway},  {'x', NULL, &q->off}};
    int c, at = 0;
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, &at)) != -1) {
        if (c == '?')
            return 2;
        if (!strchr(allowed, c) && c != 'b')
            return cli_usage("calendar %s has no --%s", argv[0], options[at].name);
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
            if (places[i].c != c)
                continue;
            if (places[i].text)
                *places[i].text = optarg;
            else
                *places[i].flag = true;
        }
    }
    q->id = argv[optind];
    int n = argc - optind;
    if (n > 1 || (q->want_id == 1 && !n) || (q->want_id == 0 && n))
        return cli_usage(q->want_id == 1 ? "calendar %s wants one id, as calendar list shows it"
                                         : "calendar %s takes no more words",
                         argv[0]);
    return 0;
}

static enum desk_rc find_location(struct work *w)
{
    struct desk_location *rows;
    size_t n = 0;
    enum desk_rc rc = desk_location_list(w->db, w->a, w->tenant.id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        if (!w->q.branch || strcmp(rows[i].name, w->q.branch) == 0) {
            w->location = rows[i];
            return DESK_OK;
        }
    if (!rc)
        cli_fail("there is no branch \"%s\"", w->q.branch ? w->q.branch : "");
    return rc ? rc : DESK_ENOTFOUND;
}

static enum desk_rc open_work(struct work *w)
{
    w->db = cli_open();
    w->a = w->db ? desk_arena_new(ARENA) : NULL;
    const char *slug = w->q.want_id < 0 && w->q.id ? w->q.id : w->q.business;
    enum desk_rc rc = w->a ? cli_tenant(w->db, w->a, slug, &w->tenant) : DESK_ENOMEM;
    if (!rc)
        rc = find_location(w);
    if (!rc)
        rc = desk_business_load(w->db, w->a, w->tenant.id, w->location.id, &w->business);
    w->place = (struct desk_calendar_place){.db = w->db,
                                            .arena = w->a,
                                            .tenant_id = w->tenant.id,
                                            .location_id = w->location.id,
                                            .business = &w->business,
                                            .now = desk_now_ms()};
    if (!rc)
        w->calendar = desk_calendar_of(&w->place);
    return rc;
}

static int close_work(struct work *w, enum desk_rc rc)
{
    desk_arena_free(w->a);
    desk_db_close(w->db);
    return rc ? 1 : 0;
}

static int run(int argc, char **argv, const char *allowed, int want_id,
               enum desk_rc (*fn)(struct work *w))
{
    struct work *w = calloc(1, sizeof *w);
    if (!w)
        return 1;
    w->q.want_id = want_id;
    int status = read_options(argc, argv, allowed, &w->q);
    if (!status) {
        enum desk_rc rc = open_work(w);
        if (!rc)
            rc = fn(w);
        status = close_work(w, rc);
    }
    free(w);
    return status;
}

/* ---- parts of what is asked ------------------------------------------------------------------ */

static enum desk_rc wanted_service(struct work *w, const struct desk_service **out)
{
    *out = desk_business_service(&w->business, w->q.service);
    if (*out)
        return DESK_OK;
    cli_fail("--service is one of:");
    for (size_t i = 0; i < w->business.n_services; i++)
        fprintf(stderr, "  %s\n", w->business.services[i].name);
    return DESK_EINVAL;
}

static enum desk_rc wanted_person(struct work *w, int *out)
{
    *out = desk_calendar_person(&w->business, w->q.with);
    if (!w->q.with || *out != DESK_SLOT_ALL)
        return DESK_OK;
    cli_fail("\"%s\" has no calendar here: see \"services\" of \"staff\" in the profile",
             w->q.with);
    return DESK_EINVAL;
}

/* "2026-10-14 14:00" there → UTC ms. */
static enum desk_rc wanted_time(struct work *w, int64_t *out)
{
    char day[11] = "";
    int32_t date = 0;
    const char *text = w->q.at ? w->q.at : "";
    bool form = strlen(text) == 16 && text[10] == ' ';
    snprintf(day, sizeof day, "%.10s", text);
    int minute = form ? desk_clock_parse(text + 11) : -1;
    struct desk_local_time t = {.minute = minute};
    if (minute < 0 || !desk_day_parse(day, &date)) {
        cli_fail("--at wants a day and a time there, like \"2026-10-14 14:00\"");
        return DESK_EINVAL;
    }
    desk_civil_from_days(date, &t.year, &t.month, &t.day);
    if (desk_tz_utc(w->business.zone, &t, false, out) != DESK_TZ_GAP)
        return DESK_OK;
    cli_fail("the clocks there jump over that time");
    return DESK_EINVAL;
}

static void print_one(const struct work *w, const struct desk_appointment *r)
{
    char day[32], from[16], to[16];
    desk_when_date(day, sizeof day, w->business.zone, r->start_at);
    desk_when_time(from, sizeof from, w->business.zone, r->start_at, true);
    desk_when_time(to, sizeof to, w->business.zone, r->end_at, true);
    printf("%s  %s %s-%s  %-9s %s%s%s  %s%s%s\n", r->id, day, from, to, r->status, r->service_name,
           r->resource_name ? " with " : "", r->resource_name ? r->resource_name : "",
           r->name ? r->name : "-", r->number ? "  " : "", r->number ? r->number : "");
    if (r->address)
        printf("    %s\n", r->address);
    if (r->notes)
        printf("    %s\n", r->notes);
}

static void print_link(const char *kind, const char *secret)
{
    const char *base = desk_setting(DESK_S_PUBLIC_BASE_URL);
    size_t n = strlen(base);
    while (n && base[n - 1] == '/')
        n--;
    if (n)
        printf("%.*s/v1/calendar/%s/%s.ics\n", (int)n, base, kind, secret);
    else
        printf("http://127.0.0.1:%ld/v1/calendar/%s/%s.ics\n",
               desk_setting_int(DESK_S_FRONTDESK_PORT), kind, secret);
}

static enum desk_rc told(enum desk_rc rc, const struct desk_booked *out)
{
    if (rc == DESK_ECONFLICT)
        cli_fail("not booked: %s", desk_slots_why_text(out->why));
    else if (rc == DESK_ENOTFOUND)
        cli_fail("there is no such appointment that stands");
    else if (rc)
        cli_fail("that failed: %s", desk_rc_info(rc)->title);
    return rc;
}

/* Where another calendar must agree: as it does within the time a caller would wait. */
static enum desk_rc settled(struct work *w, struct desk_booked *out)
{
    if (out->firm || !w->calendar->settle)
        return DESK_OK;
    enum desk_rc rc =
        w->calendar->settle(&w->place, out, desk_setting_int(DESK_S_CALENDAR_WAIT_MS));
    if (!rc && out->firm)
        return desk_appointment_get(w->db, w->a, w->tenant.id, out->row.id, &out->row);
    if (!rc)
        puts("Google has not taken it yet; it is tried until it does.");
    return rc;
}

/* ---- the commands ---------------------------------------------------------------------------- */

static enum desk_rc do_list(struct work *w)
{
    struct desk_appointment *rows;
    size_t n = 0;
    int y, m, d;
    int32_t date = desk_hours_date(w->business.zone, w->place.now);
    long days = w->q.days ? strtol(w->q.days, NULL, 10) : LIST_DAYS;
    if ((w->q.from && !desk_day_parse(w->q.from, &date)) || days < 1 || days > 3660) {
        cli_fail("--from wants a day like 2026-10-12, --days a number");
        return DESK_EINVAL;
    }
    desk_civil_from_days(date, &y, &m, &d);
    int64_t from = desk_tz_day_start(w->business.zone, y, m, d);
    enum desk_rc rc =
        desk_appointments_between(w->db, w->a, w->tenant.id, from, from + days * DAY_MS, w->q.all,
                                  DESK_MAX_APPOINTMENTS, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        print_one(w, &rows[i]);
    if (!rc && !n)
        puts("nothing");
    return rc;
}

static enum desk_rc do_slots(struct work *w)
{
    struct desk_calendar_ask ask = {
        .resource = DESK_SLOT_ALL, .max = 20, .wish = {.from = w->place.now}};
    struct desk_slots *found = desk_arena_alloc(w->a, sizeof *found);
    enum desk_rc rc = found ? wanted_service(w, &ask.service) : DESK_ENOMEM;
    if (!rc)
        rc = wanted_person(w, &ask.resource);
    if (rc)
        return rc;
    if (w->q.when) {
        struct desk_resolved r;
        const struct desk_when_place at = {.hours = w->business.hours,
                                           .tz = w->business.zone,
                                           .now = w->place.now,
                                           .day_first = w->business.day_first};
        desk_when_spoken(w->q.when, &at, &r);
        puts(r.say);
        if (!desk_slot_wish_of(&ask.wish, &r, w->business.zone))
            return DESK_EINVAL;
    }
    rc = w->calendar->find(&w->place, &ask, found);
    for (size_t i = 0; !rc && i < found->n; i++) {
        char when[160], key[DESK_BLIND_LEN];
        const char *who;
        desk_calendar_resource(&w->place, found->v[i].resource, key, &who);
        printf("%s%s%s\n", desk_calendar_say(&w->place, found->v[i].start, when, sizeof when),
               who ? " with " : "", who ? who : "");
    }
    if (!rc && !found->n)
        printf("%s%s%s\n", desk_slots_why_text(found->why), *found->label ? " " : "", found->label);
    return rc;
}

/* The slot at --at: with --with, else with whoever can. why of one that is not free is in the
 * booking's answer: then any resource will do to ask. */
static enum desk_rc slot_at(struct work *w, const struct desk_service *service, int minutes,
                            const char *but, struct desk_calendar_slot *out)
{
    int64_t at = 0;
    struct desk_slots *found = desk_arena_alloc(w->a, sizeof *found);
    struct desk_calendar_ask ask = {
        .service = service, .minutes = minutes, .max = 1, .but = {but}, .n_but = but != NULL};
    const struct desk_slots_ask q = {
        .business = &w->business, .service = service, .minutes = minutes};
    enum desk_rc rc = found ? wanted_time(w, &at) : DESK_ENOMEM;
    if (!rc)
        rc = wanted_person(w, &ask.resource);
    ask.wish = (struct desk_slot_wish){.from = at, .to = at};
    if (!rc)
        rc = w->calendar->find(&w->place, &ask, found);
    if (rc)
        return rc;
    out->service = service;
    int64_t end = at + desk_slots_length_ms(&q);
    out->slot = found->n ? found->v[0]
                         : (struct desk_slot){at, end, end + desk_slots_gap_ms(&q),
                                              ask.resource < 0 ? 0 : ask.resource};
    return DESK_OK;
}

static enum desk_rc wanted_number(const struct work *w, char out[DESK_PHONE_LEN])
{
    out[0] = '\0';
    if (!w->q.number || desk_phone_parse(w->q.number, w->business.country, out) == DESK_PHONE_OK)
        return DESK_OK;
    cli_fail("--number is no telephone number");
    return DESK_EINVAL;
}

/* In a transaction. Anyway, and nobody was named: the first of all who do it and are not taken. */
static enum desk_rc book_slot(struct work *w, struct desk_calendar_slot *slot,
                              const struct desk_booking *k, struct desk_booked *out)
{
    struct desk_slot_resource all[DESK_MAX_SLOT_RESOURCES];
    size_t n = desk_slot_resources(&w->business, all);
    enum desk_rc rc = DESK_ECONFLICT;
    if (!k->anyway || w->q.with)
        return w->calendar->book(&w->place, slot, k, out);
    for (size_t i = 0; i < n && rc == DESK_ECONFLICT; i++) {
        slot->slot.resource = (int)i;
        if (desk_slot_able(&all[i], slot->service))
            rc = w->calendar->book(&w->place, slot, k, out);
    }
    return rc;
}

static enum desk_rc do_book(struct work *w)
{
    char number[DESK_PHONE_LEN], secret[DESK_BLIND_LEN];
    struct desk_calendar_slot slot;
    struct desk_booked out = {0};
    const struct desk_service *service;
    enum desk_rc rc = wanted_service(w, &service);
    if (!rc && !w->q.name) {
        cli_fail("--name: for whom?");
        rc = DESK_EINVAL;
    }
    if (!rc)
        rc = wanted_number(w, number);
    if (!rc)
        rc = slot_at(w, service, 0, NULL, &slot);
    if (rc)
        return rc;
    const struct desk_booking k = {.name = w->q.name,
                                   .number = *number ? number : NULL,
                                   .address = w->q.address,
                                   .notes = w->q.notes,
                                   .source = "owner",
                                   .anyway = w->q.anyway};
    rc = DESK_TX_BEGIN(w->db);
    if (!rc)
        rc = desk_tx_end(w->db, book_slot(w, &slot, &k, &out));
    if (!rc)
        rc = settled(w, &out);
    if (told(rc, &out))
        return rc;
    print_one(w, &out.row);
    desk_appointment_link(w->db, w->tenant.id, out.row.id, secret);
    print_link("visit", secret);
    return DESK_OK;
}

static enum desk_rc the_one(struct work *w, struct desk_appointment *row)
{
    enum desk_rc rc = desk_appointment_get(w->db, w->a, w->tenant.id, w->q.id, row);
    if (rc == DESK_ENOTFOUND)
        cli_fail("there is no appointment \"%s\"; `frontdesk calendar list` shows them", w->q.id);
    return rc;
}

static enum desk_rc do_move(struct work *w)
{
    struct desk_appointment row;
    struct desk_calendar_slot slot;
    struct desk_booked out = {0};
    enum desk_rc rc = the_one(w, &row);
    if (rc)
        return rc;
    const struct desk_service gone = {
        .id = row.service, .name = row.service_name, .gap_minutes = -1};
    const struct desk_service *service = desk_business_service(&w->business, row.service);
    rc = slot_at(w, service ? service : &gone, (int)((row.end_at - row.start_at) / 60000), row.id,
                 &slot);
    if (!rc)
        rc = DESK_TX_BEGIN(w->db);
    if (rc)
        return rc;
    rc = desk_tx_end(w->db, w->calendar->move(&w->place, &row, &slot, w->q.anyway, &out));
    if (!rc)
        rc = settled(w, &out);
    if (!told(rc, &out))
        print_one(w, &out.row);
    return rc;
}

static enum desk_rc do_cancel(struct work *w)
{
    struct desk_appointment row;
    struct desk_booked out = {0};
    enum desk_rc rc = the_one(w, &row);
    if (!rc)
        rc = DESK_TX_BEGIN(w->db);
    if (rc)
        return rc;
    rc = desk_tx_end(w->db, w->calendar->cancel(&w->place, &row, &out));
    if (!told(rc, &out))
        print_one(w, &out.row);
    return rc;
}

static enum desk_rc do_done(struct work *w)
{
    const struct desk_booked none = {0};
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    if (!rc)
        rc = desk_tx_end(w->db, desk_appointment_end(w->db, w->tenant.id, w->q.id, DESK_APPT_DONE));
    return told(rc, &none);
}

static enum desk_rc do_feed(struct work *w)
{
    char secret[DESK_TOKEN_LEN] = "";
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    if (rc)
        return rc;
    rc = desk_tx_end(w->db, w->q.off ? desk_calendar_feed_drop(w->db, w->tenant.id)
                                     : desk_calendar_feed_new(w->db, w->tenant.id, secret));
    if (w->q.off)
        puts(rc ? "there was none" : "the address leads nowhere any more");
    else if (!rc) {
        print_link("feed", secret);
        puts("Shown only now. Whoever has this address reads the calendar; an older one ends.");
    }
    return rc;
}

static int list(int argc, char **argv)
{
    return run(argc, argv, "BfdA", 0, do_list);
}

static int slots(int argc, char **argv)
{
    return run(argc, argv, "Bswh", 0, do_slots);
}

static int book(int argc, char **argv)
{
    return run(argc, argv, "Bstnpaohy", 0, do_book);
}

static int move(int argc, char **argv)
{
    return run(argc, argv, "Bthy", 1, do_move);
}

static int cancel(int argc, char **argv)
{
    return run(argc, argv, "B", 1, do_cancel);
}

static int done(int argc, char **argv)
{
    return run(argc, argv, "", 1, do_done);
}

static int feed(int argc, char **argv)
{
    return run(argc, argv, "x", -1, do_feed);
}

int cmd_calendar(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"list", list, "list [--from DAY] [--days N] [--all]"},
        {"slots", slots, "slots --service NAME [--when WORDS] [--with NAME]"},
        {"book", book, "book --service NAME --at \"DAY TIME\" --name NAME [--number …]"},
        {"move", move, "move ID --at \"DAY TIME\""},
        {"cancel", cancel, "cancel ID"},
        {"done", done, "done ID"},
        {"feed", feed, "feed [SLUG] [--off]"},
        {"google", calendar_google, "google connect|status|sync|disconnect"},
        {"import", calendar_import, "import URL [--with NAME] [--off]"},
        {NULL, NULL, NULL},
    };
    return cli_sub_run(subs, argc, argv);
}
