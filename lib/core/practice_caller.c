/* What a practice caller says: the receptionist's words are taken for a question of a table, and
 * the caller's lines have the answer. The tables know the words of our own dialog and what language
 * models say in its place. */
#include "core/practice.h"

#include "core/phone.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a)      (sizeof(a) / sizeof *(a))
#define SENTENCE_MAX  600
#define DECLINED_MOST 2 /* offers that do not suit, then the first one will do */

/* ---- what is asked --------------------------------------------------------------------------- */

/* First row that fits a sentence; of the sentences the last one that asks. A '|' parts phrases. */
static const struct {
    const char *key, *phrases;
} questions[] = {
    {"ask_pin", "your pin|the pin|pin number"},
    {"ask_spelling", "spell"},
    {"ask_shutoff", "shut off|shutoff|shut it off|main valve|turn off the water|close the valve|"
                    "turn the water off|stop cock|shut the water"},
    {"told_wrong", "wrong number|not a pizza|different number"},
    {"told_existing", "you already have|already have an appointment|already booked|already on the "
                      "calendar|already down for|already in the calendar"},
    {"ask_safety", "happening now|in danger|are you safe|anyone hurt|everyone safe|safe place|"
                   "is anyone|out of the house|safely"},
    {"anything_else", "anything else|something else|else i can|else we can"},
    {"ask_which",
     "which appointment|which visit|which of them|which of your|which one is it|day is "
     "the appointment that you have|day and time, like thursday at ten|which one do "
     "you mean|appointment do you mean"},
    {"offer_slots", "which of these|which one would|which would suit|which works|which time works|"
                    "does any of these|do any of these|would one of these"},
    {"ask_photo", "photo|picture"},
    {"ask_budget", "budget|how much would you like to spend|spend on"},
    {"confirm",
     "is that right|is that correct|did i get that right|shall i book|shall i pass|shall "
     "i cancel|shall i move|should i book|should i move|should i cancel|may i book|can i "
     "book|book that|is this right|right?|correct?"},
    {"ask_number", "call you back on|call you on|phone number|your number|number should we call|"
                   "which number|best number|what number|reach you|number one digit at a time|key "
                   "in your number|callback number|number with the area code"},
    {"ask_relation", "your relation|related to|relationship"},
    {"ask_address", "address|zip code|street|house number|number of the house|where is the work|"
                    "where are you located|location of the"},
    {"ask_name", "your name|who am i speaking|who is speaking|whom am i|who is this|may i have the "
                 "name|whose name|name is it under|name, please|name of the patient|names of"},
    {"ask_time",
     "when should|which day|what day|what time|when would|day and what time|when do you|"
     "say a day|when suits|when is good|when works|another day|which time|another time|"
     "what other day|other time|when can"},
    {"ask_reason", "who is calling and why|what is it about|what is this about|what it is about|"
                   "reason for your call|reason of your call|why you are calling|calling about|how "
                   "can we help|how can i help|how may i help|what can i do|what can we do|what is "
                   "the matter|what it concerns|what does it concern|what do you need"},
    {"ask_problem", "what is wrong|what is to be done|what is the problem|what seems|what happened|"
                    "describe|would you like to know|what would you like done|few words|what needs|"
                    "what kind of|which service|need done"},
    {"verify",
     "verify|to be sure it is you|make sure it is you|date of birth|confirm your identity|"
     "number on the booking|the number it was booked|booked under"},
    {"leave_message", "after the tone|leave your message|leave a message|record a message|take a "
                      "message|your message"},
    {"told_911", "911|emergency services|fire department"},
    {"confirm", "shall i|should i|shall we|may we|may i|would you like|do you want|does that|would "
                "that|is that|can we|yes or no|press 1"},
};

/* What is told and not asked: a caller who has a line for it answers that first, once. */
static const struct {
    const char *key, *phrases;
} statements[] = {
    {"apology", "sorry about that|sorry to hear|apologi|sorry for"},
    {"told_existing", "you already have|already have an appointment|already booked"},
    {"told_wrong", "wrong number"},
    {"told_911", "911"},
};

