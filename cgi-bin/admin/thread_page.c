/* GET /messages/:id: a person's thread, and what to write to them. POST /messages/:id/send writes
 * it; …/answering says who answers their texts; …/reach takes the mark away that texts do not reach
 * them. */
#include "cgi-bin/admin/thread.h"
#include "base/ids.h"
#include "core/phone.h"
#include "store/pictures.h"
#include "store/text_marks.h"
#include "store/threads.h"
#include "talk/by_hand.h"

#include <stdio.h>
#include <string.h>

#define LINES 60

static const char *first_name(struct desk_request *req, const struct desk_contact *c)
{
    const char *name = c->name && *c->name ? c->name : "them";
    return desk_arena_strndup(req->arena, name, strcspn(name, " "));
}

static enum desk_rc load(struct desk_request *req, struct desk_contact *c)
{
    return desk_contact_get(req->db, req->arena, req->tenant.id, desk_param(req, "id")->text, c);
}

/* ---- the lines ------------------------------------------------------------------------------- */

static enum desk_rc set_pictures(struct desk_request *req, struct desk_view *v, size_t i,
                                 const struct admin_line *l)
{
    struct desk_picture *rows;
    size_t n = 0, at = 0;
    char prefix[64];
    if (!l->pictures || !l->text_id)
        return DESK_OK;
    enum desk_rc rc =
        desk_pictures_of_talk(req->db, req->arena, req->tenant.id, l->call_id, &rows, &n);
    for (size_t k = 0; !rc && k < n; k++) {
        if (strcmp(rows[k].text_id, l->text_id) != 0)
            continue;
        snprintf(prefix, sizeof prefix, "Lines.%zu.Pictures.%zu", i, at++);
        admin_picture_view(req, v, prefix, &rows[k]);
    }
    return rc;
}

static void set_line(struct desk_request *req, struct desk_view *v, size_t i,
                     const struct desk_contact *c, const struct admin_line *l)
{
    static const char *const kinds[] = {[ADMIN_LINE_THEIRS] = "theirs",
                                        [ADMIN_LINE_OURS] = "ours",
                                        [ADMIN_LINE_CALL] = "call",
                                        [ADMIN_LINE_MESSAGE] = "message"};
    char at[32];
    const char *who = l->kind == ADMIN_LINE_OURS ? (l->by_hand ? "You" : "Frontdesk")
                      : c->name && *c->name      ? first_name(req, c)
                                                 : "They";
    snprintf(at, sizeof at, "%lld", (long long)l->at);
    desk_view_setf(v, kinds[l->kind], "Lines.%zu.Kind", i);
    desk_view_setf(v, at, "Lines.%zu.At", i);
    desk_view_setf(v, who, "Lines.%zu.Who", i);
    desk_view_setf(v, l->text, "Lines.%zu.Text", i);
    desk_view_setf(v, l->web ? "1" : "", "Lines.%zu.Web", i);
    if (l->kind == ADMIN_LINE_CALL || l->kind == ADMIN_LINE_MESSAGE)
        desk_view_setf(v, l->call_id, "Lines.%zu.CallId", i);
    if (l->state)
        desk_view_setf(v, l->state, "Lines.%zu.State", i);
    desk_view_setf(v, l->failed ? "1" : "", "Lines.%zu.Failed", i);
}

static enum desk_rc set_lines(struct desk_request *req, struct desk_view *v,
                              const struct desk_contact *c)
{
    struct admin_line *rows;
    size_t n = 0;
    bool more = false;
    const struct desk_value *before = desk_param(req, "before");
    enum desk_rc rc = admin_thread_load(req, c, before->num > 0 ? before->num : INT64_MAX, LINES,
                                        &rows, &n, &more);
    for (size_t i = 0; !rc && i < n; i++) {
        set_line(req, v, i, c, &rows[i]);
        rc = set_pictures(req, v, i, &rows[i]);
    }
    if (!rc && more && n)
        desk_view_int(v, "Older", rows[0].at);
    if (before->num > 0)
        desk_view_set(v, "Newer", "1");
    return rc;
}

/* ---- writing to them ------------------------------------------------------------------------- */

static enum desk_rc set_writing(struct desk_request *req, struct desk_view *v,
                                const struct desk_contact *c)
{
    char key[DESK_ID_LEN];
    const char *why = NULL;
    int64_t until = 0, code = 0, since = 0;
    enum desk_rc rc = desk_by_hand_cannot(req->db, req->tenant.id, c->number, &why);
    if (!rc)
        rc = desk_text_by_hand_until(req->db, req->tenant.id, c->number, &until);
    if (!rc)
        rc = desk_text_marked(req->db, req->tenant.id, c->number, &code, &since);
    if (rc)
        return rc;
    if (why)
        desk_view_set(v, "Cannot", why);
    if (why && code && strncmp(why, "They replied", 12) != 0)
        desk_view_int(v, "Marked", since);
    desk_view_set(v, "Key", desk_id_new(key, "hand"));
    if (until == DESK_BY_HAND_ALWAYS)
        desk_view_set(v, "Hand.Always", "1");
    else if (until)
        desk_view_int(v, "Hand.Until", until);
    return DESK_OK;
}

