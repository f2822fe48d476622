/* What the dialog says: the question of every state, first and again, and the calls of tools. */
#include "core/dialog_step.h"

#include "base/utf8.h"
#include "core/phone.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXAMPLES 3 /* services named in the first question */

void desk_step_say(struct step *s, const char *fmt, ...)
{
    char *room = s->out->say + s->said;
    size_t left = sizeof s->out->say - s->said;
    if (left < 8)
        return;
    if (s->said > 0) {
        *room++ = ' ';
        left--;
    }
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(room, left, fmt, ap);
    va_end(ap);
    s->said = desk_utf8_trim(s->out->say);
    (void)n;
}

void desk_step_keep(char *slot, size_t n, const char *value)
{
    size_t len = strnlen(value, n - 1);
    memcpy(slot, value, len);
    slot[len] = '\0';
    desk_utf8_trim(slot);
}

void desk_step_call(struct step *s, const char *name, json_t *args)
{
    char *text = args ? json_dumps(args, JSON_COMPACT) : NULL;
    KEEP(s->out->tool_name, name);
    KEEP(s->out->tool_args, text && strlen(text) < sizeof s->out->tool_args ? text : "{}");
    free(text);
    json_decref(args);
}

/* digits one by one; a number without its area code is not E.164 */
static void spell(char *out, size_t n, const char *number)
{
    size_t w = 0;
    if (*number == '+') {
        (void)desk_phone_spoken(out, n, number);
        return;
    }
    for (out[0] = '\0'; *number && w + 3 < n; number++) {
        if (w > 0)
            out[w++] = ' ';
        out[w++] = *number;
        out[w] = '\0';
    }
}

/* ---- prompts: what a state says when it is entered (or asks again) --------------------------- */

static bool asked(const struct step *s)
{
    return s->said > 0 && s->out->say[s->said - 1] == '?';
}

void desk_step_ask_reason(struct step *s)
{
    if (s->p->screens && !asked(s)) {
        desk_step_ask_screened(s);
        return;
    }
    if (s->p->screens)
        return;
    size_t n = s->p->n_services < DESK_MENU_SERVICES ? s->p->n_services : DESK_MENU_SERVICES;
    if (s->again) {
        for (size_t i = 0; i < n; i++)
            desk_step_say(s, "For %s, press %zu.", s->p->services[i], i + 1);
        desk_step_say(s, "To leave a message, press 9. To speak to someone, press 0.");
        return;
    }
    if (!asked(s)) /* the greeting may have done so */
        desk_step_say(s, n > 0 ? "What is it about?" : "How can we help?");
    desk_step_say(s, "You can say:");
    if (n > EXAMPLES && !s->p->closed_ears)
        n = EXAMPLES; /* more nobody keeps in mind, and anything may be said */
    for (size_t i = 0; i < n; i++)
        desk_step_say(s, "%s,", s->p->services[i]);
    desk_step_say(s, "leave a message, or speak to someone.");
}

void desk_step_greet(struct step *s)
{
    if (s->p->greeting[0])
        desk_step_say(s, "%s", s->p->greeting);
    else if (s->p->business[0])
        desk_step_say(s, "Thank you for calling %s.", s->p->business);
    else
        desk_step_say(s, "Thank you for calling.");
    if (s->p->caller_name[0])
        KEEP(s->d->name, s->p->caller_name);
    if (s->p->caller_name[0] && !asked(s))
        desk_step_say(s, "Hello, %s.", s->p->caller_name);
    if (!s->p->open_now && s->p->hours[0] && !asked(s))
        desk_step_say(s, "We are closed now, but I can help.");
}

void desk_step_ask_name(struct step *s)
{
    desk_step_say(s, s->again ? "Please say your name, or press any key to go on."
                              : "What is your name, please?");
}

