/* Spoken dates, third step: what a sentence says as a whole. Days, times and parts of a day found
 * in it are put together from left to right; the words between two of them say how: a correction
 * takes the earlier back, "or" is a choice, "to" a range, nothing between means the same day twice
 * over, and after a digression the last one said counts. */
#include "core/dates_words.h"

#include <string.h>

#define MAX_ITEMS (DESK_MAX_DATE_WORDS + 8)

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
    struct item item[MAX_ITEMS];
    size_t n;
    bool any, earliest, vague, only_not;
};

/* ---- finding them ------------------------------------------------------------------------------
 */

static struct item *add(struct reading *r, enum item_type type, size_t at, size_t n)
{
    struct item *it = &r->item[r->n < MAX_ITEMS ? r->n++ : MAX_ITEMS - 1];
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

/* ---- between two of them ------------------------------------------------------------------------
 */

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

static const struct tok *token(const struct reading *r, size_t item)
{
    return tok_at(r->t, r->item[item].at);
}

static bool item_is(const struct reading *r, size_t item, enum tok_kind kind)
{
    return item < r->n && r->item[item].type == I_TOKEN &&
           token(r, item)->kind == (unsigned char)kind;
}

/* "… would be better" behind it takes back what went before it. */
static bool preferred(const struct reading *r, size_t b)
{
    for (size_t i = b + 1; i < r->n && i < b + 4; i++) {
        if (item_is(r, i, T_FIX) && token(r, i)->v == 3)
            return true;
        if (!item_is(r, i, T_FILL) && !item_is(r, i, T_IS) && !item_is(r, i, T_PAUSE) &&
            r->item[i].type == I_TOKEN)
            return false;
    }
    return false;
}

struct between {
    bool fix, but, or, and, to, is, fill, word, other;
};

static void look(const struct reading *r, size_t i, struct between *b)
{
    if (r->item[i].type != I_TOKEN) {
        b->other = true;
        return;
    }
    switch (token(r, i)->kind) {
    case T_FIX:
        b->fix = true;
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
    case T_PAUSE:
    case T_THE:
    case T_ON:
    case T_OF:
    case T_EL:
    case T_A:
    case T_IN:
        break;
    default:
        b->fill = true;
        break;
    }
}

static enum link link_of(const struct reading *r, size_t a, size_t b)
{
    struct between s = {0};
    for (size_t i = a + 1; i < b; i++)
        if (r->item[i].at >= r->item[a].end)
            look(r, i, &s);
    bool after_between = false;
    for (size_t i = a; i-- > 0 && a - i < 3;)
        after_between = after_between || item_is(r, i, T_BETWEEN);
    if (s.fix)
        return LINK_FIX;
    if (s.or)
        return LINK_OR;
    if (s.but)
        return LINK_BUT;
    if (preferred(r, b))
        return LINK_FIX;
    if (s.word)
        return LINK_APART;
    if ((s.to && !s.fill) || (s.and &&after_between))
        return LINK_RANGE;
    if (s.and)
        return LINK_AND;
    if (s.is)
        return LINK_SAME;
    return s.other || s.fill ? LINK_SOFT : LINK_SAME;
}

/* ---- what is not wanted -------------------------------------------------------------------------
 */

static bool small(const struct reading *r, size_t i)
{
    return item_is(r, i, T_FILL) || item_is(r, i, T_THE) || item_is(r, i, T_EL) ||
           item_is(r, i, T_ON) || item_is(r, i, T_IN) || item_is(r, i, T_AT) ||
           item_is(r, i, T_IS) || item_is(r, i, T_A) || item_is(r, i, T_FOR);
}

/* The next thing said from item i on, past small words; r->n if something else comes first. */
static size_t next_thing(const struct reading *r, size_t i)
{
    while (i < r->n && small(r, i))
        i++;
    return i < r->n && r->item[i].type != I_TOKEN ? i : r->n;
}

static void negate_from(struct reading *r, size_t i)
{
    size_t k = next_thing(r, i);
    while (k < r->n) {
        r->item[k].negated = true;
        size_t also = k + 1;
        /* "except Monday and Tuesday", "not Monday to Wednesday" */
        if (!item_is(r, also, T_AND) && !item_is(r, also, T_OR) && !item_is(r, also, T_TO) &&
            !item_is(r, also, T_THROUGH))
            break;
        k = next_thing(r, also + 1);
    }
}

/* Is there a day right before item i? */
static size_t thing_before(const struct reading *r, size_t i)
{
    while (i-- > 0) {
        if (r->item[i].type != I_TOKEN)
            return i;
        if (!small(r, i) && !item_is(r, i, T_PAUSE))
            break;
    }
    return r->n;
}

static bool several(const struct desk_day *d)
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
            r->any = r->any || token(r, i)->v;
        } else if (item_is(r, i, T_NO_GOOD) && before < r->n) {
            r->item[before].negated = true;
        } else if (item_is(r, i, T_NO_GOOD)) {
            negate_from(r, i + 1); /* "I can't do Mondays" */
        } else if (item_is(r, i, T_BUT) && next_thing(r, i + 1) == i + 1) {
            /* "any day next week but Monday" */
            bool many =
                before < r->n && r->item[before].type == I_DAY && several(&r->item[before].u.day);
            bool any = i > 0 && item_is(r, i - 1, T_ANY);
            if ((many || any) && r->item[i + 1].type == I_DAY)
                negate_from(r, i + 1);
        }
    }
}

