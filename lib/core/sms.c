#include "core/sms.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "core/phone.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char *const house[] = {"business", "owner"};

static const char *const kinds[DESK_SMS_KIND__MAX] = {
    [DESK_SMS_WORDS] = "words",
    [DESK_SMS_PHONE] = "phone",
    [DESK_SMS_LINK] = "link",
    [DESK_SMS_COUNT] = "number",
};

const char *desk_sms_kind_name(enum desk_sms_kind k)
{
    return k < DESK_SMS_KIND__MAX ? kinds[k] : "words";
}

const struct desk_sms_template *desk_sms_template_find(const char *name)
{
    for (const struct desk_sms_template *t = desk_sms_templates; name && t->name; t++)
        if (strcmp(t->name, name) == 0)
            return t;
    return NULL;
}

static bool is_house(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof house / sizeof *house; i++)
        if (strlen(house[i]) == len && memcmp(house[i], name, len) == 0)
            return true;
    return false;
}

bool desk_sms_house_var(const char *name)
{
    return is_house(name, strlen(name));
}

static const struct desk_sms_var *find(const struct desk_sms_template *t, const char *name,
                                       size_t len)
{
    for (const struct desk_sms_var *v = t->vars; v->name; v++)
        if (strlen(v->name) == len && memcmp(v->name, name, len) == 0)
            return v;
    return NULL;
}

const struct desk_sms_var *desk_sms_var_find(const struct desk_sms_template *t, const char *name)
{
    return find(t, name, strlen(name));
}

/* "name, when, service", with the house's */
static void list_vars(const struct desk_sms_template *t, struct desk_buf *out)
{
    for (const struct desk_sms_var *v = t->vars; v->name; v++)
        desk_buf_fmt(out, "%s, ", v->name);
    desk_buf_str(out, "business, owner");
}

/* ---- values ---------------------------------------------------------------------------------- */

static bool one_line(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < ' ' || *s == 0x7f)
            return false;
    return true;
}

/* What is wrong with it; NULL = nothing. */
static const char *value_wrong(const struct desk_sms_var *var, const char *s)
{
    char e164[DESK_PHONE_LEN];
    if (!desk_utf8_valid(s, strlen(s)) || !one_line(s))
        return "must be one line of text";
    switch (var->kind) {
    case DESK_SMS_PHONE:
        return desk_phone_parse(s, NULL, e164) == DESK_PHONE_OK && strcmp(e164, s) == 0
                   ? NULL
                   : "must be a number like +14155550134";
    case DESK_SMS_LINK:
        return (strncmp(s, "https://", 8) == 0 || strncmp(s, "http://", 7) == 0) &&
                       !strpbrk(s, " \"<>")
                   ? NULL
                   : "must be a link like https://example.com/review";
    case DESK_SMS_COUNT:
        return strspn(s, "0123456789") == strlen(s) ? NULL : "must be a whole number";
    case DESK_SMS_WORDS:
    case DESK_SMS_KIND__MAX:
        break;
    }
    return NULL;
}

static enum desk_rc value_check(const struct desk_sms_template *t, const struct desk_sms_value *v,
                                char *why, size_t n)
{
    const struct desk_sms_var *var = desk_sms_var_find(t, v->name);
    const char *wrong;
    if (!var) {
        struct desk_buf list;
        desk_buf_init(&list, 512);
        list_vars(t, &list);
        snprintf(why, n, "The text %s has no variable \"%.40s\"; it has: %s.", t->name, v->name,
                 desk_buf_cstr(&list));
        desk_buf_clear(&list);
        return DESK_EINVAL;
    }
    if (!v->value || !*v->value)
        return DESK_OK;
    size_t characters = desk_utf8_count(v->value, strlen(v->value));
    if (characters > var->most) {
        snprintf(why, n, "\"%s\" of the text %s may have %u characters; it has %zu.", var->name,
                 t->name, var->most, characters);
        return DESK_EINVAL;
    }
    wrong = value_wrong(var, v->value);
    if (!wrong)
        return DESK_OK;
    snprintf(why, n, "\"%s\" of the text %s %s.", var->name, t->name, wrong);
    return DESK_EINVAL;
}

