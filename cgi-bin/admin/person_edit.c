/* GET and POST /people/:id/edit: what is known of a person, as a form. Each field may say what is
 * wrong with it, and what was typed is kept. Two who change at a time do not overwrite each other:
 * the form bears a mark of what it was filled with. */
#include "cgi-bin/admin/people.h"
#include "core/contact.h"
#include "db/seal.h"
#include "talk/business.h"

#include <string.h>

struct form {
    struct admin_person p;
    const char *now[DESK_FACT__MAX];   /* as it is on record, as the form writes it; "" = nothing */
    const char *typed[DESK_FACT__MAX]; /* as it was sent */
    const char *clean[DESK_FACT__MAX];
    const char *wrong[DESK_FACT__MAX];
    char seen[DESK_BLIND_LEN];
    bool day_first, sent, clash;
    size_t bad;
};

static const char *const hints[DESK_FACT__MAX] = {
    [DESK_FACT_BIRTHDAY] = "Like 1980-05-14, or 05-14 without the year",
    [DESK_FACT_ANNIVERSARY] = "Like 1980-05-14, or 05-14 without the year",
    [DESK_FACT_SYSTEMS] = "With commas between them: Lutron lighting, Control4",
    [DESK_FACT_CRM] = "With commas between them: dtools 4711",
    [DESK_FACT_TAGS] = "With commas between them: builder, slow payer",
    [DESK_FACT_LANGUAGE] = "Like English or Spanish. Empty: as they speak",
    [DESK_FACT_NOTES] = "Frontdesk reads them before it talks to this person",
};

static const struct {
    enum desk_contact_fact f;
    const char *value, *label;
} choices[] = {{DESK_FACT_PREFERRED, "", "Not known"},
               {DESK_FACT_PREFERRED, "call", "By phone"},
               {DESK_FACT_PREFERRED, "text", "By text"},
               {DESK_FACT_PREFERRED, "email", "By e-mail"},
               {DESK_FACT_STANDING, "", "Like anybody"},
               {DESK_FACT_STANDING, DESK_STANDING_VIP, "VIP: tell me at once"},
               {DESK_FACT_STANDING, DESK_STANDING_VENDOR, "Supplier"},
               {DESK_FACT_STANDING, DESK_STANDING_BLOCKED, "Blocked: end their calls"}};

static const enum desk_contact_fact order[] = {
    DESK_FACT_NAME,     DESK_FACT_COMPANY,  DESK_FACT_ADDRESS,     DESK_FACT_EMAIL,
    DESK_FACT_STANDING, DESK_FACT_TAGS,     DESK_FACT_NOTES,       DESK_FACT_PREFERRED,
    DESK_FACT_LANGUAGE, DESK_FACT_BIRTHDAY, DESK_FACT_ANNIVERSARY, DESK_FACT_SYSTEMS,
    DESK_FACT_CRM};
#define FIELDS (sizeof order / sizeof *order)

/* As on record; a day without its year as people type it. */
static const char *as_written(const struct desk_contact *c, enum desk_contact_fact f)
{
    const char *v = desk_contact_fact_of(c, f);
    bool day = f == DESK_FACT_BIRTHDAY || f == DESK_FACT_ANNIVERSARY;
    return !v ? "" : day && strncmp(v, "--", 2) == 0 ? v + 2 : v;
}

static enum desk_rc load(struct desk_request *req, struct form *f)
{
    struct desk_business b;
    const char *all = "";
    memset(f, 0, sizeof *f);
    enum desk_rc rc = admin_person_load(req, &f->p);
    if (!rc)
        rc = desk_business_of(req->arena, &req->tenant, &req->location, &b);
    for (size_t i = 0; !rc && i < DESK_FACT__MAX && all; i++) {
        f->now[i] = as_written(&f->p.c, (enum desk_contact_fact)i);
        all = desk_arena_fmt(req->arena, "%s\x1f%s", all, f->now[i]);
    }
    if (rc || !all)
        return rc ? rc : DESK_ENOMEM;
    f->day_first = b.day_first;
    desk_blind(desk_db_key(req->db), req->tenant.id, all, f->seen);
    return DESK_OK;
}

/* What a field says beside itself when two changed it at a time. */
static const char *clash_words(struct desk_request *req, const struct form *f, size_t i)
{
    if (!f->clash || strcmp(f->now[i], f->typed[i]) == 0)
        return NULL;
    return *f->now[i] ? desk_arena_fmt(req->arena, "On record now: %s", f->now[i])
                      : "On record now: nothing";
}

