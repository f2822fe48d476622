/* After a call, by rules: what its rows say, in sentences; what it was about, by the words of the
 * caller; in what mood. Nothing is said here that is not a row or the caller's own words. */
#include "talk/after_set.h"
#include "base/utf8.h"
#include "core/day_text.h"
#include "core/escalation.h"
#include "core/intent.h"
#include "talk/texts.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WORDS_CUT 160
#define SAID_MAX  ((size_t)8192)

static bool is(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

static const char *filled(const char *s)
{
    return s && *s ? s : NULL;
}

/* ---- the summary ----------------------------------------------------------------------------- */

/* One more sentence: "Booked: drain cleaning." Words of others are cut, and end with a stop. */
static void sentence(struct after *f, struct desk_buf *b, const char *what, const char *words)
{
    if (b->len)
        desk_buf_chr(b, ' ');
    desk_buf_str(b, what);
    const char *line = filled(words) ? desk_text_line(f->a, words, WORDS_CUT, false) : "";
    if (*line)
        desk_buf_fmt(b, ": %s", line);
    const char *all = *line ? line : what;
    size_t n = strlen(all);
    if (!n || !strchr(".?!", all[n - 1]))
        desk_buf_chr(b, '.');
}

static void visits(struct after *f, struct desk_buf *b)
{
    static const struct {
        const char *status, *what;
    } words[] = {{DESK_APPT_BOOKED, "Booked"},
                 {DESK_APPT_MOVED, "Moved"},
                 {DESK_APPT_CANCELLED, "Cancelled"},
                 {DESK_APPT_DONE, "Booked"}};
    for (size_t i = 0; i < f->n_visits; i++)
        for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
            char day[48], at[24];
            const struct desk_appointment *v = &f->visits[i];
            if (!is(v->status, words[k].status))
                continue;
            desk_when_date_long(day, sizeof day, f->b.zone, v->start_at);
            desk_when_time(at, sizeof at, f->b.zone, v->start_at, false);
            sentence(f, b, words[k].what,
                     desk_arena_fmt(f->a, "%s, %s, %s", v->service_name, day, at));
        }
}

static void callbacks(struct after *f, struct desk_buf *b)
{
    for (size_t i = 0; i < f->n_callbacks; i++)
        sentence(f, b, f->callbacks[i].urgent ? "Wants a call back soon" : "Wants a call back",
                 f->callbacks[i].reason);
}

static void records(struct after *f, struct desk_buf *b)
{
    for (size_t i = 0; i < f->n_tickets; i++)
        sentence(f, b, desk_arena_fmt(f->a, "Ticket %lld", (long long)f->tickets[i].n),
                 f->tickets[i].problem);
    for (size_t i = 0; i < f->n_leads; i++)
        sentence(f, b, "Asked for an offer", f->leads[i].job);
    for (size_t i = 0; i < f->n_vendors; i++)
        sentence(f, b, desk_arena_fmt(f->a, "Supplier %s", f->vendors[i].vendor),
                 f->vendors[i].text);
    for (size_t i = 0; i < f->n_messages; i++)
        sentence(f, b, filled(f->messages[i].text) ? "Left a message" : "Left a recorded message",
                 f->messages[i].text);
}

static void transfer(struct after *f, struct desk_buf *b)
{
    if (is(f->call->outcome, DESK_OUT_TRANSFERRED))
        sentence(f, b, "Was put through", NULL);
    else if (is(f->call->outcome, DESK_OUT_NOT_PUT))
        sentence(f, b, "Wanted to be put through, and nobody picked up", f->call->transfer_reason);
}

/* Nothing came of it: the first thing the caller said that is more than a word or two. */
static const char *gist(const struct after *f)
{
    const char *first = NULL;
    for (size_t i = 0; i < f->n_turns; i++) {
        const struct desk_turn *t = &f->turns[i];
        if (!is(t->who, DESK_WHO_CALLER) || is(t->how, "keys") || !filled(t->text))
            continue;
        if (!first)
            first = t->text;
        if (strlen(t->text) >= 16)
            return t->text;
    }
    return first;
}

static const struct {
    const char *outcome, *sentence;
} ends[] = {{DESK_OUT_FAILED, "The call was cut off"},
            {DESK_OUT_HUNG_UP, "Hung up"},
            {DESK_OUT_NO_SPEECH, "Nothing was heard of the caller"},
            {DESK_OUT_SCREENED, "Was asked to send a text instead"},
            {DESK_OUT_BLOCKED, "Was not answered"},
            {DESK_OUT_MACHINE, "It was a machine"}};

static void end(struct after *f, struct desk_buf *b)
{
    const char *said = gist(f);
    if (said)
        sentence(f, b, "Said", said);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (is(f->call->outcome, ends[i].outcome))
            sentence(f, b, ends[i].sentence, NULL);
    if (!b->len)
        sentence(f, b, "Nothing was said", NULL);
}

static const char *summary(struct after *f)
{
    struct desk_buf b;
    desk_buf_init(&b, 4096);
    if (filled(f->call->summary))
        sentence(f, &b, f->call->summary, NULL);
    else {
        visits(f, &b);
        callbacks(f, &b);
        records(f, &b);
        transfer(f, &b);
    }
    if (!b.len)
        end(f, &b);
    char *out = desk_arena_strdup(f->a, desk_buf_cstr(&b));
    desk_buf_clear(&b);
    if (out && strlen(out) > AFTER_SUMMARY)
        out[desk_utf8_cut(out, strlen(out), AFTER_SUMMARY)] = '\0';
    return out;
}

