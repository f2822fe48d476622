/* GET /leads and /tickets: who may become a customer, what does not work at one's; newest first, by
 * their state. GET /leads/:id and /tickets/:id: one, with its pictures. POST …/:id/:to: it is won,
 * lost, done, or open again after all. One table knows what differs between the two. */
#include "cgi-bin/admin/admin.h"
#include "base/limits.h"
#include "core/phone.h"
#include "store/pages.h"
#include "store/pictures.h"
#include "store/records.h"

#include <stdio.h>
#include <string.h>

/* What lists and pages show of either. */
struct item {
    const char *id, *call_id, *contact_id, *state;
    const char *what; /* "Lead", "Ticket 12" */
    const char *who, *number, *text;
    int64_t created_at;
};

struct state {
    const char *state, *word, *kind, *icon;
    const char *button; /* that leads there; NULL = none */
    const char *said;
};

struct kind {
    const char *path, *title, *one; /* "/leads", "Leads", "lead" */
    const struct desk_page *page;
    const struct state *states;
    size_t n_states;
    size_t size;
    enum desk_rc (*set)(struct desk_db *db, const char *tenant_id, const char *id,
                        const char *state);
    struct item (*item)(struct desk_request *req, const void *row);
    void (*facts)(struct desk_request *req, struct desk_view *v, const void *row);
};

/* ---- leads ----------------------------------------------------------------------------------- */

static const char *number_words(struct desk_request *req, const char *e164)
{
    char n[64];
    return e164 && *e164 ? desk_arena_strdup(req->arena, desk_phone_national(n, sizeof n, e164))
                         : NULL;
}

static const char *who(struct desk_request *req, const char *name, const char *number)
{
    if (name && *name)
        return name;
    const char *shown = number_words(req, number);
    return shown ? shown : "Not known";
}

static void fact(struct desk_view *v, size_t *i, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    desk_view_setf(v, name, "Facts.%zu.Name", *i);
    desk_view_setf(v, value, "Facts.%zu.Words", (*i)++);
}

static struct item lead_item(struct desk_request *req, const void *row)
{
    const struct desk_lead *l = row;
    return (struct item){.id = l->id,
                         .call_id = l->call_id,
                         .contact_id = l->contact_id,
                         .state = l->state,
                         .what = "Lead",
                         .who = who(req, l->name, l->number),
                         .number = l->number,
                         .text = l->job,
                         .created_at = l->created_at};
}

static void lead_facts(struct desk_request *req, struct desk_view *v, const void *row)
{
    const struct desk_lead *l = row;
    size_t i = 0;
    (void)req;
    fact(v, &i, "Company", l->company);
    fact(v, &i, "E-mail", l->email);
    fact(v, &i, "Where", l->address);
    fact(v, &i, "Budget", l->budget);
    fact(v, &i, "By when", l->timeline);
    fact(v, &i, "Heard of us", l->heard_of_us);
}

static const struct state lead_states[] = {
    {"open", "Open", "plain", "clock", "Open again", "Open again after all"},
    {"won", "Won", "good", "tick", "Won", "Won"},
    {"lost", "Lost", "plain", "struck", "Lost", "Lost"},
};

/* ---- tickets --------------------------------------------------------------------------------- */

static struct item ticket_item(struct desk_request *req, const void *row)
{
    const struct desk_ticket *t = row;
    return (struct item){.id = t->id,
                         .call_id = t->call_id,
                         .contact_id = t->contact_id,
                         .state = t->state,
                         .what = desk_arena_fmt(req->arena, "Ticket %lld", (long long)t->n),
                         .who = who(req, t->name, t->number),
                         .number = t->number,
                         .text = t->problem,
                         .created_at = t->created_at};
}

static void ticket_facts(struct desk_request *req, struct desk_view *v, const void *row)
{
    const struct desk_ticket *t = row;
    size_t i = 0;
    (void)req;
    fact(v, &i, "About", t->system);
    fact(v, &i, "Priority",
         strcmp(t->priority, "high") == 0  ? "High: they cannot go on"
         : strcmp(t->priority, "low") == 0 ? "Low"
                                           : "Normal");
    fact(v, &i, "Since", t->since_text);
    fact(v, &i, "Tried already", t->tried);
    fact(v, &i, "Where", t->address);
}

