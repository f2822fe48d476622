#include "core/claims.h"
#include "core/words.h"

#include <ctype.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct pattern {
    enum desk_claim_kind kind;
    const char *words;
} patterns[] = {
#include "core/claims.inc"
#include "core/claims_es.inc"
};

/* ---- kinds ----------------------------------------------------------------------------------- */

#define P(name) DESK_PROOF_BIT(DESK_PROOF_##name)
/* whatever puts the matter before the owner */
#define ON_THE_LIST (P(CALLBACK) | P(TICKET) | P(MESSAGE) | P(LEAD) | P(TOLD) | P(TRANSFER))

static const struct {
    const char *name;
    unsigned proved_by;
    const char *missing;
} kinds[DESK_CLAIM__MAX] = {
    [DESK_CLAIM_BOOKED] = {"booked", P(VISIT) | P(MOVED),
                           "The caller was told that an appointment stands, but none is in the "
                           "calendar."},
    [DESK_CLAIM_MOVED] = {"moved", P(MOVED),
                          "The caller was told that the appointment is moved, but it is not."},
    [DESK_CLAIM_CANCELLED] = {"cancelled", P(CANCELLED),
                              "The caller was told that the appointment is cancelled, but it still "
                              "stands."},
    [DESK_CLAIM_TEXTED] = {"texted", P(TEXT),
                           "The caller was told that a text comes, but none was sent."},
    [DESK_CLAIM_CALLBACK] = {"callback", P(CALLBACK) | P(TRANSFER),
                             "The caller was told that somebody calls back, but it is not on your "
                             "list."},
    [DESK_CLAIM_PUT_THROUGH] = {"put_through", P(TRANSFER),
                                "The caller was told that they are put through, but nobody was "
                                "rung."},
    [DESK_CLAIM_TOLD] = {"told", ON_THE_LIST | P(VISIT) | P(MOVED) | P(CANCELLED),
                         "The caller was told that you know of it, but nobody told you."},
    [DESK_CLAIM_TICKET] = {"ticket", P(TICKET),
                           "The caller was told that a ticket is open, but there is none."},
    [DESK_CLAIM_MESSAGE] = {"message", ON_THE_LIST | P(NOTE) | P(VISIT) | P(MOVED) | P(CANCELLED),
                            "The caller was told that a message is passed on, but none was kept."},
};

const char *desk_claim_name(enum desk_claim_kind k)
{
    return k < DESK_CLAIM__MAX ? kinds[k].name : "";
}

enum desk_claim_kind desk_claim_parse(const char *name)
{
    for (int i = 0; name && i < DESK_CLAIM__MAX; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return (enum desk_claim_kind)i;
    return DESK_CLAIM__MAX;
}

bool desk_claim_proved(enum desk_claim_kind k, unsigned proofs)
{
    return k >= DESK_CLAIM__MAX || (kinds[k].proved_by & proofs) != 0;
}

const char *desk_claim_missing(enum desk_claim_kind k)
{
    return k < DESK_CLAIM__MAX ? kinds[k].missing : "";
}

/* ---- words ----------------------------------------------------------------------------------- */

static bool listed(const char *word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(word, list[i]) == 0)
            return true;
    return false;
}
#define LISTED(word, list) listed((word), (list), COUNT(list))

/* Words of manner: they change nothing wherever they stand. */
static const char *const manner[] = {
    "just", "now", "already", "also", "all", "both", "gone", "ahead", "and", "then", "been",
    "right", "officially", "certainly", "here", "definitely", "again", "so", "back", "surely",
    "happily", "quickly", "too",
    /* Spanish */
    "ya", "ahora", "tambien", "mismo", "enseguida", "bien", "correctamente", "oficialmente"};

/* Whom a text to "you" is not: the end of "told ^". */
static const char *const callers[] = {"you", "your", "me", "us", "about", "that", "it", "this"};

/* Who does not come and is not told: the beginning of "@ will come". */
static const char *const no_doers[] = {
    "you",   "it",   "that",   "this",  "there", "which", "what", "where", "when",  "how",
    "who",   "your", "time",   "price", "still", "only",  "i",    "que",   "quien", "nadie",
    "usted", "no",   "cuando", "donde", "si",    "eso",   "esto", "cual",  "como"};

