/* Names of people: behind cues ("my name is …", "this is … calling", "my husband …"), known given
 * names wherever they stand, and titles. Spelled ones: mask_spell.c. */
#include "core/mask_text.h"

#include <string.h>

/* ---- what a word may be ------------------------------------------------------------------------
 */

/* Forms that verbs, adverbs and nouns have, and hardly a name that is in no list. */
static bool inflected(const char *w)
{
    static const char *const ends[] = {"ing",  "ed",   "ly",   "tion",  "ness", "ment",
                                       "able", "ible", "ful",  "ist",   "ists", "less",
                                       "ous",  "ive",  "ando", "iendo", "cion", "mente"};
    size_t n = strlen(w);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t len = strlen(ends[i]);
        if (n > len + 2 && strcmp(w + n - len, ends[i]) == 0)
            return true;
    }
    return false;
}

#define ANY_NAME (DESK_LEX_NAME | DESK_LEX_MAYBE | DESK_LEX_SURNAME)

static bool is_word(const struct desk_mask_text *m, size_t i)
{
    return i < m->n && m->tok[i].type == DESK_TOK_WORD && m->tok[i].num == DESK_NUM_NONE &&
           !desk_mask_marked(m, i);
}

/* The word without an "s" or "es" of a plural or a verb. */
static uint32_t lex_of_stem(const char *w)
{
    char stem[DESK_MASK_WORD];
    size_t n = strlen(w);
    if (n < 4 || w[n - 1] != 's')
        return 0;
    memcpy(stem, w, n + 1);
    stem[n - 1] = '\0';
    uint32_t lex = desk_mask_lex(stem);
    if (stem[n - 2] == 'e' && n > 4) {
        stem[n - 2] = '\0';
        lex |= desk_mask_lex(stem);
        if (stem[n - 3] == 'i') {
            stem[n - 3] = 'y';
            lex |= desk_mask_lex(stem);
        }
    }
    return lex;
}

/* In no list of ordinary words, and does not look like one. */
static bool unknown(const struct desk_mask_text *m, size_t i)
{
    static const uint32_t ordinary = DESK_LEX_FUNCTION | DESK_LEX_COMMON | DESK_LEX_KIN |
                                     DESK_LEX_TITLE | DESK_LEX_UNIT | DESK_LEX_HEALTH |
                                     DESK_LEX_STREET | DESK_LEX_VIA | DESK_LEX_ACRONYM |
                                     DESK_LEX_FILL | DESK_LEX_NOT_NAME | DESK_LEX_MONTH;
    return is_word(m, i) && strlen(m->tok[i].w) > 1 && !(m->tok[i].lex & ordinary) &&
           !inflected(m->tok[i].w) && !(lex_of_stem(m->tok[i].w) & ordinary);
}

/* A capital that says something: inside of a sentence, in a text that has small letters, too. */
static bool capital(const struct desk_mask_text *m, size_t i)
{
    return i < m->n && m->capitals && m->tok[i].cap && !m->tok[i].allcap && !m->tok[i].first;
}

/* The name, or the sentence, may end before token i. */
static bool after_name(const struct desk_mask_text *m, size_t i)
{
    return desk_mask_breaks(m, i) || m->tok[i].gap == ',' ||
           (m->tok[i].lex & (DESK_LEX_AFTER_NAME | DESK_LEX_FUNCTION)) || !is_word(m, i) ||
           strlen(m->tok[i].w) == 1; /* it is spelled now */
}

/* May this be a family name, or a second given name? */
static bool second_name(const struct desk_mask_text *m, size_t i)
{
    if (!is_word(m, i) || desk_mask_breaks(m, i) || m->tok[i].gap == ',' || m->tok[i].gap == '"' ||
        strlen(m->tok[i].w) < 2 || (m->tok[i].lex & DESK_LEX_FUNCTION))
        return false;
    const struct desk_mask_tok *t = &m->tok[i];
    if (t->lex & DESK_LEX_NAME)
        return true;
    if (capital(m, i))
        return !(t->lex & DESK_LEX_MONTH);
    bool ordinary = t->lex & (DESK_LEX_COMMON | DESK_LEX_MAYBE);
    if (t->lex & DESK_LEX_SURNAME) /* "young i need …", but not "park the car" */
        return !ordinary || after_name(m, i + 1);
    return unknown(m, i);
}

