#include "store/webhooks.h"
#include "base/clock.h"
#include "base/ids.h"
#include "queries.h"

#define F(member) offsetof(struct desk_webhook, member)
static const struct desk_field webhook_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"url", "Url", DESK_K_TEXT, F(url), DESK_F_PII, 0, 0, 0},
    {"events", "Events", DESK_K_TEXT, F(events), DESK_F_WORDS, 0, 0, 0},
    {"format", "Format", DESK_K_TEXT, F(format), 0, 0, 0, 0},
    {"personal", "Personal", DESK_K_BOOL, F(personal), 0, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"failures", "Failures", DESK_K_INT, F(failures), 0, 0, 0, 0},
    {"failing_since", "FailingSince", DESK_K_TIME, F(failing_since), 0, 0, 0, 0},
    {"last_ok_at", "LastOkAt", DESK_K_TIME, F(last_ok_at), 0, 0, 0, 0},
    {"last_status", "LastStatus", DESK_K_INT, F(last_status), 0, 0, 0, 0},
    {"revision", "Revision", DESK_K_INT, F(revision), DESK_F_HIDDEN, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"updated_at", "UpdatedAt", DESK_K_TIME, F(updated_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_webhook_fields, "webhook", struct desk_webhook, webhook_fields);
#undef F

#define F(member) offsetof(struct desk_webhook_secret, member)
static const struct desk_field secret_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_HIDDEN, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"webhook_id", "WebhookId", DESK_K_TEXT, F(webhook_id), DESK_F_HIDDEN, 0, 0, 0},
    {"secret", "Secret", DESK_K_TEXT, F(secret), DESK_F_SECRET, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"ends_at", "EndsAt", DESK_K_TIME, F(ends_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_webhook_secret_fields, "webhook_secret", struct desk_webhook_secret,
            secret_fields);
#undef F

static enum desk_rc secret_add(struct desk_db *db, const char *tenant_id, const char *webhook_id,
                               const char *secret)
{
    char id[DESK_ID_LEN];
    const struct desk_webhook_secret row = {.id = desk_id_new(id, "whs"),
                                            .tenant_id = tenant_id,
                                            .webhook_id = webhook_id,
                                            .secret = secret,
                                            .created_at = desk_now_ms()};
    return desk_db_insert(db, DESK_Q_WEBHOOK_SECRET_INSERT, &row);
}

enum desk_rc desk_webhook_add(struct desk_db *db, struct desk_arena *a, struct desk_webhook *w,
                              const char *secret)
{
    char id[DESK_ID_LEN];
    int64_t n = 0;
    enum desk_rc rc = desk_db_int(db, DESK_Q_WEBHOOK_COUNT, DESK_ARGS(DESK_T(w->tenant_id)), &n);
    if (rc || n >= DESK_WEBHOOKS_MOST)
        return rc ? rc : DESK_ELIMIT;
    w->id = desk_arena_strdup(a, desk_id_new(id, "wh"));
    w->state = DESK_WEBHOOK_ON;
    w->revision = 1;
    w->created_at = w->updated_at = desk_now_ms();
    rc = w->id ? desk_db_insert(db, DESK_Q_WEBHOOK_INSERT, w) : DESK_ENOMEM;
    return rc ? rc : secret_add(db, w->tenant_id, w->id, secret);
}

enum desk_rc desk_webhook_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const char *id, struct desk_webhook *out)
{
    return desk_db_row(db, DESK_Q_WEBHOOK_GET, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)),
                       &desk_webhook_fields, a, out);
}

enum desk_rc desk_webhook_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                               struct desk_webhook **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_WEBHOOK_LIST,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_I(DESK_WEBHOOKS_MOST)),
                                   &desk_webhook_fields, a, DESK_WEBHOOKS_MOST, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_webhook_update(struct desk_db *db, const struct desk_webhook *w)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_WEBHOOK_UPDATE,
                     DESK_ARGS(DESK_T(w->tenant_id), DESK_T(w->id),
                               DESK_SEAL(&desk_webhook_fields, "url", w->id, w->url),
                               DESK_T(w->events), DESK_T(w->format), DESK_I(w->personal),
                               DESK_T(w->state), DESK_I(desk_now_ms()), DESK_I(w->revision)),
                     &changed);
    return !rc && !changed ? DESK_ECONFLICT : rc;
}

static enum desk_rc changed_one(enum desk_rc rc, int64_t changed)
{
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

enum desk_rc desk_webhook_delete(struct desk_db *db, const char *tenant_id, const char *id)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_WEBHOOK_DELETE, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)), &changed);
    return changed_one(rc, changed);
}

enum desk_rc desk_webhook_rotate(struct desk_db *db, const char *tenant_id, const char *id,
                                 const char *secret)
{
    int64_t changed = 0, now = desk_now_ms();
    struct desk_webhook_secret *had;
    size_t n = 0;
    struct desk_arena *a = desk_arena_new(65536);
    enum desk_rc rc = a ? desk_webhook_secrets(db, a, tenant_id, id, &had, &n) : DESK_ENOMEM;
    desk_arena_free(a);
    if (!rc)
        rc = desk_db_exec(db, DESK_Q_WEBHOOK_TOUCH,
                          DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(now)), &changed);
    rc = changed_one(rc, changed);
    /* of two that sign the older one goes at once */
    if (!rc && n > 1)
        rc = desk_db_exec(db, DESK_Q_WEBHOOK_SECRET_PURGE,
                          DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(INT64_MAX)), NULL);
    if (!rc)
        rc = desk_db_exec(db, DESK_Q_WEBHOOK_SECRET_END,
                          DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(now),
                                    DESK_I(now + DESK_WEBHOOK_LAP_MS)),
                          NULL);
    return rc ? rc : secret_add(db, tenant_id, id, secret);
}

enum desk_rc desk_webhook_secrets(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                  const char *id, struct desk_webhook_secret **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_WEBHOOK_SECRET_LIST,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(desk_now_ms())),
                                   &desk_webhook_secret_fields, a, 4, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_webhook_worked(struct desk_db *db, const char *tenant_id, const char *id,
                                 int64_t status)
{
    return desk_db_exec(
        db, DESK_Q_WEBHOOK_WORKED,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(desk_now_ms()), DESK_I(status)), NULL);
}

enum desk_rc desk_webhook_failed(struct desk_db *db, const char *tenant_id, const char *id,
                                 int64_t status, bool gone, bool last)
{
    int64_t now = desk_now_ms();
    return desk_db_exec(db, DESK_Q_WEBHOOK_FAILED,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(now), DESK_I(status),
                                  DESK_I(gone), DESK_I(last), DESK_I(now - DESK_WEBHOOK_BAD_MS)),
                        NULL);
}
