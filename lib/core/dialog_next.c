/* Which state comes next: what is still missing, and the ways that depend on the business. Tables
 * of rows that are tried in their order. See dialog_states.h. */
#include "core/dialog_states.h"

/* What is asked, in this order; the first row that fits is the datum that is missing. An emergency
 * asks for nothing but the way to call back, and to get there. */
static bool no_reason(const struct step *s)
{
    return !s->d->reason[0];
}
static bool no_question(const struct step *s)
{
    const struct desk_dialog *d = s->d;
    return d->wish == DESK_WISH_QUESTION && !d->problem[0] && !d->problem_asked && !d->urgent;
}
/* What the tools of the calendar need. */
static bool no_service(const struct step *s)
{
    return desk_step_by_tools(s) && s->d->wish == DESK_WISH_VISIT && !s->d->service[0];
}
static bool no_proof(const struct step *s)
{
    const struct desk_dialog *d = s->d;
    bool open = d->wish == DESK_WISH_STATUS && !s->p->phi && d->name[0] && !d->name_asked;
    return desk_step_by_tools(s) && d->wish != DESK_WISH_VISIT && !d->found && !d->was_fields[0] &&
           !d->name_said && !open;
}
static bool not_found(const struct step *s)
{
    return desk_step_by_tools(s) && s->d->wish != DESK_WISH_VISIT && !s->d->found;
}
static bool odd_name(const struct step *s)
{
    return desk_step_by_tools(s) && s->d->wish == DESK_WISH_VISIT && !s->p->closed_ears &&
           !s->d->spell_asked && desk_words_odd_name(s->d->name);
}
static bool no_offer(const struct step *s)
{
    const struct desk_dialog *d = s->d;
    bool wanted = d->wish == DESK_WISH_VISIT || d->wish == DESK_WISH_MOVE;
    return desk_step_by_tools(s) && wanted && d->n_offers == 0;
}
static bool no_pick(const struct step *s)
{
    return desk_step_by_tools(s) && s->d->n_offers > 0 && s->d->pick == 0;
}
static bool no_problem(const struct step *s)
{
    const struct desk_dialog *d = s->d;
    bool wanted = d->wish == DESK_WISH_VISIT && s->p->asks_problem && !s->p->closed_ears;
    return wanted && !d->problem[0] && !d->problem_asked && !d->urgent;
}
static bool no_appointment(const struct step *s)
{
    const struct desk_dialog *d = s->d;
    bool wanted = d->wish == DESK_WISH_MOVE || d->wish == DESK_WISH_CANCEL;
    return wanted && !desk_step_by_tools(s) && !d->was[0] && !d->was_asked && !d->urgent;
}
/* An appointment there is: who asks is known by it. */
static bool is_theirs(const struct step *s)
{
    return desk_step_by_tools(s) && s->d->wish != DESK_WISH_VISIT;
}
static bool no_name(const struct step *s)
{
    return !s->d->name[0] && !s->d->name_recorded && !s->d->urgent && !is_theirs(s);
}
static bool no_number(const struct step *s)
{
    return !s->d->number[0] && !is_theirs(s);
}
static bool no_address(const struct step *s)
{
    const struct desk_dialog *d = s->d;
    bool wanted = s->p->asks_address && (d->urgent || d->wish == DESK_WISH_VISIT);
    return wanted && !d->address[0] && !d->address_lost && !d->texted && !d->place_known;
}
static bool no_place(const struct step *s)
{
    const struct desk_dialog *d = s->d;
    return no_address(s) && desk_step_by_tools(s) && s->p->caller_address && !d->place_asked;
}
static bool no_when(const struct step *s)
{
    static const bool none[DESK_WISH__MAX] = {
        [DESK_WISH_CANCEL] = true, [DESK_WISH_STATUS] = true, [DESK_WISH_MESSAGE] = true};
    return !s->d->when[0] && !none[s->d->wish];
}

static enum state number_way(const struct step *s)
{
    return s->p->caller_number[0] ? S_OFFER : S_NUMBER;
}

/* Who tells a story is asked for it; else one of a list is asked for. */
static enum state service_way(const struct step *s)
{
    bool story = s->p->asks_problem && !s->p->closed_ears && !s->d->problem_asked;
    return story ? S_PROBLEM : S_SERVICE;
}

/* First the day; who does not know it may say the name. */
static enum state proof_way(const struct step *s)
{
    return s->d->was_asked || s->d->wish == DESK_WISH_STATUS ? S_UNDER : S_WAS;
}

