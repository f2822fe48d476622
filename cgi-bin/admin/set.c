/* GET /settings: what can be set. GET and POST /settings/…: a page of set_pages.c as a form.
 * GET /settings/versions: what was saved; POST /settings/versions/:n/back goes back to one. */
#include "cgi-bin/admin/admin.h"
#include "cgi-bin/admin/set.h"
#include "store/versions.h"
#include "talk/business.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LISTED 30

/* ---- the document ---------------------------------------------------------------------------- */

const char *set_branch(const struct desk_request *req)
{
    const char *at = desk_form_get(&req->form, "at");
    if (!at)
        at = desk_form_get(&req->query_form, "at");
    return at && *at ? at : NULL;
}

/* Which item of the locations; 0 = the main one. False: there is no such branch. */
static bool find_branch(const json_t *doc, const char *branch, size_t *i)
{
    const json_t *list = json_object_get(doc, "locations");
    *i = 0;
    if (!branch)
        return true;
    for (size_t k = 0; k < json_array_size(list); k++) {
        const char *name = json_string_value(json_object_get(json_array_get(list, k), "branch"));
        if (name && strcmp(name, branch) == 0) {
            *i = k + 1;
            return true;
        }
    }
    return false;
}

/* What may be written in two ways, as the forms know it. */
static void plainly(json_t *whole)
{
    json_t *greeting = json_object_get(whole, "greeting"),
           *escalation = json_object_get(whole, "escalation");
    if (json_is_string(greeting))
        json_object_set_new(whole, "greeting", json_pack("{s:O}", "open", greeting));
    if (escalation && !json_object_get(escalation, "triggers"))
        json_object_set_new(escalation, "triggers",
                            json_pack("[s,s,s,s,s,s]", "budget", "full_remodel", "angry_client",
                                      "owner_request", "complex_electrical", "complex_plumbing"));
}

enum desk_rc set_location_doc(const json_t *doc, const char *branch, json_t **whole)
{
    size_t i;
    *whole = NULL;
    if (!find_branch(doc, branch, &i))
        return DESK_ENOTFOUND;
    *whole = desk_business_file_location(doc, i);
    if (*whole)
        plainly(*whole);
    return *whole ? DESK_OK : DESK_ENOMEM;
}

/* The location's document back into the business's: a branch keeps what it says otherwise. */
static enum desk_rc put_back(json_t *doc, const char *branch, json_t *whole)
{
    size_t i;
    json_t *list = json_object_get(doc, "locations");
    if (!find_branch(doc, branch, &i))
        return DESK_ENOTFOUND;
    if (i) {
        json_t *main = desk_business_file_location(doc, 0);
        json_t *patch = main ? desk_business_diff(main, whole) : NULL;
        if (patch)
            json_object_set(patch, "numbers", json_object_get(whole, "numbers"));
        json_decref(main);
        return patch && json_array_set_new(list, i - 1, patch) == 0 ? DESK_OK : DESK_ENOMEM;
    }
    json_incref(list);
    json_object_clear(doc);
    int bad = json_object_update(doc, whole);
    if (list && json_object_set_new(doc, "locations", list))
        bad = 1;
    return bad ? DESK_ENOMEM : DESK_OK;
}

enum desk_rc set_show_branches(struct desk_request *req, struct desk_view *v)
{
    struct desk_location *l;
    size_t n = 0;
    const char *here = set_branch(req);
    enum desk_rc rc = desk_location_list(req->db, req->arena, req->tenant.id, &l, &n);
    if (rc || n < 2)
        return rc;
    desk_view_set(v, "At", here);
    for (size_t i = 0; i < n; i++) {
        desk_view_setf(v, i ? l[i].name : "", "Branches.%zu.Value", i);
        desk_view_setf(v, l[i].name, "Branches.%zu.Label", i);
        desk_view_setf(v, here && strcmp(here, l[i].name) == 0 ? "1" : "", "Branches.%zu.Here", i);
    }
    return DESK_OK;
}

/* ---- saving ---------------------------------------------------------------------------------- */

static enum desk_rc export_text(struct desk_request *req, const char **text)
{
    json_t *doc;
    enum desk_rc rc = desk_business_export(req->db, req->arena, req->tenant.id, &doc);
    char *s = rc ? NULL : json_dumps(doc, JSON_COMPACT | JSON_SORT_KEYS);
    *text = desk_arena_strdup(req->arena, s);
    free(s);
    json_decref(doc);
    return rc || *text ? rc : DESK_ENOMEM;
}

