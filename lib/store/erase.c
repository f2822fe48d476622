#include "store/erase.h"
#include "base/clock.h"
#include "queries.h"
#include "store/call_after.h"
#include "store/outbox.h"
#include "store/recordings.h"

#include <string.h>

/* ---- may it be? ------------------------------------------------------------------------------ */

static enum desk_rc count(struct desk_db *db, const struct desk_contact *c, const char *key,
                          int64_t *running, int64_t *coming)
{
    int64_t n = 0;
    enum desk_rc rc = desk_db_int(db, DESK_Q_ERASE_RUNNING,
                                  DESK_ARGS(DESK_T(c->tenant_id), DESK_T(c->id), DESK_T(key)), &n);
    *running += n;
    if (!rc)
        rc = desk_db_int(db, DESK_Q_ERASE_COMING,
                         DESK_ARGS(DESK_T(c->tenant_id), DESK_T(key), DESK_I(desk_now_ms())), &n);
    *coming += rc ? 0 : n;
    return rc;
}

enum desk_rc desk_erase_refused(struct desk_db *db, struct desk_arena *a,
                                const struct desk_contact *c, const char **why)
{
    struct desk_contact *more;
    size_t n = 0;
    int64_t running = 0, coming = 0;
    enum desk_rc rc = count(db, c, c->number_key, &running, &coming);
    if (!rc)
        rc = desk_contact_numbers(db, a, c->tenant_id, c->id, &more, &n);
    for (size_t i = 0; !rc && i < n; i++)
        rc = count(db, c, more[i].number_key, &running, &coming);
    *why = running ? "They are on the phone now. Erase them when the call is over."
           : coming
               ? "They have an appointment to come. Cancel it first, so that it goes from every "
                 "calendar, too."
               : NULL;
    return rc;
}

/* ---- calls ----------------------------------------------------------------------------------- */

