/* Spoken dates, fifth step: single words that matter beside days and times. */
#include "core/dates_items.h"

/* ---- one function per word ------------------------------------------------------------------ */

/* Do words follow that say something else? */
static bool clause_behind(const struct reading *r, size_t i)
{
    for (size_t k = i + 1; k < r->n && !item_is(r, k, T_PAUSE); k++)
        if (item_is(r, k, T_WORD) || item_is(r, k, T_VAGUE) || item_is(r, k, T_LABEL))
            return true;
    return false;
}

/* "whenever you can" is any time; "whenever the weather clears" is nobody knows when. */
static void whenever(struct reading *r, size_t i)
{
    bool clause = item_token(r, i)->v || clause_behind(r, i);
    if (clause)
        r->vague = true;
    else
        r->any = true;
    /* "the Tuesday after my holiday" leans on it */
    if (item_token(r, i)->v == 2 && i > 0 && r->item[i - 1].type == I_DAY &&
        r->item[i - 1].u.day.ref != DESK_DAY_IN_DAYS)
        item_trouble(r, DESK_WHY_VAGUE);
}

/* "after the party": what no rule has understood. */
static void dangling(struct reading *r, size_t i)
{
    if (desk_dates_next(r, i + 1) < r->n)
        return;
    r->vague = true;
    if (i > 0 && (r->item[i - 1].type == I_DAY || item_is(r, i - 1, T_UNIT)))
        item_trouble(r, DESK_WHY_VAGUE);
}

static void meridiem(struct reading *r, size_t i, bool pm)
{
    struct desk_when *w = r->w;
    if (i == 0 || r->item[i - 1].type != I_DAY) {
        if (!pm || w->time == DESK_TIME_NONE)
            return; /* "I am" */
    }
    if (w->time == DESK_TIME_NONE) {
        w->daypart = pm ? DESK_DAYPART_AFTERNOON : DESK_DAYPART_MORNING;
    } else if (!w->from.sure) {
        w->from.minute = w->from.minute % (12 * 60) + (pm ? 12 * 60 : 0);
        w->from.sure = true;
    }
}

/* "early Tuesday", "Tuesday late" */
static void edge(struct reading *r, size_t i, bool early)
{
    bool beside = (i > 0 && r->item[i - 1].type != I_TOKEN) ||
                  (i + 1 < r->n && r->item[i + 1].type != I_TOKEN) ||
                  desk_dates_next(r, i + 1) < r->n;
    struct desk_when *w = r->w;
    if (!beside || r->item[i].negated || (i > 0 && item_is(r, i - 1, T_NOT)) ||
        w->time != DESK_TIME_NONE || desk_dates_several(&w->day))
        return;
    if (w->daypart == DESK_DAYPART_NONE ||
        (early && w->daypart == DESK_DAYPART_MORNING && w->part == DESK_PART_WHOLE))
        w->daypart = early ? DESK_DAYPART_FIRST_THING : DESK_DAYPART_END_OF_DAY;
    else if (w->part == DESK_PART_WHOLE)
        w->part = early ? DESK_PART_EARLY : DESK_PART_LATE;
}

static void read_word(struct reading *r, size_t i)
{
    const struct tok *t = item_token(r, i);
    bool not = i > 0 && item_is(r, i - 1, T_NOT);
    switch (t->kind) {
    case T_ANY:
        r->any = r->any || (!not &&!t->v);
        break;
    case T_EARLIEST:
        if (t->v == 1 && clause_behind(r, i))
            r->vague = true; /* "as soon as I'm back" */
        else
            r->earliest = r->earliest || !not ;
        break;
    case T_VAGUE:
        r->vague = true;
        if (t->v)
            item_trouble(r, DESK_WHY_VAGUE); /* "the day after" */
        break;
    case T_THIS:
        if (item_is(r, i + 1, T_OR) && i + 2 < r->n && r->item[i + 2].type == I_DAY)
            item_trouble(r, DESK_WHY_CHOICE); /* "this or next week" */
        break;
    case T_LATER:
        r->vague = true;
        if (r->w->day.ref == DESK_DAY_IN_DAYS && r->w->day.n == 0 &&
            r->w->daypart == DESK_DAYPART_NONE && r->w->time == DESK_TIME_NONE)
            r->w->daypart = DESK_DAYPART_REST; /* "today but later" */
        break;
    case T_WHENEVER:
        whenever(r, i);
        break;
    case T_AFTER:
    case T_BEFORE:
        dangling(r, i);
        break;
    case T_EVERY:
        if (t->v || (i + 1 < r->n && r->item[i + 1].type == I_DAY) || item_is(r, i + 1, T_UNIT))
            item_trouble(r, DESK_WHY_RECURRING);
        break;
    case T_ZONE:
        r->w->zone = (char)t->v;
        break;
    case T_EARLY:
    case T_LATE:
        edge(r, i, t->kind == T_EARLY);
        break;
    case T_AM:
    case T_PM:
        meridiem(r, i, t->kind == T_PM);
        break;
    default:
        break;
    }
}

void desk_dates_asides(struct reading *r)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->item[i].type == I_TOKEN)
            read_word(r, i);
}