static enum desk_rc show(struct desk_request *req, const struct desk_contact *c, const char *wrong)
{
    char number[64];
    const char *who = admin_person_called(req, c);
    struct desk_view *v =
        desk_page_begin(req, wrong ? desk_arena_fmt(req->arena, "Error: Messages with %s", who)
                                   : desk_arena_fmt(req->arena, "Messages with %s", who));
    enum desk_rc rc = v ? set_lines(req, v, c) : DESK_ENOMEM;
    if (!rc)
        rc = set_writing(req, v, c);
    if (rc)
        return rc;
    desk_view_set(v, "Person", c->id);
    desk_view_set(v, "Who", who);
    desk_view_set(v, "First", first_name(req, c));
    desk_view_set(v, "Number", c->number);
    if (c->name && *c->name)
        desk_view_set(v, "Shown", desk_phone_national(number, sizeof number, c->number));
    if (wrong) {
        desk_page_error(v, wrong);
        desk_view_set(v, "Text", desk_param(req, "text")->text);
    }
    return desk_page_send(req, v, wrong ? 422 : 0);
}

enum desk_rc admin_thread(struct desk_request *req)
{
    struct desk_contact c;
    enum desk_rc rc = load(req, &c);
    return rc ? rc : show(req, &c, NULL);
}

/* The number of ours that they know: of their last call or conversation; else the first there is.
 */
static enum desk_rc our_number(struct desk_request *req, const struct desk_contact *c,
                               const char **out)
{
    struct desk_call *calls;
    struct desk_number *numbers;
    size_t n = 0;
    const struct desk_thread_of of = {req->tenant.id, c->id, INT64_MAX, 1};
    *out = NULL;
    enum desk_rc rc = desk_thread_calls(req->db, req->arena, &of, &calls, &n);
    if (!rc && n && calls[0].to_number && strcmp(calls[0].direction, "inbound") == 0)
        *out = calls[0].to_number;
    if (rc || *out)
        return rc;
    rc = desk_number_list(req->db, req->arena, req->tenant.id, &numbers, &n);
    if (!rc && n)
        *out = numbers[0].e164;
    return rc;
}

enum desk_rc admin_text_write(struct desk_request *req, const struct desk_contact *c,
                              const char **why)
{
    int64_t segments = 0;
    const char *from = NULL, *who = admin_person_called(req, c);
    enum desk_rc rc = our_number(req, c, &from);
    if (!rc && !from)
        *why = "There is no number of yours to send from.";
    if (rc || *why)
        return rc;
    const struct desk_by_hand h = {.tenant_id = req->tenant.id,
                                   .from = from,
                                   .to = c->number,
                                   .text = desk_param(req, "text")->text,
                                   .key = desk_param(req, "key")->text};
    rc = desk_by_hand(req->db, req->arena, &h, why, &segments);
    if (rc == DESK_DONE) /* pressed twice */
        rc = DESK_OK;
    else if (!rc && !*why)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "text.send", c->id);
    if (rc || *why)
        return rc;
    return desk_page_result(req,
                            segments > 1
                                ? desk_arena_fmt(req->arena, "On its way to %s, as %lld texts.",
                                                 who, (long long)segments)
                                : desk_arena_fmt(req->arena, "On its way to %s.", who),
                            NULL);
}

enum desk_rc admin_thread_send(struct desk_request *req)
{
    struct desk_contact c;
    const char *why = NULL;
    enum desk_rc rc = load(req, &c);
    if (!rc && req->bad_values)
        return show(req, &c, "Write something first. A text has at most 1,600 characters.");
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, admin_text_write(req, &c, &why));
    if (rc)
        return rc;
    if (why)
        return show(req, &c, why);
    desk_reply_redirect(req, desk_arena_fmt(req->arena, "/messages/%s", c.id));
    return DESK_OK;
}

/* ---- who answers, and whether texts are tried ------------------------------------------------ */

static enum desk_rc act(struct desk_request *req,
                        enum desk_rc (*change)(struct desk_request *, const struct desk_contact *))
{
    struct desk_contact c;
    enum desk_rc rc = load(req, &c);
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_tx_end(req->db, change(req, &c));
    if (!rc)
        desk_reply_redirect(req, desk_arena_fmt(req->arena, "/messages/%s", c.id));
    return rc;
}

static enum desk_rc set_answering(struct desk_request *req, const struct desk_contact *c)
{
    bool frontdesk = desk_param(req, "frontdesk")->num;
    enum desk_rc rc =
        desk_text_by_hand(req->db, req->tenant.id, c->number, frontdesk ? 0 : DESK_BY_HAND_ALWAYS);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id,
                            frontdesk ? "text.answered" : "text.by_hand", c->id);
    return rc ? rc
              : desk_page_result(
                    req,
                    desk_arena_fmt(req->arena,
                                   frontdesk ? "Frontdesk answers texts from %s."
                                             : "You answer texts from %s; they come to your phone.",
                                   admin_person_called(req, c)),
                    NULL);
}

enum desk_rc admin_thread_answering(struct desk_request *req)
{
    return act(req, set_answering);
}

static enum desk_rc unmark(struct desk_request *req, const struct desk_contact *c)
{
    enum desk_rc rc = desk_text_unmark(req->db, req->tenant.id, c->number);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "text.reach", c->id);
    return rc ? rc
              : desk_page_result(req,
                                 desk_arena_fmt(req->arena, "Texts to %s are tried again.",
                                                admin_person_called(req, c)),
                                 NULL);
}

enum desk_rc admin_thread_reach(struct desk_request *req)
{
    return act(req, unmark);
}
