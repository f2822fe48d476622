#include "cli/check.h"
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/config.h"

#include <getopt.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct check checks[] = {
    {"settings", check_settings, 10}, {"database", check_database, 120},
    {"disk", check_disk, 10},         {"clock", check_clock, 20},
    {"public", check_public, 40},     {"signature", check_signature, 20},
    {"stream", check_stream, 20},     {"model", check_model, 20},
    {"twilio", check_twilio, 40},     {"webhooks", check_webhooks, 90},
    {"spend", check_spend, 20},
};
#define CHECKS (sizeof checks / sizeof *checks)

static const char *const state_names[] = {"ok", "warn", "FAIL"};

void check_say(struct check_report *r, enum check_state state, const char *remedy, const char *fmt,
               ...)
{
    va_list ap;
    if (r->n == CHECK_FINDINGS)
        return;
    struct check_finding *f = &r->v[r->n++];
    f->state = state;
    snprintf(f->remedy, sizeof f->remedy, "%s", remedy ? remedy : "");
    va_start(ap, fmt);
    vsnprintf(f->text, sizeof f->text, fmt, ap);
    va_end(ap);
}

/* ---- one check in a process of its own ---------------------------------------------------------
 */

struct run {
    const struct check *check;
    struct check_report report;
    pid_t pid;
    int fd; /* its report comes here; -1 = it is over */
    int64_t began_ms, limit_ms, took_ms;
    struct desk_buf text;
};

/* A finding crosses the pipe as its bytes: both ends are the same program. */
static void child(const struct check *c, int fd)
{
    struct check_report r;
    memset(&r, 0, sizeof r);
    c->run(&r);
    for (size_t i = 0, at = 0; i < r.n; i += at == 0) {
        ssize_t put = write(fd, (const char *)&r.v[i] + at, sizeof r.v[i] - at);
        if (put <= 0)
            break;
        at = (at + (size_t)put) % sizeof r.v[i];
    }
    exit(0); /* not _exit(): what sanitizers and coverage have to say is said at the end */
}

static void begin(struct run *run, const struct check *c, long limit_s)
{
    int ends[2];
    memset(run, 0, sizeof *run);
    run->check = c;
    run->fd = -1;
    run->began_ms = desk_mono_ms();
    run->limit_ms = (limit_s ? limit_s : c->limit_s) * 1000;
    desk_buf_init(&run->text, sizeof run->report.v);
    fflush(NULL);
    if (pipe(ends) != 0)
        return;
    run->pid = fork();
    if (run->pid == 0) {
        close(ends[0]);
        child(c, ends[1]);
    }
    close(ends[1]);
    if (run->pid > 0)
        run->fd = ends[0];
    else
        close(ends[0]);
}

static void take_report(struct run *run)
{
    struct check_report *r = &run->report;
    for (; r->n < CHECK_FINDINGS && (r->n + 1) * sizeof *r->v <= run->text.len; r->n++)
        memcpy(&r->v[r->n], run->text.p + r->n * sizeof *r->v, sizeof *r->v);
}

/* Its pipe is closed, or its time is over. */
static void end(struct run *run, bool late)
{
    int status = 0;
    if (late)
        kill(run->pid, SIGKILL);
    close(run->fd);
    run->fd = -1;
    waitpid(run->pid, &status, 0);
    take_report(run);
    desk_buf_clear(&run->text);
    run->took_ms = desk_mono_ms() - run->began_ms;
    if (late)
        check_say(&run->report, CHECK_FAIL, "look at the network, or give it longer: --limit",
                  "not done within %ld s", (long)(run->limit_ms / 1000));
    else if (!WIFEXITED(status) || WEXITSTATUS(status))
        check_say(&run->report, CHECK_FAIL, "this is a fault of the check itself: please tell us",
                  "the check ended by itself (status %d)", status);
}

/* Read what is there; false when the pipe is at its end. */
static bool take(struct run *run)
{
    char *room = desk_buf_room(&run->text, 4096);
    char over[4096];
    ssize_t got = read(run->fd, room ? room : over, 4096);
    if (got > 0 && room)
        desk_buf_grew(&run->text, (size_t)got);
    return got > 0;
}

/* Until all are over. */
static void wait_for_all(struct run *runs, size_t n)
{
    for (;;) {
        struct pollfd p[CHECKS];
        struct run *whose[CHECKS];
        nfds_t open = 0;
        int64_t now = desk_mono_ms(), next = now + 1000;
        for (size_t i = 0; i < n; i++) {
            int64_t until = runs[i].began_ms + runs[i].limit_ms;
            if (runs[i].fd >= 0 && until <= now)
                end(&runs[i], true);
            if (runs[i].fd < 0)
                continue;
            next = until < next ? until : next;
            whose[open] = &runs[i];
            p[open++] = (struct pollfd){.fd = runs[i].fd, .events = POLLIN};
        }
        if (!open)
            return;
        poll(p, open, (int)(next - now));
        for (nfds_t i = 0; i < open; i++)
            if (p[i].revents && !take(whose[i]))
                end(whose[i], false);
    }
}

