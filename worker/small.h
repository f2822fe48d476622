/* Small likenesses of pictures that strangers sent. Their bytes are decoded in a child process of
 * its own: this program again, with an empty environment and none of our files and sockets, which
 * may read what it is given, compute, and write its answer, and nothing else (rlimits; seccomp). A
 * decoder that is broken into, loops or crashes costs one likeness. */
#ifndef WORKER_SMALL_H
#define WORKER_SMALL_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

#define SMALL_EDGE 320 /* pixels of its longer side at most */
#define SMALL_ARG  "--small-picture"

/* A JPEG of at most SMALL_EDGE pixels behind what out holds. False: it is none that we decode,
 * broken, too large, or took more than ten seconds. Blocks; any thread. */
bool small_make(const void *bytes, size_t n, struct desk_buf *out);

/* The child's side, before anything else in main(): 0 when a likeness was written to fd 1. */
int small_main(void);

/* What the child does with the bytes, without its walls. For it and for tests. */
bool small_decode(const void *bytes, size_t n, struct desk_buf *out);

#endif
