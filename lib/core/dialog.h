/* The rules brain: a dialog as a state table, for when there is no language model.
 *
 * It asks closed questions, confirms what it heard, takes keys as an alternative to speech, and
 * after two failures at one datum moves on to the next way (keys, then a recorded message). It
 * decides what to say and which tool to call; it never says "done" before the tool's result came.
 * Pure: no I/O, no clock of its own. The same table serves the offline Realtime engine (speech/)
 * and the turn-based <Gather> page (cgi-bin/hook/).
 *
 * A conversation is desk_dialog_step() called with one input at a time:
 *   START            → greeting and first question
 *   RESUME           → what is known from a talk that broke, and the first question that is open
 *   SPEECH/DIGITS/…  → what the caller did
 *   TOOL_RESULT      → the answer to output.tool_name, after which the dialog goes on
 * An output with a tool_name is followed by a TOOL_RESULT before any other input. */
#ifndef DESK_CORE_DIALOG_H
#define DESK_CORE_DIALOG_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESK_DIALOG_ITEMS 32  /* services, people: most of each */
#define DESK_DIALOG_TEXT  160 /* one slot, with its NUL */

/* What the business is, as the brain needs it. Parsed from the FACTS block of the instructions
 * (talk/prompt.h writes it) or from the tenant's profile. Plain data, copied freely. */
struct desk_dialog_profile {
    char business[DESK_DIALOG_TEXT]; /* "Harwick Plumbing" */
    char greeting[400];              /* whole first sentence; "" = built from the business's name */
    char owner[DESK_DIALOG_TEXT];    /* first name: "Sal"; "" = "the owner" */
    char hours[240];                 /* spoken: "Monday to Friday, seven to five"; may be "" */
    char services[DESK_DIALOG_ITEMS][DESK_DIALOG_TEXT];
    size_t n_services;
    char words[DESK_DIALOG_ITEMS][DESK_DIALOG_TEXT]; /* other words for them, not in the menu */
    size_t n_words;
    char people[DESK_DIALOG_ITEMS][DESK_DIALOG_TEXT]; /* owner and staff, first names */
    size_t n_people;
    char emergencies[DESK_DIALOG_ITEMS][DESK_DIALOG_TEXT]; /* phrases: "burst pipe", "flooding" */
    size_t n_emergencies;
    char caller_number[32];             /* E.164, "" if withheld */
    char caller_name[DESK_DIALOG_TEXT]; /* "" if not known */
    bool caller_address;                /* we have one; it is not said aloud */
    bool can_transfer;                  /* owner's phone is known */
    bool open_now;
    bool rings; /* who cannot be understood is put through: as read, can_transfer and open_now */
    bool asks_address, asks_problem; /* work is done at the caller's place: where, and what it is */
    bool keys_zip;                   /* an address can be told as five keys: a ZIP code */
    bool can_text;    /* the caller can be texted how to send what could not be understood */
    bool closed_ears; /* set by the engine: only words of a list are heard, so no address is asked
                         for by voice and no story; what it would hear was never said */
    bool books;       /* visits are booked, moved and cancelled by tools, not only asked for */
    bool phi;         /* of health: who asks for an appointment says first whose it is */
    char kind[24];    /* of business, as the judges of words know it: "plumbing" */
    int32_t today;    /* local date there, days since 1970-01-01; INT32_MIN: not known */
    struct desk_dialog_visit {
        char name[64];
        char also[400];          /* other words for it, one per line */
    } visits[DESK_DIALOG_ITEMS]; /* what can be booked */
    size_t n_visits;
    bool screens;      /* one person's own line: who has no reason to be put through is not */
    bool notes;        /* messages are written down by a tool */
    bool vendor;       /* another firm: nothing is booked for it */
    bool wants_person; /* the first words were a wish for a person who may be put through to */
    char emergency[DESK_DIALOG_TEXT]; /* why this call is one, found in the words; "" = it is not */
};

/* Read the profile from JSON:
 * {"business","greeting","owner","hours","services":[],"words":[],"people":[],"emergencies":[],
 *  "caller":{"number","name"},"can_transfer":bool,"open_now":bool,"asks":["address","problem"],
 *  "zip":bool,"can_text":bool,"screens":bool,"emergency","action","books":bool,"phi":bool,"kind",
 *  "messages":bool,"today":"2026-11-24","visits":[{"name","also":[]}]}. Missing keys stay empty.
 * DESK_EINVAL if it is not an object. */
DESK_MUST enum desk_rc desk_dialog_profile_parse(struct desk_dialog_profile *p, const char *json);

/* Find the FACTS block in instructions ("FACTS" on its own line, then one JSON object) and parse
 * it. DESK_ENOTFOUND when there is none: p is then a profile of no particular business. */
