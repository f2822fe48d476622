/* What a caller's words or keys mean. Fixed tables of words, one classifier per expectation. The
 * order of the checks is the policy: emergency, a person, then the answer that was asked for. */
#include "core/dialog_words.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "core/dates.h"
#include "core/emergency.h"
#include "core/phone.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define THANKS_WORDS 4     /* so few only thank: "oh sorry my bad" */
#define TELL_WORDS   4     /* so many are a message: "tell Sal it fits" */
#define CALL_WORDS   4     /* so many tell what a callback is about */
#define PERSON_WORDS 3     /* so few words with "someone" in them ask for one */
#define GAP          "..." /* what a recogniser writes for words it does not trust */

#include "core/dialog_lexicon.inc"

void desk_words_plain(char *out, size_t n, const char *text)
{
    size_t w = 0;
    bool gap = false;
    for (const char *s = text ? text : ""; *s && w + 2 < n; s++) {
        unsigned char c = (unsigned char)*s;
        if (isalnum(c) || c >= 0x80) {
            if (gap && w > 0)
                out[w++] = ' ';
            gap = false;
            out[w++] = (char)tolower(c);
        } else if (c != '\'') {
            gap = true;
        }
    }
    out[w] = '\0';
    desk_utf8_trim(out);
}

/* where phrase stands in text as whole words, or NULL */
static const char *find_phrase(const char *text, const char *phrase)
{
    size_t n = strlen(phrase);
    if (n == 0)
        return NULL;
    for (const char *s = strstr(text, phrase); s; s = strstr(s + 1, phrase)) {
        bool begins = s == text || s[-1] == ' ';
        bool ends = s[n] == '\0' || s[n] == ' ';
        if (begins && ends)
            return s;
    }
    return NULL;
}

static const char *find_any(const char *text, const char *const *list)
{
    for (; *list; list++)
        if (find_phrase(text, *list))
            return *list;
    return NULL;
}

/* an entry of the profile, plain; true if text has the whole of it */
static bool has_entry(const char *text, const char *entry)
{
    char plain[DESK_DIALOG_TEXT];
    desk_words_plain(plain, sizeof plain, entry);
    return find_phrase(text, plain) != NULL;
}

/* "Maria Lopez" is also asked for as "Maria" */
static bool has_person(const char *text, const char *entry)
{
    char plain[DESK_DIALOG_TEXT];
    desk_words_plain(plain, sizeof plain, entry);
    if (find_phrase(text, plain))
        return true;
    plain[strcspn(plain, " ")] = '\0';
    return find_phrase(text, plain) != NULL;
}

/* how many distinctive words of entry are in text */
static int shared_words(const char *text, const char *entry)
{
    char plain[DESK_DIALOG_TEXT];
    int hits = 0;
    desk_words_plain(plain, sizeof plain, entry);
    char *rest = plain;
    for (char *w = strsep(&rest, " "); w; w = strsep(&rest, " "))
        if (strlen(w) >= 4 && find_phrase(text, w))
            hits++;
    return hits;
}

static void mean(struct desk_meaning *m, enum desk_token token, const char *value)
{
    m->token = token;
    snprintf(m->value, sizeof m->value, "%s", value ? value : "");
    desk_utf8_trim(m->value);
}

/* Said of now and of here: not denied, past, or of somebody else's house. */
static bool is_meant(const char *phrase, const char *raw)
{
    char plain[DESK_EMERGENCY_PHRASE];
    struct desk_emergency found;
    desk_emergency_plain(plain, sizeof plain, phrase);
    desk_emergency_judge(&found, NULL, &(struct desk_emergency_phrase){plain, DESK_P1}, 1, raw);
    return desk_severity_alerts(found.severity);
}

static bool mean_emergency(const struct desk_dialog_profile *p, const char *text, const char *raw,
                           struct desk_meaning *m)
{
    const char *word = NULL;
    for (size_t i = 0; !word && i < p->n_emergencies; i++)
        if (has_entry(text, p->emergencies[i]))
            word = p->emergencies[i];
    if (!word)
        word = find_any(text, emergency_words);
    if (!word || !is_meant(word, raw))
        return false;
    mean(m, DESK_T_EMERGENCY, word);
    return true;
}

