/* Words that announce a value: "my pin is four four seven one". What lies between must be little
 * words, or anything short if "is" stands right before the value. */
#include "core/mask_text.h"

#include <string.h>

enum value {
    V_NUMBER, /* digits, written or spoken */
    V_ID,     /* the same, with letters among them */
    V_WORDS,  /* whatever is said: a password */
    V_DATE,
};

#define C_FAULT 1u /* not when a machine shows it: "error code 41" */
#define C_IS    2u /* only if "is" or a colon announces it */

static const struct cue {
    const char *phrases; /* separated by | */
    enum value value;
    unsigned least; /* digits; of V_WORDS: 1 = only a word that is in no list */
    enum desk_mask_kind kind;
    unsigned flags;
} cues[] = {
    {"social security number|social security|my social|your social|his social|her social|ssn|itin|"
     "tax id|ein|seguro social|curp|rfc|national insurance number|national insurance|sin number",
     V_ID, 4, DESK_MASK_ID, 0},
    {"last four|last 4|last three|last two|ultimos cuatro|last five|last six", V_NUMBER, 2,
     DESK_MASK_ID, 0},
    {"ending in|ends in|ends with|ending with|termina en|terminacion", V_NUMBER, 3, DESK_MASK_ID,
     0},
    {"card number|credit card|debit card|card no|visa card|visa|mastercard|master card|amex|"
     "american express|discover card|numero de tarjeta|tarjeta de credito|tarjeta",
     V_NUMBER, 4, DESK_MASK_CARD, 0},
    {"card", V_NUMBER, 8, DESK_MASK_CARD, 0},
    {"security code|cvv|cvc|cvv2|codigo de seguridad|verification code|three digit code|"
     "code on the back|code on the front|digits on the back|number on the back|three digits|"
     "numbers on the back",
     V_NUMBER, 3, DESK_MASK_SECRET, 0},
    {"gate code|door code|garage code|alarm code|access code|entry code|lockbox code|key code|"
     "keypad code|lock code|passcode|pass code|pin code|pin number|security pin|lockbox|lock box|"
     "combination|combo|disarm code|panic code|master code|user code|one time code|"
     "confirmation code|box code|safe code|shed code|gift card code|codigo de acceso|codigo de la "
     "puerta|codigo de la alarma|codigo de alarma|"
     "combinacion",
     V_ID, 2, DESK_MASK_SECRET, 0},
    {"keypad|key pad|otp|disarm|disarm it|teclado|opens with|opens on|unlocks with|unlock "
     "with|abre con",
     V_NUMBER, 3, DESK_MASK_SECRET, 0},
    {"dial|type in|punch in|key in|type|enter|put in|press|marque", V_NUMBER, 3, DESK_MASK_SECRET,
     0},
    {"pin|nip|clave|codigo|code", V_ID, 3, DESK_MASK_SECRET, C_FAULT},
    {"password|passphrase|pass phrase|passkey|safe word|safeword|secret word|code word|codeword|"
     "magic word|network key|wifi key|wi fi key|contrasena|palabra clave|username|user name|"
     "login name|security answer|secret answer|security question|"
     "secret question",
     V_WORDS, 0, DESK_MASK_SECRET, 0},
    {"wifi|wi fi|network name|network|ssid", V_WORDS, 1, DESK_MASK_SECRET, C_IS},
    {"account number|account no|account|acct number|acct|routing number|routing|iban|sort code|"
     "bank account|checking account|savings account|checking|savings|numero de cuenta|cuenta|"
     "swift code|bic",
     V_ID, 4, DESK_MASK_ID, 0},
    {"insurance id|insurance number|insurance|member id|member number|member|subscriber id|"
     "subscriber number|subscriber|policy number|policy no|policy|group number|group no|group id|"
     "group|medicare number|medicare|medicaid number|medicaid|medical record number|"
     "medical record|mrn|chart number|patient id|patient number|claim number|claim|"
     "numero de poliza|poliza|afiliado|nhs number|beneficiary number|numero de seguro",
     V_ID, 3, DESK_MASK_ID, 0},
    {"driver's license|drivers license|driver license|driving licence|driving license|"
     "license number|licence number|license plate|licence plate|license|licence|plate number|"
     "number plate|plate|passport number|passport|vin number|vin|state id|alien number|"
     "green card number|licencia de conducir|licencia|pasaporte|placas|placa|matricula|"
     "student id|employee id|badge number|dni|nie",
     V_ID, 3, DESK_MASK_ID, 0},
    {"date of birth|birth date|birthdate|dob|d o b|born|birthday|nacio|naci|nacido|nacida|"
     "fecha de nacimiento|cumpleanos|birthdays",
     V_DATE, 0, DESK_MASK_DATE, 0},
    {"id|identification", V_ID, 4, DESK_MASK_ID, C_IS},
    {"zip code|zipcode|zip|postal code|post code|postcode|codigo postal", V_ID, 4, DESK_MASK_PLACE,
     0},
    {"area code", V_NUMBER, 3, DESK_MASK_PHONE, 0},
    {"my number|phone number|cell number|mobile number|cell phone|callback number|call back number|"
     "home number|work number|contact number|telephone number|telephone|phone|cell|mobile|"
     "call me at|call me on|reach me at|reach me on|text me at|numero de telefono|mi numero|"
     "telefono|celular|whatsapp",
     V_NUMBER, 5, DESK_MASK_PHONE, 0},
    {"house number|building number|unit number|apartment number|apartment|apt|flat number|"
     "suite number|suite|p o box|po box|box number|apartado postal|departamento numero|depto",
     V_ID, 1, DESK_MASK_PLACE, 0},
};

