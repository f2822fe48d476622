/* GET and POST of the settings pages that are no part of the business's document. See set_own.h. */
#include "cgi-bin/admin/set_own.h"
#include "cgi-bin/admin/admin.h"
#include "cgi-bin/admin/reports.h"
#include "core/reminders.h"
#include "store/settings.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_MOST 48

struct own_form {
    struct desk_request *req;
    const struct own_page *page;
    struct desk_tenant_settings own;
    bool posted;
    const char *wrong[FIELDS_MOST]; /* sentence of the n-th field of the page, or NULL */
    size_t n_wrong;
};

/* ---- how a value is typed -------------------------------------------------------------------- */

static const char *shown(struct desk_arena *a, const struct own_field *f, const char *value)
{
    long n = strtol(value, NULL, 10);
    const char *text = value;
    if (f->kind == OWN_CENTS)
        text = n ? desk_arena_fmt(a, "%ld.%02ld", n / 100, n % 100) : "";
    else if (f->kind == OWN_DOLLARS)
        text = n ? value : "";
    else if (f->kind == OWN_TICK)
        text = desk_setting_true(value) ? "1" : "";
    return text ? text : "";
}

/* Dollars as people write them, "$1,250" or "2.50" → cents; -1: it is none. */
static int64_t cents_of(const char *text)
{
    int64_t cents = 0;
    int decimals = -1;
    text += *text == '$';
    text += strspn(text, " ");
    if (!*text)
        return -1;
    for (; *text; text++) {
        if (*text == ',' && decimals < 0)
            continue;
        if (*text == '.' && decimals < 0) {
            decimals = 0;
            continue;
        }
        if (!isdigit((unsigned char)*text) || decimals == 2 || cents > INT64_C(1000000000000))
            return -1;
        cents = cents * 10 + (*text - '0');
        decimals += decimals >= 0;
    }
    for (int i = decimals < 0 ? 0 : decimals; i < 2; i++)
        cents *= 10;
    return cents;
}

static const char *money_value(struct desk_arena *a, const struct own_field *f, const char *text,
                               const char **why)
{
    const struct desk_setting_row *row = &desk_setting_rows[f->id];
    bool whole = f->kind == OWN_DOLLARS;
    int64_t cents = *text ? cents_of(text) : 0, most = row->max * (whole ? 100 : 1);
    if (cents < 0 || (whole && cents % 100))
        *why = whole ? "Give whole dollars, like 25. Empty: no limit."
                     : "Give dollars, like 2.50. Empty: no limit.";
    else if (cents > most)
        *why = desk_arena_fmt(a, "That is too much: the most is %lld dollars.",
                              (long long)(most / 100));
    return *why ? NULL : desk_arena_fmt(a, "%lld", (long long)(whole ? cents / 100 : cents));
}

static const char *number_value(struct desk_arena *a, const struct own_field *f, const char *text,
                                const char **why)
{
    const struct desk_setting_row *row = &desk_setting_rows[f->id];
    bool any = !row->min && !row->max;
    long least = row->min, most = any ? 1000000000 : row->max;
    size_t digits = strspn(text, "0123456789");
    long n = digits < 12 ? strtol(text, NULL, 10) : most + 1;
    if (!digits || text[digits] || n < least || n > most) {
        *why = any ? "Give a whole number."
                   : desk_arena_fmt(a, "Give a whole number from %ld to %ld.", least, most);
        return NULL;
    }
    return desk_arena_fmt(a, "%ld", n);
}

