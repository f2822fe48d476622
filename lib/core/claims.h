/* What the receptionist says it did or will see to: "You are booked for Tuesday", "Sal will call
 * you back". Offers, questions, wishes, conditions and denials are no claims: "I can book that",
 * "shall I text you?", "if you leave a number somebody calls", "I could not put you through".
 * English and Spanish, by tables of patterns (claims.inc, claims_es.inc). Whether a claim is so is
 * not asked here. Pure; any bytes may come. */
#ifndef DESK_CORE_CLAIMS_H
#define DESK_CORE_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum desk_claim_kind {
    DESK_CLAIM_BOOKED,      /* an appointment was made, or stands */
    DESK_CLAIM_MOVED,       /* … was moved */
    DESK_CLAIM_CANCELLED,   /* … was cancelled */
    DESK_CLAIM_TEXTED,      /* the caller was sent a text, or will be */
    DESK_CLAIM_CALLBACK,    /* somebody will call the caller back */
    DESK_CLAIM_PUT_THROUGH, /* the caller is put through */
    DESK_CLAIM_TOLD,        /* the owner or their people know of it, or will be told */
    DESK_CLAIM_TICKET,      /* a ticket was opened */
    DESK_CLAIM_MESSAGE,     /* a message was taken down, or is passed on */
    DESK_CLAIM__MAX
};
const char *desk_claim_name(enum desk_claim_kind k);     /* "booked", …; never NULL */
enum desk_claim_kind desk_claim_parse(const char *name); /* DESK_CLAIM__MAX: none of them */

struct desk_claim {
    enum desk_claim_kind kind;
    const char *at; /* the sentence it stands in: a piece of the text */
    size_t len;
};

/* The claims of one thing that was said, each kind once a sentence; at most max. text NULL is "".
 */
size_t desk_claims_find(const char *text, struct desk_claim *out, size_t max);

/* What was written down in a call, by kind of row, as far as it proves something. */
enum desk_proof {
    DESK_PROOF_VISIT,     /* an appointment that stands, of this call or this caller */
    DESK_PROOF_MOVED,     /* one that was moved in this call */
    DESK_PROOF_CANCELLED, /* one that was cancelled in this call */
    DESK_PROOF_TEXT,      /* a text to the caller is sent, or on its way */
    DESK_PROOF_CALLBACK,
    DESK_PROOF_TRANSFER, /* the caller was to be rung through */
    DESK_PROOF_TOLD,     /* a message to the owner was queued */
    DESK_PROOF_TICKET,
    DESK_PROOF_MESSAGE,
    DESK_PROOF_LEAD,
    DESK_PROOF_NOTE, /* something of the caller or a supplier was noted */
    DESK_PROOF__MAX
};
#define DESK_PROOF_BIT(p) (1u << (p))

/* Is the claim borne out by proofs (DESK_PROOF_BIT()s)? */
bool desk_claim_proved(enum desk_claim_kind k, unsigned proofs);

/* The owner's words for a claim nothing bears out: "The receptionist said that somebody calls back,
 * but no callback is on your list." */
const char *desk_claim_missing(enum desk_claim_kind k);

#endif
