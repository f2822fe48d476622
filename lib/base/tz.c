#include "base/tz.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ZONEINFO  "/usr/share/zoneinfo/"
#define MAX_FILE  65536
#define MAX_NAME  64
#define MAX_ZONES 512
#define MAX_TYPES 256
#define DAY       86400
#define MAX_YEAR  1000000 /* keeps every sum far from overflow */
#define MS        1000

/* One kind of time of the zone: offset east of UTC, summer time or not, name. */
struct kind {
    int offset;
    bool dst;
    char abbr[8];
};

/* One date rule of the POSIX footer: when in the year the clocks change. */
struct change {
    char form;            /* 'M' month.week.day, 'J' day without 29 Feb, 'D' day from 0 */
    int month, week, day; /* of 'M'; day also of the others */
    int second;           /* local time of the change, may be negative or over a day (RFC 8536) */
};

struct footer {
    bool valid;   /* there is one */
    bool has_dst; /* else only std */
    struct kind std, dst;
    struct change to_dst, to_std;
};

struct desk_tz {
    struct desk_tz *next;
    char name[MAX_NAME];
    size_t n; /* transitions */
    int64_t *at;
    unsigned char *idx; /* kind from that moment on */
    struct kind kinds[MAX_TYPES];
    size_t n_kinds;
    struct footer footer;
};

/* ---- civil dates ----------------------------------------------------------------------------- */

static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return a % b < 0 ? q - 1 : q;
}

/* Years of 400 have 146097 days; counted from 1 March so that the leap day is the last. */
int64_t desk_days_from_civil(int64_t year, int month, int day)
{
    int64_t m = (int64_t)month - 1;
    year += floor_div(m, 12);
    m -= 12 * floor_div(m, 12); /* 0-11 */
    if (m < 2)
        year--;
    int64_t era = floor_div(year, 400), y = year - era * 400;
    int64_t yday = (153 * (m < 2 ? m + 10 : m - 2) + 2) / 5;
    return era * 146097 + y * 365 + y / 4 - y / 100 + yday + (int64_t)day - 1 - 719468;
}

