#include "db/internal.h"
#include "db/seal.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SEALED(f) ((f)->flags & (DESK_F_PII | DESK_F_SECRET))

static const void *at(const void *row, size_t offset)
{
    return (const char *)row + offset;
}

static const char *row_id(const void *row)
{
    return *(const char *const *)row; /* fields.h: the first member is id */
}

const struct desk_field *desk_field_find(const struct desk_fields *f, const char *column)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->v[i].column, column) == 0)
            return &f->v[i];
    return NULL;
}

/* ---- binding --------------------------------------------------------------------------------- */

static enum desk_rc bind_sealed(struct desk_db *db, sqlite3_stmt *st, int pos, const char *table,
                                const char *column, const char *id, const char *text)
{
    enum desk_rc rc = DESK_ENOMEM;
    size_t len = 0;
    if (!text)
        return desk_sqlite_rc(db, sqlite3_bind_null(st, pos), "bind");
    if (!db->key || !id)
        return DESK_EINTERNAL;
    struct desk_arena *a = desk_arena_new(strlen(text) + 4096);
    unsigned char *p = a ? desk_seal(db->key, a, table, column, id, text, &len) : NULL;
    if (p)
        rc = desk_sqlite_rc(db, sqlite3_bind_blob64(st, pos, p, len, SQLITE_TRANSIENT), "bind");
    desk_arena_free(a);
    return rc;
}

/* Not copied: whoever binds it holds it until the bindings are cleared (db.c). */
static int bind_text(sqlite3_stmt *st, int pos, const char *s)
{
    return s ? sqlite3_bind_text(st, pos, s, -1, SQLITE_STATIC) : sqlite3_bind_null(st, pos);
}

enum desk_rc desk_stmt_bind(struct desk_db *db, sqlite3_stmt *st, const struct desk_arg *args,
                            size_t n)
{
    enum desk_rc rc = DESK_OK;
    int most = sqlite3_bind_parameter_count(st); /* beyond it: this text does not use them */
    for (size_t i = 0; !rc && i < n && (int)i < most; i++) {
        int pos = (int)i + 1;
        switch (args[i].kind) {
        case DESK_ARG_TEXT:
            rc = desk_sqlite_rc(db, bind_text(st, pos, args[i].text), "bind");
            break;
        case DESK_ARG_INT:
            rc = desk_sqlite_rc(db, sqlite3_bind_int64(st, pos, args[i].num), "bind");
            break;
        case DESK_ARG_NULL:
            rc = desk_sqlite_rc(db, sqlite3_bind_null(st, pos), "bind");
            break;
        case DESK_ARG_SEALED:
            rc = bind_sealed(db, st, pos, args[i].fields->table, args[i].column, args[i].row_id,
                             args[i].text);
            break;
        }
    }
    return rc;
}

static enum desk_rc bind_field(struct desk_db *db, sqlite3_stmt *st, int pos,
                               const struct desk_fields *t, const struct desk_field *f,
                               const void *row)
{
    const void *p = at(row, f->offset);
    int code;
    if (f->kind == DESK_K_TEXT && SEALED(f))
        return bind_sealed(db, st, pos, t->table, f->column, row_id(row), *(const char *const *)p);
    if (f->kind == DESK_K_TEXT)
        code = bind_text(st, pos, *(const char *const *)p);
    else if (f->kind == DESK_K_BOOL)
        code = sqlite3_bind_int(st, pos, *(const bool *)p);
    else if (f->kind == DESK_K_TIME && *(const int64_t *)p == 0)
        code = sqlite3_bind_null(st, pos);
    else
        code = sqlite3_bind_int64(st, pos, *(const int64_t *)p);
    return desk_sqlite_rc(db, code, "bind");
}

enum desk_rc desk_stmt_bind_row(struct desk_db *db, sqlite3_stmt *st, const struct desk_fields *f,
                                const void *row)
{
    enum desk_rc rc = DESK_OK;
    if (!f)
        return DESK_EINTERNAL;
    int most = sqlite3_bind_parameter_count(st), pos = 0;
    for (size_t i = 0; !rc && i < f->n; i++)
        if (!(f->v[i].flags & DESK_F_EXTRA) && pos < most)
            rc = bind_field(db, st, ++pos, f, &f->v[i], row);
    return rc;
}

