#include "core/guard.h"

#include "core/phone.h"
#include "core/words.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define NEAR     5  /* words between a verb and what it is done to */
#define SHORT    12 /* words of one who insists */

/* ---- orders ---------------------------------------------------------------------------------- */

/* First something is done, and a few words on it is done to what she goes by. */
static const struct {
    const char *verb, *object;
} orders[] = {
    {"ignore|disregard|forget|override|bypass|break|drop|reset|disobey",
     "instruction*|rules|prompt*|programming|guidelines|training|restrictions|safeguards|policies"},
    {"print|repeat|recite|reveal|show|read|output|dump|tell", "prompt|prompts"},
    {"print|repeat|recite|reveal|show|output|dump", "instructions|rules|configuration|settings"},
    {"say|speak|write|print", "curly|brace|bracket|brackets|braces"},
};

static const char *const order_phrases[] = {
    "system prompt",
    "hidden prompt",
    "initial prompt",
    "developer mode",
    "dev mode",
    "debug mode",
    "admin mode",
    "god mode",
    "maintenance mode",
    "you are now in",
    "you are now a",
    "you are now an",
    "pretend you are",
    "pretend to be",
    "jailbreak",
    "system administrator",
    "root access",
    "new instructions",
    "previous instructions",
    "prior instructions",
    "your instructions",
    "your programming",
    "override code",
    "simulate a transfer",
};

/* ---- what is private ------------------------------------------------------------------------- */

/* A datum of somebody of the house; the words before it say whose. */
static const char *const data[] = {
    "cell|mobile|private|personal|home|direct number|phone|cell|line|address",
    "cell|mobile",
    "home address",
    "phone number",
    "number|address",
};
static const char own[] = "my|our|this|same|a|an|your|you|i|we|at|on|it";
static const char others[] = "his|her|their|hers|theirs|owner|owners|technician|technicians|boss|"
                             "doctor|doctors|guy|guys|plumber|plumbers|worker|workers|employee|"
                             "employees|neighbor|neighbors|patient|patients|client|clients|s";
static const char wants[] = "give|tell|need|want|get|have|what|share|send|read|look";

/* Whether and when somebody is there. */
static const char *const presence[] = {
    "is he|she home|in|there|back|free|away",
    "when is|will he|she|be home|back|free|in",
    "when he|she is|gets home|back|free",
    "where is he|she|they",
    "where does he|she live",
    "where he|she lives",
    "is anybody|anyone|somebody|someone home",
    "when they|he|she come|comes home|back",
};

/* Another one's visit. */
static const char *const visits[] = {
    "his|her|their|s|hers|friends|neighbors appointment|appointments|visit|visits|booking|appt",
    "appointment|visit|booking|appt of|for|is mister|mrs|ms|miss|my",
    "she|he having done",
    "is she|he having|getting|seeing|coming|scheduled|booked|in for",
    "does she|he come|have|see|go",
    "she|he come|comes|coming in",
    "come|coming|comes in next",
};
static const char *const asks[] = {"what time",    "what day",    "which day", "when",
                                   "what",         "the time",    "is it at",  "tell me",
                                   "can you tell", "do you have", "look up",   "check"};
/* Of their own family callers may ask; who they are is found out by their number. */
static const char family[] = "son|daughter|kid|kids|child|children|wife|husband|mother|father|mom|"
                             "dad|baby|boy|girl|twins|sons|daughters|wifes|husbands|myself|mine";

static const char *const insisting[] = {
    "tell me",   "is it",    "at least", "come on", "just the", "just her",  "just his",
    "number",    "the time", "the day",  "which",   "when",     "her|his _", "their _",
    "i promise", "it is ok", "trust me", "why not", "please",   "his|her",   "transfer",
    "put me",    "connect",  "print",    "say",     "mode",     "what is",
};

/* ---- looking --------------------------------------------------------------------------------- */

static bool has(const struct desk_words *ws, const char *pattern)
{
    return desk_words_find(ws, 0, pattern, NULL) < ws->n;
}

static bool has_any(const struct desk_words *ws, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (has(ws, list[i]))
            return true;
    return false;
}

