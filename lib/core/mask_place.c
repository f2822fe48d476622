/* Where somebody lives: a number, a name and "street"; what stands behind "i live at"; Spanish
 * streets; and what may follow (unit, town, state, ZIP). */
#include "core/mask_text.h"

#include <string.h>

#define NAME_MOST 5 /* words of a street's name */

/* ---- a number and a street ---------------------------------------------------------------------
 */

/* The house number at i, written or spoken; *to its last token. */
static bool house_number(const struct desk_mask_text *m, size_t i, size_t *to)
{
    struct desk_mask_run r;
    const struct desk_mask_tok *t = &m->tok[i];
    if (desk_mask_run_at(m, i, &r)) {
        *to = r.to;
        return r.digits <= 6 && !r.plus && t->gap != '$';
    }
    *to = i; /* "12b" */
    size_t digits = strspn(t->w, "0123456789");
    return t->type == DESK_TOK_MIXED && digits && digits <= 5 && strlen(t->w) == digits + 1;
}

static bool ordinal(const struct desk_mask_text *m, size_t i)
{
    static const char suffixes[] = "st nd rd th ";
    if (i >= m->n)
        return false;
    const struct desk_mask_tok *t = &m->tok[i];
    size_t digits = strspn(t->w, "0123456789");
    return (t->lex & DESK_LEX_ORDINAL) || (digits && desk_mask_in(suffixes, t->w + digits));
}

/* May this word be in the name of a street? */
static bool street_name(const struct desk_mask_text *m, size_t i)
{
    static const char in_names[] =
        "of the saint st martin luther king old new el la los las de del san "
        "santa mount lake ";
    if (desk_mask_breaks(m, i) || desk_mask_marked(m, i) || m->tok[i].gap == ',')
        return false;
    const struct desk_mask_tok *t = &m->tok[i];
    if (ordinal(m, i) || desk_mask_in(in_names, t->w))
        return true;
    return t->type == DESK_TOK_WORD && t->num == DESK_NUM_NONE &&
           !(t->lex & (DESK_LEX_NO_STREET | DESK_LEX_UNIT | DESK_LEX_FUNCTION));
}

/* "county road 12", "highway 36" */
static bool numbered_road(const struct desk_mask_text *m, size_t i, size_t *to)
{
    static const char *const roads[] = {"county road", "state road", "state route",
                                        "farm road",   "highway",    "route",
                                        "hwy",         "cr",         "fm"};
    struct desk_mask_run r;
    for (size_t k = 0; k < sizeof roads / sizeof *roads; k++) {
        size_t n = desk_mask_phrase(m, i, roads[k]);
        if (n && desk_mask_run_at(m, i + n, &r)) {
            *to = r.to;
            return true;
        }
    }
    return false;
}

/* One behind "one hundred and first", or 0. */
static size_t spoken_ordinal(const struct desk_mask_text *m, size_t i)
{
    size_t k = i;
    while (k < i + 4 && k < m->n && !desk_mask_breaks(m, k) &&
           (m->tok[k].num > DESK_NUM_DIGITS || (k > i && desk_mask_is(m, k, "and"))))
        k++;
    return k > i && ordinal(m, k) ? k + 1 : 0;
}

/* The last word of the street whose name begins at i, or 0. */
static size_t street_end(const struct desk_mask_text *m, size_t i, bool sure)
{
    static const char little[] = "of the old new el la los las de del ";
    bool named = false;
    size_t end = 0, to;
    if (numbered_road(m, i, &to))
        return to;
    if (desk_mask_is(m, i, "broadway"))
        return i;
    for (size_t k = i; k < i + NAME_MOST + 1 && k < m->n; k++) {
        bool plain = desk_mask_has(m, k, DESK_LEX_STREET);
        bool perhaps = desk_mask_has(m, k, DESK_LEX_STREETISH) && sure;
        /* "st" is "saint" when a name follows it: "12 st james road" */
        bool last = !(desk_mask_is(m, k, "st") && street_name(m, k + 1) &&
                      desk_mask_has(m, k + 2, DESK_LEX_STREET));
        if (named && (plain || perhaps) && last && !desk_mask_breaks(m, k))
            end = k;
        if (end && !desk_mask_has(m, k + 1, DESK_LEX_STREET))
            return end;
        size_t spoken = spoken_ordinal(m, k);
        if (spoken) { /* "one hundred and first avenue" */
            k = spoken - 1;
            named = true;
            continue;
        }
        if (!street_name(m, k))
            return end;
        named = named || !desk_mask_in(little, m->tok[k].w);
    }
    return end;
}

