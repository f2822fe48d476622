/* The dialog's part that books, moves and cancels by the tools of the calendar: what is asked and
 * said of it, the calls, and what came of them. Nothing is said to be done but by a tool's result.
 * What the caller wants is read in dialog_visit.c. See dialog_step.h. */
#include "core/dialog_step.h"

#include "base/tz.h"

#include <stdio.h>
#include <string.h>

#define OFFERED 3 /* times spoken at once */

/* ---- what the tools answered ----------------------------------------------------------------- */

static const char *told(const struct step *s, const char *name)
{
    const char *text = json_string_value(json_object_get(s->result, name));
    return text ? text : "";
}

static void read_offers(struct desk_dialog *d, const json_t *list, const char *id)
{
    size_t i;
    json_t *row;
    desk_step_drop_offers(d);
    json_array_foreach(list, i, row)
    {
        if (d->n_offers == OFFERED)
            return;
        struct desk_dialog_offer *o = &d->offers[d->n_offers];
        const char *slot = json_string_value(json_object_get(row, id));
        const char *when = json_string_value(json_object_get(row, "when"));
        const char *at = json_string_value(json_object_get(row, "at"));
        if (!when || (slot && strlen(slot) >= sizeof o->id))
            continue;
        KEEP(o->id, slot ? slot : "");
        KEEP(o->when, when);
        KEEP(o->at, at ? at : "");
        d->n_offers++;
    }
}

void desk_step_read_result(struct step *s)
{
    const json_t *slots = json_object_get(s->result, "slots");
    const json_t *several = json_object_get(s->result, "which");
    bool ok = s->m.token == DESK_T_OK;
    if (ok && json_is_string(json_object_get(s->result, "already")) && !s->d->leave_asked)
        s->m.token = DESK_T_ALREADY;
    bool closed = json_is_true(json_object_get(s->result, "rejected")) && s->d->finds < 3;
    if (ok && closed) {
        s->m.token = DESK_T_FAILED; /* another day is asked for first */
        const char *why = told(s, "because"), *end = strstr(why, ". "); /* and no time is named */
        snprintf(s->m.value, sizeof s->m.value, "%.*s", end ? (int)(end - why + 1) : 999, why);
    } else if (ok && json_array_size(slots)) {
        bool asked = s->d->leave_asked;
        read_offers(s->d, slots, "slot_id");
        s->d->leave_asked = asked;
        s->m.token = s->m.token == DESK_T_ALREADY ? DESK_T_ALREADY : DESK_T_SLOTS;
    } else if (!ok && json_array_size(several) > 1) {
        read_offers(s->d, several, "");
        s->m.token = DESK_T_SEVERAL;
    } else if (!ok && json_is_true(json_object_get(s->result, "failed"))) {
        s->m.token = DESK_T_BROKEN;
    }
}

void desk_step_read_pick(struct step *s, const struct desk_dialog_input *in)
{
    int which = 0;
    bool keys = in->event == DESK_DIALOG_DIGITS;
    if (keys && in->text && *in->text >= '1' && *in->text < '1' + s->d->n_offers &&
        strspn(in->text, "123456789") == 1) {
        s->m.token = DESK_T_PICK;
        which = *in->text - '0';
    } else if (!keys && s->m.said[0]) {
        s->m.token = desk_words_pick(s->p, s->d, s->m.said, &which);
    }
    if (s->m.token == DESK_T_PICK)
        snprintf(s->m.value, sizeof s->m.value, "%d", which);
}

void desk_step_say_result(struct step *s)
{
    desk_step_say(s, "%s", s->m.value);
    desk_step_forget_visit(s->d);
}

/* Why it is not what was wanted; the times are in the question. */
void desk_step_say_slots(struct step *s)
{
    const char *because = told(s, "because");
    bool wanted = json_is_true(json_object_get(s->result, "as_wanted"));
    if (*because)
        desk_step_say(s, "%s", because);
    if (!wanted)
        desk_step_say(s, s->d->n_offers > 1 ? "These are the nearest." : "This is the nearest.");
    if (s->d->n_offers == 1) {
        s->d->pick = 1;
        KEEP(s->d->when, s->d->offers[0].when);
    }
}

void desk_step_say_already(struct step *s)
{
    desk_step_say(s, "You already have %s.", told(s, "already"));
}

void desk_step_say_several(struct step *s)
{
    desk_step_say(s, "You have more than one.");
}

