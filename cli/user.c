/* frontdesk user: who may sign in. Passwords are made here and shown once, or read from stdin;
 * never given as an argument, where other people's `ps` could read them. */
#include "cli/cli.h"
#include "cli/setup.h"
#include "cli/sub.h"
#include "base/tz.h"
#include "store/users.h"

#include <getopt.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define PASSWORD_MAX 256
#define PASSWORD_MIN 10

struct asked {
    const char *login, *business;
    bool from_stdin;
};

static int read_options(int argc, char **argv, struct asked *q)
{
    static const struct option options[] = {{"business", required_argument, NULL, 'b'},
                                            {"password-stdin", no_argument, NULL, 'p'},
                                            {NULL, 0, NULL, 0}};
    int c;
    *q = (struct asked){NULL, NULL, false};
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'b')
            q->business = optarg;
        else if (c == 'p')
            q->from_stdin = true;
        else
            return 2;
    }
    if (optind != argc - 1)
        return cli_usage("user %s wants one login name", argv[0]);
    q->login = argv[optind];
    size_t n = strlen(q->login);
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789.-_@";
    if (n < 1 || n > 80 || strspn(q->login, letters) != n)
        return cli_usage("a login name is of a-z, 0-9 and . - _ @");
    return 0;
}

static int get_password(const struct asked *q, char password[PASSWORD_MAX])
{
    if (!q->from_stdin) {
        desk_password_new(password);
        return 0;
    }
    if (!fgets(password, PASSWORD_MAX, stdin))
        return cli_usage("no password came on the standard input");
    password[strcspn(password, "\r\n")] = '\0';
    if (strlen(password) < PASSWORD_MIN)
        return cli_usage("a password has at least %d letters", PASSWORD_MIN);
    return 0;
}

static enum desk_rc store_new(struct desk_db *db, struct desk_arena *a, const struct asked *q,
                              const char *password)
{
    struct desk_tenant t;
    enum desk_rc rc = cli_tenant(db, a, q->business, &t);
    if (rc)
        return rc;
    rc = desk_setup_user(db, t.id, q->login, password);
    if (rc == DESK_ECONFLICT)
        cli_fail(
            "There is a login \"%s\" already; `frontdesk user password %s` changes its password",
            q->login, q->login);
    return rc;
}

/* A new password also ends the sessions that the old one began. */
static enum desk_rc store_password(struct desk_db *db, struct desk_arena *a, const struct asked *q,
                                   const char *password)
{
    struct desk_user u;
    char hash[DESK_PASSWORD_HASH_LEN];
    enum desk_rc rc = desk_user_by_login(db, a, q->login, &u);
    if (rc == DESK_ENOTFOUND)
        cli_fail("There is no login \"%s\"; `frontdesk user list` shows them", q->login);
    if (!rc)
        rc = desk_password_hash(password, hash);
    if (!rc)
        rc = DESK_TX_BEGIN(db);
    if (rc)
        return rc;
    rc = desk_user_password_set(db, q->login, hash);
    if (!rc)
        rc = desk_session_delete_user(db, u.id);
    return desk_tx_end(db, rc);
}

static int with_password(int argc, char **argv,
                         enum desk_rc (*store)(struct desk_db *, struct desk_arena *,
                                               const struct asked *, const char *))
{
    struct asked q;
    char password[PASSWORD_MAX] = "";
    int status = read_options(argc, argv, &q);
    if (!status)
        status = get_password(&q, password);
    if (status)
        return status;
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(4 * 1024 * 1024) : NULL;
    status = a && store(db, a, &q, password) == DESK_OK ? 0 : 1;
    if (!status && q.from_stdin)
        printf("login %s\n", q.login);
    else if (!status)
        printf("login    %s\npassword %s   (shown only now)\n", q.login, password);
    desk_arena_free(a);
    desk_db_close(db);
    sodium_memzero(password, sizeof password);
    return status;
}

static int add(int argc, char **argv)
{
    return with_password(argc, argv, store_new);
}

