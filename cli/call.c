/* frontdesk call: options, several calls at once, what is shown. The call itself: call_sim.c. */
#include "cli/call.h"
#include "cli/call_print.h"
#include "cli/call_script.h"
#include "cli/call_socket.h"
#include "cli/call_url.h"
#include "cli/cli.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/paths.h"
#include "core/phone.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define STACK_BYTES  (512 * 1024)
#define EXAMPLE_TO   "+18605550100" /* the example business */
#define EXAMPLE_FROM "+14155550134"

/* Everything the command line says. */
struct args {
    struct desk_sim_options sim;
    struct desk_sim_script *script;
    const char *script_file;
    long calls;
    bool json, quiet, verbose, slow;
    char url[DESK_MAX_SIM_URL], public_url[DESK_MAX_SIM_URL], token[256], to[64];
};

/* ---- options --------------------------------------------------------------------------------- */

enum opt_kind { OPT_TEXT, OPT_SECONDS, OPT_COUNT, OPT_FLAG, OPT_STEP };

static const struct opt {
    const char *name;
    enum opt_kind kind;
    size_t at;       /* in struct args; OPT_STEP: the kind of step */
    const char *arg; /* name of its value, NULL for flags */
    const char *help;
} opts[] = {
#define AT(field) offsetof(struct args, field)
    {"--to", OPT_TEXT, AT(sim.to), "NUMBER",
     "number that is called (TWILIO_PHONE_NUMBER, else " EXAMPLE_TO ")"},
    {"--from", OPT_TEXT, AT(sim.from), "NUMBER", "who calls (" EXAMPLE_FROM ")"},
    {"--withheld", OPT_FLAG, AT(sim.withheld), NULL, "hide the caller's number"},
    {"--stir", OPT_TEXT, AT(sim.stir), "LEVEL", "StirVerstat, like TN-Validation-Passed-A"},

    {"--say", OPT_STEP, DESK_SIM_SAY, "TEXT", "the caller says TEXT; repeatable, keeps its place"},
    {"--audio", OPT_STEP, DESK_SIM_AUDIO, "FILE", "the caller plays a sound file"},
    {"--digits", OPT_STEP, DESK_SIM_PRESS, "KEYS", "the caller presses keys, like 1w2#"},
    {"--script", OPT_TEXT, AT(script_file), "FILE", "what the caller does, line by line (below)"},
    {"--text", OPT_FLAG, AT(sim.text), NULL,
     "answer <Gather> pages with the words at once, no audio"},
    {"--fast", OPT_FLAG, AT(sim.fast), NULL,
     "Say, Pause and ringing take no time (as with --text)"},
    {"--slow", OPT_FLAG, AT(slow), NULL, "true timing also with --text"},

    {"--url", OPT_TEXT, AT(sim.url), "BASE",
     "where the stack is, on this machine (PUBLIC_BASE_URL if it is loopback, else "
     "http://127.0.0.1:FRONTDESK_PORT; when that is 0, what run/ in the data folder says)"},
    {"--public-url", OPT_TEXT, AT(sim.public_url), "BASE",
     "base as Twilio knows it, which is signed (PUBLIC_BASE_URL, else that of the stack running "
     "in the data folder, else --url)"},
    {"--ca", OPT_TEXT, AT(sim.ca_file), "FILE",
     "https: certificates to trust (PEM), in place of the system's"},
    {"--insecure", OPT_FLAG, AT(sim.insecure), NULL, "https: any certificate will do"},
    {"--path", OPT_TEXT, AT(sim.path), "PATH", "first webhook (/voice/incoming)"},
    {"--fallback-path", OPT_TEXT, AT(sim.fallback_path), "PATH",
     "asked when a document fails (/voice/fallback); \"\" = none"},
    {"--status-path", OPT_TEXT, AT(sim.status_path), "PATH",
     "status callback (/voice/status); \"\" = none"},
    {"--status-events", OPT_FLAG, AT(sim.status_events), NULL,
     "also initiated, ringing and answered callbacks"},
    {"--token", OPT_TEXT, AT(sim.token), "TOKEN",
     "auth token that signs (TWILIO_AUTH_TOKEN, else run/twilio-token in the data folder)"},
    {"--account", OPT_TEXT, AT(sim.account_sid), "SID", "AccountSid (TWILIO_ACCOUNT_SID)"},

    {"--dial-result", OPT_TEXT, AT(sim.dial_result), "RESULT",
     "what <Dial> meets: answered busy no-answer failed canceled (no-answer)"},
    {"--dial-ring", OPT_SECONDS, AT(sim.dial_ring_ms), "S", "how long it rings first"},
    {"--dial-talk", OPT_SECONDS, AT(sim.dial_talk_ms), "S", "how long they talk (5)"},
    {"--dial-keys", OPT_TEXT, AT(sim.dial_keys), "KEYS",
     "what the one who is dialled presses (1: takes the call)"},
    {"--record-seconds", OPT_SECONDS, AT(sim.record_ms), "S",
     "length of a <Record> (as long as the caller's lines are)"},

    {"--hangup-after", OPT_SECONDS, AT(sim.hangup_after_ms), "S", "the caller hangs up then"},
    {"--max-seconds", OPT_SECONDS, AT(sim.max_ms), "S", "a longer call is a failure (180)"},
    {"--finish", OPT_SECONDS, AT(sim.finish_ms), "S", "quiet that means she has finished (0.7)"},
    {"--linger", OPT_SECONDS, AT(sim.linger_ms), "S",
     "quiet after the last line before the caller hangs up (6)"},
    {"--patience", OPT_SECONDS, AT(sim.patience_ms), "S",
     "silence the caller bears before going on (15)"},

    {"--calls", OPT_COUNT, AT(calls), "N", "so many calls at once"},
    {"--record", OPT_TEXT, AT(sim.record), "FILE.wav",
     "save both sides: left caller, right receptionist (several calls: FILE-1.wav …)"},
    {"--json", OPT_FLAG, AT(json), NULL, "one JSON object per line"},
    {"--quiet", OPT_FLAG, AT(quiet), NULL, "only the summary"},
    {"--verbose", OPT_FLAG, AT(verbose), NULL, "also marks, every call's lines, WebSocket logs"},
#undef AT
};

