/* GET /people/:id/erase: what goes and what stays, before it is done; POST asks the worker for it.
 */
#include "cgi-bin/admin/people.h"
#include "cgi-bin/words.h"
#include "store/erase.h"
#include "store/history.h"
#include "store/jobs.h"

#include <jansson.h>
#include <stdio.h>

#define COUNTED 500 /* of each kind: "500 or more" */

static void put(struct desk_request *req, struct desk_view *v, size_t *i, size_t n, const char *one,
                const char *many)
{
    char words[64];
    if (!n)
        return;
    desk_words_count(words, sizeof words, (int64_t)n, one, many);
    desk_view_setf(v, n == COUNTED ? desk_arena_fmt(req->arena, "%s or more", words) : words,
                   "Goes.%zu", (*i)++);
}

static void set_goes(struct desk_request *req, struct desk_view *v, const struct desk_history *h)
{
    size_t i = 0;
    put(req, v, &i, h->n_calls, "call with its recording, words and notes",
        "calls with their recordings, words and notes");
    put(req, v, &i, h->n_callbacks, "callback", "callbacks");
    put(req, v, &i, h->n_visits, "appointment", "appointments");
    put(req, v, &i, h->n_leads, "request for work", "requests for work");
    put(req, v, &i, h->n_tickets, "ticket", "tickets");
    put(req, v, &i, h->n_notes, "supplier’s note", "supplier’s notes");
}

static enum desk_rc show(struct desk_request *req, const struct admin_person *p, const char *why,
                         int status)
{
    struct desk_history h;
    struct desk_view *v = desk_page_begin(req, desk_arena_fmt(req->arena, "Erase %s?", p->who));
    enum desk_rc rc =
        v ? desk_history_load(req->db, req->arena, req->tenant.id, p->c.id, COUNTED, &h)
          : DESK_ENOMEM;
    if (rc)
        return rc;
    admin_person_view(v, p);
    set_goes(req, v, &h);
    desk_view_set(v, "Why", why);
    return desk_page_send(req, v, status);
}

enum desk_rc admin_person_erase(struct desk_request *req)
{
    struct admin_person p;
    const char *why = NULL;
    enum desk_rc rc = admin_person_load(req, &p);
    if (!rc)
        rc = desk_erase_refused(req->db, req->arena, &p.c, &why);
    return rc ? rc : show(req, &p, why, 0);
}

enum desk_rc admin_person_erase_do(struct desk_request *req)
{
    struct admin_person p;
    const char *why = NULL;
    enum desk_rc rc = admin_person_load(req, &p);
    if (!rc)
        rc = desk_erase_refused(req->db, req->arena, &p.c, &why);
    if (rc)
        return rc;
    if (why)
        return show(req, &p, why, 409);
    return admin_job_ask(req, DESK_JOB_PERSON_ERASE, json_pack("{s:s}", "person", p.c.id), NULL, 0);
}
