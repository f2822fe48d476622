/* Inside core/dates*.c: what stands in a sentence, as items in a row. Not for other folders. */
#ifndef DESK_CORE_DATES_ITEMS_H
#define DESK_CORE_DATES_ITEMS_H

#include "core/dates_words.h"

#define DATE_ITEMS (2 * DESK_MAX_DATE_WORDS) /* "tonight" is a day and a part of it */

enum item_type { I_TOKEN, I_DAY, I_TIME, I_PART };

struct item {
    enum item_type type;
    size_t at, end; /* tokens */
    bool negated;
    union {
        struct desk_day day;
        struct time_said time;
        struct {
            enum desk_daypart daypart;
            enum desk_part part;
        } part;
    } u;
};

struct reading {
    const struct toks *t;
    struct desk_when *w;
    struct item item[DATE_ITEMS];
    size_t n;
    bool any, earliest, vague, only_not;
};

/* What the words between two items say about them. */
enum link {
    LINK_SAME,  /* next to each other, or "that's" between: one and the same */
    LINK_SOFT,  /* small words between */
    LINK_APART, /* other words between */
    LINK_FIX,
    LINK_BUT,
    LINK_OR,
    LINK_AND,
    LINK_RANGE,
};

/* Days, times, parts of a day and the words between them, with what is not wanted marked. */
void desk_dates_items(struct reading *r, bool british);

enum link desk_dates_link(const struct reading *r, size_t a, size_t b);

/* A small word: an article, a preposition, "well". */
bool desk_dates_small(const struct reading *r, size_t i);

/* The next thing said from item i on, past small words; r->n if something else comes first. */
size_t desk_dates_next(const struct reading *r, size_t i);

/* Is it more than one day by itself? */
bool desk_dates_several(const struct desk_day *d);

/* Single words that matter: "whenever", "p.m." far from its hour, "every" … */
void desk_dates_asides(struct reading *r);

static inline const struct tok *item_token(const struct reading *r, size_t item)
{
    return tok_at(r->t, r->item[item].at);
}

static inline bool item_is(const struct reading *r, size_t item, enum tok_kind kind)
{
    return item < r->n && r->item[item].type == I_TOKEN &&
           item_token(r, item)->kind == (unsigned char)kind;
}

/* The first reason to ask is the one that is given. */
static inline void item_trouble(struct reading *r, enum desk_when_why why)
{
    if (r->w->trouble == DESK_WHY_OK)
        r->w->trouble = why;
}

#endif
