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
    "abscess",    "accident",    "allergic",        "ambulance",  "appointment", "basement",
    "bathroom",   "bleeding",    "breaker",         "breathe",    "breathing",   "burning",
    "bursting",   "carbon",      "carbon monoxide", "ceiling",    "choking",     "collapsed",
    "conscious",  "deadbolt",    "detector",        "dishwasher", "downstairs",  "dripping",
    "electrical", "electricity", "emergency",       "everywhere", "extraction",  "faucet",
    "flooded",    "flooding",    "furnace",         "gushing",    "hallway",     "heater",
    "hospital",   "infection",   "internet",        "intruder",   "intruders",   "keypad",
    "keypads",    "kitchen",     "leaking",         "monoxide",   "offline",     "outlet",
    "outlets",    "overflowed",  "overflowing",     "paramedics", "pouring",     "propane",
    "security",   "sewage",      "shattered",       "sleeping",   "smoking",     "smoldering",
    "sparking",   "spewing",     "spraying",        "sprinkler",  "swallow",     "swallowed",
    "swelling",   "swollen",     "thermostat",      "toothache",  "unconscious", "unresponsive",
    "upstairs",   "wisdom",
};

/* pieces, exactly */
static const struct respelling torn_pieces[] = {
    {"a lert", "alert"},
    {"a larm", "alarm"},
    {"a bout", "about"},
    {"break her", "breaker"},
    {"break er", "breaker"},
    {"broke in", "broke in"},
    {"car bin", "carbon"},
    {"burn in smell", "burning smell"},
    {"fire man", "fireman"},
    {"gas ket", "gasket"},
    {"mon oxide", "monoxide"},
    {"mono oxide", "monoxide"},
    {"over flow", "overflow"},
    {"spark ling", "sparkling"},
    {"sue age", "sewage"},
    {"sue wedge", "sewage"},
    {"soo age", "sewage"},
    {"swell in", "swelling"},
    {"tooth ache", "toothache"},
    {"water heat her", "water heater"},
    {"wi fi", "wifi"},
    {"hole house", "whole house"},
    {"dead bolt", "deadbolt"},
    {"off line", "offline"},
    {"sealing fan", "ceiling fan"},
    {"gas leek", "gas leak"},
    {"haul way", "hallway"},
    {"out let", "outlet"},
    {"key pad", "keypad"},
    {"key pads", "keypads"},
    {"un conscious", "unconscious"},
};

/* a new clause begins with these; "but" and its like stay the first word of it */
static const char *const clause_words[] = {
    "but",
    "so i|we|it|the|my|now|there|that|he|she|they|you|is|are|what|how|do|can|when|please|could",
    "because",
    "cause",
    "though",
    "although",
    "however",
    "except",
    "anyway",
    "anyways",
    "pero",
    "porque",
    "entonces",
    "hang on",
    "hold on",
    "wait",
    "oh",
    "actually",
    "plus",
    "also",
    "then",
    "besides",
    "unless",
    "until",
    "and now",
    "y ahora",
    "whereas",
    "otherwise",
    "sino",
    "aunque",
    "not sure",
    "i mean",
    "now it|there|the|my|i|we|he|she|they|our|its|water|nothing|all|everything|half|you",
    "ahora",
    "while i have you",
    "listen",
    "well now",
    "no wait",
    "hold up",
    "never mind",
};

/* A new statement begins where a subject is followed closely by its verb, unless the word before
 * leads into it: "can you come | my basement is wet", but "i think my basement is wet". */
static const char *const subjects =
    "i|we|it|he|she|they|there|you|my|our|your|the|this|that|somebody|someone|everything|nothing|"
    "nobody|everybody|all|half|its|hay|mi|el|la|se|esta|yo";
static const char *const verbs =
    "is|are|am|was|were|has|have|had|do|does|did|can|will|would|just|keeps|keep|got|went|came|"
    "broke|"
    "burst|smell|smells|see|hear|think|need|needs|want|started|stopped|fell|quit|died|looks|sounds|"
    "says|said|turned|came|shut|called|feel|know|works|esta|hay|tengo|no|fixed|says|left|gave|"
    "tried|"
    "might|could|should|must|hurts|blew|hit|heard|saw|took|put|tripped|exploded|popped|snapped";
