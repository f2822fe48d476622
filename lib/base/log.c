#include "base/log.h"
#include "base/clock.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048

static char log_zone[24] = "-";
static enum desk_log_level log_min = DESK_LOG_INFO;
static _Thread_local char log_request[72];
static _Thread_local char log_call[48];

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

void desk_log_bind(const char *request_id, const char *call_id)
{
    snprintf(log_request, sizeof log_request, "%s", request_id ? request_id : "");
    snprintf(log_call, sizeof log_call, "%s", call_id ? call_id : "");
}

static size_t line_head(char *line, size_t cap, enum desk_log_level level, const char *event)
{
    int64_t now = desk_now_ms();
    time_t sec = (time_t)(now / 1000);
    struct tm tm;
    char when[32];
    gmtime_r(&sec, &tm);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S", &tm);
    int n = snprintf(line, cap, "%s.%03dZ %s %s %s%s%s%s%s", when, (int)(now % 1000),
                     level_names[level], log_zone, event, log_request[0] ? " rid=" : "",
                     log_request, log_call[0] ? " call=" : "", log_call);
    return n < 0 ? 0 : (size_t)n < cap ? (size_t)n : cap - 1;
}

static size_t line_text(char *line, size_t len, size_t cap, const char *fmt, va_list ap)
{
    if (!fmt[0] || len + 2 >= cap)
        return len;
    line[len++] = ' ';
    int n = vsnprintf(line + len, cap - len, fmt, ap);
    if (n < 0)
        return len;
    return (size_t)n < cap - len ? len + (size_t)n : cap - 1;
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

void desk_log(enum desk_log_level level, const char *event, const char *fmt, ...)
{
    char line[LINE_MAX_BYTES + 1];
    if (level < log_min)
        return;
    size_t len = line_head(line, LINE_MAX_BYTES, level, event);
    va_list ap;
    va_start(ap, fmt);
    len = line_text(line, len, LINE_MAX_BYTES, fmt, ap);
    va_end(ap);
    line_write(line, len);
}

void desk_log_errno(enum desk_log_level level, const char *event, const char *fmt, ...)
{
    char line[LINE_MAX_BYTES + 1], why[128];
    int saved = errno;
    if (level < log_min)
        return;
    size_t len = line_head(line, LINE_MAX_BYTES, level, event);
    va_list ap;
    va_start(ap, fmt);
    len = line_text(line, len, LINE_MAX_BYTES, fmt, ap);
    va_end(ap);
    int n = snprintf(line + len, LINE_MAX_BYTES - len, " err=\"%s\"",
                     strerror_r(saved, why, sizeof why));
    if (n > 0)
        len = len + (size_t)n < LINE_MAX_BYTES ? len + (size_t)n : LINE_MAX_BYTES - 1;
    line_write(line, len);
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
