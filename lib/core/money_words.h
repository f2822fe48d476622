/* Tables of core/money.c: number words, and the words around a sum that say whose money it is. */
#ifndef DESK_CORE_MONEY_WORDS_H
#define DESK_CORE_MONEY_WORDS_H

#include <stddef.h>

enum number_kind {
    N_NONE,
    N_UNIT,     /* one … nineteen */
    N_TENS,     /* twenty … ninety */
    N_HUNDREDS, /* doscientos: a hundred that is whole by itself */
    N_HUNDRED,
    N_THOUSAND,
    N_MILLION,
    N_SOME,  /* couple, few: a number only before a hundred or thousand */
    N_SOUND, /* "for thousand": what a recogniser hears for a number, only there */
    N_DIGITS
};

static const struct number_word {
    const char *word;
    enum number_kind kind;
    int value;
} number_words[] = {
    {"one", N_UNIT, 1},
    {"two", N_UNIT, 2},
    {"three", N_UNIT, 3},
    {"four", N_UNIT, 4},
    {"five", N_UNIT, 5},
    {"six", N_UNIT, 6},
    {"seven", N_UNIT, 7},
    {"eight", N_UNIT, 8},
    {"nine", N_UNIT, 9},
    {"ten", N_UNIT, 10},
    {"eleven", N_UNIT, 11},
    {"twelve", N_UNIT, 12},
    {"thirteen", N_UNIT, 13},
    {"fourteen", N_UNIT, 14},
    {"fifteen", N_UNIT, 15},
    {"sixteen", N_UNIT, 16},
    {"seventeen", N_UNIT, 17},
    {"eighteen", N_UNIT, 18},
    {"nineteen", N_UNIT, 19},
    {"twenty", N_TENS, 20},
    {"thirty", N_TENS, 30},
    {"forty", N_TENS, 40},
    {"fourty", N_TENS, 40},
    {"fifty", N_TENS, 50},
    {"sixty", N_TENS, 60},
    {"seventy", N_TENS, 70},
    {"eighty", N_TENS, 80},
    {"ninety", N_TENS, 90},
    {"hundred", N_HUNDRED, 100},
    {"hundreds", N_HUNDRED, 100},
    {"hundo", N_HUNDRED, 100},
    {"thousand", N_THOUSAND, 1000},
    {"thousands", N_THOUSAND, 1000},
    {"thou", N_THOUSAND, 1000},
    {"grand", N_THOUSAND, 1000},
    {"grands", N_THOUSAND, 1000},
    {"grant", N_THOUSAND, 1000}, /* a recogniser's grand; only behind a number */
    {"k", N_THOUSAND, 1000},
    {"mil", N_THOUSAND, 1000},
    {"million", N_MILLION, 1000000},
    {"millones", N_MILLION, 1000000},
    {"couple", N_SOME, 2},
    {"few", N_SOME, 3},
    {"several", N_SOME, 4},
    {"dozen", N_SOME, 12},
    {"par", N_SOME, 2},
    {"for", N_SOUND, 4},
    {"fore", N_SOUND, 4},
    {"to", N_SOUND, 2},
    {"too", N_SOUND, 2},
    {"ate", N_SOUND, 8},
    {"won", N_SOUND, 1},
    {"tree", N_SOUND, 3},
    {"sex", N_SOUND, 6},
    {"sicks", N_SOUND, 6},
    {"sics", N_SOUND, 6},
    {"dos", N_UNIT, 2},
    {"tres", N_UNIT, 3},
    {"cuatro", N_UNIT, 4},
    {"cinco", N_UNIT, 5},
    {"seis", N_UNIT, 6},
    {"siete", N_UNIT, 7},
    {"ocho", N_UNIT, 8},
    {"nueve", N_UNIT, 9},
    {"diez", N_UNIT, 10},
    {"doce", N_UNIT, 12},
    {"trece", N_UNIT, 13},
    {"catorce", N_UNIT, 14},
    {"quince", N_UNIT, 15},
    {"dieciseis", N_UNIT, 16},
    {"diecisiete", N_UNIT, 17},
    {"dieciocho", N_UNIT, 18},
    {"diecinueve", N_UNIT, 19},
    {"veinte", N_TENS, 20},
    {"veinticinco", N_UNIT, 25},
    {"treinta", N_TENS, 30},
    {"cuarenta", N_TENS, 40},
    {"cincuenta", N_TENS, 50},
    {"sesenta", N_TENS, 60},
    {"setenta", N_TENS, 70},
    {"ochenta", N_TENS, 80},
    {"noventa", N_TENS, 90},
    {"cien", N_HUNDREDS, 100},
    {"ciento", N_HUNDREDS, 100},
    {"doscientos", N_HUNDREDS, 200},
    {"trescientos", N_HUNDREDS, 300},
    {"cuatrocientos", N_HUNDREDS, 400},
    {"quinientos", N_HUNDREDS, 500},
    {"seiscientos", N_HUNDREDS, 600},
    {"setecientos", N_HUNDREDS, 700},
    {"ochocientos", N_HUNDREDS, 800},
    {"novecientos", N_HUNDREDS, 900},
};

