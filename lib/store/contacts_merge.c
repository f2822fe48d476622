/* Two contacts that are one person. */
#include "store/contacts.h"
#include "store/users.h"
#include "queries.h"

#include <string.h>

/* Every table with a contact_id (tests/sql/test_contacts.c counts them). */
static const unsigned followers[] = {
    DESK_Q_CONTACT_MERGE_APPOINTMENTS, DESK_Q_CONTACT_MERGE_CALLS,
    DESK_Q_CONTACT_MERGE_CALLBACKS,    DESK_Q_CONTACT_MERGE_LEADS,
    DESK_Q_CONTACT_MERGE_TICKETS,      DESK_Q_CONTACT_MERGE_VENDOR_NOTES,
    DESK_Q_CONTACT_MERGE_EARLIER,      DESK_Q_CONTACT_MERGE_GONE,
};

static bool firm(const char *source)
{
    return strcmp(source, DESK_FROM_OWNER) == 0 || strcmp(source, DESK_FROM_IMPORT) == 0;
}

struct pair {
    struct desk_contact keep, gone;
    struct desk_arena *a;
};

static const char *notes_of(struct pair *p, const char *x, const char *y)
{
    return strstr(x, y) ? x : desk_arena_fmt(p->a, "%s\n%s", x, y);
}

/* What goes over: NULL = keep's stays as it is. */
static const char *taken(struct pair *p, enum desk_contact_fact f, const char **source)
{
    const char *x = desk_contact_fact_of(&p->keep, f), *y = desk_contact_fact_of(&p->gone, f);
    const char *of_x = desk_contact_source(p->a, &p->keep, f);
    *source = desk_contact_source(p->a, &p->gone, f);
    if (!y || !of_x || !*source)
        return NULL;
    if (!desk_contact_fact_told(f))
        *source = DESK_FROM_OWNER; /* nobody else can have written it */
    bool y_firm = firm(*source);
    if (!x)
        return y;
    if (firm(of_x))
        *source = of_x;
    if (f == DESK_FACT_NOTES)
        return notes_of(p, x, y);
    if (f == DESK_FACT_SYSTEMS || f == DESK_FACT_CRM || f == DESK_FACT_TAGS)
        return desk_contact_join(p->a, x, y);
    return y_firm && !firm(of_x) ? y : NULL;
}

/* Facts by who said them, so that each keeps its source. */
static enum desk_rc take_facts(struct desk_db *db, struct pair *p)
{
    static const char *const sources[] = {DESK_FROM_IMPORT, DESK_FROM_OWNER, DESK_FROM_TEXT,
                                          DESK_FROM_CALL};
    enum desk_rc rc = DESK_OK;
    for (size_t s = 0; !rc && s < sizeof sources / sizeof *sources; s++) {
        const char *v[DESK_FACT__MAX] = {NULL}, *source;
        for (int i = 0; i < DESK_FACT__MAX; i++) {
            const char *value = taken(p, (enum desk_contact_fact)i, &source);
            v[i] = value && strcmp(source, sources[s]) == 0 ? value : NULL;
        }
        rc = desk_contact_set(db, p->a, p->keep.tenant_id, p->keep.id, v, sources[s], NULL);
    }
    return rc;
}

static enum desk_rc move_rows(struct desk_db *db, const struct pair *p)
{
    const struct desk_contact *k = &p->keep, *g = &p->gone;
    enum desk_rc rc = DESK_OK;
    for (size_t i = 0; !rc && i < sizeof followers / sizeof *followers; i++)
        rc = desk_db_exec(db, followers[i],
                          DESK_ARGS(DESK_T(k->tenant_id), DESK_T(g->id), DESK_T(k->id)), NULL);
    if (rc)
        return rc;
    return desk_db_exec(db, DESK_Q_CONTACT_MERGE_COUNTS,
                        DESK_ARGS(DESK_T(k->tenant_id), DESK_T(k->id), DESK_I(g->calls),
                                  DESK_I(g->texts), DESK_I(g->first_at), DESK_I(g->last_at)),
                        NULL);
}

enum desk_rc desk_contact_merge(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *keep, const char *gone)
{
    struct pair p = {.a = a};
    enum desk_rc rc = desk_contact_get(db, a, tenant_id, keep, &p.keep);
    if (!rc)
        rc = desk_contact_get(db, a, tenant_id, gone, &p.gone);
    if (!rc && strcmp(p.keep.id, p.gone.id) == 0)
        rc = DESK_ECONFLICT;
    if (!rc)
        rc = take_facts(db, &p);
    if (!rc)
        rc = move_rows(db, &p);
    if (!rc) /* of the row that goes in, the number alone is left */
        rc = desk_contact_index(db, &(struct desk_contact){.id = p.gone.id,
                                                           .tenant_id = tenant_id,
                                                           .number = p.gone.number,
                                                           .first_at = p.gone.first_at});
    const char *both = desk_arena_fmt(a, "%s %s", p.keep.id ? p.keep.id : "", gone);
    if (!rc)
        rc = both ? desk_audit_add(db, tenant_id, NULL, "contact.merge", both) : DESK_ENOMEM;
    return rc;
}
