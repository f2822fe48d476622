/* Facts about ClearSilver 0.10.5 that shape this file (facts/stack.md 2): the escaping mode is read
 * by cs_init() and fixed from then on; a missing plain `include:` would render as nothing unless
 * the loader fails with something other than NERR_NOT_FOUND; a recursive include is a stack
 * overflow, so files are counted. One CSPARSE per render: parsing costs about 50 µs a page. */
#include "talk/template.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/paths.h"

#include <ClearSilver.h>
#include <inttypes.h>
#include <pthread.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define NAME_MAX_BYTES 256
#define WHY_BYTES      300
#define KEPT           64 /* files kept in memory */

struct desk_view {
    HDF *hdf;
    bool failed;
    char version[DESK_TEMPLATE_VERSION];
    char *own_name, *own_text; /* instead of that file */
    char why[WHY_BYTES];
};

static const struct desk_view_function *functions;
static size_t n_functions;

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start(void)
{
    NEOERR *e = nerr_init();
    nerr_ignore(&e);
}

void desk_view_functions(const struct desk_view_function *table, size_t n)
{
    functions = table;
    n_functions = n;
}

/* ---- the tree -------------------------------------------------------------------------------- */

struct desk_view *desk_view_new(void)
{
    struct desk_view *v = calloc(1, sizeof *v);
    NEOERR *e;
    pthread_once(&once, start);
    if (!v)
        return NULL;
    e = hdf_init(&v->hdf);
    if (e == STATUS_OK)
        return v;
    nerr_ignore(&e);
    free(v);
    return NULL;
}

void desk_view_free(struct desk_view *v)
{
    if (!v)
        return;
    hdf_destroy(&v->hdf);
    free(v->own_name);
    free(v->own_text);
    free(v);
}

void desk_view_text(struct desk_view *v, const char *file, const char *text)
{
    free(v->own_name);
    free(v->own_text);
    v->own_name = strdup(file);
    v->own_text = strdup(text);
    v->failed = v->failed || !v->own_name || !v->own_text;
}

const char *desk_view_why(const struct desk_view *v)
{
    return v->why;
}

void desk_view_set(struct desk_view *v, const char *name, const char *value)
{
    if (v->failed || !value)
        return;
    NEOERR *e = hdf_set_value(v->hdf, name, value);
    if (e == STATUS_OK)
        return;
    nerr_ignore(&e);
    v->failed = true;
}

void desk_view_setf(struct desk_view *v, const char *value, const char *name_fmt, ...)
{
    char name[NAME_MAX_BYTES];
    va_list ap;
    va_start(ap, name_fmt);
    int n = vsnprintf(name, sizeof name, name_fmt, ap);
    va_end(ap);
    if (n < 0 || (size_t)n >= sizeof name)
        v->failed = true;
    else
        desk_view_set(v, name, value);
}

void desk_view_int(struct desk_view *v, const char *name, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    desk_view_set(v, name, text);
}

void desk_view_fields(struct desk_view *v, const char *prefix, const struct desk_fields *f,
                      const void *row)
{
    for (size_t i = 0; i < f->n; i++) {
        const struct desk_field *d = &f->v[i];
        const void *p = (const char *)row + d->offset;
        char num[24] = "";
        const char *text = num;
        if (!d->view || d->flags & (DESK_F_HIDDEN | DESK_F_SECRET))
            continue;
        if (d->kind == DESK_K_TEXT)
            text = *(const char *const *)p;
        else if (d->kind == DESK_K_BOOL)
            text = *(const bool *)p ? "1" : "0";
        else if (d->kind == DESK_K_INT || *(const int64_t *)p)
            snprintf(num, sizeof num, "%" PRId64, *(const int64_t *)p);
        desk_view_setf(v, text, "%s.%s", prefix, d->view);
    }
}

/* ---- files ----------------------------------------------------------------------------------- */

struct loader {
    int files;
    const struct desk_view *view;
    crypto_generichash_state hash; /* of all that was loaded */
};

/* Relative, below SHARE/templates, of plain characters, ending ".cs". */
static bool file_allowed(const char *name)
{
    size_t n = strlen(name);
    return n > 3 && n < 128 && strcmp(name + n - 3, ".cs") == 0 && name[0] != '/' &&
           name[0] != '.' && !strstr(name, "..") && !strstr(name, "//") &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-/.") == n;
}