/* behind a number these make it money; "usd" stands for a sign before it */
static const char currency[] =
    "dollars|dollar|bucks|buck|usd|dolares|dolar|pesos|euros|euro|quid|hundo|large|cash";

/* Without a currency, a number is a sum only when one of these follows or nothing does: any other
 * word is a thing that is counted ("three thousand bricks"). */
static const char sum_followers[] =
    "for|on|to|in|if|and|or|but|max|maximum|tops|top|total|totally|all|cash|budget|budgeted|at|is|"
    "was|would|will|can|could|so|as|from|with|by|plus|minus|depending|give|more|less|the|a|an|my|"
    "our|your|i|we|you|they|he|she|it|that|this|these|now|today|tomorrow|then|when|okay|please|"
    "each|per|apiece|limit|cap|up|down|saved|set|ready|available|left|put|through|before|after|"
    "until|including|just|only|about|half|range|should|enough|works|approved|firm|here|without|"
    "over|under|altogether|easily|maybe|roughly|ish|or|because|not|no|right|sounds|seems|fine|be|"
    "may|might|later|since|which|what|how|who|every|tied|going|toward|towards|out|off|would|do|"
    "does|did|has|have|had|are|am|para|de|del|en|por|y|o|si|maximo|como|pero|que|cuando|es|son|"
    "esta|"
    "elsewhere|instead|anyway|honestly|probably|lol|ok|man|sir|somehow|together|"
    "overall|basically|actually|though|too|also|again|already|soon|comes|goes|covers|gets|feels|"
    "looks|works|nada|listos|disponibles|ahorrados|mas|menos|cada|al|"
    "a|el|la";

/* before a number: it is no sum */
static const char no_sum_before[] =
    "number|numbers|apartment|apt|unit|suite|room|code|zip|pin|lot|box|model|route|highway|"
    "extension|street|address|lives|live|at|los|area|postal|version|serial";

/* before a number like a year */
static const char year_before[] =
    "in|since|from|of|the|year|built|until|by|before|after|early|late|circa|a|back|en|desde|del|"
    "january|february|march|april|may|june|july|august|september|october|november|december|summer|"
    "spring|winter|fall|ano|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth";

enum role {
    R_PLAIN,
    R_OWN,
    R_QUOTE, /* what somebody asks for the work */
    R_OTHER  /* spent already, of another, for another thing */
};

