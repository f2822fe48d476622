#include "cli/ports.h"
#include "base/ids.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* Below the range from which the kernel takes ports for outgoing connections, so that nothing but
 * another one like us can be quicker between choosing and listening. */
#define FREE_FIRST 20000
#define FREE_COUNT 12000
#define FREE_TRIES 200

static struct addrinfo *resolve(const char *host, int port)
{
    char service[16], bare[64];
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *ai = NULL;
    size_t len = strlen(host);
    bool bracket = host[0] == '[' && len > 2 && host[len - 1] == ']';
    snprintf(bare, sizeof bare, "%.*s", (int)(bracket ? len - 2 : len), host + (bracket ? 1 : 0));
    snprintf(service, sizeof service, "%d", port);
    return getaddrinfo(bare, service, &hints, &ai) == 0 ? ai : NULL;
}

/* May we listen there? 1 yes, 0 no, -1 there is no such address. */
static int can_listen(const char *host, int port)
{
    struct addrinfo *ai = resolve(host, port);
    int on = 1, ok = -1;
    if (!ai)
        return -1;
    int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        ok = bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 && listen(fd, 1) == 0;
        close(fd);
    }
    freeaddrinfo(ai);
    return ok;
}

int desk_port_free(const char *host)
{
    for (int i = 0; i < FREE_TRIES; i++) {
        unsigned r;
        desk_random(&r, sizeof r);
        int port = FREE_FIRST + (int)(r % FREE_COUNT);
        if (can_listen(host, port) == 1)
            return port;
    }
    return 0;
}

enum desk_rc desk_port_choose(enum desk_setting_id id, const char *host, bool inner, int *port,
                              char *why, size_t n)
{
    const char *name = desk_setting_rows[id].name;
    char text[16];
    long wanted = desk_setting_int(id);
    *port = (int)wanted;
    if (wanted > 65535) {
        snprintf(why, n, "%s must be a port: 1 to 65535, or 0 for any free one", name);
        return DESK_EINVAL;
    }
    int ok = wanted ? can_listen(host, *port) : 0;
    if (!wanted || (ok == 0 && inner && !desk_setting_is_set(id)))
        *port = desk_port_free(host);
    else if (ok != 1) {
        snprintf(why, n, "Nothing can listen on %s port %ld: %s. Set %s to another port, 0 = any",
                 host, wanted,
                 ok < 0 ? "this machine has no such address"
                        : "it is taken by another program, or not allowed to you",
                 name);
        return DESK_ECONFLICT;
    }
    if (!*port) {
        snprintf(why, n, "No free port was found on %s for %s", host, name);
        return DESK_ECONFLICT;
    }
    snprintf(text, sizeof text, "%d", *port);
    desk_setting_override(id, text);
    return DESK_OK;
}

void desk_port_reach(const char *host, char *out, size_t n)
{
    static const char *const any[][2] = {{"0.0.0.0", "127.0.0.1"}, {"::", "::1"}, {"[::]", "::1"}};
    for (size_t i = 0; i < sizeof any / sizeof *any; i++)
        if (strcmp(host, any[i][0]) == 0)
            host = any[i][1];
    size_t len = strlen(host);
    bool bracket = host[0] == '[' && len > 2 && host[len - 1] == ']';
    snprintf(out, n, "%.*s", (int)(bracket ? len - 2 : len), host + (bracket ? 1 : 0));
}

static int connect_to(const char *host, int port)
{
    const struct timeval limit = {.tv_usec = 500000};
    struct addrinfo *ai = resolve(host, port);
    if (!ai)
        return -1;
    int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        if (connect(fd, ai->ai_addr, ai->ai_addrlen) != 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(ai);
    return fd;
}

bool desk_port_answers(const char *host, int port)
{
    int fd = connect_to(host, port);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

int desk_port_status(const char *host, int port, const char *path)
{
    char text[256];
    size_t have = 0;
    int fd = connect_to(host, port);
    if (fd < 0)
        return 0;
    int n = snprintf(text, sizeof text, "GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n", path);
    ssize_t got = send(fd, text, (size_t)n, MSG_NOSIGNAL) == n ? 1 : 0;
    while (got > 0 && have < 12) { /* HTTP/1.1 200 */
        got = recv(fd, text + have, sizeof text - 1 - have, 0);
        have += got > 0 ? (size_t)got : 0;
    }
    text[have] = '\0';
    close(fd);
    return have >= 12 && strncmp(text, "HTTP/1.", 7) == 0 ? (int)strtol(text + 9, NULL, 10) : 0;
}

bool desk_port_get_ok(const char *host, int port, const char *path)
{
    return desk_port_status(host, port, path) == 200;
}
