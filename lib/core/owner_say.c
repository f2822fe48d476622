/* The answers to an owner's questions: one sentence each, as it is spoken. */
#include "core/owner_query.h"
#include "core/phone.h"

#include <stdio.h>
#include <string.h>

#define WHAT_MOST                                                                                  \
    70 /* bytes of somebody's own words that are read out; then the word is finished */

struct saying {
    const struct desk_owner_query *q;
    const struct desk_owner_facts *f;
    const struct desk_tz *tz;
    int32_t today;
    struct desk_buf *out;
};

/* ---- pieces ---------------------------------------------------------------------------------- */

static const char *count_word(char *out, size_t n, int64_t count)
{
    static const char *const words[] = {"no",    "one",   "two",  "three", "four",   "five",  "six",
                                        "seven", "eight", "nine", "ten",   "eleven", "twelve"};
    if (count >= 0 && count < (int64_t)(sizeof words / sizeof *words))
        snprintf(out, n, "%s", words[count]);
    else
        snprintf(out, n, "%lld", (long long)count);
    return out;
}

/* "three calls", "one call", "no calls" */
static void counted(struct desk_buf *out, int64_t n, const char *one, const char *many)
{
    char word[24];
    desk_buf_fmt(out, "%s %s", count_word(word, sizeof word, n), n == 1 ? one : many);
}

/* The same of a list that was cut: there are that many at least. */
static void counted_of(const struct saying *s, int64_t n, const char *one, const char *many)
{
    desk_buf_str(s->out, s->f->more ? "at least " : "");
    counted(s->out, n, one, many);
}

/* Somebody's own words without the end of their sentence; not longer than a breath. */
static void words(struct desk_buf *out, const char *text)
{
    size_t n = strlen(text);
    bool cut = n > WHAT_MOST;
    if (cut) {
        n = WHAT_MOST;
        while (n && text[n] != ' ')
            n--;
        if (!n)
            n = WHAT_MOST;
        while (n && ((unsigned char)text[n] & 0xc0) == 0x80)
            n--; /* not within a character */
    }
    while (n && strchr(" .,;:!?", text[n - 1]))
        n--;
    desk_buf_add(out, text, n);
}

static void who(struct desk_buf *out, const struct desk_owner_item *i, bool with_number)
{
    char number[64];
    bool known = i->name && *i->name;
    if (known)
        desk_buf_str(out, i->name);
    else if (!i->number || !*i->number)
        desk_buf_str(out, "a caller who hid the number");
    else if (!with_number)
        desk_buf_fmt(out, "a caller from %s", desk_phone_spoken(number, sizeof number, i->number));
    if (with_number && i->number && *i->number)
        desk_buf_fmt(out, "%s%s", known ? " on " : "",
                     desk_phone_spoken(number, sizeof number, i->number));
}

/* " at 9:40 am", with the day when the question was not of one day, or not of a day at all. */
static void at_time(const struct saying *s, int64_t at)
{
    char clock[24], day[64];
    int32_t date = desk_hours_date(s->tz, at);
    bool one_day = s->q->when.said ? s->q->when.first == s->q->when.last : date == s->today;
    desk_clock_spoken(clock, sizeof clock, s->tz, at);
    if (!one_day) {
        bool near = date >= s->today - 1 && date <= s->today + 1;
        desk_buf_fmt(s->out, " %s%s", near ? "" : "on ",
                     desk_day_spoken(day, sizeof day, s->today, date));
    }
    desk_buf_fmt(s->out, " at %s", clock);
}

/* "on Monday" → "Monday", "from Monday to today" → "Monday to today" */
static const char *bare(const char *name)
{
    static const char *const before[] = {"on ", "from ", "for ", "in "};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        if (strncmp(name, before[i], strlen(before[i])) == 0)
            return name + strlen(before[i]);
    return name;
}

static void when_asked(const struct saying *s)
{
    if (*s->q->when.name)
        desk_buf_fmt(s->out, " %s", s->q->when.name);
}

