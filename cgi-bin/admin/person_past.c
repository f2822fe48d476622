/* What was with one person, newest first: calls, promises, visits, leads, tickets, notes. */
#include "cgi-bin/admin/people.h"
#include "store/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EACH 40 /* of each kind */

struct item {
    int64_t at;
    const char *what, *words, *call_id;
    const char *state, *kind, *icon; /* the tag */
};

struct past {
    struct item *v;
    size_t n;
    bool cut;
};

static int later_first(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    return x->at > y->at ? -1 : x->at < y->at;
}

static void put(struct past *p, struct item it)
{
    p->v[p->n++] = it;
}

static const struct {
    const char *state, *word, *kind, *icon;
} states[] = {{"open", "Not done yet", "todo", "clock"},
              {"done", "Done", "good", "tick"},
              {"dropped", "Not needed", "plain", "struck"},
              {"won", "Won", "good", "tick"},
              {"lost", "Lost", "plain", "struck"},
              {DESK_APPT_BOOKED, "Booked", "good", "calendar"},
              {DESK_APPT_MOVED, "Moved", "good", "calendar"},
              {DESK_APPT_CANCELLED, "Cancelled", "plain", "struck"}};

static struct item with_state(struct item it, const char *state)
{
    for (size_t i = 0; state && i < sizeof states / sizeof *states; i++)
        if (strcmp(states[i].state, state) == 0) {
            it.state = states[i].word;
            it.kind = states[i].kind;
            it.icon = states[i].icon;
        }
    return it;
}

static enum desk_rc put_calls(struct desk_request *req, const struct desk_history *h,
                              struct past *p)
{
    enum desk_rc rc = DESK_OK;
    for (size_t i = 0; !rc && i < h->n_calls; i++) {
        struct admin_facts f;
        rc = admin_facts_load(req, &h->calls[i], &f);
        if (rc)
            break;
        const struct admin_tag *tag = admin_tag(&f, 0);
        put(p, (struct item){.at = h->calls[i].started_at,
                             .what = strcmp(h->calls[i].direction, "inbound") == 0 ? "Call"
                                                                                   : "We called",
                             .words = admin_summary(req, &f),
                             .call_id = h->calls[i].id,
                             .state = tag->word,
                             .kind = tag->kind,
                             .icon = tag->icon});
    }
    return rc;
}

static void put_rest(const struct desk_history *h, struct past *p)
{
    for (size_t i = 0; i < h->n_callbacks; i++) {
        const struct desk_callback *k = &h->callbacks[i];
        put(p, with_state((struct item){k->created_at, "Callback promised", k->reason, k->call_id,
                                        NULL, NULL, NULL},
                          k->state));
    }
    for (size_t i = 0; i < h->n_visits; i++) {
        const struct desk_appointment *a = &h->visits[i];
        put(p, with_state((struct item){a->start_at, "Appointment", a->service_name, a->call_id,
                                        NULL, NULL, NULL},
                          a->status));
    }
    for (size_t i = 0; i < h->n_leads; i++) {
        const struct desk_lead *l = &h->leads[i];
        put(p, with_state((struct item){l->created_at, "Asked for work", l->job, l->call_id, NULL,
                                        NULL, NULL},
                          l->state));
    }
    for (size_t i = 0; i < h->n_tickets; i++) {
        const struct desk_ticket *t = &h->tickets[i];
        put(p, with_state((struct item){t->created_at, "Something does not work", t->problem,
                                        t->call_id, NULL, NULL, NULL},
                          t->state));
    }
    for (size_t i = 0; i < h->n_notes; i++) {
        const struct desk_vendor_note *n = &h->notes[i];
        put(p, with_state((struct item){n->created_at, "Supplier called", n->text, n->call_id, NULL,
                                        NULL, NULL},
                          n->state));
    }
}

static void set_item(struct desk_view *v, size_t i, const struct item *it)
{
    char at[24];
    snprintf(at, sizeof at, "%lld", (long long)it->at);
    desk_view_setf(v, at, "History.%zu.At", i);
    desk_view_setf(v, it->what, "History.%zu.What", i);
    desk_view_setf(v, it->words, "History.%zu.Words", i);
    desk_view_setf(v, it->call_id, "History.%zu.CallId", i);
    desk_view_setf(v, it->state, "History.%zu.Tag", i);
    desk_view_setf(v, it->kind, "History.%zu.TagKind", i);
    desk_view_setf(v, it->icon, "History.%zu.TagIcon", i);
}

enum desk_rc admin_person_past(struct desk_request *req, struct desk_view *v,
                               const struct admin_person *p)
{
    struct desk_history h;
    enum desk_rc rc = desk_history_load(req->db, req->arena, req->tenant.id, p->c.id, EACH, &h);
    if (rc)
        return rc;
    size_t all = h.n_calls + h.n_callbacks + h.n_visits + h.n_leads + h.n_tickets + h.n_notes;
    struct past past = {.v = desk_arena_alloc(req->arena, (all + 1) * sizeof(struct item))};
    if (!past.v)
        return DESK_ENOMEM;
    rc = put_calls(req, &h, &past);
    if (rc)
        return rc;
    put_rest(&h, &past);
    qsort(past.v, past.n, sizeof *past.v, later_first);
    for (size_t i = 0; i < past.n; i++)
        set_item(v, i, &past.v[i]);
    if (h.n_calls == EACH)
        desk_view_set(v, "HistoryCut", "1");
    return DESK_OK;
}
