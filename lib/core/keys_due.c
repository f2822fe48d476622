#include "core/keys_due.h"

#include <string.h>
#include <strings.h>

#define FIRST_WAIT_MS 5000LL
#define MOST_WAIT_MS  (300LL * 1000)
#define DIGITS_MOST   9 /* of seconds that count */

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t desk_keys_due(const struct desk_keys_times *t)
{
    int64_t due = t->fresh_until;
    if (t->wanted > t->fetched)
        due = smaller(due, larger(t->wanted, t->fetched + DESK_KEYS_GAP_MS));
    return larger(due, t->not_before);
}

bool desk_keys_worth(const struct desk_keys_times *t, int64_t now)
{
    return now >= larger(t->fetched + DESK_KEYS_GAP_MS, t->not_before);
}

/* Digits at p, at most DIGITS_MOST of them; -1: there are none. */
static int64_t seconds(const char *p)
{
    int64_t n = 0;
    int digits = 0;
    for (; *p >= '0' && *p <= '9' && digits < DIGITS_MOST; p++, digits++)
        n = n * 10 + (*p - '0');
    return digits ? n : -1;
}

int64_t desk_keys_fresh_ms(const char *cache_control)
{
    static const char word[] = "max-age=";
    int64_t ms = DESK_KEYS_USUAL_MS;
    for (const char *p = cache_control; *p;) {
        p += strspn(p, " ,\t");
        if (strncasecmp(p, word, sizeof word - 1) == 0 && seconds(p + sizeof word - 1) >= 0)
            ms = seconds(p + sizeof word - 1) * 1000;
        p += strcspn(p, ",");
    }
    return smaller(larger(ms, DESK_KEYS_LEAST_MS), DESK_KEYS_MOST_MS);
}

int64_t desk_keys_wait_ms(int64_t failures, int64_t retry_after_s)
{
    int64_t ms = FIRST_WAIT_MS;
    for (int64_t i = 1; i < failures && ms < MOST_WAIT_MS; i++)
        ms *= 2;
    return larger(smaller(ms, MOST_WAIT_MS), smaller(retry_after_s * 1000, DESK_KEYS_USUAL_MS));
}