/* ---- topics and mood ------------------------------------------------------------------------- */

/* All that the caller said, as one text; its end where it is long. */
static const char *said(struct after *f)
{
    struct desk_buf b;
    desk_buf_init(&b, 256 * 1024);
    for (size_t i = 0; i < f->n_turns; i++)
        if (is(f->turns[i].who, DESK_WHO_CALLER) && !is(f->turns[i].how, "keys"))
            desk_buf_fmt(&b, "%s\n", f->turns[i].text ? f->turns[i].text : "");
    const char *all = desk_buf_cstr(&b);
    size_t n = strlen(all), from = n > SAID_MAX ? n - SAID_MAX : 0;
    while (from && from < n && ((unsigned char)all[from] & 0xc0) == 0x80)
        from++;
    char *out = desk_arena_strdup(f->a, all + from);
    desk_buf_clear(&b);
    return out;
}

static bool has(const char *text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcasestr(text, words[i]))
            return true;
    return false;
}

static const char *mood(const char *words)
{
    static const char *const glad[] = {"thank you so much", "thanks so much", "perfect",
                                       "wonderful",         "that's great",   "that is great",
                                       "appreciate",        "lovely",         "excellent"};
    static const char *const cross[] = {"unacceptable", "ridiculous", "frustrat", "disappoint",
                                        "terrible",     "fed up",     "useless",  "waste of",
                                        "worst",        "complain"};
    struct desk_escalation e;
    desk_escalation_judge(NULL, words, &e);
    if (e.triggers & DESK_TRIGGER_BIT(DESK_TRIGGER_ANGRY) ||
        has(words, cross, sizeof cross / sizeof *cross))
        return "bad";
    return has(words, glad, sizeof glad / sizeof *glad) ? "good" : "neutral";
}

static const char *topics(struct after *f, const char *words)
{
    static const char *const wishes[DESK_INTENT__MAX] = {[DESK_INTENT_PERSON] = "wants a person",
                                                         [DESK_INTENT_SALES] = "new work",
                                                         [DESK_INTENT_SUPPORT] =
                                                             "something is broken",
                                                         [DESK_INTENT_VENDOR] = "supplier"};
    struct desk_intent_judged wish = {.kind = DESK_INTENT_OTHER};
    if (*words)
        desk_intent_judge(words, NULL, 0, &wish);
    const struct {
        bool holds;
        const char *word;
    } all[] = {{f->call->severity && strcmp(f->call->severity, "P3") < 0, "emergency"},
               {f->n_visits > 0, "appointment"},
               {f->n_callbacks > 0, "call back"},
               {f->n_tickets > 0, "ticket"},
               {f->n_leads > 0, "offer"},
               {f->n_vendors > 0, "supplier"},
               {f->n_messages > 0, "message"},
               {wishes[wish.kind] != NULL && !(wish.kind == DESK_INTENT_VENDOR && f->n_vendors),
                wishes[wish.kind]}};
    const char *out = "";
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].holds && out)
            out = desk_arena_fmt(f->a, "%s%s%s", out, *out ? ", " : "", all[i].word);
    return out;
}

/* ---- facts ----------------------------------------------------------------------------------- */

static const char *first_of(const char *a, const char *b, const char *c)
{
    return filled(a) ? a : filled(b) ? b : filled(c);
}

static const char *facts(struct after *f)
{
    static const struct desk_callback no_callback;
    static const struct desk_appointment no_visit;
    static const struct desk_lead no_lead;
    const struct desk_callback *k = f->n_callbacks ? f->callbacks : &no_callback;
    const struct desk_appointment *v = f->n_visits ? f->visits : &no_visit;
    const struct desk_lead *l = f->n_leads ? f->leads : &no_lead;
    const char *who = desk_after_who(f);
    const struct {
        const char *name, *value;
    } rows[] = {{"name", is(who, "The caller") ? NULL : who},
                {"company", first_of(l->company, f->contact.company, NULL)},
                {"number", first_of(k->number, f->call->from_number, NULL)},
                {"email", first_of(l->email, f->contact.email, NULL)},
                {"service", v->service_name},
                {"address", first_of(v->address, k->address, l->address)},
                {"wants", first_of(k->reason, l->job, NULL)},
                {"when", k->when_text}};
    json_t *o = json_object();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (filled(rows[i].value))
            json_object_set_new(o, rows[i].name, json_string(rows[i].value));
    char *text = json_dumps(o, JSON_COMPACT);
    const char *out = text ? desk_arena_strdup(f->a, text) : NULL;
    free(text);
    json_decref(o);
    return out;
}

enum desk_rc desk_after_rules(struct after *f)
{
    const char *words = said(f);
    if (!words)
        return DESK_ENOMEM;
    f->row.by_whom = DESK_AFTER_RULES;
    f->row.summary = summary(f);
    f->row.topics = topics(f, words);
    f->row.sentiment = mood(words);
    f->row.facts = facts(f);
    return f->row.summary && f->row.topics && f->row.facts ? DESK_OK : DESK_ENOMEM;
}
