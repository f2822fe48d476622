/* Path of a call's media stream, and which bridge process it leads to.
 *
 * One process: "/media-stream". Of several, one makes a call's Realtime session ahead (setting
 * REALTIME_WARM), and the stream should come to that one: "/media-stream/2" is the second of
 * BRIDGE_PORTS. nginx knows the numbers, too (nginx/maps.conf.in); if the process of that number
 * does not take the stream, nginx gives it to another, which dials for itself. Hook and bridges
 * read the same number out of the call's id, so nobody has to tell anybody. Pure, but for the
 * settings; never blocks. */
#ifndef DESK_WIRE_STREAM_PATH_H
#define DESK_WIRE_STREAM_PATH_H

#include <stdbool.h>
#include <stddef.h>

#define DESK_STREAM_PATH     "/media-stream"
#define DESK_STREAM_PATH_LEN 24

/* Processes in BRIDGE_PORTS; 1 if it is not set. */
int desk_stream_bridges(void);
/* Which of them has that call's session: 1… */
int desk_stream_bridge_of(const char *call_id);
/* Which of them this process is, by its BRIDGE_PORT; 1 if it is the only one, 0 if it is not among
 * them. */
int desk_stream_bridge_here(void);

/* The path for that call; without sessions made ahead any process will do. Returns out. */
const char *desk_stream_path(char out[DESK_STREAM_PATH_LEN], const char *call_id);
/* Are these n bytes a path of a media stream, with a number or without? */
bool desk_stream_path_is(const char *path, size_t n);

#endif
