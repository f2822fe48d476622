/* A business as its owner's file again, and its dated exceptions by command. See business.h. */
#include "talk/business.h"
#include "base/clock.h"
#include "base/limits.h"
#include "core/day_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BY "owner" /* whom an exception is "by" that no file gave */

static json_t *parse(const char *text)
{
    json_t *v = json_loads(text && *text ? text : "{}", 0, NULL);
    if (json_is_object(v))
        return v;
    json_decref(v);
    return json_object();
}

/* ---- back to a file -------------------------------------------------------------------------- */

/* Old rows hold the week alone. */
static json_t *hours_of(const char *text)
{
    static const char *const parts[] = {"weekly", "closures", "special", "exceptions"};
    json_t *h = parse(text);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (json_object_get(h, parts[i]))
            return h;
    if (json_object_size(h))
        return json_pack("{s:o}", "weekly", h);
    json_decref(h);
    return json_pack("{s:s}", "weekly", "always");
}

/* Without those that the test says; the list goes when it is empty. */
static void drop_exceptions(json_t *hours, bool (*drop)(const json_t *e, const void *ctx),
                            const void *ctx)
{
    json_t *list = json_object_get(hours, "exceptions");
    for (size_t i = json_array_size(list); i-- > 0;)
        if (drop(json_array_get(list, i), ctx))
            json_array_remove(list, i);
    if (list && !json_array_size(list))
        json_object_del(hours, "exceptions");
}

static bool is_by_command(const json_t *e, const void *ctx)
{
    (void)ctx;
    return json_object_get(e, "by") != NULL;
}

static json_t *numbers_of(const struct desk_number *rows, size_t n, const char *location_id)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].location_id, location_id) == 0)
            json_array_append_new(list, json_string(rows[i].e164));
    return list;
}

static void set_text(json_t *o, const char *key, const char *value)
{
    if (value && *value)
        json_object_set_new(o, key, json_string(value));
}

/* One location as a whole business. */
static json_t *whole_of(const struct desk_tenant *t, const struct desk_location *l,
                        const struct desk_number *rows, size_t n)
{
    json_t *out = json_object(), *rest = parse(t->profile);
    const char *const layers[] = {t->people, l->overlay, l->people};
    set_text(out, "slug", t->slug);
    set_text(out, "name", t->name);
    if (strcmp(l->name, t->name) != 0)
        set_text(out, "branch", l->name);
    json_object_set_new(out, "numbers", numbers_of(rows, n, l->id));
    set_text(out, "zone", l->zone);
    json_t *hours = hours_of(l->hours);
    drop_exceptions(hours, is_by_command, NULL);
    json_object_set_new(out, "hours", hours);
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        json_t *patch = parse(layers[i]), *merged = desk_business_merge(rest, patch);
        json_decref(patch);
        json_decref(rest);
        rest = merged;
    }
    json_object_update(out, rest);
    json_decref(rest);
    json_t *owner = json_object_get(out, "owner");
    if (!json_is_object(owner))
        json_object_set_new(out, "owner", json_object());
    owner = json_object_get(out, "owner");
    json_object_del(owner, "pin");
    set_text(owner, "name", l->owner_name);
    set_text(owner, "phone", l->owner_phone);
    return out;
}

/* A branch is what it says otherwise than the main location. */
static enum desk_rc add_branch(json_t *doc, const json_t *main, const struct desk_tenant *t,
                               const struct desk_location *l, const struct desk_number *rows,
                               size_t n)
{
    json_t *whole = whole_of(t, l, rows, n), *list = json_object_get(doc, "locations");
    json_t *from = json_deep_copy(main), *numbers = json_object_get(whole, "numbers");
    enum desk_rc rc = DESK_OK;
    if (!json_array_size(numbers)) /* the file gave it up; its row stays for its calls */
        goto out;
    json_t *patch = desk_business_diff(from, whole);
    json_object_set(patch, "numbers", numbers);
    if (!list && json_object_set_new(doc, "locations", json_array()))
        rc = DESK_ENOMEM;
    if (json_array_append_new(json_object_get(doc, "locations"), patch))
        rc = DESK_ENOMEM;
out:
    json_decref(whole);
    json_decref(from);
    return rc;
}

enum desk_rc desk_business_export(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                  json_t **doc)
{
    struct desk_tenant t;
    struct desk_location *l;
    struct desk_number *rows;
    size_t n_l = 0, n = 0;
    *doc = NULL;
    enum desk_rc rc = desk_tenant_get(db, a, tenant_id, &t);
    if (!rc)
        rc = desk_location_list(db, a, tenant_id, &l, &n_l);
    if (!rc)
        rc = desk_number_list(db, a, tenant_id, &rows, &n);
    if (rc || !n_l)
        return rc ? rc : DESK_ENOTFOUND;
    json_t *main = whole_of(&t, &l[0], rows, n);
    *doc = json_deep_copy(main);
    for (size_t i = 1; !rc && i < n_l; i++)
        rc = add_branch(*doc, main, &t, &l[i], rows, n);
    json_decref(main);
    return rc || *doc ? rc : DESK_ENOMEM;
}

