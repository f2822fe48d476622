/* What the outbox can deliver: one row per kind, and all that is known of it. */
#ifndef WORKER_KINDS_H
#define WORKER_KINDS_H

#include "out/twilio.h"
#include "store/outbox.h"

#include <stdbool.h>
#include <stdint.h>

/* The outside as the worker reaches it; tests put their own in its place. */
struct outbox_services {
    const struct desk_twilio *twilio;
};

/* A name of the other side's (SM…): does it belong to another row of ours? */
typedef bool outbox_known(void *ctx, const char *remote_id);

struct outbox_kind {
    const char *name;
    bool may_repeat;  /* the other side knows a repeat, or one too many does no harm: a killed
                         attempt goes again */
    const char *what; /* for the timeline: events text_sent, text_refused, … */
    const char *words;
    void (*send)(const struct outbox_services *services, const struct desk_outbox *row,
                 struct desk_outbox_result *r);
    /* A text to a person: opted out and quiet hours are asked before send (talk/text_gate.h). */
    bool text;
    /* An attempt that may have been done: ask the other side. NULL: it cannot be asked. */
    enum desk_twilio_found (*find)(const struct outbox_services *services,
                                   const struct desk_outbox *row, outbox_known *known, void *ctx,
                                   struct desk_outbox_result *r);
};

extern const struct outbox_kind outbox_kinds[]; /* ended by name NULL */

const struct outbox_kind *outbox_kind_find(const char *name); /* NULL: none of that name */

#endif