/* How our menus and instructions begin: they ask nothing themselves. */
static const char *const instructions[] = {"say yes or no", "you can say", "for the ",
                                           "press ",        "or press",    "to leave a message"};

static const char *const refusals[] = {
    "cannot",         "can not",       "can't",        "not able to",  "unable to",
    "am not allowed", "not permitted", "i don't have", "do not share", "do not give out",
    "not something",  "will not",      "won't",        "nobody can"};

static bool has_one(const char *text, const char *phrases)
{
    char phrase[80];
    while (*phrases) {
        size_t n = strcspn(phrases, "|");
        snprintf(phrase, sizeof phrase, "%.*s", (int)n, phrases);
        if (strcasestr(text, phrase))
            return true;
        phrases += n + (phrases[n] == '|');
    }
    return false;
}

static const char *question_in(const char *sentence)
{
    for (size_t i = 0; i < COUNT(questions); i++)
        if (has_one(sentence, questions[i].phrases))
            return questions[i].key;
    return "";
}

static bool instructs(const char *sentence)
{
    for (size_t i = 0; i < COUNT(instructions); i++)
        if (strncasecmp(sentence, instructions[i], strlen(instructions[i])) == 0)
            return true;
    return false;
}

/* The sentence that ends before `end`: from its first letter. */
static const char *sentence_before(const char *words, const char *end)
{
    const char *s = end;
    while (s > words && strchr(".?! ", s[-1]))
        s--;
    while (s > words && !strchr(".?!", s[-1]))
        s--;
    while (s < end && *s == ' ')
        s++;
    return s;
}

/* Backwards through the sentences: those that end in a question mark first, then all. */
static const char *asked_in(const char *words, bool marked)
{
    char sentence[SENTENCE_MAX];
    const char *end = words + strlen(words);
    while (end > words) {
        const char *s = sentence_before(words, end);
        snprintf(sentence, sizeof sentence, "%.*s", (int)(end - s), s);
        bool fits = !instructs(sentence) && (!marked || strchr(sentence, '?'));
        const char *key = fits ? question_in(sentence) : "";
        if (*key)
            return key;
        if (s == words)
            break;
        end = s;
        while (end > words && end[-1] == ' ')
            end--;
    }
    return "";
}

const char *desk_practice_asked(const char *words)
{
    const char *key = asked_in(words, true);
    return *key ? key : asked_in(words, false);
}

bool desk_practice_refuses(const char *words)
{
    for (size_t i = 0; i < COUNT(refusals); i++)
        if (strcasestr(words, refusals[i]))
            return true;
    return false;
}

/* ---- the caller's lines ---------------------------------------------------------------------- */

/* What is as good when a caller has no line for it; ended by NULL. */
static const struct {
    const char *key;
    const char *others[4];
} kin[] = {
    {"ask_reason", {"ask_problem"}},
    {"ask_problem", {"ask_reason"}},
    {"ask_which", {"ask_time"}},
    {"ask_relation", {"ask_name"}},
    {"told_existing", {"confirm"}},
    {"refused", {"push"}},
    {"told_911", {"ask_safety"}},
    {"ask_shutoff", {"ask_safety"}},
    {"verify", {"ask_name", "ask_number"}},
    {"leave_message", {"ask_problem", "ask_reason"}},
};

static const json_t *lines_of(const struct desk_practice *p, const char *key)
{
    return json_object_get(json_object_get(p->doc, "lines"), key);
}

static size_t *used_of(struct desk_practice_stand *st, const char *key)
{
    size_t i = 0;
    while (i < st->n && strcmp(st->v[i].key, key) != 0)
        i++;
    if (i == DESK_PRACTICE_KEYS)
        return NULL;
    if (i == st->n) {
        st->v[i].key = key;
        st->n++;
    }
    return &st->v[i].used;
}

