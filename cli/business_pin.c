/* frontdesk business pin: the PIN an owner's own call is asked for. Made here and shown once, or
 * read from standard input; never given as an argument, where other people's `ps` could read it. */
#include "cli/business_show.h"
#include "cli/sub.h"
#include "talk/owner_pin.h"

#include <getopt.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

struct asked {
    const char *slug;
    bool from_stdin, remove;
};

static int read_options(int argc, char **argv, struct asked *q)
{
    static const struct option options[] = {{"pin-stdin", no_argument, NULL, 'p'},
                                            {"remove", no_argument, NULL, 'r'},
                                            {NULL, 0, NULL, 0}};
    int c;
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == '?')
            return 2;
        q->from_stdin = q->from_stdin || c == 'p';
        q->remove = q->remove || c == 'r';
    }
    if (argc - optind > 1 || (q->from_stdin && q->remove))
        return cli_usage("business pin wants one SLUG, and --pin-stdin or --remove at most");
    q->slug = argv[optind];
    return 0;
}

static int get_pin(const struct asked *q, char pin[DESK_PIN_LEN])
{
    char line[64];
    if (!q->from_stdin) {
        desk_owner_pin_new(pin);
        return 0;
    }
    if (!fgets(line, sizeof line, stdin))
        return cli_usage("no PIN came on the standard input");
    line[strcspn(line, "\r\n")] = '\0';
    bool fine = strspn(line, "0123456789") == strlen(line) && desk_pin_read(line, pin);
    sodium_memzero(line, sizeof line);
    return fine ? 0 : cli_usage("a PIN is 4 to 8 digits");
}

int cli_business_pin(int argc, char **argv)
{
    struct asked q = {0};
    struct desk_tenant t;
    char pin[DESK_PIN_LEN] = "";
    int status = read_options(argc, argv, &q);
    if (!status && !q.remove)
        status = get_pin(&q, pin);
    if (status)
        return status;
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(4 * 1024 * 1024) : NULL;
    enum desk_rc rc = a ? cli_tenant(db, a, q.slug, &t) : DESK_ENOMEM;
    if (!rc)
        rc = desk_owner_pin_set(db, a, t.id, q.remove ? NULL : pin);
    if (!rc && q.remove)
        printf("%s has no PIN: the owner's calls are answered like anybody's\n", t.slug);
    else if (!rc && q.from_stdin)
        printf("%s has a new PIN\n", t.slug);
    else if (!rc)
        printf("PIN of %s: %s   (shown only now)\n", t.slug, pin);
    desk_arena_free(a);
    desk_db_close(db);
    sodium_memzero(pin, sizeof pin);
    return rc ? 1 : 0;
}
