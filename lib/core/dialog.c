/* The rules brain: state × meaning → action, next state. See dialog.h.
 *
 * A state's row says how it asks (first time, again) and what follows when two tries failed. A
 * move's row says what a meaning does in a state; moves of ANY hold in every state that listens.
 * Actions fill slots; prompts speak. Nothing else decides anything. */
#include "core/dialog_step.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

enum state {
    S_NEW,
    S_REASON,
    S_NAME,
    S_LOG,
    S_OFFER,
    S_NUMBER,
    S_NUMBER_KEYS,
    S_NUMBER_CHECK,
    S_WHEN,
    S_CONFIRM,
    S_FIX,
    S_SCHEDULE,
    S_MORE,
    S_MORE_RECORD,
    S_URGENT,
    S_TRANSFER,
    S_SORRY,
    S_NO_ANSWER,
    S_LEAVE,
    S_RECORD,
    S_BYE,
    S_END,
    S_RECAP,
    S_PROBLEM, /* from here on behind the others: a talk under way keeps its state by number */
    S_WAS,
    S_ADDRESS,
    S_ADDRESS_KEYS,
    S_ADDRESS_CHECK,
    S_ADDRESS_TEXT,
    S_TEXT,
    S__MAX,
    S_ADVANCE, /* as a "next": the first datum that is still missing */
    S_HELP,    /* this way leads nowhere: the owner's phone, where it may ring, else a recording */
    S_ADDRESS_2, /* the next way to an address: keys, */
    S_ADDRESS_3, /* then a text, then none: it can be recorded */
    S_CARRY_ON,
    S_STAY,
    S_ANY,
};

/* ---- the two tables -------------------------------------------------------------------------- */

struct state_row {
    const char *name;
    enum desk_dialog_expect expect;
    void (*ask)(struct step *);
    void (*give_up)(struct step *); /* after two failures, before next; may be NULL */
    enum state next;                /* then */
};

static const struct state_row states[S__MAX] = {
    [S_NEW] = {"new", DESK_EXPECT_NOTHING, desk_step_do_end, NULL, S_REASON},
    [S_REASON] = {"reason", DESK_EXPECT_ANYTHING, desk_step_ask_reason, NULL, S_HELP},
    [S_NAME] = {"name", DESK_EXPECT_NAME, desk_step_ask_name, desk_step_skip_name, S_ADVANCE},
    [S_LOG] = {"log", DESK_EXPECT_NOTHING, desk_step_do_log, NULL, S_ADVANCE},
    [S_OFFER] = {"offer", DESK_EXPECT_YESNO, desk_step_ask_offer, NULL, S_NUMBER_KEYS},
    [S_NUMBER] = {"number", DESK_EXPECT_NUMBER, desk_step_ask_number, NULL, S_NUMBER_KEYS},
    [S_NUMBER_KEYS] = {"number_keys", DESK_EXPECT_NUMBER, desk_step_ask_number_keys, NULL, S_HELP},
    [S_NUMBER_CHECK] = {"number_check", DESK_EXPECT_YESNO, desk_step_ask_number_check,
                        desk_step_drop_number, S_NUMBER_KEYS},
    [S_WHEN] = {"when", DESK_EXPECT_WHEN, desk_step_ask_when, desk_step_skip_when, S_ADVANCE},
    [S_CONFIRM] = {"confirm", DESK_EXPECT_YESNO, desk_step_ask_confirm, NULL, S_HELP},
    [S_FIX] = {"fix", DESK_EXPECT_CHANGE, desk_step_ask_fix, NULL, S_HELP},
    [S_SCHEDULE] = {"schedule", DESK_EXPECT_NOTHING, desk_step_do_schedule, NULL, S_RECORD},
    [S_MORE] = {"more", DESK_EXPECT_YESNO, desk_step_ask_more, NULL, S_BYE},
    [S_MORE_RECORD] = {"more_record", DESK_EXPECT_YESNO, desk_step_ask_more_record, NULL, S_BYE},
    /* a caller who says "burst pipe" and then cannot be understood is believed */
    [S_URGENT] = {"urgent", DESK_EXPECT_YESNO, desk_step_ask_urgent, desk_step_mark_urgent,
                  S_TRANSFER},
    [S_TRANSFER] = {"transfer", DESK_EXPECT_NOTHING, desk_step_do_transfer, NULL, S_RECORD},
    [S_SORRY] = {"sorry", DESK_EXPECT_YESNO, desk_step_ask_sorry, NULL, S_RECORD},
    [S_NO_ANSWER] = {"no_answer", DESK_EXPECT_YESNO, desk_step_ask_sorry, NULL, S_RECORD},
    [S_LEAVE] = {"leave", DESK_EXPECT_NOTHING, desk_step_do_leave, NULL, S_END},
    [S_RECORD] = {"record", DESK_EXPECT_NOTHING, desk_step_do_record, NULL, S_END},
    [S_BYE] = {"bye", DESK_EXPECT_NOTHING, desk_step_do_bye, NULL, S_END},
    [S_END] = {"end", DESK_EXPECT_NOTHING, desk_step_do_end, NULL, S_END},
    [S_RECAP] = {"recap", DESK_EXPECT_YESNO, desk_step_ask_recap, NULL, S_ADVANCE},
    [S_PROBLEM] = {"problem", DESK_EXPECT_WORDS, desk_step_ask_problem, desk_step_skip_problem,
                   S_ADVANCE},
    [S_WAS] = {"was", DESK_EXPECT_WHEN, desk_step_ask_was, desk_step_skip_was, S_ADVANCE},
    [S_ADDRESS] = {"address", DESK_EXPECT_ADDRESS, desk_step_ask_address, NULL, S_ADDRESS_2},
    [S_ADDRESS_KEYS] = {"address_keys", DESK_EXPECT_ADDRESS, desk_step_ask_address_keys, NULL,
                        S_ADDRESS_3},
    [S_ADDRESS_CHECK] = {"address_check", DESK_EXPECT_YESNO, desk_step_ask_address_check,
                         desk_step_refuse_address, S_ADDRESS},
    [S_ADDRESS_TEXT] = {"address_text", DESK_EXPECT_YESNO, desk_step_ask_address_text,
                        desk_step_skip_address, S_ADVANCE},
    [S_TEXT] = {"text", DESK_EXPECT_NOTHING, desk_step_do_text, NULL, S_ADVANCE},
};

