/* frontdesk settings: what can be set (.env.example is made of it) and what is set here. */
#include "cli/cli.h"
#include "cli/own_numbers.h"
#include "cli/sub.h"
#include "base/config.h"
#include "store/settings.h"

#include <stdio.h>

static int example(int argc, char **argv)
{
    (void)argv;
    if (argc != 1)
        return cli_usage("settings example takes nothing more");
    desk_settings_example(stdout);
    return 0;
}

/* A secret is never shown, not even in part: only that it is there. */
static const char *shown(enum desk_setting_id id)
{
    if (!(desk_setting_rows[id].flags & DESK_SET_SECRET))
        return desk_setting(id);
    return *desk_setting(id) ? "(set)" : "";
}

static int show(int argc, char **argv)
{
    (void)argv;
    if (argc != 1)
        return cli_usage("settings show takes nothing more");
    for (int i = 0; i < DESK_S__MAX; i++) {
        enum desk_setting_id id = (enum desk_setting_id)i;
        printf("%-30s %s%s\n", desk_setting_rows[i].name, shown(id),
               desk_setting_is_set(id) ? ""
               : *desk_setting(id)     ? "   (default)"
                                       : "-");
    }
    return 0;
}

static bool find(const char *name, enum desk_setting_id *id)
{
    if (desk_setting_find(name, id))
        return true;
    cli_usage("there is no setting %s; see: frontdesk settings show", name);
    return false;
}

/* value NULL = back to the machine's */
static int change(const char *slug, const char *name, const char *value)
{
    enum desk_setting_id id;
    char why[200] = "the database would not take it";
    struct desk_tenant t;
    if (!find(name, &id))
        return 2;
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(1024 * 1024) : NULL;
    enum desk_rc rc = a ? cli_tenant(db, a, slug, &t) : DESK_ENOMEM;
    bool found = !rc;
    if (!rc)
        rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, desk_tenant_setting_put(db, t.id, id, value, why, sizeof why));
    if (rc && found)
        cli_fail("%s", why);
    else if (!rc)
        printf("%s: %s = %s\n", t.slug, name, value ? value : "as the machine's");
    desk_arena_free(a);
    desk_db_close(db);
    return rc ? 1 : 0;
}

static int set(int argc, char **argv)
{
    if (argc != 4)
        return cli_usage("settings set wants BUSINESS NAME VALUE");
    return change(argv[1], argv[2], argv[3]);
}

static int unset(int argc, char **argv)
{
    if (argc != 3)
        return cli_usage("settings unset wants BUSINESS NAME");
    return change(argv[1], argv[2], NULL);
}

/* What `frontdesk run` does at its start, for a host where systemd starts the programs. */
static int apply(int argc, char **argv)
{
    char why[200];
    (void)argv;
    if (argc != 1)
        return cli_usage("settings apply takes nothing more");
    struct desk_db *db = cli_open();
    if (!db)
        return 1;
    int status = desk_numbers_apply(db, stdout, why, sizeof why) ? cli_fail("%s", why) : 0;
    desk_db_close(db);
    return status;
}

int cmd_settings(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"show", show, "show"},
        {"example", example, "example"},
        {"set", set, "set BUSINESS NAME VALUE"},
        {"unset", unset, "unset BUSINESS NAME"},
        {"apply", apply, "apply"},
        {NULL, NULL, NULL},
    };
    return cli_sub_run(subs, argc, argv);
}
