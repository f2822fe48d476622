/* What a caller wants, by the words said so far: one of five wishes that scripts are chosen by
 * (core/route.h). The business's own keywords come first; beside them facts found by tables and a
 * classifier trained on invented sentences. Pure; any bytes may come; below 100 µs. */
#ifndef DESK_CORE_INTENT_H
#define DESK_CORE_INTENT_H

#include "base/limits.h"

#include <stdbool.h>
#include <stddef.h>

/* in the order of the model's classes: by name */
enum desk_intent_kind {
    DESK_INTENT_OTHER,   /* nothing said, questions, bookings, wrong numbers, … */
    DESK_INTENT_PERSON,  /* asks for the owner, or for a human being */
    DESK_INTENT_SALES,   /* wants work that is not ordered yet: a price, a quote, a project */
    DESK_INTENT_SUPPORT, /* something that is there does not work */
    DESK_INTENT_VENDOR,  /* sells, supplies, delivers to or wants something of the business */
    DESK_INTENT__MAX
};

struct desk_intent_judged {
    enum desk_intent_kind kind;
    int sure;    /* percent */
    bool person; /* whatever else is wanted: a human being, or one of the house by name */
    char because[DESK_MAX_BECAUSE];
};

/* names: the owner and staff, as callers may name them. text NULL is "". */
void desk_intent_judge(const char *text, const char *const *names, size_t n_names,
                       struct desk_intent_judged *out);

/* "other", "person", "sales", "support", "vendor" */
const char *desk_intent_kind_name(enum desk_intent_kind k);

#endif
