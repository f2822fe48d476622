/* GET /settings/scripts: the scripts. GET /settings/scripts/NAME: one of them, with what Frontdesk
 * is told by it in an example call; POST tries what was typed or saves it. …/NAME/N is an older
 * one beside what runs now, …/NAME/N/back goes back to it. A script that cannot be rendered in
 * each of the example calls is refused, so that none reaches a caller. */
#include "cgi-bin/admin/admin.h"
#include "cgi-bin/admin/set.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/paths.h"
#include "core/text_diff.h"
#include "store/versions.h"
#include "talk/business.h"
#include "talk/prompt.h"
#include "talk/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LISTED 30

/* ---- example calls --------------------------------------------------------------------------- */

static const struct desk_contact dana = {.id = "example",
                                         .name = "Dana Whitfield",
                                         .company = "Whitfield & Sons",
                                         .systems = "lighting, shades",
                                         .preferred = "text",
                                         .notes = "Has a dog.",
                                         .calls = 3};

static const struct example {
    const char *name, *label, *caller_kind, *emergency;
    bool known;
} examples[] = {
    {"new", "Somebody new", "new", NULL, false},
    {"known", "A caller we know", "known", NULL, true},
    {"hidden", "A hidden number", "withheld", NULL, false},
    {"urgent", "An emergency", "known", "water is pouring", true},
};
#define EXAMPLES (sizeof examples / sizeof *examples)

struct script_page {
    struct desk_request *req;
    const struct desk_script *script;
    struct desk_script_text last; /* number 0: never written */
    struct desk_tenant tenant;
    const char *house, *runs; /* the file's text, and what runs */
};

static enum desk_rc render(const struct script_page *p, const struct example *e, const char *own,
                           const char **text, char *version, char *why, size_t n)
{
    struct desk_call call = {.id = "example",
                             .tenant_id = p->tenant.id,
                             .location_id = p->req->location.id,
                             .from_number = strcmp(e->name, "hidden") == 0 ? NULL : "+18605550134",
                             .to_number = "+18605550100",
                             .caller_kind = e->caller_kind,
                             .script = p->script->name};
    const struct desk_prompt_input in = {.tenant = &p->tenant,
                                         .location = &p->req->location,
                                         .call = &call,
                                         .contact = e->known ? &dana : NULL,
                                         .emergency = e->emergency,
                                         .owner_told = e->emergency != NULL,
                                         .own = own};
    return desk_prompt_try(p->req->arena, &in, text, version, why, n);
}

/* Can it be a script? In none of the example calls may it fail. */
static enum desk_rc check(const struct script_page *p, const char *own, char *why, size_t n)
{
    char version[DESK_TEMPLATE_VERSION];
    const char *text;
    enum desk_rc rc = desk_script_check(own, why, n);
    for (size_t i = 0; !rc && i < EXAMPLES; i++)
        rc = render(p, &examples[i], own, &text, version, why, n);
    return rc;
}

static const struct example *chosen(const struct desk_request *req)
{
    const char *as = desk_param(req, "as")->text;
    for (size_t i = 0; i < EXAMPLES; i++)
        if (strcmp(examples[i].name, as) == 0)
            return &examples[i];
    return &examples[1];
}

/* ---- loading --------------------------------------------------------------------------------- */

static enum desk_rc house_text(struct desk_request *req, const struct desk_script *s,
                               const char **text)
{
    char path[DESK_PATH_LEN], below[160];
    struct desk_buf b;
    snprintf(below, sizeof below, "templates/%s", s->template);
    desk_buf_init(&b, DESK_MAX_TEMPLATE);
    *text = desk_file_read(&b, desk_path_share(path, below))
                ? desk_arena_strdup(req->arena, desk_buf_cstr(&b))
                : NULL;
    desk_buf_clear(&b);
    return *text ? DESK_OK : DESK_EINTERNAL;
}

