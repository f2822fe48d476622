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
    bool again; /* the state's question was asked before */
};

static inline const char *step_owner(const struct step *s)
{
    return s->p->owner[0] ? s->p->owner : "the owner";
}

/* A sentence more for out->say. */
void desk_step_say(struct step *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A slot gets a value: cut to n bytes and to whole letters. */
void desk_step_keep(char *slot, size_t n, const char *value);
#define KEEP(slot, value) desk_step_keep((slot), sizeof(slot), (value))

/* Is it a plain message, not a wish? */
bool desk_step_is_message(const struct desk_dialog *d);

/* A wish in the caller's own words: slots wish, reason, problem and the days told with it. */
void desk_step_wish(const struct desk_dialog_profile *p, struct desk_dialog *d,
                    const struct desk_meaning *m);

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
