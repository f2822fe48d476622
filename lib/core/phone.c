/* Written numbers: reading to E.164, withheld caller ids, and the ways numbers are shown. Numbers
 * in spoken words are in phone_words.c. */
#include "core/phone.h"

#include "core/phone_plan.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* ---- plain ASCII first ----------------------------------------------------------------------- */

/* Digits of other scripts that turn up in forms, by their zero. */
static const uint32_t zeros[] = {0xff10, 0x0660, 0x06f0, 0x0966};

/* Dashes, spaces, brackets and marks without width, all as good as a space. */
static bool is_blank(uint32_t c)
{
    static const struct {
        uint32_t from, to;
    } rows[] = {
        {0x00a0, 0x00a0}, {0x00ad, 0x00ad}, {0x00b7, 0x00b7}, {0x2000, 0x2015},
        {0x2028, 0x202f}, {0x205f, 0x2069}, {0x2212, 0x2212}, {0x3000, 0x3000},
        {0xfeff, 0xfeff}, {0xff08, 0xff09}, {0xff0d, 0xff0e},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (c >= rows[i].from && c <= rows[i].to)
            return true;
    return false;
}

/* Plain letters of U+00C0 … U+00FF: what is said in Spanish has accents; 0 = no letter. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo\0ouuuuytsaaaaaaaceeeeiiiidnooooo\0ouuuuyty";

char desk_phone_fold(uint32_t c)
{
    if (c >= 0xc0 && c <= 0xff)
        return latin[c - 0xc0] ? latin[c - 0xc0] : '?';
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c < 0x20 ? ' ' : (char)c;
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++)
        if (c >= zeros[i] && c <= zeros[i] + 9)
            return (char)('0' + (c - zeros[i]));
    if (c == 0xff0b)
        return '+';
    if (c == 0x2018 || c == 0x2019)
        return '\'';
    return is_blank(c) ? ' ' : '?';
}

/* Lower-case ASCII without outer spaces; what is no ASCII becomes '?'. False: too long. */
static bool fold(char *out, size_t n, const char *s)
{
    size_t len = s ? strlen(s) : 0, o = 0;
    for (size_t i = 0, used; i < len; i += used) {
        uint32_t c = desk_utf8_next(s + i, len - i, &used);
        char folded = desk_phone_fold(c);
        if (folded == ' ' && o == 0)
            continue;
        if (o + 1 >= n)
            return false;
        out[o++] = folded;
    }
    while (o && out[o - 1] == ' ')
        o--;
    out[o] = '\0';
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- withheld -------------------------------------------------------------------------------- */

/* What networks send for "no number" (Twilio promises only that such words occur). */
static const char *const withheld_words[] = {
    "anonymous", "unknown", "restricted", "unavailable", "private", "blocked", "withheld",
};
/* May stand beside one of those: "number withheld", "private caller". */
static const char *const withheld_beside[] = {"number", "caller", "id", "name", "the", "is", "no"};

static bool among(const char *const *words, size_t n, const char *p, size_t len)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(words[i]) == len && memcmp(words[i], p, len) == 0)
            return true;
    return false;
}

#define AMONG(words, p, len) among(words, sizeof(words) / sizeof *(words), p, len)

static bool withheld_text(const char *s)
{
    bool hit = strcmp(s, "no caller id") == 0;
    for (const char *p = s; *p;) {
        size_t len = strcspn(p, " -_,.");
        if (len && AMONG(withheld_words, p, len))
            hit = true;
        else if (len && !AMONG(withheld_beside, p, len))
            return false;
        p += len + (p[len] != '\0');
    }
    return hit || !*s;
}

/* One of the words typed on a telephone keypad: some carriers send that as the number. */
static bool keypad_word(const char *digits)
{
    static const char keys[] = "22233344455566677778889999"; /* a … z */
    for (size_t w = 0; w < sizeof withheld_words / sizeof *withheld_words; w++) {
        const char *word = withheld_words[w];
        size_t i = 0;
        while (word[i] && keys[word[i] - 'a'] == digits[i])
            i++;
        if (!word[i] && !digits[i])
            return true;
    }
    return false;
}

