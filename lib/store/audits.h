/* The audit: who looked at what of people, and who changed what, when, in which request. Rows hold
 * ids, names of logins and of what was done, nothing of callers, so erasing a person leaves them as
 * they are. Never changed (a trigger refuses it); forgotten after AUDIT_KEEP_DAYS. Writes run
 * inside the caller's transaction. */
#ifndef DESK_STORE_AUDITS_H
#define DESK_STORE_AUDITS_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct desk_audit {
    const char *id;
    const char *tenant_id;
    const char *user_id; /* of a user; "token:NAME"; NULL: at the terminal */
    const char *action;  /* "login", or method and path of a route: "GET /calls/:id" */
    const char *object;  /* id of the row, or the kind of rows of a list ("calls"), or NULL */
    int64_t created_at;
    const char *who; /* login or token's name as it was then, or NULL */
    const char *session_ref;
    const char *request_id;
    bool look; /* looked at, not changed */
};
extern const struct desk_fields desk_audit_fields;

/* Of row count all but id and created_at. */
DESK_MUST enum desk_rc desk_audit_write(struct desk_db *db, const struct desk_audit *row);
/* The same unless that user did the same within the last within_ms: what a browser asks for in many
 * pieces is one act. */
DESK_MUST enum desk_rc desk_audit_write_once(struct desk_db *db, const struct desk_audit *row,
                                             int64_t within_ms);
/* Has that user done that to that object within the last within_ms? Reads only. */
DESK_MUST enum desk_rc desk_audit_was(struct desk_db *db, const struct desk_audit *row,
                                      int64_t within_ms, bool *was);

DESK_MUST enum desk_rc desk_audit_add(struct desk_db *db, const char *tenant_id,
                                      const char *user_id, const char *action, const char *object);
/* A look, once within within_ms. */
DESK_MUST enum desk_rc desk_audit_once(struct desk_db *db, const char *tenant_id,
                                       const char *user_id, const char *action, const char *object,
                                       int64_t within_ms);
/* The newest of that action. DESK_ENOTFOUND: there is none. */
DESK_MUST enum desk_rc desk_audit_last(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, const char *action,
                                       struct desk_audit *out);

/* What to show: zeros = all. */
struct desk_audit_filter {
    const char *user_id;
    enum { DESK_AUDIT_ALL, DESK_AUDIT_LOOKS, DESK_AUDIT_CHANGES } what;
};
/* Newest first, older than (before_ms, before_id); INT64_MAX, "" = from the top. */
DESK_MUST enum desk_rc desk_audit_find(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, const struct desk_audit_filter *f,
                                       int64_t before_ms, const char *before_id, size_t max,
                                       struct desk_audit **out, size_t *n);

/* What is older than that is forgotten; *n how many rows. */
DESK_MUST enum desk_rc desk_audit_forget(struct desk_db *db, const char *tenant_id,
                                         int64_t before_ms, int64_t *n);

#endif
