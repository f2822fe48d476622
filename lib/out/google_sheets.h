/* Google Sheets v4 (facts/integrations.md 3): rows added to a sheet, as a struct of functions.
 * Blocking, as out/google.h says. Values go in RAW: they are stored as they are, so what begins
 * with
 * '=' is a text and no formula. */
#ifndef DESK_OUT_GOOGLE_SHEETS_H
#define DESK_OUT_GOOGLE_SHEETS_H

#include "out/google.h"

struct desk_google_sheet {
    const char *api_url; /* GOOGLE_SHEETS_URL: https://sheets.googleapis.com */
    const struct desk_google_account *who;
    const char *spreadsheet;   /* the id in its address */
    const char *tab;           /* "Leads"; made when it is missing */
    const char *const *header; /* names of the columns; written when the first row is empty */
    size_t n;                  /* of columns, 26 at most; the first holds the key */
};

struct desk_google_sheets {
    /* One row below what is there. values[0] is its key. LOST: it may be there; see find(). where
     * (n_where bytes): the cells that were written. */
    enum desk_google_end (*append)(const struct desk_google_sheet *s, const char *const *values,
                                   char *where, size_t n_where, struct desk_google_result *r);
    /* Is there a row with that key? */
    enum desk_google_end (*find)(const struct desk_google_sheet *s, const char *key, bool *there,
                                 struct desk_google_result *r);
};

extern const struct desk_google_sheets desk_google_sheets_rest;

#endif
