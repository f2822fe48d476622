/* URLs as Twilio treats them: resolve against the document, sign in public form, connect on
 * loopback. Pure. */
#ifndef CLI_CALL_URL_H
#define CLI_CALL_URL_H

#include "base/limits.h"

#include <stdbool.h>
#include <stddef.h>

#define SIM_URL_PLACE 270 /* "[host]:port" and the NUL */

struct sim_url {
    char scheme[8];   /* lower case: http https ws wss */
    char host[256];   /* without brackets, lower case */
    char port[8];     /* "" = none written */
    const char *rest; /* points into the text: "/path?query", or "" */
};

/* Split an absolute http(s) or ws(s) URL. userinfo is skipped. False: not such a URL. */
bool sim_url_split(const char *text, struct sim_url *out);

/* 127.x.x.x, ::1 or localhost. */
bool sim_host_is_loopback(const char *host);

/* ref against base (absolute), RFC 3986 section 5, fragment dropped. False: too long or senseless.
 */
bool sim_url_resolve(const char *base, const char *ref, char out[DESK_MAX_SIM_URL]);

/* What Twilio signs for a voice webhook: without userinfo and fragment; over https also without the
 * port ("Security" page). False: too long or not a URL. */
bool sim_url_signed(const char *url, char out[DESK_MAX_SIM_URL]);

/* Where to connect for url: URLs below public go to the same place below base; other loopback URLs
 * stay; anything else is unreachable from here (false). public and base: without trailing slash. */
bool sim_url_connect(const char *url, const char *public, const char *base,
                     char out[DESK_MAX_SIM_URL]);

/* What to ask for over TLS, where name and certificate belong together: connect (from
 * sim_url_connect(), https) by the host that url names, into out; the "host:port" to connect to,
 * into place. False: too long. */
bool sim_url_by_name(const char *url, const char *connect, char out[DESK_MAX_SIM_URL],
                     char place[SIM_URL_PLACE]);

/* Where a WebSocket connects to. */
struct sim_url_socket {
    char host[256], path[DESK_MAX_SIM_URL];
    int port;
    bool tls;
};

/* The same as sim_url_connect() for a <Stream url>: what is on the public host goes to base, by TLS
 * if base is https; other addresses on loopback stay where they point. */
bool sim_url_stream(const char *url, const char *public, const char *base,
                    struct sim_url_socket *out);

#endif
