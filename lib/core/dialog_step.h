/* Inside of the dialog: what dialog.c (the tables and the engine), dialog_ask.c (what a state says)
 * and dialog_take.c (what a meaning does to the slots) share. Not for other folders. */
#ifndef DESK_CORE_DIALOG_STEP_H
#define DESK_CORE_DIALOG_STEP_H

#include "core/dialog.h"
#include "core/dialog_words.h"

#include <jansson.h>

/* One step of a conversation under way. */
struct step {
    const struct desk_dialog_profile *p;
    struct desk_dialog *d;
    struct desk_dialog_output *out;
    struct desk_meaning m;
    size_t said;
    bool again;           /* the state's question was asked before */
    const json_t *result; /* of the tool, during its TOOL_RESULT; else NULL */
};

static inline const char *step_owner(const struct step *s)
{
    return s->p->owner[0] ? s->p->owner : "the owner";
}

/* A sentence more for out->say. */
void desk_step_say(struct step *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A tool is to be called after speaking; takes args. */
void desk_step_call(struct step *s, const char *name, json_t *args);

/* A slot gets a value: cut to n bytes and to whole letters. */
void desk_step_keep(char *slot, size_t n, const char *value);
#define KEEP(slot, value) desk_step_keep((slot), sizeof(slot), (value))

/* Is it a plain message, not a wish? */
bool desk_step_is_message(const struct desk_dialog *d);

/* A wish in the caller's own words: slots wish, reason, problem and the days told with it. */
void desk_step_wish(const struct desk_dialog_profile *p, struct desk_dialog *d,
                    const struct desk_meaning *m);

/* Calls a tool; takes args. */
void desk_step_call(struct step *s, const char *name, json_t *args);
/* Is what is wanted done by the tools of the calendar? */
bool desk_step_by_tools(const struct step *s);

/* ---- dialog_visit.c: a visit as the caller wants it ------------------------------------------ */
/* Facts told with the wish, or beside an answer. */
void desk_step_wish_facts(const struct desk_dialog_profile *p, struct desk_dialog *d,
                          const struct desk_meaning *m);
/* Facts told whatever was asked; true: they change what comes next. */
bool desk_step_overhear(struct step *s);
/* Nothing is offered or chosen any more. */
void desk_step_drop_offers(struct desk_dialog *d);
void desk_step_forget_visit(struct desk_dialog *d);
void desk_step_take_service(struct step *s);
void desk_step_take_names(struct step *s);
void desk_step_take_time(struct step *s); /* when it would suit them, also as fields */
void desk_step_take_was_day(struct step *s);
void desk_step_take_spelling(struct step *s);
void desk_step_take_under(struct step *s);
void desk_step_take_other(struct step *s);
void desk_step_take_ask(struct step *s);

/* ---- dialog_book.c: the tools of the calendar, asked and answered -----------------------------
 */
/* What an answer to offered times means, as m.token. */
void desk_step_read_pick(struct step *s, const struct desk_dialog_input *in);
/* A tool's result beyond ok and say, as m.token. */
void desk_step_read_result(struct step *s);
void desk_step_ask_service(struct step *s);
void desk_step_ask_spelling(struct step *s);
void desk_step_ask_under(struct step *s);
void desk_step_ask_pick(struct step *s);
void desk_step_ask_book(struct step *s);
void desk_step_ask_cancel(struct step *s);
void desk_step_ask_leave(struct step *s);
void desk_step_do_find(struct step *s);
void desk_step_do_book(struct step *s);
void desk_step_do_whose(struct step *s);
void desk_step_do_cancel(struct step *s);
void desk_step_do_lookup(struct step *s);
void desk_step_take_pick(struct step *s);
void desk_step_take_which(struct step *s);
void desk_step_take_found(struct step *s);
void desk_step_by_hand(struct step *s);
void desk_step_no_slots(struct step *s);
void desk_step_find_failed(struct step *s);
void desk_step_none_found(struct step *s);
void desk_step_book_failed(struct step *s);
void desk_step_broken(struct step *s);
void desk_step_book_anyway(struct step *s);
void desk_step_say_result(struct step *s);
void desk_step_say_slots(struct step *s);
void desk_step_say_already(struct step *s);
void desk_step_say_several(struct step *s);
void desk_step_say_booked(struct step *s);
/* A visit for somebody else was wanted, too: it comes next. */
bool desk_step_next_person(struct step *s);
void desk_step_ask_place(struct step *s);
void desk_step_same_place(struct step *s);
void desk_step_other_place(struct step *s);
void desk_step_say_told(struct step *s);
void desk_step_say_robot(struct step *s);
void desk_step_say_kept(struct step *s);
void desk_step_say_forgotten(struct step *s);
void desk_step_say_noted(struct step *s);
void desk_step_say_wrong(struct step *s);

/* ---- dialog_ask.c: what a state says when it is entered, or asks again ----------------------- */
void desk_step_ask_reason(struct step *s);
void desk_step_greet(struct step *s);
void desk_step_ask_name(struct step *s);
void desk_step_resume(struct step *s);
void desk_step_ask_recap(struct step *s);
void desk_step_do_log(struct step *s);
void desk_step_ask_offer(struct step *s);
void desk_step_ask_number(struct step *s);
void desk_step_ask_number_keys(struct step *s);
void desk_step_ask_number_check(struct step *s);
void desk_step_ask_when(struct step *s);
void desk_step_ask_confirm(struct step *s);
void desk_step_ask_fix(struct step *s);
void desk_step_do_schedule(struct step *s);
void desk_step_do_note(struct step *s);
void desk_step_ask_more(struct step *s);
void desk_step_ask_more_record(struct step *s);
void desk_step_ask_urgent(struct step *s);
void desk_step_do_transfer(struct step *s);
void desk_step_ask_sorry(struct step *s);
void desk_step_do_record(struct step *s);
void desk_step_do_bye(struct step *s);
void desk_step_do_leave(struct step *s);
void desk_step_do_end(struct step *s);
void desk_step_ask_problem(struct step *s);
void desk_step_ask_was(struct step *s);
void desk_step_ask_address(struct step *s);
void desk_step_ask_address_keys(struct step *s);
void desk_step_ask_address_check(struct step *s);
void desk_step_ask_address_text(struct step *s);
void desk_step_do_text(struct step *s);

/* ---- dialog_guard.c: what is done for nobody, and who is put through on one's own line ---------
 */

/* What the words come to by core/guard.h: DESK_T_REFUSED in place of their meaning. */
void desk_step_guard(struct step *s);
void desk_step_refuse(struct step *s);
/* On a line that is screened (profile: screens) the first answer decides: DESK_T_PERSON (put
 * through), DESK_T_UNWANTED (told to write), or DESK_T_NONE (asked once more). */
void desk_step_screen(struct step *s);
void desk_step_ask_screened(struct step *s);
void desk_step_do_text_us(struct step *s);
/* A word for who is angry at us, once. */
void desk_step_calm(struct step *s);

/* ---- dialog_take.c: what a meaning does ------------------------------------------------------ */
void desk_step_take_reason(struct step *s);
void desk_step_take_message(struct step *s);
void desk_step_take_name(struct step *s);
void desk_step_skip_name(struct step *s);
void desk_step_take_number(struct step *s);
void desk_step_take_caller(struct step *s);
void desk_step_take_when(struct step *s);
void desk_step_skip_when(struct step *s);
void desk_step_drop_name(struct step *s);
void desk_step_drop_number(struct step *s);
void desk_step_drop_when(struct step *s);
void desk_step_take_emergency(struct step *s);
void desk_step_mark_urgent(struct step *s);
void desk_step_not_urgent(struct step *s);
void desk_step_want_person(struct step *s);
void desk_step_new_reason(struct step *s);
void desk_step_once_more(struct step *s);
void desk_step_next_reason(struct step *s);
void desk_step_say_hours(struct step *s);
void desk_step_say_done(struct step *s);
void desk_step_say_failed(struct step *s);
void desk_step_say_through(struct step *s);
void desk_step_say_no_answer(struct step *s);
void desk_step_take_problem(struct step *s);
void desk_step_skip_problem(struct step *s);
void desk_step_take_was(struct step *s);
void desk_step_skip_was(struct step *s);
void desk_step_take_address(struct step *s);
void desk_step_refuse_address(struct step *s);
void desk_step_drop_address(struct step *s);
void desk_step_skip_address(struct step *s);
void desk_step_say_texted(struct step *s);

#endif
