/* Tables of core/words.c: how people write, and what a recogniser makes of it. Only words.c reads
 * them. */
#ifndef DESK_CORE_WORDS_TABLES_H
#define DESK_CORE_WORDS_TABLES_H

#include "core/words.h"

struct respelling {
    const char *from, *to;
};

/* ends of a word with an apostrophe; what stands before stays */
static const struct respelling word_ends[] = {
    {"n't", "not"}, {"'re", "are"}, {"'ve", "have"}, {"'ll", "will"}, {"'m", "am"}, {"'d", "would"},
};

/* words whose 's is "is"; elsewhere it is the possessive and dropped */
static const char *const is_bases[] = {
    "it",     "he",  "she",  "that",       "there",     "what",    "who",     "here",
    "where",  "how", "when", "everything", "something", "nothing", "someone", "somebody",
    "nobody", "one", "this", "everyone",   "everybody", "name"};

/* sorted by from (a test holds it) */
static const struct respelling respellings[] = {
    {"ain", "is not"},
    {"aint", "is not"},
    {"alot", "a lot"},
    {"alright", "all right"},
    {"appt", "appointment"},
    {"appts", "appointments"},
    {"arent", "are not"},
    {"asap", "as soon as possible"},
    {"b4", "before"},
    {"bc", "because"},
    {"bday", "birthday"},
    {"bldg", "building"},
    {"brb", "be right back"},
    {"bsmt", "basement"},
    {"btw", "by the way"},
    {"ca", "can"},
    {"cannot", "can not"},
    {"cant", "can not"},
    {"coulda", "could have"},
    {"couldnt", "could not"},
    {"coz", "because"},
    {"cuz", "because"},
    {"didnt", "did not"},
    {"doesnt", "does not"},
    {"doin", "doing"},
    {"dont", "do not"},
    {"dunno", "do not know"},
    {"emergancy", "emergency"},
    {"evrywhere", "everywhere"},
    {"frm", "from"},
    {"gettin", "getting"},
    {"goin", "going"},
    {"gonna", "going to"},
    {"gotta", "got to"},
    {"hadnt", "had not"},
    {"hasnt", "has not"},
    {"havent", "have not"},
    {"heelp", "help"},
    {"hes", "he is"},
    {"hlp", "help"},
    {"hrs", "hours"},
    {"idk", "i do not know"},
    {"im", "i am"},
    {"isnt", "is not"},
    {"its", "it is"},
    {"ive", "i have"},
    {"kinda", "kind of"},
    {"lemme", "let me"},
    {"mins", "minutes"},
    {"msg", "message"},
    {"n", "and"},
    {"noo", "no"},
    {"nope", "no"},
    {"nothin", "nothing"},
    {"ofc", "of course"},
    {"omg", "oh my god"},
    {"outta", "out of"},
    {"pls", "please"},
    {"plz", "please"},
    {"ppl", "people"},
    {"prob", "probably"},
    {"probs", "probably"},
    {"r", "are"},
    {"rly", "really"},
    {"rn", "right now"},
    {"rt", "right"},
    {"shes", "she is"},
    {"shoulda", "should have"},
    {"shouldnt", "should not"},
    {"smth", "something"},
    {"somethin", "something"},
    {"soo", "so"},
    {"thanx", "thanks"},
    {"thats", "that is"},
    {"theres", "there is"},
    {"theyre", "they are"},
    {"tho", "though"},
    {"thru", "through"},
    {"thx", "thanks"},
    {"til", "until"},
    {"tmrw", "tomorrow"},
    {"tmw", "tomorrow"},
    {"tonite", "tonight"},
    {"tryna", "trying to"},
    {"trynna", "trying to"},
    {"u", "you"},
    {"ur", "your"},
    {"wa", "was"},
    {"wanna", "want to"},
    {"wasnt", "was not"},
    {"werent", "were not"},
    {"weve", "we have"},
    {"whats", "what is"},
    {"wheres", "where is"},
    {"whos", "who is"},
    {"wk", "week"},
    {"wont", "will not"},
    {"wouldnt", "would not"},
    {"wtr", "water"},
    {"xtra", "extra"},
    {"yall", "you all"},
    {"yeh", "yes"},
    {"yep", "yes"},
    {"youre", "you are"},
    {"yr", "year"},
    {"yrs", "years"},
    {"yup", "yes"},
};

/* long words worth putting together again when two or three pieces make one of them, give or take
 * a letter; by first letter */
static const char *const torn_words[] = {
    "abscess",     "allergic",        "ambulance",    "appointment", "bathroom",    "basement",
    "bleeding",    "breaker",         "breathing",    "breathe",     "burning",     "bursting",
    "carbon",      "carbon monoxide", "ceiling",      "choking",     "collapsed",   "detector",
    "dripping",    "dishwasher",      "downstairs",   "electrical",  "electricity", "emergency",
    "everywhere",  "extraction",      "faucet",       "flooded",     "flooding",    "furnace",
    "gushing",     "infection",       "intruder",     "intruders",   "leaking",     "monoxide",
    "overflowing", "overflowed",      "pouring",      "propane",     "sewage",      "shattered",
    "sleeping",    "smoking",         "smoldering",   "spewing",     "sparking",    "spraying",
    "sprinkler",   "swallow",         "swallowed",    "swelling",    "swollen",     "thermostat",
    "toothache",   "unconscious",     "unresponsive", "upstairs",    "wisdom",
};

