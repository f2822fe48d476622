/* The worker: what must happen by the clock, and what must reach the outside. The jobs run in one
 * thread on one connection; a job never waits for another program, so SIGTERM is obeyed between two
 * jobs. The outbox, what comes after calls and the watch over the model have threads of their own
 * (outbox.h, after.h, model_watch.h). */
#include "worker/after.h"
#include "worker/idp_keys.h"
#include "worker/jobs.h"
#include "worker/model_watch.h"
#include "worker/outbox.h"
#include "worker/outside_watch.h"
#include "worker/telegram_bot.h"
#include "worker/small.h"
#include "worker/worker.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "store/open.h"
#include "store/pulse.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define SECOND 1000
#define MINUTE (60 * SECOND)
#define FIRST  (2 * SECOND) /* all once soon after the start, when the others are up */

static struct {
    const char *name;
    int64_t every_ms;
    worker_job *run;
    int64_t due_ms;
} jobs[] = {
    {"sessions", 10 * MINUTE, job_sessions, 0},
    {"stale_calls", 5 * MINUTE, job_stale_calls, 0},
    {"recordings", MINUTE, job_recordings, 0},
    {"files", 30 * SECOND, job_files, 0},
    {"stray_files", 10 * MINUTE, job_stray_files, 0},
    {"waves", 5 * SECOND, job_waves, 0},
    {"voice_sessions", 5 * SECOND, job_voice_sessions, 0},
    {"digests", MINUTE, job_digests, 0},
    {"report_days", MINUTE, job_report_days, 0},
    {"spend", MINUTE, job_spend, 0},
    {"promises", 5 * SECOND, job_promises, 0},
    {"visits", 5 * MINUTE, job_visits, 0},
    {"reminders", MINUTE, job_reminders, 0},
    {"remind_calls", 5 * SECOND, job_remind_calls, 0},
    {"occasions", 10 * MINUTE, job_occasions, 0},
    {"pulse", DESK_PULSE_EVERY_MS, job_pulse, 0},
    {"audit", 60 * MINUTE, job_audit, 0},
    {"maintain", 60 * MINUTE, job_maintain, 0},
};
#define JOBS (sizeof jobs / sizeof *jobs)

static int64_t run_due(struct desk_db *db)
{
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < JOBS; i++) {
        int64_t now = desk_mono_ms();
        if (now >= jobs[i].due_ms) {
            enum desk_rc rc = jobs[i].run(db);
            desk_log(rc ? DESK_LOG_ERROR : DESK_LOG_DEBUG, "worker.job",
                     "name=%s rc=%s took_ms=%lld", jobs[i].name, desk_rc_name(rc),
                     (long long)(desk_mono_ms() - now));
            jobs[i].due_ms = now + jobs[i].every_ms;
        }
        if (jobs[i].due_ms < next)
            next = jobs[i].due_ms;
    }
    return next;
}

/* Sleeps until then; true when it is time to go. */
static bool told_to_stop(const sigset_t *set, int64_t until_ms)
{
    int64_t ms = until_ms - desk_mono_ms();
    if (ms < 0)
        ms = 0;
    const struct timespec ts = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    return sigtimedwait(set, NULL, &ts) > 0;
}

static void work(const sigset_t *set, struct desk_db *db)
{
    int64_t next = desk_mono_ms() + FIRST;
    for (size_t i = 0; i < JOBS; i++)
        jobs[i].due_ms = next;
    while (!told_to_stop(set, next))
        next = run_due(db);
}

/* It is not asked (any more): what it did once says nothing. */
static void forget_model(struct desk_db *db)
{
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, desk_pulse_drop(db, DESK_PULSE_MODEL));
    if (rc)
        desk_log(DESK_LOG_WARN, "worker.pulse", "rc=%s", desk_rc_name(rc));
}

static const struct outbox_services services = {.twilio = &desk_twilio_rest,
                                                .media = &desk_twilio_media_rest,
                                                .stt = &desk_stt_rest,
                                                .telegram = &desk_telegram_bot,
                                                .calendar = &desk_google_calendar_rest,
                                                .sheets = &desk_google_sheets_rest,
                                                .webhook = &desk_webhook_http,
                                                .dtools = &desk_dtools_rest,
                                                .small = small_make};

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], SMALL_ARG) == 0)
        return small_main();
    char why[400];
    sigset_t set;
    struct desk_db *db = NULL;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    if (desk_settings_load(NULL, why, sizeof why)) {
        fprintf(stderr, "worker: %s\n", why);
        return 2;
    }
    desk_log_init("worker", desk_log_level_parse(desk_setting(DESK_S_LOG_LEVEL)));
    desk_log_format(desk_setting(DESK_S_LOG_FORMAT));
    if (desk_store_key(false, why, sizeof why)) {
        desk_log(DESK_LOG_ERROR, "worker.key", "why=\"%s\"", why);
        return 1;
    }
    if (desk_store_open(&db, DESK_ZONE_WORKER, 0)) {
        desk_log(DESK_LOG_ERROR, "worker.database", "cannot be opened");
        return 1;
    }
    struct outbox *outbox = outbox_start(&services);
    if (!outbox) {
        desk_log(DESK_LOG_ERROR, "worker.outbox", "cannot be started");
        desk_db_close(db);
        return 1;
    }
    bool idle, deaf;
    struct model_watch *model = model_watch_start(desk_model_probe, &idle);
    if (!model && !idle) /* what is sent matters more */
        desk_log(DESK_LOG_ERROR, "worker.model", "is not watched");
    if (idle)
        forget_model(db);
    struct telegram_bot *bot = telegram_bot_start(&desk_telegram_bot, &deaf);
    if (!bot && !deaf)
        desk_log(DESK_LOG_ERROR, "worker.telegram", "the bot does not listen");
    struct outside_watch *outside = outside_watch_start(desk_http_send);
    if (!outside)
        desk_log(DESK_LOG_ERROR, "worker.outside", "is not watched");
    struct after_calls *after = after_start();
    if (!after)
        desk_log(DESK_LOG_ERROR, "worker.after", "cannot be started");
    struct jobs *long_work = jobs_start();
    if (!long_work)
        desk_log(DESK_LOG_ERROR, "worker.jobs", "cannot be started");
    bool no_idp;
    struct idp_keys *idp = idp_keys_start(&no_idp);
    if (!idp && !no_idp)
        desk_log(DESK_LOG_ERROR, "worker.idp", "keys are not fetched");
    desk_log(DESK_LOG_INFO, "worker.started", "jobs=%zu", JOBS);
    work(&set, db);
    idp_keys_stop(idp);
    jobs_stop(long_work);
    after_stop(after);
    outside_watch_stop(outside);
    telegram_bot_stop(bot);
    model_watch_stop(model);
    outbox_stop(outbox);
    desk_db_close(db);
    desk_log(DESK_LOG_INFO, "worker.stopped", "%s", "");
    return 0;
}
