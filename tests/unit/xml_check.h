/* A strict little judge of XML as we write it: is every element closed in order, every '<' and '&'
 * in its place, every character allowed? Written apart from the builder it judges. */
#ifndef TESTS_XML_CHECK_H
#define TESTS_XML_CHECK_H

#include "base/utf8.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static inline bool xml_chars_ok(const char *p, size_t n)
{
    for (size_t i = 0, used; i < n; i += used) {
        uint32_t c = desk_utf8_next(p + i, n - i, &used);
        if (c == DESK_UTF8_BAD || c == 0xfffe || c == 0xffff)
            return false;
        if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
            return false;
    }
    return true;
}

/* "&amp;" "&#13;" at p: its length, 0 when it is none. */
static inline size_t xml_entity(const char *p)
{
    static const char *const known[] = {"&amp;", "&lt;",  "&gt;", "&quot;",
                                        "&#9;",  "&#10;", "&#13;"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strncmp(p, known[i], strlen(known[i])) == 0)
            return strlen(known[i]);
    return 0;
}

static inline size_t xml_name(const char *p)
{
    return strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
}

/* One tag at *p ('<'); stack of names. */
static inline bool xml_tag(const char **p, const char *stack[16], size_t lens[16], size_t *depth)
{
    const char *s = *p + 1;
    bool closing = *s == '/';
    s += closing;
    size_t n = xml_name(s);
    if (!n)
        return false;
    if (closing) {
        if (!*depth || lens[*depth - 1] != n || memcmp(stack[*depth - 1], s, n) != 0 || s[n] != '>')
            return false;
        (*depth)--;
        *p = s + n + 1;
        return true;
    }
    const char *name = s;
    s += n;
    const char *seen[24];
    size_t seen_len[24], n_seen = 0;
    while (*s == ' ') {
        s++;
        size_t a = xml_name(s);
        if (!a || s[a] != '=' || s[a + 1] != '"' || n_seen == 24)
            return false;
        for (size_t i = 0; i < n_seen; i++)
            if (seen_len[i] == a && memcmp(seen[i], s, a) == 0)
                return false;
        seen[n_seen] = s;
        seen_len[n_seen++] = a;
        s += a + 2;
        while (*s != '"') {
            size_t e = *s == '&' ? xml_entity(s) : 1;
            if (!*s || *s == '<' || !e || *s == '\n' || *s == '\r' || *s == '\t')
                return false;
            s += e;
        }
        s++;
    }
    bool empty = *s == '/';
    s += empty;
    if (*s != '>' || (!empty && *depth == 16))
        return false;
    if (!empty) {
        stack[*depth] = name;
        lens[(*depth)++] = n;
    }
    *p = s + 1;
    return true;
}

static inline bool xml_ok(const char *doc)
{
    static const char prolog[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    const char *stack[16];
    size_t lens[16], depth = 0;
    if (!xml_chars_ok(doc, strlen(doc)) || strncmp(doc, prolog, sizeof prolog - 1) != 0)
        return false;
    bool root = false;
    for (const char *p = doc + sizeof prolog - 1; *p;) {
        if (*p == '<') {
            if (root && depth == 0)
                return false; /* one root only */
            root = true;
            if (!xml_tag(&p, stack, lens, &depth))
                return false;
            continue;
        }
        size_t e = *p == '&' ? xml_entity(p) : 1;
        if (depth == 0 || *p == '>' || !e)
            return false;
        p += e;
    }
    return root && depth == 0;
}

#endif
