/* Comma-separated values by RFC 4180, as files really are: with a byte order mark or not, lines
 * ended by LF, CRLF or CR, quoted cells with line ends in them, semicolons or tabs where Excel
 * writes those, its line "sep=;", and Windows-1252 where the text is not UTF-8. Pure. */
#ifndef DESK_WIRE_CSV_H
#define DESK_WIRE_CSV_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct desk_csv {
    const char *p, *end; /* what is not read yet */
    char separator;
    size_t line; /* of p, from 1 */
    bool ansi;   /* the text is not UTF-8: read as Windows-1252 */
};

struct desk_csv_row {
    const char **cells; /* UTF-8 without control characters but tab and line ends; never NULL */
    size_t n;
    size_t line; /* it begins on, from 1 */
};

/* text stays the caller's and must live as long. DESK_EINVAL: it is UTF-16, or holds zero bytes. */
DESK_MUST enum desk_rc desk_csv_init(struct desk_csv *c, const char *text, size_t n);

/* The next row that is not empty, in the arena. DESK_DONE: there is none. DESK_ELIMIT: more than
 * DESK_MAX_CSV_CELLS cells or DESK_MAX_CSV_CELL bytes in one; the row is skipped and reading goes
 * on. DESK_EINVAL: a quote that is never closed: nothing more can be read. row->line is set. */
DESK_MUST enum desk_rc desk_csv_next(struct desk_csv *c, struct desk_arena *a,
                                     struct desk_csv_row *row);

/* Append one cell (with a comma before it unless it is the first of its line), quoted where need
 * be. A cell that a spreadsheet would take for a formula (= + - @ tab or CR first) gets an
 * apostrophe before it, which desk_csv_plain() takes away again. NULL = empty. */
void desk_csv_put(struct desk_buf *out, bool first, const char *cell);
/* End the line: CRLF. */
void desk_csv_end(struct desk_buf *out);

/* The cell without the apostrophe that guards a formula. */
const char *desk_csv_plain(const char *cell);

#endif
