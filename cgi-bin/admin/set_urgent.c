/* Above the form of urgent words: a sentence is tried, and what it would do is told. The judges are
 * those that hear a real call. */
#include "cgi-bin/admin/set.h"
#include "base/clock.h"
#include "core/danger.h"
#include "core/emergency.h"
#include "core/route.h"

#include <string.h>

#define SAID 400 /* letters that are tried */

static const char *level_words(enum desk_severity s)
{
    return s == DESK_P1   ? "That is an emergency."
           : s == DESK_P2 ? "That is urgent."
           : s == DESK_P3 ? "That is routine: it is noted, nobody is woken."
                          : "That is no emergency.";
}

static void names_into(struct desk_buf *out, const struct desk_ring *ring)
{
    for (size_t i = 0; i < ring->n; i++)
        desk_buf_fmt(out, "%s%s",
                     i == 0             ? ""
                     : i + 1 == ring->n ? " and "
                                        : ", ",
                     *ring->who[i]->name ? ring->who[i]->name : "the owner");
}

static const char *told_words(struct desk_request *req, const struct desk_business *b,
                              const struct desk_strings *who, unsigned by)
{
    struct desk_ring ring;
    struct desk_buf names;
    if (!who->n)
        return "Nobody is told at once.";
    if (!desk_business_tell(b, who, desk_now_ms(), &ring) || !ring.n)
        return "Nobody who should hear of it can be reached.";
    desk_buf_init(&names, 2000);
    names_into(&names, &ring);
    const char *ways = by == DESK_BY_ALL    ? "by text and Telegram"
                       : by == DESK_BY_TEXT ? "by text"
                                            : "by Telegram";
    const char *out =
        desk_arena_fmt(req->arena, "%s would hear of it %s.", desk_buf_cstr(&names), ways);
    desk_buf_clear(&names);
    return out;
}

static const char *trigger_words(enum desk_trigger t)
{
    static const char *const words[DESK_TRIGGER__MAX] = {
        [DESK_TRIGGER_BUDGET] = "a budget over your limit",
        [DESK_TRIGGER_REMODEL] = "a whole place to be remodelled",
        [DESK_TRIGGER_ANGRY] = "an angry client",
        [DESK_TRIGGER_OWNER] = "you being asked for",
        [DESK_TRIGGER_ELECTRICAL] = "hard electrical work",
        [DESK_TRIGGER_PLUMBING] = "hard plumbing work"};
    return words[t];
}

static void try_escalation(struct desk_request *req, struct desk_view *v,
                           const struct desk_business *b, const char *say)
{
    const char *names[DESK_OWNER_NAMES];
    struct desk_escalation e;
    const struct desk_escalation_table table = desk_danger_matrix(b, names);
    size_t n = 0;
    desk_escalation_judge(&table, say, &e);
    for (int i = 0; i < DESK_TRIGGER__MAX; i++)
        if (e.triggers & DESK_TRIGGER_BIT((enum desk_trigger)i))
            desk_view_setf(v, trigger_words((enum desk_trigger)i), "Try.Triggers.%zu", n++);
    if (n)
        desk_view_set(v, "Try.TriggerTold",
                      told_words(req, b, &b->escalation.tell, b->escalation.by));
}

enum desk_rc set_urgent_above(struct desk_request *req, struct desk_view *v,
                              const struct desk_business *b)
{
    struct desk_danger_found found;
    size_t n;
    const char *say = desk_form_text(&req->query_form, "say");
    say = desk_arena_strndup(req->arena, say, SAID);
    if (!say)
        return DESK_ENOMEM;
    desk_view_set(v, "TryForm", "1");
    desk_view_set(v, "Try.Say", say);
    if (!*say)
        return DESK_OK;
    desk_danger_judge(b, say, &found);
    desk_view_set(v, "Try.Level", level_words(found.severity));
    if (found.severity) {
        const char *because = desk_emergency_told(found.because, &n);
        desk_view_set(v, "Try.Because", desk_arena_strndup(req->arena, because, n));
        desk_view_set(v, "Try.Told",
                      told_words(req, b, &b->emergency.tell[found.severity],
                                 b->emergency.by[found.severity]));
    }
    if (found.severity == DESK_P1 && b->emergency.ring)
        desk_view_set(v, "Try.Ring", "The caller would be put through at once.");
    try_escalation(req, v, b, say);
    return DESK_OK;
}