/* One element of a pattern, n bytes: does word w fit it? */
static bool fits(const char *w, const char *p, size_t n)
{
    if (n == 1 && strchr("_^@0", *p))
        return *p == '_'   ? true
               : *p == '^' ? !LISTED(w, callers)
               : *p == '@' ? !LISTED(w, no_doers)
                           : isdigit((unsigned char)*w) != 0;
    size_t len = strlen(w);
    while (n) {
        const char *bar = memchr(p, '|', n);
        size_t one = bar ? (size_t)(bar - p) : n;
        bool star = one && p[one - 1] == '*';
        if (star ? len >= one - 1 && strncmp(w, p, one - 1) == 0
                 : len == one && strncmp(w, p, one) == 0)
            return true;
        p += one + (bar ? 1 : 0);
        n -= one + (bar ? 1 : 0);
    }
    return false;
}

/* The pattern from word i on; the word behind its end, or 0. */
static size_t stands(const struct desk_words *ws, size_t i, size_t clause, const char *p,
                     bool first)
{
    size_t n = strcspn(p, " ");
    if (!n)
        return i;
    const char *rest = p + n + (p[n] == ' ' ? 1 : 0);
    if (*p == '~') {
        for (size_t skip = 0; skip <= (size_t)(p[1] - '0'); skip++) {
            size_t end = stands(ws, i + skip, clause, rest, false);
            if (end)
                return end;
        }
        return 0;
    }
    bool optional = p[n - 1] == '?';
    if (i < ws->n && ws->w[i].clause == clause) {
        if (fits(desk_words_at(ws, i), p, n - (optional ? 1 : 0))) {
            size_t end = stands(ws, i + 1, clause, rest, false);
            if (end)
                return end;
        }
        if (!first && LISTED(desk_words_at(ws, i), manner)) {
            size_t end = stands(ws, i + 1, clause, p, false);
            if (end)
                return end;
        }
    }
    return optional ? stands(ws, i, clause, rest, first) : 0;
}

/* ---- what makes it none ---------------------------------------------------------------------- */

/* In the clause before it: it is denied, only possible, or what somebody else said. */
static const char *const unreal[] = {
    "not", "never", "no", "nothing", "nobody", "none", "can", "could", "would", "should", "may",
    "might", "let", "want", "wants", "like", "wanted", "unable", "try", "tried", "trying", "wish",
    "hope", "hopefully", "said", "says", "say", "told", "think", "thought", "believe", "whether",
    "whose", "who", "which", "what", "where", "mentioned", "prefer", "cannot", "until", "before",
    "while", "neither", "nor", "without", "maybe", "perhaps", "seems", "supposed", "must", "need",
    "needs", "to", "possibly",
    /* Spanish; "no" is above */
    "puedo", "puede", "pueden", "podemos", "podria", "podrian", "podriamos", "quiere", "quieres",
    "quisiera", "desea", "gustaria", "debe", "deberia", "necesito", "necesita", "necesitamos",
    "intente", "intentare", "intentaremos", "nadie", "nunca", "nada", "ningun", "ninguna",
    "tampoco", "ni", "quizas", "quiza", "tal", "posiblemente", "probablemente", "dijo", "dice",
    "dijeron", "hasta", "sin", "para", "donde", "quien", "cual", "creo", "parece", "espero",
    "ojala"};
/* Behind it in the same breath: what was said holds only if. */
static const char *const limits[] = {"if", "unless", "provided", "whether",
                                     "si", "salvo",  "siempre"};

/* "not only", "no problem", "no worries": they deny nothing. */
static bool idle_no(const struct desk_words *ws, size_t i)
{
    static const char *const after[] = {"problem", "worries", "only", "trouble", "need"};
    const char *w = desk_words_at(ws, i);
    return (strcmp(w, "no") == 0 || strcmp(w, "not") == 0) &&
           LISTED(desk_words_at(ws, i + 1), after);
}

/* "Si me da su numero", "cuando usted quiera", "una vez que tenga": not "Si, ya esta", which is a
 * yes, and not "cuando Sal vuelva". */
