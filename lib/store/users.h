/* People who sign in, their sessions, REST tokens, and the audit trail. Secrets are kept as
 * hashes only. Writes run inside the caller's transaction. */
#ifndef DESK_STORE_USERS_H
#define DESK_STORE_USERS_H

#include "base/arena.h"
#include "base/ids.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdbool.h>
#include <stdint.h>

struct desk_user {
    const char *id;
    const char *tenant_id;
    const char *login;
    const char *password_hash;
    int64_t failed;
    int64_t locked_until;
    int64_t created_at;
    int64_t last_login_at;
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

struct desk_audit {
    const char *id;
    const char *tenant_id;
    const char *user_id;
    const char *action;
    const char *object;
    int64_t created_at;
};
extern const struct desk_fields desk_audit_fields;

#define DESK_SESSION_MS      (12LL * 3600 * 1000)
#define DESK_LOGIN_TRIES     8
#define DESK_LOGIN_LOCKED_MS (5LL * 60 * 1000)

/* argon2id of a password. Takes about 0.1 s and 64 MiB. */
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
DESK_MUST enum desk_rc desk_user_login_failed(struct desk_db *db, const char *user_id);

/* A new session for u; cookie gets the secret whose hash is the row's id. */
DESK_MUST enum desk_rc desk_session_new(struct desk_db *db, const struct desk_user *u,
                                        char cookie[DESK_TOKEN_LEN]);
/* DESK_ENOTFOUND: unknown or expired. */
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
DESK_MUST enum desk_rc desk_token_find(struct desk_db *db, struct desk_arena *a, const char *secret,
                                       struct desk_token *out);

DESK_MUST enum desk_rc desk_audit_add(struct desk_db *db, const char *tenant_id,
                                      const char *user_id, const char *action, const char *object);
/* The same unless that user did the same within the last within_ms: what a browser asks for in many
 * pieces is one act. */
DESK_MUST enum desk_rc desk_audit_once(struct desk_db *db, const char *tenant_id,
                                       const char *user_id, const char *action, const char *object,
                                       int64_t within_ms);
/* The newest of that action. DESK_ENOTFOUND: there is none. */
DESK_MUST enum desk_rc desk_audit_last(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, const char *action,
                                       struct desk_audit *out);

#endif
