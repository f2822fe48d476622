/* How the words of a language are pronounced: a dictionary in CMU's form, read once for all
 * recognisers of the process.
 *
 * A line is a word, a blank, and its phones; further pronunciations of the same word follow under
 * "word(2)", "word(3)" … Source: the file cmudict-en-us.dict of Debian's pocketsphinx-en-us.
 *
 * Why not the recogniser's own reading of it: its search walks through all words of its dictionary
 * whenever a language model is put in, which takes half a second with 134,000 of them and some
 * milliseconds with the few that a business needs. And each recogniser would keep a copy. */
#ifndef SPEECH_DICTIONARY_H
#define SPEECH_DICTIONARY_H

#include "base/err.h"

#include <stddef.h>

struct desk_dictionary;

/* The file as it is, mapped, with an index (some megabytes, about 20 ms). NULL: it cannot be read;
 * the reason is logged. Free it with desk_dictionary_close(). */
struct desk_dictionary *desk_dictionary_open(const char *path);
void desk_dictionary_close(struct desk_dictionary *d); /* NULL is fine */

/* The pronunciations of word, each by one call of said with the name it has in the file ("read",
 * "read(2)") and its phones parted by blanks; how many there were, 0 = it is not there. Only reads:
 * any thread may. */
size_t desk_dictionary_find(const struct desk_dictionary *d, const char *word,
                            void (*said)(void *ctx, const char *name, const char *phones),
                            void *ctx);

#endif
