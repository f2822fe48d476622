/* frontdesk practice: scripted callers talk to a copy of the business, and it is told of each what
 * came of it. The owner's data is opened to be read, once, before the first of them. */
#include "cli/cli.h"
#include "cli/practice.h"
#include "cli/sub.h"
#include "base/config.h"
#include "base/log.h"
#include "store/open.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CALLERS_MOST 1000
#define HOME_ARENA   (64 * 1024 * 1024)
#define GREEN        "\033[32m"
#define RED          "\033[31m"
#define PLAIN        "\033[0m"

struct practice {
    struct practice_asked q;
    char root[DESK_PATH_LEN];
    struct desk_arena *a; /* of home */
    struct desk_practice_home *homes;
    size_t n_homes; /* 0: there is no data folder, the examples are played */
    bool bad_home;
    size_t played, green;
};

/* ---- files ----------------------------------------------------------------------------------- */

static int is_caller(const struct dirent *d)
{
    size_t n = strlen(d->d_name);
    return d->d_name[0] != '.' && n > 5 && strcmp(d->d_name + n - 5, ".json") == 0;
}

/* Names in order; NULL and a sentence when there are none. One file is a list of itself. */
static char **callers_of(const char *path, size_t *n)
{
    struct stat st;
    struct dirent **found = NULL;
    *n = 0;
    char **out = calloc(CALLERS_MOST, sizeof *out);
    if (!out || stat(path, &st)) {
        cli_fail("%s cannot be read: %s", path, strerror(errno));
    } else if (!S_ISDIR(st.st_mode)) {
        out[(*n)++] = strdup(path);
    } else {
        int all = scandir(path, &found, is_caller, alphasort);
        for (int i = 0; i < all; i++) {
            if (*n < CALLERS_MOST && asprintf(&out[*n], "%s/%s", path, found[i]->d_name) > 0)
                (*n)++;
            free(found[i]);
        }
        free(found);
        if (!*n)
            cli_fail("there is no caller (FILE.json) in %s", path);
    }
    return out;
}

static void callers_free(char **list, size_t n)
{
    for (size_t i = 0; list && i < n; i++)
        free(list[i]);
    free(list);
}

/* ---- whose business -------------------------------------------------------------------------- */

static enum desk_rc read_homes(struct practice *k, struct desk_db *db)
{
    struct desk_tenant *all;
    size_t n = 0;
    enum desk_rc rc = desk_tenant_list(db, k->a, &all, &n);
    k->homes = rc ? NULL : desk_arena_alloc(k->a, (n + 1) * sizeof *k->homes);
    if (!rc && !k->homes)
        rc = DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++)
        if (!k->q.business || strcmp(k->q.business, all[i].slug) == 0)
            rc = desk_practice_home_read(db, k->a, all[i].id, &k->homes[k->n_homes++]);
    if (!rc && k->q.business && !k->n_homes) {
        cli_fail("There is no business \"%s\"; `frontdesk business list` shows them",
                 k->q.business);
        rc = DESK_ENOTFOUND;
    }
    return rc;
}

/* The owner's own, if there is a database. False: it is there and cannot be read. */
static bool look_home(struct practice *k)
{
    char path[DESK_PATH_LEN];
    if (access(desk_path_db(path), F_OK))
        return true;
    struct desk_db *db = cli_open();
    k->a = db ? desk_arena_new(HOME_ARENA) : NULL;
    if (!k->a) {
        desk_db_close(db);
        return false;
    }
    desk_db_readonly(db, true);
    enum desk_rc rc = read_homes(k, db);
    desk_db_close(db);
    if (rc && rc != DESK_ENOTFOUND)
        cli_fail("the business's settings could not be read: %s", desk_rc_info(rc)->title);
    return !rc;
}

/* The only one, or the one that the caller names. NULL: an example; *fine false: none of these. */
static const struct desk_practice_home *home_of(const struct practice *k,
                                                struct practice_play *play, bool *fine)
{
    *fine = true;
    if (k->n_homes < 2)
        return k->n_homes ? &k->homes[0] : NULL;
    for (size_t i = 0; i < k->n_homes; i++)
        if (strcmp(k->homes[i].tenant.slug, play->caller.business) == 0)
            return &k->homes[i];
    practice_reason(play, "none of the businesses is \"%s\": say which with --business SLUG",
                    play->caller.business);
    *fine = false;
    return NULL;
}

/* ---- telling --------------------------------------------------------------------------------- */

static const char *color(const char *which)
{
    return isatty(STDOUT_FILENO) ? which : "";
}