#define OPTS (sizeof opts / sizeof opts[0])

void cmd_call_help(FILE *out)
{
    char left[48];

    for (size_t i = 0; i < OPTS; i++) {
        snprintf(left, sizeof left, "%s %s", opts[i].name, opts[i].arg ? opts[i].arg : "");
        fprintf(out, "  %-22s %s\n", left, opts[i].help);
    }
    fprintf(
        out,
        "\nScript files, one command a line:\n%s"
        "On <Gather> pages a line is what speech recognition would give; for a sound file that is\n"
        "the text beside it (NAME.txt for NAME.wav). In a <Record> all lines go into the "
        "recording\n"
        "until keys, a silence, or a wait end it.\n"
        "\nEvents (--json: t_ms, event, who, text, value, call_sid; value is a time in ms or a "
        "code):\n"
        "  call webhook answered say play pause audio press silence hangup gather gather-empty\n"
        "  unheard redirect reject record recorded ring answer talk dial-end action start stream\n"
        "  stream-start first-audio speech-start speech-end barge-in clear mark patience unplayed\n"
        "  stream-end handoff document-end fallback warning error recording end; then summary (and "
        "total)\n"
        "\nExit status: 0 if every call ended properly (a rejected call does; one that needed the\n"
        "fallback or ran into --max-seconds does not), 1 if not, 2 if wrongly asked.\n",
        sim_script_help);
}

static bool count_parse(const char *s, long *n)
{
    char *end;

    errno = 0;
    *n = strtol(s, &end, 10);
    return !errno && end != s && !*end && *n >= 1 && *n <= DESK_MAX_SIM_CALLS;
}

static bool option_set(struct args *a, const struct opt *opt, const char *value, char *why,
                       size_t n)
{
    char *field = (char *)a + opt->at;

    why[0] = '\0';
    switch (opt->kind) {
    case OPT_TEXT:
        memcpy(field, &value, sizeof value);
        return true;
    case OPT_SECONDS: {
        long ms;
        if (!sim_seconds_parse(value, DESK_MAX_SIM_SECONDS, &ms)) {
            snprintf(why, n, "%s wants seconds, like 2.5", opt->name);
            return false;
        }
        memcpy(field, &ms, sizeof ms);
        return true;
    }
    case OPT_COUNT: {
        long count;
        if (!count_parse(value, &count)) {
            snprintf(why, n, "%s wants a number from 1 to %d", opt->name, DESK_MAX_SIM_CALLS);
            return false;
        }
        memcpy(field, &count, sizeof count);
        return true;
    }
    case OPT_FLAG:
        *(bool *)field = true;
        return true;
    case OPT_STEP:
        return desk_sim_script_add(a->script, (enum desk_sim_step_kind)opt->at, value, 0, why, n) ==
               DESK_OK;
    }
    return false;
}

