#include "core/day_text.h"
#include "base/tz.h"

#include <stdio.h>
#include <string.h>

/* Text of that form, a 9 standing for any digit? */
static bool like(const char *text, const char *form)
{
    if (!text)
        return false;
    for (; *form; text++, form++)
        if (*form == '9' ? *text < '0' || *text > '9' : *text != *form)
            return false;
    return *text == '\0';
}

static int digits(const char *s, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + s[i] - '0';
    return value;
}

bool desk_day_parse(const char *text, int32_t *days)
{
    int y, m, d;
    if (!like(text, "9999-99-99"))
        return false;
    int64_t at = desk_days_from_civil(digits(text, 4), digits(text + 5, 2), digits(text + 8, 2));
    desk_civil_from_days(at, &y, &m, &d); /* 30 February would come back as another day */
    *days = (int32_t)at;
    return y == digits(text, 4) && m == digits(text + 5, 2) && d == digits(text + 8, 2);
}

const char *desk_day_text(char *out, size_t n, int32_t days)
{
    int y, m, d;
    desk_civil_from_days(days, &y, &m, &d);
    snprintf(out, n, "%04d-%02d-%02d", y, m, d);
    return out;
}

int desk_clock_parse(const char *text)
{
    if (!like(text, "99:99"))
        return -1;
    int h = digits(text, 2), m = digits(text + 3, 2);
    return m < 60 && h * 60 + m <= 24 * 60 ? h * 60 + m : -1;
}

int desk_weekday_parse(const char *text)
{
    static const char *const names[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    for (int i = 0; text && i < 7; i++)
        if (strcmp(names[i], text) == 0)
            return i;
    return -1;
}
