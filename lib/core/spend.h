/* The guard over money and loops: may this call talk with the receptionist, or is it helped in a
 * way that costs next to nothing? One table (spend.c): the first row that fits decides. Whatever it
 * decides, somebody in need reaches the owner's phone or leaves a message that is read for
 * emergencies: never silence. Money is billionths of a dollar. Pure. */
#ifndef DESK_CORE_SPEND_H
#define DESK_CORE_SPEND_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum desk_spend_then {
    DESK_SPEND_VOICEMAIL, /* a recorded message */
    DESK_SPEND_RING,      /* the owner's phone */
    DESK_SPEND_SHORT,     /* question by question: no voice that is paid for */
    DESK_SPEND_REJECT,    /* not answered: loops only */
    DESK_SPEND_GO         /* as always */
};
/* "voicemail", "ring", "short"; anything else is voicemail. */
enum desk_spend_then desk_spend_then_parse(const char *word);

struct desk_spend_limits { /* 0 = none */
    int64_t month, hour, caller_day, call;
    int64_t loop_calls, loop_minutes;
    enum desk_spend_then then;
};

struct desk_spend_facts {
    int64_t month, hour, caller_day; /* spent, calls that run or were not reckoned yet included */
    int64_t minute;                  /* what a minute costs of late; 0 = not known */
    int64_t calls_lately;            /* of this number, within loop_minutes, this one included */
    bool urgent_lately;              /* in one of them there was an emergency, or it was urgent */
};

struct desk_spend_verdict {
    enum desk_spend_then then;
    const char *rule;    /* "spend_month", "spend_hour", "spend_caller", "loop"; NULL = none fits */
    const char *because; /* a sentence for the timeline; NULL with rule */
    int64_t most_s;      /* how long it may talk by the limit of one call; 0 = as long as any */
};
#define DESK_SPEND_LEAST_S 60 /* shorter than this nobody is helped */

/* because is made in the arena. */
void desk_spend_decide(struct desk_arena *a, const struct desk_spend_limits *l,
                       const struct desk_spend_facts *f, struct desk_spend_verdict *out);

#endif
