/* Contacts out of a CSV file. */
#include "talk/contact_file.h"
#include "base/limits.h"
#include "core/contact.h"
#include "core/phone.h"
#include "store/contacts.h"
#include "wire/csv.h"

#include <ctype.h>
#include <string.h>

#define BATCH_ARENA ((size_t)64 * 1024 * 1024)

/* ---- columns --------------------------------------------------------------------------------- */

enum { /* beside the facts */
       COLUMN_NUMBER = DESK_FACT__MAX,
       COLUMN_FIRST_NAME,
       COLUMN_LAST_NAME,
       COLUMN_OURS, /* ours, but nothing that can be written */
       COLUMN_UNKNOWN
};

/* As headers are called; case, spaces, "_" and "-" do not count. */
static const struct {
    const char *called;
    int column;
} headers[] = {
    {"phone", COLUMN_NUMBER},
    {"phone number", COLUMN_NUMBER},
    {"telephone", COLUMN_NUMBER},
    {"tel", COLUMN_NUMBER},
    {"number", COLUMN_NUMBER},
    {"mobile", COLUMN_NUMBER},
    {"mobile phone", COLUMN_NUMBER},
    {"cell", COLUMN_NUMBER},
    {"cell phone", COLUMN_NUMBER},
    {"primary phone", COLUMN_NUMBER},
    {"business phone", COLUMN_NUMBER},
    {"work phone", COLUMN_NUMBER},
    {"home phone", COLUMN_NUMBER},
    {"phone 1 value", COLUMN_NUMBER},
    {"name", DESK_FACT_NAME},
    {"full name", DESK_FACT_NAME},
    {"display name", DESK_FACT_NAME},
    {"contact", DESK_FACT_NAME},
    {"contact name", DESK_FACT_NAME},
    {"customer", DESK_FACT_NAME},
    {"customer name", DESK_FACT_NAME},
    {"client", DESK_FACT_NAME},
    {"client name", DESK_FACT_NAME},
    {"first name", COLUMN_FIRST_NAME},
    {"given name", COLUMN_FIRST_NAME},
    {"last name", COLUMN_LAST_NAME},
    {"family name", COLUMN_LAST_NAME},
    {"surname", COLUMN_LAST_NAME},
    {"company", DESK_FACT_COMPANY},
    {"company name", DESK_FACT_COMPANY},
    {"organization", DESK_FACT_COMPANY},
    {"organization name", DESK_FACT_COMPANY},
    {"organisation", DESK_FACT_COMPANY},
    {"account", DESK_FACT_COMPANY},
    {"business name", DESK_FACT_COMPANY},
    {"email", DESK_FACT_EMAIL},
    {"e mail", DESK_FACT_EMAIL},
    {"email address", DESK_FACT_EMAIL},
    {"e mail address", DESK_FACT_EMAIL},
    {"e mail 1 value", DESK_FACT_EMAIL},
    {"birthday", DESK_FACT_BIRTHDAY},
    {"birth date", DESK_FACT_BIRTHDAY},
    {"date of birth", DESK_FACT_BIRTHDAY},
    {"dob", DESK_FACT_BIRTHDAY},
    {"anniversary", DESK_FACT_ANNIVERSARY},
    {"preferred", DESK_FACT_PREFERRED},
    {"preferred contact", DESK_FACT_PREFERRED},
    {"preferred contact method", DESK_FACT_PREFERRED},
    {"contact method", DESK_FACT_PREFERRED},
    {"systems", DESK_FACT_SYSTEMS},
    {"system", DESK_FACT_SYSTEMS},
    {"installed systems", DESK_FACT_SYSTEMS},
    {"equipment", DESK_FACT_SYSTEMS},
    {"crm", DESK_FACT_CRM},
    {"crm id", DESK_FACT_CRM},
    {"crm ids", DESK_FACT_CRM},
    {"customer id", DESK_FACT_CRM},
    {"client id", DESK_FACT_CRM},
    {"external id", DESK_FACT_CRM},
    {"notes", DESK_FACT_NOTES},
    {"note", DESK_FACT_NOTES},
    {"comments", DESK_FACT_NOTES},
    {"remarks", DESK_FACT_NOTES},
    {"tags", DESK_FACT_TAGS},
    {"labels", DESK_FACT_TAGS},
    {"categories", DESK_FACT_TAGS},
    {"group membership", DESK_FACT_TAGS},
    {"language", DESK_FACT_LANGUAGE},
    {"preferred language", DESK_FACT_LANGUAGE},
    {"standing", DESK_FACT_STANDING},
    {"vip", DESK_FACT_STANDING},
    {"address", DESK_FACT_ADDRESS},
    {"street address", DESK_FACT_ADDRESS},
    {"service address", DESK_FACT_ADDRESS},
    {"calls", COLUMN_OURS},
    {"texts", COLUMN_OURS},
    {"first seen", COLUMN_OURS},
    {"last seen", COLUMN_OURS},
    {"other phones", COLUMN_OURS},
};