/* The first of several people, or who calls. Returns name. */
static const char *for_whom(const struct desk_dialog *d, char name[DESK_DIALOG_TEXT])
{
    const char *from = d->others[0] ? d->others : d->name;
    snprintf(name, DESK_DIALOG_TEXT, "%.*s", (int)strcspn(from, ";"), from);
    return name;
}

/* ---- asking ---------------------------------------------------------------------------------- */

/* "A, B, or C"; the n of them as get gives them. */
static void say_list(struct step *s, const char *lead, size_t n,
                     const char *(*get)(const struct step *, size_t))
{
    char text[400] = "";
    size_t at = 0;
    for (size_t i = 0; i < n && at < sizeof text; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%s",
                               i == 0      ? ""
                               : i + 1 < n ? ", "
                               : n > 2     ? ", or "
                                           : " or ",
                               get(s, i));
    desk_step_say(s, "%s %s?", lead, text);
}

static const char *visit_name(const struct step *s, size_t i)
{
    return s->p->visits[i].name;
}

void desk_step_ask_service(struct step *s)
{
    size_t n = s->p->n_visits < DESK_MENU_SERVICES ? s->p->n_visits : DESK_MENU_SERVICES;
    if (!s->again) {
        say_list(s, "What is it for:", n, visit_name);
        return;
    }
    for (size_t i = 0; i < n; i++)
        desk_step_say(s, "For %s, press %zu.", s->p->visits[i].name, i + 1);
}

void desk_step_ask_spelling(struct step *s)
{
    desk_step_say(s, "How do you spell that?");
}

void desk_step_ask_under(struct step *s)
{
    desk_step_say(s, s->again ? "Please say the name the appointment is under."
                              : "What name is the appointment under?");
}

/* A day is said once: "Tuesday, November 24th at 9 am, or 10 am". */
static const char *offer_name(const struct step *s, size_t i)
{
    const struct desk_dialog_offer *o = s->d->offers;
    const char *clock = strstr(o[i].when, " at ");
    bool same =
        i > 0 && clock && strncmp(o[i].when, o[i - 1].when, (size_t)(clock - o[i].when + 4)) == 0;
    return same ? clock + 4 : o[i].when;
}

static const char *offer_whole(const struct step *s, size_t i)
{
    return s->d->offers[i].when;
}

void desk_step_ask_pick(struct step *s)
{
    const struct desk_dialog *d = s->d;
    bool theirs = d->wish != DESK_WISH_VISIT && !d->found; /* which of their appointments */
    if (s->again) {
        for (int i = 0; i < d->n_offers; i++)
            desk_step_say(s, "For %s, press %d.", d->offers[i].when, i + 1);
        return;
    }
    say_list(s, theirs ? "Which one is it:" : "Which would you like:", (size_t)d->n_offers,
             theirs ? offer_whole : offer_name);
}

static const char *chosen(const struct step *s)
{
    return s->d->pick > 0 ? s->d->offers[s->d->pick - 1].when : "";
}

void desk_step_ask_book(struct step *s)
{
    char name[DESK_DIALOG_TEXT];
    const struct desk_dialog *d = s->d;
    const char *place = d->place_known ? "the address we have for you" : d->address;
    if (s->again)
        desk_step_say(s, d->wish == DESK_WISH_MOVE ? "Shall I move it? Press 1 for yes, 2 for no."
                                                   : "Shall I book it? Press 1 for yes, 2 for no.");
    else if (d->wish == DESK_WISH_MOVE)
        desk_step_say(s, "Your %s moves from %s to %s. Shall I move it?", d->service, d->was,
                      chosen(s));
    else
        desk_step_say(s, "That is %s on %s%s%s%s%s. Shall I book it?", d->service, chosen(s),
                      *for_whom(d, name) ? ", for " : "", name, *place ? ", at " : "", place);
}

void desk_step_ask_cancel(struct step *s)
{
    if (s->again)
        desk_step_say(s, "Shall I cancel it? Press 1 for yes, 2 for no.");
    else
        desk_step_say(s, "That is %s on %s. Shall I cancel it?", s->d->service, s->d->was);
}

void desk_step_ask_leave(struct step *s)
{
    s->d->leave_asked = true;
    desk_step_say(s, s->again ? "Shall I leave it as it is? Press 1 for yes, 2 for another one."
                              : "Shall I leave it as it is?");
}

