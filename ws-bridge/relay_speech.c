#include "ws-bridge/relay_speech.h"
#include "base/limits.h"

#include <string.h>

#define NO_MATCH ((size_t)-1)

void speech_init(struct speech *s, int64_t now)
{
    memset(s, 0, sizeof *s);
    s->silent_ms = now;
}

void speech_clear(struct speech *s)
{
    for (size_t i = 0; i < s->n; i++)
        desk_buf_clear(&s->items[i].words);
    s->n = 0;
}

/* ---- words ----------------------------------------------------------------------------------- */

/* Letters and digits count when words are compared: a voice's text has other spaces, other quotes.
 * Bytes of other scripts count as they are. */
static bool counts(char c)
{
    unsigned char u = (unsigned char)c;
    return (u >= '0' && u <= '9') || (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || u >= 0x80;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static const char *skip(const char *p)
{
    while (*p && !counts(*p))
        p++;
    return p;
}

/* How far words, from byte `from` on, agree with *said. Either all of *said is used up (the result
 * is where words stand then) or all of words (the result is their length, *said is moved on).
 * NO_MATCH: they differ. */
static size_t match(const char *words, size_t from, const char **said)
{
    const char *w = skip(words + from), *s = skip(*said);
    size_t end = from;
    while (*w && *s) {
        if (lower(*w) != lower(*s))
            return NO_MATCH;
        end = (size_t)(w - words) + 1;
        w = skip(w + 1);
        s = skip(s + 1);
    }
    *said = s;
    return *w ? end : strlen(words);
}

static size_t letters(const char *p)
{
    size_t n = 0;
    for (; *p; p++)
        n += counts(*p);
    return n;
}

/* The byte behind the n-th letter. */
static size_t behind_letters(const char *words, size_t n)
{
    size_t i = 0, end = 0;
    for (; words[i] && n; i++)
        if (counts(words[i])) {
            n--;
            end = i + 1;
        }
    return words[end] && !*skip(words + end) ? strlen(words) : end;
}

/* Not within a word, and with the signs that end it: a word that was begun was not heard. */
static size_t at_word(const char *words, size_t at)
{
    if (at && counts(words[at]))
        while (at && counts(words[at - 1]))
            at--;
    else
        while (words[at] && words[at] != ' ' && !counts(words[at]))
            at++;
    while (at && words[at - 1] == ' ')
        at--;
    return at;
}

static const char *text(const struct saying *it)
{
    return desk_buf_cstr(&it->words);
}

/* ---- saying ---------------------------------------------------------------------------------- */

static int64_t reading_ms(const struct saying *it)
{
    return SPEECH_START_MS + (int64_t)it->words.len * SPEECH_CHAR_MS;
}

static void drop_oldest(struct speech *s)
{
    desk_buf_clear(&s->items[0].words);
    memmove(&s->items[0], &s->items[1], (s->n - 1) * sizeof s->items[0]);
    s->n--;
}

static struct saying *open_saying(struct speech *s, int64_t now)
{
    struct saying *last = s->n ? &s->items[s->n - 1] : NULL;
    if (last && !last->whole && !last->over)
        return last;
    if (s->n == SPEECH_SAYINGS)
        drop_oldest(s);
    last = s->n ? &s->items[s->n - 1] : NULL;
    int64_t begin = last && !last->over && last->end_ms > now ? last->end_ms : now;
    struct saying *it = &s->items[s->n++];
    *it = (struct saying){.number = ++s->number, .first_ms = now, .begin_ms = begin};
    desk_buf_init(&it->words, DESK_MAX_TURN_TEXT);
    return it;
}

struct saying *speech_say(struct speech *s, const char *piece, bool last, int64_t now)
{
    struct saying *it = open_saying(s, now);
    size_t n = strlen(piece);
    if (it->words.len + n > it->words.max) {
        it->whole = true; /* what there is of it stands */
        return NULL;
    }
    desk_buf_add(&it->words, piece, n);
    it->whole = last;
    it->end_ms = it->begin_ms + reading_ms(it);
    return desk_buf_ok(&it->words) ? it : NULL;
}

/* ---- what Twilio tells ----------------------------------------------------------------------- */

static struct saying *first_open(struct speech *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (!s->items[i].over)
            return &s->items[i];
    return NULL;
}

void speech_voice(struct speech *s, bool on, int64_t now)
{
    struct saying *it = first_open(s);
    s->told = true;
    if (on && !s->speaking) {
        s->on_ms = now;
        if (it && it->begin_ms < now) { /* it begins only now, and all behind it is later, too */
            int64_t late = now - it->begin_ms;
            for (; it < s->items + s->n; it++) {
                it->begin_ms += late;
                it->end_ms += late;
            }
        }
    } else if (!on) {
        s->off_ms = now;
    }
    s->speaking = on;
}

void speech_played(struct speech *s, const char *words)
{
    s->told = true;
    for (size_t i = 0; i < s->n && *skip(words); i++) {
        struct saying *it = &s->items[i];
        if (it->over || !*skip(text(it) + it->played))
            continue;
        size_t at = match(text(it), it->played, &words);
        if (at == NO_MATCH) /* as the voice reads it ("24" as "twenty-four"): nothing is known */
            return;
        it->played = at;
    }
}

static bool all_played(const struct saying *it)
{
    return it->whole && !*skip(text(it) + it->played);
}

static void settle(struct speech *s, int64_t now)
{
    for (size_t i = 0; i < s->n; i++) {
        struct saying *it = &s->items[i];
        if (!it->over && it->end_ms > now)
            it->end_ms = now;
        it->over = true;
    }
    s->silent_ms = now;
}

void speech_answered(struct speech *s, int64_t now)
{
    for (size_t i = 0; i < s->n; i++) {
        struct saying *it = &s->items[i];
        if (it->over || now - it->first_ms < SPEECH_NEW_MS)
            continue;
        it->over = it->whole = true;
        if (it->end_ms > now)
            it->end_ms = now;
        s->silent_ms = now;
    }
}

int64_t speech_rest_ms(struct speech *s, int64_t now)
{
    struct saying *last = s->n ? &s->items[s->n - 1] : NULL;
    int64_t rest;
    if (!last || last->over)
        return 0;
    if (!last->whole)
        return SPEECH_SPARE_MS;
    /* its voice began after the last words were sent, and has ended; or they were all played */
    bool spoken = s->told && !s->speaking &&
                  (all_played(last) || (s->on_ms >= last->first_ms && s->off_ms >= s->on_ms));
    rest = last->end_ms + (s->speaking ? SPEECH_LATE_MS : s->told ? SPEECH_SPARE_MS : 0) - now;
    if (!spoken && rest > 0)
        return rest;
    settle(s, now);
    return 0;
}

/* ---- cutting --------------------------------------------------------------------------------- */

struct cutting {
    speech_cut_fn *cut;
    void *ctx;
    int64_t now;
    size_t n;
};

static void cut_at(struct cutting *c, struct saying *it, size_t heard, int64_t end_ms)
{
    it->over = true;
    it->whole = true;
    it->end_ms = end_ms > it->begin_ms ? end_ms : it->begin_ms;
    if (!*skip(text(it) + heard))
        return; /* all of it was heard */
    it->played = at_word(text(it), heard);
    c->n++;
    c->cut(c->ctx, it, it->played, it->end_ms);
}

/* Does the utterance begin with the words of item i? Then cut there. */
static bool cut_from(struct speech *s, size_t i, const char *utterance, struct cutting *c,
                     int64_t ms)
{
    size_t at[SPEECH_SAYINGS] = {0}, k = i;
    const char *rest = utterance;
    for (; k < s->n && *skip(rest); k++) {
        at[k] = match(text(&s->items[k]), 0, &rest);
        if (at[k] == NO_MATCH)
            return false;
    }
    if (*skip(rest))
        return false; /* it goes on with what we never said */
    for (size_t j = i; j < s->n; j++)
        cut_at(c, &s->items[j], at[j],
               j == i && ms && s->items[j].begin_ms + ms < c->now ? s->items[j].begin_ms + ms
                                                                  : c->now);
    return true;
}

/* Oldest that is not over; else the newest that ended not long ago. */
static bool cut_by_words(struct speech *s, const char *utterance, struct cutting *c, int64_t ms)
{
    for (size_t i = 0; i < s->n; i++)
        if (!s->items[i].over && cut_from(s, i, utterance, c, ms)) {
            for (size_t j = 0; j < i; j++)
                s->items[j].over = true; /* what stood before it was heard */
            return true;
        }
    for (size_t i = s->n; i-- > 0;)
        if (s->items[i].over && c->now - s->items[i].end_ms < SPEECH_RECENT_MS &&
            cut_from(s, i, utterance, c, ms))
            return true;
    return false;
}

/* How much of it must have been spoken by now. */
static size_t by_time(const struct saying *it, int64_t now)
{
    int64_t spoken = now - it->begin_ms - SPEECH_START_MS;
    size_t n = spoken > 0 ? (size_t)(spoken / SPEECH_CHAR_MS) : 0;
    if (n > it->words.len)
        n = it->words.len;
    return n > it->played ? n : it->played;
}

size_t speech_interrupt(struct speech *s, const char *utterance, int64_t ms, int64_t now,
                        speech_cut_fn *cut, void *ctx)
{
    struct cutting c = {cut, ctx, now, 0};
    if (*skip(utterance) && cut_by_words(s, utterance, &c, ms))
        goto out;
    /* no words, or words we do not know: count letters, from where it cannot be over */
    size_t n = letters(utterance);
    for (size_t i = 0; i < s->n; i++) {
        struct saying *it = &s->items[i];
        if (it->over)
            continue;
        size_t have = letters(text(it)), take = n < have ? n : have;
        size_t heard = behind_letters(text(it), take);
        n -= take;
        cut_at(&c, it, heard > it->played ? heard : it->played, now);
    }
out:
    s->speaking = false;
    s->silent_ms = now;
    return c.n;
}

size_t speech_give_up(struct speech *s, int64_t now, speech_cut_fn *cut, void *ctx)
{
    struct cutting c = {cut, ctx, now, 0};
    (void)speech_rest_ms(s, now);
    for (size_t i = 0; i < s->n; i++)
        if (!s->items[i].over)
            cut_at(&c, &s->items[i], s->told ? s->items[i].played : by_time(&s->items[i], now),
                   now);
    s->silent_ms = now;
    return c.n;
}