static void print_text(const struct practice_play *play)
{
    size_t i;
    json_t *v;
    bool green = !json_array_size(play->reasons);
    const char *name = play->caller.id ? play->caller.id : play->path;
    printf("%s%s%s  %s%s%s\n", color(green ? GREEN : RED), green ? "green" : "red  ", color(PLAIN),
           name, play->caller.id ? "  " : "", play->caller.id ? play->caller.title : "");
    json_array_foreach(play->reasons, i, v) printf("         %s\n", json_string_value(v));
}

static void print_json(const struct practice_play *play)
{
    json_t *out = play->result ? json_copy(play->result) : json_object();
    json_t *reasons = play->reasons ? json_incref(play->reasons) : json_array();
    if (play->caller.id)
        json_object_set_new(out, "id", json_string(play->caller.id));
    json_object_set_new(out, "file", json_string(play->path));
    json_object_set_new(out, "green", json_boolean(!json_array_size(reasons)));
    json_object_set_new(out, "checks", json_integer((json_int_t)play->checks));
    json_object_set_new(out, "reasons", reasons);
    json_dumpf(out, stdout, JSON_COMPACT | JSON_PRESERVE_ORDER);
    putchar('\n');
    fflush(stdout);
    json_decref(out);
}

/* ---- all of them ----------------------------------------------------------------------------- */

static bool wanted(const struct practice *k, const struct desk_practice *p)
{
    size_t i;
    json_t *v;
    const char *f = k->q.filter;
    bool has = !f || strcasestr(p->id, f) || strcasestr(p->title, f);
    json_array_foreach(json_object_get(p->doc, "tags"), i, v) has =
        has || strcasestr(json_string_value(v), f);
    return has;
}

static void one(struct practice *k, const char *path)
{
    struct practice_play play = {.result = NULL};
    bool fine;
    snprintf(play.path, sizeof play.path, "%s", path);
    bool read = practice_read(&play);
    if (!read || wanted(k, &play.caller)) {
        const struct desk_practice_home *home = read ? home_of(k, &play, &fine) : NULL;
        if (read && fine)
            practice_run(&k->q, home, k->root, &play);
        k->played++;
        k->green += !json_array_size(play.reasons);
        (k->q.json ? print_json : print_text)(&play);
    }
    practice_drop(&play);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static int play_all(struct practice *k, char **list, size_t n)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(k->root, sizeof k->root, "%.200s/frontdesk-practice-XXXXXX",
             tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(k->root))
        return cli_fail("no temporary folder: %s: %s", k->root, strerror(errno));
    for (size_t i = 0; i < n; i++)
        one(k, list[i]);
    FILE *out = k->q.json ? stderr : stdout;
    if (k->q.keep)
        fprintf(out, "Kept: %s (one data folder for each caller)\n", k->root);
    else
        nftw(k->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    if (!k->played)
        return cli_fail("no caller fits --filter %s", k->q.filter ? k->q.filter : "");
    if (!k->q.json)
        printf("%zu of %zu callers end as they should.\n", k->green, k->played);
    return k->green == k->played ? 0 : 1;
}

static int read_options(int argc, char **argv, struct practice_asked *q)
{
    static const struct option options[] = {{"business", required_argument, NULL, 'b'},
                                            {"filter", required_argument, NULL, 'f'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"keep", no_argument, NULL, 'k'},
                                            {"model", no_argument, NULL, 'm'},
                                            {"voice", no_argument, NULL, 'v'},
                                            {NULL, 0, NULL, 0}};
    int c;
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == '?')
            return 2;
        q->business = c == 'b' ? optarg : q->business;
        q->filter = c == 'f' ? optarg : q->filter;
        q->json = q->json || c == 'j';
        q->keep = q->keep || c == 'k';
        q->model = q->model || c == 'm';
        q->voice = q->voice || c == 'v';
    }
    if (q->voice && q->model)
        return cli_usage("--voice is heard and answered offline: it goes without --model");
    return argc - optind == 1 ? 0
                              : cli_usage("practice wants a caller's file, or a folder of them");
}

int cmd_practice(int argc, char **argv)
{
    struct practice k = {.played = 0};
    size_t n = 0;
    int status = read_options(argc, argv, &k.q);
    if (status)
        return status;
    if (!desk_setting_is_set(DESK_S_LOG_LEVEL)) /* what the copies tell is of no interest */
        desk_log_init("practice", DESK_LOG_WARN);
    char **list = callers_of(argv[optind], &n);
    status = n && look_home(&k) ? play_all(&k, list, n) : 1;
    callers_free(list, n);
    desk_arena_free(k.a);
    return status;
}
