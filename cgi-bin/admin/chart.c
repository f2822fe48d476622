#include "cgi-bin/admin/chart.h"

#include <stdio.h>
#include <string.h>

#define PATH_MOST 65536

void chart_begin(struct chart *c, struct desk_view *v, const char *name, int width, int height,
                 const char *title, const char *desc)
{
    char size[16];
    *c = (struct chart){.v = v, .name = name};
    desk_view_setf(v, title, "Charts.%s.Title", name);
    desk_view_setf(v, desc, "Charts.%s.Desc", name);
    snprintf(size, sizeof size, "%d", width);
    desk_view_setf(v, size, "Charts.%s.W", name);
    snprintf(size, sizeof size, "%d", height);
    desk_view_setf(v, size, "Charts.%s.H", name);
    desk_view_setf(v, name, "Charts.%s.Name", name);
}

/* NULL: there are too many kinds, and this one is not drawn. */
static struct desk_buf *path_of(struct chart *c, const char *kind)
{
    size_t i = 0;
    while (i < c->n_kinds && strcmp(c->kinds[i], kind) != 0)
        i++;
    if (i == CHART_KINDS)
        return NULL;
    if (i == c->n_kinds) {
        c->kinds[c->n_kinds++] = kind;
        desk_buf_init(&c->paths[i], PATH_MOST);
    }
    return &c->paths[i];
}

void chart_box(struct chart *c, const char *kind, double x, double y, double w, double h)
{
    struct desk_buf *b = path_of(c, kind);
    if (b && w > 0 && h > 0)
        desk_buf_fmt(b, "M%.4g %.4gh%.4gv%.4gh-%.4gz", x, y, w, h, w);
}

void chart_striped(struct chart *c, const char *kind, double x, double y, double w, double h)
{
    static const double stripe = 2;
    for (int i = 0; i * 2 * stripe < h; i++) {
        double at = i * 2 * stripe;
        chart_box(c, kind, x, y + at, w, h - at < stripe ? h - at : stripe);
    }
}

void chart_line(struct chart *c, const char *kind, bool first, double x, double y)
{
    struct desk_buf *b = path_of(c, kind);
    if (b)
        desk_buf_fmt(b, "%c%.4g %.4g", first ? 'M' : 'L', x, y);
}

void chart_text(struct chart *c, const char *kind, double x, double y, const char *text)
{
    char at[24];
    size_t i = c->n_texts++;
    desk_view_setf(c->v, kind, "Charts.%s.Texts.%zu.C", c->name, i);
    snprintf(at, sizeof at, "%.4g", x);
    desk_view_setf(c->v, at, "Charts.%s.Texts.%zu.X", c->name, i);
    snprintf(at, sizeof at, "%.4g", y);
    desk_view_setf(c->v, at, "Charts.%s.Texts.%zu.Y", c->name, i);
    desk_view_setf(c->v, text, "Charts.%s.Texts.%zu.T", c->name, i);
}

void chart_end(struct chart *c)
{
    for (size_t i = 0; i < c->n_kinds; i++) {
        desk_view_setf(c->v, c->kinds[i], "Charts.%s.Shapes.%zu.C", c->name, i);
        desk_view_setf(c->v, desk_buf_cstr(&c->paths[i]), "Charts.%s.Shapes.%zu.D", c->name, i);
        desk_buf_clear(&c->paths[i]);
    }
}
