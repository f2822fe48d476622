/* Pages of the admin zone: layout, title, menu, result line, failures and the headers that go with
 * them. A handler fills the view and calls desk_page_send(); ClearSilver stays in talk/template.c.
 *
 * A page template (route->template) is the inside of <main>; templates/admin/layout.cs is around
 * it. Names the layout reads: Page.Title, Page.Body, Business, Menu.*, More.*, Csrf,
 * Result.*, Static.*, Foot.*. Template functions: phone(e164), when(ms), iso(ms), day(ms),
 * date(ms), time(ms), ago(ms), dur(ms), took(ms), mark(ms), clock(ms), money(micros); times are in
 * the location's zone. may(path) and sees(path): would a form to that path, and that page, be
 * answered to whoever asks, by the route table (role and place)? "1" or "", so that a page offers
 * nothing that would only be refused. */
#ifndef DESK_CGI_VIEW_H
#define DESK_CGI_VIEW_H

#include "cgi-bin/web.h"
#include "talk/template.h"

/* Start a page: its view (freed with the arena) with all that the layout needs. title: the thing
 * shown ("Dana Whitfield, 1:52 pm"), before the business and "Frontdesk". NULL: out of memory. */
struct desk_view *desk_page_begin(struct desk_request *req, const char *title);

/* Render the route's template into the reply. status 0 = 200. */
DESK_MUST enum desk_rc desk_page_send(struct desk_request *req, struct desk_view *v, int status);

/* The route's template alone, without the page around it, for a script to put into one. */
DESK_MUST enum desk_rc desk_page_part(struct desk_request *req, struct desk_view *v);

/* Security headers alone, for replies that are no pages (plain text). */
void desk_page_headers(struct desk_request *req);

/* The line at the top of the next page ("Marked done: Marcus Bell."). In a transaction. undo: path
 * that a POST undoes it with, or NULL. */
DESK_MUST enum desk_rc desk_page_result(struct desk_request *req, const char *text,
                                        const char *undo);

/* What is wrong with this page's form or action, shown above the heading with role=alert. */
void desk_page_error(struct desk_view *v, const char *sentence);

/* The zone's fail hook: a page in plain words, never an empty answer. */
void desk_page_fail(struct desk_request *req, enum desk_rc rc);

/* The zone of the location and its clock, as desk_words_* wants them. */
const struct desk_tz *desk_page_zone(const struct desk_request *req);

/* Addresses of static files: Static.Css, Static.Icons, … = "/static/name?v=hash"; the hash is of
 * the content, read once per process. */
void desk_static_view(struct desk_view *v);

#endif
