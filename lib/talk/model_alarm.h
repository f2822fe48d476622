/* Tells owners that the voice model does not answer, and when it does again: by text and Telegram,
 * ahead of everything else, to each business some calls of which it would take. */
#ifndef DESK_TALK_MODEL_ALARM_H
#define DESK_TALK_MODEL_ALARM_H

#include "base/err.h"
#include "db/db.h"

#include <stddef.h>
#include <stdint.h>

/* So long as it lasts the owner is told again after this (a worker that starts anew does not tell
 * again before). */
#define DESK_MODEL_ALARM_MS (6 * 60 * 60 * 1000LL)

struct desk_model_alarm {
    const char *engine; /* desk_rt_target.engine */
    const char *why;    /* what it does, behind its name ("refuses the key"); NULL = all is well */
    int64_t since;      /* first found down, UTC ms */
};

/* One transaction for each business; one that fails does not keep others from hearing of it: the
 * first failure is given back. *told: messages written now, 0 when all were told before. Blocks on
 * the database; no transaction may be open. */
DESK_MUST enum desk_rc desk_model_alarm(struct desk_db *db, const struct desk_model_alarm *m,
                                        int64_t now, size_t *told);

#endif
