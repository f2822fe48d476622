#include "talk/call_export.h"
#include "base/limits.h"
#include "base/tz.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/results.h"
#include "store/tenants.h"
#include "wire/csv.h"

#include <stdio.h>
#include <string.h>

#define PAGE_ARENA ((size_t)16 * 1024 * 1024)
#define PAGE       500

static const char *const titles[] = {
    "id",      "started",        "location",  "direction", "caller",     "phone",
    "kind",    "outcome",        "decision",  "severity",  "seconds",    "first word ms",
    "summary", "callbacks open", "callbacks", "script",    "answered by"};

struct exporting {
    struct desk_db *db;
    const char *tenant_id;
    const struct desk_location *places;
    size_t n_places;
    int64_t from;
    int64_t before;
    char before_id[64];
    bool end;
};

static void put_int(struct desk_buf *out, int64_t n, bool known)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)n);
    desk_csv_put(out, false, known ? text : NULL);
}

static const struct desk_location *place_of(const struct exporting *e, const char *id)
{
    for (size_t i = 0; i < e->n_places; i++)
        if (strcmp(e->places[i].id, id) == 0)
            return &e->places[i];
    return NULL;
}

static enum desk_rc name_of(const struct exporting *e, struct desk_arena *a,
                            const struct desk_call *c, const char **name)
{
    struct desk_contact contact;
    *name = NULL;
    if (!c->contact_id)
        return DESK_OK;
    enum desk_rc rc = desk_contact_get(e->db, a, e->tenant_id, c->contact_id, &contact);
    if (!rc)
        *name = contact.name;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

static enum desk_rc put_call(const struct exporting *e, struct desk_arena *a, struct desk_buf *out,
                             const struct desk_call *c)
{
    char when[40];
    const struct desk_location *l = place_of(e, c->location_id);
    struct desk_callback *promised;
    size_t n = 0, open = 0;
    const char *name;
    enum desk_rc rc = name_of(e, a, c, &name);
    if (!rc)
        rc = desk_callback_by_call(e->db, a, e->tenant_id, c->id, &promised, &n);
    if (rc)
        return rc;
    for (size_t i = 0; i < n; i++)
        open += strcmp(promised[i].state, "open") == 0;
    const char *const start[] = {
        c->id,
        desk_when_iso(when, sizeof when, l ? desk_tz_load(l->zone) : NULL, c->started_at),
        l ? l->name : NULL,
        c->direction,
        name,
        c->from_number,
        c->caller_kind,
        c->outcome,
        desk_call_decision(c),
        c->severity};
    for (size_t i = 0; i < sizeof start / sizeof *start; i++)
        desk_csv_put(out, i == 0, start[i]);
    put_int(out, c->duration_ms / 1000, c->ended_at != 0);
    put_int(out, c->first_audio_ms, c->first_audio_ms != 0);
    desk_csv_put(out, false, c->summary);
    put_int(out, (int64_t)open, n != 0);
    put_int(out, (int64_t)n, n != 0);
    desk_csv_put(out, false, c->script);
    desk_csv_put(out, false, c->engine);
    desk_csv_end(out);
    return DESK_OK;
}

static enum desk_rc put_page(struct exporting *e, struct desk_arena *a, struct desk_buf *out,
                             size_t *count)
{
    static const struct desk_call_filter all;
    struct desk_call *rows;
    size_t n = 0;
    enum desk_rc rc =
        desk_call_find(e->db, a, e->tenant_id, &all, e->before, e->before_id, PAGE, &rows, &n);
    e->end = n < PAGE || rows[n - 1].started_at < e->from;
    for (size_t i = 0; !rc && i < n && rows[i].started_at >= e->from; i++) {
        rc = put_call(e, a, out, &rows[i]);
        *count += rc == DESK_OK;
    }
    if (!rc && n) {
        e->before = rows[n - 1].started_at;
        snprintf(e->before_id, sizeof e->before_id, "%s", rows[n - 1].id);
    }
    return rc || desk_buf_ok(out) ? rc : DESK_ENOMEM;
}

enum desk_rc desk_call_export(struct desk_db *db, const char *tenant_id, int64_t from, int64_t to,
                              enum desk_rc (*put)(void *ctx, const char *p, size_t n), void *ctx,
                              size_t *count)
{
    struct desk_arena *keep = desk_arena_new(PAGE_ARENA), *a = desk_arena_new(PAGE_ARENA);
    struct exporting e = {.db = db, .tenant_id = tenant_id, .from = from, .before = to - 1};
    struct desk_location *places = NULL;
    struct desk_buf out;
    *count = 0;
    desk_buf_init(&out, PAGE_ARENA);
    enum desk_rc rc =
        keep && a ? desk_location_list(db, keep, tenant_id, &places, &e.n_places) : DESK_ENOMEM;
    e.places = places;
    desk_buf_str(&out, "\xef\xbb\xbf"); /* without it Excel takes UTF-8 for something else */
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        desk_csv_put(&out, i == 0, titles[i]);
    desk_csv_end(&out);
    while (!rc && !e.end) {
        rc = put_page(&e, a, &out, count);
        if (!rc)
            rc = put(ctx, out.p, out.len);
        desk_buf_reset(&out);
        desk_arena_reset(a);
    }
    desk_buf_clear(&out);
    desk_arena_free(a);
    desk_arena_free(keep);
    return rc;
}