/* ---- what follows an address -------------------------------------------------------------------
 */

static size_t unit_end(const struct desk_mask_text *m, size_t i)
{
    static const char units[] = "apt apartment unit suite ste flat floor lot building bldg # depto "
                                "departamento apartamento interior piso number numero num no ";
    struct desk_mask_run r;
    if (i >= m->n)
        return i;
    bool sign = m->tok[i].gap == '#';
    if (!sign && !desk_mask_in(units, m->tok[i].w))
        return i;
    size_t k = i + !sign;
    if (desk_mask_is(m, k, "number"))
        k++;
    if (desk_mask_run_at(m, k, &r))
        return r.to + 1;
    if (k < m->n && (m->tok[k].type == DESK_TOK_MIXED || strlen(m->tok[k].w) == 1))
        return k + 1;
    return i;
}

static size_t zip_end(const struct desk_mask_text *m, size_t i)
{
    struct desk_mask_run r;
    if (desk_mask_is(m, i, "zip"))
        i += 1 + (size_t)desk_mask_is(m, i + 1, "code");
    if (desk_mask_run_at(m, i, &r) && (r.digits == 5 || r.digits == 9))
        return r.to + 1;
    return i;
}

/* "…, san diego, california 92101": a town is known by the state, or by its capital letters. */
static size_t town_end(const struct desk_mask_text *m, size_t i)
{
    size_t k = i;
    if (desk_mask_is(m, k, "in"))
        k++;
    for (size_t words = 0; words < 4 && !desk_mask_breaks(m, k); words++, k++) {
        const struct desk_mask_tok *t = &m->tok[k];
        bool state = (t->lex & DESK_LEX_STATE) &&
                     (strlen(t->w) > 2 || (t->allcap && words) || zip_end(m, k + 1) > k + 1);
        if (state)
            return zip_end(m, k + 1);
        if (zip_end(m, k) > k)
            return zip_end(m, k);
        if (t->type != DESK_TOK_WORD || (t->lex & DESK_LEX_FUNCTION))
            break;
    }
    /* "12 Elm St, Denver and …" */
    k = i;
    while (m->capitals && k < i + 3 && k < m->n && m->tok[k].cap && !desk_mask_breaks(m, k) &&
           m->tok[k].type == DESK_TOK_WORD)
        k++;
    return k > i && m->tok[i].gap == ',' ? k : i;
}

/* One behind the last token that belongs to the address that ends at `to`. */
static size_t address_end(const struct desk_mask_text *m, size_t to)
{
    size_t i = to + 1;
    if (desk_mask_has(m, i, DESK_LEX_DIRECTION) && !desk_mask_breaks(m, i) &&
        (strlen(m->tok[i].w) > 1 || m->tok[i].allcap || m->tok[i].cap))
        i++;
    if (!desk_mask_breaks(m, i))
        i = unit_end(m, i);
    if (!desk_mask_breaks(m, i))
        i = town_end(m, i);
    return i;
}

/* ---- rules -------------------------------------------------------------------------------------
 */

static bool numbered_street(struct desk_mask_text *m, size_t i)
{
    size_t to;
    if (desk_mask_marked(m, i) || !house_number(m, i, &to) || desk_mask_breaks(m, to + 1))
        return false;
    /* "20 minute drive", "2 car place": such ends need a number of some length */
    struct desk_mask_run r;
    bool sure = !desk_mask_run_at(m, i, &r) || r.digits > 1;
    size_t name = to + 1;
    name += desk_mask_phrase(m, name, "and a half");
    while (desk_mask_has(m, name, DESK_LEX_DIRECTION) && !desk_mask_breaks(m, name) &&
           !desk_mask_has(m, name + 1, DESK_LEX_STREET))
        name++;
    size_t end = street_end(m, name, sure);
    if (!end)
        return false;
    desk_mask_tokens(m, i, address_end(m, end) - 1, DESK_MASK_PLACE);
    return true;
}

/* Where an address with a Spanish street at i begins: "915 de la calle"; i = at the street. */
static size_t number_before(const struct desk_mask_text *m, size_t i)
{
    static const char before[] = "de la el en ";
    size_t from = i;
    while (from > 0 && i - from < 2 && desk_mask_in(before, m->tok[from - 1].w))
        from--;
    bool number = from > 0 && m->tok[from - 1].num == DESK_NUM_DIGITS && !desk_mask_breaks(m, from);
    return number ? from - 1 : i;
}