static void set_field(struct desk_request *req, struct desk_view *v, size_t n, const struct form *f,
                      enum desk_contact_fact fact)
{
    const char *value = f->sent ? f->typed[fact] : f->now[fact];
    size_t k = 0;
    desk_view_setf(v, desk_contact_fact_name(fact), "Fields.%zu.Name", n);
    desk_view_setf(v, admin_fact_label(fact), "Fields.%zu.Label", n);
    desk_view_setf(v, value, "Fields.%zu.Value", n);
    desk_view_setf(v, hints[fact], "Fields.%zu.Hint", n);
    desk_view_setf(v, f->wrong[fact], "Fields.%zu.Wrong", n);
    desk_view_setf(v, clash_words(req, f, fact), "Fields.%zu.Clash", n);
    desk_view_setf(v, fact == DESK_FACT_NOTES ? "1" : "", "Fields.%zu.Long", n);
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        if (choices[i].f != fact)
            continue;
        desk_view_setf(v, choices[i].value, "Fields.%zu.Choices.%zu.Value", n, k);
        desk_view_setf(v, choices[i].label, "Fields.%zu.Choices.%zu.Label", n, k);
        desk_view_setf(v, strcmp(choices[i].value, value) == 0 ? "1" : "",
                       "Fields.%zu.Choices.%zu.Here", n, k);
        k++;
    }
}

static enum desk_rc show(struct desk_request *req, const struct form *f, int status)
{
    struct desk_view *v =
        desk_page_begin(req, desk_arena_fmt(req->arena, "%sChange what is known of %s",
                                            f->bad || f->clash ? "Error: " : "", f->p.who));
    if (!v)
        return DESK_ENOMEM;
    admin_person_view(v, &f->p);
    desk_view_set(v, "Seen", f->seen);
    for (size_t i = 0; i < FIELDS; i++)
        set_field(req, v, i, f, order[i]);
    if (f->bad)
        desk_page_error(v, "Nothing was saved yet.");
    else if (f->clash)
        desk_page_error(v,
                        "Something else was written here while you typed. Your version is below; "
                        "save again to replace what is on record.");
    return desk_page_send(req, v, status);
}

enum desk_rc admin_person_edit(struct desk_request *req)
{
    struct form f;
    enum desk_rc rc = load(req, &f);
    return rc ? rc : show(req, &f, 0);
}

/* ---- saving ---------------------------------------------------------------------------------- */

static enum desk_rc check(struct desk_request *req, struct form *f)
{
    for (size_t i = 0; i < DESK_FACT__MAX; i++) {
        enum desk_contact_fact fact = (enum desk_contact_fact)i;
        const char *name = desk_contact_fact_name(fact), *why = "";
        const struct desk_value *p = desk_param(req, name);
        f->typed[i] = p->text;
        f->wrong[i] = p->error;
        if (p->error || strcmp(p->text, f->now[i]) == 0) {
            f->bad += p->error != NULL;
            continue; /* as it is: whose word it was stays, too */
        }
        enum desk_rc rc =
            desk_contact_check(req->arena, name, p->text, f->day_first, &f->clean[i], &why);
        if (rc && rc != DESK_EINVAL)
            return rc;
        if (rc) {
            f->wrong[i] = desk_arena_fmt(req->arena, "%s %s.", admin_fact_label(fact), why);
            f->bad++;
        }
    }
    return DESK_OK;
}

static enum desk_rc write(struct desk_request *req, const struct form *f)
{
    unsigned changed = 0;
    enum desk_rc rc = desk_contact_set(req->db, req->arena, req->tenant.id, f->p.c.id, f->clean,
                                       DESK_FROM_OWNER, &changed);
    if (!rc && changed)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "contact.edit", f->p.c.id);
    return rc ? rc : desk_page_result(req, changed ? "Saved." : "Nothing was changed.", NULL);
}

enum desk_rc admin_person_save(struct desk_request *req)
{
    struct form f;
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = load(req, &f);
    f.sent = true;
    if (!rc)
        rc = check(req, &f);
    f.clash = strcmp(f.seen, desk_param(req, "seen")->text) != 0;
    bool again = !rc && (f.bad || f.clash);
    if (!rc && !again)
        rc = write(req, &f);
    rc = desk_tx_end(req->db, rc);
    if (again)
        return show(req, &f, f.bad ? 422 : 409);
    if (!rc)
        desk_reply_redirect(req, f.p.path);
    return rc;
}
