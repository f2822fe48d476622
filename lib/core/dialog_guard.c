/* What the rules brain does for nobody, how a screened line is kept, and a word for who is angry.
 */
#include "core/dialog_step.h"

#include "core/escalation.h"
#include "core/guard.h"
#include "core/screening.h"

#include <stdio.h>
#include <string.h>

static bool spoken(const struct step *s)
{
    return s->m.said[0] != '\0';
}

/* Words that are a reason only because they make a sentence, or none at all. */
static bool is_vague(const struct step *s)
{
    bool named = s->m.token == DESK_T_SERVICE;
    for (size_t i = 0; i < s->p->n_services && named; i++)
        if (strcmp(s->m.value, s->p->services[i]) == 0)
            return false;
    return named || s->m.token == DESK_T_NONE || s->m.token == DESK_T_QUESTION;
}

void desk_step_guard(struct step *s)
{
    struct desk_dialog *d = s->d;
    if (!spoken(s) || s->m.token == DESK_T_EMERGENCY)
        return;
    enum desk_guard_kind kind =
        d->refused && is_vague(s) ? desk_guard_again(s->m.said) : desk_guard_judge(s->m.said);
    if (kind == DESK_GUARD_NOTHING && d->orders && s->m.token == DESK_T_PERSON)
        kind = DESK_GUARD_ORDERS; /* what did not work by a command */
    if (kind == DESK_GUARD_NOTHING)
        return;
    d->orders = d->orders || kind == DESK_GUARD_ORDERS;
    s->m.token = DESK_T_REFUSED;
}

void desk_step_refuse(struct step *s)
{
    s->d->refused++;
    desk_step_say(s, s->d->orders
                         ? "I am sorry, I cannot do that. I can have somebody call you back."
                         : "I am sorry, I cannot tell you anything about other people. I can have "
                           "somebody call you back.");
    if (s->d->refused == 1)
        desk_step_say(s, "What can I do for you?");
}

/* ---- a line that is screened ----------------------------------------------------------------- */

void desk_step_screen(struct step *s)
{
    char all[2 * DESK_DIALOG_TEXT + 4];
    struct desk_screening found;
    struct desk_dialog *d = s->d;
    bool alarm = s->p->emergency[0] && !d->alarmed;
    if (!spoken(s) || alarm || s->m.token == DESK_T_REPEAT || s->m.token == DESK_T_BYE)
        return;
    snprintf(all, sizeof all, "%s%s%s", d->problem, d->problem[0] ? ". " : "", s->m.said);
    desk_screening_judge(all, &found);
    bool ask = found.decision == DESK_SCREENING_ASK && !d->screen_asked;
    d->screen_asked = true;
    KEEP(d->problem, s->m.said);
    d->alarmed = true; /* words of haste alarm nobody here: the judges have heard them */
    s->m.token = ask                                         ? DESK_T_NONE
                 : found.decision == DESK_SCREENING_TRANSFER ? DESK_T_PERSON
                                                             : DESK_T_UNWANTED;
    if (s->m.token == DESK_T_PERSON)
        KEEP(d->reason, s->m.said);
}

void desk_step_ask_screened(struct step *s)
{
    desk_step_say(s, s->again || s->d->screen_asked
                         ? "Please tell me in a few words who you are, and why it cannot wait."
                         : "Who is calling, please, and what is it about?");
}

/* Nobody is there for it, or there is no reason to put it through. */
void desk_step_do_text_us(struct step *s)
{
    json_t *args = json_pack("{s:s}", "outcome", "screened");
    if (args && s->d->problem[0])
        json_object_set_new(args, "summary", json_string(s->d->problem));
    desk_step_say(s,
                  "I am sorry, %s cannot take this call. Please send a text message to this "
                  "number. Goodbye.",
                  step_owner(s));
    desk_step_call(s, "end_call", args);
    s->out->done = true;
}

/* ---- who is angry ---------------------------------------------------------------------------- */

void desk_step_calm(struct step *s)
{
    struct desk_escalation found;
    if (!spoken(s) || s->d->sorry)
        return;
    desk_escalation_judge(NULL, s->m.said, &found);
    if (!(found.triggers & DESK_TRIGGER_BIT(DESK_TRIGGER_ANGRY)))
        return;
    s->d->sorry = true;
    desk_step_say(s, "I am very sorry about that.");
}
