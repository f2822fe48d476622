#include "worker/telegram_bot.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/open.h"
#include "talk/telegram_in.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_S     25 /* Telegram waits so long for something to tell */
#define LOOK_MS    250
#define LOOK_MOST  5000 /* what failed is tried again after so long */
#define TROUBLE_MS 5000
#define REFUSED_MS 60000
#define BATCH      20
#define KEPT_MS    (7LL * 24 * 3600 * 1000) /* Telegram forgets after a day */

struct telegram_bot {
    const struct desk_telegram *client;
    struct desk_db *db;
    struct desk_arena *arena;
    bool poll;    /* we ask; else Telegram brings it */
    bool ready;   /* Telegram knows how, and our commands */
    int64_t next; /* update_id that is asked for */
    int64_t looked_at, seen;
    pthread_t thread;
    bool started;
    atomic_bool stop;
};

static bool stopped(void *ctx)
{
    struct telegram_bot *b = ctx;
    return atomic_load(&b->stop);
}

static void wait_ms(struct telegram_bot *b, int64_t ms)
{
    for (int64_t until = desk_mono_ms() + ms; !stopped(b) && desk_mono_ms() < until;)
        desk_sleep_ms(ms < LOOK_MS ? ms : LOOK_MS);
}

static struct desk_telegram_bot_of bot_of(void)
{
    return (struct desk_telegram_bot_of){.base_url = desk_setting(DESK_S_TELEGRAM_API_URL),
                                         .token = desk_setting(DESK_S_TELEGRAM_BOT_TOKEN)};
}

/* ---- answering ------------------------------------------------------------------------------- */

static void tried(struct telegram_bot *b, const struct desk_telegram_update *u, enum desk_rc why)
{
    enum desk_rc rc = DESK_TX_BEGIN(b->db);
    if (!rc)
        rc = desk_tx_end(b->db, desk_telegram_update_tried(b->db, u));
    desk_log(DESK_LOG_ERROR, "telegram.answer", "update=%s tries=%" PRId64 " rc=%s kept=%s", u->id,
             u->tries + 1, desk_rc_name(why), desk_rc_name(rc));
}

static void purge(struct telegram_bot *b, const char *tenant_id)
{
    enum desk_rc rc = DESK_TX_BEGIN(b->db);
    if (!rc)
        rc = desk_tx_end(b->db,
                         desk_telegram_update_purge(b->db, tenant_id, desk_now_ms() - KEPT_MS));
    if (rc)
        desk_log(DESK_LOG_WARN, "telegram.purge", "rc=%s", desk_rc_name(rc));
}

/* What was kept and is not answered yet. */
static void answer_waiting(struct telegram_bot *b)
{
    struct desk_telegram_update *rows;
    size_t n = 0;
    desk_arena_reset(b->arena);
    enum desk_rc rc = desk_telegram_update_waiting(b->db, b->arena, BATCH, &rows, &n);
    if (rc)
        desk_log(DESK_LOG_ERROR, "telegram.waiting", "rc=%s", desk_rc_name(rc));
    for (size_t i = 0; !rc && i < n && !stopped(b); i++) {
        enum desk_rc answered = desk_telegram_answer(b->db, b->arena, &rows[i], desk_now_ms());
        if (answered && answered != DESK_DONE)
            tried(b, &rows[i], answered);
        else
            purge(b, rows[i].tenant_id);
    }
    b->looked_at = desk_mono_ms();
}

/* Somebody wrote to the database, or it is long ago that anybody looked. */
static bool worth_looking(struct telegram_bot *b)
{
    int64_t version = desk_db_data_version(b->db);
    bool news = version != b->seen || desk_mono_ms() - b->looked_at >= LOOK_MOST;
    b->seen = version;
    return news;
}

/* ---- asking ---------------------------------------------------------------------------------- */

/* How long to wait before the next request; 0 = not at all. */
static int64_t trouble(const struct desk_outbox_result *r, const char *what)
{
    if (r->end == DESK_END_SENT)
        return 0;
    desk_log(DESK_LOG_WARN, "telegram.bot", "what=%s code=%" PRId64, what, r->code);
    return r->wait_ms ? r->wait_ms : r->end == DESK_END_FAILED ? REFUSED_MS : TROUBLE_MS;
}

