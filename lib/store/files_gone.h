/* Files of pictures and recordings whose rows are gone. The database notes them itself (triggers of
 * migration 0042; of an erased recording desk_recording_erase()), in the transaction that takes the
 * row away; here they are removed from the disk, and then from the notes: killed in between, it is
 * done again.
 *
 * Functions block on the disk. */
#ifndef DESK_STORE_FILES_GONE_H
#define DESK_STORE_FILES_GONE_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESK_FILE_PICTURE   "picture"
#define DESK_FILE_RECORDING "recording"

struct desk_file_gone {
    const char *id;
    const char *tenant_id;
    const char *kind;
    const char *path;
};
extern const struct desk_fields desk_file_gone_fields;

/* Remove what is noted, outside of any transaction; *n files (of a picture both are one) are gone.
 * What cannot be removed (a folder's rights) stays noted and is logged: DESK_EINTERNAL, when all
 * the others are done. */
DESK_MUST enum desk_rc desk_files_gone_remove(struct desk_db *db, struct desk_arena *a, size_t *n);

/* Since when there is this database, ms. A file from before may have its row in another one, which
 * somebody is about to put back. */
DESK_MUST enum desk_rc desk_files_since(struct desk_db *db, int64_t *ms);

/* Has a file a row? kind and the row's id. */
DESK_MUST enum desk_rc desk_file_known(struct desk_db *db, const char *kind, const char *id,
                                       bool *known);

#endif
