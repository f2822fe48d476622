/* How each kind of a settings field is typed and kept. */
#include "cgi-bin/admin/set.h"
#include "base/utf8.h"
#include "core/day_text.h"
#include "core/hours_words.h"
#include "core/phone.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TEXT_MAX 16384 /* of one field */

struct typed {
    struct desk_arena *a;
    const struct set_field *f;
    const char *text, *country;
    const char *why;
};

/* ---- shown ----------------------------------------------------------------------------------- */

static const char *string_text(struct desk_arena *a, const json_t *v)
{
    return desk_arena_strdup(a, json_is_string(v) ? json_string_value(v) : "");
}

static const char *joined(struct desk_arena *a, const json_t *v, const char *between,
                          const char *(*one)(struct desk_arena *a, const char *text))
{
    size_t i;
    json_t *item;
    struct desk_buf out;
    if (json_is_string(v))
        return one(a, json_string_value(v));
    desk_buf_init(&out, TEXT_MAX);
    json_array_foreach(v, i, item)
    {
        if (json_is_string(item))
            desk_buf_fmt(&out, "%s%s", out.len ? between : "", one(a, json_string_value(item)));
    }
    const char *text = desk_arena_strdup(a, desk_buf_cstr(&out));
    desk_buf_clear(&out);
    return text;
}

static const char *as_is(struct desk_arena *a, const char *text)
{
    (void)a;
    return text;
}

static const char *as_phone(struct desk_arena *a, const char *text)
{
    char shown[64];
    desk_phone_national(shown, sizeof shown, text);
    for (char *gap; (gap = strstr(shown, "\xc2\xa0")) != NULL;) { /* people type plain spaces */
        *gap = ' ';
        memmove(gap + 1, gap + 2, strlen(gap + 2) + 1);
    }
    const char *out = desk_arena_strdup(a, shown);
    return out ? out : "";
}

static const char *as_name(struct desk_arena *a, const char *text)
{
    (void)a;
    return strcmp(text, "on_call") == 0 ? "on call" : text;
}

static const char *lines_text(struct desk_arena *a, const json_t *v)
{
    return joined(a, v, "\n", as_is);
}

static const char *phones_text(struct desk_arena *a, const json_t *v)
{
    return joined(a, v, "\n", as_phone);
}

static const char *who_text(struct desk_arena *a, const json_t *v)
{
    return joined(a, v, ", ", as_name);
}

static const char *multi_text(struct desk_arena *a, const json_t *v)
{
    return joined(a, v, " ", as_is);
}

static const char *number_text(struct desk_arena *a, const json_t *v)
{
    if (json_is_integer(v))
        return desk_arena_fmt(a, "%lld", (long long)json_integer_value(v));
    double d = json_is_real(v) ? json_real_value(v) : 0;
    if (!json_is_real(v))
        return desk_arena_strdup(a, "");
    return d >= 0 && d < 1e12 && floor(d) < d ? desk_arena_fmt(a, "%.2f", d)
                                              : desk_arena_fmt(a, "%.0f", d);
}

static const char *bool_text(struct desk_arena *a, const json_t *v)
{
    return desk_arena_strdup(a, json_is_true(v) ? "1" : "");
}

static const char *always_text(struct desk_arena *a, const json_t *v)
{
    return desk_arena_strdup(a, json_is_string(v) ? "1" : "");
}

static const char *clock_text(struct desk_arena *a, const json_t *v)
{
    char shown[24];
    int m = desk_clock_parse(json_string_value(v));
    return desk_arena_strdup(a, m < 0 ? "" : desk_clock_say(shown, sizeof shown, m));
}

static const char *spans_text(struct desk_arena *a, const json_t *v)
{
    char shown[400];
    return desk_arena_strdup(a, desk_spans_say(shown, sizeof shown, v));
}

static const char *hidden_text(struct desk_arena *a, const json_t *v)
{
    (void)v;
    return desk_arena_strdup(a, "");
}

/* ---- typed ----------------------------------------------------------------------------------- */

static json_t *refuse(struct typed *t, const char *sentence)
{
    t->why = sentence;
    return NULL;
}

static size_t letters(const char *s)
{
    return desk_utf8_count(s, strlen(s));
}

static json_t *text_value(struct typed *t)
{
    if (t->f->max && letters(t->text) > t->f->max)
        return refuse(t, desk_arena_fmt(t->a, "%s is too long: at most %zu letters.", t->f->label,
                                        t->f->max));
    return json_string(t->text);
}