static size_t count_words(const char *text)
{
    size_t n = *text != '\0';
    for (; *text; text++)
        n += *text == ' ';
    return n;
}

/* Where a phrase ends that the text begins with, or NULL. */
static const char *behind_any(const char *text, const char *const *list)
{
    for (; *list; list++)
        if (find_phrase(text, *list) == text)
            return text + strlen(*list);
    return NULL;
}

static bool begins_with_any(const char *text, const char *const *list)
{
    return behind_any(text, list) != NULL;
}

/* Does the text go on with somebody of the house? */
static bool is_of_house(const struct desk_dialog_profile *p, const char *text)
{
    char word[64];
    if (begins_with_any(text, told_people))
        return true;
    snprintf(word, sizeof word, "%.*s", (int)strcspn(text, " "), text);
    for (size_t i = 0; i < p->n_people; i++)
        if (*word && has_person(word, p->people[i]))
            return true;
    return false;
}

/* "tell Sal the part came in": a message, and no wish to talk to him. */
static bool mean_tell(const struct desk_dialog_profile *p, const char *text, struct desk_meaning *m)
{
    bool asked = find_any(text, callback_words) || find_any(text, person_words);
    for (size_t i = 0; p->notes && !asked && tell_leads[i]; i++) {
        const char *at = find_phrase(text, tell_leads[i]);
        if (!at || !is_of_house(p, at + strlen(tell_leads[i]) + 1) || count_words(at) < TELL_WORDS)
            continue;
        mean(m, DESK_T_TELL, m->said);
        return true;
    }
    return false;
}

static bool mean_person(const struct desk_dialog_profile *p, const char *text, bool people,
                        struct desk_meaning *m)
{
    bool hit = find_any(text, person_words) != NULL ||
               (count_words(text) <= PERSON_WORDS && find_any(text, person_hints));
    if (find_any(text, callback_words))
        return false;
    for (size_t i = 0; people && !hit && i < p->n_people; i++)
        hit = has_person(text, p->people[i]);
    if (hit)
        mean(m, DESK_T_PERSON, "");
    return hit;
}

static bool mean_yesno(const char *text, struct desk_meaning *m)
{
    if (find_any(text, no_words)) /* first: "no, that is not right" has "right" in it */
        mean(m, DESK_T_NO, "");
    else if (find_any(text, yes_words))
        mean(m, DESK_T_YES, "");
    else if (find_any(text, fine_words)) {
        mean(m, DESK_T_YES, "");
        m->faint = true;
    }
    return m->token != DESK_T_NONE;
}

/* A service in other words, the whole of them; NULL if none. */
static const char *other_words(const struct desk_dialog_profile *p, const char *text)
{
    for (size_t i = 0; i < p->n_words; i++)
        if (has_entry(text, p->words[i]))
            return p->words[i];
    return NULL;
}

/* The service of the menu that most words are of; else other words for one; NULL if none. */
static const char *listed_service(const struct desk_dialog_profile *p, const char *text)
{
    int best = 0;
    const char *which = NULL;
    for (size_t i = 0; i < p->n_services; i++) {
        int score = shared_words(text, p->services[i]) + 2 * has_entry(text, p->services[i]);
        if (score > best) {
            best = score;
            which = p->services[i];
        }
    }
    return which ? which : other_words(p, text);
}

/* An appointment that there is already, whatever it is for. */
static bool mean_wish(const char *text, struct desk_meaning *m)
{
    if (find_any(text, move_words))
        mean(m, DESK_T_MOVE, m->said);
    else if (find_any(text, cancel_words))
        mean(m, DESK_T_CANCEL, m->said);
    return m->token != DESK_T_NONE;
}

/* A day to come, and no story of one that was. */
static bool names_a_day(const char *raw)
{
    struct desk_when w;
    desk_when_read(&w, raw, false);
    bool past = w.day.which == DESK_WHICH_LAST || (w.day.ref == DESK_DAY_IN_DAYS && w.day.n < 0);
    return w.day.ref != DESK_DAY_NONE && !past;
}

