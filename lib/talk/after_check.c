/* The truth check: what the receptionist said it did, against the rows there are. */
#include "talk/after_set.h"
#include "db/seal.h"

#include <string.h>

#define CLAIMS 16 /* of one thing that was said */

static bool is(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

static void add(unsigned *proofs, bool holds, enum desk_proof p)
{
    *proofs |= holds ? DESK_PROOF_BIT(p) : 0;
}

/* Not one that never got there. */
static bool goes_out(const struct desk_outbox *o)
{
    static const char *const dead[] = {DESK_OUTBOX_REFUSED, DESK_OUTBOX_FAILED,
                                       DESK_OUTBOX_OPTED_OUT, DESK_OUTBOX_DROPPED};
    for (size_t i = 0; i < sizeof dead / sizeof *dead; i++)
        if (is(o->state, dead[i]))
            return false;
    return true;
}

static unsigned of_visits(const struct after *f)
{
    unsigned proofs = 0;
    add(&proofs, f->n_theirs > 0, DESK_PROOF_VISIT);
    for (size_t i = 0; i < f->n_visits; i++) {
        const struct desk_appointment *v = &f->visits[i];
        add(&proofs, is(v->status, DESK_APPT_BOOKED) || is(v->status, DESK_APPT_DONE),
            DESK_PROOF_VISIT);
        add(&proofs, is(v->status, DESK_APPT_MOVED), DESK_PROOF_MOVED);
        add(&proofs, is(v->status, DESK_APPT_CANCELLED), DESK_PROOF_CANCELLED);
    }
    return proofs;
}

/* An appointment of an earlier call that was moved or cancelled in this one is that call's: what
 * was done stands in the tool's run. */
static unsigned of_runs(const struct after *f)
{
    static const struct {
        const char *tool;
        enum desk_proof proof;
    } rows[] = {{"reschedule_appointment", DESK_PROOF_MOVED},
                {"cancel_appointment", DESK_PROOF_CANCELLED},
                {"log_caller_info", DESK_PROOF_NOTE},
                {"log_vendor_call", DESK_PROOF_NOTE},
                {"take_message", DESK_PROOF_MESSAGE}};
    unsigned proofs = 0;
    for (size_t i = 0; i < f->n_runs; i++)
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
            add(&proofs, f->runs[i].ok && is(f->runs[i].tool, rows[k].tool), rows[k].proof);
    return proofs;
}

static unsigned of_outbox(const struct after *f)
{
    char caller[DESK_BLIND_LEN] = "";
    unsigned proofs = 0;
    if (f->call->from_number)
        desk_blind(desk_db_key(f->db), f->call->tenant_id, f->call->from_number, caller);
    for (size_t i = 0; i < f->n_sent; i++) {
        const struct desk_outbox *o = &f->sent[i];
        bool sms = is(o->kind, DESK_OUTBOX_SMS), theirs = *caller && is(o->to_key, caller);
        if (!goes_out(o))
            continue;
        add(&proofs, sms && theirs, DESK_PROOF_TEXT);
        add(&proofs,
            (sms && !theirs) || is(o->kind, DESK_OUTBOX_TELEGRAM) ||
                is(o->kind, DESK_OUTBOX_OWNER_TEXT),
            DESK_PROOF_TOLD);
    }
    return proofs;
}

static unsigned proofs_of(const struct after *f)
{
    unsigned proofs = of_visits(f) | of_runs(f) | of_outbox(f);
    const char *out = f->call->outcome;
    add(&proofs, f->n_callbacks > 0, DESK_PROOF_CALLBACK);
    add(&proofs,
        f->call->transfer_to || is(out, DESK_OUT_TRANSFERRED) || is(out, DESK_OUT_NOT_PUT) ||
            is(f->call->next_step, DESK_NEXT_TRANSFER),
        DESK_PROOF_TRANSFER);
    add(&proofs, f->n_tickets > 0, DESK_PROOF_TICKET);
    add(&proofs, f->n_messages > 0, DESK_PROOF_MESSAGE);
    add(&proofs, f->n_leads > 0, DESK_PROOF_LEAD);
    add(&proofs, f->n_vendors > 0, DESK_PROOF_NOTE);
    add(&proofs, desk_after_will_tell(f), DESK_PROOF_TOLD);
    for (size_t i = 0; i < f->n_alerts; i++)
        add(&proofs, f->alerts[i].told, DESK_PROOF_TOLD);
    return proofs;
}

static bool noted(const struct after *f, const char *claim)
{
    for (size_t i = 0; i < f->n_missing; i++)
        if (is(f->missing[i].claim, claim))
            return true;
    return false;
}

enum desk_rc desk_after_check(struct after *f)
{
    struct desk_claim found[CLAIMS];
    unsigned proofs = proofs_of(f);
    f->n_missing = 0;
    for (size_t i = 0; i < f->n_turns && desk_after_of_caller(f); i++) {
        const struct desk_turn *t = &f->turns[i];
        size_t n = is(t->who, DESK_WHO_DESK) ? desk_claims_find(t->text, found, CLAIMS) : 0;
        for (size_t k = 0; k < n; k++) {
            const char *claim = desk_claim_name(found[k].kind);
            if (desk_claim_proved(found[k].kind, proofs) || noted(f, claim))
                continue;
            const char *words = desk_arena_strndup(f->a, found[k].at, found[k].len);
            if (!words)
                return DESK_ENOMEM;
            f->missing[f->n_missing++] = (struct desk_attention){.tenant_id = f->call->tenant_id,
                                                                 .call_id = f->call->id,
                                                                 .claim = claim,
                                                                 .words = words,
                                                                 .at_ms = t->start_ms};
        }
    }
    return DESK_OK;
}
