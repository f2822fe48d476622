/* People by what is known of them: words, or the last digits of a number. */
#include "cgi-bin/admin/people.h"
#include "base/find.h"
#include "base/limits.h"
#include "store/word_index.h"

#include <string.h>

#define LOOKED 400 /* rows looked at for one question */

struct found {
    struct desk_contact *v;
    size_t n;
};

static bool had(const struct found *f, const char *id)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->v[i].id, id) == 0)
            return true;
    return false;
}

static bool ends_in(const char *number, const char *digits)
{
    size_t n = strlen(number), k = strlen(digits);
    return n >= k && strcmp(number + n - k, digits) == 0;
}

/* Does one of their numbers end so? */
static bool has_number(struct desk_request *req, const struct desk_contact *c, const char *digits)
{
    struct desk_contact *more;
    size_t n = 0;
    if (ends_in(c->number, digits))
        return true;
    if (desk_contact_numbers(req->db, req->arena, req->tenant.id, c->id, &more, &n))
        return false;
    for (size_t i = 0; i < n; i++)
        if (ends_in(more[i].number, digits))
            return true;
    return false;
}

static enum desk_rc take(struct desk_request *req, const struct desk_word_doc *docs, size_t n,
                         const char *digits, struct found *f)
{
    for (size_t i = 0; i < n && f->n < DESK_MAX_PAGE_ROWS; i++) {
        struct desk_contact c;
        enum desk_rc rc = docs[i].contact_id ? desk_contact_get(req->db, req->arena, req->tenant.id,
                                                                docs[i].contact_id, &c)
                                             : DESK_ENOTFOUND;
        if (rc && rc != DESK_ENOTFOUND)
            return rc;
        if (!rc && !had(f, c.id) && (!digits || has_number(req, &c, digits)))
            f->v[f->n++] = c;
    }
    return DESK_OK;
}

enum desk_rc admin_people_find(struct desk_request *req, const char *q, struct desk_contact **rows,
                               size_t *n)
{
    char digits[DESK_FIND_DIGITS];
    struct desk_find words;
    struct desk_word_doc *docs;
    size_t n_docs = 0;
    struct found f = {.v = desk_arena_alloc(req->arena, DESK_MAX_PAGE_ROWS * sizeof *f.v)};
    bool number = desk_find_digits(q, digits);
    desk_find_read(&words, q);
    const struct desk_index_ask ask = {.tenant_id = req->tenant.id,
                                       .words = &words,
                                       .people = true,
                                       .before_at = INT64_MAX,
                                       .before_n = INT64_MAX,
                                       .max = LOOKED};
    *rows = f.v;
    *n = 0;
    if (!f.v)
        return DESK_ENOMEM;
    enum desk_rc rc = number ? desk_index_numbers(req->db, req->arena, req->tenant.id, digits,
                                                  LOOKED, &docs, &n_docs)
                             : desk_index_find(req->db, req->arena, &ask, &docs, &n_docs);
    if (!rc)
        rc = take(req, docs, n_docs, number ? digits : NULL, &f);
    *n = f.n;
    return rc;
}
