/* One line per event on stderr: time level zone event ctx… key=value…; or, with LOG_FORMAT=json,
 * the same as one JSON object: time, level, program, event, rid, sid, trace, and a member for each
 * key=value (what is no pair is in "msg"). Control bytes are replaced, so no input can forge a
 * line. Thread-safe; never blocks on anything but the write to stderr. PII never goes in raw: use
 * desk_mask_phone() / desk_mask_text(), or let a field table mask it (db/fields.h, which says of
 * such a column only how long it is); words of others that are worth reading and may hold some go
 * through desk_mask_line() (core/mask.h). */
#ifndef DESK_BASE_LOG_H
#define DESK_BASE_LOG_H

#include <stddef.h>

enum desk_log_level {
    DESK_LOG_DEBUG,
    DESK_LOG_INFO,
    DESK_LOG_NOTICE,
    DESK_LOG_WARN,
    DESK_LOG_ERROR,
    DESK_LOG__MAX
};

/* Name of this program in every line; lowest level that is written (from LOG_LEVEL). */
void desk_log_init(const char *zone, enum desk_log_level min);

/* "debug".."error" → level; anything else → DESK_LOG_INFO. */
enum desk_log_level desk_log_level_parse(const char *s);

/* The setting LOG_FORMAT: "json"; anything else is plain lines. Beside desk_log_init(). */
void desk_log_format(const char *word);

/* What the lines of a thread are about: "" = nothing. */
struct desk_log_about {
    char request[72]; /* rid= */
    char sid[48];     /* sid=: CallSid, MessageSid, or a session's id */
    char trace[40];   /* trace=: 32 hex digits (wire/traceparent.h) */
};

/* All three for this thread's lines that follow; NULL = none. Copied, and cheap. */
void desk_log_about(const struct desk_log_about *about);

/* Request id and CallSid only; NULL or "" clears. Copied. */
void desk_log_bind(const char *request_id, const char *sid);

/* The trace only; NULL or "" clears. */
void desk_log_trace(const char *trace);

/* What this thread's lines are about now. Never NULL; valid until something is bound anew. */
const struct desk_log_about *desk_log_bound(void);

/* event: short dotted name ("voice.incoming"). fmt: "key=%s key=%d" style details, or "". */
void desk_log(enum desk_log_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Same, with strerror(errno) appended as err="…". */
void desk_log_errno(enum desk_log_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* "+14155550134" → "+1415…34" into out (NUL-terminated, truncated to n). Returns out. */
const char *desk_mask_phone(char *out, size_t n, const char *phone);

/* Free text → "(12 chars)"; says how much there was and nothing of what. Returns out. */
const char *desk_mask_text(char *out, size_t n, const char *text);

#endif
