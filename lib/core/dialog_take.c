/* What a meaning does to the dialog's slots, and what is said of it. */
#include "core/dialog_step.h"

#include <stdio.h>
#include <string.h>

#define STORY_WORDS 5 /* so many words tell what is wrong, beside the name of a service */

static const char reason_message[] = "a message to pass on";
static const char asap[] = "as soon as possible";

static const char *const wish_names[DESK_WISH__MAX] = {
    [DESK_WISH_CALLBACK] = "callback", [DESK_WISH_VISIT] = "appointment",
    [DESK_WISH_MOVE] = "reschedule",   [DESK_WISH_CANCEL] = "cancel",
    [DESK_WISH_QUESTION] = "question", [DESK_WISH_STATUS] = "status",
    [DESK_WISH_MESSAGE] = "message",
};

const char *desk_wish_name(enum desk_wish w)
{
    return (unsigned)w < DESK_WISH__MAX ? wish_names[w] : wish_names[DESK_WISH_CALLBACK];
}

enum desk_wish desk_wish_of(const char *name)
{
    for (int w = 0; name && w < DESK_WISH__MAX; w++)
        if (strcmp(wish_names[w], name) == 0)
            return (enum desk_wish)w;
    return DESK_WISH_CALLBACK;
}

bool desk_step_is_message(const struct desk_dialog *d)
{
    return strcmp(d->reason, reason_message) == 0;
}

/* ---- the wish, in the caller's words --------------------------------------------------------- */

static size_t words_in(const char *text)
{
    size_t n = 0;
    for (const char *s = text + strspn(text, " "); *s; s += strspn(s, " ")) {
        n++;
        s += strcspn(s, " ");
    }
    return n;
}

static enum desk_wish wish_of(const struct desk_dialog_profile *p, const struct desk_meaning *m)
{
    switch (m->token) {
    case DESK_T_MOVE:
        return DESK_WISH_MOVE;
    case DESK_T_CANCEL:
        return DESK_WISH_CANCEL;
    case DESK_T_QUESTION:
        return DESK_WISH_QUESTION;
    case DESK_T_STATUS:
        return DESK_WISH_STATUS;
    case DESK_T_TELL:
        return DESK_WISH_MESSAGE;
    default:
        if (m->callback)
            return DESK_WISH_CALLBACK;
        return !p->vendor && (m->visit || p->asks_address) ? DESK_WISH_VISIT : DESK_WISH_CALLBACK;
    }
}

void desk_step_wish(const struct desk_dialog_profile *p, struct desk_dialog *d,
                    const struct desk_meaning *m)
{
    static const char *const names[DESK_WISH__MAX] = {
        [DESK_WISH_MOVE] = "another day for an appointment",
        [DESK_WISH_CANCEL] = "cancelling an appointment",
        [DESK_WISH_QUESTION] = "a question",
        [DESK_WISH_STATUS] = "when an appointment is",
        [DESK_WISH_MESSAGE] = "a message"};
    char was[DESK_DIALOG_TEXT], when[DESK_DIALOG_TEXT] = "";
    d->wish = wish_of(p, m);
    KEEP(d->reason, names[d->wish] ? names[d->wish] : m->value);
    bool told = words_in(m->said) >= STORY_WORDS;
    bool more = names[d->wish] || (p->asks_problem && words_in(m->value) < words_in(m->said));
    KEEP(d->problem, told && more ? m->said : "");
    d->problem_asked = told; /* "I have a question": which? */
    if (p->books)
        desk_step_wish_facts(p, d, m);
    if (p->books)
        return;
    if (d->wish != DESK_WISH_MOVE && d->wish != DESK_WISH_CANCEL)
        return;
    desk_words_days(m->said, was, d->wish == DESK_WISH_MOVE ? when : NULL);
    KEEP(d->was, was);
    KEEP(d->when, when);
}

/* ---- actions: what a meaning does to the slots ----------------------------------------------- */

