#include "store/contacts.h"
#include "base/clock.h"
#include "base/ids.h"
#include "db/seal.h"
#include "queries.h"

#define F(member) offsetof(struct desk_contact, member)
static const struct desk_field contact_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"number", "Number", DESK_K_TEXT, F(number), DESK_F_PII | DESK_F_PHONE, 0, 0, 0},
    {"number_key", "NumberKey", DESK_K_TEXT, F(number_key), DESK_F_HIDDEN, 0, 0, 0},
    {"name", "Name", DESK_K_TEXT, F(name), DESK_F_PII, 0, 0, 0},
    {"company", "Company", DESK_K_TEXT, F(company), DESK_F_PII, 0, 0, 0},
    {"email", "Email", DESK_K_TEXT, F(email), DESK_F_PII, 0, 0, 0},
    {"notes", "Notes", DESK_K_TEXT, F(notes), DESK_F_PII, 0, 0, 0},
    {"standing", "Standing", DESK_K_TEXT, F(standing), 0, 0, 0, 0},
    {"calls", "Calls", DESK_K_INT, F(calls), 0, 0, 0, 0},
    {"first_at", "FirstAt", DESK_K_TIME, F(first_at), 0, 0, 0, 0},
    {"last_at", "LastAt", DESK_K_TIME, F(last_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_contact_fields, "contact", struct desk_contact, contact_fields);
#undef F

enum desk_rc desk_contact_by_number(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                    const char *e164, struct desk_contact *out)
{
    char key[DESK_BLIND_LEN];
    desk_blind(desk_db_key(db), tenant_id, e164, key);
    return desk_db_row(db, DESK_Q_CONTACT_BY_NUMBER, DESK_ARGS(DESK_T(tenant_id), DESK_T(key)),
                       &desk_contact_fields, a, out);
}

enum desk_rc desk_contact_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const char *id, struct desk_contact *out)
{
    return desk_db_row(db, DESK_Q_CONTACT_BY_ID, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)),
                       &desk_contact_fields, a, out);
}

static enum desk_rc contact_new(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *e164, struct desk_contact *out)
{
    char key[DESK_BLIND_LEN], id[DESK_ID_LEN];
    int64_t now = desk_now_ms();
    desk_blind(desk_db_key(db), tenant_id, e164, key);
    struct desk_contact c = {.id = desk_arena_strdup(a, desk_id_new(id, "person")),
                             .tenant_id = tenant_id,
                             .number = e164,
                             .number_key = desk_arena_strdup(a, key),
                             .first_at = now,
                             .last_at = now};
    if (!c.id || !c.number_key)
        return DESK_ENOMEM;
    *out = c;
    return desk_db_insert(db, DESK_Q_CONTACT_INSERT, &c);
}

enum desk_rc desk_contact_called(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                 const char *e164, struct desk_contact *out)
{
    enum desk_rc rc = desk_contact_by_number(db, a, tenant_id, e164, out);
    if (rc == DESK_ENOTFOUND)
        rc = contact_new(db, a, tenant_id, e164, out);
    if (rc)
        return rc;
    return desk_db_exec(db, DESK_Q_CONTACT_CALLED,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(out->id), DESK_I(desk_now_ms())), NULL);
}

enum desk_rc desk_contact_learn(struct desk_db *db, const char *tenant_id, const char *id,
                                const char *name, const char *company, const char *email)
{
    return desk_db_exec(db, DESK_Q_CONTACT_LEARN,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(id),
                                  DESK_SEAL(&desk_contact_fields, "name", id, name),
                                  DESK_SEAL(&desk_contact_fields, "company", id, company),
                                  DESK_SEAL(&desk_contact_fields, "email", id, email)),
                        NULL);
}

enum desk_rc desk_contact_standing(struct desk_db *db, const char *tenant_id, const char *id,
                                   const char *standing)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_CONTACT_STANDING,
                     DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_T(standing)), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}