static char *setting_up(const struct telegram_bot *b)
{
    char secret[DESK_BLIND_LEN];
    const char *base = desk_setting(DESK_S_PUBLIC_BASE_URL);
    size_t n = strlen(base);
    while (n && base[n - 1] == '/')
        n--;
    if (b->poll)
        return strdup("{\"drop_pending_updates\":false}");
    desk_telegram_secret(desk_db_key(b->db), secret);
    json_t *wanted = json_loads(DESK_TELEGRAM_WANTED, 0, NULL);
    char *url = desk_arena_fmt(b->arena, "%.*s/telegram/update", (int)n, base);
    json_t *root = json_pack("{s:s, s:s, s:o}", "url", url ? url : "", "secret_token", secret,
                             "allowed_updates", wanted);
    char *body = root ? json_dumps(root, JSON_COMPACT) : NULL;
    json_decref(root);
    return body;
}

static int64_t set_up(struct telegram_bot *b)
{
    const struct desk_telegram_bot_of bot = bot_of();
    struct desk_outbox_result r;
    const char *method = b->poll ? "deleteWebhook" : "setWebhook";
    char *body = setting_up(b);
    b->client->call(&bot, method, body, NULL, &r);
    free(body);
    int64_t wait = trouble(&r, method);
    if (wait)
        return wait;
    json_t *commands = desk_telegram_commands();
    body = commands ? json_dumps(commands, JSON_COMPACT) : NULL;
    b->client->call(&bot, "setMyCommands", body, NULL, &r);
    json_decref(commands);
    free(body);
    wait = trouble(&r, "setMyCommands");
    b->ready = !wait;
    if (b->ready)
        desk_log(DESK_LOG_INFO, "telegram.bot", "listens=%s", b->poll ? "poll" : "webhook");
    return wait;
}

/* Kept one after the other: what comes behind one that cannot be kept is asked for again. */
static bool keep(struct telegram_bot *b, const json_t *list)
{
    size_t i;
    const json_t *u;
    json_array_foreach(list, i, u)
    {
        desk_arena_reset(b->arena);
        enum desk_rc rc = desk_telegram_arrive(b->db, b->arena, u, desk_now_ms());
        if (rc && rc != DESK_DONE) {
            desk_log(DESK_LOG_ERROR, "telegram.keep", "rc=%s", desk_rc_name(rc));
            return false;
        }
        b->next = (int64_t)json_integer_value(json_object_get(u, "update_id")) + 1;
    }
    return true;
}

static int64_t ask(struct telegram_bot *b)
{
    const struct desk_telegram_bot_of bot = bot_of();
    struct desk_outbox_result r;
    json_t *list = NULL;
    b->client->updates(&bot, b->next, WAIT_S, stopped, b, &list, &r);
    if (stopped(b)) {
        json_decref(list);
        return 0;
    }
    if (r.code == 409) /* a webhook is set again, or another asks, too */
        b->ready = false;
    int64_t wait = trouble(&r, "getUpdates");
    if (!wait && !keep(b, list))
        wait = TROUBLE_MS;
    json_decref(list);
    return wait;
}

static void *listen(void *arg)
{
    struct telegram_bot *b = arg;
    while (!stopped(b)) {
        int64_t wait = 0;
        if (!b->ready)
            wait = set_up(b);
        if (!wait && b->poll && !stopped(b))
            wait = ask(b);
        if (b->poll || worth_looking(b))
            answer_waiting(b);
        wait_ms(b, wait ? wait : b->poll ? 0 : LOOK_MS);
    }
    return NULL;
}

/* ---- start and end --------------------------------------------------------------------------- */

struct telegram_bot *telegram_bot_start(const struct desk_telegram *client, bool *idle)
{
    const char *how = desk_setting(DESK_S_TELEGRAM_UPDATES);
    *idle = !*desk_setting(DESK_S_TELEGRAM_BOT_TOKEN) || strcmp(how, "off") == 0;
    struct telegram_bot *b = *idle ? NULL : calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->client = client;
    b->poll = strcmp(how, "poll") == 0 || (strcmp(how, "auto") == 0 && !desk_public_reachable());
    b->arena = desk_arena_new(DESK_MAX_OUTBOX_WORK);
    b->started = b->arena && desk_store_open(&b->db, DESK_ZONE_WORKER, 0) == DESK_OK &&
                 pthread_create(&b->thread, NULL, listen, b) == 0;
    if (b->started)
        return b;
    telegram_bot_stop(b);
    return NULL;
}

void telegram_bot_stop(struct telegram_bot *b)
{
    if (!b)
        return;
    atomic_store(&b->stop, true);
    if (b->started)
        pthread_join(b->thread, NULL);
    desk_db_close(b->db);
    desk_arena_free(b->arena);
    free(b);
}
