/* After a call: does who told of an emergency know that it was heard? */
#include "talk/after_set.h"
#include "base/log.h"
#include "store/outbox.h"
#include "talk/owner_tell.h"
#include "talk/texts.h"

#include <string.h>

static bool is(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

/* The owner was told of it: else nothing is said. P3 can wait. */
static bool told_of_one(const struct after *f)
{
    for (size_t i = 0; i < f->n_alerts; i++)
        if (f->alerts[i].told && !is(f->alerts[i].severity, "P3"))
            return true;
    return false;
}

static bool nobody_reached(const struct after *f)
{
    static const char *const outcomes[] = {DESK_OUT_HUNG_UP, DESK_OUT_NOT_PUT, DESK_OUT_FAILED};
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
        if (is(f->call->outcome, outcomes[i]))
            return true;
    return false;
}

/* Not to the business's own phones. */
static bool can_text(const struct after *f)
{
    const char *to = f->call->from_number, *from = f->call->to_number;
    return to && from && *from == '+' && !is(to, from) && !is(to, f->b.owner->phone) &&
           !desk_cannot_text(&f->b, to);
}

/* Once: whatever goes by itself after a call is one text (DESK_SMS_AFTER). */
static enum desk_rc send(struct after *f)
{
    char why[200];
    const char *body = NULL;
    enum desk_rc rc =
        desk_text_render(f->a, &f->b, "emergency_caller", NULL, 0, &body, why, sizeof why);
    if (rc) { /* the owner's own wording does not fit: the rest must be written all the same */
        desk_log(DESK_LOG_ERROR, "after.words", "why=\"%s\"", why);
        return rc == DESK_ENOMEM ? rc : DESK_OK;
    }
    rc = desk_text_queue(f->db, f->a,
                         &(struct desk_text){.tenant_id = f->call->tenant_id,
                                             .call_id = f->call->id,
                                             .from = f->call->to_number,
                                             .to = f->call->from_number,
                                             .name = "emergency_caller",
                                             .body = body});
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

enum desk_rc desk_after_emergency(struct after *f)
{
    bool before = false;
    if (!desk_after_of_caller(f) || f->call->channel || !told_of_one(f) || !nobody_reached(f) ||
        !can_text(f))
        return DESK_OK;
    enum desk_rc rc =
        desk_outbox_refused_before(f->db, f->call->tenant_id, f->call->from_number, &before);
    return rc || before ? rc : send(f);
}
