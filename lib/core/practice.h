/* Practice callers: a caller written down (one JSON file), what they answer to what they are asked,
 * and whether what came of their call is what was expected. Pure: no clock, no I/O. The format is
 * told in tests/eval/README.md; it is played by talk/practice.h.
 *
 * A caller says `opening`, then answers by `lines`: what they are asked for (ask_name, confirm, …)
 * → answers in their order, of which the last one repeats; `fallback` is for anything else. What a
 * line does not say, the caller knows from `facts`: their name, number, address. */
#ifndef DESK_CORE_PRACTICE_H
#define DESK_CORE_PRACTICE_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESK_PRACTICE_KEYS 64 /* different things asked of one caller */

/* ---- practice_file.c: the file --------------------------------------------------------------- */

struct desk_practice {
    json_t *doc; /* owned; all below lies in it */
    const char *id, *title, *business, *opening;
    const char *number; /* as it is shown; "anonymous" hides it */
    const char *hang_up;
    bool by_text; /* channel "sms" */
    int64_t now;  /* UTC ms */
    long max_turns;
};

/* sentence: "lines.ask_name must be a list of answers"; line 0 = of no line. Valid during the call
 * only. */
typedef void desk_practice_told(void *ctx, int line, const char *sentence);

/* Text of any bytes → *p. DESK_EINVAL: told() heard what is wrong, and p is empty. */
DESK_MUST enum desk_rc desk_practice_read(struct desk_practice *p, const char *text, size_t len,
                                          desk_practice_told *told, void *ctx);
void desk_practice_clear(struct desk_practice *p);

/* "2026-11-20T10:15-07:00" (seconds may be there), "…Z" → UTC ms. False: another form. */
bool desk_practice_instant(const char *text, int64_t *utc_ms);

/* A line of `behaviour`: what happens beside the words. */
enum desk_practice_event {
    DESK_PRACTICE_NOTHING, /* not one that can be played */
    DESK_PRACTICE_DIAL,    /* "Dial result: no-answer": word */
    DESK_PRACTICE_WAIT,    /* "wait 35 minutes after the first address question": ms, word */
    DESK_PRACTICE_SILENCE, /* "silence after the name question": word */
};
struct desk_practice_behaviour {
    enum desk_practice_event event;
    int64_t ms;
    char word[32]; /* DIAL: Twilio's word; else the question it comes at ("address"), "" = the
                      greeting */
};
void desk_practice_behaviour_read(const char *text, struct desk_practice_behaviour *out);

/* ---- practice_caller.c: what the caller says ------------------------------------------------- */

struct desk_practice_slot {
    const char *when; /* as it was offered: "Tuesday, November 24th at 2 pm" */
    int64_t start;    /* UTC ms */
};

/* What the receptionist did in her turn, beside her words. */
struct desk_practice_heard {
    const char *words;
    const struct desk_practice_slot *slots; /* offered in it */
    size_t n_slots;
};

/* How a caller stands in a call. Plain data; zero it for a new call. */
struct desk_practice_stand {
    struct {
        const char *key; /* of the file's lines */
        size_t used;
    } v[DESK_PRACTICE_KEYS];
    size_t n;
    size_t turns;
    size_t picked;   /* times taken of those offered */
    size_t declined; /* offers in a row that did not suit */
    size_t refusals; /* heard */
};

struct desk_practice_reply {
    char asked[32]; /* what the caller took it for: "ask_name", "offer_slots", "refused", … */
    char text[600]; /* what they say; "" and silent: nothing */
    bool silent;
    bool leaves;     /* hangs up instead */
    int64_t wait_ms; /* before it */
};

/* p and the words must outlive st: it keeps names of p's lines. */
void desk_practice_reply(const struct desk_practice *p, struct desk_practice_stand *st,
                         const struct desk_practice_heard *heard, struct desk_practice_reply *out);

/* What the last question of these words asks a caller for: a name of lines, "" when for nothing
 * known. Static. */
const char *desk_practice_asked(const char *words);
/* Do the words refuse what was wanted? */
bool desk_practice_refuses(const char *words);

/* ---- practice_check.c: is it what was expected? ---------------------------------------------- */

/* result: {"facts": …, "transcript": […], "forbidden_seen": […]} (tests/eval/README.md). Tells each
 * check that failed in a sentence; returns how many. *checks: all there were (NULL = not wanted).
 */
size_t desk_practice_check(const struct desk_practice *p, const json_t *result,
                           void (*told)(void *ctx, const char *sentence), void *ctx,
                           size_t *checks);

#endif
