/* Facts in a sentence, whatever was asked: names, addresses, numbers, and which visit is meant. See
 * dialog_words.h. Words are judged by the lists that the masking of logs has (mask_text.h). */
#include "core/dialog_words.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "core/intent.h"
#include "core/mask_text.h"
#include "core/phone.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/dialog_hear.inc"

#define MOST_WORDS 64
#define NAME_WORDS 3

/* The words of a sentence: as they were said, and plain. */
struct said {
    char text[DESK_MAX_TURN_TEXT];
    const char *raw[MOST_WORDS]; /* in the sentence; each ends at a space */
    char plain[MOST_WORDS][32];
    size_t n;
};

static void cut(struct said *w, const char *sentence)
{
    w->n = 0;
    snprintf(w->text, sizeof w->text, "%s", sentence);
    desk_utf8_trim(w->text);
    for (char *s = w->text; *s && w->n < MOST_WORDS;) {
        char one[64];
        s += strspn(s, " \t\r\n");
        size_t len = strcspn(s, " \t\r\n");
        snprintf(one, sizeof one, "%.*s", (int)len, s);
        desk_words_plain(w->plain[w->n], sizeof w->plain[0], one);
        if (w->plain[w->n][0])
            w->raw[w->n++] = s;
        s += len;
    }
}

static bool is_any(const char *word, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(word, *list) == 0)
            return true;
    return false;
}

static bool has_phrase(const char *text, const char *phrase)
{
    size_t n = strlen(phrase);
    for (const char *s = strstr(text, phrase); s; s = strstr(s + 1, phrase))
        if ((s == text || s[-1] == ' ') && (s[n] == ' ' || !s[n]))
            return true;
    return false;
}

static bool has_any(const char *text, const char *const *list)
{
    for (; *list; list++)
        if (has_phrase(text, *list))
            return true;
    return false;
}

/* ---- names ----------------------------------------------------------------------------------- */

#define IS_NAME (DESK_LEX_NAME | DESK_LEX_SURNAME | DESK_LEX_MAYBE)
#define NO_NAME                                                                                    \
    (DESK_LEX_FUNCTION | DESK_LEX_COMMON | DESK_LEX_KIN | DESK_LEX_UNIT | DESK_LEX_MONTH |         \
     DESK_LEX_ORDINAL | DESK_LEX_NOT_NAME | DESK_LEX_STREET)

static bool letters_only(const char *word)
{
    for (; *word; word++)
        if (!isalpha((unsigned char)*word) && (unsigned char)*word < 0x80)
            return false;
    return true;
}

/* May the word be (a part of) a name? sure: it stands where nothing but one is expected. */
static bool may_be_name(const char *word, bool first, bool sure)
{
    uint32_t lex = desk_mask_lex(word);
    if (strlen(word) < 2 || !letters_only(word) || is_any(word, never_names))
        return false;
    if (lex & DESK_LEX_NAME || (!first && lex & (DESK_LEX_SURNAME | DESK_LEX_PARTICLE)))
        return true;
    if (first && sure) /* "Ella" is a word of Spanish, "Mark" one of English */
        return !is_any(word, no_first_names);
    if (lex & (DESK_LEX_FUNCTION | DESK_LEX_KIN | DESK_LEX_MONTH))
        return false;
    return sure ? true : !(lex & NO_NAME);
}

static void capitals(char *name)
{
    for (char *s = name; *s; s++)
        if (s == name || s[-1] == ' ' || s[-1] == '-')
            *s = (char)toupper((unsigned char)*s);
}

/* Titles and the like before a name. */
static const char *past_leads(const char *text)
{
    for (const char *const *lead = before_names; *lead; lead++) {
        size_t n = strlen(*lead);
        if (strncmp(text, *lead, n) == 0 && text[n] == ' ')
            return past_leads(text + n + 1);
    }
    return text;
}

bool desk_words_name(const char *plain, bool sure, char *out, size_t n)
{
    char word[32];
    size_t words = 0, at = 0;
    bool known = false;
    out[0] = '\0';
    for (const char *s = past_leads(plain); *s && words < NAME_WORDS; words++) {
        size_t len = strcspn(s, " ");
        snprintf(word, sizeof word, "%.*s", (int)len, s);
        if (!may_be_name(word, words == 0, sure))
            break;
        known = known || !(desk_mask_lex(word) & (DESK_LEX_COMMON | DESK_LEX_UNIT)) ||
                desk_mask_lex(word) & IS_NAME;
        if (at + len + 2 < n)
            at += (size_t)snprintf(out + at, n - at, "%s%s", at ? " " : "", word);
        s += len + (s[len] == ' ');
    }
    if (!known)
        out[0] = '\0'; /* "a cleaning", "shades" */
    capitals(out);
    return *out != '\0';
}