static const char *const leads =
    "that|if|when|where|what|who|why|how|which|think|thinks|know|knows|say|says|said|hope|afraid|"
    "sure|"
    "see|sees|hear|guess|of|in|on|at|to|for|from|with|under|behind|by|near|into|like|than|as|is|"
    "are|"
    "was|were|do|does|did|can|could|will|would|should|after|before|while|since|until|until|and|or|"
    "the|my|our|your|a|an|this|that|all|not|no|notice|noticed|believe|worried|make|let|help|tell|"
    "told|"
    "it|smell|unless|whether|suppose|imagine|about|only|just|every|because|but|so|y|que|through|up|"
    "down|out|off|over|around|inside|outside|between|against|want|need|because|shut|turn|get|fix|"
    "have|has|had|both|half|even|thought|thinking|saying|says|him|her|them|me|case|wish|feel|feels";

/* what is said about the words around */
enum reach {
    R_AHEAD,  /* the next words of this statement */
    R_AROUND, /* this statement, and on to a word of now */
    R_CLAUSE, /* the whole clause, to a word of now behind */
    R_ONWARD  /* from here to the end of the statement */
};
struct scope_row {
    const char *pattern, *unless; /* unless this follows */
    uint8_t in;
    enum reach reach;
};
static const struct scope_row scope_rows[] = {
    {"not|never",
     "sure|only|just|joking|kidding|know|stop*|quit|shut|find|get|reach|turn|believe|mean|want|"
     "like|answer*|"
     "work*|safe|good|right|able|close|open|lock|breathe|breath|swallow|wake|go|come|put|figure|"
     "hold|"
     "certain|responding|moving|respond|feel|thinking|wait|tell|make|control|too|care|even|to|talk|"
     "speak|"
     "enough|help|catch|supposed|keep|drain|flush|arm|let|use|see|take|reset|stay|what|how|that|"
     "drill|"
     "being|as|yet|until|long",
     DESK_IN_NEG, R_AHEAD},
    {"no",
     "one|idea|doubt|matter|no|wait|answer|it|the|this|not|we|i|my|he|she|there|means|way|luck|"
     "longer",
     DESK_IN_NEG, R_AHEAD},
    {"no longer", NULL, DESK_IN_NEG, R_AHEAD},
    {"without", "any warning|stop*|power|heat|water|electricity", DESK_IN_NEG, R_AHEAD},
    {"nothing", "works|work|helps|connects|goes|drains|comes|turns|responds|is|happens|but|will",
     DESK_IN_NEG, R_AHEAD},
    {"nobody|none|neither|nor|nadie|ninguna|ningun|nunca|sin",
     "of|can|is|will|answers|knows|here|else|puede", DESK_IN_NEG, R_AHEAD},
    {"no hay|tengo|tenemos|es|esta|hubo|huele|veo",
     "agua|luz|calefaccion|internet|electricidad|corriente|falsa|broma", DESK_IN_NEG, R_AHEAD},
    {"free of", NULL, DESK_IN_NEG, R_AHEAD},
    {"instead of|rather than", NULL, DESK_IN_NEG, R_AHEAD},

    {"ago|previously|formerly|anteayer", NULL, DESK_IN_PAST, R_AROUND},
    {"yesterday|ayer", NULL, DESK_IN_PAST, R_AROUND},
    {"last|past week|month|year|night|summer|winter|spring|fall|time|spring|monday|tuesday|"
     "wednesday|thursday|friday|saturday|sunday|weekend|january|february|march|april|may|june|july|"
     "august|september|october|november|december|decade|christmas|easter|thanksgiving|season",
     NULL, DESK_IN_PAST, R_AROUND},
    {"back in "
     "january|february|march|april|may|june|july|august|september|october|november|december",
     NULL, DESK_IN_PAST, R_AROUND},
    {"in january|february|march|april|june|july|august|september|october|november|december", NULL,
     DESK_IN_PAST, R_AROUND},
    {"in nineteen|twenty ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
     "nineteen|twenty|sixty|seventy|eighty|ninety",
     NULL, DESK_IN_PAST, R_AROUND},
    {"in two thousand", NULL, DESK_IN_PAST, R_AROUND},
    {"in the eighties|nineties|seventies|sixties", NULL, DESK_IN_PAST, R_AROUND},
    {"as a kid|child|teenager", NULL, DESK_IN_PAST, R_AROUND},
    {"used to", NULL, DESK_IN_PAST, R_ONWARD},
    {"the other day|night|week|morning", NULL, DESK_IN_PAST, R_AROUND},
    {"back in|when", NULL, DESK_IN_PAST, R_ONWARD},
    {"hace _ dias|semanas|meses|anos|ano|mes|semana|dia", NULL, DESK_IN_PAST, R_AROUND},
    {"la semana|noche pasada", NULL, DESK_IN_PAST, R_AROUND},
    {"el mes|ano|verano|invierno|lunes|martes|viernes pasado", NULL, DESK_IN_PAST, R_AROUND},
    {"had|was|were|did|estaba|fue|habia|tuve|tuvimos", NULL, DESK_IN_WAS, R_ONWARD},
    {"remember when", NULL, DESK_IN_PAST, R_ONWARD},

    {"if", "this|it is an|your|you|possible|anyone|anybody|somebody|someone can|could",
     DESK_IN_HYPO, R_ONWARD},
    {"unless|suppose|supposing|imagine|hypothetically|whether", NULL, DESK_IN_HYPO, R_ONWARD},
    {"what if|happens", NULL, DESK_IN_HYPO, R_ONWARD},
    {"in case|the event", NULL, DESK_IN_HYPO, R_ONWARD},
    {"would", "like|you|not|someone|somebody|need|appreciate|rather|love", DESK_IN_HYPO, R_ONWARD},
    {"ever|someday|eventually", "since", DESK_IN_HYPO, R_ONWARD},
    {"en caso de|que", NULL, DESK_IN_HYPO, R_ONWARD},
    {"si se|hay|un|una|mi|el|la", NULL, DESK_IN_HYPO, R_ONWARD},
    {"prevent|prevents|prevented|preventing|prevention|avoid|avoiding|evitar|prevenir|protect|"
     "protects|protection",
     NULL, DESK_IN_HYPO, R_ONWARD},
    {"worried that|about|it|one|my|the", NULL, DESK_IN_HYPO, R_ONWARD},

    {"all good|set|clear|fixed|better|done|sorted|dry", NULL, DESK_IN_RESOLVED, R_CLAUSE},
    {"false alarm", NULL, DESK_IN_RESOLVED, R_CLAUSE},
    {"falsa alarma", NULL, DESK_IN_RESOLVED, R_CLAUSE},
    {"already|ya fixed|repaired|replaced|handled|resolved|arreglado|arreglaron|arreglamos|paso",
     NULL, DESK_IN_RESOLVED, R_CLAUSE},
    {"got|was|been|were|is fixed|repaired|replaced|resolved|cleaned|handled|sorted|patched", NULL,
     DESK_IN_RESOLVED, R_CLAUSE},
    {"fixed|repaired|replaced|solved it|that|the|our|my|everything", NULL, DESK_IN_RESOLVED,
     R_CLAUSE},
    {"taken|took care", NULL, DESK_IN_RESOLVED, R_CLAUSE},
    {"never mind|nevermind", "that|the|my|our|what|this", DESK_IN_RESOLVED, R_CLAUSE},
    {"back to normal", NULL, DESK_IN_RESOLVED, R_CLAUSE},
    {"came back on|up", NULL, DESK_IN_RESOLVED, R_CLAUSE},
    {"went away", NULL, DESK_IN_RESOLVED, R_CLAUSE},
};