static enum desk_rc ticket_set(struct desk_db *db, const char *tenant_id, const char *id,
                               const char *state)
{
    return desk_ticket_state(db, tenant_id, id, state, NULL);
}

static const struct state ticket_states[] = {
    {"open", "Open", "plain", "clock", "Open again", "Open again after all"},
    {"done", "Done", "good", "tick", "Done", "Done"},
};

/* ---- both ------------------------------------------------------------------------------------ */

static const struct kind kinds[] = {
    {"/leads", "Leads", "lead", &desk_page_leads, lead_states,
     sizeof lead_states / sizeof *lead_states, sizeof(struct desk_lead), desk_lead_state, lead_item,
     lead_facts},
    {"/tickets", "Tickets", "ticket", &desk_page_tickets, ticket_states,
     sizeof ticket_states / sizeof *ticket_states, sizeof(struct desk_ticket), ticket_set,
     ticket_item, ticket_facts},
};

static const struct kind *kind_of(const struct desk_request *req)
{
    return &kinds[strncmp(req->path, kinds[1].path, strlen(kinds[1].path)) == 0];
}

/* NULL: it has none of that name. */
static const struct state *state_of(const struct kind *k, const char *name)
{
    for (size_t i = 0; i < k->n_states; i++)
        if (strcmp(k->states[i].state, name) == 0)
            return &k->states[i];
    return NULL;
}

static void set_item(struct desk_request *req, struct desk_view *v, const char *prefix,
                     const struct kind *k, const struct item *it)
{
    char at[32];
    const char *shown = number_words(req, it->number);
    const struct state *s = state_of(k, it->state);
    snprintf(at, sizeof at, "%lld", (long long)it->created_at);
    desk_view_setf(v, it->id, "%s.Id", prefix);
    desk_view_setf(v, at, "%s.At", prefix);
    desk_view_setf(v, it->what, "%s.What", prefix);
    desk_view_setf(v, it->who, "%s.Who", prefix);
    desk_view_setf(v, it->text, "%s.Text", prefix);
    if (shown) {
        desk_view_setf(v, it->number, "%s.Number", prefix);
        desk_view_setf(v, shown, "%s.Shown", prefix);
    }
    if (it->call_id)
        desk_view_setf(v, it->call_id, "%s.CallId", prefix);
    if (it->contact_id)
        desk_view_setf(v, it->contact_id, "%s.Person", prefix);
    desk_view_setf(v, s ? s->word : it->state, "%s.Tag", prefix);
    desk_view_setf(v, s ? s->kind : "plain", "%s.TagKind", prefix);
    desk_view_setf(v, s ? s->icon : "clock", "%s.TagIcon", prefix);
}

static void set_filter(struct desk_view *v, const struct kind *k, const char *chosen)
{
    for (size_t i = 0; i < k->n_states; i++) {
        desk_view_setf(v, k->states[i].state, "Show.%zu.Value", i);
        desk_view_setf(v, k->states[i].word, "Show.%zu.Label", i);
        desk_view_setf(v, strcmp(k->states[i].state, chosen) == 0 ? "page" : "", "Show.%zu.Here",
                       i);
    }
    desk_view_set(v, "All", *chosen ? "" : "page");
}