/* After a talk that broke: what is known of it. */
void desk_step_resume(struct step *s)
{
    char digits[96];
    const struct desk_dialog *d = s->d;
    bool known = d->promised || d->alarm || d->reason[0];
    if (!d->unbroken)
        desk_step_say(s, "I am sorry, the line was interrupted.");
    else if (!known)
        desk_step_say(s, "Sorry, I did not get that.");
    spell(digits, sizeof digits, d->number);
    if (d->promised)
        desk_step_say(s, "Your callback is noted: %s will call you%s%s%s%s.",
                      s->p->owner[0] ? s->p->owner : "we", d->number[0] ? " on " : "", digits,
                      d->when[0] ? ", " : "", d->when);
    else if (d->alarm)
        desk_step_say(s, "You said: %s.", d->reason);
    else if (!known && !d->unbroken)
        desk_step_say(s, d->name[0] ? "Let us carry on, %s." : "Let us carry on.", d->name);
}

void desk_step_ask_recap(struct step *s)
{
    char digits[96];
    const struct desk_dialog *d = s->d;
    if (s->again) {
        desk_step_say(s, "Say yes or no, or press 1 or 2.");
        return;
    }
    spell(digits, sizeof digits, d->number);
    desk_step_say(s, "I have: %s%s%s%s%s%s%s. Is that right?", d->reason,
                  d->name[0] ? ", for " : "", d->name, d->when[0] ? ", " : "", d->when,
                  digits[0] ? ", on " : "", digits);
}

void desk_step_do_log(struct step *s)
{
    json_t *args = json_pack("{s:s}", "name", s->d->name);
    if (args && s->d->reason[0])
        json_object_set_new(args, "reason", json_string(s->d->reason));
    if (args && s->d->language[0])
        json_object_set_new(args, "language", json_string(s->d->language));
    desk_step_say(s, "Thank you, %s.", s->d->name);
    desk_step_call(s, "log_caller_info", args);
}

void desk_step_ask_offer(struct step *s)
{
    char digits[96];
    spell(digits, sizeof digits, s->p->caller_number);
    if (!s->again && desk_step_by_tools(s))
        desk_step_say(s, "Can we reach you on the number you are calling from, %s?", digits);
    else if (!s->again)
        desk_step_say(s, "Shall we call you back on %s?", digits);
    desk_step_say(s, "Say yes or no, or press 1 or 2.");
}

void desk_step_ask_number(struct step *s)
{
    desk_step_say(s, s->again ? "Please say your number one digit at a time, or key it in."
                              : "What number should we call? Say it, or key it in and press hash.");
}

void desk_step_ask_number_keys(struct step *s)
{
    desk_step_say(s, "Please key in your number with the area code, then press hash.");
}

void desk_step_ask_number_check(struct step *s)
{
    char digits[96];
    spell(digits, sizeof digits, s->d->number);
    desk_step_say(s, "I have %s. Is that right? Say yes or no, or press 1 or 2.", digits);
}

/* ---- the visit: problem, address, the appointment there is ------------------------------------
 */

void desk_step_ask_problem(struct step *s)
{
    bool question = s->d->wish == DESK_WISH_QUESTION;
    if (s->again)
        desk_step_say(s, "Say it in a few words, or press any key to go on.");
    else
        desk_step_say(s, question ? "What would you like to know?"
                                  : "What is wrong, or what is to be done? A few words will do.");
}

void desk_step_ask_was(struct step *s)
{
    if (s->again)
        desk_step_say(s, "Say its day and time, like Thursday at ten. Or say skip.");
    else
        desk_step_say(s, "Which day is the appointment that you have?");
}

void desk_step_ask_address(struct step *s)
{
    if (s->again || s->d->misses)
        desk_step_say(s, "Please say the number of the house, the street, and then the town.");
    else if (s->d->urgent)
        desk_step_say(s, "What is the address?");
    else
        desk_step_say(s, "What is the address of the work, with the town?");
}

void desk_step_ask_address_keys(struct step *s)
{
    desk_step_say(s, s->again ? "Key in the five digits of the ZIP code, or press 1 to go on."
                              : "Please key in the five digits of the ZIP code of the address.");
}