/* What is there now is kept as a version, too, if no page wrote it. */
static enum desk_rc keep_before(struct desk_request *req, int64_t *number)
{
    struct desk_profile_version last;
    const char *now;
    enum desk_rc rc = export_text(req, &now);
    if (rc)
        return rc;
    rc = desk_profile_version_last(req->db, req->arena, req->tenant.id, &last);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    if (!rc && strcmp(last.doc, now) == 0) {
        *number = last.number;
        return DESK_OK;
    }
    return desk_profile_version_add(req->db, req->tenant.id, "before", NULL, now, number);
}

enum desk_rc set_save(struct desk_request *req, const json_t *doc, const char *what,
                      const char *said, char *why, size_t n)
{
    int64_t before = 0, number = 0;
    const char *now;
    enum desk_rc rc = keep_before(req, &before);
    if (!rc)
        rc = desk_business_put(req->db, doc, why, n);
    if (!rc)
        rc = export_text(req, &now);
    if (!rc)
        rc = desk_profile_version_add(req->db, req->tenant.id, what, req->user.id, now, &number);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id,
                            desk_arena_fmt(req->arena, "settings.%s", what), NULL);
    if (!rc)
        rc = desk_page_result(
            req,
            desk_arena_fmt(req->arena, "%s as version %lld. The next call uses it.", said,
                           (long long)number),
            desk_arena_fmt(req->arena, "/settings/versions/%lld/back", (long long)before));
    return rc;
}

/* ---- one page -------------------------------------------------------------------------------- */

static const struct set_page *page_of(const struct desk_request *req)
{
    const char *slug = req->path + sizeof "/settings/" - 1;
    slug = desk_arena_strndup(req->arena, slug, strcspn(slug, "/"));
    return set_page_find(slug ? slug : "");
}

static enum desk_rc show(struct set_form *f, const char *error)
{
    struct desk_business b;
    struct desk_request *req = f->req;
    struct desk_location *l;
    size_t n = 0, i = 0;
    const char *branch = set_branch(req), *title = f->page->title;
    struct desk_view *v =
        desk_page_begin(req, error ? desk_arena_fmt(req->arena, "Error: %s", title) : title);
    enum desk_rc rc =
        v ? desk_location_list(req->db, req->arena, req->tenant.id, &l, &n) : DESK_ENOMEM;
    while (!rc && branch && i < n && strcmp(l[i].name, branch) != 0)
        i++;
    if (!rc && i == n)
        rc = DESK_ENOTFOUND;
    if (!rc)
        rc = desk_business_load(req->db, req->arena, req->tenant.id, l[i].id, &b);
    if (!rc && f->page->above)
        rc = f->page->above(req, v, &b);
    if (!rc)
        rc = set_show_branches(req, v);
    if (rc)
        return rc;
    desk_view_set(v, "Set.Title", title);
    desk_view_set(v, "Set.Slug", f->page->slug);
    desk_view_set(v, "Set.Seen", set_seen(req->arena, f->page, f->clean));
    desk_view_set(v, "Set.Intro", f->page->intro);
    desk_view_set(v, "Set.Save", f->page->save);
    set_show(f, v);
    if (error)
        desk_page_error(v, error);
    return desk_page_send(req, v, error ? 422 : 0);
}

static void told(void *ctx, int line, const char *sentence)
{
    (void)line;
    set_problem(ctx, sentence);
}

/* Who wrote this page last, for whoever wrote at the same time. */
static const char *meanwhile(struct desk_request *req, const struct set_page *page)
{
    struct desk_audit last;
    struct desk_user u;
    char time[24];
    const char *action = desk_arena_fmt(req->arena, "settings.%s", page->slug);
    const char *who = "Somebody";
    if (!action || desk_audit_last(req->db, req->arena, req->tenant.id, action, &last))
        return "This was changed meanwhile. Your version is below; save again to replace it.";
    if (last.user_id && !desk_user_get(req->db, req->arena, req->tenant.id, last.user_id, &u))
        who = u.login;
    return desk_arena_fmt(
        req->arena, "%s changed this at %s. Your version is below; save again to replace it.", who,
        desk_when_time(time, sizeof time, desk_page_zone(req), last.created_at, false));
}