static bool particle(const struct desk_mask_text *m, size_t i)
{
    return is_word(m, i) && (m->tok[i].lex & DESK_LEX_PARTICLE) && !desk_mask_breaks(m, i) &&
           !desk_mask_is(m, i, "y");
}

/* "J." of "Dana J. Whitfield" */
static bool initial(const struct desk_mask_text *m, size_t i)
{
    return is_word(m, i) && strlen(m->tok[i].w) == 1 && !desk_mask_breaks(m, i) &&
           !(m->tok[i].lex & DESK_LEX_FUNCTION) && m->capitals && m->tok[i].cap;
}

/* One behind the next part of a name at i, with what belongs before it ("de la"); i = there is
 * none. */
static size_t next_part(const struct desk_mask_text *m, size_t i)
{
    size_t p = i;
    if (initial(m, p))
        return second_name(m, p + 1) ? p + 2 : i;
    while (p < i + 2 && particle(m, p))
        p++;
    /* "maria y quiero", "dana de la compañía": a particle needs a name behind it */
    bool known = p == i || capital(m, p) || desk_mask_has(m, p, ANY_NAME);
    return known && second_name(m, p) ? p + 1 : i;
}

/* One behind the last token of the name that begins at i. */
static size_t name_end(const struct desk_mask_text *m, size_t i)
{
    static const char suffixes[] = "jr sr iii junior ";
    size_t k = i + 1, part;
    while (k < i + 4 && (part = next_part(m, k)) > k)
        k = part;
    if (k < m->n && !desk_mask_breaks(m, k) && desk_mask_in(suffixes, m->tok[k].w))
        k++;
    return k;
}

static void mark_name(struct desk_mask_text *m, size_t i)
{
    desk_mask_tokens(m, i, name_end(m, i) - 1, DESK_MASK_NAME);
}

/* ---- cues --------------------------------------------------------------------------------------
 */

enum strength {
    STRONG, /* a name follows, whatever it looks like */
    WEAK,   /* a name may follow: it must look like one, and what follows it, too */
    KIN,    /* the same, of somebody else */
};

static const struct {
    const char *phrase;
    enum strength strength;
} cues[] = {
    {"name is", STRONG},
    {"name's", STRONG},
    {"names", WEAK},
    {"name was", STRONG},
    {"name of", WEAK},
    {"under the name", STRONG},
    {"name", WEAK},
    {"surname", WEAK},
    {"surname is", STRONG},
    {"me llamo", STRONG},
    {"nombre es", STRONG},
    {"se llama", STRONG},
    {"apellido es", STRONG},
    {"a nombre de", STRONG},
    {"de parte de", WEAK},
    {"this is", WEAK},
    {"this is mr", STRONG},
    {"this is mrs", STRONG},
    {"i'm", WEAK},
    {"i am", WEAK},
    {"it's", WEAK},
    {"it is", WEAK},
    {"its", WEAK},
    {"im", WEAK},
    {"soy", WEAK},
    {"habla", WEAK},
    {"hablo con", WEAK},
    {"con el senor", STRONG},
    {"speaking with", WEAK},
    {"spoke with", WEAK},
    {"spoke to", WEAK},
    {"talked to", WEAK},
    {"talk to", WEAK},
    {"speak to", WEAK},
    {"speak with", WEAK},
    {"ask for", WEAK},
    {"asked for", WEAK},
    {"asking for", WEAK},
    {"looking for", WEAK},
    {"message for", WEAK},
    {"goes by", WEAK},
    {"call me", WEAK},
    {"called me", WEAK},
    {"signed", WEAK},
    {"sincerely", WEAK},
    {"regards", WEAK},
    {"attn", STRONG},
    {"dear", WEAK},
    {"hi", WEAK},
    {"hello", WEAK},
    {"appointment for", WEAK},
    {"booked for", WEAK},
    {"on behalf of", WEAK},
    {"make it out to", WEAK},
    {"billed to", WEAK},
    {"caller", WEAK},
    {"contact", WEAK},
    {"callers name", STRONG},
    {"calls me", WEAK},
    {"send", WEAK},
    {"give", WEAK},
    {"pay", WEAK},
    {"call", WEAK},
    {"show", WEAK},
    {"bring", WEAK},
    {"me dicen", WEAK},
    {"pueden decir", WEAK},
    {"goes as", WEAK},
    {"known as", WEAK},
    {"under", WEAK},
    {"first name", WEAK},
    {"last name", WEAK},
    {"family name", WEAK},
    {"middle name", WEAK},
    {"apellido", WEAK},
    {"nombre", WEAK},
    {"tell", WEAK},
    {"remind", WEAK},
    {"ask", WEAK},
    {"let", WEAK},
    {"thank you", WEAK},
    {"thanks", WEAK},
    {"text", WEAK},
    {"notify", WEAK},
    {"email", WEAK},
    {"meet", WEAK},
    {"saw", WEAK},
    {"told", WEAK},
    {"asked", WEAK},
    {"invite", WEAK},
    {"see", WEAK},
    {"first name's", STRONG},
    {"last name's", STRONG},
};