DESK_MUST enum desk_rc desk_dialog_profile_find(struct desk_dialog_profile *p,
                                                const char *instructions);

enum desk_dialog_event {
    DESK_DIALOG_START,
    DESK_DIALOG_SPEECH,      /* text: what was recognised, maybe wrong, maybe "" = not understood */
    DESK_DIALOG_DIGITS,      /* text: keys pressed; a closing "#" may be there or not */
    DESK_DIALOG_SILENCE,     /* nothing for a while */
    DESK_DIALOG_TOOL_RESULT, /* text: JSON {"ok":bool, …}; tool: its name */
    DESK_DIALOG_RESUME,      /* instead of START, after desk_dialog_prime() */
    DESK_DIALOG_ALARM,       /* the profile's emergency was set just now: lead by it at once. Says
                                nothing where it is led so already */
    DESK_DIALOG_EVENT__MAX
};

struct desk_dialog_input {
    enum desk_dialog_event event;
    const char *text;
    const char *tool;
};

/* What answer is listened for: chooses grammar (speech) and input/hints (Gather). */
enum desk_dialog_expect {
    DESK_EXPECT_ANYTHING, /* menu words, services, emergencies */
    DESK_EXPECT_YESNO,
    DESK_EXPECT_NAME,
    DESK_EXPECT_NUMBER, /* telephone digits, spoken or keyed */
    DESK_EXPECT_WHEN,   /* days, dayparts, times */
    DESK_EXPECT_CHANGE, /* "the name", "the number", "the time" */
    DESK_EXPECT_NOTHING,
    DESK_EXPECT_ADDRESS, /* a street address, or the five keys of a ZIP code */
    DESK_EXPECT_WORDS,   /* whatever is said is the answer */
    DESK_EXPECT__MAX
};

struct desk_dialog_output {
    char say[900];        /* to speak now; may be "" */
    char tool_name[40];   /* call this tool after speaking, or "" */
    char tool_args[2000]; /* its arguments, a JSON object */
    enum desk_dialog_expect expect;
    bool done; /* nothing more will come: the tool call (end_call, transfer) ends the talk. If the
                  transfer fails after all, step its TOOL_RESULT: the dialog goes on. */
};

/* What the caller wants done: names of a callback's kind. */
enum desk_wish {
    DESK_WISH_CALLBACK,
    DESK_WISH_VISIT,  /* "appointment": a new one */
    DESK_WISH_MOVE,   /* "reschedule" */
    DESK_WISH_CANCEL, /* "cancel" */
    DESK_WISH_QUESTION,
    DESK_WISH_STATUS,  /* "status": when is the appointment that they have */
    DESK_WISH_MESSAGE, /* "message": somebody is to be told something */
    DESK_WISH__MAX
};
const char *desk_wish_name(enum desk_wish w);  /* "callback", "appointment" …; never NULL */
enum desk_wish desk_wish_of(const char *name); /* anything else: CALLBACK */

/* Is what can be booked by that name talk about work to come: a consultation, an estimate? */
bool desk_dialog_is_project(const char *visit);

#define DESK_DIALOG_OFFERS 4
#define DESK_DIALOG_FIELDS 400 /* a wish for a time as fields (core/dates_fields.h), with NUL */

/* The whole state of one conversation: plain data, no pointers. What the caller told is kept as it
 * was heard. */
struct desk_dialog {
    int state; /* enum in dialog.c; 0 before START */
    int tries; /* failures at the present datum */
    int turns;
    char reason[DESK_DIALOG_TEXT];
    char name[DESK_DIALOG_TEXT];
    char number[32]; /* E.164 or digits as given */
    char when[DESK_DIALOG_TEXT];
    bool urgent;
    bool name_recorded; /* could not be understood: listen to the recording */
    bool promised;      /* primed: the callback is booked already */
    bool alarm;         /* primed: the caller told of an emergency */
    bool rang;          /* the owner was rung in this talk */
    bool unbroken;      /* primed: the line was not lost, so nothing is said of that */
    enum desk_wish wish;
    char problem[DESK_DIALOG_TEXT]; /* beside a reason that is only a word of the menu */
    char address[DESK_DIALOG_TEXT];
    char was[DESK_DIALOG_TEXT]; /* MOVE, CANCEL: the day of the appointment there is */
    int misses;                 /* readings of the present datum that were not right */
    bool problem_asked, was_asked;
    bool address_lost; /* all ways to it failed: it can be recorded, or is asked for later */
    bool texted;       /* a text asks for it */
    bool alarmed;      /* the emergency was taken up, whatever came of it */
    int refused;       /* times something was wanted that is done for nobody (core/guard.h) */
    bool orders;       /* one of them was to drop her instructions: nobody is put through now */
    bool wrong;        /* called another place by mistake */
    bool sorry;        /* was said to who is angry at us */
    bool screen_asked; /* the line is screened, and the first answer was too little */
    bool person_tried; /* so was the first words' wish for a person */

