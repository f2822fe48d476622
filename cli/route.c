/* frontdesk route: what would happen with a call, and why. Decided by the functions that decide a
 * live one, out of what the database knows now; nothing is written. */
#include "cli/cli.h"
#include "cli/judge.h"
#include "cli/sub.h"
#include "base/clock.h"
#include "base/limits.h"
#include "core/danger.h"
#include "core/phone.h"
#include "core/route.h"
#include "store/settings.h"
#include "talk/business.h"
#include "talk/caller.h"

#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct asked {
    const char *business, *branch, *from, *at, *text, *verstat;
    bool outbound, json;
};

/* All that comes of it. */
struct routed {
    struct desk_business b;
    int64_t at;
    const char *number; /* NULL = withheld */
    struct desk_caller_facts facts;
    enum desk_caller who;
    const char *because, *answered;
    struct desk_danger_found danger;
    struct desk_routing route;
};

/* ---- what is asked --------------------------------------------------------------------------- */

static int read_options(int argc, char **argv, struct asked *q)
{
    static const struct option options[] = {{"business", required_argument, NULL, 'b'},
                                            {"branch", required_argument, NULL, 'l'},
                                            {"from", required_argument, NULL, 'f'},
                                            {"at", required_argument, NULL, 'a'},
                                            {"text", required_argument, NULL, 't'},
                                            {"verstat", required_argument, NULL, 'v'},
                                            {"outbound", no_argument, NULL, 'o'},
                                            {"json", no_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    const struct {
        int c;
        const char **to;
    } texts[] = {{'b', &q->business}, {'l', &q->branch}, {'f', &q->from},
                 {'a', &q->at},       {'t', &q->text},   {'v', &q->verstat}};
    int c;
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            if (texts[i].c == c)
                *texts[i].to = optarg;
        if (c == '?')
            return 2;
        q->outbound = q->outbound || c == 'o';
        q->json = q->json || c == 'j';
    }
    if (optind != argc)
        return cli_usage("route takes options only; `frontdesk help route` has them");
    if (!q->from || !*q->from)
        return cli_usage("--from wants a number, like +14155550134, or withheld");
    return 0;
}

/* "2026-11-20 10:15" or with a T, in the branch's zone unless an offset is given. */
static bool read_time(const char *text, const struct desk_tz *tz, int64_t *at)
{
    char iso[40];
    if (!text) {
        *at = desk_now_ms();
        return true;
    }
    int n = snprintf(iso, sizeof iso, "%s", text);
    if (n == 16 || n == 19)
        iso[10] = iso[10] == ' ' ? 'T' : iso[10];
    return n > 0 && (size_t)n < sizeof iso && judge_instant(iso, tz, at);
}

/* As the hook reads a webhook's From: what is no number is withheld. But here a person typed it. */
static enum desk_rc read_number(struct desk_arena *a, const char *from, struct routed *r)
{
    char e164[DESK_PHONE_LEN];
    enum desk_phone_rc rc =
        strcmp(from, "withheld") == 0 ? DESK_PHONE_WITHHELD : desk_phone_parse(from, "US", e164);
    if (rc == DESK_PHONE_INVALID) {
        cli_fail("--from: \"%s\" is no number that could call; \"withheld\" is one that hides it",
                 from);
        return DESK_EINVAL;
    }
    r->number = rc == DESK_PHONE_OK ? desk_arena_strdup(a, e164) : NULL;
    return rc == DESK_PHONE_OK && !r->number ? DESK_ENOMEM : DESK_OK;
}

/* ---- what comes of it ------------------------------------------------------------------------ */

static enum desk_rc load_place(struct desk_db *db, struct desk_arena *a, const struct asked *q,
                               const char *tenant_id, struct routed *r)
{
    struct desk_location *rows;
    size_t n = 0, i = 0;
    enum desk_rc rc = desk_location_list(db, a, tenant_id, &rows, &n);
    while (!rc && q->branch && i < n && strcmp(rows[i].name, q->branch) != 0)
        i++;
    if (!rc && i == n) {
        cli_fail("there is no branch \"%s\"", q->branch ? q->branch : "");
        rc = DESK_ENOTFOUND;
    }
    return rc ? rc : desk_business_load(db, a, tenant_id, rows[i].id, &r->b);
}

static enum desk_rc know(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                         struct routed *r)
{
    struct desk_contact contact;
    if (!r->number)
        return DESK_OK;
    enum desk_rc rc = desk_contact_by_number(db, a, tenant_id, r->number, &contact);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    return desk_caller_know(db, a, tenant_id, r->number, rc ? NULL : &contact, r->at, &r->facts);
}

/* The profile's word for how it is answered then, else the setting's. */
static enum desk_rc answered(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             struct routed *r)
{
    struct desk_tenant_settings own;
    enum desk_answer_mode m = desk_business_mode(&r->b, r->route.open);
    enum desk_rc rc = desk_tenant_settings_load(db, a, tenant_id, &own);
    if (rc)
        return rc;
    r->answered = m == DESK_ANSWER_UNSAID
                      ? desk_arena_strdup(a, desk_tenant_setting(&own, DESK_S_ANSWER_MODE))
                      : desk_answer_mode_name(m);
    return r->answered ? DESK_OK : DESK_ENOMEM;
}

static enum desk_rc decide(struct desk_db *db, struct desk_arena *a, const struct asked *q,
                           const char *tenant_id, struct routed *r)
{
    enum desk_rc rc = load_place(db, a, q, tenant_id, r);
    if (!rc)
        rc = read_number(a, q->from, r);
    if (!rc && !read_time(q->at, r->b.zone, &r->at)) {
        cli_fail("--at wants a time like \"2026-11-20 10:15\" (of %s) or 2026-11-20T10:15-07:00",
                 r->b.zone_name);
        rc = DESK_EINVAL;
    }
    if (!rc)
        rc = know(db, a, tenant_id, r);
    if (rc)
        return rc;
    r->facts.number = r->number;
    r->facts.attest = desk_attest_parse(q->verstat);
    r->who = desk_caller_resolve(&r->b, &r->facts, &r->because);
    desk_danger_judge(&r->b, q->text, &r->danger);
    desk_route_decide(&(struct desk_route_input){.business = &r->b,
                                                 .caller = r->who,
                                                 .now = r->at,
                                                 .outbound = q->outbound,
                                                 .text = q->text,
                                                 .emergency = r->danger.severity},
                      &r->route);
    return answered(db, a, tenant_id, r);
}

/* ---- saying it ------------------------------------------------------------------------------- */

static enum desk_rc print_json(const struct routed *r)
{
    char at[40];
    const struct desk_routing *d = &r->route;
    json_t *reasons = json_array();
    for (size_t i = 0; i < d->n_reasons; i++)
        json_array_append_new(reasons, json_string(d->reasons[i]));
    json_t *out = json_pack(
        "{s:s, s:s, s:s, s:s?, s:s, s:s, s:b, s:s, s:s, s:s?, s:s?, s:s, s:s, s:o}", "business",
        r->b.slug, "branch", r->b.branch, "at", desk_when_iso(at, sizeof at, r->b.zone, r->at),
        "number", r->number, "caller", desk_caller_name(r->who), "caller_because", r->because,
        "open", (int)d->open, "rule", d->rule, "action", desk_route_action_name(d->action),
        "script", d->script, "standard_script", d->standard, "answered", r->answered, "emergency",
        desk_severity_name(r->danger.severity), "reasons", reasons);
    bool fine = out && json_dumpf(out, stdout, JSON_INDENT(2)) == 0 && putchar('\n') != EOF;
    json_decref(out);
    return fine ? DESK_OK : DESK_ENOMEM;
}

static void row(const char *what, const char *text)
{
    printf("%-11s%s\n", what, text);
}

static void print_text(const struct routed *r)
{
    char when[64], clock[16];
    const struct desk_routing *d = &r->route;
    bool branch = *r->b.branch && strcmp(r->b.branch, r->b.name) != 0;
    printf("%-11s%s%s%s\n", "business", r->b.name, branch ? ", " : "", branch ? r->b.branch : "");
    printf("%-11s%s, %s (%s), %s\n", "at", desk_when_date_long(when, sizeof when, r->b.zone, r->at),
           desk_when_time(clock, sizeof clock, r->b.zone, r->at, false), r->b.zone_name,
           d->open ? "open" : "closed");
    printf("%-11s%s: %s\n", "caller", desk_caller_name(r->who), r->because);
    row("rule", d->rule);
    row("action", desk_route_action_name(d->action));
    row("script", d->script ? d->script : "none");
    if (d->script && d->standard && strcmp(d->script, d->standard) != 0)
        printf("%-11s(the business's own choice; usually %s)\n", "", d->standard);
    row("answered", r->answered);
    if (r->danger.severity != DESK_SEVERITY_NONE)
        printf("%-11s%s: %s\n", "emergency", desk_severity_name(r->danger.severity),
               r->danger.because);
    for (size_t i = 0; i < d->n_reasons; i++)
        row(i ? "" : "because", d->reasons[i]);
}

int cmd_route(int argc, char **argv)
{
    struct asked q = {0};
    struct desk_tenant t;
    int status = read_options(argc, argv, &q);
    if (status)
        return status;
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(DESK_MAX_BUSINESS_ARENA) : NULL;
    struct routed *r = a ? desk_arena_alloc(a, sizeof *r) : NULL;
    if (db)
        desk_db_readonly(db, true);
    enum desk_rc rc = r ? cli_tenant(db, a, q.business, &t) : DESK_ENOMEM;
    if (!rc) {
        memset(r, 0, sizeof *r);
        rc = decide(db, a, &q, t.id, r);
    }
    if (!rc && q.json)
        rc = print_json(r);
    else if (!rc)
        print_text(r);
    desk_arena_free(a);
    desk_db_close(db);
    return rc ? 1 : 0;
}