/* A word that may be a name ("rose"): is it one behind that cue? */
static bool maybe_name(const struct desk_mask_text *m, size_t i, enum strength strength)
{
    static const char modal[] = "will may can mark drew rich frank grant ";
    static const char looks[] =
        "sunny misty sandy rusty dusty happy rich frank red gray grey storm "
        "lucky woody rocky precious royal early sky summer winter spring "
        "autumn dawn art sterling crystal amber jade young green blue brown "
        "white black stormy windy cash gay guy jean opal ";
    const char *w = m->tok[i].w;
    bool doubtful = desk_mask_has(m, i, DESK_LEX_MONTH) || desk_mask_in(looks, w) ||
                    (strength == KIN && desk_mask_in(modal, w));
    bool next = second_name(m, i + 1) || after_name(m, i + 1);
    if (!doubtful)
        return strength == KIN || next;
    bool named = capital(m, i) || unknown(m, i + 1) ||
                 desk_mask_has(m, i + 1, DESK_LEX_SURNAME | DESK_LEX_AFTER_NAME);
    return named && next && !desk_mask_breaks(m, i + 1);
}

static bool looks_like_name(const struct desk_mask_text *m, size_t i, enum strength strength)
{
    if (!is_word(m, i) || desk_mask_has(m, i, DESK_LEX_FUNCTION | DESK_LEX_NOT_NAME))
        return false;
    if (strength == STRONG || desk_mask_has(m, i, DESK_LEX_NAME))
        return true;
    if (desk_mask_has(m, i, DESK_LEX_KIN | DESK_LEX_TITLE))
        return false;
    if (desk_mask_has(m, i, DESK_LEX_MAYBE))
        return maybe_name(m, i, strength);
    bool family = desk_mask_has(m, i, DESK_LEX_SURNAME) && !desk_mask_has(m, i, DESK_LEX_COMMON);
    return capital(m, i) ||
           ((unknown(m, i) || family) && (second_name(m, i + 1) || after_name(m, i + 1)));
}

static void cued(struct desk_mask_text *m, size_t i)
{
    static const char before[] = "mr mrs ms miss doctor dr senor senora sr sra don dona the a ";
    for (size_t c = 0; c < sizeof cues / sizeof *cues; c++) {
        size_t n = desk_mask_phrase(m, i, cues[c].phrase);
        size_t k = i + n;
        if (!n || k >= m->n || (desk_mask_breaks(m, k) && cues[c].strength != STRONG))
            continue;
        while (desk_mask_in(before, m->tok[k].w) && k + 1 < m->n && cues[c].strength == STRONG)
            k++;
        if (looks_like_name(m, k, cues[c].strength))
            mark_name(m, k);
    }
}

/* "the name on the account is fitzgerald" */
static void name_of_something(struct desk_mask_text *m, size_t i)
{
    if (!desk_mask_is(m, i, "name") && !desk_mask_is(m, i, "nombre"))
        return;
    for (size_t k = i + 2; k < i + 7 && k + 1 < m->n && !desk_mask_breaks(m, k); k++)
        if (desk_mask_is(m, k, "is") || desk_mask_is(m, k, "es") || desk_mask_is(m, k, "was")) {
            if (looks_like_name(m, k + 1, STRONG) && !desk_mask_has(m, k + 1, DESK_LEX_COMMON))
                mark_name(m, k + 1);
            return;
        }
}

