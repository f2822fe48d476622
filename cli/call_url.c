#include "cli/call_url.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct scheme_row {
    const char *name;
    int port;
} schemes[] = {{"http", 80}, {"https", 443}, {"ws", 80}, {"wss", 443}};

static const struct scheme_row *scheme_find(const char *s, size_t n)
{
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (strlen(schemes[i].name) == n && strncasecmp(schemes[i].name, s, n) == 0)
            return &schemes[i];
    }
    return NULL;
}

static void lower(char *s)
{
    for (; *s; s++)
        *s = (char)tolower((unsigned char)*s);
}

/* "host", "host:8080", "[::1]:8080" */
static bool authority_split(const char *p, size_t n, struct sim_url *out)
{
    const char *at = memrchr(p, '@', n), *colon;
    size_t host;

    if (at) {
        n -= (size_t)(at + 1 - p);
        p = at + 1;
    }
    if (n > 0 && p[0] == '[') {
        const char *close = memchr(p, ']', n);
        if (!close)
            return false;
        host = (size_t)(close - p) - 1;
        colon = close + 1 < p + n ? close + 1 : NULL;
        if (colon && *colon != ':')
            return false;
        p++;
        n--;
    } else {
        colon = memchr(p, ':', n);
        host = colon ? (size_t)(colon - p) : n;
    }
    if (host == 0 || host >= sizeof out->host)
        return false;
    memcpy(out->host, p, host);
    out->host[host] = '\0';
    lower(out->host);
    if (colon) {
        size_t digits = (size_t)(p + n - (colon + 1));
        if (digits < 1 || digits > 5 || strspn(colon + 1, "0123456789") < digits)
            return false;
        memcpy(out->port, colon + 1, digits);
        out->port[digits] = '\0';
    }
    return true;
}

bool sim_url_split(const char *text, struct sim_url *out)
{
    const char *sep = strstr(text, "://");
    const struct scheme_row *row = sep ? scheme_find(text, (size_t)(sep - text)) : NULL;
    size_t n;

    memset(out, 0, sizeof *out);
    out->rest = "";
    if (!row || strpbrk(text, " \t\r\n\"<>"))
        return false;
    snprintf(out->scheme, sizeof out->scheme, "%s", row->name);
    sep += 3;
    n = strcspn(sep, "/?#");
    out->rest = sep + n;
    return authority_split(sep, n, out);
}

bool sim_host_is_loopback(const char *host)
{
    return strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
           (strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == strlen(host));
}

/* Removes "/./" and "/../" from a path (up to its '?'), in place: RFC 3986 5.2.4. */
static void dots_remove(char *path)
{
    size_t n = strcspn(path, "?");
    char *in = path, *out = path, *end = path + n;
    bool dir = false;

    while (in < end) {
        size_t seg = 1 + strcspn(in + 1, "/?"); /* in is at a slash */
        if (in + seg > end)
            seg = (size_t)(end - in);
        dir = false;
        if (seg == 2 && in[1] == '.') {
            dir = true;
        } else if (seg == 3 && in[1] == '.' && in[2] == '.') {
            dir = true;
            while (out > path && *--out != '/')
                ;
        } else {
            memmove(out, in, seg);
            out += seg;
        }
        in += seg;
    }
    if (dir || out == path)
        *out++ = '/';
    memmove(out, end, strlen(end) + 1);
}

/* base and ref put together, RFC 3986 5.2.2; what snprintf() says. */
static int join(const char *base, const struct sim_url *b, const char *ref,
                char out[DESK_MAX_SIM_URL])
{
    int root = (int)(b->rest - base);    /* "http://host" */
    size_t dir = strcspn(b->rest, "?#"); /* the path */
    const char *slash = "";

    if (ref[0] == '/' && ref[1] == '/')
        return snprintf(out, DESK_MAX_SIM_URL, "%s:%s", b->scheme, ref);
    if (ref[0] == '/')
        return snprintf(out, DESK_MAX_SIM_URL, "%.*s%s", root, base, ref);
    if (ref[0] == '\0' || ref[0] == '#')
        return snprintf(out, DESK_MAX_SIM_URL, "%s", base);
    if (ref[0] != '?') {
        while (dir > 0 && b->rest[dir - 1] != '/')
            dir--;
        slash = dir ? "" : "/";
    }
    return snprintf(out, DESK_MAX_SIM_URL, "%.*s%s%s", root + (int)dir, base, slash, ref);
}

bool sim_url_resolve(const char *base, const char *ref, char out[DESK_MAX_SIM_URL])
{
    struct sim_url b, r;
    char *path;
    int n;

    if (!sim_url_split(base, &b) || strlen(ref) >= DESK_MAX_SIM_URL / 2 || strpbrk(ref, " \r\n\t"))
        return false;
    if (sim_url_split(ref, &r))
        n = snprintf(out, DESK_MAX_SIM_URL, "%s", ref);
    else if (strcspn(ref, ":") < strcspn(ref, "/?#"))
        return false; /* another scheme */
    else
        n = join(base, &b, ref, out);
    if (n < 0 || n >= DESK_MAX_SIM_URL || !sim_url_split(out, &r))
        return false;
    out[strcspn(out, "#")] = '\0';
    path = out + (r.rest - out);
    if (path[0] == '/' && strstr(path, "/."))
        dots_remove(path);
    return true;
}

