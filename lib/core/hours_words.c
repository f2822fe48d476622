#include "core/hours_words.h"
#include "core/day_text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define HALF (12 * 60)
#define DAY  (24 * 60)

/* One time as it was read: am and pm fix it, else it may be of the afternoon as well. */
struct clock {
    int minutes;
    bool fixed;
};

static const char *skip(const char *p)
{
    return p + strspn(p, " \t\r\n");
}

static bool word_at(const char **p, const char *word)
{
    size_t n = strlen(word);
    if (strncasecmp(*p, word, n) != 0)
        return false;
    *p += n;
    return true;
}

static bool number_at(const char **p, int *out)
{
    size_t n = strspn(*p, "0123456789");
    if (n < 1 || n > 2)
        return false;
    *out = 0;
    for (size_t i = 0; i < n; i++)
        *out = *out * 10 + (*p)[i] - '0';
    *p += n;
    return true;
}

/* "am", "a.m.", "p" → 0, 1; 2 when there is none. */
static int half_at(const char **p)
{
    const char *q = skip(*p);
    int half = *q == 'a' || *q == 'A' ? 0 : *q == 'p' || *q == 'P' ? 1 : 2;
    if (half == 2)
        return 2;
    q++;
    q += *q == '.';
    q += *q == 'm' || *q == 'M';
    q += *q == '.';
    *p = q;
    return half;
}

static bool digits_at(const char **p, struct clock *out)
{
    int h, m = 0;
    if (!number_at(p, &h))
        return false;
    if (**p == ':' || **p == '.') {
        const char *q = *p + 1;
        if (strspn(q, "0123456789") != 2 || !number_at(&q, &m) || m > 59)
            return false;
        *p = q;
    }
    int half = half_at(p);
    if (half != 2 && (h < 1 || h > 12))
        return false;
    if (half != 2)
        h = h % 12 + 12 * half;
    *out = (struct clock){h * 60 + m, half != 2 || h > 12 || h == 0};
    return out->minutes <= DAY;
}

static bool clock_at(const char **p, struct clock *out)
{
    *p = skip(*p);
    *out = (struct clock){HALF, true};
    if (word_at(p, "noon"))
        return true;
    out->minutes = DAY;
    if (word_at(p, "midnight"))
        return true;
    return digits_at(p, out);
}

int desk_clock_words(const char *text)
{
    struct clock c;
    const char *p = text ? text : "";
    if (!clock_at(&p, &c) || *skip(p))
        return -1;
    return c.minutes;
}

const char *desk_clock_say(char *out, size_t n, int minutes)
{
    int h = minutes / 60 % 24;
    if (minutes == DAY)
        snprintf(out, n, "midnight");
    else
        snprintf(out, n, "%d:%02d %s", h % 12 ? h % 12 : 12, minutes % 60, h < 12 ? "am" : "pm");
    return out;
}

/* "to", "until", "-", "–" between two times of a span. */
static bool between(const char **p)
{
    static const char *const words[] = {"to", "until", "till", "\xe2\x80\x93", "\xe2\x80\x94", "-"};
    *p = skip(*p);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (word_at(p, words[i]))
            return true;
    return false;
}

/* One of the afternoon, when it must be later than that and nothing says that it is not. */
static int later_than(const struct clock *c, int before)
{
    return !c->fixed && c->minutes <= before && c->minutes + HALF > before && c->minutes <= HALF
               ? c->minutes + HALF
               : c->minutes;
}

/* as the profile writes it */
static json_t *plain(int minutes)
{
    char text[16];
    snprintf(text, sizeof text, "%02d:%02d", minutes / 60, minutes % 60);
    return json_string(text);
}

static json_t *refuse(json_t *list, const char *at, char *why, size_t n)
{
    json_decref(list);
    snprintf(why, n, "is not understood at \xe2\x80\x9c%.20s\xe2\x80\x9d", *at ? at : "the end");
    return NULL;
}

json_t *desk_spans_read(const char *text, char *why, size_t n)
{
    json_t *list = json_array();
    const char *p = skip(text ? text : "");
    int last = -1;
    if (strcasecmp(p, "closed") == 0)
        p = "";
    while (*p) {
        struct clock from, to;
        const char *at = p;
        if (!clock_at(&p, &from) || !between(&p) || !clock_at(&p, &to))
            return refuse(list, at, why, n);
        from.minutes = last < 0 ? from.minutes : later_than(&from, last - 1);
        to.minutes = later_than(&to, from.minutes);
        from.minutes %= DAY;
        last = to.minutes;
        json_array_append_new(list, json_pack("[o,o]", plain(from.minutes), plain(to.minutes)));
        p = skip(p);
        at = p;
        if (*p == ',' || *p == ';')
            p = skip(p + 1);
        else if (word_at(&p, "and"))
            p = skip(p);
        else if (*p)
            return refuse(list, at, why, n);
    }
    return list;
}

const char *desk_spans_say(char *out, size_t n, const json_t *spans)
{
    size_t i, used = 0;
    json_t *v;
    char from[16], to[16];
    if (n)
        *out = '\0';
    json_array_foreach(spans, i, v)
    {
        int a = desk_clock_parse(json_string_value(json_array_get(v, 0)));
        int b = desk_clock_parse(json_string_value(json_array_get(v, 1)));
        if (a < 0 || b < 0 || used >= n)
            continue;
        int w = snprintf(out + used, n - used, "%s%s to %s", used ? ", " : "",
                         desk_clock_say(from, sizeof from, a), desk_clock_say(to, sizeof to, b));
        used += w > 0 ? (size_t)w : 0;
    }
    return out;
}
