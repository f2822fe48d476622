/* What a caller's words or keys mean: pure text work behind core/dialog.c. Not for other folders.
 */
#ifndef DESK_CORE_DIALOG_WORDS_H
#define DESK_CORE_DIALOG_WORDS_H

#include "core/dialog.h"

/* The meaning of one input, given what was listened for: the columns of the state table. */
enum desk_token {
    DESK_T_NONE, /* not understood */
    DESK_T_START,
    DESK_T_RESUME,
    DESK_T_YES,
    DESK_T_NO,
    DESK_T_EMERGENCY, /* value: the phrase */
    DESK_T_PERSON,
    DESK_T_MESSAGE,
    DESK_T_SERVICE, /* value: the service as the profile writes it, or free words */
    DESK_T_NAME,    /* value: "Charlie Brown" */
    DESK_T_SKIP,    /* go on without */
    DESK_T_NUMBER,  /* value: E.164, or the digits as given */
    DESK_T_WHEN,    /* value: "Thursday morning" */
    DESK_T_FIX_NAME,
    DESK_T_FIX_NUMBER,
    DESK_T_FIX_WHEN,
    DESK_T_FIX_ADDRESS,
    DESK_T_MOVE,     /* value: the wish as it was said */
    DESK_T_CANCEL,   /* the same */
    DESK_T_QUESTION, /* value: the question as it was said */
    DESK_T_ADDRESS,  /* value: as it was said, or "ZIP code 06103" */
    DESK_T_WORDS,    /* value: what was said */
    DESK_T_HOURS,
    DESK_T_REPEAT,
    DESK_T_BYE,
    DESK_T_SILENCE,
    DESK_T_REFUSED,  /* wants what is done for nobody */
    DESK_T_UNWANTED, /* on a screened line: no reason to be put through */
    DESK_T_OK,       /* tool result, value: its "say" or "" */
    DESK_T_FAILED,
    DESK_T_ASK,     /* value: a topic of lookup_business_info */
    DESK_T_ROBOT,   /* "are you a machine?" */
    DESK_T_STATUS,  /* when is my appointment? value: as it was said */
    DESK_T_FORGET,  /* nothing is wanted any more */
    DESK_T_TELL,    /* somebody is to be told something; value: as it was said */
    DESK_T_THANKS,  /* "okay", "thanks", "sorry": neither yes nor no */
    DESK_T_WRONG,   /* they meant to call somebody else */
    DESK_T_PICK,    /* one of the times that were offered; value: "1" … */
    DESK_T_FEWER,   /* several of them fit; they are what is offered now */
    DESK_T_OTHER,   /* none of them */
    DESK_T_CHANGED, /* facts were put right or added, whatever was asked */
    DESK_T_SLOTS,   /* tool result: times to offer */
    DESK_T_ALREADY, /* they have one like it already */
    DESK_T_SEVERAL, /* several of their appointments fit */
    DESK_T_BROKEN,  /* it failed on our side */
    DESK_T__MAX
};

struct desk_meaning {
    enum desk_token token;
    char value[DESK_DIALOG_TEXT];
    char said[DESK_DIALOG_TEXT]; /* the caller's own words, as heard; "" of keys */
    bool callback;               /* to be called is all they want */
    bool dated;                  /* a day to come was named */
    bool visit;                  /* an appointment was spoken of */
    bool faint;                  /* YES by a word that as well only ends a talk: "okay", "good" */
};

/* Days and times said anywhere in a sentence that is no answer to "when": "cancel my appointment on
 * Thursday". when (DESK_DIALOG_TEXT bytes; NULL = none is looked for): the day to move to, behind
 * the last "to". Both may come out "". */
void desk_words_days(const char *sentence, char was[DESK_DIALOG_TEXT], char *when);

/* SPEECH and DIGITS → meaning. urgent_asked: the question was "is this happening now?", so the
 * emergency words are part of an answer and not a new emergency. */
void desk_words_meaning(const struct desk_dialog_profile *p, enum desk_dialog_expect expect,
                        const struct desk_dialog_input *in, bool urgent_asked,
                        struct desk_meaning *m);

/* Lower case, letters, digits and single spaces only: "It's—Thursday!" → "its thursday". */
void desk_words_plain(char *out, size_t n, const char *text);

/* ---- dialog_hear.c: facts in a sentence, whatever was asked ---------------------------------- */

struct desk_heard {
    char name[64]; /* "Dana Reyes"; all "" when there is none */
    char number[32];
    char address[DESK_DIALOG_TEXT];
    char service[64]; /* what can be booked, by its name */
    bool corrects;    /* "no, …", "actually …", "… instead" */
    bool elsewhere;   /* "at my mother's house" */
    bool wrong_name;  /* "that is not my name", without another */
};
void desk_words_hear(const struct desk_dialog_profile *p, const char *sentence,
                     struct desk_heard *h);

/* A name where a name is due: "it's dana reyes and I am in a hurry" → "Dana Reyes". sure: it stands
 * behind words that only lead to a name; else it must look like one. False: there is none. */
bool desk_words_name(const char *plain, bool sure, char *out, size_t n);

/* "thirty one peak lane" → "31 Peak Lane": numbers in figures, and capitals where all is small. */
void desk_words_address(const char *said, char *out, size_t n);

/* Is the sentence Spanish? By its small words. */
bool desk_words_spanish(const char *said);

/* "same place as last time": no address, but the one that we have of them. */
bool desk_words_known_place(const char *said);

/* Several people: "the kids are finn and liv" → "Finn Berg;Liv Berg", with the family name of
 * who speaks where they have none. False: there are no two. */
bool desk_words_people(const char *plain, const char *speaker, char *out, size_t n);

/* A name that is in no list: who says it is asked how it is spelled. */
bool desk_words_odd_name(const char *name);

/* Letters one by one: "s i o b h a n then k e h o e" → "Siobhan Kehoe"; of "no not b a n b h a n"
 * what stands behind "not b a n". known: the name so far; letters that are not clear leave it.
 * False: nothing was spelled. */
bool desk_words_spelled(const char *plain, const char *known, char *out, size_t n);

/* The kind of visit that is meant, by its name or other words for it; NULL = none. */
const char *desk_words_service(const struct desk_dialog_profile *p, const char *sentence);
/* What is meant when nothing else is said: the first that is no talk about a project. */
const char *desk_words_usual_service(const struct desk_dialog_profile *p);

/* ---- dialog_offers.c: what an answer to offered times means --------------------------------- */

/* "2026-11-24" (minute 0), "2026-11-24T09:00": days since 1970-01-01 and the minute of that day.
 * False: another form. */
bool desk_words_local(const char *at, int32_t *date, int *minute);

/* PICK, FEWER (d->offers are then those), OTHER, WHEN (another time is wanted), YES, NO, NONE. */
enum desk_token desk_words_pick(const struct desk_dialog_profile *p, struct desk_dialog *d,
                                const char *sentence, int *which);

#define DESK_MENU_SERVICES 4 /* services spoken in the question: keys 1 to 4 */

#endif
