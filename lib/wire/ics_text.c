#include "wire/ics_text.h"
#include "base/tz.h"

#include <string.h>
#include <strings.h>

#define LONGEST 1000000 /* days of one event */

/* ---- lines ----------------------------------------------------------------------------------- */

/* One line from t->p on, unfolded in its place and ended. */
static char *unfold(struct desk_ics_text *t)
{
    char *line = t->p, *to = t->p, *p = t->p;
    for (;;) {
        char *stop = memchr(p, '\n', (size_t)(t->end - p)), *end = stop ? stop : t->end;
        size_t n = (size_t)(end - p);
        n -= n && p[n - 1] == '\r';
        memmove(to, p, n);
        to += n;
        p = stop ? stop + 1 : t->end;
        if (p == t->end || (*p != ' ' && *p != '\t'))
            break;
        p++;
    }
    *to = '\0';
    t->p = p;
    return line;
}

/* Up to a character of that set which is in no quotes. */
static char *skip(char *p, const char *set)
{
    for (bool quoted = false; *p && (quoted || !strchr(set, *p)); p++)
        quoted = quoted != (*p == '"');
    return p;
}

bool desk_ics_next(struct desk_ics_text *t, struct desk_ics_line *out)
{
    while (t->p < t->end) {
        char *line = unfold(t), *name_end = line + strcspn(line, ";:"), *colon;
        colon = *name_end == ';' ? skip(name_end, ":") : name_end;
        if (*colon != ':' || name_end == line)
            continue;
        out->name = line;
        out->value = colon + 1;
        *colon = '\0';
        out->params = name_end == colon ? colon : name_end + 1;
        *name_end = '\0';
        return true;
    }
    return false;
}

struct desk_slice desk_ics_param(const struct desk_ics_line *l, const char *name)
{
    size_t n = strlen(name);
    for (char *p = l->params; *p;) {
        char *end = skip(p, ";");
        if ((size_t)(end - p) > n && p[n] == '=' && strncasecmp(p, name, n) == 0) {
            p += n + 1;
            bool quoted = *p == '"';
            p += quoted;
            return (struct desk_slice){p, quoted ? strcspn(p, "\"") : (size_t)(end - p)};
        }
        p = *end ? end + 1 : end;
    }
    return (struct desk_slice){NULL, 0};
}

/* ---- times ----------------------------------------------------------------------------------- */

static bool digits(const char **p, const char *end, int n, int *out)
{
    *out = 0;
    if (end - *p < n)
        return false;
    for (int i = 0; i < n; i++, (*p)++) {
        if (**p < '0' || **p > '9')
            return false;
        *out = *out * 10 + (**p - '0');
    }
    return true;
}

static bool date(const char **p, const char *end, int64_t *day)
{
    int y, m, d;
    if (!digits(p, end, 4, &y) || !digits(p, end, 2, &m) || !digits(p, end, 2, &d))
        return false;
    *day = desk_days_from_civil(y, m, d);
    return y >= 1 && m >= 1 && m <= 12 && d >= 1 && d <= 31;
}

static bool clock_time(const char **p, const char *end, int64_t *seconds)
{
    int h, m, s;
    if (!digits(p, end, 2, &h) || !digits(p, end, 2, &m) || !digits(p, end, 2, &s))
        return false;
    *seconds = h * 3600LL + m * 60 + s;
    return h <= 24 && m <= 59 && s <= 60;
}

/* One letter, big or small. */
static bool letter(const char **p, const char *end, char big)
{
    bool yes = *p < end && (**p == big || **p == (char)(big | 0x20));
    *p += yes;
    return yes;
}

bool desk_ics_when(const char *text, size_t n, struct desk_ics_when *out)
{
    const char *p = text, *end = text + n;
    int64_t day, seconds = 0;
    if (!date(&p, end, &day))
        return false;
    out->form = DESK_ICS_DATE;
    if (letter(&p, end, 'T')) {
        if (!clock_time(&p, end, &seconds))
            return false;
        out->form = letter(&p, end, 'Z') ? DESK_ICS_UTC : DESK_ICS_LOCAL;
    }
    out->at = day * 86400 + seconds;
    return p == end;
}

/* "15M": a number of up to eight digits and its unit. */
static bool amount(const char **p, const char *end, int64_t *days, int64_t *seconds)
{
    static const char units[] = "WDHMS";
    static const int of[] = {7, 1, 3600, 60, 1};
    int64_t v = 0;
    const char *first = *p;
    for (; *p < end && **p >= '0' && **p <= '9' && *p - first < 8; (*p)++)
        v = v * 10 + (**p - '0');
    const char *unit = *p > first && *p < end && **p ? strchr(units, **p) : NULL;
    if (!unit)
        return false;
    (*p)++;
    *(unit - units < 2 ? days : seconds) += v * of[unit - units];
    return true;
}

bool desk_ics_duration(const char *text, size_t n, int64_t *days, int64_t *seconds)
{
    const char *p = text, *end = text + n;
    bool minus = p < end && *p == '-';
    size_t parts = 0;
    *days = *seconds = 0;
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (!letter(&p, end, 'P'))
        return false;
    for (; p < end; parts++) {
        letter(&p, end, 'T');
        if (parts == 8 || !amount(&p, end, days, seconds))
            return false;
    }
    *days = minus ? -*days : *days;
    *seconds = minus ? -*seconds : *seconds;
    return parts > 0 && *days<LONGEST && * days> - LONGEST;
}

bool desk_ics_offset(const char *text, int64_t *seconds)
{
    const char *p = text, *end = text + strlen(text);
    int h, m, s = 0;
    if (p == end || (*p != '+' && *p != '-'))
        return false;
    p++;
    if (!digits(&p, end, 2, &h) || !digits(&p, end, 2, &m) ||
        (p < end && !digits(&p, end, 2, &s)) || h > 23 || m > 59 || s > 59)
        return false;
    *seconds = (*text == '-' ? -1 : 1) * (h * 3600LL + m * 60 + s);
    return p == end;
}