static const struct {
    bool (*missing)(const struct step *);
    enum state state;
    enum state (*which)(const struct step *); /* or NULL */
} data[] = {
    {no_reason, S_REASON, NULL},  {no_question, S_PROBLEM, NULL}, {no_appointment, S_WAS, NULL},
    {no_service, 0, service_way}, {no_proof, 0, proof_way},       {not_found, S_WHOSE, NULL},
    {no_name, S_NAME, NULL},      {odd_name, S_SPELL, NULL},      {no_number, 0, number_way},
    {no_place, S_PLACE, NULL},    {no_address, S_ADDRESS, NULL},  {no_problem, S_PROBLEM, NULL},
    {no_when, S_WHEN, NULL},      {no_offer, S_FIND, NULL},       {no_pick, S_PICK, NULL},
};

/* Nothing is missing: what is done then. */
static enum state complete(const struct step *s)
{
    static const enum state by_wish[DESK_WISH__MAX] = {[DESK_WISH_VISIT] = S_BOOK_CHECK,
                                                       [DESK_WISH_MOVE] = S_BOOK_CHECK,
                                                       [DESK_WISH_CANCEL] = S_CANCEL_CHECK,
                                                       [DESK_WISH_STATUS] = S_MORE};
    if (s->d->urgent)
        return S_SCHEDULE;
    if (s->d->wish == DESK_WISH_MESSAGE)
        return S_NOTE;
    return desk_step_by_tools(s) ? by_wish[s->d->wish] : S_CONFIRM;
}

static enum state missing(const struct step *s)
{
    for (size_t i = 0; i < sizeof data / sizeof *data; i++)
        if (data[i].missing(s))
            return data[i].which ? data[i].which(s) : data[i].state;
    return complete(s);
}

/* The next way to the address, from that one on. Who rings because of an emergency is not kept by
 * keys and texts. */
static enum state address_way(struct step *s, enum state next)
{
    const struct desk_dialog_profile *p = s->p;
    bool calm = !s->d->urgent, voice = !p->closed_ears && s->d->misses < 2;
    if (next == S_ADDRESS && voice)
        return S_ADDRESS;
    if (next != S_ADDRESS_3 && calm && p->keys_zip)
        return S_ADDRESS_KEYS;
    if (calm && p->can_text && p->caller_number[0])
        return S_ADDRESS_TEXT;
    desk_step_skip_address(s);
    return missing(s);
}

/* Where a talk that broke goes on. What is known is confirmed once, by S_CONFIRM if that is all. */
static enum state carry_on(const struct step *s)
{
    if (s->d->promised)
        return S_MORE;
    if (s->d->alarm)
        return S_URGENT;
    return s->d->reason[0] && missing(s) != S_CONFIRM ? S_RECAP : missing(s);
}

/* A screened line rings for a reason only, and keeps no messages. */
static bool only_by_text(const struct step *s, enum state next)
{
    return s->p->screens && (next == S_HELP || next == S_NO_ANSWER || next == S_RECORD);
}

static enum state next_way(struct step *s)
{
    return desk_step_next_person(s) ? S_ADVANCE : S_MORE;
}
static enum state back_way(struct step *s)
{
    return s->d->back ? (enum state)s->d->back : S_REASON;
}
static enum state confirm_way(struct step *s)
{
    return desk_step_by_tools(s) ? S_ADVANCE : S_CONFIRM;
}
static enum state help_way(struct step *s)
{
    return s->p->rings && s->p->can_transfer && !s->d->rang ? S_TRANSFER : S_RECORD;
}
static enum state transfer_way(struct step *s)
{
    if (s->p->can_transfer)
        return S_TRANSFER;
    return s->d->state == S_MORE ? S_MORE : S_ADVANCE;
}
/* An urgent callback wakes the owner: that is done without another question. */
static enum state no_answer_way(struct step *s)
{
    return s->d->urgent ? S_ADVANCE : S_NO_ANSWER;
}
/* The callback is booked, the message itself or the address not yet told. Of a visit that is booked
 * the address is asked for later. */
static enum state more_way(struct step *s)
{
    bool booked = s->p->books && s->d->wish == DESK_WISH_VISIT && !s->d->by_hand;
    bool record = desk_step_is_message(s->d) || (s->d->address_lost && !booked);
    return record ? S_MORE_RECORD : S_MORE;
}

/* In this order: one may lead to a later one. */
static const struct {
    enum state next;
    enum state (*way)(struct step *);
} ways[] = {
    {S_NEXT, next_way}, {S_BACK, back_way},         {S_CONFIRM, confirm_way},
    {S_HELP, help_way}, {S_TRANSFER, transfer_way}, {S_NO_ANSWER, no_answer_way},
    {S_MORE, more_way},
};

enum state desk_step_next(struct step *s, enum state next)
{
    if (next == S_STAY)
        return (enum state)s->d->state;
    if (only_by_text(s, next))
        return S_TEXT_US;
    if (next == S_CARRY_ON)
        return carry_on(s);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (next == ways[i].next)
            next = ways[i].way(s);
    if (next == S_ADVANCE)
        next = missing(s);
    bool address = next == S_ADDRESS || next == S_ADDRESS_2 || next == S_ADDRESS_3;
    return address ? address_way(s, next) : next;
}
