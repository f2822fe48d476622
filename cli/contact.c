/* frontdesk contact: what is remembered of people. Import and export are in contact_csv.c. */
#include "cli/cli.h"
#include "cli/contact_args.h"
#include "cli/sub.h"
#include "base/limits.h"
#include "base/tz.h"
#include "store/users.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- list ------------------------------------------------------------------------------------ */

/* Is the word in anything that is known of them? Sealed columns cannot be searched otherwise. */
static bool matches(const struct desk_contact *c, const char *word)
{
    if (!word || strstr(c->number, word))
        return true;
    for (int f = 0; f < DESK_FACT__MAX; f++) {
        const char *v = desk_contact_fact_of(c, (enum desk_contact_fact)f);
        if (v && strcasestr(v, word))
            return true;
    }
    return false;
}

static void print_line(const struct contact_shop *s, const struct desk_contact *c)
{
    char number[64], seen[40];
    desk_when_iso(seen, sizeof seen, s->business.zone, c->last_at);
    printf("%-32s %-18s %-26.60s %4lld calls  %.16s%s%s\n", c->id,
           desk_phone_national(number, sizeof number, c->number), c->name ? c->name : "-",
           (long long)c->calls, seen, c->standing ? "  " : "", c->standing ? c->standing : "");
}

static int list_all(struct contact_shop *s, const char *word)
{
    struct desk_arena *a = desk_arena_new((size_t)16 * 1024 * 1024);
    struct desk_contact *rows;
    char id[64] = "";
    int64_t at = INT64_MAX;
    size_t n = 1;
    enum desk_rc rc = a ? DESK_OK : DESK_ENOMEM;
    while (!rc && n) {
        desk_arena_reset(a);
        rc = desk_contact_page(s->db, a, s->tenant.id, at, id, DESK_MAX_CSV_BATCH, &rows, &n);
        for (size_t i = 0; !rc && i < n; i++)
            if (matches(&rows[i], word))
                print_line(s, &rows[i]);
        if (!rc && n) {
            at = rows[n - 1].last_at;
            snprintf(id, sizeof id, "%s", rows[n - 1].id);
        }
    }
    desk_arena_free(a);
    return rc ? cli_fail("The contacts cannot be read; see `frontdesk db check`") : 0;
}

static int list(int argc, char **argv)
{
    struct contact_asked q;
    struct contact_shop s;
    int status = contact_args_read(argc, argv, 0, 1, &q);
    if (status)
        return status;
    status = contact_shop_open(&s, q.business) ? list_all(&s, q.words[0]) : 1;
    contact_shop_close(&s);
    return status;
}

/* ---- show ------------------------------------------------------------------------------------ */

static void print_fact(struct contact_shop *s, const struct desk_contact *c,
                       enum desk_contact_fact f)
{
    static const struct {
        const char *source, *words;
    } sources[] = {{DESK_FROM_OWNER, "by hand"},
                   {DESK_FROM_IMPORT, "from a file"},
                   {DESK_FROM_CALL, "said in a call"},
                   {DESK_FROM_TEXT, "said in a text"}};
    const char *v = desk_contact_fact_of(c, f), *source = desk_contact_source(s->a, c, f);
    for (size_t i = 0; v && source && i < sizeof sources / sizeof *sources; i++)
        if (strcmp(sources[i].source, source) == 0)
            printf("  %-12s %s   (%s)\n", desk_contact_fact_name(f), v, sources[i].words);
}

static void print_all(struct contact_shop *s, const struct desk_contact *c,
                      const struct desk_contact *more, size_t n)
{
    char number[64], first[40], last[40];
    printf("%s\n  %-12s %s\n", c->id, "number",
           desk_phone_national(number, sizeof number, c->number));
    for (size_t i = 0; i < n; i++)
        printf("  %-12s %s\n", "and", desk_phone_national(number, sizeof number, more[i].number));
    for (int f = 0; f < DESK_FACT__MAX; f++)
        print_fact(s, c, (enum desk_contact_fact)f);
    contact_consents_print(s, c->number);
    printf("  %-12s %lld calls, %lld texts, first %.16s, last %.16s\n", "seen", (long long)c->calls,
           (long long)c->texts, desk_when_iso(first, sizeof first, s->business.zone, c->first_at),
           desk_when_iso(last, sizeof last, s->business.zone, c->last_at));
}

static int print_json(const struct desk_contact *c)
{
    json_t *v = desk_fields_json(&desk_contact_fields, c);
    char *text = v ? json_dumps(v, JSON_INDENT(2)) : NULL;
    if (text)
        puts(text);
    free(text);
    json_decref(v);
    return text ? 0 : 1;
}

static int show_one(struct contact_shop *s, const struct contact_asked *q)
{
    struct desk_contact c, *more;
    size_t n = 0;
    if (!contact_find(s, q->words[0], &c))
        return 1;
    if (q->json)
        return print_json(&c);
    if (desk_contact_numbers(s->db, s->a, s->tenant.id, c.id, &more, &n))
        return cli_fail("The contact cannot be read; see `frontdesk db check`");
    print_all(s, &c, more, n);
    return 0;
}