/* ---- values ---------------------------------------------------------------------------------- */

static bool number_value(const struct desk_mask_text *m, size_t i, unsigned least, size_t *end)
{
    struct desk_mask_run r;
    if (!desk_mask_run_at(m, i, &r) || r.digits < least || desk_mask_counts(m, &r))
        return false;
    *end = r.to;
    return true;
}

/* A piece of an id: digits, letters among digits, a single letter, a group of capitals. */
static bool id_piece(const struct desk_mask_text *m, size_t i)
{
    const struct desk_mask_tok *t = &m->tok[i];
    size_t letters = strlen(t->w);
    if (t->num != DESK_NUM_NONE || t->type != DESK_TOK_WORD)
        return true;
    if (letters == 1)
        return true;
    if (t->lex & DESK_LEX_FUNCTION)
        return false;
    bool digits_next = i + 1 < m->n && m->tok[i + 1].num != DESK_NUM_NONE;
    return (t->allcap && letters <= 4) ||
           (letters <= 3 && digits_next && !(t->lex & DESK_LEX_COMMON));
}

static unsigned id_digits(const struct desk_mask_tok *t)
{
    unsigned n = 0;
    if (t->num != DESK_NUM_NONE)
        return t->digits;
    for (const char *p = t->w; *p; p++)
        n += *p >= '0' && *p <= '9';
    return n;
}

/* May token k go on with the id that begins at i? */
static bool id_goes_on(const struct desk_mask_text *m, size_t i, size_t k)
{
    const struct desk_mask_tok *t = &m->tok[k];
    if (k > i && (t->first || (t->gap && strchr("=&?", t->gap))))
        return false;
    bool between = desk_mask_has(m, k, DESK_LEX_SKIP) || desk_mask_is(m, k, "capital");
    return id_piece(m, k) || (between && k > i);
}

static bool id_value(const struct desk_mask_text *m, size_t i, unsigned least, size_t *end)
{
    struct desk_mask_run r;
    unsigned digits = 0;
    size_t last = i;
    if (desk_mask_run_at(m, i, &r) && desk_mask_counts(m, &r))
        return false;
    for (size_t k = i; k < m->n && k < i + 30 && id_goes_on(m, i, k); k++) {
        unsigned more = id_digits(&m->tok[k]);
        digits += more;
        if (more || (m->tok[k].tight && k > i))
            last = k;
    }
    *end = last;
    /* "a" and "i" are words as long as no digit is near */
    return digits >= least && digits > 0 && (id_digits(&m->tok[i]) || last > i);
}

static bool word_value(const struct desk_mask_text *m, size_t i, size_t *end)
{
    static const char none[] = "wrong not working incorrect expired reset required missing changed "
                               "invalid needed the a an on in under written still what gone lost "
                               "forgotten broken same too being to for old new ";
    static const char ends[] = "with and but so please for to thanks it i we you if or then that "
                               "because on in at when capital all con y pero gracias ";
    size_t k = i;
    if (i >= m->n || desk_mask_in(none, m->tok[i].w))
        return false;
    while (k + 1 < m->n && k < i + 4 && !m->tok[k + 1].first && m->tok[k + 1].gap != ',' &&
           !desk_mask_in(ends, m->tok[k + 1].w))
        k++;
    *end = k;
    return true;
}

static bool date_part(const struct desk_mask_text *m, size_t i)
{
    const struct desk_mask_tok *t = &m->tok[i];
    static const char suffixes[] = "st nd rd th ";
    return t->num != DESK_NUM_NONE || (t->lex & (DESK_LEX_MONTH | DESK_LEX_ORDINAL)) ||
           (t->type == DESK_TOK_MIXED && desk_mask_in(suffixes, t->w + strspn(t->w, "0123456789")));
}

