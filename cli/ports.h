/* Ports of the stack: choosing them, and asking whether somebody answers. */
#ifndef CLI_PORTS_H
#define CLI_PORTS_H

#include "base/config.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* The port of setting id on address host into *port and, as text, back into the setting. 0 = any
 * free one. A taken one is DESK_ECONFLICT with a sentence, but if the port is nobody's business
 * (inner) and was not asked for, another is taken. */
DESK_MUST enum desk_rc desk_port_choose(enum desk_setting_id id, const char *host, bool inner,
                                        int *port, char *why, size_t n);

/* A free port on host, or 0. */
int desk_port_free(const char *host);

/* The address under which something that listens on host is reached from this machine. */
void desk_port_reach(const char *host, char *out, size_t n);

bool desk_port_answers(const char *host, int port); /* something accepts connections there */

/* Status of the answer to GET path, 0 when there is none within half a second. */
int desk_port_status(const char *host, int port, const char *path);
/* It is 200. */
bool desk_port_get_ok(const char *host, int port, const char *path);

#endif
