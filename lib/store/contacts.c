#include "store/contacts.h"
#include "base/clock.h"
#include "base/ids.h"
#include "db/seal.h"
#include "queries.h"
#include "store/word_index.h"

#include <string.h>
#include <strings.h>

#define F(member) offsetof(struct desk_contact, member)
static const struct desk_field contact_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"number", "Number", DESK_K_TEXT, F(number), DESK_F_PII | DESK_F_PHONE, 0, 0, 0},
    {"number_key", "NumberKey", DESK_K_TEXT, F(number_key), DESK_F_HIDDEN, 0, 0, 0},
    {"name", "Name", DESK_K_TEXT, F(name), DESK_F_PII, 0, 0, 0},
    {"company", "Company", DESK_K_TEXT, F(company), DESK_F_PII, 0, 0, 0},
    {"email", "Email", DESK_K_TEXT, F(email), DESK_F_PII, 0, 0, 0},
    {"notes", "Notes", DESK_K_TEXT, F(notes), DESK_F_PII, 0, 0, 0},
    {"standing", "Standing", DESK_K_TEXT, F(standing), 0, 0, 0, 0},
    {"birthday", "Birthday", DESK_K_TEXT, F(birthday), DESK_F_PII, 0, 0, 0},
    {"anniversary", "Anniversary", DESK_K_TEXT, F(anniversary), DESK_F_PII, 0, 0, 0},
    {"preferred", "Preferred", DESK_K_TEXT, F(preferred), 0, 0, 0, 0},
    {"systems", "Systems", DESK_K_TEXT, F(systems), DESK_F_PII, 0, 0, 0},
    {"crm", "Crm", DESK_K_TEXT, F(crm), DESK_F_PII, 0, 0, 0},
    {"tags", "Tags", DESK_K_TEXT, F(tags), DESK_F_PII, 0, 0, 0},
    {"language", "Language", DESK_K_TEXT, F(language), 0, 0, 0, 0},
    {"address", "Address", DESK_K_TEXT, F(address), DESK_F_PII, 0, 0, 0},
    {"calls", "Calls", DESK_K_INT, F(calls), 0, 0, 0, 0},
    {"texts", "Texts", DESK_K_INT, F(texts), 0, 0, 0, 0},
    {"first_at", "FirstAt", DESK_K_TIME, F(first_at), 0, 0, 0, 0},
    {"last_at", "LastAt", DESK_K_TIME, F(last_at), 0, 0, 0, 0},
    {"sources", "Sources", DESK_K_TEXT, F(sources), DESK_F_HIDDEN, 0, 0, 0},
    {"merged_into", "MergedInto", DESK_K_TEXT, F(merged_into), DESK_F_HIDDEN, 0, 0, 0},
};
DESK_FIELDS(desk_contact_fields, "contact", struct desk_contact, contact_fields);

/* ---- facts and their sources ----------------------------------------------------------------- */

static const struct {
    const char *name;
    size_t offset;
    bool told; /* a caller's word counts */
    bool list; /* a caller's word adds */
} facts[DESK_FACT__MAX] = {
    [DESK_FACT_NAME] = {"name", F(name), true, false},
    [DESK_FACT_COMPANY] = {"company", F(company), true, false},
    [DESK_FACT_EMAIL] = {"email", F(email), true, false},
    [DESK_FACT_BIRTHDAY] = {"birthday", F(birthday), true, false},
    [DESK_FACT_ANNIVERSARY] = {"anniversary", F(anniversary), true, false},
    [DESK_FACT_PREFERRED] = {"preferred", F(preferred), true, false},
    [DESK_FACT_SYSTEMS] = {"systems", F(systems), true, true},
    [DESK_FACT_CRM] = {"crm", F(crm), false, true},
    [DESK_FACT_NOTES] = {"notes", F(notes), false, false},
    [DESK_FACT_TAGS] = {"tags", F(tags), false, true},
    [DESK_FACT_LANGUAGE] = {"language", F(language), true, false},
    [DESK_FACT_STANDING] = {"standing", F(standing), false, false},
    [DESK_FACT_ADDRESS] = {"address", F(address), true, false},
};
#undef F

const char *desk_contact_fact_name(enum desk_contact_fact f)
{
    return facts[f].name;
}

bool desk_contact_fact_told(enum desk_contact_fact f)
{
    return facts[f].told;
}

const char *desk_contact_fact_of(const struct desk_contact *c, enum desk_contact_fact f)
{
    const char *v = *(const char *const *)(const void *)((const char *)c + facts[f].offset);
    return v && *v ? v : NULL;
}

/* "name=owner;email=call;": where a fact's source begins, or NULL. */
static const char *source_at(const char *sources, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = sources; p && *p;) {
        if (strncmp(p, name, n) == 0 && p[n] == '=')
            return p + n + 1;
        p = strchr(p, ';');
        p += p ? 1 : 0;
    }
    return NULL;
}