/* ---- numbering plans ------------------------------------------------------------------------- */

/* What a country dials. Lengths are of the national number without trunk prefix. */
static const struct plan {
    char iso[3];
    const char *cc, *international, *trunk;
    unsigned char least, most;
} plans[] = {
    {"US", "1", "011", "1", 10, 10}, {"CA", "1", "011", "1", 10, 10},
    {"PR", "1", "011", "1", 10, 10}, {"GB", "44", "00", "0", 9, 10},
    {"IE", "353", "00", "0", 7, 9},  {"FR", "33", "00", "0", 9, 9},
    {"DE", "49", "00", "0", 6, 13},  {"ES", "34", "00", "", 9, 9},
    {"IT", "39", "00", "", 6, 11},   {"PT", "351", "00", "", 9, 9},
    {"NL", "31", "00", "0", 9, 9},   {"BE", "32", "00", "0", 8, 9},
    {"CH", "41", "00", "0", 9, 9},   {"AT", "43", "00", "0", 4, 13},
    {"DK", "45", "00", "", 8, 8},    {"SE", "46", "00", "0", 7, 9},
    {"NO", "47", "00", "", 8, 8},    {"PL", "48", "00", "", 9, 9},
    {"AU", "61", "0011", "0", 9, 9}, {"NZ", "64", "00", "0", 8, 10},
    {"MX", "52", "00", "", 10, 10},  {"BR", "55", "00", "0", 10, 11},
    {"IN", "91", "00", "0", 10, 10}, {"JP", "81", "010", "0", 9, 10},
    {"IL", "972", "00", "0", 8, 9},  {"ZA", "27", "00", "0", 9, 9},
};

/* The other country codes in use (ITU E.164 list): only the length is checked there. */
static const char other_codes[] =
    " 7 20 30 36 40 51 53 54 56 57 58 60 62 63 65 66 82 84 86 90 92 93 94 95 98 211 212 213 216 218"
    " 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 239 240 241 242"
    " 243 244 245 246 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265 266 267"
    " 268 269 290 291 297 298 299 350 352 354 355 356 357 358 359 370 371 372 373 374 375 376 377"
    " 378 380 381 382 383 385 386 387 389 420 421 423 500 501 502 503 504 505 506 507 508 509 590"
    " 591 592 593 594 595 596 597 598 599 670 672 673 674 675 676 677 678 679 680 681 682 683 685"
    " 686 687 688 689 690 691 692 850 852 853 855 856 880 886 960 961 962 963 964 965 966 967 968"
    " 970 971 973 974 975 976 977 992 993 994 995 996 998 ";

static const struct plan *plan_of_country(const char *iso)
{
    for (size_t i = 0; iso && i < sizeof plans / sizeof *plans; i++)
        if ((iso[0] | 0x20) == (plans[i].iso[0] | 0x20) &&
            (iso[1] | 0x20) == (plans[i].iso[1] | 0x20) && !iso[2])
            return &plans[i];
    return &plans[0];
}

static bool other_code(const char *digits, size_t len)
{
    char key[6];
    snprintf(key, sizeof key, " %.*s ", (int)len, digits);
    return strstr(other_codes, key) != NULL;
}

/* North America: [2-9][0-8]x [2-9]xx xxxx, neither part N11, no premium 900. */
static bool nanp_valid(const char *n)
{
    bool area = n[0] >= '2' && n[1] != '9' && !(n[1] == '1' && n[2] == '1');
    bool exchange = n[3] >= '2' && !(n[4] == '1' && n[5] == '1');
    return area && exchange && strncmp(n, "900", 3) != 0;
}

