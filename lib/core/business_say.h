/* What a call that came at a given moment would meet, told to the owner: open or closed and why,
 * who is rung, who is on call, the first words. The same functions decide a real call. Pure. */
#ifndef DESK_CORE_BUSINESS_SAY_H
#define DESK_CORE_BUSINESS_SAY_H

#include "base/arena.h"
#include "base/err.h"
#include "core/business.h"

struct desk_business_answer {
    const char *when;   /* "Friday 27 November, 10:00 am" */
    const char *open;   /* "Closed (Thanksgiving) until Saturday 28 November, 8:00 am." */
    const char *answer; /* "Sal's phone rings for 20 seconds, then Frontdesk answers." */
    const char *words;  /* the first words a new caller hears; "" when nobody answers */
    const char *urgent; /* "Emergencies reach Dom Ferris." */
    const char *away;   /* "Raj is away (Raj away)."; "" */
    bool is_open;
};

/* setting: the mode where the profile says none. All strings in the arena. */
DESK_MUST enum desk_rc desk_business_say(const struct desk_business *b, struct desk_arena *a,
                                         enum desk_answer_mode setting, int64_t at_ms,
                                         struct desk_business_answer *out);

#endif
