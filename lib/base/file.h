/* Reading small files. They block on the disk: not on an event loop. */
#ifndef DESK_BASE_FILE_H
#define DESK_BASE_FILE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* All of a file behind what out holds already. False: it cannot be opened or read (errno says why),
 * or is larger than out takes (then EFBIG, and out has failed). */
bool desk_file_read(struct desk_buf *out, const char *path);

/* First line without its end, cut to n bytes with the NUL; "" and false when there is none. */
bool desk_file_line(char *out, size_t n, const char *path);

#endif