static enum desk_rc load(struct desk_request *req, struct script_page *p)
{
    const char *name = desk_param(req, "name")->text;
    *p = (struct script_page){.req = req, .script = desk_script_find(name)};
    if (!desk_script_is(name))
        return DESK_ENOTFOUND;
    enum desk_rc rc = desk_tenant_get(req->db, req->arena, req->tenant.id, &p->tenant);
    if (!rc)
        rc = house_text(req, p->script, &p->house);
    if (rc)
        return rc;
    p->runs = p->house;
    rc = desk_script_text_last(req->db, req->arena, req->tenant.id, name, &p->last);
    if (!rc && *p->last.text)
        p->runs = p->last.text;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

/* ---- the list -------------------------------------------------------------------------------- */

/* In which situations the business uses it: "when closed, sales". */
static const char *used_when(struct desk_arena *a, const struct desk_business *b, const char *name)
{
    const char *out = "";
    for (size_t i = 0; out && i < b->n_scripts; i++)
        if (strcmp(b->scripts[i].script, name) == 0)
            out = desk_arena_fmt(a, "%s%s%s", out, *out ? ", " : "", b->scripts[i].when);
    return out;
}

enum desk_rc admin_scripts(struct desk_request *req)
{
    struct desk_business b;
    struct desk_view *v = desk_page_begin(req, "What Frontdesk is told");
    enum desk_rc rc =
        v ? desk_business_load(req->db, req->arena, req->tenant.id, NULL, &b) : DESK_ENOMEM;
    for (size_t i = 0; !rc && desk_scripts[i].name; i++) {
        struct desk_script_text last = {.text = ""};
        const struct desk_script *s = &desk_scripts[i];
        rc = desk_script_text_last(req->db, req->arena, req->tenant.id, s->name, &last);
        rc = rc == DESK_ENOTFOUND ? DESK_OK : rc;
        desk_view_setf(v, s->name, "Rows.%zu.Name", i);
        desk_view_setf(v, s->help, "Rows.%zu.Help", i);
        desk_view_setf(v, used_when(req->arena, &b, s->name), "Rows.%zu.When", i);
        desk_view_setf(v, last.text && *last.text ? "1" : "", "Rows.%zu.Own", i);
    }
    return rc ? rc : desk_page_send(req, v, 0);
}

/* ---- one script ------------------------------------------------------------------------------ */

static enum desk_rc show_versions(const struct script_page *p, struct desk_view *v)
{
    struct desk_script_text *rows;
    struct desk_request *req = p->req;
    struct desk_user u;
    size_t n = 0;
    enum desk_rc rc = desk_script_text_list(req->db, req->arena, req->tenant.id, p->script->name,
                                            LISTED, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        char prefix[40];
        snprintf(prefix, sizeof prefix, "Versions.%zu", i);
        desk_view_int(v, "Count", (int64_t)n);
        desk_view_fields(v, prefix, &desk_script_text_fields, &rows[i]);
        desk_view_setf(v, *rows[i].text ? "" : "1", "%s.House", prefix);
        desk_view_setf(v, i == 0 ? "1" : "", "%s.Now", prefix);
        if (rows[i].user_id &&
            !desk_user_get(req->db, req->arena, req->tenant.id, rows[i].user_id, &u))
            desk_view_setf(v, u.login, "%s.Who", prefix);
    }
    return rc;
}

/* typed: what is in the form; error: why it is refused, or NULL. */
static enum desk_rc show(const struct script_page *p, const char *typed, const char *error)
{
    char version[DESK_TEMPLATE_VERSION] = "", why[300];
    const char *text = NULL;
    struct desk_request *req = p->req;
    const char *title =
        desk_arena_fmt(req->arena, "%sScript %s", error ? "Error: " : "", p->script->name);
    struct desk_view *v = title ? desk_page_begin(req, title) : NULL;
    enum desk_rc rc = v ? show_versions(p, v) : DESK_ENOMEM;
    if (rc)
        return rc;
    const struct example *as = chosen(req);
    if (!error && !render(p, as, typed, &text, version, why, sizeof why)) {
        desk_view_set(v, "Preview", text);
        desk_view_set(v, "Version", version);
    }
    desk_view_set(v, "Name", p->script->name);
    desk_view_set(v, "Help", p->script->help);
    desk_view_set(v, "Text", typed);
    desk_view_int(v, "Seen", p->last.number);
    desk_view_set(v, "Own", p->runs != p->house ? "1" : "");
    desk_view_set(v, "Tried", strcmp(typed, p->runs) != 0 ? "1" : "");
    desk_view_set(v, "Wrong", error);
    for (size_t i = 0; i < EXAMPLES; i++) {
        desk_view_setf(v, examples[i].name, "As.%zu.Value", i);
        desk_view_setf(v, examples[i].label, "As.%zu.Label", i);
        desk_view_setf(v, &examples[i] == as ? "1" : "", "As.%zu.Here", i);
    }
    for (size_t i = 0; desk_script_facts[i].name; i++) {
        desk_view_setf(v, desk_script_facts[i].name, "Facts.%zu.Name", i);
        desk_view_setf(v, desk_script_facts[i].help, "Facts.%zu.Help", i);
    }
    if (error)
        desk_page_error(v, "Nothing was saved: calls run as before.");
    return desk_page_send(req, v, error ? 422 : 0);
}

enum desk_rc admin_script(struct desk_request *req)
{
    struct script_page p;
    enum desk_rc rc = load(req, &p);
    return rc ? rc : show(&p, p.runs, NULL);
}

/* In a transaction. */
static enum desk_rc write(const struct script_page *p, const char *text, const char *said)
{
    struct desk_request *req = p->req;
    struct desk_script_text now = {.number = 0};
    int64_t number = 0;
    enum desk_rc rc =
        desk_script_text_last(req->db, req->arena, req->tenant.id, p->script->name, &now);
    if (rc == DESK_ENOTFOUND)
        rc = DESK_OK;
    if (!rc && now.number != p->last.number)
        return DESK_ESTALE;
    if (!rc)
        rc = desk_script_text_add(req->db, req->tenant.id, p->script->name, text, req->user.id,
                                  &number);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "settings.script",
                            p->script->name);
    return rc ? rc
              : desk_page_result(req,
                                 desk_arena_fmt(req->arena,
                                                "%s as version %lld. The next call uses it.", said,
                                                (long long)number),
                                 desk_arena_fmt(req->arena, "/settings/scripts/%s/%lld/back",
                                                p->script->name, (long long)p->last.number));
}

