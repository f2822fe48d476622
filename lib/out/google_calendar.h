/* Google Calendar v3 (facts/integrations.md 2), as a struct of functions: the real one is
 * desk_google_calendar_rest, tests put their own in its place.
 *
 * Blocking, as out/google.h says. Times are UTC milliseconds; what Google knows only as a day is
 * that whole day in the calendar's zone. Nothing of what stands in somebody's events is kept but
 * when they are. */
#ifndef DESK_OUT_GOOGLE_CALENDAR_H
#define DESK_OUT_GOOGLE_CALENDAR_H

#include "base/tz.h"
#include "out/google.h"

/* Which calendar, and who asks. */
struct desk_google_place {
    const char *api_url; /* GOOGLE_API_URL: https://www.googleapis.com */
    const struct desk_google_account *who;
    const char *calendar;     /* "primary", or an address */
    const struct desk_tz *tz; /* of days, where the answer does not say; and of what we write */
    const char *tz_name;      /* "America/Denver" */
    long timeout_ms;          /* of one request; 0 = 15000 */
};

/* An event as Google has it. Ids of others may be up to 1024 characters long. */
struct desk_google_event {
    char id[1025];
    char etag[64];
    char ours[64];      /* our mark on it: the id of the appointment; "" = not ours */
    int64_t start, end; /* 0, 0: not said (of a cancelled one only the id is sure) */
    int64_t created;    /* 0 = not said */
    bool cancelled;
    bool free; /* it takes up no time */
};

/* What is written. Text is plain; it is escaped where Google reads HTML. NULL = none. */
struct desk_google_write {
    const char *id;   /* of an insert: a-v and 0-9, made by us */
    const char *mark; /* appointment id */
    const char *summary, *location, *description;
    int64_t start, end;
    bool hidden; /* others who see the calendar see only that it is taken */
};

/* One page after the other: each event of a list. False: enough. */
typedef bool desk_google_each(void *ctx, const struct desk_google_event *e);

struct desk_google_list {
    int64_t from, to;       /* those that overlap; not read with a sync_token */
    const char *sync_token; /* what changed since; NULL = all */
    desk_google_each *each;
    void *ctx;
    char next_token[2048]; /* out: for the next time; "" = Google gave none */
};

enum desk_google_busy {
    DESK_GOOGLE_FREE,
    DESK_GOOGLE_BUSY,
    DESK_GOOGLE_UNKNOWN /* Google answers, but not for this calendar */
};

struct desk_google_calendar {
    /* Is anything there between those times? Our own events count, too. */
    enum desk_google_end (*busy)(const struct desk_google_place *p, int64_t from, int64_t to,
                                 enum desk_google_busy *out, struct desk_google_result *r);
    /* All pages. GONE: the sync_token is worth nothing any more; list all anew. */
    enum desk_google_end (*list)(const struct desk_google_place *p, struct desk_google_list *l,
                                 struct desk_google_result *r);
    enum desk_google_end (*get)(const struct desk_google_place *p, const char *id,
                                struct desk_google_event *out, struct desk_google_result *r);
    /* EXISTS: that id is there already, maybe by an attempt of ours whose answer was lost. LOST: it
     * may be there. */
    enum desk_google_end (*insert)(const struct desk_google_place *p,
                                   const struct desk_google_write *w, struct desk_google_event *out,
                                   struct desk_google_result *r);
    /* Times and words of one that is there; etag NULL = whatever it has become. */
    enum desk_google_end (*patch)(const struct desk_google_place *p, const char *id,
                                  const char *etag, const struct desk_google_write *w,
                                  struct desk_google_event *out, struct desk_google_result *r);
    /* OK also when there is none (any more). */
    enum desk_google_end (*erase)(const struct desk_google_place *p, const char *id,
                                  struct desk_google_result *r);
};

extern const struct desk_google_calendar desk_google_calendar_rest;

#endif
