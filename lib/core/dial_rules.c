#include "core/dial_rules.h"

#include <string.h>

static const struct {
    const char *name, *status; /* status: Twilio's word, of a call that nobody answered */
    enum desk_dial_then then;
} ends[DESK_DIAL__MAX] = {
    [DESK_DIAL_TALKED] = {"talked", NULL, DESK_DIAL_OVER},
    [DESK_DIAL_MESSAGE] = {"message_left", NULL, DESK_DIAL_OVER},
    [DESK_DIAL_MACHINE] = {"machine", NULL, DESK_DIAL_TEXT},
    [DESK_DIAL_HUNG_UP] = {"hung_up", NULL, DESK_DIAL_TEXT},
    [DESK_DIAL_BUSY] = {"busy", "busy", DESK_DIAL_AGAIN},
    [DESK_DIAL_NO_ANSWER] = {"no_answer", "no-answer", DESK_DIAL_AGAIN},
    [DESK_DIAL_FAILED] = {"failed", "failed", DESK_DIAL_AGAIN},
    [DESK_DIAL_UNKNOWN] = {"unknown", NULL, DESK_DIAL_TEXT},
    [DESK_DIAL_NOT] = {"not_allowed", NULL, DESK_DIAL_TEXT},
    [DESK_DIAL_GONE] = {"not_needed", "canceled", DESK_DIAL_OVER},
};

/* Who answered, in the words of store/out_calls.h. */
static const struct {
    const char *by;
    enum desk_dial_end end;
} answers[] = {
    {"human", DESK_DIAL_TALKED},
    {"message", DESK_DIAL_MESSAGE},
    {"machine", DESK_DIAL_MACHINE},
    {"fax", DESK_DIAL_MACHINE},
};

const char *desk_dial_end_name(enum desk_dial_end e)
{
    return ends[e].name;
}

enum desk_dial_end desk_dial_end_of(const struct desk_dial_facts *f)
{
    for (size_t i = 0; f->answered_by && i < sizeof answers / sizeof *answers; i++)
        if (strcmp(answers[i].by, f->answered_by) == 0)
            return answers[i].end;
    if (!f->status)
        return f->refused ? DESK_DIAL_NOT : DESK_DIAL_UNKNOWN;
    for (int e = 0; e < DESK_DIAL__MAX; e++)
        if (ends[e].status && strcmp(ends[e].status, f->status) == 0)
            return (enum desk_dial_end)e;
    return f->picked_up ? DESK_DIAL_HUNG_UP : DESK_DIAL_NO_ANSWER;
}

enum desk_dial_then desk_dial_then(enum desk_dial_end e, int64_t n, bool may_again)
{
    enum desk_dial_then then = ends[e].then;
    return then == DESK_DIAL_AGAIN && (n >= DESK_DIAL_TRIES || !may_again) ? DESK_DIAL_TEXT : then;
}

/* Two digits at p as a number; -1: they are none. */
static int two(const char *p)
{
    bool digits = p[0] >= '0' && p[0] <= '9' && p[1] >= '0' && p[1] <= '9';
    return digits ? (p[0] - '0') * 10 + p[1] - '0' : -1;
}

bool desk_day_returns(const char *date, int year, int month, int day)
{
    size_t n = date ? strlen(date) : 0;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (n < 5 || date[n - 3] != '-')
        return false;
    int m = two(date + n - 5), d = two(date + n - 2);
    if (m == 2 && d == 29 && !leap)
        d = 28;
    return m == month && d == day;
}
