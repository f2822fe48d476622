#include "talk/live.h"
#include "base/utf8.h"
#include "core/dialling.h"
#include "store/conversation.h"
#include "store/outbox.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define BOARD_CALLS 50

static bool is(const char *s, const char *want)
{
    return s && strcmp(s, want) == 0;
}

bool desk_live_by_bridge(const struct desk_call *c)
{
    return (is(c->mode, DESK_MODE_REALTIME) || is(c->mode, DESK_MODE_RELAY)) && !c->stream_ended_at;
}

const char *desk_live_cannot(const struct desk_call *c, const char *kind)
{
    const struct {
        bool so;
        const char *why;
    } rows[] = {
        {c->ended_at != 0, "Too late: the call has ended."},
        {c->channel != NULL, "This is no telephone call of ours."},
        {is(c->next_step, DESK_NEXT_TRANSFER), "They are being put through already."},
        {is(c->mode, DESK_MODE_RECORD) && !is(kind, DESK_LIVE_THROUGH),
         "They are leaving a message now."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].so)
            return rows[i].why;
    return NULL;
}

/* ---- asking ---------------------------------------------------------------------------------- */

/* Whom to ring. */
static const char *whom(struct desk_arena *a, const struct desk_live_ask *ask,
                        const struct desk_person **who)
{
    *who = ask->name && *ask->name ? desk_business_person(ask->business, ask->name)
                                   : ask->business->owner;
    if (!*who)
        return "There is nobody of that name in the settings.";
    if ((*who)->phone && desk_may_dial(ask->business, (*who)->phone))
        return NULL;
    const char *name = *(*who)->name ? (*who)->name : "The owner";
    const char *why = desk_arena_fmt(a, "%s has no phone that may be rung.", name);
    return why ? why : "There is no phone that may be rung.";
}

static const char *sentence(const struct desk_live_ask *ask)
{
    size_t n = ask->text ? strlen(ask->text) : 0;
    if (!n)
        return "Type what Frontdesk should say.";
    return desk_utf8_count(ask->text, n) > DESK_LIVE_SAY_MAX
               ? "That is too long to be said: 200 letters at most."
               : NULL;
}

static enum desk_rc note(struct desk_db *db, struct desk_arena *a, const struct desk_live_ask *ask,
                         const struct desk_live_order *o)
{
    const char *name = o->name && *o->name ? o->name : "the owner";
    const char *what = is(o->kind, DESK_LIVE_SAY) ? desk_arena_fmt(a, "say “%s”", o->text)
                       : is(o->kind, DESK_LIVE_THROUGH)
                           ? desk_arena_fmt(a, "put the caller through to %s", name)
                       : is(o->kind, DESK_LIVE_MESSAGE) ? "take a message and end the call"
                                                        : "hang up";
    const char *line =
        what ? desk_arena_fmt(a, "%s asked %s to %s.", ask->by, ask->way, what) : NULL;
    const char *event = desk_arena_fmt(a, "live_%s", o->kind);
    const char *once = desk_arena_fmt(a, "live:%s", o->dedupe);
    return line && event && once ? desk_event_add(db, o->tenant_id, o->call_id,
                                                  ask->call->started_at, "note", event, line, once)
                                 : DESK_ENOMEM;
}

/* Twilio is told to ask for another page of this call. */
static enum desk_rc next_page(struct desk_db *db, struct desk_arena *a,
                              const struct desk_live_order *o, const struct desk_call *c)
{
    json_t *root = json_pack("{s:s}", "sid", c->call_sid);
    char *payload = root ? json_dumps(root, JSON_COMPACT) : NULL;
    const struct desk_outbox_new row = {.tenant_id = o->tenant_id,
                                        .call_id = o->call_id,
                                        .kind = DESK_OUTBOX_STEER,
                                        .dest = DESK_OUTBOX_TO_CALLS,
                                        .dedupe = desk_arena_fmt(a, "live:%s", o->dedupe),
                                        .payload = payload,
                                        .priority = DESK_OUTBOX_ALERT}; /* somebody waits */
    enum desk_rc rc = payload && row.dedupe ? desk_outbox_add(db, &row) : DESK_ENOMEM;
    json_decref(root);
    free(payload);
    return rc;
}

enum desk_rc desk_live_ask(struct desk_db *db, struct desk_arena *a,
                           const struct desk_live_ask *ask, const char **why)
{
    const struct desk_person *who = NULL;
    struct desk_live_order o = {.tenant_id = ask->call->tenant_id,
                                .call_id = ask->call->id,
                                .kind = ask->kind,
                                .dedupe = ask->once};
    *why = desk_live_cannot(ask->call, ask->kind);
    if (!*why && is(ask->kind, DESK_LIVE_THROUGH))
        *why = whom(a, ask, &who);
    if (!*why && is(ask->kind, DESK_LIVE_SAY))
        *why = sentence(ask);
    if (*why)
        return DESK_OK;
    if (who) {
        o.phone = who->phone;
        o.name = who->name;
    }
    if (is(ask->kind, DESK_LIVE_SAY))
        o.text = ask->text;
    enum desk_rc rc = desk_live_order_add(db, &o);
    if (!rc)
        rc = note(db, a, ask, &o);
    if (!rc && !desk_live_by_bridge(ask->call))
        rc = next_page(db, a, &o, ask->call);
    return rc == DESK_ECONFLICT ? DESK_DONE : rc;
}

/* ---- what became of it ----------------------------------------------------------------------- */