/* One name of "finn and liv": how much of the text it is; 0 = it is none. */
static size_t one_of(const char *text, char *name, size_t n)
{
    char part[64];
    const char *and = strstr(text, " and ");
    size_t len = and? (size_t)(and-text) : strlen(text);
    snprintf(part, sizeof part, "%.*s", (int)len, text);
    return desk_words_name(part, true, name, n) ? len : 0;
}

static void with_family(char *name, size_t n, const char *speaker)
{
    const char *family = strrchr(speaker, ' ');
    size_t len = strlen(name);
    if (!strchr(name, ' ') && family && len + strlen(family) < n)
        memcpy(name + len, family, strlen(family) + 1);
}

/* "i'm eva lund and my husband is nils": who speaks, and one more. */
static bool with_another(const char *plain, const char *speaker, char *out, size_t n)
{
    char name[80];
    const char *and = strstr(plain, " and ");
    for (size_t i = 0; and&&*speaker && other_people[i]; i++) {
        size_t len = strlen(other_people[i]);
        const char *lead = and+strlen(" and ");
        if (strncmp(lead, other_people[i], len) != 0 || lead[len] != ' ' ||
            !desk_words_name(lead + len + 1, true, name, sizeof name))
            continue;
        with_family(name, sizeof name, speaker);
        return (size_t)snprintf(out, n, "%s;%s", speaker, name) < n;
    }
    return false;
}

bool desk_words_people(const char *plain, const char *speaker, char *out, size_t n)
{
    out[0] = '\0';
    for (size_t i = 0; people_cues[i]; i++) {
        char a[80], b[80];
        const char *at = strstr(plain, people_cues[i]);
        if (!at)
            continue;
        at += strlen(people_cues[i]);
        size_t used = one_of(at, a, sizeof a);
        if (!used || strncmp(at + used, " and ", 5) != 0 || !one_of(at + used + 5, b, sizeof b))
            continue;
        with_family(a, sizeof a, speaker);
        with_family(b, sizeof b, speaker);
        return (size_t)snprintf(out, n, "%s;%s", a, b) < n;
    }
    return with_another(plain, speaker, out, n);
}

bool desk_words_odd_name(const char *name)
{
    char plain[DESK_DIALOG_TEXT];
    desk_words_plain(plain, sizeof plain, name);
    char *rest = plain;
    for (char *word = strsep(&rest, " "); word; word = strsep(&rest, " "))
        if (strlen(word) > 6 && !(desk_mask_lex(word) & (IS_NAME | DESK_LEX_COMMON)))
            return true; /* short ones are written as they sound */
    return false;
}

/* Behind a cue anywhere in the sentence. */
static void hear_name(const char *text, struct desk_heard *h)
{
    for (size_t i = 0; i < sizeof name_cues / sizeof *name_cues && !h->name[0]; i++) {
        size_t n = strlen(name_cues[i].words);
        for (const char *s = strstr(text, name_cues[i].words); s && !h->name[0];
             s = strstr(s + 1, name_cues[i].words))
            if ((s == text || s[-1] == ' ') && s[n] == ' ')
                (void)desk_words_name(s + n + 1, name_cues[i].sure, h->name, sizeof h->name);
    }
    h->wrong_name = !h->name[0] && has_any(text, wrong_names);
}

/* One spelled letter at s: itself, past it "as in oscar", or "double l". Returns what it took. */
static size_t letter(const char *s, char *c, int *times)
{
    size_t n = strcspn(s, " "), used = 0;
    *times = 1;
    if (strncmp(s, "double ", 7) == 0) {
        *times = 2;
        used = 7;
        s += used;
        n = strcspn(s, " ");
    }
    if (n != 1 || !isalpha((unsigned char)*s))
        return 0;
    *c = *s;
    used += n + (s[n] == ' ');
    s += n + (s[n] == ' ');
    if (strncmp(s, "as in ", 6) == 0) {
        size_t word = strcspn(s + 6, " ");
        used += 6 + word + (s[6 + word] == ' ');
    }
    return used;
}

struct letters {
    struct {
        char text[24], wrong[24]; /* wrong: only the end is spelled, in place of that */
    } words[NAME_WORDS];
    size_t n, len; /* words begun; letters of the last */
};