/* A ZIP code digit by digit. */
static const char *spoken_address(const struct step *s, char *out, size_t n)
{
    static const char zip[] = "ZIP code ";
    const char *address = s->d->address;
    snprintf(out, n, "%s", address);
    if (strncmp(address, zip, sizeof zip - 1) == 0) {
        snprintf(out, n, "%s", zip);
        spell(out + sizeof zip - 1, n - sizeof zip + 1, address + sizeof zip - 1);
    }
    return out;
}

void desk_step_ask_address_check(struct step *s)
{
    char address[DESK_DIALOG_TEXT + 32];
    desk_step_say(s, "I have: %s. Is that right? Say yes or no, or press 1 or 2.",
                  spoken_address(s, address, sizeof address));
}

void desk_step_ask_address_text(struct step *s)
{
    if (!s->again)
        desk_step_say(s, "May we text you how to send us the address?");
    desk_step_say(s, "Say yes or no, or press 1 or 2.");
}

void desk_step_do_text(struct step *s)
{
    desk_step_say(s, "One moment, please.");
    desk_step_call(s, "send_text", json_pack("{s:s}", "about", "address"));
}

/* ---- when, and all of it once more ------------------------------------------------------------
 */

void desk_step_ask_when(struct step *s)
{
    static const char call[] = "When should we call? Say a day, or as soon as possible.";
    static const char visit[] =
        "Which day and what time of day would suit you? Or say as soon as possible.";
    static const char other_day[] = "Which day and what time of day would suit you instead?";
    const char *question = s->d->wish == DESK_WISH_VISIT  ? visit
                           : s->d->wish == DESK_WISH_MOVE ? other_day
                                                          : call;
    if (asked(s)) /* the calendar's own question about it */
        return;
    if (s->again)
        desk_step_say(
            s, "Say a day, like tomorrow morning. Or press 1 for as soon as possible, 2 for today, "
               "3 for tomorrow.");
    else
        desk_step_say(s, "%s", question);
}

static const char *who(const struct step *s)
{
    return s->p->owner[0] ? s->p->owner : "We";
}

/* What is wanted, sentence by sentence, as it was told. */
static void say_wanted(struct step *s)
{
    char address[DESK_DIALOG_TEXT + 32];
    const struct desk_dialog *d = s->d;
    desk_step_say(s, "I have: %s.", d->reason);
    if (d->problem[0])
        desk_step_say(s, "%s.", d->problem);
    if (d->was[0])
        desk_step_say(s, "The appointment: %s.", d->was);
    if (d->address[0])
        desk_step_say(s, "The address: %s.", spoken_address(s, address, sizeof address));
    if (d->wish == DESK_WISH_MOVE || d->wish == DESK_WISH_VISIT)
        desk_step_say(s, d->wish == DESK_WISH_MOVE ? "Rather: %s." : "Best: %s.", d->when);
}

void desk_step_ask_confirm(struct step *s)
{
    char digits[96];
    const struct desk_dialog *d = s->d;
    bool plain = d->wish == DESK_WISH_CALLBACK || d->wish == DESK_WISH_QUESTION;
    if (s->again) {
        desk_step_say(s, plain ? "Shall I book this call? Press 1 for yes, 2 for no."
                               : "Shall I pass this on? Press 1 for yes, 2 for no.");
        return;
    }
    spell(digits, sizeof digits, d->number);
    say_wanted(s);
    if (plain)
        desk_step_say(s, "%s will call%s%s on %s, %s.", who(s), d->name[0] ? " " : " you", d->name,
                      digits, d->when);
    else
        desk_step_say(s, "%s will call%s%s on %s to confirm.", who(s), d->name[0] ? " " : " you",
                      d->name, digits);
    desk_step_say(s, "Is that right?");
}

void desk_step_ask_fix(struct step *s)
{
    bool address = s->d->address[0] || s->d->address_lost;
    if (s->again)
        desk_step_say(s, "For the name, press 1. For the number, press 2. For the time, press 3.%s",
                      address ? " For the address, press 4." : "");
    else
        desk_step_say(s, address ? "What should I change: the name, the number, the time, or the "
                                   "address?"
                                 : "What should I change: the name, the number, or the time?");
}

