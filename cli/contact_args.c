#include "cli/contact_args.h"
#include "cli/sub.h"
#include "core/contact.h"
#include "talk/business.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#define ARENA ((size_t)32 * 1024 * 1024)

enum { OPT_BUSINESS = 1000, OPT_DRY_RUN, OPT_JSON };

int contact_args_read(int argc, char **argv, size_t least, size_t most, struct contact_asked *q)
{
    struct option options[DESK_FACT__MAX + 4] = {
        {"business", required_argument, NULL, OPT_BUSINESS},
        {"dry-run", no_argument, NULL, OPT_DRY_RUN},
        {"json", no_argument, NULL, OPT_JSON}};
    int c;
    *q = (struct contact_asked){.business = NULL};
    for (int f = 0; f < DESK_FACT__MAX; f++)
        options[f + 3] = (struct option){desk_contact_fact_name((enum desk_contact_fact)f),
                                         required_argument, NULL, f};
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == OPT_BUSINESS)
            q->business = optarg;
        else if (c == OPT_DRY_RUN)
            q->dry_run = true;
        else if (c == OPT_JSON)
            q->json = true;
        else if (c >= 0 && c < DESK_FACT__MAX)
            q->facts[c] = optarg;
        else
            return 2;
    }
    while (optind < argc && q->n_words < sizeof q->words / sizeof *q->words)
        q->words[q->n_words++] = argv[optind++];
    if (optind < argc || q->n_words < least || q->n_words > most)
        return cli_usage("contact %s: see `frontdesk help contact`", argv[0]);
    return 0;
}

bool contact_shop_open(struct contact_shop *s, const char *slug)
{
    memset(s, 0, sizeof *s);
    s->db = cli_open();
    s->a = s->db ? desk_arena_new(ARENA) : NULL;
    if (!s->a || cli_tenant(s->db, s->a, slug, &s->tenant))
        return false;
    if (desk_business_load(s->db, s->a, s->tenant.id, NULL, &s->business) == DESK_OK)
        return true;
    cli_fail("The business cannot be read; see `frontdesk db check`");
    return false;
}

void contact_shop_close(struct contact_shop *s)
{
    desk_arena_free(s->a);
    desk_db_close(s->db);
}

bool contact_find(struct contact_shop *s, const char *word, struct desk_contact *out)
{
    char number[DESK_PHONE_LEN];
    enum desk_rc rc = desk_contact_get(s->db, s->a, s->tenant.id, word, out);
    if (rc == DESK_ENOTFOUND &&
        desk_phone_parse(word, s->business.country, number) == DESK_PHONE_OK)
        rc = desk_contact_by_number(s->db, s->a, s->tenant.id, number, out);
    if (rc)
        cli_fail(rc == DESK_ENOTFOUND ? "Nobody is known by \"%s\"; `frontdesk contact list` shows "
                                        "who is"
                                      : "\"%s\" cannot be looked up; see `frontdesk db check`",
                 word);
    return !rc;
}

bool contact_check(struct contact_shop *s, const struct contact_asked *q,
                   const char *v[DESK_FACT__MAX])
{
    bool ok = true;
    for (int f = 0; f < DESK_FACT__MAX; f++) {
        const char *name = desk_contact_fact_name((enum desk_contact_fact)f), *why = "";
        v[f] = NULL;
        if (q->facts[f] &&
            desk_contact_check(s->a, name, q->facts[f], s->business.day_first, &v[f], &why)) {
            cli_fail("--%s %s", name, why);
            ok = false;
        }
    }
    return ok;
}