/* ---- days
 * ---------------------------------------------------------------------------------------- */

static void trouble(struct reading *r, enum desk_when_why why)
{
    if (r->w->trouble == DESK_WHY_OK)
        r->w->trouble = why;
}

/* Both say one day: the narrower within the wider. False: two different sayings of it. */
static bool refine(struct desk_day *a, const struct desk_day *b)
{
    const struct desk_day *wide = a->ref == DESK_DAY_WEEKDAY || a->ref == DESK_DAY_DATE ? b : a;
    const struct desk_day *narrow = wide == a ? b : a;
    struct desk_day both = *narrow;
    if (wide->ref == DESK_DAY_WEEK && narrow->ref == DESK_DAY_WEEKDAY) {
        both.which = DESK_WHICH_OFFSET;
        both.offset = wide->offset;
    } else if (wide->ref == DESK_DAY_MONTH && narrow->ref == DESK_DAY_DATE && !narrow->month) {
        both.which = wide->month ? DESK_WHICH_PLAIN : DESK_WHICH_OFFSET;
        both.offset = wide->offset;
        both.month = wide->month;
        both.year = wide->year;
    } else if (wide->ref == DESK_DAY_WEEKEND && narrow->ref == DESK_DAY_WEEKDAY &&
               (narrow->weekday == 0 || narrow->weekday == 6)) {
        both.which = wide->which;
    } else if (wide->ref == DESK_DAY_YEAR && narrow->ref == DESK_DAY_DATE && !narrow->year) {
        both.year = wide->year;
    } else {
        return false;
    }
    *a = both;
    return true;
}

static bool same_kind(const struct desk_day *a, const struct desk_day *b)
{
    return a->ref == b->ref;
}

/* "the 3rd to the 5th", "December 3rd to 5th": the second in the first one's month. */
static void set_last(struct desk_when *w, const struct desk_day *b)
{
    w->last = *b;
    if (w->day.ref == DESK_DAY_DATE && b->ref == DESK_DAY_DATE && !b->month) {
        w->last.month = w->day.month;
        w->last.year = w->day.year;
    }
}

