/* Spoken dates: what is said back. */
#include "core/dates_place.h"

#include <stdio.h>
#include <string.h>

static const char *const weekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday"};
static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};
static const char *const parts[DESK_DAYPART__MAX] = {
    [DESK_DAYPART_MORNING] = "in the morning",
    [DESK_DAYPART_MIDDAY] = "around midday",
    [DESK_DAYPART_AFTERNOON] = "in the afternoon",
    [DESK_DAYPART_EVENING] = "in the evening",
    [DESK_DAYPART_NIGHT] = "in the evening",
    [DESK_DAYPART_SMALL_HOURS] = "at night",
    [DESK_DAYPART_FIRST_THING] = "first thing",
    [DESK_DAYPART_END_OF_DAY] = "at the end of the day",
    [DESK_DAYPART_BEFORE_LUNCH] = "before lunch",
    [DESK_DAYPART_AFTER_LUNCH] = "after lunch",
    [DESK_DAYPART_AFTER_SCHOOL] = "after school",
    [DESK_DAYPART_AFTER_WORK] = "after work",
    [DESK_DAYPART_AFTER_DINNER] = "in the evening",
};

#define PHRASE 80

static const char *ending(int day)
{
    if (day / 10 == 1)
        return "th";
    return day % 10 == 1 ? "st" : day % 10 == 2 ? "nd" : day % 10 == 3 ? "rd" : "th";
}

/* "Tuesday, November 24th" or "Tuesday the 24th of November"; with the year when it is another. */
static const char *date(char out[PHRASE], const struct present *p, int32_t day)
{
    int y, m, d;
    char year[16] = "";
    desk_civil_from_days(day, &y, &m, &d);
    const char *name = weekdays[desk_weekday_from_days(day)];
    if (y != p->year)
        snprintf(year, sizeof year, p->at->day_first ? " %d" : ", %d", y);
    if (p->at->day_first)
        snprintf(out, PHRASE, "%s the %d%s of %s%s", name, d, ending(d), months[m - 1], year);
    else
        snprintf(out, PHRASE, "%s, %s %d%s%s", name, months[m - 1], d, ending(d), year);
    return out;
}

/* "3 pm", "9:30 am", "noon", "midnight" */
static const char *clock(char out[PHRASE], const struct present *p, int64_t at)
{
    struct desk_local_time t;
    desk_tz_local(p->at->tz, at, &t);
    const char *half = t.hour < 12 ? "am" : "pm";
    int hour = (t.hour + 11) % 12 + 1;
    if (t.minute == 0 && t.hour % 12 == 0)
        snprintf(out, PHRASE, "%s", t.hour ? "noon" : "midnight");
    else if (t.minute == 0)
        snprintf(out, PHRASE, "%d %s", hour, half);
    else
        snprintf(out, PHRASE, "%d:%02d %s", hour, t.minute, half);
    return out;
}

void desk_when_say_start(const struct desk_when_place *at, int64_t start, char *out, size_t n)
{
    struct present p;
    char day[PHRASE], time[PHRASE];
    desk_dates_present(&p, at);
    snprintf(out, n, "%s at %s", date(day, &p, desk_hours_date(at->tz, start)),
             clock(time, &p, start));
}

static void say_window(const struct present *p, struct desk_resolved *o)
{
    char day[PHRASE], from[PHRASE], to[PHRASE];
    date(day, p, o->first);
    clock(from, p, o->start);
    if (o->end == 0)
        snprintf(o->say, sizeof o->say, "The earliest we have from %s at %s.", day, from);
    else if (o->end == o->start)
        snprintf(o->say, sizeof o->say, "%s at %s.", day, from);
    else
        snprintf(o->say, sizeof o->say, "%s between %s and %s.", day, from, clock(to, p, o->end));
}

static void say_dates(const struct present *p, struct desk_resolved *o)
{
    char first[PHRASE], last[PHRASE], not [PHRASE];
    size_t n = 0, size = sizeof o->say;
    const char *part = parts[o->daypart];
    date(first, p, o->first);
    if (o->first == o->last)
        n = (size_t)snprintf(o->say, size, "%s", first);
    else
        n = (size_t)snprintf(o->say, size, "Between %s and %s", first, date(last, p, o->last));
    if (part && n < size)
        n += (size_t)snprintf(o->say + n, size - n, ", %s", part);
    for (size_t i = 0; i < o->n_excluded && i < 2 && n < size; i++)
        n += (size_t)snprintf(o->say + n, size - n, ", not on %s", date(not, p, o->excluded[i]));
    if (n < size)
        snprintf(o->say + n, size - n, ".");
}

/* ---- questions and refusals ----------------------------------------------------------------- */

