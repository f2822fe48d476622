#include "out/google_calendar.h"
#include "wire/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGES    200 /* of one list: what is longer is somebody's mistake */
#define PER_PAGE "2500"
#define MARK     "frontdesk" /* name of our private property */
#define URL_MAX  8192

/* ---- addresses ------------------------------------------------------------------------------- */

/* ".../calendar/v3/calendars/ID/events" and what follows. */
static void url_events(const struct desk_google_place *p, const char *id, struct desk_buf *url)
{
    size_t n = strlen(p->api_url);
    while (n && p->api_url[n - 1] == '/')
        n--;
    desk_buf_init(url, URL_MAX);
    desk_buf_add(url, p->api_url, n);
    desk_buf_str(url, "/calendar/v3/calendars/");
    desk_url_encode(url, p->calendar, strlen(p->calendar));
    desk_buf_str(url, "/events");
    if (id) {
        desk_buf_chr(url, '/');
        desk_url_encode(url, id, strlen(id));
    }
}

static enum desk_google_end send_to(const struct desk_google_place *p, struct desk_buf *url,
                                    struct desk_google_request q, json_t **answer,
                                    struct desk_google_result *r)
{
    q.who = p->who;
    q.url = desk_buf_cstr(url);
    q.timeout_ms = p->timeout_ms;
    *answer = NULL;
    if (desk_buf_ok(url))
        desk_google_send(&q, answer, r);
    else
        desk_google_ended(r, DESK_GOOGLE_REFUSED, "The name of the calendar is too long.");
    desk_buf_clear(url);
    return r->end;
}

/* ---- times ----------------------------------------------------------------------------------- */

static const char *utc(int64_t ms, char out[40])
{
    struct desk_local_time t;
    desk_tz_local(NULL, ms, &t);
    snprintf(out, 40, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.year, t.month, t.day, t.hour, t.minute,
             t.second);
    return out;
}

/* n digits at s; -1 = they are none. */
static int digits(const char *s, int n)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return -1;
        v = 10 * v + (s[i] - '0');
    }
    return v;
}

static bool read_date(const char *s, struct desk_local_time *t)
{
    memset(t, 0, sizeof *t);
    if (strlen(s) < 10 || s[4] != '-' || s[7] != '-')
        return false;
    t->year = digits(s, 4);
    t->month = digits(s + 5, 2);
    t->day = digits(s + 8, 2);
    return t->year >= 1 && t->month >= 1 && t->month <= 12 && t->day >= 1 && t->day <= 31;
}

/* What follows the seconds: "Z", "-07:00", ".000Z". False: something else. */
static bool read_offset(const char *s, int64_t *minutes)
{
    if (*s == '.')
        s += 1 + strspn(s + 1, "0123456789");
    *minutes = 0;
    if (strcmp(s, "Z") == 0)
        return true;
    if ((*s != '+' && *s != '-') || strlen(s) != 6 || s[3] != ':')
        return false;
    int h = digits(s + 1, 2), m = digits(s + 4, 2);
    *minutes = (*s == '-' ? -1 : 1) * (h * 60 + m);
    return h >= 0 && m >= 0;
}

/* RFC 3339 → UTC ms. */
static bool read_time(const char *s, int64_t *out)
{
    struct desk_local_time t;
    int64_t minutes;
    if (!read_date(s, &t) || strlen(s) < 20 || (s[10] | 32) != 't' || s[13] != ':' || s[16] != ':')
        return false;
    t.hour = digits(s + 11, 2);
    t.minute = digits(s + 14, 2);
    t.second = digits(s + 17, 2);
    if (t.hour < 0 || t.minute < 0 || t.second < 0 || !read_offset(s + 19, &minutes))
        return false;
    desk_tz_utc(NULL, &t, false, out);
    *out -= minutes * 60000;
    return true;
}

/* {dateTime} or {date}. */
static bool read_when(const json_t *v, const struct desk_tz *tz, int64_t *out)
{
    struct desk_local_time t;
    const char *time = json_string_value(json_object_get(v, "dateTime"));
    const char *date = json_string_value(json_object_get(v, "date"));
    if (time)
        return read_time(time, out);
    if (!date || strlen(date) != 10 || !read_date(date, &t))
        return false;
    *out = desk_tz_day_start(tz, t.year, t.month, t.day);
    return true;
}

/* ---- events ---------------------------------------------------------------------------------- */

static bool is(const json_t *v, const char *name, const char *text)
{
    const char *s = json_string_value(json_object_get(v, name));
    return s && strcmp(s, text) == 0;
}

static void copy(char *out, size_t n, const json_t *v, const char *name)
{
    const char *s = json_string_value(json_object_get(v, name));
    snprintf(out, n, "%s", s && strlen(s) < n ? s : "");
}