static bool date_value(const struct desk_mask_text *m, size_t i, size_t *end)
{
    static const char between[] = "the of de del in and um uh y ";
    size_t k = i, last = i, pieces = 0;
    if (!date_part(m, i))
        return false;
    for (; k < m->n && k < i + 12 && (k == i || !m->tok[k].first); k++) {
        if (date_part(m, k))
            last = k, pieces++;
        else if (!desk_mask_in(between, m->tok[k].w))
            break;
    }
    *end = last;
    /* "born first of three" is none: a number of its own must be dated or written */
    return pieces > 1 || m->tok[i].len >= 4 || desk_mask_has(m, i, DESK_LEX_MONTH);
}

static bool value_at(const struct desk_mask_text *m, size_t i, const struct cue *c, bool announced,
                     size_t *end)
{
    if (desk_mask_marked(m, i))
        return false;
    switch (c->value) {
    case V_NUMBER:
        return number_value(m, i, c->least, end);
    case V_ID:
        return id_value(m, i, c->least, end);
    case V_WORDS:
        if (c->least && m->tok[i].lex && m->tok[i].type == DESK_TOK_WORD) /* "the wifi is down" */
            return false;
        return (announced || m->tok[i].type == DESK_TOK_MIXED ||
                (m->tok[i].lex == 0 && m->tok[i - 1].num == DESK_NUM_NONE)) &&
               word_value(m, i, end);
    case V_DATE:
        return date_value(m, i, end);
    }
    return false;
}

/* ---- from the cue to its value ------------------------------------------------------------- */

#define REACH 12

/* ':' or '#' before token i. */
static bool colon(const struct desk_mask_text *m, size_t i)
{
    return i < m->n && (m->tok[i].gap == ':' || m->tok[i].gap == '#');
}

/* A word between cue and value that does not belong there. */
static bool strange_word(const struct desk_mask_text *m, size_t i, size_t k, const struct cue *c)
{
    bool length = m->tok[k].num != DESK_NUM_NONE && k + 1 < m->n &&
                  strncmp(m->tok[k + 1].w, "digit", 5) == 0; /* "4 digits" */
    if (length || desk_mask_has(m, k, DESK_LEX_FILL))
        return false;
    /* "the code for the garage …", "la clave del portón …" */
    bool whose = c->kind == DESK_MASK_SECRET && k > i &&
                 desk_mask_in("the my our del la el ", m->tok[k - 1].w);
    return !whose;
}

static bool find_value(const struct desk_mask_text *m, size_t i, const struct cue *c, size_t *from,
                       size_t *to)
{
    unsigned strange = 0;
    bool announced = strstr(m->tok[i - 1].w, "'s") != NULL;
    for (size_t k = i; k < m->n && k < i + REACH && strange <= 5; k++) {
        announced = announced || colon(m, k);
        bool open = strange == 0 && (announced || !(c->flags & C_IS));
        if (open && value_at(m, k, c, announced, to)) {
            *from = k;
            return true;
        }
        if (k > i && desk_mask_breaks(m, k) && !desk_mask_has(m, k, DESK_LEX_FILL))
            return false;
        if (desk_mask_has(m, k, DESK_LEX_IS)) {
            announced = true;
            strange = 0;
        } else if (!desk_mask_has(m, k, DESK_LEX_FILL)) {
            announced = false;
            strange += strange_word(m, i, k, c);
        }
    }
    return false;
}

/* "error code 41", "the panel shows code 301": a machine's, or a shop's */
static bool faulty(const struct desk_mask_text *m, size_t i)
{
    static const char before[] =
        "error fault trouble status area zip promo discount coupon country building qr bar dress "
        "model color colour postal show shows showing says display displays displaying flashing "
        "flashes blinking throwing throws giving gives reads diagnostic hvac source exit response "
        "http sort product item this that what which to up ";
    bool log = i + 1 < m->n && m->tok[i + 1].type == DESK_TOK_DIGITS &&
               (m->tok[i + 1].gap == '=' || m->tok[i + 1].len == 5); /* Twilio's have five */
    return log || (i > 0 && desk_mask_in(before, m->tok[i - 1].w));
}

/* Corrections: "4471, no sorry, 4472". */
static void corrections(struct desk_mask_text *m, size_t i, enum desk_mask_kind kind)
{
    static const char words[] =
        "or no sorry actually wait maybe then and mean i is wrong it's not its ";
    struct desk_mask_run r;
    for (size_t k = i; k < m->n && k < i + 5; k++) {
        if (k > i && desk_mask_run_at(m, k, &r) && r.digits > 1 && !desk_mask_counts(m, &r)) {
            desk_mask_tokens(m, r.from, r.to, kind);
            return;
        }
        if (!desk_mask_in(words, m->tok[k].w))
            return;
    }
}

