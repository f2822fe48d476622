/* frontdesk business: who is answered for, from files, and their dated exceptions. */
#include "cli/business_file.h"
#include "cli/business_show.h"
#include "cli/cli.h"
#include "cli/own_numbers.h"
#include "cli/sub.h"
#include "base/ids.h"
#include "talk/business.h"
#include "talk/tools.h"

#include <getopt.h>
#include <stdio.h>

/* ---- files ----------------------------------------------------------------------------------- */

static void print_problem(void *ctx, int line, const char *sentence)
{
    const char *file = ctx;
    if (line)
        cli_fail("%s: line %d: %s", file, line, sentence);
    else
        cli_fail("%s: %s", file, sentence);
}

/* The path for printing, which the callback cannot change. */
static enum desk_rc read_file(json_t **doc, char *path)
{
    return cli_business_read(doc, path, print_problem, path);
}

/* A profile may name tools of a later version; better said than wondered about. */
static void note_tools(json_t *doc)
{
    size_t i;
    json_t *v;
    json_array_foreach(json_object_get(doc, "tools"), i, v)
    {
        if (!desk_tool_find(json_string_value(v)))
            fprintf(stderr, "frontdesk: note: there is no tool \"%s\" in this version\n",
                    json_string_value(v));
    }
}

static void print_answers(const json_t *doc)
{
    const json_t *numbers = json_object_get(doc, "numbers");
    printf("%s (%s) answers %s%s\n", json_string_value(json_object_get(doc, "name")),
           json_string_value(json_object_get(doc, "slug")),
           json_string_value(json_array_get(numbers, 0)),
           json_array_size(numbers) > 1 || json_object_get(doc, "locations") ? " and more" : "");
}

static enum desk_rc store_new(struct desk_db *db, const json_t *doc, char *why, size_t n)
{
    char id[DESK_ID_LEN];
    return desk_business_add(db, doc, id, why, n);
}

/* A file says all that a business is, so one without the number of the settings takes that number
 * from it; it is given back at once instead of at the next start. */
static void give_numbers(struct desk_db *db)
{
    char why[200];
    if (desk_numbers_apply(db, stdout, why, sizeof why))
        cli_fail("%s", why);
}

static int with_file(int argc, char **argv, const char *done,
                     enum desk_rc (*store)(struct desk_db *, const json_t *, char *, size_t))
{
    char why[300];
    json_t *doc;
    if (argc != 2)
        return cli_usage("business %s wants one file, like businesses/plumbing.json", argv[0]);
    if (read_file(&doc, argv[1]))
        return 1;
    note_tools(doc);
    struct desk_db *db = cli_open();
    enum desk_rc rc = db ? store(db, doc, why, sizeof why) : DESK_EINTERNAL;
    if (db && rc)
        cli_fail("%s was not %s: %s", argv[1], done, why);
    if (!rc) {
        print_answers(doc);
        give_numbers(db);
    }
    json_decref(doc);
    desk_db_close(db);
    return rc ? 1 : 0;
}

static int add(int argc, char **argv)
{
    return with_file(argc, argv, "added", store_new);
}

static int update(int argc, char **argv)
{
    return with_file(argc, argv, "taken", desk_business_update);
}

static int check(int argc, char **argv)
{
    int status = 0;
    if (argc < 2)
        return cli_usage("business check wants files, like businesses/plumbing.json");
    for (int i = 1; i < argc; i++) {
        json_t *doc;
        if (read_file(&doc, argv[i])) {
            status = 1;
            continue;
        }
        note_tools(doc);
        printf("%s: ", argv[i]);
        print_answers(doc);
        json_decref(doc);
    }
    return status;
}

/* ---- what is there --------------------------------------------------------------------------- */

static enum desk_rc print_one(struct desk_db *db, struct desk_arena *a, const struct desk_tenant *t)
{
    struct desk_number *numbers;
    size_t n;
    enum desk_rc rc = desk_number_list(db, a, t->id, &numbers, &n);
    printf("%-16s %-28s", t->slug, t->name);
    for (size_t i = 0; !rc && i < n; i++)
        printf(" %s", numbers[i].e164);
    putchar('\n');
    return rc;
}

static int list(int argc, char **argv)
{
    struct desk_tenant *all;
    size_t n = 0;
    (void)argv;
    if (argc != 1)
        return cli_usage("business list takes nothing more");
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(16 * 1024 * 1024) : NULL;
    enum desk_rc rc = a ? desk_tenant_list(db, a, &all, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++)
        rc = print_one(db, a, &all[i]);
    desk_arena_free(a);
    desk_db_close(db);
    return rc ? 1 : 0;
}

static enum desk_rc print_json(struct desk_db *db, struct desk_arena *a, const char *tenant_id)
{
    json_t *doc;
    enum desk_rc rc = desk_business_export(db, a, tenant_id, &doc);
    if (!rc && json_dumpf(doc, stdout, JSON_INDENT(2)))
        rc = DESK_EINTERNAL;
    if (!rc)
        putchar('\n');
    json_decref(doc);
    return rc;
}

static int show(int argc, char **argv)
{
    static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
    struct desk_tenant t;
    int c;
    bool json = false;
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c != 'j')
            return 2;
        json = true;
    }
    if (argc - optind > 1)
        return cli_usage("business show wants one SLUG, or none when there is one business");
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(16 * 1024 * 1024) : NULL;
    enum desk_rc rc = a ? cli_tenant(db, a, argv[optind], &t) : DESK_ENOMEM;
    if (!rc)
        rc = json ? print_json(db, a, t.id) : cli_business_show(db, a, t.id);
    desk_arena_free(a);
    desk_db_close(db);
    return rc ? 1 : 0;
}

int cmd_business(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"add", add, "add FILE"},
        {"check", check, "check FILE…"},
        {"update", update, "update FILE"},
        {"list", list, "list"},
        {"show", show, "show [SLUG] [--json]"},
        {"except", cli_business_except,
         "except SLUG --from DAY [--to DAY] --closed|--open 10:00-14:00|--away NAME "
         "[--label TEXT] [--branch NAME], or --from DAY --remove"},
        {"pin", cli_business_pin, "pin [SLUG] [--pin-stdin | --remove]"},
        {NULL, NULL, NULL},
    };
    return cli_sub_run(subs, argc, argv);
}