static bool separates(char c)
{
    return c == ' ' || c == '_' || c == '-' || c == '\t' || c == '.';
}

static bool called(const char *cell, const char *name)
{
    while (separates(*cell))
        cell++;
    for (; *name; name++) {
        if (*name == ' ' && !separates(*cell))
            return false;
        if (*name == ' ') {
            while (separates(*cell))
                cell++;
        } else if (tolower((unsigned char)*cell++) != *name) {
            return false;
        }
    }
    return !cell[strspn(cell, " _-\t.:")];
}

static int column_of(const char *cell)
{
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (called(cell, headers[i].called))
            return headers[i].column;
    return COLUMN_UNKNOWN;
}

struct import {
    struct desk_db *db;
    const struct desk_import *how;
    struct desk_imported *out;
    struct desk_csv csv;
    struct desk_arena *a; /* of one batch */
    int columns[DESK_MAX_CSV_CELLS];
    size_t n_columns;
    bool over;
};

static void tell(struct import *im, size_t line, const char *sentence)
{
    im->how->tell(im->how->ctx, line, sentence ? sentence : "There was no memory for it.");
}

static enum desk_rc read_header(struct import *im)
{
    struct desk_csv_row row;
    const char *odd = "";
    bool number = false;
    enum desk_rc rc = desk_csv_next(&im->csv, im->a, &row);
    if (rc) {
        tell(im, 1,
             rc == DESK_DONE ? "The file is empty."
                             : "The first line cannot be read: is this a CSV file?");
        return rc == DESK_ENOMEM ? rc : DESK_EINVAL;
    }
    im->n_columns = row.n;
    for (size_t i = 0; i < row.n && odd; i++) {
        im->columns[i] = column_of(row.cells[i]);
        number = number || im->columns[i] == COLUMN_NUMBER;
        if (im->columns[i] == COLUMN_UNKNOWN && *row.cells[i])
            odd = desk_arena_fmt(im->a, "%s%s\"%s\"", odd, *odd ? ", " : "", row.cells[i]);
    }
    if (!number)
        tell(im, 1, "No column has telephone numbers: call it \"phone\".");
    else if (!odd || *odd)
        tell(im, 1,
             odd ? desk_arena_fmt(im->a, "Not read, nothing here is called so: %s.", odd) : NULL);
    return number ? DESK_OK : DESK_EINVAL;
}

/* ---- one row --------------------------------------------------------------------------------- */

/* Cells by column; of several with a number the first that is filled. */
static void sort_cells(const struct import *im, const struct desk_csv_row *row,
                       const char *by[COLUMN_UNKNOWN + 1])
{
    memset(by, 0, (COLUMN_UNKNOWN + 1) * sizeof *by);
    for (size_t i = 0; i < row->n && i < im->n_columns; i++) {
        const char *cell = desk_csv_plain(row->cells[i]);
        cell += strspn(cell, " \t\r\n");
        if (*cell && !by[im->columns[i]])
            by[im->columns[i]] = cell;
    }
    const char *first = by[COLUMN_FIRST_NAME], *last = by[COLUMN_LAST_NAME];
    if (!by[DESK_FACT_NAME] && (first || last))
        by[DESK_FACT_NAME] = first && last ? desk_arena_fmt(im->a, "%s %s", first, last)
                             : first       ? first
                                           : last;
}

/* One bad cell, and the row is left out: half a row would be wondered about. */
static const char *check_row(struct import *im, const char *by[], char number[DESK_PHONE_LEN],
                             const char *v[DESK_FACT__MAX])
{
    const char *given = by[COLUMN_NUMBER], *why = "";
    if (!given)
        return "There is no telephone number: write one, or take the row out.";
    if (desk_phone_parse(given, im->how->country, number) != DESK_PHONE_OK)
        return desk_arena_fmt(im->a,
                              "\"%s\" is no telephone number that can be called: write it "
                              "with the area code, or with + and the country's.",
                              given);
    for (int f = 0; f < DESK_FACT__MAX; f++) {
        const char *name = desk_contact_fact_name((enum desk_contact_fact)f);
        v[f] = NULL;
        if (!by[f])
            continue;
        if (desk_contact_check(im->a, name, by[f], im->how->day_first, &v[f], &why))
            return desk_arena_fmt(im->a, "\"%s\" %s. It is \"%.60s\".", name, why, by[f]);
    }
    return NULL;
}

