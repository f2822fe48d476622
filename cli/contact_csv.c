/* frontdesk contact import, export: files of contacts. */
#include "cli/contact_args.h"
#include "cli/sub.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "talk/contact_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- import ---------------------------------------------------------------------------------- */

struct watch {
    const char *file;
    size_t told, bytes;
    bool tty;
};

#define TOLD_MOST 200

static void clear_line(const struct watch *w)
{
    if (w->tty)
        fputs("\r\033[K", stderr);
}

static void tell(void *ctx, size_t line, const char *sentence)
{
    struct watch *w = ctx;
    clear_line(w);
    if (w->told++ < TOLD_MOST)
        fprintf(stderr, "%s:%zu: %s\n", w->file, line, sentence);
}

static void progress(void *ctx, size_t rows)
{
    const struct watch *w = ctx;
    if (w->tty)
        fprintf(stderr, "\r\033[K%zu rows read", rows);
}

static bool read_all(struct desk_buf *text, const char *file)
{
    char piece[65536];
    size_t n;
    if (strcmp(file, "-") != 0)
        return desk_file_read(text, file);
    while ((n = fread(piece, 1, sizeof piece, stdin)) > 0)
        desk_buf_add(text, piece, n);
    errno = desk_buf_ok(text) ? errno : EFBIG;
    return !ferror(stdin) && desk_buf_ok(text);
}

static int import_text(struct contact_shop *s, const struct contact_asked *q,
                       const struct desk_buf *text)
{
    struct watch w = {.file = q->words[0], .tty = isatty(STDERR_FILENO) != 0};
    struct desk_imported n;
    struct desk_import how = {.tenant_id = s->tenant.id,
                              .country = s->business.country,
                              .day_first = s->business.day_first,
                              .dry_run = q->dry_run,
                              .tell = tell,
                              .progress = progress,
                              .ctx = &w};
    enum desk_rc rc = desk_contact_import(s->db, desk_buf_cstr(text), text->len, &how, &n);
    clear_line(&w);
    if (w.told > TOLD_MOST)
        fprintf(stderr, "and %zu more\n", w.told - TOLD_MOST);
    if (rc && rc != DESK_EINVAL)
        cli_fail("It stopped after %zu rows, which stay; run it again when the database is well",
                 n.rows);
    printf("%s%zu rows: %zu new, %zu changed, %zu as they were, %zu left out\n",
           q->dry_run ? "(dry run, nothing was written) " : "", n.rows, n.added, n.changed, n.same,
           n.refused);
    return rc || n.refused ? 1 : 0;
}

int cli_contact_import(int argc, char **argv)
{
    struct contact_asked q;
    struct contact_shop s;
    struct desk_buf text;
    int status = contact_args_read(argc, argv, 1, 1, &q);
    if (status)
        return status;
    desk_buf_init(&text, DESK_MAX_CSV_FILE);
    if (!read_all(&text, q.words[0])) {
        status = cli_fail("%s cannot be read: %s", q.words[0], strerror(errno));
        desk_buf_clear(&text);
        return status;
    }
    status = contact_shop_open(&s, q.business) ? import_text(&s, &q, &text) : 1;
    contact_shop_close(&s);
    desk_buf_clear(&text);
    return status;
}

/* ---- export ---------------------------------------------------------------------------------- */

static enum desk_rc fill(void *ctx, cli_put_fn *put, void *to, size_t *n)
{
    const struct contact_shop *s = ctx;
    return desk_contact_export(s->db, s->tenant.id, put, to, n);
}

static int export_to(struct contact_shop *s, const char *file)
{
    const struct cli_taking t = {
        .file = file, .what = "contact.export", .rows = "contacts", .fill = fill, .ctx = s};
    return cli_take_out(s->db, s->tenant.id, &t);
}

int cli_contact_export(int argc, char **argv)
{
    struct contact_asked q;
    struct contact_shop s;
    int status = contact_args_read(argc, argv, 0, 1, &q);
    if (status)
        return status;
    status = contact_shop_open(&s, q.business) ? export_to(&s, q.words[0]) : 1;
    contact_shop_close(&s);
    return status;
}