/* What is on record from before sources were kept was said in calls. */
const char *desk_contact_source(struct desk_arena *a, const struct desk_contact *c,
                                enum desk_contact_fact f)
{
    const char *p = source_at(c->sources, facts[f].name);
    if (!desk_contact_fact_of(c, f))
        return "";
    return p ? desk_arena_strndup(a, p, strcspn(p, ";")) : DESK_FROM_CALL;
}

static bool of_owner(const char *source, size_t n)
{
    return (n == strlen(DESK_FROM_OWNER) && strncmp(source, DESK_FROM_OWNER, n) == 0) ||
           (n == strlen(DESK_FROM_IMPORT) && strncmp(source, DESK_FROM_IMPORT, n) == 0);
}

static bool owners(const struct desk_contact *c, enum desk_contact_fact f)
{
    const char *p = source_at(c->sources, facts[f].name);
    return p && of_owner(p, strcspn(p, ";"));
}

bool desk_contact_known(const struct desk_contact *c)
{
    return c->calls > 0 || c->texts > 0 || owners(c, DESK_FACT_NAME);
}

/* ---- finding --------------------------------------------------------------------------------- */

enum desk_rc desk_contact_by_number(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                    const char *e164, struct desk_contact *out)
{
    char key[DESK_BLIND_LEN];
    desk_blind(desk_db_key(db), tenant_id, e164, key);
    return desk_db_row(db, DESK_Q_CONTACT_BY_NUMBER, DESK_ARGS(DESK_T(tenant_id), DESK_T(key)),
                       &desk_contact_fields, a, out);
}

enum desk_rc desk_contact_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const char *id, struct desk_contact *out)
{
    return desk_db_row(db, DESK_Q_CONTACT_BY_ID, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)),
                       &desk_contact_fields, a, out);
}

enum desk_rc desk_contact_page(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                               int64_t before_at, const char *before_id, size_t max,
                               struct desk_contact **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(
        db, DESK_Q_CONTACT_PAGE,
        DESK_ARGS(DESK_T(tenant_id), DESK_I(before_at), DESK_T(before_id), DESK_I((int64_t)max)),
        &desk_contact_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_contact_page_newer(struct desk_db *db, struct desk_arena *a,
                                     const char *tenant_id, int64_t after_at, const char *after_id,
                                     size_t max, struct desk_contact **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(
        db, DESK_Q_CONTACT_PAGE_NEWER,
        DESK_ARGS(DESK_T(tenant_id), DESK_I(after_at), DESK_T(after_id), DESK_I((int64_t)max)),
        &desk_contact_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_contact_vips(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                               const char *after_id, size_t max, struct desk_contact **out,
                               size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_CONTACT_VIPS,
                     DESK_ARGS(DESK_T(tenant_id), DESK_T(after_id), DESK_I((int64_t)max)),
                     &desk_contact_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_contact_numbers(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                  const char *id, struct desk_contact **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_CONTACT_NUMBERS, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)),
                     &desk_contact_fields, a, 50, &rows, n);
    *out = rows;
    return rc;
}

/* ---- writing --------------------------------------------------------------------------------- */

enum desk_rc desk_contact_index(struct desk_db *db, const struct desk_contact *c)
{
    const char *const texts[] = {c->name, c->company, c->email, c->notes,
                                 c->tags, c->systems, c->crm,   c->address};
    return desk_index_put(
        db, &(struct desk_doc_words){DESK_DOC_PERSON, c->tenant_id, c->id, c->first_at, texts,
                                     sizeof texts / sizeof *texts, c->number, false});
}

static enum desk_rc contact_new(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *e164, struct desk_contact *out)
{
    char key[DESK_BLIND_LEN], id[DESK_ID_LEN];
    int64_t now = desk_now_ms();
    desk_blind(desk_db_key(db), tenant_id, e164, key);
    struct desk_contact c = {.id = desk_arena_strdup(a, desk_id_new(id, "person")),
                             .tenant_id = tenant_id,
                             .number = e164,
                             .number_key = desk_arena_strdup(a, key),
                             .first_at = now,
                             .last_at = now};
    if (!c.id || !c.number_key)
        return DESK_ENOMEM;
    *out = c;
    enum desk_rc rc = desk_db_insert(db, DESK_Q_CONTACT_INSERT, &c);
    return rc ? rc : desk_contact_index(db, &c);
}

enum desk_rc desk_contact_ensure(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                 const char *e164, struct desk_contact *out)
{
    enum desk_rc rc = desk_contact_by_number(db, a, tenant_id, e164, out);
    if (rc != DESK_ENOTFOUND)
        return rc;
    rc = contact_new(db, a, tenant_id, e164, out);
    return rc ? rc : DESK_DONE;
}

enum desk_rc desk_contact_called(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                 const char *e164, struct desk_contact *out)
{
    enum desk_rc rc = desk_contact_ensure(db, a, tenant_id, e164, out);
    if (rc && rc != DESK_DONE)
        return rc;
    return desk_db_exec(db, DESK_Q_CONTACT_CALLED,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(out->id), DESK_I(desk_now_ms())), NULL);
}

enum desk_rc desk_contact_texted(struct desk_db *db, const char *tenant_id, const char *id)
{
    return desk_db_exec(db, DESK_Q_CONTACT_TEXTED,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(desk_now_ms())), NULL);
}