static bool near(const struct desk_words *ws, const char *verb, const char *object)
{
    for (size_t i = desk_words_find(ws, 0, verb, NULL); i < ws->n;
         i = desk_words_find(ws, i + 1, verb, NULL)) {
        size_t k = desk_words_find(ws, i + 1, object, NULL);
        if (k < ws->n && k - i <= NEAR)
            return true;
    }
    return false;
}

static bool gives_orders(const struct desk_words *ws)
{
    for (size_t i = 0; i < COUNT(orders); i++)
        if (near(ws, orders[i].verb, orders[i].object))
            return true;
    return has_any(ws, order_phrases, COUNT(order_phrases));
}

/* Is the datum at word i that of another, and not one's own? */
static bool of_another(const struct desk_words *ws, size_t i, bool wanted)
{
    if (i > 0 && desk_words_match(ws, i - 1, own))
        return false;
    for (size_t k = i > 3 ? i - 3 : 0; k < i; k++)
        if (desk_words_match(ws, k, others))
            return true;
    for (size_t k = i > 4 ? i - 4 : 0; k < i; k++) /* "give me Mike's cell" */
        if (desk_words_match(ws, k, "give|send|tell|get|share me|us") &&
            desk_words_match(ws, i, "cell|mobile|private|personal|home"))
            return true;
    for (size_t k = i + 1; k < ws->n && k <= i + 5; k++) /* "the address of the technician" */
        if (wanted && desk_words_match(ws, k - 1, "of|for") && desk_words_match(ws, k + 1, others))
            return true;
    return false;
}

static bool wants_data(const struct desk_words *ws, const char *text)
{
    char e164[DESK_PHONE_LEN];
    bool wanted = has(ws, wants);
    if (desk_phone_heard(text, "US", e164) == DESK_PHONE_OK) /* they tell one themselves */
        return false;
    for (size_t d = 0; d < COUNT(data); d++)
        for (size_t i = desk_words_find(ws, 0, data[d], NULL); i < ws->n;
             i = desk_words_find(ws, i + 1, data[d], NULL))
            if (of_another(ws, i, wanted) && (wanted || i <= 3))
                return true;
    return false;
}

/* "when does Nora Blake come in": of somebody by name, and not of who works there. */
static bool comes_by_name(const struct desk_words *ws)
{
    static const char *const lines[] = {"does _ _ come|have|see|go",
                                        "is _ _ coming|scheduled|booked|seeing"};
    static const char house[] = "the|a|an|your|our|my|you|it|this|that|any|someone|somebody|doctor|"
                                "dr|anybody|anyone";
    for (size_t i = 0; i < COUNT(lines); i++) {
        size_t at = desk_words_find(ws, 0, lines[i], NULL);
        if (at < ws->n && !desk_words_match(ws, at + 1, house))
            return true;
    }
    return false;
}

static bool asks_for_visit(const struct desk_words *ws)
{
    bool about = has_any(ws, visits, COUNT(visits)) || comes_by_name(ws);
    return about && has_any(ws, asks, COUNT(asks)) && !has(ws, family) &&
           !has(ws, "my appointment|visit|appt|booking");
}

enum desk_guard_kind desk_guard_judge(const char *text)
{
    struct desk_words ws;
    desk_words_read(&ws, text);
    if (gives_orders(&ws))
        return DESK_GUARD_ORDERS;
    if (has_any(&ws, presence, COUNT(presence)) || wants_data(&ws, text ? text : "") ||
        asks_for_visit(&ws))
        return DESK_GUARD_PRIVATE;
    return DESK_GUARD_NOTHING;
}

enum desk_guard_kind desk_guard_again(const char *text)
{
    struct desk_words ws;
    enum desk_guard_kind kind = desk_guard_judge(text);
    desk_words_read(&ws, text);
    if (kind == DESK_GUARD_NOTHING && ws.n > 0 && ws.n <= SHORT &&
        has_any(&ws, insisting, COUNT(insisting)))
        kind = DESK_GUARD_PRIVATE;
    return kind;
}