static enum desk_rc page_from(struct desk_request *req, const struct kind *k,
                              struct desk_place *after)
{
    const struct desk_value *before = desk_param(req, "before");
    void *row = desk_arena_alloc(req->arena, k->size);
    *after = (struct desk_place){INT64_MAX, ""};
    if (!before->given)
        return DESK_OK;
    enum desk_rc rc =
        row ? desk_page_one(req->db, req->arena, k->page, req->tenant.id, before->text, row)
            : DESK_ENOMEM;
    if (!rc)
        *after = desk_page_place(k->page, row);
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

enum desk_rc admin_leads(struct desk_request *req)
{
    const struct kind *k = kind_of(req);
    struct desk_place after;
    void *rows = NULL;
    size_t n = 0;
    char prefix[32];
    const struct state *chosen = state_of(k, desk_param(req, "show")->text);
    const char *state = chosen ? chosen->state : "";
    struct desk_view *v = desk_page_begin(req, k->title);
    enum desk_rc rc = v ? page_from(req, k, &after) : DESK_ENOMEM;
    if (!rc)
        rc = desk_page_read(req->db, req->arena, k->page, req->tenant.id, &after, state,
                            DESK_MAX_PAGE_ROWS + 1, &rows, &n);
    if (rc)
        return rc;
    for (size_t i = 0; i < n && i < DESK_MAX_PAGE_ROWS; i++) {
        const struct item it = k->item(req, (const char *)rows + i * k->size);
        snprintf(prefix, sizeof prefix, "Rows.%zu", i);
        set_item(req, v, prefix, k, &it);
        if (i == DESK_MAX_PAGE_ROWS - 1 && n > DESK_MAX_PAGE_ROWS)
            desk_view_set(v, "Older", it.id);
    }
    set_filter(v, k, state);
    desk_view_set(v, "Title", k->title);
    desk_view_set(v, "Path", k->path);
    desk_view_set(v, "One", k->one);
    desk_view_set(v, "State", state);
    return desk_page_send(req, v, 0);
}

static enum desk_rc set_pictures(struct desk_request *req, struct desk_view *v,
                                 const struct kind *k, const struct item *it)
{
    struct desk_picture *rows;
    size_t n = 0;
    enum desk_rc rc = DESK_OK;
    if (k == &kinds[0])
        rc = desk_pictures_of_lead(req->db, req->arena, req->tenant.id, it->id, &rows, &n);
    else if (it->call_id)
        rc = desk_pictures_about(req->db, req->arena, req->tenant.id, it->call_id, &rows, &n);
    if (!rc && n)
        admin_pictures_view(req, v, "Pictures", rows, n);
    return rc;
}

enum desk_rc admin_lead(struct desk_request *req)
{
    const struct kind *k = kind_of(req);
    void *row = desk_arena_alloc(req->arena, k->size);
    enum desk_rc rc = row ? desk_page_one(req->db, req->arena, k->page, req->tenant.id,
                                          desk_param(req, "id")->text, row)
                          : DESK_ENOMEM;
    if (rc)
        return rc;
    const struct item it = k->item(req, row);
    struct desk_view *v =
        desk_page_begin(req, desk_arena_fmt(req->arena, "%s, %s", it.what, it.who));
    if (!v)
        return DESK_ENOMEM;
    set_item(req, v, "It", k, &it);
    k->facts(req, v, row);
    for (size_t i = 0, at = 0; i < k->n_states; i++) {
        if (strcmp(k->states[i].state, it.state) == 0)
            continue;
        desk_view_setf(v, k->states[i].state, "Do.%zu.To", at);
        desk_view_setf(v, k->states[i].button, "Do.%zu.Label", at++);
    }
    desk_view_set(v, "Title", k->title);
    desk_view_set(v, "Path", k->path);
    rc = set_pictures(req, v, k, &it);
    return rc ? rc : desk_page_send(req, v, 0);
}

/* ---- what the buttons do --------------------------------------------------------------------- */

static enum desk_rc set_state(struct desk_request *req, const struct kind *k, const struct item *it,
                              const struct state *to)
{
    if (strcmp(it->state, to->state) == 0) /* pressed twice */
        return DESK_OK;
    enum desk_rc rc = k->set(req->db, req->tenant.id, it->id, to->state);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id,
                            desk_arena_fmt(req->arena, "%s.%s", k->one, to->state), it->id);
    return rc ? rc
              : desk_page_result(
                    req, desk_arena_fmt(req->arena, "%s: %s, %s.", to->said, it->what, it->who),
                    desk_arena_fmt(req->arena, "%s/%s/%s", k->path, it->id, it->state));
}

enum desk_rc admin_lead_set(struct desk_request *req)
{
    const struct kind *k = kind_of(req);
    const struct state *to = state_of(k, desk_param(req, "to")->text);
    void *row = desk_arena_alloc(req->arena, k->size);
    enum desk_rc rc = !to   ? DESK_ENOTFOUND
                      : row ? desk_page_one(req->db, req->arena, k->page, req->tenant.id,
                                            desk_param(req, "id")->text, row)
                            : DESK_ENOMEM;
    if (rc)
        return rc;
    const struct item it = k->item(req, row);
    rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, set_state(req, k, &it, to));
    if (!rc)
        desk_reply_redirect(req, desk_arena_fmt(req->arena, "%s/%s", k->path, it.id));
    return rc;
}