/* Could the national part be dialled in that plan? */
static bool plan_fits(const struct plan *p, const char *national)
{
    size_t len = strlen(national);
    if (len < p->least || len > p->most)
        return false;
    if (*p->cc == '1')
        return nanp_valid(national);
    if (*p->trunk && *national == '0')
        return false;              /* a trunk prefix left in */
    if (strcmp(p->iso, "GB") == 0) /* 09: premium; only some 01 and 08 are a digit short */
        return *national != '9' && (len == p->most || *national == '1' || *national == '8');
    return true;
}

/* Length of the country code of a whole international number that could be dialled, else 0. */
static size_t country_code(const char *digits)
{
    size_t len = strlen(digits);
    if (len < 8 || len > 15)
        return 0;
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        size_t cc = strlen(plans[i].cc);
        if (strncmp(digits, plans[i].cc, cc) == 0)
            return plan_fits(&plans[i], digits + cc) ? cc : 0;
    }
    for (size_t cc = 1; cc <= 3; cc++)
        if (other_code(digits, cc)) /* the one of one digit, +7, has ten behind it */
            return len - cc >= 6 && (cc > 1 || len == 11) ? cc : 0;
    return 0;
}

static bool finish(const char *digits, char out[DESK_PHONE_LEN])
{
    char shorter[16];
    if (strncmp(digits, "521", 3) == 0 && strlen(digits) == 13) { /* Mexico's mobiles, until 2019 */
        snprintf(shorter, sizeof shorter, "52%s", digits + 3);
        digits = shorter;
    }
    if (!country_code(digits) || keypad_word(digits))
        return false;
    snprintf(out, DESK_PHONE_LEN, "+%s", digits);
    return true;
}

bool desk_phone_dialled(const char *digits, bool plus, const char *country,
                        char out[DESK_PHONE_LEN])
{
    const struct plan *p = plan_of_country(country);
    size_t prefix = strlen(p->international), trunk = strlen(p->trunk);
    char whole[40];
    out[0] = '\0';
    if (strlen(digits) > 24)
        return false;
    if (plus)
        return finish(digits, out);
    if (strncmp(digits, p->international, prefix) == 0)
        return finish(digits + prefix, out);
    const char *national = trunk && strncmp(digits, p->trunk, trunk) == 0 ? digits + trunk : digits;
    snprintf(whole, sizeof whole, "%s%s", p->cc, national);
    if (finish(whole, out))
        return true;
    /* the country's own code, and the '+' left out */
    return strncmp(digits, p->cc, strlen(p->cc)) == 0 && finish(digits, out);
}

/* ---- written forms --------------------------------------------------------------------------- */

/* "tel:", "sip:" and "sips:" off, also in <> behind a name; the user part alone. False: another
 * scheme, so no number. */
static bool strip_scheme(char **s)
{
    char *open = strchr(*s, '<'), *close = open ? strchr(open, '>') : NULL;
    if (close && !close[1]) {
        *s = open + 1;
        *close = '\0';
    }
    size_t letters = strspn(*s, "abcdefghijklmnopqrstuvwxyz");
    char *p = *s;
    if (!letters || p[letters] != ':')
        return true;
    bool sip =
        (letters == 3 && memcmp(p, "sip", 3) == 0) || (letters == 4 && memcmp(p, "sips", 4) == 0);
    if (!sip && !(letters == 3 && memcmp(p, "tel", 3) == 0))
        return false;
    *s = p + letters + 1;
    if (sip && !strchr(*s, '@'))
        return false;
    (*s)[strcspn(*s, sip ? "@" : "")] = '\0';
    return true;
}

/* Cut "ext 12", "x12", "#12", ",12" or RFC 3966 parameters off the end. Returns the extension's
 * digits within s, or NULL. */