void desk_step_take_reason(struct step *s)
{
    desk_step_wish(s->p, s->d, &s->m);
    s->d->urgent = false;
}
void desk_step_take_message(struct step *s)
{
    s->d->wish = DESK_WISH_CALLBACK;
    KEEP(s->d->reason, reason_message);
}
void desk_step_take_name(struct step *s)
{
    KEEP(s->d->name, s->m.value);
    s->d->name_recorded = false;
    s->d->name_said = true;
    if (desk_step_by_tools(s))
        desk_step_take_names(s);
}
void desk_step_skip_name(struct step *s)
{
    s->d->name_recorded = true;
    desk_step_say(s, "That is fine.");
}
void desk_step_take_number(struct step *s)
{
    KEEP(s->d->number, s->m.value);
}
void desk_step_take_caller(struct step *s)
{
    KEEP(s->d->number, s->p->caller_number);
}
void desk_step_take_when(struct step *s)
{
    KEEP(s->d->when, s->m.value);
    if (desk_step_by_tools(s))
        desk_step_take_time(s);
}
void desk_step_skip_when(struct step *s)
{
    KEEP(s->d->when, asap);
    s->m.said[0] = '\0';
    if (desk_step_by_tools(s))
        desk_step_take_time(s);
}
void desk_step_take_problem(struct step *s)
{
    KEEP(s->d->problem, s->m.value);
    s->d->problem_asked = true;
    if (desk_step_by_tools(s))
        desk_step_take_service(s);
}
void desk_step_skip_problem(struct step *s)
{
    s->d->problem_asked = true;
    if (desk_step_by_tools(s))
        desk_step_take_service(s);
}
void desk_step_take_was(struct step *s)
{
    bool known = strcmp(s->m.value, asap) != 0;
    KEEP(s->d->was, known ? s->m.value : "");
    s->d->was_asked = true;
    if (desk_step_by_tools(s))
        desk_step_take_was_day(s);
}
void desk_step_skip_was(struct step *s)
{
    s->d->was_asked = true;
    if (!desk_step_by_tools(s))
        desk_step_say(s, "%s will look it up.", s->p->owner[0] ? s->p->owner : "We");
}
void desk_step_take_address(struct step *s)
{
    desk_words_address(s->m.value, s->d->address, sizeof s->d->address);
    s->d->address_lost = false;
}
void desk_step_refuse_address(struct step *s)
{
    s->d->address[0] = '\0';
    s->d->misses++;
}
void desk_step_drop_address(struct step *s)
{
    s->d->address[0] = '\0';
    s->d->address_lost = s->d->texted = false;
    s->d->misses = 0;
}
void desk_step_skip_address(struct step *s)
{
    s->d->address_lost = true;
    desk_step_say(s, "%s will ask for the address.", s->p->owner[0] ? s->p->owner : "We");
}
void desk_step_say_texted(struct step *s)
{
    s->d->texted = true;
    desk_step_say(s, "The text is on its way.");
}
void desk_step_drop_name(struct step *s)
{
    s->d->name[0] = '\0';
    s->d->name_recorded = s->d->spell_asked = false;
}
void desk_step_drop_number(struct step *s)
{
    s->d->number[0] = '\0';
}
void desk_step_drop_when(struct step *s)
{
    s->d->when[0] = s->d->when_fields[0] = '\0';
    desk_step_drop_offers(s->d);
}
void desk_step_take_emergency(struct step *s)
{
    if (s->d->wish == DESK_WISH_CALLBACK && s->p->asks_address)
        s->d->wish = DESK_WISH_VISIT;
    s->d->problem_asked = true;
    KEEP(s->d->reason, s->m.value);
}
void desk_step_mark_urgent(struct step *s)
{
    s->d->urgent = true;
    KEEP(s->d->when, asap);
}
void desk_step_not_urgent(struct step *s)
{
    s->d->urgent = false;
    desk_step_say(s, "All right, then we will call you back.");
}
void desk_step_want_person(struct step *s)
{
    if (!s->d->reason[0])
        KEEP(s->d->reason, "wants to speak to someone");
    if (!s->p->can_transfer)
        desk_step_say(s, "Nobody can take the call now, but we will call you back.");
}
void desk_step_new_reason(struct step *s)
{
    struct desk_dialog *d = s->d;
    d->reason[0] = d->when[0] = d->problem[0] = d->was[0] = '\0';
    d->urgent = d->problem_asked = d->was_asked = d->wrong = false;
    d->wish = DESK_WISH_CALLBACK;
    desk_step_forget_visit(d);
}
void desk_step_once_more(struct step *s)
{
    desk_step_new_reason(s);
    s->d->number[0] = '\0';
    desk_step_say(s, "Then let us start again.");
}
void desk_step_next_reason(struct step *s)
{
    desk_step_new_reason(s);
    desk_step_take_reason(s);
}
void desk_step_say_hours(struct step *s)
{
    if (s->p->hours[0])
        desk_step_say(s, "We are open %s.", s->p->hours);
    else
        desk_step_say(s, "I do not have the opening hours here.");
    s->d->tries = 0;
}
/* What the owner only has to hear of is passed on, not done. */
void desk_step_say_done(struct step *s)
{
    static const char *const until[DESK_WISH__MAX] = {[DESK_WISH_VISIT] = "Nothing is booked",
                                                      [DESK_WISH_MOVE] = "Nothing is changed",
                                                      [DESK_WISH_CANCEL] = "Nothing is cancelled"};
    const char *nothing = s->d->urgent ? NULL : until[s->d->wish];
    if (s->m.value[0])
        desk_step_say(s, nothing ? "%s" : "Done. %s", s->m.value);
    else if (nothing)
        desk_step_say(s, "I have passed this on. %s until %s confirms it.", nothing, step_owner(s));
    else if (s->d->urgent)
        desk_step_say(s, "Done. It is marked urgent. %s will call you as soon as possible.",
                      s->p->owner[0] ? s->p->owner : "The owner");
    else
        desk_step_say(s, "Done. %s will call you %s.", s->p->owner[0] ? s->p->owner : "We",
                      s->d->when);
}
void desk_step_say_failed(struct step *s)
{
    if (s->m.value[0])
        desk_step_say(s, "%s", s->m.value);
    else
        desk_step_say(s, "I am sorry, that did not work. Nothing has been booked.");
}
void desk_step_say_through(struct step *s)
{
    desk_step_say(s, "I am putting you through to %s.", step_owner(s));
}
void desk_step_say_no_answer(struct step *s)
{
    if (s->m.value[0])
        desk_step_say(s, "%s", s->m.value);
    else
        desk_step_say(s, "I am sorry, I could not put you through.");
}
