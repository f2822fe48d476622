/* What is known about one call: who, what came of it, in which words. Tags and sentences are only
 * as strong as the rows behind them. */
#include "cgi-bin/admin/admin.h"
#include "cgi-bin/words.h"
#include "core/phone.h"

#include <string.h>

static bool is(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

static bool filled(const char *s)
{
    return s && *s;
}

bool admin_running(const struct admin_facts *f)
{
    return !f->call->ended_at;
}

const struct desk_callback *admin_open_callback(const struct admin_facts *f)
{
    for (size_t i = 0; i < f->n_callbacks; i++)
        if (is(f->callbacks[i].state, "open"))
            return &f->callbacks[i];
    return NULL;
}

const struct desk_message *admin_new_message(const struct admin_facts *f)
{
    for (size_t i = 0; i < f->n_messages; i++)
        if (is(f->messages[i].state, "new"))
            return &f->messages[i];
    return NULL;
}

/* ---- loading --------------------------------------------------------------------------------- */

static void set_who(struct desk_request *req, struct admin_facts *f)
{
    char w[96];
    const struct desk_call *c = f->call;
    const struct desk_callback *k = f->n_callbacks ? &f->callbacks[0] : NULL;
    if (filled(f->contact.name))
        f->name = f->contact.name;
    else if (k && filled(k->name))
        f->name = k->name;
    f->number = filled(c->from_number) ? c->from_number : NULL;
    if (k && filled(k->number))
        f->number = k->number;
    if (f->name)
        f->who = f->name;
    else if (filled(c->from_number))
        f->who = desk_arena_strdup(req->arena, desk_phone_national(w, sizeof w, c->from_number));
    else
        f->who = is(c->channel, DESK_CHANNEL_CHAT) ? "Website visitor"
                 : is(c->caller_kind, "withheld")  ? "Hidden number"
                                                   : "Unknown caller";
    f->first = f->name ? desk_arena_strdup(req->arena, desk_words_first_name(w, sizeof w, f->name))
                       : "this caller";
}

/* What hangs on the call; of most calls nothing does, and then one question is all. */
static enum desk_rc load_hanging(struct desk_request *req, const char *call_id,
                                 struct admin_facts *f)
{
    const char *tenant = req->tenant.id;
    int64_t has = 0;
    enum desk_rc rc = desk_call_has(req->db, tenant, call_id, &has);
    if (!rc && has & DESK_CALL_HAS_CALLBACKS)
        rc = desk_callback_by_call(req->db, req->arena, tenant, call_id, &f->callbacks,
                                   &f->n_callbacks);
    if (!rc && has & DESK_CALL_HAS_MESSAGES)
        rc = desk_message_by_call(req->db, req->arena, tenant, call_id, &f->messages,
                                  &f->n_messages);
    if (!rc && has & DESK_CALL_HAS_VISITS)
        rc = desk_appointments_of_call(req->db, req->arena, tenant, call_id, &f->visits,
                                       &f->n_visits);
    if (!rc && has & DESK_CALL_HAS_UNDONE)
        rc = desk_attention_by_call(req->db, req->arena, tenant, call_id, &f->undone, &f->n_undone);
    return rc;
}

enum desk_rc admin_facts_load(struct desk_request *req, const struct desk_call *call,
                              struct admin_facts *f)
{
    memset(f, 0, sizeof *f);
    f->call = call;
    enum desk_rc rc = call->contact_id ? desk_contact_get(req->db, req->arena, req->tenant.id,
                                                          call->contact_id, &f->contact)
                                       : DESK_ENOTFOUND;
    if (rc == DESK_ENOTFOUND) {
        memset(&f->contact, 0, sizeof f->contact);
        rc = DESK_OK;
    }
    if (!rc)
        rc = load_hanging(req, call->id, f);
    f->owner = filled(req->location.owner_name) ? req->location.owner_name : "You";
    set_who(req, f);
    return !rc && (!f->who || !f->first) ? DESK_ENOMEM : rc;
}

/* ---- tags, worst first ----------------------------------------------------------------------- */

static bool outcome(const struct admin_facts *f, const char *word)
{
    return !admin_running(f) && is(f->call->outcome, word);
}

/* Urgent until somebody rang back. */
static bool urgent(const struct admin_facts *f)
{
    return f->call->urgent && (!f->n_callbacks || admin_open_callback(f));
}

/* A callback was promised, and there is no row for it. */
static bool unproven(const struct admin_facts *f)
{
    return outcome(f, DESK_OUT_CALLBACK) && !f->n_callbacks;
}

bool admin_undone(const struct admin_facts *f)
{
    for (size_t i = 0; i < f->n_undone; i++)
        if (is(f->undone[i].state, "open"))
            return true;
    return false;
}

static bool promised(const struct admin_facts *f)
{
    return admin_open_callback(f) != NULL;
}

static bool not_put(const struct admin_facts *f)
{
    return outcome(f, DESK_OUT_NOT_PUT);
}

static bool failed(const struct admin_facts *f)
{
    return outcome(f, DESK_OUT_FAILED);
}

static bool voicemail(const struct admin_facts *f)
{
    for (size_t i = 0; i < f->n_messages; i++)
        if (filled(f->messages[i].recording_sid))
            return true;
    return false;
}

/* The caller was asked for a message and there is none: a wish that went nowhere. */
bool admin_message_missing(const struct admin_facts *f)
{
    return !admin_running(f) && is(f->call->mode, DESK_MODE_RECORD) && !f->n_messages &&
           !f->n_callbacks;
}

static bool message(const struct admin_facts *f)
{
    return !voicemail(f) && !admin_message_missing(f) &&
           (f->n_messages || outcome(f, DESK_OUT_MESSAGE));
}

static bool voicemail_new(const struct admin_facts *f)
{
    return voicemail(f) && admin_new_message(f);
}

static bool voicemail_heard(const struct admin_facts *f)
{
    return voicemail(f) && !admin_new_message(f);
}

static bool message_new(const struct admin_facts *f)
{
    return message(f) && admin_new_message(f);
}

static bool message_heard(const struct admin_facts *f)
{
    return message(f) && !admin_new_message(f);
}

static bool done(const struct admin_facts *f)
{
    return f->n_callbacks && !promised(f);
}

static bool booked(const struct admin_facts *f)
{
    return outcome(f, DESK_OUT_BOOKED);
}

static bool cancelled(const struct admin_facts *f)
{
    return outcome(f, DESK_OUT_CANCELLED);
}

static bool put_through(const struct admin_facts *f)
{
    return outcome(f, DESK_OUT_TRANSFERRED);
}

static bool answered(const struct admin_facts *f)
{
    return outcome(f, DESK_OUT_ANSWERED);
}

static bool hung_up(const struct admin_facts *f)
{
    return outcome(f, DESK_OUT_HUNG_UP);
}

static bool no_speech(const struct admin_facts *f)
{
    return outcome(f, DESK_OUT_NO_SPEECH);
}

static bool screened(const struct admin_facts *f)
{
    return outcome(f, DESK_OUT_SCREENED);
}

static bool blocked(const struct admin_facts *f)
{
    return outcome(f, DESK_OUT_BLOCKED);
}

static bool machine(const struct admin_facts *f)
{
    return outcome(f, DESK_OUT_MACHINE);
}

static const struct admin_tag tags[] = {
    {"On the phone now", "now", "live", admin_running},
    {"Urgent", "p2", "triangle", urgent},
    {"Check what was said", "check", "question", unproven},
    {"Promised, not done", "check", "question", admin_undone},
    {"Callback promised", "todo", "clock", promised},
    {"Not put through", "todo", "through", not_put},
    {"Cut off", "todo", "struck", failed},
    {"No message recorded", "todo", "tape", admin_message_missing},
    {"Voicemail left", "todo", "tape", voicemail_new},
    {"Message taken", "todo", "bubble", message_new},
    {"Voicemail left", "plain", "tape", voicemail_heard},
    {"Message taken", "plain", "bubble", message_heard},
    {"Called back", "good", "tick", done},
    {"Booked", "good", "tick", booked},
    {"Cancelled", "plain", "struck", cancelled},
    {"Put through", "good", "through", put_through},
    {"Answered", "plain", "bubble", answered},
    {"Hung up", "plain", "struck", hung_up},
    {"Nothing heard", "plain", "struck", no_speech},
    {"Asked to text", "plain", "struck", screened},
    {"Not answered", "plain", "struck", blocked},
    {"A machine", "plain", "struck", machine},
};
static const struct admin_tag tag_ended = {"Ended", "plain", "struck", NULL};

const struct admin_tag *admin_tag(const struct admin_facts *f, size_t i)
{
    size_t seen = 0;
    for (size_t k = 0; k < sizeof tags / sizeof *tags; k++)
        if (tags[k].holds(f) && seen++ == i)
            return &tags[k];
    return !seen && !i ? &tag_ended : NULL;
}

/* ---- what happened --------------------------------------------------------------------------- */

static const struct {
    const char *outcome, *sentence;
} sentences[] = {
    {DESK_OUT_BOOKED, "Booked an appointment."},
    {DESK_OUT_CANCELLED, "Cancelled an appointment."},
    {DESK_OUT_CALLBACK, "Asked for a callback."},
    {DESK_OUT_TRANSFERRED, "Was put through."},
    {DESK_OUT_NOT_PUT, "Wanted to be put through. Nobody picked up."},
    {DESK_OUT_MESSAGE, "Left a message."},
    {DESK_OUT_ANSWERED, "Talked with Frontdesk. No summary."},
    {DESK_OUT_HUNG_UP, "Hung up before getting help."},
    {DESK_OUT_FAILED, "The call was cut off."},
    {DESK_OUT_NO_SPEECH, "Nothing was heard of the caller."},
    {DESK_OUT_SCREENED, "Was asked to send a text instead."},
    {DESK_OUT_BLOCKED, "Was not answered: the number is on your list of blocked ones."},
    {DESK_OUT_MACHINE, "It was a machine. The call was ended."},
};

/* A note of a few words, as a sentence: capital first, a stop at the end. */
static const char *as_sentence(struct desk_arena *a, const char *words)
{
    size_t n = strlen(words);
    unsigned char last = n ? (unsigned char)words[n - 1] : '.';
    bool stop = last < 0x80 && !strchr(".?!:", last);
    char *s = desk_arena_fmt(a, "%s%s", words, stop ? "." : "");
    if (s && s[0] >= 'a' && s[0] <= 'z')
        s[0] = (char)(s[0] - 32);
    return s ? s : words;
}

static const char *by_outcome(const struct admin_facts *f)
{
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (is(f->call->outcome, sentences[i].outcome))
            return sentences[i].sentence;
    return "No summary.";
}

const char *admin_summary(struct desk_request *req, const struct admin_facts *f)
{
    const char *s = NULL;
    if (f->call->erased_at)
        return "What was said was erased by hand.";
    if (filled(f->call->summary))
        return as_sentence(req->arena, f->call->summary);
    if (f->n_callbacks && filled(f->callbacks[0].reason))
        s = desk_arena_fmt(req->arena, "Wants a callback: %s.", f->callbacks[0].reason);
    else if (filled(f->call->transfer_reason))
        s = desk_arena_fmt(req->arena, "Wanted %s: %s.", f->owner, f->call->transfer_reason);
    else if (f->n_messages && filled(f->messages[0].text))
        s = desk_arena_fmt(req->arena, "Left a message: “%s”", f->messages[0].text);
    else if (admin_running(f))
        s = "The summary comes after the call.";
    return s ? s : by_outcome(f);
}
