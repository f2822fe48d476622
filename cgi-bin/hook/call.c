/* A webhook's call: found, or made once. */
#include "cgi-bin/hook/hook.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/tz.h"
#include "core/hours.h"
#include "core/phone.h"
#include "core/route.h"
#include "db/seal.h"
#include "store/contacts.h"
#include "store/conversation.h"
#include "store/exceptions.h"
#include "store/results.h"
#include "store/settings.h"
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
static enum desk_rc load_place(struct desk_request *req, const char *tenant_id,
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
    return rc ? rc : load_place(req, c->tenant_id, c->location_id, c->to_number);
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

#define DAY_MS 86400000LL

/* What is known of a number: contact, exception list, its habits. */
static enum desk_rc know_caller(struct desk_request *req, struct desk_call *c,
                                struct desk_caller_facts *f)
{
    struct desk_contact contact = {0};
    struct desk_exception listed;
    enum desk_rc rc =
        desk_contact_called(req->db, req->arena, c->tenant_id, c->from_number, &contact);
    if (rc)
        return rc;
    const char *standing = contact.standing ? contact.standing : "";
    c->contact_id = contact.id;
    f->known = desk_contact_known(&contact);
    f->vip = strcmp(standing, DESK_STANDING_VIP) == 0;
    f->vendor = strcmp(standing, DESK_STANDING_VENDOR) == 0;
    f->blocked = strcmp(standing, DESK_STANDING_BLOCKED) == 0;
    rc = desk_call_short(req->db, c->tenant_id, c->from_key, desk_now_ms() - DAY_MS,
                         &f->short_calls);
    if (!rc)
        rc = desk_exception_find(req->db, req->arena, c->tenant_id, c->from_number, &listed);
    if (!rc)
        f->exception = listed.category;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

/* Who calls, in the row's words; because: why so. A withheld or unusable number is no number. */
static enum desk_rc set_caller(struct desk_request *req, struct desk_call *c, enum desk_caller *who,
                               const char **because)
{
    char e164[DESK_PHONE_LEN], key[DESK_BLIND_LEN];
    struct desk_caller_facts f = {.attest = desk_attest_parse(hook_text(req, "StirVerstat"))};
    enum desk_rc rc = DESK_OK;
    if (desk_phone_parse(hook_text(req, "From"), "US", e164) == DESK_PHONE_OK) {
        desk_blind(desk_db_key(req->db), c->tenant_id, e164, key);
        c->from_number = desk_arena_strdup(req->arena, e164);
        c->from_key = desk_arena_strdup(req->arena, key);
        f.number = c->from_number;
        rc = c->from_number && c->from_key ? know_caller(req, c, &f) : DESK_ENOMEM;
    }
    *who = desk_caller_resolve(req->business, &f, because);
    c->caller_kind = *who == DESK_WHO_UNKNOWN ? "new" : desk_caller_name(*who);
    return rc;
}

/* What is done with it, before a word is said: script, action, and both on the timeline. */
static enum desk_rc set_route(struct desk_request *req, struct desk_call *c, enum desk_caller who,
                              const char *because)
{
    struct desk_routing route;
    desk_route_decide(
        &(struct desk_route_input){.business = req->business, .caller = who, .now = c->started_at},
        &route);
    c->script = route.script;
    c->action = desk_route_action_name(route.action);
    const char *caller = desk_arena_fmt(req->arena, "caller_%s", c->caller_kind);
    const char *rule = desk_arena_fmt(req->arena, "route_%s", route.rule);
    if (!caller || !rule)
        return DESK_ENOMEM;
    enum desk_rc rc = desk_call_insert(req->db, c);
    if (!rc)
        rc = hook_event(req, c, "rule", caller, because, "rule:caller");
    if (!rc)
        rc = hook_event(req, c, "rule", route.open ? "inside_hours" : "outside_hours",
                        route.open ? "Inside opening hours." : "Outside opening hours.",
                        "rule:hours");
    if (!rc && strcmp(route.rule, "general") != 0)
        rc = hook_event(req, c, "rule", rule, route.reasons[2], "rule:route");
    return rc;
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

static enum desk_rc insert_call(struct desk_request *req, struct desk_call *c)
{
    enum desk_caller who;
    const char *because;
    enum desk_rc rc = set_caller(req, c, &who, &because);
    if (!rc)
        rc = set_route(req, c, who, because);
    return rc ? rc : mode_event(req, c);
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
    rc = load_place(req, num.tenant_id, num.location_id, num.e164);
    if (rc)
        return rc;
    desk_hours_at(req->business->hours, req->business->zone, now, &hours);
    rc = answer_mode(req, num.tenant_id, hours.open, &mode);
    if (rc)
        return rc;
    int rank = desk_call_rank(status);
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