/* ---- exceptions ------------------------------------------------------------------------------ */

/* Made by command, and over before today. */
static bool is_over(const json_t *e, const void *today)
{
    int32_t last;
    const char *to = json_string_value(json_object_get(e, "to"));
    if (!to)
        to = json_string_value(json_object_get(e, "from"));
    return is_by_command(e, NULL) && desk_day_parse(to, &last) && last < *(const int32_t *)today;
}

static bool begins_on(const json_t *e, const void *day)
{
    const char *from = json_string_value(json_object_get(e, "from"));
    return is_by_command(e, NULL) && from && strcmp(from, day) == 0;
}

/* The one of that beginning and label, whoever made it. */
struct key {
    const char *from, *label;
};

static bool is_that(const json_t *e, const void *ctx)
{
    const struct key *k = ctx;
    const char *from = json_string_value(json_object_get(e, "from"));
    const char *label = json_string_value(json_object_get(e, "label"));
    return from && strcmp(from, k->from) == 0 && strcmp(label ? label : "", k->label) == 0;
}

static json_t *row_of(const struct desk_business_except *e)
{
    char label[DESK_MAX_HOURS_LABEL];
    snprintf(label, sizeof label, "%s%s", e->person ? e->person : "",
             e->person   ? " away"
             : e->closed ? "closed"
                         : "other hours");
    json_t *row = json_pack("{s:s, s:s, s:s, s:s}", "from", e->from, "to", e->to ? e->to : e->from,
                            "label", e->label ? e->label : label, "by", BY);
    if (row && e->closed)
        json_object_set_new(row, "closed", json_true());
    if (row && e->open_from)
        json_object_set_new(row, "spans",
                            json_pack("[[s,s]]", e->open_from, e->open_to ? e->open_to : ""));
    if (row && e->person)
        json_object_set_new(row, "person", json_string(e->person));
    return row;
}

/* What is done to the hours of every location that is meant. */
struct edit {
    const json_t *row; /* to add, or */
    const char *from;  /* to take away what begins then, or */
    const struct key *that;
    size_t changed;
    char *why;
    size_t n;
};

static enum desk_rc add_row(struct edit *e, json_t *hours)
{
    json_t *list = json_object_get(hours, "exceptions");
    if (!list && json_object_set_new(hours, "exceptions", json_array()))
        return DESK_ENOMEM;
    list = json_object_get(hours, "exceptions");
    if (json_array_size(list) >= DESK_MAX_BUSINESS_LIST) {
        snprintf(e->why, e->n, "there are %d exceptions already", DESK_MAX_BUSINESS_LIST);
        return DESK_ELIMIT;
    }
    return json_array_append_new(list, json_deep_copy(e->row)) ? DESK_ENOMEM : DESK_OK;
}

/* The new hours must be readable; the reader's own words say why they are not. */
static enum desk_rc check_hours(struct edit *e, const char *text)
{
    struct desk_hours *h = calloc(1, sizeof *h);
    enum desk_rc rc = h ? desk_hours_parse(h, text, e->why, e->n) : DESK_ENOMEM;
    free(h);
    return rc;
}

static enum desk_rc edit_one(struct edit *e, struct desk_db *db, const struct desk_location *l)
{
    int32_t today = desk_hours_date(desk_tz_load(l->zone), desk_now_ms());
    json_t *hours = hours_of(l->hours);
    enum desk_rc rc = hours ? DESK_OK : DESK_ENOMEM;
    if (e->row && is_over(e->row, &today)) {
        snprintf(e->why, e->n, "it is over already");
        rc = DESK_EINVAL;
    }
    drop_exceptions(hours, is_over, &today);
    size_t before = json_array_size(json_object_get(hours, "exceptions"));
    if (e->from)
        drop_exceptions(hours, begins_on, e->from);
    else if (e->that)
        drop_exceptions(hours, is_that, e->that);
    else if (!rc)
        rc = add_row(e, hours);
    e->changed += before != json_array_size(json_object_get(hours, "exceptions"));
    char *text = rc ? NULL : json_dumps(hours, JSON_COMPACT);
    if (!rc)
        rc = text ? check_hours(e, text) : DESK_ENOMEM;
    if (!rc)
        rc = desk_location_hours(db, l->tenant_id, l->id, text);
    free(text);
    json_decref(hours);
    return rc;
}

static enum desk_rc edit_all(struct edit *e, struct desk_db *db, struct desk_arena *a,
                             const char *tenant_id, const char *branch)
{
    struct desk_location *l;
    size_t n = 0, meant = 0;
    enum desk_rc rc = desk_location_list(db, a, tenant_id, &l, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        if (branch && strcmp(l[i].name, branch) != 0)
            continue;
        meant++;
        rc = edit_one(e, db, &l[i]);
    }
    if (!rc && !meant) {
        snprintf(e->why, e->n, "there is no branch \"%s\"", branch ? branch : "");
        rc = DESK_ENOTFOUND;
    }
    return rc;
}