/* "December 3rd or 5th" etc. are a choice whatever they are. */
static void merge_day(struct reading *r, const struct desk_day *b, enum link link)
{
    struct desk_when *w = r->w;
    struct desk_day *a = &w->day;
    bool weekdays = a->ref == DESK_DAY_WEEKDAY && b->ref == DESK_DAY_WEEKDAY;
    switch (link) {
    case LINK_OR:
    case LINK_AND:
        if (!refine(a, b))
            trouble(r, DESK_WHY_CHOICE);
        break;
    case LINK_RANGE:
        set_last(w, b);
        break;
    case LINK_SAME:
    case LINK_SOFT:
        if (refine(a, b))
            break;
        if (same_kind(a, b) && memcmp(a, b, sizeof *a) == 0)
            break;
        if (w->last.ref == DESK_DAY_WEEKDAY && b->ref == DESK_DAY_DATE)
            set_last(w, b); /* "Monday to Wednesday the 25th" */
        else if (weekdays)
            trouble(r, DESK_WHY_CHOICE);
        else if (w->check.ref == DESK_DAY_NONE)
            w->check = *b;
        break;
    case LINK_APART:
        if (refine(a, b))
            break;
        if ((a->ref == DESK_DAY_DATE && b->ref == DESK_DAY_WEEKDAY) ||
            (b->ref == DESK_DAY_DATE && a->ref == DESK_DAY_WEEKDAY)) {
            w->check = *b;
            break;
        }
        /* fall through */
    case LINK_BUT:
    case LINK_FIX:
        if (w->trouble == DESK_WHY_CHOICE || w->trouble == DESK_WHY_VAGUE)
            w->trouble = DESK_WHY_OK;
        w->day = *b;
        w->last = w->check = desk_dates_day_of(DESK_DAY_NONE);
        w->limit = DESK_DAY_ON;
        break;
    }
}

/* The word before a day that makes it a limit, or after it. */
static enum desk_day_limit limit_of(const struct reading *r, size_t i)
{
    size_t k = i;
    while (k > 0 &&
           (item_is(r, k - 1, T_THE) || item_is(r, k - 1, T_FILL) || item_is(r, k - 1, T_EL)))
        k--;
    const struct tok *before = k > 0 && r->item[k - 1].type == I_TOKEN ? token(r, k - 1) : NULL;
    size_t b = i + 1;
    if (item_is(r, b, T_ONWARD))
        return token(r, b)->v ? DESK_DAY_BY : DESK_DAY_FROM;
    if (!before)
        return DESK_DAY_ON;
    switch (before->kind) {
    case T_AFTER:
        return before->v == 1 ? DESK_DAY_FROM : DESK_DAY_AFTER;
    case T_BEFORE:
        return DESK_DAY_BEFORE;
    case T_BY:
    case T_UNTIL:
    case T_WITHIN:
        return DESK_DAY_BY;
    case T_FROM:
        return DESK_DAY_FROM;
    default:
        return DESK_DAY_ON;
    }
}

static bool since(const struct reading *r, size_t i)
{
    while (i > 0 && small(r, i - 1))
        i--;
    return i > 0 && item_is(r, i - 1, T_SINCE);
}

static bool in_past(const struct desk_day *d)
{
    return (d->ref == DESK_DAY_IN_DAYS && d->n < 0) || d->which == DESK_WHICH_LAST ||
           (d->which == DESK_WHICH_OFFSET && d->offset < 0);
}

static void exclude(struct reading *r, const struct desk_day *d)
{
    r->only_not = true;
    if (d->ref == DESK_DAY_WEEK && d->which == DESK_WHICH_OFFSET && d->offset == 0 &&
        r->w->day.ref == DESK_DAY_NONE) {
        r->w->day = *d; /* "not this week": the next */
        r->w->day.offset = 1;
    } else if (r->w->n_nots < DESK_WHEN_NOTS) {
        r->w->nots[r->w->n_nots++] = *d;
        /* "any day but Monday next week" */
        if (r->any && d->ref == DESK_DAY_WEEKDAY && d->which == DESK_WHICH_OFFSET &&
            r->w->day.ref == DESK_DAY_NONE) {
            r->w->day = desk_dates_day_of(DESK_DAY_WEEK);
            r->w->day.which = DESK_WHICH_OFFSET;
            r->w->day.offset = d->offset;
        }
    }
}