static int password(int argc, char **argv)
{
    return with_password(argc, argv, store_password);
}

static void print_one(const struct desk_user *u, const struct desk_tenant *tenants, size_t n)
{
    char seen[40] = "never";
    const char *slug = "-";
    for (size_t i = 0; i < n; i++)
        if (strcmp(tenants[i].id, u->tenant_id) == 0)
            slug = tenants[i].slug;
    if (u->last_login_at)
        desk_when_iso(seen, sizeof seen, NULL, u->last_login_at);
    printf("%-24s %-16s %-6s %-13s last signed in: %s\n", u->login, slug, u->role,
           u->totp_on ? "second step" : "password only", seen);
}

static int list(int argc, char **argv)
{
    struct desk_user *users;
    struct desk_tenant *tenants;
    size_t n = 0, n_tenants = 0;
    (void)argv;
    if (argc != 1)
        return cli_usage("user list takes nothing more");
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(16 * 1024 * 1024) : NULL;
    enum desk_rc rc = a ? desk_user_list(db, a, &users, &n) : DESK_ENOMEM;
    if (!rc)
        rc = desk_tenant_list(db, a, &tenants, &n_tenants);
    for (size_t i = 0; !rc && i < n; i++)
        print_one(&users[i], tenants, n_tenants);
    desk_arena_free(a);
    desk_db_close(db);
    return rc ? 1 : 0;
}

/* Somebody by their login, changed in a transaction. */
typedef enum desk_rc change_fn(struct desk_db *db, const struct desk_user *u, const char *word);

static int on_user(const char *login, const char *word, change_fn *fn)
{
    struct desk_user u;
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(1024 * 1024) : NULL;
    enum desk_rc rc = a ? desk_user_by_login(db, a, login, &u) : DESK_ENOMEM;
    if (rc == DESK_ENOTFOUND)
        cli_fail("There is no login \"%s\"; `frontdesk user list` shows them", login);
    if (!rc)
        rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, fn(db, &u, word));
    if (rc == DESK_ECONFLICT)
        cli_fail("%s is the last owner of all places: make somebody else one first", login);
    desk_arena_free(a);
    desk_db_close(db);
    return rc ? 1 : 0;
}

static enum desk_rc give_role(struct desk_db *db, const struct desk_user *u, const char *word)
{
    enum desk_rc rc = desk_user_role_set(db, u, desk_role_parse(word), u->location_id);
    return rc ? rc : desk_audit_add(db, u->tenant_id, NULL, "user.role", u->id);
}

static int role(int argc, char **argv)
{
    if (argc != 3 || !desk_role_parse(argv[2]))
        return cli_usage("user role wants a login name and one of: owner staff read");
    int status = on_user(argv[1], argv[2], give_role);
    if (!status)
        printf("%s is now: %s\n", argv[1], argv[2]);
    return status;
}

/* For who has lost phone and recovery codes. The sessions go, too: whoever has the phone may have
 * one. */
static enum desk_rc forget_totp(struct desk_db *db, const struct desk_user *u, const char *word)
{
    (void)word;
    enum desk_rc rc = desk_user_totp_set(db, u, NULL);
    if (!rc)
        rc = desk_session_delete_user(db, u->id);
    return rc ? rc : desk_audit_add(db, u->tenant_id, NULL, "user.totp.reset", u->id);
}

static int reset_totp(int argc, char **argv)
{
    if (argc != 2)
        return cli_usage("user reset-totp wants one login name");
    int status = on_user(argv[1], NULL, forget_totp);
    if (!status)
        printf("%s signs in with the password alone now, and is signed out everywhere\n", argv[1]);
    return status;
}

int cmd_user(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"add", add, "add LOGIN [--business SLUG] [--password-stdin]"},
        {"password", password, "password LOGIN [--password-stdin]"},
        {"list", list, "list"},
        {"role", role, "role LOGIN owner|staff|read"},
        {"reset-totp", reset_totp, "reset-totp LOGIN"},
        {NULL, NULL, NULL},
    };
    return cli_sub_run(subs, argc, argv);
}
