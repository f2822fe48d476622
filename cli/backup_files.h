/* A folder of files and its likeness elsewhere. Both block on the disk. */
#ifndef CLI_BACKUP_FILES_H
#define CLI_BACKUP_FILES_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct backup_files {
    FILE *list;            /* a line for each file: bytes, time (UTC s), its name */
    int64_t n, bytes, new; /* new: that had to be copied */
    char why[300];         /* what went wrong, a sentence */
};

/* to becomes like from, in which name ("recordings") is written on the list: what is new or changed
 * is copied (0600, folders 0700), each file whole or not at all; what is gone from there goes from
 * here. No folder `from`: to is left
 * as it is, because a disk that is not there must not empty its copy. */
DESK_MUST enum desk_rc backup_mirror(struct backup_files *f, const char *from, const char *to,
                                     const char *name);

#endif
