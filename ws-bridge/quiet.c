#include "ws-bridge/quiet.h"

#include <string.h>

#define LOOK_MS       10000 /* longest pause between two looks */
#define SOON_MS       250   /* due, but somebody is speaking: look again */
#define GAP_MS        3000  /* so long a gap in the noise is waited for */
#define TOOLS_TIMES   3     /* so many times the turns may pass without any tool that succeeds */
#define REPEAT_GAPS   2     /* three words; "yes" may be said again */
#define VOICE_NEAR_MS 1500  /* servers tell that speech began when it has been on for a while */

void quiet_init(struct quiet *q, const struct quiet_rules *rules, int64_t begun_ms)
{
    *q = (struct quiet){.rules = *rules, .begun_ms = begun_ms};
}

/* ---- the clocks ------------------------------------------------------------------------------ */

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

void quiet_sound(struct quiet *q, int64_t now_ms)
{
    if (!q->noise)
        q->sound_ms = now_ms;
}

/* The caller is there. */
static void heard(struct quiet *q, int64_t now_ms)
{
    q->noise = false;
    q->sound_ms = later(q->sound_ms, now_ms);
    if (!q->for_words)
        q->asked_ms = 0;
}

void quiet_caller(struct quiet *q, bool speaks, int64_t now_ms, int64_t until_ms)
{
    bool began = speaks && !q->speaks_ms, ended = !speaks && q->speaks_ms;
    if (began)
        q->voiced = q->voice_ms && now_ms - q->voice_ms < VOICE_NEAR_MS;
    if (q->voiced || !q->rules.ear) {
        heard(q, now_ms);
    } else if (ended && !q->noise) {
        q->noise = true;
        q->sound_ms = later(q->sound_ms, until_ms); /* what we said before was no answer to it */
    }
    if (began)
        q->speaks_ms = now_ms;
    else if (ended)
        q->speaks_ms = 0;
}

void quiet_voice(struct quiet *q, int64_t now_ms)
{
    if (!q->rules.ear)
        return;
    q->voice_ms = now_ms;
    q->voiced = true;
    heard(q, now_ms);
}

bool quiet_speaks(const struct quiet *q)
{
    return q->speaks_ms && (q->voiced || !q->rules.ear);
}

void quiet_busy(struct quiet *q, bool busy, int64_t now_ms)
{
    if (busy && !q->busy_ms)
        q->busy_ms = now_ms;
    if (busy || !q->busy_ms)
        return;
    q->words_ms += now_ms - q->busy_ms;
    q->busy_ms = 0;
    q->noise = false;
    q->sound_ms = now_ms;
}

void quiet_ours(struct quiet *q, int64_t ms)
{
    q->words_ms += ms;
}

void quiet_stop(struct quiet *q, int64_t now_ms)
{
    if (!q->stop_ms)
        q->stop_ms = now_ms;
}

void quiet_go(struct quiet *q, int64_t now_ms)
{
    if (!q->words_ms)
        q->words_ms = now_ms;
    else if (q->stop_ms)
        q->words_ms += now_ms - q->stop_ms;
    q->stop_ms = 0;
    q->speaks_ms = q->busy_ms = q->asked_ms = 0;
    q->for_words = q->noise = false;
    q->sound_ms = now_ms;
}

void quiet_asked(struct quiet *q, int64_t now_ms)
{
    const struct quiet_rules *r = &q->rules;
    q->asked_ms = now_ms;
    q->noise = false; /* the question counts, whatever it was asked after */
    q->for_words = r->no_words_ms && now_ms - q->words_ms >= r->no_words_ms;
    if (q->for_words) /* from here on only the goodbye's time counts, less what we say ourselves */
        q->words_ms = now_ms - r->no_words_ms;
}

void quiet_warned(struct quiet *q)
{
    q->warned = true;
}

static void sooner(int64_t *again, int64_t in)
{
    if (in < *again)
        *again = in;
}

static enum quiet_act length(struct quiet *q, const struct quiet_look *l, int64_t *again)
{
    int64_t left = q->begun_ms + q->rules.max_ms - l->now_ms;
    if (!q->rules.max_ms)
        return QUIET_WAIT;
    if (left <= 0)
        return QUIET_TOO_LONG;
    sooner(again, left);
    if (q->warned || !q->rules.warn_ms)
        return QUIET_WAIT;
    sooner(again, later(left - q->rules.warn_ms, SOON_MS));
    bool free = !l->on && !l->owed && !q->busy_ms && !q->speaks_ms && l->until_ms <= l->now_ms;
    return left <= q->rules.warn_ms && free ? QUIET_WARN : QUIET_WAIT;
}

static enum quiet_act endless(struct quiet *q, const struct quiet_look *l, int64_t *again)
{
    int64_t left = q->speaks_ms + q->rules.speech_ms - l->now_ms;
    if (!q->rules.speech_ms)
        return QUIET_WAIT;
    sooner(again, q->speaks_ms ? left : q->rules.speech_ms);
    if (!q->speaks_ms)
        return QUIET_WAIT;
    if (left > 0)
        return QUIET_WAIT;
    quiet_caller(q, false, l->now_ms, l->until_ms);
    return QUIET_OVER;
}

