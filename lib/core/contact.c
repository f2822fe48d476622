#include "core/contact.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

struct check {
    struct desk_arena *a;
    const char *text; /* on one line, trimmed, not empty */
    size_t n;
    bool day_first;
    const char **clean, **why;
};

static bool is_space(char c)
{
    return isspace((unsigned char)c) != 0;
}

static enum desk_rc wrong(const struct check *c, const char *why)
{
    *c->why = why;
    return DESK_EINVAL;
}

static enum desk_rc good(const struct check *c, const char *clean)
{
    *c->clean = clean;
    return clean ? DESK_OK : DESK_ENOMEM;
}

/* ---- lines and lists ------------------------------------------------------------------------- */

static enum desk_rc check_text(const struct check *c)
{
    return good(c, desk_arena_strdup(c->a, c->text));
}

/* What models and files write when there is nothing to write. */
static enum desk_rc check_name(const struct check *c)
{
    static const char *const no_names[] = {
        "unknown",      "n/a",       "na",       "none",    "caller",   "anonymous",     "null",
        "not provided", "not given", "withheld", "no name", "customer", "unknown caller"};
    for (size_t i = 0; i < COUNT(no_names); i++)
        if (strcasecmp(c->text, no_names[i]) == 0)
            return wrong(c, "is no name: leave it out until it is known");
    for (const char *p = c->text; *p; p++)
        if (isalpha((unsigned char)*p) || (unsigned char)*p >= 0x80)
            return check_text(c);
    return wrong(c, "is no name: it has no letter in it");
}

static bool in_list(const char *list, const char *item, size_t n)
{
    while (*list) {
        size_t k = strcspn(list, ",");
        if (k == n && strncasecmp(list, item, n) == 0)
            return true;
        list += k + (list[k] == ',');
        list += strspn(list, " ");
    }
    return false;
}

/* "a; b,a" → "a, b" */
static enum desk_rc check_list(const struct check *c)
{
    struct desk_buf out;
    desk_buf_init(&out, 2 * c->n + 1);
    for (const char *p = c->text; *p;) {
        p += strspn(p, " ,;|");
        size_t n = strcspn(p, ",;|"), k = n;
        while (k && p[k - 1] == ' ')
            k--;
        if (k && !in_list(desk_buf_cstr(&out), p, k)) {
            desk_buf_str(&out, out.len ? ", " : "");
            desk_buf_add(&out, p, k);
        }
        p += n;
    }
    enum desk_rc rc = good(c, desk_arena_strdup(c->a, desk_buf_cstr(&out)));
    desk_buf_clear(&out);
    return rc;
}

/* ---- words of a few -------------------------------------------------------------------------- */

struct word {
    const char *said, *clean;
};

static const char *word_of(const struct word *words, size_t n, const char *said)
{
    for (size_t i = 0; i < n; i++)
        if (strcasecmp(words[i].said, said) == 0)
            return words[i].clean;
    return NULL;
}

static enum desk_rc check_preferred(const struct check *c)
{
    static const struct word words[] = {
        {"call", "call"},   {"phone", "call"},   {"telephone", "call"}, {"voice", "call"},
        {"cell", "call"},   {"mobile", "call"},  {"text", "text"},      {"sms", "text"},
        {"email", "email"}, {"e-mail", "email"}, {"mail", "email"},
    };
    const char *w = word_of(words, COUNT(words), c->text);
    return w ? good(c, w) : wrong(c, "must be one of: call, text, email");
}

static enum desk_rc check_standing(const struct check *c)
{
    static const struct word words[] = {
        {"vip", "vip"},
        {"yes", "vip"},
        {"y", "vip"},
        {"true", "vip"},
        {"1", "vip"},
        {"x", "vip"},
        {"vendor", "vendor"},
        {"supplier", "vendor"},
        {"no", ""},
        {"blocked", "blocked"},
        {"n", ""},
        {"false", ""},
        {"0", ""},
        {"none", ""},
    };
    const char *w = word_of(words, COUNT(words), c->text);
    return w ? good(c, w) : wrong(c, "must be one of: vip, vendor, blocked, none");
}

