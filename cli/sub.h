/* What the commands of two words (`db check`, `user add`) share: the table of their second words,
 * usage errors, and the way to the database. */
#ifndef CLI_SUB_H
#define CLI_SUB_H

#include "base/arena.h"
#include "db/db.h"
#include "store/tenants.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct cli_sub {
    const char *name;                  /* "add"; the last row has NULL */
    int (*run)(int argc, char **argv); /* argv[0] is the second word */
    const char *usage;                 /* what follows "frontdesk user " */
};

/* Run argv[1] of the command argv[0]; an unknown or missing one is a usage error: 2. */
int cli_sub_run(const struct cli_sub *subs, int argc, char **argv);

/* "frontdesk: …" on stderr; returns 2. */
int cli_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* the same, returns 1 */
int cli_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* --days: a whole number from 1 to most. False after having said so. */
bool cli_days(const char *arg, long most, long *days);

/* Key and database as the machine's admin; NULL after having said why not. The database must be
 * there. */
struct desk_db *cli_open(void);

/* The business of that slug, or the only one when slug is NULL. Says why not. */
enum desk_rc cli_tenant(struct desk_db *db, struct desk_arena *a, const char *slug,
                        struct desk_tenant *out);

/* What most commands are: the database is opened, the business found, fn does the rest (asked is
 * the command's own) and says what went wrong, all is closed again. */
typedef enum desk_rc cli_tenant_fn(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                   const void *asked);
enum desk_rc cli_on_tenant(const char *slug, cli_tenant_fn *fn, const void *asked);

/* Rows taken out of the database into a file: a new one, the owner's alone, since it holds what is
 * sealed there; NULL or "-" = standard output. The audit (`what`: "call.export") says so first.
 * fill writes it all by put(to, …), and how many rows there were. Says what went wrong, or how many
 * `rows` ("calls") the file has; returns the exit status. */
typedef enum desk_rc cli_put_fn(void *to, const char *p, size_t n);
struct cli_taking {
    const char *file, *what, *rows;
    enum desk_rc (*fill)(void *ctx, cli_put_fn *put, void *to, size_t *n);
    void *ctx;
};
int cli_take_out(struct desk_db *db, const char *tenant_id, const struct cli_taking *t);

#endif
