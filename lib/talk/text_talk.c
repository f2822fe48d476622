/* Texts that wait are answered by the talk of their conversation: all that came so far as one turn.
 * Whoever claims the turn goes on until nothing waits, so a text that comes meanwhile is answered
 * after it, by the same thread. */
#include "base/clock.h"
#include "base/log.h"
#include "core/text_words.h"
#include "store/conversation.h"
#include "talk/business.h"
#include "talk/promise.h"
#include "talk/text_in.h"

#include <string.h>

#define ROUNDS 12 /* turns in a row by one thread; what is left then waits for another */

struct taken {
    const struct desk_text_in *rows;
    size_t n;
};

static enum desk_rc take(void *ctx, struct desk_db *db, int64_t n)
{
    const struct taken *t = ctx;
    enum desk_rc rc = DESK_OK;
    for (size_t i = 0; !rc && i < t->n; i++)
        rc = desk_text_in_take(db, &t->rows[i], n);
    return rc;
}

static const char *joined(struct desk_arena *a, const struct taken *t)
{
    const char *text = "";
    for (size_t i = 0; text && i < t->n; i++)
        text = i ? desk_arena_fmt(a, "%s\n%s", text, t->rows[i].text) : t->rows[i].text;
    return text;
}

/* Keys are what the rules offer in place of words: "1". */
static enum desk_brain_event event_of(const struct desk_vs_turn *t, const struct desk_vs *s,
                                      const char *text)
{
    bool keys = *text && strlen(text) <= 16 && strspn(text, "0123456789#*") == strlen(text);
    return keys && !s->talk.done && !desk_brain_is_model(t->brain) ? DESK_BRAIN_KEYS
                                                                   : DESK_BRAIN_SPEECH;
}

/* The turn is ours. */
static enum desk_rc answer(struct desk_db *db, struct desk_arena *a, struct desk_vs *s,
                           struct desk_vs_turn *t)
{
    struct desk_text_in *rows;
    struct taken taken = {0};
    enum desk_rc rc = desk_texts_waiting(db, a, s->row.tenant_id, s->row.id, &rows, &taken.n);
    if (rc)
        return rc;
    if (!taken.n) { /* answered between two looks of ours */
        desk_vsession_drop(db, t);
        return DESK_OK;
    }
    taken.rows = rows;
    const char *text = joined(a, &taken);
    if (text)
        text = desk_text_meant(text, s->talk.say);
    t->heard = take;
    t->heard_ctx = &taken;
    if (!t->brain)
        rc = desk_talk_brain(db, a, s->row.tenant_id, s->talk.failed, &t->brain);
    if (!rc && !text)
        rc = DESK_ENOMEM;
    if (!rc)
        rc = desk_vsession_answer(db, a, s, t, event_of(t, s, text), text);
    t->heard = NULL;
    t->heard_ctx = NULL;
    return rc;
}

/* ---- a conversation that came to its end meanwhile --------------------------------------------
 */

static enum desk_rc new_rows(struct desk_db *db, struct desk_arena *a, const struct desk_vs *s,
                             const struct desk_vs_new *in, const struct desk_business *b,
                             struct desk_vs *next)
{
    enum desk_rc rc =
        desk_voice_session_by_pair(db, a, s->row.tenant_id, s->row.pair_key, &next->row);
    if (rc == DESK_ENOTFOUND)
        rc = desk_vsession_insert(db, a, in, b, next);
    return rc ? rc
              : desk_texts_move(db, s->row.tenant_id, s->row.id, next->row.id, next->row.call_id);
}

static enum desk_rc renew(struct desk_db *db, struct desk_arena *a, const struct desk_vs *s,
                          const char **session_id)
{
    struct desk_tenant tenant;
    struct desk_location at;
    struct desk_vs next = {0};
    struct desk_business *b = desk_arena_alloc(a, sizeof *b);
    enum desk_rc rc = b && s->row.pair_key ? DESK_OK : b ? DESK_EINTERNAL : DESK_ENOMEM;
    if (!rc)
        rc = desk_tenant_get(db, a, s->row.tenant_id, &tenant);
    if (!rc)
        rc = desk_location_get(db, a, tenant.id, s->call.location_id, &at);
    if (!rc)
        rc = desk_business_of(a, &tenant, &at, b);
    const struct desk_vs_new in = {.tenant = &tenant,
                                   .location = &at,
                                   .to = s->call.to_number,
                                   .channel = DESK_CHANNEL_TEXT,
                                   .from = s->call.from_number ? s->call.from_number : "",
                                   .vouched = true,
                                   .pair_key = s->row.pair_key,
                                   .audio = "none",
                                   .idle_ms = s->row.idle_ms};
    if (!rc)
        rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, new_rows(db, a, s, &in, b, &next));
    if (!rc)
        *session_id = next.row.id;
    return rc;
}