/* One behind the name of the Spanish street that begins at i; i = it has none. */
static size_t via_name_end(const struct desk_mask_text *m, size_t i)
{
    size_t k = i, words = 0;
    while (words < 3 && k < i + 4 && k < m->n && !desk_mask_breaks(m, k) &&
           m->tok[k].num == DESK_NUM_NONE && unit_end(m, k) == k) {
        bool part = desk_mask_has(m, k, DESK_LEX_PARTICLE);
        if (!part && desk_mask_has(m, k, DESK_LEX_FUNCTION))
            break;
        words += !part;
        k++;
    }
    return words ? k : i;
}

/* One behind a house number that follows the street; i = none does. */
static size_t number_after(const struct desk_mask_text *m, size_t i)
{
    struct desk_mask_run r;
    size_t end = unit_end(m, i);
    if (end == i && desk_mask_run_at(m, i, &r) && r.digits <= 5)
        end = r.to + 1;
    return end > i ? unit_end(m, end) : i;
}

/* "915 de la calle roble número tres", "avenida juárez 12" */
static bool spanish_street(struct desk_mask_text *m, size_t i, bool cued)
{
    if (!desk_mask_has(m, i, DESK_LEX_VIA))
        return false;
    size_t from = number_before(m, i), name = via_name_end(m, i + 1);
    size_t end = number_after(m, name);
    if (name == i + 1 || (from == i && end == name && !cued))
        return false;
    desk_mask_tokens(m, from, end - 1, DESK_MASK_PLACE);
    return true;
}

static const struct {
    const char *phrase;
    bool strong; /* a number behind it is a house's, whatever follows */
} cues[] = {
    {"live at", true},      {"lives at", true},     {"live on", false},    {"lives on", false},
    {"living at", true},    {"live in", false},     {"address is", true},  {"address", true},
    {"located at", true},   {"house is at", true},  {"home is at", true},  {"place is at", true},
    {"property at", true},  {"house at", true},     {"home at", true},     {"job is at", true},
    {"i'm at", false},      {"i am at", false},     {"we're at", false},   {"we are at", false},
    {"it's at", false},     {"come to", false},     {"out to", false},     {"someone to", false},
    {"over to", false},     {"vivo en", true},      {"vivimos en", true},  {"direccion es", true},
    {"direccion", true},    {"estoy en", false},    {"estamos en", false}, {"queda en", false},
    {"domicilio es", true}, {"house is on", false}, {"moved to", false},   {"house on", false},
    {"out on", false},      {"up on", false},       {"over on", false},    {"i'm on", false},
    {"we're on", false},    {"live off", false},    {"off of", false},     {"here at", false},
    {"over at", false},     {"building at", true},
};

/* "larchmont at 5512", a word of no list: the last token, or 0 */
static size_t turned_round(const struct desk_mask_text *m, size_t i)
{
    size_t to = 0;
    bool name = m->tok[i].lex == 0 && m->tok[i].type == DESK_TOK_WORD;
    bool hit = name && desk_mask_is(m, i + 1, "at") && i + 2 < m->n && house_number(m, i + 2, &to);
    return hit ? to : 0;
}

/* A number, and words that are not ordinary, behind a cue. */
static void cued_number(struct desk_mask_text *m, size_t i, bool strong)
{
    struct desk_mask_run r;
    size_t to;
    if (!house_number(m, i, &to) || (desk_mask_run_at(m, i, &r) && desk_mask_counts(m, &r)))
        return;
    size_t words = to + 1;
    while (words < to + 4 && street_name(m, words) && !(m->tok[words].lex & DESK_LEX_COMMON))
        words++;
    if (words > to + 1)
        desk_mask_tokens(m, i, address_end(m, words - 1) - 1, DESK_MASK_PLACE);
    else if (strong)
        desk_mask_tokens(m, i, to, DESK_MASK_PLACE);
}