static enum desk_rc save(const struct script_page *p, const char *text, const char *said)
{
    struct desk_request *req = p->req;
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, write(p, text, said));
    if (!rc)
        desk_reply_redirect(req,
                            desk_arena_fmt(req->arena, "/settings/scripts/%s", p->script->name));
    return rc;
}

static const char meanwhile[] =
    "somebody else saved this script meanwhile; look at the newest version below, then save again "
    "to replace it";

/* As browsers send lines: without the \r. */
static const char *plain(struct desk_arena *a, const char *text)
{
    char *out = desk_arena_strdup(a, text), *to = out;
    for (const char *p = out; p && *p; p++)
        if (*p != '\r')
            *to++ = *p;
    if (to)
        *to = '\0';
    return out ? out : "";
}

enum desk_rc admin_script_save(struct desk_request *req)
{
    char why[300] = "";
    struct script_page p;
    const struct desk_value *typed = desk_param(req, "text");
    enum desk_rc rc = load(req, &p);
    if (rc)
        return rc;
    const char *text = desk_arena_fmt(req->arena, "%s\n", plain(req->arena, typed->text));
    if (!text)
        return DESK_ENOMEM;
    if (typed->error)
        return show(&p, text, typed->error);
    rc = check(&p, text, why, sizeof why);
    if (rc == DESK_EINVAL)
        return show(&p, text, why);
    if (rc)
        return rc;
    if (desk_param(req, "try")->num)
        return show(&p, text, NULL);
    if (desk_param(req, "seen")->num != p.last.number)
        return show(&p, text, meanwhile);
    rc = save(&p, text, "Script saved");
    return rc == DESK_ESTALE ? show(&p, text, meanwhile) : rc;
}

/* ---- older versions -------------------------------------------------------------------------- */

/* Number 0, and one that is empty, is the house's file. */
static enum desk_rc load_old(const struct script_page *p, const char **text)
{
    struct desk_script_text old = {.text = ""};
    struct desk_request *req = p->req;
    int64_t n = desk_param(req, "n")->num;
    enum desk_rc rc =
        n ? desk_script_text_get(req->db, req->arena, req->tenant.id, p->script->name, n, &old)
          : DESK_OK;
    *text = old.text;
    return rc;
}

enum desk_rc admin_script_version(struct desk_request *req)
{
    struct script_page p;
    struct desk_diff_line *lines;
    const char *old;
    size_t n = 0;
    enum desk_rc rc = load(req, &p);
    if (!rc)
        rc = load_old(&p, &old);
    if (!rc)
        rc = desk_text_diff(req->arena, *old ? old : p.house, p.runs, &lines, &n);
    if (rc)
        return rc;
    int64_t number = desk_param(req, "n")->num;
    struct desk_view *v =
        desk_page_begin(req, desk_arena_fmt(req->arena, "Version %lld of script %s",
                                            (long long)number, p.script->name));
    if (!v)
        return DESK_ENOMEM;
    desk_view_set(v, "Name", p.script->name);
    desk_view_int(v, "Number", number);
    desk_view_set(v, "House", *old ? "" : "1");
    for (size_t i = 0; i < n; i++) {
        const char *kind = lines[i].sign == '+' ? "plus" : lines[i].sign == '-' ? "minus" : "same";
        desk_view_setf(v, kind, "Lines.%zu.Kind", i);
        desk_view_setf(v, lines[i].text, "Lines.%zu.Text", i);
        if (lines[i].sign != ' ')
            desk_view_set(v, "Different", "1");
    }
    return desk_page_send(req, v, 0);
}

enum desk_rc admin_script_back(struct desk_request *req)
{
    char why[300] = "";
    struct script_page p;
    const char *old;
    enum desk_rc rc = load(req, &p);
    if (!rc)
        rc = load_old(&p, &old);
    if (!rc && *old)
        rc = check(&p, old, why, sizeof why);
    if (rc == DESK_EINVAL)
        req->detail = desk_arena_fmt(req->arena, "That version cannot run any more: %s.", why);
    if (rc)
        return rc;
    rc = save(&p, old,
              *old ? "The older version is back"
                   : "Frontdesk\xe2\x80\x99s own script is "
                     "back");
    if (rc == DESK_ESTALE)
        req->detail = "Somebody else saved this script just now. Look at it first.";
    return rc;
}
