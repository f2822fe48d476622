#include "talk/people_find.h"
#include "core/phone.h"

#include <ctype.h>
#include <string.h>

#define BATCH      200
#define DIGITS_MIN 4

struct looking {
    const char *words;
    char digits[DESK_PHONE_LEN]; /* "" = they are no number */
};

/* Is it digits and the marks people write between them? */
static void digits_of(struct looking *l)
{
    size_t n = 0;
    for (const char *p = l->words; *p; p++) {
        if (isdigit((unsigned char)*p) && n + 1 < sizeof l->digits)
            l->digits[n++] = *p;
        else if (!strchr(" -.()+/", *p))
            n = sizeof l->digits;
        if (n >= sizeof l->digits)
            break;
    }
    l->digits[n >= DIGITS_MIN && n < sizeof l->digits ? n : 0] = '\0';
}

static bool ends_with(const char *number, const char *digits)
{
    size_t n = number ? strlen(number) : 0, want = strlen(digits);
    return want && n >= want && strcmp(number + n - want, digits) == 0;
}

static bool is_meant(const struct looking *l, const struct desk_contact *c)
{
    if (*l->digits)
        return ends_with(c->number, l->digits);
    return (c->name && strcasestr(c->name, l->words)) ||
           (c->company && strcasestr(c->company, l->words));
}

static enum desk_rc look_through(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                 const struct looking *l, size_t max, struct desk_contact *out,
                                 size_t *n)
{
    int64_t at = INT64_MAX;
    const char *id = "";
    for (size_t seen = 0; seen < DESK_PEOPLE_READ; seen += BATCH) {
        struct desk_contact *rows;
        size_t k = 0;
        enum desk_rc rc = desk_contact_page(db, a, tenant_id, at, id, BATCH, &rows, &k);
        for (size_t i = 0; !rc && i < k && *n < max; i++)
            if (is_meant(l, &rows[i]))
                out[(*n)++] = rows[i];
        if (rc || k < BATCH || *n == max)
            return rc;
        at = rows[k - 1].last_at;
        id = rows[k - 1].id;
    }
    return DESK_OK;
}

enum desk_rc desk_people_find(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const char *country, const char *words, size_t max,
                              struct desk_contact *out, size_t *n)
{
    char e164[DESK_PHONE_LEN];
    struct looking l = {.words = words};
    *n = 0;
    if (strlen(words) < 2 || !max)
        return DESK_OK;
    if (desk_phone_parse(words, country, e164) == DESK_PHONE_OK) {
        enum desk_rc rc = desk_contact_by_number(db, a, tenant_id, e164, out);
        *n = rc ? 0 : 1;
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    }
    digits_of(&l);
    return look_through(db, a, tenant_id, &l, max, out, n);
}