/* Behind a cue at i: a street, with or without a number. */
static void cued_place(struct desk_mask_text *m, size_t i, bool strong)
{
    static const char before[] = "the on at is it's its el la los en de ";
    size_t k = i;
    while (k < i + 3 && k < m->n && desk_mask_in(before, m->tok[k].w) && !desk_mask_breaks(m, k))
        k++;
    if (k >= m->n || (desk_mask_breaks(m, k) && k > i) || desk_mask_marked(m, k) ||
        spanish_street(m, k, true))
        return;
    size_t end = street_end(m, k, false), wide = street_end(m, k, true);
    size_t other = turned_round(m, k);
    if (!end && wide && unit_end(m, wide + 1) > wide + 1) /* "hollow drive number 88" */
        end = wide;
    if (end > k && m->tok[k].num == DESK_NUM_NONE)
        desk_mask_tokens(m, k, address_end(m, end) - 1, DESK_MASK_PLACE);
    else if (other)
        desk_mask_tokens(m, k, other, DESK_MASK_PLACE);
    else
        cued_number(m, k, strong);
}

/* "SW1A 2AA": an outward and an inward part */
static bool british_postcode(struct desk_mask_text *m, size_t i)
{
    if (i + 1 >= m->n)
        return false;
    const struct desk_mask_tok *a = &m->tok[i], *b = &m->tok[i + 1];
    size_t letters = strspn(a->w, "abcdefghijklmnopqrstuvwxyz");
    bool out = a->type == DESK_TOK_MIXED && letters >= 1 && letters <= 2 && strlen(a->w) >= 2 &&
               strlen(a->w) <= 4 && a->cap;
    bool in = b->type == DESK_TOK_MIXED && strlen(b->w) == 3 && b->w[0] >= '0' && b->w[0] <= '9' &&
              b->w[1] > '9' && b->w[2] > '9' && b->gap == ' ';
    if (out && in)
        desk_mask_tokens(m, i, i + 1, DESK_MASK_PLACE);
    return out && in;
}

/* "corner of alder and fifth" */
static void corner(struct desk_mask_text *m, size_t i)
{
    size_t n = desk_mask_phrase(m, i, "corner of"), k = i + n;
    if (!n || desk_mask_has(m, k, DESK_LEX_FUNCTION) || !desk_mask_is(m, k + 1, "and") ||
        k + 2 >= m->n || desk_mask_has(m, k + 2, DESK_LEX_FUNCTION))
        return;
    desk_mask_tokens(m, k, k + 2, DESK_MASK_PLACE);
}

/* "at 1200 lincoln": three digits and more, and a word that is no ordinary one */
static void bare_address(struct desk_mask_text *m, size_t i)
{
    static const uint32_t ordinary =
        DESK_LEX_COMMON | DESK_LEX_FUNCTION | DESK_LEX_UNIT | DESK_LEX_MONTH | DESK_LEX_NO_STREET;
    size_t k = i + 1;
    if (!desk_mask_is(m, i, "at") || k + 1 >= m->n || m->tok[k].type != DESK_TOK_DIGITS ||
        m->tok[k].len < 3 || m->tok[k].len > 5 || desk_mask_marked(m, k) ||
        desk_mask_breaks(m, k + 1) || m->tok[k + 1].gap != ' ')
        return;
    if (m->tok[k + 1].type == DESK_TOK_WORD && m->tok[k + 1].num == DESK_NUM_NONE &&
        !(m->tok[k + 1].lex & ordinary) && strlen(m->tok[k + 1].w) > 2)
        desk_mask_tokens(m, k, address_end(m, k + 1) - 1, DESK_MASK_PLACE);
}

/* "unit 4c": a letter tells it from the second of two machines */
static void lettered_unit(struct desk_mask_text *m, size_t i)
{
    static const char units[] = "unit suite ste flat # ";
    if (i + 1 < m->n && desk_mask_in(units, m->tok[i].w) && !desk_mask_marked(m, i + 1) &&
        m->tok[i + 1].type == DESK_TOK_MIXED && strlen(m->tok[i + 1].w) <= 4)
        desk_mask_tokens(m, i + 1, i + 1, DESK_MASK_PLACE);
}

void desk_mask_rule_places(struct desk_mask_text *m)
{
    for (size_t i = 0; i < m->n; i++) {
        if (!numbered_street(m, i) && !british_postcode(m, i))
            spanish_street(m, i, false);
        corner(m, i);
        bare_address(m, i);
        lettered_unit(m, i);
    }
    for (size_t i = 0; i < m->n; i++)
        for (size_t c = 0; c < sizeof cues / sizeof *cues; c++) {
            size_t n = desk_mask_phrase(m, i, cues[c].phrase);
            if (n)
                cued_place(m, i + n, cues[c].strong);
        }
}