static char *split_extension(char *s)
{
    static const char *const marks[] = {"extension", "extn", "ext", "x", "#", ","};
    char *param = strchr(s, ';');
    if (param) {
        char *ext = strstr(param, ";ext=");
        *param = '\0';
        if (ext)
            ext[5 + strspn(ext + 5, "0123456789")] = '\0';
        return ext ? ext + 5 : NULL;
    }
    char *p = s + strcspn(s, "abcdefghijklmnopqrstuvwxyz#,");
    for (size_t i = 0; *p && i < sizeof marks / sizeof *marks; i++) {
        size_t len = strlen(marks[i]);
        if (strncmp(p, marks[i], len) != 0)
            continue;
        char *digits = p + len + strspn(p + len, " .:=,"); /* ",,": pauses while dialling */
        size_t n = strspn(digits, "0123456789");
        bool hash = digits[n] == '#' && !digits[n + 1];
        if (n < 1 || n > 7 || (digits[n] && !hash))
            return NULL;
        digits[n] = '\0';
        *p = '\0';
        return digits;
    }
    return NULL;
}

/* Digits of a written number; false when something else than digits and punctuation is there. */
static bool collect(const char *s, char digits[26], bool *plus)
{
    size_t o = 0;
    s += strspn(s, " (");
    *plus = *s == '+';
    s += *plus;
    for (; *s; s++) {
        if (*plus && o && strncmp(s, "(0)", 3) == 0) {
            s += 2; /* "+44 (0)20 …": the trunk prefix for people at home */
            continue;
        }
        if (is_digit(*s) && o < 25)
            digits[o++] = *s;
        else if (!strchr(" .-()/", *s))
            return false;
    }
    digits[o] = '\0';
    return o > 0;
}

bool desk_phone_is_withheld(const char *input)
{
    char s[64], digits[26], e164[DESK_PHONE_LEN];
    bool plus;
    if (!fold(s, sizeof s, input))
        return false;
    if (withheld_text(s))
        return true;
    if (!collect(s, digits, &plus) || !keypad_word(digits))
        return false;
    /* without '+' the word "restricted" is a possible Texan number, which then goes first */
    return plus || !desk_phone_dialled(digits, false, "US", e164);
}

enum desk_phone_rc desk_phone_parse_ext(const char *input, const char *default_country,
                                        char out[DESK_PHONE_LEN], char *ext, size_t n)
{
    char room[200], digits[26], *s = room;
    bool plus;
    out[0] = '\0';
    if (n)
        ext[0] = '\0';
    if (!fold(room, sizeof room, input))
        return DESK_PHONE_INVALID;
    if (withheld_text(s))
        return DESK_PHONE_WITHHELD;
    if (!strip_scheme(&s))
        return DESK_PHONE_INVALID;
    if (s != room && withheld_text(s))
        return DESK_PHONE_WITHHELD; /* sip:anonymous@anonymous.invalid */
    const char *found = split_extension(s);
    if (!collect(s, digits, &plus))
        return DESK_PHONE_INVALID;
    if (plus && keypad_word(digits))
        return DESK_PHONE_WITHHELD;
    if (!desk_phone_dialled(digits, plus, default_country, out))
        return DESK_PHONE_INVALID;
    if (n && found)
        snprintf(ext, n, "%s", found);
    return DESK_PHONE_OK;
}

enum desk_phone_rc desk_phone_parse(const char *input, const char *default_country,
                                    char out[DESK_PHONE_LEN])
{
    return desk_phone_parse_ext(input, default_country, out, NULL, 0);
}

/* ---- showing --------------------------------------------------------------------------------- */

/* Groups of ten British digits: London 20, the other cities 11x and 1x1, and the rest. */
static const char *british_groups(const char *n)
{
    if (n[0] == '2')
        return "\2\4\4";
    return n[0] == '1' && (n[1] == '1' || n[2] == '1') ? "\3\3\4" : "\4\6";
}