static bool options_read(struct args *a, int argc, char **argv, char *why, size_t n)
{
    for (int i = 1; i < argc; i++) {
        const char *equals = strchr(argv[i], '='), *value = NULL;
        size_t len = equals ? (size_t)(equals - argv[i]) : strlen(argv[i]), k = 0;

        while (k < OPTS &&
               (strlen(opts[k].name) != len || strncmp(opts[k].name, argv[i], len) != 0))
            k++;
        if (k == OPTS) {
            snprintf(why, n, "unknown option %.60s (see: frontdesk help call)", argv[i]);
            return false;
        }
        if (opts[k].arg)
            value = equals ? equals + 1 : i + 1 < argc ? argv[++i] : NULL;
        if (opts[k].arg ? !value : equals != NULL) {
            snprintf(why, n, "%s %s", opts[k].name,
                     opts[k].arg ? "wants a value" : "takes no value");
            return false;
        }
        if (!option_set(a, &opts[k], value, why, n))
            return false;
    }
    return true;
}

/* ---- defaults -------------------------------------------------------------------------------- */

static void without_slash(char *out, size_t n, const char *url)
{
    snprintf(out, n, "%s", url);
    for (size_t len = strlen(out); len > 0 && out[len - 1] == '/'; len--)
        out[len - 1] = '\0';
}

/* What the running stack left in its data folder; "" when there is none. */
static void run_file(const char *name, char *out, size_t n)
{
    char path[DESK_PATH_LEN];
    desk_file_line(out, n, desk_path_run(path, name));
}

static bool is_local(const char *url)
{
    struct sim_url u;

    return sim_url_split(url, &u) && sim_host_is_loopback(u.host) &&
           strncmp(u.scheme, "http", 4) == 0;
}

/* Where a stack on any free port is: its files say so. */
static void url_of_running(char *out, size_t n, const char *base, const char *port)
{
    if (is_local(base))
        without_slash(out, n, base);
    else if (*port)
        snprintf(out, n, "http://127.0.0.1:%.5s", port);
}

static void urls_default(struct args *a)
{
    const char *public = desk_setting(DESK_S_PUBLIC_BASE_URL);
    long port = desk_setting_int(DESK_S_FRONTDESK_PORT);
    char base[DESK_MAX_SIM_URL], base_port[16];
    struct sim_url u;

    run_file("base-url", base, sizeof base);
    run_file("port", base_port, sizeof base_port);
    if (a->sim.url)
        without_slash(a->url, sizeof a->url, a->sim.url);
    else if (is_local(public))
        without_slash(a->url, sizeof a->url, public);
    else if (port > 0)
        snprintf(a->url, sizeof a->url, "http://127.0.0.1:%ld", port);
    else
        url_of_running(a->url, sizeof a->url, base, base_port);
    if (a->sim.public_url) {
        public = a->sim.public_url;
    } else if (!*public) {
        bool same = *base && sim_url_split(a->url, &u) && strcmp(u.port, base_port) == 0;
        public = same ? base : a->url;
    }
    without_slash(a->public_url, sizeof a->public_url, public);
    a->sim.url = a->url;
    a->sim.public_url = a->public_url;
}

/* TWILIO_AUTH_TOKEN, else the one that practice runs sign with. */
static void token_default(struct args *a)
{
    if (a->sim.token)
        return;
    a->sim.token = desk_setting(DESK_S_TWILIO_AUTH_TOKEN);
    if (a->sim.token[0])
        return;
    run_file("twilio-token", a->token, sizeof a->token);
    a->sim.token = a->token;
}

