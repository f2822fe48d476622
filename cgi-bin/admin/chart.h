/* A chart as shapes and words for a template (templates/admin/reports.cs, macro chart): drawn here,
 * without a style of its own, so that the pages' strict CSP holds. Under Charts.<name> of the view:
 * Title, Desc, W, H, Shapes.N.C and .D (class and path), Texts.N.C, .X, .Y, .T. */
#ifndef ADMIN_CHART_H
#define ADMIN_CHART_H

#include "base/buf.h"
#include "talk/template.h"

#define CHART_KINDS 8 /* classes of shapes in one chart */

struct chart {
    struct desk_view *v;
    const char *name;
    const char *kinds[CHART_KINDS];
    struct desk_buf paths[CHART_KINDS];
    size_t n_kinds, n_texts;
};

/* title: what it shows; desc: its sentence. Both are read aloud. */
void chart_begin(struct chart *c, struct desk_view *v, const char *name, int width, int height,
                 const char *title, const char *desc);
/* kind is a CSS class, static. */
void chart_box(struct chart *c, const char *kind, double x, double y, double w, double h);
/* The same with a hatching, which tells it from others without colours. */
void chart_striped(struct chart *c, const char *kind, double x, double y, double w, double h);
/* The next point of that line; first: it begins here. */
void chart_line(struct chart *c, const char *kind, bool first, double x, double y);
void chart_text(struct chart *c, const char *kind, double x, double y, const char *text);
/* Puts the shapes into the view and frees them. */
void chart_end(struct chart *c);

#endif
