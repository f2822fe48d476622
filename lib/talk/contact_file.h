/* Contacts out of a CSV file and into one. The columns are found by their names as spreadsheets,
 * telephones and CRMs write them. May block on the database: not on an event loop. */
#ifndef DESK_TALK_CONTACT_FILE_H
#define DESK_TALK_CONTACT_FILE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "db/db.h"

#include <stdbool.h>
#include <stddef.h>

struct desk_imported {
    size_t rows; /* read: the sum of the others */
    size_t added, changed, same, refused;
};

struct desk_import {
    const char *tenant_id;
    const char *country; /* of numbers without a country code */
    bool day_first;      /* 4/5 is the 4th of May */
    bool dry_run;        /* all is tried, nothing stays */
    /* What is wrong with the row that begins on that line and how to mend it; the row is left out.
     * Line 1: the header. */
    void (*tell)(void *ctx, size_t line, const char *sentence);
    void (*progress)(void *ctx, size_t rows); /* after each batch; may be NULL */
    void *ctx;
    /* In the transaction of each batch (of a dry run: in one of its own, behind it), so that what
     * is written down of it is as true as the batch; its failure takes the batch back. May be NULL.
     */
    enum desk_rc (*step)(void *ctx, const struct desk_imported *so_far);
    const struct desk_imported
        *before; /* go on behind its rows, and count on from it; NULL: none */
};

/* text: the file (wire/csv.h). A number that is known is that contact, so doing it again changes
 * nothing; an empty cell leaves what there is. What it says counts as the owner's word. Written in
 * batches of DESK_MAX_CSV_BATCH rows, each one transaction; on a failure of ours those before stay.
 * DESK_EINVAL: there is nothing to read or no column of numbers (told as line 1). *out is filled in
 * any case. */
DESK_MUST enum desk_rc desk_contact_import(struct desk_db *db, const char *text, size_t n,
                                           const struct desk_import *how,
                                           struct desk_imported *out);

/* All contacts of a tenant as CSV, last seen first, safe to open in a spreadsheet. put gets it in
 * pieces and may fail (any rc, which is returned). *count: how many. */
DESK_MUST enum desk_rc desk_contact_export(struct desk_db *db, const char *tenant_id,
                                           enum desk_rc (*put)(void *ctx, const char *p, size_t n),
                                           void *ctx, size_t *count);

#endif