static void numbers_default(struct args *a)
{
    const char *own = desk_setting(DESK_S_TWILIO_PHONE_NUMBER);
    char e164[DESK_PHONE_LEN];

    if (!a->sim.to)
        a->sim.to = own[0] ? own : EXAMPLE_TO;
    if (desk_phone_parse(a->sim.to, "US", e164) == DESK_PHONE_OK) {
        snprintf(a->to, sizeof a->to, "%s", e164);
        a->sim.to = a->to;
    }
    if (!a->sim.from)
        a->sim.from = EXAMPLE_FROM;
}

/* What cannot be, before anything is dialled. */
static bool args_check(struct args *a, char *why, size_t n)
{
    static const char *const results[] = {"answered", "busy", "no-answer", "failed", "canceled"};
    struct sim_url u;
    size_t i = 0;

    while (i < 5 && strcmp(results[i], a->sim.dial_result) != 0)
        i++;
    if (i == 5)
        snprintf(why, n, "--dial-result wants answered, busy, no-answer, failed or canceled");
    else if (a->sim.dial_keys && !sim_keys_ok(a->sim.dial_keys))
        snprintf(why, n, "--dial-keys wants keys of 0-9 * # A-D w W");
    else if (!a->url[0])
        snprintf(why, n, "no stack is running in %.200s (start it, or give --url)",
                 desk_setting(DESK_S_FRONTDESK_DATA));
    else if (!sim_url_split(a->url, &u) || strncmp(u.scheme, "http", 4) != 0)
        snprintf(why, n, "--url wants an address like http://127.0.0.1:8080");
    else if (a->sim.ca_file && access(a->sim.ca_file, R_OK) != 0)
        snprintf(why, n, "--ca %.200s cannot be read: %s", a->sim.ca_file, strerror(errno));
    else if (!sim_host_is_loopback(u.host))
        snprintf(why, n,
                 "--url %.100s is not on this machine; the simulator only calls 127.0.0.1, ::1 or "
                 "localhost",
                 a->url);
    else if (!sim_url_split(a->public_url, &u) || strncmp(u.scheme, "http", 4) != 0)
        snprintf(why, n, "--public-url wants an address like https://desk.example.com");
    else if (a->sim.path[0] != '/')
        snprintf(why, n, "--path must begin with /");
    else
        return true;
    return false;
}

static bool args_read(struct args *a, int argc, char **argv, char *why, size_t n)
{
    const char *sid = desk_setting(DESK_S_TWILIO_ACCOUNT_SID);

    memset(a, 0, sizeof *a);
    desk_sim_options_init(&a->sim);
    a->calls = 1;
    if (sid[0])
        a->sim.account_sid = sid;
    a->script = desk_sim_script_new();
    if (!a->script || !options_read(a, argc, argv, why, n))
        return false;
    urls_default(a);
    token_default(a);
    numbers_default(a);
    a->sim.fast = (a->sim.fast || a->sim.text) && !a->slow;
    if (a->sim.max_ms <= 0)
        a->sim.max_ms = DESK_MAX_SIM_SECONDS * 1000L;
    if (!args_check(a, why, n))
        return false;
    if (a->script_file && desk_sim_script_read(a->script, a->script_file, why, n) != DESK_OK)
        return false;
    if (desk_sim_script_render(a->script, why, n) != DESK_OK)
        return false;
    a->sim.script = a->script;
    return true;
}

/* ---- calls ----------------------------------------------------------------------------------- */

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

struct job {
    struct desk_sim_options sim;
    struct desk_sim_result result;
    const struct args *args;
    char record[DESK_MAX_SIM_URL];
    pthread_t thread;
    bool started;
    atomic_bool answered, done;
};

static void on_event(void *ctx, const struct desk_sim_event *ev)
{
    struct job *job = ctx;
    const struct args *a = job->args;

    if (strcmp(ev->kind, "answered") == 0)
        atomic_store(&job->answered, true);
    if (!a->quiet && (a->calls == 1 || a->json || a->verbose))
        desk_sim_print_event(stdout, ev, a->json, a->verbose);
}

static void *job_run(void *ctx)
{
    struct job *job = ctx;

    if (desk_sim_call(&job->sim, &job->result) == DESK_ENOMEM)
        snprintf(job->result.why, sizeof job->result.why, "out of memory");
    atomic_store(&job->done, true);
    return NULL;
}

