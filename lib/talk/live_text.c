#include "talk/live_text.h"
#include "core/live_words.h"
#include "store/alerts.h"
#include "store/calls.h"
#include "talk/live.h"

#include <string.h>

#define ALERTS 20 /* looked back over */

static const char *const kinds[] = {
    [DESK_LIVE_WORD_ME] = DESK_LIVE_THROUGH,
    [DESK_LIVE_WORD_SAY] = DESK_LIVE_SAY,
    [DESK_LIVE_WORD_MSG] = DESK_LIVE_MESSAGE,
};

static const char *const answers[] = {
    [DESK_LIVE_WORD_ME] = "Putting the caller through to you now: your phone rings in a moment.",
    [DESK_LIVE_WORD_SAY] = "The caller is told so as soon as this sentence is over.",
    [DESK_LIVE_WORD_MSG] = "The caller is asked to leave a message now.",
};

/* The call of the last alert; of several that run, the one told of last. DESK_ENOTFOUND: there was
 * no alert of a telephone call lately. */
static enum desk_rc told_of(struct desk_db *db, struct desk_arena *a,
                            const struct desk_live_text *in, struct desk_call *c)
{
    struct desk_alert *rows;
    size_t n = 0;
    bool found = false;
    enum desk_rc rc = desk_alert_list(db, a, in->tenant_id, ALERTS, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        struct desk_call other;
        if (!rows[i].told || in->now - rows[i].created_at > DESK_LIVE_TEXT_MS)
            continue;
        rc = desk_call_get(db, a, in->tenant_id, rows[i].call_id, &other);
        if (rc || other.channel || (found && other.ended_at))
            continue;
        *c = other;
        found = true;
        if (!other.ended_at)
            return DESK_OK;
    }
    return rc ? rc : found ? DESK_OK : DESK_ENOTFOUND;
}

enum desk_rc desk_live_text(struct desk_db *db, struct desk_arena *a,
                            const struct desk_live_text *in, const char **answer)
{
    struct desk_call c;
    const char *said = "", *why = NULL;
    enum desk_live_word word = desk_live_word(in->text, &said);
    *answer = NULL;
    if (word == DESK_LIVE_WORD_NONE)
        return DESK_OK;
    enum desk_rc rc = told_of(db, a, in, &c);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    const struct desk_live_ask ask = {.business = in->business,
                                      .call = &c,
                                      .kind = kinds[word],
                                      .text = said,
                                      .by = *in->business->owner->name ? in->business->owner->name
                                                                       : "The owner",
                                      .way = "by text",
                                      .once = desk_arena_fmt(a, "text:%s", in->sid)};
    rc = ask.once ? desk_live_ask(db, a, &ask, &why) : DESK_ENOMEM;
    *answer = why ? why : answers[word];
    return rc == DESK_DONE ? DESK_OK : rc;
}
