/* The rules brain: state × meaning → action, next state. See dialog.h.
 *
 * A state's row says how it asks (first time, again) and what follows when two tries failed. A
 * move's row says what a meaning does in a state; moves of ANY hold in every state that listens.
 * Actions fill slots; prompts speak. Nothing else decides anything. */
#include "core/dialog.h"

#include "core/dialog_words.h"
#include "base/utf8.h"
#include "core/phone.h"

#include <jansson.h>
#include <stdarg.h>
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
    S__MAX,
    S_ADVANCE, /* as a "next": the first datum that is still missing */
    S_HELP,    /* this way leads nowhere: the owner's phone, where it may ring, else a recording */
    S_CARRY_ON,
    S_STAY,
    S_ANY,
};

struct step {
    const struct desk_dialog_profile *p;
    struct desk_dialog *d;
    struct desk_dialog_output *out;
    struct desk_meaning m;
    size_t said;
    bool again; /* the state's question was asked before */
};

static const char anonymous[] = "the owner";
static const char reason_message[] = "a message to pass on";

static const char *owner(const struct step *s)
{
    return s->p->owner[0] ? s->p->owner : anonymous;
}

static void say(struct step *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(struct step *s, const char *fmt, ...)
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

static void keep(char *slot, size_t n, const char *value)
{
    size_t len = strnlen(value, n - 1);
    memcpy(slot, value, len);
    slot[len] = '\0';
    desk_utf8_trim(slot);
}
#define KEEP(slot, value) keep((slot), sizeof(slot), (value))

static void call_tool(struct step *s, const char *name, json_t *args)
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

static void ask_reason(struct step *s)
{
    size_t n = s->p->n_services < DESK_MENU_SERVICES ? s->p->n_services : DESK_MENU_SERVICES;
    if (s->again) {
        for (size_t i = 0; i < n; i++)
            say(s, "For %s, press %zu.", s->p->services[i], i + 1);
        say(s, "To leave a message, press 9. To speak to someone, press 0.");
        return;
    }
    if (!asked(s)) /* the greeting may have done so */
        say(s, n > 0 ? "What is it about?" : "How can we help?");
    say(s, "You can say:");
    for (size_t i = 0; i < n; i++)
        say(s, "%s,", s->p->services[i]);
    say(s, "leave a message, or speak to someone.");
}

static void greet(struct step *s)
{
    if (s->p->greeting[0])
        say(s, "%s", s->p->greeting);
    else if (s->p->business[0])
        say(s, "Thank you for calling %s.", s->p->business);
    else
        say(s, "Thank you for calling.");
    if (s->p->caller_name[0])
        KEEP(s->d->name, s->p->caller_name);
    if (s->p->caller_name[0] && !asked(s))
        say(s, "Hello, %s.", s->p->caller_name);
    if (!s->p->open_now && s->p->hours[0] && !asked(s))
        say(s, "We are closed now, but I can help.");
}

static void ask_name(struct step *s)
{
    say(s, s->again ? "Please say your name, or press any key to go on."
                    : "What is your name, please?");
}

/* After a talk that broke: what is known of it. */
static void resume(struct step *s)
{
    char digits[96];
    const struct desk_dialog *d = s->d;
    bool known = d->promised || d->alarm || d->reason[0];
    if (!d->unbroken)
        say(s, "I am sorry, the line was interrupted.");
    else if (!known)
        say(s, "Sorry, I did not get that.");
    spell(digits, sizeof digits, d->number);
    if (d->promised)
        say(s, "Your callback is noted: %s will call you%s%s%s%s.",
            s->p->owner[0] ? s->p->owner : "we", d->number[0] ? " on " : "", digits,
            d->when[0] ? ", " : "", d->when);
    else if (d->alarm)
        say(s, "You said: %s.", d->reason);
    else if (!known && !d->unbroken)
        say(s, d->name[0] ? "Let us carry on, %s." : "Let us carry on.", d->name);
}

static void ask_recap(struct step *s)
{
    char digits[96];
    const struct desk_dialog *d = s->d;
    if (s->again) {
        say(s, "Say yes or no, or press 1 or 2.");
        return;
    }
    spell(digits, sizeof digits, d->number);
    say(s, "I have: %s%s%s%s%s%s%s. Is that right?", d->reason, d->name[0] ? ", for " : "", d->name,
        d->when[0] ? ", " : "", d->when, digits[0] ? ", on " : "", digits);
}

static void do_log(struct step *s)
{
    json_t *args = json_pack("{s:s}", "name", s->d->name);
    if (args && s->d->reason[0])
        json_object_set_new(args, "reason", json_string(s->d->reason));
    say(s, "Thank you, %s.", s->d->name);
    call_tool(s, "log_caller_info", args);
}

static void ask_offer(struct step *s)
{
    char digits[96];
    spell(digits, sizeof digits, s->p->caller_number);
    if (!s->again)
        say(s, "Shall we call you back on %s?", digits);
    say(s, "Say yes or no, or press 1 or 2.");
}

static void ask_number(struct step *s)
{
    say(s, s->again ? "Please say your number one digit at a time, or key it in."
                    : "What number should we call? Say it, or key it in and press hash.");
}

static void ask_number_keys(struct step *s)
{
    say(s, "Please key in your number with the area code, then press hash.");
}

static void ask_number_check(struct step *s)
{
    char digits[96];
    spell(digits, sizeof digits, s->d->number);
    say(s, "I have %s. Is that right? Say yes or no, or press 1 or 2.", digits);
}

static void ask_when(struct step *s)
{
    if (s->again)
        say(s, "Say a day, like tomorrow morning. Or press 1 for as soon as possible, 2 for today, "
               "3 for tomorrow.");
    else
        say(s, "When should we call? Say a day, or as soon as possible.");
}

static void ask_confirm(struct step *s)
{
    char digits[96];
    if (s->again) {
        say(s, "Shall I book this call? Press 1 for yes, 2 for no.");
        return;
    }
    spell(digits, sizeof digits, s->d->number);
    say(s, "I have: %s. %s will call%s%s on %s, %s.", s->d->reason,
        s->p->owner[0] ? s->p->owner : "We", s->d->name[0] ? " " : " you", s->d->name, digits,
        s->d->when);
    say(s, "Is that right?");
}

static void ask_fix(struct step *s)
{
    if (s->again)
        say(s, "For the name, press 1. For the number, press 2. For the time, press 3.");
    else
        say(s, "What should I change: the name, the number, or the time?");
}

static void do_schedule(struct step *s)
{
    json_t *args = json_pack("{s:s, s:s, s:s}", "reason", s->d->reason, "when_text", s->d->when,
                             "urgency", s->d->urgent ? "urgent" : "normal");
    if (args && s->d->name[0])
        json_object_set_new(args, "name", json_string(s->d->name));
    if (args && s->d->number[0])
        json_object_set_new(args, "number", json_string(s->d->number));
    call_tool(s, "schedule_callback", args);
}

static void ask_more(struct step *s)
{
    say(s, s->again ? "Say yes or no, or press 1 or 2." : "Is there anything else?");
}

static void ask_more_record(struct step *s)
{
    say(s, s->again ? "Press 1 to record a message, or 2 to finish."
                    : "Would you like to record your message as well?");
}

static void ask_urgent(struct step *s)
{
    if (!s->again)
        say(s, "If anyone is in danger, hang up and call the emergency services.");
    say(s,
        s->again ? "Is this happening now? Press 1 for yes, 2 for no." : "Is this happening now?");
}

/* What will come of it is said when it is known: say_through. */
static void do_transfer(struct step *s)
{
    say(s, "One moment, please.");
    call_tool(s, "transfer_to_owner",
              json_pack("{s:s, s:b}", "reason",
                        s->d->reason[0] ? s->d->reason : "wants to speak to someone", "urgent",
                        s->d->urgent));
    s->d->rang = true;
    s->out->done = true;
}

static void ask_sorry(struct step *s)
{
    say(s, s->again ? "Press 1 to record a message, or 2 to go on."
                    : "Would you like to record a message?");
}

static void end_call(struct step *s, const char *outcome)
{
    json_t *args = json_pack("{s:s}", "outcome", outcome);
    if (args && s->d->reason[0])
        json_object_set_new(args, "summary", json_string(s->d->reason));
    call_tool(s, "end_call", args);
    s->out->done = true;
}

static void do_record(struct step *s)
{
    say(s, "Please leave your message after the tone.");
    end_call(s, "message");
}

static void do_bye(struct step *s)
{
    if (s->p->business[0])
        say(s, "Thank you for calling %s. Goodbye.", s->p->business);
    else
        say(s, "Thank you for calling. Goodbye.");
    end_call(s, "completed");
}

static void do_leave(struct step *s)
{
    say(s, "I am sorry that I could not help. Please call again. Goodbye.");
    end_call(s, "caller_left");
}

/* after the last word: if the line is still there, end it again */
static void do_end(struct step *s)
{
    if (s->again)
        end_call(s, "completed");
    s->out->done = true;
}

/* ---- actions: what a meaning does to the slots ----------------------------------------------- */

static void take_reason(struct step *s)
{
    KEEP(s->d->reason, s->m.value);
    s->d->urgent = false;
}
static void take_message(struct step *s)
{
    KEEP(s->d->reason, reason_message);
}
static void take_name(struct step *s)
{
    KEEP(s->d->name, s->m.value);
    s->d->name_recorded = false;
}
static void skip_name(struct step *s)
{
    s->d->name_recorded = true;
    say(s, "That is fine.");
}
static void take_number(struct step *s)
{
    KEEP(s->d->number, s->m.value);
}
static void take_caller(struct step *s)
{
    KEEP(s->d->number, s->p->caller_number);
}
static void take_when(struct step *s)
{
    KEEP(s->d->when, s->m.value);
}
static void skip_when(struct step *s)
{
    KEEP(s->d->when, "as soon as possible");
}
static void drop_name(struct step *s)
{
    s->d->name[0] = '\0';
    s->d->name_recorded = false;
}
static void drop_number(struct step *s)
{
    s->d->number[0] = '\0';
}
static void drop_when(struct step *s)
{
    s->d->when[0] = '\0';
}
static void take_emergency(struct step *s)
{
    KEEP(s->d->reason, s->m.value);
}
static void mark_urgent(struct step *s)
{
    s->d->urgent = true;
    KEEP(s->d->when, "as soon as possible");
}
static void not_urgent(struct step *s)
{
    s->d->urgent = false;
    say(s, "All right, then we will call you back.");
}
static void want_person(struct step *s)
{
    if (!s->d->reason[0])
        KEEP(s->d->reason, "wants to speak to someone");
    if (!s->p->can_transfer)
        say(s, "Nobody can take the call now, but we will call you back.");
}
static void new_reason(struct step *s)
{
    s->d->reason[0] = s->d->when[0] = '\0';
    s->d->urgent = false;
}
static void once_more(struct step *s)
{
    new_reason(s);
    s->d->number[0] = '\0';
    say(s, "Then let us start again.");
}
static void next_reason(struct step *s)
{
    new_reason(s);
    take_reason(s);
}
static void say_hours(struct step *s)
{
    if (s->p->hours[0])
        say(s, "We are open %s.", s->p->hours);
    else
        say(s, "I do not have the opening hours here.");
    s->d->tries = 0;
}
static void say_done(struct step *s)
{
    if (s->m.value[0])
        say(s, "Done. %s", s->m.value);
    else if (s->d->urgent)
        say(s, "Done. It is marked urgent. %s will call you as soon as possible.",
            s->p->owner[0] ? s->p->owner : "The owner");
    else
        say(s, "Done. %s will call you %s.", s->p->owner[0] ? s->p->owner : "We", s->d->when);
}
static void say_failed(struct step *s)
{
    if (s->m.value[0])
        say(s, "%s", s->m.value);
    else
        say(s, "I am sorry, that did not work. Nothing has been booked.");
}
static void say_through(struct step *s)
{
    say(s, "I am putting you through to %s.", owner(s));
}
static void say_no_answer(struct step *s)
{
    if (s->m.value[0])
        say(s, "%s", s->m.value);
    else
        say(s, "I am sorry, I could not put you through.");
}

/* ---- the two tables -------------------------------------------------------------------------- */

struct state_row {
    const char *name;
    enum desk_dialog_expect expect;
    void (*ask)(struct step *);
    void (*give_up)(struct step *); /* after two failures, before next; may be NULL */
    enum state next;                /* then */
};

static const struct state_row states[S__MAX] = {
    [S_NEW] = {"new", DESK_EXPECT_NOTHING, do_end, NULL, S_REASON},
    [S_REASON] = {"reason", DESK_EXPECT_ANYTHING, ask_reason, NULL, S_HELP},
    [S_NAME] = {"name", DESK_EXPECT_NAME, ask_name, skip_name, S_ADVANCE},
    [S_LOG] = {"log", DESK_EXPECT_NOTHING, do_log, NULL, S_ADVANCE},
    [S_OFFER] = {"offer", DESK_EXPECT_YESNO, ask_offer, NULL, S_NUMBER_KEYS},
    [S_NUMBER] = {"number", DESK_EXPECT_NUMBER, ask_number, NULL, S_NUMBER_KEYS},
    [S_NUMBER_KEYS] = {"number_keys", DESK_EXPECT_NUMBER, ask_number_keys, NULL, S_HELP},
    [S_NUMBER_CHECK] = {"number_check", DESK_EXPECT_YESNO, ask_number_check, drop_number,
                        S_NUMBER_KEYS},
    [S_WHEN] = {"when", DESK_EXPECT_WHEN, ask_when, skip_when, S_ADVANCE},
    [S_CONFIRM] = {"confirm", DESK_EXPECT_YESNO, ask_confirm, NULL, S_HELP},
    [S_FIX] = {"fix", DESK_EXPECT_CHANGE, ask_fix, NULL, S_HELP},
    [S_SCHEDULE] = {"schedule", DESK_EXPECT_NOTHING, do_schedule, NULL, S_RECORD},
    [S_MORE] = {"more", DESK_EXPECT_YESNO, ask_more, NULL, S_BYE},
    [S_MORE_RECORD] = {"more_record", DESK_EXPECT_YESNO, ask_more_record, NULL, S_BYE},
    /* a caller who says "burst pipe" and then cannot be understood is believed */
    [S_URGENT] = {"urgent", DESK_EXPECT_YESNO, ask_urgent, mark_urgent, S_TRANSFER},
    [S_TRANSFER] = {"transfer", DESK_EXPECT_NOTHING, do_transfer, NULL, S_RECORD},
    [S_SORRY] = {"sorry", DESK_EXPECT_YESNO, ask_sorry, NULL, S_RECORD},
    [S_NO_ANSWER] = {"no_answer", DESK_EXPECT_YESNO, ask_sorry, NULL, S_RECORD},
    [S_LEAVE] = {"leave", DESK_EXPECT_NOTHING, do_leave, NULL, S_END},
    [S_RECORD] = {"record", DESK_EXPECT_NOTHING, do_record, NULL, S_END},
    [S_BYE] = {"bye", DESK_EXPECT_NOTHING, do_bye, NULL, S_END},
    [S_END] = {"end", DESK_EXPECT_NOTHING, do_end, NULL, S_END},
    [S_RECAP] = {"recap", DESK_EXPECT_YESNO, ask_recap, NULL, S_ADVANCE},
};

struct move {
    enum state state;
    enum desk_token token;
    void (*act)(struct step *);
    enum state next;
};

/* First match wins; rows of S_ANY stand last. */
static const struct move moves[] = {
    {S_NEW, DESK_T_START, greet, S_REASON},
    {S_NEW, DESK_T_RESUME, resume, S_CARRY_ON},

    {S_REASON, DESK_T_SERVICE, take_reason, S_ADVANCE},
    {S_REASON, DESK_T_MESSAGE, take_message, S_ADVANCE},
    {S_REASON, DESK_T_BYE, NULL, S_BYE},

    {S_NAME, DESK_T_NAME, take_name, S_LOG},
    {S_NAME, DESK_T_SKIP, skip_name, S_ADVANCE},
    {S_LOG, DESK_T_OK, NULL, S_ADVANCE},
    {S_LOG, DESK_T_FAILED, NULL, S_ADVANCE}, /* the callback carries the name as well */

    {S_OFFER, DESK_T_YES, take_caller, S_ADVANCE},
    {S_OFFER, DESK_T_NO, NULL, S_NUMBER},
    {S_OFFER, DESK_T_NUMBER, take_number, S_NUMBER_CHECK},
    {S_NUMBER, DESK_T_NUMBER, take_number, S_NUMBER_CHECK},
    {S_NUMBER_KEYS, DESK_T_NUMBER, take_number, S_NUMBER_CHECK},
    {S_NUMBER_CHECK, DESK_T_YES, NULL, S_ADVANCE},
    {S_NUMBER_CHECK, DESK_T_NO, drop_number, S_NUMBER_KEYS},
    {S_NUMBER_CHECK, DESK_T_NUMBER, take_number, S_NUMBER_CHECK},

    {S_WHEN, DESK_T_WHEN, take_when, S_ADVANCE},
    {S_WHEN, DESK_T_SKIP, skip_when, S_ADVANCE},

    {S_CONFIRM, DESK_T_YES, NULL, S_SCHEDULE},
    {S_CONFIRM, DESK_T_NO, NULL, S_FIX},
    {S_CONFIRM, DESK_T_WHEN, take_when, S_CONFIRM},
    {S_CONFIRM, DESK_T_NUMBER, take_number, S_NUMBER_CHECK},
    {S_FIX, DESK_T_FIX_NAME, drop_name, S_NAME},
    {S_FIX, DESK_T_FIX_NUMBER, drop_number, S_NUMBER},
    {S_FIX, DESK_T_FIX_WHEN, drop_when, S_WHEN},
    {S_FIX, DESK_T_WHEN, take_when, S_CONFIRM},

    {S_RECAP, DESK_T_YES, NULL, S_ADVANCE},
    {S_RECAP, DESK_T_NO, once_more, S_REASON},
    {S_RECAP, DESK_T_WHEN, take_when, S_ADVANCE},
    {S_RECAP, DESK_T_NUMBER, take_number, S_NUMBER_CHECK},
    {S_RECAP, DESK_T_SERVICE, take_reason, S_ADVANCE},
    {S_RECAP, DESK_T_MESSAGE, take_message, S_ADVANCE},

    {S_SCHEDULE, DESK_T_OK, say_done, S_MORE},
    {S_SCHEDULE, DESK_T_FAILED, say_failed, S_SORRY},
    {S_MORE, DESK_T_NO, NULL, S_BYE},
    {S_MORE, DESK_T_BYE, NULL, S_BYE},
    {S_MORE, DESK_T_YES, new_reason, S_REASON},
    {S_MORE, DESK_T_SERVICE, next_reason, S_ADVANCE},
    {S_MORE, DESK_T_MESSAGE, NULL, S_RECORD},
    {S_MORE_RECORD, DESK_T_YES, NULL, S_RECORD},
    {S_MORE_RECORD, DESK_T_NO, NULL, S_BYE},

    {S_URGENT, DESK_T_YES, mark_urgent, S_TRANSFER},
    {S_URGENT, DESK_T_NO, not_urgent, S_ADVANCE},
    {S_TRANSFER, DESK_T_OK, say_through, S_END},
    {S_TRANSFER, DESK_T_FAILED, say_no_answer, S_NO_ANSWER},
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

    {S_ANY, DESK_T_EMERGENCY, take_emergency, S_URGENT},
    {S_ANY, DESK_T_PERSON, want_person, S_TRANSFER},
    {S_ANY, DESK_T_HOURS, say_hours, S_STAY},
    {S_ANY, DESK_T_REPEAT, NULL, S_STAY},
    {S_ANY, DESK_T_BYE, NULL, S_BYE},
    {S_ANY, DESK_T_START, NULL, S_STAY},
    {S_ANY, DESK_T_RESUME, NULL, S_STAY},
};

/* ---- the engine ------------------------------------------------------------------------------ */

/* The first datum that is missing. An emergency asks for nothing but the way to call back. */
static enum state missing(const struct step *s)
{
    const struct desk_dialog *d = s->d;
    if (!d->reason[0])
        return S_REASON;
    if (!d->name[0] && !d->name_recorded && !d->urgent)
        return S_NAME;
    if (!d->number[0])
        return s->p->caller_number[0] ? S_OFFER : S_NUMBER;
    if (!d->when[0])
        return S_WHEN;
    return d->urgent ? S_SCHEDULE : S_CONFIRM;
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
static enum state resolve(const struct step *s, enum state next)
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
    if (next == S_MORE && strcmp(s->d->reason, reason_message) == 0)
        next = S_MORE_RECORD; /* the callback is booked, the message itself not yet told */
    return next == S_ADVANCE ? missing(s) : next;
}

static void enter(struct step *s, enum state next)
{
    next = resolve(s, next);
    s->again = false;
    s->d->tries = 0;
    s->d->state = (int)next;
    states[next].ask(s);
}

/* One more failure at this datum: ask again another way, or take the next way. */
static void fail(struct step *s, bool silent)
{
    const struct state_row *row = &states[s->d->state];
    bool speaks_keys =
        row->next != S_BYE && row->next != S_TRANSFER; /* the next way needs a caller */
    s->d->tries++;
    if (s->d->tries < 2) {
        say(s, silent ? "Are you still there?" : "Sorry, I did not get that.");
        s->again = true;
        row->ask(s);
    } else if (silent && speaks_keys) {
        say(s, "I cannot hear you.");
        enter(s, S_RECORD);
    } else {
        if (row->give_up)
            row->give_up(s);
        else
            say(s, silent ? "I cannot hear you." : "I am sorry, I did not understand.");
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
        say(s, "One moment, please.");
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

static void apply(struct step *s, const struct move *move)
{
    if (move->act)
        move->act(s);
    if (move->next == S_STAY)
        states[s->d->state].ask(s);
    else
        enter(s, move->next);
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
    const struct move *move = NULL;
    if (result == waiting || d->state == S_NEW)
        move = find_move(d->state, s.m.token);
    if (move)
        apply(&s, move);
    else if (waiting)
        wait_for_tool(&s);
    else if (result)
        states[d->state].ask(&s); /* nobody asked for this result: the question stands */
    else
        fail(&s, s.m.token == DESK_T_SILENCE);
    out->expect = states[d->state].expect;
}

const char *desk_dialog_state_name(int state)
{
    return state >= 0 && state < S__MAX ? states[state].name : "?";
}