/* Another look at the document inside the transaction: what was checked is what is replaced. */
static enum desk_rc write(struct desk_request *req, json_t *was, const json_t *doc,
                          const struct set_page *page, char *why, size_t n)
{
    json_t *now = NULL;
    enum desk_rc rc = desk_business_export(req->db, req->arena, req->tenant.id, &now);
    if (!rc && !json_equal(now, was))
        rc = DESK_ESTALE;
    if (!rc)
        rc = set_save(req, doc, page->slug, desk_arena_fmt(req->arena, "%s saved", page->title),
                      why, n);
    json_decref(now);
    return rc;
}

/* The form's own values back on the page, with what is wrong. */
static const char *refused(const struct set_form *f)
{
    return f->general ? f->general : "Nothing was saved yet. Mend what is marked below.";
}

static enum desk_rc save(struct set_form *f, json_t *was, json_t *doc)
{
    char why[300] = "";
    struct desk_request *req = f->req;
    const char *branch = set_branch(req);
    const char *seen = desk_form_text(&req->form, "seen");
    const char *now = set_seen(req->arena, f->page, f->clean);
    bool fine = set_read(f);
    if (!now || strcmp(seen, now) != 0)
        return show(f, meanwhile(req, f->page));
    enum desk_rc rc = fine ? put_back(doc, branch, f->whole) : DESK_EINVAL;
    if (!rc)
        rc = desk_business_check(doc, told, f);
    if (rc == DESK_EINVAL)
        return show(f, refused(f));
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_tx_end(req->db, write(req, was, doc, f->page, why, sizeof why));
    if (rc == DESK_ESTALE)
        return show(f, meanwhile(req, f->page));
    if (rc == DESK_ECONFLICT)
        return show(f, desk_arena_fmt(req->arena, "Nothing was saved: %s.", why));
    if (!rc)
        desk_reply_redirect(req, branch ? desk_arena_fmt(req->arena, "%s?at=%s", req->path, branch)
                                        : req->path);
    return rc;
}

static enum desk_rc with_doc(struct desk_request *req,
                             enum desk_rc (*go)(struct set_form *f, json_t *was, json_t *doc))
{
    json_t *was = NULL, *doc = NULL;
    struct set_form f = {.req = req, .page = page_of(req)};
    enum desk_rc rc = desk_business_export(req->db, req->arena, req->tenant.id, &was);
    if (!rc)
        rc = (doc = json_deep_copy(was)) ? DESK_OK : DESK_ENOMEM;
    if (!rc)
        rc = set_location_doc(doc, set_branch(req), &f.whole);
    if (!rc)
        rc = (f.clean = json_deep_copy(f.whole)) ? DESK_OK : DESK_ENOMEM;
    f.country = json_string_value(json_object_get(f.whole, "country"));
    f.country = desk_arena_strdup(req->arena, f.country ? f.country : "US");
    if (!rc)
        rc = go(&f, was, doc);
    json_decref(f.clean);
    json_decref(f.whole);
    json_decref(doc);
    json_decref(was);
    return rc;
}

/* req->detail: what another form of the page was refused for; NULL. */
static enum desk_rc just_show(struct set_form *f, json_t *was, json_t *doc)
{
    (void)was;
    (void)doc;
    return show(f, f->req->detail);
}

enum desk_rc set_page_again(struct desk_request *req)
{
    return with_doc(req, just_show);
}

enum desk_rc admin_settings_page(struct desk_request *req)
{
    return with_doc(req, just_show);
}

enum desk_rc admin_settings_save(struct desk_request *req)
{
    return with_doc(req, save);
}

/* ---- overview and versions ------------------------------------------------------------------- */

static const struct {
    const char *path, *title, *about;
} others[] = {
    {"/exceptions", "Put straight through", "Numbers Frontdesk asks nothing"},
    {"/calendars", "Calendars", "Google, and calendars at an address"},
    {"/settings/scripts", "What Frontdesk is told", "The script of each kind of call"},
    {"/settings/chat", "Website chat", "Visitors of your website write to Frontdesk"},
    {"/settings/texts", "Texts", "The words of each text (SMS) that is sent"},
    {"/settings/limits", "Limits", "What calls may cost, and what happens then"},
    {"/settings/rules", "Calls, callbacks and texts", "Recording, when callbacks are due, texts"},
    {"/settings/hearing", "How it listens", "For whoever knows this line well"},
    {"/settings/prices", "Prices", "What calls cost you, by day"},
    {"/settings/connections", "Connections", "Twilio, the voice, Telegram, Google: a test of each"},
    {"/settings/webhooks", "Webhooks", "Other programs that are told of what happens"},
    {"/settings/tokens", "Tokens for programs", "Who may ask by the REST API"},
    {"/settings/users", "Sign-ins", "Who may sign in, and what they may do"},
    {"/settings/you", "You", "Your password, the second step, your browsers"},
    {"/settings/audit", "Who looked at what", "Each look at a caller's data, and each change"},
    {"/settings/versions", "Versions", "What was saved when, and the way back"},
};

