/* frontdesk telegram: which chats of Telegram answer to whom. */
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/clock.h"
#include "base/config.h"
#include "out/telegram.h"
#include "store/telegram.h"
#include "store/users.h"

#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct asked {
    const char *business, *user, *id;
};

static int read_options(int argc, char **argv, struct asked *q, bool wants_id)
{
    static const struct option options[] = {{"business", required_argument, NULL, 'b'},
                                            {"user", required_argument, NULL, 'u'},
                                            {NULL, 0, NULL, 0}};
    int c;
    *q = (struct asked){NULL, NULL, NULL};
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'b')
            q->business = optarg;
        else if (c == 'u' && !wants_id)
            q->user = optarg;
        else
            return 2;
    }
    if (optind != argc - (wants_id ? 1 : 0))
        return cli_usage(wants_id ? "one id is wanted, as telegram list shows it"
                                  : "telegram %s takes options only",
                         argv[0]);
    q->id = wants_id ? argv[optind] : NULL;
    return 0;
}

/* ---- link ------------------------------------------------------------------------------------ */

/* The login that was named, or the business's only one. */
static enum desk_rc find_user(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const char *login, const char **id)
{
    struct desk_user *rows;
    size_t n = 0, fits = 0;
    enum desk_rc rc = desk_user_list(db, a, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        if (strcmp(rows[i].tenant_id, tenant_id) != 0 ||
            (login && strcmp(rows[i].login, login) != 0))
            continue;
        *id = rows[i].id;
        fits++;
    }
    if (!rc && fits != 1) {
        cli_fail(login  ? "there is no login \"%s\" of this business"
                 : fits ? "say whose chat it is: --user LOGIN (`frontdesk user list`)"
                        : "nobody can sign in here yet: `frontdesk user add LOGIN` first",
                 login);
        rc = DESK_EINVAL;
    }
    return rc;
}

/* The bot's name as Telegram knows it, into out; "" when it does not answer. */
static void bot_name(char *out, size_t n, char *why, size_t why_n)
{
    const struct desk_telegram_bot_of bot = {.base_url = desk_setting(DESK_S_TELEGRAM_API_URL),
                                             .token = desk_setting(DESK_S_TELEGRAM_BOT_TOKEN)};
    struct desk_outbox_result r;
    json_t *me = NULL;
    desk_telegram_bot.call(&bot, "getMe", "{}", &me, &r);
    const char *name = json_string_value(json_object_get(me, "username"));
    snprintf(out, n, "%s", name ? name : "");
    snprintf(why, why_n, "%s", r.why);
    json_decref(me);
}

static enum desk_rc do_link(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                            const void *asked)
{
    const struct asked *q = asked;
    const char *user = NULL;
    char code[DESK_TELEGRAM_CODE_LEN], name[80], why[400];
    if (!*desk_setting(DESK_S_TELEGRAM_BOT_TOKEN)) {
        cli_fail("there is no bot: make one with @BotFather in Telegram and set "
                 "TELEGRAM_BOT_TOKEN");
        return DESK_EINVAL;
    }
    enum desk_rc rc = find_user(db, a, tenant_id, q->user, &user);
    if (!rc)
        rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, desk_telegram_code_new(db, tenant_id, user, desk_now_ms(), code));
    if (rc)
        return rc;
    bot_name(name, sizeof name, why, sizeof why);
    if (*name)
        printf("open https://t.me/%s?start=%s and press Start\n", name, code);
    else
        printf("Telegram did not tell the bot's name. %s\n", why);
    printf("or write to the bot: /start %s\n", code);
    printf("once, within %lld minutes\n", (long long)(DESK_TELEGRAM_CODE_MS / 60000));
    return DESK_OK;
}

/* ---- list, unlink ---------------------------------------------------------------------------- */

static enum desk_rc show(struct desk_db *db, struct desk_arena *a,
                         const struct desk_telegram_link *l)
{
    struct desk_user u;
    struct tm tm;
    char when[32];
    time_t s = (time_t)(l->created_at / 1000);
    enum desk_rc rc = desk_user_get(db, a, l->tenant_id, l->user_id, &u);
    if (rc)
        return rc;
    gmtime_r(&s, &tm);
    strftime(when, sizeof when, "%Y-%m-%d %H:%MZ", &tm);
    printf("%s  %s  %s  since %s%s\n", l->id, u.login, l->name ? l->name : "-", when,
           l->muted_until > desk_now_ms() ? "  muted" : "");
    return DESK_OK;
}

static enum desk_rc do_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                            const void *asked)
{
    struct desk_telegram_link *rows;
    size_t n = 0;
    (void)asked;
    enum desk_rc rc = desk_telegram_link_list(db, a, tenant_id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        rc = show(db, a, &rows[i]);
    if (!rc && !n)
        puts("no chat is linked: `frontdesk telegram link` gives a code");
    return rc;
}

static enum desk_rc do_unlink(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const void *asked)
{
    const struct asked *q = asked;
    (void)a;
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, desk_telegram_unlink(db, tenant_id, q->id));
    if (rc == DESK_ENOTFOUND)
        cli_fail("there is no linked chat \"%s\"", q->id);
    return rc;
}

static int run(int argc, char **argv, bool wants_id, cli_tenant_fn *fn)
{
    struct asked q;
    int status = read_options(argc, argv, &q, wants_id);
    return status ? status : cli_on_tenant(q.business, fn, &q) ? 1 : 0;
}

static int link_chat(int argc, char **argv)
{
    return run(argc, argv, false, do_link);
}

static int list(int argc, char **argv)
{
    return run(argc, argv, false, do_list);
}

static int unlink_chat(int argc, char **argv)
{
    return run(argc, argv, true, do_unlink);
}

int cmd_telegram(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"link", link_chat, "link [--user LOGIN] [--business SLUG]"},
        {"list", list, "list [--business SLUG]"},
        {"unlink", unlink_chat, "unlink ID [--business SLUG]"},
        {NULL, NULL, NULL},
    };
    return cli_sub_run(subs, argc, argv);
}
