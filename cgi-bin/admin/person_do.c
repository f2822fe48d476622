/* What can be done on a person's page: confirm what was said, wishes, VIP, block, put through. */
#include "cgi-bin/admin/people.h"
#include "store/consents.h"
#include "store/exceptions.h"
#include "store/text_stops.h"

#include <string.h>

enum desk_rc admin_person_act(struct desk_request *req, admin_person_change *change)
{
    struct admin_person p;
    enum desk_rc rc = admin_person_load(req, &p);
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_tx_end(req->db, change(req, &p));
    if (!rc)
        desk_reply_redirect(req, admin_back(req, p.path));
    return rc;
}

static enum desk_rc audit(struct desk_request *req, const struct admin_person *p,
                          const char *action)
{
    return desk_audit_add(req->db, req->tenant.id, req->user.id, action, p->c.id);
}

/* ---- what was said is right ------------------------------------------------------------------ */

static enum desk_rc confirm(struct desk_request *req, const struct admin_person *p)
{
    const char *v[DESK_FACT__MAX] = {NULL}, *name = desk_param(req, "fact")->text, *label = NULL;
    for (size_t i = 0; i < DESK_FACT__MAX; i++) {
        enum desk_contact_fact f = (enum desk_contact_fact)i;
        if (strcmp(desk_contact_fact_name(f), name) != 0 || !desk_contact_fact_of(&p->c, f))
            continue;
        v[i] = desk_contact_fact_of(&p->c, f);
        label = admin_fact_label(f);
    }
    if (!label)
        return DESK_ENOTFOUND;
    enum desk_rc rc =
        desk_contact_set(req->db, req->arena, req->tenant.id, p->c.id, v, DESK_FROM_OWNER, NULL);
    if (!rc)
        rc = audit(req, p, "contact.confirm");
    return rc ? rc
              : desk_page_result(req, desk_arena_fmt(req->arena, "%s confirmed.", label), NULL);
}

enum desk_rc admin_person_confirm(struct desk_request *req)
{
    return admin_person_act(req, confirm);
}

/* ---- what they wish -------------------------------------------------------------------------- */

static enum desk_rc wish(struct desk_request *req, const char *number)
{
    static const char *const about[] = {DESK_CONSENT_CALLS, DESK_CONSENT_GREETINGS};
    enum desk_rc rc = DESK_OK;
    for (size_t i = 0; !rc && i < sizeof about / sizeof *about; i++) {
        const char *said = desk_param(req, about[i])->text;
        bool yes = strcmp(said, "yes") == 0;
        if (yes || strcmp(said, "no") == 0)
            rc = desk_consent_set(req->db, req->tenant.id, number, about[i], yes,
                                  DESK_CONSENT_BY_OWNER);
    }
    if (!rc && desk_param(req, "no_texts")->num)
        rc = desk_text_stop(req->db, req->tenant.id, number, DESK_STOP_BY_OWNER);
    return rc;
}

static enum desk_rc wishes(struct desk_request *req, const struct admin_person *p)
{
    enum desk_rc rc = wish(req, p->c.number);
    for (size_t i = 0; !rc && i < p->n_more; i++)
        rc = wish(req, p->more[i].number);
    if (!rc)
        rc = audit(req, p, "contact.wishes");
    return rc ? rc : desk_page_result(req, "Saved what they wish.", NULL);
}

enum desk_rc admin_person_wishes(struct desk_request *req)
{
    return admin_person_act(req, wishes);
}

/* ---- VIP, supplier, blocked ------------------------------------------------------------------ */

static const struct {
    const char *to, *standing, *done;
} standings[] = {{"none", NULL, "%s is answered like anybody."},
                 {"vip", DESK_STANDING_VIP, "%s is a VIP now: you are told at once."},
                 {"vendor", DESK_STANDING_VENDOR, "%s is kept as a supplier now."},
                 {"blocked", DESK_STANDING_BLOCKED, "Blocked: %s."}};
#define STANDINGS (sizeof standings / sizeof *standings)

static const char *to_of(const char *standing)
{
    for (size_t i = 0; standing && i < STANDINGS; i++)
        if (standings[i].standing && strcmp(standings[i].standing, standing) == 0)
            return standings[i].to;
    return "none";
}

static const char *done_words(struct desk_request *req, size_t i, const char *who)
{
    const char *s = standings[i].done, *mark = strstr(s, "%s");
    return desk_arena_fmt(req->arena, "%.*s%s%s", (int)(mark - s), s, who, mark + 2);
}

static enum desk_rc set_standing(struct desk_request *req, const struct admin_person *p)
{
    const char *to = desk_param(req, "to")->text, *v[DESK_FACT__MAX] = {NULL};
    size_t i = 0;
    while (i < STANDINGS && strcmp(standings[i].to, to) != 0)
        i++;
    if (i == STANDINGS)
        return DESK_EINVAL;
    v[DESK_FACT_STANDING] = standings[i].standing ? standings[i].standing : "";
    enum desk_rc rc =
        desk_contact_set(req->db, req->arena, req->tenant.id, p->c.id, v, DESK_FROM_OWNER, NULL);
    if (!rc)
        rc = audit(req, p, "contact.standing");
    const char *undo =
        desk_arena_fmt(req->arena, "%s/standing?to=%s", p->path, to_of(p->c.standing));
    return rc ? rc : desk_page_result(req, done_words(req, i, p->who), admin_undo(req, undo));
}

enum desk_rc admin_person_standing(struct desk_request *req)
{
    return admin_person_act(req, set_standing);
}

enum desk_rc admin_person_block(struct desk_request *req)
{
    struct admin_person p;
    enum desk_rc rc = admin_person_load(req, &p);
    if (rc)
        return rc;
    struct desk_view *v = desk_page_begin(req, desk_arena_fmt(req->arena, "Block %s?", p.who));
    if (!v)
        return DESK_ENOMEM;
    admin_person_view(v, &p);
    desk_view_set(v, "Back", admin_back(req, p.path));
    return desk_page_send(req, v, 0);
}

/* ---- straight through ------------------------------------------------------------------------ */

static enum desk_rc put_through(struct desk_request *req, const struct admin_person *p)
{
    struct desk_exception e;
    enum desk_rc rc = desk_exception_put(req->db, req->tenant.id, p->c.number, p->who, "other");
    if (!rc)
        rc = desk_exception_find(req->db, req->arena, req->tenant.id, p->c.number, &e);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "exception.put", e.id);
    if (rc)
        return rc;
    return desk_page_result(
        req, desk_arena_fmt(req->arena, "%s is put straight through now.", p->who),
        admin_undo(req, desk_arena_fmt(req->arena, "/exceptions/%s/remove", e.id)));
}

enum desk_rc admin_person_exception(struct desk_request *req)
{
    return admin_person_act(req, put_through);
}