/* What we have of them is not said aloud: who calls from their telephone need not know it. */
void desk_step_ask_place(struct step *s)
{
    desk_step_say(s, s->again ? "At the address that we have for you? Press 1 for yes, 2 for no."
                              : "Is it at the address that we have for you?");
}

void desk_step_same_place(struct step *s)
{
    s->d->place_known = true;
}

void desk_step_other_place(struct step *s)
{
    s->d->place_known = false;
}

/* ---- calling --------------------------------------------------------------------------------- */

static json_t *fields_of(const char *fields)
{
    json_t *v = json_loads(fields, 0, NULL);
    return v ? v : json_object();
}

static void put(json_t *args, const char *key, const char *value)
{
    if (args && *value)
        json_object_set_new(args, key, json_string(value));
}

void desk_step_do_find(struct step *s)
{
    json_t *args = fields_of(s->d->when_fields);
    if (!json_object_get(args, "date_ref"))
        put(args, "date_ref", "none");
    put(args, "service", s->d->service);
    if (s->d->wish == DESK_WISH_MOVE)
        json_object_set_new(args, "moving", json_true());
    s->d->finds++;
    desk_step_call(s, "check_appointment_availability", args);
}

/* Whose it is, as far as the caller has told: only fields of a day that a claim may have. */
static json_t *whose(const struct step *s)
{
    static const char *const may[] = {"date_ref", "weekday", "week_offset", "month", "day", NULL};
    static const char *const refs[] = {"today", "tomorrow",     "weekday",
                                       "date",  "day_of_month", NULL};
    const struct desk_dialog *d = s->d;
    json_t *all = fields_of(d->was_fields), *args = json_object();
    const char *ref = json_string_value(json_object_get(all, "date_ref"));
    bool known = false;
    for (size_t i = 0; ref && refs[i]; i++)
        known = known || strcmp(refs[i], ref) == 0;
    for (size_t i = 0; known && may[i]; i++)
        if (json_object_get(all, may[i]))
            json_object_set(args, may[i], json_object_get(all, may[i]));
    json_decref(all);
    bool open = d->wish == DESK_WISH_STATUS && !s->p->phi;
    if (d->name_said || (open && !known))
        put(args, "name", d->name);
    return args;
}

void desk_step_do_whose(struct step *s)
{
    desk_step_call(s, "find_appointment", whose(s));
}

void desk_step_do_cancel(struct step *s)
{
    desk_step_call(s, "cancel_appointment", whose(s));
}

void desk_step_do_book(struct step *s)
{
    char name[DESK_DIALOG_TEXT];
    const struct desk_dialog *d = s->d;
    const char *slot = d->pick > 0 ? d->offers[d->pick - 1].id : "";
    if (d->wish == DESK_WISH_MOVE) {
        json_t *args = whose(s);
        put(args, "slot_id", slot);
        desk_step_call(s, "reschedule_appointment", args);
        return;
    }
    json_t *args = json_pack("{s:s, s:s}", "slot_id", slot, "name",
                             *for_whom(d, name) ? name : "not understood");
    if (strcmp(d->number, s->p->caller_number) != 0)
        put(args, "number", d->number);
    put(args, "address", d->address);
    put(args, "notes", d->problem[0] ? d->problem : d->reason);
    desk_step_call(s, "book_appointment", args);
}

void desk_step_do_lookup(struct step *s)
{
    json_t *args = json_pack("{s:s}", "topic", s->d->topic);
    if (strcmp(s->d->topic, "price") == 0)
        put(args, "about", s->d->service);
    desk_step_call(s, "lookup_business_info", args);
}

/* ---- taking one ------------------------------------------------------------------------------ */

void desk_step_take_pick(struct step *s)
{
    s->d->pick = s->m.value[0] - '0'; /* of a few: one digit */
    KEEP(s->d->when, chosen(s));
}

/* One of their appointments: from now on it is named by its date. */
void desk_step_take_which(struct step *s)
{
    int y, m, day, minute, at = s->m.value[0] - '0';
    int32_t date;
    struct desk_dialog *d = s->d;
    bool known = at >= 1 && at <= d->n_offers;
    if (known && desk_words_local(d->offers[at - 1].at, &date, &minute)) {
        desk_civil_from_days(date, &y, &m, &day);
        snprintf(d->was_fields, sizeof d->was_fields,
                 "{\"date_ref\":\"date\",\"month\":%d,\"day\":%d}", m, day);
    }
    desk_step_drop_offers(d);
}

