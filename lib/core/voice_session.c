#include "core/voice_session.h"

#include <stddef.h>
#include <string.h>

static const char *const names[DESK_VS__STATES] = {
    [DESK_VS_ACTIVE] = "ACTIVE",
    [DESK_VS_COMPLETED] = "COMPLETED",
    [DESK_VS_FAILED] = "FAILED",
    [DESK_VS_ABANDONED] = "ABANDONED",
};

const char *desk_vs_state_name(enum desk_vs_state s)
{
    return (unsigned)s < DESK_VS__STATES ? names[s] : names[DESK_VS_FAILED];
}

enum desk_vs_state desk_vs_state_parse(const char *name)
{
    for (int i = 0; name && i < DESK_VS__STATES; i++)
        if (strcmp(names[i], name) == 0)
            return (enum desk_vs_state)i;
    return DESK_VS_FAILED; /* nothing may be done with what cannot be read */
}

/* What happens to a session that runs. One that has ended stays as it is: rows_ended. */
static const struct desk_vs_step rows[DESK_VS__EVENTS] = {
    [DESK_VS_INPUT] = {DESK_VS_ACTIVE, DESK_VS_GO},
    [DESK_VS_OVER] = {DESK_VS_COMPLETED, DESK_VS_GO},
    [DESK_VS_END] = {DESK_VS_COMPLETED, DESK_VS_GO},
    [DESK_VS_BROKE] = {DESK_VS_FAILED, DESK_VS_GO},
    [DESK_VS_LAPSE] = {DESK_VS_ABANDONED, DESK_VS_GO},
};
static const enum desk_vs_verdict rows_ended[DESK_VS__EVENTS] = {
    [DESK_VS_INPUT] = DESK_VS_REFUSED, [DESK_VS_OVER] = DESK_VS_STAYS,
    [DESK_VS_END] = DESK_VS_STAYS, /* an end may be told twice */
    [DESK_VS_BROKE] = DESK_VS_STAYS,   [DESK_VS_LAPSE] = DESK_VS_STAYS,
};

struct desk_vs_step desk_vs_step(enum desk_vs_state s, enum desk_vs_event e)
{
    if ((unsigned)e >= DESK_VS__EVENTS || (unsigned)s >= DESK_VS__STATES)
        return (struct desk_vs_step){s, DESK_VS_REFUSED};
    if (s == DESK_VS_ACTIVE)
        return rows[e];
    return (struct desk_vs_step){s, rows_ended[e]};
}

int64_t desk_vs_expires(int64_t created_at, int64_t now, int64_t idle_ms, bool in_turn)
{
    int64_t wait = in_turn && idle_ms < DESK_VS_TURN_MS ? DESK_VS_TURN_MS : idle_ms;
    int64_t latest = created_at + DESK_VS_LONGEST_MS;
    return now + wait < latest ? now + wait : latest;
}
