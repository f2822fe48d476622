/* frontdesk demo: the whole stack in a temporary folder, one call with recorded speech, what was
 * said and stored, everything stopped and removed again. The stack is `frontdesk run` as a child;
 * settings of this machine (keys, .env) are kept away from it, so nothing goes out. */
#include "cli/call.h"
#include "cli/call_socket.h"
#include "cli/cli.h"
#include "cli/demo_show.h"
#include "cli/demo_stack.h"
#include "cli/sub.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/file.h"
#include "base/paths.h"
#include "store/open.h"

#include <errno.h>
#include <ftw.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WRITE_MS  8000 /* after the call: until its end is in the database */
#define CALL_MS   240000
#define POLL_MS   150
#define TURNS_MIN 3
#define TO        "+18605550100" /* of businesses/plumbing.json */
#define FROM      "+14155550134"

struct demo {
    struct demo_stack stack;
    char script[DESK_PATH_LEN];
    char url[64], token[128];
    bool keep;
    struct demo_show show;
    struct desk_sim_options sim;
    struct desk_sim_result result;
    atomic_bool ringing, call_done;
};

static atomic_bool interrupted;

static void on_signal(int sig)
{
    (void)sig;
    atomic_store(&interrupted, true);
}

static bool stopped(void *ctx)
{
    (void)ctx;
    return atomic_load(&interrupted);
}

/* ---- the call -------------------------------------------------------------------------------- */

static void on_event(void *ctx, const struct desk_sim_event *ev)
{
    static const char *const shown[] = {"answered", "redirect", "dial",  "transfer",
                                        "record",   "end",      "error", "fallback"};
    struct demo *d = ctx;
    if (!atomic_load(&d->ringing)) {
        snprintf(d->show.call_sid, sizeof d->show.call_sid, "%s", ev->call_sid);
        atomic_store(&d->ringing, true);
    }
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (strcmp(ev->kind, shown[i]) == 0)
            demo_show_line((double)ev->t_ms / 1000, "phone", ev->text);
}

static void *call_run(void *ctx)
{
    struct demo *d = ctx;
    if (desk_sim_call(&d->sim, &d->result) && !*d->result.why)
        snprintf(d->result.why, sizeof d->result.why, "out of memory");
    atomic_store(&d->call_done, true);
    return NULL;
}

/* The call talks in its thread while this one reads the database. */
static bool call_place(struct demo *d)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, call_run, d) != 0)
        return false;
    while (!atomic_load(&d->call_done)) {
        desk_sleep_ms(POLL_MS);
        if (atomic_load(&d->ringing))
            demo_show_news(&d->show);
    }
    pthread_join(thread, NULL);
    for (int64_t until = desk_mono_ms() + WRITE_MS;
         !demo_show_over(&d->show) && desk_mono_ms() < until && !atomic_load(&interrupted);)
        desk_sleep_ms(POLL_MS);
    demo_show_news(&d->show);
    return true;
}

/* Looks into the stack's own folder: port, practice token, key, database. */
static enum desk_rc look_in(struct demo *d, char *why, size_t n)
{
    char path[DESK_PATH_LEN], port[16] = "";
    desk_setting_override(DESK_S_FRONTDESK_DATA, d->stack.folder);
    desk_setting_override(DESK_S_FRONTDESK_DATA_KEY, "");
    desk_setting_override(DESK_S_CALLER_MEMORY_DB, "");
    snprintf(why, n, "%s tells no port or token", desk_path_run(path, ""));
    if (!desk_file_line(port, sizeof port, desk_path_run(path, "port")) ||
        !desk_file_line(d->token, sizeof d->token, desk_path_run(path, "twilio-token")))
        return DESK_ENOTFOUND;
    d->stack.port = (int)strtol(port, NULL, 10);
    snprintf(d->url, sizeof d->url, "http://127.0.0.1:%d", d->stack.port);
    enum desk_rc rc = desk_store_key(false, why, n);
    if (rc)
        return rc;
    snprintf(why, n, "its database cannot be opened");
    return desk_store_open(&d->show.db, DESK_ZONE_ADMIN_CLI, 5000);
}

