/* First start: the data folder, the data key, the database, the example business, the owner's login
 * and the practice token. Everything that is there already is left as it is. */
#ifndef CLI_SETUP_H
#define CLI_SETUP_H

#include "cli/business_file.h"
#include "base/err.h"
#include "base/paths.h"
#include "db/db.h"

#include <stdbool.h>
#include <stddef.h>

#define DESK_PASSWORD_LEN 32

struct desk_setup {
    bool made_business;
    char login[32];
    char password[DESK_PASSWORD_LEN]; /* "" = there was a login already */
    char business[128];               /* the first one's name */
    char number[20];                  /* a number of its own that can be called; "" = none */
};

/* A password to read aloud and type: five groups of four letters, 60 random bits. */
const char *desk_password_new(char out[DESK_PASSWORD_LEN]);

/* Make DATA and DATA/run (0700 when made here). why gets a sentence on failure. */
DESK_MUST enum desk_rc desk_setup_folders(char *why, size_t n);

/* Open the database as the machine's admin, making key and schema if this is the first start; a
 * database whose key is gone is not given a new one. why: a sentence on failure. */
DESK_MUST enum desk_rc desk_setup_database(struct desk_db **db, char *why, size_t n);

/* The example business as its file says, a new reference; path gets the file's name. */
DESK_MUST enum desk_rc desk_setup_example(json_t **doc, char path[DESK_PATH_LEN], char *why,
                                          size_t n);

/* The example business if there is none, a login "owner" if there is nobody. */
DESK_MUST enum desk_rc desk_setup_content(struct desk_setup *out, struct desk_db *db, char *why,
                                          size_t n);

/* A new login with a new random password. DESK_ECONFLICT: there is one of that name. */
DESK_MUST enum desk_rc desk_setup_user(struct desk_db *db, const char *tenant_id, const char *login,
                                       const char *password);

/* DATA/run/twilio-token, made if missing: signs practice calls while no Twilio token is set. path
 * gets its name. */
DESK_MUST enum desk_rc desk_setup_token(char *path, size_t path_n, char *why, size_t n);

/* Write text to a file that only we can read, by way of a temporary one. */
DESK_MUST enum desk_rc desk_setup_write(const char *path, const char *text, char *why, size_t n);

#endif
