/* The last rung of the ladder: a caller who had to leave a message is told in a text that we have
 * it, and the owner that it was left. Written here into the outbox, with the message; sent by the
 * worker. */
#include "cgi-bin/hook/hook.h"
#include "base/config.h"
#include "base/log.h"
#include "core/dialling.h"
#include "core/phone.h"
#include "store/outbox.h"
#include "store/settings.h"
#include "talk/business.h"
#include "talk/texts.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define KEPT          "message_kept"
#define WORDS_WAIT_MS 240000 /* for a message's words, before the owner is told without them */

static bool wanted(struct desk_request *req, enum desk_setting_id setting)
{
    struct desk_tenant_settings own;
    if (!*desk_setting(DESK_S_TWILIO_ACCOUNT_SID))
        return false; /* a stack for practice: there is nobody to send it */
    if (desk_tenant_settings_load(req->db, req->arena, req->tenant.id, &own))
        return false;
    return desk_tenant_setting_bool(&own, setting);
}

const char *hook_text_words(struct desk_request *req)
{
    struct desk_business own;
    const struct desk_business *b = req->business;
    const char *words = NULL;
    char why[200] = "no memory";
    if (!wanted(req, DESK_S_TEXT_AFTER_MESSAGE))
        return NULL;
    if (!b && desk_business_of(req->arena, &req->tenant, &req->location, &own) == DESK_OK)
        b = &own;
    if (!b || desk_text_render(req->arena, b, KEPT, NULL, 0, &words, why, sizeof why))
        desk_log(DESK_LOG_ERROR, "text.words", "why=\"%s\"",
                 why); /* the message is kept all the same */
    return words;
}

/* Why this caller gets no text; NULL = they do. In a transaction. */
static enum desk_rc refusal(struct desk_request *req, const struct desk_call *c, const char **why)
{
    const char *owner = req->location.owner_phone;
    bool before = false;
    enum desk_rc rc = DESK_OK;
    *why = NULL;
    if (!c->from_number || !*c->from_number || desk_phone_is_withheld(c->from_number))
        *why = "No text to the caller: the number is withheld.";
    else if (!desk_phone_can_text(c->from_number))
        *why = "No text to the caller: this number cannot take texts.";
    else if ((owner && strcmp(owner, c->from_number) == 0) ||
             strcmp(c->to_number, c->from_number) == 0)
        *why = "No text to the caller: it is the owner's own number.";
    else
        rc = desk_outbox_refused_before(req->db, c->tenant_id, c->from_number, &before);
    if (before)
        *why = "No text to the caller: this number refused one before.";
    return rc;
}

static enum desk_rc add(struct desk_request *req, const struct desk_call *c, const char *text)
{
    const struct desk_text t = {.tenant_id = c->tenant_id,
                                .call_id = c->id,
                                .from = c->to_number,
                                .to = c->from_number,
                                .name = KEPT,
                                .body = text};
    enum desk_rc rc = desk_text_queue(req->db, req->arena, &t);
    if (rc)
        return rc == DESK_ECONFLICT ? DESK_OK : rc; /* a second message in one call */
    return hook_event(req, c, "ladder", "text_queued",
                      "A text to the caller is on its way: we have the message.", "text");
}

enum desk_rc hook_text_caller(struct desk_request *req, const struct desk_call *c, const char *text)
{
    const char *why;
    if (!text)
        return DESK_OK;
    enum desk_rc rc = refusal(req, c, &why);
    if (rc || why)
        return rc ? rc : hook_event(req, c, "ladder", "text_not_sent", why, "text");
    return add(req, c, text);
}

/* ---- to the owner ---------------------------------------------------------------------------- */

static const char *owner_dedupe(struct desk_request *req, const struct desk_message *m)
{
    return desk_arena_fmt(req->arena, "owner_message:%s", m->id);
}

/* Somebody may still write this message down. */
static bool words_may_come(struct desk_request *req, const struct desk_message *m)
{
    bool ours = *desk_setting(DESK_S_STT_URL) && desk_setting_bool(DESK_S_FETCH_RECORDINGS);
    return !m->text && (ours || wanted(req, DESK_S_TWILIO_TRANSCRIBE));
}

/* Where the owner is texted; NULL = nowhere: not wanted, no number for it, or it is their own
 * message. */
static const char *owner_number(struct desk_request *req, const struct desk_call *c)
{
    const char *phone = req->business && req->business->owner ? req->business->owner->phone : NULL;
    if (!phone || !*phone)
        phone = req->location.owner_phone;
    bool own = phone && ((c->from_number && strcmp(c->from_number, phone) == 0) ||
                         strcmp(c->to_number, phone) == 0);
    if (!phone || own || !wanted(req, DESK_S_TEXT_OWNER_MESSAGE) || !desk_phone_can_text(phone))
        return NULL;
    return !req->business || desk_may_dial(req->business, phone) ? phone : NULL;
}

enum desk_rc hook_text_owner(struct desk_request *req, const struct desk_call *c,
                             const struct desk_message *m)
{
    const char *phone = owner_number(req, c);
    if (!phone)
        return DESK_OK;
    json_t *root =
        json_pack("{s:s, s:s, s:s}", "from", c->to_number, "to", phone, "message", m->id);
    char *payload = root ? json_dumps(root, JSON_COMPACT) : NULL;
    const struct desk_outbox_new row = {.tenant_id = c->tenant_id,
                                        .call_id = c->id,
                                        .kind = DESK_OUTBOX_OWNER_TEXT,
                                        .dedupe = owner_dedupe(req, m),
                                        .payload = payload,
                                        .to = phone,
                                        .priority = DESK_OUTBOX_NORMAL,
                                        .wait_ms = words_may_come(req, m) ? WORDS_WAIT_MS : 0};
    enum desk_rc rc = payload && row.dedupe ? desk_outbox_add(req->db, &row) : DESK_ENOMEM;
    json_decref(root);
    free(payload);
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

enum desk_rc hook_text_owner_go(struct desk_request *req, const struct desk_call *c,
                                const struct desk_message *m)
{
    const char *dedupe = owner_dedupe(req, m);
    return dedupe ? desk_outbox_hurry(req->db, c->tenant_id, dedupe) : DESK_ENOMEM;
}