static void job_init(struct job *job, const struct args *a, long no)
{
    const char *dot;

    job->args = a;
    job->sim = a->sim;
    job->sim.on_event = on_event;
    job->sim.ctx = job;
    job->sim.stop = stopped;
    if (!a->sim.record || a->calls == 1)
        return;
    dot = strrchr(a->sim.record, '.');
    if (!dot || strchr(dot, '/'))
        dot = a->sim.record + strlen(a->sim.record);
    snprintf(job->record, sizeof job->record, "%.*s-%ld%s", (int)(dot - a->sim.record),
             a->sim.record, no, dot);
    job->sim.record = job->record;
}

/* "12 of 20 answered, 3 done, 0 failed": rewritten in place on a terminal, else now and then. */
static size_t progress(const struct job *jobs, const struct args *a, bool last)
{
    static size_t shown = (size_t)-1;
    bool tty = isatty(STDERR_FILENO) != 0;
    size_t answered = 0, done = 0, failed = 0, n = (size_t)a->calls;

    for (size_t i = 0; i < n; i++) {
        bool over = atomic_load(&jobs[i].done);
        answered += atomic_load(&jobs[i].answered);
        done += over;
        failed += over && !jobs[i].result.ok;
    }
    if (a->calls > 1 && !a->quiet && (tty || shown != answered * n + done))
        fprintf(stderr, "%s%zu of %zu answered, %zu done, %zu failed%s", tty ? "\r" : "", answered,
                n, done, failed, tty && !last ? "" : "\n");
    shown = answered * n + done;
    return done;
}

/* A call takes about six files; ask for as many as we may have. */
static void files_raise(void)
{
    struct rlimit lim;

    if (getrlimit(RLIMIT_NOFILE, &lim) == 0 && lim.rlim_cur < lim.rlim_max) {
        lim.rlim_cur = lim.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &lim);
    }
}

static void jobs_start(struct job *jobs, const struct args *a)
{
    pthread_attr_t attr;

    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_BYTES);
    for (long i = 0; i < a->calls; i++) {
        job_init(&jobs[i], a, i + 1);
        jobs[i].started = pthread_create(&jobs[i].thread, &attr, job_run, &jobs[i]) == 0;
        if (!jobs[i].started) {
            snprintf(jobs[i].result.why, sizeof jobs[i].result.why, "no thread for it");
            atomic_store(&jobs[i].done, true);
        }
    }
    pthread_attr_destroy(&attr);
}

static int jobs_finish(struct job *jobs, const struct args *a)
{
    struct desk_sim_result *results = calloc((size_t)a->calls, sizeof *results);
    int rc = 0;

    for (long i = 0; i < a->calls; i++) {
        if (jobs[i].started)
            pthread_join(jobs[i].thread, NULL);
    }
    progress(jobs, a, true);
    for (long i = 0; i < a->calls; i++) {
        desk_sim_print_result(stdout, &jobs[i].result, a->json, a->calls > 1 ? i + 1 : 0);
        rc = jobs[i].result.ok ? rc : 1;
        if (results)
            results[i] = jobs[i].result;
    }
    if (a->calls > 1 && results)
        desk_sim_print_total(stdout, results, (size_t)a->calls, a->json);
    free(results);
    return rc;
}

static int calls_run(const struct args *a)
{
    struct sigaction act = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    struct job *jobs = calloc((size_t)a->calls, sizeof *jobs);

    if (!jobs) {
        fputs("frontdesk call: out of memory\n", stderr);
        return 1;
    }
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
    signal(SIGPIPE, SIG_IGN);
    files_raise();
    sim_socket_verbose(a->verbose);
    jobs_start(jobs, a);
    for (long waited = 0; a->calls > 1 && progress(jobs, a, false) < (size_t)a->calls; waited++)
        desk_sleep_ms(waited < 10 ? 50 : 500);
    int rc = jobs_finish(jobs, a);
    free(jobs);
    return rc;
}

int cmd_call(int argc, char **argv)
{
    char why[400] = "";
    struct args a;
    int rc = 2;

    if (args_read(&a, argc, argv, why, sizeof why))
        rc = calls_run(&a);
    else
        fprintf(stderr, "frontdesk call: %s\n", why[0] ? why : "out of memory");
    desk_sim_script_free(a.script);
    return rc;
}
