/* Files of businesses at the command line: read and checked against businesses/schema.json of the
 * share folder. */
#ifndef CLI_BUSINESS_FILE_H
#define CLI_BUSINESS_FILE_H

#include "core/business_file.h"

#include <stddef.h>

/* *doc: a new reference. told hears of every problem with its line; line 0: the file or the schema
 * cannot be read. DESK_EINVAL, DESK_ENOTFOUND (cannot be read), DESK_ENOMEM. Blocks on the disk. */
DESK_MUST enum desk_rc cli_business_read(json_t **doc, const char *path, desk_business_told *told,
                                         void *ctx);

/* The same for who has one line to say it in: the first problem goes into why (n bytes). */
DESK_MUST enum desk_rc cli_business_read_why(json_t **doc, const char *path, char *why, size_t n);

#endif