static void add_letter(struct letters *l, char c, int times)
{
    char *text = l->words[l->n - 1].text;
    for (; times > 0 && l->len + 1 < sizeof l->words[0].text; times--) {
        text[l->len++] = c;
        text[l->len] = '\0';
    }
}

/* "not b a n b h a n": the first letter comes again where the right end begins. */
static void split_end(struct letters *l)
{
    char *text = l->words[l->n - 1].text;
    for (size_t k = 2; k + 2 <= l->len; k++)
        if (text[k] == text[0]) {
            memcpy(l->words[l->n - 1].wrong, text, k); /* both are of one size, and zeroed */
            memmove(text, text + k, l->len - k + 1);
            return;
        }
}

/* The runs of letters; what stands between two of them ("then", "last name") ends a word. */
static void read_letters(const char *plain, struct letters *l)
{
    bool in_word = false, not = false;
    for (const char *s = plain; *s;) {
        char c;
        int times;
        size_t used = letter(s, &c, &times);
        if (used && !in_word && l->n == NAME_WORDS)
            return;
        if (used && !in_word) {
            l->n++;
            l->len = 0;
        }
        if (used)
            add_letter(l, c, times);
        else if (in_word && not )
            split_end(l);
        if (!used)
            not = strncmp(s, "not ", 4) == 0;
        in_word = used > 0;
        s += used ? used : strcspn(s, " ");
        s += *s == ' ';
    }
    if (in_word && not )
        split_end(l);
}

/* Letters two words share, in order. */
static size_t shared(const char *a, const char *b)
{
    size_t hits = 0;
    for (; *a; a++) {
        const char *at = strchr(b, *a);
        hits += at != NULL;
        b = at ? at + 1 : b;
    }
    return hits;
}

struct parts {
    char v[NAME_WORDS][24];
    size_t n;
};

static void split_name(const char *name, struct parts *p)
{
    p->n = 0;
    for (const char *s = name; *s && p->n < NAME_WORDS; p->n++) {
        size_t len = strcspn(s, " ");
        snprintf(p->v[p->n], sizeof p->v[0], "%.*s", (int)len, s);
        for (char *c = p->v[p->n]; *c; c++)
            *c = (char)tolower((unsigned char)*c);
        s += len + (s[len] == ' ');
    }
}

static bool put_end(struct parts *p, const char *wrong, const char *right)
{
    for (size_t i = 0; i < p->n; i++) {
        size_t n = strlen(p->v[i]), w = strlen(wrong), r = strlen(right);
        if (n >= r && strcmp(p->v[i] + n - r, right) == 0)
            return true;
        if (n < w || strcmp(p->v[i] + n - w, wrong) != 0 || n - w + r >= sizeof p->v[0])
            continue;
        memcpy(p->v[i] + n - w, right, r + 1);
        return true;
    }
    return false;
}

/* Words of the name that are not spelled stay: a spelled one takes the place of the one that is
 * most like it. */
static void put_word(struct parts *p, const char *word)
{
    size_t best = 0, most = 0;
    for (size_t k = 0; k < p->n; k++) {
        size_t score = 2 * shared(word, p->v[k]) + (p->v[k][0] == word[0]);
        best = score > most ? k : best;
        most = score > most ? score : most;
    }
    snprintf(p->v[best], sizeof p->v[0], "%s", word);
}

static void fit_letters(const struct letters *l, const char *known, char *out, size_t n)
{
    struct parts p;
    size_t at = 0;
    bool ends = false;
    split_name(known, &p);
    for (size_t i = 0; i < l->n; i++)
        ends = ends || l->words[i].wrong[0];
    if (!ends && l->n >= p.n) /* all of it is spelled */
        p.n = 0;
    bool anew = p.n == 0;
    for (size_t i = 0; i < l->n; i++)
        if (anew)
            snprintf(p.v[p.n++], sizeof p.v[0], "%s", l->words[i].text);
        else if (l->words[i].wrong[0])
            (void)put_end(&p, l->words[i].wrong, l->words[i].text);
        else if (strlen(l->words[i].text) > 1)
            put_word(&p, l->words[i].text);
    for (size_t i = 0; i < p.n && at + 26 < n; i++)
        at += (size_t)snprintf(out + at, n - at, "%s%s", at ? " " : "", p.v[i]);
    capitals(out);
}

bool desk_words_spelled(const char *plain, const char *known, char *out, size_t n)
{
    struct letters l;
    size_t most = 0;
    memset(&l, 0, sizeof l);
    read_letters(plain, &l);
    for (size_t i = 0; i < l.n; i++) {
        size_t len = strlen(l.words[i].text);
        most = len > most ? len : most;
    }
    out[0] = '\0';
    if (most < 3)
        return false;
    fit_letters(&l, known, out, n);
    return true;
}