static const char *const questions[DESK_WHY__MAX] = {
    [DESK_WHY_NO_DAY] = "Which day would suit you?",
    [DESK_WHY_VAGUE] = "Which day do you have in mind?",
    [DESK_WHY_CONFLICT] = "I'm not sure I have that right. Which date is it?",
    [DESK_WHY_CHOICE] = "Which of those would you like best?",
    [DESK_WHY_HOUR] = "Is that in the morning or in the afternoon?",
    [DESK_WHY_HOUR_PAST] = "That time has gone by today. Do you mean another day?",
    [DESK_WHY_BAD_TIME] = "I didn't get the time. What time would you like?",
    [DESK_WHY_MIDNIGHT] = "Just to be sure, which date do you mean?",
    [DESK_WHY_ZONE] = "What time would that be here, in our time zone?",
    [DESK_WHY_WHICH_DAY] = "Which day should that be?",
    [DESK_WHY_RECURRING] = "Let's set the first one. Which date would suit you?",
    [DESK_WHY_TWO_TIMES] = "What time exactly would you like?",
    [DESK_WHY_LAST_YEAR] = "That date has just gone by. Which date do you mean?",
    [DESK_WHY_ONLY_NOT] = "Which day would suit you better?",
};

/* "next Friday": both dates, and which one. */
static void ask_next(const struct present *p, struct desk_resolved *o)
{
    char a[PHRASE], b[PHRASE];
    if (o->first == INT32_MIN) {
        snprintf(o->say, sizeof o->say, "Which date do you mean?");
        return;
    }
    int32_t nearer = o->first - 7 >= p->today ? o->first - 7 : o->first;
    snprintf(o->say, sizeof o->say, "Do you mean %s, or %s?", date(a, p, nearer),
             date(b, p, nearer + 7));
}

/* Neither half of the day is open at that hour: say what is. */
static void ask_hour(const struct present *p, struct desk_resolved *o)
{
    struct desk_instants spans[DESK_MAX_HOURS_SPANS];
    char day[PHRASE], from[PHRASE], to[PHRASE];
    size_t n =
        o->first == INT32_MIN ? 0 : desk_hours_instants(p->at->hours, p->at->tz, o->first, spans);
    if (!n) {
        snprintf(o->say, sizeof o->say, "%s", questions[DESK_WHY_HOUR]);
        return;
    }
    snprintf(o->say, sizeof o->say, "On %s we're open from %s to %s. What time would suit you?",
             date(day, p, o->first), clock(from, p, spans[0].from), clock(to, p, spans[n - 1].to));
}

static void say_ask(const struct present *p, struct desk_resolved *o)
{
    if (o->why == DESK_WHY_NEXT)
        ask_next(p, o);
    else if (o->why == DESK_WHY_HOUR)
        ask_hour(p, o);
    else
        snprintf(o->say, sizeof o->say, "%s",
                 questions[o->why] ? questions[o->why] : questions[DESK_WHY_NO_DAY]);
}

/* Why not, in a few words. */
static void reason(const struct present *p, const struct desk_when *w,
                   const struct desk_resolved *o, char out[2 * PHRASE])
{
    char day[PHRASE];
    struct desk_hours_day hours;
    bool known = o->first != INT32_MIN;
    switch (o->why) {
    case DESK_WHY_PAST:
        snprintf(out, 2 * PHRASE, "That is in the past.");
        break;
    case DESK_WHY_TOO_FAR:
        snprintf(out, 2 * PHRASE, "We can't book more than twelve months ahead.");
        break;
    case DESK_WHY_NO_SUCH_DATE:
        snprintf(out, 2 * PHRASE, "There is no such date.");
        break;
    case DESK_WHY_NO_SUCH_TIME:
        snprintf(out, 2 * PHRASE, "The clocks change that night, and there is no such time.");
        break;
    default:
        if (!known || o->first != o->last) {
            snprintf(out, 2 * PHRASE, "We're closed then.");
            break;
        }
        desk_hours_day(p->at->hours, o->first, &hours);
        if (hours.spans.n && (w->time != DESK_TIME_NONE || w->daypart != DESK_DAYPART_NONE))
            snprintf(out, 2 * PHRASE, "We're closed at that time on %s.", date(day, p, o->first));
        else if (*hours.label)
            snprintf(out, 2 * PHRASE, "We're closed on %s: %s.", date(day, p, o->first),
                     hours.label);
        else
            snprintf(out, 2 * PHRASE, "We're closed on %s.", date(day, p, o->first));
    }
}

/* With the next opening, after the day that was meant if that is ahead. */
static void say_reject(const struct present *p, const struct desk_when *w, struct desk_resolved *o)
{
    char why[2 * PHRASE], day[PHRASE], time[PHRASE];
    int64_t from = p->at->now, next;
    int y, m, d;
    reason(p, w, o, why);
    bool ahead = o->why == DESK_WHY_CLOSED && o->first != INT32_MIN && o->first > p->today;
    if (ahead) {
        desk_civil_from_days(o->first, &y, &m, &d);
        from = desk_tz_day_start(p->at->tz, y, m, d);
    }
    if (desk_hours_next_open(p->at->hours, p->at->tz, from, &next))
        snprintf(o->say, sizeof o->say, "%s The next opening is %s at %s.", why,
                 date(day, p, desk_hours_date(p->at->tz, next)), clock(time, p, next));
    else
        snprintf(o->say, sizeof o->say, "%s Which other day would suit you?", why);
}

void desk_dates_say(const struct present *p, const struct desk_when *w, struct desk_resolved *out)
{
    switch (out->kind) {
    case DESK_WHEN_SLOT_WINDOW:
        say_window(p, out);
        break;
    case DESK_WHEN_DATE:
        say_dates(p, out);
        break;
    case DESK_WHEN_REJECT:
        say_reject(p, w, out);
        break;
    default:
        say_ask(p, out);
        break;
    }
}
