/* frontdesk numbers sync: points a business's numbers at Twilio to this front desk. It shows what
 * differs, asks, changes that and nothing else, and looks again. */
#include "cli/cli.h"
#include "cli/numbers_plan.h"
#include "cli/sub.h"
#include "base/limits.h"
#include "wire/form.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NEW_APP "(the new application)"

struct asked {
    const char *business;
    bool yes, dry, unprobed;
};

struct job {
    struct asked q;
    struct numbers_found found;
    struct desk_number *numbers;
    size_t n;
};

static int read_options(int argc, char **argv, struct asked *q)
{
    static const struct option options[] = {{"business", required_argument, NULL, 'b'},
                                            {"yes", no_argument, NULL, 'y'},
                                            {"dry-run", no_argument, NULL, 'd'},
                                            {"no-probe", no_argument, NULL, 'p'},
                                            {NULL, 0, NULL, 0}};
    int c;
    memset(q, 0, sizeof *q);
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == '?')
            return 2;
        q->business = c == 'b' ? optarg : q->business;
        q->yes = q->yes || c == 'y';
        q->dry = q->dry || c == 'd';
        q->unprobed = q->unprobed || c == 'p';
    }
    return optind == argc ? 0 : cli_usage("numbers sync takes options only");
}

/* ---- is anybody there? ----------------------------------------------------------------------- */

/* Numbers are not pointed at what is not there: texts only if their page exists, calls only if
 * theirs do. */
static int probe(struct job *j)
{
    char why[256];
    const char *path;
    for (size_t i = 0; (path = numbers_page(i)); i++) {
        int status = numbers_page_status(&j->found, path, why, sizeof why);
        bool text = strncmp(path, "/sms/", 5) == 0;
        if (!status)
            return cli_fail("%s is not reached: %s. When that is as it should be for now: "
                            "--no-probe",
                            j->found.base, why);
        if (text)
            j->found.texts = numbers_page_there(status);
        else if (!numbers_page_there(status))
            return cli_fail("%s%s answers with HTTP %d: is this the front desk's address?",
                            j->found.base, path, status);
    }
    return 0;
}

/* ---- showing
 * ------------------------------------------------------------------------------------- */

static void show_changes(const struct numbers_change *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        printf("    %-20s %s\n    %-20s %s\n", v[i].field, *v[i].from ? v[i].from : "(nothing)",
               "  will be", *v[i].to ? v[i].to : "(nothing)");
}

static const char *app_sid(const struct job *j)
{
    return j->found.app ? numbers_sid(j->found.app) : NEW_APP;
}

/* Show what differs; how many resources would change. *missing: numbers that Twilio does not have.
 */
static size_t show(const struct job *j, size_t *missing)
{
    struct numbers_change v[NUMBERS_CHANGES];
    size_t changed = 0, n = numbers_app_changes(&j->found, v);
    *missing = 0;
    if (n || !j->found.app)
        printf("  TwiML application \"%s\"%s\n", j->found.app_name,
               j->found.app ? "" : " will be made");
    show_changes(v, n);
    changed += n || !j->found.app;
    for (size_t i = 0; i < j->n; i++) {
        const json_t *number = numbers_find(&j->found, j->numbers[i].e164);
        if (!number) {
            printf("  %s is not a number of this Twilio account\n", j->numbers[i].e164);
            (*missing)++;
            continue;
        }
        n = numbers_changes(&j->found, number, app_sid(j), v);
        if (n)
            printf("  %s\n", j->numbers[i].e164);
        show_changes(v, n);
        changed += n > 0;
    }
    return changed;
}

/* ---- changing
 * ------------------------------------------------------------------------------------ */

static void form_of(const struct numbers_change *v, size_t n, struct desk_buf *form)
{
    desk_buf_init(form, DESK_MAX_TWILIO_FORM);
    for (size_t i = 0; i < n; i++)
        desk_form_add(form, v[i].field, v[i].to);
}

static int failed(const char *what, const struct desk_twilio_result *r)
{
    return cli_fail("%s was not changed: %s", what, r->why);
}

/* The application, made or mended. When the answer to making it was lost, Twilio is asked whether
 * it is there: a second one of its name is never made. */
