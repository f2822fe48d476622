#include "core/owner_query.h"
#include "core/words.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const names[DESK_OWNER__MAX] = {
    [DESK_OWNER_UNKNOWN] = "unknown",
    [DESK_OWNER_CALLBACKS] = "callbacks",
    [DESK_OWNER_EMERGENCIES] = "emergencies",
    [DESK_OWNER_MESSAGES] = "messages",
    [DESK_OWNER_SCHEDULE] = "schedule",
    [DESK_OWNER_CALLS] = "calls",
    [DESK_OWNER_SUMMARY] = "summary",
    [DESK_OWNER_REPEAT] = "repeat",
    [DESK_OWNER_HELP] = "help",
    [DESK_OWNER_GOODBYE] = "goodbye",
};

const char *desk_owner_about_name(enum desk_owner_about a)
{
    return a < DESK_OWNER__MAX ? names[a] : names[DESK_OWNER_UNKNOWN];
}

/* The first row whose words are there decides: the narrower ones stand first ("who called back",
 * "any calls about an emergency"). */
static const struct {
    const char *pattern;
    enum desk_owner_about about;
} rows[] = {
    {"callback*|ringback*", DESK_OWNER_CALLBACKS},
    {"call back*|calls back*", DESK_OWNER_CALLBACKS},
    {"call|ring|phone them|him|her|people|anyone|anybody|somebody|someone back",
     DESK_OWNER_CALLBACKS},
    {"return*|owe* call*|a|any|the|people|someone|anyone", DESK_OWNER_CALLBACKS},
    {"waiting for me|us|a|my", DESK_OWNER_CALLBACKS},
    {"who do|should|must i call|ring|phone", DESK_OWNER_CALLBACKS},
    {"need|have to call|ring|phone", DESK_OWNER_CALLBACKS},
    {"emergenc*|alert*|crisis|crises", DESK_OWNER_EMERGENCIES},
    {"urgent*", DESK_OWNER_EMERGENCIES},
    {"message*|voicemail*", DESK_OWNER_MESSAGES},
    {"voice mail*", DESK_OWNER_MESSAGES},
    {"who|to|that called|rang|phoned", DESK_OWNER_CALLS},
    {"to|that|who call|ring|phone", DESK_OWNER_CALLS},
    {"appointment*|schedule*|calendar|agenda|booking*|booked|visit*|diary", DESK_OWNER_SCHEDULE},
    {"first|next job*|visit*|client*|customer*|patient*|stop", DESK_OWNER_SCHEDULE},
    {"last|many job*|visit*", DESK_OWNER_SCHEDULE},
    {"what is on", DESK_OWNER_SCHEDULE},
    {"what do|have i have|got", DESK_OWNER_SCHEDULE},
    {"anything on|scheduled|planned", DESK_OWNER_SCHEDULE},
    {"am i free|busy", DESK_OWNER_SCHEDULE},
    {"my day look", DESK_OWNER_SCHEDULE},
    {"summar*|overview|rundown|recap|digest|brief*", DESK_OWNER_SUMMARY},
    {"run down", DESK_OWNER_SUMMARY},
    {"catch|fill me up|in", DESK_OWNER_SUMMARY},
    {"what did i miss", DESK_OWNER_SUMMARY},
    {"what have i missed", DESK_OWNER_SUMMARY},
    {"what happened|is new", DESK_OWNER_SUMMARY},
    {"what is new", DESK_OWNER_SUMMARY},
    {"anything new|happen*", DESK_OWNER_SUMMARY},
    {"how was|is|did my|the|our day", DESK_OWNER_SUMMARY},
    {"call*|caller*|rang|phoned|ring|rung", DESK_OWNER_CALLS},
    {"anyone|anybody|someone|somebody|who phone|phones", DESK_OWNER_CALLS},
    {"repeat|again|pardon", DESK_OWNER_REPEAT},
    {"say that", DESK_OWNER_REPEAT},
    {"help|options|menu|yes|yeah|sure", DESK_OWNER_HELP},
    {"what can|could you|i", DESK_OWNER_HELP},
    {"bye|goodbye|done|finished", DESK_OWNER_GOODBYE},
    {"that is it|all|everything|enough", DESK_OWNER_GOODBYE},
    {"hang up", DESK_OWNER_GOODBYE},
    {"nothing", DESK_OWNER_GOODBYE},
    {"no thank*|more|i|nope|nothing", DESK_OWNER_GOODBYE},
    {"thank*", DESK_OWNER_GOODBYE},
    {"nope|nah", DESK_OWNER_GOODBYE},
};

static enum desk_owner_about by_key(char key)
{
    static const struct {
        char key;
        enum desk_owner_about about;
    } keys[] = {
        {'1', DESK_OWNER_CALLS},    {'2', DESK_OWNER_CALLBACKS}, {'3', DESK_OWNER_EMERGENCIES},
        {'4', DESK_OWNER_MESSAGES}, {'5', DESK_OWNER_SCHEDULE},  {'6', DESK_OWNER_SUMMARY},
        {'0', DESK_OWNER_HELP},     {'9', DESK_OWNER_GOODBYE},   {'*', DESK_OWNER_GOODBYE}};
    for (size_t i = 0; i < COUNT(keys); i++)
        if (keys[i].key == key)
            return keys[i].about;
    return DESK_OWNER_UNKNOWN;
}

static enum desk_owner_about by_words(const struct desk_words *ws)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        if (desk_words_find(ws, 0, rows[i].pattern, NULL) < ws->n)
            return rows[i].about;
    for (size_t i = 0; i < ws->n; i++) /* "okay", "no", "all right then": nothing is asked */
        if (!desk_words_match(ws, i,
                              "no|ok|okay|all|right|alright|then|good|great|perfect|fine|cool"))
            return DESK_OWNER_UNKNOWN;
    return ws->n ? DESK_OWNER_GOODBYE : DESK_OWNER_UNKNOWN;
}

void desk_owner_query_read(const char *text, const struct desk_when_place *at,
                           struct desk_owner_query *out)
{
    struct desk_words ws;
    const char *said = text ? text : "";
    memset(out, 0, sizeof *out);
    desk_words_read(&ws, said);
    bool key = strlen(said) == 1;
    out->about = key ? by_key(*said) : by_words(&ws);
    out->urgent = desk_words_find(&ws, 0, "urgent*|emergenc*", NULL) < ws.n;
    desk_stretch_read(key ? "" : said, at, out->about != DESK_OWNER_SCHEDULE, &out->when);
    /* a day alone ("and tomorrow?") asks what is on then; of the past, how it was */
    if (out->about == DESK_OWNER_UNKNOWN && out->when.said) {
        struct desk_stretch ahead;
        desk_stretch_read(said, at, false, &ahead);
        out->about = ahead.from > at->now ? DESK_OWNER_SCHEDULE : DESK_OWNER_SUMMARY;
        if (out->about == DESK_OWNER_SCHEDULE)
            out->when = ahead;
    }
}