/* When is the appointment that I have? */
static bool mean_status(const char *text, struct desk_meaning *m)
{
    bool mine = find_any(text, mine_words) && find_any(text, when_asks);
    bool coming = find_any(text, coming_words) && find_any(text, when_asks);
    if (find_any(text, status_words) || mine || coming)
        mean(m, DESK_T_STATUS, m->said);
    return m->token != DESK_T_NONE;
}

/* What can be booked, in any of its words: those that were said tell the owner more than its name
 * ("water heater" than "repair"). */
static bool mean_visit(const struct desk_dialog_profile *p, const char *text, const char *raw,
                       struct desk_meaning *m)
{
    const char *name = desk_words_service(p, raw), *words = other_words(p, text);
    if (name)
        mean(m, DESK_T_SERVICE, words ? words : name);
    return name != NULL;
}

/* A question in between, by its words: what the profile may answer, or what we are. */
static bool mean_aside(const struct desk_dialog_profile *p, enum desk_dialog_expect expect,
                       const char *text, struct desk_meaning *m)
{
    bool story = expect == DESK_EXPECT_WORDS || expect == DESK_EXPECT_ADDRESS;
    if (!p->books || (story && !begins_with_any(text, question_leads)))
        return false;
    if (find_any(text, robot_words))
        mean(m, DESK_T_ROBOT, "");
    else if (expect != DESK_EXPECT_ANYTHING && find_any(text, forget_words))
        mean(m, DESK_T_FORGET, "");
    for (size_t i = 0; m->token == DESK_T_NONE && i < sizeof topics / sizeof *topics; i++)
        if (find_phrase(text, topics[i].words) &&
            (begins_with_any(text, question_leads) || topics[i].sure))
            mean(m, DESK_T_ASK, topics[i].topic);
    return m->token != DESK_T_NONE;
}

/* They called another place by mistake. Where work of ours is spoken of they did not. */
static bool mean_wrong(const struct desk_dialog_profile *p, enum desk_dialog_expect expect,
                       const char *text, const char *raw, struct desk_meaning *m)
{
    bool asked = expect == DESK_EXPECT_ANYTHING || expect == DESK_EXPECT_NAME;
    const char *trade = find_any(text, other_trades);
    bool ours = desk_words_service(p, raw) || (trade && has_entry(p->business, trade));
    if (!asked || p->screens)
        return false;
    if (find_any(text, wrong_number_words) || (trade && !ours && find_any(text, wrong_leads)))
        mean(m, DESK_T_WRONG, "");
    return m->token != DESK_T_NONE;
}

/* Enough words for a reason: "no hot water" is all that is wrong, "uh hello there" is nothing. */
static bool is_story(const struct desk_dialog_profile *p, const char *text)
{
    bool trade = p->books && p->asks_problem && !find_any(text, hello_words);
    return count_words(text) >= (trade ? 3 : 4);
}

static void mean_menu(const struct desk_dialog_profile *p, const char *text, const char *raw,
                      struct desk_meaning *m)
{
    if (mean_wish(text, m))
        return;
    m->visit = find_any(text, visit_words) != NULL;
    m->dated = p->books && names_a_day(raw);
    if (p->books && mean_status(text, m))
        return;
    m->callback = find_any(text, callback_words) != NULL;
    if (m->callback && count_words(text) >= CALL_WORDS) {
        mean(m, DESK_T_SERVICE, m->said);
        return;
    }
    if (p->books && mean_visit(p, text, raw, m))
        return;
    if (listed_service(p, text))
        mean(m, DESK_T_SERVICE, listed_service(p, text));
    else if (find_any(text, message_words))
        mean(m, DESK_T_MESSAGE, "");
    else if (find_any(text, hours_words))
        mean(m, DESK_T_HOURS, "");
    else if (find_any(text, bye_words))
        mean(m, DESK_T_BYE, "");
    else if (begins_with_any(text, question_leads) || find_any(text, question_words))
        mean(m, DESK_T_QUESTION, m->said);
    else if (m->visit && count_words(text) < 4)
        mean(m, DESK_T_SERVICE, "an appointment");
    else if (is_story(p, text)) /* a whole sentence is a reason, whatever it says; */
        mean(m, DESK_T_SERVICE, strstr(raw, GAP) ? raw : text); /* its gaps stay gaps */
    else
        (void)mean_yesno(text, m);
}