/* ---- reading --------------------------------------------------------------------------------- */

static int column_named(sqlite3_stmt *st, const char *name)
{
    for (int i = 0; i < sqlite3_column_count(st); i++)
        if (strcmp(sqlite3_column_name(st, i), name) == 0)
            return i;
    return -1;
}

static struct desk_columns *columns_of(sqlite3_stmt *st, const struct desk_fields *f)
{
    int n = sqlite3_column_count(st);
    struct desk_columns *c = malloc(sizeof *c + (size_t)n * sizeof *c->v);
    if (!c)
        return NULL;
    c->f = f;
    c->n = n;
    for (int i = 0; i < n; i++) {
        const struct desk_field *field = desk_field_find(f, sqlite3_column_name(st, i));
        c->v[i].field = field;
        c->v[i].id = field && SEALED(field) && field->kind == DESK_K_TEXT
                         ? column_named(st, field->from_id ? field->from_id : "id")
                         : -1;
    }
    return c;
}

static enum desk_rc read_sealed(struct desk_db *db, sqlite3_stmt *st, int col, int id_col,
                                const struct desk_fields *t, const struct desk_field *f,
                                struct desk_arena *a, const char **out)
{
    const char *table = f->from_table ? f->from_table : t->table;
    const char *column = f->from_column ? f->from_column : f->column;
    const char *id = id_col < 0 ? NULL : (const char *)sqlite3_column_text(st, id_col);
    const void *p = sqlite3_column_blob(st, col);
    int len = sqlite3_column_bytes(st, col);
    if (!id || !db->key || len < 0)
        return DESK_EINTERNAL;
    char *text = NULL;
    enum desk_rc rc = desk_unseal(db->key, a, table, column, id, p, (size_t)len, &text);
    *out = text;
    return rc;
}

static enum desk_rc read_field(struct desk_db *db, sqlite3_stmt *st, int col,
                               const struct desk_columns *c, struct desk_arena *a, void *row)
{
    const struct desk_field *f = c->v[col].field;
    void *p = (char *)row + f->offset;
    if (sqlite3_column_type(st, col) == SQLITE_NULL || (db->sealed && f->flags & DESK_F_PII))
        return DESK_OK;
    if (f->kind == DESK_K_TEXT && SEALED(f))
        return read_sealed(db, st, col, c->v[col].id, c->f, f, a, p);
    if (f->kind == DESK_K_TEXT) {
        char *s = desk_arena_strdup(a, (const char *)sqlite3_column_text(st, col));
        *(const char **)p = s;
        return s ? DESK_OK : DESK_ENOMEM;
    }
    if (f->kind == DESK_K_BOOL)
        *(bool *)p = sqlite3_column_int(st, col) != 0;
    else
        *(int64_t *)p = sqlite3_column_int64(st, col);
    return DESK_OK;
}

enum desk_rc desk_stmt_read(struct desk_db *db, sqlite3_stmt *st, struct desk_columns **c,
                            const struct desk_fields *f, struct desk_arena *a, void *out)
{
    enum desk_rc rc = DESK_OK;
    if (!*c || (*c)->f != f) { /* the same query may be read as another struct */
        free(*c);
        *c = columns_of(st, f);
        if (!*c)
            return DESK_ENOMEM;
    }
    memset(out, 0, f->size);
    for (int i = 0; !rc && i < (*c)->n; i++)
        if ((*c)->v[i].field)
            rc = read_field(db, st, i, *c, a, out);
    return rc;
}

/* ---- {columns} {values} --------------------------------------------------------------- */

static void expand_columns(struct desk_buf *b, const struct desk_fields *f, bool values)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (f->v[i].flags & DESK_F_EXTRA)
            continue;
        n++;
        if (n > 1)
            desk_buf_str(b, ", ");
        if (values)
            desk_buf_fmt(b, "?%zu", n);
        else
            desk_buf_str(b, f->v[i].column);
    }
}

