/* frontdesk webhooks: who is told of what happens, by Standard Webhooks; as /v1/webhooks, for the
 * machine's admin. */
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/ids.h"
#include "store/outbox.h"
#include "store/webhook_events.h"
#include "talk/webhooks.h"

#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define ARENA     (8 * 1024 * 1024)
#define SENT_MOST 50

struct asked {
    const char *business, *events, *format, *personal;
    const char *words[2]; /* what stands behind the options */
    struct desk_db *db;
    struct desk_arena *arena;
    struct desk_tenant tenant;
};

static bool take_option(struct asked *q, int c, const char *value, bool fields)
{
    if (c == 'b')
        q->business = value;
    else if (c == 'e' && fields)
        q->events = value;
    else if (c == 'f' && fields)
        q->format = value;
    else if (c == 'p' && fields)
        q->personal = value;
    else
        return false;
    return true;
}

static int read_options(int argc, char **argv, struct asked *q, bool fields, int words)
{
    static const struct option options[] = {{"business", required_argument, NULL, 'b'},
                                            {"events", required_argument, NULL, 'e'},
                                            {"format", required_argument, NULL, 'f'},
                                            {"personal", required_argument, NULL, 'p'},
                                            {NULL, 0, NULL, 0}};
    static const char *const wants[] = {"options only", "one word: an id, or an address to add",
                                        "two ids: webhook and delivery"};
    int c;
    *q = (struct asked){.business = NULL};
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
        if (!take_option(q, c, optarg, fields))
            return c == '?' ? 2 : cli_usage("webhooks %s does not take that option", argv[0]);
    if (optind != argc - words)
        return cli_usage("webhooks %s wants %s", argv[0], wants[words]);
    for (int i = 0; i < words; i++)
        q->words[i] = argv[optind + i];
    if (q->personal && strcmp(q->personal, "yes") != 0 && strcmp(q->personal, "no") != 0)
        return cli_usage("--personal is yes or no");
    return 0;
}

/* ---- showing --------------------------------------------------------------------------------- */

static const char *utc(int64_t ms, char out[32])
{
    struct tm tm;
    time_t s = (time_t)(ms / 1000);
    gmtime_r(&s, &tm);
    strftime(out, 32, "%Y-%m-%d %H:%M:%SZ", &tm);
    return out;
}

static const char *status_text(int64_t status, char out[32])
{
    snprintf(out, 32, "HTTP %" PRId64, status);
    return status ? out : "without an answer";
}

/* Of the address only the host: the rest may be a secret, and a terminal is looked at by others. */
static void show(const struct desk_webhook *w)
{
    char host[120], when[32], status[32];
    printf("%s  %s  %s  events %s  %s%s\n", w->id, w->state,
           desk_webhook_host(w->url, host, sizeof host), w->events, w->format,
           w->personal ? "  with personal data" : "");
    if (w->failures)
        printf("    %" PRId64 " failures in a row since %s, the last one %s\n", w->failures,
               utc(w->failing_since, when), status_text(w->last_status, status));
    else if (w->last_ok_at)
        printf("    worked last on %s\n", utc(w->last_ok_at, when));
    else
        puts("    nothing was sent to it yet");
}

static void show_secret(const char *secret)
{
    printf("secret %s   (shown only now; its receiver verifies with it)\n", secret);
}

static void show_sent(const struct desk_outbox *o)
{
    char when[32];
    json_t *p = json_loads(o->payload ? o->payload : "", 0, NULL);
    const char *event = json_string_value(json_object_get(p, "event")),
               *first = json_string_value(json_object_get(p, "id"));
    printf("%s  %s  %s  %s  attempts %" PRId64 "%s%s\n", o->id, utc(o->created_at, when),
           event ? event : "-", o->state, o->attempts, first ? "  once more: " : "",
           first ? first : "");
    if (o->last_error)
        printf("    %s\n", o->last_error);
    json_decref(p);
}

/* ---- the second words ------------------------------------------------------------------------ */

