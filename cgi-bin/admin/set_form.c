/* A settings form shown from a document, and a document made of what was sent. See set.h. */
#include "cgi-bin/admin/set.h"
#include "base/utf8.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES 120

/* ---- places in a document -------------------------------------------------------------------- */

static json_t *get_at(json_t *o, const char *path)
{
    char key[60];
    json_t *v = o;
    while (v && *path) {
        size_t n = strcspn(path, ".");
        snprintf(key, sizeof key, "%.*s", (int)n, path);
        v = json_object_get(v, key);
        path += n + (path[n] == '.');
    }
    return v;
}

/* Takes v; NULL removes. Where there is no object on the way (the week is "always") nothing is put.
 */
static void put_at(json_t *o, const char *path, json_t *v)
{
    char key[60];
    for (;;) {
        size_t n = strcspn(path, ".");
        snprintf(key, sizeof key, "%.*s", (int)n, path);
        if (!path[n])
            break;
        if (v && !json_object_get(o, key))
            json_object_set_new(o, key, json_object());
        o = json_object_get(o, key);
        path += n + 1;
    }
    if (!v)
        json_object_del(o, key);
    else
        json_object_set_new(o, key, v);
}

const char *set_seen(struct desk_arena *a, const struct set_page *page, json_t *whole)
{
    unsigned char digest[crypto_generichash_BYTES_MIN];
    char hex[17];
    crypto_generichash_state h;
    crypto_generichash_init(&h, NULL, 0, sizeof digest);
    for (const struct set_section *s = page->sections; s->title; s++) {
        const char *paths[40] = {s->list ? s->list->path : NULL};
        size_t n = s->list ? 1 : 0;
        for (const struct set_field *f = s->fields; f && f->path && n < 40; f++)
            paths[n++] = f->path;
        for (size_t i = 0; i < n; i++) {
            json_t *v = get_at(whole, paths[i]);
            char *text = v ? json_dumps(v, JSON_ENCODE_ANY | JSON_SORT_KEYS) : NULL;
            crypto_generichash_update(&h, (const unsigned char *)(text ? text : "-"),
                                      text ? strlen(text) + 1 : 1);
            free(text);
        }
    }
    crypto_generichash_final(&h, digest, sizeof digest);
    sodium_bin2hex(hex, sizeof hex, digest, 8);
    return desk_arena_strdup(a, hex);
}

/* ---- what was sent --------------------------------------------------------------------------- */

/* Clean text with \n at the ends of lines, without space around it. */
static const char *tidy(struct desk_arena *a, const char *raw)
{
    size_t n = 3 * strlen(raw) + 1;
    char *out = desk_arena_alloc(a, n), *to;
    if (!out)
        return "";
    desk_utf8_clean_str(out, n, raw);
    to = out;
    for (const char *p = out; *p; p++)
        if (*p != '\r')
            *to++ = *p;
    *to = '\0';
    out += strspn(out, " \t\n");
    for (size_t len = strlen(out); len && strchr(" \t\n", out[len - 1]); len--)
        out[len - 1] = '\0';
    return out;
}

/* The value of a name; of a name that came several times all, with a space between. */
static const char *sent(const struct set_form *f, const char *name)
{
    struct desk_arena *a = f->req->arena;
    const char *all = "", *one;
    for (size_t i = 0; (one = desk_form_nth(&f->req->form, name, i)) != NULL && i < 20; i++) {
        one = tidy(a, one);
        all = i ? desk_arena_fmt(a, "%s %s", all, one) : one;
        if (!all)
            return "";
    }
    return all;
}

static void wrong(struct set_form *f, const char *name, const char *sentence)
{
    if (f->n_wrong == SET_WRONGS)
        return;
    f->wrong[f->n_wrong].name = desk_arena_strdup(f->req->arena, name);
    f->wrong[f->n_wrong].sentence = sentence;
    f->n_wrong += f->wrong[f->n_wrong].name != NULL && sentence;
}

static const char *wrong_at(const struct set_form *f, const char *name)
{
    for (size_t i = 0; i < f->n_wrong; i++)
        if (strcmp(f->wrong[i].name, name) == 0)
            return f->wrong[i].sentence;
    return NULL;
}