static void read_days(struct reading *r)
{
    size_t last = r->n, past = r->n;
    for (size_t i = 0; i < r->n; i++) {
        const struct item *it = &r->item[i];
        if (it->type != I_DAY || since(r, i))
            continue;
        if (it->negated) {
            exclude(r, &it->u.day);
            continue;
        }
        if (in_past(&it->u.day) || item_is(r, i + 1, T_AGO)) {
            past = past == r->n ? i : past; /* counts only when there is no other */
            if (i + 1 < r->n && r->item[i + 1].type == I_DAY &&
                r->item[i + 1].u.day.ref == DESK_DAY_WEEKDAY)
                trouble(r, DESK_WHY_CONFLICT); /* "a week ago Monday": that Monday? */
            continue;
        }
        enum link link = last == r->n ? LINK_FIX : link_of(r, last, i);
        enum desk_day_limit limit = limit_of(r, i);
        merge_day(r, &it->u.day, link);
        if (link == LINK_FIX || link == LINK_BUT || link == LINK_APART)
            r->w->limit = limit;
        last = i;
    }
    if (last == r->n && past < r->n)
        r->w->day = r->item[past].u.day;
    if (r->w->last.ref != DESK_DAY_NONE)
        r->w->limit = DESK_DAY_ON;
}

/* ---- times
 * ---------------------------------------------------------------------------------------- */

static void take_time(struct desk_when *w, const struct time_said *s)
{
    w->time = s->kind;
    w->from = s->from;
    w->to = s->to;
    w->minutes = s->minutes;
}

/* "after two but before five" */
static bool complete(struct desk_when *w, const struct time_said *s)
{
    if (w->time == DESK_TIME_AFTER && s->kind == DESK_TIME_BEFORE) {
        w->to = s->from;
    } else if (w->time == DESK_TIME_BEFORE && s->kind == DESK_TIME_AFTER) {
        w->to = w->from;
        w->from = s->from;
    } else {
        return false;
    }
    w->time = DESK_TIME_BETWEEN;
    return true;
}

static bool same_time(const struct desk_when *w, const struct time_said *s)
{
    return w->time == s->kind && w->from.minute == s->from.minute && w->to.minute == s->to.minute;
}

static void merge_time(struct reading *r, const struct time_said *s, enum link link)
{
    struct desk_when *w = r->w;
    if (link == LINK_FIX) {
        if (w->trouble == DESK_WHY_CHOICE || w->trouble == DESK_WHY_BAD_TIME)
            w->trouble = DESK_WHY_OK;
        take_time(w, s);
    } else if (complete(w, s) || same_time(w, s)) {
        return;
    } else if (link == LINK_APART || link == LINK_BUT) {
        if (!s->weak)
            take_time(w, s);
    } else {
        trouble(r, DESK_WHY_CHOICE);
    }
    if (s->trouble != DESK_WHY_OK)
        trouble(r, s->trouble);
}

static void read_times(struct reading *r)
{
    size_t last = r->n;
    bool elapsed_past = false, few = false;
    for (size_t i = 0; i < r->n; i++) {
        const struct time_said *s = &r->item[i].u.time;
        if (r->item[i].type != I_TIME)
            continue;
        if (r->item[i].negated) {
            r->only_not = true;
            continue;
        }
        if (s->kind == DESK_TIME_IN && s->minutes < 0) {
            elapsed_past = true;
            continue;
        }
        if (s->trouble == DESK_WHY_VAGUE) { /* "in a few days" */
            few = true;
            continue;
        }
        if (last == r->n) {
            take_time(r->w, s);
            if (s->trouble != DESK_WHY_OK)
                trouble(r, s->trouble);
        } else {
            merge_time(r, s, link_of(r, last, i));
        }
        last = i;
    }
    if (few && r->w->day.ref == DESK_DAY_NONE)
        trouble(r, DESK_WHY_VAGUE);
    if (elapsed_past && last == r->n && r->w->day.ref == DESK_DAY_NONE) {
        r->w->day = desk_dates_day_of(DESK_DAY_IN_DAYS);
        r->w->day.n = -1;
    }
}

