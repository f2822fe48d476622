#include "base/paths.h"
#include "base/config.h"

#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef DESK_PREFIX
#define DESK_PREFIX "/usr"
#endif

static const char *join(char out[DESK_PATH_LEN], const char *a, const char *b, const char *c)
{
    int n = snprintf(out, DESK_PATH_LEN, "%s%s%s%s%s", a, *b ? "/" : "", b, *c ? "/" : "", c);
    if (n < 0 || n >= DESK_PATH_LEN)
        out[0] = '\0'; /* half a path would be another path */
    return out;
}

const char *desk_path_data(char out[DESK_PATH_LEN], const char *name)
{
    return join(out, desk_setting(DESK_S_FRONTDESK_DATA), name, "");
}

const char *desk_path_run(char out[DESK_PATH_LEN], const char *name)
{
    return join(out, desk_setting(DESK_S_FRONTDESK_DATA), "run", name);
}

const char *desk_path_key(char out[DESK_PATH_LEN])
{
    return desk_path_data(out, "data.key");
}

const char *desk_path_db(char out[DESK_PATH_LEN])
{
    const char *set = desk_setting(DESK_S_CALLER_MEMORY_DB);
    return *set ? join(out, set, "", "") : desk_path_data(out, "frontdesk.db");
}

/* The folder above bin/ or cgi-bin/ that holds this program. */
static void program_root(char out[DESK_PATH_LEN])
{
    char exe[DESK_PATH_LEN];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    exe[n > 0 ? n : 0] = '\0';
    snprintf(out, DESK_PATH_LEN, "%s", dirname(exe));
    snprintf(exe, sizeof exe, "%s", out);
    snprintf(out, DESK_PATH_LEN, "%s", dirname(exe));
}

const char *desk_path_program(char out[DESK_PATH_LEN], const char *name)
{
    char root[DESK_PATH_LEN];
    program_root(root);
    return join(out, root, name, "");
}

const char *desk_path_share(char out[DESK_PATH_LEN], const char *name)
{
    char dir[DESK_PATH_LEN], up[DESK_PATH_LEN];
    const char *set = desk_setting(DESK_S_FRONTDESK_SHARE);
    if (*set)
        return join(out, set, name, "");
    /* build/bin/x or build/san/bin/x or build/unit/x: walk up to the tree that has templates/;
     * PREFIX/lib/frontdesk/bin/x: to the PREFIX that has share/, wherever it was moved to */
    program_root(dir);
    for (int i = 0; i < 3; i++) {
        join(up, dir, "templates", "admin");
        if (access(up, F_OK) == 0)
            return join(out, dir, name, "");
        join(up, dir, "share/frontdesk/templates", "");
        if (access(up, F_OK) == 0) {
            join(up, dir, "share/frontdesk", "");
            return join(out, up, name, "");
        }
        snprintf(up, sizeof up, "%s", dir);
        snprintf(dir, sizeof dir, "%s", dirname(up));
    }
    return join(out, DESK_PREFIX, "share/frontdesk", name);
}