enum desk_rc desk_contact_standing(struct desk_db *db, const char *tenant_id, const char *id,
                                   const char *standing)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_CONTACT_STANDING,
                     DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_T(standing)), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

static bool has_item(const char *list, const char *item, size_t n)
{
    while (list && *list) {
        size_t k = strcspn(list, ",");
        if (k == n && strncasecmp(list, item, n) == 0)
            return true;
        list += k;
        list += strspn(list, ", ");
    }
    return false;
}

const char *desk_contact_join(struct desk_arena *a, const char *x, const char *y)
{
    const char *out = x && *x ? x : NULL;
    for (const char *p = y; p && *p;) {
        size_t n = strcspn(p, ",");
        if (n && !has_item(out, p, n))
            out = desk_arena_fmt(a, "%s%s%.*s", out ? out : "", out ? ", " : "", (int)n, p);
        p += n;
        p += strspn(p, ", ");
    }
    return out;
}

/* The value a fact has afterwards; NULL = none. */
static const char *next_value(struct desk_arena *a, const struct desk_contact *c,
                              enum desk_contact_fact f, const char *v, bool by_owner)
{
    const char *is = desk_contact_fact_of(c, f);
    if (!v || (!by_owner && (!*v || !facts[f].told || owners(c, f))))
        return is;
    if (!by_owner && facts[f].list)
        return desk_contact_join(a, is, v);
    return *v ? v : NULL;
}

static bool same(const char *x, const char *y)
{
    return x == y || (x && y && strcmp(x, y) == 0);
}

/* A column in which it belongs, sealed or plain. */
static struct desk_arg arg_of(const char *id, enum desk_contact_fact f, const char *v)
{
    const struct desk_field *column = desk_field_find(&desk_contact_fields, facts[f].name);
    return column->flags & DESK_F_PII ? DESK_SEAL(&desk_contact_fields, facts[f].name, id, v)
                                      : DESK_T(v);
}

static enum desk_rc write_facts(struct desk_db *db, struct desk_arena *a,
                                const struct desk_contact *c, const char *const v[DESK_FACT__MAX],
                                const char *const sources[DESK_FACT__MAX])
{
    struct desk_arg args[DESK_FACT__MAX + 3] = {DESK_T(c->tenant_id), DESK_T(c->id)};
    const char *all = "";
    for (int f = 0; f < DESK_FACT__MAX; f++) {
        args[2 + f] = arg_of(c->id, (enum desk_contact_fact)f, v[f]);
        if (v[f] && all)
            all = desk_arena_fmt(a, "%s%s=%s;", all, facts[f].name, sources[f]);
    }
    args[DESK_FACT__MAX + 2] = DESK_T(all);
    enum desk_rc rc =
        all ? desk_db_exec(db, DESK_Q_CONTACT_SET, args, DESK_FACT__MAX + 3, NULL) : DESK_ENOMEM;
    struct desk_contact now;
    if (!rc)
        rc = desk_contact_get(db, a, c->tenant_id, c->id, &now);
    return rc ? rc : desk_contact_index(db, &now);
}

enum desk_rc desk_contact_set(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const char *id, const char *const v[DESK_FACT__MAX],
                              const char *source, unsigned *changed)
{
    struct desk_contact c;
    const char *to[DESK_FACT__MAX], *sources[DESK_FACT__MAX];
    unsigned bits = 0;
    bool by_owner = of_owner(source, strlen(source)), firmer = false;
    enum desk_rc rc = desk_contact_get(db, a, tenant_id, id, &c);
    for (int i = 0; !rc && i < DESK_FACT__MAX; i++) {
        enum desk_contact_fact f = (enum desk_contact_fact)i;
        const char *is = desk_contact_fact_of(&c, f);
        bool confirmed = by_owner && v[f] && !owners(&c, f); /* the same, but now it stands firm */
        to[f] = next_value(a, &c, f, v[f], by_owner);
        bool other = !same(is, to[f]);
        bits |= other ? 1u << f : 0;
        firmer = firmer || (confirmed && to[f]);
        sources[f] = other || confirmed ? source : desk_contact_source(a, &c, f);
        if (!sources[f])
            rc = DESK_ENOMEM;
    }
    if (changed)
        *changed = bits;
    return rc || (!bits && !firmer) ? rc : write_facts(db, a, &c, to, sources);
}

enum desk_rc desk_contact_learn(struct desk_db *db, const char *tenant_id, const char *id,
                                const char *name, const char *company, const char *email)
{
    const char *v[DESK_FACT__MAX] = {
        [DESK_FACT_NAME] = name, [DESK_FACT_COMPANY] = company, [DESK_FACT_EMAIL] = email};
    struct desk_arena *a = desk_arena_new(64 * 1024);
    enum desk_rc rc =
        a ? desk_contact_set(db, a, tenant_id, id, v, DESK_FROM_CALL, NULL) : DESK_ENOMEM;
    desk_arena_free(a);
    return rc == DESK_ENOTFOUND ? DESK_OK : rc; /* nobody to learn of: as it was */
}