static int change_app(struct job *j)
{
    struct numbers_found *f = &j->found;
    struct numbers_change v[NUMBERS_CHANGES];
    struct desk_twilio_result r = {.body = NULL};
    struct desk_buf form;
    char why[400];
    enum desk_rc rc = DESK_OK;
    size_t n = numbers_app_changes(f, v);
    form_of(v, n, &form);
    if (!f->app) {
        desk_form_add(&form, "FriendlyName", f->app_name);
        rc = f->api->create(&f->account, "Applications", &form, &r);
        if (rc && r.unsure)
            rc = numbers_look(f, why, sizeof why);
        else if (!rc)
            f->app = json_incref(r.body);
        rc = rc ? rc : f->app && *numbers_sid(f->app) ? DESK_OK : DESK_EUPSTREAM;
    } else if (n) {
        rc = f->api->update(&f->account, "Applications", numbers_sid(f->app), &form, &r);
    }
    desk_buf_clear(&form);
    json_decref(r.body);
    return rc ? failed("The TwiML application", &r) : 0;
}

static int change_number(struct job *j, const char *e164)
{
    struct numbers_change v[NUMBERS_CHANGES];
    struct desk_twilio_result r = {.body = NULL};
    struct desk_buf form;
    const json_t *number = numbers_find(&j->found, e164);
    size_t n = number ? numbers_changes(&j->found, number, app_sid(j), v) : 0;
    if (!n)
        return 0;
    form_of(v, n, &form);
    enum desk_rc rc = j->found.api->update(&j->found.account, "IncomingPhoneNumbers",
                                           numbers_sid(number), &form, &r);
    desk_buf_clear(&form);
    json_decref(r.body);
    return rc ? failed(e164, &r) : 0;
}

static int change(struct job *j)
{
    char why[400];
    size_t missing;
    int status = change_app(j);
    for (size_t i = 0; !status && i < j->n; i++)
        status = change_number(j, j->numbers[i].e164);
    if (status)
        return status;
    if (numbers_look(&j->found, why, sizeof why))
        return cli_fail("It was changed, but Twilio does not show how it stands now: %s", why);
    if (show(j, &missing))
        return cli_fail("Twilio took the changes and shows something else: see above");
    puts("Done: Twilio shows it as it should be.");
    return 0;
}

static bool agreed(const struct asked *q)
{
    char line[16] = "";
    if (q->yes)
        return true;
    fputs("Change this at Twilio? [y/N] ", stdout);
    fflush(stdout);
    if (!fgets(line, sizeof line, stdin))
        putchar('\n');
    return line[0] == 'y' || line[0] == 'Y';
}

/* ---- all of it ------------------------------------------------------------------------------- */

static int sync_numbers(struct job *j)
{
    char why[400];
    size_t missing;
    if (numbers_settings(&j->found, why, sizeof why))
        return cli_fail("%s", why);
    int status = j->q.unprobed ? 0 : probe(j);
    if (status)
        return status;
    if (numbers_look(&j->found, why, sizeof why))
        return cli_fail("%s", why);
    size_t changed = show(j, &missing);
    status = missing ? 1 : 0;
    if (!j->found.texts)
        puts("  Texts are left as they are: this front desk has no page for them (/sms/incoming).");
    if (!changed)
        puts(missing ? "Nothing else to change." : "Nothing to change.");
    else if (j->q.dry)
        puts("Nothing was changed (--dry-run).");
    else if (!agreed(&j->q))
        status = cli_fail("nothing was changed; --yes changes it without asking");
    else if (change(j))
        status = 1;
    return status;
}

static int sync_command(int argc, char **argv)
{
    struct job j;
    struct desk_tenant t;
    memset(&j, 0, sizeof j);
    int status = read_options(argc, argv, &j.q);
    if (status)
        return status;
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(4 * 1024 * 1024) : NULL;
    enum desk_rc rc = a ? cli_tenant(db, a, j.q.business, &t) : DESK_ENOMEM;
    if (!rc)
        rc = desk_number_list(db, a, t.id, &j.numbers, &j.n);
    if (!rc && !j.n) {
        cli_fail("%s has no numbers", t.slug);
        rc = DESK_ENOTFOUND;
    }
    if (!rc) {
        printf("%s\n", t.name);
        status = sync_numbers(&j);
    }
    numbers_clear(&j.found);
    desk_arena_free(a);
    desk_db_close(db);
    return rc ? 1 : status;
}

int cmd_numbers(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"sync", sync_command, "sync [--business SLUG] [--dry-run] [--yes] [--no-probe]"},
        {NULL, NULL, NULL},
    };
    return cli_sub_run(subs, argc, argv);
}