/* Sizes of the groups a national number is read in; 0 ends. */
static void group_sizes(const char *cc, const char *national, unsigned char out[8])
{
    size_t len = strlen(national);
    memset(out, 0, 8);
    if (len == 10) {
        const char *sizes = *cc == '1'                  ? "\3\3\4"
                            : strncmp(cc, "44", 2) == 0 ? british_groups(national)
                                                        : "\2\4\4";
        memcpy(out, sizes, strlen(sizes));
        return;
    }
    size_t size = len % 3 == 0 ? 3 : len % 3 == 2 ? 2 : 4; /* the first takes what is over */
    for (size_t i = 0; len && i < 7; i++, size = 3) {
        if (size > len)
            size = len;
        out[i] = (unsigned char)size;
        len -= size;
    }
}

/* Digits behind '+', and the code's length; false when it is no E.164 number we know. */
static bool take_apart(const char *e164, const char **digits, size_t *cc)
{
    if (!e164 || e164[0] != '+' || strlen(e164) >= DESK_PHONE_LEN ||
        strspn(e164 + 1, "0123456789") != strlen(e164 + 1))
        return false;
    *digits = e164 + 1;
    *cc = country_code(*digits);
    return *cc != 0;
}

const char *desk_phone_national(char *out, size_t n, const char *e164)
{
    const char *d;
    size_t cc;
    if (!take_apart(e164, &d, &cc)) {
        snprintf(out, n, "%s", e164 ? e164 : "");
        return out;
    }
    if (d[0] == '1') {
        snprintf(out, n, "(%.3s)\xc2\xa0%.3s-%s", d + 1, d + 4, d + 7);
        return out;
    }
    char text[40];
    unsigned char sizes[8];
    const char *p = d + cc;
    group_sizes(d, p, sizes);
    int o = snprintf(text, sizeof text, "+%.*s", (int)cc, d);
    for (size_t i = 0; sizes[i]; p += sizes[i++])
        o += snprintf(text + o, sizeof text - (size_t)o, " %.*s", sizes[i], p);
    snprintf(out, n, "%s", text);
    return out;
}

static size_t spell(char *out, const char *p, size_t n)
{
    size_t o = 0;
    for (size_t i = 0; i < n; i++) {
        if (i)
            out[o++] = ' ';
        out[o++] = p[i];
    }
    return o;
}

const char *desk_phone_plain(char *out, size_t n, const char *e164)
{
    desk_phone_national(out, n, e164);
    for (char *gap; (gap = strstr(out, "\xc2\xa0")) != NULL;) {
        *gap = ' ';
        memmove(gap + 1, gap + 2, strlen(gap + 2) + 1);
    }
    return out;
}

const char *desk_phone_spoken(char *out, size_t n, const char *e164)
{
    const char *d;
    size_t cc, o = 0;
    char text[80];
    unsigned char sizes[8];
    if (!take_apart(e164, &d, &cc)) {
        snprintf(out, n, "%s", e164 ? e164 : "");
        return out;
    }
    const char *p = d + cc;
    group_sizes(d, p, sizes);
    if (d[0] != '1') {
        memcpy(text, "plus ", 5);
        o = 5 + spell(text + 5, d, cc);
    }
    for (size_t i = 0; sizes[i]; p += sizes[i++]) {
        if (o) {
            text[o++] = ',';
            text[o++] = ' ';
        }
        o += spell(text + o, p, sizes[i]);
    }
    text[o] = '\0';
    snprintf(out, n, "%s", text);
    return out;
}

bool desk_phone_can_text(const char *e164)
{
    static const char *const toll_free[] = {"800", "833", "844", "855", "866", "877", "888"};
    char out[DESK_PHONE_LEN];
    if (!e164 || *e164 != '+' || desk_phone_parse(e164, NULL, out) != DESK_PHONE_OK ||
        strcmp(out, e164) != 0)
        return false;
    for (size_t i = 0; e164[1] == '1' && i < sizeof toll_free / sizeof *toll_free; i++)
        if (strncmp(e164 + 2, toll_free[i], 3) == 0)
            return false;
    return true;
}
