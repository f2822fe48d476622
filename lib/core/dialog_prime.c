/* From a talk that broke to the slots of the dialog. See dialog.h: desk_dialog_prime(). */
#include "core/dialog_step.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "core/phone.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is empty leaves what is known. */
static void keep_known(char *slot, size_t n, const char *text)
{
    if (text && *text)
        snprintf(slot, n, "%s", text);
    desk_utf8_trim(slot);
}
#define KNOWN(slot, text) keep_known((slot), sizeof(slot), (text))

/* whole words of plain text */
static bool has(const char *text, const char *phrase)
{
    size_t n = strlen(phrase);
    for (const char *s = strstr(text, phrase); s; s = strstr(s + 1, phrase))
        if ((s == text || s[-1] == ' ') && (s[n] == '\0' || s[n] == ' '))
            return true;
    return false;
}

static bool has_any(const char *text, const char *const *list)
{
    for (; *list; list++)
        if (has(text, *list))
            return true;
    return false;
}

/* ---- what was asked -------------------------------------------------------------------------- */

/* Words of a question, and what its answer is. First row that fits. */
static const struct {
    const char *words;
    enum desk_dialog_expect expect;
} questions[] = {
    {"your name", DESK_EXPECT_NAME},
    {"who is calling", DESK_EXPECT_NAME},
    {"whos calling", DESK_EXPECT_NAME},
    {"am i speaking", DESK_EXPECT_NAME},
    {"spell", DESK_EXPECT_NAME},
    {"the address", DESK_EXPECT_ADDRESS},
    {"your address", DESK_EXPECT_ADDRESS},
    {"what address", DESK_EXPECT_ADDRESS},
    {"where is it", DESK_EXPECT_ADDRESS},
    {"call you back on", DESK_EXPECT_YESNO},
    {"best number", DESK_EXPECT_NUMBER},
    {"what number", DESK_EXPECT_NUMBER},
    {"which number", DESK_EXPECT_NUMBER},
    {"your number", DESK_EXPECT_NUMBER},
    {"phone number", DESK_EXPECT_NUMBER},
    {"reach you", DESK_EXPECT_NUMBER},
    {"what day", DESK_EXPECT_WHEN},
    {"which day", DESK_EXPECT_WHEN},
    {"what time", DESK_EXPECT_WHEN},
    {"when should", DESK_EXPECT_WHEN},
    {"when would", DESK_EXPECT_WHEN},
    {"when can", DESK_EXPECT_WHEN},
    {"when is", DESK_EXPECT_WHEN},
    {"when shall", DESK_EXPECT_WHEN},
    {"when do", DESK_EXPECT_WHEN},
    {"when works", DESK_EXPECT_WHEN},
    {"good time", DESK_EXPECT_WHEN},
    {"morning or", DESK_EXPECT_WHEN},
    {"is that right", DESK_EXPECT_YESNO},
    {"is that correct", DESK_EXPECT_YESNO},
    {"anything else", DESK_EXPECT_NOTHING},
    {"are you still there", DESK_EXPECT_NOTHING},
};

enum desk_dialog_expect desk_dialog_asked(const char *text)
{
    char last[DESK_DIALOG_TEXT * 2];
    const char *end = text ? strrchr(text, '?') : NULL, *begin = end;
    if (!end)
        return DESK_EXPECT_ANYTHING;
    while (begin > text && !strchr(".?!", begin[-1]))
        begin--;
    char *sentence = strndup(begin, (size_t)(end - begin));
    desk_words_plain(last, sizeof last, sentence);
    free(sentence);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        if (has(last, questions[i].words))
            return questions[i].expect;
    return DESK_EXPECT_ANYTHING;
}

/* ---- what was answered ----------------------------------------------------------------------- */

/* Keys answer yes or no, or are a number; those of a menu may be of one that was never told. */
static bool is_keys(enum desk_dialog_expect expect, const char *text)
{
    return (expect == DESK_EXPECT_YESNO || expect == DESK_EXPECT_NUMBER) && *text &&
           text[strspn(text, "0123456789*#")] == '\0';
}