/* ---- all that waits -------------------------------------------------------------------------- */

/* One turn. DESK_DONE: nothing waits, or another is at it. */
static enum desk_rc round_of(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             const char **session_id, const struct desk_brain *brain,
                             bool (*stopping)(void), bool *held)
{
    struct desk_text_in *rows;
    struct desk_vs s;
    size_t n = 0;
    struct desk_vs_turn t = {.brain = brain, .stopping = stopping};
    enum desk_rc rc = desk_texts_waiting(db, a, tenant_id, *session_id, &rows, &n);
    if (rc || !n)
        return rc ? rc : DESK_DONE;
    rc = desk_vsession_load(db, a, tenant_id, *session_id, &s);
    if (rc)
        return rc;
    if (s.state != DESK_VS_ACTIVE)
        return renew(db, a, &s, session_id);
    rc = desk_vsession_claim(db, a, &s, &t);
    if (rc)
        return rc;
    *held = t.got == DESK_VS_RUNNING;
    if (*held)
        return DESK_DONE;
    return t.got == DESK_VS_MINE ? answer(db, a, &s, &t) : DESK_OK; /* it ended: look again */
}

enum desk_rc desk_text_talk(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                            const char *session_id, const struct desk_brain *brain,
                            bool (*stopping)(void))
{
    enum desk_rc rc = DESK_OK;
    bool held = false;
    for (int i = 0; !rc && i < ROUNDS; i++)
        rc = round_of(db, a, tenant_id, &session_id, brain, stopping, &held);
    return rc == DESK_DONE && !held ? DESK_OK : rc;
}

/* ---- left over ------------------------------------------------------------------------------- */

static enum desk_rc give_up_in_tx(struct desk_db *db, struct desk_arena *a,
                                  const struct desk_text_in *t)
{
    struct desk_call c;
    const char *item = desk_arena_fmt(a, "text:%s", t->message_sid);
    enum desk_rc rc = desk_call_get(db, a, t->tenant_id, t->call_id, &c);
    if (!rc)
        rc = desk_text_in_end(db, t, DESK_TEXT_NONE, NULL);
    if (!rc && !t->turn) /* no turn holds its words */
        rc = desk_turn_now(db, &c, item, DESK_WHO_CALLER, "text", t->text);
    if (!rc)
        rc = desk_event_add(db, c.tenant_id, c.id, c.started_at, "ladder", "text_not_answered",
                            "Frontdesk could not answer this text.", item);
    return rc ? rc : desk_promise(db, a, &c, "Wrote, and could not be answered");
}

static enum desk_rc give_up(struct desk_db *db, struct desk_arena *a, const struct desk_text_in *t)
{
    desk_log(DESK_LOG_ERROR, "text.given_up", "call=%s sid=%s", t->call_id, t->message_sid);
    enum desk_rc rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, give_up_in_tx(db, a, t));
}

static bool is_in(const struct desk_text_left *v, size_t n, const char *session_id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i].session_id, session_id) == 0)
            return true;
    return false;
}

enum desk_rc desk_text_left_over(struct desk_db *db, struct desk_arena *a, int64_t before,
                                 struct desk_text_left *out, size_t max, size_t *n)
{
    struct desk_text_in *rows;
    size_t n_rows = 0;
    int64_t now = desk_now_ms();
    *n = 0;
    enum desk_rc rc = desk_texts_due(db, a, before, &rows, &n_rows);
    for (size_t i = 0; !rc && i < n_rows && *n < max; i++) {
        if (rows[i].created_at < now - DESK_TEXT_GIVE_UP_MS)
            rc = give_up(db, a, &rows[i]);
        else if (!is_in(out, *n, rows[i].session_id))
            out[(*n)++] = (struct desk_text_left){rows[i].tenant_id, rows[i].session_id};
    }
    return rc;
}