static char *file_read(const char *path)
{
    struct desk_buf b;
    desk_buf_init(&b, DESK_MAX_TEMPLATE);
    if (!desk_file_read(&b, path)) {
        desk_buf_clear(&b);
        return NULL;
    }
    return b.len ? desk_buf_take(&b) : strdup("");
}

/* What was read, while its file stays as it was: a script is changed inside a transaction that
 * others wait for, which is no time to read files. */
static struct kept {
    char *path, *text;
    struct timespec changed;
    off_t size;
    ino_t inode;
} kept[KEPT];
static pthread_mutex_t kept_lock = PTHREAD_MUTEX_INITIALIZER;

static bool is_fresh(const struct kept *k, const struct stat *st)
{
    return k->changed.tv_sec == st->st_mtim.tv_sec && k->changed.tv_nsec == st->st_mtim.tv_nsec &&
           k->size == st->st_size && k->inode == st->st_ino;
}

/* The slot of that path, or a free one; NULL: all are taken. */
static struct kept *slot_of(const char *path)
{
    for (size_t i = 0; i < KEPT; i++)
        if (!kept[i].path || strcmp(kept[i].path, path) == 0)
            return &kept[i];
    return NULL;
}

static void keep(const char *path, const struct stat *st, const char *text)
{
    struct kept *k = slot_of(path);
    char *copy = k ? strdup(text) : NULL;
    if (copy && !k->path)
        k->path = strdup(path);
    if (!copy || !k->path) {
        free(copy);
        return;
    }
    free(k->text);
    k->text = copy;
    k->changed = st->st_mtim;
    k->size = st->st_size;
    k->inode = st->st_ino;
}

/* malloc'd; NULL: missing or unreadable. Pages are read each time: there are too many. */
static char *file_text(const char *name)
{
    char path[DESK_PATH_LEN], below[160];
    struct stat st;
    snprintf(below, sizeof below, "templates/%s", name);
    desk_path_share(path, below);
    if (strncmp(name, "prompts/", 8) != 0 || stat(path, &st) != 0)
        return file_read(path);
    pthread_mutex_lock(&kept_lock);
    const struct kept *k = slot_of(path);
    char *text = k && k->text && is_fresh(k, &st) ? strdup(k->text) : NULL;
    pthread_mutex_unlock(&kept_lock);
    if (text)
        return text;
    text = file_read(path);
    pthread_mutex_lock(&kept_lock);
    if (text)
        keep(path, &st, text);
    pthread_mutex_unlock(&kept_lock);
    return text;
}

void desk_view_warm(const char *file)
{
    free(file_text(file));
}

static NEOERR *load(void *ctx, HDF *hdf, const char *name, char **contents)
{
    struct loader *l = ctx;
    bool own = l->view->own_name && strcmp(l->view->own_name, name) == 0;
    (void)hdf;
    if (!file_allowed(name))
        return nerr_raise(NERR_ASSERT, "template name refused: %s", name);
    if (++l->files > DESK_MAX_TEMPLATE_FILES)
        return nerr_raise(NERR_ASSERT, "too many includes at %s", name);
    *contents = own ? strdup(l->view->own_text) : file_text(name);
    if (!*contents) /* not NERR_NOT_FOUND: a plain include would swallow it */
        return nerr_raise(NERR_IO, "template missing or unreadable: %s", name);
    crypto_generichash_update(&l->hash, (const unsigned char *)name, strlen(name) + 1);
    crypto_generichash_update(&l->hash, (const unsigned char *)*contents, strlen(*contents) + 1);
    return STATUS_OK;
}

/* ---- functions ------------------------------------------------------------------------------- */

static NEOERR *call_function(CSPARSE *parse, CS_FUNCTION *csf, CSARG *args, CSARG *result)
{
    char *text = NULL;
    NEOERR *e = cs_arg_parse(parse, args, "s", &text);
    if (e != STATUS_OK)
        return nerr_pass(e);
    result->op_type = CS_TYPE_STRING;
    for (size_t i = 0; i < n_functions; i++)
        if (strcmp(functions[i].name, csf->name) == 0)
            result->s = functions[i].fn(text ? text : "");
    free(text);
    if (!result->s)
        return nerr_raise(NERR_NOMEM, "function %s gave nothing", csf->name);
    result->alloc = 1;
    return STATUS_OK;
}

