#include "talk/mend.h"
#include "base/clock.h"
#include "base/ids.h"
#include "store/records.h"
#include "store/results.h"
#include "talk/promise.h"

#include <string.h>

/* What it is about: the call's summary, else what was said. */
static const char *about(const struct desk_call *c, const struct desk_attention *row)
{
    return c->summary && *c->summary ? c->summary : row->words;
}

static enum desk_rc call_back(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                              const struct desk_attention *row)
{
    return desk_promise(db, a, c, about(c, row));
}

static enum desk_rc ticket(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                           const struct desk_attention *row)
{
    char id[DESK_ID_LEN];
    int64_t now = desk_now_ms();
    struct desk_ticket t = {.id = desk_id_new(id, "tkt"),
                            .tenant_id = c->tenant_id,
                            .call_id = c->id,
                            .contact_id = c->contact_id,
                            .number = c->from_number,
                            .problem = about(c, row),
                            .priority = "normal",
                            .state = "open",
                            .created_at = now,
                            .updated_at = now};
    (void)a;
    return desk_ticket_insert(db, &t);
}

static enum desk_rc message(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                            const struct desk_attention *row)
{
    char id[DESK_ID_LEN];
    struct desk_message m = {.id = desk_id_new(id, "msg"),
                             .tenant_id = c->tenant_id,
                             .call_id = c->id,
                             .text = about(c, row),
                             .state = "new",
                             .number = c->from_number,
                             .urgent = c->urgent,
                             .created_at = desk_now_ms()};
    (void)a;
    return desk_message_insert(db, &m);
}

static const struct {
    const char *words;
    bool number; /* of the caller, is needed */
    enum desk_rc (*fn)(struct desk_db *, struct desk_arena *, const struct desk_call *,
                       const struct desk_attention *);
} remedies[DESK_CLAIM__MAX] = {
    [DESK_CLAIM_BOOKED] = {"Put a call back on my list", true, call_back},
    [DESK_CLAIM_MOVED] = {"Put a call back on my list", true, call_back},
    [DESK_CLAIM_CANCELLED] = {"Put a call back on my list", true, call_back},
    [DESK_CLAIM_TEXTED] = {"Put a call back on my list", true, call_back},
    [DESK_CLAIM_CALLBACK] = {"Put the call back on my list", true, call_back},
    [DESK_CLAIM_PUT_THROUGH] = {"Put a call back on my list", true, call_back},
    [DESK_CLAIM_TICKET] = {"Open the ticket", false, ticket},
    [DESK_CLAIM_MESSAGE] = {"Keep it as a message", false, message},
};

const char *desk_mend_words(enum desk_claim_kind k, const struct desk_call *c)
{
    bool can = k < DESK_CLAIM__MAX && (!remedies[k].number || (c->from_number && *c->from_number));
    return can ? remedies[k].words : NULL;
}

enum desk_rc desk_mend(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                       const struct desk_attention *row)
{
    enum desk_claim_kind k = desk_claim_parse(row->claim);
    if (!desk_mend_words(k, c))
        return DESK_EINVAL;
    enum desk_rc rc = desk_attention_close(db, c->tenant_id, row->id, DESK_ATTENTION_REMEDY);
    return rc ? rc : remedies[k].fn(db, a, c, row);
}
