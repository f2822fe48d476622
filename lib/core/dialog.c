/* The rules brain: state × meaning → action, next state. See dialog.h.
 *
 * A state's row says how it asks (first time, again) and what follows when two tries failed. A
 * move's row says what a meaning does in a state; moves of ANY hold in every state that listens.
 * Actions fill slots; prompts speak. Nothing else decides anything. */
#include "core/dialog_states.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

#define REFUSED_MOST 3 /* then it is goodbye */

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
    [S_TEXT_US] = {"text_us", DESK_EXPECT_NOTHING, desk_step_do_text_us, NULL, S_END},
    [S_SERVICE] = {"service", DESK_EXPECT_ANYTHING, desk_step_ask_service, desk_step_by_hand,
                   S_ADVANCE},
    [S_SPELL] = {"spell", DESK_EXPECT_WORDS, desk_step_ask_spelling, NULL, S_ADVANCE},
    [S_UNDER] = {"under", DESK_EXPECT_NAME, desk_step_ask_under, desk_step_by_hand, S_ADVANCE},
    [S_PLACE] = {"place", DESK_EXPECT_YESNO, desk_step_ask_place, desk_step_same_place, S_ADVANCE},
    [S_FIND] = {"find", DESK_EXPECT_NOTHING, desk_step_do_find, NULL, S_RECORD},
    /* days and times are listened for; keys and words for one of them besides */
    [S_PICK] = {"pick", DESK_EXPECT_WHEN, desk_step_ask_pick, desk_step_by_hand, S_ADVANCE},
    [S_BOOK_CHECK] = {"book_check", DESK_EXPECT_YESNO, desk_step_ask_book, desk_step_by_hand,
                      S_ADVANCE},
    [S_BOOK] = {"book", DESK_EXPECT_NOTHING, desk_step_do_book, NULL, S_RECORD},
    [S_WHOSE] = {"whose", DESK_EXPECT_NOTHING, desk_step_do_whose, NULL, S_RECORD},
    [S_WHICH] = {"which", DESK_EXPECT_WHEN, desk_step_ask_pick, desk_step_by_hand, S_ADVANCE},
    [S_CANCEL_CHECK] = {"cancel_check", DESK_EXPECT_YESNO, desk_step_ask_cancel, desk_step_by_hand,
                        S_ADVANCE},
    [S_CANCEL] = {"cancel", DESK_EXPECT_NOTHING, desk_step_do_cancel, NULL, S_RECORD},
    [S_KEEP] = {"keep", DESK_EXPECT_YESNO, desk_step_ask_leave, desk_step_say_kept, S_MORE},
    [S_LOOKUP] = {"lookup", DESK_EXPECT_NOTHING, desk_step_do_lookup, NULL, S_RECORD},
    [S_NOTE] = {"note", DESK_EXPECT_NOTHING, desk_step_do_note, NULL, S_RECORD},
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
    {S_REASON, DESK_T_TELL, desk_step_take_reason, S_ADVANCE},
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
    {S_MORE, DESK_T_THANKS, NULL, S_BYE},
    {S_MORE, DESK_T_YES, desk_step_new_reason, S_REASON},
    {S_MORE, DESK_T_SERVICE, desk_step_next_reason, S_ADVANCE},
    {S_MORE, DESK_T_MOVE, desk_step_next_reason, S_ADVANCE},
    {S_MORE, DESK_T_CANCEL, desk_step_next_reason, S_ADVANCE},
    {S_MORE, DESK_T_QUESTION, desk_step_next_reason, S_ADVANCE},
    {S_MORE, DESK_T_TELL, desk_step_next_reason, S_ADVANCE},
    {S_MORE, DESK_T_MESSAGE, NULL, S_RECORD},
    {S_MORE_RECORD, DESK_T_YES, NULL, S_RECORD},
    {S_MORE_RECORD, DESK_T_NO, NULL, S_BYE},
    {S_MORE_RECORD, DESK_T_THANKS, NULL, S_BYE},

    {S_REASON, DESK_T_STATUS, desk_step_take_reason, S_ADVANCE},
    {S_RECAP, DESK_T_STATUS, desk_step_take_reason, S_ADVANCE},
    {S_MORE, DESK_T_STATUS, desk_step_next_reason, S_ADVANCE},
    {S_SERVICE, DESK_T_SERVICE, desk_step_take_service, S_ADVANCE},
    {S_SPELL, DESK_T_WORDS, desk_step_take_spelling, S_ADVANCE},
    {S_SPELL, DESK_T_SKIP, NULL, S_ADVANCE},
    {S_UNDER, DESK_T_NAME, desk_step_take_under, S_ADVANCE},
    {S_UNDER, DESK_T_SKIP, desk_step_by_hand, S_ADVANCE},
    {S_PLACE, DESK_T_YES, desk_step_same_place, S_ADVANCE},
    {S_PLACE, DESK_T_NO, desk_step_other_place, S_ADVANCE},
    {S_PLACE, DESK_T_ADDRESS, desk_step_take_address, S_ADDRESS_CHECK},
    {S_FIND, DESK_T_SLOTS, desk_step_say_slots, S_ADVANCE},
    {S_FIND, DESK_T_ALREADY, desk_step_say_already, S_KEEP},
    {S_FIND, DESK_T_OK, desk_step_no_slots, S_ADVANCE},
    {S_FIND, DESK_T_FAILED, desk_step_find_failed, S_ADVANCE},
    {S_FIND, DESK_T_BROKEN, desk_step_broken, S_ADVANCE},
    {S_PICK, DESK_T_PICK, desk_step_take_pick, S_ADVANCE},
    {S_PICK, DESK_T_FEWER, NULL, S_STAY},
    {S_PICK, DESK_T_WHEN, desk_step_take_other, S_ADVANCE},
    {S_PICK, DESK_T_OTHER, desk_step_take_other, S_ADVANCE},
    {S_BOOK_CHECK, DESK_T_YES, NULL, S_BOOK},
    {S_BOOK_CHECK, DESK_T_NO, NULL, S_FIX},
    {S_BOOK_CHECK, DESK_T_NUMBER, desk_step_take_number, S_NUMBER_CHECK},
    {S_BOOK, DESK_T_OK, desk_step_say_booked, S_NEXT},
    {S_BOOK, DESK_T_FAILED, desk_step_book_failed, S_ADVANCE},
    {S_BOOK, DESK_T_BROKEN, desk_step_broken, S_ADVANCE},
    {S_WHOSE, DESK_T_OK, desk_step_take_found, S_ADVANCE},
    {S_WHOSE, DESK_T_SEVERAL, desk_step_say_several, S_WHICH},
    {S_WHOSE, DESK_T_FAILED, desk_step_none_found, S_ADVANCE},
    {S_WHOSE, DESK_T_BROKEN, desk_step_broken, S_ADVANCE},
    {S_WHICH, DESK_T_PICK, desk_step_take_which, S_ADVANCE},
    {S_WHICH, DESK_T_FEWER, NULL, S_STAY},
    {S_CANCEL_CHECK, DESK_T_YES, NULL, S_CANCEL},
    {S_CANCEL_CHECK, DESK_T_NO, desk_step_say_kept, S_MORE},
    {S_CANCEL, DESK_T_OK, desk_step_say_result, S_MORE},
    {S_CANCEL, DESK_T_FAILED, desk_step_none_found, S_ADVANCE},
    {S_CANCEL, DESK_T_BROKEN, desk_step_broken, S_ADVANCE},
    {S_KEEP, DESK_T_YES, desk_step_say_kept, S_MORE},
    {S_KEEP, DESK_T_NO, desk_step_book_anyway, S_ADVANCE},
    {S_NOTE, DESK_T_OK, desk_step_say_failed, S_MORE}, /* the tool's words, as it is */
    {S_NOTE, DESK_T_FAILED, desk_step_say_failed, S_SORRY},
    {S_NOTE, DESK_T_BROKEN, desk_step_say_failed, S_SORRY},
    {S_LOOKUP, DESK_T_OK, desk_step_say_told, S_BACK},
    {S_LOOKUP, DESK_T_FAILED, NULL, S_BACK},
    {S_LOOKUP, DESK_T_BROKEN, NULL, S_BACK},

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
    {S_TEXT_US, DESK_T_OK, NULL, S_END},
    {S_TEXT_US, DESK_T_FAILED, NULL, S_END},
    {S_LEAVE, DESK_T_OK, NULL, S_END},
    {S_LEAVE, DESK_T_FAILED, NULL, S_END},

    {S_ANY, DESK_T_UNWANTED, NULL, S_TEXT_US},
    {S_ANY, DESK_T_REFUSED, desk_step_refuse, S_REFUSED},
    {S_ANY, DESK_T_EMERGENCY, desk_step_take_emergency, S_URGENT},
    {S_ANY, DESK_T_PERSON, desk_step_want_person, S_TRANSFER},
    {S_ANY, DESK_T_CHANGED, desk_step_say_noted, S_ADVANCE},
    {S_ANY, DESK_T_ASK, desk_step_take_ask, S_LOOKUP},
    {S_ANY, DESK_T_ROBOT, desk_step_say_robot, S_STAY},
    {S_ANY, DESK_T_FORGET, desk_step_say_forgotten, S_MORE},
    {S_ANY, DESK_T_WRONG, desk_step_say_wrong, S_MORE},
    {S_ANY, DESK_T_HOURS, desk_step_say_hours, S_STAY},
    {S_ANY, DESK_T_REPEAT, NULL, S_STAY},
    {S_ANY, DESK_T_BYE, NULL, S_BYE},
    {S_ANY, DESK_T_START, NULL, S_STAY},
    {S_ANY, DESK_T_RESUME, NULL, S_STAY},
};