/* ---- addresses ------------------------------------------------------------------------------- */

/* The value of a number word, 0 to 90; -1: it is none. */
static int number_of(const char *word)
{
    for (size_t i = 0; i < sizeof number_values / sizeof *number_values; i++)
        if (strcmp(word, number_values[i].word) == 0)
            return number_values[i].value;
    return -1;
}

/* The number words that begin at word i, as figures: "one seventeen" is 117, "thirty one" 31, "two
 * hundred and five" 205. Returns the word behind them; i: there are none. */
static size_t figures(const struct said *w, size_t i, char *out, size_t n)
{
    size_t at = 0, k = i;
    int tens = 0;
    out[0] = '\0';
    for (; k < w->n && at + 4 < n; k++) {
        int v = number_of(w->plain[k]);
        if (strcmp(w->plain[k], "hundred") == 0 && at > 0) {
            bool and = k + 2 < w->n && strcmp(w->plain[k + 1], "and") == 0;
            size_t next = k + (and? 2 : 1);
            int rest = next < w->n ? number_of(w->plain[next]) : -1;
            at += (size_t)snprintf(out + at, n - at, "%s", rest < 0 ? "00" : rest < 10 ? "0" : "");
            k += and&&rest >= 0;
        } else if (v < 0) {
            break;
        } else if (tens && v > 0 && v < 10) {
            out[at - 1] = (char)('0' + v);
        } else {
            at += (size_t)snprintf(out + at, n - at, "%d", v);
        }
        tens = v >= 20;
    }
    return k;
}

