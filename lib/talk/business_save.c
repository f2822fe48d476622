/* An owner's file → rows and back. See business.h. */
#include "talk/business.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/limits.h"
#include "core/business_file.h"
#include "talk/owner_pin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Members of a document that are columns or rows of their own, and those that are sealed. */
static const char *const columns[] = {"$schema", "slug",  "branch", "numbers",
                                      "zone",    "hours", "name",   "locations"};
static const char *const sealed[] = {"owner", "staff", "vendors"};

struct saving {
    struct desk_db *db;
    struct desk_arena *a;
    const json_t *doc;
    const char *tenant_id;
    int64_t now;
    struct desk_location *old; /* rows that are there already; the first is the main one */
    size_t n_old;
    char *why;
    size_t n;
};

static const char *text_in(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

static enum desk_rc dump(struct desk_arena *a, const json_t *v, const char **out)
{
    char *text = json_dumps(v, JSON_COMPACT);
    *out = text ? desk_arena_strdup(a, text) : NULL;
    free(text);
    return *out ? DESK_OK : DESK_ENOMEM;
}

/* ---- a document in two ----------------------------------------------------------------------- */

/* The sealed members into people; of the owner, name and phone are columns. */
static bool move_people(json_t *profile, json_t *people)
{
    bool ok = true;
    for (size_t i = 0; i < sizeof sealed / sizeof *sealed; i++) {
        json_t *v = json_object_get(profile, sealed[i]);
        ok = ok && (!v || json_object_set(people, sealed[i], v) == 0);
        json_object_del(profile, sealed[i]);
    }
    json_t *owner = json_object_get(people, "owner");
    json_object_del(owner, "name");
    json_object_del(owner, "phone");
    if (json_is_object(owner) && !json_object_size(owner))
        json_object_del(people, "owner");
    return ok;
}

/* own: a document or a branch of it. Texts are NULL where there is nothing to keep. A branch may be
 * called otherwise: its name stays in its overlay. */
static enum desk_rc split(struct saving *s, const json_t *own, bool branch, const json_t *pin,
                          const char **profile, const char **people)
{
    json_t *p = json_deep_copy(own), *q = json_object();
    enum desk_rc rc = p && q && move_people(p, q) ? DESK_OK : DESK_ENOMEM;
    if (!rc)
        rc = desk_owner_pin_hide(q);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (!branch || strcmp(columns[i], "name") != 0)
            json_object_del(p, columns[i]);
    if (!rc && pin) { /* the one that was given before */
        json_t *owner = json_object_get(q, "owner");
        if (!json_is_object(owner) && json_object_set_new(q, "owner", json_object()))
            rc = DESK_ENOMEM;
        owner = json_object_get(q, "owner");
        if (!rc && !json_object_get(owner, "pin"))
            rc = json_object_set_new(owner, "pin", json_deep_copy(pin)) ? DESK_ENOMEM : DESK_OK;
    }
    *profile = *people = NULL;
    if (!rc && (json_object_size(p) || !branch))
        rc = dump(s->a, p, profile);
    if (!rc && json_object_size(q))
        rc = dump(s->a, q, people);
    json_decref(p);
    json_decref(q);
    return rc;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool by_command(const json_t *exception)
{
    return json_object_get(exception, "by") != NULL;
}

/* Exceptions that were made by command outlive a new file. */
static enum desk_rc carry_exceptions(json_t *hours, const char *old_text)
{
    size_t i;
    json_t *v;
    json_t *old = json_loads(old_text ? old_text : "", 0, NULL);
    json_t *list = json_object_get(hours, "exceptions");
    enum desk_rc rc = DESK_OK;
    json_array_foreach(json_object_get(old, "exceptions"), i, v)
    {
        if (!by_command(v))
            continue;
        if (!list && json_object_set_new(hours, "exceptions", json_array()))
            rc = DESK_ENOMEM;
        list = json_object_get(hours, "exceptions");
        if (!rc && json_array_append(list, v))
            rc = DESK_ENOMEM;
    }
    json_decref(old);
    return rc;
}

/* Which row is location i of the document? The main one is the oldest, a branch goes by its name.
 */
static const struct desk_location *old_row(const struct saving *s, size_t i, const char *name)
{
    if (i == 0)
        return s->n_old ? &s->old[0] : NULL;
    for (size_t k = 1; k < s->n_old; k++)
        if (strcmp(s->old[k].name, name) == 0)
            return &s->old[k];
    return NULL;
}

static enum desk_rc location_row(struct saving *s, size_t i, json_t *whole, struct desk_location *l,
                                 bool *fresh)
{
    char id[DESK_ID_LEN];
    json_t *hours = json_object_get(whole, "hours");
    const json_t *owner = json_object_get(whole, "owner");
    const json_t *own = i ? json_array_get(json_object_get(s->doc, "locations"), i - 1) : NULL;
    const char *branch = text_in(whole, "branch");
    enum desk_rc rc = DESK_OK;
    *l = (struct desk_location){.tenant_id = s->tenant_id,
                                .name = branch ? branch : text_in(whole, "name"),
                                .zone = text_in(whole, "zone"),
                                .owner_name = text_in(owner, "name"),
                                .owner_phone = text_in(owner, "phone"),
                                .created_at = s->now + (int64_t)i}; /* the main one comes first */
    const struct desk_location *was = old_row(s, i, l->name);
    *fresh = !was;
    l->id = was ? was->id : desk_arena_strdup(s->a, desk_id_new(id, "loc"));
    if (was)
        rc = carry_exceptions(hours, was->hours);
    if (!rc)
        rc = dump(s->a, hours, &l->hours);
    if (!rc && own)
        rc = split(s, own, true, NULL, &l->overlay, &l->people);
    return rc || l->id ? rc : DESK_ENOMEM;
}

static enum desk_rc save_numbers(struct saving *s, const json_t *whole, const char *location_id)
{
    size_t i;
    json_t *v;
    json_array_foreach(json_object_get(whole, "numbers"), i, v)
    {
        const struct desk_number row = {.e164 = json_string_value(v),
                                        .tenant_id = s->tenant_id,
                                        .location_id = location_id,
                                        .created_at = s->now};
        enum desk_rc rc = desk_number_insert(s->db, &row);
        if (rc == DESK_ECONFLICT)
            snprintf(s->why, s->n, "the number %s belongs to a business already", row.e164);
        if (rc)
            return rc;
    }
    return DESK_OK;
}

static enum desk_rc save_location(struct saving *s, size_t i)
{
    struct desk_location l;
    bool fresh;
    json_t *whole = desk_business_file_location(s->doc, i);
    enum desk_rc rc = whole ? location_row(s, i, whole, &l, &fresh) : DESK_ENOMEM;
    if (!rc)
        rc = fresh ? desk_location_insert(s->db, &l) : desk_location_update(s->db, &l);
    if (!rc)
        rc = save_numbers(s, whole, l.id);
    json_decref(whole);
    return rc;
}

static enum desk_rc save_locations(struct saving *s)
{
    enum desk_rc rc = DESK_OK;
    for (size_t i = 0; !rc && i < desk_business_file_locations(s->doc); i++)
        rc = save_location(s, i);
    return rc;
}

static enum desk_rc tenant_row(struct saving *s, const json_t *pin, struct desk_tenant *t)
{
    *t = (struct desk_tenant){.id = s->tenant_id,
                              .slug = text_in(s->doc, "slug"),
                              .name = text_in(s->doc, "name"),
                              .created_at = s->now,
                              .updated_at = s->now};
    return split(s, s->doc, false, pin, &t->profile, &t->people);
}

static enum desk_rc insert(struct saving *s)
{
    struct desk_tenant t;
    enum desk_rc rc = tenant_row(s, NULL, &t);
    if (!rc)
        rc = desk_tenant_insert(s->db, &t);
    if (rc == DESK_ECONFLICT)
        snprintf(s->why, s->n, "there is a business \"%s\" already", t.slug);
    return rc ? rc : save_locations(s);
}

static enum desk_rc replace(struct saving *s)
{
    struct desk_tenant was, t;
    const char *slug = text_in(s->doc, "slug");
    enum desk_rc rc = desk_tenant_by_slug(s->db, s->a, slug, &was);
    if (rc == DESK_ENOTFOUND)
        snprintf(s->why, s->n, "there is no business \"%s\"", slug);
    if (rc)
        return rc;
    json_t *people = json_loads(was.people ? was.people : "{}", 0, NULL);
    s->tenant_id = was.id;
    rc = tenant_row(s, json_object_get(json_object_get(people, "owner"), "pin"), &t);
    json_decref(people);
    if (!rc)
        rc = desk_tenant_update(s->db, &t);
    if (!rc)
        rc = desk_location_list(s->db, s->a, s->tenant_id, &s->old, &s->n_old);
    if (!rc)
        rc = desk_number_delete_all(s->db, s->tenant_id);
    return rc ? rc : save_locations(s);
}

/* In a transaction. */
static enum desk_rc save_in(struct saving *s, enum desk_rc (*how)(struct saving *s))
{
    snprintf(s->why, s->n, "the database refused it");
    s->now = desk_now_ms();
    s->a = desk_arena_new(DESK_MAX_BUSINESS_ARENA);
    enum desk_rc rc = s->a ? how(s) : DESK_ENOMEM;
    desk_arena_free(s->a);
    return rc;
}

static enum desk_rc save(struct saving *s, enum desk_rc (*how)(struct saving *s))
{
    snprintf(s->why, s->n, "the database refused it");
    enum desk_rc rc = DESK_TX_BEGIN(s->db);
    return rc ? rc : desk_tx_end(s->db, save_in(s, how));
}

enum desk_rc desk_business_add(struct desk_db *db, const json_t *doc, char *tenant_id, char *why,
                               size_t n)
{
    struct saving s = {
        .db = db, .doc = doc, .tenant_id = desk_id_new(tenant_id, "ten"), .why = why, .n = n};
    return save(&s, insert);
}

enum desk_rc desk_business_update(struct desk_db *db, const json_t *doc, char *why, size_t n)
{
    struct saving s = {.db = db, .doc = doc, .why = why, .n = n};
    return save(&s, replace);
}

enum desk_rc desk_business_put(struct desk_db *db, const json_t *doc, char *why, size_t n)
{
    struct saving s = {.db = db, .doc = doc, .why = why, .n = n};
    return save_in(&s, replace);
}
