#include "talk/business.h"
#include "base/tz.h"

#include <string.h>

bool desk_business_zone_known(const char *zone)
{
    return desk_tz_load(zone) != NULL;
}

enum desk_rc desk_business_of(struct desk_arena *a, const struct desk_tenant *t,
                              const struct desk_location *l, struct desk_business *out)
{
    const struct desk_business_parts parts = {.slug = t->slug,
                                              .name = t->name,
                                              .branch = l->name,
                                              .profile = t->profile,
                                              .people = t->people,
                                              .overlay = l->overlay,
                                              .overlay_people = l->people,
                                              .zone = l->zone,
                                              .hours = l->hours,
                                              .owner_name = l->owner_name,
                                              .owner_phone = l->owner_phone,
                                              .tz = desk_tz_load(l->zone)};
    return desk_business_compose(out, a, &parts);
}

static enum desk_rc load_numbers(struct desk_db *db, struct desk_arena *a,
                                 const struct desk_location *l, struct desk_business *out)
{
    struct desk_number *rows;
    size_t n, kept = 0;
    enum desk_rc rc = desk_number_list(db, a, l->tenant_id, &rows, &n);
    const char **list = rc || !n ? NULL : desk_arena_alloc(a, n * sizeof *list);
    if (!rc && n && !list)
        rc = DESK_ENOMEM;
    for (size_t i = 0; list && i < n; i++)
        if (strcmp(rows[i].location_id, l->id) == 0)
            list[kept++] = rows[i].e164;
    out->numbers = (struct desk_strings){list, kept};
    return rc;
}

enum desk_rc desk_business_load(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *location_id, struct desk_business *out)
{
    struct desk_tenant t;
    struct desk_location l;
    enum desk_rc rc = desk_tenant_get(db, a, tenant_id, &t);
    if (!rc)
        rc = location_id ? desk_location_get(db, a, tenant_id, location_id, &l)
                         : desk_location_first(db, a, tenant_id, &l);
    if (!rc)
        rc = desk_business_of(a, &t, &l, out);
    return rc ? rc : load_numbers(db, a, &l, out);
}
