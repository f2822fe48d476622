/* What an owner asks by voice of the day ("any emergencies this afternoon?", "who called today?")
 * and the one sentence that answers it, out of what the database has and nothing else. Reading and
 * saying are pure; talk/owner_answer.h stands between them. */
#ifndef DESK_CORE_OWNER_QUERY_H
#define DESK_CORE_OWNER_QUERY_H

#include "base/buf.h"
#include "core/dates_stretch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum desk_owner_about {
    DESK_OWNER_UNKNOWN,
    DESK_OWNER_CALLBACKS,
    DESK_OWNER_EMERGENCIES,
    DESK_OWNER_MESSAGES,
    DESK_OWNER_SCHEDULE,
    DESK_OWNER_CALLS,
    DESK_OWNER_SUMMARY,
    DESK_OWNER_REPEAT,
    DESK_OWNER_HELP,
    DESK_OWNER_GOODBYE,
    DESK_OWNER__MAX
};
const char *desk_owner_about_name(enum desk_owner_about a); /* "callbacks" … */

struct desk_owner_query {
    enum desk_owner_about about;
    struct desk_stretch when;
    bool urgent; /* only what is urgent was asked for */
};

/* Any bytes. What was not said is filled in: calls, emergencies and schedule of today, callbacks
 * and messages of any day (when.said tells). A single key stands for a question (1 calls, 2
 * callbacks, 3 emergencies, 4 messages, 5 schedule, 6 summary, 0 help, 9 and * goodbye). */
void desk_owner_query_read(const char *text, const struct desk_when_place *at,
                           struct desk_owner_query *out);

/* ---- the answer ------------------------------------------------------------------------------ */

#define DESK_OWNER_ITEMS 3 /* are named; the others are counted */

struct desk_owner_item {
    const char *name;   /* NULL = not known */
    const char *number; /* E.164; NULL = withheld */
    const char *what;   /* reason, words, service; NULL */
    const char *when;   /* a callback: when it is wanted, in the caller's words; NULL */
    int64_t at;         /* UTC ms; of several the last */
    int64_t times;      /* so often: at least 1 */
    int64_t seconds;    /* of a message */
    bool urgent;
};

struct desk_owner_facts {
    const struct desk_owner_item *items; /* in the order they are said */
    size_t n_items;                      /* all there are, people grouped */
    int64_t total;                       /* calls, alerts …: people may come several times */
    bool more;                           /* the list was cut: "more than" */
    bool no_calendar;                    /* of a schedule: the business keeps none */
    /* of a summary, and what is offered in the place of a schedule */
    int64_t calls, callbacks, emergencies, messages;
};

/* One sentence (of help and goodbye, too). tz NULL = UTC; now: UTC ms. */
void desk_owner_query_say(const struct desk_owner_query *q, const struct desk_owner_facts *f,
                          const struct desk_tz *tz, int64_t now, struct desk_buf *out);

#endif
