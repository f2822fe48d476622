#include "store/versions.h"
#include "base/clock.h"
#include "base/ids.h"
#include "queries.h"

#define F(member) offsetof(struct desk_profile_version, member)
static const struct desk_field profile_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_HIDDEN, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"number", "Number", DESK_K_INT, F(number), 0, 0, 0, 0},
    {"what", "What", DESK_K_TEXT, F(what), 0, 0, 0, 0},
    {"user_id", "UserId", DESK_K_TEXT, F(user_id), DESK_F_HIDDEN, 0, 0, 0},
    {"doc", "Doc", DESK_K_TEXT, F(doc), DESK_F_PII | DESK_F_HIDDEN, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_profile_version_fields, "profile_version", struct desk_profile_version,
            profile_fields);
#undef F

#define F(member) offsetof(struct desk_script_text, member)
static const struct desk_field script_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_HIDDEN, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"script", "Script", DESK_K_TEXT, F(script), 0, 0, 0, 0},
    {"number", "Number", DESK_K_INT, F(number), 0, 0, 0, 0},
    {"text", "Text", DESK_K_TEXT, F(text), 0, 0, 0, 0},
    {"user_id", "UserId", DESK_K_TEXT, F(user_id), DESK_F_HIDDEN, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_script_text_fields, "script_text", struct desk_script_text, script_fields);
#undef F

/* ---- profiles -------------------------------------------------------------------------------- */

enum desk_rc desk_profile_version_add(struct desk_db *db, const char *tenant_id, const char *what,
                                      const char *user_id, const char *doc, int64_t *number)
{
    char id[DESK_ID_LEN];
    enum desk_rc rc =
        desk_db_int(db, DESK_Q_PROFILE_VERSION_LAST, DESK_ARGS(DESK_T(tenant_id)), number);
    ++*number;
    const struct desk_profile_version row = {.id = desk_id_new(id, "pv"),
                                             .tenant_id = tenant_id,
                                             .number = *number,
                                             .what = what,
                                             .user_id = user_id,
                                             .doc = doc,
                                             .created_at = desk_now_ms()};
    if (!rc)
        rc = desk_db_insert(db, DESK_Q_PROFILE_VERSION_INSERT, &row);
    if (!rc)
        rc = desk_db_exec(db, DESK_Q_PROFILE_VERSION_PRUNE,
                          DESK_ARGS(DESK_T(tenant_id), DESK_I(*number - DESK_PROFILE_VERSIONS)),
                          NULL);
    return rc;
}

enum desk_rc desk_profile_version_get(struct desk_db *db, struct desk_arena *a,
                                      const char *tenant_id, int64_t number,
                                      struct desk_profile_version *out)
{
    return desk_db_row(db, DESK_Q_PROFILE_VERSION_GET, DESK_ARGS(DESK_T(tenant_id), DESK_I(number)),
                       &desk_profile_version_fields, a, out);
}

enum desk_rc desk_profile_version_last(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, struct desk_profile_version *out)
{
    int64_t number = 0;
    enum desk_rc rc =
        desk_db_int(db, DESK_Q_PROFILE_VERSION_LAST, DESK_ARGS(DESK_T(tenant_id)), &number);
    return rc ? rc : desk_profile_version_get(db, a, tenant_id, number, out);
}

enum desk_rc desk_profile_version_list(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, size_t most,
                                       struct desk_profile_version **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_PROFILE_VERSION_LIST,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_I((int64_t)most)),
                                   &desk_profile_version_fields, a, most, &rows, n);
    *out = rows;
    return rc;
}

/* ---- scripts --------------------------------------------------------------------------------- */

enum desk_rc desk_script_text_add(struct desk_db *db, const char *tenant_id, const char *script,
                                  const char *text, const char *user_id, int64_t *number)
{
    char id[DESK_ID_LEN];
    enum desk_rc rc = desk_db_int(db, DESK_Q_SCRIPT_TEXT_LAST,
                                  DESK_ARGS(DESK_T(tenant_id), DESK_T(script)), number);
    ++*number;
    const struct desk_script_text row = {.id = desk_id_new(id, "st"),
                                         .tenant_id = tenant_id,
                                         .script = script,
                                         .number = *number,
                                         .text = text,
                                         .user_id = user_id,
                                         .created_at = desk_now_ms()};
    return rc ? rc : desk_db_insert(db, DESK_Q_SCRIPT_TEXT_INSERT, &row);
}

enum desk_rc desk_script_text_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                  const char *script, int64_t number, struct desk_script_text *out)
{
    return desk_db_row(db, DESK_Q_SCRIPT_TEXT_GET,
                       DESK_ARGS(DESK_T(tenant_id), DESK_T(script), DESK_I(number)),
                       &desk_script_text_fields, a, out);
}

enum desk_rc desk_script_text_last(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                   const char *script, struct desk_script_text *out)
{
    int64_t number = 0;
    enum desk_rc rc = desk_db_int(db, DESK_Q_SCRIPT_TEXT_LAST,
                                  DESK_ARGS(DESK_T(tenant_id), DESK_T(script)), &number);
    return rc ? rc : desk_script_text_get(db, a, tenant_id, script, number, out);
}

enum desk_rc desk_script_text_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                   const char *script, size_t most, struct desk_script_text **out,
                                   size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_SCRIPT_TEXT_LIST,
                     DESK_ARGS(DESK_T(tenant_id), DESK_T(script), DESK_I((int64_t)most)),
                     &desk_script_text_fields, a, most, &rows, n);
    *out = rows;
    return rc;
}
