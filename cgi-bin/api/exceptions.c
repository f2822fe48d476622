/* Exceptions, twice: /v1/exceptions as every resource is, and /exceptions as clients of the
 * concierge system call it (phone_number, contact_name, category), who need but a token. */
#include "cgi-bin/api/api.h"
#include "cgi-bin/api/rest.h"
#include "cgi-bin/api/session.h"
#include "store/exceptions.h"

#include <stdio.h>

#define LIST_MOST 1000 /* the concierge's list has no pages */

/* In a transaction. DESK_ECONFLICT: the number is on the list already. */
static enum desk_rc put_new(struct desk_request *req, const char *number, const char *name,
                            struct desk_exception *out)
{
    const struct desk_value *category = desk_param(req, "category");
    enum desk_rc rc = desk_exception_find(req->db, req->arena, req->tenant.id, number, out);
    if (!rc) {
        req->detail = "This number is on the list already.";
        return DESK_ECONFLICT;
    }
    if (rc == DESK_ENOTFOUND)
        rc = desk_exception_put(req->db, req->tenant.id, number, name,
                                category->given ? category->text : "family");
    return rc ? rc : desk_exception_find(req->db, req->arena, req->tenant.id, number, out);
}

/* ---- /v1 ------------------------------------------------------------------------------------- */

static enum desk_rc add(struct desk_request *req)
{
    struct desk_exception e;
    enum desk_rc rc =
        put_new(req, desk_param(req, "number")->text, desk_param(req, "name")->text, &e);
    return rc ? rc : rest_reply_made(req, e.id);
}

enum desk_rc api_exceptions_add(struct desk_request *req)
{
    return rest_write(req, add);
}

/* The row that is meant, whole. */
static enum desk_rc meant(struct desk_request *req, struct desk_exception *e)
{
    const char *id = desk_param(req, "id")->text;
    enum desk_rc rc = rest_check_match(req, id);
    return rc ? rc : desk_page_one(req->db, req->arena, req->route->of, req->tenant.id, id, e);
}

static enum desk_rc change(struct desk_request *req)
{
    struct desk_exception e;
    const struct desk_value *name = desk_param(req, "name"),
                            *category = desk_param(req, "category");
    enum desk_rc rc = meant(req, &e);
    if (!rc)
        rc =
            desk_exception_put(req->db, req->tenant.id, e.number, name->given ? name->text : e.name,
                               category->given ? category->text : e.category);
    return rc ? rc : rest_reply_row(req, e.id);
}

enum desk_rc api_exceptions_change(struct desk_request *req)
{
    return rest_write(req, change);
}

static enum desk_rc take_off(struct desk_request *req)
{
    struct desk_exception e;
    enum desk_rc rc = meant(req, &e);
    if (!rc)
        rc = desk_exception_remove(req->db, req->tenant.id, e.number);
    req->reply.status = req->route->status;
    return rc;
}

enum desk_rc api_exceptions_remove(struct desk_request *req)
{
    return rest_write(req, take_off);
}

/* ---- the concierge's ------------------------------------------------------------------------- */

/* name and category NULL: null */
static json_t *person_json(const char *number, const char *name, const char *category)
{
    return json_pack("{s:s?, s:s?, s:s?}", "phone_number", number, "contact_name", name, "category",
                     category);
}

enum desk_rc api_concierge_list(struct desk_request *req)
{
    struct desk_exception *rows = NULL;
    size_t n = 0;
    json_t *list = json_array();
    enum desk_rc rc =
        list ? desk_exception_list(req->db, req->arena, req->tenant.id, LIST_MOST, &rows, &n)
             : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++)
        if (json_array_append_new(list,
                                  person_json(rows[i].number, rows[i].name, rows[i].category)))
            rc = DESK_ENOMEM;
    if (rc) {
        json_decref(list);
        return rc;
    }
    return desk_reply_json(req, 200, json_pack("{s:o, s:i}", "exceptions", list, "count", (int)n));
}

static json_t *done_json(const char *message, const char *number, const char *name,
                         const char *category)
{
    json_t *root = person_json(number, name, category);
    if (root)
        json_object_set_new(root, "message", json_string(message));
    return root;
}

static enum desk_rc concierge_add(struct desk_request *req)
{
    struct desk_exception e;
    enum desk_rc rc = put_new(req, desk_param(req, "phone_number")->text,
                              desk_param(req, "contact_name")->text, &e);
    return rc ? rc
              : desk_reply_json(req, 200,
                                done_json("Exception phone number added successfully", e.number,
                                          e.name, e.category)); /* what was sent, not more */
}

enum desk_rc api_concierge_add(struct desk_request *req)
{
    return rest_write(req, concierge_add);
}

static enum desk_rc concierge_remove(struct desk_request *req)
{
    const char *number = desk_param(req, "phone_number")->text;
    enum desk_rc rc = desk_exception_remove(req->db, req->tenant.id, number);
    if (rc == DESK_ENOTFOUND)
        req->detail = "This number is not on the list.";
    return rc ? rc
              : desk_reply_json(req, 200,
                                json_pack("{s:s, s:s}", "message",
                                          "Exception phone number removed successfully",
                                          "phone_number", number));
}

enum desk_rc api_concierge_remove(struct desk_request *req)
{
    return rest_write(req, concierge_remove);
}

enum desk_rc api_concierge_check(struct desk_request *req)
{
    struct desk_exception e = {.id = NULL};
    const char *number = desk_param(req, "phone_number")->text;
    enum desk_rc rc = desk_exception_find(req->db, req->arena, req->tenant.id, number, &e);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    json_t *root = person_json(number, e.name, e.category);
    json_t *contact = rc ? json_null() : json_copy(root);
    if (!root || !contact || json_object_set_new(root, "found", json_boolean(!rc)) ||
        json_object_set_new(root, "contact", contact)) {
        json_decref(root);
        return DESK_ENOMEM;
    }
    return desk_reply_json(req, 200, root);
}

enum desk_rc api_concierge_test_db(struct desk_request *req)
{
    struct desk_exception *rows;
    size_t n;
    enum desk_rc rc = desk_exception_list(req->db, req->arena, req->tenant.id, 1, &rows, &n);
    return rc ? rc
              : desk_reply_json(req, 200,
                                json_pack("{s:s}", "status", "Database connection successful"));
}
