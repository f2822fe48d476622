#include "wire/json_out.h"

#include "base/utf8.h"

#include <math.h>
#include <string.h>

/* What must be escaped: the short forms, else \u00XX. */
static void escape(struct desk_buf *out, unsigned char c)
{
    static const char *const known = "\"\\\b\f\n\r\t", *const letters = "\"\\bfnrt";
    const char *hit = memchr(known, c, 7);
    if (hit) {
        char two[2] = {'\\', letters[hit - known]};
        desk_buf_add(out, two, 2);
    } else {
        desk_buf_fmt(out, "\\u%04x", c);
    }
}

static bool plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

void desk_json_str_n(struct desk_buf *out, const char *p, size_t n)
{
    desk_buf_chr(out, '"');
    size_t run = 0;
    for (size_t i = 0, used = 1; i < n; i += used, used = 1) {
        if (plain((unsigned char)p[i])) /* mostly */
            continue;
        uint32_t c = desk_utf8_next(p + i, n - i, &used);
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f && c != DESK_UTF8_BAD)
            continue;
        desk_buf_add(out, p + run, i - run);
        run = i + used;
        if (c == DESK_UTF8_BAD)
            desk_utf8_put(out, 0xfffd);
        else if (c != 0)
            escape(out, (unsigned char)c);
    }
    if (run < n)
        desk_buf_add(out, p + run, n - run);
    desk_buf_chr(out, '"');
}

void desk_json_str(struct desk_buf *out, const char *s)
{
    desk_json_str_n(out, s, s ? strlen(s) : 0);
}

void desk_json_key(struct desk_buf *out, const char *key)
{
    char last = out->len ? out->p[out->len - 1] : '{';
    if (last != '{' && last != '[')
        desk_buf_chr(out, ',');
    desk_buf_chr(out, '"');
    desk_buf_str(out, key);
    desk_buf_add(out, "\":", 2);
}

void desk_json_pair(struct desk_buf *out, const char *key, const char *value)
{
    if (!value)
        return;
    desk_json_key(out, key);
    desk_json_str(out, value);
}

void desk_json_pair_int(struct desk_buf *out, const char *key, long long value)
{
    desk_json_key(out, key);
    desk_buf_fmt(out, "%lld", value);
}

void desk_json_pair_bool(struct desk_buf *out, const char *key, int value)
{
    desk_json_key(out, key);
    desk_buf_str(out, value ? "true" : "false");
}

void desk_json_pair_num(struct desk_buf *out, const char *key, double value)
{
    desk_json_key(out, key);
    if (!isfinite(value)) {
        desk_buf_str(out, "null");
        return;
    }
    size_t from = out->len;
    desk_buf_fmt(out, "%.15g", value);
    if (!desk_buf_ok(out))
        return;
    char *comma = memchr(out->p + from, ',', out->len - from); /* some locales */
    if (comma)
        *comma = '.';
}

static int dump(const char *p, size_t n, void *out)
{
    desk_buf_add(out, p, n);
    return desk_buf_ok(out) ? 0 : -1;
}

void desk_json_value(struct desk_buf *out, const json_t *v)
{
    if (!v) {
        desk_buf_str(out, "null");
        return;
    }
    if (json_dump_callback(v, dump, out, JSON_COMPACT | JSON_ENCODE_ANY) != 0)
        out->failed = true;
}