static void read_field(struct set_form *f, const struct set_field *d)
{
    const char *why = NULL, *text = sent(f, d->path);
    json_t *had = get_at(f->whole, d->path);
    if (strcmp(text, set_text(f->req->arena, d, had)) == 0) /* not touched: stays as it is */
        return;
    json_t *v = set_value(f->req->arena, d, text, f->country, &why);
    if (why) {
        json_decref(v);
        wrong(f, d->path, why);
    } else if (d->kind == SET_ALWAYS && !v) {
        if (json_is_string(had))
            put_at(f->whole, d->path, json_object());
    } else {
        put_at(f->whole, d->path, v);
    }
}

static const char *cell_name(char out[NAME_BYTES], const struct set_list *l, size_t row,
                             const char *cell)
{
    snprintf(out, NAME_BYTES, "%s.%zu.%s", l->path, row, cell);
    return out;
}

static bool row_sent(const struct set_form *f, const struct set_list *l, size_t row)
{
    char name[NAME_BYTES];
    return desk_form_find(&f->req->form, cell_name(name, l, row, l->cells->path)) != NULL;
}

/* Nothing typed into it, or it is to go. */
static bool row_empty(const struct set_form *f, const struct set_list *l, size_t row)
{
    char name[NAME_BYTES];
    if (*sent(f, cell_name(name, l, row, "gone")))
        return true;
    for (const struct set_field *d = l->cells; d->path; d++)
        if (d->kind != SET_BOOL && d->kind != SET_CHOICE && d->kind != SET_MULTI &&
            *sent(f, cell_name(name, l, row, d->path)))
            return false;
    return true;
}

static json_t *read_row(struct set_form *f, const struct set_list *l, size_t row, const char **key)
{
    char name[NAME_BYTES];
    json_t *out = json_object();
    *key = NULL;
    for (const struct set_field *d = l->cells; d->path; d++) {
        const char *why = NULL;
        json_t *v = set_value(f->req->arena, d, sent(f, cell_name(name, l, row, d->path)),
                              f->country, &why);
        if (why)
            wrong(f, name, why);
        if (d->flags & SET_KEY && v)
            *key = desk_arena_strdup(f->req->arena, json_string_value(v));
        if (v && !why && !(d->flags & SET_KEY))
            json_object_set(out, d->path, v);
        json_decref(v);
    }
    return out;
}

static void read_list(struct set_form *f, const struct set_list *l, size_t *row_of)
{
    bool keyed = l->cells->flags & SET_KEY;
    json_t *all = keyed ? json_object() : json_array();
    size_t n = 0;
    for (size_t i = 0; i < SET_ROWS && row_sent(f, l, i); i++) {
        const char *key;
        if (row_empty(f, l, i))
            continue;
        row_of[n++] = i;
        json_t *row = read_row(f, l, i, &key);
        if (!keyed)
            json_array_append_new(all, row);
        else if (key)
            json_object_set_new(all, key, row);
        else
            json_decref(row);
    }
    if (!n) {
        json_decref(all);
        all = NULL;
    }
    put_at(f->whole, l->path, all);
}

bool set_read(struct set_form *f)
{
    size_t lists = 0;
    f->posted = true;
    for (const struct set_section *s = f->page->sections; s->title; s++) {
        for (const struct set_field *d = s->fields; d && d->path; d++)
            read_field(f, d);
        if (s->list && lists < 4)
            read_list(f, s->list, f->row_of[lists++]);
    }
    return f->n_wrong == 0;
}

/* ---- problems -------------------------------------------------------------------------------- */

/* Does the problem's path lead to that place or below it? Then what is left of it. */
static const char *below(const char *path, const char *place)
{
    size_t n = strlen(place);
    if (strncmp(path, place, n) != 0 || (path[n] && !strchr(".[ ", path[n])))
        return NULL;
    return path + n;
}

static const char *about(struct set_form *f, const struct set_field *d, const char *what)
{
    size_t n = strlen(what);
    return desk_arena_fmt(f->req->arena, "%s %s%s", d->label, what,
                          n && what[n - 1] == '.' ? "" : ".");
}

