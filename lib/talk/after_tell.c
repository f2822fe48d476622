/* After a call: does the owner have to do something, and are they told. */
#include "talk/after_set.h"
#include "base/log.h"
#include "core/phone.h"
#include "talk/lead_notice.h"
#include "talk/owner_tell.h"
#include "talk/texts.h"

#include <string.h>

#define CALLER_CUT  80
#define SUMMARY_CUT 320

static bool is(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

/* ---- what is left to do ---------------------------------------------------------------------- */

static const char make_offer[] = "Make an offer.";

static const char *open_work(const struct after *f)
{
    for (size_t i = 0; i < f->n_callbacks; i++)
        if (is(f->callbacks[i].state, "open"))
            return "Call back.";
    for (size_t i = 0; i < f->n_messages; i++)
        if (is(f->messages[i].state, "new"))
            return "Answer the message.";
    for (size_t i = 0; i < f->n_tickets; i++)
        if (is(f->tickets[i].state, "open"))
            return "See to the ticket.";
    for (size_t i = 0; i < f->n_leads; i++)
        if (is(f->leads[i].state, "open"))
            return make_offer;
    return NULL;
}

static const char *to_do(const struct after *f)
{
    const char *work = open_work(f);
    if (work)
        return work;
    if (is(f->call->outcome, DESK_OUT_NOT_PUT))
        return "Call: nobody picked up.";
    if (is(f->call->outcome, DESK_OUT_FAILED))
        return "Call: they were cut off.";
    return f->call->urgent ? "It is urgent." : NULL;
}

static bool told_of_message(const struct after *f)
{
    for (size_t i = 0; i < f->n_sent; i++)
        if (is(f->sent[i].kind, DESK_OUTBOX_OWNER_TEXT))
            return true;
    return false;
}

/* All there is to do is a lead, and of that the owner was told as it came (lead_notice.h); nothing
 * came to it since. */
static bool told_of_lead(const struct after *f)
{
    bool told = false;
    for (size_t i = 0; i < f->n_sent; i++)
        told = told || (f->sent[i].dedupe && strncmp(f->sent[i].dedupe, DESK_LEAD_NOTICE,
                                                     strlen(DESK_LEAD_NOTICE)) == 0);
    for (size_t i = 0; i < f->n_leads; i++)
        told = told && f->leads[i].updated_at == f->leads[i].created_at;
    return told && to_do(f) == make_offer;
}

/* The text of a recorded message is a notice of this call, and one is enough. */
bool desk_after_will_tell(const struct after *f)
{
    if (!desk_after_of_caller(f) || told_of_message(f) || !(*f->chat || f->by_text))
        return false;
    return f->b.after.tell == DESK_AFTER_EVERY ||
           (f->b.after.tell == DESK_AFTER_NEEDED && to_do(f) && !told_of_lead(f));
}

/* ---- telling --------------------------------------------------------------------------------- */

struct telling {
    struct after *f;
    const char *caller, *todo, *key;
    bool text, telegram; /* queued */
};

static const char *caller_of(struct after *f)
{
    char spoken[DESK_PHONE_LEN + 16];
    const char *who = desk_after_who(f), *number = f->call->from_number;
    if (!number)
        return is(who, "The caller") ? "a hidden number"
                                     : desk_text_line(f->a, who, CALLER_CUT, false);
    desk_phone_national(spoken, sizeof spoken, number);
    return is(who, "The caller") ? desk_arena_strdup(f->a, spoken)
                                 : desk_text_line(f->a, desk_arena_fmt(f->a, "%s, %s", who, spoken),
                                                  CALLER_CUT, false);
}

static enum desk_rc by_telegram(struct telling *t, const char *chat)
{
    struct after *f = t->f;
    const char *text =
        f->b.phi
            ? desk_arena_fmt(f->a, "%s: a call. See the dashboard.", f->b.name)
            : desk_arena_fmt(f->a, "%s: call from %s.\n%s%s%s", f->b.name, t->caller,
                             f->row.summary, t->todo ? "\nTo do: " : "", t->todo ? t->todo : "");
    enum desk_rc rc =
        text ? desk_telegram_queue(f->db, f->a,
                                   &(struct desk_telegram_new){.tenant_id = f->call->tenant_id,
                                                               .call_id = f->call->id,
                                                               .chat = chat,
                                                               .text = text,
                                                               .key = t->key,
                                                               .priority = DESK_OUTBOX_NORMAL,
                                                               .keys = true})
             : DESK_ENOMEM;
    t->telegram = rc == DESK_OK;
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

static enum desk_rc by_text(struct telling *t)
{
    struct after *f = t->f;
    char why[200];
    const char *body = NULL;
    const struct desk_sms_value v[] = {
        {"caller", t->caller},
        {"summary", desk_text_line(f->a, f->row.summary, SUMMARY_CUT, false)},
        {"todo", t->todo}};
    enum desk_rc rc = desk_text_render(f->a, &f->b, "call_owner", v, 3, &body, why, sizeof why);
    if (rc) { /* the owner's own wording does not fit: the rest must be written all the same */
        desk_log(DESK_LOG_ERROR, "after.words", "why=\"%s\"", why);
        return rc == DESK_ENOMEM ? rc : DESK_OK;
    }
    rc = desk_text_queue(f->db, f->a,
                         &(struct desk_text){.tenant_id = f->call->tenant_id,
                                             .call_id = f->call->id,
                                             .from = f->call->to_number,
                                             .to = f->b.owner->phone,
                                             .name = "call_owner",
                                             .body = body,
                                             .key = t->key});
    t->text = rc == DESK_OK;
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

enum desk_rc desk_after_ways(struct after *f)
{
    struct desk_owner_ways ways;
    enum desk_rc rc =
        desk_owner_ways(f->db, f->a, f->call->tenant_id, &f->b, f->call->to_number, &ways);
    f->chat = ways.chat;
    f->by_text = ways.text;
    return rc;
}

static enum desk_rc tell(struct telling *t)
{
    enum desk_rc rc = *t->f->chat ? by_telegram(t, t->f->chat) : DESK_OK;
    return !rc && t->f->by_text ? by_text(t) : rc;
}

enum desk_rc desk_after_tell(struct after *f)
{
    static const char *const words[2][2] = {{"no", "telegram"}, {"text", "both"}};
    struct telling t = {.f = f, .todo = to_do(f)};
    f->row.needs_owner = desk_after_of_caller(f) && (t.todo || f->n_missing);
    f->row.told = words[0][0];
    if (!t.todo && f->n_missing)
        t.todo = "Something was promised and not done. See the call.";
    bool wanted = desk_after_will_tell(f) || (desk_after_of_caller(f) && !told_of_message(f) &&
                                              f->n_missing && f->b.after.tell == DESK_AFTER_NEEDED);
    if (!wanted)
        return DESK_OK;
    t.caller = caller_of(f);
    t.key = desk_arena_fmt(f->a, "after:%s", f->call->id);
    enum desk_rc rc = t.caller && t.key ? tell(&t) : DESK_ENOMEM;
    f->row.told = words[t.text][t.telegram];
    return rc;
}
