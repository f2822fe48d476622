#include "core/hours.h"

#include <jansson.h>
#include <string.h>

static const struct {
    const char *key, *name;
} days[7] = {
    {"sun", "Sun"}, {"mon", "Mon"}, {"tue", "Tue"}, {"wed", "Wed"},
    {"thu", "Thu"}, {"fri", "Fri"}, {"sat", "Sat"},
};

#define DAY_MINUTES (24 * 60)

/* "08:30" → minutes since midnight, "24:00" allowed; -1 when it is none. */
static int minutes(const char *s)
{
    if (!s || strlen(s) != 5 || s[2] != ':')
        return -1;
    for (int i = 0; i < 5; i++)
        if (i != 2 && (s[i] < '0' || s[i] > '9'))
            return -1;
    int h = (s[0] - '0') * 10 + s[1] - '0', m = (s[3] - '0') * 10 + s[4] - '0';
    return h * 60 + m <= DAY_MINUTES && m < 60 ? h * 60 + m : -1;
}

static bool span(const json_t *v, int *from, int *to)
{
    *from = minutes(json_string_value(json_array_get(v, 0)));
    *to = minutes(json_string_value(json_array_get(v, 1)));
    return *from >= 0 && *to >= 0;
}

/* Is minute (may be over a day: the evening before runs on) within one of that day's spans? */
static bool within(const json_t *hours, int weekday, int minute)
{
    size_t i;
    json_t *v;
    int from, to;
    json_array_foreach(json_object_get(hours, days[weekday].key), i, v)
    {
        if (!span(v, &from, &to))
            continue;
        if (to <= from)
            to += DAY_MINUTES;
        if (minute >= from && minute < to)
            return true;
    }
    return false;
}

static size_t spans(const json_t *hours)
{
    size_t n = 0;
    for (int d = 0; d < 7; d++)
        n += json_array_size(json_object_get(hours, days[d].key));
    return n;
}

bool desk_hours_open(const char *json, const struct desk_tz *tz, int64_t utc_ms)
{
    struct desk_local_time t;
    json_t *hours = json_loads(json ? json : "", 0, NULL);
    desk_tz_local(tz, utc_ms, &t);
    int minute = t.hour * 60 + t.minute;
    bool open = spans(hours) == 0 || within(hours, t.weekday, minute) ||
                within(hours, (t.weekday + 6) % 7, minute + DAY_MINUTES);
    json_decref(hours);
    return open;
}

static void day_text(const json_t *list, struct desk_buf *out)
{
    size_t i, said = 0;
    json_t *v;
    int from, to;
    json_array_foreach(list, i, v)
    {
        if (span(v, &from, &to))
            desk_buf_fmt(out, "%s%02d:%02d-%02d:%02d", said++ ? ", " : " ", from / 60, from % 60,
                         to / 60, to % 60);
    }
    if (!said)
        desk_buf_str(out, " closed");
}

void desk_hours_text(const char *json, struct desk_buf *out)
{
    json_t *hours = json_loads(json ? json : "", 0, NULL);
    for (int i = 0; spans(hours) && i < 7; i++) {
        int d = (i + 1) % 7; /* a week begins on Monday for a reader */
        desk_buf_fmt(out, "%s%s", i ? "; " : "", days[d].name);
        day_text(json_object_get(hours, days[d].key), out);
    }
    json_decref(hours);
}
