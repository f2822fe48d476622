/* When is a talk too quiet, too long, or going in circles? Pure rules; times are monotonic ms.
 *
 * Three clocks. Silence: neither the caller nor we were heard, and nothing is being worked on.
 * Where our own ear listens too (rules.ear), what the server takes for speech is heard only if the
 * ear hears a voice in it or words come of it; nor is our answer to what was none. What the ear
 * hears is heard, whatever the server says. Words: since the caller was last understood (a final
 * transcript, a key), whatever the voice detection takes for speech: noise on the line does not
 * move it, our own words and tools are taken off. Length: since the call began. The first two first
 * ask "are you still there?", then say goodbye; they stand still while the call waits for a model
 * (quiet_stop, quiet_go).
 *
 * A caller's turn led somewhere when a tool succeeded, or new words got a new answer. It led
 * nowhere when we answered, but had not understood a word, or heard or said the same again.
 *
 * Nothing here sets a timer: quiet_next() says what is due, and when to look again. Looks are
 * seconds apart and do not move when somebody speaks, so a call costs nothing while it is talked.
 */
#ifndef BRIDGE_QUIET_H
#define BRIDGE_QUIET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct quiet_rules {
    int64_t prompt_ms;   /* silence before the question; 0 = never */
    int64_t goodbye_ms;  /* and after it */
    int64_t no_words_ms; /* without an understood word before the question; 0 = never */
    int64_t max_ms;      /* longest call; 0 = no limit */
    int64_t warn_ms;     /* so long before that the caller is told; 0 = not */
    int64_t speech_ms;   /* speech that has no end is taken for over; 0 = never */
    unsigned turns;      /* so many in a row that lead nowhere; 0 = no limit */
    bool ear;            /* quiet_voice() is told; else the server's word is enough */
};

enum quiet_act {
    QUIET_WAIT,
    QUIET_ASK,      /* are you still there? Tell quiet_asked() when it was asked */
    QUIET_WARN,     /* the time is nearly up. Tell quiet_warned() */
    QUIET_OVER,     /* the caller's speech has no end: it is over. quiet_caller(false) is done */
    QUIET_SILENT,   /* goodbye: silence */
    QUIET_NO_WORDS, /* goodbye: noise */
    QUIET_TOO_LONG  /* goodbye: longest call */
};

#define QUIET_SAID 4 /* so many of the last words are compared with */

struct quiet {
    struct quiet_rules rules;
    int64_t begun_ms;  /* the call */
    int64_t sound_ms;  /* somebody was heard, or something was worked on, last */
    int64_t words_ms;  /* the caller was understood last, moved on by what does not count */
    int64_t speaks_ms; /* since when the caller speaks, says the server; 0 = does not */
    int64_t voice_ms;  /* when the ear heard a voice last */
    bool voiced;       /* it did in what the caller speaks */
    bool noise;        /* it did not in what was spoken last: our answer is no sound */
    int64_t busy_ms;   /* since when something is worked on; 0 = nothing */
    int64_t stop_ms;   /* since when the clocks stand; 0 = they run */
    int64_t asked_ms;  /* when the question was asked; 0 = it was not */
    bool for_words;    /* it was asked for want of words: only words answer it */
    bool warned;

    /* the caller's turn that is open, and those before it */
    bool open, understood, answered, done, same;
    bool ever_understood;
    unsigned nowhere; /* turns in a row that led nowhere */
    unsigned no_tool; /* turns since a tool succeeded */
    uint32_t caller_said[QUIET_SAID], we_said[QUIET_SAID];
};

void quiet_init(struct quiet *q, const struct quiet_rules *rules, int64_t begun_ms);

/* What happens. until_ms: when all that we have said will have been played. */
void quiet_caller(struct quiet *q, bool speaks, int64_t now_ms, int64_t until_ms);
void quiet_voice(struct quiet *q, int64_t now_ms); /* our ear hears a voice */
void quiet_words(struct quiet *q, const char *words, int64_t now_ms, int64_t until_ms);
void quiet_sound(struct quiet *q, int64_t now_ms);
void quiet_busy(struct quiet *q, bool busy, int64_t now_ms);
void quiet_ours(struct quiet *q, int64_t ms); /* of our audio was sent; below 0: thrown away */
void quiet_stop(struct quiet *q, int64_t now_ms);
void quiet_go(struct quiet *q, int64_t now_ms);
void quiet_asked(struct quiet *q, int64_t now_ms);
void quiet_warned(struct quiet *q);

/* What is said. A turn begins when the caller has finished; what follows belongs to it. */
void quiet_turn(struct quiet *q);
void quiet_answer(struct quiet *q, const char *words); /* we said so, whole */
void quiet_done(struct quiet *q);                      /* a tool succeeded */
bool quiet_circles(const struct quiet *q);             /* too many turns that led nowhere */

struct quiet_look {
    int64_t now_ms, until_ms;
    bool on;   /* the model is asked, or is speaking */
    bool owed; /* or must speak soon */
};
/* Does the caller speak, as far as the clock of silence is concerned? */
bool quiet_speaks(const struct quiet *q);
/* What is due now; *again_ms gets when to look again (from now, 50 ms at least). */
enum quiet_act quiet_next(struct quiet *q, const struct quiet_look *l, int64_t *again_ms);

#endif
