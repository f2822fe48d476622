#include "talk/text_reply.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "store/conversation.h"
#include "store/outbox.h"
#include "store/text_marks.h"
#include "talk/text_fit.h"
#include "talk/texts.h"

#include <jansson.h>
#include <string.h>

/* ---- writing one ----------------------------------------------------------------------------- */

static enum desk_rc queue(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                          const struct desk_text_words *w, const char *body)
{
    int64_t wait = w->came + DESK_TEXT_PAGE_MS - desk_now_ms();
    const struct desk_text t = {.tenant_id = c->tenant_id,
                                .call_id = c->id,
                                .from = c->to_number,
                                .to = c->from_number,
                                .name = w->name,
                                .body = body,
                                .key = w->key,
                                .answers = true,
                                .wait_ms = wait > 0 ? wait : 0};
    enum desk_rc rc = desk_text_queue(db, a, &t);
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

static const char *fitting(struct desk_arena *a, const char *body)
{
    size_t n = strlen(body);
    return n <= DESK_MAX_TEXT ? body
                              : desk_arena_strndup(a, body, desk_utf8_cut(body, n, DESK_MAX_TEXT));
}

enum desk_rc desk_text_reply(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                             const struct desk_text_words *w)
{
    const char *body = fitting(a, w->body);
    enum desk_rc rc = body ? queue(db, a, c, w, body) : DESK_ENOMEM;
    return rc ? rc : desk_turn_now(db, c, w->key, DESK_WHO_DESK, "text", body);
}

/* What is left out stands on the timeline: it was not said. */
static enum desk_rc fit(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                        const char *key, const char **say)
{
    const char *left_out = NULL;
    *say = desk_text_fit(a, *say, &left_out);
    if (!*say || !left_out)
        return *say ? DESK_OK : DESK_ENOMEM;
    const char *line = desk_arena_fmt(a, "The answer was too long for a text. Not sent:%s%s",
                                      *left_out == ' ' ? "" : " ", left_out);
    const char *once = desk_arena_fmt(a, "fit:%s", key);
    return line && once ? desk_event_add(db, c->tenant_id, c->id, c->started_at, "rule",
                                         "text_shortened", line, once)
                        : DESK_ENOMEM;
}

/* The owner began to write while the answer was thought of: theirs stands, ours does not go. */
static enum desk_rc by_hand(struct desk_db *db, const struct desk_call *c, const char *key,
                            bool *silent)
{
    int64_t until = 0;
    enum desk_rc rc = c->from_number
                          ? desk_text_by_hand_until(db, c->tenant_id, c->from_number, &until)
                          : DESK_OK;
    *silent = !rc && until > 0;
    return rc || !*silent
               ? rc
               : desk_event_add(db, c->tenant_id, c->id, c->started_at, "rule", "text_by_hand",
                                "Not sent: you write with them by hand.", key);
}

/* ---- of a talk ------------------------------------------------------------------------------- */

enum desk_rc desk_text_answer(struct desk_db *db, struct desk_arena *a, const struct desk_vs *s,
                              const struct desk_call *c)
{
    struct desk_talk k;
    int64_t last = 0;
    enum desk_rc rc = desk_talk_load(a, c, &k);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_EINTERNAL : rc;
    const char *say = k.say;
    const char *key = *say ? desk_arena_fmt(a, "reply:%s:%lld", c->id, (long long)(k.n - 1)) : NULL;
    if (*say && !key)
        return DESK_ENOMEM;
    rc = desk_texts_answered(db, c->tenant_id, s->row.id, k.n - 1, key, &last);
    if (!rc && *say)
        rc = fit(db, a, c, key, &say);
    if (rc || !*say)
        return rc;
    bool silent = false;
    rc = by_hand(db, c, key, &silent);
    if (rc || silent)
        return rc;
    const struct desk_text_words w = {.key = key, .body = say, .came = last};
    return queue(db, a, c, &w, say);
}

/* ---- with the webhook ------------------------------------------------------------------------ */

static enum desk_rc words_of(struct desk_db *db, struct desk_arena *a, const struct desk_text_in *t,
                             struct desk_text_paged *out)
{
    struct desk_outbox row;
    enum desk_rc rc = desk_outbox_by_cause(db, a, t->tenant_id, t->reply, &row);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_EINTERNAL : rc;
    json_t *p = json_loads(row.payload ? row.payload : "", 0, NULL);
    const char *body = json_string_value(json_object_get(p, "body"));
    out->body = body ? desk_arena_strdup(a, body) : NULL;
    out->outbox_id = row.id;
    json_decref(p);
    return out->body ? DESK_OK : DESK_EINTERNAL;
}

static enum desk_rc take(struct desk_db *db, const struct desk_text_in *t)
{
    enum desk_rc rc = desk_outbox_page(db, t->tenant_id, t->reply);
    return rc ? rc : desk_text_in_page(db, t);
}

enum desk_rc desk_text_page(struct desk_db *db, struct desk_arena *a, const struct desk_text_in *t,
                            bool repeat, const char *token, struct desk_text_paged *out)
{
    *out = (struct desk_text_paged){0};
    if (!t->reply)
        return DESK_OK;
    if (t->on_page) {
        /* Twilio asks once more when it got no answer, by the same name: then there was none. */
        bool again = repeat && token && t->token && strcmp(token, t->token) == 0;
        return again ? words_of(db, a, t, out) : DESK_OK;
    }
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, take(db, t));
    if (!rc)
        rc = words_of(db, a, t, out);
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}
