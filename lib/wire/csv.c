#include "wire/csv.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <string.h>

/* ---- beginning ------------------------------------------------------------------------------- */

static bool begins(const struct desk_csv *c, const char *with, size_t n)
{
    return (size_t)(c->end - c->p) >= n && memcmp(c->p, with, n) == 0;
}

/* What separates the first line's cells: the most frequent of the three outside of quotes. */
static char guess(const struct desk_csv *c)
{
    static const char choices[] = ",;\t";
    size_t count[3] = {0}, best = 0;
    bool quoted = false;
    for (const char *p = c->p; p < c->end && (quoted || (*p != '\n' && *p != '\r')); p++) {
        quoted = quoted != (*p == '"');
        for (size_t i = 0; i < 3 && !quoted; i++)
            count[i] += *p == choices[i];
    }
    for (size_t i = 1; i < 3; i++)
        if (count[i] > count[best])
            best = i;
    return choices[best];
}

static void end_of_line(struct desk_csv *c)
{
    if (c->p < c->end && *c->p == '\r')
        c->p += c->end - c->p > 1 && c->p[1] == '\n' ? 2 : 1;
    else if (c->p < c->end && *c->p == '\n')
        c->p++;
    else
        return;
    c->line++;
}

enum desk_rc desk_csv_init(struct desk_csv *c, const char *text, size_t n)
{
    *c = (struct desk_csv){.p = text, .end = text + n, .line = 1};
    if (begins(c, "\xff\xfe", 2) || begins(c, "\xfe\xff", 2) || memchr(text, '\0', n))
        return DESK_EINVAL;
    if (begins(c, "\xef\xbb\xbf", 3))
        c->p += 3;
    c->ansi = !desk_utf8_valid(c->p, (size_t)(c->end - c->p));
    if (begins(c, "sep=", 4) && c->end - c->p > 5 && (c->p[5] == '\r' || c->p[5] == '\n')) {
        c->separator = c->p[4];
        c->p += 5;
        end_of_line(c);
    }
    if (!c->separator || strchr("\"\r\n", c->separator))
        c->separator = guess(c);
    return DESK_OK;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* What Windows-1252 has where Latin-1 has controls; 0 = nothing. */
static const uint32_t windows[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

struct cell {
    struct desk_buf text; /* as bytes, without quotes */
    bool more;            /* another cell of the row follows */
    bool open;            /* its quote is never closed */
};

/* A quoted part; p is behind its first quote. A quote within it is doubled. */
static void quoted_part(struct desk_csv *c, struct cell *x)
{
    for (; c->p < c->end; c->p++) {
        if (*c->p == '"' && (c->end - c->p < 2 || c->p[1] != '"')) {
            c->p++;
            return;
        }
        if (*c->p == '"')
            c->p++;
        c->line += *c->p == '\n' || (*c->p == '\r' && !(c->end - c->p > 1 && c->p[1] == '\n'));
        desk_buf_chr(&x->text, *c->p);
    }
    x->open = true;
}

static void read_cell(struct desk_csv *c, struct cell *x)
{
    const char *begin = c->p;
    desk_buf_reset(&x->text);
    x->more = x->open = false;
    while (c->p < c->end && *c->p != c->separator && *c->p != '\r' && *c->p != '\n') {
        if (*c->p == '"' && c->p == begin) { /* elsewhere it is a letter: 6" pipe */
            c->p++;
            quoted_part(c, x);
            continue;
        }
        desk_buf_chr(&x->text, *c->p++);
    }
    if (c->p < c->end && *c->p == c->separator) {
        c->p++;
        x->more = true;
    } else {
        end_of_line(c);
    }
}

static const char *as_text(struct desk_arena *a, const struct desk_buf *raw, bool ansi,
                           struct desk_buf *tmp)
{
    const char *p = desk_buf_cstr(raw);
    desk_buf_reset(tmp);
    if (!ansi)
        desk_utf8_clean(tmp, p, raw->len);
    for (size_t i = 0; ansi && i < raw->len; i++) {
        unsigned char ch = (unsigned char)p[i];
        uint32_t u = ch >= 0x80 && ch < 0xa0 ? windows[ch - 0x80] : ch;
        if ((u >= ' ' && u != 0x7f) || u == '\t' || u == '\n' || u == '\r')
            desk_utf8_put(tmp, u);
    }
    return desk_buf_ok(tmp) ? desk_arena_strdup(a, desk_buf_cstr(tmp)) : NULL;
}

struct reading {
    const char *cells[DESK_MAX_CSV_CELLS];
    struct cell cell;
    struct desk_buf tmp;
    bool too_much;
};

static enum desk_rc read_row(struct desk_csv *c, struct desk_arena *a, struct reading *r, size_t *n)
{
    *n = 0;
    do {
        read_cell(c, &r->cell);
        if (r->cell.open)
            return DESK_EINVAL;
        if (!desk_buf_ok(&r->cell.text) || *n == DESK_MAX_CSV_CELLS) {
            r->too_much = true;
            continue;
        }
        r->cells[*n] = as_text(a, &r->cell.text, c->ansi, &r->tmp);
        if (!r->cells[*n])
            return DESK_ENOMEM;
        (*n)++;
    } while (r->cell.more);
    return DESK_OK;
}

enum desk_rc desk_csv_next(struct desk_csv *c, struct desk_arena *a, struct desk_csv_row *row)
{
    struct reading r = {.too_much = false};
    enum desk_rc rc = DESK_OK;
    desk_buf_init(&r.cell.text, DESK_MAX_CSV_CELL);
    desk_buf_init(&r.tmp, 3 * DESK_MAX_CSV_CELL);
    do { /* an empty line is no row */
        row->line = c->line;
        row->n = 0;
        if (c->p == c->end)
            rc = DESK_DONE;
        else
            rc = read_row(c, a, &r, &row->n);
    } while (!rc && row->n == 1 && !*r.cells[0] && !r.too_much);
    if (!rc && r.too_much)
        rc = DESK_ELIMIT;
    row->cells = rc ? NULL : desk_arena_alloc(a, (row->n + 1) * sizeof *row->cells);
    if (!rc && !row->cells)
        rc = DESK_ENOMEM;
    if (!rc)
        memcpy(row->cells, r.cells, row->n * sizeof *row->cells);
    if (rc == DESK_EINVAL)
        c->p = c->end;
    desk_buf_clear(&r.cell.text);
    desk_buf_clear(&r.tmp);
    return rc;
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool formula(char ch)
{
    return ch && strchr("=+-@\t\r", ch);
}

/* Also of a cell that begins with apostrophes and then such a letter: it must come back whole. */
static bool guarded(const char *cell)
{
    return formula(cell[strspn(cell, "'")]);
}

void desk_csv_put(struct desk_buf *out, bool first, const char *cell)
{
    const char *s = cell ? cell : "";
    desk_buf_str(out, first ? "" : ",");
    bool quote = strpbrk(s, "\",;\t\r\n") || (*s && (*s == ' ' || s[strlen(s) - 1] == ' '));
    desk_buf_str(out, quote ? "\"" : "");
    if (guarded(s))
        desk_buf_chr(out, '\'');
    for (; *s; s++) {
        if (*s == '"')
            desk_buf_chr(out, '"');
        desk_buf_chr(out, *s);
    }
    desk_buf_str(out, quote ? "\"" : "");
}

void desk_csv_end(struct desk_buf *out)
{
    desk_buf_str(out, "\r\n");
}

const char *desk_csv_plain(const char *cell)
{
    return *cell == '\'' && guarded(cell) ? cell + 1 : cell;
}