static int show(int argc, char **argv)
{
    struct contact_asked q;
    struct contact_shop s;
    int status = contact_args_read(argc, argv, 1, 1, &q);
    if (status)
        return status;
    status = contact_shop_open(&s, q.business) ? show_one(&s, &q) : 1;
    contact_shop_close(&s);
    return status;
}

/* ---- add and set ----------------------------------------------------------------------------- */

static int written(enum desk_rc rc)
{
    return rc ? cli_fail(rc == DESK_EBUSY ? "The database is busy; nothing was changed: try again"
                                          : "It could not be written; nothing was changed")
              : 0;
}

static int add_one(struct contact_shop *s, const struct contact_asked *q)
{
    char number[DESK_PHONE_LEN];
    const char *v[DESK_FACT__MAX];
    struct desk_contact c = {.id = NULL};
    if (desk_phone_parse(q->words[0], s->business.country, number) != DESK_PHONE_OK)
        return cli_fail("\"%s\" is no telephone number that can be called", q->words[0]);
    if (!contact_check(s, q, v))
        return 1;
    enum desk_rc rc = DESK_TX_BEGIN(s->db);
    if (rc)
        return written(rc);
    rc = desk_contact_ensure(s->db, s->a, s->tenant.id, number, &c);
    bool known = rc == DESK_OK;
    if (rc == DESK_DONE)
        rc = desk_contact_set(s->db, s->a, s->tenant.id, c.id, v, DESK_FROM_OWNER, NULL);
    rc = desk_tx_end(s->db, rc);
    if (!rc && known)
        return cli_fail("%s is known already: `frontdesk contact set %s` changes it", number, c.id);
    if (!rc)
        printf("%s\n", c.id);
    return written(rc);
}

static int set_one(struct contact_shop *s, const struct contact_asked *q)
{
    struct desk_contact c;
    const char *v[DESK_FACT__MAX];
    unsigned changed = 0;
    if (!contact_find(s, q->words[0], &c) || !contact_check(s, q, v))
        return 1;
    enum desk_rc rc = DESK_TX_BEGIN(s->db);
    if (rc)
        return written(rc);
    rc = desk_contact_set(s->db, s->a, s->tenant.id, c.id, v, DESK_FROM_OWNER, &changed);
    rc = desk_tx_end(s->db, rc);
    if (!rc && !changed)
        printf("Nothing is different.\n");
    for (int f = 0; !rc && f < DESK_FACT__MAX; f++)
        if (changed & 1u << f)
            printf("%s: %s\n", desk_contact_fact_name((enum desk_contact_fact)f),
                   *v[f] ? v[f] : "(taken away)");
    return written(rc);
}

static int merge_two(struct contact_shop *s, const struct contact_asked *q)
{
    struct desk_contact keep, gone;
    if (!contact_find(s, q->words[0], &keep) || !contact_find(s, q->words[1], &gone))
        return 1;
    if (strcmp(keep.id, gone.id) == 0)
        return cli_fail("They are one already");
    enum desk_rc rc = DESK_TX_BEGIN(s->db);
    if (rc)
        return written(rc);
    rc = desk_tx_end(s->db, desk_contact_merge(s->db, s->a, s->tenant.id, keep.id, gone.id));
    if (rc)
        return written(rc);
    return show_one(s, q);
}

static int with_shop(int argc, char **argv, size_t words, bool facts,
                     int (*act)(struct contact_shop *s, const struct contact_asked *q))
{
    struct contact_asked q;
    struct contact_shop s;
    bool any = false;
    int status = contact_args_read(argc, argv, words, words, &q);
    for (int f = 0; f < DESK_FACT__MAX; f++)
        any = any || q.facts[f];
    if (!status && facts && !any)
        status =
            cli_usage("say what is known: --name NAME, --email ADDRESS, …; see `frontdesk help "
                      "contact`");
    if (status)
        return status;
    status = contact_shop_open(&s, q.business) ? act(&s, &q) : 1;
    contact_shop_close(&s);
    return status;
}

static int add(int argc, char **argv)
{
    return with_shop(argc, argv, 1, true, add_one);
}

static int set(int argc, char **argv)
{
    return with_shop(argc, argv, 1, true, set_one);
}

static int merge(int argc, char **argv)
{
    return with_shop(argc, argv, 2, false, merge_two);
}

int cmd_contact(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"list", list, "list [WORD] [--business SLUG]"},
        {"show", show, "show ID|NUMBER [--json]"},
        {"add", add, "add NUMBER --name NAME [--company …]"},
        {"set", set, "set ID|NUMBER --email ADDRESS [--notes …]"},
        {"merge", merge, "merge KEEP GONE"},
        {"consent", cli_contact_consent, "consent NUMBER calls|greetings yes|no"},
        {"import", cli_contact_import, "import FILE.csv [--dry-run]"},
        {"export", cli_contact_export, "export [FILE.csv]"},
        {NULL, NULL, NULL},
    };
    return cli_sub_run(subs, argc, argv);
}