static void mean_name(const struct desk_dialog_profile *p, const char *plain,
                      struct desk_meaning *m)
{
    char name[64], own[DESK_MAX_TURN_TEXT];
    const char *text = own, *firm = find_phrase(plain, "from"); /* "Bev from Keystone Supply" */
    snprintf(own, sizeof own, "%.*s",
             firm && firm > plain ? (int)(firm - plain - 1) : (int)strlen(plain), plain);
    size_t w = 0;
    if (p->books) { /* there is no other way back from a wrong one than the caller's own */
        if (find_any(text, skip_words))
            mean(m, DESK_T_SKIP, "");
        else if (desk_words_name(text, true, name, sizeof name))
            mean(m, DESK_T_NAME, name);
        return;
    }
    if (find_any(text, skip_words)) {
        mean(m, DESK_T_SKIP, "");
        return;
    }
    for (const char *const *lead = name_lead; *lead; lead++) {
        size_t n = strlen(*lead);
        if (find_phrase(text, *lead) == text && (text[n] == ' ' || text[n] == '\0'))
            text += n + (text[n] == ' ');
    }
    if (*text == '\0' || count_words(text) > 4 || strpbrk(text, "0123456789") ||
        find_phrase(text, "yes") || find_any(text, no_words) || find_any(text, bye_words))
        return;
    for (bool first = true; *text && w + 1 < sizeof name; text++) {
        name[w++] = (char)(first ? toupper((unsigned char)*text) : *text);
        first = *text == ' ';
    }
    name[w] = '\0';
    desk_utf8_trim(name);
    mean(m, DESK_T_NAME, name);
}

static void mean_number(const char *digits, struct desk_meaning *m)
{
    char e164[DESK_PHONE_LEN];
    size_t n = strlen(digits);
    if (n < 7 || n > 15)
        return;
    if (desk_phone_parse(digits, "US", e164) == DESK_PHONE_OK)
        mean(m, DESK_T_NUMBER, e164);
    else if (n == 7) /* no area code: the owner knows it, and the caller confirms what was heard */
        mean(m, DESK_T_NUMBER, digits);
}

static void mean_spoken_number(const char *raw, struct desk_meaning *m)
{
    char e164[DESK_PHONE_LEN], digits[40];
    if (desk_phone_heard(raw, "US", e164) == DESK_PHONE_OK)
        mean(m, DESK_T_NUMBER, e164);
    else if (desk_phone_from_words(raw, digits, sizeof digits) > 0)
        mean_number(digits, m);
}

struct when {
    char text[DESK_DIALOG_TEXT];
    size_t n;
    bool solid; /* holds a day or an hour, not only words that need one */
};

static void when_add(struct when *t, const char *word, size_t len)
{
    if (t->n + len + 2 > sizeof t->text)
        return;
    t->n += (size_t)snprintf(t->text + t->n, sizeof t->text - t->n, "%s%.*s", t->n ? " " : "",
                             (int)len, word);
}

/* Also "mornings": "tomorrow morning's fine". */
static bool is_when(const char *word, const char *s, size_t len)
{
    size_t n = strlen(word);
    return strncmp(s, word, n) == 0 && (n == len || (n + 1 == len && n > 3 && s[n] == 's'));
}

