#include "wire/ics.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define FOLD     75 /* bytes of a line without its CRLF (RFC 5545 3.1) */
#define LINE_MAX 16384

/* TEXT (RFC 5545 3.3.11): what would end it or be read otherwise; no control characters. */
static void add_escaped(struct desk_buf *line, const char *text)
{
    for (const char *p = text; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '\\' || c == ';' || c == ',') {
            desk_buf_chr(line, '\\');
            desk_buf_chr(line, *p);
        } else if (c == '\n' || (c == '\r' && p[1] != '\n')) {
            desk_buf_str(line, "\\n");
        } else if (c >= 0x20 && c != 0x7f) {
            desk_buf_chr(line, *p);
        }
    }
}

/* A value that is no TEXT is ours; still no control character gets in. */
static void add_plain(struct desk_buf *line, const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x20 && *text != 0x7f)
            desk_buf_chr(line, *text);
}

static bool inside_character(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

static void add_folded(struct desk_buf *out, const char *p, size_t n)
{
    size_t room = FOLD;
    while (n > room) {
        size_t cut = room;
        while (cut > 1 && room - cut < 3 && inside_character(p[cut]))
            cut--;
        desk_buf_add(out, p, cut);
        desk_buf_str(out, "\r\n ");
        p += cut;
        n -= cut;
        room = FOLD - 1; /* the space counts */
    }
    desk_buf_add(out, p, n);
    desk_buf_str(out, "\r\n");
}

void desk_ics_line(struct desk_buf *out, const char *name, const char *text, bool escape)
{
    struct desk_buf line;
    desk_buf_init(&line, LINE_MAX);
    desk_buf_fmt(&line, "%s:", name);
    if (escape)
        add_escaped(&line, text);
    else
        add_plain(&line, text);
    if (desk_buf_ok(&line))
        add_folded(out, line.p, line.len);
    else
        out->failed = true;
    desk_buf_clear(&line);
}

static void text_line(struct desk_buf *out, const char *name, const char *text)
{
    if (text && *text)
        desk_ics_line(out, name, text, true);
}

static void time_line(struct desk_buf *out, const char *name, int64_t utc_ms)
{
    struct tm tm;
    char text[32];
    time_t s = (time_t)(utc_ms / 1000);
    if (!gmtime_r(&s, &tm) || !strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &tm)) {
        out->failed = true;
        return;
    }
    desk_ics_line(out, name, text, false);
}

void desk_ics_begin(struct desk_buf *out, const char *name, const char *zone, int refresh_minutes,
                    bool cancel)
{
    char every[32];
    desk_buf_str(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Frontdesk//Calendar//EN\r\n"
                      "CALSCALE:GREGORIAN\r\n");
    desk_ics_line(out, "METHOD", cancel ? "CANCEL" : "PUBLISH", false);
    text_line(out, "X-WR-CALNAME", name);
    if (zone && *zone)
        desk_ics_line(out, "X-WR-TIMEZONE", zone, false);
    if (refresh_minutes > 0) {
        snprintf(every, sizeof every, "PT%dM", refresh_minutes);
        desk_ics_line(out, "REFRESH-INTERVAL;VALUE=DURATION", every, false);
        desk_ics_line(out, "X-PUBLISHED-TTL", every, false);
    }
}

void desk_ics_event(struct desk_buf *out, const struct desk_ics_event *e)
{
    char number[32];
    snprintf(number, sizeof number, "%" PRId64, e->sequence);
    desk_buf_str(out, "BEGIN:VEVENT\r\n");
    desk_ics_line(out, "UID", e->uid, true);
    desk_ics_line(out, "SEQUENCE", number, false);
    time_line(out, "DTSTAMP", e->stamp);
    if (e->created)
        time_line(out, "CREATED", e->created);
    time_line(out, "LAST-MODIFIED", e->stamp);
    time_line(out, "DTSTART", e->start);
    time_line(out, "DTEND", e->end);
    desk_ics_line(out, "STATUS",
                  e->cancelled   ? "CANCELLED"
                  : e->tentative ? "TENTATIVE"
                                 : "CONFIRMED",
                  false);
    desk_ics_line(out, "TRANSP", e->cancelled ? "TRANSPARENT" : "OPAQUE", false);
    if (e->hidden)
        desk_ics_line(out, "CLASS", "PRIVATE", false);
    text_line(out, "SUMMARY", e->summary);
    text_line(out, "LOCATION", e->location);
    text_line(out, "DESCRIPTION", e->description);
    if (e->url && *e->url)
        desk_ics_line(out, "URL", e->url, false);
    desk_buf_str(out, "END:VEVENT\r\n");
}

void desk_ics_end(struct desk_buf *out)
{
    desk_buf_str(out, "END:VCALENDAR\r\n");
}