static enum desk_rc edit(struct edit *e, struct desk_db *db, struct desk_arena *a,
                         const char *tenant_id, const char *branch)
{
    snprintf(e->why, e->n, "the database refused it");
    enum desk_rc rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, edit_all(e, db, a, tenant_id, branch));
}

enum desk_rc desk_business_except_add(struct desk_db *db, struct desk_arena *a,
                                      const char *tenant_id, const char *branch,
                                      const struct desk_business_except *x, char *why, size_t n)
{
    json_t *row = row_of(x);
    struct edit e = {.row = row, .why = why, .n = n};
    enum desk_rc rc = row ? edit(&e, db, a, tenant_id, branch) : DESK_ENOMEM;
    json_decref(row);
    return rc;
}

enum desk_rc desk_business_except_remove(struct desk_db *db, struct desk_arena *a,
                                         const char *tenant_id, const char *branch,
                                         const char *from, size_t *removed)
{
    char why[200];
    struct edit e = {.from = from, .why = why, .n = sizeof why};
    enum desk_rc rc = edit(&e, db, a, tenant_id, branch);
    *removed = e.changed;
    return rc;
}

/* ---- for a page: in its transaction, and listed ---------------------------------------------- */

enum desk_rc desk_business_except_put(struct desk_db *db, struct desk_arena *a,
                                      const char *tenant_id, const char *branch,
                                      const struct desk_business_except *x, char *why, size_t n)
{
    json_t *row = row_of(x);
    struct edit e = {.row = row, .why = why, .n = n};
    snprintf(why, n, "the database refused it");
    enum desk_rc rc = row ? edit_all(&e, db, a, tenant_id, branch) : DESK_ENOMEM;
    json_decref(row);
    return rc;
}

enum desk_rc desk_business_except_drop(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, const char *branch, const char *from,
                                       const char *label)
{
    char why[200];
    const struct key that = {from, label};
    struct edit e = {.that = &that, .why = why, .n = sizeof why};
    enum desk_rc rc = edit_all(&e, db, a, tenant_id, branch);
    return rc || e.changed ? rc : DESK_ENOTFOUND;
}

static const char *kept(struct desk_arena *a, const json_t *e, const char *key)
{
    return desk_arena_strdup(a, json_string_value(json_object_get(e, key)));
}

static bool dated_of(struct desk_arena *a, const json_t *e, int32_t today,
                     struct desk_business_dated *out)
{
    int32_t last;
    const json_t *span = json_array_get(json_object_get(e, "spans"), 0);
    *out = (struct desk_business_dated){
        .from = kept(a, e, "from"),
        .to = kept(a, e, json_object_get(e, "to") ? "to" : "from"),
        .label = kept(a, e, "label"),
        .person = kept(a, e, "person"),
        .open_from = desk_arena_strdup(a, json_string_value(json_array_get(span, 0))),
        .open_to = desk_arena_strdup(a, json_string_value(json_array_get(span, 1))),
        .closed = json_is_true(json_object_get(e, "closed")),
        .by_command = is_by_command(e, NULL)};
    if (!out->label)
        out->label = "";
    return out->from && desk_day_parse(out->to, &last) && last >= today;
}

static int by_day(const void *x, const void *y)
{
    const struct desk_business_dated *a = x, *b = y;
    int d = strcmp(a->from, b->from);
    return d ? d : strcmp(a->label, b->label);
}

/* The location of that name; the main one for NULL. */
static enum desk_rc find_location(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                  const char *branch, struct desk_location *out)
{
    struct desk_location *l;
    size_t n = 0;
    enum desk_rc rc = desk_location_list(db, a, tenant_id, &l, &n);
    for (size_t i = 0; !rc && i < n; i++)
        if (!branch || strcmp(l[i].name, branch) == 0) {
            *out = l[i];
            return DESK_OK;
        }
    return rc ? rc : DESK_ENOTFOUND;
}

enum desk_rc desk_business_except_list(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, const char *branch,
                                       struct desk_business_dated **out, size_t *n)
{
    size_t i;
    json_t *v;
    struct desk_location l;
    *n = 0;
    *out = NULL;
    enum desk_rc rc = find_location(db, a, tenant_id, branch, &l);
    if (rc)
        return rc;
    int32_t today = desk_hours_date(desk_tz_load(l.zone), desk_now_ms());
    json_t *hours = hours_of(l.hours), *list = json_object_get(hours, "exceptions");
    *out = desk_arena_alloc(a, (json_array_size(list) + 1) * sizeof **out);
    json_array_foreach(list, i, v)
    {
        if (*out && dated_of(a, v, today, &(*out)[*n]))
            ++*n;
    }
    json_decref(hours);
    if (!*out)
        return DESK_ENOMEM;
    qsort(*out, *n, sizeof **out, by_day);
    return DESK_OK;
}