/* "… minutes ago", "since yesterday" are no past: what began then goes on */
static const char *const not_past[] = {"minutes|minute|hour|hours|moment|seconds ago",
                                       "since|from|until yesterday|last|ayer", "half ago"};

/* words of a question at the start of a clause or statement */
static const char *const ask_starts[] = {
    "do you|i|we|they|your|the",
    "does",
    "can you|i|we|your|somebody|the|a",
    "could you|i|we|a|the|somebody",
    "is it|there|that|this|your|my|the|a|sal",
    "are you|there|your|we|the|they",
    "how",
    "what",
    "when",
    "where",
    "which",
    "who",
    "why",
    "should i|we|you|my|the",
    "would you|it|the|a|i",
    "will you|it|the|my|i",
    "may i",
    "did you|i|they",
    "have you",
    "am i",
    "que",
    "como",
    "cuando",
    "donde",
    "cuanto",
    "cuanta",
    "puede",
    "pueden",
    "tienen",
    "hacen",
    "ustedes",
    "quien",
    "cual",
    "hay que",
};

/* words of now: a past ends here */
static const char *const now_words[] = {
    "now",     "right now", "again", "still",    "currently",    "today",      "tonight",   "ahora",
    "todavia", "otra vez",  "sigue", "just now", "this morning", "is",         "are",       "am",
    "hoy",     "esta",      "estan", "keeps",    "just",         "back again", "this time",
};

#endif
