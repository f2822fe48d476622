/* Rows of the owner's Google Sheet (settings GOOGLE_SHEET, SHEET_ROWS), asked for in the
 * transaction of their cause; the worker writes them (worker/sheet_row.c). */
#ifndef DESK_STORE_SHEET_ROWS_H
#define DESK_STORE_SHEET_ROWS_H

#include "db/db.h"

#include <stdbool.h>

#define DESK_SHEET_LEAD "lead"
#define DESK_SHEET_CALL "call"

/* That lead or call gets a row, if the business wants such; once. */
DESK_MUST enum desk_rc desk_sheet_row(struct desk_db *db, const char *tenant_id,
                                      const char *call_id, const char *what, const char *id);

#endif
