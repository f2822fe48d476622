#include "base/log.h"
#include "base/clock.h"
#include "base/log_json.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048

static char log_zone[24] = "-";
static enum desk_log_level log_min = DESK_LOG_INFO;
static bool log_as_json;
static _Thread_local struct desk_log_about log_about;

static const char *const level_names[DESK_LOG__MAX] = {
    [DESK_LOG_DEBUG] = "debug", [DESK_LOG_INFO] = "info",   [DESK_LOG_NOTICE] = "notice",
    [DESK_LOG_WARN] = "warn",   [DESK_LOG_ERROR] = "error",
};

void desk_log_init(const char *zone, enum desk_log_level min)
{
    snprintf(log_zone, sizeof log_zone, "%s", zone);
    log_min = min;
}

enum desk_log_level desk_log_level_parse(const char *s)
{
    for (int i = 0; s && i < DESK_LOG__MAX; i++)
        if (strcmp(s, level_names[i]) == 0)
            return (enum desk_log_level)i;
    return DESK_LOG_INFO;
}

void desk_log_format(const char *word)
{
    log_as_json = strcmp(word, "json") == 0;
}

void desk_log_about(const struct desk_log_about *about)
{
    static const struct desk_log_about nothing;
    log_about = about ? *about : nothing;
}

void desk_log_bind(const char *request_id, const char *sid)
{
    snprintf(log_about.request, sizeof log_about.request, "%s", request_id ? request_id : "");
    snprintf(log_about.sid, sizeof log_about.sid, "%s", sid ? sid : "");
}

void desk_log_trace(const char *trace)
{
    snprintf(log_about.trace, sizeof log_about.trace, "%s", trace ? trace : "");
}

const struct desk_log_about *desk_log_bound(void)
{
    return &log_about;
}

static void say_when(char out[40])
{
    int64_t now = desk_now_ms();
    time_t sec = (time_t)(now / 1000);
    struct tm tm;
    gmtime_r(&sec, &tm);
    size_t n = strftime(out, 32, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(out + n, 40 - n, ".%03dZ", (int)(now % 1000));
}

static size_t plain_line(char *line, size_t cap, enum desk_log_level level, const char *event,
                         const char *text)
{
    char when[40];
    const struct desk_log_about *c = &log_about;
    say_when(when);
    int n = snprintf(line, cap, "%s %s %s %s%s%s%s%s%s%s%s%s", when, level_names[level], log_zone,
                     event, *c->request ? " rid=" : "", c->request, *c->sid ? " sid=" : "", c->sid,
                     *c->trace ? " trace=" : "", c->trace, *text ? " " : "", text);
    return n < 0 ? 0 : (size_t)n < cap ? (size_t)n : cap - 1;
}

static size_t json_line(char *line, size_t cap, enum desk_log_level level, const char *event,
                        const char *text)
{
    char when[40];
    say_when(when);
    const char *const head[][2] = {{"time", when},
                                   {"level", level_names[level]},
                                   {"program", log_zone},
                                   {"event", event},
                                   {"rid", log_about.request},
                                   {"sid", log_about.sid},
                                   {"trace", log_about.trace}};
    return desk_log_json(line, cap, head, sizeof head / sizeof *head, text);
}

static void line_write(char *line, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)line[i], next = (unsigned char)line[i + 1];
        if (c < 0x20 || c == 0x7f)
            line[i] = '?';
        else if (c == 0xc2 && i + 1 < len && next < 0xa0) /* C1 controls, as UTF-8 */
            line[i] = line[i + 1] = '?';
    }
    line[len++] = '\n';
    /* One write() per line keeps lines of several processes whole on a shared stderr. */
    ssize_t w = write(STDERR_FILENO, line, len);
    (void)w;
}

/* text: room for LINE_MAX_BYTES. */
static void say(enum desk_log_level level, const char *event, const char *text)
{
    char line[LOG_JSON_MAX + 2];
    size_t len = log_as_json ? json_line(line, LOG_JSON_MAX, level, event, text)
                             : plain_line(line, LINE_MAX_BYTES, level, event, text);
    line_write(line, len);
}

void desk_log(enum desk_log_level level, const char *event, const char *fmt, ...)
{
    char text[LINE_MAX_BYTES];
    if (level < log_min)
        return;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    say(level, event, text);
}

void desk_log_errno(enum desk_log_level level, const char *event, const char *fmt, ...)
{
    char text[LINE_MAX_BYTES], why[128];
    int saved = errno;
    if (level < log_min)
        return;
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    snprintf(text + len, sizeof text - len, "%serr=\"%s\"", len ? " " : "",
             strerror_r(saved, why, sizeof why));
    say(level, event, text);
    errno = saved;
}

const char *desk_mask_phone(char *out, size_t n, const char *phone)
{
    size_t len = phone ? strlen(phone) : 0;
    int head = len < 12 ? (int)len - 7 : 5; /* five digits stay hidden, whatever its length */
    if (head < 2)
        snprintf(out, n, len ? "…" : "-");
    else
        snprintf(out, n, "%.*s…%s", head, phone, phone + len - 2);
    return out;
}

const char *desk_mask_text(char *out, size_t n, const char *text)
{
    snprintf(out, n, "(%zu chars)", text ? strlen(text) : (size_t)0);
    return out;
}
