/* Words as they are looked for: lower case, without accents, one form for one and many ("pumps" is
 * "pump"). The same cut serves what is written into the index, what is typed into a search box, and
 * the marks on a page. Pure; any bytes may come. */
#ifndef DESK_BASE_FIND_H
#define DESK_BASE_FIND_H

#include <stdbool.h>
#include <stddef.h>

#define DESK_FIND_WORD  48 /* bytes of one with its NUL; a longer one is cut */
#define DESK_FIND_WORDS 6  /* of one question */

/* The next word of text from *at on (0 at first). word: as it is looked for; it stands at text +
 * from, for len bytes. False: no more. */
bool desk_find_next(const char *text, size_t *at, char word[DESK_FIND_WORD], size_t *from,
                    size_t *len);

/* "the", "and", "is" … and single letters: they are everywhere, and so in no index. */
bool desk_find_common(const char *word);

struct desk_find {
    char word[DESK_FIND_WORDS][DESK_FIND_WORD]; /* each once, none of them common */
    size_t n;
};

/* The words of a question. n = 0: none that could be looked for. */
void desk_find_read(struct desk_find *f, const char *question);

/* Is that one of them? */
bool desk_find_has(const struct desk_find *f, const char *word);

/* Does text hold all of them? */
bool desk_find_in(const struct desk_find *f, const char *text);

/* Digits of a question that is nothing but a number ("(415) 555-0134", "0134"), as they stand;
 * false: it is something else, or has not four to fifteen. */
#define DESK_FIND_DIGITS 16
bool desk_find_digits(const char *question, char out[DESK_FIND_DIGITS]);

/* Where a short piece of text begins and ends (bytes, on borders of words) that shows the first
 * place of one of the words, about `around` bytes on each side. */
void desk_find_piece(const struct desk_find *f, const char *text, size_t around, size_t *from,
                     size_t *to);

#endif
