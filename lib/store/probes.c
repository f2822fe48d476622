#include "store/probes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "queries.h"
#include "store/outbox.h"

#include <stdio.h>

#define F(member) offsetof(struct desk_probe, member)
static const struct desk_field fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_HIDDEN, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"what", "What", DESK_K_TEXT, F(what), 0, 0, 0, 0},
    {"ok", "Ok", DESK_K_BOOL, F(ok), 0, 0, 0, 0},
    {"sentence", "Sentence", DESK_K_TEXT, F(sentence), 0, 0, 0, 0},
    {"asked_at", "AskedAt", DESK_K_TIME, F(asked_at), 0, 0, 0, 0},
    {"done_at", "DoneAt", DESK_K_TIME, F(done_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_probe_fields, "probe", struct desk_probe, fields);
#undef F

enum desk_rc desk_probe_ask(struct desk_db *db, const char *tenant_id, const char *what)
{
    char id[DESK_ID_LEN], dedupe[96], payload[96];
    const struct desk_probe row = {.id = desk_id_new(id, "probe"),
                                   .tenant_id = tenant_id,
                                   .what = what,
                                   .asked_at = desk_now_ms()};
    enum desk_rc rc = desk_db_insert(db, DESK_Q_PROBE_ASK, &row);
    snprintf(dedupe, sizeof dedupe, "probe:%s", id);
    snprintf(payload, sizeof payload, "{\"what\":\"%s\"}", what);
    const struct desk_outbox_new out = {.tenant_id = tenant_id,
                                        .kind = DESK_OUTBOX_PROBE,
                                        .dedupe = dedupe,
                                        .payload = payload,
                                        .priority = DESK_OUTBOX_NORMAL};
    return rc ? rc : desk_outbox_add(db, &out);
}

enum desk_rc desk_probe_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             struct desk_probe **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_PROBE_LIST, DESK_ARGS(DESK_T(tenant_id), DESK_I(DESK_PROBES_MOST)),
                     &desk_probe_fields, a, DESK_PROBES_MOST, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_probe_done(struct desk_db *db, const char *tenant_id, const char *what, bool ok,
                             const char *sentence)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(db, DESK_Q_PROBE_DONE,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_T(what), DESK_I(ok),
                                             DESK_T(sentence), DESK_I(desk_now_ms())),
                                   &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}
