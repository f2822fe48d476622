#include "talk/after_set.h"

#include <string.h>

#define QUIET_MS 4000  /* nothing more was written down for so long */
#define MOST_MS  60000 /* … and after so long it is not waited for */

enum desk_rc desk_after_settled(struct desk_db *db, struct desk_arena *a,
                                const struct desk_call *call, int64_t now, bool *yes)
{
    static const char *const sides[] = {DESK_WHO_CALLER, DESK_WHO_DESK};
    bool open = call->stream_started_at && !call->stream_ended_at;
    int64_t last = 0;
    *yes = now - call->ended_at >= MOST_MS;
    for (size_t i = 0; !*yes && i < sizeof sides / sizeof *sides; i++) {
        struct desk_turn *t;
        size_t n = 0;
        enum desk_rc rc = desk_turn_recent(db, a, call->tenant_id, call->id, sides[i], 1, &t, &n);
        if (rc)
            return rc;
        if (n && t[0].created_at > last)
            last = t[0].created_at;
    }
    *yes = *yes || (!open && now - last >= QUIET_MS);
    return DESK_OK;
}

static enum desk_rc write_rows(struct after *f)
{
    struct desk_call_after *r = &f->row;
    const struct desk_call *c = f->call;
    r->tenant_id = c->tenant_id;
    r->location_id = c->location_id;
    r->call_id = c->id;
    r->started_at = c->started_at;
    enum desk_rc rc = desk_call_after_done(f->db, c->tenant_id, c->id, r->summary, f->by_model);
    if (!rc)
        rc = desk_call_after_insert(f->db, r);
    for (size_t i = 0; !rc && i < f->n_missing; i++) {
        rc = desk_attention_raise(f->db, &f->missing[i]);
        if (rc == DESK_DONE)
            rc = DESK_OK;
        if (!rc)
            rc = desk_event_add(f->db, c->tenant_id, c->id, c->started_at, "note", "not_done",
                                desk_claim_missing(desk_claim_parse(f->missing[i].claim)),
                                desk_arena_fmt(f->a, "not_done:%s", f->missing[i].claim));
    }
    if (!rc && f->spent.asks)
        rc = desk_usage_add(f->db, &f->spent);
    return rc;
}

/* The rows as they are now: the model may have taken its time. Its notes stay. */
static enum desk_rc conclude(struct after *f)
{
    struct desk_call_after notes = f->row;
    enum desk_rc rc = desk_after_rows(f);
    if (!rc && !f->by_model)
        rc = desk_after_rules(f);
    f->row.why_rules = notes.why_rules;
    if (!rc)
        rc = desk_after_ways(f);
    if (!rc)
        rc = desk_after_check(f);
    if (!rc)
        rc = desk_after_cost(f);
    if (!rc)
        rc = desk_after_tell(f);
    if (!rc)
        rc = desk_after_emergency(f);
    return rc ? rc : write_rows(f);
}

enum desk_rc desk_after_call(struct desk_db *db, struct desk_arena *a, const struct desk_call *call,
                             const struct desk_after_ask *ask, int64_t now)
{
    struct after *f = desk_arena_alloc(a, sizeof *f);
    if (!f)
        return DESK_ENOMEM;
    *f = (struct after){.db = db, .a = a, .call = call, .now = now};
    enum desk_rc rc = desk_after_rows(f);
    if (!rc)
        rc = desk_after_rules(f);
    if (!rc)
        rc = desk_after_model(f, ask);
    if (rc && rc != DESK_EUPSTREAM)
        return rc;
    rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, conclude(f));
}