/* ---- parts of a day
 * -------------------------------------------------------------------------------- */

/* "not in the morning": what is left of the day. */
static void leave_out(struct desk_when *w, enum desk_daypart p)
{
    if (w->time != DESK_TIME_NONE || w->daypart != DESK_DAYPART_NONE)
        return;
    w->from = (struct desk_clock){
        p == DESK_DAYPART_EVENING || p == DESK_DAYPART_NIGHT ? 17 * 60 : 12 * 60, true};
    w->time = p == DESK_DAYPART_MORNING ? DESK_TIME_AFTER : DESK_TIME_BEFORE;
}

/* Two parts said of one day: the more exact one. */
static bool within_other(enum desk_daypart exact, enum desk_daypart wide)
{
    if (exact == DESK_DAYPART_FIRST_THING)
        return wide == DESK_DAYPART_MORNING;
    if (exact == DESK_DAYPART_END_OF_DAY)
        return wide == DESK_DAYPART_AFTERNOON || wide == DESK_DAYPART_EVENING;
    return exact == wide;
}

static void merge_part(struct reading *r, const struct item *it, enum link link)
{
    struct desk_when *w = r->w;
    enum desk_daypart p = it->u.part.daypart;
    if (link == LINK_OR || link == LINK_AND)
        trouble(r, DESK_WHY_CHOICE);
    else if (link == LINK_FIX || !within_other(w->daypart, p)) {
        w->daypart = p;
        w->part = it->u.part.part;
    }
}

static void read_parts(struct reading *r)
{
    size_t last = r->n;
    for (size_t i = 0; i < r->n; i++) {
        const struct item *it = &r->item[i];
        if (it->type != I_PART)
            continue;
        if (it->negated) {
            leave_out(r->w, it->u.part.daypart);
            continue;
        }
        if (last == r->n) {
            r->w->daypart = it->u.part.daypart;
            r->w->part = it->u.part.part;
        } else {
            merge_part(r, it, link_of(r, last, i));
        }
        last = i;
    }
}

/* A time and a part with a correction between them: the later one is meant. */
static void settle(struct reading *r)
{
    for (size_t i = 0; i < r->n; i++)
        for (size_t k = i + 1; k < r->n; k++) {
            enum item_type a = r->item[i].type, b = r->item[k].type;
            bool pair = (a == I_TIME && b == I_PART) || (a == I_PART && b == I_TIME);
            if (!pair || r->item[i].negated || r->item[k].negated)
                continue;
            bool fix = false;
            for (size_t m = i + 1; m < k; m++)
                fix = fix || (item_is(r, m, T_FIX) && token(r, m)->v < 2);
            if (fix && a == I_TIME)
                r->w->time = DESK_TIME_NONE;
            else if (fix)
                r->w->daypart = DESK_DAYPART_NONE;
        }
}

/* ---- single words that matter
 * ------------------------------------------------------------------------ */

/* "whenever you can" is any time; "whenever the weather clears" is nobody knows when. */
static void whenever(struct reading *r, size_t i)
{
    bool clause = token(r, i)->v;
    for (size_t k = i + 1; k < r->n && !item_is(r, k, T_PAUSE); k++)
        clause =
            clause || item_is(r, k, T_WORD) || item_is(r, k, T_VAGUE) || item_is(r, k, T_LABEL);
    if (clause)
        r->vague = true;
    else
        r->any = true;
    /* "the Tuesday after my holiday" leans on it */
    if (clause && i > 0 && r->item[i - 1].type == I_DAY &&
        r->item[i - 1].u.day.ref != DESK_DAY_IN_DAYS)
        trouble(r, DESK_WHY_VAGUE);
}

