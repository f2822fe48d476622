/* frontdesk token: secrets of REST clients. Shown once; the database keeps only their hashes. */
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/ids.h"
#include "store/users.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

struct asked {
    const char *name, *scope, *business;
};

static int read_options(int argc, char **argv, struct asked *q)
{
    static const struct option options[] = {{"business", required_argument, NULL, 'b'},
                                            {"scope", required_argument, NULL, 's'},
                                            {NULL, 0, NULL, 0}};
    int c;
    *q = (struct asked){NULL, "read personal", NULL};
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'b')
            q->business = optarg;
        else if (c == 's')
            q->scope = optarg;
        else
            return 2;
    }
    if (optind != argc - 1 || !*argv[optind] || strlen(argv[optind]) > 80)
        return cli_usage("token new wants one name, like \"website\"");
    q->name = argv[optind];
    if (!desk_token_scope_ok(q->scope))
        return cli_usage("--scope is of the words read, write, personal, like \"read write\"");
    return 0;
}

static int new (int argc, char **argv)
{
    struct asked q;
    struct desk_tenant t;
    char secret[DESK_TOKEN_LEN] = "";
    int status = read_options(argc, argv, &q);
    if (status)
        return status;
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(4 * 1024 * 1024) : NULL;
    enum desk_rc rc = a ? cli_tenant(db, a, q.business, &t) : DESK_ENOMEM;
    if (!rc)
        rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, desk_token_create(db, t.id, q.name, q.scope, secret));
    if (!rc)
        printf("token %s   (shown only now)\nsend it as: Authorization: Bearer %s\n", secret,
               secret);
    desk_arena_free(a);
    desk_db_close(db);
    return rc ? 1 : 0;
}

int cmd_token(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"new", new, "new NAME [--scope \"read write personal\"] [--business SLUG]"},
        {NULL, NULL, NULL},
    };
    return cli_sub_run(subs, argc, argv);
}
