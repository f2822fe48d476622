/* Is this an emergency? A severity for what a caller has said or written, and why.
 *
 * P1: danger to life or health now, or damage out of control. P2: a major failure, to be seen to
 * within hours. P3: one device, a minor defect. None: nothing is wrong now: past, put right, only
 * imagined or asked about, a figure of speech, somebody else's, a seller's, a joke.
 *
 * Rules (tables of phrases and of what they mean together) find what is said and how; a linear
 * classifier (core/linear.h) weighs them with the words; the owner's own phrases go over both. A P1
 * missed is worse than a false alarm, and the thresholds say so. Pure; nothing is allocated, any
 * bytes may come; well under 50 µs for a sentence. */
#ifndef DESK_CORE_EMERGENCY_H
#define DESK_CORE_EMERGENCY_H

#include "core/severity.h"

#include <stdbool.h>
#include <stddef.h>

#define DESK_EMERGENCY_BECAUSE 200
#define DESK_EMERGENCY_PHRASE  64

/* A phrase of the owner's table, as desk_emergency_plain writes it. Said live (not denied, past …)
 * it has this severity; a P1 that is found without it is never lowered. */
struct desk_emergency_phrase {
    const char *plain;
    enum desk_severity severity;
};

struct desk_emergency {
    enum desk_severity severity;
    char because[DESK_EMERGENCY_BECAUSE]; /* "rule gas smell: smell gas; P1 0.98" */
};

/* kind: the kind of business: "smart_home", "plumbing", "handyman", "dental", "concierge"; any
 * other counts as handyman. said: all that this caller has said so far, in order. */
void desk_emergency_judge(struct desk_emergency *out, const char *kind,
                          const struct desk_emergency_phrase *own, size_t n_own, const char *said);

/* An owner's phrase ("Won't lock") as the judge compares it ("will not lock"); cut to n. */
void desk_emergency_plain(char *out, size_t n, const char *phrase);

/* A reason of ours in words for people: the caller's own that led to it, of 'rule flooding: "water
 * is pouring" (P1 0.98)', else what stands before the figures. Points into because; *n bytes. */
const char *desk_emergency_told(const char *because, size_t *n);

#endif
