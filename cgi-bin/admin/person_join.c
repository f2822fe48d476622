/* GET /people/:id/join: whom to join a person with, and what would come of it; POST does it. */
#include "cgi-bin/admin/people.h"
#include "cgi-bin/words.h"
#include "core/phone.h"

#include <stdio.h>
#include <string.h>

/* Both side by side, where at least one has something. */
static void set_preview(struct desk_request *req, struct desk_view *v, const struct admin_person *p,
                        const struct admin_person *o)
{
    char w[64];
    size_t n = 0;
    for (size_t i = 0; i < DESK_FACT__MAX; i++) {
        enum desk_contact_fact f = (enum desk_contact_fact)i;
        const char *x = admin_fact_words(req, &p->c, f), *y = admin_fact_words(req, &o->c, f);
        if (!x && !y)
            continue;
        desk_view_setf(v, admin_fact_label(f), "Both.%zu.Label", n);
        desk_view_setf(v, x ? x : "–", "Both.%zu.Keep", n);
        desk_view_setf(v, y ? y : "–", "Both.%zu.Gone", n++);
    }
    desk_view_set(v, "With.Id", o->c.id);
    desk_view_set(v, "With.Who", o->who);
    desk_view_set(v, "With.Shown", desk_phone_national(w, sizeof w, o->c.number));
    desk_view_set(v, "With.Count", desk_words_count(w, sizeof w, o->c.calls, "call", "calls"));
    desk_view_set(v, "Person.Count", desk_words_count(w, sizeof w, p->c.calls, "call", "calls"));
}

static enum desk_rc set_found(struct desk_request *req, struct desk_view *v,
                              const struct admin_person *p)
{
    const struct desk_value *q = desk_param(req, "q");
    struct desk_contact *rows;
    size_t n = 0, k = 0;
    char prefix[32];
    if (!q->given || q->error)
        return DESK_OK;
    desk_view_set(v, "Query", q->text);
    enum desk_rc rc = admin_people_find(req, q->text, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        if (strcmp(rows[i].id, p->c.id) == 0)
            continue;
        snprintf(prefix, sizeof prefix, "Rows.%zu", k++);
        admin_person_row(req, v, prefix, &rows[i]);
    }
    return rc;
}

enum desk_rc admin_person_join(struct desk_request *req)
{
    struct admin_person p, o;
    const struct desk_value *with = desk_param(req, "with");
    enum desk_rc rc = admin_person_load(req, &p);
    if (rc)
        return rc;
    struct desk_view *v =
        desk_page_begin(req, desk_arena_fmt(req->arena, "Join %s with somebody, People", p.who));
    if (!v)
        return DESK_ENOMEM;
    admin_person_view(v, &p);
    if (!with->given)
        rc = set_found(req, v, &p);
    else
        rc = with->error ? DESK_ENOTFOUND : admin_person_by_id(req, with->text, &o);
    if (rc)
        return rc;
    if (with->given && strcmp(o.c.id, p.c.id) == 0)
        desk_page_error(v, "These are one person already. Choose another.");
    else if (with->given)
        set_preview(req, v, &p, &o);
    return desk_page_send(req, v, 0);
}

static enum desk_rc join(struct desk_request *req, const struct admin_person *p)
{
    struct admin_person o;
    const struct desk_value *with = desk_param(req, "with");
    enum desk_rc rc = req->bad_values ? DESK_EINVAL : admin_person_by_id(req, with->text, &o);
    if (!rc)
        rc = desk_contact_merge(req->db, req->arena, req->tenant.id, p->c.id, o.c.id);
    if (rc == DESK_ECONFLICT) /* pressed twice */
        return desk_page_result(req, "They are one person already.", NULL);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "contact.join", p->c.id);
    return rc ? rc
              : desk_page_result(
                    req,
                    desk_arena_fmt(req->arena, "Joined: %s and %s are one now.", p->who, o.who),
                    NULL);
}

enum desk_rc admin_person_join_do(struct desk_request *req)
{
    return admin_person_act(req, join);
}
