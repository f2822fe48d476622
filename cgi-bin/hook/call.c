/* A webhook's call: found, or made once. */
#include "cgi-bin/hook/hook.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/tz.h"
#include "core/hours.h"
#include "core/phone.h"
#include "store/conversation.h"
#include "store/results.h"
#include "store/settings.h"
#include "talk/arrive.h"
#include "talk/business.h"

#include <string.h>

const char *hook_text(const struct desk_request *req, const char *name)
{
    const struct desk_value *v = desk_param(req, name);
    return v->error ? "" : v->text;
}

const char *hook_url(const struct desk_request *req, const char *path)
{
    const char *url = desk_arena_fmt(req->arena, "%s%s", desk_public_base(), path);
    return url ? url : path;
}

static const char *call_sid(struct desk_request *req)
{
    const char *sid = hook_text(req, "CallSid");
    if (*sid)
        desk_log_bind(req->request_id, sid);
    return *sid ? sid : NULL;
}

static enum desk_rc compose(struct desk_request *req)
{
    struct desk_business *b = desk_arena_alloc(req->arena, sizeof *b);
    enum desk_rc rc =
        b ? desk_business_of(req->arena, &req->tenant, &req->location, b) : DESK_ENOMEM;
    req->business = b;
    return rc;
}

/* The business whose call it is; remembered for bad days. */
enum desk_rc hook_place_load(struct desk_request *req, const char *tenant_id,
                             const char *location_id, const char *to)
{
    enum desk_rc rc = desk_tenant_get(req->db, req->arena, tenant_id, &req->tenant);
    if (!rc)
        rc = desk_location_get(req->db, req->arena, tenant_id, location_id, &req->location);
    if (!rc)
        rc = compose(req);
    if (!rc)
        hook_remember_owner(to, req->location.owner_phone);
    return rc == DESK_ENOTFOUND ? DESK_EINTERNAL : rc; /* a row that points nowhere */
}

enum desk_rc hook_call_load_sid(struct desk_request *req, const char *sid, struct desk_call *c)
{
    enum desk_rc rc = desk_call_by_sid(req->db, req->arena, sid, c);
    if (!rc &&
        c->trace) /* Twilio sends none: what it asks later belongs to the call's trace, too */
        desk_log_trace(c->trace);
    return rc ? rc : hook_place_load(req, c->tenant_id, c->location_id, c->to_number);
}

enum desk_rc hook_call_load(struct desk_request *req, struct desk_call *c)
{
    const char *sid = call_sid(req);
    return sid ? hook_call_load_sid(req, sid, c) : DESK_EINVAL;
}

enum desk_rc hook_event(struct desk_request *req, const struct desk_call *c, const char *kind,
                        const char *name, const char *detail, const char *dedupe)
{
    return desk_event_add(req->db, c->tenant_id, c->id, c->started_at, kind, name, detail, dedupe);
}

bool hook_caller_gone(const struct desk_request *req, const struct desk_call *c)
{
    return desk_call_rank(hook_text(req, "CallStatus")) >= DESK_RANK_FINAL ||
           c->status_rank >= DESK_RANK_FINAL;
}

enum desk_rc hook_step_down(struct desk_request *req, struct desk_call *c, const char *mode,
                            const char *why)
{
    if (c->mode && strcmp(c->mode, mode) == 0)
        return DESK_OK;
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_call_mode(req->db, c->tenant_id, c->id, mode);
    if (!rc && why)
        rc = hook_event(req, c, "ladder", mode, why, NULL);
    rc = desk_tx_end(req->db, rc);
    if (!rc)
        c->mode = mode;
    return rc;
}

/* ---- a new call ------------------------------------------------------------------------------ */

static enum desk_rc find_number(struct desk_request *req, const char *to, struct desk_number *num)
{
    char e164[DESK_PHONE_LEN];
    if (desk_phone_parse(to, "US", e164) != DESK_PHONE_OK)
        return DESK_ENOTFOUND;
    return desk_number_find(req->db, req->arena, e164, num);
}

static enum desk_rc unknown_number(struct desk_request *req, const char *to)
{
    char masked[32];
    desk_log(DESK_LOG_WARN, "voice.unknown_number", "to=%s",
             desk_mask_phone(masked, sizeof masked, to));
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, desk_counter_add(req->db, NULL, "unknown_number"));
    if (rc)
        desk_log(DESK_LOG_WARN, "voice.count", "code=%s", desk_rc_name(rc));
    return DESK_ENOTFOUND;
}

/* How this business wants its calls answered, in the row's words. */
static const struct {
    const char *setting, *mode, *detail; /* detail: a line of the timeline, NULL = none */
} answer_modes[] = {
    {"realtime", DESK_MODE_REALTIME, NULL},
    {"relay", DESK_MODE_RELAY, "Answered by text: Twilio hears and speaks, as the settings say."},
    {"gather", DESK_MODE_GATHER, "Answered question by question, as the settings say."},
};

/* The profile's word for it (another one may hold while it is closed), else the setting's. Ringing
 * people first or only is not a way of talking: see hook_ring_first(). */
