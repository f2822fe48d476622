/* GET /v1/businesses and /v1/locations: whom a token is for, and its branches, each with what holds
 * there. A token is for one business: another one is not there at all. */
#include "cgi-bin/api/businesses.h"
#include "cgi-bin/api/api.h"
#include "talk/business.h"

#include <string.h>

#define F(member) offsetof(struct api_business, member)
static const struct desk_field business_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"slug", "Slug", DESK_K_TEXT, F(slug), 0, 0, 0, 0},
    {"name", "Name", DESK_K_TEXT, F(name), 0, 0, 0, 0},
    {"trade", "Trade", DESK_K_TEXT, F(trade), 0, 0, 0, 0},
    {"language", "Language", DESK_K_TEXT, F(language), 0, 0, 0, 0},
    {"country", "Country", DESK_K_TEXT, F(country), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"updated_at", "UpdatedAt", DESK_K_TIME, F(updated_at), 0, 0, 0, 0},
};
static DESK_FIELDS(business_table, "business", struct api_business, business_fields);
#undef F

#define F(member) offsetof(struct api_location, member)
static const struct desk_field location_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"business_id", "BusinessId", DESK_K_TEXT, F(business_id), 0, 0, 0, 0},
    {"name", "Name", DESK_K_TEXT, F(name), 0, 0, 0, 0},
    {"main", "Main", DESK_K_BOOL, F(main), 0, 0, 0, 0},
    {"zone", "Zone", DESK_K_TEXT, F(zone), 0, 0, 0, 0},
    {"address", "Address", DESK_K_TEXT, F(address), 0, 0, 0, 0},
    {"language", "Language", DESK_K_TEXT, F(language), 0, 0, 0, 0},
    {"hours_spoken", "HoursSpoken", DESK_K_TEXT, F(hours_spoken), 0, 0, 0, 0},
    {"owner_name", "OwnerName", DESK_K_TEXT, F(owner_name), DESK_F_PII, 0, 0, 0},
    {"owner_phone", "OwnerPhone", DESK_K_TEXT, F(owner_phone), DESK_F_PII | DESK_F_PHONE, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
};
static DESK_FIELDS(location_table, "location", struct api_location, location_fields);
#undef F

const struct desk_page api_page_businesses = {.name = "businesses",
                                              .fields = &business_table,
                                              .when = offsetof(struct api_business, created_at)};
const struct desk_page api_page_locations = {.name = "locations",
                                             .fields = &location_table,
                                             .when = offsetof(struct api_location, created_at)};

/* ---- what both say --------------------------------------------------------------------------- */

static json_t *services_json(const struct desk_business *b)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < b->n_services; i++) {
        const struct desk_service *s = &b->services[i];
        json_t *minutes = s->minutes ? json_integer(s->minutes) : json_null();
        if (json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:s}", "id", s->id, "name",
                                                  s->name, "minutes", minutes, "price", s->price)))
            goto out;
    }
    return list;
out:
    json_decref(list);
    return NULL;
}

/* Adds value, which it takes, to root, which it gives back; NULL: no memory, and root is gone. */
static json_t *with(json_t *root, const char *name, json_t *value)
{
    if (root && value && json_object_set_new(root, name, value) == 0)
        return root;
    if (!root)
        json_decref(value);
    json_decref(root);
    return NULL;
}

/* ---- businesses ------------------------------------------------------------------------------ */

static enum desk_rc business_json(struct desk_request *req, json_t **root)
{
    const struct desk_tenant *t = &req->tenant;
    const struct desk_location none = {.zone = "UTC"};
    struct desk_business b;
    enum desk_rc rc = desk_business_of(req->arena, t, &none, &b);
    if (rc)
        return rc;
    const struct api_business row = {.id = t->id,
                                     .slug = t->slug,
                                     .name = t->name,
                                     .trade = desk_business_kind_name(b.kind),
                                     .language = b.language,
                                     .country = b.country,
                                     .created_at = t->created_at,
                                     .updated_at = t->updated_at};
    *root = with(desk_fields_json(&business_table, &row), "services", services_json(&b));
    return *root ? DESK_OK : DESK_ENOMEM;
}

/* Is it behind that place of a list that is newest first? */
static bool behind(const struct desk_tenant *t, const struct desk_place *p)
{
    return t->created_at < p->when || (t->created_at == p->when && strcmp(t->id, p->id) < 0);
}