/* ---- the engine ------------------------------------------------------------------------------ */

static void enter(struct step *s, enum state next)
{
    next = desk_step_next(s, next);
    s->again = false;
    s->d->spell_asked = s->d->spell_asked || next == S_SPELL;
    s->d->place_asked = s->d->place_asked || next == S_PLACE;
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

static void read_result(struct step *s)
{
    const char *words = json_string_value(json_object_get(s->result, "say"));
    bool ok = json_is_true(json_object_get(s->result, "ok"));
    s->m.token = ok ? DESK_T_OK : DESK_T_FAILED;
    snprintf(s->m.value, sizeof s->m.value, "%s", words ? words : "");
    desk_utf8_trim(s->m.value);
    if (s->d->state >= S_FIND)
        desk_step_read_result(s);
}

/* An answer to offered times; what holds whatever was asked is heard first. */
static void read_pick(struct step *s, const struct desk_dialog_input *in)
{
    static const enum desk_token first[] = {DESK_T_EMERGENCY, DESK_T_PERSON, DESK_T_ASK,
                                            DESK_T_ROBOT,     DESK_T_FORGET, DESK_T_MOVE,
                                            DESK_T_CANCEL,    DESK_T_REPEAT, DESK_T_BYE};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        if (s->m.token == first[i])
            return;
    s->m.token = DESK_T_NONE;
    desk_step_read_pick(s, in);
}

/* Another address in place of "no". */
static void read_place(struct step *s, const struct desk_dialog_input *in)
{
    struct desk_meaning m;
    if (desk_words_known_place(s->m.said)) {
        s->m.token = DESK_T_YES;
        return;
    }
    desk_words_meaning(s->p, DESK_EXPECT_ADDRESS, in, false, &m);
    if (m.token == DESK_T_ADDRESS)
        s->m = m;
}

/* Facts beside the answer; they come first where the answer was not what was asked for. */
static void overhear(struct step *s)
{
    static const enum state own[] = {S_REASON, S_PICK, S_WHICH, S_MORE, S_SPELL, S_WAS, S_UNDER};
    static const enum desk_token taken[] = {DESK_T_NAME,   DESK_T_ADDRESS, DESK_T_WHEN,
                                            DESK_T_WORDS,  DESK_T_NUMBER,  DESK_T_EMERGENCY,
                                            DESK_T_PERSON, DESK_T_MOVE,    DESK_T_CANCEL};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (s->d->state == (int)own[i])
            return;
    s->out->expect = states[s->d->state].expect;
    bool changed = desk_step_overhear(s), check = s->d->state == S_BOOK_CHECK;
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (s->m.token == taken[i] && !(check && s->m.token != DESK_T_EMERGENCY))
            return;
    bool yes = s->m.token == DESK_T_YES && !check; /* "yes, and Tuesday would be good" */
    if (changed && !yes)
        s->m.token = DESK_T_CHANGED;
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
        read_result(s);
        break;
    case DESK_DIALOG_ALARM:
        break;
    case DESK_DIALOG_SPEECH:
    case DESK_DIALOG_DIGITS:
    case DESK_DIALOG_EVENT__MAX:
        desk_words_meaning(s->p, row->expect, in, s->d->state == S_URGENT, &s->m);
        if (desk_words_spanish(s->m.said))
            KEEP(s->d->language, "es");
        if (s->d->state == S_PICK || s->d->state == S_WHICH)
            read_pick(s, in);
        else if (in->event == DESK_DIALOG_SPEECH)
            overhear(s);
        if (s->d->state == S_MORE && s->m.token == DESK_T_YES && s->m.faint)
            s->m.token = DESK_T_THANKS; /* "okay" wants nothing else */
        if (s->d->state == S_PLACE && s->m.token != DESK_T_YES && s->m.said[0])
            read_place(s, in);
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
    bool first = s->d->state == S_REASON && s->m.said[0] && !s->d->person_tried &&
                 !(s->p->books && s->m.dated); /* "can I get someone on Monday" */
    if (!first || !s->p->wants_person || s->p->screens || s->m.token == DESK_T_REFUSED ||
        s->m.token == DESK_T_MESSAGE || s->m.token == DESK_T_TELL || s->m.callback)
        return;
    s->d->person_tried = true;
    if (s->m.token != DESK_T_EMERGENCY)
        s->m.token = DESK_T_PERSON;
}

static void apply(struct step *s, const struct move *move)
{
    if (move->act)
        move->act(s);
    if (move->next == S_REFUSED) {
        if (s->d->refused >= REFUSED_MOST)
            enter(s, S_BYE);
        else if (s->d->state != S_REASON)
            states[s->d->state].ask(s);
        return;
    }
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
    bool result = in->event == DESK_DIALOG_TOOL_RESULT;
    json_t *told = result ? json_loads(in->text ? in->text : "", 0, NULL) : NULL;
    struct step s = {.p = p, .d = d, .out = out, .result = told};
    memset(out, 0, sizeof *out);
    if (d->state < 0 || d->state >= S__MAX)
        desk_dialog_init(d);
    d->turns++;
    understand(&s, in);
    if (d->state == S_NEW && s.m.token != DESK_T_RESUME)
        s.m.token = DESK_T_START; /* whatever came first, the caller is greeted first */
    bool waiting = waits_for_tool(d->state);
    if (d->state != S_NEW && !result && !waiting) {
        bool reason = d->state == S_REASON;
        desk_step_calm(&s);
        if (p->screens && reason)
            desk_step_screen(&s);
        else
            desk_step_guard(&s);
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
    json_decref(told);
}

const char *desk_dialog_state_name(int state)
{
    return state >= 0 && state < S__MAX ? states[state].name : "?";
}
