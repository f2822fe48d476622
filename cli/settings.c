/* frontdesk settings: what can be set (.env.example is made of it) and what is set here. */
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/config.h"

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

int cmd_settings(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"show", show, "show"},
        {"example", example, "example"},
        {NULL, NULL, NULL},
    };
    return cli_sub_run(subs, argc, argv);
}
