/* frontdesk run: the whole stack in the foreground. */
#include "cli/cli.h"
#include "cli/own_numbers.h"
#include "cli/secrets.h"
#include "cli/setup.h"
#include "cli/stack.h"
#include "cli/sub.h"
#include "cli/supervisor.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/paths.h"

#include <getopt.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define LATE_MS 30000 /* when we say that something is missing */

struct start {
    struct desk_stack stack;
    struct desk_supervisor sup;
    int64_t began_ms;
    bool said_late;
};

/* Where everything is kept: who knows that can make copies of it, and knows what to guard. */
static void say_places(const struct desk_setup *made)
{
    char db[DESK_PATH_LEN], key[DESK_PATH_LEN];
    bool own_key = *desk_setting(DESK_S_FRONTDESK_DATA_KEY);
    printf("  Database   %s\n"
           "  Data key   %s   (keep a copy of it, apart from copies of the database)\n"
           "  Business   %s%s%s\n",
           desk_path_db(db), own_key ? "FRONTDESK_DATA_KEY" : desk_path_key(key), made->business,
           *made->number ? ", which answers " : "", made->number);
}

static void say_practice_call(const struct desk_setup *made, const struct desk_stack *stack)
{
    char self[DESK_PATH_LEN];
    printf("\n  A practice call, from another terminal:\n"
           "  FRONTDESK_DATA=%s %s call \\\n"
           "    --url %s --to %s --from +14155550134 \\\n"
           "    --say \"Leave a message\" --say \"My name is Maria\" --digits 1 --say tomorrow "
           "--digits 1\n",
           desk_setting(DESK_S_FRONTDESK_DATA), desk_path_program(self, "bin/frontdesk"),
           stack->local_url, made->number);
    if (*desk_setting(DESK_S_TWILIO_AUTH_TOKEN))
        puts("  (signed with TWILIO_AUTH_TOKEN, which must be set there as it is here)");
}

/* Once, at the very first start. */
static void welcome(const struct desk_setup *made, const struct desk_stack *stack)
{
    puts("\nFrontdesk is set up. This is shown only now:\n");
    say_places(made);
    printf("\n  Dashboard  %s/\n"
           "  Login      %s\n"
           "  Password   %s\n",
           desk_setting(DESK_S_PUBLIC_BASE_URL), made->login, made->password);
    if (*made->number)
        say_practice_call(made, stack);
    puts("");
    fflush(stdout);
}

/* The supervisor asks until all programs answer. */
static bool ready(void *ctx)
{
    struct start *st = ctx;
    const char *missing = desk_stack_missing(&st->stack);
    if (!missing) {
        printf("Ready: %s/   (Ctrl-C stops everything)\n", st->stack.local_url);
        fflush(stdout);
        return true;
    }
    if (!st->said_late && desk_mono_ms() - st->began_ms > LATE_MS) {
        fprintf(stderr, "frontdesk: not ready after %d s: no answer from %s\n", LATE_MS / 1000,
                missing);
        st->said_late = true;
    }
    return false;
}

static enum desk_rc first_start(const struct desk_stack *stack, char *why, size_t n)
{
    struct desk_setup made;
    struct desk_db *db;
    enum desk_rc rc = desk_setup_database(&db, why, n);
    if (rc)
        return rc;
    rc = desk_setup_content(&made, db, why, n);
    if (!rc && desk_numbers_apply(db, stdout, why, n))
        cli_fail("%s", why); /* calls can be answered all the same */
    desk_db_close(db);
    if (!rc && *made.password)
        welcome(&made, stack);
    sodium_memzero(&made, sizeof made);
    return rc;
}

static int serve(struct start *st)
{
    if (desk_supervisor_init(&st->sup) || desk_stack_children(&st->stack, &st->sup))
        return cli_fail("the kernel refused a signalfd");
    st->began_ms = desk_mono_ms();
    st->sup.tick = ready;
    st->sup.tick_ctx = st;
    int status = desk_supervisor_run(&st->sup);
    desk_supervisor_clear(&st->sup);
    fputs("frontdesk: stopped\n", stderr);
    return status;
}

int cmd_run(int argc, char **argv)
{
    static const struct option options[] = {{"quiet", no_argument, NULL, 'q'}, {NULL, 0, NULL, 0}};
    static struct start st; /* some 10 kB of paths */
    char why[DESK_PATH_LEN + 256] = "it cannot be started";
    bool quiet = false;
    int c, status = 1;
    while ((c = getopt_long(argc, argv, "q", options, NULL)) != -1) {
        if (c != 'q')
            return 2;
        quiet = true;
    }
    if (optind != argc)
        return cli_usage("run does not know what to do with \"%s\"", argv[optind]);
    enum desk_rc rc = cli_secrets_hand_on(why, sizeof why);
    if (!rc)
        rc = desk_setup_folders(why, sizeof why);
    if (!rc)
        rc = desk_stack_lock(&st.stack, why, sizeof why);
    if (!rc)
        rc = desk_stack_prepare(&st.stack, quiet, why, sizeof why);
    if (!rc)
        rc = first_start(&st.stack, why, sizeof why);
    if (rc)
        cli_fail("%s", why);
    else
        status = serve(&st);
    desk_stack_clear(&st.stack);
    return status;
}