/* Twilio has its sound, too: it is to go there as well, although its row is gone by then. */
static enum desk_rc erase_there(struct desk_db *db, struct desk_arena *a,
                                const struct desk_recording *r)
{
    if (!r->twilio_sid || r->remote_erased_at)
        return DESK_OK;
    const struct desk_outbox_new row = {
        .tenant_id = r->tenant_id,
        .kind = DESK_OUTBOX_ERASE,
        .dedupe = desk_arena_fmt(a, "person|%s", r->twilio_sid),
        .payload = desk_arena_fmt(a, "{\"recording\":\"%s\",\"gone\":\"1\"}", r->twilio_sid),
        .priority = DESK_OUTBOX_NORMAL};
    enum desk_rc rc = row.dedupe && row.payload ? desk_outbox_add(db, &row) : DESK_ENOMEM;
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

/* row: the recordings' rows stay, as erased ones. */
static enum desk_rc erase_sound(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                                bool row)
{
    struct desk_recording *recs;
    size_t n = 0;
    enum desk_rc rc = desk_recording_by_call(db, a, c->tenant_id, c->id, &recs, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        rc = erase_there(db, a, &recs[i]);
        if (!rc && row)
            rc = desk_recording_erase(db, c->tenant_id, recs[i].id);
        if (rc == DESK_DONE)
            rc = DESK_OK;
    }
    return rc;
}

static enum desk_rc each(struct desk_db *db, const unsigned *q, size_t n, const char *tenant_id,
                         const char *key)
{
    enum desk_rc rc = DESK_OK;
    for (size_t i = 0; !rc && i < n; i++)
        rc = desk_db_exec(db, q[i], DESK_ARGS(DESK_T(tenant_id), DESK_T(key)), NULL);
    return rc;
}

static enum desk_rc erase_call(struct desk_db *db, struct desk_arena *a, const struct desk_call *c)
{
    static const unsigned all[] = {DESK_Q_ERASE_CALL_OUTBOX, DESK_Q_ERASE_CALL_ALERTS,
                                   DESK_Q_ERASE_CALL};
    enum desk_rc rc = erase_sound(db, a, c, false);
    return rc ? rc : each(db, all, sizeof all / sizeof *all, c->tenant_id, c->id);
}

static enum desk_rc some_calls(struct desk_db *db, struct desk_arena *a, unsigned q,
                               const char *tenant_id, const char *key, size_t max, size_t *n)
{
    void *rows;
    size_t found = 0;
    enum desk_rc rc =
        desk_db_rows(db, q, DESK_ARGS(DESK_T(tenant_id), DESK_T(key), DESK_I((int64_t)(max - *n))),
                     &desk_call_fields, a, max - *n, &rows, &found);
    const struct desk_call *c = rows;
    for (size_t i = 0; !rc && i < found; i++)
        rc = erase_call(db, a, &c[i]);
    *n += rc ? 0 : found;
    return rc;
}

enum desk_rc desk_erase_calls(struct desk_db *db, struct desk_arena *a,
                              const struct desk_contact *c, size_t max, size_t *n)
{
    struct desk_contact *more;
    size_t n_more = 0;
    *n = 0;
    enum desk_rc rc = some_calls(db, a, DESK_Q_ERASE_CALLS, c->tenant_id, c->id, max, n);
    if (!rc && *n < max)
        rc = some_calls(db, a, DESK_Q_ERASE_CALLS_OF_NUMBER, c->tenant_id, c->number_key, max, n);
    if (!rc)
        rc = desk_contact_numbers(db, a, c->tenant_id, c->id, &more, &n_more);
    for (size_t i = 0; !rc && i < n_more && *n < max; i++)
        rc = some_calls(db, a, DESK_Q_ERASE_CALLS_OF_NUMBER, c->tenant_id, more[i].number_key, max,
                        n);
    return !rc && *n < max ? DESK_DONE : rc;
}

/* ---- the rest -------------------------------------------------------------------------------- */

static enum desk_rc of_number(struct desk_db *db, const char *tenant_id, const char *key)
{
    static const unsigned q[] = {DESK_Q_ERASE_OUTBOX, DESK_Q_ERASE_LEADS_OF_NUMBER,
                                 DESK_Q_ERASE_APPOINTMENTS_OF_NUMBER, DESK_Q_ERASE_EXCEPTION};
    return each(db, q, sizeof q / sizeof *q, tenant_id, key);
}

enum desk_rc desk_erase_rest(struct desk_db *db, struct desk_arena *a, const struct desk_contact *c)
{
    static const unsigned q[] = {DESK_Q_ERASE_CALLBACKS,    DESK_Q_ERASE_LEADS,
                                 DESK_Q_ERASE_TICKETS,      DESK_Q_ERASE_NOTES,
                                 DESK_Q_ERASE_APPOINTMENTS, DESK_Q_ERASE_CONTACT_NUMBERS,
                                 DESK_Q_ERASE_CONTACT};
    struct desk_contact *more;
    size_t n = 0;
    enum desk_rc rc = desk_contact_numbers(db, a, c->tenant_id, c->id, &more, &n);
    for (size_t i = 0; !rc && i < n; i++)
        rc = of_number(db, c->tenant_id, more[i].number_key);
    if (!rc)
        rc = of_number(db, c->tenant_id, c->number_key);
    return rc ? rc : each(db, q, sizeof q / sizeof *q, c->tenant_id, c->id);
}

/* ---- one call -------------------------------------------------------------------------------- */

const char *desk_erase_call_refused(const struct desk_call *c)
{
    if (!c->ended_at)
        return "They are on the phone now. Erase it when the call is over.";
    if (c->erased_at)
        return "It is erased already.";
    return c->channel && strcmp(c->channel, DESK_CHANNEL_TELEPHONY) != 0
               ? "This was written, not said. It goes with the person: erase them."
               : NULL;
}

/* What it cost stays; what it was about goes. */
static enum desk_rc erase_notes(struct desk_db *db, struct desk_arena *a, const struct desk_call *c)
{
    struct desk_call_after r;
    const struct desk_fields *f = &desk_call_after_fields;
    enum desk_rc rc = desk_call_after_get(db, a, c->tenant_id, c->id, &r);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    return desk_db_exec(
        db, DESK_Q_ERASE_NOTES_OF_CALL,
        DESK_ARGS(DESK_T(c->tenant_id), DESK_T(r.id), DESK_SEAL(f, "summary", r.id, ""),
                  DESK_SEAL(f, "topics", r.id, ""), DESK_SEAL(f, "facts", r.id, "{}")),
        NULL);
}

enum desk_rc desk_erase_one_call(struct desk_db *db, struct desk_arena *a,
                                 const struct desk_call *c)
{
    static const unsigned all[] = {DESK_Q_ERASE_CALL_OUTBOX,   DESK_Q_ERASE_CALL_ALERTS,
                                   DESK_Q_ERASE_TURNS,         DESK_Q_ERASE_EVENTS,
                                   DESK_Q_ERASE_TOOL_RUNS,     DESK_Q_ERASE_TALK_TURNS,
                                   DESK_Q_ERASE_ATTENTION,     DESK_Q_ERASE_WORDS_OF_MESSAGES,
                                   DESK_Q_ERASE_WORDS_OF_CALL, DESK_Q_ERASE_MESSAGES};
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_ERASE_SUMMARY,
        DESK_ARGS(DESK_T(c->tenant_id), DESK_T(c->id), DESK_I(desk_now_ms())), &changed);
    if (rc || !changed)
        return rc ? rc : DESK_DONE;
    rc = each(db, all, sizeof all / sizeof *all, c->tenant_id, c->id);
    if (!rc)
        rc = erase_notes(db, a, c);
    return rc ? rc : erase_sound(db, a, c, true);
}