static void add_text(json_t *args, const char *key, const char *value)
{
    if (args && *value)
        json_object_set_new(args, key, json_string(value));
}

void desk_step_do_schedule(struct step *s)
{
    char reason[2 * DESK_DIALOG_TEXT + 4];
    const struct desk_dialog *d = s->d;
    snprintf(reason, sizeof reason, "%s%s%s", d->reason, d->problem[0] ? ": " : "", d->problem);
    json_t *args = json_pack("{s:s, s:s, s:s}", "reason", reason, "when_text",
                             d->when[0] ? d->when : "as soon as possible", "urgency",
                             d->urgent ? "urgent" : "normal");
    add_text(args, "name", d->name);
    add_text(args, "number", d->number);
    if (d->wish != DESK_WISH_CALLBACK)
        add_text(args, "kind", desk_wish_name(d->wish));
    add_text(args, "address", d->address);
    add_text(args, "appointment_text", d->was);
    desk_step_call(s, "schedule_callback", args);
}

void desk_step_do_note(struct step *s)
{
    const struct desk_dialog *d = s->d;
    json_t *args = json_pack("{s:s}", "text", d->problem[0] ? d->problem : d->reason);
    add_text(args, "name", d->name);
    if (strcmp(d->number, s->p->caller_number) != 0)
        add_text(args, "number", d->number);
    desk_step_call(s, "take_message", args);
}

void desk_step_ask_more(struct step *s)
{
    desk_step_say(s, s->again ? "Say yes or no, or press 1 or 2." : "Is there anything else?");
}

void desk_step_ask_more_record(struct step *s)
{
    desk_step_say(s, s->again                     ? "Press 1 to record a message, or 2 to finish."
                     : desk_step_is_message(s->d) ? "Would you like to record your message as well?"
                                                  : "Would you like to record the address?");
}

void desk_step_ask_urgent(struct step *s)
{
    if (!s->again)
        desk_step_say(s, "If anyone is in danger, hang up and call %s.",
                      s->p->keys_zip ? "911" : "the emergency services");
    desk_step_say(s, s->again ? "Is this happening now? Press 1 for yes, 2 for no."
                              : "Is this happening now?");
}

/* What will come of it is said when it is known: desk_step_say_through. */
void desk_step_do_transfer(struct step *s)
{
    desk_step_say(s, "One moment, please.");
    desk_step_call(s, "transfer_to_owner",
                   json_pack("{s:s, s:b}", "reason",
                             s->d->reason[0] ? s->d->reason : "wants to speak to someone", "urgent",
                             s->d->urgent));
    s->d->rang = true;
    s->out->done = true;
}

void desk_step_ask_sorry(struct step *s)
{
    desk_step_say(s, s->again ? "Press 1 to record a message, or 2 to go on."
                              : "Would you like to record a message?");
}

static void end_call(struct step *s, const char *outcome)
{
    json_t *args = json_pack("{s:s}", "outcome", outcome);
    if (args && s->d->reason[0])
        json_object_set_new(args, "summary", json_string(s->d->reason));
    desk_step_call(s, "end_call", args);
    s->out->done = true;
}

void desk_step_do_record(struct step *s)
{
    desk_step_say(s, "Please leave your message after the tone.");
    end_call(s, "message");
}

void desk_step_do_bye(struct step *s)
{
    if (s->p->business[0])
        desk_step_say(s, "Thank you for calling %s. Goodbye.", s->p->business);
    else
        desk_step_say(s, "Thank you for calling. Goodbye.");
    end_call(s, s->d->wrong ? "wrong_number" : "completed");
}

void desk_step_do_leave(struct step *s)
{
    desk_step_say(s, "I am sorry that I could not help. Please call again. Goodbye.");
    end_call(s, "caller_left");
}

/* after the last word: if the line is still there, end it again */
void desk_step_do_end(struct step *s)
{
    if (s->again)
        end_call(s, "completed");
    s->out->done = true;
}