void desk_step_take_found(struct step *s)
{
    struct desk_dialog *d = s->d;
    d->found = true;
    d->finds = 0;
    KEEP(d->service, told(s, "service"));
    KEEP(d->was, told(s, "when"));
    if (d->wish == DESK_WISH_STATUS)
        desk_step_say(s, "%s", s->m.value);
}

/* ---- what came of it ------------------------------------------------------------------------- */

/* What is still wanted for the next one stays. */
void desk_step_say_booked(struct step *s)
{
    if (!strchr(s->d->others, ';'))
        s->d->others[0] = '\0';
    desk_step_say(s, "%s", s->m.value);
    if (!s->d->others[0])
        desk_step_forget_visit(s->d);
    desk_step_drop_offers(s->d);
}

bool desk_step_next_person(struct step *s)
{
    char name[DESK_DIALOG_TEXT];
    struct desk_dialog *d = s->d;
    const char *rest = strchr(d->others, ';');
    if (!rest)
        return false;
    memmove(d->others, rest + 1, strlen(rest + 1) + 1);
    desk_step_say(s, "Now for %s.", for_whom(d, name));
    return true;
}

static const char *who(const struct step *s)
{
    return s->p->owner[0] ? s->p->owner : "Somebody";
}

void desk_step_by_hand(struct step *s)
{
    s->d->by_hand = true;
    desk_step_drop_offers(s->d);
    desk_step_say(s, "%s will call you about it.", who(s));
}

void desk_step_broken(struct step *s)
{
    s->d->by_hand = true;
    desk_step_drop_offers(s->d);
    desk_step_say(s, "I am sorry, I cannot see the calendar just now. %s will confirm it.", who(s));
}

void desk_step_no_slots(struct step *s)
{
    desk_step_say(s, "%s", s->m.value);
    s->d->by_hand = true;
}

/* The day is not clear, or there is none: the calendar's own question. */
void desk_step_find_failed(struct step *s)
{
    if (s->d->finds > 3 || !s->m.value[0]) {
        desk_step_by_hand(s);
        return;
    }
    desk_step_say(s, "%s", s->m.value);
    s->d->answering = true;
    s->d->when[0] = '\0';
}

/* Nothing fits: one more fact may help, then the owner looks it up. What is stored is not told. */
void desk_step_none_found(struct step *s)
{
    struct desk_dialog *d = s->d;
    if (++d->finds > 1 || !s->p->caller_number[0]) {
        desk_step_say(s, "I cannot find an appointment by that, and I may only speak about a "
                         "caller's own.");
        desk_step_by_hand(s);
        return;
    }
    desk_step_say(s, "I cannot find that appointment.");
    if (d->name_said) {
        d->was[0] = d->was_fields[0] = '\0';
        d->was_asked = false;
    }
    d->name_asked = d->name_said;
}

void desk_step_book_failed(struct step *s)
{
    desk_step_say(s, "%s", s->m.value);
    desk_step_drop_offers(s->d);
    if (s->d->finds > 3)
        desk_step_by_hand(s);
}

void desk_step_book_anyway(struct step *s)
{
    s->d->leave_asked = true;
}

/* What the business says of itself; what it does not say the owner knows. */
void desk_step_say_told(struct step *s)
{
    if (json_is_true(json_object_get(s->result, "known")))
        desk_step_say(s, "%s", s->m.value);
    else if (told(s, "not_known")[0])
        desk_step_say(s, "I do not know %s; %s can tell you.", told(s, "not_known"),
                      s->p->owner[0] ? s->p->owner : "the owner");
}

void desk_step_say_robot(struct step *s)
{
    desk_step_say(s, "Yes, I am the automated assistant%s%s.", s->p->business[0] ? " of " : "",
                  s->p->business);
}

void desk_step_say_kept(struct step *s)
{
    desk_step_say(s, "All right, it stays as it is.");
    desk_step_forget_visit(s->d);
}

void desk_step_say_forgotten(struct step *s)
{
    desk_step_say(s, "All right, then I leave it.");
    desk_step_forget_visit(s->d);
}

void desk_step_say_noted(struct step *s)
{
    desk_step_say(s, "All right.");
}

void desk_step_say_wrong(struct step *s)
{
    s->d->wrong = true;
    if (s->p->business[0])
        desk_step_say(s, "You have reached %s. I think you have the wrong number.", s->p->business);
    else
        desk_step_say(s, "I think you have the wrong number.");
}
