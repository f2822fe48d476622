/* nginx's configuration files, from the templates in SHARE/nginx. */
#ifndef CLI_NGINX_CONF_H
#define CLI_NGINX_CONF_H

#include "base/buf.h"
#include "base/err.h"

#include <stddef.h>

struct desk_nginx_word {
    const char *name, *value; /* @NAME@ → value; the last has NULL */
};

/* text with its @WORDS@ put in. DESK_EINVAL: an unknown word, or a value that nginx would read as
 * more than a value (quotes, $, *, line ends …); why says which. */
DESK_MUST enum desk_rc desk_nginx_render(struct desk_buf *out, const char *text,
                                         const struct desk_nginx_word *words, char *why, size_t n);

/* SHARE/nginx/{frontdesk,maps,server}.conf.in → RUN/{nginx,maps,server}.conf */
DESK_MUST enum desk_rc desk_nginx_write(const char *share, const char *run,
                                        const struct desk_nginx_word *words, char *why, size_t n);

#endif