static NEOERR *register_functions(CSPARSE *parse)
{
    for (size_t i = 0; i < n_functions; i++) {
        NEOERR *e = cs_register_function(parse, functions[i].name, 1, call_function);
        if (e != STATUS_OK)
            return nerr_pass(e);
    }
    return STATUS_OK;
}

/* ---- rendering ------------------------------------------------------------------------------- */

static NEOERR *emit(void *ctx, char *text)
{
    struct desk_buf *out = ctx;
    desk_buf_str(out, text);
    return desk_buf_ok(out) ? STATUS_OK : nerr_raise(NERR_NOMEM, "page is too large");
}

/* ClearSilver tells the byte: "[-E- prompts/x.cs:24] Non-terminted IF clause". Of the text in place
 * of a file: "line 2: …". */
static void note_why(struct desk_view *v, const char *text)
{
    char at[NAME_MAX_BYTES];
    int line = 1;
    snprintf(at, sizeof at, "%s:", v->own_name ? v->own_name : "-");
    const char *p = strstr(text, at), *end = p ? strchr(p, ']') : NULL;
    const char *what = end ? end + 1 + (end[1] == ' ') : text;
    if (strstr(what, "Non-terminted"))
        what = "something that begins there is never ended, as by /if";
    int n = (int)strcspn(what, "\n");
    if (!end) {
        snprintf(v->why, sizeof v->why, "%.*s", n, what);
        return;
    }
    long byte = strtol(p + strlen(at), NULL, 10);
    for (const char *q = v->own_text; *q && byte-- > 1; q++)
        line += *q == '\n';
    snprintf(v->why, sizeof v->why, "line %d: %.*s", line, n, what);
}

/* The end of every NEOERR: a log line. */
static enum desk_rc log_error(NEOERR *e, struct desk_view *v, const char *file)
{
    STRING s;
    v->why[0] = '\0';
    if (e == STATUS_OK)
        return DESK_OK;
    string_init(&s);
    nerr_error_string(e, &s);
    note_why(v, s.buf ? s.buf : "");
    string_clear(&s);
    string_init(&s);
    nerr_error_traceback(e, &s);
    desk_log(DESK_LOG_ERROR, "template.failed", "file=%s why=%s", file, s.buf ? s.buf : "");
    string_clear(&s);
    nerr_ignore(&e);
    return DESK_EINTERNAL;
}

static NEOERR *prepare(struct desk_view *v, enum desk_escape escape, struct loader *l, CSPARSE **cs)
{
    NEOERR *e =
        hdf_set_value(v->hdf, "Config.VarEscapeMode", escape == DESK_ESCAPE_HTML ? "html" : "none");
    if (e == STATUS_OK)
        e = cs_init(cs, v->hdf);
    if (e != STATUS_OK)
        return nerr_pass(e);
    cs_register_fileload(*cs, l, load);
    return nerr_pass(register_functions(*cs));
}

const char *desk_view_version(const struct desk_view *v)
{
    return v->version;
}

static void note_version(struct desk_view *v, struct loader *l)
{
    unsigned char digest[crypto_generichash_BYTES];
    crypto_generichash_final(&l->hash, digest, sizeof digest);
    sodium_bin2hex(v->version, sizeof v->version, digest, (sizeof v->version - 1) / 2);
}

enum desk_rc desk_view_render(struct desk_view *v, const char *file, enum desk_escape escape,
                              struct desk_buf *out)
{
    CSPARSE *cs = NULL;
    struct loader l = {.view = v};
    if (v->failed)
        return DESK_ENOMEM;
    crypto_generichash_init(&l.hash, NULL, 0, crypto_generichash_BYTES);
    NEOERR *e = prepare(v, escape, &l, &cs);
    if (e == STATUS_OK)
        e = cs_parse_file(cs, file);
    if (e == STATUS_OK)
        e = cs_render(cs, out, emit);
    enum desk_rc rc = log_error(e, v, file);
    note_version(v, &l);
    cs_destroy(&cs);
    return rc && !desk_buf_ok(out) ? DESK_ELIMIT : rc;
}
