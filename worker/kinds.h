/* What the outbox can deliver: one row per kind, and all that is known of it. */
#ifndef WORKER_KINDS_H
#define WORKER_KINDS_H

#include "out/dtools.h"
#include "out/google_calendar.h"
#include "out/google_sheets.h"
#include "out/stt.h"
#include "out/telegram.h"
#include "out/twilio.h"
#include "out/twilio_media.h"
#include "out/webhook.h"
#include "store/outbox.h"

#include <stdbool.h>
#include <stdint.h>

/* A picture's small likeness, as JPEG. False: there is none. */
typedef bool outbox_small(const void *bytes, size_t n, struct desk_buf *out);

/* The outside as the worker reaches it; tests put their own in its place. */
struct outbox_services {
    const struct desk_twilio *twilio;
    const struct desk_twilio_media *media;
    const struct desk_stt *stt;
    const struct desk_telegram *telegram;
    const struct desk_google_calendar *calendar;
    const struct desk_google_sheets *sheets;
    const struct desk_webhook_sender *webhook;
    const struct desk_dtools *dtools;
    outbox_small *small; /* NULL = pictures get none */
};

/* One delivery: the row as claimed, a connection of this thread's own (no transaction is open), and
 * memory that goes with it. */
struct outbox_work {
    const struct outbox_services *services;
    struct desk_db *db;
    struct desk_arena *arena;
    const struct desk_outbox *row;
    bool (*stop)(void *ctx); /* the process ends: what may be repeated is left for the next */
    void *stop_ctx;
};

/* A name of the other side's (SM…): does it belong to another row of ours? */
typedef bool outbox_known(void *ctx, const char *remote_id);

/* What a delivery may come to, for the timeline. */
enum outbox_story {
    OUTBOX_TOLD_SENT,
    OUTBOX_TOLD_REFUSED,
    OUTBOX_TOLD_OPTED_OUT,
    OUTBOX_TOLD_FAILED,
    OUTBOX_TOLD_UNKNOWN,
    OUTBOX_STORIES
};

struct outbox_kind {
    const char *name;
    bool may_repeat;  /* the other side knows a repeat, or one too many does no harm: a killed
                         attempt goes again */
    bool text;        /* a text to a person: opted out and quiet hours are asked before it goes
                         (talk/text_gate.h) */
    const char *what; /* for the timeline: events text_sent, text_refused, … */
    const char *it;   /* of which the sentences tell that it was sent, will not arrive, … */
    const char *said[OUTBOX_STORIES]; /* sentences of its own; with neither: no line for it */
    /* Always fills *r. Blocks as long as the other side lets it, 150 s at most; what may take
     * minutes ends within a second of stop() saying so. */
    void (*deliver)(const struct outbox_work *w, struct desk_outbox_result *r);
    /* An attempt that may have been done: ask the other side. NULL: it cannot be asked. */
    enum desk_twilio_found (*find)(const struct outbox_work *w, outbox_known *known, void *ctx,
                                   struct desk_outbox_result *r);
};

extern const struct outbox_kind outbox_kinds[]; /* ended by name NULL */

const struct outbox_kind *outbox_kind_find(const char *name); /* NULL: none of that name */

/* ---- for the deliverers (kinds.c) ------------------------------------------------------------ */

void outbox_fail(struct desk_outbox_result *r, const char *why);
/* A failure of ours (the database): again, later. */
void outbox_again(struct desk_outbox_result *r, enum desk_rc rc);
/* A text of a row; with its report's address. */
void outbox_send_text(const struct outbox_work *w, const char *to, const char *from,
                      const char *body, struct desk_outbox_result *r);
/* False: TWILIO_ACCOUNT_SID or its token is not set, and r says so. */
bool outbox_account(struct desk_twilio_account *account, struct desk_outbox_result *r);
/* A member of the row's payload, in the arena; NULL: it has none. */
const char *outbox_payload(const struct outbox_work *w, const char *name);
/* Will it be given up if this attempt fails, too? */
bool outbox_last(const struct outbox_work *w, const struct desk_outbox_result *r);
/* Our public address without a slash at its end; NULL: there is none that others could use. */
const char *outbox_base(const struct outbox_work *w);

/* ---- the kinds that are more than one request ------------------------------------------------ */
void deliver_telegram(const struct outbox_work *w, struct desk_outbox_result *r);
void deliver_telegram_reply(const struct outbox_work *w, struct desk_outbox_result *r);
void deliver_owner_text(const struct outbox_work *w, struct desk_outbox_result *r);
void deliver_call(const struct outbox_work *w, struct desk_outbox_result *r);
void deliver_steer(const struct outbox_work *w, struct desk_outbox_result *r);
void deliver_remind_call(const struct outbox_work *w, struct desk_outbox_result *r);
void deliver_fetch(const struct outbox_work *w, struct desk_outbox_result *r);
void deliver_picture(const struct outbox_work *w, struct desk_outbox_result *r);
void deliver_erase(const struct outbox_work *w, struct desk_outbox_result *r);
void deliver_google_event(const struct outbox_work *w, struct desk_outbox_result *r);
void deliver_google_sync(const struct outbox_work *w, struct desk_outbox_result *r);
void deliver_google_connect(const struct outbox_work *w, struct desk_outbox_result *r);
void deliver_calendar_import(const struct outbox_work *w, struct desk_outbox_result *r);
void deliver_google_revoke(const struct outbox_work *w, struct desk_outbox_result *r);
void deliver_sheet_row(const struct outbox_work *w, struct desk_outbox_result *r);
enum desk_twilio_found sheet_row_find(const struct outbox_work *w, outbox_known *known, void *ctx,
                                      struct desk_outbox_result *r);
void deliver_webhook(const struct outbox_work *w, struct desk_outbox_result *r);
void deliver_probe(const struct outbox_work *w, struct desk_outbox_result *r);
void deliver_dtools(const struct outbox_work *w, struct desk_outbox_result *r);
enum desk_twilio_found dtools_find(const struct outbox_work *w, outbox_known *known, void *ctx,
                                   struct desk_outbox_result *r);
void deliver_words(const struct outbox_work *w, struct desk_outbox_result *r);

#endif