char *desk_query_expand(const struct desk_query *q)
{
    static const char *const words[] = {"{columns}", "{values}"};
    struct desk_buf b;
    desk_buf_init(&b, 65536);
    for (const char *s = q->sql; *s;) {
        size_t i = 0, n = sizeof words / sizeof *words;
        while (i < n && strncmp(s, words[i], strlen(words[i])) != 0)
            i++;
        if (i < n && q->fields) {
            expand_columns(&b, q->fields, i == 1);
            s += strlen(words[i]);
        } else {
            desk_buf_chr(&b, *s == '$' && s[1] >= '1' && s[1] <= '9' ? '?' : *s);
            s++;
        }
    }
    return desk_buf_take(&b);
}

/* ---- outward --------------------------------------------------------------------------------- */

static json_t *time_json(int64_t ms)
{
    char text[40], day[24];
    time_t sec = (time_t)(ms / 1000);
    struct tm tm;
    if (!ms)
        return json_null();
    gmtime_r(&sec, &tm);
    strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(text, sizeof text, "%s.%03dZ", day, (int)(ms % 1000));
    return json_string(text);
}

/* Text that is no UTF-8 keeps its ASCII: a reply with a hole in a word beats one without the key.
 */
static json_t *text_json(const char *s)
{
    json_t *j = s ? json_string(s) : json_null();
    char *copy = s && !j ? strdup(s) : NULL;
    for (char *p = copy; p && *p; p++)
        if ((unsigned char)*p >= 0x80)
            *p = '?';
    if (copy)
        j = json_string(copy);
    free(copy);
    return j;
}

static json_t *words_json(const char *text)
{
    json_t *list = json_array();
    for (const char *p = text ? text : ""; list && *p; p += strspn(p, " ")) {
        size_t n = strcspn(p, " ");
        json_array_append_new(list, json_stringn(p, n));
        p += n;
    }
    return list;
}

static json_t *field_json(const struct desk_field *f, const void *row)
{
    const void *p = at(row, f->offset);
    switch (f->kind) {
    case DESK_K_TEXT:
        return f->flags & DESK_F_WORDS ? words_json(*(const char *const *)p)
                                       : text_json(*(const char *const *)p);
    case DESK_K_BOOL:
        return json_boolean(*(const bool *)p);
    case DESK_K_TIME:
        return time_json(*(const int64_t *)p);
    case DESK_K_INT:
        return json_integer(*(const int64_t *)p);
    }
    return json_null();
}

json_t *desk_fields_json(const struct desk_fields *f, const void *row)
{
    json_t *o = json_object();
    for (size_t i = 0; o && i < f->n; i++)
        if (!(f->v[i].flags & (DESK_F_HIDDEN | DESK_F_SECRET)))
            json_object_set_new(o, f->v[i].column, field_json(&f->v[i], row));
    return o;
}

static void field_log(const struct desk_field *f, const void *row, struct desk_buf *out)
{
    char masked[64];
    const void *p = at(row, f->offset);
    const char *s = f->kind == DESK_K_TEXT ? *(const char *const *)p : NULL;
    if (f->kind == DESK_K_TEXT && !s)
        return;
    desk_buf_fmt(out, "%s%s=", out->len ? " " : "", f->column);
    if (f->flags & DESK_F_PHONE)
        desk_buf_str(out, desk_mask_phone(masked, sizeof masked, s));
    else if (f->flags & DESK_F_PII)
        desk_buf_str(out, desk_mask_text(masked, sizeof masked, s));
    else if (f->kind == DESK_K_TEXT)
        desk_buf_str(out, s);
    else if (f->kind == DESK_K_BOOL)
        desk_buf_str(out, *(const bool *)p ? "true" : "false");
    else
        desk_buf_fmt(out, "%lld", (long long)*(const int64_t *)p);
}

void desk_fields_log(const struct desk_fields *f, const void *row, struct desk_buf *out)
{
    for (size_t i = 0; i < f->n; i++)
        if (!(f->v[i].flags & (DESK_F_HIDDEN | DESK_F_SECRET)))
            field_log(&f->v[i], row, out);
}

void desk_fields_event(enum desk_log_level level, const char *event, const struct desk_fields *f,
                       const void *row)
{
    struct desk_buf text;
    desk_buf_init(&text, 4096);
    desk_fields_log(f, row, &text);
    desk_log(level, event, "%s", desk_buf_cstr(&text));
    desk_buf_clear(&text);
}
