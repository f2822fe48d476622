/* frontdesk contact consent: may a machine call that number, may it be greeted. It holds by the
 * number, whether it is a contact's or not. */
#include "cli/cli.h"
#include "cli/contact_args.h"
#include "cli/sub.h"
#include "store/consents.h"

#include <stdio.h>
#include <string.h>

static const char *const about[] = {DESK_CONSENT_CALLS, DESK_CONSENT_GREETINGS};
#define ABOUT (sizeof about / sizeof *about)

void contact_consents_print(struct contact_shop *s, const char *e164)
{
    for (size_t i = 0; i < ABOUT; i++)
        for (int yes = 0; yes < 2; yes++) {
            bool so = false;
            if (!desk_consent_is(s->db, s->tenant.id, e164, about[i], yes, &so) && so)
                printf("  %-12s %s\n", about[i], yes ? "yes" : "no");
        }
}

static int set(struct contact_shop *s, const struct contact_asked *q)
{
    char number[DESK_PHONE_LEN];
    bool yes = strcmp(q->words[2], "yes") == 0, known = false;
    for (size_t i = 0; i < ABOUT; i++)
        known = known || strcmp(q->words[1], about[i]) == 0;
    if (!known || (!yes && strcmp(q->words[2], "no") != 0))
        return cli_usage("say calls or greetings, then yes or no");
    if (desk_phone_parse(q->words[0], s->business.country, number) != DESK_PHONE_OK)
        return cli_fail("\"%s\" is no telephone number that can be called", q->words[0]);
    enum desk_rc rc = DESK_TX_BEGIN(s->db);
    if (!rc)
        rc = desk_tx_end(s->db, desk_consent_set(s->db, s->tenant.id, number, q->words[1], yes,
                                                 DESK_CONSENT_BY_OWNER));
    if (rc)
        return cli_fail("It could not be written; nothing was changed");
    printf("%s: %s %s\n", number, q->words[1], yes ? "yes" : "no");
    return 0;
}

int cli_contact_consent(int argc, char **argv)
{
    struct contact_asked q;
    struct contact_shop s;
    int status = contact_args_read(argc, argv, 3, 3, &q);
    if (status)
        return status;
    status = contact_shop_open(&s, q.business) ? set(&s, &q) : 1;
    contact_shop_close(&s);
    return status;
}
