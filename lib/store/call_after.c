#include "store/call_after.h"
#include "base/clock.h"
#include "base/ids.h"
#include "queries.h"

#define F(member) offsetof(struct desk_call_after, member)
static const struct desk_field fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_HIDDEN, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"location_id", "LocationId", DESK_K_TEXT, F(location_id), DESK_F_HIDDEN, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"by_whom", "ByWhom", DESK_K_TEXT, F(by_whom), 0, 0, 0, 0},
    {"why_rules", "WhyRules", DESK_K_TEXT, F(why_rules), 0, 0, 0, 0},
    {"summary", "Summary", DESK_K_TEXT, F(summary), DESK_F_PII, 0, 0, 0},
    {"topics", "Topics", DESK_K_TEXT, F(topics), DESK_F_PII, 0, 0, 0},
    {"sentiment", "Sentiment", DESK_K_TEXT, F(sentiment), 0, 0, 0, 0},
    {"facts", "Facts", DESK_K_TEXT, F(facts), DESK_F_PII, 0, 0, 0},
    {"needs_owner", "NeedsOwner", DESK_K_BOOL, F(needs_owner), 0, 0, 0, 0},
    {"nanos", "Nanos", DESK_K_INT, F(nanos), 0, 0, 0, 0},
    {"cost", "Cost", DESK_K_TEXT, F(cost), 0, 0, 0, 0},
    {"unpriced", "Unpriced", DESK_K_TEXT, F(unpriced), 0, 0, 0, 0},
    {"told", "Told", DESK_K_TEXT, F(told), 0, 0, 0, 0},
    {"started_at", "StartedAt", DESK_K_TIME, F(started_at), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_call_after_fields, "call_after", struct desk_call_after, fields);
#undef F

enum desk_rc desk_call_after_insert(struct desk_db *db, const struct desk_call_after *r)
{
    char id[DESK_ID_LEN];
    struct desk_call_after row = *r;
    row.id = desk_id_new(id, "aft");
    row.created_at = desk_now_ms();
    return desk_db_insert(db, DESK_Q_CALL_AFTER_INSERT, &row);
}

enum desk_rc desk_call_after_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                 const char *call_id, struct desk_call_after *out)
{
    return desk_db_row(db, DESK_Q_CALL_AFTER_GET, DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id)),
                       &desk_call_after_fields, a, out);
}