    /* of a visit that is booked, moved or cancelled by tools */
    char service[64];                     /* what can be booked, by its name */
    char when_fields[DESK_DIALOG_FIELDS]; /* when it would suit them */
    char was_fields[DESK_DIALOG_FIELDS];  /* the day it is on, as they said it */
    struct desk_dialog_offer {
        char id[40];   /* slot_id, to be quoted */
        char at[20];   /* local: "2026-11-24T09:00" */
        char when[96]; /* as it is said */
    } offers[DESK_DIALOG_OFFERS];
    int n_offers, pick; /* pick: 0 = none yet, 1 = the first … */
    int finds;          /* times the calendar was asked for this wish */
    int back;           /* a question is being looked up: the state to go back to */
    bool by_hand;       /* the calendar cannot be had, or not used: the owner arranges it */
    bool name_said;     /* in this talk, by the caller */
    bool found;         /* MOVE, CANCEL, STATUS: the appointment is known; was is how it is said */
    bool leave_asked;   /* they have one like it already, and were asked */
    bool answering;     /* the last question about the time was one of the calendar's */
    bool elsewhere;     /* not at the address we know */
    bool spell_asked, name_asked, place_asked;
    bool place_known;              /* at the address that we have for them */
    char others[DESK_DIALOG_TEXT]; /* for whom visits are wanted, when for several: "A;B" */
    char topic[16];                /* what is being looked up */
    char language[4];              /* they speak another one than ours: "es" */
};

void desk_dialog_init(struct desk_dialog *d);

/* What a call's rows hold of a talk that broke (the stream was lost): turns and tool calls, each
 * oldest first. Strings may be NULL. */
struct desk_dialog_past {
    const struct desk_dialog_past_turn {
        const char *text;
        bool caller; /* else the desk */
    } * turns;
    size_t n_turns;
    const struct desk_dialog_past_tool {
        const char *name, *args, *result; /* args, result: JSON */
        bool ok;
    } * tools;
    size_t n_tools;
    bool urgent; /* the call is marked so */
};

/* Fill a fresh dialog from it, by the dialog's own tables of words: what was asked for is what the
 * answer is taken for; what a tool was told counts more than what was heard. Then step RESUME: its
 * words say that the line was interrupted, repeat what is known, and go on at the first thing that
 * is missing. A callback that is booked is not asked for again. Pure. */
void desk_dialog_prime(const struct desk_dialog_profile *p, struct desk_dialog *d,
                       const struct desk_dialog_past *past);

/* Nobody has answered what the caller said last (a model failed): fill a fresh dialog from past,
 * which ends with that, and answer it in its place. A wish for a person, a goodbye and the like is
 * acted on; else it goes on as RESUME does, without a word of a line that was lost. in: SPEECH,
 * DIGITS or SILENCE. Pure. */
void desk_dialog_take_over(const struct desk_dialog_profile *p, struct desk_dialog *d,
                           const struct desk_dialog_past *past, const struct desk_dialog_input *in,
                           struct desk_dialog_output *out);

/* What the last question of these words asks for; ANYTHING when it is none that is known. */
enum desk_dialog_expect desk_dialog_asked(const char *words);

/* One step. Always fills out with something useful: there is no input it cannot answer. */
void desk_dialog_step(const struct desk_dialog_profile *p, struct desk_dialog *d,
                      const struct desk_dialog_input *in, struct desk_dialog_output *out);

/* The profile tells of an emergency that this talk has not taken up: step ALARM would. False before
 * the first step, and while a tool runs. */
bool desk_dialog_alarm_due(const struct desk_dialog_profile *p, const struct desk_dialog *d);

/* The tool that ended the talk was taken back, the caller has more to say: another question is
 * listened for. Nothing changes while the talk goes on. */
void desk_dialog_held(struct desk_dialog *d);

/* State as JSON and back, for conversations that live in a database between turns.
 * save: malloc'd text, free() it; NULL when out of memory. load: DESK_EINVAL on nonsense, and d is
 * then as after _init. */
char *desk_dialog_save(const struct desk_dialog *d);
DESK_MUST enum desk_rc desk_dialog_load(struct desk_dialog *d, const char *json);

/* Name of the state, for logs and tests. Never NULL. */
const char *desk_dialog_state_name(int state);

/* Words and phrases worth hearing for an expectation, one per line, lower case, from the profile
 * and the fixed tables: for Gather hints and for building a language model. Appends at most max
 * bytes to out; returns the number of phrases. */
size_t desk_dialog_vocabulary(const struct desk_dialog_profile *p, enum desk_dialog_expect expect,
                              char *out, size_t max);

#endif
