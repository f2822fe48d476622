#include "core/price.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define MINUTE_MS 60000LL
#define DOLLAR    1000000000LL
#define MILL      1000000LL /* a thousandth of a dollar */

static const struct {
    const char *name;
    bool timed, begun; /* begun: a minute that has begun is paid whole */
    bool each;
} units[DESK_UNIT__MAX] = {
    [DESK_UNIT_TEXT_IN] = {"text_in", false, false},
    [DESK_UNIT_TEXT_CACHED] = {"text_cached", false, false},
    [DESK_UNIT_TEXT_OUT] = {"text_out", false, false},
    [DESK_UNIT_AUDIO_IN] = {"audio_in", false, false},
    [DESK_UNIT_AUDIO_CACHED] = {"audio_cached", false, false},
    [DESK_UNIT_AUDIO_OUT] = {"audio_out", false, false},
    [DESK_UNIT_MINUTE] = {"minute", true, false},
    [DESK_UNIT_MINUTE_IN] = {"minute_in", true, true},
    [DESK_UNIT_MINUTE_OUT] = {"minute_out", true, true},
    [DESK_UNIT_MINUTE_STREAM] = {"minute_stream", true, true},
    [DESK_UNIT_MINUTE_RELAY] = {"minute_relay", true, true},
    [DESK_UNIT_MINUTE_RECORD] = {"minute_record", true, true},
    [DESK_UNIT_SEGMENT_IN] = {"segment_in", .each = true},
    [DESK_UNIT_SEGMENT_OUT] = {"segment_out", .each = true},
};

const char *desk_price_unit_name(enum desk_price_unit u)
{
    return u < DESK_UNIT__MAX ? units[u].name : "";
}

enum desk_price_unit desk_price_unit_parse(const char *name)
{
    int u = 0;
    while (u < DESK_UNIT__MAX && strcmp(units[u].name, name) != 0)
        u++;
    return (enum desk_price_unit)u;
}

bool desk_price_unit_timed(enum desk_price_unit u)
{
    return u < DESK_UNIT__MAX && units[u].timed;
}

bool desk_price_unit_each(enum desk_price_unit u)
{
    return u < DESK_UNIT__MAX && (units[u].timed || units[u].each);
}

/* ---- choosing -------------------------------------------------------------------------------- */

/* "gpt-6-luna" is "gpt-6-luna-2026-09-01", but "gpt-realtime-2.1" is no "gpt-realtime-2.1-mini":
 * behind the name a version begins, with a digit. */
static bool is_model(const char *known, const char *model)
{
    size_t n = strlen(known);
    if (!n || strncmp(model, known, n) != 0)
        return false;
    return !model[n] || (strchr("-@:", model[n]) && isdigit((unsigned char)model[n + 1]));
}

/* Of two that fit: the longer name, then the business's own, then that of the day. */
static bool better(const struct desk_price_row *a, const struct desk_price_row *b, const char *day)
{
    size_t la = strlen(a->model), lb = strlen(b->model);
    if (la != lb)
        return la > lb;
    if (a->own != b->own)
        return a->own;
    bool ha = strcmp(a->from_day, day) <= 0, hb = strcmp(b->from_day, day) <= 0;
    if (ha != hb)
        return ha;
    int order = strcmp(a->from_day, b->from_day);
    return ha ? order > 0 : order < 0;
}

const struct desk_price_row *desk_price_find(const struct desk_price_row *rows, size_t n,
                                             const char *model, enum desk_price_unit unit,
                                             const char *day)
{
    static const struct {
        enum desk_price_unit cached, other;
    } twins[] = {{DESK_UNIT_TEXT_CACHED, DESK_UNIT_TEXT_IN},
                 {DESK_UNIT_AUDIO_CACHED, DESK_UNIT_AUDIO_IN}};
    const struct desk_price_row *best = NULL;
    const char *name = desk_price_unit_name(unit);
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].unit, name) == 0 && is_model(rows[i].model, model) &&
            (!best || better(&rows[i], best, day)))
            best = &rows[i];
    for (size_t i = 0; !best && i < sizeof twins / sizeof *twins; i++)
        if (twins[i].cached == unit)
            return desk_price_find(rows, n, model, twins[i].other, day);
    return best;
}

/* ---- reckoning ------------------------------------------------------------------------------- */

bool desk_cost_of(const struct desk_price_row *rows, size_t n, const struct desk_cost_item *item,
                  const char *day, int64_t *nanos)
{
    bool known = true;
    *nanos = 0;
    for (int u = 0; u < DESK_UNIT__MAX; u++) {
        int64_t amount = item->amount[u];
        if (amount <= 0)
            continue;
        const struct desk_price_row *p =
            desk_price_find(rows, n, item->model, (enum desk_price_unit)u, day);
        if (units[u].begun)
            amount = (amount + MINUTE_MS - 1) / MINUTE_MS * MINUTE_MS;
        known = known && p;
        if (p)
            *nanos += units[u].timed ? amount * (p->nanos / 1000) / (MINUTE_MS / 1000)
                                     : amount * p->nanos;
    }
    return known;
}

const char *desk_cost_say(char out[32], int64_t nanos)
{
    if (nanos <= 0)
        snprintf(out, 32, "nothing");
    else if (nanos < MILL)
        snprintf(out, 32, "less than $0.001");
    else if (nanos < DOLLAR)
        snprintf(out, 32, "$0.%03lld", (long long)(nanos / MILL));
    else
        snprintf(out, 32, "$%lld.%02lld", (long long)(nanos / DOLLAR),
                 (long long)(nanos % DOLLAR / (10 * MILL)));
    return out;
}

/* ---- as people write it ---------------------------------------------------------------------- */

#define DECIMALS 9
#define MOST     100000LL
#define MILLION  1000000LL

bool desk_price_parse(const char *text, enum desk_price_unit unit, int64_t *nanos)
{
    int64_t v = 0;
    int behind = -1;
    if (!isdigit((unsigned char)*text))
        return false;
    for (; *text; text++) {
        if (*text == '.' && behind < 0) {
            behind = 0;
            continue;
        }
        if (!isdigit((unsigned char)*text) || behind == DECIMALS)
            return false;
        v = v * 10 + (*text - '0');
        behind += behind >= 0;
        if (v > MOST * DOLLAR)
            return false;
    }
    for (int i = behind < 0 ? 0 : behind; i < DECIMALS; i++) {
        v *= 10;
        if (v > MOST * DOLLAR)
            return false;
    }
    bool each = desk_price_unit_each(unit);
    *nanos = each ? v : v / MILLION;
    return each || v % MILLION == 0;
}

const char *desk_price_say(char out[32], enum desk_price_unit unit, int64_t nanos)
{
    int64_t v = desk_price_unit_each(unit) ? nanos : nanos * MILLION;
    int n = snprintf(out, 32, "%lld.%09lld", (long long)(v / DOLLAR), (long long)(v % DOLLAR));
    while (n > 2 && out[n - 1] == '0' && out[n - 2] != '.' && out[n - 3] != '.')
        out[--n] = '\0';
    return out;
}