static enum desk_rc write_row(struct import *im, const char *number,
                              const char *const v[DESK_FACT__MAX])
{
    struct desk_contact c;
    unsigned changed = 0;
    const char *tenant = im->how->tenant_id;
    enum desk_rc rc = desk_contact_ensure(im->db, im->a, tenant, number, &c);
    bool added = rc == DESK_DONE;
    if (!rc || added)
        rc = desk_contact_set(im->db, im->a, tenant, c.id, v, DESK_FROM_IMPORT, &changed);
    if (!rc)
        (*(added ? &im->out->added : changed ? &im->out->changed : &im->out->same))++;
    return rc;
}

static enum desk_rc one_row(struct import *im)
{
    struct desk_csv_row row;
    const char *by[COLUMN_UNKNOWN + 1], *v[DESK_FACT__MAX], *wrong = NULL;
    char number[DESK_PHONE_LEN];
    enum desk_rc rc = desk_csv_next(&im->csv, im->a, &row);
    im->over = rc == DESK_DONE || rc == DESK_EINVAL;
    if (rc == DESK_DONE || rc == DESK_ENOMEM)
        return rc == DESK_DONE ? DESK_OK : rc;
    if (rc == DESK_EINVAL)
        wrong = "A quotation mark in this row is never closed: nothing behind it was read.";
    else if (rc == DESK_ELIMIT)
        wrong = "The row has too many or too long cells.";
    if (!rc) {
        sort_cells(im, &row, by);
        wrong = check_row(im, by, number, v);
    }
    im->out->rows++;
    if (!wrong)
        return write_row(im, number, v);
    im->out->refused++;
    tell(im, row.line, wrong);
    return DESK_OK;
}

/* One that was seen to before. */
static enum desk_rc skip_row(struct import *im)
{
    struct desk_csv_row row;
    desk_arena_reset(im->a);
    enum desk_rc rc = desk_csv_next(&im->csv, im->a, &row);
    im->over = rc == DESK_DONE || rc == DESK_EINVAL;
    return rc == DESK_ENOMEM ? rc : DESK_OK;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* A dry run does all the same and takes it back. */
static enum desk_rc batch(struct import *im)
{
    struct desk_imported before = *im->out;
    enum desk_rc rc = DESK_TX_BEGIN(im->db);
    if (rc)
        return rc;
    for (size_t i = 0; !rc && !im->over && i < DESK_MAX_CSV_BATCH; i++)
        rc = one_row(im);
    if (!rc && im->how->dry_run) {
        rc = desk_tx_end(im->db, DESK_ECONFLICT);
        if (rc != DESK_ECONFLICT || !im->how->step)
            return rc == DESK_ECONFLICT ? DESK_OK : rc;
        rc = DESK_TX_BEGIN(im->db);
    }
    if (!rc && im->how->step)
        rc = im->how->step(im->how->ctx, im->out);
    rc = desk_tx_end(im->db, rc);
    if (rc)
        *im->out = before; /* none of it stayed */
    return rc;
}

enum desk_rc desk_contact_import(struct desk_db *db, const char *text, size_t n,
                                 const struct desk_import *how, struct desk_imported *out)
{
    struct import im = {.db = db, .how = how, .out = out};
    *out = how->before ? *how->before : (struct desk_imported){0};
    enum desk_rc rc = desk_csv_init(&im.csv, text, n);
    if (rc) {
        how->tell(how->ctx, 1, "This is no text of a CSV file: save it as \"CSV UTF-8\".");
        return rc;
    }
    im.a = desk_arena_new(BATCH_ARENA);
    rc = im.a ? read_header(&im) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < out->rows; i++)
        rc = skip_row(&im);
    while (!rc && !im.over) {
        desk_arena_reset(im.a);
        rc = batch(&im);
        if (!rc && how->progress)
            how->progress(how->ctx, out->rows);
    }
    desk_arena_free(im.a);
    return rc;
}