/* "host" or "[v6]" */
static int host_print(char *out, size_t n, const struct sim_url *u)
{
    return snprintf(out, n, strchr(u->host, ':') ? "[%s]" : "%s", u->host);
}

bool sim_url_signed(const char *url, char out[DESK_MAX_SIM_URL])
{
    char host[260];
    struct sim_url u;
    bool port;
    int n;

    if (!sim_url_split(url, &u))
        return false;
    port = u.port[0] && strcmp(u.scheme, "https") != 0;
    host_print(host, sizeof host, &u);
    n = snprintf(out, DESK_MAX_SIM_URL, "%s://%s%s%s%.*s", u.scheme, host, port ? ":" : "",
                 port ? u.port : "", (int)strcspn(u.rest, "#"), u.rest);
    return n > 0 && n < DESK_MAX_SIM_URL;
}

static int port_of(const struct sim_url *u)
{
    return u->port[0] ? (int)strtol(u->port, NULL, 10)
                      : scheme_find(u->scheme, strlen(u->scheme))->port;
}

/* Same scheme, host and port, and url's path below public's. *rest: what follows public. */
static bool below(const char *url, const char *public, const char **rest)
{
    struct sim_url u, p;
    size_t n;

    if (!sim_url_split(url, &u) || !sim_url_split(public, &p))
        return false;
    n = strlen(p.rest);
    *rest = u.rest + n;
    return strcmp(u.scheme, p.scheme) == 0 && strcmp(u.host, p.host) == 0 &&
           port_of(&u) == port_of(&p) && strncmp(u.rest, p.rest, n) == 0 &&
           (**rest == '\0' || **rest == '/' || **rest == '?');
}

bool sim_url_connect(const char *url, const char *public, const char *base,
                     char out[DESK_MAX_SIM_URL])
{
    const char *rest;
    struct sim_url u;
    int n;

    if (below(url, public, &rest))
        n = snprintf(out, DESK_MAX_SIM_URL, "%s%s%s", base, *rest == '/' ? "" : "/", rest);
    else if (sim_url_split(url, &u) && strncmp(u.scheme, "http", 4) == 0 &&
             sim_host_is_loopback(u.host))
        n = snprintf(out, DESK_MAX_SIM_URL, "%s", url);
    else
        return false;
    return n > 0 && n < DESK_MAX_SIM_URL;
}

bool sim_url_by_name(const char *url, const char *connect, char out[DESK_MAX_SIM_URL],
                     char place[SIM_URL_PLACE])
{
    char host[260];
    struct sim_url u, k;
    int n;

    if (!sim_url_split(url, &u) || !sim_url_split(connect, &k))
        return false;
    host_print(host, sizeof host, &u);
    n = snprintf(out, DESK_MAX_SIM_URL, "%s://%s%s%s%s", k.scheme, host, u.port[0] ? ":" : "",
                 u.port, k.rest);
    host_print(host, sizeof host, &k);
    snprintf(place, SIM_URL_PLACE, "%s:%d", host, port_of(&k));
    return n > 0 && n < DESK_MAX_SIM_URL;
}

static bool is_tls(const struct sim_url *u)
{
    return strcmp(u->scheme, "https") == 0 || strcmp(u->scheme, "wss") == 0;
}

/* A name is the public's whatever the port; on loopback every port may be somebody else's. */
static bool is_public(const struct sim_url *u, const struct sim_url *p)
{
    if (strcmp(u->host, p->host) != 0)
        return false;
    return !sim_host_is_loopback(u->host) || (port_of(u) == port_of(p) && is_tls(u) == is_tls(p));
}

bool sim_url_stream(const char *url, const char *public, const char *base,
                    struct sim_url_socket *out)
{
    struct sim_url u, p, b;
    const struct sim_url *to = &b;
    int n;

    if (!sim_url_split(url, &u) || !sim_url_split(public, &p) || !sim_url_split(base, &b) ||
        strncmp(u.scheme, "ws", 2) != 0)
        return false;
    if (!is_public(&u, &p)) {
        if (!sim_host_is_loopback(u.host))
            return false;
        to = &u;
    }
    snprintf(out->host, sizeof out->host, "%s", to->host);
    out->port = port_of(to);
    out->tls = is_tls(to);
    n = snprintf(out->path, sizeof out->path, "%s%.*s", u.rest[0] == '/' ? "" : "/",
                 (int)strcspn(u.rest, "#"), u.rest);
    return n > 0 && n < DESK_MAX_SIM_URL && out->port > 0 && out->port < 65536;
}
