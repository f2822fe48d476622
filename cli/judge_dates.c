/* Spoken dates for `frontdesk judge`: the hours and zone of the line's profile, and what its words
 * come to there. The profiles are those of businesses.json, which lies beside the lines (else
 * tests/eval/businesses.json of the source tree). */
#include "cli/judge.h"
#include "base/limits.h"
#include "base/paths.h"
#include "core/dates.h"

#include <stdlib.h>
#include <string.h>

/* ---- instants -------------------------------------------------------------------------------- */

/* `digits` digits at *p as a number, and the sign behind them; *p goes on. False: not so. */
static bool number(const char **p, size_t digits, char behind, int *out)
{
    *out = 0;
    for (size_t i = 0; i < digits; i++) {
        if ((*p)[i] < '0' || (*p)[i] > '9')
            return false;
        *out = *out * 10 + ((*p)[i] - '0');
    }
    *p += digits;
    if (behind && **p != behind)
        return false;
    *p += behind != '\0';
    return true;
}

/* "Z", "-07:00" or nothing at p: seconds east of UTC; *given: there is one. */
static bool zone_offset(const char *p, int *seconds, bool *given)
{
    int hours, minutes;
    *given = *p != '\0';
    *seconds = 0;
    if (!*p || strcmp(p, "Z") == 0)
        return true;
    int sign = *p == '-' ? -1 : 1;
    if (*p != '-' && *p != '+')
        return false;
    p++;
    if (!number(&p, 2, ':', &hours) || !number(&p, 2, '\0', &minutes) || *p)
        return false;
    *seconds = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool judge_instant(const char *text, const struct desk_tz *tz, int64_t *utc_ms)
{
    struct desk_local_time t = {0};
    const char *p = text;
    int offset;
    bool given;
    if (!p || !number(&p, 4, '-', &t.year) || !number(&p, 2, '-', &t.month) ||
        !number(&p, 2, 'T', &t.day) || !number(&p, 2, ':', &t.hour) ||
        !number(&p, 2, '\0', &t.minute))
        return false;
    if (*p == ':') {
        p++;
        if (!number(&p, 2, '\0', &t.second))
            return false;
    }
    if (!zone_offset(p, &offset, &given))
        return false;
    desk_tz_utc(given ? NULL : tz, &t, false, utc_ms);
    *utc_ms -= offset * 1000LL;
    return true;
}

/* ---- profiles -------------------------------------------------------------------------------- */

/* businesses.json beside the file, else of the source tree; a new reference, or NULL. */
static json_t *businesses_load(const char *file)
{
    char path[DESK_PATH_LEN];
    const char *slash = strrchr(file, '/');
    int dir = slash ? (int)(slash - file) + 1 : 0;
    snprintf(path, sizeof path, "%.*sbusinesses.json", dir, file);
    json_t *all = json_load_file(path, 0, NULL);
    return all ? all : json_load_file(desk_path_share(path, "tests/eval/businesses.json"), 0, NULL);
}

/* "Mon-Fri 08:30-17:30" as {"mon": [["08:30", "17:30"]], …}; NULL = not like that. */
static json_t *weekly_from_text(const char *text)
{
    static const char days[] = "MonTueWedThuFriSatSun";
    static const char *const keys[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    char from[4], to[4];
    if (strlen(text) != strlen("Mon-Fri 08:30-17:30") || text[3] != '-' || text[13] != '-')
        return NULL;
    snprintf(from, sizeof from, "%.3s", text);
    snprintf(to, sizeof to, "%.3s", text + 4);
    const char *first = strstr(days, from), *last = strstr(days, to);
    json_t *week = first && last ? json_object() : NULL;
    for (const char *d = first; week && d <= last; d += 3)
        json_object_set_new(week, keys[(d - days) / 3],
                            json_pack("[[s#, s#]]", text + 8, 5, text + 14, 5));
    return week;
}

/* Hours as core/hours.h reads them: those of the business that the profile's "as …" names, or its
 * own words. A new reference. */
static json_t *hours_of(const json_t *all, const json_t *profile)
{
    const char *said = json_string_value(json_object_get(profile, "hours"));
    const json_t *like = profile;
    json_t *hours = json_object(), *weekly = NULL;
    if (said && strncmp(said, "as ", 3) == 0) {
        like = json_object_get(all, said + 3);
        weekly = json_incref(json_object_get(like, "weekly"));
    } else if (said && strncmp(said, "always", 6) == 0) {
        weekly = json_string("always");
    } else if (said) {
        weekly = weekly_from_text(said);
    }
    json_object_set_new(hours, "weekly", weekly);
    json_object_set(hours, "closures", json_object_get(like, "closures"));
    json_object_set(hours, "special", json_object_get(like, "special"));
    if (json_object_get(hours, "weekly"))
        return hours;
    json_decref(hours);
    return NULL;
}

/* Where the line plays: hours, zone, order of day and month. */
static bool place_find(const struct judge_line *l, struct desk_hours *hours,
                       struct desk_when_place *at, char *why, size_t n)
{
    json_t *all = businesses_load(l->file);
    const json_t *profile = json_object_get(json_object_get(all, "dates_profiles"), l->profile);
    const char *order = json_string_value(json_object_get(profile, "date_order"));
    const char *zone = l->zone ? l->zone : json_string_value(json_object_get(profile, "tz"));
    json_t *open = profile ? hours_of(all, profile) : NULL;
    char *text = open ? json_dumps(open, JSON_COMPACT) : NULL;
    bool ok = text && desk_hours_parse(hours, text, why, n) == DESK_OK;
    at->hours = hours;
    at->tz = zone ? desk_tz_load(zone) : NULL;
    at->day_first = order && strcmp(order, "day-month") == 0;
    if (!text)
        snprintf(why, n, "no hours are known for the profile \"%.40s\" (businesses.json)",
                 l->profile);
    else if (ok && !at->tz)
        snprintf(why, n, "there is no zone \"%.40s\"", zone ? zone : "");
    free(text);
    json_decref(open);
    json_decref(all);
    return ok && at->tz;
}

/* ---- the prediction -------------------------------------------------------------------------- */

static json_t *day_json(int32_t day)
{
    int y, m, d;
    char text[40];
    desk_civil_from_days(day, &y, &m, &d);
    snprintf(text, sizeof text, "%04d-%02d-%02d", y, m, d);
    return json_string(text);
}

static json_t *instant_json(const struct desk_tz *tz, int64_t utc_ms)
{
    char text[40];
    return utc_ms ? json_string(desk_when_iso(text, sizeof text, tz, utc_ms)) : json_null();
}

static void put_resolved(const struct desk_resolved *r, const struct desk_tz *tz, json_t *out)
{
    json_t *start = json_null(), *end = json_null(), *exclude = json_array();
    if (r->kind == DESK_WHEN_SLOT_WINDOW) {
        start = instant_json(tz, r->start);
        end = instant_json(tz, r->end);
    } else if (r->kind == DESK_WHEN_DATE) {
        start = day_json(r->first);
        end = day_json(r->last);
        for (size_t i = 0; i < r->n_excluded; i++)
            json_array_append_new(exclude, day_json(r->excluded[i]));
    }
    json_object_set_new(out, "kind", json_string(desk_when_kind_name(r->kind)));
    json_object_set_new(out, "start", start);
    json_object_set_new(out, "end", end);
    if (json_array_size(exclude))
        json_object_set(out, "exclude", exclude);
    json_decref(exclude);
}

bool judge_dates(const struct judge_line *l, json_t *out, char *why, size_t n)
{
    struct desk_hours hours;
    struct desk_when_place at = {0};
    struct desk_resolved r;
    if (!l->text || !l->profile || !l->now) {
        snprintf(why, n, "it has no \"text\", \"profile\" or \"now\"");
        return false;
    }
    if (!place_find(l, &hours, &at, why, n))
        return false;
    if (!judge_instant(l->now, at.tz, &at.now)) {
        snprintf(why, n, "\"now\" is no time like 2026-11-20T10:15-07:00");
        return false;
    }
    desk_when_spoken(l->text, &at, &r);
    put_resolved(&r, at.tz, out);
    return true;
}
