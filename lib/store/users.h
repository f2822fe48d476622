/* People who sign in, their sessions, and REST tokens. Secrets are kept as
 * hashes only. Writes run inside the caller's transaction. */
#ifndef DESK_STORE_USERS_H
#define DESK_STORE_USERS_H

#include "base/arena.h"
#include "base/ids.h"
#include "db/db.h"
#include "db/fields.h"
#include "store/audits.h"

#include <stdbool.h>
#include <stdint.h>

/* What somebody who signs in may: look, act, and change how the business answers. Each includes the
 * ones before. */
enum desk_role { DESK_ROLE_NONE, DESK_ROLE_READ, DESK_ROLE_STAFF, DESK_ROLE_OWNER, DESK_ROLE__MAX };

/* "read", "staff", "owner" → role, DESK_ROLE_NONE for any other word and NULL; and back ("" for
 * DESK_ROLE_NONE). */
enum desk_role desk_role_parse(const char *word);
const char *desk_role_word(enum desk_role role);

struct desk_user {
    const char *id;
    const char *tenant_id;
    const char *login;
    const char *password_hash;
    int64_t created_at;
    int64_t last_login_at;
    const char *role;        /* word of enum desk_role; NULL when inserted: owner */
    const char *location_id; /* the one place they are limited to; NULL = all */
    const char *totp;        /* key of their codes (wire/totp.h), or NULL */
    bool totp_on;            /* signing in wants a code */
    int64_t totp_step;       /* of the last code taken */
};
extern const struct desk_fields desk_user_fields;

struct desk_session {
    const char *id;
    const char *tenant_id;
    const char *user_id;
    const char *csrf;
    const char *flash;
    int64_t created_at;
    int64_t expires_at;
    const char *ref;   /* its name on pages */
    const char *agent; /* "Firefox on Android", or NULL */
    int64_t seen_at;
    bool half; /* the password was right, the code is still to come */
};
extern const struct desk_fields desk_session_fields;

struct desk_token {
    const char *id;
    const char *tenant_id;
    const char *name;
    const char *scope;
    int64_t created_at;
    int64_t used_at;
    int64_t revoked_at;
};
extern const struct desk_fields desk_token_fields;

#define DESK_SESSION_SEEN_MS 60000             /* as exactly as it is noted when one was used */
#define DESK_SESSION_HALF_MS (5LL * 60 * 1000) /* to give the code in */
#define DESK_SESSIONS_SHOWN  50
#define DESK_USERS_SHOWN     200

/* How long one lasts, and how long unused: SIGN_IN_HOURS, SIGN_IN_IDLE_MINUTES. */
int64_t desk_session_ms(void);
int64_t desk_session_idle_ms(void);

/* argon2id of a password. Takes about 0.1 s and 64 MiB. */
#define DESK_PASSWORD_MIN      10  /* letters, of one that people choose */
#define DESK_PASSWORD_HASH_LEN 128 /* with the NUL */
DESK_MUST enum desk_rc desk_password_hash(const char *password, char out[DESK_PASSWORD_HASH_LEN]);
bool desk_password_ok(const char *hash, const char *password);

DESK_MUST enum desk_rc desk_user_insert(struct desk_db *db, const struct desk_user *u);
DESK_MUST enum desk_rc desk_user_by_login(struct desk_db *db, struct desk_arena *a,
                                          const char *login, struct desk_user *out);
DESK_MUST enum desk_rc desk_user_get(struct desk_db *db, struct desk_arena *a,
                                     const char *tenant_id, const char *id, struct desk_user *out);
DESK_MUST enum desk_rc desk_user_list(struct desk_db *db, struct desk_arena *a,
                                      struct desk_user **out, size_t *n);
DESK_MUST enum desk_rc desk_user_password_set(struct desk_db *db, const char *login,
                                              const char *hash);
DESK_MUST enum desk_rc desk_user_login_ok(struct desk_db *db, const char *user_id);

/* Those of one business, the oldest first; at most DESK_USERS_SHOWN. */
DESK_MUST enum desk_rc desk_user_of_tenant(struct desk_db *db, struct desk_arena *a,
                                           const char *tenant_id, struct desk_user **out,
                                           size_t *n);
/* Another role or place; ends their sessions. DESK_ECONFLICT: they are the last owner of all places
 * and would be none. DESK_ENOTFOUND. */
DESK_MUST enum desk_rc desk_user_role_set(struct desk_db *db, const struct desk_user *u,
                                          enum desk_role role, const char *location_id);
/* DESK_ECONFLICT: the last owner of all places. DESK_ENOTFOUND. */
DESK_MUST enum desk_rc desk_user_delete(struct desk_db *db, const struct desk_user *u);