static json_t *line_value(struct typed *t)
{
    char *line = desk_arena_strdup(t->a, t->text);
    for (char *p = line; p && *p; p++)
        if ((unsigned char)*p < ' ')
            *p = ' ';
    t->text = line ? line : "";
    return text_value(t);
}

static json_t *one_phone(struct typed *t, const char *text)
{
    char e164[DESK_PHONE_LEN];
    if (desk_phone_parse(text, t->country, e164) == DESK_PHONE_OK)
        return json_string(e164);
    return refuse(t, desk_arena_fmt(t->a,
                                    "\xe2\x80\x9c%.40s\xe2\x80\x9d is not a number we can call. "
                                    "Write it like (860) 555-0134, or with the country: +44 20 "
                                    "7946 0123.",
                                    text));
}

static json_t *phone_value(struct typed *t)
{
    return one_phone(t, t->text);
}

/* Each part of the text, without space around it; empty ones are left out. */
static json_t *split(struct typed *t, const char *at, json_t *(*one)(struct typed *t, const char *))
{
    json_t *list = json_array();
    for (const char *p = t->text; *p;) {
        size_t n = strcspn(p, at), lead = strspn(p, " \t\r\n");
        const char *next = p[n] ? p + n + 1 : p + n;
        size_t len = n > lead ? n - lead : 0;
        while (len && strchr(" \t\r\n", p[lead + len - 1]))
            len--;
        const char *part = desk_arena_strndup(t->a, p + lead, len);
        json_t *v = len && part ? one(t, part) : NULL;
        if (v)
            json_array_append_new(list, v);
        p = next;
    }
    if (!t->why)
        return list;
    json_decref(list);
    return NULL;
}

static json_t *one_text(struct typed *t, const char *text)
{
    if (t->f->max && letters(text) > t->f->max)
        return refuse(t, desk_arena_fmt(t->a,
                                        "\xe2\x80\x9c%.30s\xe2\x80\xa6\xe2\x80\x9d is too "
                                        "long: at most %zu letters.",
                                        text, t->f->max));
    return json_string(text);
}

static json_t *one_name(struct typed *t, const char *text)
{
    return one_text(t, strcasecmp(text, "on call") == 0 ? "on_call" : text);
}

static json_t *phones_value(struct typed *t)
{
    return split(t, "\n,;", one_phone);
}

static json_t *lines_value(struct typed *t)
{
    return split(t, "\n", one_text);
}

/* One name stays a text. */
static json_t *who_value(struct typed *t)
{
    json_t *list = split(t, ",\n", one_name);
    if (json_array_size(list) != 1)
        return list;
    json_t *alone = json_incref(json_array_get(list, 0));
    json_decref(list);
    return alone;
}

static json_t *does_value(struct typed *t)
{
    if (strcasecmp(t->text, "all") == 0)
        return json_string("all");
    return split(t, ",\n", one_text);
}

static json_t *int_value(struct typed *t)
{
    size_t n = strspn(t->text, "0123456789");
    if (t->text[n] || n > 9)
        return refuse(t, desk_arena_fmt(t->a, "%s must be a whole number.", t->f->label));
    long value = strtol(t->text, NULL, 10);
    if (t->f->max && value > (long)t->f->max)
        return refuse(
            t, desk_arena_fmt(t->a, "%s is too large: at most %zu.", t->f->label, t->f->max));
    return json_integer(value);
}

static json_t *money_value(struct typed *t)
{
    const char *s = t->text + (*t->text == '$');
    size_t whole = strspn(s, "0123456789"), cents = 0;
    if (s[whole] == '.')
        cents = strspn(s + whole + 1, "0123456789");
    size_t n = whole + (s[whole] == '.' ? 1 + cents : 0);
    if (!whole || whole > 9 || cents > 2 || s[n])
        return refuse(t,
                      desk_arena_fmt(t->a, "%s must be an amount like 120 or 2.50.", t->f->label));
    double d = strtod(s, NULL);
    return cents ? json_real(d) : json_integer((json_int_t)d);
}

static json_t *bool_value(struct typed *t)
{
    return json_boolean(*t->text != '\0');
}

static json_t *always_value(struct typed *t)
{
    return *t->text ? json_string("always") : NULL;
}