/* Markers before a sum, the nearest decides. Those of several words stand before their parts. */
static const struct role_row {
    const char *pattern;
    enum role role;
} before_rows[] = {
    {"paid|gave|pays|gives|left|sent|lent|giving|paying us|me", R_OWN},
    {"tax refund", R_OWN},
    {"insurance|adjuster paid|gave", R_OWN},
    {"gave|give|paid|sent you", R_OTHER},
    {"ran|run|running|runs a|the", R_OTHER},
    {"was|were", R_OTHER},
    {"quote|quotes|estimate|bid|price was|were", R_QUOTE},
    {"estimate|quote|bid|price i|we|they|he|you got|had|gave was", R_QUOTE},
    {"estimate|quote|bid you gave|sent|made me|us was", R_OWN},
    {"budget|plan|limit|max|maximum|figure|goal was", R_OWN},
    {"cousin|neighbor|neighbors|friend|friends|sister|brother|coworker|buddy|boss got|was|is "
     "quoted|charged|told",
     R_OTHER},
    {"code|zip|pin|passcode|extension|model|serial|codigo|address|live|lives|vivo|domicilio|square|"
     "weighs|weigh|holds|miles|population",
     R_OTHER},
    {"pay|paying|paid rent|you|him|them", R_PLAIN},
    {"rent|mortgage|lease|salary|wage|income|pension|tuition|deductible|bail|fine|tax|taxes",
     R_OTHER},
    {"paid|spent|cost|costs|costing|worth|bought|buying|purchased|charged|charge|charges|charging|"
     "owe|owes|owed|earn|earns|won|borrowed|lent|lost|stole|stolen|donated|bill|bills|took|take|"
     "invoice|invoiced|overcharged|refund|deposit|dropped|blew|wasted|robbed",
     R_OTHER},
    {"renta|hipoteca|pague|pago|pagamos|costo|cuesta|vale|gane|compre|cobro|cobraron|sueldo|debe|"
     "debo",
     R_OTHER},
    {"you|your quoted|quote|estimated|estimate|offered|said", R_OWN},
    {"quote|quoted|quotes|estimate|estimated|estimates|bid|bids|bidding|wanted|wants|asked|asks|"
     "asking|said|says|told|price|priced|cotizaron|cotizo|pide|piden|pedian",
     R_QUOTE},
    {"budget|budgeted|budgeting|spend|spending|pay|paying|afford|have|has|got|saved|save|saving|"
     "savings|set|put|max|maximum|limit|approved|approve|okayed|allowed|allow|allowance|give|gives|"
     "giving|willing|invest|go|going|stretch|make|making|figure|looking|look|thinking|plan|planned|"
     "planning|cap|check|loan|grant|voted|enough|call|afford|do|ready|capped|prepared|allocated|"
     "allotted|set|range|ceiling|contribute|contributing|inherited",
     R_OWN},
    {"presupuesto|tengo|tenemos|gastar|gasto|pagar|pagaria|hasta|maximo|cuento|contamos|juntado|"
     "ahorrado|ahorre|invertir|da|dan",
     R_OWN},
};

/* Behind a sum (and its currency): what makes it another's, or a rate. */
static const char *const other_after[] = {
    "a|per|each|every|al|por|cada month|week|year|hour|day|mo|mes|semana|hora|dia|ano",
    "an hour",
    "monthly|weekly|yearly|hourly|annually|mensual|mensuales",
    "in|of rent|debt|taxes|damage|damages|fines",
    "worth",
    "to buy",
    "times",
};

/* "a three thousand dollar X": the caller's only if X is one of these */
static const char own_things[] =
    "budget|limit|max|maximum|job|project|contract|allowance|grant|loan|check|range|cap|ceiling|"
    "deal|credit|line|gift|fund|spend|purchase|order|remodel|renovation|area|neighborhood|mark|"
    "region|ballpark";

/* sums that are said by their length */
static const struct figure_row {
    const char *pattern;
    int value;
} figure_rows[] = {
    {"five|cinco figures|cifras", 10000},
    {"six|seis figures|cifras", 100000},
    {"seven|siete figures|cifras", 1000000},
};

/* what refuses a quote */
static const char *const refusals[] = {
    ("nuts|crazy|ridiculous|insane|robbery|steep|outrageous|expensive|cheaper|ouch|caro|caros|"
     "forget"),
    "too much|high|steep|rich",
    "no way|thanks|thank",
    "not paying|doing|happening|gonna|going|worth",
    "can not",
    "rip off",
    "es mucho",
};

static const char *const no_ceilings[] = {
    "money|price|cost|budget is|are no|not object|a|an|obstacle|concern|problem",
    "money|price|cost|budget is no object|issue|concern|problem|obstacle",
    "money|price|cost does not matter",
    "money is not a|an problem|object|concern",
    "do|does not care about|what the|it price|cost|costs",
    "do not care what|how it|much costs|it",
    "sky is the limit",
    "sky the limit",
    "skys the limit",
    "spare no expense",
    "spare no expenses",
    "sparing no expense",
    "no expense spared",
    "no limit|ceiling|cap on|to|for|what|whatsoever",
    "no budget limit|cap|ceiling",
    "no spending limit|cap",
    "not a|any limit|ceiling|cap",
    "whatever it costs|takes",
    "whatever the cost|price",
    "at any price|cost",
    "unlimited budget|funds|money",
    "budget is unlimited|open|endless",
    "blank check",
    "open checkbook|wallet|budget",
    "money to burn",
    "name your price",
    "cost is no",
    "el dinero no importa|es",
    "no importa el precio|costo|dinero",
    "sin limite",
    "cueste lo que cueste",
    "lo que cueste",
};

#endif