static bool spanish_condition(const struct desk_words *ws, size_t i)
{
    static const char *const when[] = {"cuando", "cuanto", "apenas", "vez"},
                             *const theirs[] = {"me",     "nos",   "usted", "tu",    "que", "lo",
                                                "quiera", "tenga", "guste", "pueda", "haya"};
    const char *w = desk_words_at(ws, i);
    if (i + 1 >= ws->n || ws->w[i + 1].part != ws->w[i].part ||
        ws->w[i + 1].clause != ws->w[i].clause)
        return false;
    return strcmp(w, "si") == 0 || (LISTED(w, when) && LISTED(desk_words_at(ws, i + 1), theirs));
}

/* A condition, wherever it stands before it in the sentence: "once you have told me". Not "once Sal
 * is back, he will call you". */
static bool condition(const struct desk_words *ws, size_t i)
{
    static const char *const always[] = {"if", "unless", "should", "assuming"},
                             *const sometimes[] = {"once", "when", "whenever", "after"},
                             *const ours[] = {"i", "we", "you", "your"};
    const char *w = desk_words_at(ws, i);
    return spanish_condition(ws, i) || LISTED(w, always) ||
           (LISTED(w, sometimes) && LISTED(desk_words_at(ws, i + 1), ours));
}

/* "I can confirm that …", "just to let you know, …": a frame; behind it stands what is so. */
static bool framed(const struct desk_words *ws, size_t at)
{
    static const char *const frames[] = {
        "know",        "confirm",   "confirmed",   "sure",    "note",    "see",
        "say",         "glad",      "happy",       "aware",   "inform",  "confirmo",
        "confirmamos", "confirmar", "confirmarle", "informo", "decirle", "sepa",
        "aviso",       "comunico",  "informarle",  "avisarle"};
    static const char *const between[] = {"that", "you", "que", "su", "tu", "la"};
    size_t i = at;
    while (i && LISTED(desk_words_at(ws, i - 1), between))
        i--;
    return i && LISTED(desk_words_at(ws, i - 1), frames);
}

/* From where on words belong to what stands at that place: its part of the sentence, and what that
 * hangs on by "that". */
static size_t breath(const struct desk_words *ws, size_t at)
{
    size_t from = at;
    while (from && ((ws->w[from - 1].clause == ws->w[at].clause &&
                     ws->w[from - 1].part == ws->w[at].part) ||
                    strcmp(desk_words_at(ws, from), "that") == 0)) {
        from--;
        if (strcmp(desk_words_at(ws, from + 1), "that") == 0)
            at = from;
    }
    return from;
}

static bool real_before(const struct desk_words *ws, size_t at)
{
    static const char *const hard[] = {"not",     "never",  "no",    "nobody",
                                       "whether", "cannot", "nunca", "nadie"};
    bool frame = framed(ws, at);
    const size_t from = breath(ws, at);
    for (size_t i = at; i-- > 0;) {
        const char *w = desk_words_at(ws, i);
        bool here = i >= from;
        bool mine = strcmp(w, "let") == 0 && strcmp(desk_words_at(ws, i + 1), "me") == 0;
        if (condition(ws, i))
            return false;
        if (here && (frame ? mine || LISTED(w, hard) : LISTED(w, unreal)) && !idle_no(ws, i))
            return false;
    }
    return true;
}

/* A "not" within it ("will not call you"), and a condition behind it. */
static bool real_within(const struct desk_words *ws, size_t at, size_t end)
{
    static const char *const denied[] = {"not",     "never",  "no",    "nobody",
                                         "nothing", "hardly", "nunca", "nadie"};
    for (size_t i = at; i < end; i++)
        if (LISTED(desk_words_at(ws, i), denied) && !idle_no(ws, i))
            return false;
    for (size_t i = end; i < ws->n && ws->w[i].clause == ws->w[end - 1].clause &&
                         ws->w[i].part == ws->w[end - 1].part;
         i++)
        if (LISTED(desk_words_at(ws, i), limits))
            return false;
    return true;
}

/* Nobody, and nobody in particular, who would do it: "who will call you", "can you call". */
static bool subject_denies(const struct desk_words *ws, size_t at)
{
    static const char *const subjects[] = {"nobody",  "who",  "you",  "they", "it",
                                           "nothing", "none", "that", "this", "which"};
    static const char *const verbs[] = {"will", "shall", "going"};
    if (!LISTED(desk_words_at(ws, at), verbs) || at == 0)
        return false;
    size_t i = at - 1;
    while (i && LISTED(desk_words_at(ws, i), manner))
        i--;
    const char *w = desk_words_at(ws, i);
    /* "they will call you" is a promise; "you will call us" is none */
    return LISTED(w, subjects) && strcmp(w, "they") != 0;
}

