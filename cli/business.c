/* frontdesk business: add one from a file, list them. */
#include "cli/business_file.h"
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/ids.h"

#include <stdio.h>

static int add(int argc, char **argv)
{
    struct desk_business b;
    char why[256], id[DESK_ID_LEN];
    int status = 1;
    if (argc != 2)
        return cli_usage("business add wants one file, like businesses/plumbing.json");
    struct desk_arena *a = desk_arena_new(4 * 1024 * 1024);
    struct desk_db *db = NULL;
    if (!a)
        return 1;
    if (desk_business_read(&b, a, argv[1], why, sizeof why)) {
        cli_fail("%s: %s", argv[1], why);
        goto out;
    }
    db = cli_open();
    if (!db)
        goto out;
    if (desk_business_store(&b, db, id, why, sizeof why)) {
        cli_fail("%s was not added: %s", argv[1], why);
        goto out;
    }
    printf("%s (%s) answers %s%s\n", b.name, b.slug, b.numbers[0],
           b.n_numbers > 1 ? " and more" : "");
    status = 0;
out:
    desk_db_close(db);
    desk_arena_free(a);
    return status;
}

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

int cmd_business(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"add", add, "add FILE"},
        {"list", list, "list"},
        {NULL, NULL, NULL},
    };
    return cli_sub_run(subs, argc, argv);
}