/* Takes the word at s if it tells a time; returns how much of s it was. */
static size_t when_word(struct when *t, const char *s)
{
    size_t len = strcspn(s, " ");
    bool number = isdigit((unsigned char)*s) != 0;
    const char *spoken = NULL;
    if ((strncmp(s, "a m", 3) == 0 || strncmp(s, "p m", 3) == 0) && (s[3] == ' ' || !s[3])) {
        when_add(t, *s == 'a' ? "a.m." : "p.m.", 4);
        return 3;
    }
    for (size_t i = 0; i < sizeof when_table / sizeof *when_table; i++)
        if (is_when(when_table[i].word, s, len)) {
            spoken = when_table[i].spoken;
            t->solid = t->solid || !when_table[i].bare;
        }
    bool leads = t->n == 0 && spoken && strcmp(spoken, "to") == 0; /* "I have to …": no "ten to" */
    if (spoken && !leads)
        when_add(t, spoken, strlen(spoken));
    else if (number)
        when_add(t, s, len);
    t->solid = t->solid || number;
    return len;
}

static void mean_when(const char *text, struct desk_meaning *m)
{
    struct when t = {.n = 0};
    for (const char *s = text; *s; s += *s == ' ')
        s += when_word(&t, s);
    if (find_any(text, asap_words) && !(t.solid && !find_phrase(text, "soon")))
        mean(m, DESK_T_WHEN, "as soon as possible");
    else if (find_phrase(text, "next week"))
        mean(m, DESK_T_WHEN, t.solid ? t.text : "next week");
    else if (t.solid)
        mean(m, DESK_T_WHEN, t.text);
    else if (find_phrase(text, "no") || find_any(text, skip_words))
        mean(m, DESK_T_SKIP, "");
}

bool desk_words_known_place(const char *said)
{
    char text[DESK_MAX_TURN_TEXT];
    desk_words_plain(text, sizeof text, said);
    return !strpbrk(text, "0123456789") && !find_any(text, number_words) &&
           find_any(text, known_place_words);
}

/* As it was said, without what leads to it; only the case of the letters is not looked at. It has a
 * number or a kind of street in it, and no gap: half of an address is none. */
static void mean_address(const char *text, const char *raw, struct desk_meaning *m)
{
    bool number = strpbrk(text, "0123456789") || find_any(text, number_words);
    const char *rest = behind_any(text, address_leads);
    if (find_any(text, skip_words) || find_any(text, unsure_words)) {
        mean(m, DESK_T_SKIP, "");
        return;
    }
    bool answer = find_any(text, no_words) || find_any(text, yes_words); /* "no way" */
    if (count_words(text) < (answer ? 3 : 2) || strstr(raw, GAP) ||
        (!number && !find_any(text, street_words)))
        return;
    size_t lead = rest ? count_words(text) - count_words(rest + (*rest == ' ')) : 0;
    const char *said = m->said;
    for (; lead > 0 && *said; lead--) {
        said += strcspn(said, " ");
        said += strspn(said, " ");
    }
    mean(m, DESK_T_ADDRESS, said);
}

/* Whatever was said. */
static void mean_words(const char *text, struct desk_meaning *m)
{
    bool nothing =
        count_words(text) <= 3 && (find_any(text, bye_words) || find_any(text, repeat_words));
    if (find_any(text, skip_words))
        mean(m, DESK_T_SKIP, "");
    else if (!nothing)
        mean(m, DESK_T_WORDS, m->said);
}

void desk_words_days(const char *sentence, char was[DESK_DIALOG_TEXT], char *when)
{
    char text[DESK_MAX_TURN_TEXT], *to = NULL;
    struct desk_meaning m = {.token = DESK_T_NONE};
    desk_words_plain(text, sizeof text, sentence);
    for (char *s = when ? strstr(text, " to ") : NULL; s; s = strstr(s + 1, " to "))
        to = s; /* the last: "I need to move it from Monday to Friday" */
    if (to)
        mean_when(to, &m);
    if (when)
        snprintf(when, DESK_DIALOG_TEXT, "%s", m.token == DESK_T_WHEN ? m.value : "");
    if (m.token == DESK_T_WHEN)
        *to = '\0';
    mean(&m, DESK_T_NONE, "");
    mean_when(text, &m);
    bool told = m.token == DESK_T_WHEN && strcmp(m.value, "as soon as possible") != 0;
    snprintf(was, DESK_DIALOG_TEXT, "%s", told ? m.value : "");
}