static enum quiet_act words(struct quiet *q, const struct quiet_look *l, int64_t *again)
{
    bool asked = q->asked_ms && q->for_words;
    int64_t due = q->words_ms + q->rules.no_words_ms;
    if (!q->rules.no_words_ms)
        return QUIET_WAIT;
    if (asked)
        due += q->rules.goodbye_ms;
    sooner(again, due - l->now_ms);
    if (due > l->now_ms)
        return QUIET_WAIT;
    sooner(again, SOON_MS);
    if (q->busy_ms || l->until_ms > l->now_ms)
        return QUIET_WAIT;
    if (asked)
        return QUIET_NO_WORDS;
    bool gap = (!q->speaks_ms && !l->owed) || l->now_ms - due > GAP_MS;
    return gap && !l->on ? QUIET_ASK : QUIET_WAIT;
}

static enum quiet_act silence(struct quiet *q, const struct quiet_look *l, int64_t *again)
{
    int64_t wait = q->asked_ms ? q->rules.goodbye_ms : q->rules.prompt_ms;
    int64_t due = later(later(q->sound_ms, q->asked_ms), q->noise ? 0 : l->until_ms) + wait;
    bool ours = q->busy_ms || l->on || l->owed || l->until_ms > l->now_ms;
    if (!q->rules.prompt_ms)
        return QUIET_WAIT;
    if (quiet_speaks(q) || (ours && !q->noise)) /* whenever that ends, so long after it at least */
        due = l->now_ms + wait;
    sooner(again, due - l->now_ms);
    if (due > l->now_ms)
        return QUIET_WAIT;
    if (ours) { /* an answer to noise is being said: when it is over */
        sooner(again, SOON_MS);
        return QUIET_WAIT;
    }
    return q->asked_ms ? QUIET_SILENT : QUIET_ASK;
}

enum quiet_act quiet_next(struct quiet *q, const struct quiet_look *l, int64_t *again_ms)
{
    enum quiet_act (*const rules[])(struct quiet *, const struct quiet_look *,
                                    int64_t *) = {length, endless, words, silence};
    enum quiet_act act = QUIET_WAIT;
    *again_ms = LOOK_MS;
    for (size_t i = 0; i < sizeof rules / sizeof *rules && !act && !q->stop_ms; i++)
        act = rules[i](q, l, again_ms);
    if (*again_ms < 50)
        *again_ms = 50;
    return act;
}

/* ---- turns that lead nowhere ----------------------------------------------------------------- */

/* Letters and figures only, small: "Sorry?" is "sorry". *gaps counts the spaces between words. */
static uint32_t print_of(const char *s, unsigned *gaps)
{
    uint32_t h = 2166136261u;
    bool gap = false;
    *gaps = 0;
    for (; *s; s++) {
        unsigned char ch = (unsigned char)*s;
        if (ch >= 'A' && ch <= 'Z')
            ch = (unsigned char)(ch | 0x20);
        if ((ch < 'a' || ch > 'z') && (ch < '0' || ch > '9') && ch < 0x80) {
            gap = h != 2166136261u;
            continue;
        }
        if (gap)
            ++*gaps;
        gap = false;
        h = (h ^ ch) * 16777619u;
    }
    return h == 2166136261u ? 0 : h;
}

/* Was it said before? Then it is the last that was said. */
static bool again(uint32_t said[QUIET_SAID], uint32_t print)
{
    size_t i = 0;
    while (i + 1 < QUIET_SAID && said[i] != print)
        i++;
    bool found = print && said[i] == print;
    memmove(said + 1, said, i * sizeof *said);
    said[0] = print;
    return found;
}

void quiet_words(struct quiet *q, const char *said, int64_t now_ms, int64_t until_ms)
{
    unsigned gaps;
    uint32_t print = print_of(said, &gaps);
    q->words_ms = later(now_ms, until_ms);
    q->sound_ms = later(q->sound_ms, now_ms);
    q->asked_ms = 0;
    q->for_words = q->noise = false;
    q->ever_understood = q->understood = true;
    if (gaps >= REPEAT_GAPS && again(q->caller_said, print))
        q->same = true;
}

void quiet_answer(struct quiet *q, const char *said)
{
    unsigned gaps;
    uint32_t print = print_of(said, &gaps);
    if (!print)
        return;
    q->answered = true;
    if (again(q->we_said, print))
        q->same = true;
}

void quiet_done(struct quiet *q)
{
    q->done = true;
    q->nowhere = q->no_tool = 0;
}

static bool led_nowhere(const struct quiet *q)
{
    return q->open && !q->done && q->ever_understood && q->answered && (!q->understood || q->same);
}

void quiet_turn(struct quiet *q)
{
    if (led_nowhere(q))
        q->nowhere++;
    else if (q->open && q->answered)
        q->nowhere = 0;
    if (q->open && q->understood && !q->done)
        q->no_tool++;
    q->open = true;
    q->understood = q->answered = q->done = q->same = false;
}

bool quiet_circles(const struct quiet *q)
{
    unsigned most = q->rules.turns, now = q->open && q->answered && !q->done && q->same;
    return most && (q->nowhere + now >= most || q->no_tool >= TOOLS_TIMES * most);
}
