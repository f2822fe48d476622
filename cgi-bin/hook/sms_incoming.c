/* POST /sms/incoming: a text came in. What it is and what follows from it is written first, once
 * for a MessageSid (talk/text_in.h); what is quick to answer goes out with this page, what is not
 * by the outbox. Nobody hears a failure here: it is told as one, and Twilio asks again. */
#include "cgi-bin/hook/talk.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/phone.h"
#include "talk/text_in.h"
#include "wire/picture.h"

#include <stdio.h>
#include <string.h>

#define WAIT_MS   4500 /* for words: Twilio is told to wait 6 s (cli/numbers_plan.c) */
#define LOOK_MS   100
#define TOKEN_MAX 200

/* ---- answering ------------------------------------------------------------------------------- */

static enum desk_rc by_rules(struct desk_request *req, const struct desk_text_in *t)
{
    enum desk_rc rc =
        desk_text_talk(req->db, req->arena, t->tenant_id, t->session_id, &desk_brain_rules, NULL);
    return rc == DESK_DONE || rc == DESK_ECONFLICT ? DESK_OK : rc;
}

/* A model thinks in a thread of its own, the rules here. */
static enum desk_rc begin(struct desk_request *req, const struct desk_text_in *t)
{
    const struct desk_brain *brain;
    enum desk_rc rc = desk_talk_brain(req->db, req->arena, t->tenant_id, 0, &brain);
    if (rc)
        return rc;
    if (!desk_brain_is_model(brain))
        return by_rules(req, t);
    if (think_push_texts(t->tenant_id, t->session_id, NULL) == DESK_OK)
        return DESK_OK;
    desk_log(DESK_LOG_WARN, "text.no_thread", "call=%s", t->call_id);
    return by_rules(req, t);
}

static enum desk_rc await(struct desk_request *req, struct desk_text_in *t)
{
    int64_t until = desk_mono_ms() + WAIT_MS;
    bool may = think_may_wait();
    enum desk_rc rc = desk_text_in_by_sid(req->db, req->arena, t->message_sid, t);
    while (!rc && may && strcmp(t->state, DESK_TEXT_WAITING) == 0 && desk_mono_ms() < until) {
        think_wait(LOOK_MS);
        rc = desk_text_in_by_sid(req->db, req->arena, t->message_sid, t);
    }
    if (may)
        think_waited();
    return rc;
}

/* ---- the page -------------------------------------------------------------------------------- */

static enum desk_rc page(struct desk_request *req, const struct desk_text_paged *p)
{
    struct desk_twiml t;
    desk_twiml_init(&t);
    if (p->body) {
        const char *report =
            desk_arena_fmt(req->arena, "%s/sms/status?id=%s", desk_public_base(), p->outbox_id);
        desk_twiml_message(&t, &(struct desk_twiml_message){.status_callback = report}, p->body);
    }
    return hook_send(req, &t);
}

static enum desk_rc nobody(struct desk_request *req, const char *to)
{
    char masked[32];
    desk_log(DESK_LOG_WARN, "sms.unknown_number", "to=%s",
             desk_mask_phone(masked, sizeof masked, to));
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, desk_counter_add(req->db, NULL, "unknown_number"));
    return rc ? rc : page(req, &(struct desk_text_paged){0});
}

static int64_t pictures_of(const struct desk_request *req)
{
    const struct desk_value *v = desk_param(req, "NumMedia");
    return v->given && !v->error && v->num > 0 ? v->num : 0;
}

/* Twilio numbers them from 0; where they are is made of their names, not taken from here. */
static void media_of(struct desk_request *req, struct desk_text_new *in)
{
    char name[24];
    for (size_t i = 0; i < DESK_MAX_PICTURES && (int64_t)i < in->pictures; i++) {
        snprintf(name, sizeof name, "MediaUrl%zu", i);
        in->media[i] = desk_picture_sid(req->arena, desk_form_get(&req->form, name));
    }
}

static const char *token_of(const struct desk_request *req)
{
    size_t n = req->idempotency ? strlen(req->idempotency) : 0;
    return n && n <= TOKEN_MAX ? req->idempotency : NULL;
}

static enum desk_rc take(struct desk_request *req, const char *to)
{
    struct desk_text_got got;
    struct desk_text_paged out;
    struct desk_text_new in = {.tenant = &req->tenant,
                               .location = &req->location,
                               .business = req->business,
                               .to = to,
                               .from = hook_text(req, "From"),
                               .sid = hook_text(req, "MessageSid"),
                               .token = token_of(req),
                               .opt_out_type = hook_text(req, "OptOutType"),
                               .text = hook_text(req, "Body"),
                               .pictures = pictures_of(req)};
    media_of(req, &in);
    enum desk_rc rc = desk_text_arrive(req->db, req->arena, &in, &got);
    if (rc)
        return rc;
    if (strcmp(got.row.state, DESK_TEXT_WAITING) == 0) {
        rc = begin(req, &got.row);
        if (!rc)
            rc = await(req, &got.row);
        if (rc) /* it is kept, and answered later (keep.c) */
            desk_log(DESK_LOG_ERROR, "text.answer", "call=%s rc=%s", got.call.id, desk_rc_name(rc));
    }
    rc = desk_text_page(req->db, req->arena, &got.row, got.repeat, in.token, &out);
    return rc ? rc : page(req, &out);
}

enum desk_rc hook_sms_incoming(struct desk_request *req)
{
    struct desk_number num;
    char e164[DESK_PHONE_LEN];
    const char *to = hook_text(req, "To"), *sid = hook_text(req, "MessageSid");
    if (!*sid) { /* nothing to tell it from others by: it cannot be kept once */
        desk_log(DESK_LOG_WARN, "sms.no_sid", "%s", "");
        return page(req, &(struct desk_text_paged){0});
    }
    desk_log_bind(req->request_id, sid);
    if (desk_phone_parse(to, "US", e164) != DESK_PHONE_OK)
        return nobody(req, to);
    enum desk_rc rc = desk_number_find(req->db, req->arena, e164, &num);
    if (rc == DESK_ENOTFOUND)
        return nobody(req, to);
    if (!rc)
        rc = hook_place_load(req, num.tenant_id, num.location_id, num.e164);
    return rc ? rc : take(req, num.e164);
}