struct move {
    enum state state;
    enum desk_token token;
    void (*act)(struct step *);
    enum state next;
};

/* First match wins; rows of S_ANY stand last. */
static const struct move moves[] = {
    {S_NEW, DESK_T_START, desk_step_greet, S_REASON},
    {S_NEW, DESK_T_RESUME, desk_step_resume, S_CARRY_ON},

    {S_REASON, DESK_T_SERVICE, desk_step_take_reason, S_ADVANCE},
    {S_REASON, DESK_T_MOVE, desk_step_take_reason, S_ADVANCE},
    {S_REASON, DESK_T_CANCEL, desk_step_take_reason, S_ADVANCE},
    {S_REASON, DESK_T_QUESTION, desk_step_take_reason, S_ADVANCE},
    {S_REASON, DESK_T_MESSAGE, desk_step_take_message, S_ADVANCE},
    {S_REASON, DESK_T_BYE, NULL, S_BYE},

    {S_NAME, DESK_T_NAME, desk_step_take_name, S_LOG},
    {S_NAME, DESK_T_SKIP, desk_step_skip_name, S_ADVANCE},
    {S_LOG, DESK_T_OK, NULL, S_ADVANCE},
    {S_LOG, DESK_T_FAILED, NULL, S_ADVANCE}, /* the callback carries the name as well */

    {S_OFFER, DESK_T_YES, desk_step_take_caller, S_ADVANCE},
    {S_OFFER, DESK_T_NO, NULL, S_NUMBER},
    {S_OFFER, DESK_T_NUMBER, desk_step_take_number, S_NUMBER_CHECK},
    {S_NUMBER, DESK_T_NUMBER, desk_step_take_number, S_NUMBER_CHECK},
    {S_NUMBER_KEYS, DESK_T_NUMBER, desk_step_take_number, S_NUMBER_CHECK},
    {S_NUMBER_CHECK, DESK_T_YES, NULL, S_ADVANCE},
    {S_NUMBER_CHECK, DESK_T_NO, desk_step_drop_number, S_NUMBER_KEYS},
    {S_NUMBER_CHECK, DESK_T_NUMBER, desk_step_take_number, S_NUMBER_CHECK},

    {S_PROBLEM, DESK_T_WORDS, desk_step_take_problem, S_ADVANCE},
    {S_PROBLEM, DESK_T_SKIP, desk_step_skip_problem, S_ADVANCE},
    {S_WAS, DESK_T_WHEN, desk_step_take_was, S_ADVANCE},
    {S_WAS, DESK_T_SKIP, desk_step_skip_was, S_ADVANCE},
    {S_ADDRESS, DESK_T_ADDRESS, desk_step_take_address, S_ADDRESS_CHECK},
    {S_ADDRESS, DESK_T_SKIP, NULL, S_ADDRESS_2},
    {S_ADDRESS_KEYS, DESK_T_ADDRESS, desk_step_take_address, S_ADVANCE},
    {S_ADDRESS_KEYS, DESK_T_SKIP, NULL, S_ADDRESS_3},
    {S_ADDRESS_CHECK, DESK_T_YES, NULL, S_ADVANCE},
    {S_ADDRESS_CHECK, DESK_T_NO, desk_step_refuse_address, S_ADDRESS},
    {S_ADDRESS_CHECK, DESK_T_ADDRESS, desk_step_take_address, S_ADDRESS_CHECK},
    {S_ADDRESS_TEXT, DESK_T_YES, NULL, S_TEXT},
    {S_ADDRESS_TEXT, DESK_T_NO, desk_step_skip_address, S_ADVANCE},
    {S_TEXT, DESK_T_OK, desk_step_say_texted, S_ADVANCE},
    {S_TEXT, DESK_T_FAILED, desk_step_skip_address, S_ADVANCE},

    {S_WHEN, DESK_T_WHEN, desk_step_take_when, S_ADVANCE},
    {S_WHEN, DESK_T_SKIP, desk_step_skip_when, S_ADVANCE},

    {S_CONFIRM, DESK_T_YES, NULL, S_SCHEDULE},
    {S_CONFIRM, DESK_T_NO, NULL, S_FIX},
    {S_CONFIRM, DESK_T_WHEN, desk_step_take_when, S_CONFIRM},
    {S_CONFIRM, DESK_T_NUMBER, desk_step_take_number, S_NUMBER_CHECK},
    {S_FIX, DESK_T_FIX_NAME, desk_step_drop_name, S_NAME},
    {S_FIX, DESK_T_FIX_NUMBER, desk_step_drop_number, S_NUMBER},
    {S_FIX, DESK_T_FIX_WHEN, desk_step_drop_when, S_WHEN},
    {S_FIX, DESK_T_FIX_ADDRESS, desk_step_drop_address, S_ADVANCE},
    {S_FIX, DESK_T_WHEN, desk_step_take_when, S_CONFIRM},

    {S_RECAP, DESK_T_YES, NULL, S_ADVANCE},
    {S_RECAP, DESK_T_NO, desk_step_once_more, S_REASON},
    {S_RECAP, DESK_T_WHEN, desk_step_take_when, S_ADVANCE},
    {S_RECAP, DESK_T_NUMBER, desk_step_take_number, S_NUMBER_CHECK},
    {S_RECAP, DESK_T_SERVICE, desk_step_take_reason, S_ADVANCE},
    {S_RECAP, DESK_T_MOVE, desk_step_take_reason, S_ADVANCE},
    {S_RECAP, DESK_T_CANCEL, desk_step_take_reason, S_ADVANCE},
    {S_RECAP, DESK_T_MESSAGE, desk_step_take_message, S_ADVANCE},

    {S_SCHEDULE, DESK_T_OK, desk_step_say_done, S_MORE},
    {S_SCHEDULE, DESK_T_FAILED, desk_step_say_failed, S_SORRY},
    {S_MORE, DESK_T_NO, NULL, S_BYE},
    {S_MORE, DESK_T_BYE, NULL, S_BYE},
    {S_MORE, DESK_T_YES, desk_step_new_reason, S_REASON},
    {S_MORE, DESK_T_SERVICE, desk_step_next_reason, S_ADVANCE},
    {S_MORE, DESK_T_MOVE, desk_step_next_reason, S_ADVANCE},
    {S_MORE, DESK_T_CANCEL, desk_step_next_reason, S_ADVANCE},
    {S_MORE, DESK_T_QUESTION, desk_step_next_reason, S_ADVANCE},
    {S_MORE, DESK_T_MESSAGE, NULL, S_RECORD},
    {S_MORE_RECORD, DESK_T_YES, NULL, S_RECORD},
    {S_MORE_RECORD, DESK_T_NO, NULL, S_BYE},

    {S_URGENT, DESK_T_YES, desk_step_mark_urgent, S_TRANSFER},
    {S_URGENT, DESK_T_NO, desk_step_not_urgent, S_ADVANCE},
    {S_TRANSFER, DESK_T_OK, desk_step_say_through, S_END},
    {S_TRANSFER, DESK_T_FAILED, desk_step_say_no_answer, S_NO_ANSWER},
    {S_SORRY, DESK_T_YES, NULL, S_RECORD},
    {S_SORRY, DESK_T_NO, NULL, S_LEAVE},
    {S_NO_ANSWER, DESK_T_YES, NULL, S_RECORD},
    {S_NO_ANSWER, DESK_T_NO, NULL, S_ADVANCE},
    {S_RECORD, DESK_T_OK, NULL, S_END},
    {S_RECORD, DESK_T_FAILED, NULL, S_END},
    {S_BYE, DESK_T_OK, NULL, S_END},
    {S_BYE, DESK_T_FAILED, NULL, S_END},
    {S_LEAVE, DESK_T_OK, NULL, S_END},
    {S_LEAVE, DESK_T_FAILED, NULL, S_END},

    {S_ANY, DESK_T_EMERGENCY, desk_step_take_emergency, S_URGENT},
    {S_ANY, DESK_T_PERSON, desk_step_want_person, S_TRANSFER},
    {S_ANY, DESK_T_HOURS, desk_step_say_hours, S_STAY},
    {S_ANY, DESK_T_REPEAT, NULL, S_STAY},
    {S_ANY, DESK_T_BYE, NULL, S_BYE},
    {S_ANY, DESK_T_START, NULL, S_STAY},
    {S_ANY, DESK_T_RESUME, NULL, S_STAY},
};