/* The items, comma by comma, and how many more. */
static void list(const struct saying *s,
                 void (*one)(const struct saying *s, const struct desk_owner_item *i))
{
    char word[24];
    size_t shown = s->f->n_items > DESK_OWNER_ITEMS ? DESK_OWNER_ITEMS : s->f->n_items;
    size_t rest = s->f->n_items - shown;
    for (size_t i = 0; i < shown; i++) {
        bool last = i + 1 == shown && !rest && !s->f->more;
        desk_buf_str(s->out, i == 0 ? "" : last ? (shown > 2 ? ", and " : " and ") : ", ");
        one(s, &s->f->items[i]);
    }
    if (s->f->more)
        desk_buf_str(s->out, ", and many more");
    else if (rest)
        desk_buf_fmt(s->out, ", and %s more", count_word(word, sizeof word, (int64_t)rest));
}

static void capital(struct desk_buf *out, size_t at)
{
    if (desk_buf_ok(out) && out->len > at && out->p[at] >= 'a' && out->p[at] <= 'z')
        out->p[at] = (char)(out->p[at] - 'a' + 'A');
}

/* ---- what is listed -------------------------------------------------------------------------- */

static void one_call(const struct saying *s, const struct desk_owner_item *i)
{
    char word[24];
    who(s->out, i, false);
    if (i->times == 2)
        desk_buf_str(s->out, " twice, last");
    else if (i->times > 2)
        desk_buf_fmt(s->out, " %s times, last", count_word(word, sizeof word, i->times));
    at_time(s, i->at);
}

static void one_emergency(const struct saying *s, const struct desk_owner_item *i)
{
    one_call(s, i);
    if (i->what && *i->what) {
        desk_buf_str(s->out, ", about “");
        words(s->out, i->what);
        desk_buf_str(s->out, "”");
    }
}

static void one_callback(const struct saying *s, const struct desk_owner_item *i)
{
    who(s->out, i, true);
    if (i->what && *i->what) {
        bool about = strncasecmp(i->what, "about ", 6) == 0;
        desk_buf_str(s->out, about ? ", " : ", about ");
        words(s->out, i->what);
    }
    if (i->when && *i->when) {
        desk_buf_str(s->out, ", ");
        words(s->out, i->when);
    }
    if (i->urgent && !s->q->urgent)
        desk_buf_str(s->out, ", which is urgent");
}

static void one_message(const struct saying *s, const struct desk_owner_item *i)
{
    desk_buf_str(s->out, "from ");
    who(s->out, i, false);
    at_time(s, i->at);
    if (i->what && *i->what) {
        desk_buf_str(s->out, ", saying “");
        words(s->out, i->what);
        desk_buf_str(s->out, "”");
    } else if (i->seconds > 0) {
        desk_buf_str(s->out, ", ");
        counted(s->out, i->seconds, "second", "seconds");
    }
}

static void one_visit(const struct saying *s, const struct desk_owner_item *i)
{
    if ((i->name && *i->name) || (i->number && *i->number))
        who(s->out, i, false);
    else
        desk_buf_str(s->out, "somebody");
    at_time(s, i->at);
    if (i->what && *i->what) {
        desk_buf_str(s->out, " for ");
        words(s->out, i->what);
    }
}

/* ---- answers --------------------------------------------------------------------------------- */

static void say_calls(const struct saying *s)
{
    if (!s->f->total) {
        desk_buf_str(s->out, "nobody called");
        when_asked(s);
        return;
    }
    counted_of(s, s->f->total, "call", "calls");
    if ((int64_t)s->f->n_items < s->f->total && !s->f->more) {
        desk_buf_str(s->out, " from ");
        counted(s->out, (int64_t)s->f->n_items, "person", "people");
    }
    when_asked(s);
    desk_buf_str(s->out, ": ");
    list(s, one_call);
}

static void say_emergencies(const struct saying *s)
{
    counted_of(s, (int64_t)s->f->n_items, "emergency", "emergencies");
    when_asked(s);
    if (s->f->n_items) {
        desk_buf_str(s->out, ": ");
        list(s, one_emergency);
    }
}

static void say_callbacks(const struct saying *s)
{
    counted_of(s, (int64_t)s->f->n_items, s->q->urgent ? "urgent callback" : "open callback",
               s->q->urgent ? "urgent callbacks" : "open callbacks");
    if (s->q->when.said)
        desk_buf_fmt(s->out, " from %s", bare(s->q->when.name));
    if (s->f->n_items) {
        desk_buf_str(s->out, ": ");
        list(s, one_callback);
    }
}

