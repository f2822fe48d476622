/* What is known of a business, for a person at a terminal; and commands that change it. */
#ifndef CLI_BUSINESS_SHOW_H
#define CLI_BUSINESS_SHOW_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

/* Every location, as it is now: never the PIN. */
enum desk_rc cli_business_show(struct desk_db *db, struct desk_arena *a, const char *tenant_id);

/* frontdesk business except …; argv[0] is "except". Returns the exit status. */
int cli_business_except(int argc, char **argv);

/* frontdesk business pin …; argv[0] is "pin". */
int cli_business_pin(int argc, char **argv);

#endif