static enum desk_rc find(struct asked *q, struct desk_webhook *w)
{
    enum desk_rc rc = desk_webhook_get(q->db, q->arena, q->tenant.id, q->words[0], w);
    if (rc == DESK_ENOTFOUND)
        cli_fail("there is no webhook \"%s\"; `frontdesk webhooks list` shows them", q->words[0]);
    return rc;
}

static enum desk_rc do_list(struct asked *q)
{
    struct desk_webhook *rows;
    size_t n = 0;
    enum desk_rc rc = desk_webhook_list(q->db, q->arena, q->tenant.id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        show(&rows[i]);
    if (!rc && !n)
        puts("there are no webhooks: `frontdesk webhooks add URL` makes one");
    return rc;
}

static enum desk_rc do_events(struct asked *q)
{
    (void)q;
    for (int i = 0; i < DESK_ON__MAX; i++)
        puts(desk_happened_name((enum desk_happened)i));
    return DESK_OK;
}

/* What the options say into w. */
static enum desk_rc fill(struct asked *q, struct desk_webhook *w)
{
    char bad[64];
    const char *member;
    const char *events = q->events ? desk_events_tidy(q->arena, q->events, bad) : w->events;
    if (!events) {
        cli_fail("there is no event named \"%s\"; `frontdesk webhooks events` names them", bad);
        return DESK_EINVAL;
    }
    w->events = events;
    w->format = q->format ? q->format : w->format;
    w->personal = q->personal ? strcmp(q->personal, "yes") == 0 : w->personal;
    const char *why = desk_webhook_wrong(w, false, &member);
    if (why)
        cli_fail("%s", why);
    return why ? DESK_EINVAL : DESK_OK;
}

static enum desk_rc do_add(struct asked *q)
{
    char secret[DESK_WEBHOOK_SECRET_LEN];
    struct desk_webhook w = {.tenant_id = q->tenant.id,
                             .url = q->words[0],
                             .events = "*",
                             .format = DESK_WEBHOOK_STANDARD};
    enum desk_rc rc = fill(q, &w);
    desk_webhook_secret_new(secret);
    if (!rc)
        rc = DESK_TX_BEGIN(q->db);
    if (!rc)
        rc = desk_tx_end(q->db, desk_webhook_add(q->db, q->arena, &w, secret));
    if (rc == DESK_ELIMIT)
        cli_fail("there are as many webhooks as may be (%d): remove one first", DESK_WEBHOOKS_MOST);
    if (rc)
        return rc;
    show(&w);
    show_secret(secret);
    return DESK_OK;
}

/* Changes what stands and shows it. state NULL: as it is. */
static enum desk_rc change(struct asked *q, const char *state)
{
    struct desk_webhook w;
    enum desk_rc rc = DESK_TX_BEGIN(q->db);
    if (rc)
        return rc;
    rc = find(q, &w);
    if (!rc)
        rc = fill(q, &w);
    if (!rc && state)
        w.state = state;
    if (!rc)
        rc = desk_webhook_update(q->db, &w);
    if (!rc)
        rc = find(q, &w);
    rc = desk_tx_end(q->db, rc);
    if (!rc)
        show(&w);
    return rc;
}

static enum desk_rc do_set(struct asked *q)
{
    return change(q, NULL);
}

static enum desk_rc do_on(struct asked *q)
{
    return change(q, DESK_WEBHOOK_ON);
}

static enum desk_rc do_off(struct asked *q)
{
    return change(q, DESK_WEBHOOK_OFF);
}

static enum desk_rc do_rotate(struct asked *q)
{
    char secret[DESK_WEBHOOK_SECRET_LEN];
    struct desk_webhook w;
    enum desk_rc rc = find(q, &w);
    desk_webhook_secret_new(secret);
    if (!rc)
        rc = DESK_TX_BEGIN(q->db);
    if (!rc)
        rc = desk_tx_end(q->db, desk_webhook_rotate(q->db, q->tenant.id, w.id, secret));
    if (rc)
        return rc;
    show_secret(secret);
    puts("the one before signs, too, for a day");
    return DESK_OK;
}

static enum desk_rc do_remove(struct asked *q)
{
    struct desk_webhook w;
    enum desk_rc rc = find(q, &w);
    if (!rc)
        rc = DESK_TX_BEGIN(q->db);
    if (!rc)
        rc = desk_tx_end(q->db, desk_webhook_delete(q->db, q->tenant.id, w.id));
    if (!rc)
        puts("removed; what waits for it is not sent");
    return rc;
}

static enum desk_rc do_test(struct asked *q)
{
    char id[DESK_ID_LEN] = "";
    struct desk_webhook w;
    enum desk_rc rc = find(q, &w);
    if (!rc)
        rc = DESK_TX_BEGIN(q->db);
    if (!rc)
        rc = desk_tx_end(q->db, desk_webhook_test(q->db, &w, id));
    if (!rc)
        printf("%s: a test event is on its way; what came of it: frontdesk webhooks sent %s\n", id,
               w.id);
    return rc;
}

static enum desk_rc do_sent(struct asked *q)
{
    struct desk_webhook w;
    struct desk_outbox *rows;
    size_t n = 0;
    enum desk_rc rc = find(q, &w);
    if (!rc)
        rc = desk_outbox_deliveries(q->db, q->arena, q->tenant.id, w.id, SENT_MOST, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        show_sent(&rows[i]);
    if (!rc && !n)
        puts("nothing was to be sent to it yet");
    return rc;
}

static enum desk_rc do_again(struct asked *q)
{
    char id[DESK_ID_LEN] = "";
    struct desk_webhook w;
    enum desk_rc rc = find(q, &w);
    if (!rc)
        rc = DESK_TX_BEGIN(q->db);
    if (!rc)
        rc = desk_tx_end(q->db, desk_webhook_again(q->db, q->arena, &w, q->words[1], id));
    else
        return rc;
    if (rc == DESK_ENOTFOUND)
        cli_fail("there was no delivery \"%s\" to it; `frontdesk webhooks sent` shows them",
                 q->words[1]);
    else if (rc == DESK_ECONFLICT)
        cli_fail("it is on its way this very moment");
    else if (!rc)
        printf("%s: it is sent once more, under the same webhook-id\n", id);
    return rc;
}

/* ---- the command ----------------------------------------------------------------------------- */

static const struct word {
    const char *name;
    enum desk_rc (*fn)(struct asked *q);
    bool fields; /* takes --events, --format, --personal */
    int words;
} words[] = {
    {"list", do_list, false, 0},     {"events", do_events, false, 0}, {"add", do_add, true, 1},
    {"set", do_set, true, 1},        {"on", do_on, false, 1},         {"off", do_off, false, 1},
    {"rotate", do_rotate, false, 1}, {"remove", do_remove, false, 1}, {"test", do_test, false, 1},
    {"sent", do_sent, false, 1},     {"again", do_again, false, 2},
};

static int run(int argc, char **argv)
{
    struct asked q;
    const struct word *word = words;
    while (strcmp(word->name, argv[0]) != 0) /* cli_sub_run has looked: it is there */
        word++;
    int status = read_options(argc, argv, &q, word->fields, word->words);
    if (status)
        return status;
    q.db = cli_open();
    q.arena = q.db ? desk_arena_new(ARENA) : NULL;
    enum desk_rc rc = q.arena ? cli_tenant(q.db, q.arena, q.business, &q.tenant) : DESK_ENOMEM;
    if (!rc)
        rc = word->fn(&q);
    desk_arena_free(q.arena);
    desk_db_close(q.db);
    return rc ? 1 : 0;
}

int cmd_webhooks(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"list", run, "list [--business SLUG]"},
        {"events", run, "events"},
        {"add", run, "add URL [--events NAMES] [--format standard|flat] [--personal yes|no]"},
        {"set", run, "set ID [--events NAMES] [--format standard|flat] [--personal yes|no]"},
        {"on", run, "on ID"},
        {"off", run, "off ID"},
        {"test", run, "test ID"},
        {"sent", run, "sent ID"},
        {"again", run, "again ID DELIVERY"},
        {"rotate", run, "rotate ID"},
        {"remove", run, "remove ID"},
        {NULL, NULL, NULL},
    };
    static char first[] = "list";
    char *only[] = {argv[0], first, NULL};
    return argc == 1 ? cli_sub_run(subs, 2, only) : cli_sub_run(subs, argc, argv);
}
