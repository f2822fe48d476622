/* libcurl, loaded by the first exchange and not with the program: with what it needs itself
 * (GnuTLS, Kerberos, LDAP) it costs 4.5 MB and some milliseconds in every process, and most of
 * those that are linked with out/http.c - the bridge, the webhook handlers - hardly ever use it.
 * out/http.c alone includes this, in the place of <curl/curl.h>: desk_curl.easy_init() there is
 * curl_easy_init(). */
#ifndef OUT_CURL_LAZY_H
#define OUT_CURL_LAZY_H

#include <curl/curl.h>
#include <stdbool.h>

/* What out/http.c calls, a row each: name without "curl_". */
#define CURL_LAZY(ROW)                                                                             \
    ROW(global_init)                                                                               \
    ROW(getdate)                                                                                   \
    ROW(slist_append)                                                                              \
    ROW(slist_free_all)                                                                            \
    ROW(easy_init)                                                                                 \
    ROW(easy_reset)                                                                                \
    ROW(easy_cleanup)                                                                              \
    ROW(easy_setopt)                                                                               \
    ROW(easy_perform)                                                                              \
    ROW(easy_getinfo)                                                                              \
    ROW(easy_header)                                                                               \
    ROW(easy_send)                                                                                 \
    ROW(easy_recv)                                                                                 \
    ROW(easy_strerror)

/* curl.h makes macros of some, which check types; they would call the functions by name. */
#undef curl_easy_setopt
#undef curl_easy_getinfo

struct curl_lazy {
#define CURL_LAZY_FIELD(name) __typeof__(&curl_##name) name;
    CURL_LAZY(CURL_LAZY_FIELD)
#undef CURL_LAZY_FIELD
};

extern struct curl_lazy desk_curl; /* all NULL before desk_curl_load() */

/* Once, before anything else here; the caller sees to it that no two threads do. False: there is no
 * libcurl, and why is in the log. Reads files. */
bool desk_curl_load(void);

#endif