static void mean_change(const char *text, struct desk_meaning *m)
{
    if (find_phrase(text, "address") || find_phrase(text, "street"))
        mean(m, DESK_T_FIX_ADDRESS, "");
    else if (find_phrase(text, "name"))
        mean(m, DESK_T_FIX_NAME, "");
    else if (find_phrase(text, "number") || find_phrase(text, "phone"))
        mean(m, DESK_T_FIX_NUMBER, "");
    else if (find_phrase(text, "time") || find_phrase(text, "day") || find_phrase(text, "date"))
        mean(m, DESK_T_FIX_WHEN, "");
    else
        mean_when(text, m);
}

static void mean_answer(const struct desk_dialog_profile *p, const char *text, const char *raw,
                        bool urgent_asked, struct desk_meaning *m)
{
    mean_spoken_number(raw, m); /* "no, use 415 …" answers both questions */
    if (m->token == DESK_T_NONE && !mean_yesno(text, m) && find_any(text, bye_words))
        mean(m, DESK_T_BYE, "");
    else if (m->token == DESK_T_NONE && !urgent_asked)
        mean_when(text, m);
    else if (m->token == DESK_T_NONE && mean_emergency(p, text, raw, m))
        mean(m, DESK_T_YES, ""); /* "is it happening now?" "The rack is on fire!" */
    if (m->token == DESK_T_NONE && count_words(text) <= THANKS_WORDS &&
        find_any(text, thanks_words))
        mean(m, DESK_T_THANKS, "");
    if (m->token == DESK_T_NONE)
        mean_menu(p, text, raw, m);
}

static void speech(const struct desk_dialog_profile *p, enum desk_dialog_expect expect,
                   const char *raw, bool urgent_asked, struct desk_meaning *m)
{
    char text[DESK_MAX_TURN_TEXT]; /* all of it: what matters may be said last */
    desk_words_plain(text, sizeof text, raw);
    if (*text == '\0')
        return;
    if (!urgent_asked && mean_emergency(p, text, raw, m))
        return;
    bool story = expect == DESK_EXPECT_WORDS || expect == DESK_EXPECT_ADDRESS;
    if (expect == DESK_EXPECT_ANYTHING && mean_tell(p, text, m))
        return;
    if (!(story && count_words(text) > 5) && /* "somebody broke the pipe" */
        mean_person(p, text, expect == DESK_EXPECT_ANYTHING, m))
        return;
    if (!urgent_asked && (mean_wrong(p, expect, text, raw, m) || mean_aside(p, expect, text, m)))
        return;
    switch (expect) {
    case DESK_EXPECT_YESNO:
        mean_answer(p, text, raw, urgent_asked, m);
        break;
    case DESK_EXPECT_NAME:
        mean_name(p, text, m);
        break;
    case DESK_EXPECT_NUMBER:
        mean_spoken_number(raw, m);
        break;
    case DESK_EXPECT_WHEN:
        mean_when(text, m);
        break;
    case DESK_EXPECT_CHANGE:
        mean_change(text, m);
        break;
    case DESK_EXPECT_ADDRESS:
        mean_address(text, raw, m);
        break;
    case DESK_EXPECT_WORDS:
        mean_words(text, m);
        break;
    case DESK_EXPECT_ANYTHING:
    case DESK_EXPECT_NOTHING:
    case DESK_EXPECT__MAX:
        mean_menu(p, text, raw, m);
        break;
    }
    if (m->token == DESK_T_NONE && find_any(text, repeat_words))
        mean(m, DESK_T_REPEAT, "");
    else if (m->token == DESK_T_NONE && find_any(text, bye_words)) /* whatever was asked */
        mean(m, DESK_T_BYE, "");
}

