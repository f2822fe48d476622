/* Any bytes: rows end, lines count up, cells are text; and what is written of them is read back the
 * same, with no cell that a spreadsheet takes for a formula. */
#include "wire/csv.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void again(struct desk_arena *a, const struct desk_buf *text,
                  const struct desk_csv_row *want)
{
    struct desk_csv c;
    struct desk_csv_row got;
    if (desk_csv_init(&c, text->p, text->len) != DESK_OK)
        abort();
    c.separator = ',';
    if (desk_csv_next(&c, a, &got) != DESK_OK || got.n != want->n)
        abort();
    for (size_t i = 0; i < got.n; i++) {
        if (*got.cells[i] && strchr("=+-@\t\r", *got.cells[i]))
            abort();
        if (strcmp(desk_csv_plain(got.cells[i]), want->cells[i]) != 0)
            abort();
    }
    if (desk_csv_next(&c, a, &got) != DESK_DONE)
        abort();
}

static void write_back(struct desk_arena *a, struct desk_buf *out, const struct desk_csv_row *row)
{
    desk_buf_reset(out);
    for (size_t i = 0; i < row->n; i++)
        desk_csv_put(out, i == 0, row->cells[i]);
    desk_csv_end(out);
    if (!desk_buf_ok(out))
        return;
    if (row->n == 1 && !*row->cells[0])
        return; /* an empty line is no row */
    /* a first cell that looks like a head of the file is the writer's own head, never data */
    if (strncmp(out->p, "sep=", 4) == 0 || strncmp(out->p, "\xef\xbb\xbf", 3) == 0)
        return;
    again(a, out, row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct desk_arena *arena = desk_arena_new(8 * 1024 * 1024);
    struct desk_buf out;
    struct desk_csv c;
    struct desk_csv_row row;
    size_t line = 0;
    enum desk_rc rc;
    desk_buf_init(&out, 4 * 1024 * 1024);
    if (desk_csv_init(&c, (const char *)data, size) != DESK_OK)
        goto out;
    while ((rc = desk_csv_next(&c, arena, &row)) == DESK_OK || rc == DESK_ELIMIT) {
        if (row.line <= line && line)
            abort();
        line = row.line;
        for (size_t i = 0; rc == DESK_OK && i < row.n; i++)
            if (!desk_utf8_valid(row.cells[i], strlen(row.cells[i])))
                abort();
        if (rc == DESK_OK)
            write_back(arena, &out, &row);
    }
out:
    desk_buf_clear(&out);
    desk_arena_free(arena);
    return 0;
}