static enum desk_rc check_language(const struct check *c)
{
    static const struct word words[] = {
        {"english", "en"},  {"spanish", "es"},    {"español", "es"}, {"french", "fr"},
        {"german", "de"},   {"portuguese", "pt"}, {"italian", "it"}, {"chinese", "zh"},
        {"mandarin", "zh"}, {"vietnamese", "vi"}, {"korean", "ko"},  {"polish", "pl"},
        {"russian", "ru"},  {"arabic", "ar"},     {"tagalog", "tl"}, {"japanese", "ja"},
    };
    const char *w = word_of(words, COUNT(words), c->text), *t = c->text;
    if (w)
        return good(c, w);
    bool whole = c->n == 2, place = c->n == 5 && (t[2] == '-' || t[2] == '_');
    if ((!whole && !place) || !isalpha((unsigned char)t[0]) || !isalpha((unsigned char)t[1]) ||
        (place && (!isalpha((unsigned char)t[3]) || !isalpha((unsigned char)t[4]))))
        return wrong(c, "must be a language like en, es or en-GB");
    if (whole)
        return good(c, desk_arena_fmt(c->a, "%c%c", tolower(t[0]), tolower(t[1])));
    return good(c, desk_arena_fmt(c->a, "%c%c-%c%c", tolower(t[0]), tolower(t[1]), toupper(t[3]),
                                  toupper(t[4])));
}

/* ---- e-mail ---------------------------------------------------------------------------------- */

static bool domain_ok(const char *d)
{
    size_t label = 0, dots = 0;
    for (const char *p = d; *p; p++) {
        unsigned char ch = (unsigned char)*p;
        if (ch == '.') {
            if (!label || p[-1] == '-')
                return false;
            dots++;
            label = 0;
            continue;
        }
        if (!(isalnum(ch) || ch >= 0x80 || (ch == '-' && label)) || ++label > 63)
            return false;
    }
    return dots && label > 1;
}