static bool means(const struct desk_dialog_profile *p, enum desk_dialog_expect expect,
                  const char *text, enum desk_token token, struct desk_meaning *m)
{
    const struct desk_dialog_input in = {
        is_keys(expect, text) ? DESK_DIALOG_DIGITS : DESK_DIALOG_SPEECH, text, NULL};
    desk_words_meaning(p, expect, &in, false, m);
    return m->token == token;
}

/* "…my name is Dana and …" → "dana" */
static void name_within(const struct desk_dialog_profile *p, struct desk_dialog *d,
                        const char *plain)
{
    static const char *const leads[] = {"my name is ", "my names ", "the name is ", NULL};
    static const char *const ends[] = {"and", "i",    "im",  "from",   "calling", "but", "with",
                                       "my",  "here", "the", "please", "at",      NULL};
    struct desk_meaning m;
    char name[64] = "";
    const char *s = NULL;
    for (size_t i = 0; leads[i] && !s; i++) {
        s = strstr(plain, leads[i]);
        s = s ? s + strlen(leads[i]) : NULL;
    }
    for (int words = 0; s && *s && words < 3; words++) {
        char word[32];
        size_t n = strcspn(s, " ");
        snprintf(word, sizeof word, "%.*s", (int)n, s);
        if (has_any(word, ends))
            break;
        snprintf(name + strlen(name), sizeof name - strlen(name), "%s%s", *name ? " " : "", word);
        s += n + (s[n] == ' ');
    }
    if (*name && means(p, DESK_EXPECT_NAME, name, DESK_T_NAME, &m))
        KNOWN(d->name, m.value);
}

/* A time that is not asked for counts only as a wish, not as a part of the story. */
static bool wishes_a_time(const char *plain)
{
    static const char *const wish[] = {"call me",     "call back", "come",     "ring me",
                                       "appointment", "book",      "schedule", "available",
                                       "visit",       NULL};
    static const char *const story[] = {"since", "yesterday", "last", "ago", "was", NULL};
    return has_any(plain, wish) && !has_any(plain, story);
}

/* Words that are no reason, however many they are. */
static bool is_small_talk(const char *plain)
{
    static const char *const talk[] = {"are you there", "can you hear", "hear me", "how are you",
                                       "are you a",     "who is this",  "hello",   NULL};
    return has_any(plain, talk);
}

static bool is_service(const struct desk_dialog_profile *p, const char *value)
{
    for (size_t i = 0; i < p->n_services; i++)
        if (strcmp(p->services[i], value) == 0)
            return true;
    for (size_t i = 0; i < p->n_words; i++)
        if (strcmp(p->words[i], value) == 0)
            return true;
    return false;
}

/* One of the business's services said anywhere; else the first whole sentence that answers nothing
 * else. */
static void take_reason(const struct desk_dialog_profile *p, struct desk_dialog *d,
                        enum desk_dialog_expect expect, const char *text, const char *plain)
{
    struct desk_meaning m;
    bool service = means(p, DESK_EXPECT_ANYTHING, text, DESK_T_SERVICE, &m);
    bool wish = m.token == DESK_T_MOVE || m.token == DESK_T_CANCEL;
    bool open = !d->reason[0] && expect == DESK_EXPECT_ANYTHING && !is_small_talk(plain);
    if (wish || (service && (open || is_service(p, m.value))))
        desk_step_wish(p, d, &m);
    else if (m.token == DESK_T_QUESTION && open)
        KNOWN(d->reason, m.value);
}

static void take_number(const struct desk_dialog_profile *p, struct desk_dialog *d,
                        enum desk_dialog_expect expect, const char *text, const char *plain)
{
    struct desk_meaning m;
    bool offered = expect == DESK_EXPECT_YESNO || expect == DESK_EXPECT_NUMBER ||
                   has(plain, "number") || has(plain, "call me") || has(plain, "reach me");
    if (offered && means(p, DESK_EXPECT_NUMBER, text, DESK_T_NUMBER, &m) && m.value[0] == '+')
        KNOWN(d->number, m.value);
}

