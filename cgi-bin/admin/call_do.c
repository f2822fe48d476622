/* What can be changed from a call's page: POST /calls/:id/name corrects who it was, …/text writes
 * to them, GET and POST /calls/:id/erase forget what was said. To put somebody straight through and
 * to block them are forms of their person's (person_do.c) that lead back here. */
#include "cgi-bin/admin/thread.h"
#include "cgi-bin/words.h"
#include "base/ids.h"
#include "core/contact.h"
#include "core/phone.h"
#include "store/erase.h"
#include "store/exceptions.h"
#include "store/jobs.h"
#include "store/recordings.h"
#include "talk/by_hand.h"

#include <stdio.h>
#include <string.h>

/* ---- on the page ----------------------------------------------------------------------------- */

static enum desk_rc set_lists(struct desk_request *req, struct desk_view *v,
                              const struct desk_contact *c)
{
    struct desk_exception e;
    enum desk_rc rc = desk_exception_find(req->db, req->arena, req->tenant.id, c->number, &e);
    if (!rc)
        desk_view_set(v, "Change.Through", e.id);
    if (c->standing && strcmp(c->standing, DESK_STANDING_BLOCKED) == 0)
        desk_view_set(v, "Change.Blocked", "1");
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

static enum desk_rc set_writing(struct desk_request *req, struct desk_view *v,
                                const struct desk_contact *c)
{
    char key[DESK_ID_LEN];
    const char *why = NULL;
    enum desk_rc rc = desk_by_hand_cannot(req->db, req->tenant.id, c->number, &why);
    desk_view_set(v, "Change.Key", desk_id_new(key, "hand"));
    desk_view_set(v, "Change.Cannot", why);
    return rc;
}

/* The form that is open: the one that did not fit, or the one a link asks for. */
static void set_forms(struct desk_request *req, struct desk_view *v, const struct admin_facts *f,
                      const struct admin_wrong *w)
{
    const char *open = w ? w->field : desk_param(req, "do")->text;
    if (strcmp(open, "name") == 0 || strcmp(open, "text") == 0)
        desk_view_setf(v, "1", "Change.Open.%s", open);
    desk_view_set(v, "Change.Name", f->contact.name);
    if (!w)
        return;
    desk_page_error(v, w->sentence);
    desk_view_set(v, "Change.Wrong", w->field);
    desk_view_set(v, strcmp(w->field, "name") == 0 ? "Change.Name" : "Change.Text",
                  desk_param(req, w->field)->text);
}

enum desk_rc admin_call_change(struct desk_request *req, struct desk_view *v,
                               const struct admin_facts *f, const struct admin_wrong *w)
{
    char number[64];
    const struct desk_contact *c = &f->contact;
    if (!desk_erase_call_refused(f->call))
        desk_view_set(v, "Change.Erase", "1");
    if (!c->id)
        return DESK_OK;
    desk_view_set(v, "Change.Person", c->id);
    desk_view_set(v, "Change.E164", c->number);
    desk_view_set(v, "Change.Number", desk_phone_national(number, sizeof number, c->number));
    set_forms(req, v, f, w);
    enum desk_rc rc = set_lists(req, v, c);
    return rc ? rc : set_writing(req, v, c);
}

/* ---- the name, a text ------------------------------------------------------------------------ */

/* The call, what is known of it, and whose it is. */
static enum desk_rc load(struct desk_request *req, struct desk_call *call, struct admin_facts *f)
{
    enum desk_rc rc = admin_call_get(req, desk_param(req, "id")->text, call);
    if (!rc)
        rc = admin_facts_load(req, call, f);
    return rc;
}

static enum desk_rc back_here(struct desk_request *req, const struct desk_call *call)
{
    const char *to = desk_arena_fmt(req->arena, "/calls/%s", call->id);
    if (!to)
        return DESK_ENOMEM;
    desk_reply_redirect(req, to);
    return DESK_OK;
}

static enum desk_rc name_them(struct desk_request *req, const struct desk_contact *c,
                              const char *name)
{
    char number[64];
    const char *v[DESK_FACT__MAX] = {NULL};
    unsigned changed = 0;
    v[DESK_FACT_NAME] = name;
    enum desk_rc rc =
        desk_contact_set(req->db, req->arena, req->tenant.id, c->id, v, DESK_FROM_OWNER, &changed);
    if (!rc && changed)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "contact.edit", c->id);
    if (rc)
        return rc;
    return desk_page_result(
        req,
        desk_arena_fmt(req->arena, "Name saved. Frontdesk will greet %s as %s from now on.",
                       desk_phone_national(number, sizeof number, c->number), name),
        NULL);
}