/* ---- sentences ------------------------------------------------------------------------------- */

/* "p.m.", "Dr.", "St.", a decimal point: no end. */
static bool is_end(const char *text, size_t i)
{
    if (!strchr(".!?\n", text[i]))
        return false;
    if (text[i] != '.')
        return true;
    if (text[i + 1] && !isspace((unsigned char)text[i + 1]))
        return false;
    static const char *const shorts[] = {"p.m", "a.m", "dr",  "mr", "mrs",
                                         "ms",  "st",  "sra", "sr", "dra"};
    for (size_t k = 0; k < COUNT(shorts); k++) {
        size_t n = strlen(shorts[k]);
        if (i >= n && strncasecmp(text + i - n, shorts[k], n) == 0 &&
            (i == n || isspace((unsigned char)text[i - n - 1])) && text[i + 1] &&
            (k < 2 ? islower((unsigned char)text[i + 2]) : isupper((unsigned char)text[i + 2])))
            return false;
    }
    return true;
}

/* What is asked in a question, from which word on: "You are booked for Tuesday, anything else?"
 * asks behind its comma only. 0: all of it. */
static size_t asked_from(const struct desk_words *ws)
{
    static const char *const openings[] = {"anything else",
                                           "is there anything|something",
                                           "can|may|could|shall|should i|we",
                                           "what else",
                                           "would you",
                                           "do|did you",
                                           "is that all",
                                           "okay",
                                           "will that|there be",
                                           "how|what about"};
    for (size_t i = 1; i < ws->n; i++) {
        bool new_part =
            ws->w[i].part != ws->w[i - 1].part || ws->w[i].clause != ws->w[i - 1].clause;
        for (size_t k = 0; new_part && k < COUNT(openings); k++)
            if (desk_words_match(ws, i, openings[k]) || (strcmp(desk_words_at(ws, i), "and") == 0 &&
                                                         desk_words_match(ws, i + 1, openings[k])))
                return i;
    }
    return 0;
}

struct finding {
    struct desk_words ws;
    struct desk_claim *out;
    size_t n, max;
};

static bool claimed(struct finding *f, const struct pattern *p, size_t until)
{
    for (size_t i = 0; i < until; i++) {
        size_t end = stands(&f->ws, i, f->ws.w[i].clause, p->words, true);
        if (end && end <= until && real_before(&f->ws, i) && real_within(&f->ws, i, end) &&
            !subject_denies(&f->ws, i))
            return true;
    }
    return false;
}

static void sentence(struct finding *f, const char *at, size_t len)
{
    char line[600];
    unsigned had = 0;
    size_t n = len < sizeof line - 1 ? len : sizeof line - 1;
    memcpy(line, at, n);
    line[n] = '\0';
    bool question = memchr(line, '?', n) != NULL;
    desk_words_read(&f->ws, line);
    size_t until = question ? asked_from(&f->ws) : f->ws.n;
    for (size_t i = 0; until && i < COUNT(patterns) && f->n < f->max; i++) {
        const struct pattern *p = &patterns[i];
        if (had & 1u << p->kind || !claimed(f, p, until))
            continue;
        had |= 1u << p->kind;
        f->out[f->n++] = (struct desk_claim){p->kind, at, len};
    }
}

size_t desk_claims_find(const char *text, struct desk_claim *out, size_t max)
{
    struct finding f;
    f.out = out;
    f.n = 0;
    f.max = max;
    for (size_t i = 0, from = 0; text && text[from]; i++) {
        bool last = !text[i];
        /* what is asked in Spanish says so where it begins */
        bool asks = i > from && strncmp(text + i, "\xc2\xbf", 2) == 0;
        if (!last && !asks && !is_end(text, i))
            continue;
        size_t end = last || asks ? i : i + 1;
        while (from < end && isspace((unsigned char)text[from]))
            from++;
        if (end > from)
            sentence(&f, text + from, end - from);
        from = end;
        if (last)
            break;
    }
    return f.n;
}