static void take_answer(const struct desk_dialog_profile *p, struct desk_dialog *d,
                        const char *question, const char *text)
{
    char plain[DESK_MAX_TURN_TEXT], before[DESK_MAX_TURN_TEXT];
    struct desk_meaning m;
    enum desk_dialog_expect expect = desk_dialog_asked(question);
    desk_words_plain(plain, sizeof plain, text);
    desk_words_plain(before, sizeof before, question);
    if (means(p, DESK_EXPECT_ANYTHING, text, DESK_T_EMERGENCY, &m)) {
        d->alarm = true;
        KNOWN(d->reason, m.value);
    } else {
        take_reason(p, d, expect, text, plain);
    }
    if (expect == DESK_EXPECT_NAME && means(p, expect, text, DESK_T_NAME, &m))
        KNOWN(d->name, m.value);
    if (expect == DESK_EXPECT_ADDRESS && means(p, expect, text, DESK_T_ADDRESS, &m))
        KNOWN(d->address, m.value);
    name_within(p, d, plain);
    take_number(p, d, expect, text, plain);
    if (expect == DESK_EXPECT_YESNO && has(before, "call you back on") &&
        means(p, expect, text, DESK_T_YES, &m))
        KNOWN(d->number, p->caller_number);
    if ((expect == DESK_EXPECT_WHEN || wishes_a_time(plain)) &&
        means(p, DESK_EXPECT_WHEN, text, DESK_T_WHEN, &m))
        KNOWN(d->when, m.value);
}

/* ---- what tools were told -------------------------------------------------------------------- */

static void take_tool(struct desk_dialog *d, const struct desk_dialog_past_tool *t)
{
    json_t *args = json_loads(t->args ? t->args : "", 0, NULL);
    json_t *result = json_loads(t->result ? t->result : "", 0, NULL);
    bool callback = t->name && strcmp(t->name, "schedule_callback") == 0;
    KNOWN(d->name, json_string_value(json_object_get(args, "name")));
    KNOWN(d->reason, json_string_value(json_object_get(args, "reason")));
    KNOWN(d->address, json_string_value(json_object_get(args, "address")));
    if (callback)
        KNOWN(d->when, json_string_value(json_object_get(args, "when_text")));
    if (callback && t->ok) {
        KNOWN(d->number, json_string_value(json_object_get(result, "number")));
        d->promised = true;
    }
    json_decref(result);
    json_decref(args);
}

void desk_dialog_prime(const struct desk_dialog_profile *p, struct desk_dialog *d,
                       const struct desk_dialog_past *past)
{
    const char *question = "";
    desk_dialog_init(d);
    KNOWN(d->name, p->caller_name);
    for (size_t i = 0; i < past->n_turns; i++) {
        const char *text = past->turns[i].text ? past->turns[i].text : "";
        if (past->turns[i].caller)
            take_answer(p, d, question, text);
        else
            question = text;
    }
    for (size_t i = 0; i < past->n_tools; i++)
        take_tool(d, &past->tools[i]);
    d->alarm = d->alarm || (past->urgent && d->reason[0]);
}

/* ---- in the place of a model ----------------------------------------------------------------- */

/* What is acted on as it was said; everything else is a part of what is known. */
static bool is_command(const struct desk_dialog_profile *p, const struct desk_dialog_input *in)
{
    static const enum desk_token commands[] = {DESK_T_PERSON, DESK_T_EMERGENCY, DESK_T_MESSAGE,
                                               DESK_T_HOURS, DESK_T_BYE};
    struct desk_meaning m;
    bool keys = in->event == DESK_DIALOG_DIGITS;
    if (in->event != DESK_DIALOG_SPEECH && !keys)
        return false;
    desk_words_meaning(p, DESK_EXPECT_ANYTHING, in, false, &m);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (m.token == commands[i])
            return !keys || m.token == DESK_T_PERSON; /* the other keys are of a menu never told */
    return false;
}

void desk_dialog_take_over(const struct desk_dialog_profile *p, struct desk_dialog *d,
                           const struct desk_dialog_past *past, const struct desk_dialog_input *in,
                           struct desk_dialog_output *out)
{
    const struct desk_dialog_input resume = {DESK_DIALOG_RESUME, "", NULL};
    struct desk_dialog_past before = *past;
    bool command = is_command(p, in);
    if (command && before.n_turns && before.turns[before.n_turns - 1].caller)
        before.n_turns--;
    desk_dialog_prime(p, d, &before);
    d->unbroken = true;
    desk_dialog_step(p, d, &resume, out);
    if (command)
        desk_dialog_step(p, d, in, out);
}
