/* Contacts into a CSV file; its columns are read back by contact_import.c. */
#include "talk/contact_file.h"
#include "base/limits.h"
#include "base/tz.h"
#include "store/contacts.h"
#include "wire/csv.h"

#include <stdio.h>

#define PAGE_ARENA ((size_t)16 * 1024 * 1024)

static void put_header(struct desk_buf *out)
{
    static const char *const more[] = {"calls", "texts", "first seen", "last seen", "other phones"};
    desk_csv_put(out, true, "phone");
    for (int f = 0; f < DESK_FACT__MAX; f++)
        desk_csv_put(out, false, desk_contact_fact_name((enum desk_contact_fact)f));
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        desk_csv_put(out, false, more[i]);
    desk_csv_end(out);
}

static void put_count(struct desk_buf *out, int64_t n)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)n);
    desk_csv_put(out, false, text);
}

static void put_time(struct desk_buf *out, int64_t at)
{
    char text[40];
    desk_csv_put(out, false, desk_when_iso(text, sizeof text, NULL, at));
}

static enum desk_rc put_contact(struct desk_db *db, struct desk_arena *a, struct desk_buf *out,
                                const struct desk_contact *c)
{
    struct desk_contact *more;
    size_t n = 0;
    const char *others = NULL;
    enum desk_rc rc = desk_contact_numbers(db, a, c->tenant_id, c->id, &more, &n);
    for (size_t i = 0; !rc && i < n; i++)
        others = desk_contact_join(a, others, more[i].number);
    desk_csv_put(out, true, c->number);
    for (int f = 0; f < DESK_FACT__MAX; f++)
        desk_csv_put(out, false, desk_contact_fact_of(c, (enum desk_contact_fact)f));
    put_count(out, c->calls);
    put_count(out, c->texts);
    put_time(out, c->first_at);
    put_time(out, c->last_at);
    desk_csv_put(out, false, others);
    desk_csv_end(out);
    return rc;
}

struct place {
    int64_t at;
    char id[64];
};

/* One page behind *p; *n = 0 at the end. */
static enum desk_rc put_page(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             struct desk_buf *out, struct place *p, size_t *n)
{
    struct desk_contact *rows;
    enum desk_rc rc =
        desk_contact_page(db, a, tenant_id, p->at, p->id, DESK_MAX_CSV_BATCH, &rows, n);
    for (size_t i = 0; !rc && i < *n; i++)
        rc = put_contact(db, a, out, &rows[i]);
    if (!rc && *n) {
        p->at = rows[*n - 1].last_at;
        snprintf(p->id, sizeof p->id, "%s", rows[*n - 1].id);
    }
    return rc || desk_buf_ok(out) ? rc : DESK_ENOMEM;
}

enum desk_rc desk_contact_export(struct desk_db *db, const char *tenant_id,
                                 enum desk_rc (*put)(void *ctx, const char *p, size_t n), void *ctx,
                                 size_t *count)
{
    struct desk_arena *a = desk_arena_new(PAGE_ARENA);
    struct place place = {.at = INT64_MAX};
    struct desk_buf out;
    size_t n = 1;
    enum desk_rc rc = a ? DESK_OK : DESK_ENOMEM;
    *count = 0;
    desk_buf_init(&out, PAGE_ARENA);
    desk_buf_str(&out, "\xef\xbb\xbf"); /* without it Excel takes UTF-8 for something else */
    put_header(&out);
    while (!rc && n) {
        rc = put_page(db, a, tenant_id, &out, &place, &n);
        if (!rc)
            rc = put(ctx, out.p, out.len);
        *count += rc ? 0 : n;
        desk_buf_reset(&out);
        desk_arena_reset(a);
    }
    desk_buf_clear(&out);
    desk_arena_free(a);
    return rc;
}
