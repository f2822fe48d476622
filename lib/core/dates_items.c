/* Spoken dates, fourth step: what stands in a sentence, and how its parts are linked. */
#include "core/dates_items.h"

/* ---- finding them --------------------------------------------------------------------------- */

static struct item *add(struct reading *r, enum item_type type, size_t at, size_t n)
{
    struct item *it = &r->item[r->n < DATE_ITEMS ? r->n++ : DATE_ITEMS - 1];
    *it = (struct item){.type = type, .at = at, .end = at + n};
    return it;
}

static enum desk_part part_of(const struct tok *t)
{
    return t->kind == T_EARLY  ? DESK_PART_EARLY
           : t->kind == T_MID  ? DESK_PART_MID
           : t->kind == T_LATE ? DESK_PART_LATE
                               : DESK_PART_WHOLE;
}

static void add_today(struct reading *r, size_t at, size_t n)
{
    struct item *it = add(r, I_DAY, at, n);
    it->u.day = desk_dates_day_of(DESK_DAY_IN_DAYS);
}

static void add_part(struct reading *r, size_t at, size_t n, enum desk_daypart daypart,
                     enum desk_part part)
{
    struct item *it = add(r, I_PART, at, n);
    it->u.part.daypart = daypart;
    it->u.part.part = part;
}

/* "by the end of the day", "sometime before lunch": what the word before makes of a part. */
static enum desk_daypart limited_part(const struct reading *r, const struct tok *part)
{
    static const struct {
        enum tok_kind before;
        enum desk_daypart part, becomes;
    } rows[] = {{T_BY, DESK_DAYPART_END_OF_DAY, DESK_DAYPART_REST},
                {T_BEFORE, DESK_DAYPART_END_OF_DAY, DESK_DAYPART_REST},
                {T_BEFORE, DESK_DAYPART_MIDDAY, DESK_DAYPART_BEFORE_LUNCH},
                {T_AFTER, DESK_DAYPART_MIDDAY, DESK_DAYPART_AFTER_LUNCH}};
    for (size_t i = 0; r->n && part->kind == T_PART && i < sizeof rows / sizeof *rows; i++)
        if (item_is(r, r->n - 1, rows[i].before) && part->v == (int)rows[i].part)
            return rows[i].becomes;
    return DESK_DAYPART_NONE;
}

/* "late morning", "this afternoon", "early in the evening", "later today", "tonight" */
static size_t daypart(struct reading *r, size_t i)
{
    const struct toks *t = r->t;
    size_t k = i;
    bool later = tok_is(t, k, T_LATER);
    k += later;
    if (later && tok_is(t, k, T_RELDAY) && tok_at(t, k)->v == 0) {
        add_today(r, i, 2);
        add_part(r, i, 2, DESK_DAYPART_REST, DESK_PART_WHOLE);
        return 2;
    }
    bool this = tok_is(t, k, T_THIS);
    k += this;
    enum desk_part part = part_of(tok_at(t, k));
    if (part != DESK_PART_WHOLE) {
        k++;
        while (tok_is(t, k, T_IN) || tok_is(t, k, T_THE) || tok_is(t, k, T_DASH) ||
               tok_is(t, k, T_OF))
            k++;
    }
    bool tonight = tok_is(t, k, T_TONIGHT);
    if (!tonight && !tok_is(t, k, T_PART))
        return 0;
    size_t n = k + 1 - i;
    enum desk_daypart limited = limited_part(r, tok_at(t, k));
    if (limited != DESK_DAYPART_NONE) {
        add_part(r, i, n, limited, DESK_PART_WHOLE);
        return n;
    }
    if (this || tonight)
        add_today(r, i, n);
    add_part(r, i, n, tonight ? DESK_DAYPART_NIGHT : (enum desk_daypart)tok_at(t, k)->v, part);
    return n;
}

static void find(struct reading *r, bool british)
{
    struct desk_day day;
    struct time_said time;
    for (size_t i = 0, n; i < r->t->n; i += n) {
        if ((n = daypart(r, i)))
            continue;
        if ((n = desk_dates_day(r->t, i, &day))) {
            add(r, I_DAY, i, n)->u.day = day;
        } else if ((n = desk_dates_time(r->t, i, british, &time))) {
            if (time.kind != DESK_TIME_NONE)
                add(r, I_TIME, i, n)->u.time = time;
        } else {
            add(r, I_TOKEN, i, n = 1);
        }
    }
}

/* ---- between two of them -------------------------------------------------------------------- */

/* "… would be better" behind it takes back what went before it. */
static bool preferred(const struct reading *r, size_t b)
{
    for (size_t i = b + 1; i < r->n && i < b + 4; i++) {
        if (item_is(r, i, T_FIX) && item_token(r, i)->v == 3)
            return true;
        if (!item_is(r, i, T_FILL) && !item_is(r, i, T_IS) && !item_is(r, i, T_PAUSE) &&
            r->item[i].type == I_TOKEN)
            return false;
    }
    return false;
}

struct between {
    bool fix, so, but, or, and, to, is, fill, word, other;
};

static bool spanish_before(const struct reading *r, size_t i)
{
    size_t at = r->item[i].at;
    return at > 0 && tok_at(r->t, at - 1)->flags & F_SPANISH;
}