static void say_messages(const struct saying *s)
{
    counted_of(s, (int64_t)s->f->n_items, "new message", "new messages");
    if (s->q->when.said)
        when_asked(s);
    if (s->f->n_items) {
        desk_buf_str(s->out, ": ");
        list(s, one_message);
    }
}

/* A business without services has no calendar: that is said, and what there is instead. */
static void say_no_calendar(const struct saying *s)
{
    desk_buf_str(s->out, "no calendar is kept here, so I cannot say what is on your schedule");
    when_asked(s);
    if (s->f->callbacks) {
        desk_buf_str(s->out, "; but ");
        counted(s->out, s->f->callbacks, "callback", "callbacks");
        desk_buf_str(s->out, s->f->callbacks == 1 ? " is open" : " are open");
    }
}

static void say_schedule(const struct saying *s)
{
    if (s->f->no_calendar) {
        say_no_calendar(s);
        return;
    }
    counted_of(s, (int64_t)s->f->n_items, "appointment", "appointments");
    when_asked(s);
    if (s->f->n_items) {
        desk_buf_str(s->out, ": ");
        list(s, one_visit);
    }
}

static void say_summary(const struct saying *s)
{
    size_t at = s->out->len;
    when_asked(s);
    if (s->out->len > at) { /* without the blank before it */
        memmove(s->out->p + at, s->out->p + at + 1, s->out->len - at);
        s->out->len--;
        desk_buf_str(s->out, ": ");
    }
    counted(s->out, s->f->calls, "call", "calls");
    desk_buf_str(s->out, ", ");
    counted(s->out, s->f->emergencies, "emergency", "emergencies");
    desk_buf_str(s->out, ", ");
    counted(s->out, s->f->callbacks, "open callback", "open callbacks");
    desk_buf_str(s->out, ", and ");
    counted(s->out, s->f->messages, "new message", "new messages");
}

static void say_help(const struct saying *s)
{
    desk_buf_str(s->out,
                 "ask me who called, about callbacks, emergencies, messages or your schedule, with "
                 "a day if you like, or press one for today's calls, two for callbacks, three for "
                 "emergencies or four for messages");
}

static void say_unknown(const struct saying *s)
{
    desk_buf_str(s->out, "I did not get that; you can ask who called, or about callbacks, "
                         "emergencies or messages");
}

static void say_goodbye(const struct saying *s)
{
    desk_buf_str(s->out, "goodbye");
}

static void (*const sayings[DESK_OWNER__MAX])(const struct saying *) = {
    [DESK_OWNER_UNKNOWN] = say_unknown,
    [DESK_OWNER_CALLBACKS] = say_callbacks,
    [DESK_OWNER_EMERGENCIES] = say_emergencies,
    [DESK_OWNER_MESSAGES] = say_messages,
    [DESK_OWNER_SCHEDULE] = say_schedule,
    [DESK_OWNER_CALLS] = say_calls,
    [DESK_OWNER_SUMMARY] = say_summary,
    [DESK_OWNER_REPEAT] = say_unknown,
    [DESK_OWNER_HELP] = say_help,
    [DESK_OWNER_GOODBYE] = say_goodbye,
};

/* What was cannot be asked of what is still to come. */
static bool still_to_come(const struct saying *s, int64_t now)
{
    static const bool of_what_was[DESK_OWNER__MAX] = {
        [DESK_OWNER_CALLS] = true, [DESK_OWNER_EMERGENCIES] = true, [DESK_OWNER_SUMMARY] = true};
    return of_what_was[s->q->about] && s->q->when.from > now;
}

void desk_owner_query_say(const struct desk_owner_query *q, const struct desk_owner_facts *f,
                          const struct desk_tz *tz, int64_t now, struct desk_buf *out)
{
    const struct saying s = {q, f, tz, desk_hours_date(tz, now), out};
    size_t at = out->len;
    if (still_to_come(&s, now))
        desk_buf_fmt(out, "%s has not come yet", bare(q->when.name));
    else
        sayings[q->about](&s);
    capital(out, at);
    desk_buf_chr(out, '.');
}
