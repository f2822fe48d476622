#include "wire/realtime_target.h"
#include "base/config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *scheme;
    bool tls;
} schemes[] = {{"wss://", true}, {"https://", true}, {"ws://", false}, {"http://", false}};

/* ":443" up to end → port */
static enum desk_rc port_read(struct desk_rt_target *t, const char *colon, const char *end)
{
    char *rest = NULL;
    long port =
        *colon == ':' && isdigit((unsigned char)colon[1]) ? strtol(colon + 1, &rest, 10) : 0;
    if (port < 1 || port > 65535 || rest != end)
        return DESK_EINVAL;
    t->port = (int)port;
    return DESK_OK;
}

/* host[:port] of n characters; an IPv6 literal in brackets */
static enum desk_rc authority(struct desk_rt_target *t, const char *p, size_t n)
{
    bool literal = n && *p == '[';
    const char *end = p + n, *host = p + literal;
    const char *host_end = memchr(host, literal ? ']' : ':', (size_t)(end - host));
    if (memchr(p, '@', n) || (literal && !host_end))
        return DESK_EINVAL;
    host_end = host_end ? host_end : end;
    if (host_end == host || (size_t)(host_end - host) >= sizeof t->host)
        return DESK_EINVAL;
    snprintf(t->host, sizeof t->host, "%.*s", (int)(host_end - host), host);
    t->port = t->tls ? 443 : 80;
    host_end += literal;
    return host_end == end ? DESK_OK : port_read(t, host_end, end);
}

enum desk_rc desk_rt_target_url(struct desk_rt_target *t, const char *url)
{
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t n = strlen(schemes[i].scheme);
        if (strncasecmp(url, schemes[i].scheme, n) != 0)
            continue;
        const char *p = url + n;
        size_t len = strcspn(p, "/?#");
        t->tls = schemes[i].tls;
        if (strpbrk(p, "# \r\n\t") || strlen(p + len) + 2 > sizeof t->path)
            return DESK_EINVAL;
        snprintf(t->path, sizeof t->path, "%s%s", p[len] == '/' ? "" : "/", p + len);
        return authority(t, p, len);
    }
    return DESK_EINVAL;
}

/* A model's name as a query value. */
static void add_model(struct desk_rt_target *t, const char *key, const char *model)
{
    size_t n = strlen(t->path);
    n += (size_t)snprintf(t->path + n, sizeof t->path - n,
                          "%c%s=", strchr(t->path, '?') ? '&' : '?', key);
    for (const char *p = model; *p && n + 4 < sizeof t->path; p++) {
        bool plain = isalnum((unsigned char)*p) || strchr("-._~", *p);
        n += (size_t)snprintf(t->path + n, sizeof t->path - n, plain ? "%c" : "%%%02X",
                              (unsigned char)*p);
    }
}

static void bearer(struct desk_rt_target *t, const char *key)
{
    snprintf(t->header_name, sizeof t->header_name, "authorization:");
    snprintf(t->header_value, sizeof t->header_value, "Bearer %s", key);
}

/* "Name: value" of the setting, over whatever was chosen before. */
static enum desk_rc own_header(struct desk_rt_target *t)
{
    const char *s = desk_setting(DESK_S_REALTIME_AUTH_HEADER), *colon = strchr(s, ':');
    size_t n = colon ? (size_t)(colon - s) : 0;
    if (!*s)
        return DESK_OK;
    if (n == 0 || n + 2 > sizeof t->header_name || strpbrk(s, "\r\n") ||
        strlen(colon + 1) >= sizeof t->header_value)
        return DESK_EINVAL;
    for (size_t i = 0; i < n; i++) {
        if (!isalnum((unsigned char)s[i]) && s[i] != '-')
            return DESK_EINVAL;
        t->header_name[i] = (char)tolower((unsigned char)s[i]);
    }
    t->header_name[n] = ':';
    t->header_name[n + 1] = '\0';
    for (colon++; *colon == ' ';)
        colon++;
    snprintf(t->header_value, sizeof t->header_value, "%s", colon);
    return DESK_OK;
}

static bool set(enum desk_setting_id id)
{
    return *desk_setting(id) != '\0';
}

/* The four ways, in order; each fills url, key header and model. */
static enum desk_rc choose(struct desk_rt_target *t, const char **model)
{
    char url[1200];
    enum desk_rc rc;
    *model = desk_setting(DESK_S_REALTIME_MODEL);
    if (set(DESK_S_REALTIME_URL)) {
        rc = desk_rt_target_url(t, desk_setting(DESK_S_REALTIME_URL));
        if (!rc && !strchr(t->path, '?'))
            add_model(t, "model", *model);
        if (set(DESK_S_OPENAI_API_KEY))
            bearer(t, desk_setting(DESK_S_OPENAI_API_KEY));
        return rc;
    }
    if (set(DESK_S_AZURE_OPENAI_KEY) && set(DESK_S_AZURE_OPENAI_ENDPOINT) &&
        set(DESK_S_AZURE_OPENAI_DEPLOYMENT)) {
        const char *base = desk_setting(DESK_S_AZURE_OPENAI_ENDPOINT);
        size_t n = strlen(base);
        while (n && base[n - 1] == '/')
            n--;
        snprintf(url, sizeof url, "%.*s/openai/v1/realtime", (int)n, base);
        *model = desk_setting(DESK_S_AZURE_OPENAI_DEPLOYMENT);
        rc = desk_rt_target_url(t, url);
        add_model(t, "model", *model);
        snprintf(t->header_name, sizeof t->header_name, "api-key:");
        snprintf(t->header_value, sizeof t->header_value, "%s",
                 desk_setting(DESK_S_AZURE_OPENAI_KEY));
        return rc;
    }
    if (set(DESK_S_OPENAI_API_KEY)) {
        rc = desk_rt_target_url(t, "wss://api.openai.com/v1/realtime");
        add_model(t, "model", *model);
        bearer(t, desk_setting(DESK_S_OPENAI_API_KEY));
        return rc;
    }
    *model = "offline";
    t->offline = true;
    snprintf(url, sizeof url, "ws://127.0.0.1:%ld/v1/realtime?model=offline",
             desk_setting_int(DESK_S_SPEECH_PORT));
    return desk_rt_target_url(t, url);
}

enum desk_rc desk_rt_target_settings(struct desk_rt_target *t, char *why, size_t n)
{
    const char *model, *dialect = desk_setting(DESK_S_REALTIME_DIALECT);
    memset(t, 0, sizeof *t);
    if (choose(t, &model)) {
        snprintf(why, n,
                 "The address of the Realtime server cannot be used: it must be like "
                 "wss://host/path");
        return DESK_EINVAL;
    }
    if (own_header(t)) {
        snprintf(why, n, "REALTIME_AUTH_HEADER must be one header, like \"api-key: secret\"");
        return DESK_EINVAL;
    }
    if (strcmp(dialect, "ga") != 0 && strcmp(dialect, "beta") != 0) {
        snprintf(why, n, "REALTIME_DIALECT must be ga or beta");
        return DESK_EINVAL;
    }
    t->dialect = strcmp(dialect, "beta") == 0 ? DESK_RT_BETA : DESK_RT_GA;
    snprintf(t->engine, sizeof t->engine, "%.120s %.70s", t->host, model);
    return DESK_OK;
}