/* "dial 911" */
static bool public_number(const struct desk_mask_text *m, size_t i)
{
    static const char *const numbers[] = {"911",          "988", "112",          "999",
                                          "311",          "411", "nine one one", "nine eight eight",
                                          "nueve uno uno"};
    struct desk_mask_run r;
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        if (desk_mask_phrase(m, i, numbers[k]))
            return desk_mask_run_at(m, i, &r) && r.digits == 3;
    return false;
}

/* "the warranty ends in 2027" */
static bool year(const struct desk_mask_text *m, size_t i)
{
    return m->tok[i].type == DESK_TOK_DIGITS && m->tok[i].len == 4 &&
           (strncmp(m->tok[i].w, "19", 2) == 0 || strncmp(m->tok[i].w, "20", 2) == 0);
}

/* "the key is under the third flower pot" */
static void hiding_place(struct desk_mask_text *m, size_t i)
{
    static const char keys[] = "key key's keys llave llaves spare ";
    static const char where[] = "under behind beneath inside above underneath debajo detras ";
    static const char whose[] = "the a my of our de del la el ";
    if (!desk_mask_in(keys, m->tok[i].w))
        return;
    for (size_t k = i + 1; k < m->n && k < i + 5 && !desk_mask_breaks(m, k); k++) {
        size_t to = k;
        if (!desk_mask_in(where, m->tok[k].w))
            continue;
        while (
            to + 1 < m->n && to < k + 5 && !desk_mask_breaks(m, to + 1) &&
            (!desk_mask_has(m, to + 1, DESK_LEX_FUNCTION) || desk_mask_in(whose, m->tok[to + 1].w)))
            to++;
        if (to > k)
            desk_mask_tokens(m, k + 1, to, DESK_MASK_SECRET);
        return;
    }
}

static void apply(struct desk_mask_text *m, size_t i, size_t n, const struct cue *c)
{
    size_t from, to;
    if (((c->flags & C_FAULT) && faulty(m, i)) || !find_value(m, i + n, c, &from, &to))
        return;
    if (public_number(m, from) || (desk_mask_in("ends ending ", m->tok[i].w) && year(m, from)))
        return;
    desk_mask_tokens(m, from, to, c->kind);
    if (c->value == V_NUMBER || c->value == V_ID)
        corrections(m, to + 1, c->kind);
}

/* The words of the phrase at i, the last one perhaps with "'s": "the code's …". */
static size_t phrase_at(const struct desk_mask_text *m, size_t i, const char *p, size_t len)
{
    char phrase[64];
    if (strncmp(m->tok[i].w, p, strcspn(p, " |")) != 0 || len + 3 > sizeof phrase)
        return 0;
    memcpy(phrase, p, len);
    phrase[len] = '\0';
    size_t n = desk_mask_phrase(m, i, phrase);
    if (n)
        return n;
    memcpy(phrase + len, "'s", 3);
    return desk_mask_phrase(m, i, phrase);
}

/* Tokens of the longest phrase of the cue that begins at i. */
static size_t cue_at(const struct desk_mask_text *m, size_t i, const struct cue *c)
{
    size_t best = 0;
    for (const char *p = c->phrases; *p; p += strcspn(p, "|"), p += *p == '|') {
        size_t n = phrase_at(m, i, p, strcspn(p, "|"));
        best = n > best ? n : best;
    }
    return best;
}

/* When a card ends: only where there is one. */
static void expiry(struct desk_mask_text *m)
{
    static const struct cue end = {.value = V_DATE, .kind = DESK_MASK_DATE};
    static const char words[] = "expires expiration exp expiry thru expiring vence vencimiento ";
    bool card = memchr(m->marks, DESK_MASK_CARD, m->len) != NULL;
    for (size_t i = 0; card && i < m->n; i++)
        if (desk_mask_in(words, m->tok[i].w))
            apply(m, i, desk_mask_is(m, i + 1, "date") ? 2 : 1, &end);
}

void desk_mask_rule_cues(struct desk_mask_text *m)
{
    for (size_t k = 0; k < sizeof cues / sizeof *cues; k++)
        for (size_t i = 0; i < m->n; i++) {
            size_t n = cue_at(m, i, &cues[k]);
            if (n)
                apply(m, i, n, &cues[k]);
        }
    expiry(m);
    for (size_t i = 0; i < m->n; i++)
        hiding_place(m, i);
}