static const struct {
    const char *kind, *state, *words, *line;
} told[] = {
    {DESK_LIVE_SAY, DESK_LIVE_WAITING, "Frontdesk will say it after this sentence.", NULL},
    {DESK_LIVE_SAY, DESK_LIVE_ASKED, "Frontdesk will say it after this sentence.", NULL},
    {DESK_LIVE_SAY, DESK_LIVE_DONE, "Said.", "That was said, and the caller heard it to its end"},
    {DESK_LIVE_SAY, DESK_LIVE_CUT, "Begun, but the caller spoke over it.",
     "That was begun, and the caller spoke over it"},
    {DESK_LIVE_SAY, DESK_LIVE_FAILED, "It could not be said.", "That could not be said"},
    {DESK_LIVE_THROUGH, DESK_LIVE_WAITING, "Frontdesk is about to put them through.", NULL},
    {DESK_LIVE_THROUGH, DESK_LIVE_ASKED, "The caller is told that they are put through.", NULL},
    {DESK_LIVE_MESSAGE, DESK_LIVE_WAITING, "Frontdesk is about to ask for a message.", NULL},
    {DESK_LIVE_MESSAGE, DESK_LIVE_ASKED, "The caller is asked to leave a message.", NULL},
    {DESK_LIVE_MESSAGE, DESK_LIVE_DONE, "The caller was asked to leave a message.", NULL},
    {DESK_LIVE_HANGUP, DESK_LIVE_WAITING, "Frontdesk is about to say goodbye.", NULL},
    {DESK_LIVE_HANGUP, DESK_LIVE_ASKED, "Frontdesk says goodbye.", NULL},
    {DESK_LIVE_HANGUP, DESK_LIVE_DONE, "Frontdesk hung up.", NULL},
    {NULL, DESK_LIVE_LATE, "Too late: the call was ending already.",
     "That came too late: the call was ending already"},
    {NULL, DESK_LIVE_FAILED, "That could not be done.", "That could not be done"},
};

static size_t row_of(const char *kind, const char *state)
{
    size_t i = 0, n = sizeof told / sizeof *told;
    while (i < n && ((told[i].kind && !is(kind, told[i].kind)) || !is(state, told[i].state)))
        i++;
    return i;
}

const char *desk_live_line_of(const char *kind, const char *state)
{
    size_t i = row_of(kind, state);
    return i < sizeof told / sizeof *told ? told[i].line : NULL;
}

/* They are on their way out of the talk: what the telephone network made of it. */
static const char *rung(struct desk_arena *a, const struct desk_live_order *o,
                        const struct desk_call *c)
{
    const char *name = o->name && *o->name ? o->name : "the owner";
    const char *text;
    if (is(c->outcome, DESK_OUT_TRANSFERRED))
        text = desk_arena_fmt(a, "Put through: %s answered.", name);
    else if (c->stream_ended_at && is(c->next_step, DESK_NEXT_MESSAGE))
        text = desk_arena_fmt(a,
                              "Not put through: %s did not answer. The caller was asked for a "
                              "message.",
                              name);
    else if (c->ended_at)
        text = desk_arena_fmt(a, "The call ended before %s answered.", name);
    else
        text = desk_arena_fmt(a, "Ringing %s now.", name);
    return text ? text : "";
}

const char *desk_live_words(struct desk_arena *a, const struct desk_live_order *o,
                            const struct desk_call *c, int64_t now)
{
    bool waits = is(o->state, DESK_LIVE_WAITING);
    if (is(o->kind, DESK_LIVE_THROUGH) && is(o->state, DESK_LIVE_DONE))
        return rung(a, o, c);
    if (waits && c->ended_at)
        return "Too late: the call has ended.";
    if (waits && now - o->created_at > DESK_LIVE_MS)
        return "It was not done: the call could not be reached in time.";
    if (is(o->state, DESK_LIVE_ASKED) && c->ended_at)
        return "The call ended before it was done.";
    size_t i = row_of(o->kind, o->state);
    return i < sizeof told / sizeof *told ? told[i].words : "";
}

/* ---- for who watches ------------------------------------------------------------------------- */

static json_t *orders_of(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                         int64_t now)
{
    struct desk_live_order *o;
    size_t n = 0;
    json_t *list = json_array();
    if (!list || desk_live_orders(db, a, c->tenant_id, c->id, &o, &n))
        n = 0;
    for (size_t i = 0; i < n; i++)
        (void)json_array_append_new(list, json_pack("{s:s, s:s}", "id", o[i].id, "words",
                                                    desk_live_words(a, &o[i], c, now)));
    return list;
}

/* Calls that run, and what was asked of them. One who watched a call to its end learns from its
 * absence that it is over. */
enum desk_rc desk_live_board(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             int64_t now, const char **json)
{
    struct desk_call *c;
    size_t n = 0;
    json_t *list = json_array();
    enum desk_rc rc =
        list ? desk_live_calls(db, a, tenant_id, now - DESK_LIVE_SINCE_MS, BOARD_CALLS, &c, &n)
             : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++)
        (void)json_array_append_new(list,
                                    json_pack("{s:s, s:b, s:o}", "id", c[i].id, "urgent",
                                              c[i].urgent, "orders", orders_of(db, a, &c[i], now)));
    char *text = rc ? NULL : json_dumps(list, JSON_COMPACT);
    *json = text ? desk_arena_strdup(a, text) : NULL;
    free(text);
    json_decref(list);
    return rc ? rc : *json ? DESK_OK : DESK_ENOMEM;
}
