#include "store/records.h"
#include "base/clock.h"
#include "queries.h"
#include "store/webhook_events.h"

#define F(member) offsetof(struct desk_lead, member)
static const struct desk_field lead_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"contact_id", "ContactId", DESK_K_TEXT, F(contact_id), 0, 0, 0, 0},
    {"who_key", "WhoKey", DESK_K_TEXT, F(who_key), DESK_F_HIDDEN, 0, 0, 0},
    {"name", "Name", DESK_K_TEXT, F(name), DESK_F_PII, 0, 0, 0},
    {"company", "Company", DESK_K_TEXT, F(company), DESK_F_PII, 0, 0, 0},
    {"number", "Number", DESK_K_TEXT, F(number), DESK_F_PII | DESK_F_PHONE, 0, 0, 0},
    {"email", "Email", DESK_K_TEXT, F(email), DESK_F_PII, 0, 0, 0},
    {"service", "Service", DESK_K_TEXT, F(service), 0, 0, 0, 0},
    {"job", "Job", DESK_K_TEXT, F(job), DESK_F_PII, 0, 0, 0},
    {"address", "Address", DESK_K_TEXT, F(address), DESK_F_PII, 0, 0, 0},
    {"budget", "Budget", DESK_K_TEXT, F(budget), DESK_F_PII, 0, 0, 0},
    {"timeline", "Timeline", DESK_K_TEXT, F(timeline), DESK_F_PII, 0, 0, 0},
    {"heard_of_us", "HeardOfUs", DESK_K_TEXT, F(heard_of_us), DESK_F_PII, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"updated_at", "UpdatedAt", DESK_K_TIME, F(updated_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_lead_fields, "lead", struct desk_lead, lead_fields);
#undef F

#define F(member) offsetof(struct desk_ticket, member)
static const struct desk_field ticket_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"n", "N", DESK_K_INT, F(n), 0, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"contact_id", "ContactId", DESK_K_TEXT, F(contact_id), 0, 0, 0, 0},
    {"name", "Name", DESK_K_TEXT, F(name), DESK_F_PII, 0, 0, 0},
    {"number", "Number", DESK_K_TEXT, F(number), DESK_F_PII | DESK_F_PHONE, 0, 0, 0},
    {"system", "System", DESK_K_TEXT, F(system), DESK_F_PII, 0, 0, 0},
    {"problem", "Problem", DESK_K_TEXT, F(problem), DESK_F_PII, 0, 0, 0},
    {"since_text", "SinceText", DESK_K_TEXT, F(since_text), DESK_F_PII, 0, 0, 0},
    {"tried", "Tried", DESK_K_TEXT, F(tried), DESK_F_PII, 0, 0, 0},
    {"address", "Address", DESK_K_TEXT, F(address), DESK_F_PII, 0, 0, 0},
    {"priority", "Priority", DESK_K_TEXT, F(priority), 0, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"updated_at", "UpdatedAt", DESK_K_TIME, F(updated_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_ticket_fields, "ticket", struct desk_ticket, ticket_fields);
#undef F

#define F(member) offsetof(struct desk_vendor_note, member)
static const struct desk_field vendor_note_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"contact_id", "ContactId", DESK_K_TEXT, F(contact_id), 0, 0, 0, 0},
    {"vendor", "Vendor", DESK_K_TEXT, F(vendor), DESK_F_PII, 0, 0, 0},
    {"person", "Person", DESK_K_TEXT, F(person), DESK_F_PII, 0, 0, 0},
    {"number", "Number", DESK_K_TEXT, F(number), DESK_F_PII | DESK_F_PHONE, 0, 0, 0},
    {"purpose", "Purpose", DESK_K_TEXT, F(purpose), 0, 0, 0, 0},
    {"reference", "Reference", DESK_K_TEXT, F(reference), DESK_F_PII, 0, 0, 0},
    {"text", "Text", DESK_K_TEXT, F(text), DESK_F_PII, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_vendor_note_fields, "vendor_note", struct desk_vendor_note, vendor_note_fields);
