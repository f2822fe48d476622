/* What reports are counted from, and the digests that were sent. Reads put strings in the arena;
 * writes run inside the caller's transaction. A period's `max` is the most rows that are read. */
#ifndef DESK_STORE_REPORT_H
#define DESK_STORE_REPORT_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"
#include "store/period.h"

#include <stdbool.h>
#include <stdint.h>

/* ---- calls ----------------------------------------------------------------------------------- */

/* Of a call what a report counts: all of it stands in one index. */
struct desk_report_call_row {
    const char *id; /* never read: NULL */
    int64_t started_at;
    const char *location_id, *outcome;
    int64_t duration_ms;
    const char *from_key;
};
extern const struct desk_fields desk_report_call_fields;

/* Calls that came in then, oldest first, one after the other: not the owner's own, not of blocked
 * numbers. `a` is emptied for each. */
DESK_MUST enum desk_rc desk_report_calls(struct desk_db *db, struct desk_arena *a,
                                         const struct desk_period *p, desk_db_each_fn *fn,
                                         void *ctx);

/* What a call of that time cost: billionths of a dollar, as far as prices are known. */
struct desk_report_cost_row {
    const char *id; /* never read: NULL */
    int64_t started_at, nanos;
};
extern const struct desk_fields desk_report_cost_fields;
DESK_MUST enum desk_rc desk_report_costs(struct desk_db *db, struct desk_arena *a,
                                         const struct desk_period *p, desk_db_each_fn *fn,
                                         void *ctx);

/* When the first call came in. DESK_ENOTFOUND: none ever did. */
DESK_MUST enum desk_rc desk_report_first(struct desk_db *db, const char *tenant_id, int64_t *at);

/* ---- days and hours that were counted before --------------------------------------------------
 */

enum desk_report_kept_kind {
    DESK_REPORT_DAY,  /* where the business is */
    DESK_REPORT_HOUR, /* since 1970, of the last weeks */
    DESK_REPORT_KEPT__MAX
};

/* A whole day or hour of a business (location_id "": all of it). Triggers delete it as soon as one
 * of its calls, what one cost, or the opening hours change; whoever needs it counts anew until the
 * worker has written it again. */
struct desk_report_day_row {
    const char *id; /* made here */
    const char *tenant_id, *location_id;
    int64_t from_at, to_at;
    const char *figures, *callers; /* core/report.h: desk_report_day_write() */
};
extern const struct desk_fields desk_report_day_fields;
extern const struct desk_fields desk_report_hour_fields;
DESK_MUST enum desk_rc desk_report_kept_put(struct desk_db *db, enum desk_report_kept_kind kind,
                                            const struct desk_report_day_row *d);
/* Those within the period, by time; callers: with who called (else callers is NULL). */
DESK_MUST enum desk_rc desk_report_kept_each(struct desk_db *db, enum desk_report_kept_kind kind,
                                             bool callers, struct desk_arena *a,
                                             const struct desk_period *p, desk_db_each_fn *fn,
                                             void *ctx);
/* The same without their texts. */
DESK_MUST enum desk_rc desk_report_kept_known(struct desk_db *db, enum desk_report_kept_kind kind,
                                              struct desk_arena *a, const struct desk_period *p,
                                              struct desk_report_day_row **out, size_t *n);
/* Hours that began before. */
DESK_MUST enum desk_rc desk_report_hours_drop(struct desk_db *db, const char *tenant_id,
                                              int64_t before);
/* A call is written that began then: what was kept of a time that is over was counted without it.
 * (By hand and not by a trigger: with one SQLite would look through all tables that hang on calls
 * at each new call.) */
DESK_MUST enum desk_rc desk_report_call_late(struct desk_db *db, const char *tenant_id,
                                             int64_t started_at);

/* Who calls from the number whose key begins so. DESK_ENOTFOUND: it is of no call. */
struct desk_report_caller_row {
    const char *id; /* of the latest call */
    const char *from_number, *contact_id;
};
extern const struct desk_fields desk_report_caller_fields;
DESK_MUST enum desk_rc desk_report_caller_of(struct desk_db *db, struct desk_arena *a,
                                             const char *tenant_id, const char *from_key,
                                             struct desk_report_caller_row *out);

/* ---- other rows, counted --------------------------------------------------------------------- */

struct desk_report_alert_row {
    const char *id; /* never read: NULL */
    const char *kind, *severity;
    int64_t n;
};
extern const struct desk_fields desk_report_alert_fields;
DESK_MUST enum desk_rc desk_report_alerts(struct desk_db *db, struct desk_arena *a,
                                          const struct desk_period *p,
                                          struct desk_report_alert_row **out, size_t *n);

enum desk_report_number {
    DESK_REPORT_PROMISED, /* callbacks promised then */
    DESK_REPORT_KEPT,     /* done then */
    DESK_REPORT_OPEN,     /* open at its end */
    DESK_REPORT_LATE,     /* of these: should have been made before */
    DESK_REPORT_LEADS,
    DESK_REPORT_TICKETS,
    DESK_REPORT_MESSAGES,
    DESK_REPORT_VISITS,    /* appointments that begin then */
    DESK_REPORT_SURE,      /* of them those who said that they come */
    DESK_REPORT_ATTENTION, /* what could not be delivered (of no location) */
    DESK_REPORT_UNDONE,    /* promised in it, not done, and nobody has dealt with it */
    DESK_REPORT_NUMBER__MAX
};
DESK_MUST enum desk_rc desk_report_number(struct desk_db *db, enum desk_report_number which,
                                          const struct desk_period *p, int64_t *n);

/* How long callers waited on the days from … to ("2026-11-01", both included), of all locations:
 * steps of 20 ms, ascending. */
struct desk_report_wait_row {
    const char *id;         /* never read: NULL */
    const char *kind, *day; /* the one that was not asked by: NULL */
    int64_t step, n;
};
extern const struct desk_fields desk_report_wait_fields;
DESK_MUST enum desk_rc desk_report_waits(struct desk_db *db, struct desk_arena *a,
                                         const char *tenant_id, const char *kind, const char *from,
                                         const char *to, struct desk_report_wait_row **out,
                                         size_t *n);

/* The same of each day, by day and step. `a` is emptied for each. */
DESK_MUST enum desk_rc desk_report_wait_days(struct desk_db *db, struct desk_arena *a,
                                             const char *tenant_id, const char *kind,
                                             const char *from, const char *to, desk_db_each_fn *fn,
                                             void *ctx);

/* ---- digests --------------------------------------------------------------------------------- */

#define DESK_DIGEST_DAILY  "daily"
#define DESK_DIGEST_WEEKLY "weekly"

struct desk_digest {
    const char *id; /* made when NULL */
    const char *tenant_id;
    const char *kind; /* DESK_DIGEST_… */
    int64_t from_at, to_at;
    const char *figures; /* JSON */
    const char *text;
    int64_t sent; /* messages that were queued with it */
    int64_t created_at;
};
extern const struct desk_fields desk_digest_fields;

/* DESK_ECONFLICT: that stretch has one. */
DESK_MUST enum desk_rc desk_digest_insert(struct desk_db *db, const struct desk_digest *d);
/* The latest first. */
DESK_MUST enum desk_rc desk_digest_list(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const char *kind, size_t max,
                                        struct desk_digest **out, size_t *n);

#endif