/* The row and the cell: "[2].phone". Of what is kept by its key, the row of the key. */
static bool in_list(struct set_form *f, const struct set_list *l, const size_t *row_of,
                    const char *rest, const char *what)
{
    char name[NAME_BYTES];
    const char *at = *rest == '[' ? rest + 1 : rest;
    size_t row = 0;
    if (*rest == '[') {
        row = row_of[strtoul(at, NULL, 10) % SET_ROWS];
        at += strcspn(at, "]");
        at += *at == ']';
        at += *at == '.';
    } else if (*rest == '.') {
        const char *key = rest + 1;
        for (size_t i = 0; i < SET_ROWS && row_sent(f, l, i); i++) {
            const char *text = sent(f, cell_name(name, l, i, l->cells->path));
            if (*text && below(key, text))
                row = i;
        }
        at = strchr(key, '.');
        at = at ? at + 1 : "";
    }
    const struct set_field *d = l->cells;
    for (const struct set_field *c = l->cells; c->path; c++)
        if (*at && below(at, c->path))
            d = c;
    wrong(f, cell_name(name, l, row, d->path), about(f, d, what));
    return true;
}

static bool in_section(struct set_form *f, const struct set_section *s, const size_t *row_of,
                       const char *path, const char *what)
{
    const struct set_field *found = NULL; /* the one that stands deepest */
    for (const struct set_field *d = s->fields; d && d->path; d++)
        if (below(path, d->path) && (!found || strlen(d->path) > strlen(found->path)))
            found = d;
    if (found) {
        wrong(f, found->path, about(f, found, what));
        return true;
    }
    const char *rest = s->list ? below(path, s->list->path) : NULL;
    return rest && in_list(f, s->list, row_of, rest, what);
}

void set_problem(struct set_form *f, const char *sentence)
{
    const char *path = sentence, *what;
    size_t lists = 0;
    if (strncmp(path, "locations[", 10) == 0 && strstr(path, "]."))
        path = strstr(path, "].") + 2;
    what = strchr(path, ' ');
    for (const struct set_section *s = f->page->sections; what && s->title; s++) {
        if (in_section(f, s, f->row_of[lists < 4 ? lists : 3], path, what + 1))
            return;
        lists += s->list != NULL;
    }
    if (!f->general) /* of another page: an older version wrote it, or a file */
        f->general =
            desk_arena_fmt(f->req->arena, "Another setting stands in the way: %s.", sentence);
}

/* ---- shown ----------------------------------------------------------------------------------- */

struct place { /* in the view */
    struct desk_view *v;
    char prefix[80];
};

static void show_choices(const struct place *p, const struct set_field *d, const char *text)
{
    size_t i = 0;
    for (const struct set_choice *c = d->choices; c && c->value; c++, i++) {
        size_t n = strlen(c->value);
        bool here = d->kind == SET_CHOICE && strcmp(text, c->value) == 0;
        for (const char *t = text; d->kind == SET_MULTI && *t; t += strspn(t, " ")) {
            size_t len = strcspn(t, " ");
            here = here || (len == n && strncmp(t, c->value, n) == 0);
            t += len;
        }
        desk_view_setf(p->v, c->value, "%s.Choices.%zu.Value", p->prefix, i);
        desk_view_setf(p->v, c->label, "%s.Choices.%zu.Label", p->prefix, i);
        desk_view_setf(p->v, here ? "1" : "", "%s.Choices.%zu.Here", p->prefix, i);
    }
}

static void show_field(const struct set_form *f, const struct place *p, const struct set_field *d,
                       const char *name, const char *text)
{
    char max[24];
    const char *why = wrong_at(f, name);
    desk_view_setf(p->v, set_kind_input(d->kind), "%s.Kind", p->prefix);
    desk_view_setf(p->v, name, "%s.Name", p->prefix);
    desk_view_setf(p->v, d->label, "%s.Label", p->prefix);
    desk_view_setf(p->v, d->help, "%s.Help", p->prefix);
    desk_view_setf(p->v, text, "%s.Value", p->prefix);
    desk_view_setf(p->v, why, "%s.Wrong", p->prefix);
    snprintf(max, sizeof max, "%zu", d->max);
    if (d->max && (d->kind == SET_LINE || d->kind == SET_LONG))
        desk_view_setf(p->v, max, "%s.Max", p->prefix);
    show_choices(p, d, text);
}