static bool verdict(const struct demo *d, const struct demo_stored *got)
{
    const struct {
        bool well;
        const char *text;
    } wanted[] = {
        {d->result.answered, "the call was not answered"},
        {d->result.ok, d->result.why},
        {got->caller_turns >= TURNS_MIN, "the caller has fewer than three turns"},
        {got->desk_turns >= TURNS_MIN, "the front desk has fewer than three turns"},
        {got->callback, "no callback was promised"},
        {got->ended && got->outcome, "the call was not written to its end"},
    };
    bool well = true;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!wanted[i].well) {
            fprintf(stderr, "frontdesk: %s\n", wanted[i].text);
            well = false;
        }
    return well;
}

static bool call_and_tell(struct demo *d, struct desk_sim_script *script)
{
    struct demo_stored got;
    char why[400];
    if (look_in(d, why, sizeof why)) {
        cli_fail("%s", why);
        return false;
    }
    desk_sim_options_init(&d->sim);
    d->sim.url = d->sim.public_url = d->url;
    d->sim.to = TO;
    d->sim.from = FROM;
    d->sim.token = d->token;
    d->sim.script = script;
    d->sim.max_ms = CALL_MS;
    d->sim.on_event = on_event;
    d->sim.ctx = d;
    d->sim.stop = stopped;
    printf("A caller, %s, rings %s. Every word below is read from the database.\n\n", FROM, TO);
    bool placed = call_place(d);
    puts("\nWhat was stored:");
    demo_show_stored(&d->show, &got);
    puts("");
    if (atomic_load(&interrupted)) {
        cli_fail("interrupted");
        return false;
    }
    return verdict(d, &got) && placed;
}

/* ---- from nothing to nothing ----------------------------------------------------------------- */

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static bool in_the_folder(struct demo *d, struct desk_sim_script *script)
{
    int64_t t = desk_mono_ms();
    printf("Starting nginx, the web programs, the bridge, the offline voice and the worker ... ");
    fflush(stdout);
    if (!demo_stack_start(&d->stack) || !demo_stack_ready(&d->stack, &interrupted)) {
        puts("no");
        if (!atomic_load(&interrupted))
            demo_stack_log(&d->stack);
        return false;
    }
    printf("ready after %.1f s.\n", (double)(desk_mono_ms() - t) / 1000);
    bool ok = call_and_tell(d, script);
    desk_db_close(d->show.db);
    return ok;
}

static int demo(struct demo *d, struct desk_sim_script *script)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(d->stack.folder, sizeof d->stack.folder, "%.200s/frontdesk-demo-XXXXXX",
             tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(d->stack.folder))
        return cli_fail("no temporary folder: %s: %s", d->stack.folder, strerror(errno));
    bool ok = in_the_folder(d, script);
    bool clean = demo_stack_stop(&d->stack);
    if (!clean)
        cli_fail("the stack did not stop as it should");
    if (d->keep)
        printf("Kept: %s (database, key, logs in run/log)\n", d->stack.folder);
    else
        nftw(d->stack.folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    if (ok && clean)
        puts("The call was answered, understood and written down. Everything is stopped again.");
    return ok && clean ? 0 : 1;
}

static int read_options(int argc, char **argv, struct demo *d)
{
    static const struct option options[] = {{"keep", no_argument, NULL, 'k'},
                                            {"script", required_argument, NULL, 's'},
                                            {NULL, 0, NULL, 0}};
    int c;
    desk_path_share(d->script, "tests/audio/demo.script");
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'k')
            d->keep = true;
        else if (c == 's')
            snprintf(d->script, sizeof d->script, "%s", optarg);
        else
            return 2;
    }
    return optind == argc ? 0
                          : cli_usage("demo does not know what to do with \"%s\"", argv[optind]);
}

int cmd_demo(int argc, char **argv)
{
    static struct demo d;
    const struct sigaction act = {.sa_handler = on_signal};
    char why[300];
    int status = read_options(argc, argv, &d);
    if (status)
        return status;
    struct desk_sim_script *script = desk_sim_script_new();
    if (!script || desk_sim_script_read(script, d.script, why, sizeof why) ||
        desk_sim_script_render(script, why, sizeof why)) {
        desk_sim_script_free(script);
        return cli_fail("%s: %s", d.script, script ? why : "no memory");
    }
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
    sim_socket_verbose(false);
    status = demo(&d, script);
    desk_sim_script_free(script);
    return status;
}
