/* Each place where the owner is named is looked at with the words around it: another's owner, an
 * owner of something else, one who was spoken to already or is not wanted is none; then a request
 * must be near: to talk, to be called, to come, or nothing but the name and "please". */
#include "core/escalation_owner.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

#define NEAR_BEFORE 9 /* words of the same clause in which a request is looked for */
#define NEAR_AFTER  7
#define FEW_WORDS   5 /* "the owner please": the whole text is the request */
#define MAX_NAME    64

/* who is meant; what is behind the '+' is needed as well to be one */
static const char *const titles[] = {
    "honor|oner|onar of|at the|this|your business|company|shop|place|firm",
    "person|guy|man|lady|woman|one|someone|somebody|whoever|who|whos|they|people in charge",
    "person|guy|man|lady|woman|one|whoever|who|someone who|that owns|runs|makes",
    "person|guy|one running|owning the|this",
    "whoever|who makes|calls the|decisions",
    "whoever|who is in charge",
    "whoever|whos in charge",
    "whoever|who owns|runs|is",
    "somebody|someone|anybody|anyone above|over|higher",
    "that|who is in charge",
    "higher up|ups",
    "head guy|honcho|man|person",
    "big|head boss|man",
    "decision maker",
    "on|o er|ner",
    ("owner|owners|oner|onwer|ownr|owener|proprietor|boss|bosses|manager|managers|supervisor|"
     "founder|president|ceo|dueno|duena|jefe|jefa|gerente|encargado|encargada|patron|"
     "propietario|propietaria|supervisora"),
};

/* from the place of the title, with words before or behind: not the owner of this firm */
static const char *const not_before[] = {
    "am|was|as|are the|a|an|one|also|new|now",
    "am|we|are the new",
    "home|house|previous|old|former|new|last|original|prior|other|property|building|shop|"
    "restaurant|"
    "dog|cat|pet|car|land|store|business|first|second|current|next|rental|truck|studio|salon|cafe|"
    "my|"
    "his|her|their|our|mi|anterior|nuevo|antiguo|soy",
    "soy el|la|un|una",
    "are you the",
    "am|is your new",
};
static const char *const not_behind[] = {
    "of the|my|this|our|that|a "
    "house|building|home|property|dog|car|place|apartment|unit|land|truck|"
    "rental|condo|next|bakery|cafe|store",
    "manual|manuals|operated|occupied|financed",
    "de la|mi casa|propiedad",
    "at work|my|the|our",
    "de casa",
    "anterior",
    "here and|with|a|who|our|my|i|an|can|looking",
    "already|just|said|told|approved|agreed|promised|quoted|came|fixed|did|was|gave|called|emailed|"
    "texted|sent",
};

/* before the title, in its clause: it is done, or not wanted */
static const char *const not_wanted[] = {
    "spoke|talked|spoken|chatted|met|hable|dealt",
    "thank|thanks|gracias|saludos|regards|compliments|hello|hi to|for|the|al",
    "no need|reason",
    "do|need|does|should|would not|never need|have|want|bother|disturb|wake|call|get|involve|care",
    ("do not|never "
     "transfer|connect|put|pass|bother|disturb|wake|involve|need|call|get|tell|trouble|worry"),
    "without|instead of|the|bothering",
    "no necesito|quiero|hace|moleste|molesten|hay",
    "rather not",
    "how long|old",
    "family|locally|woman|veteran|owner owned|operated",
    "had a talk|word|chat|conversation|spoken",
};

/* right before the title: he is to be told something, no more */
static const char *const only_told[] = {"tell|told|say|dile|digale|dele|inform|ask|asked"};