static void look(const struct reading *r, size_t i, struct between *b)
{
    if (r->item[i].type != I_TOKEN) {
        b->other = true;
        return;
    }
    const struct tok *t = item_token(r, i);
    switch (t->kind) {
    case T_FIX:
        b->so = b->so || item_token(r, i)->v == 2;
        b->fix = b->fix || item_token(r, i)->v != 2;
        break;
    case T_BUT:
        b->but = true;
        break;
    case T_OR:
        b->or = true;
        break;
    case T_AND:
        b->and = true;
        break;
    case T_TO:
    case T_THROUGH:
    case T_UNTIL:
    case T_DASH:
        b->to = true;
        break;
    case T_IS:
        b->is = true;
        break;
    case T_WORD:
    case T_NUM:
    case T_UNIT:
    case T_LABEL:
    case T_STREET:
        b->word = true;
        break;
    case T_A: /* "de lunes a miércoles" */
        b->to = b->to || spanish_before(r, i);
        break;
    case T_EL:
    case T_PAUSE:
    case T_THE:
    case T_ON:
    case T_OF:
    case T_IN:
        break;
    default:
        b->fill = true;
        break;
    }
}

/* "if Monday's taken then Tuesday" */
static bool supposed(const struct reading *r, size_t i)
{
    while (i > 0 && desk_dates_small(r, i - 1))
        i--;
    return i > 0 && item_is(r, i - 1, T_IF);
}

static bool between_before(const struct reading *r, size_t i)
{
    for (size_t k = i; k-- > 0 && i - k < 3;)
        if (item_is(r, k, T_BETWEEN))
            return true;
    return false;
}

enum link desk_dates_link(const struct reading *r, size_t a, size_t b)
{
    struct between s = {0};
    for (size_t i = a + 1; i < b; i++)
        if (r->item[i].at >= r->item[a].end)
            look(r, i, &s);
    const struct tok *first = item_token(r, b);
    if (first->kind == T_EL && first->v == 2 && spanish_before(r, b))
        s.to = true; /* "del lunes al miércoles" */
    bool range = (s.to && !s.fill) || (s.and &&between_before(r, a));
    bool or = s.or || (s.so && supposed(r, a));
    /* the first that holds */
    const struct {
        bool holds;
        enum link link;
    } rows[] = {{s.fix, LINK_FIX},
                { or, LINK_OR},
                {s.so, LINK_FIX},
                {s.but, LINK_BUT},
                {preferred(r, b), LINK_FIX},
                {s.word, LINK_APART},
                {range, LINK_RANGE},
                {s.and, LINK_AND},
                {s.is, LINK_SAME},
                {s.other || s.fill, LINK_SOFT},
                {true, LINK_SAME}};
    size_t i = 0;
    while (!rows[i].holds)
        i++;
    return rows[i].link;
}

/* ---- what is not wanted --------------------------------------------------------------------- */

bool desk_dates_small(const struct reading *r, size_t i)
{
    return item_is(r, i, T_FILL) || item_is(r, i, T_THE) || item_is(r, i, T_EL) ||
           item_is(r, i, T_ON) || item_is(r, i, T_IN) || item_is(r, i, T_AT) ||
           item_is(r, i, T_IS) || item_is(r, i, T_A) || item_is(r, i, T_FOR);
}

size_t desk_dates_next(const struct reading *r, size_t i)
{
    while (i < r->n && desk_dates_small(r, i))
        i++;
    return i < r->n && r->item[i].type != I_TOKEN ? i : r->n;
}

static void negate_from(struct reading *r, size_t i)
{
    size_t k = desk_dates_next(r, i);
    while (k < r->n) {
        r->item[k].negated = true;
        size_t also = k + 1;
        /* "except Monday and Tuesday", "not Monday to Wednesday" */
        if (!item_is(r, also, T_AND) && !item_is(r, also, T_OR) && !item_is(r, also, T_TO) &&
            !item_is(r, also, T_THROUGH))
            break;
        k = desk_dates_next(r, also + 1);
    }
}

/* Is there a day right before item i? */
static size_t thing_before(const struct reading *r, size_t i)
{
    while (i-- > 0) {
        if (r->item[i].type != I_TOKEN)
            return i;
        bool so = item_is(r, i, T_FIX) && item_token(r, i)->v == 2;
        if (!desk_dates_small(r, i) && !item_is(r, i, T_PAUSE) && !so)
            break;
    }
    return r->n;
}

bool desk_dates_several(const struct desk_day *d)
{
    return d->ref == DESK_DAY_WEEK || d->ref == DESK_DAY_WEEKEND || d->ref == DESK_DAY_MONTH ||
           d->spread || d->whole != DESK_WHOLE_DAY;
}

static void mark_negated(struct reading *r)
{
    for (size_t i = 0; i < r->n; i++) {
        size_t before = thing_before(r, i);
        if (item_is(r, i, T_NOT)) {
            negate_from(r, i + 1);
            r->any = r->any || item_token(r, i)->v;
        } else if (item_is(r, i, T_NO_GOOD) && before < r->n) {
            r->item[before].negated = true;
        } else if (item_is(r, i, T_NO_GOOD)) {
            negate_from(r, i + 1); /* "I can't do Mondays" */
        } else if (item_is(r, i, T_BUT) && desk_dates_next(r, i + 1) == i + 1) {
            /* "any day next week but Monday" */
            bool many = before < r->n && r->item[before].type == I_DAY &&
                        desk_dates_several(&r->item[before].u.day);
            bool any = i > 0 && item_is(r, i - 1, T_ANY);
            if ((many || any) && r->item[i + 1].type == I_DAY)
                negate_from(r, i + 1);
        }
    }
}

void desk_dates_items(struct reading *r, bool british)
{
    find(r, british);
    mark_negated(r);
}