void desk_civil_from_days(int64_t days, int *year, int *month, int *day)
{
    days += 719468;
    int64_t era = floor_div(days, 146097), d = days - era * 146097;
    int64_t y = (d - d / 1460 + d / 36524 - d / 146096) / 365;
    int64_t yday = d - (365 * y + y / 4 - y / 100);
    int64_t m = (5 * yday + 2) / 153;
    *day = (int)(yday - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(y + era * 400 + (*month <= 2));
}

int desk_weekday_from_days(int64_t days)
{
    int64_t w = (days + 4) % 7; /* 1970-01-01 was a Thursday */
    return (int)(w < 0 ? w + 7 : w);
}

static bool leap_year(int64_t y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

/* ---- the footer: "MST7MDT,M3.2.0,M11.1.0" ---------------------------------------------------- */

static bool read_int(const char **p, int least, int most, int *out)
{
    int v = 0, digits = 0;
    for (; **p >= '0' && **p <= '9' && digits < 4; (*p)++, digits++)
        v = v * 10 + (**p - '0');
    *out = v;
    return digits && v >= least && v <= most;
}

/* "EST" or "<+0330>" */
static bool read_abbr(const char **p, char out[8])
{
    bool quoted = **p == '<';
    const char *from = *p + quoted;
    size_t n = quoted ? strcspn(from, ">")
                      : strspn(from, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    if (n < 1 || n > 7 || (quoted && from[n] != '>'))
        return false;
    memcpy(out, from, n);
    out[n] = '\0';
    *p = from + n + quoted;
    return true;
}

/* [+-]h[h[h]][:mm[:ss]] in seconds */
static bool read_hms(const char **p, int *out)
{
    int sign = **p == '-' ? -1 : 1, h, m = 0, s = 0;
    if (**p == '-' || **p == '+')
        (*p)++;
    if (!read_int(p, 0, 167, &h))
        return false;
    if (**p == ':') {
        (*p)++;
        if (!read_int(p, 0, 59, &m))
            return false;
    }
    if (**p == ':') {
        (*p)++;
        if (!read_int(p, 0, 59, &s))
            return false;
    }
    *out = sign * (h * 3600 + m * 60 + s);
    return true;
}

static bool read_change(const char **p, struct change *c)
{
    if (*(*p)++ != ',')
        return false;
    c->form = **p == 'M' || **p == 'J' ? **p : 'D';
    if (c->form != 'D')
        (*p)++;
    if (c->form == 'M') {
        if (!read_int(p, 1, 12, &c->month) || *(*p)++ != '.' || !read_int(p, 1, 5, &c->week) ||
            *(*p)++ != '.' || !read_int(p, 0, 6, &c->day))
            return false;
    } else if (!read_int(p, c->form == 'J' ? 1 : 0, 365, &c->day)) {
        return false;
    }
    c->second = 2 * 3600;
    if (**p != '/')
        return true;
    (*p)++;
    return read_hms(p, &c->second);
}

static bool read_footer(struct footer *f, const char *p)
{
    int west;
    memset(f, 0, sizeof *f);
    if (!read_abbr(&p, f->std.abbr) || !read_hms(&p, &west))
        return false;
    f->std.offset = -west;
    if (!*p)
        return f->valid = true;
    if (!read_abbr(&p, f->dst.abbr))
        return false;
    f->dst.offset = f->std.offset + 3600;
    f->dst.dst = true;
    if (*p && *p != ',') {
        if (!read_hms(&p, &west))
            return false;
        f->dst.offset = -west;
    }
    f->has_dst = true;
    return f->valid = read_change(&p, &f->to_dst) && read_change(&p, &f->to_std) && !*p;
}

/* UTC second of a change in that year, on a clock that is offset east. */
static int64_t change_at(const struct change *c, int64_t year, int offset)
{
    int64_t days;
    if (c->form == 'M') {
        int64_t first = desk_days_from_civil(year, c->month, 1);
        int64_t next = desk_days_from_civil(year, c->month + 1, 1);
        days = first + (c->day - desk_weekday_from_days(first) + 7) % 7 + 7 * (c->week - 1);
        if (days >= next)
            days -= 7;
    } else {
        days = desk_days_from_civil(year, 1, 1) + c->day;
        if (c->form == 'J')
            days -= c->day >= 60 && leap_year(year) ? 0 : 1;
    }
    return days * DAY + c->second - offset;
}

static const struct kind *footer_kind(const struct footer *f, int64_t utc)
{
    int year, month, day;
    if (!f->has_dst)
        return &f->std;
    desk_civil_from_days(floor_div(utc + f->std.offset, DAY), &year, &month, &day);
    int64_t on = change_at(&f->to_dst, year, f->std.offset);
    int64_t off = change_at(&f->to_std, year, f->dst.offset);
    bool dst = on < off ? utc >= on && utc < off : utc >= on || utc < off; /* south: two pieces */
    return dst ? &f->dst : &f->std;
}

/* ---- TZif files, RFC 8536 -------------------------------------------------------------------- */

struct header {
    size_t isutc, isstd, leap, times, types, chars;
};

#define HEADER_LEN 44

static uint32_t be32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t be64(const unsigned char *p)
{
    return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

/* Size of the block behind a header whose times are `width` bytes; 0 when it is no header. */
static size_t read_header(struct header *h, const unsigned char *p, size_t n, size_t width)
{
    size_t *to[] = {&h->isutc, &h->isstd, &h->leap, &h->times, &h->types, &h->chars};
    if (n < HEADER_LEN || memcmp(p, "TZif", 4) != 0)
        return 0;
    for (size_t i = 0; i < 6; i++) {
        uint32_t v = be32(p + 20 + 4 * i);
        if (v > MAX_FILE)
            return 0;
        *to[i] = v;
    }
    return HEADER_LEN + h->times * (width + 1) + h->types * 6 + h->chars + h->leap * (width + 4) +
           h->isstd + h->isutc;
}

static bool read_kinds(struct desk_tz *z, const struct header *h, const unsigned char *types)
{
    const char *chars = (const char *)types + h->types * 6;
    for (size_t i = 0; i < h->types; i++, types += 6) {
        struct kind *k = &z->kinds[i];
        size_t at = types[5];
        k->offset = (int)(int32_t)be32(types);
        k->dst = types[4] != 0;
        if (at >= h->chars || k->offset < -DAY * 2 || k->offset > DAY * 2)
            return false;
        snprintf(k->abbr, sizeof k->abbr, "%.*s", (int)strnlen(chars + at, h->chars - at),
                 chars + at);
    }
    z->n_kinds = h->types;
    return true;
}

static bool read_transitions(struct desk_tz *z, const struct header *h, const unsigned char *times)
{
    const unsigned char *idx = times + 8 * h->times;
    z->at = calloc(h->times + 1, sizeof *z->at);
    z->idx = calloc(h->times + 1, 1);
    if (!z->at || !z->idx)
        return false;
    z->n = h->times;
    for (size_t i = 0; i < h->times; i++) {
        z->at[i] = be64(times + 8 * i);
        z->idx[i] = idx[i];
        if (idx[i] >= h->types || (i && z->at[i] <= z->at[i - 1]))
            return false;
    }
    return true;
}

/* "\nTZ\n"; an empty one means: as after the last transition. */
static bool read_footer_line(struct desk_tz *z, const char *p, size_t n)
{
    char line[128];
    const char *end = n > 1 ? memchr(p + 1, '\n', n - 1) : NULL;
    if (!end || *p != '\n' || (size_t)(end - p - 1) >= sizeof line)
        return false;
    size_t len = (size_t)(end - p - 1);
    memcpy(line, p + 1, len);
    line[len] = '\0';
    return len == 0 || read_footer(&z->footer, line);
}

/* The second, 64-bit part of a version 2+ file. */
static bool read_block(struct desk_tz *z, const unsigned char *p, size_t n)
{
    struct header h;
    size_t size = read_header(&h, p, n, 8);
    if (!size || size > n || !h.types || h.types > MAX_TYPES)
        return false;
    const unsigned char *times = p + HEADER_LEN;
    return read_kinds(z, &h, times + 9 * h.times) && read_transitions(z, &h, times) &&
           read_footer_line(z, (const char *)p + size, n - size);
}

static bool read_tzif(struct desk_tz *z, const unsigned char *p, size_t n)
{
    struct header h;
    size_t skip = read_header(&h, p, n, 4);
    return skip && skip < n && p[4] >= '2' && read_block(z, p + skip, n - skip);
}

void desk_tz_free(struct desk_tz *z)
{
    if (!z)
        return;
    free(z->at);
    free(z->idx);
    free(z);
}

struct desk_tz *desk_tz_parse(const void *data, size_t n)
{
    struct desk_tz *z = calloc(1, sizeof *z);
    if (z && !read_tzif(z, data, n)) {
        desk_tz_free(z);
        z = NULL;
    }
    return z;
}

static struct desk_tz *zone_read(const char *name)
{
    char path[sizeof ZONEINFO + MAX_NAME];
    struct desk_tz *z = calloc(1, sizeof *z);
    unsigned char *data = malloc(MAX_FILE);
    size_t n = 0;
    bool ok = false;
    snprintf(path, sizeof path, "%s%s", ZONEINFO, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || !z || !data)
        goto out;
    snprintf(z->name, sizeof z->name, "%s", name);
    for (;;) {
        ssize_t got = read(fd, data + n, MAX_FILE - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    ok = read_tzif(z, data, n);
    if (!ok && n) /* a folder reads as nothing */
        desk_log(DESK_LOG_WARN, "tz.unreadable", "zone=%s bytes=%zu", name, n);
out:
    if (fd >= 0)
        close(fd);
    free(data);
    if (!ok) {
        desk_tz_free(z);
        z = NULL;
    }
    return z;
}

/* ---- the cache ------------------------------------------------------------------------------- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct desk_tz *zones; /* never shrinks: callers keep the pointers */
static size_t n_zones;

static bool name_ok(const char *name)
{
    size_t n = name ? strlen(name) : 0;
    bool plain = n == (name ? strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                           "0123456789+-_/")
                            : 0);
    return n && n < MAX_NAME && plain && name[0] != '/' && name[n - 1] != '/';
}

const struct desk_tz *desk_tz_load(const char *name)
{
    if (!name_ok(name))
        return NULL;
    pthread_mutex_lock(&lock);
    struct desk_tz *z = zones;
    while (z && strcmp(z->name, name) != 0)
        z = z->next;
    if (!z && n_zones < MAX_ZONES && (z = zone_read(name))) {
        z->next = zones;
        zones = z;
        n_zones++;
    }
    pthread_mutex_unlock(&lock);
    return z;
}

const char *desk_tz_name(const struct desk_tz *tz)
{
    return tz ? tz->name : "UTC";
}

/* ---- conversion ------------------------------------------------------------------------------ */

static const struct kind *kind_at(const struct desk_tz *tz, int64_t utc)
{
    static const struct kind utc_kind = {0, false, "UTC"};
    if (!tz)
        return &utc_kind;
    if (tz->n == 0 || utc < tz->at[0])
        return tz->n == 0 && tz->footer.valid ? footer_kind(&tz->footer, utc) : &tz->kinds[0];
    if (utc >= tz->at[tz->n - 1] && tz->footer.valid)
        return footer_kind(&tz->footer, utc);
    size_t low = 0, high = tz->n; /* at[low] <= utc < at[high] */
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (tz->at[mid] <= utc)
            low = mid;
        else
            high = mid;
    }
    return &tz->kinds[tz->idx[low]];
}

void desk_tz_local(const struct desk_tz *tz, int64_t utc_ms, struct desk_local_time *out)
{
    int64_t utc = floor_div(utc_ms, MS);
    const struct kind *k = kind_at(tz, utc);
    int64_t local = utc + k->offset, days = floor_div(local, DAY);
    int in_day = (int)(local - days * DAY);
    memset(out, 0, sizeof *out);
    desk_civil_from_days(days, &out->year, &out->month, &out->day);
    out->hour = in_day / 3600;
    out->minute = in_day / 60 % 60;
    out->second = in_day % 60;
    out->ms = (int)((utc_ms % MS + MS) % MS);
    out->weekday = desk_weekday_from_days(days);
    out->yearday = (int)(days - desk_days_from_civil(out->year, 1, 1));
    out->offset_s = k->offset;
    out->dst = k->dst;
    memcpy(out->abbr, k->abbr, sizeof out->abbr);
}

enum desk_tz_kind desk_tz_utc(const struct desk_tz *tz, const struct desk_local_time *t, bool later,
                              int64_t *utc_ms)
{
    int64_t year = t->year > MAX_YEAR ? MAX_YEAR : t->year < -MAX_YEAR ? -MAX_YEAR : t->year;
    int64_t local = desk_days_from_civil(year, t->month, t->day) * DAY + (int64_t)t->hour * 3600 +
                    (int64_t)t->minute * 60 + t->second;
    /* Offsets around: no zone changes twice within a day. Each gives a guess; a guess is right when
     * the zone then has that offset. */
    int before = kind_at(tz, local - DAY)->offset, after = kind_at(tz, local + DAY)->offset;
    int64_t by_before = local - before, by_after = local - after;
    bool before_ok = kind_at(tz, by_before)->offset == before;
    bool after_ok = kind_at(tz, by_after)->offset == after;
    enum desk_tz_kind kind = DESK_TZ_UNIQUE;
    int64_t utc;
    if (before_ok && after_ok) {
        utc = by_before;
        if (by_before != by_after) {
            kind = DESK_TZ_FOLD;
            utc = (by_before < by_after) != later ? by_before : by_after;
        }
    } else if (before_ok || after_ok) {
        utc = before_ok ? by_before : by_after;
    } else {
        kind = DESK_TZ_GAP;
        utc = by_before; /* read by the clock of before the jump: as much later after it */
    }
    *utc_ms = utc * MS + t->ms;
    return kind;
}

int64_t desk_tz_valid(const struct desk_tz *tz, const struct desk_local_time *t, bool later)
{
    int64_t utc_ms;
    if (desk_tz_utc(tz, t, later, &utc_ms) != DESK_TZ_GAP)
        return utc_ms;
    /* Read by the clock of before the jump the moment lies behind it: the jump is found by halving,
     * as the first moment whose clock shows as much or more. */
    int64_t high = utc_ms / MS, low = high - DAY;
    int64_t want = high + kind_at(tz, low)->offset;
    while (high - low > 1) {
        int64_t mid = low + (high - low) / 2;
        if (mid + kind_at(tz, mid)->offset >= want)
            high = mid;
        else
            low = mid;
    }
    return high * MS;
}

int64_t desk_tz_day_start(const struct desk_tz *tz, int year, int month, int day)
{
    struct desk_local_time t = {.year = year, .month = month, .day = day};
    return desk_tz_valid(tz, &t, false);
}

/* ---- for people ------------------------------------------------------------------------------ */

static const char *const days[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                   "Thursday", "Friday", "Saturday"};
static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};

const char *desk_when_time(char *out, size_t n, const struct desk_tz *tz, int64_t utc_ms, bool h24)
{
    struct desk_local_time t;
    desk_tz_local(tz, utc_ms, &t);
    if (h24)
        snprintf(out, n, "%02d:%02d", t.hour, t.minute);
    else
        snprintf(out, n, "%d:%02d %s", (t.hour + 11) % 12 + 1, t.minute, t.hour < 12 ? "am" : "pm");
    return out;
}

const char *desk_when_date(char *out, size_t n, const struct desk_tz *tz, int64_t utc_ms)
{
    struct desk_local_time t;
    desk_tz_local(tz, utc_ms, &t);
    snprintf(out, n, "%.3s %d %.3s", days[t.weekday], t.day, months[t.month - 1]);
    return out;
}

const char *desk_when_date_long(char *out, size_t n, const struct desk_tz *tz, int64_t utc_ms)
{
    struct desk_local_time t;
    desk_tz_local(tz, utc_ms, &t);
    snprintf(out, n, "%s %d %s", days[t.weekday], t.day, months[t.month - 1]);
    return out;
}

const char *desk_when_iso(char *out, size_t n, const struct desk_tz *tz, int64_t utc_ms)
{
    struct desk_local_time t;
    desk_tz_local(tz, utc_ms, &t);
    int minutes = t.offset_s / 60;
    snprintf(out, n, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", t.year, t.month, t.day, t.hour,
             t.minute, t.second, minutes < 0 ? '-' : '+', abs(minutes) / 60, abs(minutes) % 60);
    return out;
}