static bool is_choice(const struct set_field *f, const char *value, size_t n)
{
    for (const struct set_choice *c = f->choices; c && c->value; c++)
        if (strlen(c->value) == n && strncmp(c->value, value, n) == 0)
            return true;
    return false;
}

static json_t *choice_value(struct typed *t)
{
    if (!is_choice(t->f, t->text, strlen(t->text)))
        return refuse(t, desk_arena_fmt(t->a, "Choose one for %s.", t->f->label));
    return json_string(t->text);
}

static json_t *multi_value(struct typed *t)
{
    json_t *list = json_array();
    for (const char *p = t->text; *p; p += strspn(p, " ")) {
        size_t n = strcspn(p, " ");
        if (is_choice(t->f, p, n))
            json_array_append_new(list, json_stringn(p, n));
        p += n;
    }
    return list;
}

static json_t *clock_value(struct typed *t)
{
    char text[16];
    int m = desk_clock_words(t->text);
    if (m < 0)
        return refuse(t, desk_arena_fmt(t->a, "%s must be a time, like 8:30 am.", t->f->label));
    snprintf(text, sizeof text, "%02d:%02d", m / 60, m % 60);
    return json_string(text);
}

static json_t *date_value(struct typed *t)
{
    int32_t day;
    if (!desk_day_parse(t->text, &day))
        return refuse(t, desk_arena_fmt(t->a, "%s must be a day, like 2026-12-24.", t->f->label));
    return json_string(t->text);
}

static json_t *spans_value(struct typed *t)
{
    char why[100];
    json_t *v = desk_spans_read(t->text, why, sizeof why);
    return v ? v
             : refuse(t, desk_arena_fmt(t->a, "%s %s. Write it like 8 am to 12 pm, 1 pm to 5 pm.",
                                        t->f->label, why));
}

static json_t *pin_value(struct typed *t)
{
    size_t n = strspn(t->text, "0123456789");
    if (t->text[n] || n < 4 || n > 8)
        return refuse(t, "The PIN must be 4 to 8 digits.");
    return json_string(t->text);
}

/* ---- the table ------------------------------------------------------------------------------- */

static const struct {
    const char *input;
    const char *(*text)(struct desk_arena *a, const json_t *v);
    json_t *(*value)(struct typed *t);
    bool of_nothing; /* an empty field is a value, too */
} kinds[SET_KIND__MAX] = {
    [SET_LINE] = {"line", string_text, line_value, false},
    [SET_LONG] = {"long", string_text, text_value, false},
    [SET_PHONE] = {"line", phones_text, phone_value, false},
    [SET_PHONES] = {"long", phones_text, phones_value, false},
    [SET_LINES] = {"long", lines_text, lines_value, false},
    [SET_WHO] = {"line", who_text, who_value, false},
    [SET_DOES] = {"line", who_text, does_value, false},
    [SET_INT] = {"number", number_text, int_value, false},
    [SET_MONEY] = {"number", number_text, money_value, false},
    [SET_BOOL] = {"tick", bool_text, bool_value, true},
    [SET_CHOICE] = {"choice", string_text, choice_value, false},
    [SET_MULTI] = {"multi", multi_text, multi_value, true},
    [SET_CLOCK] = {"line", clock_text, clock_value, false},
    [SET_DATE] = {"date", string_text, date_value, false},
    [SET_SPANS] = {"line", spans_text, spans_value, false},
    [SET_ALWAYS] = {"tick", always_text, always_value, false},
    [SET_PIN] = {"pin", hidden_text, pin_value, false},
};

const char *set_kind_input(enum set_kind k)
{
    return kinds[k].input;
}

const char *set_text(struct desk_arena *a, const struct set_field *f, const json_t *v)
{
    const char *text = v || !f->otherwise ? kinds[f->kind].text(a, v) : f->otherwise;
    return text ? text : "";
}

json_t *set_value(struct desk_arena *a, const struct set_field *f, const char *text,
                  const char *country, const char **why)
{
    struct typed t = {.a = a, .f = f, .text = text, .country = country};
    json_t *v = *text || kinds[f->kind].of_nothing ? kinds[f->kind].value(&t) : NULL;
    if (!*text && f->flags & SET_NEEDED)
        t.why = desk_arena_fmt(a, "%s is missing.", f->label);
    *why = t.why;
    if (v && f->flags & SET_DROP_EMPTY && json_is_array(v) && !json_array_size(v)) {
        json_decref(v);
        v = NULL;
    }
    return v;
}
