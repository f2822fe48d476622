/* The header traceparent (W3C Trace Context, Recommendation of 23 November 2021, section 3.2):
 * which trace a request belongs to, and by which step of it. Read strictly: version 00 is exactly
 * "00-" 32 "-" 16 "-" 2, lower-case hex digits, neither id all zero; of a later version (never ff)
 * that much is read, and more may follow behind a "-". What is not right is as if it had not come.
 * Pure, but for random ids. */
#ifndef DESK_WIRE_TRACEPARENT_H
#define DESK_WIRE_TRACEPARENT_H

#include <stdbool.h>
#include <stddef.h>

#define DESK_TRACE_LEN       33 /* 32 hex digits and the NUL */
#define DESK_SPAN_LEN        17
#define DESK_TRACEPARENT_LEN 56

struct desk_traceparent {
    char trace[DESK_TRACE_LEN]; /* the same in every step of one trace */
    char span[DESK_SPAN_LEN];   /* the step that asks */
    bool sampled;               /* who asks keeps a record of it */
};

/* n bytes of a header's value. False: it is not one, and *out is all empty. */
bool desk_traceparent_parse(struct desk_traceparent *out, const char *p, size_t n);

/* 32 lower-case hex digits, not all zero? NULL is not. */
bool desk_trace_id_ok(const char *trace);

/* A new trace: random, sampled. */
void desk_traceparent_new(struct desk_traceparent *out);

/* The header's value for a request of ours within that trace: version 00, a step of its own,
 * sampled. trace: as desk_trace_id_ok() wants it; anything else, NULL too, begins a new one.
 * Returns out. */
const char *desk_traceparent_child(char out[DESK_TRACEPARENT_LEN], const char *trace);

#endif