/* False: it has no id, or stands without times. */
static bool read_event(const json_t *v, const struct desk_tz *tz, struct desk_google_event *e)
{
    const char *created = json_string_value(json_object_get(v, "created"));
    const json_t *own = json_object_get(json_object_get(v, "extendedProperties"), "private");
    memset(e, 0, sizeof *e);
    copy(e->id, sizeof e->id, v, "id");
    copy(e->etag, sizeof e->etag, v, "etag");
    copy(e->ours, sizeof e->ours, own, MARK);
    e->cancelled = is(v, "status", "cancelled");
    e->free = is(v, "transparency", "transparent");
    if (!created || !read_time(created, &e->created))
        e->created = 0;
    bool times = read_when(json_object_get(v, "start"), tz, &e->start) &&
                 read_when(json_object_get(v, "end"), tz, &e->end) && e->start <= e->end;
    if (!times)
        e->start = e->end = 0;
    return *e->id && (times || e->cancelled);
}

static enum desk_google_end take_event(const struct desk_google_place *p, json_t *answer, bool safe,
                                       struct desk_google_event *out, struct desk_google_result *r)
{
    if (!r->end && !read_event(answer, p->tz, out))
        desk_google_ended(r, safe ? DESK_GOOGLE_DOWN : DESK_GOOGLE_LOST,
                          "Google's answer is no event.");
    json_decref(answer);
    return r->end;
}

/* A description may hold HTML: what a caller said must be none. */
static const char *escaped(struct desk_buf *b, const char *text)
{
    static const struct {
        char c;
        const char *as;
    } rows[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}};
    desk_buf_init(b, 64 * 1024);
    for (const char *s = text; *s; s++) {
        size_t i = 0;
        while (i < sizeof rows / sizeof *rows && rows[i].c != *s)
            i++;
        if (i < sizeof rows / sizeof *rows)
            desk_buf_str(b, rows[i].as);
        else
            desk_buf_chr(b, *s);
    }
    return desk_buf_cstr(b);
}

static json_t *event_json(const struct desk_google_place *p, const struct desk_google_write *w)
{
    char from[40], to[40];
    struct desk_buf text;
    const char *description = escaped(&text, w->description ? w->description : "");
    desk_when_iso(from, sizeof from, p->tz, w->start);
    desk_when_iso(to, sizeof to, p->tz, w->end);
    json_t *v = json_pack("{s:s*, s:s*, s:s*, s:s*, s:{s:s, s:s}, s:{s:s, s:s}, s:s, s:{s:{s:s}}}",
                          "id", w->id, "summary", w->summary, "location", w->location,
                          "description", w->description ? description : NULL, "start", "dateTime",
                          from, "timeZone", p->tz_name, "end", "dateTime", to, "timeZone",
                          p->tz_name, "visibility", w->hidden ? "private" : "default",
                          "extendedProperties", "private", MARK, w->mark);
    desk_buf_clear(&text);
    return v;
}

/* ---- the calls ------------------------------------------------------------------------------- */

static enum desk_google_end busy(const struct desk_google_place *p, int64_t from, int64_t to,
                                 enum desk_google_busy *out, struct desk_google_result *r)
{
    char min[40], max[40];
    struct desk_buf url;
    size_t n = strlen(p->api_url);
    while (n && p->api_url[n - 1] == '/')
        n--;
    json_t *answer, *body = json_pack("{s:s, s:s, s:[{s:s}]}", "timeMin", utc(from, min), "timeMax",
                                      utc(to, max), "items", "id", p->calendar);
    desk_buf_init(&url, URL_MAX);
    desk_buf_add(&url, p->api_url, n);
    desk_buf_str(&url, "/calendar/v3/freeBusy");
    send_to(p, &url, (struct desk_google_request){.method = "POST", .body = body, .safe = true},
            &answer, r);
    /* keyed by what was asked; one answer to one question, so a name that Google spells otherwise
     * ("primary" as an address) is that, too */
    const json_t *all = json_object_get(answer, "calendars");
    const json_t *one = json_object_get(all, p->calendar);
    if (!one && json_object_size(all) == 1)
        one = json_object_iter_value(json_object_iter((json_t *)(uintptr_t)all));
    const json_t *list = json_object_get(one, "busy");
    *out = json_array_size(json_object_get(one, "errors")) || !json_is_array(list)
               ? DESK_GOOGLE_UNKNOWN
           : json_array_size(list) ? DESK_GOOGLE_BUSY
                                   : DESK_GOOGLE_FREE;
    json_decref(answer);
    json_decref(body);
    return r->end;
}