/* ---- the engine ------------------------------------------------------------------------------ */

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
    return wanted && !d->was[0] && !d->was_asked && !d->urgent;
}
static bool no_name(const struct step *s)
{
    return !s->d->name[0] && !s->d->name_recorded && !s->d->urgent;
}
static bool no_number(const struct step *s)
{
    return !s->d->number[0];
}
static bool no_address(const struct step *s)
{
    const struct desk_dialog *d = s->d;
    bool wanted = s->p->asks_address && (d->urgent || d->wish == DESK_WISH_VISIT);
    return wanted && !d->address[0] && !d->address_lost && !d->texted;
}
static bool no_when(const struct step *s)
{
    return !s->d->when[0] && s->d->wish != DESK_WISH_CANCEL;
}

static enum state number_way(const struct step *s)
{
    return s->p->caller_number[0] ? S_OFFER : S_NUMBER;
}

static const struct {
    bool (*missing)(const struct step *);
    enum state state;
    enum state (*which)(const struct step *); /* or NULL */
} data[] = {
    {no_reason, S_REASON, NULL},   {no_question, S_PROBLEM, NULL}, {no_appointment, S_WAS, NULL},
    {no_name, S_NAME, NULL},       {no_number, 0, number_way},     {no_address, S_ADDRESS, NULL},
    {no_problem, S_PROBLEM, NULL}, {no_when, S_WHEN, NULL},
};