/* One key per meaning and expectation; 0 and * mean the same everywhere and are not listed. */
static const struct {
    enum desk_dialog_expect expect;
    char key;
    enum desk_token token;
    const char *value;
} key_table[] = {
    {DESK_EXPECT_YESNO, '1', DESK_T_YES, ""},
    {DESK_EXPECT_YESNO, '2', DESK_T_NO, ""},
    {DESK_EXPECT_ANYTHING, '9', DESK_T_MESSAGE, ""},
    {DESK_EXPECT_WHEN, '1', DESK_T_WHEN, "as soon as possible"},
    {DESK_EXPECT_WHEN, '2', DESK_T_WHEN, "today"},
    {DESK_EXPECT_WHEN, '3', DESK_T_WHEN, "tomorrow"},
    {DESK_EXPECT_CHANGE, '1', DESK_T_FIX_NAME, ""},
    {DESK_EXPECT_CHANGE, '2', DESK_T_FIX_NUMBER, ""},
    {DESK_EXPECT_CHANGE, '3', DESK_T_FIX_WHEN, ""},
    {DESK_EXPECT_CHANGE, '4', DESK_T_FIX_ADDRESS, ""},
};

/* The service a key stands for in the menu, or NULL. */
static const char *menu_service(const struct desk_dialog_profile *p, char key)
{
    size_t i = (size_t)(key - '1');
    return key >= '1' && i < DESK_MENU_SERVICES && i < p->n_services ? p->services[i] : NULL;
}

static bool takes_any_key(enum desk_dialog_expect e)
{
    return e == DESK_EXPECT_NAME || e == DESK_EXPECT_WORDS || e == DESK_EXPECT_ADDRESS;
}

static void keys(const struct desk_dialog_profile *p, enum desk_dialog_expect expect,
                 const char *text, struct desk_meaning *m)
{
    char digits[40];
    size_t n = 0;
    for (const char *s = text; *s && n + 1 < sizeof digits; s++)
        if (isdigit((unsigned char)*s))
            digits[n++] = *s;
    digits[n] = '\0';
    if (strchr(text, '*') && n == 0) {
        mean(m, DESK_T_REPEAT, "");
        return;
    }
    if (n >= 7) {
        mean_number(digits, m);
        return;
    }
    if (expect == DESK_EXPECT_ADDRESS && n == 5) {
        m->token = DESK_T_ADDRESS;
        snprintf(m->value, sizeof m->value, "ZIP code %s", digits);
        return;
    }
    if (n == 0 || (n > 1 && (expect == DESK_EXPECT_NUMBER || expect == DESK_EXPECT_ADDRESS)))
        return;
    char key = digits[n - 1]; /* an impatient caller presses twice: the last one counts */
    if (key == '0') {
        mean(m, DESK_T_PERSON, "");
    } else if (takes_any_key(expect)) {
        mean(m, DESK_T_SKIP, "");
    } else if (expect == DESK_EXPECT_ANYTHING && menu_service(p, key)) {
        mean(m, DESK_T_SERVICE, menu_service(p, key));
    } else {
        for (size_t i = 0; i < sizeof key_table / sizeof *key_table; i++)
            if (key_table[i].expect == expect && key_table[i].key == key)
                mean(m, key_table[i].token, key_table[i].value);
    }
}

/* On one line, whole letters. */
static void keep_said(struct desk_meaning *m, const char *text)
{
    text += strspn(text, " \t\r\n");
    snprintf(m->said, sizeof m->said, "%s", text);
    size_t n = desk_utf8_trim(m->said);
    while (n > 0 && strchr(" .,!", m->said[n - 1]))
        m->said[--n] = '\0';
    for (char *p = m->said; *p; p++)
        if ((unsigned char)*p < ' ')
            *p = ' ';
}

void desk_words_meaning(const struct desk_dialog_profile *p, enum desk_dialog_expect expect,
                        const struct desk_dialog_input *in, bool urgent_asked,
                        struct desk_meaning *m)
{
    mean(m, DESK_T_NONE, "");
    m->visit = m->callback = m->dated = m->faint = false;
    m->said[0] = '\0';
    if (in->event == DESK_DIALOG_SPEECH && in->text)
        keep_said(m, in->text);
    if (in->event == DESK_DIALOG_SPEECH)
        speech(p, expect, in->text, urgent_asked, m);
    else if (in->event == DESK_DIALOG_DIGITS)
        keys(p, expect, in->text ? in->text : "", m);
}