/* What was typed → as it is kept; NULL: *why is the sentence beside the field. */
static const char *value_of(struct desk_arena *a, const struct own_field *f, const char *text,
                            const char **why)
{
    char said[200] = "";
    int hours[DESK_REMINDERS];
    *why = NULL;
    if (f->kind == OWN_CENTS || f->kind == OWN_DOLLARS)
        return money_value(a, f, text, why);
    if (f->kind == OWN_NUMBER)
        return number_value(a, f, text, why);
    if (f->kind == OWN_TICK)
        return *text ? "true" : "false";
    if (f->kind == OWN_HOURS && desk_reminders_parse(text, hours) < 0)
        *why = "Give hours with a space between, like 48 3; or none.";
    else if (desk_setting_check(f->id, text, said, sizeof said))
        *why = f->kind == OWN_CHOICE ? "Choose one of these." : desk_arena_strdup(a, said);
    return *why ? NULL : text;
}

/* ---- the page -------------------------------------------------------------------------------- */

static const char *sent(const struct own_form *f, const struct own_field *d)
{
    const char *raw = desk_form_text(&f->req->form, desk_setting_rows[d->id].name);
    raw = raw ? raw : "";
    raw += strspn(raw, " \t\r\n");
    size_t n = strlen(raw);
    while (n && strchr(" \t\r\n", raw[n - 1]))
        n--;
    const char *text = desk_arena_strndup(f->req->arena, raw, n);
    return text ? text : "";
}

/* Which state the page's settings are in: two people at once must not undo each other unseen. */
static const char *seen_of(const struct own_form *f)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (const struct own_section *s = f->page->sections; s->title; s++)
        for (const struct own_field *d = s->fields; d->label; d++)
            for (const char *p = desk_tenant_setting(&f->own, d->id);; p++) {
                h = (h ^ (unsigned char)*p) * UINT64_C(1099511628211);
                if (!*p)
                    break;
            }
    return desk_arena_fmt(f->req->arena, "%016llx", (unsigned long long)h);
}

static const char *input_of(enum own_kind kind)
{
    return kind == OWN_TICK                        ? "tick"
           : kind == OWN_CHOICE                    ? "choice"
           : kind == OWN_LINE || kind == OWN_HOURS ? "line"
                                                   : "number";
}

static void show_field(const struct own_form *f, struct desk_view *v, const char *at,
                       const struct own_field *d, size_t i)
{
    const struct desk_setting_row *row = &desk_setting_rows[d->id];
    const char *text =
        f->posted ? sent(f, d) : shown(f->req->arena, d, desk_tenant_setting(&f->own, d->id));
    const struct {
        const char *name, *value;
    } parts[] = {{"Kind", input_of(d->kind)},
                 {"Name", row->name},
                 {"Label", d->label},
                 {"Help", d->help ? d->help : row->help},
                 {"Value", text},
                 {"Wrong", f->wrong[i]}};
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
        desk_view_setf(v, parts[k].value, "%s.%s", at, parts[k].name);
    for (size_t k = 0; d->choices && d->choices[k].value; k++) {
        desk_view_setf(v, d->choices[k].value, "%s.Choices.%zu.Value", at, k);
        desk_view_setf(v, d->choices[k].label, "%s.Choices.%zu.Label", at, k);
        desk_view_setf(v, strcmp(d->choices[k].value, text) == 0 ? "1" : "", "%s.Choices.%zu.Here",
                       at, k);
    }
}

static void show_fields(const struct own_form *f, struct desk_view *v)
{
    char at[64];
    size_t i = 0, k = 0, w = 0;
    for (const struct own_section *s = f->page->sections; s->title; s++, k++) {
        desk_view_setf(v, s->title, "Sections.%zu.Title", k);
        desk_view_setf(v, s->intro, "Sections.%zu.Intro", k);
        for (const struct own_field *d = s->fields; d->label; d++, i++) {
            snprintf(at, sizeof at, "Sections.%zu.Fields.%zu", k, (size_t)(d - s->fields));
            show_field(f, v, at, d, i);
            if (!f->wrong[i])
                continue;
            desk_view_setf(v, desk_setting_rows[d->id].name, "Wrongs.%zu.Name", w);
            desk_view_setf(v, desk_arena_fmt(f->req->arena, "%s: %s", d->label, f->wrong[i]),
                           "Wrongs.%zu.Text", w++);
        }
    }
}