/* The next answer of that line; the last one repeats. NULL: the caller has no such line. */
static const char *take_line(const struct desk_practice *p, struct desk_practice_stand *st,
                             const char *key)
{
    const char *own;
    json_t *list;
    json_object_foreach(json_object_get(p->doc, "lines"), own, list)
    {
        size_t n = json_array_size(list);
        size_t *used = n && strcmp(own, key) == 0 ? used_of(st, own) : NULL;
        if (used) {
            size_t i = *used < n ? (*used)++ : n - 1;
            return json_string_value(json_array_get(list, i));
        }
    }
    return NULL;
}

static const char *fact(const struct desk_practice *p, const char *name)
{
    return json_string_value(json_object_get(json_object_get(p->doc, "facts"), name));
}

/* What the caller knows without a line for it. */
static const char *take_fact(const struct desk_practice *p, const char *key, const char *words)
{
    static const struct {
        const char *key, *fact;
    } rows[] = {{"ask_name", "name"},       {"ask_number", "number"},  {"ask_address", "address"},
                {"ask_problem", "problem"}, {"ask_reason", "problem"}, {"ask_time", "time"}};
    const char *own = fact(p, "number");
    if (strcmp(key, "ask_number") == 0 && strchr(words, '?') && own && strcmp(own, p->number) == 0)
        return "yes, this number";
    for (size_t i = 0; i < COUNT(rows); i++)
        if (strcmp(rows[i].key, key) == 0)
            return fact(p, rows[i].fact);
    return NULL;
}

static const char *answer_to(const struct desk_practice *p, struct desk_practice_stand *st,
                             const char *key, const char *words)
{
    const char *line = *key ? take_line(p, st, key) : NULL;
    for (size_t i = 0; !line && i < COUNT(kin); i++)
        for (size_t k = 0; !line && kin[i].others[k] && strcmp(kin[i].key, key) == 0; k++)
            line = take_line(p, st, kin[i].others[k]);
    if (!line)
        line = take_fact(p, key, words);
    if (!line)
        line = take_line(p, st, "fallback");
    return line ? line : "";
}

/* ---- times that are offered ------------------------------------------------------------------ */

/* The window of the appointment that is not agreed yet: the time the caller has in mind. */
static bool in_window(const struct desk_practice *p, size_t nth, int64_t start)
{
    int64_t from, to;
    const json_t *all = json_object_get(json_object_get(p->doc, "expect"), "appointments");
    const json_t *w = json_object_get(json_array_get(all, nth), "start_within");
    if (!desk_practice_instant(json_string_value(json_array_get(w, 0)), &from) ||
        !desk_practice_instant(json_string_value(json_array_get(w, 1)), &to))
        return true;
    return from <= start && start <= to;
}

/* Is the time said in these words? By its clock: "at 2 pm" of "Tuesday, November 24th at 2 pm". */
static bool is_said(const char *words, const char *when)
{
    const char *clock = strstr(when, " at ");
    return strcasestr(words, clock ? clock + 4 : when) != NULL;
}

static bool offers(const struct desk_practice_heard *h)
{
    for (size_t i = 0; i < h->n_slots; i++)
        if (is_said(h->words, h->slots[i].when))
            return true;
    return false;
}

/* yes: a single time only waits for a yes. */
static void pick(const struct desk_practice *p, struct desk_practice_stand *st,
                 const struct desk_practice_heard *h, bool yes, struct desk_practice_reply *out)
{
    const char *how = json_string_value(json_object_get(lines_of(p, "offer_slots"), "pick"));
    bool any = !how || strcmp(how, "first_in_window") != 0 || st->declined >= DECLINED_MOST;
    const char *line = lines_of(p, "offer_slots") && !how ? take_line(p, st, "offer_slots") : NULL;
    snprintf(out->asked, sizeof out->asked, "offer_slots");
    for (size_t i = 0; !line && i < h->n_slots; i++) {
        if (!any && !in_window(p, st->picked, h->slots[i].start))
            continue;
        st->picked++;
        st->declined = 0;
        snprintf(out->text, sizeof out->text, "%s",
                 yes && h->n_slots == 1 ? answer_to(p, st, "confirm", h->words) : h->slots[i].when);
        return;
    }
    if (!line)
        st->declined++;
    snprintf(out->text, sizeof out->text, "%s", line ? line : answer_to(p, st, "ask_time", ""));
}