/* a request before the title, in its clause */
static const char *const asks_before[] = {
    "talk|talking|speak|speaking|chat|discuss|word|conversation|meet|meeting|deal|dealing|hablar|"
    "platicar|comunicar|reach|contact|interview|catch|see",
    "get|put|give|pass|bring|fetch|page|grab|connect|transfer|patch|escalate|direct|refer|wait|"
    "hold",
    "comunica|comuniqueme|comunicame|comunique|pasa|paseme|pasame|pongame|ponme|busco|llame|"
    "llameme|"
    "transfierame|contactar|contacte|dile|digale",
    "have|has|want|wants|need|needs|ask|asks|asking|wanted|calling|looking|call|like|tell|told",
    "is|are|esta|estan|when|where|best|can|could|may|would|will|does|who|puede|podria|quiero|"
    "necesito|quisiera|better|if",
};
/* and behind it */
static const char *const asks_behind[] = {
    "available|around|please|himself|herself|myself|directly|personally|pls|now|por",
    "to call|ring|phone|come|look|text|see|speak|talk|contact|be|do|get",
    "call|calls|ring|phone|email|text|contact me|us|back",
    "would|will|can|could call|ring|come|be|phone",
    "have|has|got a|five|ten|two|some|time minute|minutes|moment|second|time|for",
    "on the line|phone",
    "talk|speak to|with him|her|them",
    "i|we can|could talk|speak|reach",
    "there|in",
    "put|connect|transfer|let|patch me|us",
    "que me llame",
    "phone|number|email",
};

/* what may stand right before the title of the owner of this firm; another noun makes him the owner
 * of that */
static const char title_lead[] =
    "the|your|ur|an|a|this|that|el|la|al|del|su|tu|un|una|los|to|with|for|get|see|business|company|"
    "firm|actual|real|big|top|head|main|need|want|owner|please|pls|is|and|2|call|hi|hello|con|por|"
    "of|me|higher|have|tell|who|whom|or|no|yes|any|someone|somebody|anyone|talk|speak";

static bool same_clause(const struct desk_words *ws, size_t a, size_t b)
{
    return a < ws->n && b < ws->n && ws->w[a].clause == ws->w[b].clause;
}

/* does a pattern of the list end exactly before word i? */
static bool ends_before(const struct desk_words *ws, size_t i, const char *const *list, size_t n)
{
    for (size_t k = 0; k < n; k++)
        for (size_t back = 1; back <= 4 && back <= i; back++)
            if (desk_words_match(ws, i - back, list[k]) == back)
                return true;
    return false;
}

static bool begins_at(const struct desk_words *ws, size_t i, const char *const *list, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (desk_words_match(ws, i, list[k]))
            return true;
    return false;
}

/* does a pattern of the list begin in [from, to), in the clause of word i? */
static bool stands_in(const struct desk_words *ws, size_t from, size_t to, size_t i,
                      const char *const *list, size_t n)
{
    for (size_t k = from; k < to && k < ws->n; k++)
        if (same_clause(ws, k, i) && begins_at(ws, k, list, n))
            return true;
    return false;
}

static bool skips(const struct desk_words *ws, size_t i)
{
    return desk_words_match(ws, i,
                            "the|a|your|an|this|el|la|del|al|su|un|tu|big|business|company|shop|"
                            "actual|real|firm|whole|top|main");
}

/* "i am your owner" is not said, "i need your owner" is: the word before the article decides */
static bool of_another(const struct desk_words *ws, size_t i, size_t n)
{
    bool firm =
        i > 0 && (desk_words_match(ws, i - 1, "your") ||
                  (i > 1 && desk_words_match(ws, i - 2, "your|the|this business|company|firm")));
    if (i > 0 && !desk_words_match(ws, i - 1, title_lead) && same_clause(ws, i - 1, i))
        return true;
    if (!firm && ends_before(ws, i, not_before, COUNT(not_before)))
        return true;
    if (i > 0 && desk_words_match(ws, i - 1, "not"))
        return true;
    if (i > 1 && desk_words_match(ws, i - 2, "not|if the|your"))
        return desk_words_match(ws, i - 2, "not");
    return begins_at(ws, i + n, not_behind, COUNT(not_behind)) &&
           !desk_words_match(ws, i + n, "of the|this business|company|shop|firm");
}

/* "I don't need the owner"; but not "I don't want an assistant, I want the owner" */
static bool is_unwanted(const struct desk_words *ws, size_t from, size_t to, size_t i)
{
    bool unwanted = false;
    for (size_t k = from; k < to; k++) {
        if (!same_clause(ws, k, i))
            continue;
        if (begins_at(ws, k, not_wanted, COUNT(not_wanted)))
            unwanted = true;
        else if (desk_words_match(ws, k, "let me|us") ||
                 (desk_words_match(ws, k, "i|we|please|just|so") &&
                  begins_at(ws, k + 1, asks_before, COUNT(asks_before))))
            unwanted = false;
    }
    return unwanted;
}