/* An item of a list as an object; key: of one that is kept by its key. A new reference. */
static json_t *item_of(const struct set_list *l, const char *key, json_t *v)
{
    json_t *o = json_is_object(v) ? json_copy(v) : json_object();
    if (!json_is_object(v) && l->plain)
        json_object_set(o, l->plain, v);
    if (key)
        json_object_set_new(o, l->cells->path, json_string(key));
    return o;
}

/* item NULL: as sent, or a fresh row */
static void show_row(const struct set_form *f, const struct place *at, const struct set_list *l,
                     size_t row, const json_t *item, bool fresh)
{
    char name[NAME_BYTES];
    size_t n = 0;
    const char *title = "";
    for (const struct set_field *d = l->cells; d->path; d++, n++) {
        struct place p = {.v = at->v};
        const json_t *v = item ? json_object_get(item, d->path) : NULL;
        const char *text = item || fresh ? set_text(f->req->arena, d, v)
                                         : sent(f, cell_name(name, l, row, d->path));
        title = n == 0 ? text : title;
        snprintf(p.prefix, sizeof p.prefix, "%.50s.Rows.%zu.Fields.%zu", at->prefix, row, n);
        show_field(f, &p, d, cell_name(name, l, row, d->path), text);
    }
    cell_name(name, l, row, "gone");
    desk_view_setf(at->v, name, "%s.Rows.%zu.Gone", at->prefix, row);
    desk_view_setf(at->v, *sent(f, name) ? "1" : "", "%s.Rows.%zu.Going", at->prefix, row);
    desk_view_setf(at->v, fresh ? "" : title, "%s.Rows.%zu.Title", at->prefix, row);
    desk_view_setf(at->v, fresh ? "1" : "", "%s.Rows.%zu.Fresh", at->prefix, row);
}

static void show_list(const struct set_form *f, const struct place *at, const struct set_list *l)
{
    size_t row = 0, i;
    json_t *v;
    const char *key;
    json_t *list = f->posted ? NULL : get_at(f->whole, l->path);
    desk_view_setf(at->v, l->one, "%s.One", at->prefix);
    while (f->posted && row + 1 < SET_ROWS && row_sent(f, l, row)) {
        show_row(f, at, l, row, NULL, false);
        row++;
    }
    json_array_foreach(list, i, v)
    {
        json_t *item = item_of(l, NULL, v);
        if (row + 1 < SET_ROWS)
            show_row(f, at, l, row++, item, false);
        json_decref(item);
    }
    json_object_foreach(list, key, v)
    {
        json_t *item = item_of(l, key, v);
        if (row + 1 < SET_ROWS)
            show_row(f, at, l, row++, item, false);
        json_decref(item);
    }
    if (!f->posted || !row || !row_empty(f, l, row - 1))
        show_row(f, at, l, row, NULL, true);
}

void set_show(struct set_form *f, struct desk_view *v)
{
    size_t i = 0;
    for (const struct set_section *s = f->page->sections; s->title; s++, i++) {
        struct place p = {.v = v};
        size_t n = 0;
        snprintf(p.prefix, sizeof p.prefix, "Sections.%zu", i);
        desk_view_setf(v, s->title, "%s.Title", p.prefix);
        desk_view_setf(v, s->intro, "%s.Intro", p.prefix);
        if (s->list)
            show_list(f, &p, s->list);
        for (const struct set_field *d = s->fields; d && d->path; d++, n++) {
            struct place at = {.v = v};
            snprintf(at.prefix, sizeof at.prefix, "Sections.%zu.Fields.%zu", i, n);
            show_field(f, &at, d, d->path,
                       f->posted ? sent(f, d->path)
                                 : set_text(f->req->arena, d, get_at(f->whole, d->path)));
        }
    }
    for (i = 0; i < f->n_wrong; i++) {
        desk_view_setf(v, f->wrong[i].name, "Wrongs.%zu.Name", i);
        desk_view_setf(v, f->wrong[i].sentence, "Wrongs.%zu.Text", i);
    }
}