void desk_words_address(const char *said, char *out, size_t n)
{
    struct said w;
    char number[24];
    size_t at = 0;
    cut(&w, said);
    size_t from = figures(&w, 0, number, sizeof number);
    bool small = strcspn(said, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(said);
    out[0] = '\0';
    if (from)
        at = (size_t)snprintf(out, n, "%s", number);
    for (size_t i = from; i < w.n && at + 2 < n; i++) {
        size_t len = strcspn(w.raw[i], " \t\r\n");
        at += (size_t)snprintf(out + at, n - at, "%s%.*s", at ? " " : "", (int)len, w.raw[i]);
    }
    desk_utf8_trim(out);
    if (small)
        capitals(out);
}

static bool counts(const char *word)
{
    return isdigit((unsigned char)*word) || is_any(word, house_numbers);
}

/* Where the street ends that begins with the number at word i; 0 = none does. */
static size_t street_end(const struct said *w, size_t i)
{
    size_t k = i;
    while (k < w->n && k < i + 4 && counts(w->plain[k]))
        k++;
    size_t from = k;
    for (; k < w->n && k < from + 4; k++) {
        uint32_t lex = desk_mask_lex(w->plain[k]);
        bool plain_end = lex & DESK_LEX_STREET, named = lex & DESK_LEX_STREETISH;
        if (lex & DESK_LEX_NO_STREET && !(lex & (DESK_LEX_STREET | DESK_LEX_STREETISH)))
            return 0;
        if (k > from && (plain_end || named))
            return k + 1;
        if (lex & DESK_LEX_FUNCTION && !(lex & DESK_LEX_PARTICLE))
            return 0;
    }
    return 0;
}

static void hear_address(const struct said *w, struct desk_heard *h)
{
    for (size_t i = 0; i < w->n && !h->address[0]; i++) {
        size_t end = counts(w->plain[i]) ? street_end(w, i) : 0;
        if (!end)
            continue;
        if (end + 1 < w->n && is_any(w->plain[end], units))
            end += 2;
        const char *stop = w->raw[end - 1] + strcspn(w->raw[end - 1], " ");
        snprintf(h->address, sizeof h->address, "%.*s", (int)(stop - w->raw[i]), w->raw[i]);
        size_t n = desk_utf8_trim(h->address);
        while (n > 0 && strchr(" .,!;", h->address[n - 1]))
            h->address[--n] = '\0';
        char as_said[DESK_DIALOG_TEXT];
        snprintf(as_said, sizeof as_said, "%s", h->address);
        desk_words_address(as_said, h->address, sizeof h->address);
    }
}

/* ---- which language -------------------------------------------------------------------------- */

bool desk_words_spanish(const char *said)
{
    struct said w;
    size_t n = 0;
    cut(&w, said);
    for (size_t i = 0; i < w.n; i++)
        n += is_any(w.plain[i], spanish);
    return n >= 3 || (n == 2 && w.n <= 5);
}

/* ---- which visit ----------------------------------------------------------------------------- */

/* "faucets" and "faucet", "clogged" and "clog" */
static bool same_stem(const char *a, const char *b)
{
    size_t n = 0;
    while (a[n] && a[n] == b[n])
        n++;
    return n >= 3 && is_any(a + n, endings) && is_any(b + n, endings) && (n >= 4 || a[n] == b[n]);
}

static bool has_stem(const struct said *w, const char *word)
{
    for (size_t i = 0; i < w->n; i++)
        if (strcmp(w->plain[i], word) == 0 || same_stem(w->plain[i], word))
            return true;
    return false;
}

/* Has only one visit's name that word? */
static bool only_one_named(const struct desk_dialog_profile *p, const char *word)
{
    char plain[80];
    size_t n = 0;
    for (size_t i = 0; i < p->n_visits; i++) {
        desk_words_plain(plain, sizeof plain, p->visits[i].name);
        n += has_phrase(plain, word);
    }
    return n == 1;
}

/* How well a phrase is meant: all of its words said counts far more than some of them. */
static int score(const struct desk_dialog_profile *p, const struct said *w, const char *phrase,
                 bool name)
{
    char plain[DESK_DIALOG_TEXT];
    int all = 0, hits = 0, strong = 0;
    desk_words_plain(plain, sizeof plain, phrase);
    char *rest = plain;
    for (char *word = strsep(&rest, " "); word; word = strsep(&rest, " ")) {
        bool hit = has_stem(w, word);
        all++;
        hits += hit;
        if (hit && strlen(word) >= 5 && !is_any(word, weak_words))
            strong += name && only_one_named(p, word) ? 2 : 1;
    }
    return all && hits == all ? 10 * all + 5 : strong;
}

/* A project, where the business has a visit for such. */
static const char *for_a_project(const struct desk_dialog_profile *p, const char *sentence)
{
    struct desk_intent_judged wish;
    desk_intent_judge(sentence, NULL, 0, &wish);
    for (size_t i = 0; wish.kind == DESK_INTENT_SALES && i < p->n_visits; i++)
        if (is_any(p->visits[i].name, projects))
            return p->visits[i].name;
    return NULL;
}

bool desk_dialog_is_project(const char *visit)
{
    return is_any(visit, projects);
}

const char *desk_words_usual_service(const struct desk_dialog_profile *p)
{
    for (size_t i = 0; i < p->n_visits; i++)
        if (!is_any(p->visits[i].name, projects))
            return p->visits[i].name;
    return p->n_visits ? p->visits[0].name : NULL;
}

const char *desk_words_service(const struct desk_dialog_profile *p, const char *sentence)
{
    struct said w;
    const char *best = NULL;
    int most = 1; /* one common word is none */
    cut(&w, sentence);
    for (size_t i = 0; i < p->n_visits; i++) {
        int mine = score(p, &w, p->visits[i].name, true);
        char one[80];
        for (const char *s = p->visits[i].also; *s; s += strcspn(s, "\n"), s += *s == '\n') {
            snprintf(one, sizeof one, "%.*s", (int)strcspn(s, "\n"), s);
            int more = score(p, &w, one, false);
            mine = more > mine ? more : mine;
        }
        if (mine > most) {
            most = mine;
            best = p->visits[i].name;
        }
    }
    return best ? best : for_a_project(p, sentence);
}

/* ---- all of it ------------------------------------------------------------------------------- */

void desk_words_hear(const struct desk_dialog_profile *p, const char *sentence,
                     struct desk_heard *h)
{
    struct said w;
    char text[DESK_MAX_TURN_TEXT];
    memset(h, 0, sizeof *h);
    cut(&w, sentence);
    desk_words_plain(text, sizeof text, sentence);
    hear_name(text, h);
    hear_address(&w, h);
    if (desk_phone_heard(sentence, "US", h->number) != DESK_PHONE_OK)
        h->number[0] = '\0';
    const char *service = desk_words_service(p, sentence);
    snprintf(h->service, sizeof h->service, "%s", service ? service : "");
    for (size_t i = 0; i < sizeof correction_leads / sizeof *correction_leads; i++) {
        size_t n = strlen(correction_leads[i]);
        if (strncmp(text, correction_leads[i], n) == 0 && (text[n] == ' ' || !text[n]))
            h->corrects = true;
    }
    h->corrects = h->corrects || has_any(text, correction_words);
    h->elsewhere = has_any(text, elsewhere_words);
}