static const char *value_of(const struct desk_sms_value *v, size_t n, const char *name, size_t len)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(v[i].name) == len && memcmp(v[i].name, name, len) == 0)
            return v[i].value ? v[i].value : "";
    return "";
}

enum desk_rc desk_sms_values_check(const struct desk_sms_template *t,
                                   const struct desk_sms_value *v, size_t n_values, char *why,
                                   size_t n)
{
    for (size_t i = 0; i < n_values; i++) {
        enum desk_rc rc = value_check(t, &v[i], why, n);
        if (rc)
            return rc;
    }
    for (const struct desk_sms_var *var = t->vars; var->name; var++) {
        if (!var->needed || *value_of(v, n_values, var->name, strlen(var->name)))
            continue;
        snprintf(why, n, "The text %s needs \"%s\".", t->name, var->name);
        return DESK_EINVAL;
    }
    return DESK_OK;
}

/* ---- a business's own words ------------------------------------------------------------------ */

static enum desk_rc hole_check(const struct desk_sms_template *t, const char *name, size_t len,
                               char *why, size_t n)
{
    if (is_house(name, len) || find(t, name, len))
        return DESK_OK;
    struct desk_buf list;
    desk_buf_init(&list, 512);
    list_vars(t, &list);
    snprintf(why, n, "names {%.*s}, which this text does not have; it has: %s",
             (int)(len < 40 ? len : 40), name, desk_buf_cstr(&list));
    desk_buf_clear(&list);
    return DESK_EINVAL;
}

enum desk_rc desk_sms_wording_check(const struct desk_sms_template *t, const char *wording,
                                    char *why, size_t n)
{
    const char *p = wording + strspn(wording, " ");
    if (!*p || desk_utf8_count(wording, strlen(wording)) > DESK_MAX_TEXT) {
        snprintf(why, n, "must be words, at most %d characters", DESK_MAX_TEXT);
        return DESK_EINVAL;
    }
    while ((p = strpbrk(p, "{}")) != NULL) {
        size_t len = strcspn(p + 1, "{}");
        if (*p == '}' || p[1 + len] != '}') {
            snprintf(why, n, "has a { or } that stands alone; a value is written like {when}");
            return DESK_EINVAL;
        }
        enum desk_rc rc = hole_check(t, p + 1, len, why, n);
        if (rc)
            return rc;
        p += len + 2;
    }
    return DESK_OK;
}

void desk_sms_wording_fill(struct desk_buf *out, const char *wording,
                           const struct desk_sms_value *v, size_t n_values)
{
    for (const char *p = wording; *p;) {
        size_t plain = strcspn(p, "{"), len;
        desk_buf_add(out, p, plain);
        p += plain;
        if (!*p)
            return;
        len = strcspn(p + 1, "}");
        desk_buf_str(out, value_of(v, n_values, p + 1, len));
        p += len + 1;
        p += *p == '}';
    }
}

/* ---- words we get ---------------------------------------------------------------------------- */

enum desk_sms_word desk_sms_word(const char *text)
{
    static const struct {
        const char *word;
        enum desk_sms_word is;
    } words[] = {
        {"stop", DESK_SMS_STOP},         {"stopall", DESK_SMS_STOP},
        {"unsubscribe", DESK_SMS_STOP},  {"quit", DESK_SMS_STOP},
        {"revoke", DESK_SMS_STOP},       {"optout", DESK_SMS_STOP},
        {"cancel", DESK_SMS_MAYBE_STOP}, {"end", DESK_SMS_MAYBE_STOP},
        {"start", DESK_SMS_START},       {"unstop", DESK_SMS_START},
        {"yes", DESK_SMS_MAYBE_START},   {"help", DESK_SMS_HELP},
        {"info", DESK_SMS_HELP},
    };
    char word[16];
    size_t n = 0;
    while (isspace((unsigned char)*text))
        text++;
    while (isalpha((unsigned char)*text) && n + 1 < sizeof word)
        word[n++] = (char)tolower((unsigned char)*text++);
    word[n] = '\0';
    /* nothing else but a mark and spaces: "Stop." */
    while (isspace((unsigned char)*text) || (*text && strchr(".!", *text)))
        text++;
    if (*text)
        return DESK_SMS_NO_WORD;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].is;
    return DESK_SMS_NO_WORD;
}
