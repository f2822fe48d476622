#include "wire/form.h"

#include "base/limits.h"

#include <stdbool.h>
#include <string.h>

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t desk_url_decode(char *out, const char *p, size_t n, char plus)
{
    size_t o = 0;
    for (size_t i = 0; i < n; i++) {
        int hi, lo;
        if (p[i] == '%' && n - i > 2 && (hi = hex(p[i + 1])) >= 0 && (lo = hex(p[i + 2])) >= 0) {
            out[o++] = (char)(hi << 4 | lo);
            i += 2;
        } else {
            out[o++] = p[i] == '+' ? plus : p[i];
        }
    }
    return o;
}

/* NULL: no room. */
static char *decode(struct desk_arena *arena, const char *p, size_t n, size_t *len)
{
    char *out = desk_arena_alloc(arena, n + 1);
    if (out)
        *len = desk_url_decode(out, p, n, ' ');
    return out;
}

static size_t count_pairs(const char *body, size_t len)
{
    size_t n = 0;
    bool inside = false;
    for (size_t i = 0; i < len; i++) {
        if (body[i] != '&' && !inside)
            n++;
        inside = body[i] != '&';
    }
    return n;
}

enum desk_rc desk_form_parse(struct desk_form *form, struct desk_arena *arena, const char *body,
                             size_t len)
{
    form->n = 0;
    form->pairs = NULL;
    size_t count = count_pairs(body, len);
    if (!count)
        return DESK_OK;
    enum desk_rc rc = DESK_OK;
    if (count > DESK_MAX_FORM_FIELDS) {
        count = DESK_MAX_FORM_FIELDS;
        rc = DESK_ELIMIT;
    }
    form->pairs = desk_arena_alloc(arena, count * sizeof *form->pairs);
    if (!form->pairs)
        return DESK_ENOMEM;
    for (const char *p = body, *end = body + len; p < end && form->n < count;) {
        const char *amp = memchr(p, '&', (size_t)(end - p));
        const char *stop = amp ? amp : end;
        if (stop > p) {
            const char *eq = memchr(p, '=', (size_t)(stop - p));
            const char *name_end = eq ? eq : stop, *value = eq ? eq + 1 : stop;
            struct desk_form_pair *pair = &form->pairs[form->n];
            pair->name = decode(arena, p, (size_t)(name_end - p), &pair->name_len);
            pair->value = decode(arena, value, (size_t)(stop - value), &pair->value_len);
            if (!pair->name || !pair->value)
                return DESK_ENOMEM;
            form->n++;
        }
        p = stop + 1;
    }
    return rc;
}

static const struct desk_form_pair *find(const struct desk_form *form, const char *name, size_t nth)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < form->n; i++) {
        const struct desk_form_pair *p = &form->pairs[i];
        if (p->name_len == len && memcmp(p->name, name, len) == 0 && nth-- == 0)
            return p;
    }
    return NULL;
}

const struct desk_form_pair *desk_form_find(const struct desk_form *form, const char *name)
{
    return find(form, name, 0);
}

const char *desk_form_nth(const struct desk_form *form, const char *name, size_t n)
{
    const struct desk_form_pair *p = find(form, name, n);
    return p ? p->value : NULL;
}

const char *desk_form_get(const struct desk_form *form, const char *name)
{
    return desk_form_nth(form, name, 0);
}

const char *desk_form_text(const struct desk_form *form, const char *name)
{
    const char *value = desk_form_get(form, name);
    return value ? value : "";
}

static bool unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void desk_url_encode(struct desk_buf *out, const char *p, size_t n)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        char esc[3] = {'%', digits[c >> 4], digits[c & 15]};
        if (unreserved(p[i]))
            desk_buf_chr(out, p[i]);
        else
            desk_buf_add(out, esc, 3);
    }
}

void desk_form_add_n(struct desk_buf *out, const char *name, const char *value, size_t len)
{
    if (!value)
        return;
    if (out->len)
        desk_buf_chr(out, '&');
    desk_url_encode(out, name, strlen(name));
    desk_buf_chr(out, '=');
    desk_url_encode(out, value, len);
}

void desk_form_add(struct desk_buf *out, const char *name, const char *value)
{
    if (value)
        desk_form_add_n(out, name, value, strlen(value));
}