static enum desk_rc answer_mode(struct desk_request *req, const char *tenant_id, bool open,
                                const char **mode)
{
    struct desk_tenant_settings own;
    const struct desk_business *b = req->business;
    enum desk_answer_mode m =
        !open && b->answer.closed != DESK_ANSWER_UNSAID ? b->answer.closed : b->answer.mode;
    if (m == DESK_ANSWER_STAFF_FIRST || m == DESK_ANSWER_OFF)
        m = b->answer.then;
    enum desk_rc rc = desk_tenant_settings_load(req->db, req->arena, tenant_id, &own);
    const char *want = m != DESK_ANSWER_UNSAID && m != DESK_ANSWER_STAFF_FIRST
                           ? desk_answer_mode_name(m)
                       : rc ? ""
                            : desk_tenant_setting(&own, DESK_S_ANSWER_MODE);
    *mode = DESK_MODE_REALTIME;
    for (size_t i = 0; i < sizeof answer_modes / sizeof *answer_modes; i++)
        if (strcmp(answer_modes[i].setting, want) == 0)
            *mode = answer_modes[i].mode;
    return rc;
}

static enum desk_rc mode_event(struct desk_request *req, const struct desk_call *c)
{
    for (size_t i = 0; i < sizeof answer_modes / sizeof *answer_modes; i++)
        if (answer_modes[i].detail && strcmp(answer_modes[i].mode, c->mode) == 0)
            return hook_event(req, c, "rule", "answer_mode", answer_modes[i].detail, "rule:mode");
    return DESK_OK;
}

/* Over before we heard of it (its first webhook was lost): ended at once, nobody will tell again.
 */
static enum desk_rc end_call(struct desk_request *req, struct desk_call *c, const char *status)
{
    enum desk_rc rc = desk_call_status(req->db, c, status, false);
    if (!rc)
        rc = hook_event(req, c, "status", status, "The call was over when it was first heard of.",
                        "status:final");
    return rc ? rc : desk_call_get(req->db, req->arena, c->tenant_id, c->id, c);
}

static enum desk_rc insert_call(struct desk_request *req, struct desk_call *c)
{
    const struct desk_arrival in = {.business = req->business,
                                    .from = hook_text(req, "From"),
                                    .attest = desk_attest_parse(hook_text(req, "StirVerstat"))};
    const char *mode = c->mode;
    enum desk_rc rc = desk_arrive(req->db, req->arena, &in, c);
    if (!rc && c->mode == mode) /* else the guard chose, and said why */
        rc = mode_event(req, c);
    const char *status = hook_text(req, "CallStatus");
    bool over = desk_call_rank(status) >= DESK_RANK_FINAL;
    return !rc && over ? end_call(req, c, status) : rc;
}

static enum desk_rc make_call(struct desk_request *req, const char *sid, struct desk_call *c)
{
    const char *to = hook_text(req, "To"), *status = hook_text(req, "CallStatus");
    struct desk_number num;
    char id[DESK_ID_LEN];
    enum desk_rc rc = find_number(req, to, &num);
    if (rc)
        return rc == DESK_ENOTFOUND ? unknown_number(req, to) : rc;
    const char *mode = NULL;
    struct desk_hours_state hours;
    int64_t now = desk_now_ms();
    rc = hook_place_load(req, num.tenant_id, num.location_id, num.e164);
    if (rc)
        return rc;
    desk_hours_at(req->business->hours, req->business->zone, now, &hours);
    rc = answer_mode(req, num.tenant_id, hours.open, &mode);
    if (rc)
        return rc;
    int rank = desk_call_rank(status) < DESK_RANK_FINAL ? desk_call_rank(status) : 0;
    *c = (struct desk_call){.id = desk_arena_strdup(req->arena, desk_id_new(id, "call")),
                            .tenant_id = num.tenant_id,
                            .location_id = num.location_id,
                            .call_sid = sid,
                            .direction = "inbound",
                            .to_number = num.e164,
                            .mode = mode,
                            .status = rank ? status : "ringing",
                            .status_rank = rank ? rank : desk_call_rank("ringing"),
                            .started_at = now,
                            .updated_at = now};
    if (!c->id)
        return DESK_ENOMEM;
    rc = DESK_TX_BEGIN(req->db);
    return rc ? rc : desk_tx_end(req->db, insert_call(req, c));
}

enum desk_rc hook_call_ensure(struct desk_request *req, struct desk_call *c, bool *fresh)
{
    const char *sid = call_sid(req);
    if (fresh)
        *fresh = false;
    if (!sid)
        return DESK_EINVAL;
    enum desk_rc rc = hook_call_load_sid(req, sid, c);
    if (rc != DESK_ENOTFOUND)
        return rc;
    rc = make_call(req, sid, c);
    if (rc == DESK_ECONFLICT) /* the same webhook, a moment earlier, in another thread */
        return hook_call_load_sid(req, sid, c);
    if (!rc && fresh)
        *fresh = true;
    return rc;
}