/* "after the party": what no rule has understood. */
static void dangling(struct reading *r, size_t i)
{
    if (next_thing(r, i + 1) < r->n)
        return;
    r->vague = true;
    if (i > 0 && (r->item[i - 1].type == I_DAY || item_is(r, i - 1, T_UNIT)))
        trouble(r, DESK_WHY_VAGUE);
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
                  (i + 1 < r->n && r->item[i + 1].type != I_TOKEN) || next_thing(r, i + 1) < r->n;
    struct desk_when *w = r->w;
    if (!beside || r->item[i].negated || (i > 0 && item_is(r, i - 1, T_NOT)) ||
        w->time != DESK_TIME_NONE || several(&w->day))
        return;
    if (w->daypart == DESK_DAYPART_NONE ||
        (early && w->daypart == DESK_DAYPART_MORNING && w->part == DESK_PART_WHOLE))
        w->daypart = early ? DESK_DAYPART_FIRST_THING : DESK_DAYPART_END_OF_DAY;
    else if (w->part == DESK_PART_WHOLE)
        w->part = early ? DESK_PART_EARLY : DESK_PART_LATE;
}

static void read_word(struct reading *r, size_t i)
{
    const struct tok *t = token(r, i);
    bool not = i > 0 && item_is(r, i - 1, T_NOT);
    switch (t->kind) {
    case T_ANY:
        r->any = r->any || (!not &&!t->v);
        break;
    case T_EARLIEST:
        if (t->v == 1 && i + 1 < r->n)
            r->vague = true; /* "as soon as I'm back" */
        else
            r->earliest = r->earliest || !not ;
        break;
    case T_VAGUE:
        r->vague = true;
        if (t->v)
            trouble(r, DESK_WHY_VAGUE); /* "the day after" */
        break;
    case T_THIS:
        if (item_is(r, i + 1, T_OR) && i + 2 < r->n && r->item[i + 2].type == I_DAY)
            trouble(r, DESK_WHY_CHOICE); /* "this or next week" */
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
            trouble(r, DESK_WHY_RECURRING);
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

/* "move it from Tuesday to Thursday": not a range. */
static void moved(struct reading *r)
{
    bool move = false;
    for (size_t i = 0; i < r->n; i++)
        move = move || item_is(r, i, T_MOVE);
    if (!move || r->w->last.ref == DESK_DAY_NONE)
        return;
    r->w->day = r->w->last;
    r->w->last = desk_dates_day_of(DESK_DAY_NONE);
}

static bool said_when(const struct desk_when *w)
{
    return w->day.ref != DESK_DAY_NONE || w->time != DESK_TIME_NONE ||
           w->daypart != DESK_DAYPART_NONE;
}

void desk_when_init(struct desk_when *w)
{
    *w = (struct desk_when){0};
    w->day = w->last = w->check = desk_dates_day_of(DESK_DAY_NONE);
}

void desk_when_read(struct desk_when *w, const char *text, bool british)
{
    struct toks t;
    struct reading r = {.t = &t, .w = w};
    desk_when_init(w);
    desk_dates_tokens(&t, text);
    find(&r, british);
    mark_negated(&r);
    read_days(&r);
    read_times(&r);
    read_parts(&r);
    settle(&r);
    moved(&r);
    for (size_t i = 0; i < r.n; i++)
        if (r.item[i].type == I_TOKEN)
            read_word(&r, i);
    if (said_when(w))
        return;
    if (r.vague && !r.earliest)
        trouble(&r, DESK_WHY_VAGUE);
    else if (r.earliest || r.any)
        w->earliest = true;
    else
        trouble(&r, r.only_not ? DESK_WHY_ONLY_NOT : DESK_WHY_NO_DAY);
}
