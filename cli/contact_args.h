/* What the files of `frontdesk contact` share: options, whose contacts, and finding one. */
#ifndef CLI_CONTACT_ARGS_H
#define CLI_CONTACT_ARGS_H

#include "core/business.h"
#include "core/phone.h"
#include "db/db.h"
#include "store/contacts.h"
#include "store/tenants.h"

#include <stdbool.h>

struct contact_asked {
    const char *business;
    const char *facts[DESK_FACT__MAX]; /* --name …; NULL = not given */
    bool dry_run, json;
    const char *words[3]; /* what is no option */
    size_t n_words;
};

/* Options anywhere among the words. 0, or 2 after having said what is wrong. */
int contact_args_read(int argc, char **argv, size_t least, size_t most, struct contact_asked *q);

/* Database, business and arena of one command. */
struct contact_shop {
    struct desk_db *db;
    struct desk_arena *a;
    struct desk_tenant tenant;
    struct desk_business business;
};
/* False after having said why not; close it in any case. */
bool contact_shop_open(struct contact_shop *s, const char *slug);
void contact_shop_close(struct contact_shop *s);

/* The contact of that id or number; says so when there is none. */
bool contact_find(struct contact_shop *s, const char *word, struct desk_contact *out);

/* The given facts, checked; says what is wrong with them all. */
bool contact_check(struct contact_shop *s, const struct contact_asked *q,
                   const char *v[DESK_FACT__MAX]);

/* What they said of calls by a machine and of greetings, a line each; nothing of what they did not
 * speak of. */
void contact_consents_print(struct contact_shop *s, const char *e164);

int cli_contact_consent(int argc, char **argv);
int cli_contact_import(int argc, char **argv);
int cli_contact_export(int argc, char **argv);

#endif