enum desk_rc api_businesses_list(struct desk_request *req)
{
    struct desk_place after;
    size_t max;
    json_t *one, *list = NULL;
    enum desk_rc rc = rest_cursor(req, &after, &max);
    if (!rc)
        rc = business_json(req, &one);
    if (rc)
        return rc;
    list = json_array();
    if (!list || (behind(&req->tenant, &after) && json_array_append(list, one))) {
        json_decref(list);
        list = NULL;
    }
    json_decref(one);
    return rest_reply_list(req, "businesses", list, NULL);
}

enum desk_rc api_businesses_get(struct desk_request *req)
{
    json_t *root;
    if (strcmp(desk_param(req, "id")->text, req->tenant.id) != 0)
        return DESK_ENOTFOUND;
    enum desk_rc rc = business_json(req, &root);
    return rc ? rc : rest_reply_one(req, root);
}

/* ---- locations ------------------------------------------------------------------------------- */

/* The week alone: dated exceptions bear names of people who are away. */
static json_t *week_json(const char *hours)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    json_t *all = json_loads(hours ? hours : "{}", 0, NULL), *out = json_object();
    for (size_t i = 0; out && i < 7; i++) {
        json_t *day = json_object_get(all, days[i]);
        if (json_object_set_new(out, days[i],
                                json_is_array(day) ? json_incref(day) : json_array())) {
            json_decref(out);
            out = NULL;
        }
    }
    json_decref(all);
    return out;
}

static json_t *numbers_json(const struct desk_number *v, size_t n, const char *location_id)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < n; i++)
        if (strcmp(v[i].location_id, location_id) == 0 &&
            json_array_append_new(list, json_string(v[i].e164))) {
            json_decref(list);
            return NULL;
        }
    return list;
}

/* The business's own numbers, for all the locations of a list. */
struct numbers {
    struct desk_number *v;
    size_t n;
};

static enum desk_rc location_json(struct desk_request *req, const struct numbers *numbers,
                                  const struct desk_location *l, json_t **root)
{
    struct desk_business b;
    bool personal = desk_token_may(req, "personal");
    enum desk_rc rc = desk_business_of(req->arena, &req->tenant, l, &b);
    if (rc)
        return rc;
    const struct api_location row = {.id = l->id,
                                     .business_id = l->tenant_id,
                                     .name = l->name,
                                     .main = strcmp(l->id, req->location.id) == 0,
                                     .zone = l->zone,
                                     .address = b.address,
                                     .language = b.language,
                                     .hours_spoken = b.hours_spoken,
                                     .owner_name = personal ? l->owner_name : NULL,
                                     .owner_phone = l->owner_phone,
                                     .created_at = l->created_at};
    *root = with(with(with(desk_fields_json(&location_table, &row), "numbers",
                           numbers_json(numbers->v, numbers->n, l->id)),
                      "hours", week_json(l->hours)),
                 "services", services_json(&b));
    return *root ? DESK_OK : DESK_ENOMEM;
}

static enum desk_rc numbers_of(struct desk_request *req, struct numbers *out)
{
    return desk_number_list(req->db, req->arena, req->tenant.id, &out->v, &out->n);
}

enum desk_rc api_locations_list(struct desk_request *req)
{
    const struct desk_page *p = &desk_page_locations;
    struct desk_place after, last;
    struct numbers numbers;
    void *rows = NULL;
    size_t max, n = 0;
    enum desk_rc rc = rest_cursor(req, &after, &max);
    if (!rc)
        rc = numbers_of(req, &numbers);
    if (!rc)
        rc = desk_page_read(req->db, req->arena, p, req->tenant.id, &after, "", max + 1, &rows, &n);
    if (rc)
        return rc;
    const struct desk_location *l = rows;
    bool more = n > max;
    json_t *one, *list = json_array();
    for (size_t i = 0; !rc && i < (more ? max : n); i++) {
        rc = location_json(req, &numbers, &l[i], &one);
        if (!rc && json_array_append_new(list, one))
            rc = DESK_ENOMEM;
    }
    if (rc) {
        json_decref(list);
        return rc;
    }
    if (more)
        last = desk_page_place(p, &l[max - 1]);
    return rest_reply_list(req, "locations", list, more ? &last : NULL);
}

enum desk_rc api_locations_get(struct desk_request *req)
{
    struct desk_location l;
    struct numbers numbers;
    json_t *root;
    enum desk_rc rc =
        desk_location_get(req->db, req->arena, req->tenant.id, desk_param(req, "id")->text, &l);
    if (!rc)
        rc = numbers_of(req, &numbers);
    if (!rc)
        rc = location_json(req, &numbers, &l, &root);
    return rc ? rc : rest_reply_one(req, root);
}
