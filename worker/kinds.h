/* What the outbox can deliver: one row per kind. */
#ifndef WORKER_KINDS_H
#define WORKER_KINDS_H

#include "out/telegram.h"
#include "out/twilio.h"
#include "store/outbox.h"

#include <stdbool.h>

/* The outside as the worker reaches it; tests put their own in its place. */
struct outbox_services {
    const struct desk_twilio *twilio;
    const struct desk_telegram *telegram;
};

struct outbox_kind {
    const char *name;
    bool may_repeat;  /* the other side knows a repeat: a killed attempt may go again */
    const char *what; /* for the timeline: events text_sent, text_refused, … */
    const char *words;
    void (*send)(const struct outbox_services *services, const struct desk_outbox *row,
                 struct desk_outbox_result *r);
};

#define OUTBOX_KINDS 2
extern const struct outbox_kind outbox_kinds[OUTBOX_KINDS];

const struct outbox_kind *outbox_kind_find(const char *name); /* NULL: none of that name */

#endif