/* "tell the owner thanks"; but "tell the owner to call me", "I was told the owner would call" */
static bool is_only_told(const struct desk_words *ws, size_t start, size_t behind)
{
    if (start == 0 || !begins_at(ws, start - 1, only_told, COUNT(only_told)))
        return false;
    bool passive = start > 1 && desk_words_match(ws, start - 2, "was|am|were|been|are|got told");
    return !passive && !desk_words_match(ws, behind, "to|that|please|que");
}

static bool asked_at(const struct desk_words *ws, size_t i, size_t n)
{
    size_t from = i > NEAR_BEFORE ? i - NEAR_BEFORE : 0;
    size_t start = i;
    while (start > 0 && skips(ws, start - 1))
        start--;
    if (is_only_told(ws, start, i + n) || is_unwanted(ws, from, start, i))
        return false;
    return stands_in(ws, from, start, i, asks_before, COUNT(asks_before)) ||
           stands_in(ws, i + n, i + n + NEAR_AFTER, i, asks_behind, COUNT(asks_behind)) ||
           ws->n <= FEW_WORDS;
}

/* ---- by name --------------------------------------------------------------------------------- */

static const char *const name_not_before[] = {
    "my name is",
    ("am|son|brother|cousin|husband|friend|called|named|soy|uncle|saint|san|mount|fort|on|near|by|"
     "last"),
    "this|it is",
    "thanks|thank to|you",
    "thanks|thank|neighbor|coworker|colleague|nephew|dad|boss|guy|man|than|and",
};
static const char *const name_not_behind[] = {
    "street|avenue|road|drive|lane|court|number|heights|boulevard",
    "fixed|came|did|was|said|told|already|put|built|quoted|hung|installed|left|broke|gave|has|"
    "painted|"
    "repaired|agreed|promised|sent|emailed|ya",
};

static bool is_title_word(const char *word)
{
    static const char *const list[] = {"dr",   "doctor", "mr", "mrs", "ms",
                                       "miss", "the",    "de", "la",  "jr"};
    for (size_t i = 0; i < COUNT(list); i++)
        if (strcmp(word, list[i]) == 0)
            return true;
    return strlen(word) < 3;
}

/* does a word of the owner's name stand at i? "Dr. Imani Cole" is imani, or cole */
static bool is_named(const struct desk_words *ws, size_t i, const char *const *names, size_t n)
{
    char part[MAX_NAME];
    for (size_t k = 0; k < n; k++) {
        struct desk_words name;
        snprintf(part, sizeof part, "%s", names[k] ? names[k] : "");
        desk_words_read(&name, part);
        for (size_t j = 0; j < name.n; j++)
            if (!is_title_word(desk_words_at(&name, j)) &&
                strcmp(desk_words_at(&name, j), desk_words_at(ws, i)) == 0)
                return true;
    }
    return false;
}

static bool name_asked_at(const struct desk_words *ws, size_t i)
{
    static const char *const told_to[] = {
        "asked|told|wants|wanted me|us to ask|call|talk|speak|reach|phone|ring|contact|see|get"};
    if (stands_in(ws, i + 1, i + NEAR_AFTER, i, told_to, COUNT(told_to)))
        return true;
    if (ends_before(ws, i, name_not_before, COUNT(name_not_before)))
        return false;
    return !begins_at(ws, i + 1, name_not_behind, COUNT(name_not_behind)) && asked_at(ws, i, 1);
}

const char *desk_owner_asked(const struct desk_words *ws, const char *const *names, size_t n)
{
    for (size_t i = 0; i < ws->n; i++) {
        if (is_named(ws, i, names, n) && name_asked_at(ws, i))
            return desk_words_at(ws, i);
        for (size_t k = 0; k < COUNT(titles); k++) {
            size_t len = desk_words_match(ws, i, titles[k]);
            if (len && !of_another(ws, i, len) && asked_at(ws, i, len))
                return desk_words_at(ws, i + len - 1);
        }
    }
    return NULL;
}