static enum state missing(const struct step *s)
{
    for (size_t i = 0; i < sizeof data / sizeof *data; i++)
        if (data[i].missing(s))
            return data[i].which ? data[i].which(s) : data[i].state;
    return s->d->urgent ? S_SCHEDULE : S_CONFIRM;
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

/* Where a row's "next" really leads. */
static enum state resolve(struct step *s, enum state next)
{
    if (next == S_STAY)
        return (enum state)s->d->state;
    if (next == S_CARRY_ON)
        return carry_on(s);
    if (next == S_HELP)
        return s->p->rings && s->p->can_transfer && !s->d->rang ? S_TRANSFER : S_RECORD;
    if (next == S_TRANSFER && !s->p->can_transfer)
        next = s->d->state == S_MORE ? S_MORE : S_ADVANCE;
    if (next == S_NO_ANSWER && s->d->urgent)
        next = S_ADVANCE; /* an urgent callback wakes the owner: do that without another question */
    if (next == S_MORE && (desk_step_is_message(s->d) || s->d->address_lost))
        next = S_MORE_RECORD; /* the callback is booked, the message itself not yet told */
    if (next == S_ADVANCE)
        next = missing(s);
    bool address = next == S_ADDRESS || next == S_ADDRESS_2 || next == S_ADDRESS_3;
    return address ? address_way(s, next) : next;
}

static void enter(struct step *s, enum state next)
{
    next = resolve(s, next);
    s->again = false;
    s->d->tries = 0;
    s->d->state = (int)next;
    states[next].ask(s);
}

/* Enough to be rung back by, of a caller who is heard no more: better unconfirmed than lost. */
static bool can_be_rung(const struct step *s)
{
    const struct desk_dialog *d = s->d;
    return d->reason[0] && d->number[0] && !d->promised && d->state != S_NUMBER_CHECK &&
           !desk_step_is_message(d);
}

/* One more failure at this datum: ask again another way, or take the next way. */
static void fail(struct step *s, bool silent)
{
    const struct state_row *row = &states[s->d->state];
    bool speaks_keys =
        row->next != S_BYE && row->next != S_TRANSFER; /* the next way needs a caller */
    s->d->tries++;
    if (s->d->tries < 2) {
        desk_step_say(s, silent ? "Are you still there?" : "Sorry, I did not get that.");
        s->again = true;
        row->ask(s);
    } else if (silent && speaks_keys) {
        desk_step_say(s, "I cannot hear you.");
        enter(s, can_be_rung(s) ? S_SCHEDULE : S_RECORD);
    } else {
        if (row->give_up)
            row->give_up(s);
        else
            desk_step_say(s, silent ? "I cannot hear you." : "I am sorry, I did not understand.");
        enter(s, row->next);
    }
}

/* While a tool runs, words change nothing; its answer must not be waited for without end. */
static void wait_for_tool(struct step *s)
{
    bool ending = states[s->d->state].next == S_END;
    s->again = true;
    if (ending)
        states[s->d->state].ask(s);
    else if (s->m.token != DESK_T_SILENCE)
        return;
    else if (++s->d->tries < 3)
        desk_step_say(s, "One moment, please.");
    else
        enter(s, S_RECORD);
}

static void read_result(const char *text, struct desk_meaning *m)
{
    json_t *root = json_loads(text ? text : "", 0, NULL);
    const char *words = json_string_value(json_object_get(root, "say"));
    m->token = json_is_true(json_object_get(root, "ok")) ? DESK_T_OK : DESK_T_FAILED;
    snprintf(m->value, sizeof m->value, "%s", words ? words : "");
    desk_utf8_trim(m->value);
    json_decref(root);
}

static void understand(struct step *s, const struct desk_dialog_input *in)
{
    const struct state_row *row = &states[s->d->state];
    switch (in->event) {
    case DESK_DIALOG_START:
        s->m.token = DESK_T_START;
        break;
    case DESK_DIALOG_RESUME:
        s->m.token = DESK_T_RESUME;
        break;
    case DESK_DIALOG_SILENCE:
        s->m.token = DESK_T_SILENCE;
        break;
    case DESK_DIALOG_TOOL_RESULT:
        read_result(in->text, &s->m);
        break;
    case DESK_DIALOG_ALARM:
        break;
    case DESK_DIALOG_SPEECH:
    case DESK_DIALOG_DIGITS:
    case DESK_DIALOG_EVENT__MAX:
        desk_words_meaning(s->p, row->expect, in, s->d->state == S_URGENT, &s->m);
        break;
    }
}

static const struct move *find_move(int state, enum desk_token token)
{
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (moves[i].token == token && ((int)moves[i].state == state || moves[i].state == S_ANY))
            return &moves[i];
    return NULL;
}

void desk_dialog_init(struct desk_dialog *d)
{
    memset(d, 0, sizeof *d);
}

void desk_dialog_held(struct desk_dialog *d)
{
    bool over = d->state == S_BYE || d->state == S_LEAVE || d->state == S_END;
    if (over)
        d->state = d->reason[0] ? S_MORE : S_REASON;
    if (over)
        d->tries = 0;
}

/* A state that waits for a tool has no question; speech meanwhile changes nothing. */
static bool waits_for_tool(int state)
{
    return state != S_NEW && states[state].expect == DESK_EXPECT_NOTHING;
}

/* ---- what the judges found in the words ------------------------------------------------------ */

/* Nothing can be led there any more, or it is led there. */
static bool is_led(const struct desk_dialog *d)
{
    static const enum state there[] = {S_URGENT, S_TRANSFER, S_NO_ANSWER, S_LEAVE,
                                       S_RECORD, S_BYE,      S_END};
    for (size_t i = 0; i < sizeof there / sizeof *there; i++)
        if (d->state == (int)there[i])
            return true;
    return d->urgent;
}

/* An emergency that was found is taken up once, in place of the answer that was waited for. */
static void take_alarm(struct step *s)
{
    struct desk_dialog *d = s->d;
    if (s->m.token != DESK_T_EMERGENCY && (!s->p->emergency[0] || d->alarmed))
        return;
    d->alarmed = true;
    if (s->m.token == DESK_T_EMERGENCY || is_led(d))
        return;
    s->m.token = DESK_T_EMERGENCY;
    snprintf(s->m.value, sizeof s->m.value, "%s", s->m.said[0] ? s->m.said : "an emergency");
}

bool desk_dialog_alarm_due(const struct desk_dialog_profile *p, const struct desk_dialog *d)
{
    return p->emergency[0] && !d->alarmed && d->state > S_NEW && d->state < S__MAX &&
           !waits_for_tool(d->state) && !is_led(d);
}

/* So is a wish for a person, in other words than the tables know. */
static void take_person(struct step *s)
{
    bool first = s->d->state == S_REASON && s->m.said[0] && !s->d->person_tried;
    if (!first || !s->p->wants_person)
        return;
    s->d->person_tried = true;
    if (s->m.token != DESK_T_EMERGENCY)
        s->m.token = DESK_T_PERSON;
}

static void apply(struct step *s, const struct move *move)
{
    if (move->act)
        move->act(s);
    if (move->next == S_STAY)
        states[s->d->state].ask(s);
    else
        enter(s, move->next);
}

static void without_move(struct step *s, bool waiting, bool result)
{
    if (waiting)
        wait_for_tool(s);
    else if (result)
        states[s->d->state].ask(s); /* nobody asked for this result: the question stands */
    else
        fail(s, s->m.token == DESK_T_SILENCE);
}

void desk_dialog_step(const struct desk_dialog_profile *p, struct desk_dialog *d,
                      const struct desk_dialog_input *in, struct desk_dialog_output *out)
{
    struct step s = {.p = p, .d = d, .out = out};
    memset(out, 0, sizeof *out);
    if (d->state < 0 || d->state >= S__MAX)
        desk_dialog_init(d);
    d->turns++;
    understand(&s, in);
    if (d->state == S_NEW && s.m.token != DESK_T_RESUME)
        s.m.token = DESK_T_START; /* whatever came first, the caller is greeted first */
    bool result = in->event == DESK_DIALOG_TOOL_RESULT;
    bool waiting = waits_for_tool(d->state);
    if (d->state != S_NEW && !result && !waiting) {
        take_alarm(&s);
        take_person(&s);
    }
    const struct move *move = NULL;
    if (result == waiting || d->state == S_NEW)
        move = find_move(d->state, s.m.token);
    if (move)
        apply(&s, move);
    else if (in->event != DESK_DIALOG_ALARM) /* led by it already: nothing is to be said */
        without_move(&s, waiting, result);
    out->expect = states[d->state].expect;
}

const char *desk_dialog_state_name(int state)
{
    return state >= 0 && state < S__MAX ? states[state].name : "?";
}