/* "my husband rob", "our tenant, siobhan" */
static void kin(struct desk_mask_text *m, size_t i)
{
    if (!desk_mask_has(m, i, DESK_LEX_KIN) || desk_mask_breaks(m, i + 1))
        return;
    size_t k = i + 1;
    if (desk_mask_is(m, k, "is") || desk_mask_is(m, k, "named") || desk_mask_is(m, k, "called"))
        k++;
    if (k < m->n && looks_like_name(m, k, KIN) &&
        (desk_mask_has(m, k, ANY_NAME) || capital(m, k) || m->tok[i + 1].gap != ','))
        mark_name(m, k);
}

/* "mr whitfield", "dr. patel" */
static void titled(struct desk_mask_text *m, size_t i)
{
    static const char sure[] = "mr mrs ms mister missus dr prof senor senora sr sra ";
    size_t k = i + 1;
    if (!desk_mask_has(m, i, DESK_LEX_TITLE) || !is_word(m, k))
        return;
    bool title = desk_mask_in(sure, m->tok[i].w);
    bool near = !desk_mask_breaks(m, k) || (title && m->tok[k].gap == '.'); /* "Dr. Patel" */
    bool name = desk_mask_has(m, k, ANY_NAME) || unknown(m, k) || capital(m, k);
    if (near && name && !desk_mask_has(m, k, DESK_LEX_FUNCTION))
        mark_name(m, k);
}

/* "whitfield speaking", "the garcia residence" */
static void before_cue(struct desk_mask_text *m, size_t i)
{
    static const char cues_behind[] = "speaking residence family household ";
    if (!i || !desk_mask_in(cues_behind, m->tok[i].w) || desk_mask_breaks(m, i))
        return;
    size_t k = i - 1;
    bool name = desk_mask_has(m, k, DESK_LEX_NAME | DESK_LEX_SURNAME) || unknown(m, k) ||
                (desk_mask_is(m, i, "speaking") && desk_mask_has(m, k, DESK_LEX_MAYBE));
    bool will = desk_mask_has(m, k, DESK_LEX_MAYBE) && k == 0;
    if (is_word(m, k) && name && (will || !desk_mask_has(m, k, DESK_LEX_FUNCTION)))
        desk_mask_tokens(m, k, k, DESK_MASK_NAME);
}

/* "San Diego", "St. Louis" */
static bool of_a_place(const struct desk_mask_text *m, size_t i)
{
    static const char before[] = "san santa st saint fort port lake mount los el ";
    return i && desk_mask_in(before, m->tok[i - 1].w) && !m->tok[i].first;
}

/* A word that may be a name, with a family name behind it. */
static bool with_family_name(const struct desk_mask_text *m, size_t i)
{
    static const char verbs[] = "will can said mark park ";
    bool month = desk_mask_has(m, i, DESK_LEX_MONTH);
    bool common = desk_mask_has(m, i + 1, DESK_LEX_COMMON);
    bool family = desk_mask_has(m, i + 1, DESK_LEX_SURNAME);
    if (i + 1 >= m->n || !second_name(m, i + 1) || (month && common)) /* "May Day" */
        return false;
    if (m->capitals && m->tok[i].cap && capital(m, i + 1) && (family || unknown(m, i + 1)))
        return true;
    return family && !common && !month && !desk_mask_in(verbs, m->tok[i].w);
}

/* Given names without any cue. */
static void anywhere(struct desk_mask_text *m, size_t i)
{
    if (!is_word(m, i) || desk_mask_has(m, i, DESK_LEX_FUNCTION) || of_a_place(m, i))
        return;
    if (desk_mask_has(m, i, DESK_LEX_NAME)) {
        /* "WHITFIELD DANA" */
        bool family_first =
            i && m->tok[i].allcap && m->tok[i - 1].allcap && unknown(m, i - 1) && !m->tok[i].first;
        desk_mask_tokens(m, i - family_first, name_end(m, i) - 1, DESK_MASK_NAME);
    } else if (desk_mask_has(m, i, DESK_LEX_MAYBE) && with_family_name(m, i)) {
        mark_name(m, i);
    }
}

