#include "core/machine.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MOST  2000
#define SAME_PARTS 5 /* one word in five may be another: recognisers differ */

/* A machine's words by kind, as plain() writes them. */
static const struct {
    const char *kind, *any[6];
} phrases[] = {
    {"a message is asked for",
     {" leave a message", " leave your message", " leave us a message", " leave your name",
      " record your message"}},
    {"a tone is announced",
     {" after the tone", " after the beep", " at the tone", " at the beep", " after the signal"}},
    {"it says where one is", {" you have reached ", " youve reached ", " you reached the "}},
    {"nobody is there",
     {" not available", " unable to take your call", " cannot take your call",
      " cant take your call", " come to the phone", " cannot come to the phone"}},
    {"a mailbox", {" mailbox ", " voicemail of ", " voice mail of "}},
    {"a key is asked for",
     {" press one ", " press 1 ", " press two ", " press 2 ", " press pound", " press zero "}},
    {"a queue",
     {" your call is important", " please hold", " continue to hold", " stay on the line",
      " the next available"}},
    {"a notice of recording", {" may be recorded", " will be recorded", " may be monitored"}},
    {"a menu of languages", {" to continue in english", " for english", " para espa"}},
    {"it says that it is one",
     {" this is an automated", " automated message", " this is a recorded"}},
};
#define PHRASES (sizeof phrases / sizeof *phrases)

/* Letters and figures, small, one space before and behind each word. */
static size_t plain(char out[TEXT_MOST], const char *words)
{
    size_t n = 0;
    out[n++] = ' ';
    for (; *words && n + 2 < TEXT_MOST; words++) {
        unsigned char c = (unsigned char)*words;
        if (c == '\'' || c == 0xe2 || c == 0x80 || c == 0x99) /* it's, it’s */
            continue;
        if (c >= 'A' && c <= 'Z')
            c = (unsigned char)(c | 0x20);
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c > 0x7f;
        if (word)
            out[n++] = (char)c;
        else if (out[n - 1] != ' ')
            out[n++] = ' ';
    }
    if (out[n - 1] != ' ')
        out[n++] = ' ';
    out[n] = '\0';
    return n;
}

static uint32_t kinds_in(const char *text)
{
    uint32_t kinds = 0;
    for (size_t i = 0; i < PHRASES; i++)
        for (size_t k = 0; k < 6 && phrases[i].any[k]; k++)
            if (strstr(text, phrases[i].any[k]))
                kinds |= UINT32_C(1) << i;
    return kinds;
}

static unsigned count_bits(uint32_t v)
{
    unsigned n = 0;
    for (; v; v &= v - 1)
        n++;
    return n;
}

static size_t hash_words(const char *text, uint32_t out[DESK_MACHINE_WORDS])
{
    size_t n = 0;
    for (const char *p = text + 1; *p && n < DESK_MACHINE_WORDS; p++) {
        uint32_t h = 2166136261u;
        for (; *p && *p != ' '; p++)
            h = (h ^ (unsigned char)*p) * 16777619u;
        out[n++] = h;
    }
    return n;
}

/* How many of a are in b, each used once. */
static size_t shared(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b)
{
    bool used[DESK_MACHINE_WORDS] = {false};
    size_t n = 0;
    for (size_t i = 0; i < n_a; i++)
        for (size_t k = 0; k < n_b; k++)
            if (!used[k] && a[i] == b[k]) {
                used[k] = true;
                n++;
                break;
            }
    return n;
}

/* Was it said before? If not, it is remembered in the place of the oldest. */
static bool said_before(struct desk_machine *m, const uint32_t *words, size_t n)
{
    for (size_t i = 0; i < m->n_said; i++) {
        size_t longer = m->said[i].n > n ? m->said[i].n : n;
        size_t same = shared(words, n, m->said[i].word, m->said[i].n);
        if ((longer - same) * SAME_PARTS <= longer)
            return true;
    }
    memcpy(m->said[m->next].word, words, n * sizeof *words);
    m->said[m->next].n = n;
    m->next = (m->next + 1) % DESK_MACHINE_SAID;
    if (m->n_said < DESK_MACHINE_SAID)
        m->n_said++;
    return false;
}

static void count(struct desk_machine *m, const char *text)
{
    uint32_t words[DESK_MACHINE_WORDS], kinds = kinds_in(text);
    size_t n = hash_words(text, words);
    bool before = said_before(m, words, n), brief = n < DESK_MACHINE_SHORT;
    m->sayings++;
    m->kinds |= kinds;
    m->person = m->person || (!kinds && !before);
    if (!before)
        m->run = 0;
    else if (!brief)
        m->run++;
}

const char *desk_machine_heard(struct desk_machine *m, const struct desk_machine_rules *r,
                               const char *words, char *because, size_t n)
{
    char text[TEXT_MOST];
    if (m->spared || plain(text, words) < 2)
        return NULL;
    count(m, text);
    unsigned kinds = count_bits(m->kinds);
    /* one saying may be somebody's who tells what they heard; a machine goes on */
    if (r->words && m->sayings > 1 && !m->person && kinds >= r->words) {
        snprintf(because, n,
                 "Only what answering machines say was heard (%u kinds of it): a machine. The call "
                 "was ended.",
                 kinds);
        return "machine_words";
    }
    if (r->repeats && m->run >= r->repeats) {
        snprintf(
            because, n,
            "What was said came again word for word %u times in a row, whatever was answered: a "
            "machine. The call was ended.",
            m->run);
        return "machine_repeats";
    }
    return NULL;
}
