#include "core/origin.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SPACE " \t\r\n,;"

/* ---- one address ----------------------------------------------------------------------------- */

struct parts {
    bool plain; /* http */
    char host[254];
    unsigned long port; /* 0 = the usual one */
};

static bool good_host(const char *h)
{
    static const char ok[] = "abcdefghijklmnopqrstuvwxyz0123456789.-";
    size_t n = strlen(h);
    return n && strspn(h, ok) == n && h[0] != '.' && h[0] != '-' && h[n - 1] != '.' &&
           h[n - 1] != '-' && !strstr(h, "..");
}

static bool this_machine(const char *h)
{
    return strcmp(h, "localhost") == 0 || strcmp(h, "127.0.0.1") == 0;
}

/* Scheme, if one was typed; false: one that is none of a website's. */
static bool read_scheme(const char **p, struct parts *out)
{
    const char *colon = strstr(*p, "://");
    out->plain = colon && strncasecmp(*p, "http://", 7) == 0;
    if (!colon)
        return true;
    if (!out->plain && strncasecmp(*p, "https://", 8) != 0)
        return false;
    *p = colon + 3;
    return true;
}

static bool read_port(const char *p, struct parts *out)
{
    char *end;
    out->port = 0;
    if (*p != ':')
        return true;
    if (!isdigit((unsigned char)p[1]) || strcspn(p + 1, "/?#") > 5)
        return false;
    out->port = strtoul(p + 1, &end, 10);
    if (!out->port || out->port > 65535 || !strchr("/?#", *end))
        return false;
    if (out->port == (out->plain ? 80 : 443))
        out->port = 0;
    return true;
}

/* NULL: it is one; else what is wrong with it, for "%s". */
static const char *read_one(const char *p, struct parts *out)
{
    if (strcmp(p, "*") == 0)
        return "“%s” would be every website: write the address of yours.";
    if (!read_scheme(&p, out))
        return "“%s” is no address of a website: write it like https://www.example.com.";
    size_t n = strcspn(p, ":/?#");
    if (n >= sizeof out->host)
        return "“%s” is too long for an address of a website.";
    for (size_t i = 0; i < n; i++)
        out->host[i] = (char)tolower((unsigned char)p[i]);
    out->host[n] = '\0';
    if (!good_host(out->host) || !read_port(p + n, out) ||
        (!strchr(out->host, '.') && !this_machine(out->host)))
        return "“%s” is no address of a website: write it like https://www.example.com.";
    if (out->plain && !this_machine(out->host))
        return "“%s” begins with http: the chat is only for pages that come by https.";
    return NULL;
}

static const char *written(struct desk_arena *a, const struct parts *p)
{
    const char *scheme = p->plain ? "http" : "https";
    return p->port ? desk_arena_fmt(a, "%s://%s:%lu", scheme, p->host, p->port)
                   : desk_arena_fmt(a, "%s://%s", scheme, p->host);
}

/* ---- lists ----------------------------------------------------------------------------------- */

bool desk_origin_listed(const char *list, const char *origin)
{
    size_t len = origin ? strlen(origin) : 0;
    if (!len || strcmp(origin, "null") == 0)
        return false;
    for (const char *p = list; *p;) {
        p += strspn(p, " ");
        size_t n = strcspn(p, " ");
        if (n == len && strncasecmp(p, origin, len) == 0)
            return true;
        p += n;
    }
    return false;
}

/* The sentence with the word that it is about, which may be long. */
static const char *about(struct desk_arena *a, const char *sentence, const char *word)
{
    const char *mark = strstr(sentence, "%s");
    return desk_arena_fmt(a, "%.*s%.60s%s", (int)(mark - sentence), sentence, word, mark + 2);
}

const char *desk_origins_tidy(struct desk_arena *a, const char *typed, const char **why)
{
    const char *list = "";
    size_t count = 0;
    *why = NULL;
    for (const char *p = typed + strspn(typed, SPACE); *p && list;) {
        size_t n = strcspn(p, SPACE);
        struct parts parts;
        const char *word = desk_arena_strndup(a, p, n);
        const char *wrong = word ? read_one(word, &parts) : NULL;
        const char *one = word && !wrong ? written(a, &parts) : NULL;
        if (wrong)
            *why = about(a, wrong, word);
        if (!one)
            return NULL;
        if (!desk_origin_listed(list, one)) {
            list = desk_arena_fmt(a, "%s%s%s", list, *list ? " " : "", one);
            count++;
        }
        if (count > DESK_ORIGINS_MAX) {
            *why = desk_arena_fmt(a, "These are too many websites: at most %d.", DESK_ORIGINS_MAX);
            return NULL;
        }
        p += n;
        p += strspn(p, SPACE);
    }
    return list;
}