static void list_url(const struct desk_google_place *p, const struct desk_google_list *l,
                     const char *page, struct desk_buf *url)
{
    char min[40], max[40];
    struct desk_buf query;
    url_events(p, NULL, url);
    desk_buf_init(&query, URL_MAX);
    desk_form_add(&query, "singleEvents", "true");
    desk_form_add(&query, "maxResults", PER_PAGE);
    if (l->sync_token) {
        desk_form_add(&query, "syncToken", l->sync_token);
    } else {
        desk_form_add(&query, "timeMin", utc(l->from, min));
        desk_form_add(&query, "timeMax", utc(l->to, max));
    }
    desk_form_add(&query, "pageToken", page);
    desk_buf_fmt(url, "?%s", desk_buf_cstr(&query));
    url->failed = url->failed || !desk_buf_ok(&query);
    desk_buf_clear(&query);
}

/* Days of a list are those of the calendar's own zone. */
static const struct desk_tz *zone_of(const struct desk_google_place *p, const json_t *page)
{
    const char *name = json_string_value(json_object_get(page, "timeZone"));
    const struct desk_tz *tz = name ? desk_tz_load(name) : NULL;
    return tz ? tz : p->tz;
}

static bool list_page(const struct desk_google_place *p, struct desk_google_list *l,
                      const json_t *page)
{
    size_t i;
    json_t *v;
    bool more = true;
    const struct desk_tz *tz = zone_of(p, page);
    struct desk_google_event *e = malloc(sizeof *e);
    json_array_foreach(json_object_get(page, "items"), i, v)
    {
        if (e && more && read_event(v, tz, e))
            more = l->each(l->ctx, e);
    }
    more = more && e;
    free(e);
    return more;
}

static enum desk_google_end list(const struct desk_google_place *p, struct desk_google_list *l,
                                 struct desk_google_result *r)
{
    char page[2048] = "";
    l->next_token[0] = '\0';
    for (int i = 0; i < PAGES; i++) {
        struct desk_buf url;
        json_t *answer;
        list_url(p, l, *page ? page : NULL, &url);
        send_to(p, &url, (struct desk_google_request){.method = "GET", .safe = true}, &answer, r);
        bool is_list = json_is_array(json_object_get(answer, "items"));
        bool more = !r->end && is_list && list_page(p, l, answer);
        copy(page, sizeof page, answer, "nextPageToken");
        copy(l->next_token, sizeof l->next_token, answer, "nextSyncToken");
        json_decref(answer);
        if (!r->end && !is_list)
            desk_google_ended(r, DESK_GOOGLE_DOWN, "Google's answer is no list.");
        if (r->end || !more || !*page)
            return r->end;
    }
    return desk_google_ended(r, DESK_GOOGLE_REFUSED, "That calendar is too long to be read.");
}

static enum desk_google_end get(const struct desk_google_place *p, const char *id,
                                struct desk_google_event *out, struct desk_google_result *r)
{
    struct desk_buf url;
    json_t *answer;
    url_events(p, id, &url);
    send_to(p, &url, (struct desk_google_request){.method = "GET", .safe = true}, &answer, r);
    return take_event(p, answer, true, out, r);
}

static enum desk_google_end insert(const struct desk_google_place *p,
                                   const struct desk_google_write *w, struct desk_google_event *out,
                                   struct desk_google_result *r)
{
    struct desk_buf url;
    json_t *answer, *body = event_json(p, w);
    url_events(p, NULL, &url);
    desk_buf_str(&url, "?sendUpdates=none");
    send_to(p, &url, (struct desk_google_request){.method = "POST", .body = body}, &answer, r);
    json_decref(body);
    return take_event(p, answer, false, out, r);
}

static enum desk_google_end patch(const struct desk_google_place *p, const char *id,
                                  const char *etag, const struct desk_google_write *w,
                                  struct desk_google_event *out, struct desk_google_result *r)
{
    struct desk_buf url;
    json_t *answer, *body = event_json(p, w);
    url_events(p, id, &url);
    desk_buf_str(&url, "?sendUpdates=none");
    send_to(p, &url,
            (struct desk_google_request){.method = "PATCH", .body = body, .if_match = etag},
            &answer, r);
    json_decref(body);
    return take_event(p, answer, false, out, r);
}

static enum desk_google_end erase(const struct desk_google_place *p, const char *id,
                                  struct desk_google_result *r)
{
    struct desk_buf url;
    json_t *answer;
    url_events(p, id, &url);
    desk_buf_str(&url, "?sendUpdates=none");
    send_to(p, &url, (struct desk_google_request){.method = "DELETE", .safe = true}, &answer, r);
    json_decref(answer);
    if (r->end == DESK_GOOGLE_GONE || r->end == DESK_GOOGLE_MISSING)
        *r = (struct desk_google_result){.end = DESK_GOOGLE_OK, .http = r->http};
    return r->end;
}

const struct desk_google_calendar desk_google_calendar_rest = {
    .busy = busy,
    .list = list,
    .get = get,
    .insert = insert,
    .patch = patch,
    .erase = erase,
};