/* pieces, exactly */
static const struct respelling torn_pieces[] = {
    {"a lert", "alert"},         {"a larm", "alarm"},
    {"a bout", "about"},         {"break her", "breaker"},
    {"break er", "breaker"},     {"broke in", "broke in"},
    {"car bin", "carbon"},       {"burn in smell", "burning smell"},
    {"fire man", "fireman"},     {"gas ket", "gasket"},
    {"mon oxide", "monoxide"},   {"mono oxide", "monoxide"},
    {"over flow", "overflow"},   {"spark ling", "sparkling"},
    {"sue age", "sewage"},       {"sue wedge", "sewage"},
    {"soo age", "sewage"},       {"swell in", "swelling"},
    {"tooth ache", "toothache"}, {"water heat her", "water heater"},
    {"wi fi", "wifi"},
};

/* a new clause begins with these; "but" and its like stay the first word of it */
static const char *const clause_words[] = {
    "but",     "so",       "because", "cause",     "though",   "although", "however",  "except",
    "anyway",  "anyways",  "pero",    "porque",    "entonces", "hang on",  "hold on",  "wait",
    "oh",      "actually", "plus",    "also",      "then",     "besides",  "unless",   "until",
    "and now", "y ahora",  "whereas", "otherwise", "sino",     "aunque",   "not sure", "i mean",
};

/* what is said about the words around */
enum reach {
    R_AHEAD,  /* the next words of this part of the clause */
    R_CLAUSE, /* the whole clause */
    R_ONWARD  /* from here to the end of the clause */
};
struct scope_row {
    const char *pattern;
    uint8_t in;
    enum reach reach;
};
static const struct scope_row scope_rows[] = {
    {"no|not|never|without|nothing|nobody|none|neither|nor|sin|nunca|nada|ningun|ninguna|nadie",
     DESK_IN_NEG, R_AHEAD},
    {"free of", DESK_IN_NEG, R_AHEAD},
    {"instead of|rather than", DESK_IN_NEG, R_AHEAD},

    {"ago|yesterday|previously|formerly|ayer|anteayer", DESK_IN_PAST, R_CLAUSE},
    {"last|past week|month|year|night|summer|winter|spring|fall|time|spring|monday|tuesday|"
     "wednesday|thursday|friday|saturday|sunday|weekend|january|february|march|april|may|june|july|"
     "august|september|october|november|december|decade|christmas|easter|thanksgiving",
     DESK_IN_PAST, R_CLAUSE},
    {"used to", DESK_IN_PAST, R_ONWARD},
    {"the other day|night|week|morning", DESK_IN_PAST, R_CLAUSE},
    {"back in|when", DESK_IN_PAST, R_ONWARD},
    {"hace _ dias|semanas|meses|anos|ano|mes|semana|dia", DESK_IN_PAST, R_CLAUSE},
    {"la semana|noche pasada", DESK_IN_PAST, R_CLAUSE},
    {"el mes|ano|verano|invierno|lunes|martes|viernes pasado", DESK_IN_PAST, R_CLAUSE},
    {"had|was|were|did|estaba|fue|habia|tuve|tuvimos", DESK_IN_PAST, R_ONWARD},
    {"remember when", DESK_IN_PAST, R_ONWARD},

    {"if|unless|whether|suppose|supposing|imagine|hypothetically", DESK_IN_HYPO, R_ONWARD},
    {"what if|happens", DESK_IN_HYPO, R_ONWARD},
    {"in case", DESK_IN_HYPO, R_ONWARD},
    {"would|might|could|ever|someday|eventually", DESK_IN_HYPO, R_ONWARD},
    {"en caso de|que", DESK_IN_HYPO, R_ONWARD},
    {"prevent*|avoid*|evitar|prevenir", DESK_IN_HYPO, R_ONWARD},
    {"worried|afraid|scared|concerned that|about|it|one|my|the", DESK_IN_HYPO, R_ONWARD},

    {"all good|set|clear|fixed|better|done|sorted|dry|right now", DESK_IN_RESOLVED, R_CLAUSE},
    {"false alarm", DESK_IN_RESOLVED, R_CLAUSE},
    {"falsa alarma", DESK_IN_RESOLVED, R_CLAUSE},
    {"already|ya fixed|repaired|replaced|handled|resolved|arreglado|arreglaron|arreglamos|paso",
     DESK_IN_RESOLVED, R_CLAUSE},
    {"got|was|been|were|is fixed|repaired|replaced|resolved|taken|cleaned|handled|sorted|patched",
     DESK_IN_RESOLVED, R_CLAUSE},
    {"fixed|repaired|replaced|solved it|that|the|our|my|everything", DESK_IN_RESOLVED, R_CLAUSE},
    {"never mind|nevermind", DESK_IN_RESOLVED, R_CLAUSE},
    {"back to normal", DESK_IN_RESOLVED, R_CLAUSE},
    {"came back on|up", DESK_IN_RESOLVED, R_CLAUSE},
    {"went away", DESK_IN_RESOLVED, R_CLAUSE},
};

/* words of a question at the start of a clause */
static const char *const ask_starts[] = {
    "do",       "does",   "can",   "could",   "is",     "are",   "how",     "what",   "when",
    "where",    "which",  "who",   "why",     "should", "would", "will",    "may",    "did",
    "have you", "am i",   "que",   "como",    "cuando", "donde", "cuanto",  "cuanta", "puede",
    "pueden",   "tienen", "hacen", "ustedes", "quien",  "cual",  "hay que",
};

/* words of now: a past ends here */
static const char *const now_words[] = {
    "now",   "right now", "again",    "still", "currently", "today",        "tonight",
    "ahora", "todavia",   "otra vez", "sigue", "just now",  "this morning", "is",
    "are",   "am",        "hoy",      "esta",  "estan",     "keeps",
};

#endif