static enum desk_rc show(const struct own_form *f, const char *error)
{
    struct desk_request *req = f->req;
    const char *title = f->page->title;
    struct desk_view *v =
        desk_page_begin(req, error ? desk_arena_fmt(req->arena, "Error: %s", title) : title);
    enum desk_rc rc = v ? DESK_OK : DESK_ENOMEM;
    if (!rc && f->page->money)
        rc = admin_money(req, v);
    if (rc)
        return rc;
    desk_view_set(v, "Set.Title", title);
    desk_view_set(v, "Set.Slug", f->page->slug);
    desk_view_set(v, "Set.Seen", seen_of(f));
    desk_view_set(v, "Set.Intro", f->page->intro);
    desk_view_set(v, "Set.Save", f->page->save);
    show_fields(f, v);
    if (error)
        desk_page_error(v, error);
    return desk_page_send(req, v, error ? 422 : 0);
}

static enum desk_rc begin(struct desk_request *req, struct own_form *f)
{
    const char *slug = req->path + sizeof "/settings/" - 1;
    *f = (struct own_form){.req = req, .page = own_pages};
    while (f->page->slug && strcmp(f->page->slug, slug) != 0)
        f->page++;
    return f->page->slug ? desk_tenant_settings_load(req->db, req->arena, req->tenant.id, &f->own)
                         : DESK_ENOTFOUND;
}

enum desk_rc admin_own_page(struct desk_request *req)
{
    struct own_form f;
    enum desk_rc rc = begin(req, &f);
    return rc ? rc : show(&f, NULL);
}

/* ---- saving ---------------------------------------------------------------------------------- */

/* As sent, into values; what does not fit is told beside its field. */
static void read_fields(struct own_form *f, const char *values[FIELDS_MOST])
{
    size_t i = 0;
    f->posted = true;
    for (const struct own_section *s = f->page->sections; s->title; s++)
        for (const struct own_field *d = s->fields; d->label && i < FIELDS_MOST; d++, i++) {
            values[i] = value_of(f->req->arena, d, sent(f, d), &f->wrong[i]);
            f->n_wrong += f->wrong[i] != NULL;
        }
}

/* What is the machine's own value again is no value of the business. */
static enum desk_rc put(struct own_form *f, const char *const values[FIELDS_MOST])
{
    char why[200];
    size_t i = 0;
    struct desk_request *req = f->req;
    enum desk_rc rc = DESK_OK;
    for (const struct own_section *s = f->page->sections; s->title; s++)
        for (const struct own_field *d = s->fields; !rc && d->label && i < FIELDS_MOST; d++, i++) {
            const char *v = values[i];
            if (v && strcmp(v, desk_tenant_setting(&f->own, d->id)) == 0)
                continue;
            if (v && strcmp(v, desk_setting(d->id)) == 0)
                v = NULL;
            rc = desk_tenant_setting_put(req->db, req->tenant.id, d->id, v, why, sizeof why);
        }
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id,
                            desk_arena_fmt(req->arena, "settings.%s", f->page->slug), NULL);
    return rc ? rc : desk_page_result(req, "Saved. The next call uses it.", NULL);
}

enum desk_rc admin_own_save(struct desk_request *req)
{
    struct own_form f;
    const char *values[FIELDS_MOST] = {NULL};
    enum desk_rc rc = begin(req, &f);
    if (rc)
        return rc;
    read_fields(&f, values);
    const char *seen = desk_form_text(&req->form, "seen"), *now = seen_of(&f);
    if (!now || !seen || strcmp(seen, now) != 0)
        return show(&f, "This was changed meanwhile. Your version is below; save again to replace "
                        "it.");
    if (f.n_wrong)
        return show(&f, "Nothing was saved yet. Mend what is marked below.");
    rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, put(&f, values));
    if (!rc)
        desk_reply_redirect(req, req->path);
    return rc;
}
