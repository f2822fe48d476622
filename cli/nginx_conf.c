#include "cli/nginx_conf.h"
#include "cli/setup.h"
#include "base/file.h"
#include "base/paths.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define CONF_MAX (64 * 1024)

static const struct desk_nginx_word *word_find(const struct desk_nginx_word *w, const char *name,
                                               size_t len)
{
    for (; w->name; w++)
        if (strlen(w->name) == len && strncmp(w->name, name, len) == 0)
            return w;
    return NULL;
}

static enum desk_rc value_ok(const struct desk_nginx_word *w, char *why, size_t n)
{
    if (!strpbrk(w->value, "\"'\\$*?[]{}\r\n") || strcmp(w->name, "LISTEN") == 0)
        return DESK_OK;
    snprintf(why, n, "nginx cannot use this path, it has one of \" ' \\ $ * ? [ ] { } in it: %s",
             w->value);
    return DESK_EINVAL;
}

enum desk_rc desk_nginx_render(struct desk_buf *out, const char *text,
                               const struct desk_nginx_word *words, char *why, size_t n)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (const char *p = text; *p;) {
        size_t plain = strcspn(p, "@");
        desk_buf_add(out, p, plain);
        p += plain;
        size_t len = *p ? strspn(p + 1, letters) : 0;
        if (!len || p[len + 1] != '@') { /* an @ of the text itself, or the end */
            if (*p)
                desk_buf_chr(out, *p++);
            continue;
        }
        const struct desk_nginx_word *w = word_find(words, p + 1, len);
        if (!w) {
            snprintf(why, n, "nginx template: nobody gives @%.*s@", (int)len, p + 1);
            return DESK_EINVAL;
        }
        enum desk_rc rc = value_ok(w, why, n);
        if (rc)
            return rc;
        desk_buf_str(out, w->value);
        p += len + 2;
    }
    if (desk_buf_ok(out))
        return DESK_OK;
    snprintf(why, n, "nginx configuration: no memory");
    return DESK_ENOMEM;
}

static enum desk_rc one_file(const char *from, const char *to, const struct desk_nginx_word *words,
                             char *why, size_t n)
{
    struct desk_buf text, out;
    enum desk_rc rc = DESK_ENOTFOUND;
    desk_buf_init(&text, CONF_MAX);
    desk_buf_init(&out, 2 * CONF_MAX);
    if (desk_file_read(&text, from))
        rc = desk_nginx_render(&out, desk_buf_cstr(&text), words, why, n);
    else
        snprintf(why, n, "The file %s cannot be read: %s", from, strerror(errno));
    if (!rc)
        rc = desk_setup_write(to, desk_buf_cstr(&out), why, n);
    desk_buf_clear(&text);
    desk_buf_clear(&out);
    return rc;
}

enum desk_rc desk_nginx_write(const char *share, const char *run,
                              const struct desk_nginx_word *words, char *why, size_t n)
{
    static const char *const files[][2] = {
        {"frontdesk", "nginx"}, {"maps", "maps"}, {"server", "server"}};
    char from[DESK_PATH_LEN + 64], to[DESK_PATH_LEN + 64];
    enum desk_rc rc = DESK_OK;
    for (size_t i = 0; !rc && i < sizeof files / sizeof *files; i++) {
        snprintf(from, sizeof from, "%s/nginx/%s.conf.in", share, files[i][0]);
        snprintf(to, sizeof to, "%s/%s.conf", run, files[i][1]);
        rc = one_file(from, to, words, why, n);
    }
    return rc;
}