#undef F

/* ---- leads ----------------------------------------------------------------------------------- */

enum desk_rc desk_lead_insert(struct desk_db *db, const struct desk_lead *l)
{
    enum desk_rc rc = desk_db_insert(db, DESK_Q_LEAD_INSERT, l);
    return rc ? rc : desk_happened(db, DESK_ON_LEAD_CREATED, l->tenant_id, l->id, l);
}

enum desk_rc desk_lead_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                           const char *id, struct desk_lead *out)
{
    return desk_db_row(db, DESK_Q_LEAD_GET, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)),
                       &desk_lead_fields, a, out);
}

enum desk_rc desk_lead_recent(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const char *who_key, int64_t since, struct desk_lead **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_LEAD_RECENT,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_T(who_key), DESK_I(since)),
                                   &desk_lead_fields, a, 20, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_lead_update(struct desk_db *db, const struct desk_lead *l)
{
#define S(column) DESK_SEAL(&desk_lead_fields, #column, l->id, l->column)
    return desk_db_exec(db, DESK_Q_LEAD_UPDATE,
                        DESK_ARGS(DESK_T(l->tenant_id), DESK_T(l->id), S(name), S(company),
                                  S(number), S(email), DESK_T(l->service), S(job), S(address),
                                  S(budget), S(timeline), S(heard_of_us), DESK_T(l->call_id),
                                  DESK_I(l->updated_at)),
                        NULL);
#undef S
}

enum desk_rc desk_lead_state(struct desk_db *db, const char *tenant_id, const char *id,
                             const char *state)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_LEAD_STATE,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_T(state), DESK_I(desk_now_ms())), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

enum desk_rc desk_ticket_state(struct desk_db *db, const char *tenant_id, const char *id,
                               const char *state, const char *priority)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(db, DESK_Q_TICKET_STATE,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_T(state),
                                             DESK_T(priority), DESK_I(desk_now_ms())),
                                   &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

enum desk_rc desk_lead_by_call(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                               const char *call_id, struct desk_lead **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_LEAD_BY_CALL, DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id)),
                     &desk_lead_fields, a, 50, &rows, n);
    *out = rows;
    return rc;
}

/* ---- tickets --------------------------------------------------------------------------------- */

/* In one transaction, which writes alone: no number comes twice. */
enum desk_rc desk_ticket_insert(struct desk_db *db, struct desk_ticket *t)
{
    int64_t last = 0;
    enum desk_rc rc = desk_db_int(db, DESK_Q_TICKET_LAST, DESK_ARGS(DESK_T(t->tenant_id)), &last);
    t->n = last + 1;
    if (!rc)
        rc = desk_db_insert(db, DESK_Q_TICKET_INSERT, t);
    return rc ? rc : desk_happened(db, DESK_ON_TICKET_CREATED, t->tenant_id, t->id, t);
}

enum desk_rc desk_ticket_by_call(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                 const char *call_id, struct desk_ticket **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_TICKET_BY_CALL, DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id)),
                     &desk_ticket_fields, a, 50, &rows, n);
    *out = rows;
    return rc;
}

/* ---- suppliers ------------------------------------------------------------------------------- */

enum desk_rc desk_vendor_note_insert(struct desk_db *db, const struct desk_vendor_note *v)
{
    return desk_db_insert(db, DESK_Q_VENDOR_NOTE_INSERT, v);
}

enum desk_rc desk_vendor_note_by_call(struct desk_db *db, struct desk_arena *a,
                                      const char *tenant_id, const char *call_id,
                                      struct desk_vendor_note **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_VENDOR_NOTE_BY_CALL, DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id)),
                     &desk_vendor_note_fields, a, 50, &rows, n);
    *out = rows;
    return rc;
}
