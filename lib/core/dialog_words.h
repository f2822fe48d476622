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
    DESK_T_OK, /* tool result, value: its "say" or "" */
    DESK_T_FAILED,
    DESK_T__MAX
};

struct desk_meaning {
    enum desk_token token;
    char value[DESK_DIALOG_TEXT];
    char said[DESK_DIALOG_TEXT]; /* the caller's own words, as heard; "" of keys */
    bool visit;                  /* an appointment was spoken of */
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

#define DESK_MENU_SERVICES 4 /* services spoken in the question: keys 1 to 4 */

#endif
