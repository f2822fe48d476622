/* Is it a machine that speaks with us? Two answering machines, or one and a queue with a menu, can
 * talk for as long as a call may last, and each minute is paid for. Two rules, and each looks at
 * all that was said so far, so that a person who says one thing of their own is none:
 *
 *   words     nothing but a machine's words was heard ("leave a message", "after the tone", "press
 *             one"), of so many kinds
 *   repeats   so many sayings in a row were each said before, word for word, whatever we answered
 *
 * Short sayings ("hello?") are no repeats: people say them again and again. Pure; any bytes may
 * come. */
#ifndef DESK_CORE_MACHINE_H
#define DESK_CORE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESK_MACHINE_SAID  12 /* sayings that are remembered: a menu's cycle */
#define DESK_MACHINE_WORDS 32 /* of each */
#define DESK_MACHINE_SHORT 6  /* fewer words are a short saying */

struct desk_machine_rules { /* 0 = not looked at */
    unsigned words, repeats;
};

struct desk_machine { /* of one talk; all zero = nothing was heard yet */
    struct {
        uint32_t word[DESK_MACHINE_WORDS];
        size_t n;
    } said[DESK_MACHINE_SAID];
    size_t n_said, next;
    unsigned sayings;
    uint32_t kinds; /* of a machine's words, a bit each */
    unsigned run;   /* repeats in a row */
    bool person;    /* something was said that is neither a machine's words nor a repeat */
    bool spared;    /* an emergency was heard: nobody is taken for a machine any more */
};

/* What was just heard. The rule that holds, "machine_words" or "machine_repeats", and because (n
 * bytes): a sentence for the timeline; NULL: none does. */
const char *desk_machine_heard(struct desk_machine *m, const struct desk_machine_rules *r,
                               const char *words, char *because, size_t n);

#endif
