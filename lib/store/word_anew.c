/* The whole index of a business, written anew: for what was there before it, or after a change of
 * how words are cut. */
#include "store/word_index.h"
#include "queries.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/conversation.h"
#include "store/pages.h"
#include "store/results.h"

#include <stdio.h>
#include <string.h>

struct anew {
    struct desk_db *db;
    struct desk_arena *a;
    const char *tenant_id;
    struct desk_index_place *p;
    size_t max, n;
};

static void stand(struct anew *w, int64_t at, const char *id)
{
    w->p->at = at;
    snprintf(w->p->id, sizeof w->p->id, "%s", id);
}

static enum desk_rc put(struct anew *w, enum desk_doc what, const char *id, int64_t at,
                        const char *text, const char *more)
{
    const char *const texts[] = {text, more};
    enum desk_rc rc = desk_index_put(
        w->db, &(struct desk_doc_words){what, w->tenant_id, id, at, texts, 2, NULL, false});
    stand(w, at, id);
    return rc;
}

static enum desk_rc turns(struct anew *w)
{
    void *rows;
    enum desk_rc rc =
        desk_page_read(w->db, w->a, &desk_page_turns, w->tenant_id,
                       &(struct desk_place){w->p->at, w->p->id}, "", w->max, &rows, &w->n);
    const struct desk_turn *t = rows;
    for (size_t i = 0; !rc && i < w->n; i++)
        rc = put(w, DESK_DOC_TURN, t[i].id, t[i].created_at, t[i].text, t[i].unheard);
    return rc;
}

static enum desk_rc messages(struct anew *w)
{
    void *rows;
    enum desk_rc rc =
        desk_page_read(w->db, w->a, &desk_page_messages, w->tenant_id,
                       &(struct desk_place){w->p->at, w->p->id}, "", w->max, &rows, &w->n);
    const struct desk_message *m = rows;
    for (size_t i = 0; !rc && i < w->n; i++)
        rc = put(w, DESK_DOC_MESSAGE, m[i].id, m[i].created_at, m[i].text, NULL);
    return rc;
}

static enum desk_rc summaries(struct anew *w)
{
    static const struct desk_call_filter all;
    struct desk_call *c;
    enum desk_rc rc =
        desk_call_find(w->db, w->a, w->tenant_id, &all, w->p->at, w->p->id, w->max, &c, &w->n);
    for (size_t i = 0; !rc && i < w->n; i++)
        rc = put(w, DESK_DOC_SUMMARY, c[i].id, c[i].started_at, c[i].summary, NULL);
    return rc;
}

static enum desk_rc people(struct anew *w)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(w->db, DESK_Q_INDEX_CONTACTS,
                     DESK_ARGS(DESK_T(w->tenant_id), DESK_T(w->p->id), DESK_I((int64_t)w->max)),
                     &desk_contact_fields, w->a, w->max, &rows, &w->n);
    const struct desk_contact *c = rows;
    for (size_t i = 0; !rc && i < w->n; i++) {
        rc = desk_contact_index(w->db, &c[i]);
        stand(w, 0, c[i].id);
    }
    return rc;
}

/* Whoever is looked for is found first by name: people come before what they said. */
static enum desk_rc (*const parts[])(struct anew *) = {people, summaries, messages, turns};
#define PARTS ((int)(sizeof parts / sizeof *parts))

enum desk_rc desk_index_anew(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             struct desk_index_place *p, size_t max, size_t *n)
{
    struct anew w = {.db = db, .a = a, .tenant_id = tenant_id, .p = p, .max = max};
    *n = 0;
    if (p->part < 0 || p->part >= PARTS)
        return DESK_DONE;
    if (!*p->id && p->part > 0)
        p->at = INT64_MAX;
    enum desk_rc rc = parts[p->part](&w);
    *n = w.n;
    if (!rc && w.n < max)
        *p = (struct desk_index_place){.part = p->part + 1};
    return !rc && p->part >= PARTS ? DESK_DONE : rc;
}

enum desk_rc desk_index_count(struct desk_db *db, const char *tenant_id, int64_t *n)
{
    return desk_db_int(db, DESK_Q_INDEX_COUNT, DESK_ARGS(DESK_T(tenant_id)), n);
}