static enum desk_rc check_email(const struct check *c)
{
    static const char why[] = "is no e-mail address: it looks like name@example.com";
    static const char odd[] = "!#$%&'*+-/=?^_`{|}~.";
    const char *at = strchr(c->text, '@');
    size_t local = at ? (size_t)(at - c->text) : 0;
    if (!local || local > 64 || strchr(at + 1, '@') || !domain_ok(at + 1))
        return wrong(c, why);
    for (const char *p = c->text; p < at; p++)
        if (!isalnum((unsigned char)*p) && (unsigned char)*p < 0x80 && !strchr(odd, *p))
            return wrong(c, why);
    if (c->text[0] == '.' || at[-1] == '.' || strstr(c->text, ".."))
        return wrong(c, why);
    char *out = desk_arena_strdup(c->a, c->text);
    for (char *p = out ? out + local : NULL; p && *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return good(c, out);
}

/* ---- days ------------------------------------------------------------------------------------ */

static bool date_ok(int y, int m, int d)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = !y || (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
    return (!y || (y >= 1900 && y <= 2100)) && m >= 1 && m <= 12 && d >= 1 &&
           d <= days[m - 1] + (m == 2 && leap);
}

/* "1980-05-14" → 1980, 5, 14 and the letter between them; 0 unless all of it is read. */
static size_t numbers(const char *t, int v[3], char *between)
{
    size_t n = 0;
    *between = '\0';
    for (;;) {
        size_t digits = 0;
        v[n] = 0;
        for (; isdigit((unsigned char)*t) && digits < 5; t++, digits++)
            v[n] = 10 * v[n] + (*t - '0');
        if (!digits || digits > 4)
            return 0;
        n++;
        if (!*t)
            return n;
        if (n == 3 || (*t != '-' && *t != '/') || (*between && *t != *between))
            return 0;
        *between = *t++;
    }
}

static enum desk_rc check_day(const struct check *c)
{
    char between;
    int v[3] = {0}, y = 0, m = 0, d = 0;
    const char *t = strncmp(c->text, "--", 2) == 0 ? c->text + 2 : c->text;
    size_t n = numbers(t, v, &between);
    bool slashes = between == '/', swapped = slashes && c->day_first;
    if (n == 3)
        y = slashes ? v[2] : v[0];
    if (n >= 2) {
        const int *md = n == 3 && !slashes ? v + 1 : v;
        m = md[swapped ? 1 : 0];
        d = md[swapped ? 0 : 1];
    }
    if (n < 2 || (n == 3 && !y) || !date_ok(y, m, d))
        return wrong(c, "must be a day like 1980-05-14, or 05-14 without the year");
    return good(c, y ? desk_arena_fmt(c->a, "%04d-%02d-%02d", y, m, d)
                     : desk_arena_fmt(c->a, "--%02d-%02d", m, d));
}

/* ---- the fields ------------------------------------------------------------------------------ */

static const struct field {
    const char *name;
    size_t max; /* letters */
    enum desk_rc (*check)(const struct check *c);
    bool lines; /* may have more than one */
} fields[] = {
    {"name", 120, check_name, false},        {"company", 120, check_text, false},
    {"email", 160, check_email, false},      {"birthday", 20, check_day, false},
    {"anniversary", 20, check_day, false},   {"preferred", 20, check_preferred, false},
    {"systems", 500, check_list, false},     {"crm", 300, check_list, false},
    {"notes", 2000, check_text, true},       {"tags", 300, check_list, false},
    {"language", 20, check_language, false}, {"standing", 20, check_standing, false},
    {"address", 300, check_text, false},
};

/* Trimmed; on one line unless it may have several. */
static char *tidy(struct desk_arena *a, const char *text, bool lines)
{
    while (is_space(*text))
        text++;
    size_t n = strlen(text), k = 0;
    while (n && is_space(text[n - 1]))
        n--;
    char *out = desk_arena_strndup(a, text, n);
    for (size_t i = 0; out && i < n; i++) {
        char ch = text[i];
        if (ch == '\r' || ((unsigned char)ch < ' ' && !(lines && ch == '\n')))
            ch = ' ';
        if (ch == ' ' && k && (out[k - 1] == ' ' || out[k - 1] == '\n'))
            continue;
        if (ch == '\n' && k && out[k - 1] == ' ')
            k--;
        out[k++] = ch;
    }
    if (out)
        out[k] = '\0';
    return out;
}

enum desk_rc desk_contact_check(struct desk_arena *a, const char *field, const char *text,
                                bool day_first, const char **clean, const char **why)
{
    *clean = NULL;
    *why = "";
    for (size_t i = 0; i < COUNT(fields); i++) {
        const struct field *f = &fields[i];
        if (strcmp(f->name, field) != 0)
            continue;
        const char *t = tidy(a, text, f->lines);
        struct check c = {a, t, t ? strlen(t) : 0, day_first, clean, why};
        if (!t)
            return DESK_ENOMEM;
        if (desk_utf8_count(t, c.n) > f->max) {
            *why = desk_arena_fmt(a, "is too long: at most %zu letters", f->max);
            return *why ? DESK_EINVAL : DESK_ENOMEM;
        }
        return *t ? f->check(&c) : good(&c, t);
    }
    return DESK_ENOTFOUND;
}

/* ---- the same job? --------------------------------------------------------------------------- */

#define JOB_WORDS 24
#define STEM      5 /* letters: remodel, remodeling; lights, lighting */

static bool says_nothing(const char *w, size_t n)
{
    static const char *const words[] = {
        "the",   "and",   "for",  "with", "wants", "want", "needs", "need",  "our",   "his",
        "her",   "their", "from", "new",  "some",  "like", "would", "about", "quote", "estimate",
        "price", "get",   "has",  "have", "that",  "this", "help",  "work",  "job",   "project",
    };
    for (size_t i = 0; i < COUNT(words); i++)
        if (strlen(words[i]) == n && strncasecmp(words[i], w, n) == 0)
            return true;
    return n < 3;
}

struct stems {
    char v[JOB_WORDS][STEM + 1];
    size_t n;
};

static bool has_stem(const struct stems *s, const char *stem)
{
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->v[i], stem) == 0)
            return true;
    return false;
}

static bool in_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static void stems_of(const char *text, struct stems *s)
{
    s->n = 0;
    while (*text && s->n < JOB_WORDS) {
        size_t n = 0;
        while (*text && !in_word(*text))
            text++;
        while (in_word(text[n]))
            n++;
        if (n && !says_nothing(text, n)) {
            char *stem = s->v[s->n];
            size_t k = n < STEM ? n : STEM;
            for (size_t i = 0; i < k; i++)
                stem[i] = (char)tolower((unsigned char)text[i]);
            stem[k] = '\0';
            if (n <= STEM && k > 3 && stem[k - 1] == 's') /* taps, a tap */
                stem[k - 1] = '\0';
            s->n += !has_stem(s, stem);
        }
        text += n;
    }
}

bool desk_same_job(const char *a, const char *b)
{
    struct stems x, y;
    size_t shared = 0;
    stems_of(a, &x);
    stems_of(b, &y);
    for (size_t i = 0; i < x.n; i++)
        shared += has_stem(&y, x.v[i]);
    size_t less = x.n < y.n ? x.n : y.n;
    return 2 * shared > less;
}
