/* "What came of it": leads, tickets and suppliers' notes that a call led to. Messages and callbacks
 * have places of their own. */
#include "cgi-bin/admin/admin.h"
#include "core/phone.h"
#include "store/records.h"

#include <stdio.h>
#include <string.h>

struct fact {
    const char *name, *value;
};

struct item {
    const char *what, *text, *state;
    struct fact facts[8];
};

static void put(struct desk_view *v, size_t *i, const struct item *it)
{
    size_t k = 0;
    desk_view_setf(v, it->what, "Came.%zu.What", *i);
    desk_view_setf(v, it->text, "Came.%zu.Text", *i);
    desk_view_setf(v, it->state, "Came.%zu.State", *i);
    for (size_t f = 0; f < sizeof it->facts / sizeof *it->facts && it->facts[f].name; f++) {
        if (!it->facts[f].value || !*it->facts[f].value)
            continue;
        desk_view_setf(v, it->facts[f].name, "Came.%zu.Facts.%zu.Name", *i, k);
        desk_view_setf(v, it->facts[f].value, "Came.%zu.Facts.%zu.Value", *i, k++);
    }
    (*i)++;
}

static const char *number(struct desk_request *req, const char *e164)
{
    char n[64];
    return e164 ? desk_arena_strdup(req->arena, desk_phone_national(n, sizeof n, e164)) : NULL;
}

static const char *state_words(const char *state)
{
    static const struct fact words[] = {
        {"open", "open"}, {"won", "won"}, {"lost", "lost"}, {"done", "done"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (state && strcmp(state, words[i].name) == 0)
            return words[i].value;
    return NULL;
}

static enum desk_rc leads(struct desk_request *req, struct desk_view *v, const struct desk_call *c,
                          size_t *i)
{
    struct desk_lead *rows;
    size_t n = 0;
    enum desk_rc rc = desk_lead_by_call(req->db, req->arena, req->tenant.id, c->id, &rows, &n);
    for (size_t k = 0; !rc && k < n; k++)
        put(v, i,
            &(struct item){.what = "Lead",
                           .text = rows[k].job,
                           .state = state_words(rows[k].state),
                           .facts = {{"Name", rows[k].name},
                                     {"Company", rows[k].company},
                                     {"Reach", number(req, rows[k].number)},
                                     {"E-mail", rows[k].email},
                                     {"Where", rows[k].address},
                                     {"Budget", rows[k].budget},
                                     {"By when", rows[k].timeline},
                                     {"Heard of us", rows[k].heard_of_us}}});
    return rc;
}

static enum desk_rc tickets(struct desk_request *req, struct desk_view *v,
                            const struct desk_call *c, size_t *i)
{
    struct desk_ticket *rows;
    size_t n = 0;
    enum desk_rc rc = desk_ticket_by_call(req->db, req->arena, req->tenant.id, c->id, &rows, &n);
    for (size_t k = 0; !rc && k < n; k++)
        put(v, i,
            &(struct item){.what = desk_arena_fmt(req->arena, "Ticket %lld", (long long)rows[k].n),
                           .text = rows[k].problem,
                           .state = state_words(rows[k].state),
                           .facts = {{"System", rows[k].system},
                                     {"Priority", rows[k].priority},
                                     {"Since", rows[k].since_text},
                                     {"Tried", rows[k].tried},
                                     {"Name", rows[k].name},
                                     {"Reach", number(req, rows[k].number)},
                                     {"Where", rows[k].address}}});
    return rc;
}

static enum desk_rc vendors(struct desk_request *req, struct desk_view *v,
                            const struct desk_call *c, size_t *i)
{
    struct desk_vendor_note *rows;
    size_t n = 0;
    enum desk_rc rc =
        desk_vendor_note_by_call(req->db, req->arena, req->tenant.id, c->id, &rows, &n);
    for (size_t k = 0; !rc && k < n; k++)
        put(v, i,
            &(struct item){.what = desk_arena_fmt(req->arena, "Supplier: %s", rows[k].vendor),
                           .text = rows[k].text,
                           .state = state_words(rows[k].state),
                           .facts = {{"About", rows[k].purpose},
                                     {"Person", rows[k].person},
                                     {"Number of it", rows[k].reference},
                                     {"Reach", number(req, rows[k].number)}}});
    return rc;
}

enum desk_rc admin_came(struct desk_request *req, struct desk_view *v, const struct desk_call *c)
{
    size_t i = 0;
    enum desk_rc rc = leads(req, v, c, &i);
    if (!rc)
        rc = tickets(req, v, c, &i);
    return rc ? rc : vendors(req, v, c, &i);
}