/* The second step: a key that is not in use before _totp_on(); NULL: no second step any more, and
 * no codes. */
DESK_MUST enum desk_rc desk_user_totp_set(struct desk_db *db, const struct desk_user *u,
                                          const char *key);
DESK_MUST enum desk_rc desk_user_totp_on(struct desk_db *db, const struct desk_user *u);
/* That step's code was given. DESK_ECONFLICT: it, or a later one, was given before. */
DESK_MUST enum desk_rc desk_user_totp_used(struct desk_db *db, const struct desk_user *u,
                                           int64_t step);

/* Recovery codes ("7KQ2-M4XT-9D"): new ones in place of those there were. */
#define DESK_CODES    10
#define DESK_CODE_LEN 13 /* with the NUL */
DESK_MUST enum desk_rc desk_user_codes_new(struct desk_db *db, const struct desk_user *u,
                                           char codes[DESK_CODES][DESK_CODE_LEN]);
/* Is it one that was not used? Then it is now. Read as people type: small letters, spaces, O for 0.
 * DESK_ENOTFOUND: no. */
DESK_MUST enum desk_rc desk_user_code_use(struct desk_db *db, const struct desk_user *u,
                                          const char *typed);
DESK_MUST enum desk_rc desk_user_codes_left(struct desk_db *db, const struct desk_user *u,
                                            int64_t *n);

/* A new session for u; cookie gets the secret whose hash is the row's id. */
DESK_MUST enum desk_rc desk_session_new(struct desk_db *db, const struct desk_user *u,
                                        char cookie[DESK_TOKEN_LEN]);
/* The same from that browser; half: it is good for giving the code in, and for nothing else. */
DESK_MUST enum desk_rc desk_session_begin(struct desk_db *db, const struct desk_user *u,
                                          const char *agent, bool half,
                                          char cookie[DESK_TOKEN_LEN]);
/* DESK_ENOTFOUND: unknown, not half, or expired. */
DESK_MUST enum desk_rc desk_session_find_half(struct desk_db *db, struct desk_arena *a,
                                              const char *cookie, struct desk_session *out);
/* Would it hold, had it been used lately? */
bool desk_session_idled(struct desk_db *db, struct desk_arena *a, const char *cookie);
DESK_MUST enum desk_rc desk_session_seen(struct desk_db *db, const char *session_id);
/* Where somebody is signed in, the newest first. */
DESK_MUST enum desk_rc desk_session_of_user(struct desk_db *db, struct desk_arena *a,
                                            const struct desk_user *u, struct desk_session **out,
                                            size_t *n);
/* One of theirs by its ref (DESK_ENOTFOUND), and all but the one with that id. */
DESK_MUST enum desk_rc desk_session_end(struct desk_db *db, const struct desk_user *u,
                                        const char *ref);
DESK_MUST enum desk_rc desk_session_end_others(struct desk_db *db, const struct desk_user *u,
                                               const char *session_id);
/* DESK_ENOTFOUND: unknown, expired, or unused for too long. */
DESK_MUST enum desk_rc desk_session_find(struct desk_db *db, struct desk_arena *a,
                                         const char *cookie, struct desk_session *out);
DESK_MUST enum desk_rc desk_session_flash(struct desk_db *db, const char *session_id,
                                          const char *text); /* NULL clears */
DESK_MUST enum desk_rc desk_session_delete(struct desk_db *db, const char *session_id);
/* All of one user: after a new password. */
DESK_MUST enum desk_rc desk_session_delete_user(struct desk_db *db, const char *user_id);
DESK_MUST enum desk_rc desk_session_purge(struct desk_db *db);

/* A new REST token; secret gets what the client must send. */
DESK_MUST enum desk_rc desk_token_create(struct desk_db *db, const char *tenant_id,
                                         const char *name, const char *scope,
                                         char secret[DESK_TOKEN_LEN]);
/* Newest first, revoked ones too, at most that many. */
#define DESK_TOKENS_MOST 100
DESK_MUST enum desk_rc desk_token_list(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, struct desk_token **out, size_t *n);
/* From now on it opens nothing. DESK_ENOTFOUND: there is none of that id, or it is revoked. */
DESK_MUST enum desk_rc desk_token_revoke(struct desk_db *db, const char *tenant_id, const char *id);
/* Words that we know ("read", "write", "personal"), one space between, one of them read or write?
 */
bool desk_token_scope_ok(const char *scope);
DESK_MUST enum desk_rc desk_token_find(struct desk_db *db, struct desk_arena *a, const char *secret,
                                       struct desk_token *out);

#endif
