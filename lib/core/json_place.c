#include "core/json_place.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define KEY_MAX 512 /* bytes of a key that is looked at */

struct cursor {
    const char *p, *end;
    int line;
};

static char peek(const struct cursor *c)
{
    return c->p < c->end ? *c->p : '\0';
}

static void step(struct cursor *c)
{
    if (c->p == c->end)
        return;
    if (*c->p == '\n')
        c->line++;
    c->p++;
}

static void skip_space(struct cursor *c)
{
    while (c->p < c->end && memchr(" \t\r\n", *c->p, 4))
        step(c);
}

/* From the opening quote behind the closing one. */
static void skip_string(struct cursor *c)
{
    step(c);
    while (c->p < c->end && *c->p != '"') {
        if (*c->p == '\\')
            step(c);
        step(c);
    }
    step(c);
}

/* A whole value, however deep, without recursion. */
static void skip_value(struct cursor *c)
{
    size_t depth = 0;
    do {
        skip_space(c);
        char ch = peek(c);
        if (ch == '"') {
            skip_string(c);
        } else if (ch == '{' || ch == '[') {
            depth++;
            step(c);
        } else if (ch == '}' || ch == ']') {
            if (depth == 0)
                return; /* no value at all */
            depth--;
            step(c);
        } else if (depth > 0) {
            step(c);
        } else {
            while (c->p < c->end && !memchr(",]} \t\r\n", *c->p, 7))
                step(c);
        }
    } while (depth > 0 && c->p < c->end);
}

/* ---- keys ------------------------------------------------------------------------------------ */

static bool hex4(struct cursor *c, uint32_t *out)
{
    static const char digits[] = "0123456789abcdef";
    *out = 0;
    for (int i = 0; i < 4; i++, step(c)) {
        char ch = peek(c);
        const char *at = ch ? strchr(digits, ch >= 'A' && ch <= 'F' ? ch + 32 : ch) : NULL;
        if (!at)
            return false;
        *out = *out << 4 | (uint32_t)(at - digits);
    }
    return true;
}

/* Behind the backslash: one escape into out. */
static void unescape(struct cursor *c, struct desk_buf *out)
{
    static const char names[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
    uint32_t code, low;
    char ch = peek(c);
    const char *at = ch ? strchr(names, ch) : NULL;
    step(c);
    if (at) {
        desk_buf_chr(out, means[at - names]);
        return;
    }
    if (ch != 'u' || !hex4(c, &code))
        return;
    if (code >= 0xD800 && code < 0xDC00 && peek(c) == '\\') {
        step(c);
        step(c);
        if (hex4(c, &low))
            code = 0x10000 + ((code - 0xD800) << 10) + (low & 0x3FF);
    }
    desk_utf8_put(out, code);
}

/* A string as a key: is it want? */
static bool key_is(struct cursor *c, const char *want)
{
    struct desk_buf key;
    desk_buf_init(&key, KEY_MAX);
    step(c);
    while (c->p < c->end && *c->p != '"') {
        char ch = *c->p;
        step(c);
        if (ch == '\\')
            unescape(c, &key);
        else
            desk_buf_chr(&key, ch);
    }
    step(c);
    bool same = desk_buf_ok(&key) && strcmp(desk_buf_cstr(&key), want) == 0;
    desk_buf_clear(&key);
    return same;
}

/* ---- the way --------------------------------------------------------------------------------- */

/* To the value of that key; key_line gets its key's line. */
static bool enter_member(struct cursor *c, const char *key, int *key_line)
{
    if (peek(c) != '{')
        return false;
    do {
        step(c);
        skip_space(c);
        if (peek(c) != '"')
            return false;
        *key_line = c->line;
        bool same = key_is(c, key);
        skip_space(c);
        if (peek(c) != ':')
            return false;
        step(c);
        skip_space(c);
        if (same)
            return true;
        skip_value(c);
        skip_space(c);
    } while (peek(c) == ',');
    return false;
}

static bool enter_item(struct cursor *c, size_t index, int *line)
{
    if (peek(c) != '[')
        return false;
    for (size_t i = 0;; i++) {
        step(c);
        skip_space(c);
        if (i == index) {
            *line = c->line;
            return c->p < c->end && *c->p != ']';
        }
        skip_value(c);
        skip_space(c);
        if (peek(c) != ',')
            return false;
    }
}

void desk_json_place(const char *text, size_t len, const struct desk_json_step *steps, size_t n,
                     struct desk_json_place *out)
{
    struct cursor c = {text, text + len, 1};
    skip_space(&c);
    *out = (struct desk_json_place){0, c.line, c.line};
    for (size_t i = 0; i < n; i++) {
        int key_line = 0;
        bool there = steps[i].key ? enter_member(&c, steps[i].key, &key_line)
                                  : enter_item(&c, steps[i].index, &key_line);
        if (!there)
            return;
        *out = (struct desk_json_place){i + 1, c.line, key_line};
    }
}

const char *desk_json_path(char *out, size_t n, const struct desk_json_step *steps, size_t count)
{
    size_t used = 0;
    if (n == 0)
        return out;
    out[0] = '\0';
    for (size_t i = 0; i < count && used < n; i++) {
        int w = steps[i].key ? snprintf(out + used, n - used, "%s%s", i ? "." : "", steps[i].key)
                             : snprintf(out + used, n - used, "[%zu]", steps[i].index);
        used += w > 0 ? (size_t)w : 0;
    }
    desk_utf8_trim(out);
    return out;
}
