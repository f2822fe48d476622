#include "core/business_say.h"
#include "base/buf.h"

#include <string.h>

static const char *moment(struct desk_arena *a, const struct desk_business *b, int64_t at)
{
    char date[48], time[24];
    return desk_arena_fmt(a, "%s, %s", desk_when_date_long(date, sizeof date, b->zone, at),
                          desk_when_time(time, sizeof time, b->zone, at, false));
}

static const char *open_words(const struct desk_business *b, struct desk_arena *a, int64_t at,
                              const struct desk_hours_state *h)
{
    char time[24];
    int64_t opens;
    const char *why = *h->label ? desk_arena_fmt(a, " (%s)", h->label) : "";
    if (h->open && h->why == DESK_HOURS_ALWAYS)
        return "Open day and night.";
    if (h->open)
        return desk_arena_fmt(a, "Open%s until %s.", why,
                              desk_when_time(time, sizeof time, b->zone, h->until, false));
    if (!desk_hours_next_open(b->hours, b->zone, at, &opens))
        return desk_arena_fmt(a, "Closed%s, and not open again within a year.", why);
    return desk_arena_fmt(a, "Closed%s until %s.", why, moment(a, b, opens));
}

/* "Sal's phone", "2 phones"; NULL: nobody can be rung. */
static const char *phones(const struct desk_business *b, struct desk_arena *a, const char *target,
                          int64_t at)
{
    struct desk_ring ring;
    if (!desk_business_ring(b, target, at, &ring) || !ring.n)
        return NULL;
    const char *name = *ring.who[0]->name ? ring.who[0]->name : "The owner";
    return ring.n == 1 ? desk_arena_fmt(a, "%s\xe2\x80\x99s phone rings", name)
                       : desk_arena_fmt(a, "%zu phones ring", ring.n);
}

static const char *who_answers(enum desk_answer_mode m)
{
    return m == DESK_ANSWER_GATHER ? "Frontdesk answers and listens turn by turn"
                                   : "Frontdesk answers and talks";
}

static const char *answer_words(const struct desk_business *b, struct desk_arena *a,
                                enum desk_answer_mode mode, enum desk_answer_mode setting,
                                int64_t at)
{
    enum desk_answer_mode then = b->answer.then ? b->answer.then : setting;
    if (mode != DESK_ANSWER_STAFF_FIRST && mode != DESK_ANSWER_OFF)
        return desk_arena_fmt(a, "%s.", who_answers(mode));
    const char *rung = phones(b, a, b->answer.ring, at);
    const char *rest =
        mode == DESK_ANSWER_OFF ? "the caller can leave a message" : who_answers(then);
    if (!rung)
        return desk_arena_fmt(a, "Nobody can be rung, so %s.", rest);
    return desk_arena_fmt(a, "%s for %d seconds; if nobody takes it, %s.", rung,
                          b->answer.ring_seconds, rest);
}

static const char *urgent_words(const struct desk_business *b, struct desk_arena *a, int64_t at)
{
    struct desk_ring ring;
    struct desk_buf names;
    if (!b->emergency.tell[DESK_P1].n)
        return "Nobody is told of emergencies.";
    if (!desk_business_tell(b, &b->emergency.tell[DESK_P1], at, &ring) || !ring.n)
        return "Nobody who hears of emergencies can be reached: add a phone number.";
    desk_buf_init(&names, 2000);
    for (size_t i = 0; i < ring.n; i++)
        desk_buf_fmt(&names, "%s%s",
                     i == 0            ? ""
                     : i + 1 == ring.n ? " and "
                                       : ", ",
                     *ring.who[i]->name ? ring.who[i]->name : "the owner");
    const char *out = desk_arena_fmt(a, "Emergencies reach %s.", desk_buf_cstr(&names));
    desk_buf_clear(&names);
    return out;
}

/* Said of that person already. */
static bool of_person(const struct desk_business *b, const char *label)
{
    for (size_t i = 0; i < b->n_away; i++)
        if (strcmp(b->away[i].label, label) == 0)
            return true;
    return false;
}

static const char *away_words(const struct desk_business *b, struct desk_arena *a, int64_t at)
{
    struct desk_buf out;
    const char *label;
    int32_t date = desk_hours_date(b->zone, at);
    desk_buf_init(&out, 2000);
    for (size_t i = 0; i < b->n_people; i++)
        if (desk_business_away(b, &b->people[i], date, &label))
            desk_buf_fmt(&out, "%s%s is away.", out.len ? " " : "", b->people[i].name);
    for (size_t i = 0; (label = desk_hours_note(b->hours, date, i)) != NULL; i++)
        if (*label && !of_person(b, label))
            desk_buf_fmt(&out, "%sNoted: %s.", out.len ? " " : "", label);
    const char *text = desk_arena_strdup(a, desk_buf_cstr(&out));
    desk_buf_clear(&out);
    return text;
}

enum desk_rc desk_business_say(const struct desk_business *b, struct desk_arena *a,
                               enum desk_answer_mode setting, int64_t at_ms,
                               struct desk_business_answer *out)
{
    struct desk_hours_state h;
    desk_hours_at(b->hours, b->zone, at_ms, &h);
    enum desk_answer_mode mode = desk_business_mode(b, h.open);
    if (mode == DESK_ANSWER_UNSAID)
        mode = setting;
    *out = (struct desk_business_answer){
        .when = moment(a, b, at_ms),
        .open = open_words(b, a, at_ms, &h),
        .answer = answer_words(b, a, mode, setting, at_ms),
        .words = mode == DESK_ANSWER_OFF ? "" : desk_business_greeting(b, a, h.open, NULL),
        .urgent = urgent_words(b, a, at_ms),
        .away = away_words(b, a, at_ms),
        .is_open = h.open};
    return out->when && out->open && out->answer && out->words && out->urgent && out->away
               ? DESK_OK
               : DESK_ENOMEM;
}
