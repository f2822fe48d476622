/* frontdesk business except: "closed Friday", "Raj away 12-18 October", by command. */
#include "cli/business_show.h"
#include "cli/sub.h"
#include "core/day_text.h"
#include "talk/business.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

struct asked {
    const char *slug, *branch;
    struct desk_business_except e;
    char open_from[6];
    bool remove;
};

/* "10:00-14:00" */
static bool read_open(struct asked *q, const char *text)
{
    const char *dash = strchr(text, '-');
    if (!dash || dash - text != 5)
        return false;
    snprintf(q->open_from, sizeof q->open_from, "%s", text);
    q->e.open_from = q->open_from;
    q->e.open_to = dash + 1;
    return desk_clock_parse(q->open_from) >= 0 && desk_clock_parse(q->e.open_to) >= 0;
}

static bool take_option(struct asked *q, int c, char *value)
{
    const struct {
        int c;
        const char **to;
    } texts[] = {{'f', &q->e.from},
                 {'t', &q->e.to},
                 {'a', &q->e.person},
                 {'l', &q->e.label},
                 {'b', &q->branch}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].c == c)
            *texts[i].to = value;
    if (c == 'c')
        q->e.closed = true;
    if (c == 'r')
        q->remove = true;
    return c != '?' && (c != 'o' || read_open(q, value));
}

static const char *what_is_wrong(const struct asked *q)
{
    int32_t from, to;
    bool what = q->e.closed || q->e.open_from || q->e.person || q->e.label;
    if (!q->e.from || !desk_day_parse(q->e.from, &from))
        return "--from wants a day, like 2026-10-12";
    if (q->e.to && (!desk_day_parse(q->e.to, &to) || to < from))
        return "--to wants a day that is not before --from, like 2026-10-18";
    if (!q->remove && !what)
        return "say what is different: --closed, --open 10:00-14:00, --away NAME or --label TEXT";
    if (q->e.closed && q->e.open_from)
        return "either --closed or --open";
    return NULL;
}

static int read_except(int argc, char **argv, struct asked *q)
{
    static const struct option options[] = {{"from", required_argument, NULL, 'f'},
                                            {"to", required_argument, NULL, 't'},
                                            {"closed", no_argument, NULL, 'c'},
                                            {"open", required_argument, NULL, 'o'},
                                            {"away", required_argument, NULL, 'a'},
                                            {"label", required_argument, NULL, 'l'},
                                            {"branch", required_argument, NULL, 'b'},
                                            {"remove", no_argument, NULL, 'r'},
                                            {NULL, 0, NULL, 0}};
    int c;
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
        if (!take_option(q, c, optarg))
            return c == 'o' ? cli_usage("--open wants times, like 10:00-14:00") : 2;
    if (argc - optind > 1)
        return cli_usage("business except wants one SLUG");
    q->slug = argv[optind];
    const char *wrong = what_is_wrong(q);
    return wrong ? cli_usage("%s", wrong) : 0;
}

static enum desk_rc remove_them(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const struct asked *q)
{
    size_t removed = 0;
    enum desk_rc rc = desk_business_except_remove(db, a, tenant_id, q->branch, q->e.from, &removed);
    if (!rc && !removed)
        cli_fail("nothing was made by command that begins on %s", q->e.from);
    else if (rc)
        cli_fail("it could not be taken away");
    return rc || removed ? rc : DESK_ENOTFOUND;
}

static enum desk_rc except_them(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                struct asked *q)
{
    char why[300];
    struct desk_business b;
    if (q->remove)
        return remove_them(db, a, tenant_id, q);
    enum desk_rc rc = desk_business_load(db, a, tenant_id, NULL, &b);
    const struct desk_person *p = rc || !q->e.person ? NULL
                                  : !strcmp(q->e.person, "owner")
                                      ? b.owner
                                      : desk_business_person(&b, q->e.person);
    if (!rc && q->e.person && !p) {
        cli_fail("\"%s\" is nobody of this business", q->e.person);
        return DESK_EINVAL;
    }
    if (p && *p->name)
        q->e.person = p->name;
    if (!rc)
        rc = desk_business_except_add(db, a, tenant_id, q->branch, &q->e, why, sizeof why);
    if (rc)
        cli_fail("it was not taken: %s", why);
    return rc;
}

int cli_business_except(int argc, char **argv)
{
    struct asked q = {0};
    struct desk_tenant t;
    int status = read_except(argc, argv, &q);
    if (status)
        return status;
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(16 * 1024 * 1024) : NULL;
    enum desk_rc rc = a ? cli_tenant(db, a, q.slug, &t) : DESK_ENOMEM;
    if (!rc)
        rc = except_them(db, a, t.id, &q);
    if (!rc)
        rc = cli_business_show(db, a, t.id);
    desk_arena_free(a);
    desk_db_close(db);
    return rc ? 1 : 0;
}