static const struct {
    const char *slug, *about;
} abouts[] = {
    {"hours", "The week, holidays, closings and notes that end by themselves"},
    {"people", "You, staff, who is on call, groups"},
    {"answering", "Who answers first, first words, voice, numbers"},
    {"services", "Services with their lengths, booking rules"},
    {"urgent", "What is an emergency, who hears of it"},
    {"callers", "Suppliers, key customers, words that tell what is wanted"},
    {"notices", "After calls, summaries, reminders, health data"},
};

enum desk_rc admin_settings(struct desk_request *req)
{
    struct desk_view *v = desk_page_begin(req, "Settings");
    size_t n = 0;
    if (!v)
        return DESK_ENOMEM;
    for (size_t i = 0; i < sizeof abouts / sizeof *abouts; i++, n++) {
        const struct set_page *p = set_page_find(abouts[i].slug);
        desk_view_setf(v, p->title, "Pages.%zu.Title", n);
        desk_view_setf(v, abouts[i].about, "Pages.%zu.About", n);
        desk_view_setf(v, desk_arena_fmt(req->arena, "/settings/%s", p->slug), "Pages.%zu.Path", n);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++, n++) {
        desk_view_setf(v, others[i].title, "Pages.%zu.Title", n);
        desk_view_setf(v, others[i].about, "Pages.%zu.About", n);
        desk_view_setf(v, others[i].path, "Pages.%zu.Path", n);
    }
    return desk_page_send(req, v, 0);
}

static const char *what_words(const char *what)
{
    const struct set_page *p = set_page_find(what);
    return p                              ? p->title
           : strcmp(what, "texts") == 0   ? "Texts"
           : strcmp(what, "scripts") == 0 ? "Which script is used when"
           : strcmp(what, "back") == 0    ? "Gone back to an older version"
                                          : "As it was before, by a file or a command";
}

enum desk_rc admin_settings_versions(struct desk_request *req)
{
    struct desk_profile_version *rows;
    struct desk_user u;
    size_t n = 0;
    struct desk_view *v = desk_page_begin(req, "Versions");
    enum desk_rc rc =
        v ? desk_profile_version_list(req->db, req->arena, req->tenant.id, LISTED, &rows, &n)
          : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++) {
        char prefix[32];
        snprintf(prefix, sizeof prefix, "Rows.%zu", i);
        desk_view_fields(v, prefix, &desk_profile_version_fields, &rows[i]);
        desk_view_setf(v, what_words(rows[i].what), "%s.Words", prefix);
        if (rows[i].user_id &&
            !desk_user_get(req->db, req->arena, req->tenant.id, rows[i].user_id, &u))
            desk_view_setf(v, u.login, "%s.Who", prefix);
        desk_view_setf(v, i == 0 ? "1" : "", "%s.Now", prefix);
    }
    return rc ? rc : desk_page_send(req, v, 0);
}

static void first_problem(void *ctx, int line, const char *sentence)
{
    struct desk_request *req = ctx;
    (void)line;
    if (!req->detail)
        req->detail =
            desk_arena_fmt(req->arena, "That version does not fit any more: %s.", sentence);
}

enum desk_rc admin_settings_back(struct desk_request *req)
{
    char why[300] = "";
    struct desk_profile_version old;
    json_t *doc = NULL;
    enum desk_rc rc = desk_profile_version_get(req->db, req->arena, req->tenant.id,
                                               desk_param(req, "n")->num, &old);
    if (!rc)
        rc = (doc = json_loads(old.doc, 0, NULL)) ? DESK_OK : DESK_EINTERNAL;
    if (!rc)
        rc = desk_business_check(doc, first_problem, req);
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    if (!rc) {
        rc = desk_tx_end(req->db, set_save(req, doc, "back",
                                           desk_arena_fmt(req->arena, "Version %lld is back",
                                                          (long long)old.number),
                                           why, sizeof why));
        if (rc == DESK_ECONFLICT)
            req->detail = desk_arena_fmt(req->arena, "Nothing was changed: %s.", why);
    }
    json_decref(doc);
    if (!rc)
        desk_reply_redirect(req, "/settings/versions");
    return rc;
}