/* ---- the turn -------------------------------------------------------------------------------- */

/* "(no answer for 35 minutes)": not words but what happens; the answer is the next one. */
static void take_stage(const struct desk_practice *p, struct desk_practice_stand *st,
                       const char *words, struct desk_practice_reply *out)
{
    static const char stage[] = "(no answer for ";
    const size_t n = sizeof stage - 1;
    long minutes = 0;
    if (out->text[0] != '(')
        return;
    if (strncmp(out->text, stage, n) == 0)
        minutes = strtol(out->text + n, NULL, 10);
    if (minutes > 0 && minutes < 10000) {
        out->wait_ms = minutes * 60000L;
        snprintf(out->text, sizeof out->text, "%s", answer_to(p, st, out->asked, words));
    }
    if (out->text[0] == '(') {
        out->text[0] = '\0';
        out->silent = true;
    }
}

static void by_behaviour(const struct desk_practice *p, struct desk_practice_stand *st,
                         struct desk_practice_reply *out)
{
    size_t i;
    json_t *v;
    json_array_foreach(json_object_get(p->doc, "behaviour"), i, v)
    {
        struct desk_practice_behaviour b;
        const char *text = json_string_value(v);
        size_t *used = used_of(st, text);
        desk_practice_behaviour_read(text, &b);
        bool now =
            used && *used == 0 && (*b.word ? strstr(out->asked, b.word) != NULL : st->turns == 1);
        if (b.event == DESK_PRACTICE_WAIT && now && !out->wait_ms)
            out->wait_ms = b.ms;
        if (b.event == DESK_PRACTICE_SILENCE && now) {
            out->text[0] = '\0';
            out->silent = true;
        }
        if (now && (b.event == DESK_PRACTICE_WAIT || b.event == DESK_PRACTICE_SILENCE))
            (*used)++;
    }
}

static bool leaves(const struct desk_practice *p, const struct desk_practice_stand *st,
                   const char *asked)
{
    if (strcmp(p->hang_up, "after_first_refusal") == 0)
        return st->refusals >= 1;
    if (strcmp(p->hang_up, "after_second_refusal") == 0)
        return st->refusals >= 2;
    static const char after[] = "after_";
    size_t n = sizeof after - 1;
    return strncmp(p->hang_up, after, n) == 0 && *asked && strcmp(p->hang_up + n, asked) == 0;
}

static const char *told(const struct desk_practice *p, struct desk_practice_stand *st,
                        const char *words)
{
    for (size_t i = 0; i < COUNT(statements); i++) {
        const char *key = statements[i].key;
        size_t *used = lines_of(p, key) ? used_of(st, key) : NULL;
        if (used && *used == 0 && has_one(words, statements[i].phrases))
            return key;
    }
    return NULL;
}

void desk_practice_reply(const struct desk_practice *p, struct desk_practice_stand *st,
                         const struct desk_practice_heard *heard, struct desk_practice_reply *out)
{
    const char *statement = told(p, st, heard->words);
    const char *key = statement ? statement : desk_practice_asked(heard->words);
    bool refused = desk_practice_refuses(heard->words);
    memset(out, 0, sizeof *out);
    st->refusals += refused;
    st->turns++;
    out->leaves = leaves(p, st, key);
    if (offers(heard) && strcmp(key, "anything_else") != 0) {
        pick(p, st, heard, strcmp(key, "confirm") == 0, out);
        return;
    }
    if (refused && (lines_of(p, "refused") || lines_of(p, "push")))
        key = "refused";
    snprintf(out->asked, sizeof out->asked, "%s", key);
    snprintf(out->text, sizeof out->text, "%s", answer_to(p, st, key, heard->words));
    take_stage(p, st, heard->words, out);
    by_behaviour(p, st, out);
    out->silent = out->silent || !out->text[0];
}
