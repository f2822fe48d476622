/* A text that is nothing but a word about texts themselves: STOP and its like, START and its like.
 * The words are those Twilio acts on by itself since April 2025 (shared facts: twilio.md, "SMS
 * keywords"), without CANCEL and YES, which answer a receptionist's questions. Pure. */
#ifndef DESK_CORE_OPT_WORD_H
#define DESK_CORE_OPT_WORD_H

enum desk_opt_word {
    DESK_OPT_NONE, /* anything else */
    DESK_OPT_STOP, /* no texts any more */
    DESK_OPT_START /* texts again */
};

/* The whole text, whatever the case, spaces and full stops around it not looked at. NULL is "". */
enum desk_opt_word desk_opt_word(const char *text);

#endif
