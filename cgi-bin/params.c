/* Typed parameters: a row per kind says how a text becomes a value, and with what sentence it is
 * refused. Handlers never parse. */
#include "cgi-bin/web.h"
#include "core/day_text.h"
#include "core/phone.h"
#include "base/utf8.h"

#include <string.h>

static const char *label(const struct desk_param *p)
{
    return p->label ? p->label : p->name;
}

static const char *read_text(struct desk_arena *a, const struct desk_param *p, struct desk_value *v)
{
    size_t max = p->max ? p->max : DESK_PARAM_TEXT_MAX;
    if (strlen(v->text) <= max)
        return NULL;
    return desk_arena_fmt(a, "%s is too long: at most %zu characters.", label(p), max);
}

static const char *read_int(struct desk_arena *a, const struct desk_param *p, struct desk_value *v)
{
    int64_t max = p->max ? (int64_t)p->max : INT64_MAX, n = 0;
    for (const char *s = v->text; *s; s++) {
        if (*s < '0' || *s > '9')
            return desk_arena_fmt(a, "%s must be a whole number.", label(p));
        if (n > (max - (*s - '0')) / 10)
            return desk_arena_fmt(a, "%s is too large: at most %lld.", label(p), (long long)max);
        n = n * 10 + (*s - '0');
    }
    v->num = n;
    return NULL;
}

static const char *read_id(struct desk_arena *a, const struct desk_param *p, struct desk_value *v)
{
    static const char ok[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    size_t n = strlen(v->text);
    if (n < 40 && strspn(v->text, ok) == n)
        return NULL;
    return desk_arena_fmt(a, "%s is not an identifier of ours.", label(p));
}

static const char *read_phone(struct desk_arena *a, const struct desk_param *p,
                              struct desk_value *v)
{
    char e164[DESK_PHONE_LEN];
    if (desk_phone_parse(v->text, "US", e164) != DESK_PHONE_OK)
        return desk_arena_fmt(a,
                              "%s is not a number we can call. Write it like (860) 555-0134, or "
                              "with the country: +44 20 7946 0123.",
                              label(p));
    v->text = desk_arena_strdup(a, e164);
    return NULL;
}

static const char *read_bool(struct desk_arena *a, const struct desk_param *p, struct desk_value *v)
{
    static const struct {
        const char *word;
        int value;
    } words[] = {{"1", 1}, {"on", 1},  {"true", 1},  {"yes", 1},
                 {"0", 0}, {"off", 0}, {"false", 0}, {"no", 0}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, v->text) == 0) {
            v->num = words[i].value;
            return NULL;
        }
    return desk_arena_fmt(a, "%s must be yes or no.", label(p));
}

static const char *read_day(struct desk_arena *a, const struct desk_param *p, struct desk_value *v)
{
    int32_t day;
    if (!desk_day_parse(v->text, &day))
        return desk_arena_fmt(a, "%s must be a day, written like 2026-11-20.", label(p));
    v->num = day;
    return NULL;
}

static const char *(*const readers[])(struct desk_arena *, const struct desk_param *,
                                      struct desk_value *) = {
    [DESK_P_TEXT] = read_text,   [DESK_P_INT] = read_int,   [DESK_P_ID] = read_id,
    [DESK_P_PHONE] = read_phone, [DESK_P_BOOL] = read_bool, [DESK_P_DAY] = read_day,
    [DESK_P_WORDS] = read_text,
};

/* n bytes of anything → valid text without space around it; NULL when the arena is full. */
static const char *tidy(struct desk_arena *a, const char *p, size_t n)
{
    char *raw = desk_arena_strndup(a, p, n), *out = desk_arena_alloc(a, 3 * n + 1);
    if (!raw || !out)
        return NULL;
    desk_utf8_clean_str(out, 3 * n + 1, raw);
    out += strspn(out, " \t\r\n");
    for (size_t len = strlen(out); len && strchr(" \t\r\n", out[len - 1]); len--)
        out[len - 1] = '\0';
    return out;
}

/* The value of ":name" in the route's pattern. */
static const char *path_value(const struct desk_request *req, const char *name, size_t *n)
{
    const char *pat = req->route->path, *path = req->path;
    size_t len = strlen(name);
    while (*pat) {
        size_t np = strcspn(pat + 1, "/"), nv = *path ? strcspn(path + 1, "/") : 0;
        if (pat[1] == ':' && np == len + 1 && memcmp(pat + 2, name, len) == 0) {
            *n = nv;
            return path + 1;
        }
        pat += 1 + np;
        path += *path ? 1 + nv : 0;
    }
    return NULL;
}

const char *desk_path_text(const struct desk_request *req, const char *name)
{
    size_t n = 0;
    const char *p = path_value(req, name, &n);
    const char *text = p ? desk_arena_strndup(req->arena, p, n) : NULL;
    return text ? text : "";
}

static const char *raw_value(const struct desk_request *req, const struct desk_param *p, size_t *n)
{
    if (p->flags & DESK_P_PATH)
        return path_value(req, p->name, n);
    const struct desk_form_pair *pair = desk_form_find(&req->form, p->name);
    if (!pair)
        pair = desk_form_find(&req->query_form, p->name);
    *n = pair ? pair->value_len : 0;
    return pair ? pair->value : NULL;
}

/* So much longer than allowed that cleaning cannot help: not worth the work. */
static bool hopeless(const struct desk_param *p, size_t n)
{
    size_t max = (p->kind == DESK_P_TEXT || p->kind == DESK_P_WORDS) && p->max
                     ? p->max
                     : DESK_PARAM_TEXT_MAX;
    return n > 4 * max;
}

static void read_one(struct desk_request *req, const struct desk_param *p, struct desk_value *v)
{
    size_t n = 0;
    const char *raw = raw_value(req, p, &n);
    v->text = "";
    if (raw && n && hopeless(p, n)) {
        v->given = true;
        v->error = desk_arena_fmt(req->arena, "%s is too long.", label(p));
        return;
    }
    if (raw && n)
        v->text = p->flags & DESK_P_RAW ? desk_arena_strndup(req->arena, raw, n)
                                        : tidy(req->arena, raw, n);
    if (!v->text) {
        v->text = "";
        v->error = "There is too much in this request.";
        return;
    }
    v->given = *v->text != '\0';
    if (v->given)
        v->error = readers[p->kind](req->arena, p, v);
    else if (p->flags & DESK_P_REQUIRED)
        v->error = desk_arena_fmt(req->arena, "%s is missing.", label(p));
}

void desk_params_read(struct desk_request *req)
{
    const struct desk_param *p = req->route->params;
    req->bad_values = 0;
    for (size_t i = 0; p && p[i].name && i < DESK_PARAMS_MAX; i++) {
        req->values[i] = (struct desk_value){0};
        read_one(req, &p[i], &req->values[i]);
        if (req->values[i].error)
            req->bad_values++;
    }
}

const struct desk_value *desk_param(const struct desk_request *req, const char *name)
{
    static const struct desk_value none = {.text = ""};
    const struct desk_param *p = req->route ? req->route->params : NULL;
    for (size_t i = 0; p && p[i].name && i < DESK_PARAMS_MAX; i++)
        if (strcmp(p[i].name, name) == 0)
            return &req->values[i];
    return &none;
}
