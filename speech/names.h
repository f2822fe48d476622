/* First names that speech recognition may hear, for the grammar. */
#ifndef SPEECH_NAMES_H
#define SPEECH_NAMES_H

extern const char *const desk_first_names[]; /* lower case, sorted, NULL at the end */

#endif
