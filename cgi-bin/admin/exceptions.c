/* GET /exceptions: numbers that are put straight through; POST /exceptions adds one (or changes
 * name and group of one that is on the list); POST /exceptions/:id/remove and …/back take one off
 * and put it back. */
#include "cgi-bin/admin/admin.h"
#include "core/phone.h"
#include "store/exceptions.h"

#include <stdio.h>
#include <string.h>

#define MOST 1000

/* The groups a page offers; others come by the API and stay as they are. */
static const struct {
    const char *value, *label;
} groups[] = {{"family", "Family"}, {"friend", "Friend"}, {"work", "Work"}, {"other", "Other"}};
#define GROUPS (sizeof groups / sizeof *groups)

static const char *group_label(const char *value)
{
    for (size_t i = 0; i < GROUPS; i++)
        if (strcmp(groups[i].value, value) == 0)
            return groups[i].label;
    return value;
}

static enum desk_rc set_rows(struct desk_request *req, struct desk_view *v)
{
    struct desk_exception *rows;
    size_t n = 0;
    char prefix[32], number[64];
    enum desk_rc rc = desk_exception_list(req->db, req->arena, req->tenant.id, MOST, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        snprintf(prefix, sizeof prefix, "Rows.%zu", i);
        desk_view_fields(v, prefix, &desk_exception_fields, &rows[i]);
        desk_view_setf(v, desk_phone_national(number, sizeof number, rows[i].number), "%s.Shown",
                       prefix);
        desk_view_setf(v, group_label(rows[i].category), "%s.Group", prefix);
    }
    if (n == MOST)
        desk_view_set(v, "Cut", "1");
    return rc;
}

/* The form as it was sent, with a sentence beside each field that does not fit. */
static void set_form(struct desk_request *req, struct desk_view *v, bool sent)
{
    static const char *const fields[] = {"name", "number", "category"};
    const char *chosen = desk_param(req, "category")->text;
    for (size_t i = 0; i < GROUPS; i++) {
        desk_view_setf(v, groups[i].value, "Groups.%zu.Value", i);
        desk_view_setf(v, groups[i].label, "Groups.%zu.Label", i);
        desk_view_setf(v, strcmp(groups[i].value, chosen) == 0 ? "1" : "", "Groups.%zu.Here", i);
    }
    for (size_t i = 0; sent && i < sizeof fields / sizeof *fields; i++) {
        const struct desk_value *p = desk_param(req, fields[i]);
        desk_view_setf(v, p->text, "Form.%s", fields[i]);
        if (p->error)
            desk_view_setf(v, p->error, "Wrong.%s", fields[i]);
    }
}

static enum desk_rc show(struct desk_request *req, bool wrong)
{
    struct desk_view *v =
        desk_page_begin(req, wrong ? "Error: Put straight through" : "Put straight through");
    if (!v)
        return DESK_ENOMEM;
    set_form(req, v, wrong);
    enum desk_rc rc = set_rows(req, v);
    if (!rc && wrong)
        desk_page_error(v, "That number was not added.");
    return rc ? rc : desk_page_send(req, v, wrong ? 422 : 0);
}

enum desk_rc admin_exceptions(struct desk_request *req)
{
    return show(req, false);
}

static enum desk_rc add(struct desk_request *req, const char *number)
{
    struct desk_exception had;
    char shown[64];
    const char *name = desk_param(req, "name")->text, *group = desk_param(req, "category")->text;
    enum desk_rc before = desk_exception_find(req->db, req->arena, req->tenant.id, number, &had);
    if (before && before != DESK_ENOTFOUND)
        return before;
    enum desk_rc rc = desk_exception_put(req->db, req->tenant.id, number, name,
                                         *group ? group : groups[GROUPS - 1].value);
    desk_phone_national(shown, sizeof shown, number);
    if (rc)
        return rc;
    return desk_page_result(
        req,
        before ? desk_arena_fmt(req->arena, "Added: %s, %s is put straight through.", name, shown)
               : desk_arena_fmt(req->arena, "%s was on the list as %s; it is changed.", shown,
                                had.name),
        NULL);
}

enum desk_rc admin_exception_add(struct desk_request *req)
{
    if (req->bad_values)
        return show(req, true);
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_tx_end(req->db, add(req, desk_param(req, "number")->text));
    if (!rc)
        desk_reply_redirect(req, "/exceptions");
    return rc;
}

/* ---- off the list, and back ------------------------------------------------------------------ */

static enum desk_rc remove_it(struct desk_request *req, const struct desk_exception *e)
{
    enum desk_rc rc = desk_exception_remove(req->db, req->tenant.id, e->number);
    if (rc && rc != DESK_ENOTFOUND) /* not there any more: pressed twice */
        return rc;
    return desk_page_result(
        req, desk_arena_fmt(req->arena, "Removed: %s.", e->name),
        admin_undo(req, desk_arena_fmt(req->arena, "/exceptions/%s/back", e->id)));
}

static enum desk_rc put_back(struct desk_request *req, const struct desk_exception *e)
{
    enum desk_rc rc = desk_exception_put(req->db, req->tenant.id, e->number, e->name, e->category);
    return rc ? rc
              : desk_page_result(req, desk_arena_fmt(req->arena, "Back on the list: %s.", e->name),
                                 NULL);
}

static enum desk_rc act(struct desk_request *req,
                        enum desk_rc (*change)(struct desk_request *,
                                               const struct desk_exception *))
{
    struct desk_exception e;
    enum desk_rc rc =
        desk_exception_any(req->db, req->arena, req->tenant.id, desk_param(req, "id")->text, &e);
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_tx_end(req->db, change(req, &e));
    if (!rc)
        desk_reply_redirect(req, admin_back(req, "/exceptions"));
    return rc;
}

enum desk_rc admin_exception_remove(struct desk_request *req)
{
    return act(req, remove_it);
}

enum desk_rc admin_exception_back(struct desk_request *req)
{
    return act(req, put_back);
}