enum desk_rc admin_call_name(struct desk_request *req)
{
    struct desk_call call;
    struct admin_facts f;
    const struct desk_value *name = desk_param(req, "name");
    const char *clean = NULL, *why = "";
    enum desk_rc rc = load(req, &call, &f);
    if (!rc && !f.contact.id)
        rc = DESK_ENOTFOUND;
    if (!rc && name->error)
        return admin_call_wrong(req, &f, &(struct admin_wrong){"name", name->error});
    if (!rc)
        rc = desk_contact_check(req->arena, "name", name->text, false, &clean, &why);
    if (rc == DESK_EINVAL)
        return admin_call_wrong(
            req, &f, &(struct admin_wrong){"name", desk_arena_fmt(req->arena, "Name %s.", why)});
    if (!rc && !*clean)
        return admin_call_wrong(req, &f,
                                &(struct admin_wrong){"name", "Enter a name, like Dana Reed."});
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, name_them(req, &f.contact, clean));
    return rc ? rc : back_here(req, &call);
}

enum desk_rc admin_call_text(struct desk_request *req)
{
    struct desk_call call;
    struct admin_facts f;
    const char *why = NULL;
    enum desk_rc rc = load(req, &call, &f);
    if (!rc && !f.contact.id)
        rc = DESK_ENOTFOUND;
    if (!rc && req->bad_values)
        why = "Write something first. A text has at most 1,600 characters.";
    if (!rc && !why)
        rc = DESK_TX_BEGIN(req->db);
    if (!rc && !why)
        rc = desk_tx_end(req->db, admin_text_write(req, &f.contact, &why));
    if (!rc && why)
        return admin_call_wrong(req, &f, &(struct admin_wrong){"text", why});
    return rc ? rc : back_here(req, &call);
}

/* ---- erasing --------------------------------------------------------------------------------- */

static void goes(struct desk_view *v, size_t *i, const char *words)
{
    if (words)
        desk_view_setf(v, words, "Goes.%zu", (*i)++);
}

static const char *counted(struct desk_request *req, size_t n, const char *one, const char *many)
{
    char words[64];
    return n ? desk_arena_strdup(req->arena,
                                 desk_words_count(words, sizeof words, (int64_t)n, one, many))
             : NULL;
}

/* The sound that goes: of the call and of messages. */
static enum desk_rc sound_words(struct desk_request *req, const struct desk_call *c,
                                const char **words)
{
    char dur[32];
    struct desk_recording *rows;
    size_t n = 0;
    int64_t ms = 0;
    enum desk_rc rc = desk_recording_by_call(req->db, req->arena, c->tenant_id, c->id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        ms += strcmp(rows[i].state, DESK_REC_ERASED) == 0 ? 0 : rows[i].ms;
    *words = ms ? desk_arena_fmt(req->arena, "The recording (%s), at Twilio, too, if it is there",
                                 desk_words_dur(dur, sizeof dur, ms))
                : NULL;
    return rc;
}

static enum desk_rc erase_page(struct desk_request *req, const struct admin_facts *f,
                               const char *why)
{
    struct admin_story s;
    size_t i = 0;
    const char *sound = NULL;
    struct desk_view *v =
        desk_page_begin(req, desk_arena_fmt(req->arena, "Erase the call of %s?", f->who));
    enum desk_rc rc = v ? admin_story_load(req, f->call, &s) : DESK_ENOMEM;
    if (!rc)
        rc = sound_words(req, f->call, &sound);
    if (rc)
        return rc;
    desk_view_fields(v, "Call", &desk_call_fields, f->call);
    desk_view_set(v, "Who", f->who);
    desk_view_set(v, "Why", why);
    goes(v, &i, sound);
    goes(v, &i, counted(req, s.n_turns, "sentence that was said", "sentences that were said"));
    goes(v, &i, "The summary, the notes, and why it did what it did");
    goes(v, &i, counted(req, f->n_messages, "message that was left", "messages that were left"));
    return desk_page_send(req, v, why ? 409 : 0);
}

enum desk_rc admin_call_erase(struct desk_request *req)
{
    struct desk_call call;
    struct admin_facts f;
    enum desk_rc rc = load(req, &call, &f);
    return rc ? rc : erase_page(req, &f, desk_erase_call_refused(&call));
}

/* The worker does it: what may be changed here are no words that were said. */
static enum desk_rc ask_for_it(struct desk_request *req, const struct desk_call *call)
{
    char id[DESK_ID_LEN];
    const char *about = desk_arena_fmt(req->arena, "{\"call\":\"%s\"}", call->id);
    enum desk_rc rc =
        about ? desk_job_ask(req->db, req->tenant.id, req->user.id, DESK_JOB_CALL_ERASE, about, id)
              : DESK_ENOMEM;
    return rc ? rc
              : desk_page_result(
                    req,
                    desk_arena_fmt(req->arena,
                                   "It is being erased, and is gone in a minute. Receipt %s.", id),
                    NULL);
}

enum desk_rc admin_call_erase_do(struct desk_request *req)
{
    struct desk_call call;
    struct admin_facts f;
    enum desk_rc rc = load(req, &call, &f);
    const char *why = rc ? NULL : desk_erase_call_refused(&call);
    if (rc)
        return rc;
    if (why)
        return erase_page(req, &f, why);
    rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, ask_for_it(req, &call));
    return rc ? rc : back_here(req, &call);
}