/* ---- what is printed ------------------------------------------------------------------------- */

static enum check_state state_of(const struct check_report *r)
{
    enum check_state worst = CHECK_OK;
    for (size_t i = 0; i < r->n; i++)
        worst = r->v[i].state > worst ? r->v[i].state : worst;
    return worst;
}

static void print(const struct run *run)
{
    for (size_t i = 0; i < run->report.n; i++) {
        const struct check_finding *f = &run->report.v[i];
        printf("%-4s  %-10s %s\n", state_names[f->state], i ? "" : run->check->name, f->text);
        if (*f->remedy)
            printf("%-17s-> %s\n", "", f->remedy);
    }
}

static json_t *json_of(const struct run *run)
{
    json_t *findings = json_array();
    for (size_t i = 0; i < run->report.n; i++) {
        const struct check_finding *f = &run->report.v[i];
        json_array_append_new(findings,
                              json_pack("{s:s, s:s, s:s}", "state",
                                        f->state == CHECK_FAIL ? "fail" : state_names[f->state],
                                        "text", f->text, "remedy", f->remedy));
    }
    enum check_state state = state_of(&run->report);
    return json_pack("{s:s, s:s, s:I, s:o}", "name", run->check->name, "state",
                     state == CHECK_FAIL ? "fail" : state_names[state], "ms",
                     (json_int_t)run->took_ms, "findings", findings);
}

static int print_json(const struct run *runs, size_t n, bool ok)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_of(&runs[i]));
    json_t *all = json_pack("{s:b, s:o}", "ok", ok, "checks", list);
    int rc = all ? json_dumpf(all, stdout, JSON_INDENT(2)) : -1;
    putchar('\n');
    json_decref(all);
    return rc ? cli_fail("the report cannot be written as JSON") : 0;
}

/* ---- the command -------------------------------------------------------------------------------
 */

struct asked {
    bool json;
    long limit_s;
    const struct check *wanted[CHECKS];
    size_t n;
};

static int want(struct asked *q, const char *name)
{
    for (size_t i = 0; i < CHECKS; i++)
        if (strcmp(checks[i].name, name) == 0 && q->n < CHECKS) {
            q->wanted[q->n++] = &checks[i];
            return 0;
        }
    fprintf(stderr, "frontdesk: there is no check \"%s\"; there are:", name);
    for (size_t i = 0; i < CHECKS; i++)
        fprintf(stderr, " %s", checks[i].name);
    fputc('\n', stderr);
    return 2;
}

static int read_options(int argc, char **argv, struct asked *q)
{
    static const struct option options[] = {{"json", no_argument, NULL, 'j'},
                                            {"limit", required_argument, NULL, 'l'},
                                            {NULL, 0, NULL, 0}};
    int c, status = 0;
    char *rest = NULL;
    memset(q, 0, sizeof *q);
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == '?')
            return 2;
        q->json = q->json || c == 'j';
        q->limit_s = c == 'l' ? strtol(optarg, &rest, 10) : q->limit_s;
    }
    if (rest && (*rest || q->limit_s < 1 || q->limit_s > 3600))
        return cli_usage("--limit wants seconds, 1 to 3600");
    for (int i = optind; i < argc && !status; i++)
        status = want(q, argv[i]);
    for (size_t i = 0; i < CHECKS && optind == argc; i++)
        q->wanted[q->n++] = &checks[i];
    return status;
}

static void say_nothing(void *ctx, const char *sentence)
{
    (void)ctx;
    (void)sentence;
}

int cmd_check(int argc, char **argv)
{
    static struct run runs[CHECKS];
    struct asked q;
    bool ok = true;
    int status = read_options(argc, argv, &q);
    if (status)
        return status;
    /* a value that does not fit has ended the reading: here the others are wanted all the same */
    desk_settings_problems(NULL, say_nothing, NULL);
    for (size_t i = 0; i < q.n; i++)
        begin(&runs[i], q.wanted[i], q.limit_s);
    wait_for_all(runs, q.n);
    for (size_t i = 0; i < q.n; i++) {
        if (!runs[i].report.n)
            check_say(&runs[i].report, CHECK_FAIL, NULL, "the check could not be started");
        ok = ok && state_of(&runs[i].report) != CHECK_FAIL;
        if (!q.json)
            print(&runs[i]);
    }
    if (q.json && print_json(runs, q.n, ok))
        return 1;
    return ok ? 0 : 1;
}
