#include "base/log_json.h"
#include "base/utf8.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define KEYS_MOST 40
#define MSG_MOST  512

struct slice {
    const char *p;
    size_t n;
};

struct object {
    char *out;
    size_t cap, len;
    struct slice keys[KEYS_MOST];
    size_t n_keys;
};

/* ---- writing --------------------------------------------------------------------------------- */

/* False: no room; what was written of the member is taken back by who began it. */
static bool put(struct object *o, const char *p, size_t n)
{
    if (o->len + n + 2 > o->cap) /* the brace and a NUL */
        return false;
    memcpy(o->out + o->len, p, n);
    o->len += n;
    return true;
}

static bool put_byte(struct object *o, unsigned char c)
{
    char text[8];
    int n = c == '"' || c == '\\'   ? snprintf(text, sizeof text, "\\%c", c)
            : c < 0x20 || c == 0x7f ? snprintf(text, sizeof text, "\\u%04x", c)
                                    : snprintf(text, sizeof text, "%c", c);
    return put(o, text, (size_t)n);
}

static bool put_string(struct object *o, struct slice s)
{
    bool ok = put(o, "\"", 1);
    for (size_t i = 0, used; ok && i < s.n; i += used) {
        used = 1;
        if ((unsigned char)s.p[i] < 0x80)
            ok = put_byte(o, (unsigned char)s.p[i]);
        else if (desk_utf8_next(s.p + i, s.n - i, &used) == DESK_UTF8_BAD)
            ok = put(o, "\xef\xbf\xbd", 3);
        else
            ok = put(o, s.p + i, used);
    }
    return ok && put(o, "\"", 1);
}

static bool known(const struct object *o, struct slice key)
{
    for (size_t i = 0; i < o->n_keys; i++)
        if (o->keys[i].n == key.n && memcmp(o->keys[i].p, key.p, key.n) == 0)
            return true;
    return o->n_keys == KEYS_MOST;
}

static void member(struct object *o, struct slice key, struct slice value, bool number)
{
    size_t before = o->len;
    if (known(o, key))
        return;
    bool ok = (o->n_keys == 0 || put(o, ",", 1)) && put_string(o, key) && put(o, ":", 1) &&
              (number ? put(o, value.p, value.n) : put_string(o, value));
    if (ok)
        o->keys[o->n_keys++] = key;
    else
        o->len = before;
}

/* ---- reading --------------------------------------------------------------------------------- */

static struct slice slice_of(const char *s)
{
    return (struct slice){s, strlen(s)};
}

static bool is_number(struct slice v)
{
    size_t at = v.n > 1 && v.p[0] == '-', digits = v.n - at;
    return digits > 0 && digits <= 15 && strspn(v.p + at, "0123456789") >= digits &&
           (digits == 1 || v.p[at] != '0');
}

static size_t name_length(const char *p)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    size_t n = strspn(p, letters);
    return p[n] == '=' ? n : 0;
}

/* The quote that ends what begins behind the one at p. Others may be within it (words of a
 * library): so it is one behind which another pair begins, or nothing; else one with a space behind
 * it. */
static const char *closing_quote(const char *p)
{
    const char *loose = NULL;
    for (const char *q = p; (q = strchr(q + 1, '"')) != NULL;) {
        if (!q[1] || (q[1] == ' ' && name_length(q + 2)))
            return q;
        if (q[1] == ' ' && !loose)
            loose = q;
    }
    return loose;
}

/* The value at p: to the next space; of a quoted one, to its end. */
static struct slice value_at(const char *p, const char **rest)
{
    const char *quote = *p == '"' ? closing_quote(p) : NULL;
    const char *end = quote ? quote : p + strcspn(p, " ");
    *rest = quote ? quote + 1 : end;
    return quote ? (struct slice){p + 1, (size_t)(end - p - 1)}
                 : (struct slice){p, (size_t)(end - p)};
}

size_t desk_log_json(char *out, size_t cap, const char *const head[][2], size_t n, const char *text)
{
    struct object o = {.out = out, .cap = cap};
    char msg[MSG_MOST] = "";
    size_t said = 0;
    put(&o, "{", 1);
    for (size_t i = 0; i < n; i++)
        if (*head[i][1])
            member(&o, slice_of(head[i][0]), slice_of(head[i][1]), false);
    for (const char *p = text + strspn(text, " "); *p; p += strspn(p, " ")) {
        size_t name = name_length(p);
        const char *key = p;
        struct slice v = value_at(name ? p + name + 1 : p, &p);
        if (name) {
            member(&o, (struct slice){key, name}, v, key[name + 1] != '"' && is_number(v));
            continue;
        }
        int more =
            snprintf(msg + said, sizeof msg - said, "%s%.*s", said ? " " : "", (int)v.n, v.p);
        said = said + (size_t)more < sizeof msg ? said + (size_t)more : sizeof msg - 1;
    }
    if (said)
        member(&o, slice_of("msg"), (struct slice){msg, said}, false);
    out[o.len++] = '}'; /* put() leaves room for it */
    out[o.len] = '\0';
    return o.len;
}