/* "the wilsons" */
static void whole_family(struct desk_mask_text *m, size_t i)
{
    size_t k = i + 1;
    if (!desk_mask_is(m, i, "the") || !is_word(m, k) || desk_mask_breaks(m, k) ||
        desk_mask_has(m, k, DESK_LEX_COMMON | DESK_LEX_FUNCTION))
        return;
    uint32_t stem = lex_of_stem(m->tok[k].w);
    if ((stem & DESK_LEX_SURNAME) && !(stem & DESK_LEX_COMMON))
        desk_mask_tokens(m, k, k, DESK_MASK_NAME);
}

/* "joy called about her crown": what only people do */
static void who_did(struct desk_mask_text *m, size_t i)
{
    static const char did[] = "called said says told asked wants needs texted emailed rang booked "
                              "confirmed approved cancelled canceled wrote thinks left llamo dijo ";
    static const char not_after[] = "the a an this that my your our no any one and will may ";
    if (!desk_mask_has(m, i, DESK_LEX_MAYBE) || !is_word(m, i) || desk_mask_breaks(m, i + 1) ||
        desk_mask_has(m, i, DESK_LEX_MONTH | DESK_LEX_FUNCTION) ||
        !desk_mask_in(did, m->tok[i + 1].w))
        return;
    if (!i || !desk_mask_in(not_after, m->tok[i - 1].w))
        desk_mask_tokens(m, i, i, DESK_MASK_NAME);
}

/* "bartholomew from accounting wants …": the first word of all */
static void who_begins(struct desk_mask_text *m)
{
    static const char greetings[] = "hi hey hello yes yeah hola bueno ";
    static const char next[] = "from here calling speaking de ";
    size_t i = 0;
    while (i < m->n && desk_mask_in(greetings, m->tok[i].w))
        i++;
    bool name = unknown(m, i) || (is_word(m, i) && desk_mask_has(m, i, ANY_NAME) &&
                                  !desk_mask_has(m, i, DESK_LEX_COMMON | DESK_LEX_FUNCTION));
    if (name && i + 1 < m->n && desk_mask_in(next, m->tok[i + 1].w))
        mark_name(m, i);
}

/* An answer of two or three words that begins like a name: "ola berg". */
static void whole_answer(struct desk_mask_text *m)
{
    bool some = false;
    if (m->n < 2 || m->n > 3 || desk_mask_has(m, 0, DESK_LEX_MONTH) ||
        !(unknown(m, 0) || desk_mask_has(m, 0, DESK_LEX_NAME | DESK_LEX_MAYBE)))
        return;
    for (size_t i = 0; i < m->n; i++) {
        bool named = unknown(m, i) || desk_mask_has(m, i, ANY_NAME);
        if (!is_word(m, i) || !named || desk_mask_has(m, i, DESK_LEX_FUNCTION) ||
            (i && m->tok[i].gap != ' '))
            return;
        some = some || desk_mask_has(m, i, ANY_NAME) || m->tok[i].cap;
    }
    if (some)
        desk_mask_tokens(m, 0, m->n - 1, DESK_MASK_NAME);
}

/* "jordan's phone": what a person has, and a place has not */
static void owner(struct desk_mask_text *m, size_t i)
{
    static const char had[] =
        "phone cell mobile number house wife husband mom mother dad father son "
        "daughter appointment cleaning account tooth email birthday room name "
        "address sister brother card insurance ";
    size_t n = strlen(m->tok[i].w);
    if (is_word(m, i) && n > 2 && strcmp(m->tok[i].w + n - 2, "'s") == 0 &&
        (m->tok[i].lex & (DESK_LEX_MAYBE | DESK_LEX_SURNAME)) &&
        !(m->tok[i].lex & (DESK_LEX_COMMON | DESK_LEX_MONTH)) && i + 1 < m->n &&
        desk_mask_in(had, m->tok[i + 1].w))
        desk_mask_tokens(m, i, i, DESK_MASK_NAME);
}

void desk_mask_rule_names(struct desk_mask_text *m)
{
    whole_answer(m);
    who_begins(m);
    for (size_t i = 0; i < m->n; i++) {
        cued(m, i);
        name_of_something(m, i);
        kin(m, i);
        titled(m, i);
        before_cue(m, i);
        owner(m, i);
        who_did(m, i);
        whole_family(m, i);
    }
    for (size_t i = 0; i < m->n; i++)
        anywhere(m, i);
}
